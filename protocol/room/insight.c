/* SPDX-License-Identifier: ISC */
/*
 * insight.c: what every screen and report derives from the fold in the same way.
 *
 * Invariant: the alarms that are due change only at an event or at the moments that
 * insight_next_alarm names, so a screen needs no tick to show them in time.
 */
#include "protocol/room/insight.h"

#include <stdio.h>

/* Whether the clock has not come to the phase of an alarm, as far as the alarm is concerned. What
 * is late is told for as long as a phase before it runs; the others are silent once it was entered.
 */
static bool is_ahead(const struct room *room, const struct pack_alarm *alarm) {
    return alarm->when == ALARM_LATE ? alarm->phase > (int)room->clock.phase
                                     : alarm->phase >= 0 && room->clock.reached[alarm->phase] < 0;
}

/* A pause of the clock hides every alarm; so does a room that has not started or has finished. */
static bool alarm_is_due(const struct room *room, const struct pack_alarm *alarm,
                         const struct clock_reading *reading, int64_t now) {
    bool ahead = is_ahead(room, alarm);
    bool here = alarm->phase < 0 || alarm->phase == (int)reading->phase;
    int64_t ms = clock_stretched(room, alarm->ms);
    switch (alarm->when) {
    case ALARM_UNREACHED: return ahead && reading->whole_elapsed >= ms;
    case ALARM_MINUTE:
        if (alarm->phase >= 0) {
            return ahead && reading->whole_elapsed >= ms;
        }
        return reading->whole_elapsed >= ms && reading->whole_elapsed < ms + INSIGHT_MINUTE_MS;
    case ALARM_ENDING: return here && reading->phase_left >= 0 && reading->phase_left <= ms;
    case ALARM_OVER: return here && reading->phase_left < 0 && -reading->phase_left >= ms;
    case ALARM_LATE:
        return ahead && clock_late(room, (uint8_t)alarm->phase, now) >= (ms > 0 ? ms : 1);
    }
    return false;
}

uint8_t insight_alarms(const struct room *room, int64_t now, uint8_t due[PACK_ALARMS_MAX]) {
    uint8_t count = 0;
    struct clock_reading reading = clock_read(room, now);
    for (uint8_t i = 0; room->pack && reading.running && i < room->pack->alarm_count; i++) {
        if (alarm_is_due(room, &room->pack->alarms[i], &reading, now)) {
            due[count++] = i;
        }
    }
    return count;
}

bool insight_alarm_warns(const struct pack_alarm *alarm, const struct clock_reading *reading) {
    switch (alarm->when) {
    case ALARM_ENDING: return true;
    case ALARM_MINUTE: return alarm->phase < 0;
    case ALARM_OVER: return reading->phase_over == 0;
    case ALARM_UNREACHED:
    case ALARM_LATE: break;
    }
    return false;
}

bool insight_alarm_is_for(const struct room *room, const struct pack_alarm *alarm, bool panel) {
    bool plain = alarm->phase < 0 && (alarm->when == ALARM_ENDING || alarm->when == ALARM_OVER);
    return panel || plain || room->opened || !clock_is_one(room) || room->mode & MODE_TRAINING;
}

/* The sooner of two moments that lie after now; best < 0: none yet. */
static int64_t sooner(int64_t best, int64_t moment, int64_t now) {
    return moment > now && (best < 0 || moment < best) ? moment : best;
}

static int64_t next_of(const struct room *room, const struct pack_alarm *alarm,
                       const struct clock_reading *reading, int64_t now, int64_t best) {
    bool ahead = is_ahead(room, alarm);
    bool elsewhere = alarm->phase >= 0 && alarm->phase != (int)reading->phase;
    int64_t ms = clock_stretched(room, alarm->ms);
    int64_t minute = now + ms - reading->whole_elapsed;
    int64_t over = ms > 0 ? ms : 1;
    switch (alarm->when) {
    case ALARM_UNREACHED: return ahead ? sooner(best, minute, now) : best;
    case ALARM_MINUTE:
        if (alarm->phase >= 0) {
            return ahead ? sooner(best, minute, now) : best;
        }
        return sooner(sooner(best, minute, now), minute + INSIGHT_MINUTE_MS, now);
    case ALARM_ENDING:
        best = elsewhere ? best : sooner(best, now + reading->phase_left - ms, now);
        return elsewhere ? best : sooner(best, now + reading->phase_left + 1, now);
    case ALARM_OVER: return elsewhere ? best : sooner(best, now + reading->phase_left + over, now);
    case ALARM_LATE:
        return ahead ? sooner(best, now + over - clock_late(room, (uint8_t)alarm->phase, now), now)
                     : best;
    }
    return best;
}

int64_t insight_next_alarm(const struct room *room, int64_t now) {
    int64_t best = -1;
    struct clock_reading reading = clock_read(room, now);
    for (uint8_t i = 0; room->pack && reading.running && i < room->pack->alarm_count; i++) {
        best = next_of(room, &room->pack->alarms[i], &reading, now, best);
    }
    return best;
}

static unsigned mark_on(const struct room_sheet *sheet, int item) {
    return sheet ? sheet->marks[item].mark : MARK_NOT_YET;
}

bool insight_is_spare(const struct pack *pack, const struct room_sheet *sheet, int item) {
    enum item_group group = pack->items[item].group;
    uint8_t enough = pack_enough(pack, group);
    int count = 0;
    for (int i = 0; enough && i < pack->item_count; i++) {
        count += pack->items[i].group == group && mark_on(sheet, i) != MARK_NOT_YET;
    }
    return enough && count >= enough && mark_on(sheet, item) == MARK_NOT_YET;
}

static void count_marks(const struct room *room, struct insight_summary *out) {
    const struct room_sheet *sheet = room_sheet_of(room, SEAT_SERVER);
    for (uint8_t i = 0; i < room->pack->item_count; i++) {
        struct insight_phase *phase = &out->phase[room->pack->items[i].phase];
        unsigned mark = mark_on(sheet, i);
        if (insight_is_spare(room->pack, sheet, i)) {
            continue;
        }
        phase->items++;
        phase->raised += mark == MARK_RAISED;
        phase->prompted += mark == MARK_PROMPTED;
        out->items++;
        out->raised += mark == MARK_RAISED;
        out->prompted += mark == MARK_PROMPTED;
    }
    for (uint32_t i = 0; i < room->flag_count; i++) {
        out->flags += room->flags[i].on;
    }
}

void insight_summarise(const struct room *room, int64_t now, struct insight_summary *out) {
    *out = (struct insight_summary){0};
    if (!room->pack) {
        return;
    }
    out->phases = room->pack->phase_count;
    out->reserve = out->planned = clock_reserve(room);
    for (uint8_t i = 0; i < out->phases; i++) {
        struct insight_phase *phase = &out->phase[i];
        phase->planned = room->clock.budget[i];
        phase->budget = clock_budget(room, i);
        phase->actual = clock_spent(room, i, now);
        out->planned += phase->planned;
        out->actual += phase->actual;
        out->failure_ms += room->pack->phases[i].failure ? phase->actual : 0;
    }
    if (out->actual > 0) {
        double share = (double)out->failure_ms / (double)out->actual;
        out->failure_percent = (uint8_t)(100 * share + 0.5);
    }
    count_marks(room, out);
}

void insight_tabulate(struct insight_table *table, const struct pack *pack,
                      const struct room_sheet *a, const struct room_sheet *b, int phase) {
    for (int i = 0; pack && i < pack->item_count; i++) {
        if (phase < 0 || pack->items[i].phase == phase) {
            table->cell[mark_on(a, i)][mark_on(b, i)]++;
        }
    }
}

struct insight_agreement insight_agreement_of(const struct insight_table *table) {
    struct insight_agreement out = {0};
    for (int a = 0; a < 3; a++) {
        for (int b = 0; b < 3; b++) {
            uint32_t count = a || b ? table->cell[a][b] : 0;
            out.counted += count;
            out.same += a == b ? count : 0;
            out.kinder += b > a ? count : 0;
            out.harder += b < a ? count : 0;
        }
    }
    return out;
}

int insight_percent(struct insight_agreement agreement) {
    return agreement.counted
               ? (int)((200 * agreement.same + agreement.counted) / (2 * agreement.counted))
               : 0;
}

double insight_kappa(const struct insight_table *table) {
    double observed = 0;
    double expected = 0;
    double total = 0;
    for (int i = 0; i < 3; i++) {
        double row = 0;
        double column = 0;
        for (int k = 0; k < 3; k++) {
            row += table->cell[i][k];
            column += table->cell[k][i];
        }
        total += row;
        observed += table->cell[i][i];
        expected += row * column;
    }
    expected = total > 0 ? expected / total : 0;
    /* pe is 1 only where both sheets say one and the same of every item. */
    return expected >= total ? 1 : (observed - expected) / (total - expected);
}

const char *insight_words(struct insight_agreement agreement, bool yourself,
                          char out[INSIGHT_WORDS_SIZE]) {
    const char *to = yourself ? " to yourself" : "";
    if (agreement.kinder && agreement.harder) {
        snprintf(out, INSIGHT_WORDS_SIZE, "kinder%s on %u, harder on %u", to,
                 (unsigned)agreement.kinder, (unsigned)agreement.harder);
    } else if (agreement.kinder || agreement.harder) {
        snprintf(out, INSIGHT_WORDS_SIZE, "%s%s on %u", agreement.kinder ? "kinder" : "harder", to,
                 (unsigned)(agreement.kinder + agreement.harder));
    } else {
        snprintf(out, INSIGHT_WORDS_SIZE, "the same on all");
    }
    return out;
}

struct insight_agreement insight_agree(const struct room *room, uint8_t owner_a, uint8_t owner_b,
                                       int phase) {
    struct insight_table table = {{{0}}};
    insight_tabulate(&table, room->pack, room_sheet_of(room, owner_a), room_sheet_of(room, owner_b),
                     phase);
    return insight_agreement_of(&table);
}

void insight_failure_phases(const struct pack *pack, char out[INSIGHT_PHASES_SIZE]) {
    int left = 0;
    size_t len = 0;
    out[0] = '\0';
    for (int i = 0; i < pack->phase_count; i++) {
        left += pack->phases[i].failure;
    }
    for (int i = 0; i < pack->phase_count; i++) {
        if (pack->phases[i].failure) {
            const char *link = len == 0 ? "" : left == 1 ? " and " : ", ";
            len += (size_t)snprintf(out + len, INSIGHT_PHASES_SIZE - len, "%s%s", link,
                                    pack->phases[i].title);
            left--;
        }
    }
}
