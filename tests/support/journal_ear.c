/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the ear; what the journal's thread writes and the test reads is under its lock.
 */
#include "tests/support/journal_ear.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void hear(struct ear *ear, const char *line) {
    pthread_mutex_lock(&ear->lock);
    if (ear->count < HEARD_MAX) {
        snprintf(ear->heard[ear->count++], LINE_BYTES, "%s", line);
    }
    pthread_cond_broadcast(&ear->more);
    pthread_mutex_unlock(&ear->lock);
}

/* "room 3=c 4=d" */
static void describe(char *line, const char *what, const struct journal_batch *batch) {
    int at = snprintf(line, LINE_BYTES, "%s", what);
    for (uint32_t i = 0; i < journal_batch_count(batch) && at < LINE_BYTES; i++) {
        struct journal_event event = journal_batch_at(batch, i);
        at += snprintf(line + at, (size_t)(LINE_BYTES - at), " %u=%.*s", event.pos,
                       event.len > 8 ? 8 : (int)event.len, (const char *)event.bytes);
    }
}

static void count_gaps(struct ear *ear, const struct journal_batch *batch) {
    pthread_mutex_lock(&ear->lock);
    for (uint32_t i = 0; i < journal_batch_count(batch); i++) {
        uint32_t pos = journal_batch_at(batch, i).pos;
        if (pos != ear->last + 1) {
            ear->gaps++;
        }
        ear->last = pos;
    }
    pthread_mutex_unlock(&ear->lock);
}

static void ear_events(void *ctx, struct journal_batch *batch) {
    char line[LINE_BYTES];
    count_gaps(ctx, batch);
    describe(line, journal_batch_room(batch), batch);
    hear(ctx, line);
}

static void ear_appended(void *ctx, uint64_t token, enum journal_outcome outcome, uint32_t head) {
    static const char *const names[] = {"committed", "conflict", "failed"};
    char line[LINE_BYTES];
    snprintf(line, sizeof line, "%u %s head %u", (unsigned)token, names[outcome], head);
    hear(ctx, line);
}

static void ear_history(void *ctx, uint64_t token, bool exists, struct journal_batch *batch) {
    char line[LINE_BYTES], what[32];
    snprintf(what, sizeof what, "%u %s", (unsigned)token,
             batch == NULL                     ? "unread"
             : journal_batch_is_damaged(batch) ? "damaged"
             : exists                          ? "history"
                                               : "no room");
    if (batch != NULL) {
        count_gaps(ctx, batch);
    }
    if (batch != NULL) {
        describe(line, what, batch);
    } else {
        snprintf(line, sizeof line, "%s", what);
    }
    hear(ctx, line);
}

static void ear_rooms(void *ctx, uint64_t token, const char *ids, uint32_t count) {
    char line[LINE_BYTES];
    int at = snprintf(line, sizeof line, "%u rooms %u", (unsigned)token, count);
    for (uint32_t i = 0; i < count && at < LINE_BYTES; i++) {
        at += snprintf(line + at, (size_t)(LINE_BYTES - at), " %.*s", ROOM_ID_BYTES,
                       ids + (size_t)i * ROOM_ID_BYTES);
    }
    hear(ctx, line);
}

static void ear_posted(void *ctx) {
    ((struct ear *)ctx)->posts++;
}

static struct ear *listen_to(struct journal *journal, bool waking) {
    struct ear *ear = calloc(1, sizeof *ear);
    if (ear == NULL) {
        abort();
    }
    pthread_mutex_init(&ear->lock, NULL);
    pthread_cond_init(&ear->more, NULL);
    ear->journal = journal;
    struct journal_listener listener = {.ctx = ear,
                                        .posted = waking ? ear_posted : NULL,
                                        .events = ear_events,
                                        .appended = ear_appended,
                                        .history = ear_history,
                                        .rooms = ear_rooms};
    ear->id = journal_add_listener(journal, &listener);
    return ear;
}

struct ear *ear_new(struct journal *journal) {
    return listen_to(journal, false);
}

struct ear *ear_new_waking(struct journal *journal) {
    return listen_to(journal, true);
}

void ear_free(struct ear *ear) {
    pthread_cond_destroy(&ear->more);
    pthread_mutex_destroy(&ear->lock);
    free(ear);
}

const char *heard(struct ear *ear, unsigned index) {
    pthread_mutex_lock(&ear->lock);
    while (ear->count <= index) {
        pthread_cond_wait(&ear->more, &ear->lock);
    }
    pthread_mutex_unlock(&ear->lock);
    return ear->heard[index];
}

void expect(struct ear *ear, unsigned index, const char *line) {
    const char *got = heard(ear, index);
    if (strcmp(got, line) != 0) {
        printf("\n    line %u: heard \"%s\", expected \"%s\"", index, got, line);
    }
    CU_ASSERT_STRING_EQUAL(got, line);
}

void await_last(struct ear *ear, uint32_t last) {
    pthread_mutex_lock(&ear->lock);
    while (ear->last != last) {
        pthread_cond_wait(&ear->more, &ear->lock);
    }
    CU_ASSERT_EQUAL(ear->gaps, 0);
    pthread_mutex_unlock(&ear->lock);
}

void append_as(struct ear *ear, const char *room, uint32_t expected, const char *text,
               uint64_t token, const uint8_t *member) {
    struct journal_entry entry = {
        .bytes = (const uint8_t *)text, .len = (uint32_t)strlen(text), .member = member};
    struct journal_append append = {
        .room = room, .expected = expected, .entries = &entry, .count = 1, .token = token};
    journal_post_append(ear->journal, ear->id, &append);
}

void append_run(struct ear *ear, const char *room, uint32_t expected, const char *letters,
                uint64_t token, const uint8_t *member) {
    struct journal_entry entries[JOURNAL_RUN_MAX];
    struct journal_append append = {.room = room,
                                    .expected = expected,
                                    .entries = entries,
                                    .count = (uint32_t)strlen(letters),
                                    .token = token};
    for (uint32_t i = 0; i < append.count; i++) {
        entries[i] = (struct journal_entry){.bytes = (const uint8_t *)letters + i, .len = 1};
    }
    entries[append.count - 1].member = member;
    journal_post_append(ear->journal, ear->id, &append);
}

void append(struct ear *ear, const char *room, uint32_t expected, const char *text,
            uint64_t token) {
    append_as(ear, room, expected, text, token, NULL);
}
