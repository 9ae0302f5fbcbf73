/* SPDX-License-Identifier: ISC */
/*
 * target.h: what is measured: spard or the floor, behind one face, so that both get the same load.
 */
#ifndef SPAR_BENCH_TARGET_H
#define SPAR_BENCH_TARGET_H

#include <sys/types.h>

#include "tests/bench/peer.h"

struct target {
    const char *name;
    pid_t pid;
    uint16_t port, metrics; /* 0: it says nothing of itself */
    char folder[64];        /* its data, removed at the end */
    size_t opening_bytes;   /* what somebody who comes in is sent; measured on spard, given to the
                               floor */
    uint32_t marks_max;     /* a room takes so many; 0: any number */
    /* Prepares `rooms` rooms before anybody joins; again: others in their place. */
    bool (*prepare)(struct target *target, uint32_t rooms);
    /* As pool.on_up: says what has to be said to come into peer->room (again, after peer->n). */
    void (*join)(struct pool *pool, struct peer *peer);
    /* As pool.on_frame: keeps peer->state, peer->n and calls `mark` for each delivered mark. */
    void (*frame)(struct pool *pool, struct peer *peer, const uint8_t *payload, size_t len);
    /* Sends one mark, and what must precede the first. */
    void (*mark)(struct pool *pool, struct peer *peer);
    void (*start)(struct pool *pool, struct peer *peer);
    /* Sends one line, of which `said` is called with that number for each who has it. */
    void (*say)(struct pool *pool, struct peer *peer, uint32_t number);
    void (*said)(struct pool *pool, struct peer *peer, uint32_t number);
    void (*delivered)(struct pool *pool, struct peer *peer);
    /* By load.h: a command or the connection was refused; why: its name, static. */
    void (*refused)(struct pool *pool, struct peer *peer, const char *why);
    /* Says something, so that the connection is not taken for dead. */
    void (*keep)(struct pool *pool, struct peer *peer);
    /* That was answered. */
    void (*kept)(struct pool *pool, struct peer *peer);
    void *state;
};

/* Starts the server on a processor of its own; false with a sentence on stderr. journal: NULL, or
 * the database, without a journal yet, that it keeps its own in. */
bool target_spar(struct target *target, const char *bin, uint32_t rooms, const char *journal)
    __attribute__((warn_unused_result));
/* One more on the same database, without anything that is measured behind it: a place to connect
 * to. */
bool target_spar_more(struct target *target, const char *bin, const struct target *first,
                      const char *journal) __attribute__((warn_unused_result));
bool target_floor(struct target *target, const char *bin, size_t opening_bytes)
    __attribute__((warn_unused_result));
void target_stop(struct target *target);
/* The server's processor time so far, ns; its resident memory, bytes. */
int64_t target_cpu(const struct target *target);
/* The same of a process and those that it has started, also of those that have ended. */
int64_t target_cpu_of_family(pid_t pid);
/* What it says of itself under that name; 0: nothing. */
int64_t target_metric(const struct target *target, const char *name);
int64_t target_resident(const struct target *target);
/* Forks and runs argv on processor 0 with stdout in a pipe; first line into `line`. */
bool target_spawn(struct target *target, const char *const argv[], char *line, size_t size)
    __attribute__((warn_unused_result));

#endif
