/* SPDX-License-Identifier: ISC */
/*
 * cohort_call.c: spar cohort call: the link to a call elsewhere, which a coach gives and everybody
 * in the cohort sees.
 */
#include <string.h>

#include "client/batch/json_line.h"
#include "client/cmd/cohort.h"
#include "client/net/say.h"
#include "protocol/text/text.h"

static bool is_done(void *ctx, const struct message *message) {
    (void)ctx;
    return message->kind == MESSAGE_END;
}

/* Asks for nothing that would change anything: entering alone tells the link. */
static int show(struct cohort_ask *ask, bool json) {
    const struct message question = {.kind = MESSAGE_SESSIONS, .sessions = {.id = 2}};
    char plain[ROOM_CALL_MAX_BYTES + 1];
    int status = cohort_ask_put(ask, &question, is_done, NULL);
    text_plain(span_of(ask->call), plain, sizeof plain);
    if (status == EXIT_DONE && json) {
        json_line_print(stdout, json_pack("{s:s}", "call", plain));
    } else if (status == EXIT_DONE) {
        say(stdout, "%s\n", plain[0] != '\0' ? plain : "The cohort has no link to a call.");
    }
    return status;
}

static int give(struct cohort_ask *ask, const char *link, bool json) {
    const struct message question = {
        .kind = MESSAGE_CALL,
        .call = {.id = 2, .cohort = span_of(ask->at.room), .call = span_of(link)}};
    int status = cohort_ask_put(ask, &question, is_done, NULL);
    if (status == EXIT_DONE && !json) {
        say(stdout, "%s\n",
            link[0] != '\0' ? "Everybody in the cohort sees the link now."
                            : "The cohort has no link to a call any more.");
    }
    return status;
}

int cmd_cohort_call(const struct cohort_args *args, char **words) {
    struct cohort_ask ask = cmd_cohort_ask(args);
    bool asks_only = words[0] == NULL && !args->undo;
    if (words[0] != NULL && (args->undo || words[0][0] == '\0')) {
        return args_fail(EXIT_USAGE, "Give the link of the call, or --undo to take it away: spar "
                                     "cohort call LINK.");
    }
    if (words[0] != NULL && strlen(words[0]) > ROOM_CALL_MAX_BYTES) {
        return args_fail(EXIT_USAGE, "A link to a call has at most %d bytes.", ROOM_CALL_MAX_BYTES);
    }
    ask.any_role = asks_only;
    int status = cohort_ask_open(&ask);
    if (status != EXIT_GO_ON) {
        return status;
    }
    status = asks_only ? show(&ask, args->json)
                       : give(&ask, words[0] != NULL ? words[0] : "", args->json);
    cohort_ask_close(&ask);
    return status;
}
