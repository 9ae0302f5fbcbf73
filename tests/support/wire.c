/* SPDX-License-Identifier: ISC */
/*
 * Purpose: see wire.h.
 */
#include "tests/support/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char letters[PACK_PANEL_MAX + 1]; /* one past the longest bound */

struct body wire_body(enum action act, bool longest) {
    memset(letters, 'a', sizeof letters);
    const struct action_row *row = action_row(act);
    struct body body = {.act = act, .has = row->required | row->optional};
    for (unsigned i = 0; i < FIELD_COUNT; i++) {
        if (!(body.has >> i & 1)) {
            continue;
        }
        const struct field_row *field = field_row((enum field)i);
        int64_t value = longest ? field->max : field->min;
        char *at = (char *)&body + field->offset;
        if (field->type == FIELD_NUM) {
            memcpy(at, &value, sizeof value);
        } else {
            struct span span = {letters, (uint32_t)value};
            memcpy(at, &span, sizeof span);
        }
    }
    return body;
}

field_set wire_chosen(uint64_t bits) {
    return (field_set)bits << 64 | bits;
}

static bool same_field(const struct field_row *row, const struct body *a, const struct body *b) {
    const char *left = (const char *)a + row->offset;
    const char *right = (const char *)b + row->offset;
    if (row->type == FIELD_NUM) {
        return memcmp(left, right, sizeof(int64_t)) == 0;
    }
    struct span x;
    struct span y;
    memcpy(&x, left, sizeof x);
    memcpy(&y, right, sizeof y);
    return x.len == y.len && memcmp(x.at, y.at, x.len) == 0;
}

bool wire_same_body(const struct body *a, const struct body *b, bool secrets) {
    field_set hidden = secrets ? 0 : F(key) | F(invite);
    if (a->act != b->act || (a->has & ~hidden) != (b->has & ~hidden)) {
        return false;
    }
    for (unsigned i = 0; i < FIELD_COUNT; i++) {
        bool counts = (a->has & ~hidden) >> i & 1;
        if (counts && !same_field(field_row((enum field)i), a, b)) {
            return false;
        }
    }
    return true;
}

void *wire_need(void *found) {
    if (!found) {
        abort();
    }
    return found;
}

char *wire_copy(const void *bytes, size_t len) {
    char *copy = wire_need(malloc(len ? len : 1));
    memcpy(copy, bytes, len);
    return copy;
}

char *wire_file(const char *name, size_t *len) {
    const char *source = getenv("SPAR_SOURCE");
    char path[1024];
    snprintf(path, sizeof path, "%s/tests/unit/files/%s", source ? source : ".", name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        abort();
    }
    char *data = wire_need(malloc(FRAME_PAYLOAD_MAX));
    *len = fread(data, 1, FRAME_PAYLOAD_MAX, file);
    fclose(file);
    return data;
}
