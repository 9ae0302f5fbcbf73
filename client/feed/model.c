/* SPDX-License-Identifier: ISC */
/*
 * model.c: the fold of this seat's view and the commands that are not confirmed yet.
 *
 * Invariants: pending commands stand in the order of their ids; each owns one block of memory that
 * its spans point into; revision rises with every change that a screen could show.
 */
#include "client/feed/model.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void model_init(struct model *model) {
    memset(model, 0, sizeof *model);
    room_init(&model->room);
    model->rate = 1;
    model->rate_den = 1;
    model->error_ms = -1;
    model->next_id = 1;
}

void model_free(struct model *model) {
    for (uint32_t i = 0; i < model->pending_count; i++) {
        free(model->pending[i].memory);
    }
    free(model->pending);
    model->pending = NULL;
    model->pending_count = model->pending_cap = 0;
    drawing_free(&model->drawing);
    pictures_free(&model->pictures);
    room_free(&model->room);
}

int64_t model_now(const struct model *model, int64_t monotonic_ms) {
    return (monotonic_ms - model->base) * model->rate / model->rate_den + model->offset;
}

void model_say(struct model *model, bool bad, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(model->message, sizeof model->message, format, args);
    va_end(args);
    model->message_bad = bad;
    model->message_n++;
    model->revision++;
}

/* Takes one pending command out; false if none has that id. */
static bool pending_drop(struct model *model, uint32_t id) {
    for (uint32_t i = 0; i < model->pending_count; i++) {
        if (model->pending[i].command.id != id) {
            continue;
        }
        free(model->pending[i].memory);
        model->pending_count--;
        memmove(&model->pending[i], &model->pending[i + 1],
                (model->pending_count - i) * sizeof *model->pending);
        model->revision++;
        return true;
    }
    return false;
}

/* What was drawn unseen until the finish is on nobody's record; it comes there if the finish is
 * taken back. */
static void tell_unseen(struct model *model, const struct event *event) {
    unsigned held = model->drawing.held_count;
    if (event->body.act == ACTION_CLOCK_FINISH && held > 0) {
        model_say(model, true,
                  "The interview ended while you thought unseen: %u change%s shown to nobody.",
                  held, held == 1 ? " was" : "s were");
    }
}

enum apply_result model_apply(struct model *model, const struct event *event) {
    enum apply_result result = room_apply(&model->room, event, NULL, NULL);
    if (result != APPLY_OK) {
        return result;
    }
    model->revision++;
    pictures_take(&model->pictures, &event->body);
    tell_unseen(model, event);
    if (event->id != 0 && event->by == model->seat) {
        model->kept_count += pending_drop(model, event->id);
    }
    return APPLY_OK;
}

static struct model_pending *find_pending(const struct model *model, uint32_t id) {
    for (uint32_t i = 0; i < model->pending_count; i++) {
        if (model->pending[i].command.id == id) {
            return &model->pending[i];
        }
    }
    return NULL;
}

bool model_is_pending(const struct model *model, uint32_t id) {
    return find_pending(model, id) != NULL;
}

void model_kept(struct model *model, uint32_t id, uint32_t n) {
    struct model_pending *pending = find_pending(model, id);
    if (pending != NULL) {
        pending->told_n = n;
    }
}

static bool moves_clock(const struct model_pending *pending) {
    enum action act = pending->command.body.act;
    return act >= ACTION_CLOCK_START && act <= ACTION_CLOCK_FINISH;
}

/* Says how many moves of the clock its author saw, so that it stands and falls with the own ones.
 */
static bool counts_moves(const struct model_pending *pending) {
    const struct body *body = &pending->command.body;
    return body->has & F(seen) && !room_hands_over(body->act);
}

/* The reason that the first one was refused for stays on the status line. */
static void drop_moot(struct model *model, uint32_t id) {
    static const char also[] = " What you did after it was dropped too.";
    size_t len = strlen(model->message);
    (void)pending_drop(model, id);
    if (strstr(model->message, also) == NULL && len + sizeof also <= sizeof model->message) {
        memcpy(model->message + len, also, sizeof also);
    }
}

uint32_t model_lost(struct model *model, enum refusal *why) {
    for (uint32_t i = 0; i < model->pending_count; i++) {
        const struct model_pending *pending = &model->pending[i];
        uint32_t id = pending->command.id;
        if (pending->moot) {
            *why = REFUSAL_STALE;
            drop_moot(model, id);
            return id;
        }
        if (pending->told_n != 0 && pending->told_n <= model->room.pos) {
            *why = REFUSAL_LOST;
            model_refused(model, id, REFUSAL_LOST, (struct span){"", 0});
            return id;
        }
    }
    return 0;
}

/* Once a move of the clock is refused, what was pressed after it was meant for a state that never
 * came. Another's move could bring the clock to the same count; so the count alone is not trusted:
 * none of them has been sent (model_next), and none will be. */
static void make_moot(struct model *model, uint32_t id) {
    const struct model_pending *refused = find_pending(model, id);
    if (refused == NULL || !moves_clock(refused)) {
        return;
    }
    for (uint32_t i = 0; i < model->pending_count; i++) {
        struct model_pending *later = &model->pending[i];
        later->moot = later->moot || (later->command.id > id && counts_moves(later));
    }
}

struct model_pending *model_next(struct model *model) {
    bool moving = false;
    for (uint32_t i = 0; i < model->pending_count; i++) {
        struct model_pending *pending = &model->pending[i];
        if (!pending->sent) {
            bool waits = pending->moot || (moving && counts_moves(pending));
            return waits ? NULL : pending;
        }
        moving = moving || moves_clock(pending);
    }
    return NULL;
}

bool model_holds(const struct model *model) {
    uint32_t count = model->pending_count;
    return count > 0 && !model->pending[count - 1].sent;
}

/* Of what came too late the server says who was first, and of a clock who drives it; any other
 * sentence is this client's own. */
void model_refused(struct model *model, uint32_t id, enum refusal why, struct span text) {
    make_moot(model, id);
    (void)pending_drop(model, id);
    if ((why == REFUSAL_STALE || why == REFUSAL_NOT_DRIVING) && text.len > 0) {
        model_say(model, true, "%.*s", (int)text.len, text.at);
    } else {
        model_say(model, true, "%s", refusal_sentence(why));
    }
}

/* The text of a fact or a question comes from the pack that the panel has too; the server checks
 * it. */
static void fill_text(const struct pack *pack, struct body *body) {
    const char *text = NULL;
    if (pack == NULL || (body->has & F(text)) != 0) {
        return;
    }
    if (body->act == ACTION_FACT_REVEAL) {
        int fact = pack_fact_find(pack, body->fact);
        text = fact < 0 ? "?" : pack->facts[fact].text;
    } else if (body->act == ACTION_CURVE_THROW) {
        int question = pack_question_find(pack, body->curveball);
        text = question < 0 ? "?" : pack_question_at(pack, question)->text;
    }
    if (text != NULL) {
        body->text = span_of(text);
        body->has |= F(text);
    }
}

/* The clock's moves that this screen shows: those folded and the own ones that are on their way. */
static int64_t moves_seen(const struct model *model) {
    int64_t seen = model->room.move_count;
    for (uint32_t i = 0; i < model->pending_count; i++) {
        seen += moves_clock(&model->pending[i]) && !model->pending[i].moot;
    }
    return seen;
}

/* What moves the clock, ends the room, or is about whoever has a seat or the clock says what its
 * author saw, so that nothing is carried out against another state. */
static void fill_seen(const struct model *model, struct body *body) {
    /* Before the past has come in whole the screen has not shown it, and says nothing of it. */
    bool whole = model->room.pos >= model->joined_n;
    if (whole && action_row(body->act)->optional & F(seen) && !(body->has & F(seen))) {
        body->seen = room_hands_over(body->act) ? model->room.hands : moves_seen(model);
        body->has |= F(seen);
    }
}

static bool pending_grow(struct model *model) {
    if (model->pending_count < model->pending_cap) {
        return true;
    }
    uint32_t cap = model->pending_cap == 0 ? 8 : model->pending_cap * 2;
    struct model_pending *grown = realloc(model->pending, cap * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    model->pending = grown;
    model->pending_cap = cap;
    return true;
}

struct model_pending *model_command(struct model *model, const struct body *body, int64_t made) {
    if (model->pending_count >= PENDING_COMMANDS_MAX) {
        model_say(model, true,
                  "%d commands are waiting for an answer; wait until the connection is back.",
                  PENDING_COMMANDS_MAX);
        return NULL;
    }
    struct body whole = *body;
    fill_text(model->room.pack, &whole);
    fill_seen(model, &whole);
    char *memory = malloc(body_bytes(&whole) + 1);
    if (memory == NULL || !pending_grow(model)) {
        free(memory);
        model_say(model, true, "Out of memory; the command was not sent.");
        return NULL;
    }
    struct model_pending *pending = &model->pending[model->pending_count++];
    *pending = (struct model_pending){
        .command = {.seat = model->seat, .id = model->next_id++, .made = made, .body = whole},
        .memory = memory};
    body_keep(&pending->command.body, memory);
    model->revision++;
    return pending;
}

/* The newest pending mark of the item, or -1. */
static int pending_mark(const struct model *model, enum action act, const char *item) {
    for (uint32_t i = model->pending_count; i-- > 0;) {
        const struct body *body = &model->pending[i].command.body;
        if (body->act == act && span_equal(body->item, item)) {
            return (int)body->mark;
        }
    }
    return -1;
}

uint8_t model_sheet(const struct model *model) {
    bool own = model->role == ROLE_CANDIDATE || (model->role == ROLE_COACH && model->sealed);
    return own ? model->seat : SEAT_SERVER;
}

enum action model_sheet_action(const struct model *model) {
    if (model->role == ROLE_CANDIDATE) {
        return ACTION_SELF_SET;
    }
    return model_sheet(model) == SEAT_SERVER ? ACTION_MARK_SET : ACTION_SEAL_SET;
}

enum mark model_mark(const struct model *model, int item, bool *on_its_way) {
    *on_its_way = false;
    const struct pack *pack = model->room.pack;
    if (pack == NULL || item < 0 || item >= pack->item_count) {
        return MARK_NOT_YET;
    }
    int waiting = pending_mark(model, model_sheet_action(model), pack->items[item].id);
    if (waiting >= 0) {
        *on_its_way = true;
        return (enum mark)waiting;
    }
    const struct room_sheet *sheet = room_sheet_of(&model->room, model_sheet(model));
    return sheet == NULL ? MARK_NOT_YET : (enum mark)sheet->marks[item].mark;
}

int64_t model_silence(int64_t heard_at, int64_t monotonic_ms) {
    int64_t silent = heard_at > 0 ? monotonic_ms - heard_at : 0;
    return silent > MODEL_SILENT_MS ? silent : 0;
}

int64_t model_silence_change(int64_t heard_at, int64_t monotonic_ms) {
    int64_t wait = heard_at + MODEL_SILENT_MS + 1 - monotonic_ms;
    return heard_at == 0 ? -1 : wait > 0 ? wait : 1000;
}

int64_t model_silent(const struct model *model, int64_t monotonic_ms) {
    bool live = model->connection == CONNECTION_LIVE;
    return live ? model_silence(model->heard_at, monotonic_ms) : 0;
}
