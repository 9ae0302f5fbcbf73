/*
 * cmd.h: the subcommands and what they share.
 *
 * A subcommand gets argv with its own name first and returns an exit status (args.h). commands.def is
 * the table: adding one is a row there and a cmd_NAME.c.
 */
#ifndef SPAR_CLIENT_CMD_H
#define SPAR_CLIENT_CMD_H

#include <event2/event.h>

#include "client/args.h"
#include "client/feed_live.h"

#define COMMAND(name, summary) int cmd_##name(int argc, char **argv);
#include "client/commands.def"
#undef COMMAND

/* What every command that speaks with a server needs. */
struct cmd_net {
    struct event_base *base;
    struct keypair *identity;
    SSL_CTX *context;
};
/* identity: path of the key, NULL for the usual one. False: said why on stderr. */
bool cmd_net_open(struct cmd_net *net, const char *identity) __attribute__((warn_unused_result));
void cmd_net_close(struct cmd_net *net);

/* A seat in a live room, on a screen or in batch mode. */
struct cmd_room_options {
    const char *identity, *name; /* as given on the command line, may be NULL */
    const struct invite *invite;
    const struct feed_live_hosting *hosting; /* NULL: join */
    bool batch;
    bool stay; /* does not go on to a second half */
};
/* Runs until the person leaves or the batch is done; returns the exit status. */
int cmd_room_run(const struct cmd_room_options *options);

/* One question to a server, over a connection of its own. */
struct cmd_ask {
    const struct invite *server;
    const struct message *question;
    /* Each message that comes back; true: that was all. */
    bool (*answer)(void *ctx, const struct message *message);
    void *ctx;
};
/* Returns the exit status; complains on stderr. */
int cmd_ask(struct cmd_net *net, const struct cmd_ask *ask);

#endif
