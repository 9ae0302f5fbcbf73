/* SPDX-License-Identifier: ISC */
/*
 * sqlite_log.h: a look at a write-ahead log before SQLite reads it. SQLite takes a log up to the
 * first frame that is wrong, whatever stands behind it: a flipped bit would silently take back what
 * was confirmed after it.
 */
#ifndef SPAR_SERVER_JOURNAL_SQLITE_LOG_H
#define SPAR_SERVER_JOURNAL_SQLITE_LOG_H

#include <stdbool.h>

/* False: the log of the database at `path` is damaged: behind a wrong frame stand commits that were
 * synced. A log that is missing, empty or ends in a torn commit is sound. same_boot: the machine
 * has run all the time since it was written, so that no frame can be there without those before
 * it. */
bool sqlite_log_is_sound(const char *path, bool same_boot) __attribute__((warn_unused_result));

#endif
