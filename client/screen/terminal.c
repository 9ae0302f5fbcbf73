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

enum { KEY_PASTE_BEGIN = 0x1f00, KEY_PASTE_END, KEY_REPORT, PAIR_FIRST = 1 };
/* As xterm numbers them in a report. */
enum { BUTTON_LEFT = 0, BUTTON_WHEEL_UP = 64, BUTTON_WHEEL_DOWN = 65 };

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
        init_extended_pair(PAIR_FIRST + style, colour, -1);
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
    case KEY_ENTER: return '\r';
    default: break;
    }
    if (key >= KEY_F(1) && key <= KEY_F(12)) {
        return CODE_F1 + (int)(key - KEY_F(1));
    }
    return CODE_NONE;
}

/* One number of a report, at most four digits; moves *at behind it. -1: there is none. */
static int report_number(const char **at) {
    int value = 0, digits = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++) {
        value = value * 10 + (**at - '0');
        if (++digits > 4) {
            return -1;
        }
    }
    return digits > 0 ? value : -1;
}

struct terminal_event terminal_mouse(const char *report, char end) {
    struct terminal_event event = {.kind = TERMINAL_NOTHING};
    int numbers[3];
    for (int i = 0; i < 3; i++) {
        numbers[i] = report_number(&report);
        if (numbers[i] < 0 || *report != (i < 2 ? ';' : '\0')) {
            return event;
        }
        report++;
    }
    if (end != 'M') {
        return event;
    }
    int button = numbers[0], x = numbers[1], y = numbers[2];
    event.x = x - 1;
    event.y = y - 1;
    if (button == BUTTON_LEFT) {
        event.kind = TERMINAL_CLICK;
    } else if (button == BUTTON_WHEEL_UP || button == BUTTON_WHEEL_DOWN) {
        event.kind = TERMINAL_WHEEL;
        event.lines = button == BUTTON_WHEEL_UP ? -3 : 3;
    }
    return event;
}

int terminal_code(const struct terminal_event *event, bool writing) {
    if (!event->paste) {
        return event->code;
    }
    bool blank = event->code == '\r' || event->code == '\n' || event->code == '\t';
    return !writing ? CODE_NONE : blank ? ' ' : event->code;
}

/* One more character of a report; whole ones are put into *event. */
static void add_to_report(struct terminal_reader *reader, wint_t key,
                          struct terminal_event *event) {
    bool part = (key >= '0' && key <= '9') || key == ';';
    if (part && reader->report_len + 1 < (int)sizeof reader->report) {
        reader->report[reader->report_len++] = (char)key;
        return;
    }
    reader->report[reader->report_len] = '\0';
    reader->reporting = false;
    *event = terminal_mouse(reader->report, key == 'M' ? 'M' : 'm');
}

/* The brackets of a paste and the start of a report; true if it was one. */
static bool is_bracket(struct terminal_reader *reader, wint_t key) {
    if (key == KEY_PASTE_BEGIN || key == KEY_PASTE_END) {
        reader->pasting = key == KEY_PASTE_BEGIN;
        return true;
    }
    if (key == KEY_REPORT) {
        reader->reporting = true;
        reader->report_len = 0;
        return true;
    }
    return key == KEY_RESIZE;
}

struct terminal_event terminal_next(struct terminal_reader *reader) {
    struct terminal_event event = {.kind = TERMINAL_NOTHING};
    wint_t key;
    int kind;
    while (event.kind == TERMINAL_NOTHING && (kind = get_wch(&key)) != ERR) {
        if (kind == KEY_CODE_YES && is_bracket(reader, key)) {
            continue;
        }
        if (reader->reporting) {
            add_to_report(reader, kind == KEY_CODE_YES ? 0 : key, &event);
            continue;
        }
        event = (struct terminal_event){.kind = TERMINAL_KEY, .paste = reader->pasting};
        event.code = kind == KEY_CODE_YES ? code_of_key(key) : (int)key;
        if (event.code == 0x1b) {
            event.code = CODE_ESCAPE;
        }
    }
    return event;
}

bool terminal_is_gone(void) {
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&in, 1, 0) > 0 && (in.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
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
