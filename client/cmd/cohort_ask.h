/* SPDX-License-Identifier: ISC */
/*
 * cohort_ask.h: finding the cohort that a command is about, and putting a question to its server as
 * a member.
 */
#ifndef SPAR_CLIENT_CMD_COHORT_ASK_H
#define SPAR_CLIENT_CMD_COHORT_ASK_H

#include "client/cmd/cmd.h"

/* The cohort of that name or id that this client has entered in that role (ROLE_NONE: in any); word
 * NULL: the newest. EXIT_GO_ON, or the exit status of what was complained of: `advice` ends the
 * sentence if there is none (NULL: then nothing is said). */
int cohort_known(const char *word, enum role role, struct invite *out, const char *advice);
/* The same, but `word` may be a cohort's link too. */
int cohort_find(const char *word, enum role role, struct invite *out, const char *advice);

struct cohort_ask {
    const char *cohort; /* link, name or id; NULL: the newest one that this client coaches */
    bool any_role;      /* NULL: the newest of all */
    const char *identity, *name;        /* as on the command line, may be NULL */
    struct cmd_net net;                 /* open after cohort_ask_open */
    struct invite at;                   /* the cohort; with its secret if a link was given */
    char title[NAME_MAX_BYTES + 1];     /* its name, once asked */
    char call[ROOM_CALL_MAX_BYTES + 1]; /* its link to a call elsewhere, likewise; "": none */
    const struct pack *pack;            /* of an offer; NULL: the question is none */
};

/* Finds the cohort and opens the key. EXIT_GO_ON: good, and cohort_ask_close is due. */
int cohort_ask_open(struct cohort_ask *ask);
void cohort_ask_close(struct cohort_ask *ask);
/* Enters and asks; each message of the answer goes to `answer` until it says true. Entering for the
 * first time is remembered. Returns the exit status; complains on stderr. */
int cohort_ask_put(struct cohort_ask *ask, const struct message *question,
                   bool (*answer)(void *ctx, const struct message *message), void *ctx);

/* A room of the cohort, as its coaches know it. */
struct cohort_session {
    char room[ROOM_ID_BYTES + 1];
    int64_t opened; /* ms of room time */
    enum stage stage;
    enum role role; /* of one's own seat, ROLE_NONE: none */
    uint32_t events;
    char title[PACK_TITLE_MAX + 1], names[NAMES_MAX_BYTES + 1]; /* as typed */
};
struct cohort_sessions {
    struct cohort_session *at;
    uint32_t count, cap;
};
/* All rooms of the cohort, the server's order. Returns the exit status; freed by
 * cohort_sessions_free in any case. */
int cohort_ask_sessions(struct cohort_ask *ask, struct cohort_sessions *out);
void cohort_sessions_free(struct cohort_sessions *sessions);
/* Saves the recording of one of them and checks it; says nothing if it is good. Returns the exit
 * status. */
int cohort_ask_fetch(struct cohort_ask *ask, const struct cohort_session *session,
                     const char *path);

#endif
