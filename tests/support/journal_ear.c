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
    while (ear->holds) {
        pthread_cond_wait(&ear->more, &ear->lock);
    }
    pthread_mutex_unlock(&ear->lock);
}

void ear_hold(struct ear *ear, bool on) {
    pthread_mutex_lock(&ear->lock);
    ear->holds = on;
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
    if (journal_batch_is_changed(batch)) {
        bool gone = journal_batch_forgotten(batch) == NULL;
        snprintf(line, sizeof line, "%s %s", journal_batch_room(batch), gone ? "gone" : "changed");
    } else {
        count_gaps(ctx, batch);
        describe(line, journal_batch_room(batch), batch);
    }
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
    int at = ids == NULL ? snprintf(line, sizeof line, "%u rooms unread", (unsigned)token)
                         : snprintf(line, sizeof line, "%u rooms %u", (unsigned)token, count);
    for (uint32_t i = 0; i < count && at < LINE_BYTES; i++) {
        at += snprintf(line + at, (size_t)(LINE_BYTES - at), " %.*s", ROOM_ID_BYTES,
                       ids + (size_t)i * ROOM_ID_BYTES);
    }
    hear(ctx, line);
}

static void ear_chore(void *ctx, uint64_t token, enum journal_said said, const char *sentence) {
    static const char *const words[] = {"goes on", "done", "not done"};
    char line[LINE_BYTES];
    snprintf(line, sizeof line, "%u %s: %s", (unsigned)token, words[said], sentence);
    hear(ctx, line);
}

static void ear_cut(void *ctx, bool cut) {
    struct ear *ear = ctx;
    pthread_mutex_lock(&ear->lock);
    ear->cut = cut;
    pthread_cond_broadcast(&ear->more);
    pthread_mutex_unlock(&ear->lock);
}

void await_cut(struct ear *ear, bool cut) {
    pthread_mutex_lock(&ear->lock);
    while (ear->cut != cut) {
        pthread_cond_wait(&ear->more, &ear->lock);
    }
    pthread_mutex_unlock(&ear->lock);
}

static void ear_drained(void *ctx) {
    struct ear *ear = ctx;
    pthread_mutex_lock(&ear->lock);
    ear->drained = true;
    pthread_cond_broadcast(&ear->more);
    pthread_mutex_unlock(&ear->lock);
}

void await_drained(struct ear *ear) {
    pthread_mutex_lock(&ear->lock);
    while (!ear->drained) {
        pthread_cond_wait(&ear->more, &ear->lock);
    }
    pthread_mutex_unlock(&ear->lock);
}

static void on_trip(void *ctx, const char *room, const uint8_t *bytes, uint32_t len) {
    struct ear *ear = ctx;
    char line[LINE_BYTES];
    uint32_t sum = 0;
    if (room == NULL) {
        pthread_mutex_lock(&ear->lock);
        ear->lost++;
        pthread_mutex_unlock(&ear->lock);
        return;
    }
    for (uint32_t i = 0; i < len; i++) {
        sum += bytes[i];
    }
    snprintf(line, sizeof line, "%s trip %u %u", room, len, sum);
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
                                        .rooms = ear_rooms,
                                        .chore = ear_chore,
                                        .trip = on_trip,
                                        .cut = ear_cut,
                                        .drained = ear_drained};
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

void find_line(struct ear *ear, const char *begin) {
    unsigned i = 0;
    while (strncmp(heard(ear, i), begin, strlen(begin)) != 0) {
        i++;
    }
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

static void must(bool posted) {
    if (!posted) {
        abort();
    }
}

void ear_read(struct ear *ear, const char *room, uint32_t after, uint64_t token) {
    must(journal_post_read(ear->journal, ear->id, room, after, token));
}

void ear_follow(struct ear *ear, const char *room, uint32_t after, uint64_t token) {
    must(journal_post_follow(ear->journal, ear->id, room, after, token));
}

void ear_rooms_of(struct ear *ear, const uint8_t *key, uint64_t token) {
    must(journal_post_rooms_of(ear->journal, ear->id, key, token));
}

void ear_chore_of(struct ear *ear, enum journal_chore chore, const char *of, uint64_t token) {
    must(journal_post_chore(ear->journal, ear->id, chore, of, token));
}

void append_as(struct ear *ear, const char *room, uint32_t expected, const char *text,
               uint64_t token, const uint8_t *member) {
    struct journal_entry entry = {
        .bytes = (const uint8_t *)text, .len = (uint32_t)strlen(text), .member = member};
    struct journal_append append = {
        .room = room, .expected = expected, .entries = &entry, .count = 1, .token = token};
    must(journal_post_append(ear->journal, ear->id, &append));
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
    must(journal_post_append(ear->journal, ear->id, &append));
}

void append(struct ear *ear, const char *room, uint32_t expected, const char *text,
            uint64_t token) {
    append_as(ear, room, expected, text, token, NULL);
}

void append_event(struct ear *ear, const char *room, uint32_t pos, int64_t at,
                  const struct event *event, const uint8_t *member, uint64_t token) {
    struct mp_writer w;
    struct event stored = *event;
    mp_writer_init(&w);
    stored.pos = pos;
    stored.at = stored.made = at;
    event_write_stored(&w, &stored);
    struct journal_entry entry = {
        .bytes = (const uint8_t *)w.data, .len = (uint32_t)w.len, .member = member};
    struct journal_append append = {
        .room = room, .expected = pos - 1, .entries = &entry, .count = 1, .token = token};
    must(journal_post_append(ear->journal, ear->id, &append));
    mp_writer_free(&w);
}

void append_chained(struct ear *ear, const char *room, uint32_t expected, const char *text,
                    uint64_t token) {
    struct journal_entry entry = {.bytes = (const uint8_t *)text, .len = (uint32_t)strlen(text)};
    struct journal_append append = {.room = room,
                                    .expected = expected,
                                    .entries = &entry,
                                    .count = 1,
                                    .token = token,
                                    .chained = true};
    must(journal_post_append(ear->journal, ear->id, &append));
}

void ear_trip(struct ear *ear, const char *room, uint32_t to, uint8_t byte, uint32_t len) {
    uint8_t *bytes = malloc(len + 1u);
    if (bytes == NULL) {
        abort();
    }
    memset(bytes, byte, len);
    if (!journal_post_trip(ear->journal, ear->id, room, to, bytes, len)) {
        abort();
    }
    free(bytes);
}
