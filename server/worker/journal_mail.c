/* SPDX-License-Identifier: ISC */
/*
 * journal_mail.c: runs on the journal's thread up to mailbox_post, and on the hall's from `deliver`
 * on.
 */
#include "server/worker/journal_mail.h"

#include <stdlib.h>
#include <string.h>

enum journal_says { SAYS_EVENTS, SAYS_APPENDED, SAYS_HISTORY, SAYS_ROOMS };

struct hall_mail {
    struct mail mail; /* first */
    struct hall *hall;
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
    struct hall_mail *said = (struct hall_mail *)mail;
    if (said->batch != NULL) {
        journal_batch_unref(said->batch);
    }
    free(said);
}

static void deliver(struct mail *mail, void *owner) {
    (void)owner;
    struct hall_mail *said = (struct hall_mail *)mail;
    switch (said->says) {
    case SAYS_EVENTS: hall_events(said->hall, said->batch); break;
    case SAYS_APPENDED: hall_appended(said->token, said->outcome, said->head); break;
    case SAYS_HISTORY: hall_history(said->token, said->exists, said->batch); break;
    case SAYS_ROOMS: hall_rooms(said->token, said->ids, said->count); break;
    }
    discard(mail);
}

/* A worker that misses an answer would wait for ever and miss events, so without memory there is no
 * going on. */
static struct hall_mail *mail_new(struct hall_line *line, enum journal_says says, uint64_t token,
                                  size_t extra) {
    struct hall_mail *said = calloc(1, sizeof *said + extra);
    if (said == NULL) {
        log_error(line->log, "fatal", LOG_S("why", "no memory for the journal's answer"));
        abort();
    }
    said->mail = (struct mail){.deliver = deliver, .discard = discard};
    said->hall = line->hall;
    said->says = says;
    said->token = token;
    return said;
}

static void on_events(void *ctx, struct journal_batch *batch) {
    struct hall_line *line = ctx;
    struct hall_mail *said = mail_new(line, SAYS_EVENTS, 0, 0);
    said->batch = journal_batch_ref(batch);
    mailbox_put(line->mailbox, &said->mail);
}

static void on_appended(void *ctx, uint64_t token, enum journal_outcome outcome, uint32_t head) {
    struct hall_line *line = ctx;
    struct hall_mail *said = mail_new(line, SAYS_APPENDED, token, 0);
    said->outcome = outcome;
    said->head = head;
    mailbox_put(line->mailbox, &said->mail);
}

static void on_history(void *ctx, uint64_t token, bool exists, struct journal_batch *batch) {
    struct hall_line *line = ctx;
    struct hall_mail *said = mail_new(line, SAYS_HISTORY, token, 0);
    said->exists = exists;
    said->batch = batch == NULL ? NULL : journal_batch_ref(batch);
    mailbox_put(line->mailbox, &said->mail);
}

static void on_rooms(void *ctx, uint64_t token, const char *ids, uint32_t count) {
    struct hall_line *line = ctx;
    size_t bytes = (size_t)count * ROOM_ID_BYTES;
    struct hall_mail *said = mail_new(line, SAYS_ROOMS, token, bytes);
    if (bytes > 0) {
        memcpy(said->ids, ids, bytes);
    }
    said->count = count;
    mailbox_put(line->mailbox, &said->mail);
}

static void on_told(void *ctx) {
    mailbox_wake(((struct hall_line *)ctx)->mailbox);
}

/* On the hall's own thread, unlike what the journal tells. */
static void on_posted(void *ctx) {
    hall_posted(((struct hall_line *)ctx)->hall);
}

struct journal_listener hall_line_listener(struct hall_line *line) {
    return (struct journal_listener){.ctx = line,
                                     .posted = on_posted,
                                     .events = on_events,
                                     .appended = on_appended,
                                     .history = on_history,
                                     .rooms = on_rooms,
                                     .told = on_told};
}
