/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the two formats of packs: both bodies of format 2 survive, what it brought may be absent
 * and is bounded, what nobody knows yet is ignored, and format 1 is written as it always was.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/cohort/cohort.h"
#include "tests/support/pack_bodies.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"
#include "tests/support/wire.h"

/* The sample as a pack of format 2, with all that it brought. */
static struct pack *pack_of_2(void) {
    struct pack *pack = sample_pack();
    pack->format = 2;
    pack->lang = "en";
    pack->competencies[0] = (struct pack_competency){
        "asking", "Asking", "Poor.", "Mixed.", "Good.", "Excellent.", 2, 3, 4};
    pack->competency_count = 1;
    pack->groups[0] = (struct pack_group){pack->items[0].group, 1};
    pack->group_count = 1;
    pack->items[1].counts = "The least.";
    pack->items[1].weak = "A weak one.";
    pack->items[1].competency = "asking";
    pack->items[1].level = LEVEL_SENIOR;
    pack->items[1].late = pack->items[1].own = true;
    pack->slots[0] = "A slot";
    pack->layers[0] = "Left";
    pack->layers[1] = "Right";
    pack->slot_count = 1;
    pack->layer_count = 2;
    return pack;
}

static struct pack *read_bodies(const struct pack_bodies *bodies, struct pack_fault *fault) {
    return pack_read(pack_bodies_span(&bodies->public_body), pack_bodies_span(&bodies->panel_body),
                     fault);
}

static void test_format_2(void) {
    struct pack *pack = pack_of_2();
    struct pack_bodies before = pack_bodies_of(pack);
    struct pack_fault fault;
    struct pack *back = wire_need(read_bodies(&before, &fault));
    struct pack_bodies after = pack_bodies_of(back);
    CU_ASSERT_EQUAL_FATAL(after.panel_body.len, before.panel_body.len);
    CU_ASSERT_EQUAL(memcmp(after.panel_body.data, before.panel_body.data, after.panel_body.len), 0);
    CU_ASSERT_EQUAL(back->format, 2);
    CU_ASSERT_STRING_EQUAL(back->lang, "en");
    CU_ASSERT_STRING_EQUAL(back->items[0].counts, "");
    CU_ASSERT_STRING_EQUAL(back->items[1].competency, "asking");
    CU_ASSERT_EQUAL(back->items[1].level, LEVEL_SENIOR);
    CU_ASSERT_TRUE(back->items[1].late && back->items[1].own);
    CU_ASSERT_EQUAL(back->competencies[0].staff, 4);
    CU_ASSERT_EQUAL(back->groups[0].enough, 1);
    CU_ASSERT_EQUAL(back->slot_count, 1);
    CU_ASSERT_STRING_EQUAL(back->slots[0], "A slot");
    CU_ASSERT_EQUAL(back->layer_count, 2);
    CU_ASSERT_STRING_EQUAL(back->layers[1], "Right");
    pack_bodies_free(&before);
    pack_bodies_free(&after);
    pack_unref(back);
    pack_unref(pack);
}

/* Patches the `v` of a body. */
static void set_format(struct mp_writer *body, char format) {
    char *at = memmem(body->data, body->len, "\xa1v", 2);
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    at[2] = format;
}

/* The bodies of format 1 hold none of the keys of format 2: with its number they are read as if all
 * were empty. A body of format 1 with those keys is read as if they were not there. */
static void test_format_of_bodies(void) {
    struct pack *pack = pack_of_2();
    struct pack_fault fault;
    pack->format = 1;
    struct pack_bodies old = pack_bodies_of(pack);
    set_format(&old.public_body, 2);
    CU_ASSERT_PTR_NULL(read_bodies(&old, &fault)); /* bodies of two formats */
    CU_ASSERT_STRING_EQUAL(fault.where, "v");
    set_format(&old.panel_body, 2);
    struct pack *back = wire_need(read_bodies(&old, &fault));
    CU_ASSERT_EQUAL(back->competency_count + back->group_count, 0);
    CU_ASSERT_EQUAL(back->slot_count + back->layer_count, 0);
    CU_ASSERT_STRING_EQUAL(back->items[1].counts, "");
    CU_ASSERT_EQUAL(back->items[1].level, LEVEL_ANY);
    pack_unref(back);
    pack_bodies_free(&old);
    pack->format = 2;
    struct pack_bodies new = pack_bodies_of(pack);
    set_format(&new.public_body, 1);
    set_format(&new.panel_body, 1);
    back = wire_need(read_bodies(&new, &fault));
    CU_ASSERT_EQUAL(back->competency_count, 0);
    CU_ASSERT_STRING_EQUAL(back->items[1].counts, "");
    pack_unref(back);
    set_format(&new.public_body, SPAR_PACK_VERSION + 1);
    CU_ASSERT_PTR_NULL(read_bodies(&new, &fault));
    pack_bodies_free(&new);
    pack_unref(pack);
}

/* A key more at the end of a body, and one more counted at its head. */
static void add_key(struct mp_writer *body, const char *key) {
    uint8_t head = (uint8_t)body->data[0];
    if ((head & 0xf0) == 0x80) {
        CU_ASSERT_TRUE_FATAL(head < 0x8f);
        body->data[0]++;
    } else {
        CU_ASSERT_TRUE_FATAL(head == 0xde);
        body->data[2]++;
    }
    mp_put_str(body, key);
    mp_put_str(body, "of a later version");
}

static void test_unknown_keys(void) {
    struct pack *pack = pack_of_2();
    struct pack_fault fault;
    struct pack_bodies bodies = pack_bodies_of(pack);
    add_key(&bodies.public_body, "worksheet");
    add_key(&bodies.panel_body, "suggest");
    struct pack *back = wire_need(read_bodies(&bodies, &fault));
    CU_ASSERT_STRING_EQUAL(back->items[1].counts, "The least.");
    pack_unref(back);
    pack_bodies_free(&bodies);
    pack_unref(pack);
}

/* What format 1 says of a pack is what it has always said: the hash by which cohorts know it. */
static void test_hash_of_format_1(void) {
    static const char *const hex =
        "7c2adcd03986db7a6aad64d5759d17dd3fc7d469cd5fbe443ff2778807939275";
    struct pack *pack = sample_pack();
    struct pack_bodies bodies = pack_bodies_of(pack);
    uint8_t hash[HASH_BYTES];
    char have[2 * HASH_BYTES + 1];
    cohort_pack_hash(pack_bodies_span(&bodies.public_body), pack_bodies_span(&bodies.panel_body),
                     hash);
    for (int i = 0; i < HASH_BYTES; i++) {
        snprintf(have + (size_t)2 * i, 3, "%02x", hash[i]);
    }
    CU_ASSERT_STRING_EQUAL(have, hex);
    pack_bodies_free(&bodies);
    pack_unref(pack);
}

static void check_count(size_t offset, unsigned count, const char *where) {
    struct pack *pack = pack_of_2();
    struct pack_fault fault;
    *((uint8_t *)pack + offset) = (uint8_t)count;
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    CU_ASSERT_STRING_EQUAL(fault.where, where);
    pack_unref(pack);
}

static void check_new_text(size_t offset, uint32_t max, const char *where) {
    struct pack *pack = pack_of_2();
    struct pack_fault fault;
    const char **text = (const char **)(void *)((char *)pack + offset);
    *text = pack_long_text(pack, max);
    CU_ASSERT_TRUE(pack_check(pack, &fault));
    *text = pack_long_text(pack, max + 1);
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    CU_ASSERT_STRING_EQUAL(fault.where, where);
    pack_unref(pack);
}
#define CHECK_NEW(member, max, where) check_new_text(offsetof(struct pack, member), max, where)

static void test_bounds_of_2(void) {
    CHECK_NEW(lang, PACK_LANG_MAX, "lang");
    CHECK_NEW(items[2].counts, PACK_COUNTS_MAX, "items[2].counts");
    CHECK_NEW(items[2].weak, PACK_WEAK_MAX, "items[2].weak");
    CHECK_NEW(competencies[0].title, PACK_ITEM_TITLE_MAX, "competencies[0].title");
    CHECK_NEW(competencies[0].poor, PACK_ANCHOR_MAX, "competencies[0].poor");
    CHECK_NEW(competencies[0].excellent, PACK_ANCHOR_MAX, "competencies[0].excellent");
    CHECK_NEW(slots[0], PACK_SLOT_MAX, "worksheet");
    CHECK_NEW(layers[1], PACK_LAYER_MAX, "layers");
    check_count(offsetof(struct pack, slot_count), PACK_SLOTS_MAX + 1, "worksheet");
    check_count(offsetof(struct pack, layer_count), PACK_LAYERS_MAX + 1, "layers");
    check_count(offsetof(struct pack, competency_count), PACK_COMPETENCIES_MAX + 1, "competencies");
    check_count(offsetof(struct pack, group_count), PACK_GROUPS_MAX + 1, "groups");
}

static void refused_at(const struct pack *pack, const char *where) {
    struct pack_fault fault;
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    CU_ASSERT_STRING_EQUAL(fault.where, where);
}

static void test_references_of_2(void) {
    struct pack *pack = pack_of_2();
    pack->items[1].competency = "other";
    refused_at(pack, "items[1].competency");
    pack->items[1].competency = "";
    pack->items[1].level = LEVEL_COUNT;
    refused_at(pack, "items[1].levels");
    pack->items[1].level = LEVEL_STAFF;
    pack->competencies[0].mid = PACK_SCORES + 1;
    refused_at(pack, "competencies[0].mid");
    pack->competencies[0].mid = 0;
    pack->groups[1] = pack->groups[0];
    pack->group_count = 2;
    refused_at(pack, "groups[1].group");
    pack->group_count = 1;
    pack->groups[0].enough = PACK_ITEMS_MAX;
    refused_at(pack, "groups[0].enough");
    pack_unref(pack);
}

int main(void) {
    static CU_TestInfo tests[] = {
        {"format 2: both bodies survive", test_format_2},
        {"keys of format 2 that are absent, or in format 1", test_format_of_bodies},
        {"keys that nobody knows yet", test_unknown_keys},
        {"format 2: texts and lists at their bounds", test_bounds_of_2},
        {"format 2: references and kinds", test_references_of_2},
        {"the hash of format 1", test_hash_of_format_1},
        CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"pack format", NULL, NULL, NULL, NULL, tests},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
