/* SPDX-License-Identifier: ISC */
/*
 * Purpose: who may change the board of a room and when, and that drawing never uses up talk.
 */
#include <string.h>

#include "client/feed/wall_row.h"
#include "protocol/room/digest.h"
#include "tests/support/board_bodies.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

enum { FIRST = SAMPLE_CANDIDATE * BOARD_IDS + 1, THEIRS = SAMPLE_HOST * BOARD_IDS + 1 };

static struct sample s;

static void begin(uint32_t rules) {
    sample_open_rules(&s, 0, rules);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
}

static enum refusal share(bool on) {
    return sample_do(&s, SAMPLE_HOST,
                     (struct body){.act = ACTION_BOARD_SHARE, .has = F(on), .on = on});
}

/* The candidate alone, until an interviewer lets the interviewers; a coach never. */
static void test_who_draws(void) {
    begin(2);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_box(THEIRS, 0, 1, "Kafka")),
                    REFUSAL_BOARD_CLOSED);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_box(FIRST, 0, 0, "Kafka")), REFUSAL_NONE);
    CU_ASSERT_TRUE(room_may_draw(&s.room, SAMPLE_CANDIDATE));
    CU_ASSERT_FALSE(room_may_draw(&s.room, SAMPLE_HOST));
    CU_ASSERT_EQUAL(share(false), REFUSAL_SAME);
    CU_ASSERT_EQUAL(share(true), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_box(THEIRS, 0, 1, "Kafka")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_COACH, body_box(1, 0, 2, "x")), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_worded(ACTION_SHEET_WRITE, THEIRS + 1, "x")),
                    REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_COACH, body_thing(ACTION_POINT_SET, FIRST)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_thing(ACTION_POINT_SET, FIRST)),
                    REFUSAL_NOT_ALLOWED);
    CU_ASSERT_TRUE(room_may_draw(&s.room, SAMPLE_HOST));
    CU_ASSERT_FALSE(room_may_draw(&s.room, SAMPLE_COACH));
    unsigned boxes, citing;
    board_count(&s.room.board, SAMPLE_CANDIDATE, &boxes, &citing);
    CU_ASSERT_EQUAL(boxes, 1); /* somebody else's does not count as the candidate's */
    sample_free(&s);
}

/* A room of this mode under a framework that names two lines and a column. */
static void begin_named(uint32_t mode) {
    struct pack *pack = sample_pack_two();
    pack->slots[0] = "Load";
    pack->slots[1] = "Readers";
    pack->slot_count = 2;
    pack->layers[0] = "Sources";
    pack->layer_count = 1;
    sample_open_as(&s, pack,
                   (struct body){.has = F(rules) | F(mode), .rules = 2, .mode = (int64_t)mode});
    pack_unref(pack);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
}

/* What the candidate's own fold knows of them, and whether the room shows them. */
static void check_names(bool known, bool shown) {
    struct room seen;
    CU_ASSERT_TRUE_FATAL(sample_view(&s, SAMPLE_CANDIDATE, s.count, &seen));
    CU_ASSERT_EQUAL(seen.pack->slot_count, known ? 2 : 0);
    CU_ASSERT_EQUAL(seen.pack->layer_count, known ? 1 : 0);
    CU_ASSERT_EQUAL(room_names_lines(&seen), shown);
    CU_ASSERT_EQUAL(room_open_slot(&seen, &seen.board, 0) != NULL, shown);
    room_free(&seen);
}

/* Blank lines and an empty grid in an ordinary room, also once the debrief has told the names. */
static void test_names_of_lines(void) {
    begin_named(0);
    check_names(false, false);
    CU_ASSERT_PTR_NULL(room_open_slot(&s.room, &s.room.board, 0)); /* nor for the panel */
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_FINISH)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_DEBRIEF_OPEN)), REFUSAL_NONE);
    check_names(true, false);
    sample_free(&s);
    begin_named(MODE_GUIDED);
    check_names(true, true);
    sample_free(&s);
    begin_named(MODE_TRAINING);
    check_names(true, true);
    CU_ASSERT_STRING_EQUAL(room_open_slot(&s.room, &s.room.board, 1), "Readers");
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_worded(ACTION_REQ_ADD, FIRST, "Load: 9")),
                    REFUSAL_NONE);
    CU_ASSERT_STRING_EQUAL(room_open_slot(&s.room, &s.room.board, 0), "Readers");
    CU_ASSERT_PTR_NULL(room_open_slot(&s.room, &s.room.board, 1));
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_thing(ACTION_REQ_DROP, FIRST)),
                    REFUSAL_NONE);
    CU_ASSERT_STRING_EQUAL(room_open_slot(&s.room, &s.room.board, 0), "Load");
    sample_free(&s);
}

/* The wall counts the candidate's boxes, and those that cite a requirement that there is. */
static void test_on_the_wall(void) {
    struct model model;
    struct wall_row row = {.filled = false};
    begin(2);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_worded(ACTION_REQ_ADD, FIRST, "x")),
                    REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_box(FIRST + 1, 0, 0, "Kafka; R1")),
                    REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_box(FIRST + 2, 1, 0, "Flink; R2")),
                    REFUSAL_NONE);
    model_init(&model);
    CU_ASSERT_TRUE_FATAL(room_copy(&model.room, &s.room));
    CU_ASSERT_TRUE(wall_row_update(&row, &model, s.now));
    CU_ASSERT_EQUAL(row.boxes, 2);
    CU_ASSERT_EQUAL(row.citing, 1);
    model_free(&model);
    sample_free(&s);
}

static void test_when(void) {
    sample_open_rules(&s, 0, 2);
    CU_ASSERT_FALSE(room_may_draw(&s.room, SAMPLE_CANDIDATE));
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_box(FIRST, 0, 0, "x")),
                    REFUSAL_WRONG_STAGE);
    CU_ASSERT_EQUAL(share(true), REFUSAL_NONE);
    sample_free(&s);
    begin(1);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_box(FIRST, 0, 0, "x")), REFUSAL_NO_BOARD);
    sample_free(&s);
}

/* At the bound of drawing talk and the clock go on, the other way round too. */
static void test_share(void) {
    begin(2);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_box(FIRST, 0, 0, "x")), REFUSAL_NONE);
    for (int i = 1; i < ROOM_SEAT_BOARD_MAX; i++) {
        CU_ASSERT_EQUAL_FATAL(
            sample_do(&s, SAMPLE_CANDIDATE, body_at(ACTION_BOX_MOVE, FIRST, i % 5, 1)),
            REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_at(ACTION_BOX_MOVE, FIRST, 0, 0)),
                    REFUSAL_BOARD_LIMIT);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_text(ACTION_TALK_SAY, "x")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_COACH, body_thing(ACTION_POINT_SET, FIRST)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_FINISH)), REFUSAL_NONE);
    sample_free(&s);
    begin(2);
    s.room.seats[SAMPLE_CANDIDATE].all_count = ROOM_SEAT_ALL_MAX;
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_box(FIRST, 0, 0, "x")), REFUSAL_NONE);
    sample_free(&s);
}

static enum refusal write_line(int64_t n) {
    return sample_do(
        &s, SAMPLE_CANDIDATE,
        body_worded(ACTION_SHEET_WRITE, SAMPLE_CANDIDATE * (int64_t)BOARD_IDS + n, "x"));
}

/* The seat goes to somebody new, who takes it. */
static void hand_on(uint8_t link) {
    char secret[HASH_BYTES];
    char key[HASH_BYTES];
    memset(secret, link, sizeof secret);
    memset(key, link + 1, sizeof key);
    struct body move = {.act = ACTION_SEAT_MOVE,
                        .has = F(seat) | F(invite),
                        .seat = SAMPLE_CANDIDATE,
                        .invite = {secret, sizeof secret}};
    CU_ASSERT_EQUAL_FATAL(sample_do(&s, SAMPLE_HOST, move), REFUSAL_NONE);
    s.ids[SAMPLE_CANDIDATE] = 0;
    move.act = ACTION_SEAT_JOIN;
    move.has = F(invite) | F(key) | F(name);
    move.key = (struct span){key, sizeof key};
    move.name = span_of("Cleo");
    s.now++;
    CU_ASSERT_EQUAL_FATAL(sample_do(&s, SEAT_SERVER, move), REFUSAL_NONE);
}

/* Draws until the share is used up; how much that was. */
static uint32_t draw_all(void) {
    uint32_t before = s.count;
    int64_t last = s.room.board.last[SAMPLE_CANDIDATE];
    CU_ASSERT_EQUAL_FATAL(write_line(last + 1), REFUSAL_NONE);
    struct body line =
        body_worded(ACTION_SHEET_WRITE, SAMPLE_CANDIDATE * (int64_t)BOARD_IDS + last + 1, "x");
    enum refusal why = REFUSAL_NONE;
    while (why == REFUSAL_NONE) {
        why = sample_do(&s, SAMPLE_CANDIDATE, line);
    }
    CU_ASSERT_EQUAL(why, REFUSAL_BOARD_LIMIT);
    return s.count - before;
}

/* Whoever has the seat next draws as much as the one before; but no room grows by that for ever. */
static void test_next_share(void) {
    begin(2);
    for (int i = 0; i <= ROOM_BOARD_PAST_MAX / ROOM_SEAT_BOARD_MAX; i++) {
        CU_ASSERT_EQUAL(draw_all(), ROOM_SEAT_BOARD_MAX);
        hand_on((uint8_t)(100 + 2 * i));
    }
    CU_ASSERT_EQUAL(s.room.drawn_past, ROOM_BOARD_PAST_MAX);
    CU_ASSERT_EQUAL(write_line(s.room.board.last[SAMPLE_CANDIDATE] + INT64_C(1)),
                    REFUSAL_BOARD_LIMIT);
    struct room copy;
    CU_ASSERT_TRUE_FATAL(sample_replay(&s, s.count, &copy));
    CU_ASSERT_EQUAL(copy.seats[SAMPLE_CANDIDATE].drawn, s.room.seats[SAMPLE_CANDIDATE].drawn);
    room_free(&copy);
    sample_free(&s);
}

/* Writes requirements and drops them until no number is left to this owner; the last number. */
static unsigned number_all(void) {
    enum refusal why = REFUSAL_NONE;
    while (why == REFUSAL_NONE) {
        int64_t thing =
            SAMPLE_CANDIDATE * (int64_t)BOARD_IDS + s.room.board.last[SAMPLE_CANDIDATE] + 1;
        why = sample_do(&s, SAMPLE_CANDIDATE, body_worded(ACTION_REQ_ADD, thing, "x"));
        if (why == REFUSAL_NONE) {
            CU_ASSERT_EQUAL_FATAL(
                sample_do(&s, SAMPLE_CANDIDATE, body_thing(ACTION_REQ_DROP, thing)), REFUSAL_NONE);
        }
    }
    CU_ASSERT_EQUAL(why, REFUSAL_BOARD_LIMIT);
    return s.room.board.reqs;
}

/* Numbers of requirements: none is given twice, and each owner has half of those that are left. */
static void test_next_requirements(void) {
    begin(2);
    CU_ASSERT_EQUAL(number_all(), 500);
    hand_on(100);
    CU_ASSERT_EQUAL(number_all(), 750);
    hand_on(102);
    CU_ASSERT_EQUAL(number_all(), 875);
    sample_free(&s);
}

/* Who skips as many numbers as may be, all the time, has some for as long as they may draw; so has
 * who gets the seat then. */
static void test_numbers(void) {
    begin(2);
    CU_ASSERT_EQUAL(write_line(BOARD_IDS - 1), REFUSAL_BOARD_ID);
    CU_ASSERT_EQUAL(write_line(BOARD_AHEAD_MAX + 1), REFUSAL_BOARD_ID);
    CU_ASSERT_EQUAL(write_line(BOARD_AHEAD_MAX), REFUSAL_NONE);
    const uint32_t *drawn = &s.room.seats[SAMPLE_CANDIDATE].drawn;
    while (*drawn < ROOM_SEAT_BOARD_MAX - 2) {
        int64_t n = s.room.board.last[SAMPLE_CANDIDATE];
        struct body drop =
            body_thing(ACTION_SHEET_WRITE, SAMPLE_CANDIDATE * (int64_t)BOARD_IDS + n);
        CU_ASSERT_EQUAL_FATAL(sample_do(&s, SAMPLE_CANDIDATE, drop), REFUSAL_NONE);
        n = BOARD_AHEAD_MAX + (int64_t)BOARD_AHEAD_EACH * *drawn;
        CU_ASSERT_EQUAL_FATAL(write_line(n + 1), REFUSAL_BOARD_ID);
        CU_ASSERT_EQUAL_FATAL(write_line(n), REFUSAL_NONE);
    }
    hand_on(100);
    CU_ASSERT_EQUAL(*drawn, 0);
    while (*drawn < ROOM_SEAT_BOARD_MAX) {
        int64_t n = s.room.board.last[SAMPLE_CANDIDATE] + INT64_C(1);
        struct body drop =
            body_thing(ACTION_SHEET_WRITE, SAMPLE_CANDIDATE * (int64_t)BOARD_IDS + n);
        CU_ASSERT_EQUAL_FATAL(write_line(n), REFUSAL_NONE);
        CU_ASSERT_EQUAL_FATAL(sample_do(&s, SAMPLE_CANDIDATE, drop), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(write_line(s.room.board.last[SAMPLE_CANDIDATE] + INT64_C(1)),
                    REFUSAL_BOARD_LIMIT);
    sample_free(&s);
}

/* A log of before may have skipped more; then one follows the other. */
static void test_numbers_of_before(void) {
    begin(2);
    CU_ASSERT_EQUAL(write_line(1), REFUSAL_NONE);
    struct event event = s.events[s.count - 1];
    event.pos++;
    event.id++;
    event.body.thing += BOARD_IDS - 4;
    CU_ASSERT_EQUAL(room_apply(&s.room, &event, NULL, NULL), APPLY_OK);
    s.ids[SAMPLE_CANDIDATE]++;
    CU_ASSERT_EQUAL(write_line(BOARD_IDS - 1), REFUSAL_BOARD_ID);
    CU_ASSERT_EQUAL(write_line(BOARD_IDS - 2), REFUSAL_NONE);
    CU_ASSERT_EQUAL(write_line(BOARD_IDS - 1), REFUSAL_NONE);
    CU_ASSERT_EQUAL(board_next_id(&s.room.board, SAMPLE_CANDIDATE), 0);
    sample_free(&s);
}

/* Every seat's view has the board, a copy of the room too; another board is another state. */
static void test_replicas(void) {
    begin(2);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_box(FIRST, 0, 0, "x")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_worded(ACTION_REQ_ADD, FIRST + 1, "y")),
                    REFUSAL_NONE);
    for (int seat = 0; seat < SAMPLE_SEATS; seat++) {
        struct room view;
        CU_ASSERT_TRUE_FATAL(sample_view(&s, (uint8_t)seat, s.count, &view));
        CU_ASSERT_EQUAL(view.board.count, 2);
        room_free(&view);
    }
    struct room copy;
    CU_ASSERT_TRUE_FATAL(room_copy(&copy, &s.room));
    CU_ASSERT_TRUE(sample_same(&copy, &s.room));
    copy.board.things[0].col = 1;
    CU_ASSERT_FALSE(sample_same(&copy, &s.room));
    room_free(&copy);
    sample_free(&s);
}

/* Where somebody else has changed the same thing since, that is said, and it is left. */
static void test_undo_of_another(void) {
    struct model model;
    struct model_pending *pending = NULL;
    begin(2);
    CU_ASSERT_EQUAL(share(true), REFUSAL_NONE);
    model_init(&model);
    CU_ASSERT_TRUE_FATAL(room_copy(&model.room, &s.room));
    model.role = ROLE_CANDIDATE;
    model.seat = SAMPLE_CANDIDATE;
    struct body box = body_box(FIRST, 0, 0, "Kafka");
    CU_ASSERT_EQUAL(drawing_do(&model, &box, s.now, &pending), DRAWING_SENT);
    struct board *board = &model.room.board;
    CU_ASSERT_TRUE(board_take(board, SAMPLE_CANDIDATE, &box, s.now));
    struct body move = body_at(ACTION_BOX_MOVE, FIRST, 3, 0);
    CU_ASSERT_EQUAL(board_check(board, SAMPLE_HOST, &move), REFUSAL_NONE);
    CU_ASSERT_TRUE(board_take(board, SAMPLE_HOST, &move, s.now));
    model.revision++;
    CU_ASSERT_EQUAL(drawing_undo(&model, false, s.now, &pending), DRAWING_REFUSED);
    CU_ASSERT_PTR_NOT_NULL(strstr(model.message, s.room.seats[SAMPLE_HOST].name));
    CU_ASSERT_PTR_NOT_NULL(strstr(model.message, "left as it is"));
    CU_ASSERT_EQUAL(board_find(board, FIRST)->col, 3);
    model_free(&model);
    sample_free(&s);
}

/* The interview ends while the candidate thinks unseen: that nobody has what was drawn is said, and
 * it stays held. */
static void test_finish_unseen(void) {
    struct model model;
    struct model_pending *pending = NULL;
    struct body hide = {.act = ACTION_BOARD_PRIVATE, .has = F(on), .on = 1};
    begin(2);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, hide), REFUSAL_NONE);
    model_init(&model);
    CU_ASSERT_TRUE_FATAL(room_copy(&model.room, &s.room));
    model.role = ROLE_CANDIDATE;
    model.seat = SAMPLE_CANDIDATE;
    struct body box = body_box(FIRST, 0, 0, "Kafka");
    CU_ASSERT_EQUAL(drawing_do(&model, &box, s.now, &pending), DRAWING_HELD);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_FINISH)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(model_apply(&model, &s.events[s.count - 1]), APPLY_OK);
    CU_ASSERT_PTR_NOT_NULL(strstr(model.message, "1 change was shown to nobody"));
    CU_ASSERT_EQUAL(model.drawing.held_count, 1);
    model_free(&model);
    sample_free(&s);
}

int main(void) {
    static CU_TestInfo tests[] = {{"who draws", test_who_draws},
                                  {"names of lines", test_names_of_lines},
                                  {"on the wall", test_on_the_wall},
                                  {"when", test_when},
                                  {"share", test_share},
                                  {"numbers are not skipped for the next owner", test_numbers},
                                  {"the next owner's share", test_next_share},
                                  {"and numbers of requirements", test_next_requirements},
                                  {"but were before", test_numbers_of_before},
                                  {"replicas", test_replicas},
                                  {"undo of another", test_undo_of_another},
                                  {"finish unseen", test_finish_unseen},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"drawing", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
