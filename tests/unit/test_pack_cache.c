/* SPDX-License-Identifier: ISC */
/*
 * Purpose: packs are shared by what they hold, with and without their panel part, whichever was
 * asked for in between, and are dropped once nobody else holds them.
 */
#include "tests/support/test_main.h"

#include <string.h>

#include "tests/support/sample.h"

#include "protocol/wire/mp.h"
#include "server/room/pack_cache.h"

struct bodies {
    struct mp_writer open, panel;
};

static struct span span_in(const struct mp_writer *w) {
    return (struct span){w->data, (uint32_t)w->len};
}

static void bodies_write(struct bodies *bodies, const struct pack *pack) {
    mp_writer_init(&bodies->open);
    mp_writer_init(&bodies->panel);
    pack_write_public(&bodies->open, pack);
    pack_write_panel(&bodies->panel, pack);
    CU_ASSERT_TRUE_FATAL(!bodies->open.failed && !bodies->panel.failed);
}

static void bodies_free(struct bodies *bodies) {
    mp_writer_free(&bodies->open);
    mp_writer_free(&bodies->panel);
}

/* The sample's pack, and one whose title and first fact differ, of the same lengths. */
static void two_packs(struct bodies *one, struct bodies *two) {
    struct pack *pack = sample_pack();
    bodies_write(one, pack);
    bodies_write(two, pack);
    pack_unref(pack);
    struct pack_fault fault;
    pack = pack_read(span_in(&one->open), span_in(&one->panel), &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pack);
    char *title = memmem(two->open.data, two->open.len, pack->title, strlen(pack->title));
    const char *text = pack->facts[0].text;
    char *fact = memmem(two->panel.data, two->panel.len, text, strlen(text));
    CU_ASSERT_PTR_NOT_NULL_FATAL(title);
    CU_ASSERT_PTR_NOT_NULL_FATAL(fact);
    title[0] = title[0] == 'X' ? 'Y' : 'X';
    fact[0] = fact[0] == 'X' ? 'Y' : 'X';
    pack_unref(pack);
}

/* Whether a pack writes these bodies. */
static bool holds(const struct pack *pack, const struct bodies *bodies) {
    struct bodies own;
    bodies_write(&own, pack);
    bool same = own.open.len == bodies->open.len && own.panel.len == bodies->panel.len &&
                memcmp(own.open.data, bodies->open.data, own.open.len) == 0 &&
                memcmp(own.panel.data, bodies->panel.data, own.panel.len) == 0;
    bodies_free(&own);
    return same;
}

/* As a room does: the public part, then the panel's. */
static struct pack *load(struct pack_cache *cache, const struct bodies *bodies,
                         const struct bodies *between) {
    struct pack *open = pack_cache_get(cache, NULL, SECTION_PUBLIC, span_in(&bodies->open));
    CU_ASSERT_PTR_NOT_NULL_FATAL(open);
    CU_ASSERT_FALSE(open->has_panel);
    if (between != NULL) {
        struct pack *other = load(cache, between, NULL);
        CU_ASSERT_TRUE(holds(other, between));
        pack_unref(other);
    }
    struct pack *pack = pack_cache_get(cache, open, SECTION_PANEL, span_in(&bodies->panel));
    CU_ASSERT_PTR_NOT_NULL_FATAL(pack);
    CU_ASSERT_TRUE(pack->has_panel);
    CU_ASSERT_TRUE(holds(pack, bodies));
    pack_unref(open);
    return pack;
}

static void test_shared(void) {
    struct bodies one;
    struct bodies two;
    struct pack_cache *cache = pack_cache_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(cache);
    two_packs(&one, &two);
    struct pack *first = load(cache, &one, NULL);
    struct pack *second = load(cache, &one, NULL);
    struct pack *third = load(cache, &one, &two); /* another pack in between */
    CU_ASSERT_PTR_EQUAL(second, first);
    CU_ASSERT_PTR_EQUAL(third, first);
    struct pack *other = load(cache, &two, &one);
    CU_ASSERT_PTR_NOT_EQUAL(other, first);
    CU_ASSERT_EQUAL(pack_cache_count(cache), 4); /* each with and without its panel part */
    pack_cache_sweep(cache);
    CU_ASSERT_EQUAL(pack_cache_count(cache), 4); /* what one was added to stays as long as it */
    pack_unref(second);
    pack_unref(third);
    pack_unref(other);
    pack_cache_sweep(cache);
    CU_ASSERT_EQUAL(pack_cache_count(cache), 2);
    second = load(cache, &one, NULL); /* what was dropped is made again, what stayed is found */
    CU_ASSERT_PTR_EQUAL(second, first);
    pack_unref(first);
    pack_unref(second);
    pack_cache_sweep(cache);
    CU_ASSERT_EQUAL(pack_cache_count(cache), 0);
    pack_cache_free(cache);
    bodies_free(&one);
    bodies_free(&two);
}

/* The panel part of one pack does not make another one of the other's. */
static void test_mixed(void) {
    struct bodies one;
    struct bodies two;
    struct pack_cache *cache = pack_cache_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(cache);
    two_packs(&one, &two);
    struct pack *whole = load(cache, &one, NULL);
    struct pack *open = pack_cache_get(cache, NULL, SECTION_PUBLIC, span_in(&one.open));
    struct pack *mixed = pack_cache_get(cache, open, SECTION_PANEL, span_in(&two.panel));
    struct bodies expected = {.open = one.open, .panel = two.panel};
    CU_ASSERT_PTR_NOT_NULL_FATAL(mixed);
    CU_ASSERT_TRUE(holds(mixed, &expected));
    CU_ASSERT_TRUE(holds(whole, &one));
    CU_ASSERT_PTR_NULL(pack_cache_get(cache, whole, SECTION_PANEL, span_in(&two.panel)));
    pack_unref(mixed);
    pack_unref(open);
    pack_unref(whole);
    pack_cache_free(cache);
    bodies_free(&one);
    bodies_free(&two);
}

static void test_refused(void) {
    struct bodies one;
    struct bodies two;
    struct pack_cache *cache = pack_cache_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(cache);
    two_packs(&one, &two);
    for (int i = 0; i < 2; i++) {
        CU_ASSERT_PTR_NULL(pack_cache_get(cache, NULL, SECTION_PUBLIC, span_in(&one.panel)));
        struct pack *open = pack_cache_get(cache, NULL, SECTION_PUBLIC, span_in(&one.open));
        CU_ASSERT_PTR_NOT_NULL_FATAL(open);
        CU_ASSERT_PTR_NULL(pack_cache_get(cache, open, SECTION_PANEL, span_in(&one.open)));
        CU_ASSERT_EQUAL(pack_cache_count(cache), 1);
        pack_unref(open);
    }
    pack_cache_free(cache);
    pack_cache_free(NULL);
    bodies_free(&one);
    bodies_free(&two);
}

static CU_TestInfo tests[] = {
    {"one copy of each", test_shared},
    {"parts of two packs", test_mixed},
    {"what is no pack is not kept", test_refused},
    CU_TEST_INFO_NULL,
};

static CU_SuiteInfo suites[] = {
    {"pack_cache", NULL, NULL, NULL, NULL, tests},
    CU_SUITE_INFO_NULL,
};

int main(void) {
    return test_main(suites);
}
