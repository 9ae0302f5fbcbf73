/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a room in which everything is done that the board can be told.
 */
#include "tests/support/board_play.h"

#include "tests/support/board_bodies.h"
#include "tests/support/test_main.h"

void board_play(struct sample *s) {
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
        {.act = ACTION_BOARD_PRIVATE, .has = F(on), .on = 1}};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        CU_ASSERT_EQUAL(sample_do(s, SAMPLE_CANDIDATE, bodies[i]), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(sample_do(s, SAMPLE_HOST, body_thing(ACTION_POINT_SET, first)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(
        sample_do(s, SAMPLE_HOST, (struct body){.act = ACTION_BOARD_SHARE, .has = F(on), .on = 1}),
        REFUSAL_NONE);
}
