/* SPDX-License-Identifier: ISC */
/*
 * Purpose: any payload as a message and as a stored event. What is read must be written again and
 * read as the same bytes from then on.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/wire/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The message's frame must read as a message that writes the same frame. */
static void check_rewrite(struct mp_reader *r, const struct message *message) {
    struct mp_writer first;
    struct mp_writer second;
    struct message back;
    mp_writer_init(&first);
    mp_writer_init(&second);
    if (message_write(&first, message)) {
        if (message_read(r, first.data + FRAME_HEADER_BYTES, first.len - FRAME_HEADER_BYTES,
                         &back) != MSG_OK ||
            !message_write(&second, &back) || second.len != first.len ||
            memcmp(second.data, first.data, first.len) != 0) {
            abort();
        }
    }
    mp_writer_free(&first);
    mp_writer_free(&second);
}

static bool is_writable(const struct message *message) {
    return message->kind != MESSAGE_UNKNOWN &&
           (message->kind != MESSAGE_COMMAND || message->command.body.act != ACTION_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct mp_reader r;
    struct mp_reader again;
    struct message message;
    struct event event;
    if (mp_reader_init(&r) != MP_OK) {
        return 0;
    }
    if (mp_reader_init(&again) == MP_OK) {
        if (message_read(&r, data, size, &message) == MSG_OK && is_writable(&message)) {
            check_rewrite(&again, &message);
        }
        if (event_read_stored(&r, data, size, &event)) {
            struct mp_writer w;
            mp_writer_init(&w);
            event_write_stored(&w, &event);
            if (!event_read_stored(&again, w.data, w.len, &event)) {
                abort();
            }
            mp_writer_free(&w);
        }
    }
    mp_reader_free(&again);
    mp_reader_free(&r);
    return 0;
}
