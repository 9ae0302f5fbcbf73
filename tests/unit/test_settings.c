/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the file of one's own settings: what is read of it, what is said of a faulty line, and
 * that writing one leaves all others as they are.
 */
#include "client/store/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/support/test_main.h"

static char path[IDENTITY_PATH_MAX];
static struct certs_why why;

static void write_file(const char *text) {
    FILE *file;
    CU_ASSERT_TRUE_FATAL(settings_path(path, &why) && identity_make_folders(path));
    file = fopen(path, "we");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_TRUE(fputs(text, file) >= 0);
    fclose(file);
}

static void expect_file(const char *text) {
    char got[2048] = "";
    FILE *file = fopen(path, "re");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    got[fread(got, 1, sizeof got - 1, file)] = '\0';
    fclose(file);
    CU_ASSERT_STRING_EQUAL(got, text);
}

static void test_none(void) {
    struct settings settings;
    CU_ASSERT_TRUE(settings_read(&settings, &why));
    CU_ASSERT_STRING_EQUAL(settings.value[SETTING_NAME], "");
    CU_ASSERT_TRUE(settings_put(SETTING_NAME, NULL, &why));
    CU_ASSERT_TRUE(settings_put(SETTING_NAME, "Robin: first", &why));
    CU_ASSERT_TRUE(settings_read(&settings, &why));
    CU_ASSERT_STRING_EQUAL(settings.value[SETTING_NAME], "Robin: first");
    struct stat about;
    CU_ASSERT_TRUE_FATAL(settings_path(path, &why) && stat(path, &about) == 0);
    CU_ASSERT_EQUAL(about.st_mode & 0777, 0600);
}

static void test_lines(void) {
    struct settings settings;
    write_file("# mine\n\n  name :  Jörg  \r\npair.level: staff\npair.level: mid");
    CU_ASSERT_TRUE(settings_read(&settings, &why));
    CU_ASSERT_STRING_EQUAL(settings.value[SETTING_NAME], "Jörg");
    CU_ASSERT_STRING_EQUAL(settings.value[SETTING_PAIR_LEVEL], "mid");
}

/* The mark that some editors put before the first line is none of it. */
static void test_byte_order_mark(void) {
    struct settings settings;
    write_file("\xef\xbb\xbfname: Kim\npair.level: mid\n");
    CU_ASSERT_TRUE(settings_read(&settings, &why));
    CU_ASSERT_STRING_EQUAL(settings.value[SETTING_NAME], "Kim");
    CU_ASSERT_TRUE(settings_put(SETTING_NAME, "Ana", &why));
    expect_file("name: Ana\npair.level: mid\n");
}

static void test_faulty(void) {
    struct settings settings;
    write_file("name: Kim\ncolour: red\njust words\nhost.plan: spare\n");
    CU_ASSERT_FALSE(settings_read(&settings, &why));
    CU_ASSERT_PTR_NOT_NULL(strstr(why.text, "settings:2:"));
    CU_ASSERT_STRING_EQUAL(settings.value[SETTING_NAME], "Kim");
    CU_ASSERT_STRING_EQUAL(settings.value[SETTING_HOST_PLAN], "spare");
    write_file("just words");
    CU_ASSERT_FALSE(settings_read(&settings, &why));
}

static void test_bound(void) {
    char text[SETTING_MAX_BYTES + 16];
    struct settings settings;
    for (int more = 0; more < 2; more++) {
        snprintf(text, sizeof text, "name: %0*d\n", SETTING_MAX_BYTES + more, 7);
        write_file(text);
        CU_ASSERT_EQUAL(settings_read(&settings, &why), more == 0);
        CU_ASSERT_EQUAL(strlen(settings.value[SETTING_NAME]), more == 0 ? SETTING_MAX_BYTES : 0);
    }
}

static void test_others_stay(void) {
    write_file("# mine\nname: Kim\nsomething else\npair.wait: 10\nname: Kim again");
    CU_ASSERT_TRUE(settings_put(SETTING_NAME, "Ana", &why));
    expect_file("# mine\nname: Ana\nsomething else\npair.wait: 10\n");
    CU_ASSERT_TRUE(settings_put(SETTING_PAIR_WAIT, NULL, &why));
    CU_ASSERT_TRUE(settings_put(SETTING_HOST_PACK, "click-stream", &why));
    expect_file("# mine\nname: Ana\nsomething else\nhost.pack: click-stream\n");
}

static void test_no_folder(void) {
    struct settings settings;
    CU_ASSERT_TRUE_FATAL(setenv("XDG_CONFIG_HOME", "/dev/null", 1) == 0);
    CU_ASSERT_TRUE(settings_read(&settings, &why));
    CU_ASSERT_FALSE(settings_put(SETTING_NAME, "Ana", &why));
    CU_ASSERT_PTR_NOT_NULL(strstr(why.text, "/dev/null/spar/settings cannot be written"));
}

static CU_TestInfo tests[] = {
    {"no file yet", test_none},
    {"lines", test_lines},
    {"a byte order mark", test_byte_order_mark},
    {"faulty lines", test_faulty},
    {"the longest value", test_bound},
    {"others stay", test_others_stay},
    {"no folder", test_no_folder},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"settings", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
