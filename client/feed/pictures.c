/* SPDX-License-Identifier: ISC */
/*
 * pictures.c: pictures on record, put together from their parts.
 *
 * Invariant: one place for each id, so that a past that comes once more takes the place of itself.
 */
#include "client/feed/pictures.h"

static struct picture_bytes *place(struct pictures *pictures, uint32_t id) {
    for (unsigned i = 0; i < pictures->count; i++) {
        if (pictures->at[i].id == id) {
            return &pictures->at[i];
        }
    }
    return pictures->count < BOARD_PICTURES_MAX ? &pictures->at[pictures->count++] : NULL;
}

void pictures_take(struct pictures *pictures, const struct body *body) {
    if (body->act != ACTION_PICTURE_ADD) {
        return;
    }
    struct picture_bytes *picture = place(pictures, (uint32_t)body->thing);
    if (picture && !picture_join(picture, body)) {
        picture->id = (uint32_t)body->thing; /* its place stays, without bytes */
    }
}

struct span pictures_find(const struct pictures *pictures, uint32_t id) {
    for (unsigned i = 0; i < pictures->count; i++) {
        const struct picture_bytes *picture = &pictures->at[i];
        if (picture->id == id && picture->whole) {
            return (struct span){picture->data, picture->len};
        }
    }
    return (struct span){"", 0};
}

void pictures_free(struct pictures *pictures) {
    for (unsigned i = 0; i < pictures->count; i++) {
        picture_free(&pictures->at[i]);
    }
    pictures->count = 0;
}
