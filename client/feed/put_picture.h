/* SPDX-License-Identifier: ISC */
/*
 * put_picture.h: a picture goes on record, as the commands of its parts.
 */
#ifndef SPAR_CLIENT_FEED_PUT_PICTURE_H
#define SPAR_CLIENT_FEED_PUT_PICTURE_H

#include "client/feed/model.h"

/* Whether a picture of so many bytes may go on record now; false: the model's message says why. */
bool put_picture_fits(struct model *model, size_t bytes) __attribute__((warn_unused_result));
/* Queues the commands, which are pending then and not sent yet. False: the model's message says
 * why. now: ms of room time. */
bool put_picture(struct model *model, struct span bytes, int64_t now)
    __attribute__((warn_unused_result));

#endif
