/* SPDX-License-Identifier: ISC */
/*
 * term.c: see term.h.
 */
#include "server/journal/term.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

_Static_assert(ROOM_SEATS_MAX <= 32, "a set of seats is 32 bits");

static uint32_t seat_of(const struct body *body) {
    return (body->has & F(seat)) != 0 ? UINT32_C(1) << body->seat : 0;
}

void term_look(struct term *term, const struct event *event) {
    const struct body *body = &event->body;
    term->last = event->at;
    switch (body->act) {
    case ACTION_ROOM_KEEP:
        term->has = true;
        term->kept = body->kept;
        break;
    case ACTION_SEAT_JOIN: term->here |= seat_of(body); break;
    case ACTION_SEAT_GONE: term->here &= ~seat_of(body); break;
    case ACTION_CLOCK_START: term->begun = true; break;
    case ACTION_ROOM_CLOSE:
    case ACTION_ROOM_EXPIRE: term->closed = true; break;
    default: break;
    }
}

bool term_is_over(const struct term *term, int64_t now) {
    int64_t since = now - term->last;
    if (!term->has) {
        return false;
    }
    if (term->kept > 0) {
        return since >= term->kept * TERM_DAY_MS;
    }
    if (term->closed) {
        return term->here == 0 || since >= TERM_LEFT_MS;
    }
    return (term->here == 0 && term->begun && since >= TERM_LEFT_MS) || since >= TERM_NOT_BEGUN_MS;
}

void term_write(char text[TERM_TEXT_MAX], int64_t before, int64_t now) {
    snprintf(text, TERM_TEXT_MAX, "%" PRId64 " %" PRId64, before, now);
}

bool term_read(const char *text, int64_t *before, int64_t *now) {
    char *end;
    *before = strtoll(text, &end, 10);
    *now = strtoll(end, &end, 10);
    return *end == '\0';
}
