/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what a person does before a screen; nothing here knows what should come of it.
 */
#include "tests/support/played_screen.h"

#include <stdlib.h>
#include <string.h>

void played_sit_down(struct played *played, uint8_t seat, struct screen *screen,
                     struct paint *paint, int width, int height) {
    played->sent_count = 0;
    played_view(played, seat);
    screen_init(screen, &played->feed, NULL);
    if (!paint_init(paint, width, height)) {
        abort();
    }
}

void played_stand_up(struct played *played, struct paint *paint) {
    paint_free(paint);
    played_free(played);
}

void played_look(struct screen *screen, struct paint *paint, int64_t now) {
    screen->now = now;
    screen_follow(screen);
    screen_draw(screen, paint);
}

bool played_shows(const struct paint *paint, const char *words) {
    char *picture = paint_dump(paint);
    if (picture == NULL) {
        abort();
    }
    bool found = strstr(picture, words) != NULL;
    free(picture);
    return found;
}

const struct body *played_sent(const struct played *played, uint32_t n) {
    static const struct body none;
    return n < played->sent_count ? &played->sent[n] : &none;
}
