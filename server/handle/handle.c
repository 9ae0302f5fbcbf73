/* SPDX-License-Identifier: ISC */
/*
 * handle.c: the table of handlers and the order in which a connection may speak: hello first.
 */
#include "server/handle/handle.h"

#include <stdio.h>

#include "server/peer/send.h"
#include "server/room/replica.h"
#include "server/worker/worker.h"

typedef void (*handler)(struct conn *conn, const struct message *message);

static handler find(enum message_kind kind) {
    static const handler table[MESSAGE_COUNT] = {
#define ROW_TO_SERVER(name) [MESSAGE_##name] = handle_##name,
#define ROW_TO_BOTH(name)   ROW_TO_SERVER(name)
#define ROW_TO_CLIENT(name)
#define MESSAGE(name, wire, to, room) ROW_##to(name)
#include "protocol/wire/messages.def"
#undef MESSAGE
    };
    return table[kind];
}

void handle_message(struct conn *conn, const struct message *message) {
    handler handle = find(message->kind);
    if (conn->state == CONN_HELLO && message->kind != MESSAGE_HELLO) {
        conn_doom(conn, REFUSAL_HELLO_FIRST, NULL);
    } else if (handle != NULL) {
        handle(conn, message);
    } else {
        send_error(&conn->worker->hall, &conn->peer, REFUSAL_UNKNOWN_MESSAGE, NULL);
    }
}

void handle_bad_message(struct conn *conn, const struct message *message,
                        const struct mp_reader *reader) {
    struct hall *hall = &conn->worker->hall;
    char text[256];
    if (conn->state == CONN_HELLO) {
        conn_doom(conn, REFUSAL_HELLO_FIRST, NULL);
        return;
    }
    if (message->kind == MESSAGE_COMMAND && message->command.id != 0) {
        const struct member *member = member_find(&conn->peer, message->room);
        send_refused(hall, &conn->peer, member != NULL ? member->replica->id : NULL,
                     message->command.id, REFUSAL_BAD_FIELD);
        return;
    }
    snprintf(text, sizeof text,
             "The field \"%.40s\" of \"%.40s\" is wrong: %s; check the client against PROTOCOL.md.",
             reader->field == NULL ? "m" : reader->field, message_name(message->kind),
             mp_error_text(reader->error));
    send_error(hall, &conn->peer, REFUSAL_BAD_MESSAGE, text);
}
