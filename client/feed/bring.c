/* SPDX-License-Identifier: ISC */
/*
 * bring.c: reading the file, and what is said of it.
 */
#include "client/feed/bring.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/feed/excalidraw.h"
#include "client/feed/put_picture.h"

/* The bytes of a file, one more than may be at most; NULL: errno says why. */
static char *read_file(const char *path, size_t *len) {
    FILE *file = fopen(path, "rbe");
    char *bytes = file ? malloc(EXCALIDRAW_MAX_BYTES + 1) : NULL;
    *len = bytes ? fread(bytes, 1, EXCALIDRAW_MAX_BYTES + 1, file) : 0;
    bool failed = bytes && ferror(file);
    int error = errno;
    if (file) {
        fclose(file);
    }
    errno = error;
    if (failed) {
        free(bytes);
        return NULL;
    }
    return bytes;
}

static bool send_picture(struct feed *feed, struct span bytes) {
    struct model *model = &feed->model;
    if (!put_picture_fits(model, bytes.len)) {
        return false;
    }
    uint32_t id = picture_next_id(drawing_shown(model), model->seat);
    for (unsigned part = 0; part < picture_parts(bytes.len); part++) {
        struct body body = picture_part(bytes, id, part);
        if (!feed->ops->send(feed, &body)) {
            return false;
        }
    }
    model_say(model, false, "The picture is on its way to everybody.");
    return true;
}

static bool send_drawing(struct feed *feed, struct span bytes) {
    char why[EXCALIDRAW_WHY_MAX];
    unsigned put;
    struct excalidraw *drawing = excalidraw_read(bytes, why);
    if (!drawing) {
        model_say(&feed->model, true, "%s", why);
        return false;
    }
    unsigned left = excalidraw_put(drawing, feed, &put);
    excalidraw_free(drawing);
    if (put > 0) {
        model_say(&feed->model, left > 0,
                  left > 0 ? "%u things are on the board; %u had no place there, or no words."
                           : "%u things are on the board.",
                  put, left);
    }
    return put > 0;
}

bool bring_file(struct feed *feed, const char *path) {
    size_t len;
    char *bytes = read_file(path, &len);
    if (!bytes) {
        model_say(&feed->model, true, "%.100s cannot be read: %s.", path, strerror(errno));
        return false;
    }
    struct span span = {bytes, (uint32_t)len};
    bool sent =
        picture_kind_of(span) != PICTURE_NONE ? send_picture(feed, span) : send_drawing(feed, span);
    free(bytes);
    return sent;
}
