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

enum link_state { RESOLVING, CONNECTING, GREETING, UP, WAITING, LEAVING, OVER };

struct link {
    struct event_base *base;
    SSL_CTX *context;
    struct invite server;
    char address[INVITE_TEXT_MAX];
    struct link_handler handler;
    enum link_state state;
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
    struct link_clock clock;
    int64_t ping_t, ping_us; /* the ping on its way; 0: none */
    int64_t trip_ms;         /* of the last ping; 0: not known */
    enum link_end end;       /* how it is over, until `over` has been called */
    char why[WHY_MAX];
};

static void try_resolve(struct link *link);
static void try_connect(struct link *link);

static void set_timer(struct event *timer, int64_t ms) {
    struct timeval wait = moment_interval(ms);
    event_add(timer, &wait);
}

bool link_comes_back(enum refusal why) {
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
static void drop(struct link *link) {
    event_del(link->silence);
    event_del(link->timer);
    link->ping_t = 0;
    if (link->bev == NULL) {
        return;
    }
    bufferevent_setcb(link->bev, NULL, NULL, NULL, NULL);
    bufferevent_disable(link->bev, EV_READ | EV_WRITE);
    if (link->dead != NULL) {
        bufferevent_free(link->dead);
    }
    link->dead = link->bev;
    link->bev = NULL;
    event_active(link->reap, EV_TIMEOUT, 0);
}

/* The link is over; the owner hears it from the reaper, so never inside a call of its own. */
__attribute__((format(printf, 3, 4))) static void finish(struct link *link, enum link_end end,
                                                         const char *format, ...) {
    if (link->state == OVER) {
        return;
    }
    va_list args;
    va_start(args, format);
    vsnprintf(link->why, sizeof link->why, format, args);
    va_end(args);
    drop(link);
    link->try_next = false;
    link->state = OVER;
    link->end = end;
    event_active(link->reap, EV_TIMEOUT, 0);
}

/* The connection is gone: another try later, or the end if there never was one. */
__attribute__((format(printf, 2, 3))) static void lost(struct link *link, const char *format, ...) {
    char why[WHY_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(why, sizeof why, format, args);
    va_end(args);
    if (link->state == LEAVING) {
        finish(link, LINK_END_LEFT, "left");
        return;
    }
    uint16_t random = 0;
    (void)!random_bytes(&random, sizeof random); /* without randomness it just waits longer */
    int64_t wait = link_backoff_ms(link->attempt++, random);
    bool patient = link->state == CONNECTING && moment_ms() + wait <= link->patient_until;
    if (!link->comes_back && !patient) {
        finish(link, LINK_END_FAILED, "%s", why);
        return;
    }
    drop(link);
    link->state = WAITING;
    set_timer(link->timer, wait);
    link->handler.down(link->handler.ctx, moment_ms() + wait, why);
}

static void on_reap(evutil_socket_t fd, short what, void *arg) {
    (void)fd, (void)what;
    struct link *link = arg;
    if (link->dead != NULL) {
        bufferevent_free(link->dead);
        link->dead = NULL;
    }
    if (link->state == OVER && link->why[0] != '\0') {
        char why[WHY_MAX];
        memcpy(why, link->why, sizeof why);
        link->why[0] = '\0';
        link->handler.over(link->handler.ctx, link->end, why);
    } else if (link->try_next) {
        link->try_next = false;
        try_connect(link);
    }
}

static bool queue(struct link *link, const struct message *message) {
    mp_writer_reset(&link->writer);
    return message_write(&link->writer, message) &&
           bufferevent_write(link->bev, link->writer.data, link->writer.len) == 0;
}

bool link_send(struct link *link, const struct message *message) {
    return link->state == UP && queue(link, message);
}

static void send_ping(struct link *link) {
    link->ping_us = moment_us();
    link->ping_t = link->ping_us / 1000;
    struct message ping = {.kind = MESSAGE_PING, .ping = {.t = link->ping_t}};
    ping.ping.trip = link->trip_ms;
    if (link->handler.shown != NULL) {
        ping.ping.shown = link->handler.shown(link->handler.ctx);
    }
    (void)queue(link, &ping); /* out of memory: the silence timer notices */
}

/* A round trip has ended: the hello's or a ping's. */
static void take_sample(struct link *link, int64_t now) {
    link_clock_add(&link->clock, link->ping_us, moment_us(), now);
    link->ping_t = 0;
    set_timer(link->timer, link->clock.taken <= QUICK_PINGS ? QUICK_PING_MS : PING_EVERY_MS);
    struct link_reading reading;
    if (link->handler.clock != NULL && link_clock_read(&link->clock, &reading)) {
        link->handler.clock(link->handler.ctx, &reading, link->clock.rate);
    }
}

/* For the panel, which sees how well everybody is connected. The greeting's does not count: it
 * holds work too. */
static void take_trip(struct link *link) {
    int64_t ms = (moment_us() - link->ping_us + 500) / 1000;
    link->trip_ms = ms < 1 ? 1 : ms > TRIP_MAX_MS ? TRIP_MAX_MS : ms;
}

static void on_welcome(struct link *link, const struct message *message) {
    if (link->state != GREETING) {
        return;
    }
    link->state = UP;
    link->comes_back = true;
    link->attempt = 0;
    link_clock_reset(&link->clock, message->welcome.rate);
    take_sample(link, message->welcome.now);
    link->handler.up(link->handler.ctx);
}

static void on_bye(struct link *link, const struct message *message) {
    enum refusal why = message->bye.why;
    const char *sentence = refusal_sentence(why);
    if (link->state == LEAVING) {
        finish(link, LINK_END_LEFT, "left");
    } else if (why == REFUSAL_VERSION) { /* a newer server would speak our version */
        finish(link, LINK_END_REFUSED,
               "%s is older than this program; ask its operator to update spard.", link->address);
    } else if (link_comes_back(why)) {
        lost(link, "%s", sentence);
    } else {
        finish(link, LINK_END_REFUSED, "%s", sentence);
    }
}

static void on_message(struct link *link, const struct message *message) {
    switch (message->kind) {
    case MESSAGE_WELCOME: on_welcome(link, message); break;
    case MESSAGE_BYE: on_bye(link, message); break;
    case MESSAGE_PONG:
        if (link->ping_t != 0 && message->pong.t == link->ping_t) {
            take_trip(link);
            take_sample(link, message->pong.now);
        }
        break;
    case MESSAGE_UNKNOWN: break; /* a newer server's; nothing that this client needs */
    default:
        /* An error before the welcome is about the hello: the handler has nothing to do with it. */
        if (link->state == GREETING && message->kind == MESSAGE_ERROR) {
            finish(link, LINK_END_REFUSED, "%s", refusal_sentence(message->error.why));
        } else if (link->state == UP) {
            link->handler.message(link->handler.ctx, message);
        }
    }
}

static bool on_payload(struct link *link, const uint8_t *payload, size_t len) {
    struct message message;
    if (message_read(&link->reader, payload, len, &message) != MSG_OK) {
        finish(link, LINK_END_FAILED,
               "%s sent a message that this client cannot read (%s: %s); update the older side.",
               link->address, link->reader.field == NULL ? "frame" : link->reader.field,
               mp_error_text(link->reader.error));
        return false;
    }
    on_message(link, &message);
    return true;
}

static void on_read(struct bufferevent *bev, void *arg) {
    struct link *link = arg;
    struct evbuffer *input = bufferevent_get_input(bev);
    set_timer(link->silence, SILENCE_MAX_MS);
    while (link->bev == bev) {
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
            finish(link, LINK_END_FAILED,
                   "%s sent a frame of a size that Spar does not have; update the older side.",
                   link->address);
            return;
        }
        if (!on_payload(link, payload, len) || link->bev != bev) {
            return;
        }
        evbuffer_drain(input, used);
    }
}

/* While leaving: all has been handed to the system once the output is empty. */
static void on_write(struct bufferevent *bev, void *arg) {
    struct link *link = arg;
    if (link->state == LEAVING && evbuffer_get_length(bufferevent_get_output(bev)) == 0) {
        finish(link, LINK_END_LEFT, "left");
    }
}

static void on_connected(struct link *link) {
    SSL *ssl = bufferevent_openssl_get_ssl(link->bev);
    if (!alpn_is_spar(ssl)) {
        finish(link, LINK_END_FAILED,
               "%s answers, but does not speak spar/1; check the address in the link.",
               link->address);
        return;
    }
    int on = 1;
    setsockopt(bufferevent_getfd(link->bev), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    link->state = GREETING;
    set_timer(link->timer, HELLO_MAX_MS);
    struct message hello = {
        .kind = MESSAGE_HELLO,
        .hello = {.version = SPAR_PROTOCOL_VERSION, .app = span_of("spar/" SPAR_VERSION)}};
    link->ping_us = moment_us();
    if (!queue(link, &hello)) {
        finish(link, LINK_END_FAILED, "Out of memory.");
    }
}

/* The handshake failed after the TCP connection stood. True: said so. */
static bool handshake_failed(struct link *link, unsigned long error) {
    const struct tls_check *check = &link->check;
    if (check->verdict == TLS_WRONG_PIN) {
        finish(link, LINK_END_FAILED,
               "%s is not the server of this link: its key differs from the link's pin. Nothing "
               "was sent; ask the host for a new link.",
               link->address);
    } else if (check->verdict == TLS_UNTRUSTED) {
        finish(link, LINK_END_FAILED,
               "The certificate of %s is not trusted here (%s); use a link with a pin, or "
               "mend the certificate.",
               link->address, X509_verify_cert_error_string(check->verify_error));
    } else if (ERR_reason_error_string(error) != NULL) {
        link->patient_until = 0; /* somebody is there, and speaks something else */
        lost(link, "No TLS connection with %s (%s); check the address in the link.", link->address,
             ERR_reason_error_string(error));
    } else {
        return false;
    }
    return true;
}

/* This address failed, another is left: the reaper goes on. */
static void try_another(struct link *link) {
    drop(link);
    link->try_next = true;
}

static void on_event(struct bufferevent *bev, short what, void *arg) {
    struct link *link = arg;
    if ((what & BEV_EVENT_CONNECTED) != 0) {
        on_connected(link);
        return;
    }
    int error = EVUTIL_SOCKET_ERROR();
    unsigned long tls_error = bufferevent_get_openssl_error(bev);
    if (link->state == CONNECTING) {
        if (handshake_failed(link, tls_error)) {
            return;
        }
        if (link->next != NULL) {
            try_another(link);
            return;
        }
        if ((what & BEV_EVENT_EOF) != 0) {
            lost(link,
                 "%s closed or refused the connection; check the address and that the server runs.",
                 link->address);
        } else {
            lost(link, "No connection to %s (%s); check the address and that the server runs.",
                 link->address, error == 0 ? "no answer" : evutil_socket_error_to_string(error));
        }
        return;
    }
    lost(link, "The connection to %s was lost.", link->address);
}

/* Tries the next address of the list. */
static void try_connect(struct link *link) {
    struct evutil_addrinfo *address = link->next;
    link->next = address->ai_next;
    link->state = CONNECTING;
    SSL *ssl = tls_new(link->context, &link->check);
    if (ssl != NULL) {
        link->bev = bufferevent_openssl_socket_new(link->base, -1, ssl, BUFFEREVENT_SSL_CONNECTING,
                                                   BEV_OPT_CLOSE_ON_FREE);
    }
    if (link->bev == NULL) {
        SSL_free(ssl);
        finish(link, LINK_END_FAILED, "Out of memory.");
        return;
    }
    bufferevent_openssl_set_allow_dirty_shutdown(link->bev, 1);
    bufferevent_setcb(link->bev, on_read, on_write, on_event, link);
    bufferevent_enable(link->bev, EV_READ | EV_WRITE);
    set_timer(link->timer, HANDSHAKE_MAX_MS);
    if (bufferevent_socket_connect(link->bev, address->ai_addr, (int)address->ai_addrlen) != 0 &&
        link->state == CONNECTING) {
        lost(link, "No connection to %s (%s); check the address.", link->address,
             evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR()));
    }
}

static void on_resolved(int result, struct evutil_addrinfo *addresses, void *arg) {
    struct link *link = arg;
    link->resolving = NULL;
    if (result != 0 || addresses == NULL) {
        if (result != EVUTIL_EAI_CANCEL) {
            lost(link, "The server's name %s was not found (%s); check the link.",
                 link->server.host,
                 result == EVUTIL_EAI_NONAME ? "nobody knows it" : evutil_gai_strerror(result));
        }
        return;
    }
    link->addresses = link->next = addresses;
    try_connect(link);
}

static void try_resolve(struct link *link) {
    struct evutil_addrinfo hints = {.ai_family = AF_UNSPEC,
                                    .ai_socktype = SOCK_STREAM,
                                    .ai_protocol = IPPROTO_TCP,
                                    .ai_flags = EVUTIL_AI_ADDRCONFIG};
    char port[8];
    snprintf(port, sizeof port, "%u", link->server.port);
    if (link->addresses != NULL) {
        evutil_freeaddrinfo(link->addresses);
        link->addresses = link->next = NULL;
    }
    link->state = RESOLVING;
    set_timer(link->timer, HANDSHAKE_MAX_MS);
    struct evdns_getaddrinfo_request *request =
        evdns_getaddrinfo(link->dns, link->server.host, port, &hints, on_resolved, link);
    if (link->state == RESOLVING) {
        link->resolving = request;
    }
}

static void on_timer(evutil_socket_t fd, short what, void *arg) {
    (void)fd, (void)what;
    struct link *link = arg;
    switch (link->state) {
    case RESOLVING:
        if (link->resolving != NULL) {
            evdns_getaddrinfo_cancel(link->resolving);
            link->resolving = NULL;
        }
        lost(link, "The server's name %s was not found in time; check the network.",
             link->server.host);
        break;
    case CONNECTING:
        if (link->next != NULL) {
            try_another(link);
            break;
        }
        lost(link, "%s does not answer; check the address and the network.", link->address);
        break;
    case GREETING: lost(link, "%s does not answer the greeting.", link->address); break;
    case UP: send_ping(link); break;
    case WAITING: try_resolve(link); break;
    case LEAVING: finish(link, LINK_END_LEFT, "left"); break;
    case OVER: break;
    }
}

static void on_silence(evutil_socket_t fd, short what, void *arg) {
    (void)fd, (void)what;
    struct link *link = arg;
    lost(link, "Nothing was heard from %s for %d seconds.", link->address, SILENCE_MAX_MS / 1000);
}

struct link *link_new(const struct link_config *config) {
    struct link *link = calloc(1, sizeof *link);
    if (link == NULL) {
        return NULL;
    }
    link->base = config->base;
    link->context = config->context;
    link->server = *config->server;
    link->handler = config->handler;
    link->comes_back = config->known;
    link->patient_until = config->patience_ms > 0 ? moment_ms() + config->patience_ms : 0;
    invite_address(&link->server, link->address);
    memcpy(link->check.host, link->server.host, sizeof link->check.host);
    link->check.has_pin = link->server.has_pin;
    memcpy(link->check.pin.bytes, link->server.pin, PIN_SIZE);
    mp_writer_init(&link->writer);
    bool good = mp_reader_init(&link->reader) == MP_OK;
    link->timer = evtimer_new(link->base, on_timer, link);
    link->silence = evtimer_new(link->base, on_silence, link);
    link->reap = evtimer_new(link->base, on_reap, link);
    /* Without name servers it still knows addresses and the hosts file. */
    link->dns = evdns_base_new(link->base, EVDNS_BASE_DISABLE_WHEN_INACTIVE);
    if (link->dns != NULL) {
        (void)evdns_base_resolv_conf_parse(link->dns, DNS_OPTIONS_ALL, "/etc/resolv.conf");
    }
    if (!good || link->timer == NULL || link->silence == NULL || link->reap == NULL ||
        link->dns == NULL) {
        link_free(link);
        return NULL;
    }
    try_resolve(link);
    return link;
}

void link_leave(struct link *link) {
    if (link->state != UP) {
        finish(link, LINK_END_LEFT, "left");
        return;
    }
    link->state = LEAVING;
    set_timer(link->timer, HELLO_MAX_MS);
    if (evbuffer_get_length(bufferevent_get_output(link->bev)) == 0) {
        finish(link, LINK_END_LEFT, "left");
    }
}

void link_refuse(struct link *link, const char *why) {
    finish(link, LINK_END_REFUSED, "%s", why);
}

static void free_event(struct event *event) {
    if (event != NULL) {
        event_free(event);
    }
}

void link_free(struct link *link) {
    if (link == NULL) {
        return;
    }
    if (link->bev != NULL) {
        bufferevent_free(link->bev);
    }
    if (link->dead != NULL) {
        bufferevent_free(link->dead);
    }
    if (link->dns != NULL) {
        evdns_base_free(link->dns, 0);
    }
    if (link->addresses != NULL) {
        evutil_freeaddrinfo(link->addresses);
    }
    free_event(link->timer);
    free_event(link->silence);
    free_event(link->reap);
    mp_reader_free(&link->reader);
    mp_writer_free(&link->writer);
    free(link);
}
