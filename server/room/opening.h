/* SPDX-License-Identifier: ISC */
/*
 * opening.h: opens a room: the parts of its pack and one invite for each seat, appended as one run:
 * all or none.
 *
 * The events are decided and folded here, on a room of their own. They depend on nothing but the
 * plan: whoever opens the same plan again writes the same events at the same positions, so that it
 * does not matter who was first, nor who died in between. The desk's thread.
 */
#ifndef SPAR_SERVER_ROOM_OPENING_H
#define SPAR_SERVER_ROOM_OPENING_H

#include "protocol/room/room.h"
#include "protocol/wire/event.h"
#include "server/follow/desk.h"

enum {
    OPENING_SECTIONS = 5, /* besides the panel's, which may have several parts */
    OPENING_EVENTS_MAX = OPENING_SECTIONS + PACK_PARTS_MAX + 1 + ROOM_SEATS_MAX
};

struct opening_seat {
    enum role role;
    uint8_t invite[HASH_BYTES];
};

/* Everything is borrowed until opening_start returns. */
struct opening_plan {
    const char *id;          /* of the new room */
    struct span pack, panel; /* both bodies, checked already */
    int64_t mode;
    int64_t plan;        /* -1: the pack's default */
    struct span budgets; /* as in room.open; empty: none */
    int64_t extra;       /* percent by which the plan is stretched */
    const char *prev;    /* the room that this one is the second half of; "": none */
    const char *cohort;  /* "": none */
    bool has_term;       /* it is kept for a time of its own: */
    int64_t kept;        /* days; 0: until it is over */
    int64_t at;          /* ms of room time */
    uint8_t seat_count;
    struct opening_seat seats[ROOM_SEATS_MAX];
};

struct opening {
    struct call call;
    struct desk *desk;
    char id[ROOM_ID_BYTES + 1];
    int64_t at;
    void (*done)(struct opening *opening, enum journal_outcome outcome);
    void *owner;
};

/*
 * Opens it; then, and only if REFUSAL_NONE is returned, `done` is called once: COMMITTED: the room
 * is durable; CONFLICT: there is such a room already (a plan that was opened before gives this too:
 * it is durable then as well); FAILED: nothing was kept. *opening must live until then.
 */
enum refusal opening_start(struct opening *opening, struct desk *desk,
                           const struct opening_plan *plan,
                           void (*done)(struct opening *opening, enum journal_outcome outcome),
                           void *owner) __attribute__((warn_unused_result));

#endif
