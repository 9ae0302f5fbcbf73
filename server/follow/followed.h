/* SPDX-License-Identifier: ISC */
/*
 * followed.h: the life of one log that a worker follows, whatever is folded from it: load, fold
 * what the journal says, decide and append, owe what storage did not take, break, rest, retire.
 *
 * Every change takes one path: a job waits; at the end of the loop turn it is decided against the
 * fold and appended at the position after it; the event comes back from the journal, is folded, and
 * only then told to anybody. Of a kind that can decide upon what is in flight several appends
 * are on their way, each chained to the one before; a conflict means that another worker was first:
 * what it wrote is folded by then, and once all are answered their jobs are decided again.
 *
 * Nothing is decided, rested, retired or freed inside a call: whoever changes something says
 * followed_touch, and the end of the loop turn does the rest, from the top of the stack. The state
 * changes in one function, which ends the process on an impossible change. The desk's thread.
 */
#ifndef SPAR_SERVER_FOLLOW_FOLLOWED_H
#define SPAR_SERVER_FOLLOW_FOLLOWED_H

#include "protocol/wire/event.h"
#include "protocol/wire/refusal.h"
#include "server/follow/following.h"
#include "server/follow/news.h"
#include "server/follow/walk.h"

enum followed_state {
    FOLLOWED_LOADING, /* the log has been asked for, or is being folded; jobs wait */
    FOLLOWED_READY,
    FOLLOWED_BROKEN, /* no such log, or one that cannot be folded: everything is refused */
    FOLLOWED_RETIRED
};

/* First member of what a kind's jobs are; each is one block of malloc's. */
struct followed_job {
    STAILQ_ENTRY(followed_job) next;
    bool servers_own; /* nobody else will ask for it: owed when storage fails */
    bool doubted;     /* its refusal has been looked at again */
};
STAILQ_HEAD(followed_jobs, followed_job);

enum {
    FLIGHTS_MAX = 4,            /* appends of one log that are in flight */
    FOLLOWED_LOAD_EVENTS = 1000 /* folded in one loop turn when it loads; an interview has less */
};

/* What is appended: `events` in one run. If it fails the first `jobs` that wait are refused or
 * owed; if it is kept the first `ends` of them are done. `act`: of its first event, for the log.
 * `alone`: nothing is decided upon it before it is answered; so is one with other jobs than ends.
 */
struct followed_flight {
    uint32_t events, jobs, ends;
    enum action act;
    bool alone;
};

/* An event that was decided here and is on its way to the journal and back. */
struct followed_decided {
    STAILQ_ENTRY(followed_decided) next;
    struct event event;
    size_t len;
    char bytes[]; /* as it is stored, `len` of them; then its texts */
};

/* First member of a room's replica and of a cohort's. */
struct followed {
    struct grave grave; /* first */
    struct table_entry of_table;
    LIST_ENTRY(followed) of_owing;  /* while owes */
    LIST_ENTRY(followed) of_waking; /* while wake >= 0 */
    TAILQ_ENTRY(followed) of_turn;  /* while touched */
    TAILQ_ENTRY(followed) of_rest;  /* while resting */
    struct following *following;
    struct desk *desk; /* following's */
    char id[ROOM_ID_BYTES + 1];
    enum followed_state state;
    enum refusal broken;           /* what everything is refused with, while FOLLOWED_BROKEN */
    uint8_t forgotten[HASH_BYTES]; /* whose key, if it broke for that and others may come back */
    bool touched;                  /* something has changed: looked at when the loop turn ends */
    bool resting;                  /* nobody needs it now */
    bool owes;    /* storage failed: the server's own work waits until it is tried again */
    bool looking; /* all that is committed by now is on its way here; nothing is decided before */
    bool severed; /* an append in flight will not be kept, nor those behind it */
    uint32_t in_flight;
    uint32_t end;                                /* position of the last event in flight */
    struct followed_flight flights[FLIGHTS_MAX]; /* in_flight of them, the oldest first */
    struct followed_flight flight;               /* the one that was answered last */
    STAILQ_HEAD(, followed_decided) decided;     /* of those in flight, as far as memory allowed */
    int64_t wake; /* ms of room time at which it is to be looked at; -1: never */
    struct call load, append, look;
    struct walk folding;         /* of what was loaded */
    struct news news;            /* that came meanwhile */
    struct followed_jobs flying; /* of the appends in flight */
    struct followed_jobs jobs;   /* that wait */
    struct followed_jobs owed;   /* the server's own, which storage did not take */
};

/* What a kind of log supplies. */
struct followed_kind {
    const char *name;     /* the log's field for its id */
    const char *broke_as; /* the log's line about one that cannot be folded */
    enum stats_counter loaded, resting;
    uint32_t resting_max;   /* one more, and the one that has rested longest retires */
    enum refusal none_such; /* for a log that is not there, or not of this kind */

    /* Zeroed but for the kind's own part. NULL: out of memory. */
    struct followed *(*make)(void);
    /* Frees the struct itself; its jobs have been freed. */
    void (*free)(struct followed *followed);
    /* It has left the table: lets go of others. */
    void (*retired)(struct followed *followed);
    /* Whether somebody needs it, so that it may not rest. */
    bool (*held)(const struct followed *followed);

    /* Whether this is a log of the kind, whole; exists: false if it is empty. */
    bool (*fits)(struct followed *followed, bool exists, struct journal_batch *batch);
    /* Position of the last event folded. */
    uint32_t (*pos)(const struct followed *followed);
    /* Folds the next event; if FOLLOWED_READY, those who are here learn of it. False: cannot be. */
    bool (*take)(struct followed *followed, const struct event *event);
    /* The whole log is folded, and it is FOLLOWED_READY. */
    void (*opened)(struct followed *followed, struct journal_batch *batch);
    /* One more batch is folded. */
    void (*folded)(struct followed *followed, struct journal_batch *batch);
    /* It is FOLLOWED_BROKEN: cuts off who is in it. Who waits for a job is told when that is
     * refused. */
    void (*broke)(struct followed *followed);

    /* Decides the first job, or something of its own: refuses it, is done with it, or appends.
     * False: there is nothing to do now. Not while something is in flight. */
    bool (*decide)(struct followed *followed);
    /* The same while something is: appends behind it, and nothing else; nobody learns of it before
     * it is durable. NULL where a kind cannot. */
    bool (*decide_behind)(struct followed *followed);
    /* The append in flight was not kept: what rested on it goes. Comes before what follows from it.
     */
    void (*dropped)(struct followed *followed);
    /* A job's event is durable, or it is refused; the job is the kind's from now on. */
    void (*committed)(struct followed *followed, struct followed_job *job);
    void (*refused)(struct followed *followed, struct followed_job *job, enum refusal why);
    /* The server's own job waits for storage; its member need not. */
    void (*owing)(struct followed *followed, struct followed_job *job);
    /* An event of nobody's job is durable. NULL where there are none. */
    void (*kept)(struct followed *followed);
    /* An append has been answered. */
    void (*answered)(struct followed *followed);

    /* Other servers live than before. */
    void (*leases)(struct followed *followed);
    /* Its moment has come. NULL where none is asked for. */
    void (*woke)(struct followed *followed);
};

/* Something has changed that it may have to decide on, or that lets it rest. */
void followed_touch(struct followed *followed);
/* Puts a job at the end of the queue, and ends its rest. Owns the job from now on. */
void followed_add(struct followed *followed, struct followed_job *job);
/* The first job that waits, or NULL. */
struct followed_job *followed_first(const struct followed *followed);
/* Takes the first job out of the queue; it is the caller's. There must be one. */
struct followed_job *followed_pop(struct followed *followed);
/* The first job would be refused by what is folded here, and another worker may know better:
 * whoever was just given a link opens it at once. It is decided again once all that is committed by
 * now is folded. False: it was so already. Only from `decide`. */
bool followed_doubt(struct followed *followed) __attribute__((warn_unused_result));
/* Notes an event that will be appended, of which `len` bytes are the stored form: so it is not read
 * again when it comes back, and a kind can fold it ahead. False: no memory, and nothing is noted
 * any more. */
bool followed_note(struct followed *followed, const struct event *event, const char *stored,
                   size_t len) __attribute__((warn_unused_result));
/* Forgets what was noted. */
void followed_forget(struct followed *followed);
/* Appends what has been written to desk->stored behind what is in flight, or else the last event
 * folded; ends, members: as in desk_append. Only from `decide` and `decide_behind`. */
void followed_append(struct followed *followed, const struct followed_flight *flight,
                     const size_t *ends, const uint8_t *const *members);
/* The server's own work waits until storage is tried again. */
void followed_owe(struct followed *followed);
/* Has `woke` called at that moment of room time; -1: not at all. */
void followed_wake_at(struct followed *followed, int64_t at);
/* The log cannot be read or folded: logs `what` (unless NULL) and refuses everything with `why`
 * until it retires. */
void followed_break(struct followed *followed, enum refusal why, const char *what);

/* Why somebody of that key, HASH_BYTES, may not be in it any more, while it is FOLLOWED_BROKEN. */
enum refusal followed_broken(const struct followed *followed, const uint8_t *key);

/* Whether its log is here and being folded: the journal's answers say nothing of when it is ready.
 */
bool followed_is_folding(const struct followed *followed);

/* ---- for following.c ---- */

/* It has been entered into the table: asks for its log. */
void followed_begin(struct followed *followed, struct following *following, const char *id);
/* Whether something is unanswered or waits, or somebody needs it. */
bool followed_is_needed(const struct followed *followed);
/* Ends its rest. */
void followed_awake(struct followed *followed);
void followed_events(struct followed *followed, struct journal_batch *batch);
void followed_turn_end(struct followed *followed);
void followed_retry(struct followed *followed);
void followed_woke(struct followed *followed);
void followed_leases(struct followed *followed);
/* Leaves the table; freed when the loop turn ends. Nobody may need it. */
void followed_retire(struct followed *followed);
/* The end of a worker, whose journal does not answer any more: leaves the table and is freed. */
void followed_end(struct followed *followed);

#endif
