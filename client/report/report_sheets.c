/* SPDX-License-Identifier: ISC */
/*
 * report_sheets.c: the sheets beside the panel's, and how far any two of them agree.
 *
 * Invariants: the self-assessment comes first, then the sealed sheets of coaches in the order of
 * their seats; pairs are the panel's sheet with each, then the self-assessment with each sealed
 * one, only where both hold a mark.
 */
#include <stdio.h>
#include <stdlib.h>

#include "client/report/report.h"

bool report_has_marks(const struct report *report, uint8_t owner) {
    const struct room_sheet *sheet = room_sheet_of(report->room, owner);
    for (int i = 0; sheet && i < report->pack->item_count; i++) {
        if (sheet->marks[i].mark != MARK_NOT_YET) {
            return true;
        }
    }
    return false;
}

void report_collect_marks(const struct report *report, uint8_t owner,
                          struct report_mark out[PACK_ITEMS_MAX]) {
    const struct room_sheet *sheet = room_sheet_of(report->room, owner);
    for (int i = 0; sheet && i < report->pack->item_count; i++) {
        out[i].mark = sheet->marks[i];
        out[i].time = ledger_time_at(report->room, sheet->marks[i].at);
    }
}

static void add_sheet(struct report *report, uint8_t owner, bool sealed) {
    struct report_sheet *out = &report->sheets[report->sheet_count++];
    *out = (struct report_sheet){.owner = owner, .sealed = sealed};
    report_collect_marks(report, owner, out->marks);
}

static uint8_t owner_of(const struct report *report, int index) {
    return index < 0 ? SEAT_SERVER : report->sheets[index].owner;
}

static void add_pair(struct report *report, int a, int b) {
    uint8_t left = owner_of(report, a);
    uint8_t right = owner_of(report, b);
    if (!report_has_marks(report, left) || !report_has_marks(report, right)) {
        return;
    }
    struct report_pair *pair = &report->pairs[report->pair_count++];
    *pair = (struct report_pair){.a = a, .b = b};
    pair->whole = insight_agree(report->room, left, right, -1);
    for (int p = 0; p < report->pack->phase_count; p++) {
        pair->phase[p] = insight_agree(report->room, left, right, p);
    }
}

bool report_collect_sheets(struct report *report) {
    const struct room *room = report->room;
    report->sheets = calloc(ROOM_SHEETS_MAX + 1, sizeof *report->sheets);
    report->pairs = calloc((size_t)2 * (ROOM_SHEETS_MAX + 1), sizeof *report->pairs);
    if (!report->sheets || !report->pairs) {
        return false;
    }
    if (report->has_self) {
        add_sheet(report, (uint8_t)report->candidate, false);
    }
    for (uint8_t seat = 0; seat < room->seat_count; seat++) {
        if (room->seats[seat].role == ROLE_COACH && room_sheet_of(room, seat)) {
            add_sheet(report, seat, true);
        }
    }
    for (int i = 0; report->has_panel && i < report->sheet_count; i++) {
        add_pair(report, -1, i);
    }
    for (int i = 1; report->has_self && i < report->sheet_count; i++) {
        add_pair(report, 0, i);
    }
    return true;
}

const char *report_sheet_words(const struct report *report, int index,
                               char out[REPORT_WORDS_SIZE]) {
    if (index < 0 || !report->sheets[index].sealed) {
        snprintf(out, REPORT_WORDS_SIZE, "%s",
                 index < 0 ? "the panel's sheet" : "the self-assessment");
    } else {
        snprintf(out, REPORT_WORDS_SIZE, "%s's sealed sheet",
                 report_name(report, report->sheets[index].owner));
    }
    return out;
}

const char *report_sheet_title(const struct report *report, int index) {
    return report->sheets[index].sealed ? report_name(report, report->sheets[index].owner) : "self";
}

int report_columns(const struct report *report) {
    return report->has_panel ? report->sheet_count : 0;
}
