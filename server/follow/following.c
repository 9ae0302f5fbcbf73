/* SPDX-License-Identifier: ISC */
/*
 * following.c: who is loaded, the bound of those in use, and one timer for all kinds.
 */
#include "server/follow/following.h"

#include <stdlib.h>
#include <string.h>

#include "server/follow/followed.h"

struct following_visit {
    STAILQ_ENTRY(following_visit) of_following;
    int64_t at;
    char id[ROOM_ID_BYTES];
};

static struct followed *followed_of(struct table_entry *entry) {
    return entry == NULL
               ? NULL
               : (struct followed *)(void *)((char *)entry - offsetof(struct followed, of_table));
}

bool following_init(struct following *following, struct desk *desk,
                    const struct followed_kind *kind, unsigned max, void *means) {
    *following = (struct following){.desk = desk, .kind = kind, .means = means, .max = max};
    table_init(&following->table,
               offsetof(struct followed, id) - offsetof(struct followed, of_table), ROOM_ID_BYTES);
    TAILQ_INIT(&following->touched);
    TAILQ_INIT(&following->resting);
    STAILQ_INIT(&following->visits);
    if (!table_reserve(&following->table)) {
        return false;
    }
    LIST_INSERT_HEAD(&desk->kinds, following, of_desk);
    return true;
}

void following_free(struct following *following) {
    struct followed *followed;
    struct following_visit *visit;
    while ((visit = STAILQ_FIRST(&following->visits)) != NULL) {
        STAILQ_REMOVE_HEAD(&following->visits, of_following);
        free(visit);
    }
    while ((followed = followed_of(table_next(&following->table, NULL))) != NULL) {
        followed_end(followed);
    }
    LIST_REMOVE(following, of_desk);
    table_free(&following->table);
}

struct followed *following_next(const struct following *following, struct followed *after) {
    return followed_of(table_next(&following->table, after != NULL ? &after->of_table : NULL));
}

struct followed *following_find(const struct following *following, const char *id) {
    return followed_of(table_find(&following->table, id));
}

static int64_t sum(const struct following *following, enum stats_counter counter) {
    return stats_sum(following->desk->means.stats, counter);
}

/* Who rests takes no place: it may be another worker's, which cannot be asked to let it go. */
static bool has_place(const struct following *following) {
    int64_t loaded = sum(following, following->kind->loaded);
    return following->max == 0 ||
           loaded - sum(following, following->kind->resting) < (int64_t)following->max;
}

/* Memory for those that rest is bounded too: the one that has rested longest goes for a new one. */
static void make_place(struct following *following) {
    if (following->max != 0 && !TAILQ_EMPTY(&following->resting) &&
        sum(following, following->kind->loaded) >= (int64_t)following->max) {
        followed_retire(TAILQ_FIRST(&following->resting));
    }
}

static struct followed *enter(struct following *following, const char *id) {
    if (!has_place(following)) {
        return NULL;
    }
    struct followed *followed = following->kind->make();
    if (followed != NULL) {
        make_place(following);
        followed_begin(followed, following, id);
        if (!table_add(&following->table, &followed->of_table)) {
            abort(); /* its first chains are there since following_init */
        }
    }
    return followed;
}

struct followed *following_get(struct following *following, const char *id) {
    struct followed *followed = following_find(following, id);
    if (followed != NULL && followed->state == FOLLOWED_BROKEN && !followed_is_needed(followed)) {
        followed_retire(
            followed); /* it would go at the end of this loop turn: who comes may be luckier */
        followed = NULL;
    }
    if (followed == NULL) {
        return enter(following, id);
    }
    if (followed->resting && !has_place(following)) {
        return NULL;
    }
    followed_awake(followed);
    return followed;
}

/* ---- visits ---- */

/* The last visit up to that moment, or NULL. */
static struct following_visit *last_until(const struct following *following, int64_t at) {
    struct following_visit *visit;
    struct following_visit *last = NULL;
    STAILQ_FOREACH(visit, &following->visits, of_following) {
        if (visit->at > at) {
            return last;
        }
        last = visit;
    }
    return last;
}

void following_visit(struct following *following, const char *id, int64_t at) {
    struct following_visit *visit =
        following->visit_count < FOLLOWING_VISITS_MAX ? calloc(1, sizeof *visit) : NULL;
    if (visit == NULL) {
        return;
    }
    visit->at = at;
    memcpy(visit->id, id, ROOM_ID_BYTES);
    /* Room time does not run back, so it is the last one, or nearly. */
    struct following_visit *before = STAILQ_LAST(&following->visits, following_visit, of_following);
    if (before != NULL && before->at > at) {
        before = last_until(following, at);
    }
    if (before == NULL) {
        STAILQ_INSERT_HEAD(&following->visits, visit, of_following);
    } else {
        STAILQ_INSERT_AFTER(&following->visits, before, visit, of_following);
    }
    following->visit_count++;
    following->desk->means.sweep_wanted(following->desk->means.ctx); /* sets the timer */
}

/* A few of those that are due; the others in the next loop turn. */
static void pay_visits(struct following *following, int64_t now) {
    struct following_visit *visit;
    for (int i = 0; i < FOLLOWING_VISITS_AT_ONCE; i++) {
        visit = STAILQ_FIRST(&following->visits);
        if (visit == NULL || visit->at > now) {
            return;
        }
        struct followed *followed = following_find(following, visit->id);
        if (followed != NULL) {
            followed_touch(followed);
        } else {
            (void)following_get(following, visit->id);
        }
        STAILQ_REMOVE_HEAD(&following->visits, of_following);
        following->visit_count--;
        free(visit);
    }
}

/* ---- all kinds ---- */

struct following *following_of_kind(const struct desk *desk, const struct followed_kind *kind) {
    struct following *following;
    LIST_FOREACH(following, &desk->kinds, of_desk) {
        if (following->kind == kind) {
            return following;
        }
    }
    return NULL;
}

void following_events(struct desk *desk, struct journal_batch *batch) {
    struct following *following;
    LIST_FOREACH(following, &desk->kinds, of_desk) {
        struct followed *followed = following_find(following, journal_batch_room(batch));
        if (followed != NULL) {
            followed_events(followed, batch);
        }
    }
}

static int64_t earlier(int64_t one, int64_t other) {
    return one < 0 || other < one ? other : one;
}

/* Asks to be woken at the earliest moment that any of them waits for. */
static void set_timer(struct desk *desk) {
    const struct following *following;
    const struct followed *followed;
    int64_t wake = -1;
    LIST_FOREACH(following, &desk->kinds, of_desk) {
        LIST_FOREACH(followed, &following->waking, of_waking) {
            wake = earlier(wake, followed->wake);
        }
        const struct following_visit *visit = STAILQ_FIRST(&following->visits);
        wake = visit != NULL ? earlier(wake, visit->at) : wake;
    }
    if (wake != desk->wake) {
        desk->wake = wake;
        desk->means.wake_wanted(desk->means.ctx, wake);
    }
}

static struct followed *next_touched(const struct desk *desk) {
    const struct following *following;
    LIST_FOREACH(following, &desk->kinds, of_desk) {
        if (!TAILQ_EMPTY(&following->touched)) {
            return TAILQ_FIRST(&following->touched);
        }
    }
    return NULL;
}

void following_turn_end(struct desk *desk) {
    struct followed *followed;
    desk->deciding = true;
    while ((followed = next_touched(desk)) != NULL) {
        followed_turn_end(followed);
    }
    desk->deciding = false;
    set_timer(desk);
}

void following_retry(struct desk *desk) {
    struct following *following;
    LIST_FOREACH(following, &desk->kinds, of_desk) {
        while (!LIST_EMPTY(&following->owing)) {
            followed_retry(LIST_FIRST(&following->owing));
        }
    }
}

void following_leases(struct desk *desk) {
    struct following *following;
    LIST_FOREACH(following, &desk->kinds, of_desk) {
        struct followed *followed = followed_of(table_next(&following->table, NULL));
        while (followed != NULL) {
            struct table_entry *after = table_next(&following->table, &followed->of_table);
            followed_leases(followed);
            followed = followed_of(after);
        }
    }
}

void following_tick(struct desk *desk) {
    struct following *following;
    struct followed *followed;
    struct followed *after;
    int64_t now = desk_now(desk);
    desk->wake = -1;
    LIST_FOREACH(following, &desk->kinds, of_desk) {
        LIST_FOREACH_SAFE(followed, &following->waking, of_waking, after) {
            if (followed->wake <= now) {
                followed_woke(followed);
            }
        }
        pay_visits(following, now);
    }
    set_timer(desk);
}
