/* SPDX-License-Identifier: ISC */
/*
 * replica.c: what a room is to the life that it has in common with every followed log.
 */
#include "server/room/replica.h"

#include <stdlib.h>

#include "server/peer/send.h"
#include "server/room/fold.h"
#include "server/room/parts.h"
#include "server/room/sheet.h"
#include "server/room/verdict_watch.h"
#include "server/room/voice.h"

static struct replica *room_of(struct followed *followed) {
    return (struct replica *)followed;
}

static struct followed *make(void) {
    struct replica *replica = calloc(1, sizeof *replica);
    if (replica == NULL) {
        return NULL;
    }
    LIST_INIT(&replica->members);
    room_init(&replica->room);
    replica->read = (struct call){.history = replica_history, .owner = replica};
    return &replica->followed;
}

/* Nobody may learn that there is a cohort of that id. */
static bool fits(struct followed *followed, bool exists, struct journal_batch *batch) {
    return exists && !fold_is_cohort(followed->desk, batch);
}

static uint32_t pos(const struct followed *followed) {
    return ((const struct replica *)followed)->room.pos;
}

/* Seats that a server left taken which has ended: whoever sat there was cut off with it. */
static void clean_presence(struct replica *replica) {
    struct leases leases = journal_leases(desk_of(replica)->means.journal);
    for (uint8_t i = 0; i < replica->room.seat_count; i++) {
        const struct room_seat *seat = &replica->room.seats[i];
        if (seat->here && !leases_has(&leases, seat->boot)) {
            replica_gone(replica, NULL, i, seat->session);
        }
    }
}

static void leases(struct followed *followed) {
    struct replica *replica = room_of(followed);
    struct leases leases = journal_leases(desk_of(replica)->means.journal);
    clean_presence(replica);
    voice_leases(replica, &leases);
}

static void keep(struct replica *replica, struct journal_batch *batch) {
    if (!tail_add(&replica->tail, batch)) {
        log_warn(desk_of(replica)->means.log, "tail.lost", LOG_S("room", replica->followed.id));
    }
}

static void opened(struct followed *followed, struct journal_batch *batch) {
    struct replica *replica = room_of(followed);
    keep(replica, batch);
    clean_presence(replica);
    gate_of(replica)->open(replica);
    voice_ask(replica);
    sheet_watch(replica);
    verdict_watch(replica);
    replica_trim(replica);
}

static void folded(struct followed *followed, struct journal_batch *batch) {
    struct replica *replica = room_of(followed);
    keep(replica, batch);
    replica_catch_up(replica);
    replica_trim(replica);
}

/* A fold ahead is for a room that is busy, not for one into which several came at once; those are
 * caught up together. */
static void answered(struct followed *followed) {
    struct replica *replica = room_of(followed);
    bool single = followed->flight.events == 1 || followed->flight.alone;
    if (followed->in_flight == 0 && single && followed_first(followed) == NULL) {
        ahead_drop(replica);
    }
    if (replica->came) {
        replica->came = false;
        replica_catch_up(replica);
    }
    replica_trim(replica);
}

static void dropped(struct followed *followed) {
    ahead_drop(room_of(followed));
}

/* Who is forgotten, or whose room is, may be in others. */
static void turn_away(const struct followed *followed, struct peer *peer) {
    enum refusal why = followed_broken(followed, peer->key);
    if (why == REFUSAL_FORGOTTEN && peer->member_count + peer->attendee_count > 0) {
        send_refused(followed->desk, peer, followed->id, 0, why);
    } else {
        peer->cut(peer, why);
    }
}

/* Who is joining is told so when its join is refused. */
static void broke(struct followed *followed) {
    struct replica *replica = room_of(followed);
    struct member *member;
    struct member *after;
    if (followed->broken == REFUSAL_FORGOTTEN || followed->broken == REFUSAL_NO_SUCH_ROOM) {
        gate_of(replica)->gone(replica);
    }
    LIST_FOREACH_SAFE(member, &replica->members, of_room, after) {
        if (member->state == MEMBER_JOINING) {
            continue;
        }
        struct peer *peer = member->peer;
        if (member->state != MEMBER_LEFT) {
            member_unlink_peer(member);
            member_state(member, MEMBER_LEFT);
        }
        if (peer != NULL) {
            turn_away(followed, peer);
        }
        member_release(member);
    }
}

static bool held(const struct followed *followed) {
    const struct replica *replica = (const struct replica *)followed;
    return replica->reading || !LIST_EMPTY(&replica->members);
}

static void retired(struct followed *followed) {
    struct replica *replica = room_of(followed);
    gate_of(replica)->close(replica);
}

static void room_end(struct followed *followed) {
    struct replica *replica = room_of(followed);
    struct member *member;
    gate_of(replica)->forget(replica);
    while ((member = LIST_FIRST(&replica->members)) != NULL) {
        LIST_REMOVE(member, of_room);
        free(member);
    }
    tail_clear(&replica->tail);
    ahead_drop(replica);
    room_free(&replica->room);
    free(replica->voices);
    free(replica);
}

const struct followed_kind room_kind = {.name = "room",
                                        .broke_as = "room.broken",
                                        .loaded = STATS_rooms_loaded,
                                        .resting = STATS_rooms_resting,
                                        .resting_max = ROOMS_RESTING_MAX,
                                        .none_such = REFUSAL_NO_SUCH_ROOM,
                                        .make = make,
                                        .fits = fits,
                                        .pos = pos,
                                        .take = replica_take,
                                        .opened = opened,
                                        .folded = folded,
                                        .answered = answered,
                                        .decide = job_decide_next,
                                        .decide_behind = job_decide_behind,
                                        .committed = job_committed,
                                        .refused = job_refused,
                                        .owing = job_owing,
                                        .dropped = dropped,
                                        .broke = broke,
                                        .held = held,
                                        .leases = leases,
                                        .woke = sheet_woke,
                                        .retired = retired,
                                        .free = room_end};
