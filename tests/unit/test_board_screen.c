/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the board's pane: what each key sends, what the panel sees and points at; pictures.
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/screen/control.h"
#include "client/screen/key_use.h"
#include "client/screen/keys.h"
#include "protocol/board/layout.h"
#include "protocol/board/picture.h"
#include "tests/support/board_bodies.h"
#include "tests/support/golden.h"
#include "tests/support/played_pack.h"
#include "tests/support/played_screen.h"
#include "tests/support/test_main.h"

enum { START = 60000, FIRST = PLAYED_BEN * BOARD_IDS + 1 };

static struct played played;
static struct screen screen;
static struct paint paint;

static void look(void) {
    screen.mono = 5000;
    played_look(&screen, &paint, START + 60000);
}

static void show_tab(enum screen_tab tab) {
    screen.tab = tab;
    look();
}

static void begin(void) {
    played_open_as(&played, played_pack(), (struct body){.has = F(rules), .rules = 2});
    played_act(&played, PLAYED_ANA, START, ACTION_CLOCK_START);
}

static void sit_down(uint8_t seat, int width, int height) {
    played_sit_down(&played, seat, &screen, &paint, width, height);
    look();
    show_tab(TAB_BOARD);
}

static void press(int code) {
    control_key(&screen, code);
    look();
}

static void type(const char *keys) {
    for (; *keys; keys++) {
        press((unsigned char)*keys);
    }
}

static const struct board *shown(void) {
    return drawing_shown(&played.feed.model);
}

/* In a guided room columns and lines have names; a new line begins with the next one. */
static void test_guided(void) {
    struct pack *pack = played_pack();
    pack->format = 2;
    pack->slots[0] = "Load";
    pack->slots[1] = "Readers";
    pack->slot_count = 2;
    pack->layers[0] = "Sources";
    pack->layers[1] = "Storage";
    pack->layer_count = 2;
    played_open_as(&played, pack, (struct body){.has = F(rules), .rules = 2, .mode = MODE_GUIDED});
    played_act(&played, PLAYED_ANA, START, ACTION_CLOCK_START);
    sit_down(PLAYED_BEN, 80, 24);
    press('+');
    CU_ASSERT_STRING_EQUAL(screen.input.text, "Load: ");
    type("50 MB/s\r");
    CU_ASSERT_STRING_EQUAL(shown()->things[0].text, "Load: 50 MB/s");
    golden_expect("board-guided-80x24", &paint);
    played_stand_up(&played, &paint);
}

/* Somebody who draws elsewhere: a terminal says that there is a picture. The interviewer lets the
 * interviewers draw, and no longer. */
static void test_picture_and_share(void) {
    static const char png[] = "\x89PNG\r\n\x1a\n";
    begin();
    played_do(&played, PLAYED_BEN, START + 1000,
              picture_part((struct span){png, sizeof png - 1}, FIRST, 0));
    sit_down(PLAYED_ANA, 80, 24);
    golden_expect("board-picture-80x24", &paint);
    press('&');
    CU_ASSERT_STRING_EQUAL(action_row(played.feed.model.pending[0].command.body.act)->wire,
                           "board.share");
    CU_ASSERT_EQUAL(played.feed.model.pending[0].command.body.on, 1);
    played_stand_up(&played, &paint);
}

/* A letter begins a box; Tab writes the signs; Enter goes on to the next with an arrow. */
static void test_drawn_by_keys(void) {
    begin();
    sit_down(PLAYED_BEN, 80, 24);
    golden_expect("board-empty-80x24", &paint);
    type("Kafka\tKinesis\treplay\tR1\r");
    CU_ASSERT_EQUAL(screen.writing, WRITE_BOX);
    golden_expect("board-write-80x24", &paint);
    type("Flink\r");
    press(CODE_ESCAPE);
    CU_ASSERT_EQUAL(shown()->count, 3);
    CU_ASSERT_STRING_EQUAL(board_find(shown(), FIRST)->text,
                           "Kafka \xe2\x89\xa0 Kinesis: replay; R1");
    CU_ASSERT_EQUAL(board_find(shown(), FIRST + 2)->kind, BOARD_ARROW);
    type("+dashboards within 60 s\r+\tlater: cost\r");
    CU_ASSERT_EQUAL(board_find(shown(), FIRST + 3)->kind, BOARD_REQ);
    CU_ASSERT_EQUAL(board_find(shown(), FIRST + 4)->kind, BOARD_LINE);
    press(CODE_LEFT);
    golden_expect("board-choose-80x24", &paint);
    played_stand_up(&played, &paint);
}

/* A sign without words gives way to the next one. */
static void test_empty_signs(void) {
    begin();
    sit_down(PLAYED_BEN, 80, 24);
    type("Kafka\t\t");
    CU_ASSERT_STRING_EQUAL(screen.input.text, "Kafka: ");
    type("\t\tR1\t\t\r");
    press(CODE_ESCAPE);
    CU_ASSERT_STRING_EQUAL(board_find(shown(), FIRST)->text, "Kafka; R1");
    press(CODE_DOWN);
    type("Flink != Spark\t \tlate\r");
    CU_ASSERT_STRING_EQUAL(board_find(shown(), FIRST + 1)->text, "Flink \xe2\x89\xa0 Spark; late");
    played_stand_up(&played, &paint);
}

static void test_arrows_and_moves(void) {
    begin();
    sit_down(PLAYED_BEN, 120, 40);
    type("a\r");
    press(CODE_ESCAPE);
    press(CODE_LEFT);
    press(' ');
    press(CODE_DOWN);
    CU_ASSERT_EQUAL(board_find(shown(), FIRST)->row, 1);
    press(' ');
    press(CODE_RIGHT);
    type("b\r");
    press(CODE_ESCAPE);
    press(CODE_LEFT);
    press('>');
    CU_ASSERT_EQUAL(screen.board.from, FIRST + 1);
    press(CODE_LEFT);
    press('>');
    CU_ASSERT_EQUAL(shown()->count, 3);
    press(CODE_DELETE);
    CU_ASSERT_TRUE(board_find(shown(), FIRST)->dropped);
    played_stand_up(&played, &paint);
}

/* The last thing of a kind that is shown, NULL: there is none. */
static const struct board_thing *last_of(enum board_kind kind) {
    const struct board_thing *found = NULL;
    for (uint32_t i = 0; i < shown()->count; i++) {
        const struct board_thing *thing = &shown()->things[i];
        found = thing->kind == kind && board_is_shown(shown(), thing) ? thing : found;
    }
    return found;
}

/* An arrow key in a new box without words takes the arrow elsewhere; Enter on a box ends it. */
static void test_branches(void) {
    begin();
    sit_down(PLAYED_BEN, 80, 24);
    type("Kafka\rFlink\r");
    press(CODE_LEFT);
    press(CODE_DOWN);
    CU_ASSERT_EQUAL(screen.writing, WRITE_NOTHING);
    CU_ASSERT_EQUAL(screen.board.from, FIRST + 1);
    type("Late\r");
    press(CODE_LEFT);
    press(CODE_UP);
    press('\r');
    const struct board_thing *arrow = last_of(BOARD_ARROW);
    CU_ASSERT_EQUAL(arrow->to, FIRST + 1);
    CU_ASSERT_EQUAL(board_find(shown(), arrow->from)->row, 1);
    CU_ASSERT_EQUAL(screen.board.from, 0);
    press('>');
    press(CODE_RIGHT);
    type("9 nodes\r");
    CU_ASSERT_STRING_EQUAL(last_of(BOARD_BOX)->text, "9 nodes");
    CU_ASSERT_EQUAL(last_of(BOARD_ARROW)->from, FIRST + 1);
    press('\r');
    press('\r');
    CU_ASSERT_EQUAL(screen.board.from, 0);
    played_stand_up(&played, &paint);
}

/* What was changed with Enter begins no next box. */
static void test_changed(void) {
    begin();
    sit_down(PLAYED_BEN, 80, 24);
    type("Kafka\r");
    press(CODE_ESCAPE);
    press(CODE_LEFT);
    type("\r; 50 MB/s\r");
    CU_ASSERT_STRING_EQUAL(last_of(BOARD_BOX)->text, "Kafka; 50 MB/s");
    CU_ASSERT_EQUAL(screen.writing, WRITE_NOTHING);
    type("\r");
    for (int i = 0; i < 14; i++) {
        press(CODE_BACKSPACE);
    }
    press('\r');
    CU_ASSERT_STRING_EQUAL(last_of(BOARD_BOX)->text, "Kafka; 50 MB/s");
    played_stand_up(&played, &paint);
}

static void test_arrow_styles(void) {
    begin();
    sit_down(PLAYED_BEN, 80, 24);
    type("a\rb\r");
    press(CODE_ESCAPE);
    press(CODE_LEFT);
    press('/');
    CU_ASSERT_EQUAL_FATAL(screen_chosen(&screen)->kind, BOARD_ARROW);
    press('-');
    CU_ASSERT_EQUAL(last_of(BOARD_ARROW)->style, ARROW_DASHED);
    press('-');
    press('-');
    CU_ASSERT_EQUAL(last_of(BOARD_ARROW)->style, ARROW_PLAIN);
    type("\rR1\r");
    CU_ASSERT_STRING_EQUAL(last_of(BOARD_ARROW)->text, "R1");
    press(' ');
    CU_ASSERT_EQUAL(screen.board.hold, HOLD_NOTHING);
    press('/');
    CU_ASSERT_EQUAL(screen_chosen(&screen)->kind, BOARD_BOX);
    press('/');
    press(CODE_DELETE);
    CU_ASSERT_PTR_NULL(last_of(BOARD_ARROW));
    played_stand_up(&played, &paint);
}

/* A frame or a span is stretched as soon as it has its words, and later by Space. */
static void test_frames_and_spans(void) {
    begin();
    sit_down(PLAYED_BEN, 80, 24);
    type("#Region\r");
    press(CODE_RIGHT);
    press(CODE_RIGHT);
    press(CODE_DOWN);
    press(CODE_LEFT);
    press(CODE_UP);
    press(CODE_UP);
    const struct board_thing *frame = last_of(BOARD_FRAME);
    CU_ASSERT_EQUAL(frame->cols, 2);
    CU_ASSERT_EQUAL(frame->rows, 1);
    press(CODE_ESCAPE);
    press(CODE_DOWN);
    type("_60 s; R2\r");
    press(CODE_RIGHT);
    press(CODE_DOWN);
    CU_ASSERT_EQUAL(last_of(BOARD_SPAN)->cols, 2);
    press(' ');
    press(' ');
    press(CODE_RIGHT);
    CU_ASSERT_EQUAL(last_of(BOARD_SPAN)->col, 1);
    CU_ASSERT_EQUAL(screen.board.col, 1);
    press(CODE_ESCAPE);
    press(CODE_UP);
    press('/');
    CU_ASSERT_EQUAL(screen_chosen(&screen)->kind, BOARD_FRAME);
    golden_expect("board-frame-80x24", &paint);
    press('\r');
    CU_ASSERT_STRING_EQUAL(screen.input.text, "Region");
    press(CODE_ESCAPE);
    press(CODE_DELETE);
    CU_ASSERT_PTR_NULL(last_of(BOARD_FRAME));
    type("\"as said\r");
    CU_ASSERT_EQUAL(last_of(BOARD_BOX)->style, BOX_TEXT);
    CU_ASSERT_EQUAL(screen.writing, WRITE_NOTHING);
    played_stand_up(&played, &paint);
}

static void click(int col, int row) {
    struct layout_rect cell = layout_narrow_cell(screen.board.box, col, row);
    control_click(&screen, screen.board.drawn.x + cell.x + 2 - screen.board.left,
                  screen.board.drawn.y + cell.y + 2 - screen.top[TAB_BOARD]);
    look();
}

/* A click chooses, a second one writes; while an arrow is led it ends the arrow, or begins a box.
 */
static void test_clicks(void) {
    begin();
    sit_down(PLAYED_BEN, 80, 24);
    click(1, 1);
    CU_ASSERT_EQUAL(screen.board.col * 10 + screen.board.row, 11);
    type("Kafka");
    click(2, 0);
    CU_ASSERT_STRING_EQUAL(last_of(BOARD_BOX)->text, "Kafka");
    type("Flink");
    click(1, 1);
    CU_ASSERT_EQUAL(last_of(BOARD_BOX)->row, 0);
    press('>');
    click(2, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(last_of(BOARD_ARROW));
    click(2, 0);
    CU_ASSERT_EQUAL(screen.writing, WRITE_BOX);
    press(CODE_ESCAPE);
    struct layout_rect cell = layout_narrow_cell(screen.board.box, 1, 1);
    control_click(&screen, screen.board.drawn.x + cell.x + cell.w,
                  screen.board.drawn.y + cell.y + 2);
    CU_ASSERT_EQUAL(screen_chosen(&screen)->kind, BOARD_ARROW);
    control_click(&screen, 0, screen.board.drawn.y);
    played_stand_up(&played, &paint);
}

/* The panel has the board beside the rubric from 120 columns on, and whole with one key. */
static void test_beside(void) {
    begin();
    played_do(&played, PLAYED_BEN, START + 3000, body_box(FIRST, 0, 0, "Kafka; R1"));
    played_do(&played, PLAYED_BEN, START + 3000, body_box(FIRST + 1, 4, 1, "Dashboards"));
    sit_down(PLAYED_ANA, 120, 40);
    show_tab(TAB_RUBRIC);
    golden_expect("board-beside-120x40", &paint);
    press('B');
    CU_ASSERT_EQUAL(screen.tab, TAB_BOARD);
    press('B');
    CU_ASSERT_EQUAL(screen.tab, TAB_RUBRIC);
    paint_free(&paint);
    sit_down(PLAYED_ANA, 119, 40);
    show_tab(TAB_RUBRIC);
    CU_ASSERT_FALSE(played_shows(&paint, "Dashb"));
    played_stand_up(&played, &paint);
}

/* Everybody is told in every pane that the candidate thinks unseen, and for how long yet. */
static void test_unseen(void) {
    begin();
    struct body on = {.act = ACTION_BOARD_PRIVATE, .has = F(on), .on = 1};
    played_do(&played, PLAYED_BEN, START + 50000, on);
    for (int seat = PLAYED_ANA; seat <= PLAYED_CLEO; seat++) {
        sit_down((uint8_t)seat, 80, 24);
        show_tab(TAB_TALK);
        CU_ASSERT(played_shows(&paint, seat == PLAYED_BEN ? "thinks unseen 1:50"
                                                          : "candidate unseen 1:50"));
        paint_free(&paint);
    }
    played_free(&played);
}

static void reveal(const char *fact, const char *text) {
    struct body body = {.act = ACTION_FACT_REVEAL, .has = F(fact) | F(text)};
    body.fact = span_of(fact);
    body.text = span_of(text);
    played_do(&played, PLAYED_ANA, START + 1000, body);
}

/* What was shown is written down with one key in any pane, and named no more then. */
static void test_fact_taken(void) {
    begin();
    reveal(played.pack->facts[0].id, played.pack->facts[0].text);
    sit_down(PLAYED_BEN, 80, 24);
    show_tab(TAB_PROMPT);
    press('=');
    CU_ASSERT_EQUAL_FATAL(last_of(BOARD_REQ)->number, 1);
    CU_ASSERT_STRING_EQUAL(last_of(BOARD_REQ)->text, played.pack->facts[0].text);
    CU_ASSERT_PTR_NOT_NULL(strstr(screen.said, "R1"));
    press('=');
    CU_ASSERT_EQUAL(last_of(BOARD_REQ)->number, 1);
    played_stand_up(&played, &paint);
}

/* The worksheet alone has each line whole, the scratch page last; the board's keys are off. */
static void test_worksheet_alone(void) {
    begin();
    sit_down(PLAYED_BEN, 80, 24);
    type("+one\r+\t\t\t3 x 4 = 12\r+\t\tcost\r+");
    for (int i = 0; i < 30; i++) {
        type("words ");
    }
    press('\r');
    press('|');
    golden_expect("board-lines-80x24", &paint);
    CU_ASSERT_EQUAL(screen_where(&screen) & (AT_DRAWS | AT_POINTS), 0);
    press(CODE_ESCAPE);
    CU_ASSERT_EQUAL(screen.tab, TAB_BOARD);
    CU_ASSERT_FALSE(screen.board.paper);
    played_stand_up(&played, &paint);
}

/* The panel points at a line there too, and at an arrow on the board. */
static void test_panel_points(void) {
    begin();
    played_do(&played, PLAYED_BEN, START + 1000, body_worded(ACTION_REQ_ADD, FIRST, "50 MB/s"));
    played_do(&played, PLAYED_BEN, START + 3000, body_box(FIRST + 1, 0, 0, "Kafka; R1"));
    played_do(&played, PLAYED_BEN, START + 3000, body_box(FIRST + 2, 1, 0, "Flink"));
    played_do(&played, PLAYED_BEN, START + 3000, body_arrow(FIRST + 3, FIRST + 1, FIRST + 2, "R1"));
    played_do(&played, PLAYED_CLEO, START + 4000, body_thing(ACTION_POINT_SET, FIRST + 1));
    played_do(&played, PLAYED_ANA, START + 4000, body_thing(ACTION_POINT_SET, FIRST + 1));
    sit_down(PLAYED_ANA, 120, 40);
    char *both = paint_dump(&paint);
    CU_ASSERT_PTR_NOT_NULL(strstr(both, "*Ana *Cleo"));
    free(both);
    press('|');
    press('a');
    CU_ASSERT_EQUAL_FATAL(played.sent_count, 1);
    CU_ASSERT_EQUAL(played.sent[0].thing, FIRST);
    press('|');
    press('/');
    press('\r');
    CU_ASSERT_EQUAL_FATAL(played.sent_count, 2);
    CU_ASSERT_EQUAL(played.sent[1].thing, FIRST + 3);
    look();
    CU_ASSERT(played_shows(&paint, "*Ana"));
    played_stand_up(&played, &paint);
}

/* ---- no key is named that does nothing ---- */

static void to_free(void) {
}

static void to_box(void) {
    type("a\rb\r\r");
    press(CODE_LEFT);
}

static void to_arrow(void) {
    to_box();
    press('/');
}

static void to_frame(void) {
    type("#team\r");
    press(CODE_ESCAPE);
    press('/');
}

static void to_lines(void) {
    type("+one\r|");
}

struct trace {
    int64_t numbers[7];
    uint8_t board[sizeof(struct screen_board)];
};

static struct trace trace_now(void) {
    struct trace trace = {.numbers = {(int)screen.tab, (int)screen.writing, (int)screen.asking,
                                      screen.help, screen.quit, (int)played.sent_count,
                                      played.feed.model.revision}};
    memcpy(trace.board, &screen.board, sizeof trace.board);
    return trace;
}

/* Presses the n-th key that the line of keys names there; false: there are no more. */
static bool try_key(void (*reach)(void), int n) {
    const struct key_row *row = NULL;
    int at = 0;
    begin();
    sit_down(PLAYED_BEN, 120, 40);
    reach();
    do {
        row = keys_next(screen_where(&screen), ROLE_CANDIDATE, &at);
        n -= row && key_use_label(&screen, row) ? 1 : 0;
    } while (row && n >= 0);
    if (row && row->action != KEYS_BOX_UNDO) { /* the played feed has no undo */
        struct trace before = trace_now();
        control_key(&screen, row->first);
        struct trace after = trace_now();
        CU_ASSERT(memcmp(before.numbers, after.numbers, sizeof after.numbers) != 0 ||
                  memcmp(before.board, after.board, sizeof after.board) != 0);
    }
    played_stand_up(&played, &paint);
    return row != NULL;
}

static void test_live_keys(void) {
    static void (*const reaches[])(void) = {to_free, to_box, to_arrow, to_frame, to_lines};
    for (size_t i = 0; i < sizeof reaches / sizeof *reaches; i++) {
        int n = 0;
        while (try_key(reaches[i], n)) {
            n++;
        }
        CU_ASSERT(n > 5);
    }
}

/* Of the process's own time, in ticks. */
static clock_t fastest_look(void) {
    clock_t best = 0;
    for (int i = 0; i < 9; i++) {
        clock_t start = clock();
        look();
        clock_t took = clock() - start + 1;
        best = i == 0 || took < best ? took : best;
    }
    return best;
}

static void take(struct board *board, struct body body) {
    CU_ASSERT_EQUAL(board_check(board, PLAYED_BEN, &body), REFUSAL_NONE);
    CU_ASSERT_TRUE(board_take(board, PLAYED_BEN, &body, START));
}

/* A board at its bounds costs a drawing little more than an empty one: far less than the tenth of
 * a second that lies between two drawings. */
static void test_full_board(void) {
    begin();
    sit_down(PLAYED_BEN, 120, 40);
    clock_t empty = fastest_look();
    struct board *board = &played.feed.model.room.board;
    uint32_t id = FIRST;
    for (int i = 0; i < BOARD_BOXES_MAX; i++) {
        take(board, body_box(id++, i % BOARD_COLS_MAX, i / BOARD_COLS_MAX,
                             "Kafka \u2260 Kinesis: replay; 50 MB/s; R1"));
    }
    for (int i = 0; i < BOARD_ARROWS_MAX; i++) {
        uint32_t from = FIRST + (uint32_t)(i % BOARD_BOXES_MAX);
        uint32_t to = FIRST + (uint32_t)((i + 1 + i / BOARD_BOXES_MAX) % BOARD_BOXES_MAX);
        take(board, body_arrow(id++, from, to, "R1"));
    }
    played.feed.model.revision++;
    look();
    CU_ASSERT_EQUAL(shown()->count, BOARD_BOXES_MAX + BOARD_ARROWS_MAX);
    clock_t full = fastest_look();
    CU_ASSERT(full < 100 * empty);
    played_stand_up(&played, &paint);
}

/* An earlier line is found by Up; left empty it is dropped. */
static void test_earlier_lines(void) {
    begin();
    sit_down(PLAYED_BEN, 80, 24);
    type("+one\r+two\r+");
    press(CODE_UP);
    CU_ASSERT_STRING_EQUAL(screen.input.text, "two");
    press(CODE_UP);
    type("!\r");
    CU_ASSERT_STRING_EQUAL(board_find(shown(), FIRST)->text, "one!");
    type("+");
    press(CODE_UP);
    for (int i = 0; i < 3; i++) {
        press(CODE_BACKSPACE);
    }
    press('\r');
    CU_ASSERT_TRUE(board_find(shown(), FIRST + 1)->dropped);
    played_stand_up(&played, &paint);
}

/* The panel sees what nothing answers, and points; the candidate's screen does not say it. */
static void test_panel(void) {
    begin();
    played_do(&played, PLAYED_BEN, START + 1000, body_worded(ACTION_REQ_ADD, FIRST, "50 MB/s"));
    played_do(&played, PLAYED_BEN, START + 2000, body_worded(ACTION_REQ_ADD, FIRST + 1, "60 s"));
    played_do(&played, PLAYED_BEN, START + 3000, body_box(FIRST + 2, 0, 0, "Kafka; R1"));
    played_do(&played, PLAYED_CLEO, START + 4000, body_thing(ACTION_POINT_SET, FIRST + 2));
    sit_down(PLAYED_ANA, 120, 40);
    golden_expect("board-panel-120x40", &paint);
    press('c');
    CU_ASSERT_EQUAL_FATAL(played.sent_count, 1);
    CU_ASSERT_EQUAL(played.sent[0].act, ACTION_POINT_SET);
    CU_ASSERT_EQUAL(played.sent[0].thing, FIRST + 1);
    press('\r');
    CU_ASSERT_EQUAL(played.sent[1].thing, FIRST + 2);
    paint_free(&paint);
    sit_down(PLAYED_BEN, 80, 24);
    CU_ASSERT_FALSE(played_shows(&paint, "answers"));
    CU_ASSERT(played_shows(&paint, "*Cleo"));
    played_stand_up(&played, &paint);
}

static CU_TestInfo tests[] = {{"drawn by keys", test_drawn_by_keys},
                              {"no sign without words", test_empty_signs},
                              {"names in a guided room", test_guided},
                              {"picture, and who draws", test_picture_and_share},
                              {"arrows and moves", test_arrows_and_moves},
                              {"branches", test_branches},
                              {"changed words", test_changed},
                              {"arrows' styles and labels", test_arrow_styles},
                              {"frames, spans, free words", test_frames_and_spans},
                              {"clicks", test_clicks},
                              {"beside the rubric", test_beside},
                              {"unseen", test_unseen},
                              {"a fact taken", test_fact_taken},
                              {"the worksheet alone", test_worksheet_alone},
                              {"the panel points", test_panel_points},
                              {"no key is dead", test_live_keys},
                              {"a full board", test_full_board},
                              {"earlier lines", test_earlier_lines},
                              {"the panel", test_panel},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"board's pane", NULL, NULL, NULL, NULL, tests},
                                CU_SUITE_INFO_NULL};

int main(void) {
    setlocale(LC_ALL, "C.UTF-8");
    return test_main(suites);
}
