/* SPDX-License-Identifier: ISC */
/*
 * log.h: structured lines for the operator: `2026-01-31T12:00:00.000Z info conn.open peer=…
 * port=443`.
 *
 * One line per event, written whole with one write(2), whichever thread it comes from. Values that
 * hold anything but plain printable characters are quoted and escaped, so a peer's text can neither
 * break a line nor drive a terminal. The caller never passes secrets: no invite secret, no private
 * key, no text that people wrote.
 *
 *     log_info(log, "conn.open", LOG_S("peer", address), LOG_U("worker", worker->index));
 */
#ifndef SPAR_SERVER_BASE_LOG_H
#define SPAR_SERVER_BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

struct log; /* where the lines go and from which level on */

enum log_kind { LOG_KIND_END, LOG_KIND_TEXT, LOG_KIND_SIGNED, LOG_KIND_UNSIGNED };

/* One key=value. Keys are the caller's constants: [a-z_]. */
struct log_field {
    const char *key;
    enum log_kind kind;
    union {
        const char *text; /* NULL is written as - */
        int64_t number;
        uint64_t count;
    } value;
};

#define LOG_S(name, string) \
    { .key = (name), .kind = LOG_KIND_TEXT, .value.text = (string) }
#define LOG_I(name, integer) \
    { .key = (name), .kind = LOG_KIND_SIGNED, .value.number = (integer) }
#define LOG_U(name, unsigned) \
    { .key = (name), .kind = LOG_KIND_UNSIGNED, .value.count = (unsigned) }

/* Logs to `fd`, which stays the caller's. NULL: no memory. */
struct log *log_open(int fd, enum log_level level) __attribute__((warn_unused_result));
void log_close(struct log *log); /* NULL is allowed */
/* True if a line of this level would be written: ask before gathering costly fields. */
bool log_on(const struct log *log, enum log_level level);
/* `error`, `warn`, `info` or `debug`; false: another word. */
bool log_level_parse(const char *word, enum log_level *level) __attribute__((warn_unused_result));

/* Writes one line if the level is on. event: a constant like `conn.open`. fields: up to one of kind
 * LOG_KIND_END. Any thread. A NULL log takes and drops everything. Lines longer than LOG_LINE_MAX
 * bytes are cut, which shows as a trailing `cut=1`. */
void log_write(struct log *log, enum log_level level, const char *event,
               const struct log_field *fields);

enum { LOG_LINE_MAX = 2048 };

#define LOG_FIELDS(...)              \
    (const struct log_field[]) {     \
        __VA_ARGS__ __VA_OPT__(, ) { \
            .kind = LOG_KIND_END     \
        }                            \
    }
#define log_error(log, event, ...) \
    log_write((log), LOG_LEVEL_ERROR, (event), LOG_FIELDS(__VA_ARGS__))
#define log_warn(log, event, ...) log_write((log), LOG_LEVEL_WARN, (event), LOG_FIELDS(__VA_ARGS__))
#define log_info(log, event, ...) log_write((log), LOG_LEVEL_INFO, (event), LOG_FIELDS(__VA_ARGS__))
#define log_debug(log, event, ...) \
    log_write((log), LOG_LEVEL_DEBUG, (event), LOG_FIELDS(__VA_ARGS__))

#endif
