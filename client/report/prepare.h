/* SPDX-License-Identifier: ISC */
/*
 * prepare.h: a prompt as an interviewer prepares it: the task, facts in the order in which they are
 * likely to be asked for, questions with their answers, and what counts for each item. Pure.
 *
 * The HTML prints on two sides of A4. It is the whole answer key: it belongs to the panel.
 */
#ifndef SPAR_CLIENT_REPORT_PREPARE_H
#define SPAR_CLIENT_REPORT_PREPARE_H

#include "client/report/out.h"
#include "protocol/pack/pack.h"

void prepare_text(const struct pack *pack, struct out *out);
void prepare_html(const struct pack *pack, struct out *out);

#endif
