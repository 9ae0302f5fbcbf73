/* SPDX-License-Identifier: ISC */
/*
 * folder.h: what of a folder the server makes sure of. Any thread.
 */
#ifndef SPAR_SERVER_BASE_FOLDER_H
#define SPAR_SERVER_BASE_FOLDER_H

#include <stdbool.h>

/* Syncs the names in it: a file that was made or renamed there is still there after a power cut.
 * False: errno tells why. */
bool folder_sync(const char *path) __attribute__((warn_unused_result));

/* Syncs the name of `path` itself, which is a folder's, if the one above it allows that: it may be
 * another user's. */
void folder_sync_above(const char *path);

#endif
