/* SPDX-License-Identifier: ISC */
/*
 * recording.c: recording files. Each event is held against the chain before it is taken, so what a
 * damaged file gives is a true beginning of what the server sent.
 */
#include "protocol/wire/recording.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/wire/frame.h"

enum { FIRST_EVENTS = 256 };

const char *recording_fault_text(enum recording_fault fault) {
    static const char *const texts[] = {
        [RECORDING_OK] = "The recording is whole.",
        [RECORDING_NOT_ONE] = "This is not a recording; fetch one with 'spar fetch'.",
        [RECORDING_TOO_NEW] = "The recording was made by a newer Spar; update this one.",
        [RECORDING_DAMAGED] = "The recording is damaged; fetch it again.",
        [RECORDING_NO_END] = "The recording breaks off before its end; fetch it again.",
        [RECORDING_NO_MEMORY] = "Memory ran out while reading the recording; close other programs.",
    };
    return (unsigned)fault <= RECORDING_NO_MEMORY ? texts[fault] : "Unknown fault.";
}

struct parse {
    struct recording *rec;
    struct mp_reader frames, events;
    uint32_t cap;
    size_t at; /* of the next frame */
    bool ended;
};

/* The payload of the next frame; `at` moves behind it. */
static enum recording_fault next_payload(struct parse *parse, const uint8_t **payload,
                                         size_t *len) {
    size_t used;
    const uint8_t *bytes = (const uint8_t *)parse->rec->bytes + parse->at;
    switch (frame_next(bytes, parse->rec->len - parse->at, payload, len, &used)) {
    case FRAME_WHOLE: parse->at += used; return RECORDING_OK;
    case FRAME_PARTIAL: return RECORDING_NO_END;
    case FRAME_EMPTY:
    case FRAME_TOO_LARGE: break;
    }
    return RECORDING_DAMAGED;
}

static enum recording_fault read_head(struct parse *parse) {
    struct mp_reader *r = &parse->frames;
    const uint8_t *payload;
    size_t len;
    if (next_payload(parse, &payload, &len) != RECORDING_OK) {
        return RECORDING_NOT_ONE;
    }
    if (mp_reader_parse(r, payload, len) == MP_NO_MEMORY) {
        return RECORDING_NO_MEMORY;
    }
    if (r->error != MP_OK ||
        !span_equal(mp_get_text(r, &r->root, "m", 1, ID_MAX_BYTES), "recording")) {
        return RECORDING_NOT_ONE;
    }
    int64_t version = mp_get_int(r, &r->root, "v", 1, UINT32_MAX);
    if (version > SPAR_RECORDING_VERSION) {
        return RECORDING_TOO_NEW;
    }
    struct span room = mp_get_text(r, &r->root, "room", ROOM_ID_BYTES, ROOM_ID_BYTES);
    parse->rec->seat = (uint8_t)mp_get_int(r, &r->root, "seat", 0, SEAT_GUEST);
    if (parse->rec->seat >= ROOM_SEATS_MAX && parse->rec->seat != SEAT_GUEST) {
        mp_fail(r, MP_RANGE, "seat");
    }
    parse->rec->role = (enum role)mp_get_int(r, &r->root, "role", ROLE_INTERVIEWER, ROLE_COACH);
    parse->rec->key = mp_opt_bytes(r, &r->root, "key", SPKI_MAX_BYTES);
    mp_opt_int(r, &r->root, "at", 0, TIME_MAX_MS, 0);
    parse->rec->of = mp_opt_bytes(r, &r->root, "of", HASH_BYTES);
    parse->rec->by = mp_opt_text(r, &r->root, "by", NAME_MAX_BYTES);
    bool remarking = parse->rec->of.len > 0;
    if (r->error != MP_OK || (remarking && parse->rec->of.len != HASH_BYTES)) {
        return RECORDING_NOT_ONE;
    }
    recording_chain_start(parse->rec->of, parse->rec->by, parse->rec->chain);
    parse->rec->version = (uint32_t)version;
    memcpy(parse->rec->room, room.at, ROOM_ID_BYTES);
    return RECORDING_OK;
}

static bool grow(struct parse *parse) {
    if (parse->rec->count < parse->cap) {
        return true;
    }
    uint32_t cap = parse->cap ? parse->cap * 2 : FIRST_EVENTS;
    struct event *events = realloc(parse->rec->events, cap * sizeof *events);
    if (!events) {
        return false;
    }
    parse->rec->events = events;
    parse->cap = cap;
    return true;
}

/* Whether the record continues the chain and the numbering; then *event is decoded. */
static bool is_next(struct parse *parse, const struct message *message, struct event *event) {
    const struct recording *rec = parse->rec;
    struct mp_reader *r = &parse->events;
    struct span bytes = message->record.event;
    return memcmp(message->record.chain.at, rec->chain, HASH_BYTES) == 0 &&
           message->record.n == (int64_t)rec->count + 1 &&
           mp_reader_parse(r, bytes.at, bytes.len) == MP_OK &&
           span_equal(mp_get_text(r, &r->root, "room", 1, ROOM_ID_BYTES), rec->room) &&
           event_read_sent(r, &r->root, event) && event->pos == rec->count + 1;
}

static enum recording_fault take_record(struct parse *parse, const struct message *message) {
    struct recording *rec = parse->rec;
    struct event event;
    if (!is_next(parse, message, &event)) {
        return parse->events.error == MP_NO_MEMORY ? RECORDING_NO_MEMORY : RECORDING_DAMAGED;
    }
    if (!grow(parse)) {
        return RECORDING_NO_MEMORY;
    }
    uint8_t before[HASH_BYTES];
    memcpy(before, rec->chain, sizeof before);
    digest_chain(before, message->record.event.at, message->record.event.len, rec->chain);
    rec->events[rec->count++] = event;
    return RECORDING_OK;
}

/* Whether the end says of whose view it is what the head says; that of version 1 says nothing. */
static bool same_owner(const struct recording *rec, const struct message *message) {
    return rec->version == 1 || (message->end.v == rec->version && message->end.seat == rec->seat &&
                                 message->end.role == (int64_t)rec->role);
}

/* Takes the end only if nothing follows it and it agrees with what came before. */
static enum recording_fault take_end(struct parse *parse, const struct message *message) {
    struct recording *rec = parse->rec;
    if (message->end.count != rec->count || message->end.chain.len != HASH_BYTES ||
        memcmp(message->end.chain.at, rec->chain, HASH_BYTES) != 0 || parse->at != rec->len ||
        !same_owner(rec, message)) {
        return RECORDING_DAMAGED;
    }
    rec->sign = message->end.sign;
    if (message->end.key.len > 0) {
        rec->key = message->end.key;
    }
    parse->ended = true;
    return RECORDING_OK;
}

static enum recording_fault take_frame(struct parse *parse) {
    const uint8_t *payload;
    size_t len;
    struct message message;
    enum recording_fault fault = next_payload(parse, &payload, &len);
    if (fault != RECORDING_OK) {
        return fault;
    }
    enum message_error error = message_read(&parse->frames, payload, len, &message);
    if (error != MSG_OK && parse->frames.error == MP_NO_MEMORY) {
        return RECORDING_NO_MEMORY;
    }
    if (error != MSG_OK || !span_equal(message.room, parse->rec->room)) {
        return RECORDING_DAMAGED;
    }
    switch (message.kind) {
    case MESSAGE_RECORD: return take_record(parse, &message);
    case MESSAGE_END: return take_end(parse, &message);
    default: return RECORDING_DAMAGED;
    }
}

enum recording_fault recording_parse(struct recording *rec, char *bytes, size_t len) {
    memset(rec, 0, sizeof *rec);
    rec->bytes = bytes;
    rec->len = len;
    struct parse parse = {.rec = rec};
    enum recording_fault fault = RECORDING_NO_MEMORY;
    if (mp_reader_init(&parse.frames) == MP_OK && mp_reader_init(&parse.events) == MP_OK) {
        fault = read_head(&parse);
        while (fault == RECORDING_OK && !parse.ended) {
            fault = take_frame(&parse);
        }
    }
    mp_reader_free(&parse.frames);
    mp_reader_free(&parse.events);
    return fault;
}

void recording_free(struct recording *rec) {
    free(rec->events);
    free(rec->bytes);
    memset(rec, 0, sizeof *rec);
}

void recording_signed_digest(const struct recording *rec, uint8_t out[HASH_BYTES]) {
    uint8_t bytes[ROOM_ID_BYTES + 2 + HASH_BYTES];
    size_t len = ROOM_ID_BYTES;
    memcpy(bytes, rec->room, ROOM_ID_BYTES);
    if (rec->version >= 2) {
        bytes[len++] = rec->seat;
        bytes[len++] = (uint8_t)rec->role;
    }
    memcpy(bytes + len, rec->chain, HASH_BYTES);
    digest_bytes(bytes, len + HASH_BYTES, out);
}

const char *recording_purpose(const struct recording *rec) {
    if (recording_is_remarking(rec)) {
        return rec->version == 1 ? "spar-remarking-1" : "spar-remarking-2";
    }
    return rec->version == 1 ? "spar-recording-1" : "spar-recording-2";
}
