/* SPDX-License-Identifier: ISC */
/*
 * wall_row.c: counting a room for the wall, and putting its reasons into words.
 */
#include "client/feed/wall_row.h"

#include <stdio.h>
#include <string.h>

#include "protocol/text/text.h"

enum {
    SENTENCE_LEAST = 16, /* bytes of a sentence that can stand alone */
    MORE_COLUMNS = 4     /* of "; +2" */
};

static void take_people(struct wall_row *row, const struct room *room) {
    row->people = row->coaches = 0;
    for (uint8_t i = 0; i < room->seat_count; i++) {
        if (room->seats[i].role == ROLE_CANDIDATE) {
            row->seats[row->people++] = i;
        }
        row->coaches += room->seats[i].role == ROLE_COACH && room->seats[i].here;
    }
    for (uint8_t i = 0; i < room->seat_count; i++) {
        if (room->seats[i].role == ROLE_INTERVIEWER) {
            row->seats[row->people++] = i;
        }
    }
}

static void take_board(struct wall_row *row, const struct room *room) {
    int seat = room_candidate(room);
    unsigned boxes = 0, citing = 0;
    if (seat >= 0) {
        board_count(&room->board, (uint8_t)seat, &boxes, &citing);
    }
    row->boxes = (uint16_t)boxes;
    row->citing = (uint16_t)citing;
}

bool wall_row_update(struct wall_row *row, const struct model *model, int64_t now) {
    bool due = row->next >= 0 && now >= row->next;
    if (row->filled && row->revision == model->revision && !due) {
        return false;
    }
    struct insight_summary summary;
    insight_summarise(&model->room, now, &summary);
    row->filled = true;
    row->revision = model->revision;
    row->items = summary.items;
    row->raised = summary.raised;
    row->prompted = summary.prompted;
    row->flags = summary.flags;
    take_board(row, &model->room);
    take_people(row, &model->room);
    row->count = attention_of(&model->room, now, row->reasons);
    row->next = attention_next(&model->room, now);
    return true;
}

/* Appends to a text that is kept whole: what does not fit is cut off at the end. */
static void append(char *out, size_t size, const char *text) {
    size_t len = strlen(out);
    snprintf(out + len, size - len, "%s", text);
}

void wall_row_names(const struct wall_row *row, const struct model *model, char *out, size_t size) {
    out[0] = '\0';
    for (uint8_t i = 0; i < row->people; i++) {
        append(out, size, i > 0 ? ", " : "");
        append(out, size, model->room.seats[row->seats[i]].name);
    }
    if (row->people == 0) {
        append(out, size, "nobody yet");
    }
}

/* The alarm's own words, without the stop at their end: more may follow. */
static void put_alarm(const struct room *room, int8_t alarm, char *out, size_t size) {
    snprintf(out, size, "%s", room->pack && alarm >= 0 ? room->pack->alarms[alarm].text : "");
    size_t len = strlen(out);
    if (len > 0 && out[len - 1] == '.') {
        out[len - 1] = '\0';
    }
}

void wall_row_reason(const struct model *model, const struct attention *reason, int64_t now,
                     char *out, size_t size) {
    const struct room *room = &model->room;
    const char *name = reason->seat < room->seat_count ? room->seats[reason->seat].name : "";
    const char *phase = room->pack && reason->phase < room->pack->phase_count
                            ? room->pack->phases[reason->phase].title
                            : "The phase";
    char since[24];
    clock_text(since, sizeof since, now > reason->since ? now - reason->since : 0);
    switch (reason->kind) {
    case ATTENTION_HAND: snprintf(out, size, "%s calls you (%s)", name, since); break;
    case ATTENTION_GONE: snprintf(out, size, "%s gone for %s", name, since); break;
    case ATTENTION_OVER_MAIN:
    case ATTENTION_OVER: snprintf(out, size, "%s %s over its budget", phase, since); break;
    case ATTENTION_LATE:
    case ATTENTION_UNREACHED:
    case ATTENTION_MINUTE: put_alarm(room, reason->alarm, out, size); break;
    case ATTENTION_SILENT: snprintf(out, size, "no mark for %s", since); break;
    case ATTENTION_NONE:
    case ATTENTION_KINDS: out[0] = '\0'; break;
    }
}

/* Beside other reasons an alarm is told by its first sentence, unless that alone says nothing
 * ("Minute 23."). */
static void shorten(const struct attention *reason, char *text) {
    bool alarm = reason->kind >= ATTENTION_LATE && reason->kind <= ATTENTION_MINUTE;
    char *end = alarm ? strstr(text, ". ") : NULL;
    if (end && end - text >= SENTENCE_LEAST) {
        *end = '\0';
    }
}

/* Whether a reason has room behind those before it, and so has the count of those behind it. */
static bool has_room(const struct wall_row *row, uint8_t index, const char *before, const char *one,
                     int width) {
    int behind = index + 1 < row->count ? MORE_COLUMNS : 0;
    return index == 0 ||
           text_columns(span_of(before)) + 2 + text_columns(span_of(one)) + behind <= width;
}

void wall_row_reasons(const struct wall_row *row, const struct model *model, int64_t now, int width,
                      char *out, size_t size) {
    out[0] = '\0';
    for (uint8_t i = 0; i < row->count; i++) {
        char one[PACK_ALARM_TEXT_MAX + NAME_MAX_BYTES + 64];
        wall_row_reason(model, &row->reasons[i], now, one, sizeof one);
        if (row->count > 1) {
            shorten(&row->reasons[i], one);
        }
        bool fits = has_room(row, i, out, one, width);
        if (!fits) {
            snprintf(one, sizeof one, "+%d", row->count - i);
        }
        append(out, size, i > 0 ? "; " : "");
        append(out, size, one);
        if (!fits) {
            return;
        }
    }
}
