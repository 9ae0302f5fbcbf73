/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a seat's wish for the second half: one prompt after the other until the server takes
 * one, sent again after a loss with the same number, and done when the roles are turned; a link
 * that was withdrawn ends the seat; and what a newer server does goes by without a word.
 */
#include "client/feed/seat.h"

#include <string.h>

#include "tests/support/sample.h"
#include "tests/support/test_main.h"

enum { SENT_MAX = 16 };

static struct sample sample;
static struct feed_seat seat;
static struct message sent[SENT_MAX]; /* kinds and numbers only */
static int sent_count, refused_count;
static const char *failure;
static struct pack *packs[3];

static bool on_send(void *ctx, const struct message *message) {
    (void)ctx;
    CU_ASSERT_FATAL(sent_count < SENT_MAX);
    sent[sent_count++] = *message;
    return true;
}

static void on_changed(void *ctx) {
    (void)ctx;
}

static void on_failed(void *ctx, const char *why) {
    (void)ctx;
    failure = why;
}

static void on_refused(struct feed *feed, uint32_t id, enum refusal why, void *ctx) {
    (void)feed, (void)id, (void)why, (void)ctx;
    refused_count++;
}

static void tell_joined(void) {
    const struct message joined = {
        .kind = MESSAGE_JOINED,
        .room = span_of("abcdefghijkl"),
        .joined = {.seat = SAMPLE_HOST, .role = ROLE_INTERVIEWER, .session = 1, .last_id = 6}};
    feed_seat_message(&seat, &joined);
}

static void tell_refused(uint32_t id, enum refusal why) {
    const struct message refused = {.kind = MESSAGE_REFUSED, .refused = {.id = id, .why = why}};
    feed_seat_message(&seat, &refused);
}

static void begin(void) {
    static const struct feed_ops ops = {.send = feed_seat_send, .swap = feed_seat_swap};
    static const struct feed_seat_owner owner = {
        .send = on_send, .changed = on_changed, .failed = on_failed};
    struct invite invite = {.room = "abcdefghijkl", .role = ROLE_INTERVIEWER};
    sample_open(&sample, 0);
    feed_seat_init(&seat, &ops, &invite, "Ana", &owner);
    seat.feed.on_refused = on_refused;
    tell_joined();
    sent_count = refused_count = 0;
    failure = NULL;
    for (int i = 0; i < 3; i++) {
        packs[i] = pack_ref(sample.room.pack);
    }
}

static void end(void) {
    feed_seat_free(&seat);
    for (int i = 0; i < 3; i++) {
        pack_unref(packs[i]);
    }
    sample_free(&sample);
}

static bool swap(int count) {
    return seat.feed.ops->swap(&seat.feed, packs, count);
}

static void test_next_prompt(void) {
    begin();
    CU_ASSERT(swap(3));
    CU_ASSERT_EQUAL(sent[0].kind, MESSAGE_SWAP);
    CU_ASSERT_EQUAL(sent[0].swap.id, 7);
    CU_ASSERT_FALSE(swap(1)); /* one wish at a time */
    tell_refused(7, REFUSAL_PROMPT_SEEN);
    tell_refused(7, REFUSAL_PROMPT_SEEN); /* heard twice: that try is over */
    CU_ASSERT_EQUAL(sent_count, 2);
    CU_ASSERT_EQUAL(sent[1].swap.id, 8);
    CU_ASSERT_EQUAL(refused_count, 1);
    tell_refused(8, REFUSAL_PROMPT_SEEN);
    CU_ASSERT_EQUAL(sent[2].swap.id, 9);
    tell_refused(9, REFUSAL_PROMPT_SEEN);
    CU_ASSERT_EQUAL(sent_count, 3); /* there is no fourth */
    CU_ASSERT_EQUAL(refused_count, 2);
    CU_ASSERT_EQUAL(seat.feed.model.swap_id, 0);
    CU_ASSERT(swap(1)); /* and it can be wished for again */
    CU_ASSERT_EQUAL(sent[3].swap.id, 10);
    end();
}

static void test_other_refusals_end_it(void) {
    begin();
    CU_ASSERT(swap(3));
    tell_refused(7, REFUSAL_WRONG_STAGE);
    CU_ASSERT_EQUAL(sent_count, 1);
    CU_ASSERT_EQUAL(refused_count, 1);
    CU_ASSERT_EQUAL(seat.feed.model.swap_id, 0);
    CU_ASSERT_EQUAL(seat.swap_count, 0);
    /* A server that does not know the message names no number. */
    CU_ASSERT(swap(3));
    feed_seat_error(&seat, REFUSAL_UNKNOWN_MESSAGE);
    CU_ASSERT_EQUAL(seat.feed.model.swap_id, 0);
    CU_ASSERT_PTR_NULL(failure);
    end();
}

static void test_after_a_loss(void) {
    begin();
    CU_ASSERT(swap(2));
    feed_seat_down(&seat, 1000, "lost");
    CU_ASSERT_EQUAL(seat.feed.model.swap_id, 7);
    tell_joined();
    CU_ASSERT_EQUAL(sent_count, 2);
    CU_ASSERT_EQUAL(sent[1].kind, MESSAGE_SWAP);
    CU_ASSERT_EQUAL(sent[1].swap.id, 7);
    feed_seat_down(&seat, 1000, "lost");
    tell_refused(7, REFUSAL_WRONG_STAGE);
    tell_joined();
    CU_ASSERT_EQUAL(sent_count, 2);
    feed_seat_down(&seat, 1000, "lost");
    CU_ASSERT_FALSE(swap(1)); /* not while it is down */
    end();
}

/* The event came, but its answer was lost: the second sending is refused, and that does not
 * matter. */
static void test_came_true(void) {
    begin();
    CU_ASSERT(swap(1));
    seat.swapped_id = seat.feed.model.swap_id; /* as the event does */
    seat.feed.model.swap_id = 0;
    tell_refused(7, REFUSAL_SAME);
    CU_ASSERT_EQUAL(refused_count, 0);
    tell_refused(6, REFUSAL_SAME);
    CU_ASSERT_EQUAL(refused_count, 1);
    end();
}

static void test_withdrawn(void) {
    begin();
    tell_refused(3, REFUSAL_WITHDRAWN); /* of a command: no matter of the seat */
    CU_ASSERT_PTR_NULL(failure);
    tell_refused(0, REFUSAL_TOO_FAST);
    CU_ASSERT_PTR_NULL(failure);
    tell_refused(0, REFUSAL_WITHDRAWN);
    CU_ASSERT_PTR_NOT_NULL_FATAL(failure);
    CU_ASSERT_STRING_EQUAL(failure, refusal_sentence(REFUSAL_WITHDRAWN));
    end();
    begin();
    tell_refused(0, REFUSAL_MEMBER_MOVED);
    CU_ASSERT_PTR_NOT_NULL_FATAL(failure);
    CU_ASSERT_STRING_EQUAL(failure, refusal_sentence(REFUSAL_MEMBER_MOVED));
    end();
}

/* Events of the sample's log that have not been told yet. */
static uint32_t tell_log(uint32_t from) {
    struct message message = {.kind = MESSAGE_EVENT};
    for (uint32_t n = from; n < sample.count; n++) {
        message.event = sample.events[n];
        feed_seat_message(&seat, &message);
    }
    return sample.count;
}

static bool says(const char *words) {
    return strstr(seat.feed.model.message, words) != NULL;
}

/* A colleague's other mark where one's own was, who lost a seat and who drives are said; one's own
 * change, and what is of the past, are not. */
static void test_said(void) {
    begin();
    CU_ASSERT_EQUAL(sample_do(&sample, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), 0);
    CU_ASSERT_EQUAL(sample_do(&sample, SAMPLE_HOST, body_mark(ACTION_MARK_SET, "item-0", 1)), 0);
    uint32_t told = tell_log(0);
    CU_ASSERT_FALSE(says("changed a mark"));
    CU_ASSERT_EQUAL(sample_do(&sample, SAMPLE_COACH, body_mark(ACTION_MARK_SET, "item-0", 2)), 0);
    told = tell_log(told);
    CU_ASSERT(says("changed a mark of yours"));
    CU_ASSERT(says("raised, you had prompted"));
    CU_ASSERT_EQUAL(sample_do(&sample, SAMPLE_COACH, body_mark(ACTION_MARK_SET, "item-1", 2)), 0);
    CU_ASSERT_EQUAL(sample_do(&sample, SAMPLE_COACH, body_mark(ACTION_MARK_SET, "item-1", 1)), 0);
    seat.feed.model.message[0] = '\0';
    told = tell_log(told);
    CU_ASSERT_FALSE(says("changed a mark"));
    CU_ASSERT_EQUAL(sample_do(&sample, SAMPLE_HOST, body_flag("flag-0", true)), 0);
    CU_ASSERT_EQUAL(sample_do(&sample, SAMPLE_HOST, body_flag("flag-1", true)), 0);
    CU_ASSERT_EQUAL(sample_do(&sample, SAMPLE_HOST, body_flag("flag-1", false)), 0);
    told = tell_log(told);
    CU_ASSERT_FALSE(says(" a flag "));
    CU_ASSERT_EQUAL(sample_do(&sample, SAMPLE_COACH, body_flag("flag-0", false)), 0);
    told = tell_log(told);
    CU_ASSERT(says("withdrew a flag of yours"));
    CU_ASSERT_EQUAL(sample_do(&sample, SAMPLE_COACH, body_flag("flag-1", true)), 0);
    told = tell_log(told);
    CU_ASSERT(says("raised a flag that you had withdrawn"));
    const struct body drive = {.act = ACTION_CLOCK_DRIVE, .has = F(seat), .seat = SAMPLE_SECOND};
    CU_ASSERT_EQUAL(sample_do(&sample, SAMPLE_SECOND, drive), 0);
    told = tell_log(told);
    CU_ASSERT(says("Your colleague has the clock"));
    const struct body out = {.act = ACTION_SEAT_OUT, .has = F(seat), .seat = SAMPLE_COACH};
    CU_ASSERT_EQUAL(sample_do(&sample, SAMPLE_SECOND, out), 0);
    (void)tell_log(told);
    CU_ASSERT(says("out of the room"));
    end();
}

static void say_turn(uint8_t by, bool on) {
    const struct body body = {.act = ACTION_TURN_ASK, .has = F(on), .on = on};
    CU_ASSERT_EQUAL(sample_do(&sample, by, body), REFUSAL_NONE);
}

/* Who asked to turn the roles, or agreed to it, hears of it when the other side does not want it;
 * one's own word, and a colleague's, is no such news. */
static void test_declined(void) {
    begin();
    CU_ASSERT_EQUAL(sample_do(&sample, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&sample, SAMPLE_HOST, body_plain(ACTION_CLOCK_FINISH)), REFUSAL_NONE);
    say_turn(SAMPLE_HOST, true);
    uint32_t told = tell_log(0);
    CU_ASSERT_FALSE(says("declined"));
    say_turn(SAMPLE_CANDIDATE, false);
    told = tell_log(told);
    CU_ASSERT(says("has declined to turn the roles; they stay."));
    seat.feed.model.message[0] = '\0';
    say_turn(SAMPLE_CANDIDATE, true);
    say_turn(SAMPLE_CANDIDATE, false); /* their own ask, taken back */
    say_turn(SAMPLE_HOST, true);
    say_turn(SAMPLE_HOST, false);
    told = tell_log(told);
    CU_ASSERT_FALSE(says("declined"));
    say_turn(SAMPLE_CANDIDATE, true);
    say_turn(SAMPLE_HOST, true);
    say_turn(SAMPLE_CANDIDATE, false); /* once both had agreed */
    (void)tell_log(told);
    CU_ASSERT(says("has declined to turn the roles; they stay."));
    end();
}

static void test_newer_server(void) {
    begin();
    struct message message = {.kind = MESSAGE_EVENT};
    for (uint32_t n = 1; n <= sample.count; n++) {
        message.event = sample.events[n - 1];
        feed_seat_message(&seat, &message);
    }
    message.event = (struct event){.pos = sample.count + 1, .at = sample.now, .by = SEAT_SERVER};
    feed_seat_message(&seat, &message);
    CU_ASSERT_PTR_NULL(failure);
    CU_ASSERT_EQUAL(sent_count, 0); /* nothing is asked for again */
    CU_ASSERT_EQUAL(seat.feed.model.room.pos, sample.count + 1);
    CU_ASSERT_EQUAL(seat.feed.model.room.stage, STAGE_WAITING);
    end();
}

static CU_TestInfo tests[] = {
    {"the next prompt is tried", test_next_prompt},
    {"a mark of one's own that is changed, a seat that is lost, who drives", test_said},
    {"another refusal ends it", test_other_refusals_end_it},
    {"the same wish after a loss", test_after_a_loss},
    {"a wish that came true", test_came_true},
    {"a withdrawn link ends the seat", test_withdrawn},
    {"who asked hears of a decline", test_declined},
    {"an action of a newer server", test_newer_server},
    CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"feed_seat", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
