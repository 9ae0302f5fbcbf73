/* SPDX-License-Identifier: ISC */
/*
 * bench_replay.c: how long a recording takes to open, and a seek in it to take.
 *
 * Opening is reading the file, checking its chain and folding it once. Seeks go to every event of
 * the recording in a fixed shuffled order, so forwards and backwards alike. Microseconds: minimum,
 * median, 99 of 100, maximum; no claim about other machines.
 *
 * usage: bench_replay FILE|ROOM [ROUNDS]
 *        bench_replay --limits   a room in which everybody has written and ticked all that they
 * may: how long it takes to open and to seek, and how much memory it holds
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/feed/recording.h"
#include "client/store/recording_file.h"
#include "tests/bench/peer.h"
#include "tests/support/recorded.h"

enum { ROUNDS = 20, ROUNDS_MAX = 1000 };

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void report(const char *name, double *us, size_t count) {
    qsort(us, count, sizeof *us, compare);
    printf("%-28s %10.1f %10.1f %10.1f %10.1f us\n", name, us[0], us[count / 2],
           us[count * 99 / 100], us[count - 1]);
}

static struct feed *open_feed(const char *word) {
    struct recording rec;
    struct certs_why why;
    if (recording_file_read(word, &rec, &why) != RECORDING_OK) {
        fprintf(stderr, "bench_replay: %s\n", why.text);
        exit(1);
    }
    struct feed *feed = feed_recording_new(&rec, NULL);
    if (!feed || feed->event_count == 0) {
        fprintf(stderr, "bench_replay: nothing to play in it\n");
        exit(1);
    }
    return feed;
}

static double *array(size_t count) {
    double *us = calloc(count, sizeof *us);
    if (!us) {
        exit(1);
    }
    return us;
}

static void measure_open(const char *word, size_t rounds) {
    double *us = array(rounds);
    for (size_t i = 0; i < rounds; i++) {
        int64_t start = bench_ns();
        struct feed *feed = open_feed(word);
        us[i] = (double)(bench_ns() - start) / 1e3;
        feed->ops->free(feed);
    }
    report("open, check, fold", us, rounds);
    free(us);
}

static void measure_seek(struct feed *feed, size_t rounds) {
    uint32_t count = feed->event_count;
    double *us = array(rounds * count);
    uint32_t n = 0;
    uint32_t stride = count % 7919 == 0 ? 1 : 7919; /* a prime: comes by every event */
    for (size_t i = 0; i < rounds * count; i++) {
        n = (n + stride) % count;
        int64_t start = bench_ns();
        feed->ops->seek_event(feed, n + 1);
        us[i] = (double)(bench_ns() - start) / 1e3;
    }
    report("seek to any event", us, rounds * count);
    free(us);
}

/* Does what `body` makes of a number, until the seat may not any more. */
static void until_refused(struct sample *s, uint8_t seat, enum action act) {
    char text[64], item[16];
    enum refusal refusal = REFUSAL_NONE;
    for (unsigned i = 0; refusal == REFUSAL_NONE; i++) {
        snprintf(text, sizeof text, "the %u. line that somebody has written here", i);
        snprintf(item, sizeof item, "item-%u", i % SAMPLE_ITEMS);
        s->now += 10;
        refusal = sample_do(s, seat,
                            act == ACTION_MARK_SET
                                ? body_mark(act, item, (enum mark)(1 + i / SAMPLE_ITEMS % 2))
                                : body_text(act, text));
    }
}

static void fill(struct sample *s) {
    static const enum action acts[] = {ACTION_TALK_SAY, ACTION_TALK_WHISPER, ACTION_NOTE_PANEL,
                                       ACTION_NOTE_MINE, ACTION_MARK_SET};
    sample_open(s, 0);
    for (int seat = s->room.seat_count; seat < ROOM_SEATS_MAX; seat++) {
        sample_invite(s, ROLE_COACH, (uint8_t)(0x70 + seat));
        sample_join(s, (uint8_t)(0x60 + seat), (uint8_t)(0x70 + seat), "Coach");
    }
    sample_do(s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START));
    for (uint8_t seat = 0; seat < s->room.seat_count; seat++) {
        for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
            until_refused(s, seat, acts[i]);
        }
    }
}

static int measure_limits(void) {
    static struct sample s;
    static struct recording rec;
    fill(&s);
    recorded(&s, SAMPLE_HOST, "abcdefghij12", &rec);
    size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
    int64_t start = bench_ns();
    struct feed *feed = feed_recording_new(&rec, NULL);
    double opened = (double)(bench_ns() - start) / 1e6;
    if (!feed) {
        fprintf(stderr, "bench_replay: it does not open\n");
        return 1;
    }
    size_t bytes = mallinfo2().uordblks + mallinfo2().hblkhd - before;
    printf("%u events in the room, %u of them in the host's view, %u lines: folded in %.0f ms,"
           " %.1f MiB\n",
           s.count, feed->event_count, s.room.line_count, opened, (double)bytes / 1048576);
    measure_seek(feed, 1);
    feed->ops->free(feed);
    sample_free(&s);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "--limits") == 0) {
        return measure_limits();
    }
    long rounds = argc > 2 ? strtol(argv[2], NULL, 10) : ROUNDS;
    if (argc < 2 || rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: bench_replay FILE|ROOM [ROUNDS (1..%d)]\n", ROUNDS_MAX);
        return 2;
    }
    struct feed *feed = open_feed(argv[1]);
    printf("%u events, %.1f minutes of room time\n", feed->event_count,
           (double)(feed->last_at - feed->first_at) / 60000);
    printf("%-28s %10s %10s %10s %10s\n", "", "minimum", "median", "p99", "maximum");
    measure_open(argv[1], (size_t)rounds);
    measure_seek(feed, (size_t)rounds);
    feed->ops->free(feed);
    return 0;
}
