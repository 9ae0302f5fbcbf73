/* SPDX-License-Identifier: ISC */
/*
 * companion_tell.c: what whoever has a seat is told of its companions, and what those are told who
 * are none of the room's writers.
 */
#include "server/peer/send.h"
#include "server/room/parts.h"

void companion_send(struct member *member, enum companion kind, const struct job *made) {
    const struct replica *replica = member->replica;
    struct message message = {.kind = MESSAGE_COMPANIONS, .room = span_of(replica->followed.id)};
    message.companions.kind = (int64_t)kind;
    message.companions.count = room_companions(&replica->room, member->seat, kind);
    if (made != NULL) {
        message.companions.secret = span_of(made->secret);
        message.companions.until = made->command.body.until;
    }
    send_message(desk_of(replica), member->peer, &message);
}

void companion_made(const struct job *job) {
    if (job->member->peer != NULL && job->command.body.act == ACTION_COMPANION_LINK) {
        companion_send(job->member, (enum companion)job->command.body.style, job);
    }
}

void companion_tell(struct member *member) {
    for (enum companion kind = COMPANION_SCREEN; kind < COMPANION_COUNT; kind++) {
        if (member->companion == COMPANION_NONE && member->peer != NULL &&
            room_companions(&member->replica->room, member->seat, kind) > 0) {
            companion_send(member, kind, NULL);
        }
    }
}

bool member_may_write(const struct member *member, uint32_t id) {
    if (member->companion != COMPANION_NONE) {
        send_refused(desk_of(member->replica), member->peer, member->replica->followed.id, id,
                     REFUSAL_READ_ONLY);
    }
    return member->companion == COMPANION_NONE;
}
