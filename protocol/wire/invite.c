/* SPDX-License-Identifier: ISC */
/*
 * invite.c: reading and writing links. Each mistake has a sentence of its own.
 */
#include "protocol/wire/invite.h"

#include <stdio.h>
#include <string.h>

#include "protocol/text/base64url.h"
#include "protocol/text/text.h"
#include "protocol/text/utf8.h"
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
    if (len > 0 && (span_equal((struct span){text, (uint32_t)len}, "screen") ||
                    span_equal((struct span){text, (uint32_t)len}, "voice"))) {
        return complain(why, "That link is for a second device of a seat: open it in the browser "
                             "there, within a minute.");
    }
    if (out->role == ROLE_NONE) {
        return complain(why, "The link's role should be interviewer, candidate, coach, students or "
                             "coaches; copy the link again.");
    }
    return true;
}

/* How many characters of base64url text[0..len) begins with. */
static size_t letters(const char *text, size_t len) {
    size_t count = 0;
    while (count < len && host_char(text[count], false) && text[count] != '.') {
        count++;
    }
    return count;
}

/* Without the underscores that made it slanted in a chat. */
static size_t plain_run(const char *text, size_t len, size_t wanted) {
    size_t run = letters(text, len);
    size_t plain = run;
    while (plain > wanted && text[plain - 1] == '_') {
        plain--;
    }
    return plain == wanted ? plain : run;
}

/* The secret or the pin: `run` letters at the begin of text[0..len). */
static bool right_length(const char *what, size_t run, size_t len, size_t wanted, char *why) {
    if (run == wanted) {
        return true;
    }
    if (run > wanted) {
        return complain(why,
                        "The %s has %zu characters and should have %zu; something was added to it, "
                        "so copy the link alone.",
                        what, run, wanted);
    }
    if (run < len) {
        return complain(why, "The %s holds a character that it cannot have; copy the link again.",
                        what);
    }
    return complain(why,
                    "The %s has %zu characters and should have %zu; part of the link was lost in "
                    "copying.",
                    what, run, wanted);
}

static bool read_pin(const char *text, size_t len, struct invite *out, char *why) {
    size_t run = plain_run(text, len, PIN_CHARS);
    out->has_pin = true;
    if (!right_length("pin at the link's end", run, len, PIN_CHARS, why)) {
        return false;
    }
    return base64url_read(text, run, out->pin, HASH_BYTES) ||
           complain(why, "The pin at the link's end is no pin; copy the link again.");
}

/* SECRET[.PIN]; what stands behind it was added on the way: a dot, a bracket, a word. */
static bool read_secret(const char *text, size_t len, struct invite *out, char *why) {
    uint8_t secret[SECRET_BYTES];
    size_t run = plain_run(text, len, SECRET_CHARS);
    if (!right_length("secret in the link", run, len, SECRET_CHARS, why)) {
        return false;
    }
    if (!base64url_read(text, run, secret, sizeof secret)) {
        return complain(why, "The secret in the link is no secret; copy the link again.");
    }
    memcpy(out->secret, text, run);
    const char *pin = text + run + 1;
    bool has_pin = run + 1 < len && text[run] == '.' && letters(pin, len - run - 1) > 0;
    return !has_pin || read_pin(pin, len - run - 1, out, why);
}

/* ROLE.SECRET[.PIN] */
static bool read_fragment(const char *text, size_t len, struct invite *out, char *why) {
    const char *dot = memchr(text, '.', len);
    if (dot == NULL) {
        return complain(why, "After the # the link should have ROLE.SECRET.PIN; part of the link "
                             "was lost in copying.");
    }
    return read_role(text, (size_t)(dot - text), out, why) &&
           read_secret(dot + 1, len - (size_t)(dot + 1 - text), out, why);
}

/* What stands behind https:// */
static bool read_link(const char *address, size_t len, struct invite *out, char *why) {
    const char *end = address + len;
    const char *hash = memchr(address, '#', len);
    memset(out, 0, sizeof *out);
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

/* ---- what mail and chat do to a link ---- */

enum { PASTED_MAX = 2048 };
static const char scheme[] = "https://";
enum { SCHEME = sizeof scheme - 1 };

static bool is_space(uint32_t c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0 || (c >= 0x2000 && c <= 0x200a) ||
           c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

static int hex_of(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* %XX at text[at..len) as the character that it stands for, white space among them; 0: it is none.
 */
static uint32_t percent(const char *text, size_t len, size_t at) {
    int high = at + 2 < len && text[at] == '%' ? hex_of(text[at + 1]) : -1;
    int low = high >= 0 ? hex_of(text[at + 2]) : -1;
    int c = low >= 0 ? high * 16 + low : 0;
    bool space = c >= '\t' && c <= '\r';
    return space || (c >= ' ' && c < 0x7f) ? (uint32_t)c : 0;
}

/* &#35; or &#x23; at text[at..len), as a page's source has it, likewise; *took: its length. */
static uint32_t entity(const char *text, size_t len, size_t at, size_t *took) {
    size_t end = at + 2;
    uint32_t c = 0;
    if (end >= len || text[at] != '&' || text[at + 1] != '#') {
        return 0;
    }
    bool hex = text[end] == 'x' || text[end] == 'X';
    for (end += hex; end < len && end < at + 8 && hex_of(text[end]) >= 0; end++) {
        int digit = hex_of(text[end]);
        c = digit < (hex ? 16 : 10) ? c * (hex ? 16 : 10) + (uint32_t)digit : 0x7f;
    }
    *took = end + 1 - at;
    return end < len && text[end] == ';' && c > ' ' && c < 0x7f ? c : 0;
}

/* Behind the end of a line: the marks with which mail quotes. */
static size_t quote_marks(const char *text, size_t len, size_t at) {
    while (at < len && (text[at] == '>' || text[at] == ' ')) {
        at++;
    }
    return at;
}

/* A line that mail has broken softly: "=" at its end (RFC 2045, section 6.7). */
static bool soft_break(const char *text, size_t len, size_t at) {
    size_t next = at + 1;
    next += next < len && text[next] == '\r';
    return text[at] == '=' && next < len && text[next] == '\n';
}

/*
 * The text without white space, soft breaks and what has no picture; %XX decoded; dashes that were
 * made of hyphens as hyphens again. stop: only up to the first white space. False: too long.
 */
static bool clean(const char *text, bool stop, char out[PASTED_MAX]) {
    size_t len = strlen(text), used = 0;
    for (size_t at = 0; at < len;) {
        size_t took = 3;
        uint32_t c = percent(text, len, at);
        c = c ? c : entity(text, len, at, &took);
        took = c ? took : utf8_decode(text + at, len - at, &c);
        char bytes[UTF8_BYTES_MAX];
        if (took == 0) { /* no UTF-8: kept, so that it is complained of where it stands */
            took = 1;
            c = 0xfffd;
        }
        bool dropped = is_space(c) || soft_break(text, len, at) || text_kind(c) == TEXT_HIDDEN;
        if (stop && is_space(c)) {
            break;
        }
        at = c == '\n' ? quote_marks(text, len, at + took) : at + took;
        bool dash = (c >= 0x2010 && c <= 0x2014) || c == 0x2212;
        size_t size = dropped ? 0 : utf8_encode(dash ? '-' : c, bytes);
        if (used + size + 2 > PASTED_MAX) {
            return false;
        }
        memcpy(out + used, bytes, size);
        used += size;
        if (c == 0x2014) {
            out[used++] = '-'; /* two hyphens became one dash */
        }
    }
    out[used] = '\0';
    return true;
}

static bool begins_scheme(const char *text) {
    for (int i = 0; i < SCHEME; i++) {
        bool capital = text[i] >= 'A' && text[i] <= 'Z';
        if (text[i] + (capital ? 'a' - 'A' : 0) != scheme[i]) {
            return false;
        }
    }
    return true;
}

/* The first link in the text that is whole; *why is what is wrong with the first one. */
static bool read_first(const char *text, struct invite *out, char *why) {
    char other[INVITE_WHY_MAX];
    bool any = false;
    for (const char *at = text; *at; at++) {
        if (begins_scheme(at)) {
            if (read_link(at + SCHEME, strlen(at + SCHEME), out, any ? other : why)) {
                return true;
            }
            any = true;
        }
    }
    return !any && complain(why, "A link begins with https://; copy the whole link.");
}

/* Where the link begins, which words may precede. */
static const char *skip_words(const char *text) {
    const char *at = text;
    while (*at && !begins_scheme(at)) {
        at++;
    }
    return *at ? at : text;
}

bool invite_parse(const char *text, struct invite *out, char why[INVITE_WHY_MAX]) {
    char pasted[PASTED_MAX];
    char other[INVITE_WHY_MAX];
    why[0] = '\0';
    memset(out, 0, sizeof *out);
    if (!clean(text, false, pasted)) {
        return complain(why, "The link stands in too long a text; copy the link alone.");
    }
    if (pasted[0] == '\0') {
        return complain(why, "The link is empty; ask the host for one.");
    }
    /* Broken over lines, or with words behind it: one of the two reads. */
    if (read_first(pasted, out, why) ||
        (clean(skip_words(text), true, pasted) && read_first(pasted, out, other))) {
        why[0] = '\0';
        return true;
    }
    return false;
}

bool invite_is_link(const char *text) {
    return strstr(text, "://") != NULL || strstr(text, "%3A%2F%2F") != NULL ||
           strstr(text, "%3a%2f%2f") != NULL;
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
