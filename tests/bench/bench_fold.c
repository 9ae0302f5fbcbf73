/* SPDX-License-Identifier: ISC */
/*
 * bench_fold.c: how fast the core decides and folds, and reads what it stored.
 *
 * A room under the click-stream pack, a start of the clock, then `count` marks that walk through
 * the items, as a busy panel would. Minimum, median and maximum over the rounds; no claim about
 * other machines.
 *
 * usage: bench_fold [EVENTS [ROUNDS]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/room/room.h"
#include "protocol/wire/event.h"
#include "tests/bench/pack_source.h"
#include "tests/bench/peer.h"

enum { EVENTS = 90000, ROUNDS = 7, ROUNDS_MAX = 64, HEAD = 4 + PACK_PARTS_MAX };

/* The log: events as decoded, and as stored. */
struct log {
    struct event *events;
    struct mp_writer *stored;
    uint32_t count;
    struct pack *pack;
    struct mp_writer public_body, panel_body;
    struct room room;
};

static void fail(const char *what) {
    fprintf(stderr, "bench_fold: %s\n", what);
    exit(1);
}

static void add(struct log *log, const struct command *command, int64_t now) {
    struct event *event = &log->events[log->count];
    if (room_decide(&log->room, command, now, event) != REFUSAL_NONE ||
        room_apply(&log->room, event, NULL, NULL) != APPLY_OK) {
        fail("the log could not be made");
    }
    mp_writer_init(&log->stored[log->count]);
    event_write_stored(&log->stored[log->count++], event);
}

/* The panel's body, in as many parts as it needs. */
static void add_brief(struct log *log) {
    struct span panel = {log->panel_body.data, (uint32_t)log->panel_body.len};
    for (uint32_t i = 0, left = pack_parts(panel); left-- > 0; i++) {
        struct command brief = {.seat = SEAT_SERVER,
                                .body = {.act = ACTION_ROOM_BRIEF,
                                         .has = F(pack) | (left > 0 ? F(left) : 0),
                                         .pack = pack_part(panel, i),
                                         .left = left}};
        add(log, &brief, 1000);
    }
}

static void add_head(struct log *log) {
    static const char key[HASH_BYTES + 1] = "0123456789abcdef0123456789abcdef";
    struct command open = {
        .seat = SEAT_SERVER,
        .body = {.act = ACTION_ROOM_OPEN,
                 .has = F(pack) | F(mode),
                 .pack = {log->public_body.data, (uint32_t)log->public_body.len}}};
    struct command invite = {.seat = SEAT_SERVER,
                             .body = {.act = ACTION_SEAT_INVITE,
                                      .has = F(role) | F(invite),
                                      .role = ROLE_INTERVIEWER,
                                      .invite = {key, HASH_BYTES}}};
    struct command join = {.seat = SEAT_SERVER,
                           .body = {.act = ACTION_SEAT_JOIN,
                                    .has = F(name) | F(key) | F(invite),
                                    .name = span_of("Ines"),
                                    .key = {key, HASH_BYTES},
                                    .invite = {key, HASH_BYTES}}};
    struct command start = {.seat = 0, .id = 1, .body = {.act = ACTION_CLOCK_START}};
    add(log, &open, 1000);
    add_brief(log);
    add(log, &invite, 1000);
    add(log, &join, 1000);
    add(log, &start, 2000);
}

static void log_make(struct log *log, uint32_t count) {
    log->events = calloc(count + HEAD, sizeof *log->events);
    log->stored = calloc(count + HEAD, sizeof *log->stored);
    log->pack = bench_pack();
    if (!log->events || !log->stored || !log->pack) {
        fail("no memory or no pack");
    }
    mp_writer_init(&log->public_body);
    mp_writer_init(&log->panel_body);
    pack_write_public(&log->public_body, log->pack);
    pack_write_panel(&log->panel_body, log->pack);
    room_init(&log->room);
    add_head(log);
    for (uint32_t i = 0; i < count; i++) {
        struct command mark = {
            .seat = 0,
            .id = i + 2,
            .body = {.act = ACTION_MARK_SET,
                     .has = F(item) | F(mark),
                     .item = span_of(log->pack->items[i % log->pack->item_count].id),
                     .mark = 1 + i / log->pack->item_count % 2}};
        add(log, &mark, 3000 + i * 30LL);
    }
}

/* ns for folding the decoded log. */
static int64_t fold(const struct log *log) {
    struct room room;
    room_init(&room);
    int64_t start = bench_ns();
    for (uint32_t i = 0; i < log->count; i++) {
        if (room_apply(&room, &log->events[i], NULL, NULL) != APPLY_OK) {
            fail("the log does not fold");
        }
    }
    start = bench_ns() - start;
    room_free(&room);
    return start;
}

/* ns for reading every stored event and folding it. */
static int64_t read_and_fold(const struct log *log) {
    struct room room;
    struct mp_reader reader;
    struct event event;
    room_init(&room);
    if (mp_reader_init(&reader) != MP_OK) {
        fail("no memory");
    }
    int64_t start = bench_ns();
    for (uint32_t i = 0; i < log->count; i++) {
        if (!event_read_stored(&reader, log->stored[i].data, log->stored[i].len, &event) ||
            room_apply(&room, &event, NULL, NULL) != APPLY_OK) {
            fail("the stored log does not fold");
        }
    }
    start = bench_ns() - start;
    room_free(&room);
    mp_reader_free(&reader);
    return start;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(const char *name, const struct log *log, int64_t (*run)(const struct log *),
                    int rounds) {
    double rate[ROUNDS_MAX];
    for (int i = 0; i < rounds; i++) {
        rate[i] = log->count / ((double)run(log) / 1e9);
    }
    qsort(rate, (size_t)rounds, sizeof *rate, compare);
    printf("%-28s %12.0f %12.0f %12.0f events/s\n", name, rate[0], rate[rounds / 2],
           rate[rounds - 1]);
}

int main(int argc, char **argv) {
    static struct log log;
    long count = argc > 1 ? strtol(argv[1], NULL, 10) : EVENTS;
    long rounds = argc > 2 ? strtol(argv[2], NULL, 10) : ROUNDS;
    if (count < 1 || count > EVENTS || rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: bench_fold [EVENTS (1..%d) [ROUNDS (1..%d)]]\n", EVENTS,
                ROUNDS_MAX);
        return 2;
    }
    log_make(&log, (uint32_t)count);
    printf("%-28s %12s %12s %12s\n", "", "minimum", "median", "maximum");
    measure("fold", &log, fold, (int)rounds);
    measure("read stored and fold", &log, read_and_fold, (int)rounds);
    return 0;
}
