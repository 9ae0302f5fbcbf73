/* SPDX-License-Identifier: ISC */
/*
 * shared.c: what the core is given as a store, over rows that several servers append to.
 *
 * Invariants: nothing is confirmed that the rows have not been seen to hold; a run whose outcome
 * was lost is compared byte by byte with what stands in its place before it is called kept or lost;
 * what others have appended is followed up within two beats, also when nobody told of it.
 */
#include "server/journal/shared.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

#include "server/journal/batch.h"

struct shared {
    struct shared_rows rows;
    void *ctx;
    struct journal *core; /* known once it hears */
    struct run_commit commit;
    uint32_t boot;
    struct leases leases;
    struct journal_self self;
    int64_t ahead_us;            /* by the last beat */
    int64_t beat_at, judge_from; /* the rows' now() */
    _Atomic int64_t wait_until;  /* the same: the journal is being closed; any thread */
    bool compare;                /* notices may have been lost */
    bool away;                   /* the rows were out of reach when last tried */
    bool cut;                    /* and are for so long that others may have gone on */
    bool drains;                 /* it hands its people over */
    bool damaged;                /* the last read found a row that is wrong */
};

static int64_t now(const struct shared *shared) {
    return shared->rows.now(shared->ctx);
}

/* A server that alone is away says so, and its people go to others. It is not known to be alone: so
 * where something answers it waits as long as a database takes to become the primary. */
static void note_cut(struct shared *shared) {
    int64_t since = now(shared) - shared->rows.held(shared->ctx);
    int64_t most = shared->rows.silent(shared->ctx) ? SHARED_DEAD_MS : SHARED_CUT_MS;
    bool cut = shared->away && since >= most;
    if (cut != shared->cut && shared->core != NULL) {
        shared->cut = cut;
        journal_core_set_cut(shared->core, cut);
    }
}

/* That moment, or an earlier one if the journal is being closed. */
static int64_t bounded(const struct shared *shared, int64_t until) {
    int64_t last = atomic_load_explicit(&shared->wait_until, memory_order_relaxed);
    return until < last ? until : last;
}

static void shared_hurry(void *ctx) {
    struct shared *shared = ctx;
    atomic_store_explicit(&shared->wait_until, now(shared) + SHARED_HURRY_MS, memory_order_relaxed);
    shared->rows.hurry(shared->ctx, SHARED_HURRY_MS);
}

/* While the rows were out of reach others may have taken this server for dead and been right, and
 * it them and be wrong. */
static bool reach(struct shared *shared, int64_t ms) {
    shared->away = !shared->rows.reach(shared->ctx, ms);
    shared->judge_from = now(shared) + SHARED_GRACE_MS;
    shared->beat_at = 0;
    shared->compare = true;
    note_cut(shared);
    return !shared->away;
}

/* ---- reading ---- */

/* Whoever reads waits for the rows as whoever appends does: to say that a room cannot be read,
 * while another database becomes the primary, would send its people home. Once this server is cut
 * off they are sent to another one, so nobody waits any more; each is tried again once. */
struct patience {
    int64_t until;
    bool tried;
};

static struct patience patience_begin(const struct shared *shared) {
    return (struct patience){.until = now(shared) + SHARED_WAIT_MS};
}

static bool reach_again(struct shared *shared, struct patience *patience) {
    bool there = false;
    while (!there && (!patience->tried || (!shared->cut && !shared->rows.refused(shared->ctx) &&
                                           now(shared) < bounded(shared, patience->until)))) {
        patience->tried = true;
        there = reach(shared, SHARED_BEAT_MS);
    }
    return there;
}

static bool shared_find(void *ctx, const char *room, int64_t *number, uint32_t *head) {
    struct shared *shared = ctx;
    struct patience patience = patience_begin(shared);
    shared->damaged = false;
    bool good = shared->rows.find(shared->ctx, room, number, head);
    while (!good && reach_again(shared, &patience)) {
        good = shared->rows.find(shared->ctx, room, number, head);
    }
    return good;
}

/* Who gets no answer asks for each alone, with patience. */
static bool shared_heads(void *ctx, const int64_t *numbers, uint32_t *heads, uint32_t count) {
    const struct shared *shared = ctx;
    return shared->rows.heads != NULL && shared->rows.heads(shared->ctx, numbers, heads, count);
}

static bool shared_create(void *ctx, const char *room, int64_t *number) {
    struct shared *shared = ctx;
    struct patience patience = patience_begin(shared);
    bool good = shared->rows.create(shared->ctx, room, number);
    while (!good && reach_again(shared, &patience)) {
        good = shared->rows.create(shared->ctx, room, number);
    }
    return good;
}

struct reading {
    uint32_t after, upto;
    journal_visit visit;
    void *arg;
    enum run_reading result;
};

static bool read_run(void *arg, const struct run_row *row) {
    struct reading *reading = arg;
    reading->result = run_read(row, reading->after, reading->upto, reading->visit, reading->arg);
    reading->after = reading->result == RUN_WHOLE ? row->pos + row->count - 1 : reading->after;
    return reading->result == RUN_WHOLE;
}

/* Goes on behind the last whole run if the connection ends on the way. */
static bool shared_read(void *ctx, int64_t number, uint32_t after, uint32_t upto,
                        journal_visit visit, void *arg) {
    struct shared *shared = ctx;
    struct reading reading = {after, upto, visit, arg, RUN_WHOLE};
    struct patience patience = patience_begin(shared);
    bool good = shared->rows.read(shared->ctx, number, reading.after, upto, read_run, &reading);
    while (!good && reading.result == RUN_WHOLE && reach_again(shared, &patience)) {
        good = shared->rows.read(shared->ctx, number, reading.after, upto, read_run, &reading);
    }
    shared->damaged = reading.result == RUN_DAMAGED;
    return good && reading.result == RUN_WHOLE;
}

static bool shared_damaged(void *ctx) {
    return ((struct shared *)ctx)->damaged;
}

struct listing {
    journal_visit_room visit;
    void *arg;
    bool begun;
};

static bool list_room(void *arg, const char *room) {
    struct listing *listing = arg;
    listing->begun = true;
    return listing->visit(listing->arg, room);
}

/* A list that ended on the way is not begun again: its rooms would be there twice. */
static bool shared_rooms_of(void *ctx, const uint8_t *key, uint32_t max, journal_visit_room visit,
                            void *arg) {
    struct shared *shared = ctx;
    struct listing listing = {.visit = visit, .arg = arg};
    struct patience patience = patience_begin(shared);
    bool good = shared->rows.rooms_of(shared->ctx, key, max, list_room, &listing);
    while (!good && !listing.begun && reach_again(shared, &patience)) {
        good = shared->rows.rooms_of(shared->ctx, key, max, list_room, &listing);
    }
    return good;
}

/* ---- a commit ---- */

static bool shared_begin(void *ctx) {
    run_commit_clear(&((struct shared *)ctx)->commit);
    return true;
}

static bool shared_append(void *ctx, const char *room, int64_t number, uint32_t pos,
                          const uint8_t *bytes, uint32_t len) {
    struct shared *shared = ctx;
    return run_commit_event(&shared->commit, room, number, pos, bytes, len);
}

static bool shared_enrol(void *ctx, const uint8_t *key, int64_t number) {
    struct shared *shared = ctx;
    return run_commit_member(&shared->commit, number, key);
}

struct found {
    struct run *run;
    bool any, same;
};

static bool compare_run(void *arg, const struct run_row *row) {
    struct found *found = arg;
    const struct run *run = found->run;
    if (row->pos == run->pos) {
        found->any = true;
        found->same = row->count == run->count && row->len == run->len &&
                      memcmp(row->body, run->body, run->len) == 0;
    }
    return true;
}

/* What stands in a run's place. False: out of reach. */
static bool look_up(struct shared *shared, struct run *run) {
    struct found found = {.run = run};
    if (!shared->rows.read(shared->ctx, run->room, run->pos - 1, run->pos, compare_run, &found)) {
        return false;
    }
    run->outcome = !found.any ? RUN_OPEN : found.same ? RUN_KEPT : RUN_LOST;
    return true;
}

/* After the outcome of a commit was lost: each run is kept, lost, or was not stored. The same for
 * those that seem lost after it was tried again: they may have come second to themselves. */
static bool look_up_all(struct shared *shared, enum run_outcome which) {
    for (uint32_t i = 0; i < shared->commit.count; i++) {
        struct run *run = &shared->commit.runs[i];
        if (run->outcome == which && !look_up(shared, run)) {
            return false;
        }
        if (which == RUN_OPEN && shared->core != NULL) {
            journal_core_count_doubt(shared->core);
        }
    }
    return true;
}

static bool try_again(struct shared *shared) {
    return look_up_all(shared, RUN_OPEN) && shared->rows.insert(shared->ctx, &shared->commit) &&
           look_up_all(shared, RUN_LOST);
}

/* A server that cannot confirm waits, and says so to nobody: who has asked sees it as not yet
 * kept. */
static bool shared_commit(void *ctx) {
    struct shared *shared = ctx;
    if (!run_commit_close(&shared->commit)) {
        return false;
    }
    int64_t until = now(shared) + SHARED_WAIT_MS;
    bool good = shared->rows.insert(shared->ctx, &shared->commit);
    while (!good && !shared->rows.refused(shared->ctx) && now(shared) < bounded(shared, until)) {
        int64_t left = until - now(shared);
        good = reach(shared, left < SHARED_BEAT_MS ? left : SHARED_BEAT_MS) && try_again(shared);
    }
    if (good) {
        shared->rows.tell(shared->ctx, &shared->commit);
    }
    return good;
}

static bool shared_won(void *ctx, int64_t number) {
    const struct run *run = run_commit_find(&((struct shared *)ctx)->commit, number);
    return run != NULL && run->outcome == RUN_KEPT;
}

/* The rows of a failed commit may be stored yet; find tells. */
static void shared_rollback(void *ctx) {
    struct shared *shared = ctx;
    run_commit_clear(&shared->commit);
    shared->compare = true;
}

/* ---- others ---- */

static bool copy_event(void *arg, uint32_t pos, const uint8_t *bytes, uint32_t len) {
    return journal_batch_copy(arg, pos, bytes, len);
}

/* NULL: it is to be read. */
static struct journal_batch *batch_of(const struct shared_notice *notice) {
    struct journal_batch *batch = notice->row.body != NULL ? journal_batch_new(notice->id) : NULL;
    if (batch != NULL && run_read(&notice->row, 0, UINT32_MAX, copy_event, batch) != RUN_WHOLE) {
        journal_batch_unref(batch);
        return NULL;
    }
    return batch;
}

static void on_notice(void *arg, const struct shared_notice *notice) {
    struct shared *shared = arg;
    if (notice == NULL) {
        shared->compare = true;
        return;
    }
    if (notice->trip != NULL) {
        journal_core_trip(shared->core, notice->trip->room, notice->trip->bytes,
                          (uint32_t)notice->trip->len);
        return;
    }
    struct journal_batch *batch = batch_of(notice);
    journal_core_heard(shared->core, notice->id, notice->row.pos + notice->row.count - 1, batch);
    if (batch != NULL) {
        journal_batch_unref(batch);
    }
}

static void shared_trip(void *ctx, const char *room, uint32_t to, const uint8_t *bytes,
                        uint32_t len) {
    const struct shared *shared = ctx;
    struct shared_trip trip = {.room = room, .to = to, .bytes = bytes, .len = len};
    shared->rows.trip(shared->ctx, &trip);
}

static bool is_same(const struct leases *a, const struct leases *b) {
    return a->upto == b->upto && a->count == b->count &&
           memcmp(a->live, b->live, a->count * sizeof a->live[0]) == 0;
}

static void take_leases(struct shared *shared, const struct leases *live) {
    bool changed = !is_same(live, &shared->leases);
    shared->leases = *live;
    if (changed) {
        journal_core_set_leases(shared->core, live);
    }
}

/* Another server may have been asked to tell this one so. */
static void take_nodes(struct shared *shared, struct shared_beat *beat) {
    const struct node *own = node_of(&beat->nodes, shared->boot);
    bool drains = own != NULL && own->drains;
    journal_core_set_form(shared->core, beat->form);
    journal_core_set_nodes(shared->core, &beat->nodes);
    if (drains && !shared->drains) {
        shared->drains = true;
        journal_core_set_drained(shared->core);
    }
    if (drains && beat->load.connections > 0) {
        shared->beat_at = now(shared) + SHARED_DRAIN_MS;
    }
}

/* How far the rooms' clock is ahead of the rows'. Who comes goes by what the last beat said of it:
 * where that is wrong now, as after the rows' clock was set, the next comes at once. */
static void note_ahead(struct shared *shared, int64_t ahead_us) {
    enum { FAR_US = 100000 };
    if (llabs(ahead_us - shared->ahead_us) > FAR_US) {
        shared->beat_at = now(shared);
    }
    shared->ahead_us = ahead_us;
}

/* Holds the lease. False: out of reach. */
static bool hold(struct shared *shared, bool judge, struct shared_beat *beat) {
    *beat = (struct shared_beat){.boot = shared->boot, .judge = judge};
    if (shared->self.load != NULL) {
        beat->load = shared->self.load(shared->self.ctx);
    }
    beat->ahead_us = shared->ahead_us;
    bool good = shared->rows.beat(shared->ctx, beat);
    if (good && shared->self.moment != NULL) {
        note_ahead(shared, shared->self.moment(shared->self.ctx, &beat->moment));
    }
    for (uint32_t i = 0; i < beat->nodes.count; i++) {
        if (beat->nodes.at[i].boot == shared->boot) {
            beat->nodes.at[i].load = beat->load; /* the rows may be a beat behind */
            beat->nodes.at[i].ahead_us = shared->ahead_us;
        }
    }
    return good;
}

/* Another has ended this server's lease: to all others its connections are gone. It goes on as a
 * new one, however many there are: it was one of them. False: out of reach. */
static bool enter_anew(struct shared *shared) {
    struct shared_beat beat;
    if (!shared->rows.enter(shared->ctx, &shared->boot, NULL) || !hold(shared, false, &beat)) {
        return false;
    }
    journal_core_set_boot(shared->core, shared->boot);
    take_nodes(shared, &beat);
    take_leases(shared, &beat.live);
    return true;
}

/* False: out of reach. */
static bool hold_on(struct shared *shared) {
    struct shared_beat beat;
    bool judge = now(shared) >= shared->judge_from;
    shared->beat_at = now(shared) + SHARED_BEAT_MS;
    if (!hold(shared, judge, &beat)) {
        return false;
    }
    if (!leases_has(&beat.live, shared->boot)) {
        return enter_anew(shared);
    }
    take_nodes(shared, &beat);
    take_leases(shared, &beat.live);
    return true;
}

/* Nothing can be heard: somebody who posts is. */
static void wait_away(struct shared *shared, int wake_fd) {
    struct pollfd fd = {.fd = wake_fd, .events = POLLIN};
    eventfd_t count;
    if (poll(&fd, 1, SHARED_BEAT_MS) > 0) {
        eventfd_read(wake_fd, &count);
    }
    reach(shared, 0);
}

static bool hear(struct shared *shared, int wake_fd) {
    if (now(shared) >= shared->beat_at && !hold_on(shared)) {
        return false;
    }
    int64_t ms = wake_fd >= 0 ? shared->beat_at - now(shared) : 0;
    if (shared->compare) {
        shared->compare = false;
        journal_core_compare(shared->core);
        journal_core_trips_lost(shared->core);
        ms = 0;
    }
    return shared->rows.hear(shared->ctx, wake_fd, ms > 0 ? ms : 0, on_notice, shared);
}

static void shared_hear(void *ctx, struct journal *core, int wake_fd) {
    struct shared *shared = ctx;
    shared->core = core;
    if (shared->away && wake_fd >= 0) {
        wait_away(shared, wake_fd);
    }
    if (!shared->away && !hear(shared, wake_fd)) {
        reach(shared, 0);
    }
}

/* ---- chores ---- */

static bool shared_chore_begin(void *ctx, enum journal_chore chore, const char *of, char *line) {
    const struct shared *shared = ctx;
    return shared->rows.chore_begin != NULL &&
           shared->rows.chore_begin(shared->ctx, chore, of, line);
}

static enum journal_said shared_chore_slice(void *ctx, char *line,
                                            const struct journal_changes *changes) {
    const struct shared *shared = ctx;
    return shared->rows.chore_slice(shared->ctx, line, changes);
}

static bool shared_drain(void *ctx, uint32_t boot, char *line) {
    struct shared *shared = ctx;
    bool done = false;
    if (!shared->rows.drain(shared->ctx, boot, &done)) {
        snprintf(line, JOURNAL_LINE_MAX, "The database does not answer; try again.");
    } else if (!done) {
        snprintf(line, JOURNAL_LINE_MAX,
                 "No other server takes people in, so nobody was sent away; start one more first.");
    }
    shared->beat_at = done ? 0 : shared->beat_at;
    return done;
}

static void shared_close(void *ctx) {
    struct shared *shared = ctx;
    shared->rows.leave(shared->ctx, shared->boot);
    shared->rows.close(shared->ctx);
    run_commit_free(&shared->commit);
    free(shared);
}

struct journal *journal_shared_start(const struct shared_rows *rows, void *ctx,
                                     const struct journal_self *self, int64_t epoch, bool *full) {
    static const struct journal_store functions = {.find = shared_find,
                                                   .heads = shared_heads,
                                                   .begin = shared_begin,
                                                   .create = shared_create,
                                                   .append = shared_append,
                                                   .enrol = shared_enrol,
                                                   .commit = shared_commit,
                                                   .rollback = shared_rollback,
                                                   .read = shared_read,
                                                   .damaged = shared_damaged,
                                                   .rooms_of = shared_rooms_of,
                                                   .chore_begin = shared_chore_begin,
                                                   .chore_slice = shared_chore_slice,
                                                   .won = shared_won,
                                                   .hear = shared_hear,
                                                   .trip = shared_trip,
                                                   .drain = shared_drain,
                                                   .hurry = shared_hurry,
                                                   .close = shared_close};
    struct shared *shared = calloc(1, sizeof *shared);
    *full = false;
    if (shared == NULL) {
        return NULL;
    }
    struct journal *core = NULL;
    struct shared_beat first;
    shared->rows = *rows;
    shared->self = *self;
    atomic_init(&shared->wait_until, INT64_MAX);
    shared->ctx = ctx;
    if (rows->enter(ctx, &shared->boot, full) && !*full && hold(shared, false, &first)) {
        shared->leases = first.live;
        shared->judge_from = now(shared) + SHARED_GRACE_MS;
        core = journal_core_start(&functions, shared, shared->boot, &shared->leases, epoch);
    }
    if (core != NULL) {
        journal_core_set_form(core, first.form);
        journal_core_set_nodes(core, &first.nodes);
    }
    if (core == NULL) {
        free(shared);
    }
    return core;
}
