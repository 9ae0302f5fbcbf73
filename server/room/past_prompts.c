/* SPDX-License-Identifier: ISC */
/*
 * past_prompts.c: asks the journal for a key's rooms, then for one log after the other.
 */
#include "server/room/past_prompts.h"

#include <stdlib.h>
#include <string.h>

#include "server/room/fold.h"

struct search {
    LIST_ENTRY(search) of_searches;
    struct desk *desk;
    struct call call;
    struct fold fold; /* of the log that was read last */
    struct past_prompts_question question;
    struct past_prompts past_prompts;
    uint8_t *keys; /* HASH_BYTES each; the one looked at is the key_at-th */
    uint32_t key_count, key_at;
    char *ids; /* ROOM_ID_BYTES each */
    uint32_t count, next;
    bool complete;
};

void past_prompts_free(struct past_prompts *past) {
    free(past->prompts);
    *past = (struct past_prompts){0};
}

bool past_prompts_holds(const struct past_prompts *past, const char *prompt) {
    for (uint32_t i = 0; i < past->count; i++) {
        if (strcmp(past->prompts[i], prompt) == 0) {
            return true;
        }
    }
    return false;
}

static bool add(struct past_prompts *past, const char *prompt) {
    if (past_prompts_holds(past, prompt)) {
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
    struct past_prompts past = search->past_prompts;
    LIST_REMOVE(search, of_searches);
    search->question.done(search->question.owner, &past, search->complete);
    free(search->ids);
    free(search->keys);
    free(search);
}

static const uint8_t *key_of(const struct search *search) {
    return search->keys + (size_t)search->key_at * HASH_BYTES;
}

/* Asks for the rooms of the next key, or ends. */
static void ask_next_key(struct search *search) {
    if (search->key_at + 1 >= search->key_count) {
        end(search);
        return;
    }
    search->key_at++;
    free(search->ids);
    search->ids = NULL;
    search->count = search->next = 0;
    desk_rooms_of(search->desk, key_of(search), &search->call);
}

static void ask_next(struct search *search) {
    if (search->ids == NULL || search->next == search->count) {
        ask_next_key(search);
        return;
    }
    char id[ROOM_ID_BYTES + 1] = {0};
    memcpy(id, search->ids + (size_t)search->next++ * ROOM_ID_BYTES, ROOM_ID_BYTES);
    desk_read(search->desk, id, &search->call);
}

/* Whoever sat on the panel has had its part from the first moment; the candidate has the prompt
 * from the start, and the rest with the debrief. */
static bool has_seen(const struct room *room, int seat) {
    return seat >= 0 && (room->seats[seat].role != ROLE_CANDIDATE || room->clock.started_at != 0 ||
                         room->opened);
}

/* Also of a key that has lost its seat: who had it has seen what was shown. */
static int seat_ever(const struct room *room, const uint8_t *key) {
    int seat = room_seat_of_key(room, key);
    return seat >= 0 ? seat : room_former_seat(room, key);
}

/* A log that cannot be folded names no prompt: its room cannot be entered any more either. */
static void on_folded(struct fold *fold, bool good) {
    struct search *search = fold->owner;
    const struct room *room = &fold->room;
    if (good && has_seen(room, seat_ever(room, key_of(search))) &&
        !add(&search->past_prompts, room->pack->id)) {
        search->complete = false;
    }
    fold_free(fold);
    ask_next(search);
}

static void on_log(struct call *call, bool exists, struct journal_batch *batch) {
    struct search *search = call->owner;
    (void)exists;
    if (batch == NULL || journal_batch_is_damaged(batch)) {
        search->complete = false;
        ask_next(search);
    } else {
        fold_begin(&search->fold, search->desk, batch);
    }
}

static void on_rooms(struct call *call, const char *ids, uint32_t count) {
    struct search *search = call->owner;
    search->ids = malloc((size_t)count * ROOM_ID_BYTES + 1);
    if (ids == NULL || search->ids == NULL) {
        search->complete = false;
    } else if (count > 0) {
        memcpy(search->ids, ids, (size_t)count * ROOM_ID_BYTES);
        search->count = count;
    }
    ask_next(search);
}

enum refusal past_prompts_ask(struct past_prompts_searches *searches, const uint8_t *keys,
                              uint32_t count, const struct past_prompts_question *question) {
    struct search *search = calloc(1, sizeof *search);
    uint8_t *copy = malloc((size_t)count * HASH_BYTES);
    if (search == NULL || copy == NULL) {
        free(search);
        free(copy);
        return REFUSAL_INTERNAL;
    }
    memcpy(copy, keys, (size_t)count * HASH_BYTES);
    search->desk = searches->desk;
    search->question = *question;
    search->complete = true;
    search->call = (struct call){.rooms = on_rooms, .history = on_log, .owner = search};
    search->fold = (struct fold){.done = on_folded, .owner = search};
    search->keys = copy;
    search->key_count = count;
    LIST_INSERT_HEAD(&searches->list, search, of_searches);
    desk_rooms_of(searches->desk, key_of(search), &search->call);
    return REFUSAL_NONE;
}

void past_prompts_forget(struct past_prompts_searches *searches) {
    struct search *search;
    while ((search = LIST_FIRST(&searches->list)) != NULL) {
        LIST_REMOVE(search, of_searches);
        search->question.drop(search->question.owner);
        past_prompts_free(&search->past_prompts);
        fold_free(&search->fold);
        free(search->keys);
        free(search->ids);
        free(search);
    }
}
