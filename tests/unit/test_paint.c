/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what others typed is harmless in a cell, columns are counted right, and nothing leaves
 * its area.
 */
#include "client/screen/paint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/test_main.h"

static struct paint paint;

static void begin(int width, int height) {
    if (!paint_init(&paint, width, height)) {
        abort();
    }
}

/* Compares the picture with the text and frees it. */
static void expect(const char *text) {
    char *dump = paint_dump(&paint);
    CU_ASSERT_PTR_NOT_NULL_FATAL(dump);
    if (strcmp(dump, text) != 0) {
        fprintf(stderr, "drawn:\n%s", dump);
    }
    CU_ASSERT_STRING_EQUAL(dump, text);
    free(dump);
    paint_free(&paint);
}

static void draws(const char *text, const char *as) {
    begin(24, 1);
    area_text(paint_all(&paint), 0, 0, STYLE_PLAIN, text);
    expect(as);
}

static void test_controls(void) {
    draws("a\001b\bc\r\177d", "abcd\n");
    draws("a\tb\nc", "a b c\n");
    draws("a\xc2\x9b"
          "31mb",
          "a31mb\n");
    draws("\033[31mred\033[0m", "red\n");
    draws("\033]0;title\007x", "]0;titlex\n");
    draws("\033", "\n");
    draws("\033[", "\n");
}

static void test_bidi_and_zero_width(void) {
    /* NOLINTNEXTLINE(misc-misleading-bidirectional): misleading is what is tested */
    draws("a\u202eb\u2066c\u2069\u200fd\u061ce", "abcde\n");
    draws("a\u200bb\u200dc\ufeffd\u2060e\u00adf", "abcdef\n");
    draws("a\U000e0041b\ufe0fc", "abc\n");
    draws("a\u2028b", "a b\n");
}

static void test_bad_utf8(void) {
    draws("a\xff"
          "b",
          "a\ufffd"
          "b\n");
    draws("a\xc0\x80"
          "b",
          "a\ufffd\ufffd"
          "b\n");
    draws("a\xed\xa0\x80", "a\ufffd\ufffd\ufffd\n");
    draws("a\xe2\x82", "a\ufffd\ufffd\n");
    draws("\xf4\x90\x80\x80", "\ufffd\ufffd\ufffd\ufffd\n");
}

static void test_wide_and_combining(void) {
    draws("日本x", "日本x\n");
    draws("e\u0301x", "e\u0301x\n");
    /* At most three marks stay on a letter. */
    draws("a\u0301\u0301\u0301\u0301\u0301b", "a\u0301\u0301\u0301b\n");
    /* A mark with nothing before it has no place. */
    draws("\u0301a", "a\n");
    CU_ASSERT_EQUAL(text_columns(span_of("日本x")), 5);
    CU_ASSERT_EQUAL(text_columns(span_of("e\u0301x")), 2);
    /* NOLINTNEXTLINE(misc-misleading-bidirectional): as above */
    CU_ASSERT_EQUAL(text_columns(span_of("a\u202eb\033[1mc")), 3);
    /* What fits exactly keeps the marks of its last character; what is cut off takes none along. */
    begin(4, 2);
    area_text(area_part(paint_all(&paint), 0, 0, 3, 1), 0, 0, STYLE_PLAIN, "abe\xcc\x88");
    area_text(area_part(paint_all(&paint), 0, 1, 2, 1), 0, 0, STYLE_PLAIN, "abe\xcc\x88");
    expect("abe\xcc\x88\nab\n");
}

static void test_wide_at_the_edge(void) {
    begin(3, 1);
    area_text(paint_all(&paint), 0, 0, STYLE_PLAIN, "ab日");
    expect("ab\n");
    begin(4, 1);
    area_text(paint_all(&paint), 0, 0, STYLE_PLAIN, "日本");
    area_text(paint_all(&paint), 1, 0, STYLE_PLAIN, "x");
    expect(" x本\n");
    begin(4, 1);
    area_text(paint_all(&paint), 0, 0, STYLE_PLAIN, "日本");
    area_text(paint_all(&paint), 2, 0, STYLE_PLAIN, "x");
    expect("日x\n");
}

static void test_clipping(void) {
    begin(8, 4);
    struct area inner = area_part(paint_all(&paint), 2, 1, 4, 2);
    area_text(inner, -2, 0, STYLE_PLAIN, "abcdefghij");
    area_text(inner, 0, 2, STYLE_PLAIN, "below");
    area_text(inner, 0, -1, STYLE_PLAIN, "above");
    area_right(inner, 1, STYLE_PLAIN, "xy");
    expect("\n  cdef\n    xy\n\n");
    begin(4, 1);
    struct area outside = area_part(paint_all(&paint), 6, 0, 4, 1);
    CU_ASSERT_EQUAL(outside.width, 0);
    area_text(outside, 0, 0, STYLE_PLAIN, "no");
    expect("\n");
}

static void test_cut(void) {
    begin(10, 3);
    CU_ASSERT_EQUAL(area_cut(paint_all(&paint), 0, 0, 6, STYLE_PLAIN, "sixsix"), 6);
    CU_ASSERT_EQUAL(area_cut(paint_all(&paint), 0, 1, 6, STYLE_PLAIN, "sevense"), 6);
    CU_ASSERT_EQUAL(area_cut(paint_all(&paint), 0, 2, 0, STYLE_PLAIN, "none"), 0);
    expect("sixsix\nseven…\n\n");
}

static void test_flow_wraps(void) {
    begin(10, 5);
    struct flow flow = flow_begin(paint_all(&paint), 0);
    flow_text(&flow, 0, STYLE_PLAIN, "one two three four");
    flow_item(&flow, 1, STYLE_KEY, "a", STYLE_PLAIN, "five six seven\n");
    CU_ASSERT_EQUAL(flow.line, 5);
    CU_ASSERT_EQUAL(flow_top_max(&flow), 0);
    expect("one two\nthree four\n a five\n   six\n   seven\n");
    /* The lines of a list's entry stand below its words. */
    begin(10, 6);
    flow = flow_begin(paint_all(&paint), 0);
    flow_text(&flow, 0, STYLE_PLAIN, "a-b:\n- one two three\n- four -five\nsix seven eight");
    expect("a-b:\n- one two\n  three\n- four\n  -five\nsix seven\n");
}

static void test_flow_long_word_and_scroll(void) {
    begin(4, 2);
    struct flow flow = flow_begin(paint_all(&paint), 1);
    flow_text(&flow, 0, STYLE_PLAIN, "abcdefghij\n\nk");
    CU_ASSERT_EQUAL(flow.line, 5);
    CU_ASSERT_EQUAL(flow_top_max(&flow), 3);
    expect("efgh\nij\n");
    begin(1, 3);
    flow = flow_begin(paint_all(&paint), 0);
    flow_text(&flow, 0, STYLE_PLAIN, "日");
    CU_ASSERT_EQUAL(flow.line, 1);
    expect("\n\n\n");
}

static void test_resize(void) {
    begin(3, 1);
    area_text(paint_all(&paint), 0, 0, STYLE_PLAIN, "abc");
    CU_ASSERT_FATAL(paint_resize(&paint, 2, 2));
    area_text(paint_all(&paint), 0, 1, STYLE_PLAIN, "de");
    expect("\nde\n");
    begin(0, -3);
    CU_ASSERT_EQUAL(paint.width, 1);
    CU_ASSERT_EQUAL(paint.height, 1);
    paint_free(&paint);
    begin(PAINT_SIDE_MAX + 1, 1);
    CU_ASSERT_EQUAL(paint.width, PAINT_SIDE_MAX);
    paint_free(&paint);
}

static void test_signs_are_one_column(void) {
    for (int i = 0; i < SIGN_COUNT; i++) {
        const char *sign = theme_sign((enum sign)i, false);
        const char *ascii = theme_sign((enum sign)i, true);
        CU_ASSERT_EQUAL(text_columns(span_of(sign)), 1);
        CU_ASSERT(strlen(ascii) == 1 || i == SIGN_PLUS_MINUS);
        CU_ASSERT(ascii[0] > 0x20 && ascii[0] < 0x7f);
    }
}

/* Of the 256-colour palette as xterm has it: a cube of six levels, then greys. */
static void palette(int colour, double rgb[3]) {
    CU_ASSERT_FATAL(colour >= 16 && colour < 256);
    for (int i = 2, cube = colour - 16; i >= 0; i--, cube /= 6) {
        int level = cube % 6;
        rgb[i] = colour >= 232 ? 8 + 10 * (colour - 232) : level == 0 ? 0 : 55 + 40 * level;
    }
}

/* Relative luminance by WCAG 2.1. */
static double luminance(int colour) {
    static const double weights[] = {0.2126, 0.7152, 0.0722};
    double rgb[3];
    double sum = 0;
    palette(colour, rgb);
    for (int i = 0; i < 3; i++) {
        double share = rgb[i] / 255;
        sum += weights[i] * (share <= 0.03928 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4));
    }
    return sum;
}

static void test_colours_on_dark_and_light(void) {
    for (int i = 0; i < STYLE_COUNT; i++) {
        int colour = theme_look((enum style)i)->colour_256;
        if (colour >= 0) {
            double light = luminance(colour);
            CU_ASSERT((light + 0.05) / 0.05 >= 3.6);
            CU_ASSERT(1.05 / (light + 0.05) >= 3.6);
        }
    }
}

static CU_TestInfo tests[] = {
    {"control characters and escape sequences", test_controls},
    {"bidi overrides and zero-width characters", test_bidi_and_zero_width},
    {"malformed UTF-8", test_bad_utf8},
    {"wide and combining characters", test_wide_and_combining},
    {"half of a wide character", test_wide_at_the_edge},
    {"an area clips", test_clipping},
    {"long text is cut with an ellipsis", test_cut},
    {"a flow wraps at words", test_flow_wraps},
    {"a flow cuts long words and scrolls", test_flow_long_word_and_scroll},
    {"a picture changes size", test_resize},
    {"every sign is one column wide", test_signs_are_one_column},
    {"colours can be read on black and on white", test_colours_on_dark_and_light},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"paint", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
