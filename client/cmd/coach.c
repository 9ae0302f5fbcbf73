/* SPDX-License-Identifier: ISC */
/*
 * coach.c: spar coach LINK...: the wall of a coach, on a screen or as JSON lines.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/batch/json_line.h"
#include "client/batch/wall_batch.h"
#include "client/cmd/cohort_ask.h"
#include "client/cmd/link_word.h"
#include "client/net/identity.h"
#include "client/net/moment.h"
#include "client/screen/terminal.h"
#include "client/screen/wall_ui.h"
#include "client/store/cohorts_file.h"
#include "client/store/rooms_file.h"

struct coach_run {
    struct cmd_net net;
    struct wall_feed *feed;
    struct wall_ui *ui;
    struct wall_batch *batch;
    bool own_key; /* the usual one, whose cohorts are remembered */
    bool ready, over;
    int batch_status;
    bool told; /* that a first connection is tried again */
    uint32_t links, failed;
    enum connection_end end; /* of the last link that failed */
    char why[WALL_WHY_MAX];  /* the same */
    bool keep_name;          /* none was asked for */
};

/* What cannot be remembered is no reason to leave. */
static void complain_of_list(const struct certs_why *why) {
    (void)args_fail(EXIT_FAILED, "%s The wall goes on.", why->text);
}

/* A room of a cohort is found by its cohort. */
static void remember_room(struct coach_run *run, const struct wall_room *room) {
    struct certs_why why = {{0}};
    struct pin key;
    certs_why_set(&why, "The room cannot be remembered: the own key cannot be read.");
    if (!room->listed &&
        (!pin_of_key(keypair_key(run->net.identity), &key) ||
         !rooms_file_add(&room->seat.invite, room->seat.feed.model.seat, &key, &why))) {
        complain_of_list(&why);
    }
}

static void on_entered(void *ctx, const struct invite *cohort, const char *name) {
    struct coach_run *run = ctx;
    struct certs_why why;
    if (run->own_key && !cohorts_file_add(cohort, name, &why)) {
        complain_of_list(&why);
    }
}

static void on_patience(const char *why, void *ctx) {
    struct coach_run *run = ctx;
    if (!run->ready) { /* later the screen says it */
        cmd_say_patience(why, &run->told);
    }
}

static void on_ready(void *ctx) {
    struct coach_run *run = ctx;
    run->ready = true;
    event_base_loopbreak(run->net.base);
}

static void on_changed(void *ctx) {
    struct coach_run *run = ctx;
    if (run->ui != NULL) {
        wall_ui_changed(run->ui);
    } else if (run->batch != NULL) {
        wall_batch_changed(run->batch);
    }
}

static void on_came(void *ctx, struct wall_room *room) {
    struct coach_run *run = ctx;
    remember_room(run, room);
    if (run->batch != NULL) {
        wall_batch_came(run->batch, room);
    }
}

static void on_went(void *ctx, struct wall_room *room, const char *why) {
    struct coach_run *run = ctx;
    if (run->batch != NULL) {
        wall_batch_went(run->batch, room, why);
    }
}

static void on_told(void *ctx, const char *sentence) {
    struct coach_run *run = ctx;
    if (run->ui != NULL) {
        wall_ui_say(run->ui, false, sentence);
    } else if (run->batch != NULL) {
        json_line_print(stdout, json_pack("{s:s}", "told", sentence));
    }
}

static void on_failed(void *ctx, const struct invite *link, enum connection_end end,
                      const char *why) {
    struct coach_run *run = ctx;
    run->failed++;
    run->end = end;
    if (run->links == 1) {
        snprintf(run->why, sizeof run->why, "%s", why);
    } else {
        char address[INVITE_TEXT_MAX];
        invite_address(link, address);
        snprintf(run->why, sizeof run->why, "%.80s/%s: %.280s", address, link->room, why);
    }
    if (run->ui != NULL) {
        wall_ui_say(run->ui, true, run->why);
    } else if (run->links > 1) {
        (void)args_fail(EXIT_FAILED, "%s", run->why);
    }
    if (run->batch != NULL && run->ready && run->failed == run->links) {
        wall_feed_leave(run->feed); /* nothing is left to wait for */
    }
}

static void on_over(void *ctx) {
    struct coach_run *run = ctx;
    run->over = true;
    if (run->ui == NULL) { /* a screen stays until the person has read why */
        event_base_loopbreak(run->net.base);
    }
}

static void on_batch_done(void *ctx, enum batch_end end) {
    struct coach_run *run = ctx;
    run->batch_status = cmd_batch_status(end);
    wall_feed_leave(run->feed);
}

static bool start_batch(struct coach_run *run) {
    struct wall_batch_options options = {.base = run->net.base,
                                         .feed = run->feed,
                                         .out = stdout,
                                         .errors = stderr,
                                         .done = on_batch_done,
                                         .ctx = run};
    run->batch = wall_batch_new(&options);
    return run->batch != NULL;
}

static bool start_feed(struct coach_run *run, const struct invite *links, uint32_t count,
                       const char *name, bool batch) {
    struct wall_feed_options options = {.base = run->net.base,
                                        .context = run->net.context,
                                        .links = links,
                                        .link_count = count,
                                        .name = name,
                                        .keep_name = run->keep_name,
                                        .patience_ms = cmd_patience(batch),
                                        .ctx = run,
                                        .patience = on_patience,
                                        .ready = on_ready,
                                        .changed = on_changed,
                                        .came = on_came,
                                        .entered = on_entered,
                                        .went = on_went,
                                        .told = on_told,
                                        .failed = on_failed,
                                        .over = on_over};
    run->links = count;
    run->feed = wall_feed_new(&options);
    return run->feed != NULL;
}

/* Until the person quits, or the lines have ended. */
static int watch(struct coach_run *run, bool batch, const char *name) {
    if (!batch) {
        run->ui = wall_ui_new(run->net.base, run->feed, name, cmd_bell());
        if (run->ui == NULL) {
            return EXIT_FAILED;
        }
        wall_ui_run(run->ui);
        wall_ui_free(run->ui);
        run->ui = NULL;
        wall_feed_leave(run->feed);
    } else if (!wall_batch_start(run->batch, STDIN_FILENO)) {
        return args_fail(EXIT_FAILED, "Out of memory.");
    }
    while (!run->over) {
        event_base_dispatch(run->net.base);
    }
    return run->batch_status;
}

static int run_wall(struct coach_run *run, const struct invite *links, uint32_t count, bool batch,
                    const char *given_name) {
    char name[NAME_MAX_BYTES + 1];
    run->keep_name = !cmd_name(given_name, name);
    if (!start_feed(run, links, count, name, batch) || (batch && !start_batch(run))) {
        return args_fail(EXIT_FAILED, "Out of memory.");
    }
    while (!run->ready && !run->over) {
        event_base_dispatch(run->net.base);
    }
    int status = run->failed < count ? watch(run, batch, name) : EXIT_DONE;
    if (status == EXIT_DONE && run->failed == count) {
        status = run->end == CONNECTION_END_REFUSED ? EXIT_REFUSED : EXIT_NO_CONNECTION;
        return count == 1 ? args_fail(status, "%s", run->why) : status;
    }
    return status;
}

static int read_link(const char *word, struct invite *out) {
    char why[INVITE_WHY_MAX];
    char line[LINK_LINE_MAX];
    word = link_word(word, line);
    if (!invite_is_link(word)) {
        return cohort_known(word, ROLE_COACH, out, "give its link for coaches.");
    }
    if (!invite_parse(word, out, why)) {
        return args_fail(EXIT_USAGE, "%s", why);
    }
    if (out->is_host) {
        return args_fail(EXIT_USAGE, "This link is for hosting; the wall needs a cohort's link for "
                                     "coaches, or a room's coach link.");
    }
    if (out->role != ROLE_COACH) {
        return args_fail(EXIT_USAGE,
                         "This link is for the %s; the wall needs a cohort's link for coaches, or "
                         "a room's coach link.",
                         invite_role(out));
    }
    return EXIT_GO_ON;
}

/* The links as they were given; EXIT_GO_ON if each can be used. */
static int read_links(int count, char **words, struct invite *links) {
    char line[LINK_LINE_MAX];
    const char *set = count == 0 ? link_word(NULL, line) : NULL;
    if (set != NULL) {
        return read_link(set, &links[0]);
    }
    if (count == 0) {
        return cohort_known(NULL, ROLE_COACH, &links[0],
                            "give its link for coaches, or a room's coach link.");
    }
    int status = EXIT_GO_ON;
    for (int i = 0; i < count && status == EXIT_GO_ON; i++) {
        status = read_link(words[i], &links[i]);
    }
    return status;
}

static const char about[] =
    "The coach's wall: every live room of a cohort (its link for coaches), and every\n"
    "single room whose coach link is given, on one screen. Rooms that need somebody\n"
    "rise: a hand raised, somebody gone for 20 s, the longest phase over its budget,\n"
    "the framework's alarms, another phase over, no mark for five minutes. Enter\n"
    "opens a room in full, Esc comes back. Everybody in a room sees that the coach is\n"
    "there. Without a link it is $SPAR_LINK, or the newest cohort that this client\n"
    "coaches; - is a line of standard input.";

int cmd_coach(int argc, char **argv) {
    struct invite links[WALL_LINKS_MAX];
    const char *name = NULL, *identity = NULL;
    bool batch = false;
    const struct args_option rows[] = {
        ARGS_NAME(&name),
        ARGS_TEXT("identity", "FILE", &identity, "the key to join with, made if it is missing"),
        ARGS_FLAG("batch", &batch, "no screen: JSON lines in and out, see spar-coach(1)"),
    };
    const struct args_spec spec = {
        .usage = "coach [LINK|COHORT]... [OPTION]...",
        .about = about,
        ARGS_OPTIONS(rows),
        .max = WALL_LINKS_MAX,
    };
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    if (status == EXIT_GO_ON) {
        status = read_links(argc - rest, argv + rest, links);
    }
    if (status != EXIT_GO_ON) {
        return status;
    }
    uint32_t count = argc - rest > 0 ? (uint32_t)(argc - rest) : 1;
    struct coach_run run = {.own_key = identity == NULL};
    if ((!batch && !terminal_usable()) || !cmd_net_open(&run.net, identity)) {
        return EXIT_FAILED;
    }
    status = run_wall(&run, links, count, batch, name);
    wall_batch_free(run.batch);
    wall_feed_free(run.feed);
    cmd_net_close(&run.net);
    return status;
}
