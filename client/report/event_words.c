/* SPDX-License-Identifier: ISC */
/*
 * event_words.c: says what an event did. Ids are looked up in the room's pack; one that it lacks (a
 * flag or question that only the panel's part names) is shown as its id.
 */
#include "client/report/event_words.h"

#include <stdio.h>

#include "client/report/ledger.h"
#include "protocol/limits.h"

static void typed_span(struct out *out, struct span text) {
    char copy[TEXT_MAX_BYTES + 1];
    span_copy(text, copy, sizeof copy);
    out_typed(out, OUT_TEXT, copy);
}

static void item_words(struct out *out, const struct room *room, const struct body *body,
                       const char *front) {
    int item = pack_item_find(room->pack, body->item);
    out_raw(out, front);
    if (item >= 0) {
        out_typed(out, OUT_TEXT, room->pack->items[item].title);
    } else {
        typed_span(out, body->item);
    }
    out_print(out, ": %s", mark_name((enum mark)body->mark));
    if (body->has & F(was)) {
        out_print(out, ", corrected from %s", mark_name((enum mark)body->was));
    }
}

static const char *name_of(const struct room *room, int64_t seat) {
    return seat < room->seat_count ? room->seats[seat].name : "";
}

static void answer_words(struct out *out, const struct room *room, const struct body *body) {
    static const char *const words[] = {"not said", "answered with help", "answered well"};
    int question = pack_question_find(room->pack, body->curveball);
    out_print(out, "%s: ", words[body->mark]);
    if (question >= 0) {
        out_typed(out, OUT_TEXT, pack_question_at(room->pack, question)->text);
    } else {
        typed_span(out, body->curveball);
    }
}

static void flag_words(struct out *out, const struct room *room, const struct body *body) {
    int flag = pack_flag_find(room->pack, body->flag);
    out_raw(out, body->on ? "flag: " : "takes back the flag: ");
    if (flag >= 0) {
        out_typed(out, OUT_TEXT, room->pack->flags[flag].title);
    } else {
        typed_span(out, body->flag);
    }
}

static void suggest_words(struct out *out, const struct room *room, const struct body *body) {
    int suggest = pack_suggest_find(room->pack, body->suggest);
    out_raw(out, "drops what was suggested: ");
    if (suggest >= 0) {
        out_typed(out, OUT_TEXT, room->pack->suggests[suggest].text);
    } else {
        typed_span(out, body->suggest);
    }
}

static void phase_words(struct out *out, const struct room *room, const char *front,
                        int64_t phase) {
    out_raw(out, front);
    if (phase >= 0 && phase < room->pack->phase_count) {
        out_typed(out, OUT_TEXT, room->pack->phases[phase].title);
    }
}

static void clock_words(struct out *out, const struct room *room, const struct body *body) {
    char time[24];
    switch (body->act) {
    case ACTION_CLOCK_START: phase_words(out, room, "starts the interview: ", 0); break;
    case ACTION_CLOCK_PAUSE: out_raw(out, "pauses"); break;
    case ACTION_CLOCK_RESUME: out_raw(out, "resumes"); break;
    case ACTION_CLOCK_JUMP: phase_words(out, room, "goes to ", body->phase); break;
    case ACTION_CLOCK_ADD:
        clock_text(time, sizeof time, body->ms < 0 ? -body->ms : body->ms);
        out_print(out, "%s %s ", body->ms < 0 ? "takes" : "adds", time);
        phase_words(out, room, body->ms < 0 ? "from " : "to ", body->phase);
        break;
    case ACTION_CLOCK_UNFINISH: out_raw(out, "takes the finish back: the interview goes on"); break;
    case ACTION_CLOCK_PLAN:
        out_raw(out, "plan: ");
        out_typed(out, OUT_TEXT,
                  room->plan < room->pack->plan_count ? room->pack->plans[room->plan].title
                                                      : "one's own");
        if (body->has & F(extra) && body->extra > 0) {
            out_print(out, ", %lld %% more time", (long long)body->extra);
        }
        break;
    default: out_raw(out, "finishes the interview");
    }
}

/* "changes panel note 2: text", "strikes panel note 2": by its author's count. */
static void change_words(struct out *out, const char *kind, const struct body *body) {
    bool strikes = !(body->has & F(text));
    out_print(out, "%s %s %lld", strikes ? "strikes" : "changes", kind, (long long)body->line + 1);
    if (!strikes) {
        out_raw(out, ": ");
        typed_span(out, body->text);
    }
}

static void line_words(struct out *out, const char *front, struct span text) {
    out_raw(out, front);
    typed_span(out, text);
}

static void seat_words(struct out *out, const struct room *room, const struct event *event) {
    const struct body *body = &event->body;
    if (body->act == ACTION_SEAT_MOVE) {
        out_raw(out, "moves the seat to a new link: ");
        out_typed(out, OUT_TEXT, name_of(room, body->seat));
        if (body->has & F(name)) {
            line_words(out, ", asked by ", body->name);
        }
    } else if (body->act == ACTION_SEAT_OUT) {
        out_raw(out, "puts out of the room: ");
        out_typed(out, OUT_TEXT, name_of(room, body->seat));
    } else if (body->act == ACTION_SEAT_JOIN) {
        out_print(out, "joins as %s", role_name((enum role)body->role));
        if (body->session > 1) {
            out_raw(out, " again");
        }
    } else {
        out_raw(out, "is gone");
    }
}

static void keep_words(struct out *out, const struct body *body) {
    if (body->kept == 0) {
        out_raw(out, "says that nothing is kept after the room's end");
    } else {
        out_print(out, "says that the room is kept for %u days", (unsigned)body->kept);
    }
}

static void hand_words(struct out *out, const struct room *room, const struct event *event) {
    const struct body *body = &event->body;
    bool others = (body->has & F(seat)) != 0 && body->seat != event->by;
    out_raw(out, body->on ? "raises a hand" : "lowers the hand");
    if (others && body->seat < room->seat_count) {
        out_raw(out, " of ");
        out_typed(out, OUT_TEXT, room->seats[body->seat].name);
    }
}

/* Whose ask it is about says what the word means. */
static void turn_words(struct out *out, const struct event *event) {
    const struct body *body = &event->body;
    int64_t who = event->by == SEAT_SERVER && body->has & F(seat) ? body->seat : event->by;
    bool own = body->has & F(other) && body->other == who;
    if (body->on) {
        out_raw(out, own ? "asks to turn the roles" : "agrees to turn the roles");
    } else {
        out_raw(out,
                own ? "takes back the wish to turn the roles" : "does not agree to turn the roles");
    }
}

/* The word that stands for a part of an action's wire name. */
struct part_word {
    const char *part, *word;
};

static const char *word_for(const struct part_word *words, const char *part, size_t len) {
    for (; words->part; words++) {
        if (strlen(words->part) == len && memcmp(words->part, part, len) == 0) {
            return words->word;
        }
    }
    return "changes";
}

/* "box.add" is "draws a box". */
static void drawing_words(struct out *out, const struct body *body) {
    static const struct part_word things[] = {
        {"box", "a box"},       {"arrow", "an arrow"},    {"frame", "a frame"}, {"span", "a span"},
        {"stroke", "a stroke"}, {"req", "a requirement"}, {"sheet", "a line"},  {NULL, NULL}};
    static const struct part_word verbs[] = {
        {"add", "draws"},    {"move", "moves"},       {"text", "rewrites"},
        {"label", "labels"}, {"set", "rewrites"},     {"write", "writes"},
        {"drop", "drops"},   {"back", "brings back"}, {NULL, NULL}};
    const char *wire = action_row(body->act)->wire;
    size_t len = strcspn(wire, ".");
    const char *verb = word_for(verbs, wire + len + 1, strlen(wire + len + 1));
    bool gone = body->act == ACTION_SHEET_WRITE && !(body->has & F(text));
    bool written = body->act == ACTION_REQ_ADD;
    out_print(out, "%s %s",
              gone      ? "drops"
              : written ? "writes"
                        : verb,
              word_for(things, wire, len));
    if (body->has & F(text)) {
        line_words(out, ": ", body->text);
    }
}

static void board_words(struct out *out, const struct body *body) {
    switch (body->act) {
    case ACTION_POINT_SET:
        out_raw(out, body->has & F(thing) ? "points at the board" : "points at nothing");
        break;
    case ACTION_BOARD_PRIVATE:
        out_raw(out, body->on ? "thinks unseen" : "shows the board again");
        break;
    case ACTION_BOARD_SHARE:
        out_raw(out, body->on ? "lets the interviewers draw" : "leaves the board to the candidate");
        break;
    case ACTION_PICTURE_ADD:
        out_print(out, "puts a picture on record, %u bytes", (unsigned)body->image.len);
        out_raw(out, body->has & F(left) ? " and more" : "");
        break;
    default: drawing_words(out, body);
    }
}

/* A clause without a newline: "Volume and velocity: raised". room: the fold with the event
 * applied. */
static void put_words(struct out *out, const struct room *room, const struct event *event) {
    const struct body *body = &event->body;
    switch (body->act) {
    case ACTION_ROOM_OPEN: line_words(out, "opens the room: ", span_of(room->pack->title)); break;
    case ACTION_ROOM_GUIDE: out_raw(out, "gives out opening moves and headings"); break;
    case ACTION_ROOM_PROMPT: out_raw(out, "gives out the prompt"); break;
    case ACTION_ROOM_TITLES: out_raw(out, "gives out the titles of the rubric"); break;
    case ACTION_ROOM_RUBRIC: out_raw(out, "gives out flags, alarms and tools"); break;
    case ACTION_ROOM_BRIEF: out_raw(out, "gives out the panel's part of the prompt"); break;
    case ACTION_SHEET_OPEN: out_raw(out, "opens the candidate's own sheet"); break;
    case ACTION_SEAT_JOIN:
    case ACTION_SEAT_MOVE:
    case ACTION_SEAT_OUT:
    case ACTION_SEAT_GONE: seat_words(out, room, event); break;
    case ACTION_CLOCK_DRIVE:
        out_raw(out, body->seat == event->by ? "takes the clock" : "hands the clock to ");
        if (body->seat != event->by) {
            out_typed(out, OUT_TEXT, name_of(room, body->seat));
        }
        break;
    case ACTION_ROOM_SWAP:
        line_words(out, "turns the roles: everybody goes on in room ", body->next);
        break;
    case ACTION_TURN_ASK: turn_words(out, event); break;
    case ACTION_ROOM_CALL:
        line_words(out,
                   body->has & F(call) ? "gives a link to a call: " : "takes the call's link away",
                   body->has & F(call) ? body->call : (struct span){"", 0});
        break;
    case ACTION_SEAT_WATCH:
        out_raw(out, body->on ? "watches from a wall" : "comes in from the wall");
        break;
    case ACTION_HAND_SET: hand_words(out, room, event); break;
    case ACTION_SEAL_SET: item_words(out, room, body, "sealed sheet: "); break;
    case ACTION_DEBRIEF_OPEN: out_raw(out, "opens the debrief"); break;
    case ACTION_ROOM_KEEP: keep_words(out, body); break;
    case ACTION_ROOM_EXPIRE: out_raw(out, "gives up the room: nobody came"); break;
    case ACTION_ROOM_CLOSE: out_raw(out, "closes the room"); break;
    case ACTION_MARK_SET: item_words(out, room, body, ""); break;
    case ACTION_SELF_SET: item_words(out, room, body, "own sheet: "); break;
    case ACTION_FLAG_SET: flag_words(out, room, body); break;
    case ACTION_SUGGEST_DROP: suggest_words(out, room, body); break;
    case ACTION_FACT_REVEAL: line_words(out, "fact: ", body->text); break;
    case ACTION_CURVE_THROW: line_words(out, "curveball: ", body->text); break;
    case ACTION_NOTE_MINE: line_words(out, "own note: ", body->text); break;
    case ACTION_NOTE_PANEL: line_words(out, "panel note: ", body->text); break;
    case ACTION_NOTE_ALL: line_words(out, "note: ", body->text); break;
    case ACTION_NOTE_MINE_SET: change_words(out, "own note", body); break;
    case ACTION_NOTE_PANEL_SET: change_words(out, "panel note", body); break;
    case ACTION_NOTE_ALL_SET: change_words(out, "note", body); break;
    case ACTION_TALK_SAY: line_words(out, "says: ", body->text); break;
    case ACTION_TALK_WHISPER: line_words(out, "whispers: ", body->text); break;
    case ACTION_ANSWER_SET: answer_words(out, room, body); break;
    case ACTION_VERDICT_GIVE: out_raw(out, "hands in a verdict"); break;
    case ACTION_RATING_GIVE: out_raw(out, "hands in a rating of the interviewer"); break;
    case ACTION_VERDICT_IN:
        line_words(out, "has it from ", span_of(name_of(room, body->seat)));
        break;
    case ACTION_VERDICT_OPEN: out_raw(out, "opens the verdicts"); break;
    case ACTION_NONE: out_raw(out, "does what this program does not know; update spar"); break;
    default:
        if (board_is_action(body->act)) {
            board_words(out, body);
        } else {
            clock_words(out, room, body);
        }
    }
}

/* Who it is about: the name of its author, or of who came or went; "the server" otherwise. */
static const char *author_of(const struct room *room, const struct event *event) {
    const struct body *body = &event->body;
    bool seat = body->act == ACTION_SEAT_JOIN || body->act == ACTION_SEAT_GONE ||
                body->act == ACTION_ROOM_SWAP ||
                (body->act == ACTION_TURN_ASK && event->by == SEAT_SERVER);
    int64_t who = seat ? body->seat : event->by;
    return who < room->seat_count && room->seats[who].name[0] ? room->seats[who].name
                                                              : "the server";
}

void event_line(struct out *out, const struct room *room, const struct event *event) {
    /* A move of the clock counts from `at`; what a person wrote, from their own moment. */
    bool moves = event->body.act >= ACTION_CLOCK_START && event->body.act <= ACTION_CLOCK_FINISH;
    struct ledger_time time = ledger_time_at(room, moves ? event->at : event->made);
    char clock[24] = "before";
    if (time.when != LEDGER_BEFORE) {
        clock_text(clock, sizeof clock, time.clock);
    }
    out_print(out, "%5u  ", event->pos);
    out_cell(out, time.when == LEDGER_AFTER && !moves ? "after" : clock, 7, true);
    out_raw(out, "  ");
    out_cell(out, author_of(room, event), 14, false);
    out_raw(out, "  ");
    put_words(out, room, event);
    out_raw(out, "\n");
}
