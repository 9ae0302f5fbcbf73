/* SPDX-License-Identifier: ISC */
/*
 * join.c: spar join LINK, or the id of a room that this client has been in.
 *
 * A key has one seat in a room, so a link for another role would bring back the seat that the key
 * has and push out whoever sits there: the usual way to try a room on one machine. It is refused
 * with the way out.
 */
#include <string.h>

#include "client/cmd/cmd.h"
#include "client/cmd/link_word.h"
#include "client/net/identity.h"
#include "client/store/rooms_file.h"

/* The key already has a seat of another role there. */
static int other_seat(const struct invite *link, const struct rooms_entry *own,
                      const char *identity) {
    return args_fail(EXIT_USAGE,
                     "This link is for the %s, but %s the %s of that room. For "
                     "a second seat here, say --identity with a new file, such as "
                     "./%s.pem; back to your own: spar join %s%s%s",
                     role_name(link->role),
                     identity == NULL ? "on this machine you are" : "the key of this file is",
                     role_name(own->at.role), role_name(link->role), own->at.room,
                     identity == NULL ? "" : " --identity ", identity == NULL ? "" : identity);
}

static bool own_pin(const char *identity, struct pin *out) {
    struct certs_why why = {{0}};
    struct keypair *pair = identity_open(identity, &why);
    bool good = pair != NULL && pin_of_key(keypair_key(pair), out);
    keypair_free(pair);
    if (!good) {
        (void)args_fail(EXIT_FAILED, "%s", why.text[0] ? why.text : "The own key cannot be read.");
    }
    return good;
}

/* No entry of this key for the room with this id. */
static int unknown_room(const struct rooms_file *rooms, const char *room) {
    if (rooms_file_find(rooms, room, NULL) != NULL) {
        return args_fail(EXIT_USAGE,
                         "Another key of this machine has a seat in room %s: give its --identity, "
                         "or a link for this key.",
                         room);
    }
    return args_fail(EXIT_USAGE,
                     "This client knows no room \"%s\"; give its link, or see "
                     "'spar sessions'.",
                     room);
}

/* The invite that `word` stands for; EXIT_GO_ON if there is one. */
static int find_invite(const char *word, const char *identity, struct invite *out) {
    char why[INVITE_WHY_MAX];
    struct certs_why sentence;
    struct rooms_file rooms;
    bool is_link = strchr(word, ':') != NULL || strlen(word) != ROOM_ID_BYTES;
    if (is_link && !invite_parse(word, out, why)) {
        return args_fail(EXIT_USAGE, "%s", why);
    }
    if (is_link && (out->is_host || out->is_cohort)) {
        return args_fail(EXIT_USAGE, "%s", invite_use(out));
    }
    struct pin key;
    if (!own_pin(identity, &key)) {
        return EXIT_FAILED;
    }
    if (!rooms_file_read(&rooms, &sentence)) {
        return args_fail(EXIT_FAILED, "%s", sentence.text);
    }
    const struct rooms_entry *own = rooms_file_find(&rooms, is_link ? out->room : word, &key);
    int status = EXIT_GO_ON;
    if (!is_link && own == NULL) {
        status = unknown_room(&rooms, word);
    } else if (!is_link) {
        *out = own->at;
    } else if (own != NULL && own->at.role != out->role) {
        status = other_seat(out, own, identity);
    }
    rooms_file_free(&rooms);
    return status;
}

static const char about[] =
    "Takes the seat that the link is for. The first key that uses a link owns its\n"
    "seat: with the same key you can come back by the same link or the room's id,\n"
    "nobody else can. A key has one seat in a room: to try a second on the same\n"
    "machine, give --identity a new file. Without LINK it is taken from $SPAR_LINK,\n"
    "for - from a line of standard input.\n\n"
    "With --batch each line of standard input is one JSON object:\n"
    "  {\"do\":\"mark.set\",\"item\":\"clarify-volume\",\"mark\":\"raised\",\"at\":65000}\n"
    "      a command; \"at\" (with every kind of line): not before so many ms of the\n"
    "      interview, pauses left out\n"
    "  {\"wait\":\"stage\",\"stage\":\"running\"}    hold what follows until then\n"
    "  {\"wait\":\"event\",\"do\":\"seat.join\",\"role\":\"candidate\"}\n"
    "      until an event with these fields has come, after those that earlier waits\n"
    "      took\n"
    "  {\"wait\":\"sync\"}        until every own command is confirmed\n"
    "      each wait may have a \"limit\" in ms of real time: exit status 1 after it\n"
    "  {\"invite\":\"coach\"}     ask for one more link\n"
    "  {\"do\":\"room.swap\"}    turn the roles: a second half under another prompt, or\n"
    "      under \"pack\"; everybody goes on to it, and what follows is held until then\n"
    "  {\"bring\":\"FILE\"}       an .excalidraw drawing goes on the board, a picture\n"
    "      (PNG, JPEG, WebP, 200 KB at most) on record\n"
    "  {\"digest\":true}        print the hash of the room's state as this seat sees it\n"
    "  {\"end\":true}           leave; the end of the input does the same\n"
    "Printed are {\"joined\":...} for each room, {\"event\":...}, {\"refused\":...},\n"
    "{\"kept\":...}, {\"link\":...}, {\"suggest\":...}, {\"digest\":...} and\n"
    "{\"state\":...}, one a line.";

int cmd_join(int argc, char **argv) {
    struct cmd_room_options options = {0};
    const struct args_option rows[] = {
        ARGS_NAME(&options.name),
        ARGS_TEXT("identity", "FILE", &options.identity,
                  "the key to join with, made if it is missing"),
        ARGS_FLAG("stay", &options.stay,
                  "do not go on to the second half when the roles are turned"),
        ARGS_FLAG("batch", &options.batch, "no screen: JSON lines in and out"),
    };
    const struct args_spec spec = {
        .usage = "join LINK|ROOM|- [OPTION]...",
        .about = about,
        ARGS_OPTIONS(rows),
        .max = 1,
    };
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    if (status != EXIT_GO_ON) {
        return status;
    }
    struct invite invite;
    char line[LINK_LINE_MAX];
    const char *word = link_word(argv[rest], line);
    if (word == NULL) {
        return args_fail(EXIT_USAGE,
                         "Give the link or the room's id: spar join LINK, or set SPAR_LINK.");
    }
    status = find_invite(word, options.identity, &invite);
    if (status != EXIT_GO_ON) {
        return status;
    }
    options.invite = &invite;
    return cmd_room_run(&options);
}

int cmd_bring(const char *word, const struct cmd_room_options *given) {
    struct cmd_room_options options = *given;
    struct invite invite;
    int status = find_invite(word, options.identity, &invite);
    if (status != EXIT_GO_ON) {
        return status;
    }
    options.invite = &invite;
    options.stay = true;
    return cmd_room_run(&options);
}
