/* SPDX-License-Identifier: ISC */
/*
 * remark_compare.c: the comparison of a re-marking with what was marked live, as text and as JSON.
 */
#include "client/report/remark_compare.h"

#include <stdio.h>
#include <string.h>

#include "protocol/text/json.h"

enum { WIDTH = 80, MARK = 10, ITEM = WIDTH - 2 * MARK - 14 };

bool remark_comparable(const struct room *live, const struct room *anew) {
    if (!live->pack || !anew->pack || live->pack->item_count != anew->pack->item_count) {
        return false;
    }
    for (int i = 0; i < live->pack->item_count; i++) {
        if (strcmp(live->pack->items[i].id, anew->pack->items[i].id) != 0) {
            return false;
        }
    }
    return true;
}

/* Adds the marks of a phase (-1: all) to the table: live, then anew. */
static void tabulate(const struct remark_compare *compare, int phase, struct insight_table *table) {
    insight_tabulate(table, compare->live->pack, room_sheet_of(compare->live, SEAT_SERVER),
                     room_sheet_of(compare->anew, SEAT_SERVER), phase);
}

static struct insight_agreement agree(const struct remark_compare *compare, int phase) {
    struct insight_table table = {{{0}}};
    tabulate(compare, phase, &table);
    return insight_agreement_of(&table);
}

static void row_of(const struct remark_compare *compare, struct out *out, int item) {
    enum mark live = room_panel_mark(compare->live, item);
    enum mark anew = room_panel_mark(compare->anew, item);
    out_raw(out, "  ");
    out_cell(out, compare->live->pack->items[item].title, ITEM, false);
    out_raw(out, "  ");
    out_cell(out, mark_name(live), MARK, false);
    out_raw(out, live == anew ? mark_name(anew) : "");
    if (live != anew) {
        out_cell(out, mark_name(anew), MARK, false);
        out_raw(out, "differ");
    }
    out_raw(out, "\n");
}

static void phase_text(const struct remark_compare *compare, struct out *out, int phase) {
    const struct pack *pack = compare->live->pack;
    char title[64];
    snprintf(title, sizeof title, "%d ", phase + 1);
    out_raw(out, "\n");
    out_raw(out, title);
    out_cell(out, pack->phases[phase].title, ITEM, false);
    out_raw(out, "  ");
    out_cell(out, compare->other ? compare->other : "live", MARK - 1, false);
    out_raw(out, " ");
    out_cell(out, compare->other ? compare->by : "anew", MARK - 1, false);
    while (out->len && out->data[out->len - 1] == ' ') {
        out->data[--out->len] = '\0';
    }
    out_raw(out, "\n");
    for (int i = 0; i < pack->item_count; i++) {
        if (pack->items[i].phase == phase) {
            row_of(compare, out, i);
        }
    }
}

/* "75 % (3 of 4), kinder on 1": how far the marks made anew agree with the others. */
static void agreement_line(struct out *out, struct insight_agreement part) {
    char words[INSIGHT_WORDS_SIZE];
    if (part.counted) {
        out_print(out, "  %3d %%  %u of %u, %s\n", insight_percent(part), (unsigned)part.same,
                  (unsigned)part.counted, insight_words(part, false, words));
    } else {
        out_raw(out, "    –    nothing marked\n");
    }
}

static void agreement_text(const struct remark_compare *compare, struct out *out) {
    const struct pack *pack = compare->live->pack;
    out_raw(out, "\nAgreement\n");
    for (int p = -1; p < pack->phase_count; p++) {
        out_raw(out, "  ");
        out_cell(out, p < 0 ? "Interview" : pack->phases[p].title, PACK_PHASE_TITLE_MAX, false);
        agreement_line(out, agree(compare, p));
    }
    out_raw(out, "\n");
    out_wrapped(
        out,
        "Of the items that either sheet marks, those on which both say the same; and on how "
        "many of the others the marks made anew are kinder or harder. 'spar remark "
        "--calibrate' takes several recordings together.",
        0, 0, WIDTH);
}

void remark_set_add(struct remark_set *set, const struct remark_compare *compare,
                    struct insight_agreement *one) {
    struct insight_table table = {{{0}}};
    tabulate(compare, -1, &table);
    *one = insight_agreement_of(&table);
    tabulate(compare, -1, &set->table);
    set->count++;
}

void remark_set_line(struct out *out, const char *title, struct insight_agreement part) {
    out_raw(out, "  ");
    out_cell(out, title, ROOM_ID_BYTES + 2, false);
    agreement_line(out, part);
}

void remark_set_end(const struct remark_set *set, struct out *out) {
    remark_set_line(out, "All", insight_agreement_of(&set->table));
    out_raw(out, "\n");
    if (set->count < 2) {
        out_wrapped(out,
                    "Kappa is taken over several recordings: one has too few marks for it to mean "
                    "something.",
                    0, 0, WIDTH);
        return;
    }
    out_print(out, "kappa %.2f over %u recordings\n", insight_kappa(&set->table), set->count);
    out_wrapped(
        out,
        "Over all items: 1 is full agreement, 0 what chance alone would give (J. Cohen 1960, "
        "A coefficient of agreement for nominal scales).",
        0, 0, WIDTH);
}

void remark_compare_text(const struct remark_compare *compare, struct out *out) {
    char line[256];
    snprintf(line, sizeof line, "Room %s, marked ", compare->room_id);
    out_raw(out, line);
    out_raw(out, compare->other ? "anew by " : "live");
    out_typed(out, OUT_TEXT, compare->other ? compare->other : "");
    out_raw(out, compare->other ? " and by " : " and anew by ");
    out_typed(out, OUT_TEXT, compare->by);
    out_raw(out, "\n");
    if (compare->note) {
        out_wrapped(out, compare->note, 0, 0, WIDTH);
    }
    for (int p = 0; p < compare->live->pack->phase_count; p++) {
        phase_text(compare, out, p);
    }
    agreement_text(compare, out);
}

static void agreement_json(struct json *json, struct insight_agreement part) {
    if (part.counted) {
        json_put_object(json, "agreement");
        json_put_number(json, "same", part.same);
        json_put_number(json, "counted", part.counted);
        json_put_number(json, "percent", insight_percent(part));
        json_put_number(json, "kinder", part.kinder);
        json_put_number(json, "harder", part.harder);
        json_end(json);
    }
}

static void items_json(const struct remark_compare *compare, struct json *json) {
    const struct pack *pack = compare->live->pack;
    json_put_list(json, "items");
    for (int i = 0; i < pack->item_count; i++) {
        enum mark live = room_panel_mark(compare->live, i);
        enum mark anew = room_panel_mark(compare->anew, i);
        json_put_object(json, NULL);
        json_put_text(json, "id", pack->items[i].id);
        json_put_text(json, "phase", pack->phases[pack->items[i].phase].id);
        json_put_text(json, "live", mark_name(live));
        json_put_text(json, "anew", mark_name(anew));
        json_put_truth(json, "same", live == anew);
        json_end(json);
    }
    json_end(json);
}

void remark_compare_json(const struct remark_compare *compare, struct out *out) {
    const struct pack *pack = compare->live->pack;
    struct json json;
    json_begin(&json, out, JSON_ONE_LINE);
    json_put_object(&json, NULL);
    json_put_object(&json, "compared");
    json_put_text(&json, "room", compare->room_id);
    json_put_text(&json, "by", compare->by);
    json_put_list(&json, "phases");
    for (int p = 0; p < pack->phase_count; p++) {
        json_put_object(&json, NULL);
        json_put_text(&json, "id", pack->phases[p].id);
        agreement_json(&json, agree(compare, p));
        json_end(&json);
    }
    json_end(&json);
    items_json(compare, &json);
    agreement_json(&json, agree(compare, -1));
    if (compare->other) {
        json_put_text(&json, "other", compare->other);
    }
    if (compare->note) {
        json_put_text(&json, "note", compare->note);
    }
    json_end(&json);
    json_end(&json);
    out_raw(out, "\n");
}
