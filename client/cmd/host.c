/* SPDX-License-Identifier: ISC */
/*
 * host.c: spar host: reads a pack, opens a room under it and takes the interviewer's seat.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cmd/cohort_ask.h"
#include "client/cmd/link_word.h"
#include "client/pack/choice.h"
#include "client/store/host_link.h"

static const char USUAL_PACK[] = "click-stream";

struct host_args {
    struct cmd_room_options room;
    const char *link, *cohort, *pack, *plan, *minutes, *extra, *keep;
    bool training, guided;
};

/* "5,3,15,12,10": one number of minutes for each phase. */
static bool read_minutes(const char *text, struct feed_live_hosting *out) {
    int count = out->pack->phase_count;
    for (int i = 0; i < count; i++) {
        char *end;
        double minutes = strtod(text, &end);
        bool last = i == count - 1;
        if (end == text || !(minutes >= 0) || minutes * 60000 > PHASE_BUDGET_MAX_MS ||
            *end != (last ? '\0' : ',')) {
            return false;
        }
        out->budgets_ms[i] = (uint32_t)(minutes * 60000);
        text = end + 1;
    }
    out->own_budgets = true;
    return true;
}

/* "25%" or "25". */
static bool read_extra(const char *text, uint8_t *out) {
    char *end;
    long percent = strtol(text, &end, 10);
    if (end == text || percent < 0 || percent > PLAN_EXTRA_MAX ||
        (*end != '\0' && strcmp(end, "%") != 0)) {
        return false;
    }
    *out = (uint8_t)percent;
    return true;
}

/* "nothing", or days: "30d". */
static bool read_keep(const char *text, struct feed_live_hosting *out) {
    char *end;
    long days = strtol(text, &end, 10);
    out->fleeting = strcmp(text, "nothing") == 0;
    if (out->fleeting) {
        return true;
    }
    if (end == text || strcmp(end, "d") != 0 || days < 1 || days > ROOM_KEPT_MAX) {
        (void)args_fail(EXIT_USAGE, "--keep should be nothing, or days such as 30d, at most %dd.",
                        ROOM_KEPT_MAX);
        return false;
    }
    out->days = (uint16_t)days;
    return true;
}

/* own: the plan that the person's settings name, good where this pack has it. */
static bool choose_plan(const struct host_args *args, const char *own,
                        struct feed_live_hosting *out) {
    const char *wanted = args->plan != NULL || args->minutes != NULL ? args->plan : own;
    out->plan = -1;
    if (args->plan != NULL && args->minutes != NULL) {
        (void)args_fail(EXIT_USAGE, "Give --plan or --minutes, not both.");
        return false;
    }
    if (args->minutes != NULL && out->pack != NULL && !read_minutes(args->minutes, out)) {
        (void)args_fail(EXIT_USAGE,
                        "--minutes should be %d numbers with commas between, one for each phase, "
                        "such as 5,3,15,12,10.",
                        out->pack->phase_count);
        return false;
    }
    if (args->extra != NULL && !read_extra(args->extra, &out->extra)) {
        (void)args_fail(EXIT_USAGE, "--extra should be 0%% to %d%%, such as 25%%.", PLAN_EXTRA_MAX);
        return false;
    }
    for (int i = 0; wanted != NULL && out->pack != NULL && i < out->pack->plan_count; i++) {
        if (strcmp(out->pack->plans[i].id, wanted) == 0) {
            out->plan = i;
        }
    }
    if (args->plan != NULL && out->plan < 0) {
        (void)args_fail(EXIT_USAGE, "The pack has no plan \"%.40s\"; 'spar pack show' lists them.",
                        args->plan);
        return false;
    }
    return true;
}

/* A prompt that is here, or with cohort:ID one that the cohort holds. */
static int choose_pack(const struct host_args *args, const char *name, const struct invite *invite,
                       struct feed_live_hosting *out) {
    static const char held[] = "cohort:";
    if (strncmp(name, held, sizeof held - 1) != 0) {
        out->pack = pack_choice_read(name, stderr);
        return out->pack == NULL ? EXIT_USAGE : EXIT_GO_ON;
    }
    const char *id = name + sizeof held - 1;
    if (!invite->is_cohort) {
        return args_fail(EXIT_USAGE, "A prompt of a cohort is for its rooms: give --cohort too.");
    }
    if (args->plan != NULL || args->minutes != NULL) {
        return args_fail(EXIT_USAGE, "The plans of a cohort's prompt are not known here; choose "
                                     "one in the room, before the start.");
    }
    if (id[0] == '\0' || strlen(id) > ID_MAX_BYTES) {
        return args_fail(EXIT_USAGE, "Give the prompt's id: --pack cohort:ID.");
    }
    memcpy(out->prompt, id, strlen(id) + 1);
    return EXIT_GO_ON;
}

static int host_at(struct host_args *args, const struct invite *invite) {
    struct feed_live_hosting hosting = {.mode = (args->training ? MODE_TRAINING : 0U) |
                                                (args->guided ? MODE_GUIDED : 0U)};
    struct settings settings;
    cmd_settings(&settings);
    const char *own = settings.value[SETTING_HOST_PACK];
    const char *name = args->pack ? args->pack : own[0] ? own : USUAL_PACK;
    int status = choose_pack(args, name, invite, &hosting);
    if (status != EXIT_GO_ON) {
        return status;
    }
    status = EXIT_USAGE;
    if ((args->keep == NULL || read_keep(args->keep, &hosting)) &&
        choose_plan(args, settings.value[SETTING_HOST_PLAN], &hosting)) {
        struct cmd_room_options room = args->room;
        room.invite = invite;
        room.hosting = &hosting;
        status = cmd_room_run(&room);
    }
    pack_unref(hosting.pack);
    return status;
}

static int host(struct host_args *args, const char *word) {
    char line[LINK_LINE_MAX];
    char why[INVITE_WHY_MAX];
    struct invite invite = {0};
    const char *link = args->link != NULL ? args->link : word;
    if (args->cohort != NULL) {
        int status = link == NULL
                         ? cohort_find(args->cohort, ROLE_NONE, &invite, "give its link.")
                         : args_fail(EXIT_USAGE, "Give a host link or --cohort, not both.");
        return status == EXIT_GO_ON ? host_at(args, &invite) : status;
    }
    link = link_word(link, line);
    link = link == NULL ? host_link_find(line, sizeof line) : link;
    if (link == NULL) {
        return args_fail(EXIT_USAGE, "Give the server's host link: spar host LINK (the server "
                                     "prints it when it starts), or set SPAR_HOST_LINK.");
    }
    if (!invite_parse(link, &invite, why)) {
        return args_fail(EXIT_USAGE, "%s", why);
    }
    if (!invite.is_host) {
        return args_fail(EXIT_USAGE, "%s", invite_use(&invite));
    }
    return host_at(args, &invite);
}

static const char about[] =
    "Opens a room on the server whose host link this is, prints the links for the\n"
    "candidate and a coach, and shows the interviewer's screen. Without LINK it is\n"
    "taken from $SPAR_LINK, $SPAR_HOST_LINK or host.link in Spar's data folder, for -\n"
    "from a line of standard input.";

int cmd_host(int argc, char **argv) {
    struct host_args args = {0};
    const struct args_option rows[] = {
        ARGS_TEXT("link", "LINK", &args.link, "the server's host link, in place of the first word"),
        ARGS_TEXT("cohort", "LINK|NAME", &args.cohort,
                  "a cohort that the room belongs to; no host link is needed"),
        ARGS_TEXT("pack", "NAME|FILE", &args.pack,
                  "the prompt (click-stream), see 'spar pack list'; or cohort:ID"),
        ARGS_TEXT("plan", "ID", &args.plan, "one of the framework's plans, such as standard"),
        ARGS_TEXT("minutes", "M,M,...", &args.minutes,
                  "a plan of your own: minutes for each phase"),
        ARGS_TEXT("extra", "PERCENT", &args.extra,
                  "more time: the plan stretched by so much, and every alarm with it"),
        ARGS_TEXT("keep", "nothing|DAYSd", &args.keep,
                  "how long the server keeps the room: nothing after its end, or days"),
        ARGS_FLAG("training", &args.training, "the candidate sees the rubric all the time"),
        ARGS_FLAG("guided", &args.guided,
                  "the candidate sees opening moves and checklist headings"),
        ARGS_NAME(&args.room.name),
        ARGS_TEXT("identity", "FILE", &args.room.identity,
                  "the key to host with, made if it is missing"),
        ARGS_FLAG("batch", &args.room.batch,
                  "no screen: JSON lines in and out, see 'spar join --help'"),
    };
    const struct args_spec spec = {
        .usage = "host [LINK|-] [OPTION]...",
        .about = about,
        ARGS_OPTIONS(rows),
        .max = 1,
    };
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    return status == EXIT_GO_ON ? host(&args, argv[rest]) : status;
}
