/* SPDX-License-Identifier: ISC */
/*
 * talk.c: the part of the fold that keeps what people write: notes, talk, whispers.
 *
 * Invariant: at most ROOM_NOTES_MAX lines, in the order of the log (or view) that was folded, and
 * of each circle of readers no more than its share, so that nobody is refused because of lines that
 * they may not know of. A line belongs to the phase that the clock was in when it was written, also
 * where it comes late.
 */
#include <stdlib.h>

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

_Static_assert(ROOM_NOTES_ALL_MAX + ROOM_NOTES_PANEL_MAX + ROOM_SEATS_MAX * ROOM_NOTES_MINE_MAX ==
                   ROOM_NOTES_MAX,
               "each circle of readers has its share whatever the others write");

/* How many lines the readers of one of these kinds may have. */
static uint32_t share_of(enum line_kind kind) {
    switch (kind) {
    case LINE_NOTE_MINE: return ROOM_NOTES_MINE_MAX;
    case LINE_NOTE_PANEL:
    case LINE_WHISPER: return ROOM_NOTES_PANEL_MAX;
    default: return ROOM_NOTES_ALL_MAX;
    }
}

static bool same_readers(const struct room_line *line, enum line_kind kind, uint8_t by) {
    return share_of(line->kind) == share_of(kind) && (kind != LINE_NOTE_MINE || line->by == by);
}

enum refusal talk_decide_line(const struct room *room, uint8_t by, struct body *out) {
    enum line_kind kind = line_kind_of(out->act);
    uint32_t count = 0;
    for (uint32_t i = 0; i < room->line_count; i++) {
        count += same_readers(&room->lines[i], kind, by);
    }
    /* The second can come true only in a room that an older server kept, with one share for all. */
    return count < share_of(kind) && room->line_count < ROOM_NOTES_MAX ? REFUSAL_NONE
                                                                       : REFUSAL_ROOM_LIMIT;
}

enum apply_result talk_apply_line(struct room *room, const struct event *event,
                                  const struct part_packs *packs) {
    (void)packs;
    if (room->line_count >= ROOM_NOTES_MAX) {
        return APPLY_INVALID;
    }
    if (!part_grow((void **)&room->lines, &room->line_cap, room->line_count + 1,
                   sizeof *room->lines)) {
        return APPLY_NO_MEMORY;
    }
    char *text = part_text(event->body.text);
    if (!text) {
        return APPLY_NO_MEMORY;
    }
    room->lines[room->line_count++] = (struct room_line){.kind = line_kind_of(event->body.act),
                                                         .by = event->by,
                                                         .phase = clock_phase_at(room, event->made),
                                                         .at = event->made,
                                                         .n = event->pos,
                                                         .text = text};
    return APPLY_OK;
}
