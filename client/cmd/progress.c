/* SPDX-License-Identifier: ISC */
/*
 * progress.c: spar progress: one's own recorded interviews over time.
 */
#include <langinfo.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/cmd/known_servers.h"
#include "client/cmd/progress_load.h"
#include "client/net/identity.h"
#include "client/report/report.h"
#include "client/store/rooms_file.h"

struct options {
    const char *format, *out, *role;
    bool fetch, ascii, items;
};

static bool is_there(const char *room) {
    char name[64];
    char path[IDENTITY_PATH_MAX];
    struct certs_why why;
    snprintf(name, sizeof name, "recordings/%s.spar", room);
    return identity_path(name, path, &why) && access(path, F_OK) == 0;
}

/* Rooms that the key has without having been in them from here are asked for, too: those of a
 * member who has moved to it. A server that is away is complained of, and takes nothing away. */
static void find_more(const struct options *options) {
    if (options->fetch) {
        (void)cmd_learn_rooms();
    }
}

/* Fetches the known rooms of that role that are not here; those that stay away are noted. */
static bool known_rooms(struct progress *progress, const struct options *options, enum role role,
                        struct certs_why *why) {
    struct rooms_file rooms;
    find_more(options);
    if (!rooms_file_read(&rooms, why)) {
        return false;
    }
    for (size_t i = 0; i < rooms.count; i++) {
        const struct rooms_entry *entry = &rooms.entries[i];
        bool again = false; /* another key of this machine has a seat there too */
        for (size_t k = 0; k < i; k++) {
            again = again || strcmp(rooms.entries[k].at.room, entry->at.room) == 0;
        }
        if (again || entry->at.role != role || is_there(entry->at.room)) {
            continue;
        }
        if (!options->fetch) {
            progress_note(progress, "Room %s is not fetched yet; 'spar progress --fetch' gets it.",
                          entry->at.room);
        } else if (cmd_fetch_quietly(entry->at.room) != EXIT_DONE) {
            progress_note(progress, "Room %s could not be fetched.", entry->at.room);
        }
    }
    rooms_file_free(&rooms);
    return true;
}

/* A recording from before the debrief lacks the panel's sheet. */
static void note_early(struct progress *progress) {
    for (uint32_t i = 0; i < progress->count; i++) {
        if (progress->sessions[i].self) {
            progress_note(progress,
                          "The panel's sheet of room %s: its recording is from before the debrief; "
                          "'spar fetch %s' gets a new one.",
                          progress->sessions[i].room, progress->sessions[i].room);
        }
    }
}

static int write_progress(const struct progress *progress, enum report_format format,
                          enum role role, const struct options *options) {
    bool utf8 = options->out || strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    struct progress_options how = {
        .role = role, .ascii = options->ascii || !utf8, .items = options->items};
    struct out out;
    out_init(&out);
    if (format == REPORT_HTML) {
        progress_html(progress, &how, &out);
    } else if (format == REPORT_JSON) {
        progress_json(progress, &how, &out);
    } else {
        progress_text(progress, &how, &out);
    }
    if (format == REPORT_TEXT) {
        cmd_text_fit(&out, options->out);
    }
    int status =
        out.failed ? args_fail(EXIT_FAILED, "Out of memory.") : cmd_report_put(&out, options->out);
    out_free(&out);
    return status;
}

static int show(const struct options *options, enum report_format format, enum role role) {
    struct progress progress;
    struct certs_why why = {{0}};
    char folder[IDENTITY_PATH_MAX];
    progress_init(&progress);
    bool good = known_rooms(&progress, options, role, &why) &&
                identity_path("recordings", folder, &why) &&
                progress_load(&progress, folder, true, &why);
    if (good) {
        progress_keep_role(&progress, role);
        note_early(&progress);
        good = progress_sum(&progress);
    }
    int status = good ? write_progress(&progress, format, role, options)
                      : args_fail(EXIT_FAILED, "%s", why.text[0] ? why.text : "Out of memory.");
    progress_free(&progress);
    return status;
}

static const char about[] =
    "Shows your recorded interviews over time: of each phase the time against its\n"
    "budget and the share of items raised, items that were never raised, and flags\n"
    "that come back.";

int cmd_progress(int argc, char **argv) {
    struct options options = {.format = "text", .role = "candidate"};
    const struct args_option rows[] = {
        ARGS_TEXT("format", "FORMAT", &options.format,
                  "text (as it is without this), html or json"),
        ARGS_TEXT("out", "FILE", &options.out, "write to FILE instead of standard output"),
        ARGS_TEXT("role", "ROLE", &options.role,
                  "your interviews as candidate (as it is without this), interviewer or coach"),
        ARGS_FLAG("fetch", &options.fetch,
                  "first fetch the rooms that you were in and that are not here"),
        ARGS_FLAG("items", &options.items,
                  "list every item that was never raised, not only how many"),
        ARGS_FLAG("ascii", &options.ascii, "draw the lines of the text with ASCII only")};
    const struct args_spec spec = {
        .usage = "progress [OPTION]...",
        .about = about,
        ARGS_OPTIONS(rows),
    };
    enum report_format format;
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    if (status != EXIT_GO_ON) {
        return status;
    }
    if (!report_format_find(options.format, &format) || format == REPORT_MARKDOWN) {
        return args_fail(EXIT_USAGE, "There is no format \"%.40s\": use text, html or json.",
                         options.format);
    }
    enum role role = role_find(options.role, strlen(options.role));
    if (role == ROLE_NONE) {
        return args_fail(EXIT_USAGE,
                         "There is no role \"%.40s\": use candidate, interviewer or coach.",
                         options.role);
    }
    return show(&options, format, role);
}
