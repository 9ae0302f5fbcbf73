/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what a report collects, that nothing of a person becomes markup or moves a terminal, and
 * that the reports of a whole interview stay as the golden files have them.
 *
 * With SPAR_GOLDEN_UPDATE=1 in its environment the golden files are written anew; look at the
 * difference before it is committed.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/cmd/zone.h"
#include "client/report/event_words.h"
#include "client/report/report.h"
#include "protocol/text/text.h"
#include "tests/support/interview.h"
#include "tests/support/temp.h"
#include "tests/support/test_main.h"

#define SECONDS(n) (INT64_C(1000) * (n))
#define MINUTES(n) SECONDS(INT64_C(60) * (n))

/* U+202E in UTF-8, byte by byte: as a literal it would turn these lines around. */
static const char rtl_override[] = {(char)0xe2, (char)0x80, (char)0xae, 0};

static struct sample played, undecided; /* with the debrief; up to the finish */

static int set_up(void) {
    interview_play(&played, true);
    interview_play(&undecided, false);
    return 0;
}

static int tear_down(void) {
    sample_free(&played);
    sample_free(&undecided);
    return 0;
}

struct page {
    struct model model;
    struct report report;
    struct out out;
};

static void page_make(struct page *page, const struct sample *s, uint8_t seat,
                      enum report_format format) {
    interview_model(s, seat, &page->model);
    CU_ASSERT_EQUAL_FATAL(report_collect(&page->report, &page->model, NULL), REPORT_OK);
    out_init(&page->out);
    CU_ASSERT_TRUE_FATAL(report_write(&page->report, format, &page->out));
}

static void page_free(struct page *page) {
    out_free(&page->out);
    report_free(&page->report);
    model_free(&page->model);
}

static const char *has(const struct page *page, const char *text) {
    return page->out.data ? strstr(page->out.data, text) : NULL;
}

/* ---- golden files ---- */

static void check_golden(const char *name, const char *text, size_t len) {
    char path[512];
    const char *source = getenv("SPAR_SOURCE");
    const char *update = getenv("SPAR_GOLDEN_UPDATE");
    snprintf(path, sizeof path, "%s/tests/golden/%s", source ? source : ".", name);
    if (update && strcmp(update, "1") == 0) {
        temp_write(path, text, len);
    }
    char *golden = malloc(len + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(golden);
    size_t size = temp_read(path, golden, len + 1);
    bool same = text && golden && size == len && memcmp(golden, text, len) == 0;
    free(golden);
    if (!same) {
        fprintf(stderr, "%s differs; run with SPAR_GOLDEN_UPDATE=1 and look at git diff\n", path);
    }
    CU_ASSERT_TRUE(same);
}

static void golden(const char *name, const struct sample *s, uint8_t seat,
                   enum report_format format) {
    struct page page;
    page_make(&page, s, seat, format);
    check_golden(name, page.out.data, page.out.len);
    page_free(&page);
}

static void test_golden(void) {
    golden("report_panel.txt", &played, INTERVIEW_HOST, REPORT_TEXT);
    golden("report_panel.md", &played, INTERVIEW_HOST, REPORT_MARKDOWN);
    golden("report_panel.html", &played, INTERVIEW_HOST, REPORT_HTML);
    golden("report_panel.json", &played, INTERVIEW_HOST, REPORT_JSON);
    golden("report_candidate.txt", &undecided, INTERVIEW_CANDIDATE, REPORT_TEXT);
}

static void test_golden_events(void) {
    struct out out;
    struct room room;
    out_init(&out);
    room_init(&room);
    for (uint32_t i = 0; i < played.count; i++) {
        CU_ASSERT_EQUAL_FATAL(room_apply(&room, &played.events[i], NULL, NULL), APPLY_OK);
        if (action_row(played.events[i].body.act)->audience != AUD_SERVER) {
            event_line(&out, &room, &played.events[i]);
        }
    }
    check_golden("report_events.txt", out.data, out.len);
    room_free(&room);
    out_free(&out);
}

/* ---- notes that were changed ---- */

static void must_note(struct sample *s, enum action act, const char *text) {
    struct body body = {.act = act, .has = text ? F(text) : 0, .text = span_of(text ? text : "")};
    body.has |= act == ACTION_NOTE_PANEL_SET || act == ACTION_NOTE_ALL_SET ? F(line) : 0;
    s->now += 1000;
    CU_ASSERT_EQUAL_FATAL(sample_do(s, SAMPLE_HOST, body), REFUSAL_NONE);
}

/* A report has the last version and says so; the printed log has each. */
static void test_changed_notes(void) {
    static const enum report_format formats[] = {REPORT_TEXT, REPORT_MARKDOWN, REPORT_HTML,
                                                 REPORT_JSON};
    struct sample s;
    struct out log;
    struct room room;
    sample_open_rules(&s, 0, 2);
    must_note(&s, ACTION_NOTE_PANEL, "wrong person");
    must_note(&s, ACTION_NOTE_ALL, "five minutes");
    must_note(&s, ACTION_NOTE_PANEL_SET, NULL);
    must_note(&s, ACTION_NOTE_ALL_SET, "five seconds");
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        struct page page;
        bool json = formats[i] == REPORT_JSON;
        page_make(&page, &s, SAMPLE_HOST, formats[i]);
        CU_ASSERT_PTR_NULL(strstr(page.out.data, "wrong person"));
        CU_ASSERT_PTR_NULL(strstr(page.out.data, "five minutes"));
        CU_ASSERT_PTR_NOT_NULL(strstr(page.out.data, "five seconds"));
        CU_ASSERT_PTR_NOT_NULL(strstr(page.out.data, json ? "\"changes\"" : "note, changed"));
        CU_ASSERT_PTR_NOT_NULL(strstr(page.out.data, json ? "\"struck\"" : "struck"));
        page_free(&page);
    }
    out_init(&log);
    room_init(&room);
    for (uint32_t i = 0; i < s.count; i++) {
        CU_ASSERT_EQUAL_FATAL(room_apply(&room, &s.events[i], NULL, NULL), APPLY_OK);
        event_line(&log, &room, &s.events[i]);
    }
    CU_ASSERT_PTR_NOT_NULL(strstr(log.data, "panel note: wrong person"));
    CU_ASSERT_PTR_NOT_NULL(strstr(log.data, "strikes panel note 1"));
    CU_ASSERT_PTR_NOT_NULL(strstr(log.data, "changes note 1: five seconds"));
    room_free(&room);
    out_free(&log);
    sample_free(&s);
}

/* ---- several sheets ---- */

static void must_mark(struct sample *s, uint8_t seat, enum action act, const char *item,
                      enum mark mark) {
    s->now += 1000;
    CU_ASSERT_EQUAL_FATAL(sample_do(s, seat, body_mark(act, item, mark)), REFUSAL_NONE);
}

/*
 * Ten items, two a phase. Panel: 0 raised, 1 prompted, 2 raised. Self: 0 raised, 1 raised, 3
 * raised. The coach's sealed sheet: 0 raised, 1 prompted, 2 raised, 4 prompted. panel, self either
 * marks 0 1 2 3, the same on 0: 25 %; kinder on 1 3, harder on 2 panel, coach   0 1 2 4, the same
 * on 0 1 2: 75 %; kinder on 4 self, coach    0 1 2 3 4, the same on 0: 20 %; kinder on 2 4, harder
 * on 1 3 Phase 0 (items 0, 1) of panel and coach: both the same. Phase 4: nothing marked.
 */
static void play_sheets(struct sample *s, bool debrief) {
    sample_open(s, 0);
    s->now += 1000;
    CU_ASSERT_EQUAL_FATAL(sample_do(s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
    must_mark(s, SAMPLE_HOST, ACTION_MARK_SET, "item-0", MARK_RAISED);
    must_mark(s, SAMPLE_HOST, ACTION_MARK_SET, "item-1", MARK_PROMPTED);
    must_mark(s, SAMPLE_HOST, ACTION_MARK_SET, "item-2", MARK_RAISED);
    must_mark(s, SAMPLE_CANDIDATE, ACTION_SELF_SET, "item-0", MARK_RAISED);
    must_mark(s, SAMPLE_CANDIDATE, ACTION_SELF_SET, "item-1", MARK_RAISED);
    must_mark(s, SAMPLE_CANDIDATE, ACTION_SELF_SET, "item-3", MARK_RAISED);
    must_mark(s, SAMPLE_COACH, ACTION_SEAL_SET, "item-0", MARK_RAISED);
    must_mark(s, SAMPLE_COACH, ACTION_SEAL_SET, "item-1", MARK_PROMPTED);
    must_mark(s, SAMPLE_COACH, ACTION_SEAL_SET, "item-2", MARK_RAISED);
    must_mark(s, SAMPLE_COACH, ACTION_SEAL_SET, "item-4", MARK_PROMPTED);
    s->now = INT64_C(60000) * 20;
    CU_ASSERT_EQUAL_FATAL(sample_do(s, SAMPLE_HOST, body_plain(ACTION_CLOCK_FINISH)), REFUSAL_NONE);
    if (debrief) {
        CU_ASSERT_EQUAL_FATAL(sample_do(s, SAMPLE_HOST, body_plain(ACTION_DEBRIEF_OPEN)),
                              REFUSAL_NONE);
    }
}

static void check_pair(const struct report_pair *pair, int a, int b, int same, int counted,
                       int kinder, int harder) {
    CU_ASSERT_EQUAL(pair->a, a);
    CU_ASSERT_EQUAL(pair->b, b);
    CU_ASSERT_EQUAL(pair->whole.same, same);
    CU_ASSERT_EQUAL(pair->whole.counted, counted);
    CU_ASSERT_EQUAL(pair->whole.kinder, kinder);
    CU_ASSERT_EQUAL(pair->whole.harder, harder);
}

static void test_sheets(void) {
    struct sample s;
    struct page page;
    play_sheets(&s, true);
    page_make(&page, &s, SAMPLE_HOST, REPORT_TEXT);
    const struct report *report = &page.report;
    CU_ASSERT_EQUAL_FATAL(report->sheet_count, 2);
    CU_ASSERT_EQUAL(report->sheets[0].owner, SAMPLE_CANDIDATE);
    CU_ASSERT_EQUAL(report->sheets[1].owner, SAMPLE_COACH);
    CU_ASSERT_EQUAL_FATAL(report->pair_count, 3);
    check_pair(&report->pairs[0], -1, 0, 1, 4, 2, 1);
    check_pair(&report->pairs[1], -1, 1, 3, 4, 1, 0);
    check_pair(&report->pairs[2], 0, 1, 1, 5, 2, 2);
    CU_ASSERT_EQUAL(report->pairs[1].phase[0].same, 2);
    CU_ASSERT_EQUAL(report->pairs[1].phase[4].counted, 0);
    CU_ASSERT_PTR_NOT_NULL(has(&page, "75 %"));
    page_free(&page);
    golden("report_sheets.txt", &s, SAMPLE_HOST, REPORT_TEXT);
    golden("report_sheets.md", &s, SAMPLE_HOST, REPORT_MARKDOWN);
    golden("report_sheets.html", &s, SAMPLE_HOST, REPORT_HTML);
    golden("report_sheets.json", &s, SAMPLE_HOST, REPORT_JSON);
    sample_free(&s);
}

/* Before the debrief a sealed sheet is its coach's alone. */
static void test_sheets_sealed(void) {
    static const uint8_t seats[] = {SAMPLE_HOST, SAMPLE_CANDIDATE, SAMPLE_COACH};
    static const int sheets[] = {0, 1, 1};
    static const int pairs[] = {0, 0, 1};
    struct sample s;
    play_sheets(&s, false);
    for (size_t i = 0; i < 3; i++) {
        struct page page;
        page_make(&page, &s, seats[i], REPORT_TEXT);
        CU_ASSERT_EQUAL(page.report.sheet_count, sheets[i]);
        CU_ASSERT_EQUAL(page.report.pair_count, pairs[i]);
        page_free(&page);
    }
    sample_free(&s);
}

/* ---- two halves ---- */

static void test_halves(void) {
    static const enum report_format formats[] = {REPORT_TEXT, REPORT_MARKDOWN, REPORT_HTML,
                                                 REPORT_JSON};
    struct sample s;
    struct page first;
    struct page second;
    play_sheets(&s, true);
    for (size_t i = 0; i < 4; i++) {
        page_make(&first, &s, SAMPLE_HOST, formats[i]);
        page_make(&second, &s, SAMPLE_CANDIDATE, formats[i]);
        snprintf(first.model.room.next, sizeof first.model.room.next, "bbbbbbbbbbbb");
        first.report.linked = first.model.room.next;
        first.report.half = 1;
        second.report.linked = "aaaaaaaaaaaa";
        second.report.half = 2;
        out_free(&first.out);
        out_init(&first.out);
        CU_ASSERT_TRUE(report_write(&first.report, formats[i], &first.out));
        CU_ASSERT_PTR_NOT_NULL(has(&first, "bbbbbbbbbbbb"));
        CU_ASSERT_TRUE(formats[i] == REPORT_JSON || has(&first, "This is the first half."));
        report_link(&first.report, &second.report);
        out_free(&first.out);
        out_init(&first.out);
        CU_ASSERT_TRUE(report_write(&first.report, formats[i], &first.out));
        CU_ASSERT_PTR_NULL(has(&first, "This is the first half."));
        CU_ASSERT_PTR_NULL(has(&first, "This is the second half."));
        CU_ASSERT_TRUE(formats[i] != REPORT_TEXT ||
                       (has(&first, "FIRST HALF") && has(&first, "SECOND HALF")));
        if (formats[i] == REPORT_JSON) {
            json_t *all = json_loads(first.out.data, 0, NULL);
            CU_ASSERT_PTR_NOT_NULL_FATAL(all);
            CU_ASSERT_EQUAL(json_integer_value(json_object_get(all, "half")), 1);
            json_t *other = json_object_get(all, "other_half");
            CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(other, "view")), "candidate");
            json_decref(all);
        }
        page_free(&first);
        page_free(&second);
    }
    sample_free(&s);
}

/* ---- hostile text ---- */

static void assert_harmless(const struct page *page) {
    static const char *const never[] = {"\033", rtl_override, "<script>alert", "<i>Max", "\t"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        CU_ASSERT_PTR_NULL(has(page, never[i]));
    }
}

static void test_hostile(void) {
    struct page page;
    page_make(&page, &played, INTERVIEW_SECOND, REPORT_HTML);
    assert_harmless(&page);
    CU_ASSERT_PTR_NOT_NULL(has(&page, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"));
    CU_ASSERT_PTR_NULL(has(&page, "<script"));
    page_free(&page);
    page_make(&page, &played, INTERVIEW_SECOND, REPORT_MARKDOWN);
    assert_harmless(&page);
    CU_ASSERT_PTR_NOT_NULL(has(&page, "\\*\\*stream for 60 s\\*\\*, \\[batch\\](http\\://evil"));
    CU_ASSERT_PTR_NOT_NULL(has(&page, "&lt;i&gt;Max\\|\\*"));
    page_free(&page);
    page_make(&page, &played, INTERVIEW_SECOND, REPORT_JSON);
    CU_ASSERT_PTR_NULL(has(&page, "\033"));
    CU_ASSERT_PTR_NULL(has(&page, rtl_override));
    CU_ASSERT_PTR_NOT_NULL(has(&page, "\\u202e gnp.exe"));
    page_free(&page);
}

static void test_text_lines(void) {
    struct page page;
    page_make(&page, &played, INTERVIEW_SECOND, REPORT_TEXT);
    CU_ASSERT_PTR_NULL(has(&page, "\033"));
    CU_ASSERT_PTR_NULL(has(&page, rtl_override));
    for (char *line = page.out.data, *end; line && (end = strchr(line, '\n')) != NULL;
         line = end + 1) {
        int columns = text_columns((struct span){line, (uint32_t)(end - line)});
        CU_ASSERT(columns <= 80);
        CU_ASSERT(end == line || end[-1] != ' ');
    }
    page_free(&page);
}

/* ---- content ---- */

static void test_times(void) {
    struct page page;
    page_make(&page, &played, INTERVIEW_HOST, REPORT_TEXT);
    const struct report *report = &page.report;
    CU_ASSERT_EQUAL(report->summary.actual, SECONDS(2760 - 90));
    CU_ASSERT_EQUAL(report->phases[0].ledger.actual, SECONDS(272));
    CU_ASSERT_EQUAL(report->phases[2].ledger.actual, SECONDS(1650 - 480 - 90 + 45));
    CU_ASSERT_EQUAL(report->phases[2].ledger.budget, MINUTES(17));
    CU_ASSERT_EQUAL(report->phases[3].ledger.actual, SECONDS(2400 - 1650 - 45));
    int64_t stretched = 0;
    int64_t paused = 0;
    for (uint16_t i = 0; i < report->stretch_count; i++) {
        const struct ledger_stretch *stretch = &report->stretches[i];
        CU_ASSERT(i == 0 || stretch->from == report->stretches[i - 1].to);
        *(stretch->paused ? &paused : &stretched) += stretch->to - stretch->from;
    }
    CU_ASSERT_EQUAL(stretched, report->summary.actual);
    CU_ASSERT_EQUAL(paused, SECONDS(90));
    page_free(&page);
}

static void test_moves(void) {
    struct page page;
    page_make(&page, &played, INTERVIEW_HOST, REPORT_TEXT);
    const struct ledger_move *pause = NULL;
    const struct ledger_move *leave = NULL; /* Design, the first time */
    for (uint16_t i = 0; i < page.report.move_count; i++) {
        const struct ledger_move *move = &page.report.moves[i];
        pause = move->act == ACTION_CLOCK_RESUME ? move : pause;
        leave = !leave && move->act == ACTION_CLOCK_JUMP && move->from == 2 ? move : leave;
    }
    CU_ASSERT_PTR_NOT_NULL_FATAL(pause);
    CU_ASSERT_PTR_NOT_NULL_FATAL(leave);
    if (!pause || !leave) { /* for readers that do not know CUnit's macros */
        return;
    }
    CU_ASSERT_EQUAL(pause->ms, 90000);
    CU_ASSERT_EQUAL(pause->time.clock, 705000);
    CU_ASSERT_EQUAL(leave->left, MINUTES(17) - SECONDS(1650 - 480 - 90));
    CU_ASSERT_EQUAL(leave->to, 3);
    CU_ASSERT_EQUAL(leave->by, INTERVIEW_HOST);
    page_free(&page);
}

static int64_t alarm_clock(const struct report *report, const char *id, uint8_t phase) {
    for (uint16_t i = 0; i < report->alarm_count; i++) {
        if (strcmp(report->pack->alarms[report->alarms[i].alarm].id, id) == 0 &&
            report->alarms[i].phase == phase) {
            return report->alarms[i].time.clock;
        }
    }
    return -1;
}

static void test_alarms(void) {
    struct page page;
    page_make(&page, &played, INTERVIEW_HOST, REPORT_TEXT);
    /* Design was to end at 25, with the two minutes that were added at 23:20. */
    CU_ASSERT_EQUAL(alarm_clock(&page.report, "design-ends", 2), MINUTES(20));
    CU_ASSERT_EQUAL(alarm_clock(&page.report, "overtime", 2), MINUTES(25) + 1);
    CU_ASSERT_EQUAL(alarm_clock(&page.report, "phase-ending", 0), MINUTES(4));
    CU_ASSERT_EQUAL(alarm_clock(&page.report, "overtime", 0), -1);
    CU_ASSERT_EQUAL(alarm_clock(&page.report, "overtime", 1), SECONDS(272 + 180) + 1);
    page_free(&page);
}

static void test_before_debrief(void) {
    struct page page;
    page_make(&page, &undecided, INTERVIEW_CANDIDATE, REPORT_TEXT);
    CU_ASSERT_PTR_NOT_NULL(has(&page, "The panel's sheet opens with the debrief."));
    CU_ASSERT_FALSE(page.report.has_panel);
    CU_ASSERT_FALSE(page.report.comparable);
    CU_ASSERT_EQUAL(page.report.summary.raised, 10);
    CU_ASSERT_PTR_NULL(has(&page, "Flags"));
    CU_ASSERT_PTR_NULL(has(&page, "Parks cost"));
    page_free(&page);
    page_make(&page, &played, INTERVIEW_CANDIDATE, REPORT_TEXT);
    CU_ASSERT_PTR_NULL(page.report.missing);
    CU_ASSERT_TRUE(page.report.comparable);
    CU_ASSERT_PTR_NOT_NULL(has(&page, "Parks cost"));
    CU_ASSERT_PTR_NULL(has(&page, "They are not going to reach")); /* a whisper stays one */
    page_free(&page);
}

/* In the zone of whoever reads it, with its name. */
static void test_dates(void) {
    static const char *const zones[] = {"UTC", "CET-1CEST,M3.5.0,M10.5.0/3", "IST-5:30",
                                        "EST5EDT,M3.2.0,M11.1.0", "<-03>3"};
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        setenv("TZ", zones[i], 1);
        tzset();
        for (time_t at = 86400; at < INT64_C(13569465600); at += 143207) { /* to the year 2400 */
            char wanted[REPORT_MOMENT_SIZE], date[REPORT_MOMENT_SIZE];
            struct tm parts;
            struct zone zone = zone_at((int64_t)at * 1000);
            strftime(wanted, sizeof wanted, "%Y-%m-%d %H:%M %Z", localtime_r(&at, &parts));
            CU_ASSERT_STRING_EQUAL_FATAL(report_moment((int64_t)at * 1000, &zone, date), wanted);
        }
    }
    setenv("TZ", "UTC", 1);
    tzset();
}

/* Behind a moment of a list stands its zone's name when that is not the one in the head. */
static void test_rows_of_a_list(void) {
    static const int64_t winter = INT64_C(1768473000000), summer = INT64_C(1784107800000);
    char in_winter[MOMENT_ZONE_SIZE], in_summer[MOMENT_ZONE_SIZE];
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    bool now_summer = strcmp(zone_now().name, "CEST") == 0;
    zone_row(winter, in_winter);
    zone_row(summer, in_summer);
    CU_ASSERT_STRING_EQUAL(in_winter, now_summer ? "2026-01-15 11:30 CET" : "2026-01-15 11:30");
    CU_ASSERT_STRING_EQUAL(in_summer, now_summer ? "2026-07-15 11:30" : "2026-07-15 11:30 CEST");
    setenv("TZ", "UTC", 1);
    tzset();
    zone_row(summer, in_summer);
    CU_ASSERT_STRING_EQUAL(in_summer, "2026-07-15 09:30");
}

static void test_json(void) {
    struct page page;
    json_error_t error;
    for (int seat = 0; seat < SAMPLE_SEATS; seat++) {
        page_make(&page, &played, (uint8_t)seat, REPORT_JSON);
        json_t *root = json_loadb(page.out.data, page.out.len, JSON_REJECT_DUPLICATES, &error);
        CU_ASSERT_PTR_NOT_NULL_FATAL(root);
        CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(root, "format")), "spar-report/2");
        json_t *summary = json_object_get(root, "summary");
        CU_ASSERT_EQUAL(json_integer_value(json_object_get(summary, "raised")),
                        page.report.summary.raised);
        CU_ASSERT_EQUAL(json_array_size(json_object_get(root, "items")),
                        page.report.pack->item_count);
        const json_t *said = json_array_get(json_object_get(root, "lines"), 1);
        CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(said, "text")),
                               "Ready. <script>alert('x')</script> | just testing the chat");
        json_decref(root);
        page_free(&page);
    }
}

static void test_every_prefix(void) {
    for (uint32_t count = 0; count <= played.count; count++) {
        struct model model;
        struct report report;
        struct out out;
        model_init(&model);
        room_free(&model.room);
        CU_ASSERT_TRUE_FATAL(sample_view(&played, INTERVIEW_HOST, count, &model.room));
        model.role = ROLE_INTERVIEWER;
        enum report_result result = report_collect(&report, &model, "Cut off here.");
        CU_ASSERT_EQUAL(result, count == 0 ? REPORT_EMPTY : REPORT_OK);
        out_init(&out);
        for (int format = REPORT_TEXT; result == REPORT_OK && format <= REPORT_JSON; format++) {
            CU_ASSERT_TRUE(report_write(&report, (enum report_format)format, &out));
        }
        CU_ASSERT(count == 0 || strstr(out.data, "Cut off here") != NULL);
        out_free(&out);
        report_free(&report);
        model_free(&model);
    }
}

/* Started, no candidate in the view: nothing is compared with, and phases ahead are called what
 * they are. */
static void test_alone(void) {
    struct sample s;
    struct page page;
    sample_open(&s, 0);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
    page_make(&page, &s, SAMPLE_HOST, REPORT_TEXT);
    page.model.room.seats[SAMPLE_CANDIDATE].role = ROLE_NONE;
    report_free(&page.report);
    CU_ASSERT_EQUAL(report_collect(&page.report, &page.model, NULL), REPORT_OK);
    CU_ASSERT_PTR_NULL(page.report.missing);
    CU_ASSERT_FALSE(page.report.has_self);
    CU_ASSERT_PTR_NOT_NULL(has(&page, " unreached\n"));
    CU_ASSERT_TRUE(page.report.phases[0].reached);
    CU_ASSERT_FALSE(page.report.phases[1].reached);
    page_free(&page);
    sample_free(&s);
}

static void test_ascii(void) {
    struct out out;
    out_init(&out);
    out_raw(&out, "█▒· ● ◐ ○ 12 % → 30 % — Jörg 李… x\xcc\x81\n");
    out_to_ascii(&out);
    CU_ASSERT_STRING_EQUAL(out.data, "#=. # o - 12 % > 30 % - J?rg ??~ x\n");
    out_free(&out);
    out_to_ascii(&out); /* nothing was written */
    CU_ASSERT_FALSE(out.failed);
    out_free(&out);
}

static void wrap(const char *text, int width, const char *expected) {
    struct out out;
    out_init(&out);
    out_wrapped(&out, text, 0, 2, width);
    CU_ASSERT_STRING_EQUAL(out.data, expected);
    out_free(&out);
}

static void cell(const char *text, int width, bool right, const char *expected) {
    struct out out;
    out_init(&out);
    out_raw(&out, "");
    out_cell(&out, text, width, right);
    CU_ASSERT_STRING_EQUAL(out.data, expected);
    out_free(&out);
}

static void test_columns(void) {
    wrap("one two three", 9, "one two\n  three\n");
    wrap("one\ntwo", 9, "one\n  two\n");
    wrap("unbreakable", 8, "unbrea\n  kable\n");
    wrap("\033[31mred\u202e flag\u202c", 20, "red flag\n");
    wrap("", 20, "\n");
    wrap("長い長い", 6, "長い\n  長い\n");
    wrap("  a  b ", 20, "a b\n");
    cell("ab", 4, false, "ab  ");
    cell("ab", 4, true, "  ab");
    cell("abcde", 4, false, "abc…");
    cell("長い長い", 6, false, "長い… ");
    cell("長い", 4, true, "長い");
}

static CU_TestInfo tests[] = {
    {"times of a whole interview", test_times},
    {"moves of the clock and what they came to", test_moves},
    {"alarms that came due", test_alarms},
    {"a candidate before and after the debrief opens", test_before_debrief},
    {"hostile text in each format", test_hostile},
    {"text keeps to 80 columns", test_text_lines},
    {"a room without a candidate", test_alone},
    {"columns and wrapping", test_columns},
    {"dates", test_dates},
    {"rows of a list", test_rows_of_a_list},
    {"JSON is whole and says the same", test_json},
    {"every part of an interview has a report", test_every_prefix},
    {"reports as in the golden files", test_golden},
    {"events as in the golden file", test_golden_events},
    {"notes that were changed", test_changed_notes},
    {"several sheets, worked out by hand", test_sheets},
    {"sealed sheets before the debrief", test_sheets_sealed},
    {"two halves", test_halves},
    {"a text as ASCII", test_ascii},
    CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"report", set_up, tear_down, NULL, NULL, tests},
                                CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
