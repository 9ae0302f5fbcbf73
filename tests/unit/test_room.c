/* SPDX-License-Identifier: ISC */
/*
 * Purpose: who may do what, when and with which fields; seats and invites; ids and moments; the
 * bounds of a room; and that a fold takes each position once and refuses what could not have been
 * decided.
 */
#include <stdio.h>
#include <string.h>

#include "protocol/room/room.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

static struct sample s;

static enum refusal host(struct body body) {
    return sample_do(&s, SAMPLE_HOST, body);
}

static enum refusal raise_item(uint8_t seat, const char *item) {
    return sample_do(&s, seat, body_mark(ACTION_MARK_SET, item, MARK_RAISED));
}

static void run_interview(uint32_t mode) {
    sample_open(&s, mode);
    CU_ASSERT_EQUAL(host(body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
}

/* Every row of actions.def against every role and every stage: the table is the rule. */
static void test_roles_and_stages(void) {
    sample_open(&s, 0);
    for (int stage = STAGE_WAITING; stage <= STAGE_CLOSED; stage++) {
        s.room.stage = (enum stage)stage;
        for (int act = 1; act < ACTION_COHORT_OPEN; act++) {
            if (act == ACTION_ROOM_CLOSE) {
                continue; /* a coach's in other stages than an interviewer's: test_room_peer.c */
            }
            for (unsigned seat = 0; seat < SAMPLE_SEATS; seat++) {
                struct event event;
                struct command command = {
                    .seat = (uint8_t)seat, .id = 99, .body = {.act = (enum action)act}};
                const struct action_row *row = action_row((enum action)act);
                bool who = row->who & 1U << s.room.seats[seat].role;
                bool when = row->when & 1U << stage;
                enum refusal refusal = room_decide(&s.room, &command, s.now, &event);
                CU_ASSERT_EQUAL(refusal == REFUSAL_NOT_ALLOWED, !who);
                CU_ASSERT_EQUAL(refusal == REFUSAL_WRONG_STAGE, who && !when);
            }
        }
    }
    s.room.stage = STAGE_WAITING;
    sample_free(&s);
}

static void test_who_speaks(void) {
    sample_open(&s, 0);
    struct event event;
    struct command command = {.seat = SAMPLE_SEATS, .id = 1, .body = {.act = ACTION_TALK_SAY}};
    CU_ASSERT_EQUAL(room_decide(&s.room, &command, 1, &event), REFUSAL_NOT_A_MEMBER);
    command.seat = SEAT_SERVER;
    CU_ASSERT_EQUAL(room_decide(&s.room, &command, 1, &event), REFUSAL_ID_ORDER);
    command.id = 0;
    CU_ASSERT_EQUAL(room_decide(&s.room, &command, 1, &event), REFUSAL_NOT_ALLOWED);
    command.seat = SAMPLE_HOST;
    CU_ASSERT_EQUAL(room_decide(&s.room, &command, 1, &event), REFUSAL_ID_ORDER);
    command.id = 1;
    command.body.act = ACTION_COUNT;
    CU_ASSERT_EQUAL(room_decide(&s.room, &command, 1, &event), REFUSAL_UNKNOWN_ACTION);
    command.body.act = ACTION_NONE;
    CU_ASSERT_EQUAL(room_decide(&s.room, &command, 1, &event), REFUSAL_UNKNOWN_ACTION);
    sample_free(&s);
}

static void test_fields_and_their_bounds(void) {
    static char text[TEXT_MAX_BYTES + 1];
    run_interview(0);
    memset(text, 'x', sizeof text);
    struct body body = body_text(ACTION_TALK_SAY, "");
    CU_ASSERT_EQUAL(host(body_plain(ACTION_TALK_SAY)), REFUSAL_BAD_FIELD);
    CU_ASSERT_EQUAL(host(body), REFUSAL_BAD_FIELD);
    body.text = (struct span){text, TEXT_MAX_BYTES};
    CU_ASSERT_EQUAL(host(body), REFUSAL_NONE);
    body.text.len++;
    CU_ASSERT_EQUAL(host(body), REFUSAL_BAD_FIELD);
    body.text = (struct span){"a\0b", 3};
    CU_ASSERT_EQUAL(host(body), REFUSAL_BAD_FIELD);
    CU_ASSERT_EQUAL(host(body_mark(ACTION_MARK_SET, "item-0", (enum mark)3)), REFUSAL_BAD_FIELD);
    CU_ASSERT_EQUAL(host(body_phase(ACTION_CLOCK_JUMP, -1)), REFUSAL_BAD_FIELD);
    /* A field that the row does not name is dropped. */
    body = body_text(ACTION_TALK_SAY, "hello");
    body.has |= F(phase);
    CU_ASSERT_EQUAL(host(body), REFUSAL_NONE);
    CU_ASSERT_EQUAL(s.events[s.count - 1].body.has, F(text));
    sample_free(&s);
}

static void test_marks(void) {
    run_interview(0);
    CU_ASSERT_EQUAL(room_panel_mark(&s.room, 0), MARK_NOT_YET);
    CU_ASSERT_EQUAL(host(body_mark(ACTION_MARK_SET, "item-0", MARK_NOT_YET)), REFUSAL_SAME);
    CU_ASSERT_EQUAL(host(body_mark(ACTION_MARK_SET, "item-99", MARK_RAISED)), REFUSAL_NO_SUCH_ITEM);
    /* The candidate's own sheet comes into being first, and the panel's is found all the same. */
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_mark(ACTION_SELF_SET, "item-0", 1)),
                    REFUSAL_NONE);
    CU_ASSERT_EQUAL(raise_item(SAMPLE_HOST, "item-0"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(raise_item(SAMPLE_COACH, "item-0"), REFUSAL_SAME);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_COACH, body_mark(ACTION_MARK_SET, "item-0", 1)),
                    REFUSAL_NONE);
    CU_ASSERT_EQUAL(room_panel_mark(&s.room, 0), MARK_PROMPTED);
    const struct room_sheet *panel = room_sheet_of(&s.room, SEAT_SERVER);
    CU_ASSERT_PTR_EQUAL(panel, &s.room.sheets[0]);
    CU_ASSERT_EQUAL(panel->marks[0].by, SAMPLE_COACH);
    CU_ASSERT_EQUAL(panel->marks[0].n, s.room.pos);
    CU_ASSERT_EQUAL(room_sheet_of(&s.room, SAMPLE_CANDIDATE)->marks[0].mark, MARK_PROMPTED);
    CU_ASSERT_PTR_NULL(room_sheet_of(&s.room, SAMPLE_COACH));
    sample_free(&s);
}

static void test_flags(void) {
    run_interview(0);
    CU_ASSERT_EQUAL(host(body_flag("flag-1", false)), REFUSAL_SAME);
    CU_ASSERT_EQUAL(host(body_flag("flag-1", true)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(host(body_flag("flag-1", true)), REFUSAL_SAME);
    CU_ASSERT_EQUAL(host(body_flag("flag-1", false)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(host(body_flag("flag-9", true)), REFUSAL_NO_SUCH_FLAG);
    CU_ASSERT_EQUAL(s.room.flag_count, 1);
    CU_ASSERT_FALSE(s.room.flags[0].on);
    sample_free(&s);
}

static void test_facts_and_questions(void) {
    run_interview(0);
    CU_ASSERT_EQUAL(host(body_fact("fact-9")), REFUSAL_NO_SUCH_FACT);
    CU_ASSERT_EQUAL(host(body_fact("fact-1")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(host(body_fact("fact-1")), REFUSAL_SAME);
    CU_ASSERT_EQUAL(host(body_curveball("follow-0")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(host(body_curveball("nothing")), REFUSAL_NO_SUCH_FACT);
    /* The room's own text goes out, whatever the command said. */
    struct body body = body_fact("fact-2");
    body.has |= F(text);
    body.text = span_of("made up");
    CU_ASSERT_EQUAL(host(body), REFUSAL_NONE);
    CU_ASSERT_STRING_EQUAL(s.room.reveals[2].text, s.room.pack->facts[2].text);
    CU_ASSERT_STRING_EQUAL(s.room.reveals[1].id, "follow-0");
    CU_ASSERT_EQUAL(s.room.facts, 6);
    CU_ASSERT_EQUAL(s.room.thrown, UINT64_C(1) << SAMPLE_CURVEBALLS);
    sample_free(&s);
}

static void test_ids(void) {
    sample_open(&s, 0);
    struct command command = {
        .seat = SAMPLE_HOST, .id = 5, .body = body_text(ACTION_NOTE_ALL, "once")};
    uint32_t before = s.room.pos;
    CU_ASSERT_EQUAL(sample_command(&s, &command), REFUSAL_NONE);
    CU_ASSERT_EQUAL(s.room.pos, before + 1);
    CU_ASSERT_EQUAL(s.room.seats[SAMPLE_HOST].last_id, 5);
    /* The host sees all but the invites. */
    CU_ASSERT_EQUAL(s.room.seats[SAMPLE_HOST].last_n, before + 1 - SAMPLE_SEATS);
    struct event event = {.pos = 1};
    CU_ASSERT_EQUAL(room_decide(&s.room, &command, s.now, &event), REFUSAL_NONE);
    CU_ASSERT_EQUAL(event.pos, 0);
    command.id = 4;
    command.body.act = ACTION_NONE; /* whatever it is: its number has been used */
    CU_ASSERT_EQUAL(room_decide(&s.room, &command, s.now, &event), REFUSAL_NONE);
    CU_ASSERT_EQUAL(event.pos, 0);
    sample_free(&s);
}

static int64_t made_of(uint8_t seat, int64_t made) {
    struct event event;
    struct command command = {
        .seat = seat, .id = 1000, .made = made, .body = body_text(ACTION_NOTE_ALL, "x")};
    CU_ASSERT_EQUAL(room_decide(&s.room, &command, s.now, &event), REFUSAL_NONE);
    CU_ASSERT_TRUE(event.at >= s.room.at);
    return event.made;
}

static void test_made_is_bounded(void) {
    sample_open(&s, 0);
    s.now = 5000;
    CU_ASSERT_EQUAL(made_of(SAMPLE_HOST, 0), 5000);
    CU_ASSERT_EQUAL(made_of(SAMPLE_HOST, 6000), 5000);
    CU_ASSERT_EQUAL(made_of(SAMPLE_HOST, 3000), 3000);
    CU_ASSERT_EQUAL(made_of(SAMPLE_HOST, 1), 1000); /* not before it first came */
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_text(ACTION_NOTE_ALL, "at 5000")),
                    REFUSAL_NONE);
    s.now = 6000;
    CU_ASSERT_EQUAL(made_of(SAMPLE_HOST, 3000), 5000); /* not before its own last */
    CU_ASSERT_EQUAL(made_of(SAMPLE_COACH, 3000), 3000);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_text(ACTION_NOTE_PANEL, "at 6000")),
                    REFUSAL_NONE);
    s.now = 7000;
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body_gone(SAMPLE_CANDIDATE, 1)), REFUSAL_NONE);
    s.now = 8000;
    CU_ASSERT_EQUAL(sample_join(&s, SAMPLE_CANDIDATE + 1, 0, "Back"), REFUSAL_NONE);
    /* Not before the last thing for everybody; the panel's later note leaves no trace in it. */
    CU_ASSERT_EQUAL(made_of(SAMPLE_CANDIDATE, 3000), 5000);
    /* A clock that lags does not turn the room back. */
    s.now = 10;
    CU_ASSERT_EQUAL(made_of(SAMPLE_COACH, 0), 8000);
    sample_free(&s);
}

static void test_seats_and_invites(void) {
    sample_open(&s, 0);
    CU_ASSERT_EQUAL(sample_invite(&s, ROLE_COACH, 1), REFUSAL_SAME);
    CU_ASSERT_EQUAL(sample_join(&s, 77, 99, "Nobody"), REFUSAL_NO_SUCH_ROOM);
    CU_ASSERT_EQUAL(sample_join(&s, 77, 2, "Thief"), REFUSAL_LINK_USED);
    /* The owner comes again with the same link, under another name. */
    CU_ASSERT_EQUAL(sample_join(&s, 2, 2, "Renamed"), REFUSAL_NONE);
    const struct room_seat *seat = &s.room.seats[SAMPLE_CANDIDATE];
    CU_ASSERT_EQUAL(seat->session, 2);
    CU_ASSERT_STRING_EQUAL(seat->name, "Renamed");
    CU_ASSERT_EQUAL(s.room.seat_count, SAMPLE_SEATS);
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body_gone(SAMPLE_CANDIDATE, 1)), REFUSAL_SAME);
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body_gone(SAMPLE_CANDIDATE, 2)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body_gone(SAMPLE_CANDIDATE, 2)), REFUSAL_SAME);
    CU_ASSERT_FALSE(s.room.seats[SAMPLE_CANDIDATE].here);
    CU_ASSERT_EQUAL(sample_invite(&s, ROLE_CANDIDATE, 50), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_join(&s, 50, 50, "Second candidate"), REFUSAL_CANDIDATE_TAKEN);
    /* The seats that are free are for others. */
    CU_ASSERT_EQUAL(sample_invite(&s, ROLE_COACH, 51), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_join(&s, 51, 51, "Second coach"), REFUSAL_NONE);
    uint8_t key[HASH_BYTES];
    memset(key, 3, sizeof key);
    CU_ASSERT_EQUAL(room_seat_of_key(&s.room, key), SAMPLE_COACH);
    CU_ASSERT_EQUAL(room_invite_of_hash(&s.room, key), SAMPLE_COACH);
    memset(key, 200, sizeof key);
    CU_ASSERT_EQUAL(room_seat_of_key(&s.room, key), -1);
    CU_ASSERT_EQUAL(room_invite_of_hash(&s.room, key), -1);
    sample_free(&s);
}

/* The moment and the rules at which a room is given up that nobody came to. */
static void test_unjoined(void) {
    struct event event = {.by = SEAT_SERVER, .body = {.act = ACTION_ROOM_EXPIRE}};
    struct command command = {.seat = SEAT_SERVER, .body = {.act = ACTION_ROOM_EXPIRE}};
    sample_open(&s, 0);
    CU_ASSERT_EQUAL(room_expires_at(&s.room), -1); /* people came */
    CU_ASSERT_EQUAL(room_decide(&s.room, &command, s.now, &event), REFUSAL_SAME);
    uint8_t seats = s.room.seat_count;
    uint32_t rules = s.room.rules;
    s.room.seat_count = 0;
    s.room.rules = 1;
    CU_ASSERT_EQUAL(room_expires_at(&s.room), -1); /* a room of before keeps its links */
    s.room.rules = 2;
    int64_t moment = room_expires_at(&s.room);
    CU_ASSERT_EQUAL(moment, s.room.opened_at + ROOM_UNJOINED_MS);
    CU_ASSERT_EQUAL(room_decide(&s.room, &command, moment - 1, &event), REFUSAL_NONE);
    CU_ASSERT_EQUAL(room_apply(&s.room, &event, NULL, NULL), APPLY_INVALID);
    CU_ASSERT_EQUAL(room_decide(&s.room, &command, moment, &event), REFUSAL_NONE);
    CU_ASSERT_EQUAL(room_apply(&s.room, &event, NULL, NULL), APPLY_OK);
    CU_ASSERT_EQUAL(s.room.stage, STAGE_CLOSED);
    CU_ASSERT_EQUAL(room_expires_at(&s.room), -1);
    s.room.seat_count = seats;
    s.room.rules = rules;
    sample_free(&s);
}

static void test_bounds_of_seats_and_invites(void) {
    sample_open(&s, 0);
    int next = SAMPLE_SEATS + 1;
    for (; next <= ROOM_SEATS_MAX; next++) {
        CU_ASSERT_EQUAL(sample_invite(&s, ROLE_COACH, (uint8_t)next), REFUSAL_NONE);
        CU_ASSERT_EQUAL(sample_join(&s, (uint8_t)next, (uint8_t)next, "Coach"), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(s.room.seat_count, ROOM_SEATS_MAX);
    for (; next <= ROOM_OWN_INVITES_MAX; next++) {
        CU_ASSERT_EQUAL(sample_invite(&s, ROLE_COACH, (uint8_t)next), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(sample_invite(&s, ROLE_COACH, (uint8_t)next), REFUSAL_ROOM_LIMIT);
    CU_ASSERT_EQUAL(sample_join(&s, 200, ROOM_OWN_INVITES_MAX, "Too many"), REFUSAL_ROOM_FULL);
    sample_free(&s);
}

static enum refusal ask_link(uint8_t seat, uint8_t invite) {
    char hash[HASH_BYTES];
    memset(hash, invite, sizeof hash);
    return sample_do(&s, SEAT_SERVER,
                     (struct body){.act = ACTION_SEAT_INVITE,
                                   .has = F(role) | F(invite) | F(seat),
                                   .role = ROLE_INTERVIEWER,
                                   .seat = seat,
                                   .invite = {hash, HASH_BYTES}});
}

/* One interviewer's links use up neither another's nor those that the server keeps for coaches. */
static void test_links_have_shares(void) {
    sample_open(&s, 0);
    for (int i = 0; i < ROOM_SEAT_INVITES_MAX; i++) {
        CU_ASSERT_EQUAL(ask_link(0, (uint8_t)(100 + i)), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(ask_link(0, 99), REFUSAL_LINKS_USED_UP);
    CU_ASSERT_EQUAL(ask_link(0, 100), REFUSAL_SAME);
    CU_ASSERT_EQUAL(ask_link(1, 99), REFUSAL_NONE);
    for (int next = SAMPLE_SEATS + 1; next <= ROOM_OWN_INVITES_MAX; next++) {
        CU_ASSERT_EQUAL(sample_invite(&s, ROLE_COACH, (uint8_t)next), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(sample_invite(&s, ROLE_COACH, 90), REFUSAL_ROOM_LIMIT);
    CU_ASSERT_EQUAL(ask_link(1, 98), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_join(&s, 200, 98, "By a late link"), REFUSAL_NONE);
    sample_free(&s);
}

static void test_lines_belong_to_their_phase(void) {
    run_interview(0);
    CU_ASSERT_EQUAL(host(body_text(ACTION_NOTE_MINE, "first")), REFUSAL_NONE);
    s.now = 2000;
    CU_ASSERT_EQUAL(host(body_phase(ACTION_CLOCK_JUMP, 3)), REFUSAL_NONE);
    s.now = 3000;
    struct command late = {.seat = SAMPLE_COACH,
                           .id = 1,
                           .made = 1500,
                           .body = body_text(ACTION_TALK_WHISPER, "written offline")};
    CU_ASSERT_EQUAL(sample_command(&s, &late), REFUSAL_NONE);
    CU_ASSERT_EQUAL(host(body_text(ACTION_NOTE_ALL, "now")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(s.room.lines[0].phase, 0);
    CU_ASSERT_EQUAL(s.room.lines[0].kind, LINE_NOTE_MINE);
    CU_ASSERT_EQUAL(s.room.lines[1].phase, 0);
    CU_ASSERT_EQUAL(s.room.lines[1].at, 1500);
    CU_ASSERT_EQUAL(s.room.lines[1].kind, LINE_WHISPER);
    CU_ASSERT_EQUAL(s.room.lines[2].phase, 3);
    CU_ASSERT_EQUAL(s.room.lines[2].kind, LINE_NOTE_ALL);
    sample_free(&s);
}

static void test_opening(void) {
    sample_open(&s, 0);
    struct body open = s.events[0].body;
    struct body brief = s.events[1].body;
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, open), REFUSAL_WRONG_STAGE);
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, brief), REFUSAL_SAME);
    struct sample fresh;
    sample_new(&fresh);
    struct body bad = open;
    bad.pack.len--;
    CU_ASSERT_EQUAL(sample_do(&fresh, SEAT_SERVER, bad), REFUSAL_BAD_PACK);
    bad = open;
    bad.plan = 7;
    CU_ASSERT_EQUAL(sample_do(&fresh, SEAT_SERVER, bad), REFUSAL_NO_SUCH_PHASE);
    CU_ASSERT_EQUAL(sample_do(&fresh, SEAT_SERVER, brief), REFUSAL_WRONG_STAGE);
    open.has &= ~F(plan);
    CU_ASSERT_EQUAL(sample_do(&fresh, SEAT_SERVER, open), REFUSAL_NONE);
    CU_ASSERT_TRUE((fresh.events[0].body.has & F(plan)) != 0); /* the log says it outright */
    CU_ASSERT_FALSE(fresh.room.pack->has_panel);
    CU_ASSERT_EQUAL(sample_do(&fresh, SEAT_SERVER, open), REFUSAL_WRONG_STAGE);
    sample_free(&fresh);
    sample_free(&s);
}

static void test_stages_of_a_room(void) {
    run_interview(0);
    CU_ASSERT_EQUAL(host(body_plain(ACTION_ROOM_CLOSE)), REFUSAL_WRONG_STAGE);
    CU_ASSERT_EQUAL(host(body_plain(ACTION_CLOCK_FINISH)), REFUSAL_NONE);
    CU_ASSERT_FALSE(s.room.opened);
    CU_ASSERT_EQUAL(raise_item(SAMPLE_COACH, "item-3"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(host(body_plain(ACTION_DEBRIEF_OPEN)), REFUSAL_NONE);
    CU_ASSERT_TRUE(s.room.opened);
    CU_ASSERT_EQUAL(raise_item(SAMPLE_COACH, "item-4"), REFUSAL_WRONG_STAGE);
    CU_ASSERT_EQUAL(host(body_plain(ACTION_ROOM_CLOSE)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(host(body_text(ACTION_TALK_SAY, "too late")), REFUSAL_WRONG_STAGE);
    CU_ASSERT_TRUE(s.room.opened);
    sample_free(&s);
}

static void test_positions(void) {
    run_interview(0);
    struct event event = s.events[s.count - 1];
    struct room before;
    CU_ASSERT_TRUE(room_copy(&before, &s.room));
    CU_ASSERT_EQUAL(room_apply(&s.room, &event, NULL, NULL), APPLY_STALE);
    event.pos = 0;
    CU_ASSERT_EQUAL(room_apply(&s.room, &event, NULL, NULL), APPLY_STALE);
    event.pos = s.room.pos + 2;
    CU_ASSERT_EQUAL(room_apply(&s.room, &event, NULL, NULL), APPLY_GAP);
    CU_ASSERT_TRUE(sample_same(&before, &s.room));
    room_free(&before);
    sample_free(&s);
}

/* Events that no decide would give: each is refused and leaves the state as it was. */
static void test_events_that_cannot_be(void) {
    run_interview(0);
    struct event good = {.pos = s.room.pos + 1,
                         .at = 2000,
                         .made = 2000,
                         .by = SAMPLE_HOST,
                         .body = body_mark(ACTION_MARK_SET, "item-0", MARK_RAISED)};
    struct event bad[16];
    int count = 0;
    for (; count < 16; count++) {
        bad[count] = good;
    }
    bad[0].body.act = ACTION_COUNT;
    bad[1].by = SAMPLE_CANDIDATE;
    bad[2].by = SAMPLE_SEATS;
    bad[3].by = SEAT_SERVER;
    bad[4].at = -1;
    bad[5].made = 2001;
    bad[6].at = bad[6].made = TIME_MAX_MS + 1;
    bad[7].body.item = span_of("nothing");
    bad[8].body.mark = 3;
    bad[9].body.has = F(item);
    bad[10].body.has |= F(text);
    bad[11].body = body_plain(ACTION_CLOCK_START);
    bad[12].body = body_add(0, -360000);
    bad[13].body = body_phase(ACTION_CLOCK_JUMP, SAMPLE_PHASES);
    bad[14].body = body_fact("fact-0"); /* without its text */
    bad[15].body = body_plain(ACTION_DEBRIEF_OPEN);
    struct room before;
    CU_ASSERT_TRUE(room_copy(&before, &s.room));
    for (int i = 0; i < count; i++) {
        CU_ASSERT_EQUAL(room_apply(&s.room, &bad[i], NULL, NULL), APPLY_INVALID);
    }
    CU_ASSERT_TRUE(sample_same(&before, &s.room));
    good.id = 1; /* used up by clock.start */
    CU_ASSERT_EQUAL(room_apply(&s.room, &good, NULL, NULL), APPLY_INVALID);
    good.id = 2;
    CU_ASSERT_EQUAL(room_apply(&s.room, &good, NULL, NULL), APPLY_OK);
    room_free(&before);
    sample_free(&s);
}

static enum apply_result apply_join(int64_t seat, int64_t role, int64_t session, uint8_t key,
                                    uint8_t invite) {
    char owner[HASH_BYTES];
    char hash[HASH_BYTES];
    memset(owner, key, sizeof owner);
    memset(hash, invite, sizeof hash);
    struct event event = {.pos = s.room.pos + 1,
                          .at = 5000,
                          .made = 5000,
                          .by = SEAT_SERVER,
                          .body = {.act = ACTION_SEAT_JOIN,
                                   .has = F(seat) | F(role) | F(name) | F(session) | F(key) |
                                          (invite ? F(invite) : 0),
                                   .seat = seat,
                                   .role = role,
                                   .session = session,
                                   .name = span_of("X"),
                                   .key = {owner, HASH_BYTES},
                                   .invite = {hash, HASH_BYTES}}};
    return room_apply(&s.room, &event, NULL, NULL);
}

static void test_joins_that_cannot_be(void) {
    sample_open(&s, 0);
    CU_ASSERT_EQUAL(sample_invite(&s, ROLE_COACH, 9), REFUSAL_NONE);
    CU_ASSERT_EQUAL(apply_join(0, ROLE_COACH, 2, 1, 0), APPLY_INVALID);       /* another role */
    CU_ASSERT_EQUAL(apply_join(0, ROLE_INTERVIEWER, 3, 1, 0), APPLY_INVALID); /* session skipped */
    CU_ASSERT_EQUAL(apply_join(0, ROLE_INTERVIEWER, 2, 2, 0), APPLY_INVALID); /* another's key */
    CU_ASSERT_EQUAL(apply_join(6, ROLE_COACH, 1, 9, 9), APPLY_INVALID);       /* seat skipped */
    CU_ASSERT_EQUAL(apply_join(4, ROLE_COACH, 1, 1, 9), APPLY_INVALID);       /* key has a seat */
    CU_ASSERT_EQUAL(apply_join(4, ROLE_COACH, 1, 9, 1), APPLY_INVALID);       /* invite is used */
    CU_ASSERT_EQUAL(apply_join(4, ROLE_INTERVIEWER, 1, 9, 9), APPLY_INVALID); /* invite's role */
    CU_ASSERT_EQUAL(apply_join(4, ROLE_CANDIDATE, 1, 9, 0), APPLY_INVALID);   /* a second one */
    CU_ASSERT_EQUAL(apply_join(4, ROLE_COACH, 1, 9, 9), APPLY_OK);
    sample_free(&s);
}

static void test_training_shows_marks(void) {
    run_interview(MODE_TRAINING);
    CU_ASSERT_EQUAL(raise_item(SAMPLE_HOST, "item-2"), REFUSAL_NONE);
    struct room seen;
    CU_ASSERT_TRUE(sample_view(&s, SAMPLE_CANDIDATE, s.count, &seen));
    CU_ASSERT_EQUAL(room_panel_mark(&seen, 2), MARK_RAISED);
    room_free(&seen);
    sample_free(&s);
}

static void test_abandoned(void) {
    enum { OPENED = 1000 };
    sample_open(&s, 0);
    CU_ASSERT_EQUAL(room_abandoned_at(&s.room), -1);
    s.now = 50000;
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body_gone(SAMPLE_CANDIDATE, 1)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body_gone(SAMPLE_SECOND, 1)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(room_abandoned_at(&s.room), -1);
    s.now = 60000;
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body_gone(SAMPLE_HOST, 1)), REFUSAL_NONE);
    /* The coach is there still, and goes later: neither matters. */
    CU_ASSERT_EQUAL(room_abandoned_at(&s.room), 60000 + ROOM_ABANDONED_MS);
    s.now = 70000;
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body_gone(SAMPLE_COACH, 1)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(room_abandoned_at(&s.room), 60000 + ROOM_ABANDONED_MS);
    /* A room that nobody has come to yet counts from its opening. */
    struct room opened;
    CU_ASSERT_TRUE(sample_replay(&s, 2, &opened));
    CU_ASSERT_EQUAL(room_abandoned_at(&opened), OPENED + ROOM_ABANDONED_MS);
    room_free(&opened);
    sample_free(&s);
}

int main(void) {
    static CU_TestInfo tests[] = {
        {"the table says who may do what, and when", test_roles_and_stages},
        {"who speaks is checked", test_who_speaks},
        {"fields and their bounds", test_fields_and_their_bounds},
        {"marks: last in the log wins", test_marks},
        {"flags go on and off", test_flags},
        {"facts and questions are put on the screen once", test_facts_and_questions},
        {"a command's number is used once", test_ids},
        {"an author's moment is bounded", test_made_is_bounded},
        {"seats and invites", test_seats_and_invites},
        {"a room to which nobody came", test_unjoined},
        {"bounds of seats and invites", test_bounds_of_seats_and_invites},
        {"links have shares", test_links_have_shares},
        {"lines belong to the phase they were written in", test_lines_belong_to_their_phase},
        {"opening a room", test_opening},
        {"a room's stages", test_stages_of_a_room},
        {"a position is taken once, in order", test_positions},
        {"events that cannot be leave no trace", test_events_that_cannot_be},
        {"joins that cannot be", test_joins_that_cannot_be},
        {"a training room shows its marks", test_training_shows_marks},
        {"when a room counts as abandoned", test_abandoned},
        CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"room", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
