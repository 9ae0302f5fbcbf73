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

#include "server/base/folder.h"

enum { COPY_BYTES = 65536 };

#define sentence(line, ...) (snprintf((line), JOURNAL_LINE_MAX, __VA_ARGS__), false)

static const char *const copied[] = {"server.pem", "host.secret"};
static const char marker[] = "journal.db" JOURNAL_UNFINISHED;

static bool is_of_beginning(const char *name) {
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, marker) == 0 ||
           strcmp(name, copied[0]) == 0 || strcmp(name, copied[1]) == 0;
}

/* Nothing is there, or only what is made before the journal is asked, by one who was killed then or
 * whom the journal told to wait. The marker comes first, so keys without it are somebody's. */
static bool is_free(const char *folder) {
    DIR *open = opendir(folder);
    bool none_else = open != NULL, marked = false, empty = true;
    for (const struct dirent *entry; none_else && (entry = readdir(open)) != NULL;) {
        none_else = is_of_beginning(entry->d_name);
        marked = marked || strcmp(entry->d_name, marker) == 0;
        empty = empty && entry->d_name[0] == '.';
    }
    if (open != NULL) {
        closedir(open);
    }
    return none_else && (marked || empty);
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
    unlink(to);
    int target = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool good = target >= 0 && copy_bytes(source, target);
    int failure = errno;
    close(source);
    if (target >= 0) {
        close(target);
    }
    return good || sentence(line, "%.800s cannot be written (%s).", to, strerror(failure));
}

static bool put_marker(const char *folder, char *line) {
    char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/%s", folder, marker);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return sentence(line, "%.800s cannot be written (%s).", path, strerror(errno));
    }
    close(fd);
    return true;
}

bool backup_begin(const char *data, const char *folder, char *journal, size_t size, char *line) {
    if (mkdir(folder, 0700) != 0 && (errno != EEXIST || !is_free(folder))) {
        return sentence(line,
                        "%.600s cannot be taken for the copy; name a folder that is empty or not "
                        "there yet, and that the server's user may write to.",
                        folder);
    }
    folder_sync_above(folder);
    snprintf(journal, size, "%s/journal.db", folder);
    return put_marker(folder, line) && copy_file(data, folder, copied[0], line) &&
           copy_file(data, folder, copied[1], line);
}
