/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a group's next evening in the core: who sets it, who comes, who is missing, what is
 * forgotten when it is moved; each bound at the bound and one past it. And the file for a calendar:
 * escaped, folded without cutting a character, in UTC.
 */
#include <stdlib.h>
#include <string.h>

#include "client/store/ics.h"
#include "tests/support/crowd.h"
#include "tests/support/test_main.h"

enum { COACH = 3 };
static const int64_t MINUTE = 60000; /* ms */

static struct crowd c;

/* Three students and a coach, who has entered last. */
static void open_group(void) {
    crowd_open(&c, 1, 3);
    CU_ASSERT_EQUAL(crowd_link(&c, COHORT_COACH, 77), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_enter(&c, 77, c.cohort.link_count - 1, "Kim"), REFUSAL_NONE);
    CU_ASSERT_TRUE_FATAL(cohort_is_coach(&c.cohort, COACH));
}

static enum refusal set(int64_t member, int64_t start, int64_t minutes, const char *text) {
    struct body body = body_member(ACTION_COHORT_EVENING, member);
    body.has |= F(moment) | (minutes ? F(minutes) : 0) | (text[0] ? F(text) : 0);
    body.moment = start;
    body.minutes = minutes;
    body.text = span_of(text);
    return crowd_do(&c, body);
}

static enum refusal come(int64_t member, int64_t start, bool on) {
    struct body body = body_member(ACTION_COHORT_COMING, member);
    body.has |= F(moment) | F(on);
    body.moment = start;
    body.on = on;
    return crowd_do(&c, body);
}

static uint32_t names(bool missing, const char *wanted) {
    static char out[COHORT_NAMES_MAX_BYTES + 1];
    uint32_t count;
    (void)evening_names(&c.cohort, missing, &count, out);
    CU_ASSERT_STRING_EQUAL(out, wanted);
    return count;
}

static void close_group(void) {
    struct cohort twin;
    CU_ASSERT_TRUE_FATAL(crowd_replay(&c, c.count, &twin));
    CU_ASSERT_TRUE(crowd_same(&c.cohort, &twin));
    cohort_free(&twin);
    crowd_free(&c);
}

static void test_setting(void) {
    static char text[COHORT_EVENING_MAX_BYTES + 2];
    open_group();
    int64_t start = c.now + 60 * MINUTE;
    CU_ASSERT_EQUAL(set(0, start, 90, "About it"), REFUSAL_NOT_A_COACH);
    CU_ASSERT_EQUAL(set(99, start, 90, "About it"), REFUSAL_NOT_A_COACH);
    CU_ASSERT_EQUAL(set(COACH, 0, 0, ""), REFUSAL_SAME); /* there is none to call off */
    CU_ASSERT_EQUAL(set(COACH, start, 0, ""), REFUSAL_BAD_FIELD);
    CU_ASSERT_EQUAL(set(COACH, start, COHORT_MINUTES_MAX + 1, ""), REFUSAL_BAD_FIELD);
    CU_ASSERT_EQUAL(set(COACH, TIME_MAX_MS, 1, ""), REFUSAL_BAD_FIELD);
    memset(text, 'x', sizeof text - 1);
    CU_ASSERT_EQUAL(set(COACH, start, 90, text), REFUSAL_BAD_FIELD);
    text[COHORT_EVENING_MAX_BYTES] = '\0';
    CU_ASSERT_EQUAL(set(COACH, start, 90, text), REFUSAL_NONE);
    CU_ASSERT_STRING_EQUAL(c.cohort.evening.text, text);
    CU_ASSERT_EQUAL(set(COACH, start, 90, text), REFUSAL_SAME);
    CU_ASSERT_EQUAL(set(COACH, start, COHORT_MINUTES_MAX, ""), REFUSAL_NONE);
    CU_ASSERT_STRING_EQUAL(c.cohort.evening.text, "");
    CU_ASSERT_EQUAL(c.cohort.evening.by, COACH);
    CU_ASSERT_EQUAL(set(COACH, 0, 0, ""), REFUSAL_NONE);
    CU_ASSERT_EQUAL(c.cohort.evening.start, 0);
    close_group();
}

/* Coaches who set it without end use up what is theirs; who enters and comes does not notice. */
static void test_changes(void) {
    open_group();
    int64_t start = c.now + 60 * MINUTE;
    for (int i = 0; i < COHORT_CHANGES_MAX; i++) {
        CU_ASSERT_EQUAL_FATAL(set(COACH, start + i, 90, ""), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(set(COACH, start, 90, ""), REFUSAL_COHORT_FULL);
    struct body call = {.act = ACTION_COHORT_CALL};
    call.has |= F(call);
    call.call = span_of("https://call.example/room");
    CU_ASSERT_EQUAL(crowd_do(&c, call), REFUSAL_COHORT_FULL);
    CU_ASSERT_EQUAL(come(0, start + COHORT_CHANGES_MAX - 1, true), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, ROLE_NONE), REFUSAL_NONE);
    close_group();
}

static void test_coming(void) {
    open_group();
    int64_t start = c.now + 60 * MINUTE;
    CU_ASSERT_EQUAL(come(0, start, true), REFUSAL_STALE); /* none is set */
    CU_ASSERT_EQUAL(set(COACH, start, 90, ""), REFUSAL_NONE);
    CU_ASSERT_EQUAL(come(99, start, true), REFUSAL_NO_SUCH_MEMBER);
    CU_ASSERT_EQUAL(come(0, start + 1, true), REFUSAL_STALE);
    CU_ASSERT_EQUAL(come(0, start, true), REFUSAL_NONE);
    CU_ASSERT_EQUAL(come(0, start, true), REFUSAL_SAME);
    CU_ASSERT_EQUAL(come(1, start, false), REFUSAL_NONE);
    CU_ASSERT_EQUAL(names(false, c.cohort.members[0].name), 1);
    CU_ASSERT_EQUAL(set(COACH, start, 60, "Another line"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(c.cohort.members[0].coming, COHORT_COMES);
    for (int i = 1; i < COHORT_COMINGS_MAX; i++) {
        CU_ASSERT_EQUAL(come(0, start, i % 2 == 0), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(come(0, start, true), REFUSAL_COHORT_FULL);
    CU_ASSERT_EQUAL(come(2, start, true), REFUSAL_NONE); /* who does not notice */
    CU_ASSERT_EQUAL(set(COACH, start + MINUTE, 60, ""), REFUSAL_NONE);
    CU_ASSERT_EQUAL(c.cohort.members[2].coming, COHORT_UNSAID);
    CU_ASSERT_EQUAL(come(0, start + MINUTE, true), REFUSAL_NONE);
    close_group();
}

/* Who said yes and has not waited for a partner since shortly before it is missing. */
static void test_missing(void) {
    char both[2 * NAME_MAX_BYTES + 4];
    open_group();
    int64_t start = c.now + COHORT_EARLY_MS + 30 * MINUTE;
    CU_ASSERT_EQUAL(set(COACH, start, 90, ""), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, ROLE_NONE), REFUSAL_NONE); /* too early to count */
    struct body leave = body_member(ACTION_PAIR_LEAVE, 0);
    leave.has |= F(why);
    leave.why = LOBBY_WHY_LEFT;
    CU_ASSERT_EQUAL(crowd_do(&c, leave), REFUSAL_NONE);
    CU_ASSERT_EQUAL(come(0, start, true), REFUSAL_NONE);
    CU_ASSERT_EQUAL(come(1, start, true), REFUSAL_NONE);
    snprintf(both, sizeof both, "%s, %s", c.cohort.members[0].name, c.cohort.members[1].name);
    CU_ASSERT_EQUAL(names(true, both), 2);
    c.now = start - COHORT_EARLY_MS;
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, ROLE_NONE), REFUSAL_NONE);
    CU_ASSERT_EQUAL(names(true, c.cohort.members[0].name), 1);
    leave.member = 1;
    CU_ASSERT_EQUAL(crowd_do(&c, leave), REFUSAL_NONE);
    CU_ASSERT_EQUAL(names(true, c.cohort.members[0].name), 1); /* has been there */
    CU_ASSERT_EQUAL(names(false, both), 2);
    close_group();
}

/* ---- the calendar ---- */

static char *written(const char *title, const char *text) {
    const struct ics_event event = {.id = "abcdefghij12",
                                    .title = title,
                                    .text = text,
                                    .start = INT64_C(1796320800000),
                                    .end = INT64_C(1796326200000),
                                    .now = INT64_C(1796000000000)};
    char *bytes;
    size_t size;
    FILE *file = open_memstream(&bytes, &size);
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    ics_put(file, &event);
    fclose(file);
    return bytes;
}

static void test_calendar(void) {
    char *plain = written("A; b, c\\d\ne\x1b", "");
    CU_ASSERT_STRING_EQUAL(plain, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
                                  "PRODID:-//Spar//spar cohort evening//EN\r\nBEGIN:VEVENT\r\n"
                                  "UID:abcdefghij12-1796320800000@spar\r\n"
                                  "DTSTAMP:20261130T005320Z\r\nDTSTART:20261203T180000Z\r\n"
                                  "DTEND:20261203T193000Z\r\n"
                                  "SUMMARY:A\\; b\\, c\\\\d\\ne\r\n"
                                  "END:VEVENT\r\nEND:VCALENDAR\r\n");
    free(plain);
}

/* No line has more than 75 bytes, and none begins inside a character; joined, it is the same. */
static void test_folding(void) {
    char text[COHORT_EVENING_MAX_BYTES + 1] = "";
    for (int lead = 0; lead < 4; lead++) {
        memset(text, 'x', (size_t)lead);
        text[lead] = '\0';
        while (strlen(text) + 3 <= COHORT_EVENING_MAX_BYTES) {
            memcpy(text + strlen(text), "日", sizeof "日");
        }
        char *bytes = written("T", text);
        char joined[512] = "";
        size_t len = 0;
        for (const char *line = strstr(bytes, "DESCRIPTION:"), *next; line != NULL; line = next) {
            const char *stop = strstr(line, "\r\n");
            CU_ASSERT_TRUE(stop - line <= 75);
            const char *from = len > 0 ? line + 1 : line;
            CU_ASSERT_NOT_EQUAL((unsigned char)*from & 0xc0, 0x80);
            memcpy(joined + len, from, (size_t)(stop - from));
            len += (size_t)(stop - from);
            next = stop[2] == ' ' ? stop + 2 : NULL;
        }
        CU_ASSERT_STRING_EQUAL(joined + strlen("DESCRIPTION:"), text);
        free(bytes);
    }
}

static CU_TestInfo tests[] = {{"setting it", test_setting},
                              {"no more changes than there is room for", test_changes},
                              {"no more changes than there is room for", test_changes},
                              {"who comes", test_coming},
                              {"who is missing", test_missing},
                              {"for a calendar", test_calendar},
                              {"folded lines", test_folding},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"evening", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
