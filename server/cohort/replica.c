/* SPDX-License-Identifier: ISC */
/*
 * replica.c: what a cohort is to the life that it has in common with every followed log.
 */
#include "server/cohort/replica.h"

#include <stdlib.h>
#include <string.h>

#include "server/cohort/parts.h"
#include "server/room/fold.h"

static struct cohort_replica *cohort_of(struct followed *followed) {
    return (struct cohort_replica *)followed;
}

static struct followed *make(void) {
    struct cohort_replica *replica = calloc(1, sizeof *replica);
    if (replica == NULL) {
        return NULL;
    }
    cohort_init(&replica->cohort);
    return &replica->followed;
}

/* The common lobby is opened with its first guest. */
static bool fits(struct followed *followed, bool exists, struct journal_batch *batch) {
    return exists ? fold_is_cohort(followed->desk, batch) : strcmp(followed->id, LOBBY_COHORT) == 0;
}

static uint32_t pos(const struct followed *followed) {
    return ((const struct cohort_replica *)followed)->cohort.pos;
}

/* What an event means to those who are here. */
static void taken(struct cohort_replica *replica, const struct body *body) {
    switch (body->act) {
    case ACTION_COHORT_ADMIT:
    case ACTION_COHORT_WITHDRAW: cohort_gate_enforce(replica); break;
    case ACTION_MEMBER_MOVE:
        cohort_tell_moved(replica, (int)body->member);
        cohort_gate_enforce(replica);
        break;
    case ACTION_COHORT_ENTER: cohort_tell_asked(replica, (const uint8_t *)body->key.at); break;
    case ACTION_COHORT_REPORT: cohort_tell_report(replica); break;
    case ACTION_COHORT_CALL: cohort_tell_call(replica); break;
    case ACTION_PAIR_OPEN: cohort_gate_matched(replica, body->target); break;
    case ACTION_COHORT_IDLE:
        replica->look = true; /* somebody may have come in the same moment */
        cohort_tell_listed(replica, body->target);
        break;
    case ACTION_COHORT_ROOM:
    case ACTION_COHORT_ENDED: cohort_tell_listed(replica, body->target); break;
    default: break;
    }
}

static bool take(struct followed *followed, const struct event *event) {
    struct cohort_replica *replica = cohort_of(followed);
    enum apply_result result = cohort_apply(&replica->cohort, event);
    if (result != APPLY_OK) {
        return result == APPLY_STALE;
    }
    if (followed->state == FOLLOWED_READY) {
        taken(replica, &event->body);
    }
    return true;
}

static void opened(struct followed *followed, struct journal_batch *batch) {
    (void)batch;
    cohort_gate_opened(cohort_of(followed));
}

static void folded(struct followed *followed, struct journal_batch *batch) {
    struct cohort_replica *replica = cohort_of(followed);
    (void)batch;
    cohort_tell(replica);
    if (replica->look) {
        replica->look = false;
        cohort_gate_look(replica);
    }
}

static void answered(struct followed *followed) {
    if (followed->state == FOLLOWED_READY) {
        cohort_tell(cohort_of(followed));
    }
}

/* Nobody is told before it is folded, so nothing rests on an append that was not kept. */
static void dropped(struct followed *followed) {
    (void)followed;
}

static void owing(struct followed *followed, struct followed_job *job) {
    (void)followed;
    (void)job; /* nobody waits for it */
}

/* Who is entering is told so when that is refused. */
static void broke(struct followed *followed) {
    struct cohort_replica *replica = cohort_of(followed);
    struct attendee *attendee;
    struct attendee *after;
    cohort_gate_broke(replica);
    LIST_FOREACH_SAFE(attendee, &replica->attendees, of_cohort, after) {
        if (attendee->state == ATTENDEE_ENTERING) {
            continue;
        }
        if (attendee->peer != NULL) {
            attendee->peer->cut(attendee->peer, followed_broken(followed, attendee->peer->key));
        }
        if (attendee->state != ATTENDEE_LEFT) {
            attendee_unlink_peer(attendee);
            attendee_state(attendee, ATTENDEE_LEFT);
        }
        attendee_release(attendee);
    }
}

static bool held(const struct followed *followed) {
    const struct cohort_replica *replica = (const struct cohort_replica *)followed;
    return !LIST_EMPTY(&replica->attendees) || !LIST_EMPTY(&replica->rooms) ||
           cohort_pair_is_opening(replica);
}

/* Who waited by a server that has ended is not matched any more. */
static void leases(struct followed *followed) {
    cohort_tell(cohort_of(followed));
}

static void woke(struct followed *followed) {
    cohort_tell(cohort_of(followed));
    cohort_gate_look(cohort_of(followed));
}

static void retired(struct followed *followed) {
    (void)followed; /* it holds nothing of others */
}

static void cohort_end(struct followed *followed) {
    struct cohort_replica *replica = cohort_of(followed);
    struct attendee *attendee;
    cohort_pair_free(replica);
    while ((attendee = LIST_FIRST(&replica->attendees)) != NULL) {
        LIST_REMOVE(attendee, of_cohort);
        past_prompts_free(&attendee->past_prompts);
        free(attendee);
    }
    cohort_free(&replica->cohort);
    free(replica);
}

const struct followed_kind cohort_kind = {.name = "cohort",
                                          .broke_as = "cohort.broken",
                                          .loaded = STATS_cohorts_loaded,
                                          .resting = STATS_cohorts_resting,
                                          .resting_max = COHORT_RESTING_MAX,
                                          .none_such = REFUSAL_NO_SUCH_COHORT,
                                          .make = make,
                                          .fits = fits,
                                          .pos = pos,
                                          .take = take,
                                          .opened = opened,
                                          .folded = folded,
                                          .answered = answered,
                                          .decide = cohort_decide_next,
                                          .committed = cohort_job_committed,
                                          .refused = cohort_job_refused,
                                          .owing = owing,
                                          .kept = cohort_pair_committed,
                                          .dropped = dropped,
                                          .broke = broke,
                                          .held = held,
                                          .leases = leases,
                                          .woke = woke,
                                          .retired = retired,
                                          .free = cohort_end};
