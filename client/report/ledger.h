/* SPDX-License-Identifier: ISC */
/*
 * ledger.h: the clock's past, from the list of its moves that the fold keeps: what it showed at any
 * moment, the stretches of the interview, what each move did, and which alarms came due.
 *
 * Pure. A room's clock runs from clock.start to clock.finish, pauses left out; times are ms.
 */
#ifndef SPAR_CLIENT_REPORT_LEDGER_H
#define SPAR_CLIENT_REPORT_LEDGER_H

#include "protocol/room/insight.h"

enum ledger_when { LEDGER_BEFORE, LEDGER_DURING, LEDGER_AFTER };

/* What everybody's clock showed at a moment of room time. */
struct ledger_time {
    int64_t at;    /* ms of room time */
    int64_t clock; /* ms of running time of the interview */
    enum ledger_when when;
};
struct ledger_time ledger_time_at(const struct room *room, int64_t at);

/* A move of the clock and what it came to. */
struct ledger_move {
    enum action act;
    uint8_t from, to; /* phases before and after; of clock.add: `to` is whose budget changed */
    uint8_t by;
    int64_t ms;   /* of clock.add: added or taken; of clock.resume: how long the pause was,
                   * of clock.unfinish: how long it had been over */
    int64_t left; /* of jump and finish: what the phase that ended had left; negative: overtime */
    struct ledger_time time;
};
/* At most room->move_count entries; returns that. */
uint16_t ledger_moves(const struct room *room, struct ledger_move *out);

/* A stretch of room time in one phase, running or paused, without a gap from start to finish. */
struct ledger_stretch {
    uint8_t phase;
    bool paused;
    int64_t from, to; /* ms of room time */
};
/* At most room->move_count entries; returns how many. end: where an unfinished one is cut off. */
uint16_t ledger_stretches(const struct room *room, int64_t end, struct ledger_stretch *out);

/* An alarm that screens showed, once for each phase that it came up in. */
struct ledger_alarm {
    uint8_t alarm; /* index into the pack's alarms */
    uint8_t phase; /* that the clock was in */
    struct ledger_time time;
};
enum { LEDGER_ALARMS_MAX = PACK_ALARMS_MAX * PACK_PHASES_MAX };
/* In the order of their times, those of the panel or those that a candidate may see; returns how
 * many. */
uint16_t ledger_alarms(const struct room *room, int64_t end, bool panel,
                       struct ledger_alarm out[LEDGER_ALARMS_MAX]);

#endif
