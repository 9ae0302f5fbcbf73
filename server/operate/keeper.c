/* SPDX-License-Identifier: ISC */
/*
 * keeper.c: see keeper.h. A look that comes while the operator has something under way is refused
 * by the journal; the next one does what it would have done.
 */
#include "server/operate/keeper.h"

#include <stdlib.h>

#include "server/journal/term.h"

enum { LOOK_LEAST_MS = 1000 }; /* real, however fast the rooms' clocks run */

struct keeper {
    struct keeper_means means;
    struct event *timer;
    int listener;
};

/* On the journal's thread. */
static void on_chore(void *ctx, uint64_t token, enum journal_said said, const char *line) {
    struct keeper *keeper = ctx;
    (void)token;
    if (said == JOURNAL_NOT_DONE && keeper->means.keep_ms > 0) {
        log_warn(keeper->means.log, "journal.keep", LOG_S("why", line));
    } else if (said == JOURNAL_DONE && line[0] != '0') {
        log_info(keeper->means.log, "journal.keep", LOG_S("what", line));
    }
}

static void on_events(void *ctx, struct journal_batch *batch) {
    (void)ctx;
    (void)batch;
}

/* On the journal's thread. */
static void on_trouble(void *ctx, const char *why) {
    struct keeper *keeper = ctx;
    if (why[0] != '\0') {
        log_error(keeper->means.log, "journal.trouble", LOG_S("why", why));
    } else {
        log_info(keeper->means.log, "journal.stores");
    }
}

static void look_later(struct keeper *keeper) {
    int64_t ms = TERM_LOOK_MS / keeper->means.time->rate;
    ms = ms > LOOK_LEAST_MS ? ms : LOOK_LEAST_MS;
    struct timeval wait = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
    evtimer_add(keeper->timer, &wait);
}

static void on_timer(evutil_socket_t fd, short what, void *ctx) {
    struct keeper *keeper = ctx;
    char of[TERM_TEXT_MAX];
    int64_t now = room_time_now(keeper->means.time);
    (void)fd;
    (void)what;
    term_write(of, keeper->means.keep_ms > 0 ? now - keeper->means.keep_ms : -1, now);
    /* Without memory the next look does it. */
    (void)!journal_post_chore(keeper->means.journal, keeper->listener, JOURNAL_KEEP, of, 1);
    look_later(keeper);
}

struct keeper *keeper_new(const struct keeper_means *means) {
    struct keeper *keeper = calloc(1, sizeof *keeper);
    if (keeper == NULL) {
        return NULL;
    }
    struct journal_listener listener = {
        .ctx = keeper, .events = on_events, .chore = on_chore, .trouble = on_trouble};
    keeper->means = *means;
    keeper->timer = evtimer_new(means->base, on_timer, keeper);
    keeper->listener = journal_add_listener(means->journal, &listener);
    if (keeper->timer == NULL || keeper->listener < 0) {
        keeper_free(keeper);
        return NULL;
    }
    look_later(keeper);
    return keeper;
}

void keeper_stop(struct keeper *keeper) {
    if (keeper != NULL && keeper->timer != NULL) {
        event_free(keeper->timer);
        keeper->timer = NULL;
    }
}

void keeper_free(struct keeper *keeper) {
    keeper_stop(keeper);
    free(keeper);
}
