/* SPDX-License-Identifier: ISC */
/*
 * recording_file.h: a recording from disk, found by room id or by path.
 */
#ifndef SPAR_CLIENT_STORE_RECORDING_FILE_H
#define SPAR_CLIENT_STORE_RECORDING_FILE_H

#include "certs/why.h"
#include "protocol/wire/recording.h"

enum { RECORDING_FILE_MAX = 256 * 1024 * 1024 /* bytes; a larger file is refused unread */ };

/* Reads FILE, or the recording of a room id in Spar's data folder. What came of it;
 * RECORDING_DAMAGED and RECORDING_NO_END leave the events up to the last good one in *rec,
 * RECORDING_OK all. Otherwise *rec is empty. `why` is one sentence unless RECORDING_OK. Freed with
 * recording_free in any case. */
enum recording_fault recording_file_read(const char *word, struct recording *rec,
                                         struct certs_why *why) __attribute__((warn_unused_result));
/* Whether `word` is a room id, no file, and there is no recording of that room in the data
 * folder. */
bool recording_file_missing(const char *word) __attribute__((warn_unused_result));

#endif
