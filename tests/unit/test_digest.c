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

static void snapshot_of(const struct room *room, struct mp_writer *w) {
    mp_writer_init(w);
    snapshot_write(w, room);
    CU_ASSERT_FALSE_FATAL(w->failed);
}

static void test_there_and_back(void) {
    struct mp_writer w;
    struct room back;
    play();
    snapshot_of(&s.room, &w);
    CU_ASSERT_TRUE_FATAL(snapshot_read(&back, w.data, w.len));
    CU_ASSERT_TRUE(sample_same(&s.room, &back));
    CU_ASSERT_EQUAL(back.facts, s.room.facts);
    CU_ASSERT_EQUAL(back.thrown, s.room.thrown);
    CU_ASSERT_EQUAL(back.clock.entered_at, s.room.clock.entered_at);
    CU_ASSERT_TRUE(sample_same_clock(&back, &s.room));
    CU_ASSERT_STRING_EQUAL(back.lines[0].text, s.room.lines[0].text);
    CU_ASSERT_EQUAL(memcmp(back.seats[1].key, s.room.seats[1].key, HASH_BYTES), 0);
    CU_ASSERT_STRING_EQUAL(back.seats[1].name, "Candidate");
    CU_ASSERT_EQUAL(back.seats[3].here, s.room.seats[3].here);
    CU_ASSERT_TRUE(back.seats[1].hand);
    CU_ASSERT_EQUAL(back.seats[1].hand_at, s.room.seats[1].hand_at);
    CU_ASSERT_EQUAL(room_sheet_of(&back, SAMPLE_COACH)->marks[5].mark, MARK_RAISED);
    room_free(&back);
    mp_writer_free(&w);
    sample_free(&s);
}

static void test_a_new_room(void) {
    struct mp_writer w;
    struct room fresh;
    struct room back;
    room_init(&fresh);
    snapshot_of(&fresh, &w);
    CU_ASSERT_TRUE_FATAL(snapshot_read(&back, w.data, w.len));
    CU_ASSERT_TRUE(sample_same(&fresh, &back));
    room_free(&back);
    mp_writer_free(&w);
}

/* One change of each part of the state must show in the digest. */
static void test_every_part_counts(void) {
    struct room other;
    play();
    for (int part = 0; part < 19; part++) {
        CU_ASSERT_TRUE_FATAL(room_copy(&other, &s.room));
        CU_ASSERT_TRUE(sample_same(&s.room, &other));
        switch (part) {
        case 0: other.pos++; break;
        case 1: other.at++; break;
        case 2: other.opened = true; break;
        case 3: other.clock.added[4]++; break;
        case 4: other.clock.spent[0]++; break;
        case 5: other.seats[3].here = true; break;
        case 6: other.seats[0].name[0]++; break;
        case 7: other.seats[0].key[31]++; break;
        case 8: other.invites[2].seat = -1; break;
        case 9: other.sheets[1].marks[3].at++; break;
        case 10: other.lines[0].text[0]++; break;
        case 11: other.flags[0].on = false; break;
        case 12: other.moves[2].by++; break;
        case 13: other.seats[SAMPLE_CANDIDATE].hand = false; break;
        case 14: other.seats[SAMPLE_CANDIDATE].hand_at++; break;
        case 15: memcpy(other.next, "abcdefghij12", ROOM_ID_BYTES); break;
        case 16: memcpy(other.prev, "abcdefghij12", ROOM_ID_BYTES); break;
        case 17: memcpy(other.cohort, "abcdefghij12", ROOM_ID_BYTES); break;
        default: other.reveals[1].id[0]++; break;
        }
        CU_ASSERT_FALSE(sample_same(&s.room, &other));
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

static void test_cut_short(void) {
    struct mp_writer w;
    struct room back;
    play();
    snapshot_of(&s.room, &w);
    for (size_t len = 1; w.data && len < w.len; len++) {
        char *exact = sample_array(len - 1, 1); /* len bytes, so that a read past the end is seen */
        memcpy(exact, w.data, len);
        CU_ASSERT_FALSE(snapshot_read(&back, exact, len));
        free(exact);
    }
    mp_writer_free(&w);
    sample_free(&s);
}

/* A bent byte either is refused or gives a state that can be folded on, copied and hashed. */
static void test_bent(void) {
    struct mp_writer w;
    struct room back;
    unsigned refused = 0;
    play();
    snapshot_of(&s.room, &w);
    for (size_t i = 0; i < w.len; i++) {
        for (int bit = 0; bit < 8; bit++) {
            w.data[i] = (char)(w.data[i] ^ (1 << bit));
            if (snapshot_read(&back, w.data, w.len)) {
                uint8_t digest[HASH_BYTES];
                CU_ASSERT_TRUE(digest_room(&back, digest));
                struct event event = {.pos = back.pos + 1,
                                      .at = back.at,
                                      .made = back.at,
                                      .by = SAMPLE_COACH,
                                      .body = body_mark(ACTION_MARK_SET, "item-9", 1)};
                CU_ASSERT_NOT_EQUAL(room_apply(&back, &event, NULL, NULL), APPLY_NO_MEMORY);
                room_free(&back);
            } else {
                refused++;
            }
            w.data[i] = (char)(w.data[i] ^ (1 << bit));
        }
    }
    CU_ASSERT_TRUE(refused > 0);
    mp_writer_free(&w);
    sample_free(&s);
}

static void test_made_up(void) {
    static const char *const texts[] = {"", "\xc0", "\x90", "\x9b\x01", "hello"};
    struct room back;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        CU_ASSERT_FALSE(snapshot_read(&back, texts[i], strlen(texts[i])));
    }
}

int main(void) {
    static CU_TestInfo tests[] = {{"a snapshot gives back the state", test_there_and_back},
                                  {"a new room too", test_a_new_room},
                                  {"every part of the state counts", test_every_part_counts},
                                  {"a copy stands alone", test_a_copy_stands_alone},
                                  {"a snapshot cut short is refused", test_cut_short},
                                  {"a bent snapshot does no harm", test_bent},
                                  {"a made-up snapshot is refused", test_made_up},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"digest", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
