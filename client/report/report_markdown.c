/* SPDX-License-Identifier: ISC */
/*
 * report_markdown.c: the report as CommonMark with tables (GitHub's dialect), for a wiki or a
 * ticket.
 *
 * Invariant: every text of a person or a pack goes through typed(), so none can start markup.
 */
#include "client/report/report_board.h"
#include "client/report/report_parts.h"
#include "client/report/report_past.h"
#include "client/report/report_points.h"
#include "client/report/report_verdict.h"

static void typed(struct out *out, const char *text) {
    out_typed(out, OUT_MARKDOWN, text ? text : "");
}

static void head(const struct report *report, struct out *out) {
    char date[REPORT_MOMENT_SIZE];
    struct report_notices notices;
    const struct room *room = report->room;
    out_raw(out, "# ");
    typed(out, report->pack->title);
    out_raw(out, "\n\n");
    typed(out, report->pack->framework_title);
    out_raw(out, " · ");
    typed(out, report->pack->level);
    out_raw(out, " · ");
    typed(out, report->plan);
    out_print(out, "%s%s  \n%s · room `%s` · %s\n\n",
              room->mode & MODE_TRAINING ? " · training" : "",
              room->mode & MODE_GUIDED ? " · guided" : "", report_date(report, date),
              report->room_id, stage_shown(room->stage));
    for (uint8_t i = 0; i < room->seat_count; i++) {
        if (room->seats[i].role != ROLE_NONE) {
            out_raw(out, "- ");
            typed(out, room->seats[i].name);
            out_print(out, " (%s)\n", role_name(room->seats[i].role));
        }
    }
    report_notices_fill(report, &notices);
    for (int i = 0; i < notices.count; i++) {
        out_raw(out, "\n> ");
        typed(out, notices.at[i]);
        out_raw(out, "\n");
    }
}

static void bar(struct out *out, int64_t first, int64_t second, int64_t whole) {
    enum { WIDTH = 20 };
    int a = whole > 0 ? (int)((first * WIDTH + whole / 2) / whole) : 0;
    int b = whole > 0 ? (int)(((first + second) * WIDTH + whole / 2) / whole) - a : 0;
    out_raw(out, "`");
    out_repeat(out, "█", a);
    out_repeat(out, "▒", b);
    out_repeat(out, "·", WIDTH - a - b);
    out_raw(out, "`");
}

static void scorecard(const struct report *report, const struct report_rows *rows,
                      struct out *out) {
    out_print(out,
              "\n## Scorecard%s\n\n| Phase | █ raised, ▒ prompted | Raised | Prompted | Not yet |\n"
              "|---|---|--:|--:|--:|\n",
              report->scores_self ? " (self-assessment)" : "");
    for (int i = 0; i < rows->count; i++) {
        const struct insight_phase *count = &rows->at[i].ledger;
        out_raw(out, "| ");
        typed(out, rows->at[i].title);
        out_raw(out, " | ");
        bar(out, count->raised, count->prompted, count->items);
        out_print(out, " | %d | %d | %d |\n", count->raised, count->prompted,
                  count->items - count->raised - count->prompted);
    }
}

/* "- 12:05 Ines, kind: words". */
static void entries(const struct report *report, struct out *out, enum report_section section) {
    for (uint32_t i = 0; i < report_section_count(report, section); i++) {
        struct report_entry entry;
        report_entry_get(report, section, i, &entry);
        out_print(out, "- %s ", entry.clock);
        typed(out, entry.who);
        out_print(out, "%s%s: ", *entry.kind ? ", " : "", entry.kind);
        typed(out, report_entry_words(&entry));
        out_raw(out, "\n");
        if (entry.more) {
            out_print(out, "  - %s: ", entry.label);
            typed(out, entry.more);
            out_raw(out, "\n");
        }
    }
}

static void section(const struct report *report, struct out *out, enum report_section which) {
    if (report_section_count(report, which) > 0) {
        out_print(out, "\n## %s\n\n", report_section_title(which));
        entries(report, out, which);
    }
}

static void times(const struct report *report, const struct report_rows *rows, struct out *out) {
    out_raw(out, "\n## Time\n\n| Phase | █ spent, ▒ over | Planned | Given | Actual | Off by |\n"
                 "|---|---|--:|--:|--:|--:|\n");
    for (int i = 0; i < rows->count; i++) {
        const struct report_row *row = &rows->at[i];
        out_raw(out, "| ");
        typed(out, row->title);
        out_raw(out, " | ");
        bar(out, row->inside, row->ledger.actual - row->inside, row->scale);
        out_print(out, " | %s | %s | %s | %s |\n", row->planned, row->given, row->actual,
                  row->over);
    }
    char phases[INSIGHT_PHASES_SIZE];
    insight_failure_phases(report->pack, phases);
    out_raw(out, "\nFailure modes (");
    typed(out, phases);
    out_print(out, ") took %d %% of the time; the framework asks for %d %%.\n\n",
              report->summary.failure_percent, report->pack->failure_share);
    entries(report, out, REPORT_MOVES);
}

static void item_row(const struct report *report, struct out *out, int item) {
    const struct report_mark *mark = report_scored(report, item);
    char clock[REPORT_CLOCK_SIZE];
    out_raw(out, "| ");
    typed(out, report->pack->items[item].title);
    out_print(out, " | %s | %s | ", mark_name(mark->mark.mark),
              mark->mark.n ? report_clock(clock, mark->time) : "");
    if (mark->mark.n) {
        typed(out, report_name(report, mark->mark.by));
    }
    for (int i = 0; i < report_columns(report); i++) {
        const struct report_mark *other = &report->sheets[i].marks[item];
        out_print(out, " | %s", other->mark.n ? mark_name(other->mark.mark) : "–");
    }
    out_raw(out, " |\n");
}

static void sheet_title(const struct report *report, struct out *out, int index) {
    if (report->sheets[index].sealed) {
        typed(out, report_sheet_title(report, index));
        out_raw(out, " (sealed)");
    } else {
        out_raw(out, "Self");
    }
}

static void rubric(const struct report *report, struct out *out) {
    out_raw(out, "\n## Rubric\n");
    for (int p = 0; p < report->pack->phase_count; p++) {
        out_print(out, "\n### %d ", p + 1);
        typed(out, report->pack->phases[p].title);
        out_print(out, "\n\n| Item | %s | At | By |", report->scores_self ? "Self" : "Panel");
        for (int i = 0; i < report_columns(report); i++) {
            out_raw(out, " ");
            sheet_title(report, out, i);
            out_raw(out, " |");
        }
        out_raw(out, "\n|---|---|--:|---|");
        out_repeat(out, "---|", report_columns(report));
        out_raw(out, "\n");
        for (int i = 0; i < report->pack->item_count; i++) {
            if (report->pack->items[i].phase == p) {
                item_row(report, out, i);
            }
        }
    }
}

static void agreement_row(struct out *out, const char *title, struct insight_agreement part,
                          bool yourself) {
    char words[REPORT_WORDS_SIZE];
    out_raw(out, "| ");
    typed(out, title);
    out_print(out, " | %s |\n", report_agreement_words(part, yourself, words));
}

static void agreement(const struct report *report, struct out *out) {
    for (int i = 0; i < report->pair_count; i++) {
        const struct report_pair *pair = &report->pairs[i];
        bool own = report_is_own(report, pair);
        char words[REPORT_WORDS_SIZE];
        out_raw(out, "\n## Agreement of ");
        typed(out, report_sheet_words(report, pair->b, words));
        out_raw(out, " with ");
        typed(out, report_sheet_words(report, pair->a, words));
        out_raw(out, "\n\n| Phase | The same |\n|---|---|\n");
        agreement_row(out, "Interview", pair->whole, own);
        for (int p = 0; p < report->pack->phase_count; p++) {
            agreement_row(out, report->pack->phases[p].title, pair->phase[p], own);
        }
    }
    out_raw(out, report->pair_count == 0
                     ? ""
                     : "\nOf the items that either sheet marks, those on which both say the same; "
                       "and on how many of the others the first is kinder or harder than the "
                       "second.\n");
}

static void missed(const struct report *report, struct out *out, enum mark mark) {
    struct report_missed at = {.mark = mark, .item = -1};
    bool any = false;
    for (; report_missed_next(report, &at); any = true) {
        const char *counts = report_counts(report, at.item);
        if (!any) {
            out_print(out, "\n## %s\n\n", report_missed_title(mark));
        }
        if (at.opens) {
            out_raw(out, "- **");
            typed(out, report->pack->phases[at.phase].title);
            out_print(out, "**%s\n", report->phases[at.phase].reached ? "" : " (never reached)");
        }
        out_raw(out, "  - ");
        typed(out, report->pack->items[at.item].title);
        if (counts) {
            out_raw(out, "  \n    *Counts:* ");
            typed(out, counts);
        }
        out_raw(out, "\n");
    }
}

static void points(struct out *out, const char *title, const struct report_point *at, int count) {
    out_print(out, count > 0 ? "\n## %s\n\n" : "%.0s", title);
    for (int i = 0; i < count; i++) {
        out_print(out, "%d. ", i + 1);
        typed(out, at[i].words);
        if (at[i].fix) {
            out_raw(out, " Instead: ");
            typed(out, at[i].fix);
        }
        out_raw(out, "\n");
    }
}

static void change(const struct report *report, struct out *out) {
    char words[REPORT_WORDS_SIZE];
    if (!report->past) {
        return;
    }
    out_raw(out,
            "\n## Change\n\n| Raised | Now | Last | Change | Level |\n|---|--:|--:|--:|--:|\n");
    for (int p = -1; p < report->pack->phase_count; p++) {
        struct report_past_row row;
        report_past_row(report, p, &row);
        out_raw(out, "| ");
        typed(out, row.title);
        out_print(out, " | %s | %s | %s | %s |\n", row.now, row.last, row.change, row.level);
    }
    out_raw(out, "\nPercent of the items of the phases reached that were raised. Last: ");
    typed(out, *report_past_last(report, words) ? words : "none");
    out_raw(out, ". Level: ");
    typed(out, *report_past_level(report, words) ? words : "no other interview");
    out_raw(out, ".\n");
}

static void one_half(const struct report *report, struct out *out) {
    struct report_rows rows;
    struct report_points proposed;
    report_rows_fill(report, &rows);
    report_points_fill(report, &proposed);
    head(report, out);
    report_verdict_markdown(report, out);
    points(out, "Strengths", proposed.strengths,
           proposed.own_strengths ? 0 : proposed.strength_count);
    points(out, "Next steps", proposed.steps, proposed.own_steps ? 0 : proposed.step_count);
    change(report, out);
    scorecard(report, &rows, out);
    times(report, &rows, out);
    rubric(report, out);
    agreement(report, out);
    missed(report, out, MARK_NOT_YET);
    missed(report, out, MARK_PROMPTED);
    section(report, out, REPORT_CORRECTIONS);
    section(report, out, REPORT_FLAGS);
    section(report, out, REPORT_QUESTIONS);
    section(report, out, REPORT_FACTS);
    report_board_markdown(report, out);
    section(report, out, REPORT_ALARMS);
    section(report, out, REPORT_LINES);
    if (report->pack->source && *report->pack->source) {
        out_raw(out, "\n---\n\n");
        typed(out, report->pack->source);
        out_raw(out, "\n");
    }
}

void report_markdown(const struct report *report, struct out *out) {
    static const char *const titles[] = {"*First half*\n\n",
                                         "\n---\n\n*Second half, with the roles turned*\n\n"};
    const struct report *halves[2];
    int count = report_halves(report, halves);
    for (int i = 0; i < count; i++) {
        out_raw(out, count > 1 ? titles[i] : "");
        one_half(halves[i], out);
    }
}
