/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a connection that says nothing is cut off: during the handshake, before its hello, and
 * afterwards; one that speaks in time is not. A real worker on a thread of its own, with a patience
 * of less than a second, and OpenSSL's own client on the other end of a socket pair. Only the order
 * of what happens is asserted, never how long it took: the clock by which the worker is patient
 * stands still while the test does what must be in time, however slow the machine is.
 */
#include "tests/support/test_main.h"

#include <errno.h>
#include <openssl/ssl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "protocol/wire/frame.h"
#include "protocol/wire/message.h"
#include "server/base/stats.h"
#include "tests/support/post.h"

/* Limits that never end in a test, and that end soon. LIMIT_S: how long anything is waited for. */
enum { NEVER_MS = 600000, SOON_MS = 20, LIMIT_S = 100, STRANGERS_MAX = 2 };

/* ---- the clock ---- */

static _Atomic int64_t stood_at = INT64_C(1000000000000); /* ns, of the clock that stands */
static _Atomic int64_t ran_from = -1;                     /* real ns; -1: it stands */

static int64_t real_clock(clockid_t clock, struct timespec *at) {
    syscall(SYS_clock_gettime, clock, at);
    return (int64_t)at->tv_sec * 1000000000 + at->tv_nsec;
}

/* Stands in for the C library's, for libevent and room time too. The wall clock is left alone. */
int clock_gettime(clockid_t clock, struct timespec *at) {
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) {
        real_clock(clock, at);
        return 0;
    }
    int64_t from = atomic_load(&ran_from);
    int64_t now = atomic_load(&stood_at);
    now += from < 0 ? 0 : real_clock(CLOCK_MONOTONIC, at) - from;
    *at = (struct timespec){.tv_sec = now / 1000000000, .tv_nsec = now % 1000000000};
    return 0;
}

/* Before a worker begins: to one that runs, time must not go back. */
static void clock_stop(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    atomic_store(&stood_at, (int64_t)at.tv_sec * 1000000000 + at.tv_nsec);
    atomic_store(&ran_from, -1);
}

static void clock_run(void) {
    struct timespec at;
    atomic_store(&ran_from, real_clock(CLOCK_MONOTONIC, &at));
}

/* Of a clock that stands. The worker sees it when something happens, or when what it waited for
 * would have come. */
static void clock_pass(int ms) {
    atomic_fetch_add(&stood_at, ms * INT64_C(1000000));
}

/* ---- a worker and those who call it ---- */

struct caller {
    int fd;
    SSL *ssl;
    uint8_t in[4096];
    size_t in_len, in_used;
    struct mp_reader reader;
};

static void post_start(struct post *post, struct patience patience) {
    clock_stop();
    post_open(post, patience, (struct post_places){16, STRANGERS_MAX});
    CU_ASSERT_TRUE_FATAL(worker_start(post->worker));
}

static void post_end(struct post *post) {
    worker_post_stop(post->worker);
    worker_join(post->worker);
    post_close(post);
}

static void call_from(struct post *post, struct caller *caller, bool proxy) {
    struct timeval limit = {.tv_sec = LIMIT_S};
    memset(caller, 0, sizeof *caller);
    CU_ASSERT_TRUE_FATAL(mp_reader_init(&caller->reader) == MP_OK);
    caller->fd = post_call(post, proxy);
    setsockopt(caller->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

static void call(struct post *post, struct caller *caller) {
    call_from(post, caller, false);
}

/* Whether reading ended only because the process was stopped and went on, which breaks off what has
 * a limit (signal(7)). Right behind the call. */
static bool is_broken_off(const struct caller *caller, int got) {
    int error = errno;
    return got <= 0 && SSL_get_error(caller->ssl, got) == SSL_ERROR_WANT_READ && error == EINTR;
}

static void shake_hands(struct post *post, struct caller *caller) {
    int done;
    caller->ssl = SSL_new(post->client);
    CU_ASSERT_PTR_NOT_NULL_FATAL(caller->ssl);
    SSL_set_fd(caller->ssl, caller->fd);
    do {
        done = SSL_connect(caller->ssl);
    } while (is_broken_off(caller, done));
    CU_ASSERT_EQUAL_FATAL(done, 1);
}

/* As read, of a byte that TLS is not to see. */
static ssize_t read_byte(const struct caller *caller, char *byte) {
    ssize_t got;
    do {
        got = read(caller->fd, byte, 1);
    } while (got < 0 && errno == EINTR);
    return got;
}

static void hang_up(struct caller *caller) {
    SSL_free(caller->ssl);
    close(caller->fd);
    mp_reader_free(&caller->reader);
}

static void say(struct caller *caller, const struct message *message) {
    struct mp_writer out;
    mp_writer_init(&out);
    CU_ASSERT_TRUE_FATAL(message_write(&out, message));
    CU_ASSERT_EQUAL_FATAL(SSL_write(caller->ssl, out.data, (int)out.len), (int)out.len);
    mp_writer_free(&out);
}

/* The next message; false: the server has ended the stream, cleanly. */
static bool hear(struct caller *caller, struct message *message) {
    const uint8_t *payload;
    size_t len;
    size_t used;
    caller->in_len -= caller->in_used;
    memmove(caller->in, caller->in + caller->in_used, caller->in_len);
    caller->in_used = 0;
    while (frame_next(caller->in, caller->in_len, &payload, &len, &used) != FRAME_WHOLE) {
        int got = SSL_read(caller->ssl, caller->in + caller->in_len,
                           (int)(sizeof caller->in - caller->in_len));
        if (is_broken_off(caller, got)) {
            continue;
        }
        if (got <= 0) {
            CU_ASSERT_EQUAL(SSL_get_error(caller->ssl, got), SSL_ERROR_ZERO_RETURN);
            return false;
        }
        caller->in_len += (size_t)got;
    }
    caller->in_used = used;
    CU_ASSERT_EQUAL_FATAL(message_read(&caller->reader, payload, len, message), MSG_OK);
    return true;
}

static void greet(struct post *post, struct caller *caller) {
    struct message hello = {.kind = MESSAGE_HELLO,
                            .hello = {.version = SPAR_PROTOCOL_VERSION, .app = span_of("test")}};
    struct message welcome;
    shake_hands(post, caller);
    say(caller, &hello);
    CU_ASSERT_TRUE_FATAL(hear(caller, &welcome));
    CU_ASSERT_EQUAL(welcome.kind, MESSAGE_WELCOME);
}

static void await_end(struct caller *caller, enum refusal why) {
    struct message bye;
    CU_ASSERT_TRUE_FATAL(hear(caller, &bye));
    CU_ASSERT_EQUAL(bye.kind, MESSAGE_BYE);
    CU_ASSERT_EQUAL(bye.bye.why, why);
    CU_ASSERT_FALSE(hear(caller, &bye));
}

static void await_bye(struct caller *caller) {
    await_end(caller, REFUSAL_IDLE);
}

static void ping(struct caller *caller) {
    struct message message = {.kind = MESSAGE_PING, .ping = {.t = 1}};
    say(caller, &message);
    CU_ASSERT_TRUE_FATAL(hear(caller, &message));
    CU_ASSERT_EQUAL_FATAL(message.kind, MESSAGE_PONG);
}

static void test_no_handshake(void) {
    struct post post;
    struct caller caller;
    char byte;
    post_start(&post, (struct patience){SOON_MS, NEVER_MS, NEVER_MS, NEVER_MS, NEVER_MS});
    call(&post, &caller);
    clock_run();
    CU_ASSERT_EQUAL(read_byte(&caller, &byte), 0); /* the end, and not a byte before it */
    CU_ASSERT_EQUAL(stats_sum(post.server.stats, STATS_handshakes_failed), 1);
    CU_ASSERT_EQUAL(stats_sum(post.server.stats, STATS_handshakes), 0);
    hang_up(&caller);
    post_end(&post);
}

/* To begin is not enough: whoever sends a byte now and then would stay for ever. */
static void test_endless_handshake(void) {
    struct post post;
    struct caller caller;
    char byte = 22; /* how a TLS handshake begins */
    post_start(&post, (struct patience){SOON_MS, NEVER_MS, NEVER_MS, NEVER_MS, NEVER_MS});
    call(&post, &caller);
    CU_ASSERT_EQUAL(write(caller.fd, &byte, 1), 1);
    clock_run();
    CU_ASSERT_TRUE(read_byte(&caller, &byte) <= 0);
    CU_ASSERT_EQUAL(stats_sum(post.server.stats, STATS_handshakes_failed), 1);
    hang_up(&caller);
    post_end(&post);
}

/* Nor does a proxy keep a place by a header that never ends. */
static void test_endless_proxy_header(void) {
    struct post post;
    struct caller caller;
    char byte;
    post_start(&post, (struct patience){SOON_MS, NEVER_MS, NEVER_MS, NEVER_MS, NEVER_MS});
    call_from(&post, &caller, true);
    CU_ASSERT_EQUAL(write(caller.fd, "PROXY ", 6), 6);
    clock_run();
    CU_ASSERT_TRUE(read_byte(&caller, &byte) <= 0);
    CU_ASSERT_EQUAL(stats_sum(post.server.stats, STATS_handshakes_failed), 1);
    hang_up(&caller);
    post_end(&post);
}

static void test_no_hello(void) {
    struct post post;
    struct caller caller;
    post_start(&post, (struct patience){NEVER_MS, SOON_MS, NEVER_MS, NEVER_MS, NEVER_MS});
    call(&post, &caller);
    shake_hands(&post, &caller);
    clock_run();
    await_bye(&caller);
    CU_ASSERT_EQUAL(stats_sum(post.server.stats, STATS_handshakes), 1);
    CU_ASSERT_EQUAL(stats_sum(post.server.stats, STATS_cut_idle), 0);
    hang_up(&caller);
    post_end(&post);
}

static void test_nothing_heard(void) {
    struct post post;
    struct caller caller;
    post_start(&post, (struct patience){NEVER_MS, NEVER_MS, SOON_MS, NEVER_MS, NEVER_MS});
    call(&post, &caller);
    greet(&post, &caller);
    clock_run();
    await_bye(&caller);
    CU_ASSERT_EQUAL(stats_sum(post.server.stats, STATS_cut_idle), 1);
    hang_up(&caller);
    post_end(&post);
}

/* One who speaks outlives one who came later and is silent, who is cut off when the time is up and
 * not before. */
static void test_who_speaks_stays(void) {
    struct post post;
    struct caller speaks;
    struct caller silent;
    post_start(&post, (struct patience){NEVER_MS, NEVER_MS, SOON_MS, NEVER_MS, NEVER_MS});
    call(&post, &speaks);
    greet(&post, &speaks);
    call(&post, &silent);
    greet(&post, &silent);
    ping(&silent); /* the answer shows that it is waited for */
    clock_pass(SOON_MS - 1);
    ping(&speaks);
    CU_ASSERT_EQUAL(stats_sum(post.server.stats, STATS_cut_idle), 0);
    clock_pass(1);
    await_bye(&silent);
    ping(&speaks);
    CU_ASSERT_EQUAL(stats_sum(post.server.stats, STATS_cut_idle), 1);
    hang_up(&silent);
    hang_up(&speaks);
    post_end(&post);
}

/* What was done in time is not held against anybody later. */
static void test_deadlines_end(void) {
    struct post post;
    struct caller caller;
    struct caller late;
    char byte;
    post_start(&post, (struct patience){SOON_MS, SOON_MS, NEVER_MS, NEVER_MS, NEVER_MS});
    call(&post, &caller);
    greet(&post, &caller);
    call(&post, &late);
    clock_run();
    CU_ASSERT_EQUAL(read_byte(&late, &byte), 0); /* its deadline is behind both of the other's */
    ping(&caller);
    CU_ASSERT_EQUAL(stats_sum(post.server.stats, STATS_handshakes_failed), 1);
    hang_up(&late);
    hang_up(&caller);
    post_end(&post);
}

static void say_byte(struct caller *caller) {
    char byte = 0;
    CU_ASSERT_EQUAL_FATAL(SSL_write(caller->ssl, &byte, 1), 1);
}

/* A frame that never becomes whole, a byte now and then: the time of the whole counts. */
static void test_slow_frame(void) {
    struct post post;
    struct caller slow;
    struct caller other;
    post_start(&post, (struct patience){NEVER_MS, NEVER_MS, NEVER_MS, SOON_MS, NEVER_MS});
    call(&post, &slow);
    greet(&post, &slow);
    call(&post, &other);
    greet(&post, &other);
    say_byte(&slow);
    ping(&other); /* the answer shows that the byte has been seen */
    clock_pass(SOON_MS);
    say_byte(&slow);
    ping(&other);
    CU_ASSERT_EQUAL(stats_sum(post.server.stats, STATS_cut_idle), 0);
    clock_pass(1);
    say_byte(&slow);
    await_bye(&slow);
    CU_ASSERT_EQUAL(stats_sum(post.server.stats, STATS_cut_idle), 1);
    ping(&other);
    hang_up(&slow);
    hang_up(&other);
    post_end(&post);
}

/* Where only the places are left that are kept for those who have a seat, one who takes none goes
 * again; those who came before do not notice. */
static void test_kept_places(void) {
    struct post post;
    struct caller early[STRANGERS_MAX];
    struct caller late;
    post_start(&post, (struct patience){NEVER_MS, NEVER_MS, NEVER_MS, NEVER_MS, SOON_MS});
    for (int i = 0; i < STRANGERS_MAX; i++) {
        call(&post, &early[i]);
        greet(&post, &early[i]);
    }
    call(&post, &late);
    greet(&post, &late);
    ping(&late);
    clock_pass(SOON_MS - 1);
    ping(&late);
    CU_ASSERT_EQUAL(stats_sum(post.server.stats, STATS_turned_away), 0);
    clock_run();
    await_end(&late, REFUSAL_TOO_MANY);
    CU_ASSERT_EQUAL(stats_sum(post.server.stats, STATS_turned_away), 1);
    for (int i = 0; i < STRANGERS_MAX; i++) {
        ping(&early[i]);
        hang_up(&early[i]);
    }
    hang_up(&late);
    post_end(&post);
}

static CU_TestInfo tests[] = {
    {"who takes none of the kept places goes again", test_kept_places},
    {"a frame that takes too long is the end", test_slow_frame},
    {"who does not shake hands is cut off", test_no_handshake},
    {"who does not end the handshake is cut off", test_endless_handshake},
    {"a proxy's header that does not end is cut off", test_endless_proxy_header},
    {"who says no hello is told and cut off", test_no_hello},
    {"who falls silent is told and cut off", test_nothing_heard},
    {"who speaks stays", test_who_speaks_stays},
    {"deadlines end with what they are for", test_deadlines_end},
    CU_TEST_INFO_NULL,
};

static CU_SuiteInfo suites[] = {
    {"patience", NULL, NULL, NULL, NULL, tests},
    CU_SUITE_INFO_NULL,
};

int main(void) {
    return test_main(suites);
}
