/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a sample's log as the recording that a seat would fetch, signed with a key of its own;
 * and golden files.
 */
#ifndef SPAR_TESTS_SUPPORT_RECORDED_H
#define SPAR_TESTS_SUPPORT_RECORDED_H

#include "protocol/wire/recording.h"
#include "tests/support/sample.h"

/* The recording of a seat's view, whole; freed with recording_free. Aborts if anything fails. */
void recorded(const struct sample *s, uint8_t seat, const char *room, struct recording *rec);
/* Its bytes, malloc'd. */
char *recorded_bytes(const struct sample *s, uint8_t seat, const char *room, size_t *len);
/* A running room into which somebody named "Late" came as a second coach after the start, and said
 * something. */
void recorded_late_seat(struct sample *s);
/* Compares with tests/golden/NAME; SPAR_GOLDEN_UPDATE=1 or SPAR_UPDATE_GOLDEN=1 writes it anew. */
void recorded_golden(const char *name, const char *text, size_t len);

#endif
