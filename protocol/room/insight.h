/* SPDX-License-Identifier: ISC */
/*
 * insight.h: what is derived from the fold: alarms that are due, the time ledger, agreement.
 * Pure; the same moment on all screens, since it depends only on the fold and `now`.
 */
#ifndef SPAR_PROTOCOL_ROOM_INSIGHT_H
#define SPAR_PROTOCOL_ROOM_INSIGHT_H

#include "protocol/room/clock.h"

/* How long an alarm of kind ALARM_MINUTE without a phase stays due. */
enum { INSIGHT_MINUTE_MS = 60000 };

/*
 * Indexes into pack->alarms that are due at `now`, only while the clock runs; returns how many.
 *   ALARM_UNREACHED  the interview has run `ms` and the phase has never been entered
 *   ALARM_MINUTE     the interview has run `ms`: with a phase as above, without one for a minute
 *   ALARM_ENDING     0 to `ms` are left in this phase (or in that phase, if the alarm names one)
 *   ALARM_OVER       this (that) phase's time is used up, since at least `ms`
 *   ALARM_LATE       a phase before that one runs, and that one is `ms` later than planned (at
 * least 1 ms), the reserve spent first All `ms` are stretched as the plan is.
 */
uint8_t insight_alarms(const struct room *room, int64_t now, uint8_t due[PACK_ALARMS_MAX]);
/* Whether a due alarm only warns: nothing is late yet, or the reserve still pays. */
bool insight_alarm_warns(const struct pack_alarm *alarm, const struct clock_reading *reading);
/* Who is shown it: the panel every one; a candidate, before the debrief, those that name neither a
 * phase nor a rule. (A room of the first rules, and a training room, hide none.) */
bool insight_alarm_is_for(const struct room *room, const struct pack_alarm *alarm, bool panel);
/* ms of room time of the next moment after `now` at which the set of due alarms can change, if no
 * event comes before; -1: never. */
int64_t insight_next_alarm(const struct room *room, int64_t now);

/* Whether an item need not come up any more: on that sheet (NULL: one without a mark) it has no
 * mark, and as many of its group have one as the pack says are enough. */
bool insight_is_spare(const struct pack *pack, const struct room_sheet *sheet, int item);

/* Items that are spare count as none. */
struct insight_phase {
    int64_t planned, budget, actual; /* ms */
    uint16_t items, raised, prompted;
};
struct insight_summary {
    uint8_t phases;
    struct insight_phase phase[PACK_PHASES_MAX];
    int64_t planned, actual;                 /* ms, whole interview, planned with the reserve */
    int64_t reserve;                         /* spare minutes of the plan, ms */
    int64_t failure_ms;                      /* time in phases that count as failure modes */
    uint8_t failure_percent;                 /* of actual, rounded; 0 if nothing has run */
    uint16_t items, raised, prompted, flags; /* of the panel's sheet; flags that are on */
};
void insight_summarise(const struct room *room, int64_t now, struct insight_summary *out);

/* How many items one sheet calls a and another b (enum mark). Tables of several recordings add up.
 */
struct insight_table {
    uint32_t cell[3][3];
};
/* Adds the items of a phase (-1: all) of two sheets under the same pack, which may be of two rooms.
 * NULL: a sheet without a mark. */
void insight_tabulate(struct insight_table *table, const struct pack *pack,
                      const struct room_sheet *a, const struct room_sheet *b, int phase);

/* Agreement of two sheets: of the items that either marks (counted), those on which both say the
 * same, and those on which the second is kinder or harder than the first. */
struct insight_agreement {
    uint32_t same, counted, kinder, harder;
};
struct insight_agreement insight_agreement_of(const struct insight_table *table);
/* Percent of the counted items that are the same, rounded; 0 if none is counted. */
int insight_percent(struct insight_agreement agreement);
/* Cohen's kappa over all items (J. Cohen 1960, "A coefficient of agreement for nominal scales":
 * (po - pe) / (1 - pe); NaN-free: 1 when pe is 1). One interview has too few marks for it to mean
 * something: take it over a set of several recordings. */
double insight_kappa(const struct insight_table *table);
/* "kinder on 5, harder on 1", "kinder to yourself on 5", "the same on all". */
enum { INSIGHT_WORDS_SIZE = 80 };
const char *insight_words(struct insight_agreement agreement, bool yourself,
                          char out[INSIGHT_WORDS_SIZE]);
/* Of two sheets of one room, by their owners. */
struct insight_agreement insight_agree(const struct room *room, uint8_t owner_a, uint8_t owner_b,
                                       int phase /* -1: all */);

/* The phases whose time counts as time on failure modes: "Defend and Operate"; "" if none does. */
enum { INSIGHT_PHASES_SIZE = PACK_PHASES_MAX * (PACK_PHASE_TITLE_MAX + 5) };
void insight_failure_phases(const struct pack *pack, char out[INSIGHT_PHASES_SIZE]);

#endif
