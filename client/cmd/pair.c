/* SPDX-License-Identifier: ISC */
/*
 * pair.c: spar pair: the queue, the room that comes of it, and the queue again if the partner does
 * not come.
 *
 * The queue keeps a connection of its own while the person is in the room, until both partners have
 * been there: so the server can call back somebody whose partner does not appear.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/cmd/cohort_ask.h"
#include "client/cmd/link_word.h"
#include "client/cmd/pair_json.h"
#include "client/cmd/pair_options.h"
#include "client/cmd/room_run.h"
#include "client/net/identity.h"
#include "client/net/moment.h"
#include "client/net/say.h"
#include "client/pack/choice.h"
#include "client/screen/pair_ui.h"
#include "client/screen/terminal.h"
#include "client/store/cohorts_file.h"
#include "client/store/host_link.h"

struct pairing {
    struct cmd_net net;
    struct pair *pair;
    struct pair_ui *ui;
    struct room_run run;
    bool batch, own_key, entered, done, over;
    bool met;                     /* both were in the room */
    bool told;                    /* that the first connection is tried again */
    bool told_kept;               /* for how long the server keeps what is written */
    char room[ROOM_ID_BYTES + 1]; /* that the person is in, or was last */
    enum connection_end end;
    char why[400];
};

static bool in_room(const struct pairing *pairing) {
    return pairing->run.feed != NULL;
}

static void settle(struct pairing *pairing) {
    pairing->met = true;
    pair_settle(pairing->pair);
}

static void wake(struct pairing *pairing) {
    event_base_loopbreak(pairing->net.base);
}

/* ---- news of the queue ---- */

static void on_change(void *ctx) {
    pair_ui_changed(((struct pairing *)ctx)->ui);
}

/* The common lobby has the same id on every server, and opens by the host link alone. */
static void remember(const struct pairing *pairing) {
    const struct invite *cohort = pair_invite(pairing->pair);
    struct certs_why why;
    if (strcmp(cohort->room, LOBBY_COHORT) != 0 && pairing->own_key &&
        !cohorts_file_add(cohort, pair_state(pairing->pair)->cohort, &why)) {
        (void)args_fail(EXIT_FAILED, "%s The queue goes on.", why.text);
    }
}

static void on_entered(void *ctx) {
    struct pairing *pairing = ctx;
    if (in_room(pairing) && room_run_met(&pairing->run)) {
        settle(pairing);
    }
    if (!pairing->entered) {
        pairing->entered = true;
        remember(pairing);
        if (!pairing->batch) {
            wake(pairing); /* the screen opens now */
        }
    }
}

static void print_queue(const struct pairing *pairing) {
    if (pairing->batch) {
        batch_print(pairing->run.batch, "queue", pair_json_queue(pair_state(pairing->pair)));
    }
}

static void on_evening(void *ctx) {
    const struct pairing *pairing = ctx;
    if (pairing->batch) {
        batch_print(pairing->run.batch, "evening",
                    pair_json_evening(&pair_state(pairing->pair)->evening));
    }
}

static void on_queue(void *ctx) {
    struct pairing *pairing = ctx;
    const struct pair_state *state = pair_state(pairing->pair);
    if (!in_room(pairing)) {
        print_queue(pairing);
        if (pairing->batch && state->at == PAIR_IDLE && state->why != LOBBY_WHY_LEFT) {
            wake(pairing);
        }
    } else if (state->why == LOBBY_WHY_MET || room_run_met(&pairing->run)) {
        settle(pairing);
    } else if (state->at == PAIR_WAITING || state->at == PAIR_IDLE) {
        print_queue(pairing);
        room_run_recall(&pairing->run);
    }
}

static void on_matched(void *ctx) {
    struct pairing *pairing = ctx;
    const struct pair_state *state = pair_state(pairing->pair);
    if (in_room(pairing) &&
        (strcmp(state->room, pairing->room) == 0 || room_run_met(&pairing->run))) {
        return;
    }
    if (pairing->batch) {
        batch_print(pairing->run.batch, "matched",
                    json_pack("{s:s,s:s,s:s,s:s,s:i}", "room", state->room, "role",
                              role_name(state->role), "partner", state->partner, "title",
                              state->title, "extra", state->extra));
    }
    if (in_room(pairing)) {
        room_run_recall(&pairing->run);
    } else {
        wake(pairing);
    }
}

static void on_refused(void *ctx, enum refusal why) {
    struct pairing *pairing = ctx;
    if (pairing->batch) {
        batch_print(pairing->run.batch, "refused",
                    json_pack("{s:I,s:s,s:s}", "id", (json_int_t)0, "why", refusal_name(why),
                              "text", refusal_sentence(why)));
    }
}

/* While the screen is shown, it says why until the person has read it. */
static void on_patience(const char *why, void *ctx) {
    struct pairing *pairing = ctx;
    cmd_say_patience(why, &pairing->told);
}

static void on_kept(const struct kept *kept, void *ctx) {
    struct pairing *pairing = ctx;
    cmd_say_kept(kept, &pairing->told_kept);
}

static void on_over(void *ctx, enum connection_end end, const char *why) {
    struct pairing *pairing = ctx;
    pairing->over = true;
    pairing->end = end;
    snprintf(pairing->why, sizeof pairing->why, "%s", why);
    if (!in_room(pairing) && (pairing->batch || !pairing->entered || pairing->done)) {
        wake(pairing);
    }
}

/* ---- batch mode ---- */

static void on_done(void *ctx, enum batch_end end) {
    struct pairing *pairing = ctx;
    pairing->done = true;
    room_run_done(&pairing->run, end);
    if (!in_room(pairing)) {
        wake(pairing);
    }
}

static void on_moved(void *ctx) {
    struct pairing *pairing = ctx;
    room_run_moved(&pairing->run);
}

static bool on_want(void *ctx, const json_t *json, char *why) {
    struct pairing *pairing = ctx;
    struct pair_wants wants;
    uint64_t chosen;
    if (!pair_options_json(json, pair_state(pairing->pair), &wants, &chosen, why)) {
        return false;
    }
    pair_want(pairing->pair, &wants, chosen);
    return true;
}

static void on_unwant(void *ctx) {
    pair_unwant(((struct pairing *)ctx)->pair);
}

static bool open_batch(struct pairing *pairing) {
    const struct batch_options options = {.base = pairing->net.base,
                                          .out = stdout,
                                          .errors = stderr,
                                          .done = on_done,
                                          .moved = on_moved,
                                          .want = on_want,
                                          .unwant = on_unwant,
                                          .ctx = pairing,
                                          .now_ms = moment_ms};
    pairing->run.batch = batch_new(&options);
    pairing->run.reading = true;
    return pairing->run.batch != NULL && batch_start(pairing->run.batch, STDIN_FILENO);
}

/* ---- from the queue to the room and back ---- */

/* Until there is a room to go to. EXIT_GO_ON: there is. */
static int wait_in_queue(struct pairing *pairing) {
    const struct pair_state *state = pair_state(pairing->pair);
    if (!pairing->batch) {
        if (pair_ui_run(pairing->ui) == PAIR_UI_FAILED) {
            return EXIT_FAILED;
        }
        return state->at == PAIR_MATCHED && !pairing->over ? EXIT_GO_ON : EXIT_DONE;
    }
    while (!pairing->done && !pairing->over && state->at != PAIR_MATCHED) {
        event_base_dispatch(pairing->net.base);
        if (state->at == PAIR_IDLE && state->why == LOBBY_WHY_EXPIRED) {
            return args_fail(EXIT_FAILED, "%s", pair_why(state->why));
        }
    }
    return pairing->done ? pairing->run.batch_status : pairing->over ? EXIT_DONE : EXIT_GO_ON;
}

static int go_to_room(struct pairing *pairing) {
    const struct pair_state *state = pair_state(pairing->pair);
    struct invite invite = *pair_invite(pairing->pair);
    invite.is_cohort = false;
    invite.role = state->role;
    memcpy(invite.room, state->room, sizeof invite.room);
    memcpy(pairing->room, state->room, sizeof pairing->room);
    if (!pairing->batch) {
        say(stdout, "%s: you are the %s.\n", state->title, role_name(state->role));
    }
    return room_run(&pairing->run, &invite, NULL);
}

static int end_status(const struct pairing *pairing, int status) {
    if (status != EXIT_DONE || !pairing->over || pairing->end == CONNECTION_END_LEFT) {
        return status;
    }
    return args_fail(pairing->end == CONNECTION_END_REFUSED ? EXIT_REFUSED : EXIT_NO_CONNECTION,
                     "%s", pairing->why);
}

/* After an interview: what there is for somebody who would rather not meet that partner again. */
static void print_ways(const struct pairing *pairing) {
    if (!pairing->batch && pairing->met && pairing->own_key &&
        strcmp(pair_invite(pairing->pair)->room, LOBBY_COHORT) != 0) {
        say(stdout,
            "Not again with this person: spar cohort avoid %s\n"
            "To tell the coaches of it: spar cohort tell %s TEXT\n",
            pairing->room, pairing->room);
    }
}

static int run(struct pairing *pairing) {
    if (!pairing->batch) {
        event_base_dispatch(pairing->net.base); /* until entered: what is wrong is said plainly */
    }
    int status = pairing->over ? EXIT_DONE : EXIT_GO_ON;
    bool was_in_room = false;
    while (status == EXIT_GO_ON) {
        status = wait_in_queue(pairing);
        if (status == EXIT_GO_ON) {
            was_in_room = true;
            status = go_to_room(pairing);
            status = pairing->run.recalled && !pairing->over ? EXIT_GO_ON : status;
        }
    }
    if (was_in_room && status == EXIT_DONE) {
        print_ways(pairing);
        pairing->end = CONNECTION_END_LEFT; /* what became of the queue does not matter any more */
    } else {
        status = end_status(pairing, status);
    }
    if (!pairing->batch && !was_in_room && !pairing->over && status == EXIT_DONE) {
        say(stdout, "You have left the queue.\n");
    }
    while (!pairing->over) {
        pairing->done = true;
        pair_leave(pairing->pair);
        event_base_dispatch(pairing->net.base);
    }
    return status;
}

/* ---- the command line ---- */

struct pair_args {
    const char *identity, *name, *role, *level, *minutes, *extra, *wait, *pack;
    struct pair_wants wants;
    struct pack *packs[COHORT_PACKS_MAX];
    int pack_count;
    bool batch;
};

/* Every --pack of the command line; each may be a list with commas. */
static bool read_packs(struct pair_args *args, int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        const char *value = strncmp(argv[i], "--pack=", 7) == 0 ? argv[i] + 7 : NULL;
        if (strcmp(argv[i], "--pack") == 0 && i + 1 < argc) {
            value = argv[++i];
        }
        while (value != NULL && *value != '\0') {
            char name[IDENTITY_PATH_MAX];
            size_t len = strcspn(value, ",");
            snprintf(name, sizeof name, "%.*s", (int)len, value);
            value += len + (value[len] == ',');
            struct pack *pack =
                args->pack_count < COHORT_PACKS_MAX ? pack_choice_read(name, stderr) : NULL;
            if (pack == NULL) {
                return false;
            }
            args->packs[args->pack_count++] = pack;
        }
    }
    args->wants.any_pack = args->pack_count == 0;
    if (args->wants.any_pack) {
        args->pack_count = pack_choice_all(args->packs, COHORT_PACKS_MAX);
    }
    return true;
}

static void free_packs(struct pair_args *args) {
    for (int i = 0; i < args->pack_count; i++) {
        pack_unref(args->packs[i]);
    }
}

/* The link that was given, the cohort of that name, the newest cohort, or the common lobby. */
static int find_place(const char *word, struct invite *out) {
    char why[INVITE_WHY_MAX];
    char line[LINK_LINE_MAX];
    const char *link = word = link_word(word, line);
    if (word == NULL || !invite_is_link(word)) {
        int status = cohort_known(word, ROLE_NONE, out, word == NULL ? NULL : "give its link.");
        if (word != NULL || status != EXIT_USAGE) {
            return status;
        }
        link = host_link_find(line, sizeof line);
    }
    if (link == NULL) {
        return args_fail(EXIT_USAGE, "Give the link of your cohort, or the server's host link: "
                                     "spar pair LINK.");
    }
    if (!invite_parse(link, out, why)) {
        return args_fail(EXIT_USAGE, "%s", why);
    }
    return out->is_host || out->is_cohort ? EXIT_GO_ON
                                          : args_fail(EXIT_USAGE, "%s", invite_use(out));
}

static int pair_up(const struct pair_args *args, const struct invite *place) {
    struct pairing pairing = {.batch = args->batch, .own_key = args->identity == NULL};
    char name[NAME_MAX_BYTES + 1];
    if ((!args->batch && !terminal_usable()) || !cmd_net_open(&pairing.net, args->identity)) {
        return EXIT_FAILED;
    }
    bool asked = cmd_name(args->name, name);
    pairing.run = (struct room_run){
        .net = &pairing.net, .name = args->name, .identity = args->identity, .known = true};
    const struct pair_options options = {.base = pairing.net.base,
                                         .context = pairing.net.context,
                                         .invite = place,
                                         .name = name,
                                         .keep_name = !asked,
                                         .wants = &args->wants,
                                         .packs = args->packs,
                                         .pack_count = args->pack_count,
                                         .patience_ms = cmd_patience(args->batch),
                                         .on_patience = on_patience,
                                         .on_kept = args->batch ? NULL : on_kept,
                                         .on_change = on_change,
                                         .on_entered = on_entered,
                                         .on_queue = on_queue,
                                         .on_evening = on_evening,
                                         .on_matched = on_matched,
                                         .on_refused = on_refused,
                                         .on_over = on_over,
                                         .ctx = &pairing};
    pairing.pair = pair_new(&options);
    int status = EXIT_GO_ON;
    if (pairing.pair != NULL) {
        uint64_t all = args->pack_count > 0 ? UINT64_MAX >> (64 - args->pack_count) : 0;
        pair_want(pairing.pair, &args->wants, args->wants.any_pack ? 0 : all);
        pairing.ui = args->batch ? NULL : pair_ui_new(pairing.net.base, pairing.pair);
    }
    if (pairing.pair == NULL || (args->batch ? !open_batch(&pairing) : pairing.ui == NULL)) {
        status = args_fail(EXIT_FAILED, "Out of memory.");
    } else {
        status = run(&pairing);
    }
    batch_free(pairing.run.batch);
    pair_ui_free(pairing.ui);
    pair_free(pairing.pair);
    cmd_net_close(&pairing.net);
    return status;
}

/* The word that was given, or the person's own default; NULL: neither. */
static const char *word_of(const char *given, const struct settings *settings, enum setting own) {
    return given != NULL || settings->value[own][0] == '\0' ? given : settings->value[own];
}

static int read_args(struct pair_args *args, int argc, char **argv) {
    char why[PAIR_OPTIONS_WHY_MAX];
    struct settings settings;
    cmd_settings(&settings);
    if (!pair_options_role(word_of(args->role, &settings, SETTING_PAIR_ROLE), &args->wants, why) ||
        !pair_options_level(word_of(args->level, &settings, SETTING_PAIR_LEVEL), &args->wants,
                            why) ||
        !pair_options_minutes(word_of(args->minutes, &settings, SETTING_PAIR_MINUTES), &args->wants,
                              why) ||
        !pair_options_extra(word_of(args->extra, &settings, SETTING_PAIR_EXTRA), &args->wants,
                            why) ||
        !pair_options_wait(word_of(args->wait, &settings, SETTING_PAIR_WAIT), &args->wants, why)) {
        return args_fail(EXIT_USAGE, "%s", why);
    }
    return read_packs(args, argc, argv) ? EXIT_GO_ON : EXIT_USAGE;
}

static const char about[] =
    "Waits for a partner and goes with them into a room, in the usual screens. LINK\n"
    "is the link of a cohort, or a server's host link for its common lobby, - a line\n"
    "of standard input that holds one; without it $SPAR_LINK or the newest cohort\n"
    "that this client knows is taken. A partner fits by role, prompt, length and\n"
    "level, the oldest of the queue first; nobody gets a prompt as candidate that\n"
    "they have had.\n"
    "\n"
    "With --batch there come {\"queue\":...}, {\"evening\":...} and {\"matched\":...}\n"
    "lines, then those of 'spar join --batch'. Lines of input that need a room are\n"
    "held until there is one; these are not:\n"
    "  {\"pair\":{\"role\":\"candidate\",\"level\":\"mid\",\"minutes\":45,\"extra\":25,\n"
    "      \"wait\":30,\"packs\":[\"click-stream\"]}}\n"
    "      ask for something else, or wait again\n"
    "  {\"unpair\":true}        leave the queue\n"
    "  {\"end\":true}           leave it and end";

int cmd_pair(int argc, char **argv) {
    struct pair_args args = {.wants = {.minutes = PAIR_MINUTES, .wait_ms = PAIR_WAIT_MS}};
    const struct args_option rows[] = {
        ARGS_TEXT("role", "ROLE", &args.role, "interviewer, candidate or either (either)"),
        ARGS_TEXT("level", "LEVEL", &args.level, "mid, senior, staff or any (any)"),
        ARGS_TEXT("pack", "NAME|FILE", &args.pack,
                  "a prompt to practise; may be given several times (any)"),
        ARGS_TEXT("minutes", "N|any", &args.minutes, "the length of the interview (45)"),
        ARGS_TEXT("extra", "N%", &args.extra,
                  "more time than the plan has; of what the two ask for the larger counts"),
        ARGS_TEXT("wait", "N", &args.wait, "how many minutes to wait at most (30)"),
        ARGS_NAME(&args.name),
        ARGS_TEXT("identity", "FILE", &args.identity,
                  "the key to wait with, made if it is missing"),
        ARGS_FLAG("batch", &args.batch, "no screen: JSON lines in and out"),
    };
    const struct args_spec spec = {
        .usage = "pair [LINK|COHORT] [OPTION]...",
        .about = about,
        ARGS_OPTIONS(rows),
        .max = 1,
    };
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    struct invite place;
    if (status == EXIT_GO_ON) {
        status = find_place(argv[rest], &place);
    }
    if (status == EXIT_GO_ON) {
        status = read_args(&args, argc, argv);
        if (status == EXIT_GO_ON) {
            status = pair_up(&args, &place);
        }
        free_packs(&args);
    }
    return status;
}
