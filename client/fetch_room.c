/*
 * fetch_room.c: the frames of a fetch become a file.
 */
#include "client/fetch_room.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "client/identity.h"
#include "client/recording_check.h"

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

static bool write_all(int fd, const char *bytes, size_t len) {
    while (len > 0) {
        ssize_t wrote = write(fd, bytes, len);
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote <= 0) {
            return false;
        }
        bytes += wrote;
        len -= (size_t)wrote;
    }
    return true;
}

static int save(struct fetching *fetching, const char *path) {
    struct mp_writer head;
    struct timespec now;
    char fresh[IDENTITY_PATH_MAX + 16];
    clock_gettime(CLOCK_REALTIME, &now);
    mp_writer_init(&head);
    bool good = !fetching->failed &&
                recording_write_head(&head, &fetching->head,
                                     (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
    if (!good) {
        mp_writer_free(&head);
        return args_fail(EXIT_FAILED, "The recording could not be put together; try again.");
    }
    snprintf(fresh, sizeof fresh, "%s.XXXXXX", path);
    int fd = mkostemp(fresh, O_CLOEXEC);
    good = fd >= 0 && write_all(fd, head.data, head.len) &&
           write_all(fd, fetching->frames.data, fetching->frames.len) && fsync(fd) == 0;
    good = (fd < 0 || close(fd) == 0) && good && rename(fresh, path) == 0;
    mp_writer_free(&head);
    if (!good) {
        int error = errno;
        if (fd >= 0) {
            unlink(fresh);
        }
        return args_fail(EXIT_FAILED, "%s cannot be written (%s); choose another with --out.", path,
                         strerror(error));
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
        recording_check(&rec, fault, fetching->room->has_pin ? &fetching->room->pin : NULL);
    recording_check_words(&check, &rec, path, why.text, words);
    recording_free(&rec);
    if (!recording_check_passed(&check)) {
        return args_fail(EXIT_DAMAGED, "%s", words);
    }
    if (!quiet) {
        puts(words);
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
        status = save(&fetching, fetch->path);
    }
    mp_writer_free(&fetching.frames);
    return status == EXIT_DONE ? check_saved(&fetching, fetch->path, fetch->quiet) : status;
}
