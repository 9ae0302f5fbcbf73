/* SPDX-License-Identifier: ISC */
/*
 * target_floor.c: the floor (bench_floor.c) behind target.h.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/limits.h"
#include "protocol/wire/frame.h"
#include "tests/bench/target.h"

/* As long as spard's frame for a mark.set of click-stream, so that both move the same bytes. */
static const char mark_bytes[] =
    "................................mark.set......................................"
    "....................................";

static bool floor_prepare(struct target *target, uint32_t rooms) {
    (void)target;
    (void)rooms;
    return true;
}

static void floor_send(struct pool *pool, struct peer *peer, const void *bytes, size_t len) {
    uint8_t frame[FRAME_HEADER_BYTES + sizeof mark_bytes];
    frame_header(frame, len);
    memcpy(frame + FRAME_HEADER_BYTES, bytes, len);
    pool_send(pool, peer, frame, FRAME_HEADER_BYTES + len);
}

static void floor_join(struct pool *pool, struct peer *peer) {
    uint8_t join[sizeof mark_bytes];
    uint32_t room = htonl(peer->room);
    memset(join, '.', sizeof join);
    join[0] = 'J';
    memcpy(join + 1, &room, sizeof room);
    join[5] = peer->n > 0 ? 'R' : '.'; /* returns */
    floor_send(pool, peer, join, sizeof join - 1);
}

static void floor_mark(struct pool *pool, struct peer *peer) {
    floor_send(pool, peer, mark_bytes, sizeof mark_bytes - 1);
}

static void floor_start(struct pool *pool, struct peer *peer) {
    (void)pool;
    (void)peer;
}

/* The floor cuts nobody off. */
static void floor_keep(struct pool *pool, struct peer *peer) {
    (void)pool;
    (void)peer;
}

static void floor_frame(struct pool *pool, struct peer *peer, const uint8_t *payload, size_t len) {
    struct target *target = pool->ctx;
    if (payload[0] == 'O' && peer->state == PEER_UP) {
        peer->state = PEER_JOINED;
        peer->n = 1;
        pool->joined++;
    } else if (payload[0] == '.' && len == sizeof mark_bytes - 1) {
        target->delivered(pool, peer);
    }
}

bool target_floor(struct target *target, const char *bin, size_t opening_bytes) {
    char program[512], file[96], opening[32], line[64] = "";
    *target = (struct target){.name = "floor",
                              .opening_bytes = opening_bytes,
                              .prepare = floor_prepare,
                              .join = floor_join,
                              .frame = floor_frame,
                              .mark = floor_mark,
                              .start = floor_start,
                              .keep = floor_keep};
    snprintf(target->folder, sizeof target->folder, "bench-floor-XXXXXX");
    if (mkdtemp(target->folder) == NULL) {
        return false;
    }
    snprintf(program, sizeof program, "%s/bench_floor", bin);
    snprintf(file, sizeof file, "%s/log", target->folder);
    snprintf(opening, sizeof opening, "%zu", opening_bytes);
    const char *argv[] = {program, file, opening, NULL};
    if (!target_spawn(target, argv, line, sizeof line)) {
        return false;
    }
    target->port = (uint16_t)strtoul(line, NULL, 10);
    return target->port != 0;
}
