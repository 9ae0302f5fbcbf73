/*
 * cmd_fetch.c: spar fetch: saves a room's recording.
 *
 * The file is written beside its place and renamed, so a recording that is there is a whole answer.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "client/cmd.h"
#include "client/identity.h"
#include "client/rooms_file.h"
#include "protocol/recording.h"

enum { OUT_PATH_MAX = IDENTITY_PATH_MAX };

struct fetching {
    struct invite server; /* with room and role */
    int seat;             /* -1: not known yet */
    struct mp_writer frames;
    struct mp_reader reader;
    struct span key; /* into `key_bytes` */
    char key_bytes[FRAME_PAYLOAD_MAX / 16];
    uint32_t count;
    bool failed;
};

/* An event that carries an id is one's own; so its author is this seat. */
static void learn_seat(struct fetching *fetching, struct span bytes) {
    struct event event;
    if (fetching->seat >= 0 || mp_reader_parse(&fetching->reader, bytes.at, bytes.len) != MP_OK ||
        !event_read_sent(&fetching->reader, &fetching->reader.root, &event)) {
        return;
    }
    if (event.id != 0 && event.by != SEAT_SERVER) {
        fetching->seat = event.by;
    } else if (event.body.act == ACTION_SEAT_JOIN && event.body.role == ROLE_CANDIDATE &&
               fetching->server.role == ROLE_CANDIDATE) {
        fetching->seat = (int)event.body.seat; /* a room has one candidate */
    }
}

static bool on_answer(void *ctx, const struct message *message) {
    struct fetching *fetching = ctx;
    if (message->kind == MESSAGE_RECORD) {
        learn_seat(fetching, message->record.event);
        fetching->count++;
        fetching->failed |= !message_write(&fetching->frames, message);
        return false;
    }
    if (message->kind != MESSAGE_END) {
        return false;
    }
    fetching->failed |= !message_write(&fetching->frames, message) ||
                        message->end.key.len > sizeof fetching->key_bytes;
    if (!fetching->failed && message->end.key.len > 0) {
        memcpy(fetching->key_bytes, message->end.key.at, message->end.key.len);
        fetching->key = (struct span){fetching->key_bytes, message->end.key.len};
    }
    return true;
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
    char fresh[OUT_PATH_MAX + 16];
    clock_gettime(CLOCK_REALTIME, &now);
    mp_writer_init(&head);
    bool good = !fetching->failed &&
                recording_write_head(&head, fetching->server.room,
                                     fetching->seat < 0 ? 0 : (uint8_t)fetching->seat,
                                     fetching->server.role, fetching->key,
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
    printf("%s: %u events\n", path, fetching->count);
    return EXIT_DONE;
}

/* A link, or the id of a room that this client has been in. */
static int find_room(const char *word, struct fetching *out) {
    char why[INVITE_WHY_MAX];
    struct rooms_file rooms;
    struct certs_why sentence;
    bool is_link = strstr(word, "://") != NULL;
    if (is_link && !invite_parse(word, &out->server, why)) {
        return args_fail(EXIT_USAGE, "%s", why);
    }
    if (is_link && (out->server.is_host || out->server.is_cohort)) {
        return args_fail(EXIT_USAGE, "This link names no room; give a room's link or id, as 'spar "
                                     "sessions' lists it.");
    }
    if (!rooms_file_read(&rooms, &sentence)) {
        return args_fail(EXIT_FAILED, "%s", sentence.text);
    }
    const struct rooms_entry *entry = rooms_file_find(&rooms, is_link ? out->server.room : word);
    int status = EXIT_GO_ON;
    if (entry != NULL) {
        out->seat = entry->seat;
        out->server.role = entry->at.role;
        if (!is_link) {
            out->server = entry->at;
        }
    } else if (!is_link) {
        status = args_fail(EXIT_USAGE,
                           "This client knows no room \"%.40s\"; give its link, or see "
                           "'spar sessions'.",
                           word);
    }
    rooms_file_free(&rooms);
    return status;
}

static int fetch(const char *identity, const char *word, const char *out) {
    struct fetching fetching = {.seat = -1};
    char path[OUT_PATH_MAX];
    struct certs_why why;
    int status = find_room(word, &fetching);
    if (status != EXIT_GO_ON) {
        return status;
    }
    char name[64];
    snprintf(name, sizeof name, "recordings/%s.spar", fetching.server.room);
    if (out == NULL && !identity_path(name, path, &why)) {
        return args_fail(EXIT_FAILED, "%s", why.text);
    }
    struct cmd_net net;
    if (!cmd_net_open(&net, identity)) {
        return EXIT_FAILED;
    }
    mp_writer_init(&fetching.frames);
    if (mp_reader_init(&fetching.reader) == MP_OK) {
        const struct message question = {
            .kind = MESSAGE_FETCH, .room = span_of(fetching.server.room), .fetch = {.id = 1}};
        const struct cmd_ask ask = {&fetching.server, &question, on_answer, &fetching};
        status = cmd_ask(&net, &ask);
        if (status == EXIT_DONE) {
            status = save(&fetching, out == NULL ? path : out);
        }
    } else {
        status = args_fail(EXIT_FAILED, "Out of memory.");
    }
    mp_reader_free(&fetching.reader);
    mp_writer_free(&fetching.frames);
    cmd_net_close(&net);
    return status;
}

int cmd_fetch(int argc, char **argv) {
    const char *identity = NULL;
    const char *out = NULL;
    const struct args_option rows[] = {
        {"out", "FILE", "where to save it (recordings/ROOM.spar in Spar's data folder)", NULL,
         &out},
        {"output", "FILE", "the same", NULL, &out},
        {"identity", "FILE", "the key that had a seat in the room", NULL, &identity},
    };
    const struct args_spec spec = {
        "fetch LINK|ROOM [OPTION]...",
        "Saves the recording of a room as this seat may know it: the panel's marks and notes only\n"
        "once the debrief has been opened. ROOM is an id as 'spar sessions' lists it.",
        rows,
        sizeof rows / sizeof rows[0],
        1,
        1};
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    return status == EXIT_GO_ON ? fetch(identity, argv[rest], out) : status;
}
