/* SPDX-License-Identifier: ISC */
/*
 * remark_feed.h: a re-marking as a feed: the screens of a replay that take marks and flags.
 */
#ifndef SPAR_CLIENT_FEED_REMARK_FEED_H
#define SPAR_CLIENT_FEED_REMARK_FEED_H

#include "client/feed/feed.h"
#include "client/feed/remark.h"

struct event_base;

/* A feed over a remark, which outlives it. base as feed_recording_new. `kept` is called after each
 * word; what it says in `why` (false) is shown. NULL: out of memory. Freed with feed->ops->free. */
struct feed *remark_feed_new(struct remark *remark, struct event_base *base,
                             bool (*kept)(void *ctx, struct certs_why *why), void *ctx)
    __attribute__((warn_unused_result));

/* Reads a mark or flag into a word at a moment of room time. False: `why` (no mark and no flag; no
 * such item). */
bool remark_word_of(const struct remark *remark, const struct body *body, int64_t at,
                    struct remark_word *out, struct certs_why *why)
    __attribute__((warn_unused_result));

#endif
