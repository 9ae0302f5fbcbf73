/* SPDX-License-Identifier: ISC */
/*
 * part.h: what the parts of a cohort's fold (cohort*.c) share; private to them.
 *
 * Every action has one row in cohort.c. `fill` completes a command's body; `check` says whether the
 * event may happen in this state and is asked by both decide and apply, so that nothing is ever
 * folded that could not have been decided; `apply` allocates first and changes the state only when
 * nothing can fail any more.
 */
#ifndef SPAR_PROTOCOL_COHORT_PART_H
#define SPAR_PROTOCOL_COHORT_PART_H

#include "protocol/cohort/cohort.h"

typedef void cohort_fill(const struct cohort *cohort, struct body *body);
typedef enum refusal cohort_check(const struct cohort *cohort, const struct body *body);
typedef enum apply_result cohort_change(struct cohort *cohort, const struct event *event);

cohort_fill enter_fill, wait_fill;
cohort_check evening_check, coming_check;
cohort_change evening_apply, coming_apply;
/* Adds a name to a list of them, behind a comma. False: there is no place. */
bool names_add(const char *name, size_t *len, char out[COHORT_NAMES_MAX_BYTES + 1]);
cohort_check pass_check, move_check;
cohort_change pass_apply, move_apply;
cohort_check admit_check, avoid_check, report_check;
cohort_change admit_apply, avoid_apply, report_apply;
cohort_check enter_check, wait_check, gone_check, leave_check, match_check, opened_check,
    came_check, free_check;
cohort_change enter_apply, wait_apply, gone_apply, leave_apply, match_apply, opened_apply,
    came_apply, free_apply;

/* Whether the member whom it is about has its share left for that. Asked by decide alone: what was
 * written before there were shares goes on being folded. */
enum refusal cohort_share_check(const struct cohort *cohort, const struct body *body);
/* Counts what has been applied. */
void cohort_share_count(struct cohort *cohort, const struct body *body);
/* Whether these two can have this match: who waits for what, not when. */
enum refusal pair_check(const struct cohort *cohort, const struct lobby_match *match);
/* The same of what the two ask for, packs and persons aside. */
bool pair_agrees(const struct cohort_member *interviewer, const struct cohort_member *candidate);
/* The packs that would suit them, as bits. */
uint64_t pair_packs(const struct cohort_member *interviewer, const struct cohort_member *candidate,
                    const struct cohort *cohort);
/* Adds a room at its end. The caller has made sure that there is memory (cohort_room_space). */
bool cohort_room_space(struct cohort *cohort) __attribute__((warn_unused_result));
void cohort_room_add(struct cohort *cohort, struct span id, struct span title, int64_t at);
/* Everybody who is not let in any more leaves the queue and the matches. */
void pair_withdraw(struct cohort *cohort, int64_t at);
/* The match of a room that has ended, if it stands, falls through: who came is idle, the other goes
 * first. */
void pair_ended(struct cohort *cohort, struct span room, int64_t at);
/* Where a key belongs in order->at[0..count): the place of the first that is not less. `key` points
 * to `size` bytes; `base` and `stride` give those of each entry. */
uint32_t order_place(const struct cohort_order *order, uint32_t count, const void *key, size_t size,
                     const void *base, size_t stride);
/* Puts an index in at that place. There must be memory. */
void order_insert(struct cohort_order *order, uint32_t count, uint32_t place, uint32_t index);
/* Takes out what is at that place of `count`. */
void order_remove(struct cohort_order *order, uint32_t count, uint32_t place);

/* room.c's: makes room for `need` entries of `size` bytes. False: out of memory; nothing is
 * lost. */
bool part_grow(void **array, uint32_t *cap, uint32_t need, size_t size)
    __attribute__((warn_unused_result));

#endif
