/* SPDX-License-Identifier: ISC */
/*
 * host_link.c: the host secret's file and the link's text.
 */
#include "server/config/host_link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "protocol/text/base64url.h"
#include "server/base/folder.h"

/* The secret's line, and behind it one by which a changed bit is found. */
enum {
    CHECK_BYTES = 8,
    CHECK_LENGTH = BASE64URL_LENGTH(CHECK_BYTES),
    CHECK_AT = RANDOM_SECRET_LENGTH + 1,
    FILE_BYTES = CHECK_AT + CHECK_LENGTH + 1
};

static bool has_check(const char *text, ssize_t len, const struct seat_secret *secret) {
    char check[CHECK_LENGTH + 1];
    base64url_write(secret->hash, CHECK_BYTES, check);
    return len == FILE_BYTES && text[FILE_BYTES - 1] == '\n' &&
           memcmp(text + CHECK_AT, check, CHECK_LENGTH) == 0;
}

/* *older: it has no second line. */
static bool read_secret(int fd, const char *path, struct seat_secret *secret, bool *older,
                        char *error) {
    char text[FILE_BYTES + 1];
    ssize_t len = read(fd, text, sizeof text);
    *older = len == RANDOM_SECRET_LENGTH || len == CHECK_AT;
    if (len < RANDOM_SECRET_LENGTH || (len > RANDOM_SECRET_LENGTH && text[CHECK_AT - 1] != '\n') ||
        !seat_secret_hash((struct span){text, RANDOM_SECRET_LENGTH}, secret->hash) ||
        !(*older || has_check(text, len, secret))) {
        snprintf(error, CONFIG_ERROR_MAX,
                 "%.300s does not hold a host secret, or is damaged; put back a copy of it, or "
                 "remove the file to have a new one made.",
                 path);
        return false;
    }
    memcpy(secret->text, text, RANDOM_SECRET_LENGTH);
    secret->text[RANDOM_SECRET_LENGTH] = '\0';
    return true;
}

/* Whole or not at all: a file beside it is synced and renamed, so that a full disk leaves none. */
static bool write_secret(const char *data, const char *path, const struct seat_secret *secret,
                         char *error) {
    char fresh[PATH_MAX + 32], check[CHECK_LENGTH + 1];
    snprintf(fresh, sizeof fresh, "%s.new", path);
    base64url_write(secret->hash, CHECK_BYTES, check);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool good = fd >= 0 && dprintf(fd, "%s\n%s\n", secret->text, check) > 0 && fsync(fd) == 0 &&
                rename(fresh, path) == 0 && folder_sync(data);
    if (!good) {
        snprintf(error, CONFIG_ERROR_MAX, "Cannot write %.300s: %s; check the data folder.", path,
                 strerror(errno));
        unlink(fresh);
    }
    if (fd >= 0) {
        close(fd);
    }
    return good;
}

static bool make_secret(const char *data, const char *path, struct seat_secret *secret,
                        char *error) {
    if (!seat_secret_make(secret)) {
        snprintf(error, CONFIG_ERROR_MAX, "The system gives no randomness for %.300s.", path);
        return false;
    }
    return write_secret(data, path, secret, error);
}

/* An older server could leave it empty on a full disk; nobody was told that secret. */
static bool is_empty(int fd) {
    struct stat status;
    return fstat(fd, &status) == 0 && status.st_size == 0;
}

bool host_secret_open(const char *data, struct seat_secret *secret, char *error) {
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/host.secret", data);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && is_empty(fd)) {
        close(fd);
        return make_secret(data, path, secret, error);
    }
    if (fd < 0 && errno == ENOENT) {
        return make_secret(data, path, secret, error);
    }
    if (fd < 0) {
        snprintf(error, CONFIG_ERROR_MAX, "Cannot read %.300s: %s; check its owner and mode.", path,
                 strerror(errno));
        return false;
    }
    bool older = false;
    bool good = read_secret(fd, path, secret, &older, error);
    close(fd);
    if (good && older) {
        char why[CONFIG_ERROR_MAX];
        (void)!write_secret(data, path, secret, why); /* it is good as it is, too */
    }
    return good;
}

static void numeric(const struct sockaddr *address, socklen_t len, char *out) {
    char host[HOST_NAME_MAX_BYTES - 2];
    if (getnameinfo(address, len, host, sizeof host, NULL, 0, NI_NUMERICHOST) != 0) {
        snprintf(host, sizeof host, "localhost");
    }
    snprintf(out, HOST_NAME_MAX_BYTES, address->sa_family == AF_INET6 ? "[%s]" : "%s", host);
}

static bool is_any(const struct sockaddr_storage *address) {
    if (address->ss_family == AF_INET6) {
        return IN6_IS_ADDR_UNSPECIFIED(&((const struct sockaddr_in6 *)address)->sin6_addr);
    }
    return ((const struct sockaddr_in *)address)->sin_addr.s_addr == htonl(INADDR_ANY);
}

/* False: the machine has only loopback. */
static bool first_address(char *out) {
    struct ifaddrs *all = NULL;
    bool found = false;
    if (getifaddrs(&all) != 0) {
        return false;
    }
    for (const struct ifaddrs *one = all; one != NULL && !found; one = one->ifa_next) {
        found = one->ifa_addr != NULL && one->ifa_addr->sa_family == AF_INET &&
                (one->ifa_flags & (IFF_LOOPBACK | IFF_UP)) == IFF_UP;
        if (found) {
            numeric(one->ifa_addr, sizeof(struct sockaddr_in), out);
        }
    }
    freeifaddrs(all);
    return found;
}

/* Where the port begins in HOST:PORT, or NULL. The colons of an address in brackets are none. */
static const char *port_of(const char *name) {
    const char *bracket = strrchr(name, ']');
    return strrchr(bracket != NULL ? bracket : name, ':');
}

/* IPv6 comes in brackets. */
static void host_name(const struct config *config, char out[HOST_NAME_MAX_BYTES]) {
    const struct config_listen *listen = &config->listens[0];
    if (config->public_name[0] != '\0') {
        const char *port = port_of(config->public_name);
        snprintf(out, HOST_NAME_MAX_BYTES, "%.*s",
                 port != NULL ? (int)(port - config->public_name) : (int)CONFIG_PUBLIC_MAX - 1,
                 config->public_name);
    } else if (!is_any(&listen->address)) {
        numeric((const struct sockaddr *)&listen->address, listen->length, out);
    } else if (!first_address(out)) {
        snprintf(out, HOST_NAME_MAX_BYTES, "127.0.0.1");
    }
}

static void take_brackets(char out[HOST_NAME_MAX_BYTES]) {
    size_t len = strlen(out);
    if (out[0] == '[') {
        memmove(out, out + 1, len - 2);
        out[len - 2] = '\0';
    }
}

void host_name_bare(const struct config *config, char out[HOST_NAME_MAX_BYTES]) {
    host_name(config, out);
    take_brackets(out);
}

void host_own_bare(const struct config *config, char out[HOST_NAME_MAX_BYTES]) {
    const char *port = port_of(config->address);
    snprintf(out, HOST_NAME_MAX_BYTES, "%.*s",
             port != NULL ? (int)(port - config->address) : (int)CONFIG_PUBLIC_MAX - 1,
             config->address);
    take_brackets(out);
}

void host_address(const struct config *config, char out[NODE_ADDRESS_MAX + 1]) {
    const struct config_listen *listen = &config->listens[0];
    const char *given = config->address[0] != '\0' ? config->address : config->public_name;
    char name[HOST_NAME_MAX_BYTES];
    host_name(config, name);
    if (given[0] != '\0' && port_of(given) != NULL) {
        snprintf(out, NODE_ADDRESS_MAX + 1, "%s", given);
        return;
    }
    in_port_t port = listen->address.ss_family == AF_INET6
                         ? ((const struct sockaddr_in6 *)&listen->address)->sin6_port
                         : ((const struct sockaddr_in *)&listen->address)->sin_port;
    snprintf(out, NODE_ADDRESS_MAX + 1, "%s:%u", given[0] != '\0' ? given : name, ntohs(port));
    if (port == 0) {
        out[0] = '\0';
    }
}

void host_link(const struct config *config, uint16_t port, const struct seat_secret *secret,
               const struct pin *pin, char out[INVITE_TEXT_MAX]) {
    const char *named = config->public_name[0] != '\0' ? port_of(config->public_name) : NULL;
    char name[HOST_NAME_MAX_BYTES];
    char why[INVITE_WHY_MAX];
    struct invite link = {.is_host = true, .has_pin = true};
    host_name(config, name);
    const char *address = named != NULL ? config->public_name : name;
    if (!invite_parse_address(address, strlen(address), &link, why)) {
        /* Whoever opens it is told what is wrong. */
        span_copy(span_of(name), link.host, sizeof link.host);
    }
    link.port = named != NULL ? link.port : port;
    memcpy(link.secret, secret->text, sizeof link.secret);
    memcpy(link.pin, pin->bytes, sizeof link.pin);
    invite_format(&link, out);
}
