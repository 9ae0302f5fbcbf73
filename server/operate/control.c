/* SPDX-License-Identifier: ISC */
/*
 * control.c: takes the operator's lines on the main thread, hands them to the journal, and passes
 * on what it says.
 *
 * Invariant: what the journal says lies under the lock until the main thread has taken it; nothing
 * else is shared. A caller who has gone leaves the chore to its end.
 */
#include "server/operate/control.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bsd/sys/queue.h>

#include "server/base/interval.h"
#include "server/base/log.h"
#include "server/journal/journal.h"
#include "server/operate/backup.h"
#include "server/operate/drain.h"
#include "server/operate/nodes.h"

enum { LINE_BYTES_MAX = PATH_MAX + 64, CALLERS_MAX = 16 };

struct caller {
    struct control *control;
    struct bufferevent *bev;
    uint64_t token; /* of the chore that it waits for; 0: none yet */
    bool over;      /* the last line is on its way out */
    struct drain drain;
    struct event *look; /* once more at it; NULL: it does not drain */
    LIST_ENTRY(caller) of_control;
};

/* What the journal has said and nobody has passed on yet. */
struct said {
    enum journal_said said;
    uint64_t token;
    STAILQ_ENTRY(said) next;
    char line[];
};

STAILQ_HEAD(said_list, said);

struct control {
    struct evconnlistener *listener;
    struct event *woken;
    struct journal *journal;
    struct log *log;
    int journal_listener, wake_fd;
    uint64_t last_token;
    unsigned caller_count;
    LIST_HEAD(, caller) callers;
    pthread_mutex_t lock;
    struct said_list all; /* under lock */
    char data[PATH_MAX];
    struct sockaddr_un address;
};

/* ---- words ---- */

static const char *const words[] = {
    [OPERATOR_CHECK] = "check", [OPERATOR_BACKUP] = "backup", [OPERATOR_FORGET] = "forget",
    [OPERATOR_PRUNE] = "prune", [OPERATOR_NODES] = "nodes",   [OPERATOR_DRAIN] = "drain"};

enum operator_command operator_command_of(const char *word) {
    for (int i = OPERATOR_CHECK; i <= OPERATOR_DRAIN; i++) {
        if (strcmp(word, words[i]) == 0) {
            return (enum operator_command)i;
        }
    }
    return OPERATOR_NONE;
}

const char *operator_command_word(enum operator_command command) {
    return words[command];
}

bool control_address(const char *data, struct sockaddr_un *address) {
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    int len = snprintf(address->sun_path, sizeof address->sun_path, "%s/control.sock", data);
    return len > 0 && (size_t)len < sizeof address->sun_path;
}

/* ---- callers ---- */

static void caller_free(struct caller *caller) {
    LIST_REMOVE(caller, of_control);
    caller->control->caller_count--;
    if (caller->look != NULL) {
        event_free(caller->look);
    }
    bufferevent_free(caller->bev);
    free(caller);
}

static void on_flushed(struct bufferevent *bev, void *ctx) {
    struct caller *caller = ctx;
    (void)bev;
    if (caller->over) {
        caller_free(caller);
    }
}

static void on_event(struct bufferevent *bev, short what, void *ctx) {
    (void)bev;
    (void)what;
    caller_free(ctx);
}

static void say(struct caller *caller, enum journal_said said, const char *line) {
    static const char *const heads[] = {
        [JOURNAL_GOES_ON] = "...", [JOURNAL_DONE] = "ok", [JOURNAL_NOT_DONE] = "no"};
    evbuffer_add_printf(bufferevent_get_output(caller->bev), "%s %s\n", heads[said], line);
    caller->over = caller->over || said != JOURNAL_GOES_ON;
}

/* Text of several lines. */
static void say_rows(struct caller *caller, const char *text) {
    for (const char *line = text; *line != '\0';) {
        int len = (int)strcspn(line, "\n");
        evbuffer_add_printf(bufferevent_get_output(caller->bev), "row %.*s\n", len, line);
        line += len + (line[len] == '\n');
    }
}

/* What is known already: the database is not asked for it. */
static void list_nodes(struct caller *caller, bool json) {
    struct journal *journal = caller->control->journal;
    struct node_list list;
    struct out out;
    char line[NODES_LINE_MAX] = "";
    int64_t since = journal_node_list(journal, &list);
    if (list.count == 0) {
        say(caller, JOURNAL_NOT_DONE,
            "This server's journal is in its data folder, so there is no other; see --journal.");
        return;
    }
    out_init(&out);
    nodes_write(&out, &list, journal_boot(journal), since, json);
    if (out.failed) {
        say(caller, JOURNAL_NOT_DONE, "There is no memory for that.");
    } else {
        bool well = nodes_are_well(&list, since, line);
        say_rows(caller, out.data);
        say(caller, well ? JOURNAL_DONE : JOURNAL_NOT_DONE, line);
    }
    out_free(&out);
}

static void on_look(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    struct caller *caller = ctx;
    struct timeval in = interval_ms(DRAIN_LOOK_MS);
    char line[JOURNAL_LINE_MAX];
    enum journal_said said =
        drain_look(&caller->drain, caller->control->journal, interval_now(), line);
    if (said == JOURNAL_GOES_ON) {
        event_add(caller->look, &in);
    } else {
        log_info(caller->control->log, "operator.answered", LOG_S("what", line));
        say(caller, said, line);
    }
}

/* The servers know of it; now people go. */
static void drain_goes_on(struct caller *caller) {
    struct event_base *base = bufferevent_get_base(caller->bev);
    caller->look = evtimer_new(base, on_look, caller);
    if (caller->look == NULL) {
        say(caller, JOURNAL_NOT_DONE, "There is no memory for that.");
    } else {
        on_look(-1, 0, caller);
    }
}

static void drain_begins(struct caller *caller, const char *of) {
    struct control *control = caller->control;
    char line[JOURNAL_LINE_MAX];
    if (!drain_begin(&caller->drain, control->journal, of, interval_now(), line)) {
        say(caller, JOURNAL_NOT_DONE, line);
        return;
    }
    caller->token = ++control->last_token;
    if (!journal_post_drain(control->journal, control->journal_listener, caller->drain.boot,
                            caller->token)) {
        say(caller, JOURNAL_NOT_DONE, "There is no memory for that.");
    }
}

static void begin(struct caller *caller, enum operator_command command, const char *of) {
    static const enum journal_chore chores[] = {[OPERATOR_CHECK] = JOURNAL_CHECK,
                                                [OPERATOR_BACKUP] = JOURNAL_BACKUP,
                                                [OPERATOR_FORGET] = JOURNAL_FORGET,
                                                [OPERATOR_PRUNE] = JOURNAL_PRUNE};
    struct control *control = caller->control;
    char line[JOURNAL_LINE_MAX], copy[PATH_MAX + 16];
    if (command == OPERATOR_BACKUP) {
        if (!backup_begin(control->data, of, copy, sizeof copy, line)) {
            say(caller, JOURNAL_NOT_DONE, line);
            return;
        }
        of = copy;
    }
    caller->token = ++control->last_token;
    log_info(control->log, "operator.asked", LOG_S("what", operator_command_word(command)));
    if (!journal_post_chore(control->journal, control->journal_listener, chores[command], of,
                            caller->token)) {
        say(caller, JOURNAL_NOT_DONE, "There is no memory for that.");
    }
}

static void take_line(struct caller *caller, char *line) {
    char *space = strchr(line, ' ');
    if (space != NULL) {
        *space = '\0';
    }
    enum operator_command command = operator_command_of(line);
    if (command == OPERATOR_NONE) {
        say(caller, JOURNAL_NOT_DONE, "This server knows no such command; is it an older one?");
    } else if (command == OPERATOR_DRAIN) {
        log_info(caller->control->log, "operator.asked", LOG_S("what", "drain"));
        drain_begins(caller, space != NULL ? space + 1 : "");
    } else if (command == OPERATOR_NODES) {
        list_nodes(caller, space != NULL && strcmp(space + 1, "json") == 0);
    } else {
        begin(caller, command, space != NULL ? space + 1 : "");
    }
}

static void on_read(struct bufferevent *bev, void *ctx) {
    struct caller *caller = ctx;
    struct evbuffer *input = bufferevent_get_input(bev);
    char *line =
        caller->token == 0 && !caller->over ? evbuffer_readln(input, NULL, EVBUFFER_EOL_LF) : NULL;
    if (line != NULL) {
        take_line(caller, line);
        free(line);
    } else if (evbuffer_get_length(input) > LINE_BYTES_MAX) {
        caller_free(caller);
    }
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *address,
                      int length, void *ctx) {
    struct control *control = ctx;
    (void)address;
    (void)length;
    struct caller *caller = control->caller_count < CALLERS_MAX ? calloc(1, sizeof *caller) : NULL;
    struct bufferevent *bev =
        caller == NULL
            ? NULL
            : bufferevent_socket_new(evconnlistener_get_base(listener), fd, BEV_OPT_CLOSE_ON_FREE);
    if (bev == NULL) {
        free(caller);
        close(fd);
        return;
    }
    *caller = (struct caller){.control = control, .bev = bev};
    LIST_INSERT_HEAD(&control->callers, caller, of_control);
    control->caller_count++;
    bufferevent_setcb(bev, on_read, on_flushed, on_event, caller);
    bufferevent_enable(bev, EV_READ | EV_WRITE);
}

/* ---- what the journal says ---- */

/* On the journal's thread. Without memory it is not said; the caller then hears the end without a
 * sentence when the server stops. */
static void on_chore(void *ctx, uint64_t token, enum journal_said what, const char *line) {
    struct control *control = ctx;
    size_t size = strlen(line) + 1;
    struct said *said = malloc(sizeof *said + size);
    uint64_t one = 1;
    if (said == NULL) {
        return;
    }
    said->said = what;
    said->token = token;
    memcpy(said->line, line, size);
    pthread_mutex_lock(&control->lock);
    STAILQ_INSERT_TAIL(&control->all, said, next);
    pthread_mutex_unlock(&control->lock);
    (void)!write(control->wake_fd, &one, sizeof one);
}

static void on_events(void *ctx, struct journal_batch *batch) {
    (void)ctx;
    (void)batch;
}

static void pass_on(struct control *control, const struct said *said) {
    struct caller *caller;
    LIST_FOREACH(caller, &control->callers, of_control) {
        if (caller->token == said->token && caller->drain.boot != 0 && said->said == JOURNAL_DONE) {
            drain_goes_on(caller);
        } else if (caller->token == said->token) {
            say(caller, said->said, said->line);
        }
    }
}

static void on_woken(evutil_socket_t fd, short what, void *ctx) {
    struct control *control = ctx;
    struct said_list taken = STAILQ_HEAD_INITIALIZER(taken);
    struct said *said;
    uint64_t count;
    (void)what;
    (void)!read(fd, &count, sizeof count);
    pthread_mutex_lock(&control->lock);
    STAILQ_CONCAT(&taken, &control->all);
    pthread_mutex_unlock(&control->lock);
    while ((said = STAILQ_FIRST(&taken)) != NULL) {
        STAILQ_REMOVE_HEAD(&taken, next);
        if (said->said != JOURNAL_GOES_ON && said->line[0] != '\0') {
            log_info(control->log, "operator.answered", LOG_S("what", said->line));
        }
        pass_on(control, said);
        free(said);
    }
}

/* ---- opening and closing ---- */

/* What an earlier server left there is nobody's: the journal's lock is ours. */
static bool listen_at(struct control *control, struct event_base *base) {
    mode_t before = umask(0177);
    unlink(control->address.sun_path);
    control->listener = evconnlistener_new_bind(
        base, on_accept, control, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, CALLERS_MAX,
        (struct sockaddr *)&control->address, sizeof control->address);
    umask(before);
    return control->listener != NULL;
}

static bool hear_journal(struct control *control, struct event_base *base) {
    struct journal_listener listener = {.ctx = control, .events = on_events, .chore = on_chore};
    control->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    control->woken = event_new(base, control->wake_fd, EV_READ | EV_PERSIST, on_woken, control);
    control->journal_listener = journal_add_listener(control->journal, &listener);
    return control->wake_fd >= 0 && control->woken != NULL &&
           event_add(control->woken, NULL) == 0 && control->journal_listener >= 0;
}

struct control *control_open(struct event_base *base, struct journal *journal, const char *data,
                             struct log *log) {
    struct control *control = calloc(1, sizeof *control);
    if (control == NULL) {
        return NULL;
    }
    control->journal = journal;
    control->log = log;
    control->wake_fd = -1;
    snprintf(control->data, sizeof control->data, "%s", data);
    LIST_INIT(&control->callers);
    STAILQ_INIT(&control->all);
    pthread_mutex_init(&control->lock, NULL);
    bool addressed = control_address(data, &control->address);
    if (addressed && hear_journal(control, base) && listen_at(control, base)) {
        return control;
    }
    log_warn(log, "control.none",
             LOG_S("why", addressed ? "the socket in the data folder cannot be made"
                                    : "the data folder's path is too long for a socket"));
    control_free(control);
    return NULL;
}

void control_stop(struct control *control) {
    if (control != NULL && control->listener != NULL) {
        evconnlistener_free(control->listener);
        control->listener = NULL;
        unlink(control->address.sun_path);
    }
}

void control_free(struct control *control) {
    if (control == NULL) {
        return;
    }
    control_stop(control);
    struct caller *caller;
    struct caller *after;
    LIST_FOREACH_SAFE(caller, &control->callers, of_control, after) {
        caller_free(caller);
    }
    struct said *said;
    while ((said = STAILQ_FIRST(&control->all)) != NULL) {
        STAILQ_REMOVE_HEAD(&control->all, next);
        free(said);
    }
    if (control->woken != NULL) {
        event_free(control->woken);
    }
    if (control->wake_fd >= 0) {
        close(control->wake_fd);
    }
    pthread_mutex_destroy(&control->lock);
    free(control);
}
