/* SPDX-License-Identifier: ISC */
/*
 * part.h: what the parts of the fold (room_*.c) share; private to room.c and them.
 *
 * Every action has one row in room.c: a decide function and an apply function. Before either is
 * called, the author's role, the stage, the fields that the row of actions.def requires and their
 * bounds have been checked. An apply function first checks and allocates all that it needs and
 * changes the state only when nothing can fail any more; room.c then counts the event.
 */
#ifndef SPAR_PROTOCOL_ROOM_PART_H
#define SPAR_PROTOCOL_ROOM_PART_H

#include "protocol/room/clock.h"
#include "protocol/room/room.h"

struct part_packs {
    room_pack_source source; /* NULL: read anew */
    void *ctx;
};

/* Fills in or refuses *out, which begins as the command's body. by: the author's seat. */
typedef enum refusal part_decide(const struct room *room, uint8_t by, struct body *out);
typedef enum apply_result part_apply(struct room *room, const struct event *event,
                                     const struct part_packs *packs);

part_decide opening_decide_open, opening_decide_section, opening_decide_keep;
part_apply opening_apply_open, opening_apply_section, opening_apply_keep;
part_decide seat_decide_invite, seat_decide_join, seat_decide_gone;
part_apply seat_apply_invite, seat_apply_join, seat_apply_gone;
part_decide clock_decide_unfinish;
part_apply clock_apply_unfinish;
part_decide drive_decide;
part_apply drive_apply;
part_decide seat_decide_move, seat_decide_out;
part_apply seat_apply_move, seat_apply_out;
part_decide companion_decide_link, companion_decide_take, companion_decide_end;
part_apply companion_apply_link, companion_apply_take, companion_apply_end;
part_decide clock_decide_move, clock_decide_jump, clock_decide_add, clock_decide_plan;
part_apply clock_apply_start, clock_apply_pause, clock_apply_resume, clock_apply_jump,
    clock_apply_add, clock_apply_plan, clock_apply_finish;
part_decide rubric_decide_mark, rubric_decide_own, rubric_decide_self, rubric_decide_flag;
part_apply rubric_apply_mark, rubric_apply_own, rubric_apply_flag;
part_decide prompt_decide_fact, prompt_decide_curveball;
part_apply prompt_apply_reveal;
part_decide talk_decide_line;
part_decide talk_decide_change;
part_apply talk_apply_change;
part_apply talk_apply_line;
part_decide sheet_decide_open;
part_apply sheet_apply_open;
part_decide debrief_decide_close;
part_decide debrief_decide, debrief_decide_swap, seat_decide_expire;
part_apply debrief_apply_open, debrief_apply_close, debrief_apply_swap, seat_apply_expire;
part_decide turn_decide_ask;
part_apply turn_apply_ask;
part_decide suggest_decide_drop;
part_apply suggest_apply_drop;
part_decide verdict_decide_give, verdict_decide_rate, verdict_decide_in, verdict_decide_open;
part_apply verdict_apply_give, verdict_apply_rate, verdict_apply_in, verdict_apply_open;
part_decide prompt_decide_answer;
part_apply prompt_apply_answer;
part_decide hand_decide;
part_apply hand_apply;
part_decide watch_decide;
part_apply watch_apply;
part_decide drawing_decide;
part_apply drawing_apply;
part_decide call_decide;
part_apply call_apply;

/* Makes room for `need` entries of `size` bytes, doubling. False: out of memory; nothing is
 * lost. */
bool part_grow(void **array, uint32_t *cap, uint32_t need, size_t size)
    __attribute__((warn_unused_result));
/* An owned NUL-terminated copy; NULL: out of memory. */
char *part_text(struct span text);

/* From which share of its author's an event is taken. */
enum share {
    SHARE_AUDIENCE, /* the one of its audience */
    SHARE_MOVES,    /* clock moves */
    SHARE_BOARD,    /* changes of the board, so that drawing never uses up talk */
    SHARE_NONE      /* bounded elsewhere, or by how often it can happen */
};

/* Whether `by` may still write one event, or one line, of this kind: seat-limit, or
 * board-limit, if not. */
enum refusal share_decide(const struct room *room, uint8_t by, enum share share,
                          enum audience audience);
enum refusal share_decide_line(const struct room *room, uint8_t by, enum line_kind kind);
/* Whether a seat may be taken at `at` (ms): seat-limit past its joins, too-fast where they come too
 * close for too long, so that an honest bad line cannot use them up. */
enum refusal share_decide_join(const struct room *room, int64_t seat, int64_t at);
void share_count_join(struct room_seat *seat, int64_t at);
/* Counts an event, or a line, that was applied to its author's share. */
void share_count(struct room_seat *seat, enum share share, enum audience audience);
void share_count_line(struct room_seat *seat, enum line_kind kind);
/* Of a requirement that the seat would write: each owner has half of the numbers that there were
 * left, so that the next one has some. */
enum refusal share_decide_req(const struct room *room, uint8_t by);
/* The seat changes hands: what was drawn is charged to its next owner only as far as the room has
 * no place for more. */
void share_hand_on(struct room *room, struct room_seat *seat);

/* The moment of a join that would be at `at` (ms): one later than the seat was moved, so that what
 * its former owner wrote can be told from what the next one does by the moment alone. */
int64_t seat_joins_at(const struct room *room, const struct body *join, int64_t at);
/* Which invite a join may use, by its fields `key` and `invite`; -1: none, *why says why. */
int seat_usable_invite(const struct room *room, const struct body *join, enum refusal *why);
/* Whether what its author wrote belongs to somebody who had the seat before. */
bool seat_is_past(const struct room *room, const struct event *event);
/* Whether the link of a companion.take is still good at `at` (ms). */
bool companion_is_in_time(const struct room *room, const struct body *take, int64_t at);
/* The seat has another owner, or none: none of its companions stays. */
void companion_drop(struct room *room, uint8_t seat);
/* Plan and budgets of a body, for a pack: *plan and, on REFUSAL_NONE, budget[] in ms, stretched by
 * `extra` percent. */
enum refusal clock_read_plan(const struct pack *pack, const struct body *body, uint8_t extra,
                             uint8_t *plan, int64_t budget[PACK_PHASES_MAX])
    __attribute__((warn_unused_result));
/* Whether somebody else has handed on the seat, or the clock, that this command is about since its
 * author looked (`seen`): it was meant for who had it before. */
bool seat_is_stale(const struct room *room, const struct command *command);
/* Whether another interviewer, who is there, drives the clock that this command would move. */
bool drive_forbids(const struct room *room, uint8_t by, enum action act);
/* Whether the clock was moved since its author looked (`seen`), so that the command would be
 * carried out against another state than it was meant for. More minutes for the phase that is on
 * show are meant for it whoever else moved the clock. */
bool clock_is_stale(const struct room *room, const struct body *body);
/* The phase that the clock was in at a moment of room time (ms). */
uint8_t clock_phase_at(const struct room *room, int64_t at);
/* Brings room->facts and room->thrown in line with the reveals, once the pack has its panel
 * part. */
void prompt_match_reveals(struct room *room);

#endif
