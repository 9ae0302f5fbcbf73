/* SPDX-License-Identifier: ISC */
/*
 * pair_json.c: what the server tells of the queue and of the group's evening, in JSON. What would
 * make one fit has the form of a line of input, so that a program can send it back.
 */
#include "client/cmd/pair_json.h"

static const char *why_name(enum lobby_why why) {
    static const char *const names[] = {[LOBBY_WHY_NONE] = "",
                                        [LOBBY_WHY_LEFT] = "left",
                                        [LOBBY_WHY_EXPIRED] = "expired",
                                        [LOBBY_WHY_MISSED] = "missed",
                                        [LOBBY_WHY_WITHDRAWN] = "withdrawn",
                                        [LOBBY_WHY_PARTNER] = "partner-missing",
                                        [LOBBY_WHY_MET] = "met"};
    return (size_t)why < sizeof names / sizeof names[0] ? names[why] : "unknown";
}

static json_t *minutes_word(int minutes) {
    return minutes > 0 ? json_integer(minutes) : json_string("any");
}

/* Everybody whose wants are known, the first in front. */
static json_t *waiting(const struct pair_state *state) {
    json_t *list = json_array();
    const char *names = state->names;
    char name[NAME_MAX_BYTES + 1];
    for (uint32_t i = 0; i < state->wants_count && pair_next_name(&names, name); i++) {
        const struct lobby_wants *wants = &state->wants_of[i];
        const char *role = wants->role == ROLE_NONE ? "either" : role_name((enum role)wants->role);
        if (json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:o}", "name", name, "role", role,
                                                  "level", level_name((enum level)wants->level),
                                                  "minutes", minutes_word(wants->minutes)))) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *advice(const struct lobby_advice *advice) {
    switch (advice->more > 0 ? advice->change : LOBBY_CHANGE_NONE) {
    case LOBBY_CHANGE_MINUTES:
        return json_pack("{s:I,s:{s:o}}", "more", (json_int_t)advice->more, "pair", "minutes",
                         minutes_word(advice->to));
    case LOBBY_CHANGE_PACKS:
        return json_pack("{s:I,s:{s:s}}", "more", (json_int_t)advice->more, "pair", "packs", "any");
    case LOBBY_CHANGE_ROLE:
        return json_pack("{s:I,s:{s:s}}", "more", (json_int_t)advice->more, "pair", "role",
                         "either");
    case LOBBY_CHANGE_NONE: break;
    }
    return json_null();
}

json_t *pair_json_queue(const struct pair_state *state) {
    return json_pack("{s:I,s:I,s:s,s:s,s:o,s:o,s:s}", "place", (json_int_t)state->place, "count",
                     (json_int_t)state->count, "names", state->names, "why", why_name(state->why),
                     "waiting", waiting(state), "fits", advice(&state->advice), "last",
                     state->last);
}

json_t *pair_json_evening(const struct pair_evening *evening) {
    static const char *const mine[] = {"unsaid", "yes", "no"};
    return json_pack("{s:I,s:I,s:s,s:s,s:I,s:s,s:s}", "start", (json_int_t)evening->start,
                     "minutes", (json_int_t)evening->minutes, "text", evening->text, "mine",
                     mine[evening->mine], "coming", (json_int_t)evening->coming, "names",
                     evening->names, "missing", evening->missing);
}
