/* SPDX-License-Identifier: ISC */
/*
 * recording.c: replay of a recording: checkpoints, seeking, the clock.
 *
 * Invariants: checkpoint k is the state after k * RECORDING_CHECKPOINT_EVERY events; model.room is
 * always the state after room.pos events; the model's clock formula gives the replay's room time.
 */
#include "client/feed/recording.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "client/net/moment.h"

struct replay {
    struct feed feed; /* first: the ops get this */
    struct recording rec;
    struct room *checkpoints;
    uint32_t checkpoint_count;
    struct room end;
    int64_t *shown_at;   /* per event, never falling */
    int64_t silent_from; /* where it was put last: a silence is counted from there */
    struct event *timer;
    uint32_t told; /* model.revision of the last on_change */
};

static struct replay *of(struct feed *feed) {
    return (struct replay *)feed;
}

/* Gives the clock a new speed from a moment on, at the room time that it shows then. */
static void set_clock(struct replay *play, int64_t monotonic_ms, int64_t at) {
    struct model *model = &play->feed.model;
    model->base = monotonic_ms;
    model->offset = at;
    model->rate = play->feed.speed_num;
    model->rate_den = play->feed.speed_den;
}

/* How many events are shown at a room time. */
static uint32_t events_at(const struct replay *play, int64_t at) {
    uint32_t low = 0;
    uint32_t high = play->feed.event_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (play->shown_at[middle] <= at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Brings the fold to the state after n events. */
static void go_to(struct replay *play, uint32_t n) {
    struct model *model = &play->feed.model;
    uint32_t pos = model->room.pos;
    uint32_t k = n / RECORDING_CHECKPOINT_EVERY;
    if (n < pos || k > pos / RECORDING_CHECKPOINT_EVERY) {
        struct room copy;
        if (!room_copy(&copy, &play->checkpoints[k])) {
            model_say(model, true, "Out of memory; the replay stays where it is.");
            return;
        }
        room_free(&model->room);
        model->room = copy;
        model->revision++;
    }
    while (model->room.pos < n) {
        const struct event *event = &play->rec.events[model->room.pos];
        if (model_apply(model, event) != APPLY_OK) {
            model_say(model, true, "The recording cannot be played past event %u.",
                      model->room.pos);
            return;
        }
    }
}

static void tell(struct replay *play) {
    struct feed *feed = &play->feed;
    if (play->told != feed->model.revision) {
        play->told = feed->model.revision;
        if (feed->on_change != NULL) {
            feed->on_change(feed, feed->ctx);
        }
    }
}

/* The moment at which a silence has been played for long enough; that of the next event if that
 * comes sooner. */
static int64_t silent_until(const struct replay *play) {
    const struct feed *feed = &play->feed;
    uint32_t pos = feed->model.room.pos;
    int64_t next = pos < feed->event_count ? play->shown_at[pos] : feed->last_at;
    int64_t from = pos > 0 ? play->shown_at[pos - 1] : feed->first_at;
    from = play->silent_from > from ? play->silent_from : from;
    return feed->idle_ms > 0 && from + feed->idle_ms < next ? from + feed->idle_ms : next;
}

/* Wakes up when the next event is due, or a silence is over. */
static void arm(struct replay *play, int64_t monotonic_ms) {
    const struct model *model = &play->feed.model;
    if (play->timer == NULL) {
        return;
    }
    event_del(play->timer);
    if (model->rate == 0) {
        return;
    }
    int64_t wait = (silent_until(play) - model_now(model, monotonic_ms)) * model->rate_den;
    wait = wait <= 0 ? 0 : (wait + model->rate - 1) / model->rate;
    struct timeval time = moment_interval(wait);
    event_add(play->timer, &time);
}

/* Goes from a moment in a silence that was played for long enough to the event that ends it. */
static int64_t after_silence(struct replay *play, int64_t monotonic_ms, int64_t at) {
    const struct feed *feed = &play->feed;
    uint32_t pos = feed->model.room.pos;
    if (feed->idle_ms == 0 || feed->speed_num == 0 || pos >= feed->event_count ||
        at < silent_until(play) || at >= play->shown_at[pos]) {
        return at;
    }
    set_clock(play, monotonic_ms, play->shown_at[pos]);
    return play->shown_at[pos];
}

void feed_recording_advance(struct feed *feed, int64_t monotonic_ms) {
    struct replay *play = of(feed);
    int64_t at = after_silence(play, monotonic_ms, model_now(&feed->model, monotonic_ms));
    if (at >= feed->last_at && feed->speed_num != 0) {
        at = feed->last_at;
        feed->speed_num = 0; /* the end: paused there */
        feed->speed_den = 1;
        set_clock(play, monotonic_ms, at);
        feed->model.revision++;
    }
    uint32_t n = events_at(play, at);
    if (n > feed->model.room.pos) { /* backwards only by a seek */
        go_to(play, n);
    }
    arm(play, monotonic_ms);
    tell(play);
}

static void on_timer(evutil_socket_t fd, short what, void *arg) {
    (void)fd, (void)what;
    struct replay *play = arg;
    feed_recording_advance(&play->feed, moment_ms());
}

static void place(struct replay *play, uint32_t n, int64_t at) {
    int64_t now = moment_ms();
    go_to(play, n);
    set_clock(play, now, at);
    play->silent_from = at;
    play->feed.model.revision++;
    arm(play, now);
    tell(play);
}

static void seek(struct feed *feed, int64_t at) {
    at = at < feed->first_at ? feed->first_at : at > feed->last_at ? feed->last_at : at;
    place(of(feed), events_at(of(feed), at), at);
}

static void seek_event(struct feed *feed, uint32_t n) {
    n = n > feed->event_count ? feed->event_count : n;
    place(of(feed), n, n == 0 ? feed->first_at : of(feed)->shown_at[n - 1]);
}

static void speed(struct feed *feed, int num, int den) {
    struct replay *play = of(feed);
    int64_t now = moment_ms();
    int64_t at = model_now(&feed->model, now);
    at = at > feed->last_at ? feed->last_at : at;
    if (num < 0 || den <= 0) {
        return;
    }
    feed->speed_num = num;
    feed->speed_den = den;
    set_clock(play, now, at);
    feed->model.revision++;
    arm(play, now);
    tell(play);
}

static bool refuse(struct replay *play) {
    model_say(&play->feed.model, true, "This is a recording; nothing can be changed in it.");
    tell(play);
    return false;
}

static bool refuse_send(struct feed *feed, const struct body *body) {
    (void)body;
    return refuse(of(feed));
}

static bool refuse_invite(struct feed *feed, enum role role) {
    (void)role;
    return refuse(of(feed));
}

static void free_states(struct replay *play) {
    for (uint32_t i = 0; i < play->checkpoint_count; i++) {
        room_free(&play->checkpoints[i]);
    }
    free(play->checkpoints);
    free(play->shown_at);
    room_free(&play->end);
}

static void free_replay(struct feed *feed) {
    struct replay *play = of(feed);
    if (play->timer != NULL) {
        event_free(play->timer);
    }
    free_states(play);
    model_free(&feed->model);
    recording_free(&play->rec);
    free(play);
}

static const struct feed_ops recording_ops = {.send = refuse_send,
                                              .invite = refuse_invite,
                                              .seek = seek,
                                              .seek_event = seek_event,
                                              .speed = speed,
                                              .free = free_replay};

static bool keep_checkpoint(struct replay *play, const struct room *room) {
    if (!room_copy(&play->checkpoints[play->checkpoint_count], room)) {
        return false;
    }
    play->checkpoint_count++;
    return true;
}

/* Folds the whole recording once. False: out of memory. An event that does not apply ends it. */
static bool fold(struct replay *play) {
    struct feed *feed = &play->feed;
    struct room room;
    room_init(&room);
    int64_t at = play->rec.count > 0 ? play->rec.events[0].at : 0;
    bool good = keep_checkpoint(play, &room);
    feed->first_at = feed->last_at = at;
    for (uint32_t i = 0; good && i < play->rec.count; i++) {
        enum apply_result result = room_apply(&room, &play->rec.events[i], NULL, NULL);
        if (result != APPLY_OK) {
            good = result != APPLY_NO_MEMORY;
            break;
        }
        pictures_take(&feed->model.pictures, &play->rec.events[i].body);
        at = play->rec.events[i].at > at ? play->rec.events[i].at : at;
        play->shown_at[i] = feed->last_at = at;
        feed->event_count = i + 1;
        if (feed->event_count % RECORDING_CHECKPOINT_EVERY == 0) {
            good = keep_checkpoint(play, &room);
        }
    }
    play->end = room;
    return good;
}

/* Makes the arrays for the recording's events and fills them. False: out of memory. */
static bool make_states(struct replay *play) {
    size_t slots = play->rec.count / RECORDING_CHECKPOINT_EVERY + 1;
    play->checkpoints = calloc(slots, sizeof *play->checkpoints);
    play->shown_at = calloc((size_t)play->rec.count + 1, sizeof *play->shown_at);
    return play->checkpoints != NULL && play->shown_at != NULL && fold(play);
}

bool feed_recording_replace(struct feed *feed, struct event *events, uint32_t count) {
    struct replay *play = of(feed);
    struct replay fresh = {.rec = {.events = events, .count = count}};
    int64_t at = model_now(&feed->model, moment_ms());
    if (!make_states(&fresh)) {
        free_states(&fresh);
        pictures_free(&fresh.feed.model.pictures);
        free(events);
        return false;
    }
    pictures_free(&feed->model.pictures);
    feed->model.pictures = fresh.feed.model.pictures;
    free_states(play);
    free(play->rec.events);
    play->rec.events = events;
    play->rec.count = count;
    play->checkpoints = fresh.checkpoints;
    play->checkpoint_count = fresh.checkpoint_count;
    play->shown_at = fresh.shown_at;
    play->end = fresh.end;
    feed->events = events;
    feed->event_count = fresh.feed.event_count;
    feed->first_at = fresh.feed.first_at;
    feed->last_at = fresh.feed.last_at;
    room_free(&feed->model.room); /* what it shows may lie before the first event that is new */
    room_init(&feed->model.room);
    at = at < feed->first_at ? feed->first_at : at > feed->last_at ? feed->last_at : at;
    place(play, events_at(play, at), at);
    return true;
}

struct feed *feed_recording_new(struct recording *rec, struct event_base *base) {
    struct replay *play = calloc(1, sizeof *play);
    if (play == NULL) {
        recording_free(rec);
        return NULL;
    }
    play->rec = *rec;
    memset(rec, 0, sizeof *rec);
    struct feed *feed = &play->feed;
    model_init(&feed->model);
    feed->ops = &recording_ops;
    feed->is_recording = true;
    feed->model.connection = CONNECTION_RECORDING;
    feed->model.error_ms = 0;
    feed->model.seat = play->rec.seat;
    feed->model.role = play->rec.role;
    memcpy(feed->model.room_id, play->rec.room, sizeof feed->model.room_id);
    if (base != NULL) {
        play->timer = evtimer_new(base, on_timer, play);
    }
    if ((base != NULL && play->timer == NULL) || !make_states(play)) {
        free_replay(feed);
        return NULL;
    }
    feed->events = play->rec.events;
    feed->end = &play->end;
    feed->speed_num = 0;
    feed->speed_den = 1;
    seek(feed, feed->first_at);
    return feed;
}

int64_t feed_recording_shown_at(const struct feed *feed, uint32_t i) {
    return ((const struct replay *)feed)->shown_at[i];
}
