/* SPDX-License-Identifier: ISC */
/*
 * file.c: pack files as a whole: which kind, a prompt with its framework, where packs lie.
 */
#include "client/pack/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/pack/yaml.h"

/* A framework and a prompt for each format, in the order of the formats. */
static const char *const kinds[] = {"framework/1", "prompt/1", "framework/2", "prompt/2", NULL};

static enum pack_file_kind read_kind(struct pack_yaml *yaml) {
    uint32_t before = yaml->faults->count;
    if (!fy_node_is_mapping(yaml->root)) {
        pack_yaml_fault(yaml, yaml->root,
                        "expected a map that begins with \"spar: prompt/2\" or "
                        "\"spar: framework/2\"");
        return PACK_FILE_NEITHER;
    }
    int kind = pack_yaml_word(yaml, yaml->root, "spar", kinds);
    if (yaml->faults->count > before) {
        return PACK_FILE_NEITHER;
    }
    yaml->format = 1 + kind / 2;
    if (yaml->format > yaml->pack->format) {
        yaml->pack->format = (uint8_t)yaml->format;
    }
    return kind % 2 == 0 ? PACK_FILE_FRAMEWORK : PACK_FILE_PROMPT;
}

/* The framework of this name in one of the packs' folders, so that a copied prompt is whole by
 * itself. */
static bool framework_elsewhere(const char *name, char out[PACK_FILE_PATH_MAX]) {
    char folder[PACK_FILE_PATH_MAX];
    char path[PACK_FILE_PATH_MAX];
    for (int i = 0; strchr(name, '/') == NULL && pack_file_folder(i, folder); i++) {
        int len = snprintf(path, sizeof path, "%s/%s", folder, name);
        if (len > 0 && (size_t)len < sizeof path && access(path, R_OK) == 0) {
            memcpy(out, path, (size_t)len + 1);
            return true;
        }
    }
    return false;
}

/* The path of the framework that a prompt names, relative to the prompt's own folder. */
static bool framework_path(struct pack_yaml *yaml, char out[PACK_FILE_PATH_MAX]) {
    const char *name = pack_yaml_text(yaml, yaml->root, "framework", 255, false);
    const char *slash = strrchr(yaml->path, '/');
    int folder = slash == NULL || name[0] == '/' ? 0 : (int)(slash - yaml->path) + 1;
    if (name[0] == '\0') {
        return false;
    }
    return snprintf(out, PACK_FILE_PATH_MAX, "%.*s%s", folder, yaml->path, name) <
           PACK_FILE_PATH_MAX;
}

/* Fills the pack from the framework that `prompt` names. */
static void read_framework_of(struct pack_yaml *prompt) {
    char path[PACK_FILE_PATH_MAX];
    if (!framework_path(prompt, path)) {
        return;
    }
    struct pack_yaml yaml;
    const char *name = pack_yaml_text(prompt, prompt->root, "framework", 255, false);
    if (access(path, R_OK) != 0 && !framework_elsewhere(name, path)) {
        pack_yaml_fault(prompt, pack_yaml_find(prompt->root, "framework"),
                        "\"framework\" should name a file beside this one or one that comes with "
                        "Spar; %.120s is not there",
                        path);
        return;
    }
    if (pack_yaml_open(&yaml, path, prompt->faults)) {
        yaml.pack = prompt->pack;
        if (read_kind(&yaml) == PACK_FILE_FRAMEWORK) {
            pack_file_framework(&yaml);
        } else if (prompt->faults->count == 0) {
            pack_yaml_fault(prompt, pack_yaml_find(prompt->root, "framework"),
                            "\"framework\" should name a framework file");
        }
    }
    pack_yaml_close(&yaml);
}

/* The rules that belong to no single place, such as the size of the encoded whole. */
static void check_whole(struct pack_yaml *yaml) {
    struct pack_fault fault;
    if (yaml->faults->count == 0 && !pack_check(yaml->pack, &fault)) {
        pack_yaml_fault(yaml, NULL, "%s: %s", fault.where, fault.what);
    }
}

enum pack_file_kind pack_file_check(const char *path, struct pack **pack,
                                    struct pack_file_faults *faults) {
    struct pack_yaml yaml;
    enum pack_file_kind kind = PACK_FILE_NEITHER;
    faults->count = faults->warned = 0;
    if (pack_yaml_open(&yaml, path, faults)) {
        yaml.pack = pack_new();
        if (yaml.pack == NULL) {
            pack_yaml_fault(&yaml, NULL, "out of memory");
        } else if ((kind = read_kind(&yaml)) == PACK_FILE_FRAMEWORK) {
            pack_file_framework(&yaml);
        } else if (kind == PACK_FILE_PROMPT) {
            read_framework_of(&yaml);
            pack_file_prompt(&yaml);
            check_whole(&yaml);
        }
        if (kind == PACK_FILE_PROMPT && faults->count == 0 && pack != NULL) {
            *pack = yaml.pack;
            yaml.pack = NULL;
        }
        pack_unref(yaml.pack);
    }
    pack_yaml_close(&yaml);
    return kind;
}

struct pack *pack_file_read(const char *path, struct pack_file_faults *faults) {
    struct pack *pack = NULL;
    enum pack_file_kind kind = pack_file_check(path, &pack, faults);
    if (kind == PACK_FILE_FRAMEWORK && faults->count == 0) {
        struct pack_yaml yaml = {.path = path, .faults = faults};
        pack_yaml_fault(&yaml, NULL, "is a framework; expected a prompt that names it");
    }
    return pack;
}

bool pack_file_folder(int i, char out[PACK_FILE_PATH_MAX]) {
    const char *own = getenv("SPAR_PACKS");
    if (own != NULL && own[0] != '\0' && i-- == 0) {
        return snprintf(out, PACK_FILE_PATH_MAX, "%s", own) < PACK_FILE_PATH_MAX;
    }
    if (i != 0) {
        return false;
    }
    /* share/spar/packs stands beside bin/, installed and in the build tree alike. */
    char program[PACK_FILE_PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
    if (len <= 0) {
        return false;
    }
    program[len] = '\0';
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(program, '/');
        if (slash == NULL) {
            return false;
        }
        *slash = '\0';
    }
    return snprintf(out, PACK_FILE_PATH_MAX, "%s/share/spar/packs", program) < PACK_FILE_PATH_MAX;
}

bool pack_file_find(const char *name, char out[PACK_FILE_PATH_MAX]) {
    if (strchr(name, '/') != NULL || access(name, R_OK) == 0) {
        return access(name, R_OK) == 0 &&
               snprintf(out, PACK_FILE_PATH_MAX, "%s", name) < PACK_FILE_PATH_MAX;
    }
    char folder[PACK_FILE_PATH_MAX];
    for (int i = 0; pack_file_folder(i, folder); i++) {
        int len = snprintf(out, PACK_FILE_PATH_MAX, "%s/%s.yaml", folder, name);
        if (len < PACK_FILE_PATH_MAX && access(out, R_OK) == 0) {
            return true;
        }
    }
    return false;
}
