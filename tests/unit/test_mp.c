/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the scan against hostile bytes, and the sticky error of reader and writer.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/wire/mp.h"
#include "tests/support/test_main.h"
#include "tests/support/wire.h"

static enum mp_error scan(const void *bytes, size_t len) {
    char *copy = wire_copy(bytes, len);
    enum mp_error error = mp_scan(copy, len);
    free(copy);
    return error;
}
#define SCAN(literal) scan(literal, sizeof(literal) - 1)

static void test_scan_bombs(void) {
    CU_ASSERT_EQUAL(SCAN("\xdd\x0a\x00\x00\x00"), MP_COUNT);
    CU_ASSERT_EQUAL(SCAN("\xdf\x0f\xff\xff\xff"), MP_COUNT);
    CU_ASSERT_EQUAL(SCAN("\xdf\xff\xff\xff\xff"), MP_COUNT);
    CU_ASSERT_EQUAL(SCAN("\xdc\xff\xff"), MP_COUNT);
    CU_ASSERT_EQUAL(SCAN("\xde\x00\x02\x01\x01\x01"), MP_COUNT);
    CU_ASSERT_EQUAL(SCAN("\x92\x01"), MP_COUNT);
    CU_ASSERT_EQUAL(SCAN("\xdb\xff\xff\xff\xff"), MP_TRUNCATED);
    CU_ASSERT_EQUAL(SCAN("\xc6\x00\x00\x00\x02\x01"), MP_TRUNCATED);
}

static void test_scan_forms(void) {
    CU_ASSERT_EQUAL(SCAN(""), MP_TRUNCATED);
    CU_ASSERT_EQUAL(SCAN("\x01\x02"), MP_TRAILING);
    CU_ASSERT_EQUAL(SCAN("\x80"), MP_OK);
    CU_ASSERT_EQUAL(SCAN("\x90\x90"), MP_TRAILING);
    CU_ASSERT_EQUAL(SCAN("\xdc\x00\x02\xc0\xc3"), MP_OK);
    CU_ASSERT_EQUAL(SCAN("\xcb\x00\x00\x00\x00\x00\x00\x00\x00"), MP_OK);
    CU_ASSERT_EQUAL(SCAN("\xcf\x00"), MP_TRUNCATED);
    static const uint8_t unused[] = {0xc1, 0xc7, 0xc8, 0xc9, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8};
    for (size_t i = 0; i < sizeof unused; i++) {
        uint8_t bytes[20] = {unused[i]};
        CU_ASSERT_EQUAL(scan(bytes, sizeof bytes), MP_TYPE_UNKNOWN);
    }
}

static void test_scan_depth(void) {
    char bytes[MP_DEPTH_MAX + 2];
    memset(bytes, 0x91, sizeof bytes);
    bytes[MP_DEPTH_MAX - 1] = (char)0x90;
    CU_ASSERT_EQUAL(scan(bytes, MP_DEPTH_MAX), MP_OK);
    bytes[MP_DEPTH_MAX - 1] = (char)0x91;
    bytes[MP_DEPTH_MAX] = 1;
    CU_ASSERT_EQUAL(scan(bytes, MP_DEPTH_MAX + 1), MP_OK);
    bytes[MP_DEPTH_MAX] = (char)0x90;
    CU_ASSERT_EQUAL(scan(bytes, MP_DEPTH_MAX + 1), MP_DEPTH);
}

static void test_scan_nodes(void) {
    static char bytes[3 + MP_NODES_MAX];
    bytes[0] = (char)0xdc;
    bytes[1] = (char)((MP_NODES_MAX - 1) >> 8);
    bytes[2] = (char)((MP_NODES_MAX - 1) & 0xff);
    CU_ASSERT_EQUAL(scan(bytes, 3 + MP_NODES_MAX - 1), MP_OK);
    bytes[1] = (char)(MP_NODES_MAX >> 8);
    bytes[2] = (char)(MP_NODES_MAX & 0xff);
    CU_ASSERT_EQUAL(scan(bytes, 3 + MP_NODES_MAX), MP_NODES);
}

static void test_scan_utf8(void) {
    CU_ASSERT_EQUAL(SCAN("\xa2\xc3\xa9"), MP_OK);
    CU_ASSERT_EQUAL(SCAN("\xa4\xf4\x8f\xbf\xbf"), MP_OK);
    CU_ASSERT_EQUAL(SCAN("\xa3\xed\x9f\xbf"), MP_OK);
    CU_ASSERT_EQUAL(SCAN("\xaa"
                         "12345678\xc3\xa9"),
                    MP_OK);
    CU_ASSERT_EQUAL(SCAN("\xa2\xc0\x80"), MP_UTF8);         /* overlong */
    CU_ASSERT_EQUAL(SCAN("\xa2\xc1\xbf"), MP_UTF8);         /* overlong */
    CU_ASSERT_EQUAL(SCAN("\xa3\xe0\x9f\xbf"), MP_UTF8);     /* overlong */
    CU_ASSERT_EQUAL(SCAN("\xa4\xf0\x8f\xbf\xbf"), MP_UTF8); /* overlong */
    CU_ASSERT_EQUAL(SCAN("\xa3\xed\xa0\x80"), MP_UTF8);     /* surrogate */
    CU_ASSERT_EQUAL(SCAN("\xa4\xf4\x90\x80\x80"), MP_UTF8); /* above U+10FFFF */
    CU_ASSERT_EQUAL(SCAN("\xa1\x80"), MP_UTF8);
    CU_ASSERT_EQUAL(SCAN("\xa1\xc3"), MP_UTF8); /* cut inside the text */
    CU_ASSERT_EQUAL(SCAN("\xa1\xff"), MP_UTF8);
    CU_ASSERT_EQUAL(SCAN("\xa9"
                         "12345678\xc3"),
                    MP_UTF8);
}

/* What the writer wrote, read back; the writer has been reset. */
static void parse(struct mp_reader *r, struct mp_writer *w) {
    CU_ASSERT_FALSE(w->failed);
    CU_ASSERT_EQUAL(mp_reader_parse(r, w->data, w->len), MP_OK);
}

static void test_round_trip(void) {
    struct mp_writer w;
    struct mp_reader r;
    mp_writer_init(&w);
    CU_ASSERT_EQUAL_FATAL(mp_reader_init(&r), MP_OK);
    mp_put_map(&w, 7);
    mp_put_str(&w, "int");
    mp_put_int(&w, INT64_MIN);
    mp_put_str(&w, "text");
    mp_put_str(&w, "word");
    mp_put_str(&w, "bytes");
    mp_put_bytes(&w, (struct span){"\0\1", 2});
    mp_put_str(&w, "yes");
    mp_put_bool(&w, true);
    mp_put_str(&w, "nil");
    mp_put_nil(&w);
    mp_put_str(&w, "list");
    mp_put_array(&w, 2);
    mp_put_int(&w, 7);
    mp_put_int(&w, 8);
    mp_put_str(&w, "int"); /* a second one: the first counts */
    mp_put_int(&w, 5);
    parse(&r, &w);
    CU_ASSERT_EQUAL(mp_get_int(&r, &r.root, "int", INT64_MIN, INT64_MAX), INT64_MIN);
    CU_ASSERT_TRUE(span_equal(mp_get_text(&r, &r.root, "text", 4, 4), "word"));
    CU_ASSERT_EQUAL(mp_get_bytes(&r, &r.root, "bytes", 0, 2).len, 2);
    CU_ASSERT_TRUE(mp_opt_bool(&r, &r.root, "yes", false));
    CU_ASSERT_EQUAL(mp_opt_int(&r, &r.root, "nil", 0, 1, 42), 42);
    CU_ASSERT_EQUAL(mp_opt_int(&r, &r.root, "absent", 0, 1, 42), 42);
    CU_ASSERT_PTR_NOT_NULL(mp_get_array(&r, &r.root, "list", 2));
    CU_ASSERT_EQUAL(r.error, MP_OK);
    CU_ASSERT_PTR_NULL(mp_get_array(&r, &r.root, "list", 1));
    CU_ASSERT_EQUAL(r.error, MP_TOO_LONG);
    mp_reader_free(&r);
    mp_writer_free(&w);
}

/* One map {k: value} and the error that reading it as a number of 0..10, a text of 1..3 bytes or
 * bytes of 1..3 gives. */
static void test_bounds(void) {
    static const struct {
        const char *value;
        size_t len;
        enum mp_error as_int, as_text, as_bytes;
    } cases[] = {
        {"\x00", 1, MP_OK, MP_WRONG_TYPE, MP_WRONG_TYPE},
        {"\x0a", 1, MP_OK, MP_WRONG_TYPE, MP_WRONG_TYPE},
        {"\x0b", 1, MP_RANGE, MP_WRONG_TYPE, MP_WRONG_TYPE},
        {"\xff", 1, MP_RANGE, MP_WRONG_TYPE, MP_WRONG_TYPE},
        {"\xcf\xff\xff\xff\xff\xff\xff\xff\xff", 9, MP_RANGE, MP_WRONG_TYPE, MP_WRONG_TYPE},
        {"\xa0", 1, MP_WRONG_TYPE, MP_TOO_LONG, MP_WRONG_TYPE},
        {"\xa1x", 2, MP_WRONG_TYPE, MP_OK, MP_WRONG_TYPE},
        {"\xa3xyz", 4, MP_WRONG_TYPE, MP_OK, MP_WRONG_TYPE},
        {"\xa4xyzz", 5, MP_WRONG_TYPE, MP_TOO_LONG, MP_WRONG_TYPE},
        {"\xa2x\0", 3, MP_WRONG_TYPE, MP_UTF8, MP_WRONG_TYPE},
        {"\xc4\x00", 2, MP_WRONG_TYPE, MP_WRONG_TYPE, MP_TOO_LONG},
        {"\xc4\x03xyz", 5, MP_WRONG_TYPE, MP_WRONG_TYPE, MP_OK},
        {"\xc4\x04xyzz", 6, MP_WRONG_TYPE, MP_WRONG_TYPE, MP_TOO_LONG},
        {"\xc0", 1, MP_WRONG_TYPE, MP_WRONG_TYPE, MP_WRONG_TYPE},
    };
    struct mp_reader r;
    CU_ASSERT_EQUAL_FATAL(mp_reader_init(&r), MP_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char bytes[32] = "\x81\xa1k";
        memcpy(bytes + 3, cases[i].value, cases[i].len);
        CU_ASSERT_EQUAL(mp_reader_parse(&r, bytes, 3 + cases[i].len), MP_OK);
        mp_get_int(&r, &r.root, "k", 0, 10);
        CU_ASSERT_EQUAL(r.error, cases[i].as_int);
        r.error = MP_OK;
        mp_get_text(&r, &r.root, "k", 1, 3);
        CU_ASSERT_EQUAL(r.error, cases[i].as_text);
        r.error = MP_OK;
        mp_get_bytes(&r, &r.root, "k", 1, 3);
        CU_ASSERT_EQUAL(r.error, cases[i].as_bytes);
    }
    mp_reader_free(&r);
}

/* A map of `count` pairs "a0": 0, "b0": 1, …, and then "a0": -1 and "a": 7. */
static void put_pairs(struct mp_writer *w, uint32_t count) {
    mp_put_map(w, count + 2);
    for (uint32_t i = 0; i < count; i++) {
        char key[] = {(char)('a' + i % 26), (char)('0' + i / 26), '\0'};
        mp_put_str(w, key);
        mp_put_int(w, i);
    }
    mp_put_str(w, "a0");
    mp_put_int(w, -1);
    mp_put_str(w, "a");
    mp_put_int(w, 7);
}

/* Whatever the number of pairs: all are found, and of equal keys the first; a key with a NUL in it
 * is none of ours. */
static void test_looking(void) {
    struct mp_reader r;
    struct mp_writer w;
    mp_writer_init(&w);
    CU_ASSERT_EQUAL_FATAL(mp_reader_init(&r), MP_OK);
    for (uint32_t count = 0; count < MP_INDEX_PAIRS + 4; count++) {
        mp_writer_reset(&w);
        put_pairs(&w, count);
        CU_ASSERT_EQUAL_FATAL(mp_reader_parse(&r, w.data, w.len), MP_OK);
        for (uint32_t i = 0; i < count; i++) {
            char key[] = {(char)('a' + i % 26), (char)('0' + i / 26), '\0'};
            const msgpack_object *found = mp_look(&r, &r.root, key);
            CU_ASSERT_PTR_EQUAL(found, mp_find(&r.root, key));
            CU_ASSERT_EQUAL(mp_as_int(&r, found, key, -1, 100), i);
        }
        CU_ASSERT_EQUAL(mp_get_int(&r, &r.root, "a", 7, 7), 7);
        CU_ASSERT_PTR_NULL(mp_look(&r, &r.root, "zz"));
        CU_ASSERT_PTR_NULL(mp_look(&r, &r.root, ""));
    }
    static const char nul[] = "\x82\xa3x\0y\x01\xa1x\x02";
    CU_ASSERT_EQUAL_FATAL(mp_reader_parse(&r, nul, sizeof nul - 1), MP_OK);
    CU_ASSERT_EQUAL(mp_get_int(&r, &r.root, "x", 0, 9), 2);
    CU_ASSERT_EQUAL(mp_reader_parse(&r, "\x90", 1), MP_OK); /* no map: nothing of the last one */
    CU_ASSERT_PTR_NULL(mp_look(&r, &r.root, "x"));
    mp_reader_free(&r);
    mp_writer_free(&w);
}

static void test_sticky(void) {
    struct mp_reader r;
    CU_ASSERT_EQUAL_FATAL(mp_reader_init(&r), MP_OK);
    CU_ASSERT_EQUAL(mp_reader_parse(&r, "\x81\xa1k\x01", 4), MP_OK);
    CU_ASSERT_EQUAL(mp_get_int(&r, &r.root, "absent", 0, 9), 0);
    CU_ASSERT_EQUAL(mp_get_int(&r, &r.root, "k", 0, 9), 0);
    CU_ASSERT_EQUAL(r.error, MP_MISSING);
    CU_ASSERT_STRING_EQUAL(r.field, "absent");
    CU_ASSERT_EQUAL(mp_reader_parse(&r, "\xc1", 1), MP_TYPE_UNKNOWN);
    CU_ASSERT_PTR_NULL(mp_find(&r.root, "k"));
    mp_reader_free(&r);
}

static CU_TestInfo tests[] = {{"counts that promise more than there is", test_scan_bombs},
                              {"empty, trailing, truncated, unused types", test_scan_forms},
                              {"depth at the bound and one past it", test_scan_depth},
                              {"nodes at the bound and one past it", test_scan_nodes},
                              {"strict UTF-8", test_scan_utf8},
                              {"what was written is read", test_round_trip},
                              {"types and bounds of values", test_bounds},
                              {"looking up keys", test_looking},
                              {"the first error sticks", test_sticky},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"mp", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
