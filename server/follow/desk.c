/* SPDX-License-Identifier: ISC */
/*
 * desk.c: the line to the journal, the graves, and the answers handed to whoever has asked.
 */
#include "server/follow/desk.h"

bool desk_init(struct desk *desk, const struct desk_means *means) {
    *desk = (struct desk){.means = *means, .wake = -1};
    STAILQ_INIT(&desk->unasked);
    TAILQ_INIT(&desk->slices);
    LIST_INIT(&desk->graves);
    LIST_INIT(&desk->kinds);
    mp_writer_init(&desk->out);
    mp_writer_init(&desk->own);
    mp_writer_init(&desk->stored);
    keyhash_init(&desk->key);
    return mp_reader_init(&desk->reader) == MP_OK;
}

static void free_graves(struct desk *desk) {
    struct grave *grave;
    while ((grave = LIST_FIRST(&desk->graves)) != NULL) {
        LIST_REMOVE(grave, of_desk);
        grave->free(grave);
    }
}

void desk_free(struct desk *desk) {
    free_graves(desk);
    mp_reader_free(&desk->reader);
    mp_writer_free(&desk->out);
    mp_writer_free(&desk->own);
    mp_writer_free(&desk->stored);
}

int64_t desk_now(const struct desk *desk) {
    return desk->means.now(desk->means.time);
}

void desk_count(struct desk *desk, enum stats_counter counter, int64_t amount) {
    stats_add(desk->means.stats, desk->means.writer, counter, amount);
}

void desk_bury(struct desk *desk, struct grave *grave, void (*bury)(struct grave *grave)) {
    grave->free = bury;
    LIST_INSERT_HEAD(&desk->graves, grave, of_desk);
    desk->means.sweep_wanted(desk->means.ctx);
}

void desk_slice(struct desk *desk, struct slice *slice) {
    slice->waits = true;
    TAILQ_INSERT_TAIL(&desk->slices, slice, of_desk);
    desk->means.turn_wanted(desk->means.ctx);
}

void desk_slice_drop(struct desk *desk, struct slice *slice) {
    if (slice->waits) {
        slice->waits = false;
        TAILQ_REMOVE(&desk->slices, slice, of_desk);
    }
}

void desk_turn(struct desk *desk) {
    struct slice *slice = TAILQ_FIRST(&desk->slices);
    if (slice == NULL) {
        return;
    }
    desk_slice_drop(desk, slice);
    slice->go_on(slice);
    if (!TAILQ_EMPTY(&desk->slices)) {
        desk->means.turn_wanted(desk->means.ctx);
    }
}

static void wake_journal(struct desk *desk) {
    desk->posts = 0;
    journal_wake(desk->means.journal);
}

void desk_posted(struct desk *desk) {
    desk->posts++;
    if (desk->deciding) {
        return; /* it is woken when all have decided */
    }
    if (desk->posts >= DESK_POSTS_MAX) {
        wake_journal(desk);
    } else if (desk->posts == 1) {
        desk->means.sweep_wanted(desk->means.ctx);
    }
}

static void answer_unasked(struct desk *desk) {
    struct call *call;
    while ((call = STAILQ_FIRST(&desk->unasked)) != NULL) {
        STAILQ_REMOVE_HEAD(&desk->unasked, unasked);
        if (call->asked == CALL_APPENDED) {
            call->appended(call, JOURNAL_FAILED, 0);
        } else if (call->asked == CALL_HISTORY) {
            call->history(call, false, NULL);
        } else {
            call->rooms(call, NULL, 0);
        }
    }
}

void desk_sweep(struct desk *desk) {
    answer_unasked(desk);
    free_graves(desk);
    if (desk->posts > 0) {
        wake_journal(desk);
    }
}

static uint64_t call_token(const struct call *call) {
    return (uint64_t)(uintptr_t)call;
}

static void unasked(struct desk *desk, struct call *call, enum call_kind kind) {
    call->asked = kind;
    STAILQ_INSERT_TAIL(&desk->unasked, call, unasked);
    desk->means.sweep_wanted(desk->means.ctx);
}

bool desk_append_now(struct desk *desk, const char *id, uint32_t expected, bool chained,
                     const struct desk_run *run, const struct call *call) {
    struct journal_entry entries[JOURNAL_RUN_MAX];
    for (uint32_t i = 0; i < run->count; i++) {
        size_t start = i == 0 ? 0 : run->ends[i - 1];
        entries[i] =
            (struct journal_entry){.bytes = (const uint8_t *)desk->stored.data + start,
                                   .len = (uint32_t)(run->ends[i] - start),
                                   .member = run->members != NULL ? run->members[i] : NULL};
    }
    struct journal_append append = {.room = id,
                                    .expected = expected,
                                    .entries = entries,
                                    .count = run->count,
                                    .token = call_token(call),
                                    .chained = chained};
    return journal_post_append(desk->means.journal, desk->means.listener, &append);
}

void desk_append(struct desk *desk, const char *id, uint32_t expected, const struct desk_run *run,
                 struct call *call) {
    if (!desk_append_now(desk, id, expected, false, run, call)) {
        unasked(desk, call, CALL_APPENDED);
    }
}

void desk_follow(struct desk *desk, const char *id, struct call *call) {
    if (!journal_post_follow(desk->means.journal, desk->means.listener, id, 0, call_token(call))) {
        unasked(desk, call, CALL_HISTORY);
    }
}

void desk_read(struct desk *desk, const char *id, struct call *call) {
    desk_read_after(desk, id, 0, call);
}

void desk_read_after(struct desk *desk, const char *id, uint32_t after, struct call *call) {
    if (!journal_post_read(desk->means.journal, desk->means.listener, id, after,
                           call_token(call))) {
        unasked(desk, call, CALL_HISTORY);
    }
}

void desk_rooms_of(struct desk *desk, const uint8_t *key, struct call *call) {
    if (!journal_post_rooms_of(desk->means.journal, desk->means.listener, key, call_token(call))) {
        unasked(desk, call, CALL_ROOMS);
    }
}

static struct call *call_of(uint64_t token) {
    return (struct call *)(uintptr_t)token;
}

void call_appended(uint64_t token, enum journal_outcome outcome, uint32_t head) {
    call_of(token)->appended(call_of(token), outcome, head);
}

void call_history(uint64_t token, bool exists, struct journal_batch *batch) {
    call_of(token)->history(call_of(token), exists, batch);
}

void call_rooms(uint64_t token, const char *ids, uint32_t count) {
    call_of(token)->rooms(call_of(token), ids, count);
}
