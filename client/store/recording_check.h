/* SPDX-License-Identifier: ISC */
/*
 * recording_check.h: what can be said of a recording: whole, signed, and by whose key. One sentence
 * for all.
 */
#ifndef SPAR_CLIENT_STORE_RECORDING_CHECK_H
#define SPAR_CLIENT_STORE_RECORDING_CHECK_H

#include "certs/pin.h"
#include "protocol/wire/recording.h"

enum recording_signer {
    SIGNER_PINNED, /* the pinned key of the server that this client met the room on */
    SIGNER_OTHER,  /* another key than that */
    SIGNER_OWN,    /* of a re-marking: this client's own key */
    SIGNER_UNKNOWN /* this client has never met the room, or without a pin; of a re-marking: not the
                      own key */
};

struct recording_check {
    enum recording_fault fault;
    bool good_signature;
    enum recording_signer signer;
};

/* Whether the end's signature is that of the key that the file itself names. */
bool recording_check_signature(const struct recording *rec) __attribute__((warn_unused_result));
/* fault: what recording_parse said. pin: HASH_BYTES, of the server that the room is known to be on,
 * or NULL: then the list of known rooms is asked. */
struct recording_check recording_check(const struct recording *rec, enum recording_fault fault,
                                       const uint8_t *pin) __attribute__((warn_unused_result));
/* Whole, signed, and by no key that is known to be a wrong one. */
bool recording_check_passed(const struct recording_check *check);
/* One sentence about `file`. why: what recording_file_read said of a fault. */
enum { RECORDING_CHECK_MAX = 4700 };
void recording_check_words(const struct recording_check *check, const struct recording *rec,
                           const char *file, const char *why, char out[RECORDING_CHECK_MAX]);

#endif
