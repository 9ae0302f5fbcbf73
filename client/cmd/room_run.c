/* SPDX-License-Identifier: ISC */
/*
 * room_run.c: from room to room.
 */
#include "client/cmd/room_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/feed/recording_fold.h"
#include "client/net/identity.h"
#include "client/net/moment.h"
#include "client/net/say.h"
#include "client/screen/ui.h"
#include "client/store/prompts_file.h"
#include "client/store/rooms_file.h"
#include "protocol/text/out.h"

/* A room that cannot be remembered is no reason to leave it. */
static void remember(struct room_run *run) {
    struct certs_why why = {{0}};
    struct pin key;
    certs_why_set(&why, "The room cannot be remembered: the own key cannot be read.");
    if (!pin_of_key(keypair_key(run->net->identity), &key) ||
        !rooms_file_add(feed_live_invite(run->feed), run->feed->model.seat, &key, &why)) {
        (void)args_fail(EXIT_FAILED, "%s The room goes on.", why.text);
    }
}

/* What batch mode would be told by hand. */
static void bring(struct room_run *run) {
    json_t *line = json_pack("{s:s}", "bring", run->bring);
    char *text = line != NULL ? json_dumps(line, JSON_COMPACT) : NULL;
    struct out lines;
    out_init(&lines);
    if (text != NULL) {
        out_print(&lines, "%s\n{\"wait\":\"sync\"}\n", text);
    }
    if (text == NULL || lines.failed) {
        room_run_done(run, BATCH_FAILED);
    } else {
        batch_feed(run->batch, lines.data, lines.len, true);
    }
    out_free(&lines);
    free(text);
    json_decref(line);
}

static void on_joined(struct feed *feed, void *ctx) {
    struct room_run *run = ctx;
    run->joined = true;
    remember(run);
    if (run->batch == NULL) {
        event_base_loopbreak(run->net->base);
        return;
    }
    batch_print(run->batch, "joined",
                json_pack("{s:s,s:s,s:i}", "room", feed->model.room_id, "role",
                          role_name(feed->model.role), "seat", feed->model.seat));
    if (!run->reading && run->bring != NULL) {
        bring(run);
    } else if (!run->reading && !batch_start(run->batch, STDIN_FILENO)) {
        room_run_done(run, BATCH_FAILED);
    }
    run->reading = true;
}

static void on_over(struct feed *feed, enum connection_end end, const char *why, void *ctx) {
    (void)feed;
    struct room_run *run = ctx;
    run->over = true;
    run->end = end;
    snprintf(run->why, sizeof run->why, "%s", why);
    if (!run->on_screen) { /* a screen stays until the person has read why */
        event_base_loopbreak(run->net->base);
    }
}

/* Before there is a screen that could show it. */
static void on_patience(const char *why, void *ctx) {
    struct room_run *run = ctx;
    cmd_say_patience(why, &run->told);
}

static void on_kept(const struct kept *kept, void *ctx) {
    struct room_run *run = ctx;
    cmd_say_kept(kept, &run->told_kept);
}

int cmd_batch_status(enum batch_end end) {
    return end == BATCH_DONE ? EXIT_DONE : end == BATCH_BAD_LINE ? EXIT_USAGE : EXIT_FAILED;
}

void room_run_done(struct room_run *run, enum batch_end end) {
    run->batch_status = cmd_batch_status(end);
    if (run->feed != NULL) {
        feed_live_leave(run->feed);
    }
}

void room_run_moved(struct room_run *run) {
    if (!run->moved && run->feed != NULL) {
        run->moved = true;
        feed_live_leave(run->feed);
    }
}

void room_run_recall(struct room_run *run) {
    run->recalled = true;
    event_base_loopbreak(run->net->base);
}

bool room_run_met(const struct room_run *run) {
    bool interviewer = false;
    bool candidate = false;
    const struct room *room = run->feed == NULL ? NULL : &run->feed->model.room;
    for (int i = 0; room != NULL && i < room->seat_count; i++) {
        interviewer = interviewer || room->seats[i].role == ROLE_INTERVIEWER;
        candidate = candidate || room->seats[i].role == ROLE_CANDIDATE;
    }
    return interviewer && candidate;
}

static void print_links(const struct feed_links *links) {
    for (uint32_t i = 0; i < links->count; i++) {
        say(stdout, "For the %s:\n  spar join '%s'\n\n", role_name(links->at[i].role),
            links->at[i].text);
    }
    fflush(stdout);
}

/* What the person can do next with the room just left. */
static void say_left(const struct room_run *run) {
    const struct model *model = &run->feed->model;
    say(stdout, "You have left room %s. Back to it: spar join %s%s%s\n", model->room_id,
        model->room_id, run->identity == NULL ? "" : " --identity ",
        run->identity == NULL ? "" : run->identity);
    fflush(stdout);
}

/* How far the interview is in the recording that is here; STAGE_WAITING without one. */
static enum stage stage_kept(const char *room) {
    struct recording rec;
    struct model model;
    struct certs_why why;
    if (recording_file_missing(room)) {
        return STAGE_WAITING;
    }
    enum stage stage = STAGE_WAITING;
    if (recording_file_read(room, &rec, &why) == RECORDING_OK) {
        (void)!recording_fold(&rec, &model);
        stage = model.room.stage;
        model_free(&model);
    }
    recording_free(&rec);
    return stage;
}

/* Of an interview that is over the recording is saved, since the server may stop with the last who
 * leaves. Before the debrief the candidate's lacks the panel's sheet: that one is fetched when it
 * is asked for. */
static void keep_recording(const struct room_run *run) {
    const struct model *model = &run->feed->model;
    enum stage stage = model->room.stage;
    if (stage < STAGE_FINISHED || run->identity != NULL) {
        return;
    }
    bool wanted = stage >= STAGE_DEBRIEF || model->role != ROLE_CANDIDATE;
    bool kept = stage_kept(model->room_id) >= (stage < STAGE_DEBRIEF ? stage : STAGE_DEBRIEF);
    if (wanted && !kept) {
        (void)cmd_fetch_quietly(model->room_id); /* complains if it cannot be */
    }
    say(stdout, "Its report: spar report %s\n", model->room_id);
}

/* From the join until the person quits, moves on or is called back. False: no terminal. */
static bool run_screen(struct room_run *run) {
    struct ui_link links[UI_LINKS_MAX];
    uint32_t count = 0;
    const struct feed_links *known = &run->feed->links;
    for (; count < known->count && count < UI_LINKS_MAX; count++) {
        links[count] = (struct ui_link){known->at[count].role, known->at[count].text};
    }
    print_links(known);
    struct ui_options options = {.links = links,
                                 .link_count = count,
                                 .no_bell = !cmd_bell(),
                                 .follow = !run->stay,
                                 .monotonic_ms = moment_ms};
    run->on_screen = true;
    enum ui_end end = ui_run(run->feed, run->net->base, &options);
    run->on_screen = false;
    run->moved = end == UI_MOVED && !run->recalled;
    run->again = end == UI_AGAIN && !run->recalled;
    if (!run->over && !run->moved && !run->recalled) {
        say_left(run);
    }
    return end != UI_FAILED;
}

static int end_status(const struct room_run *run) {
    if (run->again) {
        return EXIT_DONE; /* the person has read why */
    }
    if (run->end == CONNECTION_END_REFUSED) {
        return args_fail(EXIT_REFUSED, "%s", run->why);
    }
    if (run->end == CONNECTION_END_FAILED) {
        return args_fail(EXIT_NO_CONNECTION, "%s", run->why);
    }
    return run->batch_status;
}

/* A candidate who has seen the prompt does not get it a second time. */
static void remember_prompt(const struct model *model) {
    if (model->role == ROLE_CANDIDATE && model->room.pack != NULL &&
        model->room.stage >= STAGE_RUNNING) {
        prompts_file_add(model->room.pack->id);
    }
}

/* One room, until it has been left. */
static int run_feed(struct room_run *run, const struct feed_live_options *options) {
    run->joined = run->over = run->moved = run->again = false;
    run->feed = feed_live_new(options);
    if (run->feed == NULL) {
        return args_fail(EXIT_FAILED, "Out of memory.");
    }
    if (run->batch != NULL) {
        batch_attach(run->batch, run->feed);
    }
    event_base_dispatch(run->net->base);
    bool shown = true;
    if (run->batch == NULL && run->joined && !run->over && !run->recalled) {
        shown = run_screen(run);
    }
    while (!run->over) {
        feed_live_leave(run->feed);
        event_base_dispatch(run->net->base);
    }
    remember_prompt(&run->feed->model);
    if (run->batch == NULL && run->joined && run->end == CONNECTION_END_LEFT && !run->recalled) {
        keep_recording(run);
    }
    return shown ? end_status(run) : EXIT_FAILED;
}

static void free_feed(struct room_run *run) {
    if (run->batch != NULL) {
        batch_attach(run->batch, NULL);
    }
    if (run->feed != NULL) {
        run->feed->ops->free(run->feed);
        run->feed = NULL;
    }
}

/* The link of the second half: the same server, and a seat that is kept for this key. */
static void next_invite(struct invite *invite, const struct feed *feed) {
    *invite = *feed_live_invite(feed);
    invite->secret[0] = '\0';
    memcpy(invite->room, feed->model.room.next, sizeof invite->room);
}

int room_run(struct room_run *run, const struct invite *first,
             const struct feed_live_hosting *hosting) {
    char name[NAME_MAX_BYTES + 1];
    struct invite invite = *first;
    bool asked = cmd_name(run->name, name);
    struct feed_live_options live = {.base = run->net->base,
                                     .context = run->net->context,
                                     .invite = &invite,
                                     .hosting = hosting,
                                     .known = run->known,
                                     .name = name,
                                     .keep_name = !asked,
                                     .on_kept = run->batch == NULL && !run->known ? on_kept : NULL,
                                     .on_joined = on_joined,
                                     .on_patience = on_patience,
                                     .on_over = on_over,
                                     .ctx = run};
    live.patience_ms = cmd_patience(run->batch != NULL);
    run->recalled = false;
    int status;
    do {
        status = run_feed(run, &live);
        if (run->moved && run->feed != NULL) {
            next_invite(&invite, run->feed);
            live.hosting = NULL;
            live.known = true;
        } else if (run->again && run->feed != NULL) {
            invite = *feed_live_invite(run->feed);
            live.hosting = NULL;
            live.known = true;
        }
        free_feed(run);
    } while ((run->moved || run->again) && status == EXIT_DONE && !run->recalled);
    return status;
}
