/* SPDX-License-Identifier: ISC */
/*
 * file_rules.c: the rules of a framework file: alarms, the share of failure modes, what is
 * suggested to the panel; and whether they fit its own plans.
 */
#include <stdio.h>

#include "client/pack/yaml.h"

enum { MINUTES_MAX = PHASE_BUDGET_MAX_MS / 60000 };

/* ---- alarms ---- */

/* What each `when` needs and takes. */
static void read_alarm_time(struct pack_yaml *yaml, struct fy_node *node,
                            struct pack_alarm *alarm) {
    static const char *const keys[] = {"id text when phase minute", "id text when phase minute",
                                       "id text when phase seconds", "id text when phase",
                                       "id text when phase slack"};
    if (!pack_yaml_map(yaml, node, "this alarm", keys[alarm->when])) {
        return;
    }
    bool needed = alarm->when == ALARM_UNREACHED || alarm->when == ALARM_LATE;
    alarm->phase = -1;
    if (pack_yaml_find(node, "phase") != NULL || needed) {
        alarm->phase = (int8_t)pack_yaml_phase(yaml, node, "phase");
    }
    if (alarm->when == ALARM_UNREACHED || alarm->when == ALARM_MINUTE) {
        alarm->ms =
            (uint32_t)pack_yaml_number(yaml, node, "minute", 1, 8L * MINUTES_MAX, -1) * 60000;
    } else if (alarm->when == ALARM_ENDING) {
        alarm->ms = (uint32_t)pack_yaml_number(yaml, node, "seconds", 1, 3600, -1) * 1000;
    } else if (alarm->when == ALARM_LATE) {
        alarm->ms = (uint32_t)pack_yaml_number(yaml, node, "slack", 0, MINUTES_MAX, 0) * 60000;
    }
}

static void check_alarm(struct pack_yaml *yaml, struct fy_node *node,
                        const struct pack_alarm *alarm) {
    int plan = alarm->phase < 0 ? -1 : pack_alarm_on_plan(yaml->pack, alarm);
    if (plan >= 0) {
        pack_yaml_rule(
            yaml, pack_yaml_find(node, "minute"),
            "this alarm rings for somebody on the plan \"%s\", which comes to that phase "
            "at minute %ld: give a later minute, or \"when: late\" (format 2)",
            yaml->pack->plans[plan].id,
            (long)(pack_planned(yaml->pack, plan, alarm->phase) / 60000));
    }
    if (alarm->when == ALARM_LATE && alarm->phase == 0) {
        pack_yaml_fault(yaml, pack_yaml_find(node, "phase"),
                        "the first phase cannot be late: name one that another comes before");
    }
}

static void read_alarms(struct pack_yaml *yaml) {
    static const char *const whens[][6] = {{"unreached", "minute", "ending", "over", NULL},
                                           {"unreached", "minute", "ending", "over", "late", NULL}};
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
        alarm->when = (enum alarm_when)pack_yaml_word(yaml, node, "when", whens[yaml->format > 1]);
        alarm->text = pack_yaml_text(yaml, node, "text", PACK_ALARM_TEXT_MAX, false);
        read_alarm_time(yaml, node, alarm);
        check_alarm(yaml, node, alarm);
        pack->alarm_count++;
    }
}

static void read_share(struct pack_yaml *yaml) {
    struct pack *pack = yaml->pack;
    pack->failure_share = (uint8_t)pack_yaml_number(yaml, yaml->root, "failure_share", 0, 100, -1);
    int most = pack_share_most(pack);
    if (pack->failure_share > most && pack->plan_count > 0) {
        pack_yaml_rule(yaml, pack_yaml_find(yaml->root, "failure_share"),
                       "no plan reaches this share: the phases with \"failure: true\" get %d %% at "
                       "most",
                       most);
    }
}

/* ---- suggestions ---- */

static bool has(const struct pack_suggest *rule, unsigned what) {
    return ((suggest_kind_needs(rule->kind) | suggest_kind_may(rule->kind)) & what) != 0;
}

/* The keys of a rule: those of all rules, and those that its kind knows. */
static void keys_of(const struct pack_suggest *rule, char *out, size_t size) {
    static const struct {
        unsigned what;
        const char *key;
    } keys[] = {{SUGGEST_HAS_PHASE, " phase"}, {SUGGEST_HAS_GROUP, " group"},
                {SUGGEST_HAS_ITEMS, " items"}, {SUGGEST_HAS_WORDS, " words"},
                {SUGGEST_HAS_LEAST, " least"}, {SUGGEST_HAS_MS, " minutes"}};
    size_t len = (size_t)snprintf(out, size, "id text kind flag mark");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (has(rule, keys[i].what)) {
            len += (size_t)snprintf(out + len, size - len, "%s", keys[i].key);
        }
    }
}

/* Each must be that of an item. */
static void read_items(struct pack_yaml *yaml, struct fy_node *node, struct pack_suggest *rule) {
    struct pack_yaml_rows rows = pack_yaml_rows(yaml, node, "items", 1, PACK_SUGGEST_ITEMS_MAX);
    struct fy_node *entry;
    while ((entry = pack_yaml_next(&rows, NULL, NULL)) != NULL) {
        const char *id = pack_yaml_text_of(yaml, entry, "items", ID_MAX_BYTES, false);
        rule->items[rule->item_count++] = id;
        if (pack_item_find(yaml->pack, span_of(id)) < 0) {
            pack_yaml_fault(yaml, entry, "\"items\" should hold ids of items of this framework");
        }
    }
}

static void read_words(struct pack_yaml *yaml, struct fy_node *node, struct pack_suggest *rule) {
    struct pack_yaml_rows rows = pack_yaml_rows(yaml, node, "words", 1, PACK_SUGGEST_WORDS_MAX);
    struct fy_node *entry;
    while ((entry = pack_yaml_next(&rows, NULL, NULL)) != NULL) {
        rule->words[rule->word_count++] =
            pack_yaml_text_of(yaml, entry, "words", PACK_SUGGEST_WORD_MAX, false);
    }
}

static void read_conditions(struct pack_yaml *yaml, struct fy_node *node,
                            struct pack_suggest *rule) {
    static const char *const groups[] = {"question",     "action",  "checklist", "failure-mode",
                                         "data-quality", "closing", NULL};
    unsigned needs = suggest_kind_needs(rule->kind);
    rule->phase = -1;
    if (needs & SUGGEST_HAS_PHASE || pack_yaml_find(node, "phase") != NULL) {
        rule->phase = (int8_t)pack_yaml_phase(yaml, node, "phase");
    }
    if (needs & SUGGEST_HAS_GROUP) {
        rule->group = 1U + (unsigned)pack_yaml_word(yaml, node, "group", groups);
    }
    if (needs & SUGGEST_HAS_ITEMS) {
        read_items(yaml, node, rule);
    }
    if (needs & SUGGEST_HAS_WORDS) {
        read_words(yaml, node, rule);
    }
    if (needs & SUGGEST_HAS_LEAST) {
        rule->least = (uint8_t)pack_yaml_number(yaml, node, "least", 1, PACK_ITEMS_MAX, -1);
    }
    if (needs & SUGGEST_HAS_MS) {
        rule->ms = (uint32_t)pack_yaml_number(yaml, node, "minutes", 1, MINUTES_MAX, -1) * 60000;
    }
}

/* Exactly one of both, and it must be there. */
static void read_proposal(struct pack_yaml *yaml, struct fy_node *node, struct pack_suggest *rule) {
    rule->flag = pack_yaml_text_or_none(yaml, node, "flag", ID_MAX_BYTES);
    rule->mark = pack_yaml_text_or_none(yaml, node, "mark", ID_MAX_BYTES);
    bool flag = rule->flag[0] != '\0';
    if (flag == (rule->mark[0] != '\0')) {
        pack_yaml_fault(yaml, node, "a suggestion should have either \"flag\" or \"mark\"");
    } else if (flag && pack_flag_find(yaml->pack, span_of(rule->flag)) < 0) {
        pack_yaml_fault(yaml, pack_yaml_find(node, "flag"),
                        "\"flag\" should be the id of one of the framework's flags");
    } else if (!flag && pack_item_find(yaml->pack, span_of(rule->mark)) < 0) {
        pack_yaml_fault(yaml, pack_yaml_find(node, "mark"),
                        "\"mark\" should be the id of one of the framework's items");
    }
}

static void read_suggests(struct pack_yaml *yaml) {
    static const char *const kinds[] = {
#define SUGGEST(name, word, needs, may) word,
#include "protocol/pack/suggest.def"
#undef SUGGEST
        NULL};
    struct pack *pack = yaml->pack;
    if (pack_yaml_find(yaml->root, "suggest") == NULL) {
        return;
    }
    struct pack_yaml_rows rows = pack_yaml_rows(yaml, yaml->root, "suggest", 0, PACK_SUGGESTS_MAX);
    struct fy_node *node;
    while ((node = pack_yaml_next(&rows, NULL, NULL)) != NULL) {
        struct pack_suggest *rule = &pack->suggests[pack->suggest_count];
        char keys[96];
        if (!fy_node_is_mapping(node)) {
            pack_yaml_fault(yaml, node, "a suggestion should be a map with: id text kind");
            continue;
        }
        rule->kind = (enum suggest_kind)pack_yaml_word(yaml, node, "kind", kinds);
        keys_of(rule, keys, sizeof keys);
        if (!pack_yaml_map(yaml, node, "this suggestion", keys)) {
            continue;
        }
        rule->id = pack_yaml_id(yaml, node, "id");
        pack_yaml_unique(yaml, node, rule->id, &pack->suggests->id, sizeof *pack->suggests,
                         pack->suggest_count);
        rule->text = pack_yaml_text(yaml, node, "text", PACK_ALARM_TEXT_MAX, false);
        read_conditions(yaml, node, rule);
        read_proposal(yaml, node, rule);
        pack->suggest_count++;
    }
}

void pack_file_rules(struct pack_yaml *yaml) {
    read_alarms(yaml);
    read_share(yaml);
    read_suggests(yaml);
}
