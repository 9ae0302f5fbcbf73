/* SPDX-License-Identifier: ISC */
/*
 * fold.c: reads and folds a log from its first event on.
 */
#include "server/room/fold.h"

#include "protocol/wire/hash.h"
#include "server/room/pack_cache.h"

bool fold_read(struct fold *fold, struct desk *desk, struct journal_batch *batch) {
    room_init(&fold->room);
    if (!history_read(&fold->history, &desk->reader, &batch, 1)) {
        return false;
    }
    for (uint32_t i = 0; i < fold->history.count; i++) {
        if (room_apply(&fold->room, &fold->history.events[i], pack_cache_get, desk->packs) !=
            APPLY_OK) {
            fold_free(fold);
            return false;
        }
    }
    return true;
}

void fold_free(struct fold *fold) {
    history_free(&fold->history);
    room_free(&fold->room);
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
