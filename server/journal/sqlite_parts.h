/* SPDX-License-Identifier: ISC */
/*
 * sqlite_parts.h: what the SQLite store is made of, for its own files and nobody else: sqlite.c
 * keeps and reads rows, sqlite_file.c opens, mends and takes over the file.
 *
 * The journal's thread alone, but for the first opening.
 */
#ifndef SPAR_SERVER_JOURNAL_SQLITE_PARTS_H
#define SPAR_SERVER_JOURNAL_SQLITE_PARTS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "server/journal/fresh.h"
#include "server/journal/journal.h"

enum statement {
    ST_BEGIN,
    ST_COMMIT,
    ST_ROLLBACK,
    ST_FIND,
    ST_LAST,
    ST_CREATE,
    ST_KEEP,
    ST_ENROL,
    ST_READ,
    ST_ROOMS_OF,
    ST_LOAD,
    ST_REST,
    ST_HEAD,
    ST_CLEAR,
    ST_COUNT
};

/* Which file is meant, whatever stands at its path now. inode 0: none yet. */
struct file_mark {
    dev_t device;
    ino_t inode;
};

enum file_place {
    FILES_IN_PLACE,
    /* The log was removed or replaced: what it held is still to be had by who has it open. */
    LOG_AWAY,
    /* Another database, or none, stands there, or the log was cut: nothing may be written. */
    FILES_AWAY
};

struct sqlite_store {
    sqlite3 *db; /* NULL after a failure, until it could be opened again */
    sqlite3_stmt *statements[ST_COUNT];
    int lock_fd;
    struct file_mark file, log;        /* the database and its write-ahead log, as first opened */
    bool away;                         /* FILES_AWAY, and so the round was not begun */
    bool damaged;                      /* a row that was to be read has not its sum */
    bool unsure;                       /* a commit was synced into files that were not in place */
    int wal_pages;                     /* in the write-ahead log after the last commit */
    struct fresh fresh;                /* what the table of that name holds */
    struct fresh_block *round;         /* this round's events */
    bool taken;                        /* `fresh` has them already */
    struct chore *chore;               /* the operator's, under way; sqlite_chores.c's own */
    size_t move_at;                    /* bytes of `fresh` below which moving is not tried again */
    const struct journal_watch *watch; /* of the first opening; may be NULL */
    char path[];
};

enum {
    JOURNAL_ERROR_BYTES = 256,
    /* Fresh bytes after which they are moved: with nobody waiting, and all the same. The more,
     * the longer the runs of one room, and the longer a move. */
    FRESH_IDLE_BYTES = 1024 * 1024,
    FRESH_MOVE_BYTES = 4 * 1024 * 1024,
    FRESH_MAX_BYTES = 64 * 1024 * 1024 /* nothing is kept beyond it: moving fails again and again */
};

/* Runs a statement that gives no row. */
bool sqlite_step_done(sqlite3_stmt *statement) __attribute__((warn_unused_result));
/* Runs a statement of two integers that gives no row. */
bool sqlite_exec_pair(sqlite3 *db, const char *sql, int64_t one, int64_t other)
    __attribute__((warn_unused_result));
/* Of a room's number, ?1: its last position at rest becomes ?2. */
extern const char sqlite_head_sql[];
/* A room number and a position as one row id, and that as SQL. */
int64_t sqlite_row_of(int64_t number, uint32_t pos);

/* The first opening, and the taking over of an older file. error: at least 256 bytes; one sentence,
 * or empty if the reason is SQLite's. */
bool sqlite_file_open(struct sqlite_store *store, uint32_t *boot, int64_t *epoch, char *error)
    __attribute__((warn_unused_result));
/* Opens again after a failure; false: later calls try again. */
bool sqlite_file_reopen(struct sqlite_store *store) __attribute__((warn_unused_result));
void sqlite_file_close(struct sqlite_store *store);
/* Whether both files are still where they were, and as long as they were. */
enum file_place sqlite_file_look(struct sqlite_store *store);
/* Makes `fresh` what its table holds. */
bool sqlite_fresh_load(struct sqlite_store *store) __attribute__((warn_unused_result));

/* Moves what is fresh to where rooms rest, in one commit. False: all is as it was. */
bool sqlite_fresh_move(struct sqlite_store *store) __attribute__((warn_unused_result));
/* A room's number and last position; number 0: no such room. False: failed, or damaged. */
bool sqlite_find_room(struct sqlite_store *store, const char *room, int64_t *number, uint32_t *head)
    __attribute__((warn_unused_result));
/* All of a room's events up to a position. False: failed, damaged, or the visitor stopped. */
bool sqlite_read_events(struct sqlite_store *store, int64_t number, uint32_t upto,
                        bool (*visit)(void *arg, uint32_t pos, const uint8_t *bytes, uint32_t len),
                        void *arg) __attribute__((warn_unused_result));
/* Carries the whole write-ahead log over into the database, and empties it. */
bool sqlite_checkpoint_whole(struct sqlite_store *store) __attribute__((warn_unused_result));

/* See struct journal_store. */
bool sqlite_chore_begin(void *ctx, enum journal_chore kind, const char *of, char *line);
enum journal_said sqlite_chore_slice(void *ctx, char *line);
/* Before the database is closed: what is under way has failed. */
void sqlite_chore_end(struct sqlite_store *store);

#endif
