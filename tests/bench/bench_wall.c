/* SPDX-License-Identifier: ISC */
/*
 * bench_wall.c: what a coach's wall costs: 100 running rooms at 5 events a second each on one
 * connection, drawn ten times a second on 200x50, as a share of one core.
 *
 * Each event is a whole frame: it is decoded as from a connection, folded, and the wall's rows,
 * order and picture are brought up to date as wall_ui does, everything but the terminal itself. The
 * share is CPU time over the time that the load stands for. Usage: bench_wall [ROOMS
 * [EVENTS_PER_ROOM_AND_SECOND [SECONDS]]].
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/screen/wall_screen.h"
#include "pack_source.h"
#include "protocol/wire/frame.h"

enum { ROOMS = 100, RATE = 5, SECONDS = 60, DRAWINGS = 10 /* a second */, ROOMS_MAX = 200 };

struct source {
    struct wall_room *seen; /* the wall moves its rooms about */
    struct room room;       /* as a server folds it */
    uint32_t n, id, marks;
};

static struct wall wall;
static struct wall_screen screen;
static struct source sources[ROOMS_MAX];
static struct mp_reader reader;
static struct mp_writer writer;

static void fail(const char *what) {
    fprintf(stderr, "bench_wall: %s\n", what);
    exit(1);
}

static double cpu_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool take_message(void *ctx, const struct message *message) {
    (void)ctx, (void)message;
    return true;
}

static void on_changed(void *ctx) {
    (void)ctx;
}

static void on_failed(void *ctx, const char *why) {
    (void)ctx;
    fail(why);
}

/* Decides a command in a room; its event as a frame goes to the wall. Time in the frame's making is
 * not counted. */
static void act(uint32_t index, uint8_t seat, int64_t at, struct body body, double *spent) {
    struct source *source = &sources[index];
    struct wall_room *room = source->seen;
    struct command command = {
        .seat = seat, .id = seat == SEAT_SERVER ? 0 : ++source->id, .body = body};
    struct message message = {.kind = MESSAGE_EVENT, .room = span_of(room->seat.invite.room)};
    if (room_decide(&source->room, &command, at, &message.event) != REFUSAL_NONE ||
        room_apply(&source->room, &message.event, NULL, NULL) != APPLY_OK) {
        fail("a command was refused");
    }
    if (message.event.body.act == ACTION_SEAT_INVITE) {
        return;
    }
    message.event.pos = ++source->n;
    message.event.id = 0;
    mp_writer_reset(&writer);
    if (!message_write(&writer, &message)) {
        fail("a message does not fit");
    }
    double start = cpu_seconds();
    struct message read;
    if (message_read(&reader, (const uint8_t *)writer.data + FRAME_HEADER_BYTES,
                     writer.len - FRAME_HEADER_BYTES, &read) != MSG_OK) {
        fail("a message cannot be read");
    }
    struct wall_room *found = wall_find(&wall, NULL, read.room);
    if (found == NULL) {
        fail("no such room");
    }
    wall_message(found, &read);
    *spent += cpu_seconds() - start;
}

static void sit(uint32_t index, enum role role, const char *name, double *spent) {
    char secret[HASH_BYTES + 1];
    snprintf(secret, sizeof secret, "%-20.20s%12u", name, index);
    struct span span = {secret, HASH_BYTES};
    act(index, SEAT_SERVER, 2000,
        (struct body){
            .act = ACTION_SEAT_INVITE, .has = F(role) | F(invite), .role = role, .invite = span},
        spent);
    act(index, SEAT_SERVER, 2000,
        (struct body){.act = ACTION_SEAT_JOIN,
                      .has = F(name) | F(key) | F(invite) | F(boot),
                      .name = span_of(name),
                      .key = span,
                      .invite = span,
                      .boot = 1},
        spent);
}

static void open_room(uint32_t index, const struct mp_writer *public_body,
                      const struct mp_writer *panel_body, double *spent) {
    static const struct feed_ops ops = {.send = feed_seat_send, .invite = feed_seat_invite};
    static const struct feed_seat_owner owner = {
        .send = take_message, .changed = on_changed, .failed = on_failed};
    struct wall_room *room = wall_add(&wall);
    if (room == NULL) {
        fail("no memory");
    }
    sources[index].seen = room;
    struct invite invite = {.role = ROLE_COACH};
    snprintf(invite.room, sizeof invite.room, "room%08u", index);
    feed_seat_init(&room->seat, &ops, &invite, "Cleo", &owner);
    room->seat.joined_ever = room->seat.in_room = true;
    room->seat.feed.model.seat = 2;
    room->seat.feed.model.role = ROLE_COACH;
    room_init(&sources[index].room);
    struct body body = {.act = ACTION_ROOM_OPEN, .has = F(pack) | F(mode) | F(plan)};
    body.pack = (struct span){public_body->data, (uint32_t)public_body->len};
    act(index, SEAT_SERVER, 1000, body, spent);
    struct span panel = {panel_body->data, (uint32_t)panel_body->len};
    for (uint32_t i = 0, left = pack_parts(panel); left-- > 0; i++) {
        body = (struct body){.act = ACTION_ROOM_BRIEF,
                             .has = F(pack) | (left > 0 ? F(left) : 0),
                             .pack = pack_part(panel, i),
                             .left = left};
        act(index, SEAT_SERVER, 1000, body, spent);
    }
    sit(index, ROLE_INTERVIEWER, "Ana", spent);
    sit(index, ROLE_CANDIDATE, "Ben", spent);
    sit(index, ROLE_COACH, "Cleo", spent);
    act(index, 0, 3000, (struct body){.act = ACTION_CLOCK_START}, spent);
}

/* A mark, as most of an interview's events are. */
static struct body mark(uint32_t number) {
    const struct pack *pack = sources[0].room.pack;
    return (struct body){.act = ACTION_MARK_SET,
                         .has = F(item) | F(mark),
                         .item = span_of(pack->items[number % pack->item_count].id),
                         .mark = 1 + number / pack->item_count % 2};
}

static double draw(struct paint *paint, int64_t now) {
    double start = cpu_seconds();
    (void)wall_update(&wall, now);
    wall_sort(&wall);
    screen.mono = now;
    wall_screen_follow(&screen);
    wall_screen_draw(&screen, paint);
    return cpu_seconds() - start;
}

int main(int argc, char **argv) {
    uint32_t rooms = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : ROOMS;
    uint32_t rate = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : RATE;
    uint32_t seconds = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : SECONDS;
    if (rooms < 1 || rooms > ROOMS_MAX || rate < 1 || rate > 10 || seconds < 1) {
        fprintf(stderr, "usage: bench_wall [ROOMS (1..%d) [RATE (1..10) [SECONDS]]]\n", ROOMS_MAX);
        return 2;
    }
    struct paint paint;
    struct mp_writer public_body, panel_body;
    struct pack *pack = bench_pack();
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL || pack == NULL || !paint_init(&paint, 200, 50) ||
        mp_reader_init(&reader) != MP_OK) {
        fail("no memory, locale or pack");
    }
    mp_writer_init(&writer);
    mp_writer_init(&public_body);
    mp_writer_init(&panel_body);
    pack_write_public(&public_body, pack);
    pack_write_panel(&panel_body, pack);
    wall_screen_init(&screen, &wall, "Cleo");
    screen.state = (struct wall_state){.servers = 1, .live = 1, .error_ms = 2, .why = ""};
    double opening = 0, folding = 0, drawing = 0;
    for (uint32_t i = 0; i < rooms; i++) {
        open_room(i, &public_body, &panel_body, &opening);
    }
    uint32_t number = 0;
    for (uint32_t tick = 0; tick < seconds * DRAWINGS; tick++) {
        int64_t now = 10000 + tick * (1000 / DRAWINGS);
        for (uint32_t i = 0; i < rooms; i++) {
            /* Spread evenly: room i has its turn in `rate` of the ten parts of a second. */
            if ((tick + i) % DRAWINGS < rate) {
                act(i, 0, now, mark(sources[i].marks++), &folding);
                number++;
            }
        }
        drawing += draw(&paint, now);
    }
    printf("%u rooms, %u events a second, %u s, %d drawings a second of 200x50\n", rooms,
           rooms * rate, seconds, DRAWINGS);
    printf("opening all rooms      %8.1f ms CPU\n", opening * 1000);
    printf("reading and folding    %8.2f %% of a core (%.2f us an event)\n",
           100 * folding / seconds, 1e6 * folding / number);
    printf("rows, order, picture   %8.2f %% of a core (%.0f us a drawing)\n",
           100 * drawing / seconds, 1e6 * drawing / (seconds * DRAWINGS));
    printf("together               %8.2f %% of a core\n", 100 * (folding + drawing) / seconds);
    return 0;
}
