/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what the rules suggest where the candidate draws: each kind exactly when it holds, in
 * place of those that count marks to propose the same; nothing by what an interviewer drew, to the
 * candidate, or without a box.
 */
#include <string.h>

#include "protocol/board/line.h"
#include "protocol/room/suggest.h"
#include "tests/support/board_bodies.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

#define MINUTE INT64_C(60000)

/* Design is from minute 8 to 23; the rules speak from minute 20 on. */
enum { DESIGN = 2, DESIGN_AT = 8, LATE_AT = 20, MINE = SAMPLE_CANDIDATE * BOARD_IDS };
/* Of the pack below; those of the sample come first. */
enum { BOX_EARLY = SAMPLE_SUGGESTS, BOX_BARE, NO_RIVAL, NO_NUMBER, UNWRITTEN, PARKED, RULES };

static struct sample s;
static int64_t start;

/* Each proposes a flag of its own, but that BOX_EARLY proposes the same as "early". */
static struct pack *board_pack(void) {
    static const struct pack_suggest rules[RULES - SAMPLE_SUGGESTS] = {
        {.id = "box-early", .kind = SUGGEST_BOX_EARLY, .phase = -1, .group = 1, .least = 3},
        {.id = "box-bare", .kind = SUGGEST_BOX_BARE, .phase = DESIGN, .least = 2, .ms = 180000},
        {.id = "no-rival", .kind = SUGGEST_NO_RIVAL, .phase = DESIGN, .ms = 180000},
        {.id = "no-number", .kind = SUGGEST_NO_NUMBER, .phase = DESIGN, .ms = 180000},
        {.id = "unwritten",
         .kind = SUGGEST_UNWRITTEN,
         .phase = DESIGN,
         .ms = 180000,
         .words = {"dead letter", "retr"},
         .word_count = 2},
        {.id = "parked", .kind = SUGGEST_PARKED, .phase = -1},
    };
    struct pack *pack = sample_pack_two();
    for (int i = 0; i < RULES - SAMPLE_SUGGESTS; i++) {
        struct pack_suggest *rule = &pack->suggests[pack->suggest_count++];
        *rule = rules[i];
        rule->text = "Seen.";
        if (rule->kind == SUGGEST_BOX_EARLY) {
            rule->flag = pack->suggests[SUGGEST_EARLY].flag;
            continue;
        }
        rule->flag = rule->id;
        pack->flags[pack->flag_count++] =
            (struct pack_flag){.id = rule->id, .title = rule->id, .fix = "A fix."};
    }
    return pack;
}

static void begin(void) {
    struct pack *pack = board_pack();
    sample_open_as(&s, pack, (struct body){.has = F(rules), .rules = 2});
    pack_unref(pack);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
    start = s.now;
}

static void by(uint8_t seat, int64_t ms, struct body body) {
    s.now = start + ms;
    CU_ASSERT_EQUAL(sample_do(&s, seat, body), REFUSAL_NONE);
}

static void mine(int64_t ms, struct body body) {
    by(SAMPLE_CANDIDATE, ms, body);
}

static void mark(int64_t ms, const char *item) {
    by(SAMPLE_HOST, ms, body_mark(ACTION_MARK_SET, item, MARK_RAISED));
}

/* Three questions, and on to Design at its planned moment. */
static void begin_design(void) {
    begin();
    mark(MINUTE, "item-0");
    mark(MINUTE, "item-1");
    mark(MINUTE, "item-2");
    by(SAMPLE_HOST, DESIGN_AT * MINUTE, body_phase(ACTION_CLOCK_JUMP, DESIGN));
}

static bool is_due(int64_t ms, int rule) {
    uint8_t list[PACK_SUGGESTS_MAX];
    uint8_t count = suggest_due(&s.room, start + ms, list);
    for (uint8_t i = 0; i < count; i++) {
        if (list[i] == rule) {
            return true;
        }
    }
    return false;
}

/* In a room without a box nothing of the board holds, whatever is written. */
static void test_silent(void) {
    begin();
    mine(MINUTE, body_worded(ACTION_REQ_ADD, MINE + 1, "50 MB/s"));
    struct body words = body_box(MINE + 2, 0, 0, "only words");
    words.has |= F(style);
    words.style = BOX_TEXT;
    mine(2 * MINUTE, words);
    by(SAMPLE_HOST, 9 * MINUTE, body_phase(ACTION_CLOCK_JUMP, DESIGN));
    for (int rule = BOX_EARLY; rule < RULES; rule++) {
        CU_ASSERT_FALSE(is_due(30 * MINUTE, rule));
    }
    /* What the interviewer draws is nobody's answer. */
    by(SAMPLE_HOST, 10 * MINUTE, (struct body){.act = ACTION_BOARD_SHARE, .has = F(on), .on = 1});
    by(SAMPLE_HOST, 10 * MINUTE, body_box(SAMPLE_HOST * BOARD_IDS + 1, 1, 0, "Kafka"));
    for (int rule = BOX_EARLY; rule < RULES; rule++) {
        CU_ASSERT_FALSE(is_due(30 * MINUTE, rule));
    }
    sample_free(&s);
}

static void test_early(void) {
    begin();
    mark(MINUTE, "item-0");
    mark(MINUTE, "item-1");
    mark(2 * MINUTE, "item-4"); /* by the marks, Design came early too */
    CU_ASSERT_TRUE(is_due(2 * MINUTE, SUGGEST_EARLY));
    mine(3 * MINUTE, body_box(MINE + 1, 0, 0, "Kafka"));
    CU_ASSERT_TRUE(is_due(3 * MINUTE, BOX_EARLY));
    CU_ASSERT_FALSE(is_due(3 * MINUTE, SUGGEST_EARLY)); /* its place is taken */
    mine(4 * MINUTE, body_thing(ACTION_BOX_DROP, MINE + 1));
    CU_ASSERT_FALSE(is_due(4 * MINUTE, BOX_EARLY)); /* a slip */
    CU_ASSERT_TRUE(is_due(4 * MINUTE, SUGGEST_EARLY));
    mark(5 * MINUTE, "item-2");
    mine(6 * MINUTE, body_box(MINE + 2, 0, 0, "Kafka"));
    CU_ASSERT_FALSE(is_due(6 * MINUTE, BOX_EARLY));
    CU_ASSERT_FALSE(is_due(6 * MINUTE, SUGGEST_EARLY));
    sample_free(&s);
}

static void test_bare(void) {
    begin_design();
    mine(9 * MINUTE, body_worded(ACTION_REQ_ADD, MINE + 1, "50 MB/s"));
    mine(9 * MINUTE, body_box(MINE + 2, 0, 0, "Kafka; R1"));
    mine(9 * MINUTE, body_box(MINE + 3, 1, 0, "Flink"));
    mine(9 * MINUTE, body_box(MINE + 4, 2, 0, "Druid; R7")); /* there is no R7 */
    CU_ASSERT_FALSE(is_due(LATE_AT * MINUTE - 1, BOX_BARE));
    CU_ASSERT_EQUAL(suggest_next(&s.room, s.now), start + LATE_AT * MINUTE);
    CU_ASSERT_TRUE(is_due(LATE_AT * MINUTE, BOX_BARE));
    mine(LATE_AT * MINUTE, body_worded(ACTION_BOX_TEXT, MINE + 3, "Flink; R1"));
    CU_ASSERT_FALSE(is_due(LATE_AT * MINUTE, BOX_BARE)); /* one is too few */
    sample_free(&s);
}

/* Late in Design, and after it; taken for good by what one box says. */
static void check_late(int rule, const char *without, const char *with) {
    begin_design();
    mine(9 * MINUTE, body_box(MINE + 1, 0, 0, without));
    CU_ASSERT_FALSE(is_due(LATE_AT * MINUTE - 1, rule));
    CU_ASSERT_TRUE(is_due(LATE_AT * MINUTE, rule));
    by(SAMPLE_HOST, 21 * MINUTE, body_phase(ACTION_CLOCK_JUMP, DESIGN + 1));
    CU_ASSERT_TRUE(is_due(22 * MINUTE, rule));
    mine(22 * MINUTE, body_worded(ACTION_BOX_TEXT, MINE + 1, with));
    CU_ASSERT_FALSE(is_due(22 * MINUTE, rule));
    sample_free(&s);
}

static void test_late(void) {
    check_late(NO_RIVAL, "Kafka: replay; 50 MB/s", "Kafka != Kinesis");
    check_late(NO_NUMBER, "S3; R1; Parquet", "S3; R1; 50 MB/s");
    check_late(UNWRITTEN, "Kafka; redeads letters; foretry", "Kafka; Dead-letter topic");
    check_late(UNWRITTEN, "Kafka", "Kafka; retries, 3 times");
}

/* On an arrow, too, and on the worksheet. */
static void test_elsewhere(void) {
    begin_design();
    mine(9 * MINUTE, body_box(MINE + 1, 0, 0, "Kafka"));
    mine(9 * MINUTE, body_box(MINE + 2, 1, 0, "Flink"));
    CU_ASSERT_TRUE(is_due(LATE_AT * MINUTE, NO_NUMBER));
    mine(10 * MINUTE, body_arrow(MINE + 3, MINE + 1, MINE + 2, "for R1"));
    CU_ASSERT_TRUE(is_due(LATE_AT * MINUTE, NO_NUMBER));
    mine(10 * MINUTE, body_worded(ACTION_ARROW_LABEL, MINE + 3, "50 MB/s, R1"));
    CU_ASSERT_FALSE(is_due(LATE_AT * MINUTE, NO_NUMBER));
    struct body line = body_worded(ACTION_SHEET_WRITE, MINE + 4, "Dead letters");
    line.has |= F(style);
    line.style = LINE_PARKED;
    mine(11 * MINUTE, line);
    CU_ASSERT_TRUE(is_due(LATE_AT * MINUTE, UNWRITTEN)); /* parked is not drawn */
    line.style = LINE_PLAIN;
    mine(12 * MINUTE, line);
    CU_ASSERT_FALSE(is_due(LATE_AT * MINUTE, UNWRITTEN));
    sample_free(&s);
}

static void test_parked(void) {
    begin_design();
    mine(9 * MINUTE, body_box(MINE + 1, 0, 0, "Cost report"));
    struct body line =
        body_worded(ACTION_SHEET_WRITE, MINE + 2, "Access control, cost report; R2: nobody asked");
    line.has |= F(style);
    line.style = LINE_PARKED;
    mine(10 * MINUTE, line);
    mine(11 * MINUTE, body_box(MINE + 3, 1, 0, "Flink; R2; controls access"));
    CU_ASSERT_FALSE(is_due(11 * MINUTE, PARKED)); /* drawn before it was parked */
    mine(12 * MINUTE, body_box(MINE + 4, 2, 0, "access control by table"));
    CU_ASSERT_TRUE(is_due(12 * MINUTE, PARKED));
    line.style = LINE_PLAIN; /* taken back in */
    mine(13 * MINUTE, line);
    CU_ASSERT_FALSE(is_due(13 * MINUTE, PARKED));
    sample_free(&s);
}

/* Settled as the others; and the candidate's own fold has no rule to suggest by. */
static void test_settled(void) {
    struct room seen;
    begin_design();
    mine(9 * MINUTE, body_box(MINE + 1, 0, 0, "Kafka"));
    by(SAMPLE_COACH, LATE_AT * MINUTE, suggest_take(s.room.pack, NO_RIVAL));
    CU_ASSERT_FALSE(is_due(LATE_AT * MINUTE, NO_RIVAL));
    by(SAMPLE_HOST, LATE_AT * MINUTE, body_drop("no-number"));
    CU_ASSERT_FALSE(is_due(LATE_AT * MINUTE, NO_NUMBER));
    CU_ASSERT_TRUE(is_due(LATE_AT * MINUTE, UNWRITTEN));
    CU_ASSERT_TRUE(sample_view(&s, SAMPLE_CANDIDATE, s.count, &seen));
    CU_ASSERT_EQUAL(seen.pack->suggest_count, 0);
    room_free(&seen);
    sample_free(&s);
}

static void check_spoilt(int rule, int what) {
    struct pack_fault fault;
    struct pack *pack = board_pack();
    struct pack_suggest *spoilt = &pack->suggests[rule];
    CU_ASSERT_TRUE(pack_check(pack, &fault));
    switch (what) {
    case 0: spoilt->least = !spoilt->least; break;
    case 1: spoilt->ms = spoilt->ms ? 0 : 1; break;
    case 2: spoilt->group = !spoilt->group; break;
    case 3: spoilt->word_count = !spoilt->word_count; break;
    default: spoilt->phase = spoilt->phase < 0 ? 1 : -1; break;
    }
    spoilt->words[0] = "a word";
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    pack_unref(pack);
}

static void test_checked(void) {
    for (int rule = BOX_EARLY; rule < RULES; rule++) {
        for (int what = 0; what < 5; what++) {
            check_spoilt(rule, what);
        }
    }
}

/* One word more than there may be, and one byte longer. */
static void test_bounds(void) {
    struct pack_fault fault;
    char word[PACK_SUGGEST_WORD_MAX + 2];
    memset(word, 'w', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    struct pack *pack = board_pack();
    struct pack_suggest *rule = &pack->suggests[UNWRITTEN];
    rule->word_count = PACK_SUGGEST_WORDS_MAX;
    for (int i = 0; i < PACK_SUGGEST_WORDS_MAX; i++) {
        rule->words[i] = word + 1;
    }
    CU_ASSERT_TRUE(pack_check(pack, &fault));
    rule->words[1] = word;
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    rule->words[1] = word + 1;
    rule->word_count++;
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    rule->word_count--;
    pack_unref(pack);
}

static void test_words(void) {
    CU_ASSERT_TRUE(line_says(span_of("a Dead-Letter queue"), span_of("dead letter")));
    CU_ASSERT_FALSE(line_says(span_of("undead letter"), span_of("dead letter")));
    CU_ASSERT_FALSE(line_says(span_of("dead"), span_of("dead letter")));
    CU_ASSERT_FALSE(line_says(span_of("dead"), span_of("")));
    CU_ASSERT_TRUE(line_has_number(span_of("R1, 60 s")));
    CU_ASSERT_TRUE(line_has_number(span_of("7R1")));
    CU_ASSERT_FALSE(line_has_number(span_of("R1 R22 and R333")));
}

int main(void) {
    static CU_TestInfo tests[] = {{"silent without a box", test_silent},
                                  {"drawn early", test_early},
                                  {"boxes that cite nothing", test_bare},
                                  {"late in a phase", test_late},
                                  {"on arrows and lines", test_elsewhere},
                                  {"parked and drawn", test_parked},
                                  {"settled", test_settled},
                                  {"rules are checked", test_checked},
                                  {"bounds of words", test_bounds},
                                  {"words and numbers", test_words},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"suggest_board", NULL, NULL, NULL, NULL, tests},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
