/* SPDX-License-Identifier: ISC */
/*
 * replica.c: a replica's life: load, fold what the journal says, break, retire.
 */

#include <stdlib.h>
#include <string.h>

#include "protocol/room/digest.h"
#include "server/cohort/gate.h"
#include "server/room/fold.h"
#include "server/room/parts.h"

static void fatal(const struct replica *replica, enum replica_state to) {
    log_error(replica->hall->means.log, "fatal", LOG_S("what", "impossible state of a replica"),
              LOG_I("from", replica->state), LOG_I("to", to));
    abort();
}

/* The only place where a replica's state changes. */
static void set_state(struct replica *replica, enum replica_state to) {
    static const unsigned allowed[] = {
        [REPLICA_LOADING] = 1 << REPLICA_READY | 1 << REPLICA_BROKEN,
        [REPLICA_READY] = 1 << REPLICA_BROKEN | 1 << REPLICA_RETIRED,
        [REPLICA_BROKEN] = 1 << REPLICA_RETIRED,
        [REPLICA_RETIRED] = 0,
    };
    if ((allowed[replica->state] & 1U << to) == 0) {
        fatal(replica, to);
    }
    replica->state = to;
}

/* Seats that an earlier run of the server left taken: whoever sat there was cut off with it. */
static void clean_presence(struct replica *replica) {
    uint32_t boot = journal_boot(replica->hall->means.journal);
    for (uint8_t i = 0; i < replica->room.seat_count; i++) {
        const struct room_seat *seat = &replica->room.seats[i];
        if (seat->here && seat->boot < boot) {
            replica_gone(replica, NULL, i, seat->session);
        }
    }
}

static bool take_all(struct replica *replica, struct journal_batch *batch) {
    for (uint32_t i = 0; i < journal_batch_count(batch); i++) {
        if (!replica_take(replica, journal_batch_at(batch, i))) {
            return false;
        }
    }
    return true;
}

static void loaded(struct call *call, bool exists, struct journal_batch *batch) {
    struct replica *replica = call->owner;
    if (!exists || batch == NULL) {
        replica_break(replica, batch == NULL ? REFUSAL_STORAGE : REFUSAL_NO_SUCH_ROOM, NULL);
    } else if (fold_is_cohort(replica->hall, batch)) {
        replica_break(replica, REFUSAL_NO_SUCH_ROOM, NULL);
    } else if (!take_all(replica, batch)) {
        replica_break(replica, REFUSAL_INTERNAL, "the room's log cannot be folded");
    } else {
        set_state(replica, REPLICA_READY);
        if (!tail_add(&replica->tail, batch)) {
            log_warn(replica->hall->means.log, "tail.lost", LOG_S("room", replica->id));
        }
        clean_presence(replica);
        gate_open(replica);
        replica_trim(replica);
    }
    replica_touch(replica);
}

static struct replica *replica_new(struct hall *hall, struct span id) {
    struct replica *replica = calloc(1, sizeof *replica);
    if (replica == NULL) {
        return NULL;
    }
    replica->hall = hall;
    memcpy(replica->id, id.at, ROOM_ID_BYTES);
    replica->state = REPLICA_LOADING;
    LIST_INIT(&replica->members);
    STAILQ_INIT(&replica->jobs);
    STAILQ_INIT(&replica->owed);
    room_init(&replica->room);
    replica->load = (struct call){.history = loaded, .owner = replica};
    replica->append = (struct call){.appended = replica_appended, .owner = replica};
    replica->read = (struct call){.history = replica_history, .owner = replica};
    if (!hall_enter(hall, replica)) {
        replica_free(replica);
        return NULL;
    }
    replica->following = true;
    journal_post_follow(hall->means.journal, hall->means.listener, replica->id, 0,
                        call_token(&replica->load));
    return replica;
}

void replica_look(struct hall *hall, struct span room) {
    if (hall_find(hall, room.at) == NULL) {
        (void)replica_new(hall, room); /* without a place it stays as it is */
    }
}

/* What is owed waits for its turn like anything else again. */
static void take_owed(struct replica *replica) {
    if (!STAILQ_EMPTY(&replica->owed)) {
        LIST_REMOVE(replica, of_owing);
        STAILQ_CONCAT(&replica->jobs, &replica->owed);
    }
}

void replica_free(struct replica *replica) {
    struct job *job;
    replica_untouch(replica);
    gate_forget(replica);
    take_owed(replica);
    while ((job = STAILQ_FIRST(&replica->jobs)) != NULL) {
        STAILQ_REMOVE_HEAD(&replica->jobs, next);
        free(job);
    }
    struct member *member;
    while ((member = LIST_FIRST(&replica->members)) != NULL) {
        LIST_REMOVE(member, of_room);
        free(member);
    }
    tail_clear(&replica->tail);
    replica_ahead_drop(replica);
    room_free(&replica->room);
    free(replica);
}

void replica_break(struct replica *replica, enum refusal why, const char *what) {
    if (what != NULL) {
        log_error(replica->hall->means.log, "room.broken", LOG_S("room", replica->id),
                  LOG_U("pos", replica->room.pos), LOG_S("why", what));
    }
    replica->broken = why;
    set_state(replica, REPLICA_BROKEN);
    take_owed(replica);
    replica_touch(replica); /* which refuses what waits: who is joining is told so */
    struct member *member;
    struct member *after;
    LIST_FOREACH_SAFE(member, &replica->members, of_room, after) {
        if (member->state == MEMBER_JOINING) {
            continue;
        }
        if (member->peer != NULL) {
            member->peer->cut(member->peer, why);
        }
        if (member->state != MEMBER_LEFT) {
            member_unlink_peer(member);
            member_state(member, MEMBER_LEFT);
        }
        member_release(member);
    }
}

void replica_retire(struct replica *replica) {
    struct hall *hall = replica->hall;
    replica_untouch(replica);
    set_state(replica, REPLICA_RETIRED);
    hall_retire(hall, replica);
    /* Somebody may have asked for a cohort as a room: that follows the same log. */
    if (cohort_table_find(hall, replica->id) == NULL) {
        journal_post_unfollow(hall->means.journal, hall->means.listener, replica->id);
    }
    gate_close(replica);
}

void replica_retry(struct replica *replica) {
    take_owed(replica);
    replica_touch(replica);
}

/* An unanswered question keeps it: the answer names it. */
void replica_settle(struct replica *replica) {
    bool asked = replica->state == REPLICA_LOADING || replica->in_flight || replica->reading;
    if (asked || replica->state == REPLICA_RETIRED || !LIST_EMPTY(&replica->members) ||
        !STAILQ_EMPTY(&replica->jobs) || !STAILQ_EMPTY(&replica->owed)) {
        return;
    }
    if (replica->state == REPLICA_READY) {
        hall_rest(replica->hall, replica);
    } else {
        replica_retire(replica);
    }
}

void replica_events(struct replica *replica, struct journal_batch *batch) {
    /* While it loads, these are events of before it followed: the history will hold them. */
    if (replica->state != REPLICA_READY) {
        return;
    }
    if (replica->resting) {
        /* The room goes on at another worker: folding along here would cost each event once
         * more. */
        hall_wake(replica->hall, replica);
        replica_retire(replica);
        return;
    }
    if (!take_all(replica, batch)) {
        replica_break(replica, REFUSAL_INTERNAL, "an event cannot be folded");
    } else {
        if (!tail_add(&replica->tail, batch)) {
            log_warn(replica->hall->means.log, "tail.lost", LOG_S("room", replica->id));
        }
        replica_catch_up(replica);
        replica_trim(replica);
    }
}

enum refusal replica_join(struct hall *hall, struct peer *peer,
                          const struct join_request *request) {
    uint8_t invite[HASH_BYTES];
    if (!seat_room_id_valid(request->room) ||
        (request->secret.len > 0 && !seat_secret_hash(request->secret, invite))) {
        return REFUSAL_NO_SUCH_ROOM;
    }
    if (request->name.len == 0) {
        return REFUSAL_BAD_FIELD; /* said before the room is looked for, it tells of no room */
    }
    if (request->secret.len == 0) {
        digest_seat_for_key(request->room.at, peer->key, invite);
    }
    struct replica *replica = hall_find(hall, request->room.at);
    if (replica != NULL && !member_may_join(replica)) {
        return REFUSAL_TOO_FAST;
    }
    struct member *old = member_find(peer, request->room);
    if (old != NULL) {
        /* The same connection joins again: its older place ends without a word. */
        member_unlink_peer(old);
        member_leave(old);
        replica = hall_find(hall, request->room.at); /* a broken one goes with its last member */
    }
    if (replica == NULL && (replica = replica_new(hall, request->room)) == NULL) {
        return REFUSAL_TOO_MANY;
    }
    if (replica->resting && !hall_has_place(hall)) {
        return REFUSAL_TOO_MANY;
    }
    hall_wake(hall, replica);
    enum refusal refusal = member_new(replica, peer, request, invite);
    replica_touch(replica);
    return refusal;
}
