/* SPDX-License-Identifier: ISC */
/*
 * answer.c: judging a request and writing the answer's head.
 */
#include "server/web/answer.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "server/web/assets.h"
#include "server/web/websocket.h"

/* No inline script or style, nothing from elsewhere, no frame around it. Recorded voice is played
 * from blobs; the core is WebAssembly. */
#define POLICY                                                                     \
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " \
    "img-src 'self' blob:; media-src blob:; base-uri 'none'; "                     \
    "form-action 'none'; frame-ancestors 'none'; connect-src 'self'"
#define PROTECTION                                  \
    "X-Content-Type-Options: nosniff\r\n"           \
    "Referrer-Policy: no-referrer\r\n"              \
    "Cross-Origin-Opener-Policy: same-origin\r\n"   \
    "Cross-Origin-Resource-Policy: same-origin\r\n" \
    "Permissions-Policy: camera=(), geolocation=()\r\n"

static void put(struct web_answer *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void put(struct web_answer *out, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int len = vsnprintf(out->head + out->head_len, sizeof out->head - out->head_len, format, args);
    va_end(args);
    out->head_len += (size_t)len;
    if (out->head_len >= sizeof out->head) { /* no header here is as long as that */
        abort();
    }
}

/* IMF-fixdate (RFC 9110, section 5.6.7), whatever the locale. */
static void put_date(struct web_answer *out, time_t now) {
    static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm tm;
    if (gmtime_r(&now, &tm) != NULL) {
        put(out, "Date: %s, %02d %s %d %02d:%02d:%02d GMT\r\n", days[tm.tm_wday], tm.tm_mday,
            months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
    }
}

/* The next address of the list, without the port that goes without saying; empty: there is none.
 * What could end a header is no address. */
static struct span next_node(const char **rest) {
    static const char usual[] = ":443";
    while (**rest != '\0') {
        struct span node = {*rest, (uint32_t)strcspn(*rest, "\n")};
        *rest += node.len + ((*rest)[node.len] == '\n');
        size_t good =
            strspn(node.at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]");
        size_t cut = sizeof usual - 1;
        if (node.len > cut && memcmp(node.at + node.len - cut, usual, cut) == 0) {
            node.len -= (uint32_t)cut;
        }
        if (node.len > 0 && good >= node.len) {
            return node;
        }
    }
    return (struct span){"", 0};
}

static void put_protection(struct web_answer *out, const struct web_site *site) {
    const char *rest = site->nodes != NULL ? site->nodes : "";
    put(out, PROTECTION "Content-Security-Policy: " POLICY);
    for (struct span node = next_node(&rest); node.len > 0; node = next_node(&rest)) {
        put(out, " wss://%.*s", (int)node.len, node.at);
    }
    put(out, "\r\n");
}

static void begin(struct web_answer *out, const struct web_site *site, enum http_status status) {
    out->status = status;
    out->head_len = 0;
    put(out, "HTTP/1.1 %d %s\r\n", status, http_reason(status));
    put_date(out, site->now);
    if (out->close && status != HTTP_SWITCHING) {
        put(out, "Connection: close\r\n");
    }
}

static const char *sentence_of(enum http_status status) {
    switch (status) {
    case HTTP_NOT_FOUND:
        return web_asset_count > 0
                   ? "There is nothing here; open the whole link that you were given.\n"
                   : "This server was built without the page; in a terminal, spar join takes a "
                     "link.\n";
    case HTTP_MISDIRECTED:
        return "This server does not go by that name; start spard with --public and the name in "
               "your link.\n";
    case HTTP_FORBIDDEN: return "Only this server's own page may do that.\n";
    case HTTP_UPGRADE_REQUIRED: return "This is where the page talks to the server.\n";
    case HTTP_UNAVAILABLE: return "The server is full; try again later.\n";
    default: return "The server does not take such a request.\n";
    }
}

/* A status with a sentence. What broke the protocol ends the connection. */
static void refuse(struct web_answer *out, const struct web_site *site, enum http_status status,
                   bool with_body) {
    const char *sentence = sentence_of(status);
    bool mannered = status == HTTP_NOT_FOUND || status == HTTP_NOT_MODIFIED;
    out->close = out->close || !mannered;
    begin(out, site, status);
    put_protection(out, site);
    put(out, "Content-Type: text/plain; charset=utf-8\r\nContent-Length: %zu\r\n",
        strlen(sentence));
    if (status == HTTP_NOT_ALLOWED) {
        put(out, "Allow: GET, HEAD\r\n");
    } else if (status == HTTP_UPGRADE_REQUIRED) {
        put(out, "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");
    }
    put(out, "Cache-Control: no-store\r\n\r\n");
    out->body = with_body ? (const uint8_t *)sentence : NULL;
    out->body_len = with_body ? strlen(sentence) : 0;
}

/* ---- names ---- */

/* The host without its port and brackets, in lower case. False: it is neither a name nor an
 * address. */
static bool bare_host(struct span host, char out[HTTP_HOST_MAX + 1]) {
    bool bracketed = host.at[0] == '[';
    const char *end = memchr(host.at, bracketed ? ']' : ':', host.len);
    const char *from = host.at + bracketed;
    const char *to = end != NULL ? end : host.at + host.len;
    const char *rest = bracketed && end != NULL ? end + 1 : to;
    size_t rest_len = (size_t)(host.at + host.len - rest);
    if ((bracketed && end == NULL) || to == from || (rest_len > 0 && rest[0] != ':') ||
        rest_len > sizeof ":65535" - 1) {
        return false;
    }
    for (size_t i = 1; i < rest_len; i++) {
        if (rest[i] < '0' || rest[i] > '9') {
            return false;
        }
    }
    for (size_t i = 0; i < (size_t)(to - from); i++) {
        out[i] = http_lower(from[i]);
    }
    out[to - from] = '\0';
    return true;
}

/* Whether two texts are the same address, however they are written. */
static bool same_address(const char *one, const char *two) {
    uint8_t a[sizeof(struct in6_addr)];
    uint8_t b[sizeof(struct in6_addr)];
    if (inet_pton(AF_INET, one, a) == 1 && inet_pton(AF_INET, two, b) == 1) {
        return memcmp(a, b, sizeof(struct in_addr)) == 0;
    }
    return inet_pton(AF_INET6, one, a) == 1 && inet_pton(AF_INET6, two, b) == 1 &&
           memcmp(a, b, sizeof a) == 0;
}

/* A name that somebody else's server could have pointed at this address is not ours: without this a
 * page from elsewhere could speak to a server in the visitor's own network (DNS rebinding). */
static bool is_ours(const struct web_site *site, struct span host) {
    char bare[HTTP_HOST_MAX + 1];
    return bare_host(host, bare) &&
           (same_address(bare, site->address) || site->named(site->ctx, bare));
}

static bool is_origin(struct span origin, struct span host) {
    static const char scheme[] = "https://";
    size_t skip = sizeof scheme - 1;
    return origin.len == skip + host.len && memcmp(origin.at, scheme, skip) == 0 &&
           strncasecmp(origin.at + skip, host.at, host.len) == 0;
}

/* Whether the origin is https:// and the host as it was sent, or another server of the same rooms.
 */
static bool may_speak(const struct web_site *site, const struct http_request *request) {
    const char *rest = site->nodes != NULL ? site->nodes : "";
    bool good = is_origin(request->origin, request->host);
    for (struct span node = next_node(&rest); node.len > 0 && !good; node = next_node(&rest)) {
        good = is_origin(request->origin, node);
    }
    return good;
}

/* ---- files ---- */

/* Whether the client has it already: by its tag, or * whatever it is (RFC 9110, section 13.1.2). */
static bool has_tag(struct span list, const char *tag) {
    return span_equal(list, "*") ||
           (list.len >= strlen(tag) && memmem(list.at, list.len, tag, strlen(tag)) != NULL);
}

/* found: the path is the file's; else it is what is shown instead, and nobody keeps it. */
static void send_asset(struct web_answer *out, const struct web_site *site,
                       const struct http_request *request, const struct asset *asset, bool found) {
    char tag[80];
    bool gz = request->gzip && asset->gz_len < asset->len;
    snprintf(tag, sizeof tag, "\"%s%s\"", asset->hash, gz ? "-gz" : "");
    bool same = found && has_tag(request->if_none_match, tag);
    begin(out, site, same ? HTTP_NOT_MODIFIED : found ? HTTP_OK : HTTP_NOT_FOUND);
    put_protection(out, site);
    if (found) {
        put(out, "ETag: %s\r\nCache-Control: no-cache\r\nVary: Accept-Encoding\r\n", tag);
    } else {
        put(out, "Cache-Control: no-store\r\n");
    }
    if (!same) {
        out->body_len = gz ? asset->gz_len : asset->len;
        put(out, "Content-Type: %s\r\nContent-Length: %zu\r\n%s", asset->type, out->body_len,
            gz ? "Content-Encoding: gzip\r\n" : "");
        out->body = gz ? asset->gz : asset->bytes;
    }
    put(out, "\r\n");
    if (request->head) {
        out->body = NULL;
        out->body_len = 0;
    }
}

/* NULL: there is no such file, or it is too large. */
static uint8_t *read_file(const char *root, const char *name, size_t *len) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", root, name);
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = file != NULL ? malloc(WEB_FILE_MAX) : NULL;
    if (bytes != NULL) {
        *len = fread(bytes, 1, WEB_FILE_MAX, file);
    }
    if (bytes != NULL && (ferror(file) || *len == WEB_FILE_MAX)) {
        free(bytes);
        bytes = NULL;
    }
    if (file != NULL) {
        fclose(file);
    }
    return bytes;
}

/* For whoever works on the page: its files as they are now. False: not in that folder. */
static bool send_file(struct web_answer *out, const struct web_site *site,
                      const struct http_request *request) {
    char name[ASSET_NAME_MAX];
    asset_name(request->path, name);
    out->owned = name[0] != '\0' ? read_file(site->root, name, &out->body_len) : NULL;
    if (out->owned == NULL) {
        return false;
    }
    begin(out, site, HTTP_OK);
    put_protection(out, site);
    put(out, "Cache-Control: no-store\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n",
        asset_type(name), out->body_len);
    out->body = request->head ? NULL : out->owned;
    out->body_len = request->head ? 0 : out->body_len;
    return true;
}

/* ---- judging ---- */

static void switch_protocol(struct web_answer *out, const struct web_site *site,
                            const struct http_request *request) {
    char accept[WEBSOCKET_ACCEPT_SIZE];
    if (!websocket_accept(request->socket_key.at, accept)) {
        refuse(out, site, HTTP_UNAVAILABLE, true);
        return;
    }
    begin(out, site, HTTP_SWITCHING);
    put(out, "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
        accept);
}

static enum http_status judge_socket(const struct web_site *site,
                                     const struct http_request *request, bool pipelined) {
    if (!request->wants_socket) {
        return HTTP_UPGRADE_REQUIRED;
    }
    if (!request->websocket || pipelined) {
        return HTTP_BAD_REQUEST;
    }
    return may_speak(site, request) ? HTTP_SWITCHING : HTTP_FORBIDDEN;
}

/* A path of one part that is no file's name: a room's that is not whole, most likely. */
static bool is_mangled_room(struct span path) {
    struct span part = {path.at + 1, path.len - 1};
    while (part.len > 0 && strchr("/.,;)>", part.at[part.len - 1]) != NULL) {
        part.len--;
    }
    return part.len > 0 && memchr(part.at, '/', part.len) == NULL &&
           memchr(part.at, '.', part.len) == NULL;
}

static void answer_page(struct web_answer *out, const struct web_site *site,
                        const struct http_request *request) {
    if (site->root != NULL && send_file(out, site, request)) {
        return;
    }
    const struct asset *asset = asset_find(request->path);
    bool found = asset != NULL;
    if (!found && is_mangled_room(request->path)) {
        asset = asset_find(span_of("/")); /* says what is the matter, and takes a whole link */
    }
    if (asset == NULL) {
        refuse(out, site, HTTP_NOT_FOUND, !request->head);
    } else {
        send_asset(out, site, request, asset, found);
    }
}

void web_answer(struct web_answer *out, const struct web_site *site, enum http_status read,
                const struct http_request *request, bool pipelined) {
    *out = (struct web_answer){.close = read != HTTP_OK || request->close || pipelined};
    enum http_status status = read;
    if (status == HTTP_OK && !is_ours(site, request->host)) {
        status = HTTP_MISDIRECTED;
    } else if (status == HTTP_OK && site->full) {
        status = HTTP_UNAVAILABLE;
    } else if (status == HTTP_OK && span_equal(request->path, "/ws")) {
        status = judge_socket(site, request, pipelined);
    }
    if (status == HTTP_SWITCHING) {
        switch_protocol(out, site, request);
    } else if (status == HTTP_OK) {
        answer_page(out, site, request);
    } else {
        refuse(out, site, status, !request->head);
    }
}
