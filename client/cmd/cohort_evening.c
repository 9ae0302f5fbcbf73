/* SPDX-License-Identifier: ISC */
/*
 * cohort_evening.c: spar cohort evening: when the group meets next, in the zone of whoever reads
 * it, who comes, and the same for a calendar. Nothing is mailed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/batch/json_line.h"
#include "client/cmd/cohort.h"
#include "client/net/moment.h"
#include "client/net/say.h"
#include "client/store/ics.h"
#include "client/store/safe_file.h"
#include "protocol/cohort/cohort.h"
#include "protocol/text/text.h"

enum { DEFAULT_MINUTES = 120, MS_A_MINUTE = 60000 };

/* What the server has told of it, made harmless; start 0: there is none. */
struct evening {
    int64_t start, minutes, mine, coming;
    char text[COHORT_EVENING_MAX_BYTES + 1], by[NAME_MAX_BYTES + 1];
    char names[COHORT_NAMES_MAX_BYTES + 1], missing[COHORT_NAMES_MAX_BYTES + 1];
};

static void take(struct evening *evening, const struct message *message) {
    evening->start = message->planned.start;
    evening->minutes = message->planned.minutes;
    evening->mine = message->planned.mine;
    evening->coming = message->planned.coming;
    text_plain(message->planned.text, evening->text, sizeof evening->text);
    text_plain(message->planned.name, evening->by, sizeof evening->by);
    text_plain(message->planned.names, evening->names, sizeof evening->names);
    text_plain(message->planned.missing, evening->missing, sizeof evening->missing);
}

static bool on_answer(void *ctx, const struct message *message) {
    if (message->kind == MESSAGE_PLANNED) {
        take(ctx, message);
    }
    return message->kind == MESSAGE_END;
}

static void say_when(int64_t start, int64_t minutes) {
    char from[MOMENT_ZONE_SIZE];
    char to[MOMENT_WORDS_SIZE];
    moment_zone_words(start, from);
    moment_words(start + minutes * MS_A_MINUTE, to);
    say(stdout, "%s, for %lld minutes, until %s", from, (long long)minutes, to);
}

static void print(const struct evening *evening) {
    static const char *const mine[] = {"You have not said whether you come: yes or no.",
                                       "You come.", "You do not come."};
    if (evening->start == 0) {
        say(stdout, "No evening is set. A coach sets the next one: spar cohort evening "
                    "\"2026-12-03 19:00\" 120 \"What it is about\".\n");
        return;
    }
    say_when(evening->start, evening->minutes);
    say(stdout, ", set by %s.\n", evening->by);
    if (evening->text[0] != '\0') {
        say(stdout, "%s\n", evening->text);
    }
    say(stdout, "%lld come%s%s%s.", (long long)evening->coming, evening->coming == 1 ? "s" : "",
        evening->coming > 0 ? ": " : "", evening->names);
    if (evening->coming % 2 == 1) {
        say(stdout, " That is an odd number: one is left over, who can sit in a room as a coach.");
    }
    say(stdout, "\n%s\n", mine[evening->mine]);
    if (evening->missing[0] != '\0') {
        say(stdout, "Not here yet: %s.\n", evening->missing);
    }
}

static void print_json(const struct evening *evening) {
    static const char *const mine[] = {"unsaid", "yes", "no"};
    json_line_print(stdout,
                    json_pack("{s:I,s:I,s:s,s:s,s:s,s:I,s:s,s:s}", "start",
                              (json_int_t)evening->start, "minutes", (json_int_t)evening->minutes,
                              "text", evening->text, "by", evening->by, "mine", mine[evening->mine],
                              "coming", (json_int_t)evening->coming, "names", evening->names,
                              "missing", evening->missing));
}

static int write_ics(const struct cohort_args *args, const struct cohort_ask *ask,
                     const struct evening *evening) {
    char title[NAME_MAX_BYTES + 32];
    char plain[NAME_MAX_BYTES + 1];
    if (evening->start == 0) {
        return args_fail(EXIT_FAILED, "No evening is set, so there is nothing for a calendar.");
    }
    text_plain(span_of(ask->title), plain, sizeof plain);
    snprintf(title, sizeof title, "Mock interviews: %s", plain);
    const struct ics_event event = {.id = ask->at.room,
                                    .title = title,
                                    .text = evening->text,
                                    .start = evening->start,
                                    .end = evening->start + evening->minutes * MS_A_MINUTE,
                                    .now = moment_of_wall_ms()};
    if (!safe_file_replace(args->ics, false, ics_put, &event)) {
        return args_fail(EXIT_FAILED, "%s could not be written: %s; choose another file.",
                         args->ics, strerror(errno));
    }
    if (!args->json) {
        say(stdout, "Written for a calendar: %s\n", args->ics);
    }
    return EXIT_DONE;
}

/* Reads WHEN, MINUTES and TEXT into the question. EXIT_GO_ON, or what was complained of. */
static int read_evening(char **words, struct message *question) {
    char *end = NULL;
    long minutes = words[1] == NULL ? DEFAULT_MINUTES : strtol(words[1], &end, 10);
    if (strchr(words[0], ':') == NULL || !moment_read(words[0], &question->evening.start) ||
        question->evening.start <= moment_of_wall_ms()) {
        return args_fail(EXIT_USAGE, "Give a moment to come, in your own time zone, like "
                                     "\"2026-12-03 19:00\"; or off, yes or no.");
    }
    if ((end != NULL && (end == words[1] || *end != '\0')) || minutes < 1 ||
        minutes > COHORT_MINUTES_MAX) {
        return args_fail(EXIT_USAGE, "The second word is the length in minutes: 1 to %d.",
                         COHORT_MINUTES_MAX);
    }
    question->evening.minutes = minutes;
    if (words[1] != NULL && words[2] != NULL) {
        question->evening.text = span_of(words[2]);
    }
    return question->evening.text.len <= COHORT_EVENING_MAX_BYTES
               ? EXIT_GO_ON
               : args_fail(EXIT_USAGE, "The line about the evening has at most %d bytes.",
                           COHORT_EVENING_MAX_BYTES);
}

/* Says yes or no to the evening that is set, which `evening` holds by then. */
static int say_coming(struct cohort_ask *ask, struct evening *evening, bool on) {
    if (evening->start == 0) {
        return args_fail(EXIT_FAILED, "No evening is set; there is nothing to say yes or no to.");
    }
    const struct message question = {
        .kind = MESSAGE_COMING,
        .coming = {.id = 2, .cohort = span_of(ask->at.room), .start = evening->start, .on = on}};
    return cohort_ask_put(ask, &question, on_answer, evening);
}

/* Asks what there is, after what is to be said of it. */
static int put(struct cohort_ask *ask, const struct message *first, const char *word,
               struct evening *evening) {
    struct message question = {.kind = MESSAGE_EVENING,
                               .evening = {.id = 2, .cohort = span_of(ask->at.room), .start = -1}};
    int status = EXIT_DONE;
    if (first->evening.start >= 0) {
        struct message set = *first;
        set.evening.cohort = span_of(ask->at.room);
        status = cohort_ask_put(ask, &set, on_answer, evening);
        *evening = (struct evening){0};
    }
    if (status == EXIT_DONE) {
        status = cohort_ask_put(ask, &question, on_answer, evening);
    }
    if (status == EXIT_DONE && word != NULL) {
        status = say_coming(ask, evening, strcmp(word, "yes") == 0);
        if (status == EXIT_DONE) {
            *evening = (struct evening){0};
            status = cohort_ask_put(ask, &question, on_answer, evening);
        }
    }
    return status;
}

int cmd_cohort_evening(const struct cohort_args *args, char **words) {
    struct cohort_ask ask = cmd_cohort_ask(args);
    struct message first = {.kind = MESSAGE_EVENING, .evening = {.id = 2, .start = -1}};
    const char *word = words[0];
    bool answers = word != NULL && (strcmp(word, "yes") == 0 || strcmp(word, "no") == 0);
    bool off = word != NULL && strcmp(word, "off") == 0;
    int status = EXIT_GO_ON;
    if (off) {
        first.evening.start = 0;
    } else if (word != NULL && !answers) {
        status = read_evening(words, &first);
    }
    ask.any_role = word == NULL || answers;
    if (status != EXIT_GO_ON || (status = cohort_ask_open(&ask)) != EXIT_GO_ON) {
        return status;
    }
    struct evening *evening = calloc(1, sizeof *evening);
    if (evening == NULL) {
        cohort_ask_close(&ask);
        return args_fail(EXIT_FAILED, "Out of memory.");
    }
    status = put(&ask, &first, answers ? word : NULL, evening);
    cohort_ask_close(&ask);
    if (status == EXIT_DONE && args->json) {
        print_json(evening);
    } else if (status == EXIT_DONE) {
        print(evening);
    }
    if (status == EXIT_DONE && args->ics != NULL) {
        status = write_ics(args, &ask, evening);
    }
    free(evening);
    return status;
}
