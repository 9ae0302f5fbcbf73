/* SPDX-License-Identifier: ISC */
/*
 * shared_rows.h: rows in memory that several journals share, for tests, with knobs for what a
 * database and the way to it can do.
 *
 * Time is the base's own and moves only by shared_base_pass. The knobs are for any thread; each
 * takes effect on what a journal's thread has not begun yet.
 */
#ifndef SPAR_TESTS_SUPPORT_SHARED_ROWS_H
#define SPAR_TESTS_SUPPORT_SHARED_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "server/journal/shared.h"

struct shared_base;
struct shared_server; /* one journal's way to the base; lives until journal_close */

enum { SHARED_SERVERS_MAX = NODES_MAX + 2, SHARED_BOOTS_MAX = 2 * SHARED_SERVERS_MAX };

/* Aborts without memory, as all here. */
struct shared_base *shared_base_new(void);
/* All journals over it must be closed. */
void shared_base_free(struct shared_base *base);
struct journal *shared_base_open(struct shared_base *base, struct shared_server **server);
/* Tries to open one more. NULL: too many live. */
struct journal *shared_base_try(struct shared_base *base, struct shared_server **server);

/* Moves time on and has every journal do what is due. */
void shared_base_pass(struct shared_base *base, int64_t ms);
/* The last run that was stored is gone, as a row that was readable before it was safe. */
void shared_base_lose_last(struct shared_base *base);
/* How many runs are stored. */
uint32_t shared_base_runs(struct shared_base *base);

/* The next insert's outcome is lost with the connection; kept: what it was to store is stored. */
void shared_server_lose_outcome(struct shared_server *server, bool kept);
/* The rows are out of this server's reach, or no more. */
void shared_server_cut(struct shared_server *server, bool cut);
/* The same, but something answers that they are, as where a database is about to be another. */
void shared_server_refuse(struct shared_server *server, bool refuse);
/* The same, until this server has tried to reach them so often, not 0, in vain. */
void shared_server_replace(struct shared_server *server, uint32_t vain);
/* Out of reach, and whoever goes there waits until there is a hurry. */
void shared_server_bury(struct shared_server *server);
/* Returns once it does wait. */
void shared_server_await_waiting(struct shared_server *server);
/* What this server tells the others is lost from now on, or no more. */
void shared_server_mute(struct shared_server *server, bool mute);
/* What it tells carries no bodies from now on. */
void shared_server_bare(struct shared_server *server);
/* It stands still: its lease is not held. Or goes on. */
void shared_server_freeze(struct shared_server *server, bool freeze);

#endif
