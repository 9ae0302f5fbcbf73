/* SPDX-License-Identifier: ISC */
/*
 * Purpose: several journals over the same rows: one wins each position, all hear the same, and
 * nothing is confirmed, lost or doubled by a lost outcome, a lost notice, rows out of reach, rows
 * that vanish, or a server that is taken for dead.
 */
#include "tests/support/test_main.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/journal_ear.h"
#include "tests/support/shared_rows.h"

static const char room_a[] = "aaaaaaaaaaaa", room_b[] = "bbbbbbbbbbbb";

struct pair {
    struct shared_base *base;
    struct journal *journals[2];
    struct shared_server *servers[2];
    struct ear *one, *two;
    unsigned asked;
};

static void pair_open(struct pair *pair) {
    *pair = (struct pair){.base = shared_base_new()};
    for (int i = 0; i < 2; i++) {
        pair->journals[i] = shared_base_open(pair->base, &pair->servers[i]);
    }
    pair->one = ear_new(pair->journals[0]);
    pair->two = ear_new(pair->journals[1]);
}

static void pair_close(struct pair *pair) {
    journal_close(pair->journals[0]);
    journal_close(pair->journals[1]);
    ear_free(pair->one);
    ear_free(pair->two);
    shared_base_free(pair->base);
}

/* What a journal had begun before is done when it has answered twice. */
static void settle(struct pair *pair, struct ear *ear) {
    for (int i = 0; i < 2; i++) {
        char line[LINE_BYTES];
        uint64_t token = 1000 + pair->asked++;
        ear_chore_of(ear, JOURNAL_CHECK, "", token); /* which these rows cannot */
        snprintf(line, sizeof line, "%u not done", (unsigned)token);
        find_line(ear, line);
    }
}

/* Has both journals do what is due after each beat's time; second: false, if that one stands still.
 */
static void pass(struct pair *pair, int64_t ms, bool second) {
    for (int64_t at = 0; at < ms; at += SHARED_BEAT_MS) {
        shared_base_pass(pair->base, SHARED_BEAT_MS);
        settle(pair, pair->one);
        if (second) {
            settle(pair, pair->two);
        }
    }
}

/* Who comes second hears what came first, then that it lost. */
static void test_second(void) {
    struct pair pair;
    pair_open(&pair);
    shared_server_mute(pair.servers[0], true);
    append(pair.one, room_a, 0, "a", 1);
    expect(pair.one, 0, "1 committed head 1");
    ear_follow(pair.two, room_a, 0, 2);
    expect(pair.two, 0, "2 history 1=a");
    append_run(pair.one, room_a, 1, "bc", 3, NULL);
    expect(pair.one, 1, "3 committed head 3");
    append(pair.two, room_a, 1, "x", 4);
    expect(pair.two, 1, "aaaaaaaaaaaa 2=b 3=c");
    expect(pair.two, 2, "4 conflict head 3");
    append(pair.two, room_a, 3, "d", 5);
    expect(pair.two, 3, "aaaaaaaaaaaa 4=d");
    expect(pair.two, 4, "5 committed head 4");
    ear_read(pair.one, room_a, 2, 6);
    expect(pair.one, 2, "6 history 3=c 4=d");
    pair_close(&pair);
}

/* Of a commit with several rooms only the room that came second is lost, with its members. */
static void test_part_of_a_commit(void) {
    struct pair pair;
    uint8_t key[HASH_BYTES] = "key";
    unsigned last = 1;
    pair_open(&pair);
    shared_server_mute(pair.servers[0], true);
    ear_follow(pair.two, room_a, 0, 1);
    expect(pair.two, 0, "1 no room");
    append(pair.one, room_a, 0, "a", 1);
    expect(pair.one, 0, "1 committed head 1");
    append_as(pair.two, room_b, 0, "y", 2, key);
    append_as(pair.two, room_a, 0, "x", 3, key);
    append_chained(pair.two, room_a, 1, "z", 4); /* it would fit behind what came first */
    append_as(pair.two, room_b, 1, "z", 5, NULL);
    while (strncmp(heard(pair.two, last), "5 ", 2) != 0) {
        last++;
    }
    expect(pair.two, last, "5 committed head 2");
    ear_rooms_of(pair.one, key, 4);
    expect(pair.one, 1, "4 rooms 1 bbbbbbbbbbbb");
    pair_close(&pair);
}

static void drain(struct ear *ear, uint32_t boot, uint64_t token) {
    if (!journal_post_drain(ear->journal, ear->id, boot, token)) {
        abort();
    }
}

/* Told by the other one it hands its people over; nobody is sent to it any more; and the last one
 * that takes people in does not. */
static void test_drain(void) {
    char nodes[NODES_TEXT_MAX + 1] = "?";
    struct pair pair;
    pair_open(&pair);
    pass(&pair, (int64_t)2 * SHARED_BEAT_MS, true);
    drain(pair.one, 2, 1);
    find_line(pair.one, "1 done: ");
    pass(&pair, SHARED_BEAT_MS, true);
    await_drained(pair.two);
    CU_ASSERT_FALSE(pair.one->drained);
    journal_nodes(pair.journals[0], nodes);
    CU_ASSERT_STRING_EQUAL(nodes, "");
    journal_nodes(pair.journals[1], nodes);
    CU_ASSERT_STRING_EQUAL(nodes, "node-1:7447");
    drain(pair.one, 1, 2);
    find_line(pair.one, "2 not done: No other server");
    drain(pair.two, 9, 3);
    find_line(pair.two, "3 not done: ");
    append(pair.two, room_a, 0, "a", 4); /* what its people have said is kept */
    find_line(pair.two, "4 committed head 1");
    pair_close(&pair);
}

/* Each names the others that live, and none once it is alone. */
static void test_nodes(void) {
    char nodes[NODES_TEXT_MAX + 1] = "?";
    struct pair pair;
    pair_open(&pair);
    journal_nodes(pair.journals[1], nodes);
    CU_ASSERT_STRING_EQUAL(nodes, "node-1:7447");
    pass(&pair, (int64_t)2 * SHARED_BEAT_MS, true);
    journal_nodes(pair.journals[0], nodes);
    CU_ASSERT_STRING_EQUAL(nodes, "node-2:7447");
    struct node_list list;
    journal_node_list(pair.journals[0], &list);
    CU_ASSERT_EQUAL_FATAL(list.count, 2);
    CU_ASSERT_EQUAL(list.at[1].load.connections, 3); /* as shared_rows.c says for each */
    CU_ASSERT_EQUAL(list.at[1].load.rooms, 2);
    pass(&pair, SHARED_GRACE_MS, true);
    shared_server_freeze(pair.servers[1], true);
    pass(&pair, SHARED_DEAD_MS + (int64_t)2 * SHARED_BEAT_MS, false);
    journal_nodes(pair.journals[0], nodes);
    CU_ASSERT_STRING_EQUAL(nodes, "");
    shared_server_freeze(pair.servers[1], false);
    pair_close(&pair);
}

static void check_told(bool bare) {
    struct pair pair;
    pair_open(&pair);
    if (bare) {
        shared_server_bare(pair.servers[0]);
    }
    append(pair.one, room_a, 0, "a", 1);
    ear_follow(pair.one, room_a, 0, 2);
    expect(pair.one, 1, "2 history 1=a");
    ear_follow(pair.two, room_a, 1, 3);
    expect(pair.two, 0, "3 history");
    append_run(pair.one, room_a, 1, "bc", 4, NULL);
    expect(pair.two, 1, "aaaaaaaaaaaa 2=b 3=c");
    append(pair.two, room_a, 3, "d", 5);
    expect(pair.one, 2, "aaaaaaaaaaaa 2=b 3=c");
    expect(pair.one, 4, "aaaaaaaaaaaa 4=d");
    pair_close(&pair);
}

static void test_told(void) {
    check_told(false);
    check_told(true);
}

/* A trip that is lost is said to be, when the next is heard or two beats later. */
static void test_lost_trip(void) {
    struct pair pair;
    pair_open(&pair);
    ear_follow(pair.two, room_a, 0, 1);
    expect(pair.two, 0, "1 no room");
    settle(&pair, pair.two);
    settle(&pair, pair.one);
    shared_server_mute(pair.servers[0], true);
    ear_trip(pair.one, room_a, 0, 1, 10);
    settle(&pair, pair.one);
    shared_server_mute(pair.servers[0], false);
    unsigned before = pair.two->lost;
    ear_trip(pair.one, room_a, 0, 1, 20);
    find_line(pair.two, "aaaaaaaaaaaa trip 20 20");
    settle(&pair, pair.two);
    CU_ASSERT(pair.two->lost > before);
    before = pair.two->lost;
    shared_server_mute(pair.servers[0], true);
    ear_trip(pair.one, room_a, 0, 1, 30);
    settle(&pair, pair.one);
    pass(&pair, (int64_t)4 * SHARED_BEAT_MS, true);
    CU_ASSERT(pair.two->lost > before);
    pair_close(&pair);
}

/* What was lost on the way is found: by the next notice, or two beats later. */
static void test_lost_notice(void) {
    struct pair pair;
    pair_open(&pair);
    append(pair.one, room_a, 0, "a", 1);
    expect(pair.one, 0, "1 committed head 1");
    ear_follow(pair.two, room_a, 1, 2);
    expect(pair.two, 0, "2 history");
    shared_server_mute(pair.servers[0], true);
    append(pair.one, room_a, 1, "b", 3);
    expect(pair.one, 1, "3 committed head 2");
    shared_server_mute(pair.servers[0], false);
    append(pair.one, room_b, 0, "x", 4); /* another room's notice tells of the gap */
    expect(pair.two, 1, "aaaaaaaaaaaa 2=b");
    expect(pair.one, 2, "4 committed head 1");
    shared_server_mute(pair.servers[0], true);
    append(pair.one, room_a, 2, "c", 5);
    expect(pair.one, 3, "5 committed head 3");
    pass(&pair, (int64_t)4 * SHARED_BEAT_MS, true);
    find_line(pair.two, "aaaaaaaaaaaa 3=c");
    pair_close(&pair);
}

/* The outcome of a commit is lost with the connection: it counts once, whether it was stored or
 * not. */
static void test_lost_outcome(void) {
    struct pair pair;
    pair_open(&pair);
    append(pair.one, room_a, 0, "a", 1);
    expect(pair.one, 0, "1 committed head 1");
    for (uint32_t i = 0; i < 6; i++) {
        shared_server_lose_outcome(pair.servers[0], i % 2);
        char line[LINE_BYTES];
        append_run(pair.one, room_a, 1 + 2 * i, "bc", 10 + i, NULL);
        snprintf(line, sizeof line, "%u committed head %u", 10 + i, 3 + 2 * i);
        expect(pair.one, 1 + i, line);
    }
    CU_ASSERT_EQUAL(shared_base_runs(pair.base), 7);
    /* Another came first: what was not stored is lost, and what came first is told. */
    append(pair.two, room_a, 13, "d", 1);
    expect(pair.two, 0, "1 committed head 14");
    shared_server_lose_outcome(pair.servers[0], false);
    append(pair.one, room_a, 13, "x", 20);
    expect(pair.one, 7, "20 conflict head 14");
    pair_close(&pair);
}

/* Out of reach: what was posted waits, is stored as it was, or fails after SHARED_WAIT_MS. */
static void test_out_of_reach(void) {
    struct pair pair;
    pair_open(&pair);
    append(pair.one, room_a, 0, "a", 1);
    expect(pair.one, 0, "1 committed head 1");
    ear_follow(pair.two, room_a, 1, 2);
    expect(pair.two, 0, "2 history");
    shared_server_cut(pair.servers[0], true);
    append(pair.one, room_a, 1, "b", 3);
    expect(pair.one, 1, "3 failed head 1"); /* time passes as it tries */
    append(pair.two, room_a, 1, "c", 4);
    expect(pair.two, 2, "4 committed head 2"); /* behind the event itself */
    shared_server_cut(pair.servers[0], false);
    append(pair.one, room_a, 2, "d", 5);
    expect(pair.one, 2, "5 committed head 3");
    pair_close(&pair);
}

/* Who is away alone says so once others may take it for dead; where something answers, later. */
static void test_cut(void) {
    struct pair pair;
    pair_open(&pair);
    shared_server_cut(pair.servers[0], true);
    pass(&pair, SHARED_DEAD_MS, true);
    await_cut(pair.one, true);
    CU_ASSERT_FALSE(pair.two->cut);
    shared_server_cut(pair.servers[0], false);
    pass(&pair, SHARED_BEAT_MS, true);
    await_cut(pair.one, false);
    shared_server_refuse(pair.servers[0], true);
    pass(&pair, SHARED_CUT_MS - (int64_t)2 * SHARED_BEAT_MS, true);
    CU_ASSERT_FALSE(pair.one->cut);
    pass(&pair, (int64_t)4 * SHARED_BEAT_MS, true);
    await_cut(pair.one, true);
    shared_server_refuse(pair.servers[0], false);
    append(pair.one, room_a, 0, "a", 1);
    find_line(pair.one, "1 committed head 1");
    await_cut(pair.one, false);
    pair_close(&pair);
}

/* Who reads while another database becomes the primary waits for it; once this server is cut off,
 * no more. */
static void test_read_out_of_reach(void) {
    const uint32_t vain = SHARED_CUT_MS / SHARED_BEAT_MS;
    static const uint8_t key[HASH_BYTES] = "key";
    struct pair pair;
    pair_open(&pair);
    append_as(pair.two, room_a, 0, "a", 1, key);
    expect(pair.two, 0, "1 committed head 1");
    shared_server_replace(pair.servers[0], vain / 2);
    ear_follow(pair.one, room_a, 0, 2);
    find_line(pair.one, "2 history 1=a");
    shared_server_replace(pair.servers[0], vain / 2);
    ear_rooms_of(pair.one, key, 4);
    find_line(pair.one, "4 rooms 1 aaaaaaaaaaaa");
    CU_ASSERT_FALSE(pair.one->cut);
    shared_server_replace(pair.servers[0], 4 * vain);
    ear_read(pair.one, room_b, 0, 3);
    find_line(pair.one, "3 unread");
    await_cut(pair.one, true);
    shared_server_replace(pair.servers[0], 4 * vain);
    ear_rooms_of(pair.one, key, 5);
    find_line(pair.one, "5 rooms unread");
    pair_close(&pair);
}

/* Closed while the rows are out of reach and an append waits for them: it fails, and all ends. */
static void test_closed_out_of_reach(void) {
    struct pair pair;
    pair_open(&pair);
    append(pair.one, room_a, 0, "a", 1);
    expect(pair.one, 0, "1 committed head 1");
    shared_server_bury(pair.servers[0]);
    append(pair.one, room_a, 1, "b", 2);
    shared_server_await_waiting(pair.servers[0]);
    append(pair.two, room_b, 0, "x", 3);
    expect(pair.two, 0, "3 committed head 1");
    journal_close(pair.journals[0]);
    expect(pair.one, 1, "2 failed head 1");
    journal_close(pair.journals[1]);
    ear_free(pair.one);
    ear_free(pair.two);
    shared_base_free(pair.base);
}

/* A row that was shown and is gone: the room is refused, never served with a hole. */
static void test_vanished(void) {
    struct pair pair;
    pair_open(&pair);
    append(pair.one, room_a, 0, "a", 1);
    append(pair.one, room_a, 1, "b", 2);
    expect(pair.one, 1, "2 committed head 2");
    shared_base_lose_last(pair.base);
    ear_read(pair.one, room_a, 0, 3);
    expect(pair.one, 2, "3 unread");
    append(pair.one, room_a, 2, "c", 4);
    expect(pair.one, 3, "4 failed head 2");
    pair_close(&pair);
}

/* ---- leases ---- */

static void test_leases(void) {
    struct pair pair;
    pair_open(&pair);
    CU_ASSERT_EQUAL(journal_boot(pair.journals[0]), 1);
    CU_ASSERT_EQUAL(journal_boot(pair.journals[1]), 2);
    CU_ASSERT_FALSE(journal_boot_dead(pair.journals[0], 2)); /* it has not heard of it */
    CU_ASSERT_FALSE(journal_boot_dead(pair.journals[1], 1));
    pass(&pair, SHARED_GRACE_MS, true);
    CU_ASSERT_EQUAL(journal_leases(pair.journals[0]).count, 2);
    CU_ASSERT_EQUAL(journal_leases(pair.journals[1]).count, 2);
    shared_server_freeze(pair.servers[1], true);
    pass(&pair, SHARED_DEAD_MS - (int64_t)2 * SHARED_BEAT_MS, false);
    CU_ASSERT_FALSE(journal_boot_dead(pair.journals[0], 2));
    pass(&pair, (int64_t)3 * SHARED_BEAT_MS, false);
    CU_ASSERT_TRUE(journal_boot_dead(pair.journals[0], 2));
    /* It wakes up, finds itself taken for dead, and goes on as another. */
    shared_server_freeze(pair.servers[1], false);
    pass(&pair, SHARED_BEAT_MS, true);
    CU_ASSERT_EQUAL(journal_boot(pair.journals[1]), 3);
    CU_ASSERT_TRUE(journal_boot_dead(pair.journals[1], 2));
    CU_ASSERT_FALSE(journal_boot_dead(pair.journals[1], 3));
    pair_close(&pair);
}

/* Who was cut off itself judges nobody before SHARED_GRACE_MS. */
static void test_grace(void) {
    struct pair pair;
    pair_open(&pair);
    pass(&pair, SHARED_GRACE_MS, true);
    shared_server_freeze(pair.servers[1], true);
    shared_server_cut(pair.servers[0], true);
    pass(&pair, SHARED_DEAD_MS, false);
    shared_server_cut(pair.servers[0], false);
    append(pair.one, room_a, 0, "a", 1);
    find_line(pair.one, "1 committed head 1"); /* it is back */
    pass(&pair, SHARED_GRACE_MS - (int64_t)2 * SHARED_BEAT_MS, false);
    CU_ASSERT_FALSE(journal_boot_dead(pair.journals[0], 2));
    pass(&pair, SHARED_GRACE_MS + (int64_t)4 * SHARED_BEAT_MS, false); /* it may notice late */
    CU_ASSERT_TRUE(journal_boot_dead(pair.journals[0], 2));
    shared_server_freeze(pair.servers[1], false);
    pair_close(&pair);
}

/* A journal that ends in peace gives its lease back: nobody waits for it. */
static void test_leave(void) {
    struct pair pair;
    pair_open(&pair);
    struct journal *third = shared_base_open(pair.base, NULL);
    pass(&pair, SHARED_BEAT_MS, true);
    CU_ASSERT_EQUAL(journal_leases(pair.journals[0]).count, 3);
    journal_close(third);
    pass(&pair, SHARED_BEAT_MS, true);
    CU_ASSERT_TRUE(journal_boot_dead(pair.journals[0], 3));
    pair_close(&pair);
}

struct crowd {
    struct pair pair;
    struct journal *journals[NODES_MAX];
    struct shared_server *servers[NODES_MAX];
    struct ear *ears[NODES_MAX];
    unsigned count;
};

static void crowd_add(struct crowd *crowd, struct journal *journal, struct shared_server *server) {
    CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
    crowd->journals[crowd->count] = journal;
    crowd->servers[crowd->count] = server;
    crowd->ears[crowd->count++] = ear_new(journal);
}

/* All but the one that stands still do what is due. */
static void crowd_pass(struct crowd *crowd, int64_t ms, unsigned still) {
    for (int64_t at = 0; at < ms; at += SHARED_BEAT_MS) {
        pass(&crowd->pair, SHARED_BEAT_MS, true);
        for (unsigned i = 0; i < crowd->count; i++) {
            if (i != still) {
                settle(&crowd->pair, crowd->ears[i]);
            }
        }
    }
}

static void crowd_close(struct crowd *crowd) {
    for (unsigned i = 0; i < crowd->count; i++) {
        journal_close(crowd->journals[i]);
        ear_free(crowd->ears[i]);
    }
    pair_close(&crowd->pair);
}

static void check_goes_on(struct pair *pair, unsigned token) {
    char line[LINE_BYTES];
    append(pair->one, room_a, token - 1, "a", token);
    snprintf(line, sizeof line, "%u committed head %u", token, token);
    find_line(pair->one, line);
    ear_read(pair->two, room_a, token - 1, token);
    snprintf(line, sizeof line, "%u history %u=a", token, token);
    find_line(pair->two, line);
}

/* As many as leases can tell of, and one more, beside two who go on. One that was taken for dead
 * comes back although its place is taken, and nobody is judged for it. */
static void test_full(void) {
    struct crowd crowd = {.count = 0};
    struct shared_server *server;
    pair_open(&crowd.pair);
    while (crowd.count < NODES_MAX - 2) {
        struct journal *journal = shared_base_try(crowd.pair.base, &server);
        crowd_add(&crowd, journal, server);
    }
    CU_ASSERT_PTR_NULL(shared_base_try(crowd.pair.base, NULL));
    check_goes_on(&crowd.pair, 1);
    crowd_pass(&crowd, SHARED_GRACE_MS, NODES_MAX);
    CU_ASSERT_EQUAL(journal_leases(crowd.pair.journals[0]).count, NODES_MAX);
    shared_server_freeze(crowd.servers[0], true);
    crowd_pass(&crowd, SHARED_DEAD_MS + (int64_t)2 * SHARED_BEAT_MS, 0);
    CU_ASSERT_TRUE(journal_boot_dead(crowd.pair.journals[0], 3));
    struct journal *late = shared_base_try(crowd.pair.base, &server);
    crowd_add(&crowd, late, server);
    shared_server_freeze(crowd.servers[0], false);
    crowd_pass(&crowd, (int64_t)2 * SHARED_BEAT_MS, NODES_MAX);
    CU_ASSERT_NOT_EQUAL(journal_boot(crowd.journals[0]), 3);
    for (unsigned i = 0; i < crowd.count; i++) {
        CU_ASSERT_FALSE(journal_boot_dead(crowd.pair.journals[0], journal_boot(crowd.journals[i])));
    }
    CU_ASSERT_PTR_NULL(shared_base_try(crowd.pair.base, NULL));
    check_goes_on(&crowd.pair, 2);
    crowd_close(&crowd);
}

/* ---- both write at once ---- */

enum { RACE_EVENTS = 400 };

/* Each appends behind what it believes to be the end, and again when it was second. */
static void test_race(void) {
    struct pair pair;
    unsigned at[2] = {1, 1};
    uint32_t head[2] = {0, 0};
    pair_open(&pair);
    struct ear *ears[] = {pair.one, pair.two};
    for (int i = 0; i < 2; i++) {
        ear_follow(ears[i], room_a, 0, 1);
        expect(ears[i], 0, "1 no room");
    }
    while (head[0] < RACE_EVENTS && head[1] < RACE_EVENTS) {
        for (int i = 0; i < 2; i++) {
            append(ears[i], room_a, head[i], i == 0 ? "e" : "f", 7);
        }
        for (int i = 0; i < 2; i++) {
            const char *line;
            do {
                line = heard(ears[i], at[i]++);
            } while (strncmp(line, "7 ", 2) != 0);
            CU_ASSERT_PTR_NULL(strstr(line, "failed"));
            head[i] = (uint32_t)strtoul(strstr(line, "head ") + strlen("head "), NULL, 10);
        }
    }
    await_last(pair.one, head[0] > head[1] ? head[0] : head[1]);
    await_last(pair.two, head[0] > head[1] ? head[0] : head[1]);
    CU_ASSERT_EQUAL(shared_base_runs(pair.base), head[0] > head[1] ? head[0] : head[1]);
    pair_close(&pair);
}

int main(void) {
    static CU_TestInfo tests[] = {{"who comes second", test_second},
                                  {"part of a commit comes second", test_part_of_a_commit},
                                  {"each names the others", test_nodes},
                                  {"people are handed over", test_drain},
                                  {"others are told", test_told},
                                  {"a notice is lost", test_lost_notice},
                                  {"a trip is lost", test_lost_trip},
                                  {"an outcome is lost", test_lost_outcome},
                                  {"rows out of reach", test_out_of_reach},
                                  {"read out of reach", test_read_out_of_reach},
                                  {"cut off", test_cut},
                                  {"closed out of reach", test_closed_out_of_reach},
                                  {"a row that vanishes", test_vanished},
                                  {"leases", test_leases},
                                  {"who was cut off judges nobody", test_grace},
                                  {"a lease given back", test_leave},
                                  {"as many as there may be", test_full},
                                  {"both write at once", test_race},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"shared journal", NULL, NULL, NULL, NULL, tests},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
