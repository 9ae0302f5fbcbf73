/* SPDX-License-Identifier: ISC */
/*
 * round_trip_mail.c: a seat's round trip on its way from one worker to the others.
 */
#include <stdlib.h>
#include <string.h>

#include "server/room/round_trip.h"
#include "server/worker/mailbox.h"
#include "server/worker/worker.h"

struct trip_mail {
    struct mail mail; /* first */
    char room[ROOM_ID_BYTES + 1];
    uint8_t seat;
    int64_t ms;
};

static void discard(struct mail *mail) {
    free(mail);
}

static void deliver(struct mail *mail, void *owner) {
    const struct trip_mail *trip = (struct trip_mail *)mail;
    struct worker *worker = owner;
    trip_heard(&worker->rooms.rooms, trip->room, trip->seat, trip->ms);
    free(mail);
}

void worker_pass_trip(void *ctx, const char *room, uint8_t seat, int64_t ms) {
    struct worker *worker = ctx;
    const struct server *server = worker->server;
    for (unsigned i = 0; i < server->worker_count; i++) {
        struct trip_mail *trip = server->workers[i] == worker ? NULL : calloc(1, sizeof *trip);
        if (trip == NULL) {
            continue; /* oneself; or no memory: the next ping tells it anew */
        }
        trip->mail = (struct mail){.deliver = deliver, .discard = discard};
        memcpy(trip->room, room, ROOM_ID_BYTES);
        trip->seat = seat;
        trip->ms = ms;
        mailbox_post(server->workers[i]->mailbox, &trip->mail);
    }
}
