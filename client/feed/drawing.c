/* SPDX-License-Identifier: ISC */
/*
 * drawing.c: changes of the board on their way from one's own hand.
 *
 * Invariant: between `private` on and off, as this screen shows it, no change of the board becomes
 * a command; they are held in order, and become commands in that order, before `private` off.
 */
#include "client/feed/drawing.h"

#include <stdlib.h>
#include <string.h>

#include "client/feed/model.h"

static void drop_held(struct drawing *drawing) {
    for (unsigned i = 0; i < drawing->held_count; i++) {
        free(drawing->held[i].memory);
    }
    free(drawing->held);
    drawing->held = NULL;
    drawing->held_count = 0;
}

void drawing_free(struct drawing *drawing) {
    board_free(&drawing->shown);
    undo_free(&drawing->undo);
    drop_held(drawing);
    drawing->made = false;
}

/* What the board does not take any more is left out: its refusal is on its way. */
static bool apply(struct board *board, uint8_t seat, const struct body *body, int64_t made) {
    return !board_is_action(body->act) || board_check(board, seat, body) != REFUSAL_NONE ||
           board_take(board, seat, body, made);
}

static bool rebuild(struct model *model) {
    struct drawing *drawing = &model->drawing;
    board_free(&drawing->shown);
    bool good = board_copy(&drawing->shown, &model->room.board);
    for (uint32_t i = 0; good && i < model->pending_count; i++) {
        const struct command *command = &model->pending[i].command;
        good = apply(&drawing->shown, model->seat, &command->body, command->made);
    }
    for (unsigned i = 0; good && i < drawing->held_count; i++) {
        good = apply(&drawing->shown, model->seat, &drawing->held[i].body, drawing->held[i].made);
    }
    return good;
}

const struct board *drawing_shown(struct model *model) {
    struct drawing *drawing = &model->drawing;
    if (!drawing->made || drawing->revision != model->revision) {
        drawing->made = rebuild(model);
        drawing->revision = model->revision;
    }
    return drawing->made ? &drawing->shown : &model->room.board;
}

static enum refusal check(struct model *model, const struct body *body) {
    const struct room *room = &model->room;
    const struct action_row *row = action_row(body->act);
    if (!(row->who & UINT32_C(1) << model->role)) {
        return REFUSAL_NOT_ALLOWED;
    }
    if (!(row->when & UINT32_C(1) << room->stage)) {
        return REFUSAL_WRONG_STAGE;
    }
    if (!body_is_sound(body, row->required)) {
        return REFUSAL_BAD_FIELD;
    }
    if (row->who == W_DRAWER && !room_may_draw(room, model->seat)) {
        return room->rules < 2 ? REFUSAL_NO_BOARD : REFUSAL_BOARD_CLOSED;
    }
    return board_check(drawing_shown(model), model->seat, body);
}

static bool is_held(struct model *model, enum action act) {
    bool hides = model->role == ROLE_CANDIDATE && drawing_shown(model)->private_at != 0;
    return hides && act != ACTION_BOARD_PRIVATE && act != ACTION_PICTURE_ADD;
}

static enum drawing_result hold(struct model *model, const struct body *body, int64_t now) {
    struct drawing *drawing = &model->drawing;
    if (drawing->held_count >= DRAWING_HELD_MAX) {
        model_say(model, true, "Enough was drawn unseen; show it first.");
        return DRAWING_REFUSED;
    }
    struct drawing_held *grown =
        realloc(drawing->held, (drawing->held_count + 1) * sizeof *drawing->held);
    drawing->held = grown ? grown : drawing->held;
    char *memory = malloc(body_bytes(body) + 1);
    if (!grown || !memory) {
        free(memory);
        model_say(model, true, "Out of memory; that was not drawn.");
        return DRAWING_REFUSED;
    }
    struct drawing_held *held = &drawing->held[drawing->held_count++];
    *held = (struct drawing_held){.body = *body, .memory = memory, .made = now};
    body_keep(&held->body, memory);
    model->revision++;
    return DRAWING_HELD;
}

static enum drawing_result put(struct model *model, const struct body *body, int64_t now,
                               struct model_pending **pending) {
    if (is_held(model, body->act)) {
        return hold(model, body, now);
    }
    *pending = model_command(model, body, now);
    return *pending ? DRAWING_SENT : DRAWING_REFUSED;
}

enum drawing_result drawing_do(struct model *model, const struct body *body, int64_t now,
                               struct model_pending **pending) {
    enum refusal why = check(model, body);
    if (why != REFUSAL_NONE) {
        model_say(model, true, "%s", refusal_sentence(why));
        return DRAWING_REFUSED;
    }
    /* Without memory for it a change cannot be undone, and is made all the same. */
    (void)undo_note(&model->drawing.undo, drawing_shown(model), model->seat, body);
    return put(model, body, now, pending);
}

/* The one who has changed the thing of the stack's last step since, for the sentence that says so;
 * NULL: nobody else. Taken before the step is. */
static const char *other_author(const struct model *model, const struct board *board,
                                const struct undo_stack *stack) {
    if (stack->count == 0) {
        return NULL;
    }
    const struct undo_step *step = &stack->steps[stack->count - 1];
    const struct board_thing *thing = board_find(board, (uint32_t)step->body.thing);
    uint8_t by = thing ? thing->edited_by : model->seat;
    return by != model->seat && by < model->room.seat_count ? model->room.seats[by].name : NULL;
}

enum drawing_result drawing_undo(struct model *model, bool again, int64_t now,
                                 struct model_pending **pending) {
    struct undo *undo = &model->drawing.undo;
    const struct board *board = drawing_shown(model);
    struct body body;
    if (!room_may_draw(&model->room, model->seat)) {
        model_say(model, true, "%s", refusal_sentence(REFUSAL_WRONG_STAGE));
        return DRAWING_REFUSED;
    }
    const char *other = other_author(model, board, again ? &undo->redo : &undo->undo);
    switch (again ? undo_again(undo, board, model->seat, &body)
                  : undo_back(undo, board, model->seat, &body)) {
    case UNDO_OK: return put(model, &body, now, pending);
    case UNDO_EMPTY:
        model_say(model, false, "There is nothing left to %s.", again ? "redo" : "undo");
        break;
    case UNDO_CHANGED:
        model_say(model, false, "%s changed that since; it is left as it is.",
                  other ? other : "Something");
        break;
    case UNDO_NO_MEMORY: model_say(model, true, "Out of memory; nothing was changed."); break;
    }
    return DRAWING_REFUSED;
}

bool drawing_unhide(struct model *model, int64_t now) {
    struct drawing *drawing = &model->drawing;
    const struct body off = {.act = ACTION_BOARD_PRIVATE, .has = F(on), .on = 0};
    if (model->pending_count + drawing->held_count + 1 > PENDING_COMMANDS_MAX) {
        model_say(model, true, "Too much is on its way; wait until the connection is back.");
        return false;
    }
    unsigned done = 0;
    while (done < drawing->held_count &&
           model_command(model, &drawing->held[done].body, drawing->held[done].made)) {
        free(drawing->held[done++].memory);
    }
    drawing->held_count -= done;
    memmove(drawing->held, drawing->held + done, drawing->held_count * sizeof *drawing->held);
    return drawing->held_count == 0 && model_command(model, &off, now);
}
