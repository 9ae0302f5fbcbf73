/* SPDX-License-Identifier: ISC */
/*
 * voice.c: the voices of a room, and signals between them.
 *
 * Invariant: a voice that is on has the peer here that turned it on, or another worker as its home.
 */
#include "server/room/voice.h"

#include <stdlib.h>

#include "server/peer/send.h"
#include "server/room/parts.h"

const struct voice *voice_of(const struct replica *replica, unsigned seat) {
    static const struct voice silent;
    return replica->voices != NULL ? &replica->voices[seat] : &silent;
}

/* The seat's, to be turned on. NULL: no memory. */
static struct voice *voice_made(struct replica *replica, uint8_t seat) {
    if (replica->voices == NULL) {
        replica->voices = calloc(ROOM_SEATS_MAX, sizeof *replica->voices);
    }
    return replica->voices != NULL ? &replica->voices[seat] : NULL;
}

bool voice_place_of(const struct peer *peer, struct span room, struct voice_place *place) {
    struct member *member = member_find(peer, room);
    if (member == NULL || member->companion == COMPANION_SCREEN ||
        (member->state != MEMBER_BEHIND && member->state != MEMBER_LIVE)) {
        return false;
    }
    *place = (struct voice_place){
        .replica = member->replica, .peer = member->peer, .seat = member->seat};
    return true;
}

static uint64_t own_home(const struct replica *replica) {
    const struct desk_means *means = &desk_of(replica)->means;
    return pass_home(journal_boot(means->journal), means->writer);
}

static void send_voice(const struct member *member, const struct voice_news *news) {
    struct replica *replica = member->replica;
    struct message message = {.kind = MESSAGE_VOICED, .room = span_of(replica->followed.id)};
    message.voiced.seat = news->seat;
    message.voiced.tag = news->tag;
    message.voiced.on = news->on;
    message.voiced.muted = news->muted;
    message.voiced.lost = news->lost;
    if (!member_reads(member) && news->seat < replica->room.seat_count) {
        message.voiced.name = span_of(replica->room.seats[news->seat].name);
    }
    send_message(desk_of(replica), member->peer, &message);
}

static struct voice_news news_of(const struct replica *replica, uint8_t seat) {
    const struct voice *voice = voice_of(replica, seat);
    return (struct voice_news){.seat = seat,
                               .tag = voice->tag,
                               .on = voice->on,
                               .muted = voice->muted,
                               .since = voice->since,
                               .home = voice->home};
}

/* Only who has been sent the room's events knows the seat; a companion that reads none is told the
 * name. */
static bool is_told(const struct member *member) {
    return member->state == MEMBER_LIVE && member->peer != NULL;
}

static void tell_all(struct replica *replica, const struct voice_news *news) {
    struct member *member;
    LIST_FOREACH(member, &replica->members, of_room) {
        if (is_told(member)) {
            send_voice(member, news);
        }
    }
}

static void pass_on(const struct replica *replica, const struct voice_news *news) {
    const struct room_means *means = means_of(replica);
    means->passes->voice(means->ctx, replica->followed.id, news);
}

static unsigned count_on(const struct replica *replica) {
    unsigned count = 0;
    for (unsigned i = 0; i < ROOM_SEATS_MAX; i++) {
        count += voice_of(replica, i)->on;
    }
    return count;
}

static void turn_off(struct replica *replica, uint8_t seat, bool lost) {
    struct voice_news news = news_of(replica, seat);
    news.on = news.muted = false;
    news.lost = lost;
    replica->voices[seat] = (struct voice){.tag = news.tag, .home = news.home};
    tell_all(replica, &news);
    pass_on(replica, &news);
}

static bool is_before(const struct replica *replica, unsigned one, unsigned other) {
    const struct voice *a = voice_of(replica, one), *b = voice_of(replica, other);
    return a->since != b->since ? a->since < b->since : one < other;
}

static unsigned rank_of(const struct replica *replica, unsigned seat) {
    unsigned rank = 0;
    for (unsigned i = 0; i < ROOM_SEATS_MAX; i++) {
        rank += voice_of(replica, i)->on && is_before(replica, i, seat);
    }
    return rank;
}

/* Ends those here that came too late; those that stay rank before them, and are not touched. */
static void yield_late(struct replica *replica) {
    for (unsigned seat = 0; seat < ROOM_SEATS_MAX; seat++) {
        const struct voice voice = *voice_of(replica, seat);
        if (voice.on && voice.peer != NULL && rank_of(replica, seat) >= VOICE_MAX) {
            turn_off(replica, (uint8_t)seat, false);
            send_refused(desk_of(replica), voice.peer, replica->followed.id, voice.id,
                         REFUSAL_VOICE_FULL);
        }
    }
}

/* What is changed, or comes by a newer connection, keeps its place. */
static int64_t since_of(const struct replica *replica, const struct voice *voice) {
    return voice->on ? voice->since : desk_now(desk_of(replica));
}

enum refusal voice_set(const struct voice_place *place, bool on, bool muted, uint32_t tag) {
    struct replica *replica = place->replica;
    if (!on) {
        voice_gone(replica, place->peer, false);
        return REFUSAL_NONE;
    }
    if (!voice_of(replica, place->seat)->on && count_on(replica) >= VOICE_MAX) {
        return REFUSAL_VOICE_FULL;
    }
    struct voice *voice = voice_made(replica, place->seat);
    if (voice == NULL) {
        return REFUSAL_INTERNAL;
    }
    *voice = (struct voice){.on = true,
                            .muted = muted,
                            .tag = tag,
                            .id = place->id,
                            .since = since_of(replica, voice),
                            .home = own_home(replica),
                            .peer = place->peer};
    struct voice_news news = news_of(replica, place->seat);
    tell_all(replica, &news);
    pass_on(replica, &news);
    return REFUSAL_NONE;
}

void voice_gone(struct replica *replica, const struct peer *peer, bool lost) {
    for (unsigned seat = 0; seat < ROOM_SEATS_MAX; seat++) {
        if (voice_of(replica, seat)->on && voice_of(replica, seat)->peer == peer) {
            turn_off(replica, (uint8_t)seat, lost);
        }
    }
}

void voice_tell(const struct member *member) {
    for (unsigned seat = 0; is_told(member) && seat < ROOM_SEATS_MAX; seat++) {
        if (voice_of(member->replica, seat)->on) {
            struct voice_news news = news_of(member->replica, (uint8_t)seat);
            send_voice(member, &news);
        }
    }
}

/* Those that have ended here, too: their end may be what was lost. */
static void say_again(const struct replica *replica) {
    for (unsigned seat = 0; seat < ROOM_SEATS_MAX; seat++) {
        const struct voice *voice = voice_of(replica, seat);
        if (voice->home == own_home(replica) && voice->home != 0) {
            struct voice_news news = news_of(replica, (uint8_t)seat);
            pass_on(replica, &news);
        }
    }
}

void voice_ask(const struct replica *replica) {
    const struct room_means *means = means_of(replica);
    means->passes->ask(means->ctx, replica->followed.id);
}

void voice_asked(struct following *rooms, const char *room) {
    const struct replica *replica = replica_find(rooms, room);
    if (replica != NULL) {
        say_again(replica);
    }
}

void voice_leases(struct replica *replica, const struct leases *leases) {
    for (unsigned seat = 0; seat < ROOM_SEATS_MAX; seat++) {
        const struct voice *voice = voice_of(replica, seat);
        if (voice->on && voice->peer == NULL && !leases_has(leases, pass_home_boot(voice->home))) {
            struct voice_news news = news_of(replica, (uint8_t)seat);
            news.on = news.muted = false;
            news.lost = true;
            replica->voices[seat] = (struct voice){0};
            tell_all(replica, &news);
        }
    }
}

void voice_lost(struct following *rooms) {
    struct followed *followed = NULL;
    while ((followed = following_next(rooms, followed)) != NULL) {
        const struct replica *replica = (const struct replica *)followed;
        if (replica->followed.state == FOLLOWED_READY && !replica->followed.resting) {
            say_again(replica);
            voice_ask(replica);
        }
    }
}

/* Of an older home only the newest counts: what it says of its end is no news any more. */
static bool is_news(const struct voice *known, const struct voice_news *news) {
    if (!news->on) {
        return known->on && known->home == news->home && known->tag == news->tag;
    }
    return !known->on || known->home != news->home || known->tag != news->tag ||
           known->muted != news->muted;
}

void voice_heard(struct following *rooms, const char *room, const struct voice_news *news) {
    struct replica *replica = replica_find(rooms, room);
    if (replica == NULL || news->home == own_home(replica) || news->seat >= ROOM_SEATS_MAX ||
        !is_news(voice_of(replica, news->seat), news)) {
        return;
    }
    struct voice *voice = voice_made(replica, news->seat);
    if (voice == NULL) {
        return; /* as if it had been lost on its way */
    }
    *voice = news->on ? (struct voice){.on = true,
                                       .muted = news->muted,
                                       .tag = news->tag,
                                       .since = news->since,
                                       .home = news->home}
                      : (struct voice){0};
    tell_all(replica, news);
    yield_late(replica);
}

/* ---- signals ---- */

static void send_signal(struct replica *replica, const struct voice *to, uint8_t from,
                        struct span data) {
    struct message message = {.kind = MESSAGE_SIGNALLED, .room = span_of(replica->followed.id)};
    message.signalled.seat = from;
    message.signalled.data = data;
    if (to->peer->backlog(to->peer) < TRIP_BACKLOG_MAX) {
        send_message(desk_of(replica), to->peer, &message);
    }
}

static enum refusal judge(const struct voice_place *place, int64_t to, struct span data) {
    const struct replica *replica = place->replica;
    if (data.len == 0 || data.len > SIGNAL_MAX_BYTES) {
        return REFUSAL_SIGNAL_SIZE;
    }
    if (voice_of(replica, place->seat)->peer != place->peer) {
        return REFUSAL_NOT_ON_VOICE;
    }
    if (to == place->seat) {
        return REFUSAL_SIGNAL_SELF;
    }
    if (to >= replica->room.seat_count) {
        return REFUSAL_NO_SUCH_SEAT;
    }
    return voice_of(replica, (uint8_t)to)->on ? REFUSAL_NONE : REFUSAL_SEAT_SILENT;
}

enum refusal voice_signal(const struct voice_place *place, int64_t to, struct span data) {
    struct replica *replica = place->replica;
    enum refusal why = judge(place, to, data);
    if (why != REFUSAL_NONE) {
        return why;
    }
    const struct voice *voice = voice_of(replica, (uint8_t)to);
    if (voice->peer != NULL) {
        send_signal(replica, voice, place->seat, data);
    } else {
        const struct room_means *means = means_of(replica);
        means->passes->signal(means->ctx, voice->home, replica->followed.id, (uint8_t)to,
                              place->seat, data);
    }
    return REFUSAL_NONE;
}

void voice_signal_heard(struct following *rooms, const char *room, uint8_t to, uint8_t from,
                        struct span data) {
    struct replica *replica = replica_find(rooms, room);
    if (replica != NULL && voice_of(replica, to)->peer != NULL) {
        send_signal(replica, voice_of(replica, to), from, data);
    }
}
