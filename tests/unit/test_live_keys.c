/* SPDX-License-Identifier: ISC */
/*
 * Purpose: no dead key is named. For every stage, role and pane each key that the line of keys or
 * the head of a pane names is pressed, and has to change what is open or to send what the room
 * takes. A new situation is one row of `stages`.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/screen/control.h"
#include "client/screen/key_use.h"
#include "client/screen/views.h"
#include "tests/support/played_pack.h"
#include "tests/support/played_room.h"
#include "tests/support/test_main.h"

enum { START = 60000, MINUTE = 60000 };

static struct played played;
static struct screen screen;
static struct paint paint;

/* ---- how far a room goes ---- */

static void mark(uint8_t seat, int minute, const char *item) {
    played_mark(&played, seat, START + (int64_t)minute * MINUTE, item, MARK_RAISED);
}

static void to_lobby(void) {
}

/* A second interviewer, who has the last seat; and whom the clock was handed to. */
enum { SECOND = PLAYED_CLEO + 1 };
static void to_two(void) {
    played_interviewer(&played, 2000, "Eva");
}

static void to_two_running(void) {
    to_two();
    played_act(&played, PLAYED_ANA, START, ACTION_CLOCK_START);
    played_jump(&played, START + MINUTE, 1);
}

static void to_handed_over(void) {
    to_two_running();
    played_do(&played, PLAYED_ANA, START + 2 * MINUTE,
              (struct body){.act = ACTION_CLOCK_DRIVE, .has = F(seat), .seat = SECOND});
}

static void to_handed_over_in_the_lobby(void) {
    to_two();
    played_do(&played, PLAYED_ANA, 3000,
              (struct body){.act = ACTION_CLOCK_DRIVE, .has = F(seat), .seat = SECOND});
}

/* Each has a note of their own, which a letter changes. */
static void to_first_phase(void) {
    played_act(&played, PLAYED_ANA, START, ACTION_CLOCK_START);
    for (int seat = PLAYED_ANA; seat <= PLAYED_CLEO; seat++) {
        played_text(&played, (uint8_t)seat, START + 1, ACTION_NOTE_MINE, "Ask about lateness.");
    }
    mark(PLAYED_ANA, 1, "volume");
}

static void throw_one(void) {
    struct body body = {.act = ACTION_CURVE_THROW, .has = F(curveball) | F(text)};
    body.curveball = span_of(played.pack->curveballs[0].id);
    body.text = span_of(played.pack->curveballs[0].text);
    played_do(&played, PLAYED_ANA, START + 9 * MINUTE, body);
}

static void to_design(void) {
    to_first_phase();
    played_jump(&played, START + 6 * MINUTE, 1);
    played_jump(&played, START + 8 * MINUTE, 2);
    throw_one();
    played_do(&played, PLAYED_ANA, START + 10 * MINUTE,
              (struct body){.act = ACTION_FLAG_SET,
                            .has = F(flag) | F(on),
                            .flag = span_of("happy-path"),
                            .on = 1});
}

static void to_pause(void) {
    to_design();
    played_act(&played, PLAYED_ANA, START + 11 * MINUTE, ACTION_CLOCK_PAUSE);
}

static void to_last_phase(void) {
    to_design();
    played_jump(&played, START + 12 * MINUTE, 4);
}

static void to_finish(void) {
    to_last_phase();
    played_act(&played, PLAYED_ANA, START + 20 * MINUTE, ACTION_CLOCK_FINISH);
}

static void to_own_sheet(void) {
    to_finish();
    if (room_sheet_due(&played.room) >= 0) {
        played_act(&played, PLAYED_ANA, START + 21 * MINUTE, ACTION_SHEET_OPEN);
    }
}

static void to_debrief(void) {
    to_own_sheet();
    mark(PLAYED_BEN, 21, "volume");
    played_act(&played, PLAYED_ANA, START + 22 * MINUTE, ACTION_DEBRIEF_OPEN);
}

static void to_verdict(void) {
    to_debrief();
    played_do(&played, PLAYED_ANA, START + 23 * MINUTE,
              (struct body){.act = ACTION_VERDICT_GIVE,
                            .has = F(recommend) | F(level),
                            .recommend = RECOMMEND_YES,
                            .level = LEVEL_SENIOR});
    played_do(&played, SEAT_SERVER, START + 23 * MINUTE,
              (struct body){.act = ACTION_VERDICT_IN, .has = F(seat), .seat = PLAYED_ANA});
}

static void to_open_verdicts(void) {
    to_verdict();
    played_act(&played, PLAYED_ANA, START + 24 * MINUTE, ACTION_VERDICT_OPEN);
}

static void to_close(void) {
    to_open_verdicts();
    played_act(&played, PLAYED_ANA, START + 25 * MINUTE, ACTION_ROOM_CLOSE);
}

/* AS_TAKEN: another connection has the seat; AS_OUT: its person was put out. */
enum as { AS_LIVE, AS_RECORDING, AS_REMARK, AS_TAKEN, AS_OUT };
static const struct stage_row {
    const char *name;
    void (*play)(void);
    enum as as;
} stages[] = {
    {"lobby", to_lobby, AS_LIVE},
    {"first phase", to_first_phase, AS_LIVE},
    {"design", to_design, AS_LIVE},
    {"paused", to_pause, AS_LIVE},
    {"last phase", to_last_phase, AS_LIVE},
    {"finished", to_finish, AS_LIVE},
    {"own sheet open", to_own_sheet, AS_LIVE},
    {"debrief", to_debrief, AS_LIVE},
    {"one verdict in", to_verdict, AS_LIVE},
    {"verdicts open", to_open_verdicts, AS_LIVE},
    {"closed", to_close, AS_LIVE},
    {"recording", to_close, AS_RECORDING},
    {"marked anew", to_close, AS_REMARK},
    {"taken over in the lobby", to_lobby, AS_TAKEN},
    {"taken over in design", to_design, AS_TAKEN},
    {"taken over in the debrief", to_debrief, AS_TAKEN},
    {"put out", to_design, AS_OUT},
    {"two in the lobby", to_two, AS_LIVE},
    {"two, running", to_two_running, AS_LIVE},
    {"handed over in the lobby", to_handed_over_in_the_lobby, AS_LIVE},
    {"handed over", to_handed_over, AS_LIVE},
};
enum { STAGES = sizeof stages / sizeof *stages };

/* ---- what a key changes ---- */

/* Everything of the screen and its feed that a key may change, but the sentence that it says. */
enum { OWN = 29 };
struct traces {
    int64_t numbers[OWN + 2 * TAB_COUNT];
    char copied[FEED_LINK_MAX];
};

static struct traces traces(void) {
    const struct screen *s = &screen;
    struct traces now = {.numbers = {(int)s->tab,
                                     s->looked_at,
                                     s->sheet,
                                     s->help_top,
                                     (int)s->asking,
                                     (int)s->writing,
                                     (int)s->note_to,
                                     s->feed->speed_num,
                                     s->feed->speed_den,
                                     s->quit,
                                     s->back,
                                     s->plain_links,
                                     s->redraw,
                                     s->detail,
                                     s->help,
                                     s->draft_changed,
                                     s->feed->model.sealed,
                                     s->feed->model.offset,
                                     s->feed->model.room.pos,
                                     (int)s->twice.armed.kind,
                                     s->board.left,
                                     s->board.paper,
                                     s->board.paper_top,
                                     s->device,
                                     s->board.col,
                                     s->board.row,
                                     s->board.picked,
                                     s->board.hold,
                                     s->dropped}};
    for (int i = 0; i < TAB_COUNT; i++) {
        now.numbers[OWN + 2 * i] = s->cursor[i];
        now.numbers[OWN + 1 + 2 * i] = s->top[i];
    }
    memcpy(now.copied, s->copied, sizeof now.copied);
    return now;
}

static bool differ(const struct traces *a, const struct traces *b) {
    return memcmp(a->numbers, b->numbers, sizeof a->numbers) != 0 ||
           strcmp(a->copied, b->copied) != 0;
}

/* As before a drawing, which takes most of the time and no key needs. */
static void follow(void) {
    screen.now = played.room.at + 1000;
    screen_follow(&screen);
}

static const struct stage_row *stage;
static const struct ui_link links[] = {{ROLE_CANDIDATE, "https://h:7447/abcdefghijkl#candidate.x"}};

/* The seat's screen with a pane open, as it is before each key. */
static void sit_down(uint8_t seat, enum screen_tab tab) {
    const struct ui_options options = {.links = links,
                                       .link_count = seat == PLAYED_ANA && stage->as == AS_LIVE};
    played.sent_count = 0;
    played.feed = (struct feed){.model = played.feed.model};
    played_view(&played, seat);
    if (stage->as >= AS_TAKEN) {
        played.feed.model.connection = CONNECTION_ENDED;
        played.feed.model.replaced = stage->as == AS_TAKEN;
    } else if (stage->as != AS_LIVE) {
        uint32_t middle = 0;
        played_recording(&played, seat, PLAYED_EVENTS_MAX);
        while (played.view[middle].body.act != ACTION_FLAG_SET &&
               played.view[middle].body.act != ACTION_CLOCK_FINISH) {
            middle++;
        }
        played_recording(&played, seat, middle);
        played.feed.takes_marks = stage->as == AS_REMARK;
    }
    screen_init(&screen, &played.feed, &options);
    follow();
    screen.tab = tab;
    follow();
}

/* What was sent has to be what the room takes. */
static bool is_taken(uint8_t seat) {
    struct event event;
    struct command command = {.seat = seat, .id = played.ids[seat] + 1, .body = played.sent[0]};
    return stage->as == AS_REMARK ||
           room_decide(&played.room, &command, played.room.at + 1000, &event) == REFUSAL_NONE;
}

static bool does_something(uint8_t seat, enum screen_tab tab, int code) {
    sit_down(seat, tab);
    struct traces before = traces();
    control_key(&screen, code);
    struct traces after = traces();
    return played.sent_count > 0 ? is_taken(seat) : differ(&before, &after);
}

/* ---- which keys a caption names ---- */

/* Of two ways, as "Up Down", or in a recording "t T", one is enough: there may be nothing before,
 * or nothing after. */
static bool one_is_enough(const char *caption) {
    return (stage->as != AS_LIVE && strlen(caption) == 3 && caption[1] == ' ') ||
           strcmp(caption, "Up Down") == 0 || strcmp(caption, "Left Right") == 0 ||
           strcmp(caption, "PgUp PgDn") == 0;
}

static const struct {
    const char *name;
    int code;
} named[] = {{"Esc", CODE_ESCAPE},   {"Space", ' '},
             {"Left", CODE_LEFT},    {"Right", CODE_RIGHT},
             {"Home", CODE_HOME},    {"End", CODE_END},
             {"Tab", '\t'},          {"F1-F9", CODE_F1},
             {"Enter", '\r'},        {"Shift-Tab", CODE_BACKTAB},
             {"Del", CODE_DELETE},   {"Ctrl-L", 0x0c},
             {"Up", CODE_UP},        {"Down", CODE_DOWN},
             {"PgUp", CODE_PAGE_UP}, {"PgDn", CODE_PAGE_DOWN}};

static bool any_of(uint8_t seat, enum screen_tab tab, int first, int last) {
    bool found = false;
    for (int code = first; code <= last && !found; code++) {
        bool command = first >= 'A' && keys_letter_index(code) < 0;
        found = !command && does_something(seat, tab, code);
    }
    return found;
}

/* One word of a caption: a named key, a range of which one has to do, or each of its characters. */
static bool word_does(uint8_t seat, enum screen_tab tab, const char *word) {
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        if (strcmp(named[i].name, word) == 0) {
            return does_something(seat, tab, named[i].code);
        }
    }
    if (strlen(word) == 3 && word[1] == '-') {
        return any_of(seat, tab, word[0], word[2]);
    }
    bool all = true;
    for (; *word; word++) {
        all = all && does_something(seat, tab, *word);
    }
    return all;
}

static bool caption_does(uint8_t seat, enum screen_tab tab, const char *caption) {
    char words[32];
    char *rest = NULL;
    bool all = true, any = false;
    snprintf(words, sizeof words, "%s", caption);
    for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        bool does = word_does(seat, tab, word);
        all = all && does;
        any = any || does;
    }
    return one_is_enough(caption) ? any : all;
}

/* ---- the line of keys ---- */

/* Captions of the keys that the line names. */
enum { NAMED_MAX = 64 };
struct names {
    char captions[NAMED_MAX][KEY_CAPTION_SIZE];
    int count;
};

static void list_named(struct names *names, bool help) {
    int at = 0;
    names->count = 0;
    unsigned where = screen_where(&screen);
    enum role role = screen.feed->model.role;
    for (const struct key_row *row; (row = keys_next(where, role, &at)) != NULL;) {
        const char *says = help ? key_use_help(&screen, row) : key_use_label(&screen, row);
        if (says != NULL && names->count < NAMED_MAX) {
            char buffer[KEY_CAPTION_SIZE];
            snprintf(names->captions[names->count++], KEY_CAPTION_SIZE, "%s",
                     key_use_caption(&screen, row, buffer));
        }
    }
}

/* In the line of keys, or in the help. */
static int dead_keys(uint8_t seat, enum screen_tab tab, bool help) {
    int dead = 0;
    struct names names;
    sit_down(seat, tab);
    list_named(&names, help);
    for (int i = 0; i < names.count; i++) {
        if (!caption_does(seat, tab, names.captions[i])) {
            fprintf(stderr, "dead%s: %s in pane %d of seat %d, %s\n", help ? " in the help" : "",
                    names.captions[i], tab, seat, stage->name);
            dead++;
        }
    }
    return dead;
}

/* ---- the heads of panes ---- */

static const struct {
    const char *says, *caption;
} heads[] = {
    {"a letter puts one on", "a-z"}, {"A letter changes a line", "a-z"},
    {"a letter copies", "a-z"},      {"@ shows them plain", "@"},
    {"choose by number", "1-8"},     {"+ and - change", "+-"},
    {"gives more time", "%"},        {"Tab goes on", "Tab"},
};

static bool pane_says(const char *words) {
    char *picture = paint_dump(&paint);
    bool says = picture && strstr(picture, words);
    free(picture);
    return says;
}

static int dead_heads(uint8_t seat, enum screen_tab tab) {
    int dead = 0;
    sit_down(seat, tab);
    screen_draw(&screen, &paint);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        if (pane_says(heads[i].says) && !caption_does(seat, tab, heads[i].caption)) {
            fprintf(stderr, "dead: \"%s\" in pane %d of seat %d, %s\n", heads[i].says, tab, seat,
                    stage->name);
            dead++;
        }
    }
    return dead;
}

/* ---- all of them ---- */

static int dead_of(uint8_t seat) {
    int dead = 0;
    for (int tab = 0; tab < TAB_COUNT; tab++) {
        sit_down(seat, (enum screen_tab)tab);
        if (screen.tab == (enum screen_tab)tab) { /* the screen has it */
            dead += dead_keys(seat, (enum screen_tab)tab, false);
            dead += dead_keys(seat, (enum screen_tab)tab, true);
            dead += dead_heads(seat, (enum screen_tab)tab);
        }
    }
    return dead;
}

/* In Design something is suggested all the time. */
static struct pack *pack_that_suggests(void) {
    struct pack *pack = played_pack();
    pack->format = 2;
    pack->suggests[0] = (struct pack_suggest){.id = "unhappy",
                                              .text = "Bad input has no path yet.",
                                              .kind = SUGGEST_OPEN,
                                              .phase = 2,
                                              .items = {"unhappy"},
                                              .item_count = 1,
                                              .ms = 60 * MINUTE,
                                              .flag = "no-detection"};
    pack->suggest_count = 1;
    return pack;
}

static void try_all(int64_t mode, int64_t rules) {
    CU_ASSERT_FATAL(paint_init(&paint, 160, 60));
    for (int i = 0; i < STAGES; i++) {
        stage = &stages[i];
        played_open_as(&played, pack_that_suggests(),
                       (struct body){.has = F(rules), .rules = rules, .mode = mode});
        stage->play();
        /* Whoever marks anew sits in a coach's seat. */
        for (int seat = stage->as == AS_REMARK ? PLAYED_CLEO : PLAYED_ANA;
             seat < played.room.seat_count; seat++) {
            CU_ASSERT_EQUAL(dead_of((uint8_t)seat), 0);
        }
        played_free(&played);
    }
    paint_free(&paint);
}

static void test_ordinary(void) {
    try_all(0, 2);
}

static void test_training(void) {
    try_all(MODE_TRAINING | MODE_GUIDED, 2);
}

/* The candidate's line of keys in the sheet, before and after its titles are open, and what it says
 * to the interviewer. */
static void test_own_sheet(void) {
    CU_ASSERT_FATAL(paint_init(&paint, 120, 40));
    for (int open = 0; open < 2; open++) {
        played_open_as(&played, played_pack(), (struct body){.has = F(rules), .rules = 2});
        stage = &stages[open ? 6 : 5];
        stage->play();
        sit_down(PLAYED_BEN, TAB_RUBRIC);
        screen_draw(&screen, &paint);
        CU_ASSERT_EQUAL(pane_says("a-z mark"), open);
        sit_down(PLAYED_ANA, TAB_RUBRIC);
        screen_draw(&screen, &paint);
        CU_ASSERT_EQUAL(pane_says("p sheet"), !open);
        played_free(&played);
    }
    paint_free(&paint);
}

/* ---- what a narrow line of keys keeps ---- */

static const struct {
    const char *stage;
    uint8_t seat;
    enum screen_tab tab;
    const char *keys[5];
} five[] = {
    {"design", PLAYED_BEN, TAB_TALK, {"a-z change", "t talk", "o note", "! hand", "Tab panes"}},
    {"lobby", PLAYED_ANA, TAB_ROOM, {"n start", "a-z copy", "@ links", "plan", "t talk"}},
    {"design", PLAYED_ANA, TAB_RUBRIC, {"n next", "a-z mark", "p pause", ". , take", "t talk"}},
    {"first phase", PLAYED_ANA, TAB_RUBRIC, {"n next", "a-z mark", "p pause", "o note", "t talk"}},
    {"paused", PLAYED_ANA, TAB_RUBRIC, {"n next", "a-z mark", "p go on", ". , take", "t talk"}},
    {"last phase",
     PLAYED_ANA,
     TAB_PROMPT,
     {"n finish", "a-z reveal", "p pause", ". , take drop", "t talk"}},
    {"finished", PLAYED_ANA, TAB_RUBRIC, {"n debrief", "a-z mark", "T turn", "p sheet", "b go on"}},
    {"debrief", PLAYED_ANA, TAB_VERDICT, {"n close", "a-z change", "T turn", "t talk", "o note"}},
    {"design", PLAYED_BEN, TAB_PROMPT, {"t talk", "o note", "! hand", "Tab panes", "? help"}},
    {"own sheet open",
     PLAYED_BEN,
     TAB_RUBRIC,
     {"a-z mark", "T turn", "t talk", "o note", "phases"}},
    {"debrief", PLAYED_BEN, TAB_VERDICT, {"a-z change", "T turn", "t talk", "o note", "! hand"}},
    {"design", PLAYED_CLEO, TAB_RUBRIC, {"a-z mark", ". , take", "t talk", "o note", "w whisper"}},
    {"taken over in design",
     PLAYED_ANA,
     TAB_RUBRIC,
     {"r take it back", "Tab panes", "q quit", "? help", "?"}},
};

static void to_stage(const char *name) {
    stage = stages;
    while (strcmp(stage->name, name) != 0) {
        stage++;
    }
    played_open_as(&played, pack_that_suggests(), (struct body){.has = F(rules), .rules = 2});
    stage->play();
}

/* In 80 columns the five that matter most have their place, and the way to the others. */
static void test_five(void) {
    CU_ASSERT_FATAL(paint_init(&paint, 80, 24));
    for (size_t i = 0; i < sizeof five / sizeof *five; i++) {
        to_stage(five[i].stage);
        sit_down(five[i].seat, five[i].tab);
        screen_draw(&screen, &paint);
        for (int k = 0; k < 5; k++) {
            if (!pane_says(five[i].keys[k])) {
                fprintf(stderr, "no %s for seat %d, %s\n", five[i].keys[k], five[i].seat,
                        five[i].stage);
                CU_FAIL("a key that matters has no place");
            }
        }
        CU_ASSERT(pane_says("? help"));
        played_free(&played);
    }
    paint_free(&paint);
}

/* Of a seat that is lost nothing is offered that only its holder can do. */
static void test_lost_seat(void) {
    static const char *const dead[] = {"n next", "a-z mark", "t talk", "o note", "p pause"};
    CU_ASSERT_FATAL(paint_init(&paint, 160, 60));
    for (int out = 0; out < 2; out++) {
        to_stage(out ? "put out" : "taken over in design");
        sit_down(PLAYED_ANA, TAB_RUBRIC);
        screen_draw(&screen, &paint);
        for (size_t i = 0; i < sizeof dead / sizeof *dead; i++) {
            CU_ASSERT_FALSE(pane_says(dead[i]));
        }
        CU_ASSERT_EQUAL(pane_says("r take it back"), !out);
        control_key(&screen, 'r');
        CU_ASSERT_EQUAL(screen.again, !out);
        played_free(&played);
    }
    paint_free(&paint);
}

static CU_TestInfo tests[] = {
    {"no dead key in an ordinary room", test_ordinary},
    {"no dead key in a training room", test_training},
    {"the own sheet names its keys once they do something", test_own_sheet},
    {"the five that matter in 80 columns", test_five},
    {"a seat that is lost", test_lost_seat},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"live keys", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8");
    return test_main(suites);
}
