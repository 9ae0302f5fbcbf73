/*
 * report_text.c: the report for a terminal or a mail: 80 columns, straight whatever the characters' widths.
 *
 * Invariant: no line is wider than WIDTH columns.
 */
#include <stdio.h>

#include "client/report.h"

enum { WIDTH = 80, AUTHOR = 12, CLOCK = 7, TITLE_MAX = 24 };

static void rule(struct out *out, const char *title) {
    out_raw(out, "\n");
    out_raw(out, title);
    out_raw(out, " ");
    out_repeat(out, "─", WIDTH - out_columns(title) - 1);
    out_raw(out, "\n");
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
    char date[REPORT_CLOCK_SIZE];
    char line[512];
    uint32_t mode = report->room->mode;
    out_wrapped(out, report->pack->title, 0, 0, WIDTH);
    snprintf(line, sizeof line, "%s · %s · %s%s%s", report->pack->framework_title,
             report->pack->level, report->plan, mode & MODE_TRAINING ? " · training" : "",
             mode & MODE_GUIDED ? " · guided" : "");
    out_wrapped(out, line, 0, 0, WIDTH);
    out_print(out, "%s · room %s · %s\n\n", report_date(report, date), report->room_id,
              stage_name(report->room->stage));
    people(report, out);
    if (report->damage) {
        out_raw(out, "\n");
        out_wrapped(out, report->damage, 0, 0, WIDTH);
    }
    if (report->missing) {
        out_raw(out, "\n");
        out_wrapped(out, report->missing, 0, 0, WIDTH);
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

static void score_row(struct out *out, const char *title, int width, int raised, int prompted,
                      int items) {
    out_raw(out, "  ");
    out_cell(out, title, width, false);
    out_raw(out, "  ");
    stacked(out, WIDTH - width - 35, raised, prompted, items);
    out_print(out, "%9d%10d%10d\n", raised, prompted, items - raised - prompted);
}

static void scorecard(const struct report *report, struct out *out) {
    const struct insight_summary *sum = &report->summary;
    int width = title_width(report);
    rule(out, report->scores_self ? "Scorecard (self-assessment)" : "Scorecard");
    out_print(out, "%*s   raised  prompted   not yet\n", WIDTH - 31, "█ raised  ▒ prompted ");
    for (uint8_t i = 0; i < report->pack->phase_count; i++) {
        const struct report_phase *phase = &report->phases[i];
        score_row(out, phase->phase->title, width, phase->ledger.raised, phase->ledger.prompted,
                  phase->ledger.items);
    }
    score_row(out, "Interview", width, sum->raised, sum->prompted, sum->items);
}

static void time_row(struct out *out, const char *title, int width, struct insight_phase phase,
                     int64_t scale, const char *over) {
    char planned[24];
    char given[24];
    char actual[24];
    int bar = WIDTH - width - 41;
    int64_t inside = phase.actual < phase.budget ? phase.actual : phase.budget;
    int used = (int)((inside * bar + scale / 2) / scale);
    int whole = (int)((phase.actual * bar + scale / 2) / scale);
    int budget = (int)((phase.budget * bar + scale / 2) / scale);
    clock_text(planned, sizeof planned, phase.planned);
    clock_text(given, sizeof given, phase.budget);
    clock_text(actual, sizeof actual, phase.actual);
    out_raw(out, "  ");
    out_cell(out, title, width, false);
    out_raw(out, "  ");
    out_repeat(out, "█", used);
    out_repeat(out, "▓", whole - used);
    out_repeat(out, "·", budget > whole ? budget - whole : 0);
    out_print(out, "%*s", bar - (budget > whole ? budget : whole), "");
    out_cell(out, planned, 9, true);
    out_cell(out, given, 9, true);
    out_cell(out, actual, 9, true);
    out_cell(out, over, 10, true);
    out_raw(out, "\n");
}

static void moves(const struct report *report, struct out *out) {
    char words[REPORT_WORDS_SIZE];
    char clock[REPORT_CLOCK_SIZE];
    out_raw(out, "\n");
    for (uint16_t i = 0; i < report->move_count; i++) {
        const struct ledger_move *move = &report->moves[i];
        out_raw(out, "  ");
        out_cell(out, report_clock(clock, move->time), CLOCK, true);
        out_raw(out, "  ");
        out_cell(out, report_name(report, move->by), AUTHOR, false);
        out_raw(out, "  ");
        out_wrapped(out, report_move_words(report, words, move), AUTHOR + CLOCK + 6,
                    AUTHOR + CLOCK + 6, WIDTH);
    }
}

static void times(const struct report *report, struct out *out) {
    const struct insight_summary *sum = &report->summary;
    struct insight_phase whole = {.planned = sum->planned, .actual = sum->actual};
    int width = title_width(report);
    char over[REPORT_CLOCK_SIZE];
    int64_t scale = 1;
    for (uint8_t i = 0; i < report->pack->phase_count; i++) {
        struct insight_phase ledger = report->phases[i].ledger;
        int64_t longest = ledger.actual > ledger.budget ? ledger.actual : ledger.budget;
        scale = longest > scale ? longest : scale;
        whole.budget += ledger.budget;
    }
    rule(out, "Time");
    out_print(out, "%*s  planned    given   actual    off by\n", WIDTH - 37,
              "█ spent  ▓ over  · left   ");
    for (uint8_t i = 0; i < report->pack->phase_count; i++) {
        time_row(out, report->phases[i].phase->title, width, report->phases[i].ledger, scale,
                 report_phase_over(&report->phases[i], over));
    }
    int64_t longest = whole.actual > whole.budget ? whole.actual : whole.budget;
    time_row(out, "Interview", width, whole, longest ? longest : 1,
             report_over(over, whole.actual - whole.budget));
    out_print(out, "\n  Failure modes took %d %% of the time; the framework asks for %d %%.\n",
              sum->failure_percent, report->pack->failure_share);
    moves(report, out);
}

static const char *sign(enum mark mark) {
    return mark == MARK_RAISED ? "●" : mark == MARK_PROMPTED ? "◐" : "○";
}

static void item_row(const struct report *report, struct out *out, int item) {
    const struct report_mark *mark = report_scored(report, item);
    const struct report_mark *self = &report->self[item];
    char clock[REPORT_CLOCK_SIZE] = "";
    bool marked = mark->mark.n != 0;
    bool both = report->has_panel && report->has_self;
    int title = WIDTH - 31 - (both ? 10 : 0);
    out_print(out, "  %s ", sign(mark->mark.mark));
    out_cell(out, report->pack->items[item].title, title - 2, false);
    out_raw(out, "  ");
    out_cell(out, mark_name(mark->mark.mark), 8, false);
    out_cell(out, marked ? report_clock(clock, mark->time) : "", CLOCK, true);
    out_raw(out, "  ");
    out_cell(out, marked ? report_name(report, mark->mark.by) : "", 10, false);
    if (both) {
        out_raw(out, "  ");
        out_cell(out, self->mark.n ? mark_name(self->mark.mark) : "–", 8, false);
    }
    while (out->len && out->data[out->len - 1] == ' ') {
        out->data[--out->len] = '\0';
    }
    out_raw(out, "\n");
}

static void agreement(const struct report *report, struct out *out) {
    char line[256];
    if (!report->comparable) {
        return;
    }
    rule(out, "Agreement of the self-assessment with the panel's sheet");
    for (int i = -1; i < report->pack->phase_count; i++) {
        struct insight_agreement part = i < 0 ? report->agreement : report->phases[i].agreement;
        out_raw(out, "  ");
        out_cell(out, i < 0 ? "Interview" : report->phases[i].phase->title, title_width(report),
                 false);
        if (part.counted) {
            snprintf(line, sizeof line, "%d of %d", part.same, part.counted);
            out_print(out, "  %3d %%  ", report_percent(part));
            out_cell(out, line, 10, true);
            out_print(out, "   kappa %5.2f\n", part.kappa);
        } else {
            out_raw(out, "    –    nothing marked\n");
        }
    }
    snprintf(
        line, sizeof line,
        "Percent: of the items that either sheet marks, those on which both say the same. "
        "Kappa over all items: J. Cohen (1960), A coefficient of agreement for nominal scales.");
    paragraph(out, 2, line);
}

static void rubric(const struct report *report, struct out *out) {
    for (int p = 0; p < report->pack->phase_count; p++) {
        char title[64];
        snprintf(title, sizeof title, "%d ", p + 1);
        out_raw(out, "\n");
        out_raw(out, title);
        bool both = report->has_panel && report->has_self;
        int column = WIDTH - 31 - (both ? 10 : 0);
        out_cell(out, report->pack->phases[p].title, column + 2, false);
        out_print(out, "%s\n", both ? "panel      at  by          self" : "mark       at  by");
        for (int i = 0; i < report->pack->item_count; i++) {
            if (report->pack->items[i].phase == p) {
                item_row(report, out, i);
            }
        }
    }
}

static void never(const struct report *report, struct out *out) {
    bool any = false;
    for (int p = 0; p < report->pack->phase_count; p++) {
        bool first = true;
        for (int i = 0; i < report->pack->item_count; i++) {
            if (report->pack->items[i].phase != p || report_came_up(report, i)) {
                continue;
            }
            if (!any) {
                rule(out, "Never came up");
            }
            if (first) {
                out_raw(out, "  ");
                out_typed(out, OUT_TEXT, report->pack->phases[p].title);
                out_print(out, "%s\n", report->phases[p].reached ? "" : " (never reached)");
            }
            out_raw(out, "    ○ ");
            out_wrapped(out, report->pack->items[i].title, 6, 6, WIDTH);
            any = true;
            first = false;
        }
    }
}

/* "  12:05  Ines          words…" with what follows under the words. */
static void entry(const struct report *report, struct out *out, int64_t at, const char *who,
                  const char *words) {
    char clock[REPORT_CLOCK_SIZE];
    out_raw(out, "  ");
    out_cell(out, report_clock_at(report, clock, at), CLOCK, true);
    out_raw(out, "  ");
    if (who) {
        out_cell(out, who, AUTHOR, false);
        out_raw(out, "  ");
    }
    int column = CLOCK + 4 + (who ? AUTHOR + 2 : 0);
    out_wrapped(out, words, column, column, WIDTH);
}

static void under(struct out *out, const char *label, const char *words) {
    int column = CLOCK + AUTHOR + 6;
    out_print(out, "%*s%s", column, "", label);
    column += out_columns(label);
    out_wrapped(out, words, column, column, WIDTH);
}

static void flags(const struct report *report, struct out *out) {
    const struct room *room = report->room;
    if (room->flag_count > 0) {
        rule(out, "Flags");
    }
    for (uint32_t i = 0; i < room->flag_count; i++) {
        const struct room_flag *flag = &room->flags[i];
        const struct pack_flag *what = &report->pack->flags[flag->flag];
        entry(report, out, flag->at, report_name(report, flag->by), what->title);
        if (!flag->on) {
            under(out, "", "(taken back)");
        } else if (what->fix && *what->fix) {
            under(out, "instead: ", what->fix);
        }
    }
}

static void reveals(const struct report *report, struct out *out) {
    const struct room *room = report->room;
    if (room->reveal_count > 0) {
        rule(out, "Facts and curveballs");
    }
    for (uint32_t i = 0; i < room->reveal_count; i++) {
        const struct room_reveal *reveal = &room->reveals[i];
        entry(report, out, reveal->at, reveal->curveball ? "curveball" : "fact", reveal->text);
    }
}

static void alarms(const struct report *report, struct out *out) {
    if (report->alarm_count > 0) {
        rule(out, "Alarms");
    }
    for (uint16_t i = 0; i < report->alarm_count; i++) {
        const struct ledger_alarm *alarm = &report->alarms[i];
        entry(report, out, alarm->time.at, report->pack->phases[alarm->phase].title,
              report->pack->alarms[alarm->alarm].text);
    }
}

static void lines(const struct report *report, struct out *out) {
    if (report->room->line_count > 0) {
        rule(out, "Notes and talk");
    }
    for (uint32_t i = 0; i < report->room->line_count; i++) {
        const struct room_line *line = report->lines[i];
        char label[32];
        char clock[REPORT_CLOCK_SIZE];
        snprintf(label, sizeof label, "%s: ", report_line_kind(line->kind));
        out_raw(out, "  ");
        out_cell(out, report_clock_at(report, clock, line->at), CLOCK, true);
        out_raw(out, "  ");
        out_cell(out, report_name(report, line->by), AUTHOR, false);
        out_raw(out, "  ");
        out_raw(out, label);
        int column = CLOCK + AUTHOR + 6;
        out_wrapped(out, line->text, column + out_columns(label), column + 2, WIDTH);
    }
}

void report_text(const struct report *report, struct out *out) {
    head(report, out);
    scorecard(report, out);
    times(report, out);
    rule(out, "Rubric");
    rubric(report, out);
    agreement(report, out);
    never(report, out);
    flags(report, out);
    reveals(report, out);
    alarms(report, out);
    lines(report, out);
    if (report->pack->source && *report->pack->source) {
        rule(out, "Source");
        paragraph(out, 2, report->pack->source);
    }
}
