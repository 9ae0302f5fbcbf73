/* SPDX-License-Identifier: ISC */
/*
 * heard.c: see heard.h. A line counts by its number in the seat's view, which only rises, and by
 * its moment: what is caught up on after coming in is older than the screen.
 */
#include "client/screen/heard.h"

#include "client/screen/views.h"

static bool is_news(const struct screen *screen, const struct room_line *line) {
    return line->by != screen->feed->model.seat && line->at > screen->heard.since;
}

uint32_t heard_unread(const struct screen *screen) {
    const struct room *room = &screen->feed->model.room;
    uint32_t count = 0;
    for (uint32_t i = room->line_count; screen->heard.begun && i-- > 0;) {
        if (room->lines[i].n <= screen->heard.read) {
            break;
        }
        count += is_news(screen, &room->lines[i]);
    }
    return count;
}

/* Whether a whisper has come that has not rung yet. */
static bool whispers(struct screen *screen) {
    const struct room *room = &screen->feed->model.room;
    uint32_t newest = room->line_count > 0 ? room->lines[room->line_count - 1].n : 0;
    bool found = false;
    for (uint32_t i = room->line_count; i-- > 0 && room->lines[i].n > screen->heard.rung;) {
        found = found || (room->lines[i].kind == LINE_WHISPER && is_news(screen, &room->lines[i]));
    }
    screen->heard.rung = newest > screen->heard.rung ? newest : screen->heard.rung;
    return found && screen->tab != TAB_TALK;
}

/* Whether an alarm has become due. A pause hides all of them, and is no end. */
static bool alarms(struct screen *screen) {
    if (screen->feed->model.room.stage != STAGE_RUNNING) {
        return false;
    }
    uint32_t due = views_alarms_due(screen);
    uint32_t fresh = due & ~screen->heard.alarms;
    screen->heard.alarms = due;
    return fresh != 0;
}

void heard_follow(struct screen *screen) {
    const struct model *model = &screen->feed->model;
    struct screen_heard *heard = &screen->heard;
    if (screen->feed->is_recording || model->room.pos == 0) {
        return;
    }
    bool first = !heard->begun;
    if (first) {
        *heard = (struct screen_heard){.begun = true, .since = model->room.at};
    }
    bool whisper = whispers(screen), alarm = alarms(screen);
    heard->ring = heard->ring || (!first && (whisper || alarm));
    if (screen->tab == TAB_TALK && !screen->help) {
        heard->read = heard->rung;
    }
}
