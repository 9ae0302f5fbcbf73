/* SPDX-License-Identifier: ISC */
/*
 * pg_parts.h: what the files of the PostgreSQL journal share, and nobody else.
 */
#ifndef SPAR_SERVER_JOURNAL_PG_PARTS_H
#define SPAR_SERVER_JOURNAL_PG_PARTS_H

#include "protocol/limits.h"
#include "server/journal/core.h"
#include "server/journal/journal.h"
#include "server/journal/pg_link.h"
#include "server/journal/pg_notice.h"
#include "server/journal/run.h"

enum {
    PG_VERSION = 1,              /* of the tables */
    PG_PARTITION_ROOMS = 100000, /* rooms whose events lie in one partition */
    PG_SENDERS_MAX = 4 * NODES_MAX
};

/* Another server, by its boot: what it has told of. */
struct sender {
    int64_t boot;
    int64_t heard; /* the last number heard */
    int64_t sent;  /* the last that its lease named */
};

struct postgres {
    struct pg_link *link;
    struct pg_link *aside; /* up only while an answer on the other is late */
    int64_t held;          /* pg_now() when the lease was last held */
    int64_t boot, sent;
    char address[NODE_ADDRESS_MAX + 1]; /* where clients reach this server */
    char app[APP_MAX_BYTES + 1];        /* its program and version */
    int64_t partition;                  /* the highest that is known to be there; -1: none */
    struct sender senders[PG_SENDERS_MAX];
    uint32_t sender_count;
    bool alone;   /* no other server lives, by the last beat: nobody need be told of anything */
    bool drains;  /* a lease that is entered anew says so, too */
    bool missing; /* something that was sent a beat ago has not been heard */
    struct pg_array arrays[6];
    struct pg_chore *chore;  /* the operator's, under way; pg_chore.c's own */
    struct pg_array notices; /* that are told of next, but for the last: */
    char notice[NOTICE_MAX + 1];
    size_t notice_len;
    struct pg_pieces pieces;
};

/* The database's lock that a move holds, and whoever takes a lease for a moment. */
#define PG_MOVE_LOCK "7447002"

/* Held while one is taken, so that there are never more than NODES_MAX. */
#define PG_LEASE_LOCK "7447003"

/* Whether a row of spar.node is of a server that lives, as a condition in a statement: it has
 * beaten within so many ms. */
#define PG_LIVES(ms) "beat > clock_timestamp() - " ms " * interval '1 ms'"

/* A connection as journal_postgres_open takes it, not yet connected. NULL, with a sentence. */
struct pg_link *pg_info_link(const char *info, bool listens, char why[PG_WHY_MAX])
    __attribute__((warn_unused_result));
/* Makes both connections, and connects the first. info: as journal_postgres_open takes it. False,
 * with a sentence. */
bool pg_connect(struct postgres *pg, const char *info, char why[PG_WHY_MAX])
    __attribute__((warn_unused_result));

/* Functions of struct journal_store, and the end of a chore that its journal's end breaks off. */
bool pg_chore_begin(void *ctx, enum journal_chore kind, const char *of, char *line);
enum journal_said pg_chore_slice(void *ctx, char *line, const struct journal_changes *changes);
void pg_chore_end(struct postgres *pg);

struct shared_beat;

/* The newest form that may be written (form.h), as a value in a statement. */
#define PG_FORM_WRITTEN \
    "coalesce((SELECT m.value::bigint FROM spar.meta m WHERE m.name = 'write_version'), 1)"
/* The newest that this build reads. */
int64_t pg_form_newest(void);
/* Whether it reads what is written. False, with a sentence. */
bool pg_form_agrees(struct pg_link *link, char why[PG_WHY_MAX]) __attribute__((warn_unused_result));
/* Has all write the newest form that all can read. False: out of reach. */
bool pg_form_raise(struct pg_link *link) __attribute__((warn_unused_result));

/* Functions of struct shared_rows, whose contract they keep. */
bool pg_lease_enter(void *ctx, uint32_t *boot, bool *full);
bool pg_lease_beat(void *ctx, struct shared_beat *beat);
bool pg_lease_drain(void *ctx, uint32_t boot, bool *done);
void pg_lease_leave(void *ctx, uint32_t boot);
int64_t pg_lease_held(void *ctx);
/* See pg_link_on_late: whether the primary is still the primary and what was asked of it waits for
 * its standby. Meanwhile this server's lease is held. */
bool pg_lease_while_late(void *ctx);
/* What of spar.node n is read as a struct node, by pg_nodes_take, and in which order. */
#define PG_NODE_COLUMNS                                                                   \
    "n.boot, n.name, n.address, n.app, n.form::bigint, n.connections, n.rooms, n.behind," \
    " floor(extract(epoch FROM clock_timestamp() - n.beat) * 1000)::bigint, "             \
    "n.drains::int::bigint, n.ahead"
enum { PG_NODE_COLUMN_COUNT = 11 };
void pg_nodes_take(const PGresult *result, struct node_list *list);

/* NULL: nothing has come from it yet. */
struct sender *pg_sender_of(struct postgres *pg, int64_t boot);
struct sender *pg_sender_add(struct postgres *pg, int64_t boot, int64_t heard);

/* Makes what is missing of the schema and reads the epoch (real ms). False, with a sentence. */
bool pg_schema_open(struct pg_link *link, int64_t *epoch, char why[PG_WHY_MAX])
    __attribute__((warn_unused_result));
/* Makes all tables anew, empty and marked as moved to; what they held is gone. */
bool pg_schema_make_anew(struct pg_link *link) __attribute__((warn_unused_result));
/* Keeps the facts, or compares them with those that are kept. False, with a sentence. */
bool pg_schema_agree(struct pg_link *link, const struct journal_fact *facts, size_t count,
                     char why[PG_WHY_MAX]) __attribute__((warn_unused_result));
/* ms that the database's clock, or that of the rooms at the servers that are there, is ahead of
 * this machine's: of several looks the one that took least. Waits for SHARED_GRACE_MS at most for
 * those who are there to say so, if the database began a moment ago. False: it does not answer. */
bool pg_clock_ahead(struct pg_link *link, int64_t *ahead) __attribute__((warn_unused_result));
/* A row of spar.event, of which pos, count and body were asked for; lends the answer's bytes. */
struct run_row pg_run_row(const PGresult *result, int row, int64_t room);
/* The room's runs that begin behind `after`, in order, at most PG_RUNS_AT_ONCE of them, for who
 * follows one run by the next. NULL: the database does not answer. The caller's. */
enum { PG_RUNS_AT_ONCE = 200 };
PGresult *pg_runs_behind(struct pg_link *link, int64_t room, uint32_t after)
    __attribute__((warn_unused_result));
/* The partition of the rooms from index * PG_PARTITION_ROOMS on. */
bool pg_schema_partition(struct pg_link *link, int64_t index) __attribute__((warn_unused_result));

#endif
