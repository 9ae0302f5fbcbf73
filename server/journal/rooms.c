/* SPDX-License-Identifier: ISC */
/*
 * rooms.c: the rooms of a table, and which of them may be forgotten.
 */
#include "server/journal/rooms.h"

#include <stdlib.h>
#include <string.h>

void journal_rooms_init(struct journal_rooms *rooms) {
    table_init(&rooms->table, offsetof(struct journal_room, id), ROOM_ID_BYTES);
    rooms->idle = 0;
}

/* Frees the rooms that `all` or no follower lets go. */
static void sift(struct journal_rooms *rooms, bool all) {
    struct table_entry *after;
    for (struct table_entry *at = table_next(&rooms->table, NULL); at != NULL; at = after) {
        struct journal_room *room = (struct journal_room *)at;
        after = table_next(&rooms->table, at);
        if (all || room->followers == 0) {
            table_remove(&rooms->table, at);
            free(room);
        }
    }
}

void journal_rooms_free(struct journal_rooms *rooms) {
    sift(rooms, true);
    table_free(&rooms->table);
}

struct journal_room *journal_rooms_find(struct journal_rooms *rooms, const char *id) {
    return (struct journal_room *)table_find(&rooms->table, id);
}

struct journal_room *journal_rooms_add(struct journal_rooms *rooms, const char *id) {
    struct journal_room *room = calloc(1, sizeof *room);
    if (room == NULL) {
        return NULL;
    }
    memcpy(room->id, id, ROOM_ID_BYTES);
    if (!table_add(&rooms->table, &room->of_table)) {
        free(room);
        return NULL;
    }
    rooms->idle++;
    return room;
}

void journal_rooms_follow(struct journal_rooms *rooms, struct journal_room *room, unsigned bit) {
    if (room->followers == 0) {
        rooms->idle--;
    }
    room->followers |= UINT64_C(1) << bit;
}

void journal_rooms_unfollow(struct journal_rooms *rooms, struct journal_room *room, unsigned bit) {
    uint64_t left = room->followers & ~(UINT64_C(1) << bit);
    if (left == 0 && room->followers != 0) {
        rooms->idle++;
    }
    room->followers = left;
}

/* Once the idle are as many again as the followed: so a walk over all is paid for by the rooms that
 * came since the last. */
void journal_rooms_forget(struct journal_rooms *rooms) {
    if (rooms->idle < JOURNAL_IDLE_ROOMS_MIN || rooms->idle < rooms->table.count - rooms->idle) {
        return;
    }
    sift(rooms, false);
    rooms->idle = 0;
}
