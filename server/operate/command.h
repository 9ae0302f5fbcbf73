/* SPDX-License-Identifier: ISC */
/*
 * command.h: `spard check`, `spard backup FOLDER`, `spard forget ROOM|KEY`, `spard prune`, `spard
 * nodes`, `spard drain`: asked of the running server, or done on the data folder if none runs.
 */
#ifndef SPAR_SERVER_OPERATE_COMMAND_H
#define SPAR_SERVER_OPERATE_COMMAND_H

#include <limits.h>
#include <stdbool.h>

#include "server/config/config.h"
#include "server/operate/control.h"

struct operator_request {
    enum operator_command what;
    const char *of;           /* "" for a check */
    char text[PATH_MAX + 32]; /* what `of` points to, where it was put together */
};

/* Takes a command and what it is of out of the arguments, which it shortens: `spard check --data
 * FOLDER`. what: OPERATOR_NONE if the first is no command. False: what it is of is missing, with a
 * sentence in `error` (CONFIG_ERROR_MAX bytes). */
bool command_take(struct operator_request *command, int *argc, char **argv, char *error)
    __attribute__((warn_unused_result));
/* Does it, with how far it is on standard error. Returns the exit status: 0 done, 1 not, with the
 * sentence on standard output or error. Main thread, before anything else was set up. */
int command_run(const struct operator_request *command, const struct config *config);

#endif
