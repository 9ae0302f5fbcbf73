/* SPDX-License-Identifier: ISC */
/*
 * excalidraw.h: a drawing made with Excalidraw, read for the board: boxes, words and arrows. What a
 * file holds besides is passed over.
 */
#ifndef SPAR_CLIENT_FEED_EXCALIDRAW_H
#define SPAR_CLIENT_FEED_EXCALIDRAW_H

#include "client/feed/feed.h"

enum { EXCALIDRAW_MAX_BYTES = 2000000, EXCALIDRAW_ELEMENTS_MAX = 2000, EXCALIDRAW_WHY_MAX = 128 };

struct excalidraw;

/* NULL: `why` says in one sentence what is wrong with it. */
struct excalidraw *excalidraw_read(struct span file, char why[EXCALIDRAW_WHY_MAX])
    __attribute__((warn_unused_result));
void excalidraw_free(struct excalidraw *drawing);
/* Puts it on the board as one's own hand would, in places that are free. How many of its things
 * have no place there, no words that a box may have, or were refused; *put: how many are there. */
unsigned excalidraw_put(const struct excalidraw *drawing, struct feed *feed, unsigned *put);

#endif
