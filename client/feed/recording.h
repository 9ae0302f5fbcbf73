/* SPDX-License-Identifier: ISC */
/*
 * recording.h: a recording as a feed: the same screens, with a clock that can be moved.
 *
 * States are kept every so many events, so that a seek either way copies one of them and applies a
 * few.
 */
#ifndef SPAR_CLIENT_FEED_RECORDING_H
#define SPAR_CLIENT_FEED_RECORDING_H

#include "client/feed/feed.h"
#include "protocol/wire/recording.h"

struct event_base;

enum { RECORDING_CHECKPOINT_EVERY = 64 }; /* events */

/* Takes the recording over (also on failure). base NULL: no replay by itself, for printing and
 * tests. Starts paused at its first moment. NULL: out of memory. An event that cannot be applied
 * ends it there: event_count is then smaller than the file's. */
struct feed *feed_recording_new(struct recording *rec, struct event_base *base)
    __attribute__((warn_unused_result));
/* Brings the replay to a monotonic moment (ms): what the timer does. For tests and for a caller
 * without an event loop. */
void feed_recording_advance(struct feed *feed, int64_t monotonic_ms);
/* The room time at which event i (from 0) is shown: its `at`, or that of the event before it if
 * later (what a debrief opens comes late). */
int64_t feed_recording_shown_at(const struct feed *feed, uint32_t i);
/* Other events in place of those that it has (malloc'd, taken over; their texts must outlive the
 * feed); the replay stays at its moment and goes on as fast as before. False: out of memory, all
 * is as it was and `events` has been freed. */
bool feed_recording_replace(struct feed *feed, struct event *events, uint32_t count)
    __attribute__((warn_unused_result));

#endif
