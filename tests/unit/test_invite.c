/* SPDX-License-Identifier: ISC */
/*
 * Purpose: links: what is read is what was written, and each mistake has a sentence of its own.
 */
#include "protocol/wire/invite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/test_main.h"

#define PIN    "aILbLuKPaDd-kDkqYrGCp7-gl3D5OxG9TiRchXo1ryU"
#define SECRET "JU9MfFS_fCQwdOv2bX7Nrg"
#define REST   "://example.org:7443/yq8nax6lkpk5#candidate." SECRET "." PIN
#define GOOD   "https" REST

static void test_round_trip(void) {
    static const char *const links[] = {
        GOOD,
        "https://[::1]:7443/yq8nax6lkpk5#coach." SECRET "." PIN,
        "https://127.0.0.1:1/yq8nax6lkpk5#interviewer." SECRET,
        "https://h:65535/host#host." SECRET "." PIN,
        "https://example.org:7443/yq8nax6lkpk5#students." SECRET "." PIN,
        "https://example.org:7443/yq8nax6lkpk5#coaches." SECRET,
    };
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        struct invite invite;
        char why[INVITE_WHY_MAX];
        char text[INVITE_TEXT_MAX];
        CU_ASSERT_TRUE_FATAL(invite_parse(links[i], &invite, why));
        invite_format(&invite, text);
        CU_ASSERT_STRING_EQUAL(text, links[i]);
    }
}

static void test_parts(void) {
    struct invite invite;
    char why[INVITE_WHY_MAX];
    CU_ASSERT_TRUE_FATAL(invite_parse("  " GOOD " \r\n", &invite, why));
    CU_ASSERT_STRING_EQUAL(invite.host, "example.org");
    CU_ASSERT_EQUAL(invite.port, 7443);
    CU_ASSERT_STRING_EQUAL(invite.room, "yq8nax6lkpk5");
    CU_ASSERT_EQUAL(invite.role, ROLE_CANDIDATE);
    CU_ASSERT_STRING_EQUAL(invite.secret, SECRET);
    CU_ASSERT_TRUE(invite.has_pin);
    CU_ASSERT_FALSE(invite.is_host);
    CU_ASSERT_TRUE_FATAL(
        invite_parse("https://example.org/yq8nax6lkpk5#candidate." SECRET, &invite, why));
    CU_ASSERT_EQUAL(invite.port, INVITE_PORT_DEFAULT);
    CU_ASSERT_FALSE(invite.has_pin);
}

static void test_kinds(void) {
    static const struct {
        const char *link, *takes;
        enum role role;
        bool host, cohort;
    } links[] = {
        {GOOD, "'spar join LINK'", ROLE_CANDIDATE, false, false},
        {"https://h:1/host#host." SECRET, "'spar host LINK'", ROLE_NONE, true, false},
        {"https://h:1/yq8nax6lkpk5#students." SECRET, "'spar pair LINK'", ROLE_CANDIDATE, false,
         true},
        {"https://h:1/yq8nax6lkpk5#coaches." SECRET, "'spar coach LINK'", ROLE_COACH, false, true},
        {"https://h:1/yq8nax6lkpk5#coach." SECRET, "'spar join LINK'", ROLE_COACH, false, false},
    };
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        struct invite invite;
        char why[INVITE_WHY_MAX];
        CU_ASSERT_TRUE_FATAL(invite_parse(links[i].link, &invite, why));
        CU_ASSERT_EQUAL(invite.role, links[i].role);
        CU_ASSERT_EQUAL(invite.is_host, links[i].host);
        CU_ASSERT_EQUAL(invite.is_cohort, links[i].cohort);
        CU_ASSERT_PTR_NOT_NULL(strstr(invite_use(&invite), links[i].takes));
    }
}

/* Each of these fails, and no two for the same reason. */
static const char *const bad[] = {
    "",
    "http://example.org/yq8nax6lkpk5#candidate." SECRET,
    "https://example.org:7443/yq8nax6lkpk5",
    "https://:7443/yq8nax6lkpk5#candidate." SECRET,
    "https://exa*mple:7443/yq8nax6lkpk5#candidate." SECRET,
    "https://[::1/yq8nax6lkpk5#candidate." SECRET,
    "https://[::1]x/yq8nax6lkpk5#candidate." SECRET,
    "https://example.org:74x3/yq8nax6lkpk5#candidate." SECRET,
    "https://example.org:65536/yq8nax6lkpk5#candidate." SECRET,
    "https://example.org:7443/#candidate." SECRET,
    "https://example.org:7443/YQ8NAX6LKPK5#candidate." SECRET,
    "https://example.org:7443/yq8nax6lkpk5#candidate",
    "https://example.org:7443/yq8nax6lkpk5#host." SECRET,
    "https://example.org:7443/host#students." SECRET,
    "https://example.org:7443/yq8nax6lkpk5#candidate.short",
    "https://example.org:7443/yq8nax6lkpk5#candidate.JU9MfFS*fCQwdOv2bX7Nrg",
    "https://example.org:7443/yq8nax6lkpk5#candidate." SECRET ".short",
    "https://example.org:7443/yq8nax6lkpk5#candidate." SECRET
    ".aILbLuKPaDd*kDkqYrGCp7-gl3D5OxG9TiRchXo1ryU",
};

static void test_mistakes(void) {
    enum { COUNT = sizeof bad / sizeof bad[0] };
    static char why[COUNT][INVITE_WHY_MAX];
    for (size_t i = 0; i < COUNT; i++) {
        struct invite invite;
        CU_ASSERT_FALSE(invite_parse(bad[i], &invite, why[i]));
        CU_ASSERT_TRUE(strlen(why[i]) > 20);
        for (size_t k = 0; k < i; k++) {
            CU_ASSERT_STRING_NOT_EQUAL(why[i], why[k]);
        }
    }
}

/* Every cut of a good link is refused, or is the link without its pin. */
static void test_cuts(void) {
    char text[sizeof GOOD];
    for (size_t len = 0; len < sizeof GOOD - 1; len++) {
        struct invite invite;
        char why[INVITE_WHY_MAX];
        memcpy(text, GOOD, len);
        text[len] = '\0';
        /* With the dot behind it, too: a sentence may have ended there. */
        bool whole = len == sizeof GOOD - 1 - sizeof PIN || len == sizeof GOOD - sizeof PIN;
        CU_ASSERT_EQUAL(invite_parse(text, &invite, why), whole);
    }
}

/* What mail and chat make of a link that was good. */
static const char *const mangled[] = {
    "<" GOOD ">",
    "(" GOOD ")",
    "[" GOOD "]",
    "\"" GOOD "\"",
    "'" GOOD "'",
    "\xe2\x80\x9c" GOOD "\xe2\x80\x9d",
    "\xc2\xab" GOOD "\xc2\xbb",
    "`" GOOD "`",
    "**" GOOD "**",
    "_" GOOD "_ ",
    GOOD ".",
    GOOD ",",
    GOOD ")",
    GOOD "!?",
    GOOD ";\r\n",
    GOOD ".\"",
    "  \t" GOOD "\n\n",
    "\xef\xbb\xbf" GOOD,
    GOOD "\xe2\x80\x8b",
    "HTTPS" REST,
    "Https" REST,
    "https://example.org:7443/yq8nax6lkpk5%23candidate." SECRET "." PIN,
    "https://example.org:7443/yq8nax6lkpk5&#35;candidate." SECRET "." PIN,
    "https://example.org:7443/yq8nax6lkpk5&#x23;candidate&#46;" SECRET "." PIN,
    "https%3A%2F%2Fexample.org%3A7443%2Fyq8nax6lkpk5%23candidate%2E" SECRET "%2e" PIN,
    "https://example.org:7443/yq8nax6lkpk5\n#candidate." SECRET "." PIN,
    "https://example.org:7443/yq8nax6lkpk5#candidate.\r\n" SECRET "." PIN,
    "https://example.org:7443/yq8nax6lkpk5#candidate." SECRET ".\n  " PIN,
    "https://example.org:7443/yq8nax6lkpk5#candidate.=\r\n" SECRET "." PIN,
    "https://example.org:7443/yq8nax6lkpk5#candidate.\n> " SECRET "." PIN,
    "https://example.org:7443/yq8nax6lkpk5%20#candidate." SECRET "." PIN,
    "https://example.org:7443/yq8nax6lkpk5%0D%0A%23candidate." SECRET "." PIN "%20",
    "https://example.org:7443/\xe2\x80\x8byq8nax6lkpk5#candi\xc2\xad"
    "date." SECRET "." PIN,
    "https://example.org:7443/yq8nax6lkpk5#candidate.\xc2\xa0" SECRET "." PIN,
    "[the room](" GOOD ")",
    "[" GOOD "](" GOOD ")",
    "<" GOOD "|" GOOD ">",
    "Your link: " GOOD " See you at nine",
    "spar join '" GOOD "'",
    "https://safe.example.com/"
    "?url=https%3A%2F%2Fexample.org%3A7443%2Fyq8nax6lkpk5%23candidate." SECRET "." PIN
    "&data=05%7C02",
    "<a href=\"" GOOD "\">" GOOD "</a>",
    GOOD "\xe2\x80\xa6",
};

static void test_mangled(void) {
    for (size_t i = 0; i < sizeof mangled / sizeof *mangled; i++) {
        struct invite invite;
        char why[INVITE_WHY_MAX];
        char text[INVITE_TEXT_MAX] = "";
        if (invite_parse(mangled[i], &invite, why)) {
            invite_format(&invite, text);
        } else {
            fprintf(stderr, "\n%s: %s\n", mangled[i], why);
        }
        CU_ASSERT_STRING_EQUAL(text, GOOD);
    }
    /* Hyphens that a word processor has joined to a dash. */
    struct invite invite;
    char why[INVITE_WHY_MAX];
    CU_ASSERT_TRUE(invite_parse("https://h/yq8nax6lkpk5#coach.AA\xe2\x80\x94"
                                "AAAAAAAAAA\xe2\x80\x93"
                                "AAAAAAA",
                                &invite, why));
    CU_ASSERT_STRING_EQUAL(invite.secret, "AA--AAAAAAAAAA-AAAAAAA");
}

/* Any bytes put anywhere, or left out: whatever reads is a link that reads again as the same. */
static void test_any_damage(void) {
    static const char bits[] = "%23\n =>.\xe2\x80\x8b\xe2\x80\x94\xff_-#/:[]@https://";
    unsigned good = 0;
    srandom(11);
    for (int round = 0; round < 20000; round++) {
        char text[200] = GOOD;
        for (long times = random() % 4; times >= 0; times--) {
            size_t len = strlen(text);
            size_t at = (size_t)random() % (len + 1);
            size_t from = (size_t)random() % (sizeof bits - 1);
            size_t size = 1 + (size_t)random() % 3;
            bool out = random() % 2 && at < len;
            size = from + size < sizeof bits ? size : 1;
            memmove(text + at + (out ? 0 : size), text + at + (out ? 1 : 0),
                    len - at + (out ? 0 : 1));
            if (!out) {
                memcpy(text + at, bits + from, size);
            }
        }
        struct invite invite, again;
        char why[INVITE_WHY_MAX], written[INVITE_TEXT_MAX], twice[INVITE_TEXT_MAX];
        if (!invite_parse(text, &invite, why)) {
            CU_ASSERT_TRUE_FATAL(strlen(why) > 20);
            continue;
        }
        good++;
        invite_format(&invite, written);
        CU_ASSERT_TRUE_FATAL(invite_parse(written, &again, why));
        invite_format(&again, twice);
        CU_ASSERT_STRING_EQUAL_FATAL(twice, written);
    }
    CU_ASSERT_TRUE(good > 100 && good < 19000); /* both kinds came up */
}

/* What was added is not called lost, nor the other way round. */
static void test_added_or_lost(void) {
    struct invite invite;
    char why[INVITE_WHY_MAX];
    CU_ASSERT_FALSE(invite_parse(GOOD "x", &invite, why));
    CU_ASSERT_PTR_NOT_NULL(strstr(why, "added"));
    CU_ASSERT_FALSE(invite_parse("https://h/yq8nax6lkpk5#coach." SECRET "xyz", &invite, why));
    CU_ASSERT_PTR_NOT_NULL(strstr(why, "added"));
    CU_ASSERT_FALSE(invite_parse("https://h/yq8nax6lkpk5#coach." SECRET ".abc", &invite, why));
    CU_ASSERT_PTR_NOT_NULL(strstr(why, "lost"));
    static char large[4000];
    memset(large, 'a', sizeof large - 1);
    CU_ASSERT_FALSE(invite_parse(large, &invite, why));
    CU_ASSERT_PTR_NOT_NULL(strstr(why, "too long"));
    CU_ASSERT_TRUE(invite_is_link("https%3A%2F%2Fh"));
    CU_ASSERT_FALSE(invite_is_link("an evening"));
}

static void test_host_bound(void) {
    char text[600];
    struct invite invite;
    char why[INVITE_WHY_MAX];
    for (int len = INVITE_HOST_MAX; len <= INVITE_HOST_MAX + 1; len++) {
        char host[INVITE_HOST_MAX + 2];
        memset(host, 'a', (size_t)len);
        host[len] = '\0';
        snprintf(text, sizeof text, "https://%s:1/yq8nax6lkpk5#coach." SECRET "." PIN, host);
        CU_ASSERT_EQUAL(invite_parse(text, &invite, why), len == INVITE_HOST_MAX);
    }
    snprintf(text, sizeof text, "%s", "https://x:1/yq8nax6lkpk5#coach." SECRET "." PIN);
    CU_ASSERT_TRUE_FATAL(invite_parse(text, &invite, why));
    memset(invite.host, 'a', INVITE_HOST_MAX);
    char out[INVITE_TEXT_MAX];
    struct invite again;
    invite_format(&invite, out);
    CU_ASSERT_TRUE(invite_parse(out, &again, why));
}

static CU_TestInfo tests[] = {{"what is written is read again", test_round_trip},
                              {"the parts of a link", test_parts},
                              {"which kind a link is of, and which command takes it", test_kinds},
                              {"each mistake has its sentence", test_mistakes},
                              {"no cut link passes", test_cuts},
                              {"links survive mail and chat", test_mangled},
                              {"any damage", test_any_damage},
                              {"added or lost", test_added_or_lost},
                              {"a host name at its bound and past it", test_host_bound},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"invite", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
