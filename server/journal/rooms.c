/* SPDX-License-Identifier: ISC */
/*
 * rooms.c: a chained hash table with a key of its own, since peers choose the ids that are looked
 * up.
 *
 * Invariant: there are at least as many buckets as rooms, unless memory failed when they were to
 * grow.
 */
#include "server/journal/rooms.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BUCKETS = 64 };

void journal_rooms_init(struct journal_rooms *rooms) {
    memset(rooms, 0, sizeof *rooms);
    keyhash_init(&rooms->hash);
}

/* Frees the rooms of one chain that `all` or no follower lets go; gives back what stays. */
static struct journal_room *sift_chain(struct journal_rooms *rooms, struct journal_room *chain,
                                       bool all) {
    struct journal_room *kept = NULL, *after;
    for (struct journal_room *room = chain; room != NULL; room = after) {
        after = room->chained;
        if (all || room->followers == 0) {
            rooms->count--;
            free(room);
        } else {
            room->chained = kept;
            kept = room;
        }
    }
    return kept;
}

void journal_rooms_free(struct journal_rooms *rooms) {
    for (unsigned i = 0; i < rooms->bucket_count; i++) {
        sift_chain(rooms, rooms->buckets[i], true);
    }
    free(rooms->buckets);
}

static struct journal_room **bucket_of(const struct journal_rooms *rooms, const char *id) {
    return &rooms->buckets[keyhash(&rooms->hash, id, ROOM_ID_BYTES) & (rooms->bucket_count - 1)];
}

static void chain(struct journal_rooms *rooms, struct journal_room *room) {
    struct journal_room **bucket = bucket_of(rooms, room->id);
    room->chained = *bucket;
    *bucket = room;
}

struct journal_room *journal_rooms_find(struct journal_rooms *rooms, const char *id) {
    if (rooms->bucket_count == 0) {
        return NULL;
    }
    struct journal_room *room = *bucket_of(rooms, id);
    while (room != NULL && memcmp(room->id, id, ROOM_ID_BYTES) != 0) {
        room = room->chained;
    }
    return room;
}

/* Without memory a table that has buckets goes on with longer chains. */
static bool make_buckets(struct journal_rooms *rooms) {
    if (rooms->count < rooms->bucket_count) {
        return true;
    }
    struct journal_rooms wider = *rooms;
    wider.bucket_count = rooms->bucket_count == 0 ? FIRST_BUCKETS : rooms->bucket_count * 2;
    wider.buckets = calloc(wider.bucket_count, sizeof(struct journal_room *));
    if (wider.buckets == NULL) {
        return rooms->bucket_count > 0;
    }
    for (unsigned i = 0; i < rooms->bucket_count; i++) {
        struct journal_room *after;
        for (struct journal_room *room = rooms->buckets[i]; room != NULL; room = after) {
            after = room->chained;
            chain(&wider, room);
        }
    }
    free(rooms->buckets);
    rooms->buckets = wider.buckets;
    rooms->bucket_count = wider.bucket_count;
    return true;
}

struct journal_room *journal_rooms_add(struct journal_rooms *rooms, const char *id) {
    struct journal_room *room = make_buckets(rooms) ? calloc(1, sizeof *room) : NULL;
    if (room == NULL) {
        return NULL;
    }
    memcpy(room->id, id, ROOM_ID_BYTES);
    chain(rooms, room);
    rooms->count++;
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
    if (rooms->idle < JOURNAL_IDLE_ROOMS_MIN || rooms->idle < rooms->count - rooms->idle) {
        return;
    }
    for (unsigned i = 0; i < rooms->bucket_count; i++) {
        rooms->buckets[i] = sift_chain(rooms, rooms->buckets[i], false);
    }
    rooms->idle = 0;
}
