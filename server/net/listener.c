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
#include "server/base/log.h"
#include "server/base/stats.h"
#include "server/worker/server.h"
#include "server/worker/worker.h"

struct listener {
    const struct server *server;
    struct worker **workers;
    unsigned worker_count, turn;
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
    const struct server *server = listener->server;
    char text[CONN_ADDRESS_MAX];
    address_text(address, len, text, sizeof text);
    unsigned main_writer = listener->worker_count;
    stats_add(server->stats, main_writer, STATS_accepted, 1);
    bool full = stats_sum(server->stats, STATS_connections_open) >=
                (int64_t)server->config->max_connections + LISTENER_EXTRA;
    struct worker *worker = listener->workers[listener->turn++ % listener->worker_count];
    if (full || !worker_post_connection(worker, fd, text)) {
        stats_add(server->stats, main_writer, STATS_turned_away, 1);
        log_warn(server->log, "conn.refused", LOG_S("peer", text),
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
    log_error(listener->server->log, "accept.failed", LOG_S("why", strerror(errno)));
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

struct listener *listener_open(struct event_base *base, const struct server *server,
                               struct worker **workers, unsigned count, char *error) {
    struct listener *listener = calloc(1, sizeof *listener);
    if (listener != NULL) {
        listener->resume = evtimer_new(base, on_resume, listener);
    }
    if (listener == NULL || listener->resume == NULL) {
        snprintf(error, CONFIG_ERROR_MAX, "There is no memory left; free some and try again.");
        free(listener);
        return NULL;
    }
    listener->server = server;
    listener->workers = workers;
    listener->worker_count = count;
    for (unsigned i = 0; i < server->config->listen_count; i++) {
        if (!bind_one(listener, base, &server->config->listens[i], error)) {
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
