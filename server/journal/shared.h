/* SPDX-License-Identifier: ISC */
/*
 * shared.h: a journal whose rows several servers append to.
 *
 * The core (core.h) compares, commits and publishes as for any journal; what is particular to rows
 * that others append to is here: a round's events of one room are one row, a run, which is stored
 * whole or not at all; a commit whose outcome was lost with the connection is looked up and, where
 * it was not stored, repeated as it was; others are told of what was stored, and what they tell is
 * followed up; and each server holds a lease.
 *
 * Where the rows lie and how others are told is a table of functions: postgres.c; for tests
 * tests/support/shared_rows.c, which can come second, lose the outcome, lose what it tells, and
 * show what is gone later.
 */
#ifndef SPAR_SERVER_JOURNAL_SHARED_H
#define SPAR_SERVER_JOURNAL_SHARED_H

#include <stdbool.h>
#include <stdint.h>

#include "server/journal/core.h"
#include "server/journal/run.h"

enum {
    SHARED_WAIT_MS = 30000,        /* that who appends or reads waits to reach the rows again */
    SHARED_BEAT_MS = 500,          /* between two beats of a lease */
    SHARED_DRAIN_MS = 100,         /* the same while people are handed over: it is seen at once */
    SHARED_DEAD_MS = NODE_DEAD_MS, /* by the rows' clock: then the server is dead */
    SHARED_GRACE_MS = 5000,        /* after the rows were out of reach nobody is judged */
    /* Without its lease and away from the rows for so long, though something of them answers, as
     * while another database becomes the primary: this server cannot keep anything any more. Where
     * nothing answers it is so once others may take it for dead. */
    SHARED_CUT_MS = 10000,
    SHARED_HURRY_MS = 1000 /* that all together wait for them once the journal is being closed */
};

/* Called for each row of a room, in order; see journal_visit. */
typedef bool (*shared_visit)(void *arg, const struct run_row *row);

/* What is no event, on its way to the server of boot `to`, or to all (0). */
struct shared_trip {
    const char *room;
    uint32_t to;
    const uint8_t *bytes;
    size_t len;
};

/* What somebody else has stored, of the room `id`. row.body NULL: it is to be read. trip: not NULL,
 * and then that is all there is. */
struct shared_notice {
    const char *id;
    struct run_row row;
    const struct shared_trip *trip;
};
/* Takes a notice; NULL: some may have been lost. */
typedef void (*shared_take)(void *arg, const struct shared_notice *notice);

/* What a beat says of this server, and is answered. */
struct shared_beat {
    uint32_t boot;
    bool judge; /* those that have not beaten for SHARED_DEAD_MS by the rows' clock are ended */
    struct node_load load;
    int64_t ahead_us;
    struct slew_sample moment; /* of the rows' clock */
    uint32_t form;             /* see journal_form; 0: it was not read */
    struct leases live;        /* the leases that are left */
    struct node_list nodes;    /* whose they are */
};

/* Functions of the rows; `ctx` is theirs. False: they are out of reach, and until `reach` nothing
 * will be done. On the journal's thread. */
struct shared_rows {
    /* Goes to where the rows can be written now, for at most so many ms. What was asked before is
     * forgotten. */
    bool (*reach)(void *ctx, int64_t ms);
    bool (*find)(void *ctx, const char *room, int64_t *number, uint32_t *head);
    /* May be NULL: the last positions of those rooms. Shows nothing that may be gone later. */
    bool (*heads)(void *ctx, const int64_t *numbers, uint32_t *heads, uint32_t count);
    bool (*create)(void *ctx, const char *room, int64_t *number);
    /* Stores the open runs, all at once, each unless there is a row of that room and pos; then
     * it is lost. Members of rooms whose run is kept are stored with it. False: what was stored
     * is not known. */
    bool (*insert)(void *ctx, struct run_commit *commit);
    /* Whether what gave false last was refused by rows that are within reach: nothing was stored,
     * and to try again would be in vain. */
    bool (*refused)(void *ctx);
    /* Rows that hold events with after < pos <= upto. Shows nothing that may be gone later. */
    bool (*read)(void *ctx, int64_t number, uint32_t after, uint32_t upto, shared_visit visit,
                 void *arg);
    /* False: nothing was visited. */
    bool (*rooms_of)(void *ctx, const uint8_t *key, uint32_t max, journal_visit_room visit,
                     void *arg);
    /* Tells the other servers of the kept runs; borrowed during the call. What is lost on the way
     * they find by comparing. */
    void (*tell)(void *ctx, struct run_commit *commit);
    /* Tells them of what is no event, by the next `hear`. */
    void (*trip)(void *ctx, const struct shared_trip *trip);
    /* Passes on what others have told; wake_fd, ms: waits for that, for the descriptor or so long;
     * -1 and 0: not at all. */
    bool (*hear)(void *ctx, int wake_fd, int64_t ms, shared_take take, void *arg);
    /* Takes a lease under a boot that nobody had. full: set, and no lease taken, if NODES_MAX live
     * already; NULL: takes it all the same. */
    bool (*enter)(void *ctx, uint32_t *boot, bool *full);
    /* Holds the lease. One's own is not among those that live (leases_has): another has ended it.
     */
    bool (*beat)(void *ctx, struct shared_beat *beat);
    /* Has the server of that boot hand its people over: its node says `drains` from now on, also
     * after it has entered anew. *done: false and nothing changed, if there is none such, or no
     * other that lives and takes people in. */
    bool (*drain)(void *ctx, uint32_t boot, bool *done);
    void (*leave)(void *ctx, uint32_t boot);
    /* By now(): when the lease was last held. */
    int64_t (*held)(void *ctx);
    /* Whether nothing at all answered when `reach` last failed. */
    bool (*silent)(void *ctx);
    /* As of struct journal_store; may be NULL. */
    bool (*chore_begin)(void *ctx, enum journal_chore chore, const char *of, char *line);
    enum journal_said (*chore_slice)(void *ctx, char *line, const struct journal_changes *changes);
    /* Any thread: in so many ms `reach` is not to wait any more. */
    void (*hurry)(void *ctx, int64_t ms);
    /* Monotonic ms. Any thread. */
    int64_t (*now)(void *ctx);
    void (*close)(void *ctx);
};

/* Starts a journal over the rows, which have been reached, and owns them. NULL: no memory, no
 * thread, or no lease, since NODES_MAX servers live (*full) or they are out of reach; the rows stay
 * the caller's. */
struct journal *journal_shared_start(const struct shared_rows *rows, void *ctx,
                                     const struct journal_self *self, int64_t epoch, bool *full)
    __attribute__((warn_unused_result));

#endif
