/* SPDX-License-Identifier: ISC */
/*
 * commits.h: the log in front of the database: what was committed and is not at rest yet, in the
 * order of the commits, in two files that are written by turns.
 *
 * A file lies there before it is written to, so that a commit is one write and a sync that changes
 * nothing but the file's bytes. While what is in one is moved to rest, the other takes what comes;
 * then the first is used again. A file begins with its number, which is one more than the other's,
 * and with a salt that nobody else knows, by which what lies there from an earlier use is told from
 * what belongs to this one. Behind that come batches, each with its length, its sequence and
 * checksums of both and of its bytes; the last of a file that is not written to any more is empty
 * and says so. The reading ends with the first batch that is not whole; if one that is whole lies
 * behind it, the file is damaged.
 *
 * The checksums are XXH3 with the salt as its seed, as for the rows; it is at hand, and finds more
 * than a CRC. One thread: the journal's.
 */
#ifndef SPAR_SERVER_JOURNAL_COMMITS_H
#define SPAR_SERVER_JOURNAL_COMMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    COMMITS_FILES = 2,
    COMMITS_FIRST_BYTES = 1024 * 1024,   /* of a file that is made, */
    COMMITS_SIZE_MAX = 64 * 1024 * 1024, /* and which it grows to by doubling */
    COMMITS_HEAD = 512,                  /* bytes before the first batch */
    COMMITS_BATCH_HEAD = 24,             /* bytes before each batch's own */
    COMMITS_ALIGN = 8                    /* bytes */
};

struct commits_file {
    int fd; /* -1: there is none yet */
    dev_t device;
    ino_t inode;
    int64_t size;    /* bytes */
    uint64_t number; /* of its use; 0: it was never used */
    uint64_t salt;
};

struct commits {
    const char *path; /* of the database; not owned */
    struct commits_file files[COMMITS_FILES];
    unsigned active;
    uint64_t number; /* the active file's; 0: none is */
    int64_t at;      /* where the next batch goes */
    uint8_t *out;    /* owned: a batch that is being written */
    size_t room;     /* bytes of `out` */
    bool full;       /* the last batch was not written for want of space, and nothing is lost */
    int error;       /* of the last batch that was not kept; 0: none, or no memory */
};

/* Takes one batch, whose bytes are valid during the call; false: stop. */
typedef bool (*commits_visit)(void *ctx, int64_t sequence, const uint8_t *bytes, size_t len);

enum commits_state {
    COMMITS_GOOD,
    COMMITS_MISSING, /* a file with that number, or the one behind it, is not there */
    COMMITS_DAMAGED, /* a head is not what was written, a file is shorter than it was, or a batch
                        behind one that is not whole is */
    COMMITS_FAILED   /* cannot be opened or read, or no memory, or the visitor stopped */
};

/* Nothing is opened. path: of the database, stays the caller's. */
void commits_init(struct commits *commits, const char *path);
/* Opens what files there are, and reads their heads. Nothing is active. */
enum commits_state commits_open(struct commits *commits) __attribute__((warn_unused_result));
void commits_close(struct commits *commits);
/* All batches of the file with that number, which must be there, and of the one behind it. */
enum commits_state commits_read(struct commits *commits, uint64_t from, commits_visit visit,
                                void *ctx) __attribute__((warn_unused_result));
/* What is written from now on goes to the other file, which takes the next number; what was in it
 * is void. It is made as large as the one before was full. False: the active one stays active;
 * `full`, or nothing may be written to it any more. */
bool commits_change(struct commits *commits) __attribute__((warn_unused_result));
/* Overwrites both files, of which none is active then. False: not wholly. */
bool commits_wipe(struct commits *commits) __attribute__((warn_unused_result));
/* Writes a batch and syncs it. sequence: above that of the batch before. len: above 0. False: it is
 * not kept; `full`, or nothing may be written to the file any more. */
bool commits_append(struct commits *commits, int64_t sequence, const void *bytes, size_t len)
    __attribute__((warn_unused_result));
/* Removes the files of the log that belongs to a database at that path, of which all is at rest. */
void commits_remove(const char *path);
/* The database is at another path of the same folder now, and so are they. */
void commits_rename(const char *path, const char *to);
/* Whether the active file is where it was, and as long. */
bool commits_in_place(const struct commits *commits);
/* Whether the active file's bytes still are what was written there; both: the other's, too. */
bool commits_sound(const struct commits *commits, bool both) __attribute__((warn_unused_result));

#endif
