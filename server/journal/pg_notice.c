/* SPDX-License-Identifier: ISC */
/*
 * pg_notice.c: writes and reads notices.
 */
#include "server/journal/pg_notice.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/text/base64url.h"

void pg_notice_write_run(int64_t boot, int64_t n, const struct run *run,
                         char text[NOTICE_MAX + 1]) {
    int len = snprintf(text, NOTICE_MAX + 1, "%" PRId64 " %" PRId64 " %s run %" PRId64 " %u %u ",
                       boot, n, run->id, run->room, run->pos, run->count);
    if (run->len <= NOTICE_BODY_MAX) {
        base64url_write(run->body, run->len, text + len);
    } else {
        memcpy(text + len, "-", sizeof "-");
    }
}

uint32_t pg_notice_parts(size_t len) {
    return len == 0 ? 1 : (uint32_t)((len + NOTICE_BODY_MAX - 1) / NOTICE_BODY_MAX);
}

void pg_notice_write_trip(int64_t boot, int64_t n, const struct shared_trip *trip, uint32_t part,
                          char text[NOTICE_MAX + 1]) {
    size_t at = (size_t)part * NOTICE_BODY_MAX;
    size_t left = trip->len - at;
    int len = snprintf(text, NOTICE_MAX + 1, "%" PRId64 " %" PRId64 " %s trip %u %u %u ", boot, n,
                       trip->room, trip->to, part, pg_notice_parts(trip->len));
    base64url_write(trip->bytes + at, left < NOTICE_BODY_MAX ? left : NOTICE_BODY_MAX, text + len);
}

static bool read_number(char **at, int64_t *number) {
    char *end;
    *number = strtoll(*at, &end, 10);
    size_t used = (size_t)(end - *at);
    bool good = used > 0 && *end == ' ';
    *at += used + good;
    return good;
}

/* The next word, without the space behind it. */
static char *read_word(char **at) {
    char *word = *at;
    char *space = strchr(word, ' ');
    if (space == NULL) {
        return NULL;
    }
    *space = '\0';
    *at = space + 1;
    return word;
}

static bool read_body(struct pg_notice *notice, const char *text) {
    size_t length = strlen(text);
    size_t bytes = length * 3 / 4;
    notice->len = bytes;
    return bytes <= sizeof notice->body && base64url_read(text, length, notice->body, bytes);
}

static bool read_run(char *text, struct pg_notice *notice) {
    struct run_row *row = &notice->what.row;
    int64_t pos, count;
    notice->what = (struct shared_notice){.id = notice->id};
    if (!read_number(&text, &row->room) || !read_number(&text, &pos) ||
        !read_number(&text, &count) || pos < 1 || count < 1 || pos + count > UINT32_MAX) {
        return false;
    }
    row->pos = (uint32_t)pos;
    row->count = (uint32_t)count;
    if (strcmp(text, "-") == 0) {
        return true;
    }
    row->body = notice->body;
    bool good = read_body(notice, text);
    row->len = notice->len;
    return good;
}

static bool read_trip(char *text, struct pg_notice *notice) {
    int64_t part, of;
    if (!read_number(&text, &notice->to) || !read_number(&text, &part) ||
        !read_number(&text, &of) || part < 0 || of > NOTICE_PARTS_MAX || part >= of) {
        return false;
    }
    notice->part = (uint32_t)part;
    notice->of = (uint32_t)of;
    return read_body(notice, text);
}

bool pg_notice_read(char *text, struct pg_notice *notice) {
    if (!read_number(&text, &notice->boot) || !read_number(&text, &notice->n)) {
        return false;
    }
    const char *id = read_word(&text);
    const char *kind = id != NULL ? read_word(&text) : NULL;
    if (kind == NULL || strlen(id) != ROOM_ID_BYTES) {
        return false;
    }
    memcpy(notice->id, id, ROOM_ID_BYTES + 1);
    notice->kind = strcmp(kind, "trip") == 0 ? PG_NOTICE_TRIP : PG_NOTICE_RUN;
    return notice->kind == PG_NOTICE_TRIP ? read_trip(text, notice)
                                          : strcmp(kind, "run") == 0 && read_run(text, notice);
}

bool pg_pieces_add(struct pg_pieces *pieces, const struct pg_notice *notice) {
    bool next = notice->part > 0 && pieces->of == notice->of && pieces->boot == notice->boot &&
                pieces->part + 1 == notice->part && pieces->n + 1 == notice->n;
    pieces->len = next ? pieces->len : 0;
    pieces->of = next || notice->part == 0 ? notice->of : 0;
    pieces->boot = notice->boot;
    pieces->n = notice->n;
    pieces->part = notice->part;
    if (pieces->of == 0) {
        return false;
    }
    memcpy(pieces->bytes + pieces->len, notice->body, notice->len);
    pieces->len += notice->len;
    return notice->part + 1 == notice->of;
}
