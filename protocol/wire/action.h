/* SPDX-License-Identifier: ISC */
/*
 * action.h: the vocabulary that commands and events share: actions, fields, roles, stages,
 * audiences.
 *
 * Everything here is generated from actions.def and fields.def. A body borrows its texts and bytes:
 * they live as long as the buffer that was decoded (or the caller's memory), never longer.
 */
#ifndef SPAR_PROTOCOL_WIRE_ACTION_H
#define SPAR_PROTOCOL_WIRE_ACTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol/limits.h"
#include "protocol/text/span.h"

enum role { ROLE_NONE, ROLE_INTERVIEWER, ROLE_CANDIDATE, ROLE_COACH };

/* The life of a room; only room_apply changes it. */
enum stage {
    STAGE_NEW,
    STAGE_WAITING,
    STAGE_RUNNING,
    STAGE_PAUSED,
    STAGE_FINISHED,
    STAGE_DEBRIEF,
    STAGE_CLOSED
};

/*
 * Who may know an event, and from when on the others may too. An audience is a circle of those who
 * see it at once, and the moment at which it opens to everybody else; the table of them is in
 * action.c. Until its moment nothing of an event is on the others' machines: not the event, not a
 * gap in their numbering, not a frame of another length (view.h).
 *
 * To hide something new: give its row of actions.def an audience. To hide it until a new moment:
 * add the moment here and to view_opens in view.c, which says what brings it, and an audience that
 * opens with it.
 */
enum circle { CIRCLE_ALL, CIRCLE_PANEL, CIRCLE_AUTHOR, CIRCLE_NOBODY };
enum moment {
    MOMENT_NEVER,
    MOMENT_START,   /* clock.start */
    MOMENT_SHEET,   /* sheet.open: a little after the finish, or with the debrief */
    MOMENT_DEBRIEF, /* debrief.open */
    MOMENT_VERDICT, /* verdict.open, or the end of the room */
    MOMENT_COUNT
};
enum audience {
    AUD_ALL,     /* everybody, at once */
    AUD_PANEL,   /* interviewers and coaches; everybody once the debrief opens */
    AUD_SHEET,   /* as AUD_PANEL, but AUD_ALL in a training room */
    AUD_WHISPER, /* interviewers and coaches, for ever */
    AUD_OWN,     /* its author; everybody once the debrief opens */
    AUD_MINE,    /* its author, for ever */
    AUD_SERVER,  /* nobody: it never leaves the server and is not numbered for anybody */
    AUD_GUIDE,   /* as AUD_PANEL, but AUD_ALL in a guided room */
    AUD_PROMPT,  /* interviewers and coaches; everybody once the clock starts */
    AUD_TITLES,  /* interviewers and coaches; everybody once the own sheet opens. In a training room
                  * AUD_ALL */
    AUD_VERDICT, /* its author; everybody once the verdicts open */
    AUD_COUNT
};
struct audience_row {
    enum circle circle;
    enum moment opens;
};

enum mark { MARK_NOT_YET, MARK_PROMPTED, MARK_RAISED };

/* Bits of the `mode` field of room.open. */
enum room_mode { MODE_TRAINING = 1, MODE_GUIDED = 2 };

/* Sets of roles and stages for actions.def. */
enum {
    W_SERVER = 0,
    W_INTERVIEWER = 1 << ROLE_INTERVIEWER,
    W_CANDIDATE = 1 << ROLE_CANDIDATE,
    W_COACH = 1 << ROLE_COACH,
    W_PANEL = W_INTERVIEWER | W_COACH,
    W_DRAWER = W_INTERVIEWER | W_CANDIDATE, /* an interviewer only where the room lets them */
    W_ANYBODY = W_PANEL | W_CANDIDATE,
    W_OR_SERVER = 1 << (ROLE_COACH + 1), /* beside roles: the server does it too, by itself */
    S_NEW = 1 << STAGE_NEW,
    S_WAITING = 1 << STAGE_WAITING,
    S_RUNNING = 1 << STAGE_RUNNING,
    S_PAUSED = 1 << STAGE_PAUSED,
    S_FINISHED = 1 << STAGE_FINISHED,
    S_DEBRIEF = 1 << STAGE_DEBRIEF,
    S_CLOSED = 1 << STAGE_CLOSED,
    S_LIVE = S_RUNNING | S_PAUSED,
    S_MARKABLE = S_LIVE | S_FINISHED,
    S_OPEN = S_WAITING | S_LIVE | S_FINISHED | S_DEBRIEF,
    S_ANY = S_OPEN | S_CLOSED,
    S_COHORT = 1 << (STAGE_CLOSED + 1) /* of a cohort's log; no room is ever in it */
};

enum field {
#define FIELD(name, type, min, max) FIELD_##name,
#include "protocol/wire/fields.def"
#undef FIELD
    FIELD_COUNT
};
/* A set of fields: the bits F(…). Aligned as its halves are, so that a body needs no more than
 * that. */
__extension__ typedef unsigned __int128 field_set __attribute__((aligned(8)));
#define FIELDS_MAX       128
#define F(name)          FIELD_BIT(FIELD_##name)
#define FIELD_BIT(field) ((field_set)1 << (field))
_Static_assert(FIELD_COUNT <= FIELDS_MAX, "a set of fields is 128 bits");

/* The lowest field of a set that is not empty. Walk over a set with
 *     for (field_set rest = set; rest; rest &= rest - 1) … field_first(rest) */
static inline enum field field_first(field_set set) {
    uint64_t low = (uint64_t)set;
    return (enum field)(low ? __builtin_ctzll(low) : 64 + __builtin_ctzll((uint64_t)(set >> 64)));
}
/* How many fields are in it. */
static inline uint32_t field_count(field_set set) {
    return (uint32_t)(__builtin_popcountll((uint64_t)set) +
                      __builtin_popcountll((uint64_t)(set >> 64)));
}

enum action {
    ACTION_NONE, /* of an event that a newer server sent: an action that this build does not know */
#define ACTION(name, wire, who, when, audience, required, optional) ACTION_##name,
#include "protocol/wire/actions.def"
#undef ACTION
    ACTION_COUNT
};

/* One body for every action: `has` says which fields are there (bits F(name)). */
struct body {
    enum action act;
    field_set has;
#define FIELD_MEMBER_NUM(name)      int64_t name;
#define FIELD_MEMBER_TEXT(name)     struct span name;
#define FIELD_MEMBER_BYTES(name)    struct span name;
#define FIELD_MEMBER_SECRET(name)   struct span name;
#define FIELD(name, type, min, max) FIELD_MEMBER_##type(name)
#include "protocol/wire/fields.def"
#undef FIELD
};

/* A request to change a room. `seat` is not on the wire: the server knows who speaks. */
struct command {
    uint8_t seat; /* the author */
    uint32_t id;  /* rises by one per seat, from 1; 0: the server itself */
    int64_t made; /* ms of room time at which the author did it; 0: now */
    struct body body;
};

/* What a room's log holds. */
struct event {
    uint32_t pos; /* position in the room's log, from 1; in a seat's view: n, its own numbering */
    int64_t at;   /* ms of room time, given by the server, never running backwards inside a room */
    uint8_t by;   /* author's seat; SEAT_SERVER: the server */
    uint32_t id;  /* the command's id; 0 where the reader is not its author */
    int64_t made; /* ms, made <= at: the author.s own moment, bounded by the server */
    struct body body;
};

enum {
    SEAT_SERVER = 255,
    /* a coach of the room's cohort who looks without a seat: sees what a coach sees */
    SEAT_GUEST = 254
};

struct action_row {
    const char *wire;
    uint32_t who;  /* bits W_… */
    uint32_t when; /* bits S_… */
    enum audience audience;
    field_set required; /* bits F(…) */
    field_set optional;
};

enum field_type { FIELD_NUM, FIELD_TEXT, FIELD_BYTES, FIELD_SECRET };

struct field_row {
    const char *key;
    enum field_type type;
    int64_t min, max;
    size_t offset; /* of the member in struct body */
};

/* The row of an action; act must be 0..ACTION_COUNT-1. That of ACTION_NONE is called "unknown".
 * Static, never freed. */
const struct action_row *action_row(enum action act);
/* Those who see an event of that audience at once, and when it opens to the others. Static. */
const struct audience_row *audience_row(enum audience audience);
/* The row of a field. */
const struct field_row *field_row(enum field field);
/* ACTION_NONE if no action has that wire name. */
enum action action_find(const char *wire, size_t len);
const char *role_name(enum role role); /* "interviewer" …; "none" */
enum role role_find(const char *name, size_t len);
const char *stage_name(enum stage stage);  /* "lobby" …: on the wire and for programs */
const char *stage_shown(enum stage stage); /* "waiting" …: for people */
const char *mark_name(enum mark mark);     /* "not yet", "prompted", "raised" */

/* Whether the body has these fields (bits F(…)), and keeps the bounds of all that it has. */
bool body_is_sound(const struct body *body, field_set required) __attribute__((warn_unused_result));
/* Bytes of all texts and bytes that it has. */
size_t body_bytes(const struct body *body);
/* Copies all that it borrows into `memory`, which has room for body_bytes, and has it borrow from
 * there: it outlives the frame that it came in. */
void body_keep(struct body *body, char *memory);
/* Makes `to` what reading back the stored form of `from` gives: the fields of its action and no
 * others. Likewise copies into `memory`. */
void body_copy(struct body *to, const struct body *from, char *memory);

#endif
