/* SPDX-License-Identifier: ISC */
/*
 * theme.c: the tables behind theme.h. Indexes are the enums; every entry is set.
 */
#include "client/screen/theme.h"

static const char *const signs[SIGN_COUNT][2] = {
    [SIGN_NOT_YET] = {"·", "."},     [SIGN_PROMPTED] = {"◐", "o"},  [SIGN_RAISED] = {"●", "#"},
    [SIGN_HERE] = {"●", "*"},        [SIGN_AWAY] = {"○", "-"},      [SIGN_ALARM] = {"▲", "!"},
    [SIGN_FLAG] = {"⚑", "F"},        [SIGN_NOW] = {"▶", ">"},       [SIGN_KEPT] = {"✓", "+"},
    [SIGN_WAITING] = {"…", "~"},     [SIGN_PAUSED] = {"‖", "="},    [SIGN_PLAYING] = {"▶", ">"},
    [SIGN_DOT] = {"·", "-"},         [SIGN_BAR_SPENT] = {"━", "="}, [SIGN_BAR_LEFT] = {"─", "-"},
    [SIGN_BAR_OVER] = {"▒", "!"},    [SIGN_PIXEL] = {"█", "#"},     [SIGN_PIXEL_UPPER] = {"▀", "#"},
    [SIGN_PIXEL_LOWER] = {"▄", "#"}, [SIGN_RULE] = {"─", "-"},      [SIGN_RULE_DOWN] = {"│", "|"},
    [SIGN_ELLIPSIS] = {"…", "~"},    [SIGN_BULLET] = {"•", "*"},    [SIGN_DASH] = {"–", "-"},
    [SIGN_PLUS_MINUS] = {"±", "+-"}, [SIGN_CURSOR] = {"›", ">"},    [SIGN_MORE] = {"▼", "v"},
};

const char *theme_sign(enum sign sign, bool ascii) {
    return signs[sign][ascii ? 1 : 0];
}

/* Mid-tones: each has a contrast of 3.6 or more against black and against white (a test works it
 * out). */
static const struct theme_look looks[STYLE_COUNT] = {
    [STYLE_PLAIN] = {-1, -1, false, false, false},
    [STYLE_STRONG] = {-1, -1, true, false, false},
    [STYLE_FAINT] = {244, -1, false, true, false},
    [STYLE_RULE] = {244, -1, false, true, false},
    [STYLE_TITLE] = {-1, -1, true, false, false},
    [STYLE_KEY] = {32, 6, true, false, false},
    [STYLE_NOW] = {32, 6, true, false, false},
    [STYLE_GOOD] = {29, 2, false, false, false},
    [STYLE_HALF] = {130, 3, false, false, false},
    [STYLE_BAD] = {167, 1, true, false, false},
    [STYLE_SELECTED] = {-1, -1, false, false, true},
    [STYLE_CODE] = {.colour_256 = -1, .colour_8 = -1, .paper = true},
};

const struct theme_look *theme_look(enum style style) {
    return &looks[style];
}
