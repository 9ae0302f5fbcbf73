/* SPDX-License-Identifier: ISC */
/*
 * Purpose: replay: a seek to any event, either way, gives the state that folding up to it gives.
 */
#include "client/feed/recording.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/interview.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

static struct sample sample;

/* The interviewer's recording of a whole interview with debrief. Its events borrow from the
 * sample. */
static struct feed *open_feed(void) {
    interview_play(&sample, true);
    uint32_t *order = sample_array(sample.count, sizeof *order);
    uint32_t count = view_order(&sample.room, SAMPLE_HOST, sample.events, sample.count, order);
    struct recording rec = {.seat = SAMPLE_HOST, .role = ROLE_INTERVIEWER, .count = count};
    memcpy(rec.room, "abcdefghijkl", ROOM_ID_BYTES);
    rec.events = sample_array(count, sizeof *rec.events);
    for (uint32_t i = 0; i < count; i++) {
        rec.events[i] = view_event(&sample.events[order[i]], SAMPLE_HOST, i + 1);
    }
    free(order);
    struct feed *feed = feed_recording_new(&rec, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(feed);
    CU_ASSERT_EQUAL(feed->event_count, count);
    return feed;
}

static void close_feed(struct feed *feed) {
    feed->ops->free(feed);
    sample_free(&sample);
}

/* Whether the feed shows the fold of its first n events. */
static bool shows(const struct feed *feed, uint32_t n) {
    struct room room;
    room_init(&room);
    bool good = feed->model.room.pos == n;
    for (uint32_t i = 0; good && i < n; i++) {
        good = room_apply(&room, &feed->events[i], NULL, NULL) == APPLY_OK;
    }
    good = good && sample_same(&room, &feed->model.room);
    room_free(&room);
    return good;
}

static void test_seek_anywhere(void) {
    struct feed *feed = open_feed();
    uint32_t count = feed->event_count;
    for (uint32_t step = 1; step <= count; step += 7) {
        for (uint32_t i = 0; i <= count; i += step) {
            uint32_t n = i % 2 == 0 ? i : count - i;
            feed->ops->seek_event(feed, n);
            CU_ASSERT_TRUE(shows(feed, n));
        }
    }
    feed->ops->seek_event(feed, count + 1);
    CU_ASSERT_EQUAL(feed->model.room.pos, count);
    close_feed(feed);
}

static void test_seek_time(void) {
    struct feed *feed = open_feed();
    for (int64_t at = feed->last_at; at >= feed->first_at; at -= 17000) {
        feed->ops->seek(feed, at);
        uint32_t n = feed->model.room.pos;
        CU_ASSERT_TRUE(n == 0 || feed_recording_shown_at(feed, n - 1) <= at);
        CU_ASSERT_TRUE(n == feed->event_count || feed_recording_shown_at(feed, n) > at);
    }
    feed->ops->seek(feed, feed->first_at - 1000);
    CU_ASSERT_EQUAL(model_now(&feed->model, 1), feed->first_at);
    feed->ops->seek(feed, feed->last_at + 1000);
    CU_ASSERT_EQUAL(model_now(&feed->model, 1), feed->last_at);
    CU_ASSERT_EQUAL(feed->model.room.pos, feed->event_count);
    close_feed(feed);
}

/* The moment on the machine at which the replay shows a room time. */
static int64_t moment_of(const struct feed *feed, int64_t at) {
    const struct model *model = &feed->model;
    return model->base + ((at - model->offset) * model->rate_den + model->rate - 1) / model->rate;
}

static void test_play(void) {
    static const int speeds[][2] = {{1, 2}, {1, 1}, {64, 1}};
    struct feed *feed = open_feed();
    for (size_t i = 0; i < 3; i++) {
        feed->ops->seek(feed, feed->first_at);
        feed->ops->speed(feed, speeds[i][0], speeds[i][1]);
        for (uint32_t n = 1; n < feed->event_count && feed->speed_num != 0; n++) {
            int64_t at = feed_recording_shown_at(feed, n - 1);
            feed_recording_advance(feed, moment_of(feed, at));
            CU_ASSERT_TRUE(feed->model.room.pos >= n);
        }
        if (feed->speed_num != 0) { /* rounding to whole ms may have reached the end already */
            feed_recording_advance(feed, moment_of(feed, feed->last_at));
        }
        CU_ASSERT_EQUAL(feed->model.room.pos, feed->event_count);
        CU_ASSERT_EQUAL(feed->speed_num, 0); /* paused at the end */
        CU_ASSERT_TRUE(shows(feed, feed->event_count));
    }
    close_feed(feed);
}

/* With a bound on silences the replay goes to the event that ends a longer one, and no shorter one
 * is touched. */
static void test_idle(void) {
    struct feed *feed = open_feed();
    enum { IDLE = 5000 };
    int64_t played = 0;
    feed->idle_ms = IDLE;
    feed->ops->speed(feed, 1, 1);
    for (uint32_t n = feed->model.room.pos; n < feed->event_count && feed->speed_num != 0;) {
        int64_t from = n > 0 ? feed_recording_shown_at(feed, n - 1) : feed->first_at;
        int64_t gap = feed_recording_shown_at(feed, n) - from;
        int64_t wait = gap < IDLE ? gap : IDLE;
        if (wait > 1) { /* a moment before, nothing has happened */
            feed_recording_advance(feed, moment_of(feed, from + wait - 1));
            CU_ASSERT_EQUAL(feed->model.room.pos, n);
        }
        feed_recording_advance(feed, moment_of(feed, from + wait));
        CU_ASSERT_TRUE(feed->model.room.pos > n);
        played += wait;
        n = feed->model.room.pos;
    }
    CU_ASSERT_EQUAL(feed->model.room.pos, feed->event_count);
    CU_ASSERT_TRUE(played < (feed->last_at - feed->first_at) / 2);
    /* A silence counts from where one has gone to, too. */
    uint32_t n = 1;
    while (n < feed->event_count && feed_recording_shown_at(feed, n) <
                                        feed_recording_shown_at(feed, n - 1) + INT64_C(3) * IDLE) {
        n++;
    }
    CU_ASSERT_FATAL(n < feed->event_count);
    feed->ops->seek(feed, feed_recording_shown_at(feed, n - 1) + IDLE);
    feed->ops->speed(feed, 1, 1);
    feed_recording_advance(feed, feed->model.base + IDLE - 1);
    CU_ASSERT_EQUAL(feed->model.room.pos, n);
    feed_recording_advance(feed, feed->model.base + IDLE);
    CU_ASSERT_EQUAL(feed->model.room.pos, n + 1);
    close_feed(feed);
}

static void test_read_only(void) {
    struct feed *feed = open_feed();
    struct body body = body_plain(ACTION_CLOCK_START);
    CU_ASSERT_FALSE(feed->ops->send(feed, &body));
    CU_ASSERT_TRUE(feed->model.message_bad);
    CU_ASSERT_FALSE(feed->ops->invite(feed, ROLE_COACH));
    CU_ASSERT_EQUAL(feed->model.pending_count, 0);
    close_feed(feed);
}

/* What cannot be applied ends the recording there; nothing before it is lost. */
static void test_broken(void) {
    struct recording rec = {.seat = SAMPLE_HOST, .role = ROLE_INTERVIEWER, .count = 3};
    sample_open(&sample, 0);
    rec.events = sample_array(3, sizeof *rec.events);
    for (uint32_t i = 0; i < 2; i++) {
        rec.events[i] = view_event(&sample.events[i], SAMPLE_HOST, i + 1);
    }
    rec.events[2] = view_event(&sample.events[0], SAMPLE_HOST, 3); /* a second opening */
    struct feed *feed = feed_recording_new(&rec, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(feed);
    CU_ASSERT_EQUAL(feed->event_count, 2);
    feed->ops->seek(feed, feed->last_at);
    CU_ASSERT_EQUAL(feed->model.room.pos, 2);
    close_feed(feed);
}

static CU_TestInfo tests[] = {{"any event, forwards and backwards", test_seek_anywhere},
                              {"any time, and past both ends", test_seek_time},
                              {"playing at three speeds", test_play},
                              {"silences cut short", test_idle},
                              {"nothing can be sent", test_read_only},
                              {"an event that does not fit ends it", test_broken},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"feed recording", NULL, NULL, NULL, NULL, tests},
                                CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
