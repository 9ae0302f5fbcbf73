/* SPDX-License-Identifier: ISC */
/*
 * keeper.h: has the journal look, now and then, for what is kept no longer: rooms and cohorts in
 * which nothing has happened for as long as the operator keeps them, and rooms whose own time is
 * over (journal/term.h).
 *
 * It also says in the log what keeps the journal from storing.
 *
 * The main thread's; what the journal says of it goes to the log from the journal's thread.
 */
#ifndef SPAR_SERVER_OPERATE_KEEPER_H
#define SPAR_SERVER_OPERATE_KEEPER_H

#include <event2/event.h>
#include <stdint.h>

#include "server/base/log.h"
#include "server/base/room_time.h"
#include "server/journal/journal.h"

struct keeper;

struct keeper_means {
    struct event_base *base;
    struct journal *journal;
    struct log *log;
    const struct room_time *time;
    int64_t keep_ms; /* room time; 0: for good */
};

/* NULL: out of memory. Before anything is posted to the journal. */
struct keeper *keeper_new(const struct keeper_means *means) __attribute__((warn_unused_result));
/* No more looks. NULL: nothing. */
void keeper_stop(struct keeper *keeper);
/* Once the journal is closed. NULL: nothing. */
void keeper_free(struct keeper *keeper);

#endif
