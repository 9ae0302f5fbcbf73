/* SPDX-License-Identifier: ISC */
/*
 * pair_options.h: what somebody asks for when they wait for a partner, from words of the command
 * line or from JSON. Pure, but for reading prompts.
 */
#ifndef SPAR_CLIENT_CMD_PAIR_OPTIONS_H
#define SPAR_CLIENT_CMD_PAIR_OPTIONS_H

#include <jansson.h>

#include "client/feed/pair.h"

enum { PAIR_OPTIONS_WHY_MAX = 320 };

/* Each takes the word as it was given, NULL: leaves the value. False: `why` is one sentence. */
bool pair_options_role(const char *word, struct pair_wants *out, char *why)
    __attribute__((warn_unused_result));
bool pair_options_level(const char *word, struct pair_wants *out, char *why)
    __attribute__((warn_unused_result));
/* Whole minutes, or "any". */
bool pair_options_minutes(const char *word, struct pair_wants *out, char *why)
    __attribute__((warn_unused_result));
/* A whole number of percent, with or without the sign: more time than the plan has. */
bool pair_options_extra(const char *word, struct pair_wants *out, char *why)
    __attribute__((warn_unused_result));
/* Whole minutes. */
bool pair_options_wait(const char *word, struct pair_wants *out, char *why)
    __attribute__((warn_unused_result));

/* {"role","level","minutes","extra","wait","packs"}, each may be absent: then it stays as in
 * `state`. chosen: bits of state->packs. */
bool pair_options_json(const json_t *json, const struct pair_state *state, struct pair_wants *out,
                       uint64_t *chosen, char *why) __attribute__((warn_unused_result));

#endif
