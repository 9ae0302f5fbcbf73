/* SPDX-License-Identifier: ISC */
/*
 * report.c: collects what a report shows, and the words that its formats share.
 */
#include "client/report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int find_candidate(const struct room *room) {
    for (uint8_t i = 0; i < room->seat_count; i++) {
        if (room->seats[i].role == ROLE_CANDIDATE) {
            return i;
        }
    }
    return -1;
}

/* What this seat may know, and the one line about what it may not. */
static void collect_knowledge(struct report *report) {
    const struct room *room = report->room;
    bool panel = report->role != ROLE_CANDIDATE;
    bool training = room->mode & MODE_TRAINING;
    report->has_panel = panel || training || room->opened;
    report->has_self = report->candidate >= 0 && (!panel || room->opened);
    report->scores_self = !report->has_panel;
    if (!panel && !room->opened) {
        report->missing = training ? "The panel's flags and notes open with the debrief."
                                   : "The panel's sheet opens with the debrief.";
    } else if (!room->opened && report->candidate >= 0) {
        report->missing = "The candidate's own sheet opens with the debrief.";
    }
    report->comparable = report->has_panel && report->has_self &&
                         report_has_marks(report, SEAT_SERVER) &&
                         report_has_marks(report, (uint8_t)report->candidate);
}

/* The summary counts the panel's sheet; where that is not known, the seat's own is counted
 * instead. */
static void score_self(struct report *report) {
    struct insight_summary *summary = &report->summary;
    const struct room_sheet *sheet = room_sheet_of(report->room, (uint8_t)report->candidate);
    for (int i = 0; i < report->pack->item_count; i++) {
        bool spare = insight_is_spare(report->pack, sheet, i);
        struct insight_phase *phase = &summary->phase[report->pack->items[i].phase];
        bool raised = report->self[i].mark.mark == MARK_RAISED;
        bool prompted = report->self[i].mark.mark == MARK_PROMPTED;
        phase->raised += raised;
        phase->prompted += prompted;
        summary->raised += raised;
        summary->prompted += prompted;
        phase->items -= spare;
        summary->items -= spare;
    }
}

static void collect_phases(struct report *report) {
    const struct room *room = report->room;
    uint8_t candidate = report->candidate < 0 ? SEAT_SERVER : (uint8_t)report->candidate;
    insight_summarise(room, report->end, &report->summary);
    if (report->scores_self) {
        score_self(report);
    }
    for (uint8_t i = 0; i < report->pack->phase_count; i++) {
        struct report_phase *phase = &report->phases[i];
        phase->phase = &report->pack->phases[i];
        phase->ledger = report->summary.phase[i];
        phase->reached = room->clock.reached[i] >= 0;
        phase->agreement = insight_agree(room, SEAT_SERVER, candidate, i);
    }
    report->agreement = insight_agree(room, SEAT_SERVER, candidate, -1);
}

static int compare_lines(const void *a, const void *b) {
    const struct room_line *left = *(const struct room_line *const *)a;
    const struct room_line *right = *(const struct room_line *const *)b;
    if (left->at != right->at) {
        return left->at < right->at ? -1 : 1;
    }
    return left->n < right->n ? -1 : left->n > right->n;
}

static bool collect_lists(struct report *report) {
    const struct room *room = report->room;
    size_t moves = room->move_count + 1U;
    report->moves = calloc(moves, sizeof *report->moves);
    report->stretches = calloc(moves, sizeof *report->stretches);
    report->lines = calloc(room->line_count + 1U, sizeof(struct room_line *));
    if (!report->moves || !report->stretches || !report->lines) {
        return false;
    }
    report->move_count = ledger_moves(room, report->moves);
    report->stretch_count = ledger_stretches(room, report->end, report->stretches);
    report->alarm_count =
        ledger_alarms(room, report->end, report->role != ROLE_CANDIDATE, report->alarms);
    for (uint32_t i = 0; i < room->line_count; i++) {
        report->lines[i] = &room->lines[i];
    }
    qsort(report->lines, room->line_count, sizeof(struct room_line *), compare_lines);
    return true;
}

static void put_plan(const struct room *room, char *out, size_t size) {
    bool named = room->plan < room->pack->plan_count;
    int64_t reserve = clock_reserve(room);
    char spare[24];
    int len = snprintf(out, size, "%s",
                       named ? room->pack->plans[room->plan].title : "a plan of one's own");
    if (reserve > 0) {
        clock_text(spare, sizeof spare, reserve);
        len += snprintf(out + len, size - (size_t)len, ", %s in reserve", spare);
    }
    if (room->clock.extra > 0) {
        snprintf(out + len, size - (size_t)len, ", %d %% more time", room->clock.extra);
    }
}

enum report_result report_collect(struct report *report, const struct model *model,
                                  const char *damage) {
    const struct room *room = &model->room;
    *report = (struct report){.room = room,
                              .pictures = &model->pictures,
                              .pack = room->pack,
                              .room_id = model->room_id,
                              .role = model->role,
                              .damage = damage,
                              .candidate = find_candidate(room)};
    if (!room->pack) {
        return REPORT_EMPTY;
    }
    report->end = room->clock.finished_at ? room->clock.finished_at : room->at;
    put_plan(room, report->plan, sizeof report->plan);
    collect_knowledge(report);
    report_collect_marks(report, SEAT_SERVER, report->panel);
    if (report->candidate >= 0) {
        report_collect_marks(report, (uint8_t)report->candidate, report->self);
    }
    collect_phases(report);
    report->half = room->prev[0] ? 2 : room->next[0] ? 1 : 0;
    report->linked = room->prev[0] ? room->prev : room->next[0] ? room->next : NULL;
    return collect_lists(report) && report_collect_sheets(report) ? REPORT_OK : REPORT_NO_MEMORY;
}

void report_free(struct report *report) {
    free(report->moves);
    free(report->stretches);
    free(report->lines);
    free(report->sheets);
    free(report->pairs);
    *report = (struct report){0};
}

void report_link(struct report *report, struct report *other) {
    report->other = other;
    other->other = report; /* neither says that a half is missing */
}

const char *report_missing_half(const struct report *report, char out[REPORT_WORDS_SIZE]) {
    if (!report->linked || report->other) {
        return NULL;
    }
    snprintf(out, REPORT_WORDS_SIZE,
             "This is the %s half. The recording of the %s half, room %s, is not here; get it with "
             "'spar fetch %s', and both are shown.",
             report->half == 1 ? "first" : "second", report->half == 1 ? "second" : "first",
             report->linked, report->linked);
    return out;
}

bool report_write(const struct report *report, enum report_format format, struct out *out) {
    static void (*const writers[])(const struct report *, struct out *) = {
        report_text, report_markdown, report_html, report_json};
    writers[format](report, out);
    return !out->failed;
}

bool report_format_find(const char *name, enum report_format *out) {
    static const struct {
        const char *name;
        enum report_format format;
    } names[] = {{"text", REPORT_TEXT},
                 {"md", REPORT_MARKDOWN},
                 {"markdown", REPORT_MARKDOWN},
                 {"html", REPORT_HTML},
                 {"json", REPORT_JSON}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i].name, name) == 0) {
            *out = names[i].format;
            return true;
        }
    }
    return false;
}

const char *report_name(const struct report *report, uint8_t seat) {
    const struct room *room = report->room;
    return seat < room->seat_count && room->seats[seat].name[0] ? room->seats[seat].name
                                                                : "the server";
}

const char *report_clock(char out[REPORT_CLOCK_SIZE], struct ledger_time time) {
    if (time.when == LEDGER_DURING) {
        clock_text(out, REPORT_CLOCK_SIZE, time.clock);
    } else {
        snprintf(out, REPORT_CLOCK_SIZE, "%s", time.when == LEDGER_BEFORE ? "before" : "after");
    }
    return out;
}

const char *report_clock_at(const struct report *report, char out[REPORT_CLOCK_SIZE], int64_t at) {
    return report_clock(out, ledger_time_at(report->room, at));
}

const char *report_over(char out[REPORT_CLOCK_SIZE], int64_t ms) {
    char text[24];
    int64_t off = clock_whole(ms);
    int64_t amount = off < 0 ? -off : off;
    clock_text(text, sizeof text, amount);
    const char *sign = amount < 1000 ? "" : ms < 0 ? "−" : "+";
    snprintf(out, REPORT_CLOCK_SIZE, "%s%s", sign, amount < 1000 ? "on time" : text);
    return out;
}

const char *report_phase_over(const struct report_phase *phase, char out[REPORT_CLOCK_SIZE]) {
    if (!phase->reached) {
        snprintf(out, REPORT_CLOCK_SIZE, "unreached");
        return out;
    }
    return report_over(out, phase->ledger.actual - phase->ledger.budget);
}

/* By the first rules a phase has a time of its own; since then what counts is its planned moment,
 * to which what others saved or overran has been added. */
static void words_of_end(const struct report *report, char *out, size_t size, const char *title,
                         int64_t left) {
    char time[24];
    int64_t off = clock_whole(-left);
    clock_text(time, sizeof time, off < 0 ? -off : off);
    if (off != 0 && clock_is_one(report->room)) {
        snprintf(out, size, "%s %s the plan", time, off > 0 ? "behind" : "ahead of");
    } else if (off == 0) {
        snprintf(out, size, "%s on time", title);
    } else {
        snprintf(out, size, off > 0 ? "%s %s over" : "%s had %s left", title, time);
    }
}

const char *report_move_words(const struct report *report, char out[REPORT_WORDS_SIZE],
                              const struct ledger_move *move) {
    const struct pack *pack = report->pack;
    const char *from = pack->phases[move->from].title;
    const char *to = pack->phases[move->to].title;
    char text[160];
    clock_text(text, 24, move->ms < 0 ? -move->ms : move->ms);
    switch (move->act) {
    case ACTION_CLOCK_START: snprintf(out, REPORT_WORDS_SIZE, "%s begins", to); break;
    case ACTION_CLOCK_PAUSE: snprintf(out, REPORT_WORDS_SIZE, "paused in %s", from); break;
    case ACTION_CLOCK_RESUME: snprintf(out, REPORT_WORDS_SIZE, "goes on after %s", text); break;
    case ACTION_CLOCK_UNFINISH:
        snprintf(out, REPORT_WORDS_SIZE, "the finish is taken back after %s", text);
        break;
    case ACTION_CLOCK_ADD:
        snprintf(out, REPORT_WORDS_SIZE, "%s gets %s %s", to, text, move->ms < 0 ? "less" : "more");
        break;
    case ACTION_CLOCK_PLAN:
        snprintf(out, REPORT_WORDS_SIZE, "plan: %s",
                 move->ms >= 0 && move->ms < pack->plan_count ? pack->plans[move->ms].title
                                                              : "one's own");
        break;
    case ACTION_CLOCK_JUMP:
        words_of_end(report, text, sizeof text, from, move->left);
        snprintf(out, REPORT_WORDS_SIZE, move->to < move->from ? "back to %s, %s" : "%s begins, %s",
                 to, text);
        break;
    default:
        words_of_end(report, text, sizeof text, from, move->left);
        snprintf(out, REPORT_WORDS_SIZE, "finished, %s", text);
    }
    return out;
}

/* The Gregorian calendar, counted in years that begin in March, so that the odd day is the last. */
const char *report_moment(int64_t at, const struct zone *zone, char out[REPORT_MOMENT_SIZE]) {
    int64_t minutes = at / 60000 + zone->minutes;
    int64_t days = minutes / 1440 + 719468;           /* from 1 March of the year 0 */
    int64_t era = days / 146097, day = days % 146097; /* of 400 years */
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    day -= 365 * year + year / 4 - year / 100;
    int64_t month = (5 * day + 2) / 153; /* from March */
    day -= (153 * month + 2) / 5;
    month = month > 9 ? month - 9 : month + 3; /* from January */
    year += era * 400 + (month < 3);
    snprintf(out, REPORT_MOMENT_SIZE, "%04d-%02d-%02d %02d:%02d %s", (int)year, (int)(month % 100),
             (int)(day % 100) + 1, (int)(minutes / 60 % 24), (int)(minutes % 60),
             zone->name[0] ? zone->name : "UTC");
    return out;
}

int64_t report_start(const struct report *report) {
    const struct room *room = report->room;
    return room->clock.started_at ? room->clock.started_at : room->opened_at;
}

const char *report_date(const struct report *report, char out[REPORT_MOMENT_SIZE]) {
    return report_moment(report_start(report), &report->zone, out);
}

const char *report_line_kind(const struct room_line *line) {
    bool changed = line->changes > 0 && !line->struck;
    switch (line->kind) {
    case LINE_NOTE_MINE: return changed ? "own note, changed" : "own note";
    case LINE_NOTE_PANEL: return changed ? "panel note, changed" : "panel note";
    case LINE_NOTE_ALL: return changed ? "note, changed" : "note";
    case LINE_SAY: return "says";
    case LINE_WHISPER: return "whispers";
    }
    return "note";
}

const struct report_mark *report_scored(const struct report *report, int item) {
    return report->scores_self ? &report->self[item] : &report->panel[item];
}
