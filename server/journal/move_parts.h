/* SPDX-License-Identifier: ISC */
/*
 * move_parts.h: what both directions of a move share.
 */
#ifndef SPAR_SERVER_JOURNAL_MOVE_PARTS_H
#define SPAR_SERVER_JOURNAL_MOVE_PARTS_H

#include <inttypes.h>

#include "protocol/text/why.h"
#include "server/journal/move.h"
#include "server/journal/pg_parts.h"
#include "server/journal/sqlite_parts.h"

enum {
    MOVE_EVENTS = 1000, /* in one commit, about */
    MOVE_BYTES = 1024 * 1024,
    MOVE_ANSWER_MS = 120 * 1000 /* that the database may take for one of them */
};

struct move_count {
    int64_t rooms, all_rooms, events, members;
    int64_t terms; /* rooms with a time of their own */
    int64_t told;  /* when last */
};

/* Says how far it is, if that was said long enough ago. */
void move_tell(const struct journal_move *move, struct move_count *count);
/* Connects, and keeps servers from starting there and other moves away. NULL, with a sentence. */
struct pg_link *move_reach(const struct journal_move *move, char *line)
    __attribute__((warn_unused_result));
/* Ends what move_reach began: whoever comes next is let in at once, and need not wait until the
 * database has noticed that the connection is gone. NULL is fine. */
void move_leave(struct pg_link *link);
/* Whether a server runs on the database, which must have the tables. False, with a sentence: one
 * does, or it does not answer. */
bool move_is_idle(struct pg_link *link, char *line) __attribute__((warn_unused_result));
/* The number that a statement gives as its only row. */
bool move_number(struct pg_link *link, const char *statement, int64_t *number)
    __attribute__((warn_unused_result));
/* False, and the sentence that the database does not do it. */
bool move_failed(const struct pg_link *link, char *line);
/* Of a journal's file, without counting a start: its epoch and its last start. False: there is none
 * that can be read. */
bool move_look(const char *path, int64_t *epoch, int64_t *boot) __attribute__((warn_unused_result));
/* A store on that file, opened; made if there is none. NULL, with a sentence. */
struct sqlite_store *move_open(const char *path, uint32_t *boot, int64_t *epoch, char *line)
    __attribute__((warn_unused_result));

#define move_why(line, ...) why_not((line), JOURNAL_LINE_MAX, __VA_ARGS__)

#endif
