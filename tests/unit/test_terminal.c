/* SPDX-License-Identifier: ISC */
/*
 * Purpose: reports of the mouse are read as xterm writes them, and nothing else is taken for one; a
 * pasted text is no row of commands.
 */
#include "client/screen/terminal.h"

#include "client/screen/keys.h"
#include "tests/support/test_main.h"

static enum terminal_input kind_of(const char *report, char end) {
    return terminal_mouse(report, end).kind;
}

static void test_reports(void) {
    struct terminal_event event = terminal_mouse("0;20;13", 'M');
    CU_ASSERT_EQUAL(event.kind, TERMINAL_CLICK);
    CU_ASSERT_EQUAL(event.x, 19);
    CU_ASSERT_EQUAL(event.y, 12);
    event = terminal_mouse("64;1;1", 'M');
    CU_ASSERT_EQUAL(event.kind, TERMINAL_WHEEL);
    CU_ASSERT_EQUAL(event.lines, -3);
    CU_ASSERT_EQUAL(terminal_mouse("65;300;200", 'M').lines, 3);
}

static void test_what_means_nothing(void) {
    CU_ASSERT_EQUAL(kind_of("0;20;13", 'm'), TERMINAL_NOTHING);  /* released */
    CU_ASSERT_EQUAL(kind_of("2;20;13", 'M'), TERMINAL_NOTHING);  /* the right button */
    CU_ASSERT_EQUAL(kind_of("66;20;13", 'M'), TERMINAL_NOTHING); /* a wheel pushed aside */
    CU_ASSERT_EQUAL(kind_of("", 'M'), TERMINAL_NOTHING);
    CU_ASSERT_EQUAL(kind_of("0;20", 'M'), TERMINAL_NOTHING);
    CU_ASSERT_EQUAL(kind_of("0;20;13;9", 'M'), TERMINAL_NOTHING);
    CU_ASSERT_EQUAL(kind_of("0;99999999999;1", 'M'), TERMINAL_NOTHING);
}

static void test_pasted_text(void) {
    const struct terminal_event typed = {.kind = TERMINAL_KEY, .code = '\r'};
    const struct terminal_event letter = {.kind = TERMINAL_KEY, .code = 'q', .paste = true};
    const struct terminal_event end = {.kind = TERMINAL_KEY, .code = '\n', .paste = true};
    CU_ASSERT_EQUAL(terminal_code(&typed, false), '\r');
    CU_ASSERT_EQUAL(terminal_code(&typed, true), '\r');
    CU_ASSERT_EQUAL(terminal_code(&letter, true), 'q');
    CU_ASSERT_EQUAL(terminal_code(&letter, false), CODE_NONE);
    CU_ASSERT_EQUAL(terminal_code(&end, true), ' ');
    CU_ASSERT_EQUAL(terminal_code(&end, false), CODE_NONE);
}

static CU_TestInfo tests[] = {
    {"clicks and the wheel", test_reports},
    {"what means nothing", test_what_means_nothing},
    {"pasted text", test_pasted_text},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"terminal", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
