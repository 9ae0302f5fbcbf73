/* SPDX-License-Identifier: ISC */
/*
 * host.c: opens a room with one link for each role, and tells the host the links once it is
 * durable. No replica is needed for that: nobody can join a room whose secrets have not been told
 * to anybody yet.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/seat.h"
#include "server/peer/send.h"
#include "server/request/request.h"
#include "server/room/opening.h"
#include "server/room/replica.h"

enum { HOST_INVITES = 3 };

struct hosting {
    struct request request; /* first */
    struct opening opening;
    char id[ROOM_ID_BYTES + 1];
    char cohort[ROOM_ID_BYTES + 1]; /* "": none */
    int host;                       /* whose room of the cohort it is; -1: nobody's */
    char title[PACK_TITLE_MAX + 1];
    struct seat_secret secrets[HOST_INVITES];
};

static const enum role invited[HOST_INVITES] = {ROLE_INTERVIEWER, ROLE_CANDIDATE, ROLE_COACH};

static void hosting_free(struct request *request) {
    free(request);
}

static void send_hosted(struct hosting *hosting) {
    struct message message = {.kind = MESSAGE_HOSTED, .room = span_of(hosting->id)};
    message.hosted.interviewer = span_of(hosting->secrets[0].text);
    message.hosted.candidate = span_of(hosting->secrets[1].text);
    message.hosted.coach = span_of(hosting->secrets[2].text);
    send_message(hosting->request.requests->desk, hosting->request.peer, &message);
}

static void on_opened(struct opening *opening, enum journal_outcome outcome) {
    struct hosting *hosting = opening->owner;
    struct request *request = &hosting->request;
    request->asking = false;
    if (outcome == JOURNAL_COMMITTED && hosting->cohort[0] != '\0') {
        /* Its cohort shall know of it, whether anybody comes or not. */
        cohort_hosted(request->requests->cohorts, hosting->cohort, hosting->id,
                      span_of(hosting->title), hosting->host);
    }
    if (request->peer == NULL) {
        request_end(request);
    } else if (outcome != JOURNAL_COMMITTED) {
        enum refusal why = outcome == JOURNAL_FAILED ? REFUSAL_STORAGE : REFUSAL_INTERNAL;
        log_error(request->requests->desk->means.log, "host.failed", LOG_S("room", hosting->id),
                  LOG_S("why", refusal_name(why)));
        request_refuse(request, why);
    } else {
        log_info(request->requests->desk->means.log, "room.opened", LOG_S("room", hosting->id),
                 LOG_S("cohort", hosting->cohort));
        send_hosted(hosting);
        request_end(request);
    }
}

static void on_step(struct request *request) {
    (void)request; /* it only waits for the journal */
}

/* Both bodies are checked together first, so that the host learns which rule the pack breaks. */
static enum refusal check_pack(const struct message *host, char title[PACK_TITLE_MAX + 1],
                               char text[320]) {
    struct pack_fault fault = {0};
    struct pack *pack = pack_read(host->host.pack, host->host.panel, &fault);
    if (pack != NULL) {
        span_copy(span_of(pack->title), title, PACK_TITLE_MAX + 1);
        pack_unref(pack);
        return REFUSAL_NONE;
    }
    snprintf(text, 320, "The pack was not accepted at %s: %s; run 'spar pack check' on it.",
             fault.where, fault.what);
    return fault.no_memory ? REFUSAL_INTERNAL : REFUSAL_BAD_PACK;
}

static bool draw(struct hosting *hosting) {
    bool good = seat_room_id(hosting->id);
    for (int i = 0; good && i < HOST_INVITES; i++) {
        good = seat_secret_make(&hosting->secrets[i]);
    }
    return good;
}

static enum refusal open_room(struct hosting *hosting, struct desk *desk,
                              const struct message *host) {
    struct opening_plan plan = {.id = hosting->id,
                                .pack = host->host.pack,
                                .panel = host->host.panel,
                                .mode = host->host.mode,
                                .plan = host->host.plan,
                                .budgets = host->host.budgets,
                                .extra = host->host.extra,
                                .has_term = host->host.fleeting || host->host.days > 0,
                                .kept = host->host.fleeting ? 0 : host->host.days,
                                .prev = "",
                                .cohort = hosting->cohort,
                                .at = desk_now(desk),
                                .seat_count = HOST_INVITES};
    for (int i = 0; i < HOST_INVITES; i++) {
        plan.seats[i].role = invited[i];
        memcpy(plan.seats[i].invite, hosting->secrets[i].hash, HASH_BYTES);
    }
    return opening_start(&hosting->opening, desk, &plan, on_opened, hosting);
}

enum refusal request_host(struct requests *requests, struct peer *peer,
                          const struct message *host) {
    struct desk *desk = requests->desk;
    char text[320];
    char title[PACK_TITLE_MAX + 1];
    if (peer->request_count >= REQUESTS_MAX) {
        return REFUSAL_TOO_FAST;
    }
    enum refusal refusal = check_pack(host, title, text);
    if (refusal == REFUSAL_BAD_PACK) {
        send_refused_text(desk, peer, NULL, host->host.id, REFUSAL_BAD_PACK, text);
        return REFUSAL_NONE;
    }
    struct hosting *hosting = refusal == REFUSAL_NONE ? calloc(1, sizeof *hosting) : NULL;
    if (hosting == NULL) {
        return REFUSAL_INTERNAL;
    }
    hosting->request.step = on_step;
    hosting->request.free = hosting_free;
    const struct attendee *attendee = attendee_inside(peer, host->host.cohort);
    hosting->host = attendee == NULL ? -1 : attendee->member;
    memcpy(hosting->title, title, sizeof title);
    if (host->host.cohort.len == ROOM_ID_BYTES) {
        memcpy(hosting->cohort, host->host.cohort.at, ROOM_ID_BYTES);
    }
    refusal = draw(hosting) ? open_room(hosting, desk, host) : REFUSAL_INTERNAL;
    if (refusal != REFUSAL_NONE) {
        free(hosting);
        return refusal;
    }
    request_begin(&hosting->request, requests, peer, host->host.id);
    hosting->request.asking = true;
    return REFUSAL_NONE;
}
