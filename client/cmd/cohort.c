/* SPDX-License-Identifier: ISC */
/*
 * cohort.c: spar cohort: which of its parts is wanted, and with what options.
 */
#include "client/cmd/cohort.h"

#include <string.h>

struct cohort_ask cmd_cohort_ask(const struct cohort_args *args) {
    return (struct cohort_ask){
        .cohort = args->cohort, .identity = args->identity, .name = args->name};
}

static const struct {
    const char *name;
    int (*run)(const struct cohort_args *args, char **words);
} parts[] = {
    {"new", cmd_cohort_new},         {"list", cmd_cohort_list},
    {"link", cmd_cohort_link},       {"withdraw", cmd_cohort_withdraw},
    {"offer", cmd_cohort_offer},     {"members", cmd_cohort_members},
    {"rooms", cmd_cohort_rooms},     {"sessions", cmd_cohort_sessions},
    {"export", cmd_cohort_export},   {"report", cmd_cohort_report},
    {"avoid", cmd_cohort_avoid},     {"tell", cmd_cohort_tell},
    {"reports", cmd_cohort_reports}, {"suspend", cmd_cohort_suspend},
    {"admit", cmd_cohort_admit},     {"evening", cmd_cohort_evening},
    {"move", cmd_cohort_move},       {"call", cmd_cohort_call},
};
enum { PARTS = sizeof parts / sizeof parts[0] };

static const char about[] =
    "new       makes a cohort and prints its two links: for students and for coaches\n"
    "list      names the cohorts that this client has entered\n"
    "link      makes one more link; --role says for whom; with --ask a coach says yes\n"
    "          or no to each new key that comes by it\n"
    "withdraw  makes a link worthless and cuts off at once whoever came in by it;\n"
    "          says first who that is, and asks\n"
    "offer     gives the cohort a prompt of its own: interviewers get it, nobody else\n"
    "members   lists links with their numbers, members, who waits, and the prompts\n"
    "evening   says when the group meets next and who comes; a coach sets it: WHEN\n"
    "          [MINUTES [TEXT]], or off; a member says yes or no\n"
    "suspend   keeps the member with this number out; admit lets them in, again or\n"
    "          for the first time\n"
    "move      a link, good once and for a day, by which you move to another key or\n"
    "          machine: cohort, prompts seen and past interviews go along, and the\n"
    "          key of now is out; with a NUMBER a coach makes it for that member\n"
    "reports   lists what members told the coaches about a room\n"
    "avoid     a member's: never again paired with the partner of that room; --undo\n"
    "tell      a member's: tells the coaches about that room; --at says of which\n"
    "          moment\n"
    "call      gives the cohort a link to a call elsewhere, which everybody in it\n"
    "          sees; without LINK it prints the one that is there; --undo takes it\n"
    "          away\n"
    "rooms     lists the rooms of the cohort that are open\n"
    "sessions  lists all its rooms, past ones too\n"
    "export    saves every recording into the folder DIR\n"
    "report    one page about all interviews: items missed, times, people, flags; of\n"
    "          the recordings in DIR, or else it fetches those of the cohort";

int cmd_cohort(int argc, char **argv) {
    struct cohort_args args = {0};
    const struct args_option rows[] = {
        ARGS_TEXT("cohort", "LINK|NAME", &args.cohort,
                  "which one; else the newest that this client coaches"),
        ARGS_TEXT("link", "LINK", &args.link, "new: the server's host link"),
        ARGS_TEXT("role", "ROLE", &args.role, "link: students or coaches"),
        ARGS_FLAG("ask", &args.asks, "link: a coach lets in each new key"),
        ARGS_TEXT("uses", "N", &args.uses, "link: it lets in so many keys"),
        ARGS_TEXT("until", "DATE", &args.until,
                  "link: until then, 2026-11-29 or \"2026-11-29 18:00\""),
        ARGS_FLAG("yes", &args.yes, "withdraw: without the question, for scripts"),
        ARGS_FLAG("undo", &args.undo, "avoid, call: takes that back"),
        ARGS_TEXT("at", "TIME", &args.at, "tell: of which moment, 18:05 or \"2026-11-29 18:05\""),
        ARGS_TEXT("ics", "FILE", &args.ics, "evening: writes it for a calendar"),
        ARGS_FLAG("json", &args.json, "one JSON object a line"),
        ARGS_TEXT("format", "FORMAT", &args.format,
                  "report: text (as it is without this), html, json or csv"),
        ARGS_TEXT("out", "FILE", &args.out, "report: write to FILE instead of standard output"),
        ARGS_NAME(&args.name),
        ARGS_TEXT("identity", "FILE", &args.identity,
                  "the key to go in with, made if it is missing"),
    };
    const struct args_spec spec = {
        .usage =
            "cohort new NAME | list | link | withdraw NUMBER | offer FILE | members | rooms | "
            "sessions | export DIR | report [DIR] | evening [WHEN|off|yes|no] | suspend NUMBER | "
            "admit NUMBER | move [NUMBER] | reports | "
            "avoid ROOM | tell ROOM TEXT | call [LINK]",
        .about = about,
        ARGS_OPTIONS(rows),
        .min = 1,
        .max = 4,
    };
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    if (status != EXIT_GO_ON) {
        return status;
    }
    for (size_t i = 0; i < PARTS; i++) {
        if (strcmp(parts[i].name, argv[rest]) == 0) {
            return parts[i].run(&args, argv + rest + 1);
        }
    }
    return args_fail(EXIT_USAGE, "\"spar cohort\" has no part \"%.40s\"; see 'spar cohort --help'.",
                     argv[rest]);
}
