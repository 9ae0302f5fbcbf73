/* SPDX-License-Identifier: ISC */
/*
 * fetch.c: spar fetch: saves a room's recording.
 */
#include <stdio.h>
#include <string.h>

#include "client/cmd/fetch_room.h"
#include "client/cmd/link_word.h"
#include "client/net/identity.h"
#include "client/store/rooms_file.h"

struct wanted {
    struct invite server; /* with room */
    uint8_t seat;         /* as far as this client knows */
    enum role role;
};

/* A link, or the id of a room that this client has been in. */
static int find_room(const char *word, const struct pin *key, struct wanted *out) {
    char why[INVITE_WHY_MAX];
    struct rooms_file rooms;
    struct certs_why sentence;
    bool is_link = invite_is_link(word);
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
    out->role = entry != NULL ? entry->at.role : out->server.role;
    out->seat = entry != NULL ? entry->seat : 0;
    rooms_file_free(&rooms);
    return status;
}

static int fetch(const char *identity, const char *word, const char *out, bool quiet) {
    struct wanted wanted = {.seat = 0};
    struct cmd_net net;
    struct pin key;
    char path[IDENTITY_PATH_MAX];
    struct certs_why why;
    if (!cmd_net_open(&net, identity)) {
        return EXIT_FAILED;
    }
    int status = pin_of_key(keypair_key(net.identity), &key)
                     ? find_room(word, &key, &wanted)
                     : args_fail(EXIT_FAILED, "The own key cannot be read.");
    if (status == EXIT_GO_ON) {
        char name[64];
        snprintf(name, sizeof name, "recordings/%s.spar", wanted.server.room);
        if (out == NULL && !identity_path(name, path, &why)) {
            status = args_fail(EXIT_FAILED, "%s", why.text);
        }
    }
    if (status == EXIT_GO_ON) {
        const struct fetch_room one = {.room = &wanted.server,
                                       .seat = wanted.seat,
                                       .role = wanted.role,
                                       .path = out == NULL ? path : out,
                                       .advice = quiet ? "make room there, or save it elsewhere "
                                                         "with 'spar fetch ROOM --out FILE'"
                                                       : "choose another with --out",
                                       .quiet = quiet};
        status = fetch_room(&net, &one);
    }
    cmd_net_close(&net);
    return status;
}

int cmd_fetch_quietly(const char *room) {
    return fetch(NULL, room, NULL, true);
}

static const char about[] =
    "Saves the recording of a room as this seat may know it: the panel's marks and\n"
    "notes only once the debrief has been opened. ROOM is an id as 'spar sessions'\n"
    "lists it. What was saved is verified; exit status 4: it is not good.";

int cmd_fetch(int argc, char **argv) {
    const char *identity = NULL;
    const char *out = NULL;
    const struct args_option rows[] = {
        ARGS_TEXT("out", "FILE", &out,
                  "where to save it (recordings/ROOM.spar in Spar's data folder)"),
        ARGS_TEXT("identity", "FILE", &identity, "the key that had a seat in the room"),
    };
    const struct args_spec spec = {
        .usage = "fetch LINK|ROOM [OPTION]...",
        .about = about,
        ARGS_OPTIONS(rows),
        .max = 1,
    };
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    char line[LINK_LINE_MAX];
    const char *word = status == EXIT_GO_ON ? link_word(argv[rest], line) : NULL;
    if (status == EXIT_GO_ON && word == NULL) {
        return args_fail(EXIT_USAGE,
                         "Give the room or its link: spar fetch LINK, or set SPAR_LINK.");
    }
    return status == EXIT_GO_ON ? fetch(identity, word, out, false) : status;
}
