/* SPDX-License-Identifier: ISC */
/*
 * turn.c: relays' addresses, the shared secret, and passes for them.
 */
#include "server/base/turn.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "certs/random.h"

enum { SHA1_BYTES = 20, NAME_BYTES = 8 };

static bool is_port(const char *text, size_t len) {
    return len > 0 && len <= 5 && strspn(text, "0123456789") >= len;
}

/* A name, an IPv4 address, or an IPv6 address in brackets, and perhaps a port. */
static bool is_place(const char *at, size_t len) {
    static const char name[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    const char *end = at[0] == '[' ? memchr(at, ']', len) : NULL;
    size_t host = end != NULL ? (size_t)(end + 1 - at) : strspn(at, name);
    bool good =
        end != NULL ? host > 3 && strspn(at + 1, "0123456789abcdefABCDEF:.") == host - 2 : host > 0;
    if (!good || host > len) {
        return false;
    }
    return host == len || (at[host] == ':' && is_port(at + host + 1, len - host - 1));
}

bool turn_uri_valid(const char *uri) {
    size_t scheme = strncmp(uri, "turn:", 5) == 0 ? 5 : strncmp(uri, "turns:", 6) == 0 ? 6 : 0;
    const char *query = strchr(uri, '?');
    size_t len = strlen(uri);
    if (scheme == 0 || len > TURN_URI_MAX_BYTES) {
        return false;
    }
    if (query != NULL && strcmp(query, "?transport=udp") != 0 &&
        strcmp(query, "?transport=tcp") != 0) {
        return false;
    }
    return is_place(uri + scheme, (query != NULL ? (size_t)(query - uri) : len) - scheme);
}

bool turn_secret_read(struct turn *turn, const char *path, char *error, size_t size) {
    uint8_t bytes[TURN_SECRET_MAX_BYTES + 2];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd >= 0 ? read(fd, bytes, sizeof bytes) : -1;
    int why = errno;
    if (fd >= 0) {
        close(fd);
    }
    if (len < 0) {
        snprintf(error, size, "Cannot read the relay's secret from %.200s: %s; see --turn-secret.",
                 path, strerror(why));
        return false;
    }
    len -= len > 0 && bytes[len - 1] == '\n';
    if (len < TURN_SECRET_MIN_BYTES || len > TURN_SECRET_MAX_BYTES) {
        snprintf(
            error, size,
            "The relay's secret in %.200s is to have %d to %d bytes on one line; put there what "
            "the relay has as static-auth-secret.",
            path, TURN_SECRET_MIN_BYTES, TURN_SECRET_MAX_BYTES);
        return false;
    }
    memcpy(turn->secret, bytes, (size_t)len);
    turn->secret_len = (size_t)len;
    return true;
}

/* The same for a seat each time, so that the relay can bound what one seat takes; its log then
 * names no room. */
static bool name_of(const char *room, uint8_t seat, char name[2 * NAME_BYTES + 1]) {
    char text[32 + ROOM_ID_BYTES];
    uint8_t hash[HASH_BYTES];
    int len = snprintf(text, sizeof text, "spar-turn %.12s %u", room, seat);
    if (!random_sha256(text, (size_t)len, hash)) {
        return false;
    }
    for (int i = 0; i < NAME_BYTES; i++) {
        snprintf(name + 2 * (size_t)i, 3, "%02x", hash[i]);
    }
    return true;
}

bool turn_pass_make(const struct turn *turn, const char *room, uint8_t seat, int64_t now,
                    struct turn_pass *pass) {
    char name[2 * NAME_BYTES + 1];
    uint8_t mac[EVP_MAX_MD_SIZE];
    unsigned mac_len = 0;
    if (!name_of(room, seat, name)) {
        return false;
    }
    int len =
        snprintf(pass->user, sizeof pass->user, "%lld:%s", (long long)(now + TURN_GOOD_S), name);
    if (HMAC(EVP_sha1(), turn->secret, (int)turn->secret_len, (const uint8_t *)pass->user,
             (size_t)len, mac, &mac_len) == NULL ||
        mac_len != SHA1_BYTES) {
        return false;
    }
    EVP_EncodeBlock((uint8_t *)pass->pass, mac, SHA1_BYTES);
    return true;
}
