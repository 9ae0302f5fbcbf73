/* SPDX-License-Identifier: ISC */
/*
 * progress_load.h: the recordings of a folder as sessions.
 */
#ifndef SPAR_CLIENT_CMD_PROGRESS_LOAD_H
#define SPAR_CLIENT_CMD_PROGRESS_LOAD_H

#include "certs/why.h"
#include "client/report/progress.h"

/* Takes every *.spar of a folder that is no re-marking, in the order of their names. What is
 * damaged or never started becomes a note. False: `why` (the folder cannot be read, out of memory).
 * A folder that is not there is empty if `may_lack`. */
bool progress_load(struct progress *progress, const char *folder, bool may_lack,
                   struct certs_why *why) __attribute__((warn_unused_result));

#endif
