/* SPDX-License-Identifier: ISC */
/*
 * batch.h: the client without a screen: JSON commands from lines in, events and replies as JSON
 * lines out.
 *
 * The same feed and model underneath as the screens. Lines are taken one after the other; one that
 * has to wait (for a time, a stage, an event, its own confirmations) holds back those after it. The
 * lines are described in `spar help join` and the manual page spar(1).
 */
#ifndef SPAR_CLIENT_BATCH_BATCH_H
#define SPAR_CLIENT_BATCH_BATCH_H

#include <jansson.h>
#include <stdio.h>

#include "client/batch/input.h"
#include "client/feed/feed.h"

struct batch;

enum batch_kind {
    BATCH_COMMAND,
    BATCH_WAIT_STAGE,
    BATCH_WAIT_EVENT,
    BATCH_WAIT_SYNC,
    BATCH_INVITE,
    BATCH_DIGEST,
    BATCH_BRING,
    BATCH_SWAP,
    BATCH_WANT,   /* pairing: other wants, or to wait again */
    BATCH_UNWANT, /* pairing: out of the queue */
    BATCH_END
};
enum {
    BATCH_LIMIT_MAX_MS = 86400000 /* the longest limit of a wait: a day */
};

/* One line of input. */
struct batch_step {
    enum batch_kind kind;
    int64_t at;    /* ms of running interview time at which to take it; -1: at once */
    int64_t limit; /* of a wait: for how many ms of real time; 0: for ever */
    enum stage stage;
    enum role role;
    bool asked;   /* of a swap: one's own side has said that it wants it */
    json_t *json; /* the whole line, owned */
};

/* Reads one line (without its end). False: `why` (BATCH_WHY_MAX bytes) is one sentence. */
bool batch_parse(const char *line, size_t len, struct batch_step *out, char *why)
    __attribute__((warn_unused_result));
void batch_step_free(struct batch_step *step);
/* Whether a stage has been reached, or passed and cannot come again. */
bool batch_stage_reached(enum stage now, enum stage wanted);
/* Whether an event as printed has every field that a wait names. */
bool batch_event_matches(const json_t *event, const json_t *wait);

struct batch_options {
    struct event_base *base;
    struct feed *feed; /* as by batch_attach; may be NULL */
    FILE *out;
    FILE *errors;
    /* What a file that was brought has become goes there as a sentence; NULL: to `out` as JSON. */
    FILE *plain;
    /* Called once when all is done, or after a line that could not be used or that waited longer
     * than its limit. The owner leaves the room. */
    void (*done)(void *ctx, enum batch_end end);
    /* The room has a second half: the owner leaves it and attaches the next one, for which lines
     * are held. NULL: it stays, and nothing is held. */
    void (*moved)(void *ctx);
    /* Pairing; NULL: there is none. want: wants as in {"pair":wants}; false: `why` (BATCH_WHY_MAX
     * bytes) says what is wrong with them. */
    bool (*want)(void *ctx, const json_t *wants, char *why);
    void (*unwant)(void *ctx);
    void *ctx;               /* of these */
    int64_t (*now_ms)(void); /* the monotonic clock */
};

/* Prints states, links and events from now on. NULL: out of memory. */
struct batch *batch_new(const struct batch_options *options) __attribute__((warn_unused_result));
/* Takes over a feed's callbacks until the next one, or batch_free; lines that need a room are held
 * until it has been joined. NULL: no room for now. */
void batch_attach(struct batch *batch, struct feed *feed);
/* Prints {"key": value} as a line; takes the value. */
void batch_print(struct batch *batch, const char *key, json_t *value);
/* Starts to read lines from a descriptor; before it only output happens. False: out of memory. */
bool batch_start(struct batch *batch, int input) __attribute__((warn_unused_result));
/* Gives it lines directly (tests): bytes that hold whole lines; ended: no more will come. */
void batch_feed(struct batch *batch, const char *bytes, size_t len, bool ended);
void batch_free(struct batch *batch);

#endif
