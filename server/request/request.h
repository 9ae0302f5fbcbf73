/* SPDX-License-Identifier: ISC */
/*
 * request.h: what a peer asked for that takes several answers of the journal and belongs to no
 * room's replica: hosting a room, listing past ones, fetching a recording.
 *
 * A request frees itself when it is done. If its peer goes first, it is forsaken: it stops at its
 * next step. Lists and recordings are sent as fast as the peer reads them, never all at once.
 */
#ifndef SPAR_SERVER_REQUEST_REQUEST_H
#define SPAR_SERVER_REQUEST_REQUEST_H

#include <openssl/types.h>

#include "protocol/wire/message.h"
#include "server/cohort/replica.h"
#include "server/follow/desk.h"
#include "server/peer/peer.h"

enum {
    REQUESTS_MAX = 4, /* at once on one connection */
    LOGS_HELD_MAX = 2 /* logs in memory at once for the requests of one worker */
};

struct request;

/* A request's turn to have a log in memory (turn.c): part of the request, which sets request and
 * call before it waits, and ends it when it is freed. */
struct log_turn {
    TAILQ_ENTRY(log_turn) of_line;
    struct request *request;
    struct call *call; /* is given the log */
    bool in_line, holds;
    char log[ROOM_ID_BYTES + 1];
};

/* All requests of a worker, and what they may use. */
struct requests {
    struct desk *desk;
    struct following *cohorts;
    struct past_prompts_searches *searches;
    EVP_PKEY *signer;            /* signs the end of recordings; borrowed; a mail may change it */
    LIST_HEAD(, request) all;    /* all of them, also those without a peer */
    TAILQ_HEAD(, log_turn) line; /* that wait until fewer logs are held */
    uint32_t logs_held;
};

struct request {
    LIST_ENTRY(request) of_peer; /* while peer is not NULL */
    LIST_ENTRY(request) of_requests;
    struct requests *requests;
    struct peer *peer;                     /* NULL: forsaken */
    uint32_t id;                           /* the peer's own number for its question */
    bool asking;                           /* the journal owes an answer, or it is being read */
    void (*step)(struct request *request); /* not asking, and the peer can take more */
    void (*free)(struct request *request);
};

/* Without any request; desk, cohorts, searches: as in the struct. */
void requests_init(struct requests *requests, struct desk *desk, struct following *cohorts,
                   struct past_prompts_searches *searches);
/* Ends all of them. The journal must not answer any more. */
void requests_free(struct requests *requests);

/* For each kind: enters the peer's list. */
void request_begin(struct request *request, struct requests *requests, struct peer *peer,
                   uint32_t id);
/* Leaves the list and frees it. */
void request_end(struct request *request);
/* Ends it with a named refusal. */
void request_refuse(struct request *request, enum refusal why);
/* The peer is gone; the peer has room again. */
void request_forsake(struct request *request);
void request_drained(struct request *request);
/* Steps unless the peer has too much queued. Ends it if it is forsaken. */
void request_go_on(struct request *request);

/* Reads that log (ROOM_ID_BYTES) once it is the request's turn, which `asking` says from then on; a
 * second time while it waits changes nothing. */
void log_turn_wait(struct log_turn *turn, const char *log);
/* It has no log in memory any more, or does not want one. */
void log_turn_end(struct log_turn *turn);
/* Whether somebody waits for one. */
bool log_turn_is_wanted(const struct requests *requests);

/* A refusal is returned if it is known at once; then nothing has happened. Otherwise the answer
 * comes later. Whether the peer may host is for the caller to know. */
enum refusal request_host(struct requests *requests, struct peer *peer, const struct message *host)
    __attribute__((warn_unused_result));
/* With a cohort, one that the peer is a coach in, all its rooms, else those of the peer's key. */
enum refusal request_sessions(struct requests *requests, struct peer *peer,
                              const struct message *asked) __attribute__((warn_unused_result));
/* Moves the only interviewer's seat of a room to a new link; whether the peer may is for the caller
 * to know. name: of the coach who does it, NULL: who runs the server. Copied. */
enum refusal request_move(struct requests *requests, struct following *rooms, struct peer *peer,
                          const struct message *asked, const char *name)
    __attribute__((warn_unused_result));
/* A new cohort; whether the peer may make one is for the caller to know. */
enum refusal request_cohort(struct requests *requests, struct peer *peer,
                            const struct message *asked) __attribute__((warn_unused_result));
/* cohort: the id of one that the peer is in. */
enum refusal request_roster(struct requests *requests, struct peer *peer, struct span cohort,
                            uint32_t id) __attribute__((warn_unused_result));
enum refusal request_reports(struct requests *requests, struct peer *peer, struct span cohort,
                             uint32_t id) __attribute__((warn_unused_result));
/* What that cohort's log has of the peer's own member. */
enum refusal request_mine(struct requests *requests, struct peer *peer, struct span cohort,
                          uint32_t id) __attribute__((warn_unused_result));
/* The next room of a member's room; answered by the event room.swap. */
enum refusal request_swap(struct requests *requests, struct member *member,
                          const struct message *asked) __attribute__((warn_unused_result));
enum refusal request_fetch(struct requests *requests, struct peer *peer,
                           const struct message *question) __attribute__((warn_unused_result));

#endif
