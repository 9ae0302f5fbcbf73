/* SPDX-License-Identifier: ISC */
/*
 * report_parts.c: halves, notices, rows, entries and unheard items out of a collected report.
 */
#include "client/report/report_parts.h"

#include <stdio.h>

#include "protocol/room/points.h"

int report_halves(const struct report *report, const struct report *out[2]) {
    bool turned = report->other && report->half == 2;
    out[0] = turned ? report->other : report;
    out[1] = turned ? report : report->other;
    return report->other ? 2 : 1;
}

/* The rubric's lines are known after one debrief, those of a prompt are not: how many of these. */
static const char *own_lines(const struct report *report, char out[REPORT_WORDS_SIZE]) {
    int lines = 0;
    int marks[3] = {0};
    for (int i = 0; i < report->pack->item_count; i++) {
        if (report->pack->items[i].own) {
            lines++;
            marks[report_scored(report, i)->mark.mark]++;
        }
    }
    snprintf(out, REPORT_WORDS_SIZE,
             "%d of the %d lines are this prompt's own: %d raised, %d prompted, %d not.", lines,
             report->pack->item_count, marks[MARK_RAISED], marks[MARK_PROMPTED],
             marks[MARK_NOT_YET]);
    return lines > 0 ? out : NULL;
}

void report_notices_fill(const struct report *report, struct report_notices *out) {
    const char *const all[] = {report->damage,
                               report->note,
                               report->missing,
                               report_missing_half(report, out->half),
                               own_lines(report, out->own),
                               report->pack->is_public ? "This prompt is public: it comes with "
                                                         "Spar, so anybody can read its answers."
                                                       : NULL};
    out->count = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i]) {
            out->at[out->count++] = all[i];
        }
    }
}

static int64_t longest(const struct insight_phase *ledger) {
    return ledger->actual > ledger->budget ? ledger->actual : ledger->budget;
}

static void fill_row(struct report_row *row) {
    const struct insight_phase *ledger = &row->ledger;
    row->inside = ledger->actual < ledger->budget ? ledger->actual : ledger->budget;
    clock_text(row->planned, sizeof row->planned, ledger->planned);
    clock_text(row->given, sizeof row->given, ledger->budget);
    clock_text(row->actual, sizeof row->actual, ledger->actual);
}

void report_rows_fill(const struct report *report, struct report_rows *out) {
    const struct insight_summary *sum = &report->summary;
    struct report_row *whole = &out->at[report->pack->phase_count];
    int64_t scale = 1;
    *out = (struct report_rows){.count = report->pack->phase_count + 1};
    *whole = (struct report_row){.title = "Interview", .whole = true};
    whole->ledger = (struct insight_phase){.items = sum->items,
                                           .raised = sum->raised,
                                           .prompted = sum->prompted,
                                           .planned = sum->planned,
                                           .budget = sum->reserve,
                                           .actual = sum->actual};
    for (int i = 0; i < report->pack->phase_count; i++) {
        struct report_row *row = &out->at[i];
        const struct report_phase *phase = &report->phases[i];
        *row = (struct report_row){.title = phase->phase->title, .ledger = phase->ledger};
        fill_row(row);
        (void)report_phase_over(phase, row->over);
        whole->ledger.budget += phase->ledger.budget;
        scale = longest(&phase->ledger) > scale ? longest(&phase->ledger) : scale;
    }
    for (int i = 0; i < report->pack->phase_count; i++) {
        out->at[i].scale = scale;
    }
    fill_row(whole);
    (void)report_over(whole->over, whole->ledger.actual - whole->ledger.budget);
    whole->scale = longest(&whole->ledger) > 0 ? longest(&whole->ledger) : 1;
}

const char *report_section_title(enum report_section section) {
    static const char *const titles[] = {[REPORT_MOVES] = "Who moved the clock",
                                         [REPORT_FLAGS] = "Flags",
                                         [REPORT_FACTS] = "Facts given",
                                         [REPORT_QUESTIONS] = "Follow-ups and curveballs",
                                         [REPORT_CORRECTIONS] = "Corrected in the debrief",
                                         [REPORT_ALARMS] = "Alarms",
                                         [REPORT_LINES] = "Notes and talk"};
    return titles[section];
}

static uint32_t count_reveals(const struct report *report, bool questions) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < report->room->reveal_count; i++) {
        count += report->room->reveals[i].curveball == questions;
    }
    return count;
}

static uint32_t count_corrections(const struct report *report) {
    uint32_t count = 0;
    for (int i = 0; i < report->pack->item_count; i++) {
        count += report->panel[i].mark.was != 0;
    }
    for (uint32_t i = 0; i < report->room->flag_count; i++) {
        count += report->room->flags[i].corrected;
    }
    return count;
}

uint32_t report_section_count(const struct report *report, enum report_section section) {
    switch (section) {
    case REPORT_MOVES: return report->move_count;
    case REPORT_FLAGS: return report->room->flag_count;
    case REPORT_FACTS: return count_reveals(report, false);
    case REPORT_QUESTIONS: return count_reveals(report, true);
    case REPORT_CORRECTIONS: return count_corrections(report);
    case REPORT_ALARMS: return report->alarm_count;
    case REPORT_LINES: return report->room->line_count;
    }
    return 0;
}

static void get_move(const struct report *report, const struct ledger_move *move,
                     struct report_entry *out) {
    (void)report_clock(out->clock, move->time);
    out->who = report_name(report, move->by);
    (void)report_move_words(report, out->made, move);
}

static void get_flag(const struct report *report, const struct room_flag *flag,
                     struct report_entry *out) {
    const struct pack_flag *what = &report->pack->flags[flag->flag];
    (void)report_clock_at(report, out->clock, flag->at);
    out->who = report_name(report, flag->by);
    out->kind = !flag->on ? "taken back" : what->kind == FLAG_RED ? "red flag" : "mistake";
    out->words = what->title;
    out->more = flag->on && what->fix && *what->fix ? what->fix : NULL;
    out->label = "instead";
}

/* The index-th of the facts, or of the questions; index < count_reveals(). */
static const struct room_reveal *nth_reveal(const struct report *report, bool questions,
                                            uint32_t index) {
    const struct room_reveal *reveal = report->room->reveals;
    while (reveal->curveball != questions || index-- > 0) {
        reveal++;
    }
    return reveal;
}

static const struct pack_question *question_of(const struct report *report,
                                               const struct room_reveal *reveal) {
    int index = pack_question_find(report->pack, span_of(reveal->id));
    return index < 0 ? NULL : pack_question_at(report->pack, index);
}

const char *report_question_kind(const struct report *report, const struct room_reveal *reveal) {
    int index = pack_question_find(report->pack, span_of(reveal->id));
    return index < 0                               ? "question"
           : index < report->pack->curveball_count ? "curveball"
                                                   : "follow-up";
}

static void get_fact(const struct report *report, const struct room_reveal *reveal,
                     struct report_entry *out) {
    (void)report_clock_at(report, out->clock, reveal->at);
    out->who = report_name(report, reveal->by);
    out->words = reveal->text;
}

static void get_question(const struct report *report, const struct room_reveal *reveal,
                         struct report_entry *out) {
    const struct pack_question *question = question_of(report, reveal);
    get_fact(report, reveal, out);
    static const char *const answers[] = {"", ", answered with help", ", answered well"};
    snprintf(out->label_made, sizeof out->label_made, "%s%s", report_question_kind(report, reveal),
             answers[reveal->answer]);
    out->kind = out->label_made;
    out->more = question && *question->strong ? question->strong : NULL;
    out->label = "strong";
}

static void get_corrected_mark(const struct report *report, int item, struct report_entry *out) {
    const struct report_mark *mark = &report->panel[item];
    (void)report_clock(out->clock, mark->time);
    out->who = report_name(report, mark->mark.by);
    snprintf(out->made, sizeof out->made, "%s: %s, before %s", report->pack->items[item].title,
             mark_name((enum mark)mark->mark.mark), mark_name((enum mark)(mark->mark.was - 1)));
}

static void get_corrected_flag(const struct report *report, const struct room_flag *flag,
                               struct report_entry *out) {
    (void)report_clock_at(report, out->clock, flag->at);
    out->who = report_name(report, flag->by);
    snprintf(out->made, sizeof out->made, "flag %s: %s", flag->on ? "raised" : "taken back",
             report->pack->flags[flag->flag].title);
}

/* Marks by the pack's order, then flags; index < count_corrections(). */
static void get_correction(const struct report *report, uint32_t index, struct report_entry *out) {
    for (int i = 0; i < report->pack->item_count; i++) {
        if (report->panel[i].mark.was && index-- == 0) {
            get_corrected_mark(report, i, out);
            return;
        }
    }
    for (uint32_t i = 0; i < report->room->flag_count; i++) {
        if (report->room->flags[i].corrected && index-- == 0) {
            get_corrected_flag(report, &report->room->flags[i], out);
            return;
        }
    }
}

static void get_alarm(const struct report *report, const struct ledger_alarm *alarm,
                      struct report_entry *out) {
    (void)report_clock(out->clock, alarm->time);
    out->who = report->pack->phases[alarm->phase].title;
    out->words = report->pack->alarms[alarm->alarm].text;
}

static void get_line(const struct report *report, const struct room_line *line,
                     struct report_entry *out) {
    (void)report_clock_at(report, out->clock, line->at);
    out->who = report_name(report, line->by);
    out->kind = report_line_kind(line);
    out->words = line->struck ? "(struck)" : line->text;
}

void report_entry_get(const struct report *report, enum report_section section, uint32_t index,
                      struct report_entry *out) {
    *out = (struct report_entry){.who = "", .kind = ""};
    switch (section) {
    case REPORT_MOVES: get_move(report, &report->moves[index], out); break;
    case REPORT_FLAGS: get_flag(report, &report->room->flags[index], out); break;
    case REPORT_FACTS: get_fact(report, nth_reveal(report, false, index), out); break;
    case REPORT_QUESTIONS: get_question(report, nth_reveal(report, true, index), out); break;
    case REPORT_CORRECTIONS: get_correction(report, index, out); break;
    case REPORT_ALARMS: get_alarm(report, &report->alarms[index], out); break;
    case REPORT_LINES: get_line(report, report->lines[index], out); break;
    }
}

const char *report_entry_words(const struct report_entry *entry) {
    return entry->words ? entry->words : entry->made;
}

bool report_missed_next(const struct report *report, struct report_missed *at) {
    const struct pack *pack = report->pack;
    uint8_t owner = report->scores_self ? (uint8_t)report->candidate : SEAT_SERVER;
    at->opens = at->item < 0;
    for (at->item++; at->phase < pack->phase_count; at->phase++, at->item = 0, at->opens = true) {
        for (; at->item < pack->item_count; at->item++) {
            if (pack->items[at->item].phase == at->phase &&
                report_scored(report, at->item)->mark.mark == at->mark &&
                (at->mark != MARK_NOT_YET || points_is_missing(report->room, owner, at->item))) {
                return true;
            }
        }
    }
    return false;
}

const char *report_missed_title(enum mark mark) {
    return mark == MARK_PROMPTED ? "Had to be prompted" : "Never came up";
}

const char *report_counts(const struct report *report, int item) {
    const struct pack_item *at = &report->pack->items[item];
    const char *counts = at->counts && *at->counts ? at->counts : at->strong;
    return counts && *counts ? counts : NULL;
}

const char *report_agreement_words(struct insight_agreement agreement, bool yourself,
                                   char out[REPORT_WORDS_SIZE]) {
    char words[INSIGHT_WORDS_SIZE];
    if (agreement.counted == 0) {
        snprintf(out, REPORT_WORDS_SIZE, "nothing marked");
    } else {
        snprintf(out, REPORT_WORDS_SIZE, "%d %% (%u of %u), %s", insight_percent(agreement),
                 (unsigned)agreement.same, (unsigned)agreement.counted,
                 insight_words(agreement, yourself, words));
    }
    return out;
}

bool report_is_own(const struct report *report, const struct report_pair *pair) {
    return report->role == ROLE_CANDIDATE && pair->b >= 0 && !report->sheets[pair->b].sealed;
}
