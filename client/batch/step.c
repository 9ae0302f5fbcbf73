/* SPDX-License-Identifier: ISC */
/*
 * step.c: one line of batch mode: what it asks for. Pure.
 */
#include <string.h>

#include "client/batch/batch.h"
#include "protocol/text/why.h"

#define complain(why, ...) why_not((why), BATCH_WHY_MAX, __VA_ARGS__)

static bool known_keys(const json_t *json, const char *const *keys, char *why) {
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)json, key, value) {
        size_t i = 0;
        while (keys[i] != NULL && strcmp(keys[i], key) != 0) {
            i++;
        }
        if (keys[i] == NULL) {
            return complain(why, "\"%.40s\" has no place here.", key);
        }
    }
    return true;
}

static bool parse_limit(const json_t *json, struct batch_step *out, char *why) {
    const json_t *limit = json_object_get(json, "limit");
    out->limit = json_integer_value(limit);
    return limit == NULL ||
           (json_is_integer(limit) && out->limit >= 1 && out->limit <= BATCH_LIMIT_MAX_MS) ||
           complain(why, "\"limit\" should be a whole number of ms, 1 to %d.", BATCH_LIMIT_MAX_MS);
}

static bool parse_stage(const json_t *json, struct batch_step *out, char *why) {
    static const char *const keys[] = {"wait", "stage", "at", "limit", NULL};
    const char *name = json_string_value(json_object_get(json, "stage"));
    for (int stage = STAGE_WAITING; name != NULL && stage <= STAGE_CLOSED; stage++) {
        if (strcmp(name, stage_name((enum stage)stage)) == 0) {
            out->kind = BATCH_WAIT_STAGE;
            out->stage = (enum stage)stage;
            return known_keys(json, keys, why);
        }
    }
    return complain(why,
                    "\"stage\" should be lobby, running, paused, finished, debrief or closed.");
}

static bool parse_wait(const json_t *json, struct batch_step *out, char *why) {
    static const char *const keys[] = {"wait", "at", "limit", NULL};
    const char *what = json_string_value(json_object_get(json, "wait"));
    if (!parse_limit(json, out, why)) {
        return false;
    }
    if (what != NULL && strcmp(what, "stage") == 0) {
        return parse_stage(json, out, why);
    }
    if (what != NULL && strcmp(what, "event") == 0) {
        const char *name = json_string_value(json_object_get(json, "do"));
        out->kind = BATCH_WAIT_EVENT;
        out->at = -1; /* `at` would be a field of the event */
        return (name != NULL && action_find(name, strlen(name)) != ACTION_NONE) ||
               complain(why, "\"do\" should name the action to wait for; see PROTOCOL.md.");
    }
    if (what != NULL && strcmp(what, "sync") == 0) {
        out->kind = BATCH_WAIT_SYNC;
        return known_keys(json, keys, why);
    }
    return complain(why, "\"wait\" should be \"stage\", \"event\" or \"sync\".");
}

static bool parse_invite(const json_t *json, struct batch_step *out, char *why) {
    static const char *const keys[] = {"invite", "at", NULL};
    const char *name = json_string_value(json_object_get(json, "invite"));
    out->kind = BATCH_INVITE;
    out->role = name == NULL ? ROLE_NONE : role_find(name, strlen(name));
    if (out->role == ROLE_NONE) {
        return complain(why, "\"invite\" should be \"interviewer\", \"candidate\" or \"coach\".");
    }
    return known_keys(json, keys, why);
}

static bool parse_swap(const json_t *json, struct batch_step *out, char *why) {
    static const char *const keys[] = {"do", "pack", "at", NULL};
    const json_t *pack = json_object_get(json, "pack");
    out->kind = BATCH_SWAP;
    if (pack != NULL && !json_is_string(pack)) {
        return complain(why, "\"pack\" should be the name or file of a prompt.");
    }
    return known_keys(json, keys, why);
}

static bool parse_pairing(const json_t *json, struct batch_step *out, char *why) {
    static const char *const want_keys[] = {"pair", NULL};
    static const char *const unwant_keys[] = {"unpair", NULL};
    const json_t *wants = json_object_get(json, "pair");
    out->kind = wants != NULL ? BATCH_WANT : BATCH_UNWANT;
    if (wants != NULL && !json_is_object(wants)) {
        return complain(why, "\"pair\" should be an object, such as {\"role\":\"candidate\"}.");
    }
    return known_keys(json, wants != NULL ? want_keys : unwant_keys, why);
}

static bool parse_object(const json_t *json, struct batch_step *out, char *why) {
    static const char *const end_keys[] = {"end", "at", NULL};
    static const char *const digest_keys[] = {"digest", "at", NULL};
    static const char *const bring_keys[] = {"bring", "at", NULL};
    const json_t *at = json_object_get(json, "at");
    if (at != NULL && (!json_is_integer(at) || json_integer_value(at) < 0)) {
        return complain(why, "\"at\" should be a whole number of ms since the interview's start.");
    }
    out->at = at == NULL ? -1 : json_integer_value(at);
    if (json_object_get(json, "wait") != NULL) {
        return parse_wait(json, out, why);
    }
    if (json_object_get(json, "invite") != NULL) {
        return parse_invite(json, out, why);
    }
    if (json_is_true(json_object_get(json, "end"))) {
        out->kind = BATCH_END;
        return known_keys(json, end_keys, why);
    }
    if (json_is_true(json_object_get(json, "digest"))) {
        out->kind = BATCH_DIGEST;
        return known_keys(json, digest_keys, why);
    }
    if (json_object_get(json, "bring") != NULL) {
        out->kind = BATCH_BRING;
        return json_is_string(json_object_get(json, "bring"))
                   ? known_keys(json, bring_keys, why)
                   : complain(why, "\"bring\" should name a file: a drawing or a picture.");
    }
    if (json_object_get(json, "pair") != NULL || json_is_true(json_object_get(json, "unpair"))) {
        return parse_pairing(json, out, why);
    }
    const char *act = json_string_value(json_object_get(json, "do"));
    if (act != NULL && strcmp(act, "room.swap") == 0) {
        return parse_swap(json, out, why);
    }
    out->kind = BATCH_COMMAND; /* its fields are read when its turn has come: ids are the pack's */
    return json_object_get(json, "do") != NULL ||
           complain(why,
                    "The line should hold \"do\", \"wait\", \"invite\", \"digest\" or \"end\".");
}

bool batch_parse(const char *line, size_t len, struct batch_step *out, char *why) {
    memset(out, 0, sizeof *out);
    out->json = batch_line_object(line, len, "{\"do\":\"clock.start\"}", why);
    if (out->json == NULL) {
        return false;
    }
    if (!parse_object(out->json, out, why)) {
        batch_step_free(out);
        return false;
    }
    return true;
}

void batch_step_free(struct batch_step *step) {
    json_decref(step->json);
    step->json = NULL;
}

bool batch_stage_reached(enum stage now, enum stage wanted) {
    if (now == wanted) {
        return true;
    }
    if (wanted == STAGE_RUNNING || wanted == STAGE_PAUSED) {
        return now >= STAGE_FINISHED; /* a pause ends, a run can be paused: both can come again */
    }
    return now > wanted;
}

bool batch_event_matches(const json_t *event, const json_t *wait) {
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)wait, key, value) {
        bool own = strcmp(key, "wait") == 0 || strcmp(key, "limit") == 0;
        if (!own && !json_equal(value, json_object_get(event, key))) {
            return false;
        }
    }
    return true;
}
