/* SPDX-License-Identifier: ISC */
/*
 * talk.c: the part of the fold that keeps what people write: notes, talk, whispers; and what
 * becomes of a note afterwards. The log keeps each version, the fold the last one.
 *
 * Invariant: at most ROOM_NOTES_MAX lines, in the order of the log (or view) that was folded; each
 * author has a share of its own (share.c). A line belongs to the phase that the clock was in when
 * it was written, also where it comes late.
 */
#include "protocol/room/lines.h"
#include "protocol/room/part.h"

static enum line_kind line_kind_of(enum action act) {
    switch (act) {
    case ACTION_NOTE_MINE: return LINE_NOTE_MINE;
    case ACTION_NOTE_PANEL: return LINE_NOTE_PANEL;
    case ACTION_NOTE_ALL: return LINE_NOTE_ALL;
    case ACTION_TALK_WHISPER: return LINE_WHISPER;
    default: return LINE_SAY;
    }
}

enum refusal talk_decide_line(const struct room *room, uint8_t by, struct body *out) {
    /* The second can come true only in a room that an older server kept, under other bounds. */
    return room->line_count < ROOM_NOTES_MAX ? share_decide_line(room, by, line_kind_of(out->act))
                                             : REFUSAL_ROOM_LIMIT;
}

enum apply_result talk_apply_line(struct room *room, const struct event *event,
                                  const struct part_packs *packs) {
    (void)packs;
    if (room->line_count >= ROOM_NOTES_MAX) {
        return APPLY_INVALID;
    }
    const struct room_line line = {.kind = line_kind_of(event->body.act),
                                   .by = event->by,
                                   .phase = clock_phase_at(room, event->made),
                                   .at = event->made,
                                   .n = event->pos};
    if (!lines_add(room, &line, event->body.text)) {
        return APPLY_NO_MEMORY;
    }
    share_count_line(&room->seats[event->by], line.kind);
    return APPLY_OK;
}

/* ---- changing and striking notes ---- */

static enum line_kind kind_of_change(enum action act) {
    return act == ACTION_NOTE_MINE_SET    ? LINE_NOTE_MINE
           : act == ACTION_NOTE_PANEL_SET ? LINE_NOTE_PANEL
                                          : LINE_NOTE_ALL;
}

/* Whether a line counts among its author's notes of that kind: those for oneself from when the seat
 * changed hands, since its next owner has none of those before. */
static bool counts(const struct room *room, const struct room_line *line, uint8_t by,
                   enum line_kind kind) {
    return line->by == by && line->kind == kind &&
           (kind != LINE_NOTE_MINE || line->n > room->seats[by].moved);
}

/* Index into `lines` of a seat's note by its kind and number; -1: there is none. */
static int find_note(const struct room *room, uint8_t by, enum line_kind kind, int64_t number) {
    for (uint32_t i = 0; by < room->seat_count && i < room->line_count; i++) {
        if (counts(room, &room->lines[i], by, kind) && number-- == 0) {
            return (int)i;
        }
    }
    return -1;
}

bool room_note_own(const struct room *room, uint8_t seat, uint32_t index, enum action *act,
                   int64_t *number) {
    static const enum action acts[] = {ACTION_NOTE_MINE_SET, ACTION_NOTE_PANEL_SET,
                                       ACTION_NOTE_ALL_SET};
    const struct room_line *line = &room->lines[index];
    if (line->kind > LINE_NOTE_ALL || line->by != seat || seat >= room->seat_count ||
        line->n <= room->seats[seat].moved) {
        return false;
    }
    *act = acts[line->kind];
    *number = 0;
    for (uint32_t i = 0; i < index; i++) {
        *number += counts(room, &room->lines[i], seat, line->kind);
    }
    return true;
}

enum refusal talk_decide_change(const struct room *room, uint8_t by, struct body *out) {
    int index = find_note(room, by, kind_of_change(out->act), out->line);
    if (index < 0 || room->lines[index].n <= room->seats[by].moved) {
        return REFUSAL_NO_SUCH_NOTE;
    }
    const struct room_line *line = &room->lines[index];
    bool strikes = !(out->has & F(text));
    bool same = strikes ? line->struck : !line->struck && span_equal(out->text, line->text);
    return same ? REFUSAL_SAME : REFUSAL_NONE;
}

enum apply_result talk_apply_change(struct room *room, const struct event *event,
                                    const struct part_packs *packs) {
    (void)packs;
    const struct body *body = &event->body;
    bool strikes = !(body->has & F(text));
    int index = find_note(room, event->by, kind_of_change(body->act), body->line);
    if (index < 0) {
        return APPLY_INVALID;
    }
    struct room_line *line = lines_change(room, (uint32_t)index, strikes ? NULL : &body->text);
    if (!line) {
        return APPLY_NO_MEMORY;
    }
    line->struck = strikes;
    line->changes += line->changes < UINT16_MAX;
    line->changed_at = event->made;
    room->line_changes++;
    return APPLY_OK;
}
