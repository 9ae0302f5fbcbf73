/* SPDX-License-Identifier: ISC */
/*
 * cohort_report.c: the people and the missed items of a cohort.
 */
#include "client/report/cohort_report.h"

#include <stdlib.h>
#include <string.h>

static struct cohort_person *person_of(struct cohort_report *report, const char *name) {
    for (uint32_t i = 0; i < report->person_count; i++) {
        const char *known = report->people[i].name;
        if (known && strcmp(known, name) == 0) {
            return &report->people[i];
        }
    }
    struct cohort_person *person = &report->people[report->person_count++];
    *person = (struct cohort_person){.name = name};
    return person;
}

static void add_session(struct cohort_report *report, const struct progress_session *session) {
    struct cohort_person *person = person_of(report, session->candidate);
    int raised = progress_raised_of_reached(session);
    person->first = person->sessions ? person->first : raised;
    person->last = raised;
    person->sessions++;
    for (int p = 0; p < session->pack->phase_count; p++) {
        const struct insight_phase *phase = &session->summary.phase[p];
        person->off += session->reached[p] ? phase->actual - phase->budget : 0;
    }
    person->flags = (uint16_t)(person->flags + session->summary.flags);
}

static int compare_people(const void *a, const void *b) {
    const struct cohort_person *left = a;
    const struct cohort_person *right = b;
    return strcmp(left->name, right->name);
}

static int missed(const struct progress_item *item) {
    return item->asked - item->raised - item->prompted;
}

/* Shares are compared across, so that an item that few prompts have is not hidden by its small
 * number. */
static bool comes_before(const struct progress_item *a, const struct progress_item *b) {
    int64_t left = (int64_t)missed(a) * b->asked;
    int64_t right = (int64_t)missed(b) * a->asked;
    if (left != right) {
        return left > right;
    }
    return (int64_t)a->prompted * b->asked > (int64_t)b->prompted * a->asked;
}

/* A stable insertion: at most a few hundred items. */
static void sort_missed(struct cohort_report *report) {
    const struct progress *progress = report->progress;
    for (uint32_t i = 0; i < progress->item_count; i++) {
        uint32_t place = i;
        while (place > 0 &&
               comes_before(&progress->items[i], &progress->items[report->missed[place - 1]])) {
            report->missed[place] = report->missed[place - 1];
            place--;
        }
        report->missed[place] = i;
    }
}

bool cohort_report_make(struct cohort_report *report, const struct progress *progress) {
    *report = (struct cohort_report){.progress = progress};
    report->people = calloc(progress->count + 1U, sizeof *report->people);
    report->missed = calloc(progress->item_count + 1U, sizeof *report->missed);
    if (!report->people || !report->missed) {
        return false;
    }
    for (uint32_t i = 0; i < progress->count; i++) {
        add_session(report, &progress->sessions[i]);
    }
    if (report->person_count > 0) {
        qsort(report->people, report->person_count, sizeof *report->people, compare_people);
    }
    sort_missed(report);
    return true;
}

void cohort_report_free(struct cohort_report *report) {
    free(report->people);
    free(report->missed);
    *report = (struct cohort_report){0};
}
