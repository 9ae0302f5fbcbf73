/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a stream against OpenSSL's own client over a socket pair, all in one thread: what is
 * written in a turn leaves as one record, the beginning of a frame is kept, a reader that stops is
 * waited for, and how it ends; of a crowd, that a turn with much to read has parts.
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
#include "server/worker/mailbox.h"

enum {
    TURNS_MAX = 200000,
    BIG = 3 * 1024 * 1024,
    TAKE = 7,
    CROWD = 2 * STREAM_PART_MAX + 1,
    HEARD_MAX = 64
};

/* A loop, and what its streams were told in one turn. */
struct turns {
    struct event_base *base;
    struct stream_loop loop;
    SSL_CTX *server_tls, *client_tls;
    void (*part_over)(struct turns *turns);
    struct pair *newest;       /* that was read */
    unsigned reads, drained;   /* streams that were read, and written out */
    unsigned drained_at_read;  /* when the newest was read */
    unsigned parts;            /* that ended */
    unsigned reads_at_part[2]; /* when they did */
    unsigned drained_at_part[2];
};

struct pair {
    struct turns *turns, own;
    struct stream stream;
    SSL *client;
    int client_fd;
    /* What the user was told. */
    unsigned ups, inputs, drains, idles, ends;
    enum stream_end why;
    size_t take; /* input is taken in whole units of so many bytes */
    uint8_t *heard;
    size_t heard_len;
    size_t refill; /* written when told of a drained queue, once */
    bool answers;  /* with as much as a byte to whatever it hears */
};

static void part_over(void *ctx) {
    struct turns *turns = ctx;
    if (turns->parts < 2) {
        turns->reads_at_part[turns->parts] = turns->reads;
        turns->drained_at_part[turns->parts] = turns->drained;
    }
    turns->parts++;
    if (turns->part_over != NULL) {
        turns->part_over(turns);
    }
}

static void on_up(void *ctx) {
    ((struct pair *)ctx)->ups++;
}

static size_t on_input(void *ctx, const uint8_t *bytes, size_t len) {
    struct pair *pair = ctx;
    size_t used = len - len % pair->take;
    pair->inputs++;
    pair->turns->reads++;
    pair->turns->newest = pair;
    pair->turns->drained_at_read = pair->turns->drained;
    memcpy(pair->heard + pair->heard_len, bytes, used);
    pair->heard_len += used;
    CU_ASSERT(!pair->answers || stream_write(&pair->stream, "a", 1));
    return used;
}

static void on_drained(void *ctx) {
    struct pair *pair = ctx;
    char more[64];
    pair->drains++;
    pair->turns->drained++;
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

/* Until nothing is left to do. */
static void turn(struct pair *pair) {
    event_base_loop(pair->turns->base, EVLOOP_NONBLOCK);
}

static void one_turn(struct turns *turns) {
    event_base_loop(turns->base, EVLOOP_NONBLOCK | EVLOOP_ONCE);
}

static void turns_open(struct turns *turns) {
    *turns = (struct turns){.base = event_base_new()};
    CU_ASSERT_FATAL(stream_loop_init(&turns->loop, turns->base, part_over, turns));
    turns->server_tls = server_tls();
    turns->client_tls = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_mode(turns->client_tls,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

static void turns_close(struct turns *turns) {
    stream_loop_free(&turns->loop);
    SSL_CTX_free(turns->server_tls);
    SSL_CTX_free(turns->client_tls);
    event_base_free(turns->base);
}

/* A stream more on the loop. */
static void pair_join(struct pair *pair, struct turns *turns, size_t heard_max) {
    int fds[2];
    int in_kernel = 64 * 1024; /* however much a machine would hold by itself */
    pair->turns = turns;
    pair->take = 1;
    pair->heard = malloc(heard_max);
    CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    for (int i = 0; i < 2; i++) {
        setsockopt(fds[i], SOL_SOCKET, SO_SNDBUF, &in_kernel, sizeof in_kernel);
    }
    pair->client = SSL_new(turns->client_tls);
    pair->client_fd = fds[1];
    SSL_set_fd(pair->client, fds[1]);
    CU_ASSERT_FATAL(
        stream_open(&pair->stream, &turns->loop, SSL_new(turns->server_tls), fds[0], &user, pair));
    for (int i = 0; i < TURNS_MAX && (SSL_connect(pair->client) != 1 || pair->ups == 0); i++) {
        turn(pair);
    }
    CU_ASSERT_EQUAL_FATAL(pair->ups, 1);
}

static void pair_open(struct pair *pair) {
    *pair = (struct pair){.take = 0};
    turns_open(&pair->own);
    pair_join(pair, &pair->own, BIG + 1);
}

/* But for its stream. */
static void pair_leave(struct pair *pair) {
    SSL_free(pair->client);
    close(pair->client_fd);
    free(pair->heard);
}

static void pair_close(struct pair *pair) {
    stream_close(&pair->stream);
    pair_leave(pair);
    turns_close(&pair->own);
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
    CU_ASSERT_EQUAL(event_base_once(pair.own.base, -1, EV_TIMEOUT, write_thrice, &pair, NULL), 0);
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
        CU_ASSERT_EQUAL_FATAL(event_base_loop(pair.own.base, EVLOOP_ONCE), 0);
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

/* ---- the parts of a turn ---- */

struct crowd {
    struct turns turns;
    struct mailbox *mailbox;
    struct pair pairs[CROWD];
};

/* So many have something to say in one turn; they have read what they were answered before. */
static void crowd_says(struct crowd *crowd, unsigned count) {
    struct turns *turns = &crowd->turns;
    char bytes[64];
    turns->reads = turns->drained = turns->parts = 0;
    for (unsigned i = 0; i < count; i++) {
        while (client_reads(&crowd->pairs[i], bytes, sizeof bytes) > 0) {
        }
        CU_ASSERT_EQUAL(SSL_write(crowd->pairs[i].client, "x", 1), 1);
    }
    one_turn(turns);
}

/* libevent asks the system for few at a time at first, and for more when there were so many. */
static void crowd_warm(struct crowd *crowd) {
    unsigned at_once = 0;
    for (int i = 0; i < HEARD_MAX / 2 && at_once < CROWD; i++) {
        crowd_says(crowd, CROWD);
        at_once = crowd->turns.reads;
        for (int j = 0; j < TURNS_MAX && crowd->turns.reads < CROWD; j++) {
            one_turn(&crowd->turns);
        }
    }
    CU_ASSERT_EQUAL_FATAL(at_once, CROWD);
    turn(&crowd->pairs[0]); /* the system has seen that all is read: who speaks first is first */
}

static struct crowd *crowd_open(void) {
    struct crowd *crowd = calloc(1, sizeof *crowd);
    CU_ASSERT_PTR_NOT_NULL_FATAL(crowd);
    turns_open(&crowd->turns);
    crowd->mailbox = mailbox_new(crowd->turns.base, crowd);
    CU_ASSERT_PTR_NOT_NULL_FATAL(crowd->mailbox);
    for (int i = 0; i < CROWD; i++) {
        crowd->pairs[i].answers = true;
        pair_join(&crowd->pairs[i], &crowd->turns, HEARD_MAX);
    }
    crowd_warm(crowd);
    return crowd;
}

static void crowd_close(struct crowd *crowd) {
    for (int i = 0; i < CROWD; i++) {
        if (crowd->pairs[i].stream.loop != NULL) {
            stream_close(&crowd->pairs[i].stream);
        }
        pair_leave(&crowd->pairs[i]);
    }
    mailbox_free(crowd->mailbox);
    turns_close(&crowd->turns);
    free(crowd);
}

/* What the journal would say: it is for who was read first. */
static void deliver(struct mail *mail, void *owner) {
    struct crowd *crowd = owner;
    CU_ASSERT(stream_write(&crowd->pairs[0].stream, "mail", 4));
    free(mail);
}

static void discard(struct mail *mail) {
    free(mail);
}

static void post(struct crowd *crowd) {
    struct mail *mail = calloc(1, sizeof *mail);
    CU_ASSERT_PTR_NOT_NULL_FATAL(mail);
    *mail = (struct mail){.deliver = deliver, .discard = discard};
    mailbox_post(crowd->mailbox, mail);
}

/* Of another worker, while this one's turn lasts. */
static void mail_comes(struct turns *turns) {
    struct crowd *crowd = (struct crowd *)turns; /* its first */
    if (turns->parts == 1) {
        post(crowd);
    }
    mailbox_look(crowd->mailbox);
}

/* Before the last was read the first have their answers, and with them what came by mail. */
static void test_long_turn(void) {
    struct crowd *crowd = crowd_open();
    struct turns *turns = &crowd->turns;
    char bytes[64] = "";
    turns->part_over = mail_comes;
    crowd_says(crowd, CROWD);
    CU_ASSERT_EQUAL(turns->reads, CROWD);
    CU_ASSERT_EQUAL(turns->parts, 2);
    CU_ASSERT_EQUAL(turns->reads_at_part[0], STREAM_PART_MAX);
    CU_ASSERT_EQUAL(turns->drained_at_part[0], 0);
    CU_ASSERT_EQUAL(turns->reads_at_part[1], 2 * STREAM_PART_MAX);
    CU_ASSERT_EQUAL(turns->drained_at_part[1], STREAM_PART_MAX);
    CU_ASSERT_EQUAL(turns->drained_at_read, 2 * STREAM_PART_MAX);
    CU_ASSERT_EQUAL(turns->drained, CROWD);
    CU_ASSERT_EQUAL(client_reads(&crowd->pairs[0], bytes, sizeof bytes), 5);
    CU_ASSERT_EQUAL(memcmp(bytes, "amail", 5), 0);
    crowd_close(crowd);
}

/* A turn that does not come to the bound is whole, however many have gone before it. */
static void test_short_turns(void) {
    struct crowd *crowd = crowd_open();
    for (int i = 0; i < 3; i++) {
        crowd_says(crowd, STREAM_PART_MAX - 1);
        CU_ASSERT_EQUAL(crowd->turns.reads, STREAM_PART_MAX - 1);
        CU_ASSERT_EQUAL(crowd->turns.parts, 0);
        CU_ASSERT_EQUAL(crowd->turns.drained_at_read, 0);
        CU_ASSERT_EQUAL(crowd->turns.drained, STREAM_PART_MAX - 1);
    }
    crowd_says(crowd, STREAM_PART_MAX);
    CU_ASSERT_EQUAL(crowd->turns.parts, 1);
    CU_ASSERT_EQUAL(crowd->turns.reads_at_part[0], STREAM_PART_MAX);
    CU_ASSERT_EQUAL(crowd->turns.drained_at_read, 0);
    CU_ASSERT_EQUAL(crowd->turns.drained, STREAM_PART_MAX);
    crowd_says(crowd, STREAM_PART_MAX - 1);
    CU_ASSERT_EQUAL(crowd->turns.parts, 0);
    crowd_close(crowd);
}

static void close_stream(struct pair *pair) {
    stream_close(&pair->stream);
    memset(&pair->stream, 0, sizeof pair->stream);
}

/* The first, whose answer is queued; who was read just now; and the last, which is still to be. */
static void close_three(struct turns *turns) {
    struct crowd *crowd = (struct crowd *)turns; /* its first */
    if (turns->parts == 1) {
        CU_ASSERT_PTR_NOT_EQUAL(turns->newest, &crowd->pairs[0]);
        close_stream(&crowd->pairs[0]);
        close_stream(turns->newest);
        close_stream(&crowd->pairs[CROWD - 1]);
    }
}

static void test_closed_between_parts(void) {
    struct crowd *crowd = crowd_open();
    unsigned inputs = crowd->pairs[CROWD - 1].inputs;
    crowd->turns.part_over = close_three;
    crowd_says(crowd, CROWD);
    CU_ASSERT_EQUAL(crowd->turns.reads, CROWD - 1);
    CU_ASSERT_EQUAL(crowd->turns.drained, CROWD - 3);
    CU_ASSERT_EQUAL(crowd->pairs[CROWD - 1].inputs, inputs);
    crowd_close(crowd);
}

/* A stream that waits to be written to, and to be read on then, counts for that as well. */
static void test_waiting_counts(void) {
    struct crowd *crowd = crowd_open();
    struct pair *waits = &crowd->pairs[0];
    waits->refill = 40;
    CU_ASSERT(stream_write(&waits->stream, "x", 1));
    one_turn(&crowd->turns);
    CU_ASSERT_PTR_NOT_NULL_FATAL(waits->stream.write);
    waits->stream.read_next = true; /* as if OpenSSL still held some */
    crowd_says(crowd, STREAM_PART_MAX - 1);
    CU_ASSERT_FALSE(waits->stream.read_next);
    CU_ASSERT_EQUAL(crowd->turns.reads, STREAM_PART_MAX - 1);
    CU_ASSERT_EQUAL(crowd->turns.parts, 1);
    crowd_close(crowd);
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
                                  {"a turn with much to read has parts", test_long_turn},
                                  {"one with less is whole", test_short_turns},
                                  {"closed between two parts", test_closed_between_parts},
                                  {"reading that waited counts", test_waiting_counts},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"stream", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
