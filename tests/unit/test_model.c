/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the client's model: commands on their way, confirmed by events, refused, kept; its
 * clock.
 */
#include "client/feed/model.h"

#include <string.h>

#include "tests/support/sample.h"
#include "tests/support/test_main.h"

/* A model that has folded the interviewer's view of the sample so far. */
static void open_model(struct sample *s, struct model *model) {
    sample_open(s, 0);
    model_init(model);
    model->seat = SAMPLE_HOST;
    model->role = ROLE_INTERVIEWER;
    CU_ASSERT_TRUE_FATAL(sample_view(s, SAMPLE_HOST, s->count, &model->room));
}

/* The last event of the sample as this seat would get it. */
static struct event last_event(const struct sample *s, const struct model *model) {
    struct event event = s->events[s->count - 1];
    event.pos = model->room.pos + 1;
    return event;
}

static void test_on_its_way(void) {
    struct sample s;
    struct model model;
    bool waiting;
    open_model(&s, &model);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
    struct event event = last_event(&s, &model);
    CU_ASSERT_EQUAL(model_apply(&model, &event), APPLY_OK);
    model.next_id = s.ids[SAMPLE_HOST] + 1;
    char item[] = "item-1";
    struct body body = body_mark(ACTION_MARK_SET, item, MARK_RAISED);
    uint32_t before = model.revision;
    const struct model_pending *pending = model_command(&model, &body, 5);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pending);
    CU_ASSERT_TRUE(model.revision > before);
    memset(item, 'x', sizeof item - 1); /* the model has a copy of its own */
    CU_ASSERT_EQUAL(model_mark(&model, 1, &waiting), MARK_RAISED);
    CU_ASSERT_TRUE(waiting);
    CU_ASSERT_EQUAL(room_panel_mark(&model.room, 1), MARK_NOT_YET);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_mark(ACTION_MARK_SET, "item-1", MARK_RAISED)),
                    REFUSAL_NONE);
    event = last_event(&s, &model);
    CU_ASSERT_EQUAL(event.id, model.pending[0].command.id);
    CU_ASSERT_EQUAL(model_apply(&model, &event), APPLY_OK);
    CU_ASSERT_EQUAL(model.pending_count, 0);
    CU_ASSERT_EQUAL(model.kept_count, 1);
    CU_ASSERT_EQUAL(model_mark(&model, 1, &waiting), MARK_RAISED);
    CU_ASSERT_FALSE(waiting);
    CU_ASSERT_EQUAL(model_apply(&model, &event), APPLY_STALE);
    CU_ASSERT_EQUAL(model.kept_count, 1);
    model_free(&model);
    sample_free(&s);
}

static void test_refused_and_kept(void) {
    struct sample s;
    struct model model;
    open_model(&s, &model);
    struct body body = body_text(ACTION_TALK_SAY, "hello");
    uint32_t ids[3];
    for (int i = 0; i < 3; i++) {
        const struct model_pending *pending = model_command(&model, &body, 0);
        CU_ASSERT_PTR_NOT_NULL_FATAL(pending);
        ids[i] = pending->command.id;
    }
    CU_ASSERT_TRUE(ids[0] < ids[1] && ids[1] < ids[2]);
    model_refused(&model, ids[1], REFUSAL_WRONG_STAGE, span_of(""));
    CU_ASSERT_EQUAL(model.pending_count, 2);
    CU_ASSERT_STRING_EQUAL(model.message, refusal_sentence(REFUSAL_WRONG_STAGE));
    CU_ASSERT_TRUE(model.message_bad);
    model_kept(&model, ids[0], 9);
    model_kept(&model, ids[0], 9); /* a second answer changes nothing */
    CU_ASSERT_EQUAL(model.pending_count, 2);
    CU_ASSERT_EQUAL(model.pending[1].command.id, ids[2]);
    CU_ASSERT_TRUE(span_equal(model.pending[0].command.body.text, "hello"));
    model_free(&model);
    sample_free(&s);
}

/* A key that moves the clock is meant for what the screen shows: what was folded, and the own moves
 * that are on their way. */
static void test_says_what_it_saw(void) {
    struct sample s;
    struct model model;
    open_model(&s, &model);
    model.role = ROLE_INTERVIEWER;
    const struct body pause = body_plain(ACTION_CLOCK_PAUSE);
    const struct body talk = body_text(ACTION_TALK_SAY, "hello");
    const struct model_pending *pending = model_command(&model, &pause, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pending);
    int64_t folded = model.room.move_count;
    CU_ASSERT_TRUE(pending->command.body.has & F(seen));
    CU_ASSERT_EQUAL(pending->command.body.seen, folded);
    pending = model_command(&model, &talk, 0);
    CU_ASSERT_FALSE(pending->command.body.has & F(seen));
    pending = model_command(&model, &pause, 0);
    CU_ASSERT_EQUAL(pending->command.body.seen, folded + 1);
    /* While its past comes in it has shown nothing yet, and says nothing. */
    model.joined_n = model.room.pos + 1;
    CU_ASSERT_FALSE(model_command(&model, &pause, 0)->command.body.has & F(seen));
    model_refused(&model, pending->command.id, REFUSAL_STALE,
                  span_of("Kim paused the clock first."));
    CU_ASSERT_STRING_EQUAL(model.message, "Kim paused the clock first.");
    model_free(&model);
    sample_free(&s);
}

/* What is about people says how often seats and clock changed hands, and does not wait for the
 * moves of the clock, nor fall with one. */
static void test_says_whom_it_saw(void) {
    struct sample s;
    struct model model;
    open_model(&s, &model);
    model.role = ROLE_INTERVIEWER;
    model.room.hands = 7;
    const struct body pause = body_plain(ACTION_CLOCK_PAUSE);
    const struct body out = {.act = ACTION_SEAT_OUT, .has = F(seat), .seat = SAMPLE_COACH};
    struct model_pending *first = model_command(&model, &pause, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(first);
    uint32_t id = first->command.id;
    first->sent = true;
    const struct model_pending *second = model_command(&model, &out, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(second);
    CU_ASSERT_TRUE(second->command.body.has & F(seen));
    CU_ASSERT_EQUAL(second->command.body.seen, 7);
    CU_ASSERT_PTR_EQUAL(model_next(&model), second);
    model_refused(&model, id, REFUSAL_STALE, span_of("Kim paused the clock first."));
    CU_ASSERT_PTR_NOT_NULL(model_next(&model));
    model_free(&model);
    sample_free(&s);
}

/* "Kept" of a command whose event does not come: it was refused, and the answer lost with the
 * connection. */
static void test_lost_refusal(void) {
    struct sample s;
    struct model model;
    open_model(&s, &model);
    struct body body = body_text(ACTION_TALK_SAY, "hello");
    uint32_t ids[2];
    for (int i = 0; i < 2; i++) {
        const struct model_pending *pending = model_command(&model, &body, 0);
        CU_ASSERT_PTR_NOT_NULL_FATAL(pending);
        ids[i] = pending->command.id;
    }
    struct command second = {
        .seat = model.seat, .id = ids[1], .body = body_text(ACTION_TALK_SAY, "hello")};
    CU_ASSERT_EQUAL_FATAL(sample_command(&s, &second), REFUSAL_NONE);
    struct event event = view_event(&s.events[s.count - 1], model.seat, model.room.pos + 1);
    model_kept(&model, ids[0], event.pos);
    model_kept(&model, ids[1], event.pos);
    enum refusal why = REFUSAL_NONE;
    CU_ASSERT_EQUAL(model_lost(&model, &why), 0); /* the events up to it have not come yet */
    CU_ASSERT_EQUAL_FATAL(model_apply(&model, &event), APPLY_OK);
    CU_ASSERT_EQUAL(model.kept_count, 1);
    CU_ASSERT_FALSE(model_is_pending(&model, ids[1]));
    CU_ASSERT_EQUAL(model_lost(&model, &why), ids[0]);
    CU_ASSERT_EQUAL(why, REFUSAL_LOST);
    CU_ASSERT_STRING_EQUAL(model.message, refusal_sentence(REFUSAL_LOST));
    CU_ASSERT_EQUAL(model.kept_count, 1);
    CU_ASSERT_EQUAL(model.pending_count, 0);
    CU_ASSERT_EQUAL(model_lost(&model, &why), 0);
    model_free(&model);
    sample_free(&s);
}

static void test_bound(void) {
    struct model model;
    struct body body = body_plain(ACTION_CLOCK_START);
    model_init(&model);
    for (int i = 0; i < PENDING_COMMANDS_MAX; i++) {
        CU_ASSERT_PTR_NOT_NULL(model_command(&model, &body, 0));
    }
    CU_ASSERT_PTR_NULL(model_command(&model, &body, 0));
    CU_ASSERT_EQUAL(model.pending_count, PENDING_COMMANDS_MAX);
    CU_ASSERT_TRUE(strlen(model.message) > 0);
    model_free(&model);
}

static void test_now(void) {
    struct model model;
    model_init(&model);
    model.base = 1000;
    model.offset = 500000;
    model.rate = 60;
    CU_ASSERT_EQUAL(model_now(&model, 1010), 500600);
    model.rate = 1;
    model.rate_den = 2;
    CU_ASSERT_EQUAL(model_now(&model, 1010), 500005);
    model.rate = 0;
    CU_ASSERT_EQUAL(model_now(&model, 99999), 500000);
    model_free(&model);
}

static CU_TestInfo tests[] = {{"a mark shows at once and then as kept", test_on_its_way},
                              {"refused, kept, and kept again", test_refused_and_kept},
                              {"what moves the clock says what it saw", test_says_what_it_saw},
                              {"and whom, of what is about people", test_says_whom_it_saw},
                              {"a refusal lost with the connection", test_lost_refusal},
                              {"no more waiting commands than the bound", test_bound},
                              {"room time at any speed", test_now},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"model", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
