/* SPDX-License-Identifier: ISC */
/*
 * cohort.c: a new cohort: cohort.open and its first two links, for students and for coaches. No
 * replica is needed: nobody can enter before the links have been told.
 */
#include <stdlib.h>

#include "protocol/cohort/cohort.h"
#include "server/base/seat.h"
#include "server/peer/send.h"
#include "server/request/request.h"

enum { FIRST_LINKS = 2, FIRST_EVENTS = 1 + FIRST_LINKS };

struct founding {
    struct request request; /* first */
    struct call call;
    char id[ROOM_ID_BYTES + 1];
    struct seat_secret secrets[FIRST_LINKS];
};

static const enum cohort_role roles[FIRST_LINKS] = {COHORT_STUDENT, COHORT_COACH};

static void founding_free(struct request *request) {
    free(request);
}

static void on_step(struct request *request) {
    (void)request; /* it only waits for the journal */
}

static void send_made(struct founding *founding) {
    struct message message = {.kind = MESSAGE_MADE};
    message.made.id = founding->request.id;
    message.made.cohort = span_of(founding->id);
    message.made.students = span_of(founding->secrets[0].text);
    message.made.coaches = span_of(founding->secrets[1].text);
    send_message(founding->request.requests->desk, founding->request.peer, &message);
}

static void on_appended(struct call *call, enum journal_outcome outcome, uint32_t head) {
    (void)head;
    struct founding *founding = call->owner;
    struct request *request = &founding->request;
    request->asking = false;
    if (request->peer == NULL) {
        request_end(request);
    } else if (outcome != JOURNAL_COMMITTED) {
        request_refuse(request, outcome == JOURNAL_FAILED ? REFUSAL_STORAGE : REFUSAL_INTERNAL);
    } else {
        log_info(request->requests->desk->means.log, "cohort.opened",
                 LOG_S("cohort", founding->id));
        send_made(founding);
        request_end(request);
    }
}

static struct body body_at(const struct founding *founding, struct span name, uint32_t index) {
    if (index == 0) {
        return (struct body){.act = ACTION_COHORT_OPEN, .has = F(name), .name = name};
    }
    return (struct body){.act = ACTION_COHORT_LINK,
                         .has = F(role) | F(invite),
                         .role = roles[index - 1],
                         .invite = {(const char *)founding->secrets[index - 1].hash, HASH_BYTES}};
}

/* Decides, folds and encodes all; ends[i]: where event i ends in `w`. */
static enum refusal decide_all(const struct founding *founding, struct desk *desk, struct span name,
                               struct mp_writer *w, size_t ends[FIRST_EVENTS]) {
    struct cohort *cohort = calloc(1, sizeof *cohort);
    enum refusal refusal = cohort == NULL ? REFUSAL_INTERNAL : REFUSAL_NONE;
    for (uint32_t i = 0; i < FIRST_EVENTS && refusal == REFUSAL_NONE; i++) {
        struct command command = {.seat = SEAT_SERVER, .body = body_at(founding, name, i)};
        struct event event;
        refusal = cohort_decide(cohort, &command, desk_now(desk), &event);
        if (refusal == REFUSAL_NONE) {
            event_write_stored(w, &event);
            bool good = !w->failed && cohort_apply(cohort, &event) == APPLY_OK;
            refusal = good ? REFUSAL_NONE : REFUSAL_INTERNAL;
            ends[i] = w->len;
        }
    }
    if (cohort != NULL) {
        cohort_free(cohort);
    }
    free(cohort);
    return refusal;
}

enum refusal request_cohort(struct requests *requests, struct peer *peer,
                            const struct message *asked) {
    struct desk *desk = requests->desk;
    size_t ends[FIRST_EVENTS];
    if (peer->request_count >= REQUESTS_MAX) {
        return REFUSAL_TOO_FAST;
    }
    struct founding *founding = calloc(1, sizeof *founding);
    if (founding == NULL) {
        return REFUSAL_INTERNAL;
    }
    founding->request.step = on_step;
    founding->request.free = founding_free;
    bool drawn = seat_room_id(founding->id) && seat_secret_make(&founding->secrets[0]) &&
                 seat_secret_make(&founding->secrets[1]);
    mp_writer_reset(&desk->stored);
    enum refusal refusal = drawn
                               ? decide_all(founding, desk, asked->cohort.name, &desk->stored, ends)
                               : REFUSAL_INTERNAL;
    if (refusal != REFUSAL_NONE) {
        free(founding);
        return refusal;
    }
    request_begin(&founding->request, requests, peer, asked->cohort.id);
    founding->request.asking = true;
    founding->call = (struct call){.appended = on_appended, .owner = founding};
    const struct desk_run run = {.ends = ends, .count = FIRST_EVENTS};
    desk_append(desk, founding->id, 0, &run, &founding->call);
    return REFUSAL_NONE;
}
