/* SPDX-License-Identifier: ISC */
/*
 * wall_place.h: the rules of the coach's wall, for the terminal's and the page's alike: what raises
 * a room, which stands before which, and when one is of no use there any more.
 *
 * Pure.
 */
#ifndef SPAR_CLIENT_FEED_WALL_PLACE_H
#define SPAR_CLIENT_FEED_WALL_PLACE_H

#include "client/feed/wall_row.h"

enum {
    WALL_ROOMS_MAX = 1024,    /* of all servers together; a connection holds CONN_ROOMS_MAX */
    WALL_EMPTY_MS = 60 * 1000 /* room ms: a finished room in which nobody is any more */
};

/* What a room's place follows from. */
struct wall_place {
    enum attention_kind need; /* wall_place_need */
    int64_t since;            /* of that reason, ms of room time */
    enum stage stage;
    bool over;       /* nothing more will come of it */
    uint32_t number; /* in order of arrival, from 1 */
};

/* The reason that raises a room; ATTENTION_NONE if there is none, or its coach wants to hear of
 * none. */
enum attention_kind wall_place_need(const struct wall_row *row, bool muted);
/* Whether it needs somebody now, or should only be looked at. */
bool wall_place_is_bad(enum attention_kind need);
struct wall_place wall_place_of(const struct wall_row *row, const struct room *room, bool muted,
                                bool over, uint32_t number);
/* Below 0: `a` stands before `b`. The worst first reason, the oldest first; then those without one
 * as they came, first those that run or may start, then the finished, then the ended. */
int wall_place_compare(const struct wall_place *a, const struct wall_place *b);
/* Whether a cohort's room is of no use on the wall any more: closed, or finished and left by
 * everybody but coaches for a while. Of others the server knows when they are abandoned, and says
 * so. now: ms of room time. */
bool wall_place_is_done(const struct room *room, int64_t now);
/* Whether something that was done in a room shows that people are at work there: neither what the
 * server writes for a seat (its coming and going) nor what the coach in this seat does. */
bool wall_place_is_activity(const struct event *event, uint8_t seat);

#endif
