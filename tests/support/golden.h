/* SPDX-License-Identifier: ISC */
/*
 * Purpose: compares a picture with its file under tests/golden. SPAR_UPDATE_GOLDEN=1 writes the
 * file anew: look at the difference before committing it.
 */
#ifndef SPAR_TESTS_SUPPORT_GOLDEN_H
#define SPAR_TESTS_SUPPORT_GOLDEN_H

#include "client/screen/paint.h"

/* name: without folder and ".txt". A difference is printed and fails the test. */
void golden_expect(const char *name, const struct paint *paint);

#endif
