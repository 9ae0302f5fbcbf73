/* SPDX-License-Identifier: ISC */
/*
 * ics.c: an evening as an iCalendar file: lines end in CR LF and are folded at 75 bytes without
 * cutting a character in two, what was typed is escaped, and times are in UTC.
 */
#include "client/store/ics.h"

#include <string.h>
#include <time.h>

enum { LINE_MAX_BYTES = 75, MS_A_SECOND = 1000 };

struct line {
    FILE *file;
    int bytes; /* in the line so far */
};

/* Bytes of the character that begins here; of what is no UTF-8, one. */
static int character(const char *text) {
    unsigned char first = (unsigned char)*text;
    int len = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    for (int i = 1; i < len; i++) {
        if (((unsigned char)text[i] & 0xc0) != 0x80) {
            return 1;
        }
    }
    return len;
}

/* Some bytes that belong together. */
static void put(struct line *line, const char *bytes, int len) {
    FILE *file = line->file;
    if (line->bytes + len > LINE_MAX_BYTES) {
        fputs("\r\n ", file);
        line->bytes = 1;
    }
    (void)fwrite(bytes, 1, (size_t)len, file); /* its end says whether all was written */
    line->bytes += len;
}

static void begin(struct line *line, const char *name) {
    line->bytes = 0;
    put(line, name, (int)strlen(name));
}

static void end(struct line *line) {
    fputs("\r\n", line->file);
}

/* A text as it stands in a value; what no calendar may show goes. */
static void put_text(struct line *line, const char *text) {
    while (*text != '\0') {
        int len = character(text);
        if (*text == '\n') {
            put(line, "\\n", 2);
        } else if (strchr("\\;,", *text) != NULL) {
            const char escaped[] = {'\\', *text};
            put(line, escaped, 2);
        } else if ((unsigned char)*text >= 0x20 && *text != 0x7f) {
            put(line, text, len);
        }
        text += len;
    }
}

static void put_time(struct line *line, const char *name, int64_t ms) {
    char text[32];
    struct tm utc;
    time_t seconds = (time_t)(ms / MS_A_SECOND);
    if (gmtime_r(&seconds, &utc) == NULL ||
        strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc) == 0) {
        return;
    }
    begin(line, name);
    put(line, text, (int)strlen(text));
    end(line);
}

static void put_plain(struct line *line, const char *name, const char *value) {
    begin(line, name);
    put(line, value, (int)strlen(value));
    end(line);
}

void ics_put(FILE *file, const void *ctx) {
    const struct ics_event *event = ctx;
    struct line line = {.file = file};
    char uid[96];
    snprintf(uid, sizeof uid, "%s-%lld@spar", event->id, (long long)event->start);
    put_plain(&line, "BEGIN:", "VCALENDAR");
    put_plain(&line, "VERSION:", "2.0");
    put_plain(&line, "PRODID:", "-//Spar//spar cohort evening//EN");
    put_plain(&line, "BEGIN:", "VEVENT");
    put_plain(&line, "UID:", uid);
    put_time(&line, "DTSTAMP:", event->now);
    put_time(&line, "DTSTART:", event->start);
    put_time(&line, "DTEND:", event->end);
    begin(&line, "SUMMARY:");
    put_text(&line, event->title);
    end(&line);
    if (event->text[0] != '\0') {
        begin(&line, "DESCRIPTION:");
        put_text(&line, event->text);
        end(&line);
    }
    put_plain(&line, "END:", "VEVENT");
    put_plain(&line, "END:", "VCALENDAR");
}
