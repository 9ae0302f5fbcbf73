/* SPDX-License-Identifier: ISC */
/*
 * drain.h: waits until a server has handed its people over to the others on its journal.
 *
 * The server is told so by its row in the journal; that it has done so is seen from its beats. Main
 * thread; no I/O.
 */
#ifndef SPAR_SERVER_OPERATE_DRAIN_H
#define SPAR_SERVER_OPERATE_DRAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "server/journal/journal.h"

enum {
    DRAIN_LOOK_MS = 50,  /* between two looks */
    DRAIN_MAX_MS = 10000 /* then it is given up; by then all have been cut off */
};

struct drain {
    uint32_t boot; /* the server's; 0: none */
    int64_t began; /* monotonic ms */
    int64_t had;   /* connections */
    bool self;     /* the server that is asked */
    char title[NODE_ADDRESS_MAX + 1];
};

/* Finds the server: an address or a lease's number; "": the one that is asked. Afterwards
 * journal_post_drain is due. False, with a sentence in `line` (JOURNAL_LINE_MAX bytes). */
bool drain_begin(struct drain *drain, struct journal *journal, const char *sought, int64_t now,
                 char *line) __attribute__((warn_unused_result));
/* How far it is, with a sentence in `line` unless it goes on. */
enum journal_said drain_look(const struct drain *drain, struct journal *journal, int64_t now,
                             char *line);

#endif
