/* SPDX-License-Identifier: ISC */
/*
 * send.h: builds outbound messages and queues them to a peer. The hall's thread only.
 */
#ifndef SPAR_SERVER_PEER_SEND_H
#define SPAR_SERVER_PEER_SEND_H

#include "protocol/wire/message.h"
#include "server/follow/hall.h"

/* Encodes and queues one message. If it cannot be encoded the peer is cut off (`internal`). */
void send_message(struct hall *hall, struct peer *peer, const struct message *message);
/* room: NUL-terminated, or NULL where the refusal is about no room. id: the command's or
 * question's; 0: none. */
void send_refused(struct hall *hall, struct peer *peer, const char *room, uint32_t id,
                  enum refusal why);
/* text: a sentence, NULL for the refusal's own. */
void send_refused_text(struct hall *hall, struct peer *peer, const char *room, uint32_t id,
                       enum refusal why, const char *text);
/* Of a cohort (NULL: none that the peer may know of). */
void send_refused_cohort(struct hall *hall, struct peer *peer, const char *cohort, uint32_t id,
                         enum refusal why);
/* The connection goes on after `error` and ends after `bye`. */
void send_error(struct hall *hall, struct peer *peer, enum refusal why, const char *text);
void send_bye(struct hall *hall, struct peer *peer, enum refusal why);

#endif
