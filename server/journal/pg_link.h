/* SPDX-License-Identifier: ISC */
/*
 * pg_link.h: the one connection to PostgreSQL: found among several hosts, asked with an answer
 * timer of its own, and given up rather than doubted.
 *
 * libpq of Debian, the database's own client library. Nothing is ever cancelled: a commit that was
 * waiting for its standby would become readable before it is safe. Who does not answer in time is
 * left, with the outcome unknown. Journal's thread only, but for the opening.
 */
#ifndef SPAR_SERVER_JOURNAL_PG_LINK_H
#define SPAR_SERVER_JOURNAL_PG_LINK_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "server/journal/pg_hosts.h"

enum {
    PG_ANSWER_MS = 2000,  /* shorter than SHARED_DEAD_MS: who waits longer seems dead to others */
    PG_LATE_MS = 1000,    /* for an answer that is late already */
    PG_CONNECT_MS = 1500, /* for a host to take a connection */
    PG_AGAIN_MS = 100     /* before all hosts are tried once more */
};

struct pg_link;

/* info: a connection string or URI; checked here, not yet connected. listens: each connection is to
 * hear what others tell. NULL, with a sentence in `why`: see pg_hosts_read; or no memory. */
struct pg_link *pg_link_new(const char *info, bool listens, char why[PG_WHY_MAX])
    __attribute__((warn_unused_result));
void pg_link_free(struct pg_link *link);

/* Connects to a host that can be written to, for about so many ms, but tries each once; leaves the
 * one there was, unless an answer is owed that still may come: then it is awaited, and dropped. */
bool pg_link_reach(struct pg_link *link, int64_t ms) __attribute__((warn_unused_result));
/* Connects to that host, modulo their number, or to none. */
bool pg_link_try(struct pg_link *link, unsigned host, int64_t ms)
    __attribute__((warn_unused_result));
void pg_link_leave(struct pg_link *link);
/* Any thread: in so many ms nobody waits for a connection any more. Answers keep their time. */
void pg_link_hurry(struct pg_link *link, int64_t ms);
/* The host that is or was connected to last, and how many there are. */
unsigned pg_link_host(const struct pg_link *link, unsigned *count);
/* Whether no host at all answered when last tried: not even that it cannot be written to. */
bool pg_link_is_silent(const struct pg_link *link);
/* The number of the database's process that serves the connection; 0: there is none. */
int pg_link_backend(const struct pg_link *link);
/* How long an answer may take from now on. */
void pg_link_be_patient(struct pg_link *link, int64_t ms);
/* Called whenever an answer has not come in time: whether it is owed and may still come. What was
 * asked has then failed, and the connection is not left, but is not up until the answer has come.
 */
void pg_link_on_late(struct pg_link *link, bool (*goes_on)(void *ctx), void *ctx);
/* What the database said last, one line; borrowed until the next call. */
const char *pg_link_why(const struct pg_link *link);

/* Parameters of a statement, in the binary form. */
enum { PG_PARAMS_MAX = 8 };
struct pg_params {
    int count;
    Oid types[PG_PARAMS_MAX];
    const char *values[PG_PARAMS_MAX];
    int lengths[PG_PARAMS_MAX];
    uint8_t numbers[PG_PARAMS_MAX][8];
};
void pg_add_number(struct pg_params *params, int64_t number);
void pg_add_bytes(struct pg_params *params, const void *bytes, size_t len);
/* As text; NUL-terminated. All are borrowed until the statement was run. */
void pg_add_text(struct pg_params *params, const char *text);

/* An array of int8 or bytea as a parameter. */
struct pg_array {
    uint8_t *bytes;
    size_t len, capacity;
    uint32_t count;
    bool failed; /* no memory */
};
void pg_array_begin(struct pg_array *array, Oid of);
void pg_array_number(struct pg_array *array, int64_t number);
void pg_array_bytes(struct pg_array *array, const void *bytes, size_t len);
void pg_array_text(struct pg_array *array, const char *text);
/* False: there was no memory for it. */
bool pg_add_array(struct pg_params *params, struct pg_array *array)
    __attribute__((warn_unused_result));
void pg_array_free(struct pg_array *array);

/* Runs one statement as a transaction of its own; rows come in the binary form. NULL: the database
 * refused it, if pg_link_is_up; else nobody knows what became of it. The caller's. */
PGresult *pg_run(struct pg_link *link, const char *statement, const struct pg_params *params)
    __attribute__((warn_unused_result));
/* The same of a statement that is run again and again: the database reads and plans it once for
 * each connection. At most PG_KEPT_MAX of them, each with a name of its own. */
enum { PG_KEPT_MAX = 16 };
struct pg_statement {
    const char *name, *text;
};
PGresult *pg_run_kept(struct pg_link *link, const struct pg_statement *statement,
                      const struct pg_params *params) __attribute__((warn_unused_result));
/* Several statements of no parameters, parted by ';', of which nothing is wanted but success. */
bool pg_run_all(struct pg_link *link, const char *statements) __attribute__((warn_unused_result));
/* Sends such a one without waiting for it: it is done before whatever is run next. */
bool pg_send_kept(struct pg_link *link, const struct pg_statement *statement,
                  const struct pg_params *params);
/* There is a connection, and nothing is owed on it. */
bool pg_link_is_up(const struct pg_link *link);
/* SQLSTATE of the last refusal. */
bool pg_refused_with(const struct pg_link *link, const char *state);

/* Waits for a notification, for wake_fd to be readable (which it reads), or so many ms. wake_fd -1:
 * does not wait. False: the connection is gone. */
bool pg_wait(struct pg_link *link, int wake_fd, int64_t ms) __attribute__((warn_unused_result));
/* The next that has come, or NULL; freed with PQfreemem. */
PGnotify *pg_next_notice(struct pg_link *link);

int64_t pg_number(const PGresult *result, int row, int column);
int64_t pg_now(void); /* monotonic ms */

#endif
