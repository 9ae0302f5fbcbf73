/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what must hold for every log, tried on random ones: random authors, actions, ids,
 * moments and malformed bodies from a seeded generator. SPAR_PROPERTY_SEED and SPAR_PROPERTY_ROUNDS
 * choose other and longer runs; a failing round prints the seed that repeats it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/room/digest.h"
#include "protocol/room/view.h"
#include "tests/support/any_command.h"
#include "tests/support/test_main.h"
#include "tests/support/wire.h"

enum { ROUNDS = 60, COMMANDS = 220 };

/* Runs a property for each seed and names the first seed that fails. */
static void for_each_seed(void (*property)(struct dice *dice)) {
    static struct dice dice;
    uint64_t first = dice_setting("SPAR_PROPERTY_SEED", 1);
    uint64_t rounds = dice_setting("SPAR_PROPERTY_ROUNDS", ROUNDS);
    for (uint64_t seed = first; seed < first + rounds; seed++) {
        unsigned before = CU_get_number_of_failures();
        memset(&dice, 0, sizeof dice);
        dice.state = seed * 1000003;
        property(&dice);
        if (CU_get_number_of_failures() != before) {
            fprintf(stderr, "\nSPAR_PROPERTY_SEED=%llu SPAR_PROPERTY_ROUNDS=1 repeats this\n",
                    (unsigned long long)seed);
            return;
        }
    }
}

static void tick(struct dice *dice, struct sample *s) {
    s->now += any_below(dice, 30000);
    if (any_chance(dice, 20)) {
        s->now -= any_below(dice, 60000);
    }
}

/* Plays one random command and checks what holds of a single step. */
static void step(struct dice *dice, struct sample *s, struct room *twin) {
    struct command command = any_command(dice, s);
    struct event event;
    struct event again = {.pos = 1};
    uint32_t count = s->count;
    int64_t at = s->room.at;
    enum refusal decided = room_decide(&s->room, &command, s->now, &event);
    enum refusal refusal = sample_command(s, &command);
    CU_ASSERT_EQUAL(decided, refusal);
    if (s->count == count) {
        CU_ASSERT_TRUE(refusal != REFUSAL_NONE || event.pos == 0);
        CU_ASSERT_EQUAL(s->room.at, at);
        return;
    }
    CU_ASSERT_EQUAL(s->room.pos, count + 1);
    CU_ASSERT_TRUE(s->room.at >= at);
    CU_ASSERT_EQUAL(event.at, s->room.at);
    CU_ASSERT_TRUE(event.made <= event.at);
    /* The twin folds the event as it was decided, without a trip through its stored form. */
    CU_ASSERT_EQUAL(room_apply(twin, &event, NULL, NULL), APPLY_OK);
    if (command.id) {
        CU_ASSERT_EQUAL(s->room.seats[command.seat].last_id, command.id);
        CU_ASSERT_EQUAL(room_decide(&s->room, &command, s->now, &again), REFUSAL_NONE);
        CU_ASSERT_EQUAL(again.pos, 0);
    }
}

/* A room of either rules, under a pack of either format. */
static void open_any(struct dice *dice, struct sample *s) {
    struct pack *pack = any_chance(dice, 2) ? sample_pack() : sample_scored_pack();
    sample_open_as(s, pack,
                   (struct body){.has = F(rules) | F(extra),
                                 .mode = any_below(dice, 4),
                                 .rules = 1 + any_below(dice, ROOM_RULES),
                                 .extra = 25 * (int64_t)any_below(dice, 3)});
    pack_unref(pack);
}

static void play(struct dice *dice, struct sample *s, struct room *twin) {
    open_any(dice, s);
    CU_ASSERT_TRUE(sample_replay(s, s->count, twin));
    for (int i = 0; i < COMMANDS; i++) {
        tick(dice, s);
        step(dice, s, twin);
    }
    /* Half of the rooms end in a debrief with some talk after it. */
    if (any_chance(dice, 2)) {
        (void)sample_do(s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START));
        (void)sample_do(s, SAMPLE_HOST, body_plain(ACTION_CLOCK_FINISH));
        (void)sample_do(s, SAMPLE_HOST, body_plain(ACTION_DEBRIEF_OPEN));
        room_free(twin);
        CU_ASSERT_TRUE(sample_replay(s, s->count, twin));
        for (int i = 0; i < COMMANDS / 4; i++) {
            tick(dice, s);
            step(dice, s, twin);
        }
    }
}

static void replay_gives_the_state(struct dice *dice) {
    struct sample s;
    struct room twin;
    struct room replayed;
    play(dice, &s, &twin);
    CU_ASSERT_TRUE(sample_same(&s.room, &twin));
    CU_ASSERT_TRUE(sample_replay(&s, s.count, &replayed));
    CU_ASSERT_TRUE(sample_same(&s.room, &replayed));
    /* What has been taken once is ignored for ever after. */
    for (uint32_t i = 0; i < s.count; i++) {
        CU_ASSERT_EQUAL(room_apply(&replayed, &s.events[i], NULL, NULL), APPLY_STALE);
    }
    CU_ASSERT_TRUE(sample_same(&s.room, &replayed));
    room_free(&replayed);
    room_free(&twin);
    sample_free(&s);
}

/* From now on the seat is somebody else's, with ids and a view of their own. */
static bool changes_hands(const struct event *event) {
    return event->body.act == ACTION_SEAT_MOVE || event->body.act == ACTION_SEAT_OUT;
}

static void ids_rise_and_time_does_not_turn(struct dice *dice) {
    struct sample s;
    struct room twin;
    uint32_t last[256] = {0};
    play(dice, &s, &twin);
    for (uint32_t i = 0; i < s.count; i++) {
        const struct event *event = &s.events[i];
        CU_ASSERT_EQUAL(event->pos, i + 1);
        CU_ASSERT_TRUE(i == 0 || event->at >= event[-1].at);
        CU_ASSERT_TRUE(event->by == SEAT_SERVER ? event->id == 0 : event->id > last[event->by]);
        last[event->by] = event->id;
        if (changes_hands(event)) {
            last[event->body.seat] = 0;
        }
    }
    room_free(&twin);
    sample_free(&s);
}

/* A copy of the fold of events[0..cut), then the tail. */
static void check_split(const struct sample *s, uint32_t cut) {
    struct room head;
    struct room tail;
    CU_ASSERT_TRUE(sample_replay(s, cut, &head));
    CU_ASSERT_TRUE_FATAL(room_copy(&tail, &head));
    CU_ASSERT_TRUE(sample_same(&head, &tail));
    for (uint32_t i = cut; i < s->count; i++) {
        CU_ASSERT_EQUAL(room_apply(&tail, &s->events[i], NULL, NULL), APPLY_OK);
    }
    CU_ASSERT_TRUE(sample_same(&s->room, &tail));
    room_free(&head);
    room_free(&tail);
}

static void any_split_gives_the_state(struct dice *dice) {
    struct sample s;
    struct room twin;
    play(dice, &s, &twin);
    for (int i = 0; i < 6; i++) {
        check_split(&s, any_below(dice, s.count + 1));
    }
    check_split(&s, 0);
    check_split(&s, s.count);
    room_free(&twin);
    sample_free(&s);
}

/* Numbering of one seat over all prefixes: counts agree, and what has a number keeps it. */
static void check_numbering(const struct sample *s, uint8_t seat, uint32_t *order,
                            uint32_t *earlier) {
    struct room fold;
    uint32_t n = 0;
    room_init(&fold);
    for (uint32_t count = 1; count <= s->count; count++) {
        CU_ASSERT_EQUAL(room_apply(&fold, &s->events[count - 1], NULL, NULL), APPLY_OK);
        if (seat >= fold.seat_count && seat < s->room.seat_count) {
            continue; /* the view begins when the seat is taken */
        }
        uint32_t now = view_order(&fold, seat, s->events, count, order);
        CU_ASSERT_EQUAL(now, view_count(&fold, seat));
        n = changes_hands(&s->events[count - 1]) && s->events[count - 1].body.seat == seat ? 0 : n;
        CU_ASSERT_TRUE(now >= n && memcmp(order, earlier, n * sizeof *order) == 0);
        memcpy(earlier, order, now * sizeof *order);
        n = now;
    }
    room_free(&fold);
}

static void views_are_numbered_densely(struct dice *dice) {
    struct sample s;
    struct room twin;
    play(dice, &s, &twin);
    uint32_t *order = sample_array((size_t)s.count * 2, sizeof *order);
    for (uint8_t seat = 0; seat <= s.room.seat_count; seat++) {
        check_numbering(&s, seat, order, order + s.count);
    }
    free(order);
    room_free(&twin);
    sample_free(&s);
}

/* A seat's view as bytes on the wire, one event after the other, and their ends. */
static uint32_t sent_bytes(const struct sample *s, uint8_t seat, struct mp_writer *w,
                           size_t *ends) {
    uint32_t *order = sample_array(s->count, sizeof *order);
    uint32_t n = view_order(&s->room, seat, s->events, s->count, order);
    for (uint32_t i = 0; i < n; i++) {
        const struct event *event = &s->events[order[i]];
        size_t start = w->len;
        event_write_sent(w, event, "abcdefghijkl", view_owns(&s->room, seat, event));
        CU_ASSERT_FALSE_FATAL(w->failed);
        event_patch_n(w->data + start, w->len - start, i + 1);
        ends[i] = w->len;
    }
    free(order);
    return n;
}

/* A client's fold from what it was sent is the fold of its view, for any two clients of the
 * seat. */
static void check_client(struct sample *s, uint8_t seat) {
    struct room seen;
    struct room client;
    struct mp_writer w;
    size_t *ends = sample_array(s->count, sizeof *ends);
    mp_writer_init(&w);
    room_init(&client);
    uint32_t n = sent_bytes(s, seat, &w, ends);
    for (uint32_t i = 0; i < n; i++) {
        struct event event;
        size_t start = i ? ends[i - 1] : 0;
        CU_ASSERT_EQUAL(mp_reader_parse(&s->reader, w.data + start, ends[i] - start), MP_OK);
        CU_ASSERT_TRUE(event_read_sent(&s->reader, &s->reader.root, &event));
        CU_ASSERT_EQUAL(room_apply(&client, &event, NULL, NULL), APPLY_OK);
    }
    CU_ASSERT_EQUAL(client.pos, n);
    CU_ASSERT_EQUAL(view_count(&client, seat), n);
    CU_ASSERT_EQUAL(client.at, s->room.at > client.at ? client.at : s->room.at);
    CU_ASSERT_TRUE(sample_view(s, seat, s->count, &seen));
    CU_ASSERT_TRUE(sample_same(&seen, &client));
    if (seat < s->room.seat_count) {
        CU_ASSERT_EQUAL(client.seats[seat].last_id, s->room.seats[seat].last_id);
        CU_ASSERT_EQUAL(client.seats[seat].last_n, s->room.seats[seat].last_n);
    }
    CU_ASSERT_EQUAL(client.stage, s->room.stage);
    CU_ASSERT_TRUE(sample_same_clock(&client, &s->room));
    room_free(&seen);
    room_free(&client);
    mp_writer_free(&w);
    free(ends);
}

static void clients_of_a_view_agree(struct dice *dice) {
    struct sample s;
    struct room twin;
    play(dice, &s, &twin);
    for (uint8_t seat = 0; seat < s.room.seat_count; seat++) {
        check_client(&s, seat);
    }
    room_free(&twin);
    sample_free(&s);
}

/* Any event at the next position either folds or leaves no trace. */
static void bad_events_leave_no_trace(struct dice *dice) {
    struct sample s;
    struct room twin;
    play(dice, &s, &twin);
    for (int i = 0; i < COMMANDS; i++) {
        enum action act = any_act(dice);
        struct event event = {.pos = twin.pos + 1,
                              .at = (int64_t)(dice_roll(&dice->state) >> any_below(dice, 64)),
                              .by = any_author(dice, &twin, act),
                              .id = any_chance(dice, 2) ? 0 : any_below(dice, 500),
                              .body = any_body(dice, &twin, act)};
        event.made = any_chance(dice, 4) ? (int64_t)dice_roll(&dice->state) : event.at;
        struct room before;
        CU_ASSERT_TRUE_FATAL(room_copy(&before, &twin));
        if (room_apply(&twin, &event, NULL, NULL) != APPLY_OK) {
            CU_ASSERT_TRUE(sample_same(&before, &twin));
        }
        room_free(&before);
    }
    room_free(&twin);
    sample_free(&s);
}

/* ---- a candidate learns nothing of the panel ---- */

static bool is_secret_of_panel(const struct room *room, enum action act, uint8_t by) {
    struct event event = {.by = by, .body = {.act = act}};
    enum audience audience = view_audience(room, &event);
    return !view_sees(room, SAMPLE_CANDIDATE, audience, by);
}

/* Whatever the panel and the server may write that the candidate must not notice. */
static void write_secretly(struct dice *dice, struct sample *s) {
    for (uint32_t i = any_below(dice, 4); i > 0; i--) {
        uint32_t own = s->ids[SAMPLE_CANDIDATE];
        struct command command = any_command(dice, s);
        enum action act = command.body.act;
        s->ids[SAMPLE_CANDIDATE] = own;
        if (act != ACTION_DEBRIEF_OPEN && act != ACTION_SEAT_INVITE &&
            command.seat != SAMPLE_CANDIDATE && is_secret_of_panel(&s->room, act, command.seat)) {
            (void)sample_command(s, &command);
        }
    }
}

/* By rules 2, with a secret, all of the pack is another that does not open with the start. */
static void open_public(struct dice *script, struct sample *s, bool other) {
    uint32_t mode = any_below(script, 2) ? MODE_GUIDED : 0;
    uint32_t rules = 1 + any_below(script, ROOM_RULES);
    struct pack *pack = other && rules >= 2 ? sample_other_pack(MOMENT_START) : sample_pack();
    sample_open_as(s, pack, (struct body){.has = F(rules), .mode = mode, .rules = rules});
    pack_unref(pack);
}

static bool opens_more(enum action act) {
    return act == ACTION_DEBRIEF_OPEN || act == ACTION_SHEET_OPEN;
}

/* The public part comes from `script`, the secret part, if any, from `secret`: the former alone
 * decides every `now` at which something public happens. */
static void play_public(struct dice *script, struct dice *secret, struct sample *s,
                        enum refusal *heard) {
    open_public(script, s, secret != NULL);
    (void)sample_do(s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START));
    for (int i = 0; i < COMMANDS; i++) {
        int64_t next = s->now + 1 + any_below(script, 20000);
        if (secret) {
            s->now += any_below(secret, (uint32_t)(next - s->now));
            write_secretly(secret, s);
        }
        s->now = next;
        enum action act = any_act(script);
        uint8_t seat = (uint8_t)any_below(script, SAMPLE_SEATS);
        seat = action_row(act)->who == W_SERVER ? SEAT_SERVER : seat;
        struct command command = {.seat = seat, .body = any_body(script, &s->room, act)};
        command.made = any_chance(script, 3) ? s->now - (int64_t)any_below(script, 40000) : 0;
        command.id = seat < ROOM_SEATS_MAX ? ++s->ids[seat] : 0;
        /* An invite shows when somebody uses it, so it belongs to the public part. */
        bool open = act == ACTION_SEAT_INVITE || !is_secret_of_panel(&s->room, act, seat);
        heard[i] = REFUSAL_NONE;
        if (!opens_more(act) && open) {
            enum refusal refusal = sample_command(s, &command);
            heard[i] = seat == SAMPLE_CANDIDATE ? refusal : REFUSAL_NONE;
        }
    }
}

/* Fills all that has a bound and that a candidate may not know of. */
static void fill_secretly(struct sample *s) {
    for (int i = 0; i < ROOM_SEAT_TOLD_MAX + 1; i++) {
        (void)sample_do(s, SAMPLE_HOST, body_text(ACTION_NOTE_PANEL, "x"));
        (void)sample_do(s, SAMPLE_COACH, body_text(ACTION_NOTE_MINE, "x"));
        (void)sample_do(s, SAMPLE_HOST, body_text(ACTION_NOTE_MINE, "x"));
    }
    for (int i = 0; i < ROOM_SEAT_PANEL_MAX; i++) {
        enum mark mark = i % 2 ? MARK_RAISED : MARK_PROMPTED;
        (void)sample_do(s, SAMPLE_HOST, body_mark(ACTION_MARK_SET, "item-0", mark));
        (void)sample_do(s, SAMPLE_COACH, body_mark(ACTION_SEAL_SET, "item-0", mark));
    }
}

/* What a candidate's commands are answered, up to and over each bound, whatever the panel has
 * written before. */
static void test_full_panel(void) {
    static const struct {
        enum action act;
        uint32_t count;
    } kinds[] = {{ACTION_TALK_SAY, ROOM_SEAT_SAID_MAX + 1},
                 {ACTION_NOTE_ALL, 1},
                 {ACTION_NOTE_MINE, ROOM_SEAT_NOTED_MAX + 1},
                 {ACTION_SELF_SET, ROOM_SEAT_OWN_MAX},
                 {ACTION_HAND_SET, 3}};
    struct sample plain;
    struct sample busy;
    sample_open(&plain, 0);
    sample_open(&busy, 0);
    (void)sample_do(&plain, SAMPLE_HOST, body_plain(ACTION_CLOCK_START));
    (void)sample_do(&busy, SAMPLE_HOST, body_plain(ACTION_CLOCK_START));
    fill_secretly(&busy);
    CU_ASSERT_EQUAL(sample_do(&busy, SAMPLE_HOST, body_text(ACTION_NOTE_PANEL, "x")),
                    REFUSAL_SEAT_LIMIT);
    CU_ASSERT_EQUAL(sample_do(&busy, SAMPLE_HOST, body_mark(ACTION_MARK_SET, "item-1", 2)),
                    REFUSAL_SEAT_LIMIT);
    unsigned limits = 0;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        for (uint32_t i = 0; i < kinds[k].count; i++) {
            struct body body = body_text(kinds[k].act, "x");
            if (kinds[k].act == ACTION_SELF_SET) {
                body = body_mark(ACTION_SELF_SET, "item-0", i % 2 ? MARK_RAISED : MARK_PROMPTED);
            } else if (kinds[k].act == ACTION_HAND_SET) {
                body = (struct body){.act = ACTION_HAND_SET, .has = F(on), .on = i % 2 == 0};
            }
            enum refusal refusal = sample_do(&plain, SAMPLE_CANDIDATE, body);
            CU_ASSERT_EQUAL(sample_do(&busy, SAMPLE_CANDIDATE, body), refusal);
            limits += refusal == REFUSAL_SEAT_LIMIT;
        }
    }
    CU_ASSERT_TRUE(limits >= 4); /* the bounds have been met */
    sample_free(&plain);
    sample_free(&busy);
}

/* Written by the panel in all rounds, a room may close before anybody writes; sealed marks of it.
 */
static uint32_t secrets, sealed;

static void a_candidate_learns_nothing(struct dice *dice) {
    static struct dice script;
    struct sample plain;
    struct sample busy;
    struct mp_writer one;
    struct mp_writer two;
    static size_t ends_one[COMMANDS * 5];
    static size_t ends_two[COMMANDS * 5];
    static enum refusal heard_one[COMMANDS];
    static enum refusal heard_two[COMMANDS];
    mp_writer_init(&one);
    mp_writer_init(&two);
    script = *dice;
    play_public(&script, NULL, &plain, heard_one);
    script = *dice;
    dice->state ^= UINT64_C(0x5bd1e995);
    play_public(&script, dice, &busy, heard_two);
    CU_ASSERT_EQUAL(memcmp(heard_one, heard_two, sizeof heard_one), 0);
    secrets += busy.count - plain.count;
    for (uint32_t i = 0; i < busy.count; i++) {
        sealed += busy.events[i].body.act == ACTION_SEAL_SET;
    }
    uint32_t n = sent_bytes(&plain, SAMPLE_CANDIDATE, &one, ends_one);
    CU_ASSERT_EQUAL(sent_bytes(&busy, SAMPLE_CANDIDATE, &two, ends_two), n);
    CU_ASSERT_TRUE(one.len == two.len && memcmp(one.data, two.data, one.len) == 0);
    CU_ASSERT_EQUAL(memcmp(ends_one, ends_two, n * sizeof *ends_one), 0);
    mp_writer_free(&one);
    mp_writer_free(&two);
    sample_free(&plain);
    sample_free(&busy);
}

static void test_replay(void) {
    for_each_seed(replay_gives_the_state);
}
static void test_order(void) {
    for_each_seed(ids_rise_and_time_does_not_turn);
}
static void test_splits(void) {
    for_each_seed(any_split_gives_the_state);
}
static void test_views(void) {
    for_each_seed(views_are_numbered_densely);
}
static void test_clients(void) {
    for_each_seed(clients_of_a_view_agree);
}
static void test_bad_events(void) {
    for_each_seed(bad_events_leave_no_trace);
}
static void test_secrecy(void) {
    secrets = sealed = 0;
    for_each_seed(a_candidate_learns_nothing);
    CU_ASSERT_TRUE(secrets > 0 && sealed > 0);
}

int main(void) {
    static CU_TestInfo tests[] = {
        {"replay of the log gives the live state", test_replay},
        {"ids rise and time does not turn back", test_order},
        {"any snapshot and its tail give the state", test_splits},
        {"every view is numbered densely, for ever", test_views},
        {"all clients of a view agree", test_clients},
        {"an event that does not fold leaves no trace", test_bad_events},
        {"a candidate learns nothing of what the panel writes", test_secrecy},
        {"nor of how much it writes, at any bound", test_full_panel},
        CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"property", NULL, NULL, NULL, NULL, tests},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
