/* SPDX-License-Identifier: ISC */
/*
 * board_write.h: a board and its worksheet as text, SVG, Mermaid, an Excalidraw file or JSON. Pure.
 *
 * All of them draw the numbers of protocol/board/layout.h. What a person typed is made harmless for
 * each format.
 */
#ifndef SPAR_CLIENT_REPORT_BOARD_WRITE_H
#define SPAR_CLIENT_REPORT_BOARD_WRITE_H

#include "client/report/out.h"
#include "protocol/room/room.h"
#include "protocol/text/json.h"

enum board_format { BOARD_TEXT, BOARD_SVG, BOARD_MERMAID, BOARD_EXCALIDRAW, BOARD_JSON };
/* "text", "svg" … False: none of them. */
bool board_format_find(const char *name, enum board_format *out);

/* The board as the room has it. Appends to `out`, whose first failure sticks. */
void board_write(const struct room *room, enum board_format format, struct out *out);

/* ---- for reports, and the formats themselves ---- */

void board_write_text(const struct room *room, struct out *out);
void board_write_svg(const struct room *room, struct out *out);
void board_write_mermaid(const struct room *room, struct out *out);
void board_write_excalidraw(const struct room *room, struct out *out);
void board_write_json(const struct room *room, struct out *out);
/* All of it as an object. */
void board_put_json(const struct room *room, struct json *json, const char *name);
/* The drawing alone, as lines. */
void board_write_lines(const struct room *room, struct out *out);
/* The seat whose drawing counts: the candidate's; 0 if there is none. */
uint8_t board_author(const struct room *room);
/* Running time of the interview at a moment of room time, as "12:05". */
enum { BOARD_CLOCK_SIZE = 32 };
const char *board_clock(const struct room *room, int64_t at, char out[BOARD_CLOCK_SIZE]);
/* The first words of a box, an arrow or a span, for a list: its name, or its label. */
enum { BOARD_NAME_SIZE = 64 };
const char *board_name(const struct board_thing *thing, char out[BOARD_NAME_SIZE]);
/* The i-th thing that cites the requirement now, by the author, in the order of the first times,
 * and when it first did; NULL: there are no more. */
const struct board_thing *board_cited(const struct board *board, uint8_t author, unsigned number,
                                      unsigned i, int64_t *at);

/* "Boxes that cite no requirement: S3, Reports.", of those that the author drew; nothing where
 * there is none, or no requirement. */
void board_write_loose(const struct room *room, enum out_format format, struct out *out);

#endif
