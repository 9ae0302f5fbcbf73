/* SPDX-License-Identifier: ISC */
/*
 * Purpose: workers over a memory journal in one thread, with stand-ins for connections, to test
 * rooms on a server without a network. Room time is scene.now, which only the test moves, and the
 * journal's thread stands at its gate but during a turn: workers and journal go step by step, so a
 * test runs the same every time, however fast the machine is. Aborts if memory runs out, or if
 * nothing at all happens any more while a test goes on turning.
 */
#ifndef SPAR_TESTS_SUPPORT_SCENE_H
#define SPAR_TESTS_SUPPORT_SCENE_H

#include "protocol/wire/message.h"
#include "server/room/passes.h"
#include "server/room/replica.h"
#include "server/worker/journal_mail.h"
#include "tests/support/journal_memory.h"

enum { SCENE_WORKERS = 4, SCENE_IDLE_MAX = 1000, ACTOR_HEARD_MAX = 1024, SCENE_VOICES_MAX = 16 };

/* What an actor was sent. Of an event: n, id, by, act, at. Of `joined`: seat, role, n, id =
 * last_id, reset, session. Of `voiced`: seat, id = tag, reset = on, n = muted, session = lost. Of
 * `signalled`: seat, n = length. Of `record`: n. Of `end`: id, n = count, chain = the chain's first
 * byte.
 */
struct heard {
    enum message_kind kind;
    enum action act;
    enum refusal why;
    uint32_t n, id, session;
    uint8_t by, seat;
    enum role role;
    bool reset;
    char chain;
    int64_t at;
    /* Of queue: place, why (lobby_why in seat), session = count. Of entered: n = member, session =
     * bytes of packs. Of companions: n = count, seat = kind. */
    uint32_t place;
    char secrets[3][RANDOM_SECRET_LENGTH +
                    1]; /* of hosted; of made; [0] of invited, linked, passed, companions */
    char room[ROOM_ID_BYTES + 1]; /* of made, entered, queue: the cohort */
};

struct scene {
    struct event_base *base;
    struct journal *journal;
    struct journal_memory *knobs;
    struct stats *stats;
    struct event *sweep;
    struct mailbox *mailboxes[SCENE_WORKERS];
    struct rooms_line lines[SCENE_WORKERS];
    struct rooms workers[SCENE_WORKERS];
    struct mp_reader reader;
    int64_t now;             /* ms of room time */
    unsigned idle;           /* turns since a worker last had something to do */
    bool turn_wanted;        /* a worker does long work in slices */
    unsigned retries_wanted; /* how often a worker asked for rooms_retry */
    unsigned wakes_wanted;   /* how often one asked for rooms_tick */
    /* A hash over the turns and all that any actor was sent, but for what is drawn at random (ids
     * of rooms, secrets): two runs of the same test have the same. */
    uint64_t trace;
    bool holds_voices; /* what workers say of voices stays on its way */
    unsigned held_voices;
    struct voice_news voices[SCENE_VOICES_MAX];
    /* Of the last scene_host(): */
    char room[ROOM_ID_BYTES + 1];
    char secrets[3][RANDOM_SECRET_LENGTH + 1]; /* interviewer, candidate, coach */
};

/* A stand-in for a connection. */
struct actor {
    struct peer peer; /* first */
    struct scene *scene;
    struct rooms *rooms;
    size_t backlog;   /* what it says is queued */
    bool swallow;     /* adds what it is sent to backlog */
    enum refusal cut; /* REFUSAL_NONE: not cut */
    uint32_t count;
    struct heard heard[ACTOR_HEARD_MAX];
};

void scene_open(struct scene *scene);
/* Closes the journal and checks that every worker is empty. All actors must be gone. */
void scene_close(struct scene *scene);
/* Opens a room with the sample's pack. */
void scene_host(struct scene *scene);
/* The same by somebody, in a cohort or, with "", in none. */
void scene_host_by(struct actor *host, const char *cohort);
/* The same with another pack. */
void scene_host_pack(struct actor *host, const char *cohort, const struct pack *pack);
/*
 * One turn: the workers do what they can; then the journal takes all that they have posted so far,
 * as one, and its answers lie ready for the next turn. Does not wait for a held commit.
 */
void scene_turn(struct scene *scene);
/* The first half of a turn: to do more before the journal looks. */
void scene_turn_workers(struct scene *scene);
/* The room's replica at a worker, or NULL. */
struct replica *scene_replica(struct scene *scene, unsigned worker);
/* Moves room time on and lets every worker look. */
void scene_pass(struct scene *scene, int64_t ms);
/* What was said of voices arrives now, and from now on at once; of the last scene_host()'s room. */
void scene_let_voices(struct scene *scene);
/* Turns until no worker has a replica. */
void scene_await_empty(struct scene *scene);

/* key: every byte of the key's hash. */
struct actor *actor_new(struct scene *scene, unsigned worker, uint8_t key);
/* Its connection ends. */
void actor_free(struct actor *actor);
/* Joins and returns at once. secret: NULL for by key alone. */
void actor_join(struct actor *actor, const char *secret, uint32_t after);
/* The same as a companion of a seat. */
void actor_join_as(struct actor *actor, enum companion companion, const char *secret,
                   uint32_t after);
/* Joins and awaits `joined`. */
const struct heard *actor_seat(struct actor *actor, const char *secret, uint32_t after);
void actor_do(struct actor *actor, uint32_t id, struct body body);
/* Turns until it has been sent `count` messages of a kind; the last of them. */
const struct heard *actor_await(struct actor *actor, enum message_kind kind, uint32_t count);
uint32_t actor_count(const struct actor *actor, enum message_kind kind);
/* Whether a log is being read a slice a turn on its worker. */
bool actor_is_read(const struct actor *actor);
/* The turns in which one is, up to the `end` of an answer, which must be of `count`. */
unsigned actor_slices_to(struct actor *actor, uint32_t count);
/* Turns until it has the event numbered n. */
const struct heard *actor_await_n(struct actor *actor, uint32_t n);
/* Turns until it is cut off. */
void actor_await_cut(struct actor *actor);
/* Whether the events that it was sent are numbered from `first` without a gap. */
bool actor_is_dense(const struct actor *actor, uint32_t first);

#endif
