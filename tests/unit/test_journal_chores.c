/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what an operator asks of a journal, as one suite that each of them passes: a look at
 * every checksum, what is forgotten, kept no longer, or pruned; a journal that cannot do it says
 * so. And moves between a folder and a database: what is moved is the same journal, whichever phase
 * of the move failed before.
 */
#include "tests/support/test_main.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "server/journal/move.h"
#include "server/journal/term.h"
#include "tests/support/failing_disk.h"
#include "tests/support/journal_ear.h"
#include "tests/support/journal_kinds.h"
#include "tests/support/journal_place.h"

static const char room_a[] = "aaaaaaaaaaaa", room_b[] = "bbbbbbbbbbbb", room_c[] = "cccccccccccc",
                  room_d[] = "dddddddddddd";
static const uint8_t key[HASH_BYTES] = "key", other_key[HASH_BYTES] = "other";

/* The sentence that a chore ended with. */
static const char *ended(struct ear *ear, enum journal_chore chore, const char *of,
                         uint64_t token) {
    char done[32], not_done[32];
    snprintf(done, sizeof done, "%u done: ", (unsigned)token);
    snprintf(not_done, sizeof not_done, "%u not done: ", (unsigned)token);
    ear_chore_of(ear, chore, of, token);
    for (unsigned i = 0;; i++) {
        const char *line = heard(ear, i);
        if (strncmp(line, done, strlen(done)) == 0 ||
            strncmp(line, not_done, strlen(not_done)) == 0) {
            return strchr(line, ' ') + 1;
        }
    }
}

static void expect_end(struct ear *ear, enum journal_chore chore, const char *of, uint64_t token,
                       const char *begin) {
    const char *got = ended(ear, chore, of, token);
    if (strncmp(got, begin, strlen(begin)) != 0) {
        printf("\n    heard \"%s\", expected \"%s\"", got, begin);
    }
    CU_ASSERT_EQUAL(strncmp(got, begin, strlen(begin)), 0);
}

/* Of all logs, at whichever state. */
static void expect_checked(struct ear *ear, uint64_t token, const char *counts) {
    CU_ASSERT_PTR_NOT_NULL(strstr(ended(ear, JOURNAL_CHECK, "", token), counts));
}

static void expect_gone(struct ear *ear, const char *room) {
    char line[LINE_BYTES];
    snprintf(line, sizeof line, "%s gone", room);
    find_line(ear, line);
}

/* ---- what each can do ---- */

static void test_check(void) {
    struct journal *journal = journal_kind_open();
    struct ear *ear = ear_new(journal);
    append(ear, room_a, 0, "a", 1);
    append_run(ear, room_b, 0, "bcd", 2, NULL);
    if (journal_kind_can(JOURNAL_CHECK)) {
        expect_checked(ear, 3, "done: ");
        expect_checked(ear, 4, "2 logs with 4 events");
    }
    journal_kind_close(journal);
    ear_free(ear);
}

/* It is gone from all that can be asked, and who follows it is told; the rest goes on. */
static void test_forget(void) {
    struct journal *journal = journal_kind_open();
    struct ear *ear = ear_new(journal);
    append_as(ear, room_a, 0, "a", 1, key);
    append_as(ear, room_b, 0, "b", 2, key);
    ear_follow(ear, room_a, 0, 3);
    ear_follow(ear, room_b, 0, 4);
    if (journal_kind_can(JOURNAL_FORGET)) {
        expect_end(ear, JOURNAL_FORGET, room_a, 5, "done: Room aaaaaaaaaaaa is forgotten");
        expect_gone(ear, room_a);
        append(ear, room_a, 1, "x", 6);
        find_line(ear, "6 conflict head 0");
        ear_rooms_of(ear, key, 7);
        find_line(ear, "7 rooms 1 bbbbbbbbbbbb");
        expect_end(ear, JOURNAL_FORGET, room_c, 8, "not done: The journal has no room cccc");
        expect_checked(ear, 9, " with 1 events");
    }
    append(ear, room_b, 1, "c", 10);
    find_line(ear, "bbbbbbbbbbbb 2=c");
    journal_kind_close(journal);
    ear_free(ear);
}

static struct event says(void) {
    return (struct event){
        .id = 1, .body = {.act = ACTION_TALK_SAY, .has = F(text), .text = span_of("text")}};
}

static struct event keeps(int64_t days) {
    return (struct event){.by = SEAT_SERVER,
                          .body = {.act = ACTION_ROOM_KEEP, .has = F(kept), .kept = days}};
}

static struct event opens_cohort(void) {
    return (struct event){
        .by = SEAT_SERVER,
        .body = {.act = ACTION_COHORT_OPEN, .has = F(name), .name = span_of("Class")}};
}

/* Logs whose last event is older than the bound, and rooms whose own time is over; those at the
 * bound stay. */
static void keep(struct ear *ear) {
    const struct event said = says(), kept = keeps(1);
    char of[TERM_TEXT_MAX];
    append_event(ear, room_a, 1, 99, &said, key, 1);
    append_event(ear, room_b, 1, 100, &said, key, 2);
    append_event(ear, room_c, 1, 100, &kept, journal_own_term, 3);
    ear_follow(ear, room_a, 0, 4);
    ear_follow(ear, room_c, 0, 5);
    term_write(of, -1, 99 + TERM_DAY_MS);
    expect_end(ear, JOURNAL_KEEP, of, 6, "done: 0 logs");
    term_write(of, 100, 100 + TERM_DAY_MS);
    expect_end(ear, JOURNAL_KEEP, of, 7, "done: 2 logs");
    expect_gone(ear, room_a);
    expect_gone(ear, room_c);
    ear_rooms_of(ear, key, 8);
    find_line(ear, "8 rooms 1 bbbbbbbbbbbb");
    append(ear, room_a, 1, "late", 9);
    find_line(ear, "9 conflict head 0");
    append(ear, room_b, 1, "on", 10);
    find_line(ear, "10 committed head 2");
    expect_end(ear, JOURNAL_KEEP, of, 11, "done: 0 logs");
    expect_checked(ear, 12, " with 2 events");
}

static void test_keep(void) {
    struct journal *journal = journal_kind_open();
    struct ear *ear = ear_new(journal);
    if (journal_kind_can(JOURNAL_KEEP)) {
        keep(ear);
    }
    journal_kind_close(journal);
    ear_free(ear);
}

static void export_to(const char *folder, const char *room) {
    char name[32], path[TEMP_PATH_SIZE];
    snprintf(name, sizeof name, "%s.spar", room);
    temp_write(temp_path(folder, name, path), "a recording", 11);
}

static int64_t hour_ago(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 - (int64_t)60 * 60 * 1000;
}

/* Of rooms older than an hour those with a recording in the folder; a cohort has none, and stays.
 * A minute of the hour is for a slow machine. */
static void prune(struct ear *ear, const char *folder) {
    enum { MINUTE_MS = 60 * 1000 };
    const struct event said = says(), cohort = opens_cohort();
    char of[TEMP_PATH_SIZE + 8];
    snprintf(of, sizeof of, "1 %s", folder);
    append_event(ear, room_a, 1, hour_ago() - 1, &said, key, 1);
    append_event(ear, room_b, 1, 1, &said, key, 2);
    append_event(ear, room_c, 1, 1, &said, key, 3);
    append_event(ear, room_c, 2, hour_ago() + MINUTE_MS, &said, NULL, 4);
    append_event(ear, room_d, 1, 1, &cohort, key, 5);
    ear_follow(ear, room_a, 0, 6);
    ear_follow(ear, room_b, 0, 7);
    export_to(folder, room_a);
    export_to(folder, room_c);
    export_to(folder, room_d);
    expect_end(ear, JOURNAL_PRUNE, "1 /nowhere", 8, "not done: Name the folder");
    /* One that is as old stays: nobody has its recording. */
    expect_end(ear, JOURNAL_PRUNE, of, 9, "not done: 1 rooms are removed, and 0 empty");
    expect_gone(ear, room_a);
    append(ear, room_a, 1, "late", 10);
    find_line(ear, "10 conflict head 0");
    ear_rooms_of(ear, key, 11);
    find_line(ear, "11 rooms 3 dddddddddddd cccccccccccc bbbbbbbbbbbb");
    export_to(folder, room_b);
    expect_end(ear, JOURNAL_PRUNE, of, 12, "done: 1 rooms are removed, and 0 empty");
    expect_gone(ear, room_b);
    append(ear, room_c, 2, "on", 13);
    find_line(ear, "13 committed head 3");
    expect_checked(ear, 14, " with 4 events");
}

static void test_prune(void) {
    struct journal *journal = journal_kind_open();
    struct ear *ear = ear_new(journal);
    char folder[TEMP_PATH_SIZE];
    temp_make(folder);
    if (journal_kind_can(JOURNAL_PRUNE)) {
        prune(ear, folder);
    }
    temp_remove(folder);
    journal_kind_close(journal);
    ear_free(ear);
}

/* It says what to do instead, and goes on. */
static void test_refusals(void) {
    struct journal *journal = journal_kind_open();
    struct ear *ear = ear_new(journal);
    append(ear, room_a, 0, "a", 1);
    for (unsigned chore = JOURNAL_CHECK; chore <= JOURNAL_PRUNE; chore++) {
        if (!journal_kind_can((enum journal_chore)chore)) {
            const char *said = ended(ear, (enum journal_chore)chore, "", 20 + chore);
            CU_ASSERT_EQUAL(strncmp(said, "not done: ", 10), 0);
            CU_ASSERT(strlen(said) > 20);
        }
    }
    append(ear, room_a, 1, "b", 2);
    find_line(ear, "2 committed head 2");
    journal_kind_close(journal);
    ear_free(ear);
}

/* ---- moves ---- */

struct moved {
    struct place place;
    struct journal_move move;
    int64_t epoch;
    uint32_t boot; /* of the last that was open */
    uint32_t more; /* events that came behind the first ones */
};

static void on_told(void *ctx, const char *line) {
    (void)ctx;
    (void)line;
}

/* The journal is the one that it was, and goes on: one more event is in it each time. */
static void expect_whole(struct moved *moved, struct journal *journal) {
    struct ear *ear = ear_new(journal);
    char history[LINE_BYTES] = "1 history 1=a 2=b 3=c 4=";
    CU_ASSERT_EQUAL(journal_epoch(journal), moved->epoch);
    CU_ASSERT(journal_boot(journal) > moved->boot);
    moved->boot = journal_boot(journal);
    for (uint32_t i = 0; i < moved->more; i++) {
        size_t len = strlen(history);
        snprintf(history + len, sizeof history - len, " %u=m", 5 + i);
    }
    ear_read(ear, room_a, 0, 1);
    expect(ear, 0, history);
    ear_read(ear, room_b, 0, 2);
    expect(ear, 1, "2 history 1=x");
    ear_rooms_of(ear, key, 3);
    expect(ear, 2, "3 rooms 2 bbbbbbbbbbbb aaaaaaaaaaaa");
    ear_rooms_of(ear, other_key, 4);
    expect(ear, 3, "4 rooms 0");
    append(ear, room_a, 3, "late", 5);
    CU_ASSERT_EQUAL(strncmp(heard(ear, 4), "5 conflict", 10), 0);
    append(ear, room_a, 4 + moved->more++, "m", 6);
    CU_ASSERT_EQUAL(strncmp(heard(ear, 5), "6 committed", 11), 0);
    expect_checked(ear, 7, "2 logs with ");
    journal_close(journal);
    ear_free(ear);
}

static void expect_whole_file(struct moved *moved) {
    expect_whole(moved, place_open(&moved->place));
}

static void expect_whole_database(struct moved *moved) {
    char why[JOURNAL_WHY_MAX] = "";
    struct journal *journal = journal_postgres_again(why);
    if (journal == NULL) {
        printf("\n    %s", why);
    }
    CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
    expect_whole(moved, journal);
}

static void expect_no_start(const char *words) {
    char why[JOURNAL_WHY_MAX] = "";
    CU_ASSERT_PTR_NULL(journal_postgres_again(why));
    CU_ASSERT_PTR_NOT_NULL(strstr(why, words));
}

static bool is_file(const struct moved *moved) {
    return access(moved->place.path, F_OK) == 0;
}

/* A file with two rooms, and no database yet. */
static void moved_begin(struct moved *moved) {
    journal_postgres_do("SET client_min_messages = warning; DROP SCHEMA IF EXISTS spar CASCADE");
    *moved = (struct moved){.more = 0};
    place_make(&moved->place);
    moved->move = (struct journal_move){
        .path = moved->place.path, .info = journal_postgres_info(), .told = on_told};
    struct journal *journal = place_open(&moved->place);
    struct ear *ear = ear_new(journal);
    append_run(ear, room_a, 0, "abc", 1, key);
    append(ear, room_a, 3, "", 2);
    append_as(ear, room_b, 0, "x", 3, key);
    heard(ear, 2);
    append_as(ear, room_b, 0, "enrols nobody", 4, other_key);
    moved->epoch = journal_epoch(journal);
    moved->boot = journal_boot(journal);
    CU_ASSERT_EQUAL(strncmp(heard(ear, 3), "4 conflict", 10), 0);
    journal_close(journal);
    ear_free(ear);
}

static void expect_failed(bool good, const char *line, const char *words) {
    CU_ASSERT_FALSE(good);
    if (strstr(line, words) == NULL) {
        printf("\n    \"%s\" has no \"%s\"", line, words);
    }
    CU_ASSERT_PTR_NOT_NULL(strstr(line, words));
}

/* Tables that are made from now on have it. */
static void break_table(const char *table, const char *check) {
    char statements[1024];
    snprintf(statements, sizeof statements,
             "CREATE OR REPLACE FUNCTION broken() RETURNS event_trigger LANGUAGE plpgsql AS $$"
             " BEGIN IF to_regclass('%s') IS NOT NULL AND NOT EXISTS"
             "  (SELECT FROM pg_constraint WHERE conname = 'broken')"
             " THEN ALTER TABLE %s ADD CONSTRAINT broken CHECK (%s); END IF; END $$;"
             "CREATE EVENT TRIGGER broken ON ddl_command_end WHEN TAG IN ('CREATE TABLE')"
             " EXECUTE FUNCTION broken()",
             table, table, check);
    journal_postgres_do(statements);
}

static void mend_tables(void) {
    journal_postgres_do("DROP EVENT TRIGGER broken");
}

/* Whatever fails on the way out, the file is what it was, and no server starts on the part. */
static void test_move_out(void) {
    static const struct {
        const char *table, *check;
    } phases[] = {
        {"spar.event", "room < 2"}, {"spar.member", "false"}, {"spar.meta", "name <> 'from'"}};
    struct moved moved;
    char line[JOURNAL_LINE_MAX], away[TEMP_PATH_SIZE + 8];
    moved_begin(&moved);
    for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++) {
        break_table(phases[i].table, phases[i].check);
        expect_failed(journal_move_out(&moved.move, line), line, "Nothing is lost; begin again.");
        mend_tables();
        expect_no_start("has not ended");
        expect_whole_file(&moved);
    }
    CU_ASSERT(journal_move_out(&moved.move, line));
    CU_ASSERT_FALSE(is_file(&moved));
    /* As if it had been killed before the file was put away. */
    snprintf(away, sizeof away, "%s.moved", moved.place.path);
    CU_ASSERT_EQUAL(rename(away, moved.place.path), 0);
    CU_ASSERT(journal_move_out(&moved.move, line));
    CU_ASSERT_FALSE(is_file(&moved));
    expect_whole_database(&moved);
    expect_whole_database(&moved);
    place_remove(&moved.place);
}

/* Of one byte; twice, and it is as it was. */
static void damage(void) {
    journal_postgres_do("UPDATE spar.event SET body = set_byte(body, 4, get_byte(body, 4) # 1)"
                        " WHERE room = 2");
}

static void fail_move_in(struct moved *moved, const char *words) {
    char line[JOURNAL_LINE_MAX];
    expect_failed(journal_move_in(&moved->move, line), line, words);
    CU_ASSERT_FALSE(is_file(moved));
}

/* Whatever fails on the way back, there is no file, and the database is what it was, until the file
 * is whole; then no server starts on the database any more. */
static void test_move_in(void) {
    struct moved moved;
    char line[JOURNAL_LINE_MAX];
    moved_begin(&moved);
    CU_ASSERT_FATAL(journal_move_out(&moved.move, line));
    expect_whole_database(&moved);
    damage();
    fail_move_in(&moved, "bbbbbbbbbbbb is damaged behind event 0");
    damage();
    failing_disk_install();
    failing_disk_full(true);
    fail_move_in(&moved, "free some space");
    failing_disk_full(false);
    failing_disk_remove();
    expect_whole_database(&moved);
    journal_postgres_do("ALTER TABLE spar.meta ADD CONSTRAINT broken CHECK (name <> 'moved')");
    expect_failed(journal_move_in(&moved.move, line), line, "Ask once more");
    CU_ASSERT(is_file(&moved));
    journal_postgres_do("ALTER TABLE spar.meta DROP CONSTRAINT broken");
    CU_ASSERT(journal_move_in(&moved.move, line));
    expect_no_start("moved to a folder");
    expect_whole_file(&moved);
    expect_whole_file(&moved);
    place_remove(&moved.place);
}

static CU_TestInfo chores[] = {
    {"a look at every checksum", test_check}, {"what is forgotten", test_forget},
    {"what is kept no longer", test_keep},    {"what is pruned", test_prune},
    {"what it cannot do", test_refusals},     CU_TEST_INFO_NULL};
static CU_TestInfo moves[] = {{"out of a folder, each phase failing first", test_move_out},
                              {"back into one", test_move_in},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"memory", journal_hold_memory, NULL, NULL, NULL, chores},
                                {"sqlite", journal_hold_sqlite, NULL, NULL, NULL, chores},
                                {"shared", journal_hold_shared, NULL, NULL, NULL, chores},
                                CU_SUITE_INFO_NULL};

/* Where a database is named, that one alone. */
static CU_SuiteInfo with_database[] = {
    {"postgres", journal_hold_postgres, NULL, NULL, NULL, chores},
    {"moves", NULL, NULL, NULL, NULL, moves},
    CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(journal_postgres_info() != NULL ? with_database : suites);
}
