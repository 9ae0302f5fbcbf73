/* SPDX-License-Identifier: ISC */
/*
 * progress.h: what several recorded interviews say together: of one person over time, or of a
 * cohort.
 *
 * A session is one recording folded to its end. Phases, items and flags of all sessions are put
 * together by their ids, in the order of the packs; a figure counts only the sessions whose pack
 * has the thing. Pure: recordings come in as models, and the clock is nobody's.
 */
#ifndef SPAR_CLIENT_REPORT_PROGRESS_H
#define SPAR_CLIENT_REPORT_PROGRESS_H

#include "client/feed/model.h"
#include "client/report/out.h"
#include "client/report/zone.h"
#include "protocol/wire/recording.h"

/* A verdict, or the candidate's rating of the interviewer. */
struct progress_verdict {
    char by[NAME_MAX_BYTES + 1];
    bool rating;
    uint8_t recommend, level, scores[PACK_COMPETENCIES_MAX];
};

struct progress_session {
    char room[ROOM_ID_BYTES + 1];
    struct pack *pack;                  /* owned reference */
    enum role role;                     /* of the seat that fetched it */
    char name[NAME_MAX_BYTES + 1];      /* of that seat */
    char candidate[NAME_MAX_BYTES + 1]; /* "" if nobody took that seat */
    int64_t started;                    /* ms of room time, which is the server's clock */
    struct zone zone;                   /* the reader's, then; set by who loads it */
    bool finished;
    bool self;                     /* the candidate's own sheet counts, for want of the panel's */
    uint8_t marks[PACK_ITEMS_MAX]; /* enum mark, of the sheet that counts */
    bool reached[PACK_PHASES_MAX];
    uint32_t flags;  /* bit i: the pack's flag i is on */
    uint32_t events; /* of two recordings of a room, the longer one counts */
    struct insight_summary summary;
    struct progress_verdict *verdicts; /* owned; that the recording holds */
    uint8_t verdict_count;
};

struct progress_phase {
    const char *id, *title;           /* of a session's pack */
    uint16_t sessions;                /* that have the phase */
    uint16_t reached, over;           /* of them: entered; over their budget */
    int64_t budget, actual;           /* ms, sums over those that reached it */
    uint32_t items, raised, prompted; /* sums over all that have it */
};
struct progress_item {
    const char *id, *title;
    uint16_t phase;                   /* index into phases */
    uint16_t asked, raised, prompted; /* sessions; missed: asked less both others */
};
struct progress_flag {
    const char *id, *title;
    bool red;
    uint16_t sessions; /* in which it is on */
};

struct progress {
    struct progress_session *sessions; /* by their starts, once progress_sum has run */
    uint32_t count, cap;
    struct progress_phase *phases;
    struct progress_item *items;
    struct progress_flag *flags;
    uint32_t phase_count, item_count, flag_count;
    struct progress_note { /* rooms that are not in it, and why; shown at the end */
        char text[200];
    } * notes;
    uint32_t note_count;
    bool reached_only; /* set before progress_sum: items of a phase that had no time are not counted
                        */
};

enum progress_result {
    PROGRESS_TAKEN,
    PROGRESS_EMPTY /* no pack, or never started */,
    PROGRESS_NO_MEMORY
};

void progress_init(struct progress *progress);
void progress_free(struct progress *progress);
/* Takes a session from a model that is folded to its end. events: how many the recording holds. Of
 * a room that is there already the longer one stays. */
enum progress_result progress_take(struct progress *progress, const struct model *model,
                                   uint32_t events) __attribute__((warn_unused_result));
/* The same from a recording; one that cannot be counted is noted under `name`, and one that was
 * re-marked is left out. False: out of memory. */
bool progress_take_recording(struct progress *progress, const struct recording *rec,
                             const char *name) __attribute__((warn_unused_result));
/* Leaves only the sessions in which the recording's seat had a role. */
void progress_keep_role(struct progress *progress, enum role role);
/* Leaves only the interviews that were finished, and notes the others. */
void progress_keep_finished(struct progress *progress);
/* Adds a sentence about what is not in it; cut at its bound. */
void progress_note(struct progress *progress, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Sorts the sessions and makes the sums. False: out of memory. */
bool progress_sum(struct progress *progress) __attribute__((warn_unused_result));

/* The items that were never raised, by phase: begin with all zero, and go on until false. `item` is
 * the one; opens: the first of all; heads: the first of its phase. */
struct progress_never {
    const struct progress_item *item;
    uint32_t phase, next;
    bool opens, heads;
};
bool progress_never_next(const struct progress *progress, struct progress_never *at)
    __attribute__((warn_unused_result));

/* Percent, rounded half up; -1: of nothing. */
int progress_percent(int64_t part, int64_t whole);
/* Percent of a session's items that were raised: of the phase with that id, or (NULL) of all; -1:
 * it has none. */
int progress_raised(const struct progress_session *session, const char *phase);
/* The same of all items of the phases that were reached. */
int progress_raised_of_reached(const struct progress_session *session);
/* Percent of its budget that a session spent in the phase with that id, halved: 50 is on time, 100
 * twice as long or more; -1: not reached. */
int progress_time(const struct progress_session *session, const char *phase);
/* What a phase was off its time in a session, ms. False: not reached. */
bool progress_phase_off(const struct progress_session *session, const char *phase, int64_t *ms);
/* "2026-11-23" of a session's start, in the reader's own zone; out: 16 bytes. */
const char *progress_date(const struct progress_session *session, char out[16]);
/* "+0:20" and the like of a difference in ms, by clock_whole; "on time" if that is none. out: 32
 * bytes. */
const char *progress_off(int64_t ms, bool ascii, char out[32]);

/* ---- charts for a terminal ---- */

/* One cell a value (0..100; -1: a gap), the last `width` of them: blocks, or digits 0-9 in
 * ASCII. */
void progress_spark(struct out *out, const int *percent, uint32_t count, int width, bool ascii);
/* A line over all values, 0 to 100 %, `width` columns with its axis: braille, or * in ASCII. Lines
 * begin with two blanks. */
void progress_chart(struct out *out, const int *percent, uint32_t count, int width, bool ascii);

/* ---- the reports ---- */

struct progress_options {
    enum role role;
    bool ascii; /* of the text: charts and rules */
    bool
        items; /* of the text: every item that was never raised, not only the first of each phase */
};
void progress_text(const struct progress *progress, const struct progress_options *options,
                   struct out *out);
void progress_html(const struct progress *progress, const struct progress_options *options,
                   struct out *out);
void progress_json(const struct progress *progress, const struct progress_options *options,
                   struct out *out);

/* A line as inline SVG for an HTML report: values 0..100 (-1: a gap) over their indexes. colour: a
 * variable of the style sheet; times: what a value is multiplied with in the title of its dot. */
struct progress_line {
    const int *percent;
    uint32_t count;
    int width, height;
    const char *label, *colour;
    int times;
};
void progress_svg(struct out *out, const struct progress_line *line);

#endif
