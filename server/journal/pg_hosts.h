/* SPDX-License-Identifier: ISC */
/*
 * pg_hosts.h: a connection string, as what is given to libpq for one of its hosts at a time.
 *
 * libpq goes through a list of hosts by itself, but waits for each as long as it takes: a primary
 * that stands still accepts a connection and never answers, and the next host's turn would not
 * come.
 */
#ifndef SPAR_SERVER_JOURNAL_PG_HOSTS_H
#define SPAR_SERVER_JOURNAL_PG_HOSTS_H

#include <libpq-fe.h>
#include <stdbool.h>

enum {
    PG_HOSTS_MAX = 16, /* of a connection string */
    PG_HOST_BYTES = 256,
    PG_OPTIONS_MAX = 64,
    PG_WHY_MAX = 512 /* bytes of a sentence, with the NUL */
};

struct pg_hosts {
    PQconninfoOption *parsed;
    unsigned count, at; /* at: the one that names and values speak of */
    char host[PG_HOST_BYTES], address[PG_HOST_BYTES], port[PG_HOST_BYTES];
    const char *names[PG_OPTIONS_MAX], *values[PG_OPTIONS_MAX];
};

/* Reads info and chooses the first host. False, with a sentence in `why`: it cannot be read, has
 * too many hosts, or one that is not local without sslmode=verify-full. Lies where it is: it points
 * into itself. Freed in either case. */
bool pg_hosts_read(struct pg_hosts *hosts, const char *info, char why[PG_WHY_MAX])
    __attribute__((warn_unused_result));
/* Chooses another; any number, modulo their count. */
void pg_hosts_choose(struct pg_hosts *hosts, unsigned at);
void pg_hosts_free(struct pg_hosts *hosts);

#endif
