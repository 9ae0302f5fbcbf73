/* SPDX-License-Identifier: ISC */
/*
 * Purpose: editing keeps the line valid UTF-8, inside its bound, and the cursor between whole
 * characters.
 */
#include "client/screen/input_line.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/text/utf8.h"
#include "tests/support/test_main.h"

static struct input_line line;

static void type(const wchar_t *text) {
    for (; *text; text++) {
        CU_ASSERT(input_insert(&line, *text));
    }
}

static void test_typing(void) {
    input_clear(&line);
    type(L"grüße 日本");
    CU_ASSERT_STRING_EQUAL(line.text, "grüße 日本");
    input_left(&line);
    input_left(&line);
    type(L"→");
    CU_ASSERT_STRING_EQUAL(line.text, "grüße →日本");
    input_home(&line);
    type(L"𝄞");
    CU_ASSERT_STRING_EQUAL(line.text, "𝄞grüße →日本");
    input_end(&line);
    CU_ASSERT_EQUAL(line.cursor, strlen(line.text));
}

static void test_refused_characters(void) {
    input_clear(&line);
    CU_ASSERT_FALSE(input_insert(&line, 0x07));
    CU_ASSERT_FALSE(input_insert(&line, 0x1b));
    CU_ASSERT_FALSE(input_insert(&line, 0x202e));
    CU_ASSERT_FALSE(input_insert(&line, 0x200b));
    CU_ASSERT_FALSE(input_insert(&line, 0xd800));
    CU_ASSERT_EQUAL(line.len, 0);
    CU_ASSERT(input_is_empty(&line));
}

static void test_combining_moves_with_its_base(void) {
    input_clear(&line);
    type(L"ae\u0301x");
    input_left(&line);
    input_left(&line);
    CU_ASSERT_EQUAL(line.cursor, 1);
    input_right(&line);
    CU_ASSERT_EQUAL(line.cursor, 4);
    input_backspace(&line);
    CU_ASSERT_STRING_EQUAL(line.text, "ax");
    input_home(&line);
    input_delete(&line);
    CU_ASSERT_STRING_EQUAL(line.text, "x");
    input_end(&line);
    input_delete(&line);
    CU_ASSERT_STRING_EQUAL(line.text, "x");
    input_home(&line);
    input_backspace(&line);
    CU_ASSERT_STRING_EQUAL(line.text, "x");
}

static void test_words(void) {
    input_clear(&line);
    type(L"one two  three");
    input_delete_word(&line);
    CU_ASSERT_STRING_EQUAL(line.text, "one two  ");
    input_delete_word(&line);
    CU_ASSERT_STRING_EQUAL(line.text, "one ");
    input_left(&line);
    input_delete_to_start(&line);
    CU_ASSERT_STRING_EQUAL(line.text, " ");
    CU_ASSERT(input_is_empty(&line));
}

static void test_bound(void) {
    input_clear(&line);
    for (int i = 0; i < TEXT_MAX_BYTES - 1; i++) {
        CU_ASSERT_FATAL(input_insert(&line, L'x'));
    }
    CU_ASSERT_FALSE(input_insert(&line, L'é')); /* two bytes, one is left */
    CU_ASSERT(input_insert(&line, L'y'));
    CU_ASSERT_EQUAL(line.len, TEXT_MAX_BYTES);
    CU_ASSERT_FALSE(input_insert(&line, L'z'));
    CU_ASSERT_EQUAL(strlen(line.text), TEXT_MAX_BYTES);
}

static void test_drawing_follows_the_cursor(void) {
    struct paint paint;
    CU_ASSERT_FATAL(paint_init(&paint, 8, 1));
    input_clear(&line);
    type(L"abcdefghij");
    CU_ASSERT_EQUAL(input_draw(&line, paint_all(&paint), STYLE_PLAIN), 7);
    char *dump = paint_dump(&paint);
    CU_ASSERT_PTR_NOT_NULL_FATAL(dump);
    CU_ASSERT_STRING_EQUAL(dump, "defghij\n");
    free(dump);
    paint_clear(&paint);
    input_home(&line);
    CU_ASSERT_EQUAL(input_draw(&line, paint_all(&paint), STYLE_PLAIN), 0);
    dump = paint_dump(&paint);
    CU_ASSERT_PTR_NOT_NULL_FATAL(dump);
    CU_ASSERT_STRING_EQUAL(dump, "abcdefgh\n");
    free(dump);
    paint_free(&paint);
}

/* Any order of keys leaves valid text and a cursor at the start of a character. */
static void test_random_editing(void) {
    static const wchar_t letters[] = L"a é日\u0301𝄞";
    unsigned seed = 1;
    input_clear(&line);
    for (int i = 0; i < 20000; i++) {
        seed = seed * 1103515245U + 12345U;
        unsigned choice = seed >> 16 & 15;
        switch (choice) {
        case 0: input_left(&line); break;
        case 1: input_right(&line); break;
        case 2: input_backspace(&line); break;
        case 3: input_delete(&line); break;
        case 4: input_home(&line); break;
        case 5: input_end(&line); break;
        case 6:
            if ((seed >> 20 & 31) == 0) {
                input_delete_word(&line);
            }
            break;
        default:
            CU_ASSERT(input_insert(&line, letters[choice % 6]) || line.len > TEXT_MAX_BYTES - 4);
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
    {"the bound", test_bound},
    {"drawing keeps the cursor in sight", test_drawing_follows_the_cursor},
    {"any order of keys", test_random_editing},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"input_line", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
