/*
 * Purpose: any bytes as a recording file. The events that it gives must be numbered from 1, whatever the
 * fault, and can be folded.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/recording.h"
#include "protocol/room.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *bytes = malloc(size ? size : 1);
    if (!bytes) {
        return 0;
    }
    if (size) {
        memcpy(bytes, data, size);
    }
    struct recording rec;
    enum recording_fault fault = recording_parse(&rec, bytes, size);
    if (recording_fault_text(fault)[0] == '\0') {
        abort();
    }
    struct room room;
    room_init(&room);
    for (uint32_t i = 0; i < rec.count; i++) {
        if (rec.events[i].pos != i + 1) {
            abort();
        }
        if (room_apply(&room, &rec.events[i], NULL, NULL) != APPLY_OK) {
            break;
        }
    }
    room_free(&room);
    recording_free(&rec);
    return 0;
}
