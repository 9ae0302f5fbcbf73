/* SPDX-License-Identifier: ISC */
/*
 * settings.c: reading the lines, and writing one among them.
 */
#include "client/store/settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/store/safe_file.h"

static const struct {
    const char *key, *what;
} table[SETTING_COUNT] = {
#define SETTING(name, key, what) {key, what},
#include "client/store/settings.def"
#undef SETTING
};

const char *settings_key(enum setting setting) {
    return table[setting].key;
}

const char *settings_what(enum setting setting) {
    return table[setting].what;
}

enum setting settings_find(const char *key) {
    int i = 0;
    while (i < SETTING_COUNT && strcmp(table[i].key, key) != 0) {
        i++;
    }
    return (enum setting)i;
}

bool settings_path(char out[IDENTITY_PATH_MAX], struct certs_why *why) {
    const char *folder = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    int len = -1;
    if (folder != NULL && folder[0] == '/') {
        len = snprintf(out, IDENTITY_PATH_MAX, "%s/spar/settings", folder);
    } else if (home != NULL && home[0] == '/') {
        len = snprintf(out, IDENTITY_PATH_MAX, "%s/.config/spar/settings", home);
    }
    if (len < 0 || len >= IDENTITY_PATH_MAX) {
        certs_why_set(why, "No folder for your settings: set HOME or XDG_CONFIG_HOME to one.");
        return false;
    }
    return true;
}

static char *trim(char *text) {
    text += strspn(text, " \t");
    size_t len = strlen(text);
    while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL) {
        len--;
    }
    text[len] = '\0';
    return text;
}

/* What a line says, which is cut up for it. SETTING_COUNT and *value NULL: nothing, as a comment
 * does; SETTING_COUNT with a value: it is no setting. */
static enum setting parse(char *line, char **value) {
    static const char mark[] = "\xef\xbb\xbf"; /* editors put it before the first line */
    bool marked = strncmp(line, mark, sizeof mark - 1) == 0;
    char *key = trim(line + (marked ? sizeof mark - 1 : 0));
    char *colon = strchr(key, ':');
    *value = NULL;
    if (*key == '\0' || *key == '#') {
        return SETTING_COUNT;
    }
    if (colon == NULL) {
        *value = key;
        return SETTING_COUNT;
    }
    *colon = '\0';
    *value = trim(colon + 1);
    return strlen(*value) <= SETTING_MAX_BYTES ? settings_find(trim(key)) : SETTING_COUNT;
}

/* True with *file NULL: there is none. */
static bool open_file(char path[IDENTITY_PATH_MAX], FILE **file, struct certs_why *why) {
    *file = NULL;
    if (!settings_path(path, why)) {
        return false;
    }
    *file = fopen(path, "re");
    if (*file == NULL && errno != ENOENT && errno != ENOTDIR) {
        certs_why_set(why, "Your settings %s cannot be read (%s).", path, strerror(errno));
        return false;
    }
    return true;
}

bool settings_read(struct settings *out, struct certs_why *why) {
    char path[IDENTITY_PATH_MAX];
    char *line = NULL;
    size_t size = 0;
    FILE *file;
    *out = (struct settings){0};
    if (!open_file(path, &file, why)) {
        return false;
    }
    unsigned faulty = 0;
    for (unsigned number = 1; file != NULL && getline(&line, &size, file) > 0; number++) {
        char *value;
        enum setting setting = parse(line, &value);
        if (setting < SETTING_COUNT) {
            snprintf(out->value[setting], sizeof out->value[setting], "%s", value);
        } else if (value != NULL && faulty == 0) {
            faulty = number;
        }
    }
    if (faulty > 0) {
        certs_why_set(why, "%s:%u: this is no setting and is left out; 'spar config' lists all.",
                      path, faulty);
    }
    free(line);
    if (file != NULL) {
        fclose(file);
    }
    return faulty == 0;
}

struct change {
    FILE *old; /* NULL: there was none */
    enum setting setting;
    const char *value;
};

static void put(FILE *file, const void *ctx) {
    const struct change *change = ctx;
    char *line = NULL;
    size_t size = 0;
    bool done = change->value == NULL;
    while (change->old != NULL && getline(&line, &size, change->old) > 0) {
        char *value;
        char *copy = strdup(line);
        bool same = copy != NULL && parse(copy, &value) == change->setting;
        if (!same) {
            fprintf(file, "%s%s", line, strchr(line, '\n') == NULL ? "\n" : "");
        } else if (!done) {
            fprintf(file, "%s: %s\n", settings_key(change->setting), change->value);
            done = true;
        }
        free(copy);
    }
    if (!done) {
        fprintf(file, "%s: %s\n", settings_key(change->setting), change->value);
    }
    free(line);
}

bool settings_put(enum setting setting, const char *value, struct certs_why *why) {
    char path[IDENTITY_PATH_MAX];
    struct change change = {.setting = setting, .value = value};
    if (!open_file(path, &change.old, why)) {
        return false;
    }
    bool good = identity_make_folders(path) && safe_file_replace(path, true, put, &change);
    if (!good) {
        certs_why_set(why, "Your settings %s cannot be written (%s).", path, strerror(errno));
    }
    if (change.old != NULL) {
        fclose(change.old);
    }
    return good;
}
