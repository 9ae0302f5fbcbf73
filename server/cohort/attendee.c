/* SPDX-License-Identifier: ISC */
/*
 * attendee.c: somebody's place in a cohort by one connection, from entering to its last job.
 */
#include <stdlib.h>
#include <string.h>

#include "server/cohort/parts.h"

void attendee_state(struct attendee *attendee, enum attendee_state to) {
    static const unsigned allowed[] = {
        [ATTENDEE_ENTERING] = 1 << ATTENDEE_IN | 1 << ATTENDEE_LEFT,
        [ATTENDEE_IN] = 1 << ATTENDEE_LEFT,
        [ATTENDEE_LEFT] = 0,
    };
    if ((allowed[attendee->state] & 1U << to) == 0) {
        log_error(desk_of(attendee->cohort)->means.log, "fatal",
                  LOG_S("what", "impossible state of somebody in a cohort"),
                  LOG_I("from", attendee->state), LOG_I("to", to));
        abort();
    }
    attendee->state = to;
}

struct attendee *attendee_find(const struct peer *peer, struct span cohort) {
    struct attendee *attendee;
    if (cohort.len != ROOM_ID_BYTES) {
        return NULL;
    }
    LIST_FOREACH(attendee, &peer->attendees, of_peer) {
        if (memcmp(attendee->cohort->followed.id, cohort.at, ROOM_ID_BYTES) == 0) {
            return attendee;
        }
    }
    return NULL;
}

struct attendee *attendee_inside(const struct peer *peer, struct span cohort) {
    struct attendee *attendee = attendee_find(peer, cohort);
    bool inside = attendee != NULL && attendee->state == ATTENDEE_IN &&
                  cohort_lets_in(&attendee->cohort->cohort, attendee->member);
    return inside ? attendee : NULL;
}

bool attendee_is_coach(const struct attendee *attendee) {
    return cohort_is_coach(&attendee->cohort->cohort, attendee->member);
}

bool attendee_may_host(const struct attendee *attendee) {
    const struct cohort *cohort = &attendee->cohort->cohort;
    return cohort_has_place(cohort) && cohort_has_share(cohort, attendee->member);
}

struct attendee *attendee_new(struct cohort_replica *replica, struct peer *peer) {
    struct attendee *attendee = calloc(1, sizeof *attendee);
    if (attendee != NULL) {
        attendee->cohort = replica;
        attendee->peer = peer;
        LIST_INSERT_HEAD(&replica->attendees, attendee, of_cohort);
        LIST_INSERT_HEAD(&peer->attendees, attendee, of_peer);
        peer->attendee_count++;
        desk_count(desk_of(replica), STATS_attendees, 1);
    }
    return attendee;
}

void attendee_unlink_peer(struct attendee *attendee) {
    if (attendee->peer != NULL) {
        LIST_REMOVE(attendee, of_peer);
        attendee->peer->attendee_count--;
        attendee->peer = NULL;
        desk_count(desk_of(attendee->cohort), STATS_attendees, -1);
    }
}

static void free_buried(struct grave *grave) {
    struct attendee *attendee = (struct attendee *)grave;
    past_prompts_free(&attendee->past_prompts);
    free(attendee);
}

void attendee_release(struct attendee *attendee) {
    struct cohort_replica *replica = attendee->cohort;
    if (attendee->state != ATTENDEE_LEFT || attendee->jobs > 0 || attendee->asking != NULL) {
        return;
    }
    LIST_REMOVE(attendee, of_cohort);
    desk_bury(desk_of(replica), &attendee->grave, free_buried);
    followed_touch(&replica->followed);
}
