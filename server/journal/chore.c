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

void journal_drain(struct journal *core, const struct operation *op) {
    char line[JOURNAL_LINE_MAX] = "This journal has no other server.";
    journal_round_end(core);
    bool done = core->store.drain != NULL && core->store.drain(core->ctx, op->position, line);
    answer(core, op, done ? JOURNAL_DONE : JOURNAL_NOT_DONE, done ? "" : line);
}

void journal_chore_take(struct journal *core, struct operation *op) {
    char line[JOURNAL_LINE_MAX] = "";
    journal_round_end(core);
    if (core->chore != NULL) {
        refuse(core, op, "Something else is under way already; wait for its end.");
    } else if (core->store.chore_begin == NULL ||
               !core->store.chore_begin(core->ctx, op->chore, operation_text(op), line)) {
        refuse(core, op, line[0] != '\0' ? line : "This journal cannot do that.");
    } else {
        core->chore = op;
        core->chore_told = now_ms();
    }
}

/* What is known of it here is not so any more. Who followed it is told, and follows it no more. */
static void log_changed(void *arg, const char *id, const uint8_t *who) {
    struct journal *core = arg;
    struct journal_room *room = journal_rooms_find(&core->rooms, id);
    if (room == NULL) {
        return;
    }
    room->known = false;
    room->head = room->posted = 0;
    struct journal_batch *batch = room->followers != 0 ? journal_batch_new(id) : NULL;
    if (batch != NULL) {
        journal_batch_change(batch, who);
        journal_post_events(core, room->followers, batch);
        journal_batch_unref(batch);
    }
    for (unsigned i = 0; i < journal_listener_count(core); i++) {
        journal_rooms_unfollow(&core->rooms, room, i);
    }
}

void journal_chore_slice(struct journal *core) {
    char line[JOURNAL_LINE_MAX] = "";
    struct operation *op = core->chore;
    if (op == NULL) {
        return;
    }
    struct journal_changes changes = {.arg = core, .changed = log_changed};
    enum journal_said said = core->store.chore_slice(core->ctx, line, &changes);
    journal_tell_all(core);
    if (said == JOURNAL_GOES_ON) {
        int64_t now = now_ms();
        if (now - core->chore_told >= JOURNAL_TOLD_MS) {
            core->chore_told = now;
            answer(core, op, said, line);
        }
        return;
    }
    core->chore = NULL;
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
