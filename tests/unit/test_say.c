/* SPDX-License-Identifier: ISC */
/*
 * Purpose: plain lines come out as printf would write them, but for what fills them in.
 */
#include "client/net/say.h"

#include <stdlib.h>
#include <string.h>

#include "client/batch/json_line.h"
#include "tests/support/test_main.h"

static char said[512];

__attribute__((format(printf, 1, 2))) static const char *saying(const char *format, ...) {
    struct out out;
    va_list args;
    out_init(&out);
    va_start(args, format);
    say_into(&out, format, args);
    va_end(args);
    snprintf(said, sizeof said, "%s", out.data ? out.data : "");
    out_free(&out);
    return said;
}

static void test_as_printf(void) {
    char wanted[128];
#define SAME(...)                                 \
    snprintf(wanted, sizeof wanted, __VA_ARGS__); \
    CU_ASSERT_STRING_EQUAL(saying(__VA_ARGS__), wanted)
    SAME("nothing");
    SAME("100 %%");
    SAME("%s|%10s|%-10s|%.2s|%-8.*s|", "abc", "abc", "abc", "abc", 2, "abc");
    SAME("%*s|%-*s|", 6, "ab", 6, "ab");
    SAME("%d %i %u %x %5d %-5d| %03d %+d", -1, 2, 3U, 255U, 7, 8, 9, 10);
    SAME("%ld %lu %lld %llu %zu", -1L, 2UL, -3LL, 4ULL, (size_t)5);
    SAME("%c%c", 'a', 'b');
    SAME("%.3d|%5.2d|", 7, 8);
#undef SAME
}

static void test_texts(void) {
    CU_ASSERT_STRING_EQUAL(saying("a %s b\nc\n", "x\ny\033[31mz\x7f"), "a x yz b\nc\n");
    CU_ASSERT_STRING_EQUAL(saying("%-4s|%4s|", "\xe6\x97\xa5", "Zo\xc3\xab"),
                           "\xe6\x97\xa5  | Zo\xc3\xab|");
    CU_ASSERT_STRING_EQUAL(saying("%.3s|", "Zo\xc3\xab"), "Zo|"); /* no half of a character */
    CU_ASSERT_STRING_EQUAL(saying("%.4s|", "Zo\xc3\xab"), "Zo\xc3\xab|");
    /* What stands behind the end is somebody else's: here a byte that goes on a character. */
    CU_ASSERT_STRING_EQUAL(saying("%-3.*s|", 2, "ab\xa7"), "ab |");
    CU_ASSERT_STRING_EQUAL(saying("%c", 0x1b), "");
    CU_ASSERT_STRING_EQUAL(saying("%s", "\xff"), "\xef\xbf\xbd");
}

static void test_json_lines(void) {
    char bytes[64] = "";
    FILE *file = fmemopen(bytes, sizeof bytes, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_TRUE(json_line_print(file, json_pack("{s:s}", "t",
                                                   "\x7f"
                                                   "a\x7f\x7f\x1b\xc2\x9b")));
    fclose(file);
    CU_ASSERT_STRING_EQUAL(bytes, "{\"t\":\"\\u007Fa\\u007F\\u007F\\u001B\\u009B\"}\n");
}

static CU_TestInfo tests[] = {{"as printf", test_as_printf},
                              {"texts are harmless", test_texts},
                              {"lines of JSON hold no control", test_json_lines},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"say", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
