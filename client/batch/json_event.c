/* SPDX-License-Identifier: ISC */
/*
 * json_event.c: bodies to JSON and back, by the rows of actions.def and fields.def.
 */
#include "client/batch/json_event.h"

#include <stdio.h>
#include <string.h>

#include "protocol/cohort/cohort.h"
#include "protocol/room/verdict.h"
#include "protocol/wire/u32.h"

enum { WHY_SIZE = 256, MINUTE_MS = 60000 };

static json_t *json_span(struct span span) {
    /* The wire's texts are UTF-8, checked by the reader; without the check jansson would refuse a
     * NUL. */
    return json_stringn(span.at == NULL ? "" : span.at, span.len);
}

static json_t *budgets_json(struct span bytes) {
    json_t *list = json_array();
    for (uint32_t i = 0; i + U32_BYTES <= bytes.len; i += U32_BYTES) {
        uint32_t ms = u32_get(bytes.at + i);
        json_array_append_new(list, ms % MINUTE_MS == 0 ? json_integer(ms / MINUTE_MS)
                                                        : json_real((double)ms / MINUTE_MS));
    }
    return list;
}

/* The id of the index-th score: a competency's, or what is rated. NULL: there is none. */
static const char *score_id(enum field field, const struct pack *pack, uint32_t index) {
    if (field == FIELD_ratings) {
        return index < RATING_COUNT ? verdict_rating_id((enum rating)index) : NULL;
    }
    return pack != NULL && index < pack->competency_count ? pack->competencies[index].id : NULL;
}

/* {"id": 3}, or with evidence {"id": {"score": 3, "at": 120000}}; what was not said is left out. */
static json_t *scores_json(enum field field, const struct pack *pack, struct span bytes) {
    json_t *object = json_object();
    uint32_t size = field == FIELD_scores ? VERDICT_SCORE_BYTES : 1;
    const char *id;
    for (uint32_t i = 0; (i + 1) * size <= bytes.len && (id = score_id(field, pack, i)); i++) {
        json_int_t score = (unsigned char)bytes.at[(size_t)size * i];
        json_int_t at = size > 1 ? u32_get(bytes.at + (size_t)size * i + 1) : 0;
        if (at != 0) {
            json_object_set_new(object, id, json_pack("{s:I,s:I}", "score", score, "at", at));
        } else if (score != 0) {
            json_object_set_new(object, id, json_integer(score));
        }
    }
    return object;
}

static json_t *bytes_json(enum field field, const struct pack *pack, struct span bytes) {
    return field == FIELD_budgets ? budgets_json(bytes) : scores_json(field, pack, bytes);
}

/* A set of a cohort's packs, as their numbers. */
static json_t *packs_json(int64_t bits) {
    json_t *list = json_array();
    for (int i = 0; i < COHORT_PACKS_MAX; i++) {
        if (bits >> i & 1) {
            json_array_append_new(list, json_integer(i));
        }
    }
    return list;
}

static json_t *number_json(enum field field, int64_t value) {
    switch (field) {
    case FIELD_mark:
    case FIELD_was: return json_string(mark_name((enum mark)value));
    case FIELD_recommend: return json_string(verdict_recommend_name((enum recommend)value));
    case FIELD_level: return json_string(pack_level_name((enum level)value));
    case FIELD_role: return json_string(role_name((enum role)value));
    case FIELD_on: return json_boolean(value != 0);
    case FIELD_packs:
    case FIELD_fresh: return packs_json(value);
    case FIELD_why: return json_string(value == LOBBY_WHY_EXPIRED ? "expired" : "left");
    default: return json_integer(value);
    }
}

static const struct span *span_member(const struct body *body, enum field field) {
    return (const struct span *)(const void *)((const char *)body + field_row(field)->offset);
}

static void fields_json(json_t *object, const struct pack *pack, const struct body *body) {
    for (int i = 0; i < FIELD_COUNT; i++) {
        enum field field = (enum field)i;
        const struct field_row *row = field_row(field);
        if ((body->has & FIELD_BIT(i)) == 0 || field == FIELD_pack || row->type == FIELD_SECRET) {
            continue;
        }
        json_t *value;
        if (field == FIELD_image) { /* a line is no place for a picture */
            json_object_set_new(object, "bytes", json_integer(body->image.len));
            continue;
        }
        if (row->type == FIELD_NUM) {
            int64_t number;
            memcpy(&number, (const char *)body + row->offset, sizeof number);
            value = number_json(field, number);
        } else if (row->type == FIELD_TEXT) {
            value = json_span(*span_member(body, field));
        } else {
            value = bytes_json(field, pack, *span_member(body, field));
        }
        json_object_set_new(object, row->key, value);
    }
}

json_t *json_event(const struct room *room, const struct event *event) {
    json_t *object = json_object();
    json_object_set_new(object, "n", json_integer(event->pos));
    json_object_set_new(object, "at", json_integer(event->at));
    if (event->made != event->at) {
        json_object_set_new(object, "made", json_integer(event->made));
    }
    if (event->by == SEAT_SERVER) {
        json_object_set_new(object, "by", json_null());
    } else {
        json_object_set_new(object, "by", json_integer(event->by));
        if (event->by < room->seat_count) {
            json_object_set_new(object, "name", json_string(room->seats[event->by].name));
        }
    }
    json_object_set_new(object, "do", json_string(action_row(event->body.act)->wire));
    fields_json(object, room->pack, &event->body);
    if (event->id != 0) {
        json_object_set_new(object, "id", json_integer(event->id));
    }
    return object;
}

json_t *json_cohort_event(const struct event *event) {
    json_t *object = json_object();
    const char *act =
        event->body.act == ACTION_NONE ? "unknown" : action_row(event->body.act)->wire;
    json_object_set_new(object, "n", json_integer(event->pos));
    json_object_set_new(object, "at", json_integer(event->at));
    json_object_set_new(object, "do", json_string(act));
    fields_json(object, NULL, &event->body);
    return object;
}

/* The number that a word stands for, or -1. */
static int64_t word_number(enum field field, const char *word, const struct pack *pack) {
    switch (field) {
    case FIELD_mark:
        for (int mark = MARK_NOT_YET; mark <= MARK_RAISED; mark++) {
            if (strcmp(word, mark_name((enum mark)mark)) == 0) {
                return mark;
            }
        }
        return -1;
    case FIELD_phase:
        for (int i = 0; pack != NULL && i < pack->phase_count; i++) {
            if (strcmp(word, pack->phases[i].id) == 0) {
                return i;
            }
        }
        return -1;
    case FIELD_plan:
        for (int i = 0; pack != NULL && i < pack->plan_count; i++) {
            if (strcmp(word, pack->plans[i].id) == 0) {
                return i;
            }
        }
        return -1;
    case FIELD_recommend:
        for (int i = 0; i <= RECOMMEND_STRONG_YES; i++) {
            if (strcmp(word, verdict_recommend_name((enum recommend)i)) == 0) {
                return i;
            }
        }
        return -1;
    case FIELD_level:
        for (int i = LEVEL_ANY; i <= LEVEL_STAFF; i++) {
            if (strcmp(word, pack_level_name((enum level)i)) == 0) {
                return i;
            }
        }
        return -1;
    default: return -1;
    }
}

static bool read_number(const json_t *value, enum field field, const struct pack *pack,
                        struct body *out, char *why) {
    const struct field_row *row = field_row(field);
    int64_t number;
    if (json_is_integer(value)) {
        number = json_integer_value(value);
    } else if (json_is_boolean(value) && field == FIELD_on) {
        number = json_is_true(value);
    } else if (json_is_string(value) &&
               (number = word_number(field, json_string_value(value), pack)) >= 0) {
        /* found */
    } else {
        snprintf(why, WHY_SIZE, "\"%s\" should be %s.", row->key,
                 field == FIELD_mark        ? "\"not yet\", \"prompted\" or \"raised\""
                 : field == FIELD_on        ? "true or false"
                 : field == FIELD_phase     ? "a phase's number from 0 or its id"
                 : field == FIELD_plan      ? "a plan's number from 0 or its id"
                 : field == FIELD_level     ? "\"mid\", \"senior\" or \"staff\""
                 : field == FIELD_recommend ? "\"strong no\", \"no\", \"yes\" or \"strong yes\""
                                            : "a whole number");
        return false;
    }
    if (number < row->min || number > row->max) {
        snprintf(why, WHY_SIZE, "\"%s\" should be %lld to %lld.", row->key, (long long)row->min,
                 (long long)row->max);
        return false;
    }
    memcpy((char *)out + row->offset, &number, sizeof number);
    return true;
}

/* An array of minutes. */
static bool read_budgets(const json_t *value, char *budgets, struct body *out, char *why) {
    size_t count = json_array_size(value);
    bool good = count >= 1 && count <= PACK_PHASES_MAX;
    for (size_t i = 0; good && i < count; i++) {
        const json_t *minutes = json_array_get(value, i);
        double ms = json_number_value(minutes) * MINUTE_MS;
        good = json_is_number(minutes) && ms >= 0 && ms <= PHASE_BUDGET_MAX_MS;
        u32_put(budgets + U32_BYTES * i, good ? (uint32_t)ms : 0);
    }
    if (!good) {
        snprintf(why, WHY_SIZE, "\"budgets\" should be a list of minutes, one for each phase.");
        return false;
    }
    out->budgets = (struct span){budgets, (uint32_t)(U32_BYTES * count)};
    return true;
}

/* One score: a number, or (with evidence) {"score","at"}. */
static bool read_score(const json_t *value, uint32_t size, char *out) {
    const json_t *evidence = json_object_get(value, "at");
    const json_t *score = json_is_object(value) ? json_object_get(value, "score") : value;
    json_int_t number = json_integer_value(score);
    json_int_t at = json_integer_value(evidence);
    out[0] = (char)number;
    for (uint32_t i = 1; i < size; i++) {
        out[i] = (char)(at >> (8 * (size - 1 - i)));
    }
    return json_is_integer(score) && number >= 0 && number <= PACK_SCORES && at >= 0 &&
           at <= UINT32_MAX && (evidence == NULL || (json_is_integer(evidence) && size > 1));
}

/* An object of scores by ids; those that it lacks are 0. */
static bool read_scores(const json_t *value, enum field field, const struct pack *pack, char *bytes,
                        struct body *out, char *why) {
    const struct field_row *row = field_row(field);
    uint32_t size = field == FIELD_scores ? VERDICT_SCORE_BYTES : 1;
    uint32_t count = 0;
    size_t found = 0;
    const char *id;
    bool good = json_is_object(value);
    for (; good && (id = score_id(field, pack, count)) != NULL; count++) {
        const json_t *one = json_object_get(value, id);
        memset(bytes + (size_t)size * count, 0, size);
        good = one == NULL || read_score(one, size, bytes + (size_t)size * count);
        found += one != NULL;
    }
    if (!good || found != json_object_size(value) || count == 0) {
        snprintf(why, WHY_SIZE,
                 "\"%s\" should be an object of scores from 1 to %d by the ids of %s.", row->key,
                 PACK_SCORES, field == FIELD_ratings ? "what is rated" : "the pack's competencies");
        return false;
    }
    struct span span = {bytes, size * count};
    memcpy((char *)out + row->offset, &span, sizeof span);
    return true;
}

static bool read_bytes(const json_t *value, enum field field, const struct pack *pack,
                       struct json_bytes *bytes, struct body *out, char *why) {
    switch (field) {
    case FIELD_scores: return read_scores(value, field, pack, bytes->scores, out, why);
    case FIELD_ratings: return read_scores(value, field, pack, bytes->ratings, out, why);
    default: return read_budgets(value, bytes->budgets, out, why);
    }
}

static bool read_text(const json_t *value, const struct field_row *row, struct body *out,
                      char *why) {
    size_t len = json_string_length(value);
    if (!json_is_string(value) || (int64_t)len < row->min || (int64_t)len > row->max) {
        snprintf(why, WHY_SIZE, "\"%s\" should be a text of %lld to %lld bytes.", row->key,
                 (long long)row->min, (long long)row->max);
        return false;
    }
    struct span span = {json_string_value(value), (uint32_t)len};
    memcpy((char *)out + row->offset, &span, sizeof span);
    return true;
}

static bool read_field(const json_t *value, enum field field, const struct pack *pack,
                       struct json_bytes *bytes, struct body *out, char *why) {
    out->has |= FIELD_BIT(field);
    const struct field_row *row = field_row(field);
    if (row->type == FIELD_NUM) {
        return read_number(value, field, pack, out, why);
    }
    if (row->type == FIELD_TEXT) {
        return read_text(value, row, out, why);
    }
    return read_bytes(value, field, pack, bytes, out, why);
}

/* The text of a fact or curveball is the pack's: the server fills it in, so it need not be
 * given. */
static field_set filled_by_server(enum action act) {
    return act == ACTION_FACT_REVEAL || act == ACTION_CURVE_THROW ? F(text) : 0;
}

static bool known_key(const char *key, const struct action_row *row) {
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (((row->required | row->optional) & FIELD_BIT(i)) != 0 &&
            strcmp(key, field_row((enum field)i)->key) == 0) {
            return true;
        }
    }
    return strcmp(key, "do") == 0 || strcmp(key, "at") == 0;
}

bool json_command(const json_t *object, const struct pack *pack, struct json_bytes *bytes,
                  struct body *out, char *why) {
    const char *name = json_string_value(json_object_get(object, "do"));
    memset(out, 0, sizeof *out);
    out->act = name == NULL ? ACTION_NONE : action_find(name, strlen(name));
    if (out->act == ACTION_NONE) {
        snprintf(why, WHY_SIZE, "\"do\" names no action%s%.40s; see the table in PROTOCOL.md.",
                 name == NULL ? "" : ": ", name == NULL ? "" : name);
        return false;
    }
    const struct action_row *row = action_row(out->act);
    if (row->who == W_SERVER) {
        snprintf(why, WHY_SIZE, "%s is the server's own action; nobody can command it.", row->wire);
        return false;
    }
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value) {
        if (!known_key(key, row)) {
            snprintf(why, WHY_SIZE, "%s has no field \"%.40s\".", row->wire, key);
            return false;
        }
    }
    field_set required = row->required & ~filled_by_server(out->act);
    for (int i = 0; i < FIELD_COUNT; i++) {
        field_set bit = FIELD_BIT(i);
        const json_t *field = json_object_get(object, field_row((enum field)i)->key);
        if (((row->required | row->optional) & bit) == 0) {
            continue;
        }
        if (field != NULL && !read_field(field, (enum field)i, pack, bytes, out, why)) {
            return false;
        }
        if (field == NULL && (required & bit) != 0) {
            snprintf(why, WHY_SIZE, "%s lacks its field \"%s\".", row->wire,
                     field_row((enum field)i)->key);
            return false;
        }
    }
    return true;
}
