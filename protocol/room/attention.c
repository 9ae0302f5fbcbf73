/* SPDX-License-Identifier: ISC */
/*
 * attention.c: the reasons for which a room needs its coach.
 *
 * Invariant: the answer changes only at an event or at a moment that attention_next names, so that
 * a wall of rooms computes a room again only then.
 */
#include "protocol/room/attention.h"

#include "protocol/room/insight.h"

struct list {
    struct attention *at;
    uint8_t count;
};

/* Keeps the order: by kind, then by age; equals stay in the order in which they came. */
static void add(struct list *list, struct attention reason) {
    uint8_t i = list->count++;
    for (; i > 0; i--) {
        const struct attention *before = &list->at[i - 1];
        if (before->kind < reason.kind ||
            (before->kind == reason.kind && before->since <= reason.since)) {
            break;
        }
        list->at[i] = *before;
    }
    list->at[i] = reason;
}

static bool is_held(const struct room *room) {
    return room->stage == STAGE_WAITING || room->stage == STAGE_RUNNING ||
           room->stage == STAGE_PAUSED;
}

static bool is_missing(const struct room_seat *seat) {
    return !seat->here && (seat->role == ROLE_INTERVIEWER || seat->role == ROLE_CANDIDATE);
}

static void add_people(const struct room *room, int64_t now, struct list *list) {
    for (uint8_t i = 0; i < room->seat_count; i++) {
        const struct room_seat *seat = &room->seats[i];
        struct attention reason = {.seat = i, .phase = room->clock.phase, .alarm = -1};
        if (seat->hand && room->stage != STAGE_CLOSED) {
            reason.kind = ATTENTION_HAND;
            reason.since = seat->hand_at;
            add(list, reason);
        }
        if (is_held(room) && is_missing(seat) && now - seat->since >= ATTENTION_GONE_MS) {
            reason.kind = ATTENTION_GONE;
            reason.since = seat->since;
            add(list, reason);
        }
    }
}

int attention_main_phase(const struct room *room) {
    int best = room->pack && room->pack->phase_count > 0 ? 0 : -1;
    for (int i = 1; room->pack && i < room->pack->phase_count; i++) {
        best = room->clock.budget[i] > room->clock.budget[best] ? i : best;
    }
    return best;
}

/* A due alarm that a coach should know of; kind ATTENTION_NONE: it is the people's own concern. */
static struct attention of_alarm(const struct room *room, uint8_t index, int64_t now,
                                 const struct clock_reading *reading) {
    const struct pack_alarm *alarm = &room->pack->alarms[index];
    int64_t ms = clock_stretched(room, alarm->ms);
    struct attention reason = {.since = now - (reading->whole_elapsed - ms),
                               .phase = reading->phase,
                               .alarm = (int8_t)index};
    switch (alarm->when) {
    case ALARM_LATE:
        reason.kind = ATTENTION_LATE;
        reason.since = now - (clock_late(room, (uint8_t)alarm->phase, now) - ms);
        break;
    case ALARM_UNREACHED: reason.kind = ATTENTION_UNREACHED; break;
    case ALARM_MINUTE: reason.kind = ATTENTION_MINUTE; break;
    case ALARM_ENDING:
    case ALARM_OVER: break;
    }
    return reason;
}

static void add_clock(const struct room *room, int64_t now, const struct clock_reading *reading,
                      struct list *list) {
    uint8_t due[PACK_ALARMS_MAX];
    uint8_t count = insight_alarms(room, now, due);
    for (uint8_t i = 0; i < count; i++) {
        struct attention reason = of_alarm(room, due[i], now, reading);
        if (reason.kind != ATTENTION_NONE) {
            add(list, reason);
        }
    }
    if (reading->phase_over > 0) {
        bool is_main = reading->phase == attention_main_phase(room);
        add(list, (struct attention){.kind = is_main ? ATTENTION_OVER_MAIN : ATTENTION_OVER,
                                     .since = now - reading->phase_over,
                                     .phase = reading->phase,
                                     .alarm = -1});
    }
}

/* From when on the panel has been silent: the last mark, but not before the clock started or went
 * on. */
static int64_t silent_since(const struct room *room) {
    int64_t since = room->clock.started_at;
    const struct room_sheet *sheet = room_sheet_of(room, SEAT_SERVER);
    for (int i = 0; sheet && i < room->pack->item_count; i++) {
        since = sheet->marks[i].at > since ? sheet->marks[i].at : since;
    }
    for (int i = room->move_count; i-- > 0;) {
        if (room->moves[i].act == ACTION_CLOCK_RESUME) {
            return room->moves[i].at > since ? room->moves[i].at : since;
        }
    }
    return since;
}

uint8_t attention_of(const struct room *room, int64_t now, struct attention out[ATTENTION_MAX]) {
    struct list list = {.at = out};
    add_people(room, now, &list);
    if (!room->pack || room->stage != STAGE_RUNNING) {
        return list.count;
    }
    struct clock_reading reading = clock_read(room, now);
    add_clock(room, now, &reading, &list);
    int64_t silent = silent_since(room);
    if (now - silent >= ATTENTION_SILENT_MS) {
        add(&list,
            (struct attention){
                .kind = ATTENTION_SILENT, .since = silent, .phase = reading.phase, .alarm = -1});
    }
    return list.count;
}

static int64_t sooner(int64_t best, int64_t moment, int64_t now) {
    return moment > now && (best < 0 || moment < best) ? moment : best;
}

int64_t attention_next(const struct room *room, int64_t now) {
    int64_t best = -1;
    for (uint8_t i = 0; is_held(room) && i < room->seat_count; i++) {
        if (is_missing(&room->seats[i])) {
            best = sooner(best, room->seats[i].since + ATTENTION_GONE_MS, now);
        }
    }
    if (!room->pack || room->stage != STAGE_RUNNING) {
        return best;
    }
    int64_t alarm = insight_next_alarm(room, now);
    best = alarm < 0 ? best : sooner(best, alarm, now);
    struct clock_reading reading = clock_read(room, now);
    int64_t left = reading.phase_left > 0 ? reading.phase_left : 0;
    if (reading.phase_over == 0) {
        best = sooner(best, now + left + reading.reserve_left + 1, now);
    }
    return sooner(best, silent_since(room) + ATTENTION_SILENT_MS, now);
}

const char *attention_name(enum attention_kind kind) {
    static const char *const names[ATTENTION_KINDS] = {
        [ATTENTION_NONE] = "none",     [ATTENTION_HAND] = "hand",
        [ATTENTION_GONE] = "gone",     [ATTENTION_OVER_MAIN] = "over-main",
        [ATTENTION_LATE] = "late",     [ATTENTION_UNREACHED] = "unreached",
        [ATTENTION_MINUTE] = "minute", [ATTENTION_OVER] = "over",
        [ATTENTION_SILENT] = "silent",
    };
    return names[kind];
}
