/* SPDX-License-Identifier: ISC */
/*
 * Purpose: where a second document begins in a YAML text, and what only looks like one.
 */
#include "protocol/text/documents.h"

#include "tests/support/test_main.h"

static void test_one(void) {
    static const char *const texts[] = {
        "",
        "a: 1",
        "a: 1\n",
        "# c\n---\na: 1\n",
        "%YAML 1.2\n--- # c\na: 1\n...\n",
        "a: 1\n...\n# the end\n\n  # more\n",
        "a: |\n  ---\n  ...\n  x\n",
        "a: ---\n",
        "----\n",
        "---x\n--\n",
        "\n\n---\n",
        "a: 1\r\nb: 2\r\n",
    };
    for (unsigned i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        CU_ASSERT_EQUAL(documents_second(texts[i]), 0);
    }
}

static void test_two(void) {
    CU_ASSERT_EQUAL(documents_second("a: 1\n---\nb: 2\n"), 2);
    CU_ASSERT_EQUAL(documents_second("---\na: 1\n--- {b: 2}"), 3);
    CU_ASSERT_EQUAL(documents_second("---\n---\n"), 2);
    CU_ASSERT_EQUAL(documents_second("a: 1\r\n---\r\nb: 2\r\n"), 2);
    CU_ASSERT_EQUAL(documents_second("a: 1\n...\n\nb: 2\n"), 4);
    CU_ASSERT_EQUAL(documents_second("a: |\n  x\n---\ny"), 3);
    CU_ASSERT_EQUAL(documents_second("a: 1\n---"), 2);
}

static CU_TestInfo tests[] = {
    {"one document", test_one},
    {"two", test_two},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"documents", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
