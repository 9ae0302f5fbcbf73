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
enum alarm_when { ALARM_UNREACHED, ALARM_MINUTE, ALARM_ENDING, ALARM_OVER };
enum flag_kind { FLAG_RED, FLAG_MISTAKE };

struct pack_phase {
    const char *id, *title, *goal, *watch;
    const char *opening[PACK_OPENING_MAX];
    uint8_t openings;
    bool failure;
};
struct pack_plan {
    const char *id, *title;
    uint32_t budget_ms[PACK_PHASES_MAX];
    uint32_t spare_ms;
};
struct pack_item {
    const char *id, *title, *heading, *strong;
    uint8_t phase;
    enum item_group group;
};
struct pack_flag {
    const char *id, *title, *fix;
    enum flag_kind kind;
};
struct pack_alarm {
    const char *id, *text;
    enum alarm_when when;
    int8_t phase; /* -1: any */
    uint32_t ms;  /* minute or seconds, in ms */
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
    const char *framework_id, *framework_title, *source; /* framework */
    const char *id, *title, *level, *prompt;             /* prompt */
    uint8_t phase_count, plan_count, item_count, flag_count, alarm_count, tool_count, phrase_count;
    uint8_t fact_count, followup_count, curveball_count, step_count;
    uint8_t failure_share; /* percent */
    struct pack_phase phases[PACK_PHASES_MAX];
    struct pack_plan plans[PACK_PLANS_MAX];
    struct pack_item items[PACK_ITEMS_MAX];
    struct pack_flag flags[PACK_FLAGS_MAX];
    struct pack_alarm alarms[PACK_ALARMS_MAX];
    struct pack_tool tools[PACK_TOOLS_MAX];
    const char *phrases[PACK_PHRASES_MAX];
    struct pack_fact facts[PACK_FACTS_MAX];
    struct pack_question followups[PACK_FOLLOWUPS_MAX];
    struct pack_question curveballs[PACK_CURVEBALLS_MAX];
    struct pack_step steps[PACK_STEPS_MAX];
    struct pack_text *texts; /* private: owned memory */
};

/* A new empty pack with one reference; NULL: out of memory. */
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
 * both bodies fit PACK_BODY_MAX). First fault. */
bool pack_check(const struct pack *pack, struct pack_fault *fault)
    __attribute__((warn_unused_result));

void pack_write_public(struct mp_writer *w, const struct pack *pack);
void pack_write_panel(struct mp_writer *w, const struct pack *pack);
/* Builds a pack from its public body, and from both. `panel` may be empty. Every rule is checked
 * again: the bytes come from a peer. NULL and *fault on anything wrong. */
struct pack *pack_read(struct span public_body, struct span panel_body, struct pack_fault *fault)
    __attribute__((warn_unused_result));

/* Index, or -1. */
int pack_item_find(const struct pack *pack, struct span id);
int pack_flag_find(const struct pack *pack, struct span id);
int pack_fact_find(const struct pack *pack, struct span id);
/* Curveballs first, then follow-ups at curveball_count + i; -1 if neither. */
int pack_question_find(const struct pack *pack, struct span id);
const struct pack_question *pack_question_at(const struct pack *pack, int index);
const char *group_name(enum item_group group);

#endif
