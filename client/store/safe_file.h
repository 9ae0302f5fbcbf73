/* SPDX-License-Identifier: ISC */
/*
 * safe_file.h: the client's small files: read line by line, written whole or not at all.
 */
#ifndef SPAR_CLIENT_STORE_SAFE_FILE_H
#define SPAR_CLIENT_STORE_SAFE_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "certs/why.h"

/* Writes beside `path` (mode 0600) what `put` prints, syncs it if asked to, and renames it there.
 * What is there and no file, a device or a pipe, is written to and stays. False: errno says why,
 * and the old file stays. */
bool safe_file_replace(const char *path, bool sync, void (*put)(FILE *file, const void *ctx),
                       const void *ctx) __attribute__((warn_unused_result));
/* Gives each line of the file of that name in Spar's data folder (identity.h), without its end, to
 * `take`, until that says false. There need be no file. False: `why` says why, beginning with
 * `what` ("The list of rooms"). */
bool safe_file_read(const char *name, const char *what, bool (*take)(void *ctx, char *line),
                    void *ctx, struct certs_why *why) __attribute__((warn_unused_result));
/* Writes that file as safe_file_replace does. False: `why` says why, and the old file stays. */
bool safe_file_write(const char *name, const char *what, void (*put)(FILE *file, const void *ctx),
                     const void *ctx, struct certs_why *why) __attribute__((warn_unused_result));

/* Whether a stream leads to a pipe or socket whose reader has gone: then what is written there is
 * missed by nobody, and a command ends without a complaint. */
bool safe_file_unread(FILE *file) __attribute__((warn_unused_result));

#endif
