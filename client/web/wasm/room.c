/* SPDX-License-Identifier: ISC */
/*
 * room.c: a seat in one room: joining, resuming, and commands on their way.
 *
 * The invariants are those of client/feed/seat.c: commands get their ids only once the seat has
 * been joined, since only then the last id that the server knows is known; what is pending goes out
 * in the order of the ids, once on each connection.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/web/wasm/core.h"
#include "protocol/room/clock.h"
#include "protocol/room/digest.h"

struct web_room *web_room_new(void) {
    struct web_room *room = calloc(1, sizeof *room);
    if (room != NULL) {
        model_init(&room->model);
    }
    return room;
}

void web_room_free(struct web_room *room) {
    if (room != NULL) {
        model_free(&room->model);
        free(room);
    }
}

int web_say(struct web *web, const char *sentence) {
    mp_writer_reset(&web->out);
    json_str(&web->out, NULL, sentence);
    return 0;
}

/* The page's JSON as a map that the protocol's readers take from. False: it is none. */
static bool read_map(struct web *web, const char *json, uint32_t len) {
    mp_writer_reset(&web->out);
    mp_writer_reset(&web->scratch);
    return json_read(&web->scratch, (struct span){json, len}) &&
           mp_reader_parse(&web->own, web->scratch.data, web->scratch.len) == MP_OK &&
           web->own.root.type == MSGPACK_OBJECT_MAP;
}

int web_room_join(struct web *web, struct web_room *room, const char *json, uint32_t len) {
    struct model *model = &room->model;
    if (!read_map(web, json, len)) {
        return web_say(web, "That is no JSON map.");
    }
    const msgpack_object *map = &web->own.root;
    struct message message = {
        .kind = MESSAGE_JOIN,
        .room = mp_get_text(&web->own, map, "room", ROOM_ID_BYTES, ROOM_ID_BYTES),
        .join = {.secret = mp_opt_text(&web->own, map, "secret", SECRET_CHARS),
                 .name = mp_opt_text(&web->own, map, "name", NAME_MAX_BYTES),
                 .keep = mp_opt_bool(&web->own, map, "keep", false),
                 .companion = mp_opt_int(&web->own, map, "companion", 0, COMPANION_COUNT - 1, 0),
                 .after = model->room.pos,
                 .shown = model->room.at}};
    if (web->own.error != MP_OK || !span_is_id(message.room)) {
        return web_say(web, "A join needs a room and a name.");
    }
    span_copy(message.room, model->room_id, sizeof model->room_id);
    return message_write(&web->out, &message);
}

void web_room_down(struct web_room *room) {
    room->joined = false;
    room->model.connection = CONNECTION_WAITING;
    room->model.revision++;
    for (uint32_t i = 0; i < room->model.pending_count; i++) {
        room->model.pending[i].sent = false;
    }
}

/* ---- commands ---- */

static void send_pending(struct web *web, struct web_room *room, struct model_pending *pending,
                         bool fresh) {
    struct message message = {
        .kind = MESSAGE_COMMAND, .room = span_of(room->model.room_id), .command = pending->command};
    if (fresh) {
        message.command.made = 0; /* now: the server's own clock is better than a guess of it */
    }
    pending->sent = message_write(&web->out, &message);
}

void web_send_waiting(struct web *web, struct web_room *room, uint32_t fresh) {
    struct model_pending *pending;
    while (room->joined && (pending = model_next(&room->model)) != NULL) {
        send_pending(web, room, pending, pending->command.id >= fresh);
        if (!pending->sent) {
            return;
        }
    }
}

bool web_read_command(struct web *web, const char *json, uint32_t len, struct body *body) {
    char why[128];
    if (!read_map(web, json, len)) {
        return web_say(web, "That is no JSON map.");
    }
    enum body_error error = body_read(&web->own, &web->own.root, false, body);
    if (error == BODY_UNKNOWN_ACTION) {
        return web_say(web, "There is no such action.");
    }
    if (error != BODY_OK) {
        snprintf(why, sizeof why, "The field \"%.40s\" is wrong: %s.",
                 web->own.field != NULL ? web->own.field : "do", mp_error_text(web->own.error));
        return web_say(web, why);
    }
    return true;
}

uint32_t web_room_command(struct web *web, struct web_room *room, const char *json, uint32_t len,
                          double now) {
    struct body body;
    if (!web_read_command(web, json, len, &body)) {
        return 0;
    }
    if (!room->joined_ever) {
        return (uint32_t)web_say(web, "Not in the room yet; wait a moment.");
    }
    if (room->reads) {
        return (uint32_t)web_say(web, refusal_sentence(REFUSAL_READ_ONLY));
    }
    struct model_pending *pending = model_command(&room->model, &body, (int64_t)now);
    if (pending == NULL) {
        return (uint32_t)web_say(web, room->model.message);
    }
    web_send_waiting(web, room, pending->command.id);
    return pending->command.id;
}

int web_room_try(struct web *web, const struct web_room *room, const char *json, uint32_t len,
                 double now) {
    const struct model *model = &room->model;
    struct command command = {.seat = model->seat, .id = UINT32_MAX, .made = 0};
    struct event event;
    if (!web_read_command(web, json, len, &command.body)) {
        return 0;
    }
    char link[HASH_BYTES] = {0}; /* the server puts the true one in */
    if (command.body.act == ACTION_SEAT_MOVE) {
        command.body.has |= F(invite);
        command.body.invite = (struct span){link, sizeof link};
    }
    enum refusal why =
        room->reads ? REFUSAL_READ_ONLY : room_decide(&model->room, &command, (int64_t)now, &event);
    if (why == REFUSAL_NONE) {
        return 1;
    }
    json_open(&web->out, NULL, '{');
    json_str(&web->out, "why", refusal_name(why));
    json_str(&web->out, "text", refusal_sentence(why));
    json_close(&web->out, '}');
    return 0;
}

/* ---- messages ---- */

static void forget(struct model *model) {
    room_free(&model->room);
    room_init(&model->room);
    model->revision++;
}

static int on_joined(struct web *web, struct web_room *room, const struct message *message) {
    struct model *model = &room->model;
    model->seat = (uint8_t)message->joined.seat;
    model->joined_n = (uint32_t)message->joined.n;
    model->role = (enum role)message->joined.role;
    if (message->joined.reset) {
        forget(model);
    }
    if (model->next_id <= message->joined.last_id) {
        model->next_id = (uint32_t)message->joined.last_id + 1;
    }
    room->joined = room->joined_ever = true;
    room->reads = message->joined.companion != COMPANION_NONE;
    web_send_waiting(web, room, UINT32_MAX);
    model->connection = CONNECTION_LIVE;
    model->revision++;
    return WEB_CHANGED;
}

/* After an outcome of one's own: sends what waited for it. */
static void go_on(struct web *web, struct web_room *room) {
    enum refusal why = REFUSAL_LOST;
    while (model_lost(&room->model, &why) != 0) {
        /* each says so in the model's message */
    }
    web_send_waiting(web, room, UINT32_MAX);
}

static int on_event(struct web *web, struct web_room *room, const struct event *event) {
    struct model *model = &room->model;
    switch (model_apply(model, event)) {
    case APPLY_OK: go_on(web, room); return WEB_CHANGED;
    case APPLY_STALE: return WEB_IGNORED;
    case APPLY_GAP: forget(model); return WEB_AGAIN;
    default: return WEB_BROKEN;
    }
}

static int on_refused(struct web *web, struct web_room *room, uint32_t id, enum refusal why,
                      struct span text) {
    if (!model_is_pending(&room->model, id)) {
        return WEB_IGNORED;
    }
    model_refused(&room->model, id, why, text);
    go_on(web, room);
    return WEB_CHANGED;
}

int web_room_take(struct web *web, struct web_room *room) {
    struct model *model = &room->model;
    const struct message *message = &web->message;
    mp_writer_reset(&web->out);
    if (web->frame == NULL || !span_equal(message->room, model->room_id)) {
        return WEB_IGNORED;
    }
    switch (message->kind) {
    case MESSAGE_JOINED: return on_joined(web, room, message);
    case MESSAGE_EVENT: return on_event(web, room, &message->event);
    case MESSAGE_KEPT:
        model_kept(model, (uint32_t)message->kept.id, (uint32_t)message->kept.n);
        go_on(web, room);
        model->revision++;
        return WEB_CHANGED;
    case MESSAGE_REFUSED:
        return on_refused(web, room, (uint32_t)message->refused.id, message->refused.why,
                          message->refused.text);
    default: return WEB_IGNORED;
    }
}

void web_room_seal(struct web_room *room, int on) {
    room->model.sealed = on != 0 && room->model.role == ROLE_COACH;
    room->model.revision++;
}

uint32_t web_room_number(struct web_room *room) {
    return room->model.next_id++;
}

uint32_t web_room_revision(const struct web_room *room) {
    return room->model.revision;
}

double web_room_running(const struct web_room *room, double at) {
    return (double)clock_running_at(&room->model.room, (int64_t)at, NULL);
}

int web_room_digest(struct web *web, const struct web_room *room) {
    uint8_t digest[HASH_BYTES];
    mp_writer_reset(&web->out);
    if (!digest_room(&room->model.room, digest)) {
        return 0;
    }
    json_hex(&web->out, NULL, digest, sizeof digest);
    return 1;
}
