/* SPDX-License-Identifier: ISC */
/*
 * sqlite_parts.h: what the SQLite store is made of, for its own files and nobody else: sqlite.c
 * keeps and reads rows, sqlite_fresh.c has what is fresh and sqlite_move.c moves it to rest,
 * sqlite_file.c opens, mends and takes over the file, sqlite_statement.c runs SQL. Before the
 * database stands the log of commits.h.
 *
 * The journal's thread alone, but for the first opening.
 */
#ifndef SPAR_SERVER_JOURNAL_SQLITE_PARTS_H
#define SPAR_SERVER_JOURNAL_SQLITE_PARTS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "server/journal/commits.h"
#include "server/journal/core.h"
#include "server/journal/fresh.h"
#include "server/journal/journal.h"
#include "server/journal/rest.h"

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
    ST_RUN,
    ST_RUNS,
    ST_REST_END,
    ST_HEAD,
    ST_CLEAR,
    ST_LOG,
    ST_RESTS,
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
    /* Another database, or none, stands there, or it or the log was cut: nothing may be written. */
    FILES_AWAY
};

/* Events of one room that lie one behind the other in the file where rooms rest. */
struct rest_run {
    int64_t number; /* of the room */
    uint32_t first, upto;
    int64_t place;       /* in the file */
    uint32_t size, tail; /* bytes, and those of its last event */
};

/* Runs that the table of them does not name yet. */
struct rest_list {
    struct rest_run *runs; /* owned */
    uint32_t count, capacity;
    uint32_t written; /* so many are in the file; of the others the bytes are here */
    uint32_t indexed; /* so many are in the table */
    uint8_t *bytes;   /* owned */
    size_t len, room;
};

/* What was fresh as a move began, and how far the move is. */
struct moving {
    struct fresh fresh;
    const struct fresh_room **rooms; /* NULL: nothing is being moved */
    uint32_t count;
    size_t slice; /* bytes that move at once */
    struct moving_place {
        uint32_t room, link; /* which room is next, and its event; link 0: its first */
    } place;
    struct rest_list list; /* what has been written of it */
    int64_t last;          /* the last commit that is being moved */
};

struct sqlite_store {
    sqlite3 *db; /* NULL after a failure, until it could be opened again */
    sqlite3_stmt *statements[ST_COUNT];
    int lock_fd;
    struct file_mark file, log; /* the database and its write-ahead log, as first opened */
    int64_t least;              /* bytes that the database had when it was last looked at */
    bool away;                  /* FILES_AWAY, and so the round was not begun */
    bool damaged;               /* a row that was to be read has not its sum */
    bool unsure;                /* a commit was synced into files that were not in place */
    bool doubted;               /* something failed outside of a round: to be opened anew */
    char why[256];              /* a sentence about the last rollback */
    int wal_pages;              /* in the write-ahead log after the last commit */
    struct commits commits;     /* the log */
    struct rest rest;           /* where rooms rest */
    int64_t sequence;           /* of the last commit of events */
    struct moving moving;       /* the older part of what is not at rest */
    struct fresh fresh;         /* the rest of it: since the log's active file is */
    struct fresh_block *round;  /* this round's events */
    int64_t round_events;       /* so many */
    int64_t life, kept;         /* sqlite_mark.c's */
    struct chore *chore;        /* the operator's, under way; sqlite_chores.c's own */
    void (*end_chore)(struct sqlite_store *store); /* while there is one: it has failed */
    size_t move_at;                    /* fresh bytes below which moving is not tried again */
    const struct journal_watch *watch; /* of the first opening; may be NULL */
    char path[];
};

enum {
    JOURNAL_ERROR_BYTES = 256,
    /* Fresh bytes after which they are moved: with nobody waiting, and all the same. The more,
     * the longer the runs of one room. */
    FRESH_IDLE_BYTES = 1024 * 1024,
    FRESH_MOVE_BYTES = 4 * 1024 * 1024,
    FRESH_MAX_BYTES = 64 * 1024 * 1024 /* nothing is kept beyond it: moving fails again and again */
};

/* The store's functions, without tidying and the operator's chores (sqlite.c). */
extern const struct journal_store sqlite_rows;

/* Runs a statement that gives no row. */
bool sqlite_step_done(sqlite3_stmt *statement) __attribute__((warn_unused_result));
/* One integer of a one-row answer; no row leaves *value. False: failed. */
bool sqlite_step_integer(sqlite3_stmt *statement, int64_t *value)
    __attribute__((warn_unused_result));
/* The same of a statement that is not prepared. */
bool sqlite_query_integer(sqlite3 *db, const char *sql, int64_t *value)
    __attribute__((warn_unused_result));
/* Runs statements that give no row. */
bool sqlite_exec(sqlite3 *db, const char *sql) __attribute__((warn_unused_result));
/* Runs a statement of two integers that gives no row. */
bool sqlite_exec_pair(sqlite3 *db, const char *sql, int64_t one, int64_t other)
    __attribute__((warn_unused_result));
/* Of a room's number, ?1: its last position at rest becomes ?2. */
extern const char sqlite_head_sql[];
/* A room number and a position as one row id, and that as SQL. */
int64_t sqlite_row_of(int64_t number, uint32_t pos);

/* Of the file at that path, not yet opened; ended by sqlite_rows.close. NULL: no memory. */
struct sqlite_store *sqlite_store_new(const char *path) __attribute__((warn_unused_result));
/* The first opening, and the taking over of an older file. error: at least 256 bytes; one sentence,
 * or empty if the reason is SQLite's. */
bool sqlite_file_open(struct sqlite_store *store, uint32_t *boot, int64_t *epoch, char *error)
    __attribute__((warn_unused_result));
/* Opens again after a failure; false: later calls try again. */
bool sqlite_file_reopen(struct sqlite_store *store) __attribute__((warn_unused_result));
void sqlite_file_close(struct sqlite_store *store);
/* Before the last closing: a folder at rest is whole without the log, if its disk allows. */
void sqlite_file_end(struct sqlite_store *store);
/* Whether both files are still where they were, and as long as they were. */
enum file_place sqlite_file_look(struct sqlite_store *store);
/* How many of the events that were kept the file has not, now that `fresh` is loaded. False: it
 * cannot be read. */
bool sqlite_mark_missing(struct sqlite_store *store, int64_t *missing)
    __attribute__((warn_unused_result));
/* Whether this is the file that was open last, not an older one or a copy. Before its next life. */
bool sqlite_mark_is_last(struct sqlite_store *store) __attribute__((warn_unused_result));
/* Begins a new life of the file, within a commit; what is missing was asked for. */
bool sqlite_mark_begin(struct sqlite_store *store) __attribute__((warn_unused_result));
/* So many more are synced. */
void sqlite_mark_more(struct sqlite_store *store, int64_t events);
/* So many may be gone soon: before the commit that removes them. False: it must not be done. */
bool sqlite_mark_less(struct sqlite_store *store, int64_t events)
    __attribute__((warn_unused_result));
/* A copy of the file has a life of its own. */
bool sqlite_mark_drop(sqlite3 *copy) __attribute__((warn_unused_result));
/* The number of the log's file from which on commits are not at rest; 0: all are. */
bool sqlite_log_number(sqlite3 *db, int64_t *number) __attribute__((warn_unused_result));
/* Makes `fresh` what the log, from that number on, and the table of that name hold. */
bool sqlite_fresh_load(struct sqlite_store *store, int64_t number)
    __attribute__((warn_unused_result));

/* Where rooms rest (sqlite_rest.c). Adds an event that follows on the one before, to a run of its
 * room. False: no memory. */
bool sqlite_rest_add(const struct sqlite_store *store, struct rest_list *list, int64_t number,
                     uint32_t pos, const uint8_t *bytes, uint32_t len)
    __attribute__((warn_unused_result));
/* Writes what was added to the file. False: none of it is in the list any more. */
bool sqlite_rest_write(struct sqlite_store *store, struct rest_list *list)
    __attribute__((warn_unused_result));
/* What was added and not written is in the list no more. */
void sqlite_rest_drop(struct rest_list *list);
/* Names up to `most` more of the runs in their table, with the last positions of their rooms; all
 * are synced. Within a commit. */
bool sqlite_rest_index(struct sqlite_store *store, struct rest_list *list, uint32_t most)
    __attribute__((warn_unused_result));
/* Empties it; its memory is given back. */
void sqlite_rest_forget(struct rest_list *list);
/* As sqlite_read_events, of what rests in the file. A run that is not as it was written:
 * store->damaged. */
bool sqlite_rest_read(struct sqlite_store *store, int64_t number, uint32_t after, uint32_t upto,
                      journal_visit visit, void *arg) __attribute__((warn_unused_result));
/* Overwrites all that is in no run, synced. False: it failed, or a run's row is damaged, so that
 * nobody knows. */
bool sqlite_rest_wipe(struct sqlite_store *store) __attribute__((warn_unused_result));
/* Why the last call of the file or of SQLite failed, for a sentence. */
const char *sqlite_rest_why(const struct sqlite_store *store);
/* Opens the file again. False: it cannot be used. */
bool sqlite_rest_open(struct sqlite_store *store) __attribute__((warn_unused_result));
/* What a move left there that did not come to its end is cut off, once all that was kept is found
 * to be there. Beside an older database, or a copy, it may be another's: that stays until something
 * is forgotten. error: as for sqlite_file_open. */
bool sqlite_rest_cut(struct sqlite_store *store, char *error) __attribute__((warn_unused_result));
/* The first opening, within a commit; for a database that has none yet it is made. error: as for
 * sqlite_file_open. */
bool sqlite_rest_begin(struct sqlite_store *store, char *error) __attribute__((warn_unused_result));

/* Moves all that is fresh to where rooms rest, in one commit. The log is void then: without
 * sqlite_log_anew nothing is appended. False: all is as it was. */
bool sqlite_rest_all(struct sqlite_store *store) __attribute__((warn_unused_result));
/* Begins the log again, once all is at rest. wipe: what it held is overwritten. */
bool sqlite_log_anew(struct sqlite_store *store, bool wipe) __attribute__((warn_unused_result));
/* After a failure outside of a round: the next one opens the file anew first, unless its disk was
 * merely full. What is under way meanwhile, such as a chore, ends by itself. */
void sqlite_doubt(struct sqlite_store *store);
/* Both; nothing if nothing is fresh. False: see sqlite_doubt, which was done. */
bool sqlite_settle(struct sqlite_store *store) __attribute__((warn_unused_result));
/* The next slice of a move that is under way, or due, and a checkpoint if it is time. Nobody waits
 * for more than a slice. ctx: the store. */
void sqlite_tidy(void *ctx, bool idle);
/* Drops the pages that are held in memory: they are read again when they are needed. */
void sqlite_ease(void *ctx);
/* A move that is under way is forgotten: for who loads `fresh` anew. */
void sqlite_move_forget(struct sqlite_store *store);
/* Bytes of all that is fresh. */
size_t sqlite_fresh_bytes(const struct sqlite_store *store);
/* A room's last position, if `at_rest` is its last at rest. */
uint32_t sqlite_fresh_head(const struct sqlite_store *store, int64_t number, uint32_t at_rest);
/* Takes a round back, and opens the file again where that is needed. ctx: the store. */
void sqlite_rollback(void *ctx);
/* After a step that gave neither a row nor the end: whether the file is damaged. */
void sqlite_note_damage(struct sqlite_store *store, int rc);
/* Runs one of the prepared statements. */
bool sqlite_run(struct sqlite_store *store, enum statement which)
    __attribute__((warn_unused_result));
/* A room's number and last position; number 0: no such room. False: failed, or damaged. */
bool sqlite_find_room(struct sqlite_store *store, const char *room, int64_t *number, uint32_t *head)
    __attribute__((warn_unused_result));
/* A room's events behind one position up to another. False: failed, damaged, or the visitor
 * stopped. */
bool sqlite_read_events(struct sqlite_store *store, int64_t number, uint32_t after, uint32_t upto,
                        bool (*visit)(void *arg, uint32_t pos, const uint8_t *bytes, uint32_t len),
                        void *arg) __attribute__((warn_unused_result));
/* A checkpoint of that kind (SQLITE_CHECKPOINT_PASSIVE and so on). False: it failed, or others were
 * in its way. */
bool sqlite_checkpoint(struct sqlite_store *store, int how);
/* Carries the whole write-ahead log over into the database, and empties it. */
bool sqlite_checkpoint_whole(struct sqlite_store *store) __attribute__((warn_unused_result));

/* A row of the rooms, with the last position that it has, fresh or at rest. */
struct sqlite_row {
    int64_t number;
    uint32_t head;
    bool sound; /* the row has its sum */
    char id[ROOM_ID_BYTES + 1];
};
/* The room with the lowest number above `after`. False: there is none, or the rooms cannot be read
 * (*failed). */
bool sqlite_next_room(struct sqlite_store *store, int64_t after, struct sqlite_row *row,
                      bool *failed) __attribute__((warn_unused_result));

/* Removal (sqlite_forget.c). of: as for journal_post_chore. NULL: a sentence is in `line`. */
struct forget *sqlite_forget_begin(enum journal_chore kind, const char *of, char *line)
    __attribute__((warn_unused_result));
enum journal_said sqlite_forget_slice(struct sqlite_store *store, struct forget *forget,
                                      const struct journal_changes *changes, char *line);
/* NULL: nothing. */
void sqlite_forget_end(struct forget *forget);
/* Whether the file still has bytes of what was removed: a removal did not come to its end. */
bool sqlite_forget_is_due(struct sqlite_store *store);
/* Makes the file anew, so that no free page or gap holds anything. */
bool sqlite_forget_make_anew(struct sqlite_store *store) __attribute__((warn_unused_result));

/* See struct journal_store. */
bool sqlite_chore_begin(void *ctx, enum journal_chore kind, const char *of, char *line);
enum journal_said sqlite_chore_slice(void *ctx, char *line, const struct journal_changes *changes);

#endif
