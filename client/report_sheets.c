/*
 * report_sheets.c: the sheets beside the panel's, and how far any two of them agree.
 *
 * Invariants: the self-assessment comes first, then the sealed sheets of coaches in the order of their seats; pairs
 * are the panel's sheet with each, then the self-assessment with each sealed one, only where both hold a mark.
 */
#include <stdio.h>
#include <stdlib.h>

#include "client/report.h"

static bool has_marks(const struct room_sheet *sheet, int items) {
    for (int i = 0; sheet && i < items; i++) {
        if (sheet->marks[i].mark != MARK_NOT_YET) {
            return true;
        }
    }
    return false;
}

static void add_sheet(struct report *report, uint8_t owner, bool sealed) {
    struct report_sheet *out = &report->sheets[report->sheet_count++];
    const struct room_sheet *sheet = room_sheet_of(report->room, owner);
    *out = (struct report_sheet){.owner = owner, .sealed = sealed};
    for (int i = 0; sheet && i < report->pack->item_count; i++) {
        out->marks[i].mark = sheet->marks[i];
        out->marks[i].time = ledger_time_at(report->room, sheet->marks[i].at);
    }
}

static const struct room_sheet *sheet_at(const struct report *report, int index) {
    uint8_t owner = index < 0 ? SEAT_SERVER : report->sheets[index].owner;
    return room_sheet_of(report->room, owner);
}

static void add_pair(struct report *report, int a, int b) {
    const struct room_sheet *left = sheet_at(report, a);
    const struct room_sheet *right = sheet_at(report, b);
    int items = report->pack->item_count;
    if (!has_marks(left, items) || !has_marks(right, items)) {
        return;
    }
    struct report_pair *pair = &report->pairs[report->pair_count++];
    *pair = (struct report_pair){.a = a, .b = b};
    pair->whole = insight_agree_sheets(report->pack, left, right, -1);
    for (int p = 0; p < report->pack->phase_count; p++) {
        pair->phase[p] = insight_agree_sheets(report->pack, left, right, p);
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
