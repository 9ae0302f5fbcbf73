/* SPDX-License-Identifier: ISC */
/*
 * report_svg.c: the timeline of the HTML report: phases and pauses as a band over room time, and
 * under it a lane each for marks, flags, what was revealed, and alarms.
 *
 * Invariant: every text comes in through out_typed; every figure is an integer of the view box.
 */
#include "client/report/report.h"

enum { LEFT = 74, RIGHT = 990, WIDTH = 1000, BAND = 26, BAND_HEIGHT = 34 };
enum { LANE_MARKS = 82, LANE_GAP = 34, LANES = 4, STEP = 12, ROWS_MAX = 6 };

/* y of the middle of a lane: marks, flags, what was revealed, alarms. rows: that the marks take. */
static int lane_y(int lane, int rows) {
    return LANE_MARKS + (lane ? (rows - 1) * STEP + lane * LANE_GAP : 0);
}

struct scale {
    int64_t from, span; /* ms of room time */
    int rows;           /* of marks */
};

static int x_of(struct scale scale, int64_t at) {
    int64_t moment = at < scale.from ? 0 : at - scale.from;
    moment = moment > scale.span ? scale.span : moment;
    return LEFT + (int)(moment * (RIGHT - LEFT) / scale.span);
}

static void title(const struct report *report, struct out *out, int64_t at, const char *who,
                  const char *what) {
    char clock[REPORT_CLOCK_SIZE];
    out_print(out, "<title>%s ", report_clock_at(report, clock, at));
    out_typed(out, OUT_HTML, what);
    if (who) {
        out_raw(out, ", ");
        out_typed(out, OUT_HTML, who);
    }
    out_raw(out, "</title>");
}

static void band(const struct report *report, struct out *out, struct scale scale) {
    for (uint16_t i = 0; i < report->stretch_count; i++) {
        const struct ledger_stretch *stretch = &report->stretches[i];
        int from = x_of(scale, stretch->from);
        int width = x_of(scale, stretch->to) - from;
        const char *name = report->pack->phases[stretch->phase].title;
        out_print(out, "<g><title>");
        out_typed(out, OUT_HTML, name);
        out_print(out,
                  "%s</title><rect class=\"stretch p%d%s\" x=\"%d\" y=\"%d\" width=\"%d\" "
                  "height=\"%d\"/>",
                  stretch->paused ? ", paused" : "", stretch->phase, stretch->paused ? " gone" : "",
                  from, BAND, width, BAND_HEIGHT);
        if (stretch->paused) {
            out_print(out,
                      "<rect fill=\"url(#pause)\" x=\"%d\" y=\"%d\" width=\"%d\" "
                      "height=\"%d\"/>",
                      from, BAND, width, BAND_HEIGHT);
        } else if (width > 8 * out_columns(name) + 10) {
            out_print(out, "<text class=\"name\" x=\"%d\" y=\"%d\">", from + 8, BAND + 22);
            out_typed(out, OUT_HTML, name);
            out_raw(out, "</text>");
        }
        out_raw(out, "</g>\n");
    }
}

static void axis(struct out *out, struct scale scale) {
    int64_t minutes = scale.span / 60000;
    int64_t step = minutes <= 20 ? 2 : minutes <= 75 ? 5 : minutes <= 180 ? 15 : minutes / 12 + 1;
    for (int64_t minute = 0; minute <= minutes; minute += step) {
        int x = x_of(scale, scale.from + minute * 60000);
        out_print(out,
                  "<path class=\"axis\" d=\"M%d 22V%d\"/><text x=\"%d\" y=\"16\" "
                  "text-anchor=\"middle\">%lld</text>\n",
                  x, lane_y(LANES - 1, scale.rows) + 14, x, (long long)minute);
    }
    static const char *const lanes[LANES] = {"Marks", "Flags", "Revealed", "Alarms"};
    for (int i = 0; i < LANES; i++) {
        out_print(out, "<text x=\"4\" y=\"%d\">%s</text>", lane_y(i, scale.rows) + 4, lanes[i]);
    }
    out_raw(out, "\n");
}

/* The earliest mark that is not done yet; -1: none. */
static int next_mark(const struct report *report, bool done[PACK_ITEMS_MAX]) {
    int best = -1;
    for (int i = 0; i < report->pack->item_count; i++) {
        const struct report_mark *mark = report_scored(report, i);
        if (!done[i] && mark->mark.n &&
            (best < 0 || mark->mark.at < report_scored(report, best)->mark.at)) {
            best = i;
        }
    }
    if (best >= 0) {
        done[best] = true;
    }
    return best;
}

/* Dots that would lie on one another go down in rows; the last row takes what is too much. Fills
 * the row of each marked item and gives the number of rows. */
static int place_marks(const struct report *report, struct scale scale,
                       uint8_t rows[PACK_ITEMS_MAX]) {
    bool done[PACK_ITEMS_MAX] = {false};
    int last[ROWS_MAX] = {0};
    int used = 1;
    for (int i; (i = next_mark(report, done)) >= 0;) {
        int x = x_of(scale, report_scored(report, i)->mark.at);
        int row = 0;
        while (row < ROWS_MAX - 1 && last[row] && x - last[row] < STEP) {
            row++;
        }
        last[row] = x;
        rows[i] = (uint8_t)row;
        used = row >= used ? row + 1 : used;
    }
    return used;
}

static void marks(const struct report *report, struct out *out, struct scale scale,
                  const uint8_t rows[PACK_ITEMS_MAX]) {
    static const char *const classes[] = {"none", "prompted", "raised"};
    for (int i = 0; i < report->pack->item_count; i++) {
        const struct report_mark *mark = report_scored(report, i);
        if (mark->mark.n) {
            out_print(out, "<circle class=\"%s\" cx=\"%d\" cy=\"%d\" r=\"%s\">",
                      classes[mark->mark.mark], x_of(scale, mark->mark.at),
                      LANE_MARKS + rows[i] * STEP, mark->mark.mark == MARK_PROMPTED ? "3.5" : "5");
            title(report, out, mark->mark.at, mark_name(mark->mark.mark),
                  report->pack->items[i].title);
            out_raw(out, "</circle>\n");
        }
    }
}

static void flags(const struct report *report, struct out *out, struct scale scale) {
    const struct room *room = report->room;
    int y = lane_y(1, scale.rows);
    for (uint32_t i = 0; i < room->flag_count; i++) {
        const struct room_flag *flag = &room->flags[i];
        int x = x_of(scale, flag->at);
        out_print(out, "<path class=\"flag%s\" d=\"M%d %dv16h-2v-16zl11 5l-11 5z\">",
                  flag->on ? "" : " gone", x + 1, y - 8);
        title(report, out, flag->at, report_name(report, flag->by),
              report->pack->flags[flag->flag].title);
        out_raw(out, "</path>\n");
    }
}

static void reveals(const struct report *report, struct out *out, struct scale scale) {
    const struct room *room = report->room;
    int y = lane_y(2, scale.rows);
    for (uint32_t i = 0; i < room->reveal_count; i++) {
        const struct room_reveal *reveal = &room->reveals[i];
        out_print(out, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"10\" height=\"10\" rx=\"2\">",
                  reveal->curveball ? "curve" : "fact", x_of(scale, reveal->at) - 5, y - 5);
        title(report, out, reveal->at, NULL, reveal->text);
        out_raw(out, "</rect>\n");
    }
}

static void alarms(const struct report *report, struct out *out, struct scale scale) {
    int y = lane_y(3, scale.rows);
    for (uint16_t i = 0; i < report->alarm_count; i++) {
        const struct ledger_alarm *alarm = &report->alarms[i];
        out_print(out, "<path class=\"alarm\" d=\"M%d %dl6 10h-12z\">", x_of(scale, alarm->time.at),
                  y - 5);
        title(report, out, alarm->time.at, NULL, report->pack->alarms[alarm->alarm].text);
        out_raw(out, "</path>\n");
    }
}

void report_svg(const struct report *report, struct out *out) {
    int64_t from = report->room->clock.started_at;
    uint8_t rows[PACK_ITEMS_MAX] = {0};
    struct scale scale = {from, report->end > from ? report->end - from : 1, 1};
    scale.rows = place_marks(report, scale, rows);
    out_print(out,
              "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Timeline of the interview, in "
              "minutes from its start\">\n<defs><pattern id=\"pause\" width=\"7\" height=\"7\" "
              "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><path "
              "class=\"hatch\" d=\"M0 0V7\"/></pattern></defs>\n",
              WIDTH, lane_y(LANES - 1, scale.rows) + 24);
    axis(out, scale);
    band(report, out, scale);
    marks(report, out, scale, rows);
    flags(report, out, scale);
    reveals(report, out, scale);
    alarms(report, out, scale);
    out_raw(out, "</svg>\n");
}
