/* SPDX-License-Identifier: ISC */
/*
 * suggest_board.c: what the board says to the rules of a framework (suggest.def).
 *
 * Invariants: only what the candidate drew and wrote, and what of it is shown, counts, for and
 * against; what an interviewer drew is nobody's answer. Nothing holds before there is a box.
 */
#include "protocol/room/suggest_board.h"

#include <string.h>

#include "protocol/board/line.h"

/* Shorter names are parked by everybody: "R2", "S3". */
enum { PARKED_MIN_BYTES = 3 };

static bool is_candidates(const struct room *room, const struct board_thing *thing) {
    return thing->by < room->seat_count && room->seats[thing->by].role == ROLE_CANDIDATE &&
           board_is_shown(&room->board, thing);
}

/* The next thing of the candidate's that is shown, from *i on, which moves behind it; or NULL. */
static const struct board_thing *next(const struct room *room, uint32_t *i) {
    while (*i < room->board.count) {
        const struct board_thing *thing = &room->board.things[(*i)++];
        if (is_candidates(room, thing)) {
            return thing;
        }
    }
    return NULL;
}

static const struct board_thing *next_box(const struct room *room, uint32_t *i) {
    const struct board_thing *thing;
    while ((thing = next(room, i)) != NULL) {
        if (thing->kind == BOARD_BOX && thing->style == BOX_PLAIN) {
            return thing;
        }
    }
    return NULL;
}

bool suggest_board_is_drawn(const struct room *room) {
    uint32_t i = 0;
    return next_box(room, &i) != NULL;
}

static bool is_early(const struct room *room, int64_t asked) {
    uint32_t i = 0;
    const struct board_thing *box;
    while ((box = next_box(room, &i)) != NULL) {
        if (box->made_at < asked) {
            return true;
        }
    }
    return false;
}

static bool cites(const struct room *room, const struct board_thing *thing) {
    size_t at = 0;
    unsigned number;
    while ((number = line_next_req(span_of(thing->text), &at)) != 0) {
        if (board_req(&room->board, number)) {
            return true;
        }
    }
    return false;
}

static bool is_bare(const struct room *room, unsigned least) {
    uint32_t i = 0;
    unsigned bare = 0;
    const struct board_thing *box;
    while ((box = next_box(room, &i)) != NULL) {
        bare += !cites(room, box);
    }
    return bare >= least;
}

static bool has_rival(const struct room *room) {
    uint32_t i = 0;
    const struct board_thing *box;
    while ((box = next_box(room, &i)) != NULL) {
        struct box_line line;
        line_read(span_of(box->text), &line);
        if (line.rival.len > 0) {
            return true;
        }
    }
    return false;
}

/* Of a box its parts alone: there are digits in the names of tools. */
static bool has_number(const struct board_thing *thing) {
    struct box_line line;
    if (thing->kind == BOARD_ARROW || thing->kind == BOARD_SPAN) {
        return line_has_number(span_of(thing->text));
    }
    if (thing->kind != BOARD_BOX) {
        return false;
    }
    line_read(span_of(thing->text), &line);
    bool found = line_has_number(line.reason);
    for (unsigned i = 0; i < line.part_count; i++) {
        found = found || line.parts[i].kind == PART_NUMBER;
    }
    return found;
}

static bool some_number(const struct room *room) {
    uint32_t i = 0;
    const struct board_thing *thing;
    while ((thing = next(room, &i)) != NULL) {
        if (has_number(thing)) {
            return true;
        }
    }
    return false;
}

static bool says_one(const struct board_thing *thing, const struct pack_suggest *rule) {
    for (uint8_t i = 0; i < rule->word_count; i++) {
        if (line_says(span_of(thing->text), span_of(rule->words[i]))) {
            return true;
        }
    }
    return false;
}

static bool is_unwritten(const struct room *room, const struct pack_suggest *rule) {
    uint32_t i = 0;
    const struct board_thing *thing;
    while ((thing = next(room, &i)) != NULL) {
        bool parked = thing->kind == BOARD_LINE && thing->style == LINE_PARKED;
        if (!parked && says_one(thing, rule)) {
            return false;
        }
    }
    return true;
}

/* Whether a box or a frame that came later than the line names that. */
static bool is_drawn_after(const struct room *room, const struct board_thing *line,
                           struct span name) {
    uint32_t i = 0;
    const struct board_thing *thing;
    while ((thing = next(room, &i)) != NULL) {
        bool drawn = thing->kind == BOARD_BOX || thing->kind == BOARD_FRAME;
        if (drawn && thing->made_at > line->made_at && line_says(span_of(thing->text), name)) {
            return true;
        }
    }
    return false;
}

/* A line may park several things, and say why: "Access control, cost: not asked for". */
static bool line_is_drawn(const struct room *room, const struct board_thing *line) {
    const char *rest = line->text;
    while (*rest) {
        rest += strspn(rest, " ,;:(\n\t");
        uint32_t len = (uint32_t)strcspn(rest, ",;:(\n\t");
        uint32_t name = len;
        for (; name > 0 && rest[name - 1] == ' '; name--) {
        }
        if (name >= PARKED_MIN_BYTES && is_drawn_after(room, line, (struct span){rest, name})) {
            return true;
        }
        rest += len;
    }
    return false;
}

static bool parked_is_drawn(const struct room *room) {
    uint32_t i = 0;
    const struct board_thing *thing;
    while ((thing = next(room, &i)) != NULL) {
        bool parked = thing->kind == BOARD_LINE && thing->style == LINE_PARKED;
        if (parked && line_is_drawn(room, thing)) {
            return true;
        }
    }
    return false;
}

bool suggest_board_holds(const struct room *room, const struct pack_suggest *rule, int64_t asked,
                         bool late) {
    if (!suggest_board_is_drawn(room)) {
        return false;
    }
    switch (rule->kind) {
    case SUGGEST_BOX_EARLY: return is_early(room, asked);
    case SUGGEST_BOX_BARE: return late && is_bare(room, rule->least);
    case SUGGEST_NO_RIVAL: return late && !has_rival(room);
    case SUGGEST_NO_NUMBER: return late && !some_number(room);
    case SUGGEST_UNWRITTEN: return late && is_unwritten(room, rule);
    case SUGGEST_PARKED: return parked_is_drawn(room);
    default: return false;
    }
}
