/* SPDX-License-Identifier: ISC */
/*
 * mine.c: spar mine: the own key, by which an operator forgets a person, and a copy of all that the
 * key is part of.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "client/batch/json_line.h"
#include "client/cmd/fetch_room.h"
#include "client/cmd/known_servers.h"
#include "client/cmd/link_word.h"
#include "client/cmd/mine.h"
#include "client/cmd/progress_load.h"
#include "client/net/identity.h"
#include "client/net/say.h"
#include "client/report/report.h"
#include "client/store/safe_file.h"

struct mine {
    struct cmd_net net;
    char key[PIN_LENGTH + 1];
    const char *folder;
    const struct invite *server; /* that is asked now */
    struct invite *servers;      /* that have answered */
    size_t server_count;
    struct invite *rooms; /* where they are */
    size_t count;
    json_t *listed; /* what mine.json says of them, in the same order */
    bool failed;
};

/* ---- what there is ---- */

static void take_session(struct mine *mine, const struct message *message) {
    char address[INVITE_TEXT_MAX], file[64];
    struct invite *rooms = reallocarray(mine->rooms, mine->count + 1, sizeof *rooms);
    mine->failed |= rooms == NULL;
    if (rooms == NULL) {
        return;
    }
    mine->rooms = rooms;
    struct invite *room = &rooms[mine->count++];
    *room = *mine->server;
    room->is_host = room->is_cohort = false;
    room->role = (enum role)message->session.role;
    memset(room->room, 0, sizeof room->room);
    memcpy(room->room, message->room.at, message->room.len);
    invite_address(mine->server, address);
    snprintf(file, sizeof file, "%s.spar", room->room);
    const struct span names = message->session.names;
    json_t *row =
        json_pack("{s:s,s:s,s:I,s:s,s:s,s:s%,s:s%,s:s}", "server", address, "room", room->room,
                  "opened", (json_int_t)message->session.opened, "stage",
                  stage_name((enum stage)message->session.stage), "role", role_name(room->role),
                  "title", message->session.title.at, (size_t)message->session.title.len, "names",
                  names.at == NULL ? "" : names.at, (size_t)names.len, "file", file);
    mine->failed |= row == NULL || json_array_append_new(mine->listed, row) != 0;
}

static bool on_answer(void *ctx, const struct message *message) {
    if (message->kind == MESSAGE_SESSION) {
        take_session(ctx, message);
    }
    return message->kind == MESSAGE_END;
}

static void take_server(struct mine *mine, const struct invite *server) {
    struct invite *servers = reallocarray(mine->servers, mine->server_count + 1, sizeof *servers);
    mine->failed |= servers == NULL;
    if (servers != NULL) {
        mine->servers = servers;
        servers[mine->server_count++] = *server;
    }
}

static int ask_server(void *ctx, const struct invite *server) {
    struct mine *mine = ctx;
    const struct message question = {.kind = MESSAGE_SESSIONS, .sessions = {.id = 1}};
    const struct cmd_ask ask = {
        .server = server, .question = &question, .answer = on_answer, .ctx = mine};
    mine->server = server;
    int status = cmd_ask(&mine->net, &ask);
    if (status == EXIT_DONE) {
        take_server(mine, server);
    }
    return status == EXIT_DONE && mine->failed ? args_fail(EXIT_FAILED, "Out of memory.") : status;
}

static int ask_links(struct mine *mine, char **links) {
    char line[LINK_LINE_MAX], why[INVITE_WHY_MAX];
    int worst = EXIT_DONE;
    for (int i = 0; links[i] != NULL; i++) {
        struct invite server;
        int status = invite_parse(link_word(links[i], line), &server, why)
                         ? ask_server(mine, &server)
                         : args_fail(EXIT_USAGE, "%s", why);
        worst = status > worst ? status : worst;
    }
    return worst;
}

/* ---- into the folder ---- */

/* False: its name is too long. */
static bool path_of(const char *folder, const char *name, char path[IDENTITY_PATH_MAX]) {
    return snprintf(path, IDENTITY_PATH_MAX, "%s/%s", folder, name) < IDENTITY_PATH_MAX;
}

/* One that fails is said, and does not stop the others. */
static int fetch_all(struct mine *mine) {
    int worst = EXIT_DONE;
    for (size_t i = 0; i < mine->count; i++) {
        char name[64], path[IDENTITY_PATH_MAX];
        snprintf(name, sizeof name, "%s.spar", mine->rooms[i].room);
        if (!path_of(mine->folder, name, path)) {
            return args_fail(EXIT_USAGE, "The folder's name is too long.");
        }
        const struct fetch_room one = {.room = &mine->rooms[i],
                                       .role = mine->rooms[i].role,
                                       .path = path,
                                       .advice = "choose another folder",
                                       .quiet = true};
        int status = fetch_room(&mine->net, &one);
        worst = status > worst ? status : worst;
        say(stderr, "%zu of %zu  %s%s\n", i + 1, mine->count, path,
            status == EXIT_DONE ? "" : ": not fetched");
    }
    return worst;
}

static void put_json(FILE *file, const void *ctx) {
    (void)json_dumpf(ctx, file, JSON_INDENT(2));
    fputs("\n", file);
}

int mine_put(const char *folder, const char *name, const json_t *json) {
    char path[IDENTITY_PATH_MAX];
    if (!path_of(folder, name, path)) {
        return args_fail(EXIT_USAGE, "The folder's name is too long.");
    }
    return safe_file_replace(path, true, put_json, json)
               ? EXIT_DONE
               : args_fail(EXIT_FAILED, "%s cannot be written (%s); choose another folder.", path,
                           strerror(errno));
}

static int put_list(const struct mine *mine, json_t *cohorts) {
    json_t *all =
        json_pack("{s:s,s:O,s:O}", "key", mine->key, "rooms", mine->listed, "cohorts", cohorts);
    int status = all != NULL ? mine_put(mine->folder, "mine.json", all)
                             : args_fail(EXIT_FAILED, "Out of memory.");
    json_decref(all);
    return status;
}

/* A file for each, and mine.json. *saved: how many. */
static int put_cohorts(struct mine *mine, size_t *saved) {
    struct mine_cohorts cohorts = {.net = &mine->net,
                                   .folder = mine->folder,
                                   .servers = mine->servers,
                                   .server_count = mine->server_count};
    int worst = mine_cohorts_save(&cohorts);
    int status = cohorts.listed != NULL ? put_list(mine, cohorts.listed) : EXIT_FAILED;
    json_decref(cohorts.listed);
    *saved = cohorts.saved;
    return status > worst ? status : worst;
}

/* progress-ROLE.json, of the recordings that are there now. */
static int put_progress(const struct mine *mine, enum role role) {
    struct progress progress;
    struct certs_why why = {"Out of memory."};
    struct progress_options how = {.role = role, .items = true};
    char name[64], path[IDENTITY_PATH_MAX];
    struct out out;
    int status = EXIT_DONE;
    out_init(&out);
    progress_init(&progress);
    snprintf(name, sizeof name, "progress-%s.json", role_name(role));
    bool good =
        path_of(mine->folder, name, path) && progress_load(&progress, mine->folder, true, &why);
    if (good) {
        progress_keep_role(&progress, role);
        good = progress_sum(&progress);
    }
    if (good && progress.count > 0) {
        progress_json(&progress, &how, &out);
        status = out.failed ? args_fail(EXIT_FAILED, "Out of memory.") : cmd_report_put(&out, path);
    }
    progress_free(&progress);
    out_free(&out);
    return good ? status : args_fail(EXIT_FAILED, "%s", why.text);
}

static int export_all(struct mine *mine, char **links) {
    if (mkdir(mine->folder, 0700) != 0 && errno != EEXIST) {
        return args_fail(EXIT_USAGE, "The folder %s cannot be made (%s).", mine->folder,
                         strerror(errno));
    }
    mine->listed = json_array();
    int worst = links[0] == NULL ? cmd_known_servers(ask_server, mine) : ask_links(mine, links);
    int status = mine->listed == NULL ? EXIT_FAILED : fetch_all(mine);
    worst = status > worst ? status : worst;
    for (int role = ROLE_INTERVIEWER; role <= ROLE_COACH && mine->count > 0; role++) {
        status = put_progress(mine, (enum role)role);
        worst = status > worst ? status : worst;
    }
    size_t saved = 0;
    status = mine->listed != NULL ? put_cohorts(mine, &saved) : EXIT_FAILED;
    worst = status > worst ? status : worst;
    if (worst == EXIT_DONE) {
        say(stdout, "In %s: %zu recording%s, what %zu cohort%s of you, and mine.json.\n",
            mine->folder, mine->count, mine->count == 1 ? "" : "s", saved,
            saved == 1 ? " has" : "s have");
    }
    json_decref(mine->listed);
    free(mine->rooms);
    free(mine->servers);
    return worst;
}

static int tell(const struct mine *mine, bool json) {
    if (json) {
        json_line_print(stdout, json_pack("{s:s}", "key", mine->key));
        return EXIT_DONE;
    }
    say(stdout, "Your key is %s\n", mine->key);
    say(stdout, "Give it to the operator of a server to be forgotten there: spard forget KEY.\n");
    return EXIT_DONE;
}

static const char about[] =
    "Tells what your key is called: the name by which a server knows you, and by\n"
    "which its operator can remove for good all that you are part of there. With\n"
    "--all it saves what that is into a folder first: the recordings of the rooms\n"
    "that you had a seat in, your progress, what each cohort has of you (not what\n"
    "others have said about you there), and a list of rooms and cohorts, on the\n"
    "servers of the LINKs or on all that this client has had a room or a cohort on.\n"
    "Copies that others have fetched cannot be taken back.";

int cmd_mine(int argc, char **argv) {
    const char *identity = NULL;
    struct mine mine = {.count = 0};
    struct pin key;
    bool json = false;
    const struct args_option rows[] = {
        ARGS_TEXT("all", "FOLDER", &mine.folder, "save all that the key is part of"),
        ARGS_TEXT("identity", "FILE", &identity, "the key that is meant"),
        ARGS_FLAG("json", &json, "one JSON object a line"),
    };
    const struct args_spec spec = {
        .usage = "mine [--all FOLDER [LINK]...] [OPTION]...",
        .about = about,
        ARGS_OPTIONS(rows),
        .max = -1,
    };
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    if (status != EXIT_GO_ON) {
        return status;
    }
    if (mine.folder == NULL && argv[rest] != NULL) {
        return args_fail(EXIT_USAGE, "LINKs go with --all FOLDER: spar mine --all FOLDER LINK.");
    }
    if (!cmd_net_open(&mine.net, identity)) {
        return EXIT_FAILED;
    }
    if (pin_of_key(keypair_key(mine.net.identity), &key)) {
        pin_write(&key, mine.key);
        status = mine.folder != NULL ? export_all(&mine, argv + rest) : tell(&mine, json);
    } else {
        status = args_fail(EXIT_FAILED, "The own key cannot be read.");
    }
    cmd_net_close(&mine.net);
    return status;
}
