/* SPDX-License-Identifier: ISC */
/*
 * room.c: a seat in a live room, on a screen or in batch mode: what host and join share.
 */
#include <stdio.h>

#include "client/cmd/room_run.h"
#include "client/net/moment.h"
#include "client/screen/terminal.h"

static void on_batch_done(void *ctx, enum batch_end end) {
    room_run_done(ctx, end);
}

static void on_batch_moved(void *ctx) {
    room_run_moved(ctx);
}

static bool start_batch(struct room_run *run) {
    struct batch_options options = {.base = run->net->base,
                                    .out = stdout,
                                    .errors = stderr,
                                    .done = on_batch_done,
                                    .moved = run->stay ? NULL : on_batch_moved,
                                    .ctx = run,
                                    .now_ms = moment_ms};
    run->batch = batch_new(&options);
    return run->batch != NULL;
}

int cmd_room_run(const struct cmd_room_options *options) {
    struct cmd_net net;
    struct room_run run = {
        .net = &net, .name = options->name, .identity = options->identity, .stay = options->stay};
    /* Nobody takes a seat, or another client's, for a screen that cannot open. */
    if ((!options->batch && !terminal_usable()) || !cmd_net_open(&net, options->identity)) {
        return EXIT_FAILED;
    }
    int status = options->batch && !start_batch(&run)
                     ? args_fail(EXIT_FAILED, "Out of memory.")
                     : room_run(&run, options->invite, options->hosting);
    batch_free(run.batch);
    cmd_net_close(&net);
    return status;
}
