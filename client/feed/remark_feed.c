/* SPDX-License-Identifier: ISC */
/*
 * remark_feed.c: sends of the screen become words of the re-marking, at the moment that the replay
 * shows.
 *
 * Invariant: the replay's events are always those of remark_events.
 */
#include "client/feed/remark_feed.h"

#include <stdlib.h>
#include <string.h>

#include "client/feed/recording.h"
#include "client/net/moment.h"

struct remark_feed {
    struct remark *remark;
    struct feed_ops ops; /* the replay's, with `send` and `free` of this one */
    void (*free_replay)(struct feed *feed);
    bool (*kept)(void *ctx, struct certs_why *why);
    void *ctx;
};

bool remark_word_of(const struct remark *remark, const struct body *body, int64_t at,
                    struct remark_word *out, struct certs_why *why) {
    const struct pack *pack = remark->live.pack;
    bool is_flag = body->act == ACTION_FLAG_SET;
    if (!is_flag && body->act != ACTION_MARK_SET) {
        certs_why_set(why, "This is a recording: only marks and flags can be set anew in it.");
        return false;
    }
    int index = is_flag ? pack_flag_find(pack, body->flag) : pack_item_find(pack, body->item);
    if (index < 0) {
        certs_why_set(why,
                      "The prompt has no such %s; see 'spar report --format json' for the ids.",
                      is_flag ? "flag" : "item");
        return false;
    }
    *out = (struct remark_word){.is_flag = is_flag,
                                .index = (uint8_t)index,
                                .value = (uint8_t)(is_flag ? body->on : body->mark),
                                .at = at};
    return true;
}

static bool show_words(struct feed *feed, struct certs_why *why) {
    struct remark_feed *self = feed->private_data;
    uint32_t count;
    struct event *events = remark_events(self->remark, &count);
    if (!events || !feed_recording_replace(feed, events, count)) {
        certs_why_set(why, "Out of memory; the mark is taken, but not shown.");
        return false;
    }
    return true;
}

static bool take(struct feed *feed, const struct body *body) {
    struct remark_feed *self = feed->private_data;
    struct model *model = &feed->model;
    struct certs_why why = {{0}};
    struct remark_word word;
    bool good = remark_word_of(self->remark, body, model_now(model, moment_ms()), &word, &why) &&
                remark_say(self->remark, word, &why);
    if (good) {
        model->next_id++;
        good = show_words(feed, &why) && self->kept(self->ctx, &why);
    }
    if (!good) {
        model_say(model, true, "%.200s", why.text);
    }
    return good;
}

static void free_feed(struct feed *feed) {
    struct remark_feed *self = feed->private_data;
    self->free_replay(feed);
    free(self);
}

/* The replay owns its list of events, so it gets one of its own. */
static struct feed *open_replay(const struct remark *remark, struct event_base *base) {
    struct recording rec = {.seat = remark->seat, .role = ROLE_COACH};
    memcpy(rec.room, remark->original.room, sizeof rec.room);
    rec.events = remark_events(remark, &rec.count);
    return rec.events ? feed_recording_new(&rec, base) : NULL;
}

struct feed *remark_feed_new(struct remark *remark, struct event_base *base,
                             bool (*kept)(void *ctx, struct certs_why *why), void *ctx) {
    struct remark_feed *self = calloc(1, sizeof *self);
    struct feed *feed = self ? open_replay(remark, base) : NULL;
    if (!feed) {
        free(self);
        return NULL;
    }
    *self = (struct remark_feed){remark, *feed->ops, feed->ops->free, kept, ctx};
    self->ops.send = take;
    self->ops.free = free_feed;
    feed->ops = &self->ops;
    feed->private_data = self;
    feed->takes_marks = true;
    return feed;
}
