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

/* Of their names, so that most are passed by at one look. */
static const uint8_t wire_lens[ACTION_COUNT] = {
#define ACTION(name, wire, who, when, audience, required, optional) \
    [ACTION_##name] = sizeof(wire) - 1,
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
        if (wire_lens[i] == len && memcmp(actions[i].wire, wire, len) == 0) {
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

bool body_is_sound(const struct body *body, field_set required) {
    if ((body->has & required) != required) {
        return false;
    }
    for (field_set bits = body->has; bits; bits &= bits - 1) {
        if (!field_in_bounds(body, field_row(field_first(bits)))) {
            return false;
        }
    }
    return true;
}

size_t body_bytes(const struct body *body) {
    size_t sum = 0;
    for (field_set bits = body->has; bits; bits &= bits - 1) {
        const struct field_row *row = &fields[field_first(bits)];
        if (row->type != FIELD_NUM) {
            struct span span;
            memcpy(&span, (const char *)body + row->offset, sizeof span);
            sum += span.len;
        }
    }
    return sum;
}

/* Copies what the span at `at` borrows; the memory behind it. */
static char *keep_span(char *at, char *memory) {
    struct span span;
    memcpy(&span, at, sizeof span);
    if (span.len > 0) {
        memcpy(memory, span.at, span.len);
    }
    span.at = memory;
    memcpy(at, &span, sizeof span);
    return memory + span.len;
}

void body_keep(struct body *body, char *memory) {
    for (field_set bits = body->has; bits; bits &= bits - 1) {
        const struct field_row *row = &fields[field_first(bits)];
        if (row->type != FIELD_NUM) {
            memory = keep_span((char *)body + row->offset, memory);
        }
    }
}

void body_copy(struct body *to, const struct body *from, char *memory) {
    const struct action_row *row = action_row(from->act);
    memset(to, 0, sizeof *to);
    to->act = from->act;
    to->has = from->has & (row->required | row->optional);
    for (field_set bits = to->has; bits; bits &= bits - 1) {
        const struct field_row *field = &fields[field_first(bits)];
        size_t size = field->type == FIELD_NUM ? sizeof(int64_t) : sizeof(struct span);
        memcpy((char *)to + field->offset, (const char *)from + field->offset, size);
    }
    body_keep(to, memory);
}
