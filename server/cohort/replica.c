/* SPDX-License-Identifier: ISC */
/*
 * replica.c: the life of a cohort's replica: load, fold what the journal says, break, rest, retire.
 */
#include "server/cohort/replica.h"

#include <stdlib.h>
#include <string.h>

#include "server/cohort/parts.h"
#include "server/room/fold.h"

/* The only place where its state changes. */
static void set_state(struct cohort_replica *here, enum cohort_state to) {
    static const unsigned allowed[] = {
        [COHORT_LOADING] = 1 << COHORT_READY | 1 << COHORT_BROKEN,
        [COHORT_READY] = 1 << COHORT_BROKEN | 1 << COHORT_RETIRED,
        [COHORT_BROKEN] = 1 << COHORT_RETIRED,
        [COHORT_RETIRED] = 0,
    };
    if ((allowed[here->state] & 1U << to) == 0) {
        log_error(here->hall->means.log, "fatal", LOG_S("what", "impossible state of a cohort"),
                  LOG_I("from", here->state), LOG_I("to", to));
        abort();
    }
    here->state = to;
}

void cohort_replica_touch(struct cohort_replica *here) {
    struct hall *hall = here->hall;
    if (!here->touched && here->state != COHORT_RETIRED) {
        here->touched = true;
        TAILQ_INSERT_TAIL(&hall->cohorts.touched, here, of_turn);
        hall->means.sweep_wanted(hall->means.ctx);
    }
}

static void untouch(struct cohort_replica *here) {
    if (here->touched) {
        here->touched = false;
        TAILQ_REMOVE(&here->hall->cohorts.touched, here, of_turn);
    }
}

/* What an event means to those who are here. */
static void taken(struct cohort_replica *here, const struct body *body) {
    switch (body->act) {
    case ACTION_COHORT_WITHDRAW: cohort_gate_enforce(here); break;
    case ACTION_PAIR_OPEN: cohort_gate_matched(here, body->target); break;
    case ACTION_COHORT_IDLE:
        here->look = true; /* somebody may have come in the same moment */
        cohort_tell_listed(here, body->target);
        break;
    case ACTION_COHORT_ROOM:
    case ACTION_COHORT_ENDED: cohort_tell_listed(here, body->target); break;
    default: break;
    }
}

/* Folds one stored event. False: the log cannot be folded. */
static bool take(struct cohort_replica *here, struct journal_event stored) {
    struct hall *hall = here->hall;
    struct event event;
    if (stored.pos <= here->cohort.pos) {
        return true;
    }
    if (!event_read_stored(&hall->reader, stored.bytes, stored.len, &event) ||
        event.pos != stored.pos) {
        return false;
    }
    enum apply_result result = cohort_apply(&here->cohort, &event);
    if (result != APPLY_OK) {
        return result == APPLY_STALE;
    }
    if (here->state == COHORT_READY) {
        taken(here, &event.body);
    }
    return true;
}

static bool take_all(struct cohort_replica *here, struct journal_batch *batch) {
    for (uint32_t i = 0; i < journal_batch_count(batch); i++) {
        if (!take(here, journal_batch_at(batch, i))) {
            return false;
        }
    }
    return true;
}

static bool is_lobby(const struct cohort_replica *here) {
    return strcmp(here->id, LOBBY_COHORT) == 0;
}

static void loaded(struct call *call, bool exists, struct journal_batch *batch) {
    struct cohort_replica *here = call->owner;
    if (batch == NULL) {
        cohort_replica_break(here, REFUSAL_STORAGE, NULL);
    } else if (!(exists ? fold_is_cohort(here->hall, batch) : is_lobby(here))) {
        cohort_replica_break(here, REFUSAL_NO_SUCH_COHORT, NULL);
    } else if (!take_all(here, batch)) {
        cohort_replica_break(here, REFUSAL_INTERNAL, "the cohort's log cannot be folded");
    } else {
        set_state(here, COHORT_READY); /* the lobby is opened with its first guest */
        cohort_gate_opened(here);
    }
    cohort_replica_touch(here);
}

struct cohort_replica *cohort_replica_get(struct hall *hall, const char *id) {
    struct cohort_replica *here = cohort_table_find(hall, id);
    if (here != NULL) {
        cohort_table_wake(hall, here);
        return here;
    }
    here = calloc(1, sizeof *here);
    if (here == NULL) {
        return NULL;
    }
    here->hall = hall;
    here->wake = -1;
    memcpy(here->id, id, ROOM_ID_BYTES);
    STAILQ_INIT(&here->jobs);
    STAILQ_INIT(&here->owed);
    cohort_init(&here->cohort);
    here->load = (struct call){.history = loaded, .owner = here};
    here->append = (struct call){.appended = cohort_replica_appended, .owner = here};
    cohort_table_enter(hall, here);
    journal_post_follow(hall->means.journal, hall->means.listener, here->id, 0,
                        call_token(&here->load));
    return here;
}

static void free_jobs(struct cohort_job_queue *jobs) {
    struct cohort_job *job;
    while ((job = STAILQ_FIRST(jobs)) != NULL) {
        STAILQ_REMOVE_HEAD(jobs, next);
        free(job);
    }
}

void cohort_replica_free(struct cohort_replica *here) {
    untouch(here);
    if (here->stalled) {
        LIST_REMOVE(here, of_owing);
    }
    free_jobs(&here->jobs);
    free_jobs(&here->owed);
    cohort_pair_free(here);
    struct attendee *attendee;
    while ((attendee = LIST_FIRST(&here->attendees)) != NULL) {
        LIST_REMOVE(attendee, of_cohort);
        past_free(&attendee->past);
        free(attendee);
    }
    cohort_free(&here->cohort);
    free(here);
}

void cohort_replica_break(struct cohort_replica *here, enum refusal why, const char *what) {
    if (what != NULL) {
        log_error(here->hall->means.log, "cohort.broken", LOG_S("cohort", here->id),
                  LOG_U("pos", here->cohort.pos), LOG_S("why", what));
    }
    here->broken = why;
    set_state(here, COHORT_BROKEN);
    cohort_replica_unstall(here);
    cohort_replica_touch(here); /* which refuses what waits: who is entering is told so */
    cohort_gate_broke(here);
    struct attendee *attendee;
    struct attendee *after;
    LIST_FOREACH_SAFE(attendee, &here->attendees, of_cohort, after) {
        if (attendee->state == ATTENDEE_ENTERING) {
            continue;
        }
        if (attendee->peer != NULL) {
            attendee->peer->cut(attendee->peer, why);
        }
        if (attendee->state != ATTENDEE_LEFT) {
            attendee_unlink_peer(attendee);
            attendee_state(attendee, ATTENDEE_LEFT);
        }
        attendee_release(attendee);
    }
}

void cohort_replica_retire(struct cohort_replica *here) {
    struct hall *hall = here->hall;
    here->wake = -1;
    untouch(here);
    set_state(here, COHORT_RETIRED);
    cohort_table_retire(hall, here);
    /* Somebody may have asked for it as a room: that follows the same log. */
    if (hall_find(hall, here->id) == NULL) {
        journal_post_unfollow(hall->means.journal, hall->means.listener, here->id);
    }
}

/* An unanswered question keeps it: the answer names it. */
static void settle(struct cohort_replica *here) {
    bool asked = here->state == COHORT_LOADING || here->in_flight || cohort_pair_is_opening(here);
    if (asked || here->state == COHORT_RETIRED || here->stalled || !LIST_EMPTY(&here->attendees) ||
        !LIST_EMPTY(&here->rooms) || !STAILQ_EMPTY(&here->jobs)) {
        return;
    }
    if (here->state == COHORT_READY) {
        cohort_table_rest(here->hall, here);
    } else {
        cohort_replica_retire(here);
    }
}

void cohort_replica_turn_end(struct cohort_replica *here) {
    untouch(here);
    cohort_replica_step(here);
    settle(here);
}

void cohort_replica_events(struct cohort_replica *here, struct journal_batch *batch) {
    /* While it loads, these are events of before it followed: the history will hold them. */
    if (here->state != COHORT_READY) {
        return;
    }
    if (here->resting) {
        cohort_table_wake(here->hall, here);
        cohort_replica_retire(here);
        return;
    }
    if (!take_all(here, batch)) {
        cohort_replica_break(here, REFUSAL_INTERNAL, "an event cannot be folded");
    } else {
        cohort_tell(here);
        if (here->look) {
            here->look = false;
            cohort_gate_look(here);
        }
    }
    cohort_replica_touch(here);
}

void cohort_replica_retry(struct cohort_replica *here) {
    cohort_replica_unstall(here);
    cohort_replica_touch(here);
}

void cohort_replica_wake(struct cohort_replica *here) {
    here->wake = -1;
    if (here->state == COHORT_READY) {
        cohort_tell(here);
        cohort_gate_look(here);
    }
    cohort_replica_touch(here);
}
