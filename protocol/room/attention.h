/* SPDX-License-Identifier: ISC */
/*
 * attention.h: what in a room needs its coach, the worst first. Derived from the fold and a moment;
 * pure.
 *
 * A person who watches many rooms looks at the first reason of each. Everything is in room time, so
 * on a fast clock the limits (ATTENTION_… of limits.h) pass as fast as the interview does.
 */
#ifndef SPAR_PROTOCOL_ROOM_ATTENTION_H
#define SPAR_PROTOCOL_ROOM_ATTENTION_H

#include "protocol/room/room.h"

/* In order of severity. */
enum attention_kind {
    ATTENTION_NONE,
    ATTENTION_HAND,      /* somebody called the coach */
    ATTENTION_GONE,      /* an interviewer or candidate has been gone for ATTENTION_GONE_MS */
    ATTENTION_OVER_MAIN, /* the phase with the longest budget is over it (Design's) */
    ATTENTION_LATE,      /* an alarm of the pack: a phase is so much later than planned */
    ATTENTION_UNREACHED, /* an alarm of the pack: so late, and a phase was never entered */
    ATTENTION_MINUTE,    /* an alarm of the pack: a minute of the interview has come */
    ATTENTION_OVER,      /* another phase is over its budget */
    ATTENTION_SILENT, /* the clock runs and the panel has marked nothing for ATTENTION_SILENT_MS */
    ATTENTION_KINDS
};

struct attention {
    /* ms of room time; of what depends on the interview's running time: as if it had run since */
    int64_t since;
    enum attention_kind kind;
    uint8_t seat;  /* HAND, GONE: whose */
    uint8_t phase; /* OVER…, and where the clock is for the others */
    int8_t alarm;  /* LATE, UNREACHED, MINUTE: index into the pack's alarms; else -1 */
};

/* As many hands and absences as there are seats, every alarm, one phase over its budget, one
 * silence. */
enum { ATTENTION_MAX = 2 * ROOM_SEATS_MAX + PACK_ALARMS_MAX + 2 };

/* The reasons at `now`: by kind, then the oldest first. Returns how many. */
uint8_t attention_of(const struct room *room, int64_t now, struct attention out[ATTENTION_MAX]);
/* The next moment (ms of room time) after `now` at which the answer can change, if no event comes
 * before; -1: never. It may name a moment at which nothing changes. */
int64_t attention_next(const struct room *room, int64_t now);
/* "hand", "gone", "over-main", "late", "unreached", "minute", "over", "silent"; "none". For
 * scripts. */
const char *attention_name(enum attention_kind kind);
/* The phase with the longest budget, additions left out, the first of equals; -1 without a pack. */
int attention_main_phase(const struct room *room);

#endif
