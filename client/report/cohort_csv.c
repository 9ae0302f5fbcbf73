/* SPDX-License-Identifier: ISC */
/*
 * cohort_csv.c: the marks, flags and verdicts of a cohort as CSV (RFC 4180), one a line, so that a
 * spreadsheet can count them by any of their columns.
 *
 * Invariant: no cell begins as a formula does: what a person typed goes through cell(), which makes
 * text of it by a leading apostrophe.
 */
#include <stdio.h>
#include <string.h>

#include "client/report/cohort_report.h"
#include "protocol/room/verdict.h"

/* Signs with which a spreadsheet begins to compute, as they are and as wide forms. */
static bool is_formula(const char *text) {
    static const char *const begins[] = {"=",  "+",  "-",  "@",  "＝", "＋",
                                         "－", "＠", "\t", "\r", "\n"};
    text += strspn(text, " ");
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        if (strncmp(text, begins[i], strlen(begins[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* A quoted cell; an inner quote is doubled. */
static void cell(struct out *out, const char *text) {
    struct out typed;
    out_init(&typed);
    out_typed(&typed, OUT_TEXT, text ? text : "");
    out_raw(out,
            is_formula(text ? text : "") || (typed.data && is_formula(typed.data)) ? "\"'" : "\"");
    for (const char *at = typed.data; at && *at; at++) {
        out_print(out, *at == '"' ? "\"%c" : "%c", *at);
    }
    out_raw(out, "\"");
    out->failed = out->failed || typed.failed;
    out_free(&typed);
}

/* What every line of an interview begins with. */
static void line_begin(const struct progress_session *session, struct out *out, const char *kind) {
    char date[16];
    const char *const cells[] = {progress_date(session, date), session->room,
                                 session->candidate,           session->pack->title,
                                 session->pack->level,         kind};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        cell(out, cells[i]);
        out_raw(out, ",");
    }
}

static void line_end(struct out *out, const char *const cells[5]) {
    for (int i = 0; i < 5; i++) {
        cell(out, cells[i]);
        out_raw(out, i < 4 ? "," : "\r\n");
    }
}

static void marks(const struct progress_session *session, struct out *out) {
    const struct pack *pack = session->pack;
    for (int i = 0; i < pack->item_count; i++) {
        const struct pack_item *item = &pack->items[i];
        if (session->reached[item->phase]) {
            line_begin(session, out, "mark");
            line_end(out, (const char *[]){pack->phases[item->phase].title, item->id, item->title,
                                           mark_name((enum mark)session->marks[i]), ""});
        }
    }
}

static void flags(const struct progress_session *session, struct out *out) {
    const struct pack *pack = session->pack;
    for (int i = 0; i < pack->flag_count; i++) {
        if (session->flags >> i & 1) {
            line_begin(session, out, "flag");
            line_end(out, (const char *[]){"", pack->flags[i].id, pack->flags[i].title,
                                           pack->flags[i].kind == FLAG_RED ? "red flag" : "mistake",
                                           ""});
        }
    }
}

static void one_verdict(const struct progress_session *session,
                        const struct progress_verdict *verdict, struct out *out) {
    const struct pack *pack = session->pack;
    int count = verdict->rating ? RATING_COUNT : pack->competency_count;
    if (!verdict->rating) {
        line_begin(session, out, "recommendation");
        line_end(out, (const char *[]){
                          "", "recommendation", pack_level_name((enum level)verdict->level),
                          verdict_recommend_name((enum recommend)verdict->recommend), verdict->by});
    }
    for (int i = 0; i < count; i++) {
        char score[8];
        snprintf(score, sizeof score, "%u", verdict->scores[i]);
        const char *id =
            verdict->rating ? verdict_rating_id((enum rating)i) : pack->competencies[i].id;
        const char *title =
            verdict->rating ? verdict_rating_title((enum rating)i) : pack->competencies[i].title;
        if (verdict->scores[i]) {
            line_begin(session, out, verdict->rating ? "rating" : "score");
            line_end(out, (const char *[]){"", id, title, score, verdict->by});
        }
    }
}

void cohort_report_csv(const struct cohort_report *report, struct out *out) {
    const struct progress *progress = report->progress;
    out_raw(out, "date,room,candidate,prompt,level,kind,phase,id,title,value,by\r\n");
    for (uint32_t i = 0; i < progress->count; i++) {
        marks(&progress->sessions[i], out);
        flags(&progress->sessions[i], out);
        for (uint8_t k = 0; k < progress->sessions[i].verdict_count; k++) {
            one_verdict(&progress->sessions[i], &progress->sessions[i].verdicts[k], out);
        }
    }
}
