/* SPDX-License-Identifier: ISC */
/*
 * recording_check.c: the signature and the key of a recording, and the sentence about them.
 */
#include "client/store/recording_check.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "certs/random.h"
#include "certs/sign.h"
#include "client/net/identity.h"
#include "client/store/recording_file.h"
#include "client/store/rooms_file.h"
#include "protocol/text/text.h"

bool recording_check_signature(const struct recording *rec) {
    uint8_t digest[HASH_BYTES];
    recording_signed_digest(rec, digest);
    EVP_PKEY *key = sign_key_import((const uint8_t *)rec->key.at, rec->key.len);
    bool good = key != NULL && sign_verify(key, recording_purpose(rec), digest,
                                           (const uint8_t *)rec->sign.at, rec->sign.len);
    EVP_PKEY_free(key);
    return good;
}

/* Whether a re-marking was signed with this client's own key. */
static bool is_own(const struct recording *rec) {
    struct certs_why why;
    struct public_key own;
    struct keypair *identity = identity_open(NULL, &why);
    bool same = identity != NULL && sign_key_export(keypair_key(identity), &own) &&
                rec->key.len == own.size && memcmp(rec->key.at, own.bytes, own.size) == 0;
    keypair_free(identity);
    return same;
}

/* Whether the recording that was marked anew is here: the same events, up to the same end. */
static bool has_original(const struct recording *rec) {
    struct certs_why why;
    struct recording original;
    bool here = recording_file_read(rec->room, &original, &why) == RECORDING_OK &&
                memcmp(original.chain, rec->of.at, HASH_BYTES) == 0;
    recording_free(&original);
    return here;
}

static bool known_pin(const char *room, struct pin *out) {
    struct rooms_file rooms;
    struct certs_why why;
    if (!rooms_file_read(&rooms, &why)) {
        return false;
    }
    const struct rooms_entry *entry = rooms_file_find(&rooms, room, NULL);
    bool known = entry != NULL && entry->at.has_pin;
    if (known) {
        memcpy(out->bytes, entry->at.pin, PIN_SIZE);
    }
    rooms_file_free(&rooms);
    return known;
}

static enum recording_signer signer_of(const struct recording *rec, const uint8_t *pin) {
    struct pin expected;
    struct pin seen;
    if (recording_is_remarking(rec)) {
        return is_own(rec) ? SIGNER_OWN : SIGNER_UNKNOWN;
    }
    if (pin != NULL) {
        memcpy(expected.bytes, pin, PIN_SIZE);
    } else if (!known_pin(rec->room, &expected)) {
        return SIGNER_UNKNOWN;
    }
    if (!random_sha256(rec->key.at, rec->key.len, seen.bytes)) {
        return SIGNER_UNKNOWN;
    }
    return pin_equal(&seen, &expected) ? SIGNER_PINNED : SIGNER_OTHER;
}

struct recording_check recording_check(const struct recording *rec, enum recording_fault fault,
                                       const uint8_t *pin) {
    struct recording_check check = {.fault = fault, .signer = SIGNER_UNKNOWN};
    if (fault == RECORDING_OK) {
        check.good_signature = recording_check_signature(rec);
        check.signer = signer_of(rec, pin);
    }
    return check;
}

bool recording_check_passed(const struct recording_check *check) {
    return check->fault == RECORDING_OK && check->good_signature && check->signer != SIGNER_OTHER;
}

static void remarking_words(const struct recording_check *check, const struct recording *rec,
                            const char *file, char out[RECORDING_CHECK_MAX]) {
    char by[NAME_MAX_BYTES + 1];
    text_plain(rec->by, by, sizeof by);
    snprintf(
        out, RECORDING_CHECK_MAX,
        "%s: whole: a re-marking of room %s by %s, %u events, each in the chain, signed by %s; "
        "the recording that it marks is %s.",
        file, rec->room, by, rec->count,
        check->signer == SIGNER_OWN ? "your own key" : "the key in the file (not yours)",
        has_original(rec) ? "here, just as it was marked" : "not here");
}

void recording_check_words(const struct recording_check *check, const struct recording *rec,
                           const char *file, const char *why, char out[RECORDING_CHECK_MAX]) {
    if (check->fault != RECORDING_OK) {
        snprintf(out, RECORDING_CHECK_MAX, "%s", why);
    } else if (!check->good_signature) {
        snprintf(out, RECORDING_CHECK_MAX,
                 "%s: %u events in an unbroken chain, but the signature at the end is not good: do "
                 "not trust it; fetch it again.",
                 file, rec->count);
    } else if (recording_is_remarking(rec)) {
        remarking_words(check, rec, file, out);
    } else if (check->signer == SIGNER_OTHER) {
        snprintf(out, RECORDING_CHECK_MAX,
                 "%s: whole, but signed by another key than that of the server that this client "
                 "met room %s on.",
                 file, rec->room);
    } else {
        snprintf(out, RECORDING_CHECK_MAX,
                 "%s: whole: room %s, the %s's view, %u events, each in the chain, signed by %s.",
                 file, rec->room, role_name(rec->role), rec->count,
                 check->signer == SIGNER_PINNED ? "the server that you met it on"
                                                : "the key in the file (a server unknown here)");
    }
}
