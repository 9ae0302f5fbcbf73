/* SPDX-License-Identifier: ISC */
/*
 * live.c: one room on a connection of its own: hosting it or joining it.
 *
 * Invariant: while `is_hosting` there is no room yet; the first `hosted` gives it, and from then on
 * a lost connection is resumed like anybody's.
 */
#include "client/feed/live.h"

#include <stdlib.h>
#include <string.h>

#include "certs/random.h"
#include "client/feed/pack_message.h"
#include "client/feed/seat.h"
#include "client/net/moment.h"
#include "protocol/wire/u32.h"

struct feed_live {
    struct feed_seat seat; /* first: the ops get this */
    struct feed_live_options options;
    struct feed_live_hosting hosting;
    struct connection *connection;
    struct event *change;         /* one redraw per loop turn */
    uint32_t drawn;               /* model.revision at the last one */
    struct event *limit;          /* to wait for the end of leaving */
    struct event *again;          /* to ask again what the server had no time for */
    bool is_hosting, leaving, up; /* up: has been, once */
    bool looks;                   /* the server has been asked how long the room is kept */
    bool told;                    /* and its answer has been passed on */
    uint32_t host_id;
};

enum { LEAVING_MAX_S = 5, AGAIN_MAX_MS = 30 * 1000 };

static void on_change(evutil_socket_t fd, short what, void *arg) {
    (void)fd, (void)what;
    struct feed_live *live = arg;
    struct feed *feed = &live->seat.feed;
    if (feed->model.revision == live->drawn) {
        return;
    }
    live->drawn = feed->model.revision;
    if (feed->on_change != NULL) {
        feed->on_change(feed, feed->ctx);
    }
}

/* ---- what the seat needs ---- */

static bool send_for_seat(void *ctx, const struct message *message) {
    return connection_send(((struct feed_live *)ctx)->connection, message);
}

static void on_changed(void *ctx) {
    event_active(((struct feed_live *)ctx)->change, EV_TIMEOUT, 0);
}

static void on_joined(void *ctx, bool first) {
    struct feed_live *live = ctx;
    if (first && live->options.on_joined != NULL) {
        live->options.on_joined(&live->seat.feed, live->options.ctx);
    }
}

static void on_failed(void *ctx, const char *why) {
    connection_refuse(((struct feed_live *)ctx)->connection, why);
}

/* ---- hosting ---- */

static uint32_t put_budgets(const struct feed_live_hosting *hosting,
                            char out[U32_BYTES * PACK_PHASES_MAX]) {
    for (int i = 0; i < hosting->pack->phase_count; i++) {
        u32_put(out + (size_t)i * U32_BYTES, hosting->budgets_ms[i]);
    }
    return (uint32_t)hosting->pack->phase_count * U32_BYTES;
}

static bool send_by_connection(void *ctx, const struct message *message) {
    return connection_send(ctx, message);
}

/* The bodies of a pack that is here. */
static bool begin_bodies(struct feed_live *live, struct pack_message *bodies) {
    if (live->hosting.pack == NULL) {
        *bodies = (struct pack_message){.pack = {0}};
        return true;
    }
    return pack_message_begin(bodies, live->hosting.pack, live->host_id, send_by_connection,
                              live->connection);
}

static void send_host(struct feed_live *live) {
    struct pack_message bodies;
    char budgets[4 * PACK_PHASES_MAX];
    live->host_id++;
    bool sent = begin_bodies(live, &bodies);
    struct message message = {.kind = MESSAGE_HOST,
                              .host = {.secret = span_of(live->seat.invite.secret),
                                       .name = span_of(live->seat.name),
                                       .pack = bodies.pack,
                                       .panel = bodies.panel,
                                       .prompt = span_of(live->hosting.prompt),
                                       .mode = live->hosting.mode,
                                       .plan = live->hosting.plan,
                                       .extra = live->hosting.extra,
                                       .days = live->hosting.days,
                                       .fleeting = live->hosting.fleeting,
                                       .id = live->host_id}};
    if (live->seat.invite.is_cohort) {
        message.host.secret = (struct span){0}; /* the cohort's members need none */
        message.host.cohort = span_of(live->seat.invite.room);
    }
    if (live->hosting.own_budgets) {
        message.host.budgets = (struct span){budgets, put_budgets(&live->hosting, budgets)};
    }
    if (!sent || !connection_send(live->connection, &message)) {
        connection_refuse(live->connection,
                          "The pack does not fit one message; make its texts shorter.");
    }
    pack_message_end(&bodies);
}

/* Hosting in a cohort begins with entering it; by key alone if there is no secret. */
static void send_enter(struct feed_live *live) {
    const struct message message = {.kind = MESSAGE_ENTER,
                                    .enter = {.id = ++live->host_id,
                                              .cohort = span_of(live->seat.invite.room),
                                              .secret = span_of(live->seat.invite.secret),
                                              .name = span_of(live->seat.name),
                                              .keep = live->seat.keep_name}};
    (void)connection_send(live->connection, &message);
}

static void on_hosted(struct feed_live *live, const struct message *message) {
    struct invite *invite = &live->seat.invite;
    struct span secret = message->hosted.interviewer;
    if (!live->is_hosting || message->room.len != ROOM_ID_BYTES) {
        return;
    }
    memcpy(invite->room, message->room.at, ROOM_ID_BYTES);
    memcpy(live->seat.feed.model.room_id, message->room.at, ROOM_ID_BYTES);
    if (!random_secret_valid(secret.at, secret.len)) {
        connection_refuse(
            live->connection,
            "The server sent a link that cannot open anything; update the older side.");
        return;
    }
    live->is_hosting = false;
    invite->is_host = invite->is_cohort = false;
    invite->role = ROLE_INTERVIEWER;
    memcpy(invite->secret, secret.at, RANDOM_SECRET_LENGTH);
    if (feed_seat_add_link(&live->seat, ROLE_CANDIDATE, message->hosted.candidate) &&
        feed_seat_add_link(&live->seat, ROLE_COACH, message->hosted.coach)) {
        feed_seat_join(&live->seat);
    }
}

/* ---- the connection ---- */

static bool is_ours(const struct feed_live *live, const struct message *message) {
    return message->room.len == 0 || (message->room.len == ROOM_ID_BYTES &&
                                      span_equal(message->room, live->seat.invite.room));
}

/* On the way in the server wanted less at once, maybe for what others do at the same address. */
static bool asks_again(struct feed_live *live, const struct message *message) {
    int64_t wait_ms = message->kind == MESSAGE_REFUSED && message->refused.why == REFUSAL_TOO_FAST
                          ? message->refused.wait
                          : 0;
    if (live->seat.in_room || wait_ms <= 0 || wait_ms > AGAIN_MAX_MS) {
        return false;
    }
    struct timeval wait = moment_interval(wait_ms);
    return evtimer_add(live->again, &wait) == 0;
}

static void tell_kept(struct feed_live *live, int64_t days, bool fleeting) {
    const struct kept kept = kept_of(connection_kept_hours(live->connection), days, fleeting);
    live->told = true;
    live->options.on_kept(&kept, live->options.ctx);
}

/* Before the name goes out; who comes back to a seat has been told. True: the answer is awaited. */
static bool looks_first(struct feed_live *live) {
    const struct invite *invite = &live->seat.invite;
    bool comes_back = !live->is_hosting && invite->secret[0] == '\0';
    if (live->told || live->options.on_kept == NULL || comes_back) {
        return false;
    }
    if (live->is_hosting) {
        tell_kept(live, live->hosting.days, live->hosting.fleeting);
        return false;
    }
    const struct message look = {.kind = MESSAGE_JOIN,
                                 .room = span_of(invite->room),
                                 .join = {.secret = span_of(invite->secret), .look = true}};
    live->looks = connection_send(live->connection, &look);
    return live->looks;
}

static void go_in(struct feed_live *live) {
    if (looks_first(live)) {
        return;
    }
    if (live->is_hosting && live->seat.invite.is_cohort) {
        send_enter(live);
    } else if (live->is_hosting) {
        send_host(live);
    } else {
        feed_seat_join(&live->seat);
    }
}

/* What the look comes to. An older server knows no look, and says that the name is missing. */
static bool was_look(struct feed_live *live, const struct message *message) {
    bool older = message->kind == MESSAGE_REFUSED && message->refused.why == REFUSAL_BAD_FIELD;
    if (!live->looks || live->told || !is_ours(live, message) ||
        (message->kind != MESSAGE_TERM && !older)) {
        return false;
    }
    tell_kept(live, older ? 0 : message->term.days, !older && message->term.fleeting);
    go_in(live);
    return true;
}

static void on_message(void *ctx, const struct message *message) {
    struct feed_live *live = ctx;
    if (asks_again(live, message) || was_look(live, message)) {
        return;
    }
    if (message->kind == MESSAGE_HOSTED) {
        on_hosted(live, message);
    } else if (message->kind == MESSAGE_ENTERED && live->is_hosting) {
        send_host(live);
    } else if (message->kind == MESSAGE_LEFT && live->leaving) {
        connection_leave(live->connection);
    } else if (message->kind == MESSAGE_ERROR) {
        feed_seat_error(&live->seat, message->error.why);
    } else if (is_ours(live, message)) {
        feed_seat_message(&live->seat, message);
    }
}

static void on_up(void *ctx) {
    struct feed_live *live = ctx;
    live->up = true;
    go_in(live);
}

static void on_again(evutil_socket_t fd, short what, void *arg) {
    (void)fd, (void)what;
    go_in(arg);
}

static void on_down(void *ctx, int64_t retry_at, const char *why) {
    struct feed_live *live = ctx;
    evtimer_del(live->again);
    feed_seat_down(&live->seat, retry_at, why);
    if (!live->up && !live->options.known && live->options.on_patience != NULL) {
        live->options.on_patience(why, live->options.ctx);
    }
    if (live->leaving) {
        event_active(live->limit, EV_TIMEOUT, 0);
    }
}

static void on_leaving_limit(evutil_socket_t fd, short what, void *arg) {
    (void)fd, (void)what;
    connection_leave(((struct feed_live *)arg)->connection);
}

static void on_over(void *ctx, enum connection_end end, const char *why) {
    struct feed_live *live = ctx;
    feed_seat_over(&live->seat, end == CONNECTION_END_LEFT ? NULL : why);
    if (live->options.on_over != NULL) {
        live->options.on_over(&live->seat.feed, end, why, live->options.ctx);
    }
}

static void on_clock(void *ctx, const struct server_clock_reading *reading, int64_t rate) {
    feed_seat_clock(&((struct feed_live *)ctx)->seat, reading, rate);
}

static bool watches(void *ctx) {
    return ((struct feed_live *)ctx)->seat.feed.model.room.stage == STAGE_RUNNING;
}

static int64_t shown(void *ctx) {
    return ((struct feed_live *)ctx)->seat.feed.model.room.at;
}

/* ---- life ---- */

static void live_free(struct feed *feed) {
    struct feed_live *live = (struct feed_live *)feed;
    connection_free(live->connection);
    if (live->change != NULL) {
        event_free(live->change);
    }
    if (live->limit != NULL) {
        event_free(live->limit);
    }
    if (live->again != NULL) {
        event_free(live->again);
    }
    pack_unref(live->hosting.pack);
    feed_seat_free(&live->seat);
    free(live);
}

static const struct feed_ops live_ops = {.send = feed_seat_send,
                                         .invite = feed_seat_invite,
                                         .device = feed_seat_device,
                                         .board = feed_seat_board,
                                         .swap = feed_seat_swap,
                                         .free = live_free};

struct feed *feed_live_new(const struct feed_live_options *options) {
    struct feed_live *live = calloc(1, sizeof *live);
    if (live == NULL) {
        return NULL;
    }
    const struct feed_seat_owner owner = {.ctx = live,
                                          .send = send_for_seat,
                                          .changed = on_changed,
                                          .joined = on_joined,
                                          .failed = on_failed};
    feed_seat_init(&live->seat, &live_ops, options->invite, options->name, &owner);
    live->seat.keep_name = options->keep_name;
    live->options = *options;
    if (options->hosting != NULL) {
        live->is_hosting = true;
        live->hosting = *options->hosting;
        live->hosting.pack = live->hosting.pack ? pack_ref(live->hosting.pack) : NULL;
    }
    live->change = evtimer_new(options->base, on_change, live);
    live->limit = evtimer_new(options->base, on_leaving_limit, live);
    live->again = evtimer_new(options->base, on_again, live);
    struct connection_config config = {.base = options->base,
                                       .server = options->invite,
                                       .context = options->context,
                                       .known = options->known,
                                       .patience_ms = options->patience_ms,
                                       .handler = {.ctx = live,
                                                   .up = on_up,
                                                   .down = on_down,
                                                   .over = on_over,
                                                   .message = on_message,
                                                   .clock = on_clock,
                                                   .watches = watches,
                                                   .shown = shown}};
    live->connection = live->change == NULL || live->limit == NULL || live->again == NULL
                           ? NULL
                           : connection_new(&config);
    if (live->connection == NULL) {
        live_free(&live->seat.feed);
        return NULL;
    }
    return &live->seat.feed;
}

void feed_live_leave(struct feed *feed) {
    struct feed_live *live = (struct feed_live *)feed;
    const struct timeval limit = {.tv_sec = LEAVING_MAX_S};
    if (live->leaving) {
        return;
    }
    live->leaving = true;
    if (feed->voice.devices > 0) { /* who goes takes the voice along */
        (void)feed_seat_device(feed, true);
    }
    if (feed_seat_leave(&live->seat)) {
        event_add(live->limit, &limit);
    } else {
        connection_leave(live->connection);
    }
}

const struct invite *feed_live_invite(const struct feed *feed) {
    return &((const struct feed_live *)feed)->seat.invite;
}
