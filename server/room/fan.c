/* SPDX-License-Identifier: ISC */
/*
 * fan.c: the hot path: fold one event and send it to every member here that may know of it. An
 * event is encoded at most twice, with and without its command's id; each member's copy gets its
 * own n.
 */
#include <string.h>

#include "protocol/wire/frame.h"
#include "server/cohort/gate.h"
#include "server/room/parts.h"
#include "server/room/round_trip.h"

/* Encodes one whole frame with n = 0. */
static bool encode(struct mp_writer *w, const struct event *event, const char *room, bool own) {
    uint8_t header[FRAME_HEADER_BYTES] = {0};
    mp_writer_reset(w);
    mp_put_raw(w, header, sizeof header);
    event_write_sent(w, event, room, own);
    if (w->failed || w->len - sizeof header > FRAME_PAYLOAD_MAX) {
        return false;
    }
    frame_header(header, w->len - sizeof header);
    memcpy(w->data, header, sizeof header);
    return true;
}

static void send_n(struct member *member, const struct mp_writer *frame) {
    member->sent++;
    event_patch_n(frame->data + FRAME_HEADER_BYTES, member->sent);
    member->peer->write(member->peer, frame->data, frame->len);
    hall_count(member->replica->hall, STATS_events_out, 1);
}

bool replica_send_event(struct replica *replica, struct member *member, const struct event *event) {
    struct mp_writer *w = &replica->hall->out;
    if (!encode(w, event, replica->id, event->by == member->seat)) {
        return false;
    }
    send_n(member, w);
    return true;
}

static bool sees_now(const struct room *room, uint8_t seat, enum audience audience, uint8_t by) {
    return view_sees_at_once(room, seat, audience, by) ||
           (room->opened && view_sees_in_debrief(room, seat, audience, by));
}

static void fan_out(struct replica *replica, const struct event *event) {
    struct mp_writer *frames[2] = {&replica->hall->out, &replica->hall->own};
    bool encoded[2] = {false, false};
    enum audience audience = view_audience(&replica->room, event);
    struct member *member;
    LIST_FOREACH(member, &replica->members, of_room) {
        if (member->state != MEMBER_LIVE || member->peer == NULL ||
            !sees_now(&replica->room, member->seat, audience, event->by)) {
            continue;
        }
        bool own = event->by == member->seat;
        if (!encoded[own] && !encode(frames[own], event, replica->id, own)) {
            member->peer->cut(member->peer, REFUSAL_INTERNAL);
            continue;
        }
        encoded[own] = true;
        send_n(member, frames[own]);
    }
}

/* What the debrief opens follows right behind it, for everybody who could not see it before: they
 * are caught up once this batch is part of the tail. */
static void open_debrief(struct replica *replica) {
    struct member *member;
    LIST_FOREACH(member, &replica->members, of_room) {
        if (member->state == MEMBER_LIVE) {
            member_state(member, MEMBER_BEHIND);
        }
    }
}

bool replica_take(struct replica *replica, struct journal_event stored) {
    struct hall *hall = replica->hall;
    struct event event;
    if (stored.pos <= replica->room.pos) {
        return true;
    }
    if (!event_read_stored(&hall->reader, stored.bytes, stored.len, &event) ||
        event.pos != stored.pos) {
        return false;
    }
    enum apply_result result =
        room_apply(&replica->room, &event, pack_cache_get, replica->hall->packs);
    if (result != APPLY_OK) {
        return result == APPLY_STALE;
    }
    replica_ahead_take(replica, &event);
    if (replica->state != REPLICA_READY) {
        return true; /* loading: nobody has a seat here yet */
    }
    fan_out(replica, &event);
    if (event.body.act == ACTION_SEAT_JOIN) {
        member_replace(replica, (uint8_t)event.body.seat, (uint32_t)event.body.session);
        if (room_is_panel(&replica->room, (uint8_t)event.body.seat)) {
            trip_again(replica);
        }
        gate_changed(replica);
    } else if (event.body.act == ACTION_DEBRIEF_OPEN) {
        open_debrief(replica);
    } else if (event.body.act == ACTION_ROOM_CLOSE || event.body.act == ACTION_SEAT_GONE) {
        gate_changed(replica);
    }
    return true;
}
