/* SPDX-License-Identifier: ISC */
/*
 * pack_source.c: see pack_source.h.
 */
#include "tests/bench/pack_source.h"

#include <stdio.h>

#include "client/pack/file.h"

struct pack *bench_pack(void) {
    static struct pack_file_faults faults;
    char path[PACK_FILE_PATH_MAX];
    struct pack *pack = NULL;
    if (pack_file_find("click-stream", path)) {
        pack = pack_file_read(path, &faults);
    }
    if (!pack) {
        fprintf(stderr, "bench: the pack click-stream is not there; set SPAR_PACKS\n");
    }
    return pack;
}
