/* SPDX-License-Identifier: ISC */
/*
 * handle.c: the table of handlers and the order in which a connection may speak: hello first.
 */
#include "server/handle/handle.h"

#include <stdio.h>

#include "server/cohort/replica.h"
#include "server/peer/send.h"
#include "server/request/request.h"
#include "server/room/replica.h"

typedef void (*handler)(struct handling *at, struct peer *peer, const struct message *message);

static handler find(enum message_kind kind) {
    static const handler table[MESSAGE_COUNT] = {
#define ROW_TO_SERVER(name) [MESSAGE_##name] = handle_##name,
#define ROW_TO_BOTH(name)   ROW_TO_SERVER(name)
#define ROW_TO_CLIENT(name)
#define MESSAGE(name, wire, to, room, cost) ROW_##to(name)
#include "protocol/wire/messages.def"
#undef MESSAGE
    };
    return table[kind];
}

/* The id of a request that leads to a new room, whose rules who speaks version 1 does not know; 0:
 * it is none. Rooms of before may be listed, fetched and joined as ever. */
static uint32_t id_of_newer(const struct message *message) {
    switch (message->kind) {
    case MESSAGE_HOST: return (uint32_t)message->host.id;
    case MESSAGE_SWAP: return (uint32_t)message->swap.id;
    case MESSAGE_COHORT: return (uint32_t)message->cohort.id;
    case MESSAGE_OFFER: return (uint32_t)message->offer.id;
    case MESSAGE_PAIR: return (uint32_t)message->pair.id;
    default: return 0;
    }
}

void handle_message(struct handling *at, struct peer *peer, const struct message *message) {
    handler handle = find(message->kind);
    uint32_t newer = peer->version < 2 ? id_of_newer(message) : 0;
    if (!peer->greeted && message->kind != MESSAGE_HELLO) {
        peer->cut(peer, REFUSAL_HELLO_FIRST);
    } else if (newer != 0) {
        send_refused(at->desk, peer, NULL, newer, REFUSAL_VERSION);
    } else if (handle != NULL) {
        handle(at, peer, message);
    } else {
        send_error(at->desk, peer, REFUSAL_UNKNOWN_MESSAGE, NULL);
    }
}

void handle_bad_message(struct handling *at, struct peer *peer, const struct message *message,
                        const struct mp_reader *reader) {
    struct desk *desk = at->desk;
    char text[256];
    if (!peer->greeted) {
        peer->cut(peer, REFUSAL_HELLO_FIRST);
        return;
    }
    if (message->kind == MESSAGE_COMMAND && message->command.id != 0) {
        const struct member *member = member_find(peer, message->room);
        send_refused(desk, peer, member != NULL ? member->replica->followed.id : NULL,
                     message->command.id, REFUSAL_BAD_FIELD);
        return;
    }
    snprintf(text, sizeof text,
             "The field \"%.40s\" of \"%.40s\" is wrong: %s; check the client against PROTOCOL.md.",
             reader->field == NULL ? "m" : reader->field, message_name(message->kind),
             mp_error_text(reader->error));
    send_error(desk, peer, REFUSAL_BAD_MESSAGE, text);
}

void handle_peer_gone(struct peer *peer) {
    handle_parts_end(peer);
    while (!LIST_EMPTY(&peer->members)) {
        member_leave(LIST_FIRST(&peer->members));
    }
    while (!LIST_EMPTY(&peer->attendees)) {
        attendee_leave(LIST_FIRST(&peer->attendees));
    }
    while (!LIST_EMPTY(&peer->requests)) {
        request_forsake(LIST_FIRST(&peer->requests));
    }
}

bool handle_has_place(const struct peer *peer) {
    const struct member *member;
    LIST_FOREACH(member, &peer->members, of_peer) {
        if (member->state == MEMBER_BEHIND || member->state == MEMBER_LIVE) {
            return true;
        }
    }
    const struct attendee *attendee;
    LIST_FOREACH(attendee, &peer->attendees, of_peer) {
        if (attendee->state == ATTENDEE_IN) {
            return true;
        }
    }
    return false;
}

void handle_peer_drained(struct peer *peer) {
    struct member *member;
    LIST_FOREACH(member, &peer->members, of_peer) {
        member_drained(member);
    }
    struct attendee *attendee;
    LIST_FOREACH(attendee, &peer->attendees, of_peer) {
        attendee_drained(attendee);
    }
    struct request *request;
    struct request *after;
    LIST_FOREACH_SAFE(request, &peer->requests, of_peer, after) {
        request_drained(request);
    }
}
