/* SPDX-License-Identifier: ISC */
/*
 * Purpose: verdicts and ratings: each is its author's alone until all open together, the others
 * learn who has handed in and no byte more, and they open when nobody is waited for, by hand, or
 * with the end of the room. Corrections of marks in the debrief stay on record.
 */
#include "protocol/room/verdict.h"

#include <string.h>

#include "protocol/room/view.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

static struct sample s;

static enum refusal act(uint8_t seat, struct body body) {
    s.now += 1000;
    return sample_do(&s, seat, body);
}

/* A room in its debrief; Second has left. */
static void debrief(uint32_t rules) {
    struct pack *pack = sample_scored_pack();
    sample_open_as(&s, pack, (struct body){.has = F(rules), .rules = rules});
    pack_unref(pack);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_curveball("curve-0")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_mark(ACTION_MARK_SET, "item-0", MARK_RAISED)), 0);
    CU_ASSERT_EQUAL(act(SEAT_SERVER, body_gone(SAMPLE_SECOND, 1)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_plain(ACTION_CLOCK_FINISH)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_plain(ACTION_DEBRIEF_OPEN)), REFUSAL_NONE);
}

/* Scores 3 and 1, the first with evidence at 10 s after the opening. */
static const char scores[] = "\3\0\0\x27\x10\1\0\0\0\0";
enum { SCORES = VERDICT_SCORE_BYTES * SAMPLE_COMPETENCIES };

static struct body verdict_body(int64_t recommend, const char *keep) {
    return (struct body){.act = ACTION_VERDICT_GIVE,
                         .has = F(recommend) | F(level) | F(scores) | F(keep),
                         .recommend = recommend,
                         .level = LEVEL_SENIOR,
                         .scores = {scores, SCORES},
                         .keep = span_of(keep)};
}

static struct body rating_body(const char *ratings) {
    return (struct body){
        .act = ACTION_RATING_GIVE, .has = F(ratings), .ratings = {ratings, RATING_COUNT}};
}

/* Writes what the server owes, as it would; how many events that were. */
static int server_turn(void) {
    struct command command;
    int count = 0;
    while (verdict_owed(&s.room, &command)) {
        CU_ASSERT_EQUAL_FATAL(sample_command(&s, &command), REFUSAL_NONE);
        count++;
    }
    return count;
}

static const struct room_verdict *known(uint8_t seat, uint8_t of, struct room *view) {
    CU_ASSERT_TRUE_FATAL(sample_view(&s, seat, s.count, view));
    return verdict_of(view, of);
}

static bool knows(uint8_t seat, uint8_t of) {
    struct room view;
    bool found = known(seat, of, &view) != NULL;
    room_free(&view);
    return found;
}

static void test_opens_when_all_have(void) {
    debrief(2);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, verdict_body(RECOMMEND_YES, "Numbers.")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(server_turn(), 1); /* says who, and waits */
    CU_ASSERT_TRUE(knows(SAMPLE_HOST, SAMPLE_HOST));
    CU_ASSERT_FALSE(knows(SAMPLE_COACH, SAMPLE_HOST));
    CU_ASSERT_FALSE(knows(SAMPLE_CANDIDATE, SAMPLE_HOST));
    CU_ASSERT_EQUAL(act(SAMPLE_CANDIDATE, rating_body("\4\3\2\1")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(server_turn(), 1);
    CU_ASSERT_FALSE(knows(SAMPLE_HOST, SAMPLE_CANDIDATE));
    CU_ASSERT_EQUAL(act(SAMPLE_COACH, verdict_body(RECOMMEND_NO, "Pace.")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(server_turn(), 2); /* the last one, and the opening: Second is not here */
    CU_ASSERT_TRUE(verdict_is_open(&s.room));
    for (int i = 0; i < SAMPLE_SEATS; i++) {
        uint8_t seat = (uint8_t)i;
        CU_ASSERT_TRUE(knows(seat, SAMPLE_HOST));
        CU_ASSERT_TRUE(knows(seat, SAMPLE_COACH));
        CU_ASSERT_TRUE(knows(seat, SAMPLE_CANDIDATE));
    }
    sample_free(&s);
}

static struct body watch_body(bool on) {
    return (struct body){.act = ACTION_SEAT_WATCH, .has = F(on), .on = on};
}

/* A coach who only watches from a wall is not waited for; one who has come in is. */
static void test_does_not_wait_for_who_watches(void) {
    debrief(2);
    CU_ASSERT_TRUE(verdict_is_awaited(&s.room, SAMPLE_COACH));
    CU_ASSERT_EQUAL(act(SAMPLE_COACH, watch_body(true)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(act(SAMPLE_COACH, watch_body(true)), REFUSAL_SAME);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, watch_body(true)), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(act(SAMPLE_CANDIDATE, watch_body(true)), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_FALSE(verdict_is_awaited(&s.room, SAMPLE_COACH));
    CU_ASSERT_EQUAL(act(SAMPLE_CANDIDATE, rating_body("\4\3\2\1")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(act(SAMPLE_COACH, watch_body(false)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, verdict_body(RECOMMEND_YES, "Numbers.")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(server_turn(), 2); /* says who twice, and waits for the coach */
    CU_ASSERT_FALSE(verdict_is_open(&s.room));
    CU_ASSERT_EQUAL(act(SAMPLE_COACH, watch_body(true)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(server_turn(), 1); /* who goes back to the wall holds nobody up */
    CU_ASSERT_TRUE(verdict_is_open(&s.room));
    sample_free(&s);
}

/* Coming in anew is coming to the front; a room of the first rules has none of it. */
static void test_watching_ends_with_the_session(void) {
    debrief(2);
    CU_ASSERT_EQUAL(act(SAMPLE_COACH, watch_body(true)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(act(SEAT_SERVER, body_gone(SAMPLE_COACH, 1)), REFUSAL_NONE);
    CU_ASSERT_FALSE(verdict_is_awaited(&s.room, SAMPLE_COACH));
    CU_ASSERT_EQUAL(sample_join(&s, SAMPLE_COACH + 1, SAMPLE_COACH + 1, "Coach"), REFUSAL_NONE);
    CU_ASSERT_TRUE(verdict_is_awaited(&s.room, SAMPLE_COACH));
    sample_free(&s);
    debrief(1);
    CU_ASSERT_EQUAL(act(SAMPLE_COACH, watch_body(true)), REFUSAL_UNKNOWN_ACTION);
    sample_free(&s);
}

static void test_what_it_holds(void) {
    struct room view;
    debrief(2);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, verdict_body(RECOMMEND_STRONG_YES, "Numbers.")), 0);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, verdict_body(RECOMMEND_NO, "Again")), REFUSAL_SAME);
    CU_ASSERT_EQUAL(act(SAMPLE_CANDIDATE, rating_body("\4\0\2\1")), REFUSAL_NONE);
    server_turn();
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_plain(ACTION_VERDICT_OPEN)), REFUSAL_NONE);
    const struct room_verdict *verdict = known(SAMPLE_CANDIDATE, SAMPLE_HOST, &view);
    CU_ASSERT_PTR_NOT_NULL_FATAL(verdict);
    CU_ASSERT_EQUAL(verdict->recommend, RECOMMEND_STRONG_YES);
    CU_ASSERT_EQUAL(verdict->level, LEVEL_SENIOR);
    CU_ASSERT_EQUAL(verdict->scores[0], 3);
    CU_ASSERT_EQUAL(verdict->moments[0], view.opened_at + 10000);
    CU_ASSERT_EQUAL(verdict->scores[1], 1);
    CU_ASSERT_EQUAL(verdict->moments[1], 0);
    CU_ASSERT_STRING_EQUAL(verdict->texts[VERDICT_KEEP], "Numbers.");
    CU_ASSERT_STRING_EQUAL(verdict->texts[VERDICT_DRILL], "");
    CU_ASSERT_FALSE(verdict->late);
    const struct room_verdict *rating = verdict_of(&view, SAMPLE_CANDIDATE);
    CU_ASSERT_PTR_NOT_NULL_FATAL(rating);
    CU_ASSERT_TRUE(rating->rating);
    CU_ASSERT_EQUAL(rating->scores[RATING_LET_DRIVE], 0);
    CU_ASSERT_EQUAL(rating->scores[RATING_FEEDBACK], 1);
    room_free(&view);
    /* Who comes later is told, and it is said that they knew the others'. */
    CU_ASSERT_EQUAL(act(SAMPLE_COACH, verdict_body(RECOMMEND_NO, "Late.")), REFUSAL_NONE);
    verdict = known(SAMPLE_CANDIDATE, SAMPLE_COACH, &view);
    CU_ASSERT_PTR_NOT_NULL_FATAL(verdict);
    CU_ASSERT_TRUE(verdict->late);
    CU_ASSERT_FALSE(verdict_of(&view, SAMPLE_HOST)->late);
    room_free(&view);
    sample_free(&s);
}

/* The candidate gives nothing: the end of the room opens what was handed in. */
static void test_end_opens(void) {
    debrief(2);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, verdict_body(RECOMMEND_YES, "x")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(act(SAMPLE_COACH, verdict_body(RECOMMEND_YES, "y")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(server_turn(), 2); /* the candidate is waited for */
    CU_ASSERT_TRUE(verdict_is_awaited(&s.room, SAMPLE_CANDIDATE));
    CU_ASSERT_FALSE(knows(SAMPLE_CANDIDATE, SAMPLE_HOST));
    /* Losing the connection must not show a candidate the verdict before the own rating. */
    CU_ASSERT_EQUAL(act(SEAT_SERVER, body_gone(SAMPLE_CANDIDATE, 1)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(server_turn(), 0);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_plain(ACTION_ROOM_CLOSE)), REFUSAL_NONE);
    CU_ASSERT_TRUE(knows(SAMPLE_CANDIDATE, SAMPLE_HOST));
    CU_ASSERT_TRUE(knows(SAMPLE_HOST, SAMPLE_COACH));
    CU_ASSERT_EQUAL(server_turn(), 0);
    sample_free(&s);
}

static void test_who_may_open(void) {
    debrief(2);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_plain(ACTION_VERDICT_OPEN)), REFUSAL_SAME); /* nothing */
    CU_ASSERT_EQUAL(act(SAMPLE_COACH, verdict_body(RECOMMEND_YES, "x")), REFUSAL_NONE);
    server_turn();
    CU_ASSERT_EQUAL(act(SAMPLE_COACH, body_plain(ACTION_VERDICT_OPEN)), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(act(SAMPLE_CANDIDATE, body_plain(ACTION_VERDICT_OPEN)), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(act(SAMPLE_SECOND, body_plain(ACTION_VERDICT_OPEN)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_plain(ACTION_VERDICT_OPEN)), REFUSAL_SAME);
    sample_free(&s);
}

static void test_bad(void) {
    struct body body = verdict_body(RECOMMEND_YES, "x");
    debrief(2);
    body.level = LEVEL_ANY;
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body), REFUSAL_BAD_FIELD);
    body = verdict_body(RECOMMEND_YES, "x");
    body.scores.len--;
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body), REFUSAL_BAD_FIELD);
    body.scores.len = SCORES;
    body.scores.at = "\5\0\0\0\0\1\0\0\0\0"; /* one past the highest */
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body), REFUSAL_BAD_FIELD);
    body.scores.at = "\4\0\0\0\0\1\0\0\0\0";
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body), REFUSAL_NONE);
    CU_ASSERT_EQUAL(act(SAMPLE_CANDIDATE, rating_body("\0\0\0\0")), REFUSAL_BAD_FIELD);
    CU_ASSERT_EQUAL(act(SAMPLE_CANDIDATE, rating_body("\5\0\0\0")), REFUSAL_BAD_FIELD);
    CU_ASSERT_EQUAL(act(SAMPLE_CANDIDATE, verdict_body(RECOMMEND_YES, "x")), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, rating_body("\4\0\0\0")), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(act(SAMPLE_CANDIDATE, rating_body("\4\0\0\0")), REFUSAL_NONE);
    sample_free(&s);
    debrief(1);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, verdict_body(RECOMMEND_YES, "x")), REFUSAL_WRONG_STAGE);
    CU_ASSERT_EQUAL(act(SAMPLE_CANDIDATE, rating_body("\4\0\0\0")), REFUSAL_WRONG_STAGE);
    sample_free(&s);
}

/* ---- what the others learn ---- */

/* The whole view of a seat as it is sent. */
static void sent(uint8_t seat, struct mp_writer *w) {
    uint32_t *order = sample_array(s.count, sizeof *order);
    uint32_t n = view_order(&s.room, seat, s.events, s.count, order);
    mp_writer_init(w);
    for (uint32_t i = 0; i < n; i++) {
        struct event event = view_event(&s.events[order[i]], seat, i + 1);
        event_write_sent(w, &event, "abcdefghijkl", s.events[order[i]].by == seat);
    }
    CU_ASSERT_FALSE_FATAL(w->failed);
    free(order);
}

/* Host, coach and candidate hand in, before anything opens, and talk. */
static void hand_in(int64_t recommend, const char *keep, const char *ratings) {
    debrief(2);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, verdict_body(recommend, keep)), REFUSAL_NONE);
    server_turn();
    CU_ASSERT_EQUAL(act(SAMPLE_CANDIDATE, rating_body(ratings)), REFUSAL_NONE);
    server_turn();
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_text(ACTION_TALK_SAY, "Done.")), REFUSAL_NONE);
}

/* Whatever is handed in, everybody else's view is byte for byte the same until it opens. */
static void test_others_learn_nothing(void) {
    static const uint8_t seats[] = {SAMPLE_COACH, SAMPLE_SECOND, SAMPLE_SEATS};
    struct mp_writer one[3];
    struct mp_writer own[2];
    struct mp_writer two;
    hand_in(RECOMMEND_STRONG_NO, "x", "\1\1\1\1");
    for (int i = 0; i < 3; i++) {
        sent(seats[i], &one[i]);
    }
    sent(SAMPLE_HOST, &own[0]);
    sample_free(&s);
    hand_in(RECOMMEND_STRONG_YES, "Something very much longer than that, with all its reasons.",
            "\4\0\3\2");
    for (int i = 0; i < 3; i++) {
        sent(seats[i], &two);
        CU_ASSERT_TRUE(one[i].len == two.len && memcmp(one[i].data, two.data, two.len) == 0);
        mp_writer_free(&two);
        mp_writer_free(&one[i]);
    }
    sent(SAMPLE_HOST, &own[1]);
    CU_ASSERT_TRUE(own[0].len != own[1].len); /* the test can see a difference */
    mp_writer_free(&own[0]);
    mp_writer_free(&own[1]);
    /* The candidate's differs only by the own rating: the host's verdict is in neither. */
    CU_ASSERT_FALSE(knows(SAMPLE_CANDIDATE, SAMPLE_HOST));
    CU_ASSERT_FALSE(knows(SAMPLE_HOST, SAMPLE_CANDIDATE));
    sample_free(&s);
}

/* ---- corrections ---- */

static void test_corrections(void) {
    struct room view;
    debrief(2);
    CU_ASSERT_EQUAL(act(SAMPLE_COACH, body_mark(ACTION_MARK_SET, "item-0", MARK_RAISED)),
                    REFUSAL_SAME);
    CU_ASSERT_EQUAL(act(SAMPLE_COACH, body_mark(ACTION_MARK_SET, "item-0", MARK_PROMPTED)), 0);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_mark(ACTION_MARK_SET, "item-0", MARK_NOT_YET)), 0);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_mark(ACTION_MARK_SET, "item-3", MARK_PROMPTED)), 0);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_flag("flag-0", true)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(act(SAMPLE_CANDIDATE, body_mark(ACTION_SELF_SET, "item-3", MARK_RAISED)),
                    REFUSAL_WRONG_STAGE); /* the own sheet was made without the panel's */
    CU_ASSERT_TRUE_FATAL(sample_view(&s, SAMPLE_CANDIDATE, s.count, &view));
    const struct room_mark *marks = room_sheet_of(&view, SEAT_SERVER)->marks;
    CU_ASSERT_EQUAL(marks[0].mark, MARK_NOT_YET);
    CU_ASSERT_EQUAL(marks[0].was, 1 + MARK_RAISED); /* as it stood when the debrief opened */
    CU_ASSERT_EQUAL(marks[3].was, 1 + MARK_NOT_YET);
    CU_ASSERT_EQUAL(marks[1].was, 0);
    CU_ASSERT_TRUE(view.flags[0].corrected);
    room_free(&view);
    sample_free(&s);
    debrief(1);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_mark(ACTION_MARK_SET, "item-3", MARK_RAISED)),
                    REFUSAL_WRONG_STAGE);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_flag("flag-0", true)), REFUSAL_WRONG_STAGE);
    sample_free(&s);
}

static void test_answers(void) {
    struct body body = {.act = ACTION_ANSWER_SET,
                        .has = F(curveball) | F(mark),
                        .curveball = span_of("curve-0"),
                        .mark = ANSWER_WELL};
    struct room view;
    debrief(2);
    CU_ASSERT_EQUAL(act(SAMPLE_CANDIDATE, body), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(act(SAMPLE_COACH, body), REFUSAL_NONE);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body), REFUSAL_SAME);
    body.curveball = span_of("curve-1"); /* was never put */
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body), REFUSAL_NO_SUCH_FACT);
    CU_ASSERT_TRUE_FATAL(sample_view(&s, SAMPLE_CANDIDATE, s.count, &view));
    CU_ASSERT_EQUAL(view.reveals[0].answer, ANSWER_WELL);
    CU_ASSERT_EQUAL(view.reveals[0].answered_by, SAMPLE_COACH);
    room_free(&view);
    sample_free(&s);
}

static CU_TestInfo tests[] = {
    {"they open when all have handed in", test_opens_when_all_have},
    {"who watches is not waited for", test_does_not_wait_for_who_watches},
    {"watching ends with the session", test_watching_ends_with_the_session},
    {"what they hold", test_what_it_holds},
    {"the end opens them", test_end_opens},
    {"who may open them", test_who_may_open},
    {"what is refused", test_bad},
    {"the others learn nothing", test_others_learn_nothing},
    {"corrections stay on record", test_corrections},
    {"how a question was answered", test_answers},
    CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"verdict", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
