/* SPDX-License-Identifier: ISC */
/*
 * file.h: packs as people write them: YAML files to struct pack, each fault with file, line and
 * column.
 *
 * A prompt file names its framework file, relative to itself; both together make a pack. Syntax is
 * described in spar-pack(5).
 */
#ifndef SPAR_CLIENT_PACK_FILE_H
#define SPAR_CLIENT_PACK_FILE_H

#include "protocol/pack/pack.h"

enum {
    PACK_FILE_FAULTS_MAX = 20,
    PACK_FILE_WARNINGS_MAX = 8,
    PACK_FILE_BYTES_MAX = 512 * 1024, /* a larger file is refused unread */
    PACK_FILE_PATH_MAX = 4096
};

struct pack_file_fault {
    char file[PACK_FILE_PATH_MAX];
    int line, column; /* from 1; 0: the fault is about the file as a whole */
    char what[240];   /* what was expected */
};
struct pack_file_faults {
    uint32_t count; /* faults found; only the first PACK_FILE_FAULTS_MAX are kept */
    struct pack_file_fault at[PACK_FILE_FAULTS_MAX];
    /* Rules of format 2 that a file of format 1 breaks: it is sound all the same. As above. */
    uint32_t warned;
    struct pack_file_fault warning[PACK_FILE_WARNINGS_MAX];
};

enum pack_file_kind { PACK_FILE_NEITHER, PACK_FILE_FRAMEWORK, PACK_FILE_PROMPT };

/* Reads a prompt file with its framework, each of either format. NULL: `faults` (cleared first)
 * says what was expected where. The caller owns the pack. */
struct pack *pack_file_read(const char *path, struct pack_file_faults *faults)
    __attribute__((warn_unused_result));
/* Checks a file of either kind. PACK_FILE_NEITHER or faults->count > 0: faulty. A sound prompt's
 * pack goes to *pack (may be NULL). */
enum pack_file_kind pack_file_check(const char *path, struct pack **pack,
                                    struct pack_file_faults *faults)
    __attribute__((warn_unused_result));

/*
 * Finds a pack by name or path: a name is looked for as NAME.yaml in the folders of
 * pack_file_folders, in order. False if there is none.
 */
bool pack_file_find(const char *name, char out[PACK_FILE_PATH_MAX])
    __attribute__((warn_unused_result));
/* The i-th folder that may hold packs: $SPAR_PACKS, share/spar/packs beside the program's own
 * folder. False: there is none of that number. */
bool pack_file_folder(int i, char out[PACK_FILE_PATH_MAX]) __attribute__((warn_unused_result));

#endif
