/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what of a log is of one key, how long a room is kept, and the removal of a key from a
 * journal's file: followers are told, nothing of it is in any file, and a removal that was cut off
 * is brought to its end by the next start. What every journal removes is in test_journal_chores.c.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/text/base64url.h"
#include "server/journal/person.h"
#include "server/journal/sum.h"
#include "server/journal/term.h"
#include "tests/support/journal_ear.h"
#include "tests/support/journal_place.h"
#include "tests/support/test_main.h"

static const uint8_t ben[HASH_BYTES] = "ben", kim[HASH_BYTES] = "kim", new_ben[HASH_BYTES] = "new";
static const char one[] = "aaaaaaaaaaaa", two[] = "bbbbbbbbbbbb";

static struct span key_span(const uint8_t *key) {
    return (struct span){(const char *)key, HASH_BYTES};
}

static struct event joins(uint8_t seat, enum role role, const uint8_t *key, const char *name) {
    return (struct event){.by = SEAT_SERVER,
                          .body = {.act = ACTION_SEAT_JOIN,
                                   .has = F(seat) | F(role) | F(name) | F(session) | F(key),
                                   .seat = seat,
                                   .role = role,
                                   .session = 1,
                                   .name = span_of(name),
                                   .key = key_span(key)}};
}

static struct event says(uint8_t seat, const char *text) {
    return (struct event){.by = seat,
                          .id = 1,
                          .body = {.act = ACTION_TALK_SAY, .has = F(text), .text = span_of(text)}};
}

static struct event enters(uint16_t member, const uint8_t *key, const char *name) {
    return (struct event){.by = SEAT_SERVER,
                          .body = {.act = ACTION_COHORT_ENTER,
                                   .has = F(member) | F(link) | F(name) | F(key),
                                   .member = member,
                                   .name = span_of(name),
                                   .key = key_span(key)}};
}

/* ---- a person ---- */

static enum person_part look_at(struct person *person, const struct event *events, size_t count) {
    memcpy(person->key, ben, HASH_BYTES);
    person_begin(person);
    for (size_t i = 0; i < count; i++) {
        person_look(person, &events[i]);
    }
    person_again(person);
    return person->part;
}

static void test_parts_of_a_room(void) {
    struct person person = {.part = PERSON_ABSENT};
    struct event other = joins(0, ROLE_INTERVIEWER, kim, "Kim");
    struct event candidate = joins(1, ROLE_CANDIDATE, ben, "Ben");
    struct event interviewer = joins(0, ROLE_INTERVIEWER, ben, "Ben");
    CU_ASSERT_EQUAL(look_at(&person, &other, 1), PERSON_ABSENT);
    CU_ASSERT_EQUAL(look_at(&person, &candidate, 1), PERSON_WHOLE);
    CU_ASSERT_EQUAL(look_at(&person, &interviewer, 1), PERSON_WHOLE);
}

/* A coach's seat is the key's until another key takes it. */
static void test_words_of_a_coach(void) {
    struct person person = {.salt = "salt"};
    struct event all[] = {joins(2, ROLE_COACH, ben, "Ben"), says(2, "mine"), says(0, "not mine"),
                          joins(2, ROLE_COACH, kim, "Kim"), says(2, "hers")};
    struct event moved = {
        .by = SEAT_SERVER,
        .body = {.act = ACTION_SEAT_MOVE, .has = F(seat) | F(name), .name = span_of("Ben")}};
    static const bool changed[] = {true, true, false, false, false};
    CU_ASSERT_EQUAL(look_at(&person, all, 5), PERSON_WORDS);
    CU_ASSERT_FALSE(person_rewrite(&person, &moved)); /* he is not there yet */
    for (size_t i = 0; i < 5; i++) {
        CU_ASSERT_EQUAL(person_rewrite(&person, &all[i]), changed[i]);
        if (i == 0) {
            CU_ASSERT(span_equal(all[0].body.name, "forgotten"));
            CU_ASSERT_NOT_EQUAL(memcmp(all[0].body.key.at, ben, HASH_BYTES), 0);
        }
        if (i == 1) {
            CU_ASSERT(person_rewrite(&person, &moved));
            CU_ASSERT(span_equal(moved.body.name, "forgotten"));
        }
    }
    CU_ASSERT(span_equal(all[1].body.text, "forgotten"));
    CU_ASSERT(span_equal(all[4].body.text, "hers"));
}

/* All keys of a member are one person; each gets a key of its own, the same wherever it stands. */
static void test_member_of_a_cohort(void) {
    struct person person = {.salt = "salt"};
    struct event moves = {.by = SEAT_SERVER,
                          .body = {.act = ACTION_MEMBER_MOVE,
                                   .has = F(member) | F(key) | F(invite),
                                   .member = 7,
                                   .key = key_span(ben),
                                   .invite = key_span(kim)}};
    struct event reports = {.by = SEAT_SERVER,
                            .body = {.act = ACTION_COHORT_REPORT,
                                     .has = F(member) | F(target) | F(moment) | F(text),
                                     .member = 7,
                                     .text = span_of("a complaint")}};
    struct event all[] = {enters(7, new_ben, "Ben"), enters(8, kim, "Kim"), moves, reports,
                          enters(7, ben, "Benedict")};
    uint8_t first[HASH_BYTES], second[HASH_BYTES];
    CU_ASSERT_EQUAL(look_at(&person, all, 5), PERSON_WORDS);
    CU_ASSERT(person_rewrite(&person, &all[0]));
    memcpy(first, all[0].body.key.at, HASH_BYTES);
    CU_ASSERT_FALSE(person_rewrite(&person, &all[1]));
    CU_ASSERT(person_rewrite(&person, &all[2]));
    memcpy(second, all[2].body.key.at, HASH_BYTES);
    CU_ASSERT_NOT_EQUAL(memcmp(first, second, HASH_BYTES), 0);
    CU_ASSERT(person_rewrite(&person, &all[3]));
    CU_ASSERT(span_equal(all[3].body.text, "forgotten"));
    CU_ASSERT(person_rewrite(&person, &all[4]));
    CU_ASSERT_EQUAL(memcmp(all[4].body.key.at, second, HASH_BYTES), 0);
}

/* ---- a room's own time ---- */

static void feed(struct term *term, enum action act, field_set has, int64_t value, int64_t at) {
    struct event event = {.at = at, .body = {.act = act, .has = has, .seat = value}};
    event.body.kept = value;
    term_look(term, &event);
}

static void test_terms(void) {
    struct term term = {0};
    feed(&term, ACTION_SEAT_JOIN, F(seat), 1, 5);
    CU_ASSERT_FALSE(term_is_over(&term, INT64_MAX / 2)); /* as the server does */
    feed(&term, ACTION_ROOM_KEEP, F(kept), 3, 5);
    CU_ASSERT_FALSE(term_is_over(&term, 4 + 3 * TERM_DAY_MS));
    CU_ASSERT(term_is_over(&term, 5 + 3 * TERM_DAY_MS));
    term = (struct term){0};
    feed(&term, ACTION_ROOM_KEEP, F(kept), 0, 0);
    CU_ASSERT_FALSE(term_is_over(&term, TERM_NOT_BEGUN_MS - 1));
    CU_ASSERT(term_is_over(&term, TERM_NOT_BEGUN_MS));
    feed(&term, ACTION_SEAT_JOIN, F(seat), 1, 10);
    feed(&term, ACTION_CLOCK_START, 0, 0, 10);
    CU_ASSERT_FALSE(term_is_over(&term, 10 + TERM_LEFT_MS)); /* somebody is there */
    feed(&term, ACTION_SEAT_GONE, F(seat), 1, 20);
    CU_ASSERT_FALSE(term_is_over(&term, 19 + TERM_LEFT_MS));
    CU_ASSERT(term_is_over(&term, 20 + TERM_LEFT_MS));
    feed(&term, ACTION_SEAT_JOIN, F(seat), 1, 30);
    feed(&term, ACTION_ROOM_CLOSE, 0, 0, 40);
    CU_ASSERT_FALSE(term_is_over(&term, 50)); /* they may still fetch it */
    feed(&term, ACTION_SEAT_GONE, F(seat), 1, 60);
    CU_ASSERT(term_is_over(&term, 60));
}

static void test_term_text(void) {
    char text[TERM_TEXT_MAX];
    int64_t before, now;
    term_write(text, -1, 1795986222906);
    CU_ASSERT(term_read(text, &before, &now));
    CU_ASSERT_EQUAL(before, -1);
    CU_ASSERT_EQUAL(now, 1795986222906);
    CU_ASSERT_FALSE(term_read("1 2 x", &before, &now));
}

/* ---- in a journal ---- */

static void store(struct ear *ear, const char *room, uint32_t pos, int64_t at, struct event event,
                  const uint8_t *member) {
    append_event(ear, room, pos, at, &event, member, 1);
}

static void test_forget_a_key(void) {
    struct place place;
    char key[BASE64URL_LENGTH(HASH_BYTES) + 1];
    place_make(&place);
    struct journal *journal = place_open(&place);
    struct ear *ear = ear_new(journal);
    base64url_write(ben, HASH_BYTES, key);
    store(ear, one, 1, 1, joins(1, ROLE_CANDIDATE, ben, "Ben"), ben);
    store(ear, two, 1, 1, joins(2, ROLE_COACH, ben, "Ben"), ben);
    store(ear, two, 2, 2, says(2, "planted by Ben"), NULL);
    store(ear, two, 3, 3, says(0, "by Kim"), NULL);
    ear_follow(ear, one, 0, 2);
    ear_follow(ear, two, 2, 3);
    heard(ear, 5);
    CU_ASSERT(place_holds(&place, "planted by Ben"));
    ear_chore_of(ear, JOURNAL_FORGET, key, 4);
    expect(ear, 6, "aaaaaaaaaaaa gone");
    expect(ear, 7, "bbbbbbbbbbbb changed");
    CU_ASSERT_PTR_NOT_NULL(strstr(heard(ear, 8), "4 done: 1 rooms are forgotten"));
    CU_ASSERT_FALSE(place_holds(&place, "planted by Ben"));
    CU_ASSERT(place_holds(&place, "by Kim"));
    /* They are followed no more; who still writes behind what has gone is told of a conflict. */
    store(ear, one, 2, 4, says(1, "late"), NULL);
    expect(ear, 9, "1 conflict head 0");
    store(ear, two, 4, 4, says(0, "and on"), NULL);
    expect(ear, 10, "1 committed head 4");
    ear_rooms_of(ear, ben, 5);
    expect(ear, 11, "5 rooms 0");
    ear_chore_of(ear, JOURNAL_CHECK, "", 6);
    CU_ASSERT_PTR_NOT_NULL(strstr(heard(ear, 12), "6 done: 2 logs with 4 events"));
    ear_chore_of(ear, JOURNAL_FORGET, key, 7);
    CU_ASSERT_PTR_NOT_NULL(strstr(heard(ear, 13), "7 not done: No log has that key"));
    ear_chore_of(ear, JOURNAL_FORGET, "neither", 8);
    CU_ASSERT_PTR_NOT_NULL(strstr(heard(ear, 14), "8 not done: neither is neither"));
    journal_close(journal);
    ear_free(ear);
    place_remove(&place);
}

/* A server that died before the file was made anew: what was removed is still in free pages. */
static void test_cut_off(void) {
    static const char remains[] =
        "PRAGMA secure_delete = OFF; CREATE TABLE left (text); INSERT INTO left VALUES"
        " ('remains of somebody'); DROP TABLE left;";
    struct place place;
    sqlite3 *db = NULL;
    char due[128];
    place_make(&place);
    journal_close(place_open(&place));
    CU_ASSERT_EQUAL_FATAL(sqlite3_open(place.path, &db), SQLITE_OK);
    CU_ASSERT_EQUAL(sqlite3_exec(db, remains, NULL, NULL, NULL), SQLITE_OK);
    snprintf(due, sizeof due, "INSERT INTO meta VALUES ('forgotten', 1, %lld)",
             (long long)sum_meta("forgotten", 1));
    CU_ASSERT_EQUAL(sqlite3_exec(db, due, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    CU_ASSERT(place_holds(&place, "remains of somebody"));
    struct journal *journal = place_open(&place);
    CU_ASSERT_FALSE(place_holds(&place, "remains of somebody"));
    journal_close(journal);
    place_remove(&place);
}

int main(void) {
    static CU_TestInfo tests[] = {{"parts of a room", test_parts_of_a_room},
                                  {"words of a coach", test_words_of_a_coach},
                                  {"member of a cohort", test_member_of_a_cohort},
                                  {"a room's own time", test_terms},
                                  {"what a look is of", test_term_text},
                                  {"a key is forgotten", test_forget_a_key},
                                  {"a removal that was cut off", test_cut_off},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"forget", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
