/* SPDX-License-Identifier: ISC */
/*
 * metrics.c: the text format 0.0.4 of Prometheus, made anew for each question.
 */
#include "server/operate/metrics.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/stats.h"
#include "server/journal/form.h"
#include "server/journal/journal.h"

enum { HEAD_BYTES_MAX = 4096, BODY_BYTES_MAX = 0, WAIT_S = 5 };

struct metrics {
    struct evhttp *http;
    const struct stats *stats;
    struct journal *journal;
};

static void write_counters(struct evbuffer *out, const struct stats *stats) {
    for (int i = 0; i < STATS_COUNT; i++) {
        enum stats_counter counter = (enum stats_counter)i;
        bool gauge = stats_is_gauge(counter);
        const char *name = stats_name(counter), *tail = gauge ? "" : "_total";
        evbuffer_add_printf(out, "# TYPE spar_%s%s %s\nspar_%s%s %" PRId64 "\n", name, tail,
                            gauge ? "gauge" : "counter", name, tail, stats_sum(stats, counter));
    }
}

static void write_one(struct evbuffer *out, const char *name, const char *type, uint64_t value) {
    evbuffer_add_printf(out, "# TYPE spar_journal_%s %s\nspar_journal_%s %" PRIu64 "\n", name, type,
                        name, value);
}

static void write_seconds(struct evbuffer *out, const char *name, double seconds) {
    evbuffer_add_printf(out, "# TYPE spar_journal_%s gauge\nspar_journal_%s %.6f\n", name, name,
                        seconds);
}

/* Seconds from the first write of a commit to the end of its sync. */
static void write_commits(struct evbuffer *out, const struct journal_stats *kept) {
    static const char head[] = "spar_journal_commit_seconds";
    uint64_t sum = 0;
    evbuffer_add_printf(out, "# TYPE %s histogram\n", head);
    for (int i = 0; i < JOURNAL_WAITS; i++) {
        sum += kept->waits[i];
        if (i + 1 < JOURNAL_WAITS) {
            evbuffer_add_printf(out, "%s_bucket{le=\"%g\"} %" PRIu64 "\n", head,
                                (double)journal_wait_us(i) / 1e6, sum);
        } else {
            evbuffer_add_printf(out, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n", head, sum);
        }
    }
    evbuffer_add_printf(out, "%s_sum %.6f\n%s_count %" PRIu64 "\n", head,
                        (double)kept->waited_us / 1e6, head, sum);
}

/* Where others share the journal: what this server knows of them and of itself. */
static void write_shared(struct evbuffer *out, struct journal *journal, uint64_t doubts) {
    struct node_list list;
    int64_t since = journal_node_list(journal, &list);
    const struct node *own = node_of(&list, journal_boot(journal));
    uint64_t live = 0;
    if (list.count == 0) {
        return;
    }
    for (uint32_t i = 0; i < list.count; i++) {
        live += node_lives(&list.at[i]);
    }
    write_one(out, "nodes_live", "gauge", live);
    write_one(out, "lease", "gauge", journal_boot(journal));
    write_one(out, "form", "gauge", journal_form(journal));
    write_one(out, "behind", "gauge", own != NULL ? (uint64_t)own->behind : 0);
    write_one(out, "doubts_total", "counter", doubts);
    write_seconds(out, "beat_age_seconds", (double)since / 1e3);
    write_seconds(out, "clock_ahead_seconds", own != NULL ? (double)own->ahead_us / 1e6 : 0);
}

static void write_all(struct evbuffer *out, const struct stats *stats, struct journal *journal) {
    struct journal_stats kept = journal_stats_read(journal);
    write_counters(out, stats);
    write_one(out, "commits_total", "counter", kept.commits);
    write_one(out, "events_total", "counter", kept.events);
    write_one(out, "conflicts_total", "counter", kept.conflicts);
    write_one(out, "failures_total", "counter", kept.failures);
    write_one(out, "queued", "gauge", kept.queued);
    write_commits(out, &kept);
    write_shared(out, journal, kept.doubts);
}

static void on_metrics(struct evhttp_request *request, void *ctx) {
    struct metrics *metrics = ctx;
    struct evbuffer *body = evbuffer_new();
    if (body == NULL) {
        evhttp_send_error(request, HTTP_SERVUNAVAIL, NULL);
        return;
    }
    write_all(body, metrics->stats, metrics->journal);
    evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type",
                      "text/plain; version=0.0.4; charset=utf-8");
    evhttp_send_reply(request, HTTP_OK, NULL, body);
    evbuffer_free(body);
}

static bool bind_to(struct evhttp *http, const struct config_listen *at) {
    char address[INET6_ADDRSTRLEN] = "";
    uint16_t port = 0;
    if (at->address.ss_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)&at->address;
        port = ntohs(in->sin_port);
        inet_ntop(AF_INET, &in->sin_addr, address, sizeof address);
    } else {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)&at->address;
        port = ntohs(in6->sin6_port);
        inet_ntop(AF_INET6, &in6->sin6_addr, address, sizeof address);
    }
    return evhttp_bind_socket(http, address, port) == 0;
}

struct metrics *metrics_open(struct event_base *base, const struct config_listen *at,
                             const struct stats *stats, struct journal *journal, char *error) {
    struct metrics *metrics = calloc(1, sizeof *metrics);
    struct evhttp *http = metrics != NULL ? evhttp_new(base) : NULL;
    if (http == NULL) {
        snprintf(error, CONFIG_ERROR_MAX, "There is no memory left; free some and try again.");
        free(metrics);
        return NULL;
    }
    *metrics = (struct metrics){.http = http, .stats = stats, .journal = journal};
    evhttp_set_allowed_methods(http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD);
    evhttp_set_max_headers_size(http, HEAD_BYTES_MAX);
    evhttp_set_max_body_size(http, BODY_BYTES_MAX);
    evhttp_set_timeout(http, WAIT_S);
    evhttp_set_cb(http, "/metrics", on_metrics, metrics);
    if (!bind_to(http, at)) {
        snprintf(error, CONFIG_ERROR_MAX,
                 "Cannot listen for --metrics on %.272s (%s); choose another port.", at->text,
                 strerror(errno));
        metrics_close(metrics);
        return NULL;
    }
    return metrics;
}

void metrics_close(struct metrics *metrics) {
    if (metrics != NULL) {
        evhttp_free(metrics->http);
        free(metrics);
    }
}
