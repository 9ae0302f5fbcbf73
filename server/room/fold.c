/* SPDX-License-Identifier: ISC */
/*
 * fold.c: reads and folds a log from its first event on.
 */
#include "server/room/fold.h"

#include <stdlib.h>

#include "protocol/wire/hash.h"
#include "server/room/pack_cache.h"

static bool fold_one(struct fold *fold, struct journal_event stored) {
    struct desk *desk = fold->walk.desk;
    struct event only;
    struct event *event = fold->keeps ? &fold->history.events[fold->history.count] : &only;
    if (!event_read_stored(&desk->reader, stored.bytes, stored.len, event)) {
        return false;
    }
    fold->history.count += fold->keeps;
    return room_apply(&fold->room, event, pack_cache_get, desk->packs) == APPLY_OK;
}

static bool take(struct walk *walk, uint32_t to) {
    for (uint32_t i = walk->next; i < to; i++) {
        if (!fold_one(walk->owner, journal_batch_at(walk->batch, i))) {
            return false;
        }
    }
    return true;
}

static void done(struct walk *walk, struct journal_batch *batch, bool whole) {
    struct fold *fold = walk->owner;
    (void)batch;
    fold->done(fold, whole);
}

void fold_begin(struct fold *fold, struct desk *desk, struct journal_batch *batch) {
    room_init(&fold->room);
    fold->live = true;
    fold->walk = (struct walk){.take = take, .done = done, .owner = fold};
    fold->history = (struct history){0};
    if (fold->keeps) {
        fold->history.events = calloc(journal_batch_count(batch) + 1, sizeof(struct event));
    }
    if (fold->keeps && fold->history.events == NULL) {
        fold->done(fold, false);
    } else {
        walk_begin(&fold->walk, desk, batch);
    }
}

void fold_free(struct fold *fold) {
    if (fold->live) {
        fold->live = false;
        walk_end(&fold->walk);
        history_free(&fold->history);
        room_free(&fold->room);
    }
}

bool fold_is_cohort(struct desk *desk, struct journal_batch *batch) {
    struct event event;
    if (journal_batch_count(batch) == 0) {
        return false;
    }
    struct journal_event first = journal_batch_at(batch, 0);
    return event_read_stored(&desk->reader, first.bytes, first.len, &event) &&
           event.body.act == ACTION_COHORT_OPEN;
}

int fold_eye(const struct room *room, const char *id, const uint8_t key[HASH_BYTES], bool coach) {
    uint8_t hash[HASH_BYTES];
    int seat = room_seat_of_key(room, key);
    if (seat >= 0 || !coach || room_lost_seat(room, key) != REFUSAL_NONE) {
        return seat;
    }
    digest_seat_for_key(id, key, hash);
    int kept = room_invite_of_hash(room, hash);
    return kept >= 0 && room->invites[kept].role == ROLE_CANDIDATE ? -1 : SEAT_GUEST;
}
