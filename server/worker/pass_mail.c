/* SPDX-License-Identifier: ISC */
/*
 * pass_mail.c: one struct on its way between workers of this server, and its bytes between servers:
 *
 *     kind, seat, from, state (on 1, muted 2, lost 4); of four bytes the tag; of eight, since or
 * ms, and the home; then a signal's data. Numbers with the most significant byte first.
 */
#include "server/worker/pass_mail.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/wire/u32.h"
#include "server/room/round_trip.h"
#include "server/room/voice.h"
#include "server/worker/mailbox.h"
#include "server/worker/worker.h"

enum pass_kind { PASS_ROUND_TRIP, PASS_VOICE, PASS_ASK, PASS_SIGNAL };
enum { STATE_ON = 1, STATE_MUTED = 2, STATE_LOST = 4, PASS_BYTES = 24 };

struct pass_mail {
    struct mail mail; /* first */
    enum pass_kind kind;
    char room[ROOM_ID_BYTES + 1];
    int64_t ms;             /* of a round trip */
    struct voice_news news; /* of a voice */
    uint8_t seat, from;     /* whose round trip; to and from whom a signal is */
    uint32_t len;
    char data[]; /* of a signal */
};

static void discard(struct mail *mail) {
    free(mail);
}

static void hear(struct following *rooms, const struct pass_mail *said, struct span data) {
    switch (said->kind) {
    case PASS_ROUND_TRIP: round_trip_heard(rooms, said->room, said->seat, said->ms); break;
    case PASS_VOICE: voice_heard(rooms, said->room, &said->news); break;
    case PASS_ASK: voice_asked(rooms, said->room); break;
    case PASS_SIGNAL: voice_signal_heard(rooms, said->room, said->seat, said->from, data); break;
    }
}

static void deliver(struct mail *mail, void *owner) {
    const struct pass_mail *said = (struct pass_mail *)mail;
    struct worker *worker = owner;
    hear(&worker->rooms.rooms, said, (struct span){said->data, said->len});
    free(mail);
}

static void post(struct worker *to, const struct pass_mail *said, struct span data) {
    struct pass_mail *mail = malloc(sizeof *mail + data.len);
    if (mail == NULL) {
        return; /* it is said again before long */
    }
    *mail = *said;
    mail->mail = (struct mail){.deliver = deliver, .discard = discard};
    mail->len = data.len;
    if (data.len > 0) {
        memcpy(mail->data, data.at, data.len);
    }
    mailbox_post(to->mailbox, &mail->mail);
}

/* ---- to other servers ---- */

static void put_u64(uint8_t *to, uint64_t number) {
    u32_put(to, (uint32_t)(number >> 32));
    u32_put(to + U32_BYTES, (uint32_t)number);
}

static uint64_t get_u64(const uint8_t *at) {
    return (uint64_t)u32_get(at) << 32 | u32_get(at + U32_BYTES);
}

static void write_pass(const struct pass_mail *said, uint8_t bytes[PASS_BYTES]) {
    const struct voice_news *news = &said->news;
    bytes[0] = (uint8_t)said->kind;
    bytes[1] = said->kind == PASS_VOICE ? news->seat : said->seat;
    bytes[2] = said->from;
    bytes[3] = (uint8_t)((news->on ? STATE_ON : 0) | (news->muted ? STATE_MUTED : 0) |
                         (news->lost ? STATE_LOST : 0));
    u32_put(bytes + 4, news->tag);
    put_u64(bytes + 8, (uint64_t)(said->kind == PASS_VOICE ? news->since : said->ms));
    put_u64(bytes + 16, news->home);
}

static bool read_pass(const char *room, const uint8_t *bytes, uint32_t len,
                      struct pass_mail *said) {
    if (len < PASS_BYTES || bytes[0] > PASS_SIGNAL || bytes[1] >= ROOM_SEATS_MAX ||
        bytes[2] >= ROOM_SEATS_MAX) {
        return false;
    }
    *said = (struct pass_mail){.kind = bytes[0],
                               .seat = bytes[1],
                               .from = bytes[2],
                               .ms = (int64_t)get_u64(bytes + 8),
                               .news = {.seat = bytes[1],
                                        .on = bytes[3] & STATE_ON,
                                        .muted = bytes[3] & STATE_MUTED,
                                        .lost = bytes[3] & STATE_LOST,
                                        .tag = u32_get(bytes + 4),
                                        .since = (int64_t)get_u64(bytes + 8),
                                        .home = get_u64(bytes + 16)}};
    memcpy(said->room, room, ROOM_ID_BYTES);
    return said->kind != PASS_ROUND_TRIP || (said->ms > 0 && said->ms <= TRIP_MAX_MS);
}

void pass_heard(struct following *rooms, const char *room, const uint8_t *bytes, uint32_t len) {
    struct pass_mail said;
    if (read_pass(room, bytes, len, &said)) {
        hear(rooms, &said, (struct span){(const char *)bytes + PASS_BYTES, len - PASS_BYTES});
    }
}

/* What cannot be passed on for want of memory is said again before long, as in `post`. */
static void post_far(const struct worker *worker, uint32_t to, const struct pass_mail *said,
                     struct span data) {
    uint8_t bytes[PASS_BYTES + SIGNAL_MAX_BYTES];
    const struct server *server = worker->server;
    if (server->config->journal[0] == '\0' || data.len > SIGNAL_MAX_BYTES) {
        return; /* there are no others */
    }
    write_pass(said, bytes);
    if (data.len > 0) {
        memcpy(bytes + PASS_BYTES, data.at, data.len);
    }
    (void)!journal_post_trip(server->journal, worker->rooms.desk.means.listener, said->room, to,
                             bytes, PASS_BYTES + (uint32_t)data.len);
}

/* ---- a room's passes ---- */

static struct pass_mail about(const char *room, enum pass_kind kind) {
    struct pass_mail said = {.kind = kind};
    memcpy(said.room, room, ROOM_ID_BYTES);
    return said;
}

static void post_all(const struct worker *worker, const struct pass_mail *said) {
    const struct server *server = worker->server;
    for (unsigned i = 0; i < server->worker_count; i++) {
        if (server->workers[i] != worker) {
            post(server->workers[i], said, (struct span){0});
        }
    }
}

static void pass_round_trip(void *ctx, const char *room, uint8_t seat, int64_t ms, bool far) {
    struct pass_mail said = about(room, PASS_ROUND_TRIP);
    said.seat = seat;
    said.ms = ms;
    post_all(ctx, &said);
    if (far) {
        post_far(ctx, 0, &said, (struct span){0});
    }
}

static void pass_voice(void *ctx, const char *room, const struct voice_news *news) {
    struct pass_mail said = about(room, PASS_VOICE);
    said.news = *news;
    post_all(ctx, &said);
    post_far(ctx, 0, &said, (struct span){0});
}

static void pass_ask(void *ctx, const char *room) {
    struct pass_mail said = about(room, PASS_ASK);
    post_all(ctx, &said);
    post_far(ctx, 0, &said, (struct span){0});
}

static void pass_signal(void *ctx, uint64_t home, const char *room, uint8_t to, uint8_t from,
                        struct span data) {
    const struct server *server = ((const struct worker *)ctx)->server;
    uint32_t boot = pass_home_boot(home);
    unsigned worker = pass_home_worker(home);
    struct pass_mail said = about(room, PASS_SIGNAL);
    said.seat = to;
    said.from = from;
    if (boot != journal_boot(server->journal)) {
        post_far(ctx, boot, &said, data);
    } else if (worker < server->worker_count) {
        post(server->workers[worker], &said, data);
    }
}

const struct room_passes worker_passes = {
    .round_trip = pass_round_trip, .voice = pass_voice, .ask = pass_ask, .signal = pass_signal};
