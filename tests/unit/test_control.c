/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what a key or a click sends, what it opens, and what it must not do.
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

static void begin(uint8_t seat) {
    played_open(&played, 0);
    played_to_design(&played);
    sit_down(seat);
}

/* As a person presses them: each by itself. */
static void press(const char *keys) {
    for (; *keys; keys++) {
        control_key(&screen, *keys);
        screen.mono += 500;
        control_pass(&screen);
        look();
    }
}

static void test_letters_cycle(void) {
    begin(PLAYED_ANA);
    press("ggg");
    CU_ASSERT_EQUAL(played.sent_count, 3);
    CU_ASSERT(span_equal(played_sent(&played, 0)->item, "serve"));
    CU_ASSERT_EQUAL(played_sent(&played, 0)->mark, MARK_RAISED);
    CU_ASSERT_EQUAL(played_sent(&played, 1)->mark, MARK_PROMPTED);
    CU_ASSERT_EQUAL(played_sent(&played, 2)->mark, MARK_NOT_YET);
    press("HH");
    CU_ASSERT_EQUAL(played_sent(&played, 3)->mark, MARK_PROMPTED);
    CU_ASSERT_EQUAL(played_sent(&played, 4)->mark, MARK_NOT_YET);
    CU_ASSERT(span_equal(played_sent(&played, 4)->item, "tied"));
    /* Ten letters are taken by this phase; the next one means nothing. */
    press("y");
    CU_ASSERT_EQUAL(played.sent_count, 5);
    played_stand_up(&played, &paint);
}

/* In the lobby % goes through the steps of more time; a room of the first rules has none. */
static void test_more_time(void) {
    static const int64_t steps[] = {25, 50, 100, 0, 25};
    played_open_as(&played, played_pack(), (struct body){.has = F(rules), .rules = 2});
    sit_down(PLAYED_ANA);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        press("%");
        CU_ASSERT_EQUAL_FATAL(played.sent_count, i + 1);
        CU_ASSERT_EQUAL(played_sent(&played, i)->act, ACTION_CLOCK_PLAN);
        CU_ASSERT_EQUAL(played_sent(&played, i)->plan, 0);
        CU_ASSERT_EQUAL(played_sent(&played, i)->extra, steps[i]);
        played.feed.model.room.clock.extra = (uint8_t)steps[i]; /* as if it had been kept */
    }
    played_stand_up(&played, &paint);
    played_open(&played, 0);
    sit_down(PLAYED_ANA);
    press("%");
    CU_ASSERT_EQUAL(played.sent_count, 0);
    CU_ASSERT(screen.said[0] != '\0');
    played_stand_up(&played, &paint);
}

static void test_clock_keys(void) {
    begin(PLAYED_ANA);
    press("n");
    CU_ASSERT_EQUAL(played_sent(&played, 0)->act, ACTION_CLOCK_JUMP);
    CU_ASSERT_EQUAL(played_sent(&played, 0)->phase, 3);
    press("b11");
    CU_ASSERT_EQUAL(played_sent(&played, 1)->phase, 1);
    CU_ASSERT_EQUAL(played_sent(&played, 2)->phase, 0);
    press("33"); /* the clock is there already */
    CU_ASSERT_EQUAL(played.sent_count, 3);
    press("p+-");
    CU_ASSERT_EQUAL(played_sent(&played, 3)->act, ACTION_CLOCK_PAUSE);
    CU_ASSERT_EQUAL(played_sent(&played, 4)->ms, 60000);
    CU_ASSERT_EQUAL(played_sent(&played, 5)->ms, -60000);
    CU_ASSERT_EQUAL(played_sent(&played, 5)->phase, 2);
    played_stand_up(&played, &paint);
}

static void test_grave_steps_ask(void) {
    begin(PLAYED_ANA);
    press("N");
    CU_ASSERT_EQUAL(screen.asking, ASK_FINISH);
    press("n");
    CU_ASSERT_EQUAL(played.sent_count, 0);
    press("Ny");
    CU_ASSERT_EQUAL(played_sent(&played, 0)->act, ACTION_CLOCK_FINISH);
    press("q");
    CU_ASSERT_FALSE(screen.quit);
    press("x"); /* anything but y is no, and is not taken for a command */
    CU_ASSERT_FALSE(screen.quit);
    CU_ASSERT_NOT_EQUAL(screen.tab, TAB_FLAGS);
    press("qy");
    CU_ASSERT(screen.quit);
    played_stand_up(&played, &paint);
}

static void test_candidate_and_coach_cannot_drive(void) {
    begin(PLAYED_BEN);
    press("npb+-1NwxD");
    CU_ASSERT_EQUAL(played.sent_count, 0);
    CU_ASSERT_EQUAL(screen.writing, WRITE_NOTHING);
    played_stand_up(&played, &paint);
    begin(PLAYED_CLEO);
    press("npb+-1N");
    CU_ASSERT_EQUAL(played.sent_count, 0);
    screen.tab = TAB_PROMPT;
    press("e");
    CU_ASSERT_EQUAL(played.sent_count, 0);
    screen.tab = TAB_RUBRIC;
    press("e");
    CU_ASSERT_EQUAL(played_sent(&played, 0)->act, ACTION_MARK_SET);
    played_stand_up(&played, &paint);
}

static void test_own_sheet(void) {
    begin(PLAYED_BEN);
    screen.tab = TAB_RUBRIC;
    press("a");
    CU_ASSERT_EQUAL(played_sent(&played, 0)->act, ACTION_SELF_SET);
    CU_ASSERT(span_equal(played_sent(&played, 0)->item, "sketch"));
    played_stand_up(&played, &paint);
}

/* What reaches the candidate is asked for twice, by the same letter or by Enter; no click does it.
 */
static void test_facts_questions_flags(void) {
    begin(PLAYED_ANA);
    screen.tab = TAB_PROMPT;
    press("ae"); /* the first is revealed already */
    CU_ASSERT_EQUAL(played.sent_count, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(screen.said, "e again or Enter"));
    press("ce"); /* another letter between begins anew */
    CU_ASSERT_EQUAL(played.sent_count, 0);
    press("e");
    CU_ASSERT_EQUAL(played.sent_count, 1);
    CU_ASSERT_EQUAL(played_sent(&played, 0)->act, ACTION_FACT_REVEAL);
    CU_ASSERT(span_equal(played_sent(&played, 0)->fact, "deadline"));
    screen.tab = TAB_QUESTIONS;
    look();
    press("c"); /* Design's question comes first, then Defend's curveball */
    CU_ASSERT_EQUAL(played.sent_count, 1);
    /* One row at 80 columns, whatever the text: the pane above does not move under the finger. */
    CU_ASSERT_EQUAL(flow_rows(screen.said, 80), 1);
    CU_ASSERT_STRING_EQUAL(screen.said + strlen(screen.said) - 4, " ...");
    press("\r");
    CU_ASSERT_EQUAL(played_sent(&played, 1)->act, ACTION_CURVE_THROW);
    CU_ASSERT(span_equal(played_sent(&played, 1)->curveball, "ten-x"));
    CU_ASSERT_FALSE(screen.detail);
    press("\r\r"); /* Enter is what it was */
    CU_ASSERT_EQUAL(played.sent_count, 2);
    press("c\t");
    screen.tab = TAB_QUESTIONS;
    press("\r");
    CU_ASSERT_EQUAL(played.sent_count, 2);
    screen.detail = false;
    press("xaee");
    CU_ASSERT_EQUAL(screen.tab, TAB_FLAGS);
    CU_ASSERT_EQUAL(played_sent(&played, 2)->on, 1);
    CU_ASSERT(span_equal(played_sent(&played, 2)->flag, "tool-first"));
    CU_ASSERT_EQUAL(played_sent(&played, 3)->on, 0); /* it had been raised */
    CU_ASSERT_EQUAL(played_sent(&played, 4)->on, 1); /* on its way counts */
    played_stand_up(&played, &paint);
}

static const struct body *last_pending(void) {
    const struct model *model = &played.feed.model;
    CU_ASSERT_FATAL(model->pending_count > 0);
    return &model->pending[model->pending_count - 1].command.body;
}

static void test_writing(void) {
    begin(PLAYED_ANA);
    press("tn next? q\r");
    CU_ASSERT_EQUAL(last_pending()->act, ACTION_TALK_SAY);
    CU_ASSERT(span_equal(last_pending()->text, "n next? q"));
    press("wpsst\r");
    CU_ASSERT_EQUAL(last_pending()->act, ACTION_TALK_WHISPER);
    press("o\tfor the panel\r");
    CU_ASSERT_EQUAL(last_pending()->act, ACTION_NOTE_PANEL);
    press("o\tfor all\r"); /* the audience is remembered */
    CU_ASSERT_EQUAL(last_pending()->act, ACTION_NOTE_ALL);
    press("o\tmine\r");
    CU_ASSERT_EQUAL(last_pending()->act, ACTION_NOTE_MINE);
    press("*https://meet.example/x\r");
    CU_ASSERT_EQUAL(last_pending()->act, ACTION_ROOM_CALL);
    CU_ASSERT(span_equal(last_pending()->call, "https://meet.example/x"));
    uint32_t before = played.feed.model.pending_count;
    press("*\r"); /* there is no call that could be taken away */
    press("*https://a.example/1\r");
    span_copy(last_pending()->call, played.feed.model.room.call,
              sizeof played.feed.model.room.call);
    before++;
    press("*\r");
    before++;
    CU_ASSERT_EQUAL(played.feed.model.pending_count, before);
    CU_ASSERT_EQUAL(last_pending()->act, ACTION_ROOM_CALL);
    CU_ASSERT_FALSE(last_pending()->has & F(call));
    press("t   \r");
    press("tgone");
    control_key(&screen, CODE_ESCAPE);
    CU_ASSERT_EQUAL(played.feed.model.pending_count, before);
    CU_ASSERT_EQUAL(screen.writing, WRITE_NOTHING);
    played_stand_up(&played, &paint);
    begin(PLAYED_BEN);
    press("o\tx\r");
    CU_ASSERT_EQUAL(last_pending()->act, ACTION_NOTE_ALL);
    played_stand_up(&played, &paint);
}

static void test_looking_at_another_phase(void) {
    begin(PLAYED_ANA);
    control_key(&screen, CODE_LEFT);
    look();
    CU_ASSERT_EQUAL(screen_phase(&screen), 1);
    press("c");
    CU_ASSERT(span_equal(played_sent(&played, 0)->item, "park"));
    control_key(&screen, CODE_RIGHT);
    look();
    CU_ASSERT_EQUAL(screen.looked_at, -1);
    control_key(&screen, CODE_LEFT);
    played_jump(&played, START + 22 * MINUTE, 3);
    played_view(&played, PLAYED_ANA);
    look();
    CU_ASSERT_EQUAL(screen_phase(&screen), 3); /* a new phase takes the pane along */
    played_stand_up(&played, &paint);
}

/* Keys that come in one go, before anything is drawn in between. */
static void test_keys_in_one_go(void) {
    begin(PLAYED_ANA);
    control_key(&screen, 'x');
    control_key(&screen, 'e');
    control_key(&screen, 'g'); /* there is no fifth flag */
    CU_ASSERT_EQUAL(played.sent_count, 1);
    CU_ASSERT(span_equal(played_sent(&played, 0)->flag, "happy-path"));
    CU_ASSERT_EQUAL(screen.cursor[TAB_FLAGS], 2);
    played_stand_up(&played, &paint);
}

static void test_tabs_and_stages(void) {
    begin(PLAYED_ANA);
    CU_ASSERT_EQUAL(screen.tab, TAB_RUBRIC);
    press("\t");
    CU_ASSERT_EQUAL(screen.tab, TAB_PROMPT);
    control_key(&screen, CODE_BACKTAB);
    control_key(&screen, CODE_BACKTAB);
    look();
    CU_ASSERT_EQUAL(screen.tab, TAB_ROOM);
    control_key(&screen, CODE_F1 + 3);
    CU_ASSERT_EQUAL(screen.tab, TAB_FLAGS);
    played_to_debrief(&played);
    played_view(&played, PLAYED_ANA);
    look();
    CU_ASSERT_EQUAL(screen.tab, TAB_DEBRIEF);
    played_stand_up(&played, &paint);
}

static void test_links(void) {
    static const struct ui_link links[] = {{ROLE_CANDIDATE, "https://a/#1"},
                                           {ROLE_COACH, "https://a/#2"}};
    played_open(&played, 0);
    sit_down(PLAYED_ANA);
    screen.links = links;
    screen.link_count = 2;
    screen.room_row_count = 0; /* the list is opened with them */
    look();
    press("c");
    CU_ASSERT_STRING_EQUAL(screen.copied, "https://a/#2");
    screen.copied[0] = '\0';
    press("f");
    CU_ASSERT_STRING_EQUAL(screen.copied, "");
    CU_ASSERT_EQUAL(screen.asking, ASK_SEAT); /* the letters behind the links are of seats */
    control_key(&screen, CODE_ESCAPE);
    press("@");
    CU_ASSERT(screen.plain_links);
    /* One that the feed was given too is not listed twice; a new one is. */
    enum role role;
    played.feed.links.count = 2;
    snprintf(played.feed.links.at[0].text, FEED_LINK_MAX, "https://a/#2");
    snprintf(played.feed.links.at[1].text, FEED_LINK_MAX, "https://a/#3");
    CU_ASSERT_STRING_EQUAL(screen_link(&screen, 2, &role), "https://a/#3");
    CU_ASSERT_PTR_NULL(screen_link(&screen, 3, &role));
    played_stand_up(&played, &paint);
}

static void test_clicks(void) {
    begin(PLAYED_ANA);
    for (int i = 0; i < screen.hit_count; i++) {
        const struct hit *hit = &screen.hits[i];
        if (hit->kind == HIT_ROW && hit->index == 4) {
            control_click(&screen, hit->rect.x + 8, hit->rect.y);
            break;
        }
    }
    CU_ASSERT_EQUAL(played.sent_count, 1);
    CU_ASSERT(span_equal(played_sent(&played, 0)->item, "serve"));
    for (int i = 0; i < screen.hit_count; i++) {
        const struct hit *hit = &screen.hits[i];
        if (hit->kind == HIT_TAB && hit->index == TAB_TALK) {
            control_click(&screen, hit->rect.x, hit->rect.y);
            break;
        }
    }
    CU_ASSERT_EQUAL(screen.tab, TAB_TALK);
    control_click(&screen, -5, 900);
    CU_ASSERT_EQUAL(screen.tab, TAB_TALK);
    played_stand_up(&played, &paint);
}

/* A click on a fact or question selects it, however often. */
static void test_clicks_select(void) {
    static const enum screen_tab tabs[] = {TAB_PROMPT, TAB_QUESTIONS};
    begin(PLAYED_ANA);
    for (int i = 0; i < 2; i++) {
        screen.tab = tabs[i];
        look();
        for (int k = 0; k < screen.hit_count; k++) {
            const struct hit hit = screen.hits[k];
            if (hit.kind == HIT_ROW && hit.index == 1) {
                control_click(&screen, hit.rect.x + 2, hit.rect.y);
                control_click(&screen, hit.rect.x + 2, hit.rect.y);
                break;
            }
        }
        CU_ASSERT_EQUAL(screen.cursor[tabs[i]], 1);
    }
    CU_ASSERT_EQUAL(played.sent_count, 0);
    press(" "); /* the key for the line with the cursor asks too */
    CU_ASSERT_EQUAL(played.sent_count, 0);
    press(" ");
    CU_ASSERT_EQUAL(played.sent_count, 1);
    played_stand_up(&played, &paint);
}

static uint32_t first_of(enum action act) {
    for (uint32_t i = 0; i < played.feed.event_count; i++) {
        if (played.feed.events[i].body.act == act) {
            return i + 1;
        }
    }
    return 0;
}

static void test_replay(void) {
    played_open(&played, 0);
    played_to_design(&played);
    played_to_debrief(&played);
    played_recording(&played, PLAYED_ANA, 5);
    screen_init(&screen, &played.feed, NULL);
    CU_ASSERT_FATAL(paint_init(&paint, 120, 40));
    look();
    press("x");
    CU_ASSERT_EQUAL(played.feed.model.room.pos, first_of(ACTION_FLAG_SET));
    press("3");
    CU_ASSERT_EQUAL(played.feed.model.room.clock.phase, 2);
    press("b");
    CU_ASSERT_EQUAL(played.feed.model.room.clock.phase, 1);
    press("bb"); /* nothing before the start */
    CU_ASSERT_EQUAL(played.feed.model.room.clock.phase, 0);
    press("f"); /* the item "schema" of Clarify, marked by the coach */
    CU_ASSERT_EQUAL(played.feed.model.room.clock.phase, 0);
    CU_ASSERT(span_equal(played.feed.events[played.feed.model.room.pos - 1].body.item, "schema"));
    press(" ");
    CU_ASSERT_EQUAL(played.feed.speed_num, 0);
    press(" +++");
    CU_ASSERT_EQUAL(played.feed.speed_num, 8);
    for (int i = 0; i < 10; i++) {
        press("+");
    }
    CU_ASSERT_EQUAL(played.feed.speed_num, 64);
    for (int i = 0; i < 20; i++) {
        press("-");
    }
    CU_ASSERT_EQUAL(played.feed.speed_num, 1);
    CU_ASSERT_EQUAL(played.feed.speed_den, 2);
    CU_ASSERT_EQUAL(played.sent_count, 0);
    press("q");
    CU_ASSERT(screen.quit);
    played_stand_up(&played, &paint);
}

/* Any keys in any order at any size: nothing breaks (the sanitizers watch). */
static void test_any_keys(void) {
    static const uint8_t seats[] = {PLAYED_ANA, PLAYED_BEN, PLAYED_CLEO};
    unsigned seed = 7;
    for (size_t s = 0; s < sizeof seats; s++) {
        begin(seats[s]);
        for (int i = 0; i < 800; i++) {
            seed = seed * 1103515245U + 12345U;
            int code = (int)(seed >> 16 & 127);
            control_key(&screen, (seed >> 24 & 3) ? code : CODE_UP + (code & 15));
            control_click(&screen, (int)(seed >> 8 & 127), (int)(seed >> 4 & 31));
            if (i % 50 == 0) {
                CU_ASSERT_FATAL(
                    paint_resize(&paint, 20 + (int)(seed >> 9 & 127), 8 + (int)(seed >> 3 & 63)));
            }
            look();
        }
        CU_ASSERT(screen.hit_count <= SCREEN_HITS_MAX);
        played_stand_up(&played, &paint);
    }
}

/* Everybody has their own hand; a coach lowers that of others. */
static void test_hands(void) {
    begin(PLAYED_ANA);
    press("!");
    CU_ASSERT_EQUAL(played_sent(&played, 0)->act, ACTION_HAND_SET);
    CU_ASSERT_EQUAL(played_sent(&played, 0)->has, F(on));
    CU_ASSERT_EQUAL(played_sent(&played, 0)->on, 1);
    played_stand_up(&played, &paint);
    played_open(&played, 0);
    played_do(&played, PLAYED_BEN, 30000,
              (struct body){.act = ACTION_HAND_SET, .has = F(on), .on = 1});
    sit_down(PLAYED_BEN);
    press("!");
    CU_ASSERT_EQUAL(played_sent(&played, 0)->on, 0);
    paint_free(&paint);
    sit_down(PLAYED_CLEO);
    press("!");
    CU_ASSERT_EQUAL(played_sent(&played, 0)->has, F(on) | F(seat));
    CU_ASSERT_EQUAL(played_sent(&played, 0)->seat, PLAYED_BEN);
    CU_ASSERT_EQUAL(played_sent(&played, 0)->on, 0);
    played_stand_up(&played, &paint);
    begin(PLAYED_CLEO);
    press("!"); /* nobody's is up */
    CU_ASSERT_EQUAL(played.sent_count, 0);
    played_stand_up(&played, &paint);
}

/* Somebody's seat: first what becomes of it, then whether; anything else does nothing. */
static void test_seats(void) {
    played_open(&played, 0);
    played_to_design(&played);
    sit_down(PLAYED_ANA);
    for (int i = 0; i < TAB_COUNT && screen.tab != TAB_ROOM; i++) {
        control_key(&screen, '\t');
    }
    look();
    CU_ASSERT_EQUAL_FATAL(screen.tab, TAB_ROOM);
    CU_ASSERT_EQUAL(screen_rows(&screen), 3);
    press("c");
    CU_ASSERT_EQUAL(screen.asking, ASK_SEAT);
    CU_ASSERT_EQUAL(screen.asked_seat, PLAYED_BEN);
    press("y");
    CU_ASSERT_EQUAL(screen.asking, ASK_NOTHING);
    press("cmn");
    CU_ASSERT_EQUAL(played.sent_count, 0);
    press("cmy");
    CU_ASSERT_EQUAL_FATAL(played.sent_count, 1);
    CU_ASSERT_EQUAL(played_sent(&played, 0)->act, ACTION_SEAT_MOVE);
    CU_ASSERT_EQUAL(played_sent(&played, 0)->seat, PLAYED_BEN);
    press("eoy");
    CU_ASSERT_EQUAL_FATAL(played.sent_count, 2);
    CU_ASSERT_EQUAL(played_sent(&played, 1)->act, ACTION_SEAT_OUT);
    /* Nobody puts themselves out. */
    press("a");
    CU_ASSERT_EQUAL(screen.asking, ASK_NOTHING);
    CU_ASSERT(screen.said[0] != '\0');
    paint_free(&paint);
    sit_down(PLAYED_CLEO); /* a coach moves nobody */
    CU_ASSERT_EQUAL(screen_movable_seats(&screen), 0);
    played_stand_up(&played, &paint);
}

static void give_link(enum role role, const char *text) {
    struct feed_links *links = &screen.feed->links;
    links->at[links->count] = (struct feed_link){.role = role, .seat = -1};
    snprintf(links->at[links->count++].text, FEED_LINK_MAX, "%s", text);
}

/* A link that comes while the list is open takes no letter of somebody's. */
static void test_letters_stay(void) {
    played_open(&played, 0);
    played_to_design(&played);
    sit_down(PLAYED_ANA);
    give_link(ROLE_COACH, "https://one.example/link");
    for (int i = 0; i < TAB_COUNT && screen.tab != TAB_ROOM; i++) {
        control_key(&screen, '\t');
    }
    look();
    press("e"); /* the third: a link, Ana, Ben */
    CU_ASSERT_EQUAL(screen.asking, ASK_SEAT);
    CU_ASSERT_EQUAL(screen.asked_seat, PLAYED_BEN);
    press("n");
    give_link(ROLE_COACH, "https://two.example/link");
    look();
    press("e");
    CU_ASSERT_EQUAL(screen.asking, ASK_SEAT);
    CU_ASSERT_EQUAL(screen.asked_seat, PLAYED_BEN);
    press("n");
    press("g"); /* behind the seats; Cleo is the fourth */
    CU_ASSERT_STRING_EQUAL(screen.copied, "https://two.example/link");
    /* Opened anew it is in order again. */
    press("\t");
    screen_follow(&screen);
    for (int i = 0; i < TAB_COUNT && screen.tab != TAB_ROOM; i++) {
        control_key(&screen, '\t');
    }
    look();
    press("c");
    CU_ASSERT_EQUAL(screen.asking, ASK_NOTHING);
    press("f");
    CU_ASSERT_EQUAL(screen.asked_seat, PLAYED_BEN);
    played_stand_up(&played, &paint);
}

static CU_TestInfo tests[] = {
    {"letters of people stay", test_letters_stay},
    {"hands", test_hands},
    {"letters cycle marks", test_letters_cycle},
    {"keys of the clock", test_clock_keys},
    {"more time", test_more_time},
    {"grave steps ask first", test_grave_steps_ask},
    {"candidate and coach do not drive", test_candidate_and_coach_cannot_drive},
    {"a candidate marks their own sheet", test_own_sheet},
    {"facts, questions and flags", test_facts_questions_flags},
    {"writing lines", test_writing},
    {"looking at another phase", test_looking_at_another_phase},
    {"keys in one go", test_keys_in_one_go},
    {"panes follow tabs and stages", test_tabs_and_stages},
    {"links are copied", test_links},
    {"a seat is moved, or somebody put out", test_seats},
    {"clicks", test_clicks},
    {"clicks on what would reach the candidate", test_clicks_select},
    {"keys of a recording", test_replay},
    {"any keys at any size", test_any_keys},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"control", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
