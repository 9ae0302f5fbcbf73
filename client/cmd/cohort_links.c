/* SPDX-License-Identifier: ISC */
/*
 * cohort_links.c: spar cohort new, link and offer: a cohort, the links that lead into it, and
 * prompts of its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certs/random.h"
#include "client/batch/json_line.h"
#include "client/cmd/cohort.h"
#include "client/cmd/link_word.h"
#include "client/net/moment.h"
#include "client/net/say.h"
#include "client/pack/choice.h"
#include "client/store/host_link.h"
#include "protocol/cohort/cohort.h"
#include "protocol/text/text.h"

/* ---- new ---- */

struct making {
    struct invite at;
    char students[RANDOM_SECRET_LENGTH + 1], coaches[RANDOM_SECRET_LENGTH + 1];
    bool bad;
};

static bool keep_secret(struct span secret, char *out) {
    if (!random_secret_valid(secret.at, secret.len)) {
        return false;
    }
    memcpy(out, secret.at, RANDOM_SECRET_LENGTH);
    out[RANDOM_SECRET_LENGTH] = '\0';
    return true;
}

static bool on_made(void *ctx, const struct message *message) {
    struct making *making = ctx;
    if (message->kind != MESSAGE_MADE) {
        return false;
    }
    making->bad = !keep_secret(message->made.students, making->students) ||
                  !keep_secret(message->made.coaches, making->coaches);
    memcpy(making->at.room, message->made.cohort.at, ROOM_ID_BYTES);
    return true;
}

static void write_link(const struct invite *cohort, enum role role, const char *secret,
                       char out[INVITE_TEXT_MAX]) {
    struct invite invite = *cohort;
    invite.is_host = false;
    invite.is_cohort = true;
    invite.role = role;
    snprintf(invite.secret, sizeof invite.secret, "%s", secret);
    invite_format(&invite, out);
}

static void print_made(const struct making *making, const char *name, bool json) {
    char students[INVITE_TEXT_MAX];
    char coaches[INVITE_TEXT_MAX];
    write_link(&making->at, ROLE_CANDIDATE, making->students, students);
    write_link(&making->at, ROLE_COACH, making->coaches, coaches);
    if (json) {
        json_line_print(stdout, json_pack("{s:s,s:s,s:s,s:s}", "cohort", making->at.room, "name",
                                          name, "students", students, "coaches", coaches));
        return;
    }
    say(stdout,
        "Cohort \"%s\" (%s). Each link is good for many people, until you withdraw it,\n"
        "and opens in a browser, too.\n\n"
        "For the students:\n  spar pair '%s'\n\nFor the coaches:\n  spar coach '%s'\n",
        name, making->at.room, students, coaches);
}

static bool nothing_more(void *ctx, const struct message *message) {
    (void)ctx;
    return message->kind == MESSAGE_END;
}

/* The maker is a coach of it: enters with the new link, so that the key opens it from now on. */
static int enter_made(const struct cohort_args *args, const struct making *making,
                      struct cmd_net *net) {
    struct cohort_ask ask = {
        .identity = args->identity, .name = args->name, .net = *net, .at = making->at};
    ask.at.is_host = false;
    ask.at.is_cohort = true;
    ask.at.role = ROLE_COACH;
    memcpy(ask.at.secret, making->coaches, sizeof ask.at.secret);
    const struct message question = {.kind = MESSAGE_ROSTER,
                                     .roster = {.id = 2, .cohort = span_of(making->at.room)}};
    return cohort_ask_put(&ask, &question, nothing_more, NULL);
}

static int make(const struct cohort_args *args, const char *name, struct making *making) {
    struct cmd_net net;
    char plain[NAME_MAX_BYTES + 1];
    text_plain(span_of(name), plain, sizeof plain);
    const struct message question = {
        .kind = MESSAGE_COHORT,
        .cohort = {.id = 1, .secret = span_of(making->at.secret), .name = span_of(plain)}};
    if (!cmd_net_open(&net, args->identity)) {
        return EXIT_FAILED;
    }
    const struct cmd_ask ask = {
        .server = &making->at, .question = &question, .answer = on_made, .ctx = making};
    int status = cmd_ask(&net, &ask);
    if (status == EXIT_DONE && making->bad) {
        status = args_fail(EXIT_FAILED, "The server sent links that cannot open anything; update "
                                        "the older side.");
    }
    if (status == EXIT_DONE) {
        print_made(making, plain, args->json);
        status = enter_made(args, making, &net);
    }
    cmd_net_close(&net);
    return status;
}

int cmd_cohort_new(const struct cohort_args *args, char **words) {
    struct making making = {.bad = false};
    char line[LINK_LINE_MAX];
    char why[INVITE_WHY_MAX];
    const char *link = link_word(args->link, line);
    link = link != NULL ? link : host_link_find(line, sizeof line);
    if (words[0] == NULL || words[0][0] == '\0' || strlen(words[0]) > NAME_MAX_BYTES) {
        return args_fail(EXIT_USAGE,
                         "Give the cohort's name, of 1 to %d bytes: spar cohort new NAME.",
                         NAME_MAX_BYTES);
    }
    if (link == NULL) {
        return args_fail(EXIT_USAGE, "Give the server's host link with --link, or set "
                                     "SPAR_HOST_LINK.");
    }
    if (!invite_parse(link, &making.at, why)) {
        return args_fail(EXIT_USAGE, "%s", why);
    }
    if (!making.at.is_host) {
        return args_fail(EXIT_USAGE, "%s", invite_use(&making.at));
    }
    return make(args, words[0], &making);
}

/* ---- one more ---- */

struct linking {
    struct cohort_ask *ask;
    bool json, bad;
};

static bool on_linked(void *ctx, const struct message *message) {
    struct linking *linking = ctx;
    char secret[RANDOM_SECRET_LENGTH + 1];
    char text[INVITE_TEXT_MAX];
    if (message->kind != MESSAGE_LINKED) {
        return false;
    }
    linking->bad = !keep_secret(message->linked.secret, secret);
    if (linking->bad) {
        return true;
    }
    enum role role = (enum role)message->linked.role;
    write_link(&linking->ask->at, role, secret, text);
    if (linking->json) {
        json_line_print(stdout,
                        json_pack("{s:I,s:s,s:s}", "link", (json_int_t)message->linked.link, "role",
                                  role == ROLE_COACH ? "coaches" : "students", "text", text));
    } else {
        say(stdout, "Link %lld, for %s:\n  spar %s '%s'\n", (long long)message->linked.link,
            role == ROLE_COACH ? "coaches" : "students", role == ROLE_COACH ? "coach" : "pair",
            text);
    }
    return true;
}

/* How often the link may be used, and until when. EXIT_GO_ON, or what was complained of. */
static int read_bounds(const struct cohort_args *args, int64_t *uses, int64_t *until) {
    char *end = NULL;
    if (args->uses != NULL) {
        *uses = strtol(args->uses, &end, 10);
        if (end == args->uses || *end != '\0' || *uses < 1 || *uses > COHORT_MEMBERS_MAX) {
            return args_fail(EXIT_USAGE, "--uses takes how many keys it lets in: 1 to %d.",
                             COHORT_MEMBERS_MAX);
        }
    }
    if (args->until != NULL &&
        (!moment_read(args->until, until) || *until <= moment_of_wall_ms())) {
        return args_fail(EXIT_USAGE, "--until takes a day or moment to come, like 2026-11-29 or "
                                     "\"2026-11-29 18:00\".");
    }
    return EXIT_GO_ON;
}

int cmd_cohort_link(const struct cohort_args *args, char **words) {
    struct cohort_ask ask = cmd_cohort_ask(args);
    struct linking linking = {.ask = &ask, .json = args->json};
    const char *role = args->role != NULL ? args->role : words[0];
    bool students = role != NULL && strcmp(role, "students") == 0;
    if (!students && (role == NULL || strcmp(role, "coaches") != 0)) {
        return args_fail(EXIT_USAGE, "Say for whom: --role students or --role coaches.");
    }
    int64_t uses = 0;
    int64_t until = 0;
    int status = read_bounds(args, &uses, &until);
    status = status == EXIT_GO_ON ? cohort_ask_open(&ask) : status;
    if (status != EXIT_GO_ON) {
        return status;
    }
    const struct message question = {.kind = MESSAGE_LINK,
                                     .link = {.id = 2,
                                              .cohort = span_of(ask.at.room),
                                              .role = students ? COHORT_STUDENT : COHORT_COACH,
                                              .asks = args->asks,
                                              .uses = uses,
                                              .until = until}};
    status = cohort_ask_put(&ask, &question, on_linked, &linking);
    cohort_ask_close(&ask);
    return status == EXIT_DONE && linking.bad
               ? args_fail(EXIT_FAILED, "The server sent a link that cannot open anything; update "
                                        "the older side.")
               : status;
}

/* ---- a prompt of its own ---- */

int cmd_cohort_offer(const struct cohort_args *args, char **words) {
    struct cohort_ask ask = cmd_cohort_ask(args);
    if (words[0] == NULL) {
        return args_fail(EXIT_USAGE, "Give the prompt's file: spar cohort offer FILE.");
    }
    struct pack *pack = pack_choice_read(words[0], stderr);
    if (pack == NULL) {
        return EXIT_USAGE;
    }
    int status = cohort_ask_open(&ask);
    if (status == EXIT_GO_ON) {
        const struct message question = {.kind = MESSAGE_OFFER,
                                         .offer = {.id = 2, .cohort = span_of(ask.at.room)}};
        ask.pack = pack;
        status = cohort_ask_put(&ask, &question, nothing_more, NULL);
        cohort_ask_close(&ask);
    }
    if (status == EXIT_DONE && !args->json) {
        say(stdout,
            "The cohort holds \"%s\" now. An interviewer opens a room under it with\n"
            "  spar host --cohort '%s' --pack cohort:%s\n",
            pack->title, ask.title, pack->id);
    }
    pack_unref(pack);
    return status;
}

/* ---- a member's other key ---- */

static bool on_passed(void *ctx, const struct message *message) {
    struct linking *linking = ctx;
    char secret[RANDOM_SECRET_LENGTH + 1];
    char text[INVITE_TEXT_MAX];
    if (message->kind != MESSAGE_PASSED) {
        return false;
    }
    linking->bad = !keep_secret(message->passed.secret, secret);
    if (linking->bad) {
        return true;
    }
    enum role role = (enum role)message->passed.role;
    write_link(&linking->ask->at, role, secret, text);
    if (linking->json) {
        json_line_print(stdout,
                        json_pack("{s:I,s:s,s:s,s:s}", "member", (json_int_t)message->passed.member,
                                  "role", role == ROLE_COACH ? "coaches" : "students", "link", text,
                                  /* Its older name. */
                                  "text", text));
    } else {
        say(stdout,
            "Member %lld moves to the key that uses this link first, within a day; the key of now "
            "is out then:\n  spar %s '%s'\n",
            (long long)message->passed.member, role == ROLE_COACH ? "coach" : "pair", text);
    }
    return true;
}

int cmd_cohort_move(const struct cohort_args *args, char **words) {
    struct cohort_ask ask = cmd_cohort_ask(args);
    char *end = NULL;
    long member = words[0] == NULL ? -1 : strtol(words[0], &end, 10);
    if (words[0] != NULL &&
        (*end != '\0' || end == words[0] || member < 0 || member >= COHORT_MEMBERS_MAX)) {
        return args_fail(EXIT_USAGE, "Give the member's number, as 'spar cohort members' lists it, "
                                     "or none for yourself: spar cohort move [NUMBER].");
    }
    ask.any_role = member < 0;
    int status = cohort_ask_open(&ask);
    if (status != EXIT_GO_ON) {
        return status;
    }
    struct linking linking = {.ask = &ask, .json = args->json};
    const struct message question = {
        .kind = MESSAGE_PASS, .pass = {.id = 2, .cohort = span_of(ask.at.room), .member = member}};
    status = cohort_ask_put(&ask, &question, on_passed, &linking);
    cohort_ask_close(&ask);
    return status == EXIT_DONE && linking.bad
               ? args_fail(EXIT_FAILED, "The server sent a link that cannot open anything; update "
                                        "the older side.")
               : status;
}
