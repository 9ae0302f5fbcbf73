/* SPDX-License-Identifier: ISC */
/*
 * cohort_report_write.c: the report of a cohort as text of 80 columns, as one HTML page, and as
 * JSON.
 */
#include <stdio.h>
#include <string.h>

#include "client/report/cohort_report.h"
#include "client/report/progress_html.h"
#include "client/report/progress_json.h"

enum { WIDTH = 80, SHOWN_ITEMS = 20 };

static int missed_of(const struct progress_item *item) {
    return item->asked - item->raised - item->prompted;
}

/* How many items to show: the first ones that were ever missed or only prompted. */
static uint32_t shown_items(const struct cohort_report *report) {
    uint32_t count = 0;
    while (count < report->progress->item_count && count < SHOWN_ITEMS &&
           report->progress->items[report->missed[count]].raised <
               report->progress->items[report->missed[count]].asked) {
        count++;
    }
    return count;
}

static void span_of_days(const struct progress *progress, char *out, size_t size) {
    char first[16];
    char last[16];
    if (progress->count == 0) {
        snprintf(out, size, "no interview");
        return;
    }
    (void)progress_date(&progress->sessions[0], first);
    (void)progress_date(&progress->sessions[progress->count - 1], last);
    bool same = strcmp(first, last) == 0;
    snprintf(out, size, "%u interview%s, %s%s%s", progress->count, progress->count == 1 ? "" : "s",
             first, same ? "" : " to ", same ? "" : last);
}

/* ---- text ---- */

static void rule(struct out *out, const char *title) {
    out_heading(out, title, "─", WIDTH);
}

static void items_text(const struct cohort_report *report, struct out *out) {
    const struct progress *progress = report->progress;
    uint32_t count = shown_items(report);
    rule(out, "Most often missed");
    out_print(out, "  %-38s%-14s%8s%9s%8s\n", "", "", "missed", "prompted", "raised");
    for (uint32_t i = 0; i < count; i++) {
        const struct progress_item *item = &progress->items[report->missed[i]];
        out_raw(out, "  ");
        out_cell(out, item->title, 37, false);
        out_raw(out, " ");
        out_cell(out, progress->phases[item->phase].title, 13, false);
        out_print(out, " %4d/%-3u%6d%9d\n", missed_of(item), item->asked, item->prompted,
                  item->raised);
    }
}

static void phases_text(const struct progress *progress, struct out *out) {
    rule(out, "Phases");
    out_print(out, "  %-20s%12s%10s%10s%10s%11s\n", "", "raised", "mean", "budget", "off by",
              "over");
    for (uint32_t i = 0; i < progress->phase_count; i++) {
        const struct progress_phase *phase = &progress->phases[i];
        char actual[24] = "–";
        char budget[24] = "–";
        char off[32] = "unreached";
        char share[32] = "no items";
        if (phase->reached) {
            clock_text(actual, sizeof actual, phase->actual / phase->reached);
            clock_text(budget, sizeof budget, phase->budget / phase->reached);
            progress_off((phase->actual - phase->budget) / phase->reached, false, off);
        }
        if (phase->items) {
            snprintf(share, sizeof share, "%d %%", progress_percent(phase->raised, phase->items));
        }
        out_raw(out, "  ");
        out_cell(out, phase->title, 20, false);
        out_cell(out, share, 12, true);
        out_cell(out, actual, 10, true);
        out_cell(out, budget, 10, true);
        out_cell(out, off, 10, true);
        out_print(out, "%7u/%u\n", phase->over, phase->reached);
    }
}

static void people_text(const struct cohort_report *report, struct out *out) {
    rule(out, "People");
    out_print(out, "  %-30s%10s%17s%12s%7s\n", "", "sessions", "raised", "off by", "flags");
    for (uint32_t i = 0; i < report->person_count; i++) {
        const struct cohort_person *person = &report->people[i];
        char raised[40];
        char off[32];
        snprintf(raised, sizeof raised, person->sessions > 1 ? "%d %% → %d %%" : "%d %%",
                 person->first, person->last);
        out_raw(out, "  ");
        out_cell(out, person->name[0] ? person->name : "(nobody)", 30, false);
        out_print(out, "%10u", person->sessions);
        out_cell(out, raised, 17, true);
        out_cell(out, progress_off(person->off / person->sessions, false, off), 12, true);
        out_print(out, "%7u\n", person->flags);
    }
}

static void flags_text(const struct progress *progress, struct out *out) {
    bool any = false;
    for (uint32_t i = 0; i < progress->flag_count; i++) {
        const struct progress_flag *flag = &progress->flags[i];
        if (flag->sessions < 2) {
            continue;
        }
        if (!any) {
            rule(out, "Flags that come back");
        }
        any = true;
        out_raw(out, "  ");
        out_cell(out, flag->title, 52, false);
        out_print(out, "  in %u of %u\n", flag->sessions, progress->count);
    }
}

void cohort_report_text(const struct cohort_report *report, struct out *out) {
    const struct progress *progress = report->progress;
    char line[96];
    span_of_days(progress, line, sizeof line);
    out_print(out, "Cohort: %s, %u %s\n", line, report->person_count,
              report->person_count == 1 ? "person" : "people");
    if (progress->count > 0) {
        items_text(report, out);
        phases_text(progress, out);
        people_text(report, out);
        flags_text(progress, out);
    }
    if (progress->note_count > 0) {
        rule(out, "Not in it");
    }
    for (uint32_t i = 0; i < progress->note_count; i++) {
        out_raw(out, "  ");
        out_wrapped(out, progress->notes[i].text, 2, 4, WIDTH);
    }
}

/* ---- HTML ---- */

static void items_html(const struct cohort_report *report, struct out *out) {
    const struct progress *progress = report->progress;
    uint32_t count = shown_items(report);
    out_raw(
        out,
        "<section>\n<h2>Most often missed</h2>\n<div class=\"card wide\"><table>\n<tr><th>Item</th>"
        "<th>Phase</th><th></th><th class=\"n\">Missed</th><th class=\"n\">Prompted</th>"
        "<th class=\"n\">Raised</th></tr>\n");
    for (uint32_t i = 0; i < count; i++) {
        const struct progress_item *item = &progress->items[report->missed[i]];
        html_element(out, "<tr><td>", item->title, "</td><td class=\"w\">");
        html_typed(out, progress->phases[item->phase].title);
        out_raw(out, "</td><td>");
        progress_html_bar(out, item->raised, item->prompted, item->asked);
        out_print(out,
                  "</td><td class=\"n\">%d of %u</td><td class=\"n\">%u</td><td class=\"n\">%u</td>"
                  "</tr>\n",
                  missed_of(item), item->asked, item->prompted, item->raised);
    }
    out_raw(out, "</table></div>\n</section>\n");
}

static void people_html(const struct cohort_report *report, struct out *out) {
    out_raw(out,
            "<section>\n<h2>People</h2>\n<div class=\"card wide\"><table>\n<tr><th>Candidate</th>"
            "<th class=\"n\">Sessions</th><th class=\"n\">Raised</th><th class=\"n\">Off by</th>"
            "<th class=\"n\">Flags</th></tr>\n");
    for (uint32_t i = 0; i < report->person_count; i++) {
        const struct cohort_person *person = &report->people[i];
        char off[32];
        out_raw(out, "<tr><td>");
        html_typed(out, person->name[0] ? person->name : "(nobody)");
        out_print(out, "</td><td class=\"n\">%u</td><td class=\"n\">", person->sessions);
        if (person->sessions > 1) {
            out_print(out, "%d %% → ", person->first);
        }
        out_print(out, "%d %%</td><td class=\"n\">%s</td><td class=\"n\">%u</td></tr>\n",
                  person->last, progress_off(person->off / person->sessions, false, off),
                  person->flags);
    }
    out_raw(
        out,
        "</table></div>\n<p class=\"soft small\">Raised: share of the items of the phases reached, "
        "first and last "
        "interview. Off by: mean difference to the time of the phases reached.</p>\n</section>\n");
}

void cohort_report_html(const struct cohort_report *report, struct out *out) {
    const struct progress *progress = report->progress;
    char line[96];
    span_of_days(progress, line, sizeof line);
    progress_html_begin(out, "Spar", "Cohort report");
    out_print(out, "<p class=\"soft\">%s · %u %s</p>\n</header>\n", line, report->person_count,
              report->person_count == 1 ? "person" : "people");
    if (progress->count > 0) {
        items_html(report, out);
        progress_html_times(out, progress);
        people_html(report, out);
        progress_html_flags(out, progress);
    }
    progress_html_notes(out, progress);
    html_end(out);
}

/* ---- JSON ---- */

static void people_json(const struct cohort_report *report, struct json *json) {
    json_put_list(json, "people");
    for (uint32_t i = 0; i < report->person_count; i++) {
        const struct cohort_person *person = &report->people[i];
        json_put_object(json, NULL);
        json_put_text(json, "name", person->name);
        json_put_number(json, "sessions", person->sessions);
        json_put_number(json, "first_percent", person->first);
        json_put_number(json, "last_percent", person->last);
        json_put_number(json, "off", person->off);
        json_put_number(json, "flags", person->flags);
        json_end(json);
    }
    json_end(json);
}

void cohort_report_json(const struct cohort_report *report, struct out *out) {
    const struct progress *progress = report->progress;
    struct json json;
    json_begin(&json, out, JSON_INDENTED);
    json_put_object(&json, NULL);
    json_put_text(&json, "format", "spar-cohort/1");
    json_put_list(&json, "items");
    for (uint32_t i = 0; i < progress->item_count; i++) {
        progress_json_item(&json, progress, &progress->items[report->missed[i]]);
    }
    json_end(&json);
    progress_json_phases(&json, progress);
    people_json(report, &json);
    progress_json_flags(&json, progress);
    progress_json_sessions(&json, progress);
    progress_json_notes(&json, progress);
    json_end(&json);
    out_raw(out, "\n");
}
