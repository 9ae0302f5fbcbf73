/* SPDX-License-Identifier: ISC */
/*
 * report_parts.h: what the text, Markdown and HTML of a report go through alike: the rows of their
 * tables, their sections of dated entries, and the items that never came up. How each is drawn is
 * the writer's.
 */
#ifndef SPAR_CLIENT_REPORT_REPORT_PARTS_H
#define SPAR_CLIENT_REPORT_REPORT_PARTS_H

#include "client/report/report.h"

/* The halves of the interview that are shown, the first half first: both if the other's recording
 * is here, else the report alone. Returns how many. */
int report_halves(const struct report *report, const struct report *out[2]);

/* Sentences about the recording itself, which stand under the head: it is damaged, or lacks
 * something. */
struct report_notices {
    const char *at[6]; /* borrowed from the report, `half` or `own`, or static */
    int count;
    char half[REPORT_WORDS_SIZE], own[REPORT_WORDS_SIZE];
};
void report_notices_fill(const struct report *report, struct report_notices *out);

/* A phase, or at the end the whole interview, in the scorecard and in the table of times. */
struct report_row {
    const char *title; /* borrowed */
    bool whole;
    struct insight_phase ledger; /* marks are of the sheet that is scored */
    int64_t scale;               /* ms that a full bar stands for */
    int64_t inside;              /* ms spent within what was given */
    char planned[24], given[24], actual[24], over[REPORT_CLOCK_SIZE];
};
struct report_rows {
    struct report_row at[PACK_PHASES_MAX + 1];
    int count;
};
void report_rows_fill(const struct report *report, struct report_rows *out);

enum report_section {
    REPORT_MOVES, /* of the clock; they stand under the table of times */
    REPORT_FLAGS,
    REPORT_FACTS,
    REPORT_QUESTIONS,   /* curveballs and follow-ups that were put */
    REPORT_CORRECTIONS, /* of marks and flags, in the debrief */
    REPORT_ALARMS,
    REPORT_LINES
};
const char *report_section_title(enum report_section section);
uint32_t report_section_count(const struct report *report, enum report_section section);

/* All borrowed from the report but `clock` and `made`. */
struct report_entry {
    char clock[REPORT_CLOCK_SIZE];
    const char *who;   /* the author; of an alarm the phase */
    const char *kind;  /* "red flag", "whisper" …; "" if there is nothing to say */
    const char *words; /* NULL: they are in `made` */
    const char *more;  /* of a flag that stands: what to do instead; of a question: a strong answer;
                        * else NULL */
    const char *label; /* what `more` is, in a word or two */
    char made[REPORT_WORDS_SIZE];
    char label_made[48]; /* what `kind` points to, where it is made */
};
/* index < report_section_count(). */
void report_entry_get(const struct report *report, enum report_section section, uint32_t index,
                      struct report_entry *out);
const char *report_entry_words(const struct report_entry *entry);

/* A place in the list of items with that mark, phase by phase: those that never came up, or had to
 * be prompted. Begins as {.mark = …, .item = -1}. */
struct report_missed {
    enum mark mark;
    int phase, item;
    bool opens; /* the first one of its phase */
};
/* Moves on to the next. False: there is none. */
bool report_missed_next(const struct report *report, struct report_missed *at)
    __attribute__((warn_unused_result));
/* "Never came up", "Had to be prompted". */
const char *report_missed_title(enum mark mark);
/* What earns the item's mark, or NULL: this seat does not know. Borrowed. */
const char *report_counts(const struct report *report, int item);

/* "curveball" or "follow-up"; "question" where the view lacks the panel's part of the pack. */
const char *report_question_kind(const struct report *report, const struct room_reveal *reveal);

/* "75 % (3 of 4), kinder on 1": how far two sheets agree; "nothing marked". yourself: the second
 * sheet is the reader's own. */
const char *report_agreement_words(struct insight_agreement agreement, bool yourself,
                                   char out[REPORT_WORDS_SIZE]);
/* Whether the second sheet of a pair is the reader's own. */
bool report_is_own(const struct report *report, const struct report_pair *pair);

#endif
