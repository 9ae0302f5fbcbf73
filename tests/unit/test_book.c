/* SPDX-License-Identifier: ISC */
/*
 * Purpose: who is connected, by address and key: each bound at the bound and one past it, with an
 * honest address or key beside it that does not notice; and nobody wins by going and coming again.
 */
#include <arpa/inet.h>
#include <string.h>

#include "server/net/book.h"
#include "tests/support/test_main.h"

static const struct book_sizes sizes = {.per_key = 2,
                                        .per_address = 3,
                                        .strangers = 5,
                                        .rooms = {3, 3 * BOOK_ROOM},
                                        .tokens = {10, 50}};

static struct address from(const char *text) {
    struct address out;
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
        address_of((const struct sockaddr *)&v4, sizeof v4, &out);
    } else {
        CU_ASSERT_EQUAL_FATAL(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
        address_of((const struct sockaddr *)&v6, sizeof v6, &out);
    }
    return out;
}

static bool same(const char *a, const char *b) {
    struct address one = from(a);
    struct address two = from(b);
    return memcmp(one.id, two.id, sizeof one.id) == 0;
}

static void test_who_counts_as_one(void) {
    CU_ASSERT_TRUE(same("192.0.2.1", "192.0.2.1"));
    CU_ASSERT_FALSE(same("192.0.2.1", "192.0.2.2"));
    CU_ASSERT_TRUE(same("192.0.2.1", "::ffff:192.0.2.1"));
    CU_ASSERT_TRUE(same("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"));
    CU_ASSERT_FALSE(same("2001:db8:1:2::1", "2001:db8:1:3::1"));
    struct address text = from("2001:db8::1");
    CU_ASSERT_STRING_EQUAL(text.text, "[2001:db8::1]:0");
}

static void test_address_has_a_bound(void) {
    struct book *book = book_new(&sizes);
    struct address greedy = from("192.0.2.1");
    struct address honest = from("192.0.2.2");
    CU_ASSERT_PTR_NOT_NULL_FATAL(book);
    for (int i = 0; i < 3; i++) {
        CU_ASSERT_TRUE(book_come(book, &greedy, 0));
    }
    CU_ASSERT_FALSE(book_come(book, &greedy, 0));
    CU_ASSERT_TRUE(book_come(book, &honest, 0));
    book_go(book, &greedy, false, 0);
    CU_ASSERT_TRUE(book_come(book, &greedy, 0));
    CU_ASSERT_FALSE(book_come(book, &greedy, 0));
    /* A class behind one address: once one of them is in a room, nobody there is a stranger. */
    book_place(book, &greedy, true);
    for (int i = 0; i < 60; i++) {
        CU_ASSERT_TRUE(book_come(book, &greedy, 0));
    }
    book_place(book, &greedy, false);
    CU_ASSERT_FALSE(book_come(book, &greedy, 0));
    book_free(book);
}

static void test_places_are_kept(void) {
    struct book *book = book_new(&sizes);
    struct address one = from("192.0.2.1");
    struct address two = from("192.0.2.2");
    CU_ASSERT_PTR_NOT_NULL_FATAL(book);
    for (int i = 0; i < 3; i++) {
        CU_ASSERT_TRUE(book_come(book, &one, 0));
        CU_ASSERT_TRUE(i == 2 || book_come(book, &two, 0));
    }
    CU_ASSERT_FALSE(book_is_crowded(book)); /* five, as many as may be */
    CU_ASSERT_TRUE(book_come(book, &two, 0));
    CU_ASSERT_TRUE(book_is_crowded(book));
    book_place(book, &two, true);
    CU_ASSERT_FALSE(book_is_crowded(book));
    book_go(book, &two, true, 0);
    CU_ASSERT_FALSE(book_is_crowded(book));
    CU_ASSERT_TRUE(book_come(book, &two, 0));
    CU_ASSERT_TRUE(book_is_crowded(book));
    book_free(book);
}

static void test_key_has_a_bound(void) {
    struct book *book = book_new(&sizes);
    static const uint8_t greedy[HASH_BYTES] = {1};
    static const uint8_t honest[HASH_BYTES] = {2};
    CU_ASSERT_PTR_NOT_NULL_FATAL(book);
    CU_ASSERT_TRUE(book_key_come(book, greedy, 0));
    CU_ASSERT_TRUE(book_key_come(book, greedy, 0));
    CU_ASSERT_FALSE(book_key_come(book, greedy, 0));
    CU_ASSERT_TRUE(book_key_come(book, honest, 0));
    book_key_go(book, greedy, 0);
    CU_ASSERT_TRUE(book_key_come(book, greedy, 0));
    CU_ASSERT_FALSE(book_key_come(book, greedy, 0));
    book_free(book);
}

static void test_what_an_address_spends(void) {
    struct book *book = book_new(&sizes);
    struct address greedy = from("192.0.2.1");
    struct address honest = from("192.0.2.2");
    CU_ASSERT_PTR_NOT_NULL_FATAL(book);
    CU_ASSERT_TRUE(book_come(book, &greedy, 0));
    CU_ASSERT_TRUE(book_come(book, &honest, 0));
    CU_ASSERT_EQUAL(book_take(book, &greedy, 0, 50), 0);
    CU_ASSERT_EQUAL(book_take(book, &greedy, 0, 1), 100);
    CU_ASSERT_EQUAL(book_take(book, &honest, 0, 50), 0);
    book_charge(book, &greedy, 0, 10);
    CU_ASSERT_EQUAL(book_take(book, &greedy, 0, 1), 1100);
    /* Going and coming again fills nothing. */
    book_go(book, &greedy, false, 0);
    CU_ASSERT_TRUE(book_come(book, &greedy, 100));
    CU_ASSERT_EQUAL(book_take(book, &greedy, 100, 1), 1000);
    /* Where somebody has a place nothing is counted. */
    book_place(book, &greedy, true);
    CU_ASSERT_EQUAL(book_take(book, &greedy, 100, 50), 0);
    book_free(book);
}

static void test_rooms_of_a_key(void) {
    struct book *book = book_new(&sizes);
    static const uint8_t greedy[HASH_BYTES] = {1};
    static const uint8_t honest[HASH_BYTES] = {2};
    CU_ASSERT_PTR_NOT_NULL_FATAL(book);
    CU_ASSERT_TRUE(book_key_come(book, greedy, 0));
    CU_ASSERT_TRUE(book_key_come(book, honest, 0));
    for (int i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(book_room(book, greedy, 0), 0);
    }
    int64_t third = 3600 * 1000 / 3; /* of an hour: three an hour come back */
    CU_ASSERT_EQUAL(book_room(book, greedy, 0), third);
    CU_ASSERT_EQUAL(book_room(book, honest, 0), 0);
    /* Going and coming again, also once others have come, forgets nothing. */
    book_key_go(book, greedy, 0);
    CU_ASSERT_TRUE(book_key_come(book, greedy, 1000));
    CU_ASSERT_EQUAL(book_room(book, greedy, 1000), third - 1000);
    CU_ASSERT_EQUAL(book_room(book, greedy, third - 1), 1);
    CU_ASSERT_EQUAL(book_room(book, greedy, third), 0);
    CU_ASSERT_EQUAL(book_room(book, greedy, third), third);
    book_free(book);
}

int main(void) {
    static CU_TestInfo tests[] = {{"who counts as one address", test_who_counts_as_one},
                                  {"an address has a bound", test_address_has_a_bound},
                                  {"places are kept", test_places_are_kept},
                                  {"a key has a bound", test_key_has_a_bound},
                                  {"what an address spends", test_what_an_address_spends},
                                  {"rooms that a key opens", test_rooms_of_a_key},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"book", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
