/* SPDX-License-Identifier: ISC */
/*
 * pg_form.c: which forms of what is stored this build reads, and which one may be written.
 *
 * Both who raises it and who enters does so under the lock of the leases: nobody comes in between
 * who cannot read it.
 */
#include <inttypes.h>

#include "protocol/text/why.h"
#include "server/journal/pg_parts.h"

/* A test builds a newer server by giving another. */
#ifndef PG_FORM_NEWEST
#define PG_FORM_NEWEST 1
#endif

int64_t pg_form_newest(void) {
    return PG_FORM_NEWEST;
}

/* False: the database does not answer. */
static bool read_form(struct pg_link *link, int64_t *form) {
    struct pg_params params = {.count = 0};
    PGresult *result = pg_run(link, "SELECT " PG_FORM_WRITTEN, &params);
    bool good = result != NULL && PQntuples(result) == 1;
    if (good) {
        *form = pg_number(result, 0, 0);
    }
    PQclear(result);
    return good;
}

bool pg_form_agrees(struct pg_link *link, char why[PG_WHY_MAX]) {
    int64_t form;
    if (!read_form(link, &form)) {
        return why_not(why, PG_WHY_MAX, "The journal's database does not answer: %s.",
                       pg_link_why(link));
    }
    return form <= pg_form_newest() ||
           why_not(why, PG_WHY_MAX,
                   "What is written in this journal is of form %" PRId64
                   ", and this spard reads up to form %" PRId64 "; start one as new as the others.",
                   form, pg_form_newest());
}

/* Those that were taken for dead and not ended yet count, too: they may come back. */
bool pg_form_raise(struct pg_link *link) {
    struct pg_params params = {.count = 0};
    if (!pg_run_all(link, "SELECT pg_advisory_lock(" PG_LEASE_LOCK ")")) {
        return false;
    }
    PGresult *result =
        pg_run(link,
               "INSERT INTO spar.meta SELECT 'write_version', min(form)::text FROM spar.node"
               " HAVING min(form) > " PG_FORM_WRITTEN
               " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
               &params);
    PQclear(result);
    return pg_run_all(link, "SELECT pg_advisory_unlock(" PG_LEASE_LOCK ")") && result != NULL;
}
