/* SPDX-License-Identifier: ISC */
/*
 * Purpose: batch mode against a feed that is only a table: lines in, order, waiting, lines out.
 */
#include "client/batch/batch.h"
#include "client/cmd/args.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "client/batch/json_event.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

static struct sample sample;
static struct feed feed;
static struct event_base *base;
static char *printed, *complained;
static size_t printed_size, complained_size;
static FILE *out, *errors;
static struct batch *batch;
static int done_count;
static enum batch_end done_status;
static int64_t now;

static int64_t read_now(void) {
    return now;
}

static void on_done(void *ctx, enum batch_end status) {
    (void)ctx;
    done_count++;
    done_status = status;
}

static bool fake_send(struct feed *of, const struct body *body) {
    return model_command(&of->model, body, 0) != NULL;
}

static bool fake_invite(struct feed *of, enum role role) {
    of->on_link(of, role, "https://a/link", of->ctx);
    return true;
}

static const struct feed_ops fake_ops = {.send = fake_send, .invite = fake_invite};

/* A live feed of the interviewer of the sample's room. */
static void open_all(void) {
    sample_open(&sample, 0);
    memset(&feed, 0, sizeof feed);
    feed.ops = &fake_ops;
    model_init(&feed.model);
    CU_ASSERT_TRUE_FATAL(sample_view(&sample, SAMPLE_HOST, sample.count, &feed.model.room));
    feed.model.seat = SAMPLE_HOST;
    feed.model.role = ROLE_INTERVIEWER;
    feed.model.connection = CONNECTION_LIVE;
    feed.model.next_id = sample.ids[SAMPLE_HOST] + 1;
    out = open_memstream(&printed, &printed_size);
    errors = open_memstream(&complained, &complained_size);
    base = event_base_new();
    done_count = 0;
    now = 0;
    feed.model.offset = sample.now;
    struct batch_options options = {.base = base,
                                    .feed = &feed,
                                    .out = out,
                                    .errors = errors,
                                    .done = on_done,
                                    .now_ms = read_now};
    batch = batch_new(&options);
    CU_ASSERT_PTR_NOT_NULL_FATAL(batch);
}

static void close_all(void) {
    batch_free(batch);
    event_base_free(base);
    fclose(out);
    fclose(errors);
    free(printed);
    free(complained);
    model_free(&feed.model);
    sample_free(&sample);
}

static void give(const char *lines, bool ended) {
    batch_feed(batch, lines, strlen(lines), ended);
}

/* The server's part: the oldest pending command becomes an event. */
static void confirm(void) {
    struct model *model = &feed.model;
    CU_ASSERT_TRUE_FATAL(model->pending_count > 0);
    struct command command = model->pending[0].command;
    CU_ASSERT_EQUAL_FATAL(sample_command(&sample, &command), REFUSAL_NONE);
    struct event event =
        view_event(&sample.events[sample.count - 1], SAMPLE_HOST, model->room.pos + 1);
    CU_ASSERT_EQUAL_FATAL(model_apply(model, &event), APPLY_OK);
    feed.on_event(&feed, &event, feed.ctx);
}

static bool says(const char *text) {
    fflush(out);
    return strstr(printed, text) != NULL;
}

static void test_commands(void) {
    open_all();
    give("{\"do\":\"clock.start\"}\n\n# a remark\n{\"do\":\"talk.say\",\"text\":\"h\\u00e4\"}\n",
         true);
    CU_ASSERT_EQUAL(feed.model.pending_count, 2);
    CU_ASSERT_EQUAL(done_count, 0);
    confirm();
    CU_ASSERT_TRUE(says("\"do\":\"clock.start\",\"id\":"));
    CU_ASSERT_EQUAL(done_count, 0);
    confirm();
    CU_ASSERT_TRUE(says("\"text\":\"h\\u00E4\""));
    CU_ASSERT_EQUAL(done_count, 1);
    CU_ASSERT_EQUAL(done_status, BATCH_DONE);
    close_all();
}

static void test_waits(void) {
    open_all();
    give("{\"wait\":\"stage\",\"stage\":\"running\"}\n{\"do\":\"talk.say\",\"text\":\"a\"}\n"
         "{\"wait\":\"sync\"}\n{\"do\":\"talk.say\",\"text\":\"b\"}\n{\"end\":true}\n"
         "{\"do\":\"talk.say\",\"text\":\"never\"}\n",
         false);
    CU_ASSERT_EQUAL(feed.model.pending_count, 0);
    struct body start = body_plain(ACTION_CLOCK_START);
    CU_ASSERT_TRUE(fake_send(&feed, &start));
    confirm();
    CU_ASSERT_EQUAL(feed.model.pending_count, 1); /* b waits for a */
    confirm();
    CU_ASSERT_EQUAL(feed.model.pending_count, 1);
    confirm();
    CU_ASSERT_EQUAL(feed.model.pending_count, 0);
    CU_ASSERT_EQUAL(done_count, 1);
    CU_ASSERT_FALSE(says("never"));
    close_all();
}

/* An event that came before the wait was read satisfies it, but only one wait. */
static void test_wait_event(void) {
    open_all();
    struct body say = body_text(ACTION_TALK_SAY, "x");
    CU_ASSERT_TRUE(fake_send(&feed, &say));
    confirm();
    give("{\"wait\":\"event\",\"do\":\"talk.say\"}\n{\"do\":\"note.mine\",\"text\":\"1\"}\n"
         "{\"wait\":\"event\",\"do\":\"talk.say\",\"text\":\"y\"}\n{\"do\":\"note.mine\",\"text\":"
         "\"2\"}\n",
         false);
    CU_ASSERT_EQUAL(feed.model.pending_count, 1);
    confirm();
    CU_ASSERT_TRUE(fake_send(&feed, &say));
    confirm();
    CU_ASSERT_EQUAL(feed.model.pending_count, 0);
    say = body_text(ACTION_TALK_SAY, "y");
    CU_ASSERT_TRUE(fake_send(&feed, &say));
    confirm();
    CU_ASSERT_EQUAL(feed.model.pending_count, 1);
    close_all();
}

/* `at` counts running time: it holds back until the start, and a pause does not count. */
static void test_at(void) {
    open_all();
    give("{\"do\":\"talk.say\",\"text\":\"a\",\"at\":5000}\n", false);
    CU_ASSERT_EQUAL(feed.model.pending_count, 0);
    struct body body = body_plain(ACTION_CLOCK_START);
    CU_ASSERT_TRUE(fake_send(&feed, &body));
    confirm();
    CU_ASSERT_EQUAL(feed.model.pending_count, 0);
    now = 4000;
    sample.now += 4000;
    body = body_plain(ACTION_CLOCK_PAUSE);
    CU_ASSERT_TRUE(fake_send(&feed, &body));
    confirm();
    now = 20000;
    sample.now += 16000;
    body = body_plain(ACTION_CLOCK_RESUME);
    CU_ASSERT_TRUE(fake_send(&feed, &body));
    confirm();
    CU_ASSERT_EQUAL(feed.model.pending_count, 0);
    now = 21000;
    sample.now += 1000;
    give("", false); /* as the timer would */
    CU_ASSERT_EQUAL(feed.model.pending_count, 1);
    close_all();
}

static void test_replies(void) {
    open_all();
    give("{\"invite\":\"coach\"}\n{\"digest\":true}\n", false);
    CU_ASSERT_TRUE(says("{\"link\":{\"role\":\"coach\",\"link\":\"https://a/link\"}}\n"));
    CU_ASSERT_TRUE(says("{\"digest\":{\"n\":"));
    feed.on_refused(&feed, 7, REFUSAL_NO_SUCH_ITEM, feed.ctx);
    CU_ASSERT_TRUE(says("{\"refused\":{\"id\":7,\"why\":\"no-such-item\",\"text\":"));
    feed.on_kept(&feed, 8, feed.ctx);
    CU_ASSERT_TRUE(says("{\"kept\":{\"id\":8}}\n"));
    feed.model.connection = CONNECTION_WAITING;
    feed.on_state(&feed, feed.ctx);
    CU_ASSERT_TRUE(says("{\"state\":\"waiting\"}\n"));
    close_all();
}

/* Each is refused with its line's number, and nothing after it is taken. */
static const char *const bad[] = {
    "nonsense",
    "[1]",
    "{}",
    "{\"do\":\"dance\"}",
    "{\"do\":\"seat.gone\",\"seat\":1,\"session\":1}",
    "{\"do\":\"mark.set\",\"item\":\"item-0\"}",
    "{\"do\":\"mark.set\",\"item\":\"item-0\",\"mark\":\"great\"}",
    "{\"do\":\"mark.set\",\"item\":\"item-0\",\"mark\":3}",
    "{\"do\":\"mark.set\",\"item\":\"item-0\",\"mark\":1,\"color\":\"red\"}",
    "{\"do\":\"mark.set\",\"item\":\"a23456789012345678901234567890123\",\"mark\":1}",
    "{\"do\":\"clock.start\",\"at\":-1}",
    "{\"do\":\"clock.start\",\"at\":\"soon\"}",
    "{\"do\":\"clock.start\",\"do\":\"clock.start\"}",
    "{\"do\":\"clock.jump\",\"phase\":\"nowhere\"}",
    "{\"do\":\"clock.plan\",\"plan\":2,\"budgets\":[\"x\"]}",
    "{\"wait\":\"luck\"}",
    "{\"wait\":\"stage\",\"stage\":\"big\"}",
    "{\"wait\":\"event\",\"do\":\"dance\"}",
    "{\"wait\":\"sync\",\"for\":\"ever\"}",
    "{\"invite\":\"king\"}",
    "{\"end\":true,\"now\":1}",
    "{\"end\":true,\"limit\":1}",
    "{\"wait\":\"sync\",\"limit\":0}",
    "{\"wait\":\"sync\",\"limit\":86400001}",
    "{\"wait\":\"event\",\"do\":\"talk.say\",\"limit\":\"1\"}",
};

static void test_bad_lines(void) {
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        open_all();
        give("# first\n", false);
        give(bad[i], false);
        give("\n{\"do\":\"clock.start\"}\n", true);
        fflush(errors);
        CU_ASSERT_EQUAL(done_count, 1);
        CU_ASSERT_EQUAL(done_status, BATCH_BAD_LINE);
        CU_ASSERT_EQUAL(strncmp(complained, "spar: line 2: ", 14), 0);
        CU_ASSERT_EQUAL(feed.model.pending_count, 0);
        close_all();
    }
}

/* Only the wait that is not fulfilled ends the batch, and what stands behind it is not done. */
static void test_late(void) {
    static const char *const waits[] = {
        "{\"wait\":\"stage\",\"stage\":\"finished\",\"limit\":1}\n",
        "{\"wait\":\"event\",\"do\":\"talk.say\",\"limit\":1}\n",
        "{\"do\":\"clock.start\"}\n{\"wait\":\"sync\",\"limit\":1}\n"};
    for (size_t i = 0; i < sizeof waits / sizeof waits[0]; i++) {
        open_all();
        give("{\"wait\":\"stage\",\"stage\":\"lobby\",\"limit\":86400000}\n", false);
        give(waits[i], false);
        uint32_t pending = feed.model.pending_count;
        give("{\"do\":\"talk.say\",\"text\":\"too late\"}\n", true);
        while (done_count == 0) {
            CU_ASSERT_EQUAL_FATAL(event_base_loop(base, EVLOOP_ONCE), 0);
        }
        fflush(errors);
        CU_ASSERT_EQUAL(done_status, BATCH_FAILED);
        CU_ASSERT_EQUAL(strncmp(complained, "spar: line ", 11), 0);
        CU_ASSERT_PTR_NOT_NULL(strstr(complained, "has not come within its 1 ms."));
        CU_ASSERT_EQUAL(feed.model.pending_count, pending);
        close_all();
    }
    open_all();
    give("{\"do\":\"clock.start\"}\n{\"wait\":\"event\",\"do\":\"clock.start\",\"limit\":86400000}"
         "\n",
         true);
    confirm();
    CU_ASSERT_EQUAL(done_count, 1);
    CU_ASSERT_EQUAL(done_status, BATCH_DONE);
    CU_ASSERT_EQUAL(event_base_loop(base, EVLOOP_NONBLOCK), 1); /* no limit is left behind */
    close_all();
}

static void test_long_line(void) {
    static const char end[] = "{\"end\":true}";
    for (size_t len = BATCH_LINE_MAX; len <= BATCH_LINE_MAX + 1; len++) {
        struct batch_step step;
        char why[BATCH_WHY_MAX];
        char *line = malloc(len);
        CU_ASSERT_PTR_NOT_NULL_FATAL(line);
        memset(line, ' ', len);
        for (size_t i = 0; i < sizeof end - 1; i++) {
            line[i] = end[i];
        }
        bool good = batch_parse(line, len, &step, why);
        CU_ASSERT_EQUAL(good, len == BATCH_LINE_MAX);
        if (good) {
            batch_step_free(&step);
        }
        free(line);
    }
}

static void test_no_line_end(void) {
    open_all();
    char line[BATCH_LINE_MAX + 2];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    give(line, false);
    CU_ASSERT_EQUAL(done_status, BATCH_BAD_LINE);
    close_all();
    open_all();
    give("{\"do\":\"clock.start\"}", true); /* the last line may lack its end */
    CU_ASSERT_EQUAL(feed.model.pending_count, 1);
    close_all();
}

/* What is printed of an event can be given back as a command, field by field. */
static void test_json_round_trip(void) {
    struct body bodies[] = {
        body_mark(ACTION_MARK_SET, "item-0", MARK_PROMPTED),
        body_flag("flag-0", true),
        body_phase(ACTION_CLOCK_JUMP, 3),
        body_add(2, -60000),
        body_text(ACTION_NOTE_PANEL, "\"q\" \xc3\xa4"),
        body_plan(1),
    };
    sample_open(&sample, 0);
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        struct event event = {.pos = 1, .at = 5, .made = 5, .by = SAMPLE_HOST, .body = bodies[i]};
        json_t *object = json_event(&sample.room, &event);
        struct body again;
        char why[256];
        struct json_bytes bytes;
        json_object_del(object, "n");
        json_object_del(object, "by");
        json_object_del(object, "name");
        CU_ASSERT_TRUE_FATAL(json_command(object, sample.room.pack, &bytes, &again, why));
        CU_ASSERT_EQUAL(again.act, bodies[i].act);
        CU_ASSERT_EQUAL(again.has, bodies[i].has);
        CU_ASSERT_EQUAL(again.mark, bodies[i].mark);
        CU_ASSERT_EQUAL(again.phase, bodies[i].phase);
        CU_ASSERT_EQUAL(again.ms, bodies[i].ms);
        CU_ASSERT_EQUAL(again.on, bodies[i].on);
        CU_ASSERT_EQUAL(again.text.len, bodies[i].text.len);
        json_decref(object);
    }
    sample_free(&sample);
}

/* ---- from room to room, and pairing ---- */

static int moved_count, want_count, unwant_count;

static void on_moved(void *ctx) {
    (void)ctx;
    moved_count++;
}

static bool on_want(void *ctx, const json_t *wants, char *why) {
    (void)ctx;
    want_count++;
    snprintf(why, BATCH_WHY_MAX, "No such role.");
    return json_object_get(wants, "bad") == NULL;
}

static void on_unwant(void *ctx) {
    (void)ctx;
    unwant_count++;
}

/* As open_all, but of somebody who waits for a partner. */
static void open_pairing(void) {
    open_all();
    batch_free(batch);
    const struct batch_options options = {.base = base,
                                          .out = out,
                                          .errors = errors,
                                          .done = on_done,
                                          .moved = on_moved,
                                          .want = on_want,
                                          .unwant = on_unwant,
                                          .now_ms = read_now};
    moved_count = want_count = unwant_count = 0;
    batch = batch_new(&options);
    CU_ASSERT_PTR_NOT_NULL_FATAL(batch);
}

/* Lines for a room are held until there is one; lines about pairing are not. */
static void test_pairing_lines(void) {
    open_pairing();
    give("{\"pair\":{\"role\":\"candidate\"}}\n{\"unpair\":true}\n", false);
    CU_ASSERT_EQUAL(want_count, 1);
    CU_ASSERT_EQUAL(unwant_count, 1);
    give("{\"do\":\"talk.say\",\"text\":\"a\"}\n", true);
    CU_ASSERT_EQUAL(feed.model.pending_count, 0);
    CU_ASSERT_EQUAL(done_count, 0); /* the end of the input alone does not leave the queue */
    uint32_t pos = feed.model.room.pos;
    feed.model.room.pos = 0; /* not joined, whatever the connection does */
    batch_attach(batch, &feed);
    feed.on_state(&feed, feed.ctx);
    CU_ASSERT_EQUAL(feed.model.pending_count, 0);
    feed.model.room.pos = pos;
    feed.on_state(&feed, feed.ctx);
    CU_ASSERT_EQUAL(feed.model.pending_count, 1);
    confirm();
    CU_ASSERT_EQUAL(done_count, 1);
    close_all();
    open_pairing();
    give("{\"end\":true}\n", false);
    CU_ASSERT_EQUAL(done_count, 1);
    close_all();
    open_pairing();
    give("{\"pair\":{\"bad\":1}}\n", false);
    CU_ASSERT_EQUAL(done_status, BATCH_BAD_LINE);
    fflush(errors);
    CU_ASSERT_PTR_NOT_NULL(strstr(complained, "line 1: No such role."));
    close_all();
    open_all();
    give("{\"unpair\":true}\n", false); /* there is no queue to leave */
    CU_ASSERT_EQUAL(done_status, BATCH_BAD_LINE);
    close_all();
}

/* What follows a swap is for the second half; waiting for the event itself is not. */
static void test_second_half(void) {
    open_pairing();
    batch_attach(batch, &feed);
    give("{\"wait\":\"event\",\"do\":\"clock.start\"}\n{\"do\":\"talk.say\",\"text\":\"a\"}\n",
         false);
    memcpy(feed.model.room.next, "abcdefghijkl", ROOM_ID_BYTES);
    struct body start = body_plain(ACTION_CLOCK_START);
    CU_ASSERT_TRUE(fake_send(&feed, &start));
    confirm();
    CU_ASSERT_EQUAL(feed.model.pending_count, 0);
    CU_ASSERT_EQUAL(moved_count, 0);
    feed.on_change(&feed, feed.ctx);
    CU_ASSERT_EQUAL(moved_count, 1);
    batch_attach(batch, NULL);
    CU_ASSERT_PTR_NULL(feed.on_event);
    memset(feed.model.room.next, 0, sizeof feed.model.room.next);
    batch_attach(batch, &feed);
    feed.on_state(&feed, feed.ctx);
    CU_ASSERT_EQUAL(feed.model.pending_count, 1);
    close_all();
}

static void test_swap_lines(void) {
    static const char *const lines[] = {"{\"do\":\"room.swap\",\"pack\":3}\n",
                                        "{\"do\":\"room.swap\",\"seat\":3}\n",
                                        "{\"do\":\"room.swap\",\"on\":1}\n"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        open_all();
        give(lines[i], false);
        CU_ASSERT_EQUAL(done_status, BATCH_BAD_LINE);
        close_all();
    }
}

/* The room of the second rules, whose pack suggests. */
static void feed_view(uint8_t seat, enum role role) {
    room_free(&feed.model.room);
    CU_ASSERT_TRUE_FATAL(sample_view(&sample, seat, sample.count, &feed.model.room));
    feed.model.seat = seat;
    feed.model.role = role;
    feed.model.offset = sample.now;
}

static void happens_early_mark(uint8_t seat, enum role role) {
    CU_ASSERT_EQUAL(sample_do(&sample, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(
        sample_do(&sample, SAMPLE_HOST, body_mark(ACTION_MARK_SET, "item-4", MARK_RAISED)),
        REFUSAL_NONE);
    feed_view(seat, role);
    feed.on_event(&feed, &sample.events[sample.count - 1], feed.ctx);
}

/* What the rules suggest is printed once, to the panel. */
static void test_suggestions(void) {
    struct pack *pack = sample_pack_two();
    open_all();
    sample_free(&sample);
    sample_open_as(&sample, pack, (struct body){.has = F(rules), .rules = 2});
    pack_unref(pack);
    happens_early_mark(SAMPLE_HOST, ROLE_INTERVIEWER);
    CU_ASSERT_TRUE(says("{\"suggest\":{"));
    CU_ASSERT_TRUE(says("\"title\":"));
    size_t before = printed_size;
    feed.on_event(&feed, &sample.events[sample.count - 1], feed.ctx);
    fflush(out);
    CU_ASSERT_PTR_NULL(strstr(printed + before, "\"suggest\""));
    close_all();
}

static void test_no_suggestion_for_a_candidate(void) {
    struct pack *pack = sample_pack_two();
    open_all();
    sample_free(&sample);
    sample_open_as(&sample, pack, (struct body){.has = F(rules), .rules = 2});
    pack_unref(pack);
    happens_early_mark(SAMPLE_HOST, ROLE_CANDIDATE); /* even if it knew the rules */
    CU_ASSERT_FALSE(says("\"suggest\""));
    close_all();
}

static void finish_half(void) {
    struct body start = body_plain(ACTION_CLOCK_START), end = body_plain(ACTION_CLOCK_FINISH);
    CU_ASSERT_TRUE(fake_send(&feed, &start) && fake_send(&feed, &end));
    confirm();
    confirm();
}

/* Turning the roles needs both: the line asks, and what follows is held until the other side has
 * agreed and the second half is there, or has declined. */
static void test_turning(void) {
    open_all();
    finish_half();
    give("{\"do\":\"room.swap\"}\n{\"do\":\"talk.say\",\"text\":\"a\"}\n", false);
    CU_ASSERT_EQUAL_FATAL(feed.model.pending_count, 1);
    CU_ASSERT_EQUAL(feed.model.pending[0].command.body.act, ACTION_TURN_ASK);
    CU_ASSERT_EQUAL(feed.model.pending[0].command.body.on, 1);
    confirm();
    CU_ASSERT_EQUAL(feed.model.pending_count, 0); /* it waits, and asks once */
    feed.model.room.turn.agreed = true;
    feed.on_state(&feed, feed.ctx);
    CU_ASSERT_EQUAL(feed.model.pending_count, 0); /* the other side opens the room */
    feed.model.room.turn = (struct room_turn){0};
    feed.on_state(&feed, feed.ctx);
    CU_ASSERT_EQUAL_FATAL(feed.model.pending_count, 1); /* declined */
    CU_ASSERT_EQUAL(feed.model.pending[0].command.body.act, ACTION_TALK_SAY);
    close_all();
}

static CU_TestInfo tests[] = {
    {"what is suggested, once", test_suggestions},
    {"nothing suggested to a candidate", test_no_suggestion_for_a_candidate},
    {"pairing", test_pairing_lines},
    {"the second half", test_second_half},
    {"asking for the second half", test_swap_lines},
    {"turning needs both", test_turning},
    {"commands, their events, the end", test_commands},
    {"stage, sync and end", test_waits},
    {"events that have come and will come", test_wait_event},
    {"the time of the interview", test_at},
    {"what is printed", test_replies},
    {"lines that cannot be used", test_bad_lines},
    {"a wait over its limit", test_late},
    {"a line at its bound and past it", test_long_line},
    {"lines without an end", test_no_line_end},
    {"events as JSON and back", test_json_round_trip},
    CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"batch", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
