/* SPDX-License-Identifier: ISC */
/*
 * report.h: everything that a report of an interview shows, collected from a folded model; and the
 * report as text, Markdown, HTML or JSON.
 *
 * Pure: state in, text out. A report holds what its seat's view holds and no more: before the
 * debrief a candidate's has no panel sheet, and says so in one line (report.missing).
 */
#ifndef SPAR_CLIENT_REPORT_REPORT_H
#define SPAR_CLIENT_REPORT_REPORT_H

#include "client/feed/model.h"
#include "client/report/ledger.h"
#include "client/report/out.h"
#include "client/report/zone.h"

enum report_format {
    REPORT_TEXT,
    REPORT_MARKDOWN,
    REPORT_HTML,
    REPORT_JSON,
    REPORT_CSV /* a cohort's */
};

struct report_phase {
    const struct pack_phase *phase;
    struct insight_phase ledger; /* marks are of the sheet that is scored */
    struct insight_agreement agreement;
    bool reached;
};

/* What one sheet says of one item. mark.n 0: nothing was ever said. */
struct report_mark {
    struct room_mark mark;
    struct ledger_time time;
};

/* A sheet beside the panel's: the self-assessment, or a coach's sealed one. */
struct report_sheet {
    uint8_t owner;
    bool sealed;
    struct report_mark marks[PACK_ITEMS_MAX];
};
/* Two sheets that both hold a mark; -1: the panel's, else an index into the sheets. */
struct report_pair {
    int a, b;
    struct insight_agreement whole, phase[PACK_PHASES_MAX];
};

struct recording;
struct pictures;
struct report_past;

struct report {
    const struct room *room; /* borrowed, as is everything below that points into it */
    const struct pack *pack;
    const char *room_id;
    struct zone zone;    /* the reader's, at the start; set by who writes the report */
    enum role role;      /* of the seat whose view this is */
    const char *damage;  /* borrowed; one sentence about a damaged recording, or NULL */
    const char *note;    /* borrowed; one sentence about the recording, or NULL; may hold a name */
    const char *missing; /* static; what the seat may not see yet, or NULL */
    char
        plan[PACK_TITLE_MAX + 64]; /* title of the plan, its reserve, by how much it is stretched */
    bool has_panel;                /* the panel's sheet is known */
    bool has_self;                 /* the self-assessment is known */
    bool comparable;               /* both are, and both hold a mark: then agreements count */
    bool scores_self; /* the scorecard counts the self-assessment, for want of the panel's sheet */
    int candidate;    /* seat, -1: none */
    int64_t end;      /* ms of room time: the finish, or what the view reaches to */
    struct insight_summary summary; /* marks likewise of the sheet that is scored */
    struct insight_agreement agreement;
    struct report_phase phases[PACK_PHASES_MAX];
    struct report_mark panel[PACK_ITEMS_MAX], self[PACK_ITEMS_MAX];
    struct ledger_alarm alarms[LEDGER_ALARMS_MAX];
    uint16_t alarm_count, move_count, stretch_count;
    struct ledger_move *moves;        /* owned */
    struct ledger_stretch *stretches; /* owned */
    const struct room_line **lines;   /* owned; notes and talk by their times */
    struct report_sheet *sheets;      /* owned; the self-assessment first, if it is known */
    struct report_pair *pairs;        /* owned */
    int sheet_count, pair_count;
    int half;                   /* 1 or 2 of an interview with the roles turned; 0: it is none */
    const char *linked;         /* borrowed; the room of the other half, or NULL */
    const struct report *other; /* borrowed; its report, if its recording is here */
    /* borrowed; whose events the board is drawn from at each minute, or NULL */
    const struct recording *recording;
    const struct pictures *pictures; /* borrowed; on record */
    const struct report_past *past;  /* borrowed; what to compare with (report_past.h), or NULL */
};

enum report_result { REPORT_OK, REPORT_EMPTY /* no room.open in it */, REPORT_NO_MEMORY };

/* The model and `damage` (may be NULL) outlive the report. Any result may be freed. */
enum report_result report_collect(struct report *report, const struct model *model,
                                  const char *damage) __attribute__((warn_unused_result));
void report_free(struct report *report);

/* Says that `other` is the other half of the interview: both are then shown, the first half
 * first. */
void report_link(struct report *report, struct report *other);
/* Appends the whole report. False: out of memory. */
bool report_write(const struct report *report, enum report_format format, struct out *out)
    __attribute__((warn_unused_result));
/* "text", "md", "html", "json" (also "markdown"). False: none of them. */
bool report_format_find(const char *name, enum report_format *out);

/* ---- for the writers (report_*.c) ---- */

enum { REPORT_CLOCK_SIZE = 32, REPORT_MOMENT_SIZE = 48, REPORT_WORDS_SIZE = 400 };

void report_text(const struct report *report, struct out *out);
void report_markdown(const struct report *report, struct out *out);
void report_html(const struct report *report, struct out *out);
void report_json(const struct report *report, struct out *out);
/* For report_collect; false: out of memory. */
bool report_collect_sheets(struct report *report) __attribute__((warn_unused_result));
/* What an owner's sheet (SEAT_SERVER: the panel's) says of each item; leaves `out` if there is
 * none. */
void report_collect_marks(const struct report *report, uint8_t owner,
                          struct report_mark out[PACK_ITEMS_MAX]);
/* Whether that sheet marks any item. */
bool report_has_marks(const struct report *report, uint8_t owner);
/* "the panel's sheet", "the self-assessment", "Cleo's sealed sheet"; index -1: the panel's. */
const char *report_sheet_words(const struct report *report, int index, char out[REPORT_WORDS_SIZE]);
/* "self", or the coach's name; borrowed. */
const char *report_sheet_title(const struct report *report, int index);
/* How many columns of the rubric are for sheets beside the panel's. */
int report_columns(const struct report *report);
/* One sentence about the other half if its recording is not here, else NULL. */
const char *report_missing_half(const struct report *report, char out[REPORT_WORDS_SIZE]);
/* The timeline as inline SVG. */
void report_svg(const struct report *report, struct out *out);

/* As typed by its owner; "the server" for SEAT_SERVER. Borrowed. */
const char *report_name(const struct report *report, uint8_t seat);
/* "before", "12:05" or "after". */
const char *report_clock(char out[REPORT_CLOCK_SIZE], struct ledger_time time);
/* The same for a moment of room time. */
const char *report_clock_at(const struct report *report, char out[REPORT_CLOCK_SIZE], int64_t at);
/* "+2:10", "−0:30", "on time": of ms by clock_whole. */
const char *report_over(char out[REPORT_CLOCK_SIZE], int64_t ms);
/* How far a phase was off its time; "unreached". */
const char *report_phase_over(const struct report_phase *phase, char out[REPORT_CLOCK_SIZE]);
/* One clause about a move: "Scope begins, Clarify had 0:30 left". */
const char *report_move_words(const struct report *report, char out[REPORT_WORDS_SIZE],
                              const struct ledger_move *move);
/* "2026-11-23 10:00 CET"; at: ms since 1970. */
const char *report_moment(int64_t at, const struct zone *zone, char out[REPORT_MOMENT_SIZE]);
/* The start, or the opening of a room that never started: ms since 1970. The report has a room. */
int64_t report_start(const struct report *report);
/* The same in words. */
const char *report_date(const struct report *report, char out[REPORT_MOMENT_SIZE]);
const char *report_line_kind(const struct room_line *line); /* "note to all" … */
/* The mark of the sheet that is scored. */
const struct report_mark *report_scored(const struct report *report, int item);

#endif
