/* SPDX-License-Identifier: ISC */
/*
 * slew.c: one line that is bent where an answer says so, and straight again once the other clock is
 * reached.
 */
#include "server/base/slew.h"

enum { MILLION = 1000000 };

static int64_t size_of(int64_t number) {
    return number < 0 ? -number : number;
}

struct slew slew_start(int64_t at, int64_t says, int64_t bound) {
    return (struct slew){.at = at, .says = says, .until = at, .bound = bound, .bound_at = at};
}

int64_t slew_now(const struct slew *slew, int64_t at) {
    int64_t bent = (at < slew->until ? at : slew->until) - slew->at;
    return slew->says + (at - slew->at) + bent * slew->ppm / MILLION;
}

/* How well the other clock is known by now. */
static int64_t known(const struct slew *slew, int64_t at) {
    return slew->bound + (at - slew->bound_at) * SLEW_DRIFT_PPM / MILLION;
}

static bool is_far(int64_t off) {
    return size_of(off) >= SLEW_FAR_US;
}

bool slew_take(struct slew *slew, const struct slew_sample *sample) {
    int64_t at = sample->came;
    int64_t half = (sample->came - sample->sent + 1) / 2;
    if (half > known(slew, at)) {
        return false;
    }
    int64_t says = slew_now(slew, at);
    int64_t off = sample->said + half - says;
    bool turned = is_far(off) != is_far(slew->off);
    *slew = (struct slew){.at = at,
                          .says = says,
                          .until = at + size_of(off) * (MILLION / SLEW_PPM),
                          .ppm = off < 0 ? -SLEW_PPM : SLEW_PPM,
                          .off = off,
                          .bound = half,
                          .bound_at = at};
    return turned;
}

int64_t slew_error(const struct slew *slew, int64_t at) {
    int64_t left = at < slew->until ? slew->until - at : 0;
    return known(slew, at) + left * SLEW_PPM / MILLION;
}
