/* SPDX-License-Identifier: ISC */
/*
 * connection.c: the life of a connection: calling (dial.c), hello, frames, loss, another try.
 *
 * Invariants: a bufferevent is freed only by the reaper, at the start of a later loop turn, never
 * inside a callback of its own; `state` says which timer means what, and each state has at most
 * one.
 */
#include "client/net/connection.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
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
#include "client/net/dial.h"
#include "client/net/moment.h"
#include "client/net/route.h"
#include "protocol/wire/frame.h"

enum {
    WHY_MAX = 400,
    QUICK_PINGS = CLOCK_SAMPLES, /* at the start, until the clock has settled */
    QUICK_PING_MS = 50,          /* between them */
    HOP_EVERY_MS = 1000,         /* up for so long: lost, it goes elsewhere without a wait */
    GREETING_MS = 1000, /* the first patience with a greeting where there is another server */
    SILENCE_MAX_MS = PING_EVERY_MS + 10000 /* a ping unanswered for 10 s: the way is cut */
};

enum connection_state { CALLING, GREETING, UP, WAITING, LEAVING, OVER };

struct connection {
    struct event_base *base;
    SSL_CTX *context;
    struct invite server;
    char address[INVITE_TEXT_MAX]; /* of the server that is called, or was last */
    struct connection_handler handler;
    enum connection_state state;
    int64_t kept_hours;
    bool comes_back;       /* has been welcomed once, or knows the server */
    int64_t patient_until; /* monotonic ms; 0: no patience */
    uint32_t attempt;
    struct route route;
    unsigned order[ROUTE_PLACES_MAX]; /* of the places that are called */
    struct dial *dial;
    bool many;     /* more than one address led to the server */
    int64_t up_at; /* monotonic ms */
    struct bufferevent *bev, *dead;
    struct event *timer;   /* deadline of a greeting; the next ping; the next try */
    struct event *silence; /* nothing heard */
    struct event *reap;
    struct mp_reader reader;
    struct mp_writer writer;
    struct server_clock clock;
    int64_t ping_t, ping_us; /* the ping on its way; 0: none */
    int64_t ping_at;         /* when the next is due that nobody is waiting for */
    int64_t heard_at;        /* the last bytes; all of monotonic ms but ping_us */
    int64_t trip_ms;         /* of the last ping; 0: not known */
    bool sent_away;          /* the server that was reached last takes nobody in */
    enum connection_end end; /* how it is over, until `over` has been called */
    char why[WHY_MAX];
};

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
    dial_stop(connection->dial);
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
    connection->state = OVER;
    connection->end = end;
    event_active(connection->reap, EV_TIMEOUT, 0);
}

/* How long to wait before another try. A server that is lost is left at once where there is another
 * to go to; that is no failure, unless it happens too often. */
static int64_t wait_of(struct connection *connection) {
    uint16_t random = 0;
    bool elsewhere = connection->route.several || connection->many;
    if (connection->state == UP && elsewhere && moment_ms() - connection->up_at >= HOP_EVERY_MS) {
        return 0;
    }
    (void)!random_bytes(&random, sizeof random); /* without randomness it just waits longer */
    return connection_backoff_ms(connection->attempt++, random);
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
    int64_t wait = wait_of(connection);
    bool patient = connection->state == CALLING && moment_ms() + wait <= connection->patient_until;
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
    }
}

static bool queue(struct connection *connection, const struct message *message) {
    mp_writer_reset(&connection->writer);
    return message_write(&connection->writer, message) &&
           bufferevent_write(connection->bev, connection->writer.data, connection->writer.len) == 0;
}

int64_t connection_kept_hours(const struct connection *connection) {
    return connection->kept_hours;
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

/* To the next look whether a ping is due, once the clock has settled. */
static int64_t calm_ms(const struct connection *connection) {
    return connection->route.several ? NODE_PING_MS : PING_EVERY_MS;
}

/* A round trip has ended: the hello's or a ping's. */
static void take_sample(struct connection *connection, int64_t now) {
    server_clock_add(&connection->clock, connection->ping_us, moment_us(), now);
    connection->ping_t = 0;
    bool quick = connection->clock.taken <= QUICK_PINGS;
    set_timer(connection->timer, quick ? QUICK_PING_MS : calm_ms(connection));
    connection->ping_at = moment_ms() + (quick ? QUICK_PING_MS : PING_EVERY_MS);
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
    connection->kept_hours = message->welcome.hours;
    connection->up_at = connection->heard_at = moment_ms();
    route_welcome(&connection->route, message->welcome.nodes);
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
        /* One that takes nobody in knows who does. */
        route_welcome(&connection->route, message->bye.nodes);
        connection->sent_away = why == REFUSAL_STOPPING && connection->route.several;
        connection->comes_back = connection->comes_back || message->bye.nodes.len > 0;
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
        route_welcome(&connection->route, message->pong.nodes);
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
            set_timer(connection->timer, calm_ms(connection));
            connection->ping_at = moment_ms() + PING_EVERY_MS;
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
    connection->heard_at = moment_ms();
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

/* Where there is another server to go to, one that stands still is left sooner; each time later,
 * since it may be the way that is slow. */
static int64_t greeting_ms(const struct connection *connection) {
    bool elsewhere = connection->route.several || connection->many;
    int64_t ms = (int64_t)GREETING_MS << (connection->attempt < 4 ? connection->attempt : 4);
    return elsewhere && ms < HELLO_MAX_MS ? ms : HELLO_MAX_MS;
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
    set_timer(connection->timer, greeting_ms(connection));
    struct message hello = {
        .kind = MESSAGE_HELLO,
        .hello = {.version = SPAR_PROTOCOL_VERSION, .app = span_of("spar/" SPAR_VERSION)}};
    connection->ping_us = moment_us();
    if (!queue(connection, &hello)) {
        finish(connection, CONNECTION_END_FAILED, "Out of memory.");
    }
}

static void on_event(struct bufferevent *bev, short what, void *arg) {
    (void)bev, (void)what;
    struct connection *connection = arg;
    lost(connection, "The connection to %s was lost.", connection->address);
}

/* ---- reaching it ---- */

static void on_reached(void *ctx, struct bufferevent *bev, unsigned place, bool many) {
    struct connection *connection = ctx;
    connection->bev = bev;
    connection->route.at = connection->order[place];
    connection->many = many;
    route_address(&connection->route.places[connection->route.at], connection->address);
    bufferevent_setcb(bev, on_read, on_write, on_event, connection);
    on_connected(connection);
}

static void on_unreached(void *ctx, enum dial_fault fault, bool stranger, const char *why) {
    struct connection *connection = ctx;
    if (stranger || fault == DIAL_NO_MEMORY) {
        finish(connection, CONNECTION_END_FAILED, "%s", why);
        return;
    }
    if (fault != DIAL_NO_ANSWER && fault != DIAL_CLOSED) {
        connection->patient_until = 0; /* a wrong name, or somebody who speaks something else */
    }
    lost(connection, "%s", why);
}

static void call_again(struct connection *connection) {
    struct place places[ROUTE_PLACES_MAX];
    uint16_t random = 0;
    (void)!random_bytes(&random, sizeof random);
    unsigned count = route_order(&connection->route, random, connection->order);
    /* The last is the one that has just sent us away: only if there is no other way. */
    count -= connection->sent_away && count > 1;
    connection->sent_away = false;
    for (unsigned i = 0; i < count; i++) {
        places[i] = connection->route.places[connection->order[i]];
    }
    connection->state = CALLING;
    dial_start(connection->dial, places, count);
}

/* ---- timers ---- */

/* While somebody looks at a clock that runs and another server is there to go to, this one is asked
 * so often that it is missed at once. */
static void on_beat(struct connection *connection) {
    int64_t now = moment_ms();
    int64_t heard =
        connection->heard_at > connection->ping_t ? connection->heard_at : connection->ping_t;
    int64_t limit = NODE_SILENT_MS + 2 * connection->trip_ms;
    bool near =
        connection->handler.watches != NULL && connection->handler.watches(connection->handler.ctx);
    if (near && connection->ping_t != 0 && now - heard >= limit) {
        lost(connection, "%s does not answer.", connection->address);
    } else if (near && connection->ping_t != 0) {
        set_timer(connection->timer, heard + limit - now);
    } else if (connection->ping_t == 0 && (near || now >= connection->ping_at)) {
        send_ping(connection);
        set_timer(connection->timer, near ? limit : NODE_PING_MS);
    } else {
        set_timer(connection->timer, NODE_PING_MS);
    }
}

static void on_timer(evutil_socket_t fd, short what, void *arg) {
    (void)fd, (void)what;
    struct connection *connection = arg;
    switch (connection->state) {
    case CALLING: break; /* the dial has a limit of its own */
    case GREETING: lost(connection, "%s does not answer the greeting.", connection->address); break;
    case UP: connection->route.several ? on_beat(connection) : send_ping(connection); break;
    case WAITING: call_again(connection); break;
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
    route_init(&connection->route, &connection->server);
    const struct dial_handler handler = {
        .ctx = connection, .reached = on_reached, .failed = on_unreached};
    struct pin pin;
    memcpy(pin.bytes, connection->server.pin, PIN_SIZE);
    connection->dial = dial_new(connection->base, connection->context,
                                connection->server.has_pin ? &pin : NULL, &handler);
    mp_writer_init(&connection->writer);
    bool good = mp_reader_init(&connection->reader) == MP_OK;
    connection->timer = evtimer_new(connection->base, on_timer, connection);
    connection->silence = evtimer_new(connection->base, on_silence, connection);
    connection->reap = evtimer_new(connection->base, on_reap, connection);
    if (!good || connection->timer == NULL || connection->silence == NULL ||
        connection->reap == NULL || connection->dial == NULL) {
        connection_free(connection);
        return NULL;
    }
    call_again(connection);
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
    dial_free(connection->dial);
    free_event(connection->timer);
    free_event(connection->silence);
    free_event(connection->reap);
    mp_reader_free(&connection->reader);
    mp_writer_free(&connection->writer);
    free(connection);
}
