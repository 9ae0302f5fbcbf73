/* SPDX-License-Identifier: ISC */
/*
 * voice.h: who of a room is on voice, and the signals by which their pages find a way to each
 * other.
 *
 * Told to everybody in the room and passed on between workers; kept in no log. What a signal says
 * is read by nobody on the way. A seat's voice belongs to one connection, the last that turned it
 * on, and ends with it: whoever is cut off says so anew once they are back.
 *
 * Two workers, of one server or of two, may each let in the last voice in the same instant. Of more
 * than VOICE_MAX those that came first stay, of the same ms the lower seat; all workers rank alike,
 * and the home of the others ends them as full. The desk's thread.
 */
#ifndef SPAR_SERVER_ROOM_VOICE_H
#define SPAR_SERVER_ROOM_VOICE_H

#include "server/room/replica.h"

/* Whose connection it is, in which room. id: of its message, for a refusal that comes later. */
struct voice_place {
    struct replica *replica;
    struct peer *peer;
    uint8_t seat;
    uint32_t id;
};

/* A seat's voice, below ROOM_SEATS_MAX; silent as long as nobody of the room was ever on. */
const struct voice *voice_of(const struct replica *replica, unsigned seat);
/* Where the peer may be on voice in that room. False: it has no seat there. */
bool voice_place_of(const struct peer *peer, struct span room, struct voice_place *place)
    __attribute__((warn_unused_result));
/* Its person turns voice on or off, or mutes it. tag: the page's own number for this time. */
enum refusal voice_set(const struct voice_place *place, bool on, bool muted, uint32_t tag)
    __attribute__((warn_unused_result));
/* Passes a signal to the voice of a seat. Who reads slowly is spared: it is dropped then. */
enum refusal voice_signal(const struct voice_place *place, int64_t to, struct span data)
    __attribute__((warn_unused_result));
/* The peer has nothing to do with the room any more. lost: its connection was cut off, else it has
 * left. Fine if it was not on voice. */
void voice_gone(struct replica *replica, const struct peer *peer, bool lost);

/* A member is up to date: it is told who is on voice. */
void voice_tell(const struct member *member);
/* A room has been loaded: asks the other workers who is on voice with them. */
void voice_ask(const struct replica *replica);
void voice_asked(struct following *rooms, const char *room);
/* Other servers live than before: voices of those that ended are lost. Each server sees that by
 * itself. */
void voice_leases(struct replica *replica, const struct leases *leases);
/* Something of what other servers said may have been lost: asks all anew, and says its own again.
 */
void voice_lost(struct following *rooms);
/* What another worker says. room: ROOM_ID_BYTES. */
void voice_heard(struct following *rooms, const char *room, const struct voice_news *news);
void voice_signal_heard(struct following *rooms, const char *room, uint8_t to, uint8_t from,
                        struct span data);

#endif
