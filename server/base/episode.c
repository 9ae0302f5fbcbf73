/* SPDX-License-Identifier: ISC */
/*
 * episode.c: counts what repeats, and says when it is time to tell.
 */
#include "server/base/episode.h"

uint64_t episode_again(struct episode *episode, int64_t now) {
    episode->count++;
    if (episode->on && now - episode->told < EPISODE_EVERY_MS) {
        return 0;
    }
    uint64_t count = episode->count;
    *episode = (struct episode){.told = now, .count = 0, .on = true};
    return count;
}

bool episode_end(struct episode *episode, uint64_t *count) {
    bool was = episode->on;
    *count = episode->count;
    *episode = (struct episode){.on = false};
    return was;
}
