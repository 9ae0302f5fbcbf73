/* SPDX-License-Identifier: ISC */
/*
 * file.h: whole reads and writes at a place of a file, whatever interrupts them. Any thread.
 */
#ifndef SPAR_SERVER_BASE_FILE_H
#define SPAR_SERVER_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* at: bytes from the beginning. False: errno tells why; a part may be written. */
bool file_write_at(int fd, const void *bytes, size_t len, int64_t at)
    __attribute__((warn_unused_result));
/* False: it cannot be read (errno), or ends before (errno is 0). */
bool file_read_at(int fd, void *bytes, size_t len, int64_t at) __attribute__((warn_unused_result));
/* Whether all of them are zeros. */
bool file_is_blank(const uint8_t *bytes, size_t len);

#endif
