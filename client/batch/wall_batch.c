/* SPDX-License-Identifier: ISC */
/*
 * wall_batch.c: printing rows that changed, and running lines.
 *
 * Invariants: a row is printed again only if something else than its clock has changed; lines are
 * taken in their order, and {"wait":"sync"} holds those after it.
 */
#include "client/batch/wall_batch.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "client/batch/input.h"
#include "client/batch/json_event.h"
#include "client/batch/json_line.h"
#include "client/batch/wall_json.h"
#include "client/net/moment.h"
#include "client/net/say.h"

/* What was printed of a room last. */
struct printed {
    char room[ROOM_ID_BYTES + 1];
    json_t *row;
};

struct wall_batch {
    struct wall_batch_options options;
    struct batch_input input;
    struct event *timer, *look;
    struct printed *printed;
    size_t printed_count;
    int64_t looked_at;
    bool done, waiting, events;
};

static void finish(struct wall_batch *batch, enum batch_end end) {
    if (!batch->done) {
        batch->done = true;
        batch->options.done(batch->options.ctx, end);
    }
}

static void complain(struct wall_batch *batch, const char *why) {
    say(batch->options.errors, "spar: line %u: %s\n", batch->input.line, why);
    finish(batch, BATCH_BAD_LINE);
}

/* Nobody hears any more what happens: it ends, and with it the coach's seats. */
static void print(struct wall_batch *batch, json_t *line) {
    if (!json_line_print(batch->options.out, line) && !batch->done) {
        finish(batch, batch_output_lost(batch->options.out, batch->options.errors));
    }
}

/* ---- rows ---- */

static struct printed *printed_of(struct wall_batch *batch, const char *room) {
    for (size_t i = 0; i < batch->printed_count; i++) {
        if (strcmp(batch->printed[i].room, room) == 0) {
            return &batch->printed[i];
        }
    }
    struct printed *grown =
        realloc(batch->printed, (batch->printed_count + 1) * sizeof *batch->printed);
    if (grown == NULL) {
        return NULL;
    }
    batch->printed = grown;
    struct printed *one = &grown[batch->printed_count++];
    *one = (struct printed){0};
    snprintf(one->room, sizeof one->room, "%s", room);
    return one;
}

/* always: also if it is as it was. */
static void print_row(struct wall_batch *batch, const struct wall_room *room, int64_t mono,
                      bool always) {
    struct printed *before = printed_of(batch, room->seat.invite.room);
    bool open = room->seat.feed.model.room.stage != STAGE_NEW; /* its events have begun to come */
    json_t *row = before == NULL || !open ? NULL : wall_json(room);
    if (row == NULL || (!always && before->row != NULL && json_equal(before->row, row))) {
        json_decref(row);
        return;
    }
    json_decref(before->row);
    before->row = json_deep_copy(row);
    wall_json_times(row, room, wall_now(room, mono));
    print(batch, row);
}

static void set_timer(struct event *timer, int64_t ms) {
    struct timeval wait = moment_interval(ms);
    event_add(timer, &wait);
}

/* The next moment at which a row may change without an event. */
static void set_look(struct wall_batch *batch, int64_t mono) {
    const struct wall *wall = wall_feed_wall(batch->options.feed);
    int64_t soonest = -1;
    for (uint32_t i = 0; i < wall->count; i++) {
        const struct wall_room *room = wall->rooms[i];
        int64_t rate = room->seat.feed.model.rate;
        if (room->row.next < 0 || rate <= 0) {
            continue;
        }
        int64_t wait = (room->row.next - wall_now(room, mono) + rate - 1) / rate;
        soonest = soonest < 0 || wait < soonest ? wait : soonest;
    }
    if (soonest >= 0) {
        set_timer(batch->look, soonest < WALL_BATCH_MS ? WALL_BATCH_MS : soonest);
    }
}

static void look(struct wall_batch *batch, bool always) {
    const struct wall *wall = wall_feed_wall(batch->options.feed);
    int64_t mono = moment_ms();
    wall_feed_refresh(batch->options.feed, mono, false);
    for (uint32_t i = 0; i < wall->count; i++) {
        print_row(batch, wall->rooms[i], mono, always);
    }
    batch->looked_at = mono;
    set_look(batch, mono);
}

/* ---- what rooms say ---- */

static void print_of_room(struct wall_batch *batch, const struct feed *feed, const char *key,
                          json_t *value) {
    print(batch, json_pack("{s:s,s:o}", "room", feed->model.room_id, key, value));
}

static void pump(struct wall_batch *batch);

static void on_event(struct feed *feed, const struct event *event, void *ctx) {
    struct wall_batch *batch = ctx;
    if (batch->events) {
        print_of_room(batch, feed, "event", json_event(&feed->model.room, event));
    }
}

static void on_refused(struct feed *feed, uint32_t id, enum refusal why, void *ctx) {
    print_of_room(ctx, feed, "refused",
                  json_pack("{s:I,s:s,s:s}", "id", (json_int_t)id, "why", refusal_name(why), "text",
                            refusal_sentence(why)));
}

void wall_batch_came(struct wall_batch *batch, struct wall_room *room) {
    struct feed *feed = &room->seat.feed;
    feed->ctx = batch;
    feed->on_event = on_event;
    feed->on_refused = on_refused;
}

void wall_batch_went(struct wall_batch *batch, struct wall_room *room, const char *why) {
    print_of_room(batch, &room->seat.feed, "gone", json_string(why));
}

/* ---- lines ---- */

static uint32_t pending(const struct wall_batch *batch) {
    const struct wall *wall = wall_feed_wall(batch->options.feed);
    uint32_t count = 0;
    for (uint32_t i = 0; i < wall->count; i++) {
        const struct wall_room *room = wall->rooms[i];
        count += room->seat.over ? 0 : room->seat.feed.model.pending_count;
    }
    return count;
}

static void run_command(struct wall_batch *batch, json_t *line) {
    const char *id = json_string_value(json_object_get(line, "room"));
    struct wall_room *room =
        id == NULL ? NULL : wall_find(wall_feed_wall(batch->options.feed), NULL, span_of(id));
    struct json_bytes bytes;
    char why[256];
    struct body body;
    if (id == NULL) {
        complain(batch, "\"room\" should name the room that the command is for.");
        return;
    }
    if (room == NULL) { /* it may have ended a moment ago: no fault of the script */
        print(batch, json_pack("{s:s,s:{s:s,s:s}}", "room", id, "refused", "why",
                               refusal_name(REFUSAL_NOT_A_MEMBER), "text",
                               "That room is not on the wall, or has ended."));
        return;
    }
    struct feed *feed = &room->seat.feed;
    json_object_del(line, "room");
    if (!json_command(line, feed->model.room.pack, &bytes, &body, why)) {
        complain(batch, why);
    } else if (!feed->ops->send(feed, &body)) {
        print_of_room(batch, feed, "refused", json_pack("{s:s}", "text", feed->model.message));
    }
}

static void run_line(struct wall_batch *batch, json_t *line) {
    const json_t *events = json_object_get(line, "events");
    const char *wait = json_string_value(json_object_get(line, "wait"));
    if (json_object_get(line, "do") != NULL) {
        run_command(batch, line);
    } else if (json_is_boolean(events)) {
        batch->events = json_is_true(events);
    } else if (json_is_true(json_object_get(line, "rows"))) {
        look(batch, true);
    } else if (json_is_true(json_object_get(line, "end"))) {
        batch_input_end(&batch->input);
    } else if (wait != NULL && strcmp(wait, "sync") == 0) {
        batch->waiting = true;
    } else {
        complain(batch, "The line should hold \"room\" and \"do\", or \"events\", \"rows\", "
                        "\"wait\":\"sync\" or \"end\".");
    }
}

static void read_line(struct wall_batch *batch, const char *text, size_t len) {
    char why[BATCH_WHY_MAX];
    json_t *line = batch_line_object(text, len, "{\"rows\":true}", why);
    if (line == NULL) {
        complain(batch, why);
    } else {
        run_line(batch, line);
    }
    json_decref(line);
}

/* Runs every line that need not wait. */
static void pump(struct wall_batch *batch) {
    while (!batch->done) {
        size_t len;
        batch->waiting = batch->waiting && pending(batch) > 0;
        if (batch->waiting) {
            return;
        }
        char *text = batch_input_next(&batch->input, &len);
        if (text == NULL) {
            break;
        }
        read_line(batch, text, len);
        free(text);
    }
    if (!batch->done && batch_input_is_over(&batch->input) && pending(batch) == 0) {
        look(batch, false);
        finish(batch, BATCH_DONE);
    }
}

/* ---- events ---- */

void wall_batch_changed(struct wall_batch *batch) {
    if (!evtimer_pending(batch->timer, NULL)) {
        int64_t wait = batch->looked_at + WALL_BATCH_MS - moment_ms();
        set_timer(batch->timer, wait > 0 ? wait : 0);
    }
}

static void on_timer(evutil_socket_t fd, short what, void *arg) {
    (void)fd, (void)what;
    struct wall_batch *batch = arg;
    if (!batch->done) {
        look(batch, false);
        pump(batch);
    }
}

static void on_more(void *ctx) {
    pump(ctx);
}

bool wall_batch_start(struct wall_batch *batch, int input) {
    look(batch, false);
    return batch_input_start(&batch->input, batch->options.base, input);
}

struct wall_batch *wall_batch_new(const struct wall_batch_options *options) {
    struct wall_batch *batch = calloc(1, sizeof *batch);
    if (batch == NULL) {
        return NULL;
    }
    batch->options = *options;
    batch->looked_at = -WALL_BATCH_MS;
    bool good = batch_input_open(&batch->input, on_more, batch);
    batch->timer = evtimer_new(options->base, on_timer, batch);
    batch->look = evtimer_new(options->base, on_timer, batch);
    if (!good || batch->timer == NULL || batch->look == NULL) {
        wall_batch_free(batch);
        return NULL;
    }
    return batch;
}

static void free_event(struct event *event) {
    if (event != NULL) {
        event_free(event);
    }
}

void wall_batch_free(struct wall_batch *batch) {
    if (batch == NULL) {
        return;
    }
    free_event(batch->timer);
    free_event(batch->look);
    batch_input_close(&batch->input);
    for (size_t i = 0; i < batch->printed_count; i++) {
        json_decref(batch->printed[i].row);
    }
    free(batch->printed);
    free(batch);
}
