/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the recordings of a whole interview, one for each seat, with the digests of their folds
 * by the native core: what the browser's core is held against.
 *
 * Usage: web_recordings FOLDER. Writes FOLDER/SEAT.spar and prints a line for each: the file, the
 * digest after the whole recording, and the digest after its first half.
 */
#include <stdio.h>
#include <stdlib.h>

#include "client/feed/recording_fold.h"
#include "protocol/room/digest.h"
#include "tests/support/interview.h"
#include "tests/support/recorded.h"

static void print_digest(const struct room *room) {
    uint8_t digest[HASH_BYTES];
    if (!digest_room(room, digest)) {
        abort();
    }
    putchar(' ');
    for (int i = 0; i < HASH_BYTES; i++) {
        printf("%02x", digest[i]);
    }
}

static void fold(struct recording *rec, uint32_t count) {
    struct model model;
    rec->count = count;
    if (recording_fold(rec, &model) != count) {
        abort();
    }
    print_digest(&model.room);
    model_free(&model);
}

static void write_one(const struct sample *s, uint8_t seat, const char *folder) {
    char path[4096];
    size_t len;
    struct recording rec;
    char *bytes = recorded_bytes(s, seat, "abcdefghijkl", &len);
    snprintf(path, sizeof path, "%s/%u.spar", folder, seat);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, len, file) != len || fclose(file) != 0 ||
        recording_parse(&rec, bytes, len) != RECORDING_OK) {
        abort();
    }
    uint32_t count = rec.count;
    printf("%s", path);
    fold(&rec, count);
    fold(&rec, count / 2);
    printf(" %u\n", count);
    rec.count = count;
    recording_free(&rec);
}

int main(int argc, char **argv) {
    struct sample sample;
    if (argc != 2) {
        fprintf(stderr, "usage: web_recordings FOLDER\n");
        return 2;
    }
    interview_play(&sample, true);
    for (uint8_t seat = 0; seat < sample.room.seat_count; seat++) {
        write_one(&sample, seat, argv[1]);
    }
    sample_free(&sample);
    return 0;
}
