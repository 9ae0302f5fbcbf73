/* SPDX-License-Identifier: ISC */
/*
 * bucket.c: a token bucket in thousandths, so that a rate of one a second loses nothing to
 * rounding.
 *
 * Invariant: -most <= held <= most, in thousandths. A clock that runs backwards gives nothing.
 */
#include "server/net/bucket.h"

static int64_t most_of(const struct bucket_size *size) {
    return (int64_t)size->most * 1000;
}

/* Thousandths that come back in a ms are the tokens that come back in a second. */
static void refill(struct bucket *bucket, const struct bucket_size *size, int64_t now) {
    int64_t passed = now > bucket->at ? now - bucket->at : 0;
    int64_t missing = most_of(size) - bucket->held;
    bucket->at = now > bucket->at ? now : bucket->at;
    bucket->held += passed > missing / size->rate ? missing : passed * size->rate;
}

void bucket_fill(struct bucket *bucket, const struct bucket_size *size, int64_t now) {
    *bucket = (struct bucket){.at = now, .held = most_of(size)};
}

int64_t bucket_take(struct bucket *bucket, const struct bucket_size *size, int64_t now,
                    uint32_t cost) {
    int64_t wanted = (int64_t)(cost < size->most ? cost : size->most) * 1000;
    refill(bucket, size, now);
    if (bucket->held < wanted) {
        return (wanted - bucket->held + size->rate - 1) / size->rate;
    }
    bucket->held -= wanted;
    return 0;
}

void bucket_return(struct bucket *bucket, const struct bucket_size *size, uint32_t cost) {
    int64_t back = (int64_t)(cost < size->most ? cost : size->most) * 1000;
    int64_t missing = most_of(size) - bucket->held;
    bucket->held += back < missing ? back : missing;
}

bool bucket_charge(struct bucket *bucket, const struct bucket_size *size, int64_t now,
                   uint32_t cost) {
    refill(bucket, size, now);
    bucket->held -= (int64_t)cost * 1000;
    if (bucket->held < -most_of(size)) {
        bucket->held = -most_of(size);
        return false;
    }
    return true;
}

bool bucket_is_full(struct bucket *bucket, const struct bucket_size *size, int64_t now) {
    refill(bucket, size, now);
    return bucket->held == most_of(size);
}
