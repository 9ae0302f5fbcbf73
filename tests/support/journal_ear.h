/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a journal's listener that writes down what it hears, as lines of text, and can be waited
 * for.
 *
 *     "TOKEN committed|conflict|failed head HEAD"     "ROOM POS=BYTES …"     (events; long batches
 * are cut) "TOKEN history POS=BYTES …"     "TOKEN no room"     "TOKEN unread"
 *     "TOKEN damaged POS=BYTES …"     "TOKEN rooms
 * COUNT ID …"
 */
#ifndef SPAR_TESTS_SUPPORT_JOURNAL_EAR_H
#define SPAR_TESTS_SUPPORT_JOURNAL_EAR_H

#include <pthread.h>
#include <stdint.h>

#include "server/journal/journal.h"

enum { HEARD_MAX = 8192, LINE_BYTES = 96 };

struct ear {
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct journal *journal;
    int id;
    uint32_t last;  /* of the one room that check_race follows */
    unsigned posts; /* what one that wakes the journal itself was told of */
    unsigned gaps;  /* events that did not follow on `last` */
    unsigned count;
    char heard[HEARD_MAX][LINE_BYTES];
};

/* Listens to `journal`; aborts without memory. */
struct ear *ear_new(struct journal *journal);
/* One that wakes the journal itself (journal_wake). */
struct ear *ear_new_waking(struct journal *journal);
void ear_free(struct ear *ear);
/* The line number `index` that was heard, waited for. */
const char *heard(struct ear *ear, unsigned index);
/* Asserts that it is `line`. */
void expect(struct ear *ear, unsigned index, const char *line);
/* Waits for position `last` of the one room that the ear follows, and asserts that none was left
 * out or came twice. */
void await_last(struct ear *ear, uint32_t last);
/* Posts an append of `text`; member: NULL, or HASH_BYTES of a key. */
void append_as(struct ear *ear, const char *room, uint32_t expected, const char *text,
               uint64_t token, const uint8_t *member);
/* Posts an append of one event for each letter; member: of the last. */
void append_run(struct ear *ear, const char *room, uint32_t expected, const char *letters,
                uint64_t token, const uint8_t *member);
void append(struct ear *ear, const char *room, uint32_t expected, const char *text, uint64_t token);

#endif
