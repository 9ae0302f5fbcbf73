/* SPDX-License-Identifier: ISC */
/*
 * check.c: every rule that a pack keeps. The same check serves a file that was just read and bytes
 * that a peer has sent; in a pack it may rely on nothing but its arrays and counts being in place.
 */
#include <stdio.h>
#include <string.h>

#include "protocol/pack/table.h"

struct check {
    const struct pack *pack;
    const struct list *list;
    int index;
    struct pack_fault *fault;
};

static bool check_text(const struct check *c, const struct column *column, const char *text) {
    size_t len = text ? strlen(text) : 0;
    if (len >= column->min && len <= column->max) {
        return true;
    }
    return pack_blame(c->fault, c->list, c->index, column->key,
                      "expected %u to %u bytes of text, found %zu", column->min, column->max, len);
}

static const char *id_of(const struct pack *pack, const struct list *list, unsigned index) {
    const char *const *id =
        (const void *)((const char *)pack_element(pack, list, index) + list->column[0].offset);
    return *id;
}

static bool check_id(const struct check *c, const struct column *column, const char *id) {
    if (!check_text(c, column, id)) {
        return false;
    }
    if (strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(id)) {
        return pack_blame(c->fault, c->list, c->index, column->key,
                          "expected only lower-case letters, digits and '-'");
    }
    for (int i = 0; c->list->key && i < c->index; i++) {
        if (strcmp(id_of(c->pack, c->list, (unsigned)i), id) == 0) {
            return pack_blame(c->fault, c->list, c->index, column->key,
                              "expected an id of its own, but '%s' is also that of %s[%d]", id,
                              c->list->key, i);
        }
    }
    return true;
}

static bool check_texts(const struct check *c, const struct column *column, const char *element) {
    unsigned count = *(const uint8_t *)(element + column->count);
    if (count > column->slots) {
        return pack_blame(c->fault, c->list, c->index, column->key,
                          "expected at most %u texts, found %u", column->slots, count);
    }
    const char *const *texts = (const void *)(element + column->offset);
    for (unsigned i = 0; i < count; i++) {
        if (!check_text(c, column, texts[i])) {
            return false;
        }
    }
    return true;
}

static bool check_phase(const struct check *c, const struct column *column, int phase) {
    if (phase < c->pack->phase_count) {
        return true;
    }
    return pack_blame(c->fault, c->list, c->index, column->key,
                      "expected one of the pack's %u phases, found number %d",
                      (unsigned)c->pack->phase_count, phase + 1);
}

static bool check_name(const struct check *c, const struct column *column, unsigned value) {
    unsigned count = 0;
    while (column->names[count]) {
        count++;
    }
    if (value < count) {
        return true;
    }
    return pack_blame(c->fault, c->list, c->index, column->key, "expected one of its %u kinds",
                      count);
}

static bool check_ms(const struct check *c, const struct column *column, uint32_t ms) {
    if (ms <= column->max) {
        return true;
    }
    return pack_blame(c->fault, c->list, c->index, column->key,
                      "expected at most %u minutes, found %u ms", column->max / 60000, ms);
}

static bool check_budgets(const struct check *c, const struct column *column, const uint32_t *ms) {
    uint64_t sum = 0;
    for (unsigned i = 0; i < c->pack->phase_count; i++) {
        if (!check_ms(c, column, ms[i])) {
            return false;
        }
        sum += ms[i];
    }
    return sum > 0 || pack_blame(c->fault, c->list, c->index, column->key,
                                 "expected some time in at least one phase");
}

static bool check_column(const struct check *c, const struct column *column) {
    const char *element = pack_element(c->pack, c->list, (unsigned)(c->index < 0 ? 0 : c->index));
    const void *at = element + column->offset;
    switch (column->type) {
    case COLUMN_ID: return check_id(c, column, *(const char *const *)at);
    case COLUMN_TEXT: return check_text(c, column, *(const char *const *)at);
    case COLUMN_TEXTS: return check_texts(c, column, element);
    case COLUMN_PHASE: return check_phase(c, column, *(const uint8_t *)at);
    case COLUMN_PHASE_OR_NONE: return check_phase(c, column, *(const int8_t *)at);
    case COLUMN_NAME: return check_name(c, column, *(const unsigned *)at);
    case COLUMN_MS: return check_ms(c, column, *(const uint32_t *)at);
    case COLUMN_BUDGETS: return check_budgets(c, column, at);
    case COLUMN_PERCENT:
        return *(const uint8_t *)at <= 100 ||
               pack_blame(c->fault, c->list, c->index, column->key, "expected 0 to 100 percent");
    case COLUMN_COUNT:
        return *(const uint8_t *)at <= column->max ||
               pack_blame(c->fault, c->list, c->index, column->key, "expected at most %u",
                          column->max);
    case COLUMN_BOOL: return true;
    }
    return true;
}

static bool check_list(const struct pack *pack, const struct list *list, struct pack_fault *fault) {
    unsigned count = pack_count(pack, list);
    if ((count < list->min && pack_knows(pack, list, NULL)) || count > list->max) {
        return pack_blame(fault, list, -1, NULL, "expected %u to %u entries, found %u", list->min,
                          list->max, count);
    }
    for (unsigned i = 0; i < count; i++) {
        struct check c = {pack, list, list->key ? (int)i : -1, fault};
        for (unsigned k = 0; k < list->columns; k++) {
            if (pack_knows(pack, list, &list->column[k]) && !check_column(&c, &list->column[k])) {
                return false;
            }
        }
    }
    return true;
}

/* Curveballs and follow-ups are thrown by the same action, so they share one set of ids. */
static bool check_questions(const struct pack *pack, struct pack_fault *fault) {
    for (unsigned i = 0; i < pack->followup_count; i++) {
        for (unsigned k = 0; k < pack->curveball_count; k++) {
            if (strcmp(pack->followups[i].id, pack->curveballs[k].id) == 0) {
                snprintf(fault->where, sizeof fault->where, "followups[%u].id", i);
                snprintf(fault->what, sizeof fault->what,
                         "expected an id that no curveball has, found '%s'", pack->followups[i].id);
                return false;
            }
        }
    }
    return true;
}

static bool blame_entry(struct pack_fault *fault, const char *list, unsigned index, const char *key,
                        const char *what) {
    snprintf(fault->where, sizeof fault->where, "%s[%u].%s", list, index, key);
    snprintf(fault->what, sizeof fault->what, "%s", what);
    return false;
}

static bool check_alarms(const struct pack *pack, struct pack_fault *fault) {
    for (unsigned i = 0; i < pack->alarm_count; i++) {
        const struct pack_alarm *alarm = &pack->alarms[i];
        if (alarm->phase < -1 || (alarm->when == ALARM_UNREACHED && alarm->phase < 0)) {
            return blame_entry(fault, "alarms", i, "phase",
                               "expected the phase that may stay unreached");
        }
        if (alarm->when == ALARM_LATE && (pack->format < 2 || alarm->phase < 1)) {
            return blame_entry(fault, "alarms", i, pack->format < 2 ? "when" : "phase",
                               pack->format < 2 ? "expected format 2 for late"
                                                : "expected a phase that another comes before");
        }
    }
    return true;
}

/* What a rule has, as bits SUGGEST_HAS_… */
static unsigned suggest_has(const struct pack_suggest *rule) {
    return (rule->phase >= 0 ? SUGGEST_HAS_PHASE : 0U) | (rule->group ? SUGGEST_HAS_GROUP : 0U) |
           (rule->item_count ? SUGGEST_HAS_ITEMS : 0U) | (rule->least ? SUGGEST_HAS_LEAST : 0U) |
           (rule->ms ? SUGGEST_HAS_MS : 0U) | (rule->word_count ? SUGGEST_HAS_WORDS : 0U);
}

static bool is_set(const char *text) {
    return text && *text;
}

/* What is referred to is there, and exactly one thing is proposed. */
static const char *suggest_fault(const struct pack *pack, const struct pack_suggest *rule) {
    unsigned has = suggest_has(rule);
    unsigned needs = suggest_kind_needs(rule->kind);
    if (rule->phase < -1 || (has & needs) != needs ||
        (has & ~(needs | suggest_kind_may(rule->kind)))) {
        return "expected what its kind needs and no more";
    }
    for (uint8_t i = 0; i < rule->item_count; i++) {
        if (pack_item_find(pack, span_of(rule->items[i])) < 0) {
            return "expected ids of items of this pack";
        }
    }
    if (is_set(rule->flag) == is_set(rule->mark)) {
        return "expected one flag or one mark to propose";
    }
    bool known = is_set(rule->flag) ? pack_flag_find(pack, span_of(rule->flag)) >= 0
                                    : pack_item_find(pack, span_of(rule->mark)) >= 0;
    return known ? NULL : "expected to propose a flag or an item of this pack";
}

static bool check_suggests(const struct pack *pack, struct pack_fault *fault) {
    for (unsigned i = 0; i < pack->suggest_count; i++) {
        const char *what = suggest_fault(pack, &pack->suggests[i]);
        if (what) {
            return blame_entry(fault, "suggest", i, "kind", what);
        }
    }
    return true;
}

static bool check_competencies(const struct pack *pack, struct pack_fault *fault) {
    for (unsigned i = 0; i < pack->item_count; i++) {
        const char *id = pack->items[i].competency;
        if (id && *id && pack_competency_find(pack, span_of(id)) < 0) {
            snprintf(fault->where, sizeof fault->where, "items[%u].competency", i);
            snprintf(fault->what, sizeof fault->what,
                     "expected the id of one of the competencies, found '%s'", id);
            return false;
        }
    }
    return true;
}

/* A group says what holds for it once, and not that more than all of it is enough. */
static bool check_groups(const struct pack *pack, struct pack_fault *fault) {
    for (unsigned i = 0; i < pack->group_count; i++) {
        unsigned before = 0;
        unsigned items = 0;
        for (unsigned k = 0; k < i; k++) {
            before += pack->groups[k].group == pack->groups[i].group;
        }
        for (unsigned k = 0; k < pack->item_count; k++) {
            items += pack->items[k].group == pack->groups[i].group;
        }
        if (before > 0 || pack->groups[i].enough > items) {
            snprintf(fault->where, sizeof fault->where, "groups[%u].%s", i,
                     before > 0 ? "group" : "enough");
            snprintf(fault->what, sizeof fault->what,
                     before > 0 ? "expected each group only once"
                                : "expected no more than the %u items of that group",
                     items);
            return false;
        }
    }
    return true;
}

static bool check_body(void write(struct mp_writer *, const struct pack *), const struct pack *pack,
                       const char *name, uint32_t max, struct pack_fault *fault) {
    struct mp_writer w;
    mp_writer_init(&w);
    write(&w, pack);
    size_t len = w.len;
    bool failed = w.failed;
    mp_writer_free(&w);
    if (failed) {
        fault->no_memory = true;
        return pack_blame(fault, NULL, -1, name, "memory has run out");
    }
    return len <= max ||
           pack_blame(fault, NULL, -1, name,
                      "expected at most %u bytes in all, found %zu: shorten some texts", max, len);
}

/* What was read has been measured as it came: written anew, with keys that its writer did not know,
 * it may be longer. */
static bool check_bodies(const struct pack *pack, struct pack_fault *fault) {
    return pack->sections != 0 ||
           (check_body(pack_write_public, pack, "public part", PACK_BODY_MAX, fault) &&
            check_body(pack_write_panel, pack, "panel's part", PACK_PANEL_MAX, fault));
}

bool pack_check(const struct pack *pack, struct pack_fault *fault) {
    memset(fault, 0, sizeof *fault);
    for (unsigned i = 0; i < PACK_LISTS; i++) {
        if (!check_list(pack, &pack_lists[i], fault)) {
            return false;
        }
    }
    return check_questions(pack, fault) && check_alarms(pack, fault) &&
           check_competencies(pack, fault) && check_groups(pack, fault) &&
           check_suggests(pack, fault) && check_bodies(pack, fault);
}
