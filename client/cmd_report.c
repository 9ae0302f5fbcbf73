/*
 * cmd_report.c: spar report ID|FILE: a recording folded to its end, and the report of it written.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "client/cmd.h"
#include "client/report.h"

/* Folds all events, or up to the first that does not fit. */
static void fold(struct cmd_recording *recording, struct model *model) {
    const struct recording *rec = &recording->rec;
    model_init(model);
    memcpy(model->room_id, rec->room, sizeof model->room_id);
    model->seat = rec->seat;
    model->role = rec->role;
    model->link = LINK_RECORDING;
    for (uint32_t i = 0; i < rec->count; i++) {
        if (model_apply(model, &rec->events[i]) != APPLY_OK) {
            cmd_recording_misfit(recording, i + 1);
            return;
        }
    }
}

/* To a file, whole or not at all as far as that can be told, or to stdout. */
static int put(const struct out *text, const char *path) {
    FILE *file = path ? fopen(path, "wbe") : stdout;
    if (!file) {
        return args_fail(EXIT_FAILED, "%s cannot be written (%s).", path, strerror(errno));
    }
    bool good = fwrite(text->data, 1, text->len, file) == text->len && fflush(file) == 0;
    int error = errno;
    if (path && fclose(file) != 0) {
        error = good ? errno : error;
        good = false;
    }
    return good ? EXIT_DONE
                : args_fail(EXIT_FAILED, "The report could not be written (%s).", strerror(error));
}

static int write_report(const struct model *model, const char *damage, enum report_format format,
                        const char *path) {
    struct report report;
    struct out out;
    int status;
    out_init(&out);
    enum report_result result = report_collect(&report, model, damage);
    if (result == REPORT_EMPTY) {
        status = args_fail(EXIT_DAMAGED, "There is nothing to report: the room's opening is not in "
                                         "this recording; fetch it again.");
    } else if (result != REPORT_OK || !report_write(&report, format, &out)) {
        status = args_fail(EXIT_FAILED, "Out of memory.");
    } else {
        status = put(&out, path);
    }
    out_free(&out);
    report_free(&report);
    return status;
}

static int report_of(const char *word, enum report_format format, const char *path) {
    struct cmd_recording recording;
    struct model model;
    int status = cmd_recording_open(word, &recording);
    if (status != EXIT_GO_ON) {
        return status;
    }
    fold(&recording, &model);
    status = write_report(&model, recording.whole ? NULL : recording.why.text, format, path);
    model_free(&model);
    recording_free(&recording.rec);
    return cmd_recording_done(&recording, status);
}

int cmd_report(int argc, char **argv) {
    const char *name = "text";
    const char *path = NULL;
    const struct args_option rows[] = {
        {"format", "FORMAT", "text (as it is without this), md, html or json", NULL, &name},
        {"out", "FILE", "write to FILE instead of standard output", NULL, &path}};
    const struct args_spec spec = {
        "report ROOM|FILE [OPTION]...",
        "Writes the report of an interview from its recording: scorecard, time of each phase, the\n"
        "rubric with both sheets, flags, facts, alarms, notes and talk. The HTML is one file that\n"
        "needs nothing else. The recording of a ROOM that is not here yet is fetched first. Exit\n"
        "status 4: the recording is damaged; the report goes up to there.",
        rows,
        sizeof rows / sizeof rows[0],
        1,
        1};
    enum report_format format;
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    if (status != EXIT_GO_ON) {
        return status;
    }
    if (!report_format_find(name, &format)) {
        return args_fail(EXIT_USAGE, "There is no format \"%.40s\": use text, md, html or json.",
                         name);
    }
    return report_of(argv[rest], format, path);
}
