/* SPDX-License-Identifier: ISC */
/*
 * action.c: the tables behind action.h, generated from actions.def and fields.def. Nothing here is
 * written by hand that a row could say.
 */
#include "protocol/wire/action.h"

#include <string.h>

static const struct action_row actions[ACTION_COUNT] = {
    [ACTION_NONE] = {"unknown", 0, 0, AUD_SERVER, 0, 0}, /* nobody may do it */
#define ACTION(name, wire, who, when, audience, required, optional) \
    [ACTION_##name] = {wire, (who), (when), (audience), (required), (optional)},
#include "protocol/wire/actions.def"
#undef ACTION
};

static const struct audience_row audiences[AUD_COUNT] = {
    [AUD_ALL] = {CIRCLE_ALL, MOMENT_NEVER},          [AUD_PANEL] = {CIRCLE_PANEL, MOMENT_DEBRIEF},
    [AUD_SHEET] = {CIRCLE_PANEL, MOMENT_DEBRIEF},    [AUD_WHISPER] = {CIRCLE_PANEL, MOMENT_NEVER},
    [AUD_OWN] = {CIRCLE_AUTHOR, MOMENT_DEBRIEF},     [AUD_MINE] = {CIRCLE_AUTHOR, MOMENT_NEVER},
    [AUD_SERVER] = {CIRCLE_NOBODY, MOMENT_NEVER},    [AUD_GUIDE] = {CIRCLE_PANEL, MOMENT_DEBRIEF},
    [AUD_PROMPT] = {CIRCLE_PANEL, MOMENT_START},     [AUD_TITLES] = {CIRCLE_PANEL, MOMENT_SHEET},
    [AUD_VERDICT] = {CIRCLE_AUTHOR, MOMENT_VERDICT},
};

static const struct field_row fields[FIELD_COUNT] = {
#define FIELD(name, type, min, max) \
    [FIELD_##name] = {#name, FIELD_##type, (min), (max), offsetof(struct body, name)},
#include "protocol/wire/fields.def"
#undef FIELD
};

static const char *const roles[] = {"none", "interviewer", "candidate", "coach"};
static const char *const stages[] = {"new",      "lobby",   "running", "paused",
                                     "finished", "debrief", "closed"};
static const char *const marks[] = {"not yet", "prompted", "raised"};

const struct action_row *action_row(enum action act) {
    return &actions[act];
}

const struct audience_row *audience_row(enum audience audience) {
    return &audiences[audience];
}

const struct field_row *field_row(enum field field) {
    return &fields[field];
}

enum action action_find(const char *wire, size_t len) {
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        if (strlen(actions[i].wire) == len && memcmp(actions[i].wire, wire, len) == 0) {
            return (enum action)i;
        }
    }
    return ACTION_NONE;
}

const char *role_name(enum role role) {
    return (unsigned)role <= ROLE_COACH ? roles[role] : roles[ROLE_NONE];
}

enum role role_find(const char *name, size_t len) {
    for (int i = ROLE_NONE + 1; i <= ROLE_COACH; i++) {
        if (strlen(roles[i]) == len && memcmp(roles[i], name, len) == 0) {
            return (enum role)i;
        }
    }
    return ROLE_NONE;
}

const char *stage_name(enum stage stage) {
    return (unsigned)stage <= STAGE_CLOSED ? stages[stage] : "unknown";
}

const char *stage_shown(enum stage stage) {
    return stage == STAGE_WAITING ? "waiting" : stage_name(stage);
}

const char *mark_name(enum mark mark) {
    return (unsigned)mark <= MARK_RAISED ? marks[mark] : "unknown";
}

static bool field_in_bounds(const struct body *body, const struct field_row *row) {
    const char *member = (const char *)body + row->offset;
    if (row->type == FIELD_NUM) {
        int64_t number;
        memcpy(&number, member, sizeof number);
        return number >= row->min && number <= row->max;
    }
    struct span span;
    memcpy(&span, member, sizeof span);
    if (!span.at || span.len < (uint32_t)row->min || span.len > (uint32_t)row->max) {
        return false;
    }
    return row->type != FIELD_TEXT || !memchr(span.at, '\0', span.len);
}

bool body_is_sound(const struct body *body, uint64_t required) {
    if ((body->has & required) != required) {
        return false;
    }
    for (uint64_t bits = body->has; bits; bits &= bits - 1) {
        if (!field_in_bounds(body, field_row((enum field)__builtin_ctzll(bits)))) {
            return false;
        }
    }
    return true;
}

/* NULL: a number, or not there. */
static struct span *text_of(struct body *body, const struct field_row *row, enum field field) {
    bool has = (body->has & FIELD_BIT(field)) != 0 && row->type != FIELD_NUM;
    return has ? (struct span *)(void *)((char *)body + row->offset) : NULL;
}

size_t body_bytes(const struct body *body) {
    struct body copy = *body;
    size_t sum = 0;
    for (enum field field = 0; field < FIELD_COUNT; field++) {
        const struct span *span = text_of(&copy, &fields[field], field);
        sum += span ? span->len : 0;
    }
    return sum;
}

void body_keep(struct body *body, char *memory) {
    for (enum field field = 0; field < FIELD_COUNT; field++) {
        struct span *span = text_of(body, &fields[field], field);
        if (span) {
            if (span->len > 0) {
                memcpy(memory, span->at, span->len);
            }
            span->at = memory;
            memory += span->len;
        }
    }
}
