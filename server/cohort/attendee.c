/* SPDX-License-Identifier: ISC */
/*
 * attendee.c: somebody's place in a cohort by one connection, from entering to its last job.
 */
#include <stdlib.h>
#include <string.h>

#include "server/cohort/parts.h"
#include "server/peer/send.h"

void attendee_state(struct attendee *attendee, enum attendee_state to) {
    static const unsigned allowed[] = {
        [ATTENDEE_ENTERING] = 1 << ATTENDEE_IN | 1 << ATTENDEE_LEFT,
        [ATTENDEE_IN] = 1 << ATTENDEE_LEFT,
        [ATTENDEE_LEFT] = 0,
    };
    if ((allowed[attendee->state] & 1U << to) == 0) {
        log_error(attendee->cohort->hall->means.log, "fatal",
                  LOG_S("what", "impossible state of somebody in a cohort"),
                  LOG_I("from", attendee->state), LOG_I("to", to));
        abort();
    }
    attendee->state = to;
}

struct attendee *attendee_find(const struct peer *peer, struct span cohort) {
    struct attendee *attendee;
    if (cohort.len != ROOM_ID_BYTES) {
        return NULL;
    }
    LIST_FOREACH(attendee, &peer->attendees, of_peer) {
        if (memcmp(attendee->cohort->id, cohort.at, ROOM_ID_BYTES) == 0) {
            return attendee;
        }
    }
    return NULL;
}

struct attendee *attendee_inside(const struct peer *peer, struct span cohort) {
    struct attendee *attendee = attendee_find(peer, cohort);
    bool inside = attendee != NULL && attendee->state == ATTENDEE_IN &&
                  cohort_lets_in(&attendee->cohort->cohort, attendee->member);
    return inside ? attendee : NULL;
}

bool attendee_is_coach(const struct attendee *attendee) {
    return cohort_is_coach(&attendee->cohort->cohort, attendee->member);
}

bool attendee_may_host(const struct attendee *attendee) {
    const struct cohort *cohort = &attendee->cohort->cohort;
    return cohort->room_count + cohort->match_count < COHORT_ROOMS_MAX;
}

static struct attendee *attendee_new(struct cohort_replica *here, struct peer *peer) {
    struct attendee *attendee = calloc(1, sizeof *attendee);
    if (attendee != NULL) {
        attendee->cohort = here;
        attendee->peer = peer;
        LIST_INSERT_HEAD(&here->attendees, attendee, of_cohort);
        LIST_INSERT_HEAD(&peer->attendees, attendee, of_peer);
        peer->attendee_count++;
        hall_count(here->hall, STATS_attendees, 1);
    }
    return attendee;
}

void attendee_unlink_peer(struct attendee *attendee) {
    if (attendee->peer != NULL) {
        LIST_REMOVE(attendee, of_peer);
        attendee->peer->attendee_count--;
        attendee->peer = NULL;
        hall_count(attendee->cohort->hall, STATS_attendees, -1);
    }
}

void attendee_release(struct attendee *attendee) {
    struct cohort_replica *here = attendee->cohort;
    if (attendee->state != ATTENDEE_LEFT || attendee->jobs > 0 || attendee->asking != NULL) {
        return;
    }
    LIST_REMOVE(attendee, of_cohort);
    LIST_INSERT_HEAD(&here->hall->cohorts.dead_attendees, attendee, of_cohort);
    here->hall->means.sweep_wanted(here->hall->means.ctx);
    cohort_replica_touch(here);
}

/* Its connection does not wait any more: it keeps its place, but nobody is paired with it. */
static void say_gone(struct attendee *attendee) {
    struct cohort_replica *here = attendee->cohort;
    const struct cohort_member *member = &here->cohort.members[attendee->member];
    if (attendee->session == 0 || here->state != COHORT_READY ||
        member->session != attendee->session) {
        return;
    }
    struct cohort_job *job = cohort_job_new(COHORT_JOB_OWN, NULL, 0, 0);
    if (job == NULL) {
        log_error(here->hall->means.log, "pair.stale", LOG_S("cohort", here->id),
                  LOG_S("why", "no memory"));
        return;
    }
    job->body = (struct body){.act = ACTION_PAIR_GONE,
                              .has = F(member) | F(session),
                              .member = attendee->member,
                              .session = attendee->session};
    attendee->session = 0;
    cohort_job_add(here, job);
}

void attendee_leave(struct attendee *attendee) {
    struct cohort_replica *here = attendee->cohort;
    attendee_unlink_peer(attendee);
    /* Who is still entering leaves when that has come back. */
    if (attendee->state == ATTENDEE_IN) {
        say_gone(attendee);
        attendee_state(attendee, ATTENDEE_LEFT);
    }
    attendee_release(attendee);
    cohort_replica_touch(here);
}

void attendee_waits(struct attendee *attendee, uint32_t session) {
    attendee->session = session;
    attendee->told.said = false; /* whoever asks anew is told anew */
    attendee->told.room[0] = '\0';
    if (attendee->peer == NULL) {
        say_gone(attendee);
    }
}

static void send_entered(struct attendee *attendee, uint32_t id) {
    const struct cohort *cohort = &attendee->cohort->cohort;
    struct message message = {.kind = MESSAGE_ENTERED};
    uint8_t packs[COHORT_PACKS_MAX * HASH_BYTES];
    for (uint32_t i = 0; i < cohort->pack_count; i++) {
        memcpy(packs + (size_t)i * HASH_BYTES, cohort->packs[i].hash, HASH_BYTES);
    }
    message.entered.cohort = span_of(attendee->cohort->id);
    message.entered.id = id;
    message.entered.role = attendee_is_coach(attendee) ? COHORT_COACH : COHORT_STUDENT;
    message.entered.name = span_of(cohort->name);
    message.entered.member = attendee->member;
    message.entered.packs = (struct span){(const char *)packs, cohort->pack_count * HASH_BYTES};
    send_message(attendee->cohort->hall, attendee->peer, &message);
}

void attendee_entered(struct attendee *attendee, uint16_t member, uint32_t id) {
    attendee->member = member;
    attendee->listed = 0;
    if (attendee->state == ATTENDEE_ENTERING) {
        attendee_state(attendee, ATTENDEE_IN);
    }
    send_entered(attendee, id);
    if (attendee_is_coach(attendee)) {
        attendee->cohort->sought = 0;
        cohort_gate_find(attendee->cohort);
    }
}

enum refusal cohort_enter(struct hall *hall, struct peer *peer,
                          const struct enter_request *request) {
    uint8_t hash[HASH_BYTES];
    bool has_secret = request->secret.len > 0;
    if (!seat_room_id_valid(request->cohort) ||
        (has_secret && !seat_secret_hash(request->secret, hash))) {
        return REFUSAL_NO_SUCH_COHORT;
    }
    struct attendee *attendee = attendee_find(peer, request->cohort);
    if (attendee == NULL && peer->attendee_count >= CONN_COHORTS_MAX) {
        return REFUSAL_TOO_MANY;
    }
    if (attendee != NULL && attendee->jobs >= COHORT_PENDING_MAX) {
        return REFUSAL_TOO_FAST;
    }
    struct cohort_replica *here = cohort_replica_get(hall, request->cohort.at);
    if (here == NULL) {
        return REFUSAL_INTERNAL;
    }
    attendee = attendee != NULL ? attendee : attendee_new(here, peer);
    struct cohort_job *job = attendee == NULL ? NULL
                                              : cohort_job_new(COHORT_JOB_ENTER, attendee,
                                                               request->id, request->name.len);
    if (job == NULL) {
        cohort_replica_touch(here);
        return REFUSAL_INTERNAL;
    }
    job->lobby = request->lobby;
    job->has_secret = has_secret;
    memcpy(job->hash, hash, has_secret ? HASH_BYTES : 0);
    job->body = (struct body){.act = ACTION_COHORT_ENTER, .name = request->name};
    cohort_job_keep(job, &job->body.name);
    cohort_job_add(here, job);
    cohort_replica_touch(here);
    return REFUSAL_NONE;
}

/* ---- what is asked by somebody who is in ---- */

static enum refusal add(struct attendee *attendee, struct cohort_job *job) {
    struct cohort_replica *here = attendee->cohort;
    if (job == NULL) {
        return REFUSAL_INTERNAL;
    }
    cohort_job_add(here, job);
    cohort_replica_touch(here);
    return REFUSAL_NONE;
}

static bool is_full(const struct attendee *attendee) {
    return attendee->jobs + (attendee->asking != NULL) >= COHORT_PENDING_MAX;
}

enum refusal attendee_offer(struct attendee *attendee, const struct message *offer) {
    if (is_full(attendee)) {
        return REFUSAL_TOO_FAST;
    }
    struct cohort_job *job = cohort_job_new(COHORT_JOB_OFFER, attendee, offer->offer.id,
                                            (size_t)offer->offer.pack.len + offer->offer.panel.len);
    if (job != NULL) {
        job->body = (struct body){.act = ACTION_PACK_OFFER,
                                  .has = F(pack) | F(panel),
                                  .pack = offer->offer.pack,
                                  .panel = offer->offer.panel};
        cohort_job_keep(job, &job->body.pack);
        cohort_job_keep(job, &job->body.panel);
    }
    return add(attendee, job);
}

/* Waits for the answer about its past; holds the attendee meanwhile. */
struct past_asking {
    struct attendee *attendee;
    struct message pair; /* its texts are here */
    char match[ROOM_ID_BYTES];
    bool dropped; /* unpair has come behind it */
    struct cohort_wish wish;
};

enum refusal attendee_unpair(struct attendee *attendee, uint32_t id) {
    if (is_full(attendee)) {
        return REFUSAL_TOO_FAST;
    }
    if (attendee->asking != NULL) {
        attendee->asking->dropped = true; /* or it would wait again, once its past is known */
    }
    struct cohort_job *job = cohort_job_new(COHORT_JOB_UNPAIR, attendee, id, 0);
    if (job != NULL) {
        job->body = (struct body){
            .act = ACTION_PAIR_LEAVE, .has = F(member) | F(why), .why = LOBBY_WHY_LEFT};
    }
    return add(attendee, job);
}

enum refusal attendee_withdraw(struct attendee *attendee, int64_t link, uint32_t id) {
    if (is_full(attendee)) {
        return REFUSAL_TOO_FAST;
    }
    struct cohort_job *job = cohort_job_new(COHORT_JOB_WITHDRAW, attendee, id, 0);
    if (job != NULL) {
        job->body = (struct body){.act = ACTION_COHORT_WITHDRAW, .has = F(link), .link = link};
    }
    return add(attendee, job);
}

enum refusal attendee_link(struct attendee *attendee, enum cohort_role role, uint32_t id) {
    struct seat_secret secret;
    if (is_full(attendee)) {
        return REFUSAL_TOO_FAST;
    }
    struct cohort_job *job = cohort_job_new(COHORT_JOB_LINK, attendee, id, HASH_BYTES);
    if (job == NULL || !seat_secret_make(&secret)) {
        free(job);
        return REFUSAL_INTERNAL;
    }
    memcpy(job->secret, secret.text, RANDOM_SECRET_LENGTH);
    job->body = (struct body){.act = ACTION_COHORT_LINK,
                              .has = F(role) | F(invite),
                              .role = role,
                              .invite = {(const char *)secret.hash, HASH_BYTES}};
    cohort_job_keep(job, &job->body.invite);
    return add(attendee, job);
}

/* ---- waiting for a partner ---- */

static struct cohort_job *pair_job(struct attendee *attendee, const struct message *pair,
                                   const struct cohort_wish *wish) {
    struct cohort_job *job =
        cohort_job_new(COHORT_JOB_PAIR, attendee, pair->pair.id, pair->pair.match.len);
    if (job != NULL) {
        job->wish = *wish;
        job->body = (struct body){.act = ACTION_PAIR_WAIT,
                                  .has = F(member) | F(level) | F(minutes) | F(packs) | F(fresh) |
                                         F(wait) | F(boot),
                                  .role = pair->pair.role,
                                  .level = pair->pair.level,
                                  .minutes = pair->pair.minutes,
                                  .packs = pair->pair.packs,
                                  .wait = pair->pair.wait,
                                  .boot = journal_boot(attendee->cohort->hall->means.journal)};
        job->body.has |= pair->pair.role != ROLE_NONE ? F(role) : 0;
        if (pair->pair.match.len > 0) {
            job->body.has |= F(target);
            job->body.target = pair->pair.match;
            cohort_job_keep(job, &job->body.target);
        }
    }
    return job;
}

static void on_past(void *owner, struct hall *hall, struct past *past, bool complete) {
    struct past_asking *asking = owner;
    struct attendee *attendee = asking->attendee;
    struct cohort_replica *here = attendee->cohort;
    attendee->asking = NULL;
    past_free(&attendee->past);
    attendee->past = *past;
    enum refusal refusal = complete ? REFUSAL_NONE : REFUSAL_STORAGE;
    if (attendee->peer != NULL && attendee->state == ATTENDEE_IN && !asking->dropped) {
        if (complete) {
            refusal = add(attendee, pair_job(attendee, &asking->pair, &asking->wish));
        }
        if (refusal != REFUSAL_NONE) {
            send_refused_cohort(hall, attendee->peer, here->id, asking->pair.pair.id, refusal);
        }
    }
    attendee_release(attendee);
    free(asking);
    cohort_replica_touch(here);
}

static void keep_wants(struct past_asking *asking, const struct message *pair) {
    const struct attendee *attendee = asking->attendee;
    const struct cohort *cohort = &attendee->cohort->cohort;
    const struct cohort_member *member = &cohort->members[attendee->member];
    int64_t now = hall_now(attendee->cohort->hall);
    asking->pair = *pair;
    asking->dropped = false;
    asking->wish.asked = now > cohort->at ? now : cohort->at;
    asking->wish.changes = attendee->session != 0 && attendee->session == member->session &&
                           member->state != LOBBY_IDLE;
    if (pair->pair.match.len == sizeof asking->match) {
        memcpy(asking->match, pair->pair.match.at, sizeof asking->match);
        asking->pair.pair.match.at = asking->match;
    }
}

enum refusal attendee_pair(struct attendee *attendee, const struct message *pair) {
    struct hall *hall = attendee->cohort->hall;
    if (attendee->asking != NULL) {
        keep_wants(attendee->asking, pair); /* what one wants last counts */
        return REFUSAL_NONE;
    }
    if (is_full(attendee)) {
        return REFUSAL_TOO_FAST;
    }
    struct past_asking *asking = malloc(sizeof *asking);
    if (asking == NULL) {
        return REFUSAL_INTERNAL;
    }
    asking->attendee = attendee;
    keep_wants(asking, pair);
    struct past_question question = {.done = on_past, .drop = free, .owner = asking};
    enum refusal refusal = past_ask(hall, attendee->peer->key, &question);
    if (refusal != REFUSAL_NONE) {
        free(asking);
        return refusal;
    }
    attendee->asking = asking;
    return REFUSAL_NONE;
}

void attendee_drained(struct attendee *attendee) {
    if (attendee->state == ATTENDEE_IN) {
        cohort_tell_rooms(attendee);
    }
}
