/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what a report says of the board: where each requirement was used, the drawing, and in a
 * page the board at each minute.
 */
#include <locale.h>
#include <string.h>

#include "client/feed/recording_fold.h"
#include "client/report/report.h"
#include "protocol/board/picture.h"
#include "tests/support/board_play.h"
#include "tests/support/recorded.h"
#include "tests/support/test_main.h"

enum { PAGE_MAX = 400 * 1024 };

static struct sample s;
static struct recording rec;
static struct model model;
static struct report report;
static struct out out;

/* What the candidate did: drew, or put a picture on record, or neither. */
enum done { NOTHING, DREW, PICTURED };

static void put_picture(void) {
    static const char png[] = "\x89PNG\r\n\x1a\n<script>";
    struct span picture = {png, sizeof png - 1};
    CU_ASSERT_EQUAL(
        sample_do(&s, SAMPLE_CANDIDATE, picture_part(picture, SAMPLE_CANDIDATE * BOARD_IDS + 1, 0)),
        REFUSAL_NONE);
}

static void begin(enum done done) {
    sample_open_rules(&s, 0, 2);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
    if (done == DREW) {
        board_draw(&s);
    } else if (done == PICTURED) {
        put_picture();
    }
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_phase(ACTION_CLOCK_JUMP, 3)), REFUSAL_NONE);
    s.now += 60000;
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_FINISH)), REFUSAL_NONE);
    recorded(&s, SAMPLE_CANDIDATE, "abcdefghij12", &rec);
    CU_ASSERT_EQUAL(recording_fold(&rec, &model), rec.count);
    CU_ASSERT_EQUAL_FATAL(report_collect(&report, &model, NULL), REPORT_OK);
    report.recording = &rec;
}

static const char *write(enum report_format format) {
    out_free(&out);
    out_init(&out);
    CU_ASSERT_TRUE_FATAL(report_write(&report, format, &out));
    return out.data;
}

static void end(void) {
    out_free(&out);
    report_free(&report);
    model_free(&model);
    recording_free(&rec);
    sample_free(&s);
}

static unsigned count(const char *text, const char *what) {
    unsigned found = 0;
    for (; (text = strstr(text, what)) != NULL; text++) {
        found++;
    }
    return found;
}

static void test_text(void) {
    begin(DREW);
    const char *text = write(REPORT_TEXT);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "used at Kafka 3:30"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "used nowhere"));
    text = write(REPORT_MARKDOWN);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "| R1 | 0:30 | 50 MB/s at peak"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "\n      \xe2\x94\x8c")); /* the drawing is indented */
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "cite no requirement: Mobile app, Dashboards."));
    text = write(REPORT_JSON);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"board\":{"));
    end();
}

/* Each state of a thing stands once; each slide names what it shows; the last one is chosen. */
static void test_slides(void) {
    begin(DREW);
    const char *text = write(REPORT_HTML);
    CU_ASSERT_TRUE(out.len < PAGE_MAX);
    unsigned slides = count(text, "<div class=\"slide ");
    CU_ASSERT_TRUE(slides > 10);
    CU_ASSERT_EQUAL(count(text, "type=\"radio\""), slides);
    CU_ASSERT_EQUAL(count(text, " checked>"), 1);
    CU_ASSERT_EQUAL(count(text, "<title>Dashboards</title>"), 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, ">End of "));
    CU_ASSERT_PTR_NULL(strstr(text, "<script"));
    /* each state carries the class that its style asks for: what is used elsewhere has no more */
    CU_ASSERT_EQUAL(count(text, "<g id="), 0);
    CU_ASSERT_TRUE(count(text, "<g class=\"board\" id=\"v1-") >= 15);
    end();
}

static void test_unused(void) {
    begin(NOTHING);
    CU_ASSERT_PTR_NULL(strstr(write(REPORT_HTML), "<h2>Board"));
    CU_ASSERT_PTR_NULL(strstr(write(REPORT_TEXT), "Requirements"));
    end();
}

/* Who drew elsewhere did not use the board, and misses nothing; the picture stands in the page. */
static void test_picture(void) {
    begin(PICTURED);
    const char *text = write(REPORT_HTML);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "src=\"data:image/png;base64,iVBORw0KGgo8c2NyaXB0Pg==\">"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "Picture on record at 0:00: PNG, 1 KB"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "The board was not used."));
    CU_ASSERT_PTR_NULL(strstr(text, "<script"));
    text = write(REPORT_TEXT);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "The board was not used.\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "Picture on record at 0:00: PNG, 1 KB;"));
    CU_ASSERT_PTR_NOT_NULL(strstr(write(REPORT_MARKDOWN), "- Picture on record at 0:00"));
    text = write(REPORT_JSON);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"used\":false"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"data\":\"iVBORw0KGgo8c2NyaXB0Pg==\""));
    end();
}

static CU_TestInfo tests[] = {{"texts", test_text},
                              {"picture", test_picture},
                              {"slides", test_slides},
                              {"unused", test_unused},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"board in a report", NULL, NULL, NULL, NULL, tests},
                                CU_SUITE_INFO_NULL};

int main(void) {
    setlocale(LC_ALL, "C.UTF-8");
    return test_main(suites);
}
