/* SPDX-License-Identifier: ISC */
/*
 * refusal.c: names and sentences of refusals.def.
 */
#include "protocol/wire/refusal.h"

#include <string.h>

static const struct {
    const char *name;
    const char *sentence;
} rows[REFUSAL_COUNT] = {
    [REFUSAL_NONE] = {"none",
                      "The reason is one that this program does not know; update the older side."},
#define REFUSAL(name, wire, sentence) [REFUSAL_##name] = {wire, sentence},
#include "protocol/wire/refusals.def"
#undef REFUSAL
};

const char *refusal_name(enum refusal refusal) {
    return (unsigned)refusal < REFUSAL_COUNT ? rows[refusal].name : rows[REFUSAL_NONE].name;
}

const char *refusal_sentence(enum refusal refusal) {
    return (unsigned)refusal < REFUSAL_COUNT ? rows[refusal].sentence : rows[REFUSAL_NONE].sentence;
}

enum refusal refusal_find(const char *name, size_t len) {
    for (int i = REFUSAL_NONE + 1; i < REFUSAL_COUNT; i++) {
        if (strlen(rows[i].name) == len && memcmp(rows[i].name, name, len) == 0) {
            return (enum refusal)i;
        }
    }
    return REFUSAL_NONE;
}
