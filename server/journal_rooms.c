/*
 * journal_rooms.c: a chained hash table with a key of its own, since peers choose the ids that are looked up.
 *
 * Invariant: there are at least as many buckets as rooms, unless memory failed when they were to grow.
 */
#include "server/journal_rooms.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BUCKETS = 64 };

void log_rooms_init(struct log_rooms *rooms) {
    memset(rooms, 0, sizeof *rooms);
    keyhash_init(&rooms->hash);
}

/* Frees the rooms of one chain that `all` or no follower lets go; gives back what stays. */
static struct log_room *sift_chain(struct log_rooms *rooms, struct log_room *chain, bool all) {
    struct log_room *kept = NULL, *after;
    for (struct log_room *room = chain; room != NULL; room = after) {
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

void log_rooms_free(struct log_rooms *rooms) {
    for (unsigned i = 0; i < rooms->bucket_count; i++)
        sift_chain(rooms, rooms->buckets[i], true);
    free(rooms->buckets);
}

static struct log_room **bucket_of(const struct log_rooms *rooms, const char *id) {
    return &rooms->buckets[keyhash(&rooms->hash, id, ROOM_ID_BYTES) & (rooms->bucket_count - 1)];
}

static void chain(struct log_rooms *rooms, struct log_room *room) {
    struct log_room **bucket = bucket_of(rooms, room->id);
    room->chained = *bucket;
    *bucket = room;
}

struct log_room *log_rooms_find(struct log_rooms *rooms, const char *id) {
    if (rooms->bucket_count == 0)
        return NULL;
    struct log_room *room = *bucket_of(rooms, id);
    while (room != NULL && memcmp(room->id, id, ROOM_ID_BYTES) != 0)
        room = room->chained;
    return room;
}

/* Without memory a table that has buckets goes on with longer chains. */
static bool make_buckets(struct log_rooms *rooms) {
    if (rooms->count < rooms->bucket_count)
        return true;
    struct log_rooms wider = *rooms;
    wider.bucket_count = rooms->bucket_count == 0 ? FIRST_BUCKETS : rooms->bucket_count * 2;
    wider.buckets = calloc(wider.bucket_count, sizeof(struct log_room *));
    if (wider.buckets == NULL)
        return rooms->bucket_count > 0;
    for (unsigned i = 0; i < rooms->bucket_count; i++) {
        struct log_room *after;
        for (struct log_room *room = rooms->buckets[i]; room != NULL; room = after) {
            after = room->chained;
            chain(&wider, room);
        }
    }
    free(rooms->buckets);
    rooms->buckets = wider.buckets;
    rooms->bucket_count = wider.bucket_count;
    return true;
}

struct log_room *log_rooms_add(struct log_rooms *rooms, const char *id) {
    struct log_room *room = make_buckets(rooms) ? calloc(1, sizeof *room) : NULL;
    if (room == NULL)
        return NULL;
    memcpy(room->id, id, ROOM_ID_BYTES);
    chain(rooms, room);
    rooms->count++;
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
    if (rooms->idle < JOURNAL_IDLE_ROOMS_MIN || rooms->idle < rooms->count - rooms->idle)
        return;
    for (unsigned i = 0; i < rooms->bucket_count; i++)
        rooms->buckets[i] = sift_chain(rooms, rooms->buckets[i], false);
    rooms->idle = 0;
}
