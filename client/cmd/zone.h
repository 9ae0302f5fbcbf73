/* SPDX-License-Identifier: ISC */
/*
 * zone.h: the person's own time zone.
 */
#ifndef SPAR_CLIENT_CMD_ZONE_H
#define SPAR_CLIENT_CMD_ZONE_H

#include <stdint.h>

#include "client/net/moment.h"
#include "client/report/zone.h"

/* As it is at a moment, ms since 1970. */
struct zone zone_at(int64_t ms);
/* The name of the zone as it is now, for the head of a list. */
struct zone zone_now(void);
/* moment_words for a row of a list under such a head: behind a moment of the other half of the year
 * stands the name that the zone had then. */
void zone_row(int64_t ms, char out[MOMENT_ZONE_SIZE]);

#endif
