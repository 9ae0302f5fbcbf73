/* SPDX-License-Identifier: ISC */
/*
 * pack.c: spar pack check | list | show.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cmd/cmd.h"
#include "client/net/say.h"
#include "client/pack/file.h"
#include "client/report/prepare.h"
#include "protocol/pack/bundle.h"

static void print_fault(const struct pack_file_fault *fault) {
    if (fault->line > 0) {
        say(stdout, "%s:%d:%d: %s\n", fault->file, fault->line, fault->column, fault->what);
    } else {
        say(stdout, "%s: %s\n", fault->file, fault->what);
    }
}

/* False: it has faults, and they were printed. */
static bool check_file(const char *path, struct pack_file_faults *faults) {
    enum pack_file_kind kind = pack_file_check(path, NULL, faults);
    for (uint32_t i = 0; i < faults->count && i < PACK_FILE_FAULTS_MAX; i++) {
        print_fault(&faults->at[i]);
    }
    if (faults->count > PACK_FILE_FAULTS_MAX) {
        say(stdout, "%s: %u more faults\n", path, faults->count - PACK_FILE_FAULTS_MAX);
    }
    for (uint32_t i = 0; i < faults->warned && i < PACK_FILE_WARNINGS_MAX; i++) {
        const struct pack_file_fault *warning = &faults->warning[i];
        say(stdout, "%s:%d:%d: warning: %s\n", warning->file, warning->line, warning->column,
            warning->what);
    }
    if (faults->count > 0) {
        return false;
    }
    say(stdout, "%s: a sound %s\n", path, kind == PACK_FILE_PROMPT ? "prompt" : "framework");
    return true;
}

static int check(char **paths) {
    struct pack_file_faults *faults = malloc(sizeof *faults);
    bool good = faults != NULL;
    if (paths[0] == NULL) {
        free(faults);
        return args_fail(EXIT_USAGE, "Give the files to check: spar pack check FILE...");
    }
    for (int i = 0; faults != NULL && paths[i] != NULL; i++) {
        good = check_file(paths[i], faults) && good;
    }
    free(faults);
    return good ? EXIT_DONE : EXIT_FAILED;
}

static int is_yaml(const struct dirent *entry) {
    const char *dot = strrchr(entry->d_name, '.');
    return dot != NULL && strcmp(dot, ".yaml") == 0;
}

/* One line for each sound prompt of a folder. */
static void list_folder(const char *folder, struct pack_file_faults *faults) {
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_yaml, alphasort);
    for (int i = 0; i < count; i++) {
        char path[PACK_FILE_PATH_MAX];
        struct pack *pack = NULL;
        int len = snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        bool fits = len < PACK_FILE_PATH_MAX;
        if (fits && pack_file_check(path, &pack, faults) == PACK_FILE_PROMPT && pack != NULL) {
            say(stdout, "%-18.*s %-8s %s\n", (int)strlen(entries[i]->d_name) - 5,
                entries[i]->d_name, pack->level, pack->title);
        } else if (fits && faults->count > 0) {
            say(stdout, "%-18s faulty; see: spar pack check %s\n", entries[i]->d_name, path);
        }
        pack_unref(pack);
        free(entries[i]);
    }
    free(entries);
}

static int list(void) {
    struct pack_file_faults *faults = malloc(sizeof *faults);
    char folder[PACK_FILE_PATH_MAX];
    for (int i = 0; faults != NULL && pack_file_folder(i, folder); i++) {
        list_folder(folder, faults);
    }
    free(faults);
    return EXIT_DONE;
}

static void show_pack(const struct pack *pack) {
    say(stdout, "%s (%s, %s)\n%s\n\n", pack->title, pack->id, pack->level, pack->framework_title);
    say_text(stdout, pack->prompt);
    puts("\n\nPlans:");
    for (int i = 0; i < pack->plan_count; i++) {
        say(stdout, "  %-14s %s\n", pack->plans[i].id, pack->plans[i].title);
    }
    for (int phase = 0; phase < pack->phase_count; phase++) {
        say(stdout, "\n%d. %s: %s\n", phase + 1, pack->phases[phase].title,
            pack->phases[phase].goal);
        for (int i = 0; i < pack->item_count; i++) {
            if (pack->items[i].phase == phase) {
                say(stdout, "  %-22s %s%s\n", pack->items[i].id, pack->items[i].title,
                    pack->items[i].own ? " (this prompt's own)" : "");
            }
        }
    }
    if (pack->competency_count > 0) {
        puts("\nCompetencies:");
    }
    for (int i = 0; i < pack->competency_count; i++) {
        const struct pack_competency *competency = &pack->competencies[i];
        say(stdout, "  %-22s %s; asked for: mid %d, senior %d, staff %d of %d\n", competency->id,
            competency->title, competency->mid, competency->senior, competency->staff, PACK_SCORES);
    }
    puts("\nFacts:");
    for (int i = 0; i < pack->fact_count; i++) {
        say(stdout, "  %-22s %s\n", pack->facts[i].id, pack->facts[i].asked);
    }
    puts("\nQuestions:");
    for (int i = 0; i < pack->curveball_count + pack->followup_count; i++) {
        const struct pack_question *question = pack_question_at(pack, i);
        say(stdout, "  %-22s %s\n", question->id, question->text);
    }
    puts("\nFlags:");
    for (int i = 0; i < pack->flag_count; i++) {
        say(stdout, "  %-22s %s\n", pack->flags[i].id, pack->flags[i].title);
    }
}

/* Reads a pack by its name or file; NULL: *status says how to exit, and why was said. */
static struct pack *read_named(const char *what, const char *name, int *status) {
    char path[PACK_FILE_PATH_MAX];
    *status = EXIT_FAILED;
    if (name == NULL) {
        *status = args_fail(EXIT_USAGE, "Give the pack: spar pack %s NAME.", what);
        return NULL;
    }
    if (!pack_file_find(name, path)) {
        *status = args_fail(EXIT_USAGE, "There is no pack \"%.60s\"; see 'spar pack list'.", name);
        return NULL;
    }
    struct pack_file_faults *faults = malloc(sizeof *faults);
    struct pack *pack = faults == NULL ? NULL : pack_file_read(path, faults);
    for (uint32_t i = 0; pack == NULL && faults != NULL && i < faults->count; i++) {
        if (i < PACK_FILE_FAULTS_MAX) {
            print_fault(&faults->at[i]);
        }
    }
    free(faults);
    return pack;
}

static int show(const char *name) {
    int status;
    struct pack *pack = read_named("show", name, &status);
    if (pack != NULL) {
        show_pack(pack);
        pack_unref(pack);
        status = EXIT_DONE;
    }
    return status;
}

/* ---- the sheet to prepare with ---- */

static int write_sheet(const struct pack *pack, bool html, const char *path) {
    struct out out;
    out_init(&out);
    if (html) {
        prepare_html(pack, &out);
    } else {
        prepare_text(pack, &out);
    }
    int status = out.failed ? args_fail(EXIT_FAILED, "Out of memory.") : cmd_report_put(&out, path);
    out_free(&out);
    return status;
}

static int sheet(const char *name, const char *format, const char *path) {
    bool html = strcmp(format, "html") == 0;
    int status;
    if (!html && strcmp(format, "text") != 0) {
        return args_fail(EXIT_USAGE, "There is no format \"%.40s\": use text or html.", format);
    }
    struct pack *pack = read_named("sheet", name, &status);
    if (pack != NULL) {
        status = write_sheet(pack, html, path);
        pack_unref(pack);
    }
    return status;
}

/* Writes a prompt and its framework as the one file that a server's shelf and a page take. */
static bool build_file(const char *path, const char *folder, struct pack_file_faults *faults) {
    char out[PACK_FILE_PATH_MAX];
    struct mp_writer bundle;
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    int stem = dot != NULL ? (int)(dot - name) : (int)strlen(name);
    struct pack *pack = pack_file_read(path, faults);
    for (uint32_t i = 0; pack == NULL && i < faults->count && i < PACK_FILE_FAULTS_MAX; i++) {
        print_fault(&faults->at[i]);
    }
    if (pack == NULL) {
        return false;
    }
    mp_writer_init(&bundle);
    bundle_write(&bundle, pack);
    pack_unref(pack);
    const struct out whole = {.data = bundle.data, .len = bundle.len};
    bool good =
        !bundle.failed &&
        snprintf(out, sizeof out, "%s/%.*s.pack", folder, stem, name) < PACK_FILE_PATH_MAX &&
        cmd_report_put(&whole, out) == EXIT_DONE;
    if (good) {
        say(stdout, "%s\n", out);
    }
    mp_writer_free(&bundle);
    return good;
}

static int build(char **paths, const char *folder) {
    struct pack_file_faults *faults = malloc(sizeof *faults);
    bool good = faults != NULL;
    if (paths[0] == NULL) {
        free(faults);
        return args_fail(EXIT_USAGE, "Give the prompts to build: spar pack build FILE...");
    }
    for (int i = 0; faults != NULL && paths[i] != NULL; i++) {
        good = build_file(paths[i], folder, faults) && good;
    }
    free(faults);
    return good ? EXIT_DONE : EXIT_FAILED;
}

static const char about[] =
    "check  says what is wrong in a framework or prompt, with file, line and column\n"
    "build  writes each prompt with its framework as one file, NAME.pack, for a\n"
    "       server's shelf (spard --packs) or a browser\n"
    "list   names the prompts that came with Spar and those in $SPAR_PACKS\n"
    "show   prints a prompt with the ids of its items, facts, questions and flags\n"
    "sheet  writes what an interviewer prepares with: the prompt, facts in the order\n"
    "       in which they are likely to be asked for, questions with answers, and\n"
    "       what counts; the HTML prints on two sides of A4";

int cmd_pack(int argc, char **argv) {
    const char *format = "text";
    const char *path = NULL;
    const struct args_option rows[] = {
        ARGS_TEXT("format", "FORMAT", &format, "sheet: text (as it is without this) or html"),
        ARGS_TEXT("out", "PATH", &path,
                  "sheet: write to this file instead of standard output; build: to this folder")};
    const struct args_spec spec = {
        .usage = "pack check FILE... | pack build FILE... | pack list | pack show NAME|FILE | "
                 "pack sheet NAME|FILE",
        .about = about,
        ARGS_OPTIONS(rows),
        .min = 1,
        .max = -1,
    };
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    if (status != EXIT_GO_ON) {
        return status;
    }
    const char *what = argv[rest];
    if (strcmp(what, "check") == 0) {
        return check(argv + rest + 1);
    }
    if (strcmp(what, "build") == 0) {
        return build(argv + rest + 1, path != NULL ? path : ".");
    }
    if (strcmp(what, "list") == 0) {
        return list();
    }
    if (strcmp(what, "show") == 0) {
        return show(argv[rest + 1]);
    }
    if (strcmp(what, "sheet") == 0) {
        return sheet(argv[rest + 1], format, path);
    }
    return args_fail(EXIT_USAGE,
                     "\"spar pack\" takes check, build, list, show or sheet, not \"%.40s\".", what);
}
