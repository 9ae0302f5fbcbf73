/* SPDX-License-Identifier: ISC */
/*
 * Purpose: which servers a client calls, and in which order: the others first, the one that was
 * lost last, and the link's own never forgotten.
 */
#include "client/net/route.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/test_main.h"

static const struct invite link = {.host = "spar.example", .port = 7447};

/* The order as "host:port host:port". */
static const char *order(const struct route *route, uint16_t random) {
    static char out[ROUTE_PLACES_MAX * INVITE_TEXT_MAX];
    unsigned indexes[ROUTE_PLACES_MAX];
    unsigned count = route_order(route, random, indexes);
    out[0] = '\0';
    for (unsigned i = 0; i < count; i++) {
        char text[INVITE_TEXT_MAX];
        route_address(&route->places[indexes[i]], text);
        snprintf(out + strlen(out), sizeof out - strlen(out), "%s%s", i > 0 ? " " : "", text);
    }
    return out;
}

static void test_alone(void) {
    struct route route;
    route_init(&route, &link);
    CU_ASSERT_STRING_EQUAL(order(&route, 7), "spar.example:7447");
    route_welcome(&route, span_of(""));
    CU_ASSERT_FALSE(route.several);
    CU_ASSERT_STRING_EQUAL(order(&route, 7), "spar.example:7447");
}

static void test_others(void) {
    struct route route;
    route_init(&route, &link);
    route_welcome(&route, span_of("b.example:1\n[2001:db8::1]:2\nno address:\nspar.example:7447"));
    CU_ASSERT_TRUE(route.several);
    CU_ASSERT_STRING_EQUAL(order(&route, 0), "b.example:1 [2001:db8::1]:2 spar.example:7447");
    CU_ASSERT_STRING_EQUAL(order(&route, 1), "[2001:db8::1]:2 b.example:1 spar.example:7447");
    route.at = 1; /* it went to b, which names others */
    route_welcome(&route, span_of("c.example:3\nspar.example:7447"));
    CU_ASSERT_STRING_EQUAL(order(&route, 0), "c.example:3 spar.example:7447 b.example:1");
    route_welcome(&route, span_of("")); /* b is alone just now */
    CU_ASSERT_TRUE(route.several);
    CU_ASSERT_STRING_EQUAL(order(&route, 0), "c.example:3 spar.example:7447 b.example:1");
}

/* As many as a server names, and one more. */
static void test_bound(void) {
    char nodes[NODES_TEXT_MAX + 32] = "";
    struct route route;
    route_init(&route, &link);
    for (int i = 0; i <= NODES_MAX; i++) {
        snprintf(nodes + strlen(nodes), 16, "%sn%d:1", i > 0 ? "\n" : "", i);
    }
    route_welcome(&route, span_of(nodes));
    CU_ASSERT_EQUAL(route.count, NODES_MAX + 2);
    route.at = NODES_MAX + 1;
    snprintf(nodes + strlen(nodes), 16, "\nn99:1");
    route_welcome(&route, span_of(nodes));
    CU_ASSERT_EQUAL(route.count, ROUTE_PLACES_MAX);
    CU_ASSERT_STRING_EQUAL(route.places[route.at].host, "n16");
}

static CU_TestInfo tests[] = {{"alone", test_alone},
                              {"others", test_others},
                              {"as many as there may be", test_bound},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"route", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
