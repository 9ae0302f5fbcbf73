/* SPDX-License-Identifier: ISC */
/*
 * fan.c: the hot path: fold one event and send it to every member here that may know of it. An
 * event is encoded at most twice, with and without its command's id; each member's copy gets its
 * own n.
 */
#include "server/peer/send.h"
#include "server/room/pack_cache.h"
#include "server/room/parts.h"
#include "server/room/progress.h"
#include "server/room/round_trip.h"
#include "server/room/sheet.h"
#include "server/room/verdict_watch.h"

static void fan_out(struct replica *replica, const struct event *event) {
    struct desk *desk = desk_of(replica);
    struct mp_writer *frames[2] = {&desk->out, &desk->own};
    bool encoded[2] = {false, false};
    enum audience audience = view_audience(&replica->room, event);
    struct member *member;
    LIST_FOREACH(member, &replica->members, of_room) {
        if (member->state != MEMBER_LIVE || member->peer == NULL ||
            !view_sees(&replica->room, member->seat, audience, event->by)) {
            continue;
        }
        bool own = event->by == member->seat;
        if (!encoded[own] && !send_encode_event(frames[own], event, replica->followed.id, own)) {
            member->peer->cut(member->peer, REFUSAL_INTERNAL);
            continue;
        }
        encoded[own] = true;
        send_encoded(desk, member->peer, frames[own], ++member->sent);
    }
}

/* What opens with an event follows right behind it, for everybody who could not see it before: they
 * are caught up once this batch is part of the tail. */
static void open_moment(struct replica *replica) {
    struct member *member;
    LIST_FOREACH(member, &replica->members, of_room) {
        if (member->state == MEMBER_LIVE &&
            view_count(&replica->room, member->seat) != member->sent) {
            member_state(member, MEMBER_BEHIND);
        }
    }
}

bool replica_take(struct followed *followed, const struct event *event) {
    struct replica *replica = (struct replica *)followed;
    enum apply_result result =
        room_apply(&replica->room, event, pack_cache_get, followed->desk->packs);
    if (result != APPLY_OK) {
        return result == APPLY_STALE;
    }
    ahead_take(replica, event);
    if (followed->state != FOLLOWED_READY) {
        return true; /* loading: nobody has a seat here yet */
    }
    fan_out(replica, event);
    sheet_watch(replica);
    verdict_watch(replica);
    if (view_opens(event->body.act) != 0) {
        open_moment(replica);
    }
    if (event->body.act == ACTION_SEAT_JOIN) {
        member_replace(replica, (uint8_t)event->body.seat, (uint32_t)event->body.session,
                       REFUSAL_REPLACED);
        if (room_is_panel(&replica->room, (uint8_t)event->body.seat)) {
            round_trip_again(replica);
        }
        gate_of(replica)->changed(replica);
    } else if (event->body.act == ACTION_SELF_SET || event->body.act == ACTION_CLOCK_FINISH) {
        progress_tell(replica);
    } else if (event->body.act == ACTION_SEAT_MOVE || event->body.act == ACTION_SEAT_OUT) {
        bool out = event->body.act == ACTION_SEAT_OUT;
        member_replace(replica, (uint8_t)event->body.seat, UINT32_MAX,
                       out ? REFUSAL_PUT_OUT : REFUSAL_SEAT_MOVED);
        gate_of(replica)->changed(replica);
    } else if (event->body.act == ACTION_ROOM_CLOSE || event->body.act == ACTION_ROOM_EXPIRE ||
               event->body.act == ACTION_SEAT_GONE) {
        gate_of(replica)->changed(replica);
    }
    return true;
}
