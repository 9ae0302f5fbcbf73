/* SPDX-License-Identifier: ISC */
/*
 * Purpose: any bytes through the scan and the reader. What the scan accepts, the library must
 * unpack, and what was unpacked must survive being looked through.
 */
#include <stdint.h>
#include <stdlib.h>

#include "protocol/wire/mp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct mp_reader r;
    if (mp_reader_init(&r) != MP_OK) {
        return 0;
    }
    enum mp_error scanned = mp_scan(data, size);
    enum mp_error parsed = mp_reader_parse(&r, data, size);
    if (scanned != parsed) {
        abort(); /* the scan is what decides */
    }
    if (parsed == MP_OK) {
        (void)mp_opt_int(&r, &r.root, "n", 0, 9, 0);
        (void)mp_opt_text(&r, &r.root, "m", 64);
        (void)mp_get_bytes(&r, &r.root, "pack", 1, 64);
        (void)mp_get_array(&r, &r.root, "items", 9);
    }
    mp_reader_free(&r);
    return 0;
}
