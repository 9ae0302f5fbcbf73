/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a cohort with members and packs, for tests of its core. Aborts if memory runs out.
 *
 * As a sample (sample.h) it decides commands and folds the events as a server does, after a trip
 * through their stored form, and keeps the log. Its clock is `now`, which only the test moves.
 */
#ifndef SPAR_TESTS_SUPPORT_CROWD_H
#define SPAR_TESTS_SUPPORT_CROWD_H

#include "protocol/cohort/cohort.h"
#include "protocol/wire/event.h"

enum { CROWD_STUDENTS, CROWD_COACHES }; /* links of crowd_open; their hashes are bytes of 1 and 2 */
enum { CROWD_BOOT = 7 };                /* the server run of what crowd_wait writes */
/* That run's and one more node's, of boot CROWD_BOOT - 2: the one between them has ended. */
extern const struct leases crowd_leases;

struct crowd {
    struct cohort cohort;
    int64_t now;
    char **bytes;         /* stored form of each event, owned */
    struct event *events; /* decoded from it; they borrow from bytes */
    uint32_t count, cap;
    uint32_t rooms; /* ids given out */
    struct mp_reader reader;
};

/* A cohort without events; now is 1000000. */
void crowd_new(struct crowd *c);
/* As above, with cohort.open, the two links, so many packs (prompts "prompt-0"...) and members. */
void crowd_open(struct crowd *c, uint32_t packs, uint32_t members);
void crowd_free(struct crowd *c);
/* Decides at c->now; an event is stored, read back, folded and kept. */
enum refusal crowd_do(struct crowd *c, struct body body);
/* The cohort of events[0..count) folded anew; false if an event does not fold. */
bool crowd_replay(const struct crowd *c, uint32_t count, struct cohort *out);
bool crowd_same(const struct cohort *a, const struct cohort *b);

enum refusal crowd_link(struct crowd *c, enum cohort_role role, uint32_t hash);
/* Enters by a link under a key made from a number. */
enum refusal crowd_enter(struct crowd *c, uint32_t key, int64_t link, const char *name);
/* Offers the sample's pack under another prompt id and title. */
enum refusal crowd_offer(struct crowd *c, const char *prompt, const char *title);

/* Wants that fit everybody's: all packs, fresh, any level and length, for an hour. */
struct body crowd_wants(const struct crowd *c, int64_t member);
enum refusal crowd_wait(struct crowd *c, int64_t member, enum role role);
struct body body_member(enum action act, int64_t member);
struct body body_target(enum action act, const char *room);
/* The body of pair.match for it, in the room "room00000000" and a number: c->rooms, which goes
 * up. */
enum refusal crowd_match(struct crowd *c, const struct lobby_match *match);
/* Id of the room with that number; static memory of the last four. */
const char *crowd_room(uint32_t number);
/* One step of lobby_next with an appear time, appended; LOBBY_NOTHING if there was none. */
enum lobby_kind crowd_step(struct crowd *c, int64_t appear);

#endif
