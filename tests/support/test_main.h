/* SPDX-License-Identifier: ISC */
/*
 * Purpose: run the CUnit suites of one test program and give CTest an honest exit code.
 *
 * A test program lists its suites and calls test_main() from main():
 *
 *     static CU_TestInfo tests[] = {{"what holds", test_what_holds}, CU_TEST_INFO_NULL};
 *     static CU_SuiteInfo suites[] = {{"certs", NULL, NULL, NULL, NULL, tests},
 * CU_SUITE_INFO_NULL}; int main(void) { return test_main(suites); }
 */
#ifndef SPAR_TESTS_SUPPORT_TEST_MAIN_H
#define SPAR_TESTS_SUPPORT_TEST_MAIN_H

#include <CUnit/Basic.h>
#include <CUnit/TestDB.h>

/* A fatal assertion leaves the test by longjmp, which clang's analyzer cannot see: it is told
 * so. */
#ifdef __clang_analyzer__
#include <stdlib.h>
#undef CU_ASSERT_FATAL
#undef CU_ASSERT_TRUE_FATAL
#undef CU_ASSERT_EQUAL_FATAL
#undef CU_ASSERT_PTR_NOT_NULL_FATAL
#define CU_ASSERT_FATAL(value)                ((value) ? (void)0 : abort())
#define CU_ASSERT_TRUE_FATAL(value)           CU_ASSERT_FATAL(value)
#define CU_ASSERT_EQUAL_FATAL(got, expected)  CU_ASSERT_FATAL((got) == (expected))
#define CU_ASSERT_PTR_NOT_NULL_FATAL(pointer) CU_ASSERT_FATAL((pointer) != NULL)
#endif

/*
 * Registers and runs `suites` (ended by CU_SUITE_INFO_NULL) and returns the exit code for main():
 * EXIT_SUCCESS only if every suite could be set up, every assertion held and at least one test ran.
 */
int test_main(CU_SuiteInfo *suites);

#endif
