/* SPDX-License-Identifier: ISC */
/*
 * message.c: messages, driven by messages.def and message_fields.def. Only `command` and `event`
 * have readers and writers of their own, since their fields are those of an action.
 */
#include "protocol/wire/message.h"

#include <string.h>

#include "protocol/wire/frame.h"

enum { TO_SERVER = 1, TO_CLIENT = 2, TO_BOTH = 3 };
enum room_need { ROOM_NO, ROOM_YES, ROOM_MAYBE };
enum type { TYPE_INT, TYPE_U32, TYPE_BOOL, TYPE_WHY, TYPE_TEXT, TYPE_SECRET, TYPE_ID, TYPE_BYTES };
enum { MAY, MUST };

struct kind_row {
    const char *wire;
    int to;
    enum room_need room;
    uint32_t cost;
};
static const struct kind_row kinds[MESSAGE_COUNT] = {
    [MESSAGE_UNKNOWN] = {"unknown", 0, ROOM_NO, 5},
#define MESSAGE(name, wire, to, room, cost) [MESSAGE_##name] = {wire, to, room, cost},
#include "protocol/wire/messages.def"
#undef MESSAGE
};

/* Their lengths, so that most are passed by at one look. */
static const uint8_t kind_lens[MESSAGE_COUNT] = {
    [MESSAGE_UNKNOWN] = sizeof "unknown" - 1,
#define MESSAGE(name, wire, to, room, cost) [MESSAGE_##name] = sizeof(wire) - 1,
#include "protocol/wire/messages.def"
#undef MESSAGE
};

/* In the order of message_fields.def, so the fields of one message stand together. */
struct field_of {
    enum message_kind kind;
    enum type type;
    const char *key;
    size_t offset; /* in struct message */
    int64_t min, max;
    int need;
};
static const struct field_of table[] = {
#define FIELD_OF(kind, member, key, type, min, max, need) \
    {MESSAGE_##kind, TYPE_##type, key, offsetof(struct message, member), min, max, need},
#include "protocol/wire/message_fields.def"
#undef FIELD_OF
};
enum { TABLE_ROWS = sizeof table / sizeof table[0] };

/* The fields of commands and events are those of an action. */
static const struct field_of *first_field(enum message_kind kind) {
    bool none = kind == MESSAGE_COMMAND || kind == MESSAGE_EVENT;
    for (unsigned i = none ? TABLE_ROWS : 0; i < TABLE_ROWS; i++) {
        if (table[i].kind == kind) {
            return &table[i];
        }
    }
    return table + TABLE_ROWS;
}

/* Whether `field` still belongs to that message. */
static bool belongs(const struct field_of *field, enum message_kind kind) {
    return field < table + TABLE_ROWS && field->kind == kind;
}

static enum message_kind find_kind(struct span name) {
    for (int i = MESSAGE_UNKNOWN + 1; i < MESSAGE_COUNT; i++) {
        if (name.len == kind_lens[i] && memcmp(name.at, kinds[i].wire, name.len) == 0) {
            return (enum message_kind)i;
        }
    }
    return MESSAGE_UNKNOWN;
}

static struct span read_span(struct mp_reader *r, const msgpack_object *map,
                             const struct field_of *field) {
    uint32_t min = (uint32_t)field->min;
    uint32_t max = (uint32_t)field->max;
    if (field->type == TYPE_BYTES) {
        return field->need == MUST ? mp_get_bytes(r, map, field->key, min, max)
                                   : mp_opt_bytes(r, map, field->key, max);
    }
    return field->need == MUST ? mp_get_text(r, map, field->key, min, max)
                               : mp_opt_text(r, map, field->key, max);
}

static struct span read_secret(struct mp_reader *r, const msgpack_object *map,
                               const struct field_of *field) {
    struct span secret = read_span(r, map, field);
    if (secret.len != 0 && secret.len != SECRET_CHARS) {
        mp_fail(r, MP_TOO_LONG, field->key);
    }
    return secret;
}

/* The id of a room or cohort is ROOM_ID_BYTES of [a-z0-9]. */
static void check_id(struct mp_reader *r, struct span id, const char *key) {
    if (id.len != 0 && id.len != ROOM_ID_BYTES) {
        mp_fail(r, MP_TOO_LONG, key);
    } else if (id.len != 0 && !span_is_id(id)) {
        mp_fail(r, MP_RANGE, key);
    }
}

static struct span read_id(struct mp_reader *r, const msgpack_object *map,
                           const struct field_of *field) {
    struct span id = read_span(r, map, field);
    check_id(r, id, field->key);
    return id;
}

static int64_t read_int(struct mp_reader *r, const msgpack_object *map,
                        const struct field_of *field) {
    return field->need == MUST ? mp_get_int(r, map, field->key, field->min, field->max)
                               : mp_opt_int(r, map, field->key, field->min, field->max, field->min);
}

static void read_field(struct mp_reader *r, const msgpack_object *map, const struct field_of *field,
                       struct message *out) {
    void *at = (char *)out + field->offset;
    struct span span;
    switch (field->type) {
    case TYPE_INT: *(int64_t *)at = read_int(r, map, field); break;
    case TYPE_U32: *(uint32_t *)at = (uint32_t)read_int(r, map, field); break;
    case TYPE_BOOL: *(bool *)at = mp_opt_bool(r, map, field->key, false); break;
    case TYPE_WHY:
        span = read_span(r, map, field);
        *(enum refusal *)at = refusal_find(span.at, span.len);
        break;
    case TYPE_SECRET: *(struct span *)at = read_secret(r, map, field); break;
    case TYPE_ID: *(struct span *)at = read_id(r, map, field); break;
    case TYPE_TEXT:
    case TYPE_BYTES: *(struct span *)at = read_span(r, map, field); break;
    }
}

static struct span read_room(struct mp_reader *r, enum room_need need) {
    if (need == ROOM_NO) {
        return (struct span){"", 0};
    }
    struct span room = need == ROOM_YES
                           ? mp_get_text(r, &r->root, "room", ROOM_ID_BYTES, ROOM_ID_BYTES)
                           : mp_opt_text(r, &r->root, "room", ROOM_ID_BYTES);
    check_id(r, room, "room");
    return room;
}

static void read_command(struct mp_reader *r, struct command *out) {
    memset(out, 0, sizeof *out);
    out->id = (uint32_t)mp_get_int(r, &r->root, "id", 1, UINT32_MAX);
    out->made = mp_opt_int(r, &r->root, "made", 0, TIME_MAX_MS, 0);
    if (r->error == MP_OK && body_read(r, &r->root, false, &out->body) == BODY_UNKNOWN_ACTION) {
        out->body.act = ACTION_NONE;
    }
}

enum message_error message_read(struct mp_reader *r, const void *bytes, size_t len,
                                struct message *out) {
    memset(out, 0, sizeof *out);
    if (mp_reader_parse(r, bytes, len) != MP_OK || r->root.type != MSGPACK_OBJECT_MAP) {
        mp_fail(r, MP_WRONG_TYPE, NULL);
        return MSG_BAD_FRAME;
    }
    struct span name = mp_get_text(r, &r->root, "m", 1, ID_MAX_BYTES);
    if (r->error != MP_OK) {
        return MSG_BAD_MESSAGE;
    }
    out->kind = find_kind(name);
    out->room = read_room(r, kinds[out->kind].room);
    if (out->kind == MESSAGE_COMMAND) {
        read_command(r, &out->command);
    } else if (out->kind == MESSAGE_EVENT && !event_read_sent(r, &r->root, &out->event)) {
        return MSG_BAD_MESSAGE;
    }
    for (const struct field_of *f = first_field(out->kind); belongs(f, out->kind); f++) {
        read_field(r, &r->root, f, out);
    }
    return r->error == MP_OK ? MSG_OK : MSG_BAD_MESSAGE;
}

/* Whether the field is written: an optional one that has its default is left out. */
static bool is_written(const struct message *message, const struct field_of *field) {
    const void *at = (const char *)message + field->offset;
    if (field->need == MUST) {
        return true;
    }
    switch (field->type) {
    case TYPE_INT: return *(const int64_t *)at != field->min;
    case TYPE_U32: return *(const uint32_t *)at != field->min;
    case TYPE_BOOL: return *(const bool *)at;
    case TYPE_WHY: return true;
    case TYPE_TEXT:
    case TYPE_SECRET:
    case TYPE_ID:
    case TYPE_BYTES: return ((const struct span *)at)->len > 0;
    }
    return true;
}

static void write_field(struct mp_writer *w, const struct message *message,
                        const struct field_of *field) {
    const void *at = (const char *)message + field->offset;
    mp_put_str(w, field->key);
    switch (field->type) {
    case TYPE_INT: mp_put_int(w, *(const int64_t *)at); break;
    case TYPE_U32: mp_put_int(w, *(const uint32_t *)at); break;
    case TYPE_BOOL: mp_put_bool(w, *(const bool *)at); break;
    case TYPE_WHY: mp_put_str(w, refusal_name(*(const enum refusal *)at)); break;
    case TYPE_TEXT:
    case TYPE_SECRET:
    case TYPE_ID: mp_put_text(w, *(const struct span *)at); break;
    case TYPE_BYTES: mp_put_bytes(w, *(const struct span *)at); break;
    }
}

static void write_command(struct mp_writer *w, const struct command *command) {
    mp_put_str(w, "id");
    mp_put_int(w, command->id);
    if (command->made != 0) {
        mp_put_str(w, "made");
        mp_put_int(w, command->made);
    }
    body_write(w, &command->body, false);
}

static void write_map(struct mp_writer *w, const struct message *message) {
    bool about_room = kinds[message->kind].room != ROOM_NO && message->room.len > 0;
    bool command = message->kind == MESSAGE_COMMAND;
    const struct field_of *first = first_field(message->kind);
    uint32_t keys = 1 + about_room;
    for (const struct field_of *f = first; belongs(f, message->kind); f++) {
        keys += is_written(message, f);
    }
    if (command) {
        keys += 1 + (message->command.made != 0) + body_keys(&message->command.body, false);
    }
    mp_put_map(w, keys);
    mp_put_str(w, "m");
    mp_put_str(w, kinds[message->kind].wire);
    if (about_room) {
        mp_put_str(w, "room");
        mp_put_text(w, message->room);
    }
    for (const struct field_of *f = first; belongs(f, message->kind); f++) {
        if (is_written(message, f)) {
            write_field(w, message, f);
        }
    }
    if (command) {
        write_command(w, &message->command);
    }
}

bool message_write(struct mp_writer *w, const struct message *message) {
    static const uint8_t no_header[FRAME_HEADER_BYTES];
    size_t start = w->len;
    mp_put_raw(w, no_header, sizeof no_header);
    if (message->kind == MESSAGE_EVENT) {
        event_write_sent(w, &message->event, message->room.at, message->event.id != 0);
    } else {
        write_map(w, message);
    }
    size_t len = w->len - start - FRAME_HEADER_BYTES;
    if (w->failed || len > FRAME_PAYLOAD_MAX) {
        w->len = start;
        return false;
    }
    frame_header((uint8_t *)w->data + start, len);
    return true;
}

const char *message_name(enum message_kind kind) {
    return (unsigned)kind < MESSAGE_COUNT ? kinds[kind].wire : kinds[MESSAGE_UNKNOWN].wire;
}

uint32_t message_cost(enum message_kind kind) {
    return kinds[kind].cost;
}

uint32_t message_id(const struct message *message) {
    if (message->kind == MESSAGE_COMMAND) {
        return message->command.id;
    }
    for (const struct field_of *field = first_field(message->kind); belongs(field, message->kind);
         field++) {
        const char *at = (const char *)message + field->offset;
        if (strcmp(field->key, "id") == 0) {
            return field->type == TYPE_U32 ? *(const uint32_t *)(const void *)at
                                           : (uint32_t) * (const int64_t *)(const void *)at;
        }
    }
    return 0;
}

bool message_to_server(enum message_kind kind) {
    return (kinds[kind].to & TO_SERVER) != 0;
}

bool message_to_client(enum message_kind kind) {
    return (kinds[kind].to & TO_CLIENT) != 0;
}
