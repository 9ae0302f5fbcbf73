/* SPDX-License-Identifier: ISC */
/*
 * past_prompts.h: which prompts a key has seen: those of all its rooms on this server in which it
 * sat on the panel, or was the candidate when the clock was started. Read and folded one at a time.
 * The desk's thread.
 */
#ifndef SPAR_SERVER_ROOM_PAST_PROMPTS_H
#define SPAR_SERVER_ROOM_PAST_PROMPTS_H

#include "protocol/limits.h"
#include "server/follow/desk.h"

/* Ids of prompts, each once. */
struct past_prompts {
    char (*prompts)[ID_MAX_BYTES + 1];
    uint32_t count, cap;
};

struct search;
/* Those of one worker that are under way. */
struct past_prompts_searches {
    struct desk *desk;
    LIST_HEAD(, search) list;
};

/* Frees what it holds. */
void past_prompts_free(struct past_prompts *past);
/* Whether the prompt of that id is one of them. */
bool past_prompts_holds(const struct past_prompts *past, const char *prompt);

/*
 * Asks. done: called once and owns *past from then on; complete: false if not everything could be
 * read. Or drop is called instead, when the worker ends first. Nothing happens on a refusal.
 */
struct past_prompts_question {
    void (*done)(void *owner, struct past_prompts *past, bool complete);
    void (*drop)(void *owner);
    void *owner;
};
/* keys: `count` of them, of one person; copied. */
enum refusal past_prompts_ask(struct past_prompts_searches *searches, const uint8_t *keys,
                              uint32_t count, const struct past_prompts_question *question)
    __attribute__((warn_unused_result));
/* The end of a worker, whose journal does not answer any more. */
void past_prompts_forget(struct past_prompts_searches *searches);

#endif
