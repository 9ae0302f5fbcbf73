/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a snapshot gives back the state, equal states give equal digests and any difference
 * another one; a snapshot that was cut, bent or made up is refused without harm.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/room/digest.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

static struct sample s;

static void play(void) {
    sample_open(&s, MODE_GUIDED);
    (void)sample_do(&s, SAMPLE_HOST, body_add(1, 60000));
    (void)sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START));
    s.now += 100000;
    (void)sample_do(&s, SAMPLE_HOST, body_phase(ACTION_CLOCK_JUMP, 2));
    (void)sample_do(&s, SAMPLE_CANDIDATE, body_mark(ACTION_SELF_SET, "item-3", MARK_RAISED));
    (void)sample_do(&s, SAMPLE_COACH, body_mark(ACTION_MARK_SET, "item-4", MARK_PROMPTED));
    (void)sample_do(&s, SAMPLE_COACH, body_flag("flag-2", true));
    (void)sample_do(&s, SAMPLE_SECOND, body_fact("fact-2"));
    (void)sample_do(&s, SAMPLE_SECOND, body_curveball("curve-1"));
    (void)sample_do(&s, SAMPLE_SECOND, body_text(ACTION_NOTE_MINE, "x\xc3\xa9"));
    (void)sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_PAUSE));
    (void)sample_do(&s, SAMPLE_COACH, body_mark(ACTION_SEAL_SET, "item-5", MARK_RAISED));
    (void)sample_do(&s, SAMPLE_CANDIDATE,
                    (struct body){.act = ACTION_HAND_SET, .has = F(on), .on = 1});
    (void)sample_do(&s, SEAT_SERVER, body_gone(SAMPLE_SECOND, 1));
}

/* One change of each part of the state must show in the digest. */
static void test_every_part_counts(void) {
    struct room other;
    struct room_line lines[16];
    play();
    CU_ASSERT_FATAL(s.room.line_count <= sizeof lines / sizeof *lines);
    for (int part = 0; part < 20; part++) {
        CU_ASSERT_TRUE_FATAL(room_copy(&other, &s.room));
        CU_ASSERT_TRUE(sample_same(&s.room, &other));
        switch (part) {
        case 0: other.pos++; break;
        case 1: other.at++; break;
        case 2: other.moments ^= 1U << MOMENT_SHEET; break;
        case 3: other.clock.added[4]++; break;
        case 4: other.clock.spent[0]++; break;
        case 5: other.seats[3].here = true; break;
        case 6: other.seats[0].name[0]++; break;
        case 7: other.seats[0].key[31]++; break;
        case 8: other.invites[2].seat = -1; break;
        case 9: other.sheets[1].marks[3].at++; break;
        case 10:
            memcpy(lines, other.lines, other.line_count * sizeof *lines);
            lines[0].text = "another text";
            other.lines = lines;
            break;
        case 11: other.flags[0].on = false; break;
        case 12: other.moves[2].by++; break;
        case 13: other.seats[SAMPLE_CANDIDATE].hand = false; break;
        case 14: other.seats[SAMPLE_CANDIDATE].hand_at++; break;
        case 15: memcpy(other.next, "abcdefghij12", ROOM_ID_BYTES); break;
        case 16: memcpy(other.prev, "abcdefghij12", ROOM_ID_BYTES); break;
        case 18: memcpy(other.call, "https://x", sizeof "https://x"); break;
        case 17: memcpy(other.cohort, "abcdefghij12", ROOM_ID_BYTES); break;
        default: other.reveals[1].id[0]++; break;
        }
        CU_ASSERT_FALSE(sample_same(&s.room, &other));
        other.lines = s.room.lines; /* which copies share */
        room_free(&other);
    }
    sample_free(&s);
}

static void test_a_copy_stands_alone(void) {
    struct room copy;
    play();
    CU_ASSERT_TRUE_FATAL(room_copy(&copy, &s.room));
    uint8_t before[HASH_BYTES];
    uint8_t after[HASH_BYTES];
    CU_ASSERT_TRUE(digest_room(&copy, before));
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_text(ACTION_TALK_SAY, "more")), 0);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_COACH, body_mark(ACTION_MARK_SET, "item-4", 2)), 0);
    sample_free(&s);
    CU_ASSERT_TRUE(digest_room(&copy, after));
    CU_ASSERT_EQUAL(memcmp(before, after, HASH_BYTES), 0);
    room_free(&copy);
}

int main(void) {
    static CU_TestInfo tests[] = {

        {"every part of the state counts", test_every_part_counts},
        {"a copy stands alone", test_a_copy_stands_alone},

        CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"digest", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
