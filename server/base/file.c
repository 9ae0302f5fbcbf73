/* SPDX-License-Identifier: ISC */
/*
 * file.c: see file.h.
 */
#include "server/base/file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

bool file_write_at(int fd, const void *bytes, size_t len, int64_t at) {
    const uint8_t *from = bytes;
    while (len > 0) {
        ssize_t done = pwrite(fd, from, len, at);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            errno = done == 0 ? ENOSPC : errno;
            return false;
        }
        from += done;
        len -= (size_t)done;
        at += done;
    }
    return true;
}

bool file_read_at(int fd, void *bytes, size_t len, int64_t at) {
    uint8_t *to = bytes;
    while (len > 0) {
        ssize_t done = pread(fd, to, len, at);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            errno = done == 0 ? 0 : errno;
            return false;
        }
        to += done;
        len -= (size_t)done;
        at += done;
    }
    return true;
}

bool file_is_blank(const uint8_t *bytes, size_t len) {
    return len == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, len - 1) == 0);
}
