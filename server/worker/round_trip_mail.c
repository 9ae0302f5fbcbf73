/* SPDX-License-Identifier: ISC */
/*
 * round_trip_mail.c: a seat's round trip on its way from one worker to the others.
 */
#include <stdlib.h>
#include <string.h>

#include "server/room/round_trip.h"
#include "server/worker/mailbox.h"
#include "server/worker/worker.h"

struct round_trip_mail {
    struct mail mail; /* first */
    char room[ROOM_ID_BYTES + 1];
    uint8_t seat;
    int64_t ms;
};

static void discard(struct mail *mail) {
    free(mail);
}

static void deliver(struct mail *mail, void *owner) {
    const struct round_trip_mail *said = (struct round_trip_mail *)mail;
    struct worker *worker = owner;
    round_trip_heard(&worker->rooms.rooms, said->room, said->seat, said->ms);
    free(mail);
}

void worker_pass_round_trip(void *ctx, const char *room, uint8_t seat, int64_t ms) {
    struct worker *worker = ctx;
    const struct server *server = worker->server;
    for (unsigned i = 0; i < server->worker_count; i++) {
        struct round_trip_mail *said =
            server->workers[i] == worker ? NULL : calloc(1, sizeof *said);
        if (said == NULL) {
            continue; /* oneself; or no memory: the next ping tells it anew */
        }
        said->mail = (struct mail){.deliver = deliver, .discard = discard};
        memcpy(said->room, room, ROOM_ID_BYTES);
        said->seat = seat;
        said->ms = ms;
        mailbox_post(server->workers[i]->mailbox, &said->mail);
    }
}
