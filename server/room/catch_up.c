/* SPDX-License-Identifier: ISC */
/*
 * catch_up.c: what a member lacks, from the tail if that reaches far enough, else from the whole
 * log.
 *
 * The numbers of a seat's view are dense, so how many events it lacks is known without looking at
 * any. Sending pauses when the peer has much queued and goes on when it has drained.
 */
#include <stdlib.h>

#include "server/peer/send.h"
#include "server/room/parts.h"

enum { CATCH_UP_BACKLOG = 1024 * 1024 }; /* bytes queued before it pauses */

/* Sends view[from..count) and makes the member live once nothing is left. */
static void send_view(struct member *member, const struct history *history, const uint32_t *view,
                      uint32_t from, uint32_t count) {
    struct peer *peer = member->peer;
    struct desk *desk = desk_of(member->replica);
    struct mp_writer *frame = &desk->out;
    uint32_t i = from;
    while (i < count && peer->backlog(peer) < CATCH_UP_BACKLOG) {
        const struct event *event = &history->events[view[i++]];
        if (!send_encode_event(frame, event, member->replica->followed.id,
                               view_owns(&member->replica->room, member->seat, event))) {
            peer->cut(peer, REFUSAL_INTERNAL);
            return;
        }
        send_encoded(desk, peer, frame, ++member->sent);
    }
    if (i == count) {
        member_state(member, MEMBER_LIVE);
    }
}

/* The events of a tail that does not begin at 1, in the seat's order: that of the log, unless
 * something opens in it. */
static bool tail_view(const struct replica *replica, uint8_t seat, const struct history *history,
                      uint32_t *view, uint32_t *count) {
    const struct room *room = &replica->room;
    *count = 0;
    for (uint32_t i = 0; i < history->count; i++) {
        const struct event *event = &history->events[i];
        enum audience audience = view_audience(room, event);
        bool changes = event->pos == room->seats[seat].moved;
        if (view_opens(event->body.act) != 0 || changes) {
            return false; /* what opened when, or whose it was, needs the whole log */
        }
        if (view_sees(room, seat, audience, event->by)) {
            view[(*count)++] = i;
        }
    }
    return true;
}

/* False: the tail does not reach back far enough. */
static bool send_from_tail(struct member *member, const struct history *history, uint32_t *view) {
    struct replica *replica = member->replica;
    uint32_t total = view_count(&replica->room, member->seat);
    uint32_t lacks = total - member->sent;
    uint32_t count = 0;
    if (replica->tail.first == 1) {
        count = view_order(&replica->room, member->seat, history->events, history->count, view);
        if (count != total) {
            followed_break(&replica->followed, REFUSAL_INTERNAL, "a view's numbers do not add up");
            return true;
        }
    } else if (!tail_view(replica, member->seat, history, view, &count) || count < lacks) {
        return false;
    }
    send_view(member, history, view, count - lacks, count);
    return true;
}

static void read_log(struct replica *replica) {
    if (!replica->reading) {
        replica->reading = true;
        desk_read(desk_of(replica), replica->followed.id, &replica->read);
    }
}

/* Whether there is something that it can be sent now. Who lacks nothing is live. */
static bool is_to_be_sent(struct member *member) {
    const struct replica *replica = member->replica;
    if (member->peer == NULL || member->state != MEMBER_BEHIND || replica->reading ||
        member->peer->backlog(member->peer) >= CATCH_UP_BACKLOG) {
        return false;
    }
    if (view_count(&replica->room, member->seat) == member->sent) {
        member_state(member, MEMBER_LIVE);
        return false;
    }
    return true;
}

static bool tail_read(const struct replica *replica, struct history *history) {
    return history_read(history, &desk_of(replica)->reader, replica->tail.batches,
                        replica->tail.count);
}

static void send_lacking(struct member *member, const struct history *history) {
    uint32_t *view = calloc(history->count + 1, sizeof *view);
    if (view == NULL) {
        member->peer->cut(member->peer, REFUSAL_INTERNAL);
    } else if (!send_from_tail(member, history, view)) {
        read_log(member->replica);
    }
    free(view);
}

void member_catch_up(struct member *member) {
    struct history history;
    if (!is_to_be_sent(member)) {
        return;
    }
    if (!tail_read(member->replica, &history)) {
        member->peer->cut(member->peer, REFUSAL_INTERNAL);
        return;
    }
    send_lacking(member, &history);
    history_free(&history);
}

/* The tail is decoded once for all of them. */
void replica_catch_up(struct replica *replica) {
    struct history history;
    bool decoded = false;
    struct member *member;
    struct member *after;
    LIST_FOREACH_SAFE(member, &replica->members, of_room, after) {
        if (!is_to_be_sent(member)) {
            continue;
        }
        decoded = decoded || tail_read(replica, &history);
        if (decoded) {
            send_lacking(member, &history);
        } else {
            member->peer->cut(member->peer, REFUSAL_INTERNAL);
        }
    }
    if (decoded) {
        history_free(&history);
    }
}

static void cut_behind(struct replica *replica, enum refusal why) {
    struct member *member;
    LIST_FOREACH(member, &replica->members, of_room) {
        if (member->state == MEMBER_BEHIND && member->peer != NULL) {
            member->peer->cut(member->peer, why);
        }
    }
}

void replica_history(struct call *call, bool exists, struct journal_batch *batch) {
    struct replica *replica = call->owner;
    replica->reading = false;
    tail_clear(&replica->tail);
    if (exists && batch != NULL && tail_add(&replica->tail, batch)) {
        replica_catch_up(replica);
    } else {
        bool damaged = batch != NULL && journal_batch_is_damaged(batch);
        cut_behind(replica, damaged ? REFUSAL_DAMAGED : REFUSAL_STORAGE);
    }
    replica_trim(replica);
    followed_touch(&replica->followed);
}

void replica_trim(struct replica *replica) {
    struct member *member;
    LIST_FOREACH(member, &replica->members, of_room) {
        if ((member->state == MEMBER_BEHIND || member->state == MEMBER_JOINING) &&
            member->peer != NULL) {
            return;
        }
    }
    tail_trim(&replica->tail);
}

void member_drained(struct member *member) {
    if (member->state == MEMBER_BEHIND) {
        member_catch_up(member);
    }
}
