/* SPDX-License-Identifier: ISC */
/*
 * control.h: how the operator's commands reach a running server: a Unix socket in the data folder,
 * which its owner alone may open.
 *
 * One line comes in: a command's word and, behind a space, what it is of. Lines go out: "... " with
 * how far it is, about one a second; "row " with what was asked for, as it is to be printed; and
 * last "ok " or "no " with a sentence, which may be missing behind rows. Then the end.
 */
#ifndef SPAR_SERVER_OPERATE_CONTROL_H
#define SPAR_SERVER_OPERATE_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/un.h>

struct control;
struct event_base;
struct journal;
struct log;

/* A command's words, as the operator types them and as they are sent. */
enum operator_command {
    OPERATOR_NONE,
    OPERATOR_CHECK,
    OPERATOR_BACKUP,
    OPERATOR_FORGET,
    OPERATOR_PRUNE,
    OPERATOR_NODES,
    OPERATOR_DRAIN
};

/* OPERATOR_NONE: no such word. */
enum operator_command operator_command_of(const char *word);
const char *operator_command_word(enum operator_command command);
/* The socket's address. False: the data folder's path is too long for one. */
bool control_address(const char *data, struct sockaddr_un *address)
    __attribute__((warn_unused_result));

/* Listens until control_close, on `base`'s thread. Before the workers start, since it listens to
 * the journal. NULL: it cannot, which the log says; the server goes on without. */
struct control *control_open(struct event_base *base, struct journal *journal, const char *data,
                             struct log *log);
/* Takes no further commands; whoever waits hears the end when the journal has closed. */
void control_stop(struct control *control);
/* After the journal was closed; NULL is allowed. */
void control_free(struct control *control);

#endif
