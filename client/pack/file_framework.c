/* SPDX-License-Identifier: ISC */
/*
 * file_framework.c: the framework file: phases, plans, rubric, flags, tools, phrases; its rules are
 * read by file_rules.c.
 */
#include <string.h>
#include <strings.h>

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

/* A score that a level asks for. */
static uint8_t read_bar(struct pack_yaml *yaml, struct fy_node *bar, const char *level) {
    return (uint8_t)pack_yaml_number(yaml, bar, level, 1, PACK_SCORES, -1);
}

static void read_competency(struct pack_yaml *yaml, struct fy_node *node,
                            struct pack_competency *out) {
    out->title = pack_yaml_text(yaml, node, "title", PACK_ITEM_TITLE_MAX, false);
    out->poor = pack_yaml_text(yaml, node, "poor", PACK_ANCHOR_MAX, false);
    out->mixed = pack_yaml_text(yaml, node, "mixed", PACK_ANCHOR_MAX, false);
    out->good = pack_yaml_text(yaml, node, "good", PACK_ANCHOR_MAX, false);
    out->excellent = pack_yaml_text(yaml, node, "excellent", PACK_ANCHOR_MAX, false);
    struct fy_node *bar = pack_yaml_find(node, "bar");
    if (bar == NULL) {
        pack_yaml_fault(yaml, node, "the key \"bar\" is missing");
    } else if (pack_yaml_map(yaml, bar, "\"bar\"", "mid senior staff")) {
        out->mid = read_bar(yaml, bar, "mid");
        out->senior = read_bar(yaml, bar, "senior");
        out->staff = read_bar(yaml, bar, "staff");
    }
}

static void read_competencies(struct pack_yaml *yaml) {
    struct pack *pack = yaml->pack;
    if (pack_yaml_find(yaml->root, "competencies") == NULL) {
        return;
    }
    struct pack_yaml_rows rows =
        pack_yaml_rows(yaml, yaml->root, "competencies", 0, PACK_COMPETENCIES_MAX);
    struct fy_node *node;
    while ((node = pack_yaml_next(&rows, "a competency",
                                  "id title poor mixed good excellent bar")) != NULL) {
        struct pack_competency *competency = &pack->competencies[pack->competency_count];
        competency->id = pack_yaml_id(yaml, node, "id");
        pack_yaml_unique(yaml, node, competency->id, &pack->competencies->id,
                         sizeof *pack->competencies, pack->competency_count);
        read_competency(yaml, node, competency);
        pack->competency_count++;
    }
}

static const char *const group_words[] = {"question",     "action",  "checklist", "failure-mode",
                                          "data-quality", "closing", NULL};

/* After the items: no more can be enough than there are. */
static void read_groups(struct pack_yaml *yaml) {
    struct pack *pack = yaml->pack;
    if (pack_yaml_find(yaml->root, "groups") == NULL) {
        return;
    }
    struct pack_yaml_rows rows = pack_yaml_rows(yaml, yaml->root, "groups", 0, PACK_GROUPS_MAX);
    struct fy_node *node;
    while ((node = pack_yaml_next(&rows, "a group", "group enough")) != NULL) {
        struct pack_group *group = &pack->groups[pack->group_count++];
        int items = 0;
        group->group = (enum item_group)pack_yaml_word(yaml, node, "group", group_words);
        for (int i = 0; i < pack->item_count; i++) {
            items += pack->items[i].group == group->group;
        }
        group->enough = (uint8_t)pack_yaml_number(yaml, node, "enough", 0, items, 0);
    }
}

/* What format 2 added to an item. */
static void read_item_more(struct pack_yaml *yaml, struct fy_node *node, struct pack_item *item) {
    static const char *const levels[] = {"mid", "senior", "staff", NULL};
    item->counts = pack_yaml_text_or_none(yaml, node, "counts", PACK_COUNTS_MAX);
    item->weak = pack_yaml_text_or_none(yaml, node, "weak", PACK_WEAK_MAX);
    item->competency = pack_yaml_text_or_none(yaml, node, "competency", ID_MAX_BYTES);
    item->late = pack_yaml_bool_or_false(yaml, node, "late");
    if (pack_yaml_find(node, "levels") != NULL) {
        item->level = (enum level)(LEVEL_MID + pack_yaml_word(yaml, node, "levels", levels));
    }
    if (item->competency[0] != '\0' &&
        pack_competency_find(yaml->pack, span_of(item->competency)) < 0) {
        pack_yaml_fault(yaml, pack_yaml_find(node, "competency"),
                        "\"competency\" should be the id of one of the framework's competencies");
    }
}

/* A slot of the worksheet says no more than an item's title or heading: it would be the answer. */
static bool is_answer(const struct pack_item *item, const char *slot) {
    return slot[0] != '\0' &&
           (strcasecmp(item->title, slot) == 0 || strcasecmp(item->heading, slot) == 0);
}

/* An item that a prompt adds to a framework with slots. */
static void check_item(struct pack_yaml *yaml, struct fy_node *node, const struct pack_item *item) {
    for (uint8_t i = 0; i < yaml->pack->slot_count; i++) {
        if (is_answer(item, yaml->pack->slots[i])) {
            pack_yaml_fault(yaml, node,
                            "the framework's worksheet has a slot \"%s\", and a candidate may not "
                            "read an item's title or heading there: name this item otherwise",
                            yaml->pack->slots[i]);
        }
    }
}

void pack_file_items(struct pack_yaml *yaml, int min, bool own) {
    static const char *const keys[] = {"id phase group title heading strong",
                                       "id phase group title heading strong counts weak "
                                       "competency levels late"};
    struct pack *pack = yaml->pack;
    struct pack_yaml_rows rows =
        pack_yaml_rows(yaml, yaml->root, "items", min, PACK_ITEMS_MAX - pack->item_count);
    struct fy_node *node;
    while ((node = pack_yaml_next(&rows, "an item", keys[yaml->format > 1])) != NULL) {
        struct pack_item *item = &pack->items[pack->item_count];
        item->id = pack_yaml_id(yaml, node, "id");
        pack_yaml_unique(yaml, node, item->id, &pack->items->id, sizeof *pack->items,
                         pack->item_count);
        int phase = pack_yaml_phase(yaml, node, "phase");
        item->phase = phase < 0 ? 0 : (uint8_t)phase;
        item->group = (enum item_group)pack_yaml_word(yaml, node, "group", group_words);
        item->title = pack_yaml_text(yaml, node, "title", PACK_ITEM_TITLE_MAX, false);
        item->heading = pack_yaml_text_or_none(yaml, node, "heading", PACK_HEADING_MAX);
        item->strong = pack_yaml_text(yaml, node, "strong", PACK_STRONG_MAX, false);
        item->own = own;
        read_item_more(yaml, node, item);
        check_item(yaml, node, item);
        pack->item_count++;
    }
}

void pack_file_lang(struct pack_yaml *yaml) {
    struct fy_node *node = pack_yaml_find(yaml->root, "lang");
    if (node == NULL) {
        return;
    }
    const char *lang = pack_yaml_text_of(yaml, node, "lang", PACK_LANG_MAX, false);
    size_t len = strlen(lang);
    if (len > 0 && (len < 2 || strspn(lang, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                            "0123456789-") != len)) {
        pack_yaml_fault(yaml, node, "\"lang\" should be a language tag such as en or pt-BR");
    }
    yaml->pack->lang = lang;
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

/* Names of lines and columns for guided and training rooms. */
static void read_worksheet(struct pack_yaml *yaml) {
    struct pack *pack = yaml->pack;
    struct fy_node *node;
    if (pack_yaml_find(yaml->root, "layers") != NULL) {
        pack->layer_count =
            texts(yaml, yaml->root, "layers", 1, PACK_LAYERS_MAX, PACK_LAYER_MAX, pack->layers);
    }
    if (pack_yaml_find(yaml->root, "worksheet") == NULL) {
        return;
    }
    struct pack_yaml_rows rows = pack_yaml_rows(yaml, yaml->root, "worksheet", 1, PACK_SLOTS_MAX);
    while ((node = pack_yaml_next(&rows, NULL, NULL)) != NULL) {
        const char *slot = pack_yaml_text_of(yaml, node, "worksheet", PACK_SLOT_MAX, false);
        pack->slots[pack->slot_count++] = slot;
        for (uint8_t i = 0; i < pack->item_count; i++) {
            if (is_answer(&pack->items[i], slot)) {
                pack_yaml_fault(yaml, node,
                                "\"worksheet\" may not repeat the title or heading of an item, as "
                                "\"%s\" does: it would be the answer key",
                                slot);
                break;
            }
        }
    }
}

void pack_file_framework(struct pack_yaml *yaml) {
    static const char *const keys[] = {
        "spar id title source phases plans items flags alarms failure_share tools phrases",
        "spar id title source lang phases plans competencies groups items flags alarms "
        "failure_share suggest worksheet layers tools phrases"};
    struct pack *pack = yaml->pack;
    struct fy_node *root = yaml->root;
    if (!pack_yaml_map(yaml, root, "a framework", keys[yaml->format > 1])) {
        return;
    }
    pack->lang = "";
    pack->framework_id = pack_yaml_id(yaml, root, "id");
    pack->framework_title = pack_yaml_text(yaml, root, "title", PACK_TITLE_MAX, false);
    pack->source = pack_yaml_text(yaml, root, "source", PACK_SOURCE_MAX, false);
    pack_file_lang(yaml);
    read_phases(yaml);
    read_plans(yaml);
    read_competencies(yaml);
    pack_file_items(yaml, 1, false);
    read_worksheet(yaml);
    read_groups(yaml);
    read_flags(yaml);
    pack_file_rules(yaml);
    read_tools(yaml);
    pack->phrase_count =
        texts(yaml, root, "phrases", 0, PACK_PHRASES_MAX, PACK_OPENING_TEXT_MAX, pack->phrases);
}
