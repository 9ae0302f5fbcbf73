/* SPDX-License-Identifier: ISC */
/*
 * cohort_withdraw.c: spar cohort withdraw: a link opens nothing any more, and who came in by it is
 * cut off. Nothing brings that back, so it says first who they are, and asks.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/cmd/cohort.h"
#include "client/net/say.h"
#include "protocol/cohort/cohort.h"
#include "protocol/text/text.h"

enum { ENTRY_LINK = 1, ENTRY_MEMBER = 2, NAMED_MAX = 12 };

/* What the roster says of the link. */
struct victims {
    int64_t link;
    bool known, withdrawn, coaches;
    uint32_t count;
    char names[NAMED_MAX][NAME_MAX_BYTES + 1]; /* of the first ones */
};

static bool on_entry(void *ctx, const struct message *message) {
    struct victims *victims = ctx;
    bool ours = message->kind == MESSAGE_ENTRY && message->entry.link == victims->link;
    if (ours && message->entry.kind == ENTRY_LINK) {
        victims->known = true;
        victims->withdrawn = !message->entry.on;
        victims->coaches = message->entry.role == COHORT_COACH;
    } else if (ours && message->entry.kind == ENTRY_MEMBER && message->entry.on) {
        if (victims->count < NAMED_MAX) {
            text_plain(message->entry.name, victims->names[victims->count],
                       sizeof victims->names[0]);
        }
        victims->count++;
    }
    return message->kind == MESSAGE_END;
}

static bool nothing_more(void *ctx, const struct message *message) {
    (void)ctx;
    return message->kind == MESSAGE_END;
}

static void say_victims(const struct victims *victims) {
    say(stdout, "Link %lld lets in %s.", (long long)victims->link,
        victims->coaches ? "coaches" : "students");
    if (victims->count == 0) {
        say(stdout, " Nobody who came by it is in now; it will let in nobody any more.\n");
        return;
    }
    say(stdout, " Withdrawn, it lets in nobody any more, and cuts off at once %u member%s:\n",
        victims->count, victims->count == 1 ? "" : "s");
    for (uint32_t i = 0; i < victims->count && i < NAMED_MAX; i++) {
        say(stdout, "  %s\n", victims->names[i]);
    }
    if (victims->count > NAMED_MAX) {
        say(stdout, "  and %u more\n", victims->count - NAMED_MAX);
    }
}

/* EXIT_GO_ON: the person has said yes. Anything but a plain yes is no. */
static int confirm(const struct cohort_args *args, const struct victims *victims) {
    char line[16];
    if (args->yes) {
        return EXIT_GO_ON;
    }
    if (!isatty(STDIN_FILENO)) {
        return args_fail(EXIT_USAGE,
                         "Nobody is there to be asked: add --yes to withdraw link %lld "
                         "without the question.",
                         (long long)victims->link);
    }
    say(stdout, "Withdraw it? [y/N] ");
    fflush(stdout);
    bool yes = fgets(line, sizeof line, stdin) != NULL && (line[0] == 'y' || line[0] == 'Y');
    return yes ? EXIT_GO_ON : args_fail(EXIT_FAILED, "Nothing was withdrawn.");
}

static int ask_first(const struct cohort_args *args, struct cohort_ask *ask,
                     struct victims *victims) {
    const struct message question = {.kind = MESSAGE_ROSTER,
                                     .roster = {.id = 2, .cohort = span_of(ask->at.room)}};
    int status = cohort_ask_put(ask, &question, on_entry, victims);
    if (status != EXIT_DONE) {
        return status;
    }
    if (!victims->known) {
        return args_fail(EXIT_FAILED, "%s", refusal_sentence(REFUSAL_NO_SUCH_LINK));
    }
    if (victims->withdrawn) {
        return args_fail(EXIT_FAILED, "Link %lld is withdrawn already; nothing was changed.",
                         (long long)victims->link);
    }
    if (!args->json) {
        say_victims(victims);
    }
    return confirm(args, victims);
}

int cmd_cohort_withdraw(const struct cohort_args *args, char **words) {
    struct cohort_ask ask = cmd_cohort_ask(args);
    char *end = NULL;
    long number = words[0] == NULL ? -1 : strtol(words[0], &end, 10);
    if (words[0] == NULL || end == words[0] || *end != '\0' || number < 0 ||
        number >= COHORT_LINKS_MAX) {
        return args_fail(EXIT_USAGE, "Give the number of the link, as 'spar cohort members' lists "
                                     "it: spar cohort withdraw NUMBER.");
    }
    int status = cohort_ask_open(&ask);
    if (status != EXIT_GO_ON) {
        return status;
    }
    struct victims victims = {.link = number};
    const struct message question = {
        .kind = MESSAGE_WITHDRAW,
        .withdraw = {.id = 2, .cohort = span_of(ask.at.room), .link = number}};
    status = ask_first(args, &ask, &victims);
    if (status == EXIT_GO_ON) {
        status = cohort_ask_put(&ask, &question, nothing_more, NULL);
        if (status == EXIT_DONE && !args->json) {
            say(stdout, "Link %ld is withdrawn; who came in by it is cut off.\n", number);
        }
    }
    cohort_ask_close(&ask);
    return status;
}
