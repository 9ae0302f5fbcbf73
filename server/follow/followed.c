/* SPDX-License-Identifier: ISC */
/*
 * followed.c: see followed.h. Of the kinds it knows only their table.
 */
#include "server/follow/followed.h"

#include <stdlib.h>
#include <string.h>

static const struct followed_kind *kind_of(const struct followed *followed) {
    return followed->following->kind;
}

/* The only place where a followed log's state changes. */
static void set_state(struct followed *followed, enum followed_state to) {
    static const unsigned allowed[] = {
        [FOLLOWED_LOADING] = 1 << FOLLOWED_READY | 1 << FOLLOWED_BROKEN,
        [FOLLOWED_READY] = 1 << FOLLOWED_BROKEN | 1 << FOLLOWED_RETIRED,
        [FOLLOWED_BROKEN] = 1 << FOLLOWED_RETIRED,
        [FOLLOWED_RETIRED] = 0,
    };
    if ((allowed[followed->state] & 1U << to) == 0) {
        log_error(followed->desk->means.log, "fatal",
                  LOG_S("what", "impossible state of a followed log"),
                  LOG_S("kind", kind_of(followed)->name), LOG_I("from", followed->state),
                  LOG_I("to", to));
        abort();
    }
    followed->state = to;
}

/* ---- its turn ---- */

void followed_touch(struct followed *followed) {
    struct desk *desk = followed->desk;
    if (!followed->touched && followed->state != FOLLOWED_RETIRED) {
        followed->touched = true;
        TAILQ_INSERT_TAIL(&followed->following->touched, followed, of_turn);
        desk->means.sweep_wanted(desk->means.ctx);
    }
}

static void untouch(struct followed *followed) {
    if (followed->touched) {
        followed->touched = false;
        TAILQ_REMOVE(&followed->following->touched, followed, of_turn);
    }
}

void followed_add(struct followed *followed, struct followed_job *job) {
    followed_awake(followed);
    STAILQ_INSERT_TAIL(&followed->jobs, job, next);
    followed_touch(followed);
}

struct followed_job *followed_first(const struct followed *followed) {
    return STAILQ_FIRST(&followed->jobs);
}

static struct followed_job *pop(struct followed_jobs *jobs) {
    struct followed_job *job = STAILQ_FIRST(jobs);
    STAILQ_REMOVE_HEAD(jobs, next);
    return job;
}

struct followed_job *followed_pop(struct followed *followed) {
    return pop(&followed->jobs);
}

void followed_wake_at(struct followed *followed, int64_t at) {
    if (followed->wake >= 0) {
        LIST_REMOVE(followed, of_waking);
    }
    followed->wake = at;
    if (at >= 0) {
        LIST_INSERT_HEAD(&followed->following->waking, followed, of_waking);
    }
}

void followed_woke(struct followed *followed) {
    followed_wake_at(followed, -1);
    if (followed->state == FOLLOWED_READY) {
        kind_of(followed)->woke(followed);
    }
    followed_touch(followed);
}

void followed_leases(struct followed *followed) {
    if (followed->state == FOLLOWED_READY) {
        kind_of(followed)->leases(followed);
        followed_touch(followed);
    }
}

/* ---- rest and end ---- */

void followed_awake(struct followed *followed) {
    struct following *following = followed->following;
    if (followed->resting) {
        TAILQ_REMOVE(&following->resting, followed, of_rest);
        following->resting_count--;
        followed->resting = false;
        desk_count(followed->desk, following->kind->resting, -1);
    }
}

/* Keeps one that nobody needs now, at the cost of its memory only: no timer. It retires when too
 * many rest, when its place is needed, or when its log goes on elsewhere. */
static void rest(struct followed *followed) {
    struct following *following = followed->following;
    if (followed->resting) {
        return;
    }
    TAILQ_INSERT_TAIL(&following->resting, followed, of_rest);
    followed->resting = true;
    followed_wake_at(followed, -1);
    desk_count(followed->desk, following->kind->resting, 1);
    if (++following->resting_count > following->kind->resting_max) {
        followed_retire(TAILQ_FIRST(&following->resting));
    }
}

static void free_jobs(struct followed_jobs *jobs) {
    struct followed_job *job;
    while ((job = STAILQ_FIRST(jobs)) != NULL) {
        STAILQ_REMOVE_HEAD(jobs, next);
        free(job);
    }
}

static void free_now(struct followed *followed) {
    const struct followed_kind *kind = kind_of(followed);
    followed->following->freed++;
    free_jobs(&followed->flying);
    free_jobs(&followed->jobs);
    free_jobs(&followed->owed);
    followed_forget(followed);
    walk_end(&followed->folding);
    news_forget(&followed->news);
    kind->free(followed);
}

static void free_buried(struct grave *grave) {
    free_now((struct followed *)grave);
}

/* Leaves the table and all queues. */
static void leave(struct followed *followed) {
    followed_awake(followed);
    followed_wake_at(followed, -1);
    untouch(followed);
    if (followed->owes) {
        followed->owes = false;
        LIST_REMOVE(followed, of_owing);
    }
    table_remove(&followed->following->table, &followed->of_table);
    desk_count(followed->desk, kind_of(followed)->loaded, -1);
}

/* Somebody may have asked for the same log as one of another kind. */
static bool is_followed_besides(const struct followed *followed) {
    const struct following *following;
    LIST_FOREACH(following, &followed->desk->kinds, of_desk) {
        if (following != followed->following && following_find(following, followed->id) != NULL) {
            return true;
        }
    }
    return false;
}

void followed_retire(struct followed *followed) {
    struct desk *desk = followed->desk;
    set_state(followed, FOLLOWED_RETIRED);
    leave(followed);
    if (!is_followed_besides(followed)) {
        journal_post_unfollow(desk->means.journal, desk->means.listener, followed->id);
    }
    kind_of(followed)->retired(followed);
    desk_bury(desk, &followed->grave, free_buried);
}

void followed_end(struct followed *followed) {
    leave(followed);
    free_now(followed);
}

bool followed_is_needed(const struct followed *followed) {
    /* An unanswered question keeps it: the answer names it. */
    return followed->state == FOLLOWED_LOADING || followed->in_flight > 0 || followed->looking ||
           followed->owes || !STAILQ_EMPTY(&followed->jobs) || kind_of(followed)->held(followed);
}

/* ---- what is owed ---- */

void followed_owe(struct followed *followed) {
    struct desk *desk = followed->desk;
    if (!followed->owes) {
        followed->owes = true;
        LIST_INSERT_HEAD(&followed->following->owing, followed, of_owing);
    }
    desk->means.retry_wanted(desk->means.ctx);
}

/* Nobody else asks for it, so the server goes on trying; what it has to write behind that keeps its
 * turn. */
static void job_owed(struct followed *followed, struct followed_job *job) {
    STAILQ_INSERT_TAIL(&followed->owed, job, next);
    followed_owe(followed);
    kind_of(followed)->owing(followed, job);
}

/* Puts all of `first` before the jobs that wait. */
static void put_before(struct followed *followed, struct followed_jobs *first) {
    STAILQ_CONCAT(first, &followed->jobs);
    STAILQ_CONCAT(&followed->jobs, first);
}

/* What is owed comes before what was added since. */
static void take_owed(struct followed *followed) {
    if (followed->owes) {
        followed->owes = false;
        LIST_REMOVE(followed, of_owing);
        put_before(followed, &followed->owed);
    }
}

void followed_retry(struct followed *followed) {
    take_owed(followed);
    followed_touch(followed);
}

/* ---- what the journal says ---- */

void followed_break(struct followed *followed, enum refusal why, const char *what) {
    const struct followed_kind *kind = kind_of(followed);
    if (what != NULL) {
        log_error(followed->desk->means.log, kind->broke_as, LOG_S(kind->name, followed->id),
                  LOG_U("pos", kind->pos(followed)), LOG_S("why", what));
    }
    followed->broken = why;
    set_state(followed, FOLLOWED_BROKEN);
    take_owed(followed);
    followed_touch(followed);
    kind->broke(followed);
}

bool followed_note(struct followed *followed, const struct event *event, const char *stored,
                   size_t len) {
    struct followed_decided *decided = malloc(sizeof *decided + len + body_bytes(&event->body));
    if (decided == NULL) {
        followed_forget(followed);
        return false;
    }
    decided->len = len;
    decided->event = *event;
    memcpy(decided->bytes, stored, len);
    body_copy(&decided->event.body, &event->body, decided->bytes + len);
    STAILQ_INSERT_TAIL(&followed->decided, decided, next);
    return true;
}

void followed_forget(struct followed *followed) {
    struct followed_decided *decided;
    while ((decided = STAILQ_FIRST(&followed->decided)) != NULL) {
        STAILQ_REMOVE_HEAD(&followed->decided, next);
        free(decided);
    }
}

/* Takes the first event that was noted, if that is what has come back. Where another worker's has
 * its place, nothing that is in flight will be kept. */
static struct followed_decided *come_back(struct followed *followed, struct journal_event stored) {
    struct followed_decided *first = STAILQ_FIRST(&followed->decided);
    if (first == NULL || first->event.pos != stored.pos) {
        return NULL;
    }
    if (first->len != stored.len || memcmp(first->bytes, stored.bytes, stored.len) != 0) {
        followed->severed = true;
        followed_forget(followed);
        return NULL;
    }
    STAILQ_REMOVE_HEAD(&followed->decided, next);
    return first;
}

/* False: the log cannot be folded. */
static bool take(struct followed *followed, struct journal_event stored) {
    struct event event;
    if (stored.pos <= kind_of(followed)->pos(followed)) {
        return true;
    }
    struct followed_decided *own = come_back(followed, stored);
    if (own != NULL) {
        bool taken = kind_of(followed)->take(followed, &own->event);
        free(own);
        return taken;
    }
    return event_read_stored(&followed->desk->reader, stored.bytes, stored.len, &event) &&
           event.pos == stored.pos && kind_of(followed)->take(followed, &event);
}

static bool take_some(struct followed *followed, const struct journal_batch *batch, uint32_t from,
                      uint32_t to) {
    for (uint32_t i = from; i < to; i++) {
        if (!take(followed, journal_batch_at(batch, i))) {
            return false;
        }
    }
    return true;
}

static bool take_all(struct followed *followed, const struct journal_batch *batch) {
    return take_some(followed, batch, 0, journal_batch_count(batch));
}

static bool fold_slice(struct walk *walk, uint32_t to) {
    return take_some(walk->owner, walk->batch, walk->next, to);
}

/* What came meanwhile is folded like what comes from now on. */
static void fold_news(struct followed *followed) {
    struct journal_batch *batch;
    while ((batch = news_pop(&followed->news)) != NULL) {
        followed_events(followed, batch);
        journal_batch_unref(batch);
    }
}

static void folded(struct walk *walk, struct journal_batch *batch, bool whole) {
    struct followed *followed = walk->owner;
    if (whole) {
        set_state(followed, FOLLOWED_READY);
        kind_of(followed)->opened(followed, batch);
        fold_news(followed);
    } else {
        followed_break(followed, REFUSAL_INTERNAL, "the log cannot be folded");
        news_forget(&followed->news);
    }
    followed_touch(followed);
}

bool followed_is_folding(const struct followed *followed) {
    return followed->folding.batch != NULL;
}

static void loaded(struct call *call, bool exists, struct journal_batch *batch) {
    struct followed *followed = call->owner;
    const struct followed_kind *kind = kind_of(followed);
    if (batch == NULL) {
        followed_break(followed, REFUSAL_STORAGE, NULL);
    } else if (journal_batch_is_damaged(batch)) {
        log_error(followed->desk->means.log, "log.damaged", LOG_S(kind->name, followed->id),
                  LOG_U("good", kind->pos(followed) + journal_batch_count(batch)));
        followed_break(followed, REFUSAL_DAMAGED, NULL);
    } else if (!kind->fits(followed, exists, batch)) {
        followed_break(followed, kind->none_such, NULL);
    } else {
        walk_begin(&followed->folding, followed->desk, batch);
    }
    followed_touch(followed);
}

/* Without what is between the log could not be folded any further. */
static void keep_news(struct followed *followed, struct journal_batch *batch) {
    if (!news_add(&followed->news, batch)) {
        walk_end(&followed->folding);
        news_forget(&followed->news);
        followed_break(followed, REFUSAL_INTERNAL, "no memory for what came while it loads");
    }
}

/* Somebody was forgotten: who is here comes back to what is left, if anything is. */
static void changed(struct followed *followed, const struct journal_batch *batch) {
    if (followed->resting) {
        followed_retire(followed);
    } else {
        const uint8_t *who = journal_batch_forgotten(batch);
        if (who != NULL) {
            memcpy(followed->forgotten, who, HASH_BYTES);
        }
        followed_break(followed, who == NULL ? REFUSAL_FORGOTTEN : REFUSAL_STALE, NULL);
    }
}

enum refusal followed_broken(const struct followed *followed, const uint8_t *key) {
    bool is =
        followed->broken == REFUSAL_STALE && memcmp(followed->forgotten, key, HASH_BYTES) == 0;
    return is ? REFUSAL_FORGOTTEN : followed->broken;
}

void followed_events(struct followed *followed, struct journal_batch *batch) {
    if (followed_is_folding(followed)) {
        keep_news(followed, batch);
        return;
    }
    /* Before the history is here, these are events of before it followed, which that will hold. */
    if (followed->state != FOLLOWED_READY) {
        return;
    }
    if (journal_batch_is_changed(batch)) {
        changed(followed, batch);
        return;
    }
    if (followed->resting) {
        /* It goes on at another worker: folding along here would cost each event once more. */
        followed_retire(followed);
        return;
    }
    if (take_all(followed, batch)) {
        kind_of(followed)->folded(followed, batch);
    } else {
        followed_break(followed, REFUSAL_INTERNAL, "an event cannot be folded");
    }
    followed_touch(followed);
}

/* Durable; where the log cannot be folded any more, nobody can be shown it. */
static void committed(struct followed *followed) {
    const struct followed_kind *kind = kind_of(followed);
    for (uint32_t left = followed->flight.ends; left > 0; left--) {
        struct followed_job *job = pop(&followed->flying);
        if (followed->state == FOLLOWED_BROKEN) {
            kind->refused(followed, job, followed->broken);
        } else {
            kind->committed(followed, job);
        }
    }
    if (followed->flight.jobs == 0 && kind->kept != NULL) {
        kind->kept(followed);
    }
}

static void failed(struct followed *followed) {
    const struct followed_kind *kind = kind_of(followed);
    log_error(followed->desk->means.log, "append.failed", LOG_S(kind->name, followed->id),
              LOG_S("action", action_row(followed->flight.act)->wire),
              LOG_U("events", followed->flight.events));
    if (followed->flight.jobs == 0) {
        followed_owe(followed);
    }
    for (uint32_t left = followed->flight.jobs; left > 0; left--) {
        struct followed_job *job = pop(&followed->flying);
        if (job->servers_own && followed->state != FOLLOWED_BROKEN) {
            job_owed(followed, job);
        } else {
            kind->refused(followed, job, REFUSAL_STORAGE);
        }
    }
}

/* The oldest flight is the one that was answered. */
static void take_flight(struct followed *followed) {
    followed->flight = followed->flights[0];
    followed->in_flight--;
    memmove(followed->flights, followed->flights + 1,
            followed->in_flight * sizeof *followed->flights);
}

static void appended(struct call *call, enum journal_outcome outcome, uint32_t head) {
    struct followed *followed = call->owner;
    const struct followed_kind *kind = kind_of(followed);
    take_flight(followed);
    if (outcome != JOURNAL_COMMITTED) {
        followed->severed = true;
        followed_forget(followed);
        kind->dropped(followed);
    }
    if (outcome == JOURNAL_COMMITTED) {
        committed(followed);
    } else if (outcome == JOURNAL_FAILED) {
        failed(followed);
    } else if (head != kind->pos(followed) && followed->state == FOLLOWED_READY) {
        followed_break(followed, REFUSAL_INTERNAL, "the journal did not tell of a change");
    } else {
        desk_count(followed->desk, STATS_conflicts, 1);
    }
    if (followed->in_flight == 0) {
        followed->severed = false;
        put_before(followed, &followed->flying);
    }
    kind->answered(followed);
    followed_touch(followed); /* after a conflict the same jobs are decided again */
}

/* What the read holds, events have brought already, in the order of the log. */
static void looked(struct call *call, bool exists, struct journal_batch *batch) {
    struct followed *followed = call->owner;
    (void)exists;
    (void)batch;
    followed->looking = false;
    followed_touch(followed);
}

void followed_begin(struct followed *followed, struct following *following, const char *id) {
    struct desk *desk = following->desk;
    followed->following = following;
    followed->desk = desk;
    memcpy(followed->id, id, ROOM_ID_BYTES);
    followed->state = FOLLOWED_LOADING;
    followed->wake = -1;
    followed->load = (struct call){.history = loaded, .owner = followed};
    followed->append = (struct call){.appended = appended, .owner = followed};
    followed->look = (struct call){.history = looked, .owner = followed};
    followed->folding = (struct walk){
        .take = fold_slice, .done = folded, .owner = followed, .events = FOLLOWED_LOAD_EVENTS};
    STAILQ_INIT(&followed->news);
    STAILQ_INIT(&followed->decided);
    STAILQ_INIT(&followed->flying);
    STAILQ_INIT(&followed->jobs);
    STAILQ_INIT(&followed->owed);
    desk_count(desk, following->kind->loaded, 1);
    desk_follow(desk, followed->id, &followed->load);
}

/* ---- the end of a loop turn ---- */

void followed_append(struct followed *followed, const struct followed_flight *flight,
                     const size_t *ends, const uint8_t *const *members) {
    const struct desk_run run = {.ends = ends, .members = members, .count = flight->events};
    uint32_t expected = followed->in_flight > 0 ? followed->end : kind_of(followed)->pos(followed);
    if (followed->in_flight == 0) {
        desk_append(followed->desk, followed->id, expected, &run, &followed->append);
    } else if (!desk_append_now(followed->desk, followed->id, expected, true, &run,
                                &followed->append)) {
        followed->severed = true; /* decided again when nothing is in flight */
        followed_forget(followed);
        return;
    }
    followed->end = expected + flight->events;
    followed->flights[followed->in_flight++] = *flight;
    for (uint32_t left = flight->jobs; left > 0; left--) {
        struct followed_job *job = followed_pop(followed);
        STAILQ_INSERT_TAIL(&followed->flying, job, next);
    }
}

/* Whether something can be decided upon what is in flight. */
static bool may_decide_behind(const struct followed *followed) {
    const struct followed_flight *last = &followed->flights[followed->in_flight - 1];
    return followed->state == FOLLOWED_READY && !followed->looking && !followed->severed &&
           followed->in_flight < FLIGHTS_MAX && !last->alone && last->jobs == last->ends &&
           last->jobs > 0 && kind_of(followed)->decide_behind != NULL;
}

bool followed_doubt(struct followed *followed) {
    struct followed_job *job = followed_first(followed);
    if (job->doubted) {
        return false;
    }
    job->doubted = true;
    followed->looking = true;
    desk_read_after(followed->desk, followed->id, kind_of(followed)->pos(followed),
                    &followed->look);
    return true;
}

/* One step of what is to be decided. False: there is nothing to do now. */
static bool decide_next(struct followed *followed) {
    const struct followed_kind *kind = kind_of(followed);
    const struct followed_job *job = followed_first(followed);
    if (followed->in_flight > 0) {
        return may_decide_behind(followed) && kind->decide_behind(followed);
    }
    if (followed->state == FOLLOWED_LOADING) {
        return false;
    }
    if (followed->state == FOLLOWED_READY && job != NULL && job->servers_own && followed->owes) {
        job_owed(followed, followed_pop(followed));
        return true;
    }
    if (followed->state == FOLLOWED_READY) {
        return !followed->looking && kind->decide(followed);
    }
    if (job != NULL) {
        kind->refused(followed, followed_pop(followed), followed->broken);
    }
    return job != NULL;
}

void followed_turn_end(struct followed *followed) {
    untouch(followed);
    while (decide_next(followed)) {
    }
    if (followed_is_needed(followed)) {
        return;
    }
    if (followed->state == FOLLOWED_READY) {
        rest(followed);
    } else {
        followed_retire(followed);
    }
}
