/* SPDX-License-Identifier: ISC */
/*
 * event.c: bodies and events, driven by the rows of actions.def and fields.def.
 *
 * Key order is fixed by fields.def, so equal events have equal bytes. A change of the stored form
 * raises SPAR_EVENT_VERSION and adds a reader for the older one; tests/unit/files keeps one of
 * each.
 */
#include "protocol/wire/event.h"

#include <string.h>

#include "protocol/wire/u32.h"

/* Keys besides those of the body (`do` and the fields), `made` and `id`. */
enum { SENT_KEYS = 5, STORED_KEYS = 6 };

/* "m", "event", "n" and 0xce: what stands between the map's header and the bytes of n. */
enum { HEAD_BYTES = 11 };

/* Of a map's header: one byte up to 15 pairs, three from 16 on. */
static size_t map_header(const char *map) {
    return (uint8_t)map[0] < 0x90 ? 1 : 3;
}

static int64_t *number_of(struct body *body, const struct field_row *row) {
    return (int64_t *)(void *)((char *)body + row->offset);
}

static struct span *span_in(struct body *body, const struct field_row *row) {
    return (struct span *)(void *)((char *)body + row->offset);
}

/* One field, if it is there. */
static void field_read(struct mp_reader *r, const msgpack_object *map, enum field field,
                       bool required, struct body *out) {
    const struct field_row *row = field_row(field);
    const msgpack_object *value = mp_look(r, map, row->key);
    if (!value || value->type == MSGPACK_OBJECT_NIL) {
        if (required) {
            mp_fail(r, MP_MISSING, row->key);
        }
        return;
    }
    if (row->type == FIELD_NUM) {
        *number_of(out, row) = mp_as_int(r, value, row->key, row->min, row->max);
    } else if (row->type == FIELD_TEXT) {
        *span_in(out, row) = mp_as_text(r, value, row->key, (uint32_t)row->min, (uint32_t)row->max);
    } else {
        *span_in(out, row) =
            mp_as_bytes(r, value, row->key, (uint32_t)row->min, (uint32_t)row->max);
    }
    out->has |= FIELD_BIT(field);
}

enum body_error body_read(struct mp_reader *r, const msgpack_object *map, bool secrets,
                          struct body *out) {
    memset(out, 0, sizeof *out);
    struct span wire = mp_get_text(r, map, "do", 1, ID_MAX_BYTES);
    if (r->error != MP_OK) {
        return BODY_BAD_FIELD;
    }
    out->act = action_find(wire.at, wire.len);
    if (out->act == ACTION_NONE) {
        return BODY_UNKNOWN_ACTION;
    }
    const struct action_row *row = action_row(out->act);
    for (field_set bits = row->required | row->optional; bits; bits &= bits - 1) {
        enum field field = field_first(bits);
        if (secrets || field_row(field)->type != FIELD_SECRET) {
            field_read(r, map, field, row->required >> field & 1, out);
        }
    }
    return r->error == MP_OK ? BODY_OK : BODY_BAD_FIELD;
}

/* The fields that are written: those of the action's row that the body has. */
static field_set body_bits(const struct body *body, bool secrets) {
    const struct action_row *row = action_row(body->act);
    field_set bits = body->has & (row->required | row->optional);
    return secrets ? bits : bits & ~(F(key) | F(invite));
}

uint32_t body_keys(const struct body *body, bool secrets) {
    return 1 + field_count(body_bits(body, secrets));
}

void body_write(struct mp_writer *w, const struct body *body, bool secrets) {
    mp_put_str(w, "do");
    mp_put_str(w, action_row(body->act)->wire);
    for (field_set bits = body_bits(body, secrets); bits; bits &= bits - 1) {
        const struct field_row *row = field_row(field_first(bits));
        const char *at = (const char *)body + row->offset;
        mp_put_str(w, row->key);
        if (row->type == FIELD_NUM) {
            int64_t number;
            memcpy(&number, at, sizeof number);
            mp_put_int(w, number);
        } else {
            struct span span;
            memcpy(&span, at, sizeof span);
            if (row->type == FIELD_TEXT) {
                mp_put_text(w, span);
            } else {
                mp_put_bytes(w, span);
            }
        }
    }
}

static void put_pair(struct mp_writer *w, const char *key, int64_t value) {
    mp_put_str(w, key);
    mp_put_int(w, value);
}

void event_write_stored(struct mp_writer *w, const struct event *event) {
    mp_put_map(w, STORED_KEYS + body_keys(&event->body, true));
    put_pair(w, "v", SPAR_EVENT_VERSION);
    put_pair(w, "pos", event->pos);
    put_pair(w, "at", event->at);
    put_pair(w, "by", event->by);
    put_pair(w, "id", event->id);
    put_pair(w, "made", event->made);
    body_write(w, &event->body, true);
}

/* The author: a seat, or the server. */
static uint8_t read_by(struct mp_reader *r, const msgpack_object *map) {
    int64_t by = mp_get_int(r, map, "by", 0, SEAT_SERVER);
    if (by >= ROOM_SEATS_MAX && by != SEAT_SERVER) {
        mp_fail(r, MP_RANGE, "by");
    }
    return (uint8_t)by;
}

bool event_read_stored(struct mp_reader *r, const void *bytes, size_t len, struct event *out) {
    memset(out, 0, sizeof *out);
    if (mp_reader_parse(r, bytes, len) != MP_OK) {
        return false;
    }
    const msgpack_object *map = &r->root;
    mp_get_int(r, map, "v", 1, SPAR_EVENT_VERSION);
    out->pos = (uint32_t)mp_get_int(r, map, "pos", 1, UINT32_MAX);
    out->at = mp_get_int(r, map, "at", 0, TIME_MAX_MS);
    out->by = read_by(r, map);
    out->id = (uint32_t)mp_get_int(r, map, "id", 0, UINT32_MAX);
    out->made = mp_get_int(r, map, "made", 0, out->at);
    /* Who sees an event of an unknown action is not known, so no server can fold a log with one. */
    if (body_read(r, map, true, &out->body) == BODY_UNKNOWN_ACTION) {
        mp_fail(r, MP_RANGE, "do");
    }
    return r->error == MP_OK;
}

void event_write_sent(struct mp_writer *w, const struct event *event, const char *room, bool own) {
    /* The head is the same for every event but for the number of keys. */
    static const char head[] = "\xa1m\xa5"
                               "event\xa1n\xce\0\0\0";
    bool made = event->made != event->at;
    mp_put_map(w, SENT_KEYS + body_keys(&event->body, false) + made + own);
    size_t start = w->len;
    mp_put_raw(w, head, sizeof head);
    if (!w->failed) {
        u32_put(w->data + start + HEAD_BYTES, event->pos);
    }
    mp_put_str(w, "room");
    mp_put_text(w, (struct span){room, ROOM_ID_BYTES});
    put_pair(w, "at", event->at);
    put_pair(w, "by", event->by);
    body_write(w, &event->body, false);
    if (made) {
        put_pair(w, "made", event->made);
    }
    if (own) {
        put_pair(w, "id", event->id);
    }
}

void event_write_own(struct mp_writer *w, const char *sent, size_t len, uint32_t id) {
    const uint8_t *head = (const uint8_t *)sent;
    size_t used = map_header(sent);
    uint32_t pairs = used == 1 ? head[0] & 0x0fU : (uint32_t)head[1] << 8 | head[2];
    mp_put_map(w, pairs + 1);
    mp_put_raw(w, sent + used, len - used);
    put_pair(w, "id", id);
}

size_t event_n_at(const char *sent, size_t len) {
    size_t at = len > 0 ? map_header(sent) + HEAD_BYTES : 0;
    return at + U32_BYTES <= len ? at : 0;
}

void event_patch_n(char *sent, size_t len, uint32_t n) {
    size_t at = event_n_at(sent, len);
    if (at > 0) {
        u32_put(sent + at, n);
    }
}

bool event_read_sent(struct mp_reader *r, const msgpack_object *map, struct event *out) {
    memset(out, 0, sizeof *out);
    out->pos = (uint32_t)mp_get_int(r, map, "n", 1, UINT32_MAX);
    out->at = mp_get_int(r, map, "at", 0, TIME_MAX_MS);
    out->by = read_by(r, map);
    out->id = (uint32_t)mp_opt_int(r, map, "id", 0, UINT32_MAX, 0);
    out->made = mp_opt_int(r, map, "made", 0, out->at, out->at);
    enum body_error error = body_read(r, map, false, &out->body);
    return error != BODY_BAD_FIELD; /* an unknown action is a newer server's */
}
