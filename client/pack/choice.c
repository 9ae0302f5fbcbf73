/* SPDX-License-Identifier: ISC */
/*
 * choice.c: names to packs, and all packs of the folders.
 */
#include "client/pack/choice.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "client/net/say.h"
#include "client/pack/file.h"

static void print_faults(const struct pack_file_faults *faults, FILE *errors) {
    for (uint32_t i = 0; i < faults->count && i < PACK_FILE_FAULTS_MAX; i++) {
        const struct pack_file_fault *fault = &faults->at[i];
        if (fault->line > 0) {
            say(errors, "%s:%d:%d: %s\n", fault->file, fault->line, fault->column, fault->what);
        } else {
            say(errors, "%s: %s\n", fault->file, fault->what);
        }
    }
}

struct pack *pack_choice_read(const char *name, FILE *errors) {
    char path[PACK_FILE_PATH_MAX];
    if (!pack_file_find(name, path)) {
        say(errors,
            "spar: There is no pack \"%.60s\"; 'spar pack list' names those that there are.\n",
            name);
        return NULL;
    }
    struct pack_file_faults *faults = malloc(sizeof *faults);
    struct pack *pack = faults == NULL ? NULL : pack_file_read(path, faults);
    if (pack == NULL && faults != NULL) {
        print_faults(faults, errors);
    }
    free(faults);
    return pack;
}

static int is_yaml(const struct dirent *entry) {
    const char *dot = strrchr(entry->d_name, '.');
    return dot != NULL && strcmp(dot, ".yaml") == 0;
}

static bool is_known(struct pack *const *packs, int count, const struct pack *pack) {
    for (int i = 0; i < count; i++) {
        if (strcmp(packs[i]->id, pack->id) == 0) {
            return true;
        }
    }
    return false;
}

static int add_folder(const char *folder, struct pack_file_faults *faults, struct pack **out,
                      int count, int max) {
    struct dirent **entries = NULL;
    int found = scandir(folder, &entries, is_yaml, alphasort);
    for (int i = 0; i < found; i++) {
        char path[PACK_FILE_PATH_MAX];
        struct pack *pack = NULL;
        if (count < max &&
            snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name) < PACK_FILE_PATH_MAX &&
            pack_file_check(path, &pack, faults) == PACK_FILE_PROMPT && pack != NULL &&
            !is_known(out, count, pack)) {
            out[count++] = pack_ref(pack);
        }
        pack_unref(pack);
        free(entries[i]);
    }
    free(entries);
    return count;
}

int pack_choice_all(struct pack **out, int max) {
    struct pack_file_faults *faults = malloc(sizeof *faults);
    char folder[PACK_FILE_PATH_MAX];
    int count = 0;
    for (int i = 0; faults != NULL && pack_file_folder(i, folder); i++) {
        count = add_folder(folder, faults, out, count, max);
    }
    free(faults);
    return count;
}
