/* SPDX-License-Identifier: ISC */
/*
 * past_prompts.c: asks the journal for a key's rooms, then for one log after the other.
 */
#include "server/room/past_prompts.h"

#include <stdlib.h>
#include <string.h>

#include "server/room/fold.h"

struct search {
    LIST_ENTRY(search) of_hall;
    struct hall *hall;
    struct call call;
    struct past_question question;
    struct past past;
    uint8_t key[HASH_BYTES];
    char *ids; /* ROOM_ID_BYTES each */
    uint32_t count, next;
    bool complete;
};

void past_free(struct past *past) {
    free(past->prompts);
    *past = (struct past){0};
}

bool past_holds(const struct past *past, const char *prompt) {
    for (uint32_t i = 0; i < past->count; i++) {
        if (strcmp(past->prompts[i], prompt) == 0) {
            return true;
        }
    }
    return false;
}

static bool add(struct past *past, const char *prompt) {
    if (past_holds(past, prompt)) {
        return true;
    }
    if (past->count == past->cap) {
        uint32_t cap = past->cap == 0 ? 8 : 2 * past->cap;
        void *grown = realloc(past->prompts, cap * sizeof *past->prompts);
        if (grown == NULL) {
            return false;
        }
        past->prompts = grown;
        past->cap = cap;
    }
    strncpy(past->prompts[past->count], prompt, ID_MAX_BYTES);
    past->prompts[past->count++][ID_MAX_BYTES] = '\0';
    return true;
}

static void end(struct search *search) {
    struct past past = search->past;
    LIST_REMOVE(search, of_hall);
    search->question.done(search->question.owner, search->hall, &past, search->complete);
    free(search->ids);
    free(search);
}

static void ask_next(struct search *search) {
    struct hall *hall = search->hall;
    if (search->ids == NULL || search->next == search->count) {
        end(search);
        return;
    }
    char id[ROOM_ID_BYTES + 1] = {0};
    memcpy(id, search->ids + (size_t)search->next++ * ROOM_ID_BYTES, ROOM_ID_BYTES);
    journal_post_read(hall->means.journal, hall->means.listener, id, 0, call_token(&search->call));
}

/* A log that cannot be folded names no prompt: its room cannot be entered any more either. False:
 * out of memory. */
static bool look_at(struct search *search, struct journal_batch *batch) {
    struct fold fold;
    bool good = true;
    if (!fold_read(&fold, search->hall, batch)) {
        return true;
    }
    int seat = room_seat_of_key(&fold.room, search->key);
    if (seat >= 0 && fold.room.seats[seat].role == ROLE_CANDIDATE &&
        fold.room.clock.started_at != 0) {
        good = add(&search->past, fold.room.pack->id);
    }
    fold_free(&fold);
    return good;
}

static void on_log(struct call *call, bool exists, struct journal_batch *batch) {
    struct search *search = call->owner;
    (void)exists;
    if (batch == NULL || !look_at(search, batch)) {
        search->complete = false;
    }
    ask_next(search);
}

static void on_rooms(struct call *call, const char *ids, uint32_t count) {
    struct search *search = call->owner;
    search->ids = malloc((size_t)count * ROOM_ID_BYTES + 1);
    if (search->ids == NULL) {
        search->complete = false;
    } else if (count > 0) {
        memcpy(search->ids, ids, (size_t)count * ROOM_ID_BYTES);
        search->count = count;
    }
    ask_next(search);
}

enum refusal past_ask(struct hall *hall, const uint8_t key[HASH_BYTES],
                      const struct past_question *question) {
    struct search *search = calloc(1, sizeof *search);
    if (search == NULL) {
        return REFUSAL_INTERNAL;
    }
    search->hall = hall;
    search->question = *question;
    search->complete = true;
    search->call = (struct call){.rooms = on_rooms, .history = on_log, .owner = search};
    memcpy(search->key, key, HASH_BYTES);
    LIST_INSERT_HEAD(&hall->cohorts.searches, search, of_hall);
    journal_post_rooms_of(hall->means.journal, hall->means.listener, key,
                          call_token(&search->call));
    return REFUSAL_NONE;
}

void past_forget(struct hall *hall) {
    struct search *search;
    while ((search = LIST_FIRST(&hall->cohorts.searches)) != NULL) {
        LIST_REMOVE(search, of_hall);
        search->question.drop(search->question.owner);
        past_free(&search->past);
        free(search->ids);
        free(search);
    }
}
