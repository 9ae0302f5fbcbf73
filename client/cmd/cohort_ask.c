/* SPDX-License-Identifier: ISC */
/*
 * cohort_ask.c: a cohort by its link, name or id; questions to it; its rooms.
 */
#include "client/cmd/cohort_ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cmd/fetch_room.h"
#include "client/cmd/link_word.h"
#include "client/net/identity.h"
#include "client/store/cohorts_file.h"

static int complain_of(const char *word, enum role role, const char *advice) {
    const char *verb = role == ROLE_COACH ? "coaches" : "knows";
    if (advice == NULL) {
        return EXIT_USAGE;
    }
    return word == NULL ? args_fail(EXIT_USAGE, "This client %s no cohort yet; %s", verb, advice)
                        : args_fail(EXIT_USAGE, "This client %s no cohort \"%.60s\"; %s", verb,
                                    word, advice);
}

int cohort_known(const char *word, enum role role, struct invite *out, const char *advice) {
    struct certs_why why;
    struct cohorts_file cohorts;
    if (!cohorts_file_read(&cohorts, &why)) {
        return args_fail(EXIT_FAILED, "%s", why.text);
    }
    const struct cohorts_entry *known = cohorts_file_find(&cohorts, word, role);
    int status = EXIT_GO_ON;
    if (known != NULL) {
        *out = known->at;
    } else {
        status = complain_of(word, role, advice);
    }
    cohorts_file_free(&cohorts);
    return status;
}

int cohort_find(const char *word, enum role role, struct invite *out, const char *advice) {
    char why[INVITE_WHY_MAX];
    char line[LINK_LINE_MAX];
    word = link_word(word, line);
    if (word == NULL || !invite_is_link(word)) {
        return cohort_known(word, role, out, advice);
    }
    if (!invite_parse(word, out, why)) {
        return args_fail(EXIT_USAGE, "%s", why);
    }
    return out->is_cohort ? EXIT_GO_ON : args_fail(EXIT_USAGE, "%s", invite_use(out));
}

int cohort_ask_open(struct cohort_ask *ask) {
    int status =
        ask->cohort == NULL
            ? cohort_find(NULL, ask->any_role ? ROLE_NONE : ROLE_COACH, &ask->at,
                          ask->any_role ? "give its link with --cohort."
                                        : "make one with 'spar cohort new NAME', or give its link "
                                          "with --cohort.")
            : cohort_find(ask->cohort, ROLE_NONE, &ask->at,
                          "see 'spar cohort list', or give its link with --cohort.");
    if (status == EXIT_GO_ON && !cmd_net_open(&ask->net, ask->identity)) {
        status = EXIT_FAILED;
    }
    return status;
}

void cohort_ask_close(struct cohort_ask *ask) {
    cmd_net_close(&ask->net);
}

struct putting {
    struct cohort_ask *ask;
    bool (*answer)(void *ctx, const struct message *message);
    void *ctx;
};

static void on_entered(struct cohort_ask *ask, const struct message *message) {
    struct certs_why why;
    ask->at.role = (enum role)message->entered.role;
    span_copy(message->entered.name, ask->title, sizeof ask->title);
    span_copy(message->entered.call, ask->call, sizeof ask->call);
    if (ask->identity == NULL && !cohorts_file_add(&ask->at, ask->title, &why)) {
        (void)args_fail(EXIT_FAILED, "%s", why.text);
    }
}

static bool on_answer(void *ctx, const struct message *message) {
    struct putting *putting = ctx;
    if (message->kind == MESSAGE_ENTERED) {
        on_entered(putting->ask, message);
        return false;
    }
    return putting->answer(putting->ctx, message);
}

/* Borrows from `ask` and `name`, which it fills in. */
static struct message enter_message(const struct cohort_ask *ask, char name[NAME_MAX_BYTES + 1]) {
    bool asked = cmd_name(ask->name, name);
    return (struct message){.kind = MESSAGE_ENTER,
                            .enter = {.id = 1,
                                      .cohort = span_of(ask->at.room),
                                      .secret = span_of(ask->at.secret),
                                      .name = span_of(name),
                                      .keep = !asked}};
}

int cohort_ask_put(struct cohort_ask *ask, const struct message *question,
                   bool (*answer)(void *ctx, const struct message *message), void *ctx) {
    char name[NAME_MAX_BYTES + 1];
    const struct message enter = enter_message(ask, name);
    struct putting putting = {ask, answer, ctx};
    const struct cmd_ask put = {.server = &ask->at,
                                .question = question,
                                .enter = &enter,
                                .pack = ask->pack,
                                .answer = on_answer,
                                .ctx = &putting};
    return cmd_ask(&ask->net, &put);
}

/* ---- rooms ---- */

static bool add_session(struct cohort_sessions *sessions, const struct message *message) {
    if (sessions->count == sessions->cap) {
        uint32_t cap = sessions->cap == 0 ? 64 : 2 * sessions->cap;
        struct cohort_session *more = realloc(sessions->at, cap * sizeof *more);
        if (more == NULL) {
            return false;
        }
        sessions->at = more;
        sessions->cap = cap;
    }
    struct cohort_session *session = &sessions->at[sessions->count++];
    *session = (struct cohort_session){.opened = message->session.opened,
                                       .stage = (enum stage)message->session.stage,
                                       .role = (enum role)message->session.role,
                                       .events = (uint32_t)message->session.n};
    span_copy(message->room, session->room, sizeof session->room);
    span_copy(message->session.title, session->title, sizeof session->title);
    span_copy(message->session.names, session->names, sizeof session->names);
    return true;
}

struct collecting {
    struct cohort_sessions *sessions;
    bool failed;
};

static bool on_session(void *ctx, const struct message *message) {
    struct collecting *collecting = ctx;
    if (message->kind == MESSAGE_SESSION && !collecting->failed) {
        collecting->failed = !add_session(collecting->sessions, message);
    }
    return message->kind == MESSAGE_END;
}

int cohort_ask_sessions(struct cohort_ask *ask, struct cohort_sessions *out) {
    const struct message question = {.kind = MESSAGE_SESSIONS,
                                     .sessions = {.id = 2, .cohort = span_of(ask->at.room)}};
    struct collecting collecting = {.sessions = out};
    *out = (struct cohort_sessions){0};
    int status = cohort_ask_put(ask, &question, on_session, &collecting);
    return status == EXIT_DONE && collecting.failed ? args_fail(EXIT_FAILED, "Out of memory.")
                                                    : status;
}

void cohort_sessions_free(struct cohort_sessions *sessions) {
    free(sessions->at);
    *sessions = (struct cohort_sessions){0};
}

int cohort_ask_fetch(struct cohort_ask *ask, const struct cohort_session *session,
                     const char *path) {
    char name[NAME_MAX_BYTES + 1];
    const struct message enter = enter_message(ask, name);
    struct invite room = ask->at;
    bool guest = session->role == ROLE_NONE;
    room.is_cohort = false;
    room.role = guest ? ROLE_COACH : session->role;
    memcpy(room.room, session->room, sizeof room.room);
    const struct fetch_room one = {.room = &room,
                                   .seat = guest ? SEAT_GUEST : 0,
                                   .role = room.role,
                                   .enter = &enter,
                                   .path = path,
                                   .advice = "choose another folder",
                                   .quiet = true};
    return fetch_room(&ask->net, &one);
}
