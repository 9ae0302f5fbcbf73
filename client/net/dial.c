/* SPDX-License-Identifier: ISC */
/*
 * dial.c: names, addresses and calls that go on side by side.
 *
 * Invariant: a bufferevent is freed only by the reaper, at the start of a later loop turn, never
 * inside a callback of its own.
 */
#include "client/net/dial.h"

#include <event2/bufferevent_ssl.h>
#include <event2/dns.h>
#include <event2/util.h>
#include <openssl/err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "client/net/moment.h"
#include "protocol/limits.h"

/* One name that is looked up. */
struct look {
    struct dial *dial;
    unsigned place;
    struct evdns_getaddrinfo_request *request; /* NULL: none is under way */
};

struct address {
    struct sockaddr_storage to;
    socklen_t len;
    unsigned place;
    bool called;
};

struct call {
    struct dial *dial; /* NULL: the slot is free */
    struct bufferevent *bev;
    struct tls_check check;
    unsigned address;
    bool dead; /* its bev is the reaper's */
};

struct dial {
    struct event_base *base;
    SSL_CTX *context;
    bool has_pin;
    struct pin pin;
    struct dial_handler handler;
    struct evdns_base *dns;
    struct event *next;  /* the next address is due */
    struct event *limit; /* of all */
    struct event *reap;
    struct place places[ROUTE_PLACES_MAX];
    unsigned place_count;
    struct look looks[ROUTE_PLACES_MAX];
    unsigned looking;
    struct address addresses[DIAL_ADDRESSES_MAX];
    unsigned address_count;
    struct call calls[DIAL_CALLS_MAX];
    struct sockaddr_storage last; /* that was reached last */
    socklen_t last_len;           /* 0: none */
    bool is_on, given_up;         /* given_up: `failed` is to be called */
    bool tried, stranger;         /* somebody was reached; all of them were strangers */
    enum dial_fault fault;
    char why[DIAL_WHY_MAX];
};

enum due { DUE_IF_IDLE, DUE_NOW, DUE_LATE };
static void pump(struct dial *dial, enum due due);

static void set_timer(struct event *timer, int64_t ms) {
    struct timeval wait = moment_interval(ms);
    event_add(timer, &wait);
}

/* The worst fault is told of. */
__attribute__((format(printf, 3, 4))) static void note(struct dial *dial, enum dial_fault fault,
                                                       const char *format, ...) {
    bool first = !dial->tried;
    dial->stranger = dial->place_count == 1 ? dial->stranger || fault == DIAL_STRANGER
                                            : fault == DIAL_STRANGER && (first || dial->stranger);
    dial->tried = true;
    if (dial->why[0] == '\0' || fault > dial->fault) {
        va_list args;
        va_start(args, format);
        vsnprintf(dial->why, sizeof dial->why, format, args);
        va_end(args);
        dial->fault = fault;
    }
}

/* ---- the end ---- */

static void end_call(struct dial *dial, struct call *call) {
    if (call->dial == NULL || call->dead) {
        return;
    }
    bufferevent_setcb(call->bev, NULL, NULL, NULL, NULL);
    bufferevent_disable(call->bev, EV_READ | EV_WRITE);
    call->dead = true;
    event_active(dial->reap, EV_TIMEOUT, 0);
}

void dial_stop(struct dial *dial) {
    event_del(dial->next);
    event_del(dial->limit);
    for (unsigned i = 0; i < ROUTE_PLACES_MAX; i++) {
        if (dial->looks[i].request != NULL) {
            evdns_getaddrinfo_cancel(dial->looks[i].request);
            dial->looks[i].request = NULL;
        }
    }
    for (unsigned i = 0; i < DIAL_CALLS_MAX; i++) {
        end_call(dial, &dial->calls[i]);
    }
    dial->looking = dial->address_count = 0;
    dial->is_on = dial->given_up = false;
}

static void give_up(struct dial *dial) {
    dial_stop(dial);
    dial->given_up = true;
    event_active(dial->reap, EV_TIMEOUT, 0);
}

/* Whether there were any. */
static bool reap_calls(struct dial *dial) {
    bool any = false;
    for (unsigned i = 0; i < DIAL_CALLS_MAX; i++) {
        struct call *call = &dial->calls[i];
        if (call->dial != NULL && call->dead) {
            bufferevent_free(call->bev);
            *call = (struct call){0};
            any = true;
        }
    }
    return any;
}

static void on_reap(evutil_socket_t fd, short what, void *arg) {
    (void)fd, (void)what;
    struct dial *dial = arg;
    bool any = reap_calls(dial);
    if (dial->given_up) {
        dial->given_up = false;
        dial->handler.failed(dial->handler.ctx, dial->fault, dial->stranger, dial->why);
    } else if (dial->is_on) {
        pump(dial, any ? DUE_NOW : DUE_IF_IDLE);
    }
}

/* ---- calls ---- */

static const char *host_of(const struct dial *dial, const struct call *call,
                           char text[INVITE_TEXT_MAX]) {
    route_address(&dial->places[dial->addresses[call->address].place], text);
    return text;
}

static void on_failed(struct dial *dial, const struct call *call, short what) {
    char text[INVITE_TEXT_MAX];
    const char *host = host_of(dial, call, text);
    int error = EVUTIL_SOCKET_ERROR();
    unsigned long tls_error = bufferevent_get_openssl_error(call->bev);
    if (call->check.verdict == TLS_WRONG_PIN) {
        note(dial, DIAL_STRANGER,
             "%s is not the server of this link: its key differs from the link's pin. Nothing was "
             "sent; ask the host for a new link.",
             host);
    } else if (call->check.verdict == TLS_UNTRUSTED) {
        note(dial, DIAL_STRANGER,
             "The certificate of %s is not trusted here (%s); use a link with a pin, or mend the "
             "certificate.",
             host, X509_verify_cert_error_string(call->check.verify_error));
    } else if (ERR_reason_error_string(tls_error) != NULL) {
        note(dial, DIAL_NO_TLS, "No TLS connection with %s (%s); check the address in the link.",
             host, ERR_reason_error_string(tls_error));
    } else if ((what & BEV_EVENT_EOF) != 0) {
        note(dial, DIAL_CLOSED,
             "%s closed or refused the connection; check the address and that the server runs.",
             host);
    } else {
        note(dial, DIAL_CLOSED,
             "No connection to %s (%s); check the address and that the server runs.", host,
             error == 0 ? "no answer" : evutil_socket_error_to_string(error));
    }
}

static void on_event(struct bufferevent *bev, short what, void *arg) {
    struct call *call = arg;
    struct dial *dial = call->dial;
    const struct address *address = &dial->addresses[call->address];
    if ((what & BEV_EVENT_CONNECTED) == 0) {
        on_failed(dial, call, what);
        end_call(dial, call); /* the reaper goes on with the next address */
        return;
    }
    unsigned place = address->place;
    bool many = dial->address_count > 1;
    dial->last = address->to;
    dial->last_len = address->len;
    *call = (struct call){0};
    dial_stop(dial);
    dial->handler.reached(dial->handler.ctx, bev, place, many);
}

static bool begin_call(struct dial *dial, struct call *call, unsigned index) {
    struct address *address = &dial->addresses[index];
    *call = (struct call){.dial = dial, .address = index, .check.has_pin = dial->has_pin};
    call->check.pin = dial->pin;
    memcpy(call->check.host, dial->places[address->place].host, sizeof call->check.host);
    address->called = true;
    SSL *ssl = tls_new(dial->context, &call->check);
    if (ssl != NULL) {
        call->bev = bufferevent_openssl_socket_new(dial->base, -1, ssl, BUFFEREVENT_SSL_CONNECTING,
                                                   BEV_OPT_CLOSE_ON_FREE);
    }
    if (call->bev == NULL) {
        SSL_free(ssl);
        *call = (struct call){0};
        note(dial, DIAL_NO_MEMORY, "Out of memory.");
        return false;
    }
    bufferevent_openssl_set_allow_dirty_shutdown(call->bev, 1);
    bufferevent_setcb(call->bev, NULL, NULL, on_event, call);
    bufferevent_enable(call->bev, EV_READ | EV_WRITE);
    if (bufferevent_socket_connect(call->bev, (struct sockaddr *)&address->to, (int)address->len) !=
            0 &&
        call->dial != NULL && !call->dead) {
        on_failed(dial, call, 0);
        end_call(dial, call);
    }
    return true;
}

static bool is_last(const struct dial *dial, const struct address *address) {
    return address->len == dial->last_len && memcmp(&address->to, &dial->last, address->len) == 0;
}

/* The address that is next: of the first place that has one, and the one that was reached last only
 * if nothing else is to be hoped for soon. -1: none now. */
static int next_address(const struct dial *dial, bool late) {
    int found = -1;
    int again = -1;
    for (unsigned i = 0; i < dial->address_count; i++) {
        const struct address *address = &dial->addresses[i];
        int *which = is_last(dial, address) ? &again : &found;
        if (!address->called && (*which < 0 || address->place < dial->addresses[*which].place)) {
            *which = (int)i;
        }
    }
    return found >= 0 || (dial->looking > 0 && !late) ? found : again;
}

static struct call *free_call(struct dial *dial, unsigned *live) {
    struct call *free_one = NULL;
    for (unsigned i = 0; i < DIAL_CALLS_MAX; i++) {
        struct call *call = &dial->calls[i];
        free_one = call->dial == NULL ? call : free_one;
        *live += call->dial != NULL;
    }
    return free_one;
}

/* Calls the next address, if there is one and it is due. DUE_NOW: a call has failed; DUE_LATE:
 * DIAL_NEXT_MS have passed. */
static void pump(struct dial *dial, enum due due) {
    unsigned live = 0;
    struct call *call = free_call(dial, &live);
    int index = next_address(dial, due == DUE_LATE);
    if (index < 0 && live == 0 && dial->looking == 0) {
        give_up(dial);
        return;
    }
    if (index >= 0 && call != NULL && (due != DUE_IF_IDLE || live == 0)) {
        if (!begin_call(dial, call, (unsigned)index)) {
            give_up(dial);
            return;
        }
        set_timer(dial->next, DIAL_NEXT_MS);
    } else if (!evtimer_pending(dial->next, NULL)) {
        set_timer(dial->next, DIAL_NEXT_MS);
    }
}

static void on_next(evutil_socket_t fd, short what, void *arg) {
    (void)fd, (void)what;
    pump(arg, DUE_LATE);
}

static void on_limit(evutil_socket_t fd, short what, void *arg) {
    (void)fd, (void)what;
    struct dial *dial = arg;
    char text[INVITE_TEXT_MAX];
    route_address(&dial->places[0], text);
    if (dial->address_count == 0) {
        note(dial, DIAL_NO_NAME, "The server's name %s was not found in time; check the network.",
             dial->places[0].host);
    } else {
        note(dial, DIAL_NO_ANSWER, "%s does not answer; check the address and the network.", text);
    }
    give_up(dial);
}

/* ---- names ---- */

static void keep_addresses(struct dial *dial, unsigned place,
                           const struct evutil_addrinfo *addresses) {
    for (const struct evutil_addrinfo *one = addresses;
         one != NULL && dial->address_count < DIAL_ADDRESSES_MAX; one = one->ai_next) {
        struct address *address = &dial->addresses[dial->address_count++];
        *address = (struct address){.place = place, .len = (socklen_t)one->ai_addrlen};
        memcpy(&address->to, one->ai_addr, one->ai_addrlen);
    }
}

static void on_resolved(int result, struct evutil_addrinfo *addresses, void *arg) {
    struct look *look = arg;
    struct dial *dial = look->dial;
    if (result == EVUTIL_EAI_CANCEL) {
        return; /* by now the look may be another's, or gone */
    }
    look->request = NULL;
    dial->looking--;
    if (result != 0 || addresses == NULL) {
        note(dial, DIAL_NO_NAME, "The server's name %s was not found (%s); check the link.",
             dial->places[look->place].host,
             result == EVUTIL_EAI_NONAME ? "nobody knows it" : evutil_gai_strerror(result));
    } else {
        keep_addresses(dial, look->place, addresses);
        evutil_freeaddrinfo(addresses);
    }
    event_active(dial->reap, EV_TIMEOUT, 0); /* which goes on */
}

static void look_up(struct dial *dial, unsigned place) {
    struct evutil_addrinfo hints = {.ai_family = AF_UNSPEC,
                                    .ai_socktype = SOCK_STREAM,
                                    .ai_protocol = IPPROTO_TCP,
                                    .ai_flags = EVUTIL_AI_ADDRCONFIG};
    char port[8];
    struct look *look = &dial->looks[place];
    unsigned before = dial->looking;
    snprintf(port, sizeof port, "%u", dial->places[place].port);
    *look = (struct look){.dial = dial, .place = place};
    dial->looking++;
    struct evdns_getaddrinfo_request *request =
        evdns_getaddrinfo(dial->dns, dial->places[place].host, port, &hints, on_resolved, look);
    if (dial->looking > before) {
        look->request = request;
    }
}

void dial_start(struct dial *dial, const struct place *places, unsigned count) {
    dial_stop(dial);
    dial->is_on = true;
    dial->tried = dial->stranger = false;
    dial->why[0] = '\0';
    dial->place_count = count;
    memcpy(dial->places, places, count * sizeof places[0]);
    set_timer(dial->limit, HANDSHAKE_MAX_MS);
    for (unsigned i = 0; i < count; i++) {
        look_up(dial, i);
    }
}

/* ---- life ---- */

struct dial *dial_new(struct event_base *base, SSL_CTX *context, const struct pin *pin,
                      const struct dial_handler *handler) {
    struct dial *dial = calloc(1, sizeof *dial);
    if (dial == NULL) {
        return NULL;
    }
    dial->base = base;
    dial->context = context;
    dial->handler = *handler;
    dial->has_pin = pin != NULL;
    if (pin != NULL) {
        dial->pin = *pin;
    }
    dial->next = evtimer_new(base, on_next, dial);
    dial->limit = evtimer_new(base, on_limit, dial);
    dial->reap = evtimer_new(base, on_reap, dial);
    /* Without name servers it still knows addresses and the hosts file. */
    dial->dns = evdns_base_new(base, EVDNS_BASE_DISABLE_WHEN_INACTIVE);
    if (dial->dns != NULL) {
        (void)evdns_base_resolv_conf_parse(dial->dns, DNS_OPTIONS_ALL, "/etc/resolv.conf");
    }
    if (dial->next == NULL || dial->limit == NULL || dial->reap == NULL || dial->dns == NULL) {
        dial_free(dial);
        return NULL;
    }
    return dial;
}

static void free_event(struct event *event) {
    if (event != NULL) {
        event_free(event);
    }
}

void dial_free(struct dial *dial) {
    if (dial == NULL) {
        return;
    }
    if (dial->next != NULL && dial->limit != NULL && dial->reap != NULL) {
        dial_stop(dial);
        reap_calls(dial);
    }
    if (dial->dns != NULL) {
        evdns_base_free(dial->dns, 0);
    }
    free_event(dial->next);
    free_event(dial->limit);
    free_event(dial->reap);
    free(dial);
}
