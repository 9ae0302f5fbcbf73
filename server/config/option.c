/* SPDX-License-Identifier: ISC */
/*
 * option.c: what each option takes, and what is said where it is given something else.
 */
#include "server/config/option.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/text/why.h"
#include "server/base/turn.h"

#define refuse(why, ...) why_not((why), CONFIG_WHY_MAX, __VA_ARGS__)

/* Decimal digits only, and within bounds. */
static bool parse_number(const char *text, unsigned long least, unsigned long most,
                         unsigned long *number) {
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 9 || text[digits] != '\0') {
        return false;
    }
    *number = strtoul(text, NULL, 10);
    return *number >= least && *number <= most;
}

static bool set_number(unsigned *to, const char *value, unsigned least, unsigned most, char *why) {
    unsigned long number;
    if (!parse_number(value, least, most, &number)) {
        return refuse(why, "'%.40s' is not a whole number from %u to %u.", value, least, most);
    }
    *to = (unsigned)number;
    return true;
}

static bool set_flag(bool *to, const char *value, char *why) {
    *to = strcmp(value, "true") == 0;
    return *to || strcmp(value, "false") == 0 ||
           refuse(why, "'%.40s' is neither true nor false.", value);
}

static bool set_path(char to[PATH_MAX], const char *value, char *why) {
    size_t len = strlen(value);
    if (len == 0) {
        return refuse(why, "a path is needed, not an empty text.");
    }
    if (len >= PATH_MAX) {
        return refuse(why, "a path of %zu bytes is too long; %d are possible.", len, PATH_MAX - 1);
    }
    memcpy(to, value, len + 1);
    return true;
}

/* Where HOST ends and ":PORT" may begin; NULL: not of the form HOST[:PORT] or [HOST][:PORT]. */
static const char *end_of_host(const char *value) {
    if (value[0] != '[') {
        return value + strcspn(value, ":");
    }
    const char *end = strchr(value, ']');
    return end != NULL && (end[1] == ':' || end[1] == '\0') ? end + 1 : NULL;
}

/* Splits ADDR[:PORT]; an empty address is every IPv4 address, no port is CONFIG_PORT. */
static bool split_address(const char *value, char host[INET6_ADDRSTRLEN], char port[8]) {
    const char *end = end_of_host(value);
    unsigned long number = CONFIG_PORT;
    if (end == NULL || (end[0] == ':' && !parse_number(end + 1, 0, 65535, &number))) {
        return false;
    }
    bool bracketed = value[0] == '[';
    const char *start = bracketed ? value + 1 : value;
    size_t len = (size_t)(end - start) - (bracketed ? 1 : 0);
    if (len >= INET6_ADDRSTRLEN) {
        return false;
    }
    memcpy(host, start, len);
    host[len] = '\0';
    if (len == 0) {
        memcpy(host, "0.0.0.0", sizeof "0.0.0.0");
    } else if (strcmp(host, "localhost") == 0) {
        memcpy(host, "127.0.0.1", sizeof "127.0.0.1");
    }
    snprintf(port, 8, "%lu", number);
    return true;
}

static bool resolve(struct config_listen *listen, const char *value) {
    char host[INET6_ADDRSTRLEN], port[8];
    struct addrinfo *found = NULL;
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE};
    if (!split_address(value, host, port) || getaddrinfo(host, port, &hints, &found) != 0) {
        return false;
    }
    memcpy(&listen->address, found->ai_addr, found->ai_addrlen);
    listen->length = found->ai_addrlen;
    freeaddrinfo(found);
    return true;
}

static bool set_listen(struct config *config, const char *value, char *why) {
    if (config->listen_count == CONFIG_LISTEN_MAX) {
        return refuse(why, "no more than %d addresses are possible.", CONFIG_LISTEN_MAX);
    }
    struct config_listen *listen = &config->listens[config->listen_count];
    if (strlen(value) >= sizeof listen->text || !resolve(listen, value)) {
        return refuse(
            why, "'%.60s' is not an address and port like 192.0.2.1:7447 or [2001:db8::1]:7447.",
            value);
    }
    memcpy(listen->text, value, strlen(value) + 1);
    config->listen_count++;
    return true;
}

/* A name or IPv4 address, or an IPv6 address in brackets. */
static bool is_host(const char *host, size_t len) {
    bool bracketed = len > 2 && host[0] == '[';
    for (size_t i = bracketed ? 1 : 0; i < len - (bracketed ? 1 : 0); i++) {
        unsigned char c = (unsigned char)host[i];
        bool good =
            bracketed ? isxdigit(c) || c == ':' || c == '.' : isalnum(c) || c == '-' || c == '.';
        if (!good) {
            return false;
        }
    }
    return len > 0;
}

static bool set_host(char to[CONFIG_PUBLIC_MAX], const char *value, char *why) {
    const char *end = end_of_host(value);
    unsigned long port;
    if (end == NULL || !is_host(value, (size_t)(end - value)) ||
        (end[0] == ':' && !parse_number(end + 1, 1, 65535, &port))) {
        return refuse(why,
                      "'%.60s' is not a host name with or without a port, like spar.example:7447.",
                      value);
    }
    if (strlen(value) >= CONFIG_PUBLIC_MAX) {
        return refuse(why, "a name of %zu bytes is too long; %d are possible.", strlen(value),
                      CONFIG_PUBLIC_MAX - 1);
    }
    memcpy(to, value, strlen(value) + 1);
    return true;
}

static bool set_public(struct config *config, const char *value, char *why) {
    return set_host(config->public_name, value, why);
}

static bool set_address(struct config *config, const char *value, char *why) {
    return set_host(config->address, value, why);
}

static bool set_data(struct config *config, const char *value, char *why) {
    return set_path(config->data, value, why);
}

static bool set_journal(struct config *config, const char *value, char *why) {
    return set_path(config->journal, value, why);
}

static bool set_cert(struct config *config, const char *value, char *why) {
    return set_path(config->cert, value, why);
}

static bool set_key(struct config *config, const char *value, char *why) {
    return set_path(config->key, value, why);
}

static bool set_workers(struct config *config, const char *value, char *why) {
    return set_number(&config->workers, value, 1, CONFIG_WORKERS_MAX, why);
}

static bool set_web_root(struct config *config, const char *value, char *why) {
    return set_path(config->web_root, value, why);
}

static bool set_proxy(struct config *config, const char *value, char *why) {
    uint8_t address[sizeof(struct in6_addr)];
    if (strlen(value) >= sizeof config->proxy ||
        (inet_pton(AF_INET, value, address) != 1 && inet_pton(AF_INET6, value, address) != 1)) {
        return refuse(why, "'%.60s' is not an address like 127.0.0.1 or ::1.", value);
    }
    memcpy(config->proxy, value, strlen(value) + 1);
    return true;
}

static bool is_own_address(const struct config_listen *listen) {
    if (listen->address.ss_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)&listen->address;
        return ntohl(in->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    }
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)&listen->address;
    return IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
}

/* Nobody else may ask: what is counted tells who is here and when. */
static bool set_metrics(struct config *config, const char *value, char *why) {
    struct config_listen *listen = &config->metrics;
    if (strlen(value) >= sizeof listen->text || !resolve(listen, value) ||
        !is_own_address(listen)) {
        return refuse(why, "'%.60s' is not an address of this machine like 127.0.0.1:9447.", value);
    }
    memcpy(listen->text, value, strlen(value) + 1);
    return true;
}

static bool set_packs(struct config *config, const char *value, char *why) {
    return set_path(config->packs, value, why);
}

static bool set_rate(struct config *config, const char *value, char *why) {
    return set_number(&config->clock_rate, value, 1, CONFIG_CLOCK_RATE_MAX, why);
}

static bool set_connections(struct config *config, const char *value, char *why) {
    return set_number(&config->max_connections, value, 1, CONFIG_CONNECTIONS_MAX, why);
}

static bool set_rooms(struct config *config, const char *value, char *why) {
    return set_number(&config->max_rooms, value, 1, CONFIG_ROOMS_MAX, why);
}

static bool set_tokens(struct config *config, const char *value, char *why) {
    return set_number(&config->tokens, value, 1, CONFIG_TOKENS_MAX, why);
}

static bool set_rooms_per_hour(struct config *config, const char *value, char *why) {
    return set_number(&config->rooms_per_hour, value, 1, CONFIG_ROOMS_MAX, why);
}

static bool set_per_key(struct config *config, const char *value, char *why) {
    return set_number(&config->per_key, value, 1, CONFIG_CONNECTIONS_MAX, why);
}

static bool set_per_address(struct config *config, const char *value, char *why) {
    return set_number(&config->per_address, value, 1, CONFIG_CONNECTIONS_MAX, why);
}

static bool set_output_all(struct config *config, const char *value, char *why) {
    return set_number(&config->max_output_all, value, 1, CONFIG_OUTPUT_MAX, why);
}

static bool set_output(struct config *config, const char *value, char *why) {
    return set_number(&config->max_output, value, CONFIG_OUTPUT_MIN, CONFIG_OUTPUT_MAX, why);
}

static bool set_appear(struct config *config, const char *value, char *why) {
    return set_number(&config->appear_within, value, 1, CONFIG_APPEAR_MAX, why);
}

/* "180d", "12h", or "ever". */
static bool set_keep(struct config *config, const char *value, char *why) {
    char digits[16] = "";
    size_t len = strspn(value, "0123456789");
    unsigned long number = 0;
    unsigned hours = strcmp(value + len, "d") == 0 ? 24 : strcmp(value + len, "h") == 0 ? 1 : 0;
    if (strcmp(value, "ever") == 0) {
        config->keep_hours = 0;
        return true;
    }
    if (hours == 0 || len >= sizeof digits) {
        return refuse(why, "'%.40s' is not a time like 180d or 12h, nor ever.", value);
    }
    memcpy(digits, value, len);
    if (!parse_number(digits, 1, CONFIG_KEEP_MAX / hours, &number)) {
        return refuse(why, "'%.40s' is not from 1 to %u of those.", value, CONFIG_KEEP_MAX / hours);
    }
    config->keep_hours = (unsigned)number * hours;
    return true;
}

static bool set_open_hosting(struct config *config, const char *value, char *why) {
    return set_flag(&config->open_hosting, value, why);
}

/* Each one more, up to TURN_URIS_MAX. */
static bool set_turn(struct config *config, const char *value, char *why) {
    size_t have = strlen(config->turn);
    unsigned count = have > 0;
    for (size_t i = 0; i < have; i++) {
        count += config->turn[i] == '\n';
    }
    if (count == TURN_URIS_MAX) {
        return refuse(why, "no more than %d relays are possible.", TURN_URIS_MAX);
    }
    if (!turn_uri_valid(value)) {
        return refuse(why, "'%.60s' is not a relay like turn:turn.example:3478?transport=udp.",
                      value);
    }
    snprintf(config->turn + have, sizeof config->turn - have, "%s%s", have > 0 ? "\n" : "", value);
    return true;
}

static bool set_turn_secret(struct config *config, const char *value, char *why) {
    return set_path(config->turn_secret, value, why);
}

static bool set_relay_only(struct config *config, const char *value, char *why) {
    return set_flag(&config->relay_only, value, why);
}

static bool set_level(struct config *config, const char *value, char *why) {
    return log_level_parse(value, &config->log_level) ||
           refuse(why, "'%.40s' is not a level: error, warn, info or debug.", value);
}

const struct config_option config_options[] = {
    {"listen", "ADDR:PORT", "accept connections here; may be repeated; port 0: the system chooses",
     set_listen},
    {"data", "FOLDER", "where the journal and the server's own key are kept", set_data},
    {"journal", "URI|FILE",
     "a PostgreSQL database that several servers share, or a file that says it", set_journal},
    {"cert", "FILE", "certificate chain (PEM) instead of the self-made one", set_cert},
    {"key", "FILE", "its private key (PEM)", set_key},
    {"public", "HOST[:PORT]", "the name of this server in the links it makes", set_public},
    {"address", "HOST[:PORT]",
     "the name of this server alone, where that of the links leads to several", set_address},
    {"workers", "N", "threads that serve connections (default: one per processor)", set_workers},
    {"max-connections", "N", "connections at once (default 10000)", set_connections},
    {"max-rooms", "N", "rooms at once (default 10000)", set_rooms},
    {"tokens", "N", "messages a second that one connection may send for long (default 100)",
     set_tokens},
    {"rooms-per-hour", "N", "rooms that one key opens in an hour (default 200)",
     set_rooms_per_hour},
    {"per-key", "N", "connections of one key at once (default 16)", set_per_key},
    {"per-address", "N",
     "connections at once of an address where nobody is in a room (default 512)", set_per_address},
    {"max-output-all", "MIB", "what may wait for all slow readers together (default 256)",
     set_output_all},
    {"max-output", "KIB", "what may wait for a slow reader before it is cut off (default 4096)",
     set_output},
    {"appear-within", "S", "seconds that somebody paired has to appear in the room (default 60)",
     set_appear},
    {"keep", "TIME", "remove what nothing has happened in for so long: 180d, 12h (default ever)",
     set_keep},
    {"open-hosting", NULL, "anybody who reaches the server may host a room", set_open_hosting},
    {"proxy", "ADDR", "a proxy in front, believed about whose connection it passes on", set_proxy},
    {"packs", "FOLDER", "packs (of 'spar pack build') to offer beside those built in", set_packs},
    {"turn", "URI", "a relay for voice, like turn:turn.example:3478; may be repeated", set_turn},
    {"turn-secret", "FILE", "the secret shared with it (its static-auth-secret)", set_turn_secret},
    {"relay-only", NULL, "voice goes by the relay alone: nobody learns another's address",
     set_relay_only},
    {"web-root", "FOLDER", "send the page's files from here instead of those built in",
     set_web_root},
    {"metrics", "ADDR:PORT", "count for Prometheus at http://ADDR:PORT/metrics, on this machine",
     set_metrics},
    {"clock-rate", "N", "rooms' clocks run N times faster, for demos and tests", set_rate},
    {"log-level", "LEVEL", "error, warn, info (default) or debug", set_level},
    {NULL, NULL, NULL, NULL}};

const struct config_option *config_option_find(const char *name) {
    for (const struct config_option *option = config_options; option->name != NULL; option++) {
        if (strcmp(option->name, name) == 0) {
            return option;
        }
    }
    return NULL;
}
