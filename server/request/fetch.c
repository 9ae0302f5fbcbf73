/* SPDX-License-Identifier: ISC */
/*
 * fetch.c: a recording: the view of the asker's seat, each event with the chain of all before it,
 * and the server's signature under the end. What the view does not hold yet (the panel's, before
 * the debrief) is not in the recording either.
 *
 * A fetch needs the room's whole log in memory, and waits for its turn (turn.c). Whoever pauses for
 * a slow peer while others wait gives its log up and, once the peer has read, goes to the end of
 * the line: so nobody can stop the line by not reading. It goes on where it was, since a view only
 * ever grows at its end.
 */
#include <stdlib.h>
#include <string.h>

#include "certs/sign.h"
#include "protocol/room/view.h"
#include "protocol/wire/recording.h"
#include "server/cohort/replica.h"
#include "server/peer/send.h"
#include "server/request/request.h"
#include "server/room/fold.h"

enum { COHORT_TRIES_MAX = 3 };

struct fetch {
    struct request request; /* first */
    struct log_turn turn;
    struct call call;
    char room[ROOM_ID_BYTES + 1];
    struct journal_batch *batch; /* what the events borrow from; NULL until the log has been read */
    struct fold fold;
    uint32_t *view; /* indexes of events in the seat's order */
    uint32_t count, next;
    uint8_t seat;
    uint32_t version;  /* of the recording */
    uint32_t tries;    /* that found the room's cohort still loading */
    struct slice wait; /* until the cohort of that id is folded */
    char cohort[ROOM_ID_BYTES + 1];
    uint8_t chain[HASH_BYTES];
};

static void stand_in_line(struct fetch *fetch) {
    log_turn_wait(&fetch->turn, fetch->room);
}

static void give_up_log(struct fetch *fetch) {
    if (fetch->batch != NULL) {
        fold_free(&fetch->fold);
        journal_batch_unref(fetch->batch);
        fetch->batch = NULL;
    }
    free(fetch->view);
    fetch->view = NULL;
    log_turn_end(&fetch->turn);
}

/* The room's cohort is not known yet. What is asked of the journal now is answered behind its log,
 * but that may be folded in many turns (followed.h): then the room's is asked for after them. */
static void await_cohort(struct fetch *fetch) {
    const struct requests *requests = fetch->request.requests;
    const struct cohort_replica *cohort = cohort_replica_find(requests->cohorts, fetch->cohort);
    give_up_log(fetch);
    if (cohort != NULL && followed_is_folding(&cohort->followed)) {
        fetch->request.asking = true;
        desk_slice(requests->desk, &fetch->wait);
    } else {
        stand_in_line(fetch);
    }
}

static void on_wait(struct slice *slice) {
    struct fetch *fetch = (struct fetch *)((char *)slice - offsetof(struct fetch, wait));
    fetch->request.asking = false;
    if (fetch->request.peer == NULL) {
        request_end(&fetch->request);
    } else {
        await_cohort(fetch);
    }
}

static void fetch_free(struct request *request) {
    struct fetch *fetch = (struct fetch *)request;
    desk_slice_drop(request->requests->desk, &fetch->wait);
    give_up_log(fetch);
    free(fetch);
}

/* False: out of memory. */
static bool send_record(struct fetch *fetch) {
    struct desk *desk = fetch->request.requests->desk;
    struct mp_writer *w = &desk->own;
    const struct event *event = &fetch->fold.history.events[fetch->view[fetch->next]];
    mp_writer_reset(w);
    event_write_sent(w, event, fetch->room, view_owns(&fetch->fold.room, fetch->seat, event));
    if (w->failed) {
        return false;
    }
    fetch->next++;
    event_patch_n(w->data, w->len, fetch->next);
    struct message message = {.kind = MESSAGE_RECORD, .room = span_of(fetch->room)};
    message.record.n = fetch->next;
    message.record.event = (struct span){w->data, (uint32_t)w->len};
    message.record.chain = (struct span){(const char *)fetch->chain, HASH_BYTES};
    send_message(desk, fetch->request.peer, &message);
    uint8_t before[HASH_BYTES];
    memcpy(before, fetch->chain, HASH_BYTES);
    digest_chain(before, w->data, w->len, fetch->chain);
    return true;
}

static enum role role_of(const struct fetch *fetch) {
    return fetch->seat == SEAT_GUEST ? ROLE_COACH : fetch->fold.room.seats[fetch->seat].role;
}

static bool send_end(struct fetch *fetch) {
    const struct requests *requests = fetch->request.requests;
    uint8_t digest[HASH_BYTES];
    struct signature signature;
    struct public_key key;
    struct recording rec = {.version = fetch->version, .seat = fetch->seat, .role = role_of(fetch)};
    memcpy(rec.room, fetch->room, ROOM_ID_BYTES);
    memcpy(rec.chain, fetch->chain, HASH_BYTES);
    recording_signed_digest(&rec, digest);
    if (!sign_digest(requests->signer, recording_purpose(&rec), digest, &signature) ||
        !sign_key_export(requests->signer, &key)) {
        return false;
    }
    struct message message = {.kind = MESSAGE_END, .room = span_of(fetch->room)};
    message.end.id = fetch->request.id;
    message.end.count = fetch->count;
    message.end.chain = (struct span){(const char *)fetch->chain, HASH_BYTES};
    message.end.sign = (struct span){(const char *)signature.bytes, (uint32_t)signature.size};
    message.end.key = (struct span){(const char *)key.bytes, (uint32_t)key.size};
    if (rec.version >= 2) {
        message.end.v = rec.version;
        message.end.seat = rec.seat;
        message.end.role = rec.role;
    }
    send_message(requests->desk, fetch->request.peer, &message);
    return true;
}

/* The seat whose view the peer may have; a coach who is in the room's cohort needs none of their
 * own. -1: none. */
static int seat_of(const struct fetch *fetch, const struct peer *peer) {
    const struct room *room = &fetch->fold.room;
    return fold_eye(room, fetch->room, peer->key, cohort_may_look(peer, room, fetch->room));
}

/* Whose link was withdrawn, and a key that its member has left, may not go on looking at what goes
 * on; what has come to its debrief is theirs to keep. *again: the room's cohort is being read; what
 * is asked of the journal now is answered behind it. */
static enum refusal judge(struct fetch *fetch, bool *again) {
    const struct room *room = &fetch->fold.room;
    if (room->cohort[0] == '\0' || room->opened || room->stage == STAGE_CLOSED) {
        return REFUSAL_NONE;
    }
    struct cohort_replica *cohort =
        cohort_replica_get(fetch->request.requests->cohorts, room->cohort);
    if (cohort == NULL) {
        return REFUSAL_INTERNAL;
    }
    enum refusal refusal = REFUSAL_NONE;
    if (cohort->followed.state == FOLLOWED_LOADING) {
        *again = fetch->tries++ < COHORT_TRIES_MAX;
        refusal = *again ? REFUSAL_NONE : REFUSAL_STORAGE;
    } else if (cohort->followed.state == FOLLOWED_BROKEN) {
        refusal = cohort->followed.broken;
    } else {
        int member = cohort_member_of_key(&cohort->cohort, fetch->request.peer->key);
        refusal = member >= 0 ? cohort_admits(&cohort->cohort, member) : REFUSAL_NONE;
        bool left =
            member < 0 && cohort_former_of_key(&cohort->cohort, fetch->request.peer->key) >= 0;
        refusal = left ? REFUSAL_MEMBER_MOVED : refusal == REFUSAL_ASKED ? REFUSAL_NONE : refusal;
    }
    followed_touch(&cohort->followed);
    return refusal;
}

/* Judged anew whenever it goes on, as it may last: a link that is withdrawn meanwhile cuts it off.
 * False: it has been refused, or waits for the room's cohort to be read. */
static bool may_go_on(struct fetch *fetch) {
    bool again = false;
    enum refusal refusal = judge(fetch, &again);
    if (refusal != REFUSAL_NONE) {
        request_refuse(&fetch->request, refusal);
        return false;
    }
    if (again) {
        await_cohort(fetch);
        return false;
    }
    fetch->tries = 0;
    return true;
}

static void on_step(struct request *request) {
    struct fetch *fetch = (struct fetch *)request;
    if (fetch->batch == NULL) {
        stand_in_line(fetch);
        return;
    }
    if (!may_go_on(fetch)) {
        return;
    }
    while (fetch->next < fetch->count && request->peer->backlog(request->peer) < PEER_BACKLOG_MAX) {
        if (!send_record(fetch)) {
            request_refuse(request, REFUSAL_INTERNAL);
            return;
        }
    }
    bool full = request->peer->backlog(request->peer) >= PEER_BACKLOG_MAX;
    if (fetch->next < fetch->count || full) { /* goes on when the peer has read */
        if (log_turn_is_wanted(request->requests)) {
            give_up_log(fetch);
        }
        return;
    }
    if (send_end(fetch)) {
        request_end(request);
    } else {
        request_refuse(request, REFUSAL_INTERNAL);
    }
}

/* The seat of a key that the peer had before, as the room's cohort knows; -1: none, and *lost says
 * whether it lost one by such a key. */
static int seat_of_former(struct fetch *fetch, bool *again, enum refusal *lost) {
    const struct room *room = &fetch->fold.room;
    struct cohort_replica *cohort =
        room->cohort[0] == '\0'
            ? NULL
            : cohort_replica_get(fetch->request.requests->cohorts, room->cohort);
    int seat = -1;
    if (cohort == NULL) {
        return -1;
    }
    if (cohort->followed.state == FOLLOWED_LOADING) {
        *again = fetch->tries++ < COHORT_TRIES_MAX;
    } else if (cohort->followed.state == FOLLOWED_READY) {
        const uint8_t *key = fetch->request.peer->key;
        const uint8_t *before = cohort_lost_key(&cohort->cohort, room, key);
        seat = cohort_seat_before(&cohort->cohort, room, key);
        *lost = before != NULL ? room_lost_seat(room, before) : REFUSAL_NONE;
    }
    followed_touch(&cohort->followed);
    return seat;
}

/* REFUSAL_NONE: the seat's view is ready to be sent, or *again. */
static enum refusal read_view(struct fetch *fetch, bool *again) {
    const struct request *request = &fetch->request;
    memcpy(fetch->cohort, fetch->fold.room.cohort, sizeof fetch->cohort);
    int seat = seat_of(fetch, request->peer);
    enum refusal lost = room_lost_seat(&fetch->fold.room, request->peer->key);
    enum refusal before = REFUSAL_NONE;
    int former = seat < 0 || seat == SEAT_GUEST ? seat_of_former(fetch, again, &before) : -1;
    seat = former >= 0 ? former : seat;
    if (*again) {
        return REFUSAL_NONE;
    }
    if (seat < 0 || before != REFUSAL_NONE) {
        return lost != REFUSAL_NONE ? lost : before != REFUSAL_NONE ? before : REFUSAL_NOT_A_MEMBER;
    }
    if (request->peer->version < room_version(&fetch->fold.room)) {
        return REFUSAL_VERSION;
    }
    enum refusal refusal = judge(fetch, again);
    if (refusal != REFUSAL_NONE || *again) {
        return refusal;
    }
    fetch->seat = (uint8_t)seat;
    fetch->view = calloc(fetch->fold.history.count + 1, sizeof *fetch->view);
    if (fetch->view == NULL) {
        return REFUSAL_INTERNAL;
    }
    fetch->count = view_order(&fetch->fold.room, fetch->seat, fetch->fold.history.events,
                              fetch->fold.history.count, fetch->view);
    return REFUSAL_NONE;
}

static void on_folded(struct fold *fold, bool good) {
    struct fetch *fetch = fold->owner;
    struct request *request = &fetch->request;
    request->asking = false;
    if (request->peer == NULL) {
        request_end(request);
        return;
    }
    bool again = false;
    enum refusal refusal = good ? read_view(fetch, &again) : REFUSAL_INTERNAL;
    if (refusal != REFUSAL_NONE) {
        request_refuse(request, refusal);
    } else if (again) {
        await_cohort(fetch);
    } else {
        request_go_on(request);
    }
}

static enum refusal judge_log(const struct fetch *fetch, bool exists, struct journal_batch *batch) {
    if (batch == NULL) {
        return REFUSAL_STORAGE;
    }
    if (journal_batch_is_damaged(batch)) {
        return REFUSAL_DAMAGED;
    }
    return exists && !fold_is_cohort(fetch->request.requests->desk, batch)
               ? REFUSAL_NONE
               : REFUSAL_NOT_A_MEMBER; /* as of a room that is no concern of theirs */
}

/* While it is folded it is as if the journal had not answered yet. */
static void on_log(struct call *call, bool exists, struct journal_batch *batch) {
    struct fetch *fetch = call->owner;
    enum refusal refusal = judge_log(fetch, exists, batch);
    if (fetch->request.peer == NULL) {
        request_end(&fetch->request);
        return;
    }
    if (refusal != REFUSAL_NONE) {
        request_refuse(&fetch->request, refusal);
        return;
    }
    fetch->batch = journal_batch_ref(batch);
    fold_begin(&fetch->fold, fetch->request.requests->desk, batch);
}

/* The newest version that both sides know. */
static uint32_t version_for(int64_t theirs) {
    return theirs < 1                        ? 1
           : theirs < SPAR_RECORDING_VERSION ? (uint32_t)theirs
                                             : SPAR_RECORDING_VERSION;
}

enum refusal request_fetch(struct requests *requests, struct peer *peer,
                           const struct message *question) {
    struct span room = question->room;
    if (peer->request_count >= REQUESTS_MAX) {
        return REFUSAL_TOO_FAST;
    }
    if (room.len != ROOM_ID_BYTES) {
        return REFUSAL_NO_SUCH_ROOM;
    }
    struct fetch *fetch = calloc(1, sizeof *fetch);
    if (fetch == NULL) {
        return REFUSAL_INTERNAL;
    }
    memcpy(fetch->room, room.at, ROOM_ID_BYTES);
    fetch->call = (struct call){.history = on_log, .owner = fetch};
    fetch->request.step = on_step;
    fetch->request.free = fetch_free;
    fetch->wait.go_on = on_wait;
    fetch->fold = (struct fold){.done = on_folded, .owner = fetch, .keeps = true};
    fetch->version = version_for(question->fetch.v);
    fetch->turn = (struct log_turn){.request = &fetch->request, .call = &fetch->call};
    request_begin(&fetch->request, requests, peer, (uint32_t)question->fetch.id);
    stand_in_line(fetch);
    return REFUSAL_NONE;
}
