/* SPDX-License-Identifier: ISC */
/*
 * known_servers.c: the servers on which this client has had a room or has entered a cohort, and
 * what they say of the own rooms.
 *
 * A key that became a member in another one's place has that one's interviews, and was in none of
 * them from here: so cohorts count too, and what a server lists is written down.
 */
#include <stdlib.h>
#include <string.h>

#include "client/cmd/known_servers.h"
#include "client/net/identity.h"
#include "client/store/cohorts_file.h"
#include "client/store/rooms_file.h"

/* ---- which ---- */

struct servers {
    struct invite *at;
    size_t count;
};

static void add_server(struct servers *servers, const struct invite *at) {
    for (size_t i = 0; i < servers->count; i++) {
        if (invite_same_server(&servers->at[i], at)) {
            return;
        }
    }
    servers->at[servers->count++] = *at;
}

/* The newest first. */
static bool find_servers(struct servers *servers, struct certs_why *why) {
    struct rooms_file rooms;
    struct cohorts_file cohorts;
    if (!rooms_file_read(&rooms, why)) {
        return false;
    }
    bool good = cohorts_file_read(&cohorts, why);
    servers->at = good ? calloc(rooms.count + cohorts.count + 1, sizeof *servers->at) : NULL;
    for (size_t i = rooms.count; servers->at != NULL && i-- > 0;) {
        add_server(servers, &rooms.entries[i].at);
    }
    for (size_t i = good ? cohorts.count : 0; servers->at != NULL && i-- > 0;) {
        add_server(servers, &cohorts.entries[i].at);
    }
    if (good && servers->at == NULL) {
        certs_why_set(why, "Out of memory.");
    }
    if (good) {
        cohorts_file_free(&cohorts);
    }
    rooms_file_free(&rooms);
    return servers->at != NULL;
}

int cmd_known_servers(int (*ask)(void *ctx, const struct invite *server), void *ctx) {
    struct servers servers = {.count = 0};
    struct certs_why why = {{0}};
    int worst = EXIT_DONE;
    if (!find_servers(&servers, &why)) {
        return args_fail(EXIT_FAILED, "%s", why.text);
    }
    for (size_t i = 0; i < servers.count; i++) {
        int status = ask(ctx, &servers.at[i]);
        worst = status > worst ? status : worst;
    }
    free(servers.at);
    return worst;
}

/* ---- what they list ---- */

void known_rooms_take(struct known_rooms *known, const struct invite *server,
                      const struct message *message) {
    struct invite *at = reallocarray(known->at, known->count + 1, sizeof *at);
    known->failed |= at == NULL;
    if (at == NULL || message->room.len != ROOM_ID_BYTES) {
        known->at = at == NULL ? known->at : at;
        return;
    }
    known->at = at;
    struct invite *room = &at[known->count++];
    *room = *server;
    room->is_host = room->is_cohort = false;
    room->role = (enum role)message->session.role;
    memset(room->secret, 0, sizeof room->secret);
    span_copy(message->room, room->room, sizeof room->room);
}

int known_rooms_keep(const struct known_rooms *known, const struct cmd_net *net) {
    struct certs_why why = {"Out of memory."};
    struct pin key;
    bool good = !known->failed;
    if (good && !pin_of_key(keypair_key(net->identity), &key)) {
        certs_why_set(&why, "The own key cannot be read.");
        good = false;
    }
    good = good && rooms_file_learn(known->at, known->count, &key, &why);
    return good ? EXIT_DONE : args_fail(EXIT_FAILED, "%s", why.text);
}

struct learning {
    struct cmd_net net;
    struct known_rooms known;
    const struct invite *server; /* that is asked now */
};

static bool on_answer(void *ctx, const struct message *message) {
    struct learning *learning = ctx;
    if (message->kind == MESSAGE_SESSION) {
        known_rooms_take(&learning->known, learning->server, message);
    }
    return message->kind == MESSAGE_END;
}

static int ask_server(void *ctx, const struct invite *server) {
    struct learning *learning = ctx;
    const struct message question = {.kind = MESSAGE_SESSIONS, .sessions = {.id = 1}};
    const struct cmd_ask ask = {
        .server = server, .question = &question, .answer = on_answer, .ctx = learning};
    learning->server = server;
    return cmd_ask(&learning->net, &ask);
}

int cmd_learn_rooms(void) {
    struct learning learning = {.server = NULL};
    if (!cmd_net_open(&learning.net, NULL)) {
        return EXIT_FAILED;
    }
    int worst = cmd_known_servers(ask_server, &learning);
    int status = known_rooms_keep(&learning.known, &learning.net);
    free(learning.known.at);
    cmd_net_close(&learning.net);
    return status > worst ? status : worst;
}
