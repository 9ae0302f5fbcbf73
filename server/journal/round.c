/* SPDX-License-Identifier: ISC */
/*
 * round.c: a round: the appends that share one commit, compared, stored, synced, published and
 * answered.
 *
 * Invariants, outside of a round: room->head == room->posted, the last position that is synced, and
 * every follower was posted the events up to it, once, in order. Within a round head runs ahead by
 * the appends taken. An operation is freed with the batch that carries its bytes, or by
 * finish_round.
 */
#include "server/journal/parts.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "server/journal/batch.h"

/* ---- listeners, on the journal's thread ---- */

unsigned journal_listener_count(const struct journal *core) {
    return atomic_load_explicit(&core->listener_count, memory_order_acquire);
}

const struct journal_listener *journal_speak_to(struct journal *core, int listener) {
    core->spoken_to |= UINT64_C(1) << listener;
    return &core->listeners[listener];
}

void journal_tell_all(struct journal *core) {
    for (unsigned i = 0; core->spoken_to != 0 && i < journal_listener_count(core); i++) {
        if (core->spoken_to & UINT64_C(1) << i) {
            const struct journal_listener *to = &core->listeners[i];
            if (to->told != NULL) {
                to->told(to->ctx);
            }
        }
    }
    core->spoken_to = 0;
}

/* ---- rooms ---- */

void journal_post_events(struct journal *core, uint64_t followers, struct journal_batch *batch) {
    for (unsigned i = 0; i < journal_listener_count(core); i++) {
        if (followers & UINT64_C(1) << i) {
            journal_speak_to(core, (int)i)->events(core->listeners[i].ctx, batch);
        }
    }
}

struct copying {
    struct journal_batch *batch;
    uint32_t last;
    bool lacks; /* the event behind `last` */
};

/* What lies behind one that is not there is not served either. */
static bool copy_event(void *arg, uint32_t pos, const uint8_t *bytes, uint32_t len) {
    struct copying *copying = arg;
    copying->lacks = pos != copying->last + 1;
    copying->last = pos;
    return !copying->lacks && journal_batch_copy(copying->batch, pos, bytes, len);
}

static bool is_damaged(struct journal *core) {
    return core->store.damaged != NULL && core->store.damaged(core->ctx);
}

/* An event that is not there at all is damage like one that is wrong. */
struct journal_batch *journal_room_read_good(struct journal *core, struct journal_room *room,
                                             uint32_t after) {
    struct journal_batch *batch = journal_batch_new(room->id);
    if (batch == NULL || after >= room->posted) {
        return batch;
    }
    struct copying copying = {.batch = batch, .last = after};
    bool read =
        core->store.read(core->ctx, room->number, after, room->posted, copy_event, &copying);
    if (read && journal_batch_count(batch) == room->posted - after) {
        return batch;
    }
    if (read || copying.lacks || is_damaged(core)) {
        journal_batch_damage(batch);
        return batch;
    }
    journal_batch_unref(batch);
    return NULL;
}

struct journal_batch *journal_room_lost(struct journal *core, const char *id) {
    struct journal_batch *batch = is_damaged(core) ? journal_batch_new(id) : NULL;
    if (batch != NULL) {
        journal_batch_damage(batch);
    }
    return batch;
}

/* The same, NULL also if they are damaged. */
static struct journal_batch *room_read(struct journal *core, struct journal_room *room,
                                       uint32_t after) {
    struct journal_batch *batch = journal_room_read_good(core, room, after);
    if (batch != NULL && journal_batch_is_damaged(batch)) {
        journal_batch_unref(batch);
        return NULL;
    }
    return batch;
}

/* Posts what the store holds beyond what the followers know: a commit that failed and yet was
 * kept. */
static bool catch_up(struct journal *core, struct journal_room *room, uint32_t head) {
    uint32_t before = room->posted;
    room->posted = head;
    if (room->followers == 0 || before == head) {
        return true;
    }
    struct journal_batch *batch = room_read(core, room, before);
    if (batch == NULL) {
        room->posted = before;
        return false;
    }
    journal_post_events(core, room->followers, batch);
    journal_batch_unref(batch);
    return true;
}

/* Makes number and head what the store says. False: the store cannot tell, or has lost events. */
static bool room_refresh(struct journal *core, struct journal_room *room) {
    uint32_t head = 0;
    room->known = core->store.find(core->ctx, room->id, &room->number, &head) &&
                  head >= room->posted && catch_up(core, room, head);
    room->head = room->posted;
    return room->known;
}

static struct journal_room *room_get(struct journal *core, const char *id) {
    struct journal_room *room = journal_rooms_find(&core->rooms, id);
    if (room == NULL) {
        room = journal_rooms_add(&core->rooms, id);
    }
    if (room == NULL || room->known || room_refresh(core, room)) {
        return room;
    }
    return NULL;
}

struct journal_room *journal_room_get_fresh(struct journal *core, const char *id) {
    struct journal_room *room = journal_rooms_find(&core->rooms, id);
    if (room != NULL && core->store.won != NULL) {
        room->known = false;
    }
    return room_get(core, id);
}

/* A run that follows on what is known here need not be read. */
void journal_core_heard(struct journal *core, const char *id, uint32_t head,
                        struct journal_batch *run) {
    struct journal_room *room = journal_rooms_find(&core->rooms, id);
    if (room == NULL || room->followers == 0 || head <= room->posted) {
        return;
    }
    uint32_t count = run != NULL ? journal_batch_count(run) : 0;
    if (room->known && count > 0 && journal_batch_at(run, 0).pos == room->posted + 1) {
        room->head = room->posted = head;
        journal_post_events(core, room->followers, run);
        return;
    }
    room_refresh(core, room);
}

enum { COMPARED_MAX = 1000 }; /* rooms at once */

/* One question for all of them: each alone may cost the store a commit. */
static void compare(struct journal *core, struct journal_room *const *rooms, uint32_t count) {
    int64_t numbers[COMPARED_MAX];
    uint32_t heads[COMPARED_MAX];
    for (uint32_t i = 0; i < count; i++) {
        numbers[i] = rooms[i]->number;
    }
    bool told = core->store.heads != NULL && count > 0 &&
                core->store.heads(core->ctx, numbers, heads, count);
    for (uint32_t i = 0; i < count; i++) {
        if (!told || heads[i] != rooms[i]->posted) {
            room_refresh(core, rooms[i]);
        }
    }
}

void journal_core_compare(struct journal *core) {
    struct journal_room *rooms[COMPARED_MAX];
    struct table_entry *entry = NULL;
    uint32_t count = 0;
    while ((entry = table_next(&core->rooms.table, entry)) != NULL) {
        struct journal_room *room = (struct journal_room *)entry;
        if (room->followers != 0 && (!room->known || room->number == 0)) {
            room_refresh(core, room);
        } else if (room->followers != 0) {
            rooms[count++] = room;
        }
        if (count == COMPARED_MAX) {
            compare(core, rooms, count);
            count = 0;
        }
    }
    compare(core, rooms, count);
}

void journal_core_trip(struct journal *core, const char *id, const uint8_t *bytes, uint32_t len) {
    const struct journal_room *room = journal_rooms_find(&core->rooms, id);
    for (unsigned i = 0; room != NULL && i < journal_listener_count(core); i++) {
        if (room->followers & UINT64_C(1) << i && core->listeners[i].trip != NULL) {
            journal_speak_to(core, (int)i)->trip(core->listeners[i].ctx, id, bytes, len);
        }
    }
}

void journal_core_trips_lost(struct journal *core) {
    for (unsigned i = 0; i < journal_listener_count(core); i++) {
        if (core->listeners[i].trip != NULL) {
            journal_speak_to(core, (int)i)->trip(core->listeners[i].ctx, NULL, NULL, 0);
        }
    }
}

/* ---- a round: appends that share one commit ---- */

static void break_round(struct journal *core) {
    core->broken = true;
}

static void touch(struct journal *core, struct journal_room *room) {
    if (room->touched) {
        return;
    }
    room->touched = true;
    STAILQ_INSERT_TAIL(&core->touched, room, next);
}

/* Gives the append's bytes to the batch that the room's followers will be posted. */
static bool add_to_batch(struct journal_room *room, struct operation *op) {
    if (room->followers == 0) {
        return true;
    }
    if (room->batch == NULL) {
        room->batch = journal_batch_new(room->id);
    }
    for (uint32_t i = 0; room->batch != NULL && i < op->count; i++) {
        struct journal_chunk *chunk = op->in_batch ? NULL : &op->chunk;
        if (!journal_batch_add(room->batch, op->position + 1 + i, operation_bytes(op, i),
                               op->entries[i].len, chunk)) {
            return false;
        }
        op->in_batch = true;
    }
    return room->batch != NULL;
}

static bool store_append(struct journal *core, struct journal_room *room,
                         const struct operation *op) {
    const struct journal_store *store = &core->store;
    if (room->number == 0 && !store->create(core->ctx, room->id, &room->number)) {
        return false;
    }
    for (uint32_t i = 0; i < op->count; i++) {
        const struct entry *entry = &op->entries[i];
        if (!store->append(core->ctx, room->id, room->number, op->position + 1 + i,
                           operation_bytes(op, i), entry->len) ||
            (entry->enrols && !store->enrol(core->ctx, entry->key, room->number))) {
            return false;
        }
    }
    return true;
}

static bool begin_round(struct journal *core) {
    if (!core->open) {
        core->open = core->store.begin(core->ctx);
    }
    return core->open;
}

/* Whether the append upon which this one stands was not kept. Of who does not follow the room
 * nothing is known. */
static bool is_severed(const struct operation *op) {
    uint64_t bit = UINT64_C(1) << op->listener;
    return op->chained && op->room != NULL &&
           (op->room->severed & bit || !(op->room->followers & bit));
}

static void note_outcome(const struct operation *op) {
    uint64_t bit = UINT64_C(1) << op->listener;
    if (op->room != NULL && op->outcome == JOURNAL_COMMITTED) {
        op->room->severed &= ~bit;
    } else if (op->room != NULL) {
        op->room->severed |= bit;
    }
}

/* Takes an append into the round: its outcome is what will be answered if the commit succeeds. */
static enum journal_outcome take_append(struct journal *core, struct operation *op) {
    enum journal_outcome verdict =
        core->store.admit != NULL ? core->store.admit(core->ctx) : JOURNAL_COMMITTED;
    bool known = room_get(core, op->room_id) != NULL;
    op->room = journal_rooms_find(
        &core->rooms, op->room_id); /* unknown ones too have a last published position */
    if (is_severed(op)) {
        return JOURNAL_CONFLICT;
    }
    if (!known || verdict == JOURNAL_FAILED) {
        return JOURNAL_FAILED;
    }
    if (op->position != op->room->head || verdict == JOURNAL_CONFLICT) {
        return JOURNAL_CONFLICT;
    }
    touch(core, op->room);
    if (!begin_round(core) || !add_to_batch(op->room, op) || !store_append(core, op->room, op)) {
        break_round(core);
        return JOURNAL_FAILED;
    }
    op->room->head += op->count;
    core->round_events += op->count;
    return JOURNAL_COMMITTED;
}

struct same {
    const struct operation *op;
    uint32_t count; /* events found that are the append's */
};

static bool compare_event(void *arg, uint32_t pos, const uint8_t *bytes, uint32_t len) {
    struct same *same = arg;
    uint32_t i = pos - same->op->position - 1;
    same->count +=
        len == same->op->entries[i].len && memcmp(bytes, operation_bytes(same->op, i), len) == 0;
    return true;
}

/* After a failed commit: did the store keep this append all the same? */
static bool kept_anyway(struct journal *core, const struct operation *op) {
    uint32_t last = op->position + op->count;
    struct same same = {.op = op};
    return op->room->known && last <= op->room->posted &&
           core->store.read(core->ctx, op->room->number, op->position, last, compare_event,
                            &same) &&
           same.count == op->count;
}

/* What stood upon an append that is not kept is in conflict, as it would be in another round. An
 * append that was taken as kept stood upon one that was: so its bit is clear, whatever came later
 * in the round. */
static void undo_appends(struct journal *core) {
    struct operation *op;
    STAILQ_FOREACH(op, &core->round, next) {
        if (op->outcome == JOURNAL_COMMITTED) {
            note_outcome(op);
        }
    }
    STAILQ_FOREACH(op, &core->round, next) {
        if (op->outcome == JOURNAL_COMMITTED && !kept_anyway(core, op)) {
            op->outcome = is_severed(op) ? JOURNAL_CONFLICT : JOURNAL_FAILED;
        }
        note_outcome(op);
    }
}

/* Undoes a round: heads become what the store says, and no append of it is confirmed unless the
 * store, asked again, holds it. */
static void undo_round(struct journal *core) {
    struct journal_room *room;
    core->store.rollback(core->ctx);
    STAILQ_FOREACH(room, &core->touched, next) {
        room_refresh(core, room);
    }
    undo_appends(core);
}

static void tell_losers(struct journal *core) {
    struct operation *op;
    STAILQ_FOREACH(op, &core->round, next) {
        if (op->outcome == JOURNAL_COMMITTED && op->room->lost) {
            op->outcome = op->room->known ? JOURNAL_CONFLICT : JOURNAL_FAILED;
            note_outcome(op);
        }
    }
}

static void publish_round(struct journal *core) {
    struct journal_room *room;
    atomic_fetch_add_explicit(&core->commits, 1, memory_order_relaxed);
    STAILQ_FOREACH(room, &core->touched, next) {
        room->lost = core->store.won != NULL && !core->store.won(core->ctx, room->number);
        if (room->lost) {
            room_refresh(core,
                         room); /* what came first is told before the loser hears that it lost */
            continue;
        }
        room->posted = room->head;
        if (room->batch != NULL) {
            journal_post_events(core, room->followers, room->batch);
        }
    }
    tell_losers(core);
}

static void count_outcome(struct journal *core, const struct operation *op) {
    bool kept = op->outcome == JOURNAL_COMMITTED;
    _Atomic uint64_t *counter = kept                              ? &core->events
                                : op->outcome == JOURNAL_CONFLICT ? &core->conflicts
                                                                  : &core->failures;
    atomic_fetch_add_explicit(counter, kept ? op->count : 1, memory_order_relaxed);
}

static void answer_append(struct journal *core, struct operation *op) {
    const struct journal_listener *to = journal_speak_to(core, op->listener);
    count_outcome(core, op);
    to->appended(to->ctx, op->token, op->outcome, op->room != NULL ? op->room->posted : 0);
    if (!op->in_batch) {
        free(op);
    }
}

/* The batches go last: they own operations that answer_append reads. */
static void finish_round(struct journal *core) {
    struct operation *op;
    while ((op = STAILQ_FIRST(&core->round)) != NULL) {
        STAILQ_REMOVE_HEAD(&core->round, next);
        answer_append(core, op);
    }
    struct journal_room *room;
    while ((room = STAILQ_FIRST(&core->touched)) != NULL) {
        STAILQ_REMOVE_HEAD(&core->touched, next);
        room->touched = room->lost = false;
        journal_batch_unref(room->batch);
        room->batch = NULL;
    }
    core->round_events = 0;
    core->open = core->broken = false;
    journal_tell_all(core);
}

/* 1 ms, and each twice the one before. */
uint64_t journal_wait_us(int index) {
    return UINT64_C(1000) << index;
}

static int64_t now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool timed_commit(struct journal *core) {
    int64_t began = now_us();
    bool good = core->store.commit(core->ctx);
    uint64_t took = (uint64_t)(now_us() - began);
    int index = 0;
    while (index + 1 < JOURNAL_WAITS && took > journal_wait_us(index)) {
        index++;
    }
    atomic_fetch_add_explicit(&core->waited_us, took, memory_order_relaxed);
    atomic_fetch_add_explicit(&core->waits[index], 1, memory_order_relaxed);
    return good;
}

/* Once for all rounds that fail one after the other, and once more when one is kept. */
static void tell_trouble(struct journal *core, bool troubled) {
    if (core->store.why == NULL || core->troubled == troubled) {
        return;
    }
    core->troubled = troubled;
    const char *why = troubled ? core->store.why(core->ctx) : "";
    for (unsigned i = 0; i < journal_listener_count(core); i++) {
        const struct journal_listener *to = &core->listeners[i];
        if (to->trouble != NULL) {
            to->trouble(to->ctx, why);
        }
    }
}

void journal_round_end(struct journal *core) {
    if (STAILQ_EMPTY(&core->round)) {
        return;
    }
    bool wrote = core->open;
    journal_tell_all(core); /* what was answered already need not wait for the sync */
    if (core->open && !core->broken && !timed_commit(core)) {
        break_round(core);
    }
    if (core->broken) {
        undo_round(core);
        tell_trouble(core, true);
    } else if (core->open) {
        publish_round(core);
        tell_trouble(core, false);
    }
    finish_round(core);
    journal_rooms_forget(&core->rooms);
    if (wrote && core->store.tidy != NULL) {
        core->store.tidy(core->ctx, false);
    }
}

void journal_round_append(struct journal *core, struct operation *op) {
    op->outcome = take_append(core, op);
    note_outcome(op);
    STAILQ_INSERT_TAIL(&core->round, op, next);
    if (core->broken || core->round_events >= JOURNAL_COMMIT_MAX) {
        journal_round_end(core);
    }
}
