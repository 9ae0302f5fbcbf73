/* SPDX-License-Identifier: ISC */
/*
 * host.c: who may host: the holder of the server's secret, a member of the cohort that the room is
 * to belong to, or anybody where hosting is open.
 */
#include "server/base/seat.h"
#include "server/cohort/replica.h"
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/request/request.h"

bool handle_may_host(const struct handling *at, struct span secret) {
    uint8_t hash[HASH_BYTES];
    return at->open_hosting ||
           (seat_secret_hash(secret, hash) && random_hash_equal(hash, at->host_hash));
}

/* A prompt of the cohort's own, which its members need not have. Whoever opens a room gets the
 * panel's part in it, so only a coach may: a student comes to one as the interviewer of a pair
 * alone. They are not told whether there is such a prompt. */
static enum refusal take_prompt(const struct attendee *attendee, struct message *host) {
    const struct cohort *cohort = attendee != NULL ? &attendee->cohort->cohort : NULL;
    if (attendee != NULL && !attendee_is_coach(attendee)) {
        return REFUSAL_NOT_A_COACH;
    }
    int index = cohort != NULL ? cohort_pack_of_id(cohort, host->host.prompt) : -1;
    if (index < 0) {
        return REFUSAL_NO_SUCH_PROMPT;
    }
    const struct cohort_pack *pack = &cohort->packs[index];
    host->host.pack = (struct span){pack->pack, pack->pack_len};
    host->host.panel = (struct span){pack->panel, pack->panel_len};
    return REFUSAL_NONE;
}

bool handle_may_open(const struct handling *at, struct peer *peer, const struct message *message) {
    int64_t wait = peer->opens == NULL ? 0 : peer->opens(peer);
    if (wait > 0) {
        send_too_many_rooms(at->desk, peer, message, wait);
    }
    return wait == 0;
}

static enum refusal host(struct handling *at, struct peer *peer, const struct message *message) {
    const struct attendee *attendee = attendee_inside(peer, message->host.cohort);
    if (message->host.cohort.len > 0 && attendee == NULL) {
        return REFUSAL_NO_SUCH_COHORT;
    }
    if ((message->host.fleeting || message->host.days > 0) && !at->can_forget) {
        return REFUSAL_NO_TERM; /* no promise that cannot be kept */
    }
    if (attendee == NULL && !handle_may_host(at, message->host.secret)) {
        return REFUSAL_HOSTING_CLOSED;
    }
    if (attendee != NULL && !attendee_may_host(attendee)) {
        return REFUSAL_COHORT_FULL;
    }
    if (!handle_may_open(at, peer, message)) {
        return REFUSAL_NONE; /* it has been told */
    }
    struct message whole = *message;
    enum refusal refusal;
    if (message->host.prompt.len > 0) {
        refusal = take_prompt(attendee, &whole);
        return refusal == REFUSAL_NONE ? request_host(at->requests, peer, &whole) : refusal;
    }
    refusal = handle_bodies(at, peer, message->host.id, message->host.shelf, &whole.host.pack,
                            &whole.host.panel);
    return refusal == REFUSAL_NONE ? request_host(at->requests, peer, &whole) : refusal;
}

void handle_HOST(struct handling *at, struct peer *peer, const struct message *message) {
    enum refusal refusal = host(at, peer, message);
    if (refusal != REFUSAL_NONE) {
        send_refused(at->desk, peer, NULL, message->host.id, refusal);
    }
    handle_parts_end(peer);
}
