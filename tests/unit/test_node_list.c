/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the list of the servers on a journal: which of them others are sent to, how it is
 * printed in 80 columns, whatever the texts hold, and when something is not well.
 */
#include "tests/support/test_main.h"

#include <string.h>

#include "server/journal/node.h"
#include "server/operate/nodes.h"

static struct node_list list_of_four(void) {
    struct node_list list = {.count = 4};
    list.at[0] = (struct node){.boot = 3,
                               .name = "one",
                               .address = "a.example:7447",
                               .app = "spard 0.1.0",
                               .form = 1,
                               .load = {12, 4},
                               .age_ms = 240};
    list.at[1] = (struct node){.boot = 4,
                               .name = "two",
                               .address = "b.example:7447",
                               .app = "spard 0.1.0",
                               .age_ms = 90,
                               .drains = true};
    list.at[2] = (struct node){.boot = 5, .name = "th\x1b[31mree", .app = "", .behind = 7};
    list.at[3] = (struct node){.boot = 6, .address = "c.example:7447", .age_ms = NODE_DEAD_MS};
    return list;
}

static void test_others(void) {
    char text[NODES_TEXT_MAX + 1];
    struct node_list list = list_of_four();
    node_name_others(&list, 3, text);
    CU_ASSERT_STRING_EQUAL(text, ""); /* one drains, one has no address, one is dead */
    node_name_others(&list, 4, text);
    CU_ASSERT_STRING_EQUAL(text, "a.example:7447");
    list.at[3].age_ms = NODE_DEAD_MS - 1;
    node_name_others(&list, 4, text);
    CU_ASSERT_STRING_EQUAL(text, "a.example:7447\nc.example:7447");
}

static void test_find(void) {
    struct node_list list = list_of_four();
    CU_ASSERT_EQUAL(node_find(&list, "b.example:7447")->boot, 4);
    CU_ASSERT_EQUAL(node_find(&list, "5")->boot, 5);
    CU_ASSERT_PTR_NULL(node_find(&list, "d.example:7447"));
    CU_ASSERT_PTR_NULL(node_find(&list, "05"));
    CU_ASSERT_PTR_NULL(node_of(&list, 7));
}

static void test_table(void) {
    struct node_list list = list_of_four();
    struct out out;
    out_init(&out);
    nodes_write(&out, &list, 3, 60, false);
    CU_ASSERT_PTR_NOT_NULL_FATAL(out.data);
    CU_ASSERT_PTR_NOT_NULL(strstr(out.data, "0.3      0 live*\n")); /* 240 and 60 ms */
    CU_ASSERT_PTR_NOT_NULL(strstr(out.data, "drains\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out.data, "dead\n"));
    CU_ASSERT_PTR_NULL(strchr(out.data, '\x1b'));
    for (const char *line = out.data; *line != '\0'; line = strchr(line, '\n') + 1) {
        CU_ASSERT_TRUE(strcspn(line, "\n") <= 80);
    }
    out_free(&out);
}

static void test_json(void) {
    struct node_list list = list_of_four();
    struct out out;
    out_init(&out);
    nodes_write(&out, &list, 3, 0, true);
    CU_ASSERT_PTR_NOT_NULL_FATAL(out.data);
    CU_ASSERT_PTR_NOT_NULL(strstr(out.data, "\"lease\": 3"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out.data, "\"beat_ms\": 240"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out.data, "th\\u001B[31mree"));
    out_free(&out);
}

static void test_well(void) {
    char line[NODES_LINE_MAX];
    struct node_list list = list_of_four();
    CU_ASSERT_FALSE(nodes_are_well(&list, 0, line));
    CU_ASSERT_PTR_NOT_NULL(strstr(line, "c.example:7447"));
    list.count = 3;
    CU_ASSERT_TRUE(nodes_are_well(&list, NODE_DEAD_MS - 1, line));
    CU_ASSERT_FALSE(nodes_are_well(&list, NODE_DEAD_MS, line));
    CU_ASSERT_PTR_NOT_NULL(strstr(line, "3 s"));
}

static CU_TestInfo tests[] = {{"who others are sent to", test_others},
                              {"finding one", test_find},
                              {"the table", test_table},
                              {"the JSON", test_json},
                              {"what is not well", test_well},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"node list", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
