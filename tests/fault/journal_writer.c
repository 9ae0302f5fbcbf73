/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a small program over the SQLite journal that can be killed, starved of disk and asked
 * what is there.
 *
 *     journal_writer FILE run      appends runs to many rooms at once, one line `ROOM POS` per
 * confirmed run, until it is killed; a run ends at the next position that RUN divides
 *     journal_writer FILE ask      answers each line `ROOM EXPECTED BYTES` on stdin, after trying
 * the append, with `committed|conflict|failed HEAD` journal_writer FILE dump     prints `ROOM POS
 * BYTES good|bad` for each stored event, in order
 *
 * The body of an event follows from its room and position, so that a dump can judge every byte.
 */
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/journal/journal.h"

enum { ROOMS = 16, BODY_MAX = 60000, RUN = 5 };

struct program {
    struct journal *journal;
    int listener;
    bool running; /* run: each answer starts the next append */
    pthread_mutex_t lock;
    pthread_cond_t answered;
    bool answer; /* under lock: an answer has come */
    uint8_t body[ROOMS][BODY_MAX];
};

static void room_name(unsigned room, char name[ROOM_ID_BYTES + 1]) {
    snprintf(name, ROOM_ID_BYTES + 1, "room%08u", room % ROOMS);
}

static uint32_t body_length(uint32_t pos) {
    return 20 + pos * 37 % 400;
}

static void make_body(uint8_t *body, uint32_t len, unsigned room, uint32_t pos) {
    for (uint32_t i = 0; i < len; i++) {
        body[i] = (uint8_t)(room * 31 + pos * 7 + i);
    }
}

static void post(struct program *program, unsigned room, uint32_t expected,
                 const struct journal_entry *entries, uint32_t count) {
    char name[ROOM_ID_BYTES + 1];
    room_name(room, name);
    struct journal_append append = {.room = name,
                                    .expected = expected,
                                    .entries = entries,
                                    .count = count,
                                    .token = (uint64_t)room << 32 | (expected + count)};
    if (!journal_post_append(program->journal, program->listener, &append)) {
        abort();
    }
}

static void append(struct program *program, unsigned room, uint32_t expected, uint32_t len) {
    make_body(program->body[room], len, room, expected + 1);
    struct journal_entry entry = {.bytes = program->body[room], .len = len};
    post(program, room, expected, &entry, 1);
}

static void append_run(struct program *program, unsigned room, uint32_t expected) {
    struct journal_entry entries[RUN];
    uint8_t *body = program->body[room];
    uint32_t count = RUN - expected % RUN;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t pos = expected + 1 + i;
        entries[i] = (struct journal_entry){.bytes = body, .len = body_length(pos)};
        make_body(body, entries[i].len, room, pos);
        body += entries[i].len;
    }
    post(program, room, expected, entries, count);
}

/* One write for each line: what is in the pipe survives this process. */
static void say(const char *line) {
    if (write(STDOUT_FILENO, line, strlen(line)) < 0) {
        exit(EXIT_FAILURE);
    }
}

static void wake(struct program *program) {
    pthread_mutex_lock(&program->lock);
    program->answer = true;
    pthread_cond_signal(&program->answered);
    pthread_mutex_unlock(&program->lock);
}

static void await(struct program *program) {
    pthread_mutex_lock(&program->lock);
    while (!program->answer) {
        pthread_cond_wait(&program->answered, &program->lock);
    }
    program->answer = false;
    pthread_mutex_unlock(&program->lock);
}

static void on_appended(void *ctx, uint64_t token, enum journal_outcome outcome, uint32_t head) {
    static const char *const words[] = {"committed", "conflict", "failed"};
    struct program *program = ctx;
    unsigned room = (unsigned)(token >> 32);
    char line[64], name[ROOM_ID_BYTES + 1];
    room_name(room, name);
    if (program->running) {
        if (outcome == JOURNAL_COMMITTED) {
            snprintf(line, sizeof line, "%s %u\n", name, (unsigned)(uint32_t)token);
            say(line);
        }
        append_run(program, room, head);
        return;
    }
    snprintf(line, sizeof line, "%s %" PRIu32 "\n", words[outcome], head);
    say(line);
    wake(program);
}

static void on_events(void *ctx, struct journal_batch *batch) {
    (void)ctx;
    (void)batch;
}

static bool is_good(const struct journal_event *event, unsigned room) {
    static uint8_t body[BODY_MAX];
    if (event->len > sizeof body) {
        return false;
    }
    make_body(body, event->len, room, event->pos);
    return memcmp(body, event->bytes, event->len) == 0;
}

static void on_history(void *ctx, uint64_t token, bool exists, struct journal_batch *batch) {
    struct program *program = ctx;
    if (batch == NULL) {
        printf("unreadable\n");
    } else if (journal_batch_is_damaged(batch)) {
        printf("damaged\n");
    }
    for (uint32_t i = 0; exists && i < journal_batch_count(batch); i++) {
        struct journal_event event = journal_batch_at(batch, i);
        printf("%s %u %u %s\n", journal_batch_room(batch), event.pos, event.len,
               is_good(&event, (unsigned)token) ? "good" : "bad");
    }
    wake(program);
}

static void on_rooms(void *ctx, uint64_t token, const char *ids, uint32_t count) {
    (void)ctx;
    (void)token;
    (void)ids;
    (void)count;
}

static void run(struct program *program) {
    program->running = true;
    for (unsigned room = 0; room < ROOMS; room++) {
        append_run(program, room, 0);
    }
    for (;;) {
        pause();
    }
}

static void ask(struct program *program) {
    char line[128];
    while (fgets(line, sizeof line, stdin) != NULL) {
        char *at = line;
        unsigned long room = strtoul(at, &at, 10), expected = strtoul(at, &at, 10);
        unsigned long len = strtoul(at, &at, 10);
        if (*at != '\n' || room >= ROOMS || len > BODY_MAX) {
            break;
        }
        append(program, (unsigned)room, (uint32_t)expected, (uint32_t)len);
        await(program);
    }
}

static void dump(struct program *program) {
    char name[ROOM_ID_BYTES + 1];
    for (unsigned room = 0; room < ROOMS; room++) {
        room_name(room, name);
        if (!journal_post_read(program->journal, program->listener, name, 0, room)) {
            abort();
        }
        await(program);
    }
}

int main(int argc, char **argv) {
    static struct program program = {.lock = PTHREAD_MUTEX_INITIALIZER,
                                     .answered = PTHREAD_COND_INITIALIZER};
    char error[256];
    if (argc != 3) {
        fprintf(stderr, "Usage: journal_writer FILE run|ask|dump\n");
        return 2;
    }
    signal(SIGXFSZ, SIG_IGN); /* writing past the limit is then an error, like a full disk */
    program.journal = journal_sqlite_open(argv[1], NULL, error);
    if (program.journal == NULL) {
        fprintf(stderr, "%s\n", error);
        return EXIT_FAILURE;
    }
    struct journal_listener listener = {.ctx = &program,
                                        .events = on_events,
                                        .appended = on_appended,
                                        .history = on_history,
                                        .rooms = on_rooms};
    program.listener = journal_add_listener(program.journal, &listener);
    if (strcmp(argv[2], "run") == 0) {
        run(&program);
    } else if (strcmp(argv[2], "ask") == 0) {
        ask(&program);
    } else {
        dump(&program);
    }
    journal_close(program.journal);
    return EXIT_SUCCESS;
}
