/* SPDX-License-Identifier: ISC */
/*
 * shelf.c: what the server's own packs are called, for those who may open a room with one or wait
 * for a partner; and their bodies for whoever names one by its hash.
 */
#include "server/room/shelf.h"

#include "server/cohort/replica.h"
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/room/replica.h"

/* A second screen turns no roles. */
static bool has_seat(const struct peer *peer, struct span room) {
    const struct member *member = member_find(peer, room);
    return member != NULL && member->companion == COMPANION_NONE;
}

/* By the host link, as a member of the cohort, or from a room whose roles may be turned. */
static bool may_look(const struct handling *at, struct peer *peer, const struct message *message) {
    return handle_may_host(at, message->shelf.secret) ||
           (message->shelf.cohort.len > 0 &&
            attendee_inside(peer, message->shelf.cohort) != NULL) ||
           (message->room.len > 0 && has_seat(peer, message->room));
}

void handle_SHELF(struct handling *at, struct peer *peer, const struct message *message) {
    if (!may_look(at, peer, message)) {
        send_refused(at->desk, peer, NULL, message->shelf.id, REFUSAL_HOSTING_CLOSED);
        return;
    }
    struct message shelved = {.kind = MESSAGE_SHELVED, .shelved = {.id = message->shelf.id}};
    for (unsigned i = 0; i < at->shelf->count; i++) {
        const struct shelf_pack *entry = &at->shelf->at[i];
        shelved.shelved.pack = (struct span){(const char *)entry->hash, HASH_BYTES};
        shelved.shelved.name = span_of(entry->id);
        shelved.shelved.title = span_of(entry->title);
        shelved.shelved.level = span_of(entry->level);
        send_message(at->desk, peer, &shelved);
    }
    struct message end = {.kind = MESSAGE_END,
                          .end = {.id = message->shelf.id, .count = at->shelf->count}};
    send_message(at->desk, peer, &end);
}

enum refusal handle_bodies(struct handling *at, struct peer *peer, uint32_t id, struct span hash,
                           struct span *pack, struct span *panel) {
    if (hash.len > 0) {
        const struct shelf_pack *entry = shelf_find(at->shelf, hash);
        if (entry == NULL) {
            return REFUSAL_NO_SUCH_PACK;
        }
        *pack = entry->pack;
        *panel = entry->panel;
        return REFUSAL_NONE;
    }
    if (pack->len == 0 || panel->len == 0) {
        return REFUSAL_BAD_FIELD;
    }
    return handle_parts_join(at, peer, id, panel);
}
