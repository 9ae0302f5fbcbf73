/* SPDX-License-Identifier: ISC */
/*
 * send.h: builds outbound messages and queues them to a peer. The desk's thread only.
 */
#ifndef SPAR_SERVER_PEER_SEND_H
#define SPAR_SERVER_PEER_SEND_H

#include "protocol/wire/message.h"
#include "server/follow/desk.h"
#include "server/peer/peer.h"

/* Encodes and queues one message. If it cannot be encoded the peer is cut off (`internal`). */
void send_message(struct desk *desk, struct peer *peer, const struct message *message);
/* room: NUL-terminated, or NULL where the refusal is about no room. id: the command's or
 * question's; 0: none. */
void send_refused(struct desk *desk, struct peer *peer, const char *room, uint32_t id,
                  enum refusal why);
/* text: a sentence, NULL for the refusal's own. */
void send_refused_text(struct desk *desk, struct peer *peer, const char *room, uint32_t id,
                       enum refusal why, const char *text);
/* Of a cohort (NULL: none that the peer may know of). */
void send_refused_cohort(struct desk *desk, struct peer *peer, const char *cohort, uint32_t id,
                         enum refusal why);
/* Refuses a message that was not looked at, since its sender has spent all: too-fast, with the ms
 * to wait. */
void send_too_fast(struct desk *desk, struct peer *peer, const struct message *asked, int64_t wait);
/* Refuses to open one more room, since the peer's key has opened so many: likewise. */
void send_too_many_rooms(struct desk *desk, struct peer *peer, const struct message *asked,
                         int64_t wait);
/* The connection goes on after `error` and ends after `bye`. */
void send_error(struct desk *desk, struct peer *peer, enum refusal why, const char *text);
void send_bye(struct desk *desk, struct peer *peer, enum refusal why);

/* Makes the author's frame of an event, which holds the command's id too, from that of the others,
 * which comes first. False: out of memory, or too long. */
bool send_encode_own(struct mp_writer *w, const struct mp_writer *others, uint32_t id)
    __attribute__((warn_unused_result));
/* Encodes one whole frame of an event, with n = 0, for all who may know it in the same form. own:
 * for its author, with the command's id. False: out of memory, or too long. */
bool send_encode_event(struct mp_writer *w, const struct event *event, const char *room, bool own)
    __attribute__((warn_unused_result));
/* Queues it to one of them as its event n. */
void send_encoded(struct desk *desk, struct peer *peer, const struct mp_writer *frame, uint32_t n);

#endif
