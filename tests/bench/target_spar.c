/* SPDX-License-Identifier: ISC */
/*
 * target_spar.c: spard behind target.h, spoken to with the project's own codec.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "certs/random.h"
#include "protocol/pack/pack.h"
#include "protocol/wire/message.h"
#include "protocol/wire/u32.h"
#include "tests/bench/pack_source.h"
#include "tests/bench/target.h"

/* One seat writes so much for everybody, of which it has started the clock. */
enum { MARKS_MAX = ROOM_SEAT_ALL_MAX - 10 };

struct spar_room {
    char id[ROOM_ID_BYTES];
    char secret[3][SECRET_CHARS];
    uint32_t marks_sent;
};

struct spar_state {
    struct mp_reader reader;
    struct mp_writer writer;
    struct pack *pack;
    struct mp_writer public_body, panel_body;
    struct spar_room *rooms;
    uint32_t hosted;
};

static void spar_send(struct pool *pool, struct peer *peer, const struct message *message) {
    struct target *target = pool->ctx;
    struct spar_state *state = target->state;
    mp_writer_reset(&state->writer);
    if (!message_write(&state->writer, message)) {
        abort();
    }
    pool_send(pool, peer, state->writer.data, state->writer.len);
}

static void spar_hello(struct pool *pool, struct peer *peer) {
    struct message hello = {.kind = MESSAGE_HELLO,
                            .hello = {.version = SPAR_PROTOCOL_VERSION, .app = span_of("bench")}};
    spar_send(pool, peer, &hello);
}

static void spar_join(struct pool *pool, struct peer *peer) {
    static const char *const names[] = {"Ines", "Karl", "Coco"};
    struct target *target = pool->ctx;
    struct spar_state *state = target->state;
    struct spar_room *room = &state->rooms[peer->room];
    spar_hello(pool, peer);
    struct message join = {.kind = MESSAGE_JOIN,
                           .room = {room->id, ROOM_ID_BYTES},
                           .join = {.secret = {room->secret[peer->role], SECRET_CHARS},
                                    .name = span_of(names[peer->role]),
                                    .after = peer->n}};
    spar_send(pool, peer, &join);
}

static void spar_command(struct pool *pool, struct peer *peer, const struct body *body) {
    struct target *target = pool->ctx;
    struct spar_state *state = target->state;
    struct message message = {.kind = MESSAGE_COMMAND,
                              .room = {state->rooms[peer->room].id, ROOM_ID_BYTES},
                              .command = {.id = peer->next_id++, .body = *body}};
    spar_send(pool, peer, &message);
}

static void spar_start(struct pool *pool, struct peer *peer) {
    struct body body = {.act = ACTION_CLOCK_START};
    spar_command(pool, peer, &body);
}

/* Walks through the items, so that no mark repeats what already stands. */
static void spar_mark(struct pool *pool, struct peer *peer) {
    struct target *target = pool->ctx;
    struct spar_state *state = target->state;
    uint32_t turn = state->rooms[peer->room].marks_sent++;
    uint32_t item = turn % state->pack->item_count;
    struct body body = {.act = ACTION_MARK_SET,
                        .has = F(item) | F(mark),
                        .item = span_of(state->pack->items[item].id),
                        .mark = 1 + (turn / state->pack->item_count) % 2};
    spar_command(pool, peer, &body);
}

/* The size of a line does not depend on its number. */
static const char line_begin[] = "(line no. "; /* which no prompt has */
enum { LINE_DIGITS = 8 };

static void spar_say(struct pool *pool, struct peer *peer, uint32_t number) {
    char text[64];
    snprintf(text, sizeof text, "%s%0*u) of what is said in a room", line_begin, LINE_DIGITS,
             number);
    struct body body = {.act = ACTION_TALK_SAY, .has = F(text), .text = span_of(text)};
    spar_command(pool, peer, &body);
}

static void note_event(struct pool *pool, struct peer *peer, const uint8_t *payload, size_t len) {
    struct target *target = pool->ctx;
    char digits[LINE_DIGITS + 1] = "";
    const uint8_t *line = memmem(payload, len, line_begin, sizeof line_begin - 1);
    if (memmem(payload, len, "mark.set", 8) != NULL) {
        target->delivered(pool, peer);
    } else if (line != NULL && line + sizeof line_begin - 1 + LINE_DIGITS <= payload + len) {
        memcpy(digits, line + sizeof line_begin - 1, LINE_DIGITS);
        target->said(pool, peer, (uint32_t)strtoul(digits, NULL, 10));
    }
}

static void spar_frame(struct pool *pool, struct peer *peer, const uint8_t *payload, size_t len) {
    struct target *target = pool->ctx;
    struct spar_state *state = target->state;
    static const char head[] = "\xa1m\xa5"
                               "event\xa1n\xce";
    size_t at = event_n_at((const char *)payload, len);
    if (at > 0 && memcmp(payload + at - (sizeof head - 1), head, sizeof head - 1) == 0) {
        peer->n = u32_get(payload + at);
        note_event(pool, peer, payload, len);
        return;
    }
    struct message message;
    if (message_read(&state->reader, payload, len, &message) != MSG_OK) {
        return;
    }
    if (message.kind == MESSAGE_JOINED && peer->state == PEER_UP) {
        peer->state = PEER_JOINED;
        peer->next_id = (uint32_t)message.joined.last_id + 1;
        pool->joined++;
    } else if (message.kind == MESSAGE_PONG) {
        target->kept(pool, peer);
    } else if (message.kind == MESSAGE_REFUSED) {
        target->refused(pool, peer, refusal_name(message.refused.why));
    } else if (message.kind == MESSAGE_ERROR) {
        target->refused(pool, peer, refusal_name(message.error.why));
    } else if (message.kind == MESSAGE_BYE) {
        target->refused(pool, peer, refusal_name(message.bye.why));
    }
}

static void spar_keep(struct pool *pool, struct peer *peer) {
    struct message ping = {.kind = MESSAGE_PING, .ping = {.t = bench_ns() / 1000000}};
    spar_send(pool, peer, &ping);
}

/* The hosting connection: hello, then one host message a room, one after another. */
static void host_next(struct pool *pool, struct peer *peer) {
    struct target *target = pool->ctx;
    struct spar_state *state = target->state;
    struct span panel = {state->panel_body.data, (uint32_t)state->panel_body.len};
    uint32_t last = pack_parts(panel) - 1;
    for (uint32_t i = 0; i < last; i++) {
        struct message part = {.kind = MESSAGE_PART,
                               .part = {.id = state->hosted + 1, .panel = pack_part(panel, i)}};
        spar_send(pool, peer, &part);
    }
    struct message host = {
        .kind = MESSAGE_HOST,
        .host = {.name = span_of("Ines"),
                 .pack = {state->public_body.data, (uint32_t)state->public_body.len},
                 .panel = pack_part(panel, last),
                 .mode = MODE_TRAINING, /* so that all three of a room get every mark */
                 .plan = 0,
                 .id = state->hosted + 1}};
    spar_send(pool, peer, &host);
}

static void host_up(struct pool *pool, struct peer *peer) {
    spar_hello(pool, peer);
    host_next(pool, peer);
}

static void host_frame(struct pool *pool, struct peer *peer, const uint8_t *payload, size_t len) {
    struct target *target = pool->ctx;
    struct spar_state *state = target->state;
    struct message m;
    if (message_read(&state->reader, payload, len, &m) != MSG_OK) {
        return;
    }
    if (m.kind != MESSAGE_HOSTED) {
        if (m.kind != MESSAGE_WELCOME) {
            fprintf(stderr, "bench: hosting: %s\n", refusal_name(m.error.why));
        }
        return;
    }
    struct spar_room *room = &state->rooms[state->hosted++];
    memcpy(room->id, m.room.at, ROOM_ID_BYTES);
    memcpy(room->secret[0], m.hosted.interviewer.at, SECRET_CHARS);
    memcpy(room->secret[1], m.hosted.candidate.at, SECRET_CHARS);
    memcpy(room->secret[2], m.hosted.coach.at, SECRET_CHARS);
    if (state->hosted < pool->count) {
        host_next(pool, peer);
    }
}

static bool spar_prepare(struct target *target, uint32_t rooms) {
    struct spar_state *state = target->state;
    struct pool pool;
    state->hosted = 0;
    for (uint32_t i = 0; i < rooms; i++) {
        state->rooms[i] = (struct spar_room){0};
    }
    if (!pool_init(&pool, target->port, 1)) {
        return false;
    }
    pool.count = rooms; /* read by host_frame only; one peer is used */
    pool.ctx = target;
    pool.on_up = host_up;
    pool.on_frame = host_frame;
    pool_connect(&pool, &pool.peers[0]);
    while (state->hosted < rooms && pool.lost == 0) {
        pool_turn(&pool, 1000);
    }
    pool.count = 1;
    pool_free(&pool);
    return state->hosted == rooms;
}

static bool spar_state_init(struct target *target, uint32_t rooms) {
    struct spar_state *state = calloc(1, sizeof *state);
    target->state = state;
    if (state == NULL || mp_reader_init(&state->reader) != MP_OK) {
        return false;
    }
    mp_writer_init(&state->writer);
    mp_writer_init(&state->public_body);
    mp_writer_init(&state->panel_body);
    state->rooms = calloc(rooms, sizeof *state->rooms);
    state->pack = bench_pack();
    if (state->rooms == NULL || state->pack == NULL) {
        return false;
    }
    pack_write_public(&state->public_body, state->pack);
    pack_write_panel(&state->panel_body, state->pack);
    /* The candidate is sent the public body, the two of the panel both. */
    target->opening_bytes = state->public_body.len + state->panel_body.len * 2 / 3 + 200;
    return true;
}

/* One that nobody listens on now. */
static uint16_t free_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool good = fd >= 0 && bind(fd, (struct sockaddr *)&address, len) == 0 &&
                getsockname(fd, (struct sockaddr *)&address, &len) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return good ? ntohs(address.sin_port) : 0;
}

static bool start(struct target *target, const char *bin, const char *journal) {
    char program[512], data[96], metrics[32], line[256] = "";
    target->metrics = free_port();
    snprintf(program, sizeof program, "%s/spard", bin);
    snprintf(data, sizeof data, "%s/data", target->folder);
    snprintf(metrics, sizeof metrics, "127.0.0.1:%u", target->metrics);
    const char *argv[] = {program,
                          "--listen",
                          "127.0.0.1:0",
                          "--data",
                          data,
                          "--workers",
                          "1",
                          "--open-hosting",
                          "--log-level",
                          "error",
                          "--max-connections",
                          "20000",
                          "--per-key",
                          "100000",
                          "--rooms-per-hour",
                          "1000000",
                          "--per-address",
                          "100000",
                          "--tokens",
                          "1000000",
                          "--max-rooms",
                          "20000",
                          "--metrics",
                          metrics,
                          journal != NULL ? "--journal" : NULL,
                          journal,
                          NULL};
    if (!target_spawn(target, argv, line, sizeof line)) {
        return false;
    }
    const char *host = strstr(line, "127.0.0.1:");
    target->port = host != NULL ? (uint16_t)strtoul(host + 10, NULL, 10) : 0;
    return target->port != 0;
}

bool target_spar(struct target *target, const char *bin, uint32_t rooms, const char *journal) {
    *target = (struct target){.name = "spard",
                              .prepare = spar_prepare,
                              .join = spar_join,
                              .frame = spar_frame,
                              .mark = spar_mark,
                              .say = spar_say,
                              .start = spar_start,
                              .keep = spar_keep,
                              .marks_max = MARKS_MAX};
    snprintf(target->folder, sizeof target->folder, "bench-spard-XXXXXX");
    return spar_state_init(target, rooms) && mkdtemp(target->folder) != NULL &&
           start(target, bin, journal);
}

/* What all servers on a database must have in common. */
static bool copy_secret(const struct target *from, const struct target *to, const char *name) {
    char path[128], bytes[8192];
    snprintf(path, sizeof path, "%s/data/%s", from->folder, name);
    FILE *file = fopen(path, "r");
    size_t len = file != NULL ? fread(bytes, 1, sizeof bytes, file) : 0;
    if (file != NULL) {
        fclose(file);
    }
    snprintf(path, sizeof path, "%s/data/%s", to->folder, name);
    int copy = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = len > 0 && copy >= 0 && write(copy, bytes, len) == (ssize_t)len;
    if (copy >= 0) {
        close(copy);
    }
    return good;
}

bool target_spar_more(struct target *target, const char *bin, const struct target *first,
                      const char *journal) {
    char data[96];
    *target = (struct target){.name = "spard"};
    snprintf(target->folder, sizeof target->folder, "bench-spard-XXXXXX");
    if (mkdtemp(target->folder) == NULL) {
        return false;
    }
    snprintf(data, sizeof data, "%s/data", target->folder);
    return mkdir(data, 0700) == 0 && copy_secret(first, target, "host.secret") &&
           copy_secret(first, target, "server.pem") && start(target, bin, journal);
}
