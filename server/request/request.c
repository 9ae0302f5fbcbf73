/* SPDX-License-Identifier: ISC */
/*
 * request.c: the common part of all requests: their list, their pauses, their ends.
 */
#include "server/request/request.h"

#include "server/peer/send.h"

void requests_init(struct requests *requests, struct desk *desk, struct following *cohorts,
                   struct past_prompts_searches *searches) {
    *requests = (struct requests){.desk = desk, .cohorts = cohorts, .searches = searches};
    LIST_INIT(&requests->all);
    TAILQ_INIT(&requests->line);
}

void requests_free(struct requests *requests) {
    while (!LIST_EMPTY(&requests->all)) {
        request_end(LIST_FIRST(&requests->all));
    }
}

void request_begin(struct request *request, struct requests *requests, struct peer *peer,
                   uint32_t id) {
    request->requests = requests;
    request->peer = peer;
    request->id = id;
    LIST_INSERT_HEAD(&requests->all, request, of_requests);
    LIST_INSERT_HEAD(&peer->requests, request, of_peer);
    peer->request_count++;
}

static void leave_peer(struct request *request) {
    if (request->peer != NULL) {
        LIST_REMOVE(request, of_peer);
        request->peer->request_count--;
        request->peer = NULL;
    }
}

void request_end(struct request *request) {
    leave_peer(request);
    LIST_REMOVE(request, of_requests);
    request->free(request);
}

void request_refuse(struct request *request, enum refusal why) {
    if (request->peer != NULL) {
        send_refused(request->requests->desk, request->peer, NULL, request->id, why);
    }
    request_end(request);
}

void request_forsake(struct request *request) {
    leave_peer(request);
    if (!request->asking) {
        request_end(request);
    }
}

void request_drained(struct request *request) {
    if (!request->asking) {
        request_go_on(request);
    }
}

void request_go_on(struct request *request) {
    if (request->peer == NULL) {
        request_end(request);
    } else if (request->peer->backlog(request->peer) < PEER_BACKLOG_MAX) {
        request->step(request);
    }
}
