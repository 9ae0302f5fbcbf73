/* SPDX-License-Identifier: ISC */
/*
 * read.c: a pack from its parts, which come from a peer. Here only types and array bounds are
 * minded, so that nothing is written past its place; all other rules are pack_check's, on the
 * result.
 */
#include <string.h>

#include "protocol/pack/table.h"

struct reading {
    struct mp_reader r;
    struct pack *pack;
    const struct list *list;
    int index;
    enum pack_section section;
    struct pack_fault *fault;
};

static bool blame(struct reading *reading, const char *key, enum mp_error error) {
    reading->fault->no_memory = error == MP_NO_MEMORY;
    return pack_blame(reading->fault, reading->list, reading->index, key, "%s",
                      mp_error_text(error));
}

/* A text copied into the pack; NULL with the reader's sticky error. */
static const char *copy_text(struct reading *reading, struct span text, const char *key) {
    if (reading->r.error != MP_OK) {
        return NULL;
    }
    const char *copy = pack_text(reading->pack, text);
    if (!copy) {
        mp_fail(&reading->r, MP_NO_MEMORY, key);
    }
    return copy;
}

static void read_texts(struct reading *reading, const msgpack_object *map, char *element,
                       const struct column *column) {
    const msgpack_object *array = mp_get_array(&reading->r, map, column->key, column->slots);
    const char **texts = (const char **)(void *)(element + column->offset);
    for (uint32_t i = 0; array && i < array->via.array.size; i++) {
        const msgpack_object *text = &array->via.array.ptr[i];
        if (text->type != MSGPACK_OBJECT_STR) {
            mp_fail(&reading->r, MP_WRONG_TYPE, column->key);
        } else if (text->via.str.size && memchr(text->via.str.ptr, 0, text->via.str.size)) {
            mp_fail(&reading->r, MP_UTF8, column->key);
        } else {
            texts[i] = copy_text(reading, (struct span){text->via.str.ptr, text->via.str.size},
                                 column->key);
        }
        if (reading->r.error != MP_OK) {
            return;
        }
        *(uint8_t *)(element + column->count) = (uint8_t)(i + 1);
    }
}

static void read_budgets(struct reading *reading, const msgpack_object *map, uint32_t *ms,
                         const struct column *column) {
    const msgpack_object *array = mp_get_array(&reading->r, map, column->key, PACK_PHASES_MAX);
    if (array && array->via.array.size != reading->pack->phase_count) {
        mp_fail(&reading->r, MP_TOO_LONG, column->key);
        return;
    }
    for (uint32_t i = 0; array && i < array->via.array.size; i++) {
        const msgpack_object *value = &array->via.array.ptr[i];
        if (value->type != MSGPACK_OBJECT_POSITIVE_INTEGER || value->via.u64 > column->max) {
            mp_fail(&reading->r, MP_RANGE, column->key);
            return;
        }
        ms[i] = (uint32_t)value->via.u64;
    }
}

static unsigned read_name(struct reading *reading, const msgpack_object *map,
                          const struct column *column) {
    struct span name = mp_get_text(&reading->r, map, column->key, 1, ID_MAX_BYTES);
    for (unsigned i = 0; column->names[i]; i++) {
        if (span_equal(name, column->names[i])) {
            return i;
        }
    }
    mp_fail(&reading->r, MP_RANGE, column->key);
    return 0;
}

static void read_column(struct reading *reading, const msgpack_object *map, char *element,
                        const struct column *column) {
    struct mp_reader *r = &reading->r;
    void *at = element + column->offset;
    const char *key = column->key;
    switch (column->type) {
    case COLUMN_ID:
    case COLUMN_TEXT:
        *(const char **)at = copy_text(reading, mp_get_text(r, map, key, 0, PACK_PROMPT_MAX), key);
        break;
    case COLUMN_TEXTS: read_texts(reading, map, element, column); break;
    case COLUMN_PHASE:
        *(uint8_t *)at = (uint8_t)mp_get_int(r, map, key, 0, PACK_PHASES_MAX - 1);
        break;
    case COLUMN_PHASE_OR_NONE:
        *(int8_t *)at = (int8_t)mp_get_int(r, map, key, -1, PACK_PHASES_MAX - 1);
        break;
    case COLUMN_NAME: *(unsigned *)at = read_name(reading, map, column); break;
    case COLUMN_MS: *(uint32_t *)at = (uint32_t)mp_get_int(r, map, key, 0, column->max); break;
    case COLUMN_BUDGETS: read_budgets(reading, map, at, column); break;
    case COLUMN_PERCENT: *(uint8_t *)at = (uint8_t)mp_get_int(r, map, key, 0, 100); break;
    case COLUMN_COUNT: *(uint8_t *)at = (uint8_t)mp_get_int(r, map, key, 0, column->max); break;
    case COLUMN_BOOL: *(bool *)at = mp_opt_bool(r, map, key, false); break;
    }
}

/* What a later format brought may be absent, and then counts as empty, which a new pack is. */
static bool is_absent(const msgpack_object *map, const char *key) {
    const msgpack_object *value = mp_find(map, key);
    return !value || value->type == MSGPACK_OBJECT_NIL;
}

static bool read_element(struct reading *reading, const msgpack_object *map) {
    unsigned index = reading->index < 0 ? 0 : (unsigned)reading->index;
    char *element = (char *)reading->pack + reading->list->offset + reading->list->stride * index;
    if (map->type != MSGPACK_OBJECT_MAP) {
        return blame(reading, NULL, MP_WRONG_TYPE);
    }
    for (unsigned i = 0; i < reading->list->columns; i++) {
        const struct column *column = &reading->list->column[i];
        if (pack_column_in(reading->list, column, reading->section, reading->pack->format) &&
            !(column->since > 1 && is_absent(map, column->key))) {
            read_column(reading, map, element, column);
        }
        if (reading->r.error != MP_OK) {
            return blame(reading, column->key, reading->r.error);
        }
    }
    return true;
}

/* Whether the part adds columns to entries that an earlier one began, rather than bringing them. */
static bool adds_columns(const struct reading *reading, const struct list *list) {
    const struct list *alarms = NULL;
    for (unsigned i = 0; i < PACK_LISTS; i++) {
        alarms = pack_lists[i].offset == offsetof(struct pack, alarms) ? &pack_lists[i] : alarms;
    }
    return reading->pack->base && list != alarms && pack_knows(reading->pack, list, NULL);
}

static bool read_list(struct reading *reading, const struct list *list) {
    reading->list = list;
    reading->index = -1;
    if (!list->key) {
        return read_element(reading, &reading->r.root);
    }
    if (list->since > 1 && is_absent(&reading->r.root, list->key)) {
        return true;
    }
    const msgpack_object *array = mp_get_array(&reading->r, &reading->r.root, list->key, list->max);
    if (!array) {
        return blame(reading, NULL, reading->r.error);
    }
    uint8_t *count = (uint8_t *)reading->pack + list->count;
    if (adds_columns(reading, list) && array->via.array.size != *count) {
        return pack_blame(reading->fault, list, -1, NULL,
                          "expected as many entries as in the parts before it");
    }
    *count = (uint8_t)array->via.array.size;
    for (unsigned i = 0; i < array->via.array.size; i++) {
        reading->index = (int)i;
        if (!read_element(reading, &array->via.array.ptr[i])) {
            return false;
        }
    }
    return true;
}

/* All parts of a pack are of one format. */
static bool read_format(struct reading *reading) {
    bool first = !reading->pack->base;
    int64_t least = first ? 1 : reading->pack->format;
    int64_t most = first ? SPAR_PACK_VERSION : reading->pack->format;
    reading->pack->format = (uint8_t)mp_get_int(&reading->r, &reading->r.root, "v", least, most);
    return reading->r.error == MP_OK || blame(reading, "v", reading->r.error);
}

static bool read_section(struct reading *reading, struct span bytes) {
    bool panel = reading->section == SECTION_PANEL;
    const char *name = panel ? "panel's part" : "public part";
    if (bytes.len > (panel ? PACK_PANEL_MAX : PACK_BODY_MAX)) {
        return blame(reading, name, MP_TOO_LONG);
    }
    if (mp_reader_parse(&reading->r, bytes.at, bytes.len) != MP_OK) {
        return blame(reading, name, reading->r.error);
    }
    if (!read_format(reading)) {
        return false;
    }
    for (unsigned i = 0; i < PACK_LISTS; i++) {
        const struct list *list = &pack_lists[i];
        bool there = pack_list_in(list, reading->section) && list->since <= reading->pack->format;
        if (there && !read_list(reading, list)) {
            return false;
        }
    }
    reading->pack->sections |= UINT32_C(1) << reading->section;
    reading->pack->has_panel = pack_has(reading->pack, SECTION_PANEL);
    return true;
}

/* What is not known is "". */
static void fill_empty(struct pack *pack) {
    for (unsigned i = 0; i < PACK_LISTS; i++) {
        const struct list *list = &pack_lists[i];
        for (unsigned k = 0; k < pack_count(pack, list) * list->columns; k++) {
            const struct column *column = &list->column[k % list->columns];
            if (column->type == COLUMN_TEXT || column->type == COLUMN_ID) {
                const char **text =
                    (const char **)(void *)((char *)pack + list->offset +
                                            list->stride * (k / list->columns) + column->offset);
                *text = *text ? *text : "";
            }
        }
    }
}

static void add_heading(struct pack_phase *phase, const char *heading) {
    for (uint8_t i = 0; i < phase->heading_count; i++) {
        if (strcmp(phase->headings[i], heading) == 0) {
            return;
        }
    }
    if (*heading && phase->heading_count < PACK_HEADINGS_MAX) {
        phase->headings[phase->heading_count++] = heading;
    }
}

/* From the items, where they are known and the guide has not told them. */
static void find_headings(struct pack *pack) {
    for (uint8_t i = 0; i < pack->item_count && !pack_has(pack, SECTION_GUIDE); i++) {
        if (pack->items[i].phase < pack->phase_count) { /* not checked yet */
            add_heading(&pack->phases[pack->items[i].phase], pack->items[i].heading);
        }
    }
}

/* Whether the part may be added to what is known. */
static bool fits(const struct pack *base, enum pack_section section) {
    static const uint32_t all = 1U << SECTION_OPEN | 1U << SECTION_GUIDE | 1U << SECTION_PROMPT |
                                1U << SECTION_TITLES | 1U << SECTION_RUBRIC;
    if (!base) {
        return section == SECTION_PUBLIC || section == SECTION_OPEN;
    }
    if (section == SECTION_PANEL) {
        return base->sections == 1U << SECTION_PUBLIC || base->sections == all;
    }
    return section > SECTION_OPEN && section < PACK_SECTIONS && pack_has(base, SECTION_OPEN) &&
           !pack_has(base, section);
}

/* The base as it is, with its texts, which stay where they are as long as it lives. */
static struct pack *begin(struct pack *base) {
    struct pack *pack = pack_new();
    if (pack && base) {
        *pack = *base;
        pack->refs = 1;
        pack->texts = NULL;
        pack->base = pack_ref(base);
    }
    return pack;
}

struct pack *pack_with(struct pack *base, enum pack_section section, struct span bytes,
                       struct pack_fault *fault) {
    memset(fault, 0, sizeof *fault);
    if (!fits(base, section)) {
        pack_blame(fault, NULL, -1, NULL, "expected another part of the pack");
        return NULL;
    }
    struct reading reading = {.pack = begin(base), .index = -1, .section = section, .fault = fault};
    if (!reading.pack || mp_reader_init(&reading.r) != MP_OK) {
        blame(&reading, NULL, MP_NO_MEMORY);
        pack_unref(reading.pack);
        return NULL;
    }
    struct pack *pack = reading.pack;
    bool good = read_section(&reading, bytes);
    if (good) {
        fill_empty(pack);
        find_headings(pack);
        pack_index_items(pack);
        good = pack_check(pack, fault);
    }
    mp_reader_free(&reading.r);
    if (!good) {
        pack_unref(pack);
        return NULL;
    }
    return pack;
}

struct pack *pack_read(struct span public_body, struct span panel_body, struct pack_fault *fault) {
    struct pack *pack = pack_with(NULL, SECTION_PUBLIC, public_body, fault);
    if (!pack || panel_body.len == 0) {
        return pack;
    }
    struct pack *whole = pack_with(pack, SECTION_PANEL, panel_body, fault);
    pack_unref(pack);
    return whole;
}
