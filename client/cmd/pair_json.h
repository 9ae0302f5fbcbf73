/* SPDX-License-Identifier: ISC */
/*
 * pair_json.h: the queue and the group's evening as JSON, for spar pair --batch.
 */
#ifndef SPAR_CLIENT_CMD_PAIR_JSON_H
#define SPAR_CLIENT_CMD_PAIR_JSON_H

#include <jansson.h>

#include "client/feed/pair.h"

/* Each a new reference, or NULL: out of memory. */
json_t *pair_json_queue(const struct pair_state *state);
json_t *pair_json_evening(const struct pair_evening *evening);

#endif
