/*
 * safe_file.h: writing one of the client's files whole or not at all.
 */
#ifndef SPAR_CLIENT_SAFE_FILE_H
#define SPAR_CLIENT_SAFE_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "certs/why.h"

/* Writes beside `path` (mode 0600) what `put` prints, syncs it if asked to, and renames it there. False: errno says why,
 * and the old file stays. */
bool safe_file_replace(const char *path, bool sync, void (*put)(FILE *file, const void *ctx),
                       const void *ctx) __attribute__((warn_unused_result));
/* Writes beside `path` (mode 0600) what `put` prints and renames it there. False: `why` says why, beginning with
 * `what` ("The list of rooms"), and the old file stays. */
bool safe_file_write(const char *path, const char *what, void (*put)(FILE *file, const void *ctx),
                     const void *ctx, struct certs_why *why) __attribute__((warn_unused_result));

#endif
