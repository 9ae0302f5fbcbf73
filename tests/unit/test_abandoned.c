/* SPDX-License-Identifier: ISC */
/*
 * Purpose: rooms of a cohort that everybody but coaches has left: not listed any more from the
 * bound on, listed again for who comes back, found again when the server that saw them left has
 * ended; and no timer more than is needed. And rooms to which nobody ever came.
 */
#include <string.h>

#include "tests/support/test_main.h"

#include "protocol/room/room.h"
#include "tests/support/group.h"

/* Until the coach's worker knows that the room is empty but for the coach. */
static void await_empty(struct group *group) {
    while (room_abandoned_at(&scene_replica(&group->scene, 0)->room) < 0 || !group_agree(group)) {
        scene_turn(&group->scene);
    }
}

/* No timer but that of a day after a room's opening. */
static bool is_quiet(const struct group *group, unsigned worker) {
    int64_t wake = group->scene.workers[worker].desk.wake;
    return wake < 0 || wake > group->scene.now + ROOM_UNJOINED_MS / 2;
}

static void test_abandoned_room_is_not_listed(void) {
    struct group group;
    struct actor *pair[2];
    group_open(&group);
    group_seat_pair(&group, pair);
    CU_ASSERT_EQUAL(actor_seat(group.coach, NULL, 0)->role, ROLE_COACH);
    actor_free(pair[0]);
    group.scene.now += 5000;
    actor_free(pair[1]);
    await_empty(&group);
    int64_t moment = group.scene.now + ROOM_ABANDONED_MS;
    CU_ASSERT_EQUAL(group.scene.workers[0].desk.wake, moment);
    scene_pass(&group.scene, ROOM_ABANDONED_MS - 1);
    CU_ASSERT_FALSE(
        cohort_replica_find(&group.scene.workers[0].cohorts, group.id)->followed.in_flight);
    scene_pass(&group.scene, 1);
    CU_ASSERT_TRUE(actor_await(group.coach, MESSAGE_LISTED, 2)->reset);
    CU_ASSERT_TRUE(group_fold(&group)->rooms[0].idle);
    while (!group_agree(&group)) {
        scene_turn(&group.scene);
    }
    for (unsigned i = 0; i < SCENE_WORKERS; i++) { /* and it costs nothing any more */
        CU_ASSERT_TRUE(is_quiet(&group, i));
    }
    /* It is open as before for who comes back, on whatever worker. */
    pair[0] = actor_new(&group.scene, 3, 1);
    CU_ASSERT_EQUAL(actor_seat(pair[0], NULL, 0)->role, ROLE_INTERVIEWER);
    CU_ASSERT_FALSE(actor_await(group.coach, MESSAGE_LISTED, 3)->reset);
    scene_pass(&group.scene, INT64_C(2) * ROOM_ABANDONED_MS);
    CU_ASSERT_FALSE(group_fold(&group)->rooms[0].idle);
    actor_free(pair[0]);
    await_empty(&group);
    scene_pass(&group.scene, ROOM_ABANDONED_MS);
    CU_ASSERT_TRUE(actor_await(group.coach, MESSAGE_LISTED, 4)->reset);
    group_close(&group);
}

/* Whether the workers where they sat know that both have left the room. */
static bool is_left(struct group *group) {
    for (unsigned i = 1; i <= 2; i++) {
        struct replica *replica = scene_replica(&group->scene, i);
        if (replica != NULL &&
            (room_abandoned_at(&replica->room) < 0 || replica->followed.in_flight)) {
            return false;
        }
    }
    return group_agree(group);
}

/* Only the worker of the coach who comes looks: the others, where the room may rest, are not
 * asked. */
static void test_abandoned_room_is_found(void) {
    struct group group;
    struct actor *pair[2];
    group_open(&group);
    group_seat_pair(&group, pair);
    actor_free(pair[0]);
    actor_free(pair[1]);
    while (!is_left(&group)) {
        scene_turn(&group.scene);
    }
    group.scene.now += ROOM_ABANDONED_MS;
    struct actor *late = actor_new(&group.scene, 3, 77);
    CU_ASSERT_PTR_NULL(scene_replica(&group.scene, 3));
    group_enter(&group, late, group.coaches);
    CU_ASSERT_FALSE(actor_await(late, MESSAGE_LISTED, 1)->reset);
    CU_ASSERT_TRUE(actor_await(late, MESSAGE_LISTED, 2)->reset);
    CU_ASSERT_TRUE(actor_await(group.coach, MESSAGE_LISTED, 2)->reset);
    /* Who comes now is not told of it at all. */
    struct actor *later = actor_new(&group.scene, 2, 78);
    group_enter(&group, later, group.coaches);
    actor_await(later, MESSAGE_ENTERED, 1);
    while (!group_agree(&group)) {
        scene_turn(&group.scene);
    }
    CU_ASSERT_EQUAL(actor_count(later, MESSAGE_LISTED), 0);
    actor_free(late);
    actor_free(later);
    group_close(&group);
}

/* A room to which nobody came for a day is given up when somebody does; one that was joined in time
 * is not. */
static void test_unjoined_is_given_up(void) {
    struct scene scene;
    char late[ROOM_ID_BYTES + 1];
    char secret[RANDOM_SECRET_LENGTH + 1];
    scene_open(&scene);
    scene_host(&scene);
    memcpy(late, scene.room, sizeof late);
    memcpy(secret, scene.secrets[1], sizeof secret);
    scene_host(&scene);
    scene_pass(&scene, ROOM_UNJOINED_MS - 1);
    struct actor *honest = actor_new(&scene, 0, 1);
    actor_seat(honest, scene.secrets[0], 0);
    scene_pass(&scene, ROOM_UNJOINED_MS + 2);
    struct actor *second = actor_new(&scene, 1, 2);
    actor_seat(second, scene.secrets[1], 0); /* the honest one's room is as it was */
    memcpy(scene.room, late, sizeof late);
    struct actor *guest = actor_new(&scene, 1, 3);
    for (uint32_t i = 1; i <= 2; i++) {
        actor_join(guest, secret, 0);
        CU_ASSERT_EQUAL(actor_await(guest, MESSAGE_REFUSED, i)->why, REFUSAL_NO_SUCH_ROOM);
    }
    actor_free(guest);
    actor_free(second);
    actor_free(honest);
    scene_close(&scene);
}

/* Nobody need come: at its moment the worker that opened a room gives it up, if nobody ever came.
 */
static void test_unjoined_ends_by_itself(void) {
    struct scene scene;
    char joined[ROOM_ID_BYTES + 1];
    scene_open(&scene);
    scene_host(&scene);
    memcpy(joined, scene.room, sizeof joined);
    struct actor *honest = actor_new(&scene, 2, 1);
    actor_seat(honest, scene.secrets[0], 0);
    scene_host(&scene);
    scene_pass(&scene, ROOM_UNJOINED_MS - 1);
    CU_ASSERT_PTR_NULL(scene_replica(&scene, 0));
    scene_pass(&scene, 1);
    while (scene_replica(&scene, 0) == NULL ||
           scene_replica(&scene, 0)->room.stage != STAGE_CLOSED) {
        scene_turn(&scene);
    }
    CU_ASSERT_EQUAL(scene_replica(&scene, 0)->room.seat_count, 0);
    memcpy(scene.room, joined, sizeof joined);
    CU_ASSERT_EQUAL(scene_replica(&scene, 2)->room.stage, STAGE_WAITING);
    CU_ASSERT_EQUAL(scene.workers[0].desk.wake, -1);
    actor_free(honest);
    scene_close(&scene);
}

static void await_ended(struct group *group, uint32_t ended) {
    while (group_fold(group)->rooms_ended != ended || !group_agree(group)) {
        scene_turn(&group->scene);
    }
}

/* A hosted room counts for its cohort from its opening on, and no more once it is given up; also
 * where the server that opened it has ended, and somebody else comes to the cohort. */
static void test_unjoined_in_a_cohort(void) {
    struct group group;
    group_open(&group);
    struct actor *host = group_guest(&group, 1, 1);
    for (uint32_t count = 1; count <= 3; count++) {
        scene_host_by(host, group.id);
        while (group_fold(&group)->room_count != count || !group_agree(&group)) {
            scene_turn(&group.scene);
        }
    }
    actor_seat(host, group.scene.secrets[0], 0);
    CU_ASSERT_EQUAL(group_fold(&group)->rooms_ended, 0);
    group.scene.now += ROOM_UNJOINED_MS; /* and no timer, as after a new start */
    struct actor *guest = group_guest(&group, 3, 2);
    await_ended(&group, 2);
    CU_ASSERT_FALSE(group_fold(&group)->rooms[2].ended); /* somebody came */
    scene_host_by(guest, group.id);
    scene_pass(&group.scene, ROOM_UNJOINED_MS);
    await_ended(&group, 3);
    CU_ASSERT_TRUE(group_fold(&group)->rooms[3].ended);
    actor_free(guest);
    actor_free(host);
    group_close(&group);
}

static CU_TestInfo tests[] = {
    {"such a room ends by itself", test_unjoined_ends_by_itself},
    {"such a room in a cohort", test_unjoined_in_a_cohort},
    {"a room that everybody left is not listed any more", test_abandoned_room_is_not_listed},
    {"one that a server left behind is found", test_abandoned_room_is_found},
    {"a room to which nobody came is given up", test_unjoined_is_given_up},
    CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"abandoned", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
