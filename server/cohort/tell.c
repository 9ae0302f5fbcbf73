/* SPDX-License-Identifier: ISC */
/*
 * tell.c: what people in a cohort are told: their place in the queue, their match, a coach the
 * rooms.
 *
 * Nothing here says what has changed: each is told the present truth whenever it differs from what
 * they were told last, so a lost connection, a restart or a conflict needs no care of its own.
 */
#include <string.h>

#include "server/cohort/parts.h"
#include "server/peer/send.h"

/* Who waits, worked out once for all that are told of it. */
struct queue_list {
    bool made;
    size_t len, wants_len;
    struct leases leases;
    uint64_t hash;
    char names[COHORT_NAMES_MAX_BYTES + 1];
    uint8_t wants[COHORT_WAITING_MAX * U32_BYTES];
};

static void list_names(const struct cohort_replica *replica, struct queue_list *list) {
    if (!list->made) {
        const struct keyhash *key = &desk_of(replica)->key;
        uint32_t count;
        list->len = lobby_names(&replica->cohort, &count, list->names);
        list->wants_len = lobby_wants(&replica->cohort, count, list->wants);
        list->hash =
            keyhash(key, list->names, list->len) ^ 3 * keyhash(key, list->wants, list->wants_len);
        list->leases = journal_leases(desk_of(replica)->means.journal);
        list->made = true;
    }
}

/* Where many wait, what changes is gathered: otherwise each who comes would cost a message to
 * everybody. */
static bool waits_for_others(const struct attendee *attendee) {
    struct cohort_replica *replica = attendee->cohort;
    return attendee->told.said && replica->cohort.waiting_count > COHORT_TELL_EAGER &&
           desk_now(desk_of(replica)) < replica->told_at + COHORT_TELL_MS;
}

/* Whether this is what it was told last of the queue. */
static bool knows_queue(const struct attendee *attendee, uint32_t place, uint32_t count,
                        const struct queue_list *list, const struct lobby_advice *advice,
                        int last) {
    const struct cohort *cohort = &attendee->cohort->cohort;
    const struct lobby_advice *known = &attendee->told.advice;
    return attendee->told.said && attendee->told.place == place && attendee->told.count == count &&
           attendee->told.names == list->hash &&
           attendee->told.why == cohort->members[attendee->member].why &&
           known->change == advice->change && known->to == advice->to &&
           known->more == advice->more && attendee->told.last == last;
}

static void tell_queue(struct attendee *attendee, struct queue_list *list) {
    struct cohort_replica *replica = attendee->cohort;
    const struct cohort_member *member = &replica->cohort.members[attendee->member];
    uint32_t place;
    uint32_t count;
    lobby_place(&replica->cohort, attendee->member, &place, &count);
    if (place == 0 && attendee->told.said && attendee->told.place == 0) {
        return; /* who does not wait need not know how the queue goes on */
    }
    if (place > 0 && waits_for_others(attendee)) {
        replica->tell_owed = true;
        return;
    }
    list_names(replica, list);
    struct lobby_advice advice;
    lobby_advise(&replica->cohort, attendee->member, &list->leases, &advice);
    int last = lobby_last_partner(&replica->cohort, attendee->member, &list->leases,
                                  desk_now(desk_of(replica)));
    if (knows_queue(attendee, place, count, list, &advice, last)) {
        return;
    }
    struct message message = {.kind = MESSAGE_QUEUE};
    message.queue.cohort = span_of(replica->followed.id);
    message.queue.place = place;
    message.queue.count = count;
    message.queue.why = member->why;
    message.queue.names = (struct span){list->names, (uint32_t)list->len};
    message.queue.wants = (struct span){(const char *)list->wants, (uint32_t)list->wants_len};
    message.queue.change = advice.change;
    message.queue.to = advice.to;
    message.queue.more = advice.more;
    message.queue.last = span_of(last >= 0 ? replica->cohort.members[last].name : "");
    attendee->told.said = true;
    attendee->told.place = place;
    attendee->told.count = count;
    attendee->told.names = list->hash;
    attendee->told.why = member->why;
    attendee->told.advice = advice;
    attendee->told.last = last;
    send_message(desk_of(replica), attendee->peer, &message);
}

void cohort_tell_place(struct attendee *attendee) {
    struct queue_list list = {.made = false};
    /* Who waits by another connection is not told on this one, so what was said here last is
     * old. */
    attendee->told.said = attendee->told.said && attendee->session != 0;
    tell_queue(attendee, &list);
}

static void tell_match(struct attendee *attendee, const struct cohort_match *match) {
    struct cohort_replica *replica = attendee->cohort;
    if (!match->open || strcmp(attendee->told.room, match->room) == 0) {
        return;
    }
    bool candidate = match->member[1] == attendee->member;
    struct message message = {.kind = MESSAGE_MATCHED, .room = span_of(match->room)};
    message.matched.cohort = span_of(replica->followed.id);
    message.matched.role = candidate ? ROLE_CANDIDATE : ROLE_INTERVIEWER;
    message.matched.name = span_of(replica->cohort.members[match->member[!candidate]].name);
    message.matched.extra = match->extra;
    message.matched.title = span_of(replica->cohort.packs[match->pack].title);
    memcpy(attendee->told.room, match->room, sizeof match->room);
    attendee->told.said = false; /* should it fall through, it is told its place anew */
    send_message(desk_of(replica), attendee->peer, &message);
}

/* It waits by this connection, but the log says that its connection is gone, or was one to a server
 * that has ended (as this one has, if it had lost its lease). */
static bool must_wait_anew(const struct attendee *attendee, const struct cohort_member *member) {
    return member->state == LOBBY_WAITING && attendee->session == member->session &&
           attendee->jobs == 0 &&
           (!member->here ||
            journal_boot_dead(desk_of(attendee->cohort)->means.journal, member->boot));
}

static void wait_anew(struct attendee *attendee, const struct cohort_member *member) {
    struct message pair = {.kind = MESSAGE_PAIR};
    pair.pair.role = member->role;
    pair.pair.level = member->level;
    pair.pair.minutes = member->minutes;
    pair.pair.extra = member->extra;
    pair.pair.packs = (int64_t)member->packs;
    pair.pair.wait = member->wait;
    if (attendee_pair(attendee, &pair) != REFUSAL_NONE) {
        log_warn(desk_of(attendee->cohort)->means.log, "pair.stale",
                 LOG_S("cohort", attendee->cohort->followed.id));
    }
}

/* The same key has asked by a newer connection, which has the place now: one key is one person in
 * the queue. */
static bool was_replaced(const struct attendee *attendee, const struct cohort_member *member) {
    return attendee->jobs == 0 && member->session > attendee->session;
}

static void tell_pair(struct attendee *attendee, struct queue_list *list) {
    const struct cohort *cohort = &attendee->cohort->cohort;
    const struct cohort_member *member = &cohort->members[attendee->member];
    if (attendee->session == 0) {
        return; /* it has not asked for a partner by this connection */
    }
    if (was_replaced(attendee, member)) {
        attendee->session = 0;
        send_refused_cohort(desk_of(attendee->cohort), attendee->peer,
                            attendee->cohort->followed.id, 0, REFUSAL_REPLACED);
        return;
    }
    if (member->state == LOBBY_MATCHED) {
        tell_match(attendee, cohort_match_of_member(cohort, attendee->member));
        return;
    }
    if (member->state == LOBBY_WAITING || member->why != LOBBY_WHY_NONE) {
        tell_queue(attendee, list);
    }
    if (attendee->asking == NULL && must_wait_anew(attendee, member)) {
        wait_anew(attendee, member);
    }
}

static void tell_room(struct attendee *attendee, const struct cohort_room *room) {
    struct message message = {.kind = MESSAGE_LISTED, .room = span_of(room->id)};
    message.listed.cohort = span_of(attendee->cohort->followed.id);
    message.listed.opened = room->opened_at;
    message.listed.ended = !cohort_lists(room);
    message.listed.title = span_of(room->title);
    send_message(desk_of(attendee->cohort), attendee->peer, &message);
}

/* A coach is told of rooms that it does not know yet, as many as its connection takes. */
static void tell_rooms(struct attendee *attendee) {
    const struct cohort *cohort = &attendee->cohort->cohort;
    struct peer *peer = attendee->peer;
    while (peer != NULL && attendee_is_coach(attendee) && attendee->listed < cohort->room_count &&
           peer->backlog(peer) < PEER_BACKLOG_MAX) {
        const struct cohort_room *room = &cohort->rooms[attendee->listed++];
        if (cohort_lists(room)) {
            tell_room(attendee, room);
        }
    }
}

void cohort_tell_listed(struct cohort_replica *replica, struct span room) {
    struct attendee *attendee;
    int index = cohort_room_of_id(&replica->cohort, room);
    if (index < 0 || !replica->cohort.rooms[index].came) {
        return;
    }
    LIST_FOREACH(attendee, &replica->attendees, of_cohort) {
        if (attendee->state == ATTENDEE_IN && attendee->peer != NULL &&
            attendee_is_coach(attendee) && attendee->listed > (uint32_t)index) {
            tell_room(attendee, &replica->cohort.rooms[index]);
        }
    }
}

/* To every coach who is here. */
static void tell_coaches(struct cohort_replica *replica, const struct message *message) {
    struct attendee *attendee;
    LIST_FOREACH(attendee, &replica->attendees, of_cohort) {
        if (attendee->state == ATTENDEE_IN && attendee->peer != NULL &&
            attendee_is_coach(attendee)) {
            send_message(desk_of(replica), attendee->peer, message);
        }
    }
}

void cohort_tell_asked(struct cohort_replica *replica, const uint8_t *key) {
    int member = cohort_member_of_key(&replica->cohort, key);
    if (cohort_admits(&replica->cohort, member) != REFUSAL_ASKED) {
        return;
    }
    struct message message = {.kind = MESSAGE_ASKED};
    message.asked.cohort = span_of(replica->followed.id);
    message.asked.member = member;
    message.asked.name = span_of(replica->cohort.members[member].name);
    tell_coaches(replica, &message);
}

/* The member's old key is out; its connections are told why. */
void cohort_tell_moved(struct cohort_replica *replica, int member) {
    struct attendee *attendee;
    struct attendee *after;
    const uint8_t *key = replica->cohort.members[member].key;
    LIST_FOREACH_SAFE(attendee, &replica->attendees, of_cohort, after) {
        if (attendee->state == ATTENDEE_IN && attendee->peer != NULL &&
            attendee->member == member && memcmp(attendee->peer->key, key, HASH_BYTES) != 0) {
            send_refused_cohort(desk_of(replica), attendee->peer, replica->followed.id, 0,
                                REFUSAL_MEMBER_MOVED);
            attendee_leave(attendee);
        }
    }
}

void cohort_write_report(const struct cohort_replica *replica, uint32_t index, uint32_t id,
                         struct message *message) {
    const struct cohort *cohort = &replica->cohort;
    const struct cohort_report *report = &cohort->reports[index];
    *message =
        (struct message){.kind = MESSAGE_REPORTED, .room = span_of(cohort->rooms[report->room].id)};
    message->reported.cohort = span_of(replica->followed.id);
    message->reported.id = id;
    message->reported.member = report->member;
    message->reported.name = span_of(cohort->members[report->member].name);
    message->reported.at = report->at;
    message->reported.moment = report->moment;
    message->reported.text = span_of(report->text);
}

void cohort_tell_report(struct cohort_replica *replica) {
    struct message message;
    cohort_write_report(replica, replica->cohort.report_count - 1, 0, &message);
    tell_coaches(replica, &message);
}

void cohort_tell_call(struct cohort_replica *replica) {
    struct attendee *attendee;
    struct message message = {.kind = MESSAGE_CALLED};
    message.called.cohort = span_of(replica->followed.id);
    message.called.call = span_of(replica->cohort.call);
    LIST_FOREACH(attendee, &replica->attendees, of_cohort) {
        if (attendee->state == ATTENDEE_IN && attendee->peer != NULL &&
            attendee->peer->version >= 2) {
            send_message(desk_of(replica), attendee->peer, &message);
        }
    }
}

void cohort_tell_end(struct attendee *attendee, uint32_t id, uint32_t count) {
    struct message message = {.kind = MESSAGE_END};
    message.end.id = id;
    message.end.count = count;
    send_message(desk_of(attendee->cohort), attendee->peer, &message);
}

static void send_entered(struct attendee *attendee, uint32_t id) {
    const struct cohort *cohort = &attendee->cohort->cohort;
    struct message message = {.kind = MESSAGE_ENTERED};
    uint8_t packs[COHORT_PACKS_MAX * HASH_BYTES];
    for (uint32_t i = 0; i < cohort->pack_count; i++) {
        memcpy(packs + (size_t)i * HASH_BYTES, cohort->packs[i].hash, HASH_BYTES);
    }
    message.entered.cohort = span_of(attendee->cohort->followed.id);
    message.entered.id = id;
    message.entered.role = attendee_is_coach(attendee) ? COHORT_COACH : COHORT_STUDENT;
    message.entered.name = span_of(cohort->name);
    message.entered.member = attendee->member;
    message.entered.call = span_of(cohort->call);
    message.entered.packs = (struct span){(const char *)packs, cohort->pack_count * HASH_BYTES};
    send_message(desk_of(attendee->cohort), attendee->peer, &message);
}

void attendee_entered(struct attendee *attendee, uint16_t member, uint32_t id) {
    attendee->member = member;
    attendee->listed = 0;
    if (attendee->state == ATTENDEE_ENTERING) {
        attendee_state(attendee, ATTENDEE_IN);
    }
    struct evening_lists lists = {.made = false};
    send_entered(attendee, id);
    attendee->told.evening = 0;
    cohort_tell_evening(attendee, &lists);
    cohort_gate_sweep(attendee->cohort);
    if (attendee_is_coach(attendee)) {
        attendee->cohort->sought = 0;
        cohort_gate_find(attendee->cohort);
    }
}

void attendee_drained(struct attendee *attendee) {
    if (attendee->state == ATTENDEE_IN) {
        tell_rooms(attendee);
    }
}

void cohort_tell(struct cohort_replica *replica) {
    struct attendee *attendee;
    struct attendee *after;
    struct queue_list list = {.made = false};
    struct evening_lists lists = {.made = false};
    bool all = desk_now(desk_of(replica)) >= replica->told_at + COHORT_TELL_MS;
    replica->tell_owed = false;
    LIST_FOREACH_SAFE(attendee, &replica->attendees, of_cohort, after) {
        if (attendee->state != ATTENDEE_IN || attendee->peer == NULL) {
            continue;
        }
        enum refusal out = cohort_admits(&replica->cohort, attendee->member);
        if (out != REFUSAL_NONE) {
            send_refused_cohort(desk_of(replica), attendee->peer, replica->followed.id, 0, out);
            attendee_leave(attendee);
            continue;
        }
        tell_pair(attendee, &list);
        cohort_tell_evening(attendee, &lists);
        tell_rooms(attendee);
    }
    replica->told_at = all ? desk_now(desk_of(replica)) : replica->told_at;
}
