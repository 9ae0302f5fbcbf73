/* SPDX-License-Identifier: ISC */
/*
 * journal_mail.h: the way from the journal's thread to a worker's: what it says until it has said
 * all for now becomes a mail.
 */
#ifndef SPAR_SERVER_WORKER_JOURNAL_MAIL_H
#define SPAR_SERVER_WORKER_JOURNAL_MAIL_H

#include "server/worker/mailbox.h"
#include "server/worker/rooms.h"

/* What the journal's listener is given; outlives the journal's traffic. */
struct rooms_line {
    struct rooms_mail
        *mail; /* the journal's thread's: answers that are not posted yet; NULL at first */
    struct rooms *rooms;
    struct mailbox *mailbox;
    struct log *log;
};

/* A listener that posts to line->mailbox. line is its ctx. */
struct journal_listener rooms_line_listener(struct rooms_line *line);

#endif
