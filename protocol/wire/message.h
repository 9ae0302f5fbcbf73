/* SPDX-License-Identifier: ISC */
/*
 * message.h: the typed wire messages. Decoded messages borrow from the frame and live as long as
 * it.
 *
 * A map {m: name, …}; unknown keys are ignored; an unknown name decodes as MESSAGE_UNKNOWN.
 */
#ifndef SPAR_PROTOCOL_WIRE_MESSAGE_H
#define SPAR_PROTOCOL_WIRE_MESSAGE_H

#include "protocol/wire/event.h"
#include "protocol/wire/refusal.h"

enum message_kind {
    MESSAGE_UNKNOWN,
#define MESSAGE(name, wire, to, room, cost) MESSAGE_##name,
#include "protocol/wire/messages.def"
#undef MESSAGE
    MESSAGE_COUNT
};

struct message {
    enum message_kind kind;
    struct span room; /* ROOM_ID_BYTES, or empty where a message is about no room */
    union {
        struct {
            int64_t version;
            struct span app;
            /* of a page, in answer to its challenge: its public key (DER SubjectPublicKeyInfo,
             * P-256) and r and s, 32 bytes each */
            struct span key, sign;
        } hello;
        struct {
            struct span nonce;
        } challenge;
        /* now: ms room time; rate: how many ms of room time pass in one real ms; hours: that rooms
         * and groups are kept once nothing more happens in them, 0: until the operator removes
         * them; nodes: the other servers on which the same rooms are open, HOST:PORT, each behind a
         * line's end but the first */
        struct {
            int64_t version;
            int64_t now;
            int64_t rate;
            int64_t hours;
            struct span app, nodes;
        } welcome;
        /* secret: the host link's 22 characters (empty if hosting is open). plan -1: none; budgets:
         * own plan. extra: percent by which the plan is stretched. days: that the room is
         * kept once nothing more happens in it; 0: as the server keeps all. fleeting: nothing is
         * kept once it is over */
        struct {
            struct span secret, name, pack, panel, budgets;
            int64_t mode, plan, extra, days;
            bool fleeting;
            uint32_t id;
            struct span cohort; /* that the room belongs to; empty: none */
            struct span prompt; /* id of one that the cohort holds, in place of the bodies */
            struct span shelf;  /* hash of a pack of the server's own, in place of the bodies */
        } host;
        /* Asks what the server's own packs are called: by the host link's secret, as a member of a
         * cohort, or from a room. Answered with `shelved` for each, then `end` */
        struct {
            struct span secret, cohort;
            uint32_t id;
        } shelf;
        struct {
            struct span pack; /* its hash: cohort_pack_hash */
            struct span name, title, level;
            uint32_t id;
        } shelved;
        /* of the panel's body of the host, swap or offer with this id, which follows */
        struct {
            struct span panel;
            uint32_t id;
        } part;
        struct {
            struct span interviewer, candidate, coach;
        } hosted; /* secrets, 22 characters */
        struct {
            int64_t role;
        } invite;
        /* member: -1 oneself. The answer's role is that of the member's link */
        struct {
            struct span cohort;
            int64_t member;
            uint32_t id;
        } pass;
        struct {
            struct span cohort, secret;
            int64_t member, role;
            uint32_t id;
        } passed;
        struct {
            struct span secret, cohort;
            uint32_t id;
        } move;
        struct {
            int64_t role;
            int64_t seat; /* that the link is for; -1: one of its own */
            struct span secret;
        } invited;
        /* A link for a companion of one's seat; end: those of that kind are to go. kind: enum
         * companion */
        struct {
            int64_t kind;
            bool end;
        } companion;
        /* How many of that kind the seat has. secret: of the link that was asked for, or empty;
         * until: room time that it is good for */
        struct {
            int64_t kind, count, until;
            struct span secret;
        } companions;
        /* secret empty: by key alone. companion: as a companion of a seat, enum companion. after:
         * the n that the client has, 0 for all */
        struct {
            struct span secret, name;
            bool keep; /* the seat's name stays, if it has one */
            int64_t companion;
            int64_t after;
            int64_t shown;
            bool look; /* only asks for how long the room is kept; no name is needed, none is seated
                        */
        } join;
        /* To who looks: the room's own time, days and fleeting as in host */
        struct {
            int64_t days;
            bool fleeting;
        } term;
        /* n: of the view's last event now; reset: the client's past was unknown, everything
         * from 1 follows */
        struct {
            int64_t seat, role, n, session, last_id;
            int64_t companion; /* as in join */
            bool reset;
        } joined;
        struct command command; /* seat is filled in by the receiver */
        struct event event;     /* pos is n */
        struct {
            int64_t id, n;
        } kept; /* a command sent again that had been applied */
        /* A command or question that was refused, by its id; 0: a join, leave or invite of that
         * room */
        struct {
            int64_t id;
            enum refusal why;
            struct span text;
            struct span cohort; /* that the request or withdrawal is about; empty: none */
            int64_t wait;       /* real ms until it may be asked again; 0: not known */
        } refused;
        /* t: the client's own ms, given back; shown: `at` of the last event shown to the person */
        struct {
            int64_t t, shown;
            int64_t trip; /* the client's last measured round trip in real ms; 0: not known */
        } ping;
        struct {
            int64_t t, now;
            struct span nodes; /* as in welcome, if others are there than it was told of; "": not */
        } pong;
        struct {
            int64_t id;
            struct span cohort; /* a coach's: all rooms of it; empty: one's own rooms */
            bool lost;          /* also those in which the key has lost its seat */
        } sessions;
        struct {
            int64_t id, opened, stage, role, n;
            int64_t lost; /* 1: the key's seat was moved, 2: it was put out; 0: neither */
            struct span title, names;
        } session;
        /* v: the newest version of recordings that the asker writes; 0 is 1 */
        struct {
            int64_t id, v;
        } fetch;
        struct {
            struct span event, chain;
            int64_t n;
        } record; /* event: encoded as sent; chain: of all before it */
        /* of sessions (count) and of a fetch (count, chain, sign, key; from recording version 2 on
         * v, seat, role) */
        struct {
            int64_t id, count, v, seat, role;
            struct span chain, sign, key;
        } end;
        /* Open the next room with the roles turned, under this pack; answered by the event
         * room.swap */
        struct {
            struct span pack, panel, shelf;
            uint32_t id; /* the seat's next command id: refused by it */
        } swap;
        /* Of a seat of the room, to its panel: its round trip in real ms. Not part of the log */
        struct {
            int64_t seat, ms;
        } trip;
        /* Its person turns voice on, or changes it, or turns it off. tag: the sender's own number
         * for this time, by which the others tell it from an older one. Answered with `ways` */
        struct {
            uint32_t id, tag;
            bool on, muted;
        } voice;
        /* How to reach the others. uris: of relays, one on a line; user and pass: for them, good
         * for so many real seconds; relay: by a relay alone */
        struct {
            int64_t id, seconds;
            struct span uris, user, pass;
            bool relay;
        } ways;
        /* To everybody in the room: a seat's voice. lost: off, since its connection is cut off: who
         * hears it goes on hearing it. Not part of the log */
        struct {
            int64_t seat;
            uint32_t tag;
            struct span name; /* its person's; for who reads no events, else empty */
            bool on, muted, lost;
        } voiced;
        /* To the seat's voice, of which the server knows nothing */
        struct {
            int64_t seat;
            struct span data;
            uint32_t id;
        } signal;
        struct {
            int64_t seat; /* whose it is */
            struct span data;
        } signalled;
        /* The candidate's own sheet, told to the panel before the debrief: items marked, of so many
         */
        struct {
            int64_t marked, items;
        } sheet;
        /* Of all links that have seated somebody, to interviewers: the hash of each one's secret,
         * and its seat, one byte each. Not part of the log */
        struct {
            struct span links, seats;
        } used;
        /* secret: the host link's (empty if hosting is open) */
        struct {
            struct span secret, name;
            uint32_t id;
        } cohort;
        struct {
            struct span cohort, students, coaches; /* secrets of the first two links */
            uint32_t id;
        } made;
        /* secret empty: by key alone */
        struct {
            struct span cohort, secret, name;
            uint32_t id;
            bool keep; /* a member's name stays */
        } enter;
        /* role: 2 student, 3 coach. packs: HASH_BYTES for each pack that the cohort knows, in order
         * (cohort_pack_hash). call: a link to a call elsewhere, or empty */
        struct {
            struct span cohort, name, packs, call;
            int64_t role, member;
            uint32_t id;
        } entered;
        /* To a coach: a room of the cohort that is open, or has ended */
        struct {
            struct span cohort, title;
            int64_t opened;
            bool ended;
        } listed;
        struct {
            struct span cohort, pack, panel, shelf;
            uint32_t id;
        } offer; /* answered with end, whose count is the pack's index */
        /* role 0 either, 1 interviewer, 2 candidate; level: enum level; minutes 0: any;
         * packs: bits of the cohort's packs; wait: ms of room time; match: room of the match that
         * it goes on from, or empty */
        struct {
            struct span cohort, match;
            int64_t role, level, minutes, extra, packs, wait;
            uint32_t id;
        } pair;
        /* The whole truth each time. place: from 1; 0: not waiting. why: enum lobby_why; wants:
         * what each of the names asks for (lobby_wants_read); change, to, more: lobby_advice;
         * last: the last partner, if only that keeps the two apart for now */
        struct {
            struct span cohort, names, wants, last;
            int64_t place, count, why, change, to, more;
        } queue;
        /* The room is open and one's own key has a seat in it: join without a secret. name: the
         * partner's */
        struct {
            struct span cohort, name, title;
            int64_t role, extra;
        } matched;
        struct {
            struct span cohort;
            uint32_t id;
        } unpair;
        struct {
            struct span cohort;
            int64_t role;
            int64_t uses, until; /* 0: without a bound. until: room time */
            uint32_t id;
            bool asks; /* a coach lets in each new key */
        } link;
        struct {
            struct span cohort, secret;
            int64_t link, role;
            uint32_t id;
        } linked;
        struct {
            struct span cohort;
            int64_t link;
            uint32_t id;
        } withdraw; /* answered with end */
        struct {
            struct span cohort;
            uint32_t id;
        } roster;
        /* kind 1 link (on: not withdrawn), 2 member (on: not cut off), 3 somebody who waits (on:
         * connected; role as in pair). opened: since when, room time */
        struct {
            struct span name;
            int64_t kind, link, member, role, opened;
            int64_t state;             /* of a member: enum cohort_admission */
            int64_t uses, used, until; /* of a link: as in link, and how often it was used */
            uint32_t id;
            bool on, asks;
        } entry;
        /* on: that member is let in, or in again; else suspended, or told no. Answered with end */
        struct {
            struct span cohort;
            int64_t member;
            uint32_t id;
            bool on;
        } admit;
        /* A coach sets the group's next evening, or calls it off (start 0). start: real ms since
         * 1970, -1: only asks. Answered with end */
        struct {
            struct span cohort, text;
            int64_t start, minutes;
            uint32_t id;
        } evening;
        /* on: comes to the evening of that start; else does not. Answered with end */
        struct {
            struct span cohort;
            int64_t start;
            uint32_t id;
            bool on;
        } coming;
        /* The whole truth each time. start 0: there is none. name: who set it. mine: enum
         * cohort_coming. names: who comes; missing: those of them who have not been in the lobby */
        struct {
            struct span cohort, text, name, names, missing;
            int64_t start, minutes, mine, coming;
        } planned;
        struct {
            struct span cohort, name;
            int64_t member;
        } asked; /* to coaches: somebody waits for their yes */
        /* on: not again with the partner of the room; else that is taken back. Answered with end */
        struct {
            struct span cohort;
            uint32_t id;
            bool on;
        } avoid;
        /* to the coaches. moment: room time of what it is about, 0: none. Answered with end */
        struct {
            struct span cohort, text;
            int64_t moment;
            uint32_t id;
        } report;
        struct {
            struct span cohort;
            uint32_t id;
        } reports; /* answered with reported, and end */
        /* id: of the question, 0: it has just come. member, name: whose; at: when it came */
        struct {
            struct span cohort, name, text;
            int64_t id, member, at, moment;
        } reported;
        /* What the cohort's log has of the asker. Answered with own, and end */
        struct {
            struct span cohort;
            uint32_t id;
        } mine;
        /* event: encoded as sent, its room the cohort, its n counted anew. Of a match name and
         * title: the partner's, as it is now, and the prompt's */
        struct {
            struct span event, name, title;
            uint32_t id;
        } own;
        struct {
            struct span cohort, call; /* empty: it is taken away */
            uint32_t id;
        } call; /* answered with end */
        /* To everybody in the cohort: the link to a call has changed; empty: there is none now */
        struct {
            struct span cohort, call;
        } called;
        struct {
            enum refusal why;
            struct span text;
            int64_t wait; /* as in refused */
        } error;          /* the connection goes on */
        struct {
            enum refusal why;
            struct span text;
            struct span nodes; /* as in welcome: where to go instead */
        } bye;                 /* it ends; `why` tells whether to come back */
    };
};

enum message_error { MSG_OK, MSG_BAD_FRAME, MSG_BAD_MESSAGE };
/*
 * Decodes one payload. On an error r->error and r->field say what; out->kind may be set, and of a
 * command its room and id where they could be read. A command of an action that is not known is
 * MSG_OK with command.body.act == ACTION_NONE, so that it can be refused by its id. A `why` that is
 * not known is REFUSAL_NONE.
 */
enum message_error message_read(struct mp_reader *r, const void *bytes, size_t len,
                                struct message *out) __attribute__((warn_unused_result));
/* Appends one whole frame, header included. An optional field that has its default is left out.
 * False: too large or out of memory; nothing is appended. Bounds other than the frame's are not
 * checked. */
bool message_write(struct mp_writer *w, const struct message *message)
    __attribute__((warn_unused_result));
const char *message_name(enum message_kind kind); /* "unknown" for MESSAGE_UNKNOWN */
uint32_t message_cost(enum message_kind kind);    /* tokens, see messages.def */
/* The id by which the sender knows the answer; 0: the message has none. */
uint32_t message_id(const struct message *message);
/* Whether a kind may be sent to a server / to a client. */
bool message_to_server(enum message_kind kind);
bool message_to_client(enum message_kind kind);

#endif
