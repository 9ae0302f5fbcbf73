/* SPDX-License-Identifier: ISC */
/*
 * Purpose: which links have seated somebody: told to interviewers alone, when they come and at each
 * new use, on whatever worker; and found again by who holds a link.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/feed/feed.h"
#include "protocol/wire/hash.h"
#include "tests/support/scene.h"
#include "tests/support/test_main.h"

static void test_told(void) {
    struct scene scene;
    scene_open(&scene);
    scene_host(&scene);
    struct actor *host = actor_new(&scene, 0, 1);
    struct actor *candidate = actor_new(&scene, 1, 2);
    struct actor *coach = actor_new(&scene, 2, 3);
    actor_seat(host, scene.secrets[0], 0);
    CU_ASSERT_EQUAL(actor_await(host, MESSAGE_USED, 1)->n, 1);
    uint32_t told = actor_count(host, MESSAGE_USED);
    actor_seat(coach, scene.secrets[2], 0);
    const struct heard *used = actor_await(host, MESSAGE_USED, told + 1);
    CU_ASSERT_EQUAL(used->n, 2);
    CU_ASSERT_EQUAL(used->seat, 1); /* the coach's, whose link is the later one */
    actor_seat(candidate, scene.secrets[1], 0);
    CU_ASSERT_EQUAL(actor_await(host, MESSAGE_USED, told + 2)->n, 3);
    /* Back again, by the key alone: nothing new of the others', and all of it for an interviewer.
     */
    actor_free(coach);
    coach = actor_new(&scene, 0, 3);
    actor_seat(coach, NULL, 0);
    CU_ASSERT_EQUAL(actor_count(host, MESSAGE_USED), told + 2);
    CU_ASSERT_EQUAL(actor_count(coach, MESSAGE_USED), 0);
    CU_ASSERT_EQUAL(actor_count(candidate, MESSAGE_USED), 0);
    actor_free(host);
    host = actor_new(&scene, 3, 1);
    actor_seat(host, NULL, 0);
    CU_ASSERT_EQUAL(actor_await(host, MESSAGE_USED, 1)->n, 3);
    actor_free(host);
    actor_free(candidate);
    actor_free(coach);
    scene_close(&scene);
}

static void test_found(void) {
    static const char link[] = "https://spar.example.org/abcdefghijkl#coach.AAAAAAAAAAAAAAAAAAAAAA";
    static struct feed_links links;
    CU_ASSERT_EQUAL(feed_link_used_by(&links, link), -1);
    links.used_count = 2;
    links.used_by[0] = 9;
    links.used_by[1] = 4;
    CU_ASSERT_EQUAL(feed_link_used_by(&links, link), -1);
    digest_bytes("AAAAAAAAAAAAAAAAAAAAAA", 22, links.used[1]);
    CU_ASSERT_EQUAL(feed_link_used_by(&links, link), 4);
    CU_ASSERT_EQUAL(feed_link_used_by(&links, "no link"), -1);
}

static CU_TestInfo tests[] = {
    {"told to interviewers", test_told}, {"found by the link", test_found}, CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"links used", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
