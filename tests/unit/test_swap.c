/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the second half on a server: it needs both, also of clients that know no ask; of two who
 * send `swap` at once one room comes, and no other; nobody becomes the candidate whose past was not
 * looked at; and a half counts for somebody where members of a cohort have a share.
 */
#include "tests/support/test_main.h"

#include "protocol/wire/hash.h"
#include "server/request/request.h"
#include "server/room/opening.h"
#include "tests/support/group.h"
#include "tests/support/pack_bodies.h"
#include "tests/support/sample.h"
#include "tests/support/scene.h"

enum { SEATS = 3, OPENING = OPENING_SECTIONS + 1 + SEATS };

/* A room that is finished: two interviewers on worker 0 and a candidate on worker 1. */
struct half {
    struct scene scene;
    struct actor *first, *second, *candidate;
};

/* The end is known, and so is what came of the append: what is posted next is written at once. */
static bool is_at_rest(struct scene *scene, unsigned worker) {
    const struct replica *replica = scene_replica(scene, worker);
    return replica->room.stage == STAGE_FINISHED && !replica->followed.in_flight;
}

static void half_open(struct half *half) {
    struct scene *scene = &half->scene;
    scene_open(scene);
    scene_host(scene);
    half->first = actor_new(scene, 0, 1);
    half->second = actor_new(scene, 0, 2);
    half->candidate = actor_new(scene, 1, 3);
    actor_seat(half->first, scene->secrets[0], 0);
    actor_seat(half->candidate, scene->secrets[1], 0);
    member_invite(member_find(&half->first->peer, span_of(scene->room)), ROLE_INTERVIEWER);
    actor_seat(half->second, actor_await(half->first, MESSAGE_INVITED, 1)->secrets[0], 0);
    actor_do(half->first, 1, body_plain(ACTION_CLOCK_START));
    actor_do(half->first, 2, body_plain(ACTION_CLOCK_FINISH));
    while (!is_at_rest(scene, 0) || !is_at_rest(scene, 1)) {
        scene_turn(scene);
    }
}

static void half_close(struct half *half) {
    actor_free(half->first);
    actor_free(half->second);
    actor_free(half->candidate);
    scene_close(&half->scene);
}

/* Asks for the second half with the sample's pack under another prompt id. */
static enum refusal try_ask(struct actor *actor, const char *prompt, uint32_t id) {
    struct pack *pack = sample_pack();
    pack->id = prompt;
    struct pack_bodies bodies = pack_bodies_of(pack);
    struct message message = {.kind = MESSAGE_SWAP, .room = span_of(actor->scene->room)};
    message.swap.id = id;
    message.swap.pack = pack_bodies_span(&bodies.public_body);
    message.swap.panel = pack_bodies_span(&bodies.panel_body);
    struct member *member = member_find(&actor->peer, message.room);
    CU_ASSERT_PTR_NOT_NULL_FATAL(member);
    enum refusal refusal = request_swap(&actor->rooms->requests, member, &message);
    pack_bodies_free(&bodies);
    pack_unref(pack);
    return refusal;
}

static void ask(struct actor *actor, const char *prompt, uint32_t id) {
    CU_ASSERT_EQUAL(try_ask(actor, prompt, id), REFUSAL_NONE);
}

/* Asks to turn the roles, agrees, or (0) takes it back. */
static void turn(struct actor *actor, uint32_t id, int64_t on) {
    actor_do(actor, id, (struct body){.act = ACTION_TURN_ASK, .has = F(on), .on = on});
}

static bool both_know(struct half *half, bool agreed) {
    return room_turn_is_agreed(&scene_replica(&half->scene, 0)->room) == agreed &&
           room_turn_is_agreed(&scene_replica(&half->scene, 1)->room) == agreed;
}

/* An interviewer and the candidate agree. */
static void agree(struct half *half, struct actor *interviewer, uint32_t id, uint32_t other) {
    turn(interviewer, id, 1);
    while (!scene_replica(&half->scene, 1)->room.turn.asked) {
        scene_turn(&half->scene);
    }
    turn(half->candidate, other, 1);
    while (!both_know(half, true)) {
        scene_turn(&half->scene);
    }
}

static bool is_swapped(struct half *half) {
    return scene_replica(&half->scene, 0)->room.next[0] != '\0' &&
           scene_replica(&half->scene, 1)->room.next[0] != '\0';
}

/* Clients of before, who know no ask: each sends `swap` alone. The first has asked, the second has
 * agreed; who will interview next opens the room. */
static void test_two_at_once(void) {
    struct half half;
    char next[ROOM_ID_BYTES + 1];
    half_open(&half);
    uint64_t before = journal_stats_read(half.scene.journal).events;
    ask(half.candidate, "prompt-three", 10);
    CU_ASSERT_EQUAL(actor_await(half.candidate, MESSAGE_REFUSED, 1)->why, REFUSAL_NOT_AGREED);
    CU_ASSERT_EQUAL(actor_await(half.candidate, MESSAGE_REFUSED, 1)->id, 10);
    ask(half.candidate, "prompt-three", 11); /* asking twice is no agreement */
    CU_ASSERT_EQUAL(actor_await(half.candidate, MESSAGE_REFUSED, 2)->why, REFUSAL_NOT_AGREED);
    while (!scene_replica(&half.scene, 0)->room.turn.asked) {
        scene_turn(&half.scene);
    }
    ask(half.first, "prompt-two", 10);
    CU_ASSERT_EQUAL(actor_await(half.first, MESSAGE_REFUSED, 1)->why, REFUSAL_NOT_AGREED);
    while (!both_know(&half, true)) {
        scene_turn(&half.scene);
    }
    CU_ASSERT_EQUAL(journal_stats_read(half.scene.journal).events - before, 2);
    ask(half.first, "prompt-two", 11); /* the prompt is not the next candidate's to choose */
    CU_ASSERT_EQUAL(actor_await(half.first, MESSAGE_REFUSED, 2)->why, REFUSAL_NOT_AGREED);
    ask(half.candidate, "prompt-three", 12);
    ask(half.candidate, "prompt-three", 13);
    while (actor_count(half.candidate, MESSAGE_REFUSED) < 3 || !is_swapped(&half) ||
           !LIST_EMPTY(&half.scene.workers[0].requests.all) ||
           !LIST_EMPTY(&half.scene.workers[1].requests.all)) {
        scene_turn(&half.scene);
    }
    CU_ASSERT_EQUAL(actor_await(half.candidate, MESSAGE_REFUSED, 3)->why, REFUSAL_SAME);
    /* Two words, one room that was opened, and one event that tells of it. */
    CU_ASSERT_EQUAL(journal_stats_read(half.scene.journal).events - before, OPENING + 3);
    digest_next_room(half.scene.room, next);
    CU_ASSERT_STRING_EQUAL(scene_replica(&half.scene, 0)->room.next, next);
    memcpy(half.scene.room, next, sizeof next);
    CU_ASSERT_EQUAL(actor_seat(half.first, NULL, 0)->role, ROLE_CANDIDATE);
    CU_ASSERT_EQUAL(actor_seat(half.second, NULL, 0)->role, ROLE_INTERVIEWER);
    CU_ASSERT_EQUAL(actor_seat(half.candidate, NULL, 0)->role, ROLE_INTERVIEWER);
    half_close(&half);
}

/* The interviewer has asked: the candidate's `swap` is the agreement, and opens the room at once.
 */
static void test_agreed_by_the_message(void) {
    struct half half;
    half_open(&half);
    turn(half.second, 1, 1);
    while (!scene_replica(&half.scene, 1)->room.turn.asked) {
        scene_turn(&half.scene);
    }
    ask(half.candidate, "prompt-two", 10);
    while (!is_swapped(&half)) {
        scene_turn(&half.scene);
    }
    CU_ASSERT_EQUAL(actor_count(half.candidate, MESSAGE_REFUSED), 0);
    memcpy(half.scene.room, scene_replica(&half.scene, 0)->room.next, sizeof half.scene.room);
    CU_ASSERT_EQUAL(actor_seat(half.second, NULL, 0)->role, ROLE_CANDIDATE);
    CU_ASSERT_EQUAL(actor_seat(half.first, NULL, 0)->role, ROLE_INTERVIEWER);
    half_close(&half);
}

/* Turns until the past of who will be the candidate is known. */
static void await_past(struct rooms *rooms, struct scene *scene) {
    while (!LIST_EMPTY(&rooms->searches.list)) {
        scene_turn(scene);
    }
}

/* Whoever asked has gone before the old room was told: the next who asks goes on with the room that
 * was opened. */
static void test_left_behind(void) {
    struct half half;
    struct rooms *rooms = &half.scene.workers[1];
    half_open(&half);
    agree(&half, half.first, 3, 1);
    uint64_t before = journal_stats_read(half.scene.journal).events;
    journal_memory_hold(half.scene.knobs);
    ask(half.candidate, "prompt-two", 10);
    await_past(rooms, &half.scene);
    rooms_sweep(rooms);
    journal_memory_pass(half.scene.knobs); /* the opening is held */
    actor_free(half.candidate);
    journal_memory_release(half.scene.knobs);
    while (!LIST_EMPTY(&rooms->requests.all)) {
        scene_turn(&half.scene);
    }
    half.candidate = actor_new(&half.scene, 1, 3);
    actor_seat(half.candidate, NULL, 0);
    ask(half.candidate, "prompt-three", 11);
    while (!is_swapped(&half)) {
        scene_turn(&half.scene);
    }
    /* The opening, seat.gone, seat.join, room.swap. */
    CU_ASSERT_EQUAL(journal_stats_read(half.scene.journal).events - before, OPENING + 3);
    memcpy(half.scene.room, scene_replica(&half.scene, 0)->room.next, sizeof half.scene.room);
    actor_seat(half.first, NULL, 0);
    CU_ASSERT_STRING_EQUAL(scene_replica(&half.scene, 0)->room.pack->id, "prompt-two");
    half_close(&half);
}

/* Who had agreed takes it back while their past is looked up, and a colleague agrees: nobody
 * becomes the candidate unseen. */
static void test_another_candidate(void) {
    struct half half;
    half_open(&half);
    agree(&half, half.first, 3, 1);
    uint64_t before = journal_stats_read(half.scene.journal).events;
    journal_memory_hold(half.scene.knobs);
    turn(half.first, 4, 0);
    rooms_sweep(&half.scene.workers[0]);
    journal_memory_pass(half.scene.knobs); /* that she has taken it back is held */
    ask(half.candidate, "prompt-two", 10);
    journal_memory_release(half.scene.knobs);
    CU_ASSERT_EQUAL(actor_await(half.candidate, MESSAGE_REFUSED, 1)->why, REFUSAL_NOT_AGREED);
    CU_ASSERT_EQUAL(actor_await(half.candidate, MESSAGE_REFUSED, 1)->id, 10);
    CU_ASSERT_EQUAL(journal_stats_read(half.scene.journal).events - before, 1);
    agree(&half, half.second, 1, 11);
    ask(half.candidate, "prompt-two", 12);
    while (!is_swapped(&half)) {
        scene_turn(&half.scene);
    }
    memcpy(half.scene.room, scene_replica(&half.scene, 0)->room.next, sizeof half.scene.room);
    CU_ASSERT_EQUAL(actor_seat(half.second, NULL, 0)->role, ROLE_CANDIDATE);
    CU_ASSERT_EQUAL(actor_seat(half.first, NULL, 0)->role, ROLE_INTERVIEWER);
    half_close(&half);
}

/* As if the member had opened so many rooms, on every worker. */
static void set_rooms(struct group *group, int member, uint32_t rooms) {
    for (unsigned i = 0; i < SCENE_WORKERS; i++) {
        struct cohort_replica *replica =
            cohort_replica_find(&group->scene.workers[i].cohorts, group->id);
        if (replica != NULL) {
            replica->cohort.members[member].rooms = rooms;
        }
    }
}

static void await_rooms(struct group *group, uint32_t count) {
    while (group_fold(group)->room_count < count || !group_agree(group)) {
        scene_turn(&group->scene);
    }
}

/* A half that a stranger opens counts for who opened the first one, like that one itself. */
static void test_share_of_a_cohort(void) {
    struct group group;
    struct scene *scene = &group.scene;
    group_open(&group);
    struct actor *host = group_guest(&group, 1, 1);
    struct actor *stranger = actor_new(scene, 2, 2);
    scene_host_by(host, group.id);
    await_rooms(&group, 1);
    const struct attendee *place = group_place(&group, host);
    int member = group_fold(&group)->rooms[0].host;
    CU_ASSERT_EQUAL_FATAL(member, place->member);
    set_rooms(&group, member, COHORT_ROOMS_EACH_MAX);
    CU_ASSERT_FALSE(attendee_may_host(place));
    CU_ASSERT_TRUE(attendee_may_host(group_place(&group, group.coach)));
    actor_seat(host, scene->secrets[0], 0);
    actor_seat(stranger, scene->secrets[1], 0);
    actor_do(host, 1, body_plain(ACTION_CLOCK_START));
    actor_do(host, 2, body_plain(ACTION_CLOCK_FINISH));
    turn(host, 3, 1);
    while (!scene_replica(scene, 2)->room.turn.asked) {
        scene_turn(scene);
    }
    set_rooms(&group, member, COHORT_ROOMS_EACH_MAX); /* on the stranger's worker too, by now */
    CU_ASSERT_EQUAL(try_ask(stranger, "prompt-two", 10), REFUSAL_COHORT_FULL);
    set_rooms(&group, member, COHORT_ROOMS_EACH_MAX - 1);
    CU_ASSERT_TRUE(attendee_may_host(place));
    ask(stranger, "prompt-two", 11);
    await_rooms(&group, 2);
    CU_ASSERT_EQUAL(group_fold(&group)->rooms[1].host, member);
    CU_ASSERT_FALSE(attendee_may_host(place));
    actor_free(host);
    actor_free(stranger);
    group_close(&group);
}

static CU_TestInfo tests[] = {
    {"two who know no ask get one room, once both have said it", test_two_at_once},
    {"the candidate's swap agrees with who has asked", test_agreed_by_the_message},
    {"a room that was left behind is gone on with", test_left_behind},
    {"who becomes the candidate is who was looked at", test_another_candidate},
    {"a second half has a host", test_share_of_a_cohort},
    CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"swap", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
