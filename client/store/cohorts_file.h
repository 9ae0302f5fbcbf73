/* SPDX-License-Identifier: ISC */
/*
 * cohorts_file.h: the cohorts that this client has entered: where they are and with what pin, so
 * that a later command needs only a cohort's name or id.
 *
 * One line each, newest last: COHORT ROLE HOST:PORT PIN (or - for no pin) NAME. No secrets: the key
 * opens the cohort now. A line that cannot be read is left out.
 */
#ifndef SPAR_CLIENT_STORE_COHORTS_FILE_H
#define SPAR_CLIENT_STORE_COHORTS_FILE_H

#include "certs/why.h"
#include "protocol/wire/invite.h"

enum { COHORTS_FILE_MAX = 200 /* the oldest lines go */ };

struct cohorts_entry {
    struct invite at; /* host, port, pin, id as `room`, role; no secret */
    char name[NAME_MAX_BYTES + 1];
};

struct cohorts_file {
    struct cohorts_entry *entries; /* oldest first */
    size_t count;
};

/* Reads the file; without one the list is empty. */
bool cohorts_file_read(struct cohorts_file *cohorts, struct certs_why *why)
    __attribute__((warn_unused_result));
void cohorts_file_free(struct cohorts_file *cohorts);
/* Adds a cohort, or moves it to the end, and writes the file (whole or not at all). The name is
 * kept as plain text. */
bool cohorts_file_add(const struct invite *cohort, const char *name, struct certs_why *why)
    __attribute__((warn_unused_result));
/* The newest entry with that id or name, or NULL. word NULL: the newest of all; role ROLE_NONE:
 * whatever role. */
const struct cohorts_entry *cohorts_file_find(const struct cohorts_file *cohorts, const char *word,
                                              enum role role);

#endif
