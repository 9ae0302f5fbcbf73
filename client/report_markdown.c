/*
 * report_markdown.c: the report as CommonMark with tables (GitHub's dialect), for a wiki or a ticket.
 *
 * Invariant: every text of a person or a pack goes through typed(), so none can start markup.
 */
#include "client/report.h"

static void typed(struct out *out, const char *text) {
    out_typed(out, OUT_MARKDOWN, text ? text : "");
}

static void head(const struct report *report, struct out *out) {
    char date[REPORT_CLOCK_SIZE];
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
              report->room_id, stage_name(room->stage));
    for (uint8_t i = 0; i < room->seat_count; i++) {
        if (room->seats[i].role != ROLE_NONE) {
            out_raw(out, "- ");
            typed(out, room->seats[i].name);
            out_print(out, " (%s)\n", role_name(room->seats[i].role));
        }
    }
    if (report->damage) {
        out_raw(out, "\n> ");
        typed(out, report->damage);
        out_raw(out, "\n");
    }
    if (report->missing) {
        out_print(out, "\n> %s\n", report->missing);
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

static void score_row(struct out *out, const char *title, int raised, int prompted, int items) {
    out_raw(out, "| ");
    typed(out, title);
    out_raw(out, " | ");
    bar(out, raised, prompted, items);
    out_print(out, " | %d | %d | %d |\n", raised, prompted, items - raised - prompted);
}

static void scorecard(const struct report *report, struct out *out) {
    const struct insight_summary *sum = &report->summary;
    out_print(out,
              "\n## Scorecard%s\n\n| Phase | █ raised, ▒ prompted | Raised | Prompted | Not yet |\n"
              "|---|---|--:|--:|--:|\n",
              report->scores_self ? " (self-assessment)" : "");
    for (uint8_t i = 0; i < report->pack->phase_count; i++) {
        const struct report_phase *phase = &report->phases[i];
        score_row(out, phase->phase->title, phase->ledger.raised, phase->ledger.prompted,
                  phase->ledger.items);
    }
    score_row(out, "Interview", sum->raised, sum->prompted, sum->items);
}

static void time_row(struct out *out, const char *title, struct insight_phase phase, int64_t scale,
                     const char *over) {
    char planned[24];
    char budget[24];
    char actual[24];
    int64_t inside = phase.actual < phase.budget ? phase.actual : phase.budget;
    clock_text(planned, sizeof planned, phase.planned);
    clock_text(budget, sizeof budget, phase.budget);
    clock_text(actual, sizeof actual, phase.actual);
    out_raw(out, "| ");
    typed(out, title);
    out_raw(out, " | ");
    bar(out, inside, phase.actual - inside, scale);
    out_print(out, " | %s | %s | %s | %s |\n", planned, budget, actual, over);
}

static void moves(const struct report *report, struct out *out) {
    char words[REPORT_WORDS_SIZE];
    char clock[REPORT_CLOCK_SIZE];
    out_raw(out, "\n");
    for (uint16_t i = 0; i < report->move_count; i++) {
        const struct ledger_move *move = &report->moves[i];
        out_print(out, "- %s ", report_clock(clock, move->time));
        typed(out, report_name(report, move->by));
        out_raw(out, ": ");
        typed(out, report_move_words(report, words, move));
        out_raw(out, "\n");
    }
}

static void times(const struct report *report, struct out *out) {
    const struct insight_summary *sum = &report->summary;
    struct insight_phase whole = {.planned = sum->planned, .actual = sum->actual};
    char over[REPORT_CLOCK_SIZE];
    int64_t scale = 1;
    for (uint8_t i = 0; i < report->pack->phase_count; i++) {
        struct insight_phase ledger = report->phases[i].ledger;
        int64_t longest = ledger.actual > ledger.budget ? ledger.actual : ledger.budget;
        scale = longest > scale ? longest : scale;
        whole.budget += ledger.budget;
    }
    out_raw(out, "\n## Time\n\n| Phase | █ spent, ▒ over | Planned | Given | Actual | Off by |\n"
                 "|---|---|--:|--:|--:|--:|\n");
    for (uint8_t i = 0; i < report->pack->phase_count; i++) {
        time_row(out, report->phases[i].phase->title, report->phases[i].ledger, scale,
                 report_phase_over(&report->phases[i], over));
    }
    time_row(out, "Interview", whole, whole.actual > whole.budget ? whole.actual : whole.budget,
             report_over(over, whole.actual - whole.budget));
    out_print(out, "\nFailure modes took %d %% of the time; the framework asks for %d %%.\n",
              sum->failure_percent, report->pack->failure_share);
    moves(report, out);
}

static void item_row(const struct report *report, struct out *out, int item) {
    const struct report_mark *mark = report_scored(report, item);
    const struct report_mark *self = &report->self[item];
    char clock[REPORT_CLOCK_SIZE];
    out_raw(out, "| ");
    typed(out, report->pack->items[item].title);
    out_print(out, " | %s | %s | ", mark_name(mark->mark.mark),
              mark->mark.n ? report_clock(clock, mark->time) : "");
    if (mark->mark.n) {
        typed(out, report_name(report, mark->mark.by));
    }
    if (report->has_panel && report->has_self) {
        out_print(out, " | %s", self->mark.n ? mark_name(self->mark.mark) : "–");
    }
    out_raw(out, " |\n");
}

static void rubric(const struct report *report, struct out *out) {
    bool both = report->has_panel && report->has_self;
    out_raw(out, "\n## Rubric\n");
    for (int p = 0; p < report->pack->phase_count; p++) {
        out_print(out, "\n### %d ", p + 1);
        typed(out, report->pack->phases[p].title);
        out_print(out, "\n\n| Item | %s | At | By |%s\n|---|---|--:|---|%s\n",
                  report->scores_self ? "Self" : "Panel", both ? " Self |" : "",
                  both ? "---|" : "");
        for (int i = 0; i < report->pack->item_count; i++) {
            if (report->pack->items[i].phase == p) {
                item_row(report, out, i);
            }
        }
    }
}

static void agreement(const struct report *report, struct out *out) {
    if (!report->comparable) {
        return;
    }
    out_raw(out, "\n## Agreement of the self-assessment with the panel's sheet\n\n"
                 "| Phase | Same | Percent | Kappa |\n|---|--:|--:|--:|\n");
    for (int i = -1; i < report->pack->phase_count; i++) {
        struct insight_agreement part = i < 0 ? report->agreement : report->phases[i].agreement;
        out_raw(out, "| ");
        typed(out, i < 0 ? "Interview" : report->phases[i].phase->title);
        if (part.counted) {
            out_print(out, " | %d of %d | %d %% | %.2f |\n", part.same, part.counted,
                      report_percent(part), part.kappa);
        } else {
            out_raw(out, " | – | – | – |\n");
        }
    }
    out_raw(out,
            "\nPercent: of the items that either sheet marks, those on which both say the same. "
            "Kappa over all items: J. Cohen (1960), *A coefficient of agreement for nominal "
            "scales*.\n");
}

static void never(const struct report *report, struct out *out) {
    bool any = false;
    for (int p = 0; p < report->pack->phase_count; p++) {
        bool first = true;
        for (int i = 0; i < report->pack->item_count; i++) {
            if (report->pack->items[i].phase != p || report_came_up(report, i)) {
                continue;
            }
            out_raw(out, any ? "" : "\n## Never came up\n\n");
            if (first) {
                out_raw(out, "- **");
                typed(out, report->pack->phases[p].title);
                out_print(out, "**%s\n", report->phases[p].reached ? "" : " (never reached)");
            }
            out_raw(out, "  - ");
            typed(out, report->pack->items[i].title);
            out_raw(out, "\n");
            any = true;
            first = false;
        }
    }
}

static void entry(const struct report *report, struct out *out, int64_t at, const char *who,
                  const char *kind, const char *words) {
    char clock[REPORT_CLOCK_SIZE];
    out_print(out, "- %s ", report_clock_at(report, clock, at));
    typed(out, who);
    out_print(out, "%s%s: ", *kind ? ", " : "", kind);
    typed(out, words);
    out_raw(out, "\n");
}

static void flags(const struct report *report, struct out *out) {
    const struct room *room = report->room;
    out_raw(out, room->flag_count ? "\n## Flags\n\n" : "");
    for (uint32_t i = 0; i < room->flag_count; i++) {
        const struct room_flag *flag = &room->flags[i];
        const struct pack_flag *what = &report->pack->flags[flag->flag];
        entry(report, out, flag->at, report_name(report, flag->by), flag->on ? "" : "taken back",
              what->title);
        if (flag->on && what->fix && *what->fix) {
            out_raw(out, "  - instead: ");
            typed(out, what->fix);
            out_raw(out, "\n");
        }
    }
}

static void reveals(const struct report *report, struct out *out) {
    const struct room *room = report->room;
    out_raw(out, room->reveal_count ? "\n## Facts and curveballs\n\n" : "");
    for (uint32_t i = 0; i < room->reveal_count; i++) {
        const struct room_reveal *reveal = &room->reveals[i];
        entry(report, out, reveal->at, report_name(report, reveal->by),
              reveal->curveball ? "curveball" : "fact", reveal->text);
    }
}

static void alarms(const struct report *report, struct out *out) {
    out_raw(out, report->alarm_count ? "\n## Alarms\n\n" : "");
    for (uint16_t i = 0; i < report->alarm_count; i++) {
        const struct ledger_alarm *alarm = &report->alarms[i];
        entry(report, out, alarm->time.at, report->pack->phases[alarm->phase].title, "",
              report->pack->alarms[alarm->alarm].text);
    }
}

static void lines(const struct report *report, struct out *out) {
    out_raw(out, report->room->line_count ? "\n## Notes and talk\n\n" : "");
    for (uint32_t i = 0; i < report->room->line_count; i++) {
        const struct room_line *line = report->lines[i];
        entry(report, out, line->at, report_name(report, line->by), report_line_kind(line->kind),
              line->text);
    }
}

void report_markdown(const struct report *report, struct out *out) {
    head(report, out);
    scorecard(report, out);
    times(report, out);
    rubric(report, out);
    agreement(report, out);
    never(report, out);
    flags(report, out);
    reveals(report, out);
    alarms(report, out);
    lines(report, out);
    if (report->pack->source && *report->pack->source) {
        out_raw(out, "\n---\n\n");
        typed(out, report->pack->source);
        out_raw(out, "\n");
    }
}
