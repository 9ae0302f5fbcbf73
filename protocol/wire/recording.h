/* SPDX-License-Identifier: ISC */
/*
 * recording.h: a recording file: what `fetch` is answered with, as the same frames in a file.
 *
 * First frame {m:"recording", v, room, seat, role, key (SPKI DER of the server, may be empty), at},
 * then the `record` frames (event as sent to that seat, chain of all before it), then one `end`
 * frame (count, chain of all, sign: the server's signature of recording_signed_digest, key, and the
 * head's v, seat and role again). Version 1 had no v, seat and role in its end and did not sign
 * them. Checking the signature is certs/sign.h's (this folder knows no OpenSSL).
 *
 * A re-marking (somebody marked a recording anew) is a recording of its own: its first frame also
 * holds `of`, the chain of the recording that was marked, and `by`, the marker's name; both are
 * hashed into the value that its chain begins with. The marker's own key signs it, under a purpose
 * of its own.
 */
#ifndef SPAR_PROTOCOL_WIRE_RECORDING_H
#define SPAR_PROTOCOL_WIRE_RECORDING_H

#include "protocol/wire/hash.h"
#include "protocol/wire/message.h"

struct recording {
    uint32_t version; /* 1 to SPAR_RECORDING_VERSION */
    char room[ROOM_ID_BYTES + 1];
    uint8_t seat;
    enum role role;
    uint32_t count;
    struct event *events;      /* decoded, owned; texts borrow from `bytes` */
    uint8_t chain[HASH_BYTES]; /* over what is whole */
    struct span sign, key;     /* empty if the end is missing */
    struct span of, by; /* of a re-marking: the chain of what was marked, the marker's name */
    char *bytes;
    size_t len; /* the file, owned */
};
enum recording_fault {
    RECORDING_OK,
    RECORDING_NOT_ONE,
    RECORDING_TOO_NEW,
    RECORDING_DAMAGED,
    RECORDING_NO_END,
    RECORDING_NO_MEMORY
};
const char *recording_fault_text(enum recording_fault fault);

/* Takes ownership of bytes (malloc'd), whatever the result: recording_free afterwards. On DAMAGED
 * or NO_END the events up to the last good one are there. */
enum recording_fault recording_parse(struct recording *rec, char *bytes, size_t len)
    __attribute__((warn_unused_result));
void recording_free(struct recording *rec);
/* Appends the first frame of a recording file: version, room, seat, role, key, of a re-marking `of`
 * (HASH_BYTES) and `by` (1 to NAME_MAX_BYTES). The frames of a fetch follow as they came. at: ms of
 * room time at which it was fetched, or written. */
bool recording_write_head(struct mp_writer *w, const struct recording *rec, int64_t at)
    __attribute__((warn_unused_result));
/* Whether it is a re-marking. */
bool recording_is_remarking(const struct recording *rec);
/* What a chain begins with: zeros, or of a re-marking SHA-256(zeros, `of`, then `by`). */
void recording_chain_start(struct span of, struct span by, uint8_t out[HASH_BYTES]);
/* Appends the record of an event and moves the chain on. own: the event is that of the recording's
 * seat. */
bool recording_write_event(struct mp_writer *w, const char *room, const struct event *event,
                           bool own, uint8_t chain[HASH_BYTES]) __attribute__((warn_unused_result));
/* Appends the end. */
bool recording_write_end(struct mp_writer *w, const struct recording *rec)
    __attribute__((warn_unused_result));
/* What certs/sign.h signs: SHA-256 of room + chain in version 1, of room + seat + role (a byte
 * each) + chain from 2 on. */
void recording_signed_digest(const struct recording *rec, uint8_t out[HASH_BYTES]);
/* The `purpose` with which certs/sign.h signs and checks it. A marker's signature is never good for
 * a server's, nor the other way round, nor that of one version for another. */
const char *recording_purpose(const struct recording *rec);

#endif
