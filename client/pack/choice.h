/* SPDX-License-Identifier: ISC */
/*
 * choice.h: the prompts that a command may work with: one by its name, or all that this machine
 * has.
 */
#ifndef SPAR_CLIENT_PACK_CHOICE_H
#define SPAR_CLIENT_PACK_CHOICE_H

#include <stdio.h>

#include "protocol/pack/pack.h"

/* The prompt of that name or file; the caller owns it. NULL: what is wrong has been printed on
 * `errors`. */
struct pack *pack_choice_read(const char *name, FILE *errors) __attribute__((warn_unused_result));
/* Every sound prompt of the folders that hold packs, by name, each id once; faulty ones are left
 * out. Gives how many; the caller owns them. */
int pack_choice_all(struct pack **out, int max);

#endif
