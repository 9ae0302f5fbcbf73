/* SPDX-License-Identifier: ISC */
/*
 * known_servers.h: the servers that this client knows, and the own rooms that they list.
 *
 * All functions are for the command's one thread, and complain on stderr.
 */
#ifndef SPAR_CLIENT_CMD_KNOWN_SERVERS_H
#define SPAR_CLIENT_CMD_KNOWN_SERVERS_H

#include "client/cmd/cmd.h"

/* Asks every server on which this client has had a room or entered a cohort, each once, the newest
 * first. The worst status of all. */
int cmd_known_servers(int (*ask)(void *ctx, const struct invite *server), void *ctx);

/* Rooms that servers have listed as this key's. Begins as all zeros; `at` is freed by its owner. */
struct known_rooms {
    struct invite *at; /* server, room and role; no secret */
    size_t count;
    bool failed; /* no memory for one of them */
};
/* Takes one row of a server's answer (MESSAGE_SESSION); what is lost is not for here. */
void known_rooms_take(struct known_rooms *known, const struct invite *server,
                      const struct message *message);
/* Writes down those of which this client did not know, so that their ids are enough for later
 * commands. Returns the exit status. */
int known_rooms_keep(const struct known_rooms *known, const struct cmd_net *net);
/* Asks every known server for the rooms of the usual key, and keeps them. Returns the worst exit
 * status; what other servers have said is kept. */
int cmd_learn_rooms(void);

#endif
