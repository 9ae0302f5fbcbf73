/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what a proxy puts before a connection: both versions in any pieces, every bound at the
 * bound and one past it, and whatever bends the protocol refused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/net/address.h"
#include "server/net/proxy_head.h"
#include "tests/support/test_main.h"

static const uint8_t signature[] = {'\r', '\n', '\r', '\n', 0,   '\r',
                                    '\n', 'Q',  'U',  'I',  'T', '\n'};

/* Reads out of memory that ends where it ends, so that a sanitizer sees a byte too many. */
static enum proxy_status read_len(const void *bytes, size_t len, struct proxy_head *out) {
    uint8_t *copy = malloc(len + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
    uint8_t *exact = realloc(copy, len > 0 ? len : 1);
    memcpy(exact, bytes, len);
    enum proxy_status status = proxy_head_read(exact, len, out);
    free(exact);
    return status;
}

static enum proxy_status read_text(const char *text) {
    struct proxy_head head;
    return read_len(text, strlen(text), &head);
}

/* A whole header, in any pieces and with something behind it, tells of `from` and `to`. */
static void expect(const void *bytes, size_t len, const char *from, const char *to) {
    struct proxy_head head;
    struct address address;
    uint8_t behind[1024] = {0};
    char host[INET6_ADDRSTRLEN];
    for (size_t part = 0; part < len; part++) {
        CU_ASSERT_EQUAL(read_len(bytes, part, &head), PROXY_HEAD_PARTIAL);
    }
    memcpy(behind, bytes, len);
    behind[len] = 0x16;
    CU_ASSERT_EQUAL(read_len(behind, len + 1, &head), PROXY_HEAD_WHOLE);
    CU_ASSERT_EQUAL(head.used, len);
    CU_ASSERT_EQUAL(head.given, from != NULL);
    if (from != NULL && head.given) {
        address_of(&head.from.any, head.len, &address);
        CU_ASSERT_STRING_EQUAL(address.text, from);
        address_host_text(&head.to.any, head.len, host);
        CU_ASSERT_STRING_EQUAL(host, to);
    }
}

static void test_lines(void) {
    static const char v4[] = "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n";
    static const char v6[] = "PROXY TCP6 2001:db8::7 2001:db8::1 0 65535\r\n";
    static const char unknown[] = "PROXY UNKNOWN\r\n";
    static const char longest[] =
        "PROXY UNKNOWN ffff:f...f:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535 "
        "aaaaaaaaaaaaaaaaaaaaaa\r\n";
    expect(v4, sizeof v4 - 1, "192.0.2.7:56324", "198.51.100.1");
    expect(v6, sizeof v6 - 1, "[2001:db8::7]:0", "2001:db8::1");
    expect(unknown, sizeof unknown - 1, NULL, NULL);
    CU_ASSERT_EQUAL(sizeof longest - 1, 106);
    expect(longest, sizeof longest - 1, NULL, NULL);
}

/* A line of so many bytes, its end included, and something behind it. */
static enum proxy_status read_longer(size_t len, size_t sent) {
    char line[128];
    struct proxy_head head;
    memset(line, 'x', sizeof line);
    snprintf(line, sizeof line, "PROXY UNKNOWN %0*d\r\n", (int)len - 16, 0);
    return read_len(line, sent, &head);
}

static void test_longest_line(void) {
    CU_ASSERT_EQUAL(read_longer(107, 128), PROXY_HEAD_WHOLE);
    CU_ASSERT_EQUAL(read_longer(107, 106), PROXY_HEAD_PARTIAL);
    CU_ASSERT_EQUAL(read_longer(108, 106), PROXY_HEAD_PARTIAL);
    CU_ASSERT_EQUAL(read_longer(108, 107), PROXY_HEAD_BAD);
    CU_ASSERT_EQUAL(read_longer(108, 128), PROXY_HEAD_BAD);
}

static void test_bad_lines(void) {
    static const char *const bad[] = {
        "PROXX",
        "Px",
        "PROXY\r\n",
        "PROXY \r\n",
        "PROXY TCP4\r\n",
        "PROXY  TCP4 192.0.2.7 198.51.100.1 1 2\r\n",
        "PROXY TCP4 192.0.2.7  198.51.100.1 1 2\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 1 2\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 1 2 \r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 1 2 3\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 1\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 1 65536\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 01 2\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 -1 2\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 1 100000\r\n",
        "PROXY TCP4 192.0.2.007 198.51.100.1 1 2\r\n",
        "PROXY TCP4 192.0.2 198.51.100.1 1 2\r\n",
        "PROXY TCP4 2001:db8::7 2001:db8::1 1 2\r\n",
        "PROXY TCP6 192.0.2.7 198.51.100.1 1 2\r\n",
        "PROXY UDP4 192.0.2.7 198.51.100.1 1 2\r\n",
        "PROXY UNKNOWNX\r\n",
        "PROXY tcp4 192.0.2.7 198.51.100.1 1 2\r\n",
        "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555 ::1 1 2\r\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CU_ASSERT_EQUAL(read_text(bad[i]), PROXY_HEAD_BAD);
    }
    CU_ASSERT_EQUAL(read_text("\x16\x03\x01"), PROXY_HEAD_NONE);
    CU_ASSERT_EQUAL(read_text("GET / HTTP/1.1\r\n"), PROXY_HEAD_NONE);
}

/* A binary header with `len` bytes behind its fixed part, which say 192.0.2.7:4711 or
 * [2001:db8::7]:4711. */
static size_t binary(uint8_t *out, uint8_t command, uint8_t family, size_t len) {
    static const uint8_t v4[] = {192, 0, 2, 7, 198, 51, 100, 1, 0x12, 0x67, 1, 0xbb};
    static const uint8_t v6[] = {0x20, 1, 0x0d, 0xb8, 0,    0, 0,    0,    0,    0,    0, 0,
                                 0,    0, 0,    7,    0x20, 1, 0x0d, 0xb8, 0,    0,    0, 0,
                                 0,    0, 0,    0,    0,    0, 0,    1,    0x12, 0x67, 1, 0xbb};
    memset(out, 0, 16 + len);
    memcpy(out, signature, sizeof signature);
    out[12] = command;
    out[13] = family;
    out[14] = (uint8_t)(len >> 8);
    out[15] = (uint8_t)len;
    bool is_v6 = family == 0x21;
    size_t known = is_v6 ? sizeof v6 : sizeof v4;
    memcpy(out + 16, is_v6 ? v6 : v4, known < len ? known : len);
    return 16 + len;
}

static enum proxy_status read_binary(uint8_t command, uint8_t family, size_t len) {
    uint8_t bytes[1024];
    struct proxy_head head;
    return read_len(bytes, binary(bytes, command, family, len), &head);
}

static void test_binary(void) {
    uint8_t bytes[1024];
    expect(bytes, binary(bytes, 0x21, 0x11, 12), "192.0.2.7:4711", "198.51.100.1");
    expect(bytes, binary(bytes, 0x21, 0x11, 40), "192.0.2.7:4711", "198.51.100.1");
    expect(bytes, binary(bytes, 0x21, 0x21, 36), "[2001:db8::7]:4711", "2001:db8::1");
    expect(bytes, binary(bytes, 0x21, 0x21, PROXY_HEAD_MAX - 16), "[2001:db8::7]:4711",
           "2001:db8::1");
    expect(bytes, binary(bytes, 0x20, 0x00, 0), NULL, NULL);
    expect(bytes, binary(bytes, 0x20, 0x11, 12), NULL, NULL); /* not to be looked at */
    expect(bytes, binary(bytes, 0x21, 0x00, 5), NULL, NULL);
}

static void test_bad_binary(void) {
    CU_ASSERT_EQUAL(read_binary(0x21, 0x11, 11), PROXY_HEAD_BAD);
    CU_ASSERT_EQUAL(read_binary(0x21, 0x21, 35), PROXY_HEAD_BAD);
    CU_ASSERT_EQUAL(read_binary(0x21, 0x12, 12), PROXY_HEAD_BAD);  /* UDP */
    CU_ASSERT_EQUAL(read_binary(0x21, 0x31, 216), PROXY_HEAD_BAD); /* a socket of the machine */
    CU_ASSERT_EQUAL(read_binary(0x22, 0x11, 12), PROXY_HEAD_BAD);
    CU_ASSERT_EQUAL(read_binary(0x11, 0x11, 12), PROXY_HEAD_BAD);
    CU_ASSERT_EQUAL(read_binary(0x31, 0x11, 12), PROXY_HEAD_BAD);
    CU_ASSERT_EQUAL(read_binary(0x21, 0x21, PROXY_HEAD_MAX - 15), PROXY_HEAD_BAD);
    CU_ASSERT_EQUAL(read_text("\r\n\r\nx"), PROXY_HEAD_BAD);
    CU_ASSERT_EQUAL(read_text("\rx"), PROXY_HEAD_BAD);
}

static bool same_host(const char *a, const char *b) {
    struct address one;
    struct address two;
    CU_ASSERT_TRUE_FATAL(address_read(span_of(a), &one));
    CU_ASSERT_TRUE_FATAL(address_read(span_of(b), &two));
    return address_same_host(&one, &two);
}

/* The proxy is one host, not its household. */
static void test_which_proxy(void) {
    struct address none;
    CU_ASSERT_TRUE(same_host("127.0.0.1", "127.0.0.1"));
    CU_ASSERT_TRUE(same_host("127.0.0.1", "::ffff:127.0.0.1"));
    CU_ASSERT_TRUE(same_host("2001:DB8::1", "2001:db8:0::1"));
    CU_ASSERT_FALSE(same_host("2001:db8::1", "2001:db8::2"));
    CU_ASSERT_FALSE(same_host("127.0.0.1", "127.0.0.2"));
    CU_ASSERT_FALSE(address_read(span_of(""), &none));
    CU_ASSERT_FALSE(address_read(span_of("[::1]"), &none));
    CU_ASSERT_FALSE(address_read(span_of("127.0.0.1:80"), &none));
}

static CU_TestInfo tests[] = {
    {"a line", test_lines},
    {"the longest line and one more", test_longest_line},
    {"lines that bend the protocol", test_bad_lines},
    {"the binary header", test_binary},
    {"binary headers that bend the protocol", test_bad_binary},
    {"which proxy is believed", test_which_proxy},
    CU_TEST_INFO_NULL,
};

static CU_SuiteInfo suites[] = {
    {"proxy header", NULL, NULL, NULL, NULL, tests},
    CU_SUITE_INFO_NULL,
};

int main(void) {
    return test_main(suites);
}
