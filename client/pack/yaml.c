/* SPDX-License-Identifier: ISC */
/*
 * yaml.c: typed access to a YAML document, each mistake reported where it stands.
 */
#include "client/pack/yaml.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "protocol/text/documents.h"

static struct pack_file_fault *begin_fault(struct pack_yaml *yaml, struct pack_file_fault *fault) {
    snprintf(fault->file, sizeof fault->file, "%s", yaml->path);
    fault->line = fault->column = 0;
    return fault;
}

static struct pack_file_fault *next_fault(struct pack_yaml *yaml) {
    uint32_t i = yaml->faults->count++;
    return i < PACK_FILE_FAULTS_MAX ? begin_fault(yaml, &yaml->faults->at[i]) : NULL;
}

static struct pack_file_fault *next_warning(struct pack_yaml *yaml) {
    uint32_t i = yaml->faults->warned++;
    return i < PACK_FILE_WARNINGS_MAX ? begin_fault(yaml, &yaml->faults->warning[i]) : NULL;
}

/* Where a node begins: a scalar at its own token, a collection at its first scalar. */
static const struct fy_mark *node_mark(struct fy_node *node) {
    void *step = NULL;
    for (int depth = 0; node != NULL && depth < 16; depth++) {
        step = NULL;
        if (fy_node_is_scalar(node)) {
            struct fy_token *token = fy_node_get_scalar_token(node);
            return token == NULL ? NULL : fy_token_start_mark(token);
        }
        if (fy_node_is_mapping(node)) {
            struct fy_node_pair *pair = fy_node_mapping_iterate(node, &step);
            node = pair == NULL ? NULL : fy_node_pair_key(pair);
        } else {
            node = fy_node_sequence_iterate(node, &step);
        }
    }
    return NULL;
}

static void put_place(struct pack_file_fault *fault, struct fy_node *node) {
    const struct fy_mark *mark = node_mark(node);
    if (mark == NULL && node != NULL) {
        node = fy_node_get_parent(node); /* an empty value or collection: its surroundings */
        mark = node_mark(node);
    }
    if (mark != NULL) {
        fault->line = mark->line + 1;
        fault->column = mark->column + 1;
    }
}

void pack_yaml_fault(struct pack_yaml *yaml, struct fy_node *node, const char *format, ...) {
    struct pack_file_fault *fault = next_fault(yaml);
    if (fault == NULL) {
        return;
    }
    put_place(fault, node);
    va_list args;
    va_start(args, format);
    vsnprintf(fault->what, sizeof fault->what, format, args);
    va_end(args);
}

void pack_yaml_rule(struct pack_yaml *yaml, struct fy_node *node, const char *format, ...) {
    struct pack_file_fault *fault = yaml->format < 2 ? next_warning(yaml) : next_fault(yaml);
    if (fault == NULL) {
        return;
    }
    put_place(fault, node);
    va_list args;
    va_start(args, format);
    vsnprintf(fault->what, sizeof fault->what, format, args);
    va_end(args);
}

static void no_output(struct fy_diag *diag, void *user, const char *text, size_t len) {
    (void)diag, (void)user, (void)text, (void)len;
}

/* The whole file, NUL-terminated, or NULL with a fault. */
static char *slurp(struct pack_yaml *yaml, size_t *len) {
    struct stat stat;
    FILE *file = fopen(yaml->path, "rbe");
    if (file == NULL || fstat(fileno(file), &stat) != 0) {
        pack_yaml_fault(yaml, NULL, "cannot be opened (%s)", strerror(errno));
        if (file != NULL) {
            fclose(file);
        }
        return NULL;
    }
    char *bytes = NULL;
    if (!S_ISREG(stat.st_mode) || stat.st_size > PACK_FILE_BYTES_MAX) {
        pack_yaml_fault(yaml, NULL, "expected a file of at most %d bytes", PACK_FILE_BYTES_MAX);
    } else if ((bytes = malloc((size_t)stat.st_size + 1)) != NULL) {
        *len = fread(bytes, 1, (size_t)stat.st_size, file);
        bytes[*len] = '\0';
    } else {
        pack_yaml_fault(yaml, NULL, "out of memory");
    }
    fclose(file);
    return bytes;
}

/* The library's own complaints (syntax, double keys, UTF-8) become faults. */
static void take_errors(struct pack_yaml *yaml, struct fy_diag *diag) {
    void *step = NULL;
    struct fy_diag_error *error;
    while ((error = fy_diag_errors_iterate(diag, &step)) != NULL) {
        struct pack_file_fault *fault = next_fault(yaml);
        if (fault == NULL) {
            return;
        }
        fault->line = error->line;
        fault->column = error->column;
        snprintf(fault->what, sizeof fault->what, "%s", error->msg);
    }
}

bool pack_yaml_open(struct pack_yaml *yaml, const char *path, struct pack_file_faults *faults) {
    *yaml = (struct pack_yaml){.path = path, .faults = faults};
    size_t len = 0;
    char *bytes = slurp(yaml, &len);
    if (bytes == NULL) {
        return false;
    }
    int second = documents_second(bytes);
    if (second > 0) {
        struct pack_file_fault *fault = next_fault(yaml);
        if (fault != NULL) {
            fault->line = second;
            fault->column = 1;
            snprintf(fault->what, sizeof fault->what,
                     "a second document begins here; a file holds one: split it");
        }
        free(bytes);
        return false;
    }
    struct fy_diag_cfg quiet;
    fy_diag_cfg_default(&quiet);
    quiet.fp = NULL;
    quiet.output_fn = no_output;
    struct fy_diag *diag = fy_diag_create(&quiet);
    if (diag == NULL) {
        free(bytes);
        pack_yaml_fault(yaml, NULL, "out of memory");
        return false;
    }
    fy_diag_set_collect_errors(diag, true);
    struct fy_parse_cfg config = {.flags = FYPCF_COLLECT_DIAG, .diag = diag};
    /* The document takes the memory over, also when it cannot be read. */
    yaml->document = fy_document_build_from_malloc_string(&config, bytes, len);
    uint32_t before = faults->count;
    take_errors(yaml, diag);
    fy_diag_destroy(diag);
    if (yaml->document != NULL) {
        yaml->root = fy_document_root(yaml->document);
    }
    if (yaml->root == NULL && faults->count == before) {
        pack_yaml_fault(yaml, NULL, "expected a map with the keys of spar-pack(5), found nothing");
    }
    return faults->count == before;
}

void pack_yaml_close(struct pack_yaml *yaml) {
    if (yaml->document != NULL) {
        fy_document_destroy(yaml->document);
        yaml->document = NULL;
    }
}

/* A key's text, borrowed; NULL if it is no scalar. */
static const char *key_text(struct fy_node_pair *pair, size_t *len) {
    struct fy_node *key = fy_node_pair_key(pair);
    return key == NULL ? NULL : fy_node_get_scalar(key, len);
}

static bool among(const char *word, size_t len, const char *words) {
    for (const char *at = words; *at != '\0';) {
        size_t size = strcspn(at, " ");
        if (size == len && memcmp(at, word, len) == 0) {
            return true;
        }
        at += size;
        at += strspn(at, " ");
    }
    return false;
}

bool pack_yaml_map(struct pack_yaml *yaml, struct fy_node *node, const char *what,
                   const char *keys) {
    if (node == NULL || !fy_node_is_mapping(node)) {
        pack_yaml_fault(yaml, node, "%s should be a map with the keys: %s", what, keys);
        return false;
    }
    void *step = NULL;
    struct fy_node_pair *pair;
    while ((pair = fy_node_mapping_iterate(node, &step)) != NULL) {
        size_t len = 0;
        const char *key = key_text(pair, &len);
        if (key == NULL || !among(key, len, keys)) {
            pack_yaml_fault(yaml, fy_node_pair_key(pair), "unknown key in %s; expected one of: %s",
                            what, keys);
        }
    }
    return true;
}

struct fy_node *pack_yaml_find(struct fy_node *map, const char *key) {
    void *step = NULL;
    struct fy_node_pair *pair;
    if (map == NULL || !fy_node_is_mapping(map)) {
        return NULL;
    }
    while ((pair = fy_node_mapping_iterate(map, &step)) != NULL) {
        size_t len = 0;
        const char *text = key_text(pair, &len);
        if (text != NULL && len == strlen(key) && memcmp(text, key, len) == 0) {
            return fy_node_pair_value(pair);
        }
    }
    return NULL;
}

/* The value of a key; NULL after a complaint at the map. */
static struct fy_node *require(struct pack_yaml *yaml, struct fy_node *map, const char *key) {
    struct fy_node *value = pack_yaml_find(map, key);
    if (value == NULL) {
        pack_yaml_fault(yaml, map, "the key \"%s\" is missing", key);
    }
    return value;
}

static bool control(unsigned char c, bool lines) {
    return c == 0x7f || (c < 0x20 && !(lines && c == '\n'));
}

const char *pack_yaml_text_of(struct pack_yaml *yaml, struct fy_node *node, const char *what,
                              size_t max, bool lines) {
    size_t len = 0;
    const char *text =
        node == NULL || !fy_node_is_scalar(node) ? NULL : fy_node_get_scalar(node, &len);
    if (text == NULL || fy_node_is_alias(node) || len == 0) {
        pack_yaml_fault(yaml, node, "\"%s\" should be a text of 1 to %zu bytes", what, max);
        return "";
    }
    while (lines && len > 0 && text[len - 1] == '\n') {
        len--; /* the block style's own */
    }
    if (len > max) {
        pack_yaml_fault(yaml, node, "\"%s\" is %zu bytes long; expected at most %zu", what, len,
                        max);
        return "";
    }
    for (size_t i = 0; i < len; i++) {
        if (control((unsigned char)text[i], lines)) {
            pack_yaml_fault(yaml, node, "\"%s\" holds a control character; expected %s", what,
                            lines ? "text and line ends only" : "one line of text");
            return "";
        }
    }
    const char *copy = pack_text(yaml->pack, (struct span){text, (uint32_t)len});
    return copy == NULL ? "" : copy;
}

const char *pack_yaml_text(struct pack_yaml *yaml, struct fy_node *map, const char *key, size_t max,
                           bool lines) {
    struct fy_node *node = require(yaml, map, key);
    return node == NULL ? "" : pack_yaml_text_of(yaml, node, key, max, lines);
}

const char *pack_yaml_text_or_none(struct pack_yaml *yaml, struct fy_node *map, const char *key,
                                   size_t max) {
    struct fy_node *node = pack_yaml_find(map, key);
    return node == NULL ? "" : pack_yaml_text_of(yaml, node, key, max, false);
}

const char *pack_yaml_id(struct pack_yaml *yaml, struct fy_node *map, const char *key) {
    struct fy_node *node = require(yaml, map, key);
    size_t len = 0;
    const char *text =
        node == NULL || !fy_node_is_scalar(node) ? NULL : fy_node_get_scalar(node, &len);
    if (node == NULL) {
        return "";
    }
    bool good = text != NULL && len >= 1 && len <= ID_MAX_BYTES;
    for (size_t i = 0; good && i < len; i++) {
        good = (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= '0' && text[i] <= '9') ||
               text[i] == '-';
    }
    if (!good) {
        pack_yaml_fault(yaml, node, "\"%s\" should be 1 to %d small letters, digits and hyphens",
                        key, ID_MAX_BYTES);
        return "";
    }
    const char *copy = pack_text(yaml->pack, (struct span){text, (uint32_t)len});
    return copy == NULL ? "" : copy;
}

long pack_yaml_number_of(struct pack_yaml *yaml, struct fy_node *node, const char *what, long min,
                         long max) {
    const char *text = node == NULL || !fy_node_is_scalar(node) ? NULL : fy_node_get_scalar0(node);
    char *end = NULL;
    errno = 0;
    long value = text == NULL ? 0 : strtol(text, &end, 10);
    if (text == NULL || end == text || *end != '\0' || errno != 0 || value < min || value > max) {
        pack_yaml_fault(yaml, node, "\"%s\" should be a whole number from %ld to %ld", what, min,
                        max);
        return min;
    }
    return value;
}

long pack_yaml_number(struct pack_yaml *yaml, struct fy_node *map, const char *key, long min,
                      long max, long fallback) {
    struct fy_node *node = pack_yaml_find(map, key);
    if (node == NULL && fallback >= 0) {
        return fallback;
    }
    node = require(yaml, map, key);
    return node == NULL ? min : pack_yaml_number_of(yaml, node, key, min, max);
}

int pack_yaml_word(struct pack_yaml *yaml, struct fy_node *map, const char *key,
                   const char *const *words) {
    struct fy_node *node = require(yaml, map, key);
    if (node == NULL) {
        return 0;
    }
    size_t len = 0;
    const char *text = fy_node_is_scalar(node) ? fy_node_get_scalar(node, &len) : NULL;
    char all[160] = "";
    for (int i = 0; words[i] != NULL; i++) {
        if (text != NULL && strlen(words[i]) == len && memcmp(words[i], text, len) == 0) {
            return i;
        }
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i == 0 ? "" : ", ", words[i]);
    }
    pack_yaml_fault(yaml, node, "\"%s\" should be one of: %s", key, all);
    return 0;
}

bool pack_yaml_bool(struct pack_yaml *yaml, struct fy_node *map, const char *key) {
    static const char *const words[] = {"false", "true", NULL};
    return pack_yaml_word(yaml, map, key, words) == 1;
}

bool pack_yaml_bool_or_false(struct pack_yaml *yaml, struct fy_node *map, const char *key) {
    return pack_yaml_find(map, key) != NULL && pack_yaml_bool(yaml, map, key);
}

struct pack_yaml_rows pack_yaml_rows(struct pack_yaml *yaml, struct fy_node *map, const char *key,
                                     int min, int max) {
    struct pack_yaml_rows rows = {.yaml = yaml};
    struct fy_node *node = require(yaml, map, key);
    int count = node == NULL || !fy_node_is_sequence(node) ? -1 : fy_node_sequence_item_count(node);
    if (node != NULL && count < 0) {
        pack_yaml_fault(yaml, node, "\"%s\" should be a list of %d to %d entries", key, min, max);
    } else if (node != NULL && (count < min || count > max)) {
        pack_yaml_fault(yaml, node, "\"%s\" has %d entries; expected %d to %d", key, count, min,
                        max);
    } else {
        rows.list = node;
    }
    return rows;
}

struct fy_node *pack_yaml_next(struct pack_yaml_rows *rows, const char *what, const char *keys) {
    struct fy_node *node = NULL;
    do {
        node = rows->list == NULL ? NULL : fy_node_sequence_iterate(rows->list, &rows->step);
    } while (node != NULL && what != NULL && !pack_yaml_map(rows->yaml, node, what, keys));
    return node;
}

void pack_yaml_unique(struct pack_yaml *yaml, struct fy_node *entry, const char *id,
                      const char *const *first, size_t stride, int count) {
    for (int i = 0; i < count; i++) {
        const char *earlier = *(const char *const *)((const char *)first + stride * (size_t)i);
        if (id[0] != '\0' && strcmp(earlier, id) == 0) {
            pack_yaml_fault(yaml, pack_yaml_find(entry, "id"),
                            "the id \"%s\" is there already; expected each only once", id);
            return;
        }
    }
}

int pack_yaml_phase(struct pack_yaml *yaml, struct fy_node *map, const char *key) {
    struct fy_node *node = require(yaml, map, key);
    size_t len = 0;
    const char *text =
        node == NULL || !fy_node_is_scalar(node) ? NULL : fy_node_get_scalar(node, &len);
    for (int i = 0; text != NULL && i < yaml->pack->phase_count; i++) {
        const char *id = yaml->pack->phases[i].id;
        if (strlen(id) == len && memcmp(id, text, len) == 0) {
            return i;
        }
    }
    if (node != NULL && yaml->pack->phase_count > 0) {
        pack_yaml_fault(yaml, node, "\"%s\" should be the id of one of the framework's phases",
                        key);
    }
    return -1;
}
