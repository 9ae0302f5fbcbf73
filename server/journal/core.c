/* SPDX-License-Identifier: ISC */
/*
 * core.c: the journal's thread: takes the queue, has its appends committed as one, and answers the
 * rest.
 */
#include "server/journal/core.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "server/journal/form.h"
#include "server/journal/parts.h"

/* ---- operations ---- */

/* room: NULL, as journal_room_get_fresh gave it. */
static void answer_history(struct journal *core, const struct operation *op,
                           struct journal_room *room) {
    const struct journal_listener *to = journal_speak_to(core, op->listener);
    struct journal_batch *batch = room != NULL ? journal_room_read_good(core, room, op->position)
                                               : journal_room_lost(core, op->room_id);
    bool whole = room != NULL && batch != NULL && !journal_batch_is_damaged(batch);
    to->history(to->ctx, op->token, whole && room->posted > 0, batch);
    journal_batch_unref(batch);
}

/* A store that others append to is asked anew, for which no round may be open. */
static struct journal_room *room_to_read(struct journal *core, const char *id) {
    if (core->store.won != NULL) {
        journal_round_end(core);
    }
    return journal_room_get_fresh(core, id);
}

static void do_read(struct journal *core, const struct operation *op) {
    answer_history(core, op, room_to_read(core, op->room_id));
}

/* Appends of this round that were taken while nobody followed have no batch: they must be committed
 * first, and so be part of the history. */
static void do_follow(struct journal *core, const struct operation *op) {
    struct journal_room *room = journal_rooms_find(&core->rooms, op->room_id);
    if (room != NULL && room->followers == 0 && room->touched) {
        journal_round_end(core);
    }
    room = room_to_read(core, op->room_id);
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
 * whole is answered as far as it was read; one of which nothing was is none. */
static void do_rooms_of(struct journal *core, const struct operation *op) {
    journal_round_end(core);
    journal_tell_all(core); /* a long list takes a while */
    const struct journal_listener *to = journal_speak_to(core, op->listener);
    struct id_list list = {0};
    bool good = core->store.rooms_of(core->ctx, op->key, SESSIONS_MAX, add_id, &list);
    if (!good) {
        atomic_fetch_add_explicit(&core->failures, 1, memory_order_relaxed);
    }
    to->rooms(to->ctx, op->token, good && list.count == 0 ? "" : list.ids, list.count);
    free(list.ids);
}

static void do_trip(struct journal *core, const struct operation *op) {
    if (core->store.trip != NULL) {
        core->store.trip(core->ctx, op->room_id, op->position, (const uint8_t *)operation_text(op),
                         op->count);
    }
}

static void do_operation(struct journal *core, struct operation *op) {
    switch (op->kind) {
    case OP_APPEND: journal_round_append(core, op); return; /* freed by the round */
    case OP_READ: do_read(core, op); break;
    case OP_FOLLOW: do_follow(core, op); break;
    case OP_UNFOLLOW: do_unfollow(core, op); break;
    case OP_ROOMS_OF: do_rooms_of(core, op); break;
    case OP_TRIP: do_trip(core, op); break;
    case OP_DRAIN: journal_drain(core, op); break;
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

/* Under the lock. */
static void wait_for_posts(struct journal *core) {
    if (core->wake_fd < 0) {
        pthread_cond_wait(&core->posted, &core->lock);
        return;
    }
    pthread_mutex_unlock(&core->lock);
    core->store.hear(core->ctx, core, core->wake_fd);
    journal_tell_all(core);
    pthread_mutex_lock(&core->lock);
}

static void wake_thread(struct journal *core) {
    if (core->wake_fd < 0) {
        pthread_cond_signal(&core->posted);
    } else {
        eventfd_write(core->wake_fd, 1); /* it fails only if the thread is to be woken already */
    }
}

/* Waits for operations, unless there is a chore to go on with. False: closing, and nothing is
 * left. */
static bool await_operations(struct journal *core, struct operation_list *taken) {
    STAILQ_INIT(taken);
    pthread_mutex_lock(&core->lock);
    while (STAILQ_EMPTY(&core->queue) && !core->stopping && !core->easing && core->chore == NULL) {
        wait_for_posts(core);
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
    if (core->store.hear != NULL) {
        core->store.hear(core->ctx, core, -1);
    }
    journal_tell_all(core);
    journal_rooms_forget(&core->rooms);
}

/* What handshakes and openings took for a moment lies between what stays, and whoever goes leaves
 * holes: the allocator gives neither back to the system by itself. */
static void ease_if_asked(struct journal *core) {
    pthread_mutex_lock(&core->lock);
    bool asked = core->easing;
    core->easing = false;
    pthread_mutex_unlock(&core->lock);
    if (asked && core->store.ease != NULL) {
        core->store.ease(core->ctx);
    }
    if (asked) {
        malloc_trim(0);
    }
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
        ease_if_asked(core);
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

static void close_wake(struct journal *core) {
    if (core->wake_fd >= 0) {
        close(core->wake_fd);
    }
}

struct journal *journal_core_start(const struct journal_store *store, void *ctx, uint32_t boot,
                                   const struct leases *leases, int64_t epoch) {
    struct journal *core = calloc(1, sizeof *core);
    if (core == NULL) {
        return NULL;
    }
    core->store = *store;
    core->ctx = ctx;
    atomic_init(&core->boot, boot);
    atomic_init(&core->form, 1);
    core->leases = leases != NULL ? *leases : leases_of_one(boot);
    core->epoch = epoch;
    journal_rooms_init(&core->rooms);
    STAILQ_INIT(&core->queue);
    STAILQ_INIT(&core->round);
    STAILQ_INIT(&core->touched);
    pthread_mutex_init(&core->lock, NULL);
    pthread_cond_init(&core->posted, NULL);
    core->wake_fd = store->hear != NULL ? eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) : -1;
    if ((store->hear == NULL || core->wake_fd >= 0) && start_thread(core)) {
        return core;
    }
    close_wake(core);
    pthread_cond_destroy(&core->posted);
    pthread_mutex_destroy(&core->lock);
    free(core);
    return NULL;
}

void journal_close(struct journal *core) {
    if (core == NULL) {
        return;
    }
    if (core->store.hurry != NULL) {
        core->store.hurry(core->ctx);
    }
    pthread_mutex_lock(&core->lock);
    core->stopping = true;
    wake_thread(core);
    pthread_mutex_unlock(&core->lock);
    pthread_join(core->thread, NULL);
    core->store.close(core->ctx);
    journal_rooms_free(&core->rooms);
    close_wake(core);
    pthread_cond_destroy(&core->posted);
    pthread_mutex_destroy(&core->lock);
    free(core);
}

/* ---- posting: any thread ---- */

int journal_add_listener(struct journal *core, const struct journal_listener *listener) {
    unsigned number = journal_listener_count(core);
    if (number == JOURNAL_LISTENERS_MAX) {
        return -1;
    }
    core->listeners[number] = *listener;
    atomic_store_explicit(&core->listener_count, number + 1, memory_order_release);
    return (int)number;
}

/* Whoever is told of its posts wakes the thread later; others may not rely on that, and do it at
 * once. op: NULL, for which there was no memory: false. */
static bool post(struct journal *core, struct operation *op) {
    if (op == NULL) {
        return false;
    }
    const struct journal_listener *by = &core->listeners[op->listener];
    pthread_mutex_lock(&core->lock);
    STAILQ_INSERT_TAIL(&core->queue, op, next); /* it belongs to the thread from here on */
    atomic_fetch_add_explicit(&core->queued, 1, memory_order_relaxed);
    pthread_mutex_unlock(&core->lock);
    if (by->posted != NULL) {
        by->posted(by->ctx);
    } else {
        wake_thread(core);
    }
    return true;
}

void journal_wake(struct journal *core) {
    pthread_mutex_lock(&core->lock);
    bool any = !STAILQ_EMPTY(&core->queue);
    pthread_mutex_unlock(&core->lock);
    if (any) {
        wake_thread(core);
    }
}

void journal_ease(struct journal *core) {
    pthread_mutex_lock(&core->lock);
    core->easing = true;
    wake_thread(core);
    pthread_mutex_unlock(&core->lock);
}

bool journal_post_append(struct journal *core, int listener, const struct journal_append *append) {
    return post(core, operation_append(listener, append));
}

static bool post_history(struct journal *core, enum operation_kind kind, int listener,
                         const char *room, uint32_t after, uint64_t token) {
    struct operation *op = operation_new(kind, listener, room, token);
    if (op != NULL) {
        op->position = after;
    }
    return post(core, op);
}

bool journal_post_read(struct journal *core, int listener, const char *room, uint32_t after,
                       uint64_t token) {
    return post_history(core, OP_READ, listener, room, after, token);
}

bool journal_post_follow(struct journal *core, int listener, const char *room, uint32_t after,
                         uint64_t token) {
    return post_history(core, OP_FOLLOW, listener, room, after, token);
}

void journal_post_unfollow(struct journal *core, int listener, const char *room) {
    (void)post(core, operation_new(OP_UNFOLLOW, listener, room, 0));
}

bool journal_post_rooms_of(struct journal *core, int listener, const uint8_t *key, uint64_t token) {
    struct operation *op = operation_new(OP_ROOMS_OF, listener, "", token);
    if (op != NULL) {
        memcpy(op->key, key, HASH_BYTES);
    }
    return post(core, op);
}

bool journal_post_chore(struct journal *core, int listener, enum journal_chore chore,
                        const char *of, uint64_t token) {
    return post(core, operation_chore(listener, chore, of, token));
}

bool journal_post_drain(struct journal *core, int listener, uint32_t boot, uint64_t token) {
    return post_history(core, OP_DRAIN, listener, "", boot, token);
}

bool journal_post_trip(struct journal *core, int listener, const char *room, uint32_t to,
                       const void *bytes, uint32_t len) {
    return len <= JOURNAL_TRIP_MAX && post(core, operation_trip(listener, room, to, bytes, len));
}

uint32_t journal_boot(const struct journal *core) {
    return atomic_load_explicit(&core->boot, memory_order_relaxed);
}

struct leases journal_leases(struct journal *core) {
    pthread_mutex_lock(&core->lock);
    struct leases leases = core->leases;
    pthread_mutex_unlock(&core->lock);
    return leases;
}

bool journal_boot_dead(struct journal *core, uint32_t boot) {
    struct leases leases = journal_leases(core);
    return !leases_has(&leases, boot);
}

void journal_nodes(struct journal *core, char out[NODES_TEXT_MAX + 1]) {
    pthread_mutex_lock(&core->lock);
    node_name_others(&core->nodes, journal_boot(core), out);
    pthread_mutex_unlock(&core->lock);
}

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t journal_node_list(struct journal *core, struct node_list *list) {
    pthread_mutex_lock(&core->lock);
    *list = core->nodes;
    int64_t since = core->nodes.count > 0 ? now_ms() - core->nodes_at : 0;
    pthread_mutex_unlock(&core->lock);
    return since;
}

void journal_core_set_nodes(struct journal *core, const struct node_list *nodes) {
    char before[NODES_TEXT_MAX + 1], after[NODES_TEXT_MAX + 1];
    journal_nodes(core, before);
    pthread_mutex_lock(&core->lock);
    core->nodes = *nodes;
    core->nodes_at = now_ms();
    pthread_mutex_unlock(&core->lock);
    journal_nodes(core, after);
    if (strcmp(before, after) != 0) {
        atomic_fetch_add_explicit(&core->nodes_version, 1, memory_order_release);
    }
}

uint32_t journal_nodes_version(const struct journal *core) {
    return atomic_load_explicit(&core->nodes_version, memory_order_acquire);
}

void journal_core_set_boot(struct journal *core, uint32_t boot) {
    atomic_store_explicit(&core->boot, boot, memory_order_relaxed);
}

void journal_core_set_leases(struct journal *core, const struct leases *leases) {
    pthread_mutex_lock(&core->lock);
    core->leases = *leases;
    pthread_mutex_unlock(&core->lock);
    for (unsigned i = 0; i < journal_listener_count(core); i++) {
        const struct journal_listener *to = journal_speak_to(core, (int)i);
        if (to->leases != NULL) {
            to->leases(to->ctx);
        }
    }
}

void journal_core_set_cut(struct journal *core, bool cut) {
    for (unsigned i = 0; i < journal_listener_count(core); i++) {
        const struct journal_listener *to = journal_speak_to(core, (int)i);
        if (to->cut != NULL) {
            to->cut(to->ctx, cut);
        }
    }
    journal_tell_all(core);
}

void journal_core_set_drained(struct journal *core) {
    for (unsigned i = 0; i < journal_listener_count(core); i++) {
        const struct journal_listener *to = journal_speak_to(core, (int)i);
        if (to->drained != NULL) {
            to->drained(to->ctx);
        }
    }
    journal_tell_all(core);
}

uint32_t journal_form(struct journal *core) {
    return atomic_load_explicit(&core->form, memory_order_relaxed);
}

void journal_core_set_form(struct journal *core, uint32_t form) {
    if (form > 0) {
        atomic_store_explicit(&core->form, form, memory_order_relaxed);
    }
}

void journal_core_count_doubt(struct journal *core) {
    atomic_fetch_add_explicit(&core->doubts, 1, memory_order_relaxed);
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
        .doubts = atomic_load_explicit(&core->doubts, memory_order_relaxed),
        .queued = atomic_load_explicit(&core->queued, memory_order_relaxed),
        .waited_us = atomic_load_explicit(&core->waited_us, memory_order_relaxed)};
    for (int i = 0; i < JOURNAL_WAITS; i++) {
        stats.waits[i] = atomic_load_explicit(&core->waits[i], memory_order_relaxed);
    }
    return stats;
}
