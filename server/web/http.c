/* SPDX-License-Identifier: ISC */
/*
 * http.c: reading a request's head, line by line.
 */
#include "server/web/http.h"

#include <string.h>

const char *http_reason(enum http_status status) {
    switch (status) {
    case HTTP_SWITCHING: return "Switching Protocols";
    case HTTP_OK: return "OK";
    case HTTP_NOT_MODIFIED: return "Not Modified";
    case HTTP_FORBIDDEN: return "Forbidden";
    case HTTP_NOT_FOUND: return "Not Found";
    case HTTP_NOT_ALLOWED: return "Method Not Allowed";
    case HTTP_TOO_LARGE: return "Content Too Large";
    case HTTP_TARGET_TOO_LONG: return "URI Too Long";
    case HTTP_MISDIRECTED: return "Misdirected Request";
    case HTTP_UPGRADE_REQUIRED: return "Upgrade Required";
    case HTTP_HEAD_TOO_LARGE: return "Request Header Fields Too Large";
    case HTTP_UNAVAILABLE: return "Service Unavailable";
    case HTTP_VERSION: return "HTTP Version Not Supported";
    case HTTP_PARTIAL:
    case HTTP_BAD_REQUEST: break;
    }
    return "Bad Request";
}

/* ---- characters ---- */

/* RFC 9110, section 5.6.2. */
static bool is_token_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool is_token(struct span span) {
    for (uint32_t i = 0; i < span.len; i++) {
        if (!is_token_char(span.at[i])) {
            return false;
        }
    }
    return span.len > 0;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

/* Visible characters, blanks, and bytes above ASCII, which nothing here reads. */
static bool is_value(struct span span) {
    for (uint32_t i = 0; i < span.len; i++) {
        unsigned char c = (unsigned char)span.at[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f) {
            return false;
        }
    }
    return true;
}

char http_lower(char c) {
    if (c >= 'A' && c <= 'Z') {
        return (char)(c | 0x20);
    }
    return c;
}

/* `name` is in lower case. */
static bool equals(struct span span, const char *name) {
    if (strlen(name) != span.len) {
        return false;
    }
    for (uint32_t i = 0; i < span.len; i++) {
        if (http_lower(span.at[i]) != name[i]) {
            return false;
        }
    }
    return true;
}

static struct span trimmed(struct span span) {
    while (span.len > 0 && is_blank(span.at[0])) {
        span.at++;
        span.len--;
    }
    while (span.len > 0 && is_blank(span.at[span.len - 1])) {
        span.len--;
    }
    return span;
}

/* Takes what stands before `c`, or all of it, out of the rest. */
static struct span take_until(struct span *rest, char c) {
    const char *found = memchr(rest->at, c, rest->len);
    struct span part = *rest;
    if (found != NULL) {
        part.len = (uint32_t)(found - rest->at);
        rest->at = found + 1;
        rest->len -= part.len + 1;
    } else {
        rest->at += rest->len;
        rest->len = 0;
    }
    return part;
}

struct span http_last_of(struct span list) {
    struct span last = {"", 0};
    while (list.len > 0) {
        last = trimmed(take_until(&list, ','));
    }
    return last;
}

/* "q=0", "q=0.0": refused by name. */
static bool is_quality_zero(struct span parameter) {
    parameter = trimmed(parameter);
    if (parameter.len < 3 || http_lower(parameter.at[0]) != 'q' || parameter.at[1] != '=') {
        return false;
    }
    for (uint32_t i = 2; i < parameter.len; i++) {
        if (parameter.at[i] != '0' && parameter.at[i] != '.') {
            return false;
        }
    }
    return true;
}

/* Whether a list of a header ("gzip, br;q=0") has this token, given in lower case, and not at
 * quality 0. */
static bool has_token(struct span list, const char *token) {
    while (list.len > 0) {
        struct span parameters = take_until(&list, ',');
        struct span name = trimmed(take_until(&parameters, ';'));
        if (equals(name, token)) {
            return !is_quality_zero(parameters);
        }
    }
    return false;
}

/* ---- the request line ---- */

/* The next line without its end. False: it has no end yet, or a line feed stands alone, or a
 * carriage return does (*bad). */
static bool take_line(const char *bytes, size_t len, size_t *at, struct span *line, bool *bad) {
    const char *end = memchr(bytes + *at, '\n', len - *at);
    size_t whole = end != NULL ? (size_t)(end - (bytes + *at)) : len - *at;
    const char *stray = memchr(bytes + *at, '\r', whole);
    size_t before = stray != NULL ? (size_t)(stray - (bytes + *at)) : whole;
    if (end == NULL) {
        *bad = before + 1 < whole; /* a carriage return, and then no line feed */
        return false;
    }
    *bad = whole == 0 || before != whole - 1;
    *line = (struct span){bytes + *at, (uint32_t)before};
    *at += whole + 1;
    return !*bad;
}

static enum http_status read_version(struct span version) {
    static const char name[] = "HTTP/";
    if (version.len != 8 || memcmp(version.at, name, sizeof name - 1) != 0 ||
        version.at[6] != '.') {
        return HTTP_BAD_REQUEST;
    }
    return span_equal(version, "HTTP/1.1") ? HTTP_OK : HTTP_VERSION;
}

static enum http_status read_target(struct span target, struct http_request *out) {
    if (target.len > HTTP_TARGET_MAX) {
        return HTTP_TARGET_TOO_LONG;
    }
    if (target.len == 0 || target.at[0] != '/') {
        return HTTP_BAD_REQUEST;
    }
    for (uint32_t i = 0; i < target.len; i++) {
        if (target.at[i] <= 0x20 || target.at[i] >= 0x7f || target.at[i] == '#') {
            return HTTP_BAD_REQUEST;
        }
    }
    out->path = take_until(&target, '?');
    return HTTP_OK;
}

static enum http_status read_request_line(struct span line, struct http_request *out) {
    struct span method = take_until(&line, ' ');
    struct span target = take_until(&line, ' ');
    if (!is_token(method)) {
        return HTTP_BAD_REQUEST;
    }
    enum http_status status = read_target(target, out);
    if (status == HTTP_OK) {
        status = read_version(line);
    }
    if (status != HTTP_OK) {
        return status;
    }
    out->head = span_equal(method, "HEAD");
    return out->head || span_equal(method, "GET") ? HTTP_OK : HTTP_NOT_ALLOWED;
}

/* ---- headers ---- */

/* What is gathered from the headers, beside the request itself. */
struct gathered {
    struct span upgrade, connection, encoding, version, length;
    bool coded; /* Transfer-Encoding */
};

/* Keeps a header that may come once only. */
static enum http_status once(struct span *kept, struct span value) {
    if (kept->at != NULL) {
        return HTTP_BAD_REQUEST;
    }
    *kept = value;
    return HTTP_OK;
}

static enum http_status take_header(struct span name, struct span value, struct http_request *out,
                                    struct gathered *all) {
    const struct {
        const char *name;
        struct span *kept;
    } known[] = {{"host", &out->host},
                 {"origin", &out->origin},
                 {"if-none-match", &out->if_none_match},
                 {"sec-websocket-key", &out->socket_key},
                 {"sec-websocket-version", &all->version},
                 {"x-forwarded-for", &out->forwarded},
                 {"upgrade", &all->upgrade},
                 {"connection", &all->connection},
                 {"accept-encoding", &all->encoding},
                 {"content-length", &all->length}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (equals(name, known[i].name)) {
            return once(known[i].kept, value);
        }
    }
    all->coded = all->coded || equals(name, "transfer-encoding");
    return HTTP_OK;
}

static enum http_status read_header(struct span line, struct http_request *out,
                                    struct gathered *all) {
    if (memchr(line.at, ':', line.len) == NULL) {
        return HTTP_BAD_REQUEST;
    }
    struct span name = take_until(&line, ':');
    struct span value = trimmed(line);
    if (!is_token(name) || !is_value(value)) {
        return HTTP_BAD_REQUEST;
    }
    return take_header(name, value, out, all);
}

static bool is_host(struct span host) {
    for (uint32_t i = 0; i < host.len; i++) {
        char c = host.at[i];
        bool known = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     (c != '\0' && strchr("-._:[]", c) != NULL);
        if (!known) {
            return false;
        }
    }
    return host.len > 0 && host.len <= HTTP_HOST_MAX;
}

/* 16 bytes in base64 (RFC 6455, section 4.2.1). */
static bool is_socket_key(struct span key) {
    static const char end[] = "==";
    size_t signs = HTTP_SOCKET_KEY_CHARS - (sizeof end - 1);
    if (key.len != HTTP_SOCKET_KEY_CHARS || memcmp(key.at + signs, end, sizeof end - 1) != 0) {
        return false;
    }
    for (size_t i = 0; i < signs; i++) {
        char c = http_lower(key.at[i]);
        if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '+' && c != '/') {
            return false;
        }
    }
    return true;
}

/* Nothing is taken but heads: a body that is announced is refused. */
static enum http_status judge(struct http_request *out, const struct gathered *all) {
    if (all->coded || !is_host(out->host)) {
        return HTTP_BAD_REQUEST;
    }
    for (uint32_t i = 0; i < all->length.len; i++) {
        if (all->length.at[i] < '0' || all->length.at[i] > '9') {
            return HTTP_BAD_REQUEST;
        }
    }
    if (all->length.at != NULL && !span_equal(all->length, "0")) {
        return all->length.len == 0 ? HTTP_BAD_REQUEST : HTTP_TOO_LARGE;
    }
    out->close = has_token(all->connection, "close");
    out->gzip = has_token(all->encoding, "gzip");
    out->wants_socket =
        has_token(all->upgrade, "websocket") && has_token(all->connection, "upgrade");
    out->websocket = out->wants_socket && !out->head && span_equal(all->version, "13") &&
                     is_socket_key(out->socket_key);
    return HTTP_OK;
}

static void fill_absent(struct span *span) {
    if (span->at == NULL) {
        *span = (struct span){"", 0};
    }
}

static void fill_all(struct http_request *out, struct gathered *all) {
    fill_absent(&out->host);
    fill_absent(&out->origin);
    fill_absent(&out->if_none_match);
    fill_absent(&out->socket_key);
    fill_absent(&out->forwarded);
    fill_absent(&all->version);
    fill_absent(&all->upgrade);
    fill_absent(&all->connection);
    fill_absent(&all->encoding);
}

/* A head that is not whole: more is waited for up to the bound, and to that of its first line. */
static enum http_status unfinished(size_t len, size_t lines, bool bad) {
    if (bad) {
        return HTTP_BAD_REQUEST;
    }
    if (lines == 0 && len > HTTP_TARGET_MAX + HTTP_LINE_EXTRA) {
        return HTTP_TARGET_TOO_LONG;
    }
    return len >= HTTP_HEAD_MAX ? HTTP_HEAD_TOO_LARGE : HTTP_PARTIAL;
}

enum http_status http_read(const char *bytes, size_t len, struct http_request *out, size_t *used) {
    struct gathered all = {0};
    struct span line;
    size_t at = 0;
    size_t lines = 0;
    bool bad = false;
    *out = (struct http_request){0};
    *used = 0;
    size_t within = len < HTTP_HEAD_MAX ? len : HTTP_HEAD_MAX;
    while (take_line(bytes, within, &at, &line, &bad)) {
        enum http_status status = HTTP_OK;
        if (lines == 0) {
            status = read_request_line(line, out);
        } else if (line.len > 0) {
            status = lines > HTTP_HEADERS_MAX ? HTTP_HEAD_TOO_LARGE : read_header(line, out, &all);
        } else {
            *used = at;
            fill_all(out, &all);
            return judge(out, &all);
        }
        if (status != HTTP_OK) {
            return status;
        }
        lines++;
    }
    return unfinished(within, lines, bad);
}
