/* SPDX-License-Identifier: ISC */
/*
 * rubric.c: the part of the fold that holds marks and flags.
 *
 * Invariants: a sheet has one mark for each item of the pack; the panel's sheet, if there, comes
 * first; there is at most one entry per flag. The last mark in the log's order wins, whoever set
 * it.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/room/part.h"
#include "protocol/room/view.h"

static int find_sheet(const struct room *room, uint8_t owner) {
    for (int i = 0; i < room->sheet_count; i++) {
        if (room->sheets[i].owner == owner) {
            return i;
        }
    }
    return -1;
}

const struct room_sheet *room_sheet_of(const struct room *room, uint8_t owner) {
    int index = find_sheet(room, owner);
    return index < 0 ? NULL : &room->sheets[index];
}

enum mark room_panel_mark(const struct room *room, int item) {
    const struct room_sheet *sheet = room_sheet_of(room, SEAT_SERVER);
    if (!sheet || item < 0 || item >= room->pack->item_count) {
        return MARK_NOT_YET;
    }
    return (enum mark)sheet->marks[item].mark;
}

/* What whoever had the owner's seat before has marked is not known to its present owner, and must
 * not show in an answer either. */
static enum mark present_mark(const struct room *room, uint8_t owner, int item) {
    const struct room_sheet *sheet = room_sheet_of(room, owner);
    int64_t since = owner < room->seat_count ? room->seats[owner].moved_at : 0;
    bool own = sheet && sheet->marks[item].at > since;
    return own ? (enum mark)sheet->marks[item].mark : MARK_NOT_YET;
}

/* In the debrief a change is a correction, and says what it corrects. Rules 2. */
static enum refusal decide_correction(const struct room *room, int64_t was, struct body *out) {
    out->has &= ~F(was);
    if (room->stage != STAGE_DEBRIEF) {
        return REFUSAL_NONE;
    }
    out->has |= F(was);
    out->was = was;
    return room->rules < 2 ? REFUSAL_WRONG_STAGE : REFUSAL_NONE;
}

static enum refusal decide_mark(const struct room *room, uint8_t owner, const struct body *body) {
    int item = pack_item_find(room->pack, body->item);
    if (item < 0) {
        return REFUSAL_NO_SUCH_ITEM;
    }
    return (int64_t)present_mark(room, owner, item) == body->mark ? REFUSAL_SAME : REFUSAL_NONE;
}

enum refusal rubric_decide_mark(const struct room *room, uint8_t by, struct body *out) {
    (void)by;
    enum refusal refusal = decide_mark(room, SEAT_SERVER, out);
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    int item = pack_item_find(room->pack, out->item);
    return decide_correction(room, present_mark(room, SEAT_SERVER, item), out);
}

enum refusal rubric_decide_own(const struct room *room, uint8_t by, struct body *out) {
    return decide_mark(room, by, out);
}

/* Whatever the id: before the titles are open nobody learns which there are. */
enum refusal rubric_decide_self(const struct room *room, uint8_t by, struct body *out) {
    return view_titles_are_open(room) ? decide_mark(room, by, out) : REFUSAL_WRONG_STAGE;
}

/* The owner's sheet, made if need be; NULL: out of memory. */
static struct room_sheet *need_sheet(struct room *room, uint8_t owner) {
    int index = find_sheet(room, owner);
    if (index >= 0) {
        return &room->sheets[index];
    }
    struct room_sheet *sheets =
        realloc(room->sheets, (room->sheet_count + 1U) * sizeof *room->sheets);
    if (!sheets) {
        return NULL;
    }
    room->sheets = sheets;
    struct room_mark *marks = calloc((size_t)room->pack->item_count + 1, sizeof *marks);
    if (!marks) {
        return NULL;
    }
    uint8_t place = owner == SEAT_SERVER ? 0 : room->sheet_count;
    memmove(&sheets[place + 1], &sheets[place], (room->sheet_count - place) * sizeof *sheets);
    sheets[place] = (struct room_sheet){.owner = owner, .marks = marks};
    room->sheet_count++;
    return &sheets[place];
}

static enum apply_result apply_mark(struct room *room, const struct event *event, uint8_t owner) {
    int item = pack_item_find(room->pack, event->body.item);
    if (item < 0) {
        return APPLY_INVALID;
    }
    struct room_sheet *sheet = need_sheet(room, owner);
    if (!sheet) {
        return APPLY_NO_MEMORY;
    }
    uint8_t was = sheet->marks[item].was; /* what it was before the first correction stays */
    if (!was && event->body.has & F(was)) {
        was = (uint8_t)(1 + event->body.was);
    }
    sheet->marks[item] = (struct room_mark){.mark = (uint8_t)event->body.mark,
                                            .was = was,
                                            .by = event->by,
                                            .at = event->made,
                                            .n = event->pos};
    return APPLY_OK;
}

enum apply_result rubric_apply_mark(struct room *room, const struct event *event,
                                    const struct part_packs *packs) {
    (void)packs;
    return apply_mark(room, event, SEAT_SERVER);
}

enum apply_result rubric_apply_own(struct room *room, const struct event *event,
                                   const struct part_packs *packs) {
    (void)packs;
    const struct room_sheet *sheet = room_sheet_of(room, event->by);
    int item = pack_item_find(room->pack, event->body.item);
    /* Who has the seat now gets what its former owner marked once all sheets open, behind what they
     * marked themselves; everybody else in the order in which it was done. */
    if (item >= 0 && sheet && seat_is_past(room, event) &&
        sheet->marks[item].at > room->seats[event->by].moved_at) {
        return APPLY_OK;
    }
    return apply_mark(room, event, event->by);
}

static struct room_flag *find_flag(const struct room *room, int flag) {
    for (uint32_t i = 0; i < room->flag_count; i++) {
        if (room->flags[i].flag == flag) {
            return &room->flags[i];
        }
    }
    return NULL;
}

enum refusal rubric_decide_flag(const struct room *room, uint8_t by, struct body *out) {
    (void)by;
    int index = pack_flag_find(room->pack, out->flag);
    if (index < 0) {
        return REFUSAL_NO_SUCH_FLAG;
    }
    const struct room_flag *flag = find_flag(room, index);
    bool on = flag && flag->on;
    return on == (out->on != 0) ? REFUSAL_SAME : decide_correction(room, on, out);
}

enum apply_result rubric_apply_flag(struct room *room, const struct event *event,
                                    const struct part_packs *packs) {
    (void)packs;
    int index = pack_flag_find(room->pack, event->body.flag);
    if (index < 0) {
        return APPLY_INVALID;
    }
    struct room_flag *flag = find_flag(room, index);
    if (!flag) {
        if (!part_grow((void **)&room->flags, &room->flag_cap, room->flag_count + 1,
                       sizeof *room->flags)) {
            return APPLY_NO_MEMORY;
        }
        flag = &room->flags[room->flag_count++];
        *flag = (struct room_flag){.on = false};
    }
    *flag = (struct room_flag){.flag = (uint8_t)index,
                               .by = event->by,
                               .on = event->body.on != 0,
                               .corrected = flag->corrected || event->body.has & F(was),
                               .at = event->made,
                               .n = event->pos};
    return APPLY_OK;
}
