/* SPDX-License-Identifier: ISC */
/*
 * load.h: commands sent into rooms of three at a rate, or so many at once, and when each of the
 * three had them.
 *
 * A command that is refused is no delivery that came late: it voids the figure that it was sent
 * for. So load_run, load_talk and load_window are false then, once with a sentence on stderr; so
 * they are if a connection was lost.
 */
#ifndef SPAR_BENCH_LOAD_H
#define SPAR_BENCH_LOAD_H

#include "tests/bench/target.h"

enum { MEMBERS = 3 };

/* Send times of one room's marks, in order: the k-th mark that a member reads is the k-th sent. */
struct times {
    int64_t *at;
    uint32_t count, cap;
};

/* Latencies, ms. */
struct waits {
    float *at;
    size_t count, cap;
};

struct load {
    struct times *rooms;
    uint32_t room_count;
    struct waits waits; /* of what was sent, until it was delivered to each member */
    struct waits pings; /* until they were answered */
    bool pinging;       /* load_run sends 200 a second, by members who send nothing else */
    int64_t ping_due;
    unsigned short random[3];
    uint64_t sent, pinged;
    uint64_t refused;
    const char *why; /* of the first of them */
    uint32_t spent;  /* marks of a room in earlier runs: at most so many in each */
};

struct bench {
    struct target target; /* first: a pool's ctx is its target */
    struct pool pool;
    struct load *load;       /* NULL: what is delivered is not counted */
    uint16_t ports[MEMBERS]; /* of the node that each role is at; 0: the target's */
    pid_t database;          /* 0: none; its first process */
    double database_us;      /* of its processor, an event of the moderate load */
};

bool load_init(struct load *load, uint32_t rooms) __attribute__((warn_unused_result));
void load_free(struct load *load);
/* The target's deliveries and refusals go to the bench's load from now on. */
void load_listen(struct bench *bench);
/* 1e9: there are none. */
double load_quantile(struct waits *waits, double q);

/* Sends at `rate` a second for `seconds`, then waits for what is under way. False: not everything
 * came within 5 s, or this program could not send so many beside what it had to read. */
bool load_run(struct bench *bench, uint32_t rate, int seconds) __attribute__((warn_unused_result));
/* Lines that anybody of any room says, at random moments, `rate` a second in all on average: so two
 * of a room speak at once as often as chance has it. Else as load_run; the moments are the same in
 * each run of a program. */
bool load_talk(struct bench *bench, uint32_t rate, int seconds) __attribute__((warn_unused_result));
/* Keeps `window` commands of each room on their way, then waits for them; ends sooner where a room
 * takes no more. False: not everything came. */
bool load_window(struct bench *bench, uint32_t window, int seconds)
    __attribute__((warn_unused_result));
/* Waits for what a run has left behind, so that the next does not meet it. False: it did not come.
 */
bool load_drain(struct bench *bench) __attribute__((warn_unused_result));
/* Whether each room takes as many marks more as a run at that rate and one of a second at the other
 * need. */
bool load_fits(const struct bench *bench, uint32_t rate, int seconds, uint32_t other);

#endif
