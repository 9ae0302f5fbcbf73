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

/* A prompt of the cohort's own, which its members need not have: whoever interviews under it gets
 * the panel's part in the room, and nobody else does. */
static bool take_prompt(const struct attendee *attendee, struct message *host) {
    const struct cohort *cohort = attendee != NULL ? &attendee->cohort->cohort : NULL;
    int index = cohort != NULL ? cohort_pack_of_id(cohort, host->host.prompt) : -1;
    if (index < 0) {
        return false;
    }
    const struct cohort_pack *pack = &cohort->packs[index];
    host->host.pack = (struct span){pack->pack, pack->pack_len};
    host->host.panel = (struct span){pack->panel, pack->panel_len};
    return true;
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
    if (message->host.prompt.len > 0) {
        return take_prompt(attendee, &whole) ? request_host(at->requests, peer, &whole)
                                             : REFUSAL_NO_SUCH_PROMPT;
    }
    enum refusal refusal = handle_bodies(at, peer, message->host.id, message->host.shelf,
                                         &whole.host.pack, &whole.host.panel);
    return refusal == REFUSAL_NONE ? request_host(at->requests, peer, &whole) : refusal;
}

void handle_HOST(struct handling *at, struct peer *peer, const struct message *message) {
    enum refusal refusal = host(at, peer, message);
    if (refusal != REFUSAL_NONE) {
        send_refused(at->desk, peer, NULL, message->host.id, refusal);
    }
    handle_parts_end(peer);
}
