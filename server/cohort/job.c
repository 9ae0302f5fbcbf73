/* SPDX-License-Identifier: ISC */
/*
 * job.c: the queue of what wants to change the cohort: decide, append, and what the outcome means.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/wire/hash.h"
#include "server/cohort/parts.h"
#include "server/peer/send.h"

/* Frees a job that is done and lets go of its attendee. */
static void job_done(struct cohort_job *job) {
    struct attendee *attendee = job->attendee;
    free(job);
    if (attendee != NULL) {
        attendee->jobs--;
        attendee_release(attendee);
    }
}

void cohort_job_refused(struct followed *followed, struct followed_job *refused, enum refusal why) {
    struct cohort_replica *replica = (struct cohort_replica *)followed;
    struct cohort_job *job = (struct cohort_job *)refused;
    struct attendee *attendee = job->attendee;
    if (attendee != NULL && attendee->peer != NULL) {
        send_refused_cohort(desk_of(replica), attendee->peer, replica->followed.id, job->id, why);
    }
    if (attendee != NULL && attendee->state == ATTENDEE_ENTERING && attendee->jobs == 1) {
        attendee_unlink_peer(attendee);
        attendee_state(attendee, ATTENDEE_LEFT);
    }
    job_done(job);
}

static void answer_link(struct cohort_replica *replica, const struct cohort_job *job) {
    struct message message = {.kind = MESSAGE_LINKED};
    message.linked.cohort = span_of(replica->followed.id);
    message.linked.id = job->id;
    message.linked.link =
        cohort_link_of_hash(&replica->cohort, (const uint8_t *)job->body.invite.at);
    message.linked.role = job->body.role;
    message.linked.secret = span_of(job->secret);
    log_info(desk_of(replica)->means.log, "cohort.linked", LOG_S("cohort", replica->followed.id),
             LOG_I("link", message.linked.link), LOG_I("role", job->body.role));
    send_message(desk_of(replica), job->attendee->peer, &message);
}

static void answer_pass(struct cohort_replica *replica, const struct cohort_job *job) {
    const struct cohort *cohort = &replica->cohort;
    struct message message = {.kind = MESSAGE_PASSED};
    message.passed.cohort = span_of(replica->followed.id);
    message.passed.id = job->id;
    message.passed.member = job->body.member;
    message.passed.role = cohort->links[cohort->members[job->body.member].link].role;
    message.passed.secret = span_of(job->secret);
    send_message(desk_of(replica), job->attendee->peer, &message);
}

static void answer_offer(struct cohort_replica *replica, const struct cohort_job *job) {
    uint8_t hash[HASH_BYTES];
    cohort_pack_hash(job->body.pack, job->body.panel, hash);
    int index = cohort_pack_of_hash(&replica->cohort, hash);
    cohort_tell_end(job->attendee, job->id, index < 0 ? 0 : (uint32_t)index);
}

static void answer_withdraw(struct cohort_replica *replica, const struct cohort_job *job,
                            bool anew) {
    if (anew) {
        log_info(desk_of(replica)->means.log, "cohort.withdrawn",
                 LOG_S("cohort", replica->followed.id), LOG_I("link", job->body.link));
    }
    cohort_tell_end(job->attendee, job->id, 0);
}

static void answer_admit(struct cohort_replica *replica, const struct cohort_job *job, bool anew) {
    if (anew) {
        log_info(desk_of(replica)->means.log, job->body.on ? "cohort.admitted" : "cohort.suspended",
                 LOG_S("cohort", replica->followed.id), LOG_I("member", job->body.member));
    }
    cohort_tell_end(job->attendee, job->id, 0);
}

/* The log says that there is something, for where no coach looks; not what. */
static void answer_report(struct cohort_replica *replica, const struct cohort_job *job) {
    log_info(desk_of(replica)->means.log, "cohort.reported", LOG_S("cohort", replica->followed.id),
             LOG_I("member", job->attendee->member));
    cohort_tell_end(job->attendee, job->id, 0);
}

/* Who came by a link that asks is a member by now, but not in. */
static void answer_enter(struct cohort_replica *replica, const struct cohort_job *job) {
    struct attendee *attendee = job->attendee;
    int member = cohort_member_of_key(&replica->cohort, attendee->peer->key);
    enum refusal refusal = cohort_admits(&replica->cohort, member);
    if (refusal == REFUSAL_NONE || attendee->state == ATTENDEE_IN) {
        attendee_entered(attendee, (uint16_t)member, job->id);
        return;
    }
    send_refused_cohort(desk_of(replica), attendee->peer, replica->followed.id, job->id, refusal);
    if (attendee->jobs == 1) {
        attendee_unlink_peer(attendee);
        attendee_state(attendee, ATTENDEE_LEFT);
    }
}

/* It is so now: the fold holds the job's event (anew), or held it already. */
static void job_answer(struct cohort_replica *replica, struct cohort_job *job, bool anew) {
    struct attendee *attendee = job->attendee;
    if (attendee != NULL && attendee->peer != NULL) {
        switch (job->kind) {
        case COHORT_JOB_ENTER: answer_enter(replica, job); break;
        case COHORT_JOB_OFFER: answer_offer(replica, job); break;
        case COHORT_JOB_PASS: answer_pass(replica, job); break;
        case COHORT_JOB_LINK: answer_link(replica, job); break;
        case COHORT_JOB_WITHDRAW: answer_withdraw(replica, job, anew); break;
        case COHORT_JOB_ADMIT: answer_admit(replica, job, anew); break;
        case COHORT_JOB_EVENING:
        case COHORT_JOB_COMING:
        case COHORT_JOB_CALL:
        case COHORT_JOB_AVOID: cohort_tell_end(attendee, job->id, 0); break;
        case COHORT_JOB_REPORT: answer_report(replica, job); break;
        case COHORT_JOB_UNPAIR: cohort_tell_place(attendee); break;
        case COHORT_JOB_PAIR:
        case COHORT_JOB_OWN: break;
        }
    } else if (attendee != NULL && attendee->state == ATTENDEE_ENTERING && attendee->jobs == 1) {
        attendee_state(attendee, ATTENDEE_LEFT);
    }
    if (attendee != NULL && job->kind == COHORT_JOB_PAIR) {
        attendee_waits(attendee, replica->cohort.members[attendee->member].session);
    }
    job_done(job);
}

void cohort_job_committed(struct followed *followed, struct followed_job *job) {
    job_answer((struct cohort_replica *)followed, (struct cohort_job *)job, true);
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

/* Whether the member has come to its key by a link for that. */
static bool has_moved(const struct cohort *cohort, int member) {
    for (uint32_t i = 0; i < cohort->former_count; i++) {
        if (cohort->formers[i].member == member) {
            return true;
        }
    }
    return false;
}

/* The link by which somebody enters, or -1. Of who has moved, shell and address bar remember the
 * link of the move: it is spent, so it is the key that opens the cohort. */
static int link_of(const struct cohort *cohort, const struct cohort_job *job, int member) {
    int link = job->has_secret ? cohort_link_of_hash(cohort, job->hash) : -1;
    bool by_key = member >= 0 && (!job->has_secret || has_moved(cohort, member));
    return link < 0 && by_key ? (int)cohort->members[member].link : link;
}

/* The fold does not ask for the time: who was let in stays in. */
static bool is_too_late(const struct cohort *cohort, int link, int member, int64_t now) {
    int64_t until = cohort->links[link].until;
    bool known = member >= 0 && cohort->members[member].link == link;
    return until > 0 && now >= until && !known;
}

/* Whether it enters by a link that moves a member to its key. */
static bool moves(const struct cohort *cohort, const struct cohort_job *job, int member) {
    return member < 0 && job->has_secret && cohort_pass_of_hash(cohort, job->hash) >= 0;
}

static enum refusal move_body(const struct cohort_replica *replica, const struct cohort_job *job,
                              struct body *body) {
    const struct cohort *cohort = &replica->cohort;
    int member = cohort_pass_of_hash(cohort, job->hash);
    *body = (struct body){.act = ACTION_MEMBER_MOVE,
                          .has = F(member) | F(key) | F(invite),
                          .member = member,
                          .key = {(const char *)job->attendee->peer->key, HASH_BYTES},
                          .invite = {(const char *)job->hash, HASH_BYTES}};
    bool late = desk_now(desk_of(replica)) >= cohort->members[member].pass_until;
    return late ? REFUSAL_LINK_OVER : REFUSAL_NONE;
}

static enum refusal enter_body(struct cohort_replica *replica, struct cohort_job *job,
                               struct body *body, bool *ends) {
    const struct cohort *cohort = &replica->cohort;
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
    if (moves(cohort, job, member)) {
        return move_body(replica, job, body);
    }
    if (cohort_former_of_key(cohort, peer->key) >= 0) {
        return REFUSAL_MEMBER_MOVED;
    }
    int link = cohort->pos == 0 ? -1 : link_of(cohort, job, member);
    if (link < 0) {
        return REFUSAL_NO_SUCH_COHORT;
    }
    if (is_too_late(cohort, link, member, desk_now(desk_of(replica)))) {
        return REFUSAL_LINK_OVER;
    }
    *body = job->body;
    body->has = F(link) | F(name) | F(key);
    body->link = link;
    body->key = (struct span){(const char *)peer->key, HASH_BYTES};
    if (member >= 0 && (job->keep_name || body->name.len == 0)) {
        body->name = span_of(cohort->members[member].name);
    }
    return REFUSAL_NONE;
}

/* Bits of the packs whose prompt its key was never candidate on. */
static int64_t fresh_packs(const struct cohort *cohort, const struct past_prompts *past) {
    uint64_t fresh = 0;
    for (uint32_t i = 0; i < cohort->pack_count; i++) {
        fresh |= past_prompts_holds(past, cohort->packs[i].id) ? 0 : UINT64_C(1) << i;
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
static enum refusal job_body(struct cohort_replica *replica, struct cohort_job *job,
                             struct body *body, bool *ends) {
    struct attendee *attendee = job->attendee;
    *body = job->body;
    *ends = true;
    if (job->kind == COHORT_JOB_OWN) {
        return REFUSAL_NONE;
    }
    if (attendee->peer == NULL) {
        return REFUSAL_NOT_A_MEMBER; /* nobody hears it */
    }
    if (job->kind == COHORT_JOB_ENTER) {
        return enter_body(replica, job, body, ends);
    }
    enum refusal out = cohort_admits(&replica->cohort, attendee->member);
    if (out != REFUSAL_NONE) {
        return out;
    }
    if (job->kind == COHORT_JOB_ADMIT || job->kind == COHORT_JOB_LINK ||
        job->kind == COHORT_JOB_WITHDRAW || job->kind == COHORT_JOB_CALL) {
        return attendee_is_coach(attendee) ? REFUSAL_NONE : REFUSAL_NOT_A_COACH;
    }
    if (job->kind == COHORT_JOB_PASS) {
        bool own = body->member == attendee->member;
        return own || attendee_is_coach(attendee) ? REFUSAL_NONE : REFUSAL_NOT_A_COACH;
    }
    body->member = attendee->member;
    if (job->kind == COHORT_JOB_PAIR) {
        body->fresh = fresh_packs(&replica->cohort, &attendee->past_prompts);
        return is_fulfilled(&replica->cohort.members[attendee->member], &job->wish) ? REFUSAL_SAME
                                                                                    : REFUSAL_NONE;
    }
    return REFUSAL_NONE;
}

/* Whether somebody would not be let in by what is known here: a link, or a coach's yes, may be of
 * this moment and of another worker. */
static bool is_kept_out(const struct cohort_replica *replica, const struct cohort_job *job,
                        enum refusal refusal) {
    const struct cohort *cohort = &replica->cohort;
    if (job->kind != COHORT_JOB_ENTER || refusal == REFUSAL_NONE || job->attendee->peer == NULL) {
        return false;
    }
    int member = cohort_member_of_key(cohort, job->attendee->peer->key);
    return refusal != REFUSAL_SAME || cohort_admits(cohort, member) != REFUSAL_NONE;
}

static void job_step(struct cohort_replica *replica, struct cohort_job *job) {
    struct command command = {.seat = SEAT_SERVER};
    struct event event;
    bool ends;
    enum refusal refusal = job_body(replica, job, &command.body, &ends);
    if (refusal == REFUSAL_NONE) {
        refusal = cohort_decide(&replica->cohort, &command, desk_now(desk_of(replica)), &event);
    }
    if (refusal == REFUSAL_NONE && cohort_append(replica, &event, 1, ends)) {
        return;
    }
    if (is_kept_out(replica, job, refusal) && followed_doubt(&replica->followed)) {
        return;
    }
    (void)followed_pop(&replica->followed);
    if (refusal == REFUSAL_SAME && ends) {
        job_answer(replica, job, false);
        cohort_tell(replica); /* who asks anew for a partner is told of the match that stands */
    } else {
        refusal = refusal == REFUSAL_NONE ? REFUSAL_INTERNAL : refusal;
        cohort_job_refused(&replica->followed, &job->job, refusal);
    }
}

static int64_t earlier(int64_t a, int64_t b) {
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* The lobby's own step comes before what is asked. */
bool cohort_decide_next(struct followed *followed) {
    struct cohort_replica *replica = (struct cohort_replica *)followed;
    bool owed = followed->owes;
    if (!owed && cohort_pair_step(replica)) {
        return true;
    }
    struct cohort_job *job = (struct cohort_job *)followed_first(followed);
    if (job == NULL) {
        followed_wake_at(followed, followed->owes ? -1
                                                  : earlier(cohort_pair_moment(replica),
                                                            cohort_gate_moment(replica)));
        return false;
    }
    if (!followed->owes || owed) {
        job_step(replica, job);
    }
    return true;
}
