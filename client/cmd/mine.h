/* SPDX-License-Identifier: ISC */
/*
 * mine.h: what the parts of spar mine share. For the command's one thread.
 */
#ifndef SPAR_CLIENT_CMD_MINE_H
#define SPAR_CLIENT_CMD_MINE_H

#include <jansson.h>

#include "client/cmd/cmd.h"

/* Writes `json` into a file of that name in the folder. Returns the exit status; complains on
 * stderr. */
int mine_put(const char *folder, const char *name, const json_t *json);

/* What the cohorts that this client has entered, or has been given a link of, hold of the key. */
struct mine_cohorts {
    struct cmd_net *net;
    const char *folder;
    const struct invite *servers; /* that have answered; borrowed */
    size_t server_count;
    json_t *listed; /* what mine.json says of each: its file, or why there is none */
    size_t saved;   /* files */
};
/* Asks for them, saves each as a file, and fills in `listed` (freed by the caller; NULL: the
 * cohorts cannot be read) and `saved`. The worst exit status; one that fails is said, and does not
 * stop the others. */
int mine_cohorts_save(struct mine_cohorts *all);

#endif
