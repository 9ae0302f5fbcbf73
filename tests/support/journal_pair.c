/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the two writers. The journal's thread notes what it says under the lock; the one that
 * called pair_run acts on it.
 */
#include "tests/support/journal_pair.h"

#include <bsd/sys/queue.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/dice.h"

enum { AHEAD = 2, NAME_BYTES = 16, READ_TOKEN = 0 };

/* An event: its own name, and that of the one before it. */
struct link {
    char name[NAME_BYTES], before[NAME_BYTES];
};

struct note {
    STAILQ_ENTRY(note) next;
    struct writer *writer;
    bool answer; /* else an event */
    bool read;   /* which the history brought */
    enum journal_outcome outcome;
    uint64_t token;
    uint32_t pos;
    struct link link;
};

struct writer {
    struct pair *pair;
    STAILQ_HEAD(, note) notes; /* under the pair's lock */
    char letter;
    int listener;
    uint32_t pos;           /* of the last event it knows */
    char known[NAME_BYTES]; /* that event */
    char last[NAME_BYTES];  /* the last that it has posted, if it is ahead */
    uint32_t ahead;         /* of its present chain */
    uint32_t in_flight;     /* of all its chains */
    uint32_t made, chain;
};

struct pair {
    struct journal *journal;
    const char *room;
    pthread_mutex_t lock;
    pthread_cond_t noted;
    struct writer writers[2];
    uint64_t dice;
    uint32_t kept, wrong;
};

static void note(struct writer *writer, const struct note *what) {
    struct note *note = malloc(sizeof *note);
    if (note == NULL) {
        abort();
    }
    *note = *what;
    note->writer = writer;
    pthread_mutex_lock(&writer->pair->lock);
    STAILQ_INSERT_TAIL(&writer->notes, note, next);
    pthread_cond_signal(&writer->pair->noted);
    pthread_mutex_unlock(&writer->pair->lock);
}

static void note_batch(struct writer *writer, struct journal_batch *batch, bool read) {
    for (uint32_t i = 0; i < journal_batch_count(batch); i++) {
        struct journal_event event = journal_batch_at(batch, i);
        struct note what = {.pos = event.pos, .read = read};
        memcpy(&what.link, event.bytes, sizeof what.link);
        note(writer, &what);
    }
}

static void note_events(void *ctx, struct journal_batch *batch) {
    note_batch(ctx, batch, false);
}

static void note_answer(void *ctx, uint64_t token, enum journal_outcome outcome, uint32_t head) {
    struct note what = {.answer = true, .token = token, .outcome = outcome, .pos = head};
    note(ctx, &what);
}

static void note_history(void *ctx, uint64_t token, bool exists, struct journal_batch *batch) {
    (void)exists;
    note_batch(ctx, batch, true);
    note_answer(ctx, token, JOURNAL_COMMITTED, 0);
}

static bool has_note(struct writer *writer) {
    return !STAILQ_EMPTY(&writer->notes);
}

/* The next note of a writer that the dice name, if both have one: each goes at its own pace. */
static struct note await(struct pair *pair) {
    struct writer *writer = &pair->writers[dice_roll(&pair->dice) % 2];
    struct writer *other = &pair->writers[writer == &pair->writers[0]];
    pthread_mutex_lock(&pair->lock);
    while (!has_note(writer) && !has_note(other)) {
        pthread_cond_wait(&pair->noted, &pair->lock);
    }
    writer = has_note(writer) ? writer : other;
    struct note *first = STAILQ_FIRST(&writer->notes);
    STAILQ_REMOVE_HEAD(&writer->notes, next);
    pthread_mutex_unlock(&pair->lock);
    struct note note = *first;
    free(first);
    return note;
}

static void post(struct writer *writer) {
    struct link link = {0};
    struct journal_entry entry = {.bytes = (const uint8_t *)&link, .len = sizeof link};
    bool chained = writer->ahead > 0;
    memcpy(link.before, chained ? writer->last : writer->known, NAME_BYTES);
    snprintf(link.name, sizeof link.name, "%c%u", writer->letter, writer->made++);
    memcpy(writer->last, link.name, NAME_BYTES);
    struct journal_append append = {.room = writer->pair->room,
                                    .expected = writer->pos + writer->ahead,
                                    .entries = &entry,
                                    .count = 1,
                                    .token = writer->chain,
                                    .chained = chained};
    if (!journal_post_append(writer->pair->journal, writer->listener, &append)) {
        abort();
    }
    writer->ahead++;
    writer->in_flight++;
}

/* An event of its own is on its way no more; any other one ends what it knew. */
static void learn(struct writer *writer, const struct note *note) {
    writer->pos = note->pos;
    memcpy(writer->known, note->link.name, NAME_BYTES);
    if (note->link.name[0] == writer->letter && writer->ahead > 0) {
        writer->ahead--;
    }
}

static void act_on(const struct note *note) {
    struct writer *writer = note->writer;
    if (!note->answer) {
        learn(writer, note);
        return;
    }
    writer->in_flight--;
    /* Of an older chain it was told already. */
    if (note->outcome != JOURNAL_COMMITTED && note->token == writer->chain) {
        writer->chain++;
        writer->ahead = 0;
    }
}

static void follow(struct pair *pair, struct writer *writer, char letter) {
    struct journal_listener listener = {
        .ctx = writer, .events = note_events, .appended = note_answer, .history = note_history};
    *writer = (struct writer){.pair = pair, .letter = letter, .chain = 1};
    STAILQ_INIT(&writer->notes);
    writer->listener = journal_add_listener(pair->journal, &listener);
    if (!journal_post_follow(pair->journal, writer->listener, pair->room, 0, READ_TOKEN)) {
        abort();
    }
    writer->in_flight = 1;
}

static void write_until(struct pair *pair, uint32_t events) {
    while (pair->writers[0].pos < events) {
        struct note note = await(pair);
        act_on(&note);
        while (note.writer->ahead < AHEAD) {
            post(note.writer);
        }
    }
    while (pair->writers[0].in_flight > 0 || pair->writers[1].in_flight > 0) {
        struct note note = await(pair);
        act_on(&note);
    }
}

/* Lets both hear the rest, and reads it all again, as a third would. */
static void check(struct pair *pair) {
    struct writer *reader = &pair->writers[0];
    char before[NAME_BYTES] = "";
    struct note note = {0};
    if (!journal_post_read(pair->journal, reader->listener, pair->room, 0, READ_TOKEN)) {
        abort();
    }
    while (!note.answer || note.token != READ_TOKEN) {
        note = await(pair);
        if (!note.read || note.answer) {
            continue;
        }
        pair->kept++;
        pair->wrong += note.pos != pair->kept || strcmp(note.link.before, before) != 0;
        memcpy(before, note.link.name, NAME_BYTES);
    }
}

struct pair *pair_run(struct journal *journal, const char *room, uint32_t events) {
    struct pair *pair = calloc(1, sizeof *pair);
    if (pair == NULL) {
        abort();
    }
    pair->journal = journal;
    pair->room = room;
    pthread_mutex_init(&pair->lock, NULL);
    pthread_cond_init(&pair->noted, NULL);
    follow(pair, &pair->writers[0], 'a');
    follow(pair, &pair->writers[1], 'b');
    write_until(pair, events);
    check(pair);
    return pair;
}

uint32_t pair_kept(const struct pair *pair) {
    return pair->kept;
}

uint32_t pair_wrong(const struct pair *pair) {
    return pair->wrong;
}

static void forget_notes(struct writer *writer) {
    struct note *note;
    while ((note = STAILQ_FIRST(&writer->notes)) != NULL) {
        STAILQ_REMOVE_HEAD(&writer->notes, next);
        free(note);
    }
}

void pair_free(struct pair *pair) {
    forget_notes(&pair->writers[0]);
    forget_notes(&pair->writers[1]);
    pthread_cond_destroy(&pair->noted);
    pthread_mutex_destroy(&pair->lock);
    free(pair);
}
