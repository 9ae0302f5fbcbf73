/* SPDX-License-Identifier: ISC */
/*
 * main.c: the server's main thread: sets everything up, prints the host link, accepts, and hears
 * signals.
 *
 * SIGTERM and SIGINT stop it cleanly, SIGHUP loads the certificate again, SIGUSR1 logs the
 * statistics. The order of the end is fixed: no new connections, workers say bye and end, the
 * journal finishes, and only then are their rooms freed, since the journal may still answer them.
 */
#include <errno.h>
#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "certs/pin.h"
#include "protocol/text/base64url.h"
#include "protocol/text/text.h"
#include "server/base/folder.h"
#include "server/base/notify.h"
#include "server/config/host_link.h"
#include "server/journal/journal.h"
#include "server/net/listener.h"
#include "server/net/own_link.h"
#include "server/operate/command.h"
#include "server/operate/keeper.h"
#include "server/operate/metrics.h"
#include "server/operate/move.h"
#include "server/room/shelf.h"
#include "server/worker/server.h"
#include "server/worker/worker.h"

enum {
    SIGNALS = 4,
    EXIT_USAGE = 2,
    CLOCK_BEHIND_MS = 60 * 1000 /* room ms: so much less is nothing to be told of */
};

struct spard {
    struct config config;
    struct server server;
    struct seat_secret secret;
    struct event_base *base;
    struct event *signals[SIGNALS];
    struct worker *workers[CONFIG_WORKERS_MAX];
    unsigned worker_count, turn; /* turn: who gets the next connection, modulo */
    struct listener *listener;
    struct tls *tls;
    struct metrics *metrics; /* NULL: not asked for */
    struct keeper *keeper;
    struct control *control; /* NULL: the operator cannot reach it */
    pthread_t trying;        /* the link, as a browser would */
    bool tries;
    struct own_link_stop stop_trying;
    char link_host[HOST_NAME_MAX_BYTES], link_port[8];
    int64_t ahead;            /* ms that the journal's clock is ahead of this machine's */
    struct room_clock *clock; /* follows the journal's; NULL: it is this machine's */
    int64_t latest;           /* room time that the journal tells of */
};

/* What names a path or a file's content is made harmless for the terminal. */
static bool fail(const char *sentence) {
    char plain[CONFIG_ERROR_MAX + PATH_MAX];
    text_plain(span_of(sentence), plain, sizeof plain);
    fprintf(stderr, "spard: %s\n", plain);
    return false;
}

/* may_make: make a key if there is none yet. A running server has one, and a new one would kill
 * every link. */
static struct tls *load_tls(const struct spard *spard, bool may_make, struct certs_why *why) {
    char own[PATH_MAX + 16];
    char name[HOST_NAME_MAX_BYTES];
    host_name_bare(&spard->config, name); /* certificates name bare addresses */
    const char *hosts[] = {name, "localhost"};
    snprintf(own, sizeof own, "%s/server.pem", spard->config.data);
    return tls_load(spard->config.cert, spard->config.key, own, hosts, 2, may_make, why);
}

static void reload(struct spard *spard) {
    struct certs_why why = {0};
    struct tls *tls = load_tls(spard, false, &why);
    if (tls == NULL) {
        log_error(spard->server.log, "certificate.kept", LOG_S("why", why.text));
        return;
    }
    for (unsigned i = 0; i < spard->worker_count; i++) {
        if (!worker_post_tls(spard->workers[i], tls)) {
            log_error(spard->server.log, "certificate.kept", LOG_S("why", "no memory"));
        }
    }
    if (!pin_equal(tls_pin(tls), tls_pin(spard->tls))) {
        log_warn(spard->server.log, "certificate.new_key",
                 LOG_S("what", "links made before carry another pin and will be refused"));
    }
    tls_unref(spard->tls);
    spard->tls = tls;
    log_info(spard->server.log, "certificate.loaded");
}

static void log_stats(struct spard *spard) {
    struct journal_stats kept = journal_stats_read(spard->server.journal);
    const struct log_field fields[] = {
        LOG_U("journal_commits", kept.commits), LOG_U("journal_events", kept.events),
        LOG_U("journal_conflicts", kept.conflicts), LOG_U("journal_failures", kept.failures)};
    stats_log(spard->server.stats, fields, sizeof fields / sizeof *fields, spard->server.log);
}

static void on_signal(evutil_socket_t number, short what, void *ctx) {
    (void)what;
    struct spard *spard = ctx;
    if (number == SIGHUP) {
        reload(spard);
    } else if (number == SIGUSR1) {
        log_stats(spard);
    } else {
        log_info(spard->server.log, "stop", LOG_I("signal", number));
        event_base_loopbreak(spard->base);
    }
}

static bool hear_signals(struct spard *spard) {
    static const int numbers[SIGNALS] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1};
    signal(SIGPIPE, SIG_IGN);
    for (int i = 0; i < SIGNALS; i++) {
        spard->signals[i] = evsignal_new(spard->base, numbers[i], on_signal, spard);
        if (spard->signals[i] == NULL || evsignal_add(spard->signals[i], NULL) != 0) {
            return fail("Cannot set up signals; free some memory and try again.");
        }
    }
    return true;
}

/* Each connection takes a descriptor; the soft bound is often as low as 1024. */
static void raise_descriptors(const struct spard *spard) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)!setrlimit(RLIMIT_NOFILE, &limit);
        if (limit.rlim_cur < (rlim_t)spard->config.max_connections + LISTENER_EXTRA + 64) {
            log_warn(spard->server.log, "descriptors.few", LOG_U("have", limit.rlim_cur),
                     LOG_U("max_connections", spard->config.max_connections));
        }
    }
}

static bool is_finished(const struct spard *spard, const char *journal) {
    char path[PATH_MAX + 32], sentence[CONFIG_ERROR_MAX + PATH_MAX];
    snprintf(path, sizeof path, "%s" JOURNAL_UNFINISHED, journal);
    if (access(path, F_OK) != 0) {
        return true;
    }
    snprintf(sentence, sizeof sentence,
             "The data folder %s is a copy that was not finished; take another copy, or name "
             "another folder with --data.",
             spard->config.data);
    return fail(sentence);
}

/* Parts of different folders, or a journal that is gone: starting on it would make a new one under
 * links that all lead to the old. */
static bool parts_belong_together(const struct spard *spard, const char *journal) {
    char own[PATH_MAX + 16], sentence[CONFIG_ERROR_MAX + PATH_MAX];
    struct stat status;
    snprintf(own, sizeof own, "%s/server.pem", spard->config.data);
    bool has_key = stat(own, &status) == 0;
    if (!has_key || (stat(journal, &status) == 0 && status.st_size > 0)) {
        return true;
    }
    snprintf(sentence, sizeof sentence,
             "The data folder %s has a server's key but its journal.db is gone or empty; put back "
             "a copy of the folder, or name another with --data to begin anew.",
             spard->config.data);
    return fail(sentence);
}

/* Told at most once a second, and when all is done. */
struct taking_over {
    struct log *log;
    time_t told;
};

static void on_taken_over(void *ctx, int64_t done, int64_t all) {
    struct taking_over *taking = ctx;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec != taking->told || done == all) {
        taking->told = now.tv_sec;
        log_info(taking->log, "journal.taken_over", LOG_I("rooms", done), LOG_I("of", all));
    }
}

static int64_t take_moment(void *ctx, const struct slew_sample *sample) {
    const struct spard *spard = ctx;
    int64_t off = 0;
    if (room_clock_take(spard->clock, sample, &off)) {
        bool far = off >= SLEW_FAR_US || off <= -SLEW_FAR_US;
        log_warn(spard->server.log, far ? "clock.far" : "clock.near",
                 LOG_I("behind_ms", off / 1000),
                 LOG_S("what", far ? "the database's clock was set; the rooms' goes there slowly, "
                                     "by half a second in 17 minutes"
                                   : "the rooms' clock is close to the database's again"));
    }
    return -off;
}

static struct node_load load_now(void *ctx) {
    const struct stats *stats = ((const struct spard *)ctx)->server.stats;
    return (struct node_load){.connections = stats_sum(stats, STATS_connections_open),
                              .rooms = stats_sum(stats, STATS_rooms_loaded)};
}

/* A link must open the same room at each of the servers, and room time must go on alike. */
static bool open_shared_journal(struct spard *spard) {
    char error[JOURNAL_WHY_MAX];
    char host[BASE64URL_LENGTH(HASH_BYTES) + 1];
    char pin[PIN_LENGTH + 1];
    char rate[16];
    char address[NODE_ADDRESS_MAX + 1];
    struct journal_self self = {.address = address,
                                .app = "spard " SPAR_VERSION,
                                .load = load_now,
                                .moment = take_moment,
                                .ctx = spard};
    spard->clock = room_clock_new();
    if (spard->clock == NULL) {
        return fail("There is no memory left; free some and try again.");
    }
    host_address(&spard->config, address);
    base64url_write(spard->secret.hash, HASH_BYTES, host);
    pin_write(tls_pin(spard->tls), pin);
    snprintf(rate, sizeof rate, "%u", spard->config.clock_rate);
    const struct journal_fact facts[] = {
        {"host", host, "its host secret is another; copy the others' file host.secret."},
        {"pin", pin, "its key is another; copy the others' file server.pem, or name it by --key."},
        {"rate", rate, "its --clock-rate is another; give all the same."}};
    spard->server.journal = journal_postgres_open(
        spard->config.journal, &self, facts, sizeof facts / sizeof facts[0], &spard->ahead, error);
    if (spard->server.journal == NULL) {
        return fail(error);
    }
    spard->control =
        control_open(spard->base, spard->server.journal, spard->config.data, spard->server.log);
    return true;
}

static bool open_key(struct spard *spard) {
    struct certs_why why = {0};
    spard->tls = load_tls(spard, true, &why);
    return spard->tls != NULL || fail(why.text);
}

static bool open_journal(struct spard *spard, const char *path) {
    char error[CONFIG_ERROR_MAX];
    struct taking_over taking = {.log = spard->server.log};
    struct journal_watch watch = {.ctx = &taking, .moved = on_taken_over};
    spard->latest = journal_sqlite_latest(path);
    spard->server.journal = journal_sqlite_open(path, &watch, error);
    if (spard->server.journal == NULL) {
        return fail(error);
    }
    spard->control =
        control_open(spard->base, spard->server.journal, spard->config.data, spard->server.log);
    return true;
}

/* Makes it if it is missing; it must be one, and this user's to write to. */
static bool make_folder(const char *data) {
    char sentence[CONFIG_ERROR_MAX + PATH_MAX];
    struct stat status;
    if (mkdir(data, 0700) != 0 && errno != EEXIST) {
        snprintf(sentence, sizeof sentence,
                 "Cannot make the data folder %s: %s; choose another with --data.", data,
                 strerror(errno));
        return fail(sentence);
    }
    if (stat(data, &status) != 0 || !S_ISDIR(status.st_mode)) {
        snprintf(sentence, sizeof sentence, "%s is no folder; choose another with --data.", data);
        return fail(sentence);
    }
    if (access(data, R_OK | W_OK | X_OK) != 0) {
        snprintf(sentence, sizeof sentence,
                 "The data folder %s may not be written to (%s): give it to the user that runs "
                 "this, or choose another with --data.",
                 data, strerror(errno));
        return fail(sentence);
    }
    folder_sync_above(data);
    return true;
}

/* The key last: a folder that has one has had a journal. */
static bool open_data(struct spard *spard) {
    char error[CONFIG_ERROR_MAX];
    char path[PATH_MAX + 16];
    const char *data = spard->config.data;
    if (!make_folder(data)) {
        return false;
    }
    bool shared = spard->config.journal[0] != '\0';
    snprintf(path, sizeof path, "%s/journal.db", data);
    if (!shared && (!is_finished(spard, path) || !parts_belong_together(spard, path))) {
        return false;
    }
    if (!host_secret_open(data, &spard->secret, error)) {
        return fail(error);
    }
    return shared ? open_key(spard) && open_shared_journal(spard)
                  : open_journal(spard, path) && open_key(spard);
}

/* The settings count for one connection; an address may have more. */
static struct book *make_book(const struct config *config) {
    unsigned rate = config->tokens * (ADDRESS_TOKENS / CONN_TOKENS);
    struct book_sizes sizes = {
        .per_key = config->per_key,
        .per_address = config->per_address,
        .strangers = config->max_connections - config->max_connections * CONN_PLACES_PERCENT / 100,
        .rooms = {config->rooms_per_hour, config->rooms_per_hour * BOOK_ROOM},
        .tokens = {rate, rate * CONN_TOKENS_SECONDS}};
    return book_new(&sizes);
}

static bool start_keeper(struct spard *spard) {
    struct keeper_means means = {.base = spard->base,
                                 .journal = spard->server.journal,
                                 .log = spard->server.log,
                                 .time = &spard->server.time,
                                 .keep_ms = (int64_t)spard->config.keep_hours * 60 * 60 * 1000};
    spard->keeper = keeper_new(&means);
    return spard->keeper != NULL;
}

static bool open_relays(struct spard *spard) {
    char error[CONFIG_ERROR_MAX];
    const struct config *config = &spard->config;
    struct turn *turn = &spard->server.turn;
    memcpy(turn->uris, config->turn, sizeof turn->uris);
    turn->relay_only = config->relay_only;
    return config->turn[0] == '\0' ||
           turn_secret_read(turn, config->turn_secret, error, sizeof error) || fail(error);
}

static bool set_up(struct spard *spard) {
    const struct config *config = &spard->config;
    spard->server.config = config;
    spard->server.patience = (struct patience){.handshake_ms = HANDSHAKE_MAX_MS,
                                               .hello_ms = HELLO_MAX_MS,
                                               .idle_ms = IDLE_MAX_MS,
                                               .frame_ms = CONN_FRAME_MAX_MS,
                                               .place_ms = CONN_PLACE_MAX_MS};
    spard->server.log = log_open(STDERR_FILENO, config->log_level);
    spard->server.stats = stats_new(config->workers + 1); /* the last one is main's */
    spard->base = event_base_new();
    spard->server.book = make_book(config);
    if (spard->server.log == NULL || spard->server.stats == NULL || spard->server.book == NULL ||
        spard->base == NULL) {
        return fail("There is no memory left; free some and try again.");
    }
    spard->server.shelf = shelf_new(config->packs, spard->server.log);
    if (spard->server.shelf == NULL) {
        return fail("There is no memory left; free some and try again.");
    }
    if (!open_relays(spard)) {
        return false;
    }
    raise_descriptors(spard);
    if (!open_data(spard)) {
        return false;
    }
    if (config->public_name[0] != '\0') {
        host_name_bare(config, spard->server.public_name);
    }
    host_own_bare(config, spard->server.own_name);
    memcpy(spard->server.host_hash, spard->secret.hash, HASH_BYTES);
    spard->server.time = room_time_start(journal_epoch(spard->server.journal), spard->ahead,
                                         config->clock_rate, spard->latest);
    if (spard->clock != NULL) {
        room_clock_start(spard->clock, spard->ahead);
        room_time_follow(&spard->server.time, spard->clock);
    }
    if (!start_keeper(spard)) {
        return fail("There is no memory left; free some and try again.");
    }
    if (spard->server.time.behind > CLOCK_BEHIND_MS) {
        log_warn(spard->server.log, "clock.behind", LOG_I("ms", spard->server.time.behind),
                 LOG_S("what", "the clock is earlier than the journal's last event, from which the "
                               "rooms' time goes on"));
    }
    return true;
}

/* Signals are main's: threads inherit a mask that blocks them. */
static bool start_workers(struct spard *spard) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    for (unsigned i = 0; i < spard->config.workers; i++) {
        spard->workers[i] = worker_new(&spard->server, i, spard->tls);
        if (spard->workers[i] == NULL) {
            return fail("Cannot make a worker; free some memory or lower --workers.");
        }
        spard->worker_count++;
    }
    spard->server.workers = spard->workers;
    spard->server.worker_count = spard->worker_count;
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool good = true;
    for (unsigned i = 0; good && i < spard->worker_count; i++) {
        good = worker_start(spard->workers[i]);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return good || fail("Cannot start a thread; lower --workers.");
}

/* Connections go to the workers by turns. */
static bool deal(void *ctx, evutil_socket_t fd, const struct address *from) {
    struct spard *spard = ctx;
    return worker_post_connection(spard->workers[spard->turn++ % spard->worker_count], fd, from);
}

/* Tries the link that has just been printed, and says what a browser will make of it. */
static void *try_link(void *ctx) {
    struct spard *spard = ctx;
    struct own_link link;
    own_link_try(spard->link_host, spard->link_port, &spard->stop_trying, &link);
    log_info(spard->server.log, "link.tried", LOG_S("result", own_link_word(&link)),
             LOG_S("reach", link.alone   ? "this machine"
                            : link.local ? "this network"
                                         : "anywhere"));
    printf("spard: %s\n", own_link_sentence(&link));
    fflush(stdout);
    return NULL;
}

/* In a thread of its own: the others are to answer it. Signals stay main's. */
static void start_trying(struct spard *spard, const char *link) {
    sigset_t all;
    sigset_t before;
    const char *port = strrchr(link, ':');
    host_name_bare(&spard->config, spard->link_host);
    snprintf(spard->link_port, sizeof spard->link_port, "%.*s", (int)strcspn(port + 1, "/"),
             port + 1);
    own_link_init(&spard->stop_trying);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    spard->tries = pthread_create(&spard->trying, NULL, try_link, spard) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static bool open_metrics(struct spard *spard) {
    char error[CONFIG_ERROR_MAX];
    const struct config_listen *at = &spard->config.metrics;
    if (at->text[0] == '\0') {
        return true;
    }
    spard->metrics =
        metrics_open(spard->base, at, spard->server.stats, spard->server.journal, error);
    return spard->metrics != NULL || fail(error);
}

static bool serve(struct spard *spard) {
    char error[CONFIG_ERROR_MAX];
    char link[INVITE_TEXT_MAX];
    struct listener_means means = {.config = &spard->config,
                                   .book = spard->server.book,
                                   .log = spard->server.log,
                                   .stats = spard->server.stats,
                                   .writer = spard->worker_count,
                                   .take = deal,
                                   .ctx = spard};
    spard->listener = listener_open(spard->base, &means, error);
    if (spard->listener == NULL) {
        return fail(error);
    }
    if (!open_metrics(spard)) {
        return false;
    }
    host_link(&spard->config, listener_port(spard->listener), &spard->secret, tls_pin(spard->tls),
              link);
    printf("spard: host link %s\n", link);
    fflush(stdout);
    log_info(spard->server.log, "ready", LOG_U("port", listener_port(spard->listener)),
             LOG_U("workers", spard->worker_count));
    notify("READY=1");
    start_trying(spard, link);
    event_base_dispatch(spard->base);
    notify("STOPPING=1");
    return true;
}

static void tear_down(struct spard *spard) {
    if (spard->tries) {
        own_link_give_up(&spard->stop_trying);
        pthread_join(spard->trying, NULL);
    }
    listener_close(spard->listener);
    control_stop(spard->control);
    keeper_stop(spard->keeper);
    metrics_close(spard->metrics);
    for (unsigned i = 0; i < spard->worker_count; i++) {
        if (spard->workers[i]->started) {
            worker_post_stop(spard->workers[i]);
        }
    }
    for (unsigned i = 0; i < spard->worker_count; i++) {
        worker_join(spard->workers[i]);
    }
    if (spard->server.journal != NULL) {
        journal_close(spard->server.journal);
    }
    control_free(spard->control);
    keeper_free(spard->keeper);
    for (unsigned i = 0; i < spard->worker_count; i++) {
        worker_free(spard->workers[i]);
    }
    tls_unref(spard->tls);
    for (int i = 0; i < SIGNALS; i++) {
        if (spard->signals[i] != NULL) {
            event_free(spard->signals[i]);
        }
    }
    if (spard->base != NULL) {
        event_base_free(spard->base);
    }
    book_free(spard->server.book);
    shelf_free(spard->server.shelf);
    room_clock_free(spard->clock);
    stats_free(spard->server.stats);
    log_close(spard->server.log);
    free(spard);
}

int main(int argc, char **argv) {
    char error[CONFIG_ERROR_MAX];
    if (move_is_asked(argc, argv)) {
        return move_run(argc, argv);
    }
    struct spard *spard = calloc(1, sizeof *spard);
    if (spard == NULL) {
        return EXIT_FAILURE;
    }
    struct operator_request command;
    if (!command_take(&command, &argc, argv, error)) {
        free(spard);
        fail(error);
        return EXIT_USAGE;
    }
    enum config_result result = config_load(&spard->config, argc, argv, error);
    if (result != CONFIG_READY) {
        free(spard);
        if (result == CONFIG_WRONG) {
            fail(error);
        }
        return result == CONFIG_SHOWN ? EXIT_SUCCESS : EXIT_USAGE;
    }
    if (command.what != OPERATOR_NONE) {
        int status = command_run(&command, &spard->config);
        free(spard);
        return status;
    }
    bool good = set_up(spard) && hear_signals(spard) && start_workers(spard) && serve(spard);
    if (good) {
        log_info(spard->server.log, "stopping");
    }
    tear_down(spard);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
