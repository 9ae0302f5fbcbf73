/* SPDX-License-Identifier: ISC */
/*
 * fresh.c: the index of what is fresh.
 *
 * Invariant: a room's events are linked in the order of their positions, without a gap.
 */
#include "server/journal/fresh.h"

#include <stdlib.h>
#include <string.h>

#include "server/journal/octets.h"

/* ---- a block's bytes ---- */

enum { BLOCK_FIRST = 4096 };

static bool block_grow(struct fresh_block **block, size_t more) {
    size_t len = *block != NULL ? (*block)->len : 0;
    size_t capacity = *block != NULL ? (*block)->capacity : 0;
    if (more <= capacity - len) {
        return true;
    }
    capacity = capacity * 2 > len + more ? capacity * 2 : len + more;
    capacity = capacity > BLOCK_FIRST ? capacity : BLOCK_FIRST;
    struct fresh_block *grown = realloc(*block, sizeof *grown + capacity);
    if (grown == NULL) {
        return false;
    }
    grown->next = NULL;
    grown->len = len;
    grown->capacity = capacity;
    *block = grown;
    return true;
}

bool fresh_write(struct fresh_block **block, int64_t number, uint32_t pos, const uint8_t *bytes,
                 uint32_t len) {
    if (!block_grow(block, (size_t)FRESH_HEAD + len)) {
        return false;
    }
    uint8_t *to = (*block)->bytes + (*block)->len;
    octets_put(to, (uint64_t)number, 8);
    octets_put(to + 8, pos, 4);
    octets_put(to + 12, len, 4);
    if (len > 0) {
        memcpy(to + FRESH_HEAD, bytes, len);
    }
    (*block)->len += (size_t)FRESH_HEAD + len;
    return true;
}

struct fresh_block *fresh_close(struct fresh_block *block) {
    struct fresh_block *closed = realloc(block, sizeof *block + block->len);
    if (closed == NULL) {
        return block; /* it stays as large as it was */
    }
    closed->capacity = closed->len;
    return closed;
}

struct fresh_block *fresh_block_of(const void *bytes, size_t len) {
    struct fresh_block *block = malloc(sizeof *block + len);
    if (block != NULL) {
        *block = (struct fresh_block){.len = len, .capacity = len};
        if (len > 0) {
            memcpy(block->bytes, bytes, len);
        }
    }
    return block;
}

bool fresh_record_next(const uint8_t *bytes, size_t len, size_t *at, struct fresh_record *record) {
    if (len - *at < FRESH_HEAD) {
        return false;
    }
    const uint8_t *head = bytes + *at;
    uint32_t size = (uint32_t)octets_get(head + 12, 4);
    if (size > len - *at - FRESH_HEAD) {
        return false;
    }
    record->number = (int64_t)octets_get(head, 8);
    record->event = (struct fresh_event){
        .bytes = head + FRESH_HEAD, .pos = (uint32_t)octets_get(head + 8, 4), .len = size};
    *at += (size_t)FRESH_HEAD + size;
    return true;
}

/* ---- the index ---- */

void fresh_init(struct fresh *fresh) {
    *fresh = (struct fresh){0};
    table_init(&fresh->rooms, offsetof(struct fresh_room, number), sizeof(int64_t));
}

void fresh_clear(struct fresh *fresh) {
    struct table_entry *after;
    for (struct table_entry *at = table_next(&fresh->rooms, NULL); at != NULL; at = after) {
        after = table_next(&fresh->rooms, at);
        table_remove(&fresh->rooms, at);
        free((struct fresh_room *)at);
    }
    while (fresh->blocks != NULL) {
        struct fresh_block *next = fresh->blocks->next;
        free(fresh->blocks);
        fresh->blocks = next;
    }
    fresh->count = 0;
    fresh->bytes = 0;
}

void fresh_free(struct fresh *fresh) {
    fresh_clear(fresh);
    table_free(&fresh->rooms);
    free(fresh->events);
}

const struct fresh_room *fresh_find(const struct fresh *fresh, int64_t number) {
    const struct fresh_room *room = (const struct fresh_room *)table_find(&fresh->rooms, &number);
    return room != NULL && room->last != 0 ? room : NULL;
}

const struct fresh_event *fresh_at(const struct fresh *fresh, uint32_t link) {
    return link == 0 ? NULL : &fresh->events[link - 1];
}

uint32_t fresh_head(const struct fresh *fresh, const struct fresh_room *room) {
    return fresh_at(fresh, room->last)->pos;
}

/* The room of that number, made if it is new. */
static struct fresh_room *room_of(struct fresh *fresh, int64_t number,
                                  const struct fresh_rests *rests) {
    struct fresh_room *room = (struct fresh_room *)table_find(&fresh->rooms, &number);
    if (room != NULL) {
        return room;
    }
    room = calloc(1, sizeof *room);
    if (room == NULL) {
        return NULL;
    }
    room->number = number;
    room->rests = rests != NULL ? rests->upto(rests->ctx, number) : 0;
    if (!table_add(&fresh->rooms, &room->of_table)) {
        free(room);
        return NULL;
    }
    return room;
}

static bool events_grow(struct fresh *fresh, uint32_t more) {
    if (more <= fresh->capacity - fresh->count) {
        return true;
    }
    uint32_t capacity = fresh->capacity == 0 ? 256 : fresh->capacity * 2;
    capacity = capacity - fresh->count < more ? fresh->count + more : capacity;
    struct fresh_event *events = reallocarray(fresh->events, capacity, sizeof *events);
    if (events == NULL) {
        return false;
    }
    fresh->events = events;
    fresh->capacity = capacity;
    return true;
}

static bool add(struct fresh *fresh, const struct fresh_record *record,
                const struct fresh_rests *rests) {
    struct fresh_room *room = room_of(fresh, record->number, rests);
    if (room == NULL || !events_grow(fresh, 1)) {
        return false;
    }
    if (record->event.pos <= room->rests) {
        return true;
    }
    uint32_t link = ++fresh->count;
    fresh->events[link - 1] = record->event;
    if (room->last == 0) {
        room->first = link;
    } else {
        struct fresh_event *last = &fresh->events[room->last - 1];
        last->next = link;
        if (record->event.pos != last->pos + 1) {
            return false;
        }
    }
    room->last = link;
    return true;
}

bool fresh_reserve(struct fresh *fresh, const struct fresh_block *block) {
    struct fresh_record record;
    size_t at = 0;
    uint32_t count = 0;
    while (fresh_record_next(block->bytes, block->len, &at, &record)) {
        if (room_of(fresh, record.number, NULL) == NULL) {
            return false;
        }
        count++;
    }
    return events_grow(fresh, count);
}

bool fresh_take(struct fresh *fresh, struct fresh_block *block, const struct fresh_rests *rests) {
    struct fresh_record record;
    size_t at = 0;
    block->next = fresh->blocks;
    fresh->blocks = block;
    fresh->bytes += block->len;
    while (fresh_record_next(block->bytes, block->len, &at, &record)) {
        if (!add(fresh, &record, rests)) {
            return false;
        }
    }
    return at == block->len;
}

static int by_number(const void *a, const void *b) {
    const struct fresh_room *const *one = a, *const *other = b;
    return ((*one)->number > (*other)->number) - ((*one)->number < (*other)->number);
}

const struct fresh_room **fresh_sorted(const struct fresh *fresh, uint32_t *count) {
    const struct fresh_room **rooms = reallocarray(NULL, fresh->rooms.count + 1, sizeof(void *));
    *count = 0;
    if (rooms == NULL) {
        return NULL;
    }
    for (struct table_entry *at = table_next(&fresh->rooms, NULL); at != NULL;
         at = table_next(&fresh->rooms, at)) {
        const struct fresh_room *room = (const struct fresh_room *)at;
        if (room->last != 0) {
            rooms[(*count)++] = room;
        }
    }
    qsort(rooms, *count, sizeof(void *), by_number);
    return rooms;
}
