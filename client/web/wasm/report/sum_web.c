/* SPDX-License-Identifier: ISC */
/*
 * sum_web.c: many recordings of a cohort in, the report about all of them out, byte for byte as
 * `spar cohort report` writes it.
 */
#include <stdlib.h>
#include <string.h>

#include "client/feed/recording_fold.h"
#include "client/report/cohort_report.h"
#include "client/report/progress.h"
#include "client/web/wasm/export.h"

struct web_sum {
    struct progress progress;
    struct out out;
};

EXPORT(web_sum_new) struct web_sum *web_sum_new(void);
/* Takes a recording's file over (of web_report_alloc); `name` is what a sentence about it calls it.
 * 0: out of memory. */
EXPORT(web_sum_add)
int web_sum_add(struct web_sum *sum, char *bytes, uint32_t len, const char *name,
                uint32_t name_len);
/* How many interviews those are; when the i-th began, ms since 1970. */
EXPORT(web_sum_count) uint32_t web_sum_count(const struct web_sum *sum);
EXPORT(web_sum_at) double web_sum_at(const struct web_sum *sum, uint32_t i);
/* The reader's zone then: minutes east of UTC, and its name, of which this takes the memory over.
 */
EXPORT(web_sum_zone)
void web_sum_zone(struct web_sum *sum, uint32_t i, int minutes, char *name, uint32_t name_len);
/* csv: else HTML. Once, after the last file. 0: out of memory. */
EXPORT(web_sum_write) int web_sum_write(struct web_sum *sum, int csv);
EXPORT(web_sum_text) const char *web_sum_text(const struct web_sum *sum);
EXPORT(web_sum_len) uint32_t web_sum_len(const struct web_sum *sum);
EXPORT(web_sum_free) void web_sum_free(struct web_sum *sum);

struct web_sum *web_sum_new(void) {
    struct web_sum *sum = calloc(1, sizeof *sum);
    if (sum != NULL) {
        progress_init(&sum->progress);
        out_init(&sum->out);
    }
    return sum;
}

int web_sum_add(struct web_sum *sum, char *bytes, uint32_t len, const char *name,
                uint32_t name_len) {
    char called[64];
    struct recording rec;
    span_copy((struct span){name, name_len}, called, sizeof called);
    enum recording_fault fault = recording_parse(&rec, bytes, len);
    bool good = true;
    if (fault == RECORDING_OK) {
        good = progress_take_recording(&sum->progress, &rec, called);
    } else {
        progress_note(&sum->progress, "%.60s: %.100s", called, recording_fault_text(fault));
    }
    recording_free(&rec);
    return good;
}

uint32_t web_sum_count(const struct web_sum *sum) {
    return sum->progress.count;
}

double web_sum_at(const struct web_sum *sum, uint32_t i) {
    return (double)sum->progress.sessions[i].started;
}

void web_sum_zone(struct web_sum *sum, uint32_t i, int minutes, char *name, uint32_t name_len) {
    struct zone *zone = &sum->progress.sessions[i].zone;
    zone->minutes = minutes;
    span_copy((struct span){name, name_len}, zone->name, sizeof zone->name);
    free(name);
}

int web_sum_write(struct web_sum *sum, int csv) {
    struct cohort_report report;
    sum->progress.reached_only = true;
    progress_keep_finished(&sum->progress);
    bool good = progress_sum(&sum->progress) && cohort_report_make(&report, &sum->progress);
    if (good && csv) {
        cohort_report_csv(&report, &sum->out);
    } else if (good) {
        cohort_report_html(&report, &sum->out);
    }
    if (good) {
        cohort_report_free(&report);
    }
    return good && !sum->out.failed;
}

const char *web_sum_text(const struct web_sum *sum) {
    return sum->out.data;
}

uint32_t web_sum_len(const struct web_sum *sum) {
    return (uint32_t)sum->out.len;
}

void web_sum_free(struct web_sum *sum) {
    progress_free(&sum->progress);
    out_free(&sum->out);
    free(sum);
}
