/* SPDX-License-Identifier: ISC */
/*
 * zone.h: a time zone, as who writes a report gives it: the reader's own. Without one it is UTC.
 */
#ifndef SPAR_CLIENT_REPORT_ZONE_H
#define SPAR_CLIENT_REPORT_ZONE_H

struct zone {
    int minutes;   /* east of UTC */
    char name[16]; /* like "CET"; "": UTC */
};

#endif
