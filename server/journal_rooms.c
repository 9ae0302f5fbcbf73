/*
 * journal_rooms.c: a hash table with a key of its own, since peers choose the ids that are looked up.
 */
#include "server/journal_rooms.h"

#include <stdlib.h>
#include <string.h>

void log_rooms_init(struct log_rooms *rooms) {
    keyhash_init(&rooms->hash);
    rooms->all = NULL;
    rooms->idle = 0;
}

void log_rooms_free(struct log_rooms *rooms) {
    struct log_room *room, *after;
    HASH_ITER(hh, rooms->all, room, after) {
        HASH_DEL(rooms->all, room);
        free(room);
    }
}

struct log_room *log_rooms_find(struct log_rooms *rooms, const char *id) {
    struct log_room *room = NULL;
    unsigned hash = keyhash(&rooms->hash, id, ROOM_ID_BYTES);
    HASH_FIND_BYHASHVALUE(hh, rooms->all, id, ROOM_ID_BYTES, hash, room);
    return room;
}

struct log_room *log_rooms_add(struct log_rooms *rooms, const char *id) {
    struct log_room *room = calloc(1, sizeof *room);
    if (room == NULL)
        return NULL;
    memcpy(room->id, id, ROOM_ID_BYTES);
    unsigned hash = keyhash(&rooms->hash, id, ROOM_ID_BYTES);
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, rooms->all, room->id, ROOM_ID_BYTES, hash, room);
    if (room->lost) {
        free(room);
        return NULL;
    }
    rooms->idle++;
    return room;
}

void log_rooms_follow(struct log_rooms *rooms, struct log_room *room, unsigned bit) {
    if (room->followers == 0)
        rooms->idle--;
    room->followers |= UINT64_C(1) << bit;
}

void log_rooms_unfollow(struct log_rooms *rooms, struct log_room *room, unsigned bit) {
    uint64_t left = room->followers & ~(UINT64_C(1) << bit);
    if (left == 0 && room->followers != 0)
        rooms->idle++;
    room->followers = left;
}

/* Once the idle are as many again as the followed: so a walk over all is paid for by the rooms that
 * came since the last. */
void log_rooms_forget(struct log_rooms *rooms) {
    unsigned followed = HASH_COUNT(rooms->all) - rooms->idle;
    if (rooms->idle < JOURNAL_IDLE_ROOMS_MIN || rooms->idle < followed)
        return;
    struct log_room *room, *after;
    HASH_ITER(hh, rooms->all, room, after) {
        if (room->followers == 0) {
            HASH_DEL(rooms->all, room);
            free(room);
        }
    }
    rooms->idle = 0;
}
