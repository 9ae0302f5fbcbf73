/*
 * cmd_verify.c: spar verify FILE: whether a recording is whole and signed.
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "client/cmd.h"
#include "client/recording_file.h"
#include "client/rooms_file.h"

/* Whether the key in the file is the pinned one of the server that this client met the room on. */
enum known { KNOWN_SAME, KNOWN_OTHER, KNOWN_NOT };

static enum known known_key(const struct recording *rec) {
    struct rooms_file rooms;
    struct certs_why why;
    struct pin pin;
    enum known known = KNOWN_NOT;
    if (!rooms_file_read(&rooms, &why)) {
        return known;
    }
    const struct rooms_entry *entry = rooms_file_find(&rooms, rec->room);
    if (entry != NULL && entry->at.has_pin && random_sha256(rec->key.at, rec->key.len, pin.bytes)) {
        known = pin_equal(&pin, &entry->at.pin) ? KNOWN_SAME : KNOWN_OTHER;
    }
    rooms_file_free(&rooms);
    return known;
}

struct verdict {
    enum recording_fault fault;
    bool good_signature;
    enum known known;
    const char *why;
};

static void print_json(const struct recording *rec, const struct verdict *verdict) {
    static const char *const keys[] = {"pinned", "other", "unknown"};
    bool whole = verdict->fault == RECORDING_OK;
    json_t *row =
        json_pack("{s:b,s:b,s:s,s:s,s:I}", "whole", whole, "signed", verdict->good_signature, "key",
                  keys[verdict->known], "room", rec->room, "events", (json_int_t)rec->count);
    if (!whole) {
        json_object_set_new(row, "fault", json_string(recording_fault_text(verdict->fault)));
    }
    (void)json_dumpf(row, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(row);
}

static int print_text(const struct recording *rec, const char *file,
                      const struct verdict *verdict) {
    if (verdict->fault != RECORDING_OK) {
        return args_fail(EXIT_DAMAGED, "%s", verdict->why);
    }
    if (!verdict->good_signature) {
        return args_fail(EXIT_DAMAGED,
                         "%s: %u events in an unbroken chain, but the signature at the end is "
                         "not good: do not trust it; fetch it again.",
                         file, rec->count);
    }
    if (verdict->known == KNOWN_OTHER) {
        return args_fail(EXIT_DAMAGED,
                         "%s: whole, but signed by another key than that of the server that this "
                         "client met room %s on.",
                         file, rec->room);
    }
    printf("%s: whole: room %s, %u events, each in the chain, signed by %s.\n", file, rec->room,
           rec->count,
           verdict->known == KNOWN_SAME ? "the server that you met it on"
                                        : "the key in the file (a server unknown here)");
    return EXIT_DONE;
}

static int verify(const char *file, bool json) {
    struct recording rec;
    struct certs_why why = {{0}};
    struct verdict verdict = {.known = KNOWN_NOT};
    verdict.fault = recording_file_read(file, &rec, &why);
    verdict.why = why.text;
    int status = EXIT_FAILED;
    if (verdict.fault == RECORDING_OK) {
        verdict.good_signature = recording_file_signed(&rec);
        verdict.known = known_key(&rec);
    }
    if (rec.room[0] == '\0' && verdict.fault != RECORDING_OK) {
        status = args_fail(EXIT_FAILED, "%s", why.text);
    } else if (json) {
        print_json(&rec, &verdict);
        status = verdict.good_signature && verdict.known != KNOWN_OTHER ? EXIT_DONE : EXIT_DAMAGED;
    } else {
        status = print_text(&rec, file, &verdict);
    }
    recording_free(&rec);
    return status;
}

int cmd_verify(int argc, char **argv) {
    bool json = false;
    const struct args_option rows[] = {{"json", NULL, "one JSON object", &json, NULL}};
    const struct args_spec spec = {
        "verify FILE|ROOM [OPTION]",
        "Says whether a recording is whole: every event carries the hash of those before it, and "
        "the\n"
        "server has signed the end. Of a damaged one the last good event is named.",
        rows,
        sizeof rows / sizeof rows[0],
        1,
        1};
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    return status == EXIT_GO_ON ? verify(argv[rest], json) : status;
}
