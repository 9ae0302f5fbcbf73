/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a worker with all that a server lends it, over a journal in memory, for tests that give
 * it connections of their own. Whether it has a thread, or the test runs its turns, is the test's.
 */
#ifndef SPAR_TESTS_SUPPORT_POST_H
#define SPAR_TESTS_SUPPORT_POST_H

#include <openssl/types.h>

#include "server/worker/server.h"
#include "server/worker/worker.h"
#include "tests/support/temp.h"

struct post {
    char folder[TEMP_PATH_SIZE];
    struct config config;
    struct server server;
    struct tls *tls;
    struct worker *worker;
    SSL_CTX *client; /* of those who call: TLS that offers the protocol, with a key */
    int sink;
};

/* How many come to it, and how many of them have no place before those are kept that are left. */
struct post_places {
    unsigned all, strangers;
};

/* Its worker has not been started. Fails the test if that cannot be. */
void post_open(struct post *post, struct patience patience, struct post_places places);
/* A connection of somebody's; → the caller's end of it, which blocks. */
int post_call(struct post *post, bool is_proxy);
/* The worker has been told to stop, and its thread has ended or there was none. */
void post_close(struct post *post);

#endif
