/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a journal's listener that writes down what it hears, as lines of text, and can be waited
 * for.
 *
 *     "TOKEN committed|conflict|failed head HEAD"     "ROOM POS=BYTES …"     (events; long batches
 * are cut) "TOKEN history POS=BYTES …"     "TOKEN no room"     "TOKEN unread"
 *     "TOKEN damaged POS=BYTES …"     "TOKEN rooms
 * COUNT ID …"     "TOKEN rooms unread"     "ROOM gone|changed"     "ROOM trip LENGTH SUM" "TOKEN
 * goes on|done|not done: SENTENCE"
 */
#ifndef SPAR_TESTS_SUPPORT_JOURNAL_EAR_H
#define SPAR_TESTS_SUPPORT_JOURNAL_EAR_H

#include <pthread.h>
#include <stdint.h>

#include "protocol/wire/event.h"
#include "server/journal/journal.h"

enum { HEARD_MAX = 8192, LINE_BYTES = 96 };

struct ear {
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct journal *journal;
    int id;
    uint32_t last;  /* of the one room that check_race follows */
    unsigned posts; /* what one that wakes the journal itself was told of */
    bool holds;     /* the journal's thread stays at the next line */
    bool cut;       /* the journal has said that it is */
    bool drained;   /* and that it hands its people over */
    unsigned lost;  /* times that trips may have been lost */
    unsigned gaps;  /* events that did not follow on `last` */
    unsigned count;
    char heard[HEARD_MAX][LINE_BYTES];
};

/* Listens to `journal`; aborts without memory. */
struct ear *ear_new(struct journal *journal);
/* One that wakes the journal itself (journal_wake). */
struct ear *ear_new_waking(struct journal *journal);
void ear_free(struct ear *ear);
/* The journal's thread stays where it tells this ear its next line, until it is let go: what is
 * posted meanwhile it takes at once, however slowly the machine lets it be posted. */
void ear_hold(struct ear *ear, bool on);
/* Waits until the journal has said that it is cut off, or is no more. */
void await_cut(struct ear *ear, bool cut);
/* The same for its handing people over. */
void await_drained(struct ear *ear);
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
/* Posts an append of an event as it is stored, with that place and room time. */
void append_event(struct ear *ear, const char *room, uint32_t pos, int64_t at,
                  const struct event *event, const uint8_t *member, uint64_t token);
/* One that stands upon the ear's last append to the room. */
void append_chained(struct ear *ear, const char *room, uint32_t expected, const char *text,
                    uint64_t token);
/* The other posts; each aborts without memory. */
void ear_read(struct ear *ear, const char *room, uint32_t after, uint64_t token);
void ear_follow(struct ear *ear, const char *room, uint32_t after, uint64_t token);
void ear_rooms_of(struct ear *ear, const uint8_t *key, uint64_t token);
/* Of so many bytes, all of them `byte`; SUM is of all. */
void ear_trip(struct ear *ear, const char *room, uint32_t to, uint8_t byte, uint32_t len);
/* Waits for a line that begins so. */
void find_line(struct ear *ear, const char *begin);
void ear_chore_of(struct ear *ear, enum journal_chore chore, const char *of, uint64_t token);

#endif
