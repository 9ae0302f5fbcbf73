/* SPDX-License-Identifier: ISC */
/*
 * proxy_head.c: the PROXY protocol's two headers, strictly.
 */
#include "server/net/proxy_head.h"

#include <arpa/inet.h>
#include <string.h>

#include "protocol/text/span.h"

enum {
    LINE_MAX_BYTES = 107, /* of version 1, with its end */
    FIXED_BYTES = 16,     /* of version 2, before the addresses */
    VERSION_2 = 0x20,
    LOCAL = 0,
    PROXIED = 1,
    UNSPECIFIED = 0x00,
    TCP_V4 = 0x11,
    TCP_V6 = 0x21,
    V4_BYTES = 12, /* two addresses and two ports */
    V6_BYTES = 36
};

static const uint8_t signature[] = {'\r', '\n', '\r', '\n', 0,   '\r',
                                    '\n', 'Q',  'U',  'I',  'T', '\n'};
static const char word[] = "PROXY ";

/* Whether the bytes, as far as they go, begin as `with`. */
static bool begins(const uint8_t *bytes, size_t len, const void *with, size_t with_len) {
    return memcmp(bytes, with, len < with_len ? len : with_len) == 0;
}

static void set_v4(union proxy_address *out, const uint8_t *address, const uint8_t *port) {
    *out = (union proxy_address){.v4 = {.sin_family = AF_INET}};
    memcpy(&out->v4.sin_addr, address, 4);
    memcpy(&out->v4.sin_port, port, 2);
}

static void set_v6(union proxy_address *out, const uint8_t *address, const uint8_t *port) {
    *out = (union proxy_address){.v6 = {.sin6_family = AF_INET6}};
    memcpy(&out->v6.sin6_addr, address, 16);
    memcpy(&out->v6.sin6_port, port, 2);
}

/* ---- version 2 ---- */

static enum proxy_status read_addresses(const uint8_t *at, uint8_t family, size_t len,
                                        struct proxy_head *out) {
    if (family == TCP_V4 && len >= V4_BYTES) {
        set_v4(&out->from, at, at + 8);
        set_v4(&out->to, at + 4, at + 10);
        out->len = sizeof out->from.v4;
    } else if (family == TCP_V6 && len >= V6_BYTES) {
        set_v6(&out->from, at, at + 32);
        set_v6(&out->to, at + 16, at + 34);
        out->len = sizeof out->from.v6;
    } else {
        return family == UNSPECIFIED ? PROXY_HEAD_WHOLE : PROXY_HEAD_BAD;
    }
    out->given = true;
    return PROXY_HEAD_WHOLE;
}

static enum proxy_status read_binary(const uint8_t *bytes, size_t len, struct proxy_head *out) {
    if (len < FIXED_BYTES) {
        return PROXY_HEAD_PARTIAL;
    }
    size_t rest = (size_t)bytes[14] << 8 | bytes[15];
    out->used = FIXED_BYTES + rest;
    if ((bytes[12] & 0xf0) != VERSION_2 || (bytes[12] & 0x0f) > PROXIED ||
        out->used > PROXY_HEAD_MAX) {
        return PROXY_HEAD_BAD;
    }
    if (len < out->used) {
        return PROXY_HEAD_PARTIAL;
    }
    bool local = (bytes[12] & 0x0f) == LOCAL; /* what else it says is to be passed over */
    return local ? PROXY_HEAD_WHOLE : read_addresses(bytes + FIXED_BYTES, bytes[13], rest, out);
}

/* ---- version 1 ---- */

/* Cuts the next word off, up to one blank or the end. */
static struct span next_word(struct span *line) {
    uint32_t len = 0;
    while (len < line->len && line->at[len] != ' ') {
        len++;
    }
    struct span next = {line->at, len};
    uint32_t gone = len < line->len ? len + 1 : len;
    line->at += gone;
    line->len -= gone;
    return next;
}

/* Digits without a zero in front, up to 65535; in the network's order. */
static bool read_port(struct span text, in_port_t *out) {
    unsigned long port = 0;
    bool good = text.len > 0 && text.len <= 5 && (text.at[0] != '0' || text.len == 1);
    for (uint32_t i = 0; good && i < text.len; i++) {
        good = text.at[i] >= '0' && text.at[i] <= '9';
        port = port * 10 + (unsigned long)(text.at[i] - '0');
    }
    *out = htons((uint16_t)port);
    return good && port <= UINT16_MAX;
}

static bool read_address(struct span host, struct span port, int family, union proxy_address *out) {
    char copy[INET6_ADDRSTRLEN];
    in_port_t number;
    if (host.len >= sizeof copy || memchr(host.at, '\0', host.len) != NULL ||
        !read_port(port, &number)) {
        return false;
    }
    memcpy(copy, host.at, host.len);
    copy[host.len] = '\0';
    *out = (union proxy_address){.any = {.sa_family = (sa_family_t)family}};
    if (family == AF_INET) {
        out->v4.sin_port = number;
        return inet_pton(AF_INET, copy, &out->v4.sin_addr) == 1;
    }
    out->v6.sin6_port = number;
    return inet_pton(AF_INET6, copy, &out->v6.sin6_addr) == 1;
}

/* What stands behind "PROXY ". */
static bool read_words(struct span line, struct proxy_head *out) {
    struct span kind = next_word(&line);
    if (span_equal(kind, "UNKNOWN")) {
        return true; /* the rest is to be passed over */
    }
    bool v6 = span_equal(kind, "TCP6");
    struct span from = next_word(&line);
    struct span to = next_word(&line);
    struct span from_port = next_word(&line);
    int family = v6 ? AF_INET6 : AF_INET;
    out->given = true;
    out->len = v6 ? sizeof out->from.v6 : sizeof out->from.v4;
    return (v6 || span_equal(kind, "TCP4")) && read_address(from, from_port, family, &out->from) &&
           read_address(to, line, family, &out->to);
}

static enum proxy_status read_line(const uint8_t *bytes, size_t len, struct proxy_head *out) {
    size_t most = len < LINE_MAX_BYTES ? len : LINE_MAX_BYTES;
    const uint8_t *end = memchr(bytes, '\n', most);
    if (end == NULL) {
        return most == LINE_MAX_BYTES ? PROXY_HEAD_BAD : PROXY_HEAD_PARTIAL;
    }
    out->used = (size_t)(end - bytes) + 1;
    size_t line_len = out->used - 2; /* without its end */
    if (out->used < sizeof word + 1 || bytes[line_len] != '\r') {
        return PROXY_HEAD_BAD;
    }
    struct span line = {(const char *)bytes + sizeof word - 1,
                        (uint32_t)(line_len - (sizeof word - 1))};
    return read_words(line, out) ? PROXY_HEAD_WHOLE : PROXY_HEAD_BAD;
}

enum proxy_status proxy_head_read(const uint8_t *bytes, size_t len, struct proxy_head *out) {
    *out = (struct proxy_head){.used = 0};
    if (len == 0) {
        return PROXY_HEAD_PARTIAL;
    }
    if (bytes[0] == signature[0]) {
        return begins(bytes, len, signature, sizeof signature) ? read_binary(bytes, len, out)
                                                               : PROXY_HEAD_BAD;
    }
    if (bytes[0] == (uint8_t)word[0]) {
        return begins(bytes, len, word, sizeof word - 1) ? read_line(bytes, len, out)
                                                         : PROXY_HEAD_BAD;
    }
    return PROXY_HEAD_NONE;
}
