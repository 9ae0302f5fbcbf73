/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the sheet that an interviewer prepares with holds the prompt, facts, questions with
 * answers, and what counts; and nothing of a pack becomes markup or moves a terminal.
 */
#include "client/report/prepare.h"

#include <locale.h>
#include <string.h>

#include "tests/support/recorded.h"
#include "tests/support/test_main.h"

static void write(void (*writer)(const struct pack *, struct out *), const struct pack *pack,
                  struct out *out) {
    out_init(out);
    writer(pack, out);
    CU_ASSERT_FALSE_FATAL(out->failed);
}

static void test_golden(void) {
    struct pack *pack = sample_pack();
    struct out out;
    write(prepare_text, pack, &out);
    recorded_golden("prepare.txt", out.data, out.len);
    out_free(&out);
    write(prepare_html, pack, &out);
    recorded_golden("prepare.html", out.data, out.len);
    out_free(&out);
    pack_unref(pack);
}

static void test_hostile(void) {
    struct pack *pack = sample_pack();
    struct out out;
    pack->title = pack->facts[0].text = pack->items[0].title = "<script>\033[31m\"&";
    write(prepare_html, pack, &out);
    CU_ASSERT_PTR_NULL(strstr(out.data, "<script"));
    CU_ASSERT_PTR_NULL(strchr(out.data, '\033'));
    out_free(&out);
    write(prepare_text, pack, &out);
    CU_ASSERT_PTR_NULL(strchr(out.data, '\033'));
    out_free(&out);
    pack_unref(pack);
}

/* Where a pack says the least that earns the mark, that is what counts. */
static void test_counts(void) {
    struct pack *pack = sample_pack();
    struct out out;
    pack->items[0].counts = "The least of it.";
    write(prepare_text, pack, &out);
    CU_ASSERT_PTR_NOT_NULL(strstr(out.data, "The least of it."));
    out_free(&out);
    pack_unref(pack);
}

static CU_TestInfo tests[] = {{"golden files", test_golden},
                              {"hostile texts", test_hostile},
                              {"what counts", test_counts},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"prepare", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    setlocale(LC_ALL, "C.UTF-8");
    return test_main(suites);
}
