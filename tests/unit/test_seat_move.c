/* SPDX-License-Identifier: ISC */
/*
 * Purpose: seats that change hands: who may move one or put somebody out, which key gets in by
 * which link afterwards, the bounds, and that whoever has the seat next learns nothing of what the
 * one before had for themselves alone.
 */
#include <string.h>

#include "protocol/room/digest.h"
#include "protocol/room/room.h"
#include "protocol/room/view.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

static struct sample s;

enum { NEW_KEY = 60, LINK = 70, LATER_LINK = 71 };

static enum refusal move_to(uint8_t by, int64_t seat, uint8_t invite) {
    char hash[HASH_BYTES];
    memset(hash, invite, sizeof hash);
    return sample_do(&s, by,
                     (struct body){.act = ACTION_SEAT_MOVE,
                                   .has = F(seat) | F(invite),
                                   .seat = seat,
                                   .invite = {hash, sizeof hash}});
}

static enum refusal put_out(uint8_t by, int64_t seat) {
    return sample_do(&s, by, (struct body){.act = ACTION_SEAT_OUT, .has = F(seat), .seat = seat});
}

static enum refusal self_mark(const char *item, enum mark mark) {
    return sample_do(&s, SAMPLE_CANDIDATE, body_mark(ACTION_SELF_SET, item, mark));
}

static const uint8_t *key_of(uint8_t value) {
    static uint8_t key[HASH_BYTES];
    memset(key, value, sizeof key);
    return key;
}

static void running(void) {
    sample_open(&s, 0);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
}

static void test_a_lost_key(void) {
    running();
    uint32_t session = s.room.seats[SAMPLE_CANDIDATE].session;
    CU_ASSERT_EQUAL(move_to(SAMPLE_HOST, SAMPLE_CANDIDATE, LINK), REFUSAL_NONE);
    const struct room_seat *seat = &s.room.seats[SAMPLE_CANDIDATE];
    CU_ASSERT_EQUAL(seat->hold, HOLD_MOVED);
    CU_ASSERT_FALSE(seat->here);
    CU_ASSERT_EQUAL(room_seat_of_key(&s.room, key_of(2)), -1);
    CU_ASSERT_EQUAL(room_lost_seat(&s.room, key_of(2)), REFUSAL_SEAT_MOVED);
    CU_ASSERT_EQUAL(room_former_seat(&s.room, key_of(2)), SAMPLE_CANDIDATE);
    CU_ASSERT_EQUAL(room_lost_seat(&s.room, key_of(NEW_KEY)), REFUSAL_NONE);
    /* The old key is out, by its old link and without; what it still sends is refused. */
    CU_ASSERT_EQUAL(sample_join(&s, 2, 2, "Old"), REFUSAL_SEAT_MOVED);
    CU_ASSERT_EQUAL(sample_join(&s, 2, 99, "Old"), REFUSAL_SEAT_MOVED);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_text(ACTION_TALK_SAY, "late")),
                    REFUSAL_SEAT_MOVED);
    CU_ASSERT_EQUAL(sample_join(&s, NEW_KEY, 2, "Thief"), REFUSAL_LINK_USED);
    CU_ASSERT_EQUAL(sample_join(&s, NEW_KEY, LINK, "New"), REFUSAL_NONE);
    seat = &s.room.seats[SAMPLE_CANDIDATE];
    CU_ASSERT_EQUAL(seat->hold, HOLD_KEPT);
    CU_ASSERT_EQUAL(seat->session, session + 1);
    CU_ASSERT_EQUAL(s.room.seat_count, SAMPLE_SEATS);
    CU_ASSERT_EQUAL(room_seat_of_key(&s.room, key_of(NEW_KEY)), SAMPLE_CANDIDATE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_text(ACTION_TALK_SAY, "here")),
                    REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_join(&s, 61, LINK, "Third"), REFUSAL_LINK_USED);
    sample_free(&s);
}

/* Everybody's seat, one's own and an empty one too; only the last link opens it. */
static void test_any_seat(void) {
    running();
    CU_ASSERT_EQUAL(move_to(SAMPLE_CANDIDATE, SAMPLE_COACH, LINK), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(move_to(SAMPLE_COACH, SAMPLE_CANDIDATE, LINK), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(move_to(SAMPLE_HOST, SAMPLE_SEATS, LINK), REFUSAL_NO_SUCH_SEAT);
    CU_ASSERT_EQUAL(move_to(SAMPLE_HOST, SAMPLE_COACH, LINK), REFUSAL_NONE);
    CU_ASSERT_EQUAL(move_to(SAMPLE_HOST, SAMPLE_COACH, LINK), REFUSAL_SAME);
    CU_ASSERT_EQUAL(move_to(SAMPLE_HOST, SAMPLE_COACH, LATER_LINK), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_join(&s, NEW_KEY, LINK, "Early"), REFUSAL_LINK_USED);
    CU_ASSERT_EQUAL(sample_join(&s, NEW_KEY, LATER_LINK, "Coach"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(s.room.seats[SAMPLE_COACH].role, ROLE_COACH);
    CU_ASSERT_EQUAL(move_to(SAMPLE_SECOND, SAMPLE_HOST, 72), REFUSAL_NONE);
    CU_ASSERT_EQUAL(move_to(SAMPLE_SECOND, SAMPLE_SECOND, 73), REFUSAL_OWN_SEAT);
    CU_ASSERT_EQUAL(move_to(SAMPLE_HOST, SAMPLE_SECOND, 74), REFUSAL_SEAT_MOVED);
    /* Whom the server lets do it: the host, or a coach of the cohort, by name. */
    CU_ASSERT_EQUAL(move_to(SEAT_SERVER, SAMPLE_HOST, 75), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_join(&s, 62, 75, "Host"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(put_out(SEAT_SERVER, SAMPLE_COACH), REFUSAL_NOT_ALLOWED);
    sample_free(&s);
}

static void test_put_out(void) {
    running();
    CU_ASSERT_EQUAL(put_out(SAMPLE_COACH, SAMPLE_CANDIDATE), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(put_out(SAMPLE_HOST, SAMPLE_HOST), REFUSAL_OWN_SEAT);
    CU_ASSERT_EQUAL(put_out(SAMPLE_HOST, SAMPLE_SEATS), REFUSAL_NO_SUCH_SEAT);
    /* A link from before lets nobody in again who was put out, also one never used. */
    CU_ASSERT_EQUAL(sample_invite(&s, ROLE_COACH, 50), REFUSAL_NONE);
    CU_ASSERT_EQUAL(put_out(SAMPLE_HOST, SAMPLE_COACH), REFUSAL_NONE);
    CU_ASSERT_EQUAL(put_out(SAMPLE_HOST, SAMPLE_COACH), REFUSAL_SAME);
    CU_ASSERT_EQUAL(room_lost_seat(&s.room, key_of(3)), REFUSAL_PUT_OUT);
    CU_ASSERT_EQUAL(sample_join(&s, 3, 3, "Out"), REFUSAL_PUT_OUT);
    CU_ASSERT_EQUAL(sample_join(&s, 3, 50, "Out"), REFUSAL_PUT_OUT);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_COACH, body_text(ACTION_TALK_SAY, "I")), REFUSAL_PUT_OUT);
    CU_ASSERT_EQUAL(sample_join(&s, 51, 50, "Another"), REFUSAL_NONE);
    /* A new link does: a seat of its own, or the old one. */
    CU_ASSERT_EQUAL(sample_invite(&s, ROLE_COACH, 52), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_join(&s, 3, 52, "Back"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(put_out(SAMPLE_HOST, SAMPLE_CANDIDATE), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_invite(&s, ROLE_CANDIDATE, 53), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_join(&s, NEW_KEY, 53, "Second"), REFUSAL_CANDIDATE_TAKEN);
    CU_ASSERT_EQUAL(move_to(SAMPLE_HOST, SAMPLE_CANDIDATE, LINK), REFUSAL_NONE);
    CU_ASSERT_EQUAL(put_out(SAMPLE_HOST, SAMPLE_CANDIDATE), REFUSAL_NONE); /* the link too */
    CU_ASSERT_EQUAL(sample_join(&s, NEW_KEY, LINK, "New"), REFUSAL_LINK_USED);
    CU_ASSERT_EQUAL(move_to(SAMPLE_HOST, SAMPLE_CANDIDATE, LATER_LINK), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_join(&s, 2, LATER_LINK, "Again"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(room_lost_seat(&s.room, key_of(2)), REFUSAL_NONE);
    sample_free(&s);
}

static enum refusal only(uint8_t *seat) {
    *seat = SEAT_SERVER;
    return room_only_interviewer(&s.room, seat);
}

/* The seat that who runs the server moves is that of whoever is missed, not of whoever was put out;
 * and where one of several is there, that one can do it. */
static void test_the_only_interviewer(void) {
    uint8_t seat;
    running();
    CU_ASSERT_EQUAL(only(&seat), REFUSAL_OTHER_INTERVIEWER);
    CU_ASSERT_EQUAL(put_out(SAMPLE_SECOND, SAMPLE_HOST), REFUSAL_NONE);
    CU_ASSERT_EQUAL(only(&seat), REFUSAL_NONE);
    CU_ASSERT_EQUAL(seat, SAMPLE_SECOND);
    int64_t session = s.room.seats[SAMPLE_SECOND].session;
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body_gone(SAMPLE_SECOND, session)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(only(&seat), REFUSAL_NONE);
    CU_ASSERT_EQUAL(seat, SAMPLE_SECOND);
    sample_free(&s);
    sample_new(&s);
    CU_ASSERT_EQUAL(only(&seat), REFUSAL_NO_INTERVIEWER);
    sample_free(&s);
}

static void test_bounds(void) {
    running();
    for (int i = 0; i < ROOM_CHANGES_MAX; i++) {
        CU_ASSERT_EQUAL_FATAL(move_to(SAMPLE_HOST, SAMPLE_COACH, (uint8_t)(100 + i)), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(move_to(SAMPLE_HOST, SAMPLE_COACH, 99), REFUSAL_ROOM_LIMIT);
    CU_ASSERT_EQUAL(put_out(SAMPLE_HOST, SAMPLE_COACH), REFUSAL_ROOM_LIMIT);
    /* The way back to the only interviewer's seat is left, and links of their own are. */
    CU_ASSERT_EQUAL(sample_invite(&s, ROLE_COACH, 98), REFUSAL_NONE);
    for (int i = ROOM_CHANGES_MAX; i < ROOM_CHANGES_LAST; i++) {
        CU_ASSERT_EQUAL_FATAL(move_to(SEAT_SERVER, SAMPLE_HOST, (uint8_t)(100 + i)), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(move_to(SEAT_SERVER, SAMPLE_HOST, 97), REFUSAL_ROOM_LIMIT);
    struct room again;
    CU_ASSERT_TRUE(sample_replay(&s, s.count, &again));
    CU_ASSERT_TRUE(sample_same(&s.room, &again));
    room_free(&again);
    sample_free(&s);
}

/* ---- what was the former owner's own ---- */

static uint32_t lines_of(const struct room *room, enum line_kind kind) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < room->line_count; i++) {
        count += room->lines[i].kind == kind;
    }
    return count;
}

/* The numbers of the view are those of the next owner, without a gap. */
static void check_view(uint8_t seat, struct room *out) {
    CU_ASSERT_TRUE_FATAL(sample_view(&s, (uint8_t)seat, s.count, out));
    CU_ASSERT_EQUAL(out->pos, view_count(&s.room, seat));
}

static void test_own_things_stay_behind(void) {
    struct room seen;
    running();
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_text(ACTION_NOTE_MINE, "private")),
                    REFUSAL_NONE);
    CU_ASSERT_EQUAL(self_mark("item-0", MARK_RAISED), REFUSAL_NONE);
    CU_ASSERT_EQUAL(self_mark("item-1", MARK_RAISED), REFUSAL_NONE);
    CU_ASSERT_EQUAL(move_to(SAMPLE_HOST, SAMPLE_CANDIDATE, LINK), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_join(&s, NEW_KEY, LINK, "New"), REFUSAL_NONE);
    check_view(SAMPLE_CANDIDATE, &seen);
    CU_ASSERT_EQUAL(lines_of(&seen, LINE_NOTE_MINE), 0);
    CU_ASSERT_PTR_NULL(room_sheet_of(&seen, SAMPLE_CANDIDATE));
    CU_ASSERT_EQUAL(seen.seats[SAMPLE_CANDIDATE].last_id, 0);
    CU_ASSERT_EQUAL(s.room.seats[SAMPLE_CANDIDATE].last_id, 0);
    room_free(&seen);
    /* Nor does an answer tell what the former owner had marked. */
    CU_ASSERT_EQUAL(self_mark("item-0", MARK_NOT_YET), REFUSAL_SAME);
    CU_ASSERT_EQUAL(self_mark("item-0", MARK_RAISED), REFUSAL_NONE);
    CU_ASSERT_EQUAL(self_mark("item-0", MARK_PROMPTED), REFUSAL_NONE);
    check_view(SAMPLE_CANDIDATE, &seen);
    CU_ASSERT_EQUAL(room_sheet_of(&seen, SAMPLE_CANDIDATE)->marks[0].mark, MARK_PROMPTED);
    CU_ASSERT_EQUAL(room_sheet_of(&seen, SAMPLE_CANDIDATE)->marks[1].mark, MARK_NOT_YET);
    room_free(&seen);
    /* With the debrief the sheets open: the same sheet for everybody, and the note to nobody. */
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_FINISH)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_DEBRIEF_OPEN)), REFUSAL_NONE);
    for (int seat = 0; seat < SAMPLE_SEATS; seat++) {
        check_view((uint8_t)seat, &seen);
        CU_ASSERT_EQUAL(lines_of(&seen, LINE_NOTE_MINE), 0);
        const struct room_sheet *sheet = room_sheet_of(&seen, SAMPLE_CANDIDATE);
        CU_ASSERT_EQUAL(sheet->marks[0].mark, MARK_PROMPTED);
        CU_ASSERT_EQUAL(sheet->marks[1].mark, MARK_RAISED);
        room_free(&seen);
    }
    sample_free(&s);
}

/* Whatever the former owner wrote for themselves, the next one's view is the same, byte for byte:
 * here by its digest, which holds every number and moment. */
static void play_with_secrets(int secrets, uint8_t out[HASH_BYTES], enum refusal *answers) {
    struct room seen;
    running();
    for (int i = 0; i < secrets; i++) {
        CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_text(ACTION_NOTE_MINE, "secret")),
                        REFUSAL_NONE);
        CU_ASSERT_EQUAL(self_mark(i % 2 ? "item-1" : "item-0", (enum mark)(1 + i / 2 % 2)),
                        REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(move_to(SAMPLE_HOST, SAMPLE_CANDIDATE, LINK), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_join(&s, NEW_KEY, LINK, "New"), REFUSAL_NONE);
    s.ids[SAMPLE_CANDIDATE] = 0;
    for (int mark = MARK_NOT_YET; mark <= MARK_RAISED; mark++) {
        answers[mark] = self_mark("item-0", (enum mark)mark);
    }
    check_view(SAMPLE_CANDIDATE, &seen);
    CU_ASSERT_TRUE(digest_room(&seen, out));
    room_free(&seen);
    sample_free(&s);
}

static void test_nothing_shows(void) {
    uint8_t plain[HASH_BYTES];
    enum refusal heard[MARK_RAISED + 1];
    play_with_secrets(0, plain, heard);
    for (int secrets = 1; secrets <= 4; secrets++) {
        uint8_t other[HASH_BYTES];
        enum refusal answers[MARK_RAISED + 1];
        play_with_secrets(secrets, other, answers);
        CU_ASSERT_EQUAL(memcmp(plain, other, sizeof plain), 0);
        CU_ASSERT_EQUAL(memcmp(heard, answers, sizeof heard), 0);
    }
}

/* What was marked at the very moment of the move is the former owner's all the same. */
static void test_one_moment(void) {
    struct room seen;
    running();
    CU_ASSERT_EQUAL(self_mark("item-0", MARK_RAISED), REFUSAL_NONE);
    CU_ASSERT_EQUAL(move_to(SAMPLE_HOST, SAMPLE_CANDIDATE, LINK), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_join(&s, NEW_KEY, LINK, "New"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(s.room.at, s.room.seats[SAMPLE_CANDIDATE].moved_at + 1);
    CU_ASSERT_EQUAL(self_mark("item-0", MARK_RAISED), REFUSAL_NONE);
    CU_ASSERT_EQUAL(self_mark("item-0", MARK_NOT_YET), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_FINISH)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_DEBRIEF_OPEN)), REFUSAL_NONE);
    check_view(SAMPLE_CANDIDATE, &seen);
    CU_ASSERT_EQUAL(room_sheet_of(&seen, SAMPLE_CANDIDATE)->marks[0].mark, MARK_NOT_YET);
    room_free(&seen);
    check_view(SAMPLE_HOST, &seen);
    CU_ASSERT_EQUAL(room_sheet_of(&seen, SAMPLE_CANDIDATE)->marks[0].mark, MARK_NOT_YET);
    room_free(&seen);
    sample_free(&s);
}

/* As `seat.out` or `seat.move` by a client that was cut off and had folded `seen` of them. */
static enum refusal late(uint8_t by, enum action act, int64_t seat, int64_t seen, uint8_t invite) {
    char hash[HASH_BYTES];
    memset(hash, invite, sizeof hash);
    return sample_do(&s, by,
                     (struct body){.act = act,
                                   .has = F(seat) | F(invite) | F(seen),
                                   .seat = seat,
                                   .seen = seen,
                                   .invite = {hash, sizeof hash}});
}

static const char *said(uint8_t by, int64_t seat, int64_t seen) {
    static char text[STALE_TEXT_MAX];
    const struct command command = {
        .seat = by,
        .body = {.act = ACTION_SEAT_OUT, .has = F(seat) | F(seen), .seat = seat, .seen = seen}};
    return room_stale_text(&s.room, &command, text, sizeof text);
}

/* What was meant for whoever had the seat does not strike the next one. */
static void test_meant_for_another(void) {
    running();
    CU_ASSERT_EQUAL(s.room.hands, 0);
    CU_ASSERT_EQUAL(move_to(SAMPLE_SECOND, SAMPLE_CANDIDATE, LINK), REFUSAL_NONE);
    CU_ASSERT_EQUAL(late(SAMPLE_HOST, ACTION_SEAT_OUT, SAMPLE_CANDIDATE, 0, 0), REFUSAL_STALE);
    CU_ASSERT_STRING_EQUAL(said(SAMPLE_HOST, SAMPLE_CANDIDATE, 0),
                           "Second moved the seat of Candidate to a new link first; do it again if "
                           "you still mean it.");
    CU_ASSERT_EQUAL(sample_join(&s, NEW_KEY, LINK, "New"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(late(SAMPLE_HOST, ACTION_SEAT_OUT, SAMPLE_CANDIDATE, 0, 0), REFUSAL_STALE);
    CU_ASSERT_EQUAL(late(SAMPLE_HOST, ACTION_SEAT_MOVE, SAMPLE_CANDIDATE, 0, LATER_LINK),
                    REFUSAL_STALE);
    CU_ASSERT_STRING_EQUAL(said(SAMPLE_HOST, SAMPLE_CANDIDATE, 0),
                           "Second gave that seat to somebody new first: New has it now; do it "
                           "again if you still mean it.");
    CU_ASSERT_EQUAL(s.room.seats[SAMPLE_CANDIDATE].hold, HOLD_KEPT);
    /* Another seat is as it was, and what the author did since is theirs. */
    CU_ASSERT_EQUAL(late(SAMPLE_HOST, ACTION_SEAT_OUT, SAMPLE_COACH, 0, 0), REFUSAL_NONE);
    CU_ASSERT_FALSE(s.events[s.count - 1].body.has & F(seen));
    CU_ASSERT_EQUAL(late(SAMPLE_HOST, ACTION_SEAT_MOVE, SAMPLE_COACH, 0, LATER_LINK), REFUSAL_NONE);
    CU_ASSERT_EQUAL(late(SAMPLE_SECOND, ACTION_SEAT_OUT, SAMPLE_COACH, 2, 0), REFUSAL_STALE);
    /* Who saw it, and clients that say nothing, are taken as they come. */
    CU_ASSERT_PTR_NULL(said(SAMPLE_HOST, SAMPLE_CANDIDATE, 1));
    CU_ASSERT_EQUAL(late(SAMPLE_HOST, ACTION_SEAT_OUT, SAMPLE_CANDIDATE, 1, 0), REFUSAL_NONE);
    CU_ASSERT_STRING_EQUAL(said(SAMPLE_SECOND, SAMPLE_CANDIDATE, 3),
                           "Host has put New out already.");
    CU_ASSERT_EQUAL(put_out(SAMPLE_SECOND, SAMPLE_COACH), REFUSAL_NONE);
    CU_ASSERT_EQUAL(move_to(SEAT_SERVER, SAMPLE_CANDIDATE, 72), REFUSAL_NONE);
    CU_ASSERT_PTR_NOT_NULL(strstr(said(SAMPLE_HOST, SAMPLE_CANDIDATE, 5), "Who runs the server"));
    CU_ASSERT_EQUAL(late(SAMPLE_HOST, ACTION_SEAT_OUT, SAMPLE_SEATS, 0, 0), REFUSAL_NO_SUCH_SEAT);
    sample_free(&s);
}

int main(void) {
    static CU_TestInfo tests[] = {
        {"a seat whose key is lost goes to a new link", test_a_lost_key},
        {"any seat can be moved, by an interviewer or the server", test_any_seat},
        {"who was put out comes back by a new link alone", test_put_out},
        {"which seat is the only interviewer's", test_the_only_interviewer},
        {"moves have a bound, and the last are the server's", test_bounds},
        {"what one had for oneself alone stays behind", test_own_things_stay_behind},
        {"the next owner's view is the same whatever that was", test_nothing_shows},
        {"also at the very moment of the move", test_one_moment},
        {"what was meant for one owner does not strike the next", test_meant_for_another},
        CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"seat_move", NULL, NULL, NULL, NULL, tests},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
