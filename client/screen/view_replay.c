/* SPDX-License-Identifier: ISC */
/*
 * view_replay.c: the replay bar of a recording: where one is, what lies ahead, how fast it runs.
 */
#include "client/screen/views.h"

#include <stdio.h>

#include "protocol/room/clock.h"

static int column_of(const struct feed *feed, int width, int64_t at) {
    int64_t length = feed->last_at - feed->first_at;
    if (length <= 0 || at <= feed->first_at) {
        return 0;
    }
    int64_t column = (at - feed->first_at) * (width - 1) / length;
    return column >= width ? width - 1 : (int)column;
}

/* Marks first, so that flags and changes of phase are drawn over them. */
static void draw_events(const struct feed *feed, struct area bar, int64_t now) {
    for (int pass = 0; pass < 3; pass++) {
        for (uint32_t i = 0; i < feed->event_count; i++) {
            const struct event *event = &feed->events[i];
            enum action act = event->body.act;
            int x = column_of(feed, bar.width, event->at);
            bool past = event->at <= now;
            if (pass == 0 && event->body.has & F(item) && event->body.has & F(mark)) {
                area_sign(bar, x, 0, past ? STYLE_GOOD : STYLE_FAINT, SIGN_BULLET);
            } else if (pass == 1 && act == ACTION_FLAG_SET && event->body.on) {
                area_sign(bar, x, 0, STYLE_BAD, SIGN_FLAG);
            } else if (pass == 2 && act == ACTION_CLOCK_JUMP) {
                area_print(bar, x, 0, STYLE_KEY, "%d", (int)event->body.phase + 1);
            } else if (pass == 2 && act == ACTION_CLOCK_START) {
                area_text(bar, x, 0, STYLE_KEY, "1");
            }
        }
    }
}

static void speed_words(const struct feed *feed, char *out, size_t size) {
    if (feed->speed_num == 0) {
        snprintf(out, size, "paused");
    } else if (feed->speed_den > 1) {
        snprintf(out, size, "%d/%d speed", feed->speed_num, feed->speed_den);
    } else if (feed->speed_num == 1) {
        snprintf(out, size, "normal speed");
    } else {
        snprintf(out, size, "%d times as fast", feed->speed_num);
    }
}

/* Where the clock of the interview is, pauses left out, as the report counts. */
static void place_words(const struct feed *feed, int64_t now, char *out, size_t size) {
    char at[24], whole[24], away[24];
    enum clock_when when;
    int64_t start = clock_moment_of(feed->end, 0);
    views_elapsed(at, sizeof at, clock_running_at(feed->end, now, &when));
    views_elapsed(whole, sizeof whole, clock_running_at(feed->end, feed->last_at, NULL));
    if (start < 0) {
        views_elapsed(at, sizeof at, now - feed->first_at);
        snprintf(out, size, "%s since the room opened", at);
    } else if (when == CLOCK_BEFORE) {
        views_left(away, sizeof away, start - now);
        snprintf(out, size, "%s before the start", away);
    } else if (when == CLOCK_AFTER) {
        const struct room_clock *clock = &feed->model.room.clock;
        views_elapsed(away, sizeof away, now - clock->finished_at);
        snprintf(out, size, "%s after the finish at %s", away, whole);
    } else {
        snprintf(out, size, "%s of %s%s", at, whole,
                 feed->model.room.stage == STAGE_PAUSED ? ", the clock paused" : "");
    }
}

void view_replay(struct screen *screen, struct area area) {
    const struct feed *feed = screen->feed;
    struct area bar = area_part(area, 1, 0, area.width - 2, 1);
    int here = column_of(feed, bar.width, screen->now);
    area_row(bar, 0, 0, STYLE_NOW, SIGN_BAR_SPENT, here);
    area_row(bar, here, 0, STYLE_FAINT, SIGN_BAR_LEFT, bar.width - here);
    draw_events(feed, bar, screen->now);
    area_sign(bar, here, 0, STYLE_SELECTED, SIGN_PIXEL);
    views_hit(screen, bar, 0, 0, bar.width, 1, HIT_REEL, bar.width);
    char speed[40], place[96], words[160];
    speed_words(feed, speed, sizeof speed);
    place_words(feed, screen->now, place, sizeof place);
    bool paused = feed->speed_num == 0;
    area_sign(area, 1, 1, STYLE_NOW, paused ? SIGN_PAUSED : SIGN_PLAYING);
    snprintf(words, sizeof words, "%s, %s", place, speed);
    int x = 3 + area_text(area, 3, 1, STYLE_PLAIN, words);
    area_print(area, x + 2, 1, STYLE_FAINT, "event %u of %u", feed->model.room.pos,
               feed->event_count);
}
