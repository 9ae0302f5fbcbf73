/* SPDX-License-Identifier: ISC */
/*
 * Purpose: UTF-8 is read strictly, what is shown is harmless whatever came in, and the table of
 * widths is the C library's, by which ncurses draws, but for the differences that are listed here.
 */
#include "protocol/text/text.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "protocol/text/utf8.h"
#include "tests/support/test_main.h"

enum { POINTS = 0x110000, REPLACEMENT = 0xfffd };

/* ---- UTF-8 ---- */

static void test_every_character(void) {
    char bytes[UTF8_BYTES_MAX];
    for (uint32_t point = 0; point < POINTS; point++) {
        uint32_t again = 0;
        size_t len = utf8_encode(point, bytes);
        bool surrogate = point >= 0xd800 && point < 0xe000;
        bool good = utf8_decode(bytes, len, &again) == len &&
                    again == (surrogate ? REPLACEMENT : point) && utf8_valid(bytes, len);
        CU_ASSERT_FATAL(good);
        for (size_t cut = 1; cut < len; cut++) {
            CU_ASSERT_FATAL(utf8_decode(bytes, cut, &again) == 0 && !utf8_valid(bytes, cut));
        }
    }
    CU_ASSERT_EQUAL(utf8_encode(POINTS, bytes), 3);
    CU_ASSERT_EQUAL(memcmp(bytes, "\xef\xbf\xbd", 3), 0);
}

/* Of all texts of four bytes exactly the encodings are valid: each pair of first bytes counted. */
static void test_no_others(void) {
    for (unsigned first = 0x80; first < 0x100; first++) {
        unsigned seconds = 0;
        for (unsigned second = 0; second < 0x100; second++) {
            const char bytes[] = {(char)first, (char)second, (char)0x80, (char)0x80};
            uint32_t point;
            size_t len = utf8_decode(bytes, sizeof bytes, &point);
            seconds += len > 0;
        }
        unsigned wanted = first < 0xc2                     ? 0
                          : first < 0xe0                   ? 64
                          : first == 0xe0 || first == 0xed ? 32
                          : first < 0xf0                   ? 64
                          : first == 0xf0                  ? 48
                          : first < 0xf4                   ? 64
                          : first == 0xf4                  ? 16
                                                           : 0;
        CU_ASSERT_EQUAL(seconds, wanted);
    }
}

/* ---- what is shown ---- */

static void plain_is(const char *text, const char *wanted) {
    char out[64];
    text_plain(span_of(text), out, sizeof out);
    CU_ASSERT_STRING_EQUAL(out, wanted);
}

static void test_plain(void) {
    plain_is("Zo\xc3\xab\tand\nMax", "Zo\xc3\xab and Max");
    plain_is("a\033[31mb\033]0;t\007c", "ab]0;tc");
    /* NOLINTNEXTLINE(misc-misleading-bidirectional): misleading is what is tested */
    plain_is("a\xe3\x85\xa4"
             "b\xef\xb8\x8f"
             "c\xe2\x80\xae"
             "d\xc2\x9b"
             "e\x7f",
             "abcde"); /* U+3164, U+FE0F, U+202E, U+009B, DEL */
    plain_is("a\xff", "a");
    size_t at = 0;
    CU_ASSERT_EQUAL(text_next("\xff", 1, &at), REPLACEMENT);
    plain_is("\xcd\xb8", "\xef\xbf\xbd"); /* U+0378 is no character */
    char out[4];
    text_plain(span_of("ab\xe6\x97\xa5"), out, sizeof out); /* only whole characters */
    CU_ASSERT_STRING_EQUAL(out, "ab");
    text_plain(span_of("abc"), out, sizeof out);
    CU_ASSERT_STRING_EQUAL(out, "abc");
    text_plain(span_of("abcd"), out, sizeof out);
    CU_ASSERT_STRING_EQUAL(out, "abc");
}

static bool acts(uint32_t point) {
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x61c ||
           (point >= 0x200b && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2060 && point <= 0x206f) || point == 0xfeff ||
           (point >= 0xe0000 && point <= 0xe0fff);
}

/* Any bytes at all: what comes out is UTF-8 that a terminal only shows. */
static void test_any_bytes(void) {
    srandom(7);
    for (int round = 0; round < 20000; round++) {
        uint8_t text[40];
        char out[128];
        for (size_t i = 0; i < sizeof text; i++) {
            /* NOLINTNEXTLINE(misc-misleading-bidirectional): as above */
            static const char likely[] = "\033[\xc2\x9b\xe2\x80\xae\xf3\xa0\x80m;";
            text[i] = random() % 2 ? (uint8_t)likely[(size_t)random() % (sizeof likely - 1)]
                                   : (uint8_t)random();
        }
        text_plain((struct span){(const char *)text, sizeof text}, out, sizeof out);
        size_t len = strlen(out);
        bool good = utf8_valid(out, len);
        for (size_t at = 0; good && at < len;) {
            uint32_t point = 0;
            at += utf8_decode(out + at, len - at, &point);
            good = !acts(point);
        }
        CU_ASSERT_FATAL(good);
    }
}

/* ---- widths ---- */

/* A stretch of code points on which the table and the C library differ in the same way. */
struct stretch {
    uint32_t first, last;
    int ours, theirs;
};

static bool differs(uint32_t point, struct stretch *out) {
    static const int widths[] = {[TEXT_MARK] = 0, [TEXT_NARROW] = 1, [TEXT_WIDE] = 2};
    enum text_kind kind = text_kind(point);
    int theirs = wcwidth((wchar_t)point);
    if (kind == TEXT_HIDDEN) {
        return false; /* never reaches a terminal */
    }
    *out = (struct stretch){point, point, kind == TEXT_NONE ? -1 : widths[kind], theirs};
    return out->ours != theirs;
}

/* One of the two is of an older Unicode: the screen then draws '?' (terminal.c). Anything else is a
 * character that both know and measure apart, and there is none. */
static void test_widths_are_the_c_librarys(void) {
    uint32_t only_ours = 0, only_theirs = 0;
    struct stretch run = {0}, one;
    CU_ASSERT_PTR_NOT_NULL_FATAL(setlocale(LC_CTYPE, "C.UTF-8"));
    printf("\n");
    for (uint32_t point = 0; point <= POINTS; point++) {
        bool differ = point < POINTS && differs(point, &one);
        bool same = differ && run.last + 1 == point && run.ours == one.ours &&
                    run.theirs == one.theirs && run.first > 0;
        if (same) {
            run.last = point;
        } else {
            if (run.first > 0) {
                printf("      U+%04X..U+%04X: here %d, C library %d\n", run.first, run.last,
                       run.ours, run.theirs);
            }
            run = differ ? one : (struct stretch){0};
        }
        only_ours += differ && one.theirs < 0;
        only_theirs += differ && one.ours < 0;
        CU_ASSERT_FALSE_FATAL(differ && one.ours >= 0 && one.theirs >= 0);
    }
    printf("      %u characters only here, %u only there ", only_ours, only_theirs);
    setlocale(LC_CTYPE, "C");
    CU_ASSERT_TRUE(only_ours < 20000 && only_theirs < 20000);
}

static void test_columns(void) {
    CU_ASSERT_EQUAL(text_columns(span_of("")), 0);
    CU_ASSERT_EQUAL(text_columns(span_of("e\xcc\x81x")), 2);
    CU_ASSERT_EQUAL(text_columns(span_of("\xe6\x97\xa5\xe6\x9c\xacx")), 5);
    CU_ASSERT_EQUAL(text_columns(span_of("\xe4\xb7\x80")), 2); /* U+4DC0, a hexagram */
    CU_ASSERT_EQUAL(text_kind(0x110000), TEXT_NONE);
    CU_ASSERT_EQUAL(text_kind(UINT32_MAX), TEXT_NONE);
    CU_ASSERT_EQUAL(text_kind(0xd800), TEXT_NONE);
    CU_ASSERT_EQUAL(text_kind(0), TEXT_HIDDEN);
}

static CU_TestInfo tests[] = {{"every character there and back", test_every_character},
                              {"nothing else is UTF-8", test_no_others},
                              {"plain text", test_plain},
                              {"any bytes come out harmless", test_any_bytes},
                              {"widths are the C library's", test_widths_are_the_c_librarys},
                              {"columns", test_columns},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"text", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
