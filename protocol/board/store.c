/* SPDX-License-Identifier: ISC */
/*
 * store.c: the board's memory, what is asked of it, and its canonical encoding.
 */
#include "protocol/board/store.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/board/line.h"

enum { CITES_OF_ONE = BOARD_BOX_MAX_BYTES / 2 };

char *store_text(struct span text) {
    char *copy = malloc((size_t)text.len + 1);
    if (copy) {
        memcpy(copy, text.len > 0 ? text.at : "", text.len);
        copy[text.len] = '\0';
    }
    return copy;
}

void store_drop(struct board_thing *thing) {
    free(thing->text);
    free(thing->points);
    thing->text = thing->points = NULL;
}

void store_swap(char **text, char *fresh) {
    free(*text);
    *text = fresh;
}

void board_free(struct board *board) {
    for (uint32_t i = 0; i < board->count; i++) {
        store_drop(&board->things[i]);
    }
    free(board->things);
    free(board->cites);
    memset(board, 0, sizeof *board);
}

static bool copy_thing(struct board_thing *to, const struct board_thing *from) {
    *to = *from;
    to->text = store_text(span_of(from->text));
    to->points = from->points ? store_text((struct span){from->points, from->point_bytes}) : NULL;
    if (to->text && (to->points || !from->points)) {
        return true;
    }
    store_drop(to);
    return false;
}

static bool copy_all(struct board *to, const struct board *from) {
    to->things = from->count > 0 ? malloc(from->count * sizeof *to->things) : NULL;
    to->cites = from->cite_count > 0 ? malloc(from->cite_count * sizeof *to->cites) : NULL;
    if ((from->count > 0 && !to->things) || (from->cite_count > 0 && !to->cites)) {
        return false;
    }
    for (; to->count < from->count; to->count++) {
        if (!copy_thing(&to->things[to->count], &from->things[to->count])) {
            return false;
        }
    }
    if (from->cite_count > 0) {
        memcpy(to->cites, from->cites, from->cite_count * sizeof *to->cites);
    }
    to->cap = to->count;
    to->cite_cap = to->cite_count;
    return true;
}

bool board_copy(struct board *to, const struct board *from) {
    *to = *from;
    to->count = to->cap = to->cite_cap = 0;
    if (copy_all(to, from)) {
        return true;
    }
    board_free(to);
    return false;
}

/* Where a thing with that id stands, or would. */
static uint32_t place_of(const struct board *board, uint32_t id) {
    uint32_t low = 0;
    uint32_t high = board->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (board->things[middle].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct board_thing *store_find(struct board *board, int64_t id) {
    uint32_t at = place_of(board, (uint32_t)id);
    return at < board->count && board->things[at].id == id ? &board->things[at] : NULL;
}

const struct board_thing *board_find(const struct board *board, uint32_t id) {
    uint32_t at = place_of(board, id);
    return at < board->count && board->things[at].id == id ? &board->things[at] : NULL;
}

/* Forgets the first of the kind that is not shown, if there are `most` of it. */
static void make_room(struct board *board, uint8_t kind, unsigned most) {
    unsigned count = 0;
    uint32_t first = board->count;
    for (uint32_t i = 0; i < board->count; i++) {
        bool of_kind = board->things[i].kind == kind;
        count += of_kind;
        if (of_kind && first == board->count && !board_is_shown(board, &board->things[i])) {
            first = i;
        }
    }
    if (count < most || first == board->count) {
        return;
    }
    store_drop(&board->things[first]);
    board->count--;
    memmove(&board->things[first], &board->things[first + 1],
            (board->count - first) * sizeof *board->things);
}

static bool grow(void **array, uint32_t *cap, uint32_t need, size_t size) {
    if (need <= *cap) {
        return true;
    }
    uint32_t wanted = *cap > need / 2 ? *cap * 2 : need + 4;
    void *grown = realloc(*array, wanted * size);
    if (grown) {
        *array = grown;
        *cap = wanted;
    }
    return grown != NULL;
}

bool store_add(struct board *board, const struct board_thing *thing, unsigned most) {
    if (!grow((void **)&board->things, &board->cap, board->count + 1, sizeof *board->things)) {
        return false;
    }
    make_room(board, thing->kind, most);
    uint32_t at = place_of(board, thing->id);
    memmove(&board->things[at + 1], &board->things[at],
            (board->count - at) * sizeof *board->things);
    board->things[at] = *thing;
    board->count++;
    return true;
}

bool store_cites(struct board *board) {
    return grow((void **)&board->cites, &board->cite_cap, board->cite_count + CITES_OF_ONE,
                sizeof *board->cites);
}

void store_cite(struct board *board, struct board_cite cite) {
    for (uint32_t i = 0; i < board->cite_count; i++) {
        if (board->cites[i].number == cite.number && board->cites[i].thing == cite.thing) {
            return;
        }
    }
    if (board->cite_count < BOARD_CITES_MAX && board->cite_count < board->cite_cap) {
        board->cites[board->cite_count++] = cite;
    }
}

/* ---- what is asked ---- */

const struct board_thing *board_req(const struct board *board, unsigned number) {
    for (uint32_t i = 0; i < board->count; i++) {
        const struct board_thing *thing = &board->things[i];
        if (thing->kind == BOARD_REQ && !thing->dropped && thing->number == number) {
            return thing;
        }
    }
    return NULL;
}

uint32_t board_next_id(const struct board *board, uint8_t seat) {
    if (seat >= ROOM_SEATS_MAX || board->last[seat] + 1 >= BOARD_IDS) {
        return 0;
    }
    return seat * (uint32_t)BOARD_IDS + board->last[seat] + 1;
}

int64_t board_private_until(const struct board *board, int64_t now) {
    int64_t until = board->private_at + BOARD_PRIVATE_MS;
    return board->private_at != 0 && now < until ? until : 0;
}

bool board_is_used(const struct board *board) {
    for (int seat = 0; seat < ROOM_SEATS_MAX; seat++) {
        if (board->last[seat] != 0) {
            return true;
        }
    }
    return false;
}

bool board_answers(const struct board *board, uint8_t by, unsigned number) {
    for (uint32_t i = 0; i < board->count; i++) {
        const struct board_thing *thing = &board->things[i];
        bool may =
            thing->kind == BOARD_BOX || thing->kind == BOARD_ARROW || thing->kind == BOARD_SPAN;
        if (may && thing->by == by && line_cites(span_of(thing->text), number) &&
            board_is_shown(board, thing)) {
            return true;
        }
    }
    return false;
}

static bool cites_any(const struct board *board, struct span text) {
    size_t at = 0;
    unsigned number;
    while ((number = line_next_req(text, &at)) != 0) {
        if (board_req(board, number)) {
            return true;
        }
    }
    return false;
}

static bool is_box_of(const struct board_thing *thing, uint8_t by) {
    return thing->kind == BOARD_BOX && thing->by == by && !thing->dropped &&
           thing->style == BOX_PLAIN;
}

static bool has_reqs(const struct board *board) {
    for (unsigned number = 1; number <= board->reqs; number++) {
        if (board_req(board, number)) {
            return true;
        }
    }
    return false;
}

bool board_is_loose(const struct board *board, uint8_t by, const struct board_thing *thing) {
    return is_box_of(thing, by) && !cites_any(board, span_of(thing->text)) && has_reqs(board);
}

void board_count(const struct board *board, uint8_t by, unsigned *boxes, unsigned *citing) {
    *boxes = *citing = 0;
    for (uint32_t i = 0; i < board->count; i++) {
        const struct board_thing *thing = &board->things[i];
        if (is_box_of(thing, by)) {
            ++*boxes;
            *citing += cites_any(board, span_of(thing->text));
        }
    }
}

/* ---- its encoding ---- */

static void put_thing(struct mp_writer *w, const struct board_thing *thing) {
    const int64_t numbers[] = {thing->id,    thing->kind,      thing->by,      thing->dropped,
                               thing->style, thing->col,       thing->row,     thing->cols,
                               thing->rows,  thing->number,    thing->from,    thing->to,
                               thing->edits, thing->edited_by, thing->made_at, thing->edited_at};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        mp_put_int(w, numbers[i]);
    }
    mp_put_str(w, thing->text);
    mp_put_bytes(w, (struct span){thing->points ? thing->points : "", thing->point_bytes});
}

void board_put(struct mp_writer *w, const struct board *board) {
    mp_put_int(w, board->count);
    for (uint32_t i = 0; i < board->count; i++) {
        put_thing(w, &board->things[i]);
    }
    mp_put_int(w, board->reqs);
    mp_put_int(w, board->shared);
    mp_put_int(w, board->private_at);
    for (int seat = 0; seat < ROOM_SEATS_MAX; seat++) {
        mp_put_int(w, board->last[seat]);
        mp_put_int(w, board->marks[seat].thing);
        mp_put_int(w, board->marks[seat].at);
    }
    mp_put_int(w, board->picture_count);
    for (uint8_t i = 0; i < board->picture_count; i++) {
        const struct board_picture *picture = &board->pictures[i];
        const int64_t numbers[] = {picture->id,   picture->by,    picture->kind,
                                   picture->left, picture->bytes, picture->at};
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
            mp_put_int(w, numbers[k]);
        }
    }
    mp_put_int(w, board->cite_count);
    for (uint32_t i = 0; i < board->cite_count; i++) {
        mp_put_int(w, board->cites[i].number);
        mp_put_int(w, board->cites[i].thing);
        mp_put_int(w, board->cites[i].at);
    }
}
