/* SPDX-License-Identifier: ISC */
/*
 * limits.h: the protocol version and every size bound of the wire, the log, packs and rooms.
 *
 * One place, so that a bound is written down once and tested at the bound and one past it. Text
 * bounds are in bytes of UTF-8, without a terminating NUL.
 */
#ifndef SPAR_LIMITS_H
#define SPAR_LIMITS_H

#include <stdint.h>

/* Largest room time in ms that is accepted, either way: exact in a double, so in JSON too. */
#define TIME_MAX_MS       INT64_C(9007199254740991)
/* Greatest set of a cohort's packs: one bit for each of COHORT_PACKS_MAX. */
#define COHORT_PACKS_MASK INT64_C(281474976710655)

enum spar_limits {
    SPAR_PROTOCOL_VERSION = 2, /* spoken by this build; hello carries it */
    SPAR_PROTOCOL_OLDEST = 1,  /* oldest version still understood: rooms of rules 1 */
    ROOM_RULES = 2,         /* newest rules of a room that this build knows; new rooms have them */
    SPAR_EVENT_VERSION = 1, /* version of the stored event encoding */
    SPAR_RECORDING_VERSION = 2,
    SPAR_BUNDLE_VERSION = 1, /* of a file with both bodies of a pack */
    SPAR_PACK_VERSION = 2,   /* format of a pack; that of each pack is its own */

    FRAME_HEADER_BYTES = 4,    /* big-endian length of the payload */
    FRAME_PAYLOAD_MAX = 65536, /* larger: named refusal, connection closed */
    MP_DEPTH_MAX = 8,
    MP_NODES_MAX = 8192,

    ROOM_ID_BYTES = 12, /* [a-z0-9]{12} */
    SECRET_BYTES = 16,  /* invite: 128 random bits */
    HASH_BYTES = 32,    /* SHA-256, everywhere */

    ROOM_SEATS_MAX = 16,
    ROOM_CALL_MAX_BYTES = 300, /* link to a call elsewhere */
    ROOM_SEAT_INVITES_MAX = 8, /* links that one seat asks for */
    ROOM_OWN_INVITES_MAX = 64, /* of the opening, and kept for coaches of the cohort */
    ROOM_INVITES_MAX = 192,    /* all of a room: no less than the sum */
    /* Times that seats are moved or somebody is put out: those of the interviewers, and in all. */
    ROOM_CHANGES_MAX = 48,
    ROOM_CHANGES_LAST = 60,
    /* Companions of one seat (room/companion.c): at once, open links among them, and links ever. */
    ROOM_SEAT_COMPANIONS_MAX = 4,
    ROOM_SEAT_COMPANION_LINKS_MAX = 128,
    COMPANION_LINK_MS = 60 * 1000, /* real time that a companion's link is good for */
    ROOM_LINKS_MAX = ROOM_INVITES_MAX + ROOM_CHANGES_LAST, /* of a room, used or not */
    /* Nobody spends what is another's: each seat has a share of its own of each audience, and a
       refusal by it tells nothing of what others wrote (room/share.c). */
    ROOM_SEAT_ALL_MAX = 2000,   /* one seat's events for everybody */
    ROOM_SEAT_PANEL_MAX = 1800, /* for the panel */
    ROOM_SEAT_OWN_MAX = 1500,   /* for itself, or sealed until the debrief */
    ROOM_SEAT_MOVES_MAX = 120,  /* clock moves; a finish is not counted, taking it back is */
    ROOM_SEAT_JOINS_MAX = 1000, /* times that a seat is taken */
    ROOM_JOIN_EVERY_MS =
        15000, /* a seat is taken no more often for long; at once ROOM_JOIN_BURST */
    ROOM_JOIN_BURST = 40,
    ROOM_SEAT_SAID_MAX = 512,  /* one seat's notes and talk for everybody */
    ROOM_SEAT_TOLD_MAX = 256,  /* its notes for the panel and whispers */
    ROOM_SEAT_NOTED_MAX = 256, /* its notes for itself */
    ROOM_NOTES_MAX = 16384,    /* all lines of a room: no less than the sum */
    ROOM_MOVES_MAX = 4096,     /* clock events of a room: more than twice the sum */
    ROOM_REVEALS_MAX = 64,
    ROOM_SHEETS_MAX = ROOM_SEATS_MAX + 1,
    ROOM_SEAT_BOARD_MAX = 3000, /* one seat's changes of board and worksheet, and its pointing */
    ROOM_BOARD_PAST_MAX =
        12000,                 /* of a room: changes by who had a seat before, charged to nobody */
    ROOM_EVENTS_LAST = 190000, /* of a room: no less than the sum */
    ROOM_UNJOINED_MS = 24 * 60 * 60 * 1000, /* from its opening, and nobody came: given up */
    ROOM_ABANDONED_MS = 30 * 60 * 1000, /* nobody there but coaches for so long: no longer listed */

    COHORT_LINKS_MAX = 64,
    COHORT_MOVES_MAX = 512,               /* times that members move to another key */
    COHORT_PASS_MS = 24 * 60 * 60 * 1000, /* room time that a link to move by is good for */
    COHORT_MEMBERS_MAX = 16384,
    COHORT_ROOMS_MAX = 65536,     /* that have not ended, of all */
    COHORT_ROOMS_EACH_MAX = 2000, /* that one student opens; those of matches are nobody's */
    COHORT_RETURNS_MAX = 8,       /* times that a room is listed again */
    COHORT_PACKS_MAX = 48,
    COHORT_WAITING_MAX = 1024,   /* who wait and who are in a match that stands, together */
    COHORT_EVENTS_MAX = 500000,  /* for who enters, waits and is paired */
    COHORT_EVENTS_LAST = 600000, /* for withdrawing, leaving and ending */
    COHORT_ASKS_EACH_MAX = 2000, /* times that one member enters by another name, or asks to wait */
    COHORT_PASSES_EACH_MAX = 32, /* links that one member is moved by, used or not */
    COHORT_AVOIDS_MAX = 128,     /* times that one member says, or takes back, "not again" */
    COHORT_REPORTS_MAX = 4096,   /* of a cohort's rooms to its coaches */
    COHORT_REPORTS_EACH_MAX = 16,   /* of them by one member */
    COHORT_REPORT_MAX_BYTES = 400,  /* what a report says */
    COHORT_EVENING_MAX_BYTES = 200, /* the line about a group's next evening */
    COHORT_CHANGES_MAX = 4096,      /* times that coaches set the evening or the call */
    COHORT_COMINGS_MAX = 16,        /* times that one member says of an evening whether they come */
    COHORT_EARLY_MS = 60 * 60 * 1000, /* who waits so long before an evening has come to it */
    COHORT_WAIT_MAX_MS = 24 * 60 * 60 * 1000,
    COHORT_MINUTES_MAX = 240,      /* length of an interview that somebody may ask for */
    COHORT_NAMES_MAX_BYTES = 4096, /* of those who wait, in a list: as many as fit, oldest first */
    LOBBY_ADVICE_LOOK = 32,     /* how many of those who wait are asked what would make them fit */
    LOBBY_WIDEN_MS = 30 * 1000, /* waited so long: a partner one level apart; twice: two */
    LOBBY_ALONE_MS = 60 * 1000, /* both waited so long: the last partner again */
    LOBBY_AGAIN_MS = 3 * 60 * 60 * 1000, /* from their match: so long it is the last partner */
    LOBBY_APPEAR_MS = 60 * 1000, /* from the room's opening: a partner who is not there by then */

    /* The board and the worksheet. Of each kind of thing so many, and as many dropped again. */
    BOARD_BOXES_MAX = 64,
    BOARD_ARROWS_MAX = 128,
    BOARD_FRAMES_MAX = 16,
    BOARD_SPANS_MAX = 16,
    BOARD_STROKES_MAX = 64,
    BOARD_REQS_MAX = 32,
    BOARD_LINES_MAX = 32,
    BOARD_REQ_NUMBER_MAX = 999, /* requirements ever, dropped ones among them */
    BOARD_CITES_MAX = 1024,     /* first times that something cites a requirement */
    BOARD_IDS = 65536,          /* ids of one seat: seat * BOARD_IDS + n, from n = 1 */
    BOARD_AHEAD_MAX = 256,      /* an n that skips others is at most so much … */
    BOARD_AHEAD_EACH = 16, /* … and so much for each change of the seat, up to one share; then 1 */
    BOARD_COLS_MAX = 12,
    BOARD_ROWS_MAX = 16,
    BOARD_BOX_MAX_BYTES = 160,
    BOARD_LABEL_MAX_BYTES = 60, /* of an arrow, a frame, a span */
    BOARD_REQ_MAX_BYTES = 400,
    BOARD_LINE_MAX_BYTES = 1000,
    BOARD_POINT_BYTES = 4, /* of a stroke: x and y */
    BOARD_POINTS_MAX = 64,
    BOARD_FINE = 8,                   /* steps of a stroke in one unit of the layout */
    BOARD_PRIVATE_MS = 2 * 60 * 1000, /* the candidate thinks unseen, at most */
    BOARD_PICTURES_MAX = 6,           /* of a room, unfinished ones among them */
    BOARD_PICTURE_MAX_BYTES = 204800, /* in parts, each of which fits into a frame */
    BOARD_PICTURE_PART_BYTES = 51200,
    BOARD_PICTURE_PARTS = 4,

    NAME_MAX_BYTES = 64,
    TEXT_MAX_BYTES = 2000, /* a note or a talk line */
    ID_MAX_BYTES = 32,     /* pack, item, fact … ids: [a-z0-9-] */

    /* A part of a body, encoded: a `host` frame holds two. The public body is one part, the panel's
     * up to PACK_PARTS_MAX of them, one behind the other. */
    PACK_BODY_MAX = 31000,
    PACK_PARTS_MAX = 4,
    PACK_PANEL_MAX = PACK_PARTS_MAX * PACK_BODY_MAX, /* the panel's body, all parts together */
    PACK_PARTS_HELD_MAX = 64 * PACK_PANEL_MAX, /* by a worker, of requests that are still to come */
    /* of a file with both bodies; more than they take by its keys */
    PACK_BUNDLE_MAX = PACK_BODY_MAX + PACK_PANEL_MAX + 64,
    SHELF_PACKS_MAX = 256, /* of a server's own */
    PACK_PHASES_MIN = 2,
    PACK_PHASES_MAX = 8,
    PACK_PLANS_MAX = 8,
    PACK_ITEMS_MAX = 96,
    PACK_FLAGS_MAX = 32,
    PACK_ALARMS_MAX = 16,
    PACK_FACTS_MAX = 24,
    PACK_FOLLOWUPS_MAX = 16,
    PACK_CURVEBALLS_MAX = 12,
    PACK_STEPS_MAX = 24,
    PACK_TOOLS_MAX = 16,
    PACK_REACH_MAX = 8,
    PACK_PHRASES_MAX = 16,
    PACK_COMPETENCIES_MAX = 8,
    PACK_GROUPS_MAX = 6,
    PACK_SUGGESTS_MAX = 16,
    PACK_SLOTS_MAX = 12, /* of the worksheet */
    PACK_SLOT_MAX = 40,
    PACK_LAYERS_MAX = 12, /* no more than BOARD_COLS_MAX */
    PACK_LAYER_MAX = 16,  /* as wide as a box */
    PACK_SUGGEST_ITEMS_MAX = 8,
    PACK_SUGGEST_WORDS_MAX = 12,
    PACK_SUGGEST_WORD_MAX = 40,
    PACK_OPENING_MAX = 4,
    PACK_TITLE_MAX = 80,
    PACK_PHASE_TITLE_MAX = 24,
    PACK_ITEM_TITLE_MAX = 60,
    PACK_HEADING_MAX = 40,
    PACK_HEADINGS_MAX = 16, /* of a phase, as a guided candidate sees them */
    PACK_LEVEL_MAX = 40,
    PACK_PHRASE_MAX = 240,
    PACK_GOAL_MAX = 200,
    PACK_OPENING_TEXT_MAX = 240,
    PACK_WATCH_MAX = 400,
    PACK_STRONG_MAX = 800,
    PACK_COUNTS_MAX = 300,
    PACK_WEAK_MAX = 300,
    PACK_ANCHOR_MAX = 300,   /* what a competency looks like at one of its four scores */
    VERDICT_SCORE_BYTES = 5, /* of a competency: its score, and the moment of the evidence */
    PACK_SCORES = 4,         /* of a competency: poor, mixed, good, excellent */
    PACK_LANG_MAX = 35,
    PACK_FIX_MAX = 300,
    PACK_PROMPT_MAX = 2000,
    PACK_ASKED_MAX = 120,
    PACK_FACT_TEXT_MAX = 400,
    PACK_QUESTION_MAX = 300,
    PACK_STEP_MAX = 600,
    PACK_SOURCE_MAX = 400,
    PACK_ALARM_TEXT_MAX = 160,
    PACK_TOOL_NEED_MAX = 80,
    PACK_TOOL_NAME_MAX = 40,

    PHASE_BUDGET_MAX_MS = 4 * 60 * 60 * 1000, /* one phase, budget and additions together */
    CLOCK_ADD_MAX_MS = 60 * 60 * 1000,        /* one change, either way */
    PLAN_EXTRA_MAX = 100,                     /* percent by which a plan may be stretched */
    ROOM_KEPT_MAX = 3660,                     /* days that a room may say it is kept */
    TERM_HOURS_MAX = ROOM_KEPT_MAX * 24,      /* that a server may say it keeps anything */

    SESSIONS_MAX = 1000,        /* rooms listed in answer to `sessions`, the newest ones */
    SECRET_CHARS = 22,          /* SECRET_BYTES in base64url */
    APP_MAX_BYTES = 64,         /* name and version of a program */
    NAMES_MAX_BYTES = 1056,     /* of all seats of a room in a list: 16 * (64 + 2) */
    SIGNATURE_MAX_BYTES = 1024, /* of the server's key */
    SPKI_MAX_BYTES = 1200,      /* the server's public key, DER */
    CLOCK_RATE_MAX = 3600,      /* ms of room time in one real ms */
    PENDING_COMMANDS_MAX = 256, /* a client's unconfirmed commands */
    PENDING_PICTURES_MAX = 16,  /* with so many unconfirmed, no part of a picture more */
    PENDING_JOINS_MAX = 64,     /* of one room: joins not yet answered */
    CONN_ROOMS_MAX = 256,       /* rooms on one connection */
    CONN_COHORTS_MAX = 16,      /* cohorts on one connection */
    COHORT_PENDING_MAX = 64,    /* of one connection in one cohort: questions not yet answered */
    /* Tokens, of which a command costs 1 and the others what messages.def says. */
    CONN_TOKENS = 100,        /* that come back to a connection each second */
    CONN_TOKENS_SECONDS = 20, /* so many seconds' worth it holds at most */
    /* Of an address where nobody has a seat or a place in a cohort, all its connections together.
     */
    ADDRESS_TOKENS = 200,
    CONN_PER_KEY = 16,         /* connections of one key: its rooms, tabs and devices */
    ROOMS_PER_HOUR = 200,      /* that one key opens, cohorts among them; so many at once too */
    CONN_PER_ADDRESS = 512,    /* connections of one address that have no place */
    CONN_PLACES_PERCENT = 10,  /* of all connections: kept for those who have a place */
    CONN_PLACE_MAX_MS = 10000, /* to take one, where only those places are left */
    CONN_GUEST_OUTPUT_MAX = 2 * 65600,       /* bytes queued to one without a place: two frames */
    CONN_OUTPUT_ALL_MAX = 256 * 1024 * 1024, /* to all readers together */
    CONN_FRAME_MAX_MS = 20000,               /* from the first byte of a frame to its last */
    CONN_GUESS_TOKENS = 200,                 /* a secret that opens nothing */
    CONN_BAD_TOKENS = 5,                     /* a message that breaks its rules */
    WAIT_MAX_MS = 3600 * 1000,               /* a wait that is named with too-fast */
    CONN_OUTPUT_MAX = 4 * 1024 * 1024,       /* bytes queued to one reader before it is cut off */
    HANDSHAKE_MAX_MS = 10000,
    HELLO_MAX_MS = 10000,
    NODES_MAX = 16,          /* servers over one journal */
    NODE_ADDRESS_MAX = 262,  /* by which clients reach one: HOST:PORT */
    NODE_PING_MS = 700,      /* between pings, while a clock runs and another server is there */
    NODE_SILENT_MS = 1200,   /* so long and two round trips after one it is lost */
    NODE_PING_FREE_MS = 500, /* a ping that comes no sooner after the last costs nothing */
    NODES_TEXT_MAX = NODES_MAX * (NODE_ADDRESS_MAX + 1), /* of all, each with a line's end */
    IDLE_MAX_MS = 90000,                                 /* nothing heard for so long: cut off */
    PING_EVERY_MS = 30000,        /* a client's ping interval once its clock has settled */
    TRIP_BURST = 8,               /* a clock that settles pings so often at once */
    TRIP_EVERY_MS = 1000,         /* a seat's round trip is told no more often */
    TRIP_BACKLOG_MAX = 64 * 1024, /* bytes that wait for somebody who is not told of it any more */
    TRIP_MAX_MS = 600 * 1000,     /* a round trip that a client may tell of */

    PROXY_HEAD_MAX = 536,              /* what a proxy puts before a connection */
    HTTP_HEAD_MAX = 8192,              /* a request's lines and their ends, all of them */
    HTTP_TARGET_MAX = 1024,            /* what a request asks for, its query included */
    HTTP_LINE_EXTRA = 64,              /* of the first line: method, version, blanks */
    HTTP_HEADERS_MAX = 64,             /* header lines of a request */
    HTTP_HOST_MAX = 280,               /* a name of 253, or an address, and a port */
    HTTP_SOCKET_KEY_CHARS = 24,        /* Sec-WebSocket-Key: 16 bytes in base64 */
    HTTP_IDLE_MS = 15000,              /* between two requests, and for the head of one */
    HTTP_ANSWER_MAX_MS = 60000,        /* for an answer to be read */
    WEBSOCKET_FRAME_MAX = 1024 * 1024, /* payload of one frame from a page */
    WEBSOCKET_PING_EVERY_MS = 25000,   /* so that no proxy takes it for dead after a minute */
    NONCE_BYTES = 32,                  /* of a challenge */
    P256_SIGNATURE_BYTES = 64,         /* r and s */

    VOICE_MAX = 5,            /* seats of a room on voice at once: everybody sends to everybody */
    SIGNAL_MAX_BYTES = 16384, /* what one page tells another, to find a way to it */
    /* For signals a connection has tokens of their own, one for each KiB begun. */
    SIGNAL_TOKENS = 40,         /* that come back each second */
    SIGNAL_TOKENS_SECONDS = 10, /* so many seconds' worth it holds at most */
    TURN_URIS_MAX = 4,          /* relays that an operator names */
    TURN_URI_MAX_BYTES = 200,
    TURN_SECRET_MIN_BYTES = 8, /* that is shared with the relay */
    TURN_SECRET_MAX_BYTES = 256,
    TURN_USER_MAX_BYTES = 64, /* of what a seat calls at a relay with */
    TURN_PASS_MAX_BYTES = 64,
    TURN_GOOD_S = 2 * 60 * 60, /* real seconds that it is good for */

    SHEET_OPENS_MS = 30 * 1000,    /* from the finish: the candidate's own sheet opens by itself */
    ATTENTION_GONE_MS = 20 * 1000, /* away for so long, and the coach should know */
    ATTENTION_SILENT_MS = 5 * 60 * 1000, /* the clock runs, and no mark of the panel */
    CLOCK_SAMPLES = 8
};

#endif
