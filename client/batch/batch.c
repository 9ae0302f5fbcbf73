/* SPDX-License-Identifier: ISC */
/*
 * batch.c: running the lines of batch mode against a feed.
 *
 * Invariants: at most one step is held at a time; everything that can end its waiting (an event, a
 * confirmation, a state, the timer) calls pump().
 */
#include "client/batch/batch.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "client/batch/json_event.h"
#include "client/batch/json_line.h"
#include "client/batch/suggest_line.h"
#include "client/feed/bring.h"
#include "client/feed/swap.h"
#include "client/net/moment.h"
#include "client/net/say.h"
#include "protocol/room/digest.h"
#include "protocol/room/suggest.h"

enum { SEEN_MAX = 4096, IN_FLIGHT_MAX = PENDING_COMMANDS_MAX / 2 };

struct batch {
    struct batch_options options;
    struct batch_input input;
    struct event *timer;
    struct event *late; /* the limit of the wait that is held */
    struct event *look; /* when something can be suggested next */
    uint32_t suggested; /* bit i: the pack's rule i has been printed */
    bool started, done, pumping;
    bool end_said; /* by a line; the end of the input alone lets a queue go on */
    bool holding;
    struct batch_step step;
    json_t *seen; /* events since the last one that a wait took */
};

static void pump(struct batch *batch);

/* NULL: no room for now. */
static const struct model *model_of(const struct batch *batch) {
    return batch->options.feed == NULL ? NULL : &batch->options.feed->model;
}

static void finish(struct batch *batch, enum batch_end end) {
    if (!batch->done) {
        batch->done = true;
        event_del(batch->late);
        batch->options.done(batch->options.ctx, end);
    }
}

/* Nobody hears any more what it does: it ends, rather than sit in a room or a queue unseen. */
void batch_print(struct batch *batch, const char *key, json_t *value) {
    json_t *line = json_object();
    json_object_set_new(line, key, value);
    if (!json_line_print(batch->options.out, line) && !batch->done) {
        finish(batch, batch_output_lost(batch->options.out, batch->options.errors));
    }
}

/* Prints what has come to be suggested, and looks again when the clock alone can bring more. */
static void print_suggestions(struct batch *batch) {
    const struct model *model = model_of(batch);
    if (model == NULL || batch->done) {
        return;
    }
    int64_t now = model_now(model, batch->options.now_ms());
    json_t *lines = suggest_line_new(model, now, &batch->suggested);
    for (size_t i = 0; i < json_array_size(lines); i++) {
        batch_print(batch, "suggest", json_incref(json_array_get(lines, i)));
    }
    json_decref(lines);
    int64_t next = suggest_next(&model->room, now);
    event_del(batch->look);
    if (next > now && model->rate > 0) {
        struct timeval wait = moment_interval((next - now + model->rate - 1) / model->rate);
        event_add(batch->look, &wait);
    }
}

static void on_look(evutil_socket_t fd, short what, void *arg) {
    (void)fd, (void)what;
    print_suggestions(arg);
}

static void on_event(struct feed *feed, const struct event *event, void *ctx) {
    struct batch *batch = ctx;
    json_t *object = json_event(&feed->model.room, event);
    if (json_array_size(batch->seen) >= SEEN_MAX) {
        json_array_remove(batch->seen, 0);
    }
    json_array_append(batch->seen, object);
    batch_print(batch, "event", object);
    print_suggestions(batch);
    pump(batch);
}

static void on_refused(struct feed *feed, uint32_t id, enum refusal why, void *ctx) {
    struct batch *batch = ctx;
    const char *text = why == REFUSAL_STALE ? feed->model.message : refusal_sentence(why);
    batch_print(
        batch, "refused",
        json_pack("{s:I,s:s,s:s}", "id", (json_int_t)id, "why", refusal_name(why), "text", text));
    pump(batch);
}

static void on_kept(struct feed *feed, uint32_t id, void *ctx) {
    (void)feed;
    struct batch *batch = ctx;
    batch_print(batch, "kept", json_pack("{s:I}", "id", (json_int_t)id));
    pump(batch);
}

static void on_link(struct feed *feed, enum role role, const char *link, void *ctx) {
    (void)feed;
    struct batch *batch = ctx;
    batch_print(batch, "link", json_pack("{s:s,s:s}", "role", role_name(role), "link", link));
}

static void on_state(struct feed *feed, void *ctx) {
    static const char *const names[] = {[CONNECTION_CONNECTING] = "connecting",
                                        [CONNECTION_LIVE] = "live",
                                        [CONNECTION_WAITING] = "waiting",
                                        [CONNECTION_ENDED] = "ended",
                                        [CONNECTION_RECORDING] = "recording"};
    struct batch *batch = ctx;
    batch_print(batch, "state", json_string(names[feed->model.connection]));
    pump(batch);
}

static void on_change(struct feed *feed, void *ctx) {
    struct batch *batch = ctx;
    if (batch->options.moved != NULL && feed->model.room.next[0] != '\0' && !batch->done) {
        batch->options.moved(batch->options.ctx);
    }
}

/* Running interview time, pauses left out; -1: not started. */
static int64_t elapsed(const struct batch *batch) {
    const struct model *model = &batch->options.feed->model;
    if (model->room.stage < STAGE_RUNNING) {
        return -1;
    }
    return clock_read(&model->room, model_now(model, batch->options.now_ms())).whole_elapsed;
}

/* Whether a step with a time has to wait; then the timer is set if the time passes by itself. */
static bool too_early(struct batch *batch, int64_t at) {
    const struct model *model = &batch->options.feed->model;
    int64_t now = elapsed(batch);
    if (at < 0 || now >= at || model->room.stage >= STAGE_FINISHED) {
        return false; /* after the end it would never come */
    }
    if (model->room.stage == STAGE_RUNNING && model->rate > 0) {
        int64_t ms = (at - now + model->rate - 1) / model->rate;
        struct timeval wait = moment_interval(ms);
        event_add(batch->timer, &wait);
    }
    return true;
}

/* Takes the first seen event that matches, and all before it. */
static bool take_event(struct batch *batch) {
    size_t count = json_array_size(batch->seen);
    for (size_t i = 0; i < count; i++) {
        if (!batch_event_matches(json_array_get(batch->seen, i), batch->step.json)) {
            continue;
        }
        json_t *rest = json_array();
        for (size_t k = i + 1; k < count; k++) {
            json_array_append(rest, json_array_get(batch->seen, k));
        }
        json_decref(batch->seen);
        batch->seen = rest;
        return true;
    }
    return false;
}

/* There is no room for a line now: none yet, or its second half is about to be joined. */
static bool between_rooms(const struct batch *batch) {
    const struct model *model = model_of(batch);
    return model == NULL || model->room.pos == 0 ||
           (batch->options.moved != NULL && model->room.next[0] != '\0');
}

static void complain(struct batch *batch, const char *why) {
    if (batch->options.plain != NULL) {
        say(batch->options.errors, "spar: %s\n", why);
    } else {
        say(batch->options.errors, "spar: line %u: %s\n", batch->input.line, why);
    }
    finish(batch, BATCH_BAD_LINE);
}

/* Turning the roles needs both: asks, or agrees with who has asked, before anything is opened. */
static void say_turn(struct batch *batch) {
    struct feed *feed = batch->options.feed;
    const struct body body = {.act = ACTION_TURN_ASK, .has = F(on), .on = 1};
    if (batch->step.kind != BATCH_SWAP || batch->step.asked || between_rooms(batch) ||
        feed->model.role == ROLE_COACH || feed->model.pending_count > 0 ||
        feed->model.swap_id != 0 || too_early(batch, batch->step.at)) {
        return;
    }
    batch->step.asked = true;
    if (!room_turn_wants(&feed->model.room, feed->model.seat) && !feed->ops->send(feed, &body)) {
        complain(batch, feed->model.message);
    }
}

/* Whether a swap still waits: for the other side's word, or for the room that they open. */
static bool awaits_turn(const struct model *model) {
    bool opens = model->role == ROLE_CANDIDATE && room_turn_is_agreed(&model->room);
    return !opens && model->room.next[0] == '\0' && room_turn_wants(&model->room, model->seat);
}

static bool must_wait(struct batch *batch) {
    const struct model *model = model_of(batch);
    enum batch_kind kind = batch->step.kind;
    if (kind == BATCH_WANT || kind == BATCH_UNWANT || (kind == BATCH_END && model == NULL)) {
        return false;
    }
    if (kind == BATCH_WAIT_EVENT && model != NULL) {
        return !take_event(batch);
    }
    if (between_rooms(batch) || model->swap_id != 0 || too_early(batch, batch->step.at)) {
        return true;
    }
    switch (kind) {
    case BATCH_WAIT_STAGE: return !batch_stage_reached(model->room.stage, batch->step.stage);
    case BATCH_WAIT_SYNC: return model->pending_count > 0;
    case BATCH_SWAP: return model->pending_count > 0 || awaits_turn(model);
    case BATCH_COMMAND: return model->pending_count >= IN_FLIGHT_MAX;
    /* Where things have a place depends on what is there. */
    case BATCH_BRING: return model->pending_count > 0 || model->room.pos < model->joined_n;
    case BATCH_INVITE: return model->connection == CONNECTION_WAITING;
    default: return false;
    }
}

static void print_digest(struct batch *batch) {
    const struct room *room = &batch->options.feed->model.room;
    uint8_t digest[HASH_BYTES];
    char text[2 * HASH_BYTES + 1];
    if (!digest_room(room, digest)) {
        complain(batch, "Out of memory.");
        return;
    }
    for (int i = 0; i < HASH_BYTES; i++) {
        snprintf(text + (size_t)i * 2, 3, "%02x", digest[i]);
    }
    batch_print(batch, "digest",
                json_pack("{s:I,s:s}", "n", (json_int_t)room->pos, "sha256", text));
}

static void run_command(struct batch *batch) {
    struct feed *feed = batch->options.feed;
    char why[256];
    struct json_bytes bytes;
    struct body body;
    if (!json_command(batch->step.json, feed->model.room.pack, &bytes, &body, why)) {
        complain(batch, why);
    } else if (!feed->ops->send(feed, &body)) {
        complain(batch, feed->model.message);
    }
}

static void run_swap(struct batch *batch) {
    char why[BATCH_WHY_MAX];
    const char *pack = json_string_value(json_object_get(batch->step.json, "pack"));
    const struct model *model = model_of(batch);
    /* Whoever is asked has declined, or the other side opens the room: that has been printed. */
    if (model->role != ROLE_COACH &&
        !(model->role == ROLE_CANDIDATE && room_turn_is_agreed(&model->room))) {
        return;
    }
    if (!swap_start(batch->options.feed, pack, why, sizeof why)) {
        complain(batch, why);
    }
}

static void run_wants(struct batch *batch) {
    char why[BATCH_WHY_MAX];
    if (batch->options.want == NULL) {
        complain(batch, "\"pair\" and \"unpair\" are for 'spar pair --batch'.");
    } else if (batch->step.kind == BATCH_UNWANT) {
        batch->options.unwant(batch->options.ctx);
    } else if (!batch->options.want(batch->options.ctx, json_object_get(batch->step.json, "pair"),
                                    why)) {
        complain(batch, why);
    }
}

/* A drawing or a picture of somebody who draws elsewhere. */
static void run_bring(struct batch *batch) {
    struct feed *feed = batch->options.feed;
    const char *path = json_string_value(json_object_get(batch->step.json, "bring"));
    if (!bring_file(feed, path)) {
        complain(batch, feed->model.message);
    } else if (batch->options.plain != NULL) {
        say(batch->options.plain, "%s\n", feed->model.message);
    } else {
        batch_print(batch, "brought",
                    json_pack("{s:s,s:s}", "file", path, "text", feed->model.message));
    }
}

static void run_step(struct batch *batch) {
    struct feed *feed = batch->options.feed;
    switch (batch->step.kind) {
    case BATCH_COMMAND: run_command(batch); break;
    case BATCH_DIGEST: print_digest(batch); break;
    case BATCH_BRING: run_bring(batch); break;
    case BATCH_INVITE:
        if (!feed->ops->invite(feed, batch->step.role)) {
            complain(batch, feed->model.message);
        }
        break;
    case BATCH_SWAP: run_swap(batch); break;
    case BATCH_WANT:
    case BATCH_UNWANT: run_wants(batch); break;
    case BATCH_END:
        batch->end_said = true;
        batch_input_end(&batch->input);
        break;
    default: break;
    }
}

/* The next line, if a whole one is there; sets holding. False: nothing to do now. */
static bool next_step(struct batch *batch) {
    size_t len;
    char why[BATCH_WHY_MAX];
    char *line = batch_input_next(&batch->input, &len);
    if (line == NULL) {
        return false;
    }
    batch->holding = batch_parse(line, len, &batch->step, why);
    if (!batch->holding) {
        complain(batch, why);
    }
    free(line);
    return batch->holding;
}

/* From the first time that a step has to wait; its limit counts real time. */
static void set_limit(struct batch *batch) {
    int64_t ms = batch->step.limit;
    if (ms > 0 && !evtimer_pending(batch->late, NULL)) {
        struct timeval wait = moment_interval(ms);
        event_add(batch->late, &wait);
    }
}

/* Runs every step that need not wait. */
static void pump_steps(struct batch *batch) {
    while (!batch->done &&
           (model_of(batch) == NULL || model_of(batch)->connection != CONNECTION_ENDED)) {
        if (!batch->holding && !next_step(batch)) {
            break;
        }
        say_turn(batch);
        if (must_wait(batch)) {
            set_limit(batch);
            return;
        }
        event_del(batch->late);
        batch->holding = false;
        run_step(batch);
        batch_step_free(&batch->step);
    }
    const struct model *model = model_of(batch);
    bool idle = model == NULL
                    ? batch->end_said
                    : model->room.pos > 0 && model->pending_count == 0 && model->swap_id == 0;
    if (!batch->holding && batch_input_is_over(&batch->input) && idle) {
        finish(batch, BATCH_DONE);
    }
}

static void pump(struct batch *batch) {
    if (batch->pumping || !batch->started || batch->done) {
        return;
    }
    batch->pumping = true;
    pump_steps(batch);
    batch->pumping = false;
}

static void on_more(void *ctx) {
    pump(ctx);
}

static void on_timer(evutil_socket_t fd, short what, void *arg) {
    (void)fd, (void)what;
    pump(arg);
}

static void on_late(evutil_socket_t fd, short what, void *arg) {
    (void)fd, (void)what;
    struct batch *batch = arg;
    say(batch->options.errors,
        "spar: line %u: what it waits for has not come within its %lld ms.\n", batch->input.line,
        (long long)batch->step.limit);
    finish(batch, BATCH_FAILED);
}

struct batch *batch_new(const struct batch_options *options) {
    struct batch *batch = calloc(1, sizeof *batch);
    if (batch == NULL) {
        return NULL;
    }
    batch->options = *options;
    bool good = batch_input_open(&batch->input, on_more, batch);
    batch->seen = json_array();
    batch->timer = evtimer_new(options->base, on_timer, batch);
    batch->late = evtimer_new(options->base, on_late, batch);
    batch->look = evtimer_new(options->base, on_look, batch);
    if (!good || batch->seen == NULL || batch->timer == NULL || batch->late == NULL ||
        batch->look == NULL) {
        batch_free(batch);
        return NULL;
    }
    batch_attach(batch, options->feed);
    return batch;
}

static void detach(struct batch *batch) {
    struct feed *feed = batch->options.feed;
    if (feed != NULL) {
        feed->on_event = NULL;
        feed->on_refused = NULL;
        feed->on_kept = NULL;
        feed->on_link = NULL;
        feed->on_state = NULL;
        feed->on_change = NULL;
    }
    batch->options.feed = NULL;
}

void batch_attach(struct batch *batch, struct feed *feed) {
    detach(batch);
    json_array_clear(batch->seen);
    event_del(batch->look);
    batch->suggested = 0;
    batch->options.feed = feed;
    if (feed != NULL && batch->holding && batch->step.asked) {
        batch->holding = false; /* the roles have been turned: this is the second half */
        batch_step_free(&batch->step);
    }
    if (feed != NULL) {
        feed->ctx = batch;
        feed->on_event = on_event;
        feed->on_refused = on_refused;
        feed->on_kept = on_kept;
        feed->on_link = on_link;
        feed->on_state = on_state;
        feed->on_change = on_change;
    }
}

bool batch_start(struct batch *batch, int input) {
    batch->started = true;
    return batch_input_start(&batch->input, batch->options.base, input);
}

void batch_feed(struct batch *batch, const char *bytes, size_t len, bool ended) {
    batch->started = true;
    batch_input_give(&batch->input, bytes, len, ended);
    pump(batch);
}

void batch_free(struct batch *batch) {
    if (batch == NULL) {
        return;
    }
    detach(batch);
    if (batch->holding) {
        batch_step_free(&batch->step);
    }
    if (batch->timer != NULL) {
        event_free(batch->timer);
    }
    if (batch->late != NULL) {
        event_free(batch->late);
    }
    if (batch->look != NULL) {
        event_free(batch->look);
    }
    batch_input_close(&batch->input);
    json_decref(batch->seen);
    free(batch);
}
