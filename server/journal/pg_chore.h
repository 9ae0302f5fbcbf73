/* SPDX-License-Identifier: ISC */
/*
 * pg_chore.h: what pg_chore.c and pg_prune.c share, and nobody else.
 */
#ifndef SPAR_SERVER_JOURNAL_PG_CHORE_H
#define SPAR_SERVER_JOURNAL_PG_CHORE_H

#include <limits.h>
#include <stdio.h>

#include "server/journal/person.h"
#include "server/journal/pg_parts.h"
#include "server/journal/run.h"

enum {
    DAMAGED_NAMED = 8, /* logs that the sentence names */
    DAMAGED_BYTES = 64 * (DAMAGED_NAMED + 1)
};

struct pg_chore {
    enum journal_chore kind;
    int64_t at; /* number of the last log that was looked at */
    char id[ROOM_ID_BYTES + 1];
    uint32_t last; /* of its events the last that is right */
    int64_t logs, events, damaged, removed, rewritten;
    char names[DAMAGED_BYTES];
    char room[ROOM_ID_BYTES + 1]; /* to be forgotten; "": what the person is part of */
    bool locked;
    int backend; /* that it was begun with: the lock goes with it */
    struct person person;
    struct mp_reader reader;
    struct run_commit rewriting;
    const struct journal_changes *changes; /* of this slice */
    /* Of JOURNAL_PRUNE: room time, and the folder. */
    int64_t before;
    char folder[PATH_MAX];
};

#define sentence(line, ...) snprintf((line), JOURNAL_LINE_MAX, __VA_ARGS__)

/* The next log becomes the one that it is at. *found: false behind the last one. False: the
 * database does not answer. */
bool pg_chore_next(const struct postgres *pg, struct pg_chore *chore, bool *found)
    __attribute__((warn_unused_result));
/* Its events and who took part; its number and its id stay. */
bool pg_chore_remove(const struct postgres *pg, int64_t number) __attribute__((warn_unused_result));
/* Old bytes of rows lie in the tables until they are vacuumed. */
bool pg_chore_vacuum(const struct postgres *pg) __attribute__((warn_unused_result));
enum journal_said pg_chore_failed(const struct postgres *pg, char *line);
/* A sentence: where removed bytes are yet. */
extern const char pg_chore_kept_yet[];

/* of: see journal_post_chore. */
bool pg_prune_begin(struct postgres *pg, const char *of, char *line)
    __attribute__((warn_unused_result));
enum journal_said pg_prune_slice(struct postgres *pg, char *line);

#endif
