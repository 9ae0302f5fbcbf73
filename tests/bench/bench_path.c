/* SPDX-License-Identifier: ISC */
/*
 * bench_path.c: the way of a command through a worker, without network and disk, to count its
 * instructions: a frame's bytes are read, decided, appended to a journal in memory, and the event
 * is folded and sent to the room's three members, whose connections only count bytes.
 *
 * Everything that belongs to the way is done inside of `take_commands` and `end_turn`, and nothing
 * else is. So this tells how many instructions a command takes, the same on every run:
 *
 *     valgrind --tool=callgrind --toggle-collect=take_commands --toggle-collect=end_turn \
 *         build/release/bin/bench_path
 *
 * usage: bench_path [COMMANDS [AT-ONCE]]   (AT-ONCE: of each room that wait together; 1)
 */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/handle/handle.h"
#include "tests/bench/pack_source.h"
#include "tests/support/scene.h"

enum { ROOMS = 10, MEMBERS = 3, FRAME_MAX = 256, AT_ONCE_MAX = 8 };

/* A connection that counts. */
struct sink {
    struct peer peer; /* first */
    size_t bytes;
};

struct frame {
    size_t len;
    char bytes[FRAME_MAX];
};

struct path {
    struct scene scene;
    struct handling handling;
    struct pack *pack;
    struct sink sinks[ROOMS][MEMBERS];
    char rooms[ROOMS][ROOM_ID_BYTES + 1];
    struct mp_writer writer;
    struct frame frames[ROOMS * AT_ONCE_MAX];
    uint32_t next_id, commands;
};

static void sink_write(struct peer *peer, const void *frames, size_t len) {
    (void)frames;
    ((struct sink *)peer)->bytes += len;
}

static void sink_cut(struct peer *peer, enum refusal why) {
    (void)peer;
    fprintf(stderr, "bench: cut off: %s\n", refusal_name(why));
    exit(1);
}

static size_t sink_backlog(const struct peer *peer) {
    (void)peer;
    return 0;
}

static void turn(struct path *path) {
    scene_turn(&path->scene);
    path->scene.idle = 0;
}

static void sit(struct path *path, int room, int member) {
    struct sink *sink = &path->sinks[room][member];
    sink->peer = (struct peer){.write = sink_write, .cut = sink_cut, .backlog = sink_backlog};
    sink->peer.version = SPAR_PROTOCOL_VERSION;
    sink->peer.greeted = sink->peer.has_key = true;
    memset(sink->peer.key, 1 + room * MEMBERS + member, HASH_BYTES);
    struct join_request join = {.room = span_of(path->scene.room),
                                .secret = {path->scene.secrets[member], SECRET_CHARS},
                                .name = span_of("Ines")};
    if (replica_join(&path->scene.workers[0].rooms, &sink->peer, &join) != REFUSAL_NONE) {
        exit(1);
    }
}

static void write_command(struct path *path, struct frame *frame, int room,
                          const struct body *body) {
    struct message message = {.kind = MESSAGE_COMMAND,
                              .room = {path->rooms[room], ROOM_ID_BYTES},
                              .command = {.id = path->next_id, .body = *body}};
    mp_writer_reset(&path->writer);
    if (!message_write(&path->writer, &message) || path->writer.len > FRAME_MAX) {
        exit(1);
    }
    frame->len = path->writer.len - FRAME_HEADER_BYTES;
    memcpy(frame->bytes, path->writer.data + FRAME_HEADER_BYTES, frame->len);
}

/* Walks through the items, as bench_server does. */
static void write_marks(struct path *path, unsigned at_once) {
    for (unsigned k = 0; k < at_once; k++) {
        uint32_t mark = path->next_id++ - 2, items = path->pack->item_count;
        struct body body = {.act = ACTION_MARK_SET,
                            .has = F(item) | F(mark),
                            .item = span_of(path->pack->items[mark % items].id),
                            .mark = 1 + mark / items % 2};
        path->next_id--;
        for (int room = 0; room < ROOMS; room++) {
            write_command(path, &path->frames[(unsigned)room * at_once + k], room, &body);
        }
        path->next_id++;
    }
}

__attribute__((noinline)) static void take_commands(struct path *path, unsigned count,
                                                    unsigned at_once) {
    struct message message;
    for (unsigned i = 0; i < count; i++) {
        const struct frame *frame = &path->frames[i];
        if (message_read(&path->scene.reader, frame->bytes, frame->len, &message) != MSG_OK) {
            exit(1);
        }
        handle_message(&path->handling, &path->sinks[i / at_once][0].peer, &message);
    }
    path->commands += count;
}

__attribute__((noinline)) static void end_turn(struct path *path) {
    event_base_loop(path->scene.base, EVLOOP_NONBLOCK);
}

static void play(struct path *path, unsigned at_once) {
    write_marks(path, at_once);
    take_commands(path, ROOMS * at_once, at_once);
    end_turn(path);
    turn(path); /* the journal takes them */
    end_turn(path);
}

static void begin(struct path *path) {
    const struct body start = {.act = ACTION_CLOCK_START};
    scene_open(&path->scene);
    mp_writer_init(&path->writer);
    path->pack = bench_pack();
    if (path->pack == NULL) {
        exit(1);
    }
    path->handling = (struct handling){.desk = &path->scene.workers[0].desk};
    path->next_id = 1;
    for (int room = 0; room < ROOMS; room++) {
        struct actor *host = actor_new(&path->scene, 0, 0xee);
        scene_host_pack(host, "", path->pack);
        actor_free(host);
        memcpy(path->rooms[room], path->scene.room, sizeof path->rooms[room]);
        for (int member = 0; member < MEMBERS; member++) {
            sit(path, room, member);
        }
        for (int i = 0; i < 6; i++) {
            turn(path);
        }
        write_command(path, &path->frames[room], room, &start);
    }
    take_commands(path, ROOMS, 1);
    path->commands = 0;
    path->next_id++;
    turn(path);
}

static void end(struct path *path) {
    size_t bytes = 0;
    for (int room = 0; room < ROOMS; room++) {
        for (int member = 0; member < MEMBERS; member++) {
            bytes += path->sinks[room][member].bytes;
            handle_peer_gone(&path->sinks[room][member].peer);
        }
    }
    printf("%u commands, %zu bytes sent\n", path->commands, bytes);
    scene_close(&path->scene);
    mp_writer_free(&path->writer);
    pack_unref(path->pack);
}

int main(int argc, char **argv) {
    static struct path path;
    uint32_t commands = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 2000;
    unsigned at_once = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 1;
    if (at_once < 1 || at_once > AT_ONCE_MAX) {
        fprintf(stderr, "usage: bench_path [COMMANDS [AT-ONCE]], at once 1 to %d\n", AT_ONCE_MAX);
        return 2;
    }
    begin(&path);
    while (path.commands < commands) {
        play(&path, at_once);
    }
    end(&path);
    return 0;
}
