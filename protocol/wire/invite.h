/* SPDX-License-Identifier: ISC */
/*
 * invite.h: the one form of link, https://HOST:PORT/ROOM#ROLE.SECRET.PIN, read and written.
 *
 * ROOM is a room, "host" (with "host" for ROLE), or a cohort, whose links have "students" or
 * "coaches" for ROLE and open for many keys. What stands behind the # never reaches a server or a
 * log on the way, as browsers leave it out of requests. PIN may be absent: the server then needs a
 * certificate that this machine trusts. Pure.
 */
#ifndef SPAR_PROTOCOL_WIRE_INVITE_H
#define SPAR_PROTOCOL_WIRE_INVITE_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/wire/action.h"

enum {
    INVITE_HOST_MAX = 253, /* RFC 1035: the longest host name, in characters */
    /* characters of the longest link that invite_format writes, with its end */
    INVITE_TEXT_MAX = 400,
    INVITE_PORT_DEFAULT = 443,
    INVITE_WHY_MAX = 256
};

struct invite {
    char host[INVITE_HOST_MAX + 1]; /* name or address, without the brackets of an IPv6 one */
    uint16_t port;
    bool is_host;   /* a host link; room is "" and role ROLE_NONE then */
    bool is_cohort; /* a cohort's; role is ROLE_CANDIDATE for students, ROLE_COACH for coaches */
    char room[ROOM_ID_BYTES + 1]; /* or the cohort's id; NUL-terminated */
    enum role role;
    char secret[SECRET_CHARS + 1];
    bool has_pin;
    uint8_t pin[HASH_BYTES]; /* SHA-256 of the server's public key; all 0 without one */
};

/* Reads a link as it comes out of mail or chat: what was put around it or inserted (words, quotes,
 * brackets, a full stop, white space and broken lines, characters without a picture, %23 for #) is
 * left out. False: `why` is one sentence that says what is wrong with it and what to do. */
bool invite_parse(const char *text, struct invite *out, char why[INVITE_WHY_MAX])
    __attribute__((warn_unused_result));
/* Whether somebody gave this for a link, be it a good one or not; else it is a name. */
bool invite_is_link(const char *text);
/* Writes the link into out. */
void invite_format(const struct invite *invite, char out[INVITE_TEXT_MAX]);
/* What stands for ROLE in the link. */
const char *invite_role(const struct invite *invite);
/* One sentence for somebody who gave this link to a command that does not take its kind: which one
 * does. */
const char *invite_use(const struct invite *invite);
/* "host:port" or "[v6]:port"; out holds INVITE_TEXT_MAX. */
void invite_address(const struct invite *invite, char out[INVITE_TEXT_MAX]);
/* Whether two links lead to the same server: by the same name, and with the same pin. */
bool invite_same_server(const struct invite *a, const struct invite *b);
/* Reads HOST:PORT, as invite_address writes it; port may be absent. */
bool invite_parse_address(const char *text, size_t len, struct invite *out,
                          char why[INVITE_WHY_MAX]) __attribute__((warn_unused_result));

#endif
