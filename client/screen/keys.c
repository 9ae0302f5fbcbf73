/* SPDX-License-Identifier: ISC */
/*
 * keys.c: lookups in keys.def.
 */
#include "client/screen/keys.h"

#include <stddef.h>
#include <string.h>

static const struct key_row rows[] = {
#define KEY(action, first, last, caption, label, help, where, who) \
    {KEYS_##action, first, last, caption, label, help, where, who},
#include "client/screen/keys.def"
#undef KEY
};
enum { ROW_COUNT = sizeof rows / sizeof *rows };

int keys_letter_index(int code) {
    if (code >= 'A' && code <= 'Z') {
        code += 'a' - 'A';
    }
    const char *at = code > 0 && code < 128 ? strchr(KEYS_LETTERS, code) : NULL;
    return at ? (int)(at - KEYS_LETTERS) : -1;
}

char keys_letter(int index) {
    return (char)(index >= 0 && index < KEYS_LETTER_COUNT ? KEYS_LETTERS[index] : 0);
}

static bool applies(const struct key_row *row, unsigned where, enum role role) {
    return (row->where & where) && (row->who & 1U << role);
}

/* A range of letters means only those that stand for lines; the others are commands. */
static bool matches(const struct key_row *row, int code) {
    if (code < row->first || code > row->last) {
        return false;
    }
    bool letters = row->action == KEYS_LETTER || row->action == KEYS_PROMPTED ||
                   row->action == KEYS_JUMP_ITEM || row->action == KEYS_EVIDENCE;
    return !letters || keys_letter_index(code) >= 0;
}

const struct key_row *keys_find(int code, unsigned where, enum role role, int *index) {
    for (int i = 0; i < ROW_COUNT; i++) {
        if (applies(&rows[i], where, role) && matches(&rows[i], code)) {
            *index = code - rows[i].first;
            return &rows[i];
        }
    }
    return NULL;
}

const struct key_row *keys_next(unsigned where, enum role role, int *at) {
    while (*at < ROW_COUNT) {
        const struct key_row *row = &rows[(*at)++];
        if (applies(row, where, role)) {
            return row;
        }
    }
    return NULL;
}
