/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the CUnit runner that every unit test shares. A suite whose init fails leaves CUnit's
 * failure count at zero, so failed suites and a run of no test are counted as failures here. A test
 * finds no trace of who runs it: neither their home nor what they set for the programs.
 */
#include "tests/support/test_main.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/support/temp.h"

static char home[TEMP_PATH_SIZE];

static bool leave_home(void) {
    static const char *const set_by_people[] = {"SPAR_NAME",    "SPAR_HOST_LINK", "SPAR_LINK",
                                                "NO_COLOR",     "TERM",           "STATE_DIRECTORY",
                                                "NOTIFY_SOCKET"};
    for (size_t i = 0; i < sizeof set_by_people / sizeof *set_by_people; i++) {
        unsetenv(set_by_people[i]);
    }
    umask(022);
    setenv("TZ", "UTC", 1); /* what is printed has the reader's own zone */
    temp_make(home);
    return setenv("HOME", home, 1) == 0 && setenv("XDG_DATA_HOME", home, 1) == 0 &&
           setenv("XDG_CONFIG_HOME", home, 1) == 0;
}

int test_main(CU_SuiteInfo *suites) {
    /* A test of a broken connection must see EPIPE, as the programs do. */
    signal(SIGPIPE, SIG_IGN);
    if (!leave_home()) {
        perror("HOME");
        return EXIT_FAILURE;
    }
    if (CU_initialize_registry() != CUE_SUCCESS || CU_register_suites(suites) != CUE_SUCCESS) {
        fprintf(stderr, "CUnit could not register the suites: %s\n", CU_get_error_msg());
        temp_remove(home);
        return EXIT_FAILURE;
    }
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_ErrorCode error = CU_basic_run_tests();
    const CU_RunSummary *summary = CU_get_run_summary();
    int good = error == CUE_SUCCESS && summary->nTestsRun > 0 && summary->nTestsFailed == 0 &&
               summary->nAssertsFailed == 0 && summary->nSuitesFailed == 0;
    CU_cleanup_registry();
    temp_remove(home);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
