/*
 * message.h: the typed wire messages. Decoded messages borrow from the frame and live as long as it.
 *
 * A map {m: name, …}; unknown keys are ignored; an unknown name decodes as MESSAGE_UNKNOWN.
 */
#ifndef SPAR_MESSAGE_H
#define SPAR_MESSAGE_H

#include "event.h"
#include "refusal.h"

enum message_kind {
    MESSAGE_UNKNOWN,
#define MESSAGE(name, wire, to, room) MESSAGE_##name,
#include "messages.def"
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
        } hello;
        /* now: ms room time; rate: how many ms of room time pass in one real ms */
        struct {
            int64_t version;
            int64_t now;
            int64_t rate;
            struct span app;
        } welcome;
        /* secret: the host link's 22 characters (empty if hosting is open). plan -1: none; budgets: own plan */
        struct {
            struct span secret, name, pack, panel, budgets;
            int64_t mode, plan;
            uint32_t id;
        } host;
        struct {
            struct span interviewer, candidate, coach;
        } hosted; /* secrets, 22 characters */
        struct {
            int64_t role;
        } invite;
        struct {
            int64_t role;
            struct span secret;
        } invited;
        /* secret empty: by key alone. after: the n that the client has, 0 for all */
        struct {
            struct span secret, name;
            int64_t after;
            int64_t shown;
        } join;
        /* n: of the view's last event now; reset: the client's past was unknown, a snapshot or everything from 1 follows */
        struct {
            int64_t seat, role, n, session, last_id;
            bool reset;
        } joined;
        struct command command; /* seat is filled in by the receiver */
        struct event event;     /* pos is n */
        struct {
            int64_t id, n;
        } kept; /* a command sent again that had been applied */
        /* A command or question that was refused, by its id; 0: a join, leave or invite of that room */
        struct {
            int64_t id;
            enum refusal why;
            struct span text;
        } refused;
        struct {
            int64_t n;
            struct span state;
        } snapshot; /* state: digest.h */
        /* t: the client's own ms, given back; shown: `at` of the last event shown to the person */
        struct {
            int64_t t, shown;
        } ping;
        struct {
            int64_t t, now;
        } pong;
        struct {
            int64_t id;
        } sessions;
        struct {
            int64_t id, opened, stage, role, n;
            struct span title, names;
        } session;
        struct {
            int64_t id;
        } fetch;
        struct {
            struct span event, chain;
            int64_t n;
        } record; /* event: encoded as sent; chain: of all before it */
        /* of sessions (count) and of a fetch (count, chain, sign, key) */
        struct {
            int64_t id, count;
            struct span chain, sign, key;
        } end;
        struct {
            enum refusal why;
            struct span text;
        } error; /* the connection goes on */
        struct {
            enum refusal why;
            struct span text;
        } bye; /* it ends; `why` tells whether to come back */
    };
};

enum message_error { MSG_OK, MSG_BAD_FRAME, MSG_BAD_MESSAGE };
/*
 * Decodes one payload. On an error r->error and r->field say what; out->kind may be set, and of a command its
 * room and id where they could be read. A command of an action that is not known is MSG_OK with
 * command.body.act == ACTION_NONE, so that it can be refused by its id. A `why` that is not known is
 * REFUSAL_NONE.
 */
enum message_error message_read(struct mp_reader *r, const void *bytes, size_t len,
                                struct message *out) __attribute__((warn_unused_result));
/* Appends one whole frame, header included. An optional field that has its default is left out.
 * False: too large or out of memory; nothing is appended. Bounds other than the frame's are not checked. */
bool message_write(struct mp_writer *w, const struct message *message)
    __attribute__((warn_unused_result));
const char *message_name(enum message_kind kind); /* "unknown" for MESSAGE_UNKNOWN */
/* Whether a kind may be sent to a server / to a client. */
bool message_to_server(enum message_kind kind);
bool message_to_client(enum message_kind kind);

#endif
