/* SPDX-License-Identifier: ISC */
/*
 * remark.h: marking a recording anew: what is shown of it while that is done, the new marks in
 * their place, and what has become of both: a recording of its own.
 *
 * What the panel, the candidate and the coaches wrote for themselves is left out: marks of every
 * sheet, flags, notes and whispers, all that could give a mark away. What everybody saw stays, and
 * the panel's part of the prompt. The marker takes a seat of the panel right before the start;
 * seats that are given later move up by one. Pure, but for remark_seal's key.
 */
#ifndef SPAR_CLIENT_FEED_REMARK_H
#define SPAR_CLIENT_FEED_REMARK_H

#include <openssl/types.h>

#include "certs/why.h"
#include "protocol/room/insight.h"
#include "protocol/wire/recording.h"

/* One mark or flag of the marker's. */
struct remark_word {
    bool is_flag;
    uint8_t index; /* of the pack's item or flag */
    uint8_t value; /* enum mark; of a flag 0 or 1 */
    int64_t at;    /* ms of room time */
};

struct remark {
    struct recording original; /* owned */
    struct room live;          /* its fold */
    struct event *shown; /* what is left of its events, with the marker's join; texts borrowed */
    uint32_t shown_count;
    uint32_t first, last; /* words go before shown[first..last] */
    int64_t first_at, last_at;
    uint8_t seat; /* the marker's */
    char name[NAME_MAX_BYTES + 1];
    struct remark_word *words; /* by their times */
    uint32_t word_count, word_cap;
};

/* Takes the recording over, also on failure. name: 1 to NAME_MAX_BYTES. False: `why` says why it
 * cannot be marked (a re-marking, an interview that never started, no place for one more, out of
 * memory). remark_free in any case. */
bool remark_begin(struct remark *remark, struct recording *original, const char *name,
                  struct certs_why *why) __attribute__((warn_unused_result));
void remark_free(struct remark *remark);

/* Says something of an item or a flag at a moment of room time: it takes the place of what was said
 * of it at that moment or at later ones, so the last word wins. A moment after the debrief's
 * opening counts as that. False: `why` (before the start; out of memory); nothing has changed. */
bool remark_say(struct remark *remark, struct remark_word word, struct certs_why *why)
    __attribute__((warn_unused_result));
/* Takes the words of an earlier re-marking of the same recording. False: it is of another one, or
 * out of memory. */
bool remark_resume(struct remark *remark, const struct recording *before, struct certs_why *why)
    __attribute__((warn_unused_result));
/* The events to show: those that are left, with the words in their places. malloc'd; their texts
 * live as long as the remark. NULL: out of memory. */
struct event *remark_events(const struct remark *remark, uint32_t *count)
    __attribute__((warn_unused_result));
/* Appends the whole recording, signed with the marker's key. at: ms of room time of the writing.
 * False: out of memory, or the key cannot sign. */
bool remark_seal(const struct remark *remark, EVP_PKEY *key, int64_t at, struct mp_writer *out)
    __attribute__((warn_unused_result));

/* The room time at which the interview had run for so many ms; -1: it never ran so long. */
int64_t remark_moment(const struct room *room, int64_t running_ms);

#endif
