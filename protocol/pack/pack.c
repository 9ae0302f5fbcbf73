/* SPDX-License-Identifier: ISC */
/*
 * pack.c: a pack's life, its memory, and looking things up in it.
 */
#include "protocol/pack/pack.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 8192 };

/* Texts are cut from chunks, newest first; nothing is freed before the pack is. */
struct pack_text {
    struct pack_text *next;
    size_t used, cap;
    char data[];
};

struct pack *pack_new(void) {
    struct pack *pack = calloc(1, sizeof *pack);
    if (pack) {
        pack->refs = 1;
        pack->format = 1;
    }
    return pack;
}

struct pack *pack_ref(struct pack *pack) {
    pack->refs++;
    return pack;
}

void pack_unref(struct pack *pack) {
    if (!pack || --pack->refs > 0) {
        return;
    }
    for (struct pack_text *chunk = pack->texts; chunk;) {
        struct pack_text *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    pack_unref(pack->base);
    free(pack);
}

const char *pack_text(struct pack *pack, struct span text) {
    size_t need = (size_t)text.len + 1;
    struct pack_text *chunk = pack->texts;
    if (!chunk || chunk->cap - chunk->used < need) {
        size_t cap = need > CHUNK_BYTES ? need : CHUNK_BYTES;
        chunk = malloc(sizeof *chunk + cap);
        if (!chunk) {
            return NULL;
        }
        chunk->next = pack->texts;
        chunk->used = 0;
        chunk->cap = cap;
        pack->texts = chunk;
    }
    char *copy = chunk->data + chunk->used;
    if (text.len) {
        memcpy(copy, text.at, text.len);
    }
    copy[text.len] = '\0';
    chunk->used += need;
    return copy;
}

/* Ids of one prompt often begin, or end, alike. */
static unsigned slot_of(struct span id) {
    uint32_t hash = 2166136261U;
    for (uint32_t i = 0; i < id.len; i++) {
        hash = (hash ^ (uint8_t)id.at[i]) * 16777619U;
    }
    return (hash ^ hash >> 16) % PACK_ITEM_SLOTS;
}

void pack_index_items(struct pack *pack) {
    memset(pack->item_slots, 0, sizeof pack->item_slots);
    for (int i = pack->item_count; i-- > 0;) {
        pack->item_slots[slot_of(span_of(pack->items[i].id))] = (uint8_t)(i + 1);
    }
}

int pack_item_find(const struct pack *pack, struct span id) {
    int noted = pack->item_slots[slot_of(id)] - 1;
    if (noted >= 0 && noted < pack->item_count && span_equal(id, pack->items[noted].id)) {
        return noted;
    }
    for (int i = 0; i < pack->item_count; i++) {
        if (span_equal(id, pack->items[i].id)) {
            return i;
        }
    }
    return -1;
}

int pack_flag_find(const struct pack *pack, struct span id) {
    for (int i = 0; i < pack->flag_count; i++) {
        if (span_equal(id, pack->flags[i].id)) {
            return i;
        }
    }
    return -1;
}

int pack_fact_find(const struct pack *pack, struct span id) {
    for (int i = 0; i < pack->fact_count; i++) {
        if (span_equal(id, pack->facts[i].id)) {
            return i;
        }
    }
    return -1;
}

int pack_question_find(const struct pack *pack, struct span id) {
    int count = pack->curveball_count + pack->followup_count;
    for (int i = 0; i < count; i++) {
        if (span_equal(id, pack_question_at(pack, i)->id)) {
            return i;
        }
    }
    return -1;
}

const struct pack_question *pack_question_at(const struct pack *pack, int index) {
    return index < pack->curveball_count ? &pack->curveballs[index]
                                         : &pack->followups[index - pack->curveball_count];
}

int pack_suggest_find(const struct pack *pack, struct span id) {
    for (int i = 0; i < pack->suggest_count; i++) {
        if (span_equal(id, pack->suggests[i].id)) {
            return i;
        }
    }
    return -1;
}

int pack_competency_find(const struct pack *pack, struct span id) {
    for (int i = 0; i < pack->competency_count; i++) {
        if (span_equal(id, pack->competencies[i].id)) {
            return i;
        }
    }
    return -1;
}

enum level pack_level(const struct pack *pack) {
    for (int level = LEVEL_MID; level < LEVEL_COUNT; level++) {
        if (strcmp(pack->level, pack_level_name((enum level)level)) == 0) {
            return (enum level)level;
        }
    }
    return LEVEL_ANY;
}

bool pack_item_expected(const struct pack_item *item, enum level level) {
    return level == LEVEL_ANY || item->level <= level;
}

uint8_t pack_bar(const struct pack_competency *competency, enum level level) {
    switch (level) {
    case LEVEL_MID: return competency->mid;
    case LEVEL_SENIOR: return competency->senior;
    case LEVEL_STAFF: return competency->staff;
    default: return 0;
    }
}

const char *pack_anchor(const struct pack_competency *competency, unsigned score) {
    switch (score) {
    case 1: return competency->poor;
    case 2: return competency->mixed;
    case 3: return competency->good;
    case PACK_SCORES: return competency->excellent;
    default: return "";
    }
}

uint8_t pack_enough(const struct pack *pack, enum item_group group) {
    for (int i = 0; i < pack->group_count; i++) {
        if (pack->groups[i].group == group) {
            return pack->groups[i].enough;
        }
    }
    return 0;
}
