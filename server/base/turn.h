/* SPDX-License-Identifier: ISC */
/*
 * turn.h: the operator's relays (TURN), and what a seat calls at them with.
 *
 * By the scheme that relays know as "REST": the user is the second at which it ends, a colon and a
 * name that tells of nobody; the password its HMAC-SHA1 under a secret shared with the relay. So
 * the relay asks nobody. Read-only once filled; any thread.
 */
#ifndef SPAR_SERVER_BASE_TURN_H
#define SPAR_SERVER_BASE_TURN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol/limits.h"

struct turn {
    char uris[TURN_URIS_MAX * (TURN_URI_MAX_BYTES + 1) + 1]; /* one on a line; "": no relay */
    uint8_t secret[TURN_SECRET_MAX_BYTES];
    size_t secret_len;
    bool relay_only; /* nobody is to be reached but by a relay */
};

struct turn_pass {
    char user[TURN_USER_MAX_BYTES + 1];
    char pass[TURN_PASS_MAX_BYTES + 1];
};

/* Whether a text is the address of a relay: turn:HOST[:PORT][?transport=udp|tcp], or turns:. */
bool turn_uri_valid(const char *uri);
/* Reads the secret from a file, without the line's end. error: size bytes for a sentence. */
bool turn_secret_read(struct turn *turn, const char *path, char *error, size_t size)
    __attribute__((warn_unused_result));
/* What a seat of a room (ROOM_ID_BYTES) calls with from `now` (s since 1970) on, for TURN_GOOD_S.
 * False: OpenSSL failed. */
bool turn_pass_make(const struct turn *turn, const char *room, uint8_t seat, int64_t now,
                    struct turn_pass *pass) __attribute__((warn_unused_result));

#endif
