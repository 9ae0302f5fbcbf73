/* SPDX-License-Identifier: ISC */
/*
 * replica.h: a room's fold on this worker, its members here, and the commands that wait for the
 * journal. Its life is that of any followed log (follow/followed.h); what is particular to a room
 * is here: jobs that wait together are appended together, members are caught up, and a seat whose
 * connection is gone is given up.
 *
 * A replica without members, jobs and open questions rests for a while, so that people who were all
 * cut off at once find it folded when they come back. The desk's thread.
 */
#ifndef SPAR_SERVER_ROOM_REPLICA_H
#define SPAR_SERVER_ROOM_REPLICA_H

#include "protocol/room/room.h"
#include "server/base/seat.h"
#include "server/follow/followed.h"
#include "server/follow/history.h"
#include "server/peer/peer.h"
#include "server/room/gate.h"
#include "server/room/passes.h"

enum { ROOMS_RESTING_MAX = 512 }; /* replicas that nobody needs now */

enum member_state {
    MEMBER_JOINING, /* its seat.join waits or is in flight */
    MEMBER_BEHIND,  /* has its seat; older events are still to be sent */
    MEMBER_LIVE,    /* gets each event as it is folded */
    MEMBER_LEAVING, /* its seat.gone waits or is in flight */
    MEMBER_LEFT     /* freed with its last job */
};

enum job_kind {
    JOB_JOIN,
    JOB_COMMAND,
    JOB_INVITE,
    JOB_COMPANION, /* a link for one, or the end of all of a kind */
    JOB_SWAP,      /* room.swap, or turn.ask for a client that knows none */
    JOB_MOVE,      /* of the only interviewer's seat, for somebody outside; without a member */
    JOB_GONE       /* the server's own: seat.gone; without a member sheet.open and a verdict's */
};

/* One connection's place in a room. */
struct member {
    struct grave grave; /* first */
    LIST_ENTRY(member) of_room;
    LIST_ENTRY(member) of_peer; /* while peer is not NULL */
    struct replica *replica;
    struct peer *peer; /* NULL: the connection is gone or has left */
    enum member_state state;
    enum companion companion; /* COMPANION_NONE: it has the seat */
    bool quits;               /* it has left before its join came back: then it leaves */
    uint8_t seat;             /* from MEMBER_BEHIND on */
    uint32_t session;         /* likewise */
    uint32_t after;           /* n that the peer said it has */
    uint32_t sent;            /* n of the last event queued to it */
    uint32_t jobs;            /* that name this member */
    int64_t shown;            /* ms of room time of what its person has seen */
};

struct cohort_replica;

/* A seat's voice, while it is on; see voice.h. */
struct voice {
    bool on, muted;
    uint32_t tag;      /* the page's own number for this time, or for the last one */
    uint32_t id;       /* of the message that turned it on, for a refusal; only at its home */
    int64_t since;     /* ms of room time */
    uint64_t home;     /* the worker that the seat's page is or was connected to; see passes.h */
    struct peer *peer; /* its connection; NULL: at another worker */
};

struct replica {
    struct followed followed; /* first */
    bool reading;             /* the whole log has been asked for, for members that are behind */
    bool came;                /* somebody came in with the run that is being answered */
    struct room room;
    LIST_HEAD(, member) members;
    struct tail tail;
    struct call read;
    struct room *ahead; /* NULL, or the fold of the log and of the run in flight; see ahead.c */
    int32_t round_trips[ROOM_SEATS_MAX]; /* real ms, 0: not known; see round_trip.h */
    int64_t trips_due[ROOM_SEATS_MAX];   /* room time by which those told are paid for */
    struct voice *voices; /* ROOM_SEATS_MAX of them, owned; NULL: nobody was on voice (voice_of) */
    /* The cohort that the room belongs to, for the gate alone. */
    LIST_ENTRY(replica) of_cohort; /* while cohort is not NULL */
    struct cohort_replica *cohort;
    enum refusal gate_broken; /* why the cohort is not known */
};

/* What rooms are given, as following.means. */
struct room_means {
    const struct gate_ops *gate;
    void *gate_ctx;                   /* the gate's own */
    const struct room_passes *passes; /* to the other workers */
    void *ctx;                        /* theirs */
};

/* What a room is, for following.h. */
extern const struct followed_kind room_kind;

struct join_request {
    struct span room, secret, name;
    int64_t after, shown;
    bool keep_name;           /* `name` is for a seat that has none yet */
    enum companion companion; /* what it comes as; then `name` is not needed */
    bool look;                /* is told how long the room is kept, and not seated; likewise */
};

/* Seats the peer in a room, loading it if need be. A refusal that is known at once is returned and
 * nothing has happened; otherwise the peer is answered `joined` (who looks: `term`) or `refused`
 * later. */
enum refusal replica_join(struct following *rooms, struct peer *peer,
                          const struct join_request *request) __attribute__((warn_unused_result));
struct move_request {
    struct span room, name; /* name: of the coach who asks, empty: who runs the server */
    /* Called once, later: why it was refused, or the seat and its new link's secret. */
    void (*done)(void *owner, enum refusal why, uint8_t seat, const char *secret);
    void *owner;
};
/* Moves the only interviewer's seat to a new link, loading the room if need be. As replica_join. */
enum refusal replica_move(struct following *rooms, const struct move_request *request)
    __attribute__((warn_unused_result));
/* Loads a room without joining it, so that what its cohort lacks of it is mended. */
void replica_look(struct following *rooms, struct span room);
/* The replica of a room that is loaded here, or NULL. id: ROOM_ID_BYTES. */
static inline struct replica *replica_find(const struct following *rooms, const char *id) {
    return (struct replica *)following_find(rooms, id);
}
/* The peer's place in a room, or NULL; one that it is leaving does not count. */
struct member *member_find(const struct peer *peer, struct span room);
/* Takes a command; it is answered with its event, `kept` or `refused`. Copies it. */
void member_command(struct member *member, const struct command *command);
/* Makes one more link; answered with `invited` or `refused`. */
void member_invite(struct member *member, enum role role);
/* Makes a link for a companion of the member's seat, good for so many ms of room time, or ends
 * those of that kind; answered with `companions` or `refused`. */
void member_companion(struct member *member, enum companion kind, bool end, int64_t lasts);
/* Whether the member may do more than read; if not, it is refused by the id. */
bool member_may_write(const struct member *member, uint32_t id);
/* Says for a member who knows no turn.ask that they want the roles turned. id: that of the message
 * to answer with not-agreed; 0: nothing is answered. */
void member_turn(struct member *member, uint32_t id);
/* Tells the room of its next one; next: its id. Answered with room.swap, or refused by that id of a
 * command. */
void member_swap(struct member *member, const char *next, uint32_t id);
/* What its person has seen by now; ms of room time. */
void member_shown(struct member *member, int64_t shown);
/* Gives the seat up and forgets the peer. The member may be freed by this. */
void member_leave(struct member *member);
/* Its cohort has changed: ends the companions that may not be any more (gate.h). */
void companions_review(struct replica *replica);
/* Gives the seat up; the peer is told once that is durable. Otherwise as member_leave. */
void member_quit(struct member *member);
/* The peer can take more. */
void member_drained(struct member *member);

#endif
