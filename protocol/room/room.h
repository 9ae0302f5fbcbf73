/* SPDX-License-Identifier: ISC */
/*
 * room.h: a room's state, and the two pure functions that everything else rests on.
 *
 * room_decide gives an event or a named refusal; room_apply gives the next state. Neither reads a
 * clock, a socket, a file, a random number or a global. The state is a fold over the log: of the
 * whole log on a server, of one seat's view of it (view.h) on a client; both use this same code.
 * The fold takes an event only if its position is the next one, so the first valid event of each
 * position counts.
 */
#ifndef SPAR_PROTOCOL_ROOM_ROOM_H
#define SPAR_PROTOCOL_ROOM_ROOM_H

#include "protocol/board/board.h"
#include "protocol/pack/pack.h"
#include "protocol/wire/action.h"
#include "protocol/wire/refusal.h"

/* Whether somebody has the seat. One that nobody has keeps its number, role and name. */
enum seat_hold {
    HOLD_KEPT,
    HOLD_MOVED, /* to a link that nobody has used yet */
    HOLD_OUT    /* who had it was put out; it waits to be moved */
};

struct room_seat {
    enum role role; /* ROLE_NONE: the seat is free */
    enum seat_hold hold;
    uint32_t moved;    /* position (n of a view) of the event that last took it from somebody; 0 */
    int64_t moved_at;  /* ms: `at` of that event, and so of nothing that its present owner wrote */
    uint32_t own_past; /* events for themselves alone of those who had it before */
    uint32_t handed;   /* room.hands when it last changed hands; 0: never */
    uint8_t handed_by; /* whose doing that was: a seat, or SEAT_SERVER */
    bool here;
    bool hand;         /* raised, to call the coach; a lost connection does not lower it */
    bool watching;     /* a coach's: among other rooms, from a wall (seat.watch) */
    bool claimed;      /* key is known (server's fold only) */
    uint32_t session;  /* number of the connection that holds it; rises with each join */
    uint32_t boot;     /* server run that wrote the last join */
    uint32_t last_id;  /* highest command id applied */
    uint32_t last_n;   /* that event's n in the seat's own view */
    int64_t last_made; /* ms: greatest `made` of its events for everybody; what the panel writes
                        * among itself must not show in it */
    int64_t
        shown_at;  /* what it had surely been shown: `at` of its first join, then of the last event
                    * for everybody before it was last lost (never of one that it may not know) */
    int64_t since; /* ms: last join or loss */
    int64_t hand_at; /* ms: its author's moment of the last raising or lowering; 0: never raised */
    uint32_t own_count[MOMENT_COUNT]; /* its events for itself alone, by when they open to others */
    uint32_t all_count, panel_count;  /* for others, but for what share.c takes from elsewhere */
    uint32_t said, told, noted;       /* lines for everybody, for the panel, for itself */
    int64_t join_due;                 /* ms: the joins so far are paid for by then (share.c) */
    uint32_t moves;                   /* of the clock */
    uint32_t companion_links;         /* for companions, ever (server's fold only) */
    uint32_t drawn;                   /* changes of the board, and pointing at it */
    uint32_t drawn_past;              /* those of who had the seat before (share.c) */
    uint16_t reqs_past;               /* requirements that there were when it changed hands */
    uint8_t key[HASH_BYTES];          /* hash of the owner's public key */
    char name[NAME_MAX_BYTES + 1];
};

struct room_invite {
    enum role role;
    int8_t seat; /* -1: unused */
    int8_t by;   /* the seat that asked for it; -1: nobody's, or of an older log */
    int8_t to;   /* the seat that it gives; -1: a new one */
    uint8_t hash[HASH_BYTES];
};

/* What else may come into a room in the name of a seat: a screen sees all that the seat sees, a
 * voice signals and sees nothing (companion.c). */
enum companion { COMPANION_NONE, COMPANION_SCREEN, COMPANION_VOICE, COMPANION_COUNT };

/* One of them, or a link for one (a server's fold only). */
struct room_companion {
    uint8_t seat;
    uint8_t kind;  /* enum companion */
    bool taken;    /* by `key`; else `link` is open until `until` */
    int64_t until; /* ms of room time */
    uint8_t link[HASH_BYTES];
    uint8_t key[HASH_BYTES];
};

/* A key that lost its seat (a server's fold only). */
struct room_former {
    uint8_t seat;
    bool out;        /* put out; else the seat was moved to a link */
    uint8_t invites; /* that there were by then: only a later one lets it in again */
    uint8_t key[HASH_BYTES];
};

/* The last mark in the log's order wins; `at` is its author's own moment (event.made), so that work
 * done without a connection keeps its true time. The same holds for `at` of lines, flags and
 * reveals. */
struct room_mark {
    uint8_t mark; /* enum mark */
    uint8_t was;  /* corrected in the debrief: 1 + what it was before; 0: not corrected */
    uint8_t by;
    int64_t at; /* ms */
    uint32_t n; /* event.pos; 0: never marked */
};

/* How a question was answered, as answer.set's `mark` says it. */
enum answer { ANSWER_UNSAID, ANSWER_HELPED /* with help, or in part */, ANSWER_WELL };

/* What somebody of the panel thinks of the candidate, or (rating) the candidate of the interviewer;
 * handed in once. More in verdict.h. */
enum recommend { RECOMMEND_STRONG_NO, RECOMMEND_NO, RECOMMEND_YES, RECOMMEND_STRONG_YES };
enum rating { RATING_PREPARED, RATING_LET_DRIVE, RATING_FOLLOWUPS, RATING_FEEDBACK, RATING_COUNT };
enum { VERDICT_KEEP, VERDICT_CHANGE, VERDICT_DRILL, VERDICT_TEXTS };
struct room_verdict {
    uint8_t by;
    bool rating;
    bool late;         /* handed in when the others had opened */
    uint8_t recommend; /* enum recommend */
    uint8_t level;     /* that it is for: enum level */
    /* 1..PACK_SCORES, 0: not said; by the pack's competencies, of a rating by enum rating */
    uint8_t scores[PACK_COMPETENCIES_MAX];
    int64_t moments[PACK_COMPETENCIES_MAX]; /* ms of room time: evidence; 0: none */
    int64_t at;
    uint32_t n;
    char *texts[VERDICT_TEXTS]; /* owned; of a rating the first one alone */
};

/* One author's marks; made with its first mark. The panel's shared one comes first, if there is
 * one: look it up with room_sheet_of. A candidate's own and a coach's sealed one have the author's
 * seat in `owner`. */
struct room_sheet {
    uint8_t owner;           /* SEAT_SERVER: the panel's */
    struct room_mark *marks; /* item_count */
};

enum line_kind { LINE_NOTE_MINE, LINE_NOTE_PANEL, LINE_NOTE_ALL, LINE_SAY, LINE_WHISPER };
struct room_line {
    enum line_kind kind;
    uint32_t n;
    const char *text;   /* as typed last, NUL-terminated; copies of the room share it */
    int64_t changed_at; /* its author's moment of the last change; 0: as it was written */
    int64_t at;
    uint16_t changes; /* how often it was changed, struck or brought back */
    bool struck;      /* by its author; the text is the last one before */
    uint8_t by;
    uint8_t phase; /* that the clock was in at `at` */
};
/* A fact or question put on the candidate's screen. It carries its text: a candidate's pack lacks
 * it. */
struct room_reveal {
    bool curveball;      /* else a fact */
    uint8_t answer;      /* of a question: enum answer */
    uint8_t answered_by; /* who said so last */
    uint8_t by;
    uint8_t phase;
    int64_t at;
    uint32_t n;
    char id[ID_MAX_BYTES + 1];
    char *text;
};
struct room_flag {
    uint8_t flag; /* index into the pack's flags */
    uint8_t by;
    bool on;
    bool corrected; /* in the debrief */
    int64_t at;
    uint32_t n;
};

/* Every change of the clock, for the ledger: who stretched or cut which phase. */
struct room_move {
    enum action act; /* ACTION_CLOCK_… */
    uint8_t phase;   /* that the clock is in afterwards; of clock.add: whose budget changed */
    uint8_t by;
    /* of clock.add: what was added or taken; of clock.plan: the plan's index; of clock.unfinish: 1
     * if the clock stands paused afterwards; else 0 */
    int64_t ms;
    int64_t at; /* event.at: the moment from which everybody's clock showed it */
};

/* Arithmetic on this: clock.h. All times in ms of room time. */
struct room_clock {
    uint8_t phase;
    int64_t started_at;              /* of the interview; 0: not yet */
    int64_t entered_at;              /* of the present phase, or of the last resume */
    int64_t paused_at;               /* 0: not paused */
    int64_t finished_at;             /* 0: not finished */
    int64_t held_at;                 /* paused_at as it was at the finish */
    int64_t spent[PACK_PHASES_MAX];  /* completed stretches of each phase, pauses left out */
    int64_t budget[PACK_PHASES_MAX]; /* planned */
    int64_t added[PACK_PHASES_MAX];  /* minutes added or taken */
    uint8_t
        extra; /* percent by which the plan is stretched, and every alarm with it; budget[] is so */
    /* running time of the interview when first entered; -1: never */
    int64_t reached[PACK_PHASES_MAX];
};

/* Whether the roles are to be turned: one side has asked, and the other has agreed. `by` and `with`
 * are an interviewer and the candidate; no seat counts while its flag is false. */
struct room_turn {
    bool asked, agreed;
    uint8_t by;   /* who asked */
    uint8_t with; /* who agreed */
    uint32_t n;   /* event.pos of what was said last; 0: nothing was */
};

struct room {
    enum stage stage;
    bool opened;       /* the debrief has opened; stays so when the room is closed */
    bool has_term;     /* it is kept for a time of its own: */
    uint16_t kept;     /* days after its last event; 0: until it is over */
    uint32_t moments;  /* bits 1 << enum moment of those that have come; they stay so */
    uint32_t pos;      /* of the last event applied */
    int64_t at;        /* greatest `at` of the events applied */
    int64_t all_at;    /* `at` of the last event for everybody */
    int64_t opened_at; /* `at` of room.open */
    uint32_t mode;     /* bits of enum room_mode */
    /* 0 before room.open; then which rules it lives by, as its room.open says. 1: all rooms had
     * them before there were others */
    uint32_t rules;
    /* Rooms and cohort that belong to this one, each an id or "": the room whose second half this
     * is, the room that everybody goes on to, the cohort. */
    char call[ROOM_CALL_MAX_BYTES + 1]; /* https link to a call elsewhere, or "" */
    char prev[ROOM_ID_BYTES + 1], next[ROOM_ID_BYTES + 1], cohort[ROOM_ID_BYTES + 1];
    struct room_turn turn;
    /* Events, for a seat's numbering: for everybody; for the panel, by the moment at which they
     * open to the others (those that never do stand under MOMENT_NEVER); likewise those for their
     * authors alone, of all seats together. */
    uint32_t all_count, panel_count[MOMENT_COUNT], own_total[MOMENT_COUNT];
    uint32_t unknown; /* events of actions that this build does not know (a view's fold only) */
    uint8_t seat_count, invite_count, sheet_count;
    uint8_t companion_count;
    uint8_t plan;      /* index into the pack's plans; plan_count: one's own */
    int8_t driver;     /* seat that was given the clock last; -1: nobody, all may move it */
    uint8_t driven_by; /* the seat by which it was given */
    uint32_t driven;   /* `hands` when it was given; 0: never */
    uint32_t hands;    /* seat.move, seat.out and clock.drive so far */
    uint8_t former_count, changes; /* changes: seat.move and seat.out so far */
    uint16_t move_count;
    uint32_t line_changes; /* of all lines together */
    uint32_t line_count, flag_count, flag_cap, move_cap, invite_cap, former_cap, companion_cap;
    /* owned reference; NULL before room.open. The brief gives it its panel part */
    struct pack *pack;
    /* Parts of the panel's body that have come while `brief_left` more are to come; owned. No room
     * stays like that: all parts are appended as one run. */
    char *brief;
    uint32_t brief_len;
    uint8_t brief_left, verdict_count;
    struct room_clock clock;
    struct room_seat *seats; /* seat_count of them */
    struct room_invite *invites;
    struct room_former *formers;
    struct room_companion *companions;
    struct room_sheet *sheets;
    struct room_line *lines; /* see lines.h */
    /* latest state of each flag that was ever set, in order of the first time */
    struct room_flag *flags;
    struct room_move *moves;
    struct room_reveal *reveals;   /* in order */
    struct room_verdict *verdicts; /* verdict_count of them, in the order of this view */
    struct board board;            /* and the worksheet */
    uint32_t drawn_past;           /* of all seats together */
    uint32_t handed_in;            /* bit i: the server has said that seat i has handed in */
    uint32_t reveal_count, reveal_cap;
    uint32_t dropped; /* bit i: suggestion i of the pack was dropped */
    uint64_t facts;   /* bit i: fact i revealed; empty while the pack lacks its panel part */
    uint64_t thrown;  /* bit i: question i (pack_question_at) thrown; likewise */
};

/* An interning hook for packs, so that many rooms share one: as pack_with, which see. `base` is the
 * room's pack so far. Gives a reference that the room owns, or NULL if the part is not valid. */
typedef struct pack *(*room_pack_source)(void *ctx, struct pack *base, enum pack_section part,
                                         struct span bytes);

enum apply_result {
    APPLY_OK,      /* with any other result the state is unchanged */
    APPLY_STALE,   /* its position is already taken: ignored, the state is unchanged */
    APPLY_GAP,     /* a position is missing: unchanged; read the log from room.pos + 1 */
    APPLY_INVALID, /* could not have been decided in this state: unchanged; the log is damaged */
    APPLY_NO_MEMORY
};

void room_init(struct room *room);
void room_free(struct room *room);
/* Deep copy (the pack is shared by reference). False: out of memory; `to` is then freed. */
bool room_copy(struct room *to, const struct room *from) __attribute__((warn_unused_result));

/*
 * What `command` would do now. now: ms of room time. On REFUSAL_NONE *out is the event at position
 * room->pos + 1, borrowing the command's and the room's texts. A command whose id is not above the
 * seat's last one gives REFUSAL_NONE with out->pos == 0: it has been applied already, as n <= the
 * seat's last_n. The server's own commands have seat SEAT_SERVER and id 0.
 *
 * Who may do it, when, and which fields it needs come from actions.def; fields that the row does
 * not name are dropped. Some fields are decide's to fill, whatever the command holds: seat, role
 * and session of seat.join (which needs key and name, and an unused invite the first time), text of
 * fact.reveal and curveball.throw, and plan of room.open (its default: 0, or one's own if there are
 * budgets). One's own plan has the index pack->plan_count and `budgets`, phase_count times u32
 * big-endian ms. `made` is clamped to what the seat could have seen: max(last_made, shown_at)..now.
 */
enum refusal room_decide(const struct room *room, const struct command *command, int64_t now,
                         struct event *out) __attribute__((warn_unused_result));
/*
 * The fold, of a log or of a view. An event of ACTION_NONE, which a newer server sent, is counted
 * and otherwise skipped, so that an older client goes on living in the room. Copies what it keeps
 * from the event. `packs` NULL reads each pack anew. In a view the events that the debrief opens
 * come late: their `at` is older than the room's, which never runs backwards for that. Safe with
 * any event that event_read_… gave.
 */
enum apply_result room_apply(struct room *room, const struct event *event, room_pack_source packs,
                             void *packs_ctx) __attribute__((warn_unused_result));

/* When the candidate's own sheet opens by itself (ms of room time); -1: never, or it is open. */
int64_t room_sheet_due(const struct room *room);
/* The oldest version of the protocol whose clients can fold this room. */
uint32_t room_version(const struct room *room);

enum { CLOCK_STALE_MAX = NAME_MAX_BYTES + 128 }; /* bytes of clock_stale_text, with its NUL */
/* Says in `out` who moved the clock first, for a command that was refused as stale; `seen` is the
 * command's. NULL: no such move. */
const char *clock_stale_text(const struct room *room, int64_t seen, char *out, size_t size);

/* Whether `seen` of this action's commands counts what changed hands (room.hands), not the moves of
 * the clock. */
bool room_hands_over(enum action act);
enum { STALE_TEXT_MAX = 2 * NAME_MAX_BYTES + 128 }; /* bytes of room_stale_text, with its NUL */
/* Says in `out` who was first, for a command with `seen` that was refused as stale. NULL: nobody.
 */
const char *room_stale_text(const struct room *room, const struct command *command, char *out,
                            size_t size);

/* The interviewer who drives the clock: who was given it, while they are there; else, of several
 * who have a seat, who moved it last, or the first. -1: there is one interviewer at most. */
int room_driver(const struct room *room);
/* Whether this seat's clock commands are refused, since another interviewer was given the clock. */
bool room_clock_is_anothers(const struct room *room, uint8_t seat);
enum { DRIVE_TEXT_MAX = NAME_MAX_BYTES + 96 }; /* bytes, with the NUL */
/* Says in `out` who drives, for a command that was refused as not-driving. NULL: nobody does. */
const char *drive_text(const struct room *room, char out[DRIVE_TEXT_MAX]);

/* The seat that owns this key, or -1. key: HASH_BYTES. */
int room_seat_of_key(const struct room *room, const uint8_t *key);
/* The seat whose companion of this kind the key is: by a link that it took, or, for a screen, by
 * being the seat's own key. -1: none, as for every key that has lost its seat. */
int room_companion_seat(const struct room *room, enum companion kind, const uint8_t *key);
/* How many have taken a link of this kind for the seat. */
int room_companions(const struct room *room, uint8_t seat, enum companion kind);
/* The interviewer's seat that no interviewer can move, in *seat: the only one that nobody was put
 * out of, or the first while none of them is there. OTHER_INTERVIEWER: one of several is there and
 * can do it; NO_INTERVIEWER: nobody ever took one. */
enum refusal room_only_interviewer(const struct room *room, uint8_t *seat)
    __attribute__((warn_unused_result));
/* Why a key without a seat has none any more: seat-moved or put-out; none if it never had one. */
enum refusal room_lost_seat(const struct room *room, const uint8_t *key);
/* The seat that a key had before it lost it, or -1. */
int room_former_seat(const struct room *room, const uint8_t *key);
/* Why whoever took the seat with this key has it no more, given that they have not: seat-moved,
 * put-out, or replaced by a newer connection of the same key. */
enum refusal room_why_lost(const struct room *room, uint8_t seat, const uint8_t *key);
/* The unused invite with this hash, or any invite with it; -1 if none. */
int room_invite_of_hash(const struct room *room, const uint8_t *hash);
/* Whether a link to a call elsewhere may be kept and shown: https, of visible ASCII, without a
 * user's name in it, so that the host that is shown is the host that is opened. */
bool room_call_is_sound(struct span link);
/* Whether the seat belongs to the panel; SEAT_GUEST does. */
bool room_is_panel(const struct room *room, uint8_t seat);
/* The first seat that is the candidate's, or -1. */
int room_candidate(const struct room *room);
/* Whether the finish can be taken back now: nothing has opened since. */
bool room_may_unfinish(const struct room *room);
/* Whether both have agreed to turn the roles and have not done so yet. */
bool room_turn_is_agreed(const struct room *room);
/* The interviewer who asked or agreed, and so is the next room's candidate; -1: none. */
int room_turn_candidate(const struct room *room);
/* Whether the seat's own side, interviewers or candidate, has asked or agreed. */
bool room_turn_wants(const struct room *room, uint8_t seat);
/* Whether the other side has asked and this seat may agree. */
bool room_turn_may_agree(const struct room *room, uint8_t seat);
/* The moment from which the room counts as abandoned: ROOM_ABANDONED_MS after its opening and after
 * the last loss of an interviewer or a candidate. -1: one of them is here. Coaches do not count: a
 * wall sits in every room. */
int64_t room_abandoned_at(const struct room *room);
/* The moment from which a room in which nobody ever took a seat may be given up; -1: never. */
int64_t room_expires_at(const struct room *room);
/* The sheet of an owner, or NULL if it has no mark yet. SEAT_SERVER: the panel's. */
const struct room_sheet *room_sheet_of(const struct room *room, uint8_t owner);
/* Whether a seat may draw now: the candidate while the interview runs or pauses; an interviewer
 * then where the room lets them. */
bool room_may_draw(const struct room *room, uint8_t seat);
/* Of `lines[index]`, if it is a note that the seat's present owner may change: the action that does
 * it, and its `line`. False: it is none. */
bool room_note_own(const struct room *room, uint8_t seat, uint32_t index, enum action *act,
                   int64_t *number);
/* Whether the framework names the worksheet's lines and the board's columns here: in guided and
 * training rooms alone; in any other room they are the candidate's to find. */
bool room_names_lines(const struct room *room);
/* Of the framework's names for lines, the index-th with which nothing on this board's worksheet
 * begins; NULL: there are no more. Borrowed from the pack. */
const char *room_open_slot(const struct room *room, const struct board *board, unsigned index);
/* The mark of an item on the panel's sheet (MARK_NOT_YET if none). */
enum mark room_panel_mark(const struct room *room, int item);

#endif
