/* SPDX-License-Identifier: ISC */
/*
 * shared_rows_parts.h: what the files of shared_rows.h share.
 */
#ifndef SPAR_TESTS_SUPPORT_SHARED_ROWS_PARTS_H
#define SPAR_TESTS_SUPPORT_SHARED_ROWS_PARTS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "tests/support/shared_rows.h"

enum { ROOMS_MAX = 8192, RUNS_MAX = 16384, MEMBERS_MAX = 8192, INBOX_MAX = 4096, LOST_MAX = 16 };

struct stored_run {
    int64_t room;
    uint32_t pos, count;
    uint8_t *body;
    size_t len;
};

struct stored_member {
    int64_t room;
    uint8_t key[HASH_BYTES];
};

struct lease {
    uint32_t boot, sent;
    int64_t beat;
    struct node_load load;
    bool drains;
};

/* n: of its sender; run: index of what is told of. */
struct told {
    uint32_t boot, n, run;
    bool bare;
    struct shared_trip trip; /* bytes: a copy; NULL: of a run */
    char room[ROOM_ID_BYTES + 1];
};

struct shared_server {
    struct shared_base *base;
    int wake_fd;
    uint32_t boot, sent;
    int64_t held; /* the base's now() when the lease was */
    bool lose_outcome, keep_outcome, mute, bare, frozen;
    bool cut, down; /* down: it was cut since it was reached */
    bool refused;   /* cut, and yet something answers */
    uint32_t vain;  /* not 0: it is cut and refused until it was tried so often */
    bool buried, hurried, waits;
    struct told inbox[INBOX_MAX];
    uint32_t inbox_count;
    uint32_t heard[SHARED_BOOTS_MAX]; /* by boot: the last n */
    uint32_t owed[SHARED_BOOTS_MAX];  /* what its lease said it had sent */
    bool missing;                     /* something of what was sent a beat ago has not been heard */
};

struct shared_base {
    pthread_mutex_t lock;
    pthread_cond_t thawed;
    int64_t now;
    uint32_t boots;
    char rooms[ROOMS_MAX][ROOM_ID_BYTES + 1]; /* number is index + 1 */
    struct stored_run runs[RUNS_MAX];
    struct stored_member members[MEMBERS_MAX];
    struct lease leases[SHARED_BOOTS_MAX];
    uint8_t *lost[LOST_MAX]; /* bodies that are gone; somebody may be hearing of one yet */
    uint32_t lost_count;
    uint32_t room_count, run_count, member_count, lease_count;
    struct shared_server *servers[SHARED_SERVERS_MAX];
    uint32_t server_count;
};

/* Takes the base's lock, for a server once it does not stand still any more. */
struct shared_base *shared_base_enter(const struct shared_server *server);
/* Gives it back. Returns `result`. */
bool shared_base_leave(struct shared_base *base, bool result);
/* Whether its connection is of use. Under the lock. */
bool shared_server_is_up(struct shared_server *server);

/* As of struct shared_rows; ctx: a server. */
void shared_trip_pass(void *ctx, const struct shared_trip *trip);
bool shared_lease_enter(void *ctx, uint32_t *boot, bool *full);
bool shared_lease_beat(void *ctx, struct shared_beat *beat);
bool shared_lease_drain(void *ctx, uint32_t boot, bool *done);
void shared_lease_leave(void *ctx, uint32_t boot);
int64_t shared_lease_held(void *ctx);

#endif
