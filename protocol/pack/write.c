/* SPDX-License-Identifier: ISC */
/*
 * write.c: the sections of a pack, what everybody may know, what only the panel may, what opens
 * when, and the parts of a long one. Equal packs give equal bytes: keys in the order of the tables,
 * nothing of the pack's format left out.
 */
#include "protocol/pack/table.h"

static const char *text_at(const void *at) {
    const char *text = *(const char *const *)at;
    return text ? text : "";
}

static void write_texts(struct mp_writer *w, const char *element, const struct column *column) {
    unsigned count = *(const uint8_t *)(element + column->count);
    const char *const *texts = (const void *)(element + column->offset);
    mp_put_array(w, count);
    for (unsigned i = 0; i < count; i++) {
        mp_put_str(w, texts[i]);
    }
}

static void write_budgets(struct mp_writer *w, const uint32_t *ms, unsigned count) {
    mp_put_array(w, count);
    for (unsigned i = 0; i < count; i++) {
        mp_put_int(w, ms[i]);
    }
}

static void write_column(struct mp_writer *w, const struct pack *pack, const char *element,
                         const struct column *column) {
    const void *at = element + column->offset;
    mp_put_str(w, column->key);
    switch (column->type) {
    case COLUMN_ID:
    case COLUMN_TEXT: mp_put_str(w, text_at(at)); break;
    case COLUMN_TEXTS: write_texts(w, element, column); break;
    case COLUMN_PHASE:
    case COLUMN_COUNT:
    case COLUMN_PERCENT: mp_put_int(w, *(const uint8_t *)at); break;
    case COLUMN_PHASE_OR_NONE: mp_put_int(w, *(const int8_t *)at); break;
    case COLUMN_NAME: mp_put_str(w, column->names[*(const unsigned *)at]); break;
    case COLUMN_MS: mp_put_int(w, *(const uint32_t *)at); break;
    case COLUMN_BUDGETS: write_budgets(w, at, pack->phase_count); break;
    case COLUMN_BOOL: mp_put_bool(w, *(const bool *)at); break;
    }
}

/* The keys of one element in that body. A list that is the panel's has all its columns there. */
static unsigned columns_in(const struct pack *pack, const struct list *list,
                           enum pack_section section) {
    unsigned count = 0;
    for (unsigned i = 0; i < list->columns; i++) {
        count += pack_column_in(list, &list->column[i], section, pack->format);
    }
    return count;
}

static void write_element(struct mp_writer *w, const struct pack *pack, const struct list *list,
                          unsigned index, enum pack_section section) {
    const char *element = pack_element(pack, list, index);
    for (unsigned i = 0; i < list->columns; i++) {
        if (pack_column_in(list, &list->column[i], section, pack->format)) {
            write_column(w, pack, element, &list->column[i]);
        }
    }
}

static void write_list(struct mp_writer *w, const struct pack *pack, const struct list *list,
                       enum pack_section section) {
    unsigned count = pack_count(pack, list);
    unsigned entries = 0;
    for (unsigned k = 0; k < count; k++) {
        entries += pack_entry_in(pack, list, k, section);
    }
    mp_put_str(w, list->key);
    mp_put_array(w, entries);
    for (unsigned k = 0; k < count; k++) {
        if (!pack_entry_in(pack, list, k, section)) {
            continue;
        }
        mp_put_map(w, columns_in(pack, list, section));
        write_element(w, pack, list, k, section);
    }
}

static bool list_is_in(const struct pack *pack, const struct list *list,
                       enum pack_section section) {
    return pack_list_in(list, section) && list->since <= pack->format;
}

void pack_write(struct mp_writer *w, const struct pack *pack, enum pack_section section) {
    unsigned keys = 1 + columns_in(pack, &pack_lists[0], section);
    for (unsigned i = 1; i < PACK_LISTS; i++) {
        keys += list_is_in(pack, &pack_lists[i], section);
    }
    mp_put_map(w, keys);
    mp_put_str(w, "v");
    mp_put_int(w, pack->format);
    write_element(w, pack, &pack_lists[0], 0, section);
    for (unsigned i = 1; i < PACK_LISTS; i++) {
        if (list_is_in(pack, &pack_lists[i], section)) {
            write_list(w, pack, &pack_lists[i], section);
        }
    }
}

void pack_write_public(struct mp_writer *w, const struct pack *pack) {
    pack_write(w, pack, SECTION_PUBLIC);
}

void pack_write_panel(struct mp_writer *w, const struct pack *pack) {
    pack_write(w, pack, SECTION_PANEL);
}

uint32_t pack_parts(struct span body) {
    return body.len == 0 ? 1 : (body.len + PACK_BODY_MAX - 1) / PACK_BODY_MAX;
}

struct span pack_part(struct span body, uint32_t index) {
    uint32_t from = index * PACK_BODY_MAX;
    uint32_t rest = body.len - from;
    return (struct span){body.at + from, rest < PACK_BODY_MAX ? rest : PACK_BODY_MAX};
}
