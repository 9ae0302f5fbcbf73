/* SPDX-License-Identifier: ISC */
/*
 * ahead.c: the fold ahead: the room as what is in flight will make it, so that jobs can be decided
 * upon that, one upon the other. It exists only while a room is that busy, and nobody is told
 * anything that rests on it.
 */
#include <stdlib.h>

#include "server/room/pack_cache.h"
#include "server/room/parts.h"

void ahead_drop(struct replica *replica) {
    if (replica->ahead != NULL) {
        room_free(replica->ahead);
        free(replica->ahead);
        replica->ahead = NULL;
    }
}

/* A run's own events are ahead's already, but for the last. */
void ahead_take(struct replica *replica, const struct event *event) {
    if (replica->ahead != NULL && replica->ahead->pos < event->pos &&
        room_apply(replica->ahead, event, pack_cache_get, desk_of(replica)->packs) != APPLY_OK) {
        ahead_drop(replica);
    }
}

static bool ahead_make(struct replica *replica) {
    replica->ahead = malloc(sizeof *replica->ahead);
    if (replica->ahead == NULL) {
        return false;
    }
    if (!room_copy(replica->ahead, &replica->room)) {
        free(replica->ahead);
        replica->ahead = NULL;
        return false;
    }
    return true;
}

bool ahead_reach(struct replica *replica, uint32_t pos) {
    const struct followed_decided *decided;
    if (replica->ahead == NULL && !ahead_make(replica)) {
        return false;
    }
    STAILQ_FOREACH(decided, &replica->followed.decided, next) {
        ahead_take(replica, &decided->event);
        if (replica->ahead == NULL) {
            return false;
        }
    }
    return replica->ahead->pos == pos;
}
