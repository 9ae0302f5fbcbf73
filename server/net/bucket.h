/* SPDX-License-Identifier: ISC */
/*
 * bucket.h: a token bucket: what somebody may spend at once, and how fast it comes back.
 *
 * Pure arithmetic on the caller's monotonic ms. What was spent in vain (a wrong secret) is charged
 * into debt, so that waiting is the only way on; debt is bounded by the bucket's size.
 */
#ifndef SPAR_SERVER_NET_BUCKET_H
#define SPAR_SERVER_NET_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

/* Tokens a second that come back, and the most that it holds. Both at least 1. */
struct bucket_size {
    uint32_t rate, most;
};

struct bucket {
    int64_t at;   /* ms of the last look */
    int64_t held; /* thousandths of a token; negative: debt */
};

/* A full one. */
void bucket_fill(struct bucket *bucket, const struct bucket_size *size, int64_t now);
/* Takes `cost` tokens. 0: taken; else the ms until so many are there, and nothing was taken. A cost
 * over the bucket's size is taken from a full one. */
int64_t bucket_take(struct bucket *bucket, const struct bucket_size *size, int64_t now,
                    uint32_t cost) __attribute__((warn_unused_result));
/* Gives back what was taken for something that was not done. */
void bucket_return(struct bucket *bucket, const struct bucket_size *size, uint32_t cost);
/* Takes `cost` tokens that may not be there. False: the debt is at its bound. */
bool bucket_charge(struct bucket *bucket, const struct bucket_size *size, int64_t now,
                   uint32_t cost);
/* Whether it is full again, as if nothing had ever been taken. */
bool bucket_is_full(struct bucket *bucket, const struct bucket_size *size, int64_t now);

#endif
