/* SPDX-License-Identifier: ISC */
/*
 * Purpose: see group.h.
 */
#include "tests/support/group.h"

#include <string.h>

#include "server/request/request.h"
#include "tests/support/pack_bodies.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

struct attendee *group_place(struct group *group, struct actor *actor) {
    return attendee_find(&actor->peer, span_of(group->id));
}

void group_enter(struct group *group, struct actor *actor, const char *secret) {
    struct enter_request request = {.cohort = span_of(group->id),
                                    .secret = span_of(secret),
                                    .name = span_of("Somebody"),
                                    .id = 1};
    CU_ASSERT_EQUAL(cohort_enter(&actor->rooms->cohorts, &actor->peer, &request), REFUSAL_NONE);
}

struct actor *group_guest(struct group *group, unsigned worker, uint8_t key) {
    struct actor *actor = actor_new(&group->scene, worker, key);
    group_enter(group, actor, group->students);
    actor_await(actor, MESSAGE_ENTERED, 1);
    return actor;
}

struct actor *group_move(struct group *group, struct actor *actor, unsigned worker, uint8_t key) {
    struct message message = {.kind = MESSAGE_PASS, .pass = {.id = 11, .member = -1}};
    uint32_t before = actor_count(actor, MESSAGE_PASSED);
    CU_ASSERT_EQUAL(attendee_pass(group_place(group, actor), &message), REFUSAL_NONE);
    const struct heard *passed = actor_await(actor, MESSAGE_PASSED, before + 1);
    struct actor *moved = actor_new(&group->scene, worker, key);
    group_enter(group, moved, passed->secrets[0]);
    actor_await(moved, MESSAGE_ENTERED, 1);
    return moved;
}

enum refusal group_offer(struct group *group, struct actor *actor) {
    struct pack *pack = sample_pack();
    struct pack_bodies bodies = pack_bodies_of(pack);
    struct message message = {.kind = MESSAGE_OFFER};
    message.offer.id = 7;
    message.offer.pack = pack_bodies_span(&bodies.public_body);
    message.offer.panel = pack_bodies_span(&bodies.panel_body);
    enum refusal refusal = attendee_offer(group_place(group, actor), &message);
    pack_bodies_free(&bodies);
    pack_unref(pack);
    return refusal;
}

enum refusal group_pair(struct group *group, struct actor *actor, enum role role) {
    struct message message = {.kind = MESSAGE_PAIR};
    message.pair.id = 9;
    message.pair.role = role;
    message.pair.packs = 1;
    message.pair.wait = HOUR;
    struct attendee *place = group_place(group, actor);
    return place == NULL ? REFUSAL_NO_SUCH_COHORT : attendee_pair(place, &message);
}

void group_open(struct group *group) {
    scene_open(&group->scene);
    group->coach = actor_new(&group->scene, 0, COACH_KEY);
    struct message message = {.kind = MESSAGE_COHORT};
    message.cohort.id = 3;
    message.cohort.name = span_of("A group");
    CU_ASSERT_EQUAL(request_cohort(&group->coach->rooms->requests, &group->coach->peer, &message),
                    REFUSAL_NONE);
    const struct heard *made = actor_await(group->coach, MESSAGE_MADE, 1);
    memcpy(group->id, made->room, sizeof group->id);
    memcpy(group->students, made->secrets[0], sizeof group->students);
    memcpy(group->coaches, made->secrets[1], sizeof group->coaches);
    group_enter(group, group->coach, group->coaches);
    CU_ASSERT_EQUAL(actor_await(group->coach, MESSAGE_ENTERED, 1)->role, ROLE_COACH);
    CU_ASSERT_EQUAL(group_offer(group, group->coach), REFUSAL_NONE);
    CU_ASSERT_EQUAL(actor_await(group->coach, MESSAGE_END, 1)->n, 0);
}

void group_close(struct group *group) {
    actor_free(group->coach);
    scene_close(&group->scene);
}

const struct heard *actor_last(const struct actor *actor, enum message_kind kind) {
    for (uint32_t i = actor->count; i > 0; i--) {
        if (actor->heard[i - 1].kind == kind) {
            return &actor->heard[i - 1];
        }
    }
    return NULL;
}

void group_retry(struct group *group) {
    for (unsigned i = 0; i < SCENE_WORKERS; i++) {
        rooms_retry(&group->scene.workers[i]);
    }
}

bool group_agree(struct group *group) {
    uint8_t first[HASH_BYTES];
    uint8_t other[HASH_BYTES];
    uint32_t pos = 0;
    for (unsigned i = 0; i < SCENE_WORKERS; i++) {
        struct cohort_replica *replica =
            cohort_replica_find(&group->scene.workers[i].cohorts, group->id);
        if (replica == NULL || replica->followed.resting) {
            continue;
        }
        if (replica->followed.in_flight || (pos != 0 && replica->cohort.pos != pos)) {
            return false;
        }
        if (!cohort_digest(&replica->cohort, pos == 0 ? first : other) ||
            (pos != 0 && memcmp(first, other, HASH_BYTES) != 0)) {
            return false;
        }
        pos = replica->cohort.pos;
    }
    return pos != 0;
}

const struct cohort *group_fold(struct group *group) {
    return &cohort_replica_find(&group->scene.workers[0].cohorts, group->id)->cohort;
}

void group_seat_pair(struct group *group, struct actor *pair[2]) {
    pair[0] = group_guest(group, 1, 1);
    pair[1] = group_guest(group, 2, 2);
    CU_ASSERT_EQUAL(group_pair(group, pair[0], ROLE_INTERVIEWER), REFUSAL_NONE);
    CU_ASSERT_EQUAL(group_pair(group, pair[1], ROLE_CANDIDATE), REFUSAL_NONE);
    memcpy(group->scene.room, actor_await(pair[0], MESSAGE_MATCHED, 1)->room,
           sizeof group->scene.room);
    actor_await(pair[1], MESSAGE_MATCHED, 1);
    actor_seat(pair[0], NULL, 0);
    actor_seat(pair[1], NULL, 0);
    while (group_fold(group)->match_count > 0) {
        scene_turn(&group->scene);
    }
    actor_await(group->coach, MESSAGE_LISTED, 1);
}
