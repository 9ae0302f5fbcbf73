/* SPDX-License-Identifier: ISC */
/*
 * proxy_head.h: what a proxy puts before a connection that it passes on: the PROXY protocol's
 * header, version 1 (a line) or 2 (binary), as haproxy's proxy-protocol.txt has it.
 *
 * Pure: bytes in, addresses out. Only TCP over IPv4 and IPv6 is taken; of version 2's further
 * values none is looked at. TLS begins with a byte that no header begins with.
 */
#ifndef SPAR_SERVER_NET_PROXY_HEAD_H
#define SPAR_SERVER_NET_PROXY_HEAD_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "protocol/limits.h"

enum proxy_status {
    PROXY_HEAD_NONE, /* something else begins here */
    PROXY_HEAD_PARTIAL,
    PROXY_HEAD_WHOLE,
    PROXY_HEAD_BAD
};

union proxy_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

struct proxy_head {
    size_t used; /* bytes of the header */
    bool given;  /* else it tells of nobody: the proxy looks for itself whether we are there */
    union proxy_address from, to;
    socklen_t len; /* of each */
};

/* A header of more than PROXY_HEAD_MAX bytes is bad. `out` is valid if it is whole. */
enum proxy_status proxy_head_read(const uint8_t *bytes, size_t len, struct proxy_head *out);

#endif
