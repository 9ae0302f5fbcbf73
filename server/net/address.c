/* SPDX-License-Identifier: ISC */
/*
 * address.c: reads a socket's address.
 */
#include "server/net/address.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static void write_text(const struct sockaddr *from, socklen_t len, struct address *out) {
    char host[INET6_ADDRSTRLEN + 16];
    char port[8];
    if (getnameinfo(from, len, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        snprintf(out->text, sizeof out->text, "unknown");
    } else {
        snprintf(out->text, sizeof out->text, from->sa_family == AF_INET6 ? "[%s]:%s" : "%s:%s",
                 host, port);
    }
}

void address_of(const struct sockaddr *from, socklen_t len, struct address *out) {
    *out = (struct address){.id = {0}};
    write_text(from, len, out);
    if (from->sa_family == AF_INET && len >= sizeof(struct sockaddr_in)) {
        struct sockaddr_in v4;
        memcpy(&v4, from, sizeof v4);
        out->id[0] = 4;
        memcpy(out->id + 1, &v4.sin_addr, 4);
    } else if (from->sa_family == AF_INET6 && len >= sizeof(struct sockaddr_in6)) {
        struct sockaddr_in6 v6;
        memcpy(&v6, from, sizeof v6);
        bool mapped = IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr);
        out->id[0] = mapped ? 4 : 6;
        memcpy(out->id + 1, v6.sin6_addr.s6_addr + (mapped ? 12 : 0), mapped ? 4 : 8);
    }
}
