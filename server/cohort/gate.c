/* SPDX-License-Identifier: ISC */
/*
 * gate.c: a room's line to its cohort, and a cohort's to its rooms.
 *
 * What a room has to tell (that it is there, that it has ended, who came) is compared with the
 * cohort's fold whenever both are loaded, so that nothing is lost with a worker that dies between
 * two appends.
 */
#include "server/cohort/gate.h"

#include <string.h>

#include "server/cohort/parts.h"
#include "server/peer/send.h"
#include "server/room/replica.h"

static bool is_ready(const struct replica *room) {
    return room->cohort != NULL && room->cohort->followed.state == FOLLOWED_READY;
}

/* Something that the server itself writes to the cohort about a room. */
static void tell(struct cohort_replica *replica, const char *room, struct body body) {
    struct cohort_job *job =
        cohort_job_new(COHORT_JOB_OWN, NULL, 0, ROOM_ID_BYTES + (size_t)body.text.len);
    if (job == NULL) {
        log_error(desk_of(replica)->means.log, "cohort.stale",
                  LOG_S("cohort", replica->followed.id), LOG_S("room", room),
                  LOG_S("why", "no memory"));
        return;
    }
    job->body = body;
    job->body.has |= F(target);
    job->body.target = span_of(room);
    cohort_job_keep(job, &job->body.target);
    cohort_job_keep(job, &job->body.text);
    cohort_job_add(replica, job);
}

/* Somebody has been in a room: if a match waits for that, it is told. */
static void tell_came(struct cohort_replica *replica, const char *room, int member) {
    const struct cohort_match *match = cohort_match_of_room(&replica->cohort, span_of(room));
    for (int i = 0; match != NULL && i < 2; i++) {
        if (match->member[i] == member && !match->came[i]) {
            tell(replica, room,
                 (struct body){.act = ACTION_PAIR_CAME, .has = F(member), .member = member});
            return;
        }
    }
}

/* Closed, or left by everybody for the next half. */
static bool is_over(const struct room *room) {
    bool empty = room->next[0] != '\0';
    for (uint8_t i = 0; i < room->seat_count; i++) {
        empty = empty && !room->seats[i].here;
    }
    return room->stage == STAGE_CLOSED || empty;
}

/* Whoever tells of the end may be another worker than the one that let somebody in, and must not
 * overtake it: a match that ends before both are known to have come falls through. */
static void mend_came(struct cohort_replica *replica, const struct replica *room) {
    if (cohort_match_of_room(&replica->cohort, span_of(room->followed.id)) == NULL) {
        return;
    }
    for (uint8_t i = 0; i < room->room.seat_count; i++) {
        tell_came(replica, room->followed.id,
                  cohort_member_of_key(&replica->cohort, room->room.seats[i].key));
    }
}

static void tell_room(struct replica *room) {
    tell(room->cohort, room->followed.id,
         (struct body){
             .act = ACTION_COHORT_ROOM, .has = F(text), .text = span_of(room->room.pack->title)});
}

void cohort_hosted(struct following *cohorts, const char *cohort, const char *room,
                   struct span title, int host) {
    struct cohort_replica *replica = host < 0 ? NULL : cohort_replica_get(cohorts, cohort);
    if (replica != NULL) { /* else the room is told of once somebody comes, as nobody's */
        tell(replica, room,
             (struct body){.act = ACTION_COHORT_ROOM,
                           .has = F(text) | F(member),
                           .text = title,
                           .member = host});
    }
}

enum refusal cohort_host_of_next(const struct replica *room, const uint8_t key[HASH_BYTES],
                                 int *host) {
    *host = -1;
    if (!is_ready(room)) {
        return REFUSAL_NONE;
    }
    const struct cohort *cohort = &room->cohort->cohort;
    int index = cohort_room_of_id(cohort, span_of(room->followed.id));
    *host = cohort_member_of_key(cohort, key);
    if (*host < 0 && index >= 0) {
        *host = cohort->rooms[index].host;
    }
    return cohort_has_share(cohort, *host) ? REFUSAL_NONE : REFUSAL_COHORT_FULL;
}

/* What the cohort has of a room while it is of use to be looked at for being abandoned; NULL: it is
 * not. */
static const struct cohort_room *living(const struct replica *room) {
    const struct cohort *cohort = &room->cohort->cohort;
    int index = cohort_room_of_id(cohort, span_of(room->followed.id));
    bool lives = index >= 0 && !cohort->rooms[index].ended &&
                 cohort_match_of_room(cohort, span_of(room->followed.id)) == NULL;
    return lives ? &cohort->rooms[index] : NULL;
}

/* Whether somebody is there, or may come back soon, is the room's to know; whether it is listed the
 * cohort's. */
static void mend_idle(struct replica *room) {
    const struct cohort_room *listed = living(room);
    int64_t moment = room_abandoned_at(&room->room);
    if (listed == NULL) {
        return;
    }
    if (listed->idle && moment < 0 && cohort_may_return(listed)) {
        tell_room(room);
    } else if (!listed->idle && moment >= 0 && moment <= desk_now(room->followed.desk)) {
        tell(room->cohort, room->followed.id, (struct body){.act = ACTION_COHORT_IDLE});
    }
}

/* Tells the cohort what its log lacks of the room. */
static void mend(struct replica *room) {
    struct cohort_replica *replica = room->cohort;
    struct span id = span_of(room->followed.id);
    mend_came(replica, room);
    int index = cohort_room_of_id(&replica->cohort, id);
    bool listed = index >= 0 ? replica->cohort.rooms[index].came
                             : cohort_match_of_room(&replica->cohort, id) != NULL;
    bool over = is_over(&room->room);
    if (!listed && room->room.seat_count > 0) { /* somebody has come */
        tell_room(room);
    } else if (!over) {
        mend_idle(room);
    }
    if (over && !(index >= 0 && replica->cohort.rooms[index].ended)) {
        tell(replica, room->followed.id, (struct body){.act = ACTION_COHORT_ENDED});
    }
}

/* The same, and looks when it has to be looked at again. */
static void mend_now(struct replica *room) {
    mend(room);
    followed_touch(&room->cohort->followed);
}

void cohort_gate_look(struct cohort_replica *replica) {
    struct replica *room;
    LIST_FOREACH(room, &replica->rooms, of_cohort) {
        mend(room);
    }
}

int64_t cohort_gate_moment(const struct cohort_replica *replica) {
    const struct replica *room;
    int64_t now = desk_now(desk_of(replica));
    int64_t next = -1;
    LIST_FOREACH(room, &replica->rooms, of_cohort) {
        int64_t moment = room_abandoned_at(&room->room);
        const struct cohort_room *listed = moment > now ? living(room) : NULL;
        if (listed != NULL && !listed->idle && (next < 0 || moment < next)) {
            next = moment;
        }
    }
    return next;
}

void cohort_gate_find(struct cohort_replica *replica) {
    struct following *rooms = means_of(replica)->rooms;
    const struct cohort *cohort = &replica->cohort;
    while (replica->sought < cohort->room_count) {
        const struct cohort_room *room = &cohort->rooms[replica->sought++];
        if (cohort_lists(room) && replica_find(rooms, room->id) == NULL) {
            replica_look(rooms, span_of(room->id));
            return;
        }
    }
}

void cohort_gate_sweep(struct cohort_replica *replica) {
    struct following *rooms = means_of(replica)->rooms;
    const struct cohort *cohort = &replica->cohort;
    int64_t before = desk_now(desk_of(replica)) - ROOM_UNJOINED_MS;
    while (replica->swept < cohort->room_count &&
           cohort->rooms[replica->swept].opened_at <= before) {
        const struct cohort_room *room = &cohort->rooms[replica->swept++];
        if (!room->ended && replica_find(rooms, room->id) == NULL) {
            replica_look(rooms, span_of(room->id));
            return;
        }
    }
}

static void gate_open(struct replica *room) {
    if (room->room.cohort[0] == '\0' || room->cohort != NULL) {
        return;
    }
    const struct room_means *means = room->followed.following->means;
    struct cohort_replica *replica = cohort_replica_get(means->gate_ctx, room->room.cohort);
    if (replica == NULL || replica->followed.state == FOLLOWED_BROKEN) {
        room->gate_broken = replica == NULL ? REFUSAL_INTERNAL : replica->followed.broken;
        return;
    }
    room->cohort = replica;
    LIST_INSERT_HEAD(&replica->rooms, room, of_cohort);
    if (is_ready(room)) {
        mend_now(room);
        cohort_gate_find(replica);
        cohort_gate_sweep(replica);
    }
}

static void gate_close(struct replica *room) {
    struct cohort_replica *replica = room->cohort;
    if (replica != NULL) {
        LIST_REMOVE(room, of_cohort);
        room->cohort = NULL;
        followed_touch(&replica->followed);
    }
}

static void gate_forget(struct replica *room) {
    if (room->cohort != NULL) {
        LIST_REMOVE(room, of_cohort);
        room->cohort = NULL;
    }
}

static bool gate_is_pending(struct replica *room) {
    if (room->gate_broken == REFUSAL_NONE) {
        gate_open(room); /* again, where the cohort could not be read before */
    }
    return room->cohort != NULL && room->cohort->followed.state == FOLLOWED_LOADING;
}

/* Why a member may not be in a room of the cohort. Who only waits for a coach's yes is like
 * somebody who is no member: a room's own link lets them in. */
static enum refusal keeps_out(const struct cohort *cohort, int member) {
    enum refusal refusal = cohort_admits(cohort, member);
    return refusal == REFUSAL_ASKED ? REFUSAL_NONE : refusal;
}

/* Likewise by its key; one that a member has left is out, too. */
static enum refusal keeps_out_key(const struct cohort *cohort, const uint8_t *key) {
    int member = cohort_member_of_key(cohort, key);
    if (member < 0 && cohort_former_of_key(cohort, key) >= 0) {
        return REFUSAL_MEMBER_MOVED;
    }
    return member >= 0 ? keeps_out(cohort, member) : REFUSAL_NONE;
}

static enum refusal gate_judge(struct replica *room, const uint8_t key[HASH_BYTES]) {
    if (room->gate_broken != REFUSAL_NONE) {
        enum refusal why = room->gate_broken;
        room->gate_broken = REFUSAL_NONE; /* whoever comes next asks anew */
        return why;
    }
    if (!is_ready(room)) {
        return room->room.cohort[0] == '\0' ? REFUSAL_NONE : REFUSAL_INTERNAL;
    }
    const struct cohort *cohort = &room->cohort->cohort;
    return keeps_out_key(cohort, key);
}

static bool gate_is_coach(const struct replica *room, const uint8_t key[HASH_BYTES]) {
    if (!is_ready(room)) {
        return false;
    }
    const struct cohort *cohort = &room->cohort->cohort;
    return cohort_is_coach(cohort, cohort_member_ever(cohort, key));
}

const struct cohort *cohort_of_room(const struct replica *room) {
    return is_ready(room) ? &room->cohort->cohort : NULL;
}

static int gate_former_seat(const struct replica *room, const uint8_t key[HASH_BYTES]) {
    return is_ready(room) ? cohort_seat_before(&room->cohort->cohort, &room->room, key) : -1;
}

static const uint8_t *gate_lost_key(const struct replica *room, const uint8_t key[HASH_BYTES]) {
    return is_ready(room) ? cohort_lost_key(&room->cohort->cohort, &room->room, key) : NULL;
}

static int gate_kept_link(const struct replica *room, const uint8_t key[HASH_BYTES]) {
    return is_ready(room)
               ? cohort_kept_link(&room->cohort->cohort, &room->room, room->followed.id, key)
               : -1;
}

static enum refusal gate_judge_companion(const struct replica *room,
                                         const uint8_t key[HASH_BYTES]) {
    if (!is_ready(room)) {
        return REFUSAL_NONE; /* the seat that gives the link is judged */
    }
    const struct cohort *cohort = &room->cohort->cohort;
    int member = cohort_member_ever(cohort, key);
    enum refusal why = member >= 0 ? keeps_out(cohort, member) : REFUSAL_NONE;
    const uint8_t *lost = cohort_lost_key(cohort, &room->room, key);
    return why == REFUSAL_NONE && lost != NULL ? room_lost_seat(&room->room, lost) : why;
}

static const char *gate_name(const struct replica *room, const uint8_t key[HASH_BYTES]) {
    const struct cohort *cohort = is_ready(room) ? &room->cohort->cohort : NULL;
    int member = cohort == NULL ? -1 : cohort_member_of_key(cohort, key);
    return member < 0 ? "" : cohort->members[member].name;
}

static void turn_out(struct member *member, enum refusal why) {
    struct replica *room = member->replica;
    if (member->peer != NULL) {
        send_refused(room->followed.desk, member->peer, room->followed.id, 0, why);
    }
    member_leave(member);
}

static bool gate_came(struct member *member) {
    struct replica *room = member->replica;
    const uint8_t *key = room->room.seats[member->seat].key;
    if (!is_ready(room)) {
        return true;
    }
    const struct cohort *cohort = &room->cohort->cohort;
    int index = cohort_member_of_key(cohort, key);
    enum refusal why = index >= 0 ? keeps_out(cohort, index) : REFUSAL_NONE;
    if (why != REFUSAL_NONE) {
        turn_out(member, why);
        return false;
    }
    if (index >= 0) {
        tell_came(room->cohort, room->followed.id, index);
        /* Who is in the second half came to the first, should that not be known: a server died in
         * between. */
        tell_came(room->cohort, room->room.prev, index);
    }
    return true;
}

/* Whose it was is not known any more, or never was here. */
static void gate_gone(struct replica *room) {
    const struct room_means *means = room->followed.following->means;
    const struct following *cohorts = means->gate_ctx;
    struct followed *at = following_next(cohorts, NULL);
    for (; at != NULL; at = following_next(cohorts, at)) {
        struct cohort_replica *replica = (struct cohort_replica *)at;
        int index = cohort_room_of_id(&replica->cohort, span_of(room->followed.id));
        if (replica->followed.state == FOLLOWED_READY && index >= 0 &&
            !replica->cohort.rooms[index].ended) {
            tell(replica, room->followed.id, (struct body){.act = ACTION_COHORT_ENDED});
        }
    }
}

static void gate_changed(struct replica *room) {
    if (is_ready(room)) {
        mend_now(room);
    }
}

void cohort_gate_matched(struct cohort_replica *replica, struct span id) {
    struct replica *room;
    LIST_FOREACH(room, &replica->rooms, of_cohort) {
        if (memcmp(room->followed.id, id.at, ROOM_ID_BYTES) == 0) {
            mend_came(replica, room);
        }
    }
}

void cohort_gate_opened(struct cohort_replica *replica) {
    struct replica *room;
    cohort_gate_look(replica);
    struct replica *after;
    LIST_FOREACH_SAFE(room, &replica->rooms, of_cohort, after) {
        followed_touch(&room->followed);
    }
}

void cohort_gate_broke(struct cohort_replica *replica) {
    struct replica *room;
    while ((room = LIST_FIRST(&replica->rooms)) != NULL) {
        LIST_REMOVE(room, of_cohort);
        room->cohort = NULL;
        room->gate_broken =
            replica->followed.broken == REFUSAL_STORAGE ? REFUSAL_STORAGE : REFUSAL_INTERNAL;
        followed_touch(&room->followed);
    }
}

static enum refusal must_go(const struct cohort_replica *replica, const struct member *member) {
    bool seated = member->state == MEMBER_BEHIND || member->state == MEMBER_LIVE;
    if (!seated) {
        return REFUSAL_NONE;
    }
    return keeps_out_key(&replica->cohort, member->replica->room.seats[member->seat].key);
}

static void enforce(struct cohort_replica *replica, struct replica *room) {
    struct member *member;
    struct member *after;
    LIST_FOREACH_SAFE(member, &room->members, of_room, after) {
        enum refusal why = must_go(replica, member);
        if (why != REFUSAL_NONE) {
            turn_out(member, why);
        }
    }
    companions_review(room);
    followed_touch(&room->followed);
}

void cohort_gate_enforce(struct cohort_replica *replica) {
    struct replica *room;
    struct replica *after;
    LIST_FOREACH_SAFE(room, &replica->rooms, of_cohort, after) {
        enforce(replica, room);
    }
}

const struct gate_ops cohort_gate = {.open = gate_open,
                                     .close = gate_close,
                                     .forget = gate_forget,
                                     .is_pending = gate_is_pending,
                                     .judge = gate_judge,
                                     .is_coach = gate_is_coach,
                                     .former_seat = gate_former_seat,
                                     .lost_key = gate_lost_key,
                                     .kept_link = gate_kept_link,
                                     .judge_companion = gate_judge_companion,
                                     .name = gate_name,
                                     .came = gate_came,
                                     .gone = gate_gone,
                                     .changed = gate_changed};
