/* SPDX-License-Identifier: ISC */
/*
 * room_run.h: one person's way through live rooms, on a screen or in batch mode: a seat until it is
 * left, then the second half if there is one. What host, join and pair share.
 *
 * Invariant: at any time at most one room is joined: the old one is left, and its connection
 * closed, before the next one is called.
 */
#ifndef SPAR_CLIENT_CMD_ROOM_RUN_H
#define SPAR_CLIENT_CMD_ROOM_RUN_H

#include "client/batch/batch.h"
#include "client/cmd/cmd.h"

struct room_run {
    /* The owner's to fill in before the first run. */
    struct cmd_net *net;
    const char *name;     /* as given on the command line; NULL: the usual one */
    const char *identity; /* likewise */
    struct batch *batch;  /* NULL: on a screen */
    bool reading;         /* the batch reads its lines already */
    bool stay;            /* does not go on to a second half */
    const char *bring;    /* a file to bring into the room, in place of lines to read; NULL */
    bool known;           /* the server has just spoken of the first room: see connection_config */

    /* While it runs, and how it ended. */
    struct feed *feed; /* NULL: none */
    bool joined, on_screen, over;
    bool told;        /* that the server is called again */
    bool told_kept;   /* for how long the server keeps what is written */
    bool moved;       /* goes on to the second half */
    bool again;       /* takes the seat back from another connection */
    bool recalled;    /* by room_run_recall */
    int batch_status; /* how batch input ended: an exit status */
    enum connection_end end;
    char why[400];
};

/* Runs until the person leaves, the batch is done or it is called back; returns the exit status. */
int room_run(struct room_run *run, const struct invite *first,
             const struct feed_live_hosting *hosting);
/* Ends a run from a callback of somebody else's on the same event_base: the room is left. */
void room_run_recall(struct room_run *run);
/* Whether both an interviewer and a candidate have been in the room. */
bool room_run_met(const struct room_run *run);
/* For struct batch_options. The room is left, for good or for its second half. */
void room_run_done(struct room_run *run, enum batch_end end);
void room_run_moved(struct room_run *run);

#endif
