/* SPDX-License-Identifier: ISC */
/*
 * cohort.c: deciding and folding a cohort's log: one row of `parts` per action, and the parts that
 * are about links, packs and rooms. member.c has who enters, pair.c who waits and is matched.
 *
 * Invariants: cohort_apply changes either everything or nothing; positions follow each other
 * without a gap; what is refused by decide is never folded, since both ask the same check.
 */
#include "protocol/cohort/cohort.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/cohort/part.h"
#include "protocol/wire/hash.h"

struct part {
    cohort_fill *fill;
    cohort_check *check;
    cohort_change *apply;
    field_set filled; /* required fields that fill gives */
    bool needed;      /* allowed in a log that is full: how something ends */
};

void cohort_init(struct cohort *cohort) {
    memset(cohort, 0, sizeof *cohort);
}

void cohort_free(struct cohort *cohort) {
    for (uint32_t i = 0; i < cohort->pack_count; i++) {
        free(cohort->packs[i].pack);
        free(cohort->packs[i].panel);
    }
    free(cohort->members);
    free(cohort->rooms);
    free(cohort->waiting);
    free(cohort->matches);
    free(cohort->by_key.at);
    free(cohort->by_id.at);
    for (uint32_t i = 0; i < cohort->report_count; i++) {
        free(cohort->reports[i].text);
    }
    free(cohort->reports);
    free(cohort->avoids);
    free(cohort->formers);
    cohort_init(cohort);
}

/* ---- order ---- */

uint32_t order_place(const struct cohort_order *order, uint32_t count, const void *key, size_t size,
                     const void *base, size_t stride) {
    uint32_t low = 0;
    uint32_t high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const char *entry = (const char *)base + order->at[middle] * stride;
        if (memcmp(entry, key, size) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void order_insert(struct cohort_order *order, uint32_t count, uint32_t place, uint32_t index) {
    memmove(&order->at[place + 1], &order->at[place], (count - place) * sizeof *order->at);
    order->at[place] = index;
}

void order_remove(struct cohort_order *order, uint32_t count, uint32_t place) {
    memmove(&order->at[place], &order->at[place + 1], (count - place - 1) * sizeof *order->at);
}

/* ---- opening and links ---- */

static enum refusal nothing_to_check(const struct cohort *cohort, const struct body *body) {
    (void)cohort;
    (void)body;
    return REFUSAL_NONE;
}

static enum apply_result open_apply(struct cohort *cohort, const struct event *event) {
    memcpy(cohort->name, event->body.name.at, event->body.name.len);
    cohort->opened_at = event->at;
    return APPLY_OK;
}

int cohort_link_of_hash(const struct cohort *cohort, const uint8_t *hash) {
    for (uint32_t i = 0; i < cohort->link_count; i++) {
        if (memcmp(cohort->links[i].hash, hash, HASH_BYTES) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static void link_fill(const struct cohort *cohort, struct body *body) {
    body->link = cohort->link_count < COHORT_LINKS_MAX ? cohort->link_count : 0;
    body->has |= F(link);
}

static enum refusal link_check(const struct cohort *cohort, const struct body *body) {
    if (body->role != COHORT_STUDENT && body->role != COHORT_COACH) {
        return REFUSAL_BAD_FIELD;
    }
    const uint8_t *hash = (const uint8_t *)body->invite.at;
    if (cohort_link_of_hash(cohort, hash) >= 0 || cohort_pass_of_hash(cohort, hash) >= 0) {
        return REFUSAL_SAME;
    }
    if (cohort->link_count == COHORT_LINKS_MAX) {
        return REFUSAL_COHORT_FULL;
    }
    return body->link == cohort->link_count ? REFUSAL_NONE : REFUSAL_STALE;
}

static enum apply_result link_apply(struct cohort *cohort, const struct event *event) {
    struct cohort_link *link = &cohort->links[cohort->link_count++];
    const struct body *body = &event->body;
    *link = (struct cohort_link){.role = (enum cohort_role)body->role, .made_at = event->at};
    link->asks = body->has & F(asks) && body->asks != 0;
    link->uses = body->has & F(uses) ? (uint32_t)body->uses : 0;
    link->until = body->has & F(until) ? body->until : 0;
    memcpy(link->hash, event->body.invite.at, HASH_BYTES);
    return APPLY_OK;
}

static enum refusal withdraw_check(const struct cohort *cohort, const struct body *body) {
    if (body->link >= cohort->link_count) {
        return REFUSAL_NO_SUCH_LINK;
    }
    return cohort->links[body->link].withdrawn ? REFUSAL_SAME : REFUSAL_NONE;
}

static enum apply_result withdraw_apply(struct cohort *cohort, const struct event *event) {
    cohort->links[event->body.link].withdrawn = true;
    pair_withdraw(cohort, event->at);
    return APPLY_OK;
}

/* ---- packs ---- */

void cohort_pack_hash(struct span pack, struct span panel, uint8_t out[HASH_BYTES]) {
    digest_two(pack, panel, out);
}

int cohort_pack_of_id(const struct cohort *cohort, struct span id) {
    for (int i = (int)cohort->pack_count - 1; i >= 0; i--) {
        if (span_equal(id, cohort->packs[i].id)) {
            return i;
        }
    }
    return -1;
}

int cohort_pack_of_hash(const struct cohort *cohort, const uint8_t *hash) {
    for (uint32_t i = 0; i < cohort->pack_count; i++) {
        if (memcmp(cohort->packs[i].hash, hash, HASH_BYTES) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static enum refusal offer_check(const struct cohort *cohort, const struct body *body) {
    struct pack_fault fault;
    uint8_t hash[HASH_BYTES];
    cohort_pack_hash(body->pack, body->panel, hash);
    if (cohort_pack_of_hash(cohort, hash) >= 0) {
        return REFUSAL_SAME;
    }
    if (cohort->pack_count == COHORT_PACKS_MAX) {
        return REFUSAL_COHORT_FULL;
    }
    struct pack *pack = pack_read(body->pack, body->panel, &fault);
    if (!pack && fault.no_memory) {
        return REFUSAL_INTERNAL;
    }
    bool good = pack && pack->has_panel;
    pack_unref(pack);
    return good ? REFUSAL_NONE : REFUSAL_BAD_PACK;
}

static char *copy_bytes(struct span span) {
    char *copy = malloc(span.len);
    if (copy) {
        memcpy(copy, span.at, span.len);
    }
    return copy;
}

/* Packs of one prompt know of each other. */
static void join_kin(struct cohort *cohort, struct cohort_pack *added, uint64_t bit) {
    added->kin = bit;
    for (uint32_t i = 0; i < cohort->pack_count; i++) {
        if (strcmp(cohort->packs[i].id, added->id) == 0) {
            cohort->packs[i].kin |= bit;
            added->kin |= UINT64_C(1) << i;
        }
    }
}

static enum apply_result offer_apply(struct cohort *cohort, const struct event *event) {
    const struct body *body = &event->body;
    struct pack_fault fault;
    struct cohort_pack *added = &cohort->packs[cohort->pack_count];
    struct pack *pack = pack_read(body->pack, body->panel, &fault);
    char *public_body = copy_bytes(body->pack);
    char *panel_body = copy_bytes(body->panel);
    if (!pack || !public_body || !panel_body) {
        pack_unref(pack);
        free(public_body);
        free(panel_body);
        return APPLY_NO_MEMORY;
    }
    *added = (struct cohort_pack){.pack = public_body,
                                  .panel = panel_body,
                                  .pack_len = body->pack.len,
                                  .panel_len = body->panel.len};
    memcpy(added->id, pack->id, strlen(pack->id));
    memcpy(added->title, pack->title, strlen(pack->title));
    cohort_pack_hash(body->pack, body->panel, added->hash);
    join_kin(cohort, added, UINT64_C(1) << cohort->pack_count);
    cohort->pack_count++;
    pack_unref(pack);
    return APPLY_OK;
}

/* ---- rooms ---- */

static uint32_t room_place(const struct cohort *cohort, struct span id) {
    return order_place(&cohort->by_id, cohort->room_count, id.at, ROOM_ID_BYTES, cohort->rooms,
                       sizeof *cohort->rooms);
}

int cohort_room_of_id(const struct cohort *cohort, struct span id) {
    if (id.len != ROOM_ID_BYTES || cohort->room_count == 0) {
        return -1;
    }
    uint32_t place = room_place(cohort, id);
    if (place == cohort->room_count) {
        return -1;
    }
    uint32_t index = cohort->by_id.at[place];
    return memcmp(cohort->rooms[index].id, id.at, ROOM_ID_BYTES) == 0 ? (int)index : -1;
}

bool cohort_room_space(struct cohort *cohort) {
    uint32_t need = cohort->room_count + 1;
    return part_grow((void **)&cohort->rooms, &cohort->room_cap, need, sizeof *cohort->rooms) &&
           part_grow((void **)&cohort->by_id.at, &cohort->by_id.cap, need,
                     sizeof *cohort->by_id.at);
}

void cohort_room_add(struct cohort *cohort, struct span id, struct span title, int64_t at) {
    uint32_t place = room_place(cohort, id);
    struct cohort_room *room = &cohort->rooms[cohort->room_count];
    *room = (struct cohort_room){.opened_at = at, .pair = {-1, -1}, .host = -1, .came = true};
    memcpy(room->id, id.at, ROOM_ID_BYTES);
    memcpy(room->title, title.at, title.len);
    order_insert(&cohort->by_id, cohort->room_count, place, cohort->room_count);
    cohort->room_count++;
}

/* The link that the body gives; empty: it is taken away. */
static struct span link_to_call(const struct body *body) {
    return body->has & F(call) ? body->call : (struct span){"", 0};
}

static enum refusal call_check(const struct cohort *cohort, const struct body *body) {
    struct span link = link_to_call(body);
    if (link.len > 0 && !room_call_is_sound(link)) {
        return REFUSAL_BAD_LINK;
    }
    if (cohort->changes >= COHORT_CHANGES_MAX) {
        return REFUSAL_COHORT_FULL;
    }
    return span_equal(link, cohort->call) ? REFUSAL_SAME : REFUSAL_NONE;
}

static enum apply_result call_apply(struct cohort *cohort, const struct event *event) {
    cohort->changes++;
    span_copy(link_to_call(&event->body), cohort->call, sizeof cohort->call);
    return APPLY_OK;
}

static enum refusal room_check(const struct cohort *cohort, const struct body *body) {
    bool hosted = (body->has & F(member)) != 0;
    if (!span_is_id(body->target) || body->text.len > PACK_TITLE_MAX ||
        (hosted && body->member >= cohort->member_count)) {
        return REFUSAL_BAD_FIELD;
    }
    int known = cohort_room_of_id(cohort, body->target);
    if (known >= 0 && hosted) { /* another server was faster, which does not know whose it is */
        return cohort->rooms[known].host < 0 ? REFUSAL_NONE : REFUSAL_SAME;
    }
    if (known >= 0 && cohort->rooms[known].idle) {
        return REFUSAL_NONE; /* somebody has come, or come back */
    }
    if (known >= 0 || cohort_match_of_room(cohort, body->target)) {
        return REFUSAL_SAME;
    }
    /* A match keeps a place for its room. */
    return cohort_has_place(cohort) ? REFUSAL_NONE : REFUSAL_COHORT_FULL;
}

static enum apply_result room_apply_added(struct cohort *cohort, const struct event *event) {
    const struct body *body = &event->body;
    int known = cohort_room_of_id(cohort, body->target);
    if (known < 0 && !cohort_room_space(cohort)) {
        return APPLY_NO_MEMORY;
    }
    bool added = known < 0, hosted = (body->has & F(member)) != 0;
    if (added) {
        known = (int)cohort->room_count;
        cohort_room_add(cohort, body->target, body->text, event->at);
    }
    struct cohort_room *room = &cohort->rooms[known];
    if (added && hosted) { /* listed once somebody comes */
        room->came = false;
        room->idle = true;
    } else if (!hosted) {
        room->returns += room->idle && room->came && cohort_may_return(room);
        room->came = true;
        room->idle = false;
    }
    if (hosted && room->host < 0) {
        room->host = (int32_t)body->member;
        cohort->members[body->member].rooms++;
    }
    return APPLY_OK;
}

static enum refusal ended_check(const struct cohort *cohort, const struct body *body) {
    int room = cohort_room_of_id(cohort, body->target);
    if (room < 0) {
        return REFUSAL_NO_SUCH_ROOM;
    }
    return cohort->rooms[room].ended ? REFUSAL_SAME : REFUSAL_NONE;
}

static enum apply_result ended_apply(struct cohort *cohort, const struct event *event) {
    struct cohort_room *room = &cohort->rooms[cohort_room_of_id(cohort, event->body.target)];
    room->ended = true;
    cohort->rooms_ended++;
    room->idle = false;
    room->ended_at = event->at;
    pair_ended(cohort, event->body.target, event->at);
    return APPLY_OK;
}

static enum refusal idle_check(const struct cohort *cohort, const struct body *body) {
    enum refusal refusal = ended_check(cohort, body);
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    if (cohort->rooms[cohort_room_of_id(cohort, body->target)].idle) {
        return REFUSAL_SAME;
    }
    return cohort_match_of_room(cohort, body->target) ? REFUSAL_STALE : REFUSAL_NONE;
}

static enum apply_result idle_apply(struct cohort *cohort, const struct event *event) {
    cohort->rooms[cohort_room_of_id(cohort, event->body.target)].idle = true;
    return APPLY_OK;
}

bool cohort_has_place(const struct cohort *cohort) {
    /* A match that is open has its room among those. */
    uint32_t open = cohort->room_count - cohort->rooms_ended;
    return open + cohort->match_count < COHORT_ROOMS_MAX;
}

bool cohort_lists(const struct cohort_room *room) {
    return !room->ended && !room->idle;
}

/* ---- dispatch ---- */

static const struct part parts[ACTION_COUNT] = {
    [ACTION_COHORT_OPEN] = {NULL, nothing_to_check, open_apply, 0, false},
    [ACTION_COHORT_LINK] = {link_fill, link_check, link_apply, F(link), false},
    [ACTION_COHORT_WITHDRAW] = {NULL, withdraw_check, withdraw_apply, 0, true},
    [ACTION_COHORT_ENTER] = {enter_fill, enter_check, enter_apply, F(member), false},
    [ACTION_COHORT_ADMIT] = {NULL, admit_check, admit_apply, 0, true},
    [ACTION_COHORT_EVENING] = {NULL, evening_check, evening_apply, 0, false},
    [ACTION_COHORT_COMING] = {NULL, coming_check, coming_apply, 0, false},
    [ACTION_MEMBER_PASS] = {NULL, pass_check, pass_apply, 0, false},
    [ACTION_MEMBER_MOVE] = {NULL, move_check, move_apply, 0, true},
    [ACTION_COHORT_AVOID] = {NULL, avoid_check, avoid_apply, 0, false},
    [ACTION_COHORT_REPORT] = {NULL, report_check, report_apply, 0, false},
    [ACTION_COHORT_CALL] = {NULL, call_check, call_apply, 0, false},
    [ACTION_COHORT_ROOM] = {NULL, room_check, room_apply_added, 0, false},
    [ACTION_COHORT_ENDED] = {NULL, ended_check, ended_apply, 0, true},
    [ACTION_COHORT_IDLE] = {NULL, idle_check, idle_apply, 0, true},
    [ACTION_PACK_OFFER] = {NULL, offer_check, offer_apply, 0, false},
    [ACTION_PAIR_WAIT] = {wait_fill, wait_check, wait_apply, F(session), false},
    [ACTION_PAIR_GONE] = {NULL, gone_check, gone_apply, 0, true},
    [ACTION_PAIR_LEAVE] = {NULL, leave_check, leave_apply, 0, true},
    [ACTION_PAIR_MATCH] = {NULL, match_check, match_apply, 0, false},
    [ACTION_PAIR_OPEN] = {NULL, opened_check, opened_apply, 0, true},
    [ACTION_PAIR_CAME] = {NULL, came_check, came_apply, 0, true},
    [ACTION_PAIR_FREE] = {NULL, free_check, free_apply, 0, true},
};

static bool is_action(enum action act) {
    return (unsigned)act < ACTION_COUNT && parts[act].check;
}

/* A cohort is opened once, by its first event. */
static bool is_its_time(const struct cohort *cohort, enum action act) {
    return (act == ACTION_COHORT_OPEN) == (cohort->pos == 0);
}

enum refusal cohort_decide(const struct cohort *cohort, const struct command *command, int64_t now,
                           struct event *out) {
    memset(out, 0, sizeof *out);
    if (!is_action(command->body.act)) {
        return REFUSAL_UNKNOWN_ACTION;
    }
    if (command->seat != SEAT_SERVER || command->id != 0) {
        return REFUSAL_NOT_ALLOWED;
    }
    const struct action_row *row = action_row(command->body.act);
    const struct part *part = &parts[command->body.act];
    if (!is_its_time(cohort, command->body.act)) {
        return REFUSAL_WRONG_STAGE;
    }
    if (cohort->pos >= (part->needed ? COHORT_EVENTS_LAST : COHORT_EVENTS_MAX)) {
        return REFUSAL_COHORT_FULL;
    }
    struct body body = command->body;
    body.has &= row->required | row->optional;
    if (body.act == ACTION_PAIR_WAIT && body.role == ROLE_NONE) {
        body.has &= ~F(role);
    }
    if (!body_is_sound(&body, row->required & ~part->filled)) {
        return REFUSAL_BAD_FIELD;
    }
    if (part->fill) {
        part->fill(cohort, &body);
    }
    enum refusal refusal = part->check(cohort, &body);
    refusal = refusal == REFUSAL_NONE ? cohort_share_check(cohort, &body) : refusal;
    if (refusal == REFUSAL_NONE) {
        int64_t at = now > cohort->at ? now : cohort->at;
        at = at < 1 ? 1 : at > TIME_MAX_MS ? TIME_MAX_MS : at;
        *out = (struct event){
            .pos = cohort->pos + 1, .at = at, .by = SEAT_SERVER, .made = at, .body = body};
    }
    return refusal;
}

static bool event_is_sound(const struct cohort *cohort, const struct event *event) {
    const struct action_row *row = action_row(event->body.act);
    return event->by == SEAT_SERVER && event->id == 0 && event->at >= 1 &&
           event->at >= cohort->at && event->at <= TIME_MAX_MS &&
           !(event->body.has & ~(row->required | row->optional)) &&
           body_is_sound(&event->body, row->required);
}

enum apply_result cohort_apply(struct cohort *cohort, const struct event *event) {
    if (event->pos <= cohort->pos) {
        return APPLY_STALE;
    }
    if (event->pos != cohort->pos + 1) {
        return APPLY_GAP;
    }
    if (!is_action(event->body.act) || !is_its_time(cohort, event->body.act) ||
        !event_is_sound(cohort, event)) {
        return APPLY_INVALID;
    }
    enum refusal refusal = parts[event->body.act].check(cohort, &event->body);
    if (refusal != REFUSAL_NONE) { /* a check is at fault itself only where memory runs out */
        return refusal == REFUSAL_INTERNAL ? APPLY_NO_MEMORY : APPLY_INVALID;
    }
    enum apply_result result = parts[event->body.act].apply(cohort, event);
    if (result == APPLY_OK) {
        cohort_share_count(cohort, &event->body);
        cohort->pos = event->pos;
        cohort->at = event->at;
    }
    return result;
}
