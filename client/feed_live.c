/*
 * feed_live.c: hosting, joining, resuming, and commands on their way.
 *
 * Invariants: commands get their ids only once the seat has been joined, since only then the last id that
 * the server knows is known; pending commands go out in the order of their ids, each once on a connection.
 */
#include "client/feed_live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certs/random.h"
#include "client/moment.h"
#include "protocol/digest.h"

struct feed_live {
    struct feed feed; /* first: the ops get this */
    struct feed_live_options options;
    struct invite invite; /* the room's link; a host link until the room is there */
    struct feed_live_hosting hosting;
    char name[NAME_MAX_BYTES + 1];
    struct link *link;
    struct event *change; /* one redraw per loop turn */
    uint32_t drawn;       /* model.revision at the last one */
    bool is_hosting;
    bool joined_ever, in_room;
    uint32_t host_id;
    bool over;
};

static void on_change(evutil_socket_t fd, short what, void *arg) {
    (void)fd, (void)what;
    struct feed_live *live = arg;
    if (live->feed.model.revision == live->drawn) {
        return;
    }
    live->drawn = live->feed.model.revision;
    if (live->feed.on_change != NULL) {
        live->feed.on_change(&live->feed, live->feed.ctx);
    }
}

static void changed(struct feed_live *live) {
    event_active(live->change, EV_TIMEOUT, 0);
}

static void set_link(struct feed_live *live, enum model_link link) {
    live->feed.model.link = link;
    live->feed.model.revision++;
    if (live->feed.on_state != NULL) {
        live->feed.on_state(&live->feed, live->feed.ctx);
    }
    changed(live);
}

static void send_command(struct feed_live *live, struct model_pending *pending, bool fresh) {
    struct message message = {.kind = MESSAGE_COMMAND,
                              .room = span_of(live->feed.model.room_id),
                              .command = pending->command};
    if (fresh) {
        message.command.made = 0; /* now: the server's own clock is better than our guess of it */
    }
    pending->sent = link_send(live->link, &message);
}

/* The text of a fact or a question comes from the pack that the panel has too; the server checks it. */
static void fill_text(const struct pack *pack, struct body *body) {
    const char *text = NULL;
    if (pack == NULL || (body->has & F(text)) != 0) {
        return;
    }
    if (body->act == ACTION_FACT_REVEAL) {
        int fact = pack_fact_find(pack, body->fact);
        text = fact < 0 ? "?" : pack->facts[fact].text;
    } else if (body->act == ACTION_CURVE_THROW) {
        int question = pack_question_find(pack, body->curveball);
        text = question < 0 ? "?" : pack_question_at(pack, question)->text;
    }
    if (text != NULL) {
        body->text = span_of(text);
        body->has |= F(text);
    }
}

static bool live_send(struct feed *feed, const struct body *given) {
    struct feed_live *live = (struct feed_live *)feed;
    struct model *model = &feed->model;
    struct body whole = *given;
    const struct body *body = &whole;
    fill_text(model->room.pack, &whole);
    if (!live->joined_ever || live->over) {
        model_say(model, true, "%s",
                  live->over ? "The connection has ended; nothing more can be sent."
                             : "Not in the room yet; wait a moment.");
        changed(live);
        return false;
    }
    struct model_pending *pending = model_command(model, body, model_now(model, moment_ms()));
    if (pending != NULL && live->in_room) {
        send_command(live, pending, true);
    }
    changed(live);
    return pending != NULL;
}

static bool live_invite(struct feed *feed, enum role role) {
    struct feed_live *live = (struct feed_live *)feed;
    struct message message = {
        .kind = MESSAGE_INVITE, .room = span_of(feed->model.room_id), .invite = {.role = role}};
    if (!live->in_room || !link_send(live->link, &message)) {
        model_say(&feed->model, true, "Links can be made only while connected; try again.");
        changed(live);
        return false;
    }
    return true;
}

/* Other than a secret's characters would reach a person's terminal as part of a link. Ends the link if so. */
static bool secret_opens(struct feed_live *live, struct span secret) {
    bool valid = random_secret_valid(secret.at, secret.len);
    if (!valid) {
        link_refuse(live->link,
                    "The server sent a link that cannot open anything; update the older side.");
    }
    return valid;
}

static void add_link(struct feed_live *live, enum role role, struct span secret) {
    struct invite invite = live->invite;
    char text[INVITE_TEXT_MAX];
    if (!secret_opens(live, secret)) {
        return;
    }
    invite.role = role;
    invite.is_host = false;
    memcpy(invite.secret, secret.at, secret.len);
    invite.secret[secret.len] = '\0';
    invite_format(&invite, text);
    struct feed_links *links = &live->feed.links;
    if (links->count < FEED_LINKS_MAX) {
        links->at[links->count].role = role;
        snprintf(links->at[links->count++].text, FEED_LINK_MAX, "%s", text);
    }
    if (live->feed.on_link != NULL) {
        live->feed.on_link(&live->feed, role, text, live->feed.ctx);
    }
}

/* budgets on the wire: 4 bytes big-endian per phase, ms. */
static uint32_t put_budgets(const struct feed_live_hosting *hosting,
                            char out[4 * PACK_PHASES_MAX]) {
    uint32_t len = 0;
    for (int i = 0; i < hosting->pack->phase_count; i++) {
        uint32_t ms = hosting->budgets_ms[i];
        out[len++] = (char)(ms >> 24);
        out[len++] = (char)(ms >> 16);
        out[len++] = (char)(ms >> 8);
        out[len++] = (char)ms;
    }
    return len;
}

static void send_host(struct feed_live *live) {
    struct mp_writer public_body;
    struct mp_writer panel_body;
    char budgets[4 * PACK_PHASES_MAX];
    mp_writer_init(&public_body);
    mp_writer_init(&panel_body);
    pack_write_public(&public_body, live->hosting.pack);
    pack_write_panel(&panel_body, live->hosting.pack);
    struct message message = {.kind = MESSAGE_HOST,
                              .host = {.secret = span_of(live->invite.secret),
                                       .name = span_of(live->name),
                                       .pack = {public_body.data, (uint32_t)public_body.len},
                                       .panel = {panel_body.data, (uint32_t)panel_body.len},
                                       .mode = live->hosting.mode,
                                       .plan = live->hosting.plan,
                                       .id = ++live->host_id}};
    if (live->hosting.own_budgets) {
        message.host.budgets = (struct span){budgets, put_budgets(&live->hosting, budgets)};
    }
    if (public_body.failed || panel_body.failed || !link_send(live->link, &message)) {
        link_refuse(live->link, "The pack does not fit one message; make its texts shorter.");
    }
    mp_writer_free(&public_body);
    mp_writer_free(&panel_body);
}

static void send_join(struct feed_live *live) {
    struct message message = {.kind = MESSAGE_JOIN,
                              .room = span_of(live->invite.room),
                              .join = {.secret = span_of(live->invite.secret),
                                       .name = span_of(live->name),
                                       .after = live->feed.model.room.pos,
                                       .shown = live->feed.model.room.at}};
    (void)link_send(live->link, &message);
}

static void on_hosted(struct feed_live *live, const struct message *message) {
    if (!live->is_hosting || message->room.len != ROOM_ID_BYTES ||
        !secret_opens(live, message->hosted.interviewer)) {
        return;
    }
    live->is_hosting = false;
    live->invite.is_host = false;
    live->invite.role = ROLE_INTERVIEWER;
    memcpy(live->invite.room, message->room.at, ROOM_ID_BYTES);
    memcpy(live->invite.secret, message->hosted.interviewer.at, RANDOM_SECRET_LENGTH);
    memcpy(live->feed.model.room_id, message->room.at, ROOM_ID_BYTES);
    add_link(live, ROLE_CANDIDATE, message->hosted.candidate);
    add_link(live, ROLE_COACH, message->hosted.coach);
    send_join(live);
}

static void on_joined(struct feed_live *live, const struct message *message) {
    struct model *model = &live->feed.model;
    bool first = !live->joined_ever;
    model->seat = (uint8_t)message->joined.seat;
    model->role = (enum role)message->joined.role;
    live->invite.role = model->role;
    if (message->joined.reset) {
        room_free(&model->room);
        room_init(&model->room);
    }
    if (model->next_id <= message->joined.last_id) {
        model->next_id = (uint32_t)message->joined.last_id + 1;
    }
    live->joined_ever = live->in_room = true;
    for (uint32_t i = 0; i < model->pending_count; i++) {
        send_command(live, &model->pending[i], false);
    }
    if (!first) {
        model_say(model, false, "Connected again; nothing was lost.");
    }
    set_link(live, LINK_LIVE);
    if (first && live->options.on_joined != NULL) {
        live->options.on_joined(&live->feed, live->options.ctx);
    }
}

/* The fold cannot go on: ask for everything again. */
static void start_over(struct feed_live *live) {
    room_free(&live->feed.model.room);
    room_init(&live->feed.model.room);
    send_join(live);
}

static void on_room_event(struct feed_live *live, const struct event *event) {
    enum apply_result result = model_apply(&live->feed.model, event);
    if (result == APPLY_STALE) {
        return;
    }
    if (result == APPLY_GAP) {
        start_over(live);
        return;
    }
    if (result != APPLY_OK) {
        link_refuse(live->link, result == APPLY_NO_MEMORY
                                    ? "Out of memory."
                                    : "The server sent an event that cannot follow the ones "
                                      "before it; update the older side.");
        return;
    }
    if (live->feed.on_event != NULL) {
        live->feed.on_event(&live->feed, event, live->feed.ctx);
    }
    changed(live);
}

static void on_snapshot(struct feed_live *live, const struct message *message) {
    struct model *model = &live->feed.model;
    room_free(&model->room);
    room_init(&model->room);
    if (!snapshot_read(&model->room, message->snapshot.state.at, message->snapshot.state.len)) {
        room_init(&model->room);
        link_refuse(live->link,
                    "The server sent a state that this client cannot read; update the older side.");
        return;
    }
    model->revision++;
    changed(live);
}

static void on_refused(struct feed_live *live, uint32_t id, enum refusal why) {
    if (!live->joined_ever) { /* hosting or joining was refused */
        link_refuse(live->link, refusal_sentence(why));
        return;
    }
    model_refused(&live->feed.model, id, why);
    if (live->feed.on_refused != NULL) {
        live->feed.on_refused(&live->feed, id, why, live->feed.ctx);
    }
    changed(live);
}

/* Of no command: of hosting, joining (then the seat is lost for good) or an invite. */
static void on_error(struct feed_live *live, enum refusal why) {
    if (!live->in_room) {
        link_refuse(live->link, refusal_sentence(why));
        return;
    }
    on_refused(live, 0, why);
}

static void on_invited(struct feed_live *live, const struct message *message) {
    enum role role = (enum role)message->invited.role;
    add_link(live, role, message->invited.secret);
    model_say(&live->feed.model, false, "A new link for a%s %s is under People.",
              role == ROLE_INTERVIEWER ? "n" : "", role_name(role));
    changed(live);
}

static bool is_ours(const struct feed_live *live, const struct message *message) {
    return message->room.len == 0 ||
           (message->room.len == ROOM_ID_BYTES && span_equal(message->room, live->invite.room));
}

static void on_message(void *ctx, const struct message *message) {
    struct feed_live *live = ctx;
    if (message->kind == MESSAGE_HOSTED) {
        on_hosted(live, message);
        return;
    }
    if (!is_ours(live, message)) {
        return;
    }
    switch (message->kind) {
    case MESSAGE_JOINED: on_joined(live, message); break;
    case MESSAGE_EVENT: on_room_event(live, &message->event); break;
    case MESSAGE_SNAPSHOT: on_snapshot(live, message); break;
    case MESSAGE_INVITED: on_invited(live, message); break;
    case MESSAGE_KEPT:
        model_kept(&live->feed.model, (uint32_t)message->kept.id);
        if (live->feed.on_kept != NULL) {
            live->feed.on_kept(&live->feed, (uint32_t)message->kept.id, live->feed.ctx);
        }
        changed(live);
        break;
    case MESSAGE_REFUSED:
        on_refused(live, (uint32_t)message->refused.id, message->refused.why);
        break;
    case MESSAGE_ERROR: on_error(live, message->error.why); break;
    default: break;
    }
}

static void on_up(void *ctx) {
    struct feed_live *live = ctx;
    if (live->is_hosting) {
        send_host(live);
    } else {
        send_join(live);
    }
}

static void on_down(void *ctx, int64_t retry_at, const char *why) {
    struct feed_live *live = ctx;
    struct model *model = &live->feed.model;
    live->in_room = false;
    model->retry_at = retry_at;
    for (uint32_t i = 0; i < model->pending_count; i++) {
        model->pending[i].sent = false;
    }
    model_say(model, true, "%s", why);
    set_link(live, LINK_WAITING);
}

static void on_over(void *ctx, enum link_end end, const char *why) {
    struct feed_live *live = ctx;
    live->in_room = false;
    live->over = true;
    if (end != LINK_END_LEFT) {
        model_say(&live->feed.model, true, "%s", why);
    }
    set_link(live, LINK_ENDED);
    if (live->options.on_over != NULL) {
        live->options.on_over(&live->feed, end, why, live->options.ctx);
    }
}

static void on_clock(void *ctx, const struct link_reading *reading, int64_t rate) {
    struct feed_live *live = ctx;
    struct model *model = &live->feed.model;
    model->base = reading->base;
    model->offset = reading->offset;
    model->error_ms = reading->error_ms;
    model->rate = rate;
    model->revision++;
    changed(live);
}

static int64_t shown(void *ctx) {
    return ((struct feed_live *)ctx)->feed.model.room.at;
}

static void live_free(struct feed *feed) {
    struct feed_live *live = (struct feed_live *)feed;
    link_free(live->link);
    if (live->change != NULL) {
        event_free(live->change);
    }
    pack_unref(live->hosting.pack);
    model_free(&feed->model);
    free(live);
}

static const struct feed_ops live_ops = {
    .send = live_send, .invite = live_invite, .free = live_free};

struct feed *feed_live_new(const struct feed_live_options *options) {
    struct feed_live *live = calloc(1, sizeof *live);
    if (live == NULL) {
        return NULL;
    }
    live->feed.ops = &live_ops;
    live->options = *options;
    live->invite = *options->invite;
    model_init(&live->feed.model);
    memcpy(live->feed.model.room_id, live->invite.room, sizeof live->feed.model.room_id);
    snprintf(live->name, sizeof live->name, "%s", options->name);
    if (options->hosting != NULL) {
        live->is_hosting = true;
        live->hosting = *options->hosting;
        live->hosting.pack = pack_ref(live->hosting.pack);
    }
    live->change = evtimer_new(options->base, on_change, live);
    struct link_config config = {.base = options->base,
                                 .server = options->invite,
                                 .context = options->context,
                                 .handler = {.ctx = live,
                                             .up = on_up,
                                             .down = on_down,
                                             .over = on_over,
                                             .message = on_message,
                                             .clock = on_clock,
                                             .shown = shown}};
    live->link = live->change == NULL ? NULL : link_new(&config);
    if (live->link == NULL) {
        live_free(&live->feed);
        return NULL;
    }
    return &live->feed;
}

void feed_live_leave(struct feed *feed) {
    struct feed_live *live = (struct feed_live *)feed;
    struct message message = {.kind = MESSAGE_LEAVE, .room = span_of(live->invite.room)};
    if (live->in_room) {
        (void)link_send(live->link, &message);
    }
    link_leave(live->link);
}

const struct invite *feed_live_invite(const struct feed *feed) {
    return &((const struct feed_live *)feed)->invite;
}
