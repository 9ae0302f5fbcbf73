/* SPDX-License-Identifier: ISC */
/*
 * pg_hosts.c: parses, checks, and picks of each list the part that is a host's.
 */
#include "server/journal/pg_hosts.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/text/why.h"

static const char *option_value(const PQconninfoOption *options, const char *name) {
    for (; options->keyword != NULL; options++) {
        if (strcmp(options->keyword, name) == 0) {
            return options->val;
        }
    }
    return NULL;
}

/* Of a list of hosts, parted by commas, each. */
static bool all_local(const char *hosts) {
    while (hosts != NULL && *hosts != '\0') {
        size_t len = strcspn(hosts, ",");
        bool local = len == 0 || hosts[0] == '/' || hosts[0] == '@' ||
                     strncmp(hosts, "127.", 4) == 0 ||
                     (len == 9 && strncmp(hosts, "localhost", len) == 0) ||
                     (len == 3 && strncmp(hosts, "::1", len) == 0);
        if (!local) {
            return false;
        }
        hosts += len + (hosts[len] == ',');
    }
    return true;
}

/* What libpq takes where the connection string says nothing. */
static const char *value_or(const PQconninfoOption *options, const char *name,
                            const char *variable) {
    const char *value = option_value(options, name);
    return value != NULL ? value : getenv(variable);
}

static bool is_verified(const PQconninfoOption *options) {
    const char *mode = value_or(options, "sslmode", "PGSSLMODE");
    const char *hosts = value_or(options, "host", "PGHOST");
    const char *addresses = value_or(options, "hostaddr", "PGHOSTADDR");
    return (mode != NULL && strcmp(mode, "verify-full") == 0) ||
           (all_local(hosts) && all_local(addresses));
}

static unsigned parts_of(const char *list) {
    unsigned count = 1;
    for (; list != NULL && *list != '\0'; list++) {
        count += *list == ',';
    }
    return count;
}

/* The part of that number, or the only one there is; cut off where it is too long for a host. */
static void pick(const char *list, unsigned number, char part[PG_HOST_BYTES]) {
    for (unsigned left = parts_of(list) > 1 ? number : 0; left > 0; left--) {
        list += strcspn(list, ",");
        list += *list == ',';
    }
    size_t len = list != NULL ? strcspn(list, ",") : 0;
    len = len < PG_HOST_BYTES ? len : PG_HOST_BYTES - 1;
    memcpy(part, list != NULL ? list : "", len);
    part[len] = '\0';
}

void pg_hosts_choose(struct pg_hosts *hosts, unsigned at) {
    hosts->at = at % hosts->count;
    pick(option_value(hosts->parsed, "host"), hosts->at, hosts->host);
    pick(option_value(hosts->parsed, "hostaddr"), hosts->at, hosts->address);
    pick(option_value(hosts->parsed, "port"), hosts->at, hosts->port);
}

static void set_option(struct pg_hosts *hosts, int *count, const char *name, const char *value) {
    hosts->names[*count] = name;
    hosts->values[(*count)++] = value;
}

/* What of the list is one host's is taken from where pg_hosts_choose writes it. */
static const char *place_of(const struct pg_hosts *hosts, const PQconninfoOption *option) {
    return strcmp(option->keyword, "host") == 0       ? hosts->host
           : strcmp(option->keyword, "hostaddr") == 0 ? hosts->address
           : strcmp(option->keyword, "port") == 0     ? hosts->port
                                                      : option->val;
}

/* What the operator left open: a primary, and a peer that is gone is noticed in seconds. */
static void set_options(struct pg_hosts *hosts) {
    static const char *const defaults[][2] = {{"target_session_attrs", "read-write"},
                                              {"application_name", "spard"},
                                              {"connect_timeout", "2"},
                                              {"keepalives", "1"},
                                              {"keepalives_idle", "1"},
                                              {"keepalives_interval", "1"},
                                              {"keepalives_count", "2"},
                                              {"tcp_user_timeout", "2000"}};
    int count = 0;
    for (const PQconninfoOption *o = hosts->parsed; o->keyword != NULL; o++) {
        if (o->val != NULL && count < PG_OPTIONS_MAX / 2) {
            set_option(hosts, &count, o->keyword, place_of(hosts, o));
        }
    }
    for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++) {
        if (option_value(hosts->parsed, defaults[i][0]) == NULL) {
            set_option(hosts, &count, defaults[i][0], defaults[i][1]);
        }
    }
}

static unsigned count_hosts(const PQconninfoOption *options) {
    unsigned names = parts_of(option_value(options, "host"));
    unsigned addresses = parts_of(option_value(options, "hostaddr"));
    return names > addresses ? names : addresses;
}

bool pg_hosts_read(struct pg_hosts *hosts, const char *info, char why[PG_WHY_MAX]) {
    char *error = NULL;
    *hosts = (struct pg_hosts){.parsed = PQconninfoParse(info, &error)};
    bool good = false;
    if (hosts->parsed == NULL) {
        why_not(why, PG_WHY_MAX, "The journal's connection string cannot be read: %.*s.",
                error != NULL ? (int)strcspn(error, "\n") : 9, error != NULL ? error : "no memory");
    } else if (!is_verified(hosts->parsed)) {
        why_not(why, PG_WHY_MAX,
                "The journal's database is on another machine; add sslmode=verify-full (and "
                "sslrootcert) to its connection string, so that nobody can stand in for it.");
    } else if ((hosts->count = count_hosts(hosts->parsed)) > PG_HOSTS_MAX) {
        why_not(why, PG_WHY_MAX, "The journal's connection string names more than %d hosts.",
                PG_HOSTS_MAX);
    } else {
        set_options(hosts);
        pg_hosts_choose(hosts, 0);
        good = true;
    }
    PQfreemem(error);
    return good;
}

void pg_hosts_free(struct pg_hosts *hosts) {
    PQconninfoFree(hosts->parsed);
}
