/*
 * rooms_file.h: the rooms that this client has been in: where they are and with what pin, so that a later
 * command needs only the room's id.
 *
 * One line each, newest last: ROOM ROLE SEAT HOST:PORT PIN (or - for no pin). No secrets: the key opens the
 * room now. A line that cannot be read is left out.
 */
#ifndef SPAR_CLIENT_ROOMS_FILE_H
#define SPAR_CLIENT_ROOMS_FILE_H

#include "certs/why.h"
#include "client/invite.h"

enum { ROOMS_FILE_MAX = 500 /* the oldest lines go */ };

struct rooms_entry {
    struct invite at; /* host, port, pin, room, role; no secret */
    uint8_t seat;
};

struct rooms_file {
    struct rooms_entry *entries; /* oldest first */
    size_t count;
};

/* Reads the file; without one the list is empty. */
bool rooms_file_read(struct rooms_file *rooms, struct certs_why *why)
    __attribute__((warn_unused_result));
void rooms_file_free(struct rooms_file *rooms);
/* Adds a room, or moves it to the end, and writes the file (whole or not at all). */
bool rooms_file_add(const struct invite *room, uint8_t seat, struct certs_why *why)
    __attribute__((warn_unused_result));
/* The entry of a room, or NULL. */
const struct rooms_entry *rooms_file_find(const struct rooms_file *rooms, const char *room);

#endif
