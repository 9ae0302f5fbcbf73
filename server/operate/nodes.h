/* SPDX-License-Identifier: ISC */
/*
 * nodes.h: the list of the servers on a journal, as 'spard nodes' prints it. Pure.
 */
#ifndef SPAR_SERVER_OPERATE_NODES_H
#define SPAR_SERVER_OPERATE_NODES_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/text/out.h"
#include "server/journal/node.h"

enum { NODES_LINE_MAX = 1024 }; /* bytes of the sentence below, with the NUL */

/* Writes lines. self: the boot of the server that answers; 0: none does. since: ms since the list
 * was taken. */
void nodes_write(struct out *out, const struct node_list *list, uint32_t self, int64_t since,
                 bool json);
/* Whether all is well; else with a sentence about what is not. */
bool nodes_are_well(const struct node_list *list, int64_t since, char line[NODES_LINE_MAX])
    __attribute__((warn_unused_result));

#endif
