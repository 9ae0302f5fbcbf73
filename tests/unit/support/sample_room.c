/*
 * Purpose: plays the sample room through room_decide and room_apply, and folds a seat's view of it.
 */
#include "support/sample_room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/sample_pack.h"

static void must(bool good, const char *what) {
    if (!good) {
        fprintf(stderr, "sample room: %s\n", what);
        abort();
    }
}

static void run(struct sample *sample, const struct command *command, int64_t at) {
    must(sample->count < SAMPLE_EVENTS_MAX, "too many events");
    struct event *event = &sample->log[sample->count];
    enum refusal refusal = room_decide(&sample->room, command, at, event);
    if (refusal != REFUSAL_NONE) {
        fprintf(stderr, "%s: ", action_row(command->body.act)->wire);
    }
    must(refusal == REFUSAL_NONE, refusal_name(refusal));
    must(room_apply(&sample->room, event, NULL, NULL) == APPLY_OK, "the fold refused an event");
    sample->count++;
}

void sample_do(struct sample *sample, uint8_t seat, int64_t at, struct body body) {
    struct command command = {.seat = seat, .body = body, .made = 0};
    if (seat != SEAT_SERVER) {
        command.id = ++sample->ids[seat];
    }
    run(sample, &command, at);
}

void sample_act(struct sample *sample, uint8_t seat, int64_t at, enum action act) {
    sample_do(sample, seat, at, (struct body){.act = act});
}

void sample_jump(struct sample *sample, int64_t at, int phase) {
    sample_do(sample, SAMPLE_ANA, at,
              (struct body){.act = ACTION_CLOCK_JUMP, .has = F(phase), .phase = phase});
}

void sample_mark(struct sample *sample, uint8_t seat, int64_t at, const char *item,
                 enum mark mark) {
    sample_do(sample, seat, at,
              (struct body){.act = seat == SAMPLE_BEN ? ACTION_SELF_SET : ACTION_MARK_SET,
                            .has = F(item) | F(mark),
                            .item = span_of(item),
                            .mark = mark});
}

void sample_text(struct sample *sample, uint8_t seat, int64_t at, enum action act,
                 const char *text) {
    sample_do(sample, seat, at, (struct body){.act = act, .has = F(text), .text = span_of(text)});
}

void sample_leave(struct sample *sample, uint8_t seat, int64_t at) {
    sample_do(sample, SEAT_SERVER, at,
              (struct body){.act = ACTION_SEAT_GONE,
                            .has = F(seat) | F(session),
                            .seat = seat,
                            .session = sample->room.seats[seat].session});
}

/* Keys and invites are any 32 bytes: one of each for a seat. */
static void seat_somebody(struct sample *sample, int64_t at, enum role role, const char *name) {
    static const char secrets[][HASH_BYTES + 1] = {"key-and-invite-of-the-first-seat",
                                                   "key-and-invite-of-a-second-seat.",
                                                   "key-and-invite-of-a-third-seat..."};
    struct span secret = {secrets[sample->room.seat_count], HASH_BYTES};
    sample_do(
        sample, SEAT_SERVER, at,
        (struct body){
            .act = ACTION_SEAT_INVITE, .has = F(role) | F(invite), .role = role, .invite = secret});
    sample_do(sample, SEAT_SERVER, at,
              (struct body){.act = ACTION_SEAT_JOIN,
                            .has = F(name) | F(key) | F(invite) | F(boot),
                            .name = span_of(name),
                            .key = secret,
                            .invite = secret,
                            .boot = 1});
}

void sample_open(struct sample *sample, int64_t mode) {
    *sample = (struct sample){0};
    room_init(&sample->room);
    sample->pack = sample_pack();
    struct pack_fault fault;
    if (!pack_check(sample->pack, &fault)) {
        fprintf(stderr, "%s: %s\n", fault.where, fault.what);
        abort();
    }
    mp_writer_init(&sample->public_body);
    mp_writer_init(&sample->panel_body);
    pack_write_public(&sample->public_body, sample->pack);
    pack_write_panel(&sample->panel_body, sample->pack);
    struct body body = {
        .act = ACTION_ROOM_OPEN, .has = F(pack) | F(mode) | F(plan), .mode = mode, .plan = 0};
    body.pack = (struct span){sample->public_body.data, (uint32_t)sample->public_body.len};
    sample_do(sample, SEAT_SERVER, 1000, body);
    body = (struct body){.act = ACTION_ROOM_BRIEF, .has = F(pack)};
    body.pack = (struct span){sample->panel_body.data, (uint32_t)sample->panel_body.len};
    sample_do(sample, SEAT_SERVER, 1000, body);
    seat_somebody(sample, 2000, ROLE_INTERVIEWER, "Ana");
    seat_somebody(sample, 9000, ROLE_CANDIDATE, "Ben");
    seat_somebody(sample, 15000, ROLE_COACH, "Cleo");
}

void sample_free(struct sample *sample) {
    model_free(&sample->feed.model);
    room_free(&sample->room);
    pack_unref(sample->pack);
    mp_writer_free(&sample->public_body);
    mp_writer_free(&sample->panel_body);
}

/* ---- the feed ---- */

static bool send_to_model(struct feed *feed, const struct body *body) {
    struct sample *sample = feed->private_data;
    if (sample->sent_count < sizeof sample->sent / sizeof *sample->sent) {
        sample->sent[sample->sent_count++] = *body;
    }
    return model_command(&feed->model, body, 0) != NULL;
}

static bool no_invite(struct feed *feed, enum role role) {
    (void)feed, (void)role;
    return true;
}

/* What a recording does is its own test's concern: here only the wish is kept. */
static void seek_event(struct feed *feed, uint32_t n) {
    sample_recording(feed->private_data, feed->model.seat, n);
}

static void seek_time(struct feed *feed, int64_t at) {
    feed->model.offset = at;
}

static void set_speed(struct feed *feed, int num, int den) {
    feed->speed_num = num;
    feed->speed_den = den;
}

static void fold_view(struct sample *sample, uint8_t seat, uint32_t most) {
    uint32_t order[SAMPLE_EVENTS_MAX];
    uint32_t count = view_order(&sample->room, seat, sample->log, sample->count, order);
    struct model *model = &sample->feed.model;
    model_free(model);
    model_init(model);
    model->seat = seat;
    model->role = sample->room.seats[seat].role;
    for (uint32_t i = 0; i < count; i++) {
        sample->view[i] = view_event(&sample->log[order[i]], seat, i + 1);
        if (i < most) {
            must(model_apply(model, &sample->view[i]) == APPLY_OK, "the view does not fold");
        }
    }
    sample->feed.events = sample->view;
    sample->feed.event_count = count;
    sample->feed.private_data = sample;
    snprintf(model->room_id, sizeof model->room_id, "abcdefghijkl");
}

void sample_view(struct sample *sample, uint8_t seat) {
    static const struct feed_ops ops = {.send = send_to_model, .invite = no_invite};
    fold_view(sample, seat, SAMPLE_EVENTS_MAX);
    sample->feed.ops = &ops;
    sample->feed.events = NULL;
    sample->feed.event_count = 0;
    sample->feed.model.link = LINK_LIVE;
    sample->feed.model.error_ms = 12;
    sample->feed.model.next_id = sample->ids[seat] + 1;
}

void sample_recording(struct sample *sample, uint8_t seat, uint32_t n) {
    static const struct feed_ops ops = {
        .send = send_to_model, .seek = seek_time, .seek_event = seek_event, .speed = set_speed};
    fold_view(sample, seat, n);
    sample->feed.ops = &ops;
    sample->feed.is_recording = true;
    sample->feed.model.link = LINK_RECORDING;
    sample->feed.first_at = sample->view[0].at;
    sample->feed.last_at = sample->room.at;
    sample->feed.speed_num = sample->feed.speed_num ? sample->feed.speed_num : 1;
    sample->feed.speed_den = sample->feed.speed_den ? sample->feed.speed_den : 1;
}

/* ---- a play ---- */

void sample_play_to_design(struct sample *sample) {
    enum { START = 60000, MINUTE = 60000 };
    sample_act(sample, SAMPLE_ANA, START, ACTION_CLOCK_START);
    sample_mark(sample, SAMPLE_ANA, START + 40000, "volume", MARK_RAISED);
    sample_do(sample, SAMPLE_ANA, START + 42000,
              (struct body){.act = ACTION_FACT_REVEAL,
                            .has = F(fact) | F(text),
                            .fact = span_of("peak"),
                            .text = span_of("50,000 events a second at peak.")});
    sample_mark(sample, SAMPLE_BEN, START + 45000, "volume", MARK_RAISED);
    sample_mark(sample, SAMPLE_ANA, START + 2 * MINUTE, "latency", MARK_RAISED);
    sample_do(sample, SAMPLE_ANA, START + 2 * MINUTE + 5000,
              (struct body){.act = ACTION_FACT_REVEAL,
                            .has = F(fact) | F(text),
                            .fact = span_of("lag"),
                            .text = span_of("ignored: the room fills it")});
    sample_text(sample, SAMPLE_CLEO, START + 4 * MINUTE, ACTION_TALK_WHISPER,
                "Nobody has asked who owns the schema.");
    sample_mark(sample, SAMPLE_CLEO, START + 4 * MINUTE + 30000, "schema", MARK_PROMPTED);
    sample_jump(sample, START + 5 * MINUTE + 12000, 1);
    sample_mark(sample, SAMPLE_ANA, START + 6 * MINUTE, "core", MARK_RAISED);
    sample_mark(sample, SAMPLE_BEN, START + 6 * MINUTE, "park", MARK_RAISED);
    sample_jump(sample, START + 8 * MINUTE, 2);
    sample_mark(sample, SAMPLE_ANA, START + 9 * MINUTE, "sketch", MARK_RAISED);
    sample_mark(sample, SAMPLE_ANA, START + 11 * MINUTE, "ingest", MARK_RAISED);
    sample_mark(sample, SAMPLE_CLEO, START + 14 * MINUTE, "process", MARK_PROMPTED);
    sample_text(sample, SAMPLE_BEN, START + 15 * MINUTE, ACTION_TALK_SAY,
                "I would put the landing zone here, so that the batch does not depend on the log's "
                "retention.");
    sample_do(sample, SAMPLE_ANA, START + 16 * MINUTE,
              (struct body){.act = ACTION_FLAG_SET,
                            .has = F(flag) | F(on),
                            .flag = span_of("happy-path"),
                            .on = 1});
    sample_text(sample, SAMPLE_ANA, START + 17 * MINUTE, ACTION_NOTE_PANEL,
                "Strong on storage; has not said what happens when a message does not parse.");
    sample_text(sample, SAMPLE_ANA, START + 18 * MINUTE, ACTION_NOTE_MINE, "Ask about Iceberg.");
    sample_mark(sample, SAMPLE_ANA, START + 19 * MINUTE, "store", MARK_RAISED);
}

void sample_play_to_debrief(struct sample *sample) {
    enum { START = 60000, MINUTE = 60000 };
    sample_jump(sample, START + 24 * MINUTE, 3);
    sample_mark(sample, SAMPLE_ANA, START + 26 * MINUTE, "idempotency", MARK_RAISED);
    sample_mark(sample, SAMPLE_BEN, START + 26 * MINUTE, "idempotency", MARK_RAISED);
    sample_mark(sample, SAMPLE_ANA, START + 29 * MINUTE, "mode-twice", MARK_PROMPTED);
    sample_mark(sample, SAMPLE_BEN, START + 30 * MINUTE, "mode-twice", MARK_RAISED);
    sample_jump(sample, START + 36 * MINUTE, 4);
    sample_mark(sample, SAMPLE_ANA, START + 40 * MINUTE, "close", MARK_RAISED);
    sample_act(sample, SAMPLE_ANA, START + 46 * MINUTE, ACTION_CLOCK_FINISH);
    sample_act(sample, SAMPLE_ANA, START + 48 * MINUTE, ACTION_DEBRIEF_OPEN);
}
