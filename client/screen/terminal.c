/* SPDX-License-Identifier: ISC */
/*
 * terminal.c: the thin layer over ncursesw. ncurses' own state is the one global that is not ours.
 */
#include "client/screen/terminal.h"

#include <curses.h>
#include <openssl/evp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "client/screen/keys.h"

/* From <term.h>, whose macros take plain words for themselves. */
extern char *tigetstr(const char *name);

enum {
    KEY_PASTE_BEGIN = 0x1f00,
    KEY_PASTE_END,
    KEY_REPORT,
    KEY_WORD_LEFT,
    KEY_WORD_RIGHT,
    PAIR_FIRST = 1
};

/* Direct-colour terminals take red, green, blue: what the 256-colour palette means by `index`. */
static int rgb_of(int index) {
    static const int steps[6] = {0, 95, 135, 175, 215, 255};
    if (index >= 232) {
        int grey = 8 + (index - 232) * 10;
        return grey << 16 | grey << 8 | grey;
    }
    int cube = index - 16;
    return steps[cube / 36] << 16 | steps[cube / 6 % 6] << 8 | steps[cube % 6];
}

static void open_colours(void) {
    if (!has_colors() || getenv("NO_COLOR") != NULL) {
        return;
    }
    start_color();
    use_default_colors();
    for (int style = 0; style < STYLE_COUNT; style++) {
        const struct theme_look *look = theme_look((enum style)style);
        int colour = COLORS >= 256 ? look->colour_256 : look->colour_8;
        if (COLORS > 256 && colour >= 16) {
            colour = rgb_of(colour);
        }
        /* 16 and 231 of the 256 are black and white themselves; the first 16 are anybody's. */
        int black = COLORS > 256 ? rgb_of(16) : COLORS == 256 ? 16 : COLOR_BLACK;
        int white = COLORS > 256 ? rgb_of(231) : COLORS == 256 ? 231 : COLOR_WHITE;
        init_extended_pair(PAIR_FIRST + style, look->paper ? black : colour,
                           look->paper ? white : -1);
    }
}

static void put_raw(const char *bytes) {
    fputs(bytes, stdout);
    fflush(stdout);
}

/* Pastes come in brackets; clicks as xterm's SGR reports, which we read ourselves: ncurses blocks
 * in get_wch, nodelay or not, after a report that its mask leaves out, and the clock would stand.
 */
static void switch_reports(bool mouse) {
    put_raw("\033[?2004h");
    if (mouse) {
        put_raw("\033[?1000h\033[?1006h");
    }
}

static bool is_terminal(void) {
    bool both = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    if (!both) {
        fprintf(stderr, "spar: The screens need a terminal; use --batch for scripts.\n");
    }
    return both;
}

bool terminal_usable(void) {
    return is_terminal() && terminal_type(false) != NULL;
}

/* The screen of an earlier terminal_open, which newterm would leave behind. */
static void drop_last_screen(void) {
    SCREEN *last = set_term(NULL);
    if (last != NULL) {
        delscreen(last);
    }
}

bool terminal_open(bool mouse) {
    drop_last_screen();
    const char *type = is_terminal() ? terminal_type(true) : NULL;
    SCREEN *made = type == NULL ? NULL : newterm(type, stdout, stdin);
    if (made == NULL) {
        if (type != NULL) {
            fprintf(stderr, "spar: The terminal could not be opened; use --batch.\n");
        }
        return false;
    }
    set_term(made);
    set_escdelay(25);
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    intrflush(stdscr, FALSE);
    open_colours();
    define_key("\033[200~", KEY_PASTE_BEGIN);
    define_key("\033[201~", KEY_PASTE_END);
    define_key("\033[<", KEY_REPORT);
    define_key("\033[1;5D", KEY_WORD_LEFT); /* Ctrl */
    define_key("\033[1;5C", KEY_WORD_RIGHT);
    define_key("\033[1;3D", KEY_WORD_LEFT); /* Alt */
    define_key("\033[1;3C", KEY_WORD_RIGHT);
    switch_reports(mouse);
    return true;
}

void terminal_close(void) {
    put_raw("\033[?1006l\033[?1000l\033[?2004l");
    curs_set(1);
    endwin();
}

/* Any key ends the rest, not only Enter: the terminal would keep the others to itself. */
void terminal_leave(void) {
    struct termios mode;
    terminal_close();
    if (tcgetattr(STDIN_FILENO, &mode) == 0) {
        mode.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
        mode.c_cc[VMIN] = 1;
        mode.c_cc[VTIME] = 0;
        (void)tcsetattr(STDIN_FILENO, TCSANOW, &mode);
    }
}

void terminal_return(bool mouse) {
    switch_reports(mouse);
    reset_prog_mode();
    clearok(curscr, TRUE);
}

void terminal_size(bool changed, int *width, int *height) {
    struct winsize size;
    if (changed && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        resizeterm(size.ws_row, size.ws_col);
    }
    getmaxyx(stdscr, *height, *width);
}

static attr_t attributes_of(enum style style) {
    const struct theme_look *look = theme_look(style);
    attr_t attributes = A_NORMAL;
    if (look->bold) {
        attributes |= A_BOLD;
    }
    /* A grey of its own needs no dimming on top. */
    if (look->dim && (!has_colors() || COLORS < 256)) {
        attributes |= A_DIM;
    }
    if (look->reverse) {
        attributes |= A_REVERSE;
    }
    return attributes;
}

/* A cell's characters as this terminal takes them. What the locale does not know, or measures
 * otherwise than Unicode does (an older C library; ASCII only), would push the rest of the row
 * aside: '?' stands for it. */
static void known(const struct cell *cell, wchar_t out[PAINT_CELL_MARKS + 2]) {
    int len = 1;
    out[0] = wcwidth(cell->text[0]) == cell->width ? cell->text[0] : L'?';
    for (int i = 1; i <= PAINT_CELL_MARKS && cell->text[i] != 0; i++) {
        if (wcwidth(cell->text[i]) == 0) {
            out[len++] = cell->text[i];
        }
    }
    out[len] = 0;
}

static void put_cell(const struct cell *cell, int row, int column) {
    wchar_t text[PAINT_CELL_MARKS + 2];
    cchar_t character;
    known(cell, text);
    if (setcchar(&character, text, attributes_of((enum style)cell->style),
                 (short)(PAIR_FIRST + cell->style), NULL) == OK) {
        for (int i = 0; i < (wcwidth(text[0]) == cell->width ? 1 : cell->width); i++) {
            mvadd_wch(row, column + i, &character);
        }
    }
}

void terminal_put(const struct paint *paint, int x, int y, bool from_scratch) {
    for (int row = 0; row < paint->height; row++) {
        for (int column = 0; column < paint->width; column++) {
            const struct cell *cell =
                &paint->cells[(size_t)row * (size_t)paint->width + (size_t)column];
            if (cell->width > 0) {
                put_cell(cell, row, column);
            }
        }
    }
    if (from_scratch) {
        clearok(curscr, TRUE);
    }
    if (x >= 0) {
        move(y, x);
    }
    curs_set(x >= 0 ? 1 : 0);
    refresh();
}

static int code_of_key(wint_t key) {
    switch (key) {
    case KEY_UP: return CODE_UP;
    case KEY_DOWN: return CODE_DOWN;
    case KEY_LEFT: return CODE_LEFT;
    case KEY_RIGHT: return CODE_RIGHT;
    case KEY_HOME: return CODE_HOME;
    case KEY_END: return CODE_END;
    case KEY_PPAGE: return CODE_PAGE_UP;
    case KEY_NPAGE: return CODE_PAGE_DOWN;
    case KEY_BTAB: return CODE_BACKTAB;
    case KEY_BACKSPACE: return CODE_BACKSPACE;
    case KEY_DC: return CODE_DELETE;
    case KEY_WORD_LEFT: return CODE_WORD_LEFT;
    case KEY_WORD_RIGHT: return CODE_WORD_RIGHT;
    case KEY_ENTER: return '\r';
    default: break;
    }
    if (key >= KEY_F(1) && key <= KEY_F(12)) {
        return CODE_F1 + (int)(key - KEY_F(1));
    }
    return CODE_NONE;
}

/* What curses gave, in our words; *code: the character or CODE_…. */
static enum terminal_raw raw_of(int kind, wint_t key, int *code) {
    *code = (int)key;
    if (kind != KEY_CODE_YES) {
        return RAW_CHARACTER;
    }
    switch (key) {
    case KEY_PASTE_BEGIN: return RAW_PASTE_BEGIN;
    case KEY_PASTE_END: return RAW_PASTE_END;
    case KEY_REPORT: return RAW_REPORT;
    default: *code = code_of_key(key); return RAW_KEY;
    }
}

struct terminal_event terminal_next(struct terminal_reader *reader, int64_t now) {
    struct terminal_event event = {.kind = TERMINAL_NOTHING};
    enum terminal_raw raw = RAW_CHARACTER;
    while (event.kind == TERMINAL_NOTHING && raw != RAW_NOTHING) {
        wint_t key = 0;
        int code = 0;
        int kind = get_wch(&key);
        if (kind == KEY_CODE_YES && key == KEY_RESIZE) {
            continue;
        }
        raw = kind == ERR ? RAW_NOTHING : raw_of(kind, key, &code);
        event = terminal_step(reader, raw, code, now);
    }
    return event;
}

bool terminal_is_gone(void) {
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&in, 1, 0) > 0 && (in.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

void terminal_bell(void) {
    beep();
}

void terminal_copy(const char *text) {
    size_t len = strlen(text);
    unsigned char *coded = malloc(4 * ((len + 2) / 3) + 1);
    if (coded) {
        EVP_EncodeBlock(coded, (const unsigned char *)text, (int)len);
        printf("\033]52;c;%s\a", (const char *)coded);
        fflush(stdout);
        free(coded);
    }
}
