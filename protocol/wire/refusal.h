/* SPDX-License-Identifier: ISC */
/*
 * refusal.h: the named reasons for which something is refused or a connection ends.
 */
#ifndef SPAR_PROTOCOL_WIRE_REFUSAL_H
#define SPAR_PROTOCOL_WIRE_REFUSAL_H

#include <stddef.h>

enum refusal {
    REFUSAL_NONE,
#define REFUSAL(name, wire, sentence) REFUSAL_##name,
#include "protocol/wire/refusals.def"
#undef REFUSAL
    REFUSAL_COUNT
};

const char *refusal_name(enum refusal refusal);          /* wire name; "none" */
const char *refusal_sentence(enum refusal refusal);      /* for a person */
enum refusal refusal_find(const char *name, size_t len); /* REFUSAL_NONE if unknown */

#endif
