/* SPDX-License-Identifier: ISC */
#include "tests/support/companion_play.h"

#include <string.h>

#include "tests/support/test_main.h"

static struct span filled(char bytes[HASH_BYTES], uint8_t value) {
    memset(bytes, value, HASH_BYTES);
    return (struct span){bytes, HASH_BYTES};
}

enum refusal companion_link(struct sample *s, uint8_t seat, enum companion kind, uint8_t link) {
    char hash[HASH_BYTES];
    return sample_do(s, SEAT_SERVER,
                     (struct body){.act = ACTION_COMPANION_LINK,
                                   .has = F(seat) | F(style) | F(invite) | F(until),
                                   .seat = seat,
                                   .style = (int64_t)kind,
                                   .until = s->now + COMPANION_LINK_MS,
                                   .invite = filled(hash, link)});
}

enum refusal companion_take(struct sample *s, enum companion kind, uint8_t link, uint8_t key) {
    char hash[HASH_BYTES];
    char owner[HASH_BYTES];
    return sample_do(s, SEAT_SERVER,
                     (struct body){.act = ACTION_COMPANION_TAKE,
                                   .has = F(style) | F(invite) | F(key),
                                   .style = (int64_t)kind,
                                   .invite = filled(hash, link),
                                   .key = filled(owner, key)});
}

enum refusal companion_end(struct sample *s, uint8_t seat, enum companion kind) {
    return sample_do(s, SEAT_SERVER,
                     (struct body){.act = ACTION_COMPANION_END,
                                   .has = F(seat) | F(style),
                                   .seat = seat,
                                   .style = (int64_t)kind});
}

void companion_play(struct sample *s) {
    CU_ASSERT_EQUAL(companion_link(s, SAMPLE_HOST, COMPANION_SCREEN, 201), REFUSAL_NONE);
    CU_ASSERT_EQUAL(companion_take(s, COMPANION_SCREEN, 201, 202), REFUSAL_NONE);
    CU_ASSERT_EQUAL(companion_end(s, SAMPLE_HOST, COMPANION_SCREEN), REFUSAL_NONE);
}
