/* SPDX-License-Identifier: ISC */
/*
 * listener.c: evconnlistener per address; one thread accepts for all workers.
 */
#include "server/net/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/interval.h"

struct listener {
    struct listener_means means;
    struct address proxy; /* who may speak for others; .is_proxy false: nobody */
    struct evconnlistener *sockets[CONFIG_LISTEN_MAX];
    unsigned socket_count;
    struct event *resume;
    struct episode failures, turned_away;
};

/* Turned away without a word: who goes on all the same is a line in the log now and then. */
static void turn_away(struct listener *listener, evutil_socket_t fd, const struct address *from,
                      const char *why) {
    const struct listener_means *means = &listener->means;
    uint64_t count = episode_again(&listener->turned_away, interval_now());
    stats_add(means->stats, means->writer, STATS_turned_away, 1);
    if (count > 0) {
        log_warn(means->log, "conn.refused", LOG_S("peer", from->text), LOG_S("why", why),
                 LOG_U("count", count));
    }
    evutil_closesocket(fd);
}

/* Accepting works again. */
static void end_failures(struct listener *listener) {
    uint64_t count;
    if (episode_end(&listener->failures, &count)) {
        log_info(listener->means.log, "accept.resumed", LOG_U("failed", count));
    }
}

static void on_accept(struct evconnlistener *socket, evutil_socket_t fd, struct sockaddr *address,
                      int len, void *ctx) {
    (void)socket;
    struct listener *listener = ctx;
    const struct listener_means *means = &listener->means;
    struct address from;
    address_of(address, (socklen_t)len, &from);
    from.is_proxy = listener->proxy.is_proxy && address_same_host(&from, &listener->proxy);
    end_failures(listener);
    stats_add(means->stats, means->writer, STATS_accepted, 1);
    if (stats_sum(means->stats, STATS_connections_open) >=
        (int64_t)means->config->max_connections + LISTENER_EXTRA) {
        turn_away(listener, fd, &from, "too-many");
    } else if (!book_come(means->book, &from, interval_now())) {
        turn_away(listener, fd, &from, "too-many-of-one-address");
    } else if (!means->take(means->ctx, fd, &from)) {
        book_go(means->book, &from, false, interval_now());
        turn_away(listener, fd, &from, "no memory");
    }
}

static void enable(struct listener *listener, bool on) {
    for (unsigned i = 0; i < listener->socket_count; i++) {
        if (on) {
            evconnlistener_enable(listener->sockets[i]);
        } else {
            evconnlistener_disable(listener->sockets[i]);
        }
    }
}

static void on_resume(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    enable(ctx, true);
}

static void on_error(struct evconnlistener *socket, void *ctx) {
    (void)socket;
    struct listener *listener = ctx;
    struct timeval pause = interval_ms(LISTENER_PAUSE_MS);
    int error = errno;
    uint64_t count = episode_again(&listener->failures, interval_now());
    if (count > 0) {
        log_error(listener->means.log, "accept.failed", LOG_S("why", strerror(error)),
                  LOG_U("count", count));
    }
    enable(listener, false);
    evtimer_add(listener->resume, &pause);
}

static bool bind_one(struct listener *listener, struct event_base *base,
                     const struct config_listen *listen, char *error) {
    struct evconnlistener *socket = evconnlistener_new_bind(
        base, on_accept, listener,
        LEV_OPT_CLOSE_ON_FREE | LEV_OPT_REUSEABLE | LEV_OPT_CLOSE_ON_EXEC, LISTENER_BACKLOG,
        (const struct sockaddr *)&listen->address, (int)listen->length);
    if (socket == NULL) {
        snprintf(error, CONFIG_ERROR_MAX,
                 "Cannot listen on %s: %s; choose another address with --listen.", listen->text,
                 strerror(errno));
        return false;
    }
    evconnlistener_set_error_cb(socket, on_error);
    listener->sockets[listener->socket_count++] = socket;
    return true;
}

struct listener *listener_open(struct event_base *base, const struct listener_means *means,
                               char *error) {
    struct listener *listener = calloc(1, sizeof *listener);
    if (listener != NULL) {
        listener->resume = evtimer_new(base, on_resume, listener);
    }
    if (listener == NULL || listener->resume == NULL) {
        snprintf(error, CONFIG_ERROR_MAX, "There is no memory left; free some and try again.");
        free(listener);
        return NULL;
    }
    listener->means = *means;
    listener->proxy.is_proxy = address_read(span_of(means->config->proxy), &listener->proxy);
    for (unsigned i = 0; i < means->config->listen_count; i++) {
        if (!bind_one(listener, base, &means->config->listens[i], error)) {
            listener_close(listener);
            return NULL;
        }
    }
    return listener;
}

uint16_t listener_port(const struct listener *listener) {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address;
    socklen_t len = sizeof address;
    memset(&address, 0, sizeof address);
    if (getsockname(evconnlistener_get_fd(listener->sockets[0]), &address.any, &len) != 0) {
        return 0;
    }
    return ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port : address.v4.sin_port);
}

void listener_close(struct listener *listener) {
    if (listener == NULL) {
        return;
    }
    for (unsigned i = 0; i < listener->socket_count; i++) {
        evconnlistener_free(listener->sockets[i]);
    }
    event_free(listener->resume);
    free(listener);
}
