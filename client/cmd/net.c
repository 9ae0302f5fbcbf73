/* SPDX-License-Identifier: ISC */
/*
 * net.c: what commands that speak with a server share: key, TLS, event loop; one question and its
 * answer.
 */
#include <event2/event.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/cmd/cmd.h"
#include "client/feed/pack_message.h"
#include "client/net/identity.h"
#include "client/net/moment.h"
#include "client/net/say.h"

bool cmd_net_open(struct cmd_net *net, const char *identity) {
    struct certs_why why = {{0}};
    *net = (struct cmd_net){0};
    net->identity = identity_open(identity, &why);
    net->context = net->identity == NULL ? NULL : tls_context(net->identity, &why);
    if (net->context == NULL) {
        (void)args_fail(EXIT_FAILED, "%s", why.text);
        cmd_net_close(net);
        return false;
    }
    net->base = event_base_new();
    if (net->base == NULL) {
        (void)args_fail(EXIT_FAILED, "The event loop could not be set up.");
        cmd_net_close(net);
        return false;
    }
    return true;
}

int64_t cmd_patience(bool batch) {
    return !batch && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) ? CONNECTION_PATIENCE_MS : 0;
}

void cmd_say_patience(const char *why, bool *told) {
    if (!*told) {
        (void)args_fail(EXIT_NO_CONNECTION, "%s Trying again for %d seconds; Ctrl-C ends that.",
                        why, CONNECTION_PATIENCE_MS / 1000);
    }
    *told = true;
}

void cmd_say_kept(const struct kept *kept, bool *told) {
    char text[KEPT_TEXT_MAX];
    if (!*told) {
        kept_text(kept, text);
        if (isatty(STDOUT_FILENO)) { /* which would break it in mid-word */
            args_wrapped(text, 0);
        } else {
            say(stdout, "%s\n", text);
        }
        fflush(stdout);
    }
    *told = true;
}

void cmd_net_close(struct cmd_net *net) {
    if (net->base != NULL) {
        event_base_free(net->base);
    }
    SSL_CTX_free(net->context);
    keypair_free(net->identity);
    *net = (struct cmd_net){0};
}

enum { ASK_WAIT_MAX_MS = 10 * 1000 }; /* that a server asks for, and a person need not be told of */

struct asking {
    const struct cmd_ask *ask;
    struct event_base *base;
    struct connection *connection;
    struct event *again;
    int status;
    bool entered, answered;
};

static void put(struct asking *asking, const struct message *message) {
    if (!connection_send(asking->connection, message)) {
        asking->status = args_fail(EXIT_FAILED, "Out of memory.");
        connection_leave(asking->connection);
    }
}

static bool send_by_connection(void *ctx, const struct message *message) {
    return connection_send(ctx, message);
}

/* An offer with its pack. */
static void put_pack(struct asking *asking) {
    struct message offer = *asking->ask->question;
    struct pack_message bodies;
    bool sent = pack_message_begin(&bodies, asking->ask->pack, offer.offer.id, send_by_connection,
                                   asking->connection);
    offer.offer.pack = bodies.pack;
    offer.offer.panel = bodies.panel;
    if (sent) {
        put(asking, &offer);
    } else {
        connection_refuse(asking->connection, "Out of memory.");
    }
    pack_message_end(&bodies);
}

static void put_question(struct asking *asking) {
    if (asking->ask->pack != NULL) {
        put_pack(asking);
    } else {
        put(asking, asking->ask->question);
    }
}

static void put_next(struct asking *asking) {
    if (asking->ask->enter != NULL && !asking->entered) {
        put(asking, asking->ask->enter);
    } else {
        put_question(asking);
    }
}

static void on_up(void *ctx) {
    put_next(ctx);
}

static void on_again(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    put_next(ctx);
}

/* The server wants less at once: what it did not look at is asked again, unless that takes long. */
static void too_fast(struct asking *asking, int64_t wait_ms) {
    char text[128];
    struct timeval wait = moment_interval(wait_ms);
    if (wait_ms <= ASK_WAIT_MAX_MS && evtimer_add(asking->again, &wait) == 0) {
        return;
    }
    snprintf(text, sizeof text, "Your key has asked for as much as it may; try again in %lld s.",
             (long long)(wait_ms + 999) / 1000);
    connection_refuse(asking->connection, text);
}

static void refused(struct asking *asking, enum refusal why) {
    if (asking->ask->refused == NULL) {
        connection_refuse(asking->connection, refusal_sentence(why));
        return;
    }
    *asking->ask->refused = why;
    asking->status = EXIT_REFUSED;
    connection_leave(asking->connection);
}

static void on_message(void *ctx, const struct message *message) {
    struct asking *asking = ctx;
    if (message->kind == MESSAGE_REFUSED && message->refused.wait > 0) {
        too_fast(asking, message->refused.wait);
    } else if (message->kind == MESSAGE_REFUSED || message->kind == MESSAGE_ERROR) {
        refused(asking, message->kind == MESSAGE_ERROR ? message->error.why : message->refused.why);
    } else if (!asking->answered && asking->ask->answer(asking->ask->ctx, message)) {
        asking->answered = true;
        connection_leave(asking->connection);
    } else if (message->kind == MESSAGE_ENTERED && asking->ask->enter != NULL) {
        asking->entered = true;
        put_question(asking);
    }
}

/* One question is not worth coming back for: the person can ask again. */
static void on_down(void *ctx, int64_t retry_at, const char *why) {
    (void)retry_at;
    struct asking *asking = ctx;
    asking->status = args_fail(EXIT_NO_CONNECTION, "%s Try again.", why);
    connection_leave(asking->connection);
}

static void on_over(void *ctx, enum connection_end end, const char *why) {
    struct asking *asking = ctx;
    if (end != CONNECTION_END_LEFT) {
        asking->status =
            args_fail(end == CONNECTION_END_REFUSED ? EXIT_REFUSED : EXIT_NO_CONNECTION, "%s", why);
    }
    event_base_loopbreak(asking->base);
}

int cmd_ask(struct cmd_net *net, const struct cmd_ask *ask) {
    struct asking asking = {.ask = ask, .base = net->base};
    struct connection_config config = {
        .base = net->base,
        .server = ask->server,
        .context = net->context,
        .handler = {
            .ctx = &asking, .up = on_up, .down = on_down, .over = on_over, .message = on_message}};
    asking.again = evtimer_new(net->base, on_again, &asking);
    asking.connection = asking.again != NULL ? connection_new(&config) : NULL;
    if (asking.connection != NULL) {
        event_base_dispatch(net->base);
        connection_free(asking.connection);
    } else {
        asking.status = args_fail(EXIT_FAILED, "Out of memory.");
    }
    if (asking.again != NULL) {
        event_free(asking.again);
    }
    return asking.status;
}
