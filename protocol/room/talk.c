/* SPDX-License-Identifier: ISC */
/*
 * talk.c: the part of the fold that keeps what people write: notes, talk, whispers.
 *
 * Invariant: at most ROOM_NOTES_MAX lines, in the order of the log (or view) that was folded; each
 * author has a share of its own (share.c). A line belongs to the phase that the clock was in when
 * it was written, also where it comes late.
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
    if (!part_grow((void **)&room->lines, &room->line_cap, room->line_count + 1,
                   sizeof *room->lines)) {
        return APPLY_NO_MEMORY;
    }
    char *text = part_text(event->body.text);
    if (!text) {
        return APPLY_NO_MEMORY;
    }
    enum line_kind kind = line_kind_of(event->body.act);
    share_count_line(&room->seats[event->by], kind);
    room->lines[room->line_count++] = (struct room_line){.kind = kind,
                                                         .by = event->by,
                                                         .phase = clock_phase_at(room, event->made),
                                                         .at = event->made,
                                                         .n = event->pos,
                                                         .text = text};
    return APPLY_OK;
}
