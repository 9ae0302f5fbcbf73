/* SPDX-License-Identifier: ISC */
/*
 * replay.c: a recording in the page. The replay is client/feed/recording.c's, without a clock of
 * its own: the page says which moment it is.
 */
#include <stdlib.h>
#include <string.h>

#include "client/feed/recording.h"
#include "client/web/wasm/core.h"
#include "protocol/room/clock.h"

struct web_replay {
    struct feed *feed;
    struct web_room room; /* its model is the feed's while a caller looks at it */
    uint32_t version, file_count;
    char of[2 * HASH_BYTES + 1];
    struct mp_writer about;
};

/* Written while the recording is still at hand: the feed takes it over. */
static void write_about(struct mp_writer *w, const struct recording *rec,
                        enum recording_fault fault) {
    uint8_t digest[HASH_BYTES];
    recording_signed_digest(rec, digest);
    json_int(w, "version", rec->version);
    json_str(w, "room", rec->room);
    json_int(w, "seat", rec->seat);
    json_str(w, "role", role_name(rec->role));
    json_int(w, "count", rec->count);
    json_str(w, "fault", fault == RECORDING_OK ? "" : recording_fault_text(fault));
    json_hex(w, "chain", rec->chain, sizeof rec->chain);
    json_hex(w, "sign", rec->sign.at, rec->sign.len);
    json_hex(w, "key", rec->key.at, rec->key.len);
    json_hex(w, "digest", digest, sizeof digest);
    json_str(w, "purpose", recording_purpose(rec));
    json_bool(w, "remarking", recording_is_remarking(rec));
    json_hex(w, "of", rec->of.at, rec->of.len);
    json_text(w, "by", rec->by);
}

static struct web_replay *fail(struct web *web, const char *sentence) {
    mp_writer_reset(&web->out);
    json_str(&web->out, NULL, sentence);
    return NULL;
}

struct web_replay *web_replay_new(struct web *web, char *bytes, uint32_t len) {
    struct recording rec;
    struct web_replay *replay = calloc(1, sizeof *replay);
    enum recording_fault fault = recording_parse(&rec, bytes, len);
    if (replay == NULL || (fault != RECORDING_OK && rec.count == 0)) {
        recording_free(&rec);
        free(replay);
        return fail(web, replay == NULL ? "Out of memory." : recording_fault_text(fault));
    }
    json_open(&replay->about, NULL, '{');
    write_about(&replay->about, &rec, fault);
    replay->feed = feed_recording_new(&rec, NULL);
    if (replay->feed == NULL || replay->about.failed) {
        web_replay_free(replay);
        return fail(web, "Out of memory.");
    }
    return replay;
}

void web_replay_free(struct web_replay *replay) {
    if (replay != NULL) {
        if (replay->feed != NULL) {
            replay->feed->ops->free(replay->feed);
        }
        mp_writer_free(&replay->about);
        free(replay);
    }
}

void web_replay_about(struct web *web, const struct web_replay *replay) {
    struct mp_writer *w = &web->out;
    mp_writer_reset(w);
    mp_put_raw(w, replay->about.data, replay->about.len);
    json_int(w, "played", replay->feed->event_count);
    json_int(w, "first_at", replay->feed->first_at);
    json_int(w, "last_at", replay->feed->last_at);
    json_int(w, "running", clock_running_at(replay->feed->end, replay->feed->last_at, NULL));
    json_close(w, '}');
}

void web_replay_events(struct web *web, const struct web_replay *replay) {
    struct mp_writer *w = &web->out;
    mp_writer_reset(w);
    json_open(w, NULL, '[');
    for (uint32_t i = 0; i < replay->feed->event_count; i++) {
        const struct event *event = &replay->feed->events[i];
        json_open(w, NULL, '{');
        json_int(w, "n", event->pos);
        json_int(w, "shown_at", feed_recording_shown_at(replay->feed, i));
        json_int(w, "at", event->at);
        json_int(w, "made", event->made);
        json_int(w, "by", event->by);
        web_put_body(w, &event->body, ID_MAX_BYTES);
        json_close(w, '}');
    }
    json_close(w, ']');
}

/* A copy that owns nothing: the feed frees what it points to. */
static struct web_room *room_of(struct web_replay *replay) {
    replay->room.model = replay->feed->model;
    return &replay->room;
}

struct web_room *web_replay_seek(struct web_replay *replay, double at) {
    replay->feed->ops->seek(replay->feed, (int64_t)at);
    return room_of(replay);
}

double web_replay_moment(const struct web_replay *replay, double running) {
    return (double)clock_moment_of(replay->feed->end, (int64_t)running);
}

struct web_room *web_replay_seek_event(struct web_replay *replay, uint32_t n) {
    replay->feed->ops->seek_event(replay->feed, n);
    return room_of(replay);
}

int web_replay_head(struct web *web, const char *room, uint32_t len, double wall_ms) {
    const struct message *end = &web->message;
    struct recording rec = {.version = 1};
    mp_writer_reset(&web->out);
    if (web->frame == NULL || end->kind != MESSAGE_END || len != ROOM_ID_BYTES) {
        return 0;
    }
    memcpy(rec.room, room, len);
    rec.key = end->end.key;
    if (end->end.v >= 2) {
        rec.version = (uint32_t)end->end.v;
        rec.seat = (uint8_t)end->end.seat;
        rec.role = (enum role)end->end.role;
    }
    return recording_write_head(&web->out, &rec, (int64_t)wall_ms);
}
