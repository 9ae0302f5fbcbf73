/* SPDX-License-Identifier: ISC */
/*
 * key_use.h: whether a key of keys.def does something on this screen now, and what its word is.
 *
 * keys.def knows the stage and the role; what is open, and what there is to act on, is known here.
 * The line of keys and the help both ask here, so that neither names a key that does nothing. Pure;
 * belongs to the screen's thread.
 */
#ifndef SPAR_CLIENT_SCREEN_KEY_USE_H
#define SPAR_CLIENT_SCREEN_KEY_USE_H

#include "client/screen/screen.h"

/* Whether pressing it now changes something. A row's letters: whether one of them does in the open
 * pane. */
bool key_use_works(const struct screen *screen, const struct key_row *row);
/* Its word for the line of keys; NULL: the line leaves it out. Borrowed from the program. */
const char *key_use_label(const struct screen *screen, const struct key_row *row);
/* Its sentence for the help; NULL: it does nothing here, or the help leaves it out. Borrowed. */
const char *key_use_help(const struct screen *screen, const struct key_row *row);
/* The key as it is written: of digits as many as there are plans or phases. `buffer` may hold it.
 */
enum { KEY_CAPTION_SIZE = 16 };
const char *key_use_caption(const struct screen *screen, const struct key_row *row,
                            char buffer[KEY_CAPTION_SIZE]);
/* What a letter does in the open pane, in a word; NULL: nothing. Borrowed from the program. */
const char *key_use_letter(const struct screen *screen);
/* Whether a key moves the clock as the room stands, which only who drives it may do. */
bool key_use_moves_clock(const struct screen *screen, enum key_action action);
/* Whether a line of the open pane has more to it than its row shows. */
bool key_use_detail(const struct screen *screen);
/* Whether a letter puts a fact on the candidate's screen. */
bool key_use_reveals(const struct screen *screen);

#endif
