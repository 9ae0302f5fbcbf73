/* SPDX-License-Identifier: ISC */
/*
 * table.h: what a pack is made of, as tables that checking, writing and reading share. Private to
 * pack*.c.
 *
 * A pack is a sequence of lists; each list is an array inside struct pack whose elements have
 * columns. The first list is the pack itself: one element. A column belongs to the public or to the
 * panel's part of a whole pack, and to one of the parts of an opening (section.c).
 */
#ifndef SPAR_PROTOCOL_PACK_TABLE_H
#define SPAR_PROTOCOL_PACK_TABLE_H

#include "protocol/pack/pack.h"

enum column_type {
    COLUMN_ID,    /* const char *, [a-z0-9-], unique inside its list */
    COLUMN_TEXT,  /* const char *, min..max bytes */
    COLUMN_TEXTS, /* array of const char *, up to `slots` of them, count in a uint8_t at `count` */
    COLUMN_PHASE, /* uint8_t, an index into phases */
    COLUMN_PHASE_OR_NONE, /* int8_t, -1: none */
    COLUMN_NAME,          /* an enum, as one of `names` */
    COLUMN_MS,            /* uint32_t, 0..max */
    COLUMN_BUDGETS,       /* uint32_t[PACK_PHASES_MAX], one 0..max for each phase, in ms */
    COLUMN_PERCENT,       /* uint8_t, 0..100 */
    COLUMN_COUNT,         /* uint8_t, 0..max */
    COLUMN_BOOL
};

struct column {
    const char *key;
    enum column_type type;
    bool panel;    /* else public */
    uint8_t since; /* the format that brought it; before it is absent and counts as empty */
    size_t offset; /* in the element */
    uint32_t min, max;
    uint32_t slots;
    size_t count;             /* offset of the uint8_t count of COLUMN_TEXTS */
    const char *const *names; /* ended by NULL */
};

struct list {
    const char *key; /* NULL: the pack itself */
    size_t offset, stride;
    size_t count; /* offset of the uint8_t count in struct pack */
    const struct column *column;
    uint8_t columns;
    uint8_t min, max; /* entries */
    bool panel;       /* the whole list is the panel's, its length too */
    uint8_t since;    /* as of a column */
};

/* `since` of a column that is in SECTION_GUIDE alone. */
enum { SINCE_GUIDE = 255 };
enum { PACK_LISTS = 14 };
extern const struct list pack_lists[PACK_LISTS];

/* Where an element starts; how many there are. */
const void *pack_element(const struct pack *pack, const struct list *list, unsigned index);
unsigned pack_count(const struct pack *pack, const struct list *list);
/* In the file section.c: whether a list has a column in that part. */
bool pack_list_in(const struct list *list, enum pack_section section);
/* Whether a column of a list is in that part of a pack of that format. */
bool pack_column_in(const struct list *list, const struct column *column, enum pack_section section,
                    unsigned format);
/* Whether an entry of a list is: of the alarms, not all open at once. */
bool pack_entry_in(const struct pack *pack, const struct list *list, unsigned index,
                   enum pack_section section);
/* Whether what the pack was read from holds a column, or (NULL) anything of a list. */
bool pack_knows(const struct pack *pack, const struct list *list, const struct column *column);
/* Writes *fault, `where` as list[index].key (as far as given); always false. */
bool pack_blame(struct pack_fault *fault, const struct list *list, int index, const char *key,
                const char *what, ...) __attribute__((format(printf, 5, 6)));

#endif
