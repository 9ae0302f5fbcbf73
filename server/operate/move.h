/* SPDX-License-Identifier: ISC */
/*
 * move.h: `spard move FROM TO`, of which one is a data folder and the other a database.
 */
#ifndef SPAR_SERVER_OPERATE_MOVE_H
#define SPAR_SERVER_OPERATE_MOVE_H

#include <stdbool.h>

/* Whether the arguments are that command. */
bool move_is_asked(int argc, char **argv) __attribute__((warn_unused_result));
/* Does it, with how far it is on standard error. Returns the exit status: 0 done, 1 not, 2 used
 * wrongly. Main thread, before anything else was set up. */
int move_run(int argc, char **argv);

#endif
