/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a room's long log is folded a slice a loop turn for whoever asks about the room and is
 * not in it: a list of rooms, a recording, what somebody has seen; who goes meanwhile leaves
 * nothing behind.
 */
#include "tests/support/test_main.h"

#include <openssl/ec.h>
#include <openssl/evp.h>

#include "protocol/room/view.h"
#include "server/follow/walk.h"
#include "server/request/request.h"
#include "tests/support/sample.h"
#include "tests/support/scene.h"

enum { ADA = 1, LINES = 2 * WALK_EVENTS };
_Static_assert(LINES <= (int)ROOM_SEAT_SAID_MAX, "one seat says so much");

/* A room with a log of several slices, and who asks about it from a worker that has not loaded it.
 */
struct talk {
    struct scene scene;
    struct actor *ada, *asker;
    EVP_PKEY *signer;
};

static void talk_open(struct talk *talk) {
    struct scene *scene = &talk->scene;
    scene_open(scene);
    talk->signer = EVP_EC_gen("P-256");
    CU_ASSERT_PTR_NOT_NULL_FATAL(talk->signer);
    scene->workers[3].requests.signer = talk->signer;
    scene_host(scene);
    talk->ada = actor_new(scene, 0, ADA);
    actor_seat(talk->ada, scene->secrets[0], 0);
    for (uint32_t id = 1; id <= LINES; id++) {
        actor_do(talk->ada, id, body_text(ACTION_TALK_SAY, "Go on."));
        while (id % JOURNAL_RUN_MAX == 0 && scene_replica(scene, 0)->room.line_count < id) {
            scene_turn(scene);
        }
    }
    while (scene_replica(scene, 0)->room.line_count < LINES) {
        scene_turn(scene);
    }
    talk->asker = actor_new(scene, 3, ADA);
}

static void talk_close(struct talk *talk) {
    actor_free(talk->ada);
    scene_close(&talk->scene);
    EVP_PKEY_free(talk->signer);
}

static void ask_talk(struct talk *talk, enum message_kind kind) {
    struct requests *requests = &talk->asker->rooms->requests;
    struct message asked = {.kind = kind};
    if (kind == MESSAGE_SESSIONS) {
        asked.sessions.id = 5;
        CU_ASSERT_EQUAL(request_sessions(requests, &talk->asker->peer, &asked), REFUSAL_NONE);
    } else {
        asked.room = span_of(talk->scene.room);
        asked.fetch.id = 6;
        CU_ASSERT_EQUAL(request_fetch(requests, &talk->asker->peer, &asked), REFUSAL_NONE);
    }
    while (!actor_is_read(talk->asker)) {
        scene_turn(&talk->scene);
    }
}

static void test_room_sessions(void) {
    struct talk talk;
    talk_open(&talk);
    ask_talk(&talk, MESSAGE_SESSIONS);
    CU_ASSERT_TRUE(actor_slices_to(talk.asker, 1) >= LINES / WALK_EVENTS);
    actor_free(talk.asker);
    talk_close(&talk);
}

static void test_room_fetch(void) {
    struct talk talk;
    talk_open(&talk);
    ask_talk(&talk, MESSAGE_FETCH);
    uint32_t n = view_count(&scene_replica(&talk.scene, 0)->room, 0);
    CU_ASSERT_TRUE(actor_slices_to(talk.asker, n) >= LINES / WALK_EVENTS);
    CU_ASSERT_EQUAL(actor_count(talk.asker, MESSAGE_RECORD), n);
    actor_free(talk.asker);
    talk_close(&talk);
}

static void test_room_gone(void) {
    static const enum message_kind kinds[] = {MESSAGE_SESSIONS, MESSAGE_FETCH};
    for (int i = 0; i < 2; i++) {
        struct talk talk;
        talk_open(&talk);
        ask_talk(&talk, kinds[i]);
        const struct rooms *rooms = talk.asker->rooms;
        actor_free(talk.asker);
        while (!LIST_EMPTY(&rooms->requests.all)) {
            scene_turn(&talk.scene);
        }
        CU_ASSERT_EQUAL(rooms->requests.logs_held, 0);
        talk_close(&talk);
    }
}

static void test_room_end(void) {
    static const enum message_kind kinds[] = {MESSAGE_SESSIONS, MESSAGE_FETCH};
    for (int i = 0; i < 2; i++) {
        struct talk talk;
        talk_open(&talk);
        ask_talk(&talk, kinds[i]);
        requests_free(&talk.asker->rooms->requests);
        CU_ASSERT_FALSE(actor_is_read(talk.asker));
        actor_free(talk.asker);
        talk_close(&talk);
    }
}

struct past {
    uint32_t count;
    bool done, complete, dropped;
};

static void past_done(void *owner, struct past_prompts *past, bool complete) {
    *(struct past *)owner = (struct past){.done = true, .complete = complete, .count = past->count};
    past_prompts_free(past);
}

static void past_drop(void *owner) {
    ((struct past *)owner)->dropped = true;
}

/* What one has seen is looked up likewise, to its end or to the server's. */
static void test_room_past(void) {
    for (int ends = 0; ends < 2; ends++) {
        struct talk talk;
        struct past past = {.count = 0};
        talk_open(&talk);
        struct past_prompts_searches *searches = &talk.asker->rooms->searches;
        struct past_prompts_question question = {past_done, past_drop, &past};
        CU_ASSERT_EQUAL(past_prompts_ask(searches, talk.asker->peer.key, 1, &question),
                        REFUSAL_NONE);
        while (!actor_is_read(talk.asker)) {
            scene_turn(&talk.scene);
        }
        if (ends) {
            past_prompts_forget(searches);
            CU_ASSERT_FALSE(actor_is_read(talk.asker));
        }
        while (!past.done && !past.dropped) {
            scene_turn(&talk.scene);
        }
        CU_ASSERT_EQUAL(past.dropped, ends);
        CU_ASSERT_TRUE(ends || (past.complete && past.count == 1));
        actor_free(talk.asker);
        talk_close(&talk);
    }
}

int main(void) {
    static CU_TestInfo tests[] = {
        {"a room in a list", test_room_sessions},    {"a room's recording", test_room_fetch},
        {"who asks goes meanwhile", test_room_gone}, {"the server ends meanwhile", test_room_end},
        {"what somebody has seen", test_room_past},  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"fold", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
