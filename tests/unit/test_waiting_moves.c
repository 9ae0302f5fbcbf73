/* SPDX-License-Identifier: ISC */
/*
 * Purpose: two interviewers press keys of the clock faster than answers come, over lines that
 * break: no command is ever carried out but on the very moves that its author's screen showed, and
 * every command has an outcome.
 */
#include <string.h>

#include "client/feed/model.h"
#include "tests/support/dice.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

enum { DESKS = 2, ROAD_MAX = 64, TOLD_MAX = 4096, STEPS = 400 };

/* What a screen showed when a key was pressed: so many folded moves, then these of its own. */
struct sight {
    uint32_t folded, count;
    uint32_t own[PENDING_COMMANDS_MAX];
};

struct desk {
    struct model model;
    uint8_t seat;
    uint32_t heard;          /* events of the log that have come in */
    uint32_t line[ROAD_MAX]; /* ids on their way to the server */
    uint32_t line_count;
    struct {
        uint32_t id, after;
        enum refusal why;
    } told[ROAD_MAX]; /* answers on their way back */
    uint32_t told_count;
    struct sight saw[TOLD_MAX]; /* by id */
    uint32_t pressed, outcomes;
};

static struct sample s;
static struct desk desks[DESKS];
static uint64_t dice;
static struct { uint32_t kept, refused, moot, held, fits; } met;

static uint32_t roll(uint32_t sides) {
    return (uint32_t)(dice_roll(&dice) % sides);
}

static bool is_move(enum action act) {
    return act >= ACTION_CLOCK_START && act <= ACTION_CLOCK_FINISH;
}

static void send_waiting(struct desk *desk) {
    struct model_pending *pending;
    while (desk->line_count < ROAD_MAX && (pending = model_next(&desk->model)) != NULL) {
        desk->line[desk->line_count++] = pending->command.id;
        pending->sent = true;
    }
    met.held += model_holds(&desk->model);
}

static struct body some_key(const struct desk *desk) {
    const struct room *room = &desk->model.room;
    switch (roll(6)) {
    case 0: return body_plain(ACTION_CLOCK_PAUSE);
    case 1: return body_plain(ACTION_CLOCK_RESUME);
    case 2: return body_add(room->clock.phase, 1000);
    case 3: return body_text(ACTION_TALK_SAY, "hello");
    default: return body_phase(ACTION_CLOCK_JUMP, roll(SAMPLE_PHASES));
    }
}

static void press(struct desk *desk) {
    struct body body = some_key(desk);
    struct sight saw = {.folded = desk->model.room.move_count};
    for (uint32_t i = 0; i < desk->model.pending_count; i++) {
        if (is_move(desk->model.pending[i].command.body.act)) {
            saw.own[saw.count++] = desk->model.pending[i].command.id;
        }
    }
    if (desk->model.pending_count >= 12) {
        return;
    }
    const struct model_pending *pending = model_command(&desk->model, &body, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pending);
    CU_ASSERT_FATAL(pending->command.id < TOLD_MAX);
    desk->saw[pending->command.id] = saw;
    desk->pressed++;
    send_waiting(desk);
}

/* The id of the log's n-th move if it is this seat's, or 0. */
static uint32_t own_move(uint8_t seat, uint32_t n) {
    for (uint32_t i = 0; i < s.count; i++) {
        if (is_move(s.events[i].body.act) && n-- == 0) {
            return s.events[i].by == seat ? s.events[i].id : 0;
        }
    }
    return 0;
}

static bool as_seen(const struct desk *desk, uint32_t id, uint32_t moves) {
    const struct sight *saw = &desk->saw[id];
    bool good = moves == saw->folded + saw->count;
    for (uint32_t i = 0; good && i < saw->count; i++) {
        good = own_move(desk->seat, saw->folded + i) == saw->own[i];
    }
    return good;
}

/* The server takes the next command of a line. */
static void deliver(struct desk *desk) {
    uint32_t id = desk->line[0];
    struct command command = {0};
    for (uint32_t i = 0; i < desk->model.pending_count; i++) {
        if (desk->model.pending[i].command.id == id) {
            command = desk->model.pending[i].command;
        }
    }
    memmove(desk->line, desk->line + 1, --desk->line_count * sizeof desk->line[0]);
    CU_ASSERT_EQUAL_FATAL(command.id, id);
    uint32_t moves = s.room.move_count;
    uint32_t before = s.count;
    s.now += roll(50);
    enum refusal why = sample_command(&s, &command);
    if (why != REFUSAL_NONE) {
        met.refused++;
        desk->told[desk->told_count].id = id;
        desk->told[desk->told_count].after = before;
        desk->told[desk->told_count++].why = why;
    } else if (is_move(command.body.act) && command.body.act != ACTION_CLOCK_ADD) {
        CU_ASSERT_TRUE(as_seen(desk, id, moves));
        met.kept++;
    }
}

static void settle(struct desk *desk, uint32_t before) {
    enum refusal why;
    while (model_lost(&desk->model, &why) != 0) {
        CU_ASSERT_EQUAL(why, REFUSAL_STALE);
        CU_ASSERT_PTR_NOT_NULL(strstr(desk->model.message, "dropped too"));
        met.moot++;
    }
    desk->outcomes += before - desk->model.pending_count;
    send_waiting(desk);
}

/* The next of what the server has to tell, in its order. */
static bool hear(struct desk *desk) {
    uint32_t before = desk->model.pending_count;
    if (desk->told_count > 0 && desk->told[0].after <= desk->heard) {
        uint32_t id = desk->told[0].id;
        enum refusal why = desk->told[0].why;
        memmove(desk->told, desk->told + 1, --desk->told_count * sizeof desk->told[0]);
        model_refused(&desk->model, id, why, span_of(""));
    } else if (desk->heard < s.count) {
        const struct event *event = &s.events[desk->heard++];
        struct event seen = view_event(event, desk->seat, desk->model.room.pos + 1);
        CU_ASSERT_EQUAL_FATAL(model_apply(&desk->model, &seen), APPLY_OK);
    } else {
        return false;
    }
    settle(desk, before);
    return true;
}

static void begin(void) {
    sample_open(&s, 0);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
    memset(desks, 0, sizeof desks);
    for (int i = 0; i < DESKS; i++) {
        struct desk *desk = &desks[i];
        desk->seat = i == 0 ? SAMPLE_HOST : SAMPLE_SECOND;
        model_init(&desk->model);
        desk->model.seat = desk->seat;
        desk->model.role = ROLE_INTERVIEWER;
        desk->model.next_id = s.ids[desk->seat] + 1;
        desk->heard = s.count;
        CU_ASSERT_TRUE_FATAL(sample_view(&s, desk->seat, s.count, &desk->model.room));
    }
}

static void step(struct desk *desk) {
    uint32_t what = roll(3);
    if (what == 0) {
        press(desk);
    } else if (what == 1 && desk->line_count > 0) {
        deliver(desk);
    } else {
        (void)hear(desk);
    }
}

static void drain(void) {
    for (bool more = true; more;) {
        more = false;
        for (int i = 0; i < DESKS; i++) {
            while (desks[i].line_count > 0) {
                deliver(&desks[i]);
                more = true;
            }
            while (hear(&desks[i])) {
                more = true;
            }
        }
    }
}

static void test_never_on_another_state(void) {
    uint64_t rounds = dice_setting("SPAR_PROPERTY_ROUNDS", 40);
    uint64_t seed = dice_setting("SPAR_PROPERTY_SEED", 1);
    memset(&met, 0, sizeof met);
    for (uint64_t round = 0; round < rounds; round++) {
        dice = seed * 1000003 + round;
        begin();
        for (int i = 0; i < STEPS; i++) {
            step(&desks[roll(DESKS)]);
        }
        drain();
        for (int i = 0; i < DESKS; i++) {
            CU_ASSERT_EQUAL(desks[i].outcomes, desks[i].pressed);
            CU_ASSERT_EQUAL(desks[i].model.pending_count, 0);
            model_free(&desks[i].model);
        }
        sample_free(&s);
    }
    CU_ASSERT_TRUE(met.kept > 100 && met.refused > 100 && met.moot > 100 && met.held > 100);
}

/* Another's move and the refusal of one's own make the same count: the second waiting command is
 * not carried out, and its author hears that it was dropped. */
static void test_the_same_count(void) {
    begin();
    struct desk *desk = &desks[0];
    const struct body add = body_add(0, INT64_C(-3600000)); /* below nothing: it is refused */
    const struct body jump = body_phase(ACTION_CLOCK_JUMP, 2);
    uint32_t first = model_command(&desk->model, &add, 0)->command.id;
    uint32_t second = model_command(&desk->model, &jump, 0)->command.id;
    send_waiting(desk);
    CU_ASSERT_EQUAL(desk->line_count, 1); /* the second waits for the outcome of the first */
    CU_ASSERT_EQUAL(desk->line[0], first);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_SECOND, body_phase(ACTION_CLOCK_JUMP, 1)), REFUSAL_NONE);
    deliver(desk);
    while (hear(desk)) {
    }
    CU_ASSERT_FALSE(model_is_pending(&desk->model, second));
    CU_ASSERT_EQUAL(desk->line_count, 0);
    CU_ASSERT_EQUAL(desk->model.room.clock.phase, 1);
    CU_ASSERT_EQUAL(s.room.clock.phase, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(desk->model.message, "What you did after it was dropped too."));
    for (int i = 0; i < DESKS; i++) {
        model_free(&desks[i].model);
    }
    sample_free(&s);
}

int main(void) {
    static CU_TestInfo tests[] = {
        {"never on another state than was seen", test_never_on_another_state},
        {"the same count by another's move", test_the_same_count},
        CU_TEST_INFO_NULL};
    CU_SuiteInfo suites[] = {{.pName = "waiting moves", .pTests = tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
