/* SPDX-License-Identifier: ISC */
/*
 * log.c: one line is built on the caller's stack and written with one call.
 *
 * Invariant: `used` never passes LOG_LINE_MAX less the room for the mark that says a line was cut.
 */
#include "server/base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char cut_mark[] = " cut=1";

enum {
    LINE_ROOM = LOG_LINE_MAX - (int)sizeof cut_mark
}; /* the mark's NUL counts for the newline */

static const char *const level_words[] = {[LOG_LEVEL_ERROR] = "error",
                                          [LOG_LEVEL_WARN] = "warn",
                                          [LOG_LEVEL_INFO] = "info",
                                          [LOG_LEVEL_DEBUG] = "debug"};

struct log {
    int fd;
    enum log_level level;
    pthread_mutex_t lock; /* keeps a line whole even where write takes it in parts */
};

struct line {
    size_t used;
    bool cut;
    char text[LOG_LINE_MAX];
};

struct log *log_open(int fd, enum log_level level) {
    struct log *log = malloc(sizeof *log);
    if (log == NULL) {
        return NULL;
    }
    log->fd = fd;
    log->level = level;
    pthread_mutex_init(&log->lock, NULL);
    return log;
}

void log_close(struct log *log) {
    if (log == NULL) {
        return;
    }
    pthread_mutex_destroy(&log->lock);
    free(log);
}

bool log_on(const struct log *log, enum log_level level) {
    return log != NULL && level <= log->level;
}

bool log_level_parse(const char *word, enum log_level *level) {
    for (size_t i = 0; i < sizeof level_words / sizeof *level_words; i++) {
        if (strcmp(word, level_words[i]) == 0) {
            *level = (enum log_level)i;
            return true;
        }
    }
    return false;
}

/* Adds all of the bytes or none, so that an escape is never halved. */
static void add(struct line *line, const char *bytes, size_t len) {
    if (line->cut || line->used + len > LINE_ROOM) {
        line->cut = true;
        return;
    }
    memcpy(line->text + line->used, bytes, len);
    line->used += len;
}

static void add_text(struct line *line, const char *text) {
    add(line, text, strlen(text));
}

static void add_time(struct line *line) {
    struct timespec now;
    struct tm utc;
    char text[48];
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    size_t len = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    int more = snprintf(text + len, sizeof text - len, ".%03ldZ", now.tv_nsec / 1000000);
    add(line, text, len + (size_t)more);
}

/* Printable ASCII but for what could be taken for the line's own marks. */
static bool is_plain(unsigned char c) {
    return c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\';
}

static void add_escaped(struct line *line, unsigned char c) {
    char text[8];
    if (c == '"' || c == '\\') {
        snprintf(text, sizeof text, "\\%c", c);
    } else if (c == '\n') {
        snprintf(text, sizeof text, "\\n");
    } else if (c >= ' ' && c < 0x7f) {
        snprintf(text, sizeof text, "%c", c);
    } else {
        snprintf(text, sizeof text, "\\x%02x", c);
    }
    add_text(line, text);
}

static void add_value(struct line *line, const char *text) {
    const char *c = text;
    while (is_plain((unsigned char)*c)) {
        c++;
    }
    if (*c == '\0' && c != text) {
        add(line, text, (size_t)(c - text));
        return;
    }
    add_text(line, "\"");
    for (c = text; *c != '\0'; c++) {
        add_escaped(line, (unsigned char)*c);
    }
    add_text(line, "\"");
}

static void add_field(struct line *line, const struct log_field *field) {
    char number[24];
    add_text(line, " ");
    add_text(line, field->key);
    add_text(line, "=");
    if (field->kind == LOG_KIND_TEXT) {
        add_value(line, field->value.text != NULL ? field->value.text : "-");
        return;
    }
    if (field->kind == LOG_KIND_SIGNED) {
        snprintf(number, sizeof number, "%" PRId64, field->value.number);
    } else {
        snprintf(number, sizeof number, "%" PRIu64, field->value.count);
    }
    add_text(line, number);
}

static void end_line(struct line *line) {
    if (line->cut) {
        memcpy(line->text + line->used, cut_mark, sizeof cut_mark - 1);
        line->used += sizeof cut_mark - 1;
    }
    line->text[line->used++] = '\n';
}

/* A log that cannot be written is no reason to stop serving: the line is then lost. */
static void write_line(struct log *log, const struct line *line) {
    size_t done = 0;
    pthread_mutex_lock(&log->lock);
    while (done < line->used) {
        ssize_t wrote = write(log->fd, line->text + done, line->used - done);
        if (wrote > 0) {
            done += (size_t)wrote;
        } else if (wrote == 0 || errno != EINTR) {
            break;
        }
    }
    pthread_mutex_unlock(&log->lock);
}

void log_write(struct log *log, enum log_level level, const char *event,
               const struct log_field *fields) {
    if (!log_on(log, level)) {
        return;
    }
    int saved = errno;
    struct line line;
    line.used = 0;
    line.cut = false;
    add_time(&line);
    add_text(&line, " ");
    add_text(&line, level_words[level]);
    add_text(&line, " ");
    add_text(&line, event);
    for (const struct log_field *field = fields; field->kind != LOG_KIND_END; field++) {
        add_field(&line, field);
    }
    end_line(&line);
    write_line(log, &line);
    errno = saved;
}
