/* SPDX-License-Identifier: ISC */
/*
 * model.h: what a screen shows: the fold of this seat's view, and the commands that are not
 * confirmed yet.
 *
 * One model serves the live screens, replay and report: a feed (feed.h) fills it. A command of
 * one's own shows at once as on its way; it becomes part of the fold only when its event has come
 * back, that is, is durable.
 */
#ifndef SPAR_CLIENT_FEED_MODEL_H
#define SPAR_CLIENT_FEED_MODEL_H

#include "client/feed/drawing.h"
#include "client/feed/pictures.h"
#include "protocol/room/clock.h"
#include "protocol/room/insight.h"
#include "protocol/room/room.h"
#include "protocol/room/suggest.h"
#include "protocol/room/view.h"

enum model_connection {
    CONNECTION_CONNECTING,
    CONNECTION_LIVE,
    CONNECTION_WAITING /* dropped, will retry */,
    CONNECTION_ENDED,
    CONNECTION_RECORDING
};

/* A command on its way. Its texts are owned here. */
struct model_pending {
    struct command command;
    char *memory; /* what the body's spans point into */
    bool sent;    /* on this connection */
    bool moot;    /* it counted on a move that was refused; model_lost takes it out */
    /* the server called it kept, no later than by this event of the view; 0: it has not */
    uint32_t told_n;
};

struct model {
    struct room room; /* fold of the seat's view: room.pos is n */
    char room_id[ROOM_ID_BYTES + 1];
    uint8_t seat;
    enum role role;
    enum model_connection connection;
    int64_t retry_at; /* monotonic ms of the next try, while CONNECTION_WAITING */
    int64_t offset;   /* room time = (monotonic ms - base) * rate / rate_den + offset */
    int64_t base;
    int64_t rate,
        rate_den;     /* live: the server's whole rate over 1; a recording: its speed, 0/1 paused */
    int64_t error_ms; /* known error of the clock, room ms; -1: not known yet */
    int64_t heard_at; /* live: monotonic ms at which the server was heard last; 0: never */
    struct model_pending *pending;
    uint32_t pending_count, pending_cap;
    uint32_t joined_n;   /* what there was when the seat was joined last; 0: not by a connection */
    uint32_t next_id;    /* id of the next command */
    uint32_t swap_id;    /* of one's own wish for a second half that is on its way; 0: none */
    uint32_t kept_count; /* own commands confirmed so far */
    char message[256];   /* one sentence for the status line: last refusal or news; "" if none */
    bool message_bad;
    uint32_t message_n; /* rises with each of them */
    /* a sentence about somewhere else, shown before all others until the next key; "" if none */
    char news[1024];
    /* items marked on the candidate's own sheet, of so many, as the panel is told; items 0: not
     * told */
    int64_t sheet_marked, sheet_items;
    bool replaced; /* it has ended since another connection of this key took the seat */
    bool sealed;   /* a coach's screen shows and writes their own sealed sheet, not the panel's */
    struct drawing drawing;
    struct pictures pictures; /* on record; a recording's are all there from the beginning */
    uint32_t revision;        /* rises with every change: a screen redraws when it differs */
};

void model_init(struct model *model);
void model_free(struct model *model);
/* Room time in ms at a monotonic moment (ms). Recordings set rate and base so that the same formula
 * holds. */
int64_t model_now(const struct model *model, int64_t monotonic_ms);
/* Applies an event of this seat's view and drops the pending command that it confirms. */
enum apply_result model_apply(struct model *model, const struct event *event)
    __attribute__((warn_unused_result));
/* Queues a command (texts are copied), giving it the next id. NULL: out of memory or
 * PENDING_COMMANDS_MAX waiting (the message says so). */
struct model_pending *model_command(struct model *model, const struct body *body, int64_t made);
/* Drops a pending command that was refused and shows why. text: the server's sentence, shown of
 * what came too late. */
void model_refused(struct model *model, uint32_t id, enum refusal why, struct span text);
/* The server calls a command kept, that is, its id is not above that of the seat's last event,
 * number n of the view. It may also have been refused before that one, and the refusal lost with
 * the connection: see model_lost. */
void model_kept(struct model *model, uint32_t id, uint32_t n);
/* Drops a command called kept whose event is not among those that have come (*why is REFUSAL_LOST),
 * or one that counted on a move of the clock that was refused (REFUSAL_STALE), and shows it. To be
 * called until it gives 0 after each event, `kept` and refusal. Its id; 0: there is none, and *why
 * is as it was. */
uint32_t model_lost(struct model *model, enum refusal *why) __attribute__((warn_unused_result));
/* The next command that may be sent: in the order of the ids, and none that says what its author
 * saw (`seen`) before the own moves of the clock that it counts on have their outcome, since the
 * count could come out right by another's move. NULL: none now; the caller sets `sent`. Asked again
 * after each event, `kept` and refusal. */
struct model_pending *model_next(struct model *model);
/* Whether a command waits to be sent, so that no later id may be used yet. */
bool model_holds(const struct model *model);
/* Whether a command waits to be confirmed. */
bool model_is_pending(const struct model *model, uint32_t id);
/* Sets the status line; printf-style. */
void model_say(struct model *model, bool bad, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The sheet that this seat's screen shows and writes: its owner, and the action that marks it. */
uint8_t model_sheet(const struct model *model);
enum action model_sheet_action(const struct model *model);
/* The mark that a screen shows for an item on that sheet, and whether a change of it is still on
 * its way. */
enum mark model_mark(const struct model *model, int item, bool *on_its_way);

/* A live connection from which nothing was heard for longer is not called live any more: the
 * interval of pings and a second for the answer. */
enum { MODEL_SILENT_MS = PING_EVERY_MS + 1000 };
/* How long a server that was heard last at this moment (0: never) has been silent, ms; 0: no longer
 * than that. Both monotonic ms. */
int64_t model_silence(int64_t heard_at, int64_t monotonic_ms);
/* Real ms until that figure changes: it begins to be shown, or counts a second more; -1: it does
 * not. */
int64_t model_silence_change(int64_t heard_at, int64_t monotonic_ms);
/* How long nothing was heard by a monotonic moment, ms; 0: no longer than that. */
int64_t model_silent(const struct model *model, int64_t monotonic_ms);

#endif
