/* SPDX-License-Identifier: ISC */
/*
 * beside.h: a file that is written beside its place and put there whole by a rename. Any thread.
 *
 * Its name is always the same, so what is left by somebody who was killed goes when the next one
 * writes there; a name of its own each time would leave a key, or what somebody wrote, for ever.
 */
#ifndef SPAR_CERTS_BESIDE_H
#define SPAR_CERTS_BESIDE_H

#include <limits.h>

enum { BESIDE_NAME_MAX = PATH_MAX + 16 };

/* Opens the empty file beside `path`, mode 0600, for the caller alone until the descriptor is
 * closed: whoever of the same user comes meanwhile waits. `name` is what to rename to `path`, or to
 * unlink, before that. -1: errno says why; EACCES, too, where another user's lies there. */
int beside_open(const char *path, char name[BESIDE_NAME_MAX]) __attribute__((warn_unused_result));

#endif
