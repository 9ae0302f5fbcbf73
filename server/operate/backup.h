/* SPDX-License-Identifier: ISC */
/*
 * backup.h: the folder of a whole copy: what of it does not change while a server runs.
 */
#ifndef SPAR_SERVER_OPERATE_BACKUP_H
#define SPAR_SERVER_OPERATE_BACKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "server/journal/journal.h"

/* Makes `folder`, or takes it if it is empty or was only begun, and copies the server's key and the
 * host secret of `data` into it, behind a file by whose name no server starts there before the
 * journal's copy is whole. journal: the path for the journal's copy, `size` bytes. False: one
 * sentence in `line`, JOURNAL_LINE_MAX bytes. */
bool backup_begin(const char *data, const char *folder, char *journal, size_t size, char *line)
    __attribute__((warn_unused_result));

#endif
