/* SPDX-License-Identifier: ISC */
/*
 * past_prompts.h: which prompts a key has been the candidate on: all its rooms on this server in
 * which the clock was started, read and folded one at a time. The hall's thread.
 */
#ifndef SPAR_SERVER_ROOM_PAST_PROMPTS_H
#define SPAR_SERVER_ROOM_PAST_PROMPTS_H

#include "protocol/limits.h"
#include "server/follow/hall.h"

/* Ids of prompts, each once. */
struct past {
    char (*prompts)[ID_MAX_BYTES + 1];
    uint32_t count, cap;
};

/* Frees what it holds. */
void past_free(struct past *past);
/* Whether the prompt of that id is one of them. */
bool past_holds(const struct past *past, const char *prompt);

/*
 * Asks. done: called once and owns *past from then on; complete: false if not everything could be
 * read. Or drop is called instead, when the hall ends first. Nothing happens on a refusal.
 */
struct past_question {
    void (*done)(void *owner, struct hall *hall, struct past *past, bool complete);
    void (*drop)(void *owner);
    void *owner;
};
enum refusal past_ask(struct hall *hall, const uint8_t key[HASH_BYTES],
                      const struct past_question *question) __attribute__((warn_unused_result));
/* The end of a hall whose journal does not answer any more. */
void past_forget(struct hall *hall);

#endif
