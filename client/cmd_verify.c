/*
 * cmd_verify.c: spar verify FILE: whether a recording is whole and signed.
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "certs/sign.h"
#include "client/cmd.h"
#include "client/identity.h"
#include "client/plain.h"
#include "client/recording_file.h"
#include "client/rooms_file.h"

/* Whether the key in the file is the pinned one of the server that this client met the room on. */
enum known { KNOWN_SAME, KNOWN_OTHER, KNOWN_NOT };

/* Whether a re-marking was signed with this client's own key. */
static bool is_own(const struct recording *rec) {
    struct certs_why why;
    struct public_key own;
    struct keypair *identity = identity_open(NULL, &why);
    bool same = identity != NULL && sign_key_export(keypair_key(identity), &own) &&
                rec->key.len == own.size && memcmp(rec->key.at, own.bytes, own.size) == 0;
    keypair_free(identity);
    return same;
}

/* Whether the recording that was marked anew is here: the same events, up to the same end. */
static bool has_original(const struct recording *rec) {
    struct certs_why why;
    struct recording original;
    bool here = recording_file_read(rec->room, &original, &why) == RECORDING_OK &&
                memcmp(original.chain, rec->of.at, HASH_BYTES) == 0;
    recording_free(&original);
    return here;
}

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
    bool own = recording_is_remarking(rec) && verdict->known == KNOWN_SAME;
    json_t *row = json_pack("{s:b,s:b,s:s,s:s,s:I}", "whole", whole, "signed",
                            verdict->good_signature, "key", own ? "own" : keys[verdict->known],
                            "room", rec->room, "events", (json_int_t)rec->count);
    if (!whole) {
        json_object_set_new(row, "fault", json_string(recording_fault_text(verdict->fault)));
    }
    if (recording_is_remarking(rec)) {
        char of[2 * HASH_BYTES + 1];
        for (int i = 0; i < HASH_BYTES; i++) {
            snprintf(of + (size_t)i * 2, 3, "%02x", (uint8_t)rec->of.at[i]);
        }
        json_object_set_new(row, "of", json_string(of));
        json_object_set_new(row, "by", json_stringn(rec->by.at, rec->by.len));
    }
    (void)json_dumpf(row, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(row);
}

static int print_remarking(const struct recording *rec, const char *file) {
    char by[NAME_MAX_BYTES + 1];
    plain_text(rec->by, by, sizeof by);
    printf(
        "%s: whole: a re-marking of room %s by %s, %u events, each in the chain, signed by %s; the "
        "recording that it marks is %s.\n",
        file, rec->room, by, rec->count,
        is_own(rec) ? "your own key" : "the key in the file (not yours)",
        has_original(rec) ? "here, just as it was marked" : "not here");
    return EXIT_DONE;
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
    if (recording_is_remarking(rec)) {
        return print_remarking(rec, file);
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
        verdict.known = !recording_is_remarking(&rec) ? known_key(&rec)
                        : is_own(&rec)                ? KNOWN_SAME
                                                      : KNOWN_NOT;
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
        "server has signed the end; of a re-marking, the marker. Of a damaged one the last good "
        "event is named.",
        rows,
        sizeof rows / sizeof rows[0],
        1,
        1};
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    return status == EXIT_GO_ON ? verify(argv[rest], json) : status;
}
