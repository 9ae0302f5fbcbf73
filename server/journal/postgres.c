/* SPDX-License-Identifier: ISC */
/*
 * postgres.c: rows that several servers share, in PostgreSQL.
 *
 * What is read and not known to be confirmed ends with a commit of its own (`barrier`): behind a
 * synchronous standby a row can be readable here and gone after the standby's promotion, and a
 * commit that comes back stands behind all that was readable before it. What is told of goes out
 * behind the commit, in a transaction that nobody waits for: inside it, NOTIFY takes a lock of the
 * whole database.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/text/why.h"
#include "server/journal/pg_notice.h"
#include "server/journal/pg_parts.h"
#include "server/journal/shared.h"

enum {
    TYPE_BYTEA = 17,
    TYPE_INT8 = 20,
    TYPE_TEXT = 25,
    TRIPS_MAX = 1024 * 1024, /* bytes of trips that wait to be told of; more are lost */
    DEADLOCK_TRIES = 3
};

#define BARRIER "barrier AS MATERIALIZED (SELECT pg_logical_emit_message(true, 'spar', ''))"

/* ---- reading ---- */

static bool rows_reach(void *ctx, int64_t ms) {
    struct postgres *pg = ctx;
    pg->sender_count = 0; /* all is compared anew */
    return pg_link_reach(pg->link, ms);
}

static const struct pg_statement find_room = {
    "find_room", "WITH " BARRIER " SELECT r.number,"
                 " coalesce((SELECT e.pos + e.count - 1 FROM spar.event e"
                 "  WHERE e.room = r.number ORDER BY e.pos DESC LIMIT 1), 0)"
                 " FROM barrier, spar.room r WHERE r.id = $1"};

static bool rows_find(void *ctx, const char *room, int64_t *number, uint32_t *head) {
    const struct postgres *pg = ctx;
    struct pg_params params = {.count = 0};
    pg_add_text(&params, room);
    *number = 0;
    *head = 0;
    PGresult *result = pg_run_kept(pg->link, &find_room, &params);
    if (result != NULL && PQntuples(result) == 1) {
        *number = pg_number(result, 0, 0);
        *head = (uint32_t)pg_number(result, 0, 1);
    }
    PQclear(result);
    return result != NULL;
}

static const struct pg_statement find_heads = {
    "find_heads", "WITH " BARRIER " SELECT q.at,"
                  " coalesce((SELECT e.pos + e.count - 1 FROM spar.event e"
                  "  WHERE e.room = q.room ORDER BY e.pos DESC LIMIT 1), 0)"
                  " FROM barrier, unnest($1::bigint[]) WITH ORDINALITY AS q(room, at)"};

static bool rows_heads(void *ctx, const int64_t *numbers, uint32_t *heads, uint32_t count) {
    struct postgres *pg = ctx;
    struct pg_params params = {.count = 0};
    pg_array_begin(&pg->arrays[0], TYPE_INT8);
    for (uint32_t i = 0; i < count; i++) {
        pg_array_number(&pg->arrays[0], numbers[i]);
    }
    PGresult *result =
        pg_add_array(&params, &pg->arrays[0]) ? pg_run_kept(pg->link, &find_heads, &params) : NULL;
    bool good = result != NULL && PQntuples(result) == (int)count;
    for (int i = 0; good && i < PQntuples(result); i++) {
        heads[pg_number(result, i, 0) - 1] = (uint32_t)pg_number(result, i, 1);
    }
    PQclear(result);
    return good;
}

static bool make_room(const struct postgres *pg, const char *room, int64_t *number) {
    struct pg_params params = {.count = 0};
    pg_add_text(&params, room);
    PGresult *result = pg_run(pg->link,
                              "INSERT INTO spar.room (id) VALUES ($1)"
                              " ON CONFLICT DO NOTHING RETURNING number",
                              &params);
    bool made = result != NULL && PQntuples(result) == 1;
    if (made) {
        *number = pg_number(result, 0, 0);
    }
    PQclear(result);
    return made;
}

static bool rows_create(void *ctx, const char *room, int64_t *number) {
    struct postgres *pg = ctx;
    uint32_t head;
    if (!make_room(pg, room, number) &&
        (!pg_link_is_up(pg->link) || !rows_find(ctx, room, number, &head) || *number == 0)) {
        return false;
    }
    int64_t index = *number / PG_PARTITION_ROOMS;
    if (index > pg->partition) {
        if (!pg_schema_partition(pg->link, index)) {
            return false;
        }
        pg->partition = index;
    }
    return true;
}

static bool visit_runs(const PGresult *result, int64_t number, shared_visit visit, void *arg) {
    for (int i = 0; i < PQntuples(result); i++) {
        struct run_row row = pg_run_row(result, i, number);
        if (!visit(arg, &row)) {
            return false;
        }
    }
    return true;
}

static const struct pg_statement read_runs = {
    "read_runs", "WITH " BARRIER " SELECT e.pos, e.count, e.body FROM barrier, spar.event e"
                 " WHERE e.room = $1 AND e.pos <= $3 AND e.pos >= coalesce((SELECT max(f.pos)"
                 "  FROM spar.event f WHERE f.room = $1 AND f.pos <= $2), 1) ORDER BY e.pos"};

static bool rows_read(void *ctx, int64_t number, uint32_t after, uint32_t upto, shared_visit visit,
                      void *arg) {
    const struct postgres *pg = ctx;
    struct pg_params params = {.count = 0};
    pg_add_number(&params, number);
    pg_add_number(&params, (int64_t)after + 1);
    pg_add_number(&params, upto);
    PGresult *result = pg_run_kept(pg->link, &read_runs, &params);
    bool good = result != NULL && visit_runs(result, number, visit, arg);
    PQclear(result);
    return good;
}

static bool rows_rooms_of(void *ctx, const uint8_t *key, uint32_t max, journal_visit_room visit,
                          void *arg) {
    const struct postgres *pg = ctx;
    struct pg_params params = {.count = 0};
    pg_add_bytes(&params, key, HASH_BYTES);
    pg_add_number(&params, max);
    PGresult *result = pg_run(pg->link,
                              "WITH " BARRIER " SELECT r.id FROM barrier, spar.member m"
                              " JOIN spar.room r ON r.number = m.room WHERE m.key = $1"
                              " ORDER BY m.room DESC LIMIT $2",
                              &params);
    bool good = result != NULL;
    for (int i = 0; good && i < PQntuples(result); i++) {
        good = PQgetlength(result, i, 0) == ROOM_ID_BYTES && visit(arg, PQgetvalue(result, i, 0));
    }
    PQclear(result);
    return good;
}

/* ---- a commit ---- */

/* What is mostly so: no room of the commit has got another's row meanwhile. Then the rows alone are
 * inserted, at a third of what it costs the database to be ready for others' rows; one that is
 * there has it refuse all. */
static const struct pg_statement insert_all = {
    "insert_all", "INSERT INTO spar.event (room, pos, count, body)"
                  " SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[])"};
static const struct pg_statement insert_and_enrol = {
    "insert_and_enrol",
    "WITH enrolled AS (INSERT INTO spar.member (key, room)"
    " SELECT DISTINCT m.key, m.room FROM unnest($5::bytea[], $6::bigint[]) AS m(key, room)"
    " ORDER BY m.key, m.room ON CONFLICT DO NOTHING)"
    " INSERT INTO spar.event (room, pos, count, body)"
    " SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[])"};

static const struct pg_statement insert_winners = {
    "insert_winners",
    "WITH won AS (INSERT INTO spar.event (room, pos, count, body)"
    " SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[])"
    " ON CONFLICT DO NOTHING RETURNING room),"
    " enrolled AS (INSERT INTO spar.member (key, room)"
    " SELECT DISTINCT m.key, m.room FROM unnest($5::bytea[], $6::bigint[]) AS m(key, room)"
    " JOIN won USING (room) ORDER BY m.key, m.room ON CONFLICT DO NOTHING)"
    " SELECT room FROM won"};

static bool add_runs(struct postgres *pg, const struct run_commit *commit,
                     struct pg_params *params) {
    static const Oid types[] = {TYPE_INT8, TYPE_INT8, TYPE_INT8, TYPE_BYTEA, TYPE_BYTEA, TYPE_INT8};
    bool good = true;
    for (int i = 0; i < 6; i++) {
        pg_array_begin(&pg->arrays[i], types[i]);
    }
    for (uint32_t i = 0; i < commit->count; i++) {
        const struct run *run = &commit->runs[i];
        if (run->outcome == RUN_OPEN) {
            pg_array_number(&pg->arrays[0], run->room);
            pg_array_number(&pg->arrays[1], run->pos);
            pg_array_number(&pg->arrays[2], run->count);
            pg_array_bytes(&pg->arrays[3], run->body, run->len);
        }
    }
    for (uint32_t i = 0; i < commit->member_count; i++) {
        pg_array_bytes(&pg->arrays[4], commit->members[i].key, HASH_BYTES);
        pg_array_number(&pg->arrays[5], commit->members[i].room);
    }
    for (int i = 0; i < 6; i++) {
        good = good && pg_add_array(params, &pg->arrays[i]);
    }
    return good;
}

static void note_outcomes(const PGresult *result, const struct run_commit *commit) {
    for (int i = 0; i < PQntuples(result); i++) {
        struct run *run = run_commit_find(commit, pg_number(result, i, 0));
        if (run != NULL && run->outcome == RUN_OPEN) {
            run->outcome = RUN_KEPT;
        }
    }
    for (uint32_t i = 0; i < commit->count; i++) {
        if (commit->runs[i].outcome == RUN_OPEN) {
            commit->runs[i].outcome = RUN_LOST;
        }
    }
}

static bool is_all_open(const struct run_commit *commit) {
    bool open = true;
    for (uint32_t i = 0; i < commit->count; i++) {
        open = open && commit->runs[i].outcome == RUN_OPEN;
    }
    return open;
}

/* False, and still connected: another's row is there, or a deadlock was ended, and nothing was
 * stored. */
static bool rows_insert_all(struct postgres *pg, struct run_commit *commit,
                            const struct pg_params *params) {
    enum { RUN_PARAMS = 4 };
    struct pg_params alone = *params;
    PGresult *result;
    if (commit->member_count > 0) {
        result = pg_run_kept(pg->link, &insert_and_enrol, params);
    } else {
        alone.count = RUN_PARAMS;
        result = pg_run_kept(pg->link, &insert_all, &alone);
    }
    for (uint32_t i = 0; result != NULL && i < commit->count; i++) {
        commit->runs[i].outcome = RUN_KEPT;
    }
    PQclear(result);
    return result != NULL;
}

/* Members of two rooms may be stored in another order elsewhere: the database then refuses one of
 * the two, whole. */
static bool rows_insert_winners(struct postgres *pg, struct run_commit *commit,
                                const struct pg_params *params) {
    PGresult *result = NULL;
    for (int i = 0; result == NULL && i < DEADLOCK_TRIES; i++) {
        result = pg_run_kept(pg->link, &insert_winners, params);
        if (result == NULL && !pg_refused_with(pg->link, "40P01")) {
            break;
        }
    }
    if (result != NULL) {
        note_outcomes(result, commit);
    }
    PQclear(result);
    return result != NULL;
}

static bool rows_insert(void *ctx, struct run_commit *commit) {
    struct postgres *pg = ctx;
    struct pg_params params = {.count = 0};
    if (!add_runs(pg, commit, &params)) {
        return false;
    }
    if (is_all_open(commit)) {
        if (rows_insert_all(pg, commit, &params)) {
            return true;
        }
        if (!pg_link_is_up(pg->link) ||
            (!pg_refused_with(pg->link, "23505") && !pg_refused_with(pg->link, "40P01"))) {
            return false;
        }
    }
    return rows_insert_winners(pg, commit, &params);
}

/* Where only reading is possible the primary is another host by now. */
static bool rows_refused(void *ctx) {
    const struct postgres *pg = ctx;
    return pg_link_is_up(pg->link) && !pg_refused_with(pg->link, "25006");
}

/* ---- others ---- */

static const struct pg_statement notify = {
    "notify", "SELECT set_config('synchronous_commit', 'off', true), pg_notify('spar', p)"
              " FROM unnest($1::text[]) AS p"};

static void end_notice(struct postgres *pg) {
    if (pg->notice_len > 0) {
        pg_array_text(&pg->notices, pg->notice);
        pg->notice_len = 0;
    }
}

/* As many as fit stand in one, a line each: what each costs the database is more than its bytes. */
static void add_notice(struct postgres *pg, const char *text) {
    size_t len = strlen(text);
    if (pg->notice_len + 1 + len > NOTICE_MAX) {
        end_notice(pg);
    }
    if (pg->notice_len > 0) {
        pg->notice[pg->notice_len++] = '\n';
    }
    memcpy(pg->notice + pg->notice_len, text, len + 1);
    pg->notice_len += len;
}

/* They go out in the order of their numbers, or others would miss some. Those that could not be
 * sent are lost. */
static void send_notices(struct postgres *pg) {
    struct pg_params params = {.count = 0};
    end_notice(pg);
    if (pg->notices.count > 0 && pg_add_array(&params, &pg->notices)) {
        pg_send_kept(pg->link, &notify, &params);
    }
    pg_array_begin(&pg->notices, TYPE_TEXT);
}

/* Who has come since the last beat misses these, and knows by the next. */
static void rows_tell(void *ctx, struct run_commit *commit) {
    struct postgres *pg = ctx;
    char text[NOTICE_MAX + 1];
    for (uint32_t i = 0; i < commit->count; i++) {
        if (commit->runs[i].outcome == RUN_KEPT) {
            pg->sent++;
            if (!pg->alone) {
                pg_notice_write_run(pg->boot, pg->sent, &commit->runs[i], text);
                add_notice(pg, text);
            }
        }
    }
    send_notices(pg);
}

static void rows_trip(void *ctx, const struct shared_trip *trip) {
    struct postgres *pg = ctx;
    char text[NOTICE_MAX + 1];
    for (uint32_t i = 0; pg->notices.len < TRIPS_MAX && i < pg_notice_parts(trip->len); i++) {
        pg_notice_write_trip(pg->boot, ++pg->sent, trip, i, text);
        add_notice(pg, text);
    }
}

/* Pieces of one trip come one behind the other: they were told of in one transaction. */
static void hear_trip(struct postgres *pg, const struct pg_notice *notice, shared_take take,
                      void *arg) {
    bool ours = notice->to == 0 || notice->to == pg->boot;
    if (pg_pieces_add(&pg->pieces, notice) && ours) {
        struct shared_trip trip = {
            .room = notice->id, .bytes = pg->pieces.bytes, .len = pg->pieces.len};
        take(arg, &(struct shared_notice){.id = notice->id, .trip = &trip});
    }
}

static void hear_one(struct postgres *pg, char *text, shared_take take, void *arg) {
    struct pg_notice notice;
    if (!pg_notice_read(text, &notice) || notice.boot == pg->boot) {
        return;
    }
    struct sender *sender = pg_sender_of(pg, notice.boot);
    if (sender == NULL) {
        sender = pg_sender_add(pg, notice.boot, 0);
    }
    if (notice.n > sender->heard + 1) {
        take(arg, NULL);
    }
    sender->heard = notice.n > sender->heard ? notice.n : sender->heard;
    if (notice.kind == PG_NOTICE_TRIP) {
        hear_trip(pg, &notice, take, arg);
    } else {
        take(arg, &notice.what);
    }
}

static bool rows_hear(void *ctx, int wake_fd, int64_t ms, shared_take take, void *arg) {
    struct postgres *pg = ctx;
    PGnotify *notice;
    send_notices(pg);
    if (!pg_wait(pg->link, pg->missing ? -1 : wake_fd, ms)) {
        return false;
    }
    if (pg->missing) {
        pg->missing = false;
        take(arg, NULL);
    }
    while ((notice = pg_next_notice(pg->link)) != NULL) {
        char *line, *rest = notice->extra;
        while ((line = strsep(&rest, "\n")) != NULL) {
            hear_one(pg, line, take, arg);
        }
        PQfreemem(notice);
    }
    return pg_link_is_up(pg->link);
}

static bool rows_silent(void *ctx) {
    return pg_link_is_silent(((struct postgres *)ctx)->link);
}

static void rows_hurry(void *ctx, int64_t ms) {
    const struct postgres *pg = ctx;
    pg_link_hurry(pg->link, ms);
    pg_link_hurry(pg->aside, ms);
}

static int64_t rows_now(void *ctx) {
    (void)ctx;
    return pg_now();
}

static void rows_close(void *ctx) {
    struct postgres *pg = ctx;
    pg_chore_end(pg);
    pg_link_free(pg->link);
    pg_link_free(pg->aside);
    for (int i = 0; i < 6; i++) {
        pg_array_free(&pg->arrays[i]);
    }
    pg_array_free(&pg->notices);
    free(pg);
}

/* ---- opening ---- */

static struct journal *start(struct postgres *pg, const struct journal_self *self, int64_t epoch,
                             bool *full) {
    static const struct shared_rows functions = {.reach = rows_reach,
                                                 .find = rows_find,
                                                 .heads = rows_heads,
                                                 .create = rows_create,
                                                 .insert = rows_insert,
                                                 .refused = rows_refused,
                                                 .read = rows_read,
                                                 .rooms_of = rows_rooms_of,
                                                 .tell = rows_tell,
                                                 .trip = rows_trip,
                                                 .hear = rows_hear,
                                                 .enter = pg_lease_enter,
                                                 .beat = pg_lease_beat,
                                                 .drain = pg_lease_drain,
                                                 .leave = pg_lease_leave,
                                                 .held = pg_lease_held,
                                                 .silent = rows_silent,
                                                 .chore_begin = pg_chore_begin,
                                                 .chore_slice = pg_chore_slice,
                                                 .hurry = rows_hurry,
                                                 .now = rows_now,
                                                 .close = rows_close};
    return journal_shared_start(&functions, pg, self, epoch, full);
}

struct journal *journal_postgres_open(const char *info, const struct journal_self *self,
                                      const struct journal_fact *facts, size_t fact_count,
                                      int64_t *ahead, char *error) {
    struct postgres *pg = calloc(1, sizeof *pg);
    struct journal *journal = NULL;
    int64_t epoch;
    bool full = false;
    if (pg == NULL) {
        why_not(error, PG_WHY_MAX, "There is no memory left; free some and try again.");
        return NULL;
    }
    pg->partition = -1;
    snprintf(pg->address, sizeof pg->address, "%s", self->address);
    snprintf(pg->app, sizeof pg->app, "%s", self->app);
    pg_array_begin(&pg->notices, TYPE_TEXT);
    if (pg_connect(pg, info, error) && pg_schema_open(pg->link, &epoch, error) &&
        pg_schema_agree(pg->link, facts, fact_count, error) && pg_form_agrees(pg->link, error)) {
        journal = pg_clock_ahead(pg->link, ahead) ? start(pg, self, epoch, &full) : NULL;
        if (full) {
            why_not(error, PG_WHY_MAX,
                    "There are %d servers on this journal already, and there can be no more; stop "
                    "one of them first.",
                    NODES_MAX);
        } else if (journal == NULL && pg_link_why(pg->link)[0] == '\0') {
            why_not(error, PG_WHY_MAX,
                    "That database is being moved, or something is removed from it for good; start "
                    "again once that is done.");
        } else if (journal == NULL) {
            why_not(error, PG_WHY_MAX, "The journal cannot be begun: %s.", pg_link_why(pg->link));
        }
    }
    if (journal == NULL) {
        rows_close(pg);
    }
    return journal;
}
