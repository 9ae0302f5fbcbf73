/* SPDX-License-Identifier: ISC */
/*
 * put_picture.c: a picture in its parts: what is refused is refused with the first of them.
 */
#include "client/feed/put_picture.h"

enum { KILO = 1000 };

bool put_picture_fits(struct model *model, size_t bytes) {
    if (bytes == 0 || picture_parts(bytes) == 0) {
        model_say(model, true, "A picture has 1 to %d KB; this one has %zu KB. Save it smaller.",
                  BOARD_PICTURE_MAX_BYTES / KILO, (bytes + KILO - 1) / KILO);
        return false;
    }
    if (model->pending_count + picture_parts(bytes) > PENDING_PICTURES_MAX) {
        model_say(model, true, "Too much is on its way; try again in a moment.");
        return false;
    }
    return true;
}

bool put_picture(struct model *model, struct span bytes, int64_t now) {
    if (!put_picture_fits(model, bytes.len)) {
        return false;
    }
    uint32_t id = picture_next_id(drawing_shown(model), model->seat);
    struct model_pending *pending;
    for (unsigned part = 0; part < picture_parts(bytes.len); part++) {
        struct body body = picture_part(bytes, id, part);
        if (drawing_do(model, &body, now, &pending) != DRAWING_SENT) {
            return false;
        }
    }
    return true;
}
