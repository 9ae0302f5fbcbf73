/* SPDX-License-Identifier: ISC */
/*
 * view_wall_foot.c: the foot of the wall: what is said, asked or written, and below it the keys.
 */
#include <stdio.h>
#include <string.h>

#include "client/screen/views.h"
#include "client/screen/wall_screen.h"

enum { HELP_WIDTH = 8 /* "? help" */ };

static const char *writing_words(const struct wall_screen *screen) {
    switch (screen->writing) {
    case WALL_WRITE_FILTER: return "Show rooms with:";
    case WALL_WRITE_WHISPER: return "Whisper to the panel of";
    default: break;
    }
    switch (screen->note_to) {
    case ACTION_NOTE_PANEL: return "Note for the panel (Tab) of";
    case ACTION_NOTE_ALL: return "Note for everybody (Tab) with";
    default: return "Note for yourself (Tab) on";
    }
}

/* Whose room it is for, and where the text begins. */
static int draw_head(const struct wall_screen *screen, struct area area) {
    int x = 1 + area_text(area, 1, 0, STYLE_HALF, writing_words(screen)) + 1;
    const struct wall_room *room = wall_find(screen->wall, NULL, span_of(screen->to));
    if (screen->writing != WALL_WRITE_FILTER && room != NULL) {
        char names[ROOM_SEATS_MAX * (NAME_MAX_BYTES + 2)];
        wall_row_names(&room->row, &room->seat.feed.model, names, sizeof names);
        x += area_cut(area, x, 0, area.width / 4, STYLE_STRONG, names);
        x += area_text(area, x, 0, STYLE_HALF, ":") + 1;
    }
    return x;
}

/* The sentence of the line of state, "" if there is none; *bad: it is a fault. */
static const char *sentence(const struct wall_screen *screen, bool *bad) {
    const struct wall_room *room = wall_find(screen->wall, NULL, span_of(screen->last_room));
    if (screen->told[0] != '\0') {
        *bad = screen->told_bad;
        return screen->told;
    }
    *bad = screen->said[0] == '\0' || screen->said_bad;
    if (screen->said[0] != '\0' || screen->state.why[0] != '\0') {
        return screen->said[0] != '\0' ? screen->said : screen->state.why;
    }
    bool refused = screen->last[0] != '\0' && room && room->seat.feed.model.message_bad;
    return refused ? room->seat.feed.model.message : "";
}

/* While something is written a fault is said above it, and what was told from outside. */
static const char *above_writing(const struct wall_screen *screen, bool *bad) {
    const char *words = sentence(screen, bad);
    return *bad || screen->told[0] != '\0' ? words : "";
}

static int rows_above(const struct wall_screen *screen, int width, int most) {
    bool bad;
    const char *words = above_writing(screen, &bad);
    int rows = words[0] != '\0' && most > 1 ? flow_rows(words, width) : 0;
    return rows < most ? rows : most - 1;
}

static void draw_writing(struct wall_screen *screen, struct area area) {
    bool bad;
    const char *words = above_writing(screen, &bad);
    int above = rows_above(screen, area.width, area.height);
    area_rows(area_part(area, 0, 0, area.width, above), bad ? STYLE_BAD : STYLE_PLAIN, words);
    struct area line = area_part(area, 0, above, area.width, area.height - above);
    int head = draw_head(screen, line);
    input_draw(&screen->input, line, head, &screen->caret_x, &screen->caret_y);
    screen->caret_x += line.x;
    screen->caret_y += line.y;
}

static const char answers[] = "y yes  n no";

static const char *question(const struct wall_screen *screen) {
    return screen->closing[0] != '\0' ? "Close that room for good? Only coaches are in it."
                                      : "Leave the wall? The rooms go on.";
}

/* The answers stand behind the question, or under it. */
static bool answers_fit(const char *words, int width) {
    return text_columns(span_of(words)) + (int)sizeof answers + 3 <= width;
}

int view_wall_foot_height(const struct wall_screen *screen, struct area all) {
    struct area nowhere = area_part(all, 0, 0, all.width, 0);
    int most = layout_writing_max(all.height);
    bool bad;
    int rows = 1;
    if (screen->asking) {
        const char *words = question(screen);
        rows = flow_rows(words, all.width) + !answers_fit(words, all.width);
    } else if (screen->writing != WALL_WRITE_NOTHING) {
        rows = rows_above(screen, all.width, most);
        rows += input_height(&screen->input, draw_head(screen, nowhere), all.width, most - rows);
    } else {
        rows = flow_rows(sentence(screen, &bad), all.width);
    }
    return rows < 1 ? 1 : rows < most ? rows : most;
}

/* "on its way… Whisper", then "kept Whisper". */
static void draw_sent(const struct wall_screen *screen, struct area area) {
    const struct wall_room *room = wall_find(screen->wall, NULL, span_of(screen->last_room));
    if (screen->last[0] == '\0' || room == NULL) {
        return;
    }
    bool waits = room->seat.feed.model.pending_count > 0;
    enum style style = waits ? STYLE_HALF : STYLE_GOOD;
    int x = 1 + area_sign(area, 1, 0, style, waits ? SIGN_WAITING : SIGN_KEPT) + 1;
    x += area_text(area, x, 0, style, waits ? "on its way" : "kept") + 2;
    area_cut(area, x, 0, area.width - x - 1, STYLE_PLAIN, screen->last);
}

static void draw_question(const struct wall_screen *screen, struct area area) {
    const char *words = question(screen);
    bool fits = answers_fit(words, area.width);
    int x = fits ? text_columns(span_of(words)) + 3 : 1;
    area_rows(area_part(area, 0, 0, area.width, area.height - !fits), STYLE_HALF, words);
    area_text(area, x, area.height - 1, STYLE_KEY, answers);
}

static void draw_status(struct wall_screen *screen, struct area area) {
    bool bad;
    const char *words = sentence(screen, &bad);
    if (screen->asking) {
        draw_question(screen, area);
    } else if (screen->writing != WALL_WRITE_NOTHING) {
        draw_writing(screen, area);
    } else if (words[0] != '\0') {
        area_rows(area, bad ? STYLE_BAD : STYLE_PLAIN, words);
    } else {
        draw_sent(screen, area);
    }
}

static int draw_key(struct area area, int x, const char *caption, const char *label) {
    x += area_text(area, x, 0, STYLE_KEY, caption) + 1;
    return x + area_text(area, x, 0, STYLE_PLAIN, label) + 2;
}

/* While something is written or asked the wall's own keys do nothing. */
static bool draw_other_keys(const struct wall_screen *screen, struct area area) {
    if (screen->asking) {
        area_text(area, 1, 0, STYLE_FAINT, "Any other key goes back.");
        return true;
    }
    if (screen->writing == WALL_WRITE_NOTHING) {
        return false;
    }
    bool filter = screen->writing == WALL_WRITE_FILTER;
    int x = draw_key(area, 1, "Enter", filter ? "keep" : "send");
    x = filter ? x : draw_key(area, x, "Alt-Enter", "new line");
    x = screen->writing == WALL_WRITE_NOTE ? draw_key(area, x, "Tab", "for whom") : x;
    x = draw_key(area, x, "Esc", filter ? "all rooms" : "leave");
    if (!filter && x + (int)strlen("Ctrl-X throw away") <= area.width) {
        (void)draw_key(area, x, "Ctrl-X", "throw away");
    }
    return true;
}

/* Where no room is in sight there is none to do something with. */
static bool is_named(const struct wall_screen *screen, const struct wall_key *key) {
    bool of_room = key->act >= WALL_ACT_OPEN && key->act <= WALL_ACT_CLOSE;
    return key->label[0] != '\0' && (!of_room || screen->shown_count > 0);
}

static void draw_keys(const struct wall_screen *screen, struct area area) {
    int at = 0, x = 1;
    bool help = false;
    if (draw_other_keys(screen, area)) {
        return;
    }
    for (const struct wall_key *key; (key = control_wall_keys(&at)) != NULL;) {
        int needed = (int)(strlen(key->caption) + 1 + strlen(key->label));
        help = help || key->act == WALL_ACT_HELP;
        int kept = help ? 0 : HELP_WIDTH; /* for the way to all the others */
        if (is_named(screen, key) && x + needed + kept <= area.width) {
            x = draw_key(area, x, key->caption, key->label);
        }
    }
}

void view_wall_foot(struct wall_screen *screen, struct area area) {
    draw_status(screen, area_part(area, 0, 0, area.width, area.height - 1));
    draw_keys(screen, area_part(area, 0, area.height - 1, area.width, 1));
}
