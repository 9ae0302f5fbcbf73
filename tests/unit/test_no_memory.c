/* SPDX-License-Identifier: ISC */
/*
 * Purpose: memory that runs out in the core: whichever allocation fails, the call says so by its
 * own name, what it was given is as it was, nothing is leaked, and the same call afterwards gives
 * what it would have given.
 *
 * Every case runs once for each allocation that it makes, with that one failing, and once more with
 * none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/cohort/cohort.h"
#include "protocol/room/digest.h"
#include "protocol/wire/message.h"
#include "tests/support/board_play.h"
#include "tests/support/companion_play.h"
#include "tests/support/crowd.h"
#include "tests/support/pack_bodies.h"
#include "tests/support/recorded.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"
#include "tests/support/thin_memory.h"

static unsigned failures; /* how many allocations were made to fail, in all */

/* Switches the memory on again. Whether the allocation that was to fail had come: then there may be
 * one more. */
static bool end_failure(void) {
    bool had_come = thin_memory_end();
    failures += had_come;
    return had_come;
}

/* ---- rooms ---- */

static bool is_of(const struct room *room, const uint8_t digest[HASH_BYTES]) {
    uint8_t now[HASH_BYTES];
    return digest_room(room, now) && memcmp(now, digest, HASH_BYTES) == 0;
}

static struct body body_hand(bool on) {
    return (struct body){.act = ACTION_HAND_SET, .has = F(on), .on = on};
}

static void play_design(struct sample *s) {
    const struct body bodies[] = {
        body_plan(1),
        body_add(1, 60000),
        body_plain(ACTION_CLOCK_START),
        body_fact("fact-0"),
        body_curveball("curve-0"),
        body_phase(ACTION_CLOCK_JUMP, 1),
        body_plain(ACTION_CLOCK_PAUSE),
        body_plain(ACTION_CLOCK_RESUME),
        body_mark(ACTION_MARK_SET, "item-0", MARK_RAISED),
        body_flag("flag-0", true),
        body_text(ACTION_NOTE_MINE, "mine"),
        body_text(ACTION_NOTE_PANEL, "the panel's"),
        body_text(ACTION_NOTE_ALL, "everybody's"),
        {.act = ACTION_NOTE_MINE_SET, .has = F(line) | F(text), .text = span_of("anew")},
        {.act = ACTION_NOTE_PANEL_SET, .has = F(line)},
        {.act = ACTION_NOTE_ALL_SET, .has = F(line) | F(text), .text = span_of("for all")},
        body_text(ACTION_TALK_SAY, "said"),
        body_text(ACTION_TALK_WHISPER, "whispered"),
        body_hand(true),
        {.act = ACTION_CLOCK_DRIVE, .has = F(seat), .seat = SAMPLE_HOST},
        {.act = ACTION_ROOM_CALL, .has = F(call), .call = span_of("https://meet.example/a")}};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        s->now += 1000;
        CU_ASSERT_EQUAL(sample_do(s, SAMPLE_HOST, bodies[i]), REFUSAL_NONE);
    }
}

static void play_debrief(struct sample *s) {
    const struct body verdict = {.act = ACTION_VERDICT_GIVE,
                                 .has = F(recommend) | F(level) | F(keep) | F(change) | F(drill),
                                 .recommend = RECOMMEND_YES,
                                 .level = LEVEL_SENIOR,
                                 .keep = span_of("The numbers."),
                                 .change = span_of("The pace."),
                                 .drill = span_of("Failure modes.")};
    const struct body rating = {
        .act = ACTION_RATING_GIVE, .has = F(ratings), .ratings = {"\4\3\2\1", RATING_COUNT}};
    const struct body told = {.act = ACTION_VERDICT_IN, .has = F(seat), .seat = SAMPLE_HOST};
    const struct body answer = {.act = ACTION_ANSWER_SET,
                                .has = F(curveball) | F(mark),
                                .curveball = span_of("curve-0"),
                                .mark = ANSWER_WELL};
    CU_ASSERT_EQUAL(sample_do(s, SAMPLE_HOST, answer), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(s, SAMPLE_HOST, body_mark(ACTION_MARK_SET, "item-3", MARK_RAISED)),
                    REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(s, SAMPLE_HOST, verdict), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(s, SAMPLE_CANDIDATE, rating), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(s, SEAT_SERVER, told), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(s, SEAT_SERVER, body_plain(ACTION_VERDICT_OPEN)), REFUSAL_NONE);
}

static void play_changes(struct sample *s) {
    char hash[HASH_BYTES] = "a link";
    const struct body move = {.act = ACTION_SEAT_MOVE,
                              .has = F(seat) | F(invite),
                              .seat = SAMPLE_COACH,
                              .invite = {hash, sizeof hash}};
    const struct body out = {.act = ACTION_SEAT_OUT, .has = F(seat), .seat = SAMPLE_SECOND};
    CU_ASSERT_EQUAL(sample_do(s, SAMPLE_HOST, move), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(s, SAMPLE_HOST, out), REFUSAL_NONE);
}

/* A room in which every action of a room is done at least once. */
static void play(struct sample *s) {
    struct pack *pack = sample_pack_two();
    sample_open_as(s, pack, (struct body){.has = F(rules) | F(extra), .rules = 2, .extra = 25});
    pack_unref(pack);
    play_design(s);
    board_play(s);
    CU_ASSERT_EQUAL(sample_do(s, SAMPLE_COACH, body_drop("steered")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(s, SAMPLE_COACH, body_mark(ACTION_SEAL_SET, "item-2", MARK_RAISED)),
                    0);
    CU_ASSERT_EQUAL(
        sample_do(s, SAMPLE_COACH, (struct body){.act = ACTION_SEAT_WATCH, .has = F(on), .on = 1}),
        REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(s, SEAT_SERVER, body_gone(SAMPLE_SECOND, 1)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(s, SAMPLE_HOST, body_plain(ACTION_CLOCK_FINISH)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(s, SAMPLE_HOST, body_plain(ACTION_CLOCK_UNFINISH)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(s, SAMPLE_HOST, body_plain(ACTION_CLOCK_FINISH)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(s, SEAT_SERVER, body_plain(ACTION_SHEET_OPEN)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(
        sample_do(s, SAMPLE_CANDIDATE, body_mark(ACTION_SELF_SET, "item-1", MARK_RAISED)), 0);
    const struct body turn = {.act = ACTION_TURN_ASK, .has = F(on), .on = 1};
    CU_ASSERT_EQUAL(sample_do(s, SAMPLE_CANDIDATE, turn), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(s, SAMPLE_HOST, turn), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(s, SEAT_SERVER,
                              (struct body){.act = ACTION_ROOM_SWAP,
                                            .has = F(seat) | F(next),
                                            .seat = SAMPLE_CANDIDATE,
                                            .next = span_of("nextnextnext")}),
                    REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(s, SAMPLE_HOST, body_plain(ACTION_DEBRIEF_OPEN)), REFUSAL_NONE);
    play_debrief(s);
    companion_play(s);
    play_changes(s);
    CU_ASSERT_EQUAL(sample_do(s, SAMPLE_HOST, body_plain(ACTION_ROOM_CLOSE)), REFUSAL_NONE);
}

/* Whether the events hold every action that is a cohort's, or that is not. */
static void expect_every_action(const struct event *events, uint32_t count, bool cohort) {
    bool seen[ACTION_COUNT] = {false};
    for (uint32_t i = 0; i < count; i++) {
        seen[events[i].body.act] = true;
    }
    for (int act = ACTION_NONE + 1; act < ACTION_COUNT; act++) {
        const struct action_row *row = action_row((enum action)act);
        /* Of rooms to which nobody came, or with a time of their own; they allocate nothing. */
        bool apart = act == ACTION_ROOM_EXPIRE || act == ACTION_ROOM_KEEP;
        if (((row->when & S_COHORT) != 0) == cohort && !seen[act] && !apart) {
            printf("\n    %s is not among the events", row->wire);
            CU_FAIL("an action is left out");
        }
    }
}

/* Asserts what a call about an event gave, and says of which if it gave something else. */
static void expect(const char *call, enum action act, unsigned nth, int got, int wanted) {
    if (got != wanted) {
        printf("\n    %s of %s gave %d, not %d, at allocation %u", call, action_row(act)->wire, got,
               wanted, nth);
    }
    CU_ASSERT_EQUAL(got, wanted);
}

static void check_decide(const struct room *room, const struct event *event) {
    struct command command = {
        .seat = event->by, .id = event->id, .made = event->made, .body = event->body};
    size_t before = thin_memory_held();
    bool failed = true;
    for (unsigned nth = 1; failed; nth++) {
        struct event out;
        thin_memory_fail(nth);
        enum refusal refusal = room_decide(room, &command, event->at, &out);
        failed = end_failure();
        expect("deciding", event->body.act, nth, refusal, failed ? REFUSAL_INTERNAL : REFUSAL_NONE);
        CU_ASSERT_EQUAL(thin_memory_held(), before);
    }
}

/* One event at a room, whose digests before and after it are given. */
static void check_apply(const struct room *room, const struct event *event,
                        uint8_t digests[2][HASH_BYTES]) {
    size_t before = thin_memory_held();
    bool failed = true;
    for (unsigned nth = 1; failed; nth++) {
        struct room copy;
        CU_ASSERT_FATAL(room_copy(&copy, room));
        thin_memory_fail(nth);
        enum apply_result result = room_apply(&copy, event, NULL, NULL);
        failed = end_failure();
        expect("folding", event->body.act, nth, (int)result, failed ? APPLY_NO_MEMORY : APPLY_OK);
        CU_ASSERT(is_of(&copy, digests[!failed]));
        if (failed) {
            CU_ASSERT_EQUAL(room_apply(&copy, event, NULL, NULL), APPLY_OK);
            CU_ASSERT(is_of(&copy, digests[1]));
        }
        room_free(&copy);
        CU_ASSERT_EQUAL(thin_memory_held(), before);
    }
}

static void test_room(void) {
    struct sample s;
    struct room room;
    play(&s);
    expect_every_action(s.events, s.count, false);
    room_init(&room);
    unsigned before = failures;
    for (uint32_t i = 0; i < s.count; i++) {
        uint8_t digests[2][HASH_BYTES];
        struct room next;
        CU_ASSERT_FATAL(room_copy(&next, &room));
        CU_ASSERT_EQUAL_FATAL(room_apply(&next, &s.events[i], NULL, NULL), APPLY_OK);
        CU_ASSERT_FATAL(digest_room(&room, digests[0]) && digest_room(&next, digests[1]));
        check_decide(&room, &s.events[i]);
        check_apply(&room, &s.events[i], digests);
        room_free(&room);
        room = next;
    }
    CU_ASSERT(failures > before + s.count); /* most events need memory */
    room_free(&room);
    sample_free(&s);
}

/* Copies and digests of a room in which everything is. */
static void test_state(void) {
    struct sample s;
    uint8_t digest[HASH_BYTES];
    play(&s);
    CU_ASSERT_FATAL(digest_room(&s.room, digest));
    size_t before = thin_memory_held();
    bool failed = true;
    for (unsigned nth = 1; failed; nth++) {
        struct room copy;
        thin_memory_fail(nth);
        bool good = room_copy(&copy, &s.room);
        failed = end_failure();
        CU_ASSERT_EQUAL(good, !failed);
        CU_ASSERT(!good || is_of(&copy, digest));
        room_free(&copy);
        CU_ASSERT_EQUAL(thin_memory_held(), before);
    }
    failed = true;
    for (unsigned nth = 1; failed; nth++) {
        uint8_t other[HASH_BYTES];
        thin_memory_fail(nth);
        bool good = digest_room(&s.room, other);
        failed = end_failure();
        CU_ASSERT_EQUAL(good, !failed);
        CU_ASSERT_EQUAL(thin_memory_held(), before);
    }
    sample_free(&s);
}

/* ---- packs ---- */

static void test_pack(void) {
    struct pack *pack = sample_pack();
    struct pack_bodies bodies = pack_bodies_of(pack);
    size_t before = thin_memory_held();
    bool failed = true;
    for (unsigned nth = 1; failed; nth++) {
        struct pack_fault fault;
        thin_memory_fail(nth);
        struct pack *read = pack_read(pack_bodies_span(&bodies.public_body),
                                      pack_bodies_span(&bodies.panel_body), &fault);
        failed = end_failure();
        CU_ASSERT_EQUAL(read != NULL, !failed);
        CU_ASSERT(!failed || strstr(fault.what, mp_error_text(MP_NO_MEMORY)) != NULL);
        pack_unref(read);
        CU_ASSERT_EQUAL(thin_memory_held(), before);
    }
    failed = true;
    for (unsigned nth = 1; failed; nth++) {
        struct pack_fault fault;
        thin_memory_fail(nth);
        bool good = pack_check(pack, &fault);
        failed = end_failure();
        CU_ASSERT_EQUAL(good, !failed);
        CU_ASSERT(!failed || strstr(fault.what, mp_error_text(MP_NO_MEMORY)) != NULL);
        CU_ASSERT_EQUAL(thin_memory_held(), before);
    }
    pack_bodies_free(&bodies);
    pack_unref(pack);
}

static void play_member_move(struct crowd *c) {
    char hash[HASH_BYTES] = "a link";
    char key[HASH_BYTES] = "another key";
    struct body pass = body_member(ACTION_MEMBER_PASS, 2);
    pass.has |= F(invite) | F(until);
    pass.invite = (struct span){hash, sizeof hash};
    pass.until = c->now + COHORT_PASS_MS;
    CU_ASSERT_EQUAL(crowd_do(c, pass), REFUSAL_NONE);
    struct body move = body_member(ACTION_MEMBER_MOVE, 2);
    move.has |= F(key) | F(invite);
    move.key = (struct span){key, sizeof key};
    move.invite = pass.invite;
    CU_ASSERT_EQUAL(crowd_do(c, move), REFUSAL_NONE);
}

/* ---- cohorts ---- */

/* A cohort in which every action of a cohort is done at least once. */
static void gather(struct crowd *c) {
    struct lobby_match match = {.interviewer = 0, .candidate = 1, .pack = 0, .minutes = 0};
    crowd_open(c, 2, 6);
    CU_ASSERT_EQUAL(crowd_do(c, (struct body){.act = ACTION_COHORT_ROOM,
                                              .has = F(target) | F(text),
                                              .target = span_of("ownownownown"),
                                              .text = span_of("A room")}),
                    REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(c, body_target(ACTION_COHORT_IDLE, "ownownownown")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(c, body_target(ACTION_COHORT_ENDED, "ownownownown")), REFUSAL_NONE);
    for (int round = 0; round < 2; round++) {
        CU_ASSERT_EQUAL(crowd_wait(c, match.interviewer, ROLE_NONE), REFUSAL_NONE);
        CU_ASSERT_EQUAL(crowd_wait(c, match.candidate, ROLE_NONE), REFUSAL_NONE);
        CU_ASSERT_EQUAL(crowd_match(c, &match), REFUSAL_NONE);
        const char *room = crowd_room(c->rooms - 1);
        CU_ASSERT_EQUAL(crowd_do(c, body_target(ACTION_PAIR_OPEN, room)), REFUSAL_NONE);
        if (round == 0) {
            struct body came = body_target(ACTION_PAIR_CAME, room);
            came.has |= F(member);
            CU_ASSERT_EQUAL(crowd_do(c, came), REFUSAL_NONE);
            came.member = 1;
            CU_ASSERT_EQUAL(crowd_do(c, came), REFUSAL_NONE);
        } else {
            CU_ASSERT_EQUAL(crowd_do(c, body_target(ACTION_PAIR_FREE, room)), REFUSAL_NONE);
        }
        match.interviewer += 2;
        match.candidate += 2;
    }
    play_member_move(c);
    struct body report = body_target(ACTION_COHORT_REPORT, crowd_room(c->rooms - 2));
    report.has |= F(member) | F(moment) | F(text);
    report.text = span_of("What happened");
    CU_ASSERT_EQUAL(crowd_do(c, report), REFUSAL_NONE);
    struct body call = {
        .act = ACTION_COHORT_CALL, .has = F(call), .call = span_of("https://meet.example/x")};
    CU_ASSERT_EQUAL(crowd_do(c, call), REFUSAL_NONE);
    struct body avoid = body_target(ACTION_COHORT_AVOID, crowd_room(c->rooms - 2));
    avoid.has |= F(member) | F(on);
    avoid.on = 1;
    CU_ASSERT_EQUAL(crowd_do(c, avoid), REFUSAL_NONE);
    struct body evening = body_member(ACTION_COHORT_EVENING, 6);
    evening.has |= F(moment) | F(minutes) | F(text);
    evening.moment = c->now + 1000;
    evening.minutes = 90;
    evening.text = span_of("About it");
    CU_ASSERT_EQUAL(crowd_link(c, COHORT_COACH, 77), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_enter(c, 77, c->cohort.link_count - 1, "Kim"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(c, evening), REFUSAL_NONE);
    struct body coming = body_member(ACTION_COHORT_COMING, 5);
    coming.has |= F(moment) | F(on);
    coming.moment = evening.moment;
    coming.on = 1;
    CU_ASSERT_EQUAL(crowd_do(c, coming), REFUSAL_NONE);
    struct body admit = body_member(ACTION_COHORT_ADMIT, 5);
    admit.has |= F(on);
    CU_ASSERT_EQUAL(crowd_do(c, admit), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(c, 4, ROLE_NONE), REFUSAL_NONE);
    struct body gone = body_member(ACTION_PAIR_GONE, 4);
    gone.has |= F(session);
    gone.session = c->cohort.members[4].session;
    CU_ASSERT_EQUAL(crowd_do(c, gone), REFUSAL_NONE);
    struct body leave = body_member(ACTION_PAIR_LEAVE, 4);
    leave.has |= F(why);
    leave.why = LOBBY_WHY_LEFT;
    CU_ASSERT_EQUAL(crowd_do(c, leave), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(c, (struct body){.act = ACTION_COHORT_WITHDRAW,
                                              .has = F(link),
                                              .link = CROWD_STUDENTS}),
                    REFUSAL_NONE);
}

static bool cohort_is_of(const struct cohort *cohort, const uint8_t digest[HASH_BYTES]) {
    uint8_t now[HASH_BYTES];
    return cohort_digest(cohort, now) && memcmp(now, digest, HASH_BYTES) == 0;
}

/* The event of that index. */
static void check_cohort_event(const struct crowd *c, uint32_t index) {
    const struct event *event = &c->events[index];
    const struct command command = {.seat = SEAT_SERVER, .body = event->body};
    struct cohort cohort;
    struct cohort next;
    uint8_t digests[2][HASH_BYTES];
    size_t before = thin_memory_held();
    bool failed = true;
    for (unsigned nth = 1; failed; nth++) {
        struct event out;
        CU_ASSERT_FATAL(crowd_replay(c, index, &cohort) && crowd_replay(c, index + 1, &next));
        CU_ASSERT_FATAL(cohort_digest(&cohort, digests[0]) && cohort_digest(&next, digests[1]));
        thin_memory_fail(nth);
        enum refusal refusal = cohort_decide(&cohort, &command, event->at, &out);
        bool undecided = end_failure();
        expect("deciding", event->body.act, nth, refusal,
               undecided ? REFUSAL_INTERNAL : REFUSAL_NONE);
        thin_memory_fail(nth);
        enum apply_result result = cohort_apply(&cohort, event);
        failed = end_failure();
        expect("folding", event->body.act, nth, (int)result, failed ? APPLY_NO_MEMORY : APPLY_OK);
        CU_ASSERT(cohort_is_of(&cohort, digests[!failed]));
        if (failed) {
            CU_ASSERT_EQUAL(cohort_apply(&cohort, event), APPLY_OK);
            CU_ASSERT(cohort_is_of(&cohort, digests[1]));
        }
        failed = failed || undecided;
        cohort_free(&cohort);
        cohort_free(&next);
        CU_ASSERT_EQUAL(thin_memory_held(), before);
    }
}

static void test_cohort(void) {
    struct crowd c;
    gather(&c);
    expect_every_action(c.events, c.count, true);
    unsigned before = failures;
    for (uint32_t i = 0; i < c.count; i++) {
        check_cohort_event(&c, i);
    }
    CU_ASSERT(failures > before + c.count);
    size_t held = thin_memory_held();
    bool failed = true;
    for (unsigned nth = 1; failed; nth++) {
        uint8_t digest[HASH_BYTES];
        thin_memory_fail(nth);
        bool good = cohort_digest(&c.cohort, digest);
        failed = end_failure();
        CU_ASSERT_EQUAL(good, !failed);
        CU_ASSERT_EQUAL(thin_memory_held(), held);
    }
    crowd_free(&c);
}

/* ---- what is written and read ---- */

/* Appended whole or not at all, whatever stood there before. */
static void check_write(const struct message *message) {
    bool failed = true;
    for (unsigned nth = 1; failed; nth++) {
        struct mp_writer w;
        mp_writer_init(&w);
        mp_put_str(&w, "before");
        size_t len = w.len;
        thin_memory_fail(nth);
        bool good = message_write(&w, message);
        failed = end_failure();
        CU_ASSERT_EQUAL(good, !failed);
        CU_ASSERT(good ? w.len > len : w.len == len);
        mp_writer_reset(&w);
        CU_ASSERT(message_write(&w, message)); /* a writer can be used anew */
        mp_writer_free(&w);
    }
}

/* What does not fit in memory is never taken for what is broken. */
static void check_read(const struct message *message) {
    struct mp_writer w;
    mp_writer_init(&w);
    CU_ASSERT_FATAL(message_write(&w, message));
    bool failed = true;
    for (unsigned nth = 1; failed; nth++) {
        struct mp_reader r;
        struct message out;
        thin_memory_fail(nth);
        enum mp_error error = mp_reader_init(&r);
        if (error == MP_OK && message_read(&r, w.data + 4, w.len - 4, &out) != MSG_OK) {
            error = r.error;
        }
        mp_reader_free(&r);
        failed = end_failure();
        CU_ASSERT_EQUAL(error, failed ? MP_NO_MEMORY : MP_OK);
    }
    mp_writer_free(&w);
}

static void check_events(const struct sample *s) {
    for (uint32_t i = 0; i < s->count; i++) {
        bool failed = true;
        for (unsigned nth = 1; failed; nth++) {
            struct mp_writer w;
            struct mp_reader r;
            struct event out;
            mp_writer_init(&w);
            thin_memory_fail(nth);
            event_write_stored(&w, &s->events[i]);
            bool good = !w.failed && mp_reader_init(&r) == MP_OK;
            if (good) {
                good = event_read_stored(&r, w.data, w.len, &out);
                mp_reader_free(&r);
            }
            failed = end_failure();
            CU_ASSERT_EQUAL(good, !failed);
            mp_writer_free(&w);
        }
    }
}

static void test_wire(void) {
    struct sample s;
    play(&s);
    struct message event = {.kind = MESSAGE_EVENT, .room = span_of("roomroomroom")};
    event.event = s.events[s.count - 3];
    struct message host = {.kind = MESSAGE_HOST};
    host.host.id = 1;
    host.host.plan = -1;
    host.host.pack = s.events[0].body.pack;
    host.host.panel = s.events[1].body.pack;
    const struct message *const messages[] = {&event, &host};
    size_t before = thin_memory_held();
    for (size_t i = 0; i < 2; i++) {
        check_write(messages[i]);
        check_read(messages[i]);
    }
    check_events(&s);
    CU_ASSERT_EQUAL(thin_memory_held(), before);
    sample_free(&s);
}

static void test_recording(void) {
    struct sample s;
    size_t len;
    play(&s);
    char *bytes = recorded_bytes(&s, SAMPLE_HOST, "roomroomroom", &len);
    size_t before = thin_memory_held();
    bool failed = true;
    for (unsigned nth = 1; failed; nth++) {
        struct recording rec;
        char *copy = malloc(len);
        CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
        memcpy(copy, bytes, len);
        thin_memory_fail(nth);
        enum recording_fault fault = recording_parse(&rec, copy, len);
        failed = end_failure();
        CU_ASSERT_EQUAL(fault, failed ? RECORDING_NO_MEMORY : RECORDING_OK);
        recording_free(&rec);
        CU_ASSERT_EQUAL(thin_memory_held(), before);
    }
    free(bytes);
    sample_free(&s);
}

/* A record is appended whole, and the chain moved on, or neither. */
static void test_recording_write(void) {
    struct sample s;
    play(&s);
    struct recording rec = {.version = SPAR_RECORDING_VERSION, .room = "roomroomroom"};
    size_t before = thin_memory_held();
    bool failed = true;
    for (unsigned nth = 1; failed; nth++) {
        struct mp_writer w;
        uint8_t chain[HASH_BYTES] = {0};
        mp_writer_init(&w);
        thin_memory_fail(nth);
        bool good = recording_write_head(&w, &rec, 1);
        size_t head = w.len;
        bool more = good && recording_write_event(&w, rec.room, &s.events[0], false, chain);
        size_t record = w.len;
        bool end = more && recording_write_end(&w, &rec);
        failed = end_failure();
        CU_ASSERT_EQUAL(end, !failed);
        CU_ASSERT_EQUAL(head > 0, good);
        CU_ASSERT_EQUAL(record > head, more);
        CU_ASSERT_EQUAL(chain[0] != 0 || chain[1] != 0 || chain[2] != 0, more);
        CU_ASSERT_EQUAL(w.len > record, end);
        mp_writer_free(&w);
        CU_ASSERT_EQUAL(thin_memory_held(), before);
    }
    sample_free(&s);
}

static CU_TestInfo tests[] = {{"every event of a room", test_room},
                              {"copies, digests and snapshots", test_state},
                              {"packs", test_pack},
                              {"every event of a cohort", test_cohort},
                              {"messages and events on the wire", test_wire},
                              {"reading a recording", test_recording},
                              {"writing a recording", test_recording_write},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"no memory", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
