/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what holds for a member of a cohort in a room holds for every key of theirs, one that
 * they move to and one that they have left: who was put out, or kept out of the cohort, reads on at
 * nobody else's seat, nobody is candidate on a prompt that they have seen, and a seat that is kept
 * for one key is the other's.
 */
#include "tests/support/test_main.h"

#include "server/request/request.h"
#include "tests/support/group.h"
#include "tests/support/pack_bodies.h"
#include "tests/support/sample.h"

enum { ADA = 1, BEN, PHONE = 12, SEAT_BEN = 1, LASTS = COMPANION_LINK_MS };

/* A room of a cohort that Ada interviews in, on worker 1; Ben is a member on worker 2. */
struct cast {
    struct group group;
    struct actor *ada, *ben;
    uint32_t id; /* of Ada's last command */
};

static void cast_open(struct cast *cast) {
    *cast = (struct cast){0};
    group_open(&cast->group);
    cast->ada = group_guest(&cast->group, 1, ADA);
    cast->ben = group_guest(&cast->group, 2, BEN);
    scene_host_by(cast->ada, cast->group.id);
    actor_seat(cast->ada, cast->group.scene.secrets[0], 0);
}

static void cast_close(struct cast *cast) {
    actor_free(cast->ada);
    actor_free(cast->ben);
    group_close(&cast->group);
}

static void sit(struct cast *cast, struct actor *actor) {
    CU_ASSERT_EQUAL(actor_seat(actor, cast->group.scene.secrets[1], 0)->seat, SEAT_BEN);
}

static bool is_out(struct cast *cast, unsigned worker) {
    return scene_replica(&cast->group.scene, worker)->room.seats[SEAT_BEN].hold == HOLD_OUT;
}

static void put_out(struct cast *cast) {
    actor_do(cast->ada, ++cast->id,
             (struct body){.act = ACTION_SEAT_OUT, .has = F(seat), .seat = SEAT_BEN});
    while (!is_out(cast, 1)) {
        scene_turn(&cast->group.scene);
    }
}

/* Asks to be a screen of Ada's seat, by a new link of hers. */
static void look_on(struct cast *cast, struct actor *actor) {
    uint32_t before = actor_count(cast->ada, MESSAGE_COMPANIONS);
    member_companion(member_find(&cast->ada->peer, span_of(cast->group.scene.room)),
                     COMPANION_SCREEN, false, LASTS);
    actor_join_as(actor, COMPANION_SCREEN,
                  actor_await(cast->ada, MESSAGE_COMPANIONS, before + 1)->secrets[0], 0);
}

static enum refusal refused_look(struct cast *cast, struct actor *actor) {
    uint32_t before = actor_count(actor, MESSAGE_REFUSED);
    look_on(cast, actor);
    return actor_await(actor, MESSAGE_REFUSED, before + 1)->why;
}

/* The seat at which it looks on. */
static uint8_t await_look(struct cast *cast, struct actor *actor) {
    uint32_t before = actor_count(actor, MESSAGE_JOINED);
    look_on(cast, actor);
    return actor_await(actor, MESSAGE_JOINED, before + 1)->seat;
}

/* It is told that it is over; before: how often it was refused until then. */
static void await_end(struct cast *cast, struct actor *actor, uint32_t before) {
    while (actor_count(actor, MESSAGE_REFUSED) == before && actor->cut == REFUSAL_NONE) {
        scene_turn(&cast->group.scene);
    }
    CU_ASSERT_TRUE(actor->cut == REFUSAL_COMPANION_OVER ||
                   actor_last(actor, MESSAGE_REFUSED)->why == REFUSAL_COMPANION_OVER);
    CU_ASSERT_PTR_NULL(member_find(&actor->peer, span_of(cast->group.scene.room)));
}

static void test_key_after(void) {
    struct cast cast;
    cast_open(&cast);
    sit(&cast, cast.ben);
    put_out(&cast);
    struct actor *phone = group_move(&cast.group, cast.ben, 3, PHONE);
    CU_ASSERT_EQUAL(refused_look(&cast, phone), REFUSAL_PUT_OUT);
    CU_ASSERT_EQUAL(refused_look(&cast, cast.ben), REFUSAL_PUT_OUT);
    /* With a seat again it may, at its own. */
    actor_do(cast.ada, ++cast.id,
             (struct body){.act = ACTION_SEAT_MOVE, .has = F(seat), .seat = SEAT_BEN});
    const struct heard *link = actor_await(cast.ada, MESSAGE_INVITED, 1);
    CU_ASSERT_EQUAL(actor_seat(phone, link->secrets[0], 0)->seat, SEAT_BEN);
    CU_ASSERT_EQUAL(await_look(&cast, phone), SEAT_BEN);
    actor_free(phone);
    cast_close(&cast);
}

static void test_key_before(void) {
    struct cast cast;
    cast_open(&cast);
    struct actor *phone = group_move(&cast.group, cast.ben, 3, PHONE);
    sit(&cast, phone);
    CU_ASSERT_EQUAL(await_look(&cast, cast.ben), 0); /* a device like any other, so far */
    uint32_t before = actor_count(cast.ben, MESSAGE_REFUSED);
    put_out(&cast);
    await_end(&cast, cast.ben, before);
    CU_ASSERT_EQUAL(refused_look(&cast, cast.ben), REFUSAL_PUT_OUT);
    actor_free(phone);
    cast_close(&cast);
}

/* It looks on as a stranger's device, and is found out by the move. */
static void test_key_that_looks_on(void) {
    struct cast cast;
    cast_open(&cast);
    sit(&cast, cast.ben);
    put_out(&cast);
    struct actor *look = actor_new(&cast.group.scene, 3, PHONE);
    CU_ASSERT_EQUAL(await_look(&cast, look), 0);
    struct actor *phone = group_move(&cast.group, cast.ben, 2, PHONE);
    await_end(&cast, look, 0);
    actor_free(look);
    actor_free(phone);
    cast_close(&cast);
}

static void test_suspended(void) {
    struct cast cast;
    cast_open(&cast);
    struct attendee *coach = group_place(&cast.group, cast.group.coach);
    struct message message = {.kind = MESSAGE_ADMIT, .admit = {.id = 5, .member = 2}};
    CU_ASSERT_EQUAL(await_look(&cast, cast.ben), 0);
    struct actor *other = actor_new(&cast.group.scene, 3, PHONE);
    CU_ASSERT_EQUAL(await_look(&cast, other), 0);
    CU_ASSERT_EQUAL(attendee_admit(coach, &message), REFUSAL_NONE);
    while (member_find(&cast.ben->peer, span_of(cast.group.scene.room)) != NULL) {
        scene_turn(&cast.group.scene);
    }
    CU_ASSERT_EQUAL(refused_look(&cast, cast.ben), REFUSAL_SUSPENDED);
    CU_ASSERT_PTR_NOT_NULL(member_find(&other->peer, span_of(cast.group.scene.room)));
    actor_free(other);
    cast_close(&cast);
}

static void run_clock(struct cast *cast, struct actor *actor, enum action act, enum stage stage,
                      uint32_t id) {
    actor_do(actor, id, body_plain(act));
    while (scene_replica(&cast->group.scene, 1)->room.stage != stage) {
        scene_turn(&cast->group.scene);
    }
}

/* Asks for the second half with the sample's prompt. */
static enum refusal swap_to_sample(struct cast *cast, struct actor *actor) {
    struct pack *pack = sample_pack();
    struct pack_bodies bodies = pack_bodies_of(pack);
    struct message message = {.kind = MESSAGE_SWAP, .room = span_of(cast->group.scene.room)};
    message.swap.id = 20;
    message.swap.pack = pack_bodies_span(&bodies.public_body);
    message.swap.panel = pack_bodies_span(&bodies.panel_body);
    CU_ASSERT_EQUAL(
        request_swap(&actor->rooms->requests, member_find(&actor->peer, message.room), &message),
        REFUSAL_NONE);
    pack_bodies_free(&bodies);
    pack_unref(pack);
    return actor_await(actor, MESSAGE_REFUSED, 1)->why;
}

/* A room in which Ada is the candidate on another prompt than the sample's, up to its end. */
static void interview_ada(struct cast *cast, struct actor *interviewer) {
    struct pack *pack = sample_pack();
    pack->id = "prompt-two";
    scene_host_pack(interviewer, cast->group.id, pack);
    pack_unref(pack);
    actor_seat(interviewer, cast->group.scene.secrets[0], 0);
    actor_seat(cast->ada, cast->group.scene.secrets[1], 0);
    run_clock(cast, interviewer, ACTION_CLOCK_START, STAGE_RUNNING, 1);
    run_clock(cast, interviewer, ACTION_CLOCK_FINISH, STAGE_FINISHED, 2);
}

static void test_prompt_seen(void) {
    struct cast cast;
    cast_open(&cast);
    sit(&cast, cast.ben);
    run_clock(&cast, cast.ada, ACTION_CLOCK_START, STAGE_RUNNING, 1);
    struct actor *phone = group_move(&cast.group, cast.ben, 3, PHONE);
    interview_ada(&cast, phone);
    actor_do(phone, 3, (struct body){.act = ACTION_TURN_ASK, .has = F(on), .on = 1});
    while (!scene_replica(&cast.group.scene, 1)->room.turn.asked) {
        scene_turn(&cast.group.scene);
    }
    CU_ASSERT_EQUAL(swap_to_sample(&cast, cast.ada), REFUSAL_PROMPT_SEEN);
    actor_free(phone);
    cast_close(&cast);
}

/* Ada is matched with somebody as candidate, in the scene's room. */
static void match(struct cast *cast, struct actor *candidate) {
    CU_ASSERT_EQUAL(group_pair(&cast->group, cast->ada, ROLE_INTERVIEWER), REFUSAL_NONE);
    CU_ASSERT_EQUAL(group_pair(&cast->group, candidate, ROLE_CANDIDATE), REFUSAL_NONE);
    memcpy(cast->group.scene.room, actor_await(candidate, MESSAGE_MATCHED, 1)->room,
           sizeof cast->group.scene.room);
    actor_await(cast->ada, MESSAGE_MATCHED, 1);
}

/* The seat of a match is the member's, whose key is another one by the time that it comes. */
static void test_seat_kept(void) {
    struct cast cast;
    cast_open(&cast);
    match(&cast, cast.ben);
    struct actor *phone = group_move(&cast.group, cast.ben, 3, PHONE);
    actor_seat(cast.ada, NULL, 0);
    actor_join(phone, "aaaaaaaaaaaaaaaaaaaaaa", 0);
    CU_ASSERT_EQUAL(actor_await(phone, MESSAGE_REFUSED, 1)->why, REFUSAL_NO_SUCH_ROOM);
    CU_ASSERT_EQUAL(actor_seat(phone, NULL, 0)->role, ROLE_CANDIDATE);
    while (group_fold(&cast.group)->match_count > 0) { /* both have come */
        scene_turn(&cast.group.scene);
    }
    actor_free(phone);
    cast_close(&cast);
}

/* For whom one as candidate is kept reads nothing of the panel's before, coach or not. */
static void test_candidate_kept(void) {
    struct cast cast;
    cast_open(&cast);
    match(&cast, cast.group.coach);
    struct actor *moved = group_move(&cast.group, cast.group.coach, 3, PHONE);
    struct message asked = {.kind = MESSAGE_FETCH,
                            .room = span_of(cast.group.scene.room),
                            .fetch = {.id = 6, .v = SPAR_RECORDING_VERSION}};
    CU_ASSERT_TRUE(attendee_is_coach(group_place(&cast.group, moved)));
    CU_ASSERT_EQUAL(request_fetch(&moved->rooms->requests, &moved->peer, &asked), REFUSAL_NONE);
    CU_ASSERT_EQUAL(actor_await(moved, MESSAGE_REFUSED, 1)->why, REFUSAL_NOT_A_MEMBER);
    CU_ASSERT_EQUAL(actor_count(moved, MESSAGE_RECORD), 0);
    CU_ASSERT_EQUAL(actor_seat(moved, NULL, 0)->role, ROLE_CANDIDATE);
    actor_free(moved);
    cast_close(&cast);
}

int main(void) {
    static CU_TestInfo tests[] = {
        {"put out, and no companion by the next key", test_key_after},
        {"nor by the key before", test_key_before},
        {"a key that looks on already ends with the move", test_key_that_looks_on},
        {"who is suspended looks on at nobody's seat", test_suspended},
        {"a seat kept for the key before", test_seat_kept},
        {"and nothing of the panel's before it is taken", test_candidate_kept},
        {"a prompt seen by the key before is no second half", test_prompt_seen},
        CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"moved_member", NULL, NULL, NULL, NULL, tests},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
