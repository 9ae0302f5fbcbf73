/* SPDX-License-Identifier: ISC */
/*
 * Purpose: how many logs fetches hold at once, however many are asked for and however slowly they
 * are read; and that each of them gets the whole recording all the same.
 */
#include "tests/support/test_main.h"

#include <openssl/ec.h>
#include <openssl/evp.h>

#include "certs/sign.h"
#include "server/handle/handle.h"
#include "server/request/request.h"
#include "server/room/opening.h"
#include "tests/support/group.h"
#include "tests/support/sample.h"
#include "tests/support/scene.h"

enum { READERS = 5, TALKS = 20, SEATS = 3 };

/* A room with some talk in it, and five connections of three keys that have a seat there. */
struct line {
    struct scene scene;
    struct actor *people[SEATS], *readers[READERS];
    EVP_PKEY *signer;
    uint32_t count; /* events in the interviewer's view */
};

static void line_open(struct line *line) {
    scene_open(&line->scene);
    line->signer = EVP_EC_gen("P-256");
    CU_ASSERT_PTR_NOT_NULL_FATAL(line->signer);
    line->scene.workers[0].requests.signer = line->signer;
    scene_host(&line->scene);
    for (int i = 0; i < SEATS; i++) {
        line->people[i] = actor_new(&line->scene, 0, (uint8_t)(i + 1));
        actor_seat(line->people[i], line->scene.secrets[i], 0);
    }
    for (uint32_t id = 1; id <= TALKS; id++) {
        actor_do(line->people[0], id, body_text(ACTION_TALK_SAY, "Go on."));
    }
    line->count = OPENING_SECTIONS + 1 + SEATS + TALKS; /* the opening, the joins, the talk */
    actor_await_n(line->people[0], line->count);
    for (int i = 0; i < READERS; i++) {
        line->readers[i] = actor_new(&line->scene, 0, (uint8_t)(i % SEATS + 1));
    }
}

static void line_close(struct line *line) {
    for (int i = 0; i < READERS; i++) {
        actor_free(line->readers[i]);
    }
    for (int i = 0; i < SEATS; i++) {
        actor_free(line->people[i]);
    }
    CU_ASSERT_EQUAL(line->scene.workers[0].requests.logs_held, 0);
    scene_close(&line->scene);
    EVP_PKEY_free(line->signer);
}

static enum refusal fetch(struct line *line, int reader, uint32_t id) {
    struct actor *actor = line->readers[reader];
    const struct message question = {
        .kind = MESSAGE_FETCH, .room = span_of(line->scene.room), .fetch = {.id = id}};
    return request_fetch(&actor->rooms->requests, &actor->peer, &question);
}

static void ask(struct line *line, int reader, uint32_t id) {
    CU_ASSERT_EQUAL_FATAL(fetch(line, reader, id), REFUSAL_NONE);
}

static bool within_bound(const struct line *line) {
    return line->scene.workers[0].requests.logs_held <= LOGS_HELD_MAX;
}

static void await_end(struct line *line, int reader, uint32_t count) {
    while (actor_count(line->readers[reader], MESSAGE_END) < count) {
        CU_ASSERT_TRUE(within_bound(line));
        scene_turn(&line->scene);
    }
}

static void test_many(void) {
    struct line line;
    line_open(&line);
    for (uint32_t id = 1; id <= REQUESTS_MAX; id++) {
        for (int i = 0; i < READERS; i++) {
            ask(&line, i, id);
            CU_ASSERT_TRUE(within_bound(&line));
        }
    }
    CU_ASSERT_EQUAL(line.scene.workers[0].requests.logs_held, LOGS_HELD_MAX);
    struct actor *first = line.readers[0];
    CU_ASSERT_EQUAL(fetch(&line, 0, REQUESTS_MAX + 1), REFUSAL_TOO_FAST);
    for (int i = 0; i < READERS; i++) {
        await_end(&line, i, REQUESTS_MAX);
    }
    CU_ASSERT_EQUAL(actor_count(first, MESSAGE_RECORD), REQUESTS_MAX * line.count);
    CU_ASSERT_EQUAL(actor_await(first, MESSAGE_END, 1)->n, line.count);
    line_close(&line);
}

/* A list reads one log after the other, and stands in the same line for each. */
static void test_lists(void) {
    struct line line;
    line_open(&line);
    const struct message question = {.kind = MESSAGE_SESSIONS, .sessions = {.id = 1}};
    for (int i = 0; i < READERS; i++) {
        struct actor *actor = line.readers[i];
        ask(&line, i, 2);
        CU_ASSERT_EQUAL(request_sessions(&actor->rooms->requests, &actor->peer, &question),
                        REFUSAL_NONE);
    }
    for (int i = 0; i < READERS; i++) {
        await_end(&line, i, 2);
        CU_ASSERT_EQUAL(actor_count(line.readers[i], MESSAGE_SESSION), 1);
    }
    line_close(&line);
}

/* It reads one event, then pauses until the others are through. */
static void test_slow_readers(void) {
    struct line line;
    line_open(&line);
    for (int i = 0; i < READERS; i++) {
        line.readers[i]->swallow = i < LOGS_HELD_MAX;
        line.readers[i]->backlog = i < LOGS_HELD_MAX ? PEER_BACKLOG_MAX - 1 : 0;
        ask(&line, i, 1);
    }
    for (int i = LOGS_HELD_MAX; i < READERS; i++) {
        await_end(&line, i, 1);
    }
    for (int i = 0; i < LOGS_HELD_MAX; i++) {
        struct actor *slow = line.readers[i];
        CU_ASSERT_EQUAL(actor_count(slow, MESSAGE_RECORD), 1);
        /* The room goes on meanwhile; the recording goes on where it was. */
        actor_do(line.people[0], TALKS + 1 + (uint32_t)i, body_text(ACTION_TALK_SAY, "Later."));
        actor_await_n(line.people[0], ++line.count);
        slow->swallow = false;
        slow->backlog = 0;
        handle_peer_drained(&slow->peer);
        await_end(&line, i, 1);
        CU_ASSERT_EQUAL(actor_count(slow, MESSAGE_RECORD), actor_await(slow, MESSAGE_END, 1)->n);
    }
    CU_ASSERT_EQUAL(actor_await(line.readers[0], MESSAGE_END, 1)->n, line.count - 1);
    /* Without a pause the chain comes out the same. */
    ask(&line, 3, 2);
    await_end(&line, 3, 2);
    ask(&line, 4, 2);
    await_end(&line, 4, 2);
    CU_ASSERT_EQUAL(actor_await(line.readers[4], MESSAGE_END, 2)->chain,
                    actor_await(line.readers[1], MESSAGE_END, 1)->chain);
    line_close(&line);
}

/* Whoever leaves makes room, in line or with a log. */
static void test_leaving(void) {
    struct line line;
    line_open(&line);
    for (int i = 0; i < READERS; i++) {
        ask(&line, i, 1);
    }
    handle_peer_gone(&line.readers[0]->peer);
    handle_peer_gone(&line.readers[2]->peer);
    await_end(&line, 1, 1);
    await_end(&line, 3, 1);
    await_end(&line, 4, 1);
    CU_ASSERT_EQUAL(actor_count(line.readers[0], MESSAGE_RECORD), 0);
    CU_ASSERT_EQUAL(actor_count(line.readers[2], MESSAGE_RECORD), 0);
    line_close(&line);
}

/* Who is cut off from the cohort while the recording of a running room is on its way gets no more
 * of it. */
static void test_withdrawn(void) {
    struct group group;
    struct actor *pair[2];
    group_open(&group);
    EVP_PKEY *signer = EVP_EC_gen("P-256");
    CU_ASSERT_PTR_NOT_NULL_FATAL(signer);
    group.scene.workers[1].requests.signer = signer;
    group_seat_pair(&group, pair);
    struct actor *reader = actor_new(&group.scene, 1, 1); /* another connection of the first */
    reader->swallow = true;
    reader->backlog = PEER_BACKLOG_MAX - 1;
    const struct message question = {
        .kind = MESSAGE_FETCH, .room = span_of(group.scene.room), .fetch = {.id = 5}};
    CU_ASSERT_EQUAL(request_fetch(&reader->rooms->requests, &reader->peer, &question),
                    REFUSAL_NONE);
    actor_await(reader, MESSAGE_RECORD, 1);
    CU_ASSERT_EQUAL(attendee_withdraw(group_place(&group, group.coach), 0, 6), REFUSAL_NONE);
    CU_ASSERT_EQUAL(actor_await(pair[0], MESSAGE_REFUSED, 1)->why, REFUSAL_WITHDRAWN);
    reader->swallow = false;
    reader->backlog = 0;
    handle_peer_drained(&reader->peer);
    const struct heard *refused = actor_await(reader, MESSAGE_REFUSED, 1);
    CU_ASSERT_EQUAL(refused->why, REFUSAL_WITHDRAWN);
    CU_ASSERT_EQUAL(refused->id, 5);
    CU_ASSERT_EQUAL(actor_count(reader, MESSAGE_RECORD), 1);
    actor_free(reader);
    actor_free(pair[0]);
    actor_free(pair[1]);
    CU_ASSERT_EQUAL(group.scene.workers[1].requests.logs_held, 0);
    group_close(&group);
    EVP_PKEY_free(signer);
}

static CU_TestInfo tests[] = {
    {"more fetches than logs that may be held", test_many},
    {"lists beside them", test_lists},
    {"slow readers give way", test_slow_readers},
    {"leaving", test_leaving},
    {"a link that is withdrawn cuts a fetch off", test_withdrawn},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"fetch", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
