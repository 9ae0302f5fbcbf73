/* SPDX-License-Identifier: ISC */
/*
 * undo.c: undo and redo.
 *
 * A step knows the command that takes its change back, and how the thing looked once the change was
 * made; it is carried out only while the thing looks so still. Undoing makes a step for redoing,
 * and the other way round, by the same function.
 */
#include "protocol/board/undo.h"

#include <stdlib.h>
#include <string.h>

static void step_free(struct undo_step *step) {
    free(step->memory);
    step->memory = NULL;
}

static void stack_clear(struct undo_stack *stack) {
    for (unsigned i = 0; i < stack->count; i++) {
        step_free(&stack->steps[i]);
    }
    stack->count = 0;
}

void undo_free(struct undo *history) {
    stack_clear(&history->undo);
    stack_clear(&history->redo);
    free(history->last);
    history->last = NULL;
}

/* The action that has the same kind of thing dropped, or brought back. */
static enum action turned(const struct board_thing *thing, bool back) {
    switch (thing->kind) {
    case BOARD_BOX: return back ? ACTION_BOX_BACK : ACTION_BOX_DROP;
    case BOARD_ARROW: return back ? ACTION_ARROW_BACK : ACTION_ARROW_DROP;
    case BOARD_FRAME: return back ? ACTION_FRAME_BACK : ACTION_FRAME_DROP;
    case BOARD_SPAN: return back ? ACTION_SPAN_BACK : ACTION_SPAN_DROP;
    case BOARD_STROKE: return back ? ACTION_STROKE_BACK : ACTION_STROKE_DROP;
    default: return back ? ACTION_REQ_BACK : ACTION_REQ_DROP;
    }
}

/* As it was, in the words of an action that changes such a thing. */
static void fill(const struct board_thing *thing, struct body *out) {
    const struct action_row *row = action_row(out->act);
    field_set may = row->required | row->optional;
    out->col = thing->col;
    out->row = thing->row;
    out->cols = thing->cols;
    out->rows = thing->rows;
    out->style = thing->style;
    out->text = span_of(thing->text);
    out->has = may & (F(thing) | F(col) | F(row) | F(cols) | F(rows) | F(style));
    out->has |= thing->text[0] != '\0' ? may & F(text) : 0;
}

static enum action drop_of(enum action act) {
    switch (act) {
    case ACTION_BOX_ADD: return ACTION_BOX_DROP;
    case ACTION_ARROW_ADD: return ACTION_ARROW_DROP;
    case ACTION_FRAME_ADD: return ACTION_FRAME_DROP;
    case ACTION_SPAN_ADD: return ACTION_SPAN_DROP;
    case ACTION_STROKE_ADD: return ACTION_STROKE_DROP;
    case ACTION_REQ_ADD: return ACTION_REQ_DROP;
    case ACTION_SHEET_WRITE: return ACTION_SHEET_WRITE;
    default: return ACTION_NONE;
    }
}

static bool is_turn(enum action act, const struct board_thing *thing) {
    return act == turned(thing, false) || act == turned(thing, true);
}

/* The change that takes back `body` on the board as it is before it; false: it changes no thing.
 * Borrows from the board. */
static bool inverse(const struct board *before, const struct body *body, struct body *out) {
    if (!board_is_action(body->act) || !(body->has & F(thing)) || body->act == ACTION_POINT_SET ||
        body->act == ACTION_PICTURE_ADD) {
        return false;
    }
    const struct board_thing *thing = board_find(before, (uint32_t)body->thing);
    *out = (struct body){.act = body->act, .has = F(thing), .thing = body->thing};
    if (!thing) {
        out->act = drop_of(body->act);
        return out->act != ACTION_NONE;
    }
    if (thing->kind != BOARD_LINE && is_turn(body->act, thing)) {
        out->act = turned(thing, !thing->dropped);
    } else if (thing->kind != BOARD_LINE || !thing->dropped) {
        fill(thing, out);
    }
    return true;
}

static uint64_t mix(uint64_t hash, const void *bytes, size_t len) {
    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ ((const unsigned char *)bytes)[i]) * UINT64_C(1099511628211);
    }
    return hash;
}

/* What of a thing can be changed. */
static uint64_t look_of(const struct board *board, int64_t id) {
    const struct board_thing *thing = board_find(board, (uint32_t)id);
    if (!thing) {
        return 0;
    }
    const uint8_t parts[] = {thing->dropped, thing->style, thing->col,
                             thing->row,     thing->cols,  thing->rows};
    uint64_t hash = mix(UINT64_C(14695981039346656037), parts, sizeof parts);
    return mix(hash, thing->text, strlen(thing->text));
}

static bool step_make(const struct board *before, uint8_t by, const struct body *body,
                      struct undo_step *step) {
    struct board after;
    *step = (struct undo_step){.memory = NULL};
    if (board_check(before, by, body) != REFUSAL_NONE || !inverse(before, body, &step->body) ||
        !board_copy(&after, before)) {
        return false;
    }
    step->memory = malloc(body_bytes(&step->body) + 1);
    bool good = step->memory && board_take(&after, by, body, 0);
    if (good) {
        step->look = look_of(&after, body->thing);
        body_keep(&step->body, step->memory);
    } else {
        step_free(step);
    }
    board_free(&after);
    return good;
}

static void push(struct undo_stack *stack, struct undo_step step) {
    if (stack->count == UNDO_MAX) {
        step_free(&stack->steps[0]);
        stack->count--;
        memmove(&stack->steps[0], &stack->steps[1], stack->count * sizeof stack->steps[0]);
    }
    stack->steps[stack->count++] = step;
}

bool undo_note(struct undo *history, const struct board *before, uint8_t by,
               const struct body *body) {
    struct undo_step step;
    if (!step_make(before, by, body, &step)) {
        return false;
    }
    stack_clear(&history->redo);
    push(&history->undo, step);
    return true;
}

static enum undo_result turn(struct undo *history, struct undo_stack *from, struct undo_stack *to,
                             const struct board *board, uint8_t by, struct body *out) {
    if (from->count == 0) {
        return UNDO_EMPTY;
    }
    struct undo_step step = from->steps[--from->count];
    struct undo_step turned_step;
    if (look_of(board, step.body.thing) != step.look ||
        board_check(board, by, &step.body) != REFUSAL_NONE) {
        step_free(&step);
        return UNDO_CHANGED;
    }
    if (!step_make(board, by, &step.body, &turned_step)) {
        from->count++;
        return UNDO_NO_MEMORY;
    }
    push(to, turned_step);
    free(history->last);
    history->last = step.memory;
    *out = step.body;
    return UNDO_OK;
}

enum undo_result undo_back(struct undo *history, const struct board *board, uint8_t by,
                           struct body *out) {
    return turn(history, &history->undo, &history->redo, board, by, out);
}

enum undo_result undo_again(struct undo *history, const struct board *board, uint8_t by,
                            struct body *out) {
    return turn(history, &history->redo, &history->undo, board, by, out);
}
