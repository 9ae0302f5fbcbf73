/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a whole click-stream interview, folded event by event, for tests of what comes after
 * one.
 *
 * Under the shipped prompt: five phases, a pause, a jump back and forth, time added and taken,
 * overtime in Design, marks of two authors, self-assessment, flags, notes, talk and names with
 * hostile text. Every moment is fixed, so whatever is drawn from it is too.
 */
#ifndef SPAR_TESTS_SUPPORT_INTERVIEW_H
#define SPAR_TESTS_SUPPORT_INTERVIEW_H

#include "client/feed/model.h"
#include "tests/support/sample.h"

/* Its seats. */
enum { INTERVIEW_HOST, INTERVIEW_CANDIDATE, INTERVIEW_COACH, INTERVIEW_SECOND };

/* Plays it, up to the finish, or on through the debrief. Aborts if anything is refused. */
void interview_play(struct sample *s, bool debrief);
/* The model of a seat's whole view; freed with model_free. Aborts if it does not fold. */
void interview_model(const struct sample *s, uint8_t seat, struct model *model);

#endif
