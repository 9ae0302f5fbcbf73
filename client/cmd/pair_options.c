/* SPDX-License-Identifier: ISC */
/*
 * pair_options.c: words to wishes.
 */
#include "client/cmd/pair_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/text/why.h"

enum { MINUTE = 60 * 1000 };

#define complain(why, ...) why_not((why), PAIR_OPTIONS_WHY_MAX, __VA_ARGS__)

bool pair_options_role(const char *word, struct pair_wants *out, char *why) {
    if (word == NULL) {
        return true;
    }
    enum role role = role_find(word, strlen(word));
    if (strcmp(word, "either") == 0) {
        role = ROLE_NONE;
    } else if (role != ROLE_INTERVIEWER && role != ROLE_CANDIDATE) {
        return complain(why, "The role \"%.20s\" should be interviewer, candidate or either.",
                        word);
    }
    out->role = role;
    return true;
}

bool pair_options_level(const char *word, struct pair_wants *out, char *why) {
    return word == NULL || level_find(word, &out->level) ||
           complain(why, "The level \"%.20s\" should be mid, senior, staff or any.", word);
}

/* False: no whole number of 1..max. */
static bool read_number(const char *word, long max, long *out) {
    char *end;
    *out = strtol(word, &end, 10);
    return word[0] >= '0' && word[0] <= '9' && *end == '\0' && *out >= 1 && *out <= max;
}

bool pair_options_minutes(const char *word, struct pair_wants *out, char *why) {
    long minutes = 0;
    if (word == NULL) {
        return true;
    }
    if (strcmp(word, "any") != 0 && !read_number(word, COHORT_MINUTES_MAX, &minutes)) {
        return complain(why, "The length \"%.20s\" should be 1 to %d minutes, or any.", word,
                        COHORT_MINUTES_MAX);
    }
    out->minutes = (int)minutes;
    return true;
}

bool pair_options_extra(const char *word, struct pair_wants *out, char *why) {
    if (word == NULL) {
        return true;
    }
    char *end;
    long percent = strtol(word, &end, 10);
    bool good = word[0] >= '0' && word[0] <= '9' && percent <= PLAN_EXTRA_MAX;
    if (!good || (*end != '\0' && strcmp(end, "%") != 0)) {
        return complain(why, "More time, \"%.20s\", should be 0 to %d percent of the plan.", word,
                        PLAN_EXTRA_MAX);
    }
    out->extra = (int)percent;
    return true;
}

bool pair_options_wait(const char *word, struct pair_wants *out, char *why) {
    long minutes = 0;
    if (word == NULL) {
        return true;
    }
    if (!read_number(word, COHORT_WAIT_MAX_MS / MINUTE, &minutes)) {
        return complain(why, "The time to wait, \"%.20s\", should be 1 to %d minutes.", word,
                        COHORT_WAIT_MAX_MS / MINUTE);
    }
    out->wait_ms = minutes * MINUTE;
    return true;
}

/* ---- JSON ---- */

static bool known_keys(const json_t *json, char *why) {
    static const char *const keys[] = {"role", "level", "minutes", "extra", "wait", "packs"};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)json, key, value) {
        bool known = false;
        for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
            known = known || strcmp(keys[i], key) == 0;
        }
        if (!known) {
            return complain(why, "\"%.40s\" has no place among the wishes.", key);
        }
    }
    return true;
}

/* The word of a string, or of a whole number; NULL if the key is absent. False: it is neither. */
static bool word_of(const json_t *json, const char *key, char *buffer, size_t size,
                    const char **out, char *why) {
    const json_t *value = json_object_get(json, key);
    *out = json_string_value(value);
    if (json_is_integer(value)) {
        snprintf(buffer, size, "%lld", (long long)json_integer_value(value));
        *out = buffer;
    }
    return value == NULL || *out != NULL ||
           complain(why, "\"%s\" should be a word or number.", key);
}

static bool choose_packs(const json_t *packs, const struct pair_state *state,
                         struct pair_wants *out, uint64_t *chosen, char *why) {
    const char *word = json_string_value(packs);
    if (word != NULL && strcmp(word, "any") == 0) {
        out->any_pack = true;
        return true;
    }
    if (!json_is_array(packs) || json_array_size(packs) == 0) {
        return complain(why, "\"packs\" should be \"any\" or a list of prompts.");
    }
    out->any_pack = false;
    *chosen = 0;
    for (size_t i = 0; i < json_array_size(packs); i++) {
        int found = -1;
        word = json_string_value(json_array_get(packs, i));
        for (int k = 0; word != NULL && k < state->pack_count; k++) {
            found = strcmp(state->packs[k].pack->id, word) == 0 ? k : found;
        }
        if (found < 0) {
            return complain(why, "There is no prompt \"%.40s\" here; see 'spar pack list'.",
                            word == NULL ? "" : word);
        }
        *chosen |= UINT64_C(1) << found;
    }
    return true;
}

bool pair_options_json(const json_t *json, const struct pair_state *state, struct pair_wants *out,
                       uint64_t *chosen, char *why) {
    static bool (*const read[])(const char *, struct pair_wants *, char *) = {
        pair_options_role, pair_options_level, pair_options_minutes, pair_options_extra,
        pair_options_wait};
    static const char *const keys[] = {"role", "level", "minutes", "extra", "wait"};
    const json_t *packs = json_object_get(json, "packs");
    *out = state->wants;
    *chosen = 0;
    for (int i = 0; i < state->pack_count; i++) {
        *chosen |= (uint64_t)state->packs[i].chosen << i;
    }
    if (!known_keys(json, why)) {
        return false;
    }
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        char buffer[24];
        const char *word;
        if (!word_of(json, keys[i], buffer, sizeof buffer, &word, why) ||
            !read[i](word, out, why)) {
            return false;
        }
    }
    return packs == NULL || choose_packs(packs, state, out, chosen, why);
}
