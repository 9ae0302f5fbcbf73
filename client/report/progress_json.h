/* SPDX-License-Identifier: ISC */
/*
 * progress_json.h: parts of the JSON that a person's and a cohort's report share.
 */
#ifndef SPAR_CLIENT_REPORT_PROGRESS_JSON_H
#define SPAR_CLIENT_REPORT_PROGRESS_JSON_H

#include "client/report/progress.h"
#include "protocol/text/json.h"

void progress_json_sessions(struct json *json, const struct progress *progress);
void progress_json_phases(struct json *json, const struct progress *progress);
/* One entry of a list of items. */
void progress_json_item(struct json *json, const struct progress *progress,
                        const struct progress_item *item);
void progress_json_flags(struct json *json, const struct progress *progress);
/* What is missing. */
void progress_json_notes(struct json *json, const struct progress *progress);

#endif
