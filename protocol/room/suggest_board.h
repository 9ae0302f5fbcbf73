/* SPDX-License-Identifier: ISC */
/*
 * suggest_board.h: when the kinds of rules that read the board hold; private to suggest.c.
 */
#ifndef SPAR_PROTOCOL_ROOM_SUGGEST_BOARD_H
#define SPAR_PROTOCOL_ROOM_SUGGEST_BOARD_H

#include "protocol/room/room.h"

/* Whether the candidate has drawn a box that is shown: only then do these rules speak. Who draws
 * elsewhere is told nothing. */
bool suggest_board_is_drawn(const struct room *room);
/* Whether a rule of a kind from SUGGEST_BOARD_FIRST on holds. asked: ms, when enough of its group
 * were marked (INT64_MAX: they are not); late: the last `ms` of its phase have come. */
bool suggest_board_holds(const struct room *room, const struct pack_suggest *rule, int64_t asked,
                         bool late) __attribute__((warn_unused_result));

#endif
