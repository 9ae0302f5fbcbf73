/* SPDX-License-Identifier: ISC */
/*
 * Purpose: memory that runs out at a moment of the test's choice. Only for a program that is linked
 * with --wrap for the functions in thin_memory.c (CMakeLists.txt): every allocation of its own
 * objects then comes here, test code included. What libraries allocate inside does not, but
 * msgpack-c's zones count as one allocation each and each parse as another. One thread only.
 */
#ifndef SPAR_TESTS_SUPPORT_THIN_MEMORY_H
#define SPAR_TESTS_SUPPORT_THIN_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* The nth allocation from now on fails, and only that one; 1: the next. */
void thin_memory_fail(unsigned nth);
/* No allocation fails any more. Whether that one had come. */
bool thin_memory_end(void) __attribute__((warn_unused_result));
/* Blocks and zones that are allocated and not freed. */
size_t thin_memory_held(void);

#endif
