/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the turns of a real worker, run by the test, with OpenSSL's own clients on socket pairs:
 * in a turn with more to read than a part of it holds, who is to go is gone, and mail has been
 * heard, before the last was read.
 */
#include "tests/support/test_main.h"

#include <event2/event.h>
#include <fcntl.h>
#include <openssl/ssl.h>
#include <stddef.h>
#include <unistd.h>

#include "protocol/limits.h"
#include "server/base/stats.h"
#include "tests/support/post.h"

enum { NEVER_MS = 600000, TURNS_MAX = 1000, CROWD = STREAM_PART_MAX + 1 };

struct crowd {
    struct post post;
    int fds[CROWD];
    SSL *clients[CROWD];
    unsigned gone, unread_at_first; /* who had not been read when the first was gone */
    void (*worker_gone)(void *ctx);
};

static void one_turn(struct crowd *crowd) {
    event_base_loop(crowd->post.worker->loop.base, EVLOOP_NONBLOCK | EVLOOP_ONCE);
}

static void shake_hands(struct crowd *crowd) {
    unsigned done = 0;
    for (int i = 0; i < TURNS_MAX && done < CROWD; i++) {
        one_turn(crowd);
        done = 0;
        for (int j = 0; j < CROWD; j++) {
            done += SSL_connect(crowd->clients[j]) == 1;
        }
    }
    CU_ASSERT_EQUAL_FATAL(done, CROWD);
}

static void say_byte(struct crowd *crowd) {
    for (int i = 0; i < CROWD; i++) {
        CU_ASSERT_EQUAL(SSL_write(crowd->clients[i], "", 1), 1);
    }
}

/* Of whom so much of a frame has been read. */
static unsigned readers(const struct crowd *crowd, size_t bytes) {
    unsigned count = 0;
    struct conn *conn;
    LIST_FOREACH(conn, &crowd->post.worker->loop.conns, all) {
        count += conn->stream.rest_len == bytes;
    }
    return count;
}

/* libevent asks the system for few at a time at first, and for more when there were so many. All
 * but the last byte of a frame's head are said for that. */
static void warm(struct crowd *crowd) {
    unsigned at_once = 0;
    for (size_t said = 1; said < FRAME_HEADER_BYTES; said++) {
        say_byte(crowd);
        one_turn(crowd);
        at_once = readers(crowd, said);
        for (int i = 0; i < TURNS_MAX && readers(crowd, said) < CROWD; i++) {
            one_turn(crowd);
        }
    }
    CU_ASSERT_EQUAL_FATAL(at_once, CROWD);
}

static void crowd_open(struct crowd *crowd) {
    *crowd = (struct crowd){.gone = 0};
    post_open(&crowd->post, (struct patience){NEVER_MS, NEVER_MS, NEVER_MS, NEVER_MS, NEVER_MS},
              (struct post_places){CROWD, CROWD});
    for (int i = 0; i < CROWD; i++) {
        crowd->fds[i] = post_call(&crowd->post, false);
        CU_ASSERT_EQUAL_FATAL(fcntl(crowd->fds[i], F_SETFL, O_NONBLOCK), 0);
        crowd->clients[i] = SSL_new(crowd->post.client);
        SSL_set_fd(crowd->clients[i], crowd->fds[i]);
    }
    shake_hands(crowd);
    warm(crowd);
}

static bool is_empty(const struct crowd *crowd) {
    return LIST_EMPTY(&crowd->post.worker->loop.conns);
}

/* The worker has been told to stop, and does once nobody is left. */
static void crowd_close(struct crowd *crowd) {
    struct event_base *base = crowd->post.worker->loop.base;
    for (int i = 0; i < CROWD; i++) {
        SSL_free(crowd->clients[i]);
        close(crowd->fds[i]);
    }
    for (int i = 0; i < TURNS_MAX && !event_base_got_exit(base); i++) {
        one_turn(crowd);
    }
    CU_ASSERT_TRUE(event_base_got_exit(base));
    CU_ASSERT_TRUE(is_empty(crowd));
    post_close(&crowd->post);
}

static struct crowd *crowd_of(struct worker *worker) {
    return (struct crowd *)((char *)worker->server - offsetof(struct crowd, post.server));
}

static void on_gone(void *ctx) {
    struct worker *worker = ctx;
    struct crowd *crowd = crowd_of(worker);
    struct conn *conn;
    if (crowd->gone++ == 0) {
        LIST_FOREACH(conn, &worker->loop.conns, all) {
            crowd->unread_at_first += !conn->is_doomed;
        }
    }
    crowd->worker_gone(ctx);
}

/* All hang up. Those whose end has been read are freed while the last one's lies there. */
static void test_sweep(void) {
    struct crowd crowd;
    crowd_open(&crowd);
    crowd.worker_gone = crowd.post.worker->loop.gone;
    crowd.post.worker->loop.gone = on_gone;
    for (int i = 0; i < CROWD; i++) {
        SSL_shutdown(crowd.clients[i]);
    }
    one_turn(&crowd);
    CU_ASSERT_EQUAL(crowd.gone, CROWD);
    CU_ASSERT_EQUAL(crowd.unread_at_first, CROWD - STREAM_PART_MAX);
    CU_ASSERT_TRUE(is_empty(&crowd));
    worker_post_stop(crowd.post.worker);
    crowd_close(&crowd);
}

/* All end a frame's head that is none, and the worker is told to stop in the same turn: it hears of
 * it before it has read the last, who is sent away for that. */
static void test_mail(void) {
    struct crowd crowd;
    crowd_open(&crowd);
    say_byte(&crowd);
    worker_post_stop(crowd.post.worker);
    one_turn(&crowd);
    CU_ASSERT_TRUE(crowd.post.worker->stopping);
    CU_ASSERT_EQUAL(stats_sum(crowd.post.server.stats, STATS_messages_bad), STREAM_PART_MAX);
    for (int i = 0; i < CROWD; i++) {
        char bye[64];
        CU_ASSERT_TRUE(SSL_read(crowd.clients[i], bye, sizeof bye) > 0);
    }
    crowd_close(&crowd);
}

int main(void) {
    static CU_TestInfo tests[] = {{"who is to go goes before the last was read", test_sweep},
                                  {"mail is heard before the last was read", test_mail},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"worker", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
