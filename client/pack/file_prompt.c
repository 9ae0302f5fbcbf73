/* SPDX-License-Identifier: ISC */
/*
 * file_prompt.c: the prompt file: the question, its facts, follow-ups, curveballs, the
 * walk-through.
 */
#include <stdio.h>
#include <string.h>

#include "client/pack/yaml.h"

static void read_facts(struct pack_yaml *yaml) {
    struct pack *pack = yaml->pack;
    struct pack_yaml_rows rows = pack_yaml_rows(yaml, yaml->root, "facts", 0, PACK_FACTS_MAX);
    struct fy_node *node;
    while ((node = pack_yaml_next(&rows, "a fact", "id asked text")) != NULL) {
        struct pack_fact *fact = &pack->facts[pack->fact_count];
        fact->id = pack_yaml_id(yaml, node, "id");
        pack_yaml_unique(yaml, node, fact->id, &pack->facts->id, sizeof *pack->facts,
                         pack->fact_count);
        fact->asked = pack_yaml_text(yaml, node, "asked", PACK_ASKED_MAX, false);
        fact->text = pack_yaml_text(yaml, node, "text", PACK_FACT_TEXT_MAX, false);
        pack->fact_count++;
    }
}

/* Follow-ups and curveballs share one space of ids, since both are thrown by id. */
static bool question_known(const struct pack *pack, const char *id) {
    for (int i = 0; i < pack->followup_count; i++) {
        if (strcmp(pack->followups[i].id, id) == 0) {
            return true;
        }
    }
    for (int i = 0; i < pack->curveball_count; i++) {
        if (strcmp(pack->curveballs[i].id, id) == 0) {
            return true;
        }
    }
    return false;
}

static void read_questions(struct pack_yaml *yaml, const char *key, int max,
                           struct pack_question *out, uint8_t *count) {
    struct pack_yaml_rows rows = pack_yaml_rows(yaml, yaml->root, key, 0, max);
    struct fy_node *node;
    while ((node = pack_yaml_next(&rows, "a question", "id phase text strong")) != NULL) {
        struct pack_question *question = &out[*count];
        question->id = pack_yaml_id(yaml, node, "id");
        if (question->id[0] != '\0' && question_known(yaml->pack, question->id)) {
            pack_yaml_fault(yaml, pack_yaml_find(node, "id"),
                            "the id \"%s\" is there already; expected each only once among "
                            "follow-ups and curveballs",
                            question->id);
        }
        int phase = pack_yaml_phase(yaml, node, "phase");
        question->phase = phase < 0 ? 0 : (uint8_t)phase;
        question->text = pack_yaml_text(yaml, node, "text", PACK_QUESTION_MAX, false);
        question->strong = pack_yaml_text(yaml, node, "strong", PACK_STRONG_MAX, false);
        (*count)++;
    }
}

static void read_steps(struct pack_yaml *yaml) {
    struct pack *pack = yaml->pack;
    struct pack_yaml_rows rows = pack_yaml_rows(yaml, yaml->root, "walkthrough", 0, PACK_STEPS_MAX);
    struct fy_node *node;
    while ((node = pack_yaml_next(&rows, "a step", "phase text")) != NULL) {
        int phase = pack_yaml_phase(yaml, node, "phase");
        pack->steps[pack->step_count].phase = phase < 0 ? 0 : (uint8_t)phase;
        pack->steps[pack->step_count++].text =
            pack_yaml_text(yaml, node, "text", PACK_STEP_MAX, false);
    }
}

/* Format 1 took any word for a level. */
static const char *read_level(struct pack_yaml *yaml) {
    const char *level = pack_yaml_id(yaml, yaml->root, "level");
    for (int i = LEVEL_MID; i < LEVEL_COUNT; i++) {
        if (strcmp(level, pack_level_name((enum level)i)) == 0) {
            return level;
        }
    }
    if (level[0] != '\0') {
        pack_yaml_rule(yaml, pack_yaml_find(yaml->root, "level"),
                       "\"level\" should be one of: mid, senior, staff");
    }
    return level;
}

/* Lines are as long as the file's author has them, and windows are not: a line end inside a
 * paragraph is a space. Paragraphs stand apart by an empty line, entries of a list by their sign.
 */
static const char *unwrap(struct pack *pack, const char *text) {
    char whole[PACK_PROMPT_MAX + 1];
    snprintf(whole, sizeof whole, "%s", text);
    for (char *at = whole; (at = strchr(at, '\n')) != NULL; at++) {
        bool apart = at == whole || at[-1] == '\n' || strchr("\n -*", at[1]) != NULL;
        *at = apart ? '\n' : ' ';
    }
    const char *copy = pack_text(pack, span_of(whole));
    return copy == NULL ? "" : copy;
}

void pack_file_prompt(struct pack_yaml *yaml) {
    static const char *const keys[] = {
        "spar id title framework level prompt facts followups curveballs walkthrough",
        "spar id title framework level lang public prompt items facts followups curveballs "
        "walkthrough"};
    struct pack *pack = yaml->pack;
    struct fy_node *root = yaml->root;
    if (!pack_yaml_map(yaml, root, "a prompt", keys[yaml->format > 1])) {
        return;
    }
    pack->has_panel = true;
    pack->id = pack_yaml_id(yaml, root, "id");
    pack->title = pack_yaml_text(yaml, root, "title", PACK_TITLE_MAX, false);
    pack->level = read_level(yaml);
    pack_file_lang(yaml);
    pack->is_public = pack_yaml_bool_or_false(yaml, root, "public");
    pack->prompt = pack_yaml_text(yaml, root, "prompt", PACK_PROMPT_MAX, true);
    if (yaml->format > 1) { /* the hash of what format 1 has stays */
        pack->prompt = unwrap(pack, pack->prompt);
    }
    if (pack_yaml_find(root, "items") != NULL) {
        pack_file_items(yaml, 0, true);
    }
    read_facts(yaml);
    read_questions(yaml, "followups", PACK_FOLLOWUPS_MAX, pack->followups, &pack->followup_count);
    read_questions(yaml, "curveballs", PACK_CURVEBALLS_MAX, pack->curveballs,
                   &pack->curveball_count);
    read_steps(yaml);
}
