/* SPDX-License-Identifier: ISC */
/*
 * rooms_file.h: the rooms that this client has been in: where they are and with what pin, so that a
 * later command needs only the room's id.
 *
 * One line each, newest last: ROOM ROLE SEAT HOST:PORT PIN KEY, with - for no pin. KEY is the pin
 * of the own key that has the seat, since several keys of one machine may sit in one room; lines of
 * older files end before it. No secrets: the key opens the room now. A line that cannot be read is
 * left out.
 */
#ifndef SPAR_CLIENT_STORE_ROOMS_FILE_H
#define SPAR_CLIENT_STORE_ROOMS_FILE_H

#include "certs/pin.h"
#include "certs/why.h"
#include "protocol/wire/invite.h"

enum { ROOMS_FILE_MAX = 500 /* the oldest lines go */ };

struct rooms_entry {
    struct invite at; /* host, port, pin, room, role; no secret */
    uint8_t seat;
    bool has_key; /* false in lines of older files: the seat may be any key's */
    struct pin key;
};

struct rooms_file {
    struct rooms_entry *entries; /* oldest first */
    size_t count;
};

/* Reads the file; without one the list is empty. */
bool rooms_file_read(struct rooms_file *rooms, struct certs_why *why)
    __attribute__((warn_unused_result));
void rooms_file_free(struct rooms_file *rooms);
/* Adds a key's seat in a room, or moves it to the end, and writes the file (whole or not at
 * all). */
bool rooms_file_add(const struct invite *room, uint8_t seat, const struct pin *key,
                    struct certs_why *why) __attribute__((warn_unused_result));
/* Adds rooms in which the key has a seat by what a server says, as the oldest ones, since nobody
 * was in them from here; those that have an entry of this key stay as they are, and for what finds
 * no place no other line goes. Which seat it is the server has not said: 0, and a recording says
 * it. Writes the file only if that changes it. */
bool rooms_file_learn(const struct invite *found, size_t count, const struct pin *key,
                      struct certs_why *why) __attribute__((warn_unused_result));
/* The newest entry of a room that may be this key's; key NULL: whosever. NULL if there is none. */
const struct rooms_entry *rooms_file_find(const struct rooms_file *rooms, const char *room,
                                          const struct pin *key);

#endif
