/* SPDX-License-Identifier: ISC */
/*
 * cohort_export.c: spar cohort export and report: what needs the recordings of a cohort.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/batch/json_line.h"
#include "client/cmd/cmd.h"
#include "client/cmd/cohort.h"
#include "client/cmd/progress_load.h"
#include "client/net/identity.h"
#include "client/net/say.h"
#include "client/report/cohort_report.h"
#include "client/report/report.h"

/* All recordings into a folder; one that fails is said and does not stop the others. */
static int export_all(struct cohort_ask *ask, const struct cohort_sessions *sessions,
                      const char *folder, bool json) {
    int worst = EXIT_DONE;
    if (sessions->count == 0 && !json) {
        puts("The cohort has had no rooms yet; there is nothing to save.");
    }
    for (uint32_t i = 0; i < sessions->count; i++) {
        const struct cohort_session *session = &sessions->at[i];
        char path[IDENTITY_PATH_MAX];
        if (snprintf(path, sizeof path, "%s/%s.spar", folder, session->room) >= (int)sizeof path) {
            return args_fail(EXIT_USAGE, "The folder's name is too long.");
        }
        int status = cohort_ask_fetch(ask, session, path);
        worst = status > worst ? status : worst;
        if (status == EXIT_DONE && json) {
            json_line_print(stdout, json_pack("{s:s,s:s,s:I}", "room", session->room, "file", path,
                                              "events", (json_int_t)session->events));
        } else if (status == EXIT_DONE) {
            say(stdout, "%u of %u  %s: %u events\n", i + 1, sessions->count, path, session->events);
            fflush(stdout);
        }
    }
    return worst;
}

int cmd_cohort_export(const struct cohort_args *args, char **words) {
    struct cohort_ask ask = cmd_cohort_ask(args);
    struct cohort_sessions sessions;
    if (words[0] == NULL) {
        return args_fail(EXIT_USAGE, "Give the folder for the recordings: spar cohort export DIR.");
    }
    if (mkdir(words[0], 0700) != 0 && errno != EEXIST) {
        return args_fail(EXIT_USAGE, "The folder %s cannot be made (%s).", words[0],
                         strerror(errno));
    }
    int status = cohort_ask_open(&ask);
    if (status != EXIT_GO_ON) {
        return status;
    }
    status = cohort_ask_sessions(&ask, &sessions);
    if (status == EXIT_DONE) {
        status = export_all(&ask, &sessions, words[0], args->json);
    }
    cohort_sessions_free(&sessions);
    cohort_ask_close(&ask);
    return status;
}

/* ---- the report ---- */

/* Where the recordings of a cohort are kept for its report, with a / at the end. */
static bool own_folder(const struct cohort_ask *ask, char out[IDENTITY_PATH_MAX]) {
    char name[64];
    struct certs_why why;
    snprintf(name, sizeof name, "cohorts.d/%s/", ask->at.room);
    return identity_path(name, out, &why);
}

/* Fetches what may have changed: a closed room's recording that is here stays. */
static int fetch_for_report(struct cohort_ask *ask, const char *folder) {
    struct cohort_sessions sessions;
    int worst = cohort_ask_sessions(ask, &sessions);
    for (uint32_t i = 0; worst == EXIT_DONE && i < sessions.count; i++) {
        char path[IDENTITY_PATH_MAX + 32];
        snprintf(path, sizeof path, "%s%s.spar", folder, sessions.at[i].room);
        if (sessions.at[i].stage != STAGE_CLOSED || access(path, F_OK) != 0) {
            worst = cohort_ask_fetch(ask, &sessions.at[i], path);
        }
    }
    cohort_sessions_free(&sessions);
    return worst;
}

static int write_report(const struct progress *progress, int format, const char *path) {
    struct cohort_report report;
    struct out out;
    out_init(&out);
    bool good = cohort_report_make(&report, progress);
    if (good && format == REPORT_HTML) {
        cohort_report_html(&report, &out);
    } else if (good && format == REPORT_CSV) {
        cohort_report_csv(&report, &out);
    } else if (good && format == REPORT_JSON) {
        cohort_report_json(&report, &out);
    } else if (good) {
        cohort_report_text(&report, &out);
        cmd_text_fit(&out, path);
    }
    int status =
        good && !out.failed ? cmd_report_put(&out, path) : args_fail(EXIT_FAILED, "Out of memory.");
    out_free(&out);
    cohort_report_free(&report);
    return status;
}

int cohort_report_run(const char *folder, int format, const char *out) {
    struct progress progress;
    struct certs_why why = {"Out of memory."};
    progress_init(&progress);
    int status;
    bool good = progress_load(&progress, folder, false, &why);
    if (good) {
        progress.reached_only = true;
        progress_keep_finished(&progress);
        good = progress_sum(&progress);
    }
    if (!good) {
        status = args_fail(EXIT_FAILED, "%s", why.text);
    } else {
        status = write_report(&progress, format, out);
    }
    progress_free(&progress);
    return status;
}

int cmd_cohort_report(const struct cohort_args *args, char **words) {
    struct cohort_ask ask = cmd_cohort_ask(args);
    const char *name = args->format ? args->format : args->json ? "json" : "text";
    char folder[IDENTITY_PATH_MAX];
    enum report_format format;
    if (strcmp(name, "csv") == 0) {
        format = REPORT_CSV;
    } else if (!report_format_find(name, &format) || format == REPORT_MARKDOWN) {
        return args_fail(EXIT_USAGE, "There is no format \"%.40s\": use text, html, json or csv.",
                         name);
    }
    if (words[0] != NULL) {
        return cohort_report_run(words[0], format, args->out);
    }
    int status = cohort_ask_open(&ask);
    if (status != EXIT_GO_ON) {
        return status;
    }
    status = own_folder(&ask, folder)
                 ? fetch_for_report(&ask, folder)
                 : args_fail(EXIT_FAILED, "No folder for Spar's files: set HOME or XDG_DATA_HOME.");
    cohort_ask_close(&ask);
    return status == EXIT_DONE ? cohort_report_run(folder, format, args->out) : status;
}
