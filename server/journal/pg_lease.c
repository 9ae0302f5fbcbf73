/* SPDX-License-Identifier: ISC */
/*
 * pg_lease.c: the servers on a journal in PostgreSQL: their leases, and how far each is heard.
 *
 * A beat waits for no standby: it says that a server lives, and a promoted standby is told so again
 * within a beat. What ends another's lease does wait.
 */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "server/base/room_time.h"
#include "server/journal/pg_parts.h"
#include "server/journal/shared.h"

struct sender *pg_sender_of(struct postgres *pg, int64_t boot) {
    for (uint32_t i = 0; i < pg->sender_count; i++) {
        if (pg->senders[i].boot == boot) {
            return &pg->senders[i];
        }
    }
    return NULL;
}

/* The oldest makes room: it is dead, or will be compared with once more. */
struct sender *pg_sender_add(struct postgres *pg, int64_t boot, int64_t heard) {
    if (pg->sender_count == PG_SENDERS_MAX) {
        memmove(pg->senders, pg->senders + 1, --pg->sender_count * sizeof pg->senders[0]);
    }
    struct sender *sender = &pg->senders[pg->sender_count++];
    *sender = (struct sender){.boot = boot, .heard = heard, .sent = heard};
    return sender;
}

/* False: out of reach. */
static bool is_full(const struct postgres *pg, bool *full) {
    struct pg_params params = {.count = 0};
    pg_add_number(&params, SHARED_DEAD_MS);
    PGresult *result = pg_run(pg->link,
                              "SELECT count(*) FROM spar.node"
                              " WHERE " PG_LIVES("$1"),
                              &params);
    bool good = result != NULL && PQntuples(result) == 1;
    *full = good && pg_number(result, 0, 0) >= NODES_MAX;
    PQclear(result);
    return good;
}

static bool insert_lease(struct postgres *pg, uint32_t *boot) {
    struct pg_params params = {.count = 0};
    char name[HOST_NAME_MAX + 1] = "";
    int64_t before = pg_now();
    gethostname(name, sizeof name - 1);
    pg_add_text(&params, name);
    pg_add_text(&params, pg->address);
    pg_add_text(&params, pg->app);
    pg_add_number(&params, pg->drains);
    pg_add_number(&params, pg_form_newest());
    PGresult *result =
        pg_run(pg->link,
               "INSERT INTO spar.node (boot, name, address, app, beat, sent, drains, form)"
               " SELECT nextval('spar.boot'), $1, $2, $3, clock_timestamp(), 0,"
               " $4 <> 0, $5"
               " WHERE pg_try_advisory_xact_lock_shared(" PG_MOVE_LOCK ")"
               " AND " PG_FORM_WRITTEN " <= $5"
               " RETURNING boot",
               &params);
    bool good = result != NULL && PQntuples(result) == 1;
    if (good) {
        pg->boot = pg_number(result, 0, 0);
        pg->sent = 0;
        pg->held = before;
        *boot = (uint32_t)pg->boot;
    }
    PQclear(result);
    return good;
}

/* One at a time, so that of two the second sees the first. A connection that is left gives the lock
 * back. */
bool pg_lease_enter(void *ctx, uint32_t *boot, bool *full) {
    struct postgres *pg = ctx;
    bool good = pg_run_all(pg->link, "SELECT pg_advisory_lock(" PG_LEASE_LOCK ")") &&
                (full == NULL || is_full(pg, full)) &&
                ((full != NULL && *full) || insert_lease(pg, boot));
    return pg_run_all(pg->link, "SELECT pg_advisory_unlock(" PG_LEASE_LOCK ")") && good;
}

/* What a lease said it had sent by the beat before must have been heard by now. */
static void note_sent(struct postgres *pg, int64_t boot, int64_t sent) {
    struct sender *sender = pg_sender_of(pg, boot);
    if (sender == NULL) {
        pg_sender_add(pg, boot, sent);
        return;
    }
    if (sender->sent > sender->heard) {
        sender->heard = sender->sent;
        pg->missing = true;
    }
    sender->sent = sent;
}

enum { COLUMN_SENT = PG_NODE_COLUMN_COUNT, COLUMN_LAST, COLUMN_NOW, COLUMN_FORM };

static void take_live(struct postgres *pg, const PGresult *result, struct leases *live) {
    *live = (struct leases){.upto = (uint32_t)pg->boot};
    if (PQntuples(result) > 0) {
        live->upto = (uint32_t)pg_number(result, 0, COLUMN_LAST);
    }
    for (int i = 0; i < PQntuples(result); i++) {
        int64_t boot = pg_number(result, i, 0);
        leases_add(live, (uint32_t)boot);
        if (boot != pg->boot) {
            note_sent(pg, boot, pg_number(result, i, COLUMN_SENT));
        }
    }
    pg->alone = live->count == 1 && live->live[0] == pg->boot;
}

/* What others have told of by their last beats, and has not come yet. */
static int64_t count_behind(const struct postgres *pg) {
    int64_t behind = 0;
    for (uint32_t i = 0; i < pg->sender_count; i++) {
        const struct sender *sender = &pg->senders[i];
        behind += sender->sent > sender->heard ? sender->sent - sender->heard : 0;
    }
    return behind;
}

static const struct pg_statement end_dead = {
    "end_dead", "DELETE FROM spar.node WHERE boot <> $1"
                " AND beat < clock_timestamp() - $2 * interval '1 ms'"};

/* Waits for the standby if it ends any: a lease that came back with a promotion would belong to a
 * server whose people are already gone. */
static bool judge_others(const struct postgres *pg, uint32_t boot) {
    struct pg_params params = {.count = 0};
    pg_add_number(&params, boot);
    pg_add_number(&params, SHARED_DEAD_MS);
    PGresult *result = pg_run_kept(pg->link, &end_dead, &params);
    PQclear(result);
    return result != NULL;
}

/* Whether a newer form may be written than is by now. */
static bool all_read_newer(const struct shared_beat *beat) {
    bool newer = beat->nodes.count > 0 && beat->nodes.count < NODE_LIST_MAX;
    for (uint32_t i = 0; i < beat->nodes.count; i++) {
        newer = newer && beat->nodes.at[i].form > beat->form;
    }
    return newer;
}

/* One's own row is read as it was before. */
static const struct pg_statement beat_all = {
    "beat_all",
    "WITH mine AS (UPDATE spar.node SET beat = clock_timestamp(), sent = $2, connections = $3,"
    " rooms = $4, behind = $5, ahead = $6 WHERE boot = $1)"
    " SELECT " PG_NODE_COLUMNS ", n.sent, s.last_value,"
    " floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint, " PG_FORM_WRITTEN
    " FROM spar.node n, spar.boot s,"
    " (SELECT set_config('synchronous_commit', 'off', true)) AS quickly ORDER BY n.boot"};

bool pg_lease_beat(void *ctx, struct shared_beat *beat) {
    struct postgres *pg = ctx;
    struct pg_params params = {.count = 0};
    pg_add_number(&params, beat->boot);
    pg_add_number(&params, pg->sent);
    pg_add_number(&params, beat->load.connections);
    pg_add_number(&params, beat->load.rooms);
    pg_add_number(&params, count_behind(pg));
    pg_add_number(&params, beat->ahead_us);
    if (beat->judge && !judge_others(pg, beat->boot)) {
        return false;
    }
    int64_t before = pg_now();
    beat->moment.sent = room_clock_moment();
    PGresult *result = pg_run_kept(pg->link, &beat_all, &params);
    beat->moment.came = room_clock_moment();
    if (result != NULL && PQntuples(result) > 0) {
        beat->moment.said = pg_number(result, 0, COLUMN_NOW);
        beat->form = (uint32_t)pg_number(result, 0, COLUMN_FORM);
    }
    if (result != NULL) {
        take_live(pg, result, &beat->live);
        pg_nodes_take(result, &beat->nodes);
        const struct node *own = node_of(&beat->nodes, beat->boot);
        pg->drains = pg->drains || (own != NULL && own->drains);
        pg->held = before;
    }
    PQclear(result);
    return result != NULL && (!all_read_newer(beat) || pg_form_raise(pg->link));
}

/* Under the lock, so that of two servers that are asked at once one stays. */
static bool mark_drained(const struct postgres *pg, uint32_t boot, bool *done) {
    struct pg_params params = {.count = 0};
    pg_add_number(&params, boot);
    pg_add_number(&params, SHARED_DEAD_MS);
    PGresult *result = pg_run(pg->link,
                              "UPDATE spar.node SET drains = true WHERE boot = $1 AND EXISTS"
                              " (SELECT 1 FROM spar.node o WHERE o.boot <> $1 AND NOT o.drains"
                              "  AND o." PG_LIVES("$2") ") RETURNING boot",
                              &params);
    *done = result != NULL && PQntuples(result) == 1;
    PQclear(result);
    return result != NULL;
}

bool pg_lease_drain(void *ctx, uint32_t boot, bool *done) {
    struct postgres *pg = ctx;
    bool good = pg_run_all(pg->link, "SELECT pg_advisory_lock(" PG_LEASE_LOCK ")") &&
                mark_drained(pg, boot, done);
    pg->drains = pg->drains || (good && *done && boot == pg->boot);
    return pg_run_all(pg->link, "SELECT pg_advisory_unlock(" PG_LEASE_LOCK ")") && good;
}

void pg_lease_leave(void *ctx, uint32_t boot) {
    const struct postgres *pg = ctx;
    struct pg_params params = {.count = 0};
    pg_add_number(&params, boot);
    PQclear(pg_run(pg->link, "DELETE FROM spar.node WHERE boot = $1", &params));
}

/* ---- while an answer is late ---- */

/* Another host may have become the primary meanwhile. */
static bool is_superseded(const struct postgres *pg) {
    enum { GLANCE_MS = 300 };
    unsigned count;
    unsigned at = pg_link_host(pg->link, &count);
    bool superseded = false;
    for (unsigned i = 1; i < count && !superseded; i++) {
        superseded = pg_link_try(pg->aside, at + i, GLANCE_MS);
    }
    return superseded;
}

/* Itself, or behind another's row of the same place that waits for it. */
static bool waits_for_standby(const struct postgres *pg) {
    struct pg_params params = {.count = 0};
    pg_add_number(&params, pg_link_backend(pg->link));
    PGresult *result = pg_run(pg->aside,
                              "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
                              " AND (pid = $1 OR pid = ANY(pg_blocking_pids($1::int))) LIMIT 1",
                              &params);
    bool waits = result != NULL && PQntuples(result) == 1;
    PQclear(result);
    return waits;
}

bool pg_lease_while_late(void *ctx) {
    struct postgres *pg = ctx;
    unsigned count;
    int64_t before = pg_now();
    char beat[160];
    snprintf(beat, sizeof beat,
             "SET LOCAL synchronous_commit = off;"
             "UPDATE spar.node SET beat = clock_timestamp() WHERE boot = %" PRId64,
             pg->boot);
    bool goes_on = pg_link_try(pg->aside, pg_link_host(pg->link, &count), PG_LATE_MS) &&
                   waits_for_standby(pg) && pg_run_all(pg->aside, beat) && !is_superseded(pg);
    pg_link_leave(pg->aside);
    pg->held = goes_on ? before : pg->held;
    return goes_on;
}

int64_t pg_lease_held(void *ctx) {
    return ((struct postgres *)ctx)->held;
}
