/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a stream against OpenSSL's own client over a socket pair, all in one thread: what is
 * written in a turn leaves as one record, the beginning of a frame is kept, a reader that stops is
 * waited for, and how it ends.
 */
#include "tests/support/test_main.h"

#include <event2/event.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "certs/keypair.h"
#include "server/net/stream.h"

enum { TURNS_MAX = 200000, BIG = 3 * 1024 * 1024, TAKE = 7 };

struct pair {
    struct event_base *base;
    struct stream_loop loop;
    struct stream stream;
    SSL_CTX *server_tls, *client_tls;
    SSL *client;
    int client_fd;
    /* What the user was told. */
    unsigned ups, inputs, drains, idles, ends;
    enum stream_end why;
    size_t take; /* input is taken in whole units of so many bytes */
    uint8_t *heard;
    size_t heard_len;
    size_t refill; /* written when told of a drained queue, once */
};

static void on_up(void *ctx) {
    ((struct pair *)ctx)->ups++;
}

static size_t on_input(void *ctx, const uint8_t *bytes, size_t len) {
    struct pair *pair = ctx;
    size_t used = len - len % pair->take;
    pair->inputs++;
    memcpy(pair->heard + pair->heard_len, bytes, used);
    pair->heard_len += used;
    return used;
}

static void on_drained(void *ctx) {
    struct pair *pair = ctx;
    char more[64];
    pair->drains++;
    if (pair->refill > 0) {
        memset(more, 'r', sizeof more);
        CU_ASSERT(stream_write(&pair->stream, more, pair->refill));
        pair->refill = 0;
    }
}

static void on_idle(void *ctx) {
    ((struct pair *)ctx)->idles++;
}

static void on_ended(void *ctx, enum stream_end why, unsigned long error) {
    struct pair *pair = ctx;
    (void)error;
    pair->ends++;
    pair->why = why;
}

static const struct stream_user user = {
    .up = on_up, .input = on_input, .drained = on_drained, .idle = on_idle, .ended = on_ended};

static SSL_CTX *server_tls(void) {
    struct certs_why why;
    struct keypair *key = keypair_make("stream", NULL, 0, &why);
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
    CU_ASSERT_PTR_NOT_NULL_FATAL(key);
    CU_ASSERT_FATAL(keypair_use(key, tls, &why));
    keypair_free(key);
    SSL_CTX_set_num_tickets(tls, 0);
    SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS);
    return tls;
}

static void turn(struct pair *pair) {
    event_base_loop(pair->base, EVLOOP_NONBLOCK);
}

static void pair_open(struct pair *pair) {
    int fds[2];
    int in_kernel = 64 * 1024; /* however much a machine would hold by itself */
    *pair = (struct pair){.take = 1, .base = event_base_new()};
    pair->heard = malloc(BIG + 1);
    CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    for (int i = 0; i < 2; i++) {
        setsockopt(fds[i], SOL_SOCKET, SO_SNDBUF, &in_kernel, sizeof in_kernel);
    }
    CU_ASSERT_FATAL(stream_loop_init(&pair->loop, pair->base));
    pair->server_tls = server_tls();
    pair->client_tls = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_mode(pair->client_tls,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    pair->client = SSL_new(pair->client_tls);
    pair->client_fd = fds[1];
    SSL_set_fd(pair->client, fds[1]);
    CU_ASSERT_FATAL(
        stream_open(&pair->stream, &pair->loop, SSL_new(pair->server_tls), fds[0], &user, pair));
    for (int i = 0; i < TURNS_MAX && (SSL_connect(pair->client) != 1 || pair->ups == 0); i++) {
        turn(pair);
    }
    CU_ASSERT_EQUAL_FATAL(pair->ups, 1);
}

static void pair_close(struct pair *pair) {
    stream_close(&pair->stream);
    stream_loop_free(&pair->loop);
    SSL_free(pair->client);
    if (pair->client_fd >= 0) {
        close(pair->client_fd);
    }
    SSL_CTX_free(pair->server_tls);
    SSL_CTX_free(pair->client_tls);
    event_base_free(pair->base);
    free(pair->heard);
}

/* One record of what the server sent, at most; 0: there is none. */
static int client_reads(struct pair *pair, void *bytes, int size) {
    int got = SSL_read(pair->client, bytes, size);
    return got > 0 ? got : 0;
}

/* A turn writes in an event's callback, as a worker does. */
static void write_thrice(evutil_socket_t fd, short what, void *ctx) {
    struct pair *pair = ctx;
    (void)fd;
    (void)what;
    CU_ASSERT(stream_write(&pair->stream, "one", 3));
    CU_ASSERT(stream_write(&pair->stream, "two", 3));
    CU_ASSERT(stream_write(&pair->stream, "three", 5));
    CU_ASSERT_EQUAL(stream_queued(&pair->stream), 11);
}

static void test_one_record(void) {
    struct pair pair;
    char bytes[64] = "";
    pair_open(&pair);
    CU_ASSERT_EQUAL(event_base_once(pair.base, -1, EV_TIMEOUT, write_thrice, &pair, NULL), 0);
    turn(&pair);
    CU_ASSERT_EQUAL(stream_queued(&pair.stream), 0);
    CU_ASSERT_EQUAL(pair.drains, 1);
    CU_ASSERT_EQUAL(client_reads(&pair, bytes, sizeof bytes), 11);
    CU_ASSERT_EQUAL(memcmp(bytes, "onetwothree", 11), 0);
    pair_close(&pair);
}

/* What is written while told of a drained queue goes out too, in a later turn. */
static void test_refill(void) {
    struct pair pair;
    char bytes[64] = "";
    pair_open(&pair);
    pair.refill = 40;
    CU_ASSERT(stream_write(&pair.stream, "a", 1));
    for (int i = 0; i < TURNS_MAX && pair.drains < 2; i++) {
        turn(&pair);
    }
    CU_ASSERT_EQUAL(pair.drains, 2);
    CU_ASSERT_EQUAL(client_reads(&pair, bytes, sizeof bytes), 1);
    CU_ASSERT_EQUAL(client_reads(&pair, bytes, sizeof bytes), 40);
    pair_close(&pair);
}

/* Units that do not end where records end arrive whole and in order, however much comes at once. */
static void test_input(void) {
    struct pair pair;
    size_t total = BIG - BIG % TAKE, sent = 0;
    pair_open(&pair);
    pair.take = TAKE;
    uint8_t *bytes = malloc(total);
    for (size_t i = 0; i < total; i++) {
        bytes[i] = (uint8_t)(i * 31 + i / 255);
    }
    for (int i = 0; i < TURNS_MAX && pair.heard_len < total; i++) {
        size_t part = total - sent > 5000 ? 5000 : total - sent;
        int done = part > 0 ? SSL_write(pair.client, bytes + sent, (int)part) : 0;
        if (done > 0) {
            sent += (size_t)done;
            if (sent < total / 2) {
                continue; /* until the socket is full, much comes at once */
            }
        }
        turn(&pair);
    }
    CU_ASSERT_EQUAL(pair.heard_len, total);
    CU_ASSERT_EQUAL(memcmp(pair.heard, bytes, total), 0);
    CU_ASSERT_PTR_NULL(pair.stream.rest);
    free(bytes);
    pair_close(&pair);
}

/* A reader that stops costs no turn; once it reads, all comes, in order. */
static void test_slow_reader(void) {
    struct pair pair;
    static uint8_t bytes[BIG], got[BIG];
    size_t have = 0;
    pair_open(&pair);
    for (size_t i = 0; i < BIG; i++) {
        bytes[i] = (uint8_t)(i * 7 + i / 251);
    }
    CU_ASSERT(stream_write(&pair.stream, bytes, BIG / 2));
    for (int i = 0; i < 1000; i++) {
        turn(&pair);
    }
    size_t queued = stream_queued(&pair.stream);
    CU_ASSERT(queued > 0);
    CU_ASSERT_EQUAL(pair.drains, 0);
    CU_ASSERT_PTR_NOT_NULL(pair.stream.write);
    CU_ASSERT(stream_write(&pair.stream, bytes + BIG / 2, BIG - BIG / 2));
    turn(&pair);
    CU_ASSERT_EQUAL(stream_queued(&pair.stream), queued + BIG - BIG / 2);
    for (int i = 0; i < TURNS_MAX && have < BIG; i++) {
        have += (size_t)client_reads(&pair, got + have, (int)(BIG - have));
        turn(&pair);
    }
    CU_ASSERT_EQUAL(have, BIG);
    CU_ASSERT_EQUAL(memcmp(got, bytes, BIG), 0);
    CU_ASSERT_EQUAL(stream_queued(&pair.stream), 0);
    CU_ASSERT_EQUAL(pair.drains, 1);
    CU_ASSERT_PTR_NULL(pair.stream.write); /* memory for waiting only while it waits */
    pair_close(&pair);
}

static void until_ended(struct pair *pair) {
    for (int i = 0; i < TURNS_MAX && pair->ends == 0; i++) {
        turn(pair);
    }
    CU_ASSERT_EQUAL(pair->ends, 1);
}

/* Bytes and the end that come together are told in that order; after it nothing can be written. */
static void test_end(void) {
    struct pair pair;
    pair_open(&pair);
    CU_ASSERT_EQUAL(SSL_write(pair.client, "last", 4), 4);
    SSL_shutdown(pair.client);
    until_ended(&pair);
    CU_ASSERT_EQUAL(pair.why, STREAM_EOF);
    CU_ASSERT_EQUAL(pair.heard_len, 4);
    CU_ASSERT(stream_write(&pair.stream, "x", 1));
    CU_ASSERT_EQUAL(stream_queued(&pair.stream), 0);
    turn(&pair);
    CU_ASSERT_EQUAL(pair.ends, 1);
    pair_close(&pair);
}

static void test_garbage(void) {
    struct pair pair;
    pair_open(&pair);
    CU_ASSERT_EQUAL(write(pair.client_fd, "no TLS record at all", 20), 20);
    until_ended(&pair);
    CU_ASSERT_EQUAL(pair.why, STREAM_LOST);
    CU_ASSERT_EQUAL(pair.heard_len, 0);
    pair_close(&pair);
}

static void test_idle(void) {
    struct pair pair;
    struct timeval soon = {.tv_usec = 1000};
    char bytes[8];
    pair_open(&pair);
    CU_ASSERT(stream_idle_limit(&pair.stream, &soon));
    stream_idle_never(&pair.stream);
    CU_ASSERT_FALSE(event_pending(pair.stream.read, EV_TIMEOUT, NULL));
    CU_ASSERT_TRUE(event_pending(pair.stream.read, EV_READ, NULL));
    CU_ASSERT(stream_idle_limit(&pair.stream, &soon));
    while (pair.idles == 0) {
        CU_ASSERT_EQUAL_FATAL(event_base_loop(pair.base, EVLOOP_ONCE), 0);
    }
    CU_ASSERT_EQUAL(pair.idles, 1);
    CU_ASSERT_EQUAL(pair.ends, 0);
    CU_ASSERT_FALSE(event_pending(pair.stream.read, EV_TIMEOUT, NULL)); /* said once */
    CU_ASSERT(stream_write(&pair.stream, "bye", 3));
    turn(&pair);
    CU_ASSERT_EQUAL(client_reads(&pair, bytes, sizeof bytes), 3);
    pair_close(&pair);
}

/* The peer reads what was queued, and then the end. */
static void test_finish(void) {
    struct pair pair;
    char bytes[8];
    pair_open(&pair);
    CU_ASSERT(stream_write(&pair.stream, "bye", 3));
    turn(&pair);
    stream_finish(&pair.stream);
    CU_ASSERT_EQUAL(client_reads(&pair, bytes, sizeof bytes), 3);
    int end = SSL_read(pair.client, bytes, sizeof bytes);
    CU_ASSERT_EQUAL(SSL_get_error(pair.client, end), SSL_ERROR_ZERO_RETURN);
    pair_close(&pair);
}

int main(void) {
    static CU_TestInfo tests[] = {{"a turn is one record", test_one_record},
                                  {"writing when drained", test_refill},
                                  {"units across records", test_input},
                                  {"a slow reader", test_slow_reader},
                                  {"the last bytes, then the end", test_end},
                                  {"garbage", test_garbage},
                                  {"idle", test_idle},
                                  {"finishing", test_finish},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"stream", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
