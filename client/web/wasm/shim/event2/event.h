/* SPDX-License-Identifier: ISC */
/*
 * event.h: as much of libevent as client/feed/recording.c names. In a page it has no event_base:
 * the page's own clock moves the replay.
 */
#ifndef SPAR_CLIENT_WEB_WASM_SHIM_EVENT2_EVENT_H
#define SPAR_CLIENT_WEB_WASM_SHIM_EVENT2_EVENT_H

#include <stddef.h>
#include <sys/time.h>

typedef int evutil_socket_t;
struct event;
struct event_base;

static inline struct event *evtimer_new(struct event_base *base,
                                        void (*call)(evutil_socket_t, short, void *), void *ctx) {
    (void)base, (void)call, (void)ctx;
    return NULL;
}
static inline void event_free(struct event *timer) {
    (void)timer;
}
static inline int event_del(struct event *timer) {
    (void)timer;
    return 0;
}
static inline int event_add(struct event *timer, const struct timeval *in) {
    (void)timer, (void)in;
    return 0;
}

#endif
