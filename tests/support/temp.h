/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a folder of a test's own for the files it writes, removed with everything in it.
 */
#ifndef SPAR_TESTS_SUPPORT_TEMP_H
#define SPAR_TESTS_SUPPORT_TEMP_H

#include <stddef.h>

/* Room for the paths that temp_path writes. */
enum { TEMP_PATH_SIZE = 256 };

/* Makes a new empty folder under $TMPDIR (or /tmp) and writes its path; aborts if that fails. */
void temp_make(char folder[TEMP_PATH_SIZE]);

/* Removes the folder and all that is in it. */
void temp_remove(const char *folder);

/* Writes FOLDER/NAME to `path` and returns `path`. */
char *temp_path(const char *folder, const char *name, char path[TEMP_PATH_SIZE]);

/* Writes a file of `size` bytes; aborts if that fails. */
void temp_write(const char *path, const void *bytes, size_t size);

/* Reads at most `capacity` bytes of a file and returns how many; aborts if it cannot be opened. */
size_t temp_read(const char *path, void *bytes, size_t capacity);

#endif
