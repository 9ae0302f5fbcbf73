/* SPDX-License-Identifier: ISC */
/*
 * prepare.c: the two sides that an interviewer prepares with: one to speak from, one to mark from.
 */
#include "client/report/prepare.h"

#include <stdio.h>

#include "client/report/html.h"

enum { WIDTH = 80 };

/* "5 + 3 + 15 + 12 + 10 minutes" of the first plan. */
static const char *minutes_of(const struct pack *pack, char *out, size_t size) {
    size_t len = 0;
    out[0] = '\0';
    for (int i = 0; i < pack->phase_count && len < size; i++) {
        len += (size_t)snprintf(out + len, size - len, "%s%u", i ? " + " : "",
                                pack->plans[0].budget_ms[i] / 60000);
    }
    return out;
}

/* The least that earns the mark; of a pack that does not say so, what a strong answer holds. */
static const char *counts_of(const struct pack_item *item) {
    return item->counts && *item->counts ? item->counts : item->strong;
}

static const char *flag_words(enum flag_kind kind) {
    return kind == FLAG_RED ? "red flag" : "mistake";
}

/* Questions of a phase, those that belong to the walk-through first. False: no more. */
static bool next_question(const struct pack *pack, int phase, int *at) {
    int total = pack->followup_count + pack->curveball_count;
    for ((*at)++; *at < total; (*at)++) {
        const struct pack_question *question = *at < pack->followup_count
                                                   ? &pack->followups[*at]
                                                   : &pack->curveballs[*at - pack->followup_count];
        if (question->phase == phase) {
            return true;
        }
    }
    return false;
}

static const struct pack_question *question_at(const struct pack *pack, int at) {
    return at < pack->followup_count ? &pack->followups[at]
                                     : &pack->curveballs[at - pack->followup_count];
}

/* ---- text ---- */

static void rule(struct out *out, const char *title) {
    out_heading(out, title, "─", WIDTH);
}

/* "  label: text", wrapped under the text. */
static void labelled(struct out *out, int indent, const char *label, const char *text) {
    int column = indent + out_columns(label);
    out_print(out, "%*s", indent, "");
    out_typed(out, OUT_TEXT, label);
    out_wrapped(out, text, column, indent + 2, WIDTH);
}

static void phases_text(const struct pack *pack, struct out *out) {
    rule(out, "How it runs");
    for (int i = 0; i < pack->phase_count; i++) {
        const struct pack_phase *phase = &pack->phases[i];
        char title[64];
        snprintf(title, sizeof title, "%d %s, %u min: ", i + 1, phase->title,
                 pack->plans[0].budget_ms[i] / 60000);
        labelled(out, 2, title, phase->goal);
        if (*phase->watch) {
            labelled(out, 4, "Listen for: ", phase->watch);
        }
    }
}

static void facts_text(const struct pack *pack, struct out *out) {
    rule(out, "Facts, in the order in which they are likely to be asked for");
    for (int i = 0; i < pack->fact_count; i++) {
        labelled(out, 2, "", pack->facts[i].asked);
        out_raw(out, "    ");
        out_wrapped(out, pack->facts[i].text, 4, 4, WIDTH);
    }
}

static void questions_text(const struct pack *pack, struct out *out) {
    rule(out, "Questions, with what a strong answer holds");
    for (int p = 0; p < pack->phase_count; p++) {
        for (int at = -1; next_question(pack, p, &at);) {
            const struct pack_question *question = question_at(pack, at);
            bool follows = at < pack->followup_count;
            char label[64];
            snprintf(label, sizeof label, "%s, %s: ", pack->phases[p].title,
                     follows ? "follow-up" : "curveball");
            labelled(out, 2, label, question->text);
            out_raw(out, "    ");
            out_wrapped(out, question->strong, 4, 4, WIDTH);
        }
    }
}

static void items_text(const struct pack *pack, struct out *out) {
    rule(out, "What counts");
    for (int p = 0; p < pack->phase_count; p++) {
        out_print(out, "%s%d ", p ? "\n" : "", p + 1);
        out_wrapped(out, pack->phases[p].title, 2, 2, WIDTH);
        for (int i = 0; i < pack->item_count; i++) {
            if (pack->items[i].phase == p) {
                labelled(out, 2, "○ ", pack->items[i].title);
                out_raw(out, "    ");
                out_wrapped(out, counts_of(&pack->items[i]), 4, 4, WIDTH);
            }
        }
    }
}

static void flags_text(const struct pack *pack, struct out *out) {
    rule(out, "Red flags and mistakes");
    for (int i = 0; i < pack->flag_count; i++) {
        char label[32];
        snprintf(label, sizeof label, "%s: ", flag_words(pack->flags[i].kind));
        labelled(out, 2, label, pack->flags[i].title);
    }
}

void prepare_text(const struct pack *pack, struct out *out) {
    char minutes[96];
    out_wrapped(out, pack->title, 0, 0, WIDTH);
    out_typed(out, OUT_TEXT, pack->framework_title);
    out_raw(out, " · ");
    out_typed(out, OUT_TEXT, pack->level);
    out_print(out, " · %s min\n", minutes_of(pack, minutes, sizeof minutes));
    out_raw(out, "For the panel: this is the answer key.\n");
    rule(out, "The prompt");
    out_wrapped(out, pack->prompt, 0, 0, WIDTH);
    phases_text(pack, out);
    facts_text(pack, out);
    questions_text(pack, out);
    items_text(pack, out);
    flags_text(pack, out);
}

/* ---- HTML ---- */

static const char style[] =
    ".prompt{white-space:pre-line}.cols{columns:2;column-gap:1.6rem}"
    ".cols h2,.cols h3{font-size:1rem;margin:1rem 0 .4rem}.cols :first-child{margin-top:0}.cols "
    "p{margin:0 0 .6rem;break-inside:avoid}"
    ".cols b{font-weight:600}.side{margin-top:2rem}\n"
    "@media(max-width:40rem){.cols{columns:1}}\n"
    "@media print{@page{size:A4;margin:9mm 9mm}html{font-size:9px}body{line-height:1.24}"
    "h1{font-size:1.5rem;margin:0 0 .2rem}h2{margin:0 0 .25rem}.cols{columns:3;column-gap:1.1rem}"
    ".cols p{margin:0 0 .28rem}.cols h2,.cols h3{font-size:1.1rem;margin:.4rem 0 .2rem}"
    ".side{break-before:page;margin-top:0}"
    ".prompt{margin:.2rem 0;line-height:1.3;columns:2;column-gap:1.1rem}footer{display:none}}\n";

static void item(struct out *out, const char *tag, const char *term, const char *text) {
    html_element(out, "<p><b>", term, "</b> ");
    if (*tag) {
        html_element(out, "<span class=\"tag\">", tag, "</span> ");
    }
    html_element(out, "", text, "</p>\n");
}

static void facts_html(const struct pack *pack, struct out *out) {
    out_raw(out, "<h2>Facts, in the order in which they are likely to be asked for</h2>\n");
    for (int i = 0; i < pack->fact_count; i++) {
        item(out, "", pack->facts[i].asked, pack->facts[i].text);
    }
}

static void questions_html(const struct pack *pack, struct out *out) {
    out_raw(out, "<h2>Questions, with what a strong answer holds</h2>\n");
    for (int p = 0; p < pack->phase_count; p++) {
        for (int at = -1; next_question(pack, p, &at);) {
            char tag[64];
            snprintf(tag, sizeof tag, "(%s, %s)", pack->phases[p].title,
                     at < pack->followup_count ? "follow-up" : "curveball");
            item(out, tag, question_at(pack, at)->text, question_at(pack, at)->strong);
        }
    }
}

static void items_html(const struct pack *pack, struct out *out) {
    for (int p = 0; p < pack->phase_count; p++) {
        out_print(out, "<h3>%d ", p + 1);
        html_element(out, "", pack->phases[p].title, "");
        out_print(out, " <span class=\"tag\">%u min</span></h3>\n",
                  pack->plans[0].budget_ms[p] / 60000);
        if (*pack->phases[p].watch) {
            html_element(out, "<p><span class=\"tag\">Listen for:</span> ", pack->phases[p].watch,
                         "</p>\n");
        }
        for (int i = 0; i < pack->item_count; i++) {
            if (pack->items[i].phase == p) {
                item(out, "", pack->items[i].title, counts_of(&pack->items[i]));
            }
        }
    }
}

static void flags_html(const struct pack *pack, struct out *out) {
    out_raw(out, "<h3>Red flags and mistakes</h3>\n");
    for (int i = 0; i < pack->flag_count; i++) {
        html_element(out, "<p>", pack->flags[i].title, "");
        out_print(out, " <span class=\"tag\">%s</span></p>\n", flag_words(pack->flags[i].kind));
    }
}

void prepare_html(const struct pack *pack, struct out *out) {
    char minutes[96];
    html_begin(out, pack->title, " – to prepare", style);
    out_raw(out, "<div class=\"eyebrow\">For the panel: the answer key</div>\n");
    html_element(out, "<h1>", pack->title, "</h1>\n");
    html_element(out, "<p class=\"soft\">", pack->framework_title, " · ");
    html_typed(out, pack->level);
    out_print(out, " · %s min</p>\n", minutes_of(pack, minutes, sizeof minutes));
    html_element(out, "<p class=\"prompt card\">", pack->prompt, "</p>\n<div class=\"cols\">\n");
    facts_html(pack, out);
    questions_html(pack, out);
    out_raw(out, "</div>\n<section class=\"side\">\n<h2>What counts</h2>\n<div class=\"cols\">\n");
    items_html(pack, out);
    flags_html(pack, out);
    out_raw(out, "</div>\n</section>\n");
    html_end(out);
}
