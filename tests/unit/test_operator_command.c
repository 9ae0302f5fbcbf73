/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what the operator's commands take out of the arguments; a key that begins with a dash is
 * a key.
 */
#include "tests/support/test_main.h"

#include <string.h>

#include "server/config/config.h"
#include "server/operate/command.h"

static bool take(int *argc, char **argv, struct operator_request *command) {
    char error[CONFIG_ERROR_MAX];
    return command_take(command, argc, argv, error);
}

static void test_keys(void) {
    char key[] = "-VvZztpopkTiaPdYa1H3bLQjAjYGsgFcEEqavdtQEAk";
    char *argv[] = {(char *)"spard", (char *)"forget", key, (char *)"--data", (char *)"here", NULL};
    int argc = 5;
    struct operator_request command;
    CU_ASSERT_TRUE_FATAL(take(&argc, argv, &command));
    CU_ASSERT_EQUAL(command.what, OPERATOR_FORGET);
    CU_ASSERT_STRING_EQUAL(command.of, key);
    CU_ASSERT_EQUAL(argc, 3);
    CU_ASSERT_STRING_EQUAL(argv[1], "--data");
}

static void test_nothing_behind(void) {
    char *without[] = {(char *)"spard", (char *)"forget", (char *)"--data", (char *)"here", NULL};
    char *last[] = {(char *)"spard", (char *)"backup", NULL};
    struct operator_request command;
    int argc = 4;
    CU_ASSERT_FALSE(take(&argc, without, &command));
    argc = 2;
    CU_ASSERT_FALSE(take(&argc, last, &command));
}

static void test_none(void) {
    char *argv[] = {(char *)"spard", (char *)"--data", (char *)"here", NULL};
    struct operator_request command;
    int argc = 3;
    CU_ASSERT_TRUE(take(&argc, argv, &command));
    CU_ASSERT_EQUAL(command.what, OPERATOR_NONE);
    CU_ASSERT_EQUAL(argc, 3);
}

int main(void) {
    static CU_TestInfo tests[] = {{"a key with a dash", test_keys},
                                  {"nothing behind", test_nothing_behind},
                                  {"no command", test_none},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"operator commands", NULL, NULL, NULL, NULL, tests},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
