/* SPDX-License-Identifier: ISC */
/*
 * Purpose: rooms on a server: members on two workers, conflicts, double commands, resuming, the
 * debrief's opening, failing storage, seats that are taken over, bounds, and that nothing is left
 * behind.
 */
#include "tests/support/test_main.h"

#include "server/handle/handle.h"
#include "server/request/request.h"
#include "server/room/opening.h"
#include "server/room/pack_cache.h"
#include "tests/support/sample.h"
#include "tests/support/scene.h"

#include "protocol/room/digest.h"
#include "protocol/room/view.h"

/* Two interviewer's and candidate's screens on different workers, and a coach. */
struct cast {
    struct scene scene;
    struct actor *interviewer, *candidate, *coach;
};

/* Events of a room before anybody has joined that everybody / only the panel sees. */
enum { OPENING_ALL = 1, OPENING_PANEL = OPENING_SECTIONS + 1 };

static void cast_open(struct cast *cast) {
    scene_open(&cast->scene);
    scene_host(&cast->scene);
    cast->interviewer = actor_new(&cast->scene, 0, 1);
    cast->candidate = actor_new(&cast->scene, 1, 2);
    cast->coach = actor_new(&cast->scene, 1, 3);
    actor_seat(cast->interviewer, cast->scene.secrets[0], 0);
    actor_seat(cast->candidate, cast->scene.secrets[1], 0);
    actor_seat(cast->coach, cast->scene.secrets[2], 0);
    actor_await_n(cast->interviewer, OPENING_PANEL + 3);
    actor_await_n(cast->candidate, OPENING_ALL + 3);
    actor_await_n(cast->coach, OPENING_PANEL + 3);
}

static void cast_close(struct cast *cast) {
    actor_free(cast->interviewer);
    actor_free(cast->candidate);
    actor_free(cast->coach);
    scene_close(&cast->scene);
}

static bool same_fold(struct scene *scene) {
    struct replica *a = scene_replica(scene, 0);
    struct replica *b = scene_replica(scene, 1);
    uint8_t one[HASH_BYTES];
    uint8_t other[HASH_BYTES];
    while (a->room.pos != b->room.pos || a->followed.in_flight || b->followed.in_flight) {
        scene_turn(scene);
    }
    return digest_room(&a->room, one) && digest_room(&b->room, other) &&
           memcmp(one, other, HASH_BYTES) == 0;
}

static void test_seats(void) {
    struct cast cast;
    cast_open(&cast);
    const struct heard *joined = actor_await(cast.candidate, MESSAGE_JOINED, 1);
    CU_ASSERT_EQUAL(joined->seat, 1);
    CU_ASSERT_EQUAL(joined->role, ROLE_CANDIDATE);
    CU_ASSERT_EQUAL(joined->session, 1);
    CU_ASSERT_FALSE(joined->reset);
    CU_ASSERT_TRUE(actor_is_dense(cast.interviewer, 1));
    CU_ASSERT_TRUE(actor_is_dense(cast.candidate, 1));
    CU_ASSERT_TRUE(same_fold(&cast.scene));
    CU_ASSERT_EQUAL(scene_replica(&cast.scene, 0)->room.pack->refs >= 2, true);
    cast_close(&cast);
}

static void test_command_reaches_all(void) {
    struct cast cast;
    cast_open(&cast);
    actor_do(cast.interviewer, 1, body_plain(ACTION_CLOCK_START));
    actor_do(cast.interviewer, 2, body_mark(ACTION_MARK_SET, "item-0", MARK_RAISED));
    actor_do(cast.interviewer, 3, body_text(ACTION_TALK_SAY, "Good morning"));
    const struct heard *own = actor_await_n(cast.interviewer, OPENING_PANEL + 6);
    CU_ASSERT_EQUAL(own->act, ACTION_TALK_SAY);
    CU_ASSERT_EQUAL(own->id, 3);
    const struct heard *other = actor_await_n(cast.candidate, OPENING_ALL + 6);
    CU_ASSERT_EQUAL(other->act, ACTION_TALK_SAY);
    CU_ASSERT_EQUAL(other->id, 0);
    CU_ASSERT_TRUE(actor_is_dense(cast.candidate, 1));
    CU_ASSERT_EQUAL(actor_await_n(cast.coach, OPENING_PANEL + 5)->act, ACTION_MARK_SET);
    CU_ASSERT_TRUE(same_fold(&cast.scene));
    cast_close(&cast);
}

static void test_double_command_is_kept(void) {
    struct cast cast;
    cast_open(&cast);
    actor_do(cast.interviewer, 1, body_text(ACTION_TALK_SAY, "once"));
    uint32_t n = actor_await_n(cast.interviewer, OPENING_PANEL + 4)->n;
    actor_do(cast.interviewer, 1, body_text(ACTION_TALK_SAY, "once"));
    const struct heard *kept = actor_await(cast.interviewer, MESSAGE_KEPT, 1);
    CU_ASSERT_EQUAL(kept->id, 1);
    CU_ASSERT_EQUAL(kept->n, n);
    CU_ASSERT_TRUE(same_fold(&cast.scene));
    CU_ASSERT_EQUAL(scene_replica(&cast.scene, 0)->room.line_count, 1);
    cast_close(&cast);
}

static void test_conflict_is_decided_again(void) {
    struct cast cast;
    cast_open(&cast);
    CU_ASSERT_TRUE(same_fold(&cast.scene));
    int64_t before = stats_sum(cast.scene.stats, STATS_conflicts);
    /* Both are appended at the same position: one of them must come second. */
    actor_do(cast.interviewer, 1, body_text(ACTION_TALK_SAY, "one"));
    actor_do(cast.candidate, 1, body_text(ACTION_TALK_SAY, "two"));
    actor_await_n(cast.interviewer, OPENING_PANEL + 5);
    actor_await_n(cast.candidate, OPENING_ALL + 5);
    CU_ASSERT_TRUE(stats_sum(cast.scene.stats, STATS_conflicts) > before);
    CU_ASSERT_TRUE(same_fold(&cast.scene));
    CU_ASSERT_EQUAL(scene_replica(&cast.scene, 0)->room.line_count, 2);
    /* And one that the journal makes up. */
    journal_memory_conflict_next(cast.scene.knobs, 1);
    actor_do(cast.interviewer, 2, body_text(ACTION_TALK_SAY, "three"));
    CU_ASSERT_EQUAL(actor_await_n(cast.interviewer, OPENING_PANEL + 6)->id, 2);
    cast_close(&cast);
}

static void test_storage_failure_is_refused(void) {
    struct cast cast;
    cast_open(&cast);
    journal_memory_fail_next(cast.scene.knobs, 1);
    actor_do(cast.interviewer, 1, body_text(ACTION_TALK_SAY, "lost"));
    const struct heard *refused = actor_await(cast.interviewer, MESSAGE_REFUSED, 1);
    CU_ASSERT_EQUAL(refused->why, REFUSAL_STORAGE);
    CU_ASSERT_EQUAL(refused->id, 1);
    actor_do(cast.interviewer, 2, body_text(ACTION_TALK_SAY, "kept"));
    CU_ASSERT_EQUAL(actor_await_n(cast.interviewer, OPENING_PANEL + 4)->id, 2);
    CU_ASSERT_EQUAL(scene_replica(&cast.scene, 0)->room.line_count, 1);
    cast_close(&cast);
}

static void test_refusals(void) {
    struct cast cast;
    cast_open(&cast);
    actor_do(cast.candidate, 1, body_plain(ACTION_CLOCK_START));
    CU_ASSERT_EQUAL(actor_await(cast.candidate, MESSAGE_REFUSED, 1)->why, REFUSAL_NOT_ALLOWED);
    struct actor *stranger = actor_new(&cast.scene, 0, 9);
    actor_join(stranger, cast.scene.secrets[1], 0);
    CU_ASSERT_EQUAL(actor_await(stranger, MESSAGE_REFUSED, 1)->why, REFUSAL_LINK_USED);
    actor_join(stranger, "AAAAAAAAAAAAAAAAAAAAAA", 0);
    CU_ASSERT_EQUAL(actor_await(stranger, MESSAGE_REFUSED, 2)->why, REFUSAL_NO_SUCH_ROOM);
    actor_join(stranger, "not a secret", 0);
    CU_ASSERT_EQUAL(actor_await(stranger, MESSAGE_REFUSED, 3)->why, REFUSAL_NO_SUCH_ROOM);
    cast.scene.room[0] = cast.scene.room[0] == 'a' ? 'b' : 'a';
    actor_join(stranger, cast.scene.secrets[1], 0);
    CU_ASSERT_EQUAL(actor_await(stranger, MESSAGE_REFUSED, 4)->why, REFUSAL_NO_SUCH_ROOM);
    CU_ASSERT_EQUAL(actor_count(cast.interviewer, MESSAGE_REFUSED), 0);
    actor_free(stranger);
    cast_close(&cast);
}

static void test_invite(void) {
    struct cast cast;
    cast_open(&cast);
    struct member *member = member_find(&cast.coach->peer, span_of(cast.scene.room));
    member_invite(member, ROLE_COACH);
    CU_ASSERT_EQUAL(actor_await(cast.coach, MESSAGE_REFUSED, 1)->why, REFUSAL_NOT_ALLOWED);
    member = member_find(&cast.interviewer->peer, span_of(cast.scene.room));
    member_invite(member, ROLE_INTERVIEWER);
    const struct heard *invited = actor_await(cast.interviewer, MESSAGE_INVITED, 1);
    struct actor *second = actor_new(&cast.scene, 1, 4);
    CU_ASSERT_EQUAL(actor_seat(second, invited->secrets[0], 0)->role, ROLE_INTERVIEWER);
    actor_free(second);
    cast_close(&cast);
}

static void test_resume(void) {
    struct cast cast;
    cast_open(&cast);
    actor_do(cast.interviewer, 1, body_plain(ACTION_CLOCK_START));
    uint32_t n = actor_await_n(cast.candidate, OPENING_ALL + 5)->n; /* and the prompt */
    actor_free(cast.candidate);
    actor_await_n(cast.interviewer, OPENING_PANEL + 5); /* seat.gone */
    actor_do(cast.interviewer, 2, body_mark(ACTION_MARK_SET, "item-1", MARK_PROMPTED));
    actor_do(cast.interviewer, 3, body_text(ACTION_TALK_SAY, "Still there?"));
    actor_await_n(cast.interviewer, OPENING_PANEL + 7);
    cast.candidate = actor_new(&cast.scene, 0, 2); /* on the other worker now */
    const struct heard *joined = actor_seat(cast.candidate, NULL, n);
    CU_ASSERT_EQUAL(joined->session, 2);
    CU_ASSERT_EQUAL(joined->seat, 1);
    CU_ASSERT_FALSE(joined->reset);
    CU_ASSERT_EQUAL(joined->n, n + 3);
    CU_ASSERT_EQUAL(actor_await_n(cast.candidate, n + 3)->act, ACTION_SEAT_JOIN);
    CU_ASSERT_TRUE(actor_is_dense(cast.candidate, n + 1));
    CU_ASSERT_EQUAL(actor_count(cast.candidate, MESSAGE_EVENT), 3);
    cast_close(&cast);
}

static void test_unknown_past(void) {
    struct cast cast;
    cast_open(&cast);
    actor_free(cast.candidate);
    cast.candidate = actor_new(&cast.scene, 1, 2);
    const struct heard *joined = actor_seat(cast.candidate, NULL, 1000);
    CU_ASSERT_TRUE(joined->reset);
    actor_await_n(cast.candidate, joined->n);
    CU_ASSERT_TRUE(actor_is_dense(cast.candidate, 1));
    cast_close(&cast);
}

/* One more than there was before the join: the log never had it. */
static void test_one_too_many(void) {
    struct cast cast;
    cast_open(&cast);
    uint32_t n = actor_count(cast.candidate, MESSAGE_EVENT);
    actor_free(cast.candidate);
    actor_await_n(cast.interviewer, OPENING_PANEL + 4); /* seat.gone */
    cast.candidate = actor_new(&cast.scene, 1, 2);
    CU_ASSERT_TRUE(actor_seat(cast.candidate, NULL, n + 2)->reset);
    cast_close(&cast);
}

static void test_debrief_opens_the_panels(void) {
    struct cast cast;
    cast_open(&cast);
    actor_do(cast.interviewer, 1, body_plain(ACTION_CLOCK_START));
    actor_do(cast.interviewer, 2, body_mark(ACTION_MARK_SET, "item-0", MARK_RAISED));
    CU_ASSERT_EQUAL(actor_await_n(cast.candidate, OPENING_ALL + 5)->act, ACTION_ROOM_PROMPT);
    actor_do(cast.interviewer, 3, body_text(ACTION_TALK_WHISPER, "never to be seen"));
    actor_do(cast.interviewer, 4, body_plain(ACTION_CLOCK_FINISH));
    actor_do(cast.interviewer, 5, body_plain(ACTION_SHEET_OPEN));
    CU_ASSERT_EQUAL(actor_await_n(cast.candidate, OPENING_ALL + 8)->act, ACTION_ROOM_TITLES);
    actor_do(cast.candidate, 1, body_mark(ACTION_SELF_SET, "item-0", MARK_PROMPTED));
    actor_await_n(cast.candidate, OPENING_ALL + 9);
    actor_do(cast.interviewer, 6, body_plain(ACTION_DEBRIEF_OPEN));
    actor_do(cast.interviewer, 7, body_text(ACTION_NOTE_PANEL, "now for everybody"));
    static const enum action opened[] = {ACTION_DEBRIEF_OPEN, ACTION_ROOM_GUIDE, ACTION_ROOM_RUBRIC,
                                         ACTION_ROOM_BRIEF,   ACTION_MARK_SET,   ACTION_NOTE_PANEL};
    for (uint32_t i = 0; i < sizeof opened / sizeof *opened; i++) {
        CU_ASSERT_EQUAL(actor_await_n(cast.candidate, OPENING_ALL + 10 + i)->act, opened[i]);
    }
    CU_ASSERT_TRUE(actor_is_dense(cast.candidate, 1));
    /* The interviewer sees the candidate's own sheet now. */
    CU_ASSERT_EQUAL(actor_await_n(cast.interviewer, OPENING_PANEL + 9)->act, ACTION_DEBRIEF_OPEN);
    CU_ASSERT_EQUAL(actor_await_n(cast.interviewer, OPENING_PANEL + 10)->act, ACTION_SELF_SET);
    actor_await_n(cast.interviewer, OPENING_PANEL + 11);
    CU_ASSERT_TRUE(actor_is_dense(cast.interviewer, 1));
    CU_ASSERT_TRUE(same_fold(&cast.scene));
    cast_close(&cast);
}

static void test_newer_connection_takes_over(void) {
    struct cast cast;
    cast_open(&cast);
    struct actor *newer = actor_new(&cast.scene, 0, 2); /* the older one is on worker 1 */
    CU_ASSERT_EQUAL(actor_seat(newer, NULL, 0)->session, 2);
    actor_await_cut(cast.candidate);
    CU_ASSERT_EQUAL(cast.candidate->cut, REFUSAL_REPLACED);
    actor_free(cast.candidate);
    cast.candidate = newer;
    actor_do(newer, 1, body_text(ACTION_TALK_SAY, "here"));
    actor_await_n(newer, OPENING_ALL + 5);
    CU_ASSERT_TRUE(same_fold(&cast.scene));
    CU_ASSERT_TRUE(scene_replica(&cast.scene, 0)->room.seats[1].here);
    cast_close(&cast);
}

static void test_too_many_waiting(void) {
    struct cast cast;
    cast_open(&cast);
    CU_ASSERT_TRUE(same_fold(&cast.scene));
    journal_memory_hold(cast.scene.knobs);
    for (uint32_t id = 1; id <= PENDING_COMMANDS_MAX; id++) {
        actor_do(cast.interviewer, id, body_text(ACTION_NOTE_MINE, "waits"));
    }
    CU_ASSERT_EQUAL(actor_count(cast.interviewer, MESSAGE_REFUSED), 0);
    actor_do(cast.interviewer, PENDING_COMMANDS_MAX + 1, body_text(ACTION_NOTE_MINE, "too much"));
    const struct heard *refused = actor_await(cast.interviewer, MESSAGE_REFUSED, 1);
    CU_ASSERT_EQUAL(refused->why, REFUSAL_TOO_FAST);
    CU_ASSERT_EQUAL(refused->id, PENDING_COMMANDS_MAX + 1);
    journal_memory_release(cast.scene.knobs);
    actor_await_n(cast.interviewer, OPENING_PANEL + 3 + PENDING_COMMANDS_MAX);
    cast_close(&cast);
}

static void test_too_many_joining(void) {
    struct cast cast;
    cast_open(&cast);
    CU_ASSERT_TRUE(same_fold(&cast.scene));
    journal_memory_hold(cast.scene.knobs);
    struct actor *again = actor_new(&cast.scene, 0, 2);
    for (uint32_t i = 0; i < PENDING_JOINS_MAX; i++) {
        actor_join(again, NULL, 0); /* ends the one before, which goes on waiting */
    }
    CU_ASSERT_EQUAL(actor_count(again, MESSAGE_REFUSED), 0);
    actor_join(again, NULL, 0);
    CU_ASSERT_EQUAL(actor_await(again, MESSAGE_REFUSED, 1)->why, REFUSAL_TOO_FAST);
    /* Who is refused keeps the place that it has. */
    actor_join(cast.interviewer, NULL, 0);
    CU_ASSERT_EQUAL(actor_await(cast.interviewer, MESSAGE_REFUSED, 1)->why, REFUSAL_TOO_FAST);
    struct member *kept = member_find(&cast.interviewer->peer, span_of(cast.scene.room));
    CU_ASSERT_PTR_NOT_NULL_FATAL(kept);
    CU_ASSERT_EQUAL(kept->state, MEMBER_LIVE);
    journal_memory_release(cast.scene.knobs);
    actor_await(again, MESSAGE_JOINED, 1);
    actor_await_cut(cast.candidate); /* by the join that was admitted last */
    CU_ASSERT_EQUAL(actor_seat(again, NULL, 0)->seat, 1);
    actor_free(again);
    cast_close(&cast);
}

static void test_slow_reader_is_caught_up_by_parts(void) {
    struct cast cast;
    static char text[TEXT_MAX_BYTES + 1];
    enum { NOTES = 600 }; /* more than a megabyte, where catching up pauses */
    cast_open(&cast);
    memset(text, 'x', TEXT_MAX_BYTES);
    for (uint32_t line = 0; line < NOTES; line++) {
        struct actor *author = line % 2 ? cast.candidate : cast.interviewer;
        actor_do(author, line / 2 + 1, body_text(ACTION_TALK_SAY, text));
        actor_await_n(cast.interviewer, OPENING_PANEL + 4 + line);
    }
    struct actor *slow = actor_new(&cast.scene, 0, 2);
    slow->swallow = true;
    uint32_t n = actor_seat(slow, NULL, 0)->n;
    while (slow->backlog < (size_t)1024 * 1024) {
        scene_turn(&cast.scene);
    }
    uint32_t first = actor_count(slow, MESSAGE_EVENT);
    CU_ASSERT_TRUE(first < n);
    actor_do(cast.interviewer, NOTES / 2 + 1, body_text(ACTION_TALK_SAY, "meanwhile"));
    actor_await(cast.interviewer, MESSAGE_EVENT, NOTES + OPENING_PANEL + 5);
    CU_ASSERT_EQUAL(actor_count(slow, MESSAGE_EVENT), first);
    slow->backlog = 0;
    handle_peer_drained(&slow->peer);
    actor_await_n(slow, n + 1);
    CU_ASSERT_TRUE(actor_is_dense(slow, 1));
    actor_free(slow);
    cast_close(&cast);
}

/* Everybody at the second worker leaves. */
static void empty_second(struct cast *cast) {
    actor_free(cast->candidate);
    actor_free(cast->coach);
    while (cast->scene.workers[1].rooms.resting_count == 0) {
        scene_turn(&cast->scene);
    }
}

static void test_empty_room_rests(void) {
    struct cast cast;
    cast_open(&cast);
    empty_second(&cast);
    struct replica *replica = scene_replica(&cast.scene, 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(replica);
    cast.candidate = actor_new(&cast.scene, 1, 2);
    cast.coach = actor_new(&cast.scene, 1, 3);
    CU_ASSERT_EQUAL(actor_seat(cast.candidate, NULL, 0)->session, 2);
    CU_ASSERT_PTR_EQUAL(scene_replica(&cast.scene, 1), replica);
    CU_ASSERT_EQUAL(cast.scene.workers[1].rooms.resting_count, 0);
    CU_ASSERT_TRUE(same_fold(&cast.scene));
    cast_close(&cast);
}

static void test_empty_room_is_let_go(void) {
    struct cast cast;
    cast_open(&cast);
    CU_ASSERT_EQUAL(stats_sum(cast.scene.stats, STATS_rooms_loaded), 2);
    empty_second(&cast);
    actor_do(cast.interviewer, 1, body_text(ACTION_TALK_SAY, "goes on elsewhere"));
    while (cast.scene.workers[1].rooms.table.count > 0) {
        scene_turn(&cast.scene);
    }
    CU_ASSERT_EQUAL(cast.scene.workers[1].rooms.resting_count, 0);
    CU_ASSERT_EQUAL(stats_sum(cast.scene.stats, STATS_rooms_loaded), 1);
    CU_ASSERT_EQUAL(pack_cache_count(cast.scene.workers[1].desk.packs), 0);
    cast.candidate = actor_new(&cast.scene, 1, 2);
    cast.coach = actor_new(&cast.scene, 1, 3);
    CU_ASSERT_EQUAL(actor_seat(cast.candidate, NULL, 0)->session, 2);
    cast_close(&cast);
}

static void test_gone_while_joining(void) {
    struct cast cast;
    cast_open(&cast);
    journal_memory_hold(cast.scene.knobs);
    actor_free(cast.candidate);
    cast.candidate = actor_new(&cast.scene, 0, 2);
    actor_join(cast.candidate, NULL, 0);
    actor_free(cast.candidate); /* before its join is durable */
    journal_memory_release(cast.scene.knobs);
    cast.candidate = actor_new(&cast.scene, 1, 2);
    CU_ASSERT_TRUE(actor_seat(cast.candidate, NULL, 0)->session >= 2);
    CU_ASSERT_TRUE(same_fold(&cast.scene));
    CU_ASSERT_TRUE(scene_replica(&cast.scene, 0)->room.seats[1].here);
    cast_close(&cast);
}

/* Whoever waits for `left` has given the seat up durably, and can take it again on the same
 * connection. */
static void test_left_is_told_once_durable(void) {
    struct cast cast;
    cast_open(&cast);
    const struct replica *replica = scene_replica(&cast.scene, 1);
    member_quit(member_find(&cast.coach->peer, span_of(cast.scene.room)));
    CU_ASSERT_PTR_NULL(member_find(&cast.coach->peer, span_of(cast.scene.room)));
    CU_ASSERT_TRUE(replica->room.seats[2].here);
    CU_ASSERT_EQUAL(actor_count(cast.coach, MESSAGE_LEFT), 0);
    actor_await(cast.coach, MESSAGE_LEFT, 1);
    CU_ASSERT_FALSE(replica->room.seats[2].here);
    CU_ASSERT_EQUAL(cast.coach->peer.member_count, 0);
    CU_ASSERT_EQUAL(actor_seat(cast.coach, NULL, 0)->session, 2);
    member_quit(member_find(&cast.coach->peer, span_of(cast.scene.room)));
    actor_free(cast.coach); /* its connection ends before the answer comes */
    cast.coach = actor_new(&cast.scene, 1, 3);
    CU_ASSERT_EQUAL(actor_seat(cast.coach, NULL, 0)->session, 3);
    cast_close(&cast);
}

/* Who leaves before the join has come back is told of both, in their order; also if it joins once
 * more at once. */
static void test_left_while_joining(void) {
    struct cast cast;
    cast_open(&cast);
    const struct replica *replica = scene_replica(&cast.scene, 1);
    struct span room = span_of(cast.scene.room);
    actor_join(cast.coach, NULL, 0);
    member_quit(member_find(&cast.coach->peer, room));
    CU_ASSERT_PTR_NULL(member_find(&cast.coach->peer, room));
    actor_await(cast.coach, MESSAGE_LEFT, 1);
    CU_ASSERT_EQUAL(actor_count(cast.coach, MESSAGE_JOINED), 2);
    CU_ASSERT_FALSE(replica->room.seats[2].here);
    CU_ASSERT_EQUAL(cast.coach->peer.member_count, 0);
    actor_join(cast.coach, NULL, 0);
    member_quit(member_find(&cast.coach->peer, room));
    actor_join(cast.coach, NULL, 0);
    actor_await(cast.coach, MESSAGE_LEFT, 2);
    while (replica->room.seats[2].session < 4 || cast.coach->peer.member_count != 1) {
        scene_turn(&cast.scene);
    }
    CU_ASSERT_TRUE(replica->room.seats[2].here);
    CU_ASSERT_EQUAL(cast.coach->cut, REFUSAL_NONE);
    cast_close(&cast);
}

static void test_gone_outlives_failing_storage(void) {
    struct cast cast;
    cast_open(&cast);
    CU_ASSERT_TRUE(same_fold(&cast.scene));
    journal_memory_fail_next(cast.scene.knobs, 1); /* both leave in one run */
    actor_free(cast.candidate);
    actor_free(cast.coach);
    while (cast.scene.retries_wanted < 2) {
        scene_turn(&cast.scene);
    }
    CU_ASSERT_TRUE(scene_replica(&cast.scene, 0)->room.seats[1].here); /* it could not be stored */
    CU_ASSERT_PTR_NOT_NULL_FATAL(scene_replica(&cast.scene, 1));       /* and is not forgotten */
    cast.candidate = actor_new(&cast.scene, 0, 2);
    actor_seat(cast.candidate, NULL, 0); /* who is back already is not sent away again */
    rooms_retry(&cast.scene.workers[1]);
    while (scene_replica(&cast.scene, 0)->room.seats[2].here) {
        scene_turn(&cast.scene);
    }
    CU_ASSERT_TRUE(scene_replica(&cast.scene, 0)->room.seats[1].here);
    while (cast.scene.workers[1].rooms.table.count > cast.scene.workers[1].rooms.resting_count) {
        scene_turn(&cast.scene);
    }
    cast.coach = actor_new(&cast.scene, 1, 3);
    actor_seat(cast.coach, NULL, 0);
    CU_ASSERT_TRUE(same_fold(&cast.scene));
    cast_close(&cast);
}

static void test_who_rests_takes_no_place(void) {
    struct scene scene;
    char first[ROOM_ID_BYTES + 1];
    scene_open(&scene);
    scene.workers[0].rooms.max = scene.workers[1].rooms.max = 1;
    scene_host(&scene);
    memcpy(first, scene.room, sizeof first);
    struct actor *ada = actor_new(&scene, 0, 1);
    actor_seat(ada, scene.secrets[0], 0);
    actor_free(ada);
    while (scene.workers[0].rooms.resting_count == 0) {
        scene_turn(&scene);
    }
    scene_host(&scene);
    struct actor *ben =
        actor_new(&scene, 1, 2); /* on the worker that cannot let the first room go */
    CU_ASSERT_EQUAL(actor_seat(ben, scene.secrets[1], 0)->session, 1);
    memcpy(scene.room, first, sizeof first);
    ada = actor_new(&scene, 0, 1);
    actor_join(ada, NULL, 0);
    CU_ASSERT_EQUAL(actor_await(ada, MESSAGE_REFUSED, 1)->why, REFUSAL_TOO_MANY);
    actor_free(ada);
    actor_free(ben);
    scene_close(&scene);
}

/* ---- a log that cannot be folded ---- */

static void ignore(struct call *call, enum journal_outcome outcome, uint32_t head) {
    (void)call;
    (void)head;
    CU_ASSERT_EQUAL(outcome, JOURNAL_COMMITTED);
}

/* Something that is no event comes behind the room's last. */
static void append_junk(struct cast *cast, struct call *call) {
    struct desk *desk = &cast->scene.workers[0].desk;
    size_t end = 4;
    *call = (struct call){.appended = ignore};
    mp_writer_reset(&desk->stored);
    mp_put_raw(&desk->stored, "junk", end);
    const struct desk_run run = {.ends = &end, .count = 1};
    desk_append(desk, cast->scene.room, scene_replica(&cast->scene, 0)->room.pos, &run, call);
}

/* Who is in is cut off, who is joining is told why, and who comes later too. */
static void test_broken_log(void) {
    struct cast cast;
    struct call call;
    cast_open(&cast);
    CU_ASSERT_TRUE(same_fold(&cast.scene));
    append_junk(&cast, &call);
    scene_turn(&cast.scene); /* it lies ready for both workers */
    struct actor *late = actor_new(&cast.scene, 0, 2);
    actor_join(late, NULL, 0);
    CU_ASSERT_EQUAL(actor_await(late, MESSAGE_REFUSED, 1)->why, REFUSAL_INTERNAL);
    CU_ASSERT_EQUAL(late->cut, REFUSAL_NONE);
    actor_await_cut(cast.interviewer);
    actor_await_cut(cast.candidate);
    CU_ASSERT_EQUAL(cast.interviewer->cut, REFUSAL_INTERNAL);
    CU_ASSERT_EQUAL(cast.candidate->cut, REFUSAL_INTERNAL);
    CU_ASSERT_EQUAL(cast.interviewer->peer.member_count, 0);
    while (scene_replica(&cast.scene, 0) != NULL || scene_replica(&cast.scene, 1) != NULL) {
        scene_turn(&cast.scene);
    }
    actor_join(late, NULL, 0);
    CU_ASSERT_EQUAL(actor_await(late, MESSAGE_REFUSED, 2)->why, REFUSAL_INTERNAL);
    actor_free(late);
    cast_close(&cast);
}

/* The answer to an append comes to a room that has broken meanwhile: nobody is seated in it. */
static void test_broken_while_a_join_flies(void) {
    struct cast cast;
    cast_open(&cast);
    struct actor *late = actor_new(&cast.scene, 0, 2);
    journal_memory_hold(cast.scene.knobs);
    actor_do(cast.interviewer, 1, body_text(ACTION_TALK_SAY, "nobody hears this"));
    actor_join(late, NULL, 0);
    scene_turn(&cast.scene);
    struct replica *replica = scene_replica(&cast.scene, 0);
    CU_ASSERT_TRUE_FATAL(replica->followed.in_flight);
    followed_break(&replica->followed, REFUSAL_INTERNAL, NULL);
    CU_ASSERT_EQUAL(cast.interviewer->cut, REFUSAL_INTERNAL);
    scene_turn_workers(&cast.scene);
    CU_ASSERT_EQUAL(actor_count(late, MESSAGE_REFUSED), 0);
    journal_memory_release(cast.scene.knobs);
    CU_ASSERT_EQUAL(actor_await(late, MESSAGE_REFUSED, 1)->why, REFUSAL_INTERNAL);
    CU_ASSERT_EQUAL(actor_count(late, MESSAGE_JOINED), 0);
    CU_ASSERT_EQUAL(late->peer.member_count, 0);
    actor_free(late);
    cast_close(&cast);
}

static CU_TestInfo tests[] = {
    {"three take their seats on two workers", test_seats},
    {"a command reaches all who may know", test_command_reaches_all},
    {"a command sent twice is kept once", test_double_command_is_kept},
    {"a conflict is decided again", test_conflict_is_decided_again},
    {"what cannot be stored is refused", test_storage_failure_is_refused},
    {"refusals are named and touch nobody else", test_refusals},
    {"an interviewer makes one more link", test_invite},
    {"resuming gives what was missed", test_resume},
    {"an unknown past starts again", test_unknown_past},
    {"a past that has one event too many", test_one_too_many},
    {"the debrief opens the panel's events", test_debrief_opens_the_panels},
    {"a newer connection takes the seat over", test_newer_connection_takes_over},
    {"only so many commands may wait", test_too_many_waiting},
    {"a room bounds the joins that wait", test_too_many_joining},
    {"a slow reader is caught up by parts", test_slow_reader_is_caught_up_by_parts},
    {"an empty room rests and is found again", test_empty_room_rests},
    {"a room without members is let go", test_empty_room_is_let_go},
    {"who goes while joining leaves no ghost", test_gone_while_joining},
    {"left is told once it is durable", test_left_is_told_once_durable},
    {"who leaves while joining is told of both", test_left_while_joining},
    {"who leaves while storage fails is gone in the end", test_gone_outlives_failing_storage},
    {"a room where nobody is takes no place", test_who_rests_takes_no_place},
    {"a log that cannot be folded", test_broken_log},
    {"a room that breaks while a join flies", test_broken_while_a_join_flies},
    CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"replica", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
