/* SPDX-License-Identifier: ISC */
/*
 * report_board.h: the board and the worksheet in a report; nothing where they were not used.
 */
#ifndef SPAR_CLIENT_REPORT_REPORT_BOARD_H
#define SPAR_CLIENT_REPORT_REPORT_BOARD_H

#include "client/report/report.h"
#include "protocol/text/json.h"

void report_board_text(const struct report *report, struct out *out);
void report_board_markdown(const struct report *report, struct out *out);
/* With the board as it was at each minute, if the report knows its recording. */
void report_board_html(const struct report *report, struct out *out);
void report_board_json(const struct report *report, struct json *json);

#endif
