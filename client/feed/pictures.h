/* SPDX-License-Identifier: ISC */
/*
 * pictures.h: the bytes of the pictures that were put on record, as far as their events have come.
 * The fold knows of them without their bytes.
 */
#ifndef SPAR_CLIENT_FEED_PICTURES_H
#define SPAR_CLIENT_FEED_PICTURES_H

#include "protocol/board/picture.h"

/* Zero is none. */
struct pictures {
    struct picture_bytes at[BOARD_PICTURES_MAX];
    unsigned count;
};

/* Keeps what a picture.add brings, which the fold has taken; any other event is passed over. A
 * picture for which there is no memory is not there. */
void pictures_take(struct pictures *pictures, const struct body *body);
/* The bytes of one that is whole; none: there is no such. */
struct span pictures_find(const struct pictures *pictures, uint32_t id);
void pictures_free(struct pictures *pictures);

#endif
