/* SPDX-License-Identifier: ISC */
/*
 * journal_mail.h: the way from the journal's thread to a hall's: each answer becomes a mail.
 */
#ifndef SPAR_SERVER_WORKER_JOURNAL_MAIL_H
#define SPAR_SERVER_WORKER_JOURNAL_MAIL_H

#include "server/follow/hall.h"
#include "server/worker/mailbox.h"

/* What the journal's listener is given; outlives the journal's traffic. */
struct hall_line {
    struct hall *hall;
    struct mailbox *mailbox;
    struct log *log;
};

/* A listener that posts to line->mailbox. line is its ctx. */
struct journal_listener hall_line_listener(struct hall_line *line);

#endif
