/* SPDX-License-Identifier: ISC */
/*
 * journal_memory.c: a store in RAM for tests, with knobs.
 *
 * Rows are kept in arrays, in the order in which they came: a rollback cuts them back to the
 * lengths at begin. Lookups walk them: tests are small. The knobs are the only part that threads
 * share, under `lock`.
 *
 * The gate is a question like any other, for the rooms of a key that nobody has: the store answers
 * it only when the test says so. The journal takes its queue whole, and such a question ends the
 * round before it, so between two of them lies exactly one taking: of all that was posted while the
 * thread stood at the first.
 */
#include "tests/support/journal_memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "server/journal/core.h"

struct memory_event {
    int64_t number;
    uint32_t pos, len;
    uint8_t *bytes;
};

struct memory_member {
    int64_t number;
    uint8_t key[HASH_BYTES];
};

struct memory_room {
    char id[ROOM_ID_BYTES + 1];
};

struct memory_counts {
    size_t rooms, events, members;
};

struct journal_memory {
    struct journal *journal;
    int gatekeeper;            /* a listener that asks the questions; -1: none yet */
    struct memory_room *rooms; /* number is index + 1 */
    struct memory_event *events;
    struct memory_member *members;
    struct memory_counts now, begun;

    pthread_mutex_t lock;
    pthread_cond_t turned; /* a knob was turned, or a commit began or ended to wait */
    bool hold, held;
    unsigned releases; /* a commit is held until the next, even if a hold follows at once */
    unsigned gates_posted, gates_reached, gates_opened; /* posted and opened by the test alone */
    unsigned fail_next, conflict_next, fail_commits;
    struct leases leases;
    bool leases_due;
};

static bool memory_find(void *ctx, const char *room, int64_t *number, uint32_t *head) {
    struct journal_memory *store = ctx;
    *number = 0;
    *head = 0;
    for (size_t i = 0; i < store->now.rooms; i++) {
        if (memcmp(store->rooms[i].id, room, ROOM_ID_BYTES) == 0) {
            *number = (int64_t)i + 1;
        }
    }
    for (size_t i = 0; i < store->now.events; i++) {
        if (store->events[i].number == *number) {
            *head = store->events[i].pos;
        }
    }
    return true;
}

static bool memory_begin(void *ctx) {
    struct journal_memory *store = ctx;
    store->begun = store->now;
    return true;
}

/* Room for one more element; NULL: no memory, and the array is as it was. */
static void *grown(void *array, size_t count, size_t size) {
    return reallocarray(array, count + 1, size);
}

static bool memory_create(void *ctx, const char *room, int64_t *number) {
    struct journal_memory *store = ctx;
    struct memory_room *rooms = grown(store->rooms, store->now.rooms, sizeof *rooms);
    if (rooms == NULL) {
        return false;
    }
    store->rooms = rooms;
    memcpy(rooms[store->now.rooms].id, room, ROOM_ID_BYTES + 1);
    *number = (int64_t)++store->now.rooms;
    return true;
}

static bool memory_append(void *ctx, const char *room, int64_t number, uint32_t pos,
                          const uint8_t *bytes, uint32_t len) {
    struct journal_memory *store = ctx;
    (void)room;
    struct memory_event *events = grown(store->events, store->now.events, sizeof *events);
    if (events == NULL) {
        return false;
    }
    store->events = events;
    uint8_t *copy = malloc(len + 1u);
    if (copy == NULL) {
        return false;
    }
    memcpy(copy, bytes, len);
    events[store->now.events++] =
        (struct memory_event){.number = number, .pos = pos, .len = len, .bytes = copy};
    return true;
}

static bool memory_enrol(void *ctx, const uint8_t *key, int64_t number) {
    struct journal_memory *store = ctx;
    for (size_t i = 0; i < store->now.members; i++) {
        if (store->members[i].number == number &&
            memcmp(store->members[i].key, key, HASH_BYTES) == 0) {
            return true;
        }
    }
    struct memory_member *members = grown(store->members, store->now.members, sizeof *members);
    if (members == NULL) {
        return false;
    }
    store->members = members;
    members[store->now.members].number = number;
    memcpy(members[store->now.members++].key, key, HASH_BYTES);
    return true;
}

/* One from a knob that counts down. Under the lock. */
static bool use_one(unsigned *knob) {
    if (*knob == 0) {
        return false;
    }
    --*knob;
    return true;
}

static bool memory_commit(void *ctx) {
    struct journal_memory *store = ctx;
    pthread_mutex_lock(&store->lock);
    unsigned before = store->releases;
    store->held = store->hold;
    pthread_cond_broadcast(&store->turned);
    while (store->held && store->releases == before) {
        pthread_cond_wait(&store->turned, &store->lock);
    }
    bool good = !use_one(&store->fail_commits);
    pthread_mutex_unlock(&store->lock);
    return good;
}

static void memory_rollback(void *ctx) {
    struct journal_memory *store = ctx;
    while (store->now.events > store->begun.events) {
        free(store->events[--store->now.events].bytes);
    }
    store->now = store->begun;
}

static bool memory_read(void *ctx, int64_t number, uint32_t after, uint32_t upto,
                        journal_visit visit, void *arg) {
    struct journal_memory *store = ctx;
    for (size_t i = 0; i < store->now.events; i++) {
        const struct memory_event *event = &store->events[i];
        if (event->number == number && event->pos > after && event->pos <= upto &&
            !visit(arg, event->pos, event->bytes, event->len)) {
            return false;
        }
    }
    return true;
}

static bool is_member(const struct journal_memory *store, const uint8_t *key, int64_t number) {
    for (size_t i = 0; i < store->now.members; i++) {
        if (store->members[i].number == number &&
            memcmp(store->members[i].key, key, HASH_BYTES) == 0) {
            return true;
        }
    }
    return false;
}

static const uint8_t gate_key[HASH_BYTES] = "the key of the memory's gate";

static void stand_at_gate(struct journal_memory *store) {
    pthread_mutex_lock(&store->lock);
    unsigned gate = ++store->gates_reached;
    pthread_cond_broadcast(&store->turned);
    while (store->gates_opened < gate) {
        pthread_cond_wait(&store->turned, &store->lock);
    }
    pthread_mutex_unlock(&store->lock);
}

static void take_leases(struct journal_memory *store) {
    pthread_mutex_lock(&store->lock);
    bool due = store->leases_due;
    struct leases leases = store->leases;
    store->leases_due = false;
    pthread_mutex_unlock(&store->lock);
    if (due) {
        journal_core_set_leases(store->journal, &leases);
    }
}

static bool memory_rooms_of(void *ctx, const uint8_t *key, uint32_t max, journal_visit_room visit,
                            void *arg) {
    struct journal_memory *store = ctx;
    if (memcmp(key, gate_key, HASH_BYTES) == 0) {
        take_leases(store);
        stand_at_gate(store);
        return true;
    }
    for (size_t i = store->now.rooms; i > 0 && max > 0; i--) {
        if (!is_member(store, key, (int64_t)i)) {
            continue;
        }
        if (!visit(arg, store->rooms[i - 1].id)) {
            return false;
        }
        max--;
    }
    return true;
}

static enum journal_outcome memory_admit(void *ctx) {
    struct journal_memory *store = ctx;
    enum journal_outcome verdict = JOURNAL_COMMITTED;
    pthread_mutex_lock(&store->lock);
    if (use_one(&store->fail_next)) {
        verdict = JOURNAL_FAILED;
    } else if (use_one(&store->conflict_next)) {
        verdict = JOURNAL_CONFLICT;
    }
    pthread_mutex_unlock(&store->lock);
    return verdict;
}

static void memory_close(void *ctx) {
    struct journal_memory *store = ctx;
    while (store->now.events > 0) {
        free(store->events[--store->now.events].bytes);
    }
    free(store->events);
    free(store->rooms);
    free(store->members);
    pthread_cond_destroy(&store->turned);
    pthread_mutex_destroy(&store->lock);
    free(store);
}

struct journal *journal_memory_open(struct journal_memory **knobs) {
    static const struct journal_store functions = {.find = memory_find,
                                                   .begin = memory_begin,
                                                   .create = memory_create,
                                                   .append = memory_append,
                                                   .enrol = memory_enrol,
                                                   .commit = memory_commit,
                                                   .rollback = memory_rollback,
                                                   .read = memory_read,
                                                   .rooms_of = memory_rooms_of,
                                                   .admit = memory_admit,
                                                   .close = memory_close};
    struct journal_memory *store = calloc(1, sizeof *store);
    if (store == NULL) {
        return NULL;
    }
    pthread_mutex_init(&store->lock, NULL);
    pthread_cond_init(&store->turned, NULL);
    struct journal *journal = journal_core_start(&functions, store, 1, NULL, 0);
    if (journal == NULL) {
        memory_close(store);
        return NULL;
    }
    store->journal = journal;
    store->gatekeeper = -1;
    if (knobs != NULL) {
        *knobs = store;
    }
    return journal;
}

void journal_memory_hold(struct journal_memory *store) {
    pthread_mutex_lock(&store->lock);
    store->hold = true;
    pthread_mutex_unlock(&store->lock);
}

static void ignore_rooms(void *ctx, uint64_t token, const char *ids, uint32_t count) {
    (void)ctx, (void)token, (void)ids, (void)count;
}

static void post_gate(struct journal_memory *store) {
    store->gates_posted++;
    if (!journal_post_rooms_of(store->journal, store->gatekeeper, gate_key, 0)) {
        abort();
    }
}

static void await_gate(struct journal_memory *store) {
    pthread_mutex_lock(&store->lock);
    while (store->gates_reached < store->gates_posted && !store->held) {
        pthread_cond_wait(&store->turned, &store->lock);
    }
    pthread_mutex_unlock(&store->lock);
}

/* Lets the thread through every gate but the last `left`. */
static void open_gates(struct journal_memory *store, unsigned left) {
    pthread_mutex_lock(&store->lock);
    store->gates_opened = store->gates_posted - left;
    pthread_cond_broadcast(&store->turned);
    pthread_mutex_unlock(&store->lock);
}

void journal_memory_gate(struct journal_memory *store) {
    if (store->gatekeeper < 0) {
        store->gatekeeper =
            journal_add_listener(store->journal, &(struct journal_listener){.rooms = ignore_rooms});
    }
    post_gate(store);
    await_gate(store);
}

void journal_memory_pass(struct journal_memory *store) {
    pthread_mutex_lock(&store->lock);
    bool at_gate = store->gates_reached == store->gates_posted;
    pthread_mutex_unlock(&store->lock);
    if (at_gate) {
        post_gate(store);
        open_gates(store, 1);
    }
    await_gate(store);
}

void journal_memory_await_held(struct journal_memory *store) {
    if (store->gates_posted > 0) {
        journal_memory_pass(store); /* what is to be held may still lie before the gate */
    }
    pthread_mutex_lock(&store->lock);
    while (!store->held) {
        pthread_cond_wait(&store->turned, &store->lock);
    }
    pthread_mutex_unlock(&store->lock);
}

void journal_memory_ungate(struct journal_memory *store) {
    open_gates(store, 0);
}

void journal_memory_release(struct journal_memory *store) {
    pthread_mutex_lock(&store->lock);
    store->hold = store->held = false;
    store->releases++;
    pthread_cond_broadcast(&store->turned);
    pthread_mutex_unlock(&store->lock);
    await_gate(store);
}

static void turn(struct journal_memory *store, unsigned *knob, unsigned count) {
    pthread_mutex_lock(&store->lock);
    *knob = count;
    pthread_mutex_unlock(&store->lock);
}

void journal_memory_fail_next(struct journal_memory *store, unsigned count) {
    turn(store, &store->fail_next, count);
}

void journal_memory_conflict_next(struct journal_memory *store, unsigned count) {
    turn(store, &store->conflict_next, count);
}

void journal_memory_fail_commits(struct journal_memory *store, unsigned count) {
    turn(store, &store->fail_commits, count);
}

void journal_memory_leases(struct journal_memory *store, const struct leases *leases) {
    pthread_mutex_lock(&store->lock);
    store->leases = *leases;
    store->leases_due = true;
    pthread_mutex_unlock(&store->lock);
}
