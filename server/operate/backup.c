/* SPDX-License-Identifier: ISC */
/*
 * backup.c: makes the folder of a copy, for its owner alone.
 */
#include "server/operate/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPY_BYTES = 65536 };

#define sentence(line, ...) (snprintf((line), JOURNAL_LINE_MAX, __VA_ARGS__), false)

static bool is_empty(const char *folder) {
    DIR *open = opendir(folder);
    bool empty = open != NULL;
    for (const struct dirent *entry; empty && (entry = readdir(open)) != NULL;) {
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    }
    if (open != NULL) {
        closedir(open);
    }
    return empty;
}

static bool copy_bytes(int from, int to) {
    char bytes[COPY_BYTES];
    ssize_t got;
    while ((got = read(from, bytes, sizeof bytes)) > 0) {
        if (write(to, bytes, (size_t)got) != got) {
            return false;
        }
    }
    return got == 0 && fsync(to) == 0;
}

/* A file that is not there need not be: a server with a certificate of its own has no server.pem.
 */
static bool copy_file(const char *data, const char *folder, const char *name, char *line) {
    char from[PATH_MAX + 16], to[PATH_MAX + 16];
    snprintf(from, sizeof from, "%s/%s", data, name);
    snprintf(to, sizeof to, "%s/%s", folder, name);
    int source = open(from, O_RDONLY | O_CLOEXEC);
    if (source < 0) {
        return errno == ENOENT ||
               sentence(line, "%.800s cannot be read (%s).", from, strerror(errno));
    }
    int target = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool good = target >= 0 && copy_bytes(source, target);
    int failure = errno;
    close(source);
    if (target >= 0) {
        close(target);
    }
    return good || sentence(line, "%.800s cannot be written (%s).", to, strerror(failure));
}

bool backup_begin(const char *data, const char *folder, char *journal, size_t size, char *line) {
    if (mkdir(folder, 0700) != 0 && (errno != EEXIST || !is_empty(folder))) {
        return sentence(line,
                        "%.600s cannot be taken for the copy; name a folder that is empty or not "
                        "there yet, and that the server's user may write to.",
                        folder);
    }
    snprintf(journal, size, "%s/journal.db", folder);
    return copy_file(data, folder, "server.pem", line) &&
           copy_file(data, folder, "host.secret", line);
}
