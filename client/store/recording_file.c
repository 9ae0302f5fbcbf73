/* SPDX-License-Identifier: ISC */
/*
 * recording_file.c: finding and reading recordings on disk.
 */
#include "client/store/recording_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/net/identity.h"

static bool is_room_id(const char *word) {
    return strchr(word, '/') == NULL && strlen(word) == ROOM_ID_BYTES && access(word, F_OK) != 0;
}

/* A path if there is such a file, else the place where fetch saves a room of that id. */
static bool find(const char *word, char path[IDENTITY_PATH_MAX], struct certs_why *why) {
    char name[64];
    if (!is_room_id(word)) {
        return snprintf(path, IDENTITY_PATH_MAX, "%s", word) < IDENTITY_PATH_MAX;
    }
    snprintf(name, sizeof name, "recordings/%s.spar", word);
    return identity_path(name, path, why);
}

bool recording_file_missing(const char *word) {
    char path[IDENTITY_PATH_MAX];
    struct certs_why why;
    return is_room_id(word) && find(word, path, &why) && access(path, F_OK) != 0;
}

static char *slurp(const char *path, size_t *len, struct certs_why *why) {
    struct stat stat;
    FILE *file = fopen(path, "rbe");
    if (file == NULL || fstat(fileno(file), &stat) != 0) {
        if (errno == ENOENT) {
            certs_why_set(why,
                          "There is no recording %s; name a file, or a room that 'spar sessions' "
                          "lists.",
                          path);
        } else {
            certs_why_set(why, "%s cannot be opened (%s).", path, strerror(errno));
        }
        if (file != NULL) {
            fclose(file);
        }
        return NULL;
    }
    char *bytes = NULL;
    if (!S_ISREG(stat.st_mode) || stat.st_size > RECORDING_FILE_MAX) {
        certs_why_set(why, "%s is no recording: not a plain file of a recording's size.", path);
    } else if ((bytes = malloc((size_t)stat.st_size + 1)) == NULL) {
        certs_why_set(why, "Out of memory.");
    } else {
        *len = fread(bytes, 1, (size_t)stat.st_size, file);
    }
    fclose(file);
    return bytes;
}

enum recording_fault recording_file_read(const char *word, struct recording *rec,
                                         struct certs_why *why) {
    char path[IDENTITY_PATH_MAX];
    size_t len = 0;
    memset(rec, 0, sizeof *rec);
    char *bytes = NULL;
    if (recording_file_missing(word)) {
        certs_why_set(why, "There is no recording of room %s here; get it with 'spar fetch LINK'.",
                      word);
    } else if (find(word, path, why)) {
        bytes = slurp(path, &len, why);
    }
    if (bytes == NULL) {
        return RECORDING_NOT_ONE;
    }
    enum recording_fault fault = recording_parse(rec, bytes, len);
    if (fault == RECORDING_DAMAGED || fault == RECORDING_NO_END) {
        certs_why_set(why, "%s: %s The last good event is %u.", path, recording_fault_text(fault),
                      rec->count);
    } else if (fault != RECORDING_OK) {
        certs_why_set(why, "%s: %s", path, recording_fault_text(fault));
    }
    return fault;
}
