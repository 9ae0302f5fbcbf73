/* SPDX-License-Identifier: ISC */
/*
 * control_verdict.c: changing one's draft, taking evidence, and handing it in.
 *
 * Whatever changes the draft sets draft_changed, and whoever owns the screen saves it.
 */
#include <stdio.h>
#include <string.h>

#include "client/screen/control_parts.h"
#include "client/screen/views.h"
#include "protocol/room/points.h"
#include "protocol/room/verdict.h"
#include "protocol/wire/u32.h"

static void changed(struct screen *screen) {
    screen->draft.begun = true;
    screen->draft_changed = true;
}

/* ---- evidence ---- */

/* Whether a mark of the panel's sheet belongs to that competency and is one that came up. */
static bool is_evidence(const struct room *room, const struct room_sheet *sheet, int item,
                        int competency) {
    const struct pack_item *at = &room->pack->items[item];
    return sheet->marks[item].mark != MARK_NOT_YET && at->competency &&
           strcmp(at->competency, room->pack->competencies[competency].id) == 0;
}

/* The next moment after `after` at which an item of the competency came up; 0: none. */
static int64_t next_evidence(const struct room *room, int competency, int64_t after) {
    const struct room_sheet *sheet = room_sheet_of(room, SEAT_SERVER);
    int64_t best = 0;
    for (int i = 0; sheet && i < room->pack->item_count; i++) {
        int64_t at = sheet->marks[i].at;
        if (is_evidence(room, sheet, i, competency) && at > after && (!best || at < best)) {
            best = at;
        }
    }
    return best;
}

/* In a recording the moment that is shown; live the next at which something of it was marked. */
static void take_evidence(struct screen *screen, int competency) {
    const struct room *room = &control_model(screen)->room;
    int64_t *moment = &screen->draft.moments[competency];
    if (screen->feed->is_recording) {
        *moment = screen->now;
    } else {
        int64_t next = next_evidence(room, competency, *moment);
        if (!next && !*moment) {
            control_say(screen, true,
                        "Nothing of it was marked; 'spar replay' shows any moment, and takes it.");
            return;
        }
        *moment = next;
    }
    changed(screen);
    control_say(screen, false, *moment ? "Taken as evidence." : "No evidence any more.");
}

/* ---- handing in ---- */

static bool is_complete(struct screen *screen) {
    const struct verdict_draft *draft = &screen->draft;
    bool panel = control_model(screen)->role != ROLE_CANDIDATE;
    bool scored = false;
    for (int i = 0; i < PACK_COMPETENCIES_MAX; i++) {
        scored = scored || draft->scores[i];
    }
    if (panel && (draft->recommend < 0 || draft->level == 0)) {
        control_say(screen, true, "Say first what you recommend, and for which level.");
        return false;
    }
    if (!panel && !scored) {
        control_say(screen, true, "Rate at least one line first.");
        return false;
    }
    return true;
}

static void put_text(struct body *body, struct span *to, field_set field, const char *text) {
    if (text[0]) {
        body->has |= field;
        *to = span_of(text);
    }
}

static void send_rating(struct screen *screen) {
    const struct verdict_draft *draft = &screen->draft;
    struct body body = {.act = ACTION_RATING_GIVE,
                        .has = F(ratings),
                        .ratings = {(const char *)draft->scores, RATING_COUNT}};
    put_text(&body, &body.text, F(text), draft->texts[VERDICT_KEEP]);
    control_send(screen, &body, "Rating handed in");
}

/* Each score, and behind it ms after the opening, big-endian; 0: no evidence. */
static uint32_t put_scores(const struct room *room, const struct verdict_draft *draft, char *out) {
    uint32_t len = 0;
    for (int i = 0; i < room->pack->competency_count; i++) {
        int64_t moment = draft->moments[i];
        int64_t after = moment > room->opened_at ? moment - room->opened_at : 0;
        uint32_t ms = after > UINT32_MAX ? 0 : (uint32_t)after;
        out[len++] = (char)draft->scores[i];
        u32_put(out + len, ms);
        len += U32_BYTES;
    }
    return len;
}

static void send_verdict(struct screen *screen) {
    const struct room *room = &control_model(screen)->room;
    const struct verdict_draft *draft = &screen->draft;
    char scores[VERDICT_SCORE_BYTES * PACK_COMPETENCIES_MAX];
    struct body body = {.act = ACTION_VERDICT_GIVE,
                        .has = F(recommend) | F(level),
                        .recommend = draft->recommend,
                        .level = draft->level};
    if (room->pack->competency_count > 0) {
        body.has |= F(scores);
        body.scores = (struct span){scores, put_scores(room, draft, scores)};
    }
    put_text(&body, &body.keep, F(keep), draft->texts[VERDICT_KEEP]);
    put_text(&body, &body.change, F(change), draft->texts[VERDICT_CHANGE]);
    put_text(&body, &body.drill, F(drill), draft->texts[VERDICT_DRILL]);
    control_send(screen, &body, "Verdict handed in");
}

void control_verdict_give(struct screen *screen) {
    if (control_model(screen)->role == ROLE_CANDIDATE) {
        send_rating(screen);
    } else {
        send_verdict(screen);
    }
}

/* ---- lines ---- */

/* What the marks propose, to be edited; one sentence after the other. */
static void propose(const struct room *room, int index, char out[TEXT_MAX_BYTES + 1]) {
    struct points points;
    size_t len = 0;
    points_propose(room, SEAT_SERVER, &points);
    bool keep = index == VERDICT_KEEP;
    int count = keep ? points.strength_count : points.step_count;
    out[0] = '\0';
    for (int i = 0; i < count; i++) {
        const struct point *point = keep ? &points.strengths[i] : &points.steps[i];
        int more = snprintf(out + len, TEXT_MAX_BYTES + 1 - len, "%s%s%s%s", len ? " " : "",
                            point->words, point->fix ? " " : "", point->fix ? point->fix : "");
        len += more > 0 && len + (size_t)more <= TEXT_MAX_BYTES ? (size_t)more : 0;
        out[len] = '\0';
    }
}

static void write_text(struct screen *screen, int index) {
    const struct model *model = control_model(screen);
    char text[TEXT_MAX_BYTES + 1];
    screen->draft_text = index;
    if (control_write(screen, WRITE_DRAFT)) {
        return;
    }
    snprintf(text, sizeof text, "%s", screen->draft.texts[index]);
    if (!text[0] && model->role != ROLE_CANDIDATE && index != VERDICT_DRILL) {
        propose(&model->room, index, text);
    }
    input_put(&screen->input, text);
}

void control_verdict_text(struct screen *screen) {
    struct span text = input_span(&screen->input);
    snprintf(screen->draft.texts[screen->draft_text], TEXT_MAX_BYTES + 1, "%.*s", (int)text.len,
             text.at);
    screen->writing = WRITE_NOTHING;
    changed(screen);
}

bool control_verdict_row(struct screen *screen, int index, bool evidence) {
    struct verdict_row rows[VERDICT_ROWS_MAX];
    struct verdict_draft *draft = &screen->draft;
    bool panel = control_model(screen)->role != ROLE_CANDIDATE;
    if (index < 0 || index >= views_verdict_rows(screen, rows)) {
        return false;
    }
    screen->cursor[TAB_VERDICT] = index;
    screen->cursor_moved = true;
    const struct verdict_row *row = &rows[index];
    if (evidence && row->kind == VERDICT_ROW_SCORE && panel) {
        take_evidence(screen, row->index);
        return true;
    }
    switch (row->kind) {
    case VERDICT_ROW_RECOMMEND:
        draft->recommend = (draft->recommend + 1) % (RECOMMEND_STRONG_YES + 1);
        changed(screen);
        break;
    case VERDICT_ROW_LEVEL:
        draft->level = draft->level % LEVEL_STAFF + 1;
        changed(screen);
        break;
    case VERDICT_ROW_SCORE:
        draft->scores[row->index] = (uint8_t)((draft->scores[row->index] + 1) % (PACK_SCORES + 1));
        changed(screen);
        break;
    case VERDICT_ROW_TEXT: write_text(screen, row->index); break;
    case VERDICT_ROW_GIVE: screen->asking = is_complete(screen) ? ASK_GIVE : ASK_NOTHING; break;
    case VERDICT_ROW_OPEN: screen->asking = ASK_VERDICTS; break;
    }
    return true;
}
