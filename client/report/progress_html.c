/* SPDX-License-Identifier: ISC */
/*
 * progress_html.c: a person's sessions over time as one page. Its invariants are those of html.h.
 */
#include "client/report/progress_html.h"

#include <stdio.h>
#include <stdlib.h>

void progress_html_begin(struct out *out, const char *eyebrow, const char *title) {
    html_begin(out, title, "",
               ".trend svg{display:block;width:100%;height:auto}.trends{display:grid;"
               "grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));gap:.8rem}"
               ".wide{overflow-x:auto}.trends h3{margin:0 0 .4rem}td "
               ".bar{min-width:6rem;margin-top:.35rem}\n");
    out_print(out, "<header>\n<div class=\"eyebrow\">%s</div>\n", eyebrow);
    html_element(out, "<h1>", title, "</h1>\n");
}

void progress_html_bar(struct out *out, int64_t raised, int64_t prompted, int64_t items) {
    out_raw(out, "<div class=\"bar\">");
    html_part(out, "r", raised, items);
    html_part(out, "m", prompted, items);
    html_part(out, "e", items - raised - prompted, items);
    out_raw(out, "</div>");
}

static void time_row(struct out *out, const struct progress_phase *phase, int64_t scale) {
    char actual[24];
    char budget[24];
    char off[32];
    int64_t spent = phase->reached ? phase->actual / phase->reached : 0;
    int64_t given = phase->reached ? phase->budget / phase->reached : 0;
    int64_t inside = spent < given ? spent : given;
    clock_text(actual, sizeof actual, spent);
    clock_text(budget, sizeof budget, given);
    html_element(out, "<div class=\"t\">", phase->title, "</div><div class=\"bar\">");
    html_part(out, "s", inside, scale);
    html_part(out, "o", spent - inside, scale);
    html_part(out, "e", given - inside, scale);
    if (phase->reached) {
        out_print(
            out,
            "</div><div class=\"n\">%s of %s · %s · over&nbsp;in&nbsp;%u&nbsp;of&nbsp;%u</div>\n",
            actual, budget, progress_off(spent - given, false, off), phase->over, phase->reached);
    } else {
        out_raw(out, "</div><div class=\"n\">never reached</div>\n");
    }
}

void progress_html_times(struct out *out, const struct progress *progress) {
    int64_t scale = 1;
    for (uint32_t i = 0; i < progress->phase_count; i++) {
        const struct progress_phase *phase = &progress->phases[i];
        int64_t longest = phase->actual > phase->budget ? phase->actual : phase->budget;
        longest = phase->reached ? longest / phase->reached : 0;
        scale = longest > scale ? longest : scale;
    }
    out_raw(out, "<section>\n<h2>Time of each phase</h2>\n<div class=\"card bars\">\n");
    for (uint32_t i = 0; i < progress->phase_count; i++) {
        time_row(out, &progress->phases[i], scale);
    }
    out_raw(
        out,
        "</div>\n<p class=\"soft small\">Means over the interviews that reached the phase. Blue: "
        "spent, red: over its time, grey: left.</p>\n</section>\n");
}

void progress_html_flags(struct out *out, const struct progress *progress) {
    bool any = false;
    for (uint32_t i = 0; i < progress->flag_count; i++) {
        const struct progress_flag *flag = &progress->flags[i];
        if (flag->sessions < 2) {
            continue;
        }
        out_raw(out,
                any ? "" : "<section>\n<h2>Flags that come back</h2>\n<div class=\"card\"><ul>\n");
        out_raw(out, "<li>");
        html_typed(out, flag->title);
        out_print(out, " <span class=\"soft small\">%s, in %u of %u</span></li>\n",
                  flag->red ? "red flag" : "mistake", flag->sessions, progress->count);
        any = true;
    }
    out_raw(out, any ? "</ul></div>\n</section>\n" : "");
}

void progress_html_notes(struct out *out, const struct progress *progress) {
    if (progress->note_count == 0) {
        return;
    }
    out_raw(out, "<section>\n<h2>Not in it</h2>\n<div class=\"card\"><ul>\n");
    for (uint32_t i = 0; i < progress->note_count; i++) {
        html_element(out, "<li>", progress->notes[i].text, "</li>\n");
    }
    out_raw(out, "</ul></div>\n</section>\n");
}

/* ---- a person's page ---- */

static void tiles(const struct progress *progress, struct out *out) {
    const struct progress_session *last = &progress->sessions[progress->count - 1];
    const struct insight_summary *sum = &last->summary;
    char figure[32];
    char what[80];
    char planned[24];
    out_raw(out, "<section class=\"tiles\">\n");
    snprintf(figure, sizeof figure, "%u", progress->count);
    html_tile(out, figure, progress->count == 1 ? "interview" : "interviews");
    snprintf(figure, sizeof figure, "%d %%", progress_raised(last, NULL));
    bool only = progress->count == 1;
    snprintf(what, sizeof what, "raised%s, %d of %d items", only ? "" : " in the last one",
             sum->raised, sum->items);
    html_tile(out, figure, what);
    if (!only) {
        snprintf(figure, sizeof figure, "%d %%", progress_raised(&progress->sessions[0], NULL));
        html_tile(out, figure, "raised in the first one");
    }
    clock_text(figure, sizeof figure, sum->actual);
    clock_text(planned, sizeof planned, sum->planned);
    snprintf(what, sizeof what, "of %s planned%s", planned, only ? "" : " in the last one");
    html_tile(out, figure, what);
    out_raw(out, "</section>\n");
}

static int raised_of(const struct progress_session *session, const char *phase) {
    return progress_raised(session, phase);
}

/* A line of one figure of each session. */
static void trend(const struct progress *progress, struct out *out, const char *phase,
                  int (*figure)(const struct progress_session *, const char *),
                  struct progress_line line) {
    int *percent = calloc(progress->count + 1U, sizeof *percent);
    for (uint32_t i = 0; percent && i < progress->count; i++) {
        percent[i] = figure(&progress->sessions[i], phase);
    }
    line.percent = percent;
    line.count = progress->count;
    if (percent) {
        progress_svg(out, &line);
    } else {
        out->failed = true;
    }
    free(percent);
}

static void phase_trends(const struct progress *progress, struct out *out,
                         const struct progress_phase *phase) {
    struct progress_line line = {
        .width = 220, .height = 90, .label = "Percent raised", .colour = "--raised", .times = 1};
    out_raw(out, "<div class=\"card trend\"><h3>");
    html_typed(out, phase->title);
    out_print(out, "</h3>\n<span class=\"soft small\">%u of %u raised</span>\n", phase->raised,
              phase->items);
    trend(progress, out, phase->id, raised_of, line);
    line.label = "Time, in percent of the budget";
    line.colour = "--p0";
    line.times = 2;
    out_print(out, "<span class=\"soft small\">over in %u of %u</span>\n", phase->over,
              phase->reached);
    trend(progress, out, phase->id, progress_time, line);
    out_raw(out, "</div>\n");
}

static void trends(const struct progress *progress, struct out *out) {
    struct progress_line line = {.width = 900,
                                 .height = 160,
                                 .label = "Percent of all items raised, interview by interview",
                                 .colour = "--raised",
                                 .times = 1};
    if (progress->count > 1) { /* one dot is no line */
        out_raw(out, "<section>\n<h2>Items raised</h2>\n<div class=\"card trend\">\n");
        trend(progress, out, NULL, raised_of, line);
        out_raw(out,
                "</div>\n<p class=\"soft small\">Percent of all items that were raised, from 0 "
                "to 100, the oldest interview on the left.</p>\n</section>\n");
    }
    out_raw(out, "<section>\n<h2>Phases</h2>\n<div class=\"trends\">\n");
    for (uint32_t i = 0; i < progress->phase_count; i++) {
        phase_trends(progress, out, &progress->phases[i]);
    }
    out_raw(out,
            "</div>\n<p class=\"soft small\">Green: percent of its items raised. Blue: its time, "
            "from nothing to twice its budget, which is the middle line.</p>\n</section>\n");
}

static void sessions(const struct progress *progress, struct out *out) {
    out_raw(
        out,
        "<section>\n<h2>Sessions</h2>\n<div "
        "class=\"card wide\"><table>\n<tr><th>Date</th><th>Prompt</th>"
        "<th>Items</th><th class=\"n\">Raised</th><th class=\"n\">Prompted</th><th class=\"n\">Time"
        "</th><th class=\"n\">Flags</th></tr>\n");
    for (uint32_t i = 0; i < progress->count; i++) {
        const struct progress_session *session = &progress->sessions[i];
        const struct insight_summary *sum = &session->summary;
        char date[16];
        char time[24];
        clock_text(time, sizeof time, sum->actual);
        out_print(out, "<tr><td class=\"w\">%s</td><td>", progress_date(session, date));
        html_typed(out, session->pack->title);
        out_raw(out, session->self ? " <span class=\"soft small\">own sheet</span></td><td>"
                                   : "</td><td>");
        progress_html_bar(out, sum->raised, sum->prompted, sum->items);
        out_print(out,
                  "</td><td class=\"n\">%d of %d</td><td class=\"n\">%d</td><td class=\"n\">%s</td>"
                  "<td class=\"n\">%d</td></tr>\n",
                  sum->raised, sum->items, sum->prompted, time, sum->flags);
    }
    out_raw(out, "</table></div>\n</section>\n");
}

static void never(const struct progress *progress, struct out *out) {
    struct progress_never at = {0};
    while (progress_never_next(progress, &at)) {
        out_raw(out, at.opens ? "<section>\n<h2>Never raised</h2>\n<div class=\"card\">\n" : "");
        if (at.heads) {
            out_raw(out, at.opens ? "<h3>" : "</ul>\n<h3>");
            html_typed(out, progress->phases[at.phase].title);
            out_raw(out, "</h3>\n<ul class=\"never\">\n");
        }
        out_raw(out, "<li>");
        html_typed(out, at.item->title);
        if (at.item->prompted) {
            out_print(out, " <span class=\"soft small\">prompted %u of %u</span>",
                      at.item->prompted, at.item->asked);
        }
        out_raw(out, "</li>\n");
    }
    out_raw(out, at.item ? "</ul>\n</div>\n</section>\n" : "");
}

void progress_html(const struct progress *progress, const struct progress_options *options,
                   struct out *out) {
    bool some = progress->count > 0;
    progress_html_begin(out, "Progress",
                        some ? progress->sessions[progress->count - 1].name : "No interview yet");
    out_print(out, "<p class=\"soft\">Interviews as %s</p>\n</header>\n", role_name(options->role));
    if (some) {
        tiles(progress, out);
        trends(progress, out);
        progress_html_times(out, progress);
        sessions(progress, out);
        never(progress, out);
        progress_html_flags(out, progress);
    }
    progress_html_notes(out, progress);
    html_end(out);
}
