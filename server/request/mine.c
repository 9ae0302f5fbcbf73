/* SPDX-License-Identifier: ISC */
/*
 * mine.c: what a cohort's log has of a member, for that member. The log is read once, in slices
 * (walk.h); what is the member's is copied, so that a slow peer holds no log in memory: its share
 * bounds it (share.c).
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/wire/u32.h"
#include "server/cohort/replica.h"
#include "server/follow/walk.h"
#include "server/peer/send.h"
#include "server/request/request.h"

struct mine {
    struct request request; /* first */
    struct log_turn turn;
    struct call call;
    struct walk walk;
    enum refusal refusal; /* why no more of the log is wanted */
    char cohort[ROOM_ID_BYTES + 1];
    bool read;
    struct mp_writer kept; /* the stored events, each behind its length in U32_BYTES */
    size_t next;           /* where in them */
    uint32_t sent;
};

static void mine_free(struct request *request) {
    struct mine *mine = (struct mine *)request;
    walk_end(&mine->walk);
    log_turn_end(&mine->turn);
    mp_writer_free(&mine->kept);
    free(mine);
}

/* Copies what of the walk's next events is the member's. */
static enum refusal keep_own(struct mine *mine, const struct attendee *attendee, uint32_t to) {
    struct mp_reader *reader = &mine->request.requests->desk->reader;
    for (uint32_t i = mine->walk.next; i < to; i++) {
        struct journal_event stored = journal_batch_at(mine->walk.batch, i);
        struct event event;
        if (!event_read_stored(reader, stored.bytes, stored.len, &event)) {
            return REFUSAL_DAMAGED;
        }
        if (cohort_is_own(&attendee->cohort->cohort, attendee->member, &event.body)) {
            uint8_t len[U32_BYTES];
            u32_put(len, (uint32_t)stored.len);
            mp_put_raw(&mine->kept, len, sizeof len);
            mp_put_raw(&mine->kept, stored.bytes, stored.len);
        }
    }
    return mine->kept.failed ? REFUSAL_INTERNAL : REFUSAL_NONE;
}

/* Whoever is not in the cohort any more is given nothing. */
static const struct attendee *find_asker(const struct mine *mine) {
    return attendee_inside(mine->request.peer, span_of(mine->cohort));
}

static bool on_slice(struct walk *walk, uint32_t to) {
    struct mine *mine = walk->owner;
    const struct attendee *attendee = mine->request.peer != NULL ? find_asker(mine) : NULL;
    mine->refusal = attendee != NULL ? keep_own(mine, attendee, to) : REFUSAL_NO_SUCH_COHORT;
    return mine->refusal == REFUSAL_NONE;
}

/* The log is not needed any more: answers, or says why not. */
static void log_over(struct mine *mine, enum refusal refusal) {
    struct request *request = &mine->request;
    request->asking = false;
    mine->read = true;
    log_turn_end(&mine->turn);
    if (refusal != REFUSAL_NONE) {
        request_refuse(request, refusal);
    } else {
        request_go_on(request);
    }
}

static void on_read(struct walk *walk, struct journal_batch *batch, bool whole) {
    (void)batch;
    struct mine *mine = walk->owner;
    log_over(mine, whole ? REFUSAL_NONE : mine->refusal);
}

/* Meanwhile it is as if the journal had not answered yet. */
static void on_log(struct call *call, bool exists, struct journal_batch *batch) {
    struct mine *mine = call->owner;
    if (batch == NULL) {
        log_over(mine, REFUSAL_STORAGE);
    } else if (journal_batch_is_damaged(batch)) {
        log_over(mine, REFUSAL_DAMAGED);
    } else if (!exists) {
        log_over(mine, REFUSAL_NO_SUCH_COHORT);
    } else {
        walk_begin(&mine->walk, mine->request.requests->desk, batch);
    }
}

/* Of a match what `matched` said of it: a number alone tells the two nothing. */
static void name_match(const struct cohort *cohort, int member, const struct body *body,
                       struct message *message) {
    int64_t partner = body->member == member ? body->other : body->member;
    if (body->act == ACTION_PAIR_MATCH && partner < cohort->member_count &&
        body->pick < cohort->pack_count) {
        message->own.name = span_of(cohort->members[partner].name);
        message->own.title = span_of(cohort->packs[body->pick].title);
    }
}

/* False: out of memory. */
static bool send_own(struct mine *mine, const struct attendee *attendee) {
    struct desk *desk = mine->request.requests->desk;
    const char *at = mine->kept.data + mine->next;
    uint32_t len = u32_get(at);
    struct event event;
    struct message message = {.kind = MESSAGE_OWN};
    mine->next += U32_BYTES + len;
    if (!event_read_stored(&desk->reader, at + U32_BYTES, len, &event)) {
        return false;
    }
    mp_writer_reset(&desk->own);
    event_write_sent(&desk->own, &event, mine->cohort, false);
    if (desk->own.failed) {
        return false;
    }
    event_patch_n(desk->own.data, desk->own.len, ++mine->sent);
    message.own.id = mine->request.id;
    message.own.event = (struct span){desk->own.data, (uint32_t)desk->own.len};
    name_match(&attendee->cohort->cohort, attendee->member, &event.body, &message);
    send_message(desk, mine->request.peer, &message);
    return true;
}

static void send_end(struct mine *mine) {
    struct message message = {.kind = MESSAGE_END};
    message.end.id = mine->request.id;
    message.end.count = mine->sent;
    send_message(mine->request.requests->desk, mine->request.peer, &message);
}

static void on_step(struct request *request) {
    struct mine *mine = (struct mine *)request;
    if (!mine->read) {
        log_turn_wait(&mine->turn, mine->cohort);
        return;
    }
    const struct attendee *attendee = find_asker(mine);
    if (attendee == NULL) {
        request_refuse(request, REFUSAL_NO_SUCH_COHORT);
        return;
    }
    while (mine->next < mine->kept.len &&
           request->peer->backlog(request->peer) < PEER_BACKLOG_MAX) {
        if (!send_own(mine, attendee)) {
            request_refuse(request, REFUSAL_INTERNAL);
            return;
        }
    }
    if (mine->next < mine->kept.len) {
        return; /* goes on when the peer has read */
    }
    send_end(mine);
    request_end(request);
}

enum refusal request_mine(struct requests *requests, struct peer *peer, struct span cohort,
                          uint32_t id) {
    if (peer->request_count >= REQUESTS_MAX) {
        return REFUSAL_TOO_FAST;
    }
    struct mine *mine = calloc(1, sizeof *mine);
    if (mine == NULL) {
        return REFUSAL_INTERNAL;
    }
    memcpy(mine->cohort, cohort.at, cohort.len);
    mp_writer_init(&mine->kept);
    mine->call = (struct call){.history = on_log, .owner = mine};
    mine->walk = (struct walk){.take = on_slice, .done = on_read, .owner = mine};
    mine->turn = (struct log_turn){.request = &mine->request, .call = &mine->call};
    mine->request.step = on_step;
    mine->request.free = mine_free;
    request_begin(&mine->request, requests, peer, id);
    request_go_on(&mine->request);
    return REFUSAL_NONE;
}
