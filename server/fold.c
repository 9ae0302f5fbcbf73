/*
 * fold.c: reads and folds a log from its first event on.
 */
#include "server/fold.h"

bool fold_read(struct fold *fold, struct hall *hall, struct journal_batch *batch) {
    room_init(&fold->room);
    if (!history_read(&fold->history, &hall->reader, &batch, 1)) {
        return false;
    }
    for (uint32_t i = 0; i < fold->history.count; i++) {
        if (room_apply(&fold->room, &fold->history.events[i], pack_cache_get, hall->packs) !=
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

bool fold_is_cohort(struct hall *hall, struct journal_batch *batch) {
    struct event event;
    if (journal_batch_count(batch) == 0) {
        return false;
    }
    struct journal_event first = journal_batch_at(batch, 0);
    return event_read_stored(&hall->reader, first.bytes, first.len, &event) &&
           event.body.act == ACTION_COHORT_OPEN;
}
