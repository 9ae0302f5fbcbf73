/* SPDX-License-Identifier: ISC */
/*
 * news.h: batches of a log that came while what is before them was being folded. One thread.
 */
#ifndef SPAR_SERVER_FOLLOW_NEWS_H
#define SPAR_SERVER_FOLLOW_NEWS_H

#include <bsd/sys/queue.h>
#include <stdbool.h>

#include "server/journal/journal.h"

struct news_item;
STAILQ_HEAD(news, news_item);

/* Puts a reference to it behind the others. False: no memory. */
bool news_add(struct news *news, struct journal_batch *batch) __attribute__((warn_unused_result));
/* Takes the oldest, whose reference is the caller's; NULL: there is none. */
struct journal_batch *news_pop(struct news *news);
void news_forget(struct news *news);

#endif
