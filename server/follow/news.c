/* SPDX-License-Identifier: ISC */
/*
 * news.c: see news.h.
 */
#include "server/follow/news.h"

#include <stdlib.h>

struct news_item {
    STAILQ_ENTRY(news_item) next;
    struct journal_batch *batch;
};

bool news_add(struct news *news, struct journal_batch *batch) {
    struct news_item *item = malloc(sizeof *item);
    if (item == NULL) {
        return false;
    }
    item->batch = journal_batch_ref(batch);
    STAILQ_INSERT_TAIL(news, item, next);
    return true;
}

struct journal_batch *news_pop(struct news *news) {
    struct news_item *item = STAILQ_FIRST(news);
    if (item == NULL) {
        return NULL;
    }
    struct journal_batch *batch = item->batch;
    STAILQ_REMOVE_HEAD(news, next);
    free(item);
    return batch;
}

void news_forget(struct news *news) {
    struct journal_batch *batch;
    while ((batch = news_pop(news)) != NULL) {
        journal_batch_unref(batch);
    }
}
