/* SPDX-License-Identifier: ISC */
/*
 * address.c: reads a socket's address.
 */
#include "server/net/address.h"

#include <arpa/inet.h>
#include <netdb.h>
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

/* The sixteen bytes of an address, IPv4 as IPv6 writes it; all zero: it is neither. */
static void read_host(const struct sockaddr *from, socklen_t len,
                      uint8_t host[ADDRESS_HOST_BYTES]) {
    memset(host, 0, ADDRESS_HOST_BYTES);
    if (from->sa_family == AF_INET && len >= sizeof(struct sockaddr_in)) {
        struct sockaddr_in v4;
        memcpy(&v4, from, sizeof v4);
        host[10] = host[11] = 0xff;
        memcpy(host + 12, &v4.sin_addr, 4);
    } else if (from->sa_family == AF_INET6 && len >= sizeof(struct sockaddr_in6)) {
        struct sockaddr_in6 v6;
        memcpy(&v6, from, sizeof v6);
        memcpy(host, &v6.sin6_addr, ADDRESS_HOST_BYTES);
    }
}

static bool is_mapped(const uint8_t host[ADDRESS_HOST_BYTES]) {
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    return memcmp(host, mapped, sizeof mapped) == 0;
}

void address_of(const struct sockaddr *from, socklen_t len, struct address *out) {
    *out = (struct address){.id = {0}};
    write_text(from, len, out);
    if (from->sa_family != AF_INET && from->sa_family != AF_INET6) {
        return;
    }
    read_host(from, len, out->host);
    bool v4 = is_mapped(out->host);
    out->id[0] = v4 ? 4 : 6;
    memcpy(out->id + 1, out->host + (v4 ? 12 : 0), v4 ? 4 : 8);
}

bool address_read(struct span text, struct address *out) {
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    char copy[INET6_ADDRSTRLEN];
    if (text.len >= sizeof copy) {
        return false;
    }
    span_copy(text, copy, sizeof copy);
    if (inet_pton(AF_INET, copy, &v4.sin_addr) == 1) {
        address_of((const struct sockaddr *)&v4, sizeof v4, out);
        return true;
    }
    if (inet_pton(AF_INET6, copy, &v6.sin6_addr) == 1) {
        address_of((const struct sockaddr *)&v6, sizeof v6, out);
        return true;
    }
    return false;
}

bool address_same_host(const struct address *a, const struct address *b) {
    return a->id[0] != 0 && memcmp(a->host, b->host, sizeof a->host) == 0;
}

void address_host_text(const struct sockaddr *of, socklen_t len, char out[INET6_ADDRSTRLEN]) {
    uint8_t host[ADDRESS_HOST_BYTES];
    out[0] = '\0';
    if (of->sa_family != AF_INET && of->sa_family != AF_INET6) {
        return;
    }
    read_host(of, len, host);
    if (is_mapped(host)) {
        inet_ntop(AF_INET, host + 12, out, INET6_ADDRSTRLEN);
    } else {
        inet_ntop(AF_INET6, host, out, INET6_ADDRSTRLEN);
    }
}
