/* SPDX-License-Identifier: ISC */
/*
 * verify.c: spar verify FILE: whether a recording is whole and signed.
 */
#include <stdio.h>
#include <string.h>

#include "client/batch/json_line.h"
#include "client/cmd/cmd.h"
#include "client/net/say.h"
#include "client/store/recording_check.h"

static void print_json(const struct recording *rec, const struct recording_check *check) {
    static const char *const keys[] = {[SIGNER_PINNED] = "pinned",
                                       [SIGNER_OTHER] = "other",
                                       [SIGNER_OWN] = "own",
                                       [SIGNER_UNKNOWN] = "unknown"};
    bool whole = check->fault == RECORDING_OK;
    json_t *row = json_pack("{s:b,s:b,s:s,s:s,s:s,s:I}", "whole", whole, "signed",
                            check->good_signature, "key", keys[check->signer], "room", rec->room,
                            "role", role_name(rec->role), "events", (json_int_t)rec->count);
    if (!whole) {
        json_object_set_new(row, "fault", json_string(recording_fault_text(check->fault)));
    }
    if (recording_is_remarking(rec)) {
        char of[2 * HASH_BYTES + 1];
        for (int i = 0; i < HASH_BYTES; i++) {
            snprintf(of + (size_t)i * 2, 3, "%02x", (uint8_t)rec->of.at[i]);
        }
        json_object_set_new(row, "of", json_string(of));
        json_object_set_new(row, "by", json_stringn(rec->by.at, rec->by.len));
    }
    json_line_print(stdout, row);
}

static int verify(const char *file, bool json) {
    struct recording rec;
    struct certs_why why = {{0}};
    char words[RECORDING_CHECK_MAX];
    enum recording_fault fault = recording_file_read(file, &rec, &why);
    struct recording_check check = recording_check(&rec, fault, NULL);
    bool passed = recording_check_passed(&check);
    int status = passed ? EXIT_DONE : EXIT_DAMAGED;
    recording_check_words(&check, &rec, file, why.text, words);
    if (rec.room[0] == '\0' && !passed) {
        status = args_fail(EXIT_FAILED, "%s", why.text);
    } else if (json) {
        print_json(&rec, &check);
    } else if (passed) {
        say(stdout, "%s\n", words);
    } else {
        (void)args_fail(EXIT_DAMAGED, "%s", words);
    }
    recording_free(&rec);
    return status;
}

static const char about[] =
    "Says whether a recording is whole: every event carries the hash of those before\n"
    "it, and the server has signed the end; of a re-marking, the marker. Of a damaged\n"
    "one the last good event is named.";

int cmd_verify(int argc, char **argv) {
    bool json = false;
    const struct args_option rows[] = {ARGS_FLAG("json", &json, "one JSON object")};
    const struct args_spec spec = {
        .usage = "verify FILE|ROOM [OPTION]",
        .about = about,
        ARGS_OPTIONS(rows),
        .min = 1,
        .max = 1,
    };
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    return status == EXIT_GO_ON ? verify(argv[rest], json) : status;
}
