/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the journal's table of rooms keeps whom it must and forgets at its bound; the keyed hash
 * under it gives the known answers.
 */
#include "tests/support/test_main.h"

#include <stdio.h>

#include "server/base/keyhash.h"
#include "server/journal/rooms.h"

static const char room_a[] = "aaaaaaaaaaaa", room_b[] = "bbbbbbbbbbbb";

/* The table itself: at the bound nothing is forgotten, one past it the idle are, the followed
 * never. */
static void test_room_table(void) {
    struct journal_rooms rooms;
    char id[32];
    journal_rooms_init(&rooms);
    journal_rooms_follow(&rooms, journal_rooms_add(&rooms, room_a), 63);
    for (unsigned i = 1; i < JOURNAL_IDLE_ROOMS_MIN; i++) {
        snprintf(id, sizeof id, "r%011u", i);
        CU_ASSERT_PTR_NOT_NULL(journal_rooms_add(&rooms, id));
    }
    journal_rooms_forget(&rooms);
    CU_ASSERT_EQUAL(rooms.table.count, JOURNAL_IDLE_ROOMS_MIN);
    CU_ASSERT_PTR_NOT_NULL(journal_rooms_find(&rooms, id));
    journal_rooms_add(&rooms, room_b);
    journal_rooms_forget(&rooms);
    CU_ASSERT_EQUAL(rooms.table.count, 1);
    struct journal_room *room = journal_rooms_find(&rooms, room_a);
    CU_ASSERT_PTR_NOT_NULL_FATAL(room);
    journal_rooms_unfollow(&rooms, room, 5);
    CU_ASSERT_EQUAL(rooms.idle, 0);
    journal_rooms_unfollow(&rooms, room, 63);
    CU_ASSERT_EQUAL(rooms.idle, 1);
    journal_rooms_free(&rooms);
}

/* Known answers of SipHash-2-4 for the key 00 01 … 0f and the inputs 00 01 … of these lengths. */
static void test_keyhash(void) {
    static const struct {
        size_t len;
        uint64_t hash;
    } known[] = {{0, UINT64_C(0x726fdb47dd0e0e31)},
                 {8, UINT64_C(0x93f5f5799a932462)},
                 {15, UINT64_C(0xa129ca6149be45e5)}};
    struct keyhash key = {UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)};
    uint8_t input[16];
    for (unsigned i = 0; i < sizeof input; i++) {
        input[i] = (uint8_t)i;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        CU_ASSERT_EQUAL(keyhash(&key, input, known[i].len), known[i].hash);
}

int main(void) {
    static CU_TestInfo tests[] = {{"the table of rooms", test_room_table},
                                  {"the keyed hash", test_keyhash},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"journal rooms", NULL, NULL, NULL, NULL, tests},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
