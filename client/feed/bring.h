/* SPDX-License-Identifier: ISC */
/*
 * bring.h: a file of somebody who draws elsewhere comes into the room: a drawing goes on the board,
 * a picture on record. Which it is, its first bytes say.
 */
#ifndef SPAR_CLIENT_FEED_BRING_H
#define SPAR_CLIENT_FEED_BRING_H

#include "client/feed/feed.h"

/* False: nothing of it was sent. The model's message says what became of it, or why nothing did. */
bool bring_file(struct feed *feed, const char *path) __attribute__((warn_unused_result));

#endif
