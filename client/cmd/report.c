/* SPDX-License-Identifier: ISC */
/*
 * report.c: spar report ID|FILE: a recording folded to its end, and the report of it written.
 */
#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/cmd/cmd.h"
#include "client/cmd/progress_load.h"
#include "client/cmd/zone.h"
#include "client/feed/recording_fold.h"
#include "client/net/identity.h"
#include "client/report/report_past.h"
#include "client/store/safe_file.h"

/* Folds all events, or up to the first that does not fit. */
static void fold(struct cmd_recording *recording, struct model *model) {
    uint32_t count = recording_fold(&recording->rec, model);
    if (count < recording->rec.count) {
        cmd_recording_misfit(recording, count + 1);
    }
}

void cmd_text_fit(struct out *text, const char *path) {
    if (path == NULL && strcmp(nl_langinfo(CODESET), "UTF-8") != 0) {
        out_to_ascii(text);
    }
}

/* By the umask, but nobody else may ever write to what somebody will believe. A device or a pipe
 * stays as it is. */
static void put_text(FILE *file, const void *ctx) {
    const struct out *text = ctx;
    struct stat status;
    if (fstat(fileno(file), &status) == 0 && S_ISREG(status.st_mode)) {
        mode_t mask = umask(0);
        umask(mask);
        (void)fchmod(fileno(file), 0644 & ~mask);
    }
    (void)fwrite(text->data, 1, text->len, file); /* the file remembers */
}

int cmd_report_put(const struct out *text, const char *path) {
    if (path != NULL) {
        /* A full disk leaves what was there, and no half of a report beside it. */
        bool good = safe_file_replace(path, false, put_text, text);
        bool full = errno == ENOSPC || errno == EDQUOT || errno == EIO || errno == EFBIG;
        return good   ? EXIT_DONE
               : full ? args_lost("The report", path, errno)
                      : args_fail(EXIT_FAILED, "%s cannot be written (%s).", path, strerror(errno));
    }
    bool good = fwrite(text->data, 1, text->len, stdout) == text->len && fflush(stdout) == 0;
    return good ? EXIT_DONE : args_lost("The report", path, errno);
}

/* One half, or the whole: what a report borrows from. */
struct half {
    struct cmd_recording recording;
    struct model model;
    struct report report;
    struct report_past past;
    char note[REPORT_WORDS_SIZE];
    struct out comparison; /* of a re-marking with what was marked live */
    bool open, compared;
};

/* A text is followed by the comparison, if there is something to compare with: others name the
 * command. */
static void note_remarking(struct half *half, const char *word, enum report_format format) {
    const struct recording *rec = &half->recording.rec;
    if (!recording_is_remarking(rec)) {
        return;
    }
    half->compared = format == REPORT_TEXT && cmd_remark_append(rec, &half->comparison);
    int len = snprintf(half->note, sizeof half->note, "A re-marking by %.*s", (int)rec->by.len,
                       rec->by.at);
    if (half->compared) {
        snprintf(half->note + len, sizeof half->note - (size_t)len,
                 "; what was marked live stands beside it at the end.");
    } else {
        snprintf(half->note + len, sizeof half->note - (size_t)len,
                 ": 'spar remark %.200s --compare' compares it with what was marked live.", word);
    }
    half->report.note = half->note;
}

/* EXIT_GO_ON: the report is made. */
static int open_half(struct half *half, const char *word, enum report_format format) {
    int status = cmd_recording_open(word, &half->recording);
    if (status != EXIT_GO_ON) {
        return status;
    }
    half->open = true;
    out_init(&half->comparison);
    fold(&half->recording, &half->model);
    enum report_result result = report_collect(
        &half->report, &half->model, half->recording.whole ? NULL : half->recording.why.text);
    if (result == REPORT_EMPTY) {
        return args_fail(EXIT_DAMAGED, "There is nothing to report: the room's opening is not in "
                                       "this recording; fetch it again.");
    }
    half->report.recording = &half->recording.rec;
    if (result == REPORT_OK) {
        half->report.zone = zone_at(report_start(&half->report));
    }
    note_remarking(half, word, format);
    return result == REPORT_OK ? EXIT_GO_ON : args_fail(EXIT_FAILED, "Out of memory.");
}

static void close_half(struct half *half) {
    if (half->open) {
        report_free(&half->report);
        model_free(&half->model);
        recording_free(&half->recording.rec);
        out_free(&half->comparison);
    }
}

/* The other half's recording, if it is here or can be fetched: the report says so if not. */
static void open_other(struct half *half, struct half *other, enum report_format format) {
    const char *room = half->report.linked;
    bool lost = room && recording_file_missing(room) && !cmd_room_known(room);
    if (room && !lost && open_half(other, room, format) == EXIT_GO_ON) {
        report_link(&half->report, &other->report);
    }
}

/* The folder that a file is in, or that of all recordings. */
static bool folder_of(const char *word, char out[IDENTITY_PATH_MAX]) {
    struct certs_why why;
    const char *slash = strrchr(word, '/');
    if (slash == NULL || access(word, F_OK) != 0) {
        return identity_path("recordings", out, &why);
    }
    return snprintf(out, IDENTITY_PATH_MAX, "%.*s", (int)(slash - word) + 1, word) <
           IDENTITY_PATH_MAX;
}

/* What the other recordings that lie there have to say. Without any the report does without. */
static void add_past(const char *word, struct half *half, struct half *other) {
    char folder[IDENTITY_PATH_MAX];
    struct progress progress;
    struct certs_why why;
    progress_init(&progress);
    if (folder_of(word, folder) && progress_load(&progress, folder, true, &why)) {
        struct half *const halves[] = {half, other};
        for (int i = 0; i < 2; i++) {
            struct report *report = &halves[i]->report;
            if (report->room && report_past_fill(report, &progress, &halves[i]->past)) {
                report->past = &halves[i]->past;
            }
        }
    }
    progress_free(&progress);
}

static bool write_all(const struct half *half, enum report_format format, const char *path,
                      struct out *out) {
    bool good = report_write(&half->report, format, out) && !half->comparison.failed;
    if (good && half->compared) {
        out_heading(out, "Comparison", "─", 80);
        out_raw(out, half->comparison.data);
    }
    if (format == REPORT_TEXT || format == REPORT_MARKDOWN) {
        cmd_text_fit(out, path);
    }
    return good && !out->failed;
}

static int report_of(const char *word, enum report_format format, const char *path) {
    struct half half = {.open = false};
    struct half other = {.open = false};
    struct out out;
    out_init(&out);
    int status = open_half(&half, word, format);
    if (status == EXIT_GO_ON) {
        open_other(&half, &other, format);
        add_past(word, &half, &other);
        status = write_all(&half, format, path, &out)
                     ? cmd_recording_done(&half.recording, cmd_report_put(&out, path))
                     : args_fail(EXIT_FAILED, "Out of memory.");
    }
    out_free(&out);
    close_half(&other);
    close_half(&half);
    return status;
}

static const char about[] =
    "Writes the report of an interview from its recording: strengths and next steps,\n"
    "change since the last one, scorecard, time of each phase, the rubric with both\n"
    "sheets, what would have counted, flags, questions, facts, alarms, notes and\n"
    "talk. The HTML is one file that needs nothing else and prints on A4. Of an\n"
    "interview whose roles were turned both halves are shown. The recording of a\n"
    "ROOM that is not here yet is fetched first. Exit status 4: the recording is\n"
    "damaged; the report goes up to there.";

int cmd_report(int argc, char **argv) {
    const char *name = "text";
    const char *path = NULL;
    const struct args_option rows[] = {
        ARGS_TEXT("format", "FORMAT", &name, "text (as it is without this), md, html or json"),
        ARGS_TEXT("out", "FILE", &path, "write to FILE instead of standard output")};
    const struct args_spec spec = {
        .usage = "report ROOM|FILE [OPTION]...",
        .about = about,
        ARGS_OPTIONS(rows),
        .min = 1,
        .max = 1,
    };
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
