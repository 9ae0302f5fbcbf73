/* SPDX-License-Identifier: ISC */
/*
 * board_slides.h: a board at each minute of an interview, to leaf through in a page without a
 * script. Pure.
 */
#ifndef SPAR_CLIENT_REPORT_BOARD_SLIDES_H
#define SPAR_CLIENT_REPORT_BOARD_SLIDES_H

#include "client/report/out.h"
#include "protocol/room/room.h"
#include "protocol/wire/recording.h"

/* `room` is the recording's last state; recording NULL: that one alone is drawn. `half` tells the
 * two of one page apart. */
void board_slides(const struct room *room, const struct recording *recording, int half,
                  struct out *out);

#endif
