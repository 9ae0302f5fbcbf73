/* SPDX-License-Identifier: ISC */
/*
 * view.c: who may know what, and the numbering of a seat's view.
 *
 * Invariant: view_order over any prefix of a log and view_count of the fold of that prefix agree
 * for every seat; both come from sees_always and the moments that have come.
 */
#include "protocol/room/view.h"

static uint32_t bit_of(enum moment moment) {
    return moment == MOMENT_NEVER ? 0 : UINT32_C(1) << moment;
}

enum audience view_audience(const struct room *room, const struct event *event) {
    enum audience audience = action_row(event->body.act)->audience;
    switch (audience) {
    case AUD_SHEET: return room->mode & MODE_TRAINING ? AUD_ALL : AUD_PANEL;
    case AUD_TITLES: return room->mode & MODE_TRAINING ? AUD_ALL : AUD_TITLES;
    case AUD_GUIDE: return room->mode & MODE_GUIDED ? AUD_ALL : AUD_PANEL;
    default: return audience;
    }
}

uint32_t view_opens(enum action act) {
    const uint32_t start = bit_of(MOMENT_START);
    const uint32_t sheet = start | bit_of(MOMENT_SHEET);
    const uint32_t debrief = sheet | bit_of(MOMENT_DEBRIEF);
    switch (act) {
    case ACTION_CLOCK_START: return start;
    case ACTION_SHEET_OPEN: return sheet;
    case ACTION_DEBRIEF_OPEN: return debrief;
    case ACTION_VERDICT_OPEN: return debrief | bit_of(MOMENT_VERDICT);
    /* The end opens no debrief that has not been. */
    case ACTION_ROOM_CLOSE: return bit_of(MOMENT_VERDICT);
    default: return 0;
    }
}

bool view_is_open(const struct room *room, enum audience audience) {
    return (room->moments & bit_of(audience_row(audience)->opens)) != 0;
}

bool view_titles_are_open(const struct room *room) {
    return room->rules < 2 || room->mode & MODE_TRAINING || view_is_open(room, AUD_TITLES);
}

/* What a seat sees whatever has opened. */
static bool sees_always(const struct room *room, uint8_t seat, enum audience audience, uint8_t by) {
    switch (audience_row(audience)->circle) {
    case CIRCLE_ALL: return true;
    case CIRCLE_PANEL: return room_is_panel(room, seat);
    case CIRCLE_AUTHOR: return seat == by && seat != SEAT_SERVER;
    case CIRCLE_NOBODY: break;
    }
    return false;
}

bool view_sees(const struct room *room, uint8_t seat, enum audience audience, uint8_t by) {
    return sees_always(room, seat, audience, by) || view_is_open(room, audience);
}

uint32_t view_count(const struct room *room, uint8_t seat) {
    bool panel = room_is_panel(room, seat);
    uint32_t count = room->all_count + room->unknown;
    for (enum moment moment = MOMENT_NEVER; moment < MOMENT_COUNT; moment++) {
        bool open = (room->moments & bit_of(moment)) != 0;
        count += panel || open ? room->panel_count[moment] : 0;
        if (open) {
            count += room->own_total[moment];
        } else if (seat < room->seat_count) {
            count += room->seats[seat].own_count[moment];
        }
    }
    return count;
}

bool view_owns(const struct room *room, uint8_t seat, const struct event *event) {
    return event->by == seat && seat < room->seat_count && event->pos > room->seats[seat].moved;
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

/* Whose view is made: a seat's, of which the events before `since` are by who had it before. */
struct viewer {
    const struct room *room;
    uint8_t seat;
    uint32_t since; /* index */
};

static struct viewer viewer_of(const struct room *room, uint8_t seat, const struct event *events,
                               uint32_t count) {
    struct viewer viewer = {room, seat, 0};
    for (uint32_t i = count; i > 0 && viewer.since == 0; i--) {
        const struct body *body = &events[i - 1].body;
        bool changes = body->act == ACTION_SEAT_MOVE || body->act == ACTION_SEAT_OUT;
        viewer.since = changes && body->seat == seat ? i : 0;
    }
    return viewer;
}

static bool sees_it(const struct viewer *viewer, const struct event *event, uint32_t index,
                    enum audience audience) {
    uint8_t by = event->by == viewer->seat && index < viewer->since ? SEAT_SERVER : event->by;
    return sees_always(viewer->room, viewer->seat, audience, by);
}

/* Appends the indexes of the events before `end` that these moments open to the seat. */
static uint32_t order_opened(const struct viewer *viewer, const struct event *events, uint32_t end,
                             uint32_t moments, uint32_t *order, uint32_t n) {
    for (uint32_t i = 0; i < end; i++) {
        enum audience audience = view_audience(viewer->room, &events[i]);
        if (moments & bit_of(audience_row(audience)->opens) &&
            !sees_it(viewer, &events[i], i, audience)) {
            order[n++] = i;
        }
    }
    return n;
}

uint32_t view_order(const struct room *room, uint8_t seat, const struct event *events,
                    uint32_t count, uint32_t *order) {
    uint32_t n = 0;
    uint32_t open = 0; /* moments */
    struct viewer viewer = viewer_of(room, seat, events, count);
    for (uint32_t i = 0; i < count; i++) {
        enum audience audience = view_audience(room, &events[i]);
        if (sees_it(&viewer, &events[i], i, audience) ||
            open & bit_of(audience_row(audience)->opens)) {
            order[n++] = i;
        }
        uint32_t fresh = view_opens(events[i].body.act) & ~open;
        if (fresh != 0) {
            n = order_opened(&viewer, events, i, fresh, order, n);
            open |= fresh;
        }
    }
    return n;
}
