/* SPDX-License-Identifier: ISC */
/*
 * connection.c: the life of a connection: resolve, connect, handshake, hello, frames, loss, another
 * try.
 *
 * Invariants: a bufferevent is freed only by the reaper, at the start of a later loop turn, never
 * inside a callback of its own; `state` says which timer means what, and each state has at most
 * one.
 */
#include "client/net/connection.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/dns.h>
#include <event2/util.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certs/alpn.h"
#include "certs/random.h"
#include "client/net/moment.h"
#include "protocol/wire/frame.h"

enum {
    WHY_MAX = 400,
    QUICK_PINGS = CLOCK_SAMPLES,           /* at the start, until the clock has settled */
    QUICK_PING_MS = 50,                    /* between them */
    SILENCE_MAX_MS = PING_EVERY_MS + 10000 /* a ping unanswered for 10 s: the way is cut */
};

enum connection_state { RESOLVING, CONNECTING, GREETING, UP, WAITING, LEAVING, OVER };

struct connection {
    struct event_base *base;
    SSL_CTX *context;
    struct invite server;
    char address[INVITE_TEXT_MAX];
    struct connection_handler handler;
    enum connection_state state;
    bool comes_back;       /* has been welcomed once, or knows the server */
    int64_t patient_until; /* monotonic ms; 0: no patience */
    uint32_t attempt;
    struct tls_check check;
    struct evdns_base *dns;
    struct evdns_getaddrinfo_request *resolving;
    struct evutil_addrinfo *addresses, *next; /* next to try */
    bool try_next;                            /* once the reaper has freed the last try */
    struct bufferevent *bev, *dead;
    struct event *timer;   /* deadline of a try; the next ping; the next try */
    struct event *silence; /* nothing heard */
    struct event *reap;
    struct mp_reader reader;
    struct mp_writer writer;
    struct server_clock clock;
    int64_t ping_t, ping_us; /* the ping on its way; 0: none */
    int64_t trip_ms;         /* of the last ping; 0: not known */
    enum connection_end end; /* how it is over, until `over` has been called */
    char why[WHY_MAX];
};

static void try_resolve(struct connection *connection);
static void try_connect(struct connection *connection);

static void set_timer(struct event *timer, int64_t ms) {
    struct timeval wait = moment_interval(ms);
    event_add(timer, &wait);
}

bool connection_comes_back(enum refusal why) {
    switch (why) {
    case REFUSAL_STOPPING:
    case REFUSAL_IDLE:
    case REFUSAL_TOO_SLOW:
    case REFUSAL_TOO_MANY:
    case REFUSAL_TOO_FAST:
    case REFUSAL_STORAGE:
    case REFUSAL_STALE:
    case REFUSAL_INTERNAL: return true;
    default: return false;
    }
}

/* Puts the present connection aside; the reaper frees it. */
static void drop(struct connection *connection) {
    event_del(connection->silence);
    event_del(connection->timer);
    connection->ping_t = 0;
    if (connection->bev == NULL) {
        return;
    }
    bufferevent_setcb(connection->bev, NULL, NULL, NULL, NULL);
    bufferevent_disable(connection->bev, EV_READ | EV_WRITE);
    if (connection->dead != NULL) {
        bufferevent_free(connection->dead);
    }
    connection->dead = connection->bev;
    connection->bev = NULL;
    event_active(connection->reap, EV_TIMEOUT, 0);
}

/* The connection is over; the owner hears it from the reaper, so never inside a call of its own. */
__attribute__((format(printf, 3, 4))) static void
finish(struct connection *connection, enum connection_end end, const char *format, ...) {
    if (connection->state == OVER) {
        return;
    }
    va_list args;
    va_start(args, format);
    vsnprintf(connection->why, sizeof connection->why, format, args);
    va_end(args);
    drop(connection);
    connection->try_next = false;
    connection->state = OVER;
    connection->end = end;
    event_active(connection->reap, EV_TIMEOUT, 0);
}

/* The connection is gone: another try later, or the end if there never was one. */
__attribute__((format(printf, 2, 3))) static void lost(struct connection *connection,
                                                       const char *format, ...) {
    char why[WHY_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(why, sizeof why, format, args);
    va_end(args);
    if (connection->state == LEAVING) {
        finish(connection, CONNECTION_END_LEFT, "left");
        return;
    }
    uint16_t random = 0;
    (void)!random_bytes(&random, sizeof random); /* without randomness it just waits longer */
    int64_t wait = connection_backoff_ms(connection->attempt++, random);
    bool patient =
        connection->state == CONNECTING && moment_ms() + wait <= connection->patient_until;
    if (!connection->comes_back && !patient) {
        finish(connection, CONNECTION_END_FAILED, "%s", why);
        return;
    }
    drop(connection);
    connection->state = WAITING;
    set_timer(connection->timer, wait);
    connection->handler.down(connection->handler.ctx, moment_ms() + wait, why);
}

static void on_reap(evutil_socket_t fd, short what, void *arg) {
    (void)fd, (void)what;
    struct connection *connection = arg;
    if (connection->dead != NULL) {
        bufferevent_free(connection->dead);
        connection->dead = NULL;
    }
    if (connection->state == OVER && connection->why[0] != '\0') {
        char why[WHY_MAX];
        memcpy(why, connection->why, sizeof why);
        connection->why[0] = '\0';
        connection->handler.over(connection->handler.ctx, connection->end, why);
    } else if (connection->try_next) {
        connection->try_next = false;
        try_connect(connection);
    }
}

static bool queue(struct connection *connection, const struct message *message) {
    mp_writer_reset(&connection->writer);
    return message_write(&connection->writer, message) &&
           bufferevent_write(connection->bev, connection->writer.data, connection->writer.len) == 0;
}

bool connection_send(struct connection *connection, const struct message *message) {
    return connection->state == UP && queue(connection, message);
}

static void send_ping(struct connection *connection) {
    connection->ping_us = moment_us();
    connection->ping_t = connection->ping_us / 1000;
    struct message ping = {.kind = MESSAGE_PING, .ping = {.t = connection->ping_t}};
    ping.ping.trip = connection->trip_ms;
    if (connection->handler.shown != NULL) {
        ping.ping.shown = connection->handler.shown(connection->handler.ctx);
    }
    (void)queue(connection, &ping); /* out of memory: the silence timer notices */
}

/* A round trip has ended: the hello's or a ping's. */
static void take_sample(struct connection *connection, int64_t now) {
    server_clock_add(&connection->clock, connection->ping_us, moment_us(), now);
    connection->ping_t = 0;
    set_timer(connection->timer,
              connection->clock.taken <= QUICK_PINGS ? QUICK_PING_MS : PING_EVERY_MS);
    struct server_clock_reading reading;
    if (connection->handler.clock != NULL && server_clock_read(&connection->clock, &reading)) {
        connection->handler.clock(connection->handler.ctx, &reading, connection->clock.rate);
    }
}

/* For the panel, which sees how well everybody is connected. The greeting's does not count: it
 * holds work too. */
static void take_trip(struct connection *connection) {
    int64_t ms = (moment_us() - connection->ping_us + 500) / 1000;
    connection->trip_ms = ms < 1 ? 1 : ms > TRIP_MAX_MS ? TRIP_MAX_MS : ms;
}

static void on_welcome(struct connection *connection, const struct message *message) {
    if (connection->state != GREETING) {
        return;
    }
    connection->state = UP;
    connection->comes_back = true;
    connection->attempt = 0;
    server_clock_reset(&connection->clock, message->welcome.rate);
    take_sample(connection, message->welcome.now);
    connection->handler.up(connection->handler.ctx);
}

static void on_bye(struct connection *connection, const struct message *message) {
    enum refusal why = message->bye.why;
    const char *sentence = refusal_sentence(why);
    if (connection->state == LEAVING) {
        finish(connection, CONNECTION_END_LEFT, "left");
    } else if (why == REFUSAL_VERSION) { /* a newer server would speak our version */
        finish(connection, CONNECTION_END_REFUSED,
               "%s is older than this program; ask its operator to update spard.",
               connection->address);
    } else if (connection_comes_back(why)) {
        lost(connection, "%s", sentence);
    } else {
        finish(connection, CONNECTION_END_REFUSED, "%s", sentence);
    }
}

/* A ping that the server had no time for is no fault of anybody's: the next one comes later. */
static bool is_refused_ping(const struct connection *connection, const struct message *message) {
    return message->kind == MESSAGE_ERROR && message->error.why == REFUSAL_TOO_FAST &&
           connection->ping_t != 0;
}

static void on_message(struct connection *connection, const struct message *message) {
    switch (message->kind) {
    case MESSAGE_WELCOME: on_welcome(connection, message); break;
    case MESSAGE_BYE: on_bye(connection, message); break;
    case MESSAGE_PONG:
        if (connection->ping_t != 0 && message->pong.t == connection->ping_t) {
            take_trip(connection);
            take_sample(connection, message->pong.now);
        }
        break;
    case MESSAGE_UNKNOWN: break; /* a newer server's; nothing that this client needs */
    default:
        /* An error before the welcome is about the hello: the handler has nothing to do with it. */
        if (connection->state == GREETING && message->kind == MESSAGE_ERROR) {
            finish(connection, CONNECTION_END_REFUSED, "%s", refusal_sentence(message->error.why));
        } else if (connection->state == UP && is_refused_ping(connection, message)) {
            connection->ping_t = 0;
            set_timer(connection->timer, PING_EVERY_MS);
        } else if (connection->state == UP) {
            connection->handler.message(connection->handler.ctx, message);
        }
    }
}

static bool on_payload(struct connection *connection, const uint8_t *payload, size_t len) {
    struct message message;
    if (message_read(&connection->reader, payload, len, &message) != MSG_OK) {
        finish(connection, CONNECTION_END_FAILED,
               "%s sent a message that this client cannot read (%s: %s); update the older side.",
               connection->address,
               connection->reader.field == NULL ? "frame" : connection->reader.field,
               mp_error_text(connection->reader.error));
        return false;
    }
    on_message(connection, &message);
    return true;
}

static void on_read(struct bufferevent *bev, void *arg) {
    struct connection *connection = arg;
    struct evbuffer *input = bufferevent_get_input(bev);
    set_timer(connection->silence, SILENCE_MAX_MS);
    while (connection->bev == bev) {
        size_t have = evbuffer_get_length(input);
        size_t need = FRAME_HEADER_BYTES;
        const uint8_t *payload;
        size_t len;
        size_t used;
        if (have < need) {
            return;
        }
        enum frame_status status =
            frame_next(evbuffer_pullup(input, (ev_ssize_t)need), need, &payload, &len, &used);
        if (status == FRAME_PARTIAL && used <= have) {
            status =
                frame_next(evbuffer_pullup(input, (ev_ssize_t)used), used, &payload, &len, &used);
        }
        if (status == FRAME_PARTIAL) {
            return;
        }
        if (status != FRAME_WHOLE) {
            finish(connection, CONNECTION_END_FAILED,
                   "%s sent a frame of a size that Spar does not have; update the older side.",
                   connection->address);
            return;
        }
        if (!on_payload(connection, payload, len) || connection->bev != bev) {
            return;
        }
        evbuffer_drain(input, used);
    }
}

/* While leaving: all has been handed to the system once the output is empty. */
static void on_write(struct bufferevent *bev, void *arg) {
    struct connection *connection = arg;
    if (connection->state == LEAVING && evbuffer_get_length(bufferevent_get_output(bev)) == 0) {
        finish(connection, CONNECTION_END_LEFT, "left");
    }
}

static void on_connected(struct connection *connection) {
    SSL *ssl = bufferevent_openssl_get_ssl(connection->bev);
    if (!alpn_is_spar(ssl)) {
        finish(connection, CONNECTION_END_FAILED,
               "%s answers, but does not speak spar/1; check the address in the link.",
               connection->address);
        return;
    }
    int on = 1;
    setsockopt(bufferevent_getfd(connection->bev), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connection->state = GREETING;
    set_timer(connection->timer, HELLO_MAX_MS);
    struct message hello = {
        .kind = MESSAGE_HELLO,
        .hello = {.version = SPAR_PROTOCOL_VERSION, .app = span_of("spar/" SPAR_VERSION)}};
    connection->ping_us = moment_us();
    if (!queue(connection, &hello)) {
        finish(connection, CONNECTION_END_FAILED, "Out of memory.");
    }
}

/* The handshake failed after the TCP connection stood. True: said so. */
static bool handshake_failed(struct connection *connection, unsigned long error) {
    const struct tls_check *check = &connection->check;
    if (check->verdict == TLS_WRONG_PIN) {
        finish(connection, CONNECTION_END_FAILED,
               "%s is not the server of this link: its key differs from the link's pin. Nothing "
               "was sent; ask the host for a new link.",
               connection->address);
    } else if (check->verdict == TLS_UNTRUSTED) {
        finish(connection, CONNECTION_END_FAILED,
               "The certificate of %s is not trusted here (%s); use a link with a pin, or "
               "mend the certificate.",
               connection->address, X509_verify_cert_error_string(check->verify_error));
    } else if (ERR_reason_error_string(error) != NULL) {
        connection->patient_until = 0; /* somebody is there, and speaks something else */
        lost(connection, "No TLS connection with %s (%s); check the address in the link.",
             connection->address, ERR_reason_error_string(error));
    } else {
        return false;
    }
    return true;
}

/* This address failed, another is left: the reaper goes on. */
static void try_another(struct connection *connection) {
    drop(connection);
    connection->try_next = true;
}

static void on_event(struct bufferevent *bev, short what, void *arg) {
    struct connection *connection = arg;
    if ((what & BEV_EVENT_CONNECTED) != 0) {
        on_connected(connection);
        return;
    }
    int error = EVUTIL_SOCKET_ERROR();
    unsigned long tls_error = bufferevent_get_openssl_error(bev);
    if (connection->state == CONNECTING) {
        if (handshake_failed(connection, tls_error)) {
            return;
        }
        if (connection->next != NULL) {
            try_another(connection);
            return;
        }
        if ((what & BEV_EVENT_EOF) != 0) {
            lost(connection,
                 "%s closed or refused the connection; check the address and that the server runs.",
                 connection->address);
        } else {
            lost(connection,
                 "No connection to %s (%s); check the address and that the server runs.",
                 connection->address,
                 error == 0 ? "no answer" : evutil_socket_error_to_string(error));
        }
        return;
    }
    lost(connection, "The connection to %s was lost.", connection->address);
}

/* Tries the next address of the list. */
static void try_connect(struct connection *connection) {
    struct evutil_addrinfo *address = connection->next;
    connection->next = address->ai_next;
    connection->state = CONNECTING;
    SSL *ssl = tls_new(connection->context, &connection->check);
    if (ssl != NULL) {
        connection->bev = bufferevent_openssl_socket_new(
            connection->base, -1, ssl, BUFFEREVENT_SSL_CONNECTING, BEV_OPT_CLOSE_ON_FREE);
    }
    if (connection->bev == NULL) {
        SSL_free(ssl);
        finish(connection, CONNECTION_END_FAILED, "Out of memory.");
        return;
    }
    bufferevent_openssl_set_allow_dirty_shutdown(connection->bev, 1);
    bufferevent_setcb(connection->bev, on_read, on_write, on_event, connection);
    bufferevent_enable(connection->bev, EV_READ | EV_WRITE);
    set_timer(connection->timer, HANDSHAKE_MAX_MS);
    if (bufferevent_socket_connect(connection->bev, address->ai_addr, (int)address->ai_addrlen) !=
            0 &&
        connection->state == CONNECTING) {
        lost(connection, "No connection to %s (%s); check the address.", connection->address,
             evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR()));
    }
}

static void on_resolved(int result, struct evutil_addrinfo *addresses, void *arg) {
    struct connection *connection = arg;
    connection->resolving = NULL;
    if (result != 0 || addresses == NULL) {
        if (result != EVUTIL_EAI_CANCEL) {
            lost(connection, "The server's name %s was not found (%s); check the link.",
                 connection->server.host,
                 result == EVUTIL_EAI_NONAME ? "nobody knows it" : evutil_gai_strerror(result));
        }
        return;
    }
    connection->addresses = connection->next = addresses;
    try_connect(connection);
}

static void try_resolve(struct connection *connection) {
    struct evutil_addrinfo hints = {.ai_family = AF_UNSPEC,
                                    .ai_socktype = SOCK_STREAM,
                                    .ai_protocol = IPPROTO_TCP,
                                    .ai_flags = EVUTIL_AI_ADDRCONFIG};
    char port[8];
    snprintf(port, sizeof port, "%u", connection->server.port);
    if (connection->addresses != NULL) {
        evutil_freeaddrinfo(connection->addresses);
        connection->addresses = connection->next = NULL;
    }
    connection->state = RESOLVING;
    set_timer(connection->timer, HANDSHAKE_MAX_MS);
    struct evdns_getaddrinfo_request *request = evdns_getaddrinfo(
        connection->dns, connection->server.host, port, &hints, on_resolved, connection);
    if (connection->state == RESOLVING) {
        connection->resolving = request;
    }
}

static void on_timer(evutil_socket_t fd, short what, void *arg) {
    (void)fd, (void)what;
    struct connection *connection = arg;
    switch (connection->state) {
    case RESOLVING:
        if (connection->resolving != NULL) {
            evdns_getaddrinfo_cancel(connection->resolving);
            connection->resolving = NULL;
        }
        lost(connection, "The server's name %s was not found in time; check the network.",
             connection->server.host);
        break;
    case CONNECTING:
        if (connection->next != NULL) {
            try_another(connection);
            break;
        }
        lost(connection, "%s does not answer; check the address and the network.",
             connection->address);
        break;
    case GREETING: lost(connection, "%s does not answer the greeting.", connection->address); break;
    case UP: send_ping(connection); break;
    case WAITING: try_resolve(connection); break;
    case LEAVING: finish(connection, CONNECTION_END_LEFT, "left"); break;
    case OVER: break;
    }
}

static void on_silence(evutil_socket_t fd, short what, void *arg) {
    (void)fd, (void)what;
    struct connection *connection = arg;
    lost(connection, "Nothing was heard from %s for %d seconds.", connection->address,
         SILENCE_MAX_MS / 1000);
}

struct connection *connection_new(const struct connection_config *config) {
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL) {
        return NULL;
    }
    connection->base = config->base;
    connection->context = config->context;
    connection->server = *config->server;
    connection->handler = config->handler;
    connection->comes_back = config->known;
    connection->patient_until = config->patience_ms > 0 ? moment_ms() + config->patience_ms : 0;
    invite_address(&connection->server, connection->address);
    memcpy(connection->check.host, connection->server.host, sizeof connection->check.host);
    connection->check.has_pin = connection->server.has_pin;
    memcpy(connection->check.pin.bytes, connection->server.pin, PIN_SIZE);
    mp_writer_init(&connection->writer);
    bool good = mp_reader_init(&connection->reader) == MP_OK;
    connection->timer = evtimer_new(connection->base, on_timer, connection);
    connection->silence = evtimer_new(connection->base, on_silence, connection);
    connection->reap = evtimer_new(connection->base, on_reap, connection);
    /* Without name servers it still knows addresses and the hosts file. */
    connection->dns = evdns_base_new(connection->base, EVDNS_BASE_DISABLE_WHEN_INACTIVE);
    if (connection->dns != NULL) {
        (void)evdns_base_resolv_conf_parse(connection->dns, DNS_OPTIONS_ALL, "/etc/resolv.conf");
    }
    if (!good || connection->timer == NULL || connection->silence == NULL ||
        connection->reap == NULL || connection->dns == NULL) {
        connection_free(connection);
        return NULL;
    }
    try_resolve(connection);
    return connection;
}

void connection_leave(struct connection *connection) {
    if (connection->state != UP) {
        finish(connection, CONNECTION_END_LEFT, "left");
        return;
    }
    connection->state = LEAVING;
    set_timer(connection->timer, HELLO_MAX_MS);
    if (evbuffer_get_length(bufferevent_get_output(connection->bev)) == 0) {
        finish(connection, CONNECTION_END_LEFT, "left");
    }
}

void connection_refuse(struct connection *connection, const char *why) {
    finish(connection, CONNECTION_END_REFUSED, "%s", why);
}

static void free_event(struct event *event) {
    if (event != NULL) {
        event_free(event);
    }
}

void connection_free(struct connection *connection) {
    if (connection == NULL) {
        return;
    }
    if (connection->bev != NULL) {
        bufferevent_free(connection->bev);
    }
    if (connection->dead != NULL) {
        bufferevent_free(connection->dead);
    }
    if (connection->dns != NULL) {
        evdns_base_free(connection->dns, 0);
    }
    if (connection->addresses != NULL) {
        evutil_freeaddrinfo(connection->addresses);
    }
    free_event(connection->timer);
    free_event(connection->silence);
    free_event(connection->reap);
    mp_reader_free(&connection->reader);
    mp_writer_free(&connection->writer);
    free(connection);
}
