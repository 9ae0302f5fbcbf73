/* SPDX-License-Identifier: ISC */
/*
 * shared_rows.c: all under one lock. What a server is told lies in its inbox; an eventfd wakes it.
 */
#include "tests/support/shared_rows_parts.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct shared_base *shared_base_enter(const struct shared_server *server) {
    pthread_mutex_lock(&server->base->lock);
    while (server->frozen) {
        pthread_cond_wait(&server->base->thawed, &server->base->lock);
    }
    return server->base;
}

bool shared_base_leave(struct shared_base *base, bool result) {
    pthread_mutex_unlock(&base->lock);
    return result;
}

/* A connection that was cut is of no use until there is a new one. Under the lock. */
bool shared_server_is_up(struct shared_server *server) {
    server->down = server->down || server->cut;
    return !server->down;
}

/* ---- rows ---- */

static bool rows_reach(void *ctx, int64_t ms) {
    struct shared_server *server = ctx;
    struct shared_base *base = shared_base_enter(server);
    while (server->buried && !server->hurried) {
        server->waits = true;
        pthread_cond_broadcast(&base->thawed);
        pthread_cond_wait(&base->thawed, &base->lock);
    }
    if (server->cut) {
        base->now += ms; /* waited in vain */
    }
    if (server->vain > 0 && --server->vain == 0) {
        server->cut = server->refused = false;
    }
    server->down = server->cut;
    return shared_base_leave(base, !server->down);
}

static bool rows_find(void *ctx, const char *room, int64_t *number, uint32_t *head) {
    struct shared_server *server = ctx;
    struct shared_base *base = shared_base_enter(server);
    *number = 0;
    *head = 0;
    for (uint32_t i = 0; i < base->room_count; i++) {
        if (strcmp(base->rooms[i], room) == 0) {
            *number = (int64_t)i + 1;
        }
    }
    for (uint32_t i = 0; i < base->run_count; i++) {
        const struct stored_run *run = &base->runs[i];
        if (run->room == *number && run->pos + run->count - 1 > *head) {
            *head = run->pos + run->count - 1;
        }
    }
    return shared_base_leave(base, shared_server_is_up(server));
}

static bool rows_heads(void *ctx, const int64_t *numbers, uint32_t *heads, uint32_t count) {
    struct shared_server *server = ctx;
    const struct shared_base *base = shared_base_enter(server);
    for (uint32_t i = 0; i < count; i++) {
        heads[i] = 0;
        for (uint32_t j = 0; j < base->run_count; j++) {
            uint32_t last = base->runs[j].pos + base->runs[j].count - 1;
            bool later = base->runs[j].room == numbers[i] && last > heads[i];
            heads[i] = later ? last : heads[i];
        }
    }
    return shared_base_leave(server->base, shared_server_is_up(server));
}

static bool rows_create(void *ctx, const char *room, int64_t *number) {
    uint32_t head;
    struct shared_server *server = ctx;
    if (!rows_find(ctx, room, number, &head)) {
        return false;
    }
    struct shared_base *base = shared_base_enter(server);
    if (*number == 0 && base->room_count < ROOMS_MAX) {
        memcpy(base->rooms[base->room_count], room, strlen(room) + 1);
        *number = (int64_t)++base->room_count;
    }
    return shared_base_leave(base, *number != 0);
}

static bool is_taken(const struct shared_base *base, const struct run *run) {
    for (uint32_t i = 0; i < base->run_count; i++) {
        if (base->runs[i].room == run->room && base->runs[i].pos == run->pos) {
            return true;
        }
    }
    return false;
}

static void store_run(struct shared_base *base, struct run *run) {
    if (run->outcome != RUN_OPEN) {
        return;
    }
    if (is_taken(base, run)) {
        run->outcome = RUN_LOST;
        return;
    }
    uint8_t *body = malloc(run->len);
    if (body == NULL || base->run_count == RUNS_MAX) {
        abort();
    }
    memcpy(body, run->body, run->len);
    base->runs[base->run_count++] = (struct stored_run){
        .room = run->room, .pos = run->pos, .count = run->count, .body = body, .len = run->len};
    run->outcome = RUN_KEPT;
}

static bool is_member(const struct shared_base *base, const struct run_member *sought) {
    for (uint32_t i = 0; i < base->member_count; i++) {
        if (base->members[i].room == sought->room &&
            memcmp(base->members[i].key, sought->key, HASH_BYTES) == 0) {
            return true;
        }
    }
    return false;
}

static void store_members(struct shared_base *base, const struct run_commit *commit) {
    for (uint32_t i = 0; i < commit->member_count; i++) {
        const struct run_member *member = &commit->members[i];
        const struct run *run = run_commit_find(commit, member->room);
        if (run->outcome != RUN_KEPT || is_member(base, member)) {
            continue;
        }
        if (base->member_count == MEMBERS_MAX) {
            abort();
        }
        base->members[base->member_count].room = member->room;
        memcpy(base->members[base->member_count++].key, member->key, HASH_BYTES);
    }
}

/* The outcomes of a commit whose answer is lost are not known here either. */
static void forget_outcomes(struct run_commit *commit) {
    for (uint32_t i = 0; i < commit->count; i++) {
        commit->runs[i].outcome = RUN_OPEN;
    }
}

static bool rows_insert(void *ctx, struct run_commit *commit) {
    struct shared_server *server = ctx;
    struct shared_base *base = shared_base_enter(server);
    bool lost = server->lose_outcome;
    if (!shared_server_is_up(server) || (lost && !server->keep_outcome)) {
        server->lose_outcome = false;
        return shared_base_leave(base, false);
    }
    for (uint32_t i = 0; i < commit->count; i++) {
        store_run(base, &commit->runs[i]);
    }
    store_members(base, commit);
    if (lost) {
        forget_outcomes(commit);
        server->lose_outcome = false;
    }
    return shared_base_leave(base, !lost);
}

static bool rows_refused(void *ctx) {
    (void)ctx; /* these are out of reach or take all */
    return false;
}

static const struct stored_run *run_at(const struct shared_base *base, int64_t room,
                                       uint32_t after) {
    for (uint32_t i = 0; i < base->run_count; i++) {
        const struct stored_run *run = &base->runs[i];
        if (run->room == room && run->pos <= after + 1 && run->pos + run->count > after + 1) {
            return run;
        }
    }
    return NULL;
}

static bool rows_read(void *ctx, int64_t number, uint32_t after, uint32_t upto, shared_visit visit,
                      void *arg) {
    struct shared_server *server = ctx;
    struct shared_base *base = shared_base_enter(server);
    const struct stored_run *run;
    bool good = shared_server_is_up(server);
    while (good && after < upto && (run = run_at(base, number, after)) != NULL) {
        struct run_row row = {number, run->pos, run->count, run->body, run->len};
        good = visit(arg, &row);
        after = run->pos + run->count - 1;
    }
    return shared_base_leave(base, good);
}

static bool rows_rooms_of(void *ctx, const uint8_t *key, uint32_t max, journal_visit_room visit,
                          void *arg) {
    struct shared_server *server = ctx;
    struct shared_base *base = shared_base_enter(server);
    bool up = shared_server_is_up(server);
    for (uint32_t i = base->member_count; up && i > 0 && max > 0; i--) {
        const struct stored_member *member = &base->members[i - 1];
        if (memcmp(member->key, key, HASH_BYTES) == 0) {
            visit(arg, base->rooms[member->room - 1]);
            max--;
        }
    }
    return shared_base_leave(base, up);
}

/* ---- others ---- */

static void tell_one(const struct shared_server *from, struct shared_server *to, uint32_t run) {
    if (to == from || from->mute) {
        return;
    }
    if (to->inbox_count == INBOX_MAX) {
        abort();
    }
    to->inbox[to->inbox_count++] =
        (struct told){.boot = from->boot, .n = from->sent, .run = run, .bare = from->bare};
    eventfd_write(to->wake_fd, 1);
}

static void rows_tell(void *ctx, struct run_commit *commit) {
    struct shared_server *server = ctx;
    struct shared_base *base = shared_base_enter(server);
    for (uint32_t i = 0; i < base->run_count; i++) {
        const struct stored_run *stored = &base->runs[i];
        const struct run *run = run_commit_find(commit, stored->room);
        if (run == NULL || run->outcome != RUN_KEPT || run->pos != stored->pos) {
            continue;
        }
        server->sent++;
        for (uint32_t k = 0; k < base->server_count; k++) {
            tell_one(server, base->servers[k], i);
        }
    }
    shared_base_leave(base, true);
}

static void await_wake(const struct shared_server *server, int wake_fd, int64_t ms) {
    struct pollfd fds[] = {{.fd = server->wake_fd, .events = POLLIN},
                           {.fd = wake_fd, .events = POLLIN}};
    eventfd_t count;
    if (wake_fd >= 0) {
        poll(fds, 2, ms > 0 ? -1 : 0);
        eventfd_read(wake_fd, &count);
    }
    eventfd_read(server->wake_fd, &count);
}

/* The next notice of the inbox; false: it is empty. */
static bool take_told(struct shared_server *server, struct told *told, struct stored_run *run) {
    struct shared_base *base = shared_base_enter(server);
    bool any = server->inbox_count > 0;
    if (any) {
        *told = server->inbox[0];
        *run = told->trip.bytes == NULL ? base->runs[told->run] : (struct stored_run){0};
        memmove(server->inbox, server->inbox + 1, --server->inbox_count * sizeof server->inbox[0]);
    }
    return shared_base_leave(base, any);
}

static bool rows_hear(void *ctx, int wake_fd, int64_t ms, shared_take take, void *arg) {
    struct shared_server *server = ctx;
    struct told told;
    struct stored_run run;
    await_wake(server, wake_fd, server->missing ? 0 : ms);
    if (server->missing) {
        server->missing = false;
        take(arg, NULL);
    }
    while (take_told(server, &told, &run)) {
        if (told.n != server->heard[told.boot] + 1) {
            take(arg, NULL);
        }
        server->heard[told.boot] = told.n;
        if (told.trip.bytes != NULL) {
            told.trip.room = told.room;
            if (told.trip.to == 0 || told.trip.to == server->boot) {
                take(arg, &(struct shared_notice){.id = told.room, .trip = &told.trip});
            }
            free((void *)(uintptr_t)told.trip.bytes);
            continue;
        }
        struct shared_notice notice = {
            .id = server->base->rooms[run.room - 1],
            .row = {run.room, run.pos, run.count, told.bare ? NULL : run.body, run.len}};
        take(arg, &notice);
    }
    struct shared_base *base = shared_base_enter(server);
    return shared_base_leave(base, shared_server_is_up(server));
}

static bool rows_silent(void *ctx) {
    struct shared_server *server = ctx;
    struct shared_base *base = shared_base_enter(server);
    return shared_base_leave(base, server->cut && !server->refused);
}

static void rows_hurry(void *ctx, int64_t ms) {
    struct shared_server *server = ctx;
    (void)ms;
    pthread_mutex_lock(&server->base->lock);
    server->hurried = true;
    pthread_cond_broadcast(&server->base->thawed);
    pthread_mutex_unlock(&server->base->lock);
}

static int64_t rows_now(void *ctx) {
    struct shared_base *base = shared_base_enter(ctx);
    int64_t now = base->now;
    shared_base_leave(base, true);
    return now;
}

static void rows_close(void *ctx) {
    struct shared_server *server = ctx;
    struct shared_base *base = shared_base_enter(server);
    for (uint32_t i = 0; i < base->server_count; i++) {
        if (base->servers[i] == server) {
            base->servers[i] = base->servers[--base->server_count];
        }
    }
    shared_base_leave(base, true);
    for (uint32_t i = 0; i < server->inbox_count; i++) {
        free((void *)(uintptr_t)server->inbox[i].trip.bytes);
    }
    close(server->wake_fd);
    free(server);
}

/* ---- for tests ---- */

struct shared_base *shared_base_new(void) {
    struct shared_base *base = calloc(1, sizeof *base);
    if (base == NULL) {
        abort();
    }
    pthread_mutex_init(&base->lock, NULL);
    pthread_cond_init(&base->thawed, NULL);
    return base;
}

void shared_base_free(struct shared_base *base) {
    for (uint32_t i = 0; i < base->run_count; i++) {
        free(base->runs[i].body);
    }
    for (uint32_t i = 0; i < base->lost_count; i++) {
        free(base->lost[i]);
    }
    pthread_cond_destroy(&base->thawed);
    pthread_mutex_destroy(&base->lock);
    free(base);
}

static struct node_load load_of_tests(void *ctx) {
    (void)ctx;
    return (struct node_load){.connections = 3, .rooms = 2};
}

struct journal *shared_base_try(struct shared_base *base, struct shared_server **out) {
    static const struct shared_rows functions = {.reach = rows_reach,
                                                 .find = rows_find,
                                                 .heads = rows_heads,
                                                 .create = rows_create,
                                                 .insert = rows_insert,
                                                 .refused = rows_refused,
                                                 .read = rows_read,
                                                 .rooms_of = rows_rooms_of,
                                                 .tell = rows_tell,
                                                 .trip = shared_trip_pass,
                                                 .hear = rows_hear,
                                                 .enter = shared_lease_enter,
                                                 .beat = shared_lease_beat,
                                                 .drain = shared_lease_drain,
                                                 .leave = shared_lease_leave,
                                                 .held = shared_lease_held,
                                                 .silent = rows_silent,
                                                 .hurry = rows_hurry,
                                                 .now = rows_now,
                                                 .close = rows_close};
    struct shared_server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        abort();
    }
    server->base = base;
    server->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_lock(&base->lock);
    if (base->server_count == SHARED_SERVERS_MAX) {
        abort();
    }
    base->servers[base->server_count++] = server;
    pthread_mutex_unlock(&base->lock);
    bool full;
    static const struct journal_self self = {.load = load_of_tests};
    struct journal *journal = journal_shared_start(&functions, server, &self, 0, &full);
    if (journal == NULL && !full) {
        abort();
    }
    if (journal == NULL) {
        rows_close(server);
    } else if (out != NULL) {
        *out = server;
    }
    return journal;
}

struct journal *shared_base_open(struct shared_base *base, struct shared_server **out) {
    struct journal *journal = shared_base_try(base, out);
    if (journal == NULL) {
        abort();
    }
    return journal;
}

void shared_base_pass(struct shared_base *base, int64_t ms) {
    pthread_mutex_lock(&base->lock);
    base->now += ms;
    for (uint32_t i = 0; i < base->server_count; i++) {
        eventfd_write(base->servers[i]->wake_fd, 1);
    }
    pthread_mutex_unlock(&base->lock);
}

void shared_base_lose_last(struct shared_base *base) {
    pthread_mutex_lock(&base->lock);
    if (base->lost_count == LOST_MAX) {
        abort();
    }
    base->lost[base->lost_count++] = base->runs[--base->run_count].body;
    pthread_mutex_unlock(&base->lock);
}

uint32_t shared_base_runs(struct shared_base *base) {
    pthread_mutex_lock(&base->lock);
    uint32_t count = base->run_count;
    pthread_mutex_unlock(&base->lock);
    return count;
}

static void turn(struct shared_server *server, bool *knob, bool value) {
    pthread_mutex_lock(&server->base->lock);
    *knob = value;
    pthread_cond_broadcast(&server->base->thawed);
    pthread_mutex_unlock(&server->base->lock);
}

void shared_server_lose_outcome(struct shared_server *server, bool kept) {
    turn(server, &server->keep_outcome, kept);
    turn(server, &server->lose_outcome, true);
}

void shared_server_cut(struct shared_server *server, bool cut) {
    turn(server, &server->cut, cut);
}

void shared_server_refuse(struct shared_server *server, bool refuse) {
    struct shared_base *base = shared_base_enter(server);
    server->cut = server->refused = refuse;
    shared_base_leave(base, true);
}

void shared_server_replace(struct shared_server *server, uint32_t vain) {
    struct shared_base *base = shared_base_enter(server);
    server->cut = server->refused = true;
    server->vain = vain;
    shared_base_leave(base, true);
}

void shared_server_bury(struct shared_server *server) {
    turn(server, &server->buried, true);
    turn(server, &server->cut, true);
}

void shared_server_await_waiting(struct shared_server *server) {
    pthread_mutex_lock(&server->base->lock);
    while (!server->waits) {
        pthread_cond_wait(&server->base->thawed, &server->base->lock);
    }
    pthread_mutex_unlock(&server->base->lock);
}

void shared_server_mute(struct shared_server *server, bool mute) {
    turn(server, &server->mute, mute);
}

void shared_server_bare(struct shared_server *server) {
    turn(server, &server->bare, true);
}

void shared_server_freeze(struct shared_server *server, bool freeze) {
    turn(server, &server->frozen, freeze);
}
