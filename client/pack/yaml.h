/* SPDX-License-Identifier: ISC */
/*
 * yaml.h: walking a YAML document and complaining with line and column; for pack_file*.c only.
 *
 * Every getter complains by itself (into faults) and then gives a neutral value, so that a walk
 * goes on and finds the next fault too.
 */
#ifndef SPAR_CLIENT_PACK_YAML_H
#define SPAR_CLIENT_PACK_YAML_H

#include <libfyaml.h>

#include "client/pack/file.h"

struct pack_yaml {
    const char *path;
    struct fy_document *document;
    struct fy_node *root;
    struct pack_file_faults *faults;
    struct pack *pack; /* texts are copied into its memory */
    int format;        /* that the file says it is of; 0: not known yet */
};

/* Reads a file; false with a fault. Closed with pack_yaml_close in any case. */
bool pack_yaml_open(struct pack_yaml *yaml, const char *path, struct pack_file_faults *faults)
    __attribute__((warn_unused_result));
void pack_yaml_close(struct pack_yaml *yaml);
/* Adds a fault at a node (NULL: of the file as a whole). */
void pack_yaml_fault(struct pack_yaml *yaml, struct fy_node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same for a rule that came with format 2: in a file of format 1 it is a warning only. */
void pack_yaml_rule(struct pack_yaml *yaml, struct fy_node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A map whose keys are all among the words of `keys` (separated by spaces). False: complained. */
bool pack_yaml_map(struct pack_yaml *yaml, struct fy_node *node, const char *what,
                   const char *keys);
/* The value of a key, or NULL (no complaint). */
struct fy_node *pack_yaml_find(struct fy_node *map, const char *key);
/* A required text of min..max bytes. lines: whether it may hold line ends. "": complained. */
const char *pack_yaml_text(struct pack_yaml *yaml, struct fy_node *map, const char *key, size_t max,
                           bool lines);
/* The same of a node that is no map's value, called `what` in complaints. */
const char *pack_yaml_text_of(struct pack_yaml *yaml, struct fy_node *node, const char *what,
                              size_t max, bool lines);
/* A required id, [a-z0-9-]{1,32}. */
const char *pack_yaml_id(struct pack_yaml *yaml, struct fy_node *map, const char *key);
/* The same, or "" and no complaint if the key is absent. */
const char *pack_yaml_text_or_none(struct pack_yaml *yaml, struct fy_node *map, const char *key,
                                   size_t max);
/* A whole number min..max; `fallback` and no complaint if absent and fallback >= 0. */
long pack_yaml_number(struct pack_yaml *yaml, struct fy_node *map, const char *key, long min,
                      long max, long fallback);
long pack_yaml_number_of(struct pack_yaml *yaml, struct fy_node *node, const char *what, long min,
                         long max);
/* true or false. */
bool pack_yaml_bool(struct pack_yaml *yaml, struct fy_node *map, const char *key);
/* The same; false and no complaint if the key is absent. */
bool pack_yaml_bool_or_false(struct pack_yaml *yaml, struct fy_node *map, const char *key);
/* Which of `words` (NULL-terminated) the text is; 0 after a complaint. */
int pack_yaml_word(struct pack_yaml *yaml, struct fy_node *map, const char *key,
                   const char *const *words);
/* The entries of a list, to be walked with pack_yaml_next. */
struct pack_yaml_rows {
    struct pack_yaml *yaml;
    struct fy_node *list; /* NULL: there is nothing to walk */
    void *step;
};
/* A required list of min..max entries; it has none after a complaint. */
struct pack_yaml_rows pack_yaml_rows(struct pack_yaml *yaml, struct fy_node *map, const char *key,
                                     int min, int max);
/* The next entry, a map as pack_yaml_map wants it (others are complained of and passed over), or
 * with `what` NULL whatever it is. NULL: that was the last. */
struct fy_node *pack_yaml_next(struct pack_yaml_rows *rows, const char *what, const char *keys);
/* Complains if an entry's id is that of an earlier one: of the `count` entries, `stride` bytes
 * apart, the first of which has its id at `first`. */
void pack_yaml_unique(struct pack_yaml *yaml, struct fy_node *entry, const char *id,
                      const char *const *first, size_t stride, int count);
/* The index of a phase id in the pack, -1 after a complaint. */
int pack_yaml_phase(struct pack_yaml *yaml, struct fy_node *map, const char *key);

/* file_framework.c and file_prompt.c: fill yaml->pack from yaml->root. A framework goes first. */
void pack_file_framework(struct pack_yaml *yaml);
void pack_file_prompt(struct pack_yaml *yaml);
/* Alarms, the share and what is suggested, after all that they refer to; and whether they fit the
 * plans. */
void pack_file_rules(struct pack_yaml *yaml);
/* The lines of the rubric under "items": those of the framework, or a prompt's own. */
void pack_file_items(struct pack_yaml *yaml, int min, bool own);
/* The language of the texts, if the file says it. */
void pack_file_lang(struct pack_yaml *yaml);

#endif
