/* SPDX-License-Identifier: ISC */
/*
 * remark.c: spar remark ID|FILE: a recording is marked anew while it plays, and then compared with
 * what was marked live.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/batch/json_line.h"
#include "client/batch/remark_batch.h"
#include "client/cmd/cmd.h"
#include "client/feed/remark_feed.h"
#include "client/feed/remark_file.h"
#include "client/net/identity.h"
#include "client/net/moment.h"
#include "client/net/say.h"
#include "client/report/remark_compare.h"
#include "client/screen/ui.h"
#include "client/store/recording_check.h"
#include "client/store/recording_file.h"

struct options {
    const char *word, *second, *out, *identity, *name;
    bool batch, compare, calibrate, json;
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
    struct out out;
    out_init(&out);
    if (json) {
        remark_compare_json(compare, &out);
    } else {
        remark_compare_text(compare, &out);
        cmd_text_fit(&out, NULL);
    }
    int status = out.failed ? args_fail(EXIT_FAILED, "Out of memory.") : EXIT_DONE;
    if (!out.failed) {
        fwrite(out.data, 1, out.len, stdout);
    }
    out_free(&out);
    return status;
}

static int compare_rooms(struct remark_compare *compare, bool json) {
    if (!remark_comparable(compare->live, compare->anew)) {
        return args_fail(EXIT_FAILED, "The two recordings were not made under the same rubric.");
    }
    if (!compare->note && !compare->other && !room_sheet_of(compare->live, SEAT_SERVER)) {
        compare->note = no_sheet;
    }
    return print_compare(compare, json);
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
    struct remark_compare compare = {.room_id = marking->remark.original.room,
                                     .live = &marking->remark.live,
                                     .anew = &anew,
                                     .by = marking->remark.name};
    int compared = compare_rooms(&compare, marking->options->batch || marking->options->json);
    room_free(&anew);
    free(events);
    say(stderr, "Saved as %s; the same command goes on with it.\n", marking->path);
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
        span_copy(given->by, marking->name, sizeof marking->name);
    } else {
        (void)cmd_name(options->name, marking->name);
    }
    if (path && strlen(path) < sizeof marking->path) {
        snprintf(marking->path, sizeof marking->path, "%s", path);
    } else if (path || !identity_path(file, marking->path, &why)) {
        return args_fail(EXIT_FAILED, "%s", path ? "The path is too long." : why.text);
    }
    return EXIT_DONE;
}

/* Two recordings folded for a comparison. */
struct both {
    struct room live, marked;
    char by[NAME_MAX_BYTES + 1], other[NAME_MAX_BYTES + 1];
    struct remark_compare compare; /* borrows from the rest */
};

/* first: the recording that was marked, or another re-marking of it. Freed with free_both. */
static void open_both(struct both *both, const struct recording *first,
                      const struct recording *anew) {
    bool two = recording_is_remarking(first);
    bool same = two ? memcmp(anew->of.at, first->of.at, HASH_BYTES) == 0
                    : memcmp(anew->of.at, first->chain, HASH_BYTES) == 0;
    span_copy(anew->by, both->by, sizeof both->by);
    span_copy(first->by, both->other, sizeof both->other);
    fold(first->events, first->count, &both->live);
    fold(anew->events, anew->count, &both->marked);
    both->compare = (struct remark_compare){.room_id = anew->room,
                                            .live = &both->live,
                                            .anew = &both->marked,
                                            .by = both->by,
                                            .other = two ? both->other : NULL,
                                            .note = same  ? NULL
                                                    : two ? "They mark two different recordings."
                                                          : other_recording};
}

static void free_both(struct both *both) {
    room_free(&both->live);
    room_free(&both->marked);
}

static int compare_files(const struct recording *first, const struct recording *anew, bool json) {
    struct both both;
    open_both(&both, first, anew);
    int status = compare_rooms(&both.compare, json);
    free_both(&both);
    return status;
}

bool cmd_remark_append(const struct recording *anew, struct out *out) {
    struct recording live;
    struct certs_why why;
    if (recording_file_missing(anew->room)) {
        return false;
    }
    enum recording_fault fault = recording_file_read(anew->room, &live, &why);
    bool usable = fault == RECORDING_OK && recording_check_signature(&live);
    if (usable) {
        struct both both;
        open_both(&both, &live, anew);
        usable =
            remark_comparable(&both.live, &both.marked) && room_sheet_of(&both.live, SEAT_SERVER);
        if (usable) {
            remark_compare_text(&both.compare, out);
        }
        free_both(&both);
    }
    recording_free(&live);
    return usable;
}

/* What a re-marking marks. */
static int read_original(const char *room, struct recording *rec) {
    if (!recording_file_missing(room)) {
        return read_whole(room, rec);
    }
    (void)args_fail(EXIT_FAILED,
                    "The recording of room %s that it marks is not in Spar's data folder; name its "
                    "file too, or get it with 'spar fetch %s'.",
                    room, room);
    return EXIT_FAILED;
}

/* Two re-markings, or one and what it marks, in either order. */
static int compare(const struct options *options) {
    struct recording first;
    struct recording anew;
    const char *word = options->second ? options->second : options->word;
    const char *other = options->second ? options->word : NULL;
    int status = read_whole(word, &anew);
    if (status == EXIT_DONE && other && !recording_is_remarking(&anew)) {
        recording_free(&anew);
        other = word;
        word = options->word;
        status = read_whole(word, &anew);
    }
    if (status != EXIT_DONE) {
        return status;
    }
    if (recording_is_remarking(&anew)) {
        status = other ? read_whole(other, &first) : read_original(anew.room, &first);
        if (status == EXIT_DONE) {
            status = compare_files(&first, &anew, options->json);
            recording_free(&first);
        }
    } else {
        status = args_fail(EXIT_USAGE, "%s is no re-marking; there is nothing to compare.", word);
    }
    recording_free(&anew);
    return status;
}

/* ---- a coach's calibration ---- */

struct calibration {
    struct remark_set set;
    struct out out;
    json_t *rooms; /* NULL: as text */
};

static json_t *agreement_json(struct insight_agreement part) {
    return json_pack("{s:I,s:I,s:i,s:I,s:I}", "same", (json_int_t)part.same, "counted",
                     (json_int_t)part.counted, "percent", insight_percent(part), "kinder",
                     (json_int_t)part.kinder, "harder", (json_int_t)part.harder);
}

static void calibrate_pair(struct calibration *all, const struct remark_compare *compare) {
    struct insight_agreement one;
    remark_set_add(&all->set, compare, &one);
    if (all->rooms) {
        json_array_append_new(all->rooms, json_pack("{s:s,s:s,s:o}", "room", compare->room_id, "by",
                                                    compare->by, "agreement", agreement_json(one)));
    } else {
        remark_set_line(&all->out, compare->room_id, one);
    }
}

static int calibrate_both(struct calibration *all, const char *word, const struct recording *live,
                          const struct recording *anew) {
    struct both both;
    open_both(&both, live, anew);
    const char *why = both.compare.note ? both.compare.note
                      : !remark_comparable(&both.live, &both.marked)
                          ? "The two were not made under the same rubric."
                      : !room_sheet_of(&both.live, SEAT_SERVER) ? no_sheet
                                                                : NULL;
    if (!why) {
        calibrate_pair(all, &both.compare);
    }
    free_both(&both);
    return why ? args_fail(EXIT_FAILED, "%s: %s", word, why) : EXIT_DONE;
}

/* One re-marking with what it marks. */
static int calibrate_file(struct calibration *all, const char *word) {
    struct recording anew;
    struct recording live;
    int status = read_whole(word, &anew);
    if (status != EXIT_DONE) {
        return status;
    }
    if (!recording_is_remarking(&anew)) {
        recording_free(&anew);
        return args_fail(EXIT_USAGE, "%s is no re-marking; --calibrate takes several.", word);
    }
    status = read_original(anew.room, &live);
    if (status == EXIT_DONE) {
        status = calibrate_both(all, word, &live, &anew);
        recording_free(&live);
    }
    recording_free(&anew);
    return status;
}

static int calibrate_end(struct calibration *all) {
    if (!all->rooms) {
        remark_set_end(&all->set, &all->out);
        return all->out.failed ? args_fail(EXIT_FAILED, "Out of memory.")
                               : cmd_report_put(&all->out, NULL);
    }
    struct insight_agreement whole = insight_agreement_of(&all->set.table);
    json_t *object =
        json_pack("{s:O,s:o}", "recordings", all->rooms, "agreement", agreement_json(whole));
    if (object && all->set.count > 1) {
        json_object_set_new(object, "kappa", json_real(insight_kappa(&all->set.table)));
    }
    json_t *line = json_pack("{s:o}", "calibration", object);
    if (!line) {
        return args_fail(EXIT_FAILED, "Out of memory.");
    }
    json_line_print(stdout, line);
    return EXIT_DONE;
}

static int calibrate(char **words, bool json) {
    struct calibration all = {.rooms = json ? json_array() : NULL};
    int status = EXIT_DONE;
    out_init(&all.out);
    for (; *words && status == EXIT_DONE; words++) {
        status = calibrate_file(&all, *words);
    }
    status = status == EXIT_DONE ? calibrate_end(&all) : status;
    out_free(&all.out);
    json_decref(all.rooms);
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
    status = mark(marking, is_remarking ? &original : &given);
    if (is_remarking) {
        recording_free(&original);
    }
    recording_free(&given);
    return status;
}

static const char about[] =
    "Plays a recording with all marks, flags and panel notes hidden, to be marked\n"
    "anew with an interviewer's keys; then compares item by item with what was marked\n"
    "live. Every mark is saved at once, in a recording of its own that is signed with\n"
    "your key; the same command goes on with it. 'spar replay', 'report' and 'verify'\n"
    "take it like any other.";

int cmd_remark(int argc, char **argv) {
    struct options options = {0};
    const struct args_option rows[] = {
        ARGS_TEXT("out", "FILE", &options.out,
                  "where to save it (recordings/ROOM.remark.spar in Spar's data folder)"),
        ARGS_FLAG("batch", &options.batch,
                  "no screen: marks and flags as JSON lines on standard input"),
        ARGS_FLAG("compare", &options.compare,
                  "only compare: a re-marking with what it marks, or two with each other"),
        ARGS_FLAG("calibrate", &options.calibrate,
                  "only compare: each of several re-markings with what it marks, and all together"),
        ARGS_FLAG("json", &options.json, "the comparison as JSON"),
        ARGS_TEXT("name", "NAME", &options.name,
                  "whose marks they are (SPAR_NAME, or the login name)"),
        ARGS_TEXT("identity", "FILE", &options.identity, "the key that signs")};
    const struct args_spec spec = {
        .usage = "remark ROOM|FILE [FILE]... [OPTION]...",
        .about = about,
        ARGS_OPTIONS(rows),
        .min = 1,
        .max = -1,
    };
    struct marking marking = {.options = &options};
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    if (status != EXIT_GO_ON) {
        return status;
    }
    if (options.calibrate) {
        return calibrate(argv + rest, options.json);
    }
    options.word = argv[rest];
    options.second = rest + 1 < argc ? argv[rest + 1] : NULL;
    if (rest + 2 < argc) {
        return args_fail(EXIT_USAGE, "Too many words: several files go with --calibrate only.");
    }
    if (options.second && !options.compare) {
        return args_fail(EXIT_USAGE, "One word too many: %.200s; two files go with --compare only.",
                         options.second);
    }
    status = options.compare ? compare(&options) : work(&marking);
    remark_free(&marking.remark);
    keypair_free(marking.identity);
    return status;
}
