/* SPDX-License-Identifier: ISC */
/*
 * control_replay.c: moving through a recording: its clock, its events of a kind, its phases, its
 * items.
 */
#include <stdio.h>

#include "client/screen/control_parts.h"
#include "protocol/room/clock.h"

static void seek_by(struct screen *screen, int64_t ms) {
    struct feed *feed = screen->feed;
    int64_t at = screen->now + ms;
    at = at < feed->first_at ? feed->first_at : at > feed->last_at ? feed->last_at : at;
    feed->ops->seek(feed, at);
}

/* Of anybody's sheet. */
static bool is_tick(const struct event *event) {
    return event->body.has & F(item) && event->body.has & F(mark);
}

static bool is_flag(const struct event *event) {
    return event->body.act == ACTION_FLAG_SET;
}

static bool is_part(const struct event *event) {
    enum action act = event->body.act;
    return act == ACTION_CLOCK_START || act == ACTION_CLOCK_JUMP || act == ACTION_CLOCK_FINISH ||
           act == ACTION_CLOCK_UNFINISH || act == ACTION_DEBRIEF_OPEN;
}

/* The next event of a kind after, or before, the last one that has been applied. */
static void seek_kind(struct screen *screen, bool (*is_kind)(const struct event *), bool forwards) {
    struct feed *feed = screen->feed;
    uint32_t pos = feed->model.room.pos;
    if (forwards) {
        for (uint32_t i = pos; i < feed->event_count; i++) {
            if (is_kind(&feed->events[i])) {
                feed->ops->seek_event(feed, i + 1);
                return;
            }
        }
    } else {
        for (uint32_t i = pos > 0 ? pos - 1 : 0; i-- > 0;) {
            if (is_kind(&feed->events[i])) {
                feed->ops->seek_event(feed, i + 1);
                return;
            }
        }
    }
    control_say(screen, false,
                forwards ? "There is none after this." : "There is none before this.");
}

static void seek_part(struct screen *screen, int phase) {
    struct feed *feed = screen->feed;
    for (uint32_t i = 0; i < feed->event_count; i++) {
        const struct body *body = &feed->events[i].body;
        if ((body->act == ACTION_CLOCK_START && phase == 0) ||
            (body->act == ACTION_CLOCK_JUMP && body->phase == phase)) {
            feed->ops->seek_event(feed, i + 1);
            return;
        }
    }
    control_say(screen, false, "That phase was never reached.");
}

/* The next time at which the item was marked; after the last one, the first again. */
void control_seek_item(struct screen *screen, int row) {
    struct feed *feed = screen->feed;
    int items[PACK_ITEMS_MAX];
    if (!feed->model.room.pack || row < 0 ||
        row >= screen_sheet_items(screen, screen_phase(screen), items)) {
        return;
    }
    const char *id = feed->model.room.pack->items[items[row]].id;
    int looked = screen_phase(screen);
    for (uint32_t step = 0; step < feed->event_count; step++) {
        uint32_t i = (feed->model.room.pos + step) % feed->event_count;
        if (is_tick(&feed->events[i]) && span_equal(feed->events[i].body.item, id)) {
            feed->ops->seek_event(feed, i + 1);
            screen_follow(screen);
            screen->looked_at = looked;
            screen->cursor[TAB_RUBRIC] = row;
            return;
        }
    }
    control_say(screen, false, "That item was never marked.");
}

static void change_speed(struct screen *screen, int step) {
    static const int speeds[][2] = {{1, 2}, {1, 1},  {2, 1},  {4, 1},
                                    {8, 1}, {16, 1}, {32, 1}, {64, 1}};
    enum { COUNT = sizeof speeds / sizeof *speeds };
    struct feed *feed = screen->feed;
    int now = 1;
    for (int i = 0; i < COUNT; i++) {
        if (speeds[i][0] == feed->speed_num && speeds[i][1] == feed->speed_den) {
            now = i;
        }
    }
    now = feed->speed_num == 0 ? 1 : now + step;
    now = now < 0 ? 0 : now >= COUNT ? COUNT - 1 : now;
    feed->ops->speed(feed, speeds[now][0], speeds[now][1]);
}

/* At the end it begins again. */
static void play_or_pause(struct screen *screen) {
    struct feed *feed = screen->feed;
    if (screen_replay_is_over(screen)) {
        feed->ops->seek(feed, feed->first_at);
    }
    if (feed->speed_num > 0) {
        screen->speed_num = feed->speed_num;
        screen->speed_den = feed->speed_den;
        feed->ops->speed(feed, 0, 1);
    } else {
        feed->ops->speed(feed, screen->speed_num > 0 ? screen->speed_num : 1,
                         screen->speed_den > 0 ? screen->speed_den : 1);
    }
}

/* "12:05", "1:02:03" or "12" (minutes) as ms; -1: it is none of these. */
static int64_t read_time(struct span text) {
    int64_t parts[3] = {0};
    int count = 0;
    bool digit = false;
    for (uint32_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c >= '0' && c <= '9' && parts[count] < 10000) {
            parts[count] = 10 * parts[count] + (c - '0');
            digit = true;
        } else if (c == ':' && digit && count < 2) {
            count++;
            digit = false;
        } else {
            return -1;
        }
    }
    int64_t seconds = count == 2   ? 3600 * parts[0] + 60 * parts[1] + parts[2]
                      : count == 1 ? 60 * parts[0] + parts[1]
                                   : 60 * parts[0];
    bool good = digit && (count < 1 || parts[count] < 60) && (count < 2 || parts[1] < 60);
    return good ? seconds * 1000 : -1;
}

void control_replay_time(struct screen *screen) {
    struct feed *feed = screen->feed;
    int64_t time = read_time(input_span(&screen->input));
    if (time < 0) {
        control_say(screen, true, "Give a time like 12:05, minutes and seconds.");
        return;
    }
    screen->writing = WRITE_NOTHING;
    bool started = clock_moment_of(feed->end, 0) >= 0;
    int64_t at = started ? clock_moment_of(feed->end, time) : feed->first_at + time;
    if (at < 0 || at > feed->last_at) {
        char ran[24], words[96];
        clock_text(ran, sizeof ran, clock_running_at(feed->end, feed->last_at, NULL));
        snprintf(words, sizeof words, "The interview ran for %s; that time is not in it.", ran);
        control_say(screen, true, words);
        return;
    }
    feed->ops->seek(feed, at);
}

bool control_replay_key(struct screen *screen, enum key_action action, int code, int index) {
    struct feed *feed = screen->feed;
    switch (action) {
    case KEYS_PLAY: play_or_pause(screen); break;
    case KEYS_SKIP_BACK: seek_by(screen, -10000); break;
    case KEYS_SKIP_ON: seek_by(screen, 10000); break;
    case KEYS_LEAP_BACK: seek_by(screen, -60000); break;
    case KEYS_LEAP_ON: seek_by(screen, 60000); break;
    case KEYS_FASTER: change_speed(screen, 1); break;
    case KEYS_SLOWER: change_speed(screen, -1); break;
    case KEYS_TICK_NEXT: seek_kind(screen, is_tick, true); break;
    case KEYS_TICK_LAST: seek_kind(screen, is_tick, false); break;
    case KEYS_FLAG_NEXT: seek_kind(screen, is_flag, true); break;
    case KEYS_FLAG_LAST: seek_kind(screen, is_flag, false); break;
    case KEYS_PART_NEXT: seek_kind(screen, is_part, true); break;
    case KEYS_PART_LAST: seek_kind(screen, is_part, false); break;
    case KEYS_JUMP_PART: seek_part(screen, index); break;
    case KEYS_JUMP_ITEM: control_seek_item(screen, keys_letter_index(code)); break;
    case KEYS_GO_TIME: control_write(screen, WRITE_TIME); break;
    case KEYS_REEL_START: feed->ops->seek(feed, feed->first_at); break;
    case KEYS_REEL_END: feed->ops->seek(feed, feed->last_at); break;
    default: return false;
    }
    return true;
}
