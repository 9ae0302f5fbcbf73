/* SPDX-License-Identifier: ISC */
/*
 * Purpose: see season.h.
 */
#include "tests/support/season.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char season_rooms[SEASON_SESSIONS][ROOM_ID_BYTES + 1] = {"aaaaaaaaaaaa", "bbbbbbbbbbbb",
                                                               "cccccccccccc"};

/* 2026-11-01, 10:00 UTC. */
static const int64_t first_day = INT64_C(1793527200000);
enum { MINUTE = 60000 };
static const int64_t week = INT64_C(7) * 24 * 60 * MINUTE;

static const struct {
    int minutes[SAMPLE_PHASES]; /* 0: not reached */
    int raised, prompted;       /* items 0..raised-1, and then so many prompted */
    int flags;                  /* bits */
} days[SEASON_SESSIONS] = {
    {{4, 3, 20, 0, 0}, 1, 1, 1}, {{6, 3, 15, 10, 10}, 3, 0, 3}, {{5, 0, 0, 0, 0}, 5, 1, 2}};

static void act(struct sample *s, struct body body) {
    s->now += 1000;
    if (sample_do(s, SAMPLE_HOST, body) != REFUSAL_NONE) {
        fprintf(stderr, "the season could not be played\n");
        abort();
    }
}

static void write_down(struct sample *s, int i) {
    char item[24];
    for (int k = 0; k < days[i].raised + days[i].prompted; k++) {
        snprintf(item, sizeof item, "item-%d", k);
        act(s, body_mark(ACTION_MARK_SET, item, k < days[i].raised ? MARK_RAISED : MARK_PROMPTED));
    }
    if (days[i].flags & 1) {
        act(s, body_flag("flag-0", true));
    }
    if (days[i].flags & 2) {
        act(s, body_flag("flag-1", true));
    }
    if (i == SEASON_SESSIONS - 1) {
        act(s, body_flag("flag-1", false));
    }
}

void season_play(struct sample *s, int i, bool debrief) {
    sample_open(s, 0);
    s->now = first_day + i * week - 1000;
    act(s, body_plain(ACTION_CLOCK_START));
    int64_t entered = s->now;
    write_down(s, i);
    for (int p = 0; p < SAMPLE_PHASES && days[i].minutes[p]; p++) {
        entered += (int64_t)days[i].minutes[p] * MINUTE;
        s->now = entered - 1000;
        bool last = p + 1 == SAMPLE_PHASES || !days[i].minutes[p + 1];
        act(s, last ? body_plain(ACTION_CLOCK_FINISH) : body_phase(ACTION_CLOCK_JUMP, p + 1));
    }
    if (debrief) {
        act(s, body_plain(ACTION_DEBRIEF_OPEN));
    }
}

void season_model(const struct sample *s, uint8_t seat, const char *room, struct model *model) {
    model_init(model);
    room_free(&model->room);
    if (!sample_view(s, seat, s->count, &model->room)) {
        abort();
    }
    snprintf(model->room_id, sizeof model->room_id, "%s", room);
    model->seat = seat;
    model->role = s->room.seats[seat].role;
    model->connection = CONNECTION_RECORDING;
}
