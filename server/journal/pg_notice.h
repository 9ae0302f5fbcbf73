/* SPDX-License-Identifier: ISC */
/*
 * pg_notice.h: what servers tell each other through the database, as text.
 *
 *     BOOT N ID run ROOM POS COUNT BODY     a run was kept; BODY is - if it has to be read
 *     BOOT N ID trip TO PART OF BODY        a piece of what is no event (journal_post_trip)
 *
 * N counts what a server has told. Bodies are base64url. Pure.
 */
#ifndef SPAR_SERVER_JOURNAL_PG_NOTICE_H
#define SPAR_SERVER_JOURNAL_PG_NOTICE_H

#include "server/journal/shared.h"

enum {
    NOTICE_BODY_MAX = 5600, /* bytes; the payload's bound is 7,999 characters */
    NOTICE_MAX = 7999,
    NOTICE_PARTS_MAX = (JOURNAL_TRIP_MAX + NOTICE_BODY_MAX - 1) / NOTICE_BODY_MAX
};

enum pg_notice_kind { PG_NOTICE_RUN, PG_NOTICE_TRIP };

struct pg_notice {
    int64_t boot, n;
    enum pg_notice_kind kind;
    struct shared_notice what; /* of a run; borrows from this */
    int64_t to;                /* of a trip: a boot, or 0 */
    uint32_t part, of;
    char id[ROOM_ID_BYTES + 1];
    size_t len; /* of body */
    uint8_t body[NOTICE_BODY_MAX];
};

void pg_notice_write_run(int64_t boot, int64_t n, const struct run *run, char text[NOTICE_MAX + 1]);
/* How many pieces a trip of that length has, at least one. */
uint32_t pg_notice_parts(size_t len);
/* One of them. */
void pg_notice_write_trip(int64_t boot, int64_t n, const struct shared_trip *trip, uint32_t part,
                          char text[NOTICE_MAX + 1]);
/* False: it is no notice of a server's. Changes the text. */
bool pg_notice_read(char *text, struct pg_notice *notice) __attribute__((warn_unused_result));

/* A trip that is put together from its pieces; zeroed before the first. */
struct pg_pieces {
    int64_t boot, n; /* of the last piece */
    uint32_t part, of;
    size_t len;
    uint8_t bytes[NOTICE_PARTS_MAX * NOTICE_BODY_MAX];
};
/* True: it is whole, in `pieces`. A piece of one whose beginning was lost counts for nothing. */
bool pg_pieces_add(struct pg_pieces *pieces, const struct pg_notice *notice);

#endif
