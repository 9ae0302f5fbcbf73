/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the recordings of a whole interview, one for each seat, and of one with a board, with
 * the digests of their folds by the native core: what the browser's core is held against.
 *
 * Usage: web_recordings FOLDER. Writes FOLDER/NAME.spar and prints a line for each: the file, the
 * digest after the whole recording, and the digest after its first half. web_recordings --digest
 * FILE prints that of a recording that is there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/feed/recording_fold.h"
#include "protocol/room/digest.h"
#include "tests/support/board_bodies.h"
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

static void write_one(const struct sample *s, uint8_t seat, const char *folder, const char *name) {
    char path[4096];
    size_t len;
    struct recording rec;
    char *bytes = recorded_bytes(s, seat, "abcdefghijkl", &len);
    snprintf(path, sizeof path, "%s/%s.spar", folder, name);
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

static void write_seats(const char *folder) {
    struct sample sample;
    interview_play(&sample, true);
    for (uint8_t seat = 0; seat < sample.room.seat_count; seat++) {
        const char name[] = {(char)('0' + seat), '\0'};
        write_one(&sample, seat, folder, name);
    }
    sample_free(&sample);
}

static void write_board(const char *folder) {
    struct sample sample;
    const int64_t first = SAMPLE_CANDIDATE * (int64_t)BOARD_IDS + 1;
    const struct body drawn[] = {
        body_worded(ACTION_REQ_ADD, first, "dashboards within 60 s"),
        body_box(first + 1, 0, 0, "Kafka != Kinesis: replay; 50 MB/s; R1"),
        body_box(first + 2, 1, 0, "<b>\"\xe6\x9d\x8e\" & co</b>"),
        body_arrow(first + 3, first + 1, first + 2, "R1"),
        body_frame(first + 4, 0, 0, 2, 1, "eu-west"),
    };
    sample_open_rules(&sample, 0, 2);
    bool good = sample_do(&sample, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)) == REFUSAL_NONE;
    for (size_t i = 0; i < sizeof drawn / sizeof *drawn; i++) {
        sample.now += 30000;
        good = good && sample_do(&sample, SAMPLE_CANDIDATE, drawn[i]) == REFUSAL_NONE;
    }
    if (!good) {
        abort();
    }
    write_one(&sample, SAMPLE_CANDIDATE, folder, "board");
    sample_free(&sample);
}

static int digest_of(const char *path) {
    enum { MOST = 8 << 20 };
    struct recording rec;
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(MOST);
    if (file == NULL || bytes == NULL) {
        abort();
    }
    size_t len = fread(bytes, 1, MOST, file);
    fclose(file);
    if (recording_parse(&rec, bytes, len) != RECORDING_OK) {
        fprintf(stderr, "%s: no recording\n", path);
        return 1;
    }
    fold(&rec, rec.count);
    putchar('\n');
    recording_free(&rec);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "--digest") == 0) {
        return digest_of(argv[2]);
    }
    if (argc != 2) {
        fprintf(stderr, "usage: web_recordings FOLDER, or --digest FILE\n");
        return 2;
    }
    write_seats(argv[1]);
    write_board(argv[1]);
    return 0;
}
