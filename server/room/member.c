/* SPDX-License-Identifier: ISC */
/*
 * member.c: a member's life, from its join to its last job.
 */
#include <stdlib.h>
#include <string.h>

#include "server/peer/send.h"
#include "server/room/links.h"
#include "server/room/parts.h"
#include "server/room/progress.h"
#include "server/room/round_trip.h"
#include "server/room/voice.h"

void member_state(struct member *member, enum member_state to) {
    static const unsigned allowed[] = {
        [MEMBER_JOINING] = 1 << MEMBER_BEHIND | 1 << MEMBER_LEFT,
        [MEMBER_BEHIND] = 1 << MEMBER_LIVE | 1 << MEMBER_LEAVING | 1 << MEMBER_LEFT,
        [MEMBER_LIVE] = 1 << MEMBER_BEHIND | 1 << MEMBER_LEAVING | 1 << MEMBER_LEFT,
        [MEMBER_LEAVING] = 1 << MEMBER_LEFT,
        [MEMBER_LEFT] = 0,
    };
    if ((allowed[member->state] & 1U << to) == 0) {
        log_error(desk_of(member->replica)->means.log, "fatal",
                  LOG_S("what", "impossible state of a member"), LOG_I("from", member->state),
                  LOG_I("to", to));
        abort();
    }
    member->state = to;
    if (to == MEMBER_LIVE && member_reads(member)) {
        round_trip_tell(member);
        progress_tell_one(member);
        companion_tell(member);
        links_tell_one(member);
    }
    voice_tell(member); /* nothing unless it is up to date */
}

struct member *member_find(const struct peer *peer, struct span room) {
    struct member *member;
    if (room.len != ROOM_ID_BYTES) {
        return NULL;
    }
    LIST_FOREACH(member, &peer->members, of_peer) {
        if (member->state != MEMBER_LEAVING && !member->quits &&
            memcmp(member->replica->followed.id, room.at, ROOM_ID_BYTES) == 0) {
            return member;
        }
    }
    return NULL;
}

void member_link_peer(struct member *member, struct peer *peer) {
    member->peer = peer;
    LIST_INSERT_HEAD(&peer->members, member, of_peer);
    peer->member_count++;
    desk_count(desk_of(member->replica), STATS_members, 1);
}

void member_unlink_peer(struct member *member) {
    if (member->peer != NULL) {
        voice_gone(member->replica, member->peer, true);
        LIST_REMOVE(member, of_peer);
        member->peer->member_count--;
        member->peer = NULL;
        desk_count(desk_of(member->replica), STATS_members, -1);
    }
}

static void free_buried(struct grave *grave) {
    free(grave);
}

void member_release(struct member *member) {
    struct replica *replica = member->replica;
    if (member->state != MEMBER_LEFT || member->jobs > 0) {
        return;
    }
    LIST_REMOVE(member, of_room);
    desk_bury(desk_of(replica), &member->grave, free_buried);
    followed_touch(&replica->followed);
}

/* A peer that holds other rooms too, as a coach's wall does, loses only this one. */
void member_tell_lost(const struct replica *replica, struct peer *peer, enum refusal why) {
    if (peer->member_count > 0) {
        send_refused(desk_of(replica), peer, replica->followed.id, 0, why);
    } else {
        peer->cut(peer, why);
    }
}

void member_replace(struct replica *replica, uint8_t seat, uint32_t session, enum refusal why) {
    struct member *member;
    struct member *after;
    LIST_FOREACH_SAFE(member, &replica->members, of_room, after) {
        bool seated = member->state == MEMBER_BEHIND || member->state == MEMBER_LIVE;
        if (seated && member->companion == COMPANION_NONE && member->seat == seat &&
            member->session < session) {
            struct peer *peer = member->peer;
            if (peer != NULL && why != REFUSAL_REPLACED) {
                voice_gone(replica, peer, false); /* the seat is somebody else's: nobody hears on */
            }
            member_unlink_peer(member);
            member_state(member, MEMBER_LEFT);
            if (peer != NULL) {
                member_tell_lost(replica, peer, why);
            }
            member_release(member);
        }
    }
}

void member_shown(struct member *member, int64_t shown) {
    int64_t now = desk_now(desk_of(member->replica));
    shown = shown > now ? now : shown;
    member->shown = shown > member->shown ? shown : member->shown;
}

void member_left(struct member *member) {
    if (member->peer != NULL) {
        struct message message = {.kind = MESSAGE_LEFT,
                                  .room = span_of(member->replica->followed.id)};
        send_message(desk_of(member->replica), member->peer, &message);
    }
    member_unlink_peer(member);
    member_state(member, MEMBER_LEFT);
}
