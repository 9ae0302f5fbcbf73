/* SPDX-License-Identifier: ISC */
/*
 * address.h: where a connection comes from: as text for the log, and as the one whose doing it
 * counts as: an IPv4 address, or the /64 of an IPv6 address, which is what one household is given.
 */
#ifndef SPAR_SERVER_NET_ADDRESS_H
#define SPAR_SERVER_NET_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "protocol/text/span.h"

enum { ADDRESS_TEXT_MAX = 64, ADDRESS_ID_BYTES = 9, ADDRESS_HOST_BYTES = 16 };

struct address {
    char text[ADDRESS_TEXT_MAX];      /* "192.0.2.1:4711" or "[2001:db8::1]:4711" */
    uint8_t id[ADDRESS_ID_BYTES];     /* 4 or 6, then the bytes that count */
    uint8_t host[ADDRESS_HOST_BYTES]; /* all of it; of IPv4 as IPv6 writes it */
    bool is_proxy; /* the one that was named: it speaks for others, and has no bounds of its own */
};

/* An IPv4 address that is written as an IPv6 one counts as itself. */
void address_of(const struct sockaddr *from, socklen_t len, struct address *out);
/* An address as text, without brackets or a port. False: it is none. */
bool address_read(struct span text, struct address *out) __attribute__((warn_unused_result));
bool address_same_host(const struct address *a, const struct address *b);
/* The same without brackets, for who asks by it: "" if it is no address of IPv4 or IPv6. */
void address_host_text(const struct sockaddr *of, socklen_t len, char out[INET6_ADDRSTRLEN]);

#endif
