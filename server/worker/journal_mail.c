/* SPDX-License-Identifier: ISC */
/*
 * journal_mail.c: runs on the journal's thread up to mailbox_post, and on the worker's from
 * `deliver` on.
 */
#include "server/worker/journal_mail.h"

#include <stdlib.h>
#include <string.h>

enum journal_says { SAYS_EVENTS, SAYS_APPENDED, SAYS_HISTORY, SAYS_ROOMS };

struct rooms_mail {
    struct mail mail; /* first */
    struct rooms *rooms;
    enum journal_says says;
    uint64_t token;
    struct journal_batch *batch; /* a reference, or NULL */
    enum journal_outcome outcome;
    uint32_t head;
    bool exists;
    uint32_t count;
    char ids[];
};

static void discard(struct mail *mail) {
    struct rooms_mail *said = (struct rooms_mail *)mail;
    if (said->batch != NULL) {
        journal_batch_unref(said->batch);
    }
    free(said);
}

static void deliver(struct mail *mail, void *owner) {
    (void)owner;
    struct rooms_mail *said = (struct rooms_mail *)mail;
    switch (said->says) {
    case SAYS_EVENTS: rooms_events(said->rooms, said->batch); break;
    case SAYS_APPENDED: call_appended(said->token, said->outcome, said->head); break;
    case SAYS_HISTORY: call_history(said->token, said->exists, said->batch); break;
    case SAYS_ROOMS: call_rooms(said->token, said->ids, said->count); break;
    }
    discard(mail);
}

/* A worker that misses an answer would wait for ever and miss events, so without memory there is no
 * going on. */
static struct rooms_mail *mail_new(struct rooms_line *line, enum journal_says says, uint64_t token,
                                   size_t extra) {
    struct rooms_mail *said = calloc(1, sizeof *said + extra);
    if (said == NULL) {
        log_error(line->log, "fatal", LOG_S("why", "no memory for the journal's answer"));
        abort();
    }
    said->mail = (struct mail){.deliver = deliver, .discard = discard};
    said->rooms = line->rooms;
    said->says = says;
    said->token = token;
    return said;
}

static void on_events(void *ctx, struct journal_batch *batch) {
    struct rooms_line *line = ctx;
    struct rooms_mail *said = mail_new(line, SAYS_EVENTS, 0, 0);
    said->batch = journal_batch_ref(batch);
    mailbox_put(line->mailbox, &said->mail);
}

static void on_appended(void *ctx, uint64_t token, enum journal_outcome outcome, uint32_t head) {
    struct rooms_line *line = ctx;
    struct rooms_mail *said = mail_new(line, SAYS_APPENDED, token, 0);
    said->outcome = outcome;
    said->head = head;
    mailbox_put(line->mailbox, &said->mail);
}

static void on_history(void *ctx, uint64_t token, bool exists, struct journal_batch *batch) {
    struct rooms_line *line = ctx;
    struct rooms_mail *said = mail_new(line, SAYS_HISTORY, token, 0);
    said->exists = exists;
    said->batch = batch == NULL ? NULL : journal_batch_ref(batch);
    mailbox_put(line->mailbox, &said->mail);
}

static void on_rooms(void *ctx, uint64_t token, const char *ids, uint32_t count) {
    struct rooms_line *line = ctx;
    size_t bytes = (size_t)count * ROOM_ID_BYTES;
    struct rooms_mail *said = mail_new(line, SAYS_ROOMS, token, bytes);
    if (bytes > 0) {
        memcpy(said->ids, ids, bytes);
    }
    said->count = count;
    mailbox_put(line->mailbox, &said->mail);
}

static void on_told(void *ctx) {
    mailbox_wake(((struct rooms_line *)ctx)->mailbox);
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
                                     .told = on_told};
}
