/* SPDX-License-Identifier: ISC */
/*
 * theme.h: what a style and a sign look like.
 *
 * A style names a meaning, never a colour; each meaning that a colour carries is carried by a sign
 * or a word as well, so that a monochrome terminal loses nothing. The terminal's own background is
 * kept, and the colours are mid-tones that can be read on dark and on light ones.
 */
#ifndef SPAR_CLIENT_SCREEN_THEME_H
#define SPAR_CLIENT_SCREEN_THEME_H

#include <stdbool.h>
#include <wchar.h>

enum style {
    STYLE_PLAIN,
    STYLE_STRONG,   /* what the eye should find first */
    STYLE_FAINT,    /* there if looked for */
    STYLE_RULE,     /* lines between panes */
    STYLE_TITLE,    /* headings */
    STYLE_KEY,      /* a key to press */
    STYLE_NOW,      /* the present phase, the running clock */
    STYLE_GOOD,     /* raised, live, kept */
    STYLE_HALF,     /* prompted, on its way */
    STYLE_BAD,      /* alarm, overtime, refused, red flag */
    STYLE_SELECTED, /* the line with the cursor, the tab that is open */
    STYLE_CODE,     /* a code for a camera: black on white, whatever else is */
    STYLE_COUNT
};

enum sign {
    SIGN_NOT_YET,
    SIGN_PROMPTED,
    SIGN_RAISED,
    SIGN_HERE,
    SIGN_AWAY,
    SIGN_ALARM,
    SIGN_FLAG,
    SIGN_NOW,
    SIGN_KEPT,
    SIGN_WAITING,
    SIGN_PAUSED,
    SIGN_PLAYING,
    SIGN_DOT,
    SIGN_BAR_SPENT,
    SIGN_BAR_LEFT,
    SIGN_BAR_OVER,
    SIGN_PIXEL,
    SIGN_PIXEL_UPPER,
    SIGN_PIXEL_LOWER,
    SIGN_RULE,
    SIGN_RULE_DOWN,
    SIGN_ELLIPSIS,
    SIGN_BULLET,
    SIGN_DASH,
    SIGN_PLUS_MINUS,
    SIGN_CURSOR,
    SIGN_MORE, /* there is more below */
    SIGN_COUNT
};

/* The sign as UTF-8; static. One column wide, but for the ASCII plus-minus. */
const char *theme_sign(enum sign sign, bool ascii);

/* How a terminal shows a style: a foreground in the 256-colour or 8-colour palette (-1: its
 * own). */
struct theme_look {
    short colour_256, colour_8;
    bool bold, dim, reverse;
    bool paper; /* black on white; without colours as it comes */
};
const struct theme_look *theme_look(enum style style);

#endif
