/* SPDX-License-Identifier: ISC */
/*
 * passes.h: what one worker tells the others of a room that is in no log, those of this server and
 * those of others on its journal: round trips, voices, and signals between them. A table that the
 * workers hand down.
 */
#ifndef SPAR_SERVER_ROOM_PASSES_H
#define SPAR_SERVER_ROOM_PASSES_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/text/span.h"

/* Which worker of which server: the server's boot above its number. */
static inline uint64_t pass_home(uint32_t boot, unsigned worker) {
    return (uint64_t)boot << 32 | worker;
}

static inline uint32_t pass_home_boot(uint64_t home) {
    return (uint32_t)(home >> 32);
}

static inline unsigned pass_home_worker(uint64_t home) {
    return (unsigned)(home & UINT32_MAX);
}

/* A seat's voice as it is now. since: ms of room time. home: of the worker that the seat's page is
 * connected to. */
struct voice_news {
    uint8_t seat;
    bool on, muted, lost;
    uint32_t tag;
    int64_t since;
    uint64_t home;
};

/* All by a room's id (ROOM_ID_BYTES), to all other workers; a signal to its home alone. What cannot
 * be passed on for want of memory is dropped. ctx: the desk's. */
struct room_passes {
    /* far: to other servers too; somebody of the room is there. */
    void (*round_trip)(void *ctx, const char *room, uint8_t seat, int64_t ms, bool far);
    void (*voice)(void *ctx, const char *room, const struct voice_news *news);
    /* Whoever has a voice there is to say so again. */
    void (*ask)(void *ctx, const char *room);
    void (*signal)(void *ctx, uint64_t home, const char *room, uint8_t to, uint8_t from,
                   struct span data);
};

#endif
