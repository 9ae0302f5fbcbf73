/* SPDX-License-Identifier: ISC */
/*
 * Purpose: makes, copies, searches and removes the place, and says why a journal does not open.
 */
#include "tests/support/journal_place.h"

#include <CUnit/CUnit.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void place_make(struct place *place) {
    temp_make(place->folder);
    temp_path(place->folder, "journal.db", place->path);
}

char *place_beside(const struct place *place, const char *end, char path[TEMP_PATH_SIZE]) {
    snprintf(path, TEMP_PATH_SIZE, "%.*s%s", TEMP_PATH_SIZE - 16, place->path, end);
    return path;
}

/* In another boot of the machine: what was being written may be there in part. */
void place_copy(const struct place *from, struct place *to) {
    enum { FILE_MAX = 64 * 1024 * 1024, BOOT_BYTES = 64 };
    static const char *const ends[] = {"", "-events", "-wal", "-commits.0", "-commits.1", ".lock"};
    uint8_t *bytes = malloc(FILE_MAX);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    place_make(to);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char path[TEMP_PATH_SIZE], other[TEMP_PATH_SIZE];
        if (access(place_beside(from, ends[i], path), R_OK) == 0) {
            size_t len = temp_read(path, bytes, FILE_MAX);
            if (strcmp(ends[i], ".lock") == 0) {
                memset(bytes, 0, BOOT_BYTES);
            }
            temp_write(place_beside(to, ends[i], other), bytes, len);
        }
    }
    free(bytes);
}

static bool file_holds(const char *path, const char *words) {
    enum { FILE_MAX = 64 * 1024 * 1024 };
    uint8_t *bytes = malloc(FILE_MAX);
    if (bytes == NULL) {
        abort();
    }
    size_t len = temp_read(path, bytes, FILE_MAX);
    bool holds = memmem(bytes, len, words, strlen(words)) != NULL;
    free(bytes);
    return holds;
}

bool place_holds(const struct place *place, const char *words) {
    DIR *folder = opendir(place->folder);
    struct dirent *entry;
    bool holds = false;
    if (folder == NULL) {
        abort();
    }
    while (!holds && (entry = readdir(folder)) != NULL) {
        char path[TEMP_PATH_SIZE];
        holds = entry->d_name[0] != '.' &&
                file_holds(temp_path(place->folder, entry->d_name, path), words);
    }
    closedir(folder);
    return holds;
}

void place_remove(struct place *place) {
    temp_remove(place->folder);
}

struct journal *place_open(const struct place *place) {
    char error[256];
    struct journal *journal = journal_sqlite_open(place->path, NULL, error);
    if (journal == NULL) {
        printf("\n    %s", error);
    }
    CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
    return journal;
}
