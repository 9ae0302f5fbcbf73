/* SPDX-License-Identifier: ISC */
/*
 * table.c: the columns of a pack, each with its bounds. A new column is one row here, beside its
 * member in pack.h.
 */
#include "protocol/pack/table.h"

#include <stdarg.h>
#include <stdio.h>

static const char *const group_names[] = {"question",     "action",  "checklist", "failure-mode",
                                          "data-quality", "closing", NULL};
static const char *const alarm_names[] = {"unreached", "minute", "ending", "over", "late", NULL};
static const char *const flag_names[] = {"red-flag", "mistake", NULL};

static const char *const set_names[] = {"any",          "question",     "action",  "checklist",
                                        "failure-mode", "data-quality", "closing", NULL};
static const char *const suggest_names[] = {
#define SUGGEST(name, word, needs, may) word,
#include "protocol/pack/suggest.def"
#undef SUGGEST
    NULL};
static const struct {
    unsigned needs, may;
} suggest_has[SUGGEST_KINDS] = {
#define SUGGEST(name, word, needs, may) {needs, may},
#include "protocol/pack/suggest.def"
#undef SUGGEST
};

static const char *const level_names[] = {"any", "mid", "senior", "staff", NULL};

/* The member, its bounds, and whether the panel alone gets it. NEW_… came with format 2 and are the
 * panel's. */
#define ID(type, member) \
    { #member, COLUMN_ID, false, 1, offsetof(struct type, member), 1, ID_MAX_BYTES, 0, 0, NULL }
#define TEXT(type, member, min, max) \
    { #member, COLUMN_TEXT, false, 1, offsetof(struct type, member), min, max, 0, 0, NULL }
#define PANEL_TEXT(type, member, max) \
    { #member, COLUMN_TEXT, true, 1, offsetof(struct type, member), 0, max, 0, 0, NULL }
#define TEXTS(type, key, member, counter, max, slots)                              \
    {                                                                              \
        key, COLUMN_TEXTS, false, 1, offsetof(struct type, member), 1, max, slots, \
            offsetof(struct type, counter), NULL                                   \
    }
#define NEW_TEXTS(type, key, member, counter, max, slots)                          \
    {                                                                              \
        key, COLUMN_TEXTS, false, 2, offsetof(struct type, member), 1, max, slots, \
            offsetof(struct type, counter), NULL                                   \
    }
#define GUIDE_TEXTS(type, key, member, counter, max, slots)                                  \
    {                                                                                        \
        key, COLUMN_TEXTS, false, SINCE_GUIDE, offsetof(struct type, member), 1, max, slots, \
            offsetof(struct type, counter), NULL                                             \
    }
#define PLAIN(type, key, member, kind, max) \
    { key, COLUMN_##kind, false, 1, offsetof(struct type, member), 0, max, 0, 0, NULL }
#define NAME(type, member, names) \
    { #member, COLUMN_NAME, false, 1, offsetof(struct type, member), 0, 0, 0, 0, names }
#define NEW_PUBLIC_TEXT(type, member, max) \
    { #member, COLUMN_TEXT, false, 2, offsetof(struct type, member), 0, max, 0, 0, NULL }
#define NEW_PUBLIC_PLAIN(type, key, member, kind, max) \
    { key, COLUMN_##kind, false, 2, offsetof(struct type, member), 0, max, 0, 0, NULL }
#define NEW_TEXT(type, member, max) \
    { #member, COLUMN_TEXT, true, 2, offsetof(struct type, member), 0, max, 0, 0, NULL }
#define NEW_PLAIN(type, key, member, kind, max) \
    { key, COLUMN_##kind, true, 2, offsetof(struct type, member), 0, max, 0, 0, NULL }
#define NEW_NAME(type, key, member, names) \
    { key, COLUMN_NAME, true, 2, offsetof(struct type, member), 0, 0, 0, 0, names }

static const struct column whole[] = {
    ID(pack, framework_id),
    TEXT(pack, framework_title, 1, PACK_TITLE_MAX),
    TEXT(pack, source, 0, PACK_SOURCE_MAX),
    ID(pack, id),
    TEXT(pack, title, 1, PACK_TITLE_MAX),
    TEXT(pack, level, 0, PACK_LEVEL_MAX),
    TEXT(pack, prompt, 1, PACK_PROMPT_MAX),
    PLAIN(pack, "failure_share", failure_share, PERCENT, 100),
    TEXTS(pack, "phrases", phrases, phrase_count, PACK_PHRASE_MAX, PACK_PHRASES_MAX),
    NEW_PUBLIC_TEXT(pack, lang, PACK_LANG_MAX),
    NEW_PUBLIC_PLAIN(pack, "public", is_public, BOOL, 0),
    NEW_TEXTS(pack, "worksheet", slots, slot_count, PACK_SLOT_MAX, PACK_SLOTS_MAX),
    NEW_TEXTS(pack, "layers", layers, layer_count, PACK_LAYER_MAX, PACK_LAYERS_MAX),
};
static const struct column phases[] = {
    ID(pack_phase, id),
    TEXT(pack_phase, title, 1, PACK_PHASE_TITLE_MAX),
    TEXT(pack_phase, goal, 0, PACK_GOAL_MAX),
    TEXTS(pack_phase, "opening", opening, openings, PACK_OPENING_TEXT_MAX, PACK_OPENING_MAX),
    PLAIN(pack_phase, "failure", failure, BOOL, 0),
    GUIDE_TEXTS(pack_phase, "headings", headings, heading_count, PACK_HEADING_MAX,
                PACK_HEADINGS_MAX),
    PANEL_TEXT(pack_phase, watch, PACK_WATCH_MAX),
};
static const struct column plans[] = {
    ID(pack_plan, id),
    TEXT(pack_plan, title, 1, PACK_TITLE_MAX),
    PLAIN(pack_plan, "budgets", budget_ms, BUDGETS, PHASE_BUDGET_MAX_MS),
    PLAIN(pack_plan, "spare", spare_ms, MS, PHASE_BUDGET_MAX_MS),
};
static const struct column items[] = {
    ID(pack_item, id),
    TEXT(pack_item, title, 1, PACK_ITEM_TITLE_MAX),
    TEXT(pack_item, heading, 0, PACK_HEADING_MAX),
    PLAIN(pack_item, "phase", phase, PHASE, 0),
    NAME(pack_item, group, group_names),
    PANEL_TEXT(pack_item, strong, PACK_STRONG_MAX),
    NEW_TEXT(pack_item, counts, PACK_COUNTS_MAX),
    NEW_TEXT(pack_item, weak, PACK_WEAK_MAX),
    NEW_TEXT(pack_item, competency, ID_MAX_BYTES),
    NEW_NAME(pack_item, "levels", level, level_names),
    NEW_PLAIN(pack_item, "late", late, BOOL, 0),
    NEW_PLAIN(pack_item, "own", own, BOOL, 0),
};
static const struct column competencies[] = {
    ID(pack_competency, id),
    TEXT(pack_competency, title, 1, PACK_ITEM_TITLE_MAX),
    TEXT(pack_competency, poor, 0, PACK_ANCHOR_MAX),
    TEXT(pack_competency, mixed, 0, PACK_ANCHOR_MAX),
    TEXT(pack_competency, good, 0, PACK_ANCHOR_MAX),
    TEXT(pack_competency, excellent, 0, PACK_ANCHOR_MAX),
    PLAIN(pack_competency, "mid", mid, COUNT, PACK_SCORES),
    PLAIN(pack_competency, "senior", senior, COUNT, PACK_SCORES),
    PLAIN(pack_competency, "staff", staff, COUNT, PACK_SCORES),
};
static const struct column groups[] = {
    NAME(pack_group, group, group_names),
    PLAIN(pack_group, "enough", enough, COUNT, PACK_ITEMS_MAX),
};
static const struct column flags[] = {
    ID(pack_flag, id),
    TEXT(pack_flag, title, 1, PACK_TITLE_MAX),
    NAME(pack_flag, kind, flag_names),
    PANEL_TEXT(pack_flag, fix, PACK_FIX_MAX),
};
static const struct column alarms[] = {
    ID(pack_alarm, id),
    TEXT(pack_alarm, text, 1, PACK_ALARM_TEXT_MAX),
    NAME(pack_alarm, when, alarm_names),
    PLAIN(pack_alarm, "phase", phase, PHASE_OR_NONE, 0),
    PLAIN(pack_alarm, "ms", ms, MS, PACK_PHASES_MAX *PHASE_BUDGET_MAX_MS),
};
static const struct column suggests[] = {
    ID(pack_suggest, id),
    TEXT(pack_suggest, text, 1, PACK_ALARM_TEXT_MAX),
    NAME(pack_suggest, kind, suggest_names),
    PLAIN(pack_suggest, "phase", phase, PHASE_OR_NONE, 0),
    NAME(pack_suggest, group, set_names),
    TEXTS(pack_suggest, "items", items, item_count, ID_MAX_BYTES, PACK_SUGGEST_ITEMS_MAX),
    PLAIN(pack_suggest, "least", least, COUNT, PACK_ITEMS_MAX),
    PLAIN(pack_suggest, "ms", ms, MS, PHASE_BUDGET_MAX_MS),
    NEW_TEXTS(pack_suggest, "words", words, word_count, PACK_SUGGEST_WORD_MAX,
              PACK_SUGGEST_WORDS_MAX),
    TEXT(pack_suggest, flag, 0, ID_MAX_BYTES),
    TEXT(pack_suggest, mark, 0, ID_MAX_BYTES),
};
static const struct column tools[] = {
    TEXT(pack_tool, need, 1, PACK_TOOL_NEED_MAX),
    TEXTS(pack_tool, "reach_for", reach, reaches, PACK_TOOL_NAME_MAX, PACK_REACH_MAX),
};
static const struct column facts[] = {
    ID(pack_fact, id),
    TEXT(pack_fact, asked, 0, PACK_ASKED_MAX),
    TEXT(pack_fact, text, 1, PACK_FACT_TEXT_MAX),
};
static const struct column questions[] = {
    ID(pack_question, id),
    PLAIN(pack_question, "phase", phase, PHASE, 0),
    TEXT(pack_question, text, 1, PACK_QUESTION_MAX),
    TEXT(pack_question, strong, 0, PACK_STRONG_MAX),
};
static const struct column steps[] = {
    PLAIN(pack_step, "phase", phase, PHASE, 0),
    TEXT(pack_step, text, 1, PACK_STEP_MAX),
};

#define LIST(key, panel, since, member, counter, min, max, columns)                               \
    {                                                                                             \
        key, offsetof(struct pack, member), sizeof(((struct pack *)0)->member[0]),                \
            offsetof(struct pack, counter), columns, sizeof(columns) / sizeof((columns)[0]), min, \
            max, panel, since                                                                     \
    }
/* Phases come before all that refers to them. */
const struct list pack_lists[PACK_LISTS] = {
    {NULL, 0, sizeof(struct pack), 0, whole, sizeof whole / sizeof whole[0], 1, 1, false, 1},
    LIST("phases", false, 1, phases, phase_count, PACK_PHASES_MIN, PACK_PHASES_MAX, phases),
    LIST("plans", false, 1, plans, plan_count, 1, PACK_PLANS_MAX, plans),
    LIST("items", false, 1, items, item_count, 1, PACK_ITEMS_MAX, items),
    LIST("flags", false, 1, flags, flag_count, 0, PACK_FLAGS_MAX, flags),
    LIST("alarms", false, 1, alarms, alarm_count, 0, PACK_ALARMS_MAX, alarms),
    LIST("tools", false, 1, tools, tool_count, 0, PACK_TOOLS_MAX, tools),
    LIST("facts", true, 1, facts, fact_count, 0, PACK_FACTS_MAX, facts),
    LIST("curveballs", true, 1, curveballs, curveball_count, 0, PACK_CURVEBALLS_MAX, questions),
    LIST("followups", true, 1, followups, followup_count, 0, PACK_FOLLOWUPS_MAX, questions),
    LIST("walkthrough", true, 1, steps, step_count, 0, PACK_STEPS_MAX, steps),
    LIST("competencies", true, 2, competencies, competency_count, 0, PACK_COMPETENCIES_MAX,
         competencies),
    LIST("groups", true, 2, groups, group_count, 0, PACK_GROUPS_MAX, groups),
    LIST("suggest", true, 2, suggests, suggest_count, 0, PACK_SUGGESTS_MAX, suggests),
};

const void *pack_element(const struct pack *pack, const struct list *list, unsigned index) {
    return (const char *)pack + list->offset + list->stride * index;
}

unsigned pack_count(const struct pack *pack, const struct list *list) {
    return list->key ? *((const uint8_t *)pack + list->count) : 1;
}

bool pack_blame(struct pack_fault *fault, const struct list *list, int index, const char *key,
                const char *what, ...) {
    char place[16] = "";
    if (index >= 0) {
        snprintf(place, sizeof place, "[%d]", index);
    }
    bool named = list && list->key;
    snprintf(fault->where, sizeof fault->where, "%s%s%s%s", named ? list->key : "",
             named ? place : "", named && key ? "." : "", key ? key : "");
    va_list args;
    va_start(args, what);
    vsnprintf(fault->what, sizeof fault->what, what, args);
    va_end(args);
    return false;
}

const char *group_name(enum item_group group) {
    return (unsigned)group < GROUP_COUNT ? group_names[group] : "unknown";
}

const char *pack_level_name(enum level level) {
    return (unsigned)level < LEVEL_COUNT ? level_names[level] : "unknown";
}

unsigned suggest_kind_needs(enum suggest_kind kind) {
    return (unsigned)kind < SUGGEST_KINDS ? suggest_has[kind].needs : 0;
}

unsigned suggest_kind_may(enum suggest_kind kind) {
    return (unsigned)kind < SUGGEST_KINDS ? suggest_has[kind].may : 0;
}
