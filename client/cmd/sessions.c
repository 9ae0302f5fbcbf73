/* SPDX-License-Identifier: ISC */
/*
 * sessions.c: spar sessions: asks servers for the rooms that this key took part in.
 */
#include <stdio.h>
#include <string.h>

#include "client/batch/json_line.h"
#include "client/cmd/cmd.h"
#include "client/cmd/link_word.h"
#include "client/net/moment.h"
#include "client/net/say.h"
#include "client/store/rooms_file.h"
#include "protocol/text/text.h"

struct listing {
    bool json;
    uint32_t shown;
    char address[INVITE_TEXT_MAX];
};

static void print_json(const struct listing *listing, const struct message *message) {
    json_t *row = json_pack(
        "{s:s,s:s%,s:I,s:s,s:s,s:I,s:s%,s:s%}", "server", listing->address, "room",
        message->room.at, (size_t)message->room.len, "opened", (json_int_t)message->session.opened,
        "stage", stage_name((enum stage)message->session.stage), "role",
        role_name((enum role)message->session.role), "events", (json_int_t)message->session.n,
        "title", message->session.title.at, (size_t)message->session.title.len, "names",
        message->session.names.at == NULL ? "" : message->session.names.at,
        (size_t)message->session.names.len);
    json_line_print(stdout, row);
}

static void print_row(const struct message *message) {
    char title[2 * PACK_TITLE_MAX];
    char names[512];
    char opened[MOMENT_WORDS_SIZE];
    text_plain(message->session.title, title, sizeof title);
    text_plain(message->session.names, names, sizeof names);
    moment_words(message->session.opened, opened);
    say(stdout, "%-12.*s  %-16s  %-8s  %-11s  %s  (%s)\n", (int)message->room.len, message->room.at,
        opened, stage_shown((enum stage)message->session.stage),
        role_name((enum role)message->session.role), title, names);
}

static bool on_answer(void *ctx, const struct message *message) {
    struct listing *listing = ctx;
    if (message->kind == MESSAGE_END) {
        return true;
    }
    if (message->kind != MESSAGE_SESSION) {
        return false;
    }
    if (listing->json) {
        print_json(listing, message);
    } else {
        if (listing->shown == 0) {
            say(stdout, "%-12s  %-16s  %-8s  %-11s  %s\n", "ROOM", "OPENED", "STAGE", "YOU WERE",
                "PROMPT (SEATS)");
        }
        print_row(message);
    }
    listing->shown++;
    return false;
}

static int ask_server(struct cmd_net *net, struct listing *listing, const struct invite *server) {
    const struct message question = {.kind = MESSAGE_SESSIONS, .sessions = {.id = 1}};
    const struct cmd_ask ask = {
        .server = server, .question = &question, .answer = on_answer, .ctx = listing};
    invite_address(server, listing->address);
    return cmd_ask(net, &ask);
}

/* Every server of the known rooms, each once. The worst status of all. */
static int ask_known(struct cmd_net *net, struct listing *listing) {
    struct rooms_file rooms;
    struct certs_why why;
    int worst = EXIT_DONE;
    if (!rooms_file_read(&rooms, &why)) {
        return args_fail(EXIT_FAILED, "%s", why.text);
    }
    for (size_t i = rooms.count; i-- > 0;) {
        bool asked = false;
        for (size_t k = rooms.count; !asked && --k > i;) {
            asked = invite_same_server(&rooms.entries[k].at, &rooms.entries[i].at);
        }
        int status = asked ? EXIT_DONE : ask_server(net, listing, &rooms.entries[i].at);
        worst = status > worst ? status : worst;
    }
    rooms_file_free(&rooms);
    return worst;
}

static int list(const char *identity, bool json, char **links) {
    struct cmd_net net;
    struct listing listing = {.json = json};
    int worst = EXIT_DONE;
    if (!cmd_net_open(&net, identity)) {
        return EXIT_FAILED;
    }
    char line[LINK_LINE_MAX];
    char *set[] = {(char *)(links[0] == NULL ? link_word(NULL, line) : NULL), NULL};
    links = set[0] != NULL ? set : links;
    if (links[0] == NULL) {
        worst = ask_known(&net, &listing);
    }
    for (int i = 0; links[i] != NULL; i++) {
        struct invite server;
        char why[INVITE_WHY_MAX];
        int status = EXIT_USAGE;
        if (invite_parse(link_word(links[i], line), &server, why)) {
            status = ask_server(&net, &listing, &server);
        } else {
            (void)args_fail(EXIT_USAGE, "%s", why);
        }
        worst = status > worst ? status : worst;
    }
    cmd_net_close(&net);
    if (worst == EXIT_DONE && listing.shown == 0 && !json) {
        puts("No rooms yet: this key has had no seat on these servers.");
    }
    return worst;
}

static const char about[] =
    "Lists the rooms that this key has a seat in, as their servers know them: those\n"
    "of the LINKs ($SPAR_LINK; - is a line of standard input), or every server that\n"
    "this client has had a room on.";

int cmd_sessions(int argc, char **argv) {
    const char *identity = NULL;
    bool json = false;
    const struct args_option rows[] = {
        ARGS_TEXT("identity", "FILE", &identity, "the key whose rooms to list"),
        ARGS_FLAG("json", &json, "one JSON object a line"),
    };
    const struct args_spec spec = {
        .usage = "sessions [LINK]... [OPTION]...",
        .about = about,
        ARGS_OPTIONS(rows),
        .max = -1,
    };
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    return status == EXIT_GO_ON ? list(identity, json, argv + rest) : status;
}
