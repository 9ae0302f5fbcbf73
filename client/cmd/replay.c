/* SPDX-License-Identifier: ISC */
/*
 * replay.c: spar replay ID|FILE: a recording on the screens of the interview, or printed as text.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cmd/cmd.h"
#include "client/feed/recording.h"
#include "client/net/moment.h"
#include "client/report/event_words.h"
#include "client/screen/ui.h"

enum { IDLE_MAX_S = 3600 };

/* One line per event, up to the first that does not fit. */
static void print_events(struct cmd_recording *recording, struct out *out) {
    const struct recording *rec = &recording->rec;
    struct room room;
    bool fits = true;
    room_init(&room);
    for (uint32_t i = 0; fits && i < rec->count; i++) {
        fits = room_apply(&room, &rec->events[i], NULL, NULL) == APPLY_OK && room.pack;
        if (fits) {
            event_line(out, &room, &rec->events[i]);
        } else {
            cmd_recording_misfit(recording, i + 1);
        }
    }
    room_free(&room);
}

static int print_recording(struct cmd_recording *recording) {
    struct out out;
    out_init(&out);
    print_events(recording, &out);
    cmd_text_fit(&out, NULL);
    int status = EXIT_DONE;
    if (out.failed) {
        status = args_fail(EXIT_FAILED, "Out of memory.");
    } else if ((out.len > 0 && fwrite(out.data, 1, out.len, stdout) != out.len) ||
               fflush(stdout) != 0) {
        status = args_lost("The recording", NULL, errno);
    }
    out_free(&out);
    recording_free(&recording->rec);
    return status;
}

/* Takes the recording over. */
static int show_recording(struct cmd_recording *recording, int64_t idle_ms) {
    struct event_base *base = event_base_new();
    struct feed *feed = base ? feed_recording_new(&recording->rec, base) : NULL;
    struct ui_options options = {.monotonic_ms = moment_ms};
    int status = EXIT_FAILED;
    if (!base) {
        recording_free(&recording->rec);
    }
    if (!feed) {
        status = args_fail(EXIT_FAILED, "Out of memory.");
    } else {
        if (!recording->whole) {
            model_say(&feed->model, true, "%s", recording->why.text);
        }
        feed->idle_ms = idle_ms;
        status = ui_run(feed, base, &options) == 0 ? EXIT_DONE : EXIT_FAILED;
        feed->ops->free(feed);
    }
    if (base) {
        event_base_free(base);
    }
    return status;
}

static int replay(const char *word, bool print, int64_t idle_ms) {
    struct cmd_recording recording;
    int status = cmd_recording_open(word, &recording);
    if (status != EXIT_GO_ON) {
        return status;
    }
    if (recording.rec.count == 0) {
        recording_free(&recording.rec);
        return args_fail(EXIT_DAMAGED, "There is no event in this recording; fetch it again.");
    }
    status = print ? print_recording(&recording) : show_recording(&recording, idle_ms);
    return cmd_recording_done(&recording, status);
}

/* "5" or "5s". */
static bool read_idle(const char *text, int64_t *ms) {
    char *end;
    long seconds = strtol(text, &end, 10);
    *ms = seconds * INT64_C(1000);
    return end != text && (*end == '\0' || strcmp(end, "s") == 0) && seconds >= 1 &&
           seconds <= IDLE_MAX_S;
}

static const char about[] =
    "Shows a recording on the screens of the interview: play, pause, slower and\n"
    "faster, forwards and backwards, to the next mark, flag or phase; '?' shows the\n"
    "keys. With --idle no silence lasts longer than that. The recording of a ROOM\n"
    "that is not here yet is fetched first. Exit status 4: the recording is damaged;\n"
    "what is shown goes up to there.";

int cmd_replay(int argc, char **argv) {
    bool print = false;
    const char *idle = NULL;
    int64_t idle_ms = 0;
    const struct args_option rows[] = {
        ARGS_TEXT("idle", "5s", &idle, "play no silence for longer than so many seconds"),
        ARGS_FLAG("print", &print, "write it as text: one line for each event")};
    const struct args_spec spec = {
        .usage = "replay ROOM|FILE [OPTION]",
        .about = about,
        ARGS_OPTIONS(rows),
        .min = 1,
        .max = 1,
    };
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    if (status == EXIT_GO_ON && idle != NULL && (print || !read_idle(idle, &idle_ms))) {
        return args_fail(EXIT_USAGE, "Give --idle as seconds from 1s to %ds, and without --print.",
                         IDLE_MAX_S);
    }
    return status == EXIT_GO_ON ? replay(argv[rest], print, idle_ms) : status;
}
