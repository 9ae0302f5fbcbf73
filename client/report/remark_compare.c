/* SPDX-License-Identifier: ISC */
/*
 * remark_compare.c: the comparison of a re-marking with what was marked live, as text and as JSON.
 */
#include "client/report/remark_compare.h"

#include <stdio.h>
#include <string.h>

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

json_t *remark_agreement_json(struct insight_agreement part) {
    return json_pack("{s:I,s:I,s:i,s:I,s:I}", "same", (json_int_t)part.same, "counted",
                     (json_int_t)part.counted, "percent", insight_percent(part), "kinder",
                     (json_int_t)part.kinder, "harder", (json_int_t)part.harder);
}

json_t *remark_compare_json(const struct remark_compare *compare) {
    const struct pack *pack = compare->live->pack;
    json_t *phases = json_array();
    json_t *items = json_array();
    for (int p = 0; p < pack->phase_count; p++) {
        struct insight_agreement part = agree(compare, p);
        json_t *phase = json_pack("{s:s}", "id", pack->phases[p].id);
        if (part.counted) {
            json_object_set_new(phase, "agreement", remark_agreement_json(part));
        }
        json_array_append_new(phases, phase);
    }
    for (int i = 0; i < pack->item_count; i++) {
        enum mark live = room_panel_mark(compare->live, i);
        enum mark anew = room_panel_mark(compare->anew, i);
        json_array_append_new(items, json_pack("{s:s,s:s,s:s,s:s,s:b}", "id", pack->items[i].id,
                                               "phase", pack->phases[pack->items[i].phase].id,
                                               "live", mark_name(live), "anew", mark_name(anew),
                                               "same", live == anew));
    }
    struct insight_agreement whole = agree(compare, -1);
    json_t *all = json_pack("{s:s,s:s,s:o,s:o}", "room", compare->room_id, "by", compare->by,
                            "phases", phases, "items", items);
    if (all && whole.counted) {
        json_object_set_new(all, "agreement", remark_agreement_json(whole));
    }
    if (all && compare->other) {
        json_object_set_new(all, "other", json_string(compare->other));
    }
    if (all && compare->note) {
        json_object_set_new(all, "note", json_string(compare->note));
    }
    return all;
}
