/* SPDX-License-Identifier: ISC */
/*
 * board.h: the design board and the worksheet: what the candidate draws and writes, as a fold.
 *
 * Everything on it is a thing with an id that its author chose: seat * BOARD_IDS + n, n rising from
 * 1, so that several commands can follow each other before the first one is kept. What is dropped
 * stays, as many again as the bound of its kind, and comes back whole. An arrow is shown while both
 * its boxes are. Nothing here knows a room: roles, stages and shares are the room's
 * (room/drawing.c). Columns and rows are cells of a grid; nothing is ever laid out by itself.
 */
#ifndef SPAR_PROTOCOL_BOARD_BOARD_H
#define SPAR_PROTOCOL_BOARD_BOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/text/span.h"
#include "protocol/wire/action.h"
#include "protocol/wire/mp.h"
#include "protocol/wire/refusal.h"

enum board_kind {
    BOARD_BOX,
    BOARD_ARROW,
    BOARD_FRAME,  /* a region or a team: a rectangle of cells */
    BOARD_SPAN,   /* from one column to another, as an end-to-end bound */
    BOARD_STROKE, /* of the pen */
    BOARD_REQ,    /* a requirement, R1, R2 …: a number is never given twice */
    BOARD_LINE,   /* of the worksheet */
    BOARD_KINDS
};
enum board_box_style { BOX_PLAIN, BOX_TEXT /* words without a border */ };
enum board_arrow_style { ARROW_PLAIN, ARROW_DASHED, ARROW_BOLD };
enum board_line_style { LINE_PLAIN, LINE_PARKED, LINE_SCRATCH /* sums and half thoughts */ };

struct board_thing {
    uint32_t id;
    uint8_t kind; /* enum board_kind */
    uint8_t by;   /* the seat that added it: its words are that seat's alone */
    bool dropped;
    uint8_t style;
    uint8_t col, row, cols, rows;
    uint16_t number;   /* of a requirement */
    uint32_t from, to; /* of an arrow: ids of boxes */
    uint32_t edits;    /* how often it was changed, by anybody */
    uint8_t edited_by; /* last */
    int64_t made_at;   /* ms: its author's moment of adding it */
    int64_t edited_at; /* ms: of the last change */
    char *text;        /* owned, never NULL; of a stroke "" */
    char *points;      /* owned; of a stroke: x, y, each two bytes, big-endian, in BOARD_FINE of a
                        * cell of the layout; else NULL */
    uint32_t point_bytes;
};
/* That a box, an arrow or a span cites a requirement, from its first time on. */
struct board_cite {
    uint16_t number;
    uint32_t thing;
    int64_t at; /* ms: the author's moment */
};
/* What somebody of the panel points at; thing 0: nothing. */
struct board_mark {
    uint32_t thing;
    int64_t at;
};

/* A picture that was put on record: its bytes are in the events alone (picture.h). */
enum picture_kind { PICTURE_NONE, PICTURE_PNG, PICTURE_JPEG, PICTURE_WEBP };
struct board_picture {
    uint32_t id;
    uint8_t by;
    uint8_t kind; /* enum picture_kind */
    uint8_t left; /* parts that are still to come; 0: it is whole */
    uint32_t bytes;
    int64_t at; /* ms: its author's moment */
};

struct board {
    struct board_thing *things; /* in the order of their ids */
    uint32_t count, cap;
    uint16_t reqs; /* requirement numbers given so far */
    bool shared;   /* the interviewer may draw too */
    /* The candidate thinks unseen since then (ms), for BOARD_PRIVATE_MS at most; 0: no. */
    int64_t private_at;
    uint32_t last[ROOM_SEATS_MAX]; /* highest n that the seat has used */
    struct board_mark marks[ROOM_SEATS_MAX];
    struct board_picture pictures[BOARD_PICTURES_MAX]; /* in order */
    uint8_t picture_count;
    struct board_cite *cites; /* in order */
    uint32_t cite_count, cite_cap;
};

/* Zero is an empty board. Frees what it owns and empties it. */
void board_free(struct board *board);
/* Deep. False: out of memory; `to` is then empty. */
bool board_copy(struct board *to, const struct board *from) __attribute__((warn_unused_result));

/* Whether an action is the board's or the worksheet's. */
bool board_is_action(enum action act);
/* Why the board does not take this change from seat `by`; REFUSAL_NONE: it does. The body has what
 * its action's row requires, within its bounds. */
enum refusal board_check(const struct board *board, uint8_t by, const struct body *body)
    __attribute__((warn_unused_result));
/* Carries out what board_check has let pass, at the author's moment `made` (ms). False: out of
 * memory; nothing was changed. */
bool board_take(struct board *board, uint8_t by, const struct body *body, int64_t made)
    __attribute__((warn_unused_result));

/* Whether the number that the body gives to a new thing is the seat's next one, or `most` at most;
 * true of what adds nothing. Asked by decide alone: older logs may hold any number. What
 * board_check has let pass. */
bool board_is_near(const struct board *board, uint8_t by, const struct body *body, uint32_t most)
    __attribute__((warn_unused_result));

/* NULL: no such thing (any more). */
const struct board_thing *board_find(const struct board *board, uint32_t id);
/* Whether it is to be seen: not dropped, nor a box of its own. */
bool board_is_shown(const struct board *board, const struct board_thing *thing);
/* The box in a cell, NULL: it is free. */
const struct board_thing *board_at(const struct board *board, int64_t col, int64_t row);
/* The requirement with that number that has not been dropped, or NULL. */
const struct board_thing *board_req(const struct board *board, unsigned number);
/* The id that the seat gives to what it adds next; 0: it has none left. */
uint32_t board_next_id(const struct board *board, uint8_t seat);
/* When the candidate's thinking unseen ends, ms; 0: they do not think unseen at `now`. */
int64_t board_private_until(const struct board *board, int64_t now);
/* Whether anything was ever put on the board or the worksheet; a picture is on neither. */
bool board_is_used(const struct board *board);
/* Whether a shown box, arrow or span of seat `by` cites the requirement now. */
bool board_answers(const struct board *board, uint8_t by, unsigned number);
/* Whether it is a box of seat `by` that is shown and cites none of the requirements that there are;
 * where there is none, no box is. */
bool board_is_loose(const struct board *board, uint8_t by, const struct board_thing *thing);
/* Of that seat's shown boxes: how many there are, and how many cite a requirement that there is. */
void board_count(const struct board *board, uint8_t by, unsigned *boxes, unsigned *citing);

/* The canonical encoding of everything, for digests. */
void board_put(struct mp_writer *w, const struct board *board);

#endif
