/* SPDX-License-Identifier: ISC */
/*
 * Purpose: relays: which addresses are taken, the secret's file at its bounds, and passes, compared
 * with one that was computed by openssl's command.
 */
#include "tests/support/test_main.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/turn.h"
#include "tests/support/temp.h"

static void test_uris(void) {
    static const char *const good[] = {"turn:turn.example", "turn:192.0.2.1:3478",
                                       "turns:turn.example:5349?transport=tcp",
                                       "turn:[2001:db8::1]:3478?transport=udp"};
    static const char *const bad[] = {"",
                                      "turn:",
                                      "turns:?transport=udp",
                                      "stun:turn.example",
                                      "https://turn.example",
                                      "turn:turn.example:",
                                      "turn:turn.example:123456",
                                      "turn:turn.example?transport=sctp",
                                      "turn:a b",
                                      "turn:a\nturn:b",
                                      "turn:[::1",
                                      "turn:[]:1",
                                      "turn:user@turn.example"};
    char longest[TURN_URI_MAX_BYTES + 2];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        CU_ASSERT_TRUE(turn_uri_valid(good[i]));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CU_ASSERT_FALSE(turn_uri_valid(bad[i]));
    }
    memset(longest, 'a', sizeof longest);
    memcpy(longest, "turn:", 5);
    longest[TURN_URI_MAX_BYTES] = '\0';
    CU_ASSERT_TRUE(turn_uri_valid(longest));
    longest[TURN_URI_MAX_BYTES] = 'a';
    longest[TURN_URI_MAX_BYTES + 1] = '\0';
    CU_ASSERT_FALSE(turn_uri_valid(longest));
}

/* Writes `len` letters and an end of line; whether that is a secret, and of that length. */
static bool reads(const char *folder, size_t len) {
    struct turn turn = {.secret_len = 0};
    char path[TEMP_PATH_SIZE], text[TURN_SECRET_MAX_BYTES + 2], error[512] = "";
    memset(text, 's', len);
    text[len] = '\n';
    temp_write(temp_path(folder, "secret", path), text, len + 1);
    bool good = turn_secret_read(&turn, path, error, sizeof error);
    CU_ASSERT_EQUAL(turn.secret_len, good ? len : 0);
    CU_ASSERT_EQUAL(error[0] != '\0', !good);
    return good;
}

static void test_secret(void) {
    char folder[TEMP_PATH_SIZE];
    struct turn turn;
    char error[512] = "";
    temp_make(folder);
    CU_ASSERT_FALSE(reads(folder, TURN_SECRET_MIN_BYTES - 1));
    CU_ASSERT_TRUE(reads(folder, TURN_SECRET_MIN_BYTES));
    CU_ASSERT_TRUE(reads(folder, TURN_SECRET_MAX_BYTES));
    CU_ASSERT_FALSE(reads(folder, TURN_SECRET_MAX_BYTES + 1));
    CU_ASSERT_FALSE(turn_secret_read(&turn, "/nowhere/secret", error, sizeof error));
    CU_ASSERT_PTR_NOT_NULL(strstr(error, "/nowhere/secret: No such file"));
    temp_remove(folder);
}

static void test_pass(void) {
    struct turn turn = {.secret = "north", .secret_len = 5};
    struct turn_pass pass, other;
    CU_ASSERT_TRUE(turn_pass_make(&turn, "abcdefghijkl", 3, 1000000000, &pass));
    CU_ASSERT_STRING_EQUAL(pass.user, "1000007200:2d1786d0ba8ed277");
    CU_ASSERT_STRING_EQUAL(pass.pass, "1kJwl9mUFQBw7Clm847PxmlW4SE=");
    CU_ASSERT_TRUE(turn_pass_make(&turn, "abcdefghijkl", 4, 1000000000, &other));
    CU_ASSERT_STRING_NOT_EQUAL(pass.user, other.user);
    CU_ASSERT_PTR_NULL(strstr(pass.user, "abcdefghijkl"));
    CU_ASSERT_TRUE(turn_pass_make(&turn, "abcdefghijkl", 3, 1000000001, &other));
    CU_ASSERT_EQUAL(strtol(other.user, NULL, 10), strtol(pass.user, NULL, 10) + 1);
    CU_ASSERT_STRING_EQUAL(strchr(other.user, ':'), strchr(pass.user, ':'));
}

int main(void) {
    static CU_TestInfo tests[] = {{"addresses of relays", test_uris},
                                  {"the secret's file", test_secret},
                                  {"a pass, and whose it is", test_pass},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"turn_pass", NULL, NULL, NULL, NULL, tests},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
