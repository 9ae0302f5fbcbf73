/* SPDX-License-Identifier: ISC */
/*
 * lines.c: a block of lines that several rooms hold, each up to its own count.
 *
 * Whoever has all of a block adds to it in place; the others do not look that far. What another has
 * added there is taken over if it is the same line, as it is where a fold goes ahead of another.
 * Else the room goes on in a block of its own; the texts are counted, and stay where they are.
 */
#include "protocol/room/lines.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_LINES = 8 };

struct text {
    uint32_t refs;
    char bytes[];
};

struct block {
    uint32_t refs, used, cap;
    struct room_line lines[];
};

static struct text *text_of(const struct room_line *line) {
    return (struct text *)(uintptr_t)(line->text - offsetof(struct text, bytes));
}

static struct block *block_of(const struct room *room) {
    char *lines = (char *)room->lines;
    return lines == NULL ? NULL : (struct block *)(void *)(lines - offsetof(struct block, lines));
}

static void text_unref(struct text *text) {
    if (--text->refs == 0) {
        free(text);
    }
}

static void block_unref(struct block *block) {
    if (block == NULL || --block->refs > 0) {
        return;
    }
    for (uint32_t i = 0; i < block->used; i++) {
        text_unref(text_of(&block->lines[i]));
    }
    free(block);
}

static struct text *text_new(struct span span) {
    struct text *text = malloc(sizeof *text + span.len + 1);
    if (text != NULL) {
        text->refs = 1;
        if (span.len > 0) {
            memcpy(text->bytes, span.at, span.len);
        }
        text->bytes[span.len] = '\0';
    }
    return text;
}

static bool is_same(const struct room_line *a, const struct room_line *b, struct span text) {
    return a->kind == b->kind && a->by == b->by && a->phase == b->phase && a->at == b->at &&
           a->n == b->n && a->changes == b->changes && span_equal(text, a->text);
}

/* Goes on in a block of its own, which has place for one more. */
static bool move_on(struct room *room) {
    uint32_t cap = room->line_count * 2 > FIRST_LINES ? room->line_count * 2 : FIRST_LINES;
    struct block *block = malloc(sizeof *block + cap * sizeof *block->lines);
    if (block == NULL) {
        return false;
    }
    *block = (struct block){.refs = 1, .used = room->line_count, .cap = cap};
    for (uint32_t i = 0; i < room->line_count; i++) {
        block->lines[i] = room->lines[i];
        text_of(&block->lines[i])->refs++;
    }
    block_unref(block_of(room));
    room->lines = block->lines;
    return true;
}

bool lines_add(struct room *room, const struct room_line *line, struct span text) {
    const struct block *block = block_of(room);
    if (block != NULL && room->line_count < block->used &&
        is_same(&block->lines[room->line_count], line, text)) {
        room->line_count++;
        return true;
    }
    struct text *copy = text_new(text);
    bool fits = block != NULL && room->line_count == block->used && block->used < block->cap;
    if (copy == NULL || (!fits && !move_on(room))) {
        free(copy);
        return false;
    }
    room->lines[room->line_count] = *line;
    room->lines[room->line_count].text = copy->bytes;
    block_of(room)->used = ++room->line_count;
    return true;
}

struct room_line *lines_change(struct room *room, uint32_t index, const struct span *text) {
    const struct block *block = block_of(room);
    struct text *copy = text != NULL ? text_new(*text) : NULL;
    bool own = block->refs == 1 && block->used == room->line_count;
    if ((text != NULL && copy == NULL) || (!own && !move_on(room))) {
        free(copy);
        return NULL;
    }
    struct room_line *line = &room->lines[index];
    if (copy != NULL) {
        text_unref(text_of(line));
        line->text = copy->bytes;
    }
    return line;
}

void lines_share(struct room *room) {
    if (room->lines != NULL) {
        block_of(room)->refs++;
    }
}

void lines_free(struct room *room) {
    block_unref(block_of(room));
    room->lines = NULL;
    room->line_count = 0;
}
