/* SPDX-License-Identifier: ISC */
/*
 * metrics.h: what the server counts, for Prometheus: GET /metrics on an address of this machine.
 */
#ifndef SPAR_SERVER_OPERATE_METRICS_H
#define SPAR_SERVER_OPERATE_METRICS_H

#include "server/config/config.h"

struct metrics;
struct event_base;
struct journal;
struct stats;

/* Answers on `base`'s thread until metrics_close; by evhttp, since nobody but this machine's own
 * programs reaches it. NULL with one sentence in `error`, CONFIG_ERROR_MAX bytes. */
struct metrics *metrics_open(struct event_base *base, const struct config_listen *at,
                             const struct stats *stats, struct journal *journal, char *error);
void metrics_close(struct metrics *metrics); /* NULL is allowed; before the journal's end */
#endif
