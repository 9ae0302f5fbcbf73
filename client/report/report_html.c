/* SPDX-License-Identifier: ISC */
/*
 * report_html.c: the report as one page. Its invariants are those of html.h.
 */
#include <stdio.h>

#include "client/report/html.h"
#include "client/report/report_board.h"
#include "client/report/report_parts.h"
#include "client/report/report_past.h"
#include "client/report/report_points.h"
#include "client/report/report_verdict.h"

static void head(const struct report *report, struct out *out, const char *eyebrow) {
    char date[REPORT_MOMENT_SIZE];
    struct report_notices notices;
    const struct room *room = report->room;
    out_print(out, "<header>\n<div class=\"eyebrow\">%s</div>\n", eyebrow);
    html_element(out, report->pack->lang[0] ? "<h1 lang=\"" : "<h1", report->pack->lang,
                 report->pack->lang[0] ? "\">" : ">");
    html_element(out, "", report->pack->title, "</h1>\n");
    html_element(out, "<p class=\"soft\">", report->pack->framework_title, " · ");
    html_element(out, "", report->pack->level, " · ");
    html_typed(out, report->plan);
    out_print(out, "%s%s<br>%s · room %s · %s</p>\n",
              room->mode & MODE_TRAINING ? " · training" : "",
              room->mode & MODE_GUIDED ? " · guided" : "", report_date(report, date),
              report->room_id, stage_shown(room->stage));
    out_raw(out, "<ul class=\"people\">\n");
    for (uint8_t i = 0; i < room->seat_count; i++) {
        if (room->seats[i].role != ROLE_NONE) {
            html_element(out, "<li>", room->seats[i].name, "");
            out_print(out, " <span class=\"soft\">%s</span></li>\n",
                      role_name(room->seats[i].role));
        }
    }
    out_raw(out, "</ul>\n");
    report_notices_fill(report, &notices);
    for (int i = 0; i < notices.count; i++) {
        html_element(out, "<p class=\"notice\">", notices.at[i], "</p>\n");
    }
    out_raw(out, "</header>\n");
}

static void tiles(const struct report *report, struct out *out) {
    const struct insight_summary *sum = &report->summary;
    char figure[32];
    char what[128];
    char words[INSIGHT_WORDS_SIZE];
    char planned[24];
    out_raw(out, "<section class=\"tiles\">\n");
    snprintf(figure, sizeof figure, "%d", sum->raised);
    snprintf(what, sizeof what, "of %d raised%s", sum->items,
             report->scores_self ? " (own view)" : "");
    html_tile(out, figure, what);
    snprintf(figure, sizeof figure, "%d", sum->prompted);
    html_tile(out, figure, "prompted");
    clock_text(figure, sizeof figure, sum->actual);
    clock_text(planned, sizeof planned, sum->planned);
    snprintf(what, sizeof what, "of %s planned", planned);
    html_tile(out, figure, what);
    snprintf(figure, sizeof figure, "%d %%", sum->failure_percent);
    snprintf(what, sizeof what, "on failure modes, %d\u00a0%% asked for",
             report->pack->failure_share);
    html_tile(out, figure, what);
    if (report->role != ROLE_CANDIDATE || report->room->opened) {
        snprintf(figure, sizeof figure, "%d", sum->flags);
        html_tile(out, figure, sum->flags == 1 ? "flag" : "flags");
    }
    if (report->comparable) {
        snprintf(figure, sizeof figure, "%d %%", insight_percent(report->agreement));
        snprintf(what, sizeof what, "agreement of both sheets: %s",
                 insight_words(report->agreement, report->role == ROLE_CANDIDATE, words));
        html_tile(out, figure, what);
    }
    out_raw(out, "</section>\n");
}

static void timeline(const struct report *report, struct out *out) {
    if (!report->room->clock.started_at) {
        return;
    }
    out_raw(out, "<section>\n<h2>Timeline</h2>\n<div class=\"card\"><p class=\"sideways\">Goes on "
                 "to the right: swipe, or scroll sideways.</p><div class=\"scroll\" tabindex=\"0\" "
                 "role=\"region\" aria-label=\"Timeline\">\n");
    report_svg(report, out);
    out_raw(out,
            "</div>\n<div class=\"legend\"><span><i style=\"background:var(--raised)\"></i>"
            "raised</span><span><i style=\"border:2.5px solid var(--prompted)\"></i>prompted"
            "</span><span><i class=\"q\" style=\"background:var(--over)\"></i>flag</span>"
            "<span><i class=\"q\" style=\"background:var(--p0)\"></i>fact</span><span><i "
            "class=\"q\" style=\"background:var(--p5)\"></i>curveball</span><span><i class=\"q\" "
            "style=\"background:repeating-linear-gradient(45deg,var(--soft) 0 2px,transparent "
            "2px 4px)\"></i>paused</span><span>minutes from the start, pauses included</span>"
            "</div></div>\n</section>\n");
}

/* The start of a row of bars: its title, and what comes of `class` for all its cells. */
static const char *open_bar(struct out *out, const struct report_row *row) {
    const char *class = row->whole ? " sum" : "";
    out_print(out, "<div class=\"t%s\">", class);
    html_typed(out, row->title);
    out_raw(out, "</div><div class=\"bar\">");
    return class;
}

static void score_row(struct out *out, const struct report_row *row) {
    const struct insight_phase *count = &row->ledger;
    int none = count->items - count->raised - count->prompted;
    const char *class = open_bar(out, row);
    html_part(out, "r", count->raised, count->items);
    html_part(out, "m", count->prompted, count->items);
    html_part(out, "e", none, count->items);
    out_print(
        out,
        "</div><div class=\"n%s\">%d&nbsp;raised · %d&nbsp;prompted · %d&nbsp;not&nbsp;yet</div>\n",
        class, count->raised, count->prompted, none);
}

static void scorecard(const struct report *report, const struct report_rows *rows,
                      struct out *out) {
    out_print(out, "<section>\n<h2>Scorecard%s</h2>\n<div class=\"card bars\">\n",
              report->scores_self ? " (self-assessment)" : "");
    for (int i = 0; i < rows->count; i++) {
        score_row(out, &rows->at[i]);
    }
    out_raw(out, "</div>\n</section>\n");
}

static void time_row(struct out *out, const struct report_row *row) {
    const struct insight_phase *time = &row->ledger;
    bool changed = time->budget != time->planned;
    const char *class = open_bar(out, row);
    html_part(out, "s", row->inside, row->scale);
    html_part(out, "o", time->actual - row->inside, row->scale);
    html_part(out, "e", time->budget - row->inside, row->scale);
    out_print(out, "</div><div class=\"n%s\">%s of %s%s%s%s · %s</div>\n", class, row->actual,
              row->planned, changed ? " (became&nbsp;" : "", changed ? row->given : "",
              changed ? ")" : "", row->over);
}

static void entries(const struct report *report, struct out *out, enum report_section section) {
    for (uint32_t i = 0; i < report_section_count(report, section); i++) {
        struct report_entry entry;
        report_entry_get(report, section, i, &entry);
        out_print(out, "<li><time>%s</time><div%s><span class=\"tag\">", entry.clock,
                  section == REPORT_MOVES ? " class=\"one\"" : "");
        html_typed(out, entry.who);
        out_print(out, "%s%s", *entry.kind && *entry.who ? " · " : "", entry.kind);
        html_element(out, "</span><p>", report_entry_words(&entry), "</p>");
        if (entry.more) {
            out_print(out, "<p class=\"fix\"><span class=\"tag\">%s:</span> ", entry.label);
            html_element(out, "", entry.more, "</p>");
        }
        out_raw(out, "</div></li>\n");
    }
}

static void times(const struct report *report, const struct report_rows *rows, struct out *out) {
    out_raw(out, "<section>\n<h2>Time</h2>\n<div class=\"card bars\">\n");
    for (int i = 0; i < rows->count; i++) {
        time_row(out, &rows->at[i]);
    }
    char phases[INSIGHT_PHASES_SIZE];
    insight_failure_phases(report->pack, phases);
    out_raw(out, "</div>\n<p class=\"soft small\">Blue: spent, red: over its time, grey: left. "
                 "Failure modes (");
    html_typed(out, phases);
    out_print(out, ") took %d\u00a0%% of the time; the framework asks for %d\u00a0%%.</p>\n",
              report->summary.failure_percent, report->pack->failure_share);
    if (report->move_count > 0) {
        out_print(out, "<h3>%s</h3>\n<div class=\"card\"><ul class=\"log\">\n",
                  report_section_title(REPORT_MOVES));
        entries(report, out, REPORT_MOVES);
        out_raw(out, "</ul></div>\n");
    }
    out_raw(out, "</section>\n");
}

static void pill(struct out *out, const struct report_mark *mark, const char *none) {
    static const char *const classes[] = {"y", "m", "r"};
    bool said = mark->mark.n != 0;
    out_print(out, "<span class=\"pill %s\">%s</span>", said ? classes[mark->mark.mark] : "y",
              said ? mark_name(mark->mark.mark) : none);
}

static void item_row(const struct report *report, struct out *out, int item) {
    const struct report_mark *mark = report_scored(report, item);
    char clock[REPORT_CLOCK_SIZE];
    html_element(out, "<tr><td>", report->pack->items[item].title, "</td><td class=\"w\">");
    pill(out, mark, "not yet");
    out_print(out, "</td><td class=\"n\">%s</td><td class=\"by\">",
              mark->mark.n ? report_clock(clock, mark->time) : "");
    if (mark->mark.n) {
        html_typed(out, report_name(report, mark->mark.by));
    }
    out_raw(out, "</td>");
    for (int i = 0; i < report_columns(report); i++) {
        html_element(out, "<td class=\"w s\" data-by=\"", report_sheet_title(report, i), "\">");
        pill(out, &report->sheets[i].marks[item], "–");
        out_raw(out, "</td>");
    }
    out_raw(out, "</tr>\n");
}

static void table_head(const struct report *report, struct out *out) {
    int columns = report_columns(report);
    out_print(out,
              "</h3>\n<table class=\"items%s\"><tr><th>Item</th><th>%s</th><th "
              "class=\"n\">At</th><th>By</th>",
              columns > 1 ? " many" : "", report->scores_self ? "Self" : "Panel");
    for (int i = 0; i < columns; i++) {
        html_element(out, "<th>", report->sheets[i].sealed ? report_sheet_title(report, i) : "Self",
                     "</th>");
    }
    out_raw(out, "</tr>\n");
}

static void agreement_cell(struct out *out, struct insight_agreement part, bool yourself) {
    char words[REPORT_WORDS_SIZE];
    html_element(out, "<td>", part.counted ? report_agreement_words(part, yourself, words) : "–",
                 "</td>");
}

/* A column for each two sheets; one pair alone stands beside the phases' titles. */
static void agreement_table(const struct report *report, struct out *out) {
    char words[REPORT_WORDS_SIZE];
    out_raw(out, "<h3>Agreement</h3>\n<div class=\"wide\"><table>\n<tr><th>Phase</th>");
    for (int i = 0; i < report->pair_count; i++) {
        html_element(out, "<th>", report_sheet_words(report, report->pairs[i].b, words), "");
        html_element(out, " with ", report_sheet_words(report, report->pairs[i].a, words), "</th>");
    }
    for (int p = -1; p < report->pack->phase_count; p++) {
        html_element(out, "</tr>\n<tr><td>", p < 0 ? "Interview" : report->pack->phases[p].title,
                     "</td>");
        for (int i = 0; i < report->pair_count; i++) {
            const struct report_pair *pair = &report->pairs[i];
            agreement_cell(out, p < 0 ? pair->whole : pair->phase[p], report_is_own(report, pair));
        }
    }
    out_raw(out, "</tr>\n</table></div>\n");
}

static void phase_agreement(const struct report *report, struct out *out, int p) {
    struct insight_agreement part_of = report->phases[p].agreement;
    char words[REPORT_WORDS_SIZE];
    if (report->comparable && report->pair_count == 1 && part_of.counted) {
        out_print(out, " <span class=\"soft small\">agreement %s</span>",
                  report_agreement_words(part_of, report->role == ROLE_CANDIDATE, words));
    }
}

static void rubric(const struct report *report, struct out *out) {
    out_raw(out, "<section>\n<h2>Rubric</h2>\n");
    for (int p = 0; p < report->pack->phase_count; p++) {
        out_print(out, "<h3>%d ", p + 1);
        html_typed(out, report->pack->phases[p].title);
        phase_agreement(report, out, p);
        table_head(report, out);
        for (int i = 0; i < report->pack->item_count; i++) {
            if (report->pack->items[i].phase == p) {
                item_row(report, out, i);
            }
        }
        out_raw(out, "</table>\n");
    }
    if (report->pair_count > 1 || (report->pair_count == 1 && !report->comparable)) {
        agreement_table(report, out);
    }
    if (report->pair_count > 0) {
        out_raw(out,
                "<p class=\"soft small\">Agreement: of the items that either sheet marks, those "
                "on which both say the same; and on how many of the others the first is kinder or "
                "harder than the second.</p>\n");
    }
    out_raw(out, "</section>\n");
}

static void missed_head(const struct report *report, struct out *out,
                        const struct report_missed *at, bool any) {
    html_element(out, any ? "</ul>\n<h3>" : "<h3>", report->pack->phases[at->phase].title, "");
    out_raw(out, report->phases[at->phase].reached
                     ? "</h3>\n<ul class=\"never\">\n"
                     : " <span class=\"soft small\">never reached</span></h3>\n<ul "
                       "class=\"never\">\n");
}

static void missed(const struct report *report, struct out *out, enum mark mark) {
    struct report_missed at = {.mark = mark, .item = -1};
    bool any = false;
    for (; report_missed_next(report, &at); any = true) {
        const char *counts = report_counts(report, at.item);
        if (!any) {
            out_print(out, "<section>\n<h2>%s</h2>\n<div class=\"card\">\n",
                      report_missed_title(mark));
        }
        if (at.opens) {
            missed_head(report, out, &at, any);
        }
        html_element(out, "<li>", report->pack->items[at.item].title, "");
        if (counts) {
            html_element(out, "<p class=\"counts\">", counts, "</p>");
        }
        out_raw(out, "</li>\n");
    }
    out_raw(out, any ? "</ul>\n</div>\n</section>\n" : "");
}

static void point_list(struct out *out, const char *title, const struct report_point *at,
                       int count) {
    out_print(out, "<div class=\"card\"><h2>%s</h2>\n<ol>\n", title);
    for (int i = 0; i < count; i++) {
        html_element(out, "<li>", at[i].words, "");
        if (at[i].fix) {
            html_element(out, "<p class=\"fix\"><span class=\"tag\">instead:</span> ", at[i].fix,
                         "</p>");
        }
        out_raw(out, "</li>\n");
    }
    out_raw(out, count > 0 ? "</ol></div>\n" : "</ol><p class=\"soft\">None yet.</p></div>\n");
}

/* What the panel said itself stands in its verdicts. */
static void points(const struct report *report, struct out *out) {
    struct report_points points;
    report_points_fill(report, &points);
    if (points.own_strengths && points.own_steps) {
        return;
    }
    out_raw(out, "<section class=\"points\">\n");
    if (!points.own_strengths) {
        point_list(out, "Strengths", points.strengths, points.strength_count);
    }
    if (!points.own_steps) {
        point_list(out, "Next steps", points.steps, points.step_count);
    }
    out_raw(out, "</section>\n");
}

static void change(const struct report *report, struct out *out) {
    char words[REPORT_WORDS_SIZE];
    if (!report->past) {
        return;
    }
    out_raw(out, "<section>\n<h2>Change</h2>\n<div class=\"card wide\"><table>\n<tr><th>Raised</th>"
                 "<th class=\"n\">Now</th><th class=\"n\">Last</th><th class=\"n\">Change</th>"
                 "<th class=\"n\">Level</th></tr>\n");
    for (int p = -1; p < report->pack->phase_count; p++) {
        struct report_past_row row;
        report_past_row(report, p, &row);
        html_element(out, "<tr><td>", row.title, "</td>");
        out_print(out,
                  "<td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td>"
                  "<td class=\"n\">%s</td></tr>\n",
                  row.now, row.last, row.change, row.level);
    }
    out_raw(out, "</table></div>\n<p class=\"soft small\">Percent of the items of the phases "
                 "reached that were raised. Last: ");
    html_typed(out, *report_past_last(report, words) ? words : "none");
    html_element(out, ". Level: ", *report_past_level(report, words) ? words : "no other interview",
                 ".</p>\n</section>\n");
}

static void section(const struct report *report, struct out *out, enum report_section which) {
    if (report_section_count(report, which) > 0) {
        out_print(out, "<section>\n<h2>%s</h2>\n<div class=\"card\"><ul class=\"log\">\n",
                  report_section_title(which));
        entries(report, out, which);
        out_raw(out, "</ul></div>\n</section>\n");
    }
}

static void one_half(const struct report *report, struct out *out, const char *eyebrow) {
    struct report_rows rows;
    report_rows_fill(report, &rows);
    head(report, out, eyebrow);
    report_verdict_html(report, out);
    points(report, out);
    tiles(report, out);
    change(report, out);
    timeline(report, out);
    scorecard(report, &rows, out);
    times(report, &rows, out);
    section(report, out, REPORT_FLAGS);
    rubric(report, out);
    missed(report, out, MARK_NOT_YET);
    missed(report, out, MARK_PROMPTED);
    section(report, out, REPORT_CORRECTIONS);
    section(report, out, REPORT_QUESTIONS);
    section(report, out, REPORT_FACTS);
    report_board_html(report, out);
    section(report, out, REPORT_ALARMS);
    section(report, out, REPORT_LINES);
    html_element(out, "<footer>", report->pack->source, "</footer>\n");
}

void report_html(const struct report *report, struct out *out) {
    static const char *const eyebrows[] = {"Interview report, first half",
                                           "Interview report, second half, with the roles turned"};
    const struct report *halves[2];
    int count = report_halves(report, halves);
    html_begin(out, report->pack->title, " – interview report", "");
    for (int i = 0; i < count; i++) {
        one_half(halves[i], out, count > 1 ? eyebrows[i] : "Interview report");
    }
    html_end(out);
}
