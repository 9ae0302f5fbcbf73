/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a member of a cohort that moves to another key: by a link that is good once, in its own
 * place, with all that was the member's; and what is refused.
 */
#include <string.h>

#include "protocol/cohort/cohort.h"
#include "tests/support/crowd.h"
#include "tests/support/test_main.h"

static struct crowd c;

static struct span bytes_of(uint8_t value, char out[HASH_BYTES]) {
    memset(out, value, HASH_BYTES);
    return (struct span){out, HASH_BYTES};
}

static enum refusal pass(int64_t member, uint8_t secret) {
    char hash[HASH_BYTES];
    return crowd_do(&c, (struct body){.act = ACTION_MEMBER_PASS,
                                      .has = F(member) | F(invite) | F(until),
                                      .member = member,
                                      .until = c.now + COHORT_PASS_MS,
                                      .invite = bytes_of(secret, hash)});
}

static enum refusal move_key(int64_t member, uint8_t secret, const uint8_t *key) {
    char hash[HASH_BYTES];
    return crowd_do(&c, (struct body){.act = ACTION_MEMBER_MOVE,
                                      .has = F(member) | F(key) | F(invite),
                                      .member = member,
                                      .key = {(const char *)key, HASH_BYTES},
                                      .invite = bytes_of(secret, hash)});
}

static const uint8_t *key_of(uint8_t value) {
    static char key[HASH_BYTES];
    (void)bytes_of(value, key);
    return (const uint8_t *)key;
}

static enum refusal move(int64_t member, uint8_t secret, uint8_t key) {
    return move_key(member, secret, key_of(key));
}

/* One member's links to move by leave the others theirs. */
static void test_share(void) {
    crowd_open(&c, 0, 2);
    for (int i = 0; i < COHORT_PASSES_EACH_MAX; i++) {
        CU_ASSERT_EQUAL(pass(0, (uint8_t)(100 + i)), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(pass(0, 200), REFUSAL_COHORT_FULL);
    CU_ASSERT_EQUAL(pass(1, 200), REFUSAL_NONE);
    crowd_free(&c);
}

static void test_move(void) {
    crowd_open(&c, 0, 4);
    uint8_t old[HASH_BYTES];
    uint8_t other[HASH_BYTES];
    memcpy(old, c.cohort.members[2].key, sizeof old);
    memcpy(other, c.cohort.members[1].key, sizeof other);
    c.cohort.members[2].seen = 5; /* as if it had been candidate on two */
    CU_ASSERT_EQUAL(move(2, 201, 220), REFUSAL_NO_SUCH_COHORT);
    CU_ASSERT_EQUAL(pass(2, 201), REFUSAL_NONE);
    CU_ASSERT_EQUAL(pass(2, 201), REFUSAL_SAME);
    CU_ASSERT_EQUAL(pass(2, 202), REFUSAL_NONE); /* the later one alone is good */
    CU_ASSERT_EQUAL(move(2, 201, 220), REFUSAL_NO_SUCH_COHORT);
    CU_ASSERT_EQUAL(move(1, 202, 220), REFUSAL_NO_SUCH_COHORT);
    CU_ASSERT_EQUAL(move_key(2, 202, other), REFUSAL_SAME);
    CU_ASSERT_EQUAL(move(2, 202, 220), REFUSAL_NONE);
    CU_ASSERT_EQUAL(cohort_member_of_key(&c.cohort, key_of(220)), 2);
    CU_ASSERT_EQUAL(cohort_member_of_key(&c.cohort, old), -1);
    CU_ASSERT_EQUAL(cohort_former_of_key(&c.cohort, old), 2);
    CU_ASSERT_EQUAL(cohort_former_of_key(&c.cohort, key_of(220)), -1);
    CU_ASSERT_EQUAL(c.cohort.members[2].seen, 5);
    CU_ASSERT_EQUAL(c.cohort.member_count, 4);
    CU_ASSERT_EQUAL(move(2, 202, 221), REFUSAL_NO_SUCH_COHORT); /* used up */
    for (int i = 0; i < 4; i++) {
        CU_ASSERT_EQUAL(cohort_member_of_key(&c.cohort, c.cohort.members[i].key), i);
    }
    /* And back again: then the old key is the member's, and no former one. */
    CU_ASSERT_EQUAL(pass(2, 203), REFUSAL_NONE);
    CU_ASSERT_EQUAL(move_key(2, 203, old), REFUSAL_NONE);
    CU_ASSERT_EQUAL(cohort_member_of_key(&c.cohort, old), 2);
    CU_ASSERT_EQUAL(cohort_former_of_key(&c.cohort, old), -1);
    CU_ASSERT_EQUAL(cohort_former_of_key(&c.cohort, key_of(220)), 2);
    crowd_free(&c);
}

static void test_who_may_not(void) {
    crowd_open(&c, 0, 3);
    CU_ASSERT_EQUAL(pass(3, 201), REFUSAL_NO_SUCH_MEMBER);
    CU_ASSERT_EQUAL(pass(1, 201), REFUSAL_NONE);
    c.cohort.members[1].admission = COHORT_SUSPENDED;
    CU_ASSERT_EQUAL(pass(1, 202), REFUSAL_SUSPENDED);
    CU_ASSERT_EQUAL(move(1, 201, 220), REFUSAL_SUSPENDED);
    c.cohort.members[1].admission = COHORT_ADMITTED;
    CU_ASSERT_EQUAL(move(1, 201, 220), REFUSAL_NONE);
    crowd_free(&c);
}

static void test_bound(void) {
    enum { MOVERS = COHORT_MOVES_MAX / COHORT_PASSES_EACH_MAX, KEYS = 100 };
    crowd_open(&c, 0, MOVERS + 1);
    for (int i = 0; i < COHORT_MOVES_MAX; i++) { /* each to its other key and back */
        int member = i % MOVERS;
        CU_ASSERT_EQUAL_FATAL(pass(member, 201), REFUSAL_NONE);
        CU_ASSERT_EQUAL_FATAL(move(member, 201, (uint8_t)(KEYS + 2 * member + i / MOVERS % 2)),
                              REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(pass(MOVERS, 201), REFUSAL_COHORT_FULL);
    CU_ASSERT_EQUAL(cohort_member_of_key(&c.cohort, key_of(KEYS + 1)), 0);
    crowd_free(&c);
}

int main(void) {
    static CU_TestInfo tests[] = {{"a member moves, and back", test_move},
                                  {"one member's share", test_share},
                                  {"who is suspended does not", test_who_may_not},
                                  {"so often and no more", test_bound},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"cohort_move", NULL, NULL, NULL, NULL, tests},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
