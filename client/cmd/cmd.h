/* SPDX-License-Identifier: ISC */
/*
 * cmd.h: the subcommands and what they share.
 *
 * A subcommand gets argv with its own name first and returns an exit status (args.h). commands.def
 * is the table: adding one is a row there and a cmd_NAME.c.
 */
#ifndef SPAR_CLIENT_CMD_CMD_H
#define SPAR_CLIENT_CMD_CMD_H

#include <event2/event.h>

#include "client/batch/input.h"
#include "client/cmd/args.h"
#include "client/feed/live.h"
#include "client/report/out.h"
#include "client/store/recording_file.h"
#include "client/store/settings.h"

#define COMMAND(name, summary) int cmd_##name(int argc, char **argv);
#include "client/cmd/commands.def"
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

/* The person's own settings; complains of what is faulty in them, and goes by the rest. */
void cmd_settings(struct settings *out);
/* Whether the bell may ring: unless the settings say otherwise. */
bool cmd_bell(void);
/* The name that others see: `given`, else $SPAR_NAME, else the setting, else the login name. */
/* False: nobody asked for a name now, it is the setting's or the login's. */
bool cmd_name(const char *given, char out[NAME_MAX_BYTES + 1]);

/* The exit status of how a batch ended. */
int cmd_batch_status(enum batch_end end);
/* How long a first connection that nobody takes is tried, ms: not again in batch mode or without a
 * terminal. */
int64_t cmd_patience(bool batch) __attribute__((warn_unused_result));
/* Says once, for a first connection that nobody takes, that it is tried for CONNECTION_PATIENCE_MS.
 * told: whether it has. */
void cmd_say_patience(const char *why, bool *told);

/* Says once who can read what is written there, and for how long it is kept. told: whether it
 * has. */
void cmd_say_kept(const struct kept *kept, bool *told);

/* A seat in a live room, on a screen or in batch mode. */
struct cmd_room_options {
    const char *identity, *name; /* as given on the command line, may be NULL */
    const struct invite *invite;
    const struct feed_live_hosting *hosting; /* NULL: join */
    bool batch;
    bool stay; /* does not go on to a second half */
    /* not NULL: no screen; the file is brought into the room, and the seat is left again */
    const char *bring;
};
/* Runs until the person leaves or the batch is done; returns the exit status. */
int cmd_room_run(const struct cmd_room_options *options);
/* Brings a file into the live room of that link or id, as whoever has its seat. */
int cmd_bring(const char *word, const struct cmd_room_options *options);

/* One question to a server, over a connection of its own. */
struct cmd_ask {
    const struct invite *server;
    const struct message *question;
    /* NULL, or what enters a cohort: the question is put once that is answered, which `answer` gets
     * too. */
    const struct message *enter;
    /* NULL, or the pack of an offer: its bodies are put into the question, its parts go before. */
    const struct pack *pack;
    /* NULL, or where the reason of a refusal goes (REFUSAL_NONE: one that is not known), which then
     * is for the caller to tell. */
    enum refusal *refused;
    /* Each message that comes back; true: that was all. */
    bool (*answer)(void *ctx, const struct message *message);
    void *ctx;
};
/* Returns the exit status; complains on stderr. */
int cmd_ask(struct cmd_net *net, const struct cmd_ask *ask);

/* What replay and report are about. */
struct cmd_recording {
    struct recording rec; /* up to the last good event; freed with recording_free */
    bool whole;
    struct certs_why why; /* one sentence, unless it is whole */
};
/* Reads a file, or the recording of a room id; one that is not here is fetched if this client knows
 * the room. EXIT_GO_ON, or the exit status of what has been complained of; then there is nothing to
 * free. */
int cmd_recording_open(const char *word, struct cmd_recording *out);
/* Whether this client has been in a room of that id. */
bool cmd_room_known(const char *word);
/* Notes that the recording cannot be folded from this event on. */
void cmd_recording_misfit(struct cmd_recording *recording, uint32_t event);
/* The exit status of a command that went well so far: complains if the recording is not whole. */
int cmd_recording_done(const struct cmd_recording *recording, int status);
/* What a text has to go through before it is printed: it becomes ASCII if it goes to stdout (path
 * NULL) and the locale has no UTF-8. */
void cmd_text_fit(struct out *text, const char *path);
/* Writes a report to a file or (path NULL) to stdout. Returns the exit status; complains if not all
 * could be written. */
int cmd_report_put(const struct out *text, const char *path);
/* Appends the comparison of a re-marking with the recording that it marks, as text. False: that
 * recording is not in Spar's data folder, or not good, or has no panel's sheet; nothing is
 * appended. */
bool cmd_remark_append(const struct recording *anew, struct out *out)
    __attribute__((warn_unused_result));
/* Fetches a known room's recording to its usual place with the usual key; says nothing if all is
 * well. */
int cmd_fetch_quietly(const char *room);

#endif
