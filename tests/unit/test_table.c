/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the table finds what is in it and nothing else, through growth, removal and walks.
 */
#include "server/base/table.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/test_main.h"

enum { KEY_BYTES = 6, MANY = 3000 };

struct thing {
    struct table_entry of_table;
    int number;
    char key[KEY_BYTES];
    bool in, seen;
};

static struct thing things[MANY];

static void set_up(struct table *table) {
    table_init(table, offsetof(struct thing, key), KEY_BYTES);
    for (int i = 0; i < MANY; i++) {
        things[i] = (struct thing){.number = i};
        memcpy(things[i].key, &i, sizeof i);
    }
}

static void check(const struct table *table) {
    uint32_t in = 0, walked = 0;
    for (int i = 0; i < MANY; i++) {
        const struct table_entry *found = table_find(table, things[i].key);
        CU_ASSERT_PTR_EQUAL_FATAL(found, things[i].in ? &things[i].of_table : NULL);
        in += things[i].in;
        things[i].seen = false;
    }
    for (struct table_entry *at = table_next(table, NULL); at; at = table_next(table, at)) {
        struct thing *thing = (struct thing *)at;
        CU_ASSERT_TRUE_FATAL(thing->in && !thing->seen);
        thing->seen = true;
        walked++;
    }
    CU_ASSERT_EQUAL(walked, in);
    CU_ASSERT_EQUAL(table->count, in);
}

static void test_any_order(void) {
    struct table table;
    set_up(&table);
    check(&table);
    srandom(3);
    for (int round = 0; round < 4 * MANY; round++) {
        struct thing *thing = &things[random() % MANY];
        if (thing->in) {
            table_remove(&table, &thing->of_table);
        } else {
            CU_ASSERT_TRUE_FATAL(table_add(&table, &thing->of_table));
        }
        thing->in = !thing->in;
        if (round % 997 == 0) {
            check(&table);
        }
    }
    check(&table);
    CU_ASSERT_TRUE(table.chain_count >= table.count / 2);
    table_free(&table);
    CU_ASSERT_PTR_NULL(table_find(&table, things[0].key));
}

/* Each is taken out while it is walked over. */
static void test_removing_on_the_way(void) {
    struct table table;
    set_up(&table);
    for (int i = 0; i < MANY; i++) {
        things[i].in = table_add(&table, &things[i].of_table);
    }
    struct table_entry *after;
    for (struct table_entry *at = table_next(&table, NULL); at; at = after) {
        after = table_next(&table, at);
        if (((struct thing *)at)->number % 3 != 0) {
            ((struct thing *)at)->in = false;
            table_remove(&table, at);
        }
    }
    CU_ASSERT_EQUAL(table.count, MANY / 3);
    check(&table);
    table_free(&table);
}

static CU_TestInfo tests[] = {{"any order", test_any_order},
                              {"removing on the way", test_removing_on_the_way},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"table", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
