/* SPDX-License-Identifier: ISC */
/*
 * seat.c: joining, resuming, and commands on their way.
 *
 * Invariants: commands get their ids only once the seat has been joined, since only then the last
 * id that the server knows is known; pending commands go out in the order of their ids, each once
 * on a connection.
 */
#include "client/feed/seat.h"

#include <stdio.h>
#include <string.h>

#include "certs/random.h"
#include "client/feed/pack_message.h"
#include "client/net/moment.h"

static void changed(struct feed_seat *seat) {
    seat->owner.changed(seat->owner.ctx);
}

static void set_connection(struct feed_seat *seat, enum model_connection connection) {
    seat->feed.model.connection = connection;
    seat->feed.model.revision++;
    if (seat->feed.on_state != NULL) {
        seat->feed.on_state(&seat->feed, seat->feed.ctx);
    }
    changed(seat);
}

void feed_seat_init(struct feed_seat *seat, const struct feed_ops *ops, const struct invite *invite,
                    const char *name, const struct feed_seat_owner *owner) {
    *seat = (struct feed_seat){.feed = {.ops = ops}, .owner = *owner, .invite = *invite};
    model_init(&seat->feed.model);
    memcpy(seat->feed.model.room_id, invite->room, sizeof seat->feed.model.room_id);
    snprintf(seat->name, sizeof seat->name, "%s", name);
}

static void drop_swap(struct feed_seat *seat) {
    for (int i = 0; i < seat->swap_count; i++) {
        pack_unref(seat->swap[i]);
    }
    seat->swap_count = 0;
    seat->feed.model.swap_id = 0;
}

void feed_seat_free(struct feed_seat *seat) {
    drop_swap(seat);
    model_free(&seat->feed.model);
}

/* ---- commands ---- */

static void send_command(struct feed_seat *seat, struct model_pending *pending, bool fresh) {
    struct message message = {.kind = MESSAGE_COMMAND,
                              .room = span_of(seat->feed.model.room_id),
                              .command = pending->command};
    if (fresh) {
        message.command.made = 0; /* now: the server's own clock is better than our guess of it */
    }
    pending->sent = seat->owner.send(seat->owner.ctx, &message);
}

/* Sends what may go out now; what has an id from `fresh` on was made at this moment. */
static void send_waiting(struct feed_seat *seat, uint32_t fresh) {
    struct model_pending *pending;
    while (seat->in_room && (pending = model_next(&seat->feed.model)) != NULL) {
        send_command(seat, pending, pending->command.id >= fresh);
        if (!pending->sent) {
            return;
        }
    }
}

static bool may_send(struct feed_seat *seat) {
    if (seat->joined_ever && !seat->over) {
        return true;
    }
    model_say(&seat->feed.model, true, "%s",
              seat->over ? "The connection has ended; nothing more can be sent."
                         : "Not in the room yet; wait a moment.");
    changed(seat);
    return false;
}

bool feed_seat_send(struct feed *feed, const struct body *given) {
    struct feed_seat *seat = (struct feed_seat *)feed;
    struct model *model = &feed->model;
    struct model_pending *pending = NULL;
    if (!may_send(seat)) {
        return false;
    }
    bool held = false;
    int64_t now = model_now(model, moment_ms());
    if (board_is_action(given->act)) {
        held = drawing_do(model, given, now, &pending) == DRAWING_HELD;
    } else {
        pending = model_command(model, given, now);
    }
    send_waiting(seat, pending != NULL ? pending->command.id : UINT32_MAX);
    changed(seat);
    return pending != NULL || held;
}

bool feed_seat_board(struct feed *feed, enum feed_board what) {
    struct feed_seat *seat = (struct feed_seat *)feed;
    struct model *model = &feed->model;
    struct model_pending *pending = NULL;
    if (!may_send(seat)) {
        return false;
    }
    int64_t now = model_now(model, moment_ms());
    uint32_t first = what == FEED_UNHIDE ? UINT32_MAX : model->next_id;
    bool good = what == FEED_UNHIDE
                    ? drawing_unhide(model, now)
                    : drawing_undo(model, what == FEED_REDO, now, &pending) != DRAWING_REFUSED;
    send_waiting(seat, first);
    changed(seat);
    return good;
}

bool feed_seat_invite(struct feed *feed, enum role role) {
    struct feed_seat *seat = (struct feed_seat *)feed;
    struct message message = {
        .kind = MESSAGE_INVITE, .room = span_of(feed->model.room_id), .invite = {.role = role}};
    if (!seat->in_room || !seat->owner.send(seat->owner.ctx, &message)) {
        model_say(&feed->model, true, "Links can be made only while connected; try again.");
        changed(seat);
        return false;
    }
    return true;
}

/* ---- the second half ---- */

/* Sends the wish, also again after a loss: its id says that it is the same one. */
static void send_swap(struct feed_seat *seat) {
    struct pack_message bodies;
    uint32_t id = seat->feed.model.swap_id;
    bool sent = pack_message_begin(&bodies, seat->swap[0], id, seat->owner.send, seat->owner.ctx);
    const struct message message = {.kind = MESSAGE_SWAP,
                                    .room = span_of(seat->feed.model.room_id),
                                    .swap = {.id = id, .pack = bodies.pack, .panel = bodies.panel}};
    if (sent) {
        (void)seat->owner.send(seat->owner.ctx, &message); /* if not now, then once connected */
    }
    pack_message_end(&bodies);
}

bool feed_seat_swap(struct feed *feed, struct pack *const *packs, int count) {
    struct feed_seat *seat = (struct feed_seat *)feed;
    struct model *model = &feed->model;
    if (!seat->in_room || model->swap_id != 0 || model_holds(model) || count < 1) {
        model_say(model, true, "%s",
                  model->swap_id != 0 ? "The second half is being opened already."
                                      : "Roles can be turned only while connected; try again.");
        changed(seat);
        return false;
    }
    for (int i = 0; i < count && i < FEED_SEAT_SWAP_MAX; i++) {
        seat->swap[seat->swap_count++] = pack_ref(packs[i]);
    }
    model->swap_id = model->next_id++;
    model_say(model, false, "The second half is being opened.");
    send_swap(seat);
    changed(seat);
    return true;
}

/* Whether a refusal was about the wish and has been dealt with: the next prompt is tried. */
static bool try_next_swap(struct feed_seat *seat, uint32_t id, enum refusal why) {
    struct model *model = &seat->feed.model;
    if (model->swap_id == 0 || id != model->swap_id) {
        return false;
    }
    if (why != REFUSAL_PROMPT_SEEN || seat->swap_count < 2) {
        drop_swap(seat);
        return false;
    }
    pack_unref(seat->swap[0]);
    memmove(seat->swap, seat->swap + 1, (size_t)--seat->swap_count * sizeof seat->swap[0]);
    model->swap_id = model->next_id++;
    send_swap(seat);
    return true;
}

/* ---- links ---- */

bool feed_seat_add_link(struct feed_seat *seat, enum role role, struct span secret) {
    struct invite invite = seat->invite;
    char text[INVITE_TEXT_MAX];
    /* Other than a secret's characters would reach a person's terminal as part of a link. */
    if (!random_secret_valid(secret.at, secret.len)) {
        seat->owner.failed(
            seat->owner.ctx,
            "The server sent a link that cannot open anything; update the older side.");
        return false;
    }
    invite.role = role;
    invite.is_host = false;
    memcpy(invite.secret, secret.at, secret.len);
    invite.secret[secret.len] = '\0';
    invite_format(&invite, text);
    struct feed_links *links = &seat->feed.links;
    if (links->count < FEED_LINKS_MAX) {
        links->at[links->count].role = role;
        links->at[links->count].seat = -1;
        snprintf(links->at[links->count++].text, FEED_LINK_MAX, "%s", text);
    }
    if (seat->feed.on_link != NULL) {
        seat->feed.on_link(&seat->feed, role, text, seat->feed.ctx);
    }
    return true;
}

/* ---- the connection ---- */

void feed_seat_join(struct feed_seat *seat) {
    struct message message = {.kind = MESSAGE_JOIN,
                              .room = span_of(seat->invite.room),
                              .join = {.secret = span_of(seat->invite.secret),
                                       .name = span_of(seat->name),
                                       .keep = seat->keep_name,
                                       .after = seat->feed.model.room.pos,
                                       .shown = seat->feed.model.room.at}};
    (void)seat->owner.send(seat->owner.ctx, &message);
}

void feed_seat_down(struct feed_seat *seat, int64_t retry_at, const char *why) {
    struct model *model = &seat->feed.model;
    seat->in_room = false;
    model->retry_at = retry_at;
    for (uint32_t i = 0; i < model->pending_count; i++) {
        model->pending[i].sent = false;
    }
    model_say(model, true, "%s", why);
    set_connection(seat, CONNECTION_WAITING);
}

void feed_seat_over(struct feed_seat *seat, const char *why) {
    seat->in_room = false;
    seat->over = true;
    seat->feed.model.replaced = why != NULL && strcmp(why, refusal_sentence(REFUSAL_REPLACED)) == 0;
    if (why != NULL) {
        model_say(&seat->feed.model, true, "%s", why);
    }
    set_connection(seat, CONNECTION_ENDED);
}

void feed_seat_clock(struct feed_seat *seat, const struct server_clock_reading *reading,
                     int64_t rate) {
    struct model *model = &seat->feed.model;
    model->base = reading->base;
    model->offset = reading->offset;
    model->error_ms = reading->error_ms;
    model->rate = rate;
    model->heard_at = moment_ms();
    model->revision++;
    changed(seat);
}

bool feed_seat_leave(struct feed_seat *seat) {
    struct message message = {.kind = MESSAGE_LEAVE, .room = span_of(seat->invite.room)};
    return seat->in_room && seat->owner.send(seat->owner.ctx, &message);
}

/* ---- messages ---- */

static void forget_room(struct model *model) {
    room_free(&model->room);
    room_init(&model->room);
}

static void on_joined(struct feed_seat *seat, const struct message *message) {
    struct model *model = &seat->feed.model;
    bool first = !seat->joined_ever;
    model->seat = (uint8_t)message->joined.seat;
    model->joined_n = (uint32_t)message->joined.n;
    model->role = (enum role)message->joined.role;
    seat->invite.role = model->role;
    if (message->joined.reset) {
        forget_room(model);
    }
    if (model->next_id <= message->joined.last_id) {
        model->next_id = (uint32_t)message->joined.last_id + 1;
    }
    seat->joined_ever = seat->in_room = true;
    seat->feed.voice.on = seat->feed.voice.muted = 0; /* the server tells it anew */
    send_waiting(seat, UINT32_MAX);
    if (model->swap_id != 0) {
        send_swap(seat);
    }
    if (!first) {
        model_say(model, false, "Connected again; nothing was lost.");
    }
    set_connection(seat, CONNECTION_LIVE);
    if (seat->owner.joined != NULL) {
        seat->owner.joined(seat->owner.ctx, first);
    }
}

/* Says of every command that now turns out to have been refused that it was, and sends what waited
 * for an outcome. */
static void tell_lost(struct feed_seat *seat) {
    uint32_t id;
    enum refusal why = REFUSAL_LOST;
    while ((id = model_lost(&seat->feed.model, &why)) != 0) {
        if (seat->feed.on_refused != NULL) {
            seat->feed.on_refused(&seat->feed, id, why, seat->feed.ctx);
        }
    }
    send_waiting(seat, UINT32_MAX);
}

/* What comes next: the candidate is told of the own sheet, and how to get about on it, and both
 * sides where verdict and rating are. */
static void say_next(struct model *model, enum action act) {
    if (model->room.rules < 2) {
        return;
    }
    if (act == ACTION_ROOM_KEEP && model->room.kept == 0) {
        model_say(model, false,
                  "Nothing of this room is kept once it is over; save its recording before.");
    } else if (act == ACTION_DEBRIEF_OPEN) {
        model_say(
            model, false,
            model->role == ROLE_CANDIDATE
                ? "The debrief is open. Tab goes on to Verdict, where you rate the interviewer."
                : "The debrief is open. Tab goes on to your verdict, with marks as a proposal.");
    } else if (model->role != ROLE_CANDIDATE) {
        return;
    } else if (act == ACTION_CLOCK_FINISH) {
        model_say(model, false, "That was the interview. Your own sheet opens in half a minute.");
    } else if (act == ACTION_CLOCK_UNFINISH) {
        model_say(model, false, "The interviewer has taken the finish back: it goes on.");
    } else if (act == ACTION_SHEET_OPEN) {
        model_say(model, false,
                  "Your own sheet: a letter marks what you raised; Right and Left: other phases.");
    }
}

/* Everybody is told who has lost a seat, and by whose hand. */
static void say_seat_change(struct model *model, const struct event *event) {
    const struct room *room = &model->room;
    const struct body *body = &event->body;
    bool out = body->act == ACTION_SEAT_OUT;
    bool drive = body->act == ACTION_CLOCK_DRIVE;
    if ((!out && !drive && body->act != ACTION_SEAT_MOVE) || room->pos < model->joined_n) {
        return; /* of the past it is read in the record */
    }
    char by[NAME_MAX_BYTES + 1] = "Who runs the server";
    if (event->by < room->seat_count) {
        snprintf(by, sizeof by, "%s", room->seats[event->by].name);
    } else if (body->has & F(name)) {
        span_copy(body->name, by, sizeof by);
    }
    const char *whose = room->seats[body->seat].name;
    if (drive && model->role == ROLE_INTERVIEWER) {
        model_say(model, false, "%s now.",
                  body->seat == model->seat ? "You drive the clock"
                                            : "Your colleague has the clock");
    } else if (drive) {
        return;
    } else if (out) {
        model_say(model, false, "%s has put %s out of the room.", by, whose);
    } else {
        model_say(model, false, "%s has moved the seat of %s to a new link.", by, whose);
    }
}

/* Who asked to turn the roles, or has agreed to it, is told that the other side does not want it.
 * wanted: this seat did, before the event. */
static void say_declined(struct model *model, const struct event *event, bool wanted) {
    const struct room *room = &model->room;
    const struct body *body = &event->body;
    if (body->act != ACTION_TURN_ASK || body->on || !wanted || room->pos < model->joined_n) {
        return;
    }
    int64_t who = event->by != SEAT_SERVER ? event->by : body->has & F(seat) ? body->seat : -1;
    if (who >= 0 && who < room->seat_count && who != model->seat) {
        model_say(model, true, "%s has declined to turn the roles; they stay.",
                  room->seats[who].name);
    }
}

static void on_sheet(struct feed_seat *seat, const struct message *message) {
    struct model *model = &seat->feed.model;
    model->sheet_marked = message->sheet.marked;
    model->sheet_items = message->sheet.items;
    model->revision++;
    changed(seat);
}

/* The item of the panel's sheet whose mark of one's own a colleague is about to change, or -1. */
static int overwritten(const struct model *model, const struct event *event) {
    const struct room *room = &model->room;
    const struct room_sheet *sheet = room_sheet_of(room, SEAT_SERVER);
    if (event->body.act != ACTION_MARK_SET || event->by == model->seat || sheet == NULL ||
        model->role == ROLE_CANDIDATE || event->by >= room->seat_count) {
        return -1;
    }
    int item = pack_item_find(room->pack, event->body.item);
    bool mine = item >= 0 && sheet->marks[item].n != 0 && sheet->marks[item].by == model->seat;
    return mine && sheet->marks[item].mark != event->body.mark ? item : -1;
}

static void say_overwritten(struct model *model, const struct event *event, int item,
                            enum mark was) {
    const struct room *room = &model->room;
    if (room->pos >= model->joined_n) { /* of the past the sheet itself tells */
        model_say(model, false, "%s changed a mark of yours: %s: %s, you had %s.",
                  room->seats[event->by].name, room->pack->items[item].title,
                  mark_name((enum mark)event->body.mark), mark_name(was));
    }
}

/* The flag of one's own, raised or withdrawn, that a colleague is about to turn, or -1. */
static int turned_flag(const struct model *model, const struct event *event) {
    const struct room *room = &model->room;
    if (event->body.act != ACTION_FLAG_SET || event->by == model->seat ||
        event->by >= room->seat_count) {
        return -1;
    }
    int flag = pack_flag_find(room->pack, event->body.flag);
    for (uint32_t i = 0; i < room->flag_count; i++) {
        const struct room_flag *at = &room->flags[i];
        if (at->flag == flag && at->by == model->seat && at->on != (event->body.on != 0)) {
            return flag;
        }
    }
    return -1;
}

static void say_turned_flag(struct model *model, const struct event *event, int flag) {
    const struct room *room = &model->room;
    if (flag >= 0 && room->pos >= model->joined_n) {
        model_say(model, false, "%s %s: %s.", room->seats[event->by].name,
                  event->body.on ? "raised a flag that you had withdrawn"
                                 : "withdrew a flag of yours",
                  room->pack->flags[flag].title);
    }
}

static void on_event(struct feed_seat *seat, const struct event *event) {
    int flag = turned_flag(&seat->feed.model, event);
    int item = overwritten(&seat->feed.model, event);
    enum mark was = item < 0 ? MARK_NOT_YET : room_panel_mark(&seat->feed.model.room, item);
    bool wanted = room_turn_wants(&seat->feed.model.room, seat->feed.model.seat);
    enum apply_result result = model_apply(&seat->feed.model, event);
    if (result == APPLY_STALE) {
        return;
    }
    if (result == APPLY_GAP) { /* the fold cannot go on: ask for everything again */
        forget_room(&seat->feed.model);
        feed_seat_join(seat);
        return;
    }
    if (result != APPLY_OK) {
        seat->owner.failed(seat->owner.ctx,
                           result == APPLY_NO_MEMORY
                               ? "Out of memory."
                               : "The server sent an event that cannot follow the ones before it; "
                                 "update the older side.");
        return;
    }
    say_next(&seat->feed.model, event->body.act);
    say_seat_change(&seat->feed.model, event);
    say_declined(&seat->feed.model, event, wanted);
    if (item >= 0) {
        say_overwritten(&seat->feed.model, event, item, was);
    }
    say_turned_flag(&seat->feed.model, event, flag);
    if (event->body.act == ACTION_ROOM_SWAP) {
        seat->swapped_id = seat->feed.model.swap_id;
        drop_swap(seat);
    }
    if (seat->feed.on_event != NULL) {
        seat->feed.on_event(&seat->feed, event, seat->feed.ctx);
    }
    tell_lost(seat);
    changed(seat);
}

static void on_refused(struct feed_seat *seat, uint32_t id, enum refusal why, struct span text) {
    bool joining = !seat->joined_ever || (id == 0 && !seat->in_room);
    bool taken = id == 0 &&
                 (why == REFUSAL_WITHDRAWN || why == REFUSAL_SUSPENDED || why == REFUSAL_REPLACED ||
                  why == REFUSAL_SEAT_MOVED || why == REFUSAL_PUT_OUT || why == REFUSAL_FORGOTTEN ||
                  why == REFUSAL_MEMBER_MOVED);
    if (joining || taken) {
        seat->owner.failed(seat->owner.ctx, refusal_sentence(why));
        return;
    }
    bool came_true = id != 0 && id == seat->swapped_id;
    if (came_true || try_next_swap(seat, id, why)) {
        return;
    }
    model_refused(&seat->feed.model, id, why, text);
    if (seat->feed.on_refused != NULL) {
        seat->feed.on_refused(&seat->feed, id, why, seat->feed.ctx);
    }
    tell_lost(seat);
    changed(seat);
}

void feed_seat_error(struct feed_seat *seat, enum refusal why) {
    if (!seat->in_room) {
        seat->owner.failed(seat->owner.ctx, refusal_sentence(why));
        return;
    }
    /* A server that is too old for a second half answers with an error that names no id. */
    bool swap = why == REFUSAL_UNKNOWN_MESSAGE && seat->feed.model.swap_id != 0;
    on_refused(seat, swap ? seat->feed.model.swap_id : 0, why, (struct span){"", 0});
}

static void on_used(struct feed_seat *seat, const struct message *message) {
    struct feed_links *links = &seat->feed.links;
    uint32_t count = message->used.seats.len;
    if (message->used.links.len != count * HASH_BYTES) {
        return;
    }
    memcpy(links->used, message->used.links.at, message->used.links.len);
    memcpy(links->used_by, message->used.seats.at, count);
    links->used_count = count;
    seat->feed.model.revision++;
    changed(seat);
}

static void on_invited(struct feed_seat *seat, const struct message *message) {
    enum role role = (enum role)message->invited.role;
    struct feed_links *links = &seat->feed.links;
    const struct room *room = &seat->feed.model.room;
    uint32_t before = links->count;
    if (!feed_seat_add_link(seat, role, message->invited.secret)) {
        return;
    }
    if (message->invited.seat >= 0 && message->invited.seat < room->seat_count) {
        if (links->count > before) {
            links->at[before].seat = (int)message->invited.seat;
        }
        model_say(&seat->feed.model, false, "The link for the seat of %s is under Room.",
                  room->seats[message->invited.seat].name);
        changed(seat);
    } else {
        model_say(&seat->feed.model, false, "A new link for a%s %s is under Room.",
                  role == ROLE_INTERVIEWER ? "n" : "", role_name(role));
        changed(seat);
    }
}

static void on_kept(struct feed_seat *seat, uint32_t id, uint32_t n) {
    struct feed *feed = &seat->feed;
    uint32_t waiting = feed->model.pending_count;
    bool confirmed = !model_is_pending(&feed->model, id);
    model_kept(&feed->model, id, n);
    confirmed = confirmed || feed->model.pending_count < waiting;
    if (confirmed && feed->on_kept != NULL) {
        feed->on_kept(feed, id, feed->ctx);
    }
    tell_lost(seat);
    changed(seat);
}

void feed_seat_message(struct feed_seat *seat, const struct message *message) {
    seat->feed.model.heard_at = moment_ms();
    switch (message->kind) {
    case MESSAGE_JOINED: on_joined(seat, message); break;
    case MESSAGE_EVENT: on_event(seat, &message->event); break;
    case MESSAGE_SHEET: on_sheet(seat, message); break;
    case MESSAGE_VOICED:
        feed_seat_voiced(seat, message);
        changed(seat);
        break;
    case MESSAGE_COMPANIONS:
        feed_seat_devices(seat, message);
        changed(seat);
        break;
    case MESSAGE_USED: on_used(seat, message); break;
    case MESSAGE_INVITED: on_invited(seat, message); break;
    case MESSAGE_KEPT: on_kept(seat, (uint32_t)message->kept.id, (uint32_t)message->kept.n); break;
    case MESSAGE_REFUSED:
        on_refused(seat, (uint32_t)message->refused.id, message->refused.why,
                   message->refused.text);
        break;
    default: break;
    }
}
