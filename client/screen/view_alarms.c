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

int screen_suggested(const struct screen *screen, int *more) {
    const struct model *model = &screen->feed->model;
    uint8_t due[PACK_SUGGESTS_MAX];
    bool asked = model->role != ROLE_CANDIDATE && !screen->feed->is_recording;
    uint8_t count = asked ? suggest_due(&model->room, screen->now, due) : 0;
    *more = count - 1;
    return count > 0 ? due[0] : -1;
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

/* "flag: Stayed on the happy path", "+2". */
static void put_proposal(const struct pack *pack, int suggest, int more, char *out, size_t size) {
    const char *kind = pack->suggests[suggest].flag[0] ? "Flag" : "Raised";
    int len = snprintf(out, size, "%s: %s", kind, suggest_title(pack, (uint8_t)suggest));
    if (more > 0 && (size_t)len < size) {
        snprintf(out + len, size - (size_t)len, " (+%d)", more);
    }
}

/* One line: what is proposed, and the keys. */
static void line_of_suggestion(const struct screen *screen, struct area area, int suggest,
                               int more) {
    const struct pack *pack = screen->feed->model.room.pack;
    char words[PACK_TITLE_MAX + 24];
    put_proposal(pack, suggest, more, words, sizeof words);
    int x = 1 + area_text(area, 1, 0, STYLE_HALF, "?") + 1;
    x += area_cut(area, x, 0, area.width - x - 5, STYLE_HALF, words) + 1;
    area_text(area, x, 0, STYLE_KEY, ". ,");
}

static void flow_suggestion(const struct screen *screen, struct flow *flow, int suggest, int more) {
    const struct pack *pack = screen->feed->model.room.pack;
    char words[PACK_TITLE_MAX + 24], whole[sizeof words + PACK_ALARM_TEXT_MAX + 16];
    put_proposal(pack, suggest, more, words, sizeof words);
    snprintf(whole, sizeof whole, "%s %s?", pack->suggests[suggest].text, words);
    flow_item(flow, 0, STYLE_KEY, ". ,", STYLE_HALF, whole);
}

void view_alarms(struct screen *screen, struct area area) {
    uint8_t shown[PACK_ALARMS_MAX];
    int more;
    int count = shown_alarms(screen, shown);
    int suggest = screen_suggested(screen, &more);
    if (area.height == 1) {
        bool both = count > 0 && suggest >= 0;
        int left = both ? area.width / 2 : 0;
        line_of_alarms(screen, both ? area_part(area, 0, 0, left, 1) : area, shown, count);
        if (suggest >= 0) {
            line_of_suggestion(screen, area_part(area, left, 0, area.width - left, 1), suggest,
                               more);
        }
        return;
    }
    struct flow flow = flow_begin(area, 0);
    flow_alarms(screen, &flow, shown, count);
    if (suggest >= 0) {
        flow_suggestion(screen, &flow, suggest, more);
    }
}
