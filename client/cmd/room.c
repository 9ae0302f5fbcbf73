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

static bool start_batch(struct room_run *run, FILE *nowhere) {
    struct batch_options options = {.base = run->net->base,
                                    .out = nowhere != NULL ? nowhere : stdout,
                                    .errors = stderr,
                                    .plain = nowhere != NULL ? stdout : NULL,
                                    .done = on_batch_done,
                                    .moved = run->stay ? NULL : on_batch_moved,
                                    .ctx = run,
                                    .now_ms = moment_ms};
    run->batch = batch_new(&options);
    return run->batch != NULL;
}

int cmd_room_run(const struct cmd_room_options *options) {
    struct cmd_net net;
    struct room_run run = {.net = &net,
                           .name = options->name,
                           .identity = options->identity,
                           .stay = options->stay,
                           .bring = options->bring};
    bool batch = options->batch || options->bring != NULL;
    /* Nobody takes a seat, or another client's, for a screen that cannot open. */
    if ((!batch && !terminal_usable()) || !cmd_net_open(&net, options->identity)) {
        return EXIT_FAILED;
    }
    FILE *nowhere = options->bring != NULL ? fopen("/dev/null", "we") : NULL;
    bool failed = options->bring != NULL && nowhere == NULL;
    int status = failed || (batch && !start_batch(&run, nowhere))
                     ? args_fail(EXIT_FAILED, "Out of memory.")
                     : room_run(&run, options->invite, options->hosting);
    batch_free(run.batch);
    if (nowhere != NULL) {
        fclose(nowhere);
    }
    cmd_net_close(&net);
    return status;
}
