/* SPDX-License-Identifier: ISC */
/*
 * recording.c: the recording that a command is about, fetched first if only the room is known.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/cmd/cmd.h"
#include "client/net/say.h"
#include "client/store/rooms_file.h"

bool cmd_room_known(const char *word) {
    struct rooms_file rooms;
    struct certs_why why;
    if (!rooms_file_read(&rooms, &why)) {
        return false;
    }
    bool known = rooms_file_find(&rooms, word, NULL) != NULL;
    rooms_file_free(&rooms);
    return known;
}

int cmd_recording_open(const char *word, struct cmd_recording *out) {
    memset(out, 0, sizeof *out);
    if (recording_file_missing(word) && cmd_room_known(word)) {
        say(stderr, "There is no recording of room %s here yet; fetching it.\n", word);
        int status = cmd_fetch_quietly(word);
        if (status != EXIT_DONE) {
            return status;
        }
    }
    enum recording_fault fault = recording_file_read(word, &out->rec, &out->why);
    out->whole = fault == RECORDING_OK;
    /* Damaged ones are usable up to the last good event. */
    if (out->whole || fault == RECORDING_DAMAGED || fault == RECORDING_NO_END) {
        return EXIT_GO_ON;
    }
    recording_free(&out->rec);
    return args_fail(EXIT_FAILED, "%s", out->why.text);
}

void cmd_recording_misfit(struct cmd_recording *recording, uint32_t event) {
    recording->whole = false;
    certs_why_set(&recording->why,
                  "Event %u does not fit to those before it: this goes up to there.", event);
}

int cmd_recording_done(const struct cmd_recording *recording, int status) {
    return status == EXIT_DONE && !recording->whole
               ? args_fail(EXIT_DAMAGED, "%s", recording->why.text)
               : status;
}
