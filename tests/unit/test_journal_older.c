/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a folder that a server of version 4 left as it was killed. Some of its events were at
 * rest, some only in the log of commits: all of them are served, and it goes on. Once between two
 * moves, and once in the middle of one. What servers left as they ended is in test_journal_file.c.
 */
#include "tests/support/test_main.h"

#include <semaphore.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol/wire/event.h"
#include "server/journal/journal.h"
#include "tests/support/journal_ear.h"
#include "tests/support/journal_place.h"

static const uint8_t ann[HASH_BYTES] = "ann", ben[HASH_BYTES] = "ben", cem[HASH_BYTES] = "cem";

/* ---- what was written ---- */

/* In the order of their making. Of the first all was at rest; the second is forgotten; the third
 * was at rest in part; nothing of the fourth was, when it was new. */
enum { ROOMS = 4, RESTS = 0, GONE = 1, PARTS = 2, FRESH = 3 };
enum { JOIN_BYTES = 256, LATER_AT = 900000 };

static const char *const ids[ROOMS] = {"rest00000000", "gone00000000", "part00000000",
                                       "new000000000"};

/* Events by room, the epoch, and bytes of a file of the log, whose zeros at the end are not kept
 * with the tests. */
struct left {
    const char *name;
    uint32_t events[ROOMS];
    int64_t epoch;
};

static const struct left between = {"journal_v4", {5, 0, 8, 4}, 1796090996462};
static const struct left moving = {"journal_v4_moving", {5, 0, 28, 4}, 1796090996498};

enum { LOG_BYTES = 1024 * 1024 };

/* Who joined there; NULL: nobody. */
static const uint8_t *joins(unsigned room, uint32_t pos) {
    return pos == 1 ? ann : pos == 2 ? ben : room == PARTS && pos == 6 ? cem : NULL;
}

/* The event, whose words are in `text`. */
static struct event written(unsigned room, uint32_t pos, char text[JOIN_BYTES]) {
    static const enum role roles[] = {ROLE_INTERVIEWER, ROLE_CANDIDATE, ROLE_COACH};
    const uint8_t *key = joins(room, pos);
    uint8_t seat = pos < 3 ? (uint8_t)(pos - 1) : 2;
    struct event event = {.pos = pos, .by = 0, .id = pos};
    event.at = event.made = (int64_t)pos * 1000 + room;
    if (key != NULL) {
        event.by = SEAT_SERVER;
        event.id = 0;
        event.body = (struct body){.act = ACTION_SEAT_JOIN,
                                   .has = F(seat) | F(role) | F(name) | F(session) | F(key),
                                   .seat = seat,
                                   .role = roles[seat],
                                   .session = 1,
                                   .name = span_of((const char *)key),
                                   .key = (struct span){(const char *)key, HASH_BYTES}};
        return event;
    }
    snprintf(text, JOIN_BYTES,
             "%s %u: what was said there and then, and is to be read again by whoever comes later.",
             ids[room], (unsigned)pos);
    event.body = (struct body){.act = ACTION_TALK_SAY, .has = F(text), .text = span_of(text)};
    return event;
}

/* Of what is left; what was forgotten does not count. */
static int64_t latest(const struct left *left) {
    return (int64_t)left->events[PARTS] * 1000 + PARTS;
}

/* ---- the folder ---- */

static void copy_one(const struct place *place, const struct left *left, const char *end,
                     size_t least) {
    static uint8_t bytes[LOG_BYTES];
    const char *source = getenv("SPAR_SOURCE");
    char from[512], to[TEMP_PATH_SIZE];
    snprintf(from, sizeof from, "%s/tests/unit/files/%s.db%s", source ? source : ".", left->name,
             end);
    if (access(from, R_OK) == 0) {
        memset(bytes, 0, sizeof bytes);
        size_t len = temp_read(from, bytes, sizeof bytes);
        temp_write(place_beside(place, end, to), bytes, len > least ? len : least);
    }
}

static void place_left(struct place *place, const struct left *left) {
    place_make(place);
    copy_one(place, left, "", 0);
    copy_one(place, left, ".lock", 0);
    copy_one(place, left, "-commits.0", LOG_BYTES);
    copy_one(place, left, "-commits.1", LOG_BYTES);
}

/* ---- what is read ---- */

/* Reads rooms, one after the other. */
struct reading {
    sem_t answered;
    struct journal *journal;
    int id;
    struct mp_reader reader;
    bool exists;
    struct journal_batch *batch; /* owned: of the last answer */
};

static void on_history(void *ctx, uint64_t token, bool exists, struct journal_batch *batch) {
    struct reading *reading = ctx;
    (void)token;
    reading->exists = exists;
    reading->batch = batch != NULL ? journal_batch_ref(batch) : NULL;
    sem_post(&reading->answered);
}

static void reading_begin(struct reading *reading, struct journal *journal) {
    const struct journal_listener listener = {.ctx = reading, .history = on_history};
    *reading = (struct reading){.journal = journal};
    CU_ASSERT_EQUAL_FATAL(sem_init(&reading->answered, 0, 0), 0);
    CU_ASSERT_EQUAL_FATAL(mp_reader_init(&reading->reader), MP_OK);
    reading->id = journal_add_listener(journal, &listener);
}

static void reading_end(struct reading *reading) {
    mp_reader_free(&reading->reader);
    sem_destroy(&reading->answered);
}

/* In the form of this server: an older one may have written it with other bytes. */
static bool same(const struct event *one, const struct event *other) {
    struct mp_writer w, v;
    mp_writer_init(&w);
    mp_writer_init(&v);
    event_write_stored(&w, one);
    event_write_stored(&v, other);
    bool same = !w.failed && !v.failed && w.len == v.len && memcmp(w.data, v.data, w.len) == 0;
    mp_writer_free(&w);
    mp_writer_free(&v);
    return same;
}

static void check_event(struct reading *reading, unsigned room, uint32_t pos) {
    char text[JOIN_BYTES];
    struct journal_event stored = journal_batch_at(reading->batch, pos - 1);
    struct event event, expected = written(room, pos, text);
    CU_ASSERT_EQUAL(stored.pos, pos);
    CU_ASSERT_FATAL(event_read_stored(&reading->reader, stored.bytes, stored.len, &event));
    CU_ASSERT(same(&event, &expected));
}

/* All of it, and that there is no more. */
static void check_room(struct reading *reading, unsigned room, uint32_t events) {
    CU_ASSERT_FATAL(journal_post_read(reading->journal, reading->id, ids[room], 0, 1));
    sem_wait(&reading->answered);
    CU_ASSERT_PTR_NOT_NULL_FATAL(reading->batch);
    CU_ASSERT_EQUAL(reading->exists, events > 0);
    CU_ASSERT_FALSE(journal_batch_is_damaged(reading->batch));
    CU_ASSERT_EQUAL_FATAL(journal_batch_count(reading->batch), events);
    for (uint32_t pos = 1; pos <= events; pos++) {
        check_event(reading, room, pos);
    }
    journal_batch_unref(reading->batch);
}

/* more: events by which each room that is not forgotten has grown. */
static void check_rooms(struct journal *journal, const struct left *left, uint32_t more) {
    struct reading reading;
    reading_begin(&reading, journal);
    for (unsigned room = 0; room < ROOMS; room++) {
        check_room(&reading, room, room == GONE ? 0 : left->events[room] + more);
    }
    reading_end(&reading);
}

/* Newest first; who was in the forgotten room is not any more. Returns lines that were heard. */
static unsigned check_members(struct ear *ear) {
    static const uint8_t nobody[HASH_BYTES] = "nobody";
    ear_rooms_of(ear, ann, 1);
    ear_rooms_of(ear, ben, 2);
    ear_rooms_of(ear, cem, 3);
    ear_rooms_of(ear, nobody, 4);
    expect(ear, 0, "1 rooms 3 new000000000 part00000000 rest00000000");
    expect(ear, 1, "2 rooms 3 new000000000 part00000000 rest00000000");
    expect(ear, 2, "3 rooms 1 part00000000");
    expect(ear, 3, "4 rooms 0");
    return 4;
}

static void check_all(struct journal *journal, const struct left *left, uint32_t more) {
    char line[LINE_BYTES];
    struct ear *ear = ear_new(journal);
    check_rooms(journal, left, more);
    unsigned lines = check_members(ear);
    ear_chore_of(ear, JOURNAL_CHECK, "", 9);
    uint32_t events = 3 * more;
    for (unsigned room = 0; room < ROOMS; room++) {
        events += left->events[room];
    }
    snprintf(line, sizeof line, "9 done: 4 logs with %u events", (unsigned)events);
    CU_ASSERT_EQUAL(strncmp(heard(ear, lines), line, strlen(line)), 0);
    ear_free(ear);
}

/* ---- what is written ---- */

/* One more in each room, as somebody says it who has seen the last; behind the forgotten nothing
 * follows on. */
static void go_on(struct journal *journal, const struct left *left, uint32_t more) {
    char line[LINE_BYTES], text[JOIN_BYTES];
    struct ear *ear = ear_new(journal);
    for (unsigned room = 0; room < ROOMS; room++) {
        uint32_t pos = (room == GONE ? 3 : left->events[room]) + more;
        struct event event = written(room, pos, text);
        append_event(ear, ids[room], pos, event.at, &event, NULL, 1);
        snprintf(line, sizeof line, room == GONE ? "1 conflict head 0" : "1 committed head %u",
                 (unsigned)pos);
        expect(ear, room, line);
    }
    append(ear, ids[RESTS], left->events[RESTS], "late", 2);
    snprintf(line, sizeof line, "2 conflict head %u", (unsigned)(left->events[RESTS] + more));
    expect(ear, ROOMS, line);
    ear_free(ear);
}

static void check_left(const struct left *left) {
    struct place place, killed;
    place_left(&place, left);
    CU_ASSERT_EQUAL(journal_sqlite_latest(place.path), latest(left));
    struct journal *journal = place_open(&place);
    CU_ASSERT_EQUAL(journal_boot(journal), 3);
    CU_ASSERT_EQUAL(journal_epoch(journal), left->epoch);
    check_all(journal, left, 0);
    go_on(journal, left, 1);
    check_all(journal, left, 1);
    place_copy(&place, &killed);
    journal_close(journal);
    for (unsigned i = 0; i < 2; i++) {
        struct place *of = i == 0 ? &place : &killed;
        CU_ASSERT_EQUAL(journal_sqlite_latest(of->path), latest(left) + 1000);
        journal = place_open(of);
        CU_ASSERT_EQUAL(journal_epoch(journal), left->epoch);
        check_all(journal, left, 1);
        go_on(journal, left, 2);
        check_all(journal, left, 2);
        journal_close(journal);
        place_remove(of);
    }
}

static void test_between_moves(void) {
    check_left(&between);
}

static void test_in_a_move(void) {
    check_left(&moving);
}

/* Who was killed again as it was opened begins again with what was left. */
static void test_opened_twice(void) {
    struct place place, killed;
    place_left(&place, &moving);
    struct journal *journal = place_open(&place);
    place_copy(&place, &killed);
    journal_close(journal);
    CU_ASSERT_EQUAL(journal_sqlite_latest(killed.path), latest(&moving));
    journal = place_open(&killed);
    check_all(journal, &moving, 0);
    journal_close(journal);
    place_remove(&killed);
    place_remove(&place);
}

/* Without its log, the events that were only there are missed: nobody is served the rest. */
static void test_without_its_log(void) {
    static const char *const ends[] = {"-commits.0", "-commits.1"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct place place;
        char log[TEMP_PATH_SIZE], error[256] = "";
        place_left(&place, &moving);
        CU_ASSERT_EQUAL(unlink(place_beside(&place, ends[i], log)), 0);
        CU_ASSERT_PTR_NULL(journal_sqlite_open(place.path, NULL, error));
        CU_ASSERT_PTR_NOT_NULL(strstr(error, "missing"));
        CU_ASSERT_PTR_NOT_NULL(strstr(error, ends[i]));
        place_remove(&place);
    }
}

/* An event that is not there at all: the room is good up to the one before it, and what lies behind
 * is not served. */
static void test_an_event_missing(void) {
    struct place place;
    sqlite3 *db = NULL;
    place_left(&place, &between);
    CU_ASSERT_EQUAL_FATAL(sqlite3_open(place.path, &db), SQLITE_OK);
    CU_ASSERT_EQUAL(sqlite3_exec(db, "DELETE FROM event WHERE at = 3 << 32 | 3", NULL, NULL, NULL),
                    SQLITE_OK);
    sqlite3_close(db);
    struct journal *journal = place_open(&place);
    struct ear *ear = ear_new(journal);
    ear_read(ear, ids[PARTS], 0, 1);
    CU_ASSERT_EQUAL(strncmp(heard(ear, 0), "1 damaged 1=", 12), 0);
    CU_ASSERT_EQUAL(ear->last, 2);
    ear_chore_of(ear, JOURNAL_CHECK, "", 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(heard(ear, 1), "part00000000 is good up to event 2"));
    journal_close(journal);
    ear_free(ear);
    place_remove(&place);
}

/* A room is forgotten for good also if what it said came to rest before this server. */
static void test_forgotten(void) {
    struct place place;
    place_left(&place, &moving);
    struct journal *journal = place_open(&place);
    CU_ASSERT(place_holds(&place, "part00000000 10: what was said"));
    struct ear *ear = ear_new(journal);
    ear_chore_of(ear, JOURNAL_FORGET, ids[PARTS], 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(heard(ear, 0), "28 events are in no file"));
    CU_ASSERT_FALSE(place_holds(&place, "part00000000 10: what was said"));
    CU_ASSERT_FALSE(place_holds(&place, "part00000000 28: what was said"));
    CU_ASSERT(place_holds(&place, "rest00000000 5: what was said"));
    CU_ASSERT(place_holds(&place, "new000000000 4: what was said"));
    journal_close(journal);
    ear_free(ear);
    place_remove(&place);
}

int main(void) {
    static CU_TestInfo tests[] = {{"killed between two moves", test_between_moves},
                                  {"killed in a move", test_in_a_move},
                                  {"killed again as it was opened", test_opened_twice},
                                  {"without a file of its log", test_without_its_log},
                                  {"an event missing", test_an_event_missing},
                                  {"forgotten by a later server", test_forgotten},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"older journals", NULL, NULL, NULL, NULL, tests},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
