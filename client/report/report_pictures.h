/* SPDX-License-Identifier: ISC */
/*
 * report_pictures.h: the pictures that were put on record, in a report; nothing where there is
 * none.
 */
#ifndef SPAR_CLIENT_REPORT_REPORT_PICTURES_H
#define SPAR_CLIENT_REPORT_REPORT_PICTURES_H

#include "client/report/report.h"
#include "protocol/text/json.h"

/* How many came whole. */
unsigned report_pictures_count(const struct report *report);
/* A line for each, as text (OUT_TEXT) or a list (OUT_MARKDOWN). */
void report_pictures_lines(const struct report *report, enum out_format format, struct out *out);
/* The pictures themselves, inside the page. */
void report_pictures_html(const struct report *report, struct out *out);
/* A list, each with its bytes in base64. */
void report_pictures_json(const struct report *report, struct json *json);

#endif
