/* SPDX-License-Identifier: ISC */
/*
 * Purpose: packs: both bodies survive, every rule of pack_check refuses what breaks it and takes
 * what is at the bound, and pack_read survives hostile bodies.
 */
#include "protocol/pack/pack.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/pack_bodies.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"
#include "tests/support/wire.h"

static char letters[PACK_PANEL_MAX + 2];

static void test_round_trip(void) {
    struct pack *pack = sample_pack();
    struct pack_bodies before = pack_bodies_of(pack);
    struct pack_fault fault;
    struct pack *back = wire_need(pack_read(pack_bodies_span(&before.public_body),
                                            pack_bodies_span(&before.panel_body), &fault));
    struct pack_bodies after = pack_bodies_of(back);
    CU_ASSERT_EQUAL_FATAL(after.public_body.len, before.public_body.len);
    CU_ASSERT_EQUAL_FATAL(after.panel_body.len, before.panel_body.len);
    CU_ASSERT_EQUAL(memcmp(after.public_body.data, before.public_body.data, after.public_body.len),
                    0);
    CU_ASSERT_EQUAL(memcmp(after.panel_body.data, before.panel_body.data, after.panel_body.len), 0);
    CU_ASSERT_TRUE(back->has_panel);
    CU_ASSERT_STRING_EQUAL(back->items[0].strong, pack->items[0].strong);
    CU_ASSERT_EQUAL(back->plans[0].budget_ms[1], pack->plans[0].budget_ms[1]);
    pack_bodies_free(&before);
    pack_bodies_free(&after);
    pack_unref(back);
    pack_unref(pack);
}

static void test_public_alone(void) {
    struct pack *pack = sample_pack();
    struct pack_bodies bodies = pack_bodies_of(pack);
    struct pack_fault fault;
    struct pack *back =
        wire_need(pack_read(pack_bodies_span(&bodies.public_body), (struct span){NULL, 0}, &fault));
    CU_ASSERT_FALSE(back->has_panel);
    CU_ASSERT_EQUAL(back->fact_count + back->curveball_count + back->followup_count, 0);
    for (unsigned i = 0; i < back->item_count; i++) {
        CU_ASSERT_STRING_EQUAL(back->items[i].strong, "");
    }
    /* What only the panel may know is not in the bytes. */
    CU_ASSERT_PTR_NULL(memmem(bodies.public_body.data, bodies.public_body.len, pack->facts[0].text,
                              strlen(pack->facts[0].text)));
    pack_bodies_free(&bodies);
    pack_unref(back);
    pack_unref(pack);
}

static void test_finding(void) {
    struct pack *pack = sample_pack();
    CU_ASSERT_EQUAL(pack_item_find(pack, span_of(pack->items[3].id)), 3);
    CU_ASSERT_EQUAL(pack_item_find(pack, span_of("none")), -1);
    /* Noted or not, and where what was noted is not so any more. */
    for (int noted = 0; noted <= 2; noted++) {
        pack->item_count -= noted == 2;
        for (int i = 0; i < pack->item_count; i++) {
            CU_ASSERT_EQUAL(pack_item_find(pack, span_of(pack->items[i].id)), i);
        }
        pack_index_items(pack);
    }
    CU_ASSERT_EQUAL(pack_item_find(pack, span_of(pack->items[pack->item_count].id)), -1);
    pack->item_count++;
    CU_ASSERT_EQUAL(pack_flag_find(pack, span_of(pack->flags[1].id)), 1);
    CU_ASSERT_EQUAL(pack_flag_find(pack, span_of("")), -1);
    CU_ASSERT_EQUAL(pack_fact_find(pack, span_of(pack->facts[2].id)), 2);
    int first = pack_question_find(pack, span_of(pack->followups[0].id));
    CU_ASSERT_EQUAL(first, pack->curveball_count);
    CU_ASSERT_PTR_EQUAL(pack_question_at(pack, first), &pack->followups[0]);
    CU_ASSERT_PTR_EQUAL(pack_question_at(pack, 0), &pack->curveballs[0]);
    CU_ASSERT_STRING_EQUAL(group_name(GROUP_DATA_QUALITY), "data-quality");
    CU_ASSERT_STRING_EQUAL(group_name(GROUP_COUNT), "unknown");
    CU_ASSERT_PTR_EQUAL(pack_ref(pack), pack);
    pack_unref(pack);
    pack_unref(pack);
    pack_unref(NULL);
}

/* Each text at its bound and one past it, and empty where it may not be. */
static void check_text(size_t offset, uint32_t max, bool may_be_empty, const char *where) {
    struct pack *pack = sample_pack();
    struct pack_fault fault;
    const char **text = (const char **)(void *)((char *)pack + offset);
    *text = pack_long_text(pack, max);
    CU_ASSERT_TRUE(pack_check(pack, &fault));
    *text = pack_long_text(pack, max + 1);
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    CU_ASSERT_STRING_EQUAL(fault.where, where);
    *text = "";
    CU_ASSERT_EQUAL(pack_check(pack, &fault), may_be_empty);
    *text = NULL;
    CU_ASSERT_EQUAL(pack_check(pack, &fault), may_be_empty);
    pack_unref(pack);
}
#define CHECK_TEXT(member, max, empty, where) \
    check_text(offsetof(struct pack, member), max, empty, where)

static void test_texts(void) {
    CHECK_TEXT(framework_title, PACK_TITLE_MAX, false, "framework_title");
    CHECK_TEXT(source, PACK_SOURCE_MAX, true, "source");
    CHECK_TEXT(title, PACK_TITLE_MAX, false, "title");
    CHECK_TEXT(level, PACK_LEVEL_MAX, true, "level");
    CHECK_TEXT(prompt, PACK_PROMPT_MAX, false, "prompt");
    CHECK_TEXT(phases[1].title, PACK_PHASE_TITLE_MAX, false, "phases[1].title");
    CHECK_TEXT(phases[1].goal, PACK_GOAL_MAX, true, "phases[1].goal");
    CHECK_TEXT(phases[1].watch, PACK_WATCH_MAX, true, "phases[1].watch");
    CHECK_TEXT(plans[1].title, PACK_TITLE_MAX, false, "plans[1].title");
    CHECK_TEXT(items[9].title, PACK_ITEM_TITLE_MAX, false, "items[9].title");
    CHECK_TEXT(items[9].heading, PACK_HEADING_MAX, true, "items[9].heading");
    CHECK_TEXT(items[9].strong, PACK_STRONG_MAX, true, "items[9].strong");
    CHECK_TEXT(flags[2].title, PACK_TITLE_MAX, false, "flags[2].title");
    CHECK_TEXT(flags[2].fix, PACK_FIX_MAX, true, "flags[2].fix");
    CHECK_TEXT(alarms[0].text, PACK_ALARM_TEXT_MAX, false, "alarms[0].text");
    CHECK_TEXT(facts[0].asked, PACK_ASKED_MAX, true, "facts[0].asked");
    CHECK_TEXT(facts[0].text, PACK_FACT_TEXT_MAX, false, "facts[0].text");
    CHECK_TEXT(curveballs[0].text, PACK_QUESTION_MAX, false, "curveballs[0].text");
    CHECK_TEXT(curveballs[0].strong, PACK_STRONG_MAX, true, "curveballs[0].strong");
    CHECK_TEXT(followups[0].text, PACK_QUESTION_MAX, false, "followups[0].text");
}

static void test_text_lists(void) {
    struct pack *pack = sample_pack();
    struct pack_fault fault;
    pack->tool_count = 1;
    pack->tools[0].need = pack_long_text(pack, PACK_TOOL_NEED_MAX);
    pack->tools[0].reaches = PACK_REACH_MAX;
    pack->phrase_count = PACK_PHRASES_MAX;
    pack->phases[0].openings = PACK_OPENING_MAX;
    for (unsigned i = 0; i < PACK_REACH_MAX; i++) {
        pack->tools[0].reach[i] = pack_long_text(pack, PACK_TOOL_NAME_MAX);
    }
    for (unsigned i = 0; i < PACK_PHRASES_MAX; i++) {
        pack->phrases[i] = pack_long_text(pack, PACK_PHRASE_MAX);
    }
    for (unsigned i = 0; i < PACK_OPENING_MAX; i++) {
        pack->phases[0].opening[i] = pack_long_text(pack, PACK_OPENING_TEXT_MAX);
    }
    pack->step_count = 1;
    pack->steps[0].text = pack_long_text(pack, PACK_STEP_MAX);
    CU_ASSERT_TRUE(pack_check(pack, &fault));
    pack->steps[0].text = pack_long_text(pack, PACK_STEP_MAX + 1);
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    CU_ASSERT_STRING_EQUAL(fault.where, "walkthrough[0].text");
    pack->tools[0].reach[7] = pack_long_text(pack, PACK_TOOL_NAME_MAX + 1);
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    CU_ASSERT_STRING_EQUAL(fault.where, "tools[0].reach_for");
    pack->tools[0].reaches = PACK_REACH_MAX + 1;
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    pack->phases[0].opening[3] = "";
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    CU_ASSERT_STRING_EQUAL(fault.where, "phases[0].opening");
    pack->phrases[15] = pack_long_text(pack, PACK_PHRASE_MAX + 1);
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    CU_ASSERT_STRING_EQUAL(fault.where, "phrases");
    pack_unref(pack);
}

static void test_ids(void) {
    struct pack *pack = sample_pack();
    struct pack_fault fault;
    pack->items[2].id = pack_long_text(pack, ID_MAX_BYTES);
    CU_ASSERT_TRUE(pack_check(pack, &fault));
    static const char *const bad[] = {"",    "Upper",    "under_score",
                                      "a b", "\xc3\xa9", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        pack->items[2].id = bad[i];
        CU_ASSERT_FALSE(pack_check(pack, &fault));
        CU_ASSERT_STRING_EQUAL(fault.where, "items[2].id");
    }
    pack->items[2].id = pack->items[1].id;
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    pack->items[2].id = pack->flags[0].id; /* another list */
    CU_ASSERT_TRUE(pack_check(pack, &fault));
    pack->followups[1].id = pack->curveballs[0].id;
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    CU_ASSERT_STRING_EQUAL(fault.where, "followups[1].id");
    pack_unref(pack);
}

static void test_numbers(void) {
    struct pack *pack = sample_pack();
    struct pack_fault fault;
    pack->plans[0].budget_ms[0] = PHASE_BUDGET_MAX_MS;
    pack->plans[0].spare_ms = PHASE_BUDGET_MAX_MS;
    pack->failure_share = 100;
    CU_ASSERT_TRUE(pack_check(pack, &fault));
    pack->plans[0].spare_ms++;
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    CU_ASSERT_STRING_EQUAL(fault.where, "plans[0].spare");
    pack->plans[0].budget_ms[0]++;
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    CU_ASSERT_STRING_EQUAL(fault.where, "plans[0].budgets");
    memset(pack->plans[0].budget_ms, 0, sizeof pack->plans[0].budget_ms);
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    pack->failure_share = 101;
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    CU_ASSERT_STRING_EQUAL(fault.where, "failure_share");
    pack_unref(pack);
}

static void test_references(void) {
    struct pack *pack = sample_pack();
    struct pack_fault fault;
    pack->items[0].phase = pack->phase_count;
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    CU_ASSERT_STRING_EQUAL(fault.where, "items[0].phase");
    pack->items[0].phase = 0;
    pack->items[0].group = GROUP_COUNT;
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    CU_ASSERT_STRING_EQUAL(fault.where, "items[0].group");
    pack->items[0].group = GROUP_CLOSING;
    pack->alarms[0].when = ALARM_UNREACHED;
    pack->alarms[0].phase = -1;
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    CU_ASSERT_STRING_EQUAL(fault.where, "alarms[0].phase");
    pack->alarms[0].when = ALARM_OVER;
    CU_ASSERT_TRUE(pack_check(pack, &fault));
    pack->alarms[0].phase = -2;
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    pack_unref(pack);
}

static void check_count(size_t offset, unsigned count, const char *where) {
    struct pack *pack = sample_pack();
    struct pack_fault fault;
    *((uint8_t *)pack + offset) = (uint8_t)count;
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    CU_ASSERT_STRING_EQUAL(fault.where, where);
    pack_unref(pack);
}

static void test_counts(void) {
    check_count(offsetof(struct pack, phase_count), PACK_PHASES_MIN - 1, "phases");
    check_count(offsetof(struct pack, phase_count), PACK_PHASES_MAX + 1, "phases");
    check_count(offsetof(struct pack, plan_count), 0, "plans");
    check_count(offsetof(struct pack, plan_count), PACK_PLANS_MAX + 1, "plans");
    check_count(offsetof(struct pack, item_count), 0, "items");
    check_count(offsetof(struct pack, item_count), PACK_ITEMS_MAX + 1, "items");
    check_count(offsetof(struct pack, flag_count), PACK_FLAGS_MAX + 1, "flags");
    check_count(offsetof(struct pack, alarm_count), PACK_ALARMS_MAX + 1, "alarms");
    check_count(offsetof(struct pack, tool_count), PACK_TOOLS_MAX + 1, "tools");
    check_count(offsetof(struct pack, fact_count), PACK_FACTS_MAX + 1, "facts");
    check_count(offsetof(struct pack, curveball_count), PACK_CURVEBALLS_MAX + 1, "curveballs");
    check_count(offsetof(struct pack, followup_count), PACK_FOLLOWUPS_MAX + 1, "followups");
    check_count(offsetof(struct pack, step_count), PACK_STEPS_MAX + 1, "walkthrough");
}

/* Gives every list its greatest length with short texts: that fits, and survives the trip. */
static struct pack *full_pack(void) {
    struct pack *pack = sample_pack();
    char id[ID_MAX_BYTES];
    while (pack->item_count < PACK_ITEMS_MAX) {
        snprintf(id, sizeof id, "more-%u", pack->item_count);
        pack->items[pack->item_count++] = (struct pack_item){
            .id = pack_text(pack, span_of(id)), .title = "T", .group = GROUP_ACTION};
    }
    while (pack->flag_count < PACK_FLAGS_MAX) {
        snprintf(id, sizeof id, "more-%u", pack->flag_count);
        pack->flags[pack->flag_count++] =
            (struct pack_flag){.id = pack_text(pack, span_of(id)), .title = "T"};
    }
    while (pack->fact_count < PACK_FACTS_MAX) {
        snprintf(id, sizeof id, "more-%u", pack->fact_count);
        pack->facts[pack->fact_count++] =
            (struct pack_fact){.id = pack_text(pack, span_of(id)), .text = "T"};
    }
    while (pack->step_count < PACK_STEPS_MAX) {
        pack->steps[pack->step_count++] = (struct pack_step){.text = "T"};
    }
    return pack;
}

static void test_full_lists_and_full_bodies(void) {
    struct pack *pack = full_pack();
    struct pack_fault fault;
    CU_ASSERT_TRUE(pack_check(pack, &fault));
    struct pack_bodies bodies = pack_bodies_of(pack);
    struct pack *back = pack_read(pack_bodies_span(&bodies.public_body),
                                  pack_bodies_span(&bodies.panel_body), &fault);
    CU_ASSERT_PTR_NOT_NULL(back);
    pack_unref(back);
    /* Now lengthen the panel's texts until its body is exactly at the bound, and one byte more. */
    pack_bodies_free(&bodies);
    pack->format = 2;
    for (unsigned i = 0; i < pack->item_count; i++) {
        pack->items[i].counts = pack_long_text(pack, PACK_COUNTS_MAX);
        pack->items[i].weak = pack_long_text(pack, PACK_WEAK_MAX);
    }
    for (unsigned i = 0; i < pack->item_count; i++) {
        pack->items[i].strong = pack_long_text(pack, 256);
    }
    bodies = pack_bodies_of(pack);
    uint32_t len = (uint32_t)bodies.panel_body.len;
    pack_bodies_free(&bodies);
    for (unsigned i = 0; i < pack->item_count && len < PACK_PANEL_MAX; i++) {
        uint32_t more = PACK_PANEL_MAX - len;
        more = more < PACK_STRONG_MAX - 256 ? more : PACK_STRONG_MAX - 256;
        pack->items[i].strong = pack_long_text(pack, 256 + more);
        len += more;
    }
    CU_ASSERT_TRUE(pack_check(pack, &fault));
    bodies = pack_bodies_of(pack);
    CU_ASSERT_EQUAL(bodies.panel_body.len, PACK_PANEL_MAX);
    CU_ASSERT_EQUAL(pack_parts(pack_bodies_span(&bodies.panel_body)), PACK_PARTS_MAX);
    back = wire_need(pack_read(pack_bodies_span(&bodies.public_body),
                               pack_bodies_span(&bodies.panel_body), &fault));
    pack_unref(back);
    pack_bodies_free(&bodies);
    unsigned last = 0;
    while (strlen(pack->items[last].strong) == PACK_STRONG_MAX) {
        last++;
    }
    pack->items[last].strong = pack_long_text(pack, (uint32_t)strlen(pack->items[last].strong) + 1);
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    CU_ASSERT_STRING_EQUAL(fault.where, "panel's part");
    pack_unref(pack);
}

/* Every part but the last is full, and together they are the body. */
static void test_parts(void) {
    static const uint32_t lengths[] = {
        0, 1, PACK_BODY_MAX, PACK_BODY_MAX + 1, 2 * PACK_BODY_MAX, PACK_PANEL_MAX};
    static const uint32_t parts[] = {1, 1, 1, 2, 2, PACK_PARTS_MAX};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct span body = {letters, lengths[i]};
        uint32_t sum = 0;
        CU_ASSERT_EQUAL(pack_parts(body), parts[i]);
        for (uint32_t k = 0; k < pack_parts(body); k++) {
            struct span part = pack_part(body, k);
            CU_ASSERT_PTR_EQUAL(part.at, letters + sum);
            CU_ASSERT_TRUE(k + 1 == pack_parts(body) || part.len == PACK_BODY_MAX);
            sum += part.len;
        }
        CU_ASSERT_EQUAL(sum, lengths[i]);
    }
}

/* NULL and a fault are expected. */
static void refuse(const void *public_body, size_t public_len, const void *panel,
                   size_t panel_len) {
    char *one = wire_copy(public_body, public_len);
    char *two = wire_copy(panel, panel_len);
    struct pack_fault fault;
    struct pack *pack = pack_read((struct span){one, (uint32_t)public_len},
                                  (struct span){two, (uint32_t)panel_len}, &fault);
    CU_ASSERT_PTR_NULL(pack);
    CU_ASSERT_TRUE(fault.where[0] != '\0' && fault.what[0] != '\0');
    free(one);
    free(two);
}

static void test_hostile_bodies(void) {
    struct pack *pack = sample_pack();
    struct pack_bodies bodies = pack_bodies_of(pack);
    const struct mp_writer *a = &bodies.public_body;
    const struct mp_writer *b = &bodies.panel_body;
    refuse("\xdf\x0f\xff\xff\xff", 5, "", 0);
    refuse("\x80", 1, "", 0);
    refuse("\x90", 1, "", 0);
    for (size_t len = 0; len < a->len; len++) {
        refuse(a->data, len, "", 0);
    }
    for (size_t len = 1; len < b->len; len++) {
        refuse(a->data, a->len, b->data, len);
    }
    refuse(a->data, a->len, a->data, a->len);
    refuse(b->data, b->len, b->data, b->len);
    /* The panel's part of a pack with one item less. */
    pack->item_count--;
    struct pack_bodies other = pack_bodies_of(pack);
    refuse(a->data, a->len, other.panel_body.data, other.panel_body.len);
    pack_bodies_free(&other);
    memset(letters, 'a', sizeof letters);
    refuse(letters, PACK_BODY_MAX + 1, "", 0);
    pack_bodies_free(&bodies);
    pack_unref(pack);
}

static CU_TestInfo tests[] = {
    {"both bodies survive", test_round_trip},
    {"the public body alone", test_public_alone},
    {"finding by id", test_finding},
    {"texts at their bounds and one past them", test_texts},
    {"lists of texts", test_text_lists},
    {"ids", test_ids},
    {"numbers", test_numbers},
    {"references and kinds", test_references},
    {"counts one past their bounds", test_counts},
    {"full lists, a full body and one byte more", test_full_lists_and_full_bodies},
    {"the parts of a body", test_parts},
    {"hostile bodies, cut off at every byte", test_hostile_bodies},
    CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"pack", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
