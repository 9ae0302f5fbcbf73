/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what goes into the file of runs and out of it: a copy has its own; what was removed, and
 * what a move that was cut off left there, is not in it.
 */
#include "tests/support/test_main.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "protocol/text/base64url.h"
#include "server/journal/journal.h"
#include "tests/support/journal_ear.h"
#include "tests/support/journal_place.h"
#include "tests/support/journal_runs.h"

static const char room_c[] = "cccccccccccc";

static off_t size_of(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 ? status.st_size : -1;
}

/* ---- a copy ---- */

enum { LARGE_BYTES = 30000, LARGE_EVENTS = 160, HELD = 40 };

/* So many large ones, by turns in two rooms, each with its room and position at its end. */
static void write_large(struct ear *ear, uint32_t from, uint32_t count) {
    static char text[LARGE_BYTES + 1];
    memset(text, 'l', LARGE_BYTES);
    for (uint32_t i = from; i < from + count; i++) {
        snprintf(text + LARGE_BYTES - 16, 17, "%s-%07u", i % 2 == 0 ? "to aaa" : "to bbb",
                 (unsigned)(i / 2 + 1) % 10000000);
        text[LARGE_BYTES - 2] = text[LARGE_BYTES - 1] = '.';
        append(ear, i % 2 == 0 ? rested_a : rested_b, i / 2, text, 1);
    }
}

/* What is there up to its end: each has its place, and no room less than `least`. */
static void check_large(const struct place *place, uint32_t least) {
    struct journal *journal = place_open(place);
    struct ear *ear = ear_new(journal);
    for (unsigned i = 0; i < 2; i++) {
        ear->last = 0;
        ear_read(ear, i == 0 ? rested_a : rested_b, 0, 4);
        CU_ASSERT_EQUAL(strncmp(heard(ear, i), "4 history 1=llllllll", 20), 0);
        CU_ASSERT(ear->last >= least);
        CU_ASSERT_EQUAL(ear->gaps, 0);
    }
    ear_chore_of(ear, JOURNAL_CHECK, "", 5);
    CU_ASSERT_PTR_NOT_NULL(strstr(heard(ear, 2), "5 done: 2 logs with"));
    append(ear, rested_b, ear->last, "new", 6);
    CU_ASSERT_EQUAL(strncmp(heard(ear, 3), "6 committed", 11), 0);
    journal_close(journal);
    ear_free(ear);
}

/* Moves begin and end meanwhile. Whatever was confirmed before is in it, with a file of its own. */
static void test_copied_while_written(void) {
    struct place place, copy;
    char runs[TEMP_PATH_SIZE];
    struct stat status;
    place_make(&place);
    place_make(&copy);
    struct journal *journal = place_open(&place);
    struct ear *ear = ear_new(journal);
    write_large(ear, 0, LARGE_EVENTS);
    heard(ear, LARGE_EVENTS - 1);
    ear_hold(ear, true);
    write_large(ear, LARGE_EVENTS, HELD);
    ear_chore_of(ear, JOURNAL_BACKUP, copy.path, 7);
    write_large(ear, LARGE_EVENTS + HELD, LARGE_EVENTS);
    ear_hold(ear, false);
    find_line(ear, "7 done: ");
    journal_close(journal);
    ear_free(ear);
    CU_ASSERT_EQUAL_FATAL(stat(place_beside(&copy, RUNS, runs), &status), 0);
    CU_ASSERT_EQUAL(status.st_mode & 0777, 0600);
    CU_ASSERT(status.st_size > (off_t)LARGE_EVENTS * LARGE_BYTES / 2);
    check_large(&copy, (LARGE_EVENTS + HELD) / 2);
    check_large(&copy, (LARGE_EVENTS + HELD) / 2); /* and again */
    check_large(&place, LARGE_EVENTS + HELD / 2);
    place_remove(&copy);
    place_remove(&place);
}

/* A copy that has lost its own does not take the other's for it, nor goes without. */
static void test_copy_without_it(void) {
    struct place place, copy;
    char error[256] = "";
    place_rested(&place, "alpha", "gamma");
    place_make(&copy);
    struct journal *journal = place_open(&place);
    struct ear *ear = ear_new(journal);
    ear_chore_of(ear, JOURNAL_BACKUP, copy.path, 7);
    CU_ASSERT_PTR_NOT_NULL(strstr(heard(ear, 0), "7 done"));
    journal_close(journal);
    ear_free(ear);
    struct runs runs = runs_of(&copy);
    CU_ASSERT_EQUAL(unlink(runs.path), 0);
    CU_ASSERT_PTR_NULL_FATAL(journal_sqlite_open(copy.path, NULL, error));
    check_names_runs(error);
    runs_replace(&runs, runs.bytes, runs.len);
    check_rested(&copy);
    check_rested(&place);
    runs_free(&runs);
    place_remove(&copy);
    place_remove(&place);
}

/* ---- removal ---- */

static const uint8_t ben[HASH_BYTES] = "ben", kim[HASH_BYTES] = "kim";

static struct event joins(uint8_t seat, enum role role, const uint8_t *key, const char *name) {
    return (struct event){.by = SEAT_SERVER,
                          .body = {.act = ACTION_SEAT_JOIN,
                                   .has = F(seat) | F(role) | F(name) | F(session) | F(key),
                                   .seat = seat,
                                   .role = role,
                                   .session = 1,
                                   .name = span_of(name),
                                   .key = (struct span){(const char *)key, HASH_BYTES}}};
}

static struct event says(uint8_t seat, const char *text) {
    return (struct event){.by = seat,
                          .id = 1,
                          .body = {.act = ACTION_TALK_SAY, .has = F(text), .text = span_of(text)}};
}

static void store(struct ear *ear, const char *room, uint32_t pos, struct event event,
                  const uint8_t *member) {
    append_event(ear, room, pos, pos, &event, member, 1);
}

/* Ben is the candidate of one room and coaches another; the third is Kim's alone. The last line of
 * each is still fresh. */
static struct journal *place_planted(struct place *place, struct ear **ear) {
    place_make(place);
    struct journal *journal = place_open(place);
    *ear = ear_new(journal);
    store(*ear, rested_a, 1, joins(1, ROLE_CANDIDATE, ben, "Ben"), ben);
    store(*ear, rested_a, 2, says(1, "planted as a candidate"), NULL);
    store(*ear, rested_b, 1, joins(0, ROLE_INTERVIEWER, kim, "Kim"), kim);
    store(*ear, rested_b, 2, joins(2, ROLE_COACH, ben, "Ben"), ben);
    store(*ear, rested_b, 3, says(2, "planted as a coach"), NULL);
    store(*ear, rested_b, 4, says(0, "what Kim said stays"), NULL);
    store(*ear, room_c, 1, joins(0, ROLE_INTERVIEWER, kim, "Kim"), kim);
    store(*ear, room_c, 2, says(0, "another room stays"), NULL);
    heard(*ear, 7);
    journal_close(journal);
    ear_free(*ear);
    struct runs runs = runs_of(place);
    CU_ASSERT_PTR_NOT_NULL(memmem(runs.bytes, runs.len, "planted as", 10));
    runs_free(&runs);
    journal = place_open(place);
    *ear = ear_new(journal);
    store(*ear, rested_a, 3, says(1, "planted lately, as a candidate"), NULL);
    store(*ear, rested_b, 5, says(2, "planted lately, as a coach"), NULL);
    store(*ear, room_c, 3, says(0, "and what came lately"), NULL);
    heard(*ear, 2);
    return journal;
}

/* events: of each of the three rooms; 0: it is gone. */
static void check_left(const struct place *place, const uint32_t events[3]) {
    static const char *const rooms[] = {rested_a, rested_b, room_c};
    struct journal *journal = place_open(place);
    struct ear *ear = ear_new(journal);
    uint32_t all = 0;
    char line[LINE_BYTES];
    for (unsigned i = 0; i < 3; i++) {
        const char *begin = events[i] > 0 ? "4 history 1=" : "4 no room";
        ear->last = 0;
        ear_read(ear, rooms[i], 0, 4);
        CU_ASSERT_EQUAL(strncmp(heard(ear, i), begin, strlen(begin)), 0);
        CU_ASSERT_EQUAL(ear->last, events[i]);
        all += events[i];
    }
    ear_chore_of(ear, JOURNAL_CHECK, "", 5);
    snprintf(line, sizeof line, "5 done: 3 logs with %u events", (unsigned)all);
    CU_ASSERT_PTR_NOT_NULL(strstr(heard(ear, 3), line));
    journal_close(journal);
    ear_free(ear);
}

/* With what is said at its end. Copies that are made later have none of it either. */
static void remove_planted(enum journal_chore chore, const char *of, const char *planted,
                           const char *stays, const uint32_t events[3]) {
    struct place place, copy;
    struct ear *ear;
    struct journal *journal = place_planted(&place, &ear);
    place_make(&copy);
    CU_ASSERT(place_holds(&place, planted));
    ear_chore_of(ear, chore, of, 8);
    find_line(ear, "8 done: ");
    CU_ASSERT_FALSE(place_holds(&place, planted));
    CU_ASSERT(place_holds(&place, stays));
    CU_ASSERT(place_holds(&place, "another room stays"));
    ear_chore_of(ear, JOURNAL_BACKUP, copy.path, 9);
    find_line(ear, "9 done: ");
    journal_close(journal);
    ear_free(ear);
    CU_ASSERT_FALSE(place_holds(&place, planted));
    CU_ASSERT_FALSE(place_holds(&copy, planted));
    CU_ASSERT(place_holds(&copy, stays));
    check_left(&place, events);
    check_left(&copy, events);
    CU_ASSERT_FALSE(place_holds(&place, planted));
    place_remove(&copy);
    place_remove(&place);
}

static void test_room_forgotten(void) {
    remove_planted(JOURNAL_FORGET, rested_a, "as a candidate", "planted as a coach",
                   (const uint32_t[]){0, 5, 3});
}

/* Of the room that the key only coached its words alone go. */
static void test_key_forgotten(void) {
    char key[BASE64URL_LENGTH(HASH_BYTES) + 1];
    base64url_write(ben, HASH_BYTES, key);
    remove_planted(JOURNAL_FORGET, key, "planted", "what Kim said stays",
                   (const uint32_t[]){0, 5, 3});
}

/* The last event of the first room is older than the others'. */
static void test_kept_no_longer(void) {
    static const char of[] = "4 5";
    struct place place;
    struct ear *ear;
    journal_close(place_planted(&place, &ear));
    ear_free(ear);
    struct journal *journal = place_open(&place);
    ear = ear_new(journal);
    store(ear, room_c, 4, says(0, "and goes on"), NULL);
    heard(ear, 0);
    ear_chore_of(ear, JOURNAL_KEEP, of, 8);
    find_line(ear, "8 done: 1 logs");
    CU_ASSERT_FALSE(place_holds(&place, "as a candidate"));
    CU_ASSERT(place_holds(&place, "planted as a coach"));
    CU_ASSERT(place_holds(&place, "another room stays"));
    journal_close(journal);
    ear_free(ear);
    check_left(&place, (const uint32_t[]){0, 5, 4});
    CU_ASSERT_FALSE(place_holds(&place, "as a candidate"));
    place_remove(&place);
}

/* ---- what a move left ---- */

static void leave_behind(const struct place *place, const char *words) {
    struct runs runs = runs_of(place);
    FILE *file = fopen(runs.path, "ab");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fwrite(words, 1, strlen(words), file), strlen(words));
    CU_ASSERT_EQUAL(fclose(file), 0);
    runs_free(&runs);
}

/* Bytes behind what the database knows of were never confirmed, and may be anybody's. */
static void test_left_by_a_move(void) {
    static const char words[] = "what a move left as it was killed";
    struct place place;
    place_rested(&place, "alpha", "gamma");
    leave_behind(&place, words);
    CU_ASSERT(place_holds(&place, words));
    struct journal *journal = place_open(&place);
    CU_ASSERT_FALSE(place_holds(&place, words));
    journal_close(journal);
    CU_ASSERT_FALSE(place_holds(&place, words));
    check_rested(&place);
    place_remove(&place);
}

/* Killed between two slices of a move, and in the middle of one: what a part of it left is not
 * there, and all events are. */
static void test_left_by_a_slice(void) {
    enum { LIVES = 12 };
    static const char words[] = "what a slice left as it was killed";
    struct place place, killed;
    char runs[TEMP_PATH_SIZE];
    unsigned halves = 0;
    place_make(&place);
    struct journal *journal = place_open(&place);
    struct ear *ear = ear_new(journal);
    write_large(ear, 0, LARGE_EVENTS);
    heard(ear, LARGE_EVENTS - 1);
    for (uint32_t life = 0; life < LIVES; life++) {
        write_large(ear, LARGE_EVENTS + life, 1);
        heard(ear, LARGE_EVENTS + life);
        place_copy(&place, &killed);
        off_t size = size_of(place_beside(&killed, RUNS, runs));
        halves += size > 0 && size < (off_t)LARGE_EVENTS * LARGE_BYTES;
        leave_behind(&killed, words);
        journal_close(place_open(&killed));
        CU_ASSERT_FALSE(place_holds(&killed, words));
        check_large(&killed, (LARGE_EVENTS + life) / 2);
        place_remove(&killed);
    }
    CU_ASSERT(halves > 0);
    journal_close(journal);
    ear_free(ear);
    place_remove(&place);
}

int main(void) {
    static CU_TestInfo tests[] = {{"copied while it is written", test_copied_while_written},
                                  {"a copy without it", test_copy_without_it},
                                  {"a room forgotten", test_room_forgotten},
                                  {"a key forgotten", test_key_forgotten},
                                  {"kept no longer", test_kept_no_longer},
                                  {"left by a move", test_left_by_a_move},
                                  {"left by a slice", test_left_by_a_slice},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {
        {"into the file of runs and out", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
