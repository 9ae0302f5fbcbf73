/* SPDX-License-Identifier: ISC */
/*
 * pack_message.h: both bodies of a pack as the messages host, swap and offer carry them: what does
 * not fit the message itself goes before it, in messages of its own.
 */
#ifndef SPAR_CLIENT_FEED_PACK_MESSAGE_H
#define SPAR_CLIENT_FEED_PACK_MESSAGE_H

#include "protocol/pack/pack.h"
#include "protocol/wire/message.h"

struct pack_message {
    struct mp_writer public_body, panel_body;
    struct span pack, panel; /* for the message: the public body, the last part of the panel's */
};

/* Sends the parts of the panel's body but for the last, under the id of the message that follows.
 * False: out of memory, or one could not be sent. Ended with pack_message_end in any case, once the
 * message has been sent. */
bool pack_message_begin(struct pack_message *out, const struct pack *pack, uint32_t id,
                        bool (*send)(void *ctx, const struct message *message), void *ctx)
    __attribute__((warn_unused_result));
void pack_message_end(struct pack_message *message);

#endif
