/* SPDX-License-Identifier: ISC */
/*
 * rest.h: the file in which rooms rest, beside the database: runs of one room's events, one behind
 * the other. Where each run is, the database's table `run` says.
 *
 * The file begins with an identity that the database holds, too, so that neither goes on with
 * another's. Behind that come runs; what is written goes to the end. What is removed is overwritten
 * with zeros and given back to the file system as a hole, whose place is not used again.
 *
 * A run: for each event REST_EVENT_HEAD bytes, its length and its checksum (sum.h), and the event.
 *
 * One thread: the journal's.
 */
#ifndef SPAR_SERVER_JOURNAL_REST_H
#define SPAR_SERVER_JOURNAL_REST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    REST_HEAD = 64,              /* bytes before the first run */
    REST_EVENT_HEAD = 12,        /* bytes before each event of a run */
    REST_RUN_BYTES = 256 * 1024, /* a run has its last event by then */
};

struct rest {
    const char *path; /* of the database; not owned */
    int fd;           /* -1: it is not open */
    dev_t device;     /* as it was first opened, and */
    ino_t inode;      /* 0: it never was */
    int64_t end;      /* bytes, behind the last run */
    bool dirty;       /* something is not synced yet */
    bool broken;      /* a sync failed: it is to be opened anew */
    int error;        /* of the last call that failed, until something is appended again */
};

enum rest_state {
    REST_GOOD,
    REST_MISSING, /* it is not there, or shorter than it was */
    REST_FOREIGN, /* it belongs to another database */
    REST_FAILED   /* it cannot be opened, read or written */
};

/* Nothing is opened. path: of the database, stays the caller's. */
void rest_init(struct rest *rest, const char *path);
/* Makes one without runs, synced by its name, too, for a database that has none yet. One without
 * runs that lies there is made anew; of one with runs: REST_FOREIGN. identity: above 0. */
enum rest_state rest_make(struct rest *rest, int64_t *identity) __attribute__((warn_unused_result));
/* Opens the file of that identity, of which the database knows up to `end`. What lies behind stays
 * as it is, and what is new goes behind that. */
enum rest_state rest_open(struct rest *rest, int64_t identity, int64_t end)
    __attribute__((warn_unused_result));
/* What lies behind `end`, which no run is, is overwritten and cut off. False: not wholly. */
bool rest_cut(struct rest *rest, int64_t end) __attribute__((warn_unused_result));
/* Opens the file to read from it only, whoever's it is. */
enum rest_state rest_look(struct rest *rest) __attribute__((warn_unused_result));
/* What it was opened as stays known. */
void rest_close(struct rest *rest);
/* Whether the file is where it was, and as long. */
bool rest_in_place(const struct rest *rest);
/* Writes behind the last run. False: nothing is kept of it. */
bool rest_append(struct rest *rest, const void *bytes, size_t len)
    __attribute__((warn_unused_result));
/* Whether the last call to append failed for want of space. */
bool rest_is_full(const struct rest *rest);
/* Syncs what was appended, and wiped. False: nothing may be written before it was opened anew. */
bool rest_sync(struct rest *rest) __attribute__((warn_unused_result));
/* False: not wholly. */
bool rest_read(const struct rest *rest, int64_t place, void *bytes, size_t len)
    __attribute__((warn_unused_result));
/* Overwrites what lies between those places with zeros, but for holes. It is not synced. False: not
 * wholly. */
bool rest_wipe(struct rest *rest, int64_t from, int64_t upto) __attribute__((warn_unused_result));
/* Gives what lies between them back to the file system, if that can. It was wiped, and synced. */
void rest_release(const struct rest *rest, int64_t from, int64_t upto);
/* Removes the file that belongs to a database at that path. */
void rest_remove(const char *path);
/* Whether there is one at that path that holds anything, whoever's. */
bool rest_is_filled(const char *path);
/* The database is, or is to be, at another path of the same folder. False: it could not. */
bool rest_rename(const char *path, const char *to) __attribute__((warn_unused_result));

#endif
