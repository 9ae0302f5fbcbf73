/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what the writer of JSON writes is what jansson would write, reads back as it was, and
 * holds nothing that acts upon a terminal.
 */
#include "protocol/text/json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/test_main.h"

static void written(struct out *out, enum json_layout layout) {
    struct json json;
    out_init(out);
    json_begin(&json, out, layout);
    json_put_object(&json, NULL);
    json_put_text(&json, "a", "x\"\\/\b\f\n\r\t\x01\xc3\xab\xf0\x9f\x98\x80");
    json_put_list(&json, "empty");
    json_end(&json);
    json_put_list(&json, "list");
    json_put_number(&json, NULL, -1);
    json_put_truth(&json, NULL, true);
    json_put_object(&json, NULL);
    json_end(&json);
    json_put_object(&json, NULL);
    json_put_digits(&json, "d", "0.5");
    json_put_text(&json, "n", NULL);
    json_end(&json);
    json_end(&json);
    json_put_object(&json, "o");
    json_put_number(&json, "big", INT64_MIN);
    json_end(&json);
    json_end(&json);
}

static void expect(enum json_layout layout, size_t flags) {
    struct out out;
    written(&out, layout);
    json_t *read = json_loadb(out.data, out.len, JSON_REJECT_DUPLICATES, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(read);
    char *wanted = json_dumps(read, flags);
    CU_ASSERT_STRING_EQUAL(out.data, wanted);
    free(wanted);
    json_decref(read);
    out_free(&out);
}

static void test_as_jansson(void) {
    expect(JSON_INDENTED, JSON_INDENT(1) | JSON_ENSURE_ASCII);
    expect(JSON_ONE_LINE, JSON_COMPACT | JSON_ENSURE_ASCII);
}

static void test_lines(void) {
    struct out out;
    written(&out, JSON_LINES);
    CU_ASSERT_STRING_EQUAL(
        out.data,
        "{\"a\":\"x\\\"\\\\/\\u0008\\u000c\\n\\u000d\\u0009\\u0001\xc3\xab\xf0\x9f\x98\x80\",\n"
        "\"empty\":[],\n\"list\":[-1,true,\n{},\n{\"d\":0.5,\"n\":\"\"}],"
        "\"o\":{\"big\":-9223372036854775808}}");
    out_free(&out);
}

static void escaped(uint32_t from, uint32_t to, bool ascii) {
    for (uint32_t point = from; point <= to; point++) {
        struct out out, text;
        out_init(&out);
        out_init(&text);
        out_character(&text, point);
        json_escape(&out, text.data, text.len, ascii);
        CU_ASSERT_EQUAL_FATAL(out.data[0], '\\');
        out_free(&out);
        out_free(&text);
    }
}

static void test_nothing_acts(void) {
    escaped(0x01, 0x1f, false);
    escaped(0x7f, 0x9f, false);
    escaped(0x7f, 0x9f, true);
    escaped(0x200b, 0x200f, false);
    escaped(0x2028, 0x202e, false);
    escaped(0x3164, 0x3164, false);
    escaped(0xfe00, 0xfe0f, false);
    escaped(0xe0000, 0xe007f, false);
    struct out out;
    out_init(&out);
    json_escape(&out, "a\xff", 2, false);
    CU_ASSERT_STRING_EQUAL(out.data, "a\xef\xbf\xbd");
    out_free(&out);
}

static void test_depth(void) {
    struct json json;
    struct out out;
    out_init(&out);
    json_begin(&json, &out, JSON_ONE_LINE);
    for (int i = 0; i < JSON_DEPTH_MAX; i++) {
        json_put_list(&json, NULL);
    }
    CU_ASSERT_FALSE(out.failed);
    for (int i = 0; i < JSON_DEPTH_MAX; i++) {
        json_end(&json);
    }
    CU_ASSERT_FALSE(out.failed);
    CU_ASSERT_EQUAL(out.len, (size_t)2 * JSON_DEPTH_MAX);
    json_end(&json); /* one too many */
    CU_ASSERT_TRUE(out.failed);
    out_free(&out);
    json_begin(&json, &out, JSON_ONE_LINE);
    for (int i = 0; i <= JSON_DEPTH_MAX; i++) {
        json_put_list(&json, NULL);
    }
    CU_ASSERT_TRUE(out.failed);
    out_free(&out);
}

static CU_TestInfo tests[] = {{"as jansson writes it", test_as_jansson},
                              {"lines for people", test_lines},
                              {"nothing acts upon a terminal", test_nothing_acts},
                              {"the depth at its bound and past it", test_depth},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"json", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
