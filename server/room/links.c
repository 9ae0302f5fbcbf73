/* SPDX-License-Identifier: ISC */
/*
 * links.c: tells interviewers which links have seated whom, the whole truth each time.
 */
#include "server/room/links.h"

#include <string.h>

#include "server/peer/send.h"
#include "server/room/parts.h"

static void send_used(struct member *member) {
    const struct replica *replica = member->replica;
    const struct room *room = &replica->room;
    uint8_t hashes[ROOM_LINKS_MAX * HASH_BYTES];
    uint8_t seats[ROOM_LINKS_MAX];
    uint32_t count = 0;
    for (int i = 0; i < room->invite_count; i++) {
        if (room->invites[i].seat >= 0) {
            memcpy(&hashes[(size_t)count * HASH_BYTES], room->invites[i].hash, HASH_BYTES);
            seats[count++] = (uint8_t)room->invites[i].seat;
        }
    }
    struct message message = {.kind = MESSAGE_USED, .room = span_of(replica->followed.id)};
    message.used.links = (struct span){(const char *)hashes, count * HASH_BYTES};
    message.used.seats = (struct span){(const char *)seats, count};
    send_message(desk_of(replica), member->peer, &message);
}

void links_tell_one(struct member *member) {
    const struct room *room = &member->replica->room;
    if (member->state == MEMBER_LIVE && member->peer != NULL &&
        room->seats[member->seat].role == ROLE_INTERVIEWER) {
        send_used(member);
    }
}

void links_tell(struct replica *replica) {
    struct member *member;
    LIST_FOREACH(member, &replica->members, of_room) {
        links_tell_one(member);
    }
}
