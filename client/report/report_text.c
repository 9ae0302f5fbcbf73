/* SPDX-License-Identifier: ISC */
/*
 * report_text.c: the report for a terminal or a mail: 80 columns, straight whatever the characters'
 * widths.
 *
 * Invariant: no line is wider than WIDTH columns.
 */
#include <stdio.h>

#include "client/report/report_board.h"
#include "client/report/report_parts.h"
#include "client/report/report_past.h"
#include "client/report/report_points.h"
#include "client/report/report_verdict.h"

enum { WIDTH = 80, AUTHOR = 12, CLOCK = 7, TITLE_MAX = 24, LETTERS = 12 };

static void rule(struct out *out, const char *title) {
    out_heading(out, title, "─", WIDTH);
}

/* "  label  text", wrapped behind the label. */
static void paragraph(struct out *out, int indent, const char *text) {
    out_print(out, "%*s", indent, "");
    out_wrapped(out, text, indent, indent, WIDTH);
}

static void people(const struct report *report, struct out *out) {
    const struct room *room = report->room;
    for (uint8_t i = 0; i < room->seat_count; i++) {
        if (room->seats[i].role != ROLE_NONE) {
            out_raw(out, "  ");
            out_cell(out, role_name(room->seats[i].role), 13, false);
            out_wrapped(out, room->seats[i].name, 15, 15, WIDTH);
        }
    }
}

static void head(const struct report *report, struct out *out) {
    char date[REPORT_MOMENT_SIZE];
    char line[512];
    struct report_notices notices;
    uint32_t mode = report->room->mode;
    out_wrapped(out, report->pack->title, 0, 0, WIDTH);
    snprintf(line, sizeof line, "%s · %s · %s%s%s", report->pack->framework_title,
             report->pack->level, report->plan, mode & MODE_TRAINING ? " · training" : "",
             mode & MODE_GUIDED ? " · guided" : "");
    out_wrapped(out, line, 0, 0, WIDTH);
    out_print(out, "%s · room %s · %s\n\n", report_date(report, date), report->room_id,
              stage_shown(report->room->stage));
    people(report, out);
    report_notices_fill(report, &notices);
    for (int i = 0; i < notices.count; i++) {
        out_raw(out, "\n");
        out_wrapped(out, notices.at[i], 0, 0, WIDTH);
    }
}

static int title_width(const struct report *report) {
    int width = 9; /* "Interview" */
    for (uint8_t i = 0; i < report->pack->phase_count; i++) {
        int columns = out_columns(report->pack->phases[i].title);
        width = columns > width ? columns : width;
    }
    return width < TITLE_MAX ? width : TITLE_MAX;
}

/* Three stacked parts of `whole` over `width` columns. */
static void stacked(struct out *out, int width, int first, int second, int whole) {
    int a = whole ? (first * width + whole / 2) / whole : 0;
    int b = whole ? ((first + second) * width + whole / 2) / whole - a : 0;
    out_repeat(out, "█", a);
    out_repeat(out, "▒", b);
    out_repeat(out, "·", width - a - b);
}

static void score_row(struct out *out, const struct report_row *row, int width) {
    const struct insight_phase *count = &row->ledger;
    out_raw(out, "  ");
    out_cell(out, row->title, width, false);
    out_raw(out, "  ");
    stacked(out, WIDTH - width - 35, count->raised, count->prompted, count->items);
    out_print(out, "%9d%10d%10d\n", count->raised, count->prompted,
              count->items - count->raised - count->prompted);
}

static void scorecard(const struct report *report, const struct report_rows *rows,
                      struct out *out) {
    int width = title_width(report);
    rule(out, report->scores_self ? "Scorecard (self-assessment)" : "Scorecard");
    out_print(out, "%*s   raised  prompted   not yet\n", WIDTH - 31, "█ raised  ▒ prompted ");
    for (int i = 0; i < rows->count; i++) {
        score_row(out, &rows->at[i], width);
    }
}

static void time_row(struct out *out, const struct report_row *row, int width) {
    int bar = WIDTH - width - 41;
    int64_t scale = row->scale;
    int used = (int)((row->inside * bar + scale / 2) / scale);
    int whole = (int)((row->ledger.actual * bar + scale / 2) / scale);
    int budget = (int)((row->ledger.budget * bar + scale / 2) / scale);
    out_raw(out, "  ");
    out_cell(out, row->title, width, false);
    out_raw(out, "  ");
    out_repeat(out, "█", used);
    out_repeat(out, "▓", whole - used);
    out_repeat(out, "·", budget > whole ? budget - whole : 0);
    out_print(out, "%*s", bar - (budget > whole ? budget : whole), "");
    out_cell(out, row->planned, 9, true);
    out_cell(out, row->given, 9, true);
    out_cell(out, row->actual, 9, true);
    out_cell(out, row->over, 10, true);
    out_raw(out, "\n");
}

/* "  12:05  Ines          kind: words…" with what follows under the words. */
static void entries(const struct report *report, struct out *out, enum report_section section) {
    for (uint32_t i = 0; i < report_section_count(report, section); i++) {
        struct report_entry entry;
        int column = CLOCK + AUTHOR + 6;
        report_entry_get(report, section, i, &entry);
        out_raw(out, "  ");
        out_cell(out, entry.clock, CLOCK, true);
        out_raw(out, "  ");
        out_cell(out, entry.who, AUTHOR, false);
        out_print(out, "  %s%s", entry.kind, *entry.kind ? ": " : "");
        int label = *entry.kind ? out_columns(entry.kind) + 2 : 0;
        out_wrapped(out, report_entry_words(&entry), column + label, column + (label ? 2 : 0),
                    WIDTH);
        if (entry.more) {
            int indent = column + 4 + out_columns(entry.label);
            out_print(out, "%*s%s: ", column + 2, "", entry.label);
            out_wrapped(out, entry.more, indent, indent, WIDTH);
        }
    }
}

static void section(const struct report *report, struct out *out, enum report_section which) {
    if (report_section_count(report, which) > 0) {
        rule(out, report_section_title(which));
        entries(report, out, which);
    }
}

static void times(const struct report *report, const struct report_rows *rows, struct out *out) {
    rule(out, "Time");
    out_print(out, "%*s  planned    given   actual    off by\n", WIDTH - 37,
              "█ spent  ▓ over  · left   ");
    for (int i = 0; i < rows->count; i++) {
        time_row(out, &rows->at[i], title_width(report));
    }
    char phases[INSIGHT_PHASES_SIZE], words[INSIGHT_PHASES_SIZE + 96];
    insight_failure_phases(report->pack, phases);
    snprintf(words, sizeof words,
             "Failure modes (%s) took %d %% of the time; the framework asks for %d %%.", phases,
             report->summary.failure_percent, report->pack->failure_share);
    out_raw(out, "\n");
    paragraph(out, 2, words);
    out_raw(out, "\n");
    entries(report, out, REPORT_MOVES);
}

static const char *sign(enum mark mark) {
    return mark == MARK_RAISED ? "●" : mark == MARK_PROMPTED ? "◐" : "○";
}

/* Columns that the sheets beside the panel's take: words for one, letters for more. */
static int sheets_width(const struct report *report) {
    int count = report_columns(report);
    return count == 1 ? 10 : count <= LETTERS ? 3 * count : 3 * LETTERS;
}

static void sheet_cells(const struct report *report, struct out *out, int item) {
    int count = report_columns(report);
    for (int i = 0; i < count && i < LETTERS; i++) {
        const struct report_mark *mark = &report->sheets[i].marks[item];
        out_raw(out, "  ");
        if (count == 1) {
            out_cell(out, mark->mark.n ? mark_name(mark->mark.mark) : "–", 8, false);
        } else {
            out_raw(out, mark->mark.n ? sign(mark->mark.mark) : "–");
        }
    }
}

static void item_row(const struct report *report, struct out *out, int item) {
    const struct report_mark *mark = report_scored(report, item);
    char clock[REPORT_CLOCK_SIZE] = "";
    bool marked = mark->mark.n != 0;
    int title = WIDTH - 31 - sheets_width(report);
    out_print(out, "  %s ", sign(mark->mark.mark));
    out_cell(out, report->pack->items[item].title, title - 2, false);
    out_raw(out, "  ");
    out_cell(out, mark_name(mark->mark.mark), 8, false);
    out_cell(out, marked ? report_clock(clock, mark->time) : "", CLOCK, true);
    out_raw(out, "  ");
    out_cell(out, marked ? report_name(report, mark->mark.by) : "", 10, false);
    sheet_cells(report, out, item);
    while (out->len && out->data[out->len - 1] == ' ') {
        out->data[--out->len] = '\0';
    }
    out_raw(out, "\n");
}

static void agreement_row(const struct report *report, struct out *out, const char *title,
                          struct insight_agreement part, bool yourself) {
    char words[REPORT_WORDS_SIZE];
    out_raw(out, "  ");
    out_cell(out, title, title_width(report), false);
    out_print(out, "  %s\n", report_agreement_words(part, yourself, words));
}

static void agreement(const struct report *report, struct out *out) {
    for (int i = 0; i < report->pair_count; i++) {
        const struct report_pair *pair = &report->pairs[i];
        bool own = report_is_own(report, pair);
        char title[2 * REPORT_WORDS_SIZE + 32];
        char a[REPORT_WORDS_SIZE];
        char b[REPORT_WORDS_SIZE];
        snprintf(title, sizeof title, "Agreement of %s with %s",
                 report_sheet_words(report, pair->b, b), report_sheet_words(report, pair->a, a));
        rule(out, title);
        agreement_row(report, out, "Interview", pair->whole, own);
        for (int p = 0; p < report->pack->phase_count; p++) {
            agreement_row(report, out, report->pack->phases[p].title, pair->phase[p], own);
        }
    }
    if (report->pair_count > 0) {
        paragraph(out, 2,
                  "Of the items that either sheet marks, those on which both say the same; and on "
                  "how many of the others the first is kinder or harder than the second.");
    }
}

static void sheet_heads(const struct report *report, struct out *out) {
    int count = report_columns(report);
    out_raw(out, count ? "panel      at  by        " : "mark       at  by");
    if (count == 1) {
        out_raw(out, "  ");
        out_cell(out, report_sheet_title(report, 0), 8, false);
    }
    for (int i = 0; count > 1 && i < count && i < LETTERS; i++) {
        out_print(out, "  %c", 'A' + i);
    }
    while (out->len && out->data[out->len - 1] == ' ') {
        out->data[--out->len] = '\0';
    }
    out_raw(out, "\n");
}

/* Which letter is whose sheet. */
static void sheet_legend(const struct report *report, struct out *out) {
    int count = report_columns(report);
    char words[REPORT_WORDS_SIZE];
    for (int i = 0; count > 1 && i < count; i++) {
        if (i < LETTERS) {
            out_print(out, "  %c  ", 'A' + i);
        } else {
            out_raw(out, "  not shown: ");
        }
        out_wrapped(out, report_sheet_words(report, i, words), i < LETTERS ? 5 : 13, 5, WIDTH);
    }
}

static void rubric(const struct report *report, struct out *out) {
    sheet_legend(report, out);
    for (int p = 0; p < report->pack->phase_count; p++) {
        char title[64];
        snprintf(title, sizeof title, "%d ", p + 1);
        out_raw(out, "\n");
        out_raw(out, title);
        out_cell(out, report->pack->phases[p].title, WIDTH - 29 - sheets_width(report), false);
        sheet_heads(report, out);
        for (int i = 0; i < report->pack->item_count; i++) {
            if (report->pack->items[i].phase == p) {
                item_row(report, out, i);
            }
        }
    }
}

static void missed(const struct report *report, struct out *out, enum mark mark) {
    struct report_missed at = {.mark = mark, .item = -1};
    bool any = false;
    for (; report_missed_next(report, &at); any = true) {
        const char *counts = report_counts(report, at.item);
        if (!any) {
            rule(out, report_missed_title(mark));
        }
        if (at.opens) {
            out_raw(out, "  ");
            out_typed(out, OUT_TEXT, report->pack->phases[at.phase].title);
            out_print(out, "%s\n", report->phases[at.phase].reached ? "" : " (never reached)");
        }
        out_print(out, "    %s ", sign(mark));
        out_wrapped(out, report->pack->items[at.item].title, 6, 6, WIDTH);
        if (counts) {
            out_raw(out, "        counts: ");
            out_wrapped(out, counts, 16, 16, WIDTH);
        }
    }
}

static void points(struct out *out, const char *title, const struct report_point *at, int count) {
    if (count > 0) {
        rule(out, title);
    }
    for (int i = 0; i < count; i++) {
        out_print(out, "  %d  ", i + 1);
        out_wrapped(out, at[i].words, 5, 5, WIDTH);
        if (at[i].fix) {
            out_raw(out, "     Instead: ");
            out_wrapped(out, at[i].fix, 14, 14, WIDTH);
        }
    }
}

static void change(const struct report *report, struct out *out) {
    char words[2][REPORT_WORDS_SIZE];
    if (!report->past) {
        return;
    }
    rule(out, "Change");
    out_print(out, "  %*s%8s%8s%8s%8s\n", title_width(report), "", "now", "last", "change",
              "level");
    for (int p = -1; p < report->pack->phase_count; p++) {
        struct report_past_row row;
        report_past_row(report, p, &row);
        out_raw(out, "  ");
        out_cell(out, row.title, title_width(report), false);
        out_cell(out, row.now, 8, true);
        out_cell(out, row.last, 8, true);
        out_cell(out, row.change, 8, true);
        out_cell(out, row.level, 8, true);
        out_raw(out, "\n");
    }
    report_past_last(report, words[0]);
    report_past_level(report, words[1]);
    out_raw(out, "\n");
    paragraph(out, 2, "Percent of the items of the phases reached that were raised.");
    for (int i = 0; i < 2; i++) {
        if (words[i][0]) {
            out_raw(out, i ? "  Level: " : "  Last: ");
            out_wrapped(out, words[i], i ? 9 : 8, 9, WIDTH);
        }
    }
}

static void one_half(const struct report *report, struct out *out) {
    struct report_rows rows;
    struct report_points proposed;
    report_rows_fill(report, &rows);
    report_points_fill(report, &proposed);
    head(report, out);
    report_verdict_text(report, out);
    points(out, "Strengths", proposed.strengths,
           proposed.own_strengths ? 0 : proposed.strength_count);
    points(out, "Next steps", proposed.steps, proposed.own_steps ? 0 : proposed.step_count);
    change(report, out);
    scorecard(report, &rows, out);
    times(report, &rows, out);
    rule(out, "Rubric");
    rubric(report, out);
    agreement(report, out);
    missed(report, out, MARK_NOT_YET);
    missed(report, out, MARK_PROMPTED);
    section(report, out, REPORT_CORRECTIONS);
    section(report, out, REPORT_FLAGS);
    section(report, out, REPORT_QUESTIONS);
    section(report, out, REPORT_FACTS);
    report_board_text(report, out);
    section(report, out, REPORT_ALARMS);
    section(report, out, REPORT_LINES);
    if (report->pack->source && *report->pack->source) {
        rule(out, "Source");
        paragraph(out, 2, report->pack->source);
    }
}

void report_text(const struct report *report, struct out *out) {
    static const char *const titles[] = {"FIRST HALF\n\n",
                                         "\n\nSECOND HALF, with the roles turned\n\n"};
    const struct report *halves[2];
    int count = report_halves(report, halves);
    for (int i = 0; i < count; i++) {
        out_raw(out, count > 1 ? titles[i] : "");
        one_half(halves[i], out);
    }
}
