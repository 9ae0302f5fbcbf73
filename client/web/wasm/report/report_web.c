/* SPDX-License-Identifier: ISC */
/*
 * report_web.c: the second module of the page, loaded when a report is wanted: a recording's file
 * in, the report that `spar report` writes out, or the board as `spar board` does, byte for byte.
 */
#include <stdlib.h>
#include <string.h>

#include "client/feed/recording_fold.h"
#include "client/report/board_write.h"
#include "client/report/report.h"
#include "client/web/wasm/export.h"

struct half {
    struct recording rec;
    struct model model;
    struct report report;
    bool open;
};

/* A report, or the sentence that says why there is none. */
struct web_report {
    struct half half, other;
    struct out out;
    enum report_format format;
    enum board_format drawing; /* with board */
    bool board;
    bool good;
};

EXPORT(web_report_alloc) void *web_report_alloc(uint32_t size);
/* Takes both files over (of web_report_alloc): the recording, and that of the other half of an
 * interview whose roles were turned, of no bytes if it is not at hand. format: "text", "md", "html"
 * or "json"; "svg", "mermaid" or "excalidraw" is the board alone. NULL: out of memory.
 * web_report_write then writes it. */
EXPORT(web_report_new)
struct web_report *web_report_new(char *bytes, uint32_t len, char *other, uint32_t other_len,
                                  const char *format, uint32_t format_len);
/* When a half (0: this one, 1: the other) began, ms since 1970; 0: it is not there. */
EXPORT(web_report_at) double web_report_at(const struct web_report *report, int other);
/* The reader's zone then: minutes east of UTC, and its name, of which this takes the memory over.
 */
EXPORT(web_report_zone)
void web_report_zone(struct web_report *report, int other, int minutes, char *name,
                     uint32_t name_len);
/* Once. 0: the text is the sentence that says why there is no report. */
EXPORT(web_report_write) int web_report_write(struct web_report *report);
EXPORT(web_report_text) const char *web_report_text(const struct web_report *report);
EXPORT(web_report_len) uint32_t web_report_len(const struct web_report *report);
EXPORT(web_report_free) void web_report_free(struct web_report *report);

void *web_report_alloc(uint32_t size) {
    return malloc(size > 0 ? size : 1);
}

static bool open_half(struct web_report *report, struct half *half, char *bytes, uint32_t len) {
    enum recording_fault fault = recording_parse(&half->rec, bytes, len);
    const char *damage = fault == RECORDING_OK ? NULL : recording_fault_text(fault);
    half->open = true;
    if (recording_fold(&half->rec, &half->model) < half->rec.count) {
        damage = recording_fault_text(RECORDING_DAMAGED);
    }
    enum report_result result = report_collect(&half->report, &half->model, damage);
    if (result != REPORT_OK) {
        out_raw(&report->out, damage != NULL           ? damage
                              : result == REPORT_EMPTY ? "There is nothing to report."
                                                       : "Out of memory.");
    }
    half->report.recording = &half->rec;
    return result == REPORT_OK;
}

static void close_half(struct half *half) {
    if (half->open) {
        report_free(&half->report);
        model_free(&half->model);
        recording_free(&half->rec);
    }
}

struct web_report *web_report_new(char *bytes, uint32_t len, char *other, uint32_t other_len,
                                  const char *format, uint32_t format_len) {
    char name[16];
    struct web_report *report = calloc(1, sizeof *report);
    span_copy((struct span){format, format_len}, name, sizeof name);
    if (report != NULL && !report_format_find(name, &report->format)) {
        report->board = board_format_find(name, &report->drawing);
    }
    if (report == NULL || !(report->board || report_format_find(name, &report->format))) {
        free(report);
        free(bytes);
        free(other);
        return NULL;
    }
    report->good = open_half(report, &report->half, bytes, len);
    if (report->good && other_len > 0 && open_half(report, &report->other, other, other_len)) {
        report_link(&report->half.report, &report->other.report);
    } else if (!report->other.open) {
        free(other);
    }
    return report;
}

static const struct half *half_of(const struct web_report *report, int other) {
    const struct half *half = other ? &report->other : &report->half;
    return half->open && half->report.room != NULL ? half : NULL;
}

double web_report_at(const struct web_report *report, int other) {
    const struct half *half = half_of(report, other);
    return half != NULL ? (double)report_start(&half->report) : 0;
}

void web_report_zone(struct web_report *report, int other, int minutes, char *name,
                     uint32_t name_len) {
    struct zone *zone = other ? &report->other.report.zone : &report->half.report.zone;
    zone->minutes = minutes;
    span_copy((struct span){name, name_len}, zone->name, sizeof zone->name);
    free(name);
}

int web_report_write(struct web_report *report) {
    if (report->good) {
        report->out.len = 0; /* what the other half had to say of itself */
        if (report->board) {
            board_write(&report->half.model.room, report->drawing, &report->out);
        } else {
            report->good = report_write(&report->half.report, report->format, &report->out);
        }
    }
    return report->good && !report->out.failed;
}

const char *web_report_text(const struct web_report *report) {
    return report->out.data;
}

uint32_t web_report_len(const struct web_report *report) {
    return (uint32_t)report->out.len;
}

void web_report_free(struct web_report *report) {
    close_half(&report->half);
    close_half(&report->other);
    out_free(&report->out);
    free(report);
}
