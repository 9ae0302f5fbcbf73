/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the lists of known cohorts and of prompts one has had: what is added is found again,
 * newest first, nothing secret is kept, and lines that make no sense are left out.
 */
#include "client/store/cohorts_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/store/prompts_file.h"
#include "tests/support/temp.h"
#include "tests/support/test_main.h"

#define SECRET "JU9MfFS_fCQwdOv2bX7Nrg"
#define PIN    "aILbLuKPaDd-kDkqYrGCp7-gl3D5OxG9TiRchXo1ryU"

static char folder[TEMP_PATH_SIZE];

static int begin(void) {
    temp_make(folder);
    return setenv("XDG_DATA_HOME", folder, 1);
}

static int end(void) {
    temp_remove(folder);
    return 0;
}

static void add(const char *link, const char *name) {
    struct invite invite;
    struct certs_why why;
    char sentence[INVITE_WHY_MAX];
    CU_ASSERT_FATAL(invite_parse(link, &invite, sentence));
    CU_ASSERT_FATAL(cohorts_file_add(&invite, name, &why));
}

static void test_cohorts(void) {
    struct cohorts_file cohorts;
    struct certs_why why;
    char path[TEMP_PATH_SIZE];
    static char text[4096];
    add("https://h:7450/aaaaaaaaaaaa#coaches." SECRET "." PIN, "Monday evening");
    add("https://h:7450/bbbbbbbbbbbb#students." SECRET, "Tue\x1bsday");
    add("https://[::1]:1/cccccccccccc#coaches." SECRET "." PIN, "Monday evening");
    CU_ASSERT_FATAL(cohorts_file_read(&cohorts, &why));
    CU_ASSERT_EQUAL(cohorts.count, 3);
    const struct cohorts_entry *found = cohorts_file_find(&cohorts, "Monday evening", ROLE_NONE);
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    CU_ASSERT_STRING_EQUAL(found->at.room, "cccccccccccc");
    CU_ASSERT_STRING_EQUAL(found->at.host, "::1");
    CU_ASSERT(found->at.is_cohort && found->at.has_pin && found->at.role == ROLE_COACH);
    CU_ASSERT_STRING_EQUAL(found->at.secret, "");
    found = cohorts_file_find(&cohorts, NULL, ROLE_CANDIDATE);
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    CU_ASSERT_STRING_EQUAL(found->name, "Tuesday");
    CU_ASSERT_FALSE(found->at.has_pin);
    CU_ASSERT_PTR_NULL(cohorts_file_find(&cohorts, "Wednesday", ROLE_NONE));
    cohorts_file_free(&cohorts);
    text[temp_read(temp_path(folder, "spar/cohorts", path), text, sizeof text - 1)] = '\0';
    CU_ASSERT_PTR_NULL(strstr(text, SECRET));
}

static void test_again(void) {
    struct cohorts_file cohorts;
    struct certs_why why;
    add("https://h:7450/aaaaaaaaaaaa#coaches." SECRET "." PIN, "Renamed");
    CU_ASSERT_FATAL(cohorts_file_read(&cohorts, &why));
    CU_ASSERT_EQUAL(cohorts.count, 3);
    CU_ASSERT_STRING_EQUAL(cohorts_file_find(&cohorts, NULL, ROLE_NONE)->name, "Renamed");
    cohorts_file_free(&cohorts);
}

static void test_nonsense(void) {
    static const char lines[] = "aaaaaaaaaaaa coaches h:1 - Good one\n"
                                "AAAAAAAAAAAA coaches h:1 - Bad id\n"
                                "bbbbbbbbbbbb coach h:1 - Bad role\n"
                                "bbbbbbbbbbbb coaches h:0 - Bad port\n"
                                "bbbbbbbbbbbb coaches h:1 short Bad pin\n"
                                "\n";
    struct cohorts_file cohorts;
    struct certs_why why;
    char path[TEMP_PATH_SIZE];
    temp_write(temp_path(folder, "spar/cohorts", path), lines, sizeof lines - 1);
    CU_ASSERT_FATAL(cohorts_file_read(&cohorts, &why));
    CU_ASSERT_EQUAL(cohorts.count, 1);
    CU_ASSERT_STRING_EQUAL(cohorts.entries[0].name, "Good one");
    cohorts_file_free(&cohorts);
}

static void test_bound(void) {
    struct cohorts_file cohorts;
    struct certs_why why;
    for (int i = 0; i <= COHORTS_FILE_MAX; i++) {
        char link[INVITE_TEXT_MAX];
        snprintf(link, sizeof link, "https://h:1/c%011d#students." SECRET, i);
        add(link, "x");
    }
    CU_ASSERT_FATAL(cohorts_file_read(&cohorts, &why));
    CU_ASSERT_EQUAL(cohorts.count, COHORTS_FILE_MAX);
    CU_ASSERT_PTR_NOT_NULL(cohorts_file_find(&cohorts, "c00000000200", ROLE_NONE));
    CU_ASSERT_PTR_NULL(cohorts_file_find(&cohorts, "c00000000000", ROLE_NONE));
    cohorts_file_free(&cohorts);
}

static void test_prompts(void) {
    struct prompts_file prompts;
    prompts_file_read(&prompts);
    CU_ASSERT_EQUAL(prompts.count, 0);
    for (int i = 0; i <= PROMPTS_FILE_MAX; i++) {
        char id[ID_MAX_BYTES + 1];
        snprintf(id, sizeof id, "prompt-%d", i);
        prompts_file_add(id);
        prompts_file_add(id);
    }
    prompts_file_read(&prompts);
    CU_ASSERT_EQUAL(prompts.count, PROMPTS_FILE_MAX);
    CU_ASSERT_FALSE(prompts_file_has(&prompts, "prompt-0"));
    CU_ASSERT(prompts_file_has(&prompts, "prompt-1"));
    CU_ASSERT(prompts_file_has(&prompts, "prompt-256"));
    CU_ASSERT_FALSE(prompts_file_has(&prompts, "prompt"));
}

static CU_TestInfo tests[] = {{"what is added is found again", test_cohorts},
                              {"a known cohort moves to the end", test_again},
                              {"lines that make no sense", test_nonsense},
                              {"the list at its bound and past it", test_bound},
                              {"prompts one has had", test_prompts},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"cohorts_file", begin, end, NULL, NULL, tests},
                                CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
