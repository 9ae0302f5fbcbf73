/* SPDX-License-Identifier: ISC */
/*
 * core.c: memory, the stream of frames, messages to JSON and back.
 */
#include "client/web/wasm/core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/pack/bundle.h"
#include "protocol/wire/frame.h"
#include "protocol/wire/invite.h"

void *web_alloc(uint32_t size) {
    return malloc(size > 0 ? size : 1);
}

void web_free(void *memory) {
    free(memory);
}

struct web *web_new(void) {
    struct web *web = calloc(1, sizeof *web);
    if (web == NULL) {
        return NULL;
    }
    if (mp_reader_init(&web->reader) != MP_OK || mp_reader_init(&web->own) != MP_OK) {
        mp_reader_free(&web->reader);
        free(web);
        return NULL;
    }
    return web;
}

const char *web_out(const struct web *web) {
    return web->out.data;
}

uint32_t web_out_len(const struct web *web) {
    return web->out.failed ? 0 : (uint32_t)web->out.len;
}

/* ---- the stream ---- */

void web_reset(struct web *web) {
    mp_writer_reset(&web->in);
    web->taken = 0;
    web->frame = NULL;
    web->frame_len = 0;
}

int web_feed(struct web *web, const void *bytes, uint32_t len) {
    web->frame = NULL; /* the stream may move */
    if (web->taken == web->in.len) {
        web_reset(web);
    }
    mp_put_raw(&web->in, bytes, len);
    return !web->in.failed;
}

int web_next(struct web *web) {
    const uint8_t *payload;
    size_t len;
    size_t used;
    const uint8_t *at = (const uint8_t *)web->in.data + web->taken;
    web->frame = NULL;
    mp_writer_reset(&web->out);
    if (web->in.len == web->taken) {
        return 0;
    }
    enum frame_status status = frame_next(at, web->in.len - web->taken, &payload, &len, &used);
    if (status == FRAME_PARTIAL) {
        return 0;
    }
    if (status != FRAME_WHOLE) {
        return -1;
    }
    web->taken += used;
    if (message_read(&web->reader, payload, len, &web->message) != MSG_OK) {
        return -1;
    }
    web->frame = at;
    web->frame_len = used;
    json_object(&web->out, NULL, &web->reader.root);
    return web->out.failed ? -1 : 1;
}

const uint8_t *web_frame(const struct web *web) {
    return web->frame;
}

uint32_t web_frame_len(const struct web *web) {
    return (uint32_t)web->frame_len;
}

/* ---- messages of one's own ---- */

/* JSON as a message that a server takes. False: `out` is a sentence. */
static bool read_message(struct web *web, const char *json, uint32_t len, struct message *message) {
    char why[128];
    mp_writer_reset(&web->out);
    mp_writer_reset(&web->scratch);
    if (!json_read(&web->scratch, (struct span){json, len})) {
        json_str(&web->out, NULL, "That is no JSON.");
        return false;
    }
    enum message_error error =
        message_read(&web->own, web->scratch.data, web->scratch.len, message);
    if (error != MSG_OK || !message_to_server(message->kind)) {
        snprintf(why, sizeof why, "The field \"%.40s\" is wrong: %s.",
                 web->own.field != NULL ? web->own.field : "m", mp_error_text(web->own.error));
        json_str(&web->out, NULL, why);
        return false;
    }
    return true;
}

int web_encode(struct web *web, const char *json, uint32_t len) {
    struct message message;
    return read_message(web, json, len, &message) && message_write(&web->out, &message);
}

/* NULL: `out` is a sentence. */
static struct pack *read_bundle(struct web *web, const char *bundle, uint32_t len,
                                struct span *pack, struct span *panel) {
    struct pack_fault fault;
    char why[sizeof fault.where + sizeof fault.what + 32];
    mp_writer_reset(&web->out);
    struct pack *read = bundle_read(&web->own, (struct span){bundle, len}, pack, panel, &fault);
    if (read == NULL) {
        snprintf(why, sizeof why, "The pack was not accepted at %s: %s.", fault.where, fault.what);
        json_str(&web->out, NULL, why);
    }
    return read;
}

int web_pack_about(struct web *web, const char *bundle, uint32_t len) {
    struct span bodies[2];
    struct pack *pack = read_bundle(web, bundle, len, &bodies[0], &bodies[1]);
    if (pack == NULL) {
        return 0;
    }
    pack_unref(pack);
    bool good = mp_reader_parse(&web->own, bodies[0].at, bodies[0].len) == MP_OK;
    json_open(&web->out, NULL, '{');
    if (good) {
        json_object(&web->out, "public", &web->own.root);
    }
    json_close(&web->out, '}');
    return good;
}

/* Where a message of that kind has its bodies, and its id; NULL: nowhere. */
static struct span *body_in(struct message *message, struct span **panel, uint32_t *id) {
    switch (message->kind) {
    case MESSAGE_HOST:
        *panel = &message->host.panel;
        *id = message->host.id;
        return &message->host.pack;
    case MESSAGE_SWAP:
        *panel = &message->swap.panel;
        *id = message->swap.id;
        return &message->swap.pack;
    case MESSAGE_OFFER:
        *panel = &message->offer.panel;
        *id = message->offer.id;
        return &message->offer.pack;
    default: return NULL;
    }
}

int web_encode_pack(struct web *web, const char *json, uint32_t len, const char *bundle,
                    uint32_t bundle_len) {
    struct message message;
    struct span bodies[2];
    struct span *panel;
    uint32_t id;
    struct pack *pack = read_bundle(web, bundle, bundle_len, &bodies[0], &bodies[1]);
    pack_unref(pack);
    if (pack == NULL || !read_message(web, json, len, &message)) {
        return 0;
    }
    struct span *public_body = body_in(&message, &panel, &id);
    if (public_body == NULL) {
        json_str(&web->out, NULL, "Such a message carries no pack.");
        return 0;
    }
    uint32_t last = pack_parts(bodies[1]) - 1;
    bool good = true;
    for (uint32_t i = 0; good && i < last; i++) {
        struct message part = {.kind = MESSAGE_PART,
                               .part = {.id = id, .panel = pack_part(bodies[1], i)}};
        good = message_write(&web->out, &part);
    }
    *public_body = bodies[0];
    *panel = pack_part(bodies[1], last);
    return good && message_write(&web->out, &message);
}

/* ---- links ---- */

int web_link(struct web *web, const char *text, uint32_t len) {
    struct invite invite;
    char out[INVITE_TEXT_MAX];
    char why[INVITE_WHY_MAX] = "Out of memory.";
    char *copy = strndup(text, len);
    bool good = copy != NULL && invite_parse(copy, &invite, why);
    free(copy);
    if (good) {
        invite_format(&invite, out);
    }
    mp_writer_reset(&web->out);
    json_str(&web->out, NULL, good ? out : why);
    return good;
}

/* ---- tables ---- */

static void put_names(struct mp_writer *w) {
    json_open(w, "roles", '[');
    for (int i = ROLE_NONE; i <= ROLE_COACH; i++) {
        json_str(w, NULL, role_name((enum role)i));
    }
    json_close(w, ']');
    json_open(w, "stages", '[');
    for (int i = STAGE_NEW; i <= STAGE_CLOSED; i++) {
        json_str(w, NULL, stage_name((enum stage)i));
    }
    json_close(w, ']');
    json_open(w, "marks", '[');
    for (int i = MARK_NOT_YET; i <= MARK_RAISED; i++) {
        json_str(w, NULL, mark_name((enum mark)i));
    }
    json_close(w, ']');
}

static void put_field_names(struct mp_writer *w, const char *key, field_set fields) {
    json_open(w, key, '[');
    for (field_set bits = fields; bits != 0; bits &= bits - 1) {
        json_str(w, NULL, field_row(field_first(bits))->key);
    }
    json_close(w, ']');
}

static void put_actions(struct mp_writer *w) {
    json_open(w, "actions", '{');
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        const struct action_row *row = action_row((enum action)i);
        json_open(w, row->wire, '{');
        json_int(w, "who", row->who);
        json_int(w, "when", row->when);
        json_int(w, "audience", row->audience);
        put_field_names(w, "required", row->required);
        put_field_names(w, "optional", row->optional);
        json_close(w, '}');
    }
    json_close(w, '}');
}

static void put_fields(struct mp_writer *w) {
    static const char *const types[] = {"number", "text", "bytes", "secret"};
    json_open(w, "fields", '{');
    for (int i = 0; i < FIELD_COUNT; i++) {
        const struct field_row *row = field_row((enum field)i);
        json_open(w, row->key, '{');
        json_str(w, "type", types[row->type]);
        json_int(w, "min", row->min);
        json_int(w, "max", row->max);
        json_close(w, '}');
    }
    json_close(w, '}');
}

void web_tables(struct web *web) {
    struct mp_writer *w = &web->out;
    mp_writer_reset(w);
    json_open(w, NULL, '{');
    json_str(w, "version", SPAR_VERSION);
    json_int(w, "protocol", SPAR_PROTOCOL_VERSION);
    json_int(w, "recording", SPAR_RECORDING_VERSION);
    put_names(w);
    put_actions(w);
    put_fields(w);
    json_open(w, "refusals", '{');
    for (int i = REFUSAL_NONE + 1; i < REFUSAL_COUNT; i++) {
        json_str(w, refusal_name((enum refusal)i), refusal_sentence((enum refusal)i));
    }
    json_close(w, '}');
    json_open(w, "limits", '{');
    json_int(w, "name", NAME_MAX_BYTES);
    json_int(w, "text", TEXT_MAX_BYTES);
    json_int(w, "seats", ROOM_SEATS_MAX);
    json_int(w, "pack", PACK_BUNDLE_MAX);
    json_int(w, "pending", PENDING_COMMANDS_MAX);
    json_int(w, "ping_every_ms", PING_EVERY_MS);
    json_int(w, "idle_ms", IDLE_MAX_MS);
    json_int(w, "clock_samples", CLOCK_SAMPLES);
    json_int(w, "server_seat", SEAT_SERVER);
    json_close(w, '}');
    json_close(w, '}');
}
