/* SPDX-License-Identifier: ISC */
/*
 * pass_mail.h: what is in no log on its way from one worker to the others: room/passes.h. To those
 * of this server it goes by their mailboxes, which wait for no storage; to those of other servers
 * by the journal (journal_post_trip).
 */
#ifndef SPAR_SERVER_WORKER_PASS_MAIL_H
#define SPAR_SERVER_WORKER_PASS_MAIL_H

#include <stdint.h>

#include "server/room/passes.h"

struct following;

/* What a worker tells the others of its rooms; ctx: the worker, on its thread. */
extern const struct room_passes worker_passes;

/* What another server has passed on of a room (journal_listener.trip); what is none is dropped. On
 * the worker's thread. */
void pass_heard(struct following *rooms, const char *room, const uint8_t *bytes, uint32_t len);

#endif
