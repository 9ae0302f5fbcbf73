/* SPDX-License-Identifier: ISC */
/*
 * job.c: the queue of what wants to change the cohort: decide, append, and what the outcome means.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/room/digest.h"
#include "server/cohort/parts.h"
#include "server/peer/send.h"

struct cohort_job *cohort_job_new(enum cohort_job_kind kind, struct attendee *attendee, uint32_t id,
                                  size_t bytes) {
    struct cohort_job *job = calloc(1, sizeof *job + bytes);
    if (job != NULL) {
        job->kind = kind;
        job->attendee = attendee;
        job->id = id;
    }
    return job;
}

void cohort_job_keep(struct cohort_job *job, struct span *text) {
    if (text->len > 0) {
        memcpy(job->bytes + job->kept, text->at, text->len);
        text->at = job->bytes + job->kept;
        job->kept += text->len;
    }
}

void cohort_job_add(struct cohort_replica *here, struct cohort_job *job) {
    if (job->attendee != NULL) {
        job->attendee->jobs++;
    }
    STAILQ_INSERT_TAIL(&here->jobs, job, next);
    cohort_replica_touch(here);
}

/* Takes the first job out of the queue and lets go of its attendee. */
static void job_done(struct cohort_replica *here, struct cohort_job *job) {
    struct attendee *attendee = job->attendee;
    STAILQ_REMOVE_HEAD(&here->jobs, next);
    free(job);
    if (attendee != NULL) {
        attendee->jobs--;
        attendee_release(attendee);
    }
}

static void job_refused(struct cohort_replica *here, struct cohort_job *job, enum refusal why) {
    struct attendee *attendee = job->attendee;
    if (attendee != NULL && attendee->peer != NULL) {
        send_refused_cohort(here->hall, attendee->peer, here->id, job->id, why);
    }
    if (attendee != NULL && attendee->state == ATTENDEE_ENTERING && attendee->jobs == 1) {
        attendee_unlink_peer(attendee);
        attendee_state(attendee, ATTENDEE_LEFT);
    }
    job_done(here, job);
}

void cohort_replica_stall(struct cohort_replica *here) {
    struct hall *hall = here->hall;
    if (!here->stalled) {
        here->stalled = true;
        LIST_INSERT_HEAD(&hall->cohorts.owing, here, of_owing);
    }
    hall->means.retry_wanted(hall->means.ctx);
}

/* What is owed comes before what was added since, but behind the job in flight. */
static void take_up_owed(struct cohort_replica *here) {
    struct cohort_job *flight =
        here->in_flight && here->flight_is_job ? STAILQ_FIRST(&here->jobs) : NULL;
    if (flight != NULL) {
        STAILQ_REMOVE_HEAD(&here->jobs, next);
        STAILQ_INSERT_HEAD(&here->owed, flight, next);
    }
    STAILQ_CONCAT(&here->owed, &here->jobs);
    STAILQ_CONCAT(&here->jobs, &here->owed);
}

void cohort_replica_unstall(struct cohort_replica *here) {
    if (here->stalled) {
        here->stalled = false;
        LIST_REMOVE(here, of_owing);
        take_up_owed(here);
    }
}

/* Nobody else asks for it, so the server goes on trying; what it has to write behind that keeps its
 * turn. */
static void job_owed(struct cohort_replica *here, struct cohort_job *job) {
    STAILQ_REMOVE_HEAD(&here->jobs, next);
    STAILQ_INSERT_TAIL(&here->owed, job, next);
    cohort_replica_stall(here);
}

static void answer_link(struct cohort_replica *here, const struct cohort_job *job) {
    struct message message = {.kind = MESSAGE_LINKED};
    message.linked.cohort = span_of(here->id);
    message.linked.id = job->id;
    message.linked.link = cohort_link_of_hash(&here->cohort, (const uint8_t *)job->body.invite.at);
    message.linked.role = job->body.role;
    message.linked.secret = span_of(job->secret);
    log_info(here->hall->means.log, "cohort.linked", LOG_S("cohort", here->id),
             LOG_I("link", message.linked.link), LOG_I("role", job->body.role));
    send_message(here->hall, job->attendee->peer, &message);
}

static void answer_offer(struct cohort_replica *here, const struct cohort_job *job) {
    uint8_t hash[HASH_BYTES];
    cohort_pack_hash(job->body.pack, job->body.panel, hash);
    int index = cohort_pack_of_hash(&here->cohort, hash);
    cohort_tell_end(job->attendee, job->id, index < 0 ? 0 : (uint32_t)index);
}

static void answer_withdraw(struct cohort_replica *here, const struct cohort_job *job, bool anew) {
    if (anew) {
        log_info(here->hall->means.log, "cohort.withdrawn", LOG_S("cohort", here->id),
                 LOG_I("link", job->body.link));
    }
    cohort_tell_end(job->attendee, job->id, 0);
}

/* It is so now: the fold holds the job's event (anew), or held it already. */
static void job_answer(struct cohort_replica *here, struct cohort_job *job, bool anew) {
    struct attendee *attendee = job->attendee;
    if (attendee != NULL && attendee->peer != NULL) {
        switch (job->kind) {
        case COHORT_JOB_ENTER: {
            int member = cohort_member_of_key(&here->cohort, attendee->peer->key);
            attendee_entered(attendee, (uint16_t)member, job->id);
            break;
        }
        case COHORT_JOB_OFFER: answer_offer(here, job); break;
        case COHORT_JOB_LINK: answer_link(here, job); break;
        case COHORT_JOB_WITHDRAW: answer_withdraw(here, job, anew); break;
        case COHORT_JOB_UNPAIR: cohort_tell_place(attendee); break;
        case COHORT_JOB_PAIR:
        case COHORT_JOB_OWN: break;
        }
    } else if (attendee != NULL && attendee->state == ATTENDEE_ENTERING && attendee->jobs == 1) {
        attendee_state(attendee, ATTENDEE_LEFT);
    }
    if (attendee != NULL && job->kind == COHORT_JOB_PAIR) {
        attendee_waits(attendee, here->cohort.members[attendee->member].session);
    }
    job_done(here, job);
}

/* Durable; where the log cannot be folded any more, nobody can be shown it. */
static void job_committed(struct cohort_replica *here, struct cohort_job *job) {
    if (here->state == COHORT_BROKEN) {
        job_refused(here, job, here->broken);
    } else {
        job_answer(here, job, true);
    }
}

/* ---- deciding ---- */

/* The lobby's own link: no secret has this hash, whoever may enter is let in by the server. */
static void lobby_hash(uint8_t hash[HASH_BYTES]) {
    static const char name[] = "spar-lobby-1";
    digest_bytes(name, sizeof name - 1, hash);
}

static void open_lobby(struct cohort_job *job, struct body *body) {
    lobby_hash(job->hash);
    job->has_secret = true;
    if (body->act == ACTION_COHORT_OPEN) {
        body->has = F(name);
        body->name = span_of("Lobby");
        return;
    }
    body->has = F(role) | F(invite);
    body->role = COHORT_STUDENT;
    body->invite = (struct span){(const char *)job->hash, HASH_BYTES};
}

/* The link by which somebody enters, or -1. */
static int link_of(const struct cohort *cohort, const struct cohort_job *job, int member) {
    if (job->has_secret) {
        return cohort_link_of_hash(cohort, job->hash);
    }
    return member < 0 ? -1 : (int)cohort->members[member].link;
}

static enum refusal enter_body(struct cohort_replica *here, struct cohort_job *job,
                               struct body *body, bool *ends) {
    const struct cohort *cohort = &here->cohort;
    struct peer *peer = job->attendee->peer;
    if (job->lobby && (cohort->pos == 0 || cohort->link_count == 0)) {
        *body = (struct body){.act = cohort->pos == 0 ? ACTION_COHORT_OPEN : ACTION_COHORT_LINK};
        open_lobby(job, body);
        *ends = false;
        return REFUSAL_NONE;
    }
    if (job->lobby) {
        lobby_hash(job->hash);
        job->has_secret = true;
    }
    int member = cohort_member_of_key(cohort, peer->key);
    int link = cohort->pos == 0 ? -1 : link_of(cohort, job, member);
    if (link < 0) {
        return REFUSAL_NO_SUCH_COHORT;
    }
    *body = job->body;
    body->has = F(link) | F(name) | F(key);
    body->link = link;
    body->key = (struct span){(const char *)peer->key, HASH_BYTES};
    if (body->name.len == 0 && member >= 0) {
        body->name = span_of(cohort->members[member].name);
    }
    return REFUSAL_NONE;
}

/* Bits of the packs whose prompt its key was never candidate on. */
static int64_t fresh_packs(const struct cohort *cohort, const struct past *past) {
    uint64_t fresh = 0;
    for (uint32_t i = 0; i < cohort->pack_count; i++) {
        fresh |= past_holds(past, cohort->packs[i].id) ? 0 : UINT64_C(1) << i;
    }
    return (int64_t)fresh;
}

/* Its past took so long to look up that it has met a partner meanwhile: it waits for nobody any
 * more. */
static bool is_fulfilled(const struct cohort_member *member, const struct cohort_wish *wish) {
    return member->state == LOBBY_IDLE && member->why == LOBBY_WHY_MET &&
           (wish->changes || member->partner_at > wish->asked);
}

/* What is to be appended next for the job; *ends: whether that completes it. */
static enum refusal job_body(struct cohort_replica *here, struct cohort_job *job, struct body *body,
                             bool *ends) {
    struct attendee *attendee = job->attendee;
    *body = job->body;
    *ends = true;
    if (here->state == COHORT_BROKEN) {
        return here->broken;
    }
    if (job->kind == COHORT_JOB_OWN) {
        return REFUSAL_NONE;
    }
    if (attendee->peer == NULL) {
        return REFUSAL_NOT_A_MEMBER; /* nobody hears it */
    }
    if (job->kind == COHORT_JOB_ENTER) {
        return enter_body(here, job, body, ends);
    }
    if (!cohort_lets_in(&here->cohort, attendee->member)) {
        return REFUSAL_WITHDRAWN;
    }
    body->member = attendee->member;
    if (job->kind == COHORT_JOB_PAIR) {
        body->fresh = fresh_packs(&here->cohort, &attendee->past);
        return is_fulfilled(&here->cohort.members[attendee->member], &job->wish) ? REFUSAL_SAME
                                                                                 : REFUSAL_NONE;
    }
    if (job->kind == COHORT_JOB_LINK || job->kind == COHORT_JOB_WITHDRAW) {
        return attendee_is_coach(attendee) ? REFUSAL_NONE : REFUSAL_NOT_A_COACH;
    }
    return REFUSAL_NONE;
}

bool cohort_replica_append(struct cohort_replica *here, const struct event *event) {
    struct hall *hall = here->hall;
    mp_writer_reset(&hall->stored);
    event_write_stored(&hall->stored, event);
    if (hall->stored.failed) {
        return false;
    }
    here->in_flight = true;
    here->flight_is_job = false;
    hall_append(hall, here->id, here->cohort.pos, &hall->stored.len, NULL, 1, &here->append);
    return true;
}

static void job_step(struct cohort_replica *here, struct cohort_job *job) {
    struct command command = {.seat = SEAT_SERVER};
    struct event event;
    bool ends;
    enum refusal refusal = job_body(here, job, &command.body, &ends);
    if (refusal == REFUSAL_NONE) {
        refusal = cohort_decide(&here->cohort, &command, hall_now(here->hall), &event);
    }
    if (refusal == REFUSAL_SAME && ends) {
        job_answer(here, job, false);
        cohort_tell(here); /* who asks anew for a partner is told of the match that stands */
    } else if (refusal != REFUSAL_NONE) {
        job_refused(here, job, refusal);
    } else if (cohort_replica_append(here, &event)) {
        here->flight_is_job = true;
        here->flight_ends = ends;
    } else {
        job_refused(here, job, REFUSAL_INTERNAL);
    }
}

static int64_t earlier(int64_t a, int64_t b) {
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

void cohort_replica_step(struct cohort_replica *here) {
    struct cohort_job *job;
    while (here->state != COHORT_LOADING && !here->in_flight) {
        bool own = here->state == COHORT_READY && !here->stalled;
        if (own && cohort_pair_step(here)) {
            break;
        }
        if ((job = STAILQ_FIRST(&here->jobs)) == NULL) {
            here->wake = own ? earlier(cohort_pair_moment(here), cohort_gate_moment(here)) : -1;
            break;
        }
        if (job->kind == COHORT_JOB_OWN && here->stalled) {
            job_owed(here, job);
        } else {
            job_step(here, job);
        }
    }
}

static void flight_failed(struct cohort_replica *here) {
    log_error(here->hall->means.log, "append.failed", LOG_S("cohort", here->id));
    if (!here->flight_is_job) {
        cohort_replica_stall(here);
        return;
    }
    struct cohort_job *job = STAILQ_FIRST(&here->jobs);
    if (job->kind == COHORT_JOB_OWN && here->state != COHORT_BROKEN) {
        job_owed(here, job);
    } else {
        job_refused(here, job, REFUSAL_STORAGE);
    }
}

void cohort_replica_appended(struct call *call, enum journal_outcome outcome, uint32_t head) {
    struct cohort_replica *here = call->owner;
    if (outcome == JOURNAL_COMMITTED) {
        if (here->flight_is_job && here->flight_ends) {
            job_committed(here, STAILQ_FIRST(&here->jobs));
        } else if (!here->flight_is_job) {
            cohort_pair_committed(here);
        }
    } else if (outcome == JOURNAL_FAILED) {
        flight_failed(here);
    } else if (head > here->cohort.pos && here->state == COHORT_READY) {
        cohort_replica_break(here, REFUSAL_INTERNAL, "the journal did not tell of an event");
    } else {
        hall_count(here->hall, STATS_conflicts, 1);
    }
    here->in_flight = false;
    if (here->state == COHORT_READY) {
        cohort_tell(here);
    }
    cohort_replica_touch(here);
}
