/* SPDX-License-Identifier: ISC */
/*
 * picture.c: pictures on record.
 *
 * Invariants: the parts of a picture follow each other, `left` falling by one to none; all of them
 * have BOARD_PICTURE_MAX_BYTES at most; the first one says by its bytes of which kind it is. One
 * whose `left` is not 0 never came whole, and is nobody's to see.
 */
#include "protocol/board/picture.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(BOARD_PICTURE_PARTS *BOARD_PICTURE_PART_BYTES == BOARD_PICTURE_MAX_BYTES,
               "the largest picture is so many whole parts");
_Static_assert(BOARD_PICTURE_PARTS - 1 <= PACK_PARTS_MAX - 1, "`left` counts them");

static bool begins(struct span bytes, size_t at, const char *with, size_t len) {
    return bytes.len >= at + len && memcmp(bytes.at + at, with, len) == 0;
}

enum picture_kind picture_kind_of(struct span bytes) {
    if (begins(bytes, 0, "\x89PNG\r\n\x1a\n", 8)) {
        return PICTURE_PNG;
    }
    if (begins(bytes, 0, "\xff\xd8\xff", 3)) {
        return PICTURE_JPEG;
    }
    return begins(bytes, 0, "RIFF", 4) && begins(bytes, 8, "WEBP", 4) ? PICTURE_WEBP : PICTURE_NONE;
}

const char *picture_name(enum picture_kind kind) {
    static const char *const names[] = {"none", "PNG", "JPEG", "WebP"};
    return names[kind];
}

const char *picture_mime(enum picture_kind kind) {
    static const char *const types[] = {"application/octet-stream", "image/png", "image/jpeg",
                                        "image/webp"};
    return types[kind];
}

unsigned picture_parts(size_t bytes) {
    return bytes > BOARD_PICTURE_MAX_BYTES
               ? 0
               : (unsigned)((bytes + BOARD_PICTURE_PART_BYTES - 1) / BOARD_PICTURE_PART_BYTES);
}

struct body picture_part(struct span picture, uint32_t thing, unsigned part) {
    uint32_t from = part * BOARD_PICTURE_PART_BYTES;
    uint32_t rest = picture.len - from;
    struct body body = {.act = ACTION_PICTURE_ADD, .has = F(thing) | F(image), .thing = thing};
    body.image.at = picture.at + from;
    body.image.len = rest < BOARD_PICTURE_PART_BYTES ? rest : BOARD_PICTURE_PART_BYTES;
    body.left = (int64_t)picture_parts(picture.len) - 1 - (int64_t)part;
    body.has |= body.left > 0 ? F(left) : 0;
    return body;
}

static uint8_t left_of(const struct body *body) {
    return body->has & F(left) ? (uint8_t)body->left : 0;
}

/* ---- the fold ---- */

static unsigned count_of(const struct board *board, uint8_t by) {
    unsigned count = 0;
    for (uint8_t i = 0; i < board->picture_count; i++) {
        count += board->pictures[i].by == by;
    }
    return count;
}

uint32_t picture_next_id(const struct board *board, uint8_t by) {
    return (uint32_t)by * BOARD_IDS + count_of(board, by) + 1;
}

/* Of the picture that this body goes on with; -1: it begins one. */
static int unfinished(const struct board *board, const struct body *body) {
    for (int i = 0; i < board->picture_count; i++) {
        if (board->pictures[i].left > 0 && board->pictures[i].id == body->thing) {
            return i;
        }
    }
    return -1;
}

static enum refusal check_first(const struct board *board, uint8_t by, const struct body *body) {
    if (body->thing != picture_next_id(board, by)) {
        return REFUSAL_BOARD_ID;
    }
    if (picture_kind_of(body->image) == PICTURE_NONE) {
        return REFUSAL_BAD_PICTURE;
    }
    return board->picture_count < BOARD_PICTURES_MAX ? REFUSAL_NONE : REFUSAL_PICTURES_FULL;
}

enum refusal picture_check(const struct board *board, uint8_t by, const struct body *body) {
    int index = unfinished(board, body);
    if (index < 0 || board->pictures[index].by != by) {
        return check_first(board, by, body);
    }
    const struct board_picture *picture = &board->pictures[index];
    bool fits = left_of(body) == picture->left - 1 &&
                picture->bytes + body->image.len <= BOARD_PICTURE_MAX_BYTES;
    return fits ? REFUSAL_NONE : REFUSAL_BAD_PICTURE;
}

void picture_take(struct board *board, uint8_t by, const struct body *body, int64_t made) {
    int index = unfinished(board, body);
    if (index < 0) {
        index = board->picture_count++;
        board->pictures[index] =
            (struct board_picture){.id = (uint32_t)body->thing,
                                   .by = by,
                                   .kind = (uint8_t)picture_kind_of(body->image),
                                   .at = made};
    }
    board->pictures[index].left = left_of(body);
    board->pictures[index].bytes += body->image.len;
}

/* ---- its bytes ---- */

void picture_free(struct picture_bytes *picture) {
    free(picture->data);
    picture->data = NULL;
    picture->len = 0;
    picture->id = 0;
    picture->whole = false;
}

bool picture_join(struct picture_bytes *picture, const struct body *body) {
    if (picture->id != body->thing || picture->whole) {
        picture_free(picture);
        picture->id = (uint32_t)body->thing;
    }
    char *data = realloc(picture->data, (size_t)picture->len + body->image.len);
    if (!data) {
        picture_free(picture);
        return false;
    }
    memcpy(data + picture->len, body->image.at, body->image.len);
    picture->data = data;
    picture->len += body->image.len;
    picture->whole = left_of(body) == 0;
    return true;
}
