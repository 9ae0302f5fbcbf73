/* SPDX-License-Identifier: ISC */
/*
 * form.h: the forms of what is stored in a journal that several servers share.
 *
 * A build reads every form up to its newest. It writes no form newer than journal_form gives: that
 * rises once all servers that live can read it, and never falls, and who cannot read it does not
 * start. So servers are made new one after the other, while people are in their rooms.
 */
#ifndef SPAR_SERVER_JOURNAL_FORM_H
#define SPAR_SERVER_JOURNAL_FORM_H

#include <stdint.h>

struct journal;

/* The newest form that may be written now, at least 1. Any thread. */
uint32_t journal_form(struct journal *journal);

#endif
