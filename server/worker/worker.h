/* SPDX-License-Identifier: ISC */
/*
 * worker.h: a thread with its event_base, its connections and its rooms. Workers share nothing but
 * what struct server names; they are spoken to only through their mailbox.
 */
#ifndef SPAR_SERVER_WORKER_WORKER_H
#define SPAR_SERVER_WORKER_WORKER_H

#include <bsd/sys/queue.h>
#include <pthread.h>
#include <stdbool.h>

#include "server/net/conn.h"
#include "server/worker/journal_mail.h"
#include "server/worker/rooms.h"
#include "server/worker/server.h"

enum {
    WORKER_STOP_MAX_MS = 3000, /* for byes to be flushed */
    WORKER_RETRY_MS = 1000,    /* between two tries to store who has left, while storage fails */
    WORKER_CROWD = 256,        /* connections that have come or gone: then, after a while, */
    WORKER_CROWD_MS = 2000,    /* what memory they have left behind goes back to the system; */
    WORKER_CROWD_ON = 32       /* so many more by then: the same again */
};

struct worker {
    const struct server *server;
    unsigned index;
    pthread_t thread;
    bool started;
    struct event *sweep, *turn, *stop_limit, *retry, *tick, *crowd_over;
    unsigned crowd; /* connections that have come or gone since memory was given back */
    struct mailbox *mailbox;
    struct rooms_line line;
    struct rooms rooms;
    struct handling handling;
    struct conn_loop loop;
    bool cut, drained; /* nobody is taken in */
    bool stopping;
};

/* Makes a worker and enters it with the journal; the thread does not run yet. NULL: out of
 * memory. */
struct worker *worker_new(const struct server *server, unsigned index, struct tls *tls)
    __attribute__((warn_unused_result));
/* Starts its thread. */
bool worker_start(struct worker *worker) __attribute__((warn_unused_result));
/* Main thread: hands over a connection (its descriptor changes owner), a new certificate, the order
 * to stop. */
bool worker_post_connection(struct worker *worker, int fd, const struct address *from)
    __attribute__((warn_unused_result));
bool worker_post_tls(struct worker *worker, struct tls *tls) __attribute__((warn_unused_result));
void worker_post_stop(struct worker *worker);
/* Waits for the thread's end. */
void worker_join(struct worker *worker);
/* After worker_join and journal_close. NULL is fine. */
void worker_free(struct worker *worker);

#endif
