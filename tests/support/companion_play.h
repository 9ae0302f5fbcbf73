/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the server's events of a seat's companions, for tests of the core.
 */
#ifndef SPAR_TESTS_SUPPORT_COMPANION_PLAY_H
#define SPAR_TESTS_SUPPORT_COMPANION_PLAY_H

#include "tests/support/sample.h"

/* A link whose hash is 32 bytes of that value, good for COMPANION_LINK_MS from the sample's now. */
enum refusal companion_link(struct sample *s, uint8_t seat, enum companion kind, uint8_t link);
/* key: every byte of the key's hash. */
enum refusal companion_take(struct sample *s, enum companion kind, uint8_t link, uint8_t key);
enum refusal companion_end(struct sample *s, uint8_t seat, enum companion kind);
/* Each of them once, for the host. */
void companion_play(struct sample *s);

#endif
