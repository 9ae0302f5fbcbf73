/* SPDX-License-Identifier: ISC */
/*
 * turn.c: a log may be large, so only LOGS_HELD_MAX of a worker are in memory at once for what
 * peers ask, however much they ask; whoever wants one stands in line.
 *
 * Invariant: a turn is in the line, or holds one of those logs, or neither.
 */
#include <string.h>

#include "server/request/request.h"

/* The next in line may have their logs, as far as there is place. */
static void call_next(struct requests *requests) {
    struct log_turn *turn;
    while (requests->logs_held < LOGS_HELD_MAX && (turn = TAILQ_FIRST(&requests->line)) != NULL) {
        TAILQ_REMOVE(&requests->line, turn, of_line);
        turn->in_line = false;
        turn->holds = true;
        requests->logs_held++;
        turn->request->asking = true;
        desk_read(requests->desk, turn->log, turn->call);
    }
}

void log_turn_wait(struct log_turn *turn, const char *log) {
    struct requests *requests = turn->request->requests;
    if (!turn->in_line) {
        memcpy(turn->log, log, ROOM_ID_BYTES);
        turn->in_line = true;
        TAILQ_INSERT_TAIL(&requests->line, turn, of_line);
    }
    call_next(requests);
}

void log_turn_end(struct log_turn *turn) {
    struct requests *requests = turn->request->requests;
    if (turn->in_line) {
        TAILQ_REMOVE(&requests->line, turn, of_line);
        turn->in_line = false;
    }
    if (turn->holds) {
        turn->holds = false;
        requests->logs_held--;
        call_next(requests);
    }
}

bool log_turn_is_wanted(const struct requests *requests) {
    return !TAILQ_EMPTY(&requests->line);
}
