/* SPDX-License-Identifier: ISC */
/*
 * Purpose: which addresses are reached from their own network only.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

#include "server/net/own_link.h"
#include "tests/support/test_main.h"

static bool is_local(const char *text) {
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
        return own_link_is_local((const struct sockaddr *)&v4);
    }
    CU_ASSERT_EQUAL(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
    return own_link_is_local((const struct sockaddr *)&v6);
}

static void test_addresses(void) {
    static const char *const here[] = {"127.0.0.1",   "10.0.0.1",    "172.16.0.1", "172.31.255.255",
                                       "192.168.1.1", "169.254.1.1", "100.64.0.1", "::1",
                                       "fe80::1",     "fd00::1",     "fc00::1"};
    static const char *const out[] = {"192.0.2.1",   "172.15.0.1",  "172.32.0.1",
                                      "11.0.0.1",    "192.169.0.1", "100.63.0.1",
                                      "100.128.0.1", "2001:db8::1", "fe00::1"};
    for (size_t i = 0; i < sizeof here / sizeof here[0]; i++) {
        CU_ASSERT_TRUE(is_local(here[i]));
    }
    for (size_t i = 0; i < sizeof out / sizeof out[0]; i++) {
        CU_ASSERT_FALSE(is_local(out[i]));
    }
}

/* Nobody is told that others in the network could use a link of this machine alone. */
static void test_this_machine(void) {
    struct sockaddr_in loop = {.sin_family = AF_INET};
    struct sockaddr_in near = {.sin_family = AF_INET};
    CU_ASSERT_EQUAL(inet_pton(AF_INET, "127.1.2.3", &loop.sin_addr), 1);
    CU_ASSERT_EQUAL(inet_pton(AF_INET, "192.168.1.1", &near.sin_addr), 1);
    CU_ASSERT_TRUE(own_link_is_alone((const struct sockaddr *)&loop));
    CU_ASSERT_FALSE(own_link_is_alone((const struct sockaddr *)&near));
    for (int state = OWN_LINK_WARNS; state <= OWN_LINK_OPENS; state++) {
        struct own_link link = {(enum own_link_state)state, true, true};
        CU_ASSERT_PTR_NOT_NULL(strstr(own_link_sentence(&link), "this machine only"));
        CU_ASSERT_PTR_NULL(strstr(own_link_sentence(&link), "network"));
        link.alone = false;
        CU_ASSERT_PTR_NOT_NULL(strstr(own_link_sentence(&link), "this network only"));
    }
}

static CU_TestInfo tests[] = {{"addresses of one network", test_addresses},
                              {"a link of this machine alone", test_this_machine},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"own_link", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
