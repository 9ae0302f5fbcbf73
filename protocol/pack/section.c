/* SPDX-License-Identifier: ISC */
/*
 * section.c: which key of a pack belongs to which section, that is, when it opens.
 *
 * Invariant: what the table does not name stays with the panel until the debrief, so that a key
 * that is forgotten here is hidden too long and never shown too early.
 */
#include <string.h>

#include "protocol/pack/table.h"

enum { KEYS_MAX = 8 };

/* Keys of a list (NULL: of the pack itself) that open before the debrief; without keys: all. */
struct opening {
    const char *list;
    enum pack_section section;
    const char *keys[KEYS_MAX];
};
static const struct opening openings[] = {
    {NULL,
     SECTION_OPEN,
     {"framework_id", "framework_title", "source", "id", "title", "level", "lang", NULL}},
    {"phases", SECTION_OPEN, {"id", "title", "goal", NULL}},
    {"plans", SECTION_OPEN, {NULL}},
    {"alarms", SECTION_OPEN, {NULL}}, /* of them only those that pack_entry_in lets through */
    {"phases", SECTION_GUIDE, {"opening", "headings", NULL}},
    {NULL, SECTION_PROMPT, {"prompt", NULL}},
    /* with what a guided room opens at once, and with what a training room does */
    {NULL, SECTION_GUIDE, {"worksheet", "layers", NULL}},
    {NULL, SECTION_TITLES, {"worksheet", "layers", NULL}},
    {"items", SECTION_TITLES, {"id", "title", "heading", "phase", "group", NULL}},
};

static bool is_key_of(const struct opening *opening, const char *key) {
    for (int i = 0; opening->keys[i]; i++) {
        if (strcmp(opening->keys[i], key) == 0) {
            return true;
        }
    }
    return !opening->keys[0];
}

static bool is_same_list(const char *a, const char *b) {
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool opens_in(const struct list *list, const struct column *column,
                     enum pack_section section) {
    bool named = false;
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        if (is_same_list(openings[i].list, list->key) && is_key_of(&openings[i], column->key)) {
            named = true;
            if (openings[i].section == section) {
                return true;
            }
        }
    }
    return !named && section == SECTION_RUBRIC;
}

static bool is_alarms(const struct list *list) {
    return is_same_list(list->key, "alarms");
}

bool pack_column_in(const struct list *list, const struct column *column, enum pack_section section,
                    unsigned format) {
    bool panel = list->panel || column->panel;
    if (column->since == SINCE_GUIDE) {
        return section == SECTION_GUIDE;
    }
    if (column->since > format || list->since > format || panel != (section == SECTION_PANEL)) {
        return false;
    }
    /* All alarms come once more with the rubric. */
    bool again = is_alarms(list) && section == SECTION_RUBRIC;
    return panel || section == SECTION_PUBLIC || again || opens_in(list, column, section);
}

bool pack_list_in(const struct list *list, enum pack_section section) {
    for (unsigned i = 0; i < list->columns; i++) {
        if (pack_column_in(list, &list->column[i], section, SPAR_PACK_VERSION)) {
            return true;
        }
    }
    return false;
}

/* Those that name a phase or a rule are the panel's. */
bool pack_entry_in(const struct pack *pack, const struct list *list, unsigned index,
                   enum pack_section section) {
    if (section != SECTION_OPEN || !is_alarms(list)) {
        return true;
    }
    const struct pack_alarm *alarm = &pack->alarms[index];
    return (alarm->when == ALARM_ENDING || alarm->when == ALARM_OVER) && alarm->phase < 0;
}

bool pack_has(const struct pack *pack, enum pack_section section) {
    return (pack->sections & UINT32_C(1) << section) != 0;
}

bool pack_knows(const struct pack *pack, const struct list *list, const struct column *column) {
    for (enum pack_section section = SECTION_PUBLIC; section < PACK_SECTIONS; section++) {
        if (pack_has(pack, section) && (column ? pack_column_in(list, column, section, pack->format)
                                               : pack_list_in(list, section))) {
            return true;
        }
    }
    return pack->sections == 0;
}
