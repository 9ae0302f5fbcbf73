/* SPDX-License-Identifier: ISC */
/*
 * journal_mail.c: runs on the journal's thread up to mailbox_post, and on the worker's from
 * `deliver` on. All that a commit has for a worker is one mail.
 */
#include "server/worker/journal_mail.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ANSWERS = 16 };
enum journal_says {
    SAYS_EVENTS,
    SAYS_APPENDED,
    SAYS_HISTORY,
    SAYS_ROOMS,
    SAYS_TRIP,
    SAYS_LEASES,
    SAYS_CUT,
    SAYS_DRAINED
};

struct told {
    enum journal_says says;
    enum journal_outcome outcome;
    uint64_t token;
    struct journal_batch *batch; /* a reference, or NULL */
    char *ids;                   /* owned, or NULL; of a trip: the room, and what is told of it */
    uint32_t head, count;
    bool exists; /* or cut */
};

struct rooms_mail {
    struct mail mail; /* first */
    struct rooms *rooms;
    uint32_t count, cap;
    struct told answers[];
};

static void forget(struct told *answer) {
    if (answer->batch != NULL) {
        journal_batch_unref(answer->batch);
    }
    free(answer->ids);
}

static void discard(struct mail *mail) {
    struct rooms_mail *said = (struct rooms_mail *)mail;
    for (uint32_t i = 0; i < said->count; i++) {
        forget(&said->answers[i]);
    }
    free(said);
}

static void deliver_one(struct rooms *rooms, const struct told *said) {
    switch (said->says) {
    case SAYS_EVENTS: rooms_events(rooms, said->batch); break;
    case SAYS_APPENDED: call_appended(said->token, said->outcome, said->head); break;
    case SAYS_HISTORY: call_history(said->token, said->exists, said->batch); break;
    case SAYS_ROOMS: call_rooms(said->token, said->ids, said->count); break;
    case SAYS_TRIP: rooms_trip(rooms, said->ids, said->count); break;
    case SAYS_LEASES: rooms_leases(rooms); break;
    case SAYS_CUT: rooms_cut(rooms, said->exists); break;
    case SAYS_DRAINED: rooms_drained(rooms); break;
    }
}

static void deliver(struct mail *mail, void *owner) {
    struct rooms_mail *said = (struct rooms_mail *)mail;
    (void)owner;
    for (uint32_t i = 0; i < said->count; i++) {
        deliver_one(said->rooms, &said->answers[i]);
    }
    discard(mail);
}

/* A worker that misses an answer would wait for ever and miss events, so without memory there is no
 * going on. */
static void *must(struct rooms_line *line, void *memory) {
    if (memory == NULL) {
        log_error(line->log, "fatal", LOG_S("why", "no memory for the journal's answer"));
        abort();
    }
    return memory;
}

/* The next answer, for the caller to fill, in the mail that is being written. */
static struct told *answer_new(struct rooms_line *line, enum journal_says says, uint64_t token) {
    struct rooms_mail *mail = line->mail;
    if (mail == NULL || mail->count == mail->cap) {
        uint32_t count = mail != NULL ? mail->count : 0;
        uint32_t cap = count > 0 ? count * 2 : FIRST_ANSWERS;
        mail = must(line, realloc(mail, sizeof *mail + cap * sizeof *mail->answers));
        mail->mail = (struct mail){.deliver = deliver, .discard = discard};
        mail->rooms = line->rooms;
        mail->count = count;
        mail->cap = cap;
        line->mail = mail;
    }
    struct told *answer = &mail->answers[mail->count++];
    *answer = (struct told){.says = says, .token = token};
    return answer;
}

static void on_events(void *ctx, struct journal_batch *batch) {
    answer_new(ctx, SAYS_EVENTS, 0)->batch = journal_batch_ref(batch);
}

static void on_appended(void *ctx, uint64_t token, enum journal_outcome outcome, uint32_t head) {
    struct told *answer = answer_new(ctx, SAYS_APPENDED, token);
    answer->outcome = outcome;
    answer->head = head;
}

static void on_history(void *ctx, uint64_t token, bool exists, struct journal_batch *batch) {
    struct told *answer = answer_new(ctx, SAYS_HISTORY, token);
    answer->exists = exists;
    answer->batch = batch == NULL ? NULL : journal_batch_ref(batch);
}

static void on_rooms(void *ctx, uint64_t token, const char *ids, uint32_t count) {
    struct told *answer = answer_new(ctx, SAYS_ROOMS, token);
    size_t bytes = (size_t)count * ROOM_ID_BYTES;
    answer->count = count;
    if (ids != NULL) {
        answer->ids = must(ctx, malloc(bytes + 1));
        memcpy(answer->ids, ids, bytes);
    }
}

static void on_trip(void *ctx, const char *room, const uint8_t *bytes, uint32_t len) {
    struct told *answer = answer_new(ctx, SAYS_TRIP, 0);
    if (room != NULL) {
        answer->count = len;
        answer->ids = must(ctx, malloc(ROOM_ID_BYTES + 1 + (size_t)len));
        memcpy(answer->ids, room, ROOM_ID_BYTES + 1);
        memcpy(answer->ids + ROOM_ID_BYTES + 1, bytes, len);
    }
}

static void on_leases(void *ctx) {
    answer_new(ctx, SAYS_LEASES, 0);
}

static void on_cut(void *ctx, bool cut) {
    answer_new(ctx, SAYS_CUT, 0)->exists = cut;
}

static void on_drained(void *ctx) {
    answer_new(ctx, SAYS_DRAINED, 0);
}

static void on_told(void *ctx) {
    struct rooms_line *line = ctx;
    if (line->mail != NULL) {
        mailbox_post(line->mailbox, &line->mail->mail);
        line->mail = NULL;
    }
}

/* On the worker's own thread, unlike what the journal tells. */
static void on_posted(void *ctx) {
    desk_posted(&((struct rooms_line *)ctx)->rooms->desk);
}

struct journal_listener rooms_line_listener(struct rooms_line *line) {
    return (struct journal_listener){.ctx = line,
                                     .posted = on_posted,
                                     .events = on_events,
                                     .appended = on_appended,
                                     .history = on_history,
                                     .rooms = on_rooms,
                                     .trip = on_trip,
                                     .leases = on_leases,
                                     .cut = on_cut,
                                     .drained = on_drained,
                                     .told = on_told};
}
