/* SPDX-License-Identifier: ISC */
/*
 * sheet.c: opens the candidate's own sheet when its time has come, and tells the panel how far it
 * is.
 *
 * Whichever worker is first writes sheet.open; the others' is refused by room_decide, as nothing
 * would change. A room that nobody is in at that moment opens it when somebody comes.
 */
#include "server/room/sheet.h"

#include "server/room/parts.h"

void sheet_watch(struct replica *replica) {
    int64_t due = room_sheet_due(&replica->room);
    if (replica->followed.wake != due) {
        followed_wake_at(&replica->followed, due);
    }
}

void sheet_woke(struct followed *followed) {
    struct job job = {.kind = JOB_GONE, .command = {.seat = SEAT_SERVER}};
    job.command.body.act = ACTION_SHEET_OPEN;
    /* Without memory it opens with the room's next event, by hand, or with the debrief. */
    if (!job_add((struct replica *)followed, &job)) {
        log_warn(followed->desk->means.log, "sheet.late", LOG_S("room", followed->id));
    }
}
