/* SPDX-License-Identifier: ISC */
/*
 * report_verdict.c: the verdicts on top of a report, as text, Markdown and HTML.
 */
#include "client/report/report_verdict.h"

#include <stdio.h>

#include "client/report/html.h"

enum { WIDTH = 80, TITLE = 28 };

/* "yes, for senior"; of a rating "on the interviewer". */
static const char *verdict_words(const struct room_verdict *verdict, char out[REPORT_WORDS_SIZE]) {
    if (verdict->rating) {
        snprintf(out, REPORT_WORDS_SIZE, "on the interviewer");
    } else {
        snprintf(out, REPORT_WORDS_SIZE, "%s, for %s",
                 verdict_recommend_name((enum recommend)verdict->recommend),
                 pack_level_name((enum level)verdict->level));
    }
    return out;
}

int report_score_count(const struct report *report, const struct room_verdict *verdict) {
    return verdict->rating ? RATING_COUNT : report->pack->competency_count;
}

/* A line of the table of scores. */
struct score {
    const char *title;  /* borrowed; the competency, or what is rated */
    const char *anchor; /* borrowed; what that score looks like, or "" */
    char score[16], bar[48], clock[REPORT_CLOCK_SIZE];
};

static void score_get(const struct report *report, const struct room_verdict *verdict, int index,
                      struct score *out) {
    uint8_t score = verdict->scores[index];
    *out = (struct score){.anchor = ""};
    snprintf(out->score, sizeof out->score, "%u of %d", score, PACK_SCORES);
    if (verdict->rating) {
        out->title = verdict_rating_title((enum rating)index);
        return;
    }
    const struct pack_competency *competency = &report->pack->competencies[index];
    uint8_t bar = pack_bar(competency, (enum level)verdict->level);
    out->title = competency->title;
    out->anchor = pack_anchor(competency, score);
    if (bar) {
        snprintf(out->bar, sizeof out->bar, "%s asks %u",
                 pack_level_name((enum level)verdict->level), bar);
    }
    if (verdict->moments[index]) {
        struct ledger_time time = ledger_time_at(report->room, verdict->moments[index]);
        if (time.when == LEDGER_DURING) {
            (void)report_clock(out->clock, time);
        } else {
            snprintf(out->clock, sizeof out->clock,
                     time.when == LEDGER_BEFORE ? "before the start" : "after the finish");
        }
    }
}

static const char *text_title(const struct room_verdict *verdict, int text) {
    static const char *const titles[VERDICT_TEXTS] = {"To keep", "To change", "Next drill"};
    return verdict->rating ? "In their own words" : titles[text];
}

/* How many scores were given. */
static int said_count(const struct room_verdict *verdict) {
    int count = 0;
    for (int i = 0; i < PACK_COMPETENCIES_MAX; i++) {
        count += verdict->scores[i] != 0;
    }
    return count;
}

/* ---- text ---- */

static void scores_text(const struct report *report, const struct room_verdict *verdict,
                        struct out *out) {
    for (int i = 0; i < report_score_count(report, verdict); i++) {
        struct score score;
        if (!verdict->scores[i]) {
            continue;
        }
        score_get(report, verdict, i, &score);
        out_raw(out, "    ");
        out_cell(out, score.title, TITLE, false);
        out_print(out, "  %-8s", score.score);
        out_cell(out, score.bar, 16, false);
        out_print(out, "%s%s", score.clock[0] ? "  evidence: " : "", score.clock);
        while (out->len && out->data[out->len - 1] == ' ') {
            out->data[--out->len] = '\0';
        }
        out_raw(out, "\n");
    }
}

void report_verdict_text(const struct report *report, struct out *out) {
    const struct room *room = report->room;
    if (room->verdict_count > 0) {
        out_heading(out, "Verdict", "─", WIDTH);
    }
    for (uint8_t v = 0; v < room->verdict_count; v++) {
        const struct room_verdict *verdict = &room->verdicts[v];
        char words[REPORT_WORDS_SIZE];
        out_print(out, "%s  ", v ? "\n" : "");
        out_typed(out, OUT_TEXT, report_name(report, verdict->by));
        out_print(out, ": %s%s\n", verdict_words(verdict, words),
                  verdict->late ? " (handed in after the others had opened)" : "");
        scores_text(report, verdict, out);
        for (int i = 0; i < VERDICT_TEXTS; i++) {
            if (verdict->texts[i][0]) {
                const char *title = text_title(verdict, i);
                int column = 6 + out_columns(title);
                out_print(out, "    %s: ", title);
                out_wrapped(out, verdict->texts[i], column, 6, WIDTH);
            }
        }
    }
}

/* ---- Markdown ---- */

static void typed(struct out *out, const char *text) {
    out_typed(out, OUT_MARKDOWN, text);
}

static void scores_markdown(const struct report *report, const struct room_verdict *verdict,
                            struct out *out) {
    int count = said_count(verdict) > 0 ? report_score_count(report, verdict) : 0;
    out_raw(out, count > 0 ? "\n| | Score | Asked | Evidence |\n|---|---|---|--:|\n" : "");
    for (int i = 0; i < count; i++) {
        struct score score;
        if (!verdict->scores[i]) {
            continue;
        }
        score_get(report, verdict, i, &score);
        out_raw(out, "| ");
        typed(out, score.title);
        out_print(out, " | %s | %s | %s |\n", score.score, score.bar, score.clock);
    }
}

void report_verdict_markdown(const struct report *report, struct out *out) {
    const struct room *room = report->room;
    out_raw(out, room->verdict_count > 0 ? "\n## Verdict\n" : "");
    for (uint8_t v = 0; v < room->verdict_count; v++) {
        const struct room_verdict *verdict = &room->verdicts[v];
        char words[REPORT_WORDS_SIZE];
        out_raw(out, "\n### ");
        typed(out, report_name(report, verdict->by));
        out_print(out, ": %s%s\n", verdict_words(verdict, words),
                  verdict->late ? " (handed in after the others had opened)" : "");
        scores_markdown(report, verdict, out);
        for (int i = 0; i < VERDICT_TEXTS; i++) {
            if (verdict->texts[i][0]) {
                out_print(out, "\n**%s:** ", text_title(verdict, i));
                typed(out, verdict->texts[i]);
                out_raw(out, "\n");
            }
        }
    }
}

/* ---- HTML ---- */

static void scores_html(const struct report *report, const struct room_verdict *verdict,
                        struct out *out) {
    int count = said_count(verdict) > 0 ? report_score_count(report, verdict) : 0;
    out_raw(out, count > 0 ? "<table>\n" : "");
    for (int i = 0; i < count; i++) {
        struct score score;
        if (!verdict->scores[i]) {
            continue;
        }
        score_get(report, verdict, i, &score);
        html_element(out, "<tr><td>", score.title, "");
        if (score.anchor[0]) {
            html_element(out, "<div class=\"tag\">", score.anchor, "</div>");
        }
        out_print(out, "</td><td class=\"w\"><b>%s</b>", score.score);
        if (score.bar[0]) {
            html_element(out, "<div class=\"tag\">", score.bar, "</div>");
        }
        out_print(out, "</td><td class=\"n tag\">%s%s</td></tr>\n",
                  score.clock[0] ? "evidence " : "", score.clock);
    }
    out_raw(out, count > 0 ? "</table>\n" : "");
}

static void one_html(const struct report *report, const struct room_verdict *verdict,
                     struct out *out) {
    char words[REPORT_WORDS_SIZE];
    out_raw(out, said_count(verdict) > 0 && !verdict->rating ? "<div class=\"card full\">"
                                                             : "<div class=\"card\">");
    html_element(out, "<h3>", report_name(report, verdict->by), "");
    html_element(out, " <span class=\"soft\">", verdict_words(verdict, words), "</span>");
    out_raw(out, "</h3>\n");
    if (verdict->late) {
        out_raw(out, "<p class=\"tag\">handed in after the others had opened</p>\n");
    }
    scores_html(report, verdict, out);
    for (int i = 0; i < VERDICT_TEXTS; i++) {
        if (verdict->texts[i][0]) {
            out_print(out, "<p><b>%s:</b> ", text_title(verdict, i));
            html_element(out, "", verdict->texts[i], "</p>\n");
        }
    }
    out_raw(out, "</div>\n");
}

void report_verdict_html(const struct report *report, struct out *out) {
    const struct room *room = report->room;
    if (room->verdict_count == 0) {
        return;
    }
    out_raw(out, "<section>\n<h2>Verdict</h2>\n<div class=\"verdicts\">\n");
    for (uint8_t v = 0; v < room->verdict_count; v++) {
        one_html(report, &room->verdicts[v], out);
    }
    out_raw(out, "</div>\n</section>\n");
}
