/* SPDX-License-Identifier: ISC */
/*
 * Purpose: who is on voice, told over workers and after a loss; whom a signal reaches, and the name
 * of each refusal; at each bound and one past it, with an honest pair beside.
 */
#include "tests/support/test_main.h"

#include <string.h>

#include "server/room/voice.h"
#include "server/worker/pass_mail.h"
#include "tests/support/sample.h"
#include "tests/support/scene.h"

enum { INTERVIEWER, CANDIDATE, COACH, CAST };

struct cast {
    struct scene scene;
    struct actor *actors[CAST];
};

/* The interviewer and the coach on one worker, the candidate on another. */
static void cast_open(struct cast *cast) {
    scene_open(&cast->scene);
    scene_host(&cast->scene);
    for (unsigned i = 0; i < CAST; i++) {
        cast->actors[i] = actor_new(&cast->scene, i == CANDIDATE ? 2 : 0, (uint8_t)(i + 1));
        actor_seat(cast->actors[i], cast->scene.secrets[i], 0);
    }
    for (unsigned i = 0; i < CAST; i++) {
        actor_await_n(cast->actors[i], scene_replica(&cast->scene, 0)->room.all_count);
    }
}

static void cast_close(struct cast *cast) {
    for (unsigned i = 0; i < CAST; i++) {
        actor_free(cast->actors[i]);
    }
    scene_close(&cast->scene);
}

static struct voice_place place_of(const struct actor *actor) {
    struct voice_place place;
    CU_ASSERT_TRUE_FATAL(voice_place_of(&actor->peer, span_of(actor->scene->room), &place));
    return place;
}

static enum refusal speak(const struct actor *actor, bool on, bool muted, uint32_t tag) {
    struct voice_place place = place_of(actor);
    place.id = 77;
    return voice_set(&place, on, muted, tag);
}

static enum refusal send_signal(const struct actor *actor, int64_t to, uint32_t len) {
    static char data[SIGNAL_MAX_BYTES + 1];
    struct voice_place place = place_of(actor);
    return voice_signal(&place, to, (struct span){data, len});
}

/* The last that it heard of a kind. */
static const struct heard *last(const struct actor *actor, enum message_kind kind) {
    for (uint32_t i = actor->count; i > 0; i--) {
        if (actor->heard[i - 1].kind == kind) {
            return &actor->heard[i - 1];
        }
    }
    CU_FAIL_FATAL("it has heard nothing of the kind");
    return NULL;
}

static void expect_voice(const struct actor *actor, uint8_t seat, bool on, uint32_t tag) {
    const struct heard *heard = last(actor, MESSAGE_VOICED);
    CU_ASSERT_EQUAL(heard->seat, seat);
    CU_ASSERT_EQUAL(heard->reset, on);
    CU_ASSERT_EQUAL(heard->id, tag);
}

static void test_presence(void) {
    struct cast cast;
    cast_open(&cast);
    CU_ASSERT_EQUAL(speak(cast.actors[CANDIDATE], true, false, 7), REFUSAL_NONE);
    for (int i = 0; i < CAST; i++) {
        expect_voice(cast.actors[i], CANDIDATE, true, 7);
    }
    CU_ASSERT_EQUAL(speak(cast.actors[CANDIDATE], true, true, 7), REFUSAL_NONE);
    CU_ASSERT_EQUAL(last(cast.actors[COACH], MESSAGE_VOICED)->n, 1);
    CU_ASSERT_EQUAL(speak(cast.actors[CANDIDATE], false, false, 0), REFUSAL_NONE);
    for (int i = 0; i < CAST; i++) {
        expect_voice(cast.actors[i], CANDIDATE, false, 7);
        CU_ASSERT_FALSE(last(cast.actors[i], MESSAGE_VOICED)->session);
    }
    uint32_t before = actor_count(cast.actors[COACH], MESSAGE_VOICED);
    CU_ASSERT_EQUAL(speak(cast.actors[CANDIDATE], false, false, 0), REFUSAL_NONE);
    CU_ASSERT_EQUAL(actor_count(cast.actors[COACH], MESSAGE_VOICED), before);
    cast_close(&cast);
}

/* Somebody joins at a worker that had not loaded the room. */
static void test_told_late(void) {
    struct cast cast;
    cast_open(&cast);
    CU_ASSERT_EQUAL(speak(cast.actors[CANDIDATE], true, false, 7), REFUSAL_NONE);
    actor_free(cast.actors[COACH]);
    cast.actors[COACH] = actor_new(&cast.scene, 3, COACH + 1);
    actor_seat(cast.actors[COACH], NULL, 0);
    actor_await(cast.actors[COACH], MESSAGE_VOICED, 1);
    expect_voice(cast.actors[COACH], CANDIDATE, true, 7);
    cast_close(&cast);
}

static void test_lost(void) {
    struct cast cast;
    cast_open(&cast);
    CU_ASSERT_EQUAL(speak(cast.actors[CANDIDATE], true, false, 7), REFUSAL_NONE);
    actor_free(cast.actors[CANDIDATE]);
    expect_voice(cast.actors[INTERVIEWER], CANDIDATE, false, 7);
    CU_ASSERT_TRUE(last(cast.actors[INTERVIEWER], MESSAGE_VOICED)->session);
    cast.actors[CANDIDATE] = actor_new(&cast.scene, 0, CANDIDATE + 1);
    actor_seat(cast.actors[CANDIDATE], NULL, 0);
    CU_ASSERT_EQUAL(speak(cast.actors[CANDIDATE], true, false, 7), REFUSAL_NONE);
    expect_voice(cast.actors[INTERVIEWER], CANDIDATE, true, 7);
    cast_close(&cast);
}

/* The same key comes by a newer connection at another worker: what the old one's end says is no
 * news of the new one's voice. */
static void test_taken_over(void) {
    struct cast cast;
    cast_open(&cast);
    CU_ASSERT_EQUAL(speak(cast.actors[CANDIDATE], true, false, 7), REFUSAL_NONE);
    struct actor *newer = actor_new(&cast.scene, 0, CANDIDATE + 1);
    actor_seat(newer, NULL, 0);
    CU_ASSERT_EQUAL(speak(newer, true, false, 8), REFUSAL_NONE);
    actor_await_cut(cast.actors[CANDIDATE]);
    CU_ASSERT_EQUAL(cast.actors[CANDIDATE]->cut, REFUSAL_REPLACED);
    expect_voice(cast.actors[INTERVIEWER], CANDIDATE, true, 8);
    CU_ASSERT_TRUE(voice_of(scene_replica(&cast.scene, 2), CANDIDATE)->on);
    actor_free(newer);
    cast_close(&cast);
}

/* Nobody goes on hearing whoever was put out. */
static void test_put_out(void) {
    struct cast cast;
    cast_open(&cast);
    CU_ASSERT_EQUAL(speak(cast.actors[CANDIDATE], true, false, 7), REFUSAL_NONE);
    actor_do(cast.actors[INTERVIEWER], 1,
             (struct body){.act = ACTION_SEAT_OUT, .has = F(seat), .seat = CANDIDATE});
    actor_await_cut(cast.actors[CANDIDATE]);
    expect_voice(cast.actors[INTERVIEWER], CANDIDATE, false, 7);
    CU_ASSERT_FALSE(last(cast.actors[INTERVIEWER], MESSAGE_VOICED)->session);
    cast_close(&cast);
}

static void test_signals(void) {
    struct cast cast;
    cast_open(&cast);
    struct actor *interviewer = cast.actors[INTERVIEWER], *candidate = cast.actors[CANDIDATE];
    CU_ASSERT_EQUAL(send_signal(interviewer, CANDIDATE, 1), REFUSAL_NOT_ON_VOICE);
    CU_ASSERT_EQUAL(speak(interviewer, true, false, 1), REFUSAL_NONE);
    CU_ASSERT_EQUAL(send_signal(interviewer, CANDIDATE, 1), REFUSAL_SEAT_SILENT);
    CU_ASSERT_EQUAL(speak(candidate, true, false, 2), REFUSAL_NONE);
    CU_ASSERT_EQUAL(send_signal(interviewer, INTERVIEWER, 1), REFUSAL_SIGNAL_SELF);
    CU_ASSERT_EQUAL(send_signal(interviewer, COACH, 1), REFUSAL_SEAT_SILENT);
    CU_ASSERT_EQUAL(send_signal(interviewer, CAST, 1), REFUSAL_NO_SUCH_SEAT);
    CU_ASSERT_EQUAL(send_signal(interviewer, CANDIDATE, 0), REFUSAL_SIGNAL_SIZE);
    CU_ASSERT_EQUAL(send_signal(interviewer, CANDIDATE, SIGNAL_MAX_BYTES + 1), REFUSAL_SIGNAL_SIZE);
    CU_ASSERT_EQUAL(actor_count(candidate, MESSAGE_SIGNALLED), 0);
    CU_ASSERT_EQUAL(send_signal(interviewer, CANDIDATE, SIGNAL_MAX_BYTES), REFUSAL_NONE);
    CU_ASSERT_EQUAL(last(candidate, MESSAGE_SIGNALLED)->n, SIGNAL_MAX_BYTES);
    CU_ASSERT_EQUAL(last(candidate, MESSAGE_SIGNALLED)->seat, INTERVIEWER);
    CU_ASSERT_EQUAL(send_signal(candidate, INTERVIEWER, 5), REFUSAL_NONE);
    CU_ASSERT_EQUAL(last(interviewer, MESSAGE_SIGNALLED)->n, 5);
    CU_ASSERT_EQUAL(actor_count(cast.actors[COACH], MESSAGE_SIGNALLED), 0);
    cast_close(&cast);
}

/* Who reads slowly is spared, and not cut off for it. */
static void test_slow_reader(void) {
    struct cast cast;
    cast_open(&cast);
    struct actor *interviewer = cast.actors[INTERVIEWER], *candidate = cast.actors[CANDIDATE];
    CU_ASSERT_EQUAL(speak(interviewer, true, false, 1), REFUSAL_NONE);
    CU_ASSERT_EQUAL(speak(candidate, true, false, 2), REFUSAL_NONE);
    candidate->backlog = TRIP_BACKLOG_MAX;
    CU_ASSERT_EQUAL(send_signal(interviewer, CANDIDATE, 1), REFUSAL_NONE);
    CU_ASSERT_EQUAL(actor_count(candidate, MESSAGE_SIGNALLED), 0);
    candidate->backlog = TRIP_BACKLOG_MAX - 1;
    CU_ASSERT_EQUAL(send_signal(interviewer, CANDIDATE, 1), REFUSAL_NONE);
    CU_ASSERT_EQUAL(actor_count(candidate, MESSAGE_SIGNALLED), 1);
    CU_ASSERT_EQUAL(candidate->cut, REFUSAL_NONE);
    cast_close(&cast);
}

/* One more than may speak, each at another worker. */
enum { MORE = VOICE_MAX + 1 - CAST };

static void invite_more(struct cast *cast, struct actor *more[MORE]) {
    struct actor *host = cast->actors[INTERVIEWER];
    for (int i = 0; i < MORE; i++) {
        member_invite(member_find(&host->peer, span_of(cast->scene.room)), ROLE_COACH);
        const struct heard *invited = actor_await(host, MESSAGE_INVITED, (uint32_t)i + 1);
        more[i] = actor_new(&cast->scene, (unsigned)i % SCENE_WORKERS, (uint8_t)(0x40 + i));
        actor_seat(more[i], invited->secrets[0], 0);
    }
}

/* So many speak in a room, and one more does not; who hangs up makes place. */
static void test_full(void) {
    struct cast cast;
    struct actor *more[MORE];
    cast_open(&cast);
    invite_more(&cast, more);
    for (uint32_t i = 0; i < CAST; i++) {
        CU_ASSERT_EQUAL(speak(cast.actors[i], true, false, i), REFUSAL_NONE);
    }
    int last_one = MORE - 1;
    for (int i = 0; i < last_one; i++) {
        CU_ASSERT_EQUAL(speak(more[i], true, false, 9), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(speak(more[last_one], true, false, 9), REFUSAL_VOICE_FULL);
    CU_ASSERT_EQUAL(speak(more[0], true, true, 9), REFUSAL_NONE);
    CU_ASSERT_EQUAL(speak(more[0], false, false, 9), REFUSAL_NONE);
    CU_ASSERT_EQUAL(speak(more[last_one], true, false, 9), REFUSAL_NONE);
    for (int i = 0; i < MORE; i++) {
        actor_free(more[i]);
    }
    cast_close(&cast);
}

static void expect_on(struct cast *cast, unsigned count) {
    for (unsigned worker = 0; worker < SCENE_WORKERS - 1; worker++) {
        const struct replica *replica = scene_replica(&cast->scene, worker);
        unsigned found = 0;
        for (int seat = 0; seat < ROOM_SEATS_MAX; seat++) {
            found += voice_of(replica, seat)->on;
        }
        CU_ASSERT_EQUAL(found, count);
    }
}

/* All of `more` press before any worker has heard of another's, the one of that number first; then
 * each of the workers learns of it. */
static void press_at_once(struct cast *cast, struct actor *more[MORE], int first, int count) {
    cast->scene.holds_voices = true;
    CU_ASSERT_EQUAL(speak(more[first], true, false, 9), REFUSAL_NONE);
    cast->scene.now++;
    for (int i = 0; i < count; i++) {
        CU_ASSERT_TRUE(i == first || speak(more[i], true, false, 9) == REFUSAL_NONE);
    }
    scene_let_voices(&cast->scene);
}

static unsigned count_ends(const struct actor *actor) {
    unsigned ends = 0;
    for (uint32_t i = 0; i < actor->count; i++) {
        ends += actor->heard[i].kind == MESSAGE_VOICED && !actor->heard[i].reset;
    }
    return ends;
}

/* The last place, and two workers that each give it away: the same one keeps it everywhere. */
static void test_full_at_once(void) {
    struct cast cast;
    struct actor *more[MORE];
    cast_open(&cast);
    invite_more(&cast, more);
    for (uint32_t i = 0; i < CAST; i++) {
        CU_ASSERT_EQUAL(speak(cast.actors[i], true, false, i), REFUSAL_NONE);
    }
    /* At the bound nobody is too late. */
    press_at_once(&cast, more, 0, MORE - 1);
    expect_on(&cast, VOICE_MAX);
    CU_ASSERT_EQUAL(count_ends(cast.actors[CANDIDATE]), 0);
    for (int i = 0; i < MORE - 1; i++) {
        CU_ASSERT_EQUAL(speak(more[i], false, false, 9), REFUSAL_NONE);
    }
    /* One past it: of the same ms the lower seat, and else whoever pressed first. */
    for (int first = 0; first < MORE; first += MORE - 1) {
        int late = first == 0 ? MORE - 1 : MORE - 2;
        unsigned ends = count_ends(cast.actors[CANDIDATE]);
        press_at_once(&cast, more, first, MORE);
        expect_on(&cast, VOICE_MAX);
        CU_ASSERT_EQUAL(last(more[late], MESSAGE_REFUSED)->why, REFUSAL_VOICE_FULL);
        CU_ASSERT_EQUAL(last(more[late], MESSAGE_REFUSED)->id, 77);
        CU_ASSERT_EQUAL(actor_count(more[first], MESSAGE_REFUSED), (uint32_t)(first > 0));
        for (int i = 0; i < CAST; i++) {
            CU_ASSERT_EQUAL(actor_count(cast.actors[i], MESSAGE_REFUSED), 0);
        }
        CU_ASSERT_EQUAL(count_ends(cast.actors[CANDIDATE]), ends + 1);
        for (int i = 0; i < MORE; i++) {
            CU_ASSERT_EQUAL(speak(more[i], false, false, 9), REFUSAL_NONE);
        }
    }
    for (int i = 0; i < MORE; i++) {
        actor_free(more[i]);
    }
    cast_close(&cast);
}

/* The candidate sits at a terminal: another device of theirs speaks, is told names, and ends. */
static void test_companion(void) {
    struct cast cast;
    cast_open(&cast);
    struct actor *candidate = cast.actors[CANDIDATE];
    struct actor *devices[] = {actor_new(&cast.scene, 1, 0x50), actor_new(&cast.scene, 3, 0x51)};
    struct member *member = member_find(&candidate->peer, span_of(cast.scene.room));
    CU_ASSERT_EQUAL(speak(cast.actors[INTERVIEWER], true, false, 1), REFUSAL_NONE);
    for (uint32_t i = 0; i < 2; i++) {
        enum companion kind = i == 0 ? COMPANION_VOICE : COMPANION_SCREEN;
        member_companion(member, kind, false, COMPANION_LINK_MS);
        /* A device that comes is told of, too. */
        const struct heard *link = actor_await(candidate, MESSAGE_COMPANIONS, 2 * i + 1);
        actor_join_as(devices[i], kind, link->secrets[0], 0);
        actor_await(devices[i], MESSAGE_JOINED, 1);
        actor_await(candidate, MESSAGE_COMPANIONS, 2 * i + 2);
    }
    expect_voice(devices[0], INTERVIEWER, true, 1);
    CU_ASSERT_EQUAL(speak(devices[0], true, false, 5), REFUSAL_NONE);
    for (int i = 0; i < CAST; i++) {
        expect_voice(cast.actors[i], CANDIDATE, true, 5);
    }
    CU_ASSERT_EQUAL(send_signal(cast.actors[INTERVIEWER], CANDIDATE, 3), REFUSAL_NONE);
    CU_ASSERT_EQUAL(last(devices[0], MESSAGE_SIGNALLED)->n, 3);
    CU_ASSERT_EQUAL(actor_count(candidate, MESSAGE_SIGNALLED), 0);
    CU_ASSERT_EQUAL(actor_count(devices[0], MESSAGE_EVENT), 0);
    struct voice_place place;
    CU_ASSERT_FALSE(voice_place_of(&devices[1]->peer, span_of(cast.scene.room), &place));
    member_companion(member, COMPANION_VOICE, true, 0);
    actor_await_cut(devices[0]);
    expect_voice(cast.actors[INTERVIEWER], CANDIDATE, false, 5);
    CU_ASSERT_FALSE(last(cast.actors[INTERVIEWER], MESSAGE_VOICED)->session);
    actor_free(devices[0]);
    actor_free(devices[1]);
    cast_close(&cast);
}

/* ---- another server ---- */

enum { FAR_BOOT = 9, FAR_BYTES = 24, KIND_AT = 0, SEAT_AT = 1, STATE_AT = 3, KIND_VOICE = 1 };

/* What the coach's worker says at the server of boot FAR_BOOT: on, and with the tag 7. */
static void say_far(uint8_t bytes[FAR_BYTES]) {
    static const uint8_t voice[FAR_BYTES] = {
        [KIND_AT] = KIND_VOICE, [SEAT_AT] = COACH, [STATE_AT] = 1, [7] = 7, [19] = FAR_BOOT};
    memcpy(bytes, voice, FAR_BYTES);
}

static void hear_far(struct cast *cast, const uint8_t *bytes, uint32_t len) {
    pass_heard(&cast->scene.workers[2].rooms, cast->scene.room, bytes, len);
}

/* What is cut short or out of bounds is dropped; what is whole is told to who is here, next to it.
 */
static void test_far_words(void) {
    struct cast cast;
    uint8_t bytes[FAR_BYTES];
    cast_open(&cast);
    const struct actor *candidate = cast.actors[CANDIDATE];
    say_far(bytes);
    for (uint32_t len = 0; len < FAR_BYTES; len++) {
        hear_far(&cast, bytes, len);
    }
    for (int at = KIND_AT; at < STATE_AT; at++) {
        say_far(bytes);
        bytes[at] = at == KIND_AT ? 4 : ROOM_SEATS_MAX; /* one past the last */
        hear_far(&cast, bytes, FAR_BYTES);
    }
    CU_ASSERT_EQUAL(actor_count(candidate, MESSAGE_VOICED), 0);
    say_far(bytes);
    hear_far(&cast, bytes, FAR_BYTES);
    CU_ASSERT_EQUAL(actor_count(candidate, MESSAGE_VOICED), 1);
    expect_voice(candidate, COACH, true, 7);
    CU_ASSERT_EQUAL(voice_of(scene_replica(&cast.scene, 2), COACH)->home, pass_home(FAR_BOOT, 0));
    cast_close(&cast);
}

/* That one has ended was lost on the way: whoever knows that something was asks, and is told. */
static void test_lost_end(void) {
    struct cast cast;
    cast_open(&cast);
    CU_ASSERT_EQUAL(speak(cast.actors[CANDIDATE], true, false, 7), REFUSAL_NONE);
    CU_ASSERT_EQUAL(speak(cast.actors[INTERVIEWER], true, false, 8), REFUSAL_NONE);
    cast.scene.holds_voices = true;
    CU_ASSERT_EQUAL(speak(cast.actors[CANDIDATE], false, false, 0), REFUSAL_NONE);
    cast.scene.held_voices = 0;
    cast.scene.holds_voices = false;
    CU_ASSERT_TRUE(voice_of(scene_replica(&cast.scene, 0), CANDIDATE)->on);
    voice_lost(&cast.scene.workers[0].rooms);
    CU_ASSERT_FALSE(voice_of(scene_replica(&cast.scene, 0), CANDIDATE)->on);
    expect_voice(cast.actors[COACH], CANDIDATE, false, 7);
    CU_ASSERT_TRUE(voice_of(scene_replica(&cast.scene, 0), INTERVIEWER)->on);
    CU_ASSERT_TRUE(voice_of(scene_replica(&cast.scene, 2), INTERVIEWER)->on);
    /* Back again elsewhere: the end of the time before says nothing of this one. */
    CU_ASSERT_EQUAL(speak(cast.actors[CANDIDATE], true, false, 9), REFUSAL_NONE);
    voice_lost(&cast.scene.workers[0].rooms);
    CU_ASSERT_TRUE(voice_of(scene_replica(&cast.scene, 0), CANDIDATE)->on);
    cast_close(&cast);
}

/* A voice of a server that has ended is lost; of one that lives it stays. */
static void test_far_end(void) {
    struct cast cast;
    uint8_t bytes[FAR_BYTES];
    struct leases live = {.upto = FAR_BOOT, .count = 2, .live = {1, FAR_BOOT}};
    cast_open(&cast);
    struct replica *replica = scene_replica(&cast.scene, 2);
    CU_ASSERT_EQUAL(speak(cast.actors[CANDIDATE], true, false, 3), REFUSAL_NONE);
    say_far(bytes);
    hear_far(&cast, bytes, FAR_BYTES);
    voice_leases(replica, &live);
    CU_ASSERT_TRUE(voice_of(replica, COACH)->on);
    live.count = 1;
    voice_leases(replica, &live);
    CU_ASSERT_FALSE(voice_of(replica, COACH)->on);
    expect_voice(cast.actors[CANDIDATE], COACH, false, 7);
    CU_ASSERT_TRUE(last(cast.actors[CANDIDATE], MESSAGE_VOICED)->session);
    CU_ASSERT_TRUE(voice_of(replica, CANDIDATE)->on);
    cast_close(&cast);
}

int main(void) {
    static CU_TestInfo tests[] = {
        {"who is on voice is told to all, on every worker", test_presence},
        {"whoever comes later learns of it", test_told_late},
        {"a lost connection, and back", test_lost},
        {"a lost end", test_lost_end},
        {"a newer connection of the same key", test_taken_over},
        {"somebody is put out", test_put_out},
        {"whom a signal reaches, and why not", test_signals},
        {"a slow reader is spared", test_slow_reader},
        {"so many, and one more", test_full},
        {"the last place given away twice", test_full_at_once},
        {"another device of the seat speaks", test_companion},
        {"what another server says", test_far_words},
        {"another server ends", test_far_end},
        CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"voice", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
