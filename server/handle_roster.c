/*
 * handle_roster.c: a message that this server does not take yet.
 */
#include "server/handle.h"
#include "server/send.h"
#include "server/worker.h"

void handle_ROSTER(struct conn *conn, const struct message *message) {
    (void)message;
    send_error(&conn->worker->hall, &conn->peer, REFUSAL_UNKNOWN_MESSAGE, NULL);
}
