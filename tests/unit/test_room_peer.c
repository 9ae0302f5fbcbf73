/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what a practice group adds to a room: raised hands, a coach's sealed sheet, the swap
 * into the next room, rooms of a cohort and second halves, seats kept for a key, a coach's view
 * without a seat. And that what was stored before all this still reads.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/room/digest.h"
#include "protocol/room/view.h"
#include "protocol/wire/recording.h"
#include "tests/support/sample.h"
#include "tests/support/snapshot_v1.h"
#include "tests/support/test_main.h"
#include "tests/support/wire.h"

static struct sample s;

static struct body hand(int64_t on) {
    return (struct body){.act = ACTION_HAND_SET, .has = F(on), .on = on};
}

static struct body hand_of(int64_t seat, int64_t on) {
    return (struct body){.act = ACTION_HAND_SET, .has = F(on) | F(seat), .on = on, .seat = seat};
}

static struct body swap(int64_t seat, const char *next) {
    return (struct body){.act = ACTION_ROOM_SWAP,
                         .has = F(seat) | F(next),
                         .seat = seat,
                         .next = {next, (uint32_t)strlen(next)}};
}

static enum refusal turn(unsigned seat, int64_t on) {
    struct body body = {.act = ACTION_TURN_ASK, .has = F(on), .on = on};
    return sample_do(&s, (uint8_t)seat, body);
}

/* Both sides agree to turn the roles. */
static void agree(void) {
    CU_ASSERT_EQUAL(turn(SAMPLE_CANDIDATE, 1), REFUSAL_NONE);
    CU_ASSERT_EQUAL(turn(SAMPLE_HOST, 1), REFUSAL_NONE);
}

static enum refusal seal(const char *item, enum mark mark) {
    return sample_do(&s, SAMPLE_COACH, body_mark(ACTION_SEAL_SET, item, mark));
}

static void start(void) {
    sample_open(&s, 0);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
}

static void finish(void) {
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_FINISH)), REFUSAL_NONE);
}

static void test_hands(void) {
    sample_open(&s, 0);
    s.now = 7000;
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, hand(0)), REFUSAL_SAME);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, hand(1)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, hand(1)), REFUSAL_SAME);
    CU_ASSERT_TRUE(s.room.seats[SAMPLE_CANDIDATE].hand);
    CU_ASSERT_EQUAL(s.room.seats[SAMPLE_CANDIDATE].hand_at, 7000);
    CU_ASSERT_FALSE(s.room.seats[SAMPLE_HOST].hand);
    /* Coming back and being lost lowers nothing. */
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body_gone(SAMPLE_CANDIDATE, 1)), REFUSAL_NONE);
    CU_ASSERT_TRUE(s.room.seats[SAMPLE_CANDIDATE].hand);
    CU_ASSERT_EQUAL(sample_join(&s, SAMPLE_CANDIDATE + 1, 0, "Candidate"), REFUSAL_NONE);
    CU_ASSERT_TRUE(s.room.seats[SAMPLE_CANDIDATE].hand);
    s.now = 9000;
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, hand_of(SAMPLE_CANDIDATE, 0)), REFUSAL_NONE);
    CU_ASSERT_FALSE(s.room.seats[SAMPLE_CANDIDATE].hand);
    CU_ASSERT_EQUAL(s.room.seats[SAMPLE_CANDIDATE].hand_at, 9000);
    sample_free(&s);
}

static void test_hands_of_others(void) {
    sample_open(&s, 0);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, hand(1)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, hand(1)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, hand_of(SAMPLE_HOST, 0)), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_COACH, hand_of(SAMPLE_SECOND, 1)), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_COACH, hand_of(SAMPLE_SEATS, 0)), REFUSAL_BAD_FIELD);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_COACH, hand_of(ROOM_SEATS_MAX, 0)), REFUSAL_BAD_FIELD);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_COACH, hand_of(SAMPLE_SECOND, 0)), REFUSAL_SAME);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_COACH, hand_of(SAMPLE_CANDIDATE, 0)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_SECOND, hand_of(SAMPLE_HOST, 0)), REFUSAL_NONE);
    /* Nor does a log hold what could not have been decided. */
    struct event bad = {.pos = s.room.pos + 1,
                        .at = s.now,
                        .made = s.now,
                        .by = SAMPLE_CANDIDATE,
                        .body = hand_of(SAMPLE_HOST, 1)};
    CU_ASSERT_EQUAL(room_apply(&s.room, &bad, NULL, NULL), APPLY_INVALID);
    bad.body = hand(0);
    CU_ASSERT_EQUAL(room_apply(&s.room, &bad, NULL, NULL), APPLY_INVALID);
    sample_free(&s);
}

static void test_hands_and_stages(void) {
    start();
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, hand(1)), REFUSAL_NONE);
    finish();
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, hand(1)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_ROOM_CLOSE)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, hand(0)), REFUSAL_WRONG_STAGE);
    sample_free(&s);
}

static void test_sealed_sheets(void) {
    sample_open(&s, 0);
    CU_ASSERT_EQUAL(seal("item-0", MARK_RAISED), REFUSAL_WRONG_STAGE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(seal("item-0", MARK_NOT_YET), REFUSAL_SAME);
    CU_ASSERT_EQUAL(seal("item-99", MARK_RAISED), REFUSAL_NO_SUCH_ITEM);
    CU_ASSERT_EQUAL(seal("item-0", MARK_RAISED), REFUSAL_NONE);
    CU_ASSERT_EQUAL(seal("item-0", MARK_RAISED), REFUSAL_SAME);
    struct body body = body_mark(ACTION_SEAL_SET, "item-0", MARK_RAISED);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body), REFUSAL_NOT_ALLOWED);
    /* The panel's sheet and the candidate's are others. */
    CU_ASSERT_EQUAL(room_panel_mark(&s.room, 0), MARK_NOT_YET);
    CU_ASSERT_EQUAL(
        sample_do(&s, SAMPLE_COACH, body_mark(ACTION_MARK_SET, "item-0", MARK_PROMPTED)),
        REFUSAL_NONE);
    CU_ASSERT_EQUAL(room_sheet_of(&s.room, SAMPLE_COACH)->marks[0].mark, MARK_RAISED);
    CU_ASSERT_EQUAL(room_panel_mark(&s.room, 0), MARK_PROMPTED);
    finish();
    CU_ASSERT_EQUAL(seal("item-1", MARK_RAISED), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_DEBRIEF_OPEN)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(seal("item-2", MARK_RAISED), REFUSAL_WRONG_STAGE);
    sample_free(&s);
}

static bool view_has_seal(uint8_t seat) {
    struct room seen;
    CU_ASSERT_TRUE(sample_view(&s, seat, s.count, &seen));
    bool has = room_sheet_of(&seen, SAMPLE_COACH) != NULL;
    room_free(&seen);
    return has;
}

static void test_who_sees_a_sealed_sheet(void) {
    for (uint32_t mode = 0; mode <= MODE_TRAINING; mode++) {
        sample_open(&s, mode);
        CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
        CU_ASSERT_EQUAL(seal("item-0", MARK_RAISED), REFUSAL_NONE);
        finish();
        for (unsigned seat = 0; seat < SAMPLE_SEATS; seat++) {
            CU_ASSERT_EQUAL(view_has_seal((uint8_t)seat), seat == SAMPLE_COACH);
        }
        CU_ASSERT_FALSE(view_has_seal(SEAT_GUEST));
        CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_DEBRIEF_OPEN)), REFUSAL_NONE);
        for (unsigned seat = 0; seat < SAMPLE_SEATS; seat++) {
            CU_ASSERT_TRUE(view_has_seal((uint8_t)seat));
        }
        CU_ASSERT_TRUE(view_has_seal(SEAT_GUEST));
        sample_free(&s);
    }
}

static void test_swap(void) {
    start();
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, swap(SAMPLE_HOST, "abcdefghij12")),
                    REFUSAL_WRONG_STAGE);
    finish();
    /* Nobody can ask for it as a command: the server alone knows a room that is open. */
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, swap(SAMPLE_HOST, "abcdefghij12")),
                    REFUSAL_NOT_ALLOWED);
    /* One candidate's word is not enough, nor is the interviewer's. */
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, swap(SAMPLE_CANDIDATE, "abcdefghij12")),
                    REFUSAL_NOT_AGREED);
    CU_ASSERT_EQUAL(turn(SAMPLE_CANDIDATE, 1), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, swap(SAMPLE_CANDIDATE, "abcdefghij12")),
                    REFUSAL_NOT_AGREED);
    CU_ASSERT_EQUAL(turn(SAMPLE_HOST, 1), REFUSAL_NONE);
    /* The prompt is of who will interview under it. */
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, swap(SAMPLE_HOST, "abcdefghij12")),
                    REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, swap(SAMPLE_COACH, "abcdefghij12")),
                    REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, swap(SAMPLE_SEATS, "abcdefghij12")),
                    REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, swap(SAMPLE_CANDIDATE, "ABCDEFGHIJ12")),
                    REFUSAL_BAD_FIELD);
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, swap(SAMPLE_CANDIDATE, "abcdefghij1")),
                    REFUSAL_BAD_FIELD);
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, swap(SAMPLE_CANDIDATE, "abcdefghij12")),
                    REFUSAL_NONE);
    CU_ASSERT_STRING_EQUAL(s.room.next, "abcdefghij12");
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, swap(SAMPLE_HOST, "abcdefghij34")), REFUSAL_SAME);
    struct event twice = {.pos = s.room.pos + 1,
                          .at = s.now,
                          .made = s.now,
                          .by = SEAT_SERVER,
                          .body = swap(SAMPLE_HOST, "abcdefghij34")};
    CU_ASSERT_EQUAL(room_apply(&s.room, &twice, NULL, NULL), APPLY_INVALID);
    for (unsigned seat = 0; seat < SAMPLE_SEATS; seat++) {
        struct room seen;
        CU_ASSERT_TRUE(sample_view(&s, (uint8_t)seat, s.count, &seen));
        CU_ASSERT_STRING_EQUAL(seen.next, "abcdefghij12");
        room_free(&seen);
    }
    sample_free(&s);
}

static void test_swap_in_the_debrief(void) {
    start();
    finish();
    CU_ASSERT_EQUAL(turn(SAMPLE_HOST, 1), REFUSAL_NONE); /* what was said before it stands */
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_DEBRIEF_OPEN)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(turn(SAMPLE_CANDIDATE, 1), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, swap(SAMPLE_CANDIDATE, "abcdefghij12")),
                    REFUSAL_NONE);
    CU_ASSERT_EQUAL(turn(SAMPLE_CANDIDATE, 0), REFUSAL_SAME);
    sample_free(&s);
}

/* Logs from before anybody had to agree: the fold takes a swap that either side asked for alone. */
static void test_swap_of_before(void) {
    start();
    finish();
    struct event alone = {.pos = s.room.pos + 1,
                          .at = s.now,
                          .made = s.now,
                          .by = SEAT_SERVER,
                          .body = swap(SAMPLE_HOST, "abcdefghij12")};
    CU_ASSERT_EQUAL(room_apply(&s.room, &alone, NULL, NULL), APPLY_OK);
    CU_ASSERT_STRING_EQUAL(s.room.next, "abcdefghij12");
    sample_free(&s);
}

static enum refusal turn_about(unsigned seat, int64_t on, int64_t other) {
    struct body body = {.act = ACTION_TURN_ASK, .has = F(on) | F(other), .on = on, .other = other};
    return sample_do(&s, (uint8_t)seat, body);
}

/* Either side asks, the other agrees or declines; each takes back its own word alone. */
static void test_turn(void) {
    start();
    CU_ASSERT_EQUAL(turn(SAMPLE_CANDIDATE, 1), REFUSAL_WRONG_STAGE);
    finish();
    CU_ASSERT_EQUAL(turn(SAMPLE_COACH, 1), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(turn(SAMPLE_CANDIDATE, 0), REFUSAL_SAME);
    CU_ASSERT_EQUAL(turn(SAMPLE_CANDIDATE, 1), REFUSAL_NONE);
    CU_ASSERT_EQUAL(turn(SAMPLE_CANDIDATE, 1), REFUSAL_SAME); /* asking twice is no agreement */
    CU_ASSERT_FALSE(room_turn_is_agreed(&s.room));
    CU_ASSERT_EQUAL(room_turn_candidate(&s.room), -1);
    CU_ASSERT_TRUE(room_turn_may_agree(&s.room, SAMPLE_HOST));
    CU_ASSERT_FALSE(room_turn_may_agree(&s.room, SAMPLE_CANDIDATE));
    CU_ASSERT_FALSE(room_turn_may_agree(&s.room, SAMPLE_COACH));
    CU_ASSERT_EQUAL(turn(SAMPLE_HOST, 0), REFUSAL_NONE); /* declined */
    CU_ASSERT_FALSE(s.room.turn.asked);
    /* An agreement with an ask that is gone is none of one's own. */
    CU_ASSERT_EQUAL(turn_about(SAMPLE_HOST, 1, SAMPLE_CANDIDATE), REFUSAL_STALE);
    CU_ASSERT_EQUAL(turn(SAMPLE_HOST, 1), REFUSAL_NONE);
    CU_ASSERT_EQUAL(turn(SAMPLE_HOST, 0), REFUSAL_NONE); /* taken back */
    CU_ASSERT_EQUAL(turn(SAMPLE_HOST, 1), REFUSAL_NONE);
    CU_ASSERT_EQUAL(turn_about(SAMPLE_CANDIDATE, 1, SAMPLE_HOST), REFUSAL_NONE);
    CU_ASSERT_EQUAL(s.events[s.count - 1].body.other, SAMPLE_HOST);
    CU_ASSERT_TRUE(room_turn_is_agreed(&s.room));
    CU_ASSERT_EQUAL(room_turn_candidate(&s.room), SAMPLE_HOST);
    CU_ASSERT_EQUAL(turn(SAMPLE_CANDIDATE, 0), REFUSAL_NONE); /* until it is done */
    CU_ASSERT_FALSE(room_turn_is_agreed(&s.room));
    agree();
    for (unsigned seat = 0; seat < SAMPLE_SEATS; seat++) {
        struct room seen;
        CU_ASSERT_TRUE(sample_view(&s, (uint8_t)seat, s.count, &seen));
        CU_ASSERT_TRUE(room_turn_is_agreed(&seen));
        room_free(&seen);
    }
    sample_free(&s);
}

/* Two interviewers: who asked or agreed is the one who turns, and a colleague's word is their own.
 */
static void test_turn_of_two(void) {
    start();
    finish();
    const unsigned seat = SAMPLE_SECOND;
    CU_ASSERT_EQUAL(turn(SAMPLE_HOST, 1), REFUSAL_NONE);
    CU_ASSERT_EQUAL(turn(seat, 0), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(turn(seat, 1), REFUSAL_SAME);
    CU_ASSERT_EQUAL(turn(SAMPLE_CANDIDATE, 0), REFUSAL_NONE);
    CU_ASSERT_EQUAL(turn(SAMPLE_CANDIDATE, 1), REFUSAL_NONE);
    CU_ASSERT_EQUAL(turn(seat, 1), REFUSAL_NONE);
    CU_ASSERT_EQUAL(room_turn_candidate(&s.room), seat);
    CU_ASSERT_EQUAL(turn(SAMPLE_HOST, 0), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(turn(seat, 0), REFUSAL_NONE);
    sample_free(&s);
}

/* The server asks for a client that sent `swap` alone; a client never speaks for another seat. */
static void test_turn_by_the_server(void) {
    start();
    finish();
    struct body body = {
        .act = ACTION_TURN_ASK, .has = F(on) | F(seat), .on = 1, .seat = SAMPLE_HOST};
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body), REFUSAL_NONE);
    CU_ASSERT_EQUAL(s.room.turn.by, SAMPLE_CANDIDATE);
    CU_ASSERT_EQUAL(s.events[s.count - 1].body.has & F(seat), 0);
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body), REFUSAL_NONE);
    CU_ASSERT_EQUAL(s.room.turn.with, SAMPLE_HOST);
    CU_ASSERT_TRUE(room_turn_is_agreed(&s.room));
    body.seat = SAMPLE_COACH;
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body), REFUSAL_NOT_ALLOWED);
    body.seat = SAMPLE_SEATS;
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body), REFUSAL_NOT_ALLOWED);
    sample_free(&s);
}

/* A coach of the cohort ends a room that others have left, in any stage, and no other. */
static void test_closing_by_a_coach(void) {
    struct pack *pack = sample_pack();
    struct body open = {.has = F(rules) | F(cohort), .rules = 2, .cohort = span_of("abcdefghij12")};
    sample_open_as(&s, pack, open);
    pack_unref(pack);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
    const struct body close = body_plain(ACTION_ROOM_CLOSE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, close), REFUSAL_WRONG_STAGE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, close), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_COACH, close), REFUSAL_NOT_EMPTY);
    const int seats[] = {SAMPLE_HOST, SAMPLE_SECOND, SAMPLE_CANDIDATE};
    for (int i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_COACH, close), REFUSAL_NOT_EMPTY);
        CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body_gone(seats[i], 1)), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_COACH, close), REFUSAL_NONE);
    CU_ASSERT_EQUAL(s.room.stage, STAGE_CLOSED);
    CU_ASSERT_EQUAL(s.events[s.count - 1].by, SAMPLE_COACH);
    sample_free(&s);
    sample_open_rules(&s, 0, 2); /* none of a cohort's */
    for (int i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body_gone(seats[i], 1)), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_COACH, close), REFUSAL_NOT_ALLOWED);
    sample_free(&s);
}

/* room.open with the ids of other rooms: `has` says which are given. */
static enum refusal open_room(field_set has, const char *prev, const char *cohort) {
    struct mp_writer w;
    struct pack *pack = sample_pack();
    mp_writer_init(&w);
    pack_write_public(&w, pack);
    pack_unref(pack);
    sample_new(&s);
    struct body body = {.act = ACTION_ROOM_OPEN,
                        .has = F(pack) | F(mode) | has,
                        .pack = {w.data, (uint32_t)w.len},
                        .prev = {prev, (uint32_t)strlen(prev)},
                        .cohort = {cohort, (uint32_t)strlen(cohort)}};
    enum refusal refusal = sample_do(&s, SEAT_SERVER, body);
    mp_writer_free(&w);
    return refusal;
}

static void test_rooms_that_belong_to_others(void) {
    CU_ASSERT_EQUAL(open_room(F(prev) | F(cohort), "abcdefghij12", "cohort000001"), REFUSAL_NONE);
    CU_ASSERT_STRING_EQUAL(s.room.prev, "abcdefghij12");
    CU_ASSERT_STRING_EQUAL(s.room.cohort, "cohort000001");
    CU_ASSERT_STRING_EQUAL(s.room.next, "");
    struct room seen;
    CU_ASSERT_TRUE(sample_view(&s, SAMPLE_CANDIDATE, s.count, &seen));
    CU_ASSERT_STRING_EQUAL(seen.prev, "abcdefghij12");
    room_free(&seen);
    sample_free(&s);
    CU_ASSERT_EQUAL(open_room(0, "", ""), REFUSAL_NONE);
    CU_ASSERT_STRING_EQUAL(s.room.cohort, "");
    sample_free(&s);
    CU_ASSERT_EQUAL(open_room(F(prev), "abcdefghij1/", ""), REFUSAL_BAD_FIELD);
    sample_free(&s);
    CU_ASSERT_EQUAL(open_room(F(cohort), "", "cohort00001"), REFUSAL_BAD_FIELD);
    sample_free(&s);
    CU_ASSERT_EQUAL(open_room(F(cohort), "", "Cohort000001"), REFUSAL_BAD_FIELD);
    sample_free(&s);
}

static enum refusal join_kept(const uint8_t *key, const char *room) {
    uint8_t hash[HASH_BYTES];
    digest_seat_for_key(room, key, hash);
    return sample_do(&s, SEAT_SERVER,
                     (struct body){.act = ACTION_SEAT_JOIN,
                                   .has = F(name) | F(key) | F(invite),
                                   .name = span_of("Ada"),
                                   .key = {(const char *)key, HASH_BYTES},
                                   .invite = {(const char *)hash, HASH_BYTES}});
}

static void test_a_seat_kept_for_a_key(void) {
    uint8_t ada[HASH_BYTES] = {9, 9, 9};
    uint8_t bob[HASH_BYTES] = {8, 8, 8};
    uint8_t hash[HASH_BYTES];
    sample_open(&s, 0);
    digest_seat_for_key("abcdefghij12", ada, hash);
    struct body invite = {.act = ACTION_SEAT_INVITE,
                          .has = F(role) | F(invite),
                          .role = ROLE_COACH,
                          .invite = {(const char *)hash, HASH_BYTES}};
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, invite), REFUSAL_NONE);
    CU_ASSERT_EQUAL(join_kept(bob, "abcdefghij12"), REFUSAL_NO_SUCH_ROOM);
    CU_ASSERT_EQUAL(join_kept(ada, "abcdefghij13"), REFUSAL_NO_SUCH_ROOM); /* in this room only */
    CU_ASSERT_EQUAL(join_kept(ada, "abcdefghij12"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(s.room.seats[SAMPLE_SEATS].role, ROLE_COACH);
    CU_ASSERT_EQUAL(room_seat_of_key(&s.room, ada), SAMPLE_SEATS);
    sample_free(&s);
    /* The formula of PROTOCOL.md. */
    uint8_t wanted[HASH_BYTES];
    char bytes[12 + ROOM_ID_BYTES + HASH_BYTES] = "spar-seat-1";
    memcpy(bytes + 12, "abcdefghij12", ROOM_ID_BYTES);
    memcpy(bytes + 12 + ROOM_ID_BYTES, ada, HASH_BYTES);
    digest_bytes(bytes, sizeof bytes, wanted);
    CU_ASSERT_EQUAL(memcmp(wanted, hash, HASH_BYTES), 0);
}

/* A coach of the cohort who looks without a seat sees what a coach without events of their own
 * sees. */
static void test_a_guest(void) {
    start();
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_text(ACTION_TALK_WHISPER, "so so")), 0);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_text(ACTION_NOTE_MINE, "mine")), 0);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_mark(ACTION_MARK_SET, "item-1", 2)), 0);
    uint32_t *mine = sample_array(s.count, sizeof *mine);
    uint32_t *theirs = sample_array(s.count, sizeof *theirs);
    uint32_t n = view_order(&s.room, SEAT_GUEST, s.events, s.count, mine);
    CU_ASSERT_EQUAL(n, view_order(&s.room, SAMPLE_COACH, s.events, s.count, theirs));
    CU_ASSERT_EQUAL(memcmp(mine, theirs, n * sizeof *mine), 0);
    CU_ASSERT_EQUAL(view_count(&s.room, SEAT_GUEST), n);
    CU_ASSERT_EQUAL(view_event(&s.events[mine[n - 1]], SEAT_GUEST, n).id, 0);
    CU_ASSERT_TRUE(room_is_panel(&s.room, SEAT_GUEST));
    CU_ASSERT_FALSE(room_is_panel(&s.room, SEAT_GUEST - 1));
    free(mine);
    free(theirs);
    sample_free(&s);
}

/* A recording's head with that seat, and nothing after it. */
static enum recording_fault read_head(uint8_t seat) {
    struct mp_writer w;
    struct recording rec;
    struct recording head = {.version = SPAR_RECORDING_VERSION,
                             .room = "abcdefghij12",
                             .seat = seat,
                             .role = ROLE_COACH,
                             .key = {"", 0}};
    mp_writer_init(&w);
    CU_ASSERT_TRUE(recording_write_head(&w, &head, 1));
    enum recording_fault fault = recording_parse(&rec, w.data, w.len);
    recording_free(&rec);
    return fault;
}

static void test_recordings_of_guests(void) {
    CU_ASSERT_EQUAL(read_head(ROOM_SEATS_MAX - 1), RECORDING_NO_END);
    CU_ASSERT_EQUAL(read_head(ROOM_SEATS_MAX), RECORDING_NOT_ONE);
    CU_ASSERT_EQUAL(read_head(SEAT_GUEST - 1), RECORDING_NOT_ONE);
    CU_ASSERT_EQUAL(read_head(SEAT_GUEST), RECORDING_NO_END);
    CU_ASSERT_EQUAL(read_head(SEAT_SERVER), RECORDING_NOT_ONE);
}

/* The state that snapshot_v1.bin was written from, by the first version of this core: a fold of
 * today comes to the same. */
static void test_an_old_snapshot(void) {
    struct room back;
    size_t len;
    char *bytes = wire_file("snapshot_v1.bin", &len);
    sample_open(&s, MODE_GUIDED);
    s.now = 5000;
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), 0);
    s.now = 65000;
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_mark(ACTION_MARK_SET, "item-1", 2)), 0);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_mark(ACTION_SELF_SET, "item-2", 1)), 0);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_COACH, body_text(ACTION_TALK_WHISPER, "slow down")), 0);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_fact("fact-1")), 0);
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body_gone(SAMPLE_SECOND, 1)), 0);
    CU_ASSERT_TRUE_FATAL(snapshot_v1_read(&back, bytes, len));
    CU_ASSERT_TRUE(sample_same(&back, &s.room));
    room_free(&back);
    free(bytes);
    sample_free(&s);
}

static CU_TestInfo tests[] = {
    {"hands", test_hands},
    {"hands of others", test_hands_of_others},
    {"hands and stages", test_hands_and_stages},
    {"sealed sheets", test_sealed_sheets},
    {"who sees a sealed sheet", test_who_sees_a_sealed_sheet},
    {"closing by a coach", test_closing_by_a_coach},
    {"the swap", test_swap},
    {"the swap in the debrief", test_swap_in_the_debrief},
    {"a swap of before", test_swap_of_before},
    {"turning needs both", test_turn},
    {"turning with two interviewers", test_turn_of_two},
    {"the server asks for an older client", test_turn_by_the_server},
    {"rooms of a cohort, and second halves", test_rooms_that_belong_to_others},
    {"a seat kept for a key", test_a_seat_kept_for_a_key},
    {"a coach without a seat", test_a_guest},
    {"recordings of a coach without a seat", test_recordings_of_guests},
    {"a snapshot of version 1", test_an_old_snapshot},
    CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"room_peer", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
