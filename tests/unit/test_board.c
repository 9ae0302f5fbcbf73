/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the board and the worksheet: what they take and refuse, the one line that a box is,
 * undoing, and what must hold for any order of commands by two authors.
 */
#include <stdio.h>
#include <string.h>

#include "protocol/board/layout.h"
#include "protocol/board/line.h"
#include "protocol/board/undo.h"
#include "tests/support/board_bodies.h"
#include "tests/support/dice.h"
#include "tests/support/test_main.h"

enum { ME = 1, OTHER = 3, FIRST = ME * BOARD_IDS + 1 };

static struct board b;

static enum refusal do_as(uint8_t seat, struct body body) {
    enum refusal refusal = board_check(&b, seat, &body);
    if (refusal == REFUSAL_NONE) {
        CU_ASSERT_TRUE_FATAL(board_take(&b, seat, &body, 1000));
    }
    return refusal;
}

static enum refusal mine(struct body body) {
    return do_as(ME, body);
}

static int64_t next(uint8_t seat) {
    return board_next_id(&b, seat);
}

/* ---- the line ---- */

static void check_line(const char *typed, const char *kept) {
    char out[2 * BOARD_BOX_MAX_BYTES];
    size_t len = line_tidy(span_of(typed), out, sizeof out);
    CU_ASSERT_EQUAL(len, strlen(kept));
    CU_ASSERT_STRING_EQUAL(out, kept);
}

static void test_line_is_tidied(void) {
    check_line("Kafka", "Kafka");
    check_line("Kafka!=Kinesis:  replay ;50 MB/s;;R1 R2 ;",
               "Kafka \xe2\x89\xa0 Kinesis: replay; 50 MB/s; R1 R2");
    check_line("  https://a:b/c ", "https://a:b/c");
    check_line("\xe2\x89\xa0 Spark", "\xe2\x89\xa0 Spark");
    check_line("a != : why", "a: why");
    check_line("; R1", "R1");
    check_line(" ;; ", "");
    check_line("<b>\"x\" & y</b>", "<b>\"x\" & y</b>");
}

static void test_line_is_read(void) {
    struct box_line line;
    line_read(span_of("Kafka \xe2\x89\xa0 Kinesis: replay; 50 MB/s; three zones; R1, R12"), &line);
    CU_ASSERT_TRUE(span_equal(line.name, "Kafka"));
    CU_ASSERT_TRUE(span_equal(line.rival, "Kinesis"));
    CU_ASSERT_TRUE(span_equal(line.reason, "replay"));
    CU_ASSERT_EQUAL_FATAL(line.part_count, 3);
    CU_ASSERT_EQUAL(line.parts[0].kind, PART_NUMBER);
    CU_ASSERT_EQUAL(line.parts[1].kind, PART_REMARK);
    CU_ASSERT_EQUAL(line.parts[2].kind, PART_REQS);
    CU_ASSERT_TRUE(line_cites(span_of("a R12"), 12));
    CU_ASSERT_FALSE(line_cites(span_of("a R12 TR1 R1x R01 R1234 R"), 1));
    line_read(span_of("Flink: dedupe; R1 to 5"), &line);
    CU_ASSERT_TRUE(span_equal(line.reason, "dedupe"));
    CU_ASSERT_EQUAL(line.parts[0].kind, PART_NUMBER);
}

/* A line that is read and written back is the same, whatever it is made of. */
static void test_line_written_back(void) {
    static const char *const pieces[] = {"Kafka", " ", ";",  ":", ": ", "!=", "\xe2\x89\xa0",
                                         "R1",    ",", "50", "!", "=",  "R",  "\xe6\x9d\x8e"};
    uint64_t dice = dice_setting("SPAR_PROPERTY_SEED", 7);
    for (int round = 0; round < 20000; round++) {
        char text[BOARD_BOX_MAX_BYTES + 8] = "";
        for (uint64_t n = dice_roll(&dice) % 16; n > 0; n--) {
            const char *piece = pieces[dice_roll(&dice) % (sizeof pieces / sizeof *pieces)];
            memcpy(text + strlen(text), piece, strlen(piece) + 1);
        }
        char once[2 * BOARD_BOX_MAX_BYTES];
        char twice[2 * BOARD_BOX_MAX_BYTES];
        struct box_line line;
        size_t len = line_tidy(span_of(text), once, sizeof once);
        CU_ASSERT_TRUE_FATAL(len < sizeof once);
        line_read(span_of(once), &line);
        CU_ASSERT_EQUAL(line_write(&line, twice, sizeof twice), len);
        if (strcmp(once, twice) != 0) {
            fprintf(stderr, "'%s' -> '%s' -> '%s'\n", text, once, twice);
            CU_FAIL_FATAL("a line changed when it was written back");
        }
    }
}

static void test_line_of_any_length(void) {
    char text[BOARD_BOX_MAX_BYTES + 2];
    char out[2 * BOARD_BOX_MAX_BYTES];
    memset(text, ';', sizeof text - 1);
    for (size_t i = 0; i + 1 < sizeof text; i += 2) {
        text[i] = 'x';
    }
    text[sizeof text - 1] = '\0';
    CU_ASSERT_TRUE(line_tidy((struct span){text, BOARD_BOX_MAX_BYTES}, out, sizeof out) >
                   BOARD_BOX_MAX_BYTES);
    CU_ASSERT_TRUE(line_tidy(span_of(text), out, sizeof out) > BOARD_BOX_MAX_BYTES);
}

/* ---- what it takes ---- */

static void test_box_and_arrow(void) {
    CU_ASSERT_EQUAL(mine(body_box(FIRST, 0, 1, "Kafka != Kinesis; R1")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(mine(body_box(FIRST + 1, 1, 1, "Flink; R1")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(mine(body_arrow(FIRST + 2, FIRST, FIRST + 1, "50 MB/s")), REFUSAL_NONE);
    const struct board_thing *box = board_find(&b, FIRST);
    CU_ASSERT_PTR_NOT_NULL_FATAL(box);
    CU_ASSERT_STRING_EQUAL(box->text, "Kafka \xe2\x89\xa0 Kinesis; R1");
    CU_ASSERT_PTR_EQUAL(board_at(&b, 0, 1), box);
    CU_ASSERT_EQUAL(mine(body_thing(ACTION_BOX_DROP, FIRST)), REFUSAL_NONE);
    CU_ASSERT_FALSE(board_is_shown(&b, board_find(&b, FIRST + 2)));
    CU_ASSERT_EQUAL(mine(body_thing(ACTION_BOX_BACK, FIRST)), REFUSAL_NONE);
    CU_ASSERT_TRUE(board_is_shown(&b, board_find(&b, FIRST + 2)));
    CU_ASSERT_EQUAL(mine(body_at(ACTION_BOX_MOVE, FIRST, 3, 0)), REFUSAL_NONE);
    CU_ASSERT_PTR_NULL(board_at(&b, 0, 1));
    board_free(&b);
}

static void test_requirements(void) {
    unsigned boxes, citing;
    CU_ASSERT_EQUAL(mine(body_worded(ACTION_REQ_ADD, FIRST, "50 MB/s")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(mine(body_worded(ACTION_REQ_ADD, FIRST + 1, "60 s")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(mine(body_thing(ACTION_REQ_DROP, FIRST + 1)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(mine(body_worded(ACTION_REQ_ADD, FIRST + 2, "90 s")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(board_find(&b, FIRST + 2)->number, 3);
    CU_ASSERT_PTR_NULL(board_req(&b, 2));
    CU_ASSERT_EQUAL(mine(body_box(FIRST + 3, 0, 0, "Kafka; R1 R2")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(mine(body_box(FIRST + 4, 1, 0, "Flink; R2")), REFUSAL_NONE);
    board_count(&b, ME, &boxes, &citing);
    CU_ASSERT_EQUAL(boxes, 2);
    CU_ASSERT_EQUAL(citing, 1);
    CU_ASSERT_TRUE(board_answers(&b, ME, 1));
    CU_ASSERT_FALSE(board_answers(&b, OTHER, 1));
    CU_ASSERT_FALSE(board_answers(&b, ME, 3));
    CU_ASSERT_FALSE(board_is_loose(&b, ME, board_find(&b, FIRST + 3)));
    CU_ASSERT_TRUE(board_is_loose(&b, ME, board_find(&b, FIRST + 4))); /* R2 is no more */
    CU_ASSERT_FALSE(board_is_loose(&b, OTHER, board_find(&b, FIRST + 4)));
    CU_ASSERT_EQUAL(b.cite_count, 3);
    CU_ASSERT_EQUAL(mine(body_worded(ACTION_BOX_TEXT, FIRST + 3, "Kafka; R3 R1")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(b.cite_count, 4);
    board_free(&b);
}

static void test_worksheet(void) {
    struct body write = body_worded(ACTION_SHEET_WRITE, FIRST, "volume\n50 MB/s");
    CU_ASSERT_EQUAL(mine(body_thing(ACTION_SHEET_WRITE, FIRST)), REFUSAL_BOARD_TEXT);
    CU_ASSERT_EQUAL(mine(write), REFUSAL_NONE);
    write.text = span_of("volume");
    write.style = LINE_PARKED;
    write.has |= F(style);
    CU_ASSERT_EQUAL(mine(write), REFUSAL_NONE);
    CU_ASSERT_EQUAL(board_find(&b, FIRST)->style, LINE_PARKED);
    CU_ASSERT_EQUAL(mine(body_thing(ACTION_SHEET_WRITE, FIRST)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(mine(body_thing(ACTION_SHEET_WRITE, FIRST)), REFUSAL_SAME);
    CU_ASSERT_EQUAL(do_as(OTHER, write), REFUSAL_NOT_YOURS);
    write.style = LINE_SCRATCH + 1;
    CU_ASSERT_EQUAL(mine(write), REFUSAL_BAD_STYLE);
    board_free(&b);
}

static void test_pointing(void) {
    CU_ASSERT_EQUAL(mine(body_box(FIRST, 0, 0, "Kafka")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(do_as(0, body_thing(ACTION_POINT_SET, FIRST + 1)), REFUSAL_NO_SUCH_THING);
    CU_ASSERT_EQUAL(do_as(0, body_thing(ACTION_POINT_SET, FIRST)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(b.marks[0].thing, FIRST);
    CU_ASSERT_EQUAL(mine(body_thing(ACTION_BOX_DROP, FIRST)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(b.marks[0].thing, 0);
    CU_ASSERT_EQUAL(do_as(0, (struct body){.act = ACTION_POINT_SET}), REFUSAL_SAME);
    board_free(&b);
}

static void test_thinking_unseen(void) {
    struct body on = {.act = ACTION_BOARD_PRIVATE, .has = F(on), .on = 1};
    CU_ASSERT_EQUAL(mine(on), REFUSAL_NONE);
    CU_ASSERT_EQUAL(mine(on), REFUSAL_SAME); /* not made longer by asking again */
    CU_ASSERT_EQUAL(board_private_until(&b, 1000), 1000 + BOARD_PRIVATE_MS);
    CU_ASSERT_EQUAL(board_private_until(&b, 1000 + BOARD_PRIVATE_MS), 0);
    on.on = 0;
    CU_ASSERT_EQUAL(mine(on), REFUSAL_NONE);
    CU_ASSERT_EQUAL(mine(on), REFUSAL_SAME);
    board_free(&b);
}

/* ---- what it refuses ---- */

static void test_refusals(void) {
    CU_ASSERT_EQUAL(mine(body_box(FIRST, 0, 0, "Kafka")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(mine(body_box(FIRST, 1, 0, "again")), REFUSAL_BOARD_ID);
    CU_ASSERT_EQUAL(mine(body_box(OTHER * BOARD_IDS + 1, 1, 0, "theirs")), REFUSAL_BOARD_ID);
    CU_ASSERT_EQUAL(mine(body_box(FIRST + 1, 0, 0, "same cell")), REFUSAL_PLACE_TAKEN);
    CU_ASSERT_EQUAL(mine(body_box(FIRST + 1, BOARD_COLS_MAX, 0, "x")), REFUSAL_OFF_GRID);
    CU_ASSERT_EQUAL(mine(body_box(FIRST + 1, 0, BOARD_ROWS_MAX, "x")), REFUSAL_OFF_GRID);
    CU_ASSERT_EQUAL(mine(body_box(FIRST + 1, 1, 0, "a\x1b[2Jb")), REFUSAL_BOARD_TEXT);
    CU_ASSERT_EQUAL(mine(body_box(FIRST + 1, 1, 0, "two\nlines")), REFUSAL_BOARD_TEXT);
    CU_ASSERT_EQUAL(mine(body_box(FIRST + 1, 1, 0, " ; ")), REFUSAL_BOARD_TEXT);
    CU_ASSERT_EQUAL(mine(body_box(FIRST + 1, 1, 0, "\xe2\x80\x8b")), REFUSAL_BOARD_TEXT);
    CU_ASSERT_EQUAL(mine(body_arrow(FIRST + 1, FIRST, FIRST, "x")), REFUSAL_ARROW_SELF);
    CU_ASSERT_EQUAL(mine(body_arrow(FIRST + 1, FIRST, FIRST + 9, "x")), REFUSAL_NO_SUCH_THING);
    CU_ASSERT_EQUAL(mine(body_box(FIRST + 1, BOARD_COLS_MAX - 1, BOARD_ROWS_MAX - 1, "x")),
                    REFUSAL_NONE);
    CU_ASSERT_EQUAL(mine(body_arrow(FIRST + 2, FIRST, FIRST + 1, "x")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(mine(body_arrow(FIRST + 3, FIRST, FIRST + 1, "y")), REFUSAL_ARROW_TWICE);
    CU_ASSERT_EQUAL(mine(body_arrow(FIRST + 3, FIRST + 1, FIRST, "back")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(mine(body_thing(ACTION_FRAME_DROP, FIRST)), REFUSAL_NO_SUCH_THING);
    CU_ASSERT_EQUAL(mine(body_thing(ACTION_BOX_BACK, FIRST)), REFUSAL_SAME);
    CU_ASSERT_EQUAL(do_as(OTHER, body_worded(ACTION_BOX_TEXT, FIRST, "mine")), REFUSAL_NOT_YOURS);
    CU_ASSERT_EQUAL(do_as(OTHER, body_at(ACTION_BOX_MOVE, FIRST, 0, 4)), REFUSAL_NONE);
    struct body points = {.act = ACTION_STROKE_ADD, .has = F(thing) | F(points)};
    points.thing = FIRST + 4;
    points.points = (struct span){"\xff\xff\0\0\0\0\0\0", 8};
    CU_ASSERT_EQUAL(mine(points), REFUSAL_OFF_GRID);
    points.points = (struct span){"\0\1\0\0\0\0\0\0\0", 9};
    CU_ASSERT_EQUAL(mine(points), REFUSAL_BAD_FIELD);
    points.points.len = 8;
    CU_ASSERT_EQUAL(mine(points), REFUSAL_NONE);
    CU_ASSERT_EQUAL(mine(body_frame(FIRST + 5, 8, 0, 5, 1, "x")), REFUSAL_OFF_GRID);
    CU_ASSERT_EQUAL(mine(body_frame(FIRST + 5, 8, 0, 4, 1, "x")), REFUSAL_NONE);
    board_free(&b);
}

/* Puts as many as there may be; one more is refused, and what was dropped makes way. */
static void fill_kind(unsigned most, struct body (*make)(int64_t id, unsigned i),
                      enum action drop) {
    for (unsigned i = 0; i < most; i++) {
        CU_ASSERT_EQUAL_FATAL(mine(make(next(ME), i)), REFUSAL_NONE);
    }
    int64_t last = next(ME) - 1;
    CU_ASSERT_EQUAL(mine(make(next(ME), most)), REFUSAL_BOARD_FULL);
    for (unsigned i = 0; i < 2 * most; i++) {
        struct body body = body_thing(drop, last);
        CU_ASSERT_EQUAL_FATAL(mine(body), REFUSAL_NONE);
        last = next(ME);
        CU_ASSERT_EQUAL_FATAL(mine(make(last, most - 1)), REFUSAL_NONE);
    }
    unsigned kept = 0;
    for (uint32_t i = 0; i < b.count; i++) {
        kept += b.things[i].kind == board_find(&b, (uint32_t)last)->kind;
    }
    CU_ASSERT_EQUAL(kept, 2 * most);
}

static struct body nth_box(int64_t id, unsigned i) {
    return body_box(id, (int64_t)(i % 11), (int64_t)(i / 11), "x");
}

static struct body nth_frame(int64_t id, unsigned i) {
    return body_frame(id, i % 8, 0, 1, 1, "x");
}

static struct body nth_span(int64_t id, unsigned i) {
    struct body body = body_frame(id, i % 8, 0, 1, 1, "x");
    body.act = ACTION_SPAN_ADD;
    body.has &= ~F(rows);
    return body;
}

static struct body nth_line(int64_t id, unsigned i) {
    (void)i;
    return body_worded(ACTION_SHEET_WRITE, id, "x");
}

static struct body nth_req(int64_t id, unsigned i) {
    (void)i;
    return body_worded(ACTION_REQ_ADD, id, "x");
}

static struct body nth_stroke(int64_t id, unsigned i) {
    (void)i;
    return (struct body){.act = ACTION_STROKE_ADD,
                         .has = F(thing) | F(points),
                         .thing = id,
                         .points = {"\0\1\0\1\0\2\0\2", 8}};
}

static struct body nth_arrow(int64_t id, unsigned i) {
    unsigned from = i % BOARD_BOXES_MAX;
    unsigned to = (from + 1 + i / BOARD_BOXES_MAX) % BOARD_BOXES_MAX;
    return body_arrow(id, FIRST + from, FIRST + to, "x");
}

static void test_bounds(void) {
    fill_kind(BOARD_BOXES_MAX, nth_box, ACTION_BOX_DROP);
    board_free(&b);
    fill_kind(BOARD_FRAMES_MAX, nth_frame, ACTION_FRAME_DROP);
    fill_kind(BOARD_SPANS_MAX, nth_span, ACTION_SPAN_DROP);
    fill_kind(BOARD_STROKES_MAX, nth_stroke, ACTION_STROKE_DROP);
    fill_kind(BOARD_REQS_MAX, nth_req, ACTION_REQ_DROP);
    fill_kind(BOARD_LINES_MAX, nth_line, ACTION_SHEET_WRITE);
    board_free(&b);
    for (unsigned i = 0; i < BOARD_BOXES_MAX; i++) {
        CU_ASSERT_EQUAL(mine(nth_box(FIRST + i, i)), REFUSAL_NONE);
    }
    fill_kind(BOARD_ARROWS_MAX, nth_arrow, ACTION_ARROW_DROP);
    board_free(&b);
    char text[BOARD_REQ_MAX_BYTES + 2];
    memset(text, 'x', sizeof text);
    text[BOARD_REQ_MAX_BYTES + 1] = '\0';
    CU_ASSERT_EQUAL(mine(body_worded(ACTION_REQ_ADD, FIRST, text)), REFUSAL_BOARD_TEXT);
    text[BOARD_REQ_MAX_BYTES] = '\0';
    CU_ASSERT_EQUAL(mine(body_worded(ACTION_REQ_ADD, FIRST, text)), REFUSAL_NONE);
    text[BOARD_BOX_MAX_BYTES + 1] = '\0';
    CU_ASSERT_EQUAL(mine(body_box(FIRST + 1, 0, 0, text)), REFUSAL_BOARD_TEXT);
    text[BOARD_BOX_MAX_BYTES] = '\0';
    CU_ASSERT_EQUAL(mine(body_box(FIRST + 1, 0, 0, text)), REFUSAL_NONE);
    board_free(&b);
    b.last[ME] = BOARD_IDS - 1;
    CU_ASSERT_EQUAL(board_next_id(&b, ME), 0);
    CU_ASSERT_EQUAL(mine(body_box(INT64_C(2) * BOARD_IDS, 0, 0, "x")), REFUSAL_BOARD_ID);
    board_free(&b);
}

/* ---- where it stands ---- */

static void check_arrow(const struct board_layout *layout, uint16_t i, const char *expected) {
    char way[200] = "";
    for (uint8_t k = 0; k < layout->arrows[i].count; k++) {
        snprintf(way + strlen(way), sizeof way - strlen(way), "%d,%d ",
                 layout->arrows[i].points[k].x, layout->arrows[i].points[k].y);
    }
    CU_ASSERT_STRING_EQUAL(way, expected);
}

static void test_layout(void) {
    static struct board_layout layout;
    CU_ASSERT_FALSE(board_is_used(&b));
    CU_ASSERT_EQUAL(layout_cell(1, 2).x, 23);
    CU_ASSERT_EQUAL(layout_cell(1, 2).y, 13);
    CU_ASSERT_EQUAL(mine(body_box(FIRST, 0, 0, "a")), REFUSAL_NONE);
    CU_ASSERT_TRUE(board_is_used(&b));
    CU_ASSERT_EQUAL(mine(body_box(FIRST + 1, 1, 1, "b")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(mine(body_box(FIRST + 2, 2, 1, "c")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(mine(body_box(FIRST + 3, 0, 1, "d")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(mine(body_arrow(FIRST + 4, FIRST, FIRST + 1, "x")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(mine(body_arrow(FIRST + 5, FIRST + 1, FIRST + 2, "x")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(mine(body_arrow(FIRST + 6, FIRST + 2, FIRST, "x")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(mine(body_arrow(FIRST + 7, FIRST, FIRST + 3, "x")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(mine(body_arrow(FIRST + 8, FIRST + 3, FIRST + 2, "x")), REFUSAL_NONE);
    layout_board(&b, &layout);
    CU_ASSERT_EQUAL(layout.box_count, 4);
    CU_ASSERT_EQUAL(layout.width, 65);
    CU_ASSERT_EQUAL(layout.height, 13);
    CU_ASSERT_EQUAL_FATAL(layout.arrow_count, 5);
    check_arrow(&layout, 0, "18,3 19,3 19,9 22,9 ");
    check_arrow(&layout, 1, "39,9 43,9 ");
    check_arrow(&layout, 2, "43,10 40,10 40,6 21,6 21,4 18,4 ");
    check_arrow(&layout, 3, "10,5 10,6 ");
    struct body stroke = nth_stroke(FIRST + 9, 0);
    stroke.points = (struct span){"\2\13\0\10\0\0\0\0", 8};
    CU_ASSERT_EQUAL(mine(stroke), REFUSAL_NONE);
    layout_board(&b, &layout);
    struct layout_point fine;
    struct layout_point at = layout_stroke(layout.strokes[0], 0, &fine);
    CU_ASSERT_TRUE(at.x == 65 && at.y == 1 && fine.x == 3 && fine.y == 0);
    CU_ASSERT_EQUAL(layout.width, 66);
    check_arrow(&layout, 4, "18,9 20,9 20,6 41,6 41,9 43,9 ");
    board_free(&b);
}

/* Narrower, nothing meets that did not meet before, and a click finds what stands there. */
static void test_narrow_layout(void) {
    static struct board_layout layout;
    CU_ASSERT_EQUAL(mine(body_box(FIRST, 0, 0, "a")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(mine(body_box(FIRST + 1, 1, 1, "b")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(mine(body_arrow(FIRST + 2, FIRST, FIRST + 1, "x")), REFUSAL_NONE);
    for (int box = LAYOUT_BOX_MIN; box <= LAYOUT_BOX_WIDTH; box++) {
        layout_narrow_board(&b, box, &layout);
        struct layout_rect cell = layout.boxes[1].rect;
        CU_ASSERT_EQUAL(cell.w, box);
        CU_ASSERT_EQUAL(cell.x, LAYOUT_LEFT + layout_pitch(box));
        const struct layout_arrow *arrow = &layout.arrows[0];
        CU_ASSERT_EQUAL(arrow->points[0].x, LAYOUT_LEFT + box);
        CU_ASSERT_EQUAL(arrow->points[arrow->count - 1].x, cell.x - 1);
        CU_ASSERT(arrow->points[1].x > LAYOUT_LEFT + box - 1 && arrow->points[1].x < cell.x - 1);
        CU_ASSERT_EQUAL(layout_squeeze(box, LAYOUT_LEFT + LAYOUT_COL), cell.x);
        CU_ASSERT(layout_squeeze(box, LAYOUT_LEFT + LAYOUT_COL - 1) < cell.x);
        CU_ASSERT_EQUAL(layout_find(&layout, cell.x, cell.y)->id, FIRST + 1);
        CU_ASSERT_EQUAL(layout_find(&layout, arrow->points[1].x, 6)->id, FIRST + 2);
        CU_ASSERT_PTR_NULL(layout_find(&layout, cell.x, 1));
    }
    board_free(&b);
}

/* ---- what must hold for any of it ---- */

static struct body random_body(uint64_t *dice, const struct board *board, uint8_t seat) {
    static const enum action acts[] = {
        ACTION_BOX_ADD,    ACTION_BOX_ADD,     ACTION_BOX_MOVE,   ACTION_BOX_TEXT,
        ACTION_BOX_DROP,   ACTION_BOX_BACK,    ACTION_ARROW_ADD,  ACTION_ARROW_ADD,
        ACTION_ARROW_DROP, ACTION_ARROW_LABEL, ACTION_ARROW_BACK, ACTION_ARROW_STYLE,
        ACTION_FRAME_ADD,  ACTION_FRAME_MOVE,  ACTION_SPAN_ADD,   ACTION_SPAN_DROP,
        ACTION_REQ_ADD,    ACTION_REQ_SET,     ACTION_REQ_DROP,   ACTION_SHEET_WRITE,
        ACTION_STROKE_ADD, ACTION_STROKE_DROP, ACTION_REQ_BACK,   ACTION_SPAN_TEXT};
    static const char *const texts[] = {"Kafka != Kinesis; R1", "Flink; R2", "S3: cheap; 2 TB",
                                        "\xe6\x9d\x8e", "R1"};
    struct body body = {.act = acts[dice_roll(dice) % (sizeof acts / sizeof *acts)]};
    const struct action_row *row = action_row(body.act);
    body.has = row->required | (dice_roll(dice) % 3 ? row->optional : 0);
    bool adds = (row->required & (F(from) | F(points))) != 0 ||
                (row->required & F(col) && row->required & F(text)) || body.act == ACTION_REQ_ADD;
    uint32_t count = board->count;
    body.thing = adds || count == 0 || dice_roll(dice) % 9 == 0
                     ? board_next_id(board, seat)
                     : board->things[dice_roll(dice) % count].id;
    body.from = count ? board->things[dice_roll(dice) % count].id : 1;
    body.to = count ? board->things[dice_roll(dice) % count].id : 1;
    body.col = (int64_t)(dice_roll(dice) % 6);
    body.row = (int64_t)(dice_roll(dice) % 4);
    body.cols = 1 + (int64_t)(dice_roll(dice) % 3);
    body.rows = 1 + (int64_t)(dice_roll(dice) % 2);
    body.style = (int64_t)(dice_roll(dice) % 3);
    body.text = span_of(texts[dice_roll(dice) % 5]);
    body.points = (struct span){"\0\1\0\1\0\2\0\2", 8};
    return body;
}

static bool same_board(const struct board *left, const struct board *right) {
    struct mp_writer a, c;
    mp_writer_init(&a);
    mp_writer_init(&c);
    board_put(&a, left);
    board_put(&c, right);
    bool same = a.len == c.len && memcmp(a.data, c.data, a.len) == 0;
    mp_writer_free(&a);
    mp_writer_free(&c);
    return same;
}

/* What can be seen: not how often something was changed. */
static bool looks_same(const struct board *left, const struct board *right) {
    static struct board_layout a, c;
    layout_board(left, &a);
    layout_board(right, &c);
    bool same = a.box_count == c.box_count && a.arrow_count == c.arrow_count &&
                a.frame_count == c.frame_count && a.span_count == c.span_count &&
                a.stroke_count == c.stroke_count && a.width == c.width && a.height == c.height;
    for (uint32_t i = 0; i < left->count; i++) {
        const struct board_thing *thing = &left->things[i];
        const struct board_thing *other = board_find(right, thing->id);
        if (board_is_shown(left, thing)) {
            same = same && other && board_is_shown(right, other) &&
                   strcmp(thing->text, other->text) == 0 && thing->style == other->style &&
                   thing->col == other->col && thing->row == other->row &&
                   thing->cols == other->cols && thing->rows == other->rows;
        }
    }
    return same;
}

/* Two authors decide upon what they see, which is older than what there is; what a server lets pass
 * makes one board on every replica, also where one was copied on the way. */
static void test_any_order(void) {
    uint64_t dice = dice_setting("SPAR_PROPERTY_SEED", 11);
    for (int round = 0; round < 30; round++) {
        struct board seen, replica = {0};
        unsigned taken = 0;
        CU_ASSERT_TRUE_FATAL(board_copy(&seen, &b));
        for (int i = 0; i < 300; i++) {
            uint8_t seat = dice_roll(&dice) % 2 ? ME : OTHER;
            struct body body = random_body(&dice, &seen, seat);
            if (do_as(seat, body) == REFUSAL_NONE) {
                taken++;
                CU_ASSERT_EQUAL_FATAL(board_check(&replica, seat, &body), REFUSAL_NONE);
                CU_ASSERT_TRUE_FATAL(board_take(&replica, seat, &body, 1000));
            }
            if (dice_roll(&dice) % 5 == 0) {
                board_free(&seen);
                CU_ASSERT_TRUE_FATAL(board_copy(&seen, &replica));
            }
        }
        CU_ASSERT_TRUE(taken > 40);
        CU_ASSERT_TRUE(same_board(&b, &replica));
        board_free(&seen);
        board_free(&replica);
        board_free(&b);
    }
}

static void test_undo_directly_after(void) {
    uint64_t dice = dice_setting("SPAR_PROPERTY_SEED", 13);
    static struct undo history;
    for (int i = 0; i < 6000; i++) {
        struct board before, after;
        struct body undo;
        struct body body = random_body(&dice, &b, ME);
        if (board_check(&b, ME, &body) != REFUSAL_NONE) {
            continue;
        }
        CU_ASSERT_TRUE_FATAL(board_copy(&before, &b));
        CU_ASSERT_TRUE_FATAL(undo_note(&history, &b, ME, &body));
        CU_ASSERT_EQUAL(mine(body), REFUSAL_NONE);
        CU_ASSERT_TRUE_FATAL(board_copy(&after, &b));
        CU_ASSERT_EQUAL_FATAL(undo_back(&history, &b, ME, &undo), UNDO_OK);
        CU_ASSERT_EQUAL(mine(undo), REFUSAL_NONE);
        CU_ASSERT_TRUE_FATAL(looks_same(&before, &b));
        CU_ASSERT_EQUAL_FATAL(undo_again(&history, &b, ME, &undo), UNDO_OK);
        CU_ASSERT_EQUAL(mine(undo), REFUSAL_NONE);
        CU_ASSERT_TRUE_FATAL(looks_same(&after, &b));
        board_free(&before);
        board_free(&after);
    }
    undo_free(&history);
    board_free(&b);
}

static enum refusal noted(struct undo *history, struct body body) {
    CU_ASSERT_TRUE(undo_note(history, &b, ME, &body));
    return mine(body);
}

/* Several steps back and forth; what somebody else changed since is left. */
static void test_undo_of_several(void) {
    static struct undo history;
    struct body undo;
    CU_ASSERT_EQUAL(noted(&history, body_box(FIRST, 0, 0, "a")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(noted(&history, body_at(ACTION_BOX_MOVE, FIRST, 1, 0)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(noted(&history, body_at(ACTION_BOX_MOVE, FIRST, 2, 0)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(undo_back(&history, &b, ME, &undo), UNDO_OK);
    CU_ASSERT_EQUAL(mine(undo), REFUSAL_NONE);
    CU_ASSERT_EQUAL(undo_back(&history, &b, ME, &undo), UNDO_OK);
    CU_ASSERT_EQUAL(mine(undo), REFUSAL_NONE);
    CU_ASSERT_EQUAL(board_find(&b, FIRST)->col, 0);
    CU_ASSERT_EQUAL(undo_again(&history, &b, ME, &undo), UNDO_OK);
    CU_ASSERT_EQUAL(mine(undo), REFUSAL_NONE);
    CU_ASSERT_EQUAL(board_find(&b, FIRST)->col, 1);
    CU_ASSERT_EQUAL(do_as(OTHER, body_at(ACTION_BOX_MOVE, FIRST, 5, 0)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(undo_back(&history, &b, ME, &undo), UNDO_CHANGED);
    CU_ASSERT_EQUAL(board_find(&b, FIRST)->col, 5);
    CU_ASSERT_EQUAL(undo_back(&history, &b, ME, &undo), UNDO_CHANGED);
    CU_ASSERT_EQUAL(undo_back(&history, &b, ME, &undo), UNDO_EMPTY);
    undo_free(&history);
    board_free(&b);
}

int main(void) {
    static CU_TestInfo tests[] = {{"a line is tidied", test_line_is_tidied},
                                  {"a line is read", test_line_is_read},
                                  {"a line written back", test_line_written_back},
                                  {"a line of any length", test_line_of_any_length},
                                  {"box and arrow", test_box_and_arrow},
                                  {"requirements", test_requirements},
                                  {"worksheet", test_worksheet},
                                  {"pointing", test_pointing},
                                  {"thinking unseen", test_thinking_unseen},
                                  {"refusals", test_refusals},
                                  {"bounds", test_bounds},
                                  {"layout", test_layout},
                                  {"narrower", test_narrow_layout},
                                  {"any order", test_any_order},
                                  {"undo directly after", test_undo_directly_after},
                                  {"undo of several", test_undo_of_several},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"board", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
