/* SPDX-License-Identifier: ISC */
/*
 * pack.h: framework + prompt as data, its two encoded bodies (public, panel), and its bounds.
 *
 * A pack is immutable once built and owns all its texts; it is shared by reference count inside one
 * thread (the count is not atomic: each worker builds its own). The panel part may be absent, as on
 * a candidate's machine: then strong/watch/fix/facts/followups/curveballs/steps are empty. No text
 * of a pack that pack_read gave is NULL: what is absent is "".
 */
#ifndef SPAR_PROTOCOL_PACK_PACK_H
#define SPAR_PROTOCOL_PACK_PACK_H

#include "protocol/wire/mp.h"

enum item_group {
    GROUP_QUESTION,
    GROUP_ACTION,
    GROUP_CHECKLIST,
    GROUP_FAILURE_MODE,
    GROUP_DATA_QUALITY,
    GROUP_CLOSING,
    GROUP_COUNT
};
/* ALARM_LATE: format 2. */
enum alarm_when { ALARM_UNREACHED, ALARM_MINUTE, ALARM_ENDING, ALARM_OVER, ALARM_LATE };
enum flag_kind { FLAG_RED, FLAG_MISTAKE };
/*
 * The bodies that a pack is written in. Two of them are a whole pack: as messages carry it, cohorts
 * keep it and rooms of rules 1 were opened with it. A room of rules 2 is opened with one event for
 * each of the others, so that each opens at its moment; section.c says which key belongs to which.
 * A key that it does not name opens with the debrief.
 */
enum pack_section {
    SECTION_PUBLIC, /* of rules 1: what everybody may know at once */
    SECTION_PANEL,  /* what only the panel may until the debrief; in rooms of both rules */
    SECTION_OPEN,   /* at once: phases, plans, names, and the alarms that say nothing else */
    SECTION_GUIDE, /* opening moves and headings: at once in a guided room, else with the debrief */
    SECTION_PROMPT, /* with the start */
    SECTION_TITLES, /* the rubric's titles: with the own sheet; in a training room at once */
    SECTION_RUBRIC, /* with the debrief: what else SECTION_PUBLIC has */
    PACK_SECTIONS
};
/* Of a prompt, of whoever practises, of an item: from which level on it is expected. Two are as far
 * apart as their difference; LEVEL_ANY is near to all. */
enum level { LEVEL_ANY, LEVEL_MID, LEVEL_SENIOR, LEVEL_STAFF, LEVEL_COUNT };

struct pack_phase {
    const char *id, *title, *goal, *watch;
    const char *opening[PACK_OPENING_MAX];
    /* distinct ones of its items, in their order, as far as there is place */
    const char *headings[PACK_HEADINGS_MAX];
    uint8_t openings, heading_count;
    bool failure;
};
struct pack_plan {
    const char *id, *title;
    uint32_t budget_ms[PACK_PHASES_MAX];
    uint32_t spare_ms;
};
enum { PACK_ITEM_SLOTS = 256 };
struct pack_item {
    const char *id, *title, *heading, *strong;
    uint8_t phase;
    enum item_group group;
    /* format 2; empty in a pack of format 1 */
    const char *counts;     /* the least that earns the mark */
    const char *weak;       /* what a weak answer sounds like */
    const char *competency; /* id of the one that it shows; "": none */
    enum level level;       /* from which on it is expected; LEVEL_ANY: always */
    bool late;              /* marked only when later phases have shown it */
    bool own;               /* the prompt's own, beside those of the framework */
};
/* format 2. What each score of a competency looks like, and the score that a level asks for. */
struct pack_competency {
    const char *id, *title, *poor, *mixed, *good, *excellent;
    uint8_t mid, senior, staff; /* 1..PACK_SCORES; 0: nothing is asked for */
};
/* format 2. What holds for all items of a group. */
struct pack_group {
    enum item_group group;
    uint8_t enough; /* so many marked are all of it; 0: every one counts */
};
struct pack_flag {
    const char *id, *title, *fix;
    enum flag_kind kind;
};
struct pack_alarm {
    const char *id, *text;
    enum alarm_when when;
    int8_t phase; /* -1: any */
    uint32_t ms;  /* minute, seconds or slack, in ms */
};
/* format 2. A rule by which the panel is suggested a mark or a flag (suggest.def). */
enum suggest_kind {
#define SUGGEST(name, word, needs, may) SUGGEST_##name,
#include "protocol/pack/suggest.def"
#undef SUGGEST
    SUGGEST_KINDS,
    SUGGEST_BOARD_FIRST = SUGGEST_BOX_EARLY, /* they read the board; those before it the sheet */
};
/* What a rule has, for suggest.def. */
enum {
    SUGGEST_HAS_PHASE = 1,
    SUGGEST_HAS_GROUP = 2,
    SUGGEST_HAS_ITEMS = 4,
    SUGGEST_HAS_LEAST = 8,
    SUGGEST_HAS_MS = 16,
    SUGGEST_HAS_WORDS = 32
};
struct pack_suggest {
    const char *id, *text;   /* text: what the room has seen, one sentence for the panel */
    const char *flag, *mark; /* what it proposes: the id of a flag or of an item; the other is "" */
    const char *items[PACK_SUGGEST_ITEMS_MAX]; /* ids */
    const char *words[PACK_SUGGEST_WORDS_MAX];
    enum suggest_kind kind;
    unsigned group; /* enum item_group + 1; 0: none */
    uint32_t ms;
    int8_t phase; /* -1: any */
    uint8_t item_count, word_count;
    uint8_t least;
};
struct pack_tool {
    const char *need;
    const char *reach[PACK_REACH_MAX];
    uint8_t reaches;
};
struct pack_fact {
    const char *id, *asked, *text;
};
struct pack_question {
    const char *id, *text, *strong;
    uint8_t phase;
};
struct pack_step {
    const char *text;
    uint8_t phase;
};

struct pack {
    uint32_t refs;
    bool has_panel;
    uint32_t
        sections;   /* bits 1 << enum pack_section: read from these; 0: made by hand, and whole */
    uint8_t format; /* 1..SPAR_PACK_VERSION; in which its bodies are written */
    const char *framework_id, *framework_title, *source; /* framework */
    const char *id, *title, *level, *prompt;             /* prompt */
    const char *lang; /* of its texts, as in BCP 47; "": not said. format 2 */
    bool is_public;   /* anybody can read its answers, since it is shipped. format 2 */
    uint8_t phase_count, plan_count, item_count, flag_count, alarm_count, tool_count, phrase_count;
    uint8_t fact_count, followup_count, curveball_count, step_count;
    uint8_t competency_count, group_count, suggest_count;
    uint8_t slot_count, layer_count;
    uint8_t failure_share; /* percent */
    struct pack_phase phases[PACK_PHASES_MAX];
    struct pack_plan plans[PACK_PLANS_MAX];
    struct pack_item items[PACK_ITEMS_MAX];
    struct pack_competency competencies[PACK_COMPETENCIES_MAX];
    struct pack_group groups[PACK_GROUPS_MAX];
    struct pack_flag flags[PACK_FLAGS_MAX];
    struct pack_alarm alarms[PACK_ALARMS_MAX];
    struct pack_suggest suggests[PACK_SUGGESTS_MAX];
    struct pack_tool tools[PACK_TOOLS_MAX];
    const char *phrases[PACK_PHRASES_MAX];
    /* format 2. Of the worksheet's lines and the board's columns, in guided and training rooms */
    const char *slots[PACK_SLOTS_MAX], *layers[PACK_LAYERS_MAX];
    struct pack_fact facts[PACK_FACTS_MAX];
    struct pack_question followups[PACK_FOLLOWUPS_MAX];
    struct pack_question curveballs[PACK_CURVEBALLS_MAX];
    struct pack_step steps[PACK_STEPS_MAX];
    uint8_t item_slots[PACK_ITEM_SLOTS]; /* private: by hash of the id, its number plus one; 0 */
    struct pack_text *texts;             /* private: owned memory */
    struct pack *base; /* private: the pack that a part was added to; owns its texts */
};

/* Notes where the items are, so that they are found at one look; others are sought. */
void pack_index_items(struct pack *pack);
/* A new empty pack of format 1 with one reference; NULL: out of memory. */
struct pack *pack_new(void);
struct pack *pack_ref(struct pack *pack);
void pack_unref(struct pack *pack); /* NULL is fine */
/* Copies a text into the pack's memory, NUL-terminated; NULL: out of memory. */
const char *pack_text(struct pack *pack, struct span text);

/* One fault: `where` is a path such as "items[3].title", `what` says what was expected. no_memory:
 * memory ran out, which says nothing about the pack. */
struct pack_fault {
    char where[64];
    char what[160];
    bool no_memory;
};
/* Whether a filled pack keeps every rule (ids unique and well-formed, references resolve, bounds,
 * the public body fits PACK_BODY_MAX, the panel's PACK_PANEL_MAX). First fault. */
bool pack_check(const struct pack *pack, struct pack_fault *fault)
    __attribute__((warn_unused_result));

void pack_write_public(struct mp_writer *w, const struct pack *pack);
void pack_write_panel(struct mp_writer *w, const struct pack *pack);
/* A long body travels in parts of PACK_BODY_MAX bytes; the last one may be shorter. How many, 1 for
 * an empty body; the part of that number, borrowed from the body. */
uint32_t pack_parts(struct span body);
struct span pack_part(struct span body, uint32_t index);
/* Builds a pack from its public body, and from both. `panel` may be empty. Every rule is checked
 * again: the bytes come from a peer. NULL and *fault on anything wrong. */
struct pack *pack_read(struct span public_body, struct span panel_body, struct pack_fault *fault)
    __attribute__((warn_unused_result));

/* Whether it was read from that part. */
bool pack_has(const struct pack *pack, enum pack_section section);
/* Equal packs give equal bytes. A pack that lacks the part gives one of empty texts and lists. */
void pack_write(struct mp_writer *w, const struct pack *pack, enum pack_section section);
/* A new pack: what `base` holds (NULL: nothing) and one part more, from bytes of a peer. Keeps a
 * reference to the base, whose texts it shares. NULL and *fault if the part does not fit there:
 * SECTION_PUBLIC and SECTION_OPEN come first, SECTION_PANEL last. */
struct pack *pack_with(struct pack *base, enum pack_section section, struct span bytes,
                       struct pack_fault *fault) __attribute__((warn_unused_result));

/* Index, or -1. */
int pack_item_find(const struct pack *pack, struct span id);
int pack_flag_find(const struct pack *pack, struct span id);
int pack_fact_find(const struct pack *pack, struct span id);
/* Curveballs first, then follow-ups at curveball_count + i; -1 if neither. */
int pack_question_find(const struct pack *pack, struct span id);
const struct pack_question *pack_question_at(const struct pack *pack, int index);
int pack_suggest_find(const struct pack *pack, struct span id);
/* What a kind of rule needs, and what it may have besides: bits SUGGEST_HAS_… */
unsigned suggest_kind_needs(enum suggest_kind kind);
unsigned suggest_kind_may(enum suggest_kind kind);

/* rules.c. Whether the rules of a pack fit its plans; asked of files, never of a stored body.
 * ms from the start to a phase's beginning, by a plan: */
int64_t pack_planned(const struct pack *pack, int plan, int phase);
/* A plan on which the alarm rings for somebody who keeps it to the second; -1: there is none. */
int pack_alarm_on_plan(const struct pack *pack, const struct pack_alarm *alarm);
/* The greatest share (percent, rounded down) that any plan gives to the phases that count for it.
 */
int pack_share_most(const struct pack *pack);

int pack_competency_find(const struct pack *pack, struct span id);
/* What the pack's `level` says; LEVEL_ANY if it is none of the three (format 1 takes any word). */
enum level pack_level(const struct pack *pack);
/* Whether an item is expected of somebody at that level; LEVEL_ANY: of anybody. */
bool pack_item_expected(const struct pack_item *item, enum level level);
/* The score (1..PACK_SCORES) that a competency asks of a level; 0: none. */
uint8_t pack_bar(const struct pack_competency *competency, enum level level);
/* What a score looks like; "" for one that there is not. */
const char *pack_anchor(const struct pack_competency *competency, unsigned score);
/* How many of a group's items are all of it; 0: every one counts. */
uint8_t pack_enough(const struct pack *pack, enum item_group group);
const char *group_name(enum item_group group);
/* "any", "mid", "senior" or "staff". */
const char *pack_level_name(enum level level);

#endif
