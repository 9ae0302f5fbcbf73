/* SPDX-License-Identifier: ISC */
/*
 * invite.c: reading and writing links. Each mistake has a sentence of its own.
 */
#include "protocol/wire/invite.h"

#include <stdio.h>
#include <string.h>

#include "protocol/text/base64url.h"
#include "protocol/text/why.h"

enum { PIN_CHARS = BASE64URL_LENGTH(HASH_BYTES) };
_Static_assert(BASE64URL_LENGTH(SECRET_BYTES) == SECRET_CHARS, "a secret's text has its length");

#define complain(why, ...) why_not((why), INVITE_WHY_MAX, __VA_ARGS__)

static bool host_char(char c, bool v6) {
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    bool digit = c >= '0' && c <= '9';
    return letter || digit || c == '.' || (v6 ? c == ':' || c == '%' : c == '-' || c == '_');
}

static bool read_host(const char *text, size_t len, bool v6, struct invite *out, char *why) {
    if (len == 0) {
        return complain(why, "The link names no server; it should begin with https://HOST:PORT/.");
    }
    if (len > INVITE_HOST_MAX) {
        return complain(why, "The server's name in the link is longer than %d characters.",
                        INVITE_HOST_MAX);
    }
    for (size_t i = 0; i < len; i++) {
        if (!host_char(text[i], v6)) {
            return complain(why, "The server's name in the link holds a character that no host "
                                 "name has; copy the link again.");
        }
    }
    memcpy(out->host, text, len);
    out->host[len] = '\0';
    return true;
}

static bool read_port(const char *text, size_t len, struct invite *out, char *why) {
    uint32_t port = 0;
    for (size_t i = 0; i < len && i < 6; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return complain(why, "The port in the link is not a number; it should be 1 to 65535.");
        }
        port = port * 10 + (uint32_t)(text[i] - '0');
    }
    if (port == 0 || port > UINT16_MAX || len > 5) {
        return complain(why, "The port in the link is out of bounds; it should be 1 to 65535.");
    }
    out->port = (uint16_t)port;
    return true;
}

bool invite_parse_address(const char *text, size_t len, struct invite *out,
                          char why[INVITE_WHY_MAX]) {
    const char *end = text + len;
    const char *host = text;
    const char *host_end;
    const char *after;
    bool v6 = len > 0 && text[0] == '[';
    if (v6) {
        host++;
        host_end = memchr(host, ']', (size_t)(end - host));
        if (host_end == NULL) {
            return complain(why, "The address in the link opens with [ and has no closing ].");
        }
        after = host_end + 1;
    } else {
        host_end = memchr(text, ':', len);
        host_end = host_end == NULL ? end : host_end;
        after = host_end;
    }
    if (!read_host(host, (size_t)(host_end - host), v6, out, why)) {
        return false;
    }
    out->port = INVITE_PORT_DEFAULT;
    if (after == end) {
        return true;
    }
    if (*after != ':') {
        return complain(why, "After the server's address the link should go on with :PORT/.");
    }
    return read_port(after + 1, (size_t)(end - after - 1), out, why);
}

static bool read_room(const char *text, size_t len, struct invite *out, char *why) {
    if (len == 0) {
        return complain(why, "The link names no room; it should go on with /ROOM after the port.");
    }
    out->is_host = len == 4 && memcmp(text, "host", 4) == 0;
    if (out->is_host) {
        return true;
    }
    bool good = len == ROOM_ID_BYTES;
    for (size_t i = 0; good && i < len; i++) {
        good = (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= '0' && text[i] <= '9');
    }
    if (!good) {
        return complain(why,
                        "The room in the link should be %d small letters and digits; copy "
                        "the link again.",
                        ROOM_ID_BYTES);
    }
    memcpy(out->room, text, len);
    return true;
}

static const struct {
    const char *name;
    enum role role;
} cohort_roles[] = {{"students", ROLE_CANDIDATE}, {"coaches", ROLE_COACH}};
enum { COHORT_ROLES = sizeof cohort_roles / sizeof cohort_roles[0] };

static bool read_role(const char *text, size_t len, struct invite *out, char *why) {
    if (out->is_host) {
        return (len == 4 && memcmp(text, "host", 4) == 0) ||
               complain(why, "A host link should have #host. after /host; copy the link again.");
    }
    out->role = role_find(text, len);
    for (size_t i = 0; out->role == ROLE_NONE && i < COHORT_ROLES; i++) {
        if (span_equal((struct span){text, (uint32_t)len}, cohort_roles[i].name)) {
            out->role = cohort_roles[i].role;
            out->is_cohort = true;
        }
    }
    if (out->role == ROLE_NONE) {
        return complain(why, "The link's role should be interviewer, candidate, coach, students or "
                             "coaches; copy the link again.");
    }
    return true;
}

static bool read_secret(const char *text, size_t len, struct invite *out, char *why) {
    if (len != SECRET_CHARS) {
        return complain(why,
                        "The secret in the link has %zu characters and should have %d; part of "
                        "the link was lost in copying.",
                        len, SECRET_CHARS);
    }
    uint8_t secret[SECRET_BYTES];
    if (!base64url_read(text, len, secret, sizeof secret)) {
        return complain(why, "The secret in the link holds a character that it cannot have; copy "
                             "the link again.");
    }
    memcpy(out->secret, text, len);
    return true;
}

static bool read_pin(const char *text, size_t len, struct invite *out, char *why) {
    out->has_pin = true;
    if (len != PIN_CHARS) {
        return complain(why,
                        "The pin at the link's end has %zu characters and should have %d; part "
                        "of the link was lost in copying.",
                        len, PIN_CHARS);
    }
    if (!base64url_read(text, len, out->pin, HASH_BYTES)) {
        return complain(why, "The pin at the link's end holds a character that it cannot have; "
                             "copy the link again.");
    }
    return true;
}

/* ROLE.SECRET[.PIN] */
static bool read_fragment(const char *text, size_t len, struct invite *out, char *why) {
    const char *end = text + len;
    const char *dot = memchr(text, '.', len);
    if (dot == NULL) {
        return complain(why, "After the # the link should have ROLE.SECRET.PIN; part of the link "
                             "was lost in copying.");
    }
    if (!read_role(text, (size_t)(dot - text), out, why)) {
        return false;
    }
    const char *secret = dot + 1;
    dot = memchr(secret, '.', (size_t)(end - secret));
    const char *secret_end = dot == NULL ? end : dot;
    if (!read_secret(secret, (size_t)(secret_end - secret), out, why)) {
        return false;
    }
    return dot == NULL || read_pin(dot + 1, (size_t)(end - dot - 1), out, why);
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool invite_parse(const char *text, struct invite *out, char why[INVITE_WHY_MAX]) {
    static const char scheme[] = "https://";
    memset(out, 0, sizeof *out);
    why[0] = '\0';
    while (is_space(*text)) {
        text++;
    }
    size_t len = strlen(text);
    while (len > 0 && is_space(text[len - 1])) {
        len--;
    }
    if (len == 0) {
        return complain(why, "The link is empty; ask the host for one.");
    }
    if (len < sizeof scheme - 1 || memcmp(text, scheme, sizeof scheme - 1) != 0) {
        return complain(why, "A link begins with https://; copy the whole link.");
    }
    const char *end = text + len;
    const char *address = text + sizeof scheme - 1;
    const char *hash = memchr(address, '#', (size_t)(end - address));
    if (hash == NULL) {
        return complain(why, "The link has no #ROLE.SECRET.PIN part; quote the link in the shell "
                             "and copy all of it.");
    }
    const char *slash = memchr(address, '/', (size_t)(hash - address));
    const char *address_end = slash == NULL ? hash : slash;
    if (!invite_parse_address(address, (size_t)(address_end - address), out, why)) {
        return false;
    }
    const char *room = slash == NULL ? hash : slash + 1;
    return read_room(room, (size_t)(hash - room), out, why) &&
           read_fragment(hash + 1, (size_t)(end - hash - 1), out, why);
}

void invite_address(const struct invite *invite, char out[INVITE_TEXT_MAX]) {
    bool v6 = strchr(invite->host, ':') != NULL;
    snprintf(out, INVITE_TEXT_MAX, v6 ? "[%s]:%u" : "%s:%u", invite->host, invite->port);
}

void invite_format(const struct invite *invite, char out[INVITE_TEXT_MAX]) {
    char address[INVITE_TEXT_MAX];
    char pin[PIN_CHARS + 2] = "";
    invite_address(invite, address);
    if (invite->has_pin) {
        pin[0] = '.';
        base64url_write(invite->pin, HASH_BYTES, pin + 1);
    }
    snprintf(out, INVITE_TEXT_MAX, "https://%.*s/%s#%s.%s%s", INVITE_HOST_MAX + 8, address,
             invite->is_host ? "host" : invite->room, invite_role(invite), invite->secret, pin);
}

const char *invite_role(const struct invite *invite) {
    if (invite->is_host) {
        return "host";
    }
    for (size_t i = 0; invite->is_cohort && i < COHORT_ROLES; i++) {
        if (cohort_roles[i].role == invite->role) {
            return cohort_roles[i].name;
        }
    }
    return role_name(invite->role);
}

const char *invite_use(const struct invite *invite) {
    if (invite->is_host) {
        return "This link is for hosting; use 'spar host LINK' with it, or 'spar pair LINK'.";
    }
    if (invite->is_cohort) {
        return invite->role == ROLE_COACH
                   ? "This link is for the coaches of a cohort; use 'spar coach LINK' with it."
                   : "This link is for the students of a cohort; use 'spar pair LINK' with it, or "
                     "'spar host --cohort LINK'.";
    }
    return "This link is for a seat in a room; use 'spar join LINK' with it.";
}

bool invite_same_server(const struct invite *a, const struct invite *b) {
    return a->port == b->port && strcmp(a->host, b->host) == 0 && a->has_pin == b->has_pin &&
           (!a->has_pin || memcmp(a->pin, b->pin, HASH_BYTES) == 0);
}
