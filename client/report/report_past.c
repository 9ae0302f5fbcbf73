/* SPDX-License-Identifier: ISC */
/*
 * report_past.c: figures of this interview, of the one before it and of the others at its level.
 */
#include "client/report/report_past.h"

#include <stdio.h>
#include <string.h>

/* Counts of one side; percent come of them at the end. */
struct counts {
    int64_t items[PACK_PHASES_MAX + 1], raised[PACK_PHASES_MAX + 1]; /* the last: the whole */
};

static void add_counts(struct counts *counts, int phase, const struct insight_phase *part) {
    const int places[] = {phase, PACK_PHASES_MAX};
    for (int i = 0; i < 2; i++) {
        counts->items[places[i]] += part->items;
        counts->raised[places[i]] += part->raised;
    }
}

static int phase_of(const struct pack *pack, const char *id) {
    for (int i = 0; i < pack->phase_count; i++) {
        if (strcmp(pack->phases[i].id, id) == 0) {
            return i;
        }
    }
    return -1;
}

static void count_session(const struct report *report, const struct progress_session *session,
                          struct counts *counts) {
    for (int i = 0; i < session->pack->phase_count; i++) {
        int phase = phase_of(report->pack, session->pack->phases[i].id);
        if (phase >= 0 && session->reached[i]) {
            add_counts(counts, phase, &session->summary.phase[i]);
        }
    }
}

static void count_report(const struct report *report, struct counts *counts) {
    for (int i = 0; i < report->pack->phase_count; i++) {
        if (report->phases[i].reached) {
            add_counts(counts, i, &report->phases[i].ledger);
        }
    }
}

static struct report_figures figures_of(const struct counts *counts) {
    struct report_figures out;
    out.whole = progress_percent(counts->raised[PACK_PHASES_MAX], counts->items[PACK_PHASES_MAX]);
    for (int i = 0; i < PACK_PHASES_MAX; i++) {
        out.phase[i] = progress_percent(counts->raised[i], counts->items[i]);
    }
    return out;
}

static bool is_comparable(const struct report *report, const struct progress_session *session) {
    return session->finished && !session->self && strcmp(session->room, report->room_id) != 0;
}

/* Of the same candidate, by name: recordings know no more. */
static const struct progress_session *last_of(const struct report *report,
                                              const struct progress *progress) {
    const struct progress_session *last = NULL;
    if (report->candidate < 0) {
        return NULL;
    }
    for (uint32_t i = 0; i < progress->count; i++) {
        const struct progress_session *session = &progress->sessions[i];
        if (is_comparable(report, session) && session->started < report->room->clock.started_at &&
            strcmp(session->candidate, report->room->seats[report->candidate].name) == 0 &&
            (!last || session->started > last->started)) {
            last = session;
        }
    }
    return last;
}

static void fill_last(const struct report *report, const struct progress *progress,
                      struct report_past *out) {
    const struct progress_session *last = last_of(report, progress);
    struct counts counts = {{0}, {0}};
    if (last) {
        count_session(report, last, &counts);
        progress_date(last, out->date);
        snprintf(out->title, sizeof out->title, "%s", last->pack->title);
    }
    out->last = figures_of(&counts);
}

static void fill_level(const struct report *report, const struct progress *progress,
                       struct report_past *out) {
    struct counts counts = {{0}, {0}};
    for (uint32_t i = 0; i < progress->count; i++) {
        const struct progress_session *session = &progress->sessions[i];
        if (is_comparable(report, session) &&
            strcmp(session->pack->level, report->pack->level) == 0) {
            count_session(report, session, &counts);
            out->level_count++;
        }
    }
    out->level = figures_of(&counts);
}

bool report_past_fill(const struct report *report, const struct progress *progress,
                      struct report_past *out) {
    struct counts counts = {{0}, {0}};
    *out = (struct report_past){.level_count = 0};
    if (report->scores_self || !report->room->clock.started_at) {
        return false;
    }
    count_report(report, &counts);
    out->now = figures_of(&counts);
    fill_last(report, progress, out);
    fill_level(report, progress, out);
    return out->date[0] || out->level_count > 0;
}

static void write_percent(char out[16], int percent) {
    snprintf(out, 16, percent < 0 ? "–" : "%d %%", percent);
}

void report_past_row(const struct report *report, int phase, struct report_past_row *out) {
    const struct report_past *past = report->past;
    int now = phase < 0 ? past->now.whole : past->now.phase[phase];
    int last = phase < 0 ? past->last.whole : past->last.phase[phase];
    int change = now - last;
    *out = (struct report_past_row){
        .title = phase < 0 ? "Interview" : report->pack->phases[phase].title, .change = "–"};
    write_percent(out->now, now);
    write_percent(out->last, last);
    write_percent(out->level, phase < 0 ? past->level.whole : past->level.phase[phase]);
    if (now >= 0 && last >= 0) {
        snprintf(out->change, sizeof out->change, "%s%d",
                 change < 0   ? "−"
                 : change > 0 ? "+"
                              : "±",
                 change < 0 ? -change : change);
    }
}

const char *report_past_last(const struct report *report, char out[REPORT_WORDS_SIZE]) {
    const struct report_past *past = report->past;
    out[0] = '\0';
    if (past->date[0]) {
        snprintf(out, REPORT_WORDS_SIZE, "the last interview on %s, %s", past->date, past->title);
    }
    return out;
}

const char *report_past_level(const struct report *report, char out[REPORT_WORDS_SIZE]) {
    int count = report->past->level_count;
    out[0] = '\0';
    if (count > 0) {
        snprintf(out, REPORT_WORDS_SIZE, "the mean of %d other interview%s at %s", count,
                 count == 1 ? "" : "s", report->pack->level);
    }
    return out;
}
