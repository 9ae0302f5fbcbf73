/* SPDX-License-Identifier: ISC */
/*
 * recording_fold.c: folding a recording.
 */
#include "client/feed/recording_fold.h"

#include <string.h>

uint32_t recording_fold(const struct recording *rec, struct model *model) {
    model_init(model);
    memcpy(model->room_id, rec->room, sizeof model->room_id);
    model->seat = rec->seat;
    model->role = rec->role;
    model->connection = CONNECTION_RECORDING;
    uint32_t count = 0;
    while (count < rec->count && model_apply(model, &rec->events[count]) == APPLY_OK) {
        count++;
    }
    return count;
}
