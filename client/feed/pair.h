/* SPDX-License-Identifier: ISC */
/*
 * pair.h: waiting for a partner, as the person who waits knows it: enters a cohort or the common
 * lobby, offers the prompts that the server lacks, waits in the queue, hears of a match, and does
 * all of it again after a loss.
 *
 * struct pair_state is all that a screen shows of it; nothing in it needs a connection, so a screen
 * can be drawn from any. Everything runs on the thread of the event_base.
 */
#ifndef SPAR_CLIENT_FEED_PAIR_H
#define SPAR_CLIENT_FEED_PAIR_H

#include "client/feed/kept.h"
#include "client/net/connection.h"
#include "protocol/cohort/cohort.h"

enum pair_at {
    PAIR_CONNECTING,
    PAIR_ENTERING, /* and offering prompts */
    PAIR_WAITING,
    PAIR_IDLE,    /* in the cohort, not in the queue; `why` says why */
    PAIR_MATCHED, /* `room` is open */
    PAIR_ENDED
};

enum { PAIR_NOT_OFFERED = -1, PAIR_DECLINED = -2 };
struct pair_pack {
    struct pack *pack; /* a reference */
    uint8_t hash[HASH_BYTES];
    int index; /* among the cohort's, or PAIR_… */
    bool chosen;
};

struct pair_wants {
    enum role role; /* ROLE_NONE: either */
    enum level level;
    int minutes;     /* 0: any length */
    int extra;       /* percent of more time than the plan has */
    int64_t wait_ms; /* of room time */
    bool any_pack;   /* whatever the cohort has; else those that are chosen */
};
enum {
    PAIR_WAIT_MS = 30 * 60 * 1000, /* unless said otherwise */
    PAIR_MINUTES = 45
};

/* The group's next evening, as typed. */
struct pair_evening {
    int64_t start, minutes; /* start: real ms since 1970; 0: none is set */
    int64_t coming;         /* how many come */
    enum cohort_coming mine;
    char text[COHORT_EVENING_MAX_BYTES + 1];
    char names[COHORT_NAMES_MAX_BYTES + 1], missing[COHORT_NAMES_MAX_BYTES + 1];
};

struct pair_state {
    int64_t retry_at;     /* monotonic ms */
    int64_t heard_at;     /* monotonic ms at which the server was heard last; 0: never */
    int64_t place, count; /* place 0: not in the queue */
    int64_t since;        /* monotonic ms at which the waiting began; -1: it has not */
    int64_t rate;         /* ms of room time in one real ms */
    struct pair_wants wants;
    struct pair_pack packs[COHORT_PACKS_MAX];
    struct pair_evening evening;
    int pack_count;
    enum pair_at at;
    enum lobby_why why;
    enum role role;    /* in the room */
    int extra;         /* percent of more time in the room: the larger of what the two asked for */
    uint32_t revision; /* rises with every change */
    bool cut_off;      /* the connection is down; `at` is as it was */
    bool message_bad;
    char message[256];                                         /* a sentence for the status line */
    char cohort[NAME_MAX_BYTES + 1], name[NAME_MAX_BYTES + 1]; /* its name, one's own */
    char call[ROOM_CALL_MAX_BYTES + 1];     /* the cohort's link to a call elsewhere, "": none */
    char names[COHORT_NAMES_MAX_BYTES + 1]; /* of all who wait, in order, ", " between */
    uint32_t wants_count;                   /* for how many of them `wants_of` holds something */
    struct lobby_wants wants_of[COHORT_WAITING_MAX]; /* what each of the names asks for */
    struct lobby_advice advice;
    char last[NAME_MAX_BYTES + 1]; /* the last partner, if only that keeps the two apart for now */
    char room[ROOM_ID_BYTES + 1], partner[NAME_MAX_BYTES + 1], title[PACK_TITLE_MAX + 1];
    /* Of the last match of this evening, also of one that fell through; "": none. */
    char last_room[ROOM_ID_BYTES + 1], last_partner[NAME_MAX_BYTES + 1];
};

struct pair_options {
    struct event_base *base;
    SSL_CTX *context; /* outlives it */
    /* a cohort's link or a host link, for the common lobby; without secret: by key */
    const struct invite *invite;
    const char *name;
    bool keep_name; /* none was asked for: a member's name stays */
    const struct pair_wants *wants;
    struct pack *const *packs; /* references are taken; those that --pack named are all chosen */
    int pack_count;
    int64_t patience_ms; /* as in connection_config */
    void (*on_patience)(const char *why,
                        void *ctx); /* as of struct feed_live_options; may be NULL */
    /* Before a name goes to the server, each time; may be NULL. */
    void (*on_kept)(const struct kept *kept, void *ctx);
    void (*on_change)(void *ctx);
    void (*on_entered)(void *ctx); /* each time */
    void (*on_queue)(void *ctx);   /* the server told how the queue stands */
    void (*on_evening)(void *ctx); /* the group's next evening, or that there is none any more */
    void (*on_matched)(void *ctx); /* a room, or the same one again after a loss */
    void (*on_refused)(void *ctx, enum refusal why); /* to wait, or an offer */
    void (*on_over)(void *ctx, enum connection_end end, const char *why);
    void *ctx;
};

struct pair;

/* NULL: out of memory. */
struct pair *pair_new(const struct pair_options *options) __attribute__((warn_unused_result));
const struct pair_state *pair_state(const struct pair *pair);
/* Where it waits: address, pin and id of the cohort, and what the server made of its link. No
 * secret. */
const struct invite *pair_invite(const struct pair *pair);
/* Waits with these wants and choice of packs (bits by number in state->packs), or with other
 * ones. */
void pair_want(struct pair *pair, const struct pair_wants *wants, uint64_t chosen);
/* Asks not to be paired with the partner of the last match again; nobody is told. */
void pair_avoid(struct pair *pair);
/* Leaves the queue, or the match; stays connected. */
void pair_unwant(struct pair *pair);
/* Says whether one comes to the evening that is set, if there is one. */
void pair_coming(struct pair *pair, bool on);
/* The match has become a room that both are in: nothing more is asked of the lobby. */
void pair_settle(struct pair *pair);
/* Leaves the queue and ends the connection; on_over follows. */
void pair_leave(struct pair *pair);
/* Never inside a callback. NULL is fine. */
void pair_free(struct pair *pair);

/* Takes the next name off a list of those who wait, made harmless: `names` is moved on. False:
 * there is none left. */
bool pair_next_name(const char **names, char out[NAME_MAX_BYTES + 1]);
/* What would make one fit, as a sentence; "" if nothing does. */
enum { PAIR_ADVICE_SIZE = 96 };
void pair_advice(const struct pair_state *state, char out[PAIR_ADVICE_SIZE]);
/* That somebody who fits is there, and why the two are not paired yet; "" if that is not so. */
enum { PAIR_LAST_SIZE = NAME_MAX_BYTES + 96 };
void pair_last(const struct pair_state *state, char out[PAIR_LAST_SIZE]);
/* What a place in the queue means for the person, as a sentence; "" if there is nothing to tell. */
const char *pair_why(enum lobby_why why);
/* "mid", "senior", "staff", "any". */
const char *level_name(enum level level);
/* False: no such level. */
bool level_find(const char *name, enum level *out);

#endif
