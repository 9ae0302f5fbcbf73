/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a seat that changes hands on a server: who is cut off and with which reason, on every
 * worker; that nothing sent or asked at the same moment slips through; and what the next owner is
 * sent.
 */
#include "tests/support/test_main.h"

#include "protocol/room/view.h"
#include "server/handle/handle.h"
#include "tests/support/sample.h"
#include "tests/support/scene.h"

struct cast {
    struct scene scene;
    struct actor *interviewer, *candidate, *coach;
};

enum { SEAT_CANDIDATE = 1, SEAT_COACH };

static void cast_open(struct cast *cast, unsigned worker_of_candidate) {
    scene_open(&cast->scene);
    scene_host(&cast->scene);
    cast->interviewer = actor_new(&cast->scene, 0, 1);
    cast->candidate = actor_new(&cast->scene, worker_of_candidate, 2);
    cast->coach = actor_new(&cast->scene, 1, 3);
    actor_seat(cast->interviewer, cast->scene.secrets[0], 0);
    actor_seat(cast->candidate, cast->scene.secrets[1], 0);
    actor_seat(cast->coach, cast->scene.secrets[2], 0);
}

static void cast_close(struct cast *cast) {
    actor_free(cast->interviewer);
    actor_free(cast->candidate);
    actor_free(cast->coach);
    scene_close(&cast->scene);
}

static struct body on_seat(enum action act, int64_t seat) {
    return (struct body){.act = act, .has = F(seat), .seat = seat};
}

static const struct room *room_of(struct cast *cast) {
    return &scene_replica(&cast->scene, 0)->room;
}

static void test_moved(void) {
    struct cast cast;
    cast_open(&cast, 1);
    actor_do(cast.candidate, 1, body_text(ACTION_NOTE_MINE, "private"));
    actor_do(cast.candidate, 2, body_text(ACTION_TALK_SAY, "hello"));
    actor_do(cast.interviewer, 1, on_seat(ACTION_SEAT_MOVE, SEAT_CANDIDATE));
    const struct heard *invited = actor_await(cast.interviewer, MESSAGE_INVITED, 1);
    CU_ASSERT_EQUAL(invited->seat, SEAT_CANDIDATE);
    actor_await_cut(cast.candidate);
    CU_ASSERT_EQUAL(cast.candidate->cut, REFUSAL_SEAT_MOVED);
    struct actor *old = actor_new(&cast.scene, 1, 2);
    actor_join(old, cast.scene.secrets[1], 0);
    CU_ASSERT_EQUAL(actor_await(old, MESSAGE_REFUSED, 1)->why, REFUSAL_SEAT_MOVED);
    actor_join(old, NULL, 0);
    CU_ASSERT_EQUAL(actor_await(old, MESSAGE_REFUSED, 2)->why, REFUSAL_SEAT_MOVED);
    struct actor *next = actor_new(&cast.scene, 0, 4);
    const struct heard *joined = actor_seat(next, invited->secrets[0], 0);
    CU_ASSERT_EQUAL(joined->seat, SEAT_CANDIDATE);
    CU_ASSERT_EQUAL(joined->role, ROLE_CANDIDATE);
    CU_ASSERT_EQUAL(joined->id, 0); /* last_id: not how much the one before has written */
    actor_await_n(next, joined->n);
    CU_ASSERT_TRUE(actor_is_dense(next, 1));
    for (uint32_t i = 0; i < ACTOR_HEARD_MAX; i++) {
        CU_ASSERT_FALSE(next->heard[i].kind == MESSAGE_EVENT &&
                        (next->heard[i].act == ACTION_NOTE_MINE || next->heard[i].id != 0));
    }
    actor_do(next, 1, body_text(ACTION_TALK_SAY, "here"));
    CU_ASSERT_EQUAL(actor_await_n(next, joined->n + 1)->id, 1);
    actor_free(old);
    actor_free(next);
    cast_close(&cast);
}

static void test_put_out(void) {
    struct cast cast;
    cast_open(&cast, 1);
    actor_do(cast.coach, 1, on_seat(ACTION_SEAT_OUT, SEAT_CANDIDATE));
    CU_ASSERT_EQUAL(actor_await(cast.coach, MESSAGE_REFUSED, 1)->why, REFUSAL_NOT_ALLOWED);
    actor_do(cast.interviewer, 1, on_seat(ACTION_SEAT_OUT, SEAT_COACH));
    actor_await_cut(cast.coach);
    CU_ASSERT_EQUAL(cast.coach->cut, REFUSAL_PUT_OUT);
    CU_ASSERT_EQUAL(actor_count(cast.interviewer, MESSAGE_INVITED), 0);
    struct actor *again = actor_new(&cast.scene, 0, 3);
    actor_join(again, cast.scene.secrets[2], 0);
    CU_ASSERT_EQUAL(actor_await(again, MESSAGE_REFUSED, 1)->why, REFUSAL_PUT_OUT);
    /* By a new link, a seat of its own. */
    member_invite(member_find(&cast.interviewer->peer, span_of(cast.scene.room)), ROLE_COACH);
    const struct heard *link = actor_await(cast.interviewer, MESSAGE_INVITED, 1);
    CU_ASSERT_EQUAL(actor_seat(again, link->secrets[0], 0)->seat, SEAT_COACH + 1);
    actor_free(again);
    cast_close(&cast);
}

/* What the old key sends in the same turn stands in the same run, and gets nowhere. */
static void test_same_run(void) {
    struct cast cast;
    cast_open(&cast, 0);
    uint32_t lines = room_of(&cast)->line_count;
    actor_do(cast.interviewer, 1, body_text(ACTION_TALK_SAY, "first"));
    actor_do(cast.interviewer, 2, on_seat(ACTION_SEAT_MOVE, SEAT_CANDIDATE));
    actor_do(cast.candidate, 1, body_text(ACTION_TALK_SAY, "late"));
    actor_await(cast.interviewer, MESSAGE_INVITED, 1);
    actor_await_cut(cast.candidate);
    CU_ASSERT_EQUAL(room_of(&cast)->line_count, lines + 1);
    CU_ASSERT_EQUAL(room_of(&cast)->seats[SEAT_CANDIDATE].hold, HOLD_MOVED);
    cast_close(&cast);
}

/* The old key comes back at that very moment, on another worker: whoever was first, it is out. */
static void test_join_in_flight(void) {
    for (unsigned first = 0; first < 2; first++) {
        struct cast cast;
        cast_open(&cast, 1);
        struct actor *old = actor_new(&cast.scene, 1, 2);
        if (first) {
            actor_join(old, NULL, 0);
        }
        actor_do(cast.interviewer, 1, on_seat(ACTION_SEAT_MOVE, SEAT_CANDIDATE));
        if (!first) {
            actor_join(old, NULL, 0);
        }
        const struct heard *invited = actor_await(cast.interviewer, MESSAGE_INVITED, 1);
        struct actor *next = actor_new(&cast.scene, 1, 4);
        CU_ASSERT_EQUAL(actor_seat(next, invited->secrets[0], 0)->seat, SEAT_CANDIDATE);
        CU_ASSERT_EQUAL(old->peer.member_count, 0);
        CU_ASSERT_TRUE(old->cut == REFUSAL_SEAT_MOVED || actor_count(old, MESSAGE_REFUSED) == 1);
        CU_ASSERT_TRUE(room_of(&cast)->seats[SEAT_CANDIDATE].here);
        actor_free(old);
        actor_free(next);
        cast_close(&cast);
    }
}

/* If the disk fails, nothing has happened and no link is told. */
static void test_storage_fails(void) {
    struct cast cast;
    cast_open(&cast, 1);
    journal_memory_fail_next(cast.scene.knobs, 1);
    actor_do(cast.interviewer, 1, on_seat(ACTION_SEAT_MOVE, SEAT_CANDIDATE));
    CU_ASSERT_EQUAL(actor_await(cast.interviewer, MESSAGE_REFUSED, 1)->why, REFUSAL_STORAGE);
    CU_ASSERT_EQUAL(actor_count(cast.interviewer, MESSAGE_INVITED), 0);
    actor_do(cast.candidate, 1, body_text(ACTION_TALK_SAY, "still here"));
    while (room_of(&cast)->line_count == 0) {
        scene_turn(&cast.scene);
    }
    actor_do(cast.interviewer, 2, on_seat(ACTION_SEAT_MOVE, SEAT_CANDIDATE));
    actor_await(cast.interviewer, MESSAGE_INVITED, 1);
    actor_await_cut(cast.candidate);
    CU_ASSERT_EQUAL(room_of(&cast)->line_count, 1);
    cast_close(&cast);
}

int main(void) {
    static CU_TestInfo tests[] = {
        {"a moved seat: the old key is out, the next one has all but its own", test_moved},
        {"somebody is put out, and comes back by a new link", test_put_out},
        {"what the old key sends in the same run", test_same_run},
        {"a join of the old key in flight", test_join_in_flight},
        {"a move that cannot be stored", test_storage_fails},
        CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"replica_move", NULL, NULL, NULL, NULL, tests},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
