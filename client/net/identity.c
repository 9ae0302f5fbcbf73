/* SPDX-License-Identifier: ISC */
/*
 * identity.c: the client's key and its folder of files.
 */
#include "client/net/identity.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "protocol/text/text.h"

bool identity_make_folders(char *path) {
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int failed = mkdir(path, 0700) != 0 && errno != EEXIST;
        *slash = '/';
        if (failed) {
            return false;
        }
    }
    return true;
}

bool identity_path(const char *name, char out[IDENTITY_PATH_MAX], struct certs_why *why) {
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    int len = -1;
    if (data != NULL && data[0] == '/') {
        len = snprintf(out, IDENTITY_PATH_MAX, "%s/spar/%s", data, name);
    } else if (home != NULL && home[0] == '/') {
        len = snprintf(out, IDENTITY_PATH_MAX, "%s/.local/share/spar/%s", home, name);
    }
    if (len < 0 || len >= IDENTITY_PATH_MAX) {
        certs_why_set(why, "No folder for Spar's files: set HOME or XDG_DATA_HOME to one.");
        return false;
    }
    if (!identity_make_folders(out)) {
        certs_why_set(why, "The folder for %s cannot be made (%s); set XDG_DATA_HOME to another.",
                      out, strerror(errno));
        return false;
    }
    return true;
}

struct keypair *identity_open(const char *path, struct certs_why *why) {
    char own[IDENTITY_PATH_MAX];
    if (path == NULL) {
        if (!identity_path("key.pem", own, why)) {
            return NULL;
        }
        path = own;
    }
    return keypair_open(path, "spar client", NULL, 0, NULL, why);
}

void identity_name(const char *given, char out[NAME_MAX_BYTES + 1]) {
    const char *name = given;
    if (name == NULL || name[0] == '\0') {
        name = getenv("SPAR_NAME");
    }
    if (name == NULL || name[0] == '\0') {
        const struct passwd *entry = getpwuid(getuid());
        name = entry == NULL ? NULL : entry->pw_name;
    }
    size_t len = name == NULL ? 0 : strlen(name);
    text_plain((struct span){name, len > UINT16_MAX ? UINT16_MAX : (uint32_t)len}, out,
               NAME_MAX_BYTES + 1);
    if (out[0] == '\0') {
        text_plain(span_of("somebody"), out, NAME_MAX_BYTES + 1);
    }
}
