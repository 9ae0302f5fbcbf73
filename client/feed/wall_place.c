/* SPDX-License-Identifier: ISC */
/*
 * wall_place.c: what raises a room on the wall, and its place there.
 */
#include "client/feed/wall_place.h"

enum attention_kind wall_place_need(const struct wall_row *row, bool muted) {
    return muted || row->count == 0 ? ATTENTION_NONE : row->reasons[0].kind;
}

bool wall_place_is_bad(enum attention_kind need) {
    return need != ATTENTION_NONE && need != ATTENTION_OVER && need != ATTENTION_SILENT;
}

struct wall_place wall_place_of(const struct wall_row *row, const struct room *room, bool muted,
                                bool over, uint32_t number) {
    enum attention_kind need = wall_place_need(row, muted);
    return (struct wall_place){.need = need,
                               .since = need != ATTENTION_NONE ? row->reasons[0].since : 0,
                               .stage = room->stage,
                               .over = over,
                               .number = number};
}

/* Lower stands higher. */
static int rank_of(const struct wall_place *place) {
    int rest = ATTENTION_KINDS;
    if (place->need != ATTENTION_NONE) {
        return (int)place->need;
    }
    if (place->over || place->stage == STAGE_CLOSED) {
        return rest + 2;
    }
    return place->stage >= STAGE_FINISHED ? rest + 1 : rest;
}

int wall_place_compare(const struct wall_place *a, const struct wall_place *b) {
    int ranks = rank_of(a) - rank_of(b);
    if (ranks != 0) {
        return ranks;
    }
    if (a->need != ATTENTION_NONE && a->since != b->since) {
        return a->since < b->since ? -1 : 1;
    }
    return a->number < b->number ? -1 : 1;
}

bool wall_place_is_done(const struct room *room, int64_t now) {
    int64_t left_at = room->opened_at;
    bool taken = false; /* else it may have been set up early; of a cohort's the server says it */
    for (uint8_t i = 0; i < room->seat_count; i++) {
        const struct room_seat *seat = &room->seats[i];
        if (seat->role != ROLE_INTERVIEWER && seat->role != ROLE_CANDIDATE) {
            continue;
        }
        taken = true;
        if (seat->here) {
            return room->stage == STAGE_CLOSED;
        }
        left_at = seat->since > left_at ? seat->since : left_at;
    }
    return room->stage == STAGE_CLOSED ||
           (room->stage >= STAGE_FINISHED && now - left_at >= WALL_EMPTY_MS) ||
           (taken && room->cohort[0] == '\0' && now - left_at >= ROOM_ABANDONED_MS);
}

bool wall_place_is_activity(const struct event *event, uint8_t seat) {
    return event->by != SEAT_SERVER && event->by != seat;
}
