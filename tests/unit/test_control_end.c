/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the end of a half at the keys: a finish is taken back, the roles are turned only by
 * both, and who will interview next opens the second half.
 */
#include "client/screen/control.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/played_pack.h"
#include "tests/support/played_screen.h"
#include "tests/support/test_main.h"

enum { START = 60000, MINUTE = 60000 };

static struct played played;
static struct screen screen;
static struct paint paint;

static void look(void) {
    played_look(&screen, &paint, played.room.at + 1000);
}

static void sit_down(uint8_t seat) {
    played_sit_down(&played, seat, &screen, &paint, 120, 40);
    look();
}

static void press(const char *keys) {
    for (; *keys; keys++) {
        control_key(&screen, *keys);
        look();
    }
}

static struct pack *swapped[64];
static int swapped_count;

static bool take_swap(struct feed *feed, struct pack *const *packs, int count) {
    (void)feed;
    for (swapped_count = 0; swapped_count < count; swapped_count++) {
        swapped[swapped_count] = pack_ref(packs[swapped_count]);
    }
    return true;
}

/* A finish is taken back after a question, while nothing has opened since. */
static void test_taking_a_finish_back(void) {
    played_open_as(&played, played_pack(), (struct body){.has = F(rules), .rules = 2});
    played_act(&played, PLAYED_ANA, START, ACTION_CLOCK_START);
    played_act(&played, PLAYED_ANA, played.room.at + MINUTE, ACTION_CLOCK_FINISH);
    sit_down(PLAYED_ANA);
    press("bn");
    CU_ASSERT_EQUAL(played.sent_count, 0);
    press("by");
    CU_ASSERT_EQUAL(played.sent_count, 1);
    CU_ASSERT_EQUAL(played_sent(&played, 0)->act, ACTION_CLOCK_UNFINISH);
    paint_free(&paint);
    sit_down(PLAYED_BEN);
    press("by"); /* nothing of the candidate's */
    CU_ASSERT_EQUAL(played.sent_count, 0);
    paint_free(&paint);
    played_act(&played, PLAYED_ANA, played.room.at + 1000, ACTION_SHEET_OPEN);
    sit_down(PLAYED_ANA);
    press("b");
    CU_ASSERT(screen.said[0] != '\0');
    press("y");
    CU_ASSERT_EQUAL(played.sent_count, 0);
    played_stand_up(&played, &paint);
}

/* A finished half, seen by a seat; `others` has asked to turn the roles, SEAT_SERVER: nobody. */
static void half(uint8_t seat, uint8_t other) {
    played_open(&played, 0);
    played_to_design(&played);
    played_to_debrief(&played);
    if (other != SEAT_SERVER) {
        played_do(&played, other, played.room.at + 1000,
                  (struct body){.act = ACTION_TURN_ASK, .has = F(on), .on = 1});
    }
    sit_down(seat);
}

static void is_turn(uint32_t n, int64_t on, bool other) {
    CU_ASSERT_EQUAL(played.sent_count, n + 1);
    CU_ASSERT_EQUAL(played_sent(&played, n)->act, ACTION_TURN_ASK);
    CU_ASSERT_EQUAL(played_sent(&played, n)->on, on);
    CU_ASSERT_EQUAL((played_sent(&played, n)->has & F(other)) != 0, other);
}

/* At the end of a half either side asks, after a question, and takes it back after another. */
static void test_asking_to_turn(void) {
    played_open(&played, 0);
    played_to_design(&played);
    sit_down(PLAYED_BEN);
    press("T");
    CU_ASSERT_EQUAL(screen.asking, ASK_NOTHING); /* not before the end */
    played_stand_up(&played, &paint);
    half(PLAYED_BEN, SEAT_SERVER);
    press("Tn");
    CU_ASSERT_EQUAL(played.sent_count, 0);
    press("Ty");
    is_turn(0, 1, false);
    played_stand_up(&played, &paint);
    half(PLAYED_ANA, PLAYED_ANA);
    press("T");
    CU_ASSERT_EQUAL(screen.asking, ASK_UNTURN);
    press("nTy");
    is_turn(0, 0, false);
    played_stand_up(&played, &paint);
    half(PLAYED_CLEO, SEAT_SERVER);
    press("T");
    CU_ASSERT_EQUAL(screen.asking, ASK_NOTHING); /* a coach has no half */
    played_stand_up(&played, &paint);
}

/* Having asked is said once, as what is open, and not as the last command besides. */
static void test_asked_is_said_once(void) {
    half(PLAYED_ANA, PLAYED_ANA);
    snprintf(screen.last, sizeof screen.last, "Asked to turn the roles");
    screen.kept_at = screen.mono;
    look();
    char *picture = paint_dump(&paint);
    CU_ASSERT_PTR_NOT_NULL_FATAL(picture);
    const char *first = strstr(picture, "Asked to turn the roles; the other has to agree.");
    CU_ASSERT_PTR_NOT_NULL_FATAL(first);
    CU_ASSERT_PTR_EQUAL(strstr(picture, "Asked to turn the roles"), first);
    free(picture);
    played_stand_up(&played, &paint);
}

/* Who has been asked agrees, declines, or leaves it open; what was taken back asks nothing. */
static void test_answering_to_turn(void) {
    half(PLAYED_ANA, PLAYED_BEN);
    press("T");
    CU_ASSERT_EQUAL(screen.asking, ASK_AGREE);
    press("\x1bTx");
    CU_ASSERT_EQUAL(played.sent_count, 0);
    press("Ty");
    is_turn(0, 1, true);
    CU_ASSERT_EQUAL(played_sent(&played, 0)->other, PLAYED_BEN);
    press("Tn");
    is_turn(1, 0, false);
    press("T");
    played.feed.model.room.turn = (struct room_turn){0};
    press("y");
    CU_ASSERT_EQUAL(played.sent_count, 2);
    played_stand_up(&played, &paint);
}

/* A link that has been used is not copied as if it opened anything; and one more link for the
 * candidate who was put out is that of their seat, since a room has but one. */
static void test_links(void) {
    half(PLAYED_ANA, SEAT_SERVER);
    played.feed.links.count = 1;
    played.feed.links.at[0] =
        (struct feed_link){.role = ROLE_CANDIDATE, .seat = -1, .text = "https://h:1/a#candidate."};
    screen.tab = TAB_ROOM;
    look();
    press("a");
    CU_ASSERT_STRING_EQUAL(screen.copied, "");
    CU_ASSERT_PTR_NOT_NULL(strstr(screen.said, "opens nothing more"));
    played.feed.model.room.seats[PLAYED_BEN].hold = HOLD_OUT;
    look();
    press("&c");
    CU_ASSERT_EQUAL(played.sent_count, 1);
    CU_ASSERT_EQUAL(played_sent(&played, 0)->act, ACTION_SEAT_MOVE);
    CU_ASSERT_EQUAL(played_sent(&played, 0)->seat, PLAYED_BEN);
    played_stand_up(&played, &paint);
}

/* Once both have agreed who will interview next opens the second half under another prompt, by
 * itself and once; nobody else does. */
static void test_opening_the_half(void) {
    half(PLAYED_BEN, PLAYED_ANA);
    struct feed_ops ops = *played.feed.ops;
    ops.swap = take_swap;
    played.feed.ops = &ops;
    swapped_count = 0;
    played.feed.model.connection = CONNECTION_LIVE;
    control_follow(&screen);
    CU_ASSERT_EQUAL(swapped_count, 0);
    played.feed.model.room.turn = (struct room_turn){
        .asked = true, .agreed = true, .by = PLAYED_ANA, .with = PLAYED_BEN, .n = 900};
    played.feed.model.joined_n = played.feed.model.room.pos + 1;
    control_follow(&screen); /* what was agreed in the past may have been done in it too */
    CU_ASSERT_EQUAL(swapped_count, 0);
    played.feed.model.joined_n = 0;
    control_follow(&screen);
    CU_ASSERT(swapped_count > 1);
    for (int i = 0; i < swapped_count; i++) {
        CU_ASSERT_STRING_NOT_EQUAL(swapped[i]->id, played.pack->id);
        pack_unref(swapped[i]);
    }
    swapped_count = 0;
    control_follow(&screen);
    CU_ASSERT_EQUAL(swapped_count, 0);
    press("T"); /* again, should no prompt have been taken */
    CU_ASSERT(swapped_count > 1);
    for (int i = 0; i < swapped_count; i++) {
        pack_unref(swapped[i]);
    }
    ops.swap = NULL; /* as of a recording */
    press("T");
    CU_ASSERT(screen.said_bad);
    swapped_count = 0;
    ops.swap = take_swap;
    played.feed.model.role = ROLE_INTERVIEWER;
    played.feed.model.seat = PLAYED_ANA;
    screen.turn_tried = 0;
    control_follow(&screen);
    CU_ASSERT_EQUAL(swapped_count, 0);
    press("T");
    CU_ASSERT_EQUAL(screen.asking, ASK_UNTURN);
    played_stand_up(&played, &paint);
}

static CU_TestInfo tests[] = {{"taking a finish back", test_taking_a_finish_back},
                              {"asking to turn the roles", test_asking_to_turn},
                              {"asked is said once", test_asked_is_said_once},
                              {"answering who asks to turn them", test_answering_to_turn},
                              {"links that open nothing more", test_links},
                              {"opening the second half", test_opening_the_half},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"control_end", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
