/* SPDX-License-Identifier: ISC */
/*
 * board_svg.h: the parts of a board as SVG, for a file and for the slides of a report. Pure.
 */
#ifndef SPAR_CLIENT_REPORT_BOARD_SVG_H
#define SPAR_CLIENT_REPORT_BOARD_SVG_H

#include "client/report/out.h"
#include "protocol/board/layout.h"
#include "protocol/room/room.h"

/* The element of a whole board, open. */
void board_svg_open(const struct board_layout *layout, struct out *out);
/* The names of its columns, in a room that has them. */
void board_svg_layers(const struct room *room, struct out *out);
/* How its parts look, and the heads of arrows; once in a page or a file. */
void board_svg_style(struct out *out);
/* Gives each thing as an element of its own, in the order in which they are drawn. The text is
 * `put`'s to look at alone; it has failed if memory was out. */
void board_svg_each(const struct room *room, const struct board_layout *layout,
                    void (*put)(void *ctx, struct out *thing), void *ctx);

#endif
