/*
 * report_html.c: the report as one page that needs nothing else: no script, no network, its style inside.
 *
 * Invariant: every text of a person or a pack goes through typed(), so none can become markup; the page's
 * own policy forbids scripts and loading on top of that.
 */
#include <stdio.h>

#include "client/report.h"

static void typed(struct out *out, const char *text) {
    out_typed(out, OUT_HTML, text ? text : "");
}

static void element(struct out *out, const char *open, const char *text, const char *close) {
    out_raw(out, open);
    typed(out, text);
    out_raw(out, close);
}

static void head(const struct report *report, struct out *out) {
    char date[REPORT_CLOCK_SIZE];
    const struct room *room = report->room;
    out_raw(out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
            "'unsafe-inline'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
    element(out, "<title>", report->pack->title, " – interview report</title>\n<style>\n");
    out_raw(out, report_style);
    out_raw(out, "</style>\n</head>\n<body>\n<main>\n<header>\n<div class=\"eyebrow\">Interview "
                 "report</div>\n");
    element(out, "<h1>", report->pack->title, "</h1>\n");
    element(out, "<p class=\"soft\">", report->pack->framework_title, " · ");
    element(out, "", report->pack->level, " · ");
    typed(out, report->plan);
    out_print(out, "%s%s<br>%s · room %s · %s</p>\n",
              room->mode & MODE_TRAINING ? " · training" : "",
              room->mode & MODE_GUIDED ? " · guided" : "", report_date(report, date),
              report->room_id, stage_name(room->stage));
    out_raw(out, "<ul class=\"people\">\n");
    for (uint8_t i = 0; i < room->seat_count; i++) {
        if (room->seats[i].role != ROLE_NONE) {
            element(out, "<li>", room->seats[i].name, "");
            out_print(out, " <span class=\"soft\">%s</span></li>\n",
                      role_name(room->seats[i].role));
        }
    }
    out_raw(out, "</ul>\n");
    if (report->damage) {
        element(out, "<p class=\"notice\">", report->damage, "</p>\n");
    }
    if (report->missing) {
        element(out, "<p class=\"notice\">", report->missing, "</p>\n");
    }
    out_raw(out, "</header>\n");
}

static void tile(struct out *out, const char *figure, const char *what) {
    out_print(out, "<div class=\"card tile\"><b>%s</b><span>%s</span></div>\n", figure, what);
}

static void tiles(const struct report *report, struct out *out) {
    const struct insight_summary *sum = &report->summary;
    char figure[32];
    char what[80];
    char planned[24];
    out_raw(out, "<section class=\"tiles\">\n");
    snprintf(figure, sizeof figure, "%d", sum->raised);
    snprintf(what, sizeof what, "of %d raised%s", sum->items,
             report->scores_self ? " (own view)" : "");
    tile(out, figure, what);
    snprintf(figure, sizeof figure, "%d", sum->prompted);
    tile(out, figure, "prompted");
    clock_text(figure, sizeof figure, sum->actual);
    clock_text(planned, sizeof planned, sum->planned);
    snprintf(what, sizeof what, "of %s planned", planned);
    tile(out, figure, what);
    snprintf(figure, sizeof figure, "%d %%", sum->failure_percent);
    snprintf(what, sizeof what, "on failure modes, %d %% asked for", report->pack->failure_share);
    tile(out, figure, what);
    if (report->role != ROLE_CANDIDATE || report->room->opened) {
        snprintf(figure, sizeof figure, "%d", sum->flags);
        tile(out, figure, sum->flags == 1 ? "flag" : "flags");
    }
    if (report->comparable) {
        snprintf(figure, sizeof figure, "%d %%", report_percent(report->agreement));
        snprintf(what, sizeof what, "agreement of both sheets, κ %.2f", report->agreement.kappa);
        tile(out, figure, what);
    }
    out_raw(out, "</section>\n");
}

static void timeline(const struct report *report, struct out *out) {
    if (!report->room->clock.started_at) {
        return;
    }
    out_raw(out, "<section>\n<h2>Timeline</h2>\n<div class=\"card\"><div class=\"scroll\">\n");
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

/* A part of a bar, in thousandths of its width. */
static void part(struct out *out, const char *class, int64_t amount, int64_t whole) {
    int64_t share = whole > 0 ? (amount * 1000 + whole / 2) / whole : 0;
    if (share > 0) {
        out_print(out, "<i class=\"%s\" style=\"width:%lld.%lld%%\"></i>", class,
                  (long long)(share / 10), (long long)(share % 10));
    }
}

static void score_row(struct out *out, const char *title, const char *class, int raised,
                      int prompted, int items) {
    out_print(out, "<div class=\"t%s\">", class);
    typed(out, title);
    out_raw(out, "</div><div class=\"bar\">");
    part(out, "r", raised, items);
    part(out, "m", prompted, items);
    part(out, "e", items - raised - prompted, items);
    out_print(out, "</div><div class=\"n%s\">%d raised · %d prompted · %d not yet</div>\n", class,
              raised, prompted, items - raised - prompted);
}

static void scorecard(const struct report *report, struct out *out) {
    const struct insight_summary *sum = &report->summary;
    out_print(out, "<section>\n<h2>Scorecard%s</h2>\n<div class=\"card bars\">\n",
              report->scores_self ? " (self-assessment)" : "");
    for (uint8_t i = 0; i < report->pack->phase_count; i++) {
        const struct report_phase *phase = &report->phases[i];
        score_row(out, phase->phase->title, "", phase->ledger.raised, phase->ledger.prompted,
                  phase->ledger.items);
    }
    score_row(out, "Interview", " sum", sum->raised, sum->prompted, sum->items);
    out_raw(out, "</div>\n</section>\n");
}

static void time_row(struct out *out, const char *title, const char *class,
                     struct insight_phase phase, int64_t scale, const char *over) {
    char planned[24];
    char budget[24];
    char actual[24];
    int64_t inside = phase.actual < phase.budget ? phase.actual : phase.budget;
    clock_text(planned, sizeof planned, phase.planned);
    clock_text(budget, sizeof budget, phase.budget);
    clock_text(actual, sizeof actual, phase.actual);
    out_print(out, "<div class=\"t%s\">", class);
    typed(out, title);
    out_raw(out, "</div><div class=\"bar\">");
    part(out, "s", inside, scale);
    part(out, "o", phase.actual - inside, scale);
    part(out, "e", phase.budget - inside, scale);
    out_print(out, "</div><div class=\"n%s\">%s of %s%s%s%s · %s</div>\n", class, actual, planned,
              phase.budget != phase.planned ? " (became " : "",
              phase.budget != phase.planned ? budget : "", phase.budget != phase.planned ? ")" : "",
              over);
}

static void log_entry(struct out *out, const char *clock, const char *who, const char *kind,
                      const char *words) {
    out_print(out, "<li><time>%s</time><div><span class=\"tag\">", clock);
    typed(out, who);
    out_print(out, "%s%s</span><p>", *kind && *who ? " · " : "", kind);
    typed(out, words);
    out_raw(out, "</p>");
}

static void times(const struct report *report, struct out *out) {
    const struct insight_summary *sum = &report->summary;
    struct insight_phase whole = {.planned = sum->planned, .actual = sum->actual};
    char clock[REPORT_CLOCK_SIZE];
    char words[REPORT_WORDS_SIZE];
    char over[REPORT_CLOCK_SIZE];
    int64_t scale = 1;
    for (uint8_t i = 0; i < report->pack->phase_count; i++) {
        struct insight_phase ledger = report->phases[i].ledger;
        int64_t longest = ledger.actual > ledger.budget ? ledger.actual : ledger.budget;
        scale = longest > scale ? longest : scale;
        whole.budget += ledger.budget;
    }
    out_raw(out, "<section>\n<h2>Time</h2>\n<div class=\"card bars\">\n");
    for (uint8_t i = 0; i < report->pack->phase_count; i++) {
        time_row(out, report->phases[i].phase->title, "", report->phases[i].ledger, scale,
                 report_phase_over(&report->phases[i], over));
    }
    time_row(out, "Interview", " sum", whole,
             whole.actual > whole.budget ? whole.actual : whole.budget,
             report_over(over, whole.actual - whole.budget));
    out_print(out,
              "</div>\n<p class=\"soft small\">Blue: spent, red: over its time, grey: left. "
              "Failure modes took %d %% of the time; the framework asks for %d %%.</p>\n",
              sum->failure_percent, report->pack->failure_share);
    out_raw(out, report->move_count
                     ? "<h3>Who moved the clock</h3>\n<div class=\"card\"><ul class=\"log\">\n"
                     : "");
    for (uint16_t i = 0; i < report->move_count; i++) {
        const struct ledger_move *move = &report->moves[i];
        out_print(out, "<li><time>%s</time><div class=\"one\"><span class=\"tag\">",
                  report_clock(clock, move->time));
        typed(out, report_name(report, move->by));
        element(out, "</span><p>", report_move_words(report, words, move), "</p>");
        out_raw(out, "</div></li>\n");
    }
    out_raw(out, report->move_count ? "</ul></div>\n</section>\n" : "</section>\n");
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
    element(out, "<tr><td>", report->pack->items[item].title, "</td><td class=\"w\">");
    pill(out, mark, "not yet");
    out_print(out, "</td><td class=\"n\">%s</td><td class=\"by\">",
              mark->mark.n ? report_clock(clock, mark->time) : "");
    if (mark->mark.n) {
        typed(out, report_name(report, mark->mark.by));
    }
    out_raw(out, "</td>");
    if (report->has_panel && report->has_self) {
        out_raw(out, "<td class=\"w s\">");
        pill(out, &report->self[item], "–");
        out_raw(out, "</td>");
    }
    out_raw(out, "</tr>\n");
}

static void rubric(const struct report *report, struct out *out) {
    bool both = report->has_panel && report->has_self;
    out_raw(out, "<section>\n<h2>Rubric</h2>\n");
    for (int p = 0; p < report->pack->phase_count; p++) {
        struct insight_agreement part_of = report->phases[p].agreement;
        out_print(out, "<h3>%d ", p + 1);
        typed(out, report->pack->phases[p].title);
        if (report->comparable && part_of.counted) {
            out_print(out, " <span class=\"soft small\">agreement %d %% (%d of %d), κ %.2f</span>",
                      report_percent(part_of), part_of.same, part_of.counted, part_of.kappa);
        }
        out_print(out,
                  "</h3>\n<table class=\"items\"><tr><th>Item</th><th>%s</th><th "
                  "class=\"n\">At</th><th>By</th>%s</tr>\n",
                  report->scores_self ? "Self" : "Panel", both ? "<th>Self</th>" : "");
        for (int i = 0; i < report->pack->item_count; i++) {
            if (report->pack->items[i].phase == p) {
                item_row(report, out, i);
            }
        }
        out_raw(out, "</table>\n");
    }
    if (report->comparable) {
        out_raw(out,
                "<p class=\"soft small\">Agreement: of the items that either sheet marks, those "
                "on which both say the same. κ, over all items: J. Cohen (1960), <i>A coefficient "
                "of agreement for nominal scales</i>.</p>\n");
    }
    out_raw(out, "</section>\n");
}

static void never_phase(const struct report *report, struct out *out, int p) {
    bool any = false;
    for (int i = 0; i < report->pack->item_count; i++) {
        if (report->pack->items[i].phase != p || report_came_up(report, i)) {
            continue;
        }
        if (!any) {
            element(out, "<h3>", report->pack->phases[p].title, "");
            out_raw(out, report->phases[p].reached
                             ? "</h3>\n<ul class=\"never\">\n"
                             : " <span class=\"soft small\">never reached</span></h3>\n<ul "
                               "class=\"never\">\n");
        }
        element(out, "<li>", report->pack->items[i].title, "</li>\n");
        any = true;
    }
    out_raw(out, any ? "</ul>\n" : "");
}

static void never(const struct report *report, struct out *out) {
    const struct insight_summary *sum = &report->summary;
    if (sum->raised + sum->prompted >= sum->items) {
        return;
    }
    out_raw(out, "<section>\n<h2>Never came up</h2>\n<div class=\"card\">\n");
    for (int p = 0; p < report->pack->phase_count; p++) {
        never_phase(report, out, p);
    }
    out_raw(out, "</div>\n</section>\n");
}

static void section(struct out *out, const char *title) {
    out_print(out, "<section>\n<h2>%s</h2>\n<div class=\"card\"><ul class=\"log\">\n", title);
}

static void flags(const struct report *report, struct out *out) {
    const struct room *room = report->room;
    char clock[REPORT_CLOCK_SIZE];
    if (room->flag_count == 0) {
        return;
    }
    section(out, "Flags");
    for (uint32_t i = 0; i < room->flag_count; i++) {
        const struct room_flag *flag = &room->flags[i];
        const struct pack_flag *what = &report->pack->flags[flag->flag];
        log_entry(out, report_clock_at(report, clock, flag->at), report_name(report, flag->by),
                  flag->on ? (what->kind == FLAG_RED ? "red flag" : "mistake") : "taken back",
                  what->title);
        if (flag->on && what->fix && *what->fix) {
            element(out, "<p class=\"fix\">Instead: ", what->fix, "</p>");
        }
        out_raw(out, "</div></li>\n");
    }
    out_raw(out, "</ul></div>\n</section>\n");
}

static void reveals(const struct report *report, struct out *out) {
    const struct room *room = report->room;
    char clock[REPORT_CLOCK_SIZE];
    if (room->reveal_count == 0) {
        return;
    }
    section(out, "Facts and curveballs");
    for (uint32_t i = 0; i < room->reveal_count; i++) {
        const struct room_reveal *reveal = &room->reveals[i];
        log_entry(out, report_clock_at(report, clock, reveal->at), report_name(report, reveal->by),
                  reveal->curveball ? "curveball" : "fact", reveal->text);
        out_raw(out, "</div></li>\n");
    }
    out_raw(out, "</ul></div>\n</section>\n");
}

static void alarms(const struct report *report, struct out *out) {
    char clock[REPORT_CLOCK_SIZE];
    if (report->alarm_count == 0) {
        return;
    }
    section(out, "Alarms");
    for (uint16_t i = 0; i < report->alarm_count; i++) {
        const struct ledger_alarm *alarm = &report->alarms[i];
        log_entry(out, report_clock(clock, alarm->time), report->pack->phases[alarm->phase].title,
                  "", report->pack->alarms[alarm->alarm].text);
        out_raw(out, "</div></li>\n");
    }
    out_raw(out, "</ul></div>\n</section>\n");
}

static void lines(const struct report *report, struct out *out) {
    char clock[REPORT_CLOCK_SIZE];
    if (report->room->line_count == 0) {
        return;
    }
    section(out, "Notes and talk");
    for (uint32_t i = 0; i < report->room->line_count; i++) {
        const struct room_line *line = report->lines[i];
        log_entry(out, report_clock_at(report, clock, line->at), report_name(report, line->by),
                  report_line_kind(line->kind), line->text);
        out_raw(out, "</div></li>\n");
    }
    out_raw(out, "</ul></div>\n</section>\n");
}

void report_html(const struct report *report, struct out *out) {
    head(report, out);
    tiles(report, out);
    timeline(report, out);
    scorecard(report, out);
    times(report, out);
    flags(report, out);
    rubric(report, out);
    never(report, out);
    reveals(report, out);
    alarms(report, out);
    lines(report, out);
    element(out, "<footer>", report->pack->source, "</footer>\n</main>\n</body>\n</html>\n");
}
