/* SPDX-License-Identifier: ISC */
/*
 * views.h: the panes. Each draws the model into its area and may note hits; none keeps anything.
 */
#ifndef SPAR_CLIENT_SCREEN_VIEWS_H
#define SPAR_CLIENT_SCREEN_VIEWS_H

#include "client/screen/paint.h"
#include "client/screen/screen.h"

void view_header(struct screen *screen, struct area area);
void view_people(struct screen *screen, struct area area);
/* What is said of a seat that is on voice; NULL: it is not. Static. */
const char *views_voice(const struct screen *screen, int seat);
void view_device(struct screen *screen, struct area area);        /* the link for another device */
void view_phases_strip(struct screen *screen, struct area area);  /* 2 lines */
void view_phases_column(struct screen *screen, struct area area); /* 2 lines for each phase */
void view_clock(struct screen *screen, struct area area);         /* 1 line, 3 lines, or a column */
/* Alarms and what is suggested, in a column of their own or in a strip. */
void view_alarms(struct screen *screen, struct area area, bool columns);
/* Bit i: the pack's alarm i is due for this screen's person. */
uint32_t views_alarms_due(const struct screen *screen);
/* How many lines they need at the area's width. */
int views_alarm_lines(const struct screen *screen, struct area area, bool columns);
/* How many lines the line of state needs in a window of that width, at most `most`: a question,
 * what is being written, a sentence. */
int views_status_height(const struct screen *screen, int width, int most);
void view_rubric(struct screen *screen, struct area area);
void view_prompt(struct screen *screen, struct area area);
void view_questions(struct screen *screen, struct area area);
void view_flags(struct screen *screen, struct area area);
void view_board(struct screen *screen, struct area area);
void view_board_side(struct screen *screen, struct area area); /* beside another pane */
void view_talk(struct screen *screen, struct area area);       /* the whole conversation, scrolls */
void view_talk_recent(struct screen *screen, struct area area); /* its end */
void view_room(struct screen *screen, struct area area);
void view_prepare(struct screen *screen, struct area area);
void view_debrief(struct screen *screen, struct area area);
void view_verdict(struct screen *screen, struct area area);
void view_replay(struct screen *screen, struct area area);
void view_status(struct screen *screen, struct area area);
void view_keys(struct screen *screen, struct area area);
void view_help(struct screen *screen, struct area area);

/* A link's role, and what has become of it: "coach: used by Kim, and lets nobody else in". */
void views_link_words(const struct screen *screen, const char *text, enum role role, char *out,
                      size_t size);
/* The seat's own notes that can be changed now, the newest first: indexes into the room's lines, as
 * many as there are letters; returns how many. */
int views_own_notes(const struct screen *screen, uint32_t out[KEYS_LETTER_COUNT]);

/* For the views themselves. Notes where a click means something; x, y inside the area. */
void views_hit(struct screen *screen, struct area area, int x, int y, int width, int height,
               enum hit_kind kind, int index);
/* How well a server is heard that is connected: "live ±2 ms", or for how long it has been silent
 * (model_silence); error_ms -1: not known, then without it. */
enum style views_heard(int64_t silent, int64_t error_ms, bool ascii, char *out, size_t size);
/* The whole second that a figure shows: elapsed counts whole seconds up, left counts down to
 * nought, so that both always add up to the budget. "12:05" into out, at least 16 bytes. */
void views_elapsed(char *out, size_t size, int64_t ms);
void views_left(char *out, size_t size, int64_t ms);
/* Minutes and seconds since the interview began, for a moment of room time. */
void views_since_start(const struct screen *screen, char *out, size_t size, int64_t at);
/* A bar of `width` columns: spent of budget on a scale of `scale` ms. */
void views_bar(struct area area, int x, int y, int width, int64_t spent, int64_t budget,
               int64_t scale, enum style style);
enum sign views_mark_sign(enum mark mark);
enum style views_mark_style(enum mark mark);

/* How a question was answered, as it will be once what is on its way has been kept. */
enum answer views_answer(const struct model *model, const char *question);

/* The lines of the verdict that have a letter. */
enum verdict_row_kind {
    VERDICT_ROW_RECOMMEND,
    VERDICT_ROW_LEVEL,
    VERDICT_ROW_SCORE, /* index: of the competency, or of what is rated */
    VERDICT_ROW_TEXT,  /* index: which */
    VERDICT_ROW_GIVE,
    VERDICT_ROW_OPEN
};
struct verdict_row {
    enum verdict_row_kind kind;
    int index;
};
enum { VERDICT_ROWS_MAX = PACK_COMPETENCIES_MAX + VERDICT_TEXTS + 4 };
int views_verdict_rows(const struct screen *screen, struct verdict_row rows[VERDICT_ROWS_MAX]);

/* The framework's table of tools, and its phrases, with a heading; nothing if there are none. */
void views_flow_tools(struct flow *flow, const struct pack *pack);
void views_flow_phrases(struct flow *flow, const struct pack *pack);
/* Indexes (pack_question_at) in the order of the pane: the shown phase first; how many. */
int views_questions(const struct screen *screen, int *out);

#endif
