/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a board drawn in every format stays as the golden files have it, and nothing that was
 * typed becomes markup or moves a terminal.
 */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "client/report/board_write.h"
#include "protocol/board/canvas.h"
#include "tests/support/board_bodies.h"
#include "tests/support/board_play.h"
#include "tests/support/recorded.h"
#include "tests/support/test_main.h"

enum { FIRST = SAMPLE_CANDIDATE * BOARD_IDS + 1 };

/* U+202E in UTF-8, byte by byte: as a literal it would turn these lines around. */
static const char rtl_override[] = {(char)0xe2, (char)0x80, (char)0xae, 0};

static struct sample s;

static void mine(struct body body) {
    board_draw_one(&s, body);
}

static void put(uint8_t seat, struct body body) {
    CU_ASSERT_EQUAL_FATAL(sample_do(&s, seat, body), REFUSAL_NONE);
}

static void begin(void) {
    sample_open_rules(&s, 0, 2);
    put(SAMPLE_HOST, body_plain(ACTION_CLOCK_START));
}

static void draw(void) {
    board_draw(&s);
}

static void check(const char *name, enum board_format format) {
    struct out out;
    out_init(&out);
    board_write(&s.room, format, &out);
    CU_ASSERT_FALSE_FATAL(out.failed);
    recorded_golden(name, out.data, out.len);
    out_free(&out);
}

static void test_golden(void) {
    begin();
    draw();
    check("board.txt", BOARD_TEXT);
    check("board.svg", BOARD_SVG);
    check("board.mmd", BOARD_MERMAID);
    check("board.json", BOARD_JSON);
    check("board.excalidraw", BOARD_EXCALIDRAW);
    sample_free(&s);
}

/* Markup, quotes, right-to-left with an override, wide characters and marks. */
static void test_hostile(void) {
    begin();
    mine(body_box(0, 0, 0, "<script>alert(1)</script>; \"R1\" & 'x'"));
    mine(body_box(0, 1, 0,
                  "\xe6\x9d\x8e\xe6\x9d\x8e\xe6\x9d\x8e \xe2\x89\xa0 e\xcc\x81t\xe9"
                  "\x81"
                  "\x93"));
    char turned[64];
    snprintf(turned, sizeof turned, "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d%s]\"; b9[\"x\"",
             rtl_override);
    mine(body_box(0, 2, 0, turned));
    mine(body_arrow(0, FIRST, FIRST + 1, "a\"|b--><i>"));
    check("board_hostile.txt", BOARD_TEXT);
    check("board_hostile.svg", BOARD_SVG);
    check("board_hostile.mmd", BOARD_MERMAID);
    for (enum board_format format = BOARD_TEXT; format <= BOARD_JSON; format++) {
        struct out out;
        out_init(&out);
        board_write(&s.room, format, &out);
        CU_ASSERT_PTR_NULL(strstr(out.data, rtl_override));
        if (format == BOARD_SVG || format == BOARD_MERMAID) {
            CU_ASSERT_PTR_NULL(strstr(out.data, "<script"));
            CU_ASSERT_PTR_NULL(strstr(out.data, "<i>"));
        }
        out_free(&out);
    }
    sample_free(&s);
}

/* Where nothing but ASCII can be shown, and what is chosen and pointed at. */
static void test_canvas(void) {
    static const char *const names[ROOM_SEATS_MAX] = {"Ada"};
    struct canvas canvas;
    struct out out;
    begin();
    draw();
    put(SAMPLE_HOST, body_thing(ACTION_POINT_SET, FIRST + 6));
    const struct canvas_options options = {
        .ascii = true, .chosen = FIRST + 7, .author = SAMPLE_CANDIDATE, .names = names};
    CU_ASSERT_TRUE_FATAL(canvas_draw(&canvas, &s.room.board, &options));
    out_init(&out);
    canvas_write(&canvas, &out);
    recorded_golden("board_ascii.txt", out.data, out.len);
    char cell[CANVAS_CELL_BYTES];
    canvas_text(&canvas.cells[(size_t)8 * (size_t)canvas.width + 3], cell);
    CU_ASSERT_STRING_EQUAL(cell, "M");
    canvas_free(&canvas);
    out_free(&out);
    sample_free(&s);
}

/* Which boxes cite no requirement: for who asks for it, once there is a requirement to cite. */
static bool tells_loose(bool loose) {
    struct canvas canvas;
    struct out out;
    const struct canvas_options options = {.author = SAMPLE_CANDIDATE, .loose = loose};
    CU_ASSERT_TRUE_FATAL(canvas_draw(&canvas, &s.room.board, &options));
    out_init(&out);
    canvas_write(&canvas, &out);
    bool tells = strstr(out.data, "no R") != NULL;
    canvas_free(&canvas);
    out_free(&out);
    return tells;
}

static void test_loose(void) {
    begin();
    put(SAMPLE_CANDIDATE, body_box(FIRST, 0, 0, "S3"));
    CU_ASSERT_FALSE(tells_loose(true));
    put(SAMPLE_CANDIDATE, body_worded(ACTION_REQ_ADD, FIRST + 1, "kept for 13 months"));
    CU_ASSERT_FALSE(tells_loose(false));
    CU_ASSERT_TRUE(tells_loose(true));
    put(SAMPLE_CANDIDATE, body_worded(ACTION_BOX_TEXT, FIRST, "S3; R1"));
    CU_ASSERT_FALSE(tells_loose(true));
    sample_free(&s);
}

/* Names of columns stand over them, also over those in which nothing is yet. */
static void test_layers(void) {
    static const char *const layers[] = {"Sources", "A name as long as a box", "Last"};
    struct canvas canvas;
    struct out out;
    begin();
    const struct canvas_options options = {.layers = layers, .layer_count = 3};
    CU_ASSERT_TRUE_FATAL(canvas_draw(&canvas, &s.room.board, &options));
    CU_ASSERT_EQUAL(canvas.width, LAYOUT_LEFT + 3 * LAYOUT_COL);
    out_init(&out);
    canvas_write(&canvas, &out);
    const char *first = "  Sources              A name as long a     Last\n";
    CU_ASSERT_EQUAL(strncmp(out.data, first, strlen(first)), 0);
    canvas_free(&canvas);
    out_free(&out);
    sample_free(&s);
}

static void test_unused(void) {
    begin();
    check("board_unused.txt", BOARD_TEXT);
    sample_free(&s);
}

static CU_TestInfo tests[] = {{"golden files", test_golden},
                              {"hostile texts", test_hostile},
                              {"canvas", test_canvas},
                              {"names of columns", test_layers},
                              {"unused", test_unused},
                              {"cites nothing", test_loose},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"board formats", NULL, NULL, NULL, NULL, tests},
                                CU_SUITE_INFO_NULL};

int main(void) {
    setlocale(LC_ALL, "C.UTF-8");
    return test_main(suites);
}
