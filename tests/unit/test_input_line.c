/* SPDX-License-Identifier: ISC */
/*
 * Purpose: editing keeps the line valid UTF-8, inside its bound, and the cursor between whole
 * characters.
 */
#include "client/screen/input_line.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/screen/keys.h"
#include "protocol/text/utf8.h"
#include "tests/support/test_main.h"

static struct input_line line;

static void type(const wchar_t *text) {
    for (; *text; text++) {
        CU_ASSERT(input_insert(&line, *text));
    }
}

static void test_typing(void) {
    input_begin(&line, TEXT_MAX_BYTES, false);
    type(L"grüße 日本");
    CU_ASSERT_STRING_EQUAL(line.text, "grüße 日本");
    input_key(&line, CODE_LEFT);
    input_key(&line, CODE_LEFT);
    type(L"→");
    CU_ASSERT_STRING_EQUAL(line.text, "grüße →日本");
    input_key(&line, CODE_HOME);
    type(L"𝄞");
    CU_ASSERT_STRING_EQUAL(line.text, "𝄞grüße →日本");
    input_key(&line, CODE_END);
    CU_ASSERT_EQUAL(line.cursor, strlen(line.text));
}

static void test_refused_characters(void) {
    input_begin(&line, TEXT_MAX_BYTES, false);
    CU_ASSERT_FALSE(input_insert(&line, 0x07));
    CU_ASSERT_FALSE(input_insert(&line, 0x1b));
    CU_ASSERT_FALSE(input_insert(&line, 0x202e));
    CU_ASSERT_FALSE(input_insert(&line, 0x200b));
    CU_ASSERT_FALSE(input_insert(&line, 0xd800));
    CU_ASSERT_EQUAL(line.len, 0);
    CU_ASSERT(input_is_empty(&line));
}

static void test_combining_moves_with_its_base(void) {
    input_begin(&line, TEXT_MAX_BYTES, false);
    type(L"ae\u0301x");
    input_key(&line, CODE_LEFT);
    input_key(&line, CODE_LEFT);
    CU_ASSERT_EQUAL(line.cursor, 1);
    input_key(&line, CODE_RIGHT);
    CU_ASSERT_EQUAL(line.cursor, 4);
    input_key(&line, CODE_BACKSPACE);
    CU_ASSERT_STRING_EQUAL(line.text, "ax");
    input_key(&line, CODE_HOME);
    input_key(&line, CODE_DELETE);
    CU_ASSERT_STRING_EQUAL(line.text, "x");
    input_key(&line, CODE_END);
    input_key(&line, CODE_DELETE);
    CU_ASSERT_STRING_EQUAL(line.text, "x");
    input_key(&line, CODE_HOME);
    input_key(&line, CODE_BACKSPACE);
    CU_ASSERT_STRING_EQUAL(line.text, "x");
}

static void test_words(void) {
    input_begin(&line, TEXT_MAX_BYTES, false);
    type(L"one two  three");
    input_key(&line, 0x17);
    CU_ASSERT_STRING_EQUAL(line.text, "one two  ");
    input_key(&line, 0x17);
    CU_ASSERT_STRING_EQUAL(line.text, "one ");
    input_key(&line, CODE_LEFT);
    input_key(&line, 0x15);
    CU_ASSERT_STRING_EQUAL(line.text, " ");
    CU_ASSERT(input_is_empty(&line));
}

static void key(int code) {
    input_key(&line, code);
}

static void keys(const char *text) {
    for (; *text; text++) {
        key(*text);
    }
}

static void paste(const char *text) {
    for (; *text; text++) {
        input_paste(&line, (unsigned char)*text);
    }
}

static const char *said(void) {
    static char words[INPUT_WORDS_MAX];
    (void)input_words(&line, words);
    return words;
}

/* More than may be sent is kept, to be shortened, and the line says how much it is. */
static void test_bound(void) {
    input_begin(&line, TEXT_MAX_BYTES, true);
    for (int i = 0; i < TEXT_MAX_BYTES - TEXT_MAX_BYTES / 10 - 1; i++) {
        key('x');
    }
    CU_ASSERT_STRING_EQUAL(said(), "");
    key('x');
    CU_ASSERT_STRING_EQUAL(said(), "200 bytes left");
    for (int i = 0; i < 200; i++) {
        key('x');
    }
    CU_ASSERT_STRING_EQUAL(said(), "0 bytes left");
    CU_ASSERT_FALSE(input_is_too_long(&line));
    key('y');
    CU_ASSERT(input_is_too_long(&line));
    CU_ASSERT_STRING_EQUAL(said(), "1 byte too long to send");
    key(CODE_BACKSPACE);
    CU_ASSERT_FALSE(input_is_too_long(&line));
    CU_ASSERT_EQUAL(input_span(&line).len, TEXT_MAX_BYTES);
}

/* What does not even fit in here is counted. */
static void test_last_bound(void) {
    input_begin(&line, TEXT_MAX_BYTES, true);
    for (int i = 0; i < INPUT_MAX_BYTES - 1; i++) {
        CU_ASSERT_FATAL(input_insert(&line, L'x'));
    }
    CU_ASSERT_FALSE(input_insert(&line, L'\u00e9')); /* two bytes, one is left */
    CU_ASSERT(input_insert(&line, L'y'));
    CU_ASSERT_EQUAL(line.len, INPUT_MAX_BYTES);
    CU_ASSERT_EQUAL(line.lost, 0);
    key('z');
    paste("zz\n");
    CU_ASSERT_EQUAL(strlen(line.text), INPUT_MAX_BYTES);
    CU_ASSERT_EQUAL(line.lost, 4);
    CU_ASSERT_STRING_EQUAL(said(), "4 left out, 6000 bytes too long to send");
}

static void test_pasting(void) {
    input_begin(&line, TEXT_MAX_BYTES, true);
    paste("one\r\ntwo\n\n\tthree\rfour");
    CU_ASSERT_STRING_EQUAL(line.text, "one\ntwo\n\n three\nfour");
    paste("\x01\x15\x1b\x0b"); /* no keys */
    CU_ASSERT_STRING_EQUAL(line.text, "one\ntwo\n\n three\nfour");
    CU_ASSERT_STRING_EQUAL(said(), "4 left out");
    input_begin(&line, TEXT_MAX_BYTES, false);
    paste("one\r\ntwo\tthree");
    CU_ASSERT_STRING_EQUAL(line.text, "one two three");
}

/* 2,900 bytes in, 2,900 bytes there, from the first to the last. */
static void test_long_paste(void) {
    char text[2901];
    for (int i = 0; i < 580; i++) {
        snprintf(text + (ptrdiff_t)i * 5, 6, "%04u ", (unsigned)i % 10000U);
    }
    input_begin(&line, TEXT_MAX_BYTES, true);
    paste(text);
    CU_ASSERT_STRING_EQUAL(line.text, text);
    CU_ASSERT_STRING_EQUAL(said(), "900 bytes too long to send");
}

static void test_lines(void) {
    input_begin(&line, TEXT_MAX_BYTES, true);
    keys("ab\ncd");
    key(CODE_ALT + '\r');
    keys("ef");
    CU_ASSERT_STRING_EQUAL(line.text, "ab\ncd\nef");
    key(CODE_HOME);
    key(CODE_BACKSPACE);
    CU_ASSERT_STRING_EQUAL(line.text, "ab\ncdef");
    key(0x01);
    keys("_");
    key(0x05);
    keys("!");
    CU_ASSERT_STRING_EQUAL(line.text, "ab\n_cdef!");
    key(0x15);
    CU_ASSERT_STRING_EQUAL(line.text, "ab\n");
    key(CODE_UP);
    key(CODE_END);
    key(0x0b); /* at the end of a line: the line's end */
    CU_ASSERT_STRING_EQUAL(line.text, "ab");
    key(0x01);
    key(0x0b);
    CU_ASSERT_STRING_EQUAL(line.text, "");
    input_begin(&line, TEXT_MAX_BYTES, false);
    keys("a\nb");
    CU_ASSERT_STRING_EQUAL(line.text,
                           "ab"); /* where there is one line only, it is a key of others */
}

static void test_words_both_ways(void) {
    input_begin(&line, TEXT_MAX_BYTES, true);
    keys("one two\nthree");
    key(CODE_ALT + 'b');
    key(CODE_ALT + 'b');
    keys("_");
    CU_ASSERT_STRING_EQUAL(line.text, "one _two\nthree");
    key(CODE_ALT + 'f');
    key(CODE_WORD_RIGHT);
    keys("!");
    CU_ASSERT_STRING_EQUAL(line.text, "one _two\nthree!");
    key(CODE_WORD_LEFT);
    key(CODE_ALT + 0x7f);
    CU_ASSERT_STRING_EQUAL(line.text, "one three!");
    key(CODE_ALT + 'd');
    CU_ASSERT_STRING_EQUAL(line.text, "one ");
}

/* Rows are those of the screen: a long line has several. */
static void test_up_and_down(void) {
    struct paint paint;
    int x, y;
    CU_ASSERT_FATAL(paint_init(&paint, 14, 5));
    input_begin(&line, TEXT_MAX_BYTES, true);
    keys("alpha beta gamma\nxy\nomega psi");
    input_draw(&line, paint_all(&paint), 3, &x, &y);
    char *dump = paint_dump(&paint);
    CU_ASSERT_PTR_NOT_NULL_FATAL(dump);
    CU_ASSERT_STRING_EQUAL(dump, "\n alpha beta\n gamma\n xy\n omega psi\n");
    free(dump);
    CU_ASSERT_EQUAL(x, 10);
    CU_ASSERT_EQUAL(y, 4);
    key(CODE_UP);
    CU_ASSERT_EQUAL(line.cursor, strlen("alpha beta gamma\nxy"));
    key(CODE_UP);
    CU_ASSERT_EQUAL(line.cursor, strlen("alpha beta ga"));
    key(0x10);
    CU_ASSERT_EQUAL(line.cursor, 2);
    key(CODE_UP);
    CU_ASSERT_EQUAL(line.cursor, 0);
    key(CODE_DOWN);
    CU_ASSERT_EQUAL(line.cursor, strlen("alpha beta "));
    for (int i = 0; i < 9; i++) {
        key(0x0e);
    }
    CU_ASSERT_EQUAL(line.cursor, line.len);
    paint_free(&paint);
}

static void test_height(void) {
    input_begin(&line, TEXT_MAX_BYTES, true);
    CU_ASSERT_EQUAL(input_height(&line, 20, 80, 6), 1);
    for (int i = 0; i < 58; i++) {
        key('x');
    }
    CU_ASSERT_EQUAL(input_height(&line, 20, 80, 6), 1);
    key('x');
    CU_ASSERT_EQUAL(input_height(&line, 20, 80, 6), 2);
    key('\n');
    CU_ASSERT_EQUAL(input_height(&line, 20, 80, 6), 3);
    CU_ASSERT_EQUAL(input_height(&line, 20, 80, 1), 1);
    for (int i = 0; i < 20; i++) {
        key('\n');
    }
    CU_ASSERT_EQUAL(input_height(&line, 20, 80, 6), 6);
    line.lines = false;
    CU_ASSERT_EQUAL(input_height(&line, 20, 80, 6), 1);
}

/* The cursor is always inside, and what it is in is in sight. */
static void test_cursor_in_sight(void) {
    struct paint paint;
    int x, y;
    CU_ASSERT_FATAL(paint_init(&paint, 20, 4));
    input_begin(&line, TEXT_MAX_BYTES, true);
    for (int i = 0; i < 12; i++) {
        key('a' + i);
        key('\n');
    }
    input_draw(&line, paint_all(&paint), 5, &x, &y);
    CU_ASSERT_EQUAL(x, 1);
    CU_ASSERT_EQUAL(y, 3);
    for (int i = 0; i < 5; i++) {
        key(CODE_UP);
    }
    paint_clear(&paint);
    input_draw(&line, paint_all(&paint), 5, &x, &y);
    char *dump = paint_dump(&paint);
    CU_ASSERT_PTR_NOT_NULL_FATAL(dump);
    CU_ASSERT_STRING_EQUAL(dump, "\n h\n i\n j\n");
    free(dump);
    CU_ASSERT_EQUAL(y, 1);
    paint_free(&paint);
}

static void test_what_is_sent(void) {
    input_begin(&line, TEXT_MAX_BYTES, true);
    CU_ASSERT(input_is_empty(&line));
    keys("\n \n");
    CU_ASSERT(input_is_empty(&line));
    CU_ASSERT_EQUAL(input_span(&line).len, 0);
    keys(" a\n\n  b \n\n");
    CU_ASSERT(span_equal(input_span(&line), " a\n\n  b"));
}

static void expect_drawn(const char *picture, int column) {
    struct paint paint;
    int x, y;
    CU_ASSERT_FATAL(paint_init(&paint, 11, 1));
    input_draw(&line, paint_all(&paint), 2, &x, &y);
    CU_ASSERT_EQUAL(x, column);
    CU_ASSERT_EQUAL(y, 0);
    char *dump = paint_dump(&paint);
    CU_ASSERT_PTR_NOT_NULL_FATAL(dump);
    CU_ASSERT_STRING_EQUAL(dump, picture);
    free(dump);
    paint_free(&paint);
}

static void test_drawing_follows_the_cursor(void) {
    input_begin(&line, TEXT_MAX_BYTES, false);
    type(L"abcdefghij");
    expect_drawn("  defghij\n", 9);
    input_key(&line, CODE_HOME);
    expect_drawn("  abcdefgh\n", 2);
}

/* Any order of keys leaves valid text and a cursor at the start of a character. */
static void test_random_editing(void) {
    static const wchar_t letters[] = L"a é日\u0301𝄞";
    unsigned seed = 1;
    input_begin(&line, TEXT_MAX_BYTES, true);
    line.width = 30;
    for (int i = 0; i < 20000; i++) {
        seed = seed * 1103515245U + 12345U;
        unsigned choice = seed >> 16 & 15;
        switch (choice) {
        case 0: input_key(&line, CODE_LEFT); break;
        case 1: input_key(&line, CODE_RIGHT); break;
        case 2: input_key(&line, CODE_BACKSPACE); break;
        case 3: input_key(&line, CODE_DELETE); break;
        case 4: input_key(&line, CODE_HOME); break;
        case 5: input_key(&line, CODE_END); break;
        case 6:
            if ((seed >> 20 & 31) == 0) {
                input_key(&line, 0x17);
            }
            break;
        case 7: input_key(&line, '\n'); break;
        case 8: input_key(&line, seed >> 21 & 1 ? CODE_UP : CODE_DOWN); break;
        default:
            CU_ASSERT(input_insert(&line, letters[choice % 6]) || line.len > INPUT_MAX_BYTES - 4);
        }
        bool good = line.len == strlen(line.text) && line.cursor <= line.len &&
                    ((unsigned char)line.text[line.cursor] & 0xc0) != 0x80;
        CU_ASSERT_FATAL(good);
    }
    CU_ASSERT(utf8_valid(line.text, line.len));
}

static CU_TestInfo tests[] = {
    {"typing and moving", test_typing},
    {"characters that cannot be shown", test_refused_characters},
    {"combining marks go with their letter", test_combining_moves_with_its_base},
    {"deleting words", test_words},
    {"the bound of what is sent", test_bound},
    {"the bound of what is written", test_last_bound},
    {"pasting", test_pasting},
    {"a long paste", test_long_paste},
    {"several lines", test_lines},
    {"words both ways", test_words_both_ways},
    {"up and down", test_up_and_down},
    {"the height", test_height},
    {"the cursor in sight", test_cursor_in_sight},
    {"what is sent", test_what_is_sent},
    {"drawing keeps the cursor in sight", test_drawing_follows_the_cursor},
    {"any order of keys", test_random_editing},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"input_line", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
