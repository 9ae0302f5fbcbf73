/*
 * Purpose: the CUnit runner that every unit test shares. A suite whose init fails leaves CUnit's
 * failure count at zero, so failed suites and a run of no test are counted as failures here.
 */
#include "support/test_main.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

int test_main(CU_SuiteInfo *suites) {
    /* A test of a broken connection must see EPIPE, as the programs do. */
    signal(SIGPIPE, SIG_IGN);
    if (CU_initialize_registry() != CUE_SUCCESS || CU_register_suites(suites) != CUE_SUCCESS) {
        fprintf(stderr, "CUnit could not register the suites: %s\n", CU_get_error_msg());
        return EXIT_FAILURE;
    }
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_ErrorCode error = CU_basic_run_tests();
    const CU_RunSummary *summary = CU_get_run_summary();
    int good = error == CUE_SUCCESS && summary->nTestsRun > 0 && summary->nTestsFailed == 0 &&
               summary->nAssertsFailed == 0 && summary->nSuitesFailed == 0;
    CU_cleanup_registry();
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
