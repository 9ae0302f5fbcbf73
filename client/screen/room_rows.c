/* SPDX-License-Identifier: ISC */
/*
 * room_rows.c: which row of the Room pane's list, and so which letter, is whose: first the links
 * and the seats in their order, then whatever comes while the list is open.
 *
 * Invariant: while the list is open a row keeps what it stands for, so that a letter that was read
 * means the same when it is pressed, whatever came in between.
 */
#include "client/screen/screen.h"

/* What a row stands for: a link by its index, a seat below it. */
static int16_t of_seat(int seat) {
    return (int16_t)(-1 - seat);
}

static int find(const struct screen *screen, int16_t what) {
    for (int i = 0; i < screen->room_row_count; i++) {
        if (screen->room_rows[i] == what) {
            return i;
        }
    }
    return -1;
}

static void add(struct screen *screen, int16_t what) {
    if (find(screen, what) < 0 && screen->room_row_count < SCREEN_ROOM_ROWS_MAX) {
        screen->room_rows[screen->room_row_count++] = what;
    }
}

void room_rows_follow(struct screen *screen) {
    if (screen->tab != TAB_ROOM) {
        screen->room_row_count = 0;
        return;
    }
    int links = screen_links(screen);
    int seats = screen_movable_seats(screen);
    for (int i = 0; i < links; i++) {
        add(screen, (int16_t)i);
    }
    for (int i = 0; i < seats; i++) {
        add(screen, of_seat(i));
    }
}

int room_row_of_link(const struct screen *screen, int link) {
    int row = find(screen, (int16_t)link);
    return row >= 0 ? row : SCREEN_ROOM_ROWS_MAX;
}

int room_row_of_seat(const struct screen *screen, int seat) {
    int row = find(screen, of_seat(seat));
    return row >= 0 ? row : SCREEN_ROOM_ROWS_MAX;
}

int room_row_link(const struct screen *screen, int row) {
    bool known = row >= 0 && row < screen->room_row_count;
    return known && screen->room_rows[row] >= 0 ? screen->room_rows[row] : -1;
}

int room_row_seat(const struct screen *screen, int row) {
    bool known = row >= 0 && row < screen->room_row_count;
    int seat = known && screen->room_rows[row] < 0 ? -1 - screen->room_rows[row] : -1;
    return seat < screen_movable_seats(screen) ? seat : -1;
}
