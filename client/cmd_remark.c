/*
 * cmd_remark.c: spar remark ID|FILE: a recording is marked anew while it plays, and then compared with what was
 * marked live.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cmd.h"
#include "client/identity.h"
#include "client/moment.h"
#include "client/recording_check.h"
#include "client/recording_file.h"
#include "client/remark_batch.h"
#include "client/remark_compare.h"
#include "client/remark_feed.h"
#include "client/remark_file.h"
#include "client/ui.h"

struct options {
    const char *word, *out, *identity, *name;
    bool batch, compare, json;
};

struct marking {
    const struct options *options;
    struct remark remark;
    struct keypair *identity;
    char path[IDENTITY_PATH_MAX];
    char name[NAME_MAX_BYTES + 1];
};

static const char no_sheet[] =
    "The recording holds no panel's sheet to compare with: fetch it again after the debrief.";
static const char other_recording[] =
    "The recording here is another or a later one than that which was marked anew.";

/* Folds to the end, as far as it goes. */
static void fold(const struct event *events, uint32_t count, struct room *room) {
    room_init(room);
    for (uint32_t i = 0; i < count && room_apply(room, &events[i], NULL, NULL) == APPLY_OK; i++) {
    }
}

static int print_compare(const struct remark_compare *compare, bool json) {
    if (json) {
        json_t *object = remark_compare_json(compare);
        json_t *line = json_pack("{s:o}", "compared", object);
        if (!line) {
            return args_fail(EXIT_FAILED, "Out of memory.");
        }
        (void)json_dumpf(line, stdout, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6));
        putchar('\n');
        json_decref(line);
        return EXIT_DONE;
    }
    struct out out;
    struct out_locale locale = out_locale_enter();
    out_init(&out);
    remark_compare_text(compare, &out);
    out_locale_leave(locale);
    int status = out.failed ? args_fail(EXIT_FAILED, "Out of memory.") : EXIT_DONE;
    if (!out.failed) {
        fwrite(out.data, 1, out.len, stdout);
    }
    out_free(&out);
    return status;
}

static int compare_rooms(const char *room_id, const struct room *live, const struct room *anew,
                         const char *by, const char *note, bool json) {
    struct remark_compare compare = {room_id, live, anew, by, note};
    if (!remark_comparable(live, anew)) {
        return args_fail(EXIT_FAILED, "The two recordings were not made under the same rubric.");
    }
    if (!note && !room_sheet_of(live, SEAT_SERVER)) {
        compare.note = no_sheet;
    }
    return print_compare(&compare, json);
}

/* ---- with a screen, or from lines ---- */

static bool on_kept(void *ctx, struct certs_why *why) {
    struct marking *marking = ctx;
    return remark_file_save(&marking->remark, marking->identity, marking->path, false, why);
}

static int run_screen(struct marking *marking) {
    struct event_base *base = event_base_new();
    struct feed *feed = base ? remark_feed_new(&marking->remark, base, on_kept, marking) : NULL;
    struct ui_options options = {.monotonic_ms = moment_ms};
    int status = EXIT_FAILED;
    if (!feed) {
        status = args_fail(EXIT_FAILED, "Out of memory.");
    } else {
        if (marking->remark.word_count > 0) {
            model_say(&feed->model, false, "Going on with %u marks and flags of before.",
                      marking->remark.word_count);
        }
        status = ui_run(feed, base, &options) == 0 ? EXIT_DONE : EXIT_FAILED;
        feed->ops->free(feed);
    }
    if (base) {
        event_base_free(base);
    }
    return status;
}

static int run_batch(struct marking *marking) {
    struct certs_why why = {{0}};
    return remark_batch(&marking->remark, stdin, &why) ? EXIT_DONE
                                                       : args_fail(EXIT_USAGE, "%s", why.text);
}

/* Saves, and compares; status: what it has come to before. */
static int finish(struct marking *marking, int status) {
    struct certs_why why = {{0}};
    struct room anew;
    uint32_t count;
    if (marking->remark.word_count == 0) {
        return status == EXIT_DONE ? args_fail(EXIT_DONE, "Nothing was marked; nothing is saved.")
                                   : status;
    }
    if (!remark_file_save(&marking->remark, marking->identity, marking->path, true, &why)) {
        return args_fail(EXIT_FAILED, "%s", why.text);
    }
    struct event *events = remark_events(&marking->remark, &count);
    if (!events) {
        return args_fail(EXIT_FAILED, "Out of memory.");
    }
    fold(events, count, &anew);
    int compared = compare_rooms(marking->remark.original.room, &marking->remark.live, &anew,
                                 marking->remark.name, NULL,
                                 marking->options->batch || marking->options->json);
    room_free(&anew);
    free(events);
    fprintf(stderr, "Saved as %s; 'spar remark' with it goes on.\n", marking->path);
    return status == EXIT_DONE ? compared : status;
}

static bool open_identity(struct marking *marking, struct certs_why *why) {
    marking->identity = identity_open(marking->options->identity, why);
    return marking->identity != NULL;
}

/* Takes the recording over. */
static int mark(struct marking *marking, struct recording *original) {
    struct certs_why why = {{0}};
    if (!open_identity(marking, &why) ||
        !remark_begin(&marking->remark, original, marking->name, &why) ||
        !remark_file_resume(&marking->remark, marking->identity, marking->path, &why)) {
        recording_free(original);
        return args_fail(EXIT_FAILED, "%s", why.text);
    }
    return finish(marking, marking->options->batch ? run_batch(marking) : run_screen(marking));
}

/* ---- which recording, which file ---- */

static int read_whole(const char *word, struct recording *rec) {
    struct certs_why why = {{0}};
    enum recording_fault fault = recording_file_read(word, rec, &why);
    bool damaged = fault == RECORDING_DAMAGED || fault == RECORDING_NO_END;
    if (fault != RECORDING_OK) {
        recording_free(rec);
        return args_fail(damaged ? EXIT_DAMAGED : EXIT_FAILED, "%s", why.text);
    }
    if (!recording_check_signature(rec)) {
        recording_free(rec);
        return args_fail(EXIT_DAMAGED, "%s: the signature at the end is not good; fetch it again.",
                         word);
    }
    return EXIT_DONE;
}

/* The path of the re-marking, and whose name it bears. */
static int prepare(struct marking *marking, const struct recording *given) {
    const struct options *options = marking->options;
    bool goes_on = recording_is_remarking(given);
    struct certs_why why = {{0}};
    char file[64];
    snprintf(file, sizeof file, "recordings/%s.remark.spar", given->room);
    const char *path = options->out ? options->out : goes_on ? options->word : NULL;
    if (goes_on && !options->name) {
        snprintf(marking->name, sizeof marking->name, "%.*s", (int)given->by.len, given->by.at);
    } else {
        identity_name(options->name, marking->name);
    }
    if (path && strlen(path) < sizeof marking->path) {
        snprintf(marking->path, sizeof marking->path, "%s", path);
    } else if (path || !identity_path(file, marking->path, &why)) {
        return args_fail(EXIT_FAILED, "%s", path ? "The path is too long." : why.text);
    }
    return EXIT_DONE;
}

static int compare_files(const struct recording *anew, const struct recording *original,
                         bool json) {
    struct room live;
    struct room marked;
    char by[NAME_MAX_BYTES + 1];
    snprintf(by, sizeof by, "%.*s", (int)anew->by.len, anew->by.at);
    fold(original->events, original->count, &live);
    fold(anew->events, anew->count, &marked);
    bool same = memcmp(anew->of.at, original->chain, HASH_BYTES) == 0;
    int status =
        compare_rooms(original->room, &live, &marked, by, same ? NULL : other_recording, json);
    room_free(&live);
    room_free(&marked);
    return status;
}

static int work(struct marking *marking) {
    const struct options *options = marking->options;
    struct recording given;
    struct recording original;
    int status = read_whole(options->word, &given);
    if (status != EXIT_DONE) {
        return status;
    }
    bool is_remarking = recording_is_remarking(&given);
    status = prepare(marking, &given);
    if (status == EXIT_DONE && is_remarking) {
        status = read_whole(given.room, &original);
    }
    if (status != EXIT_DONE) {
        recording_free(&given);
        return status;
    }
    if (options->compare && !is_remarking) {
        status = args_fail(EXIT_USAGE, "%s is no re-marking; there is nothing to compare.",
                           options->word);
    } else if (options->compare) {
        status = compare_files(&given, &original, options->json);
    } else {
        status = mark(marking, is_remarking ? &original : &given);
    }
    if (is_remarking) {
        recording_free(&original);
    }
    recording_free(&given);
    return status;
}

int cmd_remark(int argc, char **argv) {
    struct options options = {0};
    const struct args_option rows[] = {
        {"out", "FILE", "where to save it (recordings/ROOM.remark.spar in Spar's data folder)",
         NULL, &options.out},
        {"batch", NULL, "no screen: marks and flags as JSON lines on standard input",
         &options.batch, NULL},
        {"compare", NULL, "only print the comparison of a re-marking that is there",
         &options.compare, NULL},
        {"json", NULL, "the comparison as JSON", &options.json, NULL},
        {"name", "NAME", "whose marks they are (SPAR_NAME, or the login name)", NULL,
         &options.name},
        {"identity", "FILE", "the key that signs", NULL, &options.identity}};
    const struct args_spec spec = {
        "remark ROOM|FILE [OPTION]...",
        "Plays a recording with all marks, flags and panel notes hidden, to be marked anew with "
        "an\n"
        "interviewer's keys; then compares item by item with what was marked live. Every mark is\n"
        "saved at once, in a recording of its own that is signed with your key; the same command\n"
        "goes on with it. 'spar replay', 'report' and 'verify' take it like any other.",
        rows,
        sizeof rows / sizeof rows[0],
        1,
        1};
    struct marking marking = {.options = &options};
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    if (status != EXIT_GO_ON) {
        return status;
    }
    options.word = argv[rest];
    status = work(&marking);
    remark_free(&marking.remark);
    keypair_free(marking.identity);
    return status;
}
