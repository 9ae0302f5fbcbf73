/* SPDX-License-Identifier: ISC */
/*
 * view_header.c: who one is, which room, how it stands, how good the connection is; who is here.
 */
#include "client/screen/views.h"

#include <stdio.h>

/* What the stage is called on screen, and the sign in front of it. */
static const char *stage_words(enum stage stage) {
    static const char *const words[] = {
        [STAGE_NEW] = "opening",   [STAGE_WAITING] = "waiting",   [STAGE_RUNNING] = "running",
        [STAGE_PAUSED] = "paused", [STAGE_FINISHED] = "finished", [STAGE_DEBRIEF] = "debrief",
        [STAGE_CLOSED] = "closed",
    };
    return words[stage];
}

enum style views_heard(int64_t silent, int64_t error_ms, bool ascii, char *out, size_t size) {
    if (silent > 0) {
        snprintf(out, size, "silent for %lld s", (long long)(silent / 1000));
        return STYLE_HALF;
    }
    if (error_ms < 0) {
        snprintf(out, size, "live");
    } else {
        snprintf(out, size, "live %s%lld ms", theme_sign(SIGN_PLUS_MINUS, ascii),
                 (long long)error_ms);
    }
    return STYLE_GOOD;
}

static enum style link_words(const struct screen *screen, bool ascii, char *out, size_t size) {
    const struct model *model = &screen->feed->model;
    switch (model->connection) {
    case CONNECTION_CONNECTING: snprintf(out, size, "connecting"); return STYLE_HALF;
    case CONNECTION_LIVE:
        return views_heard(model_silent(model, screen->mono), model->error_ms, ascii, out, size);
    case CONNECTION_WAITING: {
        int64_t wait = model->retry_at - screen->mono;
        snprintf(out, size, "cut off, again in %lld s",
                 (long long)(wait > 0 ? (wait + 999) / 1000 : 0));
        return STYLE_BAD;
    }
    case CONNECTION_ENDED: snprintf(out, size, "ended"); return STYLE_BAD;
    case CONNECTION_RECORDING:
        snprintf(out, size, screen->feed->takes_marks ? "re-marking" : "recording");
        return STYLE_HALF;
    }
    return STYLE_PLAIN;
}

static int draw_link(struct screen *screen, struct area area) {
    char words[64] = "";
    enum style style = link_words(screen, area.paint->ascii, words, sizeof words);
    int columns = text_columns(span_of(words));
    enum sign sign = style == STYLE_GOOD ? SIGN_HERE : SIGN_AWAY;
    area_text(area, area.width - columns - 1, 0, style, words);
    area_sign(area, area.width - columns - 3, 0, style, sign);
    /* The room is kept, so that nothing moves when the figure gets another digit. */
    return (columns > 12 ? columns : 12) + 5;
}

/* That the candidate thinks unseen, and for how long yet: everybody is told, in every pane. */
static void unseen_words(const struct screen *screen, char *out, size_t size) {
    int64_t until = board_private_until(&screen->feed->model.room.board, screen->now);
    int seconds = until > 0 ? (int)((until - screen->now + 999) / 1000) : 0;
    out[0] = '\0';
    if (until > 0) {
        bool own = screen->feed->model.role == ROLE_CANDIDATE;
        snprintf(out, size, ", %s %d:%02d", own ? "thinks unseen" : "candidate unseen",
                 seconds / 60, seconds % 60);
    }
}

enum { ME_MIN = 16 }; /* columns of the own name and role that are worth a cut */

void view_header(struct screen *screen, struct area area) {
    const struct model *model = &screen->feed->model;
    const struct pack *pack = model->room.pack;
    int room = area.width - draw_link(screen, area);
    struct area left = area_part(area, 1, 0, room - 1, 1);
    char me[NAME_MAX_BYTES + 64];
    const char *name =
        model->seat < model->room.seat_count ? model->room.seats[model->seat].name : "";
    snprintf(me, sizeof me, "%s%s%s", name, name[0] ? ", " : "", role_name(model->role));
    char words[96];
    char unseen[48];
    unseen_words(screen, unseen, sizeof unseen);
    snprintf(words, sizeof words, "%s%s%s", stage_words(model->room.stage),
             model->room.prev[0] != '\0' ? ", second half" : "", unseen);
    int needed = text_columns(span_of(me)) + text_columns(span_of(words)) + 6;
    const char *title = pack ? pack->title : "Spar";
    int x =
        area_cut(left, 0, 0, left.width > needed + 8 ? left.width - needed : 8, STYLE_TITLE, title);
    x += 2;
    /* A long name gives way to the stage, but where there is no place for either. */
    int mine = left.width - x - text_columns(span_of(words)) - 4;
    x += area_cut(left, x, 0, mine >= ME_MIN ? mine : left.width - x, STYLE_PLAIN, me) + 2;
    enum stage stage = model->room.stage;
    enum sign sign = stage == STAGE_RUNNING  ? SIGN_PLAYING
                     : stage == STAGE_PAUSED ? SIGN_PAUSED
                                             : SIGN_DOT;
    x += area_sign(left, x, 0, STYLE_NOW, sign) + 1;
    x += area_text(left, x, 0, STYLE_NOW, words) + 3;
    screen->room_named = x + 5 + ROOM_ID_BYTES <= left.width;
    if (screen->room_named) {
        area_print(left, x, 0, STYLE_FAINT, "room %s", model->room_id);
    }
}

/* On voice is who may be heard, or hears. */
const char *views_voice(const struct screen *screen, int seat) {
    const struct feed_voice *voice = &screen->feed->voice;
    unsigned bit = 1U << (unsigned)seat;
    return (voice->on & bit) == 0 ? NULL : (voice->muted & bit) != 0 ? "listens" : "on voice";
}

static int draw_seat(struct screen *screen, struct area line, int index) {
    const struct model *model = &screen->feed->model;
    const struct room_seat *seat = &model->room.seats[index];
    enum style style = seat->here ? STYLE_GOOD : STYLE_FAINT;
    area_sign(line, 0, 0, seat->hand ? STYLE_BAD : style,
              seat->hand   ? SIGN_ALARM
              : seat->here ? SIGN_HERE
                           : SIGN_AWAY);
    char words[48];
    bool me = index == model->seat;
    const char *voice = views_voice(screen, index); /* of more worth than the role, which stays */
    const char *role = voice                                ? voice
                       : room_driver(&model->room) == index ? "drives"
                                                            : role_name(seat->role);
    snprintf(words, sizeof words, "%s%s", seat->hand ? "hand up" : role,
             me                         ? " (you)"
             : seat->hold == HOLD_MOVED ? ", moved"
             : seat->hold == HOLD_OUT   ? ", put out"
             : seat->here               ? ""
                                        : ", away");
    int room = line.width - text_columns(span_of(words)) - 3;
    if (me && !seat->hand && room < text_columns(span_of(seat->name))) {
        /* The name is worth more than the own role, which the line at the top says too. */
        snprintf(words, sizeof words, "%s%s(you)", voice ? voice : "", voice ? " " : "");
        room = line.width - text_columns(span_of(words)) - 3;
    }
    int x = 2 + area_cut(line, 2, 0, room < 4 ? line.width - 2 : room,
                         seat->here ? STYLE_PLAIN : STYLE_FAINT, seat->name);
    if (room >= 4) {
        area_text(line, x + 1, 0, STYLE_FAINT, words);
    }
    return 1;
}

void view_people(struct screen *screen, struct area area) {
    const struct room *room = &screen->feed->model.room;
    int used = 0;
    for (int i = 0; i < room->seat_count; i++) {
        used += room->seats[i].role != ROLE_NONE ? 1 : 0;
    }
    int y = 0;
    for (int i = 0; i < room->seat_count; i++) {
        if (room->seats[i].role == ROLE_NONE) {
            continue;
        }
        if (y == area.height - 1 && used > area.height) {
            area_print(area, 2, y, STYLE_FAINT, "and %d more", used - y);
            return;
        }
        if (y < area.height) {
            y += draw_seat(screen, area_part(area, 0, y, area.width, 1), i);
        }
    }
}
