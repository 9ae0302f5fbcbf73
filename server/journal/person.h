/* SPDX-License-Identifier: ISC */
/*
 * person.h: what of a log is of one key, so that it can be forgotten.
 *
 * A room in which the key interviewed or was the candidate is that person's as a whole: whatever
 * the others wrote there is about them. Where it only coached, and in a cohort, its name, its key
 * and its words go, and the log stays what it is to the others: a seat or a member called
 * "forgotten", whose key nobody has. The log is read twice: looked at, and then rewritten. Pure.
 */
#ifndef SPAR_SERVER_JOURNAL_PERSON_H
#define SPAR_SERVER_JOURNAL_PERSON_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/limits.h"
#include "protocol/wire/event.h"

enum person_part {
    PERSON_ABSENT,
    PERSON_WORDS, /* its name, key and words are to be rewritten */
    PERSON_WHOLE  /* the log goes */
};

struct person {
    uint8_t key[HASH_BYTES];
    uint8_t salt[HASH_BYTES]; /* random, and kept nowhere: of the keys that take the place of its */
    enum person_part part;    /* of the log that is looked at */
    uint32_t seats;           /* bits: those that it holds at this point of a room's log */
    uint8_t members[COHORT_MEMBERS_MAX / 8 + 1]; /* bits: those that it has ever been of a cohort */
    char name[NAME_MAX_BYTES + 1];               /* its last one at this point */
    uint8_t stand_in[HASH_BYTES];                /* what a rewritten event's key borrows */
};

/* Before a log's first event, and again before it is rewritten (whose part stays). */
void person_begin(struct person *person);
void person_again(struct person *person);
/* The log's next event. */
void person_look(struct person *person, const struct event *event);
/* Rewrites the log's next event, whose texts then borrow from `person` until the next call. False:
 * there is nothing of the person in it. */
bool person_rewrite(struct person *person, struct event *event) __attribute__((warn_unused_result));

#endif
