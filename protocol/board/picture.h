/* SPDX-License-Identifier: ISC */
/*
 * picture.h: a picture that somebody who draws elsewhere puts on record: which bytes are one, and
 * in which parts it comes.
 *
 * The fold keeps that there is a picture, and never its bytes: those are in the events, so that a
 * server holds none of them. picture_join puts them together again for whoever shows it.
 */
#ifndef SPAR_PROTOCOL_BOARD_PICTURE_H
#define SPAR_PROTOCOL_BOARD_PICTURE_H

#include "protocol/board/board.h"

/* By its first bytes; PICTURE_NONE: no kind that is taken. */
enum picture_kind picture_kind_of(struct span bytes);
/* "PNG", "JPEG", "WebP"; and "image/png" … Static. */
const char *picture_name(enum picture_kind kind);
const char *picture_mime(enum picture_kind kind);

/* The id that the seat gives to its next picture: they are numbered apart from all else. */
uint32_t picture_next_id(const struct board *board, uint8_t by);
/* How many parts a picture of so many bytes has; 0: it has none, or is larger than
 * BOARD_PICTURE_MAX_BYTES. */
unsigned picture_parts(size_t bytes);
/* The picture.add of that part (from 0) of a picture, which it borrows. thing: picture_next_id. */
struct body picture_part(struct span picture, uint32_t thing, unsigned part);

/* A picture that is coming together. Zero is none. */
struct picture_bytes {
    uint32_t id;
    bool whole;
    uint32_t len;
    char *data; /* owned */
};
/* Adds what a picture.add brings; another picture takes the place of the one before. False: out of
 * memory, and it is empty. */
bool picture_join(struct picture_bytes *picture, const struct body *body)
    __attribute__((warn_unused_result));
void picture_free(struct picture_bytes *picture);

/* For board.c: why a part is not taken, and taking it. */
enum refusal picture_check(const struct board *board, uint8_t by, const struct body *body);
void picture_take(struct board *board, uint8_t by, const struct body *body, int64_t made);

#endif
