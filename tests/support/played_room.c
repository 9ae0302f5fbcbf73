/* SPDX-License-Identifier: ISC */
/*
 * Purpose: plays the played room through room_decide and room_apply, and folds a seat's view of it.
 */
#include "tests/support/played_room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/played_pack.h"

static void must(bool good, const char *what) {
    if (!good) {
        fprintf(stderr, "played room: %s\n", what);
        abort();
    }
}

static void run(struct played *played, const struct command *command, int64_t at) {
    must(played->count < PLAYED_EVENTS_MAX, "too many events");
    struct event *event = &played->log[played->count];
    enum refusal refusal = room_decide(&played->room, command, at, event);
    if (refusal != REFUSAL_NONE) {
        fprintf(stderr, "%s: ", action_row(command->body.act)->wire);
    }
    must(refusal == REFUSAL_NONE, refusal_name(refusal));
    must(room_apply(&played->room, event, NULL, NULL) == APPLY_OK, "the fold refused an event");
    played->count++;
}

void played_do(struct played *played, uint8_t seat, int64_t at, struct body body) {
    struct command command = {.seat = seat, .body = body, .made = 0};
    if (seat != SEAT_SERVER) {
        command.id = ++played->ids[seat];
    }
    run(played, &command, at);
}

void played_act(struct played *played, uint8_t seat, int64_t at, enum action act) {
    played_do(played, seat, at, (struct body){.act = act});
}

void played_jump(struct played *played, int64_t at, int phase) {
    played_do(played, PLAYED_ANA, at,
              (struct body){.act = ACTION_CLOCK_JUMP, .has = F(phase), .phase = phase});
}

void played_mark(struct played *played, uint8_t seat, int64_t at, const char *item,
                 enum mark mark) {
    played_do(played, seat, at,
              (struct body){.act = seat == PLAYED_BEN ? ACTION_SELF_SET : ACTION_MARK_SET,
                            .has = F(item) | F(mark),
                            .item = span_of(item),
                            .mark = mark});
}

void played_seal(struct played *played, uint8_t seat, int64_t at, const char *item,
                 enum mark mark) {
    played_do(
        played, seat, at,
        (struct body){
            .act = ACTION_SEAL_SET, .has = F(item) | F(mark), .item = span_of(item), .mark = mark});
}

void played_text(struct played *played, uint8_t seat, int64_t at, enum action act,
                 const char *text) {
    played_do(played, seat, at, (struct body){.act = act, .has = F(text), .text = span_of(text)});
}

void played_leave(struct played *played, uint8_t seat, int64_t at) {
    played_do(played, SEAT_SERVER, at,
              (struct body){.act = ACTION_SEAT_GONE,
                            .has = F(seat) | F(session),
                            .seat = seat,
                            .session = played->room.seats[seat].session});
}

/* Keys and invites are any 32 bytes: one of each for a seat. */
static void seat_somebody(struct played *played, int64_t at, enum role role, const char *name) {
    static const char secrets[][HASH_BYTES + 1] = {
        "key-and-invite-of-the-first-seat", "key-and-invite-of-a-second-seat.",
        "key-and-invite-of-a-third-seat...", "key-and-invite-of-a-fourth-seat.",
        "key-and-invite-of-a-fifth-seat.."};
    struct span secret = {secrets[played->room.seat_count], HASH_BYTES};
    played_do(
        played, SEAT_SERVER, at,
        (struct body){
            .act = ACTION_SEAT_INVITE, .has = F(role) | F(invite), .role = role, .invite = secret});
    played_do(played, SEAT_SERVER, at,
              (struct body){.act = ACTION_SEAT_JOIN,
                            .has = F(name) | F(key) | F(invite) | F(boot),
                            .name = span_of(name),
                            .key = secret,
                            .invite = secret,
                            .boot = 1});
}

void played_coach(struct played *played, int64_t at, const char *name) {
    seat_somebody(played, at, ROLE_COACH, name);
}

void played_interviewer(struct played *played, int64_t at, const char *name) {
    seat_somebody(played, at, ROLE_INTERVIEWER, name);
}

static void give_section(struct played *played, enum pack_section section, struct body body) {
    struct mp_writer *w = &played->sections[section];
    mp_writer_init(w);
    pack_write(w, played->pack, section);
    body.has |= F(pack);
    body.pack = (struct span){w->data, (uint32_t)w->len};
    played_do(played, SEAT_SERVER, 1000, body);
}

/* By rules 1 with the public body, by others in sections. */
static void open_sections(struct played *played, struct body open) {
    static const enum action acts[PACK_SECTIONS] = {[SECTION_GUIDE] = ACTION_ROOM_GUIDE,
                                                    [SECTION_PROMPT] = ACTION_ROOM_PROMPT,
                                                    [SECTION_TITLES] = ACTION_ROOM_TITLES,
                                                    [SECTION_RUBRIC] = ACTION_ROOM_RUBRIC};
    bool parted = open.has & F(rules) && open.rules >= 2;
    give_section(played, parted ? SECTION_OPEN : SECTION_PUBLIC, open);
    for (int section = SECTION_GUIDE; parted && section < PACK_SECTIONS; section++) {
        give_section(played, (enum pack_section)section, (struct body){.act = acts[section]});
    }
    give_section(played, SECTION_PANEL, (struct body){.act = ACTION_ROOM_BRIEF});
}

void played_open_as(struct played *played, struct pack *pack, struct body body) {
    *played = (struct played){0};
    room_init(&played->room);
    played->pack = pack;
    struct pack_fault fault;
    if (!pack_check(played->pack, &fault)) {
        fprintf(stderr, "%s: %s\n", fault.where, fault.what);
        abort();
    }
    body.act = ACTION_ROOM_OPEN;
    body.has |= F(mode) | F(plan);
    open_sections(played, body);
    seat_somebody(played, 2000, ROLE_INTERVIEWER, "Ana");
    seat_somebody(played, 9000, ROLE_CANDIDATE, "Ben");
    seat_somebody(played, 15000, ROLE_COACH, "Cleo");
}

void played_open(struct played *played, int64_t mode) {
    played_open_as(played, played_pack(), (struct body){.mode = mode});
}

void played_free(struct played *played) {
    model_free(&played->feed.model);
    room_free(&played->room);
    pack_unref(played->pack);
    for (int section = 0; section < PACK_SECTIONS; section++) {
        mp_writer_free(&played->sections[section]);
    }
}

/* ---- the feed ---- */

static bool send_to_model(struct feed *feed, const struct body *body) {
    struct played *played = feed->private_data;
    if (played->sent_count < sizeof played->sent / sizeof *played->sent) {
        played->sent[played->sent_count++] = *body;
    }
    return model_command(&feed->model, body, 0) != NULL;
}

static bool no_invite(struct feed *feed, enum role role) {
    (void)feed, (void)role;
    return true;
}

/* What a recording does is its own test's concern: here only the wish is kept. */
static void seek_event(struct feed *feed, uint32_t n) {
    played_recording(feed->private_data, feed->model.seat, n);
}

static void seek_time(struct feed *feed, int64_t at) {
    feed->model.offset = at;
}

static void set_speed(struct feed *feed, int num, int den) {
    feed->speed_num = num;
    feed->speed_den = den;
}

static void fold_view(struct played *played, uint8_t seat, uint32_t most) {
    uint32_t order[PLAYED_EVENTS_MAX];
    uint32_t count = view_order(&played->room, seat, played->log, played->count, order);
    struct model *model = &played->feed.model;
    model_free(model);
    model_init(model);
    model->seat = seat;
    model->role = played->room.seats[seat].role;
    for (uint32_t i = 0; i < count; i++) {
        played->view[i] = view_event(&played->log[order[i]], seat, i + 1);
        if (i < most) {
            must(model_apply(model, &played->view[i]) == APPLY_OK, "the view does not fold");
        }
    }
    played->feed.events = played->view;
    played->feed.event_count = count;
    played->feed.private_data = played;
    snprintf(model->room_id, sizeof model->room_id, "abcdefghijkl");
}

void played_view(struct played *played, uint8_t seat) {
    static const struct feed_ops ops = {.send = send_to_model, .invite = no_invite};
    fold_view(played, seat, PLAYED_EVENTS_MAX);
    played->feed.ops = &ops;
    played->feed.events = NULL;
    played->feed.event_count = 0;
    played->feed.model.connection = CONNECTION_LIVE;
    played->feed.model.error_ms = 12;
    played->feed.model.next_id = played->ids[seat] + 1;
}

void played_recording(struct played *played, uint8_t seat, uint32_t n) {
    static const struct feed_ops ops = {
        .send = send_to_model, .seek = seek_time, .seek_event = seek_event, .speed = set_speed};
    fold_view(played, seat, n);
    played->feed.ops = &ops;
    played->feed.is_recording = true;
    played->feed.model.connection = CONNECTION_RECORDING;
    played->feed.first_at = played->view[0].at;
    played->feed.last_at = played->room.at;
    played->feed.end = &played->room;
    played->feed.speed_num = played->feed.speed_num ? played->feed.speed_num : 1;
    played->feed.speed_den = played->feed.speed_den ? played->feed.speed_den : 1;
}

/* ---- a play ---- */

void played_to_design(struct played *played) {
    enum { START = 60000, MINUTE = 60000 };
    played_act(played, PLAYED_ANA, START, ACTION_CLOCK_START);
    played_mark(played, PLAYED_ANA, START + 40000, "volume", MARK_RAISED);
    played_do(played, PLAYED_ANA, START + 42000,
              (struct body){.act = ACTION_FACT_REVEAL,
                            .has = F(fact) | F(text),
                            .fact = span_of("peak"),
                            .text = span_of("50,000 events a second at peak.")});
    played_mark(played, PLAYED_BEN, START + 45000, "volume", MARK_RAISED);
    played_mark(played, PLAYED_ANA, START + 2 * MINUTE, "latency", MARK_RAISED);
    played_do(played, PLAYED_ANA, START + 2 * MINUTE + 5000,
              (struct body){.act = ACTION_FACT_REVEAL,
                            .has = F(fact) | F(text),
                            .fact = span_of("lag"),
                            .text = span_of("ignored: the room fills it")});
    played_text(played, PLAYED_CLEO, START + 4 * MINUTE, ACTION_TALK_WHISPER,
                "Nobody has asked who owns the schema.");
    played_mark(played, PLAYED_CLEO, START + 4 * MINUTE + 30000, "schema", MARK_PROMPTED);
    played_jump(played, START + 5 * MINUTE + 12000, 1);
    played_mark(played, PLAYED_ANA, START + 6 * MINUTE, "core", MARK_RAISED);
    played_mark(played, PLAYED_BEN, START + 6 * MINUTE, "park", MARK_RAISED);
    played_jump(played, START + 8 * MINUTE, 2);
    played_mark(played, PLAYED_ANA, START + 9 * MINUTE, "sketch", MARK_RAISED);
    played_mark(played, PLAYED_ANA, START + 11 * MINUTE, "ingest", MARK_RAISED);
    played_mark(played, PLAYED_CLEO, START + 14 * MINUTE, "process", MARK_PROMPTED);
    played_text(played, PLAYED_BEN, START + 15 * MINUTE, ACTION_TALK_SAY,
                "I would put the landing zone here, so that the batch does not depend on the log's "
                "retention.");
    played_do(played, PLAYED_ANA, START + 16 * MINUTE,
              (struct body){.act = ACTION_FLAG_SET,
                            .has = F(flag) | F(on),
                            .flag = span_of("happy-path"),
                            .on = 1});
    played_text(played, PLAYED_ANA, START + 17 * MINUTE, ACTION_NOTE_PANEL,
                "Strong on storage; has not said what happens when a message does not parse.");
    played_text(played, PLAYED_ANA, START + 18 * MINUTE, ACTION_NOTE_MINE, "Ask about Iceberg.");
    played_mark(played, PLAYED_ANA, START + 19 * MINUTE, "store", MARK_RAISED);
}

void played_to_debrief(struct played *played) {
    enum { START = 60000, MINUTE = 60000 };
    played_jump(played, START + 24 * MINUTE, 3);
    played_mark(played, PLAYED_ANA, START + 26 * MINUTE, "idempotency", MARK_RAISED);
    played_mark(played, PLAYED_BEN, START + 26 * MINUTE, "idempotency", MARK_RAISED);
    played_mark(played, PLAYED_ANA, START + 29 * MINUTE, "mode-twice", MARK_PROMPTED);
    played_mark(played, PLAYED_BEN, START + 30 * MINUTE, "mode-twice", MARK_RAISED);
    played_jump(played, START + 36 * MINUTE, 4);
    played_mark(played, PLAYED_ANA, START + 40 * MINUTE, "close", MARK_RAISED);
    played_act(played, PLAYED_ANA, START + 46 * MINUTE, ACTION_CLOCK_FINISH);
    played_act(played, PLAYED_ANA, START + 48 * MINUTE, ACTION_DEBRIEF_OPEN);
}
