/* SPDX-License-Identifier: ISC */
/*
 * terminal_reader.c: what a terminal gives, put together to keys, pastes and clicks. Pure: knows no
 * ncurses and no clock.
 *
 * The end of a paste may never come: then a silence ends it, so that the keyboard is never dead. A
 * key that is pressed alone does not prolong the paste, however often; what comes in one go with
 * something before it does.
 */
#include "client/screen/terminal.h"

#include "client/screen/keys.h"

enum { ESCAPE = 0x1b };
/* As xterm numbers them in a report. */
enum { BUTTON_LEFT = 0, BUTTON_WHEEL_UP = 64, BUTTON_WHEEL_DOWN = 65 };

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

int terminal_codes(const struct terminal_event *event, bool writing, int out[2]) {
    int count = 0;
    if (event->code == CODE_NONE || event->paste) {
        return 0;
    }
    if (event->alt && writing && event->code < CODE_UP) {
        out[count++] = CODE_ALT + event->code;
        return count;
    }
    if (event->alt && !writing) {
        out[count++] = CODE_ESCAPE;
    }
    out[count++] = event->code;
    return count;
}

static struct terminal_event key_of(const struct terminal_reader *reader, int code, bool alt) {
    return (struct terminal_event){
        .kind = TERMINAL_KEY, .code = code, .alt = alt, .paste = reader->pasting};
}

/* One more character of a report; gives it once it is whole. */
static struct terminal_event step_report(struct terminal_reader *reader, int code) {
    bool part = (code >= '0' && code <= '9') || code == ';';
    if (part && reader->report_len + 1 < (int)sizeof reader->report) {
        reader->report[reader->report_len++] = (char)code;
        return (struct terminal_event){.kind = TERMINAL_NOTHING};
    }
    reader->report[reader->report_len] = '\0';
    reader->reporting = false;
    return terminal_mouse(reader->report, code == 'M' ? 'M' : 'm');
}

/* Whether a character still belongs to the paste. */
static void count_paste(struct terminal_reader *reader, int64_t now) {
    reader->run++;
    if (reader->run > 1) {
        reader->paste_at = now;
    } else if (now - reader->paste_at >= TERMINAL_PASTE_SILENCE) {
        reader->pasting = false;
    }
}

static void begin(struct terminal_reader *reader, enum terminal_raw raw, int64_t now) {
    if (raw == RAW_REPORT) {
        reader->reporting = true;
        reader->report_len = 0;
    } else {
        reader->pasting = raw == RAW_PASTE_BEGIN;
        reader->paste_at = now;
    }
}

struct terminal_event terminal_step(struct terminal_reader *reader, enum terminal_raw raw, int code,
                                    int64_t now) {
    const struct terminal_event nothing = {.kind = TERMINAL_NOTHING};
    bool escaped = reader->escaped;
    reader->escaped = false;
    if (raw == RAW_CHARACTER || raw == RAW_KEY) {
        if (reader->reporting) {
            return step_report(reader, raw == RAW_KEY ? 0 : code);
        }
        count_paste(reader, now);
        if (raw == RAW_CHARACTER && code == ESCAPE) {
            reader->escaped = !reader->pasting;
            return escaped || reader->pasting ? key_of(reader, CODE_ESCAPE, false) : nothing;
        }
        return key_of(reader, code, escaped);
    }
    if (raw == RAW_NOTHING) {
        reader->run = 0;
    } else {
        begin(reader, raw, now);
    }
    return escaped ? (struct terminal_event){.kind = TERMINAL_KEY, .code = CODE_ESCAPE} : nothing;
}
