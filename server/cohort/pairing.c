/* SPDX-License-Identifier: ISC */
/*
 * pairing.c: what the lobby needs from the server: pairs made, their rooms opened, those who waited
 * long enough or did not appear taken out.
 *
 * Nothing is remembered of it but rooms whose opening is under way: the next step is always
 * computed from the fold, so that a step that was lost with a worker or a server is simply taken by
 * the next that looks. Two that take it at once append at the same position, and one of them comes
 * second. Usually the worker of somebody concerned takes it; any other does only after
 * COHORT_FALLBACK_MS without any event.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/wire/hash.h"
#include "server/cohort/parts.h"
#include "server/room/opening.h"
#include "server/room/pack_cache.h"

struct cohort_opening {
    LIST_ENTRY(cohort_opening) of_cohort;
    struct opening opening;
    struct cohort_replica *replica;
    bool answered; /* the room is durable */
    char room[ROOM_ID_BYTES + 1];
};

static void opening_forget(struct cohort_opening *under_way) {
    LIST_REMOVE(under_way, of_cohort);
    free(under_way);
}

void cohort_pair_free(struct cohort_replica *replica) {
    struct cohort_opening *under_way;
    struct cohort_opening *after;
    LIST_FOREACH_SAFE(under_way, &replica->openings, of_cohort, after) {
        free(under_way);
    }
    LIST_INIT(&replica->openings);
}

bool cohort_pair_is_opening(const struct cohort_replica *replica) {
    struct cohort_opening *under_way;
    LIST_FOREACH(under_way, &replica->openings, of_cohort) {
        if (!under_way->answered) {
            return true;
        }
    }
    return false;
}

static bool is_member_here(const struct cohort_replica *replica, uint16_t member) {
    struct attendee *attendee;
    LIST_FOREACH(attendee, &replica->attendees, of_cohort) {
        if (attendee->state == ATTENDEE_IN && attendee->member == member) {
            return true;
        }
    }
    return false;
}

/* A wall clock that was set back while the server was down must not hold the lobby up: its time
 * stands still until the clock has caught up, and who fits is paired meanwhile. */
static int64_t lobby_now(const struct cohort_replica *replica) {
    int64_t now = desk_now(desk_of(replica));
    return now > replica->cohort.at ? now : replica->cohort.at;
}

/* Whether this worker is to act for these two, or has to because nobody did. */
static bool is_ours(const struct cohort_replica *replica, uint16_t a, uint16_t b) {
    return is_member_here(replica, a) || is_member_here(replica, b) ||
           desk_now(desk_of(replica)) >= replica->cohort.at + COHORT_FALLBACK_MS;
}

bool cohort_append(struct cohort_replica *replica, const struct event *event, uint32_t jobs,
                   bool ends) {
    struct mp_writer *w = &desk_of(replica)->stored;
    struct followed_flight flight = {
        .events = 1, .jobs = jobs, .ends = ends ? jobs : 0, .act = event->body.act};
    mp_writer_reset(w);
    event_write_stored(w, event);
    if (w->failed) {
        return false;
    }
    /* By its key a member finds the cohort, and there the rooms of the keys that it had before. */
    bool moves = event->body.act == ACTION_MEMBER_MOVE;
    const uint8_t *members[] = {moves ? (const uint8_t *)event->body.key.at : NULL};
    followed_append(&replica->followed, &flight, &w->len, members);
    return true;
}

/* Decides and appends one of the lobby's own events. */
static bool append(struct cohort_replica *replica, const struct body *body) {
    struct command command = {.seat = SEAT_SERVER, .body = *body};
    struct event event;
    enum refusal refusal =
        cohort_decide(&replica->cohort, &command, desk_now(desk_of(replica)), &event);
    if (refusal == REFUSAL_NONE && cohort_append(replica, &event, 0, false)) {
        memset(replica->flight_room, 0, sizeof replica->flight_room);
        if (body->has & F(target)) {
            memcpy(replica->flight_room, body->target.at, ROOM_ID_BYTES);
        }
        return true;
    }
    log_error(desk_of(replica)->means.log, "pair.stuck", LOG_S("cohort", replica->followed.id),
              LOG_S("action", action_row(body->act)->wire), LOG_S("why", refusal_name(refusal)));
    followed_owe(&replica->followed);
    return false;
}

/* The room of a pair that fell through is of no use to anybody. */
static void end_room(struct cohort_replica *replica) {
    struct cohort_job *job = cohort_job_new(COHORT_JOB_OWN, NULL, 0, ROOM_ID_BYTES);
    if (job != NULL) {
        job->body = (struct body){
            .act = ACTION_COHORT_ENDED, .has = F(target), .target = span_of(replica->flight_room)};
        cohort_job_keep(job, &job->body.target);
        cohort_job_add(replica, job);
    }
}

void cohort_pair_committed(struct followed *followed) {
    struct cohort_replica *replica = (struct cohort_replica *)followed;
    struct log *log = desk_of(replica)->means.log;
    if (followed->flight.act == ACTION_PAIR_MATCH) {
        desk_count(desk_of(replica), STATS_pairs, 1);
        log_info(log, "pair.made", LOG_S("cohort", replica->followed.id),
                 LOG_S("room", replica->flight_room));
    } else if (followed->flight.act == ACTION_PAIR_OPEN) {
        log_info(log, "room.opened", LOG_S("room", replica->flight_room),
                 LOG_S("cohort", replica->followed.id));
    } else if (followed->flight.act == ACTION_PAIR_FREE) {
        desk_count(desk_of(replica), STATS_pairs_freed, 1);
        log_info(log, "pair.freed", LOG_S("cohort", replica->followed.id),
                 LOG_S("room", replica->flight_room));
        end_room(replica);
    }
}

/* ---- opening the room of a match ---- */

static void on_opened(struct opening *opening, enum journal_outcome outcome) {
    struct cohort_opening *under_way = opening->owner;
    struct cohort_replica *replica = under_way->replica;
    if (outcome == JOURNAL_FAILED) {
        log_error(desk_of(replica)->means.log, "pair.unopened",
                  LOG_S("cohort", replica->followed.id), LOG_S("room", under_way->room));
        opening_forget(under_way);
        followed_owe(&replica->followed);
    } else {
        under_way->answered = true;
    }
    followed_touch(&replica->followed);
}

static enum refusal start(struct cohort_opening *under_way, const struct cohort_match *match) {
    struct cohort_replica *replica = under_way->replica;
    const struct cohort_pack *pack = &replica->cohort.packs[match->pack];
    uint8_t budgets[4 * PACK_PHASES_MAX];
    struct opening_plan plan = {.id = under_way->room,
                                .pack = {pack->pack, pack->pack_len},
                                .panel = {pack->panel, pack->panel_len},
                                .prev = "",
                                .cohort = replica->followed.id,
                                .extra = match->extra,
                                .at = match->made_at,
                                .seat_count = 2};
    struct pack *read = pack_cache_get(desk_of(replica)->packs, NULL, SECTION_PUBLIC, plan.pack);
    if (read == NULL) {
        return REFUSAL_INTERNAL;
    }
    plan.budgets =
        (struct span){(const char *)budgets, lobby_plan(read, match->minutes, &plan.plan, budgets)};
    pack_unref(read);
    for (int i = 0; i < 2; i++) {
        plan.seats[i].role = i == 0 ? ROLE_INTERVIEWER : ROLE_CANDIDATE;
        digest_seat_for_key(under_way->room, replica->cohort.members[match->member[i]].key,
                            plan.seats[i].invite);
    }
    return opening_start(&under_way->opening, desk_of(replica), &plan, on_opened, under_way);
}

static void open_room(struct cohort_replica *replica, const struct cohort_match *match) {
    struct cohort_opening *under_way = calloc(1, sizeof *under_way);
    enum refusal refusal = REFUSAL_INTERNAL;
    if (under_way != NULL) {
        under_way->replica = replica;
        memcpy(under_way->room, match->room, sizeof under_way->room);
        LIST_INSERT_HEAD(&replica->openings, under_way, of_cohort);
        refusal = start(under_way, match);
    }
    if (refusal != REFUSAL_NONE) {
        log_error(desk_of(replica)->means.log, "pair.unopened",
                  LOG_S("cohort", replica->followed.id), LOG_S("room", match->room),
                  LOG_S("why", refusal_name(refusal)));
        if (under_way != NULL) {
            opening_forget(under_way);
        }
        followed_owe(&replica->followed);
    }
}

static struct cohort_opening *opening_of(const struct cohort_replica *replica, const char *room) {
    struct cohort_opening *under_way;
    LIST_FOREACH(under_way, &replica->openings, of_cohort) {
        if (strcmp(under_way->room, room) == 0) {
            return under_way;
        }
    }
    return NULL;
}

/* Those whose match is open by now, or has fallen through. */
static void forget_answered(struct cohort_replica *replica) {
    struct cohort_opening *under_way;
    struct cohort_opening *after;
    LIST_FOREACH_SAFE(under_way, &replica->openings, of_cohort, after) {
        const struct cohort_match *match =
            cohort_match_of_room(&replica->cohort, span_of(under_way->room));
        if (under_way->answered && (match == NULL || match->open)) {
            opening_forget(under_way);
        }
    }
}

/* True: pair.open is in flight. */
static bool open_rooms(struct cohort_replica *replica) {
    forget_answered(replica);
    for (uint32_t i = 0; i < replica->cohort.match_count && !replica->followed.owes; i++) {
        const struct cohort_match *match = &replica->cohort.matches[i];
        if (match->open) {
            continue;
        }
        struct cohort_opening *under_way = opening_of(replica, match->room);
        if (under_way != NULL && under_way->answered) {
            struct body body = {
                .act = ACTION_PAIR_OPEN, .has = F(target), .target = span_of(match->room)};
            return append(replica, &body);
        }
        if (under_way == NULL && is_ours(replica, match->member[0], match->member[1])) {
            open_room(replica, match);
        }
    }
    return false;
}

/* ---- the lobby's own steps ---- */

static bool make_pair(struct cohort_replica *replica, const struct lobby_match *pair) {
    char room[ROOM_ID_BYTES + 1];
    if (!is_ours(replica, pair->interviewer, pair->candidate)) {
        return false;
    }
    if (!seat_room_id(room)) {
        followed_owe(&replica->followed);
        return false;
    }
    struct body body = {.act = ACTION_PAIR_MATCH,
                        .has = F(member) | F(other) | F(target) | F(pick) | F(minutes),
                        .member = pair->interviewer,
                        .other = pair->candidate,
                        .target = span_of(room),
                        .pick = pair->pack,
                        .minutes = pair->minutes};
    return append(replica, &body);
}

static void next_step(const struct cohort_replica *replica, int64_t now, struct lobby_step *step) {
    struct leases leases = journal_leases(desk_of(replica)->means.journal);
    lobby_next(&replica->cohort, now, &leases, means_of(replica)->appear_ms, step);
}

bool cohort_pair_step(struct cohort_replica *replica) {
    struct lobby_step step;
    if (open_rooms(replica) || replica->followed.owes) {
        return replica->followed.in_flight;
    }
    next_step(replica, lobby_now(replica), &step);
    struct body body = {.act = ACTION_NONE};
    switch (step.kind) {
    case LOBBY_NOTHING: return false;
    case LOBBY_PAIR: return make_pair(replica, &step.pair);
    case LOBBY_EXPIRE:
        body = (struct body){.act = ACTION_PAIR_LEAVE,
                             .has = F(member) | F(why),
                             .member = step.member,
                             .why = LOBBY_WHY_EXPIRED};
        break;
    case LOBBY_OVERDUE:
        body = (struct body){
            .act = ACTION_PAIR_FREE, .has = F(target), .target = span_of(step.match->room)};
        break;
    }
    return append(replica, &body);
}

/* Something is left undone here that another worker should do: look again when it had its time. */
static bool leaves_undone(const struct cohort_replica *replica, int64_t now) {
    struct lobby_step step;
    for (uint32_t i = 0; i < replica->cohort.match_count; i++) {
        if (!replica->cohort.matches[i].open &&
            opening_of(replica, replica->cohort.matches[i].room) == NULL) {
            return true;
        }
    }
    next_step(replica, now, &step);
    return step.kind == LOBBY_PAIR;
}

static int64_t earlier(int64_t a, int64_t b) {
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

int64_t cohort_pair_moment(const struct cohort_replica *replica) {
    int64_t now = lobby_now(replica);
    struct leases leases = journal_leases(desk_of(replica)->means.journal);
    int64_t moment =
        lobby_next_moment(&replica->cohort, now, &leases, means_of(replica)->appear_ms);
    if (leaves_undone(replica, now)) {
        int64_t fallback = replica->cohort.at + COHORT_FALLBACK_MS;
        moment = earlier(moment, fallback > now ? fallback : now + COHORT_FALLBACK_MS);
    }
    return replica->tell_owed ? earlier(moment, replica->told_at + COHORT_TELL_MS) : moment;
}
