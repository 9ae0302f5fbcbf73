/* SPDX-License-Identifier: ISC */
/*
 * progress.c: tells the panel how far the candidate's own sheet is.
 */
#include "server/room/progress.h"

#include "server/peer/send.h"
#include "server/room/parts.h"

static int64_t marked(const struct room *room) {
    int candidate = room_candidate(room);
    const struct room_sheet *sheet = candidate < 0 ? NULL : room_sheet_of(room, (uint8_t)candidate);
    int64_t count = 0;
    for (int i = 0; sheet != NULL && i < room->pack->item_count; i++) {
        count += sheet->marks[i].mark != MARK_NOT_YET;
    }
    return count;
}

static void send_progress(struct member *member) {
    const struct replica *replica = member->replica;
    struct message message = {.kind = MESSAGE_SHEET, .room = span_of(replica->followed.id)};
    message.sheet.marked = marked(&replica->room);
    message.sheet.items = replica->room.pack->item_count;
    send_message(desk_of(replica), member->peer, &message);
}

/* The panel, from the moment on at which there is something to be told. */
static bool is_told(const struct member *member) {
    const struct room *room = &member->replica->room;
    return member->state == MEMBER_LIVE && member->peer != NULL && member_reads(member) &&
           room->rules >= 2 && room->stage == STAGE_FINISHED && room_is_panel(room, member->seat);
}

void progress_tell_one(struct member *member) {
    if (is_told(member)) {
        send_progress(member);
    }
}

void progress_tell(struct replica *replica) {
    struct member *member;
    LIST_FOREACH(member, &replica->members, of_room) {
        progress_tell_one(member);
    }
}
