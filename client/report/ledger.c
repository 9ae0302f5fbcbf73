/* SPDX-License-Identifier: ISC */
/*
 * ledger.c: runs the clock again from the fold's list of moves.
 *
 * The walk keeps a scratch room that borrows the pack and holds a clock of its own, moved with the
 * functions that the fold itself uses. Plans and budgets are settled before the start
 * (actions.def), so the last ones are those that the interview ran under.
 */
#include "client/report/ledger.h"

struct ledger_time ledger_time_at(const struct room *room, int64_t at) {
    static const enum ledger_when whens[] = {[CLOCK_BEFORE] = LEDGER_BEFORE,
                                             [CLOCK_DURING] = LEDGER_DURING,
                                             [CLOCK_AFTER] = LEDGER_AFTER};
    enum clock_when when;
    int64_t clock = clock_running_at(room, at, &when);
    return (struct ledger_time){.at = at, .clock = clock, .when = whens[when]};
}

/* The room before any move of its clock. */
static struct room walk_begin(const struct room *room) {
    struct room walk = {.stage = STAGE_WAITING,
                        .pack = room->pack,
                        .rules = room->rules,
                        .plan = room->plan,
                        .clock.extra = room->clock.extra};
    for (int i = 0; i < PACK_PHASES_MAX; i++) {
        walk.clock.budget[i] = room->clock.budget[i];
        walk.clock.reached[i] = -1;
    }
    return walk;
}

static void walk_move(struct room *walk, const struct room_move *move) {
    struct room_clock *clock = &walk->clock;
    switch (move->act) {
    case ACTION_CLOCK_START: clock_start(clock, move->at); break;
    case ACTION_CLOCK_PAUSE: clock_pause(clock, move->at); break;
    case ACTION_CLOCK_RESUME: clock_resume(clock, move->at); break;
    case ACTION_CLOCK_FINISH: clock_finish(clock, move->at); break;
    case ACTION_CLOCK_UNFINISH: clock_unfinish(clock, move->at); break;
    case ACTION_CLOCK_ADD: clock->added[move->phase] += move->ms; break;
    case ACTION_CLOCK_PLAN:
        for (int i = 0; i < PACK_PHASES_MAX; i++) {
            clock->added[i] = 0;
        }
        break;
    case ACTION_CLOCK_JUMP: clock_enter(clock, move->phase, move->at); break;
    default: break;
    }
}

uint16_t ledger_moves(const struct room *room, struct ledger_move *out) {
    struct room walk = walk_begin(room);
    for (uint16_t i = 0; i < room->move_count; i++) {
        const struct room_move *move = &room->moves[i];
        struct clock_reading reading = clock_read(&walk, move->at);
        bool ends = move->act == ACTION_CLOCK_JUMP || move->act == ACTION_CLOCK_FINISH;
        int64_t since = move->act == ACTION_CLOCK_RESUME     ? walk.clock.paused_at
                        : move->act == ACTION_CLOCK_UNFINISH ? walk.clock.finished_at
                                                             : 0;
        out[i] = (struct ledger_move){.act = move->act,
                                      .from = walk.clock.phase,
                                      .to = move->phase,
                                      .by = move->by,
                                      .ms = since ? move->at - since : move->ms,
                                      .left = ends ? reading.phase_left : 0,
                                      .time = ledger_time_at(room, move->at)};
        /* The finish is the interview's last moment, not one after it. */
        out[i].time.when = move->act == ACTION_CLOCK_FINISH ? LEDGER_DURING : out[i].time.when;
        walk_move(&walk, move);
    }
    return room->move_count;
}

uint16_t ledger_stretches(const struct room *room, int64_t end, struct ledger_stretch *out) {
    struct room walk = walk_begin(room);
    uint16_t count = 0;
    for (uint16_t i = 0; i < room->move_count; i++) {
        const struct room_move *move = &room->moves[i];
        int64_t to = i + 1 < room->move_count ? room->moves[i + 1].at : end;
        walk_move(&walk, move);
        if (!walk.clock.started_at || walk.clock.finished_at || to <= move->at) {
            continue;
        }
        bool paused = walk.clock.paused_at != 0;
        struct ledger_stretch *last = count ? &out[count - 1] : NULL;
        if (last && last->phase == walk.clock.phase && last->paused == paused &&
            last->to == move->at) {
            last->to = to;
        } else {
            out[count++] = (struct ledger_stretch){walk.clock.phase, paused, move->at, to};
        }
    }
    return count;
}

/* Notes the alarms that are due now, each once for a phase. seen: bit i of seen[phase] is alarm
 * i. */
static uint16_t note_alarms(const struct room *room, const struct room *walk, int64_t now,
                            uint32_t seen[PACK_PHASES_MAX], struct ledger_alarm *out,
                            uint16_t count) {
    uint8_t due[PACK_ALARMS_MAX];
    uint8_t phase = walk->clock.phase;
    uint8_t dues = insight_alarms(walk, now, due);
    for (uint8_t i = 0; i < dues; i++) {
        enum alarm_when when = room->pack->alarms[due[i]].when;
        bool local = when == ALARM_ENDING || when == ALARM_OVER;
        uint8_t slot = local ? phase : 0; /* one about the whole interview comes up once */
        if (!(seen[slot] >> due[i] & 1) &&
            insight_alarm_is_for(walk, &room->pack->alarms[due[i]], false)) {
            seen[slot] |= UINT32_C(1) << due[i];
            out[count++] = (struct ledger_alarm){due[i], phase, ledger_time_at(room, now)};
        }
    }
    return count;
}

uint16_t ledger_alarms(const struct room *room, int64_t end, bool panel,
                       struct ledger_alarm out[LEDGER_ALARMS_MAX]) {
    struct room walk = walk_begin(room);
    walk.mode = room->mode;
    walk.opened = room->opened || panel;
    uint32_t seen[PACK_PHASES_MAX] = {0};
    uint16_t count = 0;
    for (uint16_t i = 0; i < room->move_count; i++) {
        int64_t until = i + 1 < room->move_count ? room->moves[i + 1].at : end;
        walk_move(&walk, &room->moves[i]);
        /* An alarm's moment is never before `now`, so this ends. */
        for (int64_t now = room->moves[i].at; now >= 0 && now < until;
             now = insight_next_alarm(&walk, now)) {
            count = note_alarms(room, &walk, now, seen, out, count);
        }
    }
    return count;
}
