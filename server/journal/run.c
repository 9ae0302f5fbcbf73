/* SPDX-License-Identifier: ISC */
/*
 * run.c: gathers runs and reads them.
 *
 * Invariant: a commit holds at most one run of a room. While it is open, they stand in the order in
 * which their rooms came; a round is at most some hundred rooms, so a new event is looked for from
 * the end, where the last one of its room mostly is.
 */
#include "server/journal/run.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/wire/u32.h"
#include "server/journal/sum.h"

enum { SUM_BYTES = 8, BODY_FIRST = 512, RUNS_FIRST = 16 };

/* Room for one more element of an array that doubles; NULL: no memory. */
static void *grown(void *array, uint32_t count, uint32_t *capacity, size_t size) {
    if (count < *capacity) {
        return array;
    }
    uint32_t more = *capacity == 0 ? RUNS_FIRST : *capacity * 2;
    void *wider = reallocarray(array, more, size);
    if (wider != NULL) {
        memset((char *)wider + *capacity * size, 0, (more - *capacity) * size);
        *capacity = more;
    }
    return wider;
}

static bool reserve(struct run *run, size_t more) {
    if (more <= run->capacity - run->len) {
        return true;
    }
    size_t capacity = run->capacity * 2 > run->len + more ? run->capacity * 2 : run->len + more;
    capacity = capacity > BODY_FIRST ? capacity : BODY_FIRST;
    uint8_t *body = realloc(run->body, capacity);
    if (body == NULL) {
        return false;
    }
    run->body = body;
    run->capacity = capacity;
    return true;
}

static struct run *find_open(const struct run_commit *commit, int64_t room) {
    for (uint32_t i = commit->count; i > 0; i--) {
        if (commit->runs[i - 1].room == room) {
            return &commit->runs[i - 1];
        }
    }
    return NULL;
}

/* The memory of a run of an earlier commit is used again. */
static struct run *add_run(struct run_commit *commit, const char *id, int64_t room, uint32_t pos) {
    struct run *runs = grown(commit->runs, commit->count, &commit->capacity, sizeof *runs);
    if (runs == NULL) {
        return NULL;
    }
    commit->runs = runs;
    struct run *run = &runs[commit->count++];
    *run = (struct run){
        .room = room, .pos = pos, .body = run->body, .capacity = run->capacity, .len = 0};
    memcpy(run->id, id, strnlen(id, ROOM_ID_BYTES));
    return run;
}

bool run_commit_event(struct run_commit *commit, const char *id, int64_t room, uint32_t pos,
                      const uint8_t *bytes, uint32_t len) {
    struct run *run = find_open(commit, room);
    if (run == NULL) {
        run = add_run(commit, id, room, pos);
    }
    if (run == NULL || !reserve(run, U32_BYTES + (size_t)len)) {
        return false;
    }
    u32_put(run->body + run->len, len);
    memcpy(run->body + run->len + U32_BYTES, bytes, len);
    run->len += U32_BYTES + (size_t)len;
    run->count++;
    return true;
}

bool run_commit_member(struct run_commit *commit, int64_t room, const uint8_t *key) {
    struct run_member *members =
        grown(commit->members, commit->member_count, &commit->member_capacity, sizeof *members);
    if (members == NULL) {
        return false;
    }
    commit->members = members;
    struct run_member *member = &members[commit->member_count++];
    member->room = room;
    memcpy(member->key, key, HASH_BYTES);
    return true;
}

static uint64_t sum_of(int64_t room, uint32_t pos, const uint8_t *body, size_t len) {
    int64_t place[] = {room, pos};
    return sum_bytes(sum_bytes(SUM_BEGIN, place, sizeof place), body, len);
}

static void put_sum(uint8_t *to, uint64_t sum) {
    u32_put(to, (uint32_t)(sum >> 32));
    u32_put(to + U32_BYTES, (uint32_t)sum);
}

static int by_room(const void *a, const void *b) {
    int64_t one = ((const struct run *)a)->room;
    int64_t other = ((const struct run *)b)->room;
    return one < other ? -1 : one > other;
}

bool run_commit_close(struct run_commit *commit) {
    for (uint32_t i = 0; i < commit->count; i++) {
        struct run *run = &commit->runs[i];
        if (!reserve(run, SUM_BYTES)) {
            return false;
        }
        put_sum(run->body + run->len, sum_of(run->room, run->pos, run->body, run->len));
        run->len += SUM_BYTES;
    }
    if (commit->count > 0) {
        qsort(commit->runs, commit->count, sizeof *commit->runs, by_room);
    }
    return true;
}

struct run *run_commit_find(const struct run_commit *commit, int64_t room) {
    struct run sought = {.room = room};
    return commit->count == 0
               ? NULL
               : bsearch(&sought, commit->runs, commit->count, sizeof sought, by_room);
}

void run_commit_clear(struct run_commit *commit) {
    commit->count = commit->member_count = 0;
}

void run_commit_free(struct run_commit *commit) {
    for (uint32_t i = 0; i < commit->capacity; i++) {
        free(commit->runs[i].body);
    }
    free(commit->runs);
    free(commit->members);
    *commit = (struct run_commit){.count = 0};
}

/* One event after the other; false: the body ends before it should. */
static bool next_event(const uint8_t *body, size_t end, size_t *at, const uint8_t **bytes,
                       uint32_t *len) {
    if (end - *at < U32_BYTES) {
        return false;
    }
    *len = u32_get(body + *at);
    *bytes = body + *at + U32_BYTES;
    if (*len > end - *at - U32_BYTES) {
        return false;
    }
    *at += U32_BYTES + (size_t)*len;
    return true;
}

static bool sum_is_right(const struct run_row *row) {
    uint8_t sum[SUM_BYTES];
    if (row->len < SUM_BYTES) {
        return false;
    }
    put_sum(sum, sum_of(row->room, row->pos, row->body, row->len - SUM_BYTES));
    return memcmp(sum, row->body + row->len - SUM_BYTES, SUM_BYTES) == 0;
}

enum run_reading run_read(const struct run_row *row, uint32_t after, uint32_t upto,
                          journal_visit visit, void *arg) {
    size_t at = 0;
    if (!sum_is_right(row)) {
        return RUN_DAMAGED;
    }
    for (uint32_t i = 0; i < row->count; i++) {
        const uint8_t *bytes;
        uint32_t len;
        if (!next_event(row->body, row->len - SUM_BYTES, &at, &bytes, &len)) {
            return RUN_DAMAGED;
        }
        bool asked = row->pos + i > after && row->pos + i <= upto;
        if (asked && !visit(arg, row->pos + i, bytes, len)) {
            return RUN_STOPPED;
        }
    }
    return at == row->len - SUM_BYTES ? RUN_WHOLE : RUN_DAMAGED;
}
