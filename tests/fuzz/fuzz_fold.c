/* SPDX-License-Identifier: ISC */
/*
 * Purpose: any sequence of events that a hostile server could send, folded as a client folds its
 * view. Two bytes give the length of each event's map. The state must survive a copy with the
 * same digest, and what is computed from it must not crash.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/room/digest.h"
#include "protocol/room/insight.h"
#include "protocol/room/suggest.h"
#include "protocol/wire/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_copy(const struct room *room) {
    struct room copy;
    uint8_t one[HASH_BYTES];
    uint8_t two[HASH_BYTES];
    if (!room_copy(&copy, room)) {
        return;
    }
    if (!digest_room(room, one) || !digest_room(&copy, two) || memcmp(one, two, sizeof one) != 0) {
        abort();
    }
    room_free(&copy);
}

static void compute(const struct room *room) {
    uint8_t due[PACK_ALARMS_MAX];
    uint8_t suggested[PACK_SUGGESTS_MAX];
    struct insight_summary summary;
    (void)suggest_due(room, room->at, suggested);
    (void)suggest_next(room, room->at);
    if (room->pack) {
        (void)insight_alarms(room, room->at, due);
        (void)insight_next_alarm(room, room->at);
        insight_summarise(room, room->at, &summary);
        (void)insight_agree(room, SEAT_SERVER, 1, -1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct mp_reader r;
    struct room room;
    if (mp_reader_init(&r) != MP_OK) {
        return 0;
    }
    room_init(&room);
    while (size >= 2) {
        size_t len = (size_t)data[0] << 8 | data[1];
        struct event event;
        data += 2;
        size -= 2;
        len = len > size ? size : len;
        if (mp_reader_parse(&r, data, len) == MP_OK && event_read_sent(&r, &r.root, &event)) {
            event.pos = room.pos + 1;
            if (room_apply(&room, &event, NULL, NULL) == APPLY_NO_MEMORY) {
                break;
            }
        }
        data += len;
        size -= len;
    }
    compute(&room);
    check_copy(&room);
    room_free(&room);
    mp_reader_free(&r);
    return 0;
}
