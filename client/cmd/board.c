/* SPDX-License-Identifier: ISC */
/*
 * board.c: spar board ROOM|FILE: the design board of an interview, at its end or at a moment of it.
 */
#include <stdlib.h>
#include <string.h>

#include "client/cmd/cmd.h"
#include "client/net/say.h"
#include "client/report/board_write.h"
#include "client/report/ledger.h"

/* "23:00", "1:02:03" as ms; -1: it is none. */
static int64_t read_moment(const char *text) {
    int64_t total = 0;
    int parts = 0;
    for (const char *at = text;; at++, parts++) {
        char *end;
        long part = *at >= '0' && *at <= '9' ? strtol(at, &end, 10) : -1;
        if (part < 0 || part > 600 || (parts > 0 && part > 59)) {
            return -1;
        }
        total = total * 60 + part;
        at = end;
        if (*at != ':') {
            return *at == '\0' && (parts == 1 || parts == 2) ? total * 1000 : -1;
        }
    }
}

/* Folds up to that running time (-1: all). *past: it ended before. False: an event misfits. */
static bool fold(const struct recording *rec, int64_t moment, struct room *room, uint32_t *count) {
    room_init(room);
    for (*count = 0; *count < rec->count; ++*count) {
        const struct event *event = &rec->events[*count];
        bool later = moment >= 0 && room->clock.started_at > 0 &&
                     board_is_action(event->body.act) &&
                     ledger_time_at(room, event->made).clock > moment;
        if (later) {
            return true;
        }
        if (room_apply(room, event, NULL, NULL) != APPLY_OK) {
            return false;
        }
    }
    return true;
}

static int write_board(struct cmd_recording *recording, enum board_format format, int64_t moment,
                       const char *path) {
    struct room room;
    struct out out;
    uint32_t count;
    out_init(&out);
    if (!fold(&recording->rec, moment, &room, &count)) {
        cmd_recording_misfit(recording, count + 1);
    }
    if (moment >= 0 && ledger_time_at(&room, room.at).clock < moment) {
        char end[BOARD_CLOCK_SIZE];
        say(stderr, "The interview had ended by then; this is its last state, at %s.\n",
            board_clock(&room, room.at, end));
    }
    board_write(&room, format, &out);
    if (format == BOARD_TEXT) {
        cmd_text_fit(&out, path);
    }
    int status = out.failed ? args_fail(EXIT_FAILED, "Out of memory.") : cmd_report_put(&out, path);
    room_free(&room);
    out_free(&out);
    return cmd_recording_done(recording, status);
}

static const char about[] =
    "Writes the design board and the worksheet of an interview: the drawing, the\n"
    "requirements and where they were used. The recording of a ROOM that is not here\n"
    "yet is fetched first. Exit status 4: the recording is damaged; what is written\n"
    "goes up to there.\n\n"
    "With --import FILE the way round, in a live ROOM (its id, or your link) in which\n"
    "you are the candidate: an .excalidraw drawing goes on the board, a picture (PNG,\n"
    "JPEG or WebP of at most 200 KB) on record. A screen of yours that is open there\n"
    "loses the seat meanwhile, and offers to take it back.";

int cmd_board(int argc, char **argv) {
    const char *name = "text";
    const char *path = NULL;
    const char *at = NULL;
    struct cmd_room_options live = {0};
    const struct args_option rows[] = {
        ARGS_TEXT("format", "FORMAT", &name,
                  "text (as it is without this), svg, mermaid, excalidraw or json"),
        ARGS_TEXT("at", "MM:SS", &at, "as it was then, pauses left out"),
        ARGS_TEXT("out", "FILE", &path, "write to FILE instead of standard output"),
        ARGS_TEXT("import", "FILE", &live.bring, "bring a drawing or a picture into the room"),
        ARGS_TEXT("identity", "FILE", &live.identity, "with --import: the key of your seat")};
    const struct args_spec spec = {
        .usage = "board ROOM|FILE [OPTION]...",
        .about = about,
        ARGS_OPTIONS(rows),
        .min = 1,
        .max = 1,
    };
    enum board_format format;
    struct cmd_recording recording;
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    if (status != EXIT_GO_ON) {
        return status;
    }
    if (live.bring) {
        return cmd_bring(argv[rest], &live);
    }
    if (!board_format_find(name, &format)) {
        return args_fail(EXIT_USAGE,
                         "There is no format \"%.40s\": use text, svg, mermaid, "
                         "excalidraw or json.",
                         name);
    }
    int64_t moment = at ? read_moment(at) : -1;
    if (at && moment < 0) {
        return args_fail(EXIT_USAGE, "\"%.40s\" is no moment of an interview: write it as 23:00.",
                         at);
    }
    status = cmd_recording_open(argv[rest], &recording);
    if (status != EXIT_GO_ON) {
        return status;
    }
    status = write_board(&recording, format, moment, path);
    recording_free(&recording.rec);
    return status;
}
