/*
 * journal_core.c: the journal's thread: takes the queue, commits it as one, then publishes.
 *
 * Invariants, outside of a commit: room->head == room->posted, the last position that is synced, and every
 * follower was posted the events up to it, once, in order. Within a commit head runs ahead by the appends
 * taken. An operation is freed with the batch that carries its bytes, or by finish_round.
 */
#include "server/journal_core.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/sys/queue.h>

#include "server/journal_batch.h"
#include "server/journal_operation.h"
#include "server/journal_rooms.h"

STAILQ_HEAD(operation_list, operation);
STAILQ_HEAD(room_list, journal_room);

struct journal {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t posted;
    struct operation_list queue; /* under lock */
    bool stopping;               /* under lock */

    struct journal_listener listeners[JOURNAL_LISTENERS_MAX];
    unsigned listener_count;
    uint64_t spoken_to; /* the thread's own: listeners that are to be told that all has been said */
    uint32_t boot;
    int64_t epoch;
    _Atomic uint64_t commits, events, conflicts, failures;

    /* The thread's own. */
    struct journal_store store;
    void *ctx;
    struct journal_rooms rooms;
    struct operation_list round; /* appends taken since the last commit, in order */
    struct room_list touched;    /* rooms that the round appends to */
    uint32_t round_events;
    bool open;   /* the store is between begin and commit */
    bool broken; /* this round failed */
};

/* ---- listeners, on the journal's thread ---- */

static const struct journal_listener *speak_to(struct journal *core, int listener) {
    core->spoken_to |= UINT64_C(1) << listener;
    return &core->listeners[listener];
}

static void told(const struct journal_listener *to) {
    if (to->told != NULL)
        to->told(to->ctx);
}

static void tell_all(struct journal *core) {
    for (unsigned i = 0; core->spoken_to != 0 && i < core->listener_count; i++)
        if (core->spoken_to & UINT64_C(1) << i)
            told(&core->listeners[i]);
    core->spoken_to = 0;
}

/* ---- rooms ---- */

static void post_events(struct journal *core, uint64_t followers, struct journal_batch *batch) {
    for (unsigned i = 0; i < core->listener_count; i++)
        if (followers & UINT64_C(1) << i)
            speak_to(core, (int)i)->events(core->listeners[i].ctx, batch);
}

static bool copy_event(void *arg, uint32_t pos, const uint8_t *bytes, uint32_t len) {
    return journal_batch_copy(arg, pos, bytes, len);
}

/* The room's committed events after `after`, as a batch. NULL: could not be read. */
static struct journal_batch *read_log(struct journal *core, struct journal_room *room,
                                      uint32_t after) {
    struct journal_batch *batch = journal_batch_new(room->id);
    if (batch == NULL || after >= room->posted)
        return batch;
    if (core->store.read(core->ctx, room->number, after, room->posted, copy_event, batch) &&
        journal_batch_count(batch) == room->posted - after)
        return batch;
    journal_batch_unref(batch);
    return NULL;
}

/* Posts what the store holds beyond what the followers know: a commit that failed and yet was kept. */
static bool catch_up(struct journal *core, struct journal_room *room, uint32_t head) {
    uint32_t before = room->posted;
    room->posted = head;
    if (room->followers == 0 || before == head)
        return true;
    struct journal_batch *batch = read_log(core, room, before);
    if (batch == NULL) {
        room->posted = before;
        return false;
    }
    post_events(core, room->followers, batch);
    journal_batch_unref(batch);
    return true;
}

/* Makes number and head what the store says. False: the store cannot tell, or has lost events. */
static bool room_refresh(struct journal *core, struct journal_room *room) {
    uint32_t head = 0;
    room->known = core->store.find(core->ctx, room->id, &room->number, &head) &&
                  head >= room->posted && catch_up(core, room, head);
    room->head = room->posted;
    return room->known;
}

static struct journal_room *room_get(struct journal *core, const char *id) {
    struct journal_room *room = journal_rooms_find(&core->rooms, id);
    if (room == NULL)
        room = journal_rooms_add(&core->rooms, id);
    if (room == NULL || room->known || room_refresh(core, room))
        return room;
    return NULL;
}

/* ---- a round: appends that share one commit ---- */

static void break_round(struct journal *core) {
    core->broken = true;
}

static void touch(struct journal *core, struct journal_room *room) {
    if (room->touched)
        return;
    room->touched = true;
    STAILQ_INSERT_TAIL(&core->touched, room, next);
}

/* Gives the append's bytes to the batch that the room's followers will be posted. */
static bool add_to_batch(struct journal_room *room, struct operation *op) {
    if (room->followers == 0)
        return true;
    if (room->batch == NULL)
        room->batch = journal_batch_new(room->id);
    for (uint32_t i = 0; room->batch != NULL && i < op->count; i++) {
        struct journal_chunk *chunk = op->in_batch ? NULL : &op->chunk;
        if (!journal_batch_add(room->batch, op->position + 1 + i, operation_bytes(op, i),
                               op->entries[i].len, chunk))
            return false;
        op->in_batch = true;
    }
    return room->batch != NULL;
}

static bool store_append(struct journal *core, struct journal_room *room,
                         const struct operation *op) {
    const struct journal_store *store = &core->store;
    if (room->number == 0 && !store->create(core->ctx, room->id, &room->number))
        return false;
    for (uint32_t i = 0; i < op->count; i++) {
        const struct entry *entry = &op->entries[i];
        if (!store->append(core->ctx, room->number, op->position + 1 + i, operation_bytes(op, i),
                           entry->len) ||
            (entry->enrols && !store->enrol(core->ctx, entry->key, room->number)))
            return false;
    }
    return true;
}

static bool begin_round(struct journal *core) {
    if (!core->open)
        core->open = core->store.begin(core->ctx);
    return core->open;
}

/* Takes an append into the round: its outcome is what will be answered if the commit succeeds. */
static enum journal_outcome take_append(struct journal *core, struct operation *op) {
    enum journal_outcome verdict =
        core->store.admit != NULL ? core->store.admit(core->ctx) : JOURNAL_COMMITTED;
    bool known = room_get(core, op->room_id) != NULL;
    op->room = journal_rooms_find(
        &core->rooms, op->room_id); /* unknown ones too have a last published position */
    if (!known || verdict == JOURNAL_FAILED)
        return JOURNAL_FAILED;
    if (op->position != op->room->head || verdict == JOURNAL_CONFLICT)
        return JOURNAL_CONFLICT;
    touch(core, op->room);
    if (!begin_round(core) || !add_to_batch(op->room, op) || !store_append(core, op->room, op)) {
        break_round(core);
        return JOURNAL_FAILED;
    }
    op->room->head += op->count;
    core->round_events += op->count;
    return JOURNAL_COMMITTED;
}

struct same {
    const struct operation *op;
    uint32_t count; /* events found that are the append's */
};

static bool compare_event(void *arg, uint32_t pos, const uint8_t *bytes, uint32_t len) {
    struct same *same = arg;
    uint32_t i = pos - same->op->position - 1;
    same->count +=
        len == same->op->entries[i].len && memcmp(bytes, operation_bytes(same->op, i), len) == 0;
    return true;
}

/* After a failed commit: did the store keep this append all the same? */
static bool kept_anyway(struct journal *core, const struct operation *op) {
    uint32_t last = op->position + op->count;
    struct same same = {.op = op};
    return op->room->known && last <= op->room->posted &&
           core->store.read(core->ctx, op->room->number, op->position, last, compare_event,
                            &same) &&
           same.count == op->count;
}

/* Undoes a round: heads become what the store says, and no append of it is confirmed unless the store, asked again,
 * holds it. */
static void undo_round(struct journal *core) {
    struct journal_room *room;
    core->store.rollback(core->ctx);
    STAILQ_FOREACH(room, &core->touched, next) {
        room_refresh(core, room);
    }
    struct operation *op;
    STAILQ_FOREACH(op, &core->round, next) {
        if (op->outcome == JOURNAL_COMMITTED && !kept_anyway(core, op))
            op->outcome = JOURNAL_FAILED;
    }
}

static void publish_round(struct journal *core) {
    struct journal_room *room;
    atomic_fetch_add_explicit(&core->commits, 1, memory_order_relaxed);
    STAILQ_FOREACH(room, &core->touched, next) {
        room->posted = room->head;
        if (room->batch != NULL)
            post_events(core, room->followers, room->batch);
    }
}

static void count_outcome(struct journal *core, const struct operation *op) {
    bool kept = op->outcome == JOURNAL_COMMITTED;
    _Atomic uint64_t *counter = kept                              ? &core->events
                                : op->outcome == JOURNAL_CONFLICT ? &core->conflicts
                                                                  : &core->failures;
    atomic_fetch_add_explicit(counter, kept ? op->count : 1, memory_order_relaxed);
}

static void answer_append(struct journal *core, struct operation *op) {
    const struct journal_listener *to = speak_to(core, op->listener);
    count_outcome(core, op);
    to->appended(to->ctx, op->token, op->outcome, op->room != NULL ? op->room->posted : 0);
    if (!op->in_batch)
        free(op);
}

/* The batches go last: they own operations that answer_append reads. */
static void finish_round(struct journal *core) {
    struct operation *op;
    while ((op = STAILQ_FIRST(&core->round)) != NULL) {
        STAILQ_REMOVE_HEAD(&core->round, next);
        answer_append(core, op);
    }
    struct journal_room *room;
    while ((room = STAILQ_FIRST(&core->touched)) != NULL) {
        STAILQ_REMOVE_HEAD(&core->touched, next);
        room->touched = false;
        journal_batch_unref(room->batch);
        room->batch = NULL;
    }
    core->round_events = 0;
    core->open = core->broken = false;
    tell_all(core);
}

/* Ends the round, whatever is in it: commit, publish, answer. */
static void end_round(struct journal *core) {
    if (STAILQ_EMPTY(&core->round))
        return;
    bool wrote = core->open;
    tell_all(core); /* what was answered already need not wait for the sync */
    if (core->open && !core->broken && !core->store.commit(core->ctx))
        break_round(core);
    if (core->broken)
        undo_round(core);
    else if (core->open)
        publish_round(core);
    finish_round(core);
    journal_rooms_forget(&core->rooms);
    if (wrote && core->store.tidy != NULL)
        core->store.tidy(core->ctx, false);
}

/* ---- operations ---- */

static void do_append(struct journal *core, struct operation *op) {
    op->outcome = take_append(core, op);
    STAILQ_INSERT_TAIL(&core->round, op, next);
    if (core->broken || core->round_events >= JOURNAL_COMMIT_MAX)
        end_round(core);
}

static void answer_history(struct journal *core, const struct operation *op,
                           struct journal_room *room) {
    const struct journal_listener *to = speak_to(core, op->listener);
    struct journal_batch *batch = room != NULL ? read_log(core, room, op->position) : NULL;
    to->history(to->ctx, op->token, batch != NULL && room->posted > 0, batch);
    journal_batch_unref(batch);
}

static void do_read(struct journal *core, const struct operation *op) {
    answer_history(core, op, room_get(core, op->room_id));
}

/* Appends of this round that were taken while nobody followed have no batch: they must be committed first, and
 * so be part of the history. */
static void do_follow(struct journal *core, const struct operation *op) {
    struct journal_room *room = journal_rooms_find(&core->rooms, op->room_id);
    if (room != NULL && room->followers == 0 && room->touched)
        end_round(core);
    room = room_get(core, op->room_id);
    answer_history(core, op, room);
    if (room == NULL)
        return;
    journal_rooms_follow(&core->rooms, room, (unsigned)op->listener);
}

static void do_unfollow(struct journal *core, const struct operation *op) {
    struct journal_room *room = journal_rooms_find(&core->rooms, op->room_id);
    if (room != NULL)
        journal_rooms_unfollow(&core->rooms, room, (unsigned)op->listener);
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
        if (ids == NULL)
            return false;
        list->ids = ids;
        list->capacity = capacity;
    }
    memcpy(list->ids + (size_t)list->count++ * ROOM_ID_BYTES, room, ROOM_ID_BYTES);
    return true;
}

/* The store would show uncommitted enrolments, so the round ends first. A list that cannot be read whole is
 * answered as far as it was read. */
static void do_rooms_of(struct journal *core, const struct operation *op) {
    end_round(core);
    const struct journal_listener *to = speak_to(core, op->listener);
    struct id_list list = {0};
    if (!core->store.rooms_of(core->ctx, op->key, SESSIONS_MAX, add_id, &list))
        atomic_fetch_add_explicit(&core->failures, 1, memory_order_relaxed);
    to->rooms(to->ctx, op->token, list.ids, list.count);
    free(list.ids);
}

static void do_operation(struct journal *core, struct operation *op) {
    switch (op->kind) {
    case OP_APPEND: do_append(core, op); return; /* freed by the round */
    case OP_READ: do_read(core, op); break;
    case OP_FOLLOW: do_follow(core, op); break;
    case OP_UNFOLLOW: do_unfollow(core, op); break;
    case OP_ROOMS_OF: do_rooms_of(core, op); break;
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

/* Waits for operations. False: closing, and nothing is left. */
static bool await_operations(struct journal *core, struct operation_list *taken) {
    STAILQ_INIT(taken);
    pthread_mutex_lock(&core->lock);
    while (STAILQ_EMPTY(&core->queue) && !core->stopping)
        pthread_cond_wait(&core->posted, &core->lock);
    STAILQ_CONCAT(taken, &core->queue);
    pthread_mutex_unlock(&core->lock);
    return !STAILQ_EMPTY(taken);
}

static void do_all(struct journal *core, struct operation_list *taken) {
    struct operation *op;
    while ((op = STAILQ_FIRST(taken)) != NULL) {
        STAILQ_REMOVE_HEAD(taken, next);
        do_operation(core, op);
    }
    end_round(core);
    tell_all(core);
    journal_rooms_forget(&core->rooms);
}

static void *run(void *arg) {
    struct journal *core = arg;
    struct operation_list taken;
    while (await_operations(core, &taken)) {
        do
            do_all(core, &taken);
        while (take_if_any(core, &taken));
        if (core->store.tidy != NULL)
            core->store.tidy(core->ctx, true);
    }
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
    if (core == NULL)
        return NULL;
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
    if (start_thread(core))
        return core;
    pthread_cond_destroy(&core->posted);
    pthread_mutex_destroy(&core->lock);
    free(core);
    return NULL;
}

void journal_close(struct journal *core) {
    if (core == NULL)
        return;
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

int journal_add_listener(struct journal *core, const struct journal_listener *listener) {
    if (core->listener_count == JOURNAL_LISTENERS_MAX)
        return -1;
    core->listeners[core->listener_count] = *listener;
    return (int)core->listener_count++;
}

/* Whoever is told of its posts wakes the thread later; others may not rely on that, and do it at once. */
static void post(struct journal *core, struct operation *op) {
    const struct journal_listener *by = &core->listeners[op->listener];
    pthread_mutex_lock(&core->lock);
    STAILQ_INSERT_TAIL(&core->queue, op, next); /* it belongs to the thread from here on */
    pthread_mutex_unlock(&core->lock);
    if (by->posted != NULL)
        by->posted(by->ctx);
    else
        pthread_cond_signal(&core->posted);
}

void journal_wake(struct journal *core) {
    pthread_mutex_lock(&core->lock);
    bool any = !STAILQ_EMPTY(&core->queue);
    pthread_mutex_unlock(&core->lock);
    if (any)
        pthread_cond_signal(&core->posted);
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

/* Without memory the room stays followed: its events are then posted to a listener that drops them. */
void journal_post_unfollow(struct journal *core, int listener, const char *room) {
    struct operation *op = operation_new(OP_UNFOLLOW, listener, room, 0);
    if (op != NULL)
        post(core, op);
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

uint32_t journal_boot(const struct journal *core) {
    return core->boot;
}

int64_t journal_epoch(const struct journal *core) {
    return core->epoch;
}

struct journal_stats journal_stats_read(struct journal *core) {
    return (struct journal_stats){
        .commits = atomic_load_explicit(&core->commits, memory_order_relaxed),
        .events = atomic_load_explicit(&core->events, memory_order_relaxed),
        .conflicts = atomic_load_explicit(&core->conflicts, memory_order_relaxed),
        .failures = atomic_load_explicit(&core->failures, memory_order_relaxed)};
}
