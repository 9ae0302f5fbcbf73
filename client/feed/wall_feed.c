/* SPDX-License-Identifier: ISC */
/*
 * wall_feed.c: connections, the rooms on them, and which link brought what.
 *
 * Invariants: a room is freed only by wall_feed_refresh, never inside a callback of its connection;
 * a link of the command line is answered once (joined, refused or its server lost for good), and
 * counted in `waiting` until then.
 */
#include "client/feed/wall_feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/feed/wall_told.h"
#include "client/net/moment.h"
#include "protocol/text/text.h"

struct wall_server {
    struct wall_feed *feed;
    struct invite at; /* address and pin */
    struct connection *connection;
    bool up, over;
    bool was_up; /* once */
    bool has_clock;
    struct server_clock_reading reading;
    int64_t rate;
    int64_t heard_at;       /* monotonic ms */
    char why[WALL_WHY_MAX]; /* while it is not connected */
};

struct wall_link {
    struct invite invite; /* of a room or a cohort */
    struct wall_server *server;
    bool answered, failed;
    bool entered; /* a cohort's: the key is known there, and needs no secret */
};

struct wall_feed {
    struct wall_feed_options options;
    char name[NAME_MAX_BYTES + 1];
    struct wall wall;
    struct wall_server servers[WALL_LINKS_MAX];
    struct wall_link links[WALL_LINKS_MAX];
    uint32_t server_count, link_count, waiting;
    struct event *change; /* one call of `changed` per loop turn */
    uint32_t last_id;     /* of a question */
    bool leaving;
};

static void changed(struct wall_feed *feed) {
    event_active(feed->change, EV_TIMEOUT, 0);
}

/* A room that is open on a screen of its own hears of its own changes only. */
static void on_change(evutil_socket_t fd, short what, void *arg) {
    (void)fd, (void)what;
    struct wall_feed *feed = arg;
    for (uint32_t i = 0; i < feed->wall.count; i++) {
        struct wall_room *room = feed->wall.rooms[i];
        struct feed *own = &room->seat.feed;
        if (own->on_change != NULL && room->told != own->model.revision) {
            room->told = own->model.revision;
            own->on_change(own, own->ctx);
        }
    }
    feed->options.changed(feed->options.ctx);
}

/* ---- which links have been answered ---- */

static void answer(struct wall_link *link) {
    struct wall_feed *feed = link->server->feed;
    if (!link->answered) {
        link->answered = true;
        if (--feed->waiting == 0) {
            feed->options.ready(feed->options.ctx);
        }
    }
}

static void fail_link(struct wall_link *link, enum connection_end end, const char *why) {
    struct wall_feed *feed = link->server->feed;
    if (!link->failed) {
        link->failed = true;
        feed->options.failed(feed->options.ctx, &link->invite, end, why);
        answer(link);
    }
}

static struct wall_link *link_of_room(struct wall_feed *feed, const struct wall_room *room) {
    for (uint32_t i = 0; i < feed->link_count; i++) {
        struct wall_link *link = &feed->links[i];
        if (link->server == room->server && !link->invite.is_cohort &&
            strcmp(link->invite.room, room->seat.invite.room) == 0) {
            return link;
        }
    }
    return NULL;
}

/* ---- rooms ---- */

static bool send_for_room(void *ctx, const struct message *message) {
    struct wall_room *room = ctx;
    return connection_send(((struct wall_server *)room->server)->connection, message);
}

void wall_feed_watch(struct wall_room *room) {
    struct model *model = &room->seat.feed.model;
    const struct room *state = &model->room;
    bool seated = model->role == ROLE_COACH && model->seat < state->seat_count &&
                  model->connection == CONNECTION_LIVE && state->pos >= model->joined_n;
    bool lives = state->rules >= 2 && state->stage >= STAGE_WAITING && state->stage < STAGE_CLOSED;
    uint32_t session = seated ? state->seats[model->seat].session : 0;
    bool wanted = !room->open;
    if (!seated || !lives || state->seats[model->seat].watching == wanted ||
        (room->watched_in == session && room->watched == wanted)) {
        return;
    }
    room->watched = wanted;
    room->watched_in = session;
    const struct body body = {.act = ACTION_SEAT_WATCH, .has = F(on), .on = wanted};
    (void)room->seat.feed.ops->send(&room->seat.feed, &body);
}

static void on_room_changed(void *ctx) {
    struct wall_room *room = ctx;
    wall_feed_watch(room);
    changed(((struct wall_server *)room->server)->feed);
}

static void on_room_joined(void *ctx, bool first) {
    struct wall_room *room = ctx;
    struct wall_feed *feed = ((struct wall_server *)room->server)->feed;
    struct wall_link *link = link_of_room(feed, room);
    if (first && feed->options.came != NULL) {
        feed->options.came(feed->options.ctx, room);
    }
    if (link != NULL) {
        answer(link);
    }
}

/* A listed room that never opened has ended, or is not this coach's: it just goes. One that was
 * taken away, as the coach sits elsewhere now, stays and says so. */
static void on_room_failed(void *ctx, const char *why) {
    struct wall_room *room = ctx;
    struct wall_feed *feed = ((struct wall_server *)room->server)->feed;
    struct wall_link *link = link_of_room(feed, room);
    snprintf(room->why, sizeof room->why, "%s", why);
    feed_seat_over(&room->seat, why);
    room->ended = room->listed && !room->seat.joined_ever;
    if (feed->options.went != NULL) {
        feed->options.went(feed->options.ctx, room, why);
    }
    if (link != NULL) {
        fail_link(link, CONNECTION_END_REFUSED, why);
    }
}

static void no_free(struct feed *feed) {
    (void)feed; /* the wall's */
}

static const struct feed_ops room_ops = {
    .send = feed_seat_send, .invite = feed_seat_invite, .board = feed_seat_board, .free = no_free};

static struct wall_room *add_room(struct wall_server *server, const struct invite *invite) {
    struct wall_room *room = wall_add(&server->feed->wall);
    if (room == NULL) {
        return NULL;
    }
    const struct feed_seat_owner owner = {.ctx = room,
                                          .send = send_for_room,
                                          .changed = on_room_changed,
                                          .joined = on_room_joined,
                                          .failed = on_room_failed};
    feed_seat_init(&room->seat, &room_ops, invite, server->feed->name, &owner);
    room->seat.keep_name = server->feed->options.keep_name;
    room->server = server;
    if (server->has_clock) {
        feed_seat_clock(&room->seat, &server->reading, server->rate);
    }
    return room;
}

/* ---- a connection ---- */

static void each_room(struct wall_server *server, void (*act)(struct wall_room *room)) {
    struct wall *wall = &server->feed->wall;
    for (uint32_t i = 0; i < wall->count; i++) {
        if (wall->rooms[i]->server == server && !wall->rooms[i]->seat.over) {
            act(wall->rooms[i]);
        }
    }
}

static void join_room(struct wall_room *room) {
    feed_seat_join(&room->seat);
}

static void leave_room(struct wall_room *room) {
    (void)feed_seat_leave(&room->seat);
}

/* ---- cohorts ---- */

static void enter(struct wall_link *link) {
    struct wall_feed *feed = link->server->feed;
    struct message message = {.kind = MESSAGE_ENTER,
                              .enter = {.cohort = span_of(link->invite.room),
                                        .name = span_of(feed->name),
                                        .keep = feed->options.keep_name,
                                        .id = ++feed->last_id}};
    if (!link->entered) {
        message.enter.secret = span_of(link->invite.secret);
    }
    (void)connection_send(link->server->connection, &message);
}

static struct wall_link *link_of_cohort(struct wall_server *server, struct span cohort) {
    for (uint32_t i = 0; i < server->feed->link_count; i++) {
        struct wall_link *link = &server->feed->links[i];
        if (link->server == server && link->invite.is_cohort && !link->failed &&
            span_equal(cohort, link->invite.room)) {
            return link;
        }
    }
    return NULL;
}

static void on_entered(struct wall_link *link, const struct message *message) {
    struct wall_feed *feed = link->server->feed;
    bool first = !link->entered;
    link->entered = true;
    if (message->entered.role == ROLE_COACH) {
        char name[NAME_MAX_BYTES + 1];
        span_copy(message->entered.name, name, sizeof name);
        if (first && feed->options.entered != NULL) {
            feed->options.entered(feed->options.ctx, &link->invite, name);
        }
        answer(link);
    } else {
        fail_link(link, CONNECTION_END_REFUSED, refusal_sentence(REFUSAL_NOT_A_COACH));
    }
}

/* The room has gone from its cohort, or is of no use any more. */
static void drop_room(struct wall_room *room) {
    (void)feed_seat_leave(&room->seat);
    room->ended = true;
    changed(((struct wall_server *)room->server)->feed);
}

static void on_listed(struct wall_link *link, const struct message *message) {
    struct wall_server *server = link->server;
    struct wall_room *room = wall_find(&server->feed->wall, server, message->room);
    if (message->listed.ended) {
        if (room != NULL && room->listed) {
            drop_room(room);
        }
    } else if (room == NULL && message->room.len == ROOM_ID_BYTES) {
        struct invite invite = link->invite;
        invite.is_cohort = false;
        invite.secret[0] = '\0'; /* the key opens it: its owner is a coach of the cohort */
        memcpy(invite.room, message->room.at, ROOM_ID_BYTES);
        room = add_room(server, &invite);
        if (room != NULL) {
            room->listed = true;
            feed_seat_join(&room->seat);
        }
    } else if (room != NULL && room->listed && room->ended && !room->seat.over) {
        room->ended = false; /* somebody came back to it */
        feed_seat_join(&room->seat);
    }
}

/* Withdrawn, or refused at the door: with it go the rooms that it brought. */
static void on_cohort_refused(struct wall_link *link, enum refusal why) {
    struct wall *wall = &link->server->feed->wall;
    fail_link(link, CONNECTION_END_REFUSED, refusal_sentence(why));
    for (uint32_t i = 0; i < wall->count; i++) {
        const struct room *state = &wall->rooms[i]->seat.feed.model.room;
        if (wall->rooms[i]->listed && strcmp(state->cohort, link->invite.room) == 0) {
            drop_room(wall->rooms[i]);
        }
    }
}

static void tell(struct wall_feed *feed, const struct message *message) {
    char sentence[WALL_TOLD_SIZE];
    wall_told_words(message, sentence);
    if (feed->options.told != NULL) {
        feed->options.told(feed->options.ctx, sentence);
    }
}

/* True if the message was about a cohort. */
static bool on_cohort_message(struct wall_server *server, const struct message *message) {
    struct span cohort = {0};
    if (message->kind == MESSAGE_REFUSED && message->room.len > 0) {
        return false; /* the room's own concern */
    }
    switch (message->kind) {
    case MESSAGE_ENTERED: cohort = message->entered.cohort; break;
    case MESSAGE_LISTED: cohort = message->listed.cohort; break;
    case MESSAGE_REFUSED: cohort = message->refused.cohort; break;
    case MESSAGE_CALLED:
    case MESSAGE_ASKED:
    case MESSAGE_REPORTED: tell(server->feed, message); return true;
    default: return false;
    }
    struct wall_link *link = cohort.len > 0 ? link_of_cohort(server, cohort) : NULL;
    if (link == NULL) {
        return cohort.len > 0;
    }
    if (message->kind == MESSAGE_ENTERED) {
        on_entered(link, message);
    } else if (message->kind == MESSAGE_LISTED) {
        on_listed(link, message);
    } else {
        on_cohort_refused(link, message->refused.why);
    }
    return true;
}

/* An error names nothing: whatever on this connection still waits for its first answer has got
 * it. */
static void on_error(struct wall_server *server, enum refusal why) {
    for (uint32_t i = 0; i < server->feed->link_count; i++) {
        struct wall_link *link = &server->feed->links[i];
        if (link->server == server && !link->answered) {
            fail_link(link, CONNECTION_END_REFUSED, refusal_sentence(why));
        }
    }
}

/* ---- news of a connection ---- */

static void on_up(void *ctx) {
    struct wall_server *server = ctx;
    server->up = server->was_up = true;
    server->heard_at = moment_ms();
    server->why[0] = '\0';
    for (uint32_t i = 0; i < server->feed->link_count; i++) {
        struct wall_link *link = &server->feed->links[i];
        if (link->server == server && link->invite.is_cohort && !link->failed) {
            enter(link);
        }
    }
    each_room(server, join_room);
    changed(server->feed);
}

static bool watches(void *ctx) {
    const struct wall *wall = &((struct wall_server *)ctx)->feed->wall;
    bool runs = false;
    for (uint32_t i = 0; i < wall->count; i++) {
        runs = runs || wall->rooms[i]->seat.feed.model.room.stage == STAGE_RUNNING;
    }
    return runs;
}

static void on_down(void *ctx, int64_t retry_at, const char *why) {
    struct wall_server *server = ctx;
    struct wall *wall = &server->feed->wall;
    server->up = false;
    snprintf(server->why, sizeof server->why, "%s", why);
    if (!server->was_up && server->feed->options.patience != NULL) {
        server->feed->options.patience(why, server->feed->options.ctx);
    }
    for (uint32_t i = 0; i < wall->count; i++) {
        if (wall->rooms[i]->server == server && !wall->rooms[i]->seat.over) {
            feed_seat_down(&wall->rooms[i]->seat, retry_at, why);
        }
    }
    changed(server->feed);
}

static bool all_over(const struct wall_feed *feed) {
    for (uint32_t i = 0; i < feed->server_count; i++) {
        if (!feed->servers[i].over) {
            return false;
        }
    }
    return true;
}

static void on_over(void *ctx, enum connection_end end, const char *why) {
    struct wall_server *server = ctx;
    struct wall_feed *feed = server->feed;
    server->up = false;
    server->over = true;
    snprintf(server->why, sizeof server->why, "%s", end == CONNECTION_END_LEFT ? "" : why);
    for (uint32_t i = 0; i < feed->wall.count; i++) {
        if (feed->wall.rooms[i]->server == server && !feed->wall.rooms[i]->seat.over) {
            feed_seat_over(&feed->wall.rooms[i]->seat, end == CONNECTION_END_LEFT ? NULL : why);
        }
    }
    for (uint32_t i = 0; i < feed->link_count && end != CONNECTION_END_LEFT; i++) {
        if (feed->links[i].server == server) {
            fail_link(&feed->links[i], end, why);
        }
    }
    if (all_over(feed)) {
        feed->options.over(feed->options.ctx);
    }
    changed(feed);
}

static void on_message(void *ctx, const struct message *message) {
    struct wall_server *server = ctx;
    server->heard_at = moment_ms();
    if (message->kind == MESSAGE_ERROR) {
        on_error(server, message->error.why);
        return;
    }
    if (on_cohort_message(server, message)) {
        changed(server->feed);
        return;
    }
    struct wall_room *room = wall_find(&server->feed->wall, server, message->room);
    if (room != NULL) {
        wall_message(room, message);
        changed(server->feed);
    }
}

static void on_clock(void *ctx, const struct server_clock_reading *reading, int64_t rate) {
    struct wall_server *server = ctx;
    struct wall *wall = &server->feed->wall;
    server->has_clock = true;
    server->heard_at = moment_ms();
    server->reading = *reading;
    server->rate = rate;
    for (uint32_t i = 0; i < wall->count; i++) {
        if (wall->rooms[i]->server == server) {
            feed_seat_clock(&wall->rooms[i]->seat, reading, rate);
        }
    }
    changed(server->feed);
}

/* The rooms of a server share one clock. */
static int64_t shown(void *ctx) {
    struct wall_server *server = ctx;
    const struct wall *wall = &server->feed->wall;
    int64_t last = 0;
    for (uint32_t i = 0; i < wall->count; i++) {
        const struct room *room = &wall->rooms[i]->seat.feed.model.room;
        last = wall->rooms[i]->server == server && room->at > last ? room->at : last;
    }
    return last;
}

/* ---- life ---- */

static struct wall_server *server_for(struct wall_feed *feed, const struct invite *invite) {
    for (uint32_t i = 0; i < feed->server_count; i++) {
        if (invite_same_server(&feed->servers[i].at, invite)) {
            return &feed->servers[i];
        }
    }
    struct wall_server *server = &feed->servers[feed->server_count++];
    *server = (struct wall_server){.feed = feed, .at = *invite};
    return server;
}

static bool connect_server(struct wall_server *server) {
    struct connection_config config = {.base = server->feed->options.base,
                                       .server = &server->at,
                                       .context = server->feed->options.context,
                                       .patience_ms = server->feed->options.patience_ms,
                                       .handler = {.ctx = server,
                                                   .up = on_up,
                                                   .down = on_down,
                                                   .over = on_over,
                                                   .message = on_message,
                                                   .clock = on_clock,
                                                   .watches = watches,
                                                   .shown = shown}};
    server->connection = connection_new(&config);
    return server->connection != NULL;
}

static bool add_link(struct wall_feed *feed, const struct invite *invite) {
    struct wall_link *link = &feed->links[feed->link_count];
    struct wall_server *server = server_for(feed, invite);
    for (uint32_t i = 0; i < feed->link_count; i++) {
        if (feed->links[i].server == server &&
            strcmp(feed->links[i].invite.room, invite->room) == 0) {
            return true; /* given twice */
        }
    }
    *link = (struct wall_link){.invite = *invite, .server = server};
    feed->link_count++;
    feed->waiting++;
    return invite->is_cohort || add_room(server, invite) != NULL;
}

struct wall_feed *wall_feed_new(const struct wall_feed_options *options) {
    struct wall_feed *feed = calloc(1, sizeof *feed);
    if (feed == NULL) {
        return NULL;
    }
    feed->options = *options;
    snprintf(feed->name, sizeof feed->name, "%s", options->name);
    feed->change = evtimer_new(options->base, on_change, feed);
    bool good = feed->change != NULL;
    for (uint32_t i = 0; i < options->link_count && good; i++) {
        good = add_link(feed, &options->links[i]);
    }
    for (uint32_t i = 0; i < feed->server_count && good; i++) {
        good = connect_server(&feed->servers[i]);
    }
    if (!good) {
        wall_feed_free(feed);
        return NULL;
    }
    return feed;
}

void wall_feed_free(struct wall_feed *feed) {
    if (feed == NULL) {
        return;
    }
    for (uint32_t i = 0; i < feed->server_count; i++) {
        connection_free(feed->servers[i].connection);
    }
    if (feed->change != NULL) {
        event_free(feed->change);
    }
    wall_free(&feed->wall);
    free(feed);
}

void wall_feed_leave(struct wall_feed *feed) {
    feed->leaving = true;
    for (uint32_t i = 0; i < feed->server_count; i++) {
        if (!feed->servers[i].over) {
            each_room(&feed->servers[i], leave_room);
            connection_leave(feed->servers[i].connection);
        }
    }
}

struct wall *wall_feed_wall(struct wall_feed *feed) {
    return &feed->wall;
}

void wall_feed_refresh(struct wall_feed *feed, int64_t mono, bool hold) {
    for (uint32_t i = 0; i < feed->wall.count; i++) {
        struct wall_room *room = feed->wall.rooms[i];
        if (room->listed && !room->ended && !room->open &&
            wall_is_done(room, wall_now(room, mono))) {
            drop_room(room);
        }
    }
    wall_sweep(&feed->wall);
    wall_update(&feed->wall, mono);
    if (!hold) {
        wall_sort(&feed->wall);
    }
}

struct wall_state wall_feed_state(const struct wall_feed *feed) {
    struct wall_state state = {.servers = feed->server_count, .error_ms = -1, .why = ""};
    for (uint32_t i = 0; i < feed->server_count; i++) {
        const struct wall_server *server = &feed->servers[i];
        state.live += server->up;
        if (server->up && (state.heard_at == 0 || server->heard_at < state.heard_at)) {
            state.heard_at = server->heard_at;
        }
        if (server->up && server->has_clock && server->reading.error_ms > state.error_ms) {
            state.error_ms = server->reading.error_ms;
        }
        if (server->why[0] != '\0') {
            state.why = server->why;
        }
    }
    return state;
}
