/* SPDX-License-Identifier: ISC */
/*
 * ask.c: what is asked of a cohort: it is bounded, copied, and put at the end of the queue; who
 * waits for a partner has their past looked up first.
 */
#include <stdlib.h>
#include <string.h>

#include "server/cohort/parts.h"
#include "server/peer/send.h"

struct cohort_job *cohort_job_new(enum cohort_job_kind kind, struct attendee *attendee, uint32_t id,
                                  size_t bytes) {
    struct cohort_job *job = calloc(1, sizeof *job + bytes);
    if (job != NULL) {
        job->kind = kind;
        job->attendee = attendee;
        job->id = id;
        job->job.servers_own = kind == COHORT_JOB_OWN;
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

void cohort_job_add(struct cohort_replica *replica, struct cohort_job *job) {
    if (job->attendee != NULL) {
        job->attendee->jobs++;
    }
    followed_add(&replica->followed, &job->job);
}

/* Its connection does not wait any more: it keeps its place, but nobody is paired with it. */
static void say_gone(struct attendee *attendee) {
    struct cohort_replica *replica = attendee->cohort;
    const struct cohort_member *member = &replica->cohort.members[attendee->member];
    if (attendee->session == 0 || replica->followed.state != FOLLOWED_READY ||
        member->session != attendee->session) {
        return;
    }
    struct cohort_job *job = cohort_job_new(COHORT_JOB_OWN, NULL, 0, 0);
    if (job == NULL) {
        log_error(desk_of(replica)->means.log, "pair.stale", LOG_S("cohort", replica->followed.id),
                  LOG_S("why", "no memory"));
        return;
    }
    job->body = (struct body){.act = ACTION_PAIR_GONE,
                              .has = F(member) | F(session),
                              .member = attendee->member,
                              .session = attendee->session};
    attendee->session = 0;
    cohort_job_add(replica, job);
}

void attendee_leave(struct attendee *attendee) {
    struct cohort_replica *replica = attendee->cohort;
    attendee_unlink_peer(attendee);
    /* Who is still entering leaves when that has come back. */
    if (attendee->state == ATTENDEE_IN) {
        say_gone(attendee);
        attendee_state(attendee, ATTENDEE_LEFT);
    }
    attendee_release(attendee);
    followed_touch(&replica->followed);
}

void attendee_waits(struct attendee *attendee, uint32_t session) {
    attendee->session = session;
    attendee->told.said = false; /* whoever asks anew is told anew */
    attendee->told.room[0] = '\0';
    if (attendee->peer == NULL) {
        say_gone(attendee);
    }
}

enum refusal cohort_enter(struct following *cohorts, struct peer *peer,
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
    struct cohort_replica *replica = cohort_replica_get(cohorts, request->cohort.at);
    if (replica == NULL) {
        return REFUSAL_INTERNAL;
    }
    followed_touch(&replica->followed); /* should it come to nothing, it may rest again */
    struct cohort_job *job = cohort_job_new(COHORT_JOB_ENTER, NULL, request->id, request->name.len);
    attendee = attendee != NULL || job == NULL ? attendee : attendee_new(replica, peer);
    if (job == NULL || attendee == NULL) {
        free(job);
        return REFUSAL_INTERNAL;
    }
    job->attendee = attendee;
    job->lobby = request->lobby;
    job->has_secret = has_secret;
    job->keep_name = request->keep_name;
    memcpy(job->hash, hash, has_secret ? HASH_BYTES : 0);
    job->body = (struct body){.act = ACTION_COHORT_ENTER, .name = request->name};
    cohort_job_keep(job, &job->body.name);
    cohort_job_add(replica, job);
    return REFUSAL_NONE;
}

/* ---- what is asked by somebody who is in ---- */

static enum refusal add(struct attendee *attendee, struct cohort_job *job) {
    struct cohort_replica *replica = attendee->cohort;
    if (job == NULL) {
        return REFUSAL_INTERNAL;
    }
    cohort_job_add(replica, job);
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
struct past_prompts_asking {
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

/* What a coach or member says about another, or about a room; its texts are copied. */
static enum refusal ask_among(struct attendee *attendee, enum cohort_job_kind kind, uint32_t id,
                              struct body body) {
    if (is_full(attendee)) {
        return REFUSAL_TOO_FAST;
    }
    struct cohort_job *job =
        cohort_job_new(kind, attendee, id, (size_t)body.target.len + body.text.len);
    if (job != NULL) {
        job->body = body;
        cohort_job_keep(job, &job->body.target);
        cohort_job_keep(job, &job->body.text);
    }
    return add(attendee, job);
}

enum refusal attendee_admit(struct attendee *attendee, const struct message *admit) {
    return ask_among(attendee, COHORT_JOB_ADMIT, admit->admit.id,
                     (struct body){.act = ACTION_COHORT_ADMIT,
                                   .has = F(member) | F(on),
                                   .member = admit->admit.member,
                                   .on = admit->admit.on});
}

enum refusal attendee_evening(struct attendee *attendee, const struct message *evening) {
    struct body body = {.act = ACTION_COHORT_EVENING,
                        .has = F(member) | F(moment),
                        .moment = evening->evening.start,
                        .minutes = evening->evening.minutes,
                        .text = evening->evening.text};
    if (evening->evening.start < 0) {
        cohort_tell_end(attendee, evening->evening.id, 0); /* what there is was told on entering */
        return REFUSAL_NONE;
    }
    body.has |= body.minutes > 0 ? F(minutes) : 0;
    body.has |= body.text.len > 0 ? F(text) : 0;
    return ask_among(attendee, COHORT_JOB_EVENING, evening->evening.id, body);
}

enum refusal attendee_coming(struct attendee *attendee, const struct message *coming) {
    return ask_among(attendee, COHORT_JOB_COMING, coming->coming.id,
                     (struct body){.act = ACTION_COHORT_COMING,
                                   .has = F(member) | F(moment) | F(on),
                                   .moment = coming->coming.start,
                                   .on = coming->coming.on});
}

enum refusal attendee_avoid(struct attendee *attendee, const struct message *avoid) {
    return ask_among(attendee, COHORT_JOB_AVOID, avoid->avoid.id,
                     (struct body){.act = ACTION_COHORT_AVOID,
                                   .has = F(member) | F(target) | F(on),
                                   .target = avoid->room,
                                   .on = avoid->avoid.on});
}

enum refusal attendee_report(struct attendee *attendee, const struct message *report) {
    return ask_among(attendee, COHORT_JOB_REPORT, report->report.id,
                     (struct body){.act = ACTION_COHORT_REPORT,
                                   .has = F(member) | F(target) | F(moment) | F(text),
                                   .target = report->room,
                                   .moment = report->report.moment,
                                   .text = report->report.text});
}

enum refusal attendee_call(struct attendee *attendee, const struct message *call) {
    struct span link = call->call.call;
    if (is_full(attendee)) {
        return REFUSAL_TOO_FAST;
    }
    struct cohort_job *job = cohort_job_new(COHORT_JOB_CALL, attendee, call->call.id, link.len);
    if (job != NULL) {
        job->body = (struct body){
            .act = ACTION_COHORT_CALL, .has = link.len > 0 ? F(call) : 0, .call = link};
        cohort_job_keep(job, &job->body.call);
    }
    return add(attendee, job);
}

enum refusal attendee_link(struct attendee *attendee, const struct message *link) {
    struct seat_secret secret;
    if (is_full(attendee)) {
        return REFUSAL_TOO_FAST;
    }
    struct cohort_job *job = cohort_job_new(COHORT_JOB_LINK, attendee, link->link.id, HASH_BYTES);
    if (job == NULL || !seat_secret_make(&secret)) {
        free(job);
        return REFUSAL_INTERNAL;
    }
    memcpy(job->secret, secret.text, RANDOM_SECRET_LENGTH);
    job->body = (struct body){.act = ACTION_COHORT_LINK,
                              .has = F(role) | F(invite),
                              .role = link->link.role,
                              .asks = link->link.asks,
                              .uses = link->link.uses,
                              .until = link->link.until,
                              .invite = {(const char *)secret.hash, HASH_BYTES}};
    job->body.has |= link->link.asks ? F(asks) : 0;
    job->body.has |= link->link.uses > 0 ? F(uses) : 0;
    job->body.has |= link->link.until > 0 ? F(until) : 0;
    cohort_job_keep(job, &job->body.invite);
    return add(attendee, job);
}

enum refusal attendee_pass(struct attendee *attendee, const struct message *pass) {
    struct seat_secret secret;
    if (is_full(attendee)) {
        return REFUSAL_TOO_FAST;
    }
    struct cohort_job *job = cohort_job_new(COHORT_JOB_PASS, attendee, pass->pass.id, HASH_BYTES);
    if (job == NULL || !seat_secret_make(&secret)) {
        free(job);
        return REFUSAL_INTERNAL;
    }
    memcpy(job->secret, secret.text, RANDOM_SECRET_LENGTH);
    int64_t member = pass->pass.member < 0 ? attendee->member : pass->pass.member;
    job->body = (struct body){.act = ACTION_MEMBER_PASS,
                              .has = F(member) | F(invite) | F(until),
                              .member = member,
                              .until = desk_now(desk_of(attendee->cohort)) + COHORT_PASS_MS,
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
                                  .boot = journal_boot(desk_of(attendee->cohort)->means.journal)};
        job->body.has |= pair->pair.role != ROLE_NONE ? F(role) : 0;
        job->body.has |= pair->pair.extra > 0 ? F(extra) : 0;
        job->body.extra = pair->pair.extra;
        if (pair->pair.match.len > 0) {
            job->body.has |= F(target);
            job->body.target = pair->pair.match;
            cohort_job_keep(job, &job->body.target);
        }
    }
    return job;
}

static void on_past(void *owner, struct past_prompts *past, bool complete) {
    struct past_prompts_asking *asking = owner;
    struct attendee *attendee = asking->attendee;
    struct cohort_replica *replica = attendee->cohort;
    attendee->asking = NULL;
    past_prompts_free(&attendee->past_prompts);
    attendee->past_prompts = *past;
    enum refusal refusal = complete ? REFUSAL_NONE : REFUSAL_STORAGE;
    if (attendee->peer != NULL && attendee->state == ATTENDEE_IN && !asking->dropped) {
        if (complete) {
            refusal = add(attendee, pair_job(attendee, &asking->pair, &asking->wish));
        }
        if (refusal != REFUSAL_NONE) {
            send_refused_cohort(desk_of(replica), attendee->peer, replica->followed.id,
                                asking->pair.pair.id, refusal);
        }
    }
    attendee_release(attendee);
    free(asking);
    followed_touch(&replica->followed);
}

static void keep_wants(struct past_prompts_asking *asking, const struct message *pair) {
    const struct attendee *attendee = asking->attendee;
    const struct cohort *cohort = &attendee->cohort->cohort;
    const struct cohort_member *member = &cohort->members[attendee->member];
    int64_t now = desk_now(desk_of(attendee->cohort));
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
    struct past_prompts_searches *searches = means_of(attendee->cohort)->searches;
    if (attendee->asking != NULL) {
        keep_wants(attendee->asking, pair); /* what one wants last counts */
        return REFUSAL_NONE;
    }
    if (is_full(attendee)) {
        return REFUSAL_TOO_FAST;
    }
    struct past_prompts_asking *asking = malloc(sizeof *asking);
    if (asking == NULL) {
        return REFUSAL_INTERNAL;
    }
    asking->attendee = attendee;
    keep_wants(asking, pair);
    struct past_prompts_question question = {.done = on_past, .drop = free, .owner = asking};
    enum refusal refusal =
        cohort_ask_past(&attendee->cohort->cohort, attendee->peer->key, searches, &question);
    if (refusal != REFUSAL_NONE) {
        free(asking);
        return refusal;
    }
    attendee->asking = asking;
    return REFUSAL_NONE;
}
