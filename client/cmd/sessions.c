/* SPDX-License-Identifier: ISC */
/*
 * sessions.c: spar sessions: asks servers for the rooms that this key took part in.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/batch/json_line.h"
#include "client/cmd/known_servers.h"
#include "client/cmd/link_word.h"
#include "client/cmd/zone.h"
#include "client/net/moment.h"
#include "client/net/say.h"
#include "protocol/text/text.h"

struct listing {
    struct cmd_net net;
    bool json;
    uint32_t shown, lost;
    const struct invite *server; /* that is asked now */
    struct known_rooms known;
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
    char opened[MOMENT_ZONE_SIZE];
    text_plain(message->session.title, title, sizeof title);
    text_plain(message->session.names, names, sizeof names);
    zone_row(message->session.opened, opened);
    say(stdout, "%-12.*s  %-16s  %-8s  %-11s  %s  (%s)\n", (int)message->room.len, message->room.at,
        opened, stage_shown((enum stage)message->session.stage),
        role_name((enum role)message->session.role), title, names);
}

/* Not one of its rooms any more: said beside the list, with the reason. */
static void print_lost(const struct message *message) {
    char title[2 * PACK_TITLE_MAX];
    char opened[MOMENT_ZONE_SIZE];
    text_plain(message->session.title, title, sizeof title);
    zone_row(message->session.opened, opened);
    say(stderr, "Not listed: %.*s of %s, %s. %s\n", (int)message->room.len, message->room.at,
        opened, title,
        refusal_sentence(message->session.lost == 2 ? REFUSAL_PUT_OUT : REFUSAL_SEAT_MOVED));
}

static bool on_answer(void *ctx, const struct message *message) {
    struct listing *listing = ctx;
    if (message->kind == MESSAGE_END) {
        return true;
    }
    if (message->kind != MESSAGE_SESSION) {
        return false;
    }
    if (message->session.lost != 0) {
        print_lost(message);
        listing->lost++;
        return false;
    }
    if (listing->json) {
        print_json(listing, message);
    } else {
        if (listing->shown == 0) {
            char opened[40];
            snprintf(opened, sizeof opened, "OPENED (%s)", zone_now().name);
            say(stdout, "%-12s  %-16s  %-8s  %-11s  %s\n", "ROOM", opened, "STAGE", "YOU WERE",
                "PROMPT (SEATS)");
        }
        print_row(message);
    }
    listing->shown++;
    known_rooms_take(&listing->known, listing->server, message);
    return false;
}

static int ask_server(void *ctx, const struct invite *server) {
    struct listing *listing = ctx;
    const struct message question = {.kind = MESSAGE_SESSIONS, .sessions = {.id = 1, .lost = true}};
    const struct cmd_ask ask = {
        .server = server, .question = &question, .answer = on_answer, .ctx = listing};
    listing->server = server;
    invite_address(server, listing->address);
    return cmd_ask(&listing->net, &ask);
}

static int list(const char *identity, bool json, char **links) {
    struct listing listing = {.json = json};
    int worst = EXIT_DONE;
    if (!cmd_net_open(&listing.net, identity)) {
        return EXIT_FAILED;
    }
    char line[LINK_LINE_MAX];
    char *set[] = {(char *)(links[0] == NULL ? link_word(NULL, line) : NULL), NULL};
    links = set[0] != NULL ? set : links;
    if (links[0] == NULL) {
        worst = cmd_known_servers(ask_server, &listing);
    }
    for (int i = 0; links[i] != NULL; i++) {
        struct invite server;
        char why[INVITE_WHY_MAX];
        int status = EXIT_USAGE;
        if (invite_parse(link_word(links[i], line), &server, why)) {
            status = ask_server(&listing, &server);
        } else {
            (void)args_fail(EXIT_USAGE, "%s", why);
        }
        worst = status > worst ? status : worst;
    }
    int kept = known_rooms_keep(&listing.known, &listing.net);
    worst = kept > worst ? kept : worst;
    free(listing.known.at);
    cmd_net_close(&listing.net);
    if (worst == EXIT_DONE && listing.shown + listing.lost == 0 && !json) {
        puts("No rooms yet: this key has had no seat on these servers.");
    }
    return worst;
}

static const char about[] =
    "Lists the rooms that this key has a seat in, as their servers know them: those\n"
    "of the LINKs ($SPAR_LINK; - is a line of standard input), or every server that\n"
    "this client has had a room or entered a cohort on.";

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
