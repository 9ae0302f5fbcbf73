/* SPDX-License-Identifier: ISC */
/*
 * remark_file.h: a re-marking on disk, written whole or not at all each time.
 */
#ifndef SPAR_CLIENT_FEED_REMARK_FILE_H
#define SPAR_CLIENT_FEED_REMARK_FILE_H

#include "certs/keypair.h"
#include "client/feed/remark.h"

/* Writes the re-marking beside `path` and renames it. sync: onto the disk before that. False:
 * `why`. */
bool remark_file_save(const struct remark *remark, const struct keypair *identity, const char *path,
                      bool sync, struct certs_why *why) __attribute__((warn_unused_result));
/* Takes what an earlier re-marking at `path` holds, if there is a file: one of this recording, with
 * this key. False: `why`. */
bool remark_file_resume(struct remark *remark, const struct keypair *identity, const char *path,
                        struct certs_why *why) __attribute__((warn_unused_result));

#endif
