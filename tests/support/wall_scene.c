/* SPDX-License-Identifier: ISC */
/*
 * Purpose: plays rooms with the real core and gives their events to a wall as a connection would.
 */
#include "tests/support/wall_scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/room/view.h"
#include "tests/support/test_main.h"

enum { START = WALL_SCENE_START };
#define MINUTE INT64_C(60000)

static bool count_sent(void *ctx, const struct message *message) {
    struct wall_scene *scene = ctx;
    if (message->kind == MESSAGE_COMMAND) {
        scene->sent++;
        scene->last = message->command.body;
        snprintf(scene->last_text, sizeof scene->last_text, "%.*s",
                 (int)message->command.body.text.len, message->command.body.text.at);
    }
    return true;
}

static void count_change(void *ctx) {
    ((struct wall_scene *)ctx)->changes++;
}

static void no_failure(void *ctx, const char *why) {
    (void)ctx;
    CU_ASSERT_STRING_EQUAL(why, "");
}

static void give_hand(struct played *played, int64_t at) {
    played_do(played, PLAYED_BEN, at, (struct body){.act = ACTION_HAND_SET, .has = F(on), .on = 1});
}

/* In Defend since 16:00, with a mark at `marked`. */
static void play_calm(struct played *played, int64_t marked) {
    played_act(played, PLAYED_ANA, START, ACTION_CLOCK_START);
    played_mark(played, PLAYED_ANA, START + MINUTE, "volume", MARK_RAISED);
    played_mark(played, PLAYED_ANA, START + 2 * MINUTE, "latency", MARK_PROMPTED);
    played_jump(played, START + 4 * MINUTE, 1);
    played_jump(played, START + 6 * MINUTE, 2);
    played_mark(played, PLAYED_ANA, START + 12 * MINUTE, "ingest", MARK_RAISED);
    played_jump(played, START + 14 * MINUTE, 3);
    played_mark(played, PLAYED_ANA, marked, "idempotency", MARK_RAISED);
}

static void play_over(struct played *played, int phase, int64_t from) {
    played_act(played, PLAYED_ANA, START, ACTION_CLOCK_START);
    played_jump(played, START + 15 * MINUTE, 3);
    played_jump(played, from, phase);
    played_mark(played, PLAYED_ANA, START + 20 * MINUTE, "volume", MARK_RAISED);
}

static void play(struct played *played, enum wall_play play) {
    int64_t marked = START + 20 * MINUTE + 30000;
    switch (play) {
    case WALL_PLAY_NONE:
    case WALL_PLAY_LOBBY: break;
    case WALL_PLAY_CALM: play_calm(played, marked); break;
    case WALL_PLAY_UNREACHED: played_to_design(played); break;
    case WALL_PLAY_OVER_MAIN:
        play_over(played, 2, START + 15 * MINUTE + 1);
        played_do(
            played, PLAYED_ANA, START + 20 * MINUTE,
            (struct body){
                .act = ACTION_CLOCK_ADD, .has = F(phase) | F(ms), .phase = 2, .ms = -10 * MINUTE});
        break;
    case WALL_PLAY_OVER: play_over(played, 1, START + 16 * MINUTE); break;
    case WALL_PLAY_GONE:
        play_calm(played, marked);
        played_leave(played, PLAYED_BEN, START + 20 * MINUTE + 50000);
        break;
    case WALL_PLAY_HAND:
        play_calm(played, marked);
        give_hand(played, START + 21 * MINUTE + 10000);
        break;
    case WALL_PLAY_SILENT: play_calm(played, START + 14 * MINUTE + 30000); break;
    case WALL_PLAY_PAUSED:
        play_calm(played, marked);
        played_act(played, PLAYED_ANA, START + 21 * MINUTE, ACTION_CLOCK_PAUSE);
        break;
    case WALL_PLAY_FINISHED:
        play_calm(played, marked);
        played_act(played, PLAYED_ANA, START + 21 * MINUTE, ACTION_CLOCK_FINISH);
        break;
    }
}

/* All that Cleo has been sent, as messages. */
static void give_events(struct played *played, struct wall_room *room) {
    uint32_t order[PLAYED_EVENTS_MAX];
    uint32_t count = view_order(&played->room, PLAYED_CLEO, played->log, played->count, order);
    struct message joined = {.kind = MESSAGE_JOINED,
                             .room = span_of(room->seat.invite.room),
                             .joined = {.seat = PLAYED_CLEO, .role = ROLE_COACH, .n = count}};
    wall_message(room, &joined);
    for (uint32_t i = 0; i < count; i++) {
        struct message event = {.kind = MESSAGE_EVENT,
                                .room = span_of(room->seat.invite.room),
                                .event = view_event(&played->log[order[i]], PLAYED_CLEO, i + 1)};
        wall_message(room, &event);
    }
}

static void name_seat(struct wall_room *room, uint8_t seat, const char *name) {
    struct room_seat *entry = &room->seat.feed.model.room.seats[seat];
    snprintf(entry->name, sizeof entry->name, "%s", name);
}

static void give_trip(struct wall_room *room, int64_t seat, int64_t ms) {
    struct message trip = {.kind = MESSAGE_TRIP, .trip = {.seat = seat, .ms = ms}};
    wall_message(room, &trip);
}

struct wall_room *wall_scene_room(struct wall_scene *scene, enum wall_play wanted,
                                  const char *candidate, const char *interviewer) {
    static const struct feed_ops ops = {.send = feed_seat_send, .invite = feed_seat_invite};
    struct wall_room *room = wall_add(&scene->wall);
    CU_ASSERT_PTR_NOT_NULL_FATAL(room);
    const struct feed_seat_owner owner = {
        .ctx = scene, .send = count_sent, .changed = count_change, .failed = no_failure};
    struct invite invite = {.role = ROLE_COACH};
    snprintf(invite.room, sizeof invite.room, "room%04u0000", room->number % 10000);
    feed_seat_init(&room->seat, &ops, &invite, "Cleo", &owner);
    if (wanted == WALL_PLAY_NONE) {
        return room;
    }
    played_open(&scene->played, 0);
    play(&scene->played, wanted);
    give_events(&scene->played, room);
    played_free(&scene->played);
    name_seat(room, PLAYED_ANA, interviewer);
    name_seat(room, PLAYED_BEN, candidate);
    give_trip(room, PLAYED_ANA, 12);
    give_trip(room, PLAYED_BEN, 40 + room->number);
    return room;
}

void wall_scene_evening(struct wall_scene *scene) {
    static const struct {
        enum wall_play play;
        const char *candidate, *interviewer;
    } rooms[] = {
        {WALL_PLAY_CALM, "Ben", "Ana"},
        {WALL_PLAY_LOBBY, "Mira", "Tom"},
        {WALL_PLAY_SILENT, "Zoe\xcc\x88 Krav\xcc\x86itz", "Ann-Sophie von Hohenlohe-Langenburg"},
        {WALL_PLAY_UNREACHED, "\xe6\x9d\x8e\xe5\xb0\x8f\xe9\xbe\x8d",
         "\xec\x9d\xb4\xec\x98\x81\xed\x9d\xac"},
        {WALL_PLAY_FINISHED, "Olga", "Ivan"},
        {WALL_PLAY_GONE, "Fatima", "J\xc3\xb6rg"},
        /* NOLINTBEGIN(misc-misleading-bidirectional): misleading is what is tested */
        {WALL_PLAY_OVER,
         "\033[31mred\033[0m \xe2\x80\xae"
         "evil\a",
         "\xff\xfe"},
        /* NOLINTEND(misc-misleading-bidirectional) */
        {WALL_PLAY_HAND, "Chidi", "Eleanor"},
        {WALL_PLAY_OVER_MAIN, "Paulo", "Rita"},
        {WALL_PLAY_PAUSED, "Noor", "Sam"},
        {WALL_PLAY_CALM, "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb Kim", "Lee"},
        {WALL_PLAY_NONE, "", ""},
    };
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        (void)wall_scene_room(scene, rooms[i].play, rooms[i].candidate, rooms[i].interviewer);
    }
}

void wall_scene_settle(struct wall_scene *scene) {
    (void)wall_sweep(&scene->wall);
    (void)wall_update(&scene->wall, WALL_SCENE_NOW);
    wall_sort(&scene->wall);
}

void wall_scene_open(struct wall_scene *scene, int width, int height) {
    *scene = (struct wall_scene){.sent = 0};
    wall_screen_init(&scene->screen, &scene->wall, "Cleo");
    if (!paint_init(&scene->paint, width, height)) {
        abort();
    }
}

void wall_scene_close(struct wall_scene *scene) {
    paint_free(&scene->paint);
    wall_free(&scene->wall);
}

void wall_scene_look(struct wall_scene *scene) {
    struct wall_screen *screen = &scene->screen;
    screen->mono = WALL_SCENE_NOW;
    wall_scene_settle(scene);
    wall_screen_follow(screen);
    screen->state = (struct wall_state){.servers = 1, .live = 1, .error_ms = 2, .why = ""};
    wall_screen_draw(screen, &scene->paint);
}

void wall_scene_press(struct wall_scene *scene, const char *keys) {
    for (; *keys; keys++) {
        control_wall_key(&scene->screen, (unsigned char)*keys);
    }
}
