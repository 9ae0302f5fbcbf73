/*
 * cmd_replay.c: spar replay ID|FILE: a recording on the screens of the interview, or printed as text.
 */
#include <stdio.h>
#include <string.h>

#include "client/cmd.h"
#include "client/event_words.h"
#include "client/feed_recording.h"
#include "client/moment.h"
#include "client/recording_file.h"
#include "client/ui.h"

/* One line per event, up to the first that does not fit; that is then said in `why`. */
static bool print_events(const struct recording *rec, struct out *out, struct certs_why *why) {
    struct room room;
    bool whole = true;
    room_init(&room);
    for (uint32_t i = 0; whole && i < rec->count; i++) {
        whole = room_apply(&room, &rec->events[i], NULL, NULL) == APPLY_OK && room.pack;
        if (whole) {
            event_line(out, &room, &rec->events[i]);
        } else {
            certs_why_set(why, "Event %u does not fit to those before it: this goes up to there.",
                          i + 1);
        }
    }
    room_free(&room);
    return whole;
}

static int print_recording(const struct recording *rec, bool whole, struct certs_why *why) {
    struct out out;
    struct out_locale locale = out_locale_enter();
    out_init(&out);
    whole = print_events(rec, &out, why) && whole;
    out_locale_leave(locale);
    int status = EXIT_DONE;
    if (out.failed) {
        status = args_fail(EXIT_FAILED, "Out of memory.");
    } else if ((out.len > 0 && fwrite(out.data, 1, out.len, stdout) != out.len) ||
               fflush(stdout) != 0) {
        status = args_fail(EXIT_FAILED, "The recording could not be printed.");
    } else if (!whole) {
        status = args_fail(EXIT_DAMAGED, "%s", why->text);
    }
    out_free(&out);
    return status;
}

/* Takes the recording over. */
static int show_recording(struct recording *rec, bool whole, const struct certs_why *why) {
    struct event_base *base = event_base_new();
    struct feed *feed = base ? feed_recording_new(rec, base) : NULL;
    struct ui_options options = {.monotonic_ms = moment_ms};
    int status = EXIT_FAILED;
    if (!base) {
        recording_free(rec);
    }
    if (!feed) {
        status = args_fail(EXIT_FAILED, "Out of memory.");
    } else {
        if (!whole) {
            model_say(&feed->model, true, "%s", why->text);
        }
        status = ui_run(feed, base, &options) == 0 ? EXIT_DONE : EXIT_FAILED;
        feed->ops->free(feed);
    }
    if (base) {
        event_base_free(base);
    }
    if (status == EXIT_DONE && !whole) {
        status = args_fail(EXIT_DAMAGED, "%s", why->text);
    }
    return status;
}

static int replay(const char *word, bool print) {
    struct recording rec;
    struct certs_why why = {{0}};
    enum recording_fault fault = recording_file_read(word, &rec, &why);
    bool whole = fault == RECORDING_OK;
    if (!whole && fault != RECORDING_DAMAGED && fault != RECORDING_NO_END) {
        recording_free(&rec);
        return args_fail(EXIT_FAILED, "%s", why.text);
    }
    if (rec.count == 0) {
        recording_free(&rec);
        return args_fail(EXIT_DAMAGED, "There is no event in this recording; fetch it again.");
    }
    if (!print) {
        return show_recording(&rec, whole, &why);
    }
    int status = print_recording(&rec, whole, &why);
    recording_free(&rec);
    return status;
}

int cmd_replay(int argc, char **argv) {
    bool print = false;
    const struct args_option rows[] = {
        {"print", NULL, "write it as text: one line for each event", &print, NULL}};
    const struct args_spec spec = {
        "replay ROOM|FILE [OPTION]",
        "Shows a recording on the screens of the interview: play, pause, slower and faster,\n"
        "forwards and backwards, to the next mark, flag or phase; '?' shows the keys. Exit status\n"
        "4: the recording is damaged; what is shown goes up to there.",
        rows,
        sizeof rows / sizeof rows[0],
        1,
        1};
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    return status == EXIT_GO_ON ? replay(argv[rest], print) : status;
}
