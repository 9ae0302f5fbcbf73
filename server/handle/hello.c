/* SPDX-License-Identifier: ISC */
/*
 * hello.c: the first message: version, and whether the client has a key and the server has room.
 */
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/worker/worker.h"

static void welcome(struct conn *conn, int64_t version) {
    struct worker *worker = conn->worker;
    struct message message = {.kind = MESSAGE_WELCOME};
    message.welcome.version = version;
    message.welcome.now = hall_now(&worker->hall);
    message.welcome.rate = worker->server->config->clock_rate;
    message.welcome.app = span_of("spard " SPAR_VERSION);
    send_message(&worker->hall, &conn->peer, &message);
}

void handle_HELLO(struct conn *conn, const struct message *message) {
    const struct server *server = conn->worker->server;
    int64_t version = message->hello.version;
    if (conn->state == CONN_OPEN) {
        send_error(&conn->worker->hall, &conn->peer, REFUSAL_BAD_MESSAGE,
                   "The second hello of a connection was ignored; send only one.");
    } else if (version < SPAR_PROTOCOL_OLDEST || version > SPAR_PROTOCOL_VERSION) {
        conn_doom(conn, REFUSAL_VERSION, NULL);
    } else if (!conn->has_key) {
        conn_doom(conn, REFUSAL_NO_KEY, NULL);
    } else if (stats_sum(server->stats, STATS_connections_open) >
               (int64_t)server->config->max_connections) {
        hall_count(&conn->worker->hall, STATS_turned_away, 1);
        conn_doom(conn, REFUSAL_TOO_MANY, NULL);
    } else {
        conn_opened(conn);
        welcome(conn, version);
    }
}
