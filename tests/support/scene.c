/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the scene of server tests; see scene.h. The journal's thread is real, everything else
 * runs here; the two never run at the same time.
 */
#include "tests/support/scene.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/wire/frame.h"
#include "server/cohort/replica.h"
#include "server/handle/handle.h"
#include "server/request/request.h"
#include "server/room/round_trip.h"
#include "server/room/voice.h"
#include "tests/support/pack_bodies.h"
#include "tests/support/sample.h"

static void require(bool good, const char *what) {
    if (!good) {
        fprintf(stderr, "scene: %s\n", what);
        abort();
    }
}

static int64_t scene_now(const void *time) {
    return ((const struct scene *)time)->now;
}

static void on_sweep(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    struct scene *scene = ctx;
    for (unsigned i = 0; i < SCENE_WORKERS; i++) {
        rooms_sweep(&scene->workers[i]);
    }
}

static void sweep_wanted(void *ctx) {
    struct scene *scene = ctx;
    scene->idle = 0;
    event_active(scene->sweep, EV_TIMEOUT, 0);
}

static void turn_wanted(void *ctx) {
    struct scene *scene = ctx;
    scene->idle = 0;
    scene->turn_wanted = true;
}

/* The test says when storage is tried again. */
static void retry_wanted(void *ctx) {
    ((struct scene *)ctx)->retries_wanted++;
}

static void wake_wanted(void *ctx, int64_t at) {
    struct scene *scene = ctx;
    scene->wakes_wanted += at >= 0;
}

/* To whom has heard it already it is nothing new. */
static void pass_round_trip(void *ctx, const char *room, uint8_t seat, int64_t ms, bool far) {
    struct scene *scene = ctx;
    (void)far;
    for (unsigned i = 0; i < SCENE_WORKERS; i++) {
        round_trip_heard(&scene->workers[i].rooms, room, seat, ms);
    }
}

static void tell_voice(struct scene *scene, const char *room, const struct voice_news *news) {
    for (unsigned i = 0; i < SCENE_WORKERS; i++) {
        voice_heard(&scene->workers[i].rooms, room, news);
    }
}

static void pass_voice(void *ctx, const char *room, const struct voice_news *news) {
    struct scene *scene = ctx;
    if (!scene->holds_voices) {
        tell_voice(scene, room, news);
        return;
    }
    require(scene->held_voices < SCENE_VOICES_MAX, "too many voices on their way");
    scene->voices[scene->held_voices++] = *news;
}

/* In their order, with what is said on hearing them behind. */
void scene_let_voices(struct scene *scene) {
    for (unsigned i = 0; i < scene->held_voices; i++) {
        tell_voice(scene, scene->room, &scene->voices[i]);
    }
    scene->held_voices = 0;
    scene->holds_voices = false;
}

static void pass_ask(void *ctx, const char *room) {
    struct scene *scene = ctx;
    for (unsigned i = 0; i < SCENE_WORKERS; i++) {
        voice_asked(&scene->workers[i].rooms, room);
    }
}

static void pass_signal(void *ctx, uint64_t home, const char *room, uint8_t to, uint8_t from,
                        struct span data) {
    struct scene *scene = ctx;
    voice_signal_heard(&scene->workers[pass_home_worker(home)].rooms, room, to, from, data);
}

static const struct room_passes passes = {
    .round_trip = pass_round_trip, .voice = pass_voice, .ask = pass_ask, .signal = pass_signal};

static void open_worker(struct scene *scene, unsigned i) {
    scene->mailboxes[i] = mailbox_new(scene->base, scene);
    require(scene->mailboxes[i] != NULL, "no mailbox");
    scene->lines[i] =
        (struct rooms_line){.rooms = &scene->workers[i], .mailbox = scene->mailboxes[i]};
    struct journal_listener listener = rooms_line_listener(&scene->lines[i]);
    struct desk_means desk = {.journal = scene->journal,
                              .listener = journal_add_listener(scene->journal, &listener),
                              .stats = scene->stats,
                              .writer = i,
                              .now = scene_now,
                              .time = scene,
                              .sweep_wanted = sweep_wanted,
                              .turn_wanted = turn_wanted,
                              .retry_wanted = retry_wanted,
                              .wake_wanted = wake_wanted,
                              .ctx = scene};
    struct rooms_means means = {
        .desk = desk, .max_rooms = 100, .appear_ms = LOBBY_APPEAR_MS, .passes = &passes};
    require(rooms_init(&scene->workers[i], &means), "no rooms");
}

void scene_open(struct scene *scene) {
    *scene = (struct scene){.now = 1000};
    scene->base = event_base_new();
    scene->stats = stats_new(SCENE_WORKERS);
    scene->journal = journal_memory_open(&scene->knobs);
    require(scene->base != NULL && scene->stats != NULL && scene->journal != NULL &&
                mp_reader_init(&scene->reader) == MP_OK,
            "no memory");
    scene->sweep = event_new(scene->base, -1, 0, on_sweep, scene);
    for (unsigned i = 0; i < SCENE_WORKERS; i++) {
        open_worker(scene, i);
    }
    journal_memory_gate(scene->knobs);
}

void scene_close(struct scene *scene) {
    scene_await_empty(scene);
    journal_memory_ungate(scene->knobs);
    journal_close(scene->journal);
    for (unsigned i = 0; i < SCENE_WORKERS; i++) {
        mailbox_free(scene->mailboxes[i]);
        require(stats_sum(scene->stats, STATS_members) == 0, "a member is left");
        rooms_free(&scene->workers[i]);
    }
    mp_reader_free(&scene->reader);
    event_free(scene->sweep);
    event_base_free(scene->base);
    stats_free(scene->stats);
}

static void trace(struct scene *scene, uint64_t number) {
    scene->trace = (scene->trace ^ number) * UINT64_C(0x100000001b3);
    scene->trace ^= scene->trace >> 29;
}

void scene_turn_workers(struct scene *scene) {
    require(++scene->idle < SCENE_IDLE_MAX, "what was awaited did not come");
    trace(scene, 0);
    if (scene->turn_wanted) {
        scene->turn_wanted = false;
        for (unsigned i = 0; i < SCENE_WORKERS; i++) {
            rooms_turn(&scene->workers[i]);
        }
    }
    event_base_loop(scene->base, EVLOOP_NONBLOCK);
}

void scene_turn(struct scene *scene) {
    scene_turn_workers(scene);
    journal_memory_pass(scene->knobs);
}

struct replica *scene_replica(struct scene *scene, unsigned worker) {
    return replica_find(&scene->workers[worker].rooms, scene->room);
}

void scene_pass(struct scene *scene, int64_t ms) {
    scene->now += ms;
    for (unsigned i = 0; i < SCENE_WORKERS; i++) {
        rooms_tick(&scene->workers[i]);
    }
}

/* One that only rooms hold which rest themselves is as good as resting. */
static bool is_busy(const struct cohort_replica *cohort) {
    const struct followed *followed = &cohort->followed;
    return followed->state == FOLLOWED_LOADING || followed->in_flight || followed->owes ||
           !STAILQ_EMPTY(&followed->jobs) || !LIST_EMPTY(&cohort->attendees) ||
           !LIST_EMPTY(&cohort->openings);
}

static bool has_cohort(const struct rooms *rooms) {
    bool busy = !LIST_EMPTY(&rooms->searches.list);
    const struct table_entry *at = NULL;
    while ((at = table_next(&rooms->cohorts.table, at)) != NULL) {
        const char *followed = (const char *)at - offsetof(struct followed, of_table);
        busy = busy || is_busy((const struct cohort_replica *)(const void *)followed);
    }
    return busy;
}

void scene_await_empty(struct scene *scene) {
    for (unsigned i = 0; i < SCENE_WORKERS; i++) {
        const struct rooms *rooms = &scene->workers[i];
        while (has_cohort(rooms) || rooms->rooms.table.count > rooms->rooms.resting_count ||
               !LIST_EMPTY(&rooms->desk.graves)) {
            scene_turn(scene);
        }
    }
}

void scene_host(struct scene *scene) {
    struct actor *host = actor_new(scene, 0, 0xee);
    scene_host_by(host, "");
    actor_free(host);
}

void scene_host_by(struct actor *host, const char *cohort) {
    struct pack *pack = sample_pack();
    scene_host_pack(host, cohort, pack);
    pack_unref(pack);
}

void scene_host_pack(struct actor *host, const char *cohort, const struct pack *pack) {
    struct scene *scene = host->scene;
    uint32_t before = actor_count(host, MESSAGE_HOSTED);
    struct pack_bodies bodies = pack_bodies_of(pack);
    struct message message = {.kind = MESSAGE_HOST};
    message.host.pack = pack_bodies_span(&bodies.public_body);
    message.host.panel = pack_bodies_span(&bodies.panel_body);
    message.host.plan = -1;
    message.host.id = 1;
    message.host.cohort = span_of(cohort);
    require(request_host(&host->rooms->requests, &host->peer, &message) == REFUSAL_NONE,
            "cannot host");
    const struct heard *hosted = actor_await(host, MESSAGE_HOSTED, before + 1);
    memcpy(scene->room, hosted->room, sizeof scene->room);
    memcpy(scene->secrets, hosted->secrets, sizeof scene->secrets);
    pack_bodies_free(&bodies);
}

/* ---- actors ---- */

static void copy_secret(char out[RANDOM_SECRET_LENGTH + 1], struct span secret) {
    require(secret.len == RANDOM_SECRET_LENGTH, "a secret of another length");
    memcpy(out, secret.at, RANDOM_SECRET_LENGTH);
}

static void hear_event(struct heard *heard, const struct event *event) {
    heard->n = event->pos;
    heard->id = event->id;
    heard->by = event->by;
    heard->act = event->body.act;
    heard->at = event->at;
}

static void hear_joined(struct heard *heard, const struct message *message) {
    heard->seat = (uint8_t)message->joined.seat;
    heard->role = (enum role)message->joined.role;
    heard->n = (uint32_t)message->joined.n;
    heard->id = (uint32_t)message->joined.last_id;
    heard->session = (uint32_t)message->joined.session;
    heard->reset = message->joined.reset;
}

static void trace_heard(struct actor *actor, const struct heard *heard) {
    const uint64_t numbers[] = {actor->peer.key[0], heard->kind,  heard->act,  heard->why,
                                heard->n,           heard->id,    heard->by,   heard->session,
                                heard->seat,        heard->place, heard->role, heard->reset,
                                (uint64_t)heard->at};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        trace(actor->scene, numbers[i]);
    }
}

static void take(struct heard *heard, const struct message *message) {
    heard->kind = message->kind;
    if (message->room.len == ROOM_ID_BYTES) {
        memcpy(heard->room, message->room.at, ROOM_ID_BYTES);
    }
    switch (message->kind) {
    case MESSAGE_EVENT: hear_event(heard, &message->event); break;
    case MESSAGE_JOINED: hear_joined(heard, message); break;
    case MESSAGE_KEPT:
        heard->id = (uint32_t)message->kept.id;
        heard->n = (uint32_t)message->kept.n;
        break;
    case MESSAGE_REFUSED:
        heard->id = (uint32_t)message->refused.id;
        heard->why = message->refused.why;
        break;
    case MESSAGE_HOSTED:
        copy_secret(heard->secrets[0], message->hosted.interviewer);
        copy_secret(heard->secrets[1], message->hosted.candidate);
        copy_secret(heard->secrets[2], message->hosted.coach);
        break;
    case MESSAGE_RECORD: heard->n = (uint32_t)message->record.n; break;
    case MESSAGE_END:
        heard->id = (uint32_t)message->end.id;
        heard->n = (uint32_t)message->end.count;
        heard->chain = message->end.chain.at[0];
        break;
    case MESSAGE_MADE:
        copy_secret(heard->secrets[0], message->made.students);
        copy_secret(heard->secrets[1], message->made.coaches);
        memcpy(heard->room, message->made.cohort.at, ROOM_ID_BYTES);
        break;
    case MESSAGE_ENTERED:
        heard->role = (enum role)message->entered.role;
        heard->n = (uint32_t)message->entered.member;
        heard->id = message->entered.id;
        heard->session = message->entered.packs.len;
        memcpy(heard->room, message->entered.cohort.at, ROOM_ID_BYTES);
        break;
    case MESSAGE_QUEUE:
        heard->place = (uint32_t)message->queue.place;
        heard->session = (uint32_t)message->queue.count;
        heard->seat = (uint8_t)message->queue.why;
        memcpy(heard->room, message->queue.cohort.at, ROOM_ID_BYTES);
        break;
    case MESSAGE_MATCHED: heard->role = (enum role)message->matched.role; break;
    case MESSAGE_VOICED:
        heard->seat = (uint8_t)message->voiced.seat;
        heard->id = message->voiced.tag;
        heard->reset = message->voiced.on;
        heard->n = message->voiced.muted;
        heard->session = message->voiced.lost;
        break;
    case MESSAGE_SIGNALLED:
        heard->seat = (uint8_t)message->signalled.seat;
        heard->n = message->signalled.data.len;
        break;
    case MESSAGE_LISTED: heard->reset = message->listed.ended; break;
    case MESSAGE_LINKED:
        copy_secret(heard->secrets[0], message->linked.secret);
        heard->n = (uint32_t)message->linked.link;
        break;
    case MESSAGE_PASSED: copy_secret(heard->secrets[0], message->passed.secret); break;
    case MESSAGE_COMPANIONS:
        if (message->companions.secret.len > 0) {
            copy_secret(heard->secrets[0], message->companions.secret);
        }
        heard->n = (uint32_t)message->companions.count;
        heard->seat = (uint8_t)message->companions.kind;
        break;
    case MESSAGE_USED:
        heard->n = message->used.seats.len;
        heard->seat = (uint8_t)message->used.seats.at[heard->n - 1];
        break;
    case MESSAGE_INVITED:
        copy_secret(heard->secrets[0], message->invited.secret);
        heard->seat = (uint8_t)message->invited.seat;
        break;
    default: break;
    }
}

static void hear(struct actor *actor, const struct message *message) {
    require(actor->count < ACTOR_HEARD_MAX, "an actor hears too much");
    struct heard *heard = &actor->heard[actor->count++];
    take(heard, message);
    trace_heard(actor, heard);
}

static void actor_write(struct peer *peer, const void *frames, size_t len) {
    struct actor *actor = (struct actor *)peer;
    const uint8_t *bytes = frames;
    actor->backlog += actor->swallow ? len : 0;
    while (len > 0) {
        struct message message;
        const uint8_t *payload;
        size_t payload_len;
        size_t used;
        require(frame_next(bytes, len, &payload, &payload_len, &used) == FRAME_WHOLE,
                "half a frame");
        require(message_read(&actor->scene->reader, payload, payload_len, &message) == MSG_OK,
                "a message that cannot be read");
        hear(actor, &message);
        bytes += used;
        len -= used;
    }
}

static void actor_cut(struct peer *peer, enum refusal why) {
    struct actor *actor = (struct actor *)peer;
    actor->cut = actor->cut == REFUSAL_NONE ? why : actor->cut;
}

static size_t actor_backlog(const struct peer *peer) {
    return ((const struct actor *)peer)->backlog;
}

struct actor *actor_new(struct scene *scene, unsigned worker, uint8_t key) {
    struct actor *actor = calloc(1, sizeof *actor);
    require(actor != NULL, "no memory");
    actor->peer = (struct peer){.write = actor_write, .cut = actor_cut, .backlog = actor_backlog};
    actor->peer.version = SPAR_PROTOCOL_VERSION;
    memset(actor->peer.key, key, HASH_BYTES);
    actor->scene = scene;
    actor->rooms = &scene->workers[worker];
    return actor;
}

void actor_free(struct actor *actor) {
    handle_peer_gone(&actor->peer);
    free(actor);
}

void actor_join(struct actor *actor, const char *secret, uint32_t after) {
    actor_join_as(actor, COMPANION_NONE, secret, after);
}

void actor_join_as(struct actor *actor, enum companion companion, const char *secret,
                   uint32_t after) {
    struct join_request request = {.room = span_of(actor->scene->room),
                                   .companion = companion,
                                   .secret = span_of(secret == NULL ? "" : secret),
                                   .name = span_of("Somebody"),
                                   .after = after};
    enum refusal refusal = replica_join(&actor->rooms->rooms, &actor->peer, &request);
    if (refusal != REFUSAL_NONE) {
        struct message message = {.kind = MESSAGE_REFUSED};
        message.refused.why = refusal;
        hear(actor, &message);
    }
}

const struct heard *actor_seat(struct actor *actor, const char *secret, uint32_t after) {
    uint32_t before = actor_count(actor, MESSAGE_JOINED);
    actor_join(actor, secret, after);
    return actor_await(actor, MESSAGE_JOINED, before + 1);
}

void actor_do(struct actor *actor, uint32_t id, struct body body) {
    struct member *member = member_find(&actor->peer, span_of(actor->scene->room));
    struct command command = {.id = id, .body = body};
    require(member != NULL, "an actor without a seat acts");
    member_command(member, &command);
}

uint32_t actor_count(const struct actor *actor, enum message_kind kind) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < actor->count; i++) {
        count += actor->heard[i].kind == kind;
    }
    return count;
}

const struct heard *actor_await(struct actor *actor, enum message_kind kind, uint32_t count) {
    while (actor_count(actor, kind) < count) {
        scene_turn(actor->scene);
    }
    uint32_t i = 0;
    for (uint32_t seen = 0; seen < count; i++) {
        seen += actor->heard[i].kind == kind;
    }
    return &actor->heard[i - 1];
}

static const struct heard *find_n(const struct actor *actor, uint32_t n) {
    for (uint32_t i = actor->count; i > 0; i--) {
        if (actor->heard[i - 1].kind == MESSAGE_EVENT && actor->heard[i - 1].n == n) {
            return &actor->heard[i - 1];
        }
    }
    return NULL;
}

bool actor_is_read(const struct actor *actor) {
    return !TAILQ_EMPTY(&actor->rooms->desk.slices);
}

unsigned actor_slices_to(struct actor *actor, uint32_t count) {
    unsigned slices = 0;
    while (actor_count(actor, MESSAGE_END) == 0) {
        slices += actor_is_read(actor);
        scene_turn(actor->scene);
    }
    require(actor_await(actor, MESSAGE_END, 1)->n == count, "an answer of another length");
    return slices;
}

const struct heard *actor_await_n(struct actor *actor, uint32_t n) {
    const struct heard *heard;
    while ((heard = find_n(actor, n)) == NULL) {
        scene_turn(actor->scene);
    }
    return heard;
}

void actor_await_cut(struct actor *actor) {
    while (actor->cut == REFUSAL_NONE) {
        scene_turn(actor->scene);
    }
}

bool actor_is_dense(const struct actor *actor, uint32_t first) {
    for (uint32_t i = 0; i < actor->count; i++) {
        if (actor->heard[i].kind == MESSAGE_EVENT && actor->heard[i].n != first++) {
            return false;
        }
    }
    return true;
}
