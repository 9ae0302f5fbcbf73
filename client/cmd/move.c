/* SPDX-License-Identifier: ISC */
/*
 * move.c: spar move: the seat of a room's only interviewer goes to a new link, at the word of who
 * runs the server or of a coach of the room's cohort. Every other seat is moved by an interviewer,
 * in the room.
 */
#include <stdio.h>
#include <string.h>

#include "certs/random.h"
#include "client/batch/json_line.h"
#include "client/cmd/cohort_ask.h"
#include "client/cmd/link_word.h"
#include "client/net/say.h"
#include "client/store/host_link.h"

struct moving {
    struct invite at; /* the server, then the new link */
    bool good;
};

static bool on_invited(void *ctx, const struct message *message) {
    struct moving *moving = ctx;
    if (message->kind != MESSAGE_INVITED) {
        return false;
    }
    struct span secret = message->invited.secret;
    moving->good = random_secret_valid(secret.at, secret.len);
    if (moving->good) {
        memcpy(moving->at.secret, secret.at, RANDOM_SECRET_LENGTH);
        moving->at.secret[RANDOM_SECRET_LENGTH] = '\0';
    }
    return true;
}

static int print_link(struct moving *moving, const char *room, bool json) {
    char text[INVITE_TEXT_MAX];
    if (!moving->good) {
        return args_fail(EXIT_FAILED, "The server sent a link that cannot open anything; update "
                                      "the older side.");
    }
    moving->at.is_host = moving->at.is_cohort = false;
    moving->at.role = ROLE_INTERVIEWER;
    memcpy(moving->at.room, room, ROOM_ID_BYTES);
    invite_format(&moving->at, text);
    if (json) {
        json_line_print(stdout, json_pack("{s:s,s:s,s:s}", "room", moving->at.room, "role",
                                          role_name(ROLE_INTERVIEWER), "link", text));
    } else {
        say(stdout,
            "The interviewer's seat of room %s has a new link, for one person:\n  spar join '%s'\n"
            "The key that had the seat is cut off, and everybody in the room is told.\n",
            moving->at.room, text);
    }
    return EXIT_DONE;
}

/* By the server's host link. */
static int move_as_host(const char *word, const char *identity, const char *room,
                        struct moving *moving) {
    struct cmd_net net;
    char line[LINK_LINE_MAX];
    char why[INVITE_WHY_MAX];
    const char *link = link_word(word, line);
    link = link != NULL ? link : host_link_find(line, sizeof line);
    if (link == NULL) {
        return args_fail(EXIT_USAGE, "Give the server's host link with --link, or the room's "
                                     "cohort with --cohort.");
    }
    if (!invite_parse(link, &moving->at, why)) {
        return args_fail(EXIT_USAGE, "%s", why);
    }
    if (!moving->at.is_host) {
        return args_fail(EXIT_USAGE, "%s", invite_use(&moving->at));
    }
    const struct message question = {.kind = MESSAGE_MOVE,
                                     .room = {room, ROOM_ID_BYTES},
                                     .move = {.id = 1, .secret = span_of(moving->at.secret)}};
    if (!cmd_net_open(&net, identity)) {
        return EXIT_FAILED;
    }
    const struct cmd_ask ask = {
        .server = &moving->at, .question = &question, .answer = on_invited, .ctx = moving};
    int status = cmd_ask(&net, &ask);
    cmd_net_close(&net);
    return status;
}

static int move_as_coach(struct cohort_ask *ask, const char *room, struct moving *moving) {
    int status = cohort_ask_open(ask);
    if (status != EXIT_GO_ON) {
        return status;
    }
    const struct message question = {.kind = MESSAGE_MOVE,
                                     .room = {room, ROOM_ID_BYTES},
                                     .move = {.id = 2, .cohort = span_of(ask->at.room)}};
    status = cohort_ask_put(ask, &question, on_invited, moving);
    cohort_ask_close(ask);
    char secret[sizeof moving->at.secret];
    memcpy(secret, moving->at.secret, sizeof secret);
    moving->at = ask->at;
    memcpy(moving->at.secret, secret, sizeof secret);
    return status;
}

/* The id of a room, given as such or by any link of it. */
static bool read_room(const char *word, char room[ROOM_ID_BYTES + 1]) {
    struct invite link;
    char why[INVITE_WHY_MAX];
    if (span_is_id(span_of(word))) {
        memcpy(room, word, ROOM_ID_BYTES + 1);
        return true;
    }
    if (!invite_parse(word, &link, why) || link.is_host || link.is_cohort) {
        return false;
    }
    memcpy(room, link.room, ROOM_ID_BYTES + 1);
    return true;
}

int cmd_move(int argc, char **argv) {
    struct cohort_ask ask = {.cohort = NULL};
    struct moving moving = {.good = false};
    const char *link = NULL;
    char room[ROOM_ID_BYTES + 1];
    bool json = false;
    const struct args_option rows[] = {
        ARGS_TEXT("link", "LINK", &link, "the server's host link ($SPAR_HOST_LINK)"),
        ARGS_TEXT("cohort", "LINK|NAME", &ask.cohort,
                  "the room's cohort, which you coach; then no host link is needed"),
        ARGS_FLAG("json", &json, "one JSON object"),
        ARGS_NAME(&ask.name),
        ARGS_TEXT("identity", "FILE", &ask.identity, "the key to ask with"),
    };
    const struct args_spec spec = {
        .usage = "move ROOM [OPTION]...",
        .about =
            "Moves the seat of a room's only interviewer, whose key or machine is lost, to a\n"
            "new link, and prints it. ROOM is the room's id or a link of it. Every other seat\n"
            "is moved by an interviewer in the room: the Room pane, the person's letter, m.",
        ARGS_OPTIONS(rows),
        .min = 1,
        .max = 1,
    };
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    if (status != EXIT_GO_ON) {
        return status;
    }
    if (!read_room(argv[rest], room)) {
        return args_fail(EXIT_USAGE, "Give the room's id, of 12 letters and digits, or one of its "
                                     "links: spar move ROOM.");
    }
    status = ask.cohort != NULL ? move_as_coach(&ask, room, &moving)
                                : move_as_host(link, ask.identity, room, &moving);
    return status == EXIT_DONE ? print_link(&moving, room, json) : status;
}
