/* SPDX-License-Identifier: ISC */
/*
 * Purpose: reports of the mouse are read as xterm writes them, and nothing else is taken for one; a
 * pasted text is no row of commands, and one that never ends does not keep the keyboard.
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

static struct terminal_reader reader;
static int64_t now;

static struct terminal_event step(enum terminal_raw raw, int code) {
    return terminal_step(&reader, raw, code, now);
}

/* A key that is pressed alone: after it there is nothing for a while. */
static struct terminal_event press(int code) {
    struct terminal_event event = step(RAW_CHARACTER, code);
    struct terminal_event rest = step(RAW_NOTHING, 0);
    return event.kind == TERMINAL_NOTHING ? rest : event;
}

static void begin(void) {
    reader = (struct terminal_reader){0};
    now = 1000;
}

static int codes(struct terminal_event event, bool writing, int out[2]) {
    out[0] = out[1] = CODE_NONE;
    return terminal_codes(&event, writing, out);
}

static void test_pasted_text(void) {
    int out[2];
    begin();
    CU_ASSERT_EQUAL(step(RAW_PASTE_BEGIN, 0).kind, TERMINAL_NOTHING);
    struct terminal_event pasted = step(RAW_CHARACTER, 'q');
    CU_ASSERT(pasted.paste);
    CU_ASSERT_EQUAL(pasted.code, 'q');
    CU_ASSERT_EQUAL(codes(pasted, true, out), 0);
    CU_ASSERT_EQUAL(codes(pasted, false, out), 0);
    /* An ESC in it is no key either, nor Alt with what follows. */
    CU_ASSERT(step(RAW_CHARACTER, 0x1b).paste);
    CU_ASSERT_FALSE(step(RAW_CHARACTER, 'b').alt);
    CU_ASSERT_EQUAL(step(RAW_PASTE_END, 0).kind, TERMINAL_NOTHING);
    CU_ASSERT_EQUAL(codes(step(RAW_CHARACTER, '\r'), true, out), 1);
    CU_ASSERT_EQUAL(out[0], '\r');
}

/* Whatever is pressed meanwhile, a second after the last of it the keyboard is back. */
static void test_paste_without_an_end(void) {
    begin();
    step(RAW_PASTE_BEGIN, 0);
    now += TERMINAL_PASTE_SILENCE - 1;
    CU_ASSERT(press('x').paste);
    now += 1;
    CU_ASSERT_FALSE(press('q').paste);
    CU_ASSERT_FALSE(press('q').paste);
    /* What still comes in one go is not over. */
    step(RAW_PASTE_BEGIN, 0);
    for (int i = 0; i < 10; i++) {
        step(RAW_CHARACTER, 'a');
        CU_ASSERT(step(RAW_CHARACTER, 'b').paste);
        step(RAW_NOTHING, 0);
        now += TERMINAL_PASTE_SILENCE - 1;
    }
    now++;
    step(RAW_KEY, CODE_UP);
    CU_ASSERT_FALSE(reader.pasting);
}

static void test_hurried_keys_do_not_prolong_it(void) {
    begin();
    step(RAW_PASTE_BEGIN, 0);
    int ignored = 0;
    for (int i = 0; i < 100; i++, now += 30) {
        ignored += press('q').paste;
    }
    CU_ASSERT(ignored > 0 && ignored <= TERMINAL_PASTE_SILENCE / 30 + 1);
}

static void test_alt(void) {
    int out[2];
    begin();
    CU_ASSERT_EQUAL(step(RAW_CHARACTER, 0x1b).kind, TERMINAL_NOTHING);
    struct terminal_event event = step(RAW_CHARACTER, 'b');
    CU_ASSERT_EQUAL(codes(event, true, out), 1);
    CU_ASSERT_EQUAL(out[0], CODE_ALT + 'b');
    CU_ASSERT_EQUAL(codes(event, false, out), 2); /* nobody writes: two keys */
    CU_ASSERT_EQUAL(out[0], CODE_ESCAPE);
    CU_ASSERT_EQUAL(out[1], 'b');
    CU_ASSERT_EQUAL(press(0x1b).code, CODE_ESCAPE);
    CU_ASSERT_FALSE(step(RAW_CHARACTER, 'b').alt);
    /* Twice: one now, and one that may still be Alt's. */
    step(RAW_CHARACTER, 0x1b);
    CU_ASSERT_EQUAL(step(RAW_CHARACTER, 0x1b).code, CODE_ESCAPE);
    CU_ASSERT_EQUAL(step(RAW_NOTHING, 0).code, CODE_ESCAPE);
    CU_ASSERT_EQUAL(step(RAW_NOTHING, 0).kind, TERMINAL_NOTHING);
}

/* A paste or a click right behind an ESC takes nothing of it. */
static void test_escape_before_others(void) {
    begin();
    step(RAW_CHARACTER, 0x1b);
    struct terminal_event event = step(RAW_PASTE_BEGIN, 0);
    CU_ASSERT_EQUAL(event.code, CODE_ESCAPE);
    CU_ASSERT_FALSE(event.paste);
    CU_ASSERT(step(RAW_CHARACTER, 'x').paste);
    begin();
    step(RAW_CHARACTER, 0x1b);
    CU_ASSERT_EQUAL(step(RAW_REPORT, 0).code, CODE_ESCAPE);
    for (const char *at = "0;20;13"; *at; at++) {
        CU_ASSERT_EQUAL(step(RAW_CHARACTER, *at).kind, TERMINAL_NOTHING);
    }
    CU_ASSERT_EQUAL(step(RAW_CHARACTER, 'M').kind, TERMINAL_CLICK);
}

static CU_TestInfo tests[] = {
    {"clicks and the wheel", test_reports},
    {"what means nothing", test_what_means_nothing},
    {"pasted text", test_pasted_text},
    {"a paste without an end", test_paste_without_an_end},
    {"hurried keys do not prolong it", test_hurried_keys_do_not_prolong_it},
    {"Alt, and ESC", test_alt},
    {"ESC before a paste or a click", test_escape_before_others},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"terminal", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
