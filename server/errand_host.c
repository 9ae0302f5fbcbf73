/*
 * errand_host.c: opens a room: room.open, room.brief and one invite for each role, appended as one sequence.
 *
 * The five events are decided and folded here, on a room of their own, and posted without waiting for each
 * other, so they share one sync; the answer goes out once all are committed. No replica is needed: nobody
 * can join a room whose secrets have not been told to anybody yet.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/room.h"
#include "server/errand.h"
#include "server/seat.h"
#include "server/send.h"

enum { HOST_INVITES = 3, HOST_EVENTS_MAX = 2 + HOST_INVITES };

struct hosting {
    struct errand errand; /* first */
    struct call calls[HOST_EVENTS_MAX];
    uint32_t posted, answered;
    enum refusal failed;
    char id[ROOM_ID_BYTES + 1];
    struct room room;
    struct seat_secret secrets[HOST_INVITES];
};

static const enum role invited[HOST_INVITES] = {ROLE_INTERVIEWER, ROLE_CANDIDATE, ROLE_COACH};

static void hosting_free(struct errand *errand) {
    struct hosting *hosting = (struct hosting *)errand;
    room_free(&hosting->room);
    free(hosting);
}

static void send_hosted(struct hosting *hosting) {
    struct message message = {.kind = MESSAGE_HOSTED, .room = span_of(hosting->id)};
    message.hosted.interviewer = span_of(hosting->secrets[0].text);
    message.hosted.candidate = span_of(hosting->secrets[1].text);
    message.hosted.coach = span_of(hosting->secrets[2].text);
    send_message(hosting->errand.hall, hosting->errand.peer, &message);
}

static void on_appended(struct call *call, enum journal_outcome outcome, uint32_t head) {
    (void)head;
    struct hosting *hosting = call->owner;
    struct errand *errand = &hosting->errand;
    if (outcome != JOURNAL_COMMITTED && hosting->failed == REFUSAL_NONE) {
        hosting->failed = outcome == JOURNAL_FAILED ? REFUSAL_STORAGE : REFUSAL_INTERNAL;
    }
    if (++hosting->answered < hosting->posted) {
        return;
    }
    errand->asking = false;
    if (errand->peer == NULL) {
        errand_end(errand);
    } else if (hosting->failed != REFUSAL_NONE) {
        log_error(errand->hall->means.log, "host.failed", LOG_S("room", hosting->id),
                  LOG_S("why", refusal_name(hosting->failed)));
        errand_refuse(errand, hosting->failed);
    } else {
        log_info(errand->hall->means.log, "room.opened", LOG_S("room", hosting->id));
        send_hosted(hosting);
        errand_end(errand);
    }
}

static void on_step(struct errand *errand) {
    (void)errand; /* it only waits for the journal */
}

/* Decides, folds and encodes one event behind those that are already in `w`. */
static enum refusal add_event(struct hosting *hosting, struct hall *hall, const struct body *body,
                              struct mp_writer *w) {
    struct command command = {.seat = SEAT_SERVER, .body = *body};
    struct event event;
    enum refusal refusal = room_decide(&hosting->room, &command, hall_now(hall), &event);
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    if (room_apply(&hosting->room, &event, pack_cache_get, hall->packs) != APPLY_OK) {
        return REFUSAL_INTERNAL;
    }
    event_write_stored(w, &event);
    return w->failed ? REFUSAL_INTERNAL : REFUSAL_NONE;
}

static struct body open_body(const struct message *host) {
    struct body body = {.act = ACTION_ROOM_OPEN, .has = F(pack) | F(mode)};
    body.pack = host->host.pack;
    body.mode = host->host.mode;
    if (host->host.plan >= 0) {
        body.has |= F(plan);
        body.plan = host->host.plan;
    }
    if (host->host.budgets.len > 0) {
        body.has |= F(budgets);
        body.budgets = host->host.budgets;
    }
    return body;
}

/* ends[i]: where event i ends in `w`. */
static enum refusal decide_all(struct hosting *hosting, struct hall *hall,
                               const struct message *host, struct mp_writer *w,
                               size_t ends[HOST_EVENTS_MAX]) {
    uint32_t count = 0;
    struct body bodies[HOST_EVENTS_MAX] = {open_body(host)};
    bodies[1] = (struct body){.act = ACTION_ROOM_BRIEF, .has = F(pack), .pack = host->host.panel};
    for (int i = 0; i < HOST_INVITES; i++) {
        bodies[2 + i] =
            (struct body){.act = ACTION_SEAT_INVITE,
                          .has = F(role) | F(invite),
                          .role = invited[i],
                          .invite = {(const char *)hosting->secrets[i].hash, HASH_BYTES}};
    }
    for (; count < HOST_EVENTS_MAX; count++) {
        enum refusal refusal = add_event(hosting, hall, &bodies[count], w);
        if (refusal != REFUSAL_NONE) {
            return refusal;
        }
        ends[count] = w->len;
    }
    return REFUSAL_NONE;
}

static void post_all(struct hosting *hosting, struct hall *hall, const struct mp_writer *w,
                     const size_t ends[HOST_EVENTS_MAX]) {
    hosting->posted = HOST_EVENTS_MAX;
    hosting->errand.asking = true;
    for (uint32_t i = 0; i < HOST_EVENTS_MAX; i++) {
        size_t start = i == 0 ? 0 : ends[i - 1];
        hosting->calls[i] = (struct call){.appended = on_appended, .owner = hosting};
        struct journal_append append = {.room = hosting->id,
                                        .expected = i,
                                        .bytes = (const uint8_t *)w->data + start,
                                        .len = (uint32_t)(ends[i] - start),
                                        .token = call_token(&hosting->calls[i])};
        journal_post_append(hall->means.journal, hall->means.listener, &append);
    }
}

/* Both bodies are checked together first, so that the host learns which rule the pack breaks. */
static enum refusal check_pack(const struct message *host, char text[320]) {
    struct pack_fault fault = {0};
    struct pack *pack = pack_read(host->host.pack, host->host.panel, &fault);
    if (pack != NULL) {
        pack_unref(pack);
        return REFUSAL_NONE;
    }
    snprintf(text, 320, "The pack was not accepted at %s: %s; run 'spar pack check' on it.",
             fault.where, fault.what);
    return REFUSAL_BAD_PACK;
}

static bool draw(struct hosting *hosting) {
    bool good = seat_room_id(hosting->id);
    for (int i = 0; good && i < HOST_INVITES; i++) {
        good = seat_secret_make(&hosting->secrets[i]);
    }
    return good;
}

enum refusal errand_host(struct hall *hall, struct peer *peer, const struct message *host) {
    char text[320];
    if (peer->errand_count >= ERRANDS_MAX) {
        return REFUSAL_TOO_FAST;
    }
    if (check_pack(host, text) != REFUSAL_NONE) {
        send_refused_text(hall, peer, NULL, host->host.id, REFUSAL_BAD_PACK, text);
        return REFUSAL_NONE;
    }
    struct hosting *hosting = calloc(1, sizeof *hosting);
    if (hosting == NULL) {
        return REFUSAL_INTERNAL;
    }
    room_init(&hosting->room);
    hosting->errand.step = on_step;
    hosting->errand.free = hosting_free;
    size_t ends[HOST_EVENTS_MAX];
    mp_writer_reset(&hall->stored);
    enum refusal refusal =
        draw(hosting) ? decide_all(hosting, hall, host, &hall->stored, ends) : REFUSAL_INTERNAL;
    if (refusal != REFUSAL_NONE) {
        hosting_free(&hosting->errand);
        return refusal;
    }
    errand_begin(&hosting->errand, hall, peer, host->host.id);
    post_all(hosting, hall, &hall->stored, ends);
    return REFUSAL_NONE;
}
