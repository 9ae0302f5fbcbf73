/* SPDX-License-Identifier: ISC */
/*
 * pair_words.c: what the queue, and those who wait in it, are called in words. Pure.
 */
#include <stdio.h>
#include <string.h>

#include "client/feed/pair.h"
#include "protocol/text/text.h"

const char *pair_why(enum lobby_why why) {
    switch (why) {
    case LOBBY_WHY_LEFT: return "You left the queue.";
    case LOBBY_WHY_EXPIRED:
        return "Nobody who fits came in that time; wait again, or ask for less.";
    case LOBBY_WHY_MISSED:
        return "You did not appear in the room that was opened for you; wait again.";
    case LOBBY_WHY_WITHDRAWN: return "The coaches do not let you in any more; ask them.";
    case LOBBY_WHY_PARTNER:
        return "Your partner did not appear; you are at the front of the queue again.";
    case LOBBY_WHY_MET: return "You and your partner have met.";
    case LOBBY_WHY_NONE: break;
    }
    return "";
}

bool pair_next_name(const char **names, char out[NAME_MAX_BYTES + 1]) {
    const char *end = strstr(*names, ", ");
    size_t len = end != NULL ? (size_t)(end - *names) : strlen(*names);
    text_plain((struct span){*names, (uint32_t)len}, out, NAME_MAX_BYTES + 1);
    *names += len + (end != NULL ? 2 : 0);
    return len > 0 || end != NULL;
}

void pair_advice(const struct pair_state *state, char out[PAIR_ADVICE_SIZE]) {
    const struct lobby_advice *advice = &state->advice;
    char front[32];
    out[0] = '\0';
    snprintf(front, sizeof front, advice->more == 1 ? "One more fits" : "%u more fit",
             (unsigned)advice->more);
    if (state->at != PAIR_WAITING || advice->more == 0) {
        return;
    }
    switch (advice->change) {
    case LOBBY_CHANGE_MINUTES:
        if (advice->to > 0) {
            snprintf(out, PAIR_ADVICE_SIZE, "%s if you take %d minutes", front, advice->to);
        } else {
            snprintf(out, PAIR_ADVICE_SIZE, "%s if you take any length", front);
        }
        break;
    case LOBBY_CHANGE_PACKS:
        snprintf(out, PAIR_ADVICE_SIZE, "%s if you take any prompt", front);
        break;
    case LOBBY_CHANGE_ROLE:
        snprintf(out, PAIR_ADVICE_SIZE, "%s if you take either role", front);
        break;
    case LOBBY_CHANGE_NONE: break;
    }
}

void pair_last(const struct pair_state *state, char out[PAIR_LAST_SIZE]) {
    char name[NAME_MAX_BYTES + 1];
    text_plain(span_of(state->last), name, sizeof name);
    out[0] = '\0';
    if (state->at == PAIR_WAITING && name[0] != '\0') {
        snprintf(out, PAIR_LAST_SIZE,
                 "%s was your last partner: paired again once both have waited a minute", name);
    }
}

static const char *const levels[] = {
    [LEVEL_ANY] = "any", [LEVEL_MID] = "mid", [LEVEL_SENIOR] = "senior", [LEVEL_STAFF] = "staff"};
enum { LEVELS = sizeof levels / sizeof levels[0] };

const char *level_name(enum level level) {
    return levels[level];
}

bool level_find(const char *name, enum level *out) {
    for (int i = 0; i < LEVELS; i++) {
        if (strcmp(levels[i], name) == 0) {
            *out = (enum level)i;
            return true;
        }
    }
    return false;
}
