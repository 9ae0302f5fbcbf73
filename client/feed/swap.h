/* SPDX-License-Identifier: ISC */
/*
 * swap.h: turning the roles: which prompt the second half gets.
 */
#ifndef SPAR_CLIENT_FEED_SWAP_H
#define SPAR_CLIENT_FEED_SWAP_H

#include "client/feed/feed.h"

/* Asks for the second half. name: the prompt to take; NULL: the first one of this machine's that is
 * not the present one, nor one on which this person has been candidate if it is they who turn
 * candidate. A prompt that the server refuses, as the other has had it, gives way to the next.
 * False: nothing was sent; `why` is a sentence. */
bool swap_start(struct feed *feed, const char *name, char *why, size_t size)
    __attribute__((warn_unused_result));

#endif
