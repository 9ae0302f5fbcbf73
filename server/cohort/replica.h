/* SPDX-License-Identifier: ISC */
/*
 * replica.h: a cohort's fold on this worker: who is in it by a connection here, what they ask for,
 * and what the server owes the lobby. Its life is that of any followed log (follow/followed.h).
 *
 * What the lobby needs (pairs, those who waited long enough, partners who did not appear) is no
 * job: it is computed from the fold whenever nothing is in flight, so that any worker can go on
 * where another one stopped. A replica stays while somebody is in it, a room of the cohort is
 * loaded here, or something is unanswered; then it rests for a while, so that people who were cut
 * off all at once find it folded. The desk's thread.
 */
#ifndef SPAR_SERVER_COHORT_REPLICA_H
#define SPAR_SERVER_COHORT_REPLICA_H

#include "protocol/cohort/cohort.h"
#include "protocol/wire/message.h"
#include "server/follow/followed.h"
#include "server/peer/peer.h"
#include "server/room/past_prompts.h"

/* What the worker of those concerned leaves undone for so long any other does; room time. */
enum { COHORT_FALLBACK_MS = 1000 };
/* While no more wait each change of the queue is told at once, else at most every so many ms of
 * room time. */
enum { COHORT_TELL_EAGER = 64, COHORT_TELL_MS = 250 };
enum { COHORT_RESTING_MAX = 64 }; /* replicas that nobody needs now */

enum attendee_state {
    ATTENDEE_ENTERING, /* its cohort.enter waits or is in flight */
    ATTENDEE_IN,
    ATTENDEE_LEFT /* freed with its last job */
};

struct past_prompts_asking;
/* One connection's place in a cohort. */
struct attendee {
    struct grave grave; /* first */
    LIST_ENTRY(attendee) of_cohort;
    LIST_ENTRY(attendee) of_peer; /* while peer is not NULL */
    struct cohort_replica *cohort;
    struct peer *peer; /* NULL: the connection is gone */
    enum attendee_state state;
    uint16_t member;  /* from ATTENDEE_IN on */
    uint32_t jobs;    /* that name this attendee */
    uint32_t session; /* of its last pair.wait by this connection; 0: none */
    uint32_t listed;  /* rooms that it has been told of, if it is a coach */
    /* What it was told last of its place in the queue. */
    struct {
        bool said;
        uint32_t place, count;
        uint64_t names; /* a hash of who waits for what */
        enum lobby_why why;
        struct lobby_advice advice;
        int last; /* member: the last partner, whom it waits for a while not to get; -1 */
        char room[ROOM_ID_BYTES + 1]; /* of the last `matched` */
        uint64_t evening;             /* a hash of the last `planned`; 0: none was sent */
    } told;
    struct past_prompts
        past_prompts; /* prompts on which its key was candidate, as of its last `pair` */
    struct past_prompts_asking *asking; /* its past has been asked for; NULL: it has not */
};

struct cohort_opening;
struct replica;

struct cohort_replica {
    struct followed followed; /* first */
    bool look;       /* rooms have to be looked at (cohort_gate_look) once a batch is folded */
    uint32_t swept;  /* index of the first room that was not looked at for being given up */
    uint32_t sought; /* index of the room at which the search for those not loaded goes on */
    bool tell_owed;  /* places in the queue have changed that were not told yet */
    int64_t told_at; /* ms of room time */
    struct cohort cohort;
    LIST_HEAD(, attendee) attendees;
    LIST_HEAD(, replica) rooms; /* of this cohort that are loaded here */
    LIST_HEAD(, cohort_opening) openings;
    char flight_room[ROOM_ID_BYTES +
                     1]; /* that the lobby's own event in flight is about; "": none */
};

/* What cohorts are given, as following.means. */
struct cohort_means {
    int64_t appear_ms; /* room time that a partner has to appear in */
    struct following *rooms;
    struct past_prompts_searches *searches;
};

/* What a cohort is, for following.h. */
extern const struct followed_kind cohort_kind;

/* What a client asks of a cohort. A refusal that is known at once is returned and nothing has
 * happened; otherwise the peer is answered later. Texts are copied. */
struct enter_request {
    struct span cohort, secret, name;
    uint32_t id;
    bool keep_name; /* a member's stays */
    bool lobby;     /* may enter the common lobby whatever its secret */
};
enum refusal cohort_enter(struct following *cohorts, struct peer *peer,
                          const struct enter_request *request) __attribute__((warn_unused_result));
/* The peer's place in a cohort, or NULL; one that is still entering counts. */
struct attendee *attendee_find(const struct peer *peer, struct span cohort);
/* Its place if it is in (and let in), or NULL: then NO_SUCH_COHORT is the answer to everything. */
struct attendee *attendee_inside(const struct peer *peer, struct span cohort);
bool attendee_is_coach(const struct attendee *attendee);
/* Whether the cohort has place for one more room, and they a share in it. */
bool attendee_may_host(const struct attendee *attendee);
/* The messages of the same names. */
enum refusal attendee_offer(struct attendee *attendee, const struct message *offer)
    __attribute__((warn_unused_result));
enum refusal attendee_pair(struct attendee *attendee, const struct message *pair)
    __attribute__((warn_unused_result));
enum refusal attendee_unpair(struct attendee *attendee, uint32_t id)
    __attribute__((warn_unused_result));
enum refusal attendee_link(struct attendee *attendee, const struct message *link)
    __attribute__((warn_unused_result));
enum refusal attendee_pass(struct attendee *attendee, const struct message *pass)
    __attribute__((warn_unused_result));
enum refusal attendee_withdraw(struct attendee *attendee, int64_t link, uint32_t id)
    __attribute__((warn_unused_result));
enum refusal attendee_evening(struct attendee *attendee, const struct message *evening)
    __attribute__((warn_unused_result));
enum refusal attendee_coming(struct attendee *attendee, const struct message *coming)
    __attribute__((warn_unused_result));
enum refusal attendee_admit(struct attendee *attendee, const struct message *admit)
    __attribute__((warn_unused_result));
enum refusal attendee_avoid(struct attendee *attendee, const struct message *avoid)
    __attribute__((warn_unused_result));
enum refusal attendee_report(struct attendee *attendee, const struct message *report)
    __attribute__((warn_unused_result));
enum refusal attendee_call(struct attendee *attendee, const struct message *call)
    __attribute__((warn_unused_result));
/* A report of the fold as a message to a coach; borrows from the fold. id: of their question, 0. */
void cohort_write_report(const struct cohort_replica *replica, uint32_t index, uint32_t id,
                         struct message *message);
/* The connection is gone, or may not be in any more. May free the attendee at the end of the loop
 * turn. */
void attendee_leave(struct attendee *attendee);
/* The peer can take more. */
void attendee_drained(struct attendee *attendee);

/* The seat of a key that this key's member had before; -1: none. */
int cohort_seat_before(const struct cohort *cohort, const struct room *room,
                       const uint8_t key[HASH_BYTES]);
/* The key, this one or another, by which the member who has or had this key lost its seat in the
 * room last, while it has none there now under any; NULL: it lost none. Borrows from the room. */
const uint8_t *cohort_lost_key(const struct cohort *cohort, const struct room *room,
                               const uint8_t key[HASH_BYTES]);
/* The unused link of a seat in the room `id` that was kept for a key that this key's member had
 * before, as an index of room->invites; -1: none. */
int cohort_kept_link(const struct cohort *cohort, const struct room *room, const char *id,
                     const uint8_t key[HASH_BYTES]);
/* Whether the peer is in the cohort of the room `id` as a coach, and no seat as candidate is kept
 * there for a key that it had before: who has none of its own then sees all of the room. */
bool cohort_may_look(const struct peer *peer, const struct room *room, const char *id);
/* The fold of the cohort that a room belongs to; NULL: none, or none that is known here now. */
const struct cohort *cohort_of_room(const struct replica *room);
/* Asks for the prompts that whoever has this key has seen under any key of their member's; cohort:
 * NULL where there is none. As past_prompts_ask. */
enum refusal cohort_ask_past(const struct cohort *cohort, const uint8_t key[HASH_BYTES],
                             struct past_prompts_searches *searches,
                             const struct past_prompts_question *question)
    __attribute__((warn_unused_result));
/* The replica of a cohort, loading it if need be; whoever only has a question about it touches it
 * afterwards. NULL: out of memory. id: ROOM_ID_BYTES. */
static inline struct cohort_replica *cohort_replica_get(struct following *cohorts, const char *id) {
    return (struct cohort_replica *)following_get(cohorts, id);
}
/* The same if it is loaded here, or NULL. */
static inline struct cohort_replica *cohort_replica_find(const struct following *cohorts,
                                                         const char *id) {
    return (struct cohort_replica *)following_find(cohorts, id);
}

/* A room of the cohort is durable, which that member has opened; -1: nobody that it knows. Told
 * once the cohort's log is loaded. Copies the texts. */
void cohort_hosted(struct following *cohorts, const char *cohort, const char *room,
                   struct span title, int host);
/* Whose the second half of a room will be, if it belongs to a cohort: the member's with that key,
 * or else, so that nobody opens rooms as nobody, of who opened this one; -1: nobody's. COHORT_FULL
 * if they have no share left. */
enum refusal cohort_host_of_next(const struct replica *room, const uint8_t key[HASH_BYTES],
                                 int *host) __attribute__((warn_unused_result));

#endif
