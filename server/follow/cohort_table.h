/* SPDX-License-Identifier: ISC */
/*
 * cohort_table.h: a hall's replicas of cohorts, found by id, and those that rest or wait to be
 * freed.
 *
 * Kept apart from the rooms': a cohort is loaded for a handful of logs, not for thousands. Nothing
 * is freed while it may still be in use further up the stack: the dead wait for cohort_table_sweep.
 * The hall's thread.
 */
#ifndef SPAR_SERVER_FOLLOW_COHORT_TABLE_H
#define SPAR_SERVER_FOLLOW_COHORT_TABLE_H

#include <bsd/sys/queue.h>
#include <stdbool.h>
#include <stdint.h>

struct attendee;
struct cohort_replica;
struct hall;
struct search;

enum { COHORT_CHAINS = 256 };

LIST_HEAD(cohort_list, cohort_replica);
TAILQ_HEAD(cohort_rest, cohort_replica);

struct cohort_table {
    struct cohort_list chains[COHORT_CHAINS];
    struct cohort_list dead, owing;
    struct cohort_rest touched; /* that are looked at when the loop turn ends */
    struct cohort_rest resting; /* the longest first */
    uint32_t count, resting_count;
    LIST_HEAD(, attendee) dead_attendees;
    LIST_HEAD(, search) searches; /* see room/past_prompts.h */
    int64_t wake; /* what the hall's owner has been asked for, room time; -1: nothing */
};

void cohort_table_init(struct cohort_table *table);
/* Frees everything in it. */
void cohort_table_free(struct hall *hall);
/* The replica of a cohort that is loaded here, or NULL. id: ROOM_ID_BYTES. */
struct cohort_replica *cohort_table_find(const struct hall *hall, const char *id);
void cohort_table_enter(struct hall *hall, struct cohort_replica *cohort);
void cohort_table_retire(struct hall *hall, struct cohort_replica *cohort);
/* Ends the rest of one that rests. */
void cohort_table_wake(struct hall *hall, struct cohort_replica *cohort);
/* Keeps one that nobody needs now, at the cost of its memory only. */
void cohort_table_rest(struct hall *hall, struct cohort_replica *cohort);
void cohort_table_sweep(struct hall *hall);
/* Asks the hall's owner to wake it at the earliest moment that any of them waits for. */
void cohort_table_set_timer(struct hall *hall);

#endif
