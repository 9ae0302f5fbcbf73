/* SPDX-License-Identifier: ISC */
/*
 * hall.c: the table of replicas, the journal's answers handed to whom they belong, and the sweep.
 */
#include "server/follow/hall.h"

#include <stdlib.h>
#include <string.h>

#include "server/cohort/replica.h"
#include "server/request/request.h"
#include "server/room/replica.h"

enum { BUCKETS_MIN = 64, FREED_BEFORE_SWEEP = 64 };

static bool table_new(struct hall *hall, uint32_t bucket_count) {
    struct replica_queue *buckets = calloc(bucket_count, sizeof *buckets);
    if (buckets == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < bucket_count; i++) {
        STAILQ_INIT(&buckets[i]);
    }
    hall->buckets = buckets;
    hall->bucket_count = bucket_count;
    return true;
}

bool hall_init(struct hall *hall, const struct hall_means *means) {
    *hall = (struct hall){.means = *means};
    STAILQ_INIT(&hall->dead);
    TAILQ_INIT(&hall->resting);
    TAILQ_INIT(&hall->touched);
    TAILQ_INIT(&hall->fetch_line);
    cohort_table_init(&hall->cohorts);
    mp_writer_init(&hall->out);
    mp_writer_init(&hall->own);
    mp_writer_init(&hall->stored);
    if (mp_reader_init(&hall->reader) != MP_OK) {
        return false;
    }
    hall->packs = pack_cache_new();
    keyhash_init(&hall->key);
    if (hall->packs != NULL && table_new(hall, BUCKETS_MIN)) {
        return true;
    }
    pack_cache_free(hall->packs);
    mp_reader_free(&hall->reader);
    return false;
}

void hall_free(struct hall *hall) {
    for (uint32_t i = 0; i < hall->bucket_count; i++) {
        struct replica *replica;
        while ((replica = STAILQ_FIRST(&hall->buckets[i])) != NULL) {
            STAILQ_REMOVE_HEAD(&hall->buckets[i], next);
            replica_free(replica);
        }
    }
    while (!LIST_EMPTY(&hall->errands)) {
        errand_end(LIST_FIRST(&hall->errands));
    }
    cohort_table_free(hall);
    hall_sweep(hall);
    free(hall->buckets);
    pack_cache_free(hall->packs);
    mp_reader_free(&hall->reader);
    mp_writer_free(&hall->out);
    mp_writer_free(&hall->own);
    mp_writer_free(&hall->stored);
}

int64_t hall_now(const struct hall *hall) {
    return hall->means.now(hall->means.time);
}

void hall_count(struct hall *hall, enum stats_counter counter, int64_t amount) {
    stats_add(hall->means.stats, hall->means.writer, counter, amount);
}

static struct replica_queue *chain_of(const struct hall *hall, const char *id) {
    return &hall->buckets[keyhash(&hall->key, id, ROOM_ID_BYTES) & (hall->bucket_count - 1)];
}

struct replica *hall_find(const struct hall *hall, const char *id) {
    struct replica *replica;
    STAILQ_FOREACH(replica, chain_of(hall, id), next) {
        if (memcmp(replica->id, id, ROOM_ID_BYTES) == 0) {
            return replica;
        }
    }
    return NULL;
}

/* Without memory for a larger table the chains merely grow longer. */
static void table_grow(struct hall *hall) {
    struct replica_queue *old = hall->buckets;
    uint32_t count = hall->bucket_count;
    if (!table_new(hall, 2 * count)) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct replica *replica;
        while ((replica = STAILQ_FIRST(&old[i])) != NULL) {
            STAILQ_REMOVE_HEAD(&old[i], next);
            STAILQ_INSERT_HEAD(chain_of(hall, replica->id), replica, next);
        }
    }
    free(old);
}

void hall_wake(struct hall *hall, struct replica *replica) {
    if (replica->resting) {
        TAILQ_REMOVE(&hall->resting, replica, rest);
        hall->resting_count--;
        replica->resting = false;
        hall_count(hall, STATS_rooms_resting, -1);
    }
}

static void retire_longest(struct hall *hall) {
    struct replica *longest = TAILQ_FIRST(&hall->resting);
    hall_wake(hall, longest);
    replica_retire(longest);
}

void hall_rest(struct hall *hall, struct replica *replica) {
    if (replica->resting) {
        return;
    }
    TAILQ_INSERT_TAIL(&hall->resting, replica, rest);
    replica->resting = true;
    hall_count(hall, STATS_rooms_resting, 1);
    if (++hall->resting_count > HALL_RESTING_MAX) {
        retire_longest(hall);
    }
}

/* Who rests takes no place: it may be another worker's, which cannot be asked to let it go. */
bool hall_has_place(const struct hall *hall) {
    int64_t loaded = stats_sum(hall->means.stats, STATS_rooms_loaded);
    return loaded - stats_sum(hall->means.stats, STATS_rooms_resting) <
           (int64_t)hall->means.max_rooms;
}

bool hall_enter(struct hall *hall, struct replica *replica) {
    if (!hall_has_place(hall)) {
        return false;
    }
    if (stats_sum(hall->means.stats, STATS_rooms_loaded) >= (int64_t)hall->means.max_rooms &&
        !TAILQ_EMPTY(&hall->resting)) {
        retire_longest(hall);
    }
    if (hall->replica_count >= hall->bucket_count) {
        table_grow(hall);
    }
    STAILQ_INSERT_HEAD(chain_of(hall, replica->id), replica, next);
    hall->replica_count++;
    hall_count(hall, STATS_rooms_loaded, 1);
    return true;
}

void hall_retire(struct hall *hall, struct replica *replica) {
    STAILQ_REMOVE(chain_of(hall, replica->id), replica, replica, next);
    STAILQ_INSERT_TAIL(&hall->dead, replica, next);
    hall->replica_count--;
    hall_count(hall, STATS_rooms_loaded, -1);
    hall->means.sweep_wanted(hall->means.ctx);
}

void hall_retry(struct hall *hall) {
    while (!LIST_EMPTY(&hall->owing)) {
        replica_retry(LIST_FIRST(&hall->owing));
    }
    while (!LIST_EMPTY(&hall->cohorts.owing)) {
        cohort_replica_retry(LIST_FIRST(&hall->cohorts.owing));
    }
}

void hall_tick(struct hall *hall) {
    int64_t now = hall_now(hall);
    hall->cohorts.wake = -1;
    for (unsigned i = 0; i < COHORT_CHAINS; i++) {
        struct cohort_replica *cohort;
        struct cohort_replica *after;
        LIST_FOREACH_SAFE(cohort, &hall->cohorts.chains[i], next, after) {
            if (cohort->wake >= 0 && cohort->wake <= now) {
                cohort_replica_wake(cohort);
            }
        }
    }
    cohort_table_set_timer(hall);
}

static void wake_journal(struct hall *hall) {
    hall->posts = 0;
    journal_wake(hall->means.journal);
}

void hall_posted(struct hall *hall) {
    hall->posts++;
    if (hall->deciding) {
        return; /* it is woken when all rooms have decided */
    }
    if (hall->posts >= HALL_POSTS_MAX) {
        wake_journal(hall);
    } else if (hall->posts == 1) {
        hall->means.sweep_wanted(hall->means.ctx);
    }
}

/* Has those that were touched in the loop turn decide now, and wakes the journal. */
static void decide_all(struct hall *hall) {
    struct replica *replica = NULL;
    struct cohort_replica *cohort = NULL;
    hall->deciding = true;
    while ((replica = TAILQ_FIRST(&hall->touched)) != NULL ||
           (cohort = TAILQ_FIRST(&hall->cohorts.touched)) != NULL) {
        if (replica != NULL) {
            replica_turn_end(replica);
        } else {
            cohort_replica_turn_end(cohort);
        }
    }
    cohort_table_set_timer(hall);
    hall->deciding = false;
    if (hall->posts > 0) {
        wake_journal(hall);
    }
}

void hall_sweep(struct hall *hall) {
    decide_all(hall);
    struct member *member;
    while ((member = LIST_FIRST(&hall->dead_members)) != NULL) {
        LIST_REMOVE(member, of_room);
        free(member);
    }
    cohort_table_sweep(hall);
    struct replica *replica;
    while ((replica = STAILQ_FIRST(&hall->dead)) != NULL) {
        STAILQ_REMOVE_HEAD(&hall->dead, next);
        replica_free(replica);
        hall->freed++;
    }
    if (hall->freed >= FREED_BEFORE_SWEEP || (hall->freed > 0 && hall->replica_count == 0)) {
        pack_cache_sweep(hall->packs);
        hall->freed = 0;
    }
    if (hall->posts > 0) {
        wake_journal(hall);
    }
}

uint64_t call_token(const struct call *call) {
    return (uint64_t)(uintptr_t)call;
}

void hall_append(struct hall *hall, const char *room, uint32_t expected, const size_t *ends,
                 const uint8_t *const *members, uint32_t count, const struct call *call) {
    struct journal_entry entries[JOURNAL_RUN_MAX];
    for (uint32_t i = 0; i < count; i++) {
        size_t start = i == 0 ? 0 : ends[i - 1];
        entries[i] = (struct journal_entry){.bytes = (const uint8_t *)hall->stored.data + start,
                                            .len = (uint32_t)(ends[i] - start),
                                            .member = members != NULL ? members[i] : NULL};
    }
    struct journal_append append = {.room = room,
                                    .expected = expected,
                                    .entries = entries,
                                    .count = count,
                                    .token = call_token(call)};
    journal_post_append(hall->means.journal, hall->means.listener, &append);
}

static struct call *call_of(uint64_t token) {
    return (struct call *)(uintptr_t)token;
}

void hall_events(struct hall *hall, struct journal_batch *batch) {
    struct replica *replica = hall_find(hall, journal_batch_room(batch));
    if (replica != NULL) {
        replica_events(replica, batch);
    }
    struct cohort_replica *cohort = cohort_table_find(hall, journal_batch_room(batch));
    if (cohort != NULL) {
        cohort_replica_events(cohort, batch);
    }
}

void hall_appended(uint64_t token, enum journal_outcome outcome, uint32_t head) {
    call_of(token)->appended(call_of(token), outcome, head);
}

void hall_history(uint64_t token, bool exists, struct journal_batch *batch) {
    call_of(token)->history(call_of(token), exists, batch);
}

void hall_rooms(uint64_t token, const char *ids, uint32_t count) {
    call_of(token)->rooms(call_of(token), ids, count);
}
