/* SPDX-License-Identifier: ISC */
/*
 * pair_keys.c: what the keys of the pairing screen change. Pure.
 */
#include <stddef.h>

#include "client/feed/model.h"
#include "client/screen/keys.h"
#include "client/screen/pair_screen.h"

enum { MINUTE = 60 * 1000 };
static const int lengths[] = {0, 30, 45, 60, 90};
static const int extras[] = {0, 25, 50, 100};
static const int waits[] = {5, 10, 15, 30, 60, 120};
enum {
    LENGTHS = sizeof lengths / sizeof *lengths,
    EXTRAS = sizeof extras / sizeof *extras,
    WAITS = sizeof waits / sizeof *waits
};

static uint64_t chosen_packs(const struct pair_state *state) {
    uint64_t chosen = 0;
    for (int i = 0; i < state->pack_count; i++) {
        chosen |= (uint64_t)state->packs[i].chosen << i;
    }
    return chosen;
}

void pair_screen_init(struct pair_screen *screen, const struct pair_state *state) {
    *screen =
        (struct pair_screen){.state = state, .wants = state->wants, .chosen = chosen_packs(state)};
}

bool pair_screen_differs(const struct pair_screen *screen) {
    const struct pair_wants *now = &screen->state->wants;
    const struct pair_wants *draft = &screen->wants;
    return now->role != draft->role || now->level != draft->level ||
           now->minutes != draft->minutes || now->extra != draft->extra ||
           now->wait_ms != draft->wait_ms || now->any_pack != draft->any_pack ||
           (!draft->any_pack && screen->chosen != chosen_packs(screen->state));
}

int64_t pair_screen_waited(const struct pair_screen *screen) {
    const struct pair_state *state = screen->state;
    return state->since < 0 || screen->mono < state->since
               ? 0
               : (screen->mono - state->since) * state->rate;
}

bool pair_screen_is_live(const struct pair_screen *screen) {
    const struct pair_state *state = screen->state;
    return !state->cut_off && state->at >= PAIR_ENTERING && state->at != PAIR_ENDED;
}

int64_t pair_screen_next_change(const struct pair_screen *screen) {
    const struct pair_state *state = screen->state;
    int64_t wait = -1;
    if (state->since >= 0 && state->at == PAIR_WAITING) {
        int64_t ms = 1000 - pair_screen_waited(screen) % 1000;
        wait = (ms + state->rate - 1) / state->rate;
        wait = state->rate > 1 && wait < 40 ? 40 : wait;
    }
    if (state->cut_off && state->retry_at > screen->mono) {
        int64_t second = (state->retry_at - screen->mono) % 1000;
        second = second == 0 ? 1000 : second;
        wait = wait < 0 || second < wait ? second : wait;
    }
    if (pair_screen_is_live(screen)) {
        int64_t silence = model_silence_change(state->heard_at, screen->mono);
        wait = silence >= 0 && (wait < 0 || silence < wait) ? silence : wait;
    }
    return wait;
}

/* The neighbour of a value in a list, round and round; of one that is not in it, the next
 * larger. */
static int64_t next_of(const int *list, int count, int64_t value, int step) {
    int at = 0;
    while (at < count && list[at] < value) {
        at++;
    }
    if (at < count && list[at] == value) {
        return list[(at + step + count) % count];
    }
    return step > 0 ? list[at % count] : list[(at + count - 1) % count];
}

static void toggle_pack(struct pair_screen *screen, int pack) {
    const struct pair_state *state = screen->state;
    if (pack < 0 || pack >= state->pack_count || state->packs[pack].index == PAIR_DECLINED) {
        return;
    }
    if (screen->wants.any_pack) {
        screen->wants.any_pack = false;
        screen->chosen = 0;
    }
    screen->chosen ^= UINT64_C(1) << pack;
    if (screen->chosen == 0) {
        screen->wants.any_pack = true; /* nothing at all would never be matched */
    }
}

static void change(struct pair_screen *screen, int row, int step) {
    struct pair_wants *wants = &screen->wants;
    screen->cursor = row;
    switch (row) {
    case PAIR_ROW_ROLE: wants->role = (enum role)(((int)wants->role + step + 3) % 3); break;
    case PAIR_ROW_LEVEL: wants->level = (enum level)(((int)wants->level + step + 4) % 4); break;
    case PAIR_ROW_MINUTES:
        wants->minutes = (int)next_of(lengths, LENGTHS, wants->minutes, step);
        break;
    case PAIR_ROW_EXTRA: wants->extra = (int)next_of(extras, EXTRAS, wants->extra, step); break;
    case PAIR_ROW_WAIT:
        wants->wait_ms = next_of(waits, WAITS, wants->wait_ms / MINUTE, step) * MINUTE;
        break;
    case PAIR_ROW_ANY: wants->any_pack = true; break;
    default: toggle_pack(screen, row - PAIR_ROW_PACKS);
    }
}

static void move(struct pair_screen *screen, int lines) {
    int rows = PAIR_ROW_PACKS + screen->state->pack_count;
    int row = screen->cursor + lines;
    screen->cursor = row < 0 ? 0 : row >= rows ? rows - 1 : row;
}

/* Keys while the page of help or the question stands; true: that was all the key does. */
static bool answer(struct pair_screen *screen, int code) {
    if (screen->asking && code == 'y') {
        screen->wish = PAIR_WISH_LEAVE;
    } else if (screen->avoiding && code == 'y') {
        screen->wish = PAIR_WISH_AVOID;
    }
    bool open = screen->asking || screen->avoiding || screen->helping;
    screen->asking = screen->avoiding = screen->helping = false;
    return open;
}

/* A place in the queue is worth a question: Esc is soon pressed. */
static void leave(struct pair_screen *screen) {
    screen->asking = screen->state->at == PAIR_WAITING;
    screen->wish = screen->asking ? screen->wish : PAIR_WISH_LEAVE;
}

bool pair_screen_had_partner(const struct pair_screen *screen) {
    const struct pair_state *state = screen->state;
    return state->last_room[0] != '\0' && (state->at == PAIR_WAITING || state->at == PAIR_IDLE);
}

void pair_screen_key(struct pair_screen *screen, int code) {
    if (answer(screen, code)) {
        return;
    }
    switch (code) {
    case '?': screen->helping = true; return;
    case 'r': change(screen, PAIR_ROW_ROLE, 1); return;
    case 'l': change(screen, PAIR_ROW_LEVEL, 1); return;
    case 'm': change(screen, PAIR_ROW_MINUTES, 1); return;
    case 'x': change(screen, PAIR_ROW_EXTRA, 1); return;
    case 'w': change(screen, PAIR_ROW_WAIT, 1); return;
    case 'a': change(screen, PAIR_ROW_ANY, 1); return;
    case ' ':
    case CODE_RIGHT: change(screen, screen->cursor, 1); return;
    case CODE_LEFT: change(screen, screen->cursor, -1); return;
    case CODE_UP: move(screen, -1); return;
    case CODE_DOWN: move(screen, 1); return;
    case CODE_PAGE_UP: move(screen, -10); return;
    case CODE_PAGE_DOWN: move(screen, 10); return;
    case '\r':
    case '\n':
        if (pair_screen_differs(screen) || screen->state->at == PAIR_IDLE) {
            screen->wish = PAIR_WISH_WAIT;
        }
        return;
    case 'n': screen->avoiding = pair_screen_had_partner(screen); return;
    case 'q':
    case CODE_ESCAPE: leave(screen); return;
    case 0x0c: screen->wish = PAIR_WISH_REDRAW; return;
    case 'e': screen->wish = PAIR_WISH_COMING; return;
    default: break;
    }
    if (code >= '1' && code <= '9') {
        int pack = code - '1';
        if (pack < screen->state->pack_count) {
            change(screen, PAIR_ROW_PACKS + pack, 1);
        }
    }
}
