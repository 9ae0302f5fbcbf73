/* SPDX-License-Identifier: ISC */
/*
 * Purpose: requests: what a browser sends is taken whatever the pieces, what bends the standard is
 * refused, every bound at the bound and one past it; and what they are answered with.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/web/answer.h"
#include "server/web/assets.h"
#include "tests/support/test_main.h"

#define HOST "Host: spar.example:7447\r\n"

/* Reads a head out of memory that ends where it ends, so that a sanitizer sees a byte too many. */
static enum http_status read_len(const char *text, size_t len, struct http_request *out,
                                 size_t *used) {
    static char *last;
    free(last);
    last = malloc(len + 1);
    memcpy(last, text, len);
    enum http_status status = http_read(last, len, out, used);
    return status;
}

static enum http_status read_text(const char *text, struct http_request *out) {
    size_t used;
    return read_len(text, strlen(text), out, &used);
}

static enum http_status status_of(const char *text) {
    struct http_request request;
    return read_text(text, &request);
}

static void test_request(void) {
    struct http_request request;
    size_t used;
    static const char text[] = "GET /abcdefghijkl?x=1 HTTP/1.1\r\n" HOST
                               "Accept-Encoding: br, GZip;q=0.5\r\nIf-None-Match: \"a\"\r\n"
                               "Origin:  https://spar.example:7447 \t\r\nX:\r\n\r\nrest";
    for (size_t len = 0; len < sizeof text - 5; len++) {
        CU_ASSERT_EQUAL(read_len(text, len, &request, &used), HTTP_PARTIAL);
    }
    CU_ASSERT_EQUAL(read_len(text, sizeof text - 1, &request, &used), HTTP_OK);
    CU_ASSERT_EQUAL(used, sizeof text - 5);
    CU_ASSERT_TRUE(span_equal(request.path, "/abcdefghijkl"));
    CU_ASSERT_TRUE(span_equal(request.host, "spar.example:7447"));
    CU_ASSERT_TRUE(span_equal(request.origin, "https://spar.example:7447"));
    CU_ASSERT_TRUE(span_equal(request.if_none_match, "\"a\""));
    CU_ASSERT_TRUE(request.gzip);
    CU_ASSERT_FALSE(request.head || request.close || request.websocket);
    CU_ASSERT_EQUAL(read_text("HEAD / HTTP/1.1\r\nhOST: x\r\nConnection: a, Close\r\n"
                              "accept-encoding: gzip;q=0\r\nContent-Length: 0\r\n\r\n",
                              &request),
                    HTTP_OK);
    CU_ASSERT_TRUE(request.head && request.close && !request.gzip);
}

static void test_refused(void) {
    static const struct {
        enum http_status status;
        const char *text;
    } cases[] = {
        {HTTP_BAD_REQUEST, "\r\n"},
        {HTTP_BAD_REQUEST, " GET / HTTP/1.1\r\n"},
        {HTTP_BAD_REQUEST, "GET  / HTTP/1.1\r\n"},
        {HTTP_BAD_REQUEST, "GET / HTTP/1.1 \r\n"},
        {HTTP_BAD_REQUEST, "GET /\r\n"},
        {HTTP_BAD_REQUEST, "GET / FTP/1.1\r\n"},
        {HTTP_BAD_REQUEST, "G(T / HTTP/1.1\r\n"},
        {HTTP_BAD_REQUEST, "GET https://x/ HTTP/1.1\r\n"},
        {HTTP_BAD_REQUEST, "GET * HTTP/1.1\r\n"},
        {HTTP_BAD_REQUEST, "GET /\x80 HTTP/1.1\r\n"},
        {HTTP_BAD_REQUEST, "GET /# HTTP/1.1\r\n"},
        {HTTP_BAD_REQUEST, "GET /\x01 HTTP/1.1\r\n"},
        {HTTP_BAD_REQUEST, "GET / HTTP/1.1\n"},
        {HTTP_BAD_REQUEST, "GET / HTTP/1.1\rX"},
        {HTTP_BAD_REQUEST, "GET / HTTP/1.1\r\r\n"},
        {HTTP_NOT_ALLOWED, "POST / HTTP/1.1\r\n"},
        {HTTP_NOT_ALLOWED, "get / HTTP/1.1\r\n"},
        {HTTP_VERSION, "GET / HTTP/1.0\r\n"},
        {HTTP_VERSION, "GET / HTTP/2.0\r\n"},
        {HTTP_BAD_REQUEST, "GET / HTTP/1.1\r\n\r\n"},
        {HTTP_BAD_REQUEST, "GET / HTTP/1.1\r\n" HOST HOST "\r\n"},
        {HTTP_BAD_REQUEST, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"},
        {HTTP_BAD_REQUEST, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
        {HTTP_BAD_REQUEST, "GET / HTTP/1.1\r\nHost : a\r\n"},
        {HTTP_BAD_REQUEST, "GET / HTTP/1.1\r\n" HOST " folded\r\n"},
        {HTTP_BAD_REQUEST, "GET / HTTP/1.1\r\nno-colon\r\n"},
        {HTTP_BAD_REQUEST, "GET / HTTP/1.1\r\n: x\r\n"},
        {HTTP_BAD_REQUEST, "GET / HTTP/1.1\r\nA: x\x01\r\n"},
        {HTTP_BAD_REQUEST, "GET / HTTP/1.1\r\nA: x\ry\r\n"},
        {HTTP_TOO_LARGE, "GET / HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello"},
        {HTTP_BAD_REQUEST, "GET / HTTP/1.1\r\n" HOST "Content-Length: +0\r\n\r\n"},
        {HTTP_BAD_REQUEST, "GET / HTTP/1.1\r\n" HOST "Content-Length: \r\n\r\n"},
        {HTTP_BAD_REQUEST,
         "GET / HTTP/1.1\r\n" HOST "Content-Length: 0\r\nContent-Length: 0\r\n\r\n"},
        {HTTP_BAD_REQUEST, "GET / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        {HTTP_BAD_REQUEST, "GET / HTTP/1.1\r\n" HOST "Transfer-encoding:\r\n\r\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum http_status got = status_of(cases[i].text);
        CU_ASSERT_EQUAL(got, cases[i].status);
        if (got != cases[i].status) {
            printf("\n%d for %s", got, cases[i].text);
        }
    }
    struct http_request request;
    size_t used;
    CU_ASSERT_EQUAL(read_len("GET /\0 HTTP/1.1\r\n", 17, &request, &used), HTTP_BAD_REQUEST);
}

/* A request whose target has `target` bytes, with `headers` more headers, and, unless that is 0, of
 * `size` bytes in all. */
static char *make_request(size_t target, size_t headers, size_t size) {
    char *text = NULL;
    size_t len = 0;
    FILE *file = open_memstream(&text, &len);
    fprintf(file, "GET /%0*d HTTP/1.1\r\n" HOST, (int)target - 1, 0);
    for (size_t i = 0; i < headers; i++) {
        fprintf(file, "X: y\r\n");
    }
    fflush(file);
    if (size > 0) {
        fprintf(file, "Y: %0*d\r\n", (int)(size - len) - 7, 0);
    }
    fprintf(file, "\r\n");
    fclose(file);
    return text;
}

static enum http_status made_status(size_t target, size_t headers, size_t size) {
    char *text = make_request(target, headers, size);
    enum http_status status = status_of(text);
    free(text);
    return status;
}

static void test_bounds(void) {
    CU_ASSERT_EQUAL(made_status(HTTP_TARGET_MAX, 0, 0), HTTP_OK);
    CU_ASSERT_EQUAL(made_status(HTTP_TARGET_MAX + 1, 0, 0), HTTP_TARGET_TOO_LONG);
    CU_ASSERT_EQUAL(made_status(2, HTTP_HEADERS_MAX - 1, 0), HTTP_OK);
    CU_ASSERT_EQUAL(made_status(2, HTTP_HEADERS_MAX, 0), HTTP_HEAD_TOO_LARGE);
    CU_ASSERT_EQUAL(made_status(2, 0, HTTP_HEAD_MAX), HTTP_OK);
    CU_ASSERT_EQUAL(made_status(2, 0, HTTP_HEAD_MAX + 1), HTTP_HEAD_TOO_LARGE);
    /* A line that never ends. */
    size_t used;
    struct http_request request;
    char *line = malloc(HTTP_HEAD_MAX);
    memset(line, 'a', HTTP_HEAD_MAX);
    CU_ASSERT_EQUAL(read_len(line, HTTP_TARGET_MAX + HTTP_LINE_EXTRA, &request, &used),
                    HTTP_PARTIAL);
    CU_ASSERT_EQUAL(read_len(line, HTTP_TARGET_MAX + HTTP_LINE_EXTRA + 1, &request, &used),
                    HTTP_TARGET_TOO_LONG);
    free(line);
    char host[HTTP_HOST_MAX + 64];
    for (size_t len = HTTP_HOST_MAX; len <= HTTP_HOST_MAX + 1; len++) {
        char name[HTTP_HOST_MAX + 2];
        memset(name, 'a', len);
        name[len] = '\0';
        snprintf(host, sizeof host, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", name);
        CU_ASSERT_EQUAL(status_of(host), len > HTTP_HOST_MAX ? HTTP_BAD_REQUEST : HTTP_OK);
    }
}

/* ---- answers ---- */

static bool is_example(void *ctx, const char *host) {
    (void)ctx;
    return strcmp(host, "spar.example") == 0;
}

static struct web_site site = {.named = is_example, .address = "192.0.2.1", .now = 1795961245};

static enum http_status answer(const char *text, struct web_answer *out) {
    struct http_request request;
    size_t used;
    enum http_status status = read_len(text, strlen(text), &request, &used);
    web_answer(out, &site, status, &request, used < strlen(text));
    CU_ASSERT_TRUE(out->head_len > 0 && out->head_len < WEB_HEAD_MAX);
    out->head[out->head_len] = '\0';
    CU_ASSERT_PTR_NOT_NULL(strstr(out->head, "\r\n\r\n"));
    free(out->owned);
    return out->status;
}

static enum http_status answered(const char *text) {
    struct web_answer out;
    return answer(text, &out);
}

static void test_hosts(void) {
    static const struct {
        const char *host;
        bool ours;
    } cases[] = {{"spar.example", true},
                 {"SPAR.example:1", true},
                 {"192.0.2.1:7447", true},
                 {"192.0.2.2", false},
                 {"evil.example", false},
                 {"spar.example.", false},
                 {"spar.example:99999x", false},
                 {"spar.example:123456", false},
                 {"[::ffff:192.0.2.1]", false},
                 {"[::1", false},
                 {":7447", false},
                 {"[]", false},
                 {"spar.example:80:80", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[200];
        snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", cases[i].host);
        bool ours = answered(text) != HTTP_MISDIRECTED && answered(text) != HTTP_BAD_REQUEST;
        CU_ASSERT_EQUAL(ours, cases[i].ours);
        if (ours != cases[i].ours) {
            printf("\n%s", cases[i].host);
        }
    }
    site.address = "2001:db8::1";
    CU_ASSERT_EQUAL(answered("GET /none HTTP/1.1\r\nHost: [2001:DB8:0::1]:7447\r\n\r\n"),
                    HTTP_NOT_FOUND);
    site.address = "192.0.2.1";
}

#define SOCKET                                                  \
    "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n" \
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define OURS "Origin: https://spar.example:7447\r\n"

static void test_upgrade(void) {
    struct web_answer out;
    CU_ASSERT_EQUAL(answer("GET /ws HTTP/1.1\r\n" HOST SOCKET OURS "\r\n", &out), HTTP_SWITCHING);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(out.head, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
    CU_ASSERT_FALSE(out.close);
    CU_ASSERT_EQUAL(answered("GET /ws HTTP/1.1\r\n" HOST SOCKET "\r\n"), HTTP_FORBIDDEN);
    CU_ASSERT_EQUAL(
        answered("GET /ws HTTP/1.1\r\n" HOST SOCKET "Origin: https://spar.example\r\n\r\n"),
        HTTP_FORBIDDEN);
    CU_ASSERT_EQUAL(
        answered("GET /ws HTTP/1.1\r\n" HOST SOCKET "Origin: http://spar.example:7447\r\n\r\n"),
        HTTP_FORBIDDEN);
    CU_ASSERT_EQUAL(answered("GET /ws HTTP/1.1\r\n" HOST SOCKET "Origin: null\r\n\r\n"),
                    HTTP_FORBIDDEN);
    CU_ASSERT_EQUAL(answered("GET /ws HTTP/1.1\r\n" HOST SOCKET OURS "\r\nearly"),
                    HTTP_BAD_REQUEST);
    CU_ASSERT_EQUAL(answered("HEAD /ws HTTP/1.1\r\n" HOST SOCKET OURS "\r\n"), HTTP_BAD_REQUEST);
    CU_ASSERT_EQUAL(answered("GET /ws HTTP/1.1\r\n" HOST OURS "\r\n"), HTTP_UPGRADE_REQUIRED);
    CU_ASSERT_EQUAL(answered("GET /ws HTTP/1.1\r\n" HOST OURS
                             "Upgrade: websocket\r\nConnection: upgrade\r\n"
                             "Sec-WebSocket-Version: 12\r\n\r\n"),
                    HTTP_BAD_REQUEST);
    CU_ASSERT_EQUAL(answered("GET /ws HTTP/1.1\r\n" HOST OURS
                             "Upgrade: websocket\r\nConnection: upgrade\r\n"
                             "Sec-WebSocket-Version: 13\r\n"
                             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZSEh\r\n\r\n"),
                    HTTP_BAD_REQUEST); /* 18 bytes */
    CU_ASSERT_EQUAL(answered("GET /ws HTTP/1.1\r\n" HOST OURS
                             "Upgrade: websocket\r\nConnection: upgrade\r\n"
                             "Sec-WebSocket-Version: 13\r\n"
                             "Sec-WebSocket-Key: dGhlIHNh,XBsZSBub25jZQ==\r\n\r\n"),
                    HTTP_BAD_REQUEST);
    CU_ASSERT_EQUAL(answered("GET /ws HTTP/1.1\r\nHost: evil.example\r\n" SOCKET
                             "Origin: https://evil.example\r\n\r\n"),
                    HTTP_MISDIRECTED);
}

/* A page of another server that holds the same rooms may come here, and ours may go there; what is
 * no address goes into no header. */
static void test_nodes(void) {
    struct web_answer out;
    char nodes[NODES_TEXT_MAX + 1] = "two.example:7447\nthree.example:443\nfour\r.example:1";
    site.nodes = nodes;
#define FROM(origin) "GET /ws HTTP/1.1\r\n" HOST SOCKET "Origin: " origin "\r\n\r\n"
    CU_ASSERT_EQUAL(answered(FROM("https://two.example:7447")), HTTP_SWITCHING);
    CU_ASSERT_EQUAL(answered(FROM("https://three.example")), HTTP_SWITCHING);
    CU_ASSERT_EQUAL(answered(FROM("https://two.example")), HTTP_FORBIDDEN);
    CU_ASSERT_EQUAL(answered(FROM("http://two.example:7447")), HTTP_FORBIDDEN);
    CU_ASSERT_EQUAL(answered(FROM("https://two.example:74470")), HTTP_FORBIDDEN);
    CU_ASSERT_EQUAL(answered(FROM("https://evil.example")), HTTP_FORBIDDEN);
    CU_ASSERT_EQUAL(answer("GET /none HTTP/1.1\r\n" HOST "\r\n", &out), HTTP_NOT_FOUND);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(out.head, "; connect-src 'self' wss://two.example:7447 wss://three.example\r\n"));
    nodes[0] = '\0'; /* as many as there may be, each as long as it may be */
    for (int i = 0; i < NODES_MAX; i++) {
        memset(nodes + (size_t)i * (NODE_ADDRESS_MAX + 1), 'a', NODE_ADDRESS_MAX);
        nodes[(i + 1) * (NODE_ADDRESS_MAX + 1) - 1] = i + 1 < NODES_MAX ? '\n' : '\0';
    }
    CU_ASSERT_EQUAL(answer("GET /none HTTP/1.1\r\n" HOST "\r\n", &out), HTTP_NOT_FOUND);
    site.nodes = NULL;
    CU_ASSERT_EQUAL(answer("GET /none HTTP/1.1\r\n" HOST "\r\n", &out), HTTP_NOT_FOUND);
    CU_ASSERT_PTR_NOT_NULL(strstr(out.head, "; connect-src 'self'\r\n"));
}

static void test_files(void) {
    struct web_answer out;
    const struct asset *page = asset_find(span_of("/"));
    CU_ASSERT_PTR_NULL(asset_find(span_of("/app/index.html/")));
    CU_ASSERT_PTR_NULL(asset_find(span_of("/app/")));
    CU_ASSERT_PTR_NULL(asset_find(span_of("/app/../index.html")));
    CU_ASSERT_PTR_NULL(asset_find(span_of("/abcdefghijk")));
    if (page == NULL) { /* built without the page */
        CU_ASSERT_EQUAL(answer("GET / HTTP/1.1\r\n" HOST "\r\n", &out), HTTP_NOT_FOUND);
        CU_ASSERT_TRUE(memmem(out.body, out.body_len, "built without", 13) != NULL);
        return;
    }
    CU_ASSERT_PTR_EQUAL(asset_find(span_of("/host")), page);
    CU_ASSERT_PTR_EQUAL(asset_find(span_of("/abcdefghijkl")), page);
    CU_ASSERT_EQUAL(answer("GET /zzzzzzzzzzz0 HTTP/1.1\r\n" HOST "\r\n", &out), HTTP_OK);
    CU_ASSERT_PTR_EQUAL(out.body, page->bytes);
    CU_ASSERT_EQUAL(out.body_len, page->len);
    CU_ASSERT_PTR_NOT_NULL(strstr(out.head, "Content-Security-Policy: default-src 'none';"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out.head, "Date: Sun, 29 Nov 2026"));
    CU_ASSERT_PTR_NULL(strstr(out.head, "Cookie"));
    CU_ASSERT_EQUAL(answer("HEAD / HTTP/1.1\r\n" HOST "Accept-Encoding: gzip\r\n\r\n", &out),
                    HTTP_OK);
    CU_ASSERT_EQUAL(out.body_len, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(out.head, "Content-Encoding: gzip\r\n"));
    char again[300];
    snprintf(again, sizeof again,
             "GET / HTTP/1.1\r\n" HOST "If-None-Match: W/\"x\", \"%s\"\r\n\r\n", page->hash);
    CU_ASSERT_EQUAL(answer(again, &out), HTTP_NOT_MODIFIED);
    CU_ASSERT_EQUAL(out.body_len, 0);
    CU_ASSERT_EQUAL(answer("GET / HTTP/1.1\r\n" HOST "If-None-Match:  * \r\n\r\n", &out),
                    HTTP_NOT_MODIFIED);
    CU_ASSERT_EQUAL(answer("GET /app/none.js HTTP/1.1\r\n" HOST "If-None-Match: *\r\n\r\n", &out),
                    HTTP_NOT_FOUND);
    static const char *const mangled[] = {"abcdefghijk", "ABCDEFGHIJKL", "abcdefghijkl/", "host)."};
    for (size_t i = 0; i < sizeof mangled / sizeof mangled[0]; i++) {
        snprintf(again, sizeof again, "GET /%s HTTP/1.1\r\n" HOST "If-None-Match: *\r\n\r\n",
                 mangled[i]);
        CU_ASSERT_EQUAL(answer(again, &out), HTTP_NOT_FOUND);
        CU_ASSERT_PTR_EQUAL(out.body, page->bytes);
        CU_ASSERT_PTR_NOT_NULL(strstr(out.head, "Cache-Control: no-store\r\n"));
        CU_ASSERT_FALSE(out.close);
    }
    static const char *const others[] = {"robots.txt", "app/none", "a/b", "."};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        snprintf(again, sizeof again, "GET /%s HTTP/1.1\r\n" HOST "\r\n", others[i]);
        CU_ASSERT_EQUAL(answer(again, &out), HTTP_NOT_FOUND);
        CU_ASSERT_TRUE(memmem(out.body, out.body_len, "nothing here", 12) != NULL);
    }
    CU_ASSERT_EQUAL(answer("GET / HTTP/1.1\r\n" HOST "\r\nGET / HTTP/1.1\r\n", &out), HTTP_OK);
    CU_ASSERT_TRUE(out.close); /* what came early is not answered */
    site.full = true;
    CU_ASSERT_EQUAL(answered("GET / HTTP/1.1\r\n" HOST "\r\n"), HTTP_UNAVAILABLE);
    site.full = false;
}

static CU_TestInfo tests[] = {{"a request in pieces", test_request},
                              {"what bends the standard", test_refused},
                              {"bounds", test_bounds},
                              {"names and addresses", test_hosts},
                              {"the upgrade", test_upgrade},
                              {"other servers", test_nodes},
                              {"files", test_files},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"http", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
