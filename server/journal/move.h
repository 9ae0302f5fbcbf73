/* SPDX-License-Identifier: ISC */
/*
 * move.h: a whole journal from its file into a PostgreSQL that servers share, and back.
 *
 * What is moved to is marked as unfinished from its first row to its last, so no server starts on a
 * part; whoever was killed on the way begins anew, and what is moved from stays as it was until all
 * is there and counted. At the end that is marked in turn, so that no server goes on with what has
 * another future now. Events keep their bytes, rooms their numbers and members; so do the epoch of
 * the rooms' time, and the number of the last start.
 */
#ifndef SPAR_SERVER_JOURNAL_MOVE_H
#define SPAR_SERVER_JOURNAL_MOVE_H

#include <stdbool.h>
#include <stddef.h>

#include "server/journal/journal.h"

struct journal_move {
    const char *path; /* of the file */
    const char *info; /* of the database, as journal_postgres_open takes it */
    /* Of the folder's server: kept with what is moved out, compared with what is moved in. */
    const struct journal_fact *facts;
    size_t fact_count;
    void *ctx;
    void (*told)(void *ctx, const char *line); /* how far it is, about once a second */
};

/* Into the database, and back into a file that is not there yet. True: all is there, or was there
 * already by an earlier move of the same; line: one sentence, JOURNAL_LINE_MAX bytes, in either
 * case. No server may run on either. */
bool journal_move_out(const struct journal_move *move, char *line)
    __attribute__((warn_unused_result));
bool journal_move_in(const struct journal_move *move, char *line)
    __attribute__((warn_unused_result));

#endif
