/* SPDX-License-Identifier: ISC */
/*
 * core.c: the journal's thread: takes the queue, has its appends committed as one, and answers the
 * rest.
 */
#include "server/journal/core.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "server/journal/parts.h"

/* ---- operations ---- */

/* room: NULL, as journal_room_get gave it. */
static void answer_history(struct journal *core, const struct operation *op,
                           struct journal_room *room) {
    const struct journal_listener *to = journal_speak_to(core, op->listener);
    struct journal_batch *batch = room != NULL ? journal_room_read_good(core, room, op->position)
                                               : journal_room_lost(core, op->room_id);
    bool whole = room != NULL && batch != NULL && !journal_batch_is_damaged(batch);
    to->history(to->ctx, op->token, whole && room->posted > 0, batch);
    journal_batch_unref(batch);
}

static void do_read(struct journal *core, const struct operation *op) {
    answer_history(core, op, journal_room_get(core, op->room_id));
}

/* Appends of this round that were taken while nobody followed have no batch: they must be committed
 * first, and so be part of the history. */
static void do_follow(struct journal *core, const struct operation *op) {
    struct journal_room *room = journal_rooms_find(&core->rooms, op->room_id);
    if (room != NULL && room->followers == 0 && room->touched) {
        journal_round_end(core);
    }
    room = journal_room_get(core, op->room_id);
    answer_history(core, op, room);
    if (room == NULL) {
        return;
    }
    journal_rooms_follow(&core->rooms, room, (unsigned)op->listener);
}

static void do_unfollow(struct journal *core, const struct operation *op) {
    struct journal_room *room = journal_rooms_find(&core->rooms, op->room_id);
    if (room != NULL) {
        journal_rooms_unfollow(&core->rooms, room, (unsigned)op->listener);
    }
}

struct id_list {
    char *ids;
    uint32_t count, capacity;
};

static bool add_id(void *arg, const char *room) {
    struct id_list *list = arg;
    if (list->count == list->capacity) {
        uint32_t capacity = list->capacity == 0 ? 16 : list->capacity * 2;
        char *ids = reallocarray(list->ids, capacity, ROOM_ID_BYTES);
        if (ids == NULL) {
            return false;
        }
        list->ids = ids;
        list->capacity = capacity;
    }
    memcpy(list->ids + (size_t)list->count++ * ROOM_ID_BYTES, room, ROOM_ID_BYTES);
    return true;
}

/* The store would show uncommitted enrolments, so the round ends first. A list that cannot be read
 * whole is answered as far as it was read. */
static void do_rooms_of(struct journal *core, const struct operation *op) {
    journal_round_end(core);
    const struct journal_listener *to = journal_speak_to(core, op->listener);
    struct id_list list = {0};
    if (!core->store.rooms_of(core->ctx, op->key, SESSIONS_MAX, add_id, &list)) {
        atomic_fetch_add_explicit(&core->failures, 1, memory_order_relaxed);
    }
    to->rooms(to->ctx, op->token, list.ids, list.count);
    free(list.ids);
}

static void do_operation(struct journal *core, struct operation *op) {
    switch (op->kind) {
    case OP_APPEND: journal_round_append(core, op); return; /* freed by the round */
    case OP_READ: do_read(core, op); break;
    case OP_FOLLOW: do_follow(core, op); break;
    case OP_UNFOLLOW: do_unfollow(core, op); break;
    case OP_ROOMS_OF: do_rooms_of(core, op); break;
    case OP_CHORE: journal_chore_take(core, op); return; /* freed at its end */
    }
    free(op);
}

/* ---- the thread ---- */

static bool take_if_any(struct journal *core, struct operation_list *taken) {
    STAILQ_INIT(taken);
    pthread_mutex_lock(&core->lock);
    STAILQ_CONCAT(taken, &core->queue);
    pthread_mutex_unlock(&core->lock);
    return !STAILQ_EMPTY(taken);
}

/* Waits for operations, unless there is a chore to go on with. False: closing, and nothing is
 * left. */
static bool await_operations(struct journal *core, struct operation_list *taken) {
    STAILQ_INIT(taken);
    pthread_mutex_lock(&core->lock);
    while (STAILQ_EMPTY(&core->queue) && !core->stopping && core->chore == NULL) {
        pthread_cond_wait(&core->posted, &core->lock);
    }
    STAILQ_CONCAT(taken, &core->queue);
    bool goes_on = !core->stopping;
    pthread_mutex_unlock(&core->lock);
    return !STAILQ_EMPTY(taken) || goes_on;
}

static void do_all(struct journal *core, struct operation_list *taken) {
    struct operation *op;
    while ((op = STAILQ_FIRST(taken)) != NULL) {
        STAILQ_REMOVE_HEAD(taken, next);
        atomic_fetch_sub_explicit(&core->queued, 1, memory_order_relaxed);
        do_operation(core, op);
    }
    journal_round_end(core);
    journal_tell_all(core);
    journal_rooms_forget(&core->rooms);
}

static void *run(void *arg) {
    struct journal *core = arg;
    struct operation_list taken;
    while (await_operations(core, &taken)) {
        do {
            do_all(core, &taken);
            journal_chore_slice(core);
        } while (take_if_any(core, &taken));
        if (core->store.tidy != NULL) {
            core->store.tidy(core->ctx, true);
        }
    }
    journal_chore_give_up(core);
    return NULL;
}

/* Signals belong to the main thread. */
static bool start_thread(struct journal *core) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    bool started = pthread_create(&core->thread, NULL, run, core) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

struct journal *journal_core_start(const struct journal_store *store, void *ctx, uint32_t boot,
                                   int64_t epoch) {
    struct journal *core = calloc(1, sizeof *core);
    if (core == NULL) {
        return NULL;
    }
    core->store = *store;
    core->ctx = ctx;
    core->boot = boot;
    core->epoch = epoch;
    journal_rooms_init(&core->rooms);
    STAILQ_INIT(&core->queue);
    STAILQ_INIT(&core->round);
    STAILQ_INIT(&core->touched);
    pthread_mutex_init(&core->lock, NULL);
    pthread_cond_init(&core->posted, NULL);
    if (start_thread(core)) {
        return core;
    }
    pthread_cond_destroy(&core->posted);
    pthread_mutex_destroy(&core->lock);
    free(core);
    return NULL;
}

void journal_close(struct journal *core) {
    if (core == NULL) {
        return;
    }
    pthread_mutex_lock(&core->lock);
    core->stopping = true;
    pthread_cond_signal(&core->posted);
    pthread_mutex_unlock(&core->lock);
    pthread_join(core->thread, NULL);
    core->store.close(core->ctx);
    journal_rooms_free(&core->rooms);
    pthread_cond_destroy(&core->posted);
    pthread_mutex_destroy(&core->lock);
    free(core);
}

/* ---- posting: any thread ---- */

static void told(const struct journal_listener *to) {
    if (to->told != NULL) {
        to->told(to->ctx);
    }
}

int journal_add_listener(struct journal *core, const struct journal_listener *listener) {
    if (core->listener_count == JOURNAL_LISTENERS_MAX) {
        return -1;
    }
    core->listeners[core->listener_count] = *listener;
    return (int)core->listener_count++;
}

/* Whoever is told of its posts wakes the thread later; others may not rely on that, and do it at
 * once. */
static void post(struct journal *core, struct operation *op) {
    const struct journal_listener *by = &core->listeners[op->listener];
    pthread_mutex_lock(&core->lock);
    STAILQ_INSERT_TAIL(&core->queue, op, next); /* it belongs to the thread from here on */
    atomic_fetch_add_explicit(&core->queued, 1, memory_order_relaxed);
    pthread_mutex_unlock(&core->lock);
    if (by->posted != NULL) {
        by->posted(by->ctx);
    } else {
        pthread_cond_signal(&core->posted);
    }
}

void journal_wake(struct journal *core) {
    pthread_mutex_lock(&core->lock);
    bool any = !STAILQ_EMPTY(&core->queue);
    pthread_mutex_unlock(&core->lock);
    if (any) {
        pthread_cond_signal(&core->posted);
    }
}

void journal_post_append(struct journal *core, int listener, const struct journal_append *append) {
    struct operation *op = operation_append(listener, append);
    if (op == NULL) {
        const struct journal_listener *to = &core->listeners[listener];
        to->appended(to->ctx, append->token, JOURNAL_FAILED, append->expected);
        told(to);
        return;
    }
    post(core, op);
}

static void post_history(struct journal *core, enum operation_kind kind, int listener,
                         const char *room, uint32_t after, uint64_t token) {
    struct operation *op = operation_new(kind, listener, room, token);
    if (op == NULL) {
        const struct journal_listener *to = &core->listeners[listener];
        to->history(to->ctx, token, false, NULL);
        told(to);
        return;
    }
    op->position = after;
    post(core, op);
}

void journal_post_read(struct journal *core, int listener, const char *room, uint32_t after,
                       uint64_t token) {
    post_history(core, OP_READ, listener, room, after, token);
}

void journal_post_follow(struct journal *core, int listener, const char *room, uint32_t after,
                         uint64_t token) {
    post_history(core, OP_FOLLOW, listener, room, after, token);
}

/* Without memory the room stays followed: its events are then posted to a listener that drops
 * them. */
void journal_post_unfollow(struct journal *core, int listener, const char *room) {
    struct operation *op = operation_new(OP_UNFOLLOW, listener, room, 0);
    if (op != NULL) {
        post(core, op);
    }
}

void journal_post_rooms_of(struct journal *core, int listener, const uint8_t *key, uint64_t token) {
    struct operation *op = operation_new(OP_ROOMS_OF, listener, "", token);
    if (op == NULL) {
        const struct journal_listener *to = &core->listeners[listener];
        to->rooms(to->ctx, token, NULL, 0);
        told(to);
        return;
    }
    memcpy(op->key, key, HASH_BYTES);
    post(core, op);
}

void journal_post_chore(struct journal *core, int listener, enum journal_chore chore,
                        const char *of, uint64_t token) {
    struct operation *op = operation_chore(listener, chore, of, token);
    if (op == NULL) {
        const struct journal_listener *to = &core->listeners[listener];
        to->chore(to->ctx, token, JOURNAL_NOT_DONE, "There is no memory for that.");
        told(to);
        return;
    }
    post(core, op);
}

uint32_t journal_boot(const struct journal *core) {
    return core->boot;
}

int64_t journal_epoch(const struct journal *core) {
    return core->epoch;
}

struct journal_stats journal_stats_read(struct journal *core) {
    struct journal_stats stats = {
        .commits = atomic_load_explicit(&core->commits, memory_order_relaxed),
        .events = atomic_load_explicit(&core->events, memory_order_relaxed),
        .conflicts = atomic_load_explicit(&core->conflicts, memory_order_relaxed),
        .failures = atomic_load_explicit(&core->failures, memory_order_relaxed),
        .queued = atomic_load_explicit(&core->queued, memory_order_relaxed),
        .waited_us = atomic_load_explicit(&core->waited_us, memory_order_relaxed)};
    for (int i = 0; i < JOURNAL_WAITS; i++) {
        stats.waits[i] = atomic_load_explicit(&core->waits[i], memory_order_relaxed);
    }
    return stats;
}
