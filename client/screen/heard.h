/* SPDX-License-Identifier: ISC */
/*
 * heard.h: what has come while a person was looking at another pane: how many lines of others, and
 * whether it is worth a bell.
 *
 * Invariants: what was there when the screen opened counts as read; each whisper and each alarm
 * rings once at most; a recording never does. Pure.
 */
#ifndef SPAR_CLIENT_SCREEN_HEARD_H
#define SPAR_CLIENT_SCREEN_HEARD_H

#include <stdbool.h>
#include <stdint.h>

struct screen;

struct screen_heard {
    bool begun;
    int64_t since;   /* room time of the newest event as the screen opened */
    uint32_t read;   /* number of the newest line that was in front */
    uint32_t rung;   /* of the newest line that has rung */
    uint32_t alarms; /* bit i: the pack's alarm i has rung, and is due still */
    bool ring;       /* wants a bell; whoever rings it takes it away */
};

/* Takes in what has come, for the panes that are open; screen->now is set. */
void heard_follow(struct screen *screen);
/* Lines of others that have come since the pane of talk was last in front. */
uint32_t heard_unread(const struct screen *screen);

#endif
