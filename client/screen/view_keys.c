/* SPDX-License-Identifier: ISC */
/*
 * view_keys.c: the line of keys: those of keys.def that do something on this screen now, or those
 * of the text that is being written. What does nothing is not named.
 */
#include <string.h>

#include "client/screen/key_use.h"
#include "client/screen/views.h"

static int key_columns(const char *caption, const char *label) {
    return (int)(strlen(caption) + 1 + strlen(label) + 2);
}

static int draw_key(struct area area, int x, int y, const char *caption, const char *label) {
    x += area_text(area, x, y, STYLE_KEY, caption) + 1;
    return x + area_text(area, x, y, STYLE_PLAIN, label) + 2;
}

/* The keys that the line always ends with, however narrow: another pane, out, and help for the
 * rest. */
enum { LAST_MAX = 3, LAST_ALL_FROM = 70 };
struct last_keys {
    const struct key_row *rows[LAST_MAX];
    int count, columns; /* without a gap at the end */
};

static bool is_last(enum key_action action, int width) {
    return action == KEYS_HELP ||
           (width >= LAST_ALL_FROM && (action == KEYS_TAB_NEXT || action == KEYS_QUIT));
}

static struct last_keys find_last(const struct screen *screen, int width) {
    struct last_keys last = {.columns = -2};
    const struct key_row *help = NULL;
    enum role role = screen->feed->model.role;
    int at = 0;
    for (const struct key_row *row; (row = keys_next(screen_where(screen), role, &at)) != NULL;) {
        if (!key_use_works(screen, row)) {
            continue;
        }
        if (row->action == KEYS_HELP) {
            help = row;
        } else if (is_last(row->action, width) && row->label[0] && last.count < LAST_MAX - 1) {
            last.rows[last.count++] = row;
        }
    }
    if (help) {
        last.rows[last.count++] = help;
    }
    for (int i = 0; i < last.count; i++) {
        last.columns += key_columns(last.rows[i]->caption, last.rows[i]->label);
    }
    return last;
}

static void draw_situation(struct screen *screen, struct area area) {
    enum role role = screen->feed->model.role;
    unsigned where = screen_where(screen);
    struct last_keys last = find_last(screen, area.width);
    int bottom = area.height - 1;
    int x = 1, y = 0, at = 0;
    for (const struct key_row *row; (row = keys_next(where, role, &at)) != NULL;) {
        const char *label = key_use_label(screen, row);
        if (!label || is_last(row->action, area.width)) {
            continue;
        }
        char buffer[KEY_CAPTION_SIZE];
        const char *caption = key_use_caption(screen, row, buffer);
        int columns = key_columns(caption, label);
        if (y < bottom && x + columns > area.width) {
            y++;
            x = 1;
        }
        if (x + columns + (y == bottom ? last.columns : 0) <= area.width) {
            x = draw_key(area, x, y, caption, label);
        }
    }
    if (y < bottom && x + last.columns > area.width) {
        y++;
        x = 1;
    }
    for (int i = 0; i < last.count; i++) {
        x = draw_key(area, x, y, last.rows[i]->caption, last.rows[i]->label);
    }
}

/* ---- while something is written or asked ---- */

enum { ALONE = 1 << 30, NEXT_KEY = 1 << WRITE_BOX | ALONE, ELSEWHERE_KEY = NEXT_KEY | 1 << 29 };
struct written_key {
    const char *caption, *label;
    unsigned when; /* bits 1 << enum writing */
};

/* Of a key of the board or the worksheet: whether it does nothing for what is being written. */
static bool is_dead(const struct screen *screen, const struct written_key *key) {
    bool fresh = screen->board.edits == 0;
    switch (key->when) {
    case NEXT_KEY: return !fresh || !screen_writes_box(screen);
    case ELSEWHERE_KEY:
        return !fresh || !screen_writes_box(screen) || !input_is_empty(&screen->input);
    case 1 << WRITE_BOX:
        return key->caption[0] == 'T' ? !screen_writes_box(screen)
                                      : fresh && screen_writes_box(screen);
    case 1 << WRITE_PAPER: return key->caption[0] == 'T' && !fresh;
    default: return false;
    }
}

/* Every key of a text but the arrows, in the order in which they are worth a place. */
static void draw_written(const struct screen *screen, struct area area) {
    enum {
        PEOPLE = 1 << WRITE_TALK | 1 << WRITE_WHISPER | 1 << WRITE_NOTE,
        LINES = PEOPLE | 1 << WRITE_CHANGE | 1 << WRITE_DRAFT,
        ALL = ~0
    };
    static const struct written_key keys[] = {
        {"Enter", "send", PEOPLE | 1 << WRITE_CALL},
        {"Enter", "go there", 1 << WRITE_TIME},
        {"Enter", "keep", 1 << WRITE_CHANGE | 1 << WRITE_DRAFT},
        {"Enter", "keep", 1 << WRITE_PAPER},
        {"Enter", "keep", 1 << WRITE_BOX},
        {"Enter", "keep, next box", NEXT_KEY},
        {"Alt-Enter", "new line", LINES | 1 << WRITE_PAPER},
        {"Tab", "for whom", 1 << WRITE_NOTE},
        {"Tab", "next sign", 1 << WRITE_BOX},
        {"Arrow keys", "elsewhere", ELSEWHERE_KEY},
        {"Tab", "kind", 1 << WRITE_PAPER},
        {"Up", "earlier", 1 << WRITE_PAPER},
        {"Esc", "leave", ALL},
        {"Ctrl-X", "throw away", ALL},
        {"Ctrl-W", "drop a word", ALL},
        {"Ctrl-U", "to the start", ALL},
        {"Ctrl-K", "to the end", ALL},
        {"Alt-B Alt-F", "by words", ALL},
    };
    int x = 1;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        int columns = key_columns(keys[i].caption, keys[i].label);
        if ((keys[i].when >> screen->writing & 1) && !is_dead(screen, &keys[i]) &&
            x + columns - 2 <= area.width) {
            x = draw_key(area, x, 0, keys[i].caption, keys[i].label);
        }
    }
}

void view_keys(struct screen *screen, struct area area) {
    if (screen->asking != ASK_NOTHING) {
        area_text(area, 1, 0, STYLE_FAINT, "Any other key goes back.");
    } else if (screen->writing != WRITE_NOTHING) {
        draw_written(screen, area);
    } else {
        draw_situation(screen, area);
    }
}
