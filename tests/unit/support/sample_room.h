/*
 * Purpose: a room with a fixed pack, played by the real core on given moments, and the model that one seat's
 * screen would hold of it. For tests of screens.
 */
#ifndef SPAR_TESTS_SUPPORT_SAMPLE_ROOM_H
#define SPAR_TESTS_SUPPORT_SAMPLE_ROOM_H

#include "client/feed.h"

enum { SAMPLE_EVENTS_MAX = 128, SAMPLE_ANA = 0, SAMPLE_BEN = 1, SAMPLE_CLEO = 2 };

struct sample {
    struct room room; /* as the server folds it */
    struct pack *pack;
    struct mp_writer public_body, panel_body;
    struct event log[SAMPLE_EVENTS_MAX];
    uint32_t count;
    uint32_t ids[ROOM_SEATS_MAX];
    struct feed feed; /* of the seat that sample_view chose */
    struct event view[SAMPLE_EVENTS_MAX];
    struct body sent[16]; /* what was sent through feed.ops, texts not kept */
    uint32_t sent_count;
};

/* Opens the room at 1000 ms and seats Ana (interviewer), Ben (candidate) and Cleo (coach). */
void sample_open(struct sample *sample, int64_t mode);
void sample_free(struct sample *sample);
/* A command of a seat, which the room must accept. Texts must outlive the sample. */
void sample_do(struct sample *sample, uint8_t seat, int64_t at, struct body body);
void sample_act(struct sample *sample, uint8_t seat, int64_t at, enum action act);
void sample_jump(struct sample *sample, int64_t at, int phase);
void sample_mark(struct sample *sample, uint8_t seat, int64_t at, const char *item, enum mark mark);
void sample_text(struct sample *sample, uint8_t seat, int64_t at, enum action act,
                 const char *text);
void sample_leave(struct sample *sample, uint8_t seat, int64_t at);
/* Fills sample->feed with what the seat has been sent so far. Sending queues the command in the model. */
void sample_view(struct sample *sample, uint8_t seat);
/* The same as a recording that stands right after event n of the seat's view. */
void sample_recording(struct sample *sample, uint8_t seat, uint32_t n);
/* A whole interview up to 21:30 in Design (running), the start being at 60000 ms. */
void sample_play_to_design(struct sample *sample);
/* From there to the open debrief. */
void sample_play_to_debrief(struct sample *sample);

#endif
