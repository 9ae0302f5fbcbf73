/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a seat's second devices on a server: what they are sent and what not, on every worker;
 * that they can do nothing, take nothing and are nobody's coming or going; and what ends them.
 */
#include "tests/support/test_main.h"

#include <string.h>

#include "server/handle/handle.h"
#include "tests/support/sample.h"
#include "tests/support/scene.h"

struct cast {
    struct scene scene;
    struct actor *interviewer, *candidate, *phone;
};

enum { SEAT_CANDIDATE = 1, LASTS = COMPANION_LINK_MS };

static void cast_open(struct cast *cast) {
    scene_open(&cast->scene);
    scene_host(&cast->scene);
    cast->interviewer = actor_new(&cast->scene, 0, 1);
    cast->candidate = actor_new(&cast->scene, 1, 2);
    cast->phone = actor_new(&cast->scene, 2, 9);
    actor_seat(cast->interviewer, cast->scene.secrets[0], 0);
    actor_seat(cast->candidate, cast->scene.secrets[1], 0);
}

static void cast_close(struct cast *cast) {
    actor_free(cast->interviewer);
    actor_free(cast->candidate);
    actor_free(cast->phone);
    scene_close(&cast->scene);
}

static void ask(struct cast *cast, struct actor *actor, enum companion kind, bool end) {
    member_companion(member_find(&actor->peer, span_of(cast->scene.room)), kind, end, LASTS);
}

static const char *link_of(struct cast *cast, struct actor *actor, enum companion kind) {
    uint32_t before = actor_count(actor, MESSAGE_COMPANIONS);
    ask(cast, actor, kind, false);
    return actor_await(actor, MESSAGE_COMPANIONS, before + 1)->secrets[0];
}

static const struct heard *pair_up(struct cast *cast, struct actor *phone, struct actor *owner,
                                   enum companion kind) {
    uint32_t before = actor_count(phone, MESSAGE_JOINED);
    actor_join_as(phone, kind, link_of(cast, owner, kind), 0);
    return actor_await(phone, MESSAGE_JOINED, before + 1);
}

static void hand(struct cast *cast, struct actor *actor, struct message message) {
    struct handling at = {
        .desk = &actor->rooms->desk, .rooms = &actor->rooms->rooms, .clock_rate = 1};
    message.room = span_of(cast->scene.room);
    actor->peer.greeted = true;
    handle_message(&at, &actor->peer, &message);
}

static void test_screen(void) {
    struct cast cast;
    cast_open(&cast);
    actor_do(cast.interviewer, 1, body_text(ACTION_NOTE_PANEL, "the panel's"));
    actor_do(cast.candidate, 1, body_text(ACTION_NOTE_MINE, "mine"));
    const struct heard *joined = pair_up(&cast, cast.phone, cast.candidate, COMPANION_SCREEN);
    CU_ASSERT_EQUAL(joined->seat, SEAT_CANDIDATE);
    CU_ASSERT_EQUAL(joined->role, ROLE_CANDIDATE);
    CU_ASSERT_EQUAL(actor_await(cast.candidate, MESSAGE_COMPANIONS, 2)->n, 1);
    actor_await_n(cast.phone, joined->n);
    actor_do(cast.interviewer, 2, body_text(ACTION_TALK_SAY, "hello"));
    actor_await_n(cast.phone, joined->n + 1);
    CU_ASSERT_TRUE(actor_is_dense(cast.phone, 1));
    for (uint32_t i = 0; i < cast.phone->count; i++) {
        CU_ASSERT_NOT_EQUAL(cast.phone->heard[i].act, ACTION_NOTE_PANEL);
    }
    /* Nobody has come or gone, and the seat is where it was. */
    const struct room *room = &scene_replica(&cast.scene, 1)->room;
    CU_ASSERT_EQUAL(room->seat_count, 2);
    CU_ASSERT_EQUAL(room->seats[SEAT_CANDIDATE].session, 1);
    handle_peer_gone(&cast.phone->peer);
    actor_do(cast.candidate, 2, body_text(ACTION_TALK_SAY, "still here"));
    actor_await_n(cast.interviewer, actor_count(cast.interviewer, MESSAGE_EVENT) + 1);
    CU_ASSERT_TRUE(room->seats[SEAT_CANDIDATE].here);
    /* By its key it comes back, and gets what it lacks. */
    actor_join_as(cast.phone, COMPANION_SCREEN, NULL, joined->n + 1);
    actor_await(cast.phone, MESSAGE_JOINED, 2);
    actor_await_n(cast.phone, joined->n + 2);
    cast_close(&cast);
}

static void test_reads_only(void) {
    struct cast cast;
    cast_open(&cast);
    pair_up(&cast, cast.phone, cast.candidate, COMPANION_SCREEN);
    struct message say = {.kind = MESSAGE_COMMAND,
                          .command = {.id = 7, .body = body_text(ACTION_TALK_SAY, "no")}};
    hand(&cast, cast.phone, say);
    CU_ASSERT_EQUAL(actor_await(cast.phone, MESSAGE_REFUSED, 1)->why, REFUSAL_READ_ONLY);
    CU_ASSERT_EQUAL(actor_await(cast.phone, MESSAGE_REFUSED, 1)->id, 7);
    hand(&cast, cast.phone, (struct message){.kind = MESSAGE_INVITE, .invite = {.role = 1}});
    CU_ASSERT_EQUAL(actor_await(cast.phone, MESSAGE_REFUSED, 2)->why, REFUSAL_READ_ONLY);
    hand(&cast, cast.phone, (struct message){.kind = MESSAGE_COMPANION, .companion = {.kind = 1}});
    CU_ASSERT_EQUAL(actor_await(cast.phone, MESSAGE_REFUSED, 3)->why, REFUSAL_READ_ONLY);
    hand(&cast, cast.phone, (struct message){.kind = MESSAGE_SWAP, .swap = {.id = 1}});
    CU_ASSERT_EQUAL(actor_await(cast.phone, MESSAGE_REFUSED, 4)->why, REFUSAL_READ_ONLY);
    hand(&cast, cast.phone, (struct message){.kind = MESSAGE_PING, .ping = {.t = 1, .trip = 9}});
    CU_ASSERT_EQUAL(actor_count(cast.interviewer, MESSAGE_TRIP), 0);
    /* As a seat it has none; leaving gives nobody's up. */
    hand(&cast, cast.phone, (struct message){.kind = MESSAGE_LEAVE});
    actor_await(cast.phone, MESSAGE_LEFT, 1);
    actor_join(cast.phone, NULL, 0);
    CU_ASSERT_EQUAL(actor_await(cast.phone, MESSAGE_REFUSED, 5)->why, REFUSAL_NO_SUCH_ROOM);
    CU_ASSERT_TRUE(scene_replica(&cast.scene, 1)->room.seats[SEAT_CANDIDATE].here);
    CU_ASSERT_EQUAL(scene_replica(&cast.scene, 1)->room.line_count, 0);
    cast_close(&cast);
}

static void test_links(void) {
    struct cast cast;
    cast_open(&cast);
    char old[RANDOM_SECRET_LENGTH + 1];
    struct actor *thief = actor_new(&cast.scene, 3, 10);
    memcpy(old, link_of(&cast, cast.candidate, COMPANION_SCREEN), sizeof old);
    actor_join_as(cast.phone, COMPANION_SCREEN, old, 0);
    actor_await(cast.phone, MESSAGE_JOINED, 1);
    actor_join_as(thief, COMPANION_SCREEN, old, 0);
    CU_ASSERT_EQUAL(actor_await(thief, MESSAGE_REFUSED, 1)->why, REFUSAL_COMPANION_OVER);
    actor_join_as(thief, COMPANION_SCREEN, NULL, 0);
    CU_ASSERT_EQUAL(actor_await(thief, MESSAGE_REFUSED, 2)->why, REFUSAL_NO_SUCH_ROOM);
    /* It opens no seat, and a seat's link no screen. */
    const char *late = link_of(&cast, cast.candidate, COMPANION_SCREEN);
    actor_join(thief, late, 0);
    CU_ASSERT_EQUAL(actor_await(thief, MESSAGE_REFUSED, 3)->why, REFUSAL_NO_SUCH_ROOM);
    actor_join_as(thief, COMPANION_SCREEN, cast.scene.secrets[2], 0);
    CU_ASSERT_EQUAL(actor_await(thief, MESSAGE_REFUSED, 4)->why, REFUSAL_NO_SUCH_ROOM);
    cast.scene.now += LASTS + 1;
    actor_join_as(thief, COMPANION_SCREEN, late, 0);
    CU_ASSERT_EQUAL(actor_await(thief, MESSAGE_REFUSED, 5)->why, REFUSAL_COMPANION_OVER);
    actor_free(thief);
    cast_close(&cast);
}

static void test_ended(void) {
    struct cast cast;
    cast_open(&cast);
    pair_up(&cast, cast.phone, cast.candidate, COMPANION_SCREEN);
    ask(&cast, cast.candidate, COMPANION_SCREEN, true);
    actor_await_cut(cast.phone);
    CU_ASSERT_EQUAL(cast.phone->cut, REFUSAL_COMPANION_OVER);
    CU_ASSERT_EQUAL(actor_await(cast.candidate, MESSAGE_COMPANIONS, 3)->n, 0);
    struct actor *next = actor_new(&cast.scene, 0, 11);
    struct actor *tab = actor_new(&cast.scene, 3, 2);
    pair_up(&cast, next, cast.candidate, COMPANION_SCREEN);
    actor_join_as(tab, COMPANION_SCREEN, NULL, 0); /* the seat's own key, in another tab */
    actor_await(tab, MESSAGE_JOINED, 1);
    CU_ASSERT_EQUAL(cast.candidate->cut, REFUSAL_NONE);
    actor_do(cast.interviewer, 1,
             (struct body){.act = ACTION_SEAT_MOVE, .has = F(seat), .seat = SEAT_CANDIDATE});
    actor_await_cut(next);
    CU_ASSERT_EQUAL(next->cut, REFUSAL_COMPANION_OVER);
    actor_await_cut(tab);
    actor_await_cut(cast.candidate);
    CU_ASSERT_EQUAL(cast.candidate->cut, REFUSAL_SEAT_MOVED);
    actor_free(next);
    actor_free(tab);
    cast_close(&cast);
}

/* A newer tab of the owner takes the seat from the older; the screens stay. */
static void test_replaced(void) {
    struct cast cast;
    cast_open(&cast);
    const struct heard *joined = pair_up(&cast, cast.phone, cast.candidate, COMPANION_SCREEN);
    struct actor *tab = actor_new(&cast.scene, 2, 2);
    actor_seat(tab, NULL, 0);
    actor_await_cut(cast.candidate);
    actor_await_n(cast.phone, joined->n + 1);
    CU_ASSERT_EQUAL(cast.phone->cut, REFUSAL_NONE);
    CU_ASSERT_EQUAL(actor_await(tab, MESSAGE_COMPANIONS, 1)->n, 1);
    actor_free(tab);
    cast_close(&cast);
}

/* A voice is let in, and is sent nothing of the room. */
static void test_voice(void) {
    struct cast cast;
    cast_open(&cast);
    pair_up(&cast, cast.phone, cast.interviewer, COMPANION_VOICE);
    actor_do(cast.candidate, 1, body_text(ACTION_TALK_SAY, "hello"));
    actor_do(cast.interviewer, 1, body_plain(ACTION_CLOCK_START));
    actor_await_n(cast.candidate, 6);
    CU_ASSERT_EQUAL(actor_count(cast.phone, MESSAGE_EVENT), 0);
    CU_ASSERT_EQUAL(actor_await(cast.interviewer, MESSAGE_COMPANIONS, 2)->seat, COMPANION_VOICE);
    cast_close(&cast);
}

int main(void) {
    static CU_TestInfo tests[] = {
        {"a screen has its seat's view, and comes back by its key", test_screen},
        {"it can do nothing", test_reads_only},
        {"a link is good once, for a screen alone, and soon over", test_links},
        {"it ends by its seat, and with it", test_ended},
        {"a seat that is taken over keeps its screens", test_replaced},
        {"a voice is sent no event", test_voice},
        CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"replica_companion", NULL, NULL, NULL, NULL, tests},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
