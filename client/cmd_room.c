/*
 * cmd_room.c: a seat in a live room, on a screen or in batch mode: what host and join share.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/batch.h"
#include "client/cmd.h"
#include "client/identity.h"
#include "client/moment.h"
#include "client/rooms_file.h"
#include "client/ui.h"

struct seat_run {
    struct cmd_net net;
    struct feed *feed;
    struct batch *batch;
    bool joined, on_screen, over, bad_line;
    bool other_key; /* not this client's usual one */
    enum link_end end;
    char why[400];
};

/* A room that cannot be remembered is no reason to leave it. The list is about the usual key's seat: a second
 * key at the same room changes nothing in it. */
static void remember(struct seat_run *run) {
    struct certs_why why;
    struct rooms_file rooms;
    if (run->other_key && rooms_file_read(&rooms, &why)) {
        bool known = rooms_file_find(&rooms, run->feed->model.room_id) != NULL;
        rooms_file_free(&rooms);
        if (known) {
            return;
        }
    }
    if (!rooms_file_add(feed_live_invite(run->feed), run->feed->model.seat, &why)) {
        (void)args_fail(EXIT_FAILED, "%s The room goes on.", why.text);
    }
}

static void on_joined(struct feed *feed, void *ctx) {
    (void)feed;
    struct seat_run *run = ctx;
    run->joined = true;
    remember(run);
    if (run->batch == NULL) {
        event_base_loopbreak(run->net.base);
    } else if (!batch_start(run->batch, STDIN_FILENO)) {
        run->bad_line = true;
        feed_live_leave(run->feed);
    }
}

static void on_over(struct feed *feed, enum link_end end, const char *why, void *ctx) {
    (void)feed;
    struct seat_run *run = ctx;
    run->over = true;
    run->end = end;
    snprintf(run->why, sizeof run->why, "%s", why);
    if (!run->on_screen) { /* a screen stays until the person has read why */
        event_base_loopbreak(run->net.base);
    }
}

static void on_batch_done(void *ctx, bool bad) {
    struct seat_run *run = ctx;
    run->bad_line = bad;
    feed_live_leave(run->feed);
}

static bool start_batch(struct seat_run *run) {
    struct batch_options options = {.base = run->net.base,
                                    .feed = run->feed,
                                    .out = stdout,
                                    .errors = stderr,
                                    .done = on_batch_done,
                                    .ctx = run,
                                    .now_ms = moment_ms};
    run->batch = batch_new(&options);
    return run->batch != NULL;
}

static void print_links(const struct feed_links *links) {
    for (uint32_t i = 0; i < links->count; i++) {
        printf("For the %s:\n  spar join '%s'\n\n", role_name(links->at[i].role),
               links->at[i].text);
    }
    fflush(stdout);
}

/* From the join until the person quits. */
static bool run_screen(struct seat_run *run) {
    struct ui_link links[UI_LINKS_MAX];
    uint32_t count = 0;
    const struct feed_links *known = &run->feed->links;
    for (; count < known->count && count < UI_LINKS_MAX; count++) {
        links[count] = (struct ui_link){known->at[count].role, known->at[count].text};
    }
    print_links(known);
    struct ui_options options = {.links = links, .link_count = count, .monotonic_ms = moment_ms};
    run->on_screen = true;
    int status = ui_run(run->feed, run->net.base, &options);
    run->on_screen = false;
    if (!run->over) {
        feed_live_leave(run->feed);
        event_base_dispatch(run->net.base);
        printf("You have left room %s. Back to it: spar join %s\n", run->feed->model.room_id,
               run->feed->model.room_id);
    }
    return status == 0;
}

static int end_status(const struct seat_run *run) {
    if (run->end == LINK_END_REFUSED) {
        return args_fail(EXIT_REFUSED, "%s", run->why);
    }
    if (run->end == LINK_END_FAILED) {
        return args_fail(EXIT_NO_CONNECTION, "%s", run->why);
    }
    return run->bad_line ? EXIT_USAGE : EXIT_DONE;
}

static int run_feed(struct seat_run *run, const struct cmd_room_options *options) {
    char name[NAME_MAX_BYTES + 1];
    identity_name(options->name, name);
    struct feed_live_options live = {.base = run->net.base,
                                     .context = run->net.context,
                                     .invite = options->invite,
                                     .hosting = options->hosting,
                                     .name = name,
                                     .on_joined = on_joined,
                                     .on_over = on_over,
                                     .ctx = run};
    run->feed = feed_live_new(&live);
    if (run->feed == NULL || (options->batch && !start_batch(run))) {
        return args_fail(EXIT_FAILED, "Out of memory.");
    }
    event_base_dispatch(run->net.base);
    if (run->joined && !run->over && !run_screen(run)) {
        return EXIT_FAILED;
    }
    return end_status(run);
}

int cmd_room_run(const struct cmd_room_options *options) {
    struct seat_run run = {.other_key = options->identity != NULL};
    if (!cmd_net_open(&run.net, options->identity)) {
        return EXIT_FAILED;
    }
    int status = run_feed(&run, options);
    batch_free(run.batch);
    if (run.feed != NULL) {
        run.feed->ops->free(run.feed);
    }
    cmd_net_close(&run.net);
    return status;
}
