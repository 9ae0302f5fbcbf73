/* SPDX-License-Identifier: ISC */
/*
 * cohort_among.c: spar cohort avoid, tell, reports, suspend and admit: what members and coaches say
 * about each other.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/batch/json_line.h"
#include "client/cmd/cohort.h"
#include "client/cmd/zone.h"
#include "client/net/moment.h"
#include "client/net/say.h"
#include "protocol/cohort/cohort.h"
#include "protocol/text/text.h"

static bool is_done(void *ctx, const struct message *message) {
    (void)ctx;
    return message->kind == MESSAGE_END;
}

/* Asks, and says what is so now. The question's cohort is filled in by the caller after opening. */
static int put(struct cohort_ask *ask, const struct message *question, const char *said,
               bool json) {
    int status = cohort_ask_put(ask, question, is_done, NULL);
    cohort_ask_close(ask);
    if (status == EXIT_DONE && !json) {
        say(stdout, "%s\n", said);
    }
    return status;
}

/* The room's id of a member's command, or NULL after a complaint. */
static const char *room_word(char **words, const char *usage, int *status) {
    if (words[0] == NULL || !span_is_id(span_of(words[0]))) {
        *status =
            args_fail(EXIT_USAGE, "Give the room's id, as 'spar sessions' lists it: %s.", usage);
        return NULL;
    }
    return words[0];
}

int cmd_cohort_avoid(const struct cohort_args *args, char **words) {
    struct cohort_ask ask = cmd_cohort_ask(args);
    int status = EXIT_GO_ON;
    const char *room = room_word(words, "spar cohort avoid ROOM", &status);
    ask.any_role = true;
    if (room == NULL || (status = cohort_ask_open(&ask)) != EXIT_GO_ON) {
        return status;
    }
    const struct message question = {
        .kind = MESSAGE_AVOID,
        .room = span_of(room),
        .avoid = {.id = 2, .cohort = span_of(ask.at.room), .on = !args->undo}};
    return put(&ask, &question,
               args->undo ? "You may be paired with the partner of that room again."
                          : "You will not be paired with the partner of that room again. Nobody "
                            "is told.",
               args->json);
}

int cmd_cohort_tell(const struct cohort_args *args, char **words) {
    struct cohort_ask ask = cmd_cohort_ask(args);
    int status = EXIT_GO_ON;
    int64_t moment = 0;
    char text[COHORT_REPORT_MAX_BYTES + 1];
    const char *room = room_word(words, "spar cohort tell ROOM TEXT", &status);
    if (room == NULL) {
        return status;
    }
    if (words[1] == NULL || words[1][0] == '\0' || strlen(words[1]) > COHORT_REPORT_MAX_BYTES) {
        return args_fail(EXIT_USAGE,
                         "Say what happened, in 1 to %d bytes: spar cohort tell ROOM "
                         "TEXT.",
                         COHORT_REPORT_MAX_BYTES);
    }
    if (args->at != NULL && !moment_read(args->at, &moment)) {
        return args_fail(EXIT_USAGE, "--at takes a moment like 18:05 or \"2026-11-29 18:05\".");
    }
    text_plain(span_of(words[1]), text, sizeof text);
    ask.any_role = true;
    if ((status = cohort_ask_open(&ask)) != EXIT_GO_ON) {
        return status;
    }
    const struct message question = {
        .kind = MESSAGE_REPORT,
        .room = span_of(room),
        .report = {
            .id = 2, .cohort = span_of(ask.at.room), .moment = moment, .text = span_of(text)}};
    return put(&ask, &question, "The coaches of the cohort have it now; nobody else is told.",
               args->json);
}

/* ---- for coaches ---- */

struct listing {
    bool json;
    uint32_t count;
};

static void print_report(const struct message *message, bool first) {
    char name[NAME_MAX_BYTES + 1];
    char text[COHORT_REPORT_MAX_BYTES + 1];
    char came[MOMENT_ZONE_SIZE];
    char moment[MOMENT_ZONE_SIZE] = "";
    char room[ROOM_ID_BYTES + 1];
    span_copy(message->room, room, sizeof room);
    if (first) {
        cohort_heading("CAME", "MEMBER: REPORT");
    }
    text_plain(message->reported.name, name, sizeof name);
    text_plain(message->reported.text, text, sizeof text);
    zone_row(message->reported.at, came);
    if (message->reported.moment > 0) {
        zone_row(message->reported.moment, moment);
    }
    say(stdout, "%s  %s  member %lld, %s%s%s: %s\n", room, came,
        (long long)message->reported.member, name, moment[0] == '\0' ? "" : ", of ", moment, text);
}

static void print_report_json(const struct message *message) {
    json_line_print(
        stdout,
        json_pack("{s:s%,s:I,s:s%,s:I,s:I,s:s%}", "room", message->room.at,
                  (size_t)message->room.len, "member", (json_int_t)message->reported.member, "name",
                  message->reported.name.len == 0 ? "" : message->reported.name.at,
                  (size_t)message->reported.name.len, "at", (json_int_t)message->reported.at,
                  "moment", (json_int_t)message->reported.moment, "text", message->reported.text.at,
                  (size_t)message->reported.text.len));
}

static bool on_report(void *ctx, const struct message *message) {
    struct listing *listing = ctx;
    if (message->kind == MESSAGE_REPORTED && message->reported.id != 0) {
        if (listing->json) {
            print_report_json(message);
        } else {
            print_report(message, listing->count == 0);
        }
        listing->count++;
    }
    return message->kind == MESSAGE_END;
}

int cmd_cohort_reports(const struct cohort_args *args, char **words) {
    struct cohort_ask ask = cmd_cohort_ask(args);
    struct listing listing = {.json = args->json};
    (void)words;
    int status = cohort_ask_open(&ask);
    if (status != EXIT_GO_ON) {
        return status;
    }
    const struct message question = {.kind = MESSAGE_REPORTS,
                                     .reports = {.id = 2, .cohort = span_of(ask.at.room)}};
    status = cohort_ask_put(&ask, &question, on_report, &listing);
    cohort_ask_close(&ask);
    if (status == EXIT_DONE && listing.count == 0 && !args->json) {
        say(stdout, "Nothing was reported.\n");
    }
    return status;
}

static int admit(const struct cohort_args *args, char **words, bool on) {
    struct cohort_ask ask = cmd_cohort_ask(args);
    char *end = NULL;
    long number = words[0] == NULL ? -1 : strtol(words[0], &end, 10);
    if (words[0] == NULL || end == words[0] || *end != '\0' || number < 0 ||
        number >= COHORT_MEMBERS_MAX) {
        return args_fail(EXIT_USAGE,
                         "Give the member's number, as 'spar cohort members' lists it: "
                         "spar cohort %s NUMBER.",
                         on ? "admit" : "suspend");
    }
    int status = cohort_ask_open(&ask);
    if (status != EXIT_GO_ON) {
        return status;
    }
    const struct message question = {
        .kind = MESSAGE_ADMIT,
        .admit = {.id = 2, .cohort = span_of(ask.at.room), .member = number, .on = on}};
    return put(&ask, &question,
               on ? "That member is let in." : "That member is kept out, also of running rooms.",
               args->json);
}

int cmd_cohort_suspend(const struct cohort_args *args, char **words) {
    return admit(args, words, false);
}

int cmd_cohort_admit(const struct cohort_args *args, char **words) {
    return admit(args, words, true);
}
