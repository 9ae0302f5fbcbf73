/* SPDX-License-Identifier: ISC */
/*
 * worker.c: a worker's thread: mails, connections, and the sweep at the end of a loop turn or of a
 * part of it.
 */
#include "server/worker/worker.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/base/interval.h"
#include "server/net/web_conn.h"
#include "server/worker/pass_mail.h"

enum worker_order { ORDER_CONNECTION, ORDER_TLS, ORDER_STOP };

struct worker_mail {
    struct mail mail; /* first */
    enum worker_order order;
    int fd;
    struct tls *tls;
    struct address from;
};

static void sweep(struct worker *worker) {
    struct conn *conn;
    while ((conn = LIST_FIRST(&worker->loop.doomed)) != NULL) {
        conn_end(conn);
    }
    rooms_sweep(&worker->rooms);
}

static void on_sweep(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    sweep(ctx);
}

/* What was read is decided and on its way to the journal before what the journal said is sent. */
static void part_over(void *ctx) {
    struct worker *worker = ctx;
    sweep(worker);
    mailbox_look(worker->mailbox);
}

/* An event that is made active by hand runs after all that are active already: at the end of the
 * turn. */
static void want_sweep(void *ctx) {
    struct worker *worker = ctx;
    event_active(worker->sweep, EV_TIMEOUT, 0);
}

static void on_turn(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    rooms_turn(&((struct worker *)ctx)->rooms);
}

/* By a timer: a turn looks at every socket before it, while what is made active by hand would run
 * in this one. */
static void want_turn(void *ctx) {
    struct worker *worker = ctx;
    struct timeval at_once = {0};
    if (!evtimer_pending(worker->turn, NULL)) {
        evtimer_add(worker->turn, &at_once);
    }
}

static void on_retry(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    rooms_retry(&((struct worker *)ctx)->rooms);
}

/* rooms_retry is to be called in WORKER_RETRY_MS. */
static void want_retry(void *ctx) {
    struct worker *worker = ctx;
    struct timeval in = interval_ms(WORKER_RETRY_MS);
    if (!evtimer_pending(worker->retry, NULL)) {
        evtimer_add(worker->retry, &in);
    }
}

static void on_tick(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    rooms_tick(&((struct worker *)ctx)->rooms);
}

/* rooms_tick is to be called at that moment of room time; -1: not at all. */
static void want_wake(void *ctx, int64_t at) {
    struct worker *worker = ctx;
    int64_t rate = worker->server->config->clock_rate;
    int64_t left = at - desk_now(&worker->rooms.desk);
    /* Rounded up, so that the moment has come by then. */
    struct timeval in = interval_ms(left <= 0 ? 0 : (left + rate - 1) / rate);
    if (at < 0) {
        evtimer_del(worker->tick);
    } else {
        evtimer_add(worker->tick, &in);
    }
}

static void await_crowd_over(struct worker *worker) {
    struct timeval in = interval_ms(WORKER_CROWD_MS);
    if (worker->crowd >= WORKER_CROWD && !evtimer_pending(worker->crowd_over, NULL)) {
        evtimer_add(worker->crowd_over, &in);
    }
}

/* Its last ones leave as much behind as its first. */
static void on_crowd(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    struct worker *worker = ctx;
    worker->crowd = worker->crowd >= WORKER_CROWD + WORKER_CROWD_ON ? WORKER_CROWD : 0;
    await_crowd_over(worker);
    journal_ease(worker->server->journal); /* whose thread has the time for it */
}

static void note_crowd(struct worker *worker) {
    worker->crowd++;
    await_crowd_over(worker);
}

static void end_if_empty(struct worker *worker) {
    if (worker->stopping && LIST_EMPTY(&worker->loop.conns)) {
        event_base_loopexit(worker->loop.base, NULL);
    }
}

static void conn_gone(void *ctx) {
    note_crowd(ctx);
    end_if_empty(ctx);
}

static void on_stop_limit(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    event_base_loopexit(((struct worker *)ctx)->loop.base, NULL);
}

static void say_bye(void *ctx) {
    struct worker *worker = ctx;
    struct conn *conn;
    LIST_FOREACH(conn, &worker->loop.conns, all) {
        conn_doom(conn, REFUSAL_STOPPING, NULL);
    }
}

/* Nobody is taken in before it is over. */
static void on_cut(void *ctx, bool cut) {
    struct worker *worker = ctx;
    worker->cut = cut;
    worker->loop.shut = cut || worker->drained;
    if (cut) {
        say_bye(worker);
    }
    if (worker->index == 0) {
        log_warn(worker->server->log, cut ? "journal.cut" : "journal.back",
                 LOG_S("what", cut ? "the database is out of reach, so everybody is sent away"
                                   : "the database is within reach again"));
    }
}

static void on_drained(void *ctx) {
    struct worker *worker = ctx;
    worker->drained = worker->loop.shut = true;
    say_bye(worker);
    if (worker->index == 0) {
        log_warn(worker->server->log, "server.drains",
                 LOG_S("what", "everybody is handed over to the other servers, and nobody is taken "
                               "in until this one has been started anew"));
    }
}

static void stop(struct worker *worker) {
    struct timeval limit = interval_ms(WORKER_STOP_MAX_MS);
    worker->stopping = true;
    say_bye(worker);
    evtimer_add(worker->stop_limit, &limit);
    end_if_empty(worker);
}

static void discard(struct mail *mail) {
    struct worker_mail *order = (struct worker_mail *)mail;
    if (order->order == ORDER_CONNECTION) {
        close(order->fd); /* the process ends: the book's count goes with it */
    }
    tls_unref(order->tls);
    free(order);
}

static void use_tls(struct worker *worker, struct tls *tls) {
    tls_unref(worker->loop.tls);
    worker->loop.tls = tls_ref(tls);
    worker->rooms.requests.signer = tls_key(tls);
}

static void deliver(struct mail *mail, void *owner) {
    struct worker *worker = owner;
    struct worker_mail *order = (struct worker_mail *)mail;
    if (order->order == ORDER_CONNECTION && !worker->stopping) {
        conn_accept(&worker->loop, order->fd, &order->from);
        note_crowd(worker);
        free(order);
        return;
    }
    if (order->order == ORDER_TLS) {
        use_tls(worker, order->tls);
    } else if (order->order == ORDER_STOP) {
        stop(worker);
    }
    discard(mail);
}

static struct worker_mail *order_new(enum worker_order what) {
    struct worker_mail *order = calloc(1, sizeof *order);
    if (order != NULL) {
        order->mail = (struct mail){.deliver = deliver, .discard = discard};
        order->order = what;
    }
    return order;
}

bool worker_post_connection(struct worker *worker, int fd, const struct address *from) {
    struct worker_mail *order = order_new(ORDER_CONNECTION);
    if (order == NULL) {
        return false;
    }
    order->fd = fd;
    order->from = *from;
    mailbox_post(worker->mailbox, &order->mail);
    return true;
}

bool worker_post_tls(struct worker *worker, struct tls *tls) {
    struct worker_mail *order = order_new(ORDER_TLS);
    if (order == NULL) {
        return false;
    }
    order->tls = tls_ref(tls);
    mailbox_post(worker->mailbox, &order->mail);
    return true;
}

void worker_post_stop(struct worker *worker) {
    struct worker_mail *order = order_new(ORDER_STOP);
    if (order == NULL) {
        abort(); /* better a hard stop, which loses nothing, than one that never comes */
    }
    mailbox_post(worker->mailbox, &order->mail);
}

static bool enter_journal(struct worker *worker) {
    const struct server *server = worker->server;
    worker->line = (struct rooms_line){
        .rooms = &worker->rooms, .mailbox = worker->mailbox, .log = server->log};
    struct journal_listener listener = rooms_line_listener(&worker->line);
    struct desk_means desk = {.journal = server->journal,
                              .listener = journal_add_listener(server->journal, &listener),
                              .log = server->log,
                              .stats = server->stats,
                              .writer = worker->index,
                              .now = room_time_now,
                              .time = &server->time,
                              .sweep_wanted = want_sweep,
                              .turn_wanted = want_turn,
                              .retry_wanted = want_retry,
                              .wake_wanted = want_wake,
                              .ctx = worker};
    struct rooms_means means = {.desk = desk,
                                .max_rooms = server->config->max_rooms,
                                .appear_ms = (int64_t)server->config->appear_within * 1000,
                                .passes = &worker_passes,
                                .boot_lost = say_bye,
                                .cut = on_cut,
                                .drained = on_drained};
    return desk.listener >= 0 && rooms_init(&worker->rooms, &means);
}

static bool prepare(struct worker *worker) {
    worker->loop.base = event_base_new();
    if (worker->loop.base == NULL) {
        return false;
    }
    worker->sweep = event_new(worker->loop.base, -1, 0, on_sweep, worker);
    worker->turn = evtimer_new(worker->loop.base, on_turn, worker);
    worker->stop_limit = evtimer_new(worker->loop.base, on_stop_limit, worker);
    worker->retry = evtimer_new(worker->loop.base, on_retry, worker);
    worker->tick = evtimer_new(worker->loop.base, on_tick, worker);
    worker->crowd_over = evtimer_new(worker->loop.base, on_crowd, worker);
    worker->mailbox = mailbox_new(worker->loop.base, worker);
    return worker->sweep != NULL && worker->turn != NULL && worker->stop_limit != NULL &&
           worker->retry != NULL && worker->tick != NULL && worker->crowd_over != NULL &&
           worker->mailbox != NULL && (worker->loop.plain = malloc(WEB_CONN_PLAIN_MAX)) != NULL &&
           stream_loop_init(&worker->loop.streams, worker->loop.base, part_over, worker) &&
           mp_reader_init(&worker->loop.reader) == MP_OK;
}

/* What its handlers and its connections may use. */
static void lend(struct worker *worker) {
    const struct server *server = worker->server;
    worker->handling = (struct handling){.desk = &worker->rooms.desk,
                                         .rooms = &worker->rooms.rooms,
                                         .cohorts = &worker->rooms.cohorts,
                                         .requests = &worker->rooms.requests,
                                         .open_hosting = server->config->open_hosting,
                                         .can_forget = server->config->journal[0] == '\0',
                                         .keep_hours = server->config->keep_hours,
                                         .host_hash = server->host_hash,
                                         .shelf = server->shelf,
                                         .turn = &server->turn,
                                         .clock_rate = server->config->clock_rate,
                                         .max_connections = server->config->max_connections};
    handle_parts_init(&worker->handling);
    worker->loop = (struct conn_loop){
        .patience = server->patience,
        .tokens = {server->config->tokens, server->config->tokens * CONN_TOKENS_SECONDS},
        .signal_tokens = {SIGNAL_TOKENS, SIGNAL_TOKENS * SIGNAL_TOKENS_SECONDS},
        .output_max = (size_t)server->config->max_output * 1024,
        .output_all_max =
            (size_t)server->config->max_output_all * 1024 * 1024 / server->config->workers,
        .book = server->book,
        .log = server->log,
        .index = worker->index,
        .handling = &worker->handling,
        .public_name = server->public_name,
        .own_name = server->own_name,
        .web_root = server->config->web_root[0] != '\0' ? server->config->web_root : NULL,
        .sweep_wanted = want_sweep,
        .gone = conn_gone,
        .ctx = worker};
}

struct worker *worker_new(const struct server *server, unsigned index, struct tls *tls) {
    struct worker *worker = calloc(1, sizeof *worker);
    if (worker == NULL) {
        return NULL;
    }
    worker->server = server;
    worker->index = index;
    lend(worker);
    if (!prepare(worker) || !enter_journal(worker)) {
        free(worker); /* the process ends: the rest of what was made goes with it */
        return NULL;
    }
    use_tls(worker, tls);
    return worker;
}

static void *run(void *ctx) {
    struct worker *worker = ctx;
    event_base_dispatch(worker->loop.base);
    while (!LIST_EMPTY(&worker->loop.conns)) {
        struct conn *conn = LIST_FIRST(&worker->loop.conns);
        conn_doom(conn, REFUSAL_NONE, "stopping");
        conn_end(conn);
    }
    mailbox_close(worker->mailbox);
    return NULL;
}

bool worker_start(struct worker *worker) {
    worker->started = pthread_create(&worker->thread, NULL, run, worker) == 0;
    return worker->started;
}

void worker_join(struct worker *worker) {
    if (worker->started) {
        pthread_join(worker->thread, NULL);
        worker->started = false;
    }
}

void worker_free(struct worker *worker) {
    if (worker == NULL) {
        return;
    }
    mailbox_free(worker->mailbox);
    rooms_free(&worker->rooms);
    mp_reader_free(&worker->loop.reader);
    stream_loop_free(&worker->loop.streams);
    free(worker->loop.plain);
    event_free(worker->sweep);
    event_free(worker->turn);
    event_free(worker->stop_limit);
    event_free(worker->retry);
    event_free(worker->tick);
    event_free(worker->crowd_over);
    event_base_free(worker->loop.base);
    tls_unref(worker->loop.tls);
    free(worker);
}
