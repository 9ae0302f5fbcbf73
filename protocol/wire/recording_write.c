/* SPDX-License-Identifier: ISC */
/*
 * recording_write.c: the frames of a recording file: its head, its records, its end.
 *
 * Invariant: a frame that could not be written whole leaves the writer as it was.
 */
#include <string.h>

#include "protocol/wire/frame.h"
#include "protocol/wire/recording.h"

bool recording_is_remarking(const struct recording *rec) {
    return rec->of.len == HASH_BYTES;
}

void recording_chain_start(struct span of, struct span by, uint8_t out[HASH_BYTES]) {
    uint8_t zeros[HASH_BYTES] = {0};
    char bytes[HASH_BYTES + NAME_MAX_BYTES];
    memset(out, 0, HASH_BYTES);
    if (of.len == HASH_BYTES && by.len <= NAME_MAX_BYTES) {
        memcpy(bytes, of.at, of.len);
        if (by.len > 0) {
            memcpy(bytes + of.len, by.at, by.len);
        }
        digest_chain(zeros, bytes, of.len + by.len, out);
    }
}

static void put_head(struct mp_writer *w, const struct recording *rec, int64_t at) {
    bool remarking = recording_is_remarking(rec);
    mp_put_map(w, remarking ? 9 : 7);
    mp_put_str(w, "m");
    mp_put_str(w, "recording");
    mp_put_str(w, "v");
    mp_put_int(w, rec->version);
    mp_put_str(w, "room");
    mp_put_str(w, rec->room);
    mp_put_str(w, "seat");
    mp_put_int(w, rec->seat);
    mp_put_str(w, "role");
    mp_put_int(w, rec->role);
    mp_put_str(w, "key");
    mp_put_bytes(w, rec->key);
    mp_put_str(w, "at");
    mp_put_int(w, at);
    if (remarking) {
        mp_put_str(w, "of");
        mp_put_bytes(w, rec->of);
        mp_put_str(w, "by");
        mp_put_text(w, rec->by);
    }
}

bool recording_write_head(struct mp_writer *w, const struct recording *rec, int64_t at) {
    size_t start = w->len;
    mp_put_raw(w, "\0\0\0\0", FRAME_HEADER_BYTES);
    put_head(w, rec, at);
    if (w->failed) {
        w->len = start;
        return false;
    }
    frame_header((uint8_t *)w->data + start, w->len - start - FRAME_HEADER_BYTES);
    return true;
}

bool recording_write_event(struct mp_writer *w, const char *room, const struct event *event,
                           bool own, uint8_t chain[HASH_BYTES]) {
    struct mp_writer sent;
    uint8_t before[HASH_BYTES];
    mp_writer_init(&sent);
    memcpy(before, chain, sizeof before);
    event_write_sent(&sent, event, room, own);
    struct message message = {.kind = MESSAGE_RECORD, .room = span_of(room)};
    message.record.n = event->pos;
    message.record.event = (struct span){sent.data, (uint32_t)sent.len};
    message.record.chain = (struct span){(const char *)before, HASH_BYTES};
    bool good = !sent.failed && message_write(w, &message);
    if (good) {
        digest_chain(before, sent.data, sent.len, chain);
    }
    mp_writer_free(&sent);
    return good;
}

bool recording_write_end(struct mp_writer *w, const struct recording *rec) {
    struct message message = {.kind = MESSAGE_END, .room = span_of(rec->room)};
    message.end.id = 1;
    message.end.count = rec->count;
    message.end.chain = (struct span){(const char *)rec->chain, HASH_BYTES};
    message.end.sign = rec->sign;
    message.end.key = rec->key;
    if (rec->version >= 2) {
        message.end.v = rec->version;
        message.end.seat = rec->seat;
        message.end.role = rec->role;
    }
    return message_write(w, &message);
}
