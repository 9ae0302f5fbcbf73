/* SPDX-License-Identifier: ISC */
/*
 * call.c: the part of the fold that holds the link to a call elsewhere, which the panel gives and
 * whoever likes opens.
 *
 * Invariant: what is kept is an https link of visible ASCII without a user's name in it, so that
 * the host that is shown is the host that is opened.
 */
#include <string.h>

#include "protocol/room/part.h"

/* Where the host ends: the first character that cannot be in it. */
static uint32_t host_end(struct span link, uint32_t from) {
    uint32_t at = from;
    while (at < link.len && strchr("/?#", link.at[at]) == NULL) {
        at++;
    }
    return at;
}

bool room_call_is_sound(struct span link) {
    static const char scheme[] = "https://";
    uint32_t from = sizeof scheme - 1;
    if (link.len <= from || memcmp(link.at, scheme, from) != 0) {
        return false;
    }
    for (uint32_t i = 0; i < link.len; i++) {
        if (link.at[i] <= 0x20 || link.at[i] >= 0x7f || link.at[i] == '\\') {
            return false;
        }
    }
    uint32_t end = host_end(link, from);
    return end > from && memchr(link.at + from, '@', end - from) == NULL;
}

/* The link that the body gives; empty: it is taken away. */
static struct span link_of(const struct body *body) {
    return body->has & F(call) ? body->call : (struct span){"", 0};
}

enum refusal call_decide(const struct room *room, uint8_t by, struct body *out) {
    (void)by;
    struct span link = link_of(out);
    if (room->rules < 2) {
        return REFUSAL_UNKNOWN_ACTION;
    }
    if (link.len > 0 && !room_call_is_sound(link)) {
        return REFUSAL_BAD_LINK;
    }
    return span_equal(link, room->call) ? REFUSAL_SAME : REFUSAL_NONE;
}

enum apply_result call_apply(struct room *room, const struct event *event,
                             const struct part_packs *packs) {
    (void)packs;
    struct span link = link_of(&event->body);
    if (room->rules < 2 || (link.len > 0 && !room_call_is_sound(link))) {
        return APPLY_INVALID;
    }
    span_copy(link, room->call, sizeof room->call);
    return APPLY_OK;
}
