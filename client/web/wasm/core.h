/* SPDX-License-Identifier: ISC */
/*
 * core.h: the core as a page calls it: protocol/ behind functions that take numbers and bytes and
 * leave JSON or bytes in `out`.
 *
 * One struct web for a page; it holds the stream's bytes, the message that came last and what the
 * last call has to say. A message borrows from the stream and lives until web_next is called again.
 * Moments are ms of room time and come as doubles, which hold them exactly and need no BigInt.
 * Compiled for the browser by this folder's CMakeLists.txt, and natively for the tests.
 */
#ifndef SPAR_CLIENT_WEB_WASM_CORE_H
#define SPAR_CLIENT_WEB_WASM_CORE_H

#include "client/feed/model.h"
#include "client/web/wasm/export.h"
#include "client/web/wasm/json.h"
#include "protocol/wire/message.h"

struct web {
    struct mp_reader reader; /* of the stream's messages */
    struct mp_reader own;    /* of what the page asks for */
    struct mp_writer in;     /* the stream; its first `taken` bytes are done with */
    struct mp_writer out;    /* what the last call has to say */
    struct mp_writer scratch;
    size_t taken;
    const uint8_t *frame; /* the whole frame of `message`, in `in`; NULL: there is none */
    size_t frame_len;
    struct message message;
};

/* ---- memory, the stream and messages: core.c ---- */

EXPORT(web_alloc) void *web_alloc(uint32_t size);
EXPORT(web_free) void web_free(void *memory);
/* NULL: out of memory. */
EXPORT(web_new) struct web *web_new(void);
/* What the last call has to say: JSON, a frame, or a sentence. */
EXPORT(web_out) const char *web_out(const struct web *web);
EXPORT(web_out_len) uint32_t web_out_len(const struct web *web);
/* A new connection: forgets what is left of the old one's stream. */
EXPORT(web_reset) void web_reset(struct web *web);
/* Bytes of the stream. 0: out of memory. */
EXPORT(web_feed) int web_feed(struct web *web, const void *bytes, uint32_t len);
/* The next message of the stream as JSON. 1: there it is; 0: none is whole yet; -1: the server
 * speaks another protocol. Of one that this build does not know `m` is its name all the same. */
EXPORT(web_next) int web_next(struct web *web);
/* The frame of the message that web_next gave, header included, as the server sent it. */
EXPORT(web_frame) const uint8_t *web_frame(const struct web *web);
EXPORT(web_frame_len) uint32_t web_frame_len(const struct web *web);
/* A message that is JSON becomes a frame in `out`. 0: it breaks the protocol's rules, and `out` is
 * a sentence that says where. Not for commands, which belong to a room. */
EXPORT(web_encode) int web_encode(struct web *web, const char *json, uint32_t len);
/* The same for host, swap and offer, with the bodies of a pack's file (of `spar pack build`): the
 * frames of its parts and of the message. 0: a sentence. */
EXPORT(web_encode_pack)
int web_encode_pack(struct web *web, const char *json, uint32_t len, const char *bundle,
                    uint32_t bundle_len);
/* What a pack's file holds, {public}; 0: a sentence says what is wrong with it. */
EXPORT(web_pack_about) int web_pack_about(struct web *web, const char *bundle, uint32_t len);
/* The link in a text, however mail and chat have left it: `out` is the link alone. 0: a sentence.
 */
EXPORT(web_link) int web_link(struct web *web, const char *text, uint32_t len);
/* The names behind the numbers of the wire, the actions, the refusals and the bounds. */
EXPORT(web_tables) void web_tables(struct web *web);

/* ---- one room: room.c, state.c ---- */

struct web_room {
    struct model model;
    bool joined; /* on this connection */
    bool joined_ever;
    bool reads; /* a companion of its seat: nothing goes out from here */
};

EXPORT(web_room_new) struct web_room *web_room_new(void);
EXPORT(web_room_free) void web_room_free(struct web_room *room);
/* JSON {room, secret, name, keep, companion} becomes the join that goes on where the fold stands.
 * 0: a sentence. */
EXPORT(web_room_join)
int web_room_join(struct web *web, struct web_room *room, const char *json, uint32_t len);
enum web_taken {
    WEB_BROKEN = -1, /* the fold cannot go on with this server */
    WEB_IGNORED,     /* nothing to this room */
    WEB_CHANGED,     /* draw it anew; `out` is what is to be sent now, maybe nothing */
    WEB_AGAIN        /* a part is missing: the fold has been emptied, join again */
};
/* Takes the message that web_next gave, which names this room. */
EXPORT(web_room_take) int web_room_take(struct web *web, struct web_room *room);
/* The connection is gone: what is not confirmed will be sent again. */
EXPORT(web_room_down) void web_room_down(struct web_room *room);
/* A command as JSON {do, …} becomes a frame in `out`, empty while cut off (it goes out after the
 * next join). Its id; 0: a sentence says why not. */
EXPORT(web_room_command)
uint32_t web_room_command(struct web *web, struct web_room *room, const char *json, uint32_t len,
                          double now);
/* Whether the command would be taken now: 1, or 0 and the refusal's {"why", "text"}. */
EXPORT(web_room_try)
int web_room_try(struct web *web, const struct web_room *room, const char *json, uint32_t len,
                 double now);
/* The number of this seat's next command, which is taken by that: for the message swap. */
EXPORT(web_room_number) uint32_t web_room_number(struct web_room *room);
/* How often it has changed. */
/* A change of the board or the worksheet, or pointing at them, as JSON {do, …}: a frame in `out`,
 * empty while cut off or while the candidate thinks unseen. 0: a sentence says why not. */
EXPORT(web_room_draw)
int web_room_draw(struct web *web, struct web_room *room, const char *json, uint32_t len,
                  double now);
/* Takes back the last change of one's own (again 0), or makes it again; likewise. */
EXPORT(web_room_undo)
int web_room_undo(struct web *web, struct web_room *room, int again, double now);
/* Lets go what was drawn unseen: its frames, in order. 0: a sentence. */
EXPORT(web_room_unhide) int web_room_unhide(struct web *web, struct web_room *room, double now);
/* Puts a picture on record: the frames of its parts. 0: a sentence. */
EXPORT(web_room_picture)
int web_room_picture(struct web *web, struct web_room *room, const char *bytes, uint32_t len,
                     double now);
/* The bytes of a picture that has come whole. 0: there is none with that id. */
EXPORT(web_room_picture_bytes)
int web_room_picture_bytes(struct web *web, const struct web_room *room, uint32_t id);
/* The board and the worksheet as this screen shows them: what is on its way stands on them. */
EXPORT(web_room_board) void web_room_board(struct web *web, struct web_room *room, double now);
EXPORT(web_room_revision) uint32_t web_room_revision(const struct web_room *room);
/* SHA-256 of the state, in hexadecimal. 0: out of memory. */
/* How long the interview had run at a moment of room time, pauses left out: ms. */
EXPORT(web_room_running) double web_room_running(const struct web_room *room, double at);
EXPORT(web_room_digest) int web_room_digest(struct web *web, const struct web_room *room);
/* All that is drawn but the pack and the lines. */
EXPORT(web_room_state) void web_room_state(struct web *web, const struct web_room *room);
/* The pack as far as this seat has it, by the tables of pack/; null before the room is open. */
EXPORT(web_room_pack) void web_room_pack(struct web *web, const struct web_room *room);
/* Notes and talk from the index `from` on. */
EXPORT(web_room_lines)
void web_room_lines(struct web *web, const struct web_room *room, uint32_t from);
/* A coach's screen shows and writes their own sealed sheet (1), or the panel's (0). */
EXPORT(web_room_seal) void web_room_seal(struct web_room *room, int on);
/* What moves with the clock: its reading, the alarms that are due and shown to this seat, what is
 * suggested to it, and `next`, the moment at which they can change by themselves. */
EXPORT(web_room_clock)
void web_room_clock(struct web *web, const struct web_room *room, double now);
/* What needs the coach, as a row of the wall. */
EXPORT(web_room_row) void web_room_row(struct web *web, const struct web_room *room, double now);
/* Sums of the phases, the sheets' agreement. */
EXPORT(web_room_summary)
void web_room_summary(struct web *web, const struct web_room *room, double now);

/* Leaves a sentence in `out`; 0. */
int web_say(struct web *web, const char *sentence);
/* Reads {do, …}. False: `out` says what is wrong. */
bool web_read_command(struct web *web, const char *json, uint32_t len, struct body *body);
/* Appends the frames of the commands that may go out now, nothing while cut off; what has an id
 * from `fresh` on was made at this moment. */
void web_send_waiting(struct web *web, struct web_room *room, uint32_t fresh);
/* Appends do and the fields of a body as members; texts and bytes longer than text_max are left
 * out. */
void web_put_body(struct mp_writer *w, const struct body *body, uint32_t text_max);

/* Each appends members to the map that is open (panel.c): the list of what is suggested, with the
 * command that takes it; the verdicts that this fold holds and whether they are open; what the
 * marks propose. The room has a pack for the first and the last. */
void web_put_suggested(struct mp_writer *w, const struct model *model, int64_t now);
void web_put_verdicts(struct mp_writer *w, const struct room *room);
void web_put_points(struct mp_writer *w, const struct room *room);

/* ---- recordings: replay.c ---- */

struct web_replay;
/* Takes `bytes` (of web_alloc) over. NULL: `out` says what is wrong with it. */
EXPORT(web_replay_new)
struct web_replay *web_replay_new(struct web *web, char *bytes, uint32_t len);
EXPORT(web_replay_free) void web_replay_free(struct web_replay *replay);
/* Whose view it is, its extent, what its signature is to be checked against. */
EXPORT(web_replay_about) void web_replay_about(struct web *web, const struct web_replay *replay);
/* The moments of a timeline: every event without its long texts. */
EXPORT(web_replay_events) void web_replay_events(struct web *web, const struct web_replay *replay);
/* The room at a moment, or right after event n: a room like a live one, which belongs to the
 * replay. */
EXPORT(web_replay_seek) struct web_room *web_replay_seek(struct web_replay *replay, double at);
/* The first moment at which the interview had run so long (ms); -1: it never did. */
EXPORT(web_replay_moment)
double web_replay_moment(const struct web_replay *replay, double running);
EXPORT(web_replay_seek_event)
struct web_room *web_replay_seek_event(struct web_replay *replay, uint32_t n);
/* The first frame of a recording's file, made from the message `end` of a fetch; its room is given.
 * 0: out of memory. */
EXPORT(web_replay_head)
int web_replay_head(struct web *web, const char *room, uint32_t len, double wall_ms);

#endif
