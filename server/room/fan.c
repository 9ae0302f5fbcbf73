/* SPDX-License-Identifier: ISC */
/*
 * fan.c: the hot path: fold one event and send it to every member here that may know of it. An
 * event is encoded once; its author's frame is that with the command's id behind it, and each
 * member's copy gets its own n.
 */
#include "server/peer/send.h"
#include "server/room/links.h"
#include "server/room/pack_cache.h"
#include "server/room/parts.h"
#include "server/room/progress.h"
#include "server/room/round_trip.h"
#include "server/room/sheet.h"
#include "server/room/verdict_watch.h"

/* The frame for its author, or for the others; *encoded: whether that of the others is in desk->out
 * already. NULL: it cannot be. */
static const struct mp_writer *frame_of(struct replica *replica, const struct event *event,
                                        bool own, bool *encoded) {
    struct desk *desk = desk_of(replica);
    *encoded = *encoded || send_encode_event(&desk->out, event, replica->followed.id, false);
    if (!*encoded || (own && !send_encode_own(&desk->own, &desk->out, event->id))) {
        return NULL;
    }
    return own ? &desk->own : &desk->out;
}

static void fan_out(struct replica *replica, const struct event *event) {
    struct desk *desk = desk_of(replica);
    bool encoded = false;
    enum audience audience = view_audience(&replica->room, event);
    struct member *member;
    LIST_FOREACH(member, &replica->members, of_room) {
        if (member->state != MEMBER_LIVE || member->peer == NULL || !member_reads(member) ||
            !view_sees(&replica->room, member->seat, audience, event->by)) {
            continue;
        }
        const struct mp_writer *frame =
            frame_of(replica, event, event->by == member->seat, &encoded);
        if (frame != NULL) {
            send_encoded(desk, member->peer, frame, ++member->sent);
        } else {
            member->peer->cut(member->peer, REFUSAL_INTERNAL);
        }
    }
}

/* What opens with an event follows right behind it, for everybody who could not see it before: they
 * are caught up once this batch is part of the tail. */
static void open_moment(struct replica *replica) {
    struct member *member;
    LIST_FOREACH(member, &replica->members, of_room) {
        if (member->state == MEMBER_LIVE && member_reads(member) &&
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
        if (event->body.has & F(invite)) {
            links_tell(replica);
        }
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
        companion_watch(replica, event);
        gate_of(replica)->changed(replica);
    } else if (event->body.act == ACTION_COMPANION_TAKE ||
               event->body.act == ACTION_COMPANION_END) {
        companion_watch(replica, event);
    } else if (event->body.act == ACTION_ROOM_CLOSE || event->body.act == ACTION_ROOM_EXPIRE ||
               event->body.act == ACTION_SEAT_GONE) {
        gate_of(replica)->changed(replica);
    }
    return true;
}
