/* SPDX-License-Identifier: ISC */
/*
 * room_time.c: room time from the monotonic clock that counts the sleep of the machine too.
 * Immutable once started but for the clock that it follows, so any thread may read it.
 */
#include "server/base/room_time.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { START_BOUND_US = 50000 }; /* the first good answer counts */

struct room_clock {
    pthread_mutex_t lock;
    struct slew slew; /* under lock */
    bool started;     /* under lock */
};

static int64_t read_us(clockid_t clock) {
    struct timespec moment;
    clock_gettime(clock, &moment);
    return (int64_t)moment.tv_sec * 1000000 + moment.tv_nsec / 1000;
}

static int64_t read_clock(clockid_t clock) {
    return read_us(clock) / 1000;
}

struct room_time room_time_start(int64_t epoch, int64_t ahead, unsigned rate, int64_t latest) {
    int64_t past = read_clock(CLOCK_REALTIME) + ahead - epoch;
    /* A wall clock that was set back before the journal's birth must not give negative times. */
    int64_t start = epoch + (past > 0 ? past : 0) * (int64_t)rate;
    return (struct room_time){.start = start > latest ? start : latest,
                              .behind = latest > start ? latest - start : 0,
                              .monotonic = read_clock(CLOCK_BOOTTIME),
                              .rate = rate};
}

/* Read under the lock, so that whoever reads later reads no less. */
static int64_t clock_says(struct room_clock *clock) {
    pthread_mutex_lock(&clock->lock);
    int64_t says = slew_now(&clock->slew, room_clock_moment());
    pthread_mutex_unlock(&clock->lock);
    return says;
}

void room_time_follow(struct room_time *time, struct room_clock *clock) {
    time->start = room_time_now(time);
    time->monotonic = clock_says(clock);
    time->clock = clock;
}

int64_t room_time_now(const void *time) {
    const struct room_time *room_time = time;
    if (room_time->clock != NULL) {
        int64_t passed = clock_says(room_time->clock) - room_time->monotonic;
        return room_time->start + passed * room_time->rate / 1000;
    }
    return room_time->start + (read_clock(CLOCK_BOOTTIME) - room_time->monotonic) * room_time->rate;
}

struct room_clock *room_clock_new(void) {
    struct room_clock *clock = calloc(1, sizeof *clock);
    if (clock != NULL) {
        pthread_mutex_init(&clock->lock, NULL);
    }
    return clock;
}

void room_clock_start(struct room_clock *clock, int64_t ahead) {
    pthread_mutex_lock(&clock->lock);
    clock->slew =
        slew_start(room_clock_moment(), read_us(CLOCK_REALTIME) + ahead * 1000, START_BOUND_US);
    clock->started = true;
    pthread_mutex_unlock(&clock->lock);
}

void room_clock_free(struct room_clock *clock) {
    if (clock != NULL) {
        pthread_mutex_destroy(&clock->lock);
        free(clock);
    }
}

int64_t room_clock_moment(void) {
    return read_us(CLOCK_BOOTTIME);
}

bool room_clock_take(struct room_clock *clock, const struct slew_sample *sample, int64_t *off) {
    pthread_mutex_lock(&clock->lock);
    bool turned = clock->started && slew_take(&clock->slew, sample);
    *off = clock->slew.off;
    pthread_mutex_unlock(&clock->lock);
    return turned;
}
