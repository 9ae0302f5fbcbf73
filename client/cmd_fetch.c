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
#include "client/recording_check.h"
#include "client/rooms_file.h"

enum { OUT_PATH_MAX = IDENTITY_PATH_MAX };

struct fetching {
    struct invite server;  /* with room */
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
    char fresh[OUT_PATH_MAX + 16];
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
        recording_check(&rec, fault, fetching->server.has_pin ? &fetching->server.pin : NULL);
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

/* A link, or the id of a room that this client has been in. */
static int find_room(const char *word, const struct pin *key, struct fetching *out) {
    char why[INVITE_WHY_MAX];
    struct rooms_file rooms;
    struct certs_why sentence;
    bool is_link = strstr(word, "://") != NULL;
    if (is_link && !invite_parse(word, &out->server, why)) {
        return args_fail(EXIT_USAGE, "%s", why);
    }
    if (is_link && (out->server.is_host || out->server.is_cohort)) {
        return args_fail(EXIT_USAGE, "This link names no room; give a room's link.");
    }
    if (!rooms_file_read(&rooms, &sentence)) {
        return args_fail(EXIT_FAILED, "%s", sentence.text);
    }
    const char *room = is_link ? out->server.room : word;
    const struct rooms_entry *entry = rooms_file_find(&rooms, room, key);
    entry = entry == NULL ? rooms_file_find(&rooms, room, NULL) : entry;
    int status = EXIT_GO_ON;
    if (entry == NULL && !is_link) {
        status = args_fail(EXIT_USAGE,
                           "This client knows no room \"%.40s\"; give its link, or see "
                           "'spar sessions'.",
                           word);
    } else if (!is_link) {
        out->server = entry->at;
    }
    out->head.version = 1;
    out->head.role = out->server.role;
    memcpy(out->head.room, out->server.room, sizeof out->head.room);
    if (entry != NULL) {
        out->head.seat = entry->seat;
        out->head.role = entry->at.role;
    }
    rooms_file_free(&rooms);
    return status;
}

static int ask(struct cmd_net *net, struct fetching *fetching, const char *path) {
    const struct message question = {.kind = MESSAGE_FETCH,
                                     .room = span_of(fetching->server.room),
                                     .fetch = {.id = 1, .v = SPAR_RECORDING_VERSION}};
    const struct cmd_ask ask = {&fetching->server, &question, on_answer, fetching};
    int status = cmd_ask(net, &ask);
    return status == EXIT_DONE ? save(fetching, path) : status;
}

static int fetch(const char *identity, const char *word, const char *out, bool quiet) {
    struct fetching fetching = {0};
    struct cmd_net net;
    struct pin key;
    char path[OUT_PATH_MAX];
    struct certs_why why;
    if (!cmd_net_open(&net, identity)) {
        return EXIT_FAILED;
    }
    int status = pin_of_key(keypair_key(net.identity), &key)
                     ? find_room(word, &key, &fetching)
                     : args_fail(EXIT_FAILED, "The own key cannot be read.");
    if (status == EXIT_GO_ON) {
        char name[64];
        snprintf(name, sizeof name, "recordings/%s.spar", fetching.server.room);
        if (out == NULL && !identity_path(name, path, &why)) {
            status = args_fail(EXIT_FAILED, "%s", why.text);
        }
    }
    if (status == EXIT_GO_ON) {
        mp_writer_init(&fetching.frames);
        status = ask(&net, &fetching, out == NULL ? path : out);
        mp_writer_free(&fetching.frames);
    }
    cmd_net_close(&net);
    return status == EXIT_DONE ? check_saved(&fetching, out == NULL ? path : out, quiet) : status;
}

int cmd_fetch_quietly(const char *room) {
    return fetch(NULL, room, NULL, true);
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
        "once the debrief has been opened. ROOM is an id as 'spar sessions' lists it. What was "
        "saved\n"
        "is verified; exit status 4: it is not good.",
        rows,
        sizeof rows / sizeof rows[0],
        1,
        1};
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    return status == EXIT_GO_ON ? fetch(identity, argv[rest], out, false) : status;
}
