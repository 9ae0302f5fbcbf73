/* SPDX-License-Identifier: ISC */
/*
 * cohort_table.c: fixed chains, the rest, the dead, and one timer for all.
 */
#include "server/follow/cohort_table.h"

#include <stdlib.h>
#include <string.h>

#include "server/cohort/replica.h"

void cohort_table_init(struct cohort_table *table) {
    *table = (struct cohort_table){.wake = -1};
    TAILQ_INIT(&table->touched);
    TAILQ_INIT(&table->resting);
}

static struct cohort_list *chain_of(const struct hall *hall, const char *id) {
    uint64_t hash = keyhash(&hall->key, id, ROOM_ID_BYTES);
    return (struct cohort_list *)&hall->cohorts.chains[hash % COHORT_CHAINS];
}

struct cohort_replica *cohort_table_find(const struct hall *hall, const char *id) {
    struct cohort_replica *cohort;
    LIST_FOREACH(cohort, chain_of(hall, id), next) {
        if (memcmp(cohort->id, id, ROOM_ID_BYTES) == 0) {
            return cohort;
        }
    }
    return NULL;
}

void cohort_table_enter(struct hall *hall, struct cohort_replica *cohort) {
    LIST_INSERT_HEAD(chain_of(hall, cohort->id), cohort, next);
    hall->cohorts.count++;
    hall_count(hall, STATS_cohorts_loaded, 1);
}

void cohort_table_retire(struct hall *hall, struct cohort_replica *cohort) {
    LIST_REMOVE(cohort, next);
    LIST_INSERT_HEAD(&hall->cohorts.dead, cohort, next);
    hall->cohorts.count--;
    hall_count(hall, STATS_cohorts_loaded, -1);
    hall->means.sweep_wanted(hall->means.ctx);
}

void cohort_table_wake(struct hall *hall, struct cohort_replica *cohort) {
    if (cohort->resting) {
        TAILQ_REMOVE(&hall->cohorts.resting, cohort, rest);
        hall->cohorts.resting_count--;
        cohort->resting = false;
    }
}

void cohort_table_rest(struct hall *hall, struct cohort_replica *cohort) {
    if (cohort->resting) {
        return;
    }
    TAILQ_INSERT_TAIL(&hall->cohorts.resting, cohort, rest);
    cohort->resting = true;
    cohort->wake = -1;
    if (++hall->cohorts.resting_count > COHORT_RESTING_MAX) {
        struct cohort_replica *longest = TAILQ_FIRST(&hall->cohorts.resting);
        cohort_table_wake(hall, longest);
        cohort_replica_retire(longest);
    }
}

void cohort_table_sweep(struct hall *hall) {
    struct attendee *attendee;
    while ((attendee = LIST_FIRST(&hall->cohorts.dead_attendees)) != NULL) {
        LIST_REMOVE(attendee, of_cohort);
        past_free(&attendee->past);
        free(attendee);
    }
    struct cohort_replica *cohort;
    while ((cohort = LIST_FIRST(&hall->cohorts.dead)) != NULL) {
        LIST_REMOVE(cohort, next);
        cohort_replica_free(cohort);
    }
}

void cohort_table_free(struct hall *hall) {
    for (unsigned i = 0; i < COHORT_CHAINS; i++) {
        struct cohort_replica *cohort;
        while ((cohort = LIST_FIRST(&hall->cohorts.chains[i])) != NULL) {
            LIST_REMOVE(cohort, next);
            cohort_replica_free(cohort);
        }
    }
    past_forget(hall);
    cohort_table_sweep(hall);
}

void cohort_table_set_timer(struct hall *hall) {
    int64_t wake = -1;
    for (unsigned i = 0; hall->cohorts.count > hall->cohorts.resting_count && i < COHORT_CHAINS;
         i++) {
        struct cohort_replica *cohort;
        LIST_FOREACH(cohort, &hall->cohorts.chains[i], next) {
            if (cohort->wake >= 0 && (wake < 0 || cohort->wake < wake)) {
                wake = cohort->wake;
            }
        }
    }
    if (wake != hall->cohorts.wake) {
        hall->cohorts.wake = wake;
        hall->means.wake_wanted(hall->means.ctx, wake);
    }
}
