/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a room with a fixed pack, played by the real core on given moments, and the model that
 * one seat's screen would hold of it. For tests of screens.
 */
#ifndef SPAR_TESTS_SUPPORT_PLAYED_ROOM_H
#define SPAR_TESTS_SUPPORT_PLAYED_ROOM_H

#include "client/feed/feed.h"

enum { PLAYED_EVENTS_MAX = 128, PLAYED_ANA = 0, PLAYED_BEN = 1, PLAYED_CLEO = 2 };

struct played {
    struct room room; /* as the server folds it */
    struct pack *pack;
    struct mp_writer sections[PACK_SECTIONS]; /* what the events of the opening borrow */
    struct event log[PLAYED_EVENTS_MAX];
    uint32_t count;
    uint32_t ids[ROOM_SEATS_MAX];
    struct feed feed; /* of the seat that played_view chose */
    struct event view[PLAYED_EVENTS_MAX];
    struct body sent[16]; /* what was sent through feed.ops, texts not kept */
    uint32_t sent_count;
};

/* Opens the room at 1000 ms and seats Ana (interviewer), Ben (candidate) and Cleo (coach). */
void played_open(struct played *played, int64_t mode);
/* The same under another pack, whose reference it takes; `open` holds what its room.open has
 * besides: mode, rules, plan … */
void played_open_as(struct played *played, struct pack *pack, struct body open);
void played_free(struct played *played);
/* A command of a seat, which the room must accept. Texts must outlive the room. */
void played_do(struct played *played, uint8_t seat, int64_t at, struct body body);
void played_act(struct played *played, uint8_t seat, int64_t at, enum action act);
void played_jump(struct played *played, int64_t at, int phase);
void played_mark(struct played *played, uint8_t seat, int64_t at, const char *item, enum mark mark);
/* On a coach's own sealed sheet. */
void played_seal(struct played *played, uint8_t seat, int64_t at, const char *item, enum mark mark);
/* One more coach, in the next free seat; two at most. */
void played_coach(struct played *played, int64_t at, const char *name);
/* The same, a second interviewer. */
void played_interviewer(struct played *played, int64_t at, const char *name);
void played_text(struct played *played, uint8_t seat, int64_t at, enum action act,
                 const char *text);
void played_leave(struct played *played, uint8_t seat, int64_t at);
/* Fills played->feed with what the seat has been sent so far. Sending queues the command in the
 * model. */
void played_view(struct played *played, uint8_t seat);
/* The same as a recording that stands right after event n of the seat's view. */
void played_recording(struct played *played, uint8_t seat, uint32_t n);
/* A whole interview up to 21:30 in Design (running), the start being at 60000 ms. */
void played_to_design(struct played *played);
/* From there to the open debrief. */
void played_to_debrief(struct played *played);

#endif
