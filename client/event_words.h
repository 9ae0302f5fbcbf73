/*
 * event_words.h: an event in words, for a recording that is printed. Pure.
 */
#ifndef SPAR_CLIENT_EVENT_WORDS_H
#define SPAR_CLIENT_EVENT_WORDS_H

#include "client/out.h"
#include "protocol/room.h"

/* Appends a clause in plain text without a newline: "Volume and velocity: raised". room: the fold with the
 * event applied. Needs out_locale_enter. */
void event_words(struct out *out, const struct room *room, const struct event *event);
/* Who it is about: the name of its author, or of who came or went; "the server" otherwise. Borrowed from room. */
const char *event_author(const struct room *room, const struct event *event);
/* Appends one line: number, the interview's running time, author, words; straight columns. */
void event_line(struct out *out, const struct room *room, const struct event *event);

#endif
