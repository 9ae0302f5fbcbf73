/* SPDX-License-Identifier: ISC */
/*
 * Purpose: temporary folders for tests. Aborts on failure, since no test can go on without.
 */
#include "tests/support/temp.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

static void give_up(const char *what) {
    perror(what);
    abort();
}

void temp_make(char folder[TEMP_PATH_SIZE]) {
    const char *parent = getenv("TMPDIR");
    int length = snprintf(folder, TEMP_PATH_SIZE, "%s/spar-test.XXXXXX",
                          parent && *parent ? parent : "/tmp");
    if (length < 0 || length >= TEMP_PATH_SIZE || !mkdtemp(folder)) {
        give_up(folder);
    }
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *ftw) {
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

void temp_remove(const char *folder) {
    if (nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0) {
        give_up(folder);
    }
}

char *temp_path(const char *folder, const char *name, char path[TEMP_PATH_SIZE]) {
    int length = snprintf(path, TEMP_PATH_SIZE, "%s/%s", folder, name);
    if (length < 0 || length >= TEMP_PATH_SIZE) {
        give_up(name);
    }
    return path;
}

void temp_write(const char *path, const void *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
        give_up(path);
    }
}

size_t temp_read(const char *path, void *bytes, size_t capacity) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        give_up(path);
    }
    size_t size = fread(bytes, 1, capacity, file);
    fclose(file);
    return size;
}
