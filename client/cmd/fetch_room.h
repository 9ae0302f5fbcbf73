/* SPDX-License-Identifier: ISC */
/*
 * fetch_room.h: one room's recording from its server into a file, and whether what is on the disk
 * is good.
 *
 * The file is written beside its place and renamed, so a recording that is there is a whole answer.
 */
#ifndef SPAR_CLIENT_CMD_FETCH_ROOM_H
#define SPAR_CLIENT_CMD_FETCH_ROOM_H

#include "client/cmd/cmd.h"

struct fetch_room {
    const struct invite *room; /* server and room */
    uint8_t seat;              /* whose view it is, of a server too old to say so itself */
    enum role role;
    const struct message *enter; /* as of struct cmd_ask, for a coach without a seat; may be NULL */
    const char *path;
    const char *advice; /* what to do if it cannot be written there: "choose another with --out" */
    bool quiet;         /* says nothing of a good one */
};
/* Fetches, saves, reads it back and checks it. Returns the exit status; complains on stderr. */
int fetch_room(struct cmd_net *net, const struct fetch_room *fetch);

#endif
