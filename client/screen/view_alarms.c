/* SPDX-License-Identifier: ISC */
/*
 * view_alarms.c: the alarms that are due, and what the framework's rules suggest to the panel. Both
 * are computed from the fold and `now`. What is red is late; what only warns is not.
 */
#include <stdio.h>

#include "client/screen/views.h"

/* Indexes of those that this screen shows, in the pack's order; how many. */
static int shown_alarms(const struct screen *screen, uint8_t out[PACK_ALARMS_MAX]) {
    const struct model *model = &screen->feed->model;
    const struct room *room = &model->room;
    uint8_t due[PACK_ALARMS_MAX];
    uint8_t count = room->pack ? insight_alarms(room, screen->now, due) : 0;
    int shown = 0;
    for (uint8_t i = 0; i < count; i++) {
        bool panel = model->role != ROLE_CANDIDATE;
        if (insight_alarm_is_for(room, &room->pack->alarms[due[i]], panel)) {
            out[shown++] = due[i];
        }
    }
    return shown;
}

uint32_t views_alarms_due(const struct screen *screen) {
    uint8_t shown[PACK_ALARMS_MAX];
    uint32_t due = 0;
    for (int i = shown_alarms(screen, shown); i-- > 0;) {
        due |= 1U << shown[i];
    }
    return due;
}

int screen_suggested(const struct screen *screen, int *more) {
    const struct model *model = &screen->feed->model;
    uint8_t due[PACK_SUGGESTS_MAX];
    bool asked = model->role != ROLE_CANDIDATE;
    uint8_t count = asked ? suggest_due(&model->room, screen->now, due) : 0;
    int first = -1;
    *more = -1;
    for (uint8_t i = 0; i < count; i++) {
        if (!(screen->dropped >> due[i] & 1)) {
            first = first < 0 ? due[i] : first;
            (*more)++;
        }
    }
    return first;
}

/* The last of the pack stands first. */
static void line_of_alarms(const struct screen *screen, struct area area, const uint8_t *shown,
                           int count) {
    const struct pack *pack = screen->feed->model.room.pack;
    struct clock_reading reading = clock_read(&screen->feed->model.room, screen->now);
    int x = 1;
    for (int i = count; i-- > 0 && x < area.width - 10;) {
        const struct pack_alarm *alarm = &pack->alarms[shown[i]];
        enum style style = insight_alarm_warns(alarm, &reading) ? STYLE_HALF : STYLE_BAD;
        x += area_sign(area, x, 0, style, SIGN_ALARM) + 1;
        x += area_cut(area, x, 0, area.width - x - 1, style, alarm->text) + 2;
    }
}

static void flow_alarms(const struct screen *screen, struct flow *flow, const uint8_t *shown,
                        int count) {
    const struct pack *pack = screen->feed->model.room.pack;
    struct clock_reading reading = clock_read(&screen->feed->model.room, screen->now);
    const char *sign = theme_sign(SIGN_ALARM, flow->area.paint->ascii);
    for (int i = count; i-- > 0;) {
        const struct pack_alarm *alarm = &pack->alarms[shown[i]];
        enum style style = insight_alarm_warns(alarm, &reading) ? STYLE_HALF : STYLE_BAD;
        flow_item(flow, 0, style, sign, style, alarm->text);
    }
}

/* The keys that take and drop; a recording only shows what was suggested. */
static const char *suggestion_keys(const struct screen *screen) {
    return screen->feed->is_recording && !screen->feed->takes_marks ? "?" : ". ,";
}

/* "Flag: Stayed on the happy path (+2)?" */
static void put_proposal(const struct pack *pack, int suggest, int more, char *out, size_t size) {
    const char *kind = pack->suggests[suggest].flag[0] ? "Flag" : "Raised";
    char others[16] = "";
    if (more > 0) {
        snprintf(others, sizeof others, " (+%d)", more);
    }
    snprintf(out, size, "%s: %s%s?", kind, suggest_title(pack, (uint8_t)suggest), others);
}

/* One line: what is proposed, and the keys. */
static void line_of_suggestion(const struct screen *screen, struct area area, int suggest,
                               int more) {
    char words[PACK_TITLE_MAX + 24];
    put_proposal(screen->feed->model.room.pack, suggest, more, words, sizeof words);
    int x = 1 + area_text(area, 1, 0, STYLE_KEY, suggestion_keys(screen)) + 1;
    area_cut(area, x, 0, area.width - x - 1, STYLE_HALF, words);
}

/* Why, where there is room for it, and what is proposed. */
static void flow_suggestion(const struct screen *screen, struct flow *flow, int suggest, int more,
                            bool why) {
    const struct pack *pack = screen->feed->model.room.pack;
    char words[PACK_TITLE_MAX + 24], whole[sizeof words + PACK_ALARM_TEXT_MAX + 16];
    put_proposal(pack, suggest, more, words, sizeof words);
    snprintf(whole, sizeof whole, "%s%s%s", why ? pack->suggests[suggest].text : "", why ? " " : "",
             words);
    flow_item(flow, 0, STYLE_KEY, suggestion_keys(screen), STYLE_HALF, whole);
}

/* All that is due in as many lines as it takes; writes past the area's end are cut off. */
static struct flow flow_all(const struct screen *screen, struct area area, bool why) {
    uint8_t shown[PACK_ALARMS_MAX];
    int more;
    int count = shown_alarms(screen, shown);
    int suggest = screen_suggested(screen, &more);
    struct flow flow = flow_begin(area, 0);
    flow_alarms(screen, &flow, shown, count);
    if (suggest >= 0) {
        flow_suggestion(screen, &flow, suggest, more, why);
    }
    return flow;
}

/* In columns the texts start at the area's edge, in a strip one column further in. */
static struct area inner_of(struct area area, bool columns) {
    return columns ? area : area_part(area, 1, 0, area.width - 2, area.height);
}

int views_alarm_lines(const struct screen *screen, struct area area, bool columns) {
    area.height = 0; /* nothing to see: to measure */
    return flow_all(screen, inner_of(area, columns), true).line;
}

void view_alarms(struct screen *screen, struct area area, bool columns) {
    uint8_t shown[PACK_ALARMS_MAX];
    int more;
    int count = shown_alarms(screen, shown);
    int suggest = screen_suggested(screen, &more);
    bool why = views_alarm_lines(screen, area, columns) <= area.height;
    if (why || area.height > 1) { /* why it is suggested is left out before anything is cut off */
        (void)flow_all(screen, inner_of(area, columns), why);
        return;
    }
    bool both = count > 0 && suggest >= 0;
    int left = both ? area.width / 2 : 0;
    line_of_alarms(screen, both ? area_part(area, 0, 0, left, 1) : area, shown, count);
    if (suggest >= 0) {
        line_of_suggestion(screen, area_part(area, left, 0, area.width - left, 1), suggest, more);
    }
}
