/*
 * room.h: a room's state, and the two pure functions that everything else rests on.
 *
 * room_decide gives an event or a named refusal; room_apply gives the next state. Neither reads a
 * clock, a socket, a file, a random number or a global. The state is a fold over the log: of the whole
 * log on a server, of one seat's view of it (view.h) on a client; both use this same code. The fold
 * takes an event only if its position is the next one, so the first valid event of each position counts.
 */
#ifndef SPAR_ROOM_H
#define SPAR_ROOM_H

#include "action.h"
#include "pack.h"
#include "refusal.h"

struct room_seat {
    enum role role; /* ROLE_NONE: the seat is free */
    bool here;
    bool claimed;      /* key is known (server's fold only) */
    uint32_t session;  /* number of the connection that holds it; rises with each join */
    uint32_t boot;     /* server run that wrote the last join */
    uint32_t last_id;  /* highest command id applied */
    uint32_t last_n;   /* position of that event */
    int64_t last_made; /* ms */
    int64_t shown_at;  /* `at` of the room's last event when the seat was last lost; 0 before */
    int64_t since;     /* ms: last join or loss */
    uint32_t own_count, mine_count; /* events of these audiences by this seat */
    uint8_t key[HASH_BYTES];        /* hash of the owner's public key */
    char name[NAME_MAX_BYTES + 1];
};

struct room_invite {
    enum role role;
    int8_t seat; /* -1: unused */
    uint8_t hash[HASH_BYTES];
};

struct room_mark {
    uint8_t mark;
    uint8_t by;
    int64_t at;
    uint32_t n;
};

/* One author's ticks. Sheet 0 is the panel's shared one; a candidate's own has its seat in `owner`. */
struct room_sheet {
    uint8_t owner;           /* SEAT_SERVER: the panel's */
    struct room_mark *marks; /* item_count */
};

enum line_kind { LINE_NOTE_MINE, LINE_NOTE_PANEL, LINE_NOTE_ALL, LINE_SAY, LINE_WHISPER };
struct room_line {
    enum line_kind kind;
    uint8_t by;
    uint8_t phase;
    int64_t at;
    uint32_t n;
    char *text;
};
struct room_flag {
    uint8_t flag;
    uint8_t by;
    bool on;
    int64_t at;
    uint32_t n;
};

/* Every change of the clock, for the ledger: who stretched or cut which phase. */
struct room_move {
    enum action act;
    uint8_t phase;
    uint8_t by;
    int64_t ms;
    int64_t at;
};

/* Arithmetic on this: clock.h. All times in ms of room time. */
struct room_clock {
    uint8_t phase;
    int64_t started_at;              /* of the interview; 0: not yet */
    int64_t entered_at;              /* of the present phase, or of the last resume */
    int64_t paused_at;               /* 0: not paused */
    int64_t finished_at;             /* 0: not finished */
    int64_t spent[PACK_PHASES_MAX];  /* completed stretches of each phase, pauses left out */
    int64_t budget[PACK_PHASES_MAX]; /* planned */
    int64_t added[PACK_PHASES_MAX];  /* minutes added or taken */
    int64_t
        reached[PACK_PHASES_MAX]; /* running time of the interview when first entered; -1: never */
};

struct room {
    enum stage stage;
    uint32_t pos; /* of the last event applied */
    int64_t at;   /* of the last event applied, never running backwards */
    int64_t opened_at;
    uint32_t mode; /* bits of enum room_mode */
    uint8_t plan;  /* index into the pack's plans; plan_count: one's own */
    uint32_t all_count, panel_count, whisper_count; /* events by audience, for a seat's numbering */
    uint32_t own_total;                             /* events of AUD_OWN by all seats */
    uint8_t seat_count, invite_count, sheet_count;
    uint16_t move_count;
    uint32_t line_count, line_cap, flag_count, flag_cap, move_cap, invite_cap;
    struct pack *pack; /* owned reference; NULL before room.open */
    char *open_body;   /* owned copy of the public body until the brief has come; NULL otherwise */
    uint32_t open_len;
    struct room_clock clock;
    struct room_seat *seats; /* ROOM_SEATS_MAX slots grown as needed, seat_count used */
    struct room_invite *invites;
    struct room_sheet *sheets;
    struct room_line *lines;
    struct room_flag *flags; /* latest state of each flag */
    struct room_move *moves;
    uint64_t facts; /* bit i: fact i revealed (index in the reader's pack) */
    struct room_line
        *reveals; /* facts and curveballs put on the candidate's screen: text kept here */
    uint32_t reveal_count, reveal_cap;
    uint64_t thrown; /* bit i: question i thrown */
};

/* An interning hook for packs, so that many rooms share one: NULL reads the pack anew each time. */
typedef struct pack *(*room_pack_source)(void *ctx, struct span public_body,
                                         struct span panel_body);

enum apply_result {
    APPLY_OK,
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
 * seat's last one gives REFUSAL_NONE with out->pos == 0: it has been applied already.
 */
enum refusal room_decide(const struct room *room, const struct command *command, int64_t now,
                         struct event *out) __attribute__((warn_unused_result));
/* The fold. Copies what it keeps from the event. `packs` may be NULL. */
enum apply_result room_apply(struct room *room, const struct event *event, room_pack_source packs,
                             void *packs_ctx) __attribute__((warn_unused_result));

/* The seat that owns this key, or -1. key: HASH_BYTES. */
int room_seat_of_key(const struct room *room, const uint8_t *key);
/* The unused invite with this hash, or any invite with it; -1 if none. */
int room_invite_of_hash(const struct room *room, const uint8_t *hash);
/* Whether the seat belongs to the panel. */
bool room_is_panel(const struct room *room, uint8_t seat);
/* The sheet of an owner, or NULL if it has no mark yet. SEAT_SERVER: the panel's. */
const struct room_sheet *room_sheet_of(const struct room *room, uint8_t owner);
/* The mark of an item on the panel's sheet (MARK_NOT_YET if none). */
enum mark room_panel_mark(const struct room *room, int item);

#endif
