/* SPDX-License-Identifier: ISC */
/*
 * progress_text.c: a person's sessions over time for a terminal: 80 columns, braille and blocks, or
 * ASCII.
 *
 * Invariant: no line is wider than WIDTH columns, but for a room's address in a note.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/report/progress.h"

enum { WIDTH = 80, TITLE = 14, SPARK = 16, CHART = 64, NEVER_SHOWN = 3 };

struct writer {
    const struct progress *progress;
    const struct progress_options *options;
    struct out *out;
};

static void rule(const struct writer *w, const char *title) {
    out_heading(w->out, title, w->options->ascii ? "-" : "─", WIDTH);
}

static void head(const struct writer *w) {
    const struct progress *progress = w->progress;
    char first[16];
    char last[16];
    if (progress->count == 0) {
        out_print(w->out, "No interview as %s yet; --role asks for those in another role.\n",
                  role_name(w->options->role));
        return;
    }
    const struct progress_session *newest = &progress->sessions[progress->count - 1];
    out_raw(w->out, "Progress of ");
    out_typed(w->out, OUT_TEXT, newest->name);
    bool same =
        strcmp(progress_date(&progress->sessions[0], first), progress_date(newest, last)) == 0;
    out_print(w->out, "\n%u interview%s as %s, %s%s%s\n", progress->count,
              progress->count == 1 ? "" : "s", role_name(w->options->role), first,
              same ? "" : " to ", same ? "" : last);
}

static void sessions(const struct writer *w) {
    rule(w, "Sessions");
    out_print(w->out, "   #  date        %-20s%8s%10s%5s%9s%10s\n", "prompt", "raised", "prompted",
              "of", "time", "off by");
    bool own = false;
    for (uint32_t i = 0; i < w->progress->count; i++) {
        const struct progress_session *session = &w->progress->sessions[i];
        const struct insight_summary *sum = &session->summary;
        int64_t budget = 0;
        char date[16];
        char time[24];
        char off[32];
        for (int p = 0; p < sum->phases; p++) {
            budget += sum->phase[p].budget;
        }
        clock_text(time, sizeof time, sum->actual);
        out_print(w->out, "%4u  %s  ", i + 1, progress_date(session, date));
        out_cell(w->out, session->pack->title, 20, false);
        out_print(w->out, "%8d%s%9d%5d", sum->raised, session->self ? "*" : " ", sum->prompted,
                  sum->items);
        out_cell(w->out, time, 9, true);
        out_cell(w->out, progress_off(sum->actual - budget, w->options->ascii, off), 10, true);
        out_raw(w->out, "\n");
        own = own || session->self;
    }
    if (own) {
        out_raw(w->out,
                "  * by one's own sheet: the panel's opens with the debrief; fetch it again\n");
    }
}

/* Percent raised of each session; malloc'd, NULL: out of memory. */
static int *values(const struct progress *progress, const char *phase) {
    int *percent = calloc(progress->count + 1U, sizeof *percent);
    for (uint32_t i = 0; percent && i < progress->count; i++) {
        percent[i] = progress_raised(&progress->sessions[i], phase);
    }
    return percent;
}

static void chart(const struct writer *w) {
    int *percent = values(w->progress, NULL);
    rule(w, "Items raised, of all");
    if (percent) {
        progress_chart(w->out, percent, w->progress->count, CHART, w->options->ascii);
    } else {
        w->out->failed = true;
    }
    free(percent);
}

static void change(const struct writer *w, const int *percent) {
    char text[40];
    uint32_t count = w->progress->count;
    uint32_t first = 0;
    while (first < count && percent[first] < 0) {
        first++;
    }
    uint32_t last = count;
    while (last > first && percent[last - 1] < 0) {
        last--;
    }
    if (first == last) {
        snprintf(text, sizeof text, "no items");
    } else if (last - first == 1) {
        snprintf(text, sizeof text, "%d %%", percent[first]);
    } else {
        snprintf(text, sizeof text, "%d %% %s %d %%", percent[first],
                 w->options->ascii ? "->" : "→", percent[last - 1]);
    }
    out_cell(w->out, text, 14, false);
}

/* What begins a phase's row: its name and how the values went. */
static void row_head(const struct writer *w, const struct progress_phase *phase,
                     const int *percent) {
    out_raw(w->out, "  ");
    out_cell(w->out, phase->title, TITLE, false);
    out_raw(w->out, " ");
    progress_spark(w->out, percent, w->progress->count, SPARK, w->options->ascii);
    out_raw(w->out, " ");
}

static void phase_row(const struct writer *w, const struct progress_phase *phase) {
    int *percent = values(w->progress, phase->id);
    if (!percent) {
        w->out->failed = true;
        return;
    }
    row_head(w, phase, percent);
    change(w, percent);
    out_print(w->out, "%6u%9u%8u\n", phase->raised, phase->prompted, phase->items);
    free(percent);
}

/* "−1:00 → on time": off its budget in the first and the last interview that reached the phase. */
static void time_change(const struct writer *w, const char *id) {
    char first[32] = "";
    char last[32] = "";
    char text[80];
    unsigned count = 0;
    for (uint32_t i = 0; i < w->progress->count; i++) {
        int64_t ms;
        if (progress_phase_off(&w->progress->sessions[i], id, &ms)) {
            progress_off(ms, w->options->ascii, count++ ? last : first);
        }
    }
    snprintf(text, sizeof text, count > 1 ? "%s %s %s" : "%s", first,
             w->options->ascii ? "->" : "→", last);
    out_cell(w->out, text, 20, false);
}

static void time_row(const struct writer *w, const struct progress_phase *phase) {
    int *percent = calloc(w->progress->count + 1U, sizeof *percent);
    char budget[24];
    char actual[24];
    for (uint32_t i = 0; percent && i < w->progress->count; i++) {
        percent[i] = progress_time(&w->progress->sessions[i], phase->id);
    }
    if (!percent) {
        w->out->failed = true;
        return;
    }
    row_head(w, phase, percent);
    if (phase->reached) {
        time_change(w, phase->id);
        clock_text(budget, sizeof budget, phase->budget / phase->reached);
        clock_text(actual, sizeof actual, phase->actual / phase->reached);
        out_cell(w->out, actual, 8, true);
        out_cell(w->out, budget, 9, true);
        out_print(w->out, "%4u/%u\n", phase->over, phase->reached);
    } else {
        out_raw(w->out, "never reached\n");
    }
    free(percent);
}

static void phases(const struct writer *w) {
    rule(w, "Items raised in each phase");
    out_print(w->out, "%17s%-31s%6s%9s%8s\n", "", "first to last", "raised", "prompted", "items");
    for (uint32_t i = 0; i < w->progress->phase_count; i++) {
        phase_row(w, &w->progress->phases[i]);
    }
    rule(w, "Time of each phase");
    out_print(w->out, "%17s%-37s%8s%9s%6s\n", "", "half: on time    first to last", "mean",
              "budget", "over");
    for (uint32_t i = 0; i < w->progress->phase_count; i++) {
        time_row(w, &w->progress->phases[i]);
    }
}

static void never_item(const struct writer *w, const struct progress_item *item) {
    out_raw(w->out, "    ");
    out_cell(w->out, item->title, 48, false);
    if (item->prompted) {
        out_print(w->out, "  prompted in %u of %u\n", item->prompted, item->asked);
    } else {
        out_print(w->out, "  not once in %u\n", item->asked);
    }
}

/* How many items of the phase there are, and how many of them were never raised. */
static void never_head(const struct writer *w, uint32_t phase) {
    unsigned of = 0;
    unsigned count = 0;
    for (uint32_t i = 0; i < w->progress->item_count; i++) {
        const struct progress_item *item = &w->progress->items[i];
        of += item->phase == phase ? 1 : 0;
        count += item->phase == phase && item->raised == 0 ? 1 : 0;
    }
    out_raw(w->out, "  ");
    out_cell(w->out, w->progress->phases[phase].title, TITLE, false);
    out_print(w->out, " %u of %u\n", count, of);
}

static void never_more(const struct writer *w, unsigned hidden, bool any) {
    if (hidden > 0 && any) {
        out_print(w->out, "    and %u more\n", hidden);
    }
}

/* Without --items the first few of a phase, and none that only one interview asked for: that is no
 * habit. */
static void never(const struct writer *w) {
    struct progress_never at = {0};
    unsigned shown = 0;  /* of this phase */
    unsigned hidden = 0; /* of this phase */
    bool left_out = false;
    while (progress_never_next(w->progress, &at)) {
        if (at.opens) {
            rule(w, "Never raised");
        }
        if (at.heads) {
            never_more(w, hidden, shown > 0);
            shown = hidden = 0;
            never_head(w, at.phase);
        }
        if (w->options->items || (at.item->asked > 1 && shown < NEVER_SHOWN)) {
            shown++;
            never_item(w, at.item);
        } else {
            hidden++;
            left_out = true;
        }
    }
    never_more(w, hidden, shown > 0);
    if (left_out) {
        out_raw(w->out, "  'spar progress --items' lists them all.\n");
    }
}

static void flags(const struct writer *w) {
    bool any = false;
    for (uint32_t i = 0; i < w->progress->flag_count; i++) {
        const struct progress_flag *flag = &w->progress->flags[i];
        if (flag->sessions < 2) {
            continue;
        }
        if (!any) {
            rule(w, "Flags that come back");
        }
        any = true;
        out_raw(w->out, "  ");
        out_cell(w->out, flag->title, 52, false);
        out_print(w->out, "  in %u of %u\n", flag->sessions, w->progress->count);
    }
}

static void notes(const struct writer *w) {
    if (w->progress->note_count > 0) {
        rule(w, "Not in it");
    }
    for (uint32_t i = 0; i < w->progress->note_count; i++) {
        out_raw(w->out, "  ");
        out_wrapped(w->out, w->progress->notes[i].text, 2, 4, WIDTH);
    }
}

void progress_text(const struct progress *progress, const struct progress_options *options,
                   struct out *out) {
    struct writer w = {progress, options, out};
    head(&w);
    if (progress->count > 0) {
        sessions(&w);
        if (progress->count > 1) { /* one dot is no line */
            chart(&w);
        }
        phases(&w);
        never(&w);
        flags(&w);
    }
    notes(&w);
}
