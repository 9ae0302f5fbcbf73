/* SPDX-License-Identifier: ISC */
/*
 * wall_row.h: one room as a row of the coach's wall: what is counted out of its fold, and the
 * sentences for it.
 *
 * Pure. A row holds what changes only at an event or at the moment `next`; what moves with the
 * clock (time left, the length of a reason) is computed when it is drawn.
 */
#ifndef SPAR_CLIENT_FEED_WALL_ROW_H
#define SPAR_CLIENT_FEED_WALL_ROW_H

#include "client/feed/model.h"
#include "protocol/room/attention.h"

struct wall_row {
    bool filled;
    uint32_t revision;                /* of the model that it was filled from */
    int64_t next;                     /* room ms at which it may change by itself; -1: never */
    uint16_t items, raised, prompted; /* of the panel's sheet */
    uint16_t flags;                   /* that are on */
    uint16_t boxes, citing; /* on the board by the candidate, and those that cite a requirement */
    uint8_t people, seats[ROOM_SEATS_MAX]; /* candidate first, then the interviewers */
    uint8_t coaches;                       /* that are here, this one among them */
    uint8_t count;
    struct attention reasons[ATTENTION_MAX];
};

/* Fills the row anew if the model has changed or `next` has come. False: nothing was to be done. */
bool wall_row_update(struct wall_row *row, const struct model *model, int64_t now);
/* "Ben, Ana": names of candidate and interviewers as they were typed; "nobody yet". */
void wall_row_names(const struct wall_row *row, const struct model *model, char *out, size_t size);
/* One reason as a sentence: "Ben calls you (0:12)", "Ben gone for 0:45", "Design 1:20 over its
 * budget". */
void wall_row_reason(const struct model *model, const struct attention *reason, int64_t now,
                     char *out, size_t size);
/* All reasons, the worst first, with "; " between them; "" if there are none. An alarm beside
 * others is told by its first sentence. Those behind the first for which `width` columns do not
 * suffice are counted: "; +2". */
void wall_row_reasons(const struct wall_row *row, const struct model *model, int64_t now, int width,
                      char *out, size_t size);

#endif
