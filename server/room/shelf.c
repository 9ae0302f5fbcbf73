/* SPDX-License-Identifier: ISC */
/*
 * shelf.c: filling the shelf.
 */
#include "server/room/shelf.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/cohort/cohort.h"
#include "protocol/pack/bundle.h"

enum { PATH_SIZE = 4096 };

static void describe(struct shelf_pack *entry, const struct pack *pack) {
    span_copy(span_of(pack->id), entry->id, sizeof entry->id);
    span_copy(span_of(pack->title), entry->title, sizeof entry->title);
    span_copy(span_of(pack->level), entry->level, sizeof entry->level);
    cohort_pack_hash(entry->pack, entry->panel, entry->hash);
}

/* Puts a pack there; false: it is none, or one too many, or there already. */
static bool add(struct shelf *shelf, struct mp_reader *reader, struct span bytes, const char *name,
                struct log *log) {
    struct shelf_pack entry = {.bytes = NULL};
    struct pack_fault fault;
    struct pack *pack = bundle_read(reader, bytes, &entry.pack, &entry.panel, &fault);
    if (pack == NULL) {
        log_warn(log, "shelf.faulty", LOG_S("file", name), LOG_S("where", fault.where),
                 LOG_S("why", fault.what));
        return false;
    }
    describe(&entry, pack);
    pack_unref(pack);
    struct span hash = {(const char *)entry.hash, HASH_BYTES};
    if (shelf->count == SHELF_PACKS_MAX || shelf_find(shelf, hash) != NULL) {
        log_warn(log, "shelf.left_out", LOG_S("file", name),
                 LOG_S("why", shelf->count == SHELF_PACKS_MAX ? "the shelf is full"
                                                              : "it is there already"));
        return false;
    }
    shelf->at[shelf->count++] = entry;
    return true;
}

/* The bytes of a file, malloc'd; NULL: it cannot be read or is too large. */
static char *read_file(const char *path, uint32_t *len) {
    FILE *file = fopen(path, "rbe");
    char *bytes = file != NULL ? malloc(PACK_BUNDLE_MAX + 1) : NULL;
    size_t got = bytes != NULL ? fread(bytes, 1, PACK_BUNDLE_MAX + 1, file) : 0;
    if (got == 0 || got > PACK_BUNDLE_MAX) {
        free(bytes);
        bytes = NULL;
    }
    if (file != NULL) {
        fclose(file);
    }
    *len = (uint32_t)got;
    return bytes;
}

static void add_file(struct shelf *shelf, struct mp_reader *reader, const char *path,
                     struct log *log) {
    uint32_t len;
    char *bytes = read_file(path, &len);
    if (bytes == NULL) {
        log_warn(log, "shelf.faulty", LOG_S("file", path), LOG_S("why", "it cannot be read"));
    } else if (add(shelf, reader, (struct span){bytes, len}, path, log)) {
        shelf->at[shelf->count - 1].bytes = bytes;
    } else {
        free(bytes);
    }
}

static int is_pack(const struct dirent *entry) {
    const char *dot = strrchr(entry->d_name, '.');
    return dot != NULL && strcmp(dot, ".pack") == 0;
}

static void add_folder(struct shelf *shelf, struct mp_reader *reader, const char *folder,
                       struct log *log) {
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_pack, alphasort);
    if (count < 0) {
        log_warn(log, "shelf.no_folder", LOG_S("folder", folder));
    }
    for (int i = 0; i < count; i++) {
        char path[PATH_SIZE];
        if (snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name) < PATH_SIZE) {
            add_file(shelf, reader, path, log);
        }
        free(entries[i]);
    }
    free(entries);
}

struct shelf *shelf_new(const char *folder, struct log *log) {
    struct mp_reader reader;
    struct shelf *shelf = calloc(1, sizeof *shelf);
    if (shelf == NULL || mp_reader_init(&reader) != MP_OK) {
        free(shelf);
        return NULL;
    }
    for (unsigned i = 0; i < shelf_built_count; i++) {
        const struct shelf_built *built = &shelf_built[i];
        (void)add(shelf, &reader, (struct span){(const char *)built->bytes, (uint32_t)built->len},
                  built->name, log);
    }
    if (folder[0] != '\0') {
        add_folder(shelf, &reader, folder, log);
    }
    mp_reader_free(&reader);
    return shelf;
}

void shelf_free(struct shelf *shelf) {
    for (unsigned i = 0; shelf != NULL && i < shelf->count; i++) {
        free(shelf->at[i].bytes);
    }
    free(shelf);
}

const struct shelf_pack *shelf_find(const struct shelf *shelf, struct span hash) {
    for (unsigned i = 0; hash.len == HASH_BYTES && i < shelf->count; i++) {
        if (memcmp(shelf->at[i].hash, hash.at, HASH_BYTES) == 0) {
            return &shelf->at[i];
        }
    }
    return NULL;
}
