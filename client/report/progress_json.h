/* SPDX-License-Identifier: ISC */
/*
 * progress_json.h: parts of the JSON that a person's and a cohort's report share. Each gives a new
 * reference, or NULL without memory.
 */
#ifndef SPAR_CLIENT_REPORT_PROGRESS_JSON_H
#define SPAR_CLIENT_REPORT_PROGRESS_JSON_H

#include <jansson.h>

#include "client/report/progress.h"

json_t *progress_json_session(const struct progress_session *session);
json_t *progress_json_phases(const struct progress *progress);
json_t *progress_json_item(const struct progress *progress, const struct progress_item *item);
json_t *progress_json_flags(const struct progress *progress);
json_t *progress_json_notes(const struct progress *progress);
/* Appends the text of an object and gives it up; NULL counts as out of memory. */
void progress_json_write(json_t *all, struct out *out);

#endif
