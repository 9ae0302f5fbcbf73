/* SPDX-License-Identifier: ISC */
/*
 * ics.h: an evening as an iCalendar file (RFC 5545), for the calendar of whoever comes. Pure.
 */
#ifndef SPAR_CLIENT_STORE_ICS_H
#define SPAR_CLIENT_STORE_ICS_H

#include <stdint.h>
#include <stdio.h>

struct ics_event {
    const char *id;    /* of the group, [a-z0-9]: with the start it makes the event's own name */
    const char *title; /* as typed; so is text, which may be "" */
    const char *text;
    int64_t start, end; /* real ms since 1970 */
    int64_t now;        /* when it is written; likewise */
};

/* Writes it to the stream. ctx is a struct ics_event. */
void ics_put(FILE *file, const void *ctx);

#endif
