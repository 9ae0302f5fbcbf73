/* SPDX-License-Identifier: ISC */
/*
 * pair.c: entering, offering prompts, waiting, and the match, over a connection of its own.
 *
 * Invariants: after each connection the same steps are taken again from the start (enter, offer,
 * pair), and each can be taken twice without harm; `wanted` alone says whether to wait.
 */
#include "client/feed/pair.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certs/random.h"
#include "client/feed/pack_message.h"
#include "client/net/moment.h"
#include "protocol/wire/mp.h"

enum { AGAIN_MAX_MS = 30 * 1000 };

struct pair {
    struct pair_options options;
    struct pair_state state;
    struct invite invite;
    char secret[RANDOM_SECRET_LENGTH + 1];
    struct connection *connection;
    struct event *again; /* to enter again where the server had no time */
    bool up;             /* has been, once */
    bool wanted;
    bool entered; /* on this connection */
    bool leaving;
    uint32_t last_id; /* of what was sent */
    uint32_t enter_id, offer_id, pair_id, avoid_id;
    int offered; /* the pack that offer_id is about */
    int known;   /* how many packs the cohort has, as far as was heard */
};

static void changed(struct pair *pair) {
    pair->state.revision++;
    if (pair->options.on_change != NULL) {
        pair->options.on_change(pair->options.ctx);
    }
}

__attribute__((format(printf, 3, 4))) static void say(struct pair *pair, bool bad,
                                                      const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(pair->state.message, sizeof pair->state.message, format, args);
    va_end(args);
    pair->state.message_bad = bad;
}

/* ---- sending ---- */

static void send_enter(struct pair *pair) {
    pair->enter_id = ++pair->last_id;
    const struct message message = {.kind = MESSAGE_ENTER,
                                    .enter = {.id = pair->enter_id,
                                              .cohort = span_of(pair->invite.room),
                                              .secret = span_of(pair->secret),
                                              .name = span_of(pair->state.name),
                                              .keep = pair->options.keep_name}};
    pair->state.at = PAIR_ENTERING;
    (void)connection_send(pair->connection, &message);
}

static int64_t pack_mask(const struct pair *pair) {
    const struct pair_state *state = &pair->state;
    int64_t mask = state->wants.any_pack ? (INT64_C(1) << pair->known) - 1 : 0;
    for (int i = 0; i < state->pack_count; i++) {
        if (state->packs[i].chosen && state->packs[i].index >= 0) {
            mask |= INT64_C(1) << state->packs[i].index;
        }
    }
    return mask;
}

static void send_pair(struct pair *pair) {
    const struct pair_wants *wants = &pair->state.wants;
    int64_t mask = pack_mask(pair);
    if (mask == 0) {
        pair->state.at = PAIR_IDLE;
        pair->wanted = false;
        say(pair, true, "The server took none of the prompts; choose others.");
        changed(pair);
        return;
    }
    pair->pair_id = ++pair->last_id;
    const struct message message = {.kind = MESSAGE_PAIR,
                                    .pair = {.id = pair->pair_id,
                                             .cohort = span_of(pair->invite.room),
                                             .role = wants->role,
                                             .level = wants->level,
                                             .minutes = wants->minutes,
                                             .extra = wants->extra,
                                             .packs = mask,
                                             .match = span_of(pair->state.room),
                                             .wait = wants->wait_ms}};
    (void)connection_send(pair->connection, &message);
}

static void send_unpair(struct pair *pair) {
    const struct message message = {
        .kind = MESSAGE_UNPAIR,
        .unpair = {.id = ++pair->last_id, .cohort = span_of(pair->invite.room)}};
    (void)connection_send(pair->connection, &message);
}

static bool send_by_connection(void *ctx, const struct message *message) {
    return connection_send(ctx, message);
}

/* False: out of memory, or the line is cut. */
static bool send_offer(struct pair *pair, int index) {
    struct pack_message bodies;
    pair->offer_id = ++pair->last_id;
    pair->offered = index;
    bool sent = pack_message_begin(&bodies, pair->state.packs[index].pack, pair->offer_id,
                                   send_by_connection, pair->connection);
    const struct message message = {.kind = MESSAGE_OFFER,
                                    .offer = {.id = pair->offer_id,
                                              .cohort = span_of(pair->invite.room),
                                              .pack = bodies.pack,
                                              .panel = bodies.panel}};
    sent = sent && connection_send(pair->connection, &message);
    pack_message_end(&bodies);
    return sent;
}

/* Offers the next prompt that the cohort lacks; after the last one, waits. */
static void go_on(struct pair *pair) {
    struct pair_state *state = &pair->state;
    pair->offer_id = 0;
    for (int i = 0; i < state->pack_count; i++) {
        bool wanted = state->wants.any_pack || state->packs[i].chosen;
        if (!wanted || state->packs[i].index != PAIR_NOT_OFFERED) {
            continue;
        }
        if (send_offer(pair, i)) {
            return;
        }
        state->packs[i].index = PAIR_DECLINED;
    }
    if (pair->wanted) {
        send_pair(pair);
    } else {
        state->at = PAIR_IDLE;
    }
    changed(pair);
}

/* ---- messages ---- */

static void on_entered(struct pair *pair, const struct message *message) {
    struct pair_state *state = &pair->state;
    const char *packs = message->entered.packs.at;
    uint32_t known = message->entered.packs.len / HASH_BYTES;
    pair->entered = true;
    pair->known = known < COHORT_PACKS_MAX ? (int)known : COHORT_PACKS_MAX;
    pair->invite.role = (enum role)message->entered.role;
    span_copy(message->entered.name, state->cohort, sizeof state->cohort);
    span_copy(message->entered.call, state->call, sizeof state->call);
    for (int i = 0; i < state->pack_count; i++) {
        struct pair_pack *pack = &state->packs[i];
        pack->index = pack->index == PAIR_DECLINED ? PAIR_DECLINED : PAIR_NOT_OFFERED;
        for (int k = 0; k < pair->known; k++) {
            if (memcmp(packs + (size_t)k * HASH_BYTES, pack->hash, HASH_BYTES) == 0) {
                pack->index = k;
            }
        }
    }
    if (pair->options.on_entered != NULL) {
        pair->options.on_entered(pair->options.ctx);
    }
    go_on(pair);
}

static void on_end(struct pair *pair, const struct message *message) {
    if (pair->avoid_id != 0 && message->end.id == pair->avoid_id) {
        pair->avoid_id = 0;
        say(pair, false, "You are not paired with %s again. Nobody is told.",
            pair->state.last_partner);
        pair->state.last_room[0] = '\0';
        changed(pair);
        return;
    }
    if (pair->offer_id == 0 || message->end.id != pair->offer_id) {
        return;
    }
    int index = message->end.count < COHORT_PACKS_MAX ? (int)message->end.count : PAIR_DECLINED;
    pair->state.packs[pair->offered].index = index;
    pair->known = index >= pair->known ? index + 1 : pair->known;
    go_on(pair);
}

static void on_planned(struct pair *pair, const struct message *message) {
    struct pair_evening *evening = &pair->state.evening;
    evening->start = message->planned.start;
    evening->minutes = message->planned.minutes;
    evening->coming = message->planned.coming;
    evening->mine = (enum cohort_coming)message->planned.mine;
    span_copy(message->planned.text, evening->text, sizeof evening->text);
    span_copy(message->planned.names, evening->names, sizeof evening->names);
    span_copy(message->planned.missing, evening->missing, sizeof evening->missing);
    if (pair->options.on_evening != NULL) {
        pair->options.on_evening(pair->options.ctx);
    }
    changed(pair);
}

static void take_queue(struct pair *pair, const struct message *message) {
    struct pair_state *state = &pair->state;
    struct span wants = message->queue.wants;
    state->place = message->queue.place;
    state->count = message->queue.count;
    state->why = (enum lobby_why)message->queue.why;
    span_copy(message->queue.names, state->names, sizeof state->names);
    state->wants_count = wants.len / U32_BYTES;
    for (uint32_t i = 0; i < state->wants_count; i++) {
        state->wants_of[i] = lobby_wants_read(wants.at + (size_t)i * U32_BYTES);
    }
    span_copy(message->queue.last, state->last, sizeof state->last);
    state->advice = (struct lobby_advice){.change = (enum lobby_change)message->queue.change,
                                          .to = (uint16_t)message->queue.to,
                                          .more = (uint32_t)message->queue.more};
}

/* Who takes any prompt means those that were offered since, too. */
static void take_new_packs(struct pair *pair) {
    const struct lobby_advice *advice = &pair->state.advice;
    if (advice->change == LOBBY_CHANGE_PACKS && pair->state.wants.any_pack && pair->wanted &&
        advice->to > pair->known && advice->to <= COHORT_PACKS_MAX) {
        pair->known = advice->to;
        send_pair(pair);
    }
}

static void on_queue(struct pair *pair, const struct message *message) {
    struct pair_state *state = &pair->state;
    take_queue(pair, message);
    if (state->place > 0) {
        state->at = PAIR_WAITING;
        state->room[0] = '\0';
        take_new_packs(pair);
        if (state->why == LOBBY_WHY_PARTNER) {
            say(pair, false, "%s", pair_why(state->why));
        }
    } else if (state->why == LOBBY_WHY_MET) {
        pair->wanted = false;
        state->at = PAIR_MATCHED;
    } else if (state->at == PAIR_WAITING || state->at == PAIR_MATCHED ||
               state->why != LOBBY_WHY_NONE) {
        bool lost = pair->wanted && state->why != LOBBY_WHY_NONE;
        state->at = state->at == PAIR_MATCHED && !lost ? PAIR_MATCHED : PAIR_IDLE;
        pair->wanted = pair->wanted && !lost;
        if (state->at == PAIR_IDLE) {
            state->since = -1;
            say(pair, lost, "%s", pair_why(state->why));
        }
    }
    if (pair->options.on_queue != NULL) {
        pair->options.on_queue(pair->options.ctx);
    }
    changed(pair);
}

static void on_matched(struct pair *pair, const struct message *message) {
    struct pair_state *state = &pair->state;
    if (!pair->wanted || message->room.len != ROOM_ID_BYTES) {
        return;
    }
    state->at = PAIR_MATCHED;
    state->role = (enum role)message->matched.role;
    span_copy(message->room, state->room, sizeof state->room);
    span_copy(message->matched.name, state->partner, sizeof state->partner);
    span_copy(message->matched.title, state->title, sizeof state->title);
    memcpy(state->last_room, state->room, sizeof state->last_room);
    memcpy(state->last_partner, state->partner, sizeof state->last_partner);
    state->extra = (int)message->matched.extra;
    if (state->extra > 0) {
        say(pair, false, "A partner was found; the interview has %d %% more time.", state->extra);
    } else {
        say(pair, false, "A partner was found.");
    }
    if (pair->options.on_matched != NULL) {
        pair->options.on_matched(pair->options.ctx);
    }
    changed(pair);
}

/* out: of the cohort or the queue as such, and no answer to anything that was asked. */
static void on_refused(struct pair *pair, int64_t id, enum refusal why, bool out) {
    struct pair_state *state = &pair->state;
    bool over = why == REFUSAL_WITHDRAWN || why == REFUSAL_SUSPENDED || why == REFUSAL_MEMBER_MOVED;
    if (over || out || id == pair->enter_id || !pair->entered) {
        connection_refuse(pair->connection, refusal_sentence(why));
        return;
    }
    if (pair->offer_id != 0 && id == pair->offer_id) {
        state->packs[pair->offered].index = PAIR_DECLINED;
        say(pair, true, "\"%s\" was not taken: %s", state->packs[pair->offered].pack->title,
            refusal_sentence(why));
        go_on(pair);
    } else if (pair->avoid_id != 0 && id == pair->avoid_id) {
        pair->avoid_id = 0;
        say(pair, true, "%s", refusal_sentence(why));
        changed(pair);
        return;
    } else if (id == pair->pair_id && why != REFUSAL_SAME) {
        pair->wanted = false;
        state->at = PAIR_IDLE;
        state->since = -1;
        say(pair, true, "%s", refusal_sentence(why));
    } else {
        return;
    }
    if (pair->options.on_refused != NULL) {
        pair->options.on_refused(pair->options.ctx, why);
    }
    changed(pair);
}

static bool is_ours(const struct pair *pair, struct span cohort) {
    return cohort.len == 0 || span_equal(cohort, pair->invite.room);
}

/* Maybe for what others do at the same address. */
static bool enters_again(struct pair *pair, const struct message *message) {
    bool soon = message->refused.wait > 0 && message->refused.wait <= AGAIN_MAX_MS;
    if (pair->entered || message->refused.why != REFUSAL_TOO_FAST || !soon) {
        return false;
    }
    struct timeval wait = moment_interval(message->refused.wait);
    return evtimer_add(pair->again, &wait) == 0;
}

static void on_again(evutil_socket_t fd, short what, void *ctx) {
    (void)fd, (void)what;
    send_enter(ctx);
}

static void on_message(void *ctx, const struct message *message) {
    struct pair *pair = ctx;
    pair->state.heard_at = moment_ms();
    switch (message->kind) {
    case MESSAGE_ENTERED:
        if (is_ours(pair, message->entered.cohort)) {
            on_entered(pair, message);
        }
        break;
    case MESSAGE_CALLED: /* of the one cohort that this connection has entered */
        span_copy(message->called.call, pair->state.call, sizeof pair->state.call);
        changed(pair);
        break;
    case MESSAGE_END: on_end(pair, message); break;
    case MESSAGE_QUEUE:
        if (is_ours(pair, message->queue.cohort)) {
            on_queue(pair, message);
        }
        break;
    case MESSAGE_PLANNED:
        if (is_ours(pair, message->planned.cohort)) {
            on_planned(pair, message);
        }
        break;
    case MESSAGE_MATCHED:
        if (is_ours(pair, message->matched.cohort)) {
            on_matched(pair, message);
        }
        break;
    case MESSAGE_REFUSED:
        if (is_ours(pair, message->refused.cohort) && !enters_again(pair, message)) {
            bool out = message->refused.id == 0 && message->refused.cohort.len > 0;
            on_refused(pair, message->refused.id, message->refused.why, out);
        }
        break;
    case MESSAGE_ERROR: on_refused(pair, 0, message->error.why, false); break;
    default: break;
    }
}

/* ---- the connection ---- */

static void on_up(void *ctx) {
    struct pair *pair = ctx;
    pair->up = true;
    pair->state.heard_at = moment_ms();
    if (pair->state.cut_off) {
        pair->state.cut_off = false;
        say(pair, false, "Connected again; your place was kept.");
    }
    if (pair->options.on_kept != NULL) {
        const struct kept kept = kept_of(connection_kept_hours(pair->connection), 0, false);
        pair->options.on_kept(&kept, pair->options.ctx);
    }
    send_enter(pair);
    changed(pair);
}

static void on_down(void *ctx, int64_t retry_at, const char *why) {
    struct pair *pair = ctx;
    pair->entered = false;
    evtimer_del(pair->again);
    pair->offer_id = 0;
    pair->state.cut_off = pair->up;
    pair->state.retry_at = retry_at;
    say(pair, true, "%s", why);
    if (!pair->up && pair->options.on_patience != NULL) {
        pair->options.on_patience(why, pair->options.ctx);
    }
    changed(pair);
}

static void on_over(void *ctx, enum connection_end end, const char *why) {
    struct pair *pair = ctx;
    pair->entered = false;
    pair->state.at = PAIR_ENDED;
    if (end != CONNECTION_END_LEFT) {
        say(pair, true, "%s", why);
    }
    changed(pair);
    if (pair->options.on_over != NULL) {
        pair->options.on_over(pair->options.ctx, end, why);
    }
}

static void on_clock(void *ctx, const struct server_clock_reading *reading, int64_t rate) {
    (void)reading;
    struct pair *pair = ctx;
    pair->state.heard_at = moment_ms();
    pair->state.rate = rate;
    changed(pair);
}

/* ---- for the owner ---- */

static bool hash_pack(struct pair_pack *pack) {
    struct mp_writer public_body;
    struct mp_writer panel_body;
    mp_writer_init(&public_body);
    mp_writer_init(&panel_body);
    pack_write_public(&public_body, pack->pack);
    pack_write_panel(&panel_body, pack->pack);
    bool good = !public_body.failed && !panel_body.failed;
    if (good) {
        cohort_pack_hash((struct span){public_body.data, (uint32_t)public_body.len},
                         (struct span){panel_body.data, (uint32_t)panel_body.len}, pack->hash);
    }
    mp_writer_free(&public_body);
    mp_writer_free(&panel_body);
    return good;
}

static bool take_packs(struct pair *pair) {
    struct pair_state *state = &pair->state;
    bool good = true;
    for (int i = 0; i < pair->options.pack_count && i < COHORT_PACKS_MAX; i++) {
        struct pair_pack *pack = &state->packs[state->pack_count++];
        *pack = (struct pair_pack){.pack = pack_ref(pair->options.packs[i]),
                                   .index = PAIR_NOT_OFFERED,
                                   .chosen = !state->wants.any_pack};
        good = hash_pack(pack) && good;
    }
    return good;
}

struct pair *pair_new(const struct pair_options *options) {
    struct pair *pair = calloc(1, sizeof *pair);
    if (pair == NULL) {
        return NULL;
    }
    pair->options = *options;
    pair->invite = *options->invite;
    memcpy(pair->secret, pair->invite.secret, sizeof pair->secret);
    pair->invite.secret[0] = '\0';
    if (pair->invite.is_host) {
        pair->invite.is_host = false;
        pair->invite.is_cohort = true;
        snprintf(pair->invite.room, sizeof pair->invite.room, "%s", LOBBY_COHORT);
    }
    pair->state.wants = *options->wants;
    pair->state.since = -1;
    pair->state.rate = 1;
    snprintf(pair->state.name, sizeof pair->state.name, "%s", options->name);
    struct connection_config config = {.base = options->base,
                                       .server = options->invite,
                                       .context = options->context,
                                       .patience_ms = options->patience_ms,
                                       .handler = {.ctx = pair,
                                                   .up = on_up,
                                                   .down = on_down,
                                                   .over = on_over,
                                                   .message = on_message,
                                                   .clock = on_clock}};
    pair->again = evtimer_new(options->base, on_again, pair);
    pair->connection = take_packs(pair) && pair->again != NULL ? connection_new(&config) : NULL;
    if (pair->connection == NULL) {
        pair_free(pair);
        return NULL;
    }
    return pair;
}

const struct pair_state *pair_state(const struct pair *pair) {
    return &pair->state;
}

const struct invite *pair_invite(const struct pair *pair) {
    return &pair->invite;
}

void pair_want(struct pair *pair, const struct pair_wants *wants, uint64_t chosen) {
    struct pair_state *state = &pair->state;
    bool fresh = !pair->wanted;
    state->wants = *wants;
    for (int i = 0; i < state->pack_count; i++) {
        state->packs[i].chosen = !wants->any_pack && (chosen >> i & 1) != 0;
    }
    pair->wanted = true;
    if (fresh) {
        state->since = moment_ms();
        state->why = LOBBY_WHY_NONE;
        state->room[0] = '\0';
    }
    state->message[0] = '\0';
    if (pair->entered && pair->offer_id == 0 && state->at != PAIR_MATCHED) {
        go_on(pair);
    }
    changed(pair);
}

void pair_avoid(struct pair *pair) {
    if (!pair->entered || pair->state.last_room[0] == '\0') {
        say(pair, true, "Not while the connection is away; press n again later.");
        changed(pair);
        return;
    }
    pair->avoid_id = ++pair->last_id;
    const struct message message = {
        .kind = MESSAGE_AVOID,
        .room = span_of(pair->state.last_room),
        .avoid = {.id = pair->avoid_id, .cohort = span_of(pair->invite.room), .on = 1}};
    (void)connection_send(pair->connection, &message);
}

void pair_unwant(struct pair *pair) {
    pair->wanted = false;
    if (pair->entered) {
        send_unpair(pair);
    }
    changed(pair);
}

void pair_coming(struct pair *pair, bool on) {
    const struct message message = {.kind = MESSAGE_COMING,
                                    .coming = {.id = ++pair->last_id,
                                               .cohort = span_of(pair->invite.room),
                                               .start = pair->state.evening.start,
                                               .on = on}};
    if (pair->state.evening.start == 0) {
        say(pair, false, "No evening is set; a coach sets the next one.");
    } else if (!pair->entered || !connection_send(pair->connection, &message)) {
        say(pair, true, "That can be said only while connected; try again.");
    }
    changed(pair);
}

void pair_settle(struct pair *pair) {
    pair->wanted = false;
    pair->leaving = true;
    connection_leave(pair->connection);
}

void pair_leave(struct pair *pair) {
    if (pair->leaving) {
        return;
    }
    pair->leaving = true;
    if (pair->wanted && pair->entered) {
        send_unpair(pair);
    }
    pair->wanted = false;
    connection_leave(pair->connection);
}

void pair_free(struct pair *pair) {
    if (pair == NULL) {
        return;
    }
    connection_free(pair->connection);
    if (pair->again != NULL) {
        event_free(pair->again);
    }
    for (int i = 0; i < pair->state.pack_count; i++) {
        pack_unref(pair->state.packs[i].pack);
    }
    free(pair);
}
