/* SPDX-License-Identifier: ISC */
/*
 * chore.c: long work for the operator on the journal's thread, in slices between the commits.
 *
 * Invariant: one chore at a time; it is answered once with an end, and before that any number of
 * times with how far it is.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "server/journal/parts.h"

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void answer(struct journal *core, const struct operation *op, enum journal_said said,
                   const char *line) {
    const struct journal_listener *to = journal_speak_to(core, op->listener);
    to->chore(to->ctx, op->token, said, line);
    journal_tell_all(core);
}

static void refuse(struct journal *core, struct operation *op, const char *line) {
    answer(core, op, JOURNAL_NOT_DONE, line);
    free(op);
}

/* What the workers hold of a room would outlive its removal. */
static bool in_use(struct journal *core, const struct operation *op) {
    const struct journal_room *room = NULL;
    char id[ROOM_ID_BYTES + 1] = "";
    if (op->chore == JOURNAL_FORGET && strlen(operation_text(op)) == ROOM_ID_BYTES) {
        memcpy(id, operation_text(op), ROOM_ID_BYTES);
        room = journal_rooms_find(&core->rooms, id);
    }
    return room != NULL && room->followers != 0;
}

void journal_chore_take(struct journal *core, struct operation *op) {
    char line[JOURNAL_LINE_MAX] = "";
    journal_round_end(core);
    if (core->chore != NULL) {
        refuse(core, op, "Something else is under way already; wait for its end.");
    } else if (in_use(core, op)) {
        refuse(core, op,
               "Somebody is in that room, or was a moment ago; wait until all have left "
               "it, or stop the server.");
    } else if (core->store.chore_begin == NULL ||
               !core->store.chore_begin(core->ctx, op->chore, operation_text(op), line)) {
        refuse(core, op, line[0] != '\0' ? line : "This journal cannot do that.");
    } else {
        core->chore = op;
        core->chore_told = now_ms();
    }
}

/* A removed room is one of which nothing is known. */
static void forget_head(struct journal *core, const struct operation *op) {
    char id[ROOM_ID_BYTES + 1] = "";
    memcpy(id, operation_text(op), strnlen(operation_text(op), ROOM_ID_BYTES));
    struct journal_room *room = journal_rooms_find(&core->rooms, id);
    if (room != NULL) {
        room->known = false;
        room->head = room->posted = 0;
    }
}

void journal_chore_slice(struct journal *core) {
    char line[JOURNAL_LINE_MAX] = "";
    struct operation *op = core->chore;
    if (op == NULL) {
        return;
    }
    enum journal_said said = core->store.chore_slice(core->ctx, line);
    if (said == JOURNAL_GOES_ON) {
        int64_t now = now_ms();
        if (now - core->chore_told >= JOURNAL_TOLD_MS) {
            core->chore_told = now;
            answer(core, op, said, line);
        }
        return;
    }
    core->chore = NULL;
    if (op->chore == JOURNAL_FORGET) {
        forget_head(core, op);
    }
    answer(core, op, said, line);
    free(op);
}

void journal_chore_give_up(struct journal *core) {
    if (core->chore != NULL) {
        struct operation *op = core->chore;
        core->chore = NULL;
        refuse(core, op, "The server stopped before the end; begin again.");
    }
}
