/* SPDX-License-Identifier: ISC */
/*
 * roster.c: a cohort's links, members, queue and prompts, or what was reported to its coaches, for
 * a coach; sent as fast as it is read. The lists only grow at their ends, but for the queue, which
 * is what it is when its turn comes.
 */
#include <stdlib.h>
#include <string.h>

#include "server/cohort/replica.h"
#include "server/peer/send.h"
#include "server/request/request.h"

enum roster_kind {
    ROSTER_LINKS = 1,
    ROSTER_MEMBERS,
    ROSTER_QUEUE,
    ROSTER_PROMPTS,
    ROSTER_END,
    ROSTER_REPORTS
};

struct roster {
    struct request request; /* first */
    char cohort[ROOM_ID_BYTES + 1];
    enum roster_kind kind;
    uint32_t next, sent;
};

static void roster_free(struct request *request) {
    free(request);
}

static void entry_link(const struct cohort *cohort, uint32_t index, struct message *message) {
    const struct cohort_link *link = &cohort->links[index];
    message->entry.link = index;
    message->entry.role = link->role;
    message->entry.on = !link->withdrawn;
    message->entry.asks = link->asks;
    message->entry.uses = link->uses;
    message->entry.used = link->used;
    message->entry.until = link->until;
    message->entry.opened = link->made_at;
}

static void entry_member(const struct cohort *cohort, uint32_t index, struct message *message) {
    const struct cohort_member *member = &cohort->members[index];
    message->entry.member = index;
    message->entry.link = member->link;
    message->entry.role = cohort->links[member->link].role;
    message->entry.name = span_of(member->name);
    message->entry.on = cohort_lets_in(cohort, (int)index);
    message->entry.state = member->admission;
    message->entry.opened = member->entered_at;
}

static void entry_waiting(const struct cohort *cohort, uint32_t index, struct message *message) {
    const struct cohort_member *member = &cohort->members[cohort->waiting[index]];
    message->entry.member = cohort->waiting[index];
    message->entry.link = member->link;
    message->entry.role = member->role;
    message->entry.name = span_of(member->name);
    message->entry.on = member->here;
    message->entry.opened = member->since;
}

static uint32_t length(const struct cohort *cohort, enum roster_kind kind) {
    switch (kind) {
    case ROSTER_LINKS: return cohort->link_count;
    case ROSTER_MEMBERS: return cohort->member_count;
    case ROSTER_QUEUE: return cohort->waiting_count;
    case ROSTER_PROMPTS: return cohort->pack_count;
    case ROSTER_REPORTS: return cohort->report_count;
    case ROSTER_END: break;
    }
    return 0;
}

/* Who speaks version 1 knows of three kinds only. */
static bool knows(const struct peer *peer, enum roster_kind kind) {
    return kind != ROSTER_PROMPTS || peer->version >= 2;
}

static void send_entry(struct roster *roster, const struct cohort_replica *replica) {
    const struct cohort *cohort = &replica->cohort;
    struct message message = {.kind = MESSAGE_ENTRY};
    uint32_t index = roster->next++;
    if (roster->kind == ROSTER_REPORTS) {
        cohort_write_report(replica, index, roster->request.id, &message);
        roster->sent++;
        send_message(roster->request.requests->desk, roster->request.peer, &message);
        return;
    }
    message.entry.id = roster->request.id;
    message.entry.kind = roster->kind;
    if (roster->kind == ROSTER_LINKS) {
        entry_link(cohort, index, &message);
    } else if (roster->kind == ROSTER_MEMBERS) {
        entry_member(cohort, index, &message);
    } else if (roster->kind == ROSTER_PROMPTS) {
        message.entry.link = index;
        message.entry.name = span_of(cohort->packs[index].id);
    } else {
        entry_waiting(cohort, index, &message);
    }
    roster->sent++;
    send_message(roster->request.requests->desk, roster->request.peer, &message);
}

static void send_end(struct roster *roster) {
    struct message message = {.kind = MESSAGE_END};
    message.end.id = roster->request.id;
    message.end.count = roster->sent;
    send_message(roster->request.requests->desk, roster->request.peer, &message);
}

static void on_step(struct request *request) {
    struct roster *roster = (struct roster *)request;
    const struct attendee *attendee = attendee_inside(request->peer, span_of(roster->cohort));
    if (attendee == NULL || !attendee_is_coach(attendee)) {
        request_refuse(request, attendee == NULL ? REFUSAL_NO_SUCH_COHORT : REFUSAL_NOT_A_COACH);
        return;
    }
    const struct cohort *cohort = &attendee->cohort->cohort;
    while (roster->kind != ROSTER_END) {
        if (roster->next >= length(cohort, roster->kind) || !knows(request->peer, roster->kind)) {
            roster->kind = roster->kind == ROSTER_REPORTS ? ROSTER_END : roster->kind + 1;
            roster->next = 0;
        } else if (request->peer->backlog(request->peer) < PEER_BACKLOG_MAX) {
            send_entry(roster, attendee->cohort);
        } else {
            return; /* goes on when the peer has read */
        }
    }
    send_end(roster);
    request_end(request);
}

static enum refusal begin(struct requests *requests, struct peer *peer, struct span cohort,
                          uint32_t id, enum roster_kind first) {
    if (peer->request_count >= REQUESTS_MAX) {
        return REFUSAL_TOO_FAST;
    }
    struct roster *roster = calloc(1, sizeof *roster);
    if (roster == NULL) {
        return REFUSAL_INTERNAL;
    }
    memcpy(roster->cohort, cohort.at, cohort.len);
    roster->kind = first;
    roster->request.step = on_step;
    roster->request.free = roster_free;
    request_begin(&roster->request, requests, peer, id);
    request_go_on(&roster->request);
    return REFUSAL_NONE;
}

enum refusal request_roster(struct requests *requests, struct peer *peer, struct span cohort,
                            uint32_t id) {
    return begin(requests, peer, cohort, id, ROSTER_LINKS);
}

enum refusal request_reports(struct requests *requests, struct peer *peer, struct span cohort,
                             uint32_t id) {
    return begin(requests, peer, cohort, id, ROSTER_REPORTS);
}
