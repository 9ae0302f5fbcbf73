/* SPDX-License-Identifier: ISC */
/*
 * progress_load.c: reading a folder of recordings.
 */
#include "client/cmd/progress_load.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cmd/zone.h"
#include "client/net/identity.h"
#include "client/store/recording_file.h"

static bool take_file(struct progress *progress, const char *folder, const char *name) {
    char path[IDENTITY_PATH_MAX];
    struct recording rec;
    struct certs_why why = {{0}};
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) {
        progress_note(progress, "%.60s: its path is too long.", name);
        return true;
    }
    enum recording_fault fault = recording_file_read(path, &rec, &why);
    bool good = true;
    if (fault == RECORDING_OK) {
        good = progress_take_recording(progress, &rec, name);
    } else {
        progress_note(progress, "%.60s: %.100s", name, recording_fault_text(fault));
    }
    recording_free(&rec);
    return good;
}

static int is_recording(const struct dirent *entry) {
    size_t len = strlen(entry->d_name);
    return entry->d_name[0] != '.' && len > 5 && strcmp(entry->d_name + len - 5, ".spar") == 0;
}

bool progress_load(struct progress *progress, const char *folder, bool may_lack,
                   struct certs_why *why) {
    struct dirent **names = NULL;
    int count = scandir(folder, &names, is_recording, alphasort);
    bool good = count >= 0 || (may_lack && errno == ENOENT);
    if (!good) {
        certs_why_set(why, "The folder %s cannot be read (%s).", folder, strerror(errno));
    }
    for (int i = 0; i < count; i++) {
        if (good && !take_file(progress, folder, names[i]->d_name)) {
            certs_why_set(why, "Out of memory.");
            good = false;
        }
        free(names[i]);
    }
    free(names);
    for (uint32_t i = 0; i < progress->count; i++) {
        progress->sessions[i].zone = zone_at(progress->sessions[i].started);
    }
    return good;
}
