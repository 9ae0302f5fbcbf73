/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the table of keys is free of contradictions, and letters of lines are never commands.
 */
#include "client/screen/keys.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/test_main.h"

static const unsigned places[] = {AT_LOBBY, AT_LIVE, AT_DONE, AT_DEBRIEF, AT_CLOSED, AT_REPLAY};
enum { PLACES = sizeof places / sizeof *places };

static enum key_action action_at(int code, unsigned where, enum role role) {
    int index;
    const struct key_row *row = keys_find(code, where, role, &index);
    return row ? row->action : KEYS_NOTHING;
}

/* Rows of letters are ranges: they only mean the letters that stand for lines. */
static bool is_letters(const struct key_row *row) {
    return row->action == KEYS_LETTER || row->action == KEYS_PROMPTED ||
           row->action == KEYS_JUMP_ITEM || row->action == KEYS_EVIDENCE;
}

static int hidden_rows(unsigned where, enum role role) {
    int hidden = 0, at = 0, index;
    for (const struct key_row *row; (row = keys_next(where, role, &at)) != NULL;) {
        for (int code = row->first; code <= row->last; code++) {
            if (!is_letters(row) && keys_find(code, where, role, &index) != row) {
                fprintf(stderr, "hidden: %s (%s)\n", row->caption, row->help);
                hidden++;
            }
        }
    }
    return hidden;
}

static void test_no_row_hides_another(void) {
    for (int i = 0; i < PLACES; i++) {
        for (int role = ROLE_INTERVIEWER; role <= ROLE_COACH; role++) {
            CU_ASSERT_EQUAL(hidden_rows(places[i], (enum role)role), 0);
        }
    }
}

static void test_letters_are_no_commands(void) {
    int letters = 0;
    for (int code = 'a'; code <= 'z'; code++) {
        bool is_line = keys_letter_index(code) >= 0;
        letters += is_line;
        CU_ASSERT_EQUAL(action_at(code, AT_LIVE, ROLE_INTERVIEWER) == KEYS_LETTER, is_line);
        CU_ASSERT_EQUAL(action_at(code, AT_REPLAY, ROLE_COACH) == KEYS_JUMP_ITEM, is_line);
    }
    CU_ASSERT_EQUAL(letters, KEYS_LETTER_COUNT);
    CU_ASSERT_EQUAL(action_at('n', AT_LIVE, ROLE_INTERVIEWER), KEYS_NEXT);
    CU_ASSERT_EQUAL(action_at('N', AT_LIVE, ROLE_INTERVIEWER), KEYS_FINISH);
}

static void test_letters_count(void) {
    for (int i = 0; i < KEYS_LETTER_COUNT; i++) {
        CU_ASSERT_EQUAL(keys_letter_index(keys_letter(i)), i);
        CU_ASSERT_EQUAL(keys_letter_index(keys_letter(i) - 'a' + 'A'), i);
    }
    CU_ASSERT_EQUAL(keys_letter(KEYS_LETTER_COUNT), 0);
    CU_ASSERT_EQUAL(keys_letter(-1), 0);
    CU_ASSERT_EQUAL(keys_letter_index('n'), -1);
    CU_ASSERT_EQUAL(keys_letter_index(0), -1);
    CU_ASSERT_EQUAL(keys_letter_index(CODE_UP), -1);
}

static void test_roles(void) {
    CU_ASSERT_EQUAL(action_at('n', AT_LIVE, ROLE_CANDIDATE), KEYS_NOTHING);
    CU_ASSERT_EQUAL(action_at('n', AT_LIVE, ROLE_COACH), KEYS_NOTHING);
    CU_ASSERT_EQUAL(action_at('p', AT_LIVE, ROLE_COACH), KEYS_NOTHING);
    CU_ASSERT_EQUAL(action_at('w', AT_LIVE, ROLE_COACH), KEYS_WHISPER);
    CU_ASSERT_EQUAL(action_at('w', AT_LIVE, ROLE_CANDIDATE), KEYS_NOTHING);
    CU_ASSERT_EQUAL(action_at('a', AT_LIVE, ROLE_CANDIDATE), KEYS_LETTER);
    CU_ASSERT_EQUAL(action_at('t', AT_CLOSED, ROLE_INTERVIEWER), KEYS_NOTHING);
}

static void test_everywhere_help_and_quit(void) {
    for (int i = 0; i < PLACES; i++) {
        CU_ASSERT_EQUAL(action_at('?', places[i], ROLE_CANDIDATE), KEYS_HELP);
        CU_ASSERT_EQUAL(action_at('q', places[i], ROLE_INTERVIEWER), KEYS_QUIT);
    }
    int at;
    const struct key_row *leave = keys_find('q', AT_REPLAY, ROLE_CANDIDATE, &at);
    CU_ASSERT_PTR_NOT_NULL_FATAL(leave);
    CU_ASSERT_PTR_NULL(
        strstr(leave->help, "room")); /* nobody's room ends or goes on with a replay */
}

static void test_digits_give_an_index(void) {
    int index = -1;
    const struct key_row *row = keys_find('3', AT_LIVE, ROLE_INTERVIEWER, &index);
    CU_ASSERT_PTR_NOT_NULL_FATAL(row);
    CU_ASSERT_EQUAL(row->action, KEYS_PHASE);
    CU_ASSERT_EQUAL(index, 2);
    CU_ASSERT_PTR_NULL(keys_find('9', AT_LIVE, ROLE_INTERVIEWER, &index));
    CU_ASSERT_PTR_NULL(keys_find('0', AT_LIVE, ROLE_INTERVIEWER, &index));
}

static CU_TestInfo tests[] = {
    {"no row hides another", test_no_row_hides_another},
    {"letters of lines are no commands", test_letters_are_no_commands},
    {"letters count the lines", test_letters_count},
    {"roles have their own keys", test_roles},
    {"help and leaving are everywhere", test_everywhere_help_and_quit},
    {"digits carry an index", test_digits_give_an_index},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"keys", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
