/* SPDX-License-Identifier: ISC */
/*
 * file.c: the YAML file: one mapping from option names to values, `listen` and `turn` also to
 * a list.
 *
 * Every complaint is FILE:LINE:COLUMN: and one sentence. Numbers and switches are taken as the text
 * that stands there, so that the file and the flags obey the same checks.
 */
#include <errno.h>
#include <libfyaml.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/text/documents.h"
#include "server/config/option.h"

enum { FILE_BYTES_MAX = 65536 };

struct reading {
    struct config *config;
    const char *path;
    char *error;
};

static bool complain(const struct reading *reading, int line, int column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Always false, to be returned. Line and column count from 1. */
static bool complain(const struct reading *reading, int line, int column, const char *format, ...) {
    va_list args;
    int used =
        snprintf(reading->error, CONFIG_ERROR_MAX, "%.300s:%d:%d: ", reading->path, line, column);
    va_start(args, format);
    vsnprintf(reading->error + used, CONFIG_ERROR_MAX - (size_t)used, format, args);
    va_end(args);
    return false;
}

/* Where a node begins: that of a sequence or mapping is its first part. */
static void place_of(struct fy_node *node, int *line, int *column) {
    *line = *column = 1;
    while (node != NULL && !fy_node_is_scalar(node)) {
        void *at = NULL;
        if (fy_node_is_sequence(node)) {
            node = fy_node_sequence_iterate(node, &at);
        } else {
            struct fy_node_pair *pair = fy_node_mapping_iterate(node, &at);
            node = pair != NULL ? fy_node_pair_key(pair) : NULL;
        }
    }
    struct fy_token *token = node != NULL ? fy_node_get_scalar_token(node) : NULL;
    const struct fy_mark *mark = token != NULL ? fy_token_start_mark(token) : NULL;
    if (mark != NULL) {
        *line = mark->line + 1;
        *column = mark->column + 1;
    }
}

/* The text of a plain value; NULL: not one (or it holds a NUL). */
static const char *text_of(struct fy_node *node) {
    size_t len = 0;
    if (node == NULL || !fy_node_is_scalar(node) || fy_node_is_alias(node)) {
        return NULL;
    }
    const char *text = fy_node_get_scalar0(node);
    return text != NULL && fy_node_get_scalar(node, &len) != NULL && strlen(text) == len ? text
                                                                                         : NULL;
}

static bool set_one(const struct reading *reading, const struct config_option *option,
                    struct fy_node *key, struct fy_node *value) {
    char why[CONFIG_WHY_MAX];
    int line, column;
    const char *text = text_of(value);
    place_of(value != NULL && fy_node_is_scalar(value) ? value : key, &line, &column);
    if (text == NULL) {
        return complain(reading, line, column, "%s: a single value is expected here.",
                        option->name);
    }
    return option->set(reading->config, text, why) ||
           complain(reading, line, column, "%s: %s", option->name, why);
}

static bool set_list(const struct reading *reading, const struct config_option *option,
                     struct fy_node *key, struct fy_node *list) {
    void *at = NULL;
    struct fy_node *item;
    while ((item = fy_node_sequence_iterate(list, &at)) != NULL) {
        if (!set_one(reading, option, key, item)) {
            return false;
        }
    }
    return true;
}

static bool set_pair(const struct reading *reading, struct fy_node_pair *pair) {
    struct fy_node *key = fy_node_pair_key(pair), *value = fy_node_pair_value(pair);
    int line, column;
    place_of(key, &line, &column);
    const char *name = text_of(key);
    const struct config_option *option = name != NULL ? config_option_find(name) : NULL;
    if (option == NULL) {
        return complain(
            reading, line, column,
            "'%.40s' is no setting; spard --help lists them, to be written without dashes.",
            name != NULL ? name : "");
    }
    bool repeats = strcmp(option->name, "listen") == 0 || strcmp(option->name, "turn") == 0;
    if (repeats && value != NULL && fy_node_is_sequence(value)) {
        return set_list(reading, option, key, value);
    }
    return set_one(reading, option, key, value);
}

static bool set_all(const struct reading *reading, struct fy_document *document) {
    struct fy_node *root = fy_document_root(document);
    void *at = NULL;
    struct fy_node_pair *pair;
    if (root == NULL ||
        (fy_node_is_scalar(root) && text_of(root) != NULL && *text_of(root) == '\0')) {
        return true; /* an empty file, or comments only */
    }
    if (!fy_node_is_mapping(root)) {
        int line, column;
        place_of(root, &line, &column);
        return complain(reading, line, column,
                        "settings are written as `name: value`, one a line.");
    }
    while ((pair = fy_node_mapping_iterate(root, &at)) != NULL) {
        if (!set_pair(reading, pair)) {
            return false;
        }
    }
    return true;
}

/* Without a document: a file that holds none, or one that is not YAML. */
static bool no_document(const struct reading *reading, struct fy_diag *diag) {
    void *at = NULL;
    struct fy_diag_error *fault = fy_diag_errors_iterate(diag, &at);
    if (fault == NULL) {
        return true;
    }
    return complain(reading, fault->line > 0 ? fault->line : 1,
                    fault->column > 0 ? fault->column : 1, "%.200s: this is not YAML as it stands.",
                    fault->msg);
}

static bool parse(const struct reading *reading, const char *text, size_t len) {
    int second = documents_second(text);
    if (second > 0) {
        return complain(reading, second, 1, "a second document begins here; a file holds one.");
    }
    struct fy_diag_cfg diag_config;
    fy_diag_cfg_default(&diag_config);
    diag_config.fp = NULL;
    struct fy_diag *diag = fy_diag_create(&diag_config);
    if (diag == NULL) {
        return complain(reading, 1, 1, "there is no memory to read it.");
    }
    fy_diag_set_collect_errors(diag, true);
    struct fy_parse_cfg parse_config = {.flags = FYPCF_DEFAULT_PARSE, .diag = diag};
    struct fy_document *document = fy_document_build_from_string(&parse_config, text, len);
    bool good = document != NULL ? set_all(reading, document) : no_document(reading, diag);
    fy_document_destroy(document);
    fy_diag_destroy(diag);
    return good;
}

/* Always false, to be returned. */
static bool cannot_read(const struct reading *reading, const char *why) {
    snprintf(reading->error, CONFIG_ERROR_MAX, "The configuration file %.200s cannot be read: %s.",
             reading->path, why);
    return false;
}

bool config_file_read(struct config *config, const char *path, char *error) {
    struct reading reading = {.config = config, .path = path, .error = error};
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return cannot_read(&reading, strerror(errno));
    }
    char *text = malloc(FILE_BYTES_MAX + 2);
    size_t len = text != NULL ? fread(text, 1, FILE_BYTES_MAX + 1, file) : 0;
    if (text != NULL) {
        text[len] = '\0';
    }
    int failure = ferror(file) ? errno : 0;
    fclose(file);
    bool good = text == NULL           ? cannot_read(&reading, "no memory")
                : failure != 0         ? cannot_read(&reading, strerror(failure))
                : len > FILE_BYTES_MAX ? cannot_read(&reading, "it is longer than 64 KiB")
                                       : parse(&reading, text, len);
    free(text);
    return good;
}
