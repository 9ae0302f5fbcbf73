/* SPDX-License-Identifier: ISC */
/*
 * own_link.h: what a browser will say to the server's own link, found by trying it as one would:
 * the name is resolved, the certificate held against the system's authorities, the page asked for.
 *
 * Blocks for a few seconds at most; for a thread of its own. Nothing but a GET of the page is sent.
 */
#ifndef SPAR_SERVER_NET_OWN_LINK_H
#define SPAR_SERVER_NET_OWN_LINK_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/socket.h>

enum own_link_state {
    OWN_LINK_UNREACHED, /* from here at least: a router may not lead back in */
    OWN_LINK_NO_PAGE,   /* something answers, and it is not the page */
    OWN_LINK_WARNS,     /* the certificate is none that browsers trust */
    OWN_LINK_OPENS
};
struct own_link {
    enum own_link_state state;
    bool local; /* the address is one of this network or machine only */
    bool alone; /* of this machine only */
};

/* By which another thread gives the try up. */
struct own_link_stop {
    pthread_mutex_t lock;
    int fd; /* of the call that is under way, -1: none */
    bool stopped;
};

/* host: without brackets; port: in digits. stop: initialised; outlives the call. */
void own_link_try(const char *host, const char *port, struct own_link_stop *stop,
                  struct own_link *out);
void own_link_init(struct own_link_stop *stop);
/* Any thread: the try ends soon (but for a name that is being looked up). */
void own_link_give_up(struct own_link_stop *stop);
/* "opens", "warns", "unreached", "no-page": for the log. Static. */
const char *own_link_word(const struct own_link *link);
/* A sentence or two for a person, what to press and what to do about it among them. Static. */
const char *own_link_sentence(const struct own_link *link);
/* Whether an address is reached from this machine or network only (RFC 1918, 3927, 4193, 6598). */
bool own_link_is_local(const struct sockaddr *address);
/* Whether it is this machine's alone. */
bool own_link_is_alone(const struct sockaddr *address);

#endif
