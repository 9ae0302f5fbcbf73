/* SPDX-License-Identifier: ISC */
/*
 * fetch_room.c: the frames of a fetch become a file.
 */
#include "client/cmd/fetch_room.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/net/moment.h"
#include "client/net/say.h"
#include "client/store/recording_check.h"
#include "client/store/safe_file.h"

struct fetching {
    const struct invite *room;
    struct recording head; /* what the first frame is to say */
    struct mp_writer frames;
    char key_bytes[FRAME_PAYLOAD_MAX / 16];
    bool failed;
};

/* The end says whose view it was. A server that does not say so has signed version 1. */
static void take_end(struct fetching *fetching, const struct message *message) {
    fetching->failed |= !message_write(&fetching->frames, message) ||
                        message->end.key.len > sizeof fetching->key_bytes;
    if (!fetching->failed && message->end.key.len > 0) {
        memcpy(fetching->key_bytes, message->end.key.at, message->end.key.len);
        fetching->head.key = (struct span){fetching->key_bytes, message->end.key.len};
    }
    if (message->end.v >= 2) {
        fetching->head.version = (uint32_t)message->end.v;
        fetching->head.seat = (uint8_t)message->end.seat;
        fetching->head.role = (enum role)message->end.role;
    }
}

static bool on_answer(void *ctx, const struct message *message) {
    struct fetching *fetching = ctx;
    if (message->kind == MESSAGE_RECORD) {
        fetching->failed |= !message_write(&fetching->frames, message);
    } else if (message->kind == MESSAGE_END) {
        take_end(fetching, message);
    }
    return message->kind == MESSAGE_END;
}

struct two_parts {
    const struct mp_writer *head, *frames;
};

static void put_parts(FILE *file, const void *ctx) {
    const struct two_parts *parts = ctx;
    (void)fwrite(parts->head->data, 1, parts->head->len, file);
    (void)fwrite(parts->frames->data, 1, parts->frames->len, file);
}

static int save(struct fetching *fetching, const char *path, const char *advice) {
    struct mp_writer head;
    mp_writer_init(&head);
    bool whole =
        !fetching->failed && recording_write_head(&head, &fetching->head, moment_of_wall_ms());
    const struct two_parts parts = {&head, &fetching->frames};
    bool kept = whole && safe_file_replace(path, true, put_parts, &parts);
    int error = errno;
    mp_writer_free(&head);
    if (!whole) {
        return args_fail(EXIT_FAILED, "The recording could not be put together; try again.");
    }
    if (!kept) {
        return args_fail(EXIT_FAILED, "%s cannot be written (%s); %s.", path, strerror(error),
                         advice);
    }
    return EXIT_DONE;
}

/* Reads back what is on disk, and says what it is. */
static int check_saved(const struct fetching *fetching, const char *path, bool quiet) {
    struct recording rec;
    struct certs_why why = {{0}};
    char words[RECORDING_CHECK_MAX];
    enum recording_fault fault = recording_file_read(path, &rec, &why);
    struct recording_check check =
        recording_check(&rec, fault, fetching->room->has_pin ? fetching->room->pin : NULL);
    recording_check_words(&check, &rec, path, why.text, words);
    recording_free(&rec);
    if (!recording_check_passed(&check)) {
        return args_fail(EXIT_DAMAGED, "%s", words);
    }
    if (!quiet) {
        say(stdout, "%s\n", words);
    }
    return EXIT_DONE;
}

int fetch_room(struct cmd_net *net, const struct fetch_room *fetch) {
    struct fetching fetching = {.room = fetch->room,
                                .head = {.version = 1, .seat = fetch->seat, .role = fetch->role}};
    memcpy(fetching.head.room, fetch->room->room, sizeof fetching.head.room);
    mp_writer_init(&fetching.frames);
    const struct message question = {.kind = MESSAGE_FETCH,
                                     .room = span_of(fetch->room->room),
                                     .fetch = {.id = 1, .v = SPAR_RECORDING_VERSION}};
    const struct cmd_ask ask = {.server = fetch->room,
                                .question = &question,
                                .enter = fetch->enter,
                                .answer = on_answer,
                                .ctx = &fetching};
    int status = cmd_ask(net, &ask);
    if (status == EXIT_DONE) {
        status = save(&fetching, fetch->path, fetch->advice);
    }
    mp_writer_free(&fetching.frames);
    return status == EXIT_DONE ? check_saved(&fetching, fetch->path, fetch->quiet) : status;
}
