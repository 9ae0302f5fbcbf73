/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the generator: values for every field, of which the action's row chooses some; now and
 * then one that is out of its bounds.
 */
#include "tests/support/any_command.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/wire.h"

enum { VALUES = 14 };

uint32_t any_below(struct dice *dice, uint32_t bound) {
    return (uint32_t)(dice_roll(&dice->state) % bound);
}

bool any_chance(struct dice *dice, uint32_t one_in) {
    return any_below(dice, one_in) == 0;
}

static struct span random_id(struct dice *dice, int slot, const char *stem, uint32_t count) {
    snprintf(dice->id[slot], sizeof dice->id[slot], "%s-%u", stem, any_below(dice, count));
    return span_of(dice->id[slot]);
}

static struct span random_bytes(struct dice *dice, char *out, uint32_t values) {
    memset(out, (int)(1 + any_below(dice, values)), HASH_BYTES);
    return (struct span){out, HASH_BYTES};
}

static struct span random_text(struct dice *dice) {
    uint32_t len = 1 + any_below(dice, any_chance(dice, 20) ? TEXT_MAX_BYTES + 4 : 30);
    memset(dice->text, (int)('a' + any_below(dice, 26)), len);
    return (struct span){dice->text, len};
}

static struct span random_budgets(struct dice *dice) {
    for (size_t i = 0; i < sizeof dice->budgets; i++) {
        dice->budgets[i] = i % 4 < 2 ? 0 : (uint8_t)dice_roll(&dice->state);
    }
    return (struct span){(const char *)dice->budgets, any_chance(dice, 4) ? 12 : 4 * SAMPLE_PHASES};
}

/* Now and then one that is too high, or one byte too many. */
static struct span random_scores(struct dice *dice, uint32_t len) {
    for (size_t i = 0; i < sizeof dice->scores; i++) {
        dice->scores[i] = (char)any_below(dice, any_chance(dice, 60) ? 256 : PACK_SCORES + 1);
    }
    return (struct span){dice->scores, any_chance(dice, 20) ? len + 1 : len};
}

/* The next id of a seat, or one that is there or was. */
static int64_t random_thing(struct dice *dice, const struct room *room) {
    uint8_t seat = (uint8_t)any_below(dice, SAMPLE_SEATS);
    if (room->board.count > 0 && !any_chance(dice, 3)) {
        return room->board.things[any_below(dice, room->board.count)].id;
    }
    return board_next_id(&room->board, seat) + any_below(dice, 2);
}

/* Values for every field; the action's row chooses which of them count. */
static void fill_body(struct dice *dice, const struct room *room, struct body *body) {
    static const int64_t steps[] = {60000, -60000, 300000, -300000, 0, CLOCK_ADD_MAX_MS + 1};
    body->phase = any_below(dice, SAMPLE_PHASES + 1);
    body->ms = steps[any_below(dice, 6)];
    body->plan = any_below(dice, 4);
    body->mark = any_below(dice, 3);
    body->line = any_below(dice, 3);
    body->seat = any_below(dice, room->seat_count ? room->seat_count : 1U);
    body->role = 1 + any_below(dice, 3);
    body->session = body->seat < room->seat_count ? room->seats[body->seat].session : 1;
    body->mode = any_below(dice, 4);
    body->on = any_below(dice, 2);
    body->other = any_below(dice, SAMPLE_SEATS);
    body->rules = 1 + any_below(dice, ROOM_RULES + 1);
    body->name = random_text(dice);
    body->text = body->name;
    body->item = random_id(dice, 0, "item", SAMPLE_ITEMS + 1);
    body->flag = random_id(dice, 1, "flag", SAMPLE_FLAGS + 1);
    body->fact = random_id(dice, 2, "fact", SAMPLE_FACTS + 1);
    body->suggest = span_of(any_chance(dice, 2) ? "early" : "eaten");
    body->extra = 25 * (int64_t)any_below(dice, 3);
    body->curveball = random_id(dice, 3, any_chance(dice, 2) ? "curve" : "follow", 3);
    body->budgets = random_budgets(dice);
    body->pack = body->text;
    body->panel = body->text;
    body->next = span_of("abcdefghij12");
    body->prev = body->next;
    body->cohort = body->next;
    body->target = body->next;
    body->was = any_below(dice, 3);
    body->level = any_below(dice, 4);
    body->recommend = any_below(dice, 4);
    body->keep = body->text;
    body->change = body->text;
    body->drill = body->text;
    body->scores = random_scores(dice, VERDICT_SCORE_BYTES * SAMPLE_COMPETENCIES);
    body->thing = random_thing(dice, room);
    body->from = random_thing(dice, room);
    body->to = random_thing(dice, room);
    body->col = any_below(dice, BOARD_COLS_MAX + 1);
    body->row = any_below(dice, 4);
    body->cols = 1 + any_below(dice, 3);
    body->rows = 1 + any_below(dice, 3);
    body->style = any_below(dice, 4);
    body->points = (struct span){"\0\1\0\1\0\2\0\2", 8};
    body->ratings = random_scores(dice, RATING_COUNT);
    body->wait = 1;
    body->why = 1;
    body->key = random_bytes(dice, dice->key, VALUES);
    body->invite = random_bytes(dice, dice->invite, VALUES);
}

struct body any_body(struct dice *dice, const struct room *room, enum action act) {
    struct body body = {.act = act};
    const struct action_row *row = action_row(act);
    fill_body(dice, room, &body);
    body.has = row->required | (row->optional & wire_chosen(dice_roll(&dice->state)));
    if (act == ACTION_SEAT_JOIN) {
        body.has |= F(key) | F(invite);
    }
    if (any_chance(dice, 25)) {
        body.has ^= FIELD_BIT(any_below(dice, FIELD_COUNT));
    }
    return body;
}

enum action any_act(struct dice *dice) {
    uint32_t acts =
        any_chance(dice, 50) ? ACTION_COUNT : ACTION_COHORT_OPEN; /* rarely a cohort's */
    enum action act = (enum action)(1 + any_below(dice, acts - 1));
    bool ends = act == ACTION_CLOCK_FINISH || act == ACTION_ROOM_CLOSE;
    bool changes = act == ACTION_SEAT_MOVE || act == ACTION_SEAT_OUT;
    return (ends && !any_chance(dice, 6)) || (changes && !any_chance(dice, 3)) ? ACTION_MARK_SET
                                                                               : act;
}

uint8_t any_author(struct dice *dice, const struct room *room, enum action act) {
    if (action_row(act)->who == W_SERVER && !any_chance(dice, 30)) {
        return SEAT_SERVER;
    }
    for (int i = 0; i < 8; i++) {
        uint8_t seat = (uint8_t)any_below(dice, room->seat_count + 1U);
        if (seat < room->seat_count && action_row(act)->who & 1U << room->seats[seat].role) {
            return seat;
        }
    }
    return (uint8_t)any_below(dice, ROOM_SEATS_MAX);
}

struct command any_command(struct dice *dice, struct sample *s) {
    enum action act = any_act(dice);
    struct command command = {.seat = any_author(dice, &s->room, act),
                              .body = any_body(dice, &s->room, act)};
    if (command.seat < ROOM_SEATS_MAX) {
        uint32_t *id = &s->ids[command.seat];
        *id += any_chance(dice, 15) ? 0 : 1 + any_below(dice, 2);
        command.id = *id;
    }
    command.made = any_chance(dice, 3) ? s->now - (int64_t)any_below(dice, 20000) : 0;
    return command;
}
