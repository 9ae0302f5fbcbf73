/* SPDX-License-Identifier: ISC */
/*
 * file_framework.c: the framework file: phases, plans, rubric, flags, alarms, tools, phrases.
 */
#include "client/pack/yaml.h"

enum { MINUTES_MAX = PHASE_BUDGET_MAX_MS / 60000 };

/* A list of plain texts into out; returns how many. */
static uint8_t texts(struct pack_yaml *yaml, struct fy_node *map, const char *key, int min, int max,
                     size_t bytes, const char **out) {
    struct pack_yaml_rows rows = pack_yaml_rows(yaml, map, key, min, max);
    struct fy_node *node;
    uint8_t count = 0;
    while ((node = pack_yaml_next(&rows, NULL, NULL)) != NULL) {
        out[count++] = pack_yaml_text_of(yaml, node, key, bytes, false);
    }
    return count;
}

static void read_phases(struct pack_yaml *yaml) {
    struct pack *pack = yaml->pack;
    struct pack_yaml_rows rows =
        pack_yaml_rows(yaml, yaml->root, "phases", PACK_PHASES_MIN, PACK_PHASES_MAX);
    struct fy_node *node;
    while ((node = pack_yaml_next(&rows, "a phase", "id title goal opening watch failure")) !=
           NULL) {
        struct pack_phase *phase = &pack->phases[pack->phase_count];
        phase->id = pack_yaml_id(yaml, node, "id");
        pack_yaml_unique(yaml, node, phase->id, &pack->phases->id, sizeof *pack->phases,
                         pack->phase_count);
        phase->title = pack_yaml_text(yaml, node, "title", PACK_PHASE_TITLE_MAX, false);
        phase->goal = pack_yaml_text(yaml, node, "goal", PACK_GOAL_MAX, false);
        phase->openings = texts(yaml, node, "opening", 0, PACK_OPENING_MAX, PACK_OPENING_TEXT_MAX,
                                phase->opening);
        phase->watch = pack_yaml_text(yaml, node, "watch", PACK_WATCH_MAX, false);
        phase->failure = pack_yaml_bool(yaml, node, "failure");
        pack->phase_count++;
    }
}

static void read_minutes(struct pack_yaml *yaml, struct fy_node *map, struct pack_plan *plan) {
    int phases = yaml->pack->phase_count;
    if (phases == 0) {
        return; /* the phases themselves were faulty */
    }
    struct pack_yaml_rows rows = pack_yaml_rows(yaml, map, "minutes", phases, phases);
    struct fy_node *node;
    int i = 0;
    while ((node = pack_yaml_next(&rows, NULL, NULL)) != NULL) {
        long minutes = pack_yaml_number_of(yaml, node, "minutes", 1, MINUTES_MAX);
        plan->budget_ms[i++] = (uint32_t)minutes * 60000;
    }
}

static void read_plans(struct pack_yaml *yaml) {
    struct pack *pack = yaml->pack;
    struct pack_yaml_rows rows = pack_yaml_rows(yaml, yaml->root, "plans", 1, PACK_PLANS_MAX);
    struct fy_node *node;
    while ((node = pack_yaml_next(&rows, "a plan", "id title minutes spare")) != NULL) {
        struct pack_plan *plan = &pack->plans[pack->plan_count];
        plan->id = pack_yaml_id(yaml, node, "id");
        pack_yaml_unique(yaml, node, plan->id, &pack->plans->id, sizeof *pack->plans,
                         pack->plan_count);
        plan->title = pack_yaml_text(yaml, node, "title", PACK_TITLE_MAX, false);
        read_minutes(yaml, node, plan);
        plan->spare_ms = (uint32_t)pack_yaml_number(yaml, node, "spare", 0, MINUTES_MAX, 0) * 60000;
        pack->plan_count++;
    }
}

static void read_items(struct pack_yaml *yaml) {
    static const char *const groups[] = {"question",     "action",  "checklist", "failure-mode",
                                         "data-quality", "closing", NULL};
    struct pack *pack = yaml->pack;
    struct pack_yaml_rows rows = pack_yaml_rows(yaml, yaml->root, "items", 1, PACK_ITEMS_MAX);
    struct fy_node *node;
    while ((node = pack_yaml_next(&rows, "an item", "id phase group title heading strong")) !=
           NULL) {
        struct pack_item *item = &pack->items[pack->item_count];
        item->id = pack_yaml_id(yaml, node, "id");
        pack_yaml_unique(yaml, node, item->id, &pack->items->id, sizeof *pack->items,
                         pack->item_count);
        int phase = pack_yaml_phase(yaml, node, "phase");
        item->phase = phase < 0 ? 0 : (uint8_t)phase;
        item->group = (enum item_group)pack_yaml_word(yaml, node, "group", groups);
        item->title = pack_yaml_text(yaml, node, "title", PACK_ITEM_TITLE_MAX, false);
        item->heading = pack_yaml_find(node, "heading") == NULL
                            ? ""
                            : pack_yaml_text(yaml, node, "heading", PACK_HEADING_MAX, false);
        item->strong = pack_yaml_text(yaml, node, "strong", PACK_STRONG_MAX, false);
        pack->item_count++;
    }
}

static void read_flags(struct pack_yaml *yaml) {
    static const char *const kinds[] = {"red-flag", "mistake", NULL};
    struct pack *pack = yaml->pack;
    struct pack_yaml_rows rows = pack_yaml_rows(yaml, yaml->root, "flags", 0, PACK_FLAGS_MAX);
    struct fy_node *node;
    while ((node = pack_yaml_next(&rows, "a flag", "id kind title fix")) != NULL) {
        struct pack_flag *flag = &pack->flags[pack->flag_count];
        flag->id = pack_yaml_id(yaml, node, "id");
        pack_yaml_unique(yaml, node, flag->id, &pack->flags->id, sizeof *pack->flags,
                         pack->flag_count);
        flag->kind = (enum flag_kind)pack_yaml_word(yaml, node, "kind", kinds);
        flag->title = pack_yaml_text(yaml, node, "title", PACK_TITLE_MAX, false);
        flag->fix = pack_yaml_text(yaml, node, "fix", PACK_FIX_MAX, false);
        pack->flag_count++;
    }
}

/* What each `when` needs and takes. */
static void read_alarm_time(struct pack_yaml *yaml, struct fy_node *node,
                            struct pack_alarm *alarm) {
    static const char *const keys[] = {"id text when phase minute", "id text when phase minute",
                                       "id text when phase seconds", "id text when phase"};
    if (!pack_yaml_map(yaml, node, "this alarm", keys[alarm->when])) {
        return;
    }
    alarm->phase = -1;
    if (pack_yaml_find(node, "phase") != NULL || alarm->when == ALARM_UNREACHED) {
        alarm->phase = (int8_t)pack_yaml_phase(yaml, node, "phase");
    }
    if (alarm->when == ALARM_UNREACHED || alarm->when == ALARM_MINUTE) {
        alarm->ms =
            (uint32_t)pack_yaml_number(yaml, node, "minute", 1, 8L * MINUTES_MAX, -1) * 60000;
    } else if (alarm->when == ALARM_ENDING) {
        alarm->ms = (uint32_t)pack_yaml_number(yaml, node, "seconds", 1, 3600, -1) * 1000;
    }
}

static void read_alarms(struct pack_yaml *yaml) {
    static const char *const whens[] = {"unreached", "minute", "ending", "over", NULL};
    struct pack *pack = yaml->pack;
    struct pack_yaml_rows rows = pack_yaml_rows(yaml, yaml->root, "alarms", 0, PACK_ALARMS_MAX);
    struct fy_node *node;
    while ((node = pack_yaml_next(&rows, NULL, NULL)) != NULL) {
        struct pack_alarm *alarm = &pack->alarms[pack->alarm_count];
        if (!fy_node_is_mapping(node)) {
            pack_yaml_fault(yaml, node, "an alarm should be a map with: id text when");
            continue;
        }
        alarm->id = pack_yaml_id(yaml, node, "id");
        pack_yaml_unique(yaml, node, alarm->id, &pack->alarms->id, sizeof *pack->alarms,
                         pack->alarm_count);
        alarm->when = (enum alarm_when)pack_yaml_word(yaml, node, "when", whens);
        alarm->text = pack_yaml_text(yaml, node, "text", PACK_ALARM_TEXT_MAX, false);
        read_alarm_time(yaml, node, alarm);
        pack->alarm_count++;
    }
}

static void read_tools(struct pack_yaml *yaml) {
    struct pack *pack = yaml->pack;
    struct pack_yaml_rows rows = pack_yaml_rows(yaml, yaml->root, "tools", 0, PACK_TOOLS_MAX);
    struct fy_node *node;
    while ((node = pack_yaml_next(&rows, "a tool", "need reach_for")) != NULL) {
        struct pack_tool *tool = &pack->tools[pack->tool_count];
        tool->need = pack_yaml_text(yaml, node, "need", PACK_TOOL_NEED_MAX, false);
        tool->reaches =
            texts(yaml, node, "reach_for", 1, PACK_REACH_MAX, PACK_TOOL_NAME_MAX, tool->reach);
        pack->tool_count++;
    }
}

void pack_file_framework(struct pack_yaml *yaml) {
    struct pack *pack = yaml->pack;
    struct fy_node *root = yaml->root;
    if (!pack_yaml_map(yaml, root, "a framework",
                       "spar id title source phases plans items flags alarms failure_share tools "
                       "phrases")) {
        return;
    }
    pack->framework_id = pack_yaml_id(yaml, root, "id");
    pack->framework_title = pack_yaml_text(yaml, root, "title", PACK_TITLE_MAX, false);
    pack->source = pack_yaml_text(yaml, root, "source", PACK_SOURCE_MAX, false);
    read_phases(yaml);
    read_plans(yaml);
    read_items(yaml);
    read_flags(yaml);
    read_alarms(yaml);
    pack->failure_share = (uint8_t)pack_yaml_number(yaml, root, "failure_share", 0, 100, -1);
    read_tools(yaml);
    pack->phrase_count =
        texts(yaml, root, "phrases", 0, PACK_PHRASES_MAX, PACK_OPENING_TEXT_MAX, pack->phrases);
}
