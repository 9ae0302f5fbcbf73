/* SPDX-License-Identifier: ISC */
/*
 * listener.c: evconnlistener per address; one thread accepts for all workers.
 */
#include "server/net/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/interval.h"
#include "server/net/conn.h"

struct listener {
    struct listener_means means;
    struct evconnlistener *sockets[CONFIG_LISTEN_MAX];
    unsigned socket_count;
    struct event *resume;
};

/* "192.0.2.1:4711" or "[2001:db8::1]:4711". */
static void address_text(const struct sockaddr *address, int len, char *out, size_t size) {
    char host[INET6_ADDRSTRLEN + 16];
    char port[8];
    if (getnameinfo(address, (socklen_t)len, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        snprintf(out, size, "unknown");
    } else {
        snprintf(out, size, address->sa_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
    }
}

static void on_accept(struct evconnlistener *socket, evutil_socket_t fd, struct sockaddr *address,
                      int len, void *ctx) {
    (void)socket;
    struct listener *listener = ctx;
    const struct listener_means *means = &listener->means;
    char text[CONN_ADDRESS_MAX];
    address_text(address, len, text, sizeof text);
    stats_add(means->stats, means->writer, STATS_accepted, 1);
    bool full = stats_sum(means->stats, STATS_connections_open) >=
                (int64_t)means->config->max_connections + LISTENER_EXTRA;
    if (full || !means->take(means->ctx, fd, text)) {
        stats_add(means->stats, means->writer, STATS_turned_away, 1);
        log_warn(means->log, "conn.refused", LOG_S("peer", text),
                 LOG_S("why", full ? "too-many" : "no memory"));
        evutil_closesocket(fd);
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
    log_error(listener->means.log, "accept.failed", LOG_S("why", strerror(errno)));
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
