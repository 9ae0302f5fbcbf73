/* SPDX-License-Identifier: ISC */
/*
 * Purpose: log lines are whole, one per event, escaped so that no value can break or drive
 * anything, cut at their bound, and kept apart when threads write at once; the counters sum over
 * their writers.
 */
#include "tests/support/test_main.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/base/log.h"
#include "server/base/stats.h"
#include "server/journal/journal.h"

enum { THREADS = 4, LINES = 200, TEXT_BYTES = 256 * 1024 };

struct sink {
    FILE *file;
    struct log *log;
    char *text; /* what was written, after sink_read */
};

static void sink_open(struct sink *sink, enum log_level level) {
    sink->file = tmpfile();
    CU_ASSERT_PTR_NOT_NULL_FATAL(sink->file);
    sink->log = log_open(fileno(sink->file), level);
    CU_ASSERT_PTR_NOT_NULL_FATAL(sink->log);
    sink->text = calloc(1, TEXT_BYTES);
    CU_ASSERT_PTR_NOT_NULL_FATAL(sink->text);
}

static const char *sink_read(struct sink *sink) {
    ssize_t got = pread(fileno(sink->file), sink->text, TEXT_BYTES - 1, 0);
    sink->text[got > 0 ? got : 0] = '\0';
    return sink->text;
}

static void sink_close(struct sink *sink) {
    log_close(sink->log);
    fclose(sink->file);
    free(sink->text);
}

/* What follows the time, which is checked for its form. */
static const char *after_time(const char *line) {
    static const char form[] = "dddd-dd-ddTdd:dd:dd.dddZ ";
    for (size_t i = 0; i < sizeof form - 1; i++) {
        bool digit = line[i] >= '0' && line[i] <= '9';
        CU_ASSERT_FATAL(form[i] == 'd' ? digit : line[i] == form[i]);
    }
    return line + sizeof form - 1;
}

static void test_line(void) {
    struct sink sink;
    sink_open(&sink, LOG_LEVEL_INFO);
    log_info(sink.log, "conn.open", LOG_S("peer", "[::1]:443"), LOG_I("left", -7),
             LOG_U("bytes", UINT64_MAX));
    CU_ASSERT_STRING_EQUAL(after_time(sink_read(&sink)),
                           "info conn.open peer=[::1]:443 left=-7 bytes=18446744073709551615\n");
    sink_close(&sink);
    sink_open(&sink, LOG_LEVEL_INFO);
    log_warn(sink.log, "bare");
    CU_ASSERT_STRING_EQUAL(after_time(sink_read(&sink)), "warn bare\n");
    sink_close(&sink);
}

static void test_escape(void) {
    static const struct {
        const char *value, *shown;
    } cases[] = {{"plain", "plain"},
                 {"", "\"\""},
                 {NULL, "-"},
                 {"two words", "\"two words\""},
                 {"a\nb", "\"a\\nb\""},
                 {"\x1b[31m", "\"\\x1b[31m\""},
                 {"say \"x\"", "\"say \\\"x\\\"\""},
                 {"a=b", "\"a=b\""},
                 {"back\\slash", "\"back\\\\slash\""},
                 {"\xc3\xa9", "\"\\xc3\\xa9\""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sink sink;
        char expected[128];
        sink_open(&sink, LOG_LEVEL_INFO);
        log_error(sink.log, "e", LOG_S("v", cases[i].value));
        snprintf(expected, sizeof expected, "error e v=%s\n", cases[i].shown);
        CU_ASSERT_STRING_EQUAL(after_time(sink_read(&sink)), expected);
        sink_close(&sink);
    }
}

static void test_levels(void) {
    enum log_level level = LOG_LEVEL_ERROR;
    struct sink sink;
    sink_open(&sink, LOG_LEVEL_WARN);
    CU_ASSERT(log_on(sink.log, LOG_LEVEL_WARN));
    CU_ASSERT_FALSE(log_on(sink.log, LOG_LEVEL_INFO));
    log_info(sink.log, "quiet");
    CU_ASSERT_STRING_EQUAL(sink_read(&sink), "");
    sink_close(&sink);
    sink_open(&sink, LOG_LEVEL_DEBUG);
    log_debug(sink.log, "loud");
    CU_ASSERT_STRING_EQUAL(after_time(sink_read(&sink)), "debug loud\n");
    sink_close(&sink);
    CU_ASSERT(log_level_parse("debug", &level));
    CU_ASSERT_EQUAL(level, LOG_LEVEL_DEBUG);
    CU_ASSERT_FALSE(log_level_parse("Debug", &level));
    CU_ASSERT_FALSE(log_level_parse("", &level));
    CU_ASSERT_FALSE(log_on(NULL, LOG_LEVEL_ERROR));
    log_error(NULL, "nowhere");
}

/* The longest value that fits, and one byte more. */
static void test_cut(void) {
    char value[LOG_LINE_MAX + 1];
    static const char start[] = "2026-01-01T00:00:00.000Z info e v=";
    size_t fits = LOG_LINE_MAX - (sizeof start - 1) - strlen(" cut=1\n");
    for (size_t more = 0; more < 2; more++) {
        struct sink sink;
        memset(value, 'x', sizeof value);
        value[fits + more] = '\0';
        sink_open(&sink, LOG_LEVEL_INFO);
        log_info(sink.log, "e", LOG_S("v", value));
        const char *text = sink_read(&sink);
        CU_ASSERT(strlen(text) <= LOG_LINE_MAX);
        CU_ASSERT_EQUAL(strstr(text, " cut=1\n") != NULL, more == 1);
        CU_ASSERT_EQUAL(text[strlen(text) - 1], '\n');
        sink_close(&sink);
    }
}

static void *write_lines(void *arg) {
    for (unsigned i = 0; i < LINES; i++) {
        log_info(arg, "line", LOG_S("text", "0123456789 0123456789"), LOG_U("n", i));
    }
    return NULL;
}

static void test_threads(void) {
    struct sink sink;
    pthread_t threads[THREADS];
    sink_open(&sink, LOG_LEVEL_INFO);
    for (unsigned i = 0; i < THREADS; i++) {
        CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, write_lines, sink.log), 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    unsigned count = 0;
    char *rest = NULL;
    sink_read(&sink);
    for (char *line = strtok_r(sink.text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        static const char whole[] = "info line text=\"0123456789 0123456789\" n=";
        CU_ASSERT_EQUAL(strncmp(after_time(line), whole, sizeof whole - 1), 0);
        count++;
    }
    CU_ASSERT_EQUAL(count, THREADS * LINES);
    sink_close(&sink);
}

static void test_stats(void) {
    struct stats *stats = stats_new(3);
    CU_ASSERT_PTR_NOT_NULL_FATAL(stats);
    stats_add(stats, 0, STATS_commands, 2);
    stats_add(stats, 2, STATS_commands, 5);
    stats_add(stats, 1, STATS_connections_open, 1);
    stats_add(stats, 1, STATS_connections_open, -1);
    CU_ASSERT_EQUAL(stats_sum(stats, STATS_commands), 7);
    CU_ASSERT_EQUAL(stats_sum(stats, STATS_connections_open), 0);
    CU_ASSERT_STRING_EQUAL(stats_name(STATS_cut_idle), "cut_idle");
    struct sink sink;
    sink_open(&sink, LOG_LEVEL_INFO);
    const struct log_field more[] = {LOG_U("journal_commits", 9)};
    stats_log(stats, more, 1, sink.log);
    const char *text = sink_read(&sink);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, " info stats accepted=0 "));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, " commands=7 "));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, " journal_commits=9\n"));
    CU_ASSERT_PTR_NULL(strstr(text, "cut=1"));
    sink_close(&sink);
    stats_free(stats);
}

int main(void) {
    static CU_TestInfo tests[] = {
        {"a line", test_line},     {"escaping", test_escape},
        {"levels", test_levels},   {"the longest line and one byte more", test_cut},
        {"threads", test_threads}, {"counters", test_stats},
        CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"log", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
