/*
 * handle_host.c: who may host: the holder of the server's secret, or anybody where hosting is open.
 */
#include "server/errand.h"
#include "server/handle.h"
#include "server/seat.h"
#include "server/send.h"
#include "server/worker.h"

static bool may_host(const struct server *server, struct span secret) {
    uint8_t hash[HASH_BYTES];
    return server->config->open_hosting ||
           (seat_secret_hash(secret, hash) && random_hash_equal(hash, server->host_hash));
}

void handle_HOST(struct conn *conn, const struct message *message) {
    struct hall *hall = &conn->worker->hall;
    enum refusal refusal = may_host(conn->worker->server, message->host.secret)
                               ? errand_host(hall, &conn->peer, message)
                               : REFUSAL_HOSTING_CLOSED;
    if (refusal != REFUSAL_NONE) {
        send_refused(hall, &conn->peer, NULL, message->host.id, refusal);
    }
}
