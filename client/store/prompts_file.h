/* SPDX-License-Identifier: ISC */
/*
 * prompts_file.h: the prompts on which this person has been candidate, as far as this machine
 * knows: one id a line, newest last. A help for choosing; the server knows better.
 */
#ifndef SPAR_CLIENT_STORE_PROMPTS_FILE_H
#define SPAR_CLIENT_STORE_PROMPTS_FILE_H

#include <stdbool.h>

#include "protocol/limits.h"

enum { PROMPTS_FILE_MAX = 256 /* the oldest go */ };

struct prompts_file {
    int count;
    char ids[PROMPTS_FILE_MAX][ID_MAX_BYTES + 1];
};

/* Reads the file; one that cannot be read counts as empty. */
void prompts_file_read(struct prompts_file *prompts);
bool prompts_file_has(const struct prompts_file *prompts, const char *id);
/* Adds an id, unless it is there. A file that cannot be written is no reason to stop: nothing is
 * said. */
void prompts_file_add(const char *id);

#endif
