/* SPDX-License-Identifier: ISC */
/*
 * request.c: the common part of all errands: their list, their pauses, their ends.
 */
#include "server/request/request.h"

#include "server/peer/send.h"

void requests_init(struct requests *requests, struct desk *desk, struct following *cohorts,
                   struct past_searches *searches) {
    *requests = (struct requests){.desk = desk, .cohorts = cohorts, .searches = searches};
    LIST_INIT(&requests->errands);
    TAILQ_INIT(&requests->fetch_line);
}

void requests_free(struct requests *requests) {
    while (!LIST_EMPTY(&requests->errands)) {
        errand_end(LIST_FIRST(&requests->errands));
    }
}

void errand_begin(struct errand *errand, struct requests *requests, struct peer *peer,
                  uint32_t id) {
    errand->requests = requests;
    errand->peer = peer;
    errand->id = id;
    LIST_INSERT_HEAD(&requests->errands, errand, of_requests);
    LIST_INSERT_HEAD(&peer->errands, errand, of_peer);
    peer->errand_count++;
}

static void leave_peer(struct errand *errand) {
    if (errand->peer != NULL) {
        LIST_REMOVE(errand, of_peer);
        errand->peer->errand_count--;
        errand->peer = NULL;
    }
}

void errand_end(struct errand *errand) {
    leave_peer(errand);
    LIST_REMOVE(errand, of_requests);
    errand->free(errand);
}

void errand_refuse(struct errand *errand, enum refusal why) {
    if (errand->peer != NULL) {
        send_refused(errand->requests->desk, errand->peer, NULL, errand->id, why);
    }
    errand_end(errand);
}

void errand_forsake(struct errand *errand) {
    leave_peer(errand);
    if (!errand->asking) {
        errand_end(errand);
    }
}

void errand_drained(struct errand *errand) {
    if (!errand->asking) {
        errand_go_on(errand);
    }
}

void errand_go_on(struct errand *errand) {
    if (errand->peer == NULL) {
        errand_end(errand);
    } else if (errand->peer->backlog(errand->peer) < ERRAND_BACKLOG_MAX) {
        errand->step(errand);
    }
}
