/* SPDX-License-Identifier: ISC */
/*
 * view.c: who may know what, and the numbering of a seat's view.
 *
 * Invariant: view_order over any prefix of a log and view_count of the fold of that prefix agree
 * for every seat; both come from the two predicates below.
 */
#include "protocol/room/view.h"

enum audience view_audience(const struct room *room, const struct event *event) {
    enum audience audience = action_row(event->body.act)->audience;
    if (audience != AUD_SHEET) {
        return audience;
    }
    return room->mode & MODE_TRAINING ? AUD_ALL : AUD_PANEL;
}

/* What a seat sees whatever the stage. */
static bool sees_always(const struct room *room, uint8_t seat, enum audience audience, uint8_t by) {
    switch (audience) {
    case AUD_ALL: return true;
    case AUD_PANEL:
    case AUD_SHEET:
    case AUD_WHISPER: return room_is_panel(room, seat);
    case AUD_OWN:
    case AUD_MINE: return seat == by && seat != SEAT_SERVER;
    case AUD_SERVER: break;
    }
    return false;
}

static bool is_opened_by_debrief(enum audience audience) {
    return audience == AUD_PANEL || audience == AUD_SHEET || audience == AUD_OWN;
}

bool view_sees_in_debrief(const struct room *room, uint8_t seat, enum audience audience,
                          uint8_t by) {
    return is_opened_by_debrief(audience) && !sees_always(room, seat, audience, by);
}

bool view_sees_at_once(const struct room *room, uint8_t seat, enum audience audience, uint8_t by) {
    return sees_always(room, seat, audience, by) ||
           (room->opened && is_opened_by_debrief(audience));
}

uint32_t view_count(const struct room *room, uint8_t seat) {
    bool panel = room_is_panel(room, seat);
    uint32_t count = room->all_count + room->unknown;
    count += panel || room->opened ? room->panel_count : 0;
    count += panel ? room->whisper_count : 0;
    if (seat < room->seat_count) {
        count += room->seats[seat].mine_count;
        count += room->opened ? 0 : room->seats[seat].own_count;
    }
    return count + (room->opened ? room->own_total : 0);
}

struct event view_event(const struct event *event, uint8_t seat, uint32_t n) {
    struct event seen = *event;
    seen.pos = n;
    seen.id = event->by == seat ? event->id : 0;
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (field_row((enum field)i)->type == FIELD_SECRET) {
            seen.body.has &= ~FIELD_BIT(i);
        }
    }
    return seen;
}

/* Appends the indexes of the events before `end` that the debrief opens to the seat. */
static uint32_t order_opened(const struct room *room, uint8_t seat, const struct event *events,
                             uint32_t end, uint32_t *order, uint32_t n) {
    for (uint32_t i = 0; i < end; i++) {
        enum audience audience = view_audience(room, &events[i]);
        if (view_sees_in_debrief(room, seat, audience, events[i].by)) {
            order[n++] = i;
        }
    }
    return n;
}

uint32_t view_order(const struct room *room, uint8_t seat, const struct event *events,
                    uint32_t count, uint32_t *order) {
    uint32_t n = 0;
    bool opened = false;
    for (uint32_t i = 0; i < count; i++) {
        enum audience audience = view_audience(room, &events[i]);
        if (sees_always(room, seat, audience, events[i].by) ||
            (opened && is_opened_by_debrief(audience))) {
            order[n++] = i;
        }
        if (events[i].body.act == ACTION_DEBRIEF_OPEN) {
            opened = true;
            n = order_opened(room, seat, events, i, order, n);
        }
    }
    return n;
}
