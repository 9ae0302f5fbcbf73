/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a small pack and a room over it, for tests of the core. Aborts if memory runs out.
 *
 * A sample decides commands and folds the events as a server does, after a trip through their
 * stored form, and keeps the log. Its clock is `now`, which only the test moves.
 */
#ifndef SPAR_TESTS_SUPPORT_SAMPLE_H
#define SPAR_TESTS_SUPPORT_SAMPLE_H

#include "protocol/room/room.h"
#include "protocol/wire/event.h"

/* Seats of sample_open. */
enum { SAMPLE_HOST, SAMPLE_CANDIDATE, SAMPLE_COACH, SAMPLE_SECOND, SAMPLE_SEATS };
/* The pack: items "item-0".., two per phase; flags "flag-0"..; facts "fact-0"..; curveballs
 * "curve-0"..; follow-ups "follow-0"... Plans: 5/3/15/12/10 minutes, and 5/3/18/12/7. */
enum {
    SAMPLE_PHASES = 5,
    SAMPLE_ITEMS = 10,
    SAMPLE_FLAGS = 3,
    SAMPLE_FACTS = 3,
    SAMPLE_CURVEBALLS = 2,
    SAMPLE_FOLLOWUPS = 2,
    SAMPLE_ALARMS = 5,
    SAMPLE_SUGGESTS = 5,    /* of sample_pack_two, in the order of their kinds */
    SAMPLE_COMPETENCIES = 2 /* of sample_scored_pack */
};

struct sample {
    struct room room;
    int64_t now;                  /* ms of room time */
    char **bytes;                 /* stored form of each event, owned */
    struct event *events;         /* decoded from it; they borrow from bytes */
    uint32_t count, cap;          /* of both */
    uint32_t ids[ROOM_SEATS_MAX]; /* last id that each seat used */
    struct mp_reader reader;
};

/* Zeroed memory for one entry more than `count`; the caller frees it. */
void *sample_array(size_t count, size_t size) __attribute__((returns_nonnull));
/* The sample's pack, with its panel part; the caller unrefs it. */
struct pack *sample_pack(void);
/* The same in format 2, with a suggestion of each kind, "early" ..; all but "unprompted" (item-9)
 * propose a flag of their own, "suggested-0" .. Items 0 to 2 are questions, 6 to 8 failure modes.
 */
struct pack *sample_pack_two(void);
/* The same in format 2, with the competencies "design" (the even items) and "defend" (the others).
 */
struct pack *sample_scored_pack(void);
/* One that differs from it, in number, ids and lengths, in all that opens after that moment
 * (MOMENT_NEVER: before the start), and in nothing else that a candidate may see by then. Facts and
 * questions that both have are the same, but for how they are answered. */
struct pack *sample_other_pack(enum moment moment);
/* A new room without events; now is 1000. */
void sample_new(struct sample *s);
/* room.open and room.brief of a pack; `open` as below. */
void sample_give_pack(struct sample *s, const struct pack *pack, struct body open);
/* A new room, with the pack, its brief and the four seats. mode: bits of enum room_mode. */
void sample_open(struct sample *s, uint32_t mode);
/* As above, by these rules; without, by 1. */
void sample_open_rules(struct sample *s, uint32_t mode, uint32_t rules);
/* The same under another pack; `open` holds what its room.open has besides (mode, rules, plan …).
 */
void sample_open_as(struct sample *s, const struct pack *pack, struct body open);
void sample_free(struct sample *s);

/* Decides at s->now; an event is stored, read back, folded and kept. */
enum refusal sample_command(struct sample *s, const struct command *command);
/* A command by a seat (or SEAT_SERVER), with the seat's next id, made now. */
enum refusal sample_do(struct sample *s, uint8_t seat, struct body body);
/* seat.invite and seat.join; the key and the invite are 32 bytes of these values. */
enum refusal sample_invite(struct sample *s, enum role role, uint8_t invite);
enum refusal sample_join(struct sample *s, uint8_t key, uint8_t invite, const char *name);
/* The room of the sample.events[0..count) folded anew; false if an event does not fold. */
bool sample_replay(const struct sample *s, uint32_t count, struct room *out);
/* The fold of a seat's view of the first `count` events; the same. */
bool sample_view(const struct sample *s, uint8_t seat, uint32_t count, struct room *out);
/* Whether two states have the same digest. */
bool sample_same(const struct room *a, const struct room *b);
/* Whether their clocks are the same, member by member. */
bool sample_same_clock(const struct room *a, const struct room *b);

struct body body_plain(enum action act);
struct body body_mark(enum action act, const char *item, enum mark mark);
struct body body_text(enum action act, const char *text);
struct body body_phase(enum action act, int64_t phase);
struct body body_add(int64_t phase, int64_t ms);
struct body body_plan(int64_t plan);
struct body body_flag(const char *flag, bool on);
struct body body_drop(const char *suggest);
struct body body_fact(const char *id);
struct body body_curveball(const char *id);
struct body body_gone(int64_t seat, int64_t session);

#endif
