/* SPDX-License-Identifier: ISC */
/*
 * verdict_watch.c: asks the core what is owed, and queues it.
 *
 * Whichever worker is first writes it; another's is refused by room_decide, as nothing would
 * change. What a crash kept from being written is owed still when the room is loaded again.
 */
#include "server/room/verdict_watch.h"

#include "protocol/room/verdict.h"
#include "server/room/parts.h"

static bool holds(const struct followed_jobs *jobs, const struct body *body) {
    const struct followed_job *at;
    STAILQ_FOREACH(at, jobs, next) {
        const struct job *job = (const struct job *)at;
        const struct body *other = &job->command.body;
        if (job->kind == JOB_GONE && other->act == body->act && other->seat == body->seat) {
            return true;
        }
    }
    return false;
}

/* Whether that is on its way already. */
static bool is_asked(const struct replica *replica, const struct body *body) {
    return holds(&replica->followed.flying, body) || holds(&replica->followed.jobs, body);
}

void verdict_watch(struct replica *replica) {
    struct job job = {.kind = JOB_GONE};
    if (!verdict_owed(&replica->room, &job.command) || is_asked(replica, &job.command.body)) {
        return;
    }
    if (!job_add(replica, &job)) {
        log_warn(desk_of(replica)->means.log, "verdict.late", LOG_S("room", replica->followed.id));
    }
}
