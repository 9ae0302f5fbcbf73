/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a room in which everything is done that the board can be told.
 */
#include "tests/support/board_play.h"

#include "protocol/board/picture.h"
#include "tests/support/board_bodies.h"
#include "tests/support/test_main.h"

void board_play(struct sample *s) {
    static const char png[] = "\x89PNG\r\n\x1a\n";
    const int64_t first = SAMPLE_CANDIDATE * BOARD_IDS + 1;
    struct body span = body_frame(first + 4, 0, 2, 2, 1, "60 s");
    span.act = ACTION_SPAN_ADD;
    struct body moved = body_frame(first + 3, 0, 1, 1, 1, "x");
    moved.act = ACTION_FRAME_MOVE;
    struct body slid = span;
    slid.act = ACTION_SPAN_MOVE;
    struct body styled = body_thing(ACTION_ARROW_STYLE, first + 2);
    styled.has |= F(style);
    styled.style = ARROW_DASHED;
    struct body stroke = body_thing(ACTION_STROKE_ADD, first + 5);
    stroke.has |= F(points);
    stroke.points = (struct span){"\0\1\0\1\0\2\0\2", 8};
    const struct body bodies[] = {
        body_box(first, 0, 0, "Kafka != Kinesis; R1"),
        body_box(first + 1, 1, 0, "Flink; R1"),
        body_arrow(first + 2, first, first + 1, "50 MB/s"),
        body_frame(first + 3, 0, 0, 2, 1, "EU"),
        span,
        stroke,
        body_worded(ACTION_REQ_ADD, first + 6, "replay"),
        body_worded(ACTION_SHEET_WRITE, first + 7, "later: cost"),
        body_at(ACTION_BOX_MOVE, first, 0, 1),
        body_worded(ACTION_BOX_TEXT, first, "Pulsar; R1"),
        body_thing(ACTION_BOX_DROP, first),
        body_thing(ACTION_BOX_BACK, first),
        body_worded(ACTION_ARROW_LABEL, first + 2, "R1"),
        styled,
        body_thing(ACTION_ARROW_DROP, first + 2),
        body_thing(ACTION_ARROW_BACK, first + 2),
        moved,
        body_worded(ACTION_FRAME_TEXT, first + 3, "US"),
        body_thing(ACTION_FRAME_DROP, first + 3),
        body_thing(ACTION_FRAME_BACK, first + 3),
        slid,
        body_worded(ACTION_SPAN_TEXT, first + 4, "90 s; R1"),
        body_thing(ACTION_SPAN_DROP, first + 4),
        body_thing(ACTION_SPAN_BACK, first + 4),
        body_thing(ACTION_STROKE_DROP, first + 5),
        body_thing(ACTION_STROKE_BACK, first + 5),
        body_worded(ACTION_REQ_SET, first + 6, "replay of a day"),
        body_thing(ACTION_REQ_DROP, first + 6),
        body_thing(ACTION_REQ_BACK, first + 6),
        body_worded(ACTION_SHEET_WRITE, first + 7, "later: what it costs"),
        picture_part((struct span){png, sizeof png - 1}, (uint32_t)first, 0),
        {.act = ACTION_BOARD_PRIVATE, .has = F(on), .on = 1}};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        CU_ASSERT_EQUAL(sample_do(s, SAMPLE_CANDIDATE, bodies[i]), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(sample_do(s, SAMPLE_HOST, body_thing(ACTION_POINT_SET, first)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(
        sample_do(s, SAMPLE_HOST, (struct body){.act = ACTION_BOARD_SHARE, .has = F(on), .on = 1}),
        REFUSAL_NONE);
}

static void put(struct sample *s, uint8_t seat, struct body body) {
    s->now += 30000;
    CU_ASSERT_EQUAL_FATAL(sample_do(s, seat, body), REFUSAL_NONE);
}

void board_draw_one(struct sample *s, struct body body) {
    body.thing = board_next_id(&s->room.board, SAMPLE_CANDIDATE);
    put(s, SAMPLE_CANDIDATE, body);
}

void board_draw(struct sample *s) {
    board_draw_one(
        s, body_worded(ACTION_REQ_ADD, 0, "50 MB/s at peak, three times that after a push"));
    board_draw_one(s, body_worded(ACTION_REQ_ADD, 0, "dashboards within 60 s"));
    board_draw_one(s,
                   body_worded(ACTION_REQ_ADD, 0, "two years of history, recomputed now and then"));
    board_draw_one(s, body_worded(ACTION_REQ_ADD, 0, "phones offline for days"));
    struct body line = body_worded(ACTION_SHEET_WRITE, 0, "access control, cost\na second region");
    line.has |= F(style);
    line.style = LINE_PARKED;
    board_draw_one(s, line);
    board_draw_one(s, body_box(0, 0, 1, "Mobile app: taps, purchases; 15k/s"));
    board_draw_one(s, body_box(0, 1, 1, "Kafka != Kinesis: replay; 50 MB/s; R1 R2"));
    board_draw_one(s, body_box(0, 2, 1, "Flink: event time; 5 s; R2"));
    board_draw_one(s, body_box(0, 3, 1, "ClickHouse; R2"));
    board_draw_one(s, body_box(0, 2, 2, "S3, Iceberg != Hive: schema; 2 TB/day; R3"));
    board_draw_one(s, body_box(0, 3, 2, "Spark, every night; R3"));
    board_draw_one(s, body_box(0, 4, 1, "Dashboards"));
    board_draw_one(s, body_box(0, 4, 2, "Reports; R3"));
    struct body words = body_box(0, 0, 0, "Sources");
    words.has |= F(style);
    words.style = BOX_TEXT;
    board_draw_one(s, words);
    const int64_t b = SAMPLE_CANDIDATE * BOARD_IDS + 6;
    const int64_t ways[][2] = {{0, 1}, {1, 2}, {2, 3}, {3, 6}, {1, 4}, {4, 5}, {5, 7}, {5, 1}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        board_draw_one(s, body_arrow(0, b + ways[i][0], b + ways[i][1], i == 1 ? "R1" : "again"));
    }
    board_draw_one(s, body_frame(0, 1, 1, 2, 2, "eu-west"));
    struct body span = body_frame(0, 0, 1, 5, 1, "60 s end to end; R2");
    span.act = ACTION_SPAN_ADD;
    span.has &= ~F(rows);
    board_draw_one(s, span);
    put(s, SAMPLE_HOST, (struct body){.act = ACTION_BOARD_SHARE, .has = F(on), .on = 1});
    put(s, SAMPLE_HOST, body_box(SAMPLE_HOST * BOARD_IDS + 1, 4, 0, "Auth?"));
}
