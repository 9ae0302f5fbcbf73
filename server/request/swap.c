/* SPDX-License-Identifier: ISC */
/*
 * swap.c: the second half: opens the next room, in which the candidate and an interviewer have
 * turned their roles and every seat is kept for the key that has it now, and then tells the old
 * room of it. Both have agreed to it (turn.ask), and the candidate brings the prompt: they will
 * interview under it. Whoever sends it before that, or instead, has only asked.
 *
 * In this order, since the event that sends everybody there must name a room that is durable. Its
 * id follows from the old room's: of two who ask at once one opens it, and one that was left behind
 * by a server that ended in between is the one that the next who asks goes on with. So no room is
 * left that nobody knows of.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/wire/hash.h"
#include "protocol/wire/u32.h"
#include "server/peer/send.h"
#include "server/request/request.h"
#include "server/room/opening.h"
#include "server/room/past_prompts.h"
#include "server/room/replica.h"

struct swapping {
    struct request request; /* first */
    struct opening opening;
    char room[ROOM_ID_BYTES + 1], next[ROOM_ID_BYTES + 1];
    char cohort[ROOM_ID_BYTES + 1]; /* "": none */
    int host;                       /* whose room of the cohort the next one is; -1: nobody's */
    uint8_t key[HASH_BYTES];        /* of who becomes the candidate */
    struct pack *pack;              /* of the next room */
    uint32_t pack_len, panel_len;
    char bodies[]; /* public, then panel */
};

static void swapping_free(struct request *request) {
    struct swapping *swapping = (struct swapping *)request;
    pack_unref(swapping->pack);
    free(swapping);
}

static void on_step(struct request *request) {
    (void)request; /* it only waits for the journal */
}

static void refuse(struct swapping *swapping, enum refusal why) {
    struct request *request = &swapping->request;
    if (request->peer != NULL) {
        send_refused(request->requests->desk, request->peer, swapping->room, request->id, why);
    }
    request_end(request);
}

/* Whether it is still the one whose past was looked up: who agreed may have taken it back. */
static bool is_still_candidate(const struct room *room, const uint8_t key[HASH_BYTES]) {
    int seat = room_turn_candidate(room);
    return seat >= 0 && memcmp(room->seats[seat].key, key, HASH_BYTES) == 0;
}

/* Whether the room lets the member ask at all; room_decide has the last word. */
static enum refusal may_ask(const struct member *member) {
    const struct room *room = &member->replica->room;
    bool seated = member->state == MEMBER_BEHIND || member->state == MEMBER_LIVE;
    if (!seated) {
        return REFUSAL_NOT_A_MEMBER;
    }
    if (room->seats[member->seat].role == ROLE_COACH) {
        return REFUSAL_NOT_ALLOWED;
    }
    bool ended = room->stage == STAGE_FINISHED || room->stage == STAGE_DEBRIEF;
    if (!ended) {
        return REFUSAL_WRONG_STAGE;
    }
    return room->next[0] != '\0' ? REFUSAL_SAME : REFUSAL_NONE;
}

/* Whether the member is the candidate, and the interviewer's side has said yes: the candidate says
 * it by the message itself. */
static bool may_open(const struct member *member) {
    const struct room *room = &member->replica->room;
    return room->seats[member->seat].role == ROLE_CANDIDATE &&
           (room_turn_is_agreed(room) || room_turn_may_agree(room, member->seat));
}

static void plan_seats(const struct room *room, const char *next, struct opening_plan *plan) {
    int candidate = room_turn_candidate(room);
    plan->seat_count = 0;
    for (int i = 0; i < room->seat_count; i++) {
        const struct room_seat *seat = &room->seats[i];
        if (seat->hold != HOLD_KEPT) {
            continue;
        }
        enum role role = seat->role == ROLE_CANDIDATE ? ROLE_INTERVIEWER : seat->role;
        plan->seats[plan->seat_count].role = i == candidate ? ROLE_CANDIDATE : role;
        digest_seat_for_key(next, seat->key, plan->seats[plan->seat_count++].invite);
    }
}

/* The same plan again, where the next pack has one of that kind; else its default. More time was
 * given to this room's candidate and is not the next one's. */
static void plan_budgets(const struct room *room, const struct pack *pack,
                         uint8_t budgets[4 * PACK_PHASES_MAX], struct opening_plan *plan) {
    plan->plan = -1;
    if (strcmp(pack->framework_id, room->pack->framework_id) != 0 ||
        pack->phase_count != room->pack->phase_count ||
        pack->plan_count != room->pack->plan_count) {
        return;
    }
    plan->plan = room->plan;
    if (room->plan < pack->plan_count) {
        return;
    }
    for (uint32_t i = 0; i < pack->phase_count; i++) {
        int64_t budget = room->clock.budget[i] * 100 / (100 + room->clock.extra);
        u32_put(budgets + (size_t)i * U32_BYTES, (uint32_t)budget);
    }
    plan->budgets = (struct span){(const char *)budgets, 4U * pack->phase_count};
}

static void on_opened(struct opening *opening, enum journal_outcome outcome) {
    struct swapping *swapping = opening->owner;
    struct request *request = &swapping->request;
    request->asking = false;
    if (outcome == JOURNAL_FAILED) {
        refuse(swapping, REFUSAL_STORAGE);
        return;
    }
    if (outcome == JOURNAL_COMMITTED) {
        log_info(request->requests->desk->means.log, "room.opened", LOG_S("room", swapping->next),
                 LOG_S("prev", swapping->room));
        cohort_hosted(request->requests->cohorts, swapping->cohort, swapping->next,
                      span_of(swapping->pack->title), swapping->host);
    }
    struct member *member =
        request->peer == NULL ? NULL : member_find(request->peer, span_of(swapping->room));
    if (member == NULL) {
        refuse(swapping, REFUSAL_NOT_A_MEMBER);
        return;
    }
    member_swap(member, swapping->next, request->id);
    request_end(request);
}

static void on_past(void *owner, struct past_prompts *past, bool complete) {
    struct swapping *swapping = owner;
    struct request *request = &swapping->request;
    uint8_t budgets[4 * PACK_PHASES_MAX];
    bool seen = past_prompts_holds(past, swapping->pack->id);
    past_prompts_free(past);
    request->asking = false;
    struct member *member =
        request->peer == NULL ? NULL : member_find(request->peer, span_of(swapping->room));
    enum refusal refusal = member == NULL ? REFUSAL_NOT_A_MEMBER : may_ask(member);
    if (refusal == REFUSAL_NONE && !may_open(member)) {
        refusal = REFUSAL_NOT_AGREED;
    }
    if (refusal == REFUSAL_NONE && !is_still_candidate(&member->replica->room, swapping->key)) {
        refusal = REFUSAL_STALE;
    }
    if (refusal == REFUSAL_NONE && (seen || !complete)) {
        refusal = seen ? REFUSAL_PROMPT_SEEN : REFUSAL_STORAGE;
    }
    if (refusal == REFUSAL_NONE) {
        const struct room *room = &member->replica->room;
        struct opening_plan plan = {
            .id = swapping->next,
            .pack = {swapping->bodies, swapping->pack_len},
            .panel = {swapping->bodies + swapping->pack_len, swapping->panel_len},
            .mode = room->mode,
            .prev = swapping->room,
            .cohort = room->cohort,
            .has_term = room->has_term,
            .kept = room->kept,
            .at = desk_now(request->requests->desk)};
        plan_budgets(room, swapping->pack, budgets, &plan);
        plan_seats(room, swapping->next, &plan);
        refusal =
            opening_start(&swapping->opening, request->requests->desk, &plan, on_opened, swapping);
        request->asking = refusal == REFUSAL_NONE;
    }
    if (refusal != REFUSAL_NONE) {
        refuse(swapping, refusal);
    }
}

/* The requests of a worker that ends are freed with it. */
static void on_drop(void *owner) {
    (void)owner;
}

/* Both bodies are checked together, so that whoever asks learns which rule the pack breaks. */
static struct pack *read_pack(struct desk *desk, struct peer *peer, const struct message *asked) {
    struct pack_fault fault = {0};
    char text[320];
    struct pack *pack = pack_read(asked->swap.pack, asked->swap.panel, &fault);
    if (pack == NULL) {
        char room[ROOM_ID_BYTES + 1] = {0};
        memcpy(room, asked->room.at, ROOM_ID_BYTES);
        snprintf(text, sizeof text,
                 "The pack was not accepted at %s: %s; run 'spar pack check' on it.", fault.where,
                 fault.what);
        if (fault.no_memory) {
            send_refused(desk, peer, room, asked->swap.id, REFUSAL_INTERNAL);
        } else {
            send_refused_text(desk, peer, room, asked->swap.id, REFUSAL_BAD_PACK, text);
        }
    }
    return pack;
}

/* Whose side has said yes already, but who cannot open the next room, or not yet. */
static void refuse_unready(struct desk *desk, const struct member *member, uint32_t id) {
    bool agreed = room_turn_is_agreed(&member->replica->room);
    send_refused_text(desk, member->peer, member->replica->followed.id, id, REFUSAL_NOT_AGREED,
                      agreed ? "Both have agreed; who will interview next chooses the prompt and "
                               "opens the next room."
                             : NULL);
}

static struct swapping *swapping_new(const struct room *room, const struct message *asked,
                                     struct pack *pack) {
    struct swapping *swapping =
        calloc(1, sizeof *swapping + asked->swap.pack.len + asked->swap.panel.len);
    if (swapping == NULL) {
        return NULL;
    }
    swapping->pack = pack_ref(pack);
    swapping->pack_len = asked->swap.pack.len;
    swapping->panel_len = asked->swap.panel.len;
    memcpy(swapping->bodies, asked->swap.pack.at, asked->swap.pack.len);
    memcpy(swapping->bodies + asked->swap.pack.len, asked->swap.panel.at, asked->swap.panel.len);
    memcpy(swapping->room, asked->room.at, ROOM_ID_BYTES);
    memcpy(swapping->cohort, room->cohort, sizeof swapping->cohort);
    memcpy(swapping->key, room->seats[room_turn_candidate(room)].key, HASH_BYTES);
    swapping->request.step = on_step;
    swapping->request.free = swapping_free;
    return swapping;
}

static enum refusal start(struct requests *requests, const struct member *member,
                          const struct message *asked, struct pack *pack) {
    const struct room *room = &member->replica->room;
    if (strcmp(pack->id, room->pack->id) == 0) {
        return REFUSAL_PROMPT_SEEN;
    }
    int host;
    enum refusal refusal =
        cohort_host_of_next(member->replica, room->seats[member->seat].key, &host);
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    struct swapping *swapping = swapping_new(room, asked, pack);
    if (swapping == NULL) {
        return REFUSAL_INTERNAL;
    }
    swapping->host = host;
    struct past_prompts_question question = {.done = on_past, .drop = on_drop, .owner = swapping};
    digest_next_room(swapping->room, swapping->next);
    if (cohort_ask_past(cohort_of_room(member->replica), swapping->key, requests->searches,
                        &question) != REFUSAL_NONE) {
        swapping_free(&swapping->request);
        return REFUSAL_INTERNAL;
    }
    request_begin(&swapping->request, requests, member->peer, asked->swap.id);
    swapping->request.asking = true;
    return REFUSAL_NONE;
}

enum refusal request_swap(struct requests *requests, struct member *member,
                          const struct message *asked) {
    struct desk *desk = requests->desk;
    struct peer *peer = member->peer;
    if (peer->request_count >= REQUESTS_MAX) {
        return REFUSAL_TOO_FAST;
    }
    enum refusal refusal = may_ask(member);
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    struct pack *pack = read_pack(desk, peer, asked);
    if (pack == NULL) {
        return REFUSAL_NONE; /* it has been answered */
    }
    bool opens = may_open(member);
    if (!room_turn_wants(&member->replica->room, member->seat)) {
        member_turn(member, opens ? 0 : asked->swap.id);
    } else if (!opens) {
        refuse_unready(desk, member, asked->swap.id);
    }
    if (!opens) {
        pack_unref(pack);
        return REFUSAL_NONE;
    }
    refusal = start(requests, member, asked, pack);
    pack_unref(pack);
    return refusal;
}
