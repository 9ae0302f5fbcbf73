/* SPDX-License-Identifier: ISC */
/*
 * cohort.h: a cohort's state, its lobby, and the pure functions over both.
 *
 * A cohort is a log like a room: cohort_decide gives an event or a named refusal, cohort_apply the
 * next state. Neither reads a clock, a socket, a file, a random number or a global. Its events are
 * the rows of actions.def with S_COHORT; all are the server's (SEAT_SERVER, id 0), and none is sent
 * but to the member that asks for its own (cohort_is_own). The id of a cohort has the form of a
 * room's; LOBBY_COHORT is the server's common lobby, a cohort like any other.
 *
 * Invariants: a member is idle, waits or is in exactly one match, whatever the log holds, since the
 * fold takes nothing else; the queue holds each member that waits once, the oldest first; one key
 * is one member; a link that was withdrawn stays so. All times are ms of room time.
 */
#ifndef SPAR_PROTOCOL_COHORT_COHORT_H
#define SPAR_PROTOCOL_COHORT_COHORT_H

#include "protocol/room/room.h"
#include "protocol/wire/lease.h"
#include "protocol/wire/u32.h"

#define LOBBY_COHORT "lobby0000000"

/* What a link makes of who enters by it; the numbers of its role's field. */
enum cohort_role { COHORT_STUDENT = ROLE_CANDIDATE, COHORT_COACH = ROLE_COACH };
enum lobby_state { LOBBY_IDLE, LOBBY_WAITING, LOBBY_MATCHED };
/* Why somebody is where they are. 1 and 2 are the values of the field `why` of pair.leave. */
enum lobby_why {
    LOBBY_WHY_NONE,    /* nothing to tell */
    LOBBY_WHY_LEFT,    /* not waiting: own wish, or in a room that ended before the partner came */
    LOBBY_WHY_EXPIRED, /* not waiting: waited as long as they were willing to */
    LOBBY_WHY_MISSED,  /* not waiting: did not appear in the room that was opened for them */
    LOBBY_WHY_WITHDRAWN, /* not waiting: the link was withdrawn */
    LOBBY_WHY_PARTNER,   /* waiting, at the front again: the partner did not appear, or left the
                            cohort */
    LOBBY_WHY_MET        /* not waiting: both came into the room of the last match */
};

/* Whether the coaches let somebody in, whatever the link. */
enum cohort_admission {
    COHORT_ADMITTED,
    COHORT_WAITS,    /* came by a link that asks, and no coach has said yes yet */
    COHORT_SUSPENDED /* a coach has said no */
};

/* Whether a member comes to the group's next evening. */
enum cohort_coming { COHORT_UNSAID, COHORT_COMES, COHORT_STAYS_AWAY };
/* When the group meets next. */
struct cohort_evening {
    int64_t start;        /* real ms since 1970; 0: none is set */
    uint16_t minutes, by; /* by: the member who set it */
    char text[COHORT_EVENING_MAX_BYTES + 1];
};

struct cohort_link {
    enum cohort_role role;
    bool withdrawn;
    bool asks; /* a coach lets in each new key */
    int64_t made_at;
    uint32_t uses, used;      /* keys that it may let in (0: any number), and has */
    int64_t until;            /* room time; 0: for good */
    uint8_t hash[HASH_BYTES]; /* of its secret */
};

struct cohort_member {
    uint8_t key[HASH_BYTES]; /* hash of the public key */
    char name[NAME_MAX_BYTES + 1];
    uint8_t link; /* by which it is in now */
    enum cohort_admission admission;
    int64_t pass_until;       /* room time; 0: there is no link by which another key may move in */
    uint8_t pass[HASH_BYTES]; /* of its secret */
    uint32_t avoids, reports; /* times that it has said so */
    uint32_t asks, passes;    /* times that it entered or asked to wait; links made to move it by */
    uint32_t rooms;           /* that it opened */
    enum cohort_coming coming; /* to the evening that is set */
    uint8_t comings;           /* times that it has said so of that one */
    int64_t entered_at;
    enum lobby_state state;
    enum lobby_why why;
    /* What it waits for, as of its last pair.wait. */
    uint8_t role, level; /* role: ROLE_NONE either; enum level */
    uint16_t minutes;    /* 0: any */
    uint8_t extra;       /* percent of more time that it asks for */
    uint64_t packs;      /* bits: that it knows and is willing to take */
    uint64_t fresh;      /* bits: whose prompt it has never been candidate on, by its past rooms */
    uint64_t seen;       /* bits: on which it came as candidate by a match of this cohort */
    int64_t wait;        /* how long it is willing to wait */
    /* start of its waiting; kept when it waits again and when a match falls through */
    int64_t since;
    /* how long of that it was in matches that fell through: does not count as waiting */
    int64_t matched_for;
    bool here;          /* its connection lasts; somebody gone keeps the place and is not matched */
    uint32_t session;   /* rises with each pair.wait */
    uint32_t boot;      /* server run of that */
    int32_t partner;    /* member with whom its last whole match was, -1: none */
    int64_t partner_at; /* when that was made */
    char room[ROOM_ID_BYTES + 1]; /* of its last match, standing or whole; "": none */
};

/* A match that stands: until both came, or it falls through. */
struct cohort_match {
    char room[ROOM_ID_BYTES + 1];
    uint16_t member[2]; /* 0: the interviewer, 1: the candidate */
    bool came[2];
    uint8_t pack; /* index */
    uint16_t minutes;
    uint8_t extra;     /* percent: the larger of what the two ask for */
    bool open;         /* the room is durable */
    int64_t made_at;   /* pair.match */
    int64_t opened_at; /* pair.open; the partners' time to appear counts from here */
};

struct cohort_pack {
    uint8_t hash[HASH_BYTES]; /* cohort_pack_hash */
    uint64_t kin;             /* bits of all packs with the same prompt id, its own among them */
    uint32_t used;            /* matches made with it */
    char id[ID_MAX_BYTES + 1], title[PACK_TITLE_MAX + 1];
    char *pack, *panel; /* the two bodies, owned */
    uint32_t pack_len, panel_len;
};

struct cohort_room {
    char id[ROOM_ID_BYTES + 1], title[PACK_TITLE_MAX + 1];
    int32_t pair[2];             /* members whose match it was made for; -1: none */
    int32_t host;                /* the member that opened it; -1: none that is known */
    uint8_t returns;             /* times that it was listed again */
    bool came;                   /* somebody has, so it was listed */
    bool ended;                  /* for good */
    bool idle;                   /* nobody has been there for long: not listed until somebody is */
    int64_t opened_at, ended_at; /* `at` of the events that say so */
};

/* That `member` will not be paired with `other` again. Nobody but the server knows of it. */
struct cohort_avoid {
    uint16_t member, other;
};

/* A key that a member had before it moved to another one. */
struct cohort_former {
    uint16_t member;
    uint8_t key[HASH_BYTES];
};

struct cohort_report {
    uint32_t room; /* index */
    uint16_t member;
    int64_t at, moment; /* when it came; what it is about, room time, 0: nothing certain */
    char *text;         /* owned */
};

/* The lists' members in order of a key, to find one in few steps. */
struct cohort_order {
    uint32_t *at;
    uint32_t cap;
};

struct cohort {
    uint32_t pos; /* of the last event applied; 0: not opened */
    int64_t at;   /* of it */
    int64_t opened_at;
    char name[NAME_MAX_BYTES + 1];
    struct cohort_evening evening;
    uint32_t changes;                   /* times that the evening or the call was set */
    char call[ROOM_CALL_MAX_BYTES + 1]; /* https link to a call elsewhere, or "" */
    uint32_t link_count, member_count, room_count, pack_count, waiting_count, match_count;
    uint32_t rooms_ended; /* of room_count */
    uint32_t member_cap, room_cap, waiting_cap, match_cap;
    struct cohort_link links[COHORT_LINKS_MAX];
    struct cohort_pack packs[COHORT_PACKS_MAX];
    struct cohort_member *members;
    struct cohort_room *rooms;    /* in order of opening */
    uint16_t *waiting;            /* members, in the order in which they are served */
    struct cohort_match *matches; /* in the order in which they were made */
    struct cohort_order by_key, by_id;
    uint32_t avoid_count, avoid_cap, report_count, report_cap;
    uint32_t former_count, former_cap;
    struct cohort_former *formers; /* in the order in which they moved */
    struct cohort_avoid *avoids;   /* in order of member and other */
    struct cohort_report *reports; /* in the order in which they came */
};

void cohort_init(struct cohort *cohort);
void cohort_free(struct cohort *cohort);

/*
 * What `command` would do now. command: seat SEAT_SERVER, id 0. now: ms of room time. On
 * REFUSAL_NONE *out is the event at position cohort->pos + 1, borrowing the command's and the
 * cohort's texts. Fields that decide fills in, whatever the command holds: `link` of cohort.link,
 * `member` of cohort.enter (needs link, name, key; a coach who comes by a link for students stays a
 * coach), `session` of pair.wait. role 0 or absent in pair.wait: either.
 *
 * Refusals beside bad-field, unknown-action (a room's action) and wrong-stage (not opened, or
 * opened twice): no-change where it is so already (also pair.wait of somebody matched);
 * cohort-full; cohort.enter: no-such-cohort for a link that there is not, withdrawn;
 * cohort.enter: suspended, and link-over for a link that has let in as many as it may;
 * cohort.admit: no-such-member, not-a-student; cohort.coming: stale for another evening than is
 * set, cohort-full past what one may say; cohort.avoid: not-a-member for a room that was not opened
 * for a match of the member's; cohort.report: not-a-member; both cohort-full past what one may say.
 * cohort.call: bad-link; cohort.withdraw: no-such-cohort; pack.offer: bad-pack; pair.wait:
 * withdrawn; pair.leave: not-waiting; pair.match: not-waiting, already-waiting (with oneself),
 * prompt-seen, stale (wants that do not fit); pair.open, pair.came, pair.free: stale without such a
 * match; cohort.ended, cohort.idle: no-such-room; cohort.idle: stale while a match stands in the
 * room. cohort.room of an idle room lists it again, COHORT_RETURNS_MAX times, past that
 * cohort-full; one with a `member`, of a room of which nobody had said who opened it, says so.
 */
enum refusal cohort_decide(const struct cohort *cohort, const struct command *command, int64_t now,
                           struct event *out) __attribute__((warn_unused_result));
/* The fold. Copies what it keeps. Safe with any event that event_read_stored gave. */
enum apply_result cohort_apply(struct cohort *cohort, const struct event *event)
    __attribute__((warn_unused_result));

/* Indexes, or -1. hash, key: HASH_BYTES; id: ROOM_ID_BYTES. */
int cohort_link_of_hash(const struct cohort *cohort, const uint8_t *hash);
int cohort_member_of_key(const struct cohort *cohort, const uint8_t *key);
/* The member that had this key and has another one now, or -1. */
int cohort_former_of_key(const struct cohort *cohort, const uint8_t *key);
/* The member that a link with this hash moves, or -1. */
int cohort_pass_of_hash(const struct cohort *cohort, const uint8_t *hash);
int cohort_room_of_id(const struct cohort *cohort, struct span id);
/* Whether coaches are told of a room: it has not ended, and is not idle. */
bool cohort_lists(const struct cohort_room *room);
/* Whether there is place for one more: rooms that have not ended, and matches that will have one,
 * count. */
bool cohort_has_place(const struct cohort *cohort);
/* Whether that member may still open a room: a coach always, a student while its share lasts; true
 * for -1. Asked before one is opened: what has been opened is told to the coaches in any case. */
bool cohort_has_share(const struct cohort *cohort, int member);
/* Whether a room that is idle is listed again when somebody comes. */
bool cohort_may_return(const struct cohort_room *room);
int cohort_pack_of_hash(const struct cohort *cohort, const uint8_t *hash);
/* The newest pack whose prompt has that id. */
int cohort_pack_of_id(const struct cohort *cohort, struct span id);
/* The standing match of a room / of a member; NULL: none. */
const struct cohort_match *cohort_match_of_room(const struct cohort *cohort, struct span id);
const struct cohort_match *cohort_match_of_member(const struct cohort *cohort, int member);
/* Whether a member's link and the coaches still let it in; false for -1. */
bool cohort_lets_in(const struct cohort *cohort, int member);
/* Why not: withdrawn, suspended or asked; none if it is let in. */
enum refusal cohort_admits(const struct cohort *cohort, int member);
/* Whether one of the two will not be paired with the other. */
bool cohort_avoids(const struct cohort *cohort, int a, int b);
/* Whether it is let in as a coach. */
bool cohort_is_coach(const struct cohort *cohort, int member);
/* Whether an event of the cohort's log with this body is of that member and may be told to it: what
 * it did, and what was done with it that it has seen (let in, matched, its rooms), never what
 * others say about it. cohort: folded as far as the event, or further. */
bool cohort_is_own(const struct cohort *cohort, int member, const struct body *body);
/* SHA-256 of the two bodies, one after the other: how client and server name a pack to each
 * other. */
void cohort_pack_hash(struct span pack, struct span panel, uint8_t out[HASH_BYTES]);

/* ---- the lobby ---- */

/* Who would be paired: two members, a pack and minutes (0: the pack's own plan). */
struct lobby_match {
    uint16_t interviewer, candidate;
    uint8_t pack;
    uint16_t minutes;
};
/*
 * The pair to be made next, if any. leases: whoever waits by a server that does not live any more
 * counts as gone until it waits again.
 *
 * The oldest comes first. Fitting: one interviews and one is candidate (of two who want either the
 * older interviews, unless only the other way round there is a pack); a pack that both take, fresh
 * to the candidate; equal minutes, or one takes any; levels as far apart as the longer waiting of
 * both allows: not at all, one after LOBBY_WIDEN_MS, two after twice that. Among those that fit the
 * oldest the nearest level wins, then who waits longer. Two whose last match was with each other
 * less than LOBBY_AGAIN_MS ago are paired again only if nobody else fits the older one and both
 * have waited LOBBY_ALONE_MS. Of the packs the least used is taken.
 */
bool lobby_next_match(const struct cohort *cohort, int64_t now, const struct leases *leases,
                      struct lobby_match *out) __attribute__((warn_unused_result));

enum lobby_kind { LOBBY_NOTHING, LOBBY_EXPIRE, LOBBY_OVERDUE, LOBBY_PAIR };
/* What a server should append now. */
struct lobby_step {
    enum lobby_kind kind;
    uint16_t member;                  /* LOBBY_EXPIRE: pair.leave with LOBBY_WHY_EXPIRED */
    const struct cohort_match *match; /* LOBBY_OVERDUE: pair.free; borrowed until the next apply */
    struct lobby_match pair; /* LOBBY_PAIR: pair.match, with a room id of the server's making */
};
/* One step after the other until LOBBY_NOTHING. appear: ms that a partner has to appear in. */
void lobby_next(const struct cohort *cohort, int64_t now, const struct leases *leases,
                int64_t appear, struct lobby_step *out);
/* The next moment after `now` at which lobby_next can give something that it does not give now, if
 * no event comes; -1: none, so that an idle lobby needs no timer. */
int64_t lobby_next_moment(const struct cohort *cohort, int64_t now, const struct leases *leases,
                          int64_t appear);
/* Place of a member from 1, and how many wait. Place 0: it does not wait. */
void lobby_place(const struct cohort *cohort, int member, uint32_t *place, uint32_t *count);
/* Who comes to the evening that is set, or (missing) those of them who have not waited for a
 * partner since COHORT_EARLY_MS before it: names as lobby_names gives them. *count: how many they
 * are. */
size_t evening_names(const struct cohort *cohort, bool missing, uint32_t *count,
                     char out[COHORT_NAMES_MAX_BYTES + 1]);
/* Names of those who wait, in order, parted by ", " (which no name holds itself): as many as fit,
 * whole. Returns their bytes; NUL-terminated. *count: how many they are. */
size_t lobby_names(const struct cohort *cohort, uint32_t *count,
                   char out[COHORT_NAMES_MAX_BYTES + 1]);

/* What somebody who waits asks for, as others are told. */
struct lobby_wants {
    uint16_t minutes;    /* 0: any length */
    uint8_t role, level; /* role: ROLE_NONE either; enum level */
};
/* The wants of the first `count` who wait, each in U32_BYTES as lobby_wants_read reads them.
 * Returns the bytes. */
size_t lobby_wants(const struct cohort *cohort, uint32_t count,
                   uint8_t out[COHORT_WAITING_MAX * U32_BYTES]);
/* What is out of its range counts as "any". */
struct lobby_wants lobby_wants_read(const void *from);

/* The one change of what somebody asks for that would make most fit. */
enum lobby_change {
    LOBBY_CHANGE_NONE,
    LOBBY_CHANGE_MINUTES,
    LOBBY_CHANGE_PACKS,
    LOBBY_CHANGE_ROLE
};
struct lobby_advice {
    enum lobby_change change;
    uint16_t to;   /* minutes (0: any length); how many packs the cohort has, all of them to be
                      taken; ROLE_NONE */
    uint32_t more; /* so many more would fit than now */
};
/*
 * What would make one fit more of those who wait and are connected, among the first
 * LOBBY_ADVICE_LOOK of them. A level is no change to be advised, since in time any fits; for the
 * same reason the last partner counts. Of equal changes a length that somebody asks for comes
 * before any length, then the packs, then the role. LOBBY_CHANGE_NONE where none helps, or the
 * member does not wait.
 */
void lobby_advise(const struct cohort *cohort, int member, const struct leases *leases,
                  struct lobby_advice *out);
/*
 * The member who waits, is connected and would be paired with this one, levels aside, had their
 * last match not been with each other so lately: both wait for others first, LOBBY_ALONE_MS. -1:
 * there is none. now: ms of room time.
 */
int lobby_last_partner(const struct cohort *cohort, int member, const struct leases *leases,
                       int64_t now);
/*
 * The plan for an interview of so many minutes: an index into the pack's plans if one lasts as long
 * (0 minutes: the first one), else pack->plan_count and in `budgets` a plan of one's own: the first
 * one's phases, each in proportion, to the second. Returns the bytes of budgets, 0 for a plan of
 * the pack.
 */
uint32_t lobby_plan(const struct pack *pack, int64_t minutes, int64_t *plan,
                    uint8_t budgets[4 * PACK_PHASES_MAX]);

/* Canonical hash of the state, to compare replicas. False: out of memory. */
bool cohort_digest(const struct cohort *cohort, uint8_t out[HASH_BYTES])
    __attribute__((warn_unused_result));

#endif
