/* SPDX-License-Identifier: ISC */
/*
 * address.h: where a connection comes from: as text for the log, and as the one whose doing it
 * counts as: an IPv4 address, or the /64 of an IPv6 address, which is what one household is given.
 */
#ifndef SPAR_SERVER_NET_ADDRESS_H
#define SPAR_SERVER_NET_ADDRESS_H

#include <stdint.h>
#include <sys/socket.h>

enum { ADDRESS_TEXT_MAX = 64, ADDRESS_ID_BYTES = 9 };

struct address {
    char text[ADDRESS_TEXT_MAX];  /* "192.0.2.1:4711" or "[2001:db8::1]:4711" */
    uint8_t id[ADDRESS_ID_BYTES]; /* 4 or 6, then the bytes that count */
};

/* An IPv4 address that is written as an IPv6 one counts as itself. */
void address_of(const struct sockaddr *from, socklen_t len, struct address *out);

#endif
